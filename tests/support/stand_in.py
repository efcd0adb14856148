# tests/support/stand_in.py — what the stand-ins of all providers share: a server on loopback with books in memory that judges
# every request strictly, misbehaves by script, sends webhooks well and badly, and shows pages that a browser without
# scripts can use. tests/support/<name>_stand_in.py derives a class from StandIn and holds what one provider is.
#
# To write one:
#     class Acme(StandIn):
#         NAME = "acme"
#         @operation("begin", "POST", "/v1/charges")                # also "/v1/charges/{id}": parts arrive as arguments
#         def make_charge(self, request, check):
#             account = self.account_by(request.bearer())           # None → raise Refused (401, {...})
#             body = check.json({"amount", "reference"}, {"note"})  # required members, allowed members; others: a complaint
#             check.that(body["amount"] > 0, "amount is positive")
#             ...
#             self.emit(account, {"type": "charge.paid", ...})      # a webhook; see below for when and how it goes out
#             return Answer(200, {...})
#         @page("GET", "/pay/{id}")                                 # hosted pages: no faults, no strictness
#         def card_page(self, request, id): return card_form(...)
#     if __name__ == "__main__": main(Acme)
# Names of operations are the same for all providers where they exist: begin, query, cancel, refund, query_refund, list, test;
# for others take the provider's word. Every operation runs under the lock of the books. A request whose method and path no
# operation knows is a complaint and 404.
#
# Strictness: a Check records every violation (`complaints`), the request goes on all the same, and leaving the `with` block
# (or `assert_content()`) fails the test that used the stand-in; `excuse(pattern)` takes back what a test provokes on purpose.
# Of every request are checked: Host, no header twice, no body without content type, no body with GET.
#
# Faults, by operation, each for so many calls after so many that pass: `fault("begin", "lost", times=1, skip=0, **how)`
#     nothing happened there:  429 (retry_after=1), 500, 503, refuse (status=, body=), nonsense (200, not JSON),
#                              never (no answer until the caller goes), reset (closed at once), error-200 (fault_body())
#     it happened:             slow (seconds=), lost (closed without an answer), cut (half of the body), 500-after,
#                              nonsense-after, never-after
#
# Webhooks: emit() in an operation goes out after its answer (in order, by one sender, again until 2xx). `hooks(mode, event=None,
# times=None, **how)` scripts the next ones (event: regex over the type): before (before the answer), twice, hold (until
# release(), release(reverse=True)), late (seconds=), never, wrong (another secret), old, future (time in the signature ± an hour),
# now. `settle()` waits until all have been answered; `deliveries` has what was sent and how it was answered.
# `resend(number=-1, **how)` sends one again; `forge(account, event, mode="now")` sends what the books do not say.
#
# What a test does on the other side has the same names everywhere (the methods under "The other side" below): a provider
# implements those that exist there. Time: now() is the clock of the books, advance(seconds) moves it; webhooks are signed with real time.
#
# In Python:   with Acme() as acme: account = acme.new_account(); …acme.url…    # ends with assert_content()
# As program:  python3 tests/support/acme_stand_in.py --port 0     prints "ready: http://127.0.0.1:PORT"; on SIGTERM it prints
#              its complaints and ends with 1 if there are any. It ends with whoever started it.
# Control, for both: POST /_control {"do": NAME, …arguments} → {"result": …} or 400 {"error": …}; NAME is one of CONTROLS.
import argparse
import ctypes
import http.server
import os
import queue
import random
import re
import select
import signal
import socket
import sys
import threading
import time
import urllib.parse
import urllib.request

from stand_in_pages import button, card_form, challenge_form, digits, document, field, form  # noqa: F401: what stand-ins use
from stand_in_wire import Answer, Check, Refused, Request, dumps, loads, redirect  # noqa: F401

PATIENCE = float(os.environ.get("COBRO_TEST_PATIENCE", "60"))
BEFORE = ("429", "500", "503", "refuse", "nonsense", "never", "reset", "error-200")
AFTER = ("slow", "lost", "cut", "500-after", "nonsense-after", "never-after")
HOOKS = ("now", "before", "twice", "hold", "late", "never", "wrong", "old", "future")


# ── What a class declares ─────────────────────────────────────────────────────────────────────────────────────────────

def operation(name, method, path):
    """Marks a method as what the API does at @method @path; "{part}" matches one step of the path."""
    return mark(name, method, path)


def page(method, path):
    """Marks a method as a hosted page: for browsers, without faults and strictness."""
    return mark(None, method, path)


def mark(name, method, path):
    pattern = re.compile("".join(f"(?P<{part[1:-1]}>[^/]+)" if part.startswith("{") else re.escape(part)
                                 for part in re.split(r"(\{\w+\})", path)))

    def remember(function):
        function.routes = [*getattr(function, "routes", []), (name, method, pattern)]
        return function
    return remember


class Account:
    """One merchant at the provider. `settings`: what the merchant enters in Cobro, by the names of the adapter's README,
    without webhook secrets; `webhook_secret`: what is entered beside them; `secrets`: everything that must never be seen."""

    def __init__(self, id, settings, webhook_secret=None, livemode=False, **more):
        self.id, self.settings, self.webhook_secret, self.livemode = id, dict(settings), webhook_secret, livemode
        self.hook_url = None
        self.secrets = []
        self.__dict__.update(more)


class Delivery:
    """One webhook that was sent: to whom, the bytes, and the status of every try (0: no answer)."""

    def __init__(self, account, kind, body, headers):
        self.account, self.kind, self.body, self.headers, self.statuses = account, kind, body, headers, []

    def brief(self):
        return {"account": self.account.id, "type": self.kind, "body": self.body.decode("utf-8"), "headers": self.headers,
                "statuses": list(self.statuses)}


class StandIn:
    NAME = "stand-in"
    CARDS = {}                  # {"pays": number, "declines": number, "asks": number}: the provider's own test cards
    CONTROLS = ("fault", "hooks", "release", "settle", "advance", "excuse", "complaints_now", "requests_now", "deliveries_now",
                "references", "cards", "forget", "resend", "connect", "add_account", "find", "pay", "late_success", "second_success", "change",
                "dashboard_refund", "dispute", "close_payment")
    RETRY = 0.1                 # seconds until a webhook that was not taken is sent again
    TRIES = 30

    def __init__(self, port=0, seed=0):
        self.lock = threading.RLock()
        self.chance = random.Random(f"{self.NAME} {seed}")
        self.shift = 0
        self.accounts = {}
        self.complaints, self.excused, self.requests, self.deliveries = [], [], [], []
        self.faults, self.hook_rules, self.held, self.kept_answers = [], [], [], {}
        self.local = threading.local()
        self.stopping = threading.Event()
        self.pending = 0
        self.outgoing = queue.Queue()
        self.routes = [(name, method, pattern, getattr(self, attribute)) for attribute in dir(type(self))
                       for name, method, pattern in getattr(getattr(type(self), attribute), "routes", [])]
        self.server = Server(("127.0.0.1", port), Handler)
        self.server.stand_in = self
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        threading.Thread(target=self.send_all, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.stop()
        if kind is None:
            self.assert_content()

    def stop(self):
        self.stopping.set()
        self.outgoing.put(None)
        self.server.shutdown()
        self.server.server_close()

    # ── Books ──

    def now(self):
        """Seconds since 1970, on the stand-in's clock."""
        return time.time() + self.shift

    def advance(self, seconds):
        self.shift += seconds

    def new_id(self, prefix, length=24, alphabet="0123456789abcdefghijklmnopqrstuvwxyz"):
        """The same ids with the same seed."""
        with self.lock:
            return prefix + "".join(self.chance.choice(alphabet) for _ in range(length))

    def once(self, key, fingerprint, act):
        """Idempotency: act() once per key, its Answer (or Refused) again later; None: same key with another fingerprint."""
        if key not in self.kept_answers:
            try:
                self.kept_answers[key] = (fingerprint, act(), None)
            except Refused as refusal:
                self.kept_answers[key] = (fingerprint, None, refusal)
        kept, answer, refusal = self.kept_answers[key]
        if kept != fingerprint:
            return None
        if refusal:
            raise refusal
        return answer

    # ── The other side: what a test does there. A provider implements what exists there. Payments are named by our reference ──

    def new_account(self, livemode=False):
        """Opens an account and keeps it in self.accounts by id; an Account."""
        raise NotImplementedError

    def find(self, reference):
        """{"id", "charge", "state": pending|paid|failed|cancelled, "amount", "currency" (ours: minor units, ISO), "captured",
        "refunded", "disputed"} of the payment with that reference; None when it was never made here."""
        raise NotImplementedError

    def pay(self, reference, card="pays", answer="approve"):
        """What a payer does on the hosted page, without a browser: @card is a name of CARDS, @answer to a challenge approve|refuse."""
        raise NotImplementedError

    def late_success(self, reference):
        """The money arrives although the payment failed, expired or was cancelled here."""
        raise NotImplementedError

    def second_success(self, reference):
        """Another charge for the same payment succeeds."""
        raise NotImplementedError

    def change(self, reference, amount=None, currency=None, livemode=None, account=None):
        """From now on answers and events about that payment say something else than what was asked."""
        raise NotImplementedError

    def dashboard_refund(self, reference, amount=None):
        """The merchant refunds in the provider's dashboard: amount in minor units, None: the rest."""
        raise NotImplementedError

    def dispute(self, reference, state):
        """opened, won, lost."""
        raise NotImplementedError

    def close_payment(self, reference):
        """It ends there: expired or cancelled by the provider."""
        raise NotImplementedError

    def sign(self, account, body, at, secret):
        """Headers that authenticate a webhook; @at: seconds since 1970 for those that sign a time."""
        raise NotImplementedError

    def event_type(self, event):
        return event.get("type") or event.get("event") or ""

    def fault_body(self, operation):
        """The body of an error with status 200."""
        return {"status": "error", "message": "An error occurred", "data": None}

    def cards(self):
        return self.CARDS

    def secrets(self):
        """Everything that must never be seen at our side, by what it is."""
        return [text for account in self.accounts.values() for text in account.secrets]

    # ── Script ──

    def fault(self, operation, kind, times=1, skip=0, **how):
        assert kind in BEFORE + AFTER, kind
        with self.lock:
            self.faults.append({"operation": operation, "kind": kind, "times": times, "skip": skip, **how})

    def fault_for(self, operation):
        """The first script of that operation ("*": of all) which is not used up; it is used."""
        for fault in self.faults:
            if fault["operation"] in (operation, "*") and fault["times"] > 0:
                if fault["skip"] > 0:
                    fault["skip"] -= 1
                    continue
                fault["times"] -= 1
                return fault
        return None

    def hooks(self, mode, event=None, times=None, **how):
        assert mode in HOOKS, mode
        with self.lock:
            self.hook_rules.append({"mode": mode, "event": event, "times": times, **how})

    def hook_rule(self, kind):
        for rule in self.hook_rules:
            if (rule["event"] is None or re.search(rule["event"], kind)) and rule["times"] != 0:
                if rule["times"] is not None:
                    rule["times"] -= 1
                return rule
        return {"mode": "now"}

    def forget(self):
        """No more faults, no more rules for webhooks."""
        with self.lock:
            self.faults.clear()
            self.hook_rules.clear()

    def excuse(self, pattern):
        """Complaints that match are what the test wanted, now and later."""
        with self.lock:
            self.excused.append(pattern)

    def complaints_now(self):
        with self.lock:
            return [line for line in self.complaints if not any(re.search(pattern, line) for pattern in self.excused)]

    def assert_content(self):
        found = self.complaints_now()
        assert not found, f"{self.NAME} complains:\n" + "\n".join(found[:20])

    def requests_now(self, operation=None):
        with self.lock:
            return [request.brief() for request in self.requests if operation in (None, request.operation)]

    def references(self):
        """Our signed references, as the requests to begin brought them, oldest first, each once."""
        with self.lock:
            texts = [urllib.parse.unquote_plus(request.target) + urllib.parse.unquote_plus(request.body.decode("utf-8", "replace"))
                     for request in self.requests if request.operation == "begin"]
        return list(dict.fromkeys(found for text in texts for found in re.findall(r"pay_[0-9a-z]{26}\.[0-9a-f]{26}", text)))

    def deliveries_now(self):
        with self.lock:
            return [delivery.brief() for delivery in self.deliveries]

    # ── Webhooks ──

    def connect(self, account, url):
        """The merchant enters the relay's webhook address in the dashboard. @account: an Account or its id."""
        with self.lock:
            self.account(account).hook_url = url

    def account(self, account):
        return self.accounts[account] if isinstance(account, str) else account

    def add_account(self, livemode=False):
        account = self.new_account(livemode)
        return {"id": account.id, "settings": account.settings, "webhookSecret": account.webhook_secret}

    def emit(self, account, event):
        """A webhook of that account: goes out after the answer of the operation that runs, or at once outside of one."""
        body, kind = dumps(event).encode("utf-8"), self.event_type(event)
        with self.lock:
            if account.hook_url is None:
                return
            rule = self.hook_rule(kind)
            delivery = Delivery(account, kind, body, None)
            if rule["mode"] == "never":
                return
            delivery.rule = rule
            self.deliveries.append(delivery)
            if rule["mode"] == "hold":
                self.held.append(delivery)
                return
            self.pending += 1
        waiting = getattr(self.local, "emitted", None)
        if waiting is None:
            self.dispatch(delivery)
        else:
            waiting.append(delivery)

    def dispatch(self, delivery):
        if delivery.rule["mode"] == "late":
            timer = threading.Timer(float(delivery.rule.get("seconds", 1)), self.outgoing.put, [delivery])
            timer.daemon = True
            timer.start()
        else:
            self.outgoing.put(delivery)

    def release(self, reverse=False, times=1):
        """Sends what was held; each so many times."""
        with self.lock:
            held, self.held = self.held[::-1 if reverse else 1], []
            self.pending += len(held) * times
        for delivery in held:
            delivery.rule = {"mode": "now"}
            for _ in range(times):
                self.outgoing.put(delivery)

    def resend(self, number=-1, **how):
        """Sends a delivery once more, freshly signed; how: secret=, at=, headers= (added). Its status."""
        with self.lock:
            delivery = self.deliveries[number]
        return self.post(delivery, how)

    def forge(self, account, event, mode="now", **how):
        """Sends an event that the books know nothing of, genuinely signed unless @mode says otherwise; its status."""
        body = event if isinstance(event, bytes) else dumps(event).encode("utf-8")
        delivery = Delivery(self.account(account), "" if isinstance(event, bytes) else self.event_type(event), body, None)
        delivery.rule = {"mode": mode}
        with self.lock:
            self.deliveries.append(delivery)
        return self.post(delivery, how)

    def send_all(self):
        """The one sender: in order, and what was not taken again later."""
        while True:
            delivery = self.outgoing.get()
            if delivery is None:
                return
            status = self.post(delivery, {})
            if delivery.rule["mode"] == "twice":
                self.post(delivery, {})
            wanted = delivery.rule["mode"] not in ("wrong", "old", "future")
            if wanted and not 200 <= status < 300 and len(delivery.statuses) < self.TRIES and not self.stopping.is_set():
                timer = threading.Timer(self.RETRY, self.outgoing.put, [delivery])
                timer.daemon = True
                timer.start()
                continue
            with self.lock:
                self.pending -= 1

    def post(self, delivery, how):
        """One try. The status, 0 when there was no answer."""
        account, mode = delivery.account, delivery.rule["mode"]
        secret = how.get("secret", account.webhook_secret)
        at = how.get("at", int(time.time()))
        if mode == "wrong":
            secret = f"another-{secret}"
        if mode in ("old", "future"):
            at += -3600 if mode == "old" else 3600
        headers = {"Content-Type": "application/json", "User-Agent": f"{self.NAME}-webhooks/1",
                   **self.sign(account, delivery.body, at, secret), **how.get("headers", {})}
        delivery.headers = headers
        request = urllib.request.Request(account.hook_url, delivery.body, headers, method="POST")
        try:
            with OPENER.open(request, timeout=PATIENCE) as answer:
                answer.read()
                status = answer.status
        except urllib.error.HTTPError as refusal:
            refusal.read()
            status = refusal.code
        except (OSError, ValueError):
            status = 0
        with self.lock:
            delivery.statuses.append(status)
        return status

    def settle(self, patience=PATIENCE):
        """Waits until every webhook that is not held has been answered or given up."""
        deadline = time.monotonic() + patience
        while True:
            with self.lock:
                if self.pending == 0:
                    return
            assert time.monotonic() < deadline, f"webhooks are still on their way: {self.deliveries_now()[-3:]}"
            time.sleep(0.01)

    # ── Serving ──

    def route(self, request):
        for name, method, pattern, function in self.routes:
            match = pattern.fullmatch(request.path)
            if match and method == request.method:
                return name, function, {key: urllib.parse.unquote(part) for key, part in match.groupdict().items()}
        return None, None, None

    def serve(self, request):
        """(Answer or None, fault or None): what the handler is to do with the connection."""
        if request.path == "/_control":
            return self.control(request), None
        if request.path == "/favicon.ico":                # browsers ask by themselves
            return Answer(204), None
        name, function, parts = self.route(request)
        request.operation = name
        self.local.emitted = []
        check = Check(self, request)
        with self.lock:
            if function is not None and name is None:
                answer, fault = self.shown(function, request, parts), None
            else:
                self.requests.append(request)
                check.usual()
                fault = self.fault_for(name) if name else None
                if fault and fault["kind"] in BEFORE:
                    return self.broken(fault, name), fault
                answer = self.judged(function, request, check, parts)
        emitted, self.local.emitted = self.local.emitted, None
        for delivery in [one for one in emitted if one.rule["mode"] == "before"]:
            taken = 200 <= self.post(delivery, {}) < 300
            with self.lock:
                self.pending -= 1 if taken else 0
            delivery.rule = {"mode": "before" if taken else "now"}
        self.local.later = [one for one in emitted if one.rule["mode"] != "before"]
        if fault and fault["kind"] == "500-after":
            answer = Answer(500, {"error": {"message": "Internal error"}})
        if fault and fault["kind"] == "nonsense-after":
            answer = Answer(200, "<html>gateway</html>", media="text/html")
        return answer, fault

    def judged(self, function, request, check, parts):
        if function is None:
            check.fail("no such operation")
            return Answer(404, self.unknown_body(request))
        try:
            return function(request, check, **parts)
        except Refused as refusal:
            return refusal.answer
        except Exception as failure:                      # a stand-in that breaks is a failure of the test, not an answer
            check.fail(f"the stand-in broke: {failure!r} {line_of(failure)}")
            return Answer(500, {"error": {"message": "stand-in"}})

    def shown(self, function, request, parts):
        try:
            return function(request, **parts)
        except Refused as refusal:
            return refusal.answer
        except Exception as failure:
            self.complaints.append(f"page {request.path}: the stand-in broke: {failure!r} {line_of(failure)}")
            return Answer(500, "stand-in")

    def unknown_body(self, request):
        return {"error": {"message": f"Unrecognized request URL ({request.method}: {request.path})"}}

    def broken(self, fault, name):
        kind = fault["kind"]
        if kind == "429":
            return Answer(429, {"error": {"message": "Too many requests"}}, {"Retry-After": str(fault.get("retry_after", 1))})
        if kind == "refuse":
            return Answer(int(fault["status"]), fault.get("body", {}), fault.get("headers"))
        if kind == "nonsense":
            return Answer(200, "<html><h1>Bad gateway</h1></html>", media="text/html")
        if kind == "error-200":
            return Answer(200, self.fault_body(name))
        return Answer(int(kind), {"error": {"message": "Server error"}}) if kind.isdigit() else None

    def control(self, request):
        try:
            asked = request.json()
            name = asked.pop("do")
            assert name in self.CONTROLS, f"{name} is not among {', '.join(self.CONTROLS)}"
            result = getattr(self, name)(**asked)
            return Answer(200, {"result": result})
        except Exception as failure:
            return Answer(400, {"error": f"{type(failure).__name__}: {failure}"})


def line_of(failure):
    last = failure.__traceback__
    while last.tb_next:
        last = last.tb_next
    return f"({os.path.basename(last.tb_frame.f_code.co_filename)}:{last.tb_lineno})"


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """Callers may go at any time."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def take(self):
        stand_in = self.server.stand_in
        request = Request(self.command, self.path, list(self.headers.items()), self.read_body())
        answer, fault = stand_in.serve(request)
        kind = fault["kind"] if fault else ""
        try:
            if kind in ("never", "never-after"):
                self.wait_until_gone(PATIENCE)
            elif kind == "slow":
                self.wait_until_gone(float(fault.get("seconds", 1)))
            if answer is None or kind in ("lost", "reset", "never-after"):
                self.close_connection = True
            else:
                self.write(answer, half=kind == "cut")
        finally:
            for delivery in getattr(stand_in.local, "later", None) or []:
                stand_in.dispatch(delivery)
            stand_in.local.later, stand_in.local.emitted = None, None

    def read_body(self):
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)
        return self.rfile.read(int(self.headers.get("Content-Length", "0")))

    def write(self, answer, half):
        body = answer.body
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:len(body) // 2] if half else body if self.command != "HEAD" else b"")
        if half:
            self.wfile.flush()
            self.close_connection = True

    def wait_until_gone(self, seconds):
        """Until the caller has closed the connection, the stand-in stops, or so many seconds."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self.server.stand_in.stopping.is_set():
            readable, _, _ = select.select([self.connection], [], [], 0.05)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                return

    def do_OPTIONS(self):
        """What a browser asks before a script of another origin calls."""
        self.write(Answer(204, None, {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "GET, POST",
                                      "Access-Control-Allow-Headers": "Authorization, Content-Type", "Access-Control-Max-Age": "600"}), False)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = take


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirect)


# ── As a program ──────────────────────────────────────────────────────────────────────────────────────────────────────

def main(kind):
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)           # PR_SET_PDEATHSIG: it ends with whoever started it
    stand_in = kind(chosen.port, chosen.seed)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    print(f"ready: {stand_in.url}", flush=True)
    ended.wait()
    stand_in.stop()
    found = stand_in.complaints_now()
    for line in found:
        print(line, file=sys.stderr)
    sys.exit(1 if found else 0)
