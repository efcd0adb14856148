#!/usr/bin/python3
# tests/scenario/races.py [RACES]: two payers press Pay for the same single-use link at the same moment. One comes to the
# card form, the other is told that somebody is paying; one payment, every time. Ends with the audit.
# proves: OPL-6
import os
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import tap
from buyer import Buyer
from relay import Client, Relay, path_of, wait_for
from story import CARDS

RACES = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
random = tap.seeded()


class Payer:
    """One of the two: by the page's form, or by the public API."""

    def __init__(self, relay, url, by_api):
        self.relay = relay
        self.url = url
        self.token = url.rsplit("/", 1)[1]
        self.by_api = by_api
        self.buyer = Buyer(relay)
        self.won = None
        self.why = None

    def go(self, gate):
        """Waits at the gate for the other one, then presses Pay."""
        gate.wait()
        if self.by_api:
            reply = self.buyer.client.request("POST", f"/api/public/pay/{self.token}/create-payment", {})
            self.won = reply.status in (200, 201)
            self.why = None if self.won else (reply.status, reply.text)
            return
        page = self.buyer.submit({"action": self.url, "fields": {}})
        self.won = self.buyer.at_card()
        self.why = None if self.won else (page.status, self.buyer.text())


def run_pair(pair):
    gate = threading.Barrier(2)
    threads = [threading.Thread(target=payer.go, args=(gate,)) for payer in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def told_why(payer):
    """The loser hears of the other payer, not of a fault."""
    status, text = payer.why
    if payer.by_api:
        return status == 409 and ("paying" in text or "BUSY" in text)
    return status == 200 and "paying" in text.lower()


def race(relay, link, by_api):
    pair = [Payer(relay, path_of(link["url"]), by_api and number == 1) for number in range(2)]
    try:
        run_pair(pair)
        winners = [payer for payer in pair if payer.won]
        assert len(winners) == 1, f"{len(winners)} winners for {link['id']}: {[payer.why for payer in pair]}"
        loser = pair[1 - pair.index(winners[0])]
        assert told_why(loser), f"the loser was told {loser.why}"
        if not winners[0].by_api:
            winners[0].buyer.type_card(CARDS["pays"])
        return winners[0].by_api
    finally:
        for payer in pair:
            payer.buyer.close()


def races():
    with Relay() as relay:
        shop = relay.add_merchant()
        by_api_won, paid = 0, 0
        for number in range(RACES):
            link = shop.create(currency="EUR", amount=1200 + 100 * (number % 7), reference=f"race-{number}")
            if race(relay, link, by_api=random.random() < 0.3):
                by_api_won += 1
            else:
                paid += 1
        check_books(relay, shop, paid, by_api_won)
        tap.note(f"{RACES} races: {paid} won at the page and paid, {by_api_won} won by the API and left open")


def check_books(relay, shop, paid, left_open):
    """One attempt for each link, never two; each that typed a card has paid once."""
    def settled():
        rows = shop.payments()
        return rows if sum(row["status"] == "succeeded" for row in rows) == paid else None
    rows = wait_for("all that were paid", settled)
    assert len(rows) == RACES == len({row["linkId"] for row in rows}), f"{len(rows)} attempts for {RACES} links"
    assert len(rows) - paid == left_open
    kinds = [event["type"] for event, _ in shop.events()]
    assert kinds.count("payment.succeeded") == paid and kinds.count("payment.created") == RACES
    relay.audit()
    relay.stop()
    relay.audit()


def crowd():
    """Thirty payers at once for a link with five uses: five come through, the books agree."""
    with Relay() as relay:
        shop = relay.add_merchant()
        for _ in range(max(RACES // 100, 1)):
            link = shop.create(currency="EUR", amount=1000, usage={"type": "limited", "limit": 5})
            payers = [Payer(relay, path_of(link["url"]), False) for _ in range(30)]
            gate = threading.Barrier(len(payers))
            threads = [threading.Thread(target=payer.go, args=(gate,)) for payer in payers]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            winners = [payer for payer in payers if payer.won]
            assert len(winners) == 5, f"{len(winners)} winners for five uses"
            for payer in winners:
                payer.buyer.type_card(CARDS["pays"])
            for payer in payers:
                payer.buyer.close()
            wait_for("five paid uses", lambda link=link: shop.link(link["id"])["uses"] == 5)
            seen = shop.link(link["id"])
            assert seen["status"] == "used_up" and seen["amountPaid"] == 5000 and seen["flags"] == [], seen
        relay.audit()


def same_key():
    """Ten requests with one idempotency key at once make one link."""
    with Relay() as relay:
        shop = relay.add_merchant()
        for number in range(max(RACES // 20, 5)):
            answers = [None] * 10
            gate = threading.Barrier(len(answers))

            def go(index, number=number, answers=answers, gate=gate):
                client = Client(relay.port, shop.key)
                gate.wait()
                answers[index] = client.post("/v1/links", {"currency": "EUR", "amount": 900 + number},
                                             {"Idempotency-Key": f"once-{number}"})
                client.close()
            threads = [threading.Thread(target=go, args=(index,)) for index in range(len(answers))]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            made = [answer for answer in answers if answer.status == 201]
            busy = [answer for answer in answers if answer.status == 409]
            assert len(made) + len(busy) == len(answers), [answer.status for answer in answers]
            assert len({answer.data["id"] for answer in made}) == 1 and len({answer.body for answer in made}) == 1
            assert sum("idempotent-replayed" in answer.headers for answer in made) == len(made) - 1
        assert len(shop.get("/v1/links?limit=100").data) == max(RACES // 20, 5)
        relay.audit()


if __name__ == "__main__":
    tap.run([
        (f"{RACES} races for a single-use link", races),
        ("thirty payers for five uses", crowd),
        ("one idempotency key, ten requests at once", same_key),
    ])
