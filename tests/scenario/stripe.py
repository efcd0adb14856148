#!/usr/bin/python3
# tests/scenario/stripe.py — what only Stripe has: methods that take days, refunds that take days, connected accounts, thin events,
# intents over the API. The stories that all providers share are in providers.py.
# proves: OPF-3, INV-6, OPL-9
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import tap
from relay import wait_for
from shop import SOON, Shop

AMOUNT = 12500


def told(story, connected=False):
    def test():
        with Shop("stripe") as shop:
            if connected:
                shop.account = shop.company.new_connected()
                shop.connect(shop.merchant, shop.account)
            story(shop)
    return test


def status(shop, refund):
    return shop.merchant.get(f"/v1/refunds/{refund['id']}").data["status"]


def newest_inbox(shop, event_id):
    """State and reason of what came in."""
    with shop.relay.books() as books:
        row = books.execute("SELECT state, reason FROM inbox WHERE event_id = ?", (event_id,)).fetchone()
        return tuple(row) if row else None


# ── Methods that take days ────────────────────────────────────────────────────────────────────────────────────────────

def debit(shop):
    """The session is complete and not paid: the link is processing until the bank says more, and nobody else can pay meanwhile."""
    link = shop.link()
    shop.begin(link)
    reference = shop.reference()
    shop.company.pay(reference, "bank")
    shop.expect(link, paymentStatus="processing", amountPaid=0)
    shop.expect_events("payment.succeeded", 0)
    shop.company.settle_bank(reference)
    shop.expect_paid(link)


def debit_fails(shop):
    """The bank sends it back: that attempt has failed for good, and the next payer pays."""
    link = shop.link()
    shop.begin(link)
    reference = shop.reference()
    shop.company.pay(reference, "bank")
    shop.expect(link, paymentStatus="processing")
    shop.company.settle_bank(reference, ok=False)
    wait_for("the attempt to fail", lambda: shop.payments(link)[0]["status"] == "failed", 20)
    shop.pays(link)
    shop.expect_paid(link)


def debit_unheard(shop):
    """No webhook comes: asking finds it."""
    link = shop.link()
    shop.begin(link)
    reference = shop.reference()
    shop.company.hooks("never")
    shop.company.pay(reference, "bank")
    shop.time_passes(SOON)
    shop.expect(link, paymentStatus="processing")
    shop.company.settle_bank(reference)
    shop.time_passes(24 * 3600)
    shop.expect_paid(link)


# ── Refunds that take days ────────────────────────────────────────────────────────────────────────────────────────────

def slow_refund(shop):
    link = shop.link()
    shop.pays(link)
    payment = shop.expect_paid(link)
    shop.company.refunds_as(["pending"])
    refund = shop.refund(payment, 5000)
    assert status(shop, refund) == "pending", refund
    assert shop.ledger(payment["id"]).get("refund", 0) == 0
    shop.company.settle_refund(shop.reference(), "succeeded")
    wait_for("the refund to go through", lambda: status(shop, refund) == "succeeded", 20)
    assert shop.ledger(payment["id"])["refund"] == -5000
    assert len(shop.company.requests_now("refund")) == 1


def slow_refund_fails(shop):
    """Sent, and sent back by the bank: the merchant is told, and can try again."""
    link = shop.link()
    shop.pays(link)
    payment = shop.expect_paid(link)
    shop.company.refunds_as(["pending"])
    refund = shop.refund(payment)
    shop.company.settle_refund(shop.reference(), "failed")
    wait_for("the refund to fail", lambda: status(shop, refund) == "failed", 20)
    again = shop.refund(payment)
    wait_for("the second one", lambda: status(shop, again) == "succeeded", 20)
    shop.expect(link, amountRefunded=AMOUNT)


# ── Whose events ──────────────────────────────────────────────────────────────────────────────────────────────────────

def connected(shop):
    """A platform charges on behalf of an account: every request names it, and so does every event."""
    link = shop.link()
    shop.pays(link)
    payment = shop.expect_paid(link)
    shop.refund(payment, 5000)
    shop.expect(link, amountRefunded=5000)
    assert {one["headers"].get("stripe-account") for one in shop.company.requests_now()} == {shop.account.id}
    assert all(f'"account":"{shop.account.id}"' in one["body"] for one in shop.company.deliveries_now())


def event(shop, event_id, reference, **more):
    intent = {"id": "pi_forged", "object": "payment_intent", "amount": AMOUNT, "amount_received": AMOUNT, "currency": "usd",
              "livemode": False, "status": "succeeded", "metadata": {"cobro_reference": reference, "cobro_object": "session"}}
    return {"id": event_id, "object": "event", "created": int(shop.company.now()), "livemode": False, "type": "payment_intent.succeeded",
            "data": {"object": intent}, **more}


def foreign(shop):
    """Genuinely signed, and of another account, of the platform itself, or thin: taken in, set aside, and nothing is settled."""
    link = shop.link()
    shop.begin(link)
    reference = shop.reference()
    for n, body in enumerate((event(shop, "evt_0", reference), event(shop, "evt_1", reference, account="acct_1somebody"),
                              event(shop, "evt_2", reference, account=shop.account.id, livemode=True),
                              {"id": "evt_3", "object": "v2.core.event", "type": "v1.x", "livemode": False, "account": shop.account.id})):
        assert shop.company.forge(shop.account, body) == 200, body
        wait_for("it to be set aside", lambda n=n: (newest_inbox(shop, f"evt_{n}") or [""])[0] == "quarantined", 20)
    shop.expect(link, amountPaid=0)
    shop.expect_events("payment.succeeded", 0)


def made_up(shop):
    """Genuinely signed for the right account, about a payment that Stripe knows nothing of: Stripe is asked, and settles nothing."""
    link = shop.link()
    shop.begin(link)
    assert shop.company.forge(shop.account, event(shop, "evt_0", shop.reference(), account=shop.account.id)) == 200
    wait_for("the question", lambda: shop.company.requests_now("query"), 20)
    shop.expect(link, amountPaid=0)
    shop.expect_events("payment.succeeded", 0)


# ── Over the API ──────────────────────────────────────────────────────────────────────────────────────────────────────

def charge(shop, **more):
    return shop.merchant.post("/v1/payments", {"amount": AMOUNT, "currency": "USD", "gateway": "stripe", **more},
                              {"Idempotency-Key": f"k-{os.urandom(8).hex()}"})


def over_the_api(shop):
    """With a way back the payer is sent to Stripe's page; without one the program gets an intent for a form of its own."""
    hosted = charge(shop, returnUrl="https://shop.example/done")
    assert hosted.status in (200, 201, 202), hosted
    assert hosted.data["next"]["type"] == "redirect" and hosted.data["next"]["url"].startswith(shop.company.url), hosted
    bare = charge(shop)
    secret = bare.data["next"]
    assert secret["type"] == "client_secret" and secret["clientSecret"].startswith("pi_") and \
        secret["publishableKey"] == shop.account.settings["publishable-key"], bare
    for number in range(2):
        shop.company.pay(shop.reference(number))
    for reply in (hosted, bare):
        wait_for("it to be paid", lambda id=reply.data["id"]: shop.merchant.get(f"/v1/payments/{id}").data["status"] == "succeeded", 20)
    shop.expect_events("payment.succeeded", 2)
    shop.agree()


def declined_over_the_api(shop):
    """Declined is not the end: the bank's words stand with the payment, which can still be paid."""
    reply = charge(shop)
    shop.company.pay(shop.reference(), "declines")

    def now(name):
        return shop.merchant.get(f"/v1/payments/{reply.data['id']}").data[name]
    wait_for("the bank's words", lambda: now("failure"), 20)
    assert now("failure") == {"code": "card_declined", "message": "Your card was declined."} and now("status") == "pending", now("failure")
    shop.company.pay(shop.reference())
    wait_for("it to be paid", lambda: now("status") == "succeeded", 20)
    assert now("failure") is None


tap.run([("a debit", told(debit)), ("a debit that fails", told(debit_fails)), ("a debit nobody tells of", told(debit_unheard)),
         ("a slow refund", told(slow_refund)), ("a slow refund that fails", told(slow_refund_fails)),
         ("a connected account", told(connected, connected=True)), ("foreign events", told(foreign, connected=True)),
         ("a made-up payment", told(made_up, connected=True)), ("over the API", told(over_the_api)),
         ("declined over the API", told(declined_over_the_api))])
