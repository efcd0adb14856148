# tests/bench/deliveries.py — outgoing webhooks: how many a second, and what one that hangs does to the others.
import json
import os
import socket
import sqlite3
import threading
import time
import urllib.request

import rig as r

KEY = "Bearer demo"


def call(relay, method, path, body=None):
    data = json.dumps(body).encode() if body is not None else None
    headers = {"Authorization": KEY, "Content-Type": "application/json", "Idempotency-Key": os.urandom(8).hex()}
    request = urllib.request.Request(relay.url + path, data=data, method=method, headers=headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read() or b"{}").get("data")


def listen(rig):
    """A receiver that answers at once, on the client's CPU: its port."""
    script = os.path.join(r.HERE, "receiver.mjs")
    process, lines = rig.start([r.need("node", "nodejs"), script], ready=1)
    os.sched_setaffinity(process.pid, r.CLIENT_CPUS)
    return int(lines[0])


def hang():
    """Takes connections and says nothing."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    kept = []

    def accept():
        while True:
            try:
                kept.append(listener.accept())
            except OSError:
                return
    threading.Thread(target=accept, daemon=True).start()
    return listener


def books(relay):
    return sqlite3.connect(f"file:{relay.data}/relay.sqlite?mode=ro", uri=True)


def wait_until(relay, sql, wanted, patience=120):
    end = time.monotonic() + patience
    with books(relay) as db:
        while time.monotonic() < end:
            n = db.execute(sql).fetchone()[0]
            if n == wanted:
                return
            time.sleep(0.005)
    raise RuntimeError(f"{sql}: {n}, not {wanted}")


def add_endpoints(relay, port, count):
    for n in range(count):
        call(relay, "POST", "/v1/webhook-endpoints", {"url": f"http://127.0.0.1:{port}/{n}", "events": ["link.created"]})


def make_events(relay, count):
    for n in range(count):
        call(relay, "POST", "/v1/links", {"title": f"Link {n}", "currency": "EUR", "amount": 100})


def throughput(rig, report, endpoints, events):
    relay = r.Relay(rig)
    add_endpoints(relay, listen(rig), endpoints)
    make_events(relay, events)
    total = endpoints * events
    open_sql = "SELECT count(*) FROM delivery WHERE next_at IS NOT NULL OR lease_until IS NOT NULL"
    wait_until(relay, open_sql, 0)
    best = []
    for _ in range(r.ROUNDS):
        begun = time.monotonic()
        call(relay, "POST", "/v1/deliveries/replay", {"status": "delivered"})
        wait_until(relay, open_sql, 0)
        best.append(total / (time.monotonic() - begun))
    rate = sorted(best)[len(best) // 2]
    report.say(f"{endpoints} endpoints of one fast receiver: {rate:,.0f}/s")
    relay.stop()
    return rate


def latency(rig, port, hung):
    """p99 in ms from event to written answer over 1,000 endpoints, one of which may hang."""
    relay = r.Relay(rig)
    add_endpoints(relay, port, 999)
    other = hang() if hung else None
    call(relay, "POST", "/v1/webhook-endpoints", {"url": f"http://127.0.0.1:{other.getsockname()[1] if hung else port}/x",
                                                  "events": ["link.created"]})
    make_events(relay, 1)
    time.sleep(2)
    with books(relay) as db:
        for _ in range(10):
            make_events(relay, 1)
            time.sleep(1.5)
        rows = db.execute("SELECT a.started_at + a.duration - d.occurred_at FROM delivery_attempt AS a JOIN delivery AS d ON "
                          "d.merchant_id = a.merchant_id AND d.id = a.delivery_id WHERE a.status = 204 AND d.sequence > "
                          "(SELECT min (sequence) FROM delivery)").fetchall()
    relay.stop()
    import shutil
    shutil.rmtree(relay.data, ignore_errors=True)
    if other is not None:
        other.close()
    times = sorted(row[0] for row in rows)
    return times[int(len(times) * 0.99)] / 1000


def deliver(rig, report):
    """P9: signed deliveries, each with its try written down; and the others' p99 beside one endpoint that hangs."""
    rate = throughput(rig, report, 50, 200)
    report.ratio("deliveries per second", rate, 5000)
    port = listen(rig)
    sides = {False: [], True: []}
    for _ in range(3):
        for hung in (False, True):
            sides[hung].append(latency(rig, port, hung))
    well, ill = (sorted(each)[1] for each in (sides[False], sides[True]))
    report.say(f"1,000 endpoints, p99 from event to answer: {well:.1f} ms; with one that hangs: {ill:.1f} ms")
    report.ratio("p99 beside one that hangs : without", ill / well, 1.05, at_most=True)
