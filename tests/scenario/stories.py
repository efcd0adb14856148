#!/usr/bin/python3
# tests/scenario/stories.py — what happens to money, told as stories about the real relay and its mock company.
# proves: OPL-1, OPL-5, OPL-6, OPL-9, INV-9, INV-13, DYN-2, DYN-11, OPF-6
import datetime
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import tap
from relay import PATIENCE, wait_for
from story import (answers, begin, change_link, change_merchant, create_link, decide, do, expect_books_agree, expect_events,
                   expect_link, expect_payments, goes_on, kill_and_restart, minor, new_token, open_page, pays, refused, shows, tell,
                   types_card, walks_away, webhook_again, webhook_changed, webhook_forged)


def at(seconds):
    """RFC 3339, so many seconds from now."""
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


PAID = {"paymentStatus": "paid", "status": "used_up", "uses": 1}

paid = tell([
    create_link("link", "EUR 12.00", title="Beans", reference="A-17"),
    expect_link("link", status="open", paymentStatus="pending", amountPaid=0, uses=0, flags=[]),
    open_page("ana", "link", says="Beans"),
    begin("ana", "link"),
    types_card("ana"),
    shows("ana", "paid"),
    expect_link("link", amountPaid=1200, flags=[], **PAID),
    expect_payments("link", "succeeded"),
    expect_events("payment.succeeded", 1),
    open_page("bea", "link"),
    shows("bea", "paid"),
    refused("bea", "link", 200),
    expect_payments("link", "succeeded"),
    expect_books_agree(),
])

declined = tell([
    create_link("link", "EUR 12.00"),
    begin("ana", "link"),
    types_card("ana", "declines"),
    shows("ana", "declined"),
    expect_link("link", status="open", paymentStatus="failed", amountPaid=0),
    pays("ana", "link"),
    shows("ana", "paid"),
    expect_payments("link", "failed", "succeeded"),
    expect_link("link", amountPaid=1200, **PAID),
    expect_books_agree(),
])

challenged = tell([
    create_link("approved", "EUR 30.00"),
    create_link("declined", "EUR 30.00"),
    begin("ana", "approved"),
    types_card("ana", "asks"),
    answers("ana", "approve"),
    shows("ana", "paid"),
    begin("bea", "declined"),
    types_card("bea", "asks"),
    answers("bea", "decline"),
    shows("bea", "declined"),
    expect_link("approved", amountPaid=3000, **PAID),
    expect_link("declined", amountPaid=0, paymentStatus="failed", status="open"),
    expect_books_agree(),
])

walked_away = tell([
    create_link("link", "EUR 12.00"),
    begin("ana", "link"),
    walks_away("ana"),
    open_page("bea", "link"),
    shows("bea", "busy"),
    refused("bea", "link", 200),
    expect_payments("link", "pending"),
    open_page("ana", "link"),
    shows("ana", "continue"),
    goes_on("ana", "link"),
    types_card("ana"),
    shows("ana", "paid"),
    expect_payments("link", "succeeded"),
    expect_link("link", amountPaid=1200, **PAID),
])

gave_up = tell([
    create_link("link", "EUR 12.00"),
    begin("ana", "link"),
    begin("ana", "link", give_up="1"),
    types_card("ana"),
    shows("ana", "paid"),
    expect_payments("link", "cancelled", "succeeded"),
    expect_link("link", amountPaid=1200, **PAID),
    expect_books_agree(),
])

paid_twice = tell([
    create_link("link", "EUR 12.00"),
    pays("ana", "link"),
    shows("ana", "paid"),
    webhook_again("link", times=3),
    expect_link("link", amountPaid=1200, flags=[], **PAID),
    expect_events("payment.succeeded", 1),
    webhook_changed("link"),                      # the same news under another event id
    expect_link("link", amountPaid=1200, flags=[], **PAID),
    expect_events("payment.succeeded", 1),
    expect_payments("link", "succeeded"),
])

backwards = tell([
    create_link("link", "EUR 12.00"),
    pays("ana", "link"),
    shows("ana", "paid"),
    webhook_changed("link", change=lambda event: event["payment"].update(status="failed", failure_code="card_declined")),
    webhook_changed("link", change=lambda event: event["payment"].update(status="pending")),
    expect_payments("link", "succeeded"),
    expect_link("link", amountPaid=1200, **PAID),
])

forged = tell([
    create_link("link", "EUR 12.00"),
    begin("ana", "link"),
    types_card("ana", "asks"),
    webhook_forged("link", secret="not-the-secret-of-this-account", kind="payment.requires_action"),
    webhook_forged("link", shift=-3600, kind="payment.requires_action"),
    webhook_forged("link", shift=3600, kind="payment.requires_action"),
    expect_payments("link", "requires_action"),
    expect_link("link", amountPaid=0, status="open"),
    answers("ana", "approve"),
    shows("ana", "paid"),
    expect_link("link", amountPaid=1200, **PAID),
])


def as_paid(**changes):
    """An event that claims success, with something about it changed."""
    def change(event):
        event["type"] = "payment.succeeded"
        event["payment"].update(status="succeeded", captured=event["payment"]["amount"])
        event["payment"].update(changes)
    return change


authentic_not_valid = tell([
    create_link("link", "EUR 12.00"),
    create_link("other", "EUR 50.00", merchant="other"),
    begin("ana", "link"),
    begin("eve", "other"),
    types_card("ana", "asks"),
    types_card("eve", "asks"),
    webhook_changed("link", kind="payment.requires_action", change=as_paid(captured=1)),
    webhook_changed("link", kind="payment.requires_action", change=as_paid(captured=120000)),
    webhook_changed("link", kind="payment.requires_action", change=as_paid(currency="USD")),
    # The other merchant's account, genuinely signed, about this merchant's payment.
    webhook_changed("link", kind="payment.requires_action", change=as_paid(), sender="other"),
    # Kept aside, whatever was signed: nothing is settled, and the merchant is told.
    expect_link("link", amountPaid=0, uses=0, status="open", flags=["amount_mismatch", "quarantined"]),
    expect_payments("link", "requires_action"),
    expect_link("other", amountPaid=0, uses=0, status="open"),
    expect_payments("other", "requires_action"),
    answers("ana", "approve"),
    expect_link("link", amountPaid=1200, uses=1, paymentStatus="paid", flags=["amount_mismatch", "quarantined"]),
    expect_payments("link", "succeeded"),
    expect_events("payment.succeeded", 1),
    expect_link("other", amountPaid=0, uses=0, status="open", flags=[]),
])


# A genuinely signed "paid" with the right amount, which the provider does not confirm when it is asked.
not_confirmed = tell([
    create_link("link", "EUR 12.00"),
    begin("ana", "link"),
    types_card("ana", "asks"),
    webhook_changed("link", kind="payment.requires_action", change=as_paid()),
    expect_payments("link", "processing"),
    expect_link("link", amountPaid=0, uses=0, status="open", paymentStatus="processing", flags=[]),
    expect_events("payment.succeeded", 0),
    answers("ana", "approve"),
    expect_link("link", amountPaid=1200, flags=[], **PAID),
    expect_events("payment.succeeded", 1),
    expect_books_agree(),
])


def trigger(cents, *steps, **settings):
    """Amounts with these cents make the company misbehave in one way."""
    return tell([create_link("link", f"EUR 10.{cents:02d}"), begin("ana", "link"), types_card("ana"), *steps,
                 expect_link("link", amountPaid=1000 + cents, **PAID), expect_payments("link", "succeeded"),
                 expect_events("payment.succeeded", 1), expect_books_agree()], **settings)


slow = trigger(19, shows("ana", "processing"), shows("ana", "paid"), mock_settle_delay="300")
lost_answer = trigger(27, shows("ana", "paid"))
too_many = trigger(41, shows("ana", "paid"))
two_errors = trigger(55, shows("ana", "paid"))
hook_twice = trigger(69, shows("ana", "paid"))
hook_first = trigger(77, shows("ana", "paid"))
no_hook = trigger(88, shows("ana", "paid"))

challenged_by_amount = tell([
    create_link("link", "EUR 10.05"),
    begin("ana", "link"),
    types_card("ana"),
    answers("ana", "approve"),
    shows("ana", "paid"),
    expect_link("link", amountPaid=1005, **PAID),
])

# The company says "failed", and a while later "paid": kept, never refused, and flagged where the slot is gone.
late = tell([
    create_link("link", "EUR 10.95"),
    begin("ana", "link"),
    types_card("ana"),
    expect_payments("link", "succeeded"),
    expect_link("link", amountPaid=1095, **PAID),
    expect_books_agree(),
], mock_settle_delay="300")

LATE_DELAY = "1500"

duplicate = tell([
    create_link("link", "EUR 10.95"),
    begin("ana", "link"),
    types_card("ana"),                            # fails, and succeeds 1.5 s later
    shows("ana", "declined"),
    begin("bea", "link"),
    types_card("bea"),
    expect_payments("link", "succeeded", "succeeded"),
    expect_link("link", amountPaid=2190, paymentStatus="overpaid", flags=["duplicate", "over"], uses=1),
    expect_books_agree(),
], mock_settle_delay=LATE_DELAY)

duplicate_given_back = tell([
    create_link("link", "EUR 10.95"),
    change_merchant(refundDuplicates=True),
    begin("ana", "link"),
    types_card("ana"),
    shows("ana", "declined"),
    begin("bea", "link"),
    types_card("bea"),
    expect_payments("link", "succeeded", "succeeded"),
    expect_link("link", amountPaid=2190, amountRefunded=1095, paymentStatus="paid", flags=["duplicate"], uses=1),
    expect_events("refund.succeeded", 1),
], mock_settle_delay=LATE_DELAY)

late_on_cancelled = tell([
    create_link("link", "EUR 10.95"),
    begin("ana", "link"),
    types_card("ana"),
    shows("ana", "declined"),
    decide("link", "cancel"),
    expect_payments("link", "succeeded"),
    expect_link("link", amountPaid=1095, status="cancelled", flags=["late"]),
    expect_books_agree(),
], mock_settle_delay=LATE_DELAY)

late_on_expired = tell([
    create_link("link", "EUR 10.95", expiresAt=lambda: at(3)),
    begin("ana", "link"),
    types_card("ana"),
    shows("ana", "declined"),
    expect_link("link", status="expired"),
    expect_payments("link", "succeeded"),
    expect_link("link", amountPaid=1095, flags=["late"]),
], mock_settle_delay="5000")

wrong_amount = tell([
    create_link("link", "EUR 12.00"),
    begin("ana", "link"),
    types_card("ana"),
    # One cent less was captured than was asked: kept and told, and nothing is settled.
    expect_link("link", flags=["amount_mismatch", "quarantined"], amountPaid=0, uses=0, status="open"),
    shows("ana", "processing"),
    expect_events("payment.succeeded", 0),
], mock_wrong_amounts="100")

three_uses = tell([
    create_link("link", "MXN 99.00", usage={"type": "limited", "limit": 3}),
    *[step for name in ("ana", "bea", "cleo") for step in (pays(name, "link"), shows(name, "paid"))],
    expect_link("link", amountPaid=29700, uses=3, status="used_up", paymentStatus="paid", flags=[]),
    open_page("dora", "link"),
    shows("dora", "used_up"),
    refused("dora", "link", 200),
    expect_payments("link", "succeeded", "succeeded", "succeeded"),
    expect_books_agree(),
])

unlimited = tell([
    create_link("link", "EUR 5.00", usage={"type": "unlimited"}),
    *[step for number in range(5) for step in (pays(f"buyer {number}", "link"), shows(f"buyer {number}", "paid"))],
    expect_link("link", amountPaid=2500, uses=5, status="open", paymentStatus="paid", flags=[]),
    expect_books_agree(),
])

open_amount = tell([
    create_link("link", currency="EUR", pricing={"type": "open", "minimum": 500, "maximum": 10000, "preset": 2000}),
    refused("ana", "link", 400, amount="4.99"),
    refused("ana", "link", 400, amount="100.01"),
    refused("ana", "link", 400, amount="-5"),
    refused("ana", "link", 400, amount="1e3"),
    refused("ana", "link", 400, amount="12.345"),
    expect_payments("link"),
    pays("ana", "link", amount="12.34"),
    shows("ana", "paid"),
    expect_link("link", amountPaid=1234, paymentStatus="paid", status="used_up", flags=[]),
])

lines = tell([
    create_link("link", currency="EUR", pricing={"type": "lines", "lines": [
        {"name": "Cup", "unitAmount": 450, "quantity": 1, "maximumQuantity": 5},
        {"name": "Machine", "unitAmount": 2000, "quantity": 1}]}),
    refused("ana", "link", 400, quantity_0="6", quantity_1="1"),
    refused("ana", "link", 400, quantity_0="0", quantity_1="1"),
    refused("ana", "link", 400, quantity_0="1", quantity_1="2"),
    expect_payments("link"),
    pays("ana", "link", quantity_0="3"),
    shows("ana", "paid"),
    expect_link("link", amountPaid=3350, paymentStatus="paid", flags=[]),
])

in_parts = tell([
    create_link("link", "EUR 100.00", partial={"type": "on", "minimumFirst": 3000}),
    refused("ana", "link", 400, amount="29.99"),
    pays("ana", "link", amount="30.00"),
    expect_link("link", amountPaid=3000, paymentStatus="partially_paid", status="open", flags=["partial"]),
    refused("bea", "link", 400, amount="70.01"),
    pays("bea", "link", amount="70.00"),
    expect_link("link", amountPaid=10000, paymentStatus="paid", status="used_up", flags=[]),
    expect_books_agree(),
])

currencies = tell([
    step for price in ("JPY 500", "KWD 1.250", "CLF 0.0125", "KRW 1", "USD 1000000.00")
    for step in (create_link(price, price), pays(price, price), shows(price, "paid"),
                 expect_link(price, amountPaid=minor(price)[1], currency=minor(price)[0], **PAID))
] + [expect_books_agree()])

token_replaced = tell([
    create_link("link", "EUR 12.00"),
    begin("ana", "link"),
    new_token("link"),
    open_page("bea", "link before", status=410),
    refused("bea", "link before", 410),
    open_page("bea", "link"),
    types_card("ana"),                            # she was at the provider already: her money arrives
    expect_link("link", amountPaid=1200, **PAID),
    expect_books_agree(),
])

closed_links = tell([
    create_link("paused", "EUR 12.00"),
    create_link("cancelled", "EUR 12.00"),
    create_link("scheduled", "EUR 12.00", notBefore=lambda: at(86400)),
    create_link("expired", "EUR 12.00", expiresAt=lambda: at(1)),
    decide("paused", "pause"),
    decide("cancelled", "cancel"),
    expect_link("expired", status="expired"),
    *[step for name, status in (("paused", 200), ("cancelled", 410), ("scheduled", 200), ("expired", 410))
      for step in (open_page("ana", name, status=status), shows("ana", name), refused("ana", name, status),
                   expect_link(name, status=name, amountPaid=0), expect_payments(name))],
    decide("paused", "resume"),
    pays("ana", "paused"),
    shows("ana", "paid"),
    decide("cancelled", "resume", status=409),
    expect_events("link.expired", 1),
])

cancelled_at_the_provider = tell([
    create_link("link", "EUR 12.00"),
    begin("ana", "link"),
    decide("link", "cancel"),
    expect_payments("link", "cancelled"),
    expect_link("link", status="cancelled", amountPaid=0),
    expect_books_agree(),
])

currency_fixed_after_attempt = tell([
    create_link("link", "EUR 12.00"),
    change_link("link", currency="USD"),
    begin("ana", "link"),
    change_link("link", status=409, error="currency", currency="MXN"),
    change_link("link", title="Another title"),
    expect_link("link", currency="USD", title="Another title"),
])

killed_in_between = tell([
    create_link("link", "EUR 12.00"),
    begin("ana", "link"),
    kill_and_restart(),
    types_card("ana", "asks"),
    kill_and_restart(),
    answers("ana", "approve"),
    kill_and_restart(),
    expect_link("link", amountPaid=1200, **PAID),
    expect_events("payment.succeeded", 1),
    expect_books_agree(),
])

reference_link = tell([
    create_link("link", "EUR 12.00", token="5f" * 24),
    do("the address with ?d= opens the same checkout", lambda world: same_checkout(world, "link")),
    pays("ana", "link"),
    expect_link("link", amountPaid=1200, **PAID),
])


def same_checkout(world, link):
    token = world.links[link]["token"]
    assert len(token) == 48
    by_path, by_query = world.buyer("a").open(f"/pay/{token}"), world.buyer("b").open(f"/pay?d={token}")
    assert by_path.status == by_query.status == 200
    assert world.buyer("a").text() == world.buyer("b").text()


def chaos(seed):
    """Everything at once: half of what can go wrong does, ten buyers and ten links; in the end the books agree."""
    people = [f"buyer {number}" for number in range(10)]
    steps = [create_link(name, f"EUR {10 + number}.00") for number, name in enumerate(people)]
    steps += [do(f"{name} pays, whatever it takes", lambda world, name=name: persist(world, name)) for name in people]
    steps += [expect_link(name, paymentStatus="paid", uses=1, flags=[]) for name in people]
    steps += [expect_books_agree()]
    return tell(steps, mock_seed=str(seed), mock_api_errors="10", mock_api_lost="10", mock_hooks_lost="20",
                mock_hooks_twice="30", mock_hooks_renamed="30", mock_hooks_forged="30", mock_hook_delay="0-500",
                mock_success_rate="70", mock_latency="0-20")


def persist(world, name):
    """Pays until the link says paid: presses Pay where there is a form, looks again where there is none."""
    buyer = world.buyer(name)

    def attempt():
        if world.now(name)["paymentStatus"] in ("paid", "overpaid"):
            return True
        buyer.open(world.url(name) + "?back=1")
        forms = [form for form in buyer.forms() if form["method"] == "post" and "/pay/" in form["action"]]
        if forms:
            buyer.submit(forms[0])
        if buyer.at_card():
            buyer.type_card("4242424242424242")
        return False
    # The breaker may open in between: it is left alone for half a minute, then a minute.
    wait_for(f"{name} to pay: {buyer.place}", attempt, PATIENCE * 3)


if __name__ == "__main__":
    random = tap.seeded()
    tap.run([
        ("paid", paid),
        ("declined, then paid", declined),
        ("challenged: approved and declined", challenged),
        ("walked away and came back", walked_away),
        ("gave up and began anew", gave_up),
        ("told twice, paid once", paid_twice),
        ("nothing leads back from paid", backwards),
        ("forged webhooks change nothing", forged),
        ("authentic is not valid", authentic_not_valid),
        ("the provider must confirm", not_confirmed),
        ("settles slowly", slow),
        ("answer lost after success", lost_answer),
        ("429 once", too_many),
        ("500 twice", two_errors),
        ("webhook sent twice", hook_twice),
        ("webhook before the answer", hook_first),
        ("webhook never sent", no_hook),
        ("challenged by the amount", challenged_by_amount),
        ("late success", late),
        ("late success without a slot is a duplicate", duplicate),
        ("a duplicate is given back", duplicate_given_back),
        ("late success of a cancelled link", late_on_cancelled),
        ("late success of an expired link", late_on_expired),
        ("another amount than asked", wrong_amount),
        ("three uses", three_uses),
        ("unlimited uses", unlimited),
        ("the payer chooses the amount", open_amount),
        ("the payer chooses quantities", lines),
        ("paid in parts", in_parts),
        ("currencies with 0 to 4 decimals", currencies),
        ("the token is replaced", token_replaced),
        ("closed links take no money and say why", closed_links),
        ("cancelling ends the open attempt", cancelled_at_the_provider),
        ("the currency is fixed after the first attempt", currency_fixed_after_attempt),
        ("killed at every step", killed_in_between),
        ("a reference of 48 digits", reference_link),
        ("chaos", chaos(random.randrange(10**9))),
    ])
