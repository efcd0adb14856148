#!/usr/bin/python3
# tests/scenario/openpay.py — what only Openpay has: its verification code, transfers and stores, references that run out, refunds
# without a key. The stories that all providers share are in providers.py.
# proves: OPL-8, OPL-9, OPF-3
import base64
import json
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import tap
from relay import Client, wait_for
from shop import DAY, SOON, Shop

AMOUNT = 12500


def told(story):
    def test():
        with Shop("openpay") as shop:
            story(shop)
    return test


def basic(user, password):
    return base64.b64encode(f"{user}:{password}".encode()).decode()


def notice(shop):
    return shop.merchant.get("/v1/providers/openpay").data["notice"]


def reference_of(shop, method, **more):
    """A link, and a payer who has chosen to pay it by transfer or in a store; (link, payer, our reference)."""
    link = shop.link(methods=["card", method], **more)
    payer = shop.payer()
    payer.begin(link["url"], way=f"{method}:openpay", email="ana@example.com", name="Ana")
    reference = shop.reference()
    assert shop.company.find(reference)["state"] == "pending", shop.company.find(reference)
    return link, payer, reference


def sees(payer, words):
    assert words in "".join(payer.text().split()), f"{words} is not on {payer.url}: {payer.text()}"


def details(shop):
    """What the newest payer was given to pay with."""
    with shop.relay.books() as books:
        return json.loads(books.execute("SELECT next_details FROM payment ORDER BY row DESC LIMIT 1").fetchone()[0])["map"]


def verification(shop):
    """The code that Openpay sends is shown to the merchant, and only what comes from Openpay is."""
    assert notice(shop) is None
    code = shop.company.verify_webhook(shop.account)
    shop.company.settle()
    assert notice(shop) == f"Verification code: {code}", notice(shop)
    body = json.dumps({"type": "verification", "verification_code": "EVIL0000", "id": "w0"})
    password = shop.account.webhook_secret
    stranger = Client(shop.relay.port)
    for header in (None, f"Bearer {basic('cobro', password)}", f"Basic {basic('cobro', '')}", f"Basic {basic('Cobro', password)}",
                   f"Basic {basic('cobro', password)}, Basic {basic('cobro', password)}", f"Basic {basic('cobro', password)}="):
        sent = {"Content-Type": "application/json", **({"Authorization": header} if header else {})}
        reply = stranger.post("/webhooks" + shop.account.hook_url.split("/webhooks")[1], body, sent)
        assert reply.status == 401, (header, reply)
    assert notice(shop) == f"Verification code: {code}", notice(shop)
    again = shop.company.verify_webhook(shop.account)
    shop.company.settle()
    assert notice(shop) == f"Verification code: {again}", notice(shop)


def transfer(shop):
    link, payer, reference = reference_of(shop, "bank_transfer")
    shown, given = shop.company.way(shop.company.of(reference)), details(shop)
    assert (given["kind"], given["clabe"], given["reference"], given["bank"]) == ("transfer", shown["clabe"], shown["name"], shown["bank"]), given
    sees(payer, shown["clabe"])
    sees(payer, shown["name"])
    shop.company.pay(reference)
    shop.expect_paid(link)
    assert shop.payments(link)[0]["status"] == "succeeded"


def store(shop):
    """Paid in the shop days later, and no webhook: asking finds it."""
    link, payer, reference = reference_of(shop, "store")
    shown, given = shop.company.way(shop.company.of(reference)), details(shop)
    assert (given["kind"], given["reference"]) == ("store", shown["reference"]) and given["due"] > time.strftime("%Y-%m-%d"), given
    sees(payer, shown["reference"])
    shop.company.hooks("never")
    shop.time_passes(2 * DAY)
    assert shop.payments(link)[0]["status"] in ("pending", "requires_action"), shop.payments(link)
    shop.company.pay(reference)
    shop.time_passes(DAY / 2)
    shop.expect_paid(link)


def runs_out(shop):
    """Nobody went to the shop: the reference ends there and the attempt here; the next payer pays by card."""
    link, _, reference = reference_of(shop, "store")
    shop.time_passes(3 * DAY + SOON)
    wait_for("the attempt to end", lambda: shop.payments(link)[0]["status"] == "cancelled", 20)
    assert shop.company.find(reference)["state"] == "cancelled", shop.company.find(reference)
    payer = shop.payer()
    payer.begin(link["url"], way="card:openpay", email="eva@example.com", name="Eva")
    payer.type_card(shop.company.CARDS["pays"])
    shop.expect(link, paymentStatus="paid", amountPaid=AMOUNT, flags=[], uses=1)


def no_refund_in_stores(shop):
    """Cash does not go back over the API: refused in words, and nothing was sent."""
    link, _, reference = reference_of(shop, "store")
    shop.company.pay(reference)
    payment = shop.expect_paid(link)
    refund = shop.refund(payment)
    shown = shop.merchant.get(f"/v1/refunds/{refund['id']}").data
    assert shown["status"] == "failed" and "cards only" in json.dumps(shown), shown
    assert shop.company.requests_now("refund") == []
    shop.expect(link, amountRefunded=0)


def refund_behind_another(shop):
    """A refund whose answer was lost, and then another one in the dashboard, which is all that Openpay shows: ours is not sent a second
    time, whatever happens; it waits for somebody who looks."""
    link = shop.link()
    shop.pays(link)
    payment = shop.expect_paid(link)
    shop.company.hooks("never")
    shop.company.fault("refund", "lost")
    shop.company.fault("query", "503", times=1000, skip=1)   # the look before the refund answers, nothing after it
    refund = shop.refund(payment, 5000)
    assert shop.merchant.get(f"/v1/refunds/{refund['id']}").data["status"] == "pending"
    shop.company.dashboard_refund(shop.reference(), 2000)
    shop.company.forget()
    for _ in range(3):
        looks = len(shop.company.requests_now("query"))
        shop.time_passes(SOON)
        wait_for("a look", lambda: len(shop.company.requests_now("query")) > looks, 20)
    shop.time_passes(SOON)                                   # what the last look led to is over
    assert len(shop.company.requests_now("refund")) == 1, shop.company.requests_now("refund")
    assert shop.merchant.get(f"/v1/refunds/{refund['id']}").data["status"] == "pending"
    assert shop.company.find(shop.reference())["refunded"] == 7000


def refund_shown_no_more(shop):
    """The webhook of a refund of ours comes when Openpay shows another one already: the books know it, nothing waits."""
    link = shop.link()
    shop.pays(link)
    payment = shop.expect_paid(link)
    shop.company.settle()
    shop.company.hooks("hold", event="refunded")
    shop.refund(payment, 3000)
    shop.refund(payment, 2000)
    shop.expect(link, amountRefunded=5000)
    shop.company.release()
    shop.company.settle()

    def waiting():
        with shop.relay.books() as books:
            return books.execute("SELECT count(*) FROM inbox WHERE state IN ('pending', 'unmatched')").fetchone()[0]
    wait_for("nothing to wait", lambda: waiting() == 0, 20)
    shop.expect(link, amountRefunded=5000)
    shop.agree()


def pays_by_token(shop, link, card):
    """A payer whose browser has made a token of the card, with Openpay's script, on our page."""
    reply = shop.merchant.put("/v1/providers/openpay", {"settings": {"checkout": "embedded"}})
    assert reply.status == 200, reply
    payer = shop.payer()
    payer.begin(link["url"], way="card:openpay", email="ana@example.com", name="Ana", token=shop.company.tokenize(shop.account, card),
                device="d" * 32)
    return payer


def token(shop):
    link = shop.link()
    payer = pays_by_token(shop, link, "pays")
    shop.shows(payer, "paid")
    shop.expect_paid(link)
    assert "visa •••• 1111" in shop.merchant.get(f"/v1/payments/{shop.payments(link)[0]['id']}").text


def token_without_answer(shop):
    """The answer to the charge is lost, and the token with it: it is found by its order, and charged once."""
    for fault in ("lost", "cut", "500-after", "nonsense-after"):
        shop.company.fault("begin", fault)
        link = shop.link()
        before = len(shop.company.requests_now("begin"))
        pays_by_token(shop, link, "pays")
        shop.expect(link, paymentStatus="paid", amountPaid=AMOUNT, flags=[], uses=1)
        assert len(shop.company.requests_now("begin")) == before + 1, fault
        shop.agree()


def token_at_risk(shop):
    """The fraud check declines, the same token goes on with 3-D Secure; what is told about the first charge comes first, and is not
    the end of it."""
    shop.company.hooks("before")
    link = shop.link()
    payer = pays_by_token(shop, link, "asks")
    assert payer.at_challenge(), payer.url
    assert [json.loads(one["body"]).get("use_3d_secure", False) for one in shop.company.requests_now("begin")] == [False, True]
    payer.answer("approve")
    shop.shows(payer, "paid")
    shop.expect_paid(link)
    other = shop.link()
    payer = pays_by_token(shop, other, "asks")
    payer.answer("refuse")
    shop.shows(payer, "declined")
    assert shop.now(other)["amountPaid"] == 0


def token_declined(shop):
    link = shop.link()
    payer = pays_by_token(shop, link, "declines")
    shop.shows(payer, "declined")
    shown = shop.merchant.get(f"/v1/payments/{shop.payments(link)[0]['id']}").data
    assert shown["failure"]["code"] == "card_declined" and "declined the card (3001)" in shown["failure"]["message"], shown
    assert shop.now(link)["amountPaid"] == 0


def return_proves_nothing(shop):
    """What the payer's browser says on its way back is not believed."""
    link = shop.link()
    payer = shop.begin(link)
    payer.open(link["url"] + "?id=trnobody&status=completed")
    assert shop.now(link)["amountPaid"] == 0


tap.run([("the verification code", told(verification)), ("a transfer", told(transfer)), ("a store", told(store)),
         ("a reference runs out", told(runs_out)), ("no refund in stores", told(no_refund_in_stores)),
         ("a refund behind another", told(refund_behind_another)),
         ("a refund that is shown no more", told(refund_shown_no_more)), ("a token", told(token)), ("a token, and the answer is lost", told(token_without_answer)), ("a token at risk", told(token_at_risk)),
         ("a token that is declined", told(token_declined)), ("a return proves nothing", told(return_proves_nothing))])
