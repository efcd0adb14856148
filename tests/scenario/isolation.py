#!/usr/bin/python3
# tests/scenario/isolation.py: two merchants on one relay cannot see each other: every route that the program lists, with the
# other merchant's key, the other mode's, a read-only one, a revoked one, one that is over, one from the wrong network, none.
# A route about an object of a kind that is not known here fails the test.
# proves: OPL-10
import hashlib
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import tap
from buyer import Buyer
from relay import ON_POSTGRES, PROGRAM, Client, Relay, path_of, wait_for

# Where a path names one object of a merchant's, and which of Ana's stands there. A new kind of object fails the test until
# it is named here.
KINDS = {"/v1/links/{id}": "link", "/v1/invoices/{id}": "invoice", "/v1/recurring/{id}": "schedule", "/v1/payments/{id}": "payment", "/v1/refunds/{id}": "refund", "/v1/api-keys/{id}": "key",
         "/v1/devices/{id}": "device", "/v1/webhook-endpoints/{id}": "endpoint", "/v1/deliveries/{id}": "delivery",
         "/v1/dead-letters/{id}": "delivery", "/v1/quarantine/{id}": "quarantine"}
# Paths whose name is no object's: everybody has one of their own.
NAMES = {"/v1/providers/{name}"}
# Routes that ask for no key because a token, a code or a signature is the key, or because there is nothing to hide.
PUBLIC = {
    "GET /v1/healthz", "GET /v1/readyz", "POST /v1/pair", "GET /pay/{token}", "POST /pay/{token}", "GET /pay", "POST /pay",
    "GET /pay/{token}/with/{gateway}", "GET /pay/{token}/back/{payer}", "POST /pay/{token}/back/{payer}",
    "GET /pay/{token}/status", "GET /pay/{token}/qr.svg", "GET /pay/{token}/invoice.pdf", "POST /pay/{token}/seen", "GET /api/public/pay/{token}",
    "POST /api/public/pay/{token}/create-payment", "POST /api/public/pay/{token}/confirm-payment",
    "POST /api/pay/getData", "POST /api/pay/addPayment", "POST /api/pay/verifyPayment", "POST /api/pay/createCryptoPayment",
    "POST /api/pay/verifyCryptoPayment", "POST /webhooks/{provider}/{account}", "GET /mock/{rest*}", "POST /mock/{rest*}", "GET /assets/{name}",
}
ALL_SCOPES = ["links:rw", "invoices:rw", "payments:r", "payments:w", "refunds:w", "webhooks:rw", "providers:rw", "keys:admin"]
READ_ONLY = "payments:r"
INVOICE = {"currency": "EUR", "decision": "issued", "customer": {"name": "Ana's buyer", "email": "buyer@example.com"},
           "lines": [{"description": "Ana's work", "unitAmount": 5000, "taxName": "IVA", "taxRate": "21"}]}

SCHEDULE = {"name": "Ana's rent", "start": "2090-01-31", "invoice": {key: INVOICE[key] for key in ("currency", "customer", "lines")}}


def route_table():
    """What the program itself says it answers, and who may ask."""
    done = subprocess.run([PROGRAM, "routes", "--json"], capture_output=True, text=True, check=True)
    rows = json.loads(done.stdout)
    assert len(rows) > 30, done.stdout
    return rows


def name_of(route):
    return f"{route['method']} {route['path']}"


def kind_of(route):
    """"link" for a route about one link; None for what belongs to the key's merchant as a whole."""
    path = re.match(r"/v1/[^/]+/\{[^}]*\}", route["path"])
    if path is None or path[0] in NAMES:
        return None
    assert path[0] in KINDS, f"{name_of(route)}: whose object is that? Give it a kind, and one of Ana's objects"
    return KINDS[path[0]]


class Pair:
    """Ana has a link with an open attempt and a paid one; Eve has a key of her own and knows every id of Ana's."""

    def __init__(self, relay):
        self.relay = relay
        self.ana, self.eve = relay.add_merchant("Ana"), relay.add_merchant("Eve")
        self.link = self.ana.create(currency="EUR", amount=1200, title="Ana's link", reference="shared")
        self.paid = self.ana.create(currency="EUR", amount=900, title="Ana's paid link")
        self.invoice = self.ana.post("/v1/invoices", INVOICE, {"Idempotency-Key": "invoice"}).data
        self.schedule = self.ana.post("/v1/recurring", SCHEDULE, {"Idempotency-Key": "schedule"}).data["recurring"]
        self.own = self.eve.create(currency="EUR", amount=1, title="Eve's link", reference="shared")
        self.buyer, other = Buyer(relay), Buyer(relay)
        self.buyer.begin(path_of(self.link["url"]))
        other.pay(path_of(self.paid["url"]))
        other.close()
        self.payment = self.ana.payments(self.link["id"])[0]
        self.device = self.ana.post("/v1/pair", {"code": self.ana.pair_code, "deviceName": "Ana's desk"},
                                    {"Authorization": ""}).data["deviceId"]
        self.secrets = [self.link["id"], self.link["token"], self.paid["id"], self.payment["id"], self.ana.id, "Ana's"]

        settled = next(row for row in self.ana.payments(self.paid["id"]) if row["status"] == "succeeded")
        refund = self.ana.post("/v1/refunds", {"paymentId": settled["id"], "amount": 100}, {"Idempotency-Key": "refund"})
        assert refund.status in (200, 201, 202), refund
        self.ids = {"link": self.link["id"], "invoice": self.invoice["id"], "schedule": self.schedule["id"], "payment": self.payment["id"], "key": self.ana.key[9:19],
                    "device": self.device, "refund": refund.data["id"], "settled": settled["id"]}
        self.ids.update(self.hooks())
        self.rest()
        self.secrets += [self.invoice["token"], refund.data["id"], settled["id"], self.device, self.ids["key"]]

    def rest(self):
        """What the gateway has told is worked through: from here on nothing of Ana's changes by itself."""
        def settled():
            with self.relay.books() as books:
                open_rows = books.execute("SELECT count(*) FROM inbox WHERE next_try_at IS NOT NULL").fetchone()[0]
                nights = books.execute("SELECT count(*) FROM account WHERE NOT EXISTS (SELECT 1 FROM reconciliation WHERE "
                                       "reconciliation.account = account.id AND finished_at IS NOT NULL)").fetchone()[0]
                refunds = books.execute("SELECT count(*) FROM refund WHERE state = 'pending'").fetchone()[0]
                tries = books.execute("SELECT count(*) FROM delivery WHERE state IN ('pending', 'retry', 'leased')").fetchone()[0]
            with self.relay.books("mock") as books:
                letters = books.execute("SELECT count(*) FROM deliveries WHERE state = 'waiting'").fetchone()[0]
            return open_rows + nights + refunds + tries + letters == 0
        wait_for("the gateway's events to be worked through", settled)

    def hooks(self):
        """A webhook endpoint of Ana's and a delivery to it, where the relay has such."""
        if not any(route["path"] == "/v1/webhook-endpoints" for route in route_table()):
            return {}
        made = self.ana.post("/v1/webhook-endpoints", {"url": "https://hooks.example.com/ana"}, {"Idempotency-Key": "hook"})
        assert made.status == 201, made
        self.ana.create(currency="EUR", amount=100, title="Ana's told link")
        rows = self.ana.get("/v1/deliveries").data
        # Switched off, so that no further try changes its rows while we look.
        off = self.ana.request("PATCH", f"/v1/webhook-endpoints/{made.data['id']}", {"isActive": False})
        assert off.status == 200, off
        return {"endpoint": made.data["id"], "delivery": rows[0]["id"] if rows else made.data["id"]}

    def target(self, route, missing=False):
        """The path with Ana's object in it, or one that does not exist."""
        found = self.ids[kind_of(route)] if kind_of(route) else "mock"
        if missing:
            found = found[:-8] + "01234567"
        return re.sub(r"\{[^}]*\}", found, route["path"])

    def books(self):
        """Every row of Ana's in every table, but for the day a key was used on."""
        found = {}
        with self.relay.books() as books:
            for table, columns in books_columns(books):
                if "merchant_id" in columns:
                    kept = ", ".join(name for name in columns if name != "used_on")
                    rows = books.execute(f"SELECT {kept} FROM {table} WHERE merchant_id = ? ORDER BY {kept}", (self.ana.id,))
                    found[table] = hashlib.sha256(repr(rows.fetchall()).encode()).hexdigest()
        return found

    def state(self):
        """Everything of Ana's that Eve could have changed."""
        return (self.ana.link(self.link["id"]), self.ana.link(self.paid["id"]), self.ana.payments(),
                self.ana.get("/v1/merchant").data, [event for event, _ in self.ana.events()])


def books_columns(books):
    """(table, its columns) of all tables, on either engine."""
    if ON_POSTGRES:
        rows = books.execute("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
                             "ORDER BY table_name, ordinal_position").fetchall()
    else:
        rows = books.execute("SELECT t.name, c.name FROM sqlite_master AS t JOIN pragma_table_info (t.name) AS c "
                             "WHERE t.type = 'table' ORDER BY t.name, c.cid").fetchall()
    tables = {}
    for table, column in rows:
        tables.setdefault(table, []).append(column)
    return tables.items()


def body_for(pair, route):
    """A body that would do what the route does, if it were allowed."""
    bodies = {
        "PUT /v1/links/{id}": {**pair.link, "title": "taken over"},
        "PUT /v1/invoices/{id}": {**pair.invoice, "privateNotes": "taken over"},
        "POST /v1/invoices": INVOICE,
        "POST /v1/recurring": SCHEDULE,
        "PUT /v1/recurring/{id}": {**pair.schedule, "paused": True},
        "POST /v1/refunds": {"paymentId": pair.ids["settled"], "amount": 1},
        "POST /v1/payments/{id}/resolve": {"action": "release"},
        "POST /v1/payments": {"amount": 5, "currency": "EUR", "gateway": "mock"},
        "POST /v1/links": {"amount": 5, "currency": "EUR"},
        "POST /api/pay/createPaymentLink": {"email": "a@example.com", "base_currency": "EUR", "modes": ["CARD"], "amount": 5},
        "POST /v1/api-keys": {"name": "x", "scopes": ["links:rw"]},
        "PATCH /v1/webhook-endpoints/{id}": {"url": "https://hooks.example.com/eve"},
    }
    return bodies.get(name_of(route), {} if route["method"] in ("POST", "PUT", "PATCH") and route["bodyMax"] > 0 else None)


def ask(client, pair, route, path, headers=None):
    sent = {"If-Match": f'"{pair.link["rev"]}"', "Idempotency-Key": f"i-{os.urandom(8).hex()}", **(headers or {})}
    return client.request(route["method"], path, body_for(pair, route), sent)


def without_ids(reply):
    """An answer with what differs by request taken out."""
    return reply.status, re.sub(r'"correlationId":"[^"]*"', "", reply.text)


def every_route_is_known():
    table = route_table()
    for route in table:
        public = name_of(route) in PUBLIC or route["path"].startswith("/docs")
        assert route["key"] is not public, f"{name_of(route)}: needs a key: {route['key']}"
        assert not route["key"] or route["scopes"], f"{name_of(route)}: no scope opens it"
        assert not route["keyInBody"] or route["key"], name_of(route)
    tap.note(f"{len(table)} routes: {sum(route['key'] for route in table)} need a key, {sum(kind_of(r) is not None for r in table)} name an object")


class Callers:
    """Keys that must not open anything, and what they are answered."""

    def __init__(self, pair):
        ana, port = pair.ana, pair.relay.port

        def key(**wish):
            reply = ana.post("/v1/api-keys", {"name": "k", "scopes": ALL_SCOPES, **wish})
            assert reply.status == 201, reply
            return reply.data
        revoked, over = key(), key()
        assert ana.delete(f"/v1/api-keys/{revoked['id']}").status == 200
        assert ana.post(f"/v1/api-keys/{over['id']}/rotate", {"overlapSeconds": 0}).status == 201
        changed = ana.key[:-8] + ("a" if ana.key[-8] != "a" else "b") + ana.key[-7:]
        self.unauthorized = {"none": None, "revoked": revoked["key"], "expired": over["key"], "changed": changed,
                             "cut off": ana.key[:-1], "longer": ana.key + "x", "code": ana.pair_code, "merchant": ana.id,
                             "other mode's name": ana.key.replace("cob_test_", "cob_live_")}
        self.elsewhere = key(networks=["192.0.2.0/24"])["key"]
        self.reader = Client(port, key(scopes=[READ_ONLY])["key"])
        live = pair.relay.command("api-key", "add", ana.id, "live", "--live", "--scopes", " ".join(ALL_SCOPES), "--json")
        assert live.returncode == 0, live
        self.live = Client(port, json.loads(live.stdout)["key"])


def refused_keys():
    """Every route × keys that are none (any more), from the wrong network, or not for this: refused before anything is
    looked at, word for word, and nothing changes."""
    with Relay() as relay:
        pair = Pair(relay)
        callers = Callers(pair)
        before, seen = pair.books(), 0
        stranger = Client(relay.port)
        for route in route_table():
            if not route["key"]:
                continue
            for what, key in callers.unauthorized.items():
                headers = {"Authorization": f"Bearer {key}"} if key is not None else {}
                reply = ask(stranger, pair, route, pair.target(route), headers)
                assert reply.status == 401, f"{name_of(route)} with {what}: {reply}"
                assert not any(secret in reply.text for secret in pair.secrets), f"{name_of(route)} tells {what}: {reply}"
                seen += 1
            reply = ask(stranger, pair, route, pair.target(route), {"Authorization": f"Bearer {callers.elsewhere}"})
            assert reply.status == 403, f"{name_of(route)} from the wrong network: {reply}"
            if READ_ONLY not in route["scopes"]:
                reply = ask(callers.reader, pair, route, pair.target(route))
                assert reply.status == 403, f"{name_of(route)} read-only: {reply}"
                assert not any(secret in reply.text for secret in pair.secrets), f"{name_of(route)} tells: {reply}"
            reply = stranger.request(route["method"], f"{pair.target(route)}?apiKey={pair.ana.key}")
            assert reply.status == 401 and "Authorization" in reply.text, f"{name_of(route)}, key in the URL: {reply}"
            # Where a key may stand in the body, and nowhere else.
            body = {**(body_for(pair, route) or {}), "merchantApiKey": callers.unauthorized["revoked"]}
            reply = stranger.request(route["method"], pair.target(route), body, {"Idempotency-Key": "b"})
            assert reply.status in (401, 413), f"{name_of(route)}, revoked key in the body: {reply}"
            seen += 4
        after = pair.books()
        assert after == before, f"changed: {[name for name in after if after[name] != before.get(name)]}"
        tap.note(f"{seen} requests refused")
        relay.audit()


def foreign_objects():
    """Ana's objects, asked for with Eve's key and with Ana's own live key: exactly as objects that do not exist."""
    with Relay() as relay:
        pair = Pair(relay)
        callers = Callers(pair)
        before, seen = pair.books(), 0
        for route in route_table():
            if not route["key"] or kind_of(route) is None or kind_of(route) not in pair.ids:
                continue
            for who, client in (("Eve", pair.eve), ("live", callers.live)):
                foreign = ask(client, pair, route, pair.target(route))
                missing = ask(client, pair, route, pair.target(route, missing=True))
                assert foreign.status == 404, f"{name_of(route)} by {who}: {foreign}"
                assert without_ids(foreign) == without_ids(missing), f"{name_of(route)} by {who}: {foreign} but {missing}"
                assert not any(secret in foreign.text for secret in pair.secrets[1:]), f"{name_of(route)} tells: {foreign}"
                seen += 1
        # An object named in a body is no other than one named in a path.
        for client in (pair.eve, callers.live):
            reply = client.post("/v1/refunds", {"paymentId": pair.ids["settled"], "amount": 1}, {"Idempotency-Key": "steal"})
            assert reply.status == 404, reply
        after = pair.books()
        # The live key's own request keys are Ana's, too.
        before.pop("idempotency", None)
        after.pop("idempotency", None)
        assert after == before, f"changed: {[name for name in after if after[name] != before.get(name)]}"
        assert seen > 20, seen
        tap.note(f"{seen} foreign objects did not exist")
        relay.audit()


def lists():
    """Eve's lists, feed and profile name nothing of Ana's; filters that fit Ana's things find none."""
    with Relay() as relay:
        pair = Pair(relay)
        paths = ["/v1/recurring", "/v1/invoices", "/v1/invoices?q=Ana", "/v1/invoices?status=open", "/v1/links", "/v1/links?q=Ana", "/v1/links?reference=shared", "/v1/links?status=open&paymentStatus=pending",
                 "/v1/payments", "/v1/payments?status=succeeded&gateway=mock", "/v1/events?after=0&limit=100", "/v1/merchant"]
        for path in paths:
            reply = pair.eve.get(path)
            assert reply.status == 200, f"{path}: {reply}"
            assert not any(secret in reply.text for secret in pair.secrets), f"{path} tells: {reply}"
        assert [row["id"] for row in pair.eve.get("/v1/links").data] == [pair.own["id"]]
        # Ana's dead letters are counted for Ana alone.
        waiting = {name: client.get("/v1/status").data["queues"] for name, client in (("Ana", pair.ana), ("Eve", pair.eve))}
        assert waiting["Ana"]["deadLetters"] > 0 and waiting["Eve"]["deadLetters"] == waiting["Eve"]["deliveries"] == 0, waiting
        # The same reference is free for each of them, and Ana's cursor opens nothing for Eve.
        cursor = pair.ana.get("/v1/links?limit=1").json["pagination"]["nextCursor"]
        reply = pair.eve.get(f"/v1/links?cursor={cursor}")
        assert reply.status in (200, 400) and not any(secret in reply.text for secret in pair.secrets), reply
        relay.audit()


def push_takes_nothing_over():
    """Eve pushes operations on Ana's ids and token: refused, and Ana's link is as it was."""
    with Relay() as relay:
        pair = Pair(relay)
        before = pair.state()
        document = {**pair.link, "title": "taken over", "reference": ""}
        operations = [
            {"op_id": "op-1", "seq": 1, "kind": "link.put", "id": pair.link["id"], "base_rev": pair.link["rev"],
             "body": document},
            {"op_id": "op-2", "seq": 2, "kind": "link.token", "id": pair.link["id"], "base_rev": pair.link["rev"],
             "body": {"token": "ab" * 32}},
        ]
        device = pair.eve.post("/v1/pair", {"code": pair.eve.pair_code, "deviceName": "Eve's desktop"}, {"Authorization": ""})
        assert device.status in (200, 201), device
        eve = Client(relay.port, device.data["deviceKey"])
        reply = eve.post("/v1/sync/push", {"protocol": 1, "operations": operations})
        assert reply.status == 200, reply
        results = [result["result"] for result in reply.data["results"]]
        assert set(results) == {"rejected"}, reply
        assert not any(secret in reply.text for secret in pair.secrets[1:]), reply
        # A new link of Eve's with Ana's token would take the money of Ana's address.
        taken = pair.eve.post("/v1/links", {"currency": "EUR", "amount": 5, "token": pair.link["token"]},
                              {"Idempotency-Key": "steal"})
        assert taken.status == 409, taken
        assert pair.state() == before, "something of Ana's changed"
        eve.close()
        relay.audit()


def pairing_codes():
    """A desktop makes a code for the next one: of its own merchant and mode. A program's key makes none."""
    with Relay() as relay:
        pair = Pair(relay)
        desk = pair.eve.post("/v1/pair", {"code": pair.eve.pair_code, "deviceName": "Eve's desktop"}, {"Authorization": ""})
        refused = pair.eve.post("/v1/pair-codes")
        assert refused.status == 403, refused
        eve = Client(relay.port, desk.data["deviceKey"])
        made = eve.post("/v1/pair-codes")
        assert made.status == 201 and made.data["link"].startswith("cobro://pair?relay="), made
        assert made.data["livemode"] == desk.data["livemode"] and made.data["code"] in made.data["link"], made
        again = eve.post("/v1/pair-codes").data
        client = Client(relay.port)
        old = client.post("/v1/pair", {"code": made.data["code"], "deviceName": "Too late"})
        assert old.status in (401, 410), f"a code that was replaced: {old}"
        second = client.post("/v1/pair", {"code": again["code"], "deviceName": "Eve's second desktop"})
        assert second.status == 200 and second.data["merchant"]["id"] == pair.eve.id, second
        assert second.data["livemode"] == desk.data["livemode"], second
        unpaired = pair.eve.delete(f"/v1/devices/{desk.data['deviceId']}")
        assert unpaired.status == 200, unpaired
        assert eve.post("/v1/pair-codes").status == 401, "an unpaired desktop makes codes"
        eve.close()
        client.close()
        relay.audit()


def notes_are_for_desktops():
    """What a desktop writes about customers is told to desktops: not to a program's key, not to a webhook."""
    with Relay() as relay:
        pair = Pair(relay)
        desk = pair.eve.post("/v1/pair", {"code": pair.eve.pair_code, "deviceName": "Eve's desktop"}, {"Authorization": ""})
        eve = Client(relay.port, desk.data["deviceKey"])
        customer = "cus_01kae8w0zjt4m5v1c0y2x3b4n5"
        pushed = eve.post("/v1/sync/push", {"protocol": 1, "operations": [
            {"op_id": "op-1", "seq": 1, "kind": "customer.put", "id": customer, "base_rev": 0,
             "body": {"id": customer, "name": "Zoe", "notes": "pays late"}}]})
        assert pushed.data["results"][0]["result"] == "applied", pushed
        assert "customer.updated" in [event["type"] for event in eve.get("/v1/events?after=0&limit=100").data]
        told = pair.eve.get("/v1/events?after=0&limit=100")
        hidden = [event["object"] for event in told.data if event["type"] == "customer.updated"]
        assert hidden == [{"id": customer}] and "Zoe" not in told.text and "pays late" not in told.text, told
        hook = {"url": "http://127.0.0.1:1/hook", "events": ["customer.updated"]}
        assert pair.eve.post("/v1/webhook-endpoints", hook).status == 400
        eve.close()
        relay.audit()


def public_routes():
    """With Ana's token nobody learns more than the page shows: no key, no other token, no merchant's address book."""
    with Relay() as relay:
        pair = Pair(relay)
        client = Client(relay.port)
        token = pair.link["token"]
        allowed = client.get(f"/api/public/pay/{token}")
        assert allowed.status == 200, allowed
        text = json.dumps(allowed.json)
        assert pair.paid["token"] not in text and pair.ana.id not in text and pair.ana.key not in text, text
        for path in (f"/pay/{'0' * 64}", f"/pay/{token[:-1]}", f"/pay/{token.upper()}", f"/pay/{token}0",
                     f"/api/public/pay/{'0' * 64}"):
            assert client.get(path).status == 404, path
        client.close()
        relay.audit()


if __name__ == "__main__":
    tap.run([
        ("every route has its place in the matrix", every_route_is_known),
        ("keys that are refused", refused_keys),
        ("foreign objects do not exist", foreign_objects),
        ("lists, feed and filters", lists),
        ("pushed operations take nothing over", push_takes_nothing_over),
        ("a desktop makes codes for its own merchant only", pairing_codes),
        ("notes on customers are for desktops", notes_are_for_desktops),
        ("public routes tell what the page shows", public_routes),
    ])
