#!/usr/bin/python3
# tests/support/stripe_stand_in.py — a stand-in of Stripe over stand_in.py: Checkout Sessions with their page, PaymentIntents with a
# script for pages, refunds, disputes, events. Requests are held against Stripe's own OpenAPI document (stripe_form.py) and
# against what is newer. More controls than the common ones: add_platform, settle_bank, refunds_as, settle_refund.
import hashlib
import hmac
import os
import re

import stripe_form
import stripe_money
from stand_in import Account, Answer, Refused, StandIn, card_form, challenge_form, digits, document, main, operation, page, redirect

VERSION = "2026-10-28.endive"
HERE = os.path.dirname(os.path.abspath(__file__))
DECLINES = {  # card: (code, decline_code, message)
    "4000000000000002": ("card_declined", "generic_decline", "Your card was declined."),
    "4000000000009995": ("card_declined", "insufficient_funds", "Your card has insufficient funds."),
    "4000000000000069": ("expired_card", "expired_card", "Your card has expired."),
    "4000000000000127": ("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect."),
    "4000000000000119": ("processing_error", "processing_error", "An error occurred while processing your card. Try again in a little bit."),
}
ASKS = "4000002500003155"
PAYS = ("4242424242424242", "5555555555554444", "4000000000000077")
SAVED = {"pm_card_visa": PAYS[0], "pm_card_chargeDeclined": "4000000000000002", "pm_card_authenticationRequired": ASKS,
         "pm_card_visa_chargeDeclinedInsufficientFunds": "4000000000009995"}
BANK = "bank"                                       # no card: a debit that takes days
DISPUTES = {"opened": "needs_response", "won": "won", "lost": "lost"}


def refused(status, code=None, message="", kind="invalid_request_error", headers=None, **more):
    return Refused(status, {"error": {"type": kind, "code": code, "message": message, **more}}, headers)


class Stripe(StandIn):
    NAME = "stripe"
    CARDS = {"pays": PAYS[0], "declines": "4000000000000002", "asks": ASKS}
    CONTROLS = (*StandIn.CONTROLS, "add_platform", "settle_bank", "refunds_as", "settle_refund")

    def __init__(self, port=0, seed=0):
        self.books = {}                             # id → object, in the order they were made
        self.saved, self.next_refunds, self.twisted = {}, [], {}
        super().__init__(port, seed)

    # ── Accounts ──

    def new_account(self, livemode=False):
        mode = "live" if livemode else "test"
        secret, public = self.new_id(f"sk_{mode}_", 48), self.new_id(f"pk_{mode}_", 48)
        account = Account(self.new_id("acct_1", 15), {"secret-key": secret, "publishable-key": public},
                          self.new_id("whsec_", 32), livemode, platform=None, enabled=True)
        account.secrets = [secret, account.webhook_secret]
        self.accounts[account.id] = account
        return account

    def new_connected(self, livemode=False):
        """An account that a platform charges on behalf of; settings are the platform's keys and its id."""
        platform = self.new_account(livemode)
        account = Account(self.new_id("acct_1", 15), {**platform.settings}, self.new_id("whsec_", 32), livemode,
                          platform=platform, enabled=True)
        account.settings["connected-account"] = account.id
        account.secrets = [account.settings["secret-key"], account.webhook_secret]
        self.accounts[account.id] = account
        return account

    def add_platform(self, livemode=False):
        account = self.new_connected(livemode)
        return {"id": account.id, "settings": account.settings, "webhookSecret": account.webhook_secret}

    def sign(self, account, body, at, secret):
        mac = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        return {"Stripe-Signature": f"t={at},v1={mac},v0={'0' * 64}"}

    def by_key(self, key, connected, setting="secret-key"):
        owner = next((one for one in self.accounts.values() if one.settings[setting] == key and one.platform is None), None)
        if owner is None:
            raise refused(401, None, f"Invalid API Key provided: {key[:8]}****{key[-4:]}")
        if not connected:
            return owner
        account = self.accounts.get(connected)
        if account is None or account.platform is not owner:
            raise refused(403, "account_invalid", f"The provided key does not have access to account '{connected}'")
        return account

    # ── What every request is held against ──

    def enter(self, request, check, document_path):
        """The account; checks who asks, and by which version of the API."""
        basic = request.basic()
        key = request.bearer() or (basic[0] if basic and basic[1] == "" else None)
        if not key:
            raise refused(401, None, "You did not provide an API key.")
        if key.startswith("pk_"):
            raise refused(401, "secret_key_required", "This API call cannot be made with a publishable API key.")
        check.header("Stripe-Version", VERSION)
        check.no_header("Stripe-Context")
        account = self.by_key(key, request.headers.get("stripe-account"))
        self.sweep()
        try:
            query = stripe_form.read_query(f"{request.method} {document_path}", request.query)
        except stripe_form.Wrong as wrong:
            check.fail(str(wrong))
            raise refused(400, wrong.code, wrong.message, param=wrong.param) from None
        return account, query

    def change_by(self, request, check, document_path, act):
        """A POST: its form by the document, its key, and what was answered to that key before."""
        account, _ = self.enter(request, check, document_path)
        check.media("application/x-www-form-urlencoded")
        check.that("{" not in request.body.decode("utf-8", "replace")[:1], "a body of JSON")
        key = check.header("Idempotency-Key", pattern=r"[\x21-\x7e]{1,255}")
        try:
            body = stripe_form.read_form(f"POST {document_path}", request.form())
        except stripe_form.Wrong as wrong:
            check.fail(str(wrong))
            raise refused(400, wrong.code, wrong.message, param=wrong.param) from None
        return self.replay(account, check, key, (request.path, sorted(request.form())), lambda: act(account, body))

    def replay(self, account, check, key, fingerprint, act):
        """The first result of a key again, a refusal as well, unless it was refused before anything began."""
        name = (account.id, key)
        if name in self.saved:
            kept, answer = self.saved[name]
            if kept != fingerprint:
                check.fail(f"the key {key} stands for another request")
                raise refused(400, None, "Keys for idempotent requests can only be used with the same parameters they were "
                                         "first used with.", "idempotency_error")
            return Answer(answer.status, answer.body, {**answer.headers, "Idempotent-Replayed": "true"})
        try:
            answer = act()
        except Refused as refusal:
            if not getattr(refusal, "invalid", False):
                self.saved[name] = (fingerprint, refusal.answer)
            raise
        self.saved[name] = (fingerprint, answer)
        return answer

    @staticmethod
    def invalid(code, message, param=None):
        """Refused before anything began: the key stays free."""
        refusal = refused(400, code, message, param=param)
        refusal.invalid = True
        return refusal

    # ── Books ──

    def put(self, account, kind, prefix, **members):
        made = {"id": self.new_id(prefix), "object": kind, "created": int(self.now()), "livemode": account.livemode, **members}
        made["_account"] = account.id
        self.books[made["id"]] = made
        return made

    def get(self, account, kind, id, param="id"):
        found = self.books.get(id)
        if found is None or found["object"] != kind or found["_account"] != account.id:
            raise refused(404, "resource_missing", f"No such {kind.split('.')[-1]}: '{id}'", param=param)
        return found

    def of_reference(self, reference):
        """(session or None, intent or None) of a payment of ours."""
        mine = [one for one in self.books.values() if one["object"] in ("checkout.session", "payment_intent")
                and one.get("metadata", {}).get("cobro_reference") == reference and not one.get("_second")]
        session = next((one for one in mine if one["object"] == "checkout.session"), None)
        return session, next((one for one in mine if one["object"] == "payment_intent"), None)

    def render(self, thing, expand=()):
        """As Stripe writes it: without what is ours, with what was asked to be expanded."""
        shown = {key: value for key, value in thing.items() if not key.startswith("_")}
        for path in expand:
            first, _, rest = path.partition(".")
            if first not in shown or first not in ("payment_intent", "latest_charge", "charge"):
                raise refused(400, None, f"This property cannot be expanded ({path}).", param="expand")
            if isinstance(shown[first], str):
                shown[first] = self.render(self.books[shown[first]], [rest] if rest else [])
        return self.twist(thing, shown)

    def twist(self, thing, shown):
        """What change() wanted to be said instead."""
        reference = thing.get("metadata", {}).get("cobro_reference")
        said = self.twisted.get(reference, {})
        for name in ("amount", "amount_total", "amount_subtotal", "amount_received"):
            if said.get("amount") is not None and shown.get(name):
                shown[name] = stripe_money.theirs(said.get("currency") or shown["currency"], said["amount"])
        if said.get("currency") and "currency" in shown:
            shown["currency"] = said["currency"].lower()
        if said.get("livemode") is not None and "livemode" in shown:
            shown["livemode"] = said["livemode"]
        return shown

    def tell(self, kind, thing):
        """An event: into the list, and out as a webhook."""
        account = self.accounts[thing["_account"]]
        said = self.twisted.get(thing.get("metadata", {}).get("cobro_reference"), {})
        event = self.put(account, "event", "evt_1", api_version=VERSION, data={"object": self.render(thing)}, pending_webhooks=1,
                         request={"id": None, "idempotency_key": None}, type=kind)
        body = {key: value for key, value in event.items() if not key.startswith("_")}
        if said.get("livemode") is not None:
            body["livemode"] = said["livemode"]
        if account.platform is not None or said.get("account"):
            body["account"] = said.get("account") or account.id
        self.emit(account, body)

    def page_of(self, request, query, account, kind, path, wanted=lambda one: True):
        limit = query.get("limit", 10)
        if not 1 <= limit <= 100:
            raise refused(400, "parameter_invalid_integer", "limit must be 1 to 100", param="limit")
        created = query.get("created", {})
        bounds = {"gte": created} if isinstance(created, int) else created
        found = [one for one in reversed(self.books.values()) if one["object"] == kind and one["_account"] == account.id and wanted(one)
                 and bounds.get("gte", 0) <= one["created"] <= bounds.get("lte", 1 << 60)
                 and bounds.get("gt", -1) < one["created"] < bounds.get("lt", 1 << 60)]
        if "starting_after" in query:
            self.get(account, kind, query["starting_after"], "starting_after")
            ids = [one["id"] for one in found]
            found = found[ids.index(query["starting_after"]) + 1:] if query["starting_after"] in ids else []
        expand = query.get("expand", [])
        if any(not one.startswith("data.") for one in expand):
            raise refused(400, None, "This property cannot be expanded.", param="expand")
        return Answer(200, {"object": "list", "url": path, "has_more": len(found) > limit,
                            "data": [self.render(one, [name[5:] for name in expand if one.get(name[5:].split(".")[0])]) for one in found[:limit]]})

    # ── Checkout Sessions ──

    @operation("begin", "POST", "/v1/checkout/sessions")
    def make_session(self, request, check):
        def act(account, body):
            items = body.get("line_items", [])
            now = int(self.now())
            if body.get("mode") != "payment" or len(items) != 1 or "price_data" not in items[0] or items[0].get("quantity") != 1:
                raise self.invalid("parameter_missing", "one line item of price_data, once, in mode payment", "line_items")
            price = items[0]["price_data"]
            wrong = stripe_money.wrong_amount(price["currency"], price.get("unit_amount", 0))
            ends = body.get("expires_at", now + 86400)
            if wrong:
                raise self.invalid(*wrong, "line_items[0][price_data][unit_amount]")
            if not re.fullmatch("[a-z]{3}", price["currency"]):
                check.fail(f"the currency {price['currency']} is not in lower case")
            if not now + 1800 - 1 <= ends <= now + 86400 + 1:
                raise self.invalid("parameter_invalid", "The `expires_at` timestamp must be between 30 minutes and 24 hours from "
                                                        "Checkout Session creation.", "expires_at")
            for name in ("success_url", "cancel_url"):
                check.that(re.match("https?://", body.get(name, "")), f"{name} is no address")
            check.that(price.get("product_data", {}).get("name"), "the line item has no name")
            check.that(body.get("metadata", {}).get("cobro_reference") == body.get("payment_intent_data", {}).get("metadata", {}).get("cobro_reference"),
                       "session and intent have different references")
            session = self.put(account, "checkout.session", f"cs_{'live' if account.livemode else 'test'}_",
                               amount_subtotal=price["unit_amount"], amount_total=price["unit_amount"], currency=price["currency"],
                               mode="payment", status="open", payment_status="unpaid", payment_intent=None, expires_at=ends,
                               client_reference_id=body.get("client_reference_id"), customer_email=body.get("customer_email"),
                               metadata=body.get("metadata", {}), success_url=body["success_url"], cancel_url=body.get("cancel_url"),
                               locale=body.get("locale"), ui_mode="hosted_page", url=None, _data=body.get("payment_intent_data", {}))
            session["url"] = f"{self.url}/c/pay/{session['id']}"
            return Answer(200, self.render(session, body.get("expand", ())))
        return self.change_by(request, check, "/v1/checkout/sessions", act)

    @operation("query", "GET", "/v1/checkout/sessions")
    def list_sessions(self, request, check):
        account, query = self.enter(request, check, "/v1/checkout/sessions")
        return self.page_of(request, query, account, "checkout.session", "/v1/checkout/sessions",
                            lambda one: query.get("payment_intent") in (None, one["payment_intent"]))

    @operation("query", "GET", "/v1/checkout/sessions/{id}")
    def read_session(self, request, check, id):
        account, query = self.enter(request, check, "/v1/checkout/sessions/{session}")
        session = self.get(account, "checkout.session", id, "session")
        return Answer(200, self.render(session, [one for one in query.get("expand", ()) if session.get(one.split(".")[0])]))

    @operation("cancel", "POST", "/v1/checkout/sessions/{id}/expire")
    def expire_session(self, request, check, id):
        def act(account, body):
            session = self.get(account, "checkout.session", id, "session")
            if session["status"] != "open":
                raise refused(400, None, f"Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session "
                                         f"has a status of {session['status']}.")
            self.end_session(session)
            return Answer(200, self.render(session, [one for one in body.get("expand", ()) if session.get(one.split(".")[0])]))
        return self.change_by(request, check, "/v1/checkout/sessions/{session}/expire", act)

    def end_session(self, session):
        session.update(status="expired", url=None)
        intent = self.books.get(session["payment_intent"])
        if intent is not None and intent["status"] not in ("succeeded", "canceled"):
            intent.update(status="canceled", cancellation_reason="automatic", canceled_at=int(self.now()), next_action=None)
            self.tell("payment_intent.canceled", intent)
        self.tell("checkout.session.expired", session)

    def sweep(self):
        for session in [one for one in self.books.values() if one["object"] == "checkout.session"]:
            if session["status"] == "open" and session["expires_at"] <= self.now():
                self.end_session(session)

    def advance(self, seconds):
        with self.lock:
            super().advance(seconds)
            self.sweep()

    # ── PaymentIntents ──

    def new_intent(self, account, amount, currency, metadata, **more):
        intent = self.put(account, "payment_intent", "pi_3", amount=amount, amount_capturable=0, amount_received=0, currency=currency,
                          automatic_payment_methods={"allow_redirects": "always", "enabled": True}, canceled_at=None,
                          cancellation_reason=None, capture_method="automatic_async", confirmation_method="automatic",
                          last_payment_error=None, latest_charge=None, metadata=metadata, next_action=None, payment_method=None,
                          payment_method_types=["card"], status="requires_payment_method", **more)
        intent["client_secret"] = self.new_id(f"{intent['id']}_secret_", 25)
        account.secrets.append(intent["client_secret"])
        return intent

    @operation("begin", "POST", "/v1/payment_intents")
    def make_intent(self, request, check):
        def act(account, body):
            wrong = stripe_money.wrong_amount(body["currency"], body["amount"])
            if wrong:
                raise self.invalid(*wrong, "amount")
            check.that(re.fullmatch("[a-z]{3}", body["currency"]), f"the currency {body['currency']} is not in lower case")
            check.that(body.get("automatic_payment_methods", {}).get("enabled") is True, "automatic_payment_methods[enabled] is not true")
            intent = self.new_intent(account, body["amount"], body["currency"], body.get("metadata", {}),
                                     description=body.get("description"), receipt_email=body.get("receipt_email"))
            return Answer(200, self.render(intent, body.get("expand", ())))
        return self.change_by(request, check, "/v1/payment_intents", act)

    @operation("list", "GET", "/v1/payment_intents")
    def list_intents(self, request, check):
        account, query = self.enter(request, check, "/v1/payment_intents")
        return self.page_of(request, query, account, "payment_intent", "/v1/payment_intents")

    @operation("query", "GET", "/v1/payment_intents/{id}")
    def read_intent(self, request, check, id):
        if request.arg("client_secret"):
            account = self.by_key(request.arg("key", ""), request.arg("_stripe_account"), "publishable-key")
            return self.for_browser(self.check_secret(account, id, request.arg("client_secret")))
        account, query = self.enter(request, check, "/v1/payment_intents/{intent}")
        intent = self.get(account, "payment_intent", id, "intent")
        return Answer(200, self.render(intent, [one for one in query.get("expand", ()) if intent.get(one.split(".")[0])]))

    @operation("cancel", "POST", "/v1/payment_intents/{id}/cancel")
    def cancel_intent(self, request, check, id):
        def act(account, body):
            intent = self.get(account, "payment_intent", id, "intent")
            if intent["metadata"].get("cobro_object") == "session":
                raise refused(400, "payment_intent_unexpected_state", "You cannot cancel a PaymentIntent of Checkout: expire the session.")
            if intent["status"] in ("succeeded", "canceled", "processing"):
                raise refused(400, "payment_intent_unexpected_state", f"You cannot cancel this PaymentIntent because it has a status of "
                                                                      f"{intent['status']}.", payment_intent=self.render(intent))
            intent.update(status="canceled", cancellation_reason=body.get("cancellation_reason"), canceled_at=int(self.now()), next_action=None)
            self.tell("payment_intent.canceled", intent)
            return Answer(200, self.render(intent, [one for one in body.get("expand", ()) if intent.get(one)]))
        return self.change_by(request, check, "/v1/payment_intents/{intent}/cancel", act)

    @operation("confirm", "POST", "/v1/payment_intents/{id}/confirm")
    def confirm_intent(self, request, check, id):
        fields = dict(request.form())
        if "client_secret" in fields:                                             # the script in a page
            account = self.by_key(fields.get("key", ""), fields.get("_stripe_account"), "publishable-key")
            intent = self.check_secret(account, id, fields["client_secret"])
            self.attempt(intent, digits(fields.get("payment_method_data[card][number]")), fields.get("return_url"))
            return self.for_browser(intent)

        def act(account, body):
            intent = self.get(account, "payment_intent", id, "intent")
            card = SAVED.get(body.get("payment_method"))
            if card is None:
                raise refused(404, "resource_missing", f"No such PaymentMethod: '{body.get('payment_method')}'", param="payment_method")
            if not body.get("return_url"):
                raise self.invalid("parameter_missing", "a return_url is needed with automatic payment methods", "return_url")
            self.attempt(intent, card, body["return_url"])
            if intent["last_payment_error"]:
                raise Refused(402, {"error": {**intent["last_payment_error"], "payment_intent": self.render(intent)}})
            return Answer(200, self.render(intent))
        return self.change_by(request, check, "/v1/payment_intents/{intent}/confirm", act)

    def check_secret(self, account, id, secret):
        intent = self.get(account, "payment_intent", id, "intent")
        if intent["client_secret"] != secret:
            raise refused(400, "payment_intent_invalid_parameter", "The client_secret provided does not match.", param="client_secret")
        return intent

    def for_browser(self, intent):
        if intent["last_payment_error"]:
            return Answer(402, {"error": {**intent["last_payment_error"], "payment_intent": self.render(intent)}},
                          {"Access-Control-Allow-Origin": "*"})
        return Answer(200, {key: intent[key] for key in ("id", "object", "amount", "client_secret", "created", "currency", "livemode",
                                                          "next_action", "status")}, {"Access-Control-Allow-Origin": "*"})

    # ── What becomes of a card ──

    def new_charge(self, intent, card, **more):
        brand = "mastercard" if card.startswith("5") else "visa"
        details = {"type": "sepa_debit"} if card == BANK else {"type": "card", "card": {"brand": brand, "last4": card[-4:], "country": "US"}}
        charge = self.put(self.accounts[intent["_account"]], "charge", "ch_3", amount=intent["amount"], amount_captured=0, amount_refunded=0,
                          currency=intent["currency"], payment_intent=intent["id"], payment_method_details=details, refunded=False,
                          disputed=False, metadata=intent["metadata"], **more)
        intent["latest_charge"] = charge["id"]
        return charge

    def attempt(self, intent, card, return_url=None):
        """The payer's bank decides. @intent changes; what is wrong with it stands in last_payment_error."""
        if intent["status"] not in ("requires_payment_method", "requires_confirmation", "requires_action"):
            raise refused(400, "payment_intent_unexpected_state", f"This PaymentIntent has a status of {intent['status']}.")
        intent.update(last_payment_error=None, next_action=None)
        if card == BANK:
            self.new_charge(intent, card, status="pending", paid=False)
            intent.update(status="processing")
            self.tell("payment_intent.processing", intent)
        elif card == ASKS:
            where = f"{self.url}/c/challenge/{intent['id']}"
            intent.update(status="requires_action", _return=return_url,
                          next_action={"type": "redirect_to_url", "redirect_to_url": {"url": where, "return_url": return_url}})
            self.tell("payment_intent.requires_action", intent)
        elif card in DECLINES:
            self.decline(intent, card, *DECLINES[card])
        elif card in PAYS:
            self.succeed(intent, card)
        else:
            self.decline(intent, card, "card_declined", "test_mode_live_card", "Your card was declined. Your request was in test mode, "
                                                                                "but used a non test card.")

    def decline(self, intent, card, code, decline_code, message):
        charge = self.new_charge(intent, card, status="failed", paid=False, failure_code=code, failure_message=message)
        intent.update(status="requires_payment_method", next_action=None,
                      last_payment_error={"type": "card_error", "code": code, "decline_code": decline_code, "message": message,
                                          "charge": charge["id"]})
        self.tell("payment_intent.payment_failed", intent)

    def succeed(self, intent, card):
        charge = self.books.get(intent["latest_charge"])
        if charge is None or charge["status"] != "pending":
            charge = self.new_charge(intent, card)
        charge.update(status="succeeded", paid=True, amount_captured=intent["amount"])
        intent.update(status="succeeded", amount_received=intent["amount"], last_payment_error=None, next_action=None)
        self.tell("payment_intent.succeeded", intent)
        self.tell("charge.succeeded", charge)

    def open_intent(self, session):
        """A session's intent, made when the payer pays."""
        if session["payment_intent"] is None:
            data = session["_data"]
            intent = self.new_intent(self.accounts[session["_account"]], session["amount_total"], session["currency"], data.get("metadata", {}),
                                     description=data.get("description"), receipt_email=data.get("receipt_email"))
            session["payment_intent"] = intent["id"]
        return self.books[session["payment_intent"]]

    def complete(self, session):
        """After the bank has decided: whether the session is done."""
        intent = self.books[session["payment_intent"]]
        if intent["status"] in ("succeeded", "processing"):
            session.update(status="complete", url=None, payment_status="paid" if intent["status"] == "succeeded" else "unpaid")
            self.tell("checkout.session.completed", session)
            return True
        return False

    # ── Refunds, disputes, the rest ──

    @operation("refund", "POST", "/v1/refunds")
    def make_refund(self, request, check):
        def act(account, body):
            if ("payment_intent" in body) == ("charge" in body):
                raise self.invalid("parameter_missing", "One of payment_intent or charge is needed", "charge")
            if "payment_intent" in body:
                intent = self.get(account, "payment_intent", body["payment_intent"], "payment_intent")
                charge = self.books.get(intent["latest_charge"])
            else:
                charge = self.get(account, "charge", body["charge"], "charge")
            if charge is None or charge["status"] != "succeeded":
                raise refused(400, "charge_not_refundable", "This PaymentIntent does not have a successful charge to refund.")
            return Answer(200, self.render(self.give_back(charge, body.get("amount"), body.get("metadata", {}), body.get("reason"))))
        return self.change_by(request, check, "/v1/refunds", act)

    def give_back(self, charge, amount, metadata, reason=None):
        rest = charge["amount_captured"] - charge["amount_refunded"]
        amount = rest if amount is None else amount
        if rest == 0:
            raise refused(400, "charge_already_refunded", f"Charge {charge['id']} has already been refunded.")
        if not 1 <= amount <= rest:
            raise refused(400, "amount_too_large", f"Refund amount ({amount}) is greater than unrefunded amount on charge ({rest})", param="amount")
        status = self.next_refunds.pop(0) if self.next_refunds else "succeeded"
        refund = self.put(self.accounts[charge["_account"]], "refund", "re_3", amount=amount, charge=charge["id"], currency=charge["currency"],
                          metadata=metadata, payment_intent=charge["payment_intent"], reason=reason, status=status)
        if status == "failed":
            refund["failure_reason"] = "expired_or_canceled_card"
        else:
            charge["amount_refunded"] += amount
            charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
            self.tell("charge.refunded", charge)
        self.tell("refund.created", refund)
        if status == "failed":
            self.tell("refund.failed", refund)
        return refund

    @operation("list", "GET", "/v1/refunds")
    def list_refunds(self, request, check):
        account, query = self.enter(request, check, "/v1/refunds")
        if "payment_intent" in query:
            self.get(account, "payment_intent", query["payment_intent"], "payment_intent")
        return self.page_of(request, query, account, "refund", "/v1/refunds",
                            lambda one: query.get("payment_intent") in (None, one["payment_intent"]))

    @operation("query_refund", "GET", "/v1/refunds/{id}")
    def read_refund(self, request, check, id):
        account, query = self.enter(request, check, "/v1/refunds/{refund}")
        return Answer(200, self.render(self.get(account, "refund", id), query.get("expand", ())))

    @operation("query_dispute", "GET", "/v1/disputes")
    def list_disputes(self, request, check):
        account, query = self.enter(request, check, "/v1/disputes")
        return self.page_of(request, query, account, "dispute", "/v1/disputes",
                            lambda one: query.get("payment_intent") in (None, one["payment_intent"]))

    @operation("query_dispute", "GET", "/v1/disputes/{id}")
    def read_dispute(self, request, check, id):
        account, query = self.enter(request, check, "/v1/disputes/{dispute}")
        return Answer(200, self.render(self.get(account, "dispute", id), query.get("expand", ())))

    @operation("query", "GET", "/v1/charges/{id}")
    def read_charge(self, request, check, id):
        account, query = self.enter(request, check, "/v1/charges/{charge}")
        return Answer(200, self.render(self.get(account, "charge", id), query.get("expand", ())))

    @operation("list", "GET", "/v1/events")
    def list_events(self, request, check):
        account, query = self.enter(request, check, "/v1/events")
        types = query.get("types", [])
        check.that(len(types) <= 20, f"{len(types)} types of events")
        return self.page_of(request, query, account, "event", "/v1/events", lambda one: not types or one["type"] in types)

    @operation("test", "GET", "/v1/account")
    def read_account(self, request, check):
        account, _ = self.enter(request, check, "/v1/account")
        return Answer(200, {"id": account.id, "object": "account", "charges_enabled": account.enabled, "payouts_enabled": account.enabled,
                            "business_profile": {"name": "Anna’s Bakery"}, "country": "DE", "default_currency": "eur"})

    @operation("test", "GET", "/v1/balance")
    def read_balance(self, request, check):
        account, _ = self.enter(request, check, "/v1/balance")
        return Answer(200, {"object": "balance", "available": [{"amount": 0, "currency": "eur"}], "livemode": account.livemode, "pending": []})

    def unknown_body(self, request):
        return {"error": {"type": "invalid_request_error", "message": f"Unrecognized request URL ({request.method}: {request.path})."}}

    # ── Pages ──

    def form_page(self, session, message=""):
        return card_form(f"/c/pay/{session['id']}", stripe_money.shown(session["currency"], session["amount_total"]), message, session["cancel_url"])

    def open_session(self, id):
        self.sweep()
        session = self.books.get(id)
        if session is None or session["object"] != "checkout.session":
            raise Refused(404, "Something went wrong. The page you were looking for could not be found.")
        if session["status"] == "open":
            return session
        words = "You have already paid" if session["status"] == "complete" else "This checkout session has timed out"
        raise_page = Refused(200)
        raise_page.answer = document(words, f"<p><a href='{session['cancel_url']}'>Back</a>")
        raise raise_page

    @page("GET", "/c/pay/{id}")
    def show_session(self, request, id):
        return self.form_page(self.open_session(id))

    @page("POST", "/c/pay/{id}")
    def pay_session(self, request, id):
        session, fields = self.open_session(id), dict(request.form())
        if fields.get("do") == "cancel":
            return redirect(session["cancel_url"])
        return self.try_session(session, BANK if fields.get("number") == BANK else digits(fields.get("number")))

    def try_session(self, session, card):
        intent = self.open_intent(session)
        self.attempt(intent, card, session["success_url"])
        if self.complete(session):
            return redirect(session["success_url"])
        if intent["status"] == "requires_action":
            return redirect(intent["next_action"]["redirect_to_url"]["url"])
        return self.form_page(session, intent["last_payment_error"]["message"])

    def session_of(self, intent):
        return next((one for one in self.books.values() if one["object"] == "checkout.session" and one["payment_intent"] == intent["id"]), None)

    @page("GET", "/c/challenge/{id}")
    def show_challenge(self, request, id):
        return challenge_form(f"/c/challenge/{id}")

    @page("POST", "/c/challenge/{id}")
    def answer_challenge(self, request, id):
        intent = self.books[id]
        return self.authenticate(intent, dict(request.form()).get("answer") == "approve")

    def authenticate(self, intent, approved):
        session = self.session_of(intent)
        if intent["status"] == "requires_action":
            if approved:
                self.succeed(intent, ASKS)
            else:
                self.decline(intent, ASKS, "payment_intent_authentication_failure", None,
                             "We are unable to authenticate your payment method. Please choose a different payment method and try again.")
        if session is None:
            status = "succeeded" if intent["status"] == "succeeded" else "failed"
            joint = "&" if "?" in (intent["_return"] or "") else "?"
            return redirect(f"{intent['_return']}{joint}payment_intent={intent['id']}&payment_intent_client_secret={intent['client_secret']}"
                            f"&redirect_status={status}")
        if self.complete(session):
            return redirect(session["success_url"])
        return self.form_page(session, intent["last_payment_error"]["message"])

    @page("GET", "/endive/stripe.js")
    def script(self, request):
        with open(os.path.join(HERE, "stripe_stand_in.js"), encoding="utf-8") as file:
            return Answer(200, file.read(), media="text/javascript; charset=utf-8")

    @page("GET", "/elements/payment")
    def frame(self, request):
        with open(os.path.join(HERE, "stripe_stand_in.html"), encoding="utf-8") as file:
            return Answer(200, file.read(), media="text/html; charset=utf-8")

    # ── The other side ──

    def find(self, reference):
        with self.lock:
            self.sweep()
            session, intent = self.of_reference(reference)
            if session is None and intent is None:
                return None
            charge = self.books.get(intent["latest_charge"]) if intent else None
            paid = intent is not None and intent["status"] == "succeeded"
            ended = (session is not None and session["status"] == "expired") or (intent is not None and intent["status"] == "canceled")
            failed = session is not None and session["status"] == "complete" and intent["status"] == "requires_payment_method"
            thing = session or intent
            amount = thing.get("amount_total", thing.get("amount"))
            return {"id": thing["id"], "charge": intent["id"] if intent else "", "amount": stripe_money.ours(thing["currency"], amount),
                    "state": "paid" if paid else "cancelled" if ended else "failed" if failed else "pending", "currency": thing["currency"].upper(),
                    "captured": stripe_money.ours(thing["currency"], intent["amount_received"]) if intent else 0,
                    "refunded": stripe_money.ours(thing["currency"], charge["amount_refunded"]) if charge else 0,
                    "disputed": bool(charge and charge["disputed"])}

    def pay(self, reference, card="pays", answer="approve"):
        with self.lock:
            session, intent = self.of_reference(reference)
            number = self.CARDS.get(card, card)
            if session is not None:
                self.open_session(session["id"])
                self.try_session(session, number)
                intent = self.books[session["payment_intent"]]
            else:
                self.attempt(intent, number)
            if intent["status"] == "requires_action":
                self.authenticate(intent, answer == "approve")

    def settle_bank(self, reference, ok=True):
        """The debit of a bank that was under way comes, or does not."""
        with self.lock:
            session, intent = self.of_reference(reference)
            if ok:
                self.succeed(intent, BANK)
            else:
                self.decline(intent, BANK, "payment_intent_payment_attempt_failed", None, "The customer's account has insufficient funds.")
            if session is not None:
                session["payment_status"] = "paid" if ok else "unpaid"
                self.tell(f"checkout.session.async_payment_{'succeeded' if ok else 'failed'}", session)

    def late_success(self, reference):
        with self.lock:
            session, intent = self.of_reference(reference)
            if session is not None:
                intent = self.open_intent(session)
            self.succeed(intent, PAYS[0])
            if session is not None:
                session.update(status="complete", payment_status="paid", url=None)
                self.tell("checkout.session.async_payment_succeeded", session)

    def second_success(self, reference):
        with self.lock:
            _, first = self.of_reference(reference)
            intent = self.new_intent(self.accounts[first["_account"]], first["amount"], first["currency"], first["metadata"], _second=True)
            self.succeed(intent, PAYS[0])

    def change(self, reference, amount=None, currency=None, livemode=None, account=None):
        with self.lock:
            self.twisted[reference] = {"amount": amount, "currency": currency, "livemode": livemode, "account": account}

    def charge_of(self, reference):
        _, intent = self.of_reference(reference)
        return self.books[intent["latest_charge"]]

    def dashboard_refund(self, reference, amount=None):
        with self.lock:
            charge = self.charge_of(reference)
            return self.give_back(charge, None if amount is None else stripe_money.theirs(charge["currency"], amount), {})["id"]

    def refunds_as(self, statuses):
        """The next refunds: pending, failed, succeeded …"""
        with self.lock:
            self.next_refunds.extend(statuses)

    def settle_refund(self, reference, status):
        """A pending refund of that payment ends: succeeded, failed, canceled."""
        with self.lock:
            _, intent = self.of_reference(reference)
            refund = next(one for one in self.books.values() if one["object"] == "refund" and one["payment_intent"] == intent["id"]
                          and one["status"] == "pending")
            refund["status"] = status
            if status != "succeeded":
                refund["failure_reason"] = "declined"
                self.books[refund["charge"]]["amount_refunded"] -= refund["amount"]
            self.tell("refund.updated", refund)
            self.tell("charge.refund.updated", refund)
            if status == "failed":
                self.tell("refund.failed", refund)

    def dispute(self, reference, state):
        with self.lock:
            charge = self.charge_of(reference)
            found = next((one for one in self.books.values() if one["object"] == "dispute" and one["charge"] == charge["id"]), None)
            if found is None:
                charge["disputed"] = True
                found = self.put(self.accounts[charge["_account"]], "dispute", "dp_1", amount=charge["amount"], charge=charge["id"],
                                 currency=charge["currency"], payment_intent=charge["payment_intent"], reason="fraudulent", metadata={},
                                 status="needs_response", is_charge_refundable=False,
                                 evidence_details={"due_by": int(self.now()) + 7 * 86400, "has_evidence": False, "past_due": False,
                                                   "submission_count": 0})
                self.tell("charge.dispute.created", found)
                self.tell("charge.dispute.funds_withdrawn", found)
            if state != "opened":
                found["status"] = DISPUTES[state]
                self.tell("charge.dispute.closed", found)
                if state == "won":
                    self.tell("charge.dispute.funds_reinstated", found)

    def close_payment(self, reference):
        with self.lock:
            session, intent = self.of_reference(reference)
            if session is not None:
                self.end_session(session)
            else:
                intent.update(status="canceled", cancellation_reason="automatic", canceled_at=int(self.now()))
                self.tell("payment_intent.canceled", intent)


if __name__ == "__main__":
    main(Stripe)
