#!/usr/bin/python3
"""tests/webhooks/receivers.py — outgoing webhooks over real sockets: receivers that misbehave, judged by npm's standardwebhooks."""
# proves: OPF-9, OPF-11, OPF-12
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))

import tap
from relay import ON_POSTGRES, Relay, free_port, wait_for

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def status(code, more=""):
    return f"HTTP/1.1 {code} X\r\n{more}Content-Length: 4\r\n\r\nnono".encode()


class Receiver:
    """Answers each message as `mode` says; keeps what it got."""

    def __init__(self, mode="ok"):
        self.mode = mode
        self.got = []
        self.paths = []
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def url(self, host="127.0.0.1"):
        return f"http://{host}:{self.port}/hook"

    def accept(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

    def serve(self, peer):
        with peer:
            try:
                while self.one(peer):
                    pass
            except OSError:
                pass

    def one(self, peer):
        data = b""
        while b"\r\n\r\n" not in data:
            chunk = peer.recv(65536)
            if not chunk:
                return False
            data += chunk
        head, _, body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        while len(body) < int(headers["content-length"]):
            body += peer.recv(65536)
        self.paths.append(lines[0].split(" ")[1])
        self.got.append((headers, body.decode()))
        return getattr(self, self.mode)(peer)

    def ok(self, peer):
        peer.sendall(OK)
        return True

    def reset(self, peer):
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        return False

    def half(self, peer):
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        return False

    def babble(self, peer):
        peer.sendall(b"220 smtp.example ESMTP ready\r\n")
        return False

    def error(self, peer):
        peer.sendall(status(500))
        return True

    def talkative(self, peer):
        peer.sendall(status(500, "X-Shop: closed\r\nSet-Cookie: a=private\r\nX-Long: " + "x" * 2000 + "\r\n"))
        return True

    def slow_down(self, peer):
        peer.sendall(status(429, "Retry-After: 99999999999999999999\r\n"))
        return True

    def redirect(self, peer):
        peer.sendall(status(307, f"Location: {self.url()}/again\r\n"))
        return True

    def elsewhere(self, peer):
        peer.sendall(status(302, f"Location: {self.other}\r\n"))
        return True

    def huge(self, peer):
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n")
        sent = 0
        try:
            while sent < 104857600:
                sent += peer.send(b"x" * 65536)
        finally:
            self.huge_sent = sent
        return False

    def gone(self, peer):
        peer.sendall(status(410))
        return True

    def drip(self, peer):
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(60):
            peer.sendall(b".")
            time.sleep(1)
        return False

    def hang(self, peer):
        time.sleep(60)
        return False


class Judge:
    def __init__(self):
        self.process = subprocess.Popen(["node", os.path.join(HERE, "judge.mjs")], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def says(self, secret, message):
        headers, body = message
        self.process.stdin.write(json.dumps({"secret": secret, "headers": headers, "body": body}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())["ok"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def endpoint(receiver, **more):
    url = more.pop("url", None) or receiver.url()
    reply = ana.post("/v1/webhook-endpoints", {"url": url, **more})
    assert reply.status == 201, reply
    return reply.data


def deliveries(**query):
    text = "&".join(f"{key}={value}" for key, value in query.items())
    reply = ana.get(f"/v1/deliveries?{text}")
    assert reply.status == 200, reply
    return reply.data


def remove(made):
    assert ana.delete(f"/v1/webhook-endpoints/{made['id']}").status == 204


def signed():
    """Every message of a link's life is judged genuine; with another secret or another body it is not; both secrets during a rotation."""
    receiver, judge = Receiver(), Judge()
    made = endpoint(receiver)
    link = ana.create(currency="EUR", amount=700, title="Ä <b>& €")
    ana.post(f"/v1/links/{link['id']}/pause")
    wait_for("two messages", lambda: len(receiver.got) == 2)
    events = {event["id"]: (event, raw) for event, raw in ana.events()}
    for message in receiver.got:
        headers, body = message
        event, raw = events[headers["webhook-id"]]
        assert judge.says(made["secret"], message), message
        assert json.loads(body) == {"type": event["type"], "timestamp": event["occurredAt"], "data": event["object"]}
        assert raw in body, "the event as it was, byte for byte"
        assert headers["content-type"] == "application/json" and headers["user-agent"].startswith("cobro-relay/")
        assert not judge.says("whsec_" + "A" * 43 + "=", message)
        assert not judge.says(made["secret"], (headers, body.replace("EUR", "USD")))
    rotated = ana.post(f"/v1/webhook-endpoints/{made['id']}/rotate", {"oldSecretHours": 1}).data
    assert rotated["secret"] != made["secret"] and rotated["oldSecretUntil"]
    ana.post(f"/v1/webhook-endpoints/{made['id']}/test")
    wait_for("a test message", lambda: len(receiver.got) == 3)
    assert judge.says(made["secret"], receiver.got[2]) and judge.says(rotated["secret"], receiver.got[2])
    last = ana.post(f"/v1/webhook-endpoints/{made['id']}/rotate", {"oldSecretHours": 0}).data
    ana.post("/v1/webhooks/test")
    wait_for("another", lambda: len(receiver.got) == 4)
    assert judge.says(last["secret"], receiver.got[3]) and not judge.says(rotated["secret"], receiver.got[3])
    own = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
    remove(made)
    made = endpoint(receiver, secret=own)
    assert made["secret"] == own and "secret" not in ana.get(f"/v1/webhook-endpoints/{made['id']}").data
    ana.post(f"/v1/webhook-endpoints/{made['id']}/test")
    wait_for("one with our own secret", lambda: len(receiver.got) == 5)
    assert judge.says(own, receiver.got[4])
    judge.close()
    remove(made)


def misbehaving():
    """Each kind of misbehaviour is written down as what it is; the well-behaved one hears at once, and no redirect is followed."""
    good, trap = Receiver(), Receiver()
    bad = {mode: Receiver(mode) for mode in ("reset", "half", "babble", "error", "slow_down", "redirect", "elsewhere", "gone", "drip", "hang")}
    bad["elsewhere"].other = trap.url()
    made = {mode: endpoint(receiver) for mode, receiver in bad.items()}
    made["closed"] = endpoint(None, url=f"http://127.0.0.1:{free_port()}/")
    made["tls"] = endpoint(good, url=f"https://127.0.0.1:{good.port}/")
    huge = Receiver("huge")
    made["huge"] = endpoint(huge)
    fine = endpoint(good)
    begun = time.monotonic()
    ana.create(currency="EUR", amount=100, title="x")
    wait_for("the good one to hear", lambda: good.got)
    assert time.monotonic() - begun < 5, "others held it up"
    first = lambda mode: deliveries(endpoint=made[mode]["id"], eventType="link.created")[0]
    for mode in made:
        wait_for(f"{mode} to be written down", lambda: first(mode)["attemptCount"] > 0, 40)
    expected = {"error": 500, "slow_down": 429, "redirect": 307, "elsewhere": 302, "gone": 410, "huge": 200}
    for mode in made:
        row = first(mode)
        assert row["lastStatus"] == expected.get(mode), (mode, row)
        wanted = "delivered" if mode == "huge" else "abandoned" if mode == "gone" else "failed"
        assert row["status"] == wanted, (mode, row)
        assert (row["nextRetryAt"] is None) == (wanted != "failed"), (mode, row)
        assert (row["lastError"] is None) == (mode in expected), (mode, row)
        if mode not in expected:
            assert row["lastError"], (mode, row)
    assert not trap.got, "a redirect was followed"
    assert set(bad["redirect"].paths) == {"/hook"}, bad["redirect"].paths
    assert huge.huge_sent < 16 * 1024 * 1024, f"{huge.huge_sent} bytes were taken"
    detail = ana.get(f"/v1/deliveries/{first('huge')['id']}").data["attempts"][0]
    assert detail["status"] == 200 and detail["answer"] == "x" * 1024, detail
    show = ana.get(f"/v1/webhook-endpoints/{made['gone']['id']}").data
    assert show["isActive"] is False and show["disabledReason"] == "gone" and len(show["deliveries"]) >= 1
    for one in [*made.values(), fine]:
        remove(one)
    assert all(row["status"] in ("abandoned", "delivered") for row in deliveries(limit=100))


def again():
    """Dead letters are listed and replayed, one and many; what was delivered can be had once more."""
    receiver = Receiver("gone")
    made = endpoint(receiver, events=["link.created"])
    links = [ana.create(currency="EUR", amount=100 + i, title=f"{i}") for i in range(5)]
    wait_for("five dead letters", lambda: len(deliveries(endpoint=made["id"], status="abandoned")) >= 1)
    ana.request("PATCH", f"/v1/webhook-endpoints/{made['id']}", {"isActive": False})
    receiver.mode = "ok"
    dead = deliveries(endpoint=made["id"], status="abandoned")
    assert ana.post(f"/v1/deliveries/{dead[0]['id']}/retry").status == 409
    assert ana.request("PATCH", f"/v1/webhook-endpoints/{made['id']}", {"isActive": True}).status == 200
    receiver.got.clear()
    assert ana.post(f"/v1/deliveries/{dead[0]['id']}/retry").data["status"] in ("pending", "failed")
    wait_for("the first", lambda: len(receiver.got) == 1)
    assert receiver.got[0][0]["webhook-id"] == dead[0]["eventId"]
    shown = world.command("deliveries", ana.id, "--status", "abandoned", "--endpoint", made["id"], "--json")
    assert [row["id"] for row in json.loads(shown.stdout)["deliveries"]] == [row["id"] for row in dead[1:]], shown
    assert dead[1]["id"] in world.command("deliveries", ana.id).stdout
    assert world.command("deliveries", ana.id, "--status", "lost").returncode != 0
    done = world.command("replay", ana.id, "--endpoint", made["id"], "--json")
    assert json.loads(done.stdout) == {"replayed": len(dead) - 1}, done
    wait_for("the others", lambda: len(receiver.got) == len(dead))
    wait_for("all written down", lambda: len(deliveries(endpoint=made["id"], status="delivered")) == len(dead))
    span = [row["sequence"] for row in dead]
    n = ana.post("/v1/deliveries/replay", {"status": "delivered", "firstSequence": min(span), "lastSequence": max(span),
                                           "endpointId": made["id"]}).data["replayed"]
    assert n == len(dead)
    wait_for("all of them again", lambda: len(receiver.got) == 2 * len(dead))
    assert len(links) == 5
    remove(made)


def killed():
    """kill -9 while messages are on their way: every one arrives, some twice, under the same id."""
    receiver = Receiver("hang")
    made = endpoint(receiver, events=["link.created"])
    for i in range(12):
        ana.create(currency="EUR", amount=100 + i, title=f"k{i}")
    wait_for("four on their way", lambda: len(receiver.got) >= 4)
    receiver.mode = "ok"
    world.restart()
    wanted = {event["id"] for event, _ in ana.events() if event["type"] == "link.created" and event["object"]["title"].startswith("k")}
    wait_for("every message", lambda: wanted <= {headers["webhook-id"] for headers, _ in receiver.got})
    wait_for("all written down", lambda: len(deliveries(endpoint=made["id"], status="delivered", limit=100)) == 12)
    remove(made)


def refused():
    """Addresses that may not be reached, and bodies that make no sense: each with its path and reason."""
    for url, path in [("http://8.8.8.8/", "url"), ("https://10.0.0.1/", "url"), ("https://user@shop.example/", "url"), ("https://[::1]/", "url"),
                      ("https://shop.example/#x", "url"), ("ftp://shop.example/", "url"), ("https://shop.example/" + "x" * 2048, "url"),
                      ("https://[::ffff:10.0.0.1]/", "url"), ("nonsense", "url"), ("https://169.254.169.254/latest", "url")]:
        reply = ana.post("/v1/webhook-endpoints", {"url": url})
        assert reply.status in (400, 403), (url, reply)
        assert reply.json["error"]["details"][0]["path"] == path, reply
    good = "https://127.0.0.1:1/"
    for body, path in [({}, "url"), ({"url": good, "events": ["payment.exploded"]}, "events[0]"), ({"url": good, "policy": "wild"}, "policy"),
                       ({"url": good, "secret": "your_webhook_secret"}, "secret"), ({"url": good, "secret": "whsec_c2hvcnQ="}, "secret"),
                       ({"url": good, "colour": "red"}, "colour"), ({"url": good, "isActive": "yes"}, "isActive")]:
        reply = ana.post("/v1/webhook-endpoints", body)
        assert reply.status == 400 and reply.json["error"]["details"][0]["path"] == path, (body, reply)
    for path in ("/v1/deliveries?status=lost", "/v1/deliveries?limit=0", "/v1/deliveries?colour=red", "/v1/deliveries?endpoint=whk_1",
                 "/v1/events?type=payment.exploded", "/v1/events?after=x"):
        assert ana.get(path).status == 400, path
    assert ana.get("/v1/events?after=999999").status == 410
    assert ana.get("/v1/deliveries/dlv_01kae8w0zjt4m5v1c0y2x3b4n5").status == 404
    resolved = endpoint(None, url="http://127.1:1/", isActive=False)
    remove(resolved)


def restored():
    """A deleted endpoint comes back as it was, with its secret and what waited; what an answer says besides is kept, cookies are not."""
    receiver, judge = Receiver("talkative"), Judge()
    made = endpoint(receiver, events=["link.created"])
    path = f"/v1/webhook-endpoints/{made['id']}"
    ana.create(currency="EUR", amount=100, title="before")
    wait_for("a try in vain", lambda: [one for one in deliveries(endpoint=made["id"]) if one["status"] == "failed"])
    waiting = deliveries(endpoint=made["id"])[0]["id"]
    attempt = ana.get(f"/v1/deliveries/{waiting}").data["attempts"][0]
    lines = attempt["headers"].splitlines()
    assert "x-shop: closed" in lines and not any("private" in line for line in lines), attempt
    assert len(attempt["headers"]) <= 1024 and not any(line.startswith("x-long") for line in lines), attempt
    reply = ana.post(f"{path}/restore")
    assert reply.status == 409 and reply.json["error"]["code"] == "INVALID_STATE", reply
    remove(made)
    assert ana.get(path).status == 404 and ana.get(f"/v1/deliveries/{waiting}").data["status"] == "abandoned"
    ana.create(currency="EUR", amount=100, title="in between")
    receiver.mode = "ok"
    back = ana.post(f"{path}/restore")
    assert back.status == 200 and back.data["isActive"] and back.data["events"] == ["link.created"] and "secret" not in back.data, back
    wait_for("what waited", lambda: ana.get(f"/v1/deliveries/{waiting}").data["status"] == "delivered")
    assert judge.says(made["secret"], receiver.got[-1]) and len(deliveries(endpoint=made["id"])) == 1, "nothing of the time between"
    # One that was off comes back off.
    assert ana.request("PATCH", path, {"isActive": False}).status == 200
    remove(made)
    back = ana.post(f"{path}/restore").data
    assert not back["isActive"] and back["disabledReason"] == "merchant", back
    remove(made)
    judge.close()


def last_copy():
    """The relay tells when its books were last copied."""
    assert ana.get("/v1/status").data["lastBackupAt"] is None
    if ON_POSTGRES:
        return  # the database's own tools do it
    done = world.command("backup", os.path.join(world.data, "copy.sqlite"))
    assert done.returncode == 0, done
    told = ana.get("/v1/status").data
    assert told["lastBackupAt"][:10] == told["timestamp"][:10], told
    assert ana.get("/v1/status?colour=red").status == 400


def feed():
    """The pull feed filtered by type; its cursor passes over what was not wanted."""
    head = ana.get("/v1/events?limit=1000").json["pagination"]["next"]
    link = ana.create(currency="EUR", amount=5, title="fed")
    ana.post(f"/v1/links/{link['id']}/pause")
    page = ana.get(f"/v1/events?after={head}&type=link.paused,refund.failed").json
    assert [event["type"] for event in page["data"]] == ["link.paused"] and page["pagination"]["next"] == head + 2
    page = ana.get(f"/v1/events?after={head}&type=refund.failed").json
    assert page["data"] == [] and page["pagination"]["next"] == head + 2


signal.signal(signal.SIGPIPE, signal.SIG_IGN)
with Relay() as world:
    ana = world.add_merchant()
    tap.run([("signatures", signed), ("misbehaving receivers", misbehaving), ("replayed", again), ("killed", killed),
             ("refused", refused), ("the feed by type", feed), ("a deletion taken back", restored), ("the last copy", last_copy), ("the books hold", world.audit)])
