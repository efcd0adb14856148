#!/usr/bin/python3
# tests/scenario/cluster.py [KILLS]: two relays on one PostgreSQL, all three killed over and over under load. Whatever was
# acknowledged is there afterwards, once; the company's books and ours agree; the audit is clean; service is back within
# ten seconds, by itself. How long it took is told.
# proves: OPL-11
import contextlib
import http.client
import json
import os
import shutil
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import postgres
import tap
from buyer import Buyer
from relay import Client, Merchant, Relay, free_port, path_of, wait_for
from story import CARDS

KILLS = int(sys.argv[1]) if len(sys.argv) > 1 else 4     # of each relay, and of the server
WORKERS = 4
BACK_WITHIN = 10
GONE = (OSError, http.client.HTTPException)              # what a client sees of a killed relay
UNSURE = (409, 429, 500, 502, 503, 504)                  # answers after which a client asks again with the same key
random = tap.seeded()


class Promises:
    """What the relays said they had done."""

    def __init__(self):
        self.lock = threading.Lock()
        self.links = {}          # id → the document as answered
        self.payments = {}       # idempotency key → payment id
        self.paid = set()        # link ids whose page said "paid"
        self.wrong = []          # answers that no rule explains
        self.last = time.monotonic()
        self.longest = 0.0       # without a single acknowledged write

    def kept(self, store, key, value):
        with self.lock:
            store[key] = value
            now = time.monotonic()
            self.longest, self.last = max(self.longest, now - self.last), now


class Worker(threading.Thread):
    """Makes links, pays them, and charges without a link; asks whichever relay answers, always with the same key."""

    def __init__(self, number, relays, key, promises, stop):
        super().__init__(daemon=True)
        self.number = number
        self.relays = relays
        self.clients = [Client(relay.port, key) for relay in relays]
        self.promises = promises
        self.stop = stop
        self.made = 0

    def run(self):
        while not self.stop.is_set():
            try:
                self.work()
            except GONE:
                time.sleep(0.02)
            except Exception as failure:                 # an answer that should not exist: told at the end
                with self.promises.lock:
                    self.promises.wrong.append(repr(failure))

    def post(self, path, body, key):
        """Until somebody answers for certain: each try at the other relay. None when the test ends."""
        at = random.randrange(len(self.clients))
        while not self.stop.is_set():
            at = (at + 1) % len(self.clients)
            try:
                reply = self.clients[at].post(path, body, {"Idempotency-Key": key})
            except GONE:
                time.sleep(0.02)
                continue
            if reply.status not in UNSURE:
                return reply
            time.sleep(0.05)
        return None

    def work(self):
        self.made += 1
        key = f"w{self.number}-{self.made}"
        if self.made % 3 == 0:
            self.charge(key)
            return
        body = {"currency": "EUR", "amount": 1000 + self.made % 50 * 100, "reference": key, "metadata": {"worker": key}}
        made = self.post("/v1/links", body, key)
        if made is None:
            return
        assert made.status == 201, made
        self.promises.kept(self.promises.links, made.data["id"], made.data)
        if self.made % 3 == 1:
            self.pay(made.data)

    def charge(self, key):
        made = self.post("/v1/payments", {"currency": "EUR", "amount": 1000 + self.made % 7 * 100, "gateway": "mock"}, key)
        if made is None:
            return
        assert made.status == 201, made
        self.promises.kept(self.promises.payments, key, made.data["id"])

    def pay(self, link):
        relay = random.choice(self.relays)
        buyer = Buyer(relay)
        try:
            buyer.begin(path_of(link["url"]))
            if not buyer.at_card():
                return
            buyer.type_card(CARDS["pays"])
            if buyer.page.status != 200:
                return
            cookies = "; ".join(f"{name}={value}" for name, value in buyer.cookies.items())
            status = buyer.client.get(f"{path_of(link['url'])}/status", {"Accept": "application/json", "Cookie": cookies})
            if status.status == 200 and status.json["state"] == "paid":
                with self.promises.lock:
                    self.promises.paid.add(link["id"])
        except AssertionError:                           # "We will be right back" has no form; the link stays payable
            if buyer.page is None or buyer.page.status not in UNSURE:
                raise
        finally:
            buyer.close()


class Cluster:
    """A server, two relays that share a database on it, and the company's own database."""

    def __init__(self, stack):
        self.server = stack.enter_context(postgres.Server())
        self.company = self.server.database()
        self.books = self.server.database()
        port = free_port()                               # of the first: a balancer would stand there
        settings = {"database": self.books, "mock_books": self.company, "public_url": f"http://127.0.0.1:{port}"}
        self.relays = [Relay(**settings), Relay(**settings)]
        self.relays[0].port = port
        stack.enter_context(self.relays[0])
        os.makedirs(self.relays[1].data, 0o700)
        for name in os.listdir(self.relays[0].data):
            if name.endswith(".key"):                    # both open what either sealed
                shutil.copy(os.path.join(self.relays[0].data, name), self.relays[1].data)
        stack.enter_context(self.relays[1])

    def add_merchant(self):
        done = self.relays[0].command("merchant", "add", "Ana's Café", "--json")
        assert done.returncode == 0, done
        return json.loads(done.stdout)

    def audit(self):
        done = self.relays[0].command("audit", "--json")
        assert done.returncode == 0, f"audit: {done.stdout} {done.stderr}"
        report = json.loads(done.stdout)
        assert report["ok"] is True and report["violations"] == [], done.stdout

    def captured(self):
        """What the company took, by payment of theirs."""
        name = postgres.database_name(self.company)
        rows = [row.split("|") for row in
                self.server.sql("SELECT id, captured FROM payments WHERE state = 'succeeded'", name).splitlines()]
        return {row[0]: int(row[1]) for row in rows}


def strike(cluster, number):
    """One kill; the rhythm visits each of the three."""
    victim = number % 3
    if victim < 2:
        cluster.relays[victim].kill()
        time.sleep(random.uniform(0, 0.3))
        cluster.relays[victim].start()
        return
    cluster.server.stop(random.choice(["immediate", "kill", "fast"]))
    time.sleep(random.uniform(0, 0.5))
    cluster.server.start()


def check(cluster, shop, promises):
    for link_id, answered in promises.links.items():
        now = shop.link(link_id)
        for name in ("currency", "pricing", "reference", "url"):
            assert now[name] == answered[name], f"{link_id}: {name} was {answered[name]}, is {now[name]}"
    references = [link["reference"] for link in promises.links.values()]
    assert len(references) == len(set(references)), "one key made two links"

    rows = {row["id"]: row for row in shop.payments()}
    for key, payment_id in promises.payments.items():
        assert payment_id in rows, f"{key}: {payment_id} was acknowledged and is gone"
    keys = [row["idempotencyKey"] for row in rows.values() if row["idempotencyKey"] in promises.payments]
    assert len(keys) == len(set(keys)), "one key made two payments"
    succeeded = [row["linkId"] for row in rows.values() if row["status"] == "succeeded" and row["linkId"]]
    assert len(succeeded) == len(set(succeeded)), "a link was paid twice"
    missing = promises.paid - set(succeeded)
    assert not missing, f"told “paid”, but not in the books: {missing}"


def books_agree(cluster, shop):
    """What the company captured is what our books say, payment by payment."""
    ours = {row["providerPaymentId"]: row["amount"] for row in shop.payments() if row["status"] == "succeeded"}
    return cluster.captured() == ours


def trial():
    with contextlib.ExitStack() as stack:
        cluster = Cluster(stack)
        added = cluster.add_merchant()
        shop = Merchant(cluster.relays[0].port, added)
        promises, stop = Promises(), threading.Event()
        workers = [Worker(number, cluster.relays, shop.key, promises, stop) for number in range(WORKERS)]
        for worker in workers:
            worker.start()
        for number in range(3 * KILLS):
            time.sleep(random.uniform(0.3, 1.0))
            strike(cluster, number)
        time.sleep(2)
        stop.set()
        for worker in workers:
            worker.join(60)
        tap.note(f"{KILLS} kills of each relay and of the server; {len(promises.links)} links, {len(promises.payments)} payments, "
                 f"{len(promises.paid)} paid links acknowledged; longest silence {promises.longest:.1f} s")
        assert promises.wrong == [], promises.wrong[:5]
        assert promises.links and promises.payments and promises.paid, "the load was too small to prove anything"
        assert promises.longest < BACK_WITHIN, f"no service for {promises.longest:.1f} s"
        wait_for("the company's books and ours to agree", lambda: books_agree(cluster, shop))
        check(cluster, shop, promises)
        cluster.audit()
        for relay in cluster.relays:
            relay.stop()
        cluster.audit()
        shop.close()


if __name__ == "__main__":
    tap.run([(f"two relays on one PostgreSQL, {KILLS} kills of each and of the server", trial)])
