#!/usr/bin/python3
"""tests/relay/api/keys.py — API keys and devices over the real binary: what a key may, from where, until when.
proves: OPF-13"""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))

import tap
from relay import Client, Relay

ALL = ["links:rw", "invoices:rw", "payments:r", "payments:w", "refunds:w", "webhooks:rw", "providers:rw", "keys:admin"]


def make(owner, port, **wish):
    """A new key: (its document, a client that holds it)."""
    reply = owner.post("/v1/api-keys", {"name": "till", "scopes": ["links:rw"], **wish})
    assert reply.status == 201, reply
    return reply.data, Client(port, reply.data["key"])


def shown_once():
    with Relay() as relay:
        ana = relay.add_merchant()
        made, till = make(ana, relay.port, networks=["127.0.0.0/8"])
        assert made["key"].startswith("cob_test_" + made["id"] + "_") and len(made["key"]) == 69, made
        assert made["scopes"] == ["links:rw"] and made["networks"] == ["127.0.0.0/8"] and made["livemode"] is False, made
        assert made["lastUsedOn"] is None and made["revokedAt"] is None and made["successor"] is None, made
        assert till.get("/v1/links").status == 200
        shown = ana.get(f"/v1/api-keys/{made['id']}").data
        assert "key" not in shown and len(shown["lastUsedOn"]) == len("2026-01-01"), shown
        listed = ana.get("/v1/api-keys").data
        assert [row["name"] for row in listed] == ["first key", "till"] and listed[1] == shown, listed
        assert listed[0]["scopes"] == ALL and listed[0]["createdBy"] == "operator" and shown["createdBy"] == listed[0]["id"]
        # A year, as far as nothing else was said.
        assert shown["expiresAt"][:4] == str(int(shown["createdAt"][:4]) + 1), shown


def denied_by_default():
    with Relay() as relay:
        ana = relay.add_merchant()
        _, till = make(ana, relay.port, scopes=["payments:r"])
        assert till.get("/v1/payments").status == 200
        for method, path in (("GET", "/v1/links"), ("POST", "/v1/links"), ("GET", "/v1/api-keys"), ("GET", "/v1/devices"),
                             ("POST", "/v1/payments/pay_01k40000000000000000000000/cancel"), ("POST", "/v1/sync/push")):
            reply = till.request(method, path, {} if method == "POST" else None)
            assert reply.status == 403 and reply.error()[0] == "FORBIDDEN", f"{method} {path}: {reply}"
        # A key hands on what it has and never more, and never makes itself bigger.
        _, admin = make(ana, relay.port, scopes=["keys:admin", "payments:r"])
        assert admin.post("/v1/api-keys", {"name": "x", "scopes": ["payments:r"]}).status == 201
        refused = admin.post("/v1/api-keys", {"name": "x", "scopes": ["payments:r", "links:rw"]})
        assert refused.status == 403, refused
        first = ana.get("/v1/api-keys").data[0]
        refused = admin.post(f"/v1/api-keys/{first['id']}/rotate")
        assert refused.status == 403, refused


def wishes_refused():
    with Relay() as relay:
        ana = relay.add_merchant()
        before = ana.get("/v1/api-keys").data
        for path, wish in (("name", {"name": ""}), ("scopes", {"scopes": []}), ("scopes", {"scopes": ["links:rw", "root"]}),
                           ("scopes", {"scopes": ["links:rw payments:r"]}), ("scopes", {"scopes": "links:rw"}),
                           ("networks", {"networks": ["10.0.0.0/33"]}), ("networks", {"networks": ["example.com"]}),
                           ("networks", {"networks": ["10.0.0.0"] * 33}), ("expiresAt", {"expiresAt": "2020-01-01T00:00:00Z"}),
                           ("scope", {"scope": "links:rw"})):
            reply = ana.post("/v1/api-keys", {"name": "till", "scopes": ["links:rw"], **wish})
            assert reply.status == 400 and reply.error()[1] == path, f"{wish}: {reply}"
        assert ana.get("/v1/api-keys").data == before


def from_its_network_only():
    with Relay(trusted_proxies="127.0.0.1") as relay:
        ana = relay.add_merchant()
        _, till = make(ana, relay.port, networks=["192.0.2.0/24", "2001:db8:1::/48"])
        for address, status in (("192.0.2.9", 200), ("192.0.3.9", 403), ("2001:db8:1::5", 200), ("2001:db8:2::5", 403),
                                ("::ffff:192.0.2.7", 200), ("192.0.2.9, 203.0.113.5", 403), ("nonsense", 403)):
            reply = till.get("/v1/links", {"X-Forwarded-For": address})
            assert reply.status == status, f"{address}: {reply}"
        assert till.get("/v1/links").status == 403


def rotated():
    with Relay() as relay:
        ana = relay.add_merchant()
        made, old = make(ana, relay.port, networks=["127.0.0.1"])
        reply = ana.post(f"/v1/api-keys/{made['id']}/rotate", {"overlapSeconds": 3600})
        assert reply.status == 201, reply
        new = Client(relay.port, reply.data["key"])
        assert old.get("/v1/links").status == 200 and new.get("/v1/links").status == 200
        shown = ana.get(f"/v1/api-keys/{made['id']}").data
        assert shown["successor"] == reply.data["id"] and shown["expiresAt"] < made["expiresAt"], shown
        assert reply.data["scopes"] == ["links:rw"] and reply.data["networks"] == ["127.0.0.1"], reply
        again = ana.post(f"/v1/api-keys/{made['id']}/rotate")
        assert again.status == 409, again
        for seconds in (-1, 86401):
            assert ana.post(f"/v1/api-keys/{reply.data['id']}/rotate", {"overlapSeconds": seconds}).status == 400
        # Without an overlap the old one ends at once.
        last = ana.post(f"/v1/api-keys/{reply.data['id']}/rotate", {"overlapSeconds": 0})
        assert last.status == 201 and new.get("/v1/links").status == 401, last


def revoked_at_once():
    with Relay() as relay:
        ana = relay.add_merchant()
        made, till = make(ana, relay.port)
        assert till.get("/v1/links").status == 200
        ended = ana.delete(f"/v1/api-keys/{made['id']}")
        assert ended.status == 200 and ended.data["revokedAt"] is not None, ended
        assert till.get("/v1/links").status == 401
        assert ana.delete(f"/v1/api-keys/{made['id']}").data["revokedAt"] == ended.data["revokedAt"]
        assert ana.post(f"/v1/api-keys/{made['id']}/rotate").status == 409
        assert ana.delete("/v1/api-keys/AAAAAAAAAA").status == 404
        # What stands in the books proves nothing: the hash is not the key, and the other mode's name opens nothing.
        live = made["key"].replace("cob_test_", "cob_live_")
        assert Client(relay.port, live).get("/v1/links").status == 401


def fixed(device):
    """What does not depend on who asks, or when."""
    return {name: value for name, value in device.items() if name not in ("current", "lastUsedOn")}


def devices():
    with Relay() as relay:
        ana = relay.add_merchant()
        paired = Client(relay.port).post("/v1/pair", {"code": ana.pair_code, "deviceName": "Ana's desk"}).data
        desk = Client(relay.port, paired["deviceKey"])
        listed = ana.get("/v1/devices").data
        assert [row["id"] for row in listed] == [paired["deviceId"]] and listed[0]["name"] == "Ana's desk", listed
        assert listed[0]["current"] is False, listed
        for own in (desk.get("/v1/devices").data[0], desk.get(f"/v1/devices/{paired['deviceId']}").data):
            assert own["current"] is True and fixed(own) == fixed(listed[0]), own
        # A device's key is none of the API keys: it ends with its device.
        assert all(row["name"] != "Ana's desk" for row in ana.get("/v1/api-keys").data)
        assert ana.delete("/v1/devices/dev_01k40000000000000000000000").status == 404
        ended = ana.delete(f"/v1/devices/{paired['deviceId']}")
        assert ended.status == 200 and ended.data["revokedAt"] is not None, ended
        assert desk.get("/v1/devices").status == 401


def by_the_operator():
    """The same by commands, while the relay runs and while it does not."""
    with Relay() as relay:
        ana = relay.add_merchant()
        for running in (True, False):
            if not running:
                relay.stop()
            done = relay.command("api-key", "add", ana.id, "backoffice", "--scopes", "payments:r refunds:w", "--json")
            assert done.returncode == 0, done
            made = json.loads(done.stdout)
            assert made["key"].startswith("cob_test_"), made
            listed = relay.command("api-key", "list", ana.id)
            assert listed.returncode == 0 and made["id"] in listed.stdout and made["key"] not in listed.stdout, listed
            rotated_key = relay.command("api-key", "rotate", ana.id, made["id"], "--json")
            assert rotated_key.returncode == 0, rotated_key
            ended = relay.command("api-key", "revoke", ana.id, made["id"])
            assert ended.returncode == 0, ended
            assert relay.command("api-key", "revoke", ana.id, "AAAAAAAAAA").returncode == 66
            assert relay.command("api-key", "add", ana.id, "x", "--scopes", "root").returncode == 64
            if running:
                assert Client(relay.port, made["key"]).get("/v1/payments").status == 401
                assert Client(relay.port, json.loads(rotated_key.stdout)["key"]).get("/v1/payments").status == 200
        live = relay.command("api-key", "add", ana.id, "till", "--live", "--scopes", "links:rw", "--json")
        assert json.loads(live.stdout)["key"].startswith("cob_live_"), live


if __name__ == "__main__":
    tap.run([
        ("a key is shown once", shown_once),
        ("what is not allowed is denied", denied_by_default),
        ("wishes that are refused change nothing", wishes_refused),
        ("a key works from its networks only", from_its_network_only),
        ("rotation: both for a while, then one", rotated),
        ("a revoked key ends at once", revoked_at_once),
        ("devices are listed and unpaired", devices),
        ("the operator's commands", by_the_operator),
    ])
