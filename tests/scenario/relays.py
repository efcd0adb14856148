#!/usr/bin/python3
# tests/scenario/relays.py: roles, and what relays of one database tell each other; a relay without its database says so, and
# serves again by itself.
# proves: OPL-11
import os
import shutil
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import postgres
import tap
from relay import PROGRAM, Client, Merchant, Relay, wait_for


def second(first, **settings):
    """Another relay on the same books, with a copy of the key."""
    relay = Relay(database=first.settings["database"], **settings)
    os.makedirs(relay.data, 0o700)
    shutil.copy2(os.path.join(first.data, "relay.key"), relay.data)
    return relay


def beans(shop, number):
    return shop.create(title="Beans", currency="EUR", pricing={"type": "fixed", "amount": 100 + number})


def told():
    """A long poll at one relay ends by what is committed at the other, and a revoked key is none at both."""
    with postgres.shared() as server, Relay(database=server.database(), role="web") as web:
        with second(web, role="web") as other, second(web, role="worker") as worker:
            shop = web.add_merchant()
            there = Merchant(other.port, {"apiKey": shop.key, "merchantId": shop.id, "pairCode": ""})
            last = len(shop.events())
            for number in range(5):
                waited = []

                def listen():
                    began = time.monotonic()
                    reply = there.get(f"/v1/events?after={last}&wait=25")
                    waited.append((reply, time.monotonic() - began))
                thread = threading.Thread(target=listen)
                thread.start()
                time.sleep(0.3)
                beans(shop, number)
                thread.join(60)
                reply, seconds = waited[0]
                assert reply.status == 200 and len(reply.data) == 1, reply
                tap.note(f"heard after {seconds - 0.3:.3f} s")
                assert seconds < 15, "it was told, not timed out"
                last += 1
            assert Client(worker.port).get("/v1/healthz").status == 200
            assert Client(worker.port).get("/v1/readyz").status == 200
            assert Client(worker.port, shop.key).get("/v1/links").status == 404
            for relay in (worker, other):
                relay.stop()
        web.audit()


def away():
    """The server stops: 503 with Retry-After, for as long as it is away."""
    with postgres.Server() as server, Relay(database=server.database()) as relay:
        shop = relay.add_merchant()
        beans(shop, 0)
        server.stop("fast")
        gone = wait_for("a relay that says so", lambda: (lambda reply: reply if reply.status == 503 else None)(shop.get("/v1/readyz")))
        assert gone.json["data"]["checks"]["database"] == "failed", gone
        refused = shop.post("/v1/links", {"currency": "EUR", "pricing": {"type": "fixed", "amount": 1}}, {"Idempotency-Key": "away"})
        assert refused.status == 503 and "retry-after" in refused.headers, (refused, refused.headers)
        server.start()
        began = time.monotonic()
        wait_for("a relay that serves again", lambda: shop.get("/v1/readyz").status == 200)
        tap.note(f"ready again after {time.monotonic() - began:.2f} s")
        beans(shop, 1)
        relay.audit()
        relay.stop()


def alone():
    """On a file there is one relay, with all roles."""
    with Relay() as relay:
        done = subprocess.run([PROGRAM, "serve", "--role", "web", "--data", relay.data, "--check-config"], capture_output=True,
                              text=True, check=False)
        assert done.returncode == 78 and "SQLite" in done.stderr, done


if __name__ == "__main__":
    tap.run([("relays tell each other", told), ("a database that is away", away), ("a file has one relay", alone)])
