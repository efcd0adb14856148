# tests/support/relay.py — a real cobro-relay in a folder of its own: started, asked, killed, started again, audited.
# Everything is loopback; the folder goes away with the object.
import calendar
import contextlib
import csv
import ctypes
import hashlib
import http.client
import json
import os
import re
import select
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
import urllib.parse

import postgres
import tap

ON_POSTGRES = os.environ.get("COBRO_TEST_ENGINE") == "postgres"
PROGRAM = os.environ.get("COBRO_RELAY", "cobro-relay")
PRCTL = ctypes.CDLL(None).prctl
PR_SET_PDEATHSIG = 1
PATIENCE = float(os.environ.get("COBRO_TEST_PATIENCE", "60"))       # seconds: the deadline of everything that is waited for; reached only when something is broken


class Reply:
    """One HTTP answer, read whole."""

    def __init__(self, response, body):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.cookies = [value for name, value in response.getheaders() if name.lower() == "set-cookie"]
        self.body = body

    @property
    def text(self):
        return self.body.decode("utf-8")

    @property
    def json(self):
        return json.loads(self.body, object_pairs_hook=no_duplicates)

    @property
    def data(self):
        assert self.json["success"] is True, self.text
        return self.json["data"]

    def error(self):
        """(code, path of the first detail) of a refusal under /v1."""
        assert self.json["success"] is False, self.text
        problem = self.json["error"]
        details = problem.get("details") or [{}]
        return problem["code"], details[0].get("path")

    def __repr__(self):
        return f"<{self.status} {self.text[:400]}>"


def no_duplicates(pairs):
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), f"a key is there twice: {keys}"
    return dict(pairs)


class Client:
    """HTTP to one relay over one connection per thread; nothing is followed or repeated by itself."""

    def __init__(self, port, key=None):
        self.port = port
        self.key = key
        self.local = threading.local()

    def request(self, method, path, body=None, headers=None):
        sent = dict(headers or {})
        if self.key and "Authorization" not in sent:
            sent["Authorization"] = f"Bearer {self.key}"
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
            sent.setdefault("Content-Type", "application/json")
        if isinstance(body, str):
            body = body.encode("utf-8")
        connection = self.connection()
        try:
            try:
                connection.request(method, path, body=body, headers=sent)
            except BrokenPipeError:
                pass  # a body that is refused while it is being sent: the answer is there already
            response = connection.getresponse()
            return Reply(response, response.read())
        except BaseException:
            self.close()
            raise

    def connection(self):
        """This thread's connection; a new one when the relay has closed the old one meanwhile."""
        kept = getattr(self.local, "connection", None)
        if kept is not None and kept.sock is not None and select.select([kept.sock], [], [], 0)[0]:
            self.close()
        if getattr(self.local, "connection", None) is None:
            self.local.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        return self.local.connection

    def close(self):
        if getattr(self.local, "connection", None) is not None:
            self.local.connection.close()
            self.local.connection = None

    def get(self, path, headers=None):
        return self.request("GET", path, headers=headers)

    def post(self, path, body=None, headers=None):
        return self.request("POST", path, body if body is not None else {}, headers)

    def put(self, path, body, headers=None):
        return self.request("PUT", path, body, headers)

    def delete(self, path, headers=None):
        return self.request("DELETE", path, headers=headers)


class Merchant(Client):
    """One merchant at the relay, with the key that was shown once."""

    def __init__(self, port, added):
        super().__init__(port, added["apiKey"])
        self.id = added["merchantId"]
        self.pair_code = added["pairCode"]

    def create(self, key=None, **link):
        """Publishes a link, with an idempotency key; the /v1 Link."""
        headers = {"Idempotency-Key": key or f"t-{os.urandom(12).hex()}"}
        reply = self.post("/v1/links", link, headers)
        assert reply.status == 201, reply
        return reply.data

    def link(self, link_id):
        reply = self.get(f"/v1/links/{link_id}")
        assert reply.status == 200, reply
        return reply.data

    def payments(self, link_id=None):
        """All payments, or those of one link, newest first; each once, though new ones may push them down the list."""
        found, offset = {}, 0
        while True:
            reply = self.get(f"/v1/payments?limit=100&offset={offset}")
            assert reply.status == 200, reply
            found.update((row["id"], row) for row in reply.data if row["id"] not in found)
            offset += len(reply.data)
            if not reply.json["pagination"]["hasMore"]:
                return [row for row in found.values() if link_id in (None, row["linkId"])]

    def events(self):
        """The whole log, oldest first, with the bytes of each object as they were sent."""
        rows, after = [], 0
        while True:
            reply = self.get(f"/v1/events?after={after}&limit=100")
            assert reply.status == 200, reply
            if not reply.data:
                return rows
            rows += list(zip(reply.data, raw_objects(reply.text)))
            after = reply.json["pagination"]["next"]


def raw_objects(text):
    """The text of each event's "object" member, byte for byte: that is what the hashes are over."""
    decoder = json.JSONDecoder()
    start = text.index('"data":') + len('"data":')
    found, at = [], text.index("[", start) + 1
    while text[at:].lstrip()[0] != "]":
        at += len(text[at:]) - len(text[at:].lstrip(" ,\n"))
        event, end = decoder.raw_decode(text, at)
        inside = text[at:end]
        # The member that parses to the object: the key may also occur inside texts.
        for match in re.finditer(r'"object"\s*:\s*', inside):
            value, stop = decoder.raw_decode(inside, match.end())
            if value == event["object"] and inside[stop:].lstrip()[:1] in (",", "}"):
                found.append(inside[match.end():stop])
                break
        at = end
    return found


def check_chain(merchant_id, events):
    """The log's hashes, computed here once more: sequence without gaps, each row bound to the one before it."""
    previous = "0" * 64
    for number, (event, raw) in enumerate(events, 1):
        assert event["sequence"] == number, f"sequence {event['sequence']} where {number} should be"
        assert event["previousHash"] == previous, f"event {number} does not follow the one before it"
        row = [event["id"], merchant_id, str(number), event["type"], str(microseconds(event["occurredAt"])),
               event["object"]["id"], raw]
        digest = hashlib.sha256((previous + "\n".join(row)).encode("utf-8")).hexdigest()
        # What only desktops may read is hidden from this key; its hash is over the whole.
        hidden = event["type"] in ("customer.updated", "product.updated", "recurring.updated") and list(event["object"]) == ["id"]
        assert hidden or event["hash"] == digest, f"event {number} ({event['type']}) has another hash than its content"
        previous = event["hash"]


def microseconds(text):
    """RFC 3339 in UTC to microseconds since 1970."""
    match = re.fullmatch(r"(\d+-\d+-\d+T\d+:\d+:\d+)(?:\.(\d{6}))?Z", text)
    return calendar.timegm(time.strptime(match[1], "%Y-%m-%dT%H:%M:%S")) * 1000000 + int(match[2] or 0)


class Relay:
    """The relay's process and its folder."""

    def __init__(self, **settings):
        self.folder = tempfile.mkdtemp(prefix="cobro-scenario-")
        self.data = os.path.join(self.folder, "data")
        self.log = os.path.join(self.folder, "relay.log")
        self.settings = {"rate-limits": "off", "mock-gateway": "on", "access-log": "off",
                         "connections-per-peer": "1000", "allow-target": "127.0.0.0/8", **{k.replace("_", "-"): v for k, v in settings.items()}}
        self.port = None
        self.process = None
        self.started_in = None
        self.merchants = []
        self.prefix = []            # what the program is run under, such as strace
        self.cleanup = contextlib.ExitStack()
        if ON_POSTGRES and "database" not in self.settings:
            server = self.cleanup.enter_context(postgres.shared())
            self.settings["database"] = server.database()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, kind, *_):
        try:
            if self.running():
                self.kill()
            if kind is not None:
                tap.note(self.read_log()[-3000:])
        finally:
            for merchant in self.merchants:
                merchant.close()
            self.cleanup.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        """Starts it and waits for "ready:"; on the same port again, because links and return URLs name it."""
        if self.port is None:
            self.port = free_port()
        settings = {"listen": f"127.0.0.1:{self.port}", "data": self.data, "public-url": self.url(), **self.settings}
        config = os.path.join(self.folder, "relay.conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write("".join(f"{key} = {value}\n" for key, value in settings.items()))
        begun = time.monotonic()
        log = open(self.log, "ab")
        self.process = subprocess.Popen([*self.prefix, PROGRAM, "serve", "--config", config], stdout=subprocess.PIPE, stderr=log,
                                        preexec_fn=die_with_parent)
        log.close()
        for line in self.process.stdout:
            if line.startswith(b"ready: "):
                self.started_in = time.monotonic() - begun
                # Whatever it prints later must not fill the pipe.
                threading.Thread(target=drain, args=(self.process.stdout,), daemon=True).start()
                return
        raise AssertionError(f"the relay ended with {self.process.wait()}: {self.read_log()[-2000:]}")

    def running(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        """kill -9: what a power cut of the process looks like."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """SIGTERM, and it must go by itself and say so with 0."""
        self.process.terminate()
        code = self.process.wait(PATIENCE)
        assert code == 0, f"ended with {code} after SIGTERM: {self.read_log()[-2000:]}"

    def restart(self):
        self.kill()
        self.start()

    def read_log(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def command(self, *arguments):
        """Another cobro-relay on the same folder; the finished process."""
        where = ["--data", self.data]
        if "database" in self.settings:
            where += ["--database", self.settings["database"]]
        return subprocess.run([PROGRAM, *arguments, *where], capture_output=True, text=True, timeout=PATIENCE, check=False)

    def add_merchant(self, name="Ana's Café"):
        done = self.command("merchant", "add", name, "--json")
        assert done.returncode == 0, done
        merchant = Merchant(self.port, json.loads(done.stdout))
        self.merchants.append(merchant)
        return merchant

    def audit(self):
        """The invariants of the books, by the relay's own audit; and the log's chain, by ours, when it runs."""
        done = self.command("audit", "--json")
        assert done.returncode == 0, f"audit ended with {done.returncode}: {done.stdout} {done.stderr}"
        report = json.loads(done.stdout)
        assert report["ok"] is True and report["violations"] == [], done.stdout
        if self.running():
            for merchant in self.merchants:
                check_chain(merchant.id, merchant.events())
        return report

    def books(self, name="relay", change=False):
        """Books to look at while they are written: "relay" is ours, "mock" the foreign company's. Close them."""
        if name == "relay" and "database" in self.settings:
            return contextlib.closing(PostgresBooks(self.settings["database"]))
        return contextlib.closing(sqlite3.connect(f"file:{self.data}/{name}.sqlite?mode={'rw' if change else 'ro'}", uri=True))

    def account_of(self, merchant_id):
        """The merchant's account at the company."""
        with self.books() as books:
            return books.execute("SELECT id FROM account WHERE merchant_id = ? AND provider = 'mock'",
                                 (merchant_id,)).fetchone()[0]


class PostgresBooks:
    """As much of a sqlite3 connection as tests use, by psql: execute(sql, arguments).fetchall(), fetchone()."""

    def __init__(self, uri):
        self.uri = uri

    def execute(self, sql, arguments=()):
        for argument in arguments:
            text = str(argument) if isinstance(argument, int) else "'" + argument.replace("'", "''") + "'"
            sql = sql.replace("?", text, 1)
        done = subprocess.run(["psql", "--no-psqlrc", "--csv", "--tuples-only", "-v", "ON_ERROR_STOP=1", "-c", sql, self.uri],
                              capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert done.returncode == 0, done.stderr
        rows = [tuple(number_or_text(value) for value in row) for row in csv.reader(done.stdout.splitlines())]
        return Rows(rows)

    def commit(self):
        """Each statement is a transaction."""

    def close(self):
        """Each statement is a connection."""


class Rows(list):
    def fetchall(self):
        return list(self)

    def fetchone(self):
        return self[0] if self else None


def number_or_text(value):
    return int(value) if re.fullmatch(r"-?\d+", value) else value


def die_with_parent():
    """In the child: whatever becomes of the test, no relay stays behind."""
    PRCTL(PR_SET_PDEATHSIG, signal.SIGKILL)


def drain(pipe):
    for _ in pipe:
        pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(what, condition, patience=PATIENCE):
    """Polls until @condition gives something true, which is returned."""
    deadline = time.monotonic() + patience
    while True:
        found = condition()
        if found:
            return found
        assert time.monotonic() < deadline, f"waited for {what}"
        time.sleep(0.02)


def path_of(url):
    """Path and query of an absolute or relative URL."""
    parts = urllib.parse.urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")
