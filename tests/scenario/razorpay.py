#!/usr/bin/python3
# tests/scenario/razorpay.py — what only Razorpay has: orders that are looked for by their receipt, banks that answer days later,
# payments that wait to be captured, refunds on their way, two webhook secrets, other business in the same account. The stories
# that all providers share are in providers.py.
# proves: OPF-3, OPL-9
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import tap
from relay import Client, wait_for
from shop import DAY, SOON, Shop, rfc3339

AMOUNT = 12500


def told(story):
    def test():
        with Shop("razorpay") as shop:
            story(shop)
    return test


def choose(shop, **settings):
    reply = shop.merchant.put("/v1/providers/razorpay", {"settings": settings})
    assert reply.status == 200, reply


def requests(shop, method, path):
    return [one for one in shop.company.requests_now() if (one["method"], one["path"]) == (method, path)]


# ── Orders in a page of our own ───────────────────────────────────────────────────────────────────────────────────────

def begin_order(shop, link):
    """INV-4: what checkout.js needs to go on."""
    reply = Client(shop.relay.port).post(f"/api/public/pay/{link['url'].rsplit('/', 1)[1]}/create-payment", {},
                                         {"Idempotency-Key": f"k-{os.urandom(8).hex()}"})
    assert reply.status == 200, reply
    return reply.json


def order(shop):
    """Its id, the public key, the amount; the signature of what comes back is nothing to us: Razorpay is asked."""
    link = shop.link()
    begun = begin_order(shop, link)
    assert begun["publishableKey"] == shop.account.settings["key-id"], begun
    assert (begun["amount"], begun["currency"]) == (AMOUNT, "inr"), begun
    assert begun["clientSecret"].startswith("order_") and begun["clientSecret"] in shop.company.orders, begun
    shop.company.pay(shop.reference(), card="declines")
    shop.company.pay(shop.reference())
    shop.expect_paid(link)


def order_once(shop):
    """There is no key that makes an order once: whatever becomes of the answer, the next call finds it by its receipt."""
    for fault in ("lost", "cut", "500-after", "nonsense-after"):
        shop.company.fault("begin", fault)
        link = shop.link()
        before = len(shop.company.orders)
        begun = begin_order(shop, link)
        assert len(shop.company.orders) == before + 1, fault
        assert begun["clientSecret"] == list(shop.company.orders)[-1], fault
        shop.company.pay(shop.reference())
        shop.expect(link, paymentStatus="paid", amountPaid=AMOUNT, flags=[])
        shop.agree()


def order_left(shop):
    """An order does not end at Razorpay: we let go of it, and what comes all the same is late money."""
    link = shop.link(expiresAt=rfc3339(2 * SOON))
    begin_order(shop, link)
    reference = shop.reference()
    shop.time_passes(3 * SOON)
    wait_for("the attempt to end", lambda: shop.payments(link)[0]["status"] == "cancelled", 20)
    shop.company.pay(reference)
    shop.expect(link, amountPaid=AMOUNT, flags=["late"])
    shop.agree()


# ── Banks ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

def late_bank(shop):
    """The bank says no, and yes three days later, while the payer has paid another way: both are kept, one is flagged, and can
    be given back."""
    link = shop.link()
    payer = shop.begin(link)
    payer.type_card(shop.company.CARDS["declines"])
    late = shop.reference()
    wait_for("the reason", lambda: (shop.payments(link)[0]["failure"] or {}).get("code") == "card_declined", 20)
    assert shop.payments(link)[0]["status"] == "pending", shop.payments(link)
    shop.time_passes(3 * SOON)                             # nobody waits any longer; the link is cancelled there
    wait_for("the attempt to end", lambda: shop.payments(link)[0]["status"] == "cancelled", 20)
    shop.pays(link)
    shop.expect_paid(link)
    shop.company.late_success(late)
    shop.expect(link, amountPaid=2 * AMOUNT, flags=["duplicate", "over"])
    shop.agree()
    extra = next(one for one in shop.payments(link) if one["flags"])
    shop.refund(extra)
    shop.expect(link, amountRefunded=AMOUNT)
    shop.agree()


def captured_by_us(shop):
    """An account that captures by hand, and leaves it to the relay: exactly what was asked, once."""
    shop.company.set_capture(True)
    choose(shop, capture="relay")
    link = shop.link()
    payer = shop.pays(link)
    shop.shows(payer, "paid")
    payment = shop.expect_paid(link)
    assert len([one for one in shop.company.requests_now("capture")]) == 1, shop.company.requests_now("capture")
    assert payment["amount"] == AMOUNT


def never_captured(shop):
    """Nobody captures: it is under way, and not paid; Razorpay lets it go, and the place is free again."""
    shop.company.set_capture(True)
    link = shop.link()
    payer = shop.pays(link)
    shop.shows(payer, "processing")
    assert shop.now(link)["amountPaid"] == 0
    assert not shop.company.requests_now("capture")
    shop.company.expire_authorization(shop.reference())
    shop.time_passes(SOON)
    wait_for("it to fail", lambda: shop.payments(link)[0]["status"] == "failed", 20)
    shop.company.set_capture(False)
    shop.pays(link)
    shop.expect_paid(link)


# ── Refunds ───────────────────────────────────────────────────────────────────────────────────────────────────────────

def refund_on_its_way(shop):
    """Pending there is pending here, and sent once; what becomes of it is told, or found out by asking."""
    shop.company.set_refunds("pending")
    link = shop.link()
    shop.pays(link)
    payment = shop.expect_paid(link)
    first = shop.refund(payment, 5000)
    shop.company.settle()
    shown = shop.merchant.get(f"/v1/refunds/{first['id']}").data
    assert (shown["status"], shop.now(link)["amountRefunded"]) == ("pending", 0) and shown["providerRefundId"], shown
    shop.company.finish_refund(shop.reference())
    shop.expect(link, amountRefunded=5000)
    shop.company.hooks("never")
    shop.refund(payment, 2500)
    shop.company.finish_refund(shop.reference())
    shop.time_passes(SOON)
    shop.expect(link, amountRefunded=7500)
    assert len(shop.company.requests_now("refund")) == 2, shop.company.requests_now("refund")
    shop.agree()


def refund_fails(shop):
    """Taken on, and then it fails: the money is still here, and can be given back again."""
    shop.company.set_refunds("pending")
    link = shop.link()
    shop.pays(link)
    payment = shop.expect_paid(link)
    refund = shop.refund(payment)
    shop.company.settle()
    shop.company.finish_refund(shop.reference(), ok=False)
    wait_for("it to fail", lambda: shop.merchant.get(f"/v1/refunds/{refund['id']}").data["status"] == "failed", 20)
    assert shop.now(link)["amountRefunded"] == 0
    shop.company.set_refunds("processed")
    shop.refund(payment)
    shop.expect(link, amountRefunded=AMOUNT)
    shop.agree()


# ── Webhooks ──────────────────────────────────────────────────────────────────────────────────────────────────────────

def two_secrets(shop):
    """After a change of the secret Razorpay repeats older events under the old one: for a day."""
    shop.company.hooks("hold")
    link = shop.link()
    shop.pays(link)
    shop.expect_paid(link)
    shop.company.forget()
    old, new = shop.account.webhook_secret, "the-new-secret-of-the-webhook"
    assert shop.merchant.put("/v1/providers/razorpay", {"webhookSecret": new}).status == 200
    shop.company.release()
    shop.company.settle()                                  # the stand-in still signs with the old one
    assert all(one["statuses"] == [200] for one in shop.company.deliveries_now()), shop.company.deliveries_now()
    assert shop.company.resend(secret=new) == 200
    assert shop.company.resend(secret="neither-the-old-nor-the-new-one") == 401
    newest = "the-newest-secret-of-the-webhook"            # and of three the first is forgotten at once
    assert shop.merchant.put("/v1/providers/razorpay", {"webhookSecret": newest}).status == 200
    assert [shop.company.resend(secret=one) for one in (old, new, newest)] == [401, 200, 200]
    shop.account.webhook_secret = newest
    shop.expect_paid(link)


def replayed(shop):
    """The event's id stands in a header that nobody signs: the same body under another id is the same event."""
    link = shop.link()
    shop.pays(link)
    shop.expect_paid(link)
    shop.company.settle()
    for number in range(len(shop.company.deliveries_now())):
        assert shop.company.resend(number, headers={"X-Razorpay-Event-Id": f"another{number}"}) == 200
    shop.expect_paid(link)
    with shop.relay.books() as books:
        events, = books.execute("SELECT count(*) FROM inbox").fetchone()
    assert events == len({one["body"] for one in shop.company.deliveries_now()}), events


def other_business(shop):
    """The same account sells elsewhere, too: that is none of our business, by day and by night."""
    company = shop.company
    link = shop.link()
    shop.pays(link)
    shop.expect_paid(link)
    with company.lock:
        order = company.new_order(shop.account, 99900, "INR", "another shop's", {"shop": "another"})
        company.authorize(company.new_payment(order))
    company.settle()
    shop.time_passes(DAY)
    wait_for("the night's comparison", lambda: company.requests_now("list"), 20)
    shop.expect_paid(link)
    assert "reconcile_unmatched" not in shop.relay.read_log(), shop.relay.read_log()
    assert len(shop.payments()) == 1


tap.run([("an order in our page", told(order)), ("an order is made once", told(order_once)),
         ("an order that is left", told(order_left)), ("a bank that answers days later", told(late_bank)), ("captured by the relay", told(captured_by_us)),
         ("never captured", told(never_captured)), ("a refund on its way", told(refund_on_its_way)),
         ("a refund fails after all", told(refund_fails)), ("two webhook secrets", told(two_secrets)),
         ("replayed under another id", told(replayed)), ("other business of the account", told(other_business))])
