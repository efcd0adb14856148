#!/usr/bin/python3
# tests/scenario/providers.py PROVIDER — the main job through a real provider's adapter, with its stand-in on the other side: one
# table of stories for all of them. What is different about a provider is in its stand-in, or in FACTS.
# proves: OPF-3, OPF-10, OPL-4, OPL-9
import http.client
import json
import os
import re
import resource
import signal
import subprocess
import sys
import threading
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import tap
from buyer import Form
from relay import PROGRAM, wait_for
from shop import DAY, SOON, Shop, rfc3339

PROVIDER = sys.argv[1]
AMOUNT = 12500
FACTS = {
    # cancels: an open payment can be ended there; keys: they name live or test; mode: what it says does; signs_time: signatures age;
    # refunds: how many partial refunds a charge can have
    "stripe": {"keys": True, "cancels": True, "mode": True, "signs_time": True, "refunds": 9},
    "openpay": {"keys": False, "cancels": False, "mode": False, "signs_time": False, "refunds": 9},
    "razorpay": {"keys": True, "cancels": True, "mode": False, "signs_time": False, "refunds": 9},
    "flutterwave": {"keys": True, "cancels": False, "mode": False, "signs_time": False, "refunds": 9},
}[PROVIDER]


def told(story, **settings):
    """A test that tells a story in a new shop."""
    def test():
        with Shop(PROVIDER, **settings) as shop:
            story(shop)
    return test


# ── Paying ────────────────────────────────────────────────────────────────────────────────────────────────────────────

def keys_are_tried(shop):
    """The Test button says yes to these keys and no to others, in words; they are never read again."""
    reply = shop.merchant.post(f"/v1/providers/{PROVIDER}/test")
    assert reply.data["ok"] is True and reply.data["message"], reply
    seen = shop.merchant.get(f"/v1/providers/{PROVIDER}").text
    for secret in shop.account.secrets:
        assert secret not in seen, "a secret is shown"
    other = shop.company.new_account()
    shop.company.accounts.pop(other.id)                   # closed: its keys open nothing
    reply = shop.merchant.put(f"/v1/providers/{PROVIDER}", {"settings": other.settings})
    assert reply.status == 200, reply
    reply = shop.merchant.post(f"/v1/providers/{PROVIDER}/test")
    assert reply.data["ok"] is False and reply.data["message"], reply


def paid(shop):
    link = shop.link()
    payer = shop.pays(link)
    shop.shows(payer, "paid")
    shop.expect_paid(link)
    stranger = shop.payer()
    assert "already been paid" in stranger.open(link["url"]).text
    shop.company.settle()
    assert all(200 <= delivery["statuses"][-1] < 300 for delivery in shop.company.deliveries_now()), shop.company.deliveries_now()


def declined_then_paid(shop):
    link = shop.link()
    payer = shop.begin(link)
    payer.type_card(shop.company.CARDS["declines"])
    shop.agree()
    if payer.at_provider():                               # the provider's own page lets the payer try again
        payer.type_card(shop.company.CARDS["pays"])
    else:
        wait_for("a page that can be paid", lambda: payer.state() in ("declined", "continue", "open"), 20)
        payer = shop.pays(link, payer=shop.payer() if payer.state() == "continue" else payer)
    shop.shows(payer, "paid")
    shop.expect_paid(link)


def challenged(shop):
    link = shop.link()
    payer = shop.begin(link)
    payer.type_card(shop.company.CARDS["asks"])
    assert payer.at_challenge(), payer.url
    assert shop.now(link)["amountPaid"] == 0
    payer.answer("approve")
    shop.shows(payer, "paid")
    shop.expect_paid(link)


def challenge_refused(shop):
    link = shop.link()
    payer = shop.begin(link)
    payer.type_card(shop.company.CARDS["asks"])
    payer.answer("refuse")
    shop.company.settle()
    assert shop.now(link)["amountPaid"] == 0
    shop.agree()
    if payer.at_provider():
        payer.type_card(shop.company.CARDS["pays"])
    else:
        shop.pays(link, payer=payer)
    shop.expect_paid(link)


def gave_up_there(shop):
    """Cancel on the provider's page leads back, or the payer goes back; nothing was charged, and it can be begun anew."""
    link = shop.link()
    payer = shop.begin(link)
    payer.cancels()
    if not payer.at_relay():
        payer.open(link["url"])
    assert shop.now(link)["amountPaid"] == 0, payer.url
    if payer.state() == "continue":
        payer.submit(payer.form("/pay/"), give_up="1", email="ana@example.com", name="Ana")
    else:
        shop.begin(link, payer)
    payer.type_card(shop.company.CARDS["pays"])
    shop.expect_paid(link)


def abandoned(shop):
    """The lease is over: the attempt ends, at the provider too where that can be; the link is free for the next."""
    link = shop.link()
    shop.begin(link)
    reference = shop.reference()
    shop.time_passes(3 * SOON)
    wait_for("the attempt to end", lambda: shop.payments(link)[0]["status"] == "cancelled", 20)
    if FACTS["cancels"]:
        assert shop.company.find(reference)["state"] == "cancelled", shop.company.find(reference)
    shop.pays(link)
    shop.expect_paid(link)


def paid_late(shop):
    """The link is over, the attempt too, and the money comes all the same: kept, flagged, and given back by one click."""
    link = shop.link(expiresAt=rfc3339(2 * SOON))
    shop.begin(link)
    reference = shop.reference()
    shop.time_passes(3 * SOON)
    shop.expect(link, status="expired")
    wait_for("the attempt to end", lambda: shop.payments(link)[0]["status"] == "cancelled", 20)
    shop.company.late_success(reference)
    shop.expect(link, amountPaid=AMOUNT, flags=["late"])
    shop.expect_events("payment.succeeded", 1)
    shop.agree()
    payment = shop.payments(link)[0]
    assert "late" in payment["flags"], payment
    shop.refund(payment)
    shop.expect(link, amountPaid=AMOUNT, amountRefunded=AMOUNT)
    shop.agree()


# ── Giving back ───────────────────────────────────────────────────────────────────────────────────────────────────────

def refunded_in_full(shop):
    link = shop.link()
    shop.pays(link)
    payment = shop.expect_paid(link)
    refund = shop.refund(payment)
    shop.expect(link, paymentStatus="refunded", amountRefunded=AMOUNT)
    shop.expect_events("refund.succeeded", 1)
    shop.company.settle()
    shop.agree()
    shown = shop.merchant.get(f"/v1/refunds/{refund['id']}").data
    assert shown["status"] == "succeeded" and shown["providerRefundId"], shown
    assert shop.refund(payment, 1, status=400).json["success"] is False


def refunded_in_parts(shop):
    link = shop.link()
    shop.pays(link)
    payment = shop.expect_paid(link)
    parts = [4999, 101, AMOUNT - 5100][:FACTS["refunds"]]
    for number, part in enumerate(parts, 1):
        shop.refund(payment, part)
        shop.expect_events("refund.succeeded", number)
        shop.company.settle()
        shop.agree()
    shop.expect(link, amountRefunded=sum(parts), paymentStatus="refunded" if sum(parts) == AMOUNT else "partially_refunded")


def refund_without_answer(shop):
    """The answer to a refund is lost after it was made: found out, never made twice."""
    link = shop.link()
    shop.pays(link)
    payment = shop.expect_paid(link)
    shop.company.fault("refund", "lost")
    shop.company.hooks("never")
    shop.refund(payment, 5000)
    shop.expect_events("refund.succeeded", 1)
    shop.expect(link, amountRefunded=5000, paymentStatus="partially_refunded")
    shop.agree()


def refunds_in_trouble(shop):
    """Whatever becomes of the answer to a refund: it is made once, and the books say so."""
    shop.company.hooks("never", event="(?i)refund")
    for number, kind in enumerate(("cut", "500-after", "nonsense-after", "503", "500", "429"), 1):
        link = shop.link()
        shop.pays(link)
        shop.expect(link, paymentStatus="paid")
        payment = shop.payments(link)[0]
        shop.company.fault("refund", kind)
        shop.refund(payment, 5000)
        shop.expect_events("refund.succeeded", number)
        shop.expect(link, amountRefunded=5000, flags=[])
        shop.agree()


def refunded_in_the_dashboard(shop):
    link = shop.link()
    shop.pays(link)
    shop.expect_paid(link)
    shop.company.dashboard_refund(shop.reference(), 2500)
    shop.expect(link, amountRefunded=2500, paymentStatus="partially_refunded")
    shop.expect_events("refund.succeeded", 1)
    shop.agree()


def refund_nobody_told(shop):
    """Made in the dashboard, and no webhook: the night finds it."""
    link = shop.link()
    shop.pays(link)
    shop.expect_paid(link)
    shop.company.hooks("never")
    shop.company.dashboard_refund(shop.reference(), 2500)
    shop.time_passes(DAY)
    shop.expect(link, amountRefunded=2500, paymentStatus="partially_refunded")
    shop.agree()


TELLS_DISPUTE_DATE = ("stripe", "razorpay", "flutterwave")


def dispute(shop, end):
    link = shop.link()
    shop.pays(link)
    payment = shop.expect_paid(link)
    shop.company.dispute(shop.reference(), "opened")
    shop.expect(link, flags=["disputed"])
    due = shop.merchant.get(f"/v1/payments/{payment['id']}").data["disputeDueAt"]
    assert (due is not None) == (PROVIDER in TELLS_DISPUTE_DATE), due    # by when the merchant has to answer, where the provider says so
    shop.company.dispute(shop.reference(), end)
    lost = AMOUNT if end == "lost" else 0
    wait_for(f"the dispute to be {end}", lambda: shop.ledger(payment["id"]).get("dispute", 0) == -lost
             and ("disputed" not in shop.now(link)["flags"] or end == "lost"), 20)
    assert shop.ledger(payment["id"])["payment"] == AMOUNT


def dispute_won(shop):
    dispute(shop, "won")


def dispute_lost(shop):
    dispute(shop, "lost")


# ── Providers that misbehave ──────────────────────────────────────────────────────────────────────────────────────────

def answer_to_begin(shop, *kinds):
    """Whatever becomes of the answer: the payer gets there or is told to wait, and there is one payment, paid once."""
    for kind in kinds:
        shop.company.fault("begin", kind)
        link = shop.link()
        before = len(shop.company.references())
        payer = shop.payer()
        payer.begin(link["url"], email="ana@example.com", name="Ana")

        def at_provider():
            if not payer.at_provider():
                payer.open(link["url"])
                if payer.state() in ("open", "declined", "unavailable"):
                    payer.begin(link["url"], email="ana@example.com", name="Ana")
                elif payer.state() == "continue":
                    payer.open(continue_url(payer))
            return payer.at_provider()
        wait_for(f"{kind}: the payer to get there", at_provider, 30)
        payer.type_card(shop.company.CARDS["pays"])
        shop.expect(link, paymentStatus="paid", amountPaid=AMOUNT, flags=[], uses=1)
        shop.agree()
        made = [one for one in shop.company.references()[before:] if shop.company.find(one) and shop.company.find(one)["captured"]]
        assert len(made) == 1, f"{kind}: {made}"


def continue_url(payer):
    """Where the page sends a payer who has begun."""
    found = [part.split('"')[0] for part in payer.page.text.split('href="') if part.startswith(payer.stand_in.url)]
    assert found, payer.text()
    return found[0].replace("&amp;", "&")


def lost_answers(shop):
    answer_to_begin(shop, "lost", "cut", "500-after", "nonsense-after")


def troubled_answers(shop):
    answer_to_begin(shop, "429", "503", "500", "nonsense", "reset")


def webhook_never(shop):
    """Nobody tells, and the payer does not come back: asking finds it."""
    shop.company.hooks("never")
    link = shop.link()
    shop.begin(link)
    shop.company.pay(shop.reference())
    shop.time_passes(SOON)
    shop.expect_paid(link)


def webhook_never_and_back(shop):
    """Nobody tells, but the payer comes back."""
    shop.company.hooks("never")
    link = shop.link()
    payer = shop.pays(link)
    shop.shows(payer, "paid")
    shop.expect_paid(link)


def webhooks_out_of_order(shop):
    """Before the answer, twice, held and then the other way round: the end is the same."""
    for script in (("before",), ("twice",), ("hold",)):
        shop.company.forget()
        shop.company.hooks(*script)
        link = shop.link()
        shop.pays(link)
        if script == ("hold",):
            shop.company.dashboard_refund(shop.reference(), 2500)
            shop.company.release(reverse=True, times=2)
            shop.company.settle()
            shop.expect(link, amountPaid=AMOUNT, amountRefunded=2500, flags=[])
        else:
            shop.expect(link, paymentStatus="paid", amountPaid=AMOUNT, flags=[], uses=1)
        shop.company.settle()
        shop.agree()
    shop.expect_events("payment.succeeded", 3)


def forged(shop):
    """Wrong, old and future signatures are refused and change nothing; asking finds what is true."""
    modes = ("wrong", "old", "future") if FACTS["signs_time"] else ("wrong",)
    for mode in modes:
        shop.company.forget()
        shop.company.hooks(mode)
        link = shop.link()
        shop.begin(link)
        before = len(shop.company.deliveries_now())
        shop.company.pay(shop.reference())
        shop.company.settle()
        sent = shop.company.deliveries_now()[before:]
        assert sent and all(one["statuses"] == [401] for one in sent), [one["statuses"] for one in sent]
        assert shop.now(link)["amountPaid"] == 0
    shop.time_passes(SOON)
    wait_for("all to be paid", lambda: [one["status"] for one in shop.payments()] == ["succeeded"] * len(modes), 20)
    shop.agree()


def answers_to_the_return(shop):
    """The payer is back, and asking the provider is trouble: nobody is told a lie, and in the end it is known."""
    shop.company.hooks("never")
    payers = []
    for kind in ("500", "nonsense", "cut", "lost", "error-200"):
        payers.append(shop.begin(shop.link()))
        shop.company.fault("query", kind, times=4)
        payers[-1].type_card(shop.company.CARDS["pays"])
        assert payers[-1].state() in ("processing", "continue", "paid"), f"{kind}: {payers[-1].state()}"
        shop.company.forget()
        shop.company.hooks("never")
    shop.time_passes(SOON)
    for payer in payers:
        shop.shows(payer, "paid")
    assert [payment["status"] for payment in shop.payments()] == ["succeeded"] * len(payers)
    shop.agree()


def killed_while_it_works(shop):
    """The relay dies while the provider makes the payment: one payment there, and it can be paid, or ends."""
    link = shop.link()
    shop.company.fault("begin", "slow", seconds=2)
    payer = shop.payer()

    def begin():
        try:
            payer.begin(link["url"], email="ana@example.com", name="Ana")
        except (OSError, http.client.HTTPException):
            payer.cut = True
    press = threading.Thread(target=begin)
    press.start()
    wait_for("the provider to work", lambda: shop.company.references(), 20)
    shop.relay.kill()
    press.join()
    assert payer.cut
    shop.relay.start()
    shop.merchant.close()
    reference = shop.reference()
    shop.time_passes(SOON)
    wait_for("the relay to know", lambda: shop.payments(link)[0]["status"] not in ("created", "unknown"), 20)
    if shop.company.find(reference)["state"] == "pending":
        shop.company.pay(reference)
        shop.time_passes(SOON)
    else:
        shop.pays(link)
    shop.expect_paid(link)


def cancelled_meanwhile(shop):
    """The merchant cancels the link while the payer stands at the provider: nothing can be paid any more, or it is flagged."""
    link = shop.link()
    payer = shop.begin(link)
    shop.company.fault("cancel", "lost")
    reply = shop.merchant.delete(f"/v1/links/{link['id']}")
    assert reply.status == 200, reply
    wait_for("the relay to cancel", lambda: shop.company.requests_now("cancel") or shop.payments(link)[0]["status"] == "cancelled", 20)
    shop.time_passes(3 * SOON)
    wait_for("the attempt to end", lambda: shop.payments(link)[0]["status"] == "cancelled", 20)
    try:
        payer.type_card(shop.company.CARDS["pays"])
    except AssertionError:
        assert FACTS["cancels"], payer.text()
    came = shop.company.find(shop.reference())["captured"]
    assert not (FACTS["cancels"] and came), "paid although it was cancelled there"
    shop.expect(link, status="cancelled", amountPaid=came, flags=["late"] if came else [])
    shop.agree()


def nonsense_signed(shop):
    """Genuinely signed bytes that mean nothing, and events of kinds nobody knows: kept or refused, never acted upon."""
    link = shop.link()
    shop.pays(link)
    shop.expect_paid(link)
    before = shop.now(link)
    sent = json.loads(shop.company.deliveries_now()[-1]["body"])
    strange = {**sent, **{name: "some.new_event" for name in ("type", "event") if name in sent}}
    for body in (b"", b"{", b"[]", b"null", b"{}", b'{"id":1}', "\ud800".encode("utf-8", "surrogatepass"), b"[" * 5000,
                 json.dumps(strange).encode(), json.dumps(strange).encode()[:-1], b'{"a":' * 300 + b"1" + b"}" * 300):
        status = shop.company.forge(shop.account, body)
        assert status in (200, 202, 400), f"{status} for {body[:40]}"
    assert shop.now(link) == before
    shop.expect_events("payment.succeeded", 1)


def browser_proves_nothing(shop):
    """Back at the return address with every word of success that providers write there, by GET and by POST: nobody has paid."""
    link = shop.link()
    payer = shop.begin(link)
    at_provider, reference = payer.url, shop.reference()
    bodies = [urllib.parse.unquote_plus(request["body"]) for request in shop.company.requests_now("begin")]
    back = re.findall(r"http://127\.0\.0\.1:\d+/pay/[0-9a-f]+/back/[0-9a-f]+", "".join(bodies))[-1]
    id = shop.company.find(reference)["id"]
    claims = urllib.parse.urlencode({
        "status": "successful", "tx_ref": reference, "transaction_id": "288200001", "redirect_status": "succeeded", "payment_intent": id,
        "session_id": id, "id": id, "razorpay_payment_id": "pay_IH4NVgf4Dreq1l", "razorpay_order_id": id, "razorpay_payment_link_id": id,
        "razorpay_payment_link_reference_id": reference.split(".")[0], "razorpay_payment_link_status": "paid",
        "razorpay_signature": "0d4e745a1838664ad6c9c9902212a32d627d68e917290b0ad5f08ff4561bc50f"})
    for method, url, body in (("GET", f"{back}?{claims}", None), ("POST", back, claims), ("GET", back, None)):
        payer.fetch(method, url, body)
        assert payer.at_relay() and payer.page.status in (200, 400, 403, 422), payer.page
        assert payer.state() != "paid" and shop.now(link)["amountPaid"] == 0, payer.text()
    shop.expect_events("payment.succeeded", 0)
    payer.open(at_provider)
    payer.type_card(shop.company.CARDS["pays"])
    shop.shows(payer, "paid")
    shop.expect_paid(link)


# ── Money that is not what was asked ──────────────────────────────────────────────────────────────────────────────────

def another_amount(shop):
    """Less came than was asked: kept aside, flagged, nothing is settled; the merchant decides."""
    link = shop.link()
    shop.begin(link)
    reference = shop.reference()
    shop.company.change(reference, amount=AMOUNT - 100)
    shop.company.pay(reference)
    shop.expect(link, flags=["amount_mismatch", "quarantined"], amountPaid=0, uses=0)
    shop.expect_events("payment.succeeded", 0)
    payment = shop.payments(link)[0]
    reply = shop.merchant.post(f"/v1/payments/{payment['id']}/resolve", {"action": "accept"})
    assert reply.status == 200, reply
    shop.expect(link, amountPaid=AMOUNT - 100, uses=1)


def another_currency(shop):
    link = shop.link()
    shop.begin(link)
    reference = shop.reference()
    shop.company.change(reference, currency="EUR")
    shop.company.pay(reference)
    shop.expect(link, flags=["amount_mismatch", "quarantined"], amountPaid=0, uses=0)
    shop.expect_events("payment.succeeded", 0)


def stand_ins_are_of_this_machine(shop):
    """A merchant's keys go where --provider-base points: to this machine and under a provider's own name only."""
    for base, code in ((f"{PROVIDER}={shop.company.url}", 0), (f"{PROVIDER}=http://example.com", 78), (f"{PROVIDER}=ftp://127.0.0.1", 78),
                       (f"{PROVIDER}={shop.company.url}/v1", 78), (f"nobody={shop.company.url}", 78), (shop.company.url, 78)):
        done = subprocess.run([PROGRAM, "serve", "--check-config", "--provider-base", base, "--data", shop.relay.data], capture_output=True,
                              text=True, timeout=60, check=False)
        assert done.returncode == code, f"{base}: {done}"


def other_mode(shop):
    """Keys of the other mode are refused; so is what says that it is live, at a test account."""
    if FACTS["keys"]:
        live = shop.company.new_account(livemode=True)
        reply = shop.merchant.put(f"/v1/providers/{PROVIDER}", {"settings": live.settings})
        assert reply.status == 400, f"live keys under a test key: {reply}"
    link = shop.link()
    shop.begin(link)
    reference = shop.reference()
    if FACTS["mode"]:
        shop.company.change(reference, livemode=True)
        shop.company.pay(reference)
        shop.company.settle()
        wait_for("the quarantine", lambda: "webhook_quarantined" in shop.relay.read_log() or "payment.flagged" in shop.events(), 20)
        shop.expect(link, amountPaid=0, uses=0)
        shop.expect_events("payment.succeeded", 0)


def foreign_account(shop):
    """Another merchant's money, told to this merchant's address under this merchant's own signature: settles nothing here."""
    other = shop.relay.add_merchant("Eve's")
    account = shop.company.new_account()
    shop.connect(other, account)
    link = shop.link()
    shop.begin(link)
    theirs = other.create(currency=shop.currency, amount=AMOUNT, title="Eve's beans", collect=link["collect"])
    shop.begin(theirs)
    shop.company.pay(shop.reference())
    wait_for("Eve's payment", lambda: other.link(theirs["id"])["amountPaid"] == AMOUNT, 20)
    shop.company.settle()
    for delivery in [one for one in shop.company.deliveries_now() if one["account"] == account.id]:
        status = shop.company.forge(shop.account, delivery["body"].encode())
        assert status in (200, 202), status
    link = shop.now(link)
    assert link["amountPaid"] == 0 and link["uses"] == 0, link
    assert other.link(theirs["id"])["amountPaid"] == AMOUNT
    shop.expect_events("payment.succeeded", 0)


def paid_twice_there(shop):
    """A second charge for the same payment: set aside as money too much, never booked on top."""
    link = shop.link()
    shop.pays(link)
    payment = shop.expect_paid(link)
    shop.company.second_success(shop.reference())
    shop.company.settle()
    shop.expect(link, flags=["quarantined"], amountPaid=AMOUNT, uses=1)
    assert shop.ledger(payment["id"]) == {"payment": AMOUNT}
    reply = shop.merchant.post(f"/v1/payments/{payment['id']}/resolve", {"action": "accept"})
    assert reply.status == 409, reply
    reply = shop.merchant.post(f"/v1/payments/{payment['id']}/resolve", {"action": "release"})
    assert reply.status == 200, reply
    shop.expect(link, flags=[], amountPaid=AMOUNT, uses=1, paymentStatus="paid")
    shop.expect_events("payment.succeeded", 1)


def given_back_there(shop):
    """One call gives a second charge back: it becomes a payment of its own that pays for nothing, and its refund goes to that charge
    and no other, once."""
    link = shop.link()
    shop.pays(link)
    payment = shop.expect_paid(link)
    shop.company.second_success(shop.reference())
    shop.company.settle()
    shop.expect(link, flags=["quarantined"])
    reply = shop.merchant.post(f"/v1/payments/{payment['id']}/resolve", {"action": "refund"})
    assert reply.status == 200, reply
    assert "quarantined" not in reply.data["flags"], reply
    again = shop.merchant.post(f"/v1/payments/{payment['id']}/resolve", {"action": "refund"})
    assert again.status == 409, again
    second = [one for one in shop.payments(link) if one["id"] != payment["id"]]
    assert len(second) == 1 and second[0]["flags"] == ["duplicate"] and second[0]["status"] == "succeeded", second

    def gone():
        shop.company.settle()
        return shop.merchant.get(f"/v1/payments/{second[0]['id']}").data["amountRefunded"] == AMOUNT
    wait_for("the second charge to go back", gone, 30)
    assert shop.ledger(second[0]["id"]) == {"payment": AMOUNT, "refund": -AMOUNT}
    assert shop.ledger(payment["id"]) == {"payment": AMOUNT}
    shop.expect(link, amountPaid=2 * AMOUNT, amountRefunded=AMOUNT, uses=1, paymentStatus="paid")
    shop.expect_events("payment.succeeded", 2)


# ── The provider is down ──────────────────────────────────────────────────────────────────────────────────────────────

def breaker(shop):
    """It does not answer: the page says so and offers the other way, the link stays payable; later it is used again."""
    shop.company.fault("*", "503", times=10000)
    alone, both = shop.link(gateways=[PROVIDER]), shop.link(gateways=[PROVIDER, "mock"])
    payer = shop.payer()

    def given_up():
        payer.open(alone["url"])
        if any(form["method"] == "post" for form in Form(payer.page.text).forms):
            payer.submit(payer.form("/pay/"), way=f"card:{PROVIDER}", email="ana@example.com", name="Ana")
        return "provider.degraded" in shop.events()
    wait_for("the provider to be left alone", given_up, 30)
    payer.open(alone["url"])
    assert payer.state() == "unavailable" and "does not answer" in payer.text(), payer.text()
    assert shop.now(alone)["amountPaid"] == 0 and shop.now(alone)["status"] == "open"
    other = shop.payer()
    other.open(both["url"])
    fields = other.form("/pay/")["fields"]
    assert fields.get("way") == "card:mock" or "mock" in other.page.text, fields
    other.submit(other.form("/pay/"), way="card:mock", email="ana@example.com", name="Ana")
    assert "/mock/pay/" in other.url, f"{other.url}: {other.text()}"
    shop.company.forget()
    shop.time_passes(3 * SOON)
    wait_for("the attempts to end", lambda: shop.payments(alone)[-1]["status"] in ("cancelled", "failed"), 20)
    shop.pays(alone)
    shop.expect(alone, paymentStatus="paid", amountPaid=AMOUNT, uses=1)
    wait_for("recovery to be told", lambda: "provider.recovered" in shop.events(), 20)


# ── Secrets ───────────────────────────────────────────────────────────────────────────────────────────────────────────

def canary(shop):
    """Everything that opens something at the provider, looked for wherever it might leak: log, books, backup, pages, events; and a
    crash writes no memory down."""
    link = shop.link()
    payer = shop.pays(link)
    payment = shop.expect_paid(link)
    shop.refund(payment, 100)
    shop.merchant.post(f"/v1/providers/{PROVIDER}/test")
    shop.company.fault("begin", "refuse", status=400, body={"error": {"message": json.dumps(shop.account.settings)}})
    failing = shop.payer()
    failing.begin(shop.link()["url"], email="ana@example.com", name="Ana")
    shop.company.settle()
    secrets = set(shop.company.secrets()) | set(shop.account.secrets) | set(shop.company.CARDS.values())
    assert len(secrets) >= 2 and all(len(secret) >= 8 for secret in secrets), secrets
    places = {
        "a backup": copy_of_books(shop.relay),
        "the pages": payer.page.body + failing.page.body + shop.payer().open(link["url"]).body,
        "the events": json.dumps([event for event, _ in shop.merchant.events()]).encode(),
        "the API": b"".join(shop.merchant.get(path).body for path in ("/v1/providers", "/v1/payments", "/v1/links", "/v1/refunds",
                                                                   f"/v1/payments/{payment['id']}")),
        "what the payer's browser visited": " ".join(url for _, url, _ in payer.trail if url.startswith(shop.relay.url())).encode(),
    }
    assert crash(shop.relay.process) is False, "a crash of the relay leaves its memory in a file"
    places["the log"] = shop.relay.read_log().encode()
    for folder, _, names in os.walk(shop.relay.folder):
        for path in [os.path.join(folder, name) for name in names if os.path.isfile(os.path.join(folder, name))]:
            with open(path, "rb") as file:
                places[os.path.relpath(path, shop.relay.folder)] = file.read()
    assert b"Beans" in places["a backup"], "the harness sees nothing"
    for secret in secrets:
        for place, content in places.items():
            assert secret.encode() not in content and secret.encode().hex().encode() not in content, f"{secret} is in {place}"
    shop.relay.start()


def client_secret(shop):
    """Where the card form is on our page, its secret is that payer's alone: no stranger, no log, no books, no API shows it."""
    reply = shop.merchant.put(f"/v1/providers/{PROVIDER}", {"settings": {**shop.account.settings, "checkout": "embedded"}})
    assert reply.status == 200, reply
    link = shop.link()
    payer = shop.payer()
    payer.begin(link["url"])
    found = re.findall(r"pi_\w+_secret_\w+", payer.page.text)
    assert found, payer.text()
    payment = shop.payments(link)[0]
    places = {"a backup": copy_of_books(shop.relay), "the log": shop.relay.read_log().encode(),
              "a stranger's page": shop.payer().open(link["url"]).body,
              "the API": shop.merchant.get(f"/v1/payments/{payment['id']}").body + shop.merchant.get(f"/v1/links/{link['id']}").body,
              "the events": json.dumps([event for event, _ in shop.merchant.events()]).encode()}
    for place, content in places.items():
        assert found[0].encode() not in content and found[0].encode().hex().encode() not in content, f"{found[0]} is in {place}"
    shop.company.pay(shop.reference())
    shop.expect_paid(link)


def copy_of_books(relay):
    """The bytes of a backup, made while the relay runs; on PostgreSQL its own tool's, with binary columns in hex."""
    if "database" in relay.settings:
        return subprocess.run(["pg_dump", "--dbname", relay.settings["database"]], capture_output=True, timeout=60, check=True).stdout
    path = os.path.join(relay.folder, "backup")
    done = relay.command("backup", path)
    assert done.returncode == 0, done
    with open(path, "rb") as file:
        return file.read()


def crash(process):
    """Ends it as a bug would, where the system lets everybody leave a core; whether it left one."""
    resource.prlimit(process.pid, resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    process.send_signal(signal.SIGSEGV)
    _, status = os.waitpid(process.pid, 0)
    process.returncode = -signal.SIGSEGV
    return os.WCOREDUMP(status)


STORIES = [
    ("keys are tried, and not read again", told(keys_are_tried)),
    ("paid", told(paid)),
    ("declined, then paid", told(declined_then_paid)),
    ("3-D Secure approved", told(challenged)),
    ("3-D Secure refused", told(challenge_refused)),
    ("cancelled on the provider's page", told(gave_up_there)),
    ("abandoned", told(abandoned)),
    ("paid after expiry", told(paid_late)),
    ("refunded in full", told(refunded_in_full)),
    ("refunded in parts", told(refunded_in_parts)),
    ("the answer to a refund is lost", told(refund_without_answer)),
    ("refunds in trouble", told(refunds_in_trouble)),
    ("refunded in the dashboard", told(refunded_in_the_dashboard)),
    ("refunded in the dashboard, and nobody told", told(refund_nobody_told)),
    ("a dispute is won", told(dispute_won)),
    ("a dispute is lost", told(dispute_lost)),
    ("the answer to begin is lost", told(lost_answers)),
    ("the answer to begin is trouble", told(troubled_answers)),
    ("the answer to the payer's return is trouble", told(answers_to_the_return)),
    ("killed while the provider works", told(killed_while_it_works)),
    ("the link is cancelled meanwhile", told(cancelled_meanwhile)),
    ("nonsense, genuinely signed", told(nonsense_signed)),
    ("the browser proves nothing", told(browser_proves_nothing)),
    ("no webhook, no return", told(webhook_never)),
    ("no webhook, but the payer returns", told(webhook_never_and_back)),
    ("webhooks before, twice, backwards", told(webhooks_out_of_order)),
    ("forged webhooks", told(forged)),
    ("another amount", told(another_amount)),
    ("another currency", told(another_currency)),
    ("stand-ins are of this machine", told(stand_ins_are_of_this_machine)),
    ("test and live do not mix", told(other_mode)),
    ("another merchant's account", told(foreign_account)),
    ("paid twice there", told(paid_twice_there)),
    ("given back there", told(given_back_there)),
    ("down, and back", told(breaker, mock=True)),
    ("no secret is seen anywhere", told(canary)),
] + ([("a client secret is the payer's alone", told(client_secret))] if PROVIDER == "stripe" else [])

if __name__ == "__main__":
    tap.run(STORIES)
