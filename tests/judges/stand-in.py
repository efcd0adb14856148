#!/usr/bin/python3
# tests/judges/stand-in.py — the ground of the stand-ins bites: a toy company, asked well and badly.
import hashlib
import hmac
import http.client
import http.server
import json
import os
import subprocess
import sys
import threading
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import tap
from stand_in import Account, Answer, Refused, StandIn, card_form, main, operation, page


class Toy(StandIn):
    """Charges of a few cents."""
    NAME = "toy"
    RETRY = 0.01

    def new_account(self, livemode=False):
        key = self.new_id("sk_")
        account = Account(self.new_id("acct_"), {"secret-key": key}, "whsec_of_the_toy", livemode)
        account.secrets = [key, account.webhook_secret]
        self.accounts[account.id] = account
        return account

    def sign(self, account, body, at, secret):
        mac = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        return {"Toy-Signature": f"{at},{mac}"}

    @operation("begin", "POST", "/v1/charges")
    def begin(self, request, check):
        account = next((one for one in self.accounts.values() if one.settings["secret-key"] == request.bearer()), None)
        if account is None:
            raise Refused(401, {"error": "who are you"})
        body = check.json({"amount", "reference"}, {"note"})
        check.header("Idempotency-Key", pattern=r".{1,255}")
        check.whole(body, "amount", 1)

        def make():
            charge = {"id": self.new_id("ch_"), "amount": body["amount"], "reference": body["reference"]}
            self.emit(account, {"type": "charge.made", "charge": charge})
            return Answer(200, charge)
        return self.once(request.headers.get("idempotency-key"), request.body, make) or Answer(400, {"error": "another request"})

    @page("GET", "/pay/{id}")
    def card(self, request, id):
        return card_form(f"/pay/{id}", "EUR 1.00")


class Listener:
    """Where webhooks go; answers with the next of `statuses`, then 200."""

    def __init__(self, *statuses):
        self.statuses, self.heard = list(statuses), []
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.heard.append((json.loads(body)["charge"]["reference"], self.headers["Toy-Signature"], body))
                self.send_response(listener.statuses.pop(0) if listener.statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def names(self):
        return [one[0] for one in self.heard]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def ask(toy, method, path, body=None, headers=None, account=None):
    """(status, body) of one request; http.client's own exceptions where there is no whole answer."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(toy.url).netloc, timeout=2)
    sent = dict(headers or {})
    if account:
        sent["Authorization"] = f"Bearer {account.settings['secret-key']}"
    if isinstance(body, dict):
        sent.setdefault("Content-Type", "application/json")
        body = json.dumps(body)
    try:
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def charge(toy, account, reference, key=None, **more):
    return ask(toy, "POST", "/v1/charges", {"amount": 1, "reference": reference, **more}, {"Idempotency-Key": key or reference}, account)


def complaints():
    for words, request in {
        "note2 is unknown": ("POST", "/v1/charges", {"amount": 1, "reference": "a", "note2": ""}, {"Idempotency-Key": "a"}),
        "reference is missing": ("POST", "/v1/charges", {"amount": 1}, {"Idempotency-Key": "a"}),
        "Idempotency-Key is missing": ("POST", "/v1/charges", {"amount": 1, "reference": "a"}),
        "not a whole number": ("POST", "/v1/charges", {"amount": 1.5, "reference": "a"}, {"Idempotency-Key": "a"}),
        "is there twice": ("POST", "/v1/charges", '{"amount":1,"amount":2,"reference":"a"}',
                           {"Idempotency-Key": "a", "Content-Type": "application/json"}),
        "not application/json": ("POST", "/v1/charges", '{"amount":1,"reference":"a"}',
                                 {"Idempotency-Key": "a", "Content-Type": "text/plain"}),
        "GET with a body": ("GET", "/v1/charges", {"amount": 1}),
        "no such operation": ("DELETE", "/v1/charges"),
    }.items():
        with Toy() as toy:
            account = toy.new_account()
            ask(toy, *request, account=account) if len(request) > 3 else ask(toy, *request, *[None] * (4 - len(request)), account=account)
            found = toy.complaints_now()
            assert any(words in line for line in found), f"{words}: {found}"
            try:
                toy.assert_content()
                raise SystemExit("content with a complaint")
            except AssertionError:
                toy.excuse(".")
    with Toy() as toy:
        assert charge(toy, toy.new_account(), "a")[0] == 200
        assert ask(toy, "POST", "/v1/charges", {}, {"Authorization": "Bearer wrong"})[0] == 401
        assert ask(toy, "GET", "/pay/1?x=1")[1].count("<form") == 1


def faults():
    with Toy() as toy:
        account = toy.new_account()
        for kind, expected in {"429": 429, "500": 500, "503": 503, "nonsense": 200, "error-200": 200, "500-after": 500}.items():
            toy.fault("begin", kind)
            assert charge(toy, account, kind)[0] == expected, kind
        assert len(toy.kept_answers) == 1, "nothing happened before, and it happened with 500-after"
        for kind, made in {"reset": 0, "lost": 1, "cut": 1}.items():
            before = len(toy.kept_answers)
            toy.fault("begin", kind, skip=1)
            assert charge(toy, account, f"{kind} skipped")[0] == 200
            try:
                charge(toy, account, kind)
                raise SystemExit(f"{kind}: an answer")
            except (http.client.HTTPException, OSError):
                pass
            assert len(toy.kept_answers) == before + 1 + made, kind
        for kind, made in {"never": 0, "never-after": 1}.items():
            before = len(toy.kept_answers)
            toy.fault("begin", kind)
            try:
                charge(toy, account, kind)
                raise SystemExit(f"{kind}: an answer")
            except TimeoutError:
                pass
            assert len(toy.kept_answers) == before + made, kind
        toy.fault("begin", "slow", seconds=0.1)
        assert charge(toy, account, "slow")[0] == 200
        first = charge(toy, account, "same")
        assert first == charge(toy, account, "same"), "the same key gives the same answer"
        assert charge(toy, account, "other", key="same")[0] == 400


def webhooks():
    with Toy() as toy, Listener(500, 500) as listener:
        account = toy.new_account()
        toy.connect(account.id, listener.url)
        charge(toy, account, "again")
        toy.settle()
        assert listener.names() == ["again"] * 3, listener.names()
        assert toy.deliveries_now()[0]["statuses"] == [500, 500, 200]
        toy.hooks("twice", times=1)
        toy.hooks("never", times=1)
        toy.hooks("hold", event="charge", times=3)
        for name in ("twice", "never", "one", "two", "three"):
            charge(toy, account, name)
        toy.settle()
        assert listener.names()[3:] == ["twice", "twice"], listener.names()
        toy.release(reverse=True)
        toy.settle()
        assert listener.names()[5:] == ["three", "two", "one"], listener.names()
        for mode in ("wrong", "old", "future", "now"):
            toy.hooks(mode, times=1)
            charge(toy, account, mode)
            toy.settle()
            _, signature, body = listener.heard[-1]
            at, mac = signature.split(",")
            good = hmac.new(b"whsec_of_the_toy", f"{at}.".encode() + body, hashlib.sha256).hexdigest() == mac
            assert good == (mode != "wrong") and (abs(int(at) - toy.now()) < 60) == (mode not in ("old", "future")), mode
        seen = []
        toy.hooks("before", times=1)
        listener.heard.clear()
        seen.append(charge(toy, account, "before")[0])
        assert listener.names() == ["before"]
        assert toy.forge(account, {"type": "charge.made", "charge": {"reference": "forged"}}) == 200
        assert toy.resend(0) == 200 and listener.names()[-1] == "again"


def as_program():
    """Started as the Node judges start it: controlled, and its complaints end it with 1."""
    with subprocess.Popen([sys.executable, "-B", __file__, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as toy:
        toy.url = toy.stdout.readline().removeprefix("ready: ").strip()
        account = json.loads(ask(toy, "POST", "/_control", {"do": "add_account"})[1])["result"]
        assert account["settings"]["secret-key"].startswith("sk_"), account
        assert ask(toy, "POST", "/_control", {"do": "stop"})[0] == 400
        assert ask(toy, "POST", "/_control", {"do": "fault", "operation": "begin", "kind": "503"})[0] == 200
        keys = {"Authorization": f"Bearer {account['settings']['secret-key']}"}
        assert ask(toy, "POST", "/v1/charges", {}, keys)[0] == 503
        assert ask(toy, "GET", "/nowhere")[0] == 404
        toy.terminate()
        assert "no such operation" in toy.stderr.read() and toy.wait() == 1


if __name__ == "__main__":
    if "--port" in sys.argv:
        main(Toy)
    tap.run([("every violation is a complaint", complaints), ("every fault", faults), ("webhooks well and badly", webhooks),
             ("as a program of its own", as_program)])
