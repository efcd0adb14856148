# tests/bench/mails.py — 10,000 invoices by mail: letters with their PDFs a second, CPU of each, and whether memory stays where it is.
# As a program: a mail server that takes everything and keeps nothing; it says its port, and counts on request.
import asyncio
import http.client
import json
import os
import sqlite3
import sys
import threading
import time

COUNT = int(os.environ.get("COBRO_BENCH_MAILS", "10000"))
CALLERS = 4
FLAT = 24 * 1024                   # KiB that memory may grow by after the first thousand


# ── The mail server ─────────────────────────────────────────────────────────────────────────────────

async def talk(reader, writer, taken):
    writer.write(b"220 bench.example\r\n")
    while line := await reader.readline():
        verb = line[:4].upper()
        if verb == b"EHLO":
            writer.write(b"250-bench.example\r\n250 SIZE 50000000\r\n")
        elif verb == b"DATA":
            writer.write(b"354 go on\r\n")
            await reader.readuntil(b"\r\n.\r\n")
            taken.append(1)
            writer.write(b"250 taken\r\n")
        elif verb == b"QUIT":
            break
        else:
            writer.write(b"250 OK\r\n")
    writer.close()


async def serve():
    taken = []
    server = await asyncio.start_server(lambda reader, writer: talk(reader, writer, taken), "127.0.0.1", 0, limit=1 << 24)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
    sys.exit()

import rig as r  # noqa: E402


# ── The merchant ────────────────────────────────────────────────────────────────────────────────────

class Caller:
    def __init__(self, relay):
        self.connection = http.client.HTTPConnection("127.0.0.1", relay.port, timeout=120)

    def post(self, path, body):
        self.connection.request("POST", path, json.dumps(body), {"Authorization": "Bearer demo", "Content-Type": "application/json",
                                                                 "Idempotency-Key": os.urandom(8).hex()})
        answer = self.connection.getresponse()
        data = answer.read()
        if answer.status not in (200, 201, 202):
            raise RuntimeError(f"{path}: {answer.status} {data[:300]}")
        return json.loads(data or b"{}").get("data")


def invoice(number):
    lines = [{"description": f"Part {n} of order {number}", "quantity": "2", "unitAmount": 1250 + n, "taxName": "VAT", "taxRate": "21"}
             for n in range(10)]
    return {"currency": "EUR", "decision": "issued", "customer": {"name": f"Customer {number}", "email": f"customer{number}@example.com"},
            "lines": lines}


def work(numbers, relay, failures):
    try:
        caller = Caller(relay)
        for number in numbers:
            made = caller.post("/v1/invoices", invoice(number))
            caller.post(f"/v1/invoices/{made['id']}/send", {})
    except (RuntimeError, OSError, http.client.HTTPException) as failure:
        failures.append(failure)


def count_sent(relay):
    with sqlite3.connect(f"file:{relay.data}/relay.sqlite?mode=ro", uri=True) as books:
        return books.execute("SELECT count(*) FROM mail WHERE state = 'sent'").fetchone()[0]


def send(relay, first, count):
    """Makes and sends @count invoices; seconds until the last one was with the mail server."""
    failures, begun, before = [], time.monotonic(), count_sent(relay)
    callers = [threading.Thread(target=work, args=(range(first + at, first + count, CALLERS), relay, failures)) for at in range(CALLERS)]
    for one in callers:
        one.start()
    for one in callers:
        one.join()
    while not failures and count_sent(relay) < before + count:
        time.sleep(0.05)
        if time.monotonic() - begun > 3600:
            raise RuntimeError("mails do not leave")
    if failures:
        raise failures[0]
    return time.monotonic() - begun


def mails(rig, report):
    """Each invoice of ten lines is made over the API, issued, and mailed with its PDF."""
    sink, lines = rig.start([sys.executable, os.path.abspath(__file__)], ready=1)
    os.sched_setaffinity(sink.pid, r.CLIENT_CPUS)
    relay = r.Relay(rig, settings=f"smtp-url = smtp://127.0.0.1:{lines[0]}\nmail-from = relay@bench.example\n")
    warm = min(1000, COUNT // 5)
    send(relay, 0, warm)
    resident, _ = r.memory(relay.process)
    cpu = r.cpu(relay.process)
    seconds = send(relay, warm, COUNT - warm)
    grown = r.memory(relay.process)[0] - resident
    report.say(f"{COUNT:,} invoices of 10 lines, made and mailed: {(COUNT - warm) / seconds:,.0f}/s, "
               f"CPU {(r.cpu(relay.process) - cpu) / (COUNT - warm) / 1000:.1f} ms each (API, PDF, MIME, SMTP)")
    report.ratio("memory grown after the first thousand, of what it may", grown / FLAT, 1, at_most=True)
    report.say(f"resident {resident / 1024:.0f} MiB, then {(resident + grown) / 1024:.0f} MiB")
    relay.stop()
