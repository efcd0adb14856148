#!/usr/bin/python3
"""tests/scenario/commands.py — what an operator types: the list and --help, sample data, copies that come back under traffic, a fresh
start, the doctor, the load test. proves: OPF-19"""
# proves: OPF-19
import contextlib
import hashlib
import http.server
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import tap
from relay import PATIENCE, PROGRAM, Client, Relay, wait_for

README = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "README.md")


def run(*arguments, **more):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=PATIENCE, check=False, **more)


def listed():
    """The commands of `cobro-relay help`: name → arguments and summary."""
    found = {}
    for line in run("help").stdout.split("\n"):
        match = re.fullmatch(r"  ([a-z-]+(?: [a-z-]+)?) {2,}(?:([A-Z]+(?: [A-Z]+)?) +)?(\S.*)", line)
        if match and not line.startswith("   "):
            found[match[1]] = (match[2] or "", match[3])
    return found


def helps():
    """Every command explains itself, under the name and with the words of the list; README has the same table."""
    commands = listed()
    assert len(commands) >= 14, commands
    with open(README, encoding="utf-8") as file:
        rows = dict(re.findall(r"^\| `cobro-relay ([^`]+)` \| (.+) \|$", file.read(), re.MULTILINE))
    told = {f"{name} {arguments}".strip(): summary for name, (arguments, summary) in commands.items()}
    assert rows == told, f"README's table of commands: missing {sorted(set(told.items()) - set(rows.items()))}, too much {sorted(set(rows.items()) - set(told.items()))}"
    for name, (arguments, summary) in commands.items():
        done = run(*name.split(), "--help")
        assert done.returncode == 0 and summary in done.stdout and f"cobro-relay {name}" in done.stdout, f"{name}: {done}"
        assert arguments in done.stdout, f"{name}: {done.stdout}"
        assert run(*name.split(), "--no-such-option").returncode == 64, name


def sample_data():
    """The same seed makes the same, with and without a running relay; every state of a payment is there."""
    with Relay() as relay:
        beside = sample(relay, "--config", f"{relay.folder}/relay.conf")
        shop = Client(relay.port, beside["merchant"]["apiKey"])
        states = wait_for("the slow ones", lambda: states_of(shop))
        links = [row["pricing"] for row in shop.get("/v1/links?limit=100").data]
        relay.stop()
        alone = sample(relay)
        assert (alone["links"], alone["payments"], alone["refunds"]) == (beside["links"], beside["payments"], beside["refunds"])
        relay.start()
        again = Client(relay.port, alone["merchant"]["apiKey"])
        assert [row["pricing"] for row in again.get("/v1/links?limit=100").data] == links, "another seed's links"
        assert {"succeeded", "failed", "cancelled"} <= set(states), states
        shop.close()
        again.close()
        relay.audit()


def sample(relay, *more):
    done = relay.command("sample-data", "--seed", "7", "--json", *more)
    assert done.returncode == 0, done
    made = json.loads(done.stdout)
    assert made["links"] >= 7 and made["payments"] >= 9 and made["refunds"] >= 3, made
    return made


def states_of(shop):
    rows = shop.get("/v1/payments?limit=100").data
    assert not any(row["livemode"] for row in rows)
    states = [row["status"] for row in rows]
    return states if len(set(states)) >= 4 else None


def copies():
    """A copy is whole and has its sum; a damaged one is not taken; of many, 7 days, 4 weeks and 12 months stay."""
    with Relay() as relay, tempfile.TemporaryDirectory() as folder:
        relay.add_merchant()
        file = f"{folder}/one.sqlite"
        assert relay.command("backup", file).returncode == 0
        assert subprocess.run(["sha256sum", "-c", "one.sqlite.sha256"], cwd=folder, capture_output=True, check=False).returncode == 0
        assert relay.command("backup", file).returncode != 0, "an existing file was written over"
        for day in range(1, 29):
            for month in (1, 6, 7, 8):
                open(f"{folder}/cobro-2026{month:02}{day:02}-030000.sqlite", "w", encoding="ascii").close()
        open(f"{folder}/cobro-other.sqlite", "w", encoding="ascii").close()
        assert relay.command("backup", folder, "--keep").returncode == 0
        kept = sorted(name for name in os.listdir(folder) if re.fullmatch(r"cobro-2026\d{4}-\d{6}\.sqlite", name))
        assert os.path.exists(f"{folder}/cobro-other.sqlite") and os.path.exists(file), "a foreign file was removed"
        days = [name[6:14] for name in kept]
        assert "20260128" in days and "20260628" in days and "20260828" in days and "20260728" in days, days
        assert "20260127" not in days and "20260727" not in days and len(kept) <= 23, days
        damaged(relay, file)


def damaged(relay, file):
    relay.stop()
    before = read(f"{relay.data}/relay.sqlite")
    spoiled = bytearray(read(file))
    spoiled[len(spoiled) // 2] ^= 0xff
    with open(file, "wb") as out:
        out.write(spoiled)
    done = relay.command("restore", file)
    assert done.returncode == 65 and "sum" in done.stderr, done
    os.remove(f"{file}.sha256")
    with open(file, "wb") as out:
        out.write(b"a letter" * 1000)
    assert relay.command("restore", file).returncode == 65
    assert relay.command("restore", f"{file}.missing").returncode == 66
    assert read(f"{relay.data}/relay.sqlite") == before, "a copy that is no good has changed something"


def read(path):
    with open(path, "rb") as file:
        return file.read()


def restore():
    """A copy comes back under traffic: what the provider has taken is known, nothing is doubled, and the same key pays once."""
    with Relay() as relay, tempfile.TemporaryDirectory() as folder:
        shop = relay.add_merchant()
        keys = traffic(shop, 0, 20)
        running = threading.Thread(target=traffic, args=(shop, 100, 20))
        running.start()
        numbers = [bill(shop, number) for number in range(2)]
        assert relay.command("backup", f"{folder}/copy.sqlite").returncode == 0
        numbers += [bill(shop, number) for number in range(2, 4)]
        assert relay.command("restore", f"{folder}/copy.sqlite").returncode == 75, "restored under a running relay"
        running.join()
        traffic(shop, 200, 5)
        before = {row["id"]: row for row in shop.payments()}
        relay.stop()
        stranger = disown(relay)
        put_back(f"{folder}/copy.sqlite")
        report = restored(relay, f"{folder}/copy.sqlite")
        nothing_missing(relay, report, before, stranger)
        relay.start()
        after = wait_for("the end of what was under way", lambda: settled(shop))
        assert set(after) | {stranger} == set(before), "the books have payments that never were, or lack some"
        for ident, row in after.items():
            assert row["status"] == before[ident]["status"] and row["amount"] == before[ident]["amount"], row
        for key in keys:
            answer = pay(shop, key)
            assert answer.status == 201 and answer.data["id"] in before, "the same key has paid twice"
        with relay.books("mock") as company:
            paid = company.execute("SELECT count(*) FROM payments").fetchone()[0]
        assert paid == len(before), "the provider has another number of payments than were made"
        tap.note(f"{len(report['rebuilt'])} payments came after the copy")
        numbers += [bill(shop, number) for number in range(4, 6)]
        assert all(number.startswith(report["numbers"]) for number in numbers[4:]) and len(report["numbers"]) > 1, numbers
        assert len(set(numbers)) == 6, f"a number that was given after the copy is given once more: {numbers}"
        again(relay, shop, after, folder)
        relay.audit()


def disown(relay):
    """One payment after the copy gets a reference that is not ours at the company: its id."""
    with relay.books("mock", change=True) as company:
        number, reference = company.execute("SELECT number, reference FROM payments ORDER BY created_at DESC LIMIT 1").fetchone()
        company.execute("UPDATE payments SET reference = ? WHERE number = ?", (reference[:-1] + "?", number))
        company.commit()
    return reference.split(".")[0]


def put_back(copy):
    """The copy was made between the arrival of a webhook and its next try: it waits, and what it is about is known."""
    with contextlib.closing(sqlite3.connect(copy)) as books:
        changed = books.execute("UPDATE inbox SET state = 'unmatched', next_try_at = 9000000000000000 WHERE row = "
                                "(SELECT min (row) FROM inbox WHERE state = 'applied')").rowcount
        books.commit()
    assert changed == 1
    with open(f"{copy}.sha256", "w", encoding="ascii") as out:
        out.write(f"{hashlib.sha256(read(copy)).hexdigest()}  {os.path.basename(copy)}\n")


def nothing_missing(relay, report, before, stranger):
    """Every payment that the company has captured has succeeded in the books, or the report names it."""
    with relay.books("mock") as company, relay.books() as books:
        captured = dict(company.execute("SELECT id, captured FROM payments WHERE state = 'succeeded'").fetchall())
        booked = dict(books.execute("SELECT provider_payment_id, received FROM payment WHERE state = 'succeeded'").fetchall())
        ledger = books.execute("SELECT sum(amount) FROM ledger").fetchone()[0]
        flagged = {row[0] for row in books.execute("SELECT payment_id FROM quarantine WHERE resolution IS NULL").fetchall()}
    parked = {row["providerPaymentId"]: row["amount"] for row in report["parked"]}
    assert len(parked) == len(report["parked"]) == 1 and not set(parked) & set(booked), report["parked"]
    assert {**booked, **parked} == captured, "money that the company has is neither in the books nor in the report"
    assert ledger == sum(booked.values()), "the ledger has another sum than the payments"
    assert report["parked"][0]["currency"] == "EUR" and "foreign:" in report["parked"][0]["paymentId"], report["parked"]
    made = {row["paymentId"] for row in report["rebuilt"]}
    assert len(made) >= 4 and made == flagged and made < set(before) and stranger not in made, report["rebuilt"]
    assert all((row["amount"], row["currency"]) == (before[row["paymentId"]]["amount"], "EUR") and booked[row["providerPaymentId"]] == row["amount"] for row in report["rebuilt"])
    assert report["unread"] == [], report


def again(relay, shop, known, folder):
    """The list is read once more over books that have it all: nothing is doubled, what is parked stays. (The company may
    have told of the stranger meanwhile: a list's line and a webhook about the same money.)"""
    assert relay.command("backup", f"{folder}/again.sqlite").returncode == 0
    number = len(shop.payments())
    relay.stop()
    report = restored(relay, f"{folder}/again.sqlite")
    assert report["rebuilt"] == [] and report["unread"] == [], report
    assert len({row["providerPaymentId"] for row in report["parked"]}) == 1, report["parked"]
    relay.start()
    assert len(shop.payments()) == number and set(known) <= {row["id"] for row in shop.payments()}
    made = [row for row in shop.payments() if "quarantined" in row["flags"]]
    reply = shop.post(f"/v1/payments/{made[0]['id']}/resolve", {"action": "release"})
    assert reply.status == 200 and reply.data["flags"] == [] and reply.data["status"] == "succeeded", reply


def settled(shop):
    """Payments by id, when each has come to its end: what was under way when the copy was made is asked about."""
    rows = {row["id"]: row for row in shop.payments()}
    return rows if all(row["status"] == "succeeded" for row in rows.values()) else None


def pay(shop, key):
    return shop.post("/v1/payments", {"amount": 5000, "currency": "EUR"}, {"Idempotency-Key": key})


def bill(shop, number):
    made = shop.post("/v1/invoices", {"currency": "EUR", "decision": "issued", "customer": {"name": "Buyer"},
                                      "lines": [{"description": "An hour", "unitAmount": 5000}]},
                     {"Idempotency-Key": f"bill-{number}-{os.urandom(4).hex()}"})
    assert made.status == 201, made
    return made.data["number"]


def traffic(shop, first, count):
    keys = [f"order-{first + number}" for number in range(count)]
    for key in keys:
        assert pay(shop, key).status == 201
    return keys


def restored(relay, file):
    done = relay.command("restore", file, "--json", "--config", f"{relay.folder}/relay.conf")
    assert done.returncode == 0, done
    report = json.loads(done.stdout)
    assert report["violations"] == 0 and os.path.exists(f"{report['before']}/relay.sqlite"), report
    assert not os.path.exists(f"{relay.data}/restoring")
    return report


class Endpoint(http.server.BaseHTTPRequestHandler):
    """Refuses everything until it is told to take it; keeps the ids of what came."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.ids.append(self.headers["webhook-id"])
        self.send_response(self.server.answer)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Nothing on the test's output."""


def told_again():
    """What an endpoint had not taken when the copy was made is sent after the restore, under the ids it had; whoever has
    read further than the log now goes is told so, and begins anew."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    server.ids, server.answer = [], 500
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with Relay() as relay, tempfile.TemporaryDirectory() as folder:
        shop = relay.add_merchant()
        made = shop.post("/v1/webhook-endpoints", {"url": f"http://127.0.0.1:{server.server_port}/hook"})
        assert made.status == 201, made
        traffic(shop, 0, 3)
        wait_for("the first refusal", lambda: server.ids)
        assert relay.command("backup", f"{folder}/copy.sqlite").returncode == 0
        known = [event["id"] for event, _ in shop.events()]
        for number in range(5):
            shop.create(currency="EUR", amount=100 + number)
        beyond = shop.events()[-1][0]["sequence"]
        relay.stop()
        report = restored(relay, f"{folder}/copy.sqlite")
        assert report["deliveries"] >= len(known) and report["rebuilt"] == [], report
        server.ids.clear()
        server.answer = 200
        relay.start()
        wait_for("every event of the copy", lambda: set(known) <= set(server.ids))
        assert [event["id"] for event, _ in shop.events()][:len(known)] == known, "the log has other ids than before"
        assert shop.get(f"/v1/events?after={beyond}&limit=10").status == 410
        assert shop.get("/v1/events?after=0&limit=10").status == 200
        relay.audit()
    server.shutdown()
    server.server_close()


def unfinished():
    """A restore that was cut off: nothing is served until it has been done."""
    with Relay() as relay, tempfile.TemporaryDirectory() as folder:
        relay.add_merchant()
        assert relay.command("backup", f"{folder}/copy.sqlite").returncode == 0
        relay.stop()
        open(f"{relay.data}/restoring", "w", encoding="ascii").close()
        done = run("serve", "--config", f"{relay.folder}/relay.conf")
        assert done.returncode == 78 and "restore" in done.stderr, done
        restored(relay, f"{folder}/copy.sqlite")
        relay.start()


def reset():
    """Only with --yes where nobody can be asked, never under a running relay, and what was there is kept aside."""
    with Relay() as relay:
        shop = relay.add_merchant()
        shop.create(currency="EUR", amount=1)
        assert relay.command("reset", "--yes").returncode == 75
        relay.stop()
        assert relay.command("reset").returncode == 64 and os.path.exists(f"{relay.data}/relay.sqlite")
        assert relay.command("reset", "--yes").returncode == 0
        aside = [name for name in os.listdir(relay.data) if name.startswith("before-reset-")]
        assert len(aside) == 1 and os.path.exists(f"{relay.data}/{aside[0]}/relay.sqlite") and os.path.exists(f"{relay.data}/relay.key")
        relay.start()
        assert shop.get("/v1/links").status == 401, "the old key still opens something"
        relay.stop()
        assert relay.command("reset", "--yes", "--no-backup").returncode == 0
        assert not os.path.exists(f"{relay.data}/relay.sqlite")
        assert relay.command("reset", "--yes").returncode == 66, "nothing was there"


def doctor():
    with Relay() as relay:
        settings = ("--config", f"{relay.folder}/relay.conf")
        found = {row["check"]: row for row in json.loads(relay.command("doctor", "--json", *settings).stdout)}
        assert found["books"]["grade"] == "ok" and found["public address"]["grade"] == "ok" and found["clock"]["grade"] == "ok", found
        assert found["documents"]["grade"] == "ok", found
        assert found["key"]["grade"] == "warn" and "beside" in found["key"]["found"], found
        os.chmod(f"{relay.data}/relay.key", 0o644)
        done = relay.command("doctor", *settings)
        assert done.returncode == 1 and "fail  permissions" in done.stdout and "→ chmod" in done.stdout, done
        os.chmod(f"{relay.data}/relay.key", 0o400)
        relay.stop()
        done = relay.command("doctor", *settings)
        assert done.returncode == 1 and "fail  public address" in done.stdout, done


def load():
    with Relay() as relay:
        key = relay.add_merchant().key
        done = run("load", relay.url(), "--key", key, "--seconds", "1", "--connections", "4")
        assert done.returncode == 0, done
        rows = {line.split()[0]: line.split()[1:] for line in done.stdout.strip().split("\n")[1:]}
        assert set(rows) == {"create", "read", "page"} and all(int(row[0]) > 0 and int(row[1]) == 0 for row in rows.values()), done.stdout
        assert run("load", "http://192.0.2.1", "--key", key).returncode == 64
        assert run("load", relay.url()).returncode == 64
        assert run("load", relay.url(), "--key", "cob_live_x").returncode == 64
        assert run("load", relay.url(), "--key", "cob_test_wrong", "--seconds", "1").returncode != 0
        relay.audit()


if __name__ == "__main__":
    tap.run([("help", helps), ("sample data", sample_data), ("copies", copies), ("a copy comes back", restore),
             ("what was not told is told again", told_again),
             ("a restore that was cut off", unfinished), ("reset", reset), ("doctor", doctor), ("load", load)])
