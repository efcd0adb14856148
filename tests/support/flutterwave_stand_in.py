# tests/support/flutterwave_stand_in.py — Flutterwave's API v3 as relay/providers/flutterwave/README.md describes it: envelopes, hosted
# page with one more try, several transactions of one tx_ref, tokens, refunds that know no keys, chargebacks, webhooks that are
# authenticated by the secret hash or by an HMAC of the body. Strict: whoever makes something for a tx_ref again, or gives money
# back, must have looked first.
import base64
import datetime
import decimal
import hashlib
import hmac
import re
import urllib.parse

from stand_in import Account, Answer, Refused, StandIn, button, card_form, challenge_form, digits, document, form, main, operation, page, redirect

DIGITS = {"BIF": 0, "GNF": 0, "JPY": 0, "KRW": 0, "RWF": 0, "UGX": 0, "VND": 0, "XAF": 0, "XOF": 0}   # others: 2
PAGE = 10
REFERENCE = r"pay_[0-9a-z]{26}\.[0-9a-f]{26}"


def places(currency):
    return DIGITS.get(currency, 2)


def minor(amount, currency):
    return int(decimal.Decimal(amount).scaleb(places(currency)))


def major(amount, currency):
    """A whole number as int, others with their digits."""
    value = decimal.Decimal(amount).scaleb(-places(currency))
    return int(value) if value == value.to_integral_value() else value


def error(message):
    return {"status": "error", "message": message, "data": None}


class Flutterwave(StandIn):
    NAME = "flutterwave"
    CARDS = {"pays": "5061460166976054667", "declines": "5258585922666506", "asks": "5438898014560229"}
    BRANDS = {"50": "VERVE", "51": "MASTERCARD", "52": "MASTERCARD", "54": "MASTERCARD", "55": "MASTERCARD", "41": "VISA"}
    CONTROLS = (*StandIn.CONTROLS, "new_token", "header_kind", "without_comments", "refund_state")

    def __init__(self, port=0, seed=0):
        super().__init__(port, seed)
        self.payments = {}              # tx_ref → payment
        self.transactions = {}          # number → transaction
        self.refunds, self.chargebacks = {}, {}
        self.tokens = {}                # token → (account id, e-mail, name of CARDS)
        self.links = {}                 # id of a hosted page → tx_ref
        self.looked = set()             # tx_refs and "refunds of …" that somebody looked for since something was made for them
        self.number = 288200000
        self.kind = "both"
        self.comments_hidden = False
        self.refunds_begin = "completed"

    def next_number(self):
        self.number += 1
        return self.number

    # ── Accounts ──

    def new_account(self, livemode=False):
        key = self.new_id("FLWSECK-" if livemode else "FLWSECK_TEST-", 32, "0123456789abcdef") + "-X"
        secret = self.new_id("hash-", 32)
        account = Account(self.new_id("", 6, "123456789"), {"secret-key": key}, secret, livemode)
        account.secrets = [key, secret]
        self.accounts[account.id] = account
        return account

    def caller(self, request, check):
        check.header("Authorization", pattern=r"Bearer FLWSECK(_TEST)?-[0-9a-f]{32}-X")
        check.no_header("Idempotency-Key", "X-Idempotency-Key")
        for account in self.accounts.values():
            if account.settings["secret-key"] == request.bearer():
                return account
        raise Refused(401, error("Invalid authorization key"))

    def stamp(self, at=None):
        moment = datetime.datetime.fromtimestamp(self.now() if at is None else at, datetime.timezone.utc)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")

    # ── Payments ──

    def check_amount(self, check, body):
        amount, currency = body.get("amount"), body.get("currency")
        check.that(isinstance(amount, (int, decimal.Decimal)) and not isinstance(amount, bool), f"amount {amount!r} is no JSON number")
        check.that(isinstance(currency, str) and re.fullmatch("[A-Z]{3}", currency), f"currency {currency!r} is not three capitals")
        if isinstance(amount, (int, decimal.Decimal)) and currency:
            value = decimal.Decimal(amount)
            check.that(value > 0 and value == round(value, places(currency)), f"{amount} is not an amount of {currency}")

    def note_made(self, check, tx_ref):
        """What is made for a tx_ref again must have been looked for: there are no idempotency keys."""
        check.that(re.fullmatch(REFERENCE, str(tx_ref)), f"tx_ref {tx_ref} is not the signed reference")
        check.that(tx_ref in self.looked, "made without looking whether the tx_ref has a transaction already")
        self.looked.discard(tx_ref)

    def payment_for(self, check, account, body, email):
        payment = self.payments.get(body["tx_ref"])
        if payment:
            check.that((payment["amount"], payment["currency"]) == (body["amount"], body["currency"]), "the same tx_ref with another amount")
            if payment["account"] is not account:
                raise Refused(400, error("Invalid transaction reference"))
        else:
            payment = self.payments[body["tx_ref"]] = {
                "account": account, "tx_ref": body["tx_ref"], "amount": body["amount"], "currency": body["currency"], "numbers": [],
                "said": {}, "disabled": False, "created": self.now()}
        payment.update(email=email, redirect=body.get("redirect_url", ""), retries=body.get("max_retry_attempt", 0),
                       expires=self.now() + 60 * body.get("session_duration", 1440), meta=body.get("meta"))
        return payment

    @operation("begin", "POST", "/v3/payments")
    def make_link(self, request, check):
        account = self.caller(request, check)
        body = check.json({"tx_ref", "amount", "currency", "redirect_url", "customer"},
                          {"payment_options", "customizations", "meta", "session_duration", "max_retry_attempt", "payment_plan", "subaccounts",
                           "link_expiration"})
        if not {"tx_ref", "amount", "currency", "customer"} <= body.keys():
            raise Refused(400, error("tx_ref, amount and customer are required"))
        self.note_made(check, body["tx_ref"])
        self.check_amount(check, body)
        customer = check.object(body, "customer", {"email"}, {"name", "phonenumber"})
        check.that(re.fullmatch(r"[^@\s]+@[^@\s]+", customer.get("email", "")), "customer.email is no address")
        check.object(body, "customizations", (), {"title", "description", "logo"})
        check.object(body, "meta", (), body.get("meta", {}))
        check.that(re.match(r"https?://", body.get("redirect_url", "")), "redirect_url is no address")
        for name, most in (("session_duration", 1440), ("max_retry_attempt", 10)):
            check.that(isinstance(body.get(name, 1), int) and 1 <= body.get(name, 1) <= most, f"{name} is {body.get(name)!r}")
        payment = self.payment_for(check, account, body, customer.get("email"))
        link = self.new_id("flwlnk-")
        self.links[link] = payment["tx_ref"]
        return Answer(200, {"status": "success", "message": "Hosted Link", "data": {"link": f"{self.url}/v3/hosted/pay/{link}"}})

    @operation("cancel", "POST", "/v3/payments/link/disable")
    def disable_link(self, request, check):
        account = self.caller(request, check)
        link = check.json({"link"}).get("link", "")
        tx_ref = self.links.get(link.rpartition("/")[2])
        if tx_ref is None or self.payments[tx_ref]["account"] is not account:
            raise Refused(400, error("Link not found"))
        if self.payments[tx_ref]["disabled"]:
            raise Refused(400, error("Link is already disabled"))
        self.payments[tx_ref]["disabled"] = True
        return Answer(200, {"status": "success", "message": "LINK DISABLED", "data": True})

    @operation("charge", "POST", "/v3/tokenized-charges")
    def charge_token(self, request, check):
        account = self.caller(request, check)
        body = check.json({"token", "currency", "country", "amount", "email", "tx_ref"},
                          {"narration", "full_name", "first_name", "last_name", "ip", "redirect_url", "device_fingerprint", "meta"})
        if not {"token", "amount", "currency", "email", "tx_ref"} <= body.keys():
            raise Refused(400, error("token is required"))
        self.note_made(check, body["tx_ref"])
        self.check_amount(check, body)
        check.that(re.fullmatch("[A-Z]{2}", body.get("country", "")), "country is not two capitals")
        if body["tx_ref"] in self.payments and self.payments[body["tx_ref"]]["numbers"]:
            raise Refused(400, error("Duplicate transaction reference. Please try again with a unique reference"))
        known = self.tokens.get(body["token"])
        if known is None or known[:2] != (account.id, body["email"]):
            raise Refused(400, error("Wrong token or email passed"))
        payment = self.payment_for(check, account, body, body["email"])
        transaction = self.attempt(payment, self.CARDS[known[2]])
        answer = {"status": "success", "message": "Charge initiated" if transaction["status"] == "pending" else "Charge successful",
                  "data": self.show(transaction)}
        if transaction["status"] == "pending":
            answer["meta"] = {"authorization": {"mode": "redirect", "redirect": f"{self.url}/v3/hosted/challenge/{transaction['id']}"}}
        return Answer(200, answer)

    # ── Transactions ──

    def attempt(self, payment, card):
        """One try with that card: a transaction, settled unless the card asks for the payer."""
        name = next((name for name, number in self.CARDS.items() if number == card), "pays")
        number = self.next_number()
        transaction = self.transactions[number] = {
            "id": number, "payment": payment, "card": card, "status": "pending", "flw_ref": f"FLW-STAND-IN-{number}",
            "response": "Pending", "created": self.now(), "amount": payment["amount"], "currency": payment["currency"]}
        payment["numbers"].append(number)
        if name != "asks":
            self.settle_transaction(transaction, name == "pays")
        return transaction

    def settle_transaction(self, transaction, paid):
        transaction["status"] = "successful" if paid else "failed"
        transaction["response"] = "Approved by Financial Institution" if paid else "Insufficient Funds"
        self.emit(transaction["payment"]["account"], {"event": "charge.completed", "event.type": "CARD_TRANSACTION", "data": self.show(transaction)})

    def show(self, transaction, listed=False):
        """As verify and webhooks show it; @listed: as lists do."""
        payment = transaction["payment"]
        amount = payment["said"].get("amount", transaction["amount"])
        data = {"id": str(transaction["id"]) if listed else transaction["id"], "tx_ref": payment["tx_ref"], "flw_ref": transaction["flw_ref"],
                "device_fingerprint": "N/A", "amount": amount, "currency": payment["said"].get("currency", transaction["currency"]),
                "charged_amount": decimal.Decimal(amount) + decimal.Decimal("1.5"), "app_fee": decimal.Decimal("1.5"), "merchant_fee": 0,
                "processor_response": transaction["response"], "auth_model": "PIN", "ip": "::ffff:127.0.0.1", "narration": "CARD Transaction ",
                "status": transaction["status"], "payment_type": "card", "created_at": self.stamp(transaction["created"]),
                "account_id": int(payment["account"].id), "amount_settled": None, "meta": payment.get("meta")}
        if listed:
            return {**data, "customer_name": "Anonymous", "customer_email": payment["email"]}
        card = transaction["card"]
        data["card"] = {"first_6digits": card[:6], "last_4digits": card[-4:], "issuer": "STAND-IN BANK", "country": "NG",
                        "type": self.BRANDS.get(card[:2], "VISA"), "expiry": "09/32"}
        data["customer"] = {"id": 216519823, "name": "Anonymous", "phone_number": "N/A", "email": payment["email"],
                            "created_at": self.stamp(payment["created"])}
        return data

    def of_account(self, account):
        return [one for one in self.transactions.values() if one["payment"]["account"] is account]

    def first_of(self, account, tx_ref):
        """What verify_by_reference finds: the oldest one, whatever became of it."""
        return next((one for one in self.of_account(account) if one["payment"]["tx_ref"] == tx_ref), None)

    @operation("query", "GET", "/v3/transactions/{id}/verify")
    def verify(self, request, check, id):
        account = self.caller(request, check)
        check.query()
        check.that(re.fullmatch(r"\d+", id), f"{id} is not a transaction's number")
        transaction = self.transactions.get(int(id)) if id.isdigit() else None
        if transaction is None or transaction["payment"]["account"] is not account:
            raise Refused(400, error("No transaction was found for this id"))
        self.looked.add(transaction["payment"]["tx_ref"])
        return Answer(200, {"status": "success", "message": "Transaction fetched successfully", "data": self.show(transaction)})

    @operation("query", "GET", "/v3/transactions/verify_by_reference")
    def verify_by_reference(self, request, check):
        account = self.caller(request, check)
        tx_ref = check.query({"tx_ref"}).get("tx_ref", "")
        self.looked.add(tx_ref)
        transaction = self.first_of(account, tx_ref)
        if transaction is None:
            raise Refused(400, error("No transaction was found for this id"))
        return Answer(200, {"status": "success", "message": "Transaction fetched successfully", "data": self.show(transaction)})

    def window(self, check, arguments):
        """(first second, last second) of from and to: whole days."""
        edges = []
        for name, days in (("from", 0), ("to", 1)):
            text = arguments.get(name, "2000-01-01" if name == "from" else "2999-01-01")
            check.that(re.fullmatch(r"\d{4}-\d\d-\d\d", text), f"{name} “{text}” is no date")
            edges.append(datetime.datetime.fromisoformat(text + "T00:00:00+00:00").timestamp() + days * 86400)
        return edges

    def pages(self, check, arguments, found, message):
        """Newest first, ten on a page."""
        number = int(arguments.get("page", "1"))
        found = sorted(found, key=lambda pair: -pair[0])
        info = {"total": len(found), "current_page": number, "total_pages": -(-len(found) // PAGE)}
        return Answer(200, {"status": "success", "message": message, "meta": {"page_info": info},
                            "data": [shown for _, shown in found[PAGE * (number - 1):PAGE * number]]})

    @operation("list", "GET", "/v3/transactions")
    def list_transactions(self, request, check):
        account = self.caller(request, check)
        arguments = check.query({"from", "to", "page"}, {"tx_ref", "status", "currency", "customer_email"})
        first, last = self.window(check, arguments)
        found = [(one["id"], self.show(one, listed=True)) for one in self.of_account(account)
                 if first <= one["created"] < last and arguments.get("tx_ref", one["payment"]["tx_ref"]) == one["payment"]["tx_ref"]]
        return self.pages(check, arguments, found, "Transactions fetched")

    # ── Refunds ──

    def refunded(self, transaction):
        return sum(decimal.Decimal(one["amount"]) for one in self.refunds.values()
                   if one["transaction"] is transaction and one["status"] not in ("failed", "cancelled"))

    def make_refund(self, transaction, amount, comments, status):
        number = self.next_number()
        self.refunds[number] = {"id": number, "transaction": transaction, "amount": amount, "comments": comments, "status": status,
                                "created": self.now()}
        return self.refunds[number]

    def show_refund(self, refund):
        """As the answer to making it."""
        transaction = refund["transaction"]
        return {"id": refund["id"], "account_id": int(transaction["payment"]["account"].id), "tx_id": transaction["id"],
                "flw_ref": transaction["flw_ref"], "wallet_id": 74639, "amount_refunded": refund["amount"], "status": refund["status"],
                "destination": "payment_source", "meta": {"source": "availablebalance"}, "created_at": self.stamp(refund["created"])}

    def show_refund_listed(self, refund):
        """The other spelling, with meta as text."""
        transaction = refund["transaction"]
        shown = {"id": refund["id"], "AccountId": int(transaction["payment"]["account"].id), "TransactionId": transaction["id"],
                 "FlwRef": transaction["flw_ref"], "walletId": 74639, "AmountRefunded": refund["amount"], "status": refund["status"],
                 "destination": "payment_source", "settlement_id": "NEW", "meta": '{"source":"availablebalance"}',
                 "createdAt": self.stamp(refund["created"]), "deletedAt": None}
        if not self.comments_hidden:
            shown["comments"] = refund["comments"]
        return shown

    @operation("refund", "POST", "/v3/transactions/{id}/refund")
    def refund(self, request, check, id):
        account = self.caller(request, check)
        body = check.json({"amount"}, {"comments"})
        transaction = self.transactions.get(int(id)) if id.isdigit() else None
        if transaction is None or transaction["payment"]["account"] is not account:
            raise Refused(400, error("No transaction was found for this id"))
        self.check_amount(check, {"amount": body.get("amount"), "currency": transaction["currency"]})
        check.that(f"refunds of {account.id}" in self.looked, "money given back without looking what was given back already")
        self.looked.discard(f"refunds of {account.id}")
        amount = body.get("amount", 0)
        if transaction["status"] != "successful":
            raise Refused(400, error("Transaction is not successful"))
        if self.refunded(transaction) + amount > transaction["amount"]:
            raise Refused(400, error("Refund amount is greater than the transaction amount"))
        refund = self.make_refund(transaction, amount, body.get("comments", ""), self.refunds_begin)
        return Answer(200, {"status": "success", "message": "Transaction refund initiated", "data": self.show_refund(refund)})

    @operation("list_refunds", "GET", "/v3/refunds")
    def list_refunds(self, request, check):
        account = self.caller(request, check)
        arguments = check.query({"from", "to", "page"}, {"status", "currency"})
        first, last = self.window(check, arguments)
        self.looked.add(f"refunds of {account.id}")
        found = [(one["id"], self.show_refund_listed(one)) for one in self.refunds.values()
                 if one["transaction"]["payment"]["account"] is account and first <= one["created"] < last]
        return self.pages(check, arguments, found, "Refunds fetched")

    @operation("query_refund", "GET", "/v3/refunds/{id}")
    def one_refund(self, request, check, id):
        account = self.caller(request, check)
        check.query()
        refund = self.refunds.get(int(id)) if id.isdigit() else None
        if refund is None or refund["transaction"]["payment"]["account"] is not account:
            raise Refused(400, error("Refund not found"))
        return Answer(200, {"status": "success", "message": "Refund fetched", "data": self.show_refund_listed(refund)})

    # ── Chargebacks ──

    def show_chargeback(self, chargeback):
        transaction = chargeback["transaction"]
        return {"id": chargeback["id"], "amount": transaction["amount"], "flw_ref": transaction["flw_ref"], "status": chargeback["status"],
                "stage": "new", "comment": "Goods not received", "meta": {"uploaded_proof": None, "history": []},
                "due_date": self.stamp(chargeback["created"] + 172800), "settlement_id": "N/A", "created_at": self.stamp(chargeback["created"]),
                "transaction_id": transaction["id"], "tx_ref": transaction["payment"]["tx_ref"]}

    @operation("query_dispute", "GET", "/v3/chargebacks")
    def list_chargebacks(self, request, check):
        account = self.caller(request, check)
        arguments = check.query((), {"flw_ref", "from", "to", "page", "status", "currency"})
        first, last = self.window(check, arguments)
        found = [(one["id"], self.show_chargeback(one)) for one in self.chargebacks.values()
                 if one["transaction"]["payment"]["account"] is account and first <= one["created"] < last
                 and arguments.get("flw_ref", one["transaction"]["flw_ref"]) == one["transaction"]["flw_ref"]]
        return self.pages(check, arguments, found, "Chargebacks fetched")

    # ── The hosted page ──

    def back(self, payment, status, transaction=None):
        query = {"status": status, "tx_ref": payment["tx_ref"]}
        if transaction:
            query["transaction_id"] = transaction["id"]
        return redirect(payment["redirect"] + ("&" if "?" in payment["redirect"] else "?") + urllib.parse.urlencode(query))

    def is_open(self, payment):
        return not payment["disabled"] and self.now() < payment["expires"] and not self.state(payment) == "paid"

    def closed_page(self, payment):
        return document("This payment link is closed", form(payment["redirect"], "", button("Back"), method="get"))

    def say_amount(self, payment):
        return f"{payment['currency']} {payment['amount']}"

    @page("GET", "/v3/hosted/pay/{link}")
    def show_page(self, request, link):
        payment = self.payments.get(self.links.get(link))
        if payment is None:
            raise Refused(404, "no such page")
        if not self.is_open(payment):
            return self.closed_page(payment)
        return card_form(request.path, self.say_amount(payment), walk_away=payment["redirect"])

    @page("POST", "/v3/hosted/pay/{link}")
    def take_card(self, request, link):
        payment, typed = self.payments[self.links[link]], dict(request.form())
        if typed.get("do") == "cancel":
            return self.back(payment, "cancelled")
        if not self.is_open(payment):
            return self.closed_page(payment)
        if digits(typed.get("number")) not in self.CARDS.values():
            return card_form(request.path, self.say_amount(payment), "That is not a test card.", payment["redirect"])
        return self.after(payment, self.attempt(payment, digits(typed["number"])), request.path)

    def after(self, payment, transaction, path):
        if transaction["status"] == "pending":
            return redirect(f"{self.url}/v3/hosted/challenge/{transaction['id']}")
        if transaction["status"] == "successful":
            return self.back(payment, "successful", transaction)
        failed = [number for number in payment["numbers"] if self.transactions[number]["status"] == "failed"]
        if path is None or len(failed) > payment["retries"]:
            return self.back(payment, "failed", transaction)
        return card_form(path, self.say_amount(payment), "Insufficient funds. Try again.", payment["redirect"])

    @page("GET", "/v3/hosted/challenge/{id}")
    def show_challenge(self, request, id):
        return challenge_form(request.path)

    @page("POST", "/v3/hosted/challenge/{id}")
    def take_answer(self, request, id):
        transaction = self.transactions[int(id)]
        if transaction["status"] == "pending":
            self.settle_transaction(transaction, dict(request.form()).get("answer") == "approve")
        return self.after(transaction["payment"], transaction, None)

    # ── The other side ──

    def state(self, payment):
        states = {self.transactions[number]["status"] for number in payment["numbers"]}
        if "successful" in states:
            return "paid"
        return "pending" if "pending" in states else "failed" if states else "cancelled" if payment["disabled"] else "pending"

    def paid(self, reference):
        """The transaction that holds the money; of several the first."""
        return next((self.transactions[number] for number in self.payments[reference]["numbers"]
                     if self.transactions[number]["status"] == "successful"), None)

    def find(self, reference):
        payment = self.payments.get(reference)
        if payment is None:
            return None
        transaction = self.paid(reference)
        disputes = [one["status"] for one in self.chargebacks.values() if one["transaction"] is transaction]
        captured = sum(minor(self.transactions[number]["amount"], payment["currency"]) for number in payment["numbers"]
                       if self.transactions[number]["status"] == "successful")
        return {"id": reference, "charge": str(transaction["id"]) if transaction else "", "state": self.state(payment),
                "amount": minor(payment["amount"], payment["currency"]), "currency": payment["currency"], "captured": captured,
                "refunded": minor(self.refunded(transaction), payment["currency"]) if transaction else 0,
                "disputed": {"initiated": "opened"}.get(disputes[-1], disputes[-1]) if disputes else ""}

    def pay(self, reference, card="pays", answer="approve"):
        with self.lock:
            transaction = self.attempt(self.payments[reference], self.CARDS[card])
            if transaction["status"] == "pending":
                self.settle_transaction(transaction, answer == "approve")

    def late_success(self, reference):
        """A transaction of its own, by a payer who had the page open."""
        with self.lock:
            self.attempt(self.payments[reference], self.CARDS["pays"])

    second_success = late_success

    def change(self, reference, amount=None, currency=None, livemode=None, account=None):
        if livemode is not None or account is not None:
            raise NotImplementedError("what Flutterwave says has no mode, and an account's number that nobody else knows")
        with self.lock:
            payment = self.payments[reference]
            payment["said"]["currency"] = currency or payment["currency"]
            if amount is not None:
                payment["said"]["amount"] = major(amount, payment["said"]["currency"])

    def dashboard_refund(self, reference, amount=None):
        with self.lock:
            transaction = self.paid(reference)
            rest = transaction["amount"] - self.refunded(transaction)
            refund = self.make_refund(transaction, rest if amount is None else major(amount, transaction["currency"]), "asked for by phone",
                                      "completed-bank-transfer")
            self.emit(transaction["payment"]["account"], {"event": "refund.completed", "data": {
                **self.show_refund_listed(refund), "currency": transaction["currency"]}})

    def refund_state(self, reference, status):
        """Every refund of the payment is there now: pending-momo, completed-momo, failed …"""
        with self.lock:
            for refund in self.refunds.values():
                if refund["transaction"]["payment"]["tx_ref"] == reference:
                    refund["status"] = status
                    self.emit(refund["transaction"]["payment"]["account"], {"event": "refund.completed", "data": {
                        **self.show_refund_listed(refund), "currency": refund["transaction"]["currency"]}})

    def dispute(self, reference, state):
        with self.lock:
            transaction = self.paid(reference)
            found = next((one for one in self.chargebacks.values() if one["transaction"] is transaction), None)
            if found is None:
                number = self.next_number()
                found = self.chargebacks[number] = {"id": number, "transaction": transaction, "created": self.now()}
            found["status"] = {"opened": "initiated"}.get(state, state)
            self.emit(transaction["payment"]["account"], {"event": f"chargeback.{found['status']}", "data": {
                **self.show_chargeback(found), "currency": transaction["currency"]}})

    def close_payment(self, reference):
        with self.lock:
            self.payments[reference]["expires"] = self.now()

    def new_token(self, account, email, card="pays"):
        """A card that was charged before: its token."""
        with self.lock:
            token = self.new_id("flw-t1nf-", 32, "0123456789abcdef") + "-m03k"
            self.tokens[token] = (self.account(account).id, email, card)
            self.account(account).secrets.append(token)
            return token

    def without_comments(self, hidden=True):
        """Whether lists of refunds keep to themselves what was written with them."""
        self.comments_hidden = hidden

    # ── Webhooks ──

    def header_kind(self, kind):
        """hash, signature or both."""
        self.kind = kind

    def sign(self, account, body, at, secret):
        mac = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
        headers = {"verif-hash": secret, "flutterwave-signature": mac}
        if self.kind == "hash":
            headers.pop("flutterwave-signature")
        elif self.kind == "signature":
            headers.pop("verif-hash")
        return headers

    def unknown_body(self, request):
        return error("Route not found")

    def fault_body(self, operation):
        return error("An error occurred, please try again")


if __name__ == "__main__":
    main(Flutterwave)
