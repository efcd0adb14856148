#!/usr/bin/python3
# tests/scenario/faults.py [SHARE]: the relay dies at a system call of its main transactions, or the disk refuses one, for every
# call or a SHARE of them (0 … 1). strace injects. Whatever was acknowledged is there afterwards, nothing happened twice, and
# a full disk ends by itself.
# proves: OPF-5 OPF-7
import http.client
import os
import shutil
import signal
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import tap
from relay import PATIENCE, Client, Relay, wait_for

SHARE = float(sys.argv[1]) if len(sys.argv) > 1 else 0.1
CALLS = "pwrite64,fdatasync,fsync,ftruncate,unlink,writev,sendmsg,sendto"
WRITES = "pwrite64"
FLUSHES = "fdatasync"
GONE = (OSError, http.client.HTTPException)
random = tap.seeded()


class Template:
    """A relay's folder with one merchant, to be copied for each try."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="cobro-faults-")
        with Relay() as relay:
            self.key = relay.add_merchant().key
            relay.stop()
            shutil.copytree(relay.data, os.path.join(self.folder, "data"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def relay(self, inject=None, log="/dev/null"):
        """A relay on a copy that runs under strace; it is our own child, strace its grandchild."""
        relay = Relay()
        shutil.copytree(os.path.join(self.folder, "data"), relay.data)
        if inject is not None:
            relay.prefix = ["strace", "-D", "-f", "-qq", "-o", log, "-e", f"trace={CALLS}", "-e", "signal=none"]
            if inject:
                relay.prefix += ["-e", f"inject={inject}"]
        return relay


class Story:
    """A link, a payment and a refund, each with a key. What was answered is remembered. A company whose own disk is full
    refuses the payment for good; whoever pays then tries again, under another key."""

    def __init__(self, key):
        self.key = key
        self.answers = {}
        self.refused = 0

    def steps(self):
        yield "link", "/v1/links", {"currency": "EUR", "amount": 1250, "reference": "A-1"}
        payment = {"currency": "EUR", "amount": 5000, "gateway": "mock"}
        yield "payment", "/v1/payments", payment
        while "payment" in self.answers and self.answers["payment"]["status"] == "failed":
            del self.answers["payment"]
            self.refused += 1
            yield "payment", "/v1/payments", payment
        if "payment" in self.answers:
            yield "refund", "/v1/refunds", {"paymentId": self.answers["payment"]["id"], "amount": 2000}

    def run(self, relay, patient=False):
        """As far as it goes. @patient: what is refused for now (503, 409) is asked again. Whether the relay lived."""
        client = Client(relay.port, self.key)
        deadline = time.monotonic() + PATIENCE
        try:
            for name, path, body in self.steps():
                reply = self.ask(client, name, path, body)
                while patient and reply.status in (409, 503):
                    assert time.monotonic() < deadline, f"{name} is refused for ever: {reply}"
                    time.sleep(0.05)
                    reply = self.ask(client, name, path, body)
                if reply.status == 500 and not patient:     # the disk failed under it: nothing is promised
                    return False
                if reply.status in (409, 503):
                    continue
                assert reply.status == 201, reply
                known = self.answers.setdefault(name, reply.data)
                assert known["id"] == reply.data["id"], f"{name}: {known['id']} was answered, now {reply.data['id']}"
            return True
        except GONE:
            return False
        finally:
            client.close()

    def ask(self, client, name, path, body):
        key = f"the-{name}-{self.refused}" if name == "payment" else f"the-{name}"
        return client.post(path, body, {"Idempotency-Key": key})


def check(relay, story):
    """Once each, here and at the company; the audit is clean."""
    with relay.books() as books:
        rows = {table: books.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("link", "payment", "refund")}
        left = books.execute("SELECT coalesce(sum(amount), 0) FROM ledger").fetchone()[0]
    assert rows == {"link": 1, "payment": 1 + story.refused, "refund": 1}, (rows, story.refused)
    assert left == 3000, f"{left} are left of 5000 after a refund of 2000"
    with relay.books("mock") as books:
        theirs = books.execute("SELECT count(*), sum(captured) FROM payments WHERE state = 'succeeded'").fetchone()
    assert theirs == (1, 5000), f"the company captured {theirs}"
    relay.audit()


def finish(relay, story):
    """Starts again without faults, finishes the story and compares."""
    relay.prefix = []
    relay.start()
    assert story.run(relay, patient=True)
    wait_for("the refund in the ledger", lambda: settled(relay))
    check(relay, story)
    relay.stop()


def settled(relay):
    with relay.books() as books:
        return books.execute("SELECT count(*) FROM refund WHERE state = 'succeeded'").fetchone()[0] == 1


def count_calls(template, names):
    """How often each thread makes these calls in a story without faults, at most."""
    with tempfile.NamedTemporaryFile(prefix="cobro-faults-", mode="r") as log, template.relay("", log.name) as relay:
        story = Story(template.key)
        assert story.run(relay)
        wait_for("the refund in the ledger", lambda: settled(relay))
        relay.stop()
        per_thread = {}
        for line in log:
            parts = line.split(None, 1)
            if len(parts) == 2 and parts[1].split("(")[0] in names.split(","):
                per_thread[parts[0]] = per_thread.get(parts[0], 0) + 1
        return max(per_thread.values())


def some(n):
    """Which of the calls 1 … n are tried."""
    return sorted(random.sample(range(1, n + 1), max(3, round(n * SHARE))))


def start_maybe(relay):
    """FALSE: it died while starting."""
    try:
        relay.start()
        return True
    except AssertionError:
        return False


def killed_at_calls():
    with Template() as template:
        n = count_calls(template, CALLS)
        died = 0
        for k in some(n):
            with_story(template, f"{CALLS}:signal=SIGKILL:when={k}", lambda code: code in (-signal.SIGKILL, None, 0))
            died += 1
        tap.note(f"killed at {died} of {n} system calls")


def with_story(template, inject, expected):
    """One try under one fault; afterwards everything is as if there had been none. @expected: exit codes; None: lives."""
    relay = template.relay(inject)
    story = Story(template.key)
    try:
        if start_maybe(relay) and not story.run(relay):
            relay.process.wait(PATIENCE)                    # who does not answer properly ends
        code = relay.process.poll()
        assert expected(code), f"{inject}: ended with {code}: {relay.read_log()[-1500:]}"
        if code is None:
            relay.kill()
        finish(relay, story)
    except BaseException:
        tap.note(f"{inject}\n{relay.read_log()[-2000:]}")
        raise
    finally:
        relay.__exit__(None)


def disk_fails():
    """EIO: nothing can be promised any more, it ends with 70 (or 74 while opening), and the next start goes on."""
    with Template() as template:
        for names in (FLUSHES, WRITES):
            n = count_calls(template, names)
            for k in some(n):
                with_story(template, f"{names}:error=EIO:when={k}", lambda code: code in (None, 70, 74, 0))
            tap.note(f"EIO at {len(some(n))} of {n} {names}")


def disk_is_full():
    """ENOSPC for a while: refused with 503 and nothing lost; with room again it goes on by itself."""
    with Template() as template:
        n = count_calls(template, WRITES)
        refused = 0
        for k in some(n):
            relay = template.relay(f"{WRITES}:error=ENOSPC:when={k}..{k + 6}")
            story = Story(template.key)
            try:
                if start_maybe(relay):
                    assert story.run(relay, patient=True), relay.read_log()[-2000:]
                    assert relay.running(), f"a full disk ended it: {relay.read_log()[-2000:]}"
                    wait_for("the refund in the ledger", lambda: settled(relay))
                    relay.kill()
                else:
                    refused += 1
                finish(relay, story)
            except BaseException:
                tap.note(f"ENOSPC at {k}\n{relay.read_log()[-2000:]}")
                raise
            finally:
                relay.__exit__(None)
        tap.note(f"ENOSPC at {len(some(n))} of {n} writes; {refused} times it could not start")


if __name__ == "__main__":
    tap.run([("killed at system calls of the main transactions", killed_at_calls),
             ("the disk fails", disk_fails),
             ("the disk is full for a while", disk_is_full)])
