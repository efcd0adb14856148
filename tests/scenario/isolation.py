#!/usr/bin/python3
# tests/scenario/isolation.py ROUTES: two merchants on one relay cannot see each other: every route of the route table, with
# the other merchant's key, with no key, and with a wrong one. A route that is missing here fails the test.
# proves: OPL-10
import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import tap
from buyer import Buyer
from relay import Client, Relay, path_of

ROUTES = sys.argv[1]        # relay/api/relay-api-routes.c

# Routes of one merchant's object: path with the object's id, and a body that would change it.
OBJECTS = {
    "GET /v1/links/{id}": "link",
    "PUT /v1/links/{id}": "link",
    "DELETE /v1/links/{id}": "link",
    "POST /v1/links/{id}/token": "link",
    "POST /v1/links/{id}/pause": "link",
    "POST /v1/links/{id}/resume": "link",
    "GET /v1/payments/{id}": "payment",
    "POST /v1/payments/{id}/cancel": "payment",
    "GET /v1/api-keys/{id}": "key",
    "DELETE /v1/api-keys/{id}": "key",
    "POST /v1/api-keys/{id}/rotate": "key",
    "GET /v1/devices/{id}": "device",
    "DELETE /v1/devices/{id}": "device",
}
# Routes that list or write what belongs to the key's merchant.
OWN = {
    "GET /v1/links", "POST /v1/links", "GET /v1/payments", "POST /v1/payments", "GET /v1/merchant", "PUT /v1/merchant",
    "POST /v1/sync/push", "GET /v1/events", "POST /v1/api-keys", "GET /v1/api-keys", "GET /v1/devices",
}
# Routes that are public by their nature: a token, a code or a signature is the key.
PUBLIC = {
    "GET /v1/healthz", "GET /v1/readyz", "POST /v1/pair", "GET /pay/{token}", "POST /pay/{token}", "GET /pay", "POST /pay",
    "GET /pay/{token}/status", "GET /pay/{token}/qr.svg", "GET /api/public/pay/{token}",
    "POST /api/public/pay/{token}/create-payment", "POST /api/public/pay/{token}/confirm-payment",
    "POST /webhooks/{provider}/{account}", "GET /mock/{rest*}", "POST /mock/{rest*}", "GET /assets/{name}", "GET /docs", "GET /docs/json",
}


def route_table():
    """"METHOD /template" and whether it needs a key, from the one const table."""
    with open(ROUTES, encoding="utf-8") as file:
        text = file.read()
    rows = re.findall(r'\{\s*"([A-Z]+)",\s*"(/[^"]*)",[^}]*?(RELAY_AUTH_[A-Z]+)', text)
    assert len(rows) > 15, f"only {len(rows)} routes in {ROUTES}"
    return {f"{method} {template}": auth == "RELAY_AUTH_KEY" for method, template, auth in rows}


class Pair:
    """Ana has a link with an open attempt and a paid one; Eve has a key of her own and knows every id of Ana's."""

    def __init__(self, relay):
        self.relay = relay
        self.ana, self.eve = relay.add_merchant("Ana"), relay.add_merchant("Eve")
        self.link = self.ana.create(currency="EUR", amount=1200, title="Ana's link", reference="shared")
        self.paid = self.ana.create(currency="EUR", amount=900, title="Ana's paid link")
        self.own = self.eve.create(currency="EUR", amount=1, title="Eve's link", reference="shared")
        self.buyer, other = Buyer(relay), Buyer(relay)
        self.buyer.begin(path_of(self.link["url"]))
        other.pay(path_of(self.paid["url"]))
        other.close()
        self.payment = self.ana.payments(self.link["id"])[0]
        self.device = self.ana.post("/v1/pair", {"code": self.ana.pair_code, "deviceName": "Ana's desk"},
                                    {"Authorization": ""}).data["deviceId"]
        self.secrets = [self.link["id"], self.link["token"], self.paid["id"], self.payment["id"], self.ana.id, "Ana's"]

    def target(self, route, kind, missing):
        """The path to Ana's object, or to one that does not exist."""
        found = {"link": self.link["id"], "payment": self.payment["id"], "key": self.ana.key[9:19],
                 "device": self.device}[kind]
        if missing:
            found = found[:-10] + "0123456789"
        return route.split(" ")[1].replace("{id}", found)

    def state(self):
        """Everything of Ana's that Eve could have changed."""
        return (self.ana.link(self.link["id"]), self.ana.link(self.paid["id"]), self.ana.payments(),
                self.ana.get("/v1/merchant").data, [event for event, _ in self.ana.events()])


def ask(client, pair, route, path, key=None):
    method = route.split(" ")[0]
    headers = {"If-Match": f'"{pair.link["rev"]}"', "Idempotency-Key": f"i-{os.urandom(8).hex()}"}
    if key is not None:
        headers["Authorization"] = key
    body = None
    if method in ("POST", "PUT"):
        body = {**pair.link, "title": "taken over"} if method == "PUT" else {}
    return client.request(method, path, body, headers)


def without_ids(reply):
    """An answer with what differs by request taken out."""
    text = re.sub(r'"correlationId":"[^"]*"', "", reply.text)
    return reply.status, text


def every_route_is_known():
    table = route_table()
    known = set(OBJECTS) | OWN | PUBLIC
    assert set(table) <= known, f"routes without a place in this matrix: {sorted(set(table) - known)}"
    for route, needs_key in table.items():
        assert needs_key == (route not in PUBLIC), f"{route}: needs a key: {needs_key}"
    tap.note(f"{len(table)} routes: {sum(table.values())} need a key")


def foreign_objects():
    """With Eve's key, Ana's objects answer exactly as objects that do not exist, and nothing of Ana's changes."""
    table = route_table()
    with Relay() as relay:
        pair = Pair(relay)
        before = pair.state()
        for route, kind in OBJECTS.items():
            if route not in table:
                tap.note(f"not yet: {route}")
                continue
            foreign = ask(pair.eve, pair, route, pair.target(route, kind, False))
            missing = ask(pair.eve, pair, route, pair.target(route, kind, True))
            assert foreign.status == 404, f"{route}: {foreign}"
            assert without_ids(foreign) == without_ids(missing), f"{route}: {foreign} but {missing}"
            assert not any(secret in foreign.text for secret in pair.secrets[1:]), f"{route} tells: {foreign}"
        assert pair.state() == before, "something of Ana's changed"
        relay.audit()


def lists():
    """Eve's lists, feed and profile name nothing of Ana's; filters that fit Ana's things find none."""
    with Relay() as relay:
        pair = Pair(relay)
        paths = ["/v1/links", "/v1/links?q=Ana", "/v1/links?reference=shared", "/v1/links?status=open&paymentStatus=pending",
                 "/v1/payments", "/v1/payments?status=succeeded&gateway=mock", "/v1/events?after=0&limit=100", "/v1/merchant"]
        for path in paths:
            reply = pair.eve.get(path)
            assert reply.status == 200, f"{path}: {reply}"
            assert not any(secret in reply.text for secret in pair.secrets), f"{path} tells: {reply}"
        assert [row["id"] for row in pair.eve.get("/v1/links").data] == [pair.own["id"]]
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


def keys():
    """No key, a wrong one, a changed one, one in the query: 401 on every route that needs a key."""
    with Relay() as relay:
        pair = Pair(relay)
        key = pair.ana.key
        changed = key[:-8] + ("a" if key[-8] != "a" else "b") + key[-7:]
        for route, needs_key in route_table().items():
            if not needs_key:
                continue
            path = route.split(" ")[1].replace("{id}", pair.link["id"])
            for sent in ("", "Bearer", "Bearer ", f"Bearer {changed}", f"Bearer {key}x", f"Bearer {key[:-1]}", f"Basic {key}",
                         "Bearer null", f"Bearer {pair.ana.pair_code}", f"Bearer {pair.ana.id}"):
                reply = ask(Client(relay.port), pair, route, path, sent)
                assert reply.status == 401, f"{route} with {sent!r}: {reply}"
                assert not any(secret in reply.text for secret in pair.secrets), reply
            reply = Client(relay.port).get(f"{path}?apiKey={key}")
            assert reply.status in (401, 405), f"{route} with the key in the query: {reply}"
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
        ("foreign objects do not exist", foreign_objects),
        ("lists, feed and filters", lists),
        ("pushed operations take nothing over", push_takes_nothing_over),
        ("keys that are not keys", keys),
        ("public routes tell what the page shows", public_routes),
    ])
