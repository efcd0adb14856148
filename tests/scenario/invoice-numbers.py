#!/usr/bin/python3
# tests/scenario/invoice-numbers.py [INVOICES]: 64 writers issue invoices at once over the API, every fifth is refused after its
# number was given, and the relay is killed with -9 again and again. Each request is repeated until it is answered: it has
# made one invoice, and the numbers are 1, 2, 3 … without a gap. COBRO_TEST_ENGINE=postgres: two relays on one database, of
# which one or the other is killed.
# proves: INV-1
import contextlib
import http.client
import os
import queue
import shutil
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import tap
from relay import ON_POSTGRES, Client, Relay

INVOICES = int(sys.argv[1]) if len(sys.argv) > 1 else 1500
WRITERS = 64
INVOICES_A_KILL = 150                # a kill for so many, about
GONE = (OSError, http.client.HTTPException)
WAITS = (409, 503)          # "still running", "starting": the same again
random = tap.seeded()


def body_of(number):
    """Every fifth has no buyer: that is found when the document is complete, number and all."""
    body = {"currency": "EUR", "decision": "issued", "reference": f"order {number}",
            "lines": [{"description": "A thing", "quantity": "1.5", "unitAmount": 1000 + number}]}
    if number % 5:
        body["customer"] = {"name": f"Buyer {number}"}
    return body


def ask(client, number):
    """Until there is an answer."""
    deadline = time.monotonic() + 120
    reply = None
    while time.monotonic() < deadline:
        try:
            reply = client.post("/v1/invoices", body_of(number), {"Idempotency-Key": f"invoice-{number}"})
        except GONE:
            client.close()
            time.sleep(0.02)
            continue
        if reply.status not in WAITS:
            return reply
        time.sleep(0.02)
    raise AssertionError(f"invoice {number} was never answered: {reply}")


class Writer(threading.Thread):
    def __init__(self, relay, shop, numbers, made, faults):
        super().__init__(daemon=True)
        self.client = Client(relay.port, shop.key)
        self.numbers, self.made, self.faults = numbers, made, faults

    def run(self):
        while True:
            try:
                number = self.numbers.get_nowait()
            except queue.Empty:
                self.client.close()
                return
            try:
                reply = ask(self.client, number)
                assert reply.status == (201 if number % 5 else 400), reply
                if reply.status == 201:
                    self.made[number] = reply.data
            except Exception as failure:        # told at the end: the others go on
                self.faults.append(repr(failure))


@contextlib.contextmanager
def relays():
    """One; or, where the books are shared, two with the same key."""
    with Relay() as relay:
        if not ON_POSTGRES:
            yield [relay]
            return
        other = Relay(database=relay.settings["database"])
        os.makedirs(other.data, 0o700)
        shutil.copy2(os.path.join(relay.data, "relay.key"), other.data)
        with other:
            yield [relay, other]


def kill_now_and_then(running, writers, made):
    """Whenever so many invoices are made, wherever the others are just then; the first early, so that one there is. On the
    thread that started it: the relay ends with its parent, which is a thread."""
    wanted = INVOICES * 4 // 5
    marks = sorted([wanted // 10, *random.sample(range(wanted // 10 + 1, wanted), max(1, INVOICES // INVOICES_A_KILL))])
    kills = 0
    while any(writer.is_alive() for writer in writers):
        time.sleep(0.005)
        if marks and len(made) >= marks[0]:
            while marks and len(made) >= marks[0]:
                marks.pop(0)
            random.choice(running).restart()
            kills += 1
    return kills


def check(relay, shop, made):
    wanted = [number for number in range(INVOICES) if number % 5]
    assert sorted(made) == wanted, "a request was lost"
    assert len({row["number"] for row in made.values()}) == len(wanted), "two invoices, one number"
    for number in random.sample(wanted, 20):                            # and still the same when all is quiet
        assert ask(shop, number).data == made[number], number
    with relay.books() as books:
        given = sorted(row[0] for row in books.execute("SELECT sequence FROM invoice").fetchall())
        assert given == list(range(1, len(wanted) + 1)), f"numbers with gaps: {given}"
        assert books.execute("SELECT next FROM series").fetchall() == [(len(wanted) + 1,)]
        assert books.execute("SELECT count(*) FROM event WHERE type = 'invoice.issued'").fetchone() == (len(wanted),)
        told = dict(books.execute("SELECT id, number FROM invoice").fetchall())
    assert told == {row["id"]: row["number"] for row in made.values()}, "an answer says another number than the books"


def numbers_without_gaps():
    with relays() as running:
        relay = running[0]
        shop = relay.add_merchant()
        numbers, made, faults = queue.Queue(), {}, []
        for number in range(INVOICES):
            numbers.put(number)
        writers = [Writer(running[number % len(running)], shop, numbers, made, faults) for number in range(WRITERS)]
        begun = time.monotonic()
        for writer in writers:
            writer.start()
        kills = kill_now_and_then(running, writers, made)
        assert faults == [], faults[:3]
        tap.note(f"{len(made)} invoices by {WRITERS} writers in {time.monotonic() - begun:.1f} s, {kills} kills")
        relay.restart()
        check(relay, shop, made)
        relay.audit()
        assert kills > 0, "nothing was killed"


tap.run([("numbers have no gaps, whatever is refused and killed", numbers_without_gaps)])
