#!/usr/bin/python3
# tests/scenario/flutterwave.py — what is Flutterwave's alone, beside the stories of all providers (providers.py): refunds without keys,
# several transactions of one tx_ref, its two webhook headers, errors under 200, the e-mail address it wants, its page that is closed.
# proves: OPF-3, OPL-9
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import tap
from relay import wait_for
from shop import DAY, SOON, Shop

AMOUNT = 12500


def told(story, agree=True):
    """A test that tells a story in a new shop."""
    def test():
        with Shop("flutterwave") as shop:
            story(shop)
            shop.company.settle()
            if agree:
                shop.agree()
    return test


def key():
    return {"Idempotency-Key": f"k-{os.urandom(8).hex()}"}


def sent(shop, operation):
    return len(shop.company.requests_now(operation))


# ── Refunds ───────────────────────────────────────────────────────────────────────────────────────────────────────────

def refund_of_nobody(shop):
    """The answer to a refund is lost, and Flutterwave shows it without the words that came with it: nobody sends another, the refund
    stays open; as soon as the words are seen it is known."""
    link = shop.link()
    shop.pays(link)
    payment = shop.expect_paid(link)
    shop.company.without_comments()
    shop.company.hooks("never")
    shop.company.fault("refund", "lost")
    refund = shop.refund(payment, 5000)
    assert refund["status"] == "pending", refund
    shop.time_passes(SOON)
    wait_for("another look", lambda: sent(shop, "list_refunds") >= 4, 20)
    assert sent(shop, "refund") == 1 and shop.now(link)["amountRefunded"] == 0
    shop.company.without_comments(False)
    shop.time_passes(3600)
    shop.expect(link, amountRefunded=5000, paymentStatus="partially_refunded")
    assert sent(shop, "refund") == 1


def refund_under_way(shop):
    """Taken on, not paid out yet: pending here, too, until it is, or cannot be."""
    for end, refunded in (("completed-momo", 5000), ("failed", 0)):
        link = shop.link()
        shop.pays(link)
        shop.expect(link, amountPaid=AMOUNT)
        payment = shop.payments(link)[0]
        shop.company.refunds_begin = "pending-momo"
        refund = shop.refund(payment, 5000)
        assert refund["status"] == "pending", refund
        assert shop.now(link)["amountRefunded"] == 0
        shop.company.refund_state(shop.reference(), end)
        wait_for(end, lambda: shop.merchant.get(f"/v1/refunds/{refund['id']}").data["status"] != "pending", 20)
        assert shop.now(link)["amountRefunded"] == refunded, shop.now(link)


def refund_beside_the_dashboard(shop):
    """Somebody gave the same amount back in the dashboard, without a word: ours is another one, and made."""
    link = shop.link()
    shop.pays(link)
    payment = shop.expect_paid(link)
    shop.company.without_comments()
    shop.company.dashboard_refund(shop.reference(), 2500)
    shop.expect(link, amountRefunded=2500)
    shop.refund(payment, 2500)
    shop.expect(link, amountRefunded=5000)
    assert sent(shop, "refund") == 1


# ── One tx_ref, several transactions ──────────────────────────────────────────────────────────────────────────────────

def failed_then_paid(shop):
    """Nobody tells of it: asking finds the success behind the failure that verify_by_reference shows."""
    shop.company.hooks("never")
    link = shop.link()
    shop.begin(link)
    shop.company.pay(shop.reference(), "declines")
    shop.company.pay(shop.reference())
    shop.time_passes(SOON)
    shop.expect_paid(link)


def success_after_failure(shop):
    """Told one after the other: declined, which is no end while the payer can try again there, and then paid."""
    link = shop.link()
    shop.begin(link)
    shop.company.pay(shop.reference(), "declines")
    wait_for("the decline", lambda: shop.payments(link)[0]["failure"], 20)
    assert (shop.payments(link)[0]["status"], shop.payments(link)[0]["failure"]["code"]) == ("pending", "insufficient_funds")
    shop.company.pay(shop.reference())
    shop.expect(link, paymentStatus="paid", amountPaid=AMOUNT, uses=1)
    assert [payment["status"] for payment in shop.payments(link)] == ["succeeded"]


def no_more_tries(shop):
    """Declined as often as the page lets the payer try: that attempt is over, and another begins."""
    link = shop.link()
    payer = shop.begin(link)
    for _ in range(2):
        payer.type_card(shop.company.CARDS["declines"])
    shop.shows(payer, "declined")
    assert shop.payments(link)[0]["status"] == "failed", shop.payments(link)[0]
    shop.pays(link, payer=payer)
    shop.expect_paid(link)


def bank_never_answered(shop):
    """Asked by the bank, and gone: after an hour the link is free for the next; paid after all it is a late success."""
    shop.company.hooks("never")
    link = shop.link()
    shop.begin(link).type_card(shop.company.CARDS["asks"])
    transaction = next(iter(shop.company.transactions.values()))
    shop.time_passes(SOON)
    wait_for("the wait", lambda: shop.payments(link)[0]["status"] == "processing", 20)
    transaction["created"] -= 7200
    shop.time_passes(7200)
    wait_for("the end", lambda: shop.payments(link)[0]["status"] == "cancelled", 20)
    shop.agree()
    shop.company.settle_transaction(transaction, True)
    shop.time_passes(DAY)
    shop.expect(link, amountPaid=AMOUNT)


def twice_found_by_night(shop):
    """Two successes and no webhook: the second is found by the list, and set aside."""
    shop.company.hooks("never")
    link = shop.link()
    payer = shop.pays(link)
    shop.shows(payer, "paid")
    shop.company.second_success(shop.reference())
    shop.time_passes(DAY)
    wait_for("the flag", lambda: "quarantined" in shop.now(link)["flags"], 30)
    assert shop.now(link)["amountPaid"] == AMOUNT


def more_than_asked(shop):
    """More came than was asked: kept aside and flagged with what it really was, until the merchant takes it."""
    link = shop.link()
    shop.begin(link)
    shop.company.change(shop.reference(), amount=AMOUNT + 100)
    shop.company.pay(shop.reference())
    wait_for("the flag", lambda: "amount_mismatch" in shop.now(link)["flags"], 20)
    assert shop.now(link)["amountPaid"] == 0 and "payment.succeeded" not in shop.events()
    payment = shop.payments(link)[0]
    assert shop.merchant.post(f"/v1/payments/{payment['id']}/resolve", {"action": "accept"}).status == 200
    shop.expect(link, amountPaid=AMOUNT + 100, uses=1)


# ── Webhooks ──────────────────────────────────────────────────────────────────────────────────────────────────────────

def either_header(shop):
    for kind in ("hash", "signature", "both"):
        shop.company.header_kind(kind)
        link = shop.link()
        shop.begin(link)
        shop.company.pay(shop.reference())
        shop.expect(link, paymentStatus="paid", amountPaid=AMOUNT)


def wrong_headers(shop):
    """The secret in the other header, a stranger's, none: refused, whatever is said."""
    link = shop.link()
    shop.begin(link)
    shop.company.header_kind("hash")
    shop.company.hooks("never")
    event = {"event": "charge.completed", "data": {"id": 1, "tx_ref": shop.reference(), "amount": 125, "currency": "NGN", "status": "successful"}}
    genuine, secret = shop.company.sign, shop.account.webhook_secret
    for headers in ({"flutterwave-signature": secret}, {"verif-hash": secret[:-1]}, {"verif-hash": secret.upper()}, {"verif-hash": ""}, {}):
        shop.company.sign = lambda *_, said=headers: said
        assert shop.company.forge(shop.account, event) == 401, headers
    shop.company.sign = genuine
    # A replay of the secret with a body of one's own is let in, and believed only as far as Flutterwave confirms it.
    assert shop.company.forge(shop.account, event) == 200
    shop.company.settle()
    assert shop.now(link)["amountPaid"] == 0 and "payment.succeeded" not in shop.events()


# ── Beginning, ending ─────────────────────────────────────────────────────────────────────────────────────────────────

def error_under_200(shop):
    """It says error and 200: refused, in its words; nothing is there, and the next try goes through."""
    shop.company.fault("begin", "error-200")
    link = shop.link()
    payer = shop.payer()
    payer.begin(link["url"], email="ana@example.com", name="Ana")
    assert not payer.at_provider()
    wait_for("the failure", lambda: [one["status"] for one in shop.payments(link)] == ["failed"], 20)
    assert shop.payments(link)[0]["failure"]["message"] == "An error occurred, please try again", shop.payments(link)[0]
    shop.pays(link)
    shop.expect(link, paymentStatus="paid", amountPaid=AMOUNT, flags=[], uses=1)


def email_is_wanted(shop):
    """A payment without one is refused in words; with the account's own address for such payers it begins."""
    body = {"amount": AMOUNT, "currency": "NGN", "gateway": "flutterwave"}
    made = shop.merchant.post("/v1/payments", body, key()).data
    assert (made["status"], made["failure"]["message"]) == ("failed", "Flutterwave wants the payer's e-mail address"), made
    assert sent(shop, "begin") == 0
    made = shop.merchant.post("/v1/payments", {**body, "payer": {"email": "ada@example.com"}}, key()).data
    assert made["next"]["type"] == "redirect" and shop.company.payments[shop.reference()]["email"] == "ada@example.com", made
    settings = {**shop.account.settings, "fallback-email": "shop@example.com"}
    assert shop.merchant.put("/v1/providers/flutterwave", {"settings": settings}).status == 200
    made = shop.merchant.post("/v1/payments", body, key()).data
    assert made["next"]["type"] == "redirect" and shop.company.payments[shop.reference()]["email"] == "shop@example.com", made


def page_is_closed(shop):
    """Cancelled here, the page there is closed: nobody can pay any more."""
    body = {"amount": AMOUNT, "currency": "NGN", "gateway": "flutterwave", "payer": {"email": "ada@example.com"}}
    made = shop.merchant.post("/v1/payments", body, key()).data
    reply = shop.merchant.post(f"/v1/payments/{made['id']}/cancel", None, key())
    assert reply.status == 200 and reply.data["status"] == "cancelled", reply
    assert shop.company.find(shop.reference())["state"] == "cancelled"
    page = shop.payer()
    page.url = made["next"]["url"]
    assert "closed" in page.open(made["next"]["url"]).text


def keys_of_the_mode(shop):
    """A live key, or a public one, is not taken for a test account."""
    for wrong in ("FLWSECK-0123456789abcdef0123456789abcdef-X", "FLWPUBK_TEST-0123456789abcdef-X", "FLWSECK_TEST-a b"):
        reply = shop.merchant.put("/v1/providers/flutterwave", {"settings": {"secret-key": wrong}})
        assert reply.status == 400 and "secret-key" in reply.text and wrong not in reply.text, reply


tap.run([
    ("a refund that nobody names", told(refund_of_nobody)),
    ("a refund under way", told(refund_under_way)),
    ("a refund beside one of the dashboard", told(refund_beside_the_dashboard)),
    ("failed, then paid, and nobody told", told(failed_then_paid)),
    ("declined, then paid", told(success_after_failure)),
    ("declined for good", told(no_more_tries)),
    ("the bank's question is never answered", told(bank_never_answered)),
    ("paid twice, found by night", told(twice_found_by_night, agree=False)),
    ("more than was asked", told(more_than_asked, agree=False)),
    ("either header", told(either_header)),
    ("wrong headers", told(wrong_headers)),
    ("error under 200", told(error_under_200)),
    ("the e-mail address", told(email_is_wanted)),
    ("a cancelled page", told(page_is_closed)),
    ("keys of the mode", told(keys_of_the_mode)),
])
