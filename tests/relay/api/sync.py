#!/usr/bin/python3
"""tests/relay/api/sync.py — pairing, push and the feed over the real binary, as src/sync/README.md says."""
import json
import os
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))

import tap
from relay import Client, Relay, path_of


def document(number, **changes):
    link_id = f"link_01k4{number:022d}"
    return {"id": link_id, "token": f"{number:064x}", "title": f"Link {number}", "currency": "EUR",
            "pricing": {"type": "fixed", "amount": 1000 + number}, "livemode": False, "createdAt": "2026-11-01T10:00:00Z",
            "updatedAt": "2026-11-01T10:00:00Z", **changes}


class Device(Client):
    def __init__(self, relay, code, name="Counter"):
        super().__init__(relay.port)
        reply = self.post("/v1/pair", {"code": code, "deviceName": name})
        assert reply.status == 200, reply
        self.paired = reply.data
        self.key = reply.data["deviceKey"]
        self.seq = 0

    def operation(self, kind, object_id, body, base_rev=0, **more):
        self.seq += 1
        return {"op_id": f"op-{self.paired['deviceId'][-6:]}-{self.seq}", "seq": self.seq, "kind": kind, "id": object_id,
                "base_rev": base_rev, "body": body, **more}

    def push(self, *operations, protocol=1):
        return self.post("/v1/sync/push", {"protocol": protocol, "operations": list(operations)})

    def put(self, link, base_rev=0):
        reply = self.push(self.operation("link.put", link["id"], link, base_rev))
        assert reply.status == 200, reply
        return reply.data["results"][0]


def pair_code(merchant):
    done = world.command("pair-code", merchant.id, "--json")
    assert done.returncode == 0, done
    return json.loads(done.stdout)["pairCode"]


def pairing():
    device = Device(world, shop.pair_code)
    paired = device.paired
    assert set(paired) == {"deviceId", "deviceKey", "merchant", "livemode", "capabilities"}, paired
    assert paired["merchant"]["id"] == shop.id and paired["livemode"] is False, paired
    assert paired["capabilities"] == {"protocol": 1, "publicUrl": world.url(), "mail": False, "gateways": ["mock"], "methods": ["card"]}, paired
    again = Client(world.port).post("/v1/pair", {"code": shop.pair_code, "deviceName": "x"})
    assert again.status in (401, 410), again
    for body, path in (({}, "code"), ({"code": "", "deviceName": "x"}, "code"), ({"code": 5}, "code"), ({"code": "x"}, "deviceName"), ({"code": "x", "deviceName": ""}, "deviceName"),
                       ({"code": "x", "deviceName": "x", "surprise": 1}, "surprise"),
                       ({"code": "ABCD", "deviceName": "a" * 81}, "deviceName")):
        reply = Client(world.port).post("/v1/pair", body)
        assert reply.status == 400 and reply.error() == ("VALIDATION_ERROR", path), reply
    wrong = Client(world.port).post("/v1/pair", {"code": "0000-0000-0000-0000", "deviceName": "x"})
    assert wrong.status == 401, wrong
    typed = pair_code(shop).replace("-", " ").lower()
    assert Device(world, typed).get("/v1/links").status == 200


def push():
    device = Device(world, pair_code(shop))
    link = document(1)
    reply = device.push(device.operation("link.put", link["id"], link, edited={"title": 1700000000000000}))
    assert reply.status == 200, reply
    assert reply.data["expectedSeq"] == 2, reply
    result = reply.data["results"][0]
    assert (result["result"], result["rev"]) == ("applied", 1), reply
    assert Client(world.port).get(f"/pay/{link['token']}").status == 200
    read = device.get(f"/v1/links/{link['id']}").data
    assert read["token"] == link["token"] and read["url"].endswith(link["token"]), read        # devices see tokens
    assert "token" not in shop.link(link["id"])                                                # API keys do not
    # The same operation again: the stored result, nothing happens twice.
    device.seq = 0
    again = device.push(device.operation("link.put", link["id"], link))
    assert again.data["results"][0] == result and again.data["expectedSeq"] == 2, again
    changed = device.put(dict(link, title="Changed"), base_rev=1)
    assert (changed["result"], changed["rev"]) == ("applied", 2), changed


def conflicts():
    device = Device(world, pair_code(shop))
    link = document(2)
    device.put(link)
    here = shop.link(link["id"])
    shop.put(f"/v1/links/{link['id']}", {**here, "title": "At the relay"}, {"If-Match": '"1"'})
    result = device.put(dict(link, title="At the desktop"), base_rev=1)
    assert (result["result"], result["rev"]) == ("conflict", 2), result
    assert result["current"]["document"]["title"] == "At the relay" and result["current"]["rev"] == 2, result
    assert "token" not in result["current"]["document"], result
    assert device.put(dict(link, title="Merged"), base_rev=2)["rev"] == 3


def rejections():
    device = Device(world, pair_code(shop))
    bad = dict(document(3), pricing={"type": "fixed", "amount": -5})
    result = device.put(bad)
    assert result["result"] == "rejected" and result["path"] == "pricing.amount" and result["reason"], result
    mismatch = device.push(device.operation("link.put", document(4)["id"], document(3))).data["results"][0]
    assert mismatch["result"] == "rejected" and mismatch["path"] == "id", mismatch
    taken = device.put(dict(document(5), token=f"{1:064x}"))
    assert taken["result"] == "rejected" and taken["path"] == "token", taken
    odd = device.push(device.operation("invoice.put", "inv_1", {})).data["results"][0]
    assert odd["result"] == "rejected", odd
    # One bad operation does not stop the others, and their numbers go on.
    many = device.push(device.operation("link.put", bad["id"], bad), device.operation("link.put", document(6)["id"], document(6)))
    assert [r["result"] for r in many.data["results"]] == ["rejected", "applied"], many


def sequences():
    device = Device(world, pair_code(shop))
    device.put(document(10))
    device.seq = 4
    gap = device.put(document(11))
    assert gap["result"] == "rejected" and gap["path"] == "seq" and gap["reason"] == "sequence_gap", gap
    device.seq = 0
    operation = device.operation("link.put", document(12)["id"], document(12))
    operation["op_id"] = "another"
    reused = device.push(operation).data["results"][0]
    assert reused["result"] == "rejected" and reused["reason"] == "sequence_reused", reused
    assert shop.get(f"/v1/links/{document(12)['id']}").status == 404


def malformed():
    device = Device(world, pair_code(shop))
    good = device.operation("link.put", document(20)["id"], document(20))
    for change, path in (({"seq": 0}, "operations[0].seq"), ({"seq": "1"}, "operations[0].seq"), ({"op_id": ""}, "operations[0].op_id"),
                         ({"op_id": "a b"}, "operations[0].op_id"), ({"base_rev": -1}, "operations[0].base_rev"),
                         ({"body": "x"}, "operations[0].body"), ({"edited": 5}, "operations[0].edited"),
                         ({"surprise": 1}, "operations[0].surprise")):
        reply = device.push({**good, **change})
        assert reply.status == 400 and reply.error() == ("VALIDATION_ERROR", path), reply
    assert device.push(*[good] * 501).status == 400
    assert device.push(good, protocol=2).status == 426 and device.push(good, protocol=0).status == 426
    reply = shop.post("/v1/sync/push", {"protocol": 1, "operations": []})
    assert reply.status == 403, reply                                       # an API key is not a device
    assert device.push().data["results"] == []


def tokens_and_others():
    device = Device(world, pair_code(shop))
    link = document(30)
    device.put(link)
    fresh = "fe" * 32
    result = device.push(device.operation("link.token", link["id"], {"token": fresh})).data["results"][0]
    assert result["result"] == "applied" and result["rev"] == 2, result
    assert Client(world.port).get(f"/pay/{fresh}").status == 200 and Client(world.port).get(f"/pay/{link['token']}").status == 410
    bad = device.push(device.operation("link.token", link["id"], {"token": "short"})).data["results"][0]
    assert bad["result"] == "rejected" and bad["path"] == "token", bad
    me = shop.get("/v1/merchant").data
    put = device.push(device.operation("merchant.put", shop.id, {**me, "name": "Named by the desktop"}, base_rev=me["rev"]))
    assert put.data["results"][0]["result"] == "applied", put
    assert shop.get("/v1/merchant").data["name"] == "Named by the desktop"
    customer = {"id": "cus_01k40000000000000000000000", "name": "Zoë", "email": "zoe@mail.example"}
    put = device.push(device.operation("customer.put", customer["id"], customer))
    assert put.data["results"][0]["result"] == "applied", put


def feed():
    all_events = [event for event, _ in shop.events()]
    assert [event["sequence"] for event in all_events] == list(range(1, len(all_events) + 1))
    page = shop.get("/v1/events?after=1&limit=2")
    assert [event["sequence"] for event in page.data] == [2, 3] and page.json["pagination"] == {"next": 3}, page
    end = len(all_events)
    assert shop.get(f"/v1/events?after={end}").json == {"success": True, "data": [], "pagination": {"next": end}}
    gone = shop.get(f"/v1/events?after={end + 1}")
    assert gone.status == 410, gone
    for query, path in (("after=-1", "after"), ("limit=0", "limit"), ("limit=1001", "limit"), ("wait=31", "wait"), ("x=1", "x")):
        reply = shop.get(f"/v1/events?{query}")
        assert reply.status == 400 and reply.error() == ("VALIDATION_ERROR", path), reply


def long_poll():
    end = len(shop.events())
    answers = []
    waiting = threading.Thread(target=lambda: answers.append(Client(world.port, shop.key).get(f"/v1/events?after={end}&wait=30")))
    waiting.start()
    other = world.add_merchant("Loud neighbour")
    other.create(currency="EUR", amount=1)               # another merchant's event does not answer it
    made = shop.create(currency="EUR", amount=1)
    waiting.join(60)
    assert answers and answers[0].status == 200, answers
    assert [event["object"]["id"] for event in answers[0].data] == [made["id"]], answers[0]
    quiet = shop.get(f"/v1/events?after={end + 1}&wait=1")
    assert quiet.status == 200 and quiet.data == [] and quiet.json["pagination"]["next"] == end + 1, quiet


CASES = [("pairing", pairing), ("push", push), ("conflicts", conflicts), ("rejections", rejections), ("sequences", sequences),
         ("malformed pushes", malformed), ("tokens, merchant, customers", tokens_and_others), ("feed", feed),
         ("long poll", long_poll)]

with Relay() as world:
    shop = world.add_merchant()
    tap.run(CASES + [("the books are clean", world.audit), ("it ends when asked to", world.stop)])
