#!/usr/bin/python3
"""tests/relay/api/watch.py — watch-page: a relay seen through something that changes its pages, and what the command says of it."""
# proves: OPL-4
import http.server
import json
import os
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))

import tap
from relay import PROGRAM, Client, Relay, path_of


class Proxy(http.server.ThreadingHTTPServer):
    """What stands in front of a relay: hands on requests, and answers as `change (path, headers, body)` leaves them."""

    daemon_threads = True

    def __init__(self):
        proxy = self
        self.behind = None      # a Client, once the relay runs: its public address is this
        self.change = lambda path, headers, body: body

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                reply = proxy.behind.get(self.path, {"Host": self.headers["Host"]})
                headers = {name: value for name, value in reply.headers.items() if name not in ("content-length", "connection", "date")}
                body = proxy.change(self.path, headers, reply.body)
                self.send_response(reply.status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.serve_forever, daemon=True)
        self.thread.start()

    def url(self, path):
        return f"http://127.0.0.1:{self.server_port}{path}"

    def stop(self):
        self.shutdown()
        self.server_close()
        self.behind.close()


def watch(url, *options):
    return subprocess.run([PROGRAM, "watch-page", *options, url], capture_output=True, text=True, check=False)


def page():
    return path_of(shop.create(currency="EUR", amount=500)["url"])


def untouched():
    path = page()
    for url in (proxy.url(path), proxy.url(path) + "?x=1"):
        done = watch(url)
        assert done.returncode == 0, done
        assert "ok      as it should be" in done.stdout and "ours" in done.stdout, done.stdout
    assert path.split("/")[2] not in done.stdout, "the token of a link is in the report"
    quiet = watch(proxy.url(path), "--quiet")
    assert quiet.returncode == 0 and quiet.stdout == "" and quiet.stderr == "", quiet
    said = json.loads(watch(proxy.url(path), "--json").stdout)
    assert len(said) == 1 and said[0]["status"] == 200 and said[0]["findings"] == [], said
    assert shop.payments() == [], "looking began a payment"


def changed(change, *words):
    """@change is found, and said in these words."""
    def test():
        path = page()
        proxy.change = change
        try:
            done = watch(proxy.url(path), "-q")
            said = watch(proxy.url(path), "--json")
        finally:
            proxy.change = lambda path, headers, body: body
        assert done.returncode == 1, done
        for word in words:
            assert word in done.stdout, done.stdout
        assert all(line.startswith("wrong   ") for line in done.stdout.splitlines()), done.stdout
        assert said.returncode == 1 and len(json.loads(said.stdout)[0]["findings"]) == len(done.stdout.splitlines()), said
    return test


def skimmer(path, headers, body):
    return body.replace(b"</main>", b'<script src="https://skim.example/a.js" async></script></main>')


def our_script(path, headers, body):
    return body + b"\nskim ();" if path.startswith("/assets/") else body


def script_and_integrity(path, headers, body):
    return body.replace(b'integrity="sha256-', b'data-was="sha256-') if path.startswith("/pay/") else our_script(path, headers, body)


def looser_policy(path, headers, body):
    headers["content-security-policy"] = headers.get("content-security-policy", "").replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")
    return body


def no_policy(path, headers, body):
    headers.pop("content-security-policy", None)
    return body


def cached(path, headers, body):
    if path.startswith("/pay/"):
        headers["cache-control"] = "public, max-age=60"
    return body


def not_there():
    for url in (proxy.url("/pay/" + "0" * 64), proxy.url("/nothing")):
        done = watch(url)
        assert done.returncode not in (0, 1) and "404" in done.stderr, done
    done = watch("http://127.0.0.1:9/pay/x")
    assert done.returncode not in (0, 1) and done.stderr, done
    assert watch("nonsense").returncode not in (0, 1)
    assert subprocess.run([PROGRAM, "watch-page"], capture_output=True, check=False).returncode not in (0, 1)


proxy = Proxy()
with Relay(public_url=proxy.url("")) as world:
    shop = world.add_merchant()
    proxy.behind = Client(world.port)
    tap.run([("a page as it should be", untouched),
             ("a stranger's script", changed(skimmer, "https://skim.example/a.js is not in the manifest")),
             ("our script, changed on its way", changed(our_script, "was changed on its way")),
             ("our script, and its integrity", changed(script_and_integrity, "was changed on its way", "has the integrity")),
             ("a looser policy", changed(looser_policy, "the policy allows script-src 'unsafe-inline'")),
             ("no policy", changed(no_policy, "no Content-Security-Policy")),
             ("a page that is kept", changed(cached, "the header cache-control")),
             ("no such page", not_there),
             ("it ends when asked to", world.stop)])
    proxy.stop()
