#!/usr/bin/env python3
# tests/support/razorpay_stand_in.py — plays Razorpay (stand_in.py has the common ground): orders, payment links and their hosted
# page, a stand-in of checkout.js, payments that fail and are captured late, refunds with their key, disputes, webhooks whose
# signature covers the body alone. What it demands stands in relay/providers/razorpay/README.md.
#
# Besides the common controls: set_capture(manual) (an account that captures by hand), set_refunds("processed" | "pending"),
# finish_refund(reference, ok), expire_authorization(reference).
import hashlib
import hmac
import re
import time
import urllib.parse

from razorpay_pages import CHECKOUT_JS, frame_page, sent_page
from stand_in import Account, Answer, Refused, StandIn, card_form, challenge_form, digits, document, main, operation, page, redirect

ZERO = set("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split())
THREE = set("BHD IQD JOD KWD OMR TND".split())
NOTE = "cobro_reference"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
MONTHS_6 = 184 * 86400
FAILURES = {"declines": ("card_declined", "Your payment was declined by the bank. Try another card."),
            "refused": ("payment_cancelled", "Your payment didn't go through as it was declined by the bank."),
            "timed_out": ("payment_timed_out", "Your payment was not completed on time.")}


def refusal(words, field=None, status=400):
    """Razorpay's error; what it cannot say is "NA"."""
    error = {"code": "BAD_REQUEST_ERROR", "description": words, "source": "NA", "step": "NA", "reason": "NA", "metadata": {}}
    if field:
        error.update({"field": field, "source": "business", "step": "payment_initiation", "reason": "input_validation_failed"})
    return Refused(status, {"error": error})


def hexmac(secret, text):
    return hmac.new(secret.encode(), text if isinstance(text, bytes) else text.encode(), hashlib.sha256).hexdigest()


def collection(items):
    return {"entity": "collection", "count": len(items), "items": items}


class Razorpay(StandIn):
    NAME = "razorpay"
    CARDS = {"pays": "4100280000001007", "declines": "4100280000060003", "asks": "5500670000001002"}
    CONTROLS = (*StandIn.CONTROLS, "set_capture", "set_refunds", "finish_refund", "expire_authorization")

    def __init__(self, port=0, seed=0):
        self.links, self.orders, self.payments, self.refunds, self.disputes = {}, {}, {}, {}, {}
        self.refund_status = "processed"
        self.order_number = 0
        super().__init__(port, seed)

    # ── Accounts ──

    def new_account(self, livemode=False):
        key = self.new_id("rzp_live_" if livemode else "rzp_test_", 14, LETTERS)
        secret, hook = self.new_id("", 24, LETTERS), self.new_id("whook_", 24, LETTERS)
        id = self.new_id("acc_", 14, LETTERS)
        account = self.accounts[id] = Account(id, {"key-id": key, "key-secret": secret, "account-id": id}, hook, livemode,
                                              manual=False, says=None)
        account.secrets = [secret, hook]
        return account

    def who(self, request, check):
        """The account whose keys came. The scheme's case matters; a partner's header names the account acted for."""
        scheme = request.headers.get("authorization", "").partition(" ")[0]
        check.that(scheme in ("", "Basic"), f"the scheme is “{scheme}”, and Razorpay takes “Basic” alone")
        user, password = request.basic() or ("", "")
        for account in self.accounts.values():
            if (account.settings["key-id"], account.settings["key-secret"]) == (user, password):
                check.that(request.headers.get("x-razorpay-account") in (None, account.id), "another account is acted for")
                return account
        raise Refused(401, {"error": {"code": "BAD_REQUEST_ERROR", "description": "Authentication failed"}})

    def set_capture(self, manual):
        for account in self.accounts.values():
            account.manual = manual

    def set_refunds(self, status):
        self.refund_status = status

    # ── Rules of requests ──

    def amount(self, check, body):
        currency = check.text(body, "currency", pattern=r"[A-Z]{3}")
        amount = check.whole(body, "amount", 0, 10 ** 12)
        check.that(currency not in THREE or amount % 10 == 0, f"{amount} {currency} does not end in 0")
        if amount < (100 if currency == "INR" else 1):
            raise refusal("The amount must be at least INR 1.00" if currency == "INR" else "The amount is too small", "amount")
        return amount, currency

    def notes(self, check, body):
        notes = body.get("notes", {})
        if check.that(isinstance(notes, dict), "notes are no object") and check.that(len(notes) <= 15, "more than 15 notes"):
            for name, value in notes.items():
                check.that(isinstance(value, str) and len(value) <= 255 and len(name) <= 255, f"note {name} is too long or no text")
        return notes or []

    def get(self, what, kind, id, account):
        found = kind.get(id)
        if found is None or found["_account"] is not account:
            raise refusal("The id provided does not exist" if re.fullmatch(rf"{what}_\w{{14}}", id) else f"{id} is not a valid id")
        return found

    def shape(self, entity):
        """As it goes over the wire: without what is our own business."""
        return {key: value for key, value in entity.items() if not key.startswith("_")}

    def page_of(self, check, request, entities, account, allowed=()):
        """One page, the newest first."""
        query = check.query((), {"from", "to", "count", "skip", *allowed})
        numbers = {}
        for name in ("from", "to", "count", "skip"):
            text = query.get(name, {"from": "0", "to": str(2 ** 40), "count": "10", "skip": "0"}[name])
            numbers[name] = int(text) if check.that(re.fullmatch(r"\d{1,15}", text), f"{name} is “{text}”") else 0
        check.that(1 <= numbers["count"] <= 100, f"count is {numbers['count']}")
        found = [one for one in entities if one["_account"] is account and numbers["from"] <= one["created_at"] <= numbers["to"]]
        found.sort(key=lambda one: (one["created_at"], one["_number"]), reverse=True)
        return found[numbers["skip"]:numbers["skip"] + numbers["count"]]

    def new_entity(self, prefix, kind, account, **members):
        self.order_number += 1
        id = self.new_id(prefix + "_", 14, LETTERS)
        kind[id] = {"id": id, **members, "created_at": int(self.now()), "_account": account, "_number": self.order_number}
        return kind[id]

    # ── Orders ──

    @operation("begin", "POST", "/v1/orders")
    def make_order(self, request, check):
        account = self.who(request, check)
        body = check.json({"amount", "currency"}, {"receipt", "notes", "partial_payment", "first_payment_min_amount"})
        amount, currency = self.amount(check, body)
        receipt = check.text(body, "receipt", 1, 40) if body.get("receipt") is not None else None
        order = self.new_order(account, amount, currency, receipt, self.notes(check, body))
        return Answer(200, self.shape(order))

    def new_order(self, account, amount, currency, receipt, notes, link=None):
        return self.new_entity("order", self.orders, account, entity="order", amount=amount, amount_paid=0, amount_due=amount,
                               currency=currency, receipt=receipt, offer_id=None, status="created", attempts=0, notes=notes,
                               _link=link)

    @operation("find", "GET", "/v1/orders")
    def list_orders(self, request, check):
        account = self.who(request, check)
        receipt = request.arg("receipt")
        found = [one for one in self.orders.values() if receipt in (None, one["receipt"])]
        orders = [self.shape(one) for one in self.page_of(check, request, found, account, {"receipt", "expand[]", "authorized"})]
        if request.arg("expand[]") == "payments":
            for order in orders:
                order["payments"] = collection(self.payments_of(order["id"]))
        return Answer(200, collection(orders))

    @operation("query", "GET", "/v1/orders/{id}")
    def get_order(self, request, check, id):
        return Answer(200, self.shape(self.get("order", self.orders, id, self.who(request, check))))

    @operation("query", "GET", "/v1/orders/{id}/payments")
    def get_order_payments(self, request, check, id):
        self.get("order", self.orders, id, self.who(request, check))
        return Answer(200, collection(self.payments_of(id)))

    def payments_of(self, order_id):
        return [self.shape(one) for one in self.payments.values() if one["order_id"] == order_id][::-1]

    # ── Payment links ──

    @operation("begin", "POST", "/v1/payment_links")
    def make_link(self, request, check):
        account = self.who(request, check)
        body = check.json({"amount", "currency"}, {
            "accept_partial", "first_min_partial_amount", "description", "reference_id", "expire_by", "customer", "notify", "notes",
            "callback_url", "callback_method", "reminder_enable"})
        amount, currency = self.amount(check, body)
        self.check_link(check, body)
        reference = body.get("reference_id", "")
        if reference and any(one["reference_id"] == reference and one["_account"] is account for one in self.links.values()):
            raise refusal(f"payment link creation with reference ID already attempted. Reference ID: {reference}")
        link = self.new_entity("plink", self.links, account, accept_partial=body.get("accept_partial", False), amount=amount,
                               amount_paid=0, cancelled_at=0, currency=currency, customer=body.get("customer", {}),
                               description=body.get("description", ""), expire_by=body.get("expire_by", 0), expired_at=0,
                               first_min_partial_amount=0, notes=self.notes(check, body) or None,
                               notify=body.get("notify", {"sms": True, "email": True}), payments=None, reference_id=reference,
                               reminder_enable=body.get("reminder_enable", False), reminders=[], short_url="", status="created",
                               updated_at=int(self.now()), upi_link=False, user_id="")
        link["short_url"] = f"{self.url}/i/{link['id'][6:]}"
        if body.get("callback_url"):
            link.update({"callback_url": body["callback_url"], "callback_method": "get"})
        return Answer(200, self.shape(link))

    def check_link(self, check, body):
        if "description" in body:
            check.text(body, "description", 0, 2048)
        if "reference_id" in body:
            check.text(body, "reference_id", 1, 40)
        check.object(body, "customer", (), {"name", "email", "contact"})
        check.object(body, "notify", (), {"sms", "email"})
        contact = body.get("customer", {}).get("contact")
        check.that(contact is None or re.fullmatch(r"\+?\d{8,15}", contact), f"the contact is “{contact}”")
        check.that(("callback_url" in body) == ("callback_method" in body), "callback_url and callback_method belong together")
        if "callback_url" in body:
            check.that(body["callback_method"] == "get", "callback_method is not get")
            parts = urllib.parse.urlsplit(body["callback_url"])
            check.that(parts.scheme in ("http", "https") and parts.netloc, f"callback_url is “{body['callback_url']}”")
        if "expire_by" in body:
            end = check.whole(body, "expire_by", 0)
            today = min(self.now(), time.time())           # a test that moved our clock did not move the caller's
            if end < today + 15 * 60:
                raise refusal("timestamp must be atleast 15 minutes in future", "expire_by")
            check.that(end <= today + MONTHS_6 + abs(self.shift), "expire_by is more than six months ahead")

    @operation("find", "GET", "/v1/payment_links")
    def list_links(self, request, check):
        account = self.who(request, check)
        query = check.query((), {"reference_id", "payment_id", "count", "skip", "from", "to"})
        found = [self.link_shape(one) for one in self.links.values() if one["_account"] is account
                 and query.get("reference_id") in (None, one["reference_id"])]
        return Answer(200, {"payment_links": found[::-1]})

    def link_shape(self, link):
        """The order is told once somebody has opened the page; payments that were captured, null until then."""
        self.ripen(link)
        shaped = self.shape(link)
        captured = [one for one in self.payments.values() if one["order_id"] == link.get("order_id") and one["captured"]]
        if captured:
            shaped["payments"] = [{"amount": one["amount"], "created_at": one["created_at"], "method": one["method"],
                                   "payment_id": one["id"], "plink_id": link["id"], "status": "captured",
                                   "updated_at": one["created_at"]} for one in captured]
        return shaped

    def ripen(self, link):
        if link["status"] == "created" and link["expire_by"] and self.now() > link["expire_by"]:
            self.end_link(link, "expired")

    def end_link(self, link, status):
        link.update({"status": status, f"{status}_at": int(self.now()), "updated_at": int(self.now())})
        self.tell(link["_account"], f"payment_link.{status}", payment_link=self.link_shape(link))

    @operation("query", "GET", "/v1/payment_links/{id}")
    def get_link(self, request, check, id):
        return Answer(200, self.link_shape(self.get("plink", self.links, id, self.who(request, check))))

    @operation("cancel", "POST", "/v1/payment_links/{id}/cancel")
    def cancel_link(self, request, check, id):
        link = self.get("plink", self.links, id, self.who(request, check))
        check.no_body()
        self.ripen(link)
        if link["status"] in ("paid", "partially_paid"):
            raise refusal("cannot cancel or expire an already paid/partially paid link")
        if link["status"] != "created":
            raise refusal("cannot cancel or expire an expired link")
        self.end_link(link, "cancelled")
        return Answer(200, self.link_shape(link))

    # ── Payments ──

    @operation("list", "GET", "/v1/payments")
    def list_payments(self, request, check):
        account = self.who(request, check)
        return Answer(200, collection([self.shape(one) for one in self.page_of(check, request, self.payments.values(), account)]))

    @operation("query", "GET", "/v1/payments/{id}")
    def get_payment(self, request, check, id):
        return Answer(200, self.shape(self.get("pay", self.payments, id, self.who(request, check))))

    @operation("capture", "POST", "/v1/payments/{id}/capture")
    def capture(self, request, check, id):
        payment = self.get("pay", self.payments, id, self.who(request, check))
        body = check.json({"amount", "currency"})
        if payment["captured"]:
            raise refusal("This payment has already been captured")
        if payment["status"] != "authorized":
            raise refusal("Only payments which have been authorized and not yet captured can be captured")
        if (body.get("amount"), body.get("currency")) != (payment["amount"], payment["currency"]):
            raise refusal("Capture amount must be equal to the amount authorized.")
        self.captured(payment)
        return Answer(200, self.shape(payment))

    def route(self, request):
        """The same address asks for different things: the connection test, what was begun, lists."""
        name, function, parts = super().route(request)
        if name == "list" and request.path == "/v1/payments" and [key for key, _ in request.query] == ["count"]:
            name = "test"
        if name == "find" and request.path == "/v1/orders" and request.arg("receipt") is None:
            name = "list"
        return name, function, parts

    def new_payment(self, order, card="pays", notes=None):
        link = order["_link"]
        order["attempts"] += 1
        order["status"] = "attempted" if order["status"] == "created" else order["status"]
        number = self.CARDS[card]
        return self.new_entity(
            "pay", self.payments, order["_account"], entity="payment", amount=order["amount"], currency=order["currency"],
            base_amount=order["amount"], status="created", order_id=order["id"], invoice_id=None, international=False, method="card",
            amount_refunded=0, refund_status=None, captured=False, description=f"#{link['id'][6:]}" if link else None,
            card_id="card_" + order["id"][6:], card={"id": "card_" + order["id"][6:], "entity": "card", "last4": number[-4:],
                                                     "network": "MasterCard" if number[0] == "5" else "Visa", "type": "debit"},
            bank=None, wallet=None, vpa=None, email="payer@example.com", contact="+919876543210",
            notes=(link["notes"] or []) if link else notes or [], fee=None, tax=None, error_code=None, error_description=None,
            error_source=None, error_step=None, error_reason=None, acquirer_data={"auth_code": None})

    def fail(self, payment, how):
        reason, words = FAILURES[how]
        payment.update({"status": "failed", "error_code": "BAD_REQUEST_ERROR", "error_description": words, "error_source": "bank",
                        "error_step": "payment_authorization", "error_reason": reason})
        self.tell(payment["_account"], "payment.failed", payment=self.shape(payment))

    def authorize(self, payment):
        """The bank said yes. Captured at once, unless the account captures by hand."""
        payment.update({"status": "authorized", "error_code": "", "error_description": "", "error_reason": None, "error_source": None,
                        "error_step": None})
        self.tell(payment["_account"], "payment.authorized", payment=self.shape(payment))
        if not payment["_account"].manual:
            self.captured(payment)

    def captured(self, payment):
        """Money. An order is paid once; what comes after that is money all the same."""
        order = self.orders[payment["order_id"]]
        account, link = order["_account"], order["_link"]
        payment.update({"status": "captured", "captured": True, "fee": payment["amount"] // 50, "tax": 0})
        first = order["status"] != "paid"
        self.tell(account, "payment.captured", payment=self.shape(payment))
        if not first:
            return
        order.update({"status": "paid", "amount_paid": order["amount"], "amount_due": 0})
        self.tell(account, "order.paid", payment=self.shape(payment), order=self.shape(order))
        if link:
            link.update({"status": "paid", "amount_paid": link["amount"], "updated_at": int(self.now())})
            inner = {**self.shape(order), "id": order["id"][6:], "product_type": "payment_link_v2", "product_id": link["id"][6:]}
            self.tell(account, "payment_link.paid", payment_link=self.link_shape(link), order=inner, payment=self.shape(payment))

    # ── Refunds ──

    @operation("refund", "POST", "/v1/payments/{id}/refund")
    def make_refund(self, request, check, id):
        account = self.who(request, check)
        payment = self.get("pay", self.payments, id, account)
        body = check.json((), {"amount", "speed", "notes", "receipt"})
        self.notes(check, body)
        check.that(body.get("speed", "normal") in ("normal", "optimum"), f"speed is {body.get('speed')!r}")
        if body.get("receipt") is not None:
            check.text(body, "receipt", 1, 40)
        key = request.headers.get("x-refund-idempotency")
        if request.headers.get("user-agent", "").startswith("Cobro"):
            check.header("X-Refund-Idempotency", pattern=r"[A-Za-z0-9_-]{10,}")
            check.that("amount" in body, "a refund without an amount gives back everything")
        if key is None:
            return self.refunded(payment, body, check)
        answer = self.once(("refund", account.id, key), (id, request.body), lambda: self.refunded(payment, body, check))
        if answer is None:
            check.fail("another request with the same idempotency key")
            raise refusal("Different request with the same idempotency key has already been processed.")
        return self.again(answer)

    def again(self, answer):
        """The same refund, as it is now."""
        refund = answer.refund
        fresh = Answer(200, self.shape(refund))
        fresh.refund = refund
        return fresh

    def refunded(self, payment, body, check):
        amount = check.whole(body, "amount", 1) if "amount" in body else payment["amount"] - payment["amount_refunded"]
        if not payment["captured"]:
            raise refusal("The payment status should be captured for action to be taken")
        if payment["status"] == "refunded":
            raise refusal("The payment has been fully refunded already")
        if amount > payment["amount"] - payment["amount_refunded"]:
            raise refusal("The refund amount provided is greater than amount captured", "amount")
        if payment["currency"] == "INR" and amount < 100:
            raise refusal("The amount must be at least INR 1.00", "amount")
        refund = self.new_refund(payment, amount, body.get("notes") or [], body.get("receipt"))
        answer = Answer(200, self.shape(refund))
        answer.refund = refund
        return answer

    def new_refund(self, payment, amount, notes, receipt):
        refund = self.new_entity("rfnd", self.refunds, payment["_account"], entity="refund", amount=amount, currency=payment["currency"],
                                 payment_id=payment["id"], notes=notes, receipt=receipt, acquirer_data={"arn": None}, batch_id=None,
                                 status="pending", speed_processed="normal", speed_requested="normal")
        payment["amount_refunded"] += amount
        whole = payment["amount_refunded"] >= payment["amount"]
        payment.update({"refund_status": "full" if whole else "partial", "status": "refunded" if whole else "captured"})
        if self.refund_status == "processed":
            refund["status"] = "processed"
        self.tell(payment["_account"], "refund.created", refund=self.shape(refund), payment=self.shape(payment))
        if refund["status"] == "processed":
            self.tell(payment["_account"], "refund.processed", refund=self.shape(refund), payment=self.shape(payment))
        return refund

    def finish_refund(self, reference, ok=True):
        """What was pending is processed, or fails after all."""
        payment = self.charge_of(reference)
        refund = [one for one in self.refunds.values() if one["payment_id"] == payment["id"] and one["status"] == "pending"][-1]
        refund["status"] = "processed" if ok else "failed"
        if not ok:
            payment["amount_refunded"] -= refund["amount"]
            payment.update({"status": "captured", "refund_status": "partial" if payment["amount_refunded"] else None})
        self.tell(payment["_account"], f"refund.{refund['status']}", refund=self.shape(refund), payment=self.shape(payment))

    @operation("query_refund", "GET", "/v1/payments/{id}/refunds")
    def list_payment_refunds(self, request, check, id):
        account = self.who(request, check)
        self.get("pay", self.payments, id, account)
        found = [one for one in self.refunds.values() if one["payment_id"] == id]
        return Answer(200, collection([self.shape(one) for one in self.page_of(check, request, found, account)]))

    @operation("query_refund", "GET", "/v1/payments/{id}/refunds/{refund}")
    def get_payment_refund(self, request, check, id, refund):
        found = self.get("rfnd", self.refunds, refund, self.who(request, check))
        if found["payment_id"] != id:
            raise refusal("The id provided does not exist")
        return Answer(200, self.shape(found))

    @operation("query_refund", "GET", "/v1/refunds/{id}")
    def get_refund(self, request, check, id):
        return Answer(200, self.shape(self.get("rfnd", self.refunds, id, self.who(request, check))))

    @operation("list", "GET", "/v1/refunds")
    def list_refunds(self, request, check):
        account = self.who(request, check)
        return Answer(200, collection([self.shape(one) for one in self.page_of(check, request, self.refunds.values(), account)]))

    # ── Disputes ──

    @operation("query_dispute", "GET", "/v1/disputes")
    def list_disputes(self, request, check):
        account = self.who(request, check)
        return Answer(200, collection([self.shape(one) for one in self.page_of(check, request, self.disputes.values(), account)]))

    @operation("query_dispute", "GET", "/v1/disputes/{id}")
    def get_dispute(self, request, check, id):
        return Answer(200, self.shape(self.get("disp", self.disputes, id, self.who(request, check))))

    # ── Webhooks ──

    def tell(self, account, name, **entities):
        self.emit(account, {"entity": "event", "account_id": account.says or account.id, "event": name,
                            "contains": list(entities), "payload": {key: {"entity": value} for key, value in entities.items()},
                            "created_at": int(self.now())})

    def event_type(self, event):
        return event.get("event") or ""

    def sign(self, account, body, at, secret):
        return {"X-Razorpay-Signature": hexmac(secret, body), "X-Razorpay-Event-Id": self.new_id("", 14, LETTERS)}

    def fault_body(self, operation):
        return {"error": {"code": "SERVER_ERROR", "description": "We are facing some trouble completing your request at the moment."}}

    # ── The hosted page of a payment link ──

    def link_by(self, id):
        link = self.links.get("plink_" + id)
        if link is None:
            raise Refused(404, "no such link")
        self.ripen(link)
        return link

    def order_of(self, link):
        """A link has an order from the moment somebody opens it."""
        if "order_id" not in link:
            order = self.new_order(link["_account"], link["amount"], link["currency"], link["reference_id"], link["notes"] or [], link)
            link["order_id"] = order["id"]
        return self.orders[link["order_id"]]

    def link_page(self, link, message=""):
        if link["status"] != "created":
            return document(f"This payment link is {link['status']}", "<p>There is nothing to pay here.")
        return card_form(f"/i/{link['id'][6:]}", f"{link['currency']} {link['amount']}", message)

    @page("GET", "/i/{id}")
    def show_link(self, request, id):
        link = self.link_by(id)
        if link["status"] == "created":
            self.order_of(link)
        return self.link_page(link)

    @page("POST", "/i/{id}")
    def pay_link(self, request, id):
        link, form = self.link_by(id), dict(request.form())
        if link["status"] != "created":
            return self.link_page(link)
        if form.get("do") != "pay":
            return document("You left the payment", "<p>You can close this page.")
        card = self.card_named(digits(form.get("number")))
        if card is None:
            return self.link_page(link, "This card is not for tests.")
        payment = self.new_payment(self.order_of(link), card)
        if card == "asks":
            return redirect(f"/bank/{payment['id']}")
        return self.after_try(payment, card)

    def card_named(self, number):
        return next((name for name, card in self.CARDS.items() if card == number), None)

    def after_try(self, payment, how):
        """What the payer sees: back to the shop, or the form once more."""
        if how != "pays":
            self.fail(payment, how)
            order = self.orders[payment["order_id"]]
            return self.link_page(order["_link"], payment["error_description"])
        self.authorize(payment)
        return self.back(payment)

    def back(self, payment):
        link = self.orders[payment["order_id"]]["_link"]
        if "callback_url" not in link:
            return document("Paid", "<p>Thank you.")
        fields = {"razorpay_payment_id": payment["id"], "razorpay_payment_link_id": link["id"],
                  "razorpay_payment_link_reference_id": link["reference_id"], "razorpay_payment_link_status": link["status"]}
        text = "|".join([link["id"], link["reference_id"], link["status"], payment["id"]])
        fields["razorpay_signature"] = hexmac(link["_account"].settings["key-secret"], text)
        joint = "&" if "?" in link["callback_url"] else "?"
        return redirect(link["callback_url"] + joint + urllib.parse.urlencode(fields))

    @page("GET", "/bank/{id}")
    def show_bank(self, request, id):
        return challenge_form(f"/bank/{id}")

    @page("POST", "/bank/{id}")
    def answer_bank(self, request, id):
        payment = self.payments.get(id)
        if payment is None or payment["status"] != "created":
            return document("This is over", "<p>The bank has its answer already.")
        return self.after_try(payment, "pays" if dict(request.form()).get("answer") == "approve" else "refused")

    # ── checkout.js and what runs in its frame ──

    @page("GET", "/v1/checkout.js")
    def checkout_js(self, request):
        return Answer(200, CHECKOUT_JS, {"Access-Control-Allow-Origin": "*"}, media="text/javascript; charset=utf-8")

    def order_by_key(self, order_id, key_id):
        order = self.orders.get(order_id)
        if order is None or order["_account"].settings["key-id"] != key_id:
            raise Refused(400, "no such order under that key")
        return order

    @page("GET", "/v1/checkout/frame")
    def show_frame(self, request):
        order = self.order_by_key(request.arg("order_id"), request.arg("key_id"))
        if (request.arg("amount"), request.arg("currency")) != (str(order["amount"]), order["currency"]):
            self.complaints.append(f"checkout.js: {request.arg('amount')} {request.arg('currency')} is not what the order asks")
        if order["status"] == "paid":
            return document("This order is paid", "<p>There is nothing to pay here.")
        return frame_page(order, request.arg("key_id"))

    @page("POST", "/v1/checkout/frame")
    def pay_frame(self, request):
        form = dict(request.form())
        order = self.order_by_key(form.get("order_id"), form.get("key_id"))
        if form.get("do") != "pay" and "answer" not in form:
            return sent_page("dismissed", {})
        card = self.card_named(digits(form.get("number")))
        if "answer" in form:
            payment = self.payments[form["payment"]]
            return self.frame_answer(payment, "pays" if form["answer"] == "approve" else "refused")
        if card is None or order["status"] == "paid":
            return frame_page(order, form["key_id"], "This card is not for tests.")
        payment = self.new_payment(order, card)
        if card == "asks":
            return frame_page(order, form["key_id"], asks=payment["id"])
        return self.frame_answer(payment, card)

    def frame_answer(self, payment, how):
        account = payment["_account"]
        if how != "pays":
            self.fail(payment, how)
            return frame_page(self.orders[payment["order_id"]], account.settings["key-id"], failed={
                "code": "BAD_REQUEST_ERROR", "description": payment["error_description"], "source": "bank",
                "step": "payment_authorization", "reason": payment["error_reason"],
                "metadata": {"payment_id": payment["id"], "order_id": payment["order_id"]}})
        self.authorize(payment)
        signature = hexmac(account.settings["key-secret"], f"{payment['order_id']}|{payment['id']}")
        return sent_page("paid", {"razorpay_payment_id": payment["id"], "razorpay_order_id": payment["order_id"],
                                  "razorpay_signature": signature})

    # ── The other side ──

    def object_of(self, reference):
        """The link or the order that bears our reference."""
        for one in [*self.links.values(), *self.orders.values()]:
            if one.get("_link") is None and isinstance(one["notes"], dict) and one["notes"].get(NOTE) == reference:
                return one
        return None

    def tries(self, reference):
        found = self.object_of(reference)
        order_id = found["id"] if found["id"].startswith("order_") else found.get("order_id")
        return [one for one in self.payments.values() if one["order_id"] == order_id]

    def charge_of(self, reference):
        return [one for one in self.tries(reference) if one["captured"]][0]

    def find(self, reference):
        found = self.object_of(reference)
        if found is None:
            return None
        tries = self.tries(reference)
        charge = next((one for one in tries if one["captured"]), None)
        if "short_url" in found:
            self.ripen(found)
        state = "paid" if charge else {"expired": "cancelled", "cancelled": "cancelled"}.get(found["status"])
        return {"id": found["id"], "charge": charge["id"] if charge else "",
                "state": state or ("failed" if tries and tries[-1]["status"] == "failed" else "pending"),
                "amount": found["amount"], "currency": found["currency"], "captured": charge["amount"] if charge else 0,
                "refunded": charge["amount_refunded"] if charge else 0,
                "disputed": any(charge and one["payment_id"] == charge["id"] for one in self.disputes.values())}

    def order_for(self, reference):
        found = self.object_of(reference)
        return found if found["id"].startswith("order_") else self.order_of(found)

    def pay(self, reference, card="pays", answer="approve"):
        with self.lock:
            payment = self.new_payment(self.order_for(reference), card)
            if card == "declines" or (card == "asks" and answer == "refuse"):
                self.fail(payment, "declines" if card == "declines" else "refused")
            elif card == "pays" or answer == "approve":
                self.authorize(payment)
            return payment["id"]

    def late_success(self, reference):
        with self.lock:
            failed = [one for one in self.tries(reference) if one["status"] == "failed"]
            payment = failed[-1] if failed else self.new_payment(self.order_for(reference))
            self.authorize(payment)
            return payment["id"]

    def second_success(self, reference):
        with self.lock:
            payment = self.new_payment(self.order_for(reference))
            self.authorize(payment)
            return payment["id"]

    def change(self, reference, amount=None, currency=None, livemode=None, account=None):
        """Payments of that order say another amount or currency; events of the account name another one. Razorpay's answers
        and events say no mode."""
        with self.lock:
            order = self.order_for(reference)
            for one in [order, *self.tries(reference)]:
                one["amount"] = one["amount"] if amount is None else amount
                one["currency"] = currency or one["currency"]
            if account is not None:
                order["_account"].says = account

    def dashboard_refund(self, reference, amount=None):
        with self.lock:
            payment = self.charge_of(reference)
            return self.new_refund(payment, amount or payment["amount"] - payment["amount_refunded"], [], None)["id"]

    def dispute(self, reference, state):
        with self.lock:
            payment = self.charge_of(reference)
            found = next((one for one in self.disputes.values() if one["payment_id"] == payment["id"]), None)
            if found is None:
                found = self.new_entity("disp", self.disputes, payment["_account"], entity="dispute", payment_id=payment["id"],
                                        amount=payment["amount"] - payment["amount_refunded"], currency=payment["currency"],
                                        amount_deducted=0, reason_code="goods_not_received", respond_by=int(self.now()) + 86400,
                                        status="open", phase="chargeback")
            found["status"] = {"opened": "open"}.get(state, state)
            found["amount_deducted"] = found["amount"] if state == "lost" else 0
            name = {"opened": "created"}.get(state, state)
            self.tell(payment["_account"], f"payment.dispute.{name}", payment=self.shape(payment), dispute=self.shape(found))
            return found["id"]

    def close_payment(self, reference):
        """A link expires; an order does not."""
        with self.lock:
            found = self.object_of(reference)
            if found["id"].startswith("plink_") and found["status"] == "created":
                self.end_link(found, "expired")

    def expire_authorization(self, reference):
        """Nobody captured it in time: Razorpay lets it go."""
        with self.lock:
            payment = [one for one in self.tries(reference) if one["status"] == "authorized"][-1]
            payment.update({"status": "refunded", "refund_status": "full", "amount_refunded": payment["amount"]})


if __name__ == "__main__":
    main(Razorpay)
