#!/usr/bin/python3
# tests/scenario/migrate.py: a relay with lively books moves from SQLite to PostgreSQL. A running relay is not moved, a kill in
# between leaves nothing behind, a database with books is not overwritten; afterwards everything is there and goes on.
# proves: OPL-11
import os
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import postgres
import tap
from relay import PROGRAM, Relay

LINKS = 40


def fill(shop, amount):
    """Links that are published, changed, paused, paid; payments without a link; refunds in part and whole."""
    links = [shop.create(title=f"Beans {number} — café ☕", currency="EUR", pricing={"type": "fixed", "amount": amount + number},
                         reference=f"R-{number}") for number in range(LINKS)]
    for link in links[::5]:
        assert shop.post(f"/v1/links/{link['id']}/pause").status == 200
    for number in range(LINKS // 2):
        paid = shop.post("/v1/payments", {"amount": amount + number, "currency": "EUR", "gateway": "mock",
                                          "metadata": {"number": str(number)}}, {"Idempotency-Key": f"p-{number}"})
        assert paid.status == 201, paid
        if number % 4 == 0:
            bill(shop, number)
        if number % 3 == 0 and paid.data["status"] == "succeeded":
            back = shop.post("/v1/refunds", {"paymentId": paid.data["id"], "amount": 100}, {"Idempotency-Key": f"r-{number}"})
            assert back.status in (201, 202), back


def bill(shop, number):
    """An invoice; some are credited in full by voiding, some are paid in part by hand."""
    made = shop.post("/v1/invoices", {"currency": "EUR", "decision": "issued", "customer": {"name": f"Buyer {number}"},
                                      "lines": [{"description": "An hour", "quantity": "1.5", "unitAmount": 1000 + number}]},
                     {"Idempotency-Key": f"i-{number}"})
    assert made.status == 201, made
    if number % 8 == 0:
        voided = shop.post(f"/v1/invoices/{made.data['id']}/void", {"reason": "café"}, {"Idempotency-Key": f"v-{number}"})
        assert voided.status == 200, voided
    return made.data["number"]


def seen(shop):
    """What a merchant reads of it."""
    still = ("id", "amount", "currency", "gateway", "idempotencyKey", "metadata", "createdAt")   # what no answer changes
    payments = [{name: payment[name] for name in still} for payment in shop.payments()]
    return {"links": shop.get("/v1/links?limit=100").text, "invoices": shop.get("/v1/invoices?limit=100").text, "payments": payments, "events": shop.events(),
            "merchant": shop.get("/v1/merchant").text, "keys": [shop.get("/v1/api-keys").status, shop.get("/v1/devices").status]}


def move(relay, uri):
    return relay.command("migrate", "--to", uri)


def move_and_kill(relay, uri):
    """kill -9 after the first table."""
    process = subprocess.Popen([PROGRAM, "migrate", "--to", uri, "--data", relay.data], stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if " rows" in line:
            process.send_signal(signal.SIGKILL)
            break
    process.stdout.close()
    process.wait()
    return process.returncode


def story():
    with postgres.shared() as server, Relay() as relay:
        uri, other = server.database(), server.database()
        shops = [relay.add_merchant("Ana's Café"), relay.add_merchant("Bea & Sons")]
        for number, shop in enumerate(shops):
            fill(shop, 1000 * (number + 1))
        running = move(relay, uri)
        assert running.returncode != 0 and "another" in running.stderr, running
        before = [seen(shop) for shop in shops]
        relay.stop()
        killed = move_and_kill(relay, uri)
        assert killed == -signal.SIGKILL, killed
        done = move(relay, uri)
        assert done.returncode == 0, done
        tap.note(done.stdout)
        file = os.path.join(relay.data, "relay.sqlite")
        assert not os.path.exists(file) and os.path.exists(file + ".moved")
        alone = relay.command("audit")
        assert alone.returncode != 0, alone
        refused = subprocess.run([PROGRAM, "migrate", "--data", relay.data], capture_output=True, text=True, check=False)
        assert refused.returncode == 78 and "moved to PostgreSQL" in refused.stderr, refused
        os.rename(file + ".moved", file)
        again = move(relay, uri)
        assert again.returncode != 0 and "not empty" in again.stderr, again
        assert os.path.exists(file), "a refused move leaves the file where it was"
        assert move(relay, other).returncode == 0, "and it may still go elsewhere"
        relay.settings["database"] = uri
        relay.start()
        after = [seen(shop) for shop in shops]
        for one, other in zip(before, after):
            for what in ("links", "invoices", "payments", "merchant", "keys"):
                assert one[what] == other[what], f"{what} before: {one[what]}, and after: {other[what]}"
            # What the company tells later comes on top.
            assert one["events"] == other["events"][:len(one["events"])]
        for number, shop in enumerate(shops):
            same = shop.post("/v1/payments", {"amount": 1000 * (number + 1), "currency": "EUR", "gateway": "mock",
                                              "metadata": {"number": "0"}}, {"Idempotency-Key": "p-0"})
            assert same.status == 201 and same.data["id"] == before[number]["payments"][-1]["id"], same
            assert bill(shop, 1001).endswith("-00006"), "the numbers go on where they were"
            shop.create(title="After the move", currency="EUR", pricing={"type": "fixed", "amount": 500})
            assert len(shop.events()) > len(before[number]["events"])
        relay.audit()
        relay.stop()


if __name__ == "__main__":
    tap.run([("a relay moves to PostgreSQL", story)])
