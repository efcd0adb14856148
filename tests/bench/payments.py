# tests/bench/payments.py — payments over the API: made through the mock gateway, and answered again for the same key.
import itertools
import json

import rig as r

KEY = {"Authorization": "Bearer demo"}


def payment_requests(count, start):
    """Cents of 88: the company answers and sends no webhook, as the peer's gateway sends none."""
    for n in range(start, start + count):
        body = json.dumps({"amount": 5088, "currency": "EUR", "gateway": "mock", "metadata": {"orderId": str(n)}}).encode()
        yield r.post("/v1/payments", body, {**KEY, "Idempotency-Key": f"order-{n}"})


def payment(rig, report):
    """P4: a payment through the mock: key, intent, call, state, attempt, ledger, event, outbox, committed before the
    answer; and the same request again."""
    relay = r.Relay(rig)
    peer = r.Peer(rig, plugins=True)
    numbers = itertools.count(1)
    count = int(r.SECONDS * 20000)
    known = 2000

    def made(port, processes):
        def run():
            requests = rig.requests("payments", payment_requests(count, next(numbers) * count))
            return r.timed_load(rig, port, requests, processes, once=True, expect=201)
        return run

    def again(port, processes):
        requests = rig.requests("again", payment_requests(known, 0))
        rig.load(port, requests, once=True, expect=201)
        return lambda: r.timed_load(rig, port, rig.requests("again", payment_requests(known, 0)), processes, expect=201)

    medians = r.alternate({"cobro": made(relay.port, [relay.process]), "Fastify + pg": made(peer.port, peer.processes)})
    report.sides(medians)
    report.ratio("throughput, cobro : Fastify + pg", medians["cobro"]["per_second"] / medians["Fastify + pg"]["per_second"], 5)
    report.ratio("CPU of a payment, Fastify + pg : cobro", medians["Fastify + pg"]["cpu_us"] / medians["cobro"]["cpu_us"], 5)
    replays = r.alternate({"cobro, replay": again(relay.port, [relay.process]),
                           "Fastify + Redis, replay": again(peer.port, peer.processes)})
    report.sides(replays)
    report.ratio("throughput of a replay, cobro : Fastify + Redis",
                 replays["cobro, replay"]["per_second"] / replays["Fastify + Redis, replay"]["per_second"], 15)
    report.ratio("CPU of a replay, Fastify + Redis : cobro",
                 replays["Fastify + Redis, replay"]["cpu_us"] / replays["cobro, replay"]["cpu_us"], 15)
