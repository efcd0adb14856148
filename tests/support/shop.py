# tests/support/shop.py — a merchant with an account at a provider whose stand-in is there: a real relay, its books beside the
# provider's. What must be true after every story is judged here.
import importlib
import os
import time

import stand_in
from payer import Payer
from relay import Relay, wait_for

CURRENCIES = {"stripe": "USD", "openpay": "MXN", "razorpay": "INR", "flutterwave": "NGN"}
ASKS = {"openpay": ["name", "email"], "flutterwave": ["email"]}        # what the provider must know of the payer
SOON = 5 * 60                          # seconds: a lease, the first polls
DAY = 24 * 3600


def kind_of(name):
    """The stand-in's class."""
    module = importlib.import_module(f"{name}_stand_in")
    return next(one for one in vars(module).values()
                if isinstance(one, type) and issubclass(one, stand_in.StandIn) and one.NAME == name)


class Shop:
    """`with Shop("stripe") as shop:` ends with the audit, running and stopped, and with a stand-in that has no complaint."""

    def __init__(self, name, mock=False, **settings):
        self.name, self.currency = name, CURRENCIES[name]
        self.company = kind_of(name)()
        self.relay = Relay(provider_base=f"{name}={self.company.url}", mock_gateway="on" if mock else "off", **settings)
        self.payers = []

    def __enter__(self):
        self.relay.__enter__()
        self.merchant = self.relay.add_merchant("Ana's Café")
        self.account = self.company.new_account()
        self.connect(self.merchant, self.account)
        return self

    def __exit__(self, kind, failure, trace):
        try:
            if kind is None:
                self.company.settle()
                self.relay.audit()
                self.relay.stop()
                self.relay.audit()
                self.company.assert_content()
        except BaseException as late:
            kind, failure, trace = type(late), late, late.__traceback__
            raise
        finally:
            if kind is not None:
                self.tell()
            self.company.stop()
            self.relay.__exit__(kind, failure, trace)

    def tell(self):
        """What helps to find out why."""
        if not self.relay.running():
            self.relay.start()
        for line in self.company.complaints_now()[:10]:
            print(f"# complaint: {line}")
        for request in self.company.requests_now()[-12:]:
            print(f"# asked: {request['operation']} {request['method']} {request['target'][:100]} {request['body'][:200]}")
        for payment in self.payments():
            shown = self.merchant.get(f"/v1/payments/{payment['id']}").data
            print(f"# payment: {payment['status']} {payment['flags']} {[(one['kind'], one['outcome'], one.get('errorMessage')) for one in shown['attempts']]}")
        for delivery in self.company.deliveries_now()[-6:]:
            print(f"# webhook: {delivery['type']} {delivery['statuses']}")

    def connect(self, merchant, account):
        """Keys into the relay, the relay's address and secret into the dashboard."""
        change = {"enabled": True, "settings": account.settings}
        if account.webhook_secret is not None:
            change["webhookSecret"] = account.webhook_secret
        reply = merchant.put(f"/v1/providers/{self.name}", change)
        assert reply.status == 200, reply
        self.company.connect(account, reply.data["webhookUrl"])
        return reply.data

    # ── Selling ──

    def link(self, amount=12500, **more):
        return self.merchant.create(**{"currency": self.currency, "amount": amount, "title": "Beans",
                                       "collect": ASKS.get(self.name, []), **more})

    def payer(self):
        payer = Payer(self.relay, self.company)
        self.payers.append(payer)
        return payer

    def begin(self, link, payer=None, **values):
        """A payer in front of the provider's page."""
        payer = payer or self.payer()
        payer.begin(link["url"], **{"email": "ana@example.com", "name": "Ana Pérez", **values})
        assert payer.at_provider(), f"did not come to the provider but to {payer.url}: {payer.page.status} {payer.text()}"
        return payer

    def pays(self, link, card="pays", payer=None):
        payer = self.begin(link, payer)
        payer.type_card(self.company.CARDS[card])
        if payer.at_challenge():
            payer.answer("approve")
        return payer

    def reference(self, number=-1):
        """Our reference of a payment, as the provider has it."""
        return wait_for("a payment at the provider", lambda: self.company.references() and self.company.references()[number])

    def refund(self, payment, amount=None, status=201):
        body = {"paymentId": payment["id"], **({"amount": amount} if amount else {})}
        reply = self.merchant.post("/v1/refunds", body, {"Idempotency-Key": f"r-{os.urandom(8).hex()}"})
        assert reply.status == status, reply
        return reply.data if status == 201 else reply

    # ── Looking ──

    def now(self, link):
        return self.merchant.link(link["id"])

    def payments(self, link=None):
        """Oldest first."""
        return self.merchant.payments(link["id"] if link else None)[::-1]

    def expect(self, link, **expected):
        """Members of the /v1 Link, waited for; flags as a set."""
        def ask():
            ask.seen = self.now(link)
            return all(sorted(ask.seen[name]) == sorted(value) if name == "flags" else ask.seen[name] == value
                       for name, value in expected.items())
        try:
            wait_for(f"link {expected}", ask, 20)
        except AssertionError as failure:
            seen = {name: ask.seen[name] for name in expected}
            raise AssertionError(f"{failure}, saw {seen}; payments {[(p['status'], p['flags']) for p in self.payments(link)]}") from failure
        return ask.seen

    def expect_paid(self, link, amount=12500, **more):
        """Paid once: the link, the newest payment, its event, its row in the ledger, and the provider agree. The payment."""
        self.expect(link, **{"paymentStatus": "paid", "amountPaid": amount, "flags": [], "uses": 1, **more})
        paid = [payment for payment in self.payments(link) if payment["status"] == "succeeded"]
        assert len(paid) == 1, [(one["status"], one["amount"]) for one in self.payments(link)]
        self.expect_events("payment.succeeded", 1)
        self.agree()
        return paid[0]

    def events(self):
        return [event["type"] for event, _ in self.merchant.events()]

    def expect_events(self, kind, count):
        wait_for(f"{count} of {kind} in {self.events()}", lambda: self.events().count(kind) >= count, 20)
        assert self.events().count(kind) == count, f"{self.events().count(kind)} of {kind} in {self.events()}"

    def shows(self, payer, state):
        def ask():
            ask.seen = payer.state()
            return ask.seen == state
        try:
            wait_for(state, ask, 20)
        except AssertionError as failure:
            raise AssertionError(f"{failure}, the page shows {ask.seen}") from failure

    def ledger(self, payment_id):
        """{kind: sum} of a payment."""
        with self.relay.books() as books:
            return dict(books.execute("SELECT kind, CAST(sum (amount) AS BIGINT) FROM ledger WHERE payment_id = ? GROUP BY kind ORDER BY kind",
                                      (payment_id,)).fetchall())

    def agree(self):
        """The provider's books and ours say the same about every payment: what came, what went back, nothing made up."""
        ours = {payment["id"]: payment for payment in self.payments()}
        for reference in self.company.references():
            theirs, payment = self.company.find(reference), ours.get(reference.split(".")[0])
            assert payment is not None, f"{reference} is not in our books"
            came = theirs["captured"] if theirs else 0
            booked = self.ledger(payment["id"])
            told = (booked.get("payment", 0), -booked.get("refund", 0))
            assert told == (came, theirs["refunded"] if theirs else 0), f"ours {told} {payment['status']}, theirs {theirs}"
            assert (payment["status"] == "succeeded") == (came > 0), f"ours {payment['status']}, theirs {theirs}"
            assert not came or (theirs["currency"] == payment["currency"] and theirs["amount"] == payment["amount"]), (theirs, payment)

    # ── Time ──

    def time_passes(self, seconds):
        """Everything that is due at a time is due so much earlier; what runs out meanwhile at the provider has run out. The relay
        sleeps meanwhile."""
        self.company.settle()
        self.relay.stop()
        self.company.advance(seconds)
        for reference in self.company.references():
            self.company.find(reference)
        self.company.advance(-seconds)
        for client in self.relay.merchants:
            client.close()
        with self.relay.books(change=True) as books:
            for table, columns in {"payment": ("lease_until", "next_poll_at"), "inbox": ("next_try_at",), "refund": ("next_try_at",),
                                   "link": ("expires_at",), "reconciliation": ("started_at", "finished_at"),
                                   "breaker": ("open_until",)}.items():
                for column in columns:
                    books.execute(f"UPDATE {table} SET {column} = {column} - {int(seconds * 1000000)} WHERE {column} IS NOT NULL")
            if seconds >= DAY:
                books.execute(f"UPDATE reconciliation SET day = day - {int(seconds // DAY)}")
            books.commit()
        self.relay.start()


def rfc3339(seconds):
    """So many seconds from now."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))
