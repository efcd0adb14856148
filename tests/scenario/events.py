#!/usr/bin/python3
"""tests/scenario/events.py EVENTS — a provider's events, each three times, in any order, one in ten forged in twelve ways,
some about payments whose answer got lost: what is in the ledger then is what an independent model says, no forgery is
believed, and nothing is lost."""
# proves: OPL-9, OPF-6, I1, I3
import hashlib
import hmac
import json
import os
import random
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import tap
from relay import Client, Relay, wait_for

EVENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
SEED = int(os.environ.get("COBRO_TEST_SEED", "7"))
SECRET = "the provider's and the relay's own secret"
SENDERS = 8
CARDS = ["4242424242424242"] * 7 + ["4000000000000002"] * 2 + [None]
dice = random.Random(SEED)


def sign(secret, stamp, body):
    return hmac.new(secret.encode(), f"{stamp}.{body}".encode(), hashlib.sha256).hexdigest()


def headers(body, secret=SECRET, shift=0):
    stamp = str(int(time.time()) + shift)
    return {"Mock-Timestamp": stamp, "Mock-Signature": "v1=" + sign(secret, stamp, body), "Content-Type": "application/json"}


def forge(body, way):
    """(body, headers) that must not be believed."""
    good = headers(body)
    mac = good["Mock-Signature"]
    return [
        lambda: (body, headers(body, "not the secret of this account")),
        lambda: (body, headers(body, SECRET + "x")),
        lambda: (body, headers(body, shift=-302)),
        lambda: (body, headers(body, shift=303)),
        lambda: (body.replace('"amount": ', '"amount": 9'), good),
        lambda: (body + " ", good),
        lambda: (body, {**good, "Mock-Signature": mac[:-1]}),
        lambda: (body, {**good, "Mock-Signature": mac.upper()}),
        lambda: (body, {**good, "Mock-Signature": f"{mac}, {mac}"}),
        lambda: (body, {**good, "Mock-Timestamp": f"{good['Mock-Timestamp']}, {good['Mock-Timestamp']}"}),
        lambda: (body, {"Content-Type": "application/json"}),
        lambda: (body, {**good, "Mock-Timestamp": str(int(good["Mock-Timestamp"]) - 1)}),
    ][way % 12]()


class Model:
    """What is true, from what buyers did alone: no line of the relay's or the gateway's decides here."""

    def __init__(self):
        self.paid, self.failed = {}, set()

    def card(self, reference, number, amount):
        if number == CARDS[0]:
            self.paid[reference] = amount
        elif number is not None:
            self.failed.add(reference)


def buy(relay, link, model, count, lock):
    """Buyers come, some type a card; the gateway sends no webhooks of its own."""
    client = Client(relay.port)
    for _ in range(count):
        with lock:
            number = dice.choice(CARDS)
        begun = client.post(f"/api/public/pay/{link['token']}/create-payment", {"method": "card"})
        assert begun.status == 200, begun
        if not begun.json["redirectUrl"]:
            continue        # its answer got lost
        if number is not None:
            rest = begun.json["redirectUrl"].split("/mock/")[1]
            typed = client.post(f"/mock/{rest}", f"number={number}&expiry=12/34&cvc=123",
                                {"Content-Type": "application/x-www-form-urlencoded"})
            assert typed.status == 303, typed
            with lock:
                model.card(begun.json["paymentIntentId"], number, 1250)
    client.close()


def deaf(shop, percent):
    assert shop.put("/v1/providers/mock", {"settings": {"hooks-lost": "100", "api-lost": percent}}).status == 200


def lose_answers(relay, shop, link, model, count):
    """The relay never hears how its call went: only the event knows the gateway's name of the payment."""
    client = Client(relay.port)
    with relay.books("mock") as books:
        before = {row[0] for row in books.execute("SELECT id FROM payments")}
    for i in range(count):
        # An answer in between keeps the breaker closed: five lost ones in a row would open it.
        if i % 3 == 0:
            deaf(shop, "")
            kept = client.post(f"/api/public/pay/{link['token']}/create-payment", {"method": "card"})
            assert kept.status == 200, kept
            before.add(kept.json["paymentIntentId"])
            deaf(shop, "100")
        assert client.post(f"/api/public/pay/{link['token']}/create-payment", {"method": "card"}).status == 200
    deaf(shop, "")
    with relay.books("mock") as books:
        made = [row[0] for row in books.execute("SELECT id FROM payments") if row[0] not in before]
    assert len(made) == count, (len(made), count)
    for object_id in made:
        client.post(f"/mock/pay/{object_id}", "number=4242424242424242&expiry=12/34&cvc=123",
                    {"Content-Type": "application/x-www-form-urlencoded"})
        model.card(object_id, CARDS[0], 1250)
    client.close()


def events_of(relay, account):
    """Everything that the gateway would have told, as it was then, and a second name for every last word."""
    with relay.books("mock") as books:
        bodies = [row[0] for row in books.execute("SELECT body FROM events ORDER BY created_at, id")]
    found = []
    for body in bodies:
        event = json.loads(body)
        assert event["account"] == account, event
        found.append((event["id"], json.dumps(event)))
        if event["payment"]["status"] in ("succeeded", "failed"):
            event["id"] += "again"
            found.append((event["id"], json.dumps(event)))
    return found


def send_all(relay, account, letters):
    """Every letter from one of several senders; what each was answered."""
    answers, lock = [], threading.Lock()

    def send(mine):
        client, got = Client(relay.port), []
        for genuine, body, way in mine:
            body, sent = (body, headers(body)) if genuine else forge(body, way)
            got.append((genuine, client.post(f"/webhooks/mock/{account}", body, sent).status))
        client.close()
        with lock:
            answers.extend(got)
    senders = [threading.Thread(target=send, args=(letters[i::SENDERS],)) for i in range(SENDERS)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len(answers) == len(letters), "a sender died"
    return answers


def ledger(relay):
    with relay.books() as books:
        rows = books.execute("SELECT payment.provider_payment_id, ledger.amount FROM ledger JOIN payment ON "
                             "payment.id = ledger.payment_id ORDER BY 1").fetchall()
    assert len(rows) == len(dict(rows)), "a payment is booked twice"
    return dict(rows)


def count(relay, sql):
    with relay.books() as books:
        return books.execute(sql).fetchone()[0]


def everything():
    with Relay(mock_hooks_lost="100", mock_seed="1") as relay:
        shop = relay.add_merchant()
        assert shop.put("/v1/providers/mock", {"webhookSecret": SECRET}).status == 200
        account = shop.get("/v1/providers/mock").data["account"]
        link = shop.create(currency="EUR", amount=1250, usage={"type": "unlimited"})
        model, lock = Model(), threading.Lock()
        payments = EVENTS // 3
        lost = max(1, EVENTS // 50 // 3)
        buyers = [threading.Thread(target=buy, args=(relay, link, model, (payments - lost) // 4, lock)) for _ in range(4)]
        for buyer in buyers:
            buyer.start()
        for buyer in buyers:
            buyer.join()
        lose_answers(relay, shop, link, model, lost)
        genuine = events_of(relay, account)
        letters = [(True, body, 0) for _, body in genuine for _ in range(3)]
        letters += [(False, genuine[dice.randrange(len(genuine))][1].replace('"id": "me_', '"id": "mf_', 1), way)
                    for way in range(len(genuine) // 10)]
        dice.shuffle(letters)
        answers = send_all(relay, account, letters)
        assert all(status == (200 if good else 401) for good, status in answers), sorted(set(answers))
        wait_for("every event to be applied",
                 lambda: count(relay, "SELECT count(*) FROM inbox WHERE state <> 'applied'") == 0)
        assert count(relay, "SELECT count(*) FROM inbox") == len(genuine)
        assert count(relay, "SELECT count(*) FROM inbox WHERE event_id LIKE 'mf_%'") == 0
        assert ledger(relay) == model.paid, "the ledger is not what buyers did"
        succeeded = count(relay, "SELECT count(*) FROM payment WHERE state = 'succeeded'")
        failed = count(relay, "SELECT count(*) FROM payment WHERE state = 'failed'")
        assert (succeeded, failed) == (len(model.paid), len(model.failed)), (succeeded, failed)
        assert count(relay, "SELECT count(*) FROM quarantine") == 0
        relay.audit()
        tap.note(f"seed {SEED}: {len(genuine)} events, {len(letters)} letters, {len(model.paid)} payments, "
                 f"{lost} of them with a lost answer")


tap.run([("the ledger is what an independent model says", everything)])
