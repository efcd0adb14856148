#!/usr/bin/python3
"""tests/relay/api/links.py — /v1 over the real binary: links in every way they are made, listed, changed and refused."""
# proves: INV-1, INV-9, INV-13, OPL-5, OPL-6, OPF-17
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))

import tap
from relay import Client, Relay, path_of

LINK_MEMBERS = [
    "id", "rev", "url", "token", "title", "description", "reference", "currency", "pricing", "usage", "notBefore", "expiresAt",
    "methods", "gateways", "partial", "collect", "fields", "customer", "metadata", "locale", "after", "closedMessage", "decision",
    "status", "paymentStatus", "flags", "amountPaid", "amountRefunded", "amountLost", "uses", "livemode", "createdAt", "updatedAt"]


def refused(reply, status, code, path=None):
    assert reply.status == status, reply
    assert reply.headers["content-type"].startswith("application/json"), reply.headers
    found, where = reply.error()
    assert (found, where) == (code, path), reply
    assert reply.json["error"]["correlationId"] == reply.headers["x-request-id"], reply
    assert reply.json["error"]["message"], reply


def health():
    reply = Client(world.port).get("/v1/healthz")
    assert reply.status == 200 and reply.data["status"] == "healthy" and reply.data["protocol"] == 1, reply
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z", reply.data["timestamp"]), reply
    assert isinstance(reply.data["uptime"], int) and reply.data["uptime"] >= 0, reply
    reply = Client(world.port).get("/v1/readyz")
    assert reply.status == 200 and reply.data == {"status": "ready", "checks": {"database": "ok", "workers": "ok"}}, reply


def headers():
    reply = shop.get("/v1/links", {"x-request-id": "my-own-id.1"})
    assert reply.headers["x-request-id"] == "my-own-id.1", reply.headers
    assert reply.headers["cache-control"] == "no-store" and reply.headers["x-content-type-options"] == "nosniff", reply.headers
    assert reply.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'", reply.headers
    assert "server" not in reply.headers and "access-control-allow-origin" not in reply.headers, reply.headers
    reply = shop.get("/v1/links", {"x-request-id": "bad id\t"})
    assert reply.headers["x-request-id"] != "bad id\t" and len(reply.headers["x-request-id"]) >= 8, reply.headers


def create():
    reply = shop.post("/v1/links", {"currency": "EUR", "amount": 1250, "title": "Coffee beans", "metadata": {"order": "17"}})
    assert reply.status == 201, reply
    link = reply.data
    assert list(link) == LINK_MEMBERS, list(link)
    assert re.fullmatch(r"link_[0-9a-hjkmnp-tv-z]{26}", link["id"]), link
    assert re.fullmatch(r"[0-9a-f]{64}", link["token"]), link
    assert link["url"] == f"{world.url()}/pay/{link['token']}", link
    assert link["pricing"] == {"type": "fixed", "amount": 1250} and link["usage"] == {"type": "single"}, link
    assert (link["rev"], link["status"], link["paymentStatus"], link["flags"]) == (1, "open", "pending", []), link
    assert link["livemode"] is False and link["metadata"] == {"order": "17"}, link
    read = shop.get(f"/v1/links/{link['id']}")
    assert read.status == 200 and read.headers["etag"] == '"1"', read
    assert "token" not in read.data and read.data == {k: v for k, v in link.items() if k != "token"}, read
    tokens = {shop.create(currency="EUR", amount=1)["token"] for _ in range(20)}
    assert len(tokens) == 20


def own_id_and_token():
    link_id, token = "link_01k3zzzzzzzzzzzzzzzzzzzzzz", "ab" * 32
    link = shop.create(id=link_id, token=token, currency="JPY", pricing={"type": "open", "minimum": 500, "preset": 1000})
    assert (link["id"], link["token"]) == (link_id, token), link
    refused(shop.post("/v1/links", {"id": link_id, "currency": "EUR", "amount": 1}), 409, "ALREADY_EXISTS", "id")
    refused(shop.post("/v1/links", {"token": token, "currency": "EUR", "amount": 1}), 409, "ALREADY_EXISTS", "token")


def references():
    shop.create(currency="EUR", amount=1, reference="A-17")
    refused(shop.post("/v1/links", {"currency": "EUR", "amount": 1, "reference": "A-17"}), 409, "ALREADY_EXISTS", "reference")
    found = shop.get("/v1/links?reference=A-17")
    assert [link["reference"] for link in found.data] == ["A-17"], found


def idempotent():
    body = {"currency": "EUR", "amount": 777, "title": "once"}
    first = shop.post("/v1/links", body, {"Idempotency-Key": "order-1"})
    again = shop.post("/v1/links", body, {"Idempotency-Key": "order-1"})
    quoted = shop.post("/v1/links", body, {"Idempotency-Key": '"order-1"'})
    assert first.status == again.status == quoted.status == 201, again
    assert first.body == again.body == quoted.body, again
    assert "idempotent-replayed" not in first.headers and again.headers["idempotent-replayed"] == "true", again.headers
    assert len(shop.get("/v1/links?q=once").data) == 1
    reused = shop.post("/v1/links", {**body, "amount": 778}, {"Idempotency-Key": "order-1"})
    assert reused.status == 422 and reused.error()[0] == "IDEMPOTENCY_KEY_REUSED", reused
    for key in ("", "a" * 256, "a b"):
        refused(shop.post("/v1/links", body, {"Idempotency-Key": key}), 400, "VALIDATION_ERROR", "Idempotency-Key")
    # A request that was refused is not remembered: the corrected one may use the key.
    refused(shop.post("/v1/links", {**body, "amount": -1}, {"Idempotency-Key": "order-2"}), 400, "VALIDATION_ERROR",
            "pricing.amount")
    assert shop.post("/v1/links", body, {"Idempotency-Key": "order-2"}).status == 201
    # Scoped: another merchant's same key is another key.
    other = world.add_merchant("Other")
    assert other.post("/v1/links", body, {"Idempotency-Key": "order-1"}).json != first.json


def bad_bodies():
    def post(body, content_type="application/json"):
        return shop.request("POST", "/v1/links", body, {"Content-Type": content_type})
    refused(post('{"currency":"EUR","amount":1,"amount":2}'), 400, "VALIDATION_ERROR", "amount")
    refused(post('{"currency":"EUR","amount":1,"surprise":1}'), 400, "VALIDATION_ERROR", "surprise")
    refused(post('{"currency":"EUR","amount":1}{}'), 400, "VALIDATION_ERROR")
    refused(post('{"currency":"EUR","pricing":' + '{"a":' * 20 + "1" + "}" * 20 + "}"), 400, "VALIDATION_ERROR",
            "pricing" + ".a" * 15)
    refused(post("[]"), 400, "VALIDATION_ERROR")
    refused(post(""), 400, "VALIDATION_ERROR")
    refused(post("currency=EUR", "application/x-www-form-urlencoded"), 415, "UNSUPPORTED_MEDIA_TYPE", "Content-Type")
    assert post("x" * (257 * 1024)).status == 413


def routes():
    refused(shop.get("/v1/nothing"), 404, "NOT_FOUND")
    reply = shop.request("PATCH", "/v1/links")
    refused(reply, 405, "METHOD_NOT_ALLOWED")
    assert sorted(reply.headers["allow"].replace(" ", "").split(",")) in (["GET", "HEAD", "POST"], ["GET", "POST"]), reply.headers
    for path in ("/v1/links/link_01k00000000000000000000000", "/v1/links/nonsense", "/v1/links/inv_01k00000000000000000000000"):
        refused(shop.get(path), 404, "NOT_FOUND")


def keys():
    for key in (None, "nonsense", "cob_test_0123456789_" + "a" * 49, shop.key[:-1], shop.key + "x"):
        reply = Client(world.port, key).get("/v1/links")
        refused(reply, 401, "UNAUTHORIZED")
        assert reply.headers["www-authenticate"].startswith("Bearer"), reply.headers
    refused(Client(world.port).get(f"/v1/links?api_key={shop.key}"), 401, "UNAUTHORIZED")


def lists():
    world_list = world.add_merchant("Lister")
    made = [world_list.create(currency="EUR", amount=100 + n, title=f"Beans {n}", reference=f"R{n}") for n in range(7)]
    world_list.post(f"/v1/links/{made[0]['id']}/pause")
    world_list.delete(f"/v1/links/{made[1]['id']}")
    seen, cursor, pages = [], "", 0
    while cursor is not None:
        page = world_list.get(f"/v1/links?limit=3{cursor and '&cursor=' + cursor}")
        assert page.status == 200 and page.json["pagination"]["limit"] == 3 and len(page.data) <= 3, page
        seen += [link["id"] for link in page.data]
        cursor, pages = page.json["pagination"]["nextCursor"], pages + 1
    assert seen == [link["id"] for link in reversed(made)] and pages == 3, (seen, pages)
    assert all(link["url"] for link in world_list.get("/v1/links").data)

    def ids(query):
        return [link["id"] for link in world_list.get(f"/v1/links?{query}").data]
    assert ids("status=paused") == [made[0]["id"]]
    assert ids("status=cancelled") == [made[1]["id"]]
    assert len(ids("status=open")) == 5 and len(ids("paymentStatus=pending")) == 7
    assert ids("q=bEANS%203") == [made[3]["id"]] and ids("reference=R4") == [made[4]["id"]] and ids("q=nothing") == []
    for query, path in (("limit=0", "limit"), ("limit=101", "limit"), ("limit=x", "limit"), ("status=odd", "status"),
                        ("paymentStatus=odd", "paymentStatus"), ("cursor=nonsense", "cursor"), ("surprise=1", "surprise")):
        refused(world_list.get(f"/v1/links?{query}"), 400, "VALIDATION_ERROR", path)


def change():
    link = shop.create(currency="EUR", amount=1000, title="before")
    path = f"/v1/links/{link['id']}"
    document = shop.link(link["id"])
    changed = shop.put(path, {**document, "title": "after", "status": "paid", "amountPaid": 999}, {"If-Match": '"1"'})
    assert changed.status == 200 and changed.headers["etag"] == '"2"', changed
    assert (changed.data["rev"], changed.data["title"], changed.data["status"], changed.data["amountPaid"]) == (
        2, "after", "open", 0), changed
    assert changed.data["createdAt"] == link["createdAt"] and changed.data["url"] == link["url"], changed

    refused(shop.put(path, document), 428, "PRECONDITION_REQUIRED", "If-Match")
    refused(shop.put(path, document, {"If-Match": "W/x"}), 400, "VALIDATION_ERROR", "If-Match")
    stale = shop.put(path, {**document, "title": "lost update"}, {"If-Match": '"1"'})
    refused(stale, 412, "REVISION_MISMATCH")
    assert stale.json["error"]["current"]["title"] == "after" and stale.json["error"]["current"]["rev"] == 2, stale
    refused(shop.put(path, {**document, "id": "link_01k00000000000000000000000"}, {"If-Match": '"2"'}), 400, "VALIDATION_ERROR",
            "id")
    refused(shop.put(path, {"currency": "EUR", "amount": 0}, {"If-Match": '"2"'}), 400, "VALIDATION_ERROR", "pricing.amount")
    assert shop.link(link["id"])["title"] == "after"
    whole = shop.put(path, {"currency": "EUR", "amount": 5}, {"If-Match": '"2"'})   # a PUT is the whole document
    assert whole.status == 200 and whole.data["title"] == "" and whole.data["rev"] == 3, whole


def decisions():
    link = shop.create(currency="EUR", amount=1000)
    path = f"/v1/links/{link['id']}"
    assert shop.post(f"{path}/pause").data["status"] == "paused"
    assert shop.post(f"{path}/pause").data["rev"] == 2            # it is so already
    assert shop.request("POST", f"{path}/resume").data["status"] == "open"
    refused(shop.post(f"{path}/pause", {"why": "lunch"}), 400, "VALIDATION_ERROR", "why")
    refused(shop.request("POST", f"{path}/pause", None, {"If-Match": '"1"'}), 412, "REVISION_MISMATCH")
    cancelled = shop.delete(path)
    assert cancelled.status == 200 and cancelled.data["status"] == "cancelled", cancelled
    reply = shop.post(f"{path}/resume")
    assert reply.status == 409 and reply.error()[0] == "INVALID_STATE", reply
    types = [event["type"] for event, _ in shop.events() if event["object"]["id"] == link["id"]]
    assert types == ["link.created", "link.paused", "link.resumed", "link.cancelled"], types


def new_token():
    link = shop.create(currency="EUR", amount=1000)
    reply = shop.post(f"/v1/links/{link['id']}/token")
    assert reply.status == 200 and reply.data["token"] != link["token"], reply
    assert reply.data["url"] == f"{world.url()}/pay/{reply.data['token']}", reply
    buyer = Client(world.port)
    assert buyer.get(path_of(link["url"])).status == 410
    assert buyer.get(path_of(reply.data["url"])).status == 200
    assert buyer.get(f"/api/public/pay/{link['token']}").status == 410
    assert buyer.post(f"/api/public/pay/{link['token']}/create-payment").status == 410
    assert buyer.get(f"/pay/{link['token']}/qr.svg").status == 410


def expiry():
    link = shop.create(currency="EUR", amount=1000, expiresAt="2020-01-01T00:00:00Z")
    assert link["status"] == "expired", link
    buyer = Client(world.port)
    assert buyer.get(path_of(link["url"])).status == 410
    bill = buyer.get(f"/api/public/pay/{link['token']}")
    assert bill.status == 200 and bill.json["canPay"] is False and bill.json["status"] == "expired", bill
    assert buyer.post(f"/api/public/pay/{link['token']}/create-payment").status == 410
    later = shop.create(currency="EUR", amount=1000, notBefore="2999-01-01T00:00:00Z")
    assert later["status"] == "scheduled" and buyer.post(f"/api/public/pay/{later['token']}/create-payment").status == 409


def merchant():
    me = shop.get("/v1/merchant").data
    assert me["id"] == shop.id and me["name"], me
    changed = shop.put("/v1/merchant", {**me, "name": "Ana & Co", "accent": "#aa3300"}, {"If-Match": f'"{me["rev"]}"'})
    assert changed.status == 200 and changed.data["name"] == "Ana & Co" and changed.data["rev"] == me["rev"] + 1, changed
    stale = shop.put("/v1/merchant", me, {"If-Match": f'"{me["rev"]}"'})
    assert stale.status == 412 and stale.json["error"]["current"]["name"] == "Ana & Co", stale
    refused(shop.put("/v1/merchant", {**me, "name": ""}), 400, "VALIDATION_ERROR", "name")
    refused(shop.put("/v1/merchant", {**me, "accent": "red"}), 400, "VALIDATION_ERROR", "accent")
    assert shop.put("/v1/merchant", me).data["rev"] == me["rev"] + 2


def scopes():
    """A key may do what it was made for, and nothing else."""
    may = {"payments:r": ["/v1/payments", "/v1/events"], "links:rw": ["/v1/links", "/v1/merchant"],
           "sync": ["/v1/events", "/v1/merchant"], "": [], "links:rw payments:r sync": ["/v1/links", "/v1/payments", "/v1/events"]}
    narrow = world.add_merchant("Narrow")
    for granted, allowed in may.items():
        world.stop()
        with world.books(change=True) as books:
            books.execute("UPDATE api_key SET scopes = ? WHERE merchant_id = ?", (granted, narrow.id))
            books.commit()
        world.start()
        for path in ("/v1/links", "/v1/merchant", "/v1/payments", "/v1/events"):
            reply = Client(world.port, narrow.key).get(path)
            if path in allowed:
                assert reply.status == 200, (granted, path, reply)
            elif path != "/v1/merchant" or granted != "links:rw payments:r sync":
                refused(reply, 403, "FORBIDDEN")
    shop.close()


CASES = [
    ("health", health), ("headers of the API", headers), ("create and read", create), ("own id and token", own_id_and_token),
    ("references", references), ("idempotency keys", idempotent), ("bad bodies", bad_bodies), ("routes", routes), ("keys", keys), ("scopes", scopes),
    ("lists", lists), ("change with If-Match", change), ("pause, resume, cancel", decisions), ("new token", new_token),
    ("expiry", expiry), ("merchant", merchant)]

with Relay() as world:
    shop = world.add_merchant()
    tap.run(CASES + [("the books are clean", world.audit), ("it ends when asked to", world.stop)])
