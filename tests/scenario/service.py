#!/usr/bin/python3
"""tests/scenario/service.py — the relay as a service: what a service manager hears from it, the key as a credential, and nginx with
the shipped site really in front of it. proves: OPL-12"""
# proves: OPL-12, OPL-3
import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import tap
from relay import PATIENCE, PROGRAM, die_with_parent, free_port, wait_for

SITE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "data", "relay", "nginx.conf")
NAME = "pay.example.com"


class Service:
    """A relay on a unix socket, started as systemd would: NOTIFY_SOCKET, WATCHDOG_USEC, CREDENTIALS_DIRECTORY."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="cobro-scenario-")
        self.data, self.socket = f"{self.folder}/data", f"{self.folder}/relay.sock"
        self.ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.ear.bind(f"{self.folder}/notify")
        self.ear.settimeout(PATIENCE)
        os.mkdir(f"{self.folder}/credentials", 0o700)
        with open(os.open(f"{self.folder}/credentials/relay.key", os.O_CREAT | os.O_WRONLY, 0o400), "w", encoding="ascii") as key:
            key.write(os.urandom(32).hex() + "\n")

    def __enter__(self):
        config = f"{self.folder}/relay.conf"
        with open(config, "w", encoding="utf-8") as file:
            file.write(f"listen = unix:{self.socket}\ndata = {self.data}\npublic-url = https://{NAME}\nmock-gateway = on\n")
        environment = {**os.environ, "NOTIFY_SOCKET": f"{self.folder}/notify", "WATCHDOG_USEC": "2000000",
                       "CREDENTIALS_DIRECTORY": f"{self.folder}/credentials"}
        self.process = subprocess.Popen([PROGRAM, "serve", "--config", config], env=environment, preexec_fn=die_with_parent,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert self.hear() == "READY=1"
        return self

    def hear(self):
        return self.ear.recv(200).decode()

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.ear.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def add_merchant(self):
        done = subprocess.run([PROGRAM, "merchant", "add", "Ana", "--json", "--data", self.data], capture_output=True, text=True, check=True)
        return json.loads(done.stdout)


def life():
    """Ready, alive, and stopping; the key never touches the data folder."""
    with Service() as service:
        assert service.hear() == "WATCHDOG=1"
        assert service.hear() == "WATCHDOG=1"
        service.add_merchant()
        assert not os.path.exists(f"{service.data}/relay.key"), "a key was made although one was given"
        service.process.terminate()
        heard = wait_for("STOPPING=1", lambda: service.hear() == "STOPPING=1")
        assert heard and service.process.wait(PATIENCE) == 0


def hangs():
    """A relay that cannot commit says nothing, so that the service manager ends it."""
    with Service() as service:
        service.hear()
        service.process.send_signal(signal.SIGSTOP)
        service.ear.settimeout(0.2)
        try:
            while service.hear():
                pass
        except TimeoutError:
            pass
        service.ear.settimeout(1.5)
        try:
            assert not service.hear(), "a stopped relay is alive"
        except TimeoutError:
            pass
        service.process.send_signal(signal.SIGCONT)
        service.ear.settimeout(PATIENCE)
        assert service.hear() == "WATCHDOG=1"


class Proxy:
    """nginx with the shipped site: other ports, another certificate, our socket; everything else as it is."""

    def __init__(self, service):
        self.folder = service.folder
        self.port, plain = free_port(), free_port()
        with open(SITE, encoding="utf-8") as file:
            site = file.read()
        for pattern, instead in ((r"unix:/run/cobro/relay.sock", f"unix:{service.socket}"), (r"listen 80;", f"listen 127.0.0.1:{plain};"),
                                 (r"listen 443 ssl http2;", f"listen 127.0.0.1:{self.port} ssl http2;"), (r"\n *listen \[::\]:[^;]*;", ""),
                                 (r"/etc/letsencrypt/live/pay.example.com", self.folder)):
            site, count = re.subn(pattern, instead, site)
            assert count >= 1, f"the site has no {pattern}"
        self.write(site)

    def write(self, site):
        where = {kind: f"{kind}_temp_path {self.folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")}
        with open(f"{self.folder}/nginx.conf", "w", encoding="utf-8") as file:
            file.write(f"daemon off; pid {self.folder}/nginx.pid; error_log {self.folder}/nginx.log; worker_processes 1;\n"
                       f"user root; events {{}}\nhttp {{ {' '.join(where.values())}\n{site}\n}}\n" if os.geteuid() == 0 else
                       f"daemon off; pid {self.folder}/nginx.pid; error_log {self.folder}/nginx.log; worker_processes 1;\n"
                       f"events {{}}\nhttp {{ {' '.join(where.values())}\n{site}\n}}\n")

    def __enter__(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj",
                        f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", f"{self.folder}/privkey.pem", "-out",
                        f"{self.folder}/fullchain.pem"], check=True, capture_output=True)
        program = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
        self.process = subprocess.Popen([program, "-p", self.folder, "-c", f"{self.folder}/nginx.conf"], preexec_fn=die_with_parent)
        wait_for("nginx", self.answers)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def answers(self):
        assert self.process.poll() is None, open(f"{self.folder}/nginx.log", encoding="utf-8").read()
        try:
            return self.ask("GET", "/v1/healthz")[0] == 200
        except OSError:
            return False

    def connection(self):
        context = ssl.create_default_context(cafile=f"{self.folder}/fullchain.pem")
        raw = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        connection = http.client.HTTPSConnection(NAME, self.port, timeout=PATIENCE)
        connection.sock = context.wrap_socket(raw, server_hostname=NAME)
        return connection

    def ask(self, method, path, body=None, headers=None):
        connection = self.connection()
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, response.read(), {name.lower(): value for name, value in response.getheaders()}
        finally:
            connection.close()


def behind_nginx():
    with Service() as service, Proxy(service) as proxy:
        key = service.add_merchant()["apiKey"]
        known = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        status, body, headers = proxy.ask("POST", "/v1/links", json.dumps({"currency": "EUR", "amount": 1250}), known)
        link = json.loads(body)["data"]
        assert status == 201 and link["url"].startswith(f"https://{NAME}/pay/"), body
        assert "strict-transport-security" in headers and "nginx/" not in headers.get("server", ""), headers
        path = link["url"].removeprefix(f"https://{NAME}")
        assert b"12.50" in proxy.ask("GET", path)[1]
        live(proxy, path, link, known)
        sizes(proxy, known)
        addresses(proxy)


def live(proxy, path, link, known):
    """An event arrives when it happens, not when a buffer is full."""
    connection = proxy.connection()
    connection.request("GET", f"{path}/status", headers={"Accept": "text/event-stream"})
    stream = connection.getresponse()
    assert stream.status == 200 and b'"open"' in stream.readline()
    assert proxy.ask("POST", f"/v1/links/{link['id']}/pause", "{}", known)[0] == 200
    line = b""
    while b"paused" not in line:
        line = stream.readline()
        assert line, "the stream ended"
    connection.close()


def sizes(proxy, known):
    """What the relay takes passes the proxy; what is larger is refused by the first who sees it."""
    operations = json.dumps({"protocol": 1, "operations": []}) + " " * (1900 * 1024)
    assert proxy.ask("POST", "/v1/sync/push", operations, known)[0] == 403, "a large batch does not reach the relay"
    assert proxy.ask("POST", "/v1/links", "x" * (300 * 1024), known)[0] == 413
    assert proxy.ask("POST", "/v1/links", "x" * (2200 * 1024), known)[0] == 413


def addresses(proxy):
    """Who forges X-Forwarded-For is still who he is: five tries to pair, whatever he says."""
    statuses = []
    for number in range(7):
        sent = {"Content-Type": "application/json", "X-Forwarded-For": f"203.0.113.{number}"}
        statuses.append(proxy.ask("POST", "/v1/pair", json.dumps({"code": "AAAA-AAAA-AAAA-AAAA", "deviceName": "x"}), sent)[0])
    assert statuses[0] == 401 and statuses[-1] == 429, statuses


if __name__ == "__main__":
    tap.run([("a service manager hears", life), ("a relay that hangs", hangs), ("behind nginx", behind_nginx)])
