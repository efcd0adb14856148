#!/usr/bin/python3
# tests/scenario/kills.py [KILLS]: kill -9 of the relay at random moments under load. Whatever was acknowledged is there
# afterwards, the company's books and ours agree, the audit is clean. How long each start took is told, not judged.
# proves: OPF-7
import http.client
import os
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import tap
from buyer import Buyer
from relay import Client, Relay, path_of, wait_for
from story import CARDS

KILLS = int(sys.argv[1]) if len(sys.argv) > 1 else 30
WORKERS = 4
GONE = (OSError, http.client.HTTPException)     # what a client sees of a killed server
random = tap.seeded()


class Promises:
    """What the relay said it had done."""

    def __init__(self):
        self.lock = threading.Lock()
        self.links = {}         # id → the document as answered
        self.keys = {}          # idempotency key → (body, id when acknowledged)
        self.paid = set()       # link ids whose page said "paid"
        self.refused = []       # answers that no rule explains
        self.checked = set()    # links that were there after a kill


class Worker(threading.Thread):
    """Makes links and pays them, over and over; a dead relay is waited for."""

    def __init__(self, number, relay, shop, promises, stop):
        super().__init__(daemon=True)
        self.number = number
        self.relay = relay
        self.client = Client(relay.port, shop.key)
        self.promises = promises
        self.stop = stop
        self.made = 0

    def run(self):
        while not self.stop.is_set():
            try:
                self.work()
            except GONE:
                self.client.close()
                time.sleep(0.01)
            except Exception as failure:                 # an answer that should not exist: told at the end
                with self.promises.lock:
                    self.promises.refused.append(repr(failure))

    def work(self):
        self.made += 1
        key = f"w{self.number}-{self.made}"
        body = {"currency": "EUR", "amount": 1000 + self.made % 50 * 100, "reference": key, "metadata": {"worker": key}}
        with self.promises.lock:
            self.promises.keys[key] = (body, None)
        made = self.client.post("/v1/links", body, {"Idempotency-Key": key})
        if made.status == 503:                           # shutting down, or starting
            return
        assert made.status == 201, made
        with self.promises.lock:
            self.promises.links[made.data["id"]] = made.data
            self.promises.keys[key] = (body, made.data["id"])
        if self.made % 2 == 0:
            self.pay(made.data)

    def pay(self, link):
        buyer = Buyer(self.relay)
        try:
            buyer.begin(path_of(link["url"]))
            if not buyer.at_card():
                return
            buyer.type_card(CARDS["pays" if self.made % 4 else "asks"])
            if buyer.at_challenge():
                buyer.answer("approve")
            if buyer.page.status == 200 and buyer.client.get(
                    f"{path_of(link['url'])}/status", {"Accept": "application/json", "Cookie": "; ".join(
                        f"{name}={value}" for name, value in buyer.cookies.items())}).json["state"] == "paid":
                with self.promises.lock:
                    self.promises.paid.add(link["id"])
        finally:
            buyer.close()


def check_links(shop, promises, everything=False):
    """Every acknowledged link is there as it was answered; a repeated request gives it again and makes no second one.
    Between kills those that are new, and some of the others; in the end all."""
    with promises.lock:
        links, keys = dict(promises.links), dict(promises.keys)
    old = sorted(promises.checked)
    for link_id in old if everything else random.sample(old, min(len(old), 200)):
        assert shop.link(link_id)["reference"] == links[link_id]["reference"], link_id
    for link_id, answered in links.items():
        if link_id in promises.checked:
            continue
        now = shop.link(link_id)
        for name in ("currency", "pricing", "reference", "metadata", "createdAt", "url"):
            assert now[name] == answered[name], f"{link_id}: {name} was {answered[name]}, is {now[name]}"
        promises.checked.add(link_id)
    for key, (body, known) in random.sample(sorted(keys.items()), min(len(keys), 50)):
        again = shop.post("/v1/links", body, {"Idempotency-Key": key})
        assert again.status == 201, again
        assert known in (None, again.data["id"]), f"{key} made {again.data['id']} beside {known}"
        with promises.lock:
            promises.links[again.data["id"]] = again.data


def check_payments(shop, promises):
    """Who was told "paid" has paid; nobody has paid twice."""
    with promises.lock:
        paid = set(promises.paid)               # first: what is told while we look is not missing
    succeeded = [row["linkId"] for row in shop.payments() if row["status"] == "succeeded"]
    assert len(succeeded) == len(set(succeeded)), "a link was paid twice"
    missing = paid - set(succeeded)
    assert not missing, f"told “paid”, but not in the books: {missing}"


def books_agree(relay, shop):
    """What the company captured is what our books say, payment by payment."""
    with relay.books("mock") as books:
        theirs = dict(books.execute("SELECT id, captured FROM payments WHERE state = 'succeeded'").fetchall())
    ours = {row["providerPaymentId"]: row["amount"] for row in shop.payments() if row["status"] == "succeeded"}
    return theirs == ours


def kills():
    starts = []
    with Relay() as relay:
        shop = relay.add_merchant()
        promises, stop = Promises(), threading.Event()
        workers = [Worker(number, relay, shop, promises, stop) for number in range(WORKERS)]
        for worker in workers:
            worker.start()
        for number in range(KILLS):
            time.sleep(random.uniform(0.02, 0.4))
            relay.kill()
            audit_dead(relay)
            relay.start()
            starts.append(relay.started_in)
            if number % 10 == 9:
                check_links(shop, promises)
                check_payments(shop, promises)
        stop.set()
        for worker in workers:
            worker.join(60)
        assert promises.refused == [], promises.refused[:5]
        check_links(shop, promises, everything=True)
        wait_for("the company's books and ours to agree", lambda: books_agree(relay, shop))
        check_payments(shop, promises)
        relay.audit()
        relay.stop()
        relay.audit()
        report(starts, promises, workers)


def audit_dead(relay):
    """The books as the kill left them, before anything repairs them."""
    done = relay.command("audit")
    assert done.returncode == 0, f"audit of the killed relay: {done.stdout} {done.stderr}"


def report(starts, promises, workers):
    starts.sort()
    tap.note(f"{KILLS} kills, {sum(worker.made for worker in workers)} links asked for, {len(promises.links)} acknowledged, "
             f"{len(promises.paid)} payments acknowledged")
    tap.note(f"start after a kill: median {starts[len(starts) // 2] * 1000:.0f} ms, slowest {starts[-1] * 1000:.0f} ms")
    assert len(promises.links) > KILLS and promises.paid, "the load was too small to prove anything"


if __name__ == "__main__":
    tap.run([(f"{KILLS} kills under load", kills)])
