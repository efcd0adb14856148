#!/usr/bin/python3
# tests/support/openpay_stand_in.py — Openpay as its documents describe it: charges by hosted form, token, transfer and store, refunds,
# lists, tokens, webhooks with Basic auth and a verification code, the card form, the 3-D Secure page, and a script that stands in
# for openpay.v1.min.js. Everything a request says is held against the documents (stand_in.py has the manual).
import base64
import calendar
import datetime
import decimal
import os
import re
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from stand_in import Account, Answer, Refused, StandIn, card_form, challenge_form, digits, main, operation, page, redirect

HERE = os.path.dirname(os.path.abspath(__file__))
DECLINES = {"4222222222222220": (3001, 402, "The card was declined"), "4000000000000069": (3002, 402, "The card has expired"),
            "4444444444444448": (3003, 402, "The card doesn't have sufficient funds"),
            "4000000000000119": (3004, 402, "The card was reported as stolen"),
            "4000000000000044": (3005, 402, "Fraud risk detected by anti-fraud system")}
CURRENCIES = {"mx": ("MXN", "USD"), "co": ("COP",), "pe": ("PEN",)}
OPEN = ("in_progress", "charge_pending")
MERCHANT = "/v1/{merchant}"
CORS = {"Access-Control-Allow-Origin": "*"}
STORE_DAYS = 30


def error(code, status, description, category="request"):
    return {"category": category, "error_code": code, "description": description, "http_code": status,
            "request_id": "6f1a8f0e-0000-4000-8000-000000000000", "fraud_rules": None}


def refuse(code, status, description, category="request", headers=None):
    return Refused(status, error(code, status, description, category), headers)


def luhn(number):
    figures = [int(figure) for figure in reversed(number)]
    return len(figures) >= 12 and sum(figures[0::2] + [sum(divmod(2 * figure, 10)) for figure in figures[1::2]]) % 10 == 0


def central(seconds):
    """As Openpay writes instants: at the clock of México's centre."""
    zone = datetime.timezone(datetime.timedelta(hours=-6))
    return datetime.datetime.fromtimestamp(int(seconds), zone).isoformat()


class Charge:
    """One charge in the books. @kind: form, token, secure, bank_account, store."""

    def __init__(self, account, id, kind, body, at):
        self.account, self.id, self.kind, self.created, self.changed = account, id, kind, at, at
        self.order_id, self.description, self.customer = body.get("order_id"), body["description"], body["customer"]
        self.amount, self.currency = decimal.Decimal(body["amount"]), body.get("currency", "MXN")
        self.redirect_url, self.due = body.get("redirect_url"), None
        self.status = "in_progress" if kind in ("bank_account", "store") else "charge_pending"
        self.card, self.message, self.authorization, self.refunds = None, None, None, []

    @property
    def refunded(self):
        return sum((refund["amount"] for refund in self.refunds if refund["status"] == "completed"), decimal.Decimal(0))

    @property
    def paid(self):
        return self.status == "completed" or self.status == "refunded" or self.status.startswith("chargeback")


class Openpay(StandIn):
    NAME = "openpay"
    CARDS = {"pays": "4111111111111111", "declines": "4222222222222220", "asks": "4000000000003220"}
    CONTROLS = StandIn.CONTROLS + ("verify_webhook", "tokenize")

    def __init__(self, port=0, seed=0):
        self.charges, self.tokens, self.webhooks = [], {}, {}
        super().__init__(port, seed)

    # ── Accounts ──

    def new_account(self, livemode=False):
        id, private, public = self.new_id("m", 19), self.new_id("sk_", 32, "0123456789abcdef"), self.new_id("pk_", 32, "0123456789abcdef")
        account = Account(id, {"merchant-id": id, "private-key": private, "public-key": public}, self.new_id("hook-", 32), livemode,
                          country="mx", code="")
        account.secrets = [private, account.webhook_secret]
        self.accounts[id] = account
        return account

    def secrets(self):
        return super().secrets() + list(self.tokens)

    def enter(self, request, merchant, public=False):
        """Whose request it is; the key is the user, the password is empty."""
        pair = request.basic()
        account = self.accounts.get(merchant)
        if pair is None:
            raise refuse(1002, 401, "The api key or merchant id are invalid", headers=CORS)
        if account is None:
            raise refuse(1005, 404, "The merchant does not exist", headers=CORS)
        user, password = pair
        right, wrong = account.settings["private-key"], account.settings["public-key"]
        if public:
            right, wrong = wrong, right
        if user == wrong and password == "":
            raise refuse(1010, 403, "The key used is not the required type for this operation", headers=CORS)
        if user != right or password != "":
            raise refuse(1002, 401, "The api key or merchant id are invalid", headers=CORS)
        return account

    # ── Charges ──

    def shown_charge(self, charge):
        """The transaction object: of several refunds only the last is in it."""
        shown = {"id": charge.id, "authorization": charge.authorization, "operation_type": "in",
                 "method": charge.kind if charge.kind in ("bank_account", "store") else "card", "transaction_type": "charge",
                 "status": charge.status, "conciliated": charge.paid, "creation_date": central(charge.created),
                 "operation_date": central(charge.changed), "description": charge.description, "error_message": charge.message,
                 "order_id": charge.order_id, "amount": charge.amount, "currency": charge.currency,
                 "customer": {**charge.customer, "clabe": None, "external_id": None}}
        if charge.card:
            shown["card"] = charge.card
        if charge.due:
            shown["due_date"] = central(charge.due)
        if charge.status in OPEN:
            shown["payment_method"] = self.way(charge)
        if charge.paid:
            shown["fee"] = {"amount": decimal.Decimal("2.50"), "tax": decimal.Decimal("0.40"), "currency": charge.currency}
        if charge.refunds:
            shown["refund"] = charge.refunds[-1]
        return shown

    def way(self, charge):
        here = f"{self.url}/v1/{charge.account.id}/charges/{charge.id}"
        if charge.kind == "form":
            return {"type": "redirect", "url": f"{here}/card_capture"}
        if charge.kind == "secure":
            return {"type": "redirect", "url": f"{here}/redirect/"}
        number = str(int(charge.id[2:], 36))
        if charge.kind == "store":
            reference = f"000020TR{charge.id[2:].upper()}0100009"
            return {"type": "store", "reference": reference, "paybin_reference": number[:16],
                    "barcode_url": f"{self.url}/barcode/{reference}?width=1&height=45&text=false",
                    "barcode_paybin_url": f"{self.url}/barcode/{number[:16]}?width=1&height=45&text=false"}
        return {"type": "bank_transfer", "bank": "BBVA Bancomer", "agreement": "1411217", "clabe": "012914002014112176", "name": number[:20]}

    def tell(self, kind, charge, refund=None):
        shown = self.shown_charge(charge)
        if refund:
            shown["refund"] = refund
        self.emit(charge.account, {"type": kind, "event_date": central(self.now()), "transaction": shown})

    def move(self, charge, status, kind, message=None):
        charge.status, charge.message, charge.changed = status, message, self.now()
        if status == "completed" and not charge.authorization:
            charge.authorization = self.new_id("", 6, "0123456789")
        self.tell(kind, charge)

    def expire(self):
        """References whose time is over."""
        for charge in self.charges:
            if charge.status == "in_progress" and charge.due and charge.due < self.now():
                self.move(charge, "cancelled", "charge.cancelled")

    def find_charge(self, account, id):
        self.expire()
        found = next((one for one in self.charges if one.id == id and one.account is account), None)
        if found is None:
            raise refuse(1005, 404, "The requested resource doesn't exist")
        return found

    def read_due(self, check, body, most):
        if "due_date" not in body:
            return None
        text = check.text(body, "due_date", pattern=r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?")
        try:
            due = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
            due = due.timestamp() if due.tzinfo else calendar.timegm(due.timetuple()) + 6 * 3600
        except ValueError:
            check.fail(f"due_date “{text}” is no date")
            return None
        check.that(self.now() < due <= self.now() + most * 86400 + 60, f"due_date {text} is past or too far away")
        return due

    def read_body(self, check, account):
        """(kind, body) of a request for a charge, held against the documents."""
        method = (check.request.json() if check.request.body else {}).get("method")
        common = {"amount", "currency", "description", "order_id", "customer", "due_date", "metadata", "send_email", "iva"}
        if method in ("bank_account", "store"):
            body = check.json({"method", "amount", "description", "customer"}, common)
            check.that(method == "store" or account.country == "mx", "transfers exist in México only")
            check.that(body.get("currency", "MXN") == CURRENCIES[account.country][0], "transfers and stores take the country's own currency")
            kind = method
        else:
            body = check.json({"method", "amount", "description", "customer"},
                              common | {"confirm", "redirect_url", "source_id", "device_session_id", "use_3d_secure", "cvv2", "capture",
                                        "payment_plan", "use_card_points"})
            check.that(method == "card", f"method is {method!r}")
            kind = self.read_card(check, body)
        self.read_common(check, body, account)
        return kind, body

    def read_card(self, check, body):
        if "source_id" in body:
            check.text(body, "source_id", most=45)
            check.text(body, "device_session_id", most=255)
            check.that("confirm" not in body, "confirm beside a token")
            secure = body.get("use_3d_secure", False)
            check.that(isinstance(secure, bool), "use_3d_secure is no truth value")
            check.that(not secure or "redirect_url" in body, "use_3d_secure without redirect_url")
            kind = "secure" if secure else "token"
        else:
            check.that(body.get("confirm") in (False, "false"), f"confirm is {body.get('confirm')!r} without a token")
            check.that(body.get("send_email", False) in (False, True, "false", "true"), "send_email is no truth value")
            check.that("redirect_url" in body, "no redirect_url for the hosted form")
            check.members("member", [name for name in body if name in ("device_session_id", "use_3d_secure", "cvv2")], ())
            kind = "form"
        if "redirect_url" in body:
            check.text(body, "redirect_url", pattern=r"https?://\S+")
        return kind

    def read_common(self, check, body, account):
        check.decimal(body, "amount", 2)
        check.text(body, "description", most=250)
        check.that(body.get("currency", "MXN") in CURRENCIES[account.country], f"currency {body.get('currency')} is not of this country")
        if "order_id" in body:
            check.text(body, "order_id", most=100)
        customer = check.object(body, "customer", {"name", "email"}, {"last_name", "phone_number", "address", "requires_account"})
        check.text(customer, "name", most=100)
        check.text(customer, "email", pattern=r"[^@\s]+@[^@\s]+")

    @operation("begin", "POST", MERCHANT + "/charges")
    def make_charge(self, request, check, merchant):
        account = self.enter(request, merchant)
        try:
            kind, body = self.read_body(check, account)
        except (ValueError, KeyError):
            raise refuse(1001, 400, "The request is not JSON") from None
        due = self.read_due(check, body, STORE_DAYS)
        if check.found:
            raise refuse(1001, 400, check.found[0].split(": ", 2)[-1])
        order = body.get("order_id")
        if order and any(one.order_id == order and one.account is account and one.status != "failed" for one in self.charges):
            raise refuse(1006, 409, "The order_id has already been processed")
        charge = Charge(account, self.new_id("tr", 18), kind, body, self.now())
        charge.due = due
        self.charges.append(charge)
        if kind in ("token", "secure"):
            self.use_token(charge, body["source_id"])
        else:
            self.tell("charge.created", charge)
        return Answer(200, self.shown_charge(charge))

    def use_token(self, charge, source):
        """A token is good for one charge; the one that 3-D Secure is offered for is kept."""
        token = self.tokens.get(source)
        if token is None or token["account"] is not charge.account or token["used"]:
            self.charges.remove(charge)
            raise refuse(1005, 404, "The token does not exist or was used")
        number = token["number"]
        charge.card = token["card"]
        if charge.kind == "secure":
            token["used"] = True
            self.tell("charge.created", charge)
            return
        refusal = DECLINES.get(number) or (DECLINES["4000000000000044"] if number == self.CARDS["asks"] else None)
        token["used"] = refusal is None or refusal[0] != 3005
        if refusal:
            code, status, words = refusal
            self.move(charge, "failed", "charge.failed", words)
            raise refuse(code, status, words, "gateway")
        self.move(charge, "completed", "charge.succeeded")

    def route(self, request):
        """One path, three questions."""
        name, function, parts = super().route(request)
        if name == "query" and not request.arg("order_id") and request.path.endswith("/charges"):
            name = "list" if request.arg("creation[gte]") else "test"
        return name, function, parts

    @operation("query", "GET", MERCHANT + "/charges/{id}")
    def get_charge(self, request, check, merchant, id):
        account = self.enter(request, merchant)
        check.query()
        return Answer(200, self.shown_charge(self.find_charge(account, id)))

    @operation("query", "GET", MERCHANT + "/charges")
    def list_charges(self, request, check, merchant):
        account = self.enter(request, merchant)
        asked = check.query((), {"order_id", "creation[gte]", "creation[lte]", "creation", "status", "limit", "offset", "amount",
                                 "amount[gte]", "amount[lte]"})
        self.expire()
        found = [one for one in reversed(self.charges) if one.account is account]
        if "order_id" in asked:
            found = [one for one in found if one.order_id == asked["order_id"]]
        if "creation[gte]" in asked:
            check.that(re.fullmatch(r"\d{4}-\d\d-\d\d", asked["creation[gte]"]), f"creation[gte] is {asked['creation[gte]']}")
            found = [one for one in found if central(one.created)[:10] >= asked["creation[gte]"]]
        if "status" in asked:
            check.that(asked["status"] in ("IN_PROGRESS", "COMPLETED", "REFUNDED", "CHARGEBACK_PENDING", "CHARGEBACK_ACCEPTED",
                                           "CHARGEBACK_ADJUSTMENT", "CHARGE_PENDING", "CANCELLED", "FAILED"), f"status {asked['status']}")
            found = [one for one in found if one.status.upper() == asked["status"]]
        for name in ("limit", "offset"):
            check.that(re.fullmatch(r"\d{1,9}", asked.get(name, "0")), f"{name} is {asked.get(name)}")
        first = int(asked.get("offset", "0"))
        return Answer(200, [self.shown_charge(one) for one in found[first:first + int(asked.get("limit", "10"))]])

    @operation("refund", "POST", MERCHANT + "/charges/{id}/refund")
    def refund_charge(self, request, check, merchant, id):
        account = self.enter(request, merchant)
        charge = self.find_charge(account, id)
        body = check.json((), {"description", "amount"})
        if "description" in body:
            check.text(body, "description", most=250)
        amount = check.decimal(body, "amount", 2) if "amount" in body else charge.amount - charge.refunded
        if check.found:
            raise refuse(1001, 400, check.found[0].split(": ", 2)[-1])
        if charge.kind in ("bank_account", "store") or not charge.paid:
            raise refuse(3006, 412, "The operation is not allowed", "gateway")
        if amount > charge.amount - charge.refunded:
            raise refuse(1003, 422, "The refund is more than is left of the charge")
        self.give_back(charge, amount, body.get("description"))
        return Answer(200, self.shown_charge(charge))

    def give_back(self, charge, amount, description, full_says="completed"):
        """A charge that was refunded over the API goes on saying "completed"."""
        charge.refunds.append({"id": self.new_id("tr", 18), "amount": amount, "authorization": charge.authorization, "method": "card",
                               "operation_type": "out", "transaction_type": "refund", "status": "completed", "currency": charge.currency,
                               "creation_date": central(self.now()), "operation_date": central(self.now()), "description": description,
                               "error_message": None, "order_id": None, "conciliated": True})
        if charge.refunded == charge.amount:
            charge.status = full_says
        self.tell("charge.refunded", charge)

    # ── Tokens, and the script that makes them ──

    @operation("token", "POST", MERCHANT + "/tokens")
    def make_token(self, request, check, merchant):
        account = self.enter(request, merchant, public=True)
        body = check.json({"card_number", "holder_name", "expiration_year", "expiration_month", "cvv2"}, {"address"})
        return Answer(201, self.new_token(account, body, check.found), CORS)

    def new_token(self, account, body, found=()):
        number = digits(body.get("card_number"))
        if found:
            raise refuse(1001, 400, found[0], headers=CORS)
        if not luhn(number):
            raise refuse(2004, 422, "The check digit of the card number is invalid", headers=CORS)
        year, month = str(body["expiration_year"]), str(body["expiration_month"])
        if not re.fullmatch(r"\d\d", year) or not re.fullmatch(r"0?[1-9]|1[0-2]", month):
            raise refuse(1001, 400, "expiration_year has two digits", headers=CORS)
        if (2000 + int(year), int(month)) < time.gmtime()[:2]:
            raise refuse(2005, 400, "The expiration date has passed", headers=CORS)
        if not re.fullmatch(r"\d{3,4}", str(body["cvv2"])):
            raise refuse(2009, 412, "The CVV2 is invalid", headers=CORS)
        card = {"card_number": f"{number[:6]}XXXXXX{number[-4:]}", "holder_name": body["holder_name"], "expiration_year": year,
                "expiration_month": month.zfill(2), "brand": "mastercard" if number[0] == "5" else "visa", "type": "credit",
                "bank_name": "BANCO DE PRUEBA", "bank_code": "000"}
        id = self.new_id("k", 19)
        self.tokens[id] = {"account": account, "number": number, "used": False, "card": card}
        return {"id": id, "card": card}

    def tokenize(self, account, card="pays"):
        """What the script does in a payer's browser: a token of a card of CARDS, or of that number."""
        body = {"card_number": self.CARDS.get(card, card), "holder_name": "Ana Pérez", "expiration_year": "40", "expiration_month": "12",
                "cvv2": "123"}
        with self.lock:
            return self.new_token(self.account(account), body)["id"]

    @page("GET", "/openpay.v1.min.js")
    def script(self, request):
        with open(os.path.join(HERE, "openpay_stand_in.js"), encoding="utf-8") as file:
            return Answer(200, file.read(), CORS, media="text/javascript; charset=utf-8")

    @page("GET", "/openpay-data.v1.min.js")
    def data_script(self, request):
        with open(os.path.join(HERE, "openpay_stand_in_data.js"), encoding="utf-8") as file:
            return Answer(200, file.read(), CORS, media="text/javascript; charset=utf-8")

    # ── Hosted pages ──

    def open_charge(self, merchant, id):
        return self.find_charge(self.accounts[merchant], id)

    def back(self, charge):
        """Openpay adds its id to the address it was given."""
        return redirect(f"{charge.redirect_url}{'&' if '?' in charge.redirect_url else '?'}id={charge.id}")

    @page("GET", MERCHANT + "/charges/{id}/card_capture")
    def capture_page(self, request, merchant, id, message=""):
        charge = self.open_charge(merchant, id)
        if charge.status != "charge_pending":
            return self.back(charge)
        return card_form(request.path, f"{charge.currency} {charge.amount:.2f}", message)

    @page("POST", MERCHANT + "/charges/{id}/card_capture")
    def capture(self, request, merchant, id):
        charge = self.open_charge(merchant, id)
        filled = dict(request.form())
        if charge.status != "charge_pending" or filled.get("do") == "cancel":
            return self.back(charge)
        number = digits(filled.get("number"))
        if not luhn(number):
            return self.capture_page(request, merchant, id, "Check the card number.")
        if number == self.CARDS["asks"]:
            return redirect(f"{self.url}/v1/{merchant}/charges/{id}/redirect/")
        self.type_card(charge, number)
        return self.back(charge)

    def type_card(self, charge, number):
        charge.card = {"card_number": f"{number[:6]}XXXXXX{number[-4:]}", "brand": "mastercard" if number[0] == "5" else "visa",
                       "type": "credit", "bank_name": "BANCO DE PRUEBA"}
        if number in DECLINES:
            self.move(charge, "failed", "charge.failed", DECLINES[number][2])
        else:
            self.move(charge, "completed", "charge.succeeded")

    @page("GET", MERCHANT + "/charges/{id}/redirect/")
    def challenge_page(self, request, merchant, id):
        charge = self.open_charge(merchant, id)
        return challenge_form(request.path) if charge.status == "charge_pending" else self.back(charge)

    @page("POST", MERCHANT + "/charges/{id}/redirect/")
    def challenge(self, request, merchant, id):
        charge = self.open_charge(merchant, id)
        if charge.status == "charge_pending":
            self.answer_challenge(charge, dict(request.form()).get("answer"))
        return self.back(charge)

    def answer_challenge(self, charge, answer):
        if not charge.card:
            charge.card = {"card_number": "400000XXXXXX3220", "brand": "visa", "type": "credit"}
        if answer == "approve":
            self.move(charge, "completed", "charge.succeeded")
        else:
            self.move(charge, "failed", "charge.failed", "3D Secure authentication failed")

    # ── Webhooks ──

    def sign(self, account, body, at, secret):
        return {"Authorization": "Basic " + base64.b64encode(f"cobro:{secret}".encode()).decode()}

    def verify_webhook(self, account):
        """What Openpay sends when a webhook is entered; the code that it wants to be told."""
        account = self.account(account)
        account.code = self.new_id("", 8, "ABCDEFGHJKLMNPQRSTUVWXYZ23456789")
        self.emit(account, {"type": "verification", "event_date": central(self.now()), "verification_code": account.code,
                            "id": self.new_id("w", 19)})
        return account.code

    @operation("webhook", "POST", MERCHANT + "/webhooks")
    def make_webhook(self, request, check, merchant):
        account = self.enter(request, merchant)
        body = check.json({"url", "user", "password", "event_types"})
        check.that(body.get("user") == "cobro", "the user of the webhook is not cobro")
        account.hook_url, account.webhook_secret = body["url"], body["password"]
        webhook = {"id": self.new_id("w", 19), "url": body["url"], "user": body["user"], "event_types": body["event_types"],
                   "status": "unverified", "account": account.id}
        self.webhooks[webhook["id"]] = webhook
        self.verify_webhook(account)
        return Answer(201, self.shown_webhook(webhook))

    def shown_webhook(self, webhook):
        return {name: value for name, value in webhook.items() if name != "account"}

    def find_webhook(self, request, merchant, id):
        account, webhook = self.enter(request, merchant), self.webhooks.get(id)
        if webhook is None or webhook["account"] != account.id:
            raise refuse(1005, 404, "The requested resource doesn't exist")
        return account, webhook

    @operation("webhook", "GET", MERCHANT + "/webhooks/{id}")
    def get_webhook(self, request, check, merchant, id):
        return Answer(200, self.shown_webhook(self.find_webhook(request, merchant, id)[1]))

    @operation("webhook", "POST", MERCHANT + "/webhooks/{id}/verify/{code}")
    def check_webhook(self, request, check, merchant, id, code):
        account, webhook = self.find_webhook(request, merchant, id)
        if code != account.code:
            raise refuse(1003, 422, "The verification code is wrong")
        webhook["status"] = "verified"
        return Answer(204)

    @operation("webhook", "DELETE", MERCHANT + "/webhooks/{id}")
    def drop_webhook(self, request, check, merchant, id):
        self.webhooks.pop(self.find_webhook(request, merchant, id)[1]["id"])
        return Answer(204)

    def unknown_body(self, request):
        return error(1005, 404, "The requested resource doesn't exist")

    def fault_body(self, operation):
        return error(1000, 500, "Internal server error", "internal")

    # ── The other side ──

    def of(self, reference):
        """The charge of an order that says most: paid, then open, then the last."""
        found = [one for one in self.charges if one.order_id == reference]
        return next((one for one in found if one.paid), None) or next((one for one in found if one.status in OPEN), None) or \
            (found[-1] if found else None)

    def find(self, reference):
        with self.lock:
            self.expire()
            charge = self.of(reference)
            if charge is None:
                return None
            minor = int(charge.amount * 100)
            state = "paid" if charge.paid else {"failed": "failed", "cancelled": "cancelled"}.get(charge.status, "pending")
            return {"id": reference, "charge": charge.id, "state": state, "amount": minor, "currency": charge.currency,
                    "captured": minor if charge.paid else 0, "refunded": int(charge.refunded * 100),
                    "disputed": charge.status.startswith("chargeback_p")}

    def pay(self, reference, card="pays", answer="approve"):
        with self.lock:
            charge = self.of(reference)
            assert charge.status in OPEN, charge.status
            if charge.kind in ("bank_account", "store"):
                self.move(charge, "completed", "charge.succeeded")
            elif charge.kind == "secure" or card == "asks":
                self.answer_challenge(charge, answer)
            else:
                self.type_card(charge, self.CARDS[card])

    def late_success(self, reference):
        with self.lock:
            self.move(self.of(reference), "completed", "charge.succeeded")

    def second_success(self, reference):
        with self.lock:
            first = self.of(reference)
            again = Charge(first.account, self.new_id("tr", 18), first.kind,
                           {"order_id": reference, "description": first.description, "customer": first.customer, "amount": first.amount,
                            "currency": first.currency}, self.now())
            again.card = first.card
            self.charges.append(again)
            self.move(again, "completed", "charge.succeeded")

    def change(self, reference, amount=None, currency=None, livemode=None, account=None):
        """Nothing that Openpay says names mode or account."""
        if livemode is not None or account is not None:
            raise NotImplementedError
        with self.lock:
            charge = self.of(reference)
            charge.amount = decimal.Decimal(amount) / 100 if amount is not None else charge.amount
            charge.currency = currency or charge.currency

    def dashboard_refund(self, reference, amount=None):
        with self.lock:
            charge = self.of(reference)
            self.give_back(charge, decimal.Decimal(amount) / 100 if amount is not None else charge.amount - charge.refunded, "devolucion",
                           full_says="refunded")

    def dispute(self, reference, state):
        status, kind = {"opened": ("chargeback_pending", "created"), "won": ("chargeback_adjustment", "rejected"),
                        "lost": ("chargeback_accepted", "accepted")}[state]
        with self.lock:
            self.move(self.of(reference), status, f"chargeback.{kind}")

    def close_payment(self, reference):
        with self.lock:
            self.move(self.of(reference), "cancelled", "charge.cancelled")


if __name__ == "__main__":
    main(Openpay)
