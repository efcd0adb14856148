#!/usr/bin/python3
"""tests/relay/api/payments.py — payments and refunds under /v1: shapes, keys, gateways, lists, refusals; over the real binary."""
# proves: OPF-1, OPF-2, OPF-3, OPF-5, OPF-6, OPL-7
import json
import os
import re
import shlex
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))

import tap
from buyer import Buyer
from relay import PROGRAM, Client, Relay, free_port, wait_for

MADE = ["id", "linkId", "amount", "currency", "status", "gateway", "providerPaymentId", "idempotencyKey", "metadata", "payer", "method",
        "methodDetail", "failure", "received", "amountRefunded", "amountLost", "flags", "disputeDueAt", "livemode", "createdAt", "updatedAt",
        "description", "returnUrl", "next"]
BACK = ["id", "paymentId", "amount", "currency", "status", "reason", "providerRefundId", "failureMessage", "livemode", "createdAt",
        "updatedAt"]


def key():
    return {"Idempotency-Key": f"t-{os.urandom(8).hex()}"}


def pay(amount=5000, status=201, headers=None, client=None, **more):
    reply = (client or shop).post("/v1/payments", {"amount": amount, "currency": "EUR", **more}, headers or key())
    assert reply.status == status, reply
    return reply


def back(status=201, headers=None, **body):
    reply = shop.post("/v1/refunds", body, headers or key())
    assert reply.status == status, reply
    return reply


def payment(payment_id):
    reply = shop.get(f"/v1/payments/{payment_id}")
    assert reply.status == 200, reply
    return reply.data


def company(sql, *values):
    """What the company's own books say."""
    with world.books("mock") as books:
        return books.execute(sql, values).fetchall()


def kinds(object_id):
    return [event["type"] for event, _ in shop.events() if event["object"]["id"] == object_id]


# ── Made ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

def charged():
    reply = pay(metadata={"orderId": "123"}, payer={"name": "Zoë", "email": "zoe@mail.example"}, description="Two tickets")
    made = reply.data
    assert list(made) == MADE, list(made)
    assert (made["status"], made["amount"], made["currency"], made["gateway"], made["linkId"]) == ("succeeded", 5000, "EUR", "mock", None), made
    assert made["metadata"] == {"orderId": "123"} and made["payer"]["email"] == "zoe@mail.example", made
    assert made["received"] == {"amount": 5000, "currency": "EUR"} and made["next"] is None and made["failure"] is None, made
    assert company("SELECT captured FROM payments WHERE id = ?", made["providerPaymentId"]) == [(5000,)]
    whole = payment(made["id"])
    assert [(a["kind"], a["outcome"]) for a in whole["attempts"]] == [("begin", "answered")], whole
    assert whole["description"] == "Two tickets" and whole["refunds"] == [], whole
    assert kinds(made["id"]) == ["payment.created", "payment.succeeded"], kinds(made["id"])


def readme_curl():
    """The line that the demo prints, run by the shell, word for word."""
    port = free_port()
    demo = subprocess.Popen([PROGRAM, "demo", "--listen", f"127.0.0.1:{port}"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        line = next(line for line in demo.stdout if line.startswith("try: "))[len("try: "):].strip()
        next(text for text in demo.stdout if text.startswith("ready: "))
        words = shlex.split(line)
        assert words[:3] == ["curl", "-X", "POST"] and '"merchantApiKey"' in words[-1], words
        first, again = (subprocess.run([*words, "--silent", "--show-error"], capture_output=True, text=True, check=True) for _ in range(2))
        made = json.loads(first.stdout)
        assert made["success"] is True and made["data"]["status"] == "succeeded" and made["data"]["metadata"] == {"orderId": "123"}, made
        assert again.stdout == first.stdout
    finally:
        demo.terminate()
        assert demo.wait() == 0


def outcomes():
    """The last two digits decide, as the mock's README says."""
    for cents, status, code in (("02", "failed", "card_declined"), ("05", "failed", "authentication_required"), ("19", "processing", None),
                                ("27", "succeeded", None), ("41", "succeeded", None), ("55", "succeeded", None), ("69", "succeeded", None),
                                ("77", "succeeded", None), ("88", "succeeded", None), ("95", "failed", "processing_error")):
        made = pay(int(f"30{cents}")).data
        assert (made["status"], (made["failure"] or {"code": None})["code"]) == (status, code), made
        if cents in ("19", "95"):                           # later it is paid after all
            wait_for("the money", lambda p=made["id"]: payment(p)["status"] == "succeeded")
        rows = company("SELECT count(*) FROM payments WHERE reference LIKE ? || '%'", made["id"])
        assert rows == [(1,)], (cents, rows)
        assert kinds(made["id"])[0] == "payment.created" and f"payment.{status}" in kinds(made["id"]), kinds(made["id"])


def with_a_page():
    made = pay(1250, returnUrl="https://shop.example/thanks", locale="en").data
    assert made["status"] == "pending" and made["next"]["type"] == "redirect" and made["next"]["url"].startswith(world.url()), made
    buyer = Buyer(world)
    buyer.open(made["next"]["url"])
    page = buyer.page
    assert "shop.example" in page.headers["content-security-policy"], page.headers     # the form may lead back there
    sent = buyer.client.request("POST", buyer.place, "number=4000002500003155&expiry=12%2F39&cvc=123",
                                {"Content-Type": "application/x-www-form-urlencoded"})
    assert sent.status == 303 and "/mock/challenge/" in sent.headers["location"], sent
    wait_for("the challenge", lambda: payment(made["id"])["status"] == "requires_action")
    path = sent.headers["location"].replace(world.url(), "")
    done = buyer.client.request("POST", path, "answer=approve", {"Content-Type": "application/x-www-form-urlencoded"})
    assert done.status == 303 and done.headers["location"] == "https://shop.example/thanks", done
    wait_for("the money", lambda: payment(made["id"])["status"] == "succeeded")
    assert payment(made["id"])["next"] is None
    assert kinds(made["id"]) == ["payment.created", "payment.requires_action", "payment.succeeded"], kinds(made["id"])
    buyer.close()


def cancelled():
    made = pay(1250, returnUrl="https://shop.example/thanks").data
    headers = key()
    done = shop.post(f"/v1/payments/{made['id']}/cancel", headers=headers)
    assert done.status == 200 and done.data["status"] == "cancelled", done
    again = shop.post(f"/v1/payments/{made['id']}/cancel", headers=headers)
    assert again.body == done.body and again.headers["idempotent-replayed"] == "true", again
    assert kinds(made["id"]) == ["payment.created", "payment.cancelled"], kinds(made["id"])
    paid = pay().data
    assert shop.post(f"/v1/payments/{paid['id']}/cancel").error()[0] == "INVALID_STATE"


def towards_a_link():
    link = shop.create(currency="EUR", amount=1250, metadata={"order": "17", "shop": "a"})
    headers = key()
    body = {"linkId": link["id"], "metadata": {"shop": "b", "till": "3"}}
    reply = shop.post("/v1/payments", body, headers)
    made = reply.data
    assert reply.status == 201 and list(made) == MADE, reply
    assert (made["linkId"], made["amount"], made["status"]) == (link["id"], 1250, "pending"), made
    assert made["metadata"] == {"order": "17", "shop": "b", "till": "3"} and made["next"]["type"] == "redirect", made
    assert shop.post("/v1/payments", body, headers).body == reply.body
    assert shop.post("/v1/payments", {"linkId": link["id"]}, key()).error()[0] == "BUSY"        # its one use is taken
    assert [row["id"] for row in shop.payments(link["id"])] == [made["id"]]
    buyer = Buyer(world)
    buyer.open(made["next"]["url"])
    buyer.type_card("4242424242424242")
    buyer.close()
    wait_for("the link's money", lambda: shop.link(link["id"])["paymentStatus"] == "paid")
    assert shop.post("/v1/payments", body, headers).body == reply.body                          # still the answer of then
    assert shop.post("/v1/payments", {"linkId": link["id"]}, key()).status == 410
    assert shop.post("/v1/payments", {"linkId": "link_01k00000000000000000000000"}, key()).status == 404
    for more, path in (({"returnUrl": "https://a.example/"}, "returnUrl"), ({"description": "x"}, "description")):
        assert shop.post("/v1/payments", {"linkId": link["id"], **more}, key()).error() == ("VALIDATION_ERROR", path)


def bodies():
    """Whatever does not fit is named, and makes nothing."""
    before = len(shop.payments())
    for body, path in (({}, "amount"), ({"amount": 100}, "currency"), ({"amount": 0}, "amount"), ({"amount": -1}, "amount"),
                       ({"amount": 1.5}, "amount"), ({"amount": "100"}, "amount"), ({"amount": 10**12 + 1}, "amount"),
                       ({"currency": "EUR"}, "amount"), ({"amount": 1, "currency": "XXX"}, "currency"), ({"surprise": 1}, "surprise"),
                       ({"gateway": "stripe"}, "gateway"), ({"gateway": 1}, "gateway"), ({"method": "barter"}, "method"),
                       ({"method": "crypto"}, "method"), ({"metadata": {"k": 1}}, "metadata.k"), ({"metadata": {"k": "v" * 501}}, "metadata.k"),
                       ({"metadata": {f"k{n}": "v" for n in range(51)}}, "metadata"), ({"payer": {"email": "nobody"}}, "payer.email"),
                       ({"payer": {"who": "me"}}, "payer.who"), ({"payer": {}, "customer": {}}, "customer"),
                       ({"returnUrl": "http://shop.example/"}, "returnUrl"), ({"returnUrl": "javascript:alert(1)"}, "returnUrl"),
                       ({"description": "d" * 201}, "description"), ({"linkId": "x"}, "linkId"), ({"locale": "no such"}, "locale")):
        whole = {"amount": 100, "currency": "EUR", **body} if set(body) - {"amount", "currency"} or \
            set(body) == {"amount"} and body["amount"] != 100 else body
        reply = shop.post("/v1/payments", whole, key())
        assert reply.status == 400, (whole, reply)
        assert reply.error()[1] == path, (whole, reply)
    named = shop.post("/v1/payments", {"amount": 1, "currency": "EUR", "gateway": "stripe"}, key())
    assert '"mock"' in named.json["error"]["message"], named                    # what there is
    assert shop.request("POST", "/v1/payments?x=1", {"amount": 1, "currency": "EUR"}, key()).error()[1] == "x"
    assert len(shop.payments()) == before


# ── Keys ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

def key_forms():
    body = {"amount": 700, "currency": "EUR"}
    assert shop.post("/v1/payments", body).error() == ("IDEMPOTENCY_KEY_REQUIRED", "Idempotency-Key")
    assert shop.post("/v1/refunds", {}).error() == ("IDEMPOTENCY_KEY_REQUIRED", "Idempotency-Key")
    bare = shop.post("/v1/payments", body, {"Idempotency-Key": 'form-"1'})
    quoted = shop.post("/v1/payments", body, {"Idempotency-Key": '"form-\\"1"'})
    assert bare.status == 201 and quoted.body == bare.body and quoted.headers["idempotent-replayed"] == "true", quoted
    assert "idempotent-replayed" not in bare.headers
    for bad in ("", '"', '"a', '"a"b', '"a\\b"', "with space", "ä".encode().decode("latin-1"), "x" * 256, '"a", "b"', "a, b"):
        reply = shop.post("/v1/payments", body, {"Idempotency-Key": bad})
        assert reply.status == 400 and reply.error()[1] == "Idempotency-Key", (bad, reply)
    text = json.dumps(body)
    raw = f"POST /v1/payments HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {shop.key}\r\nContent-Type: application/json\r\n" \
          f"Content-Length: {len(text)}\r\nIdempotency-Key: two-1\r\nIdempotency-Key: two-2\r\nConnection: close\r\n\r\n{text}"
    assert b" 400 " in spoken(raw).split(b"\r\n")[0]


def spoken(raw):
    import socket
    with socket.create_connection(("127.0.0.1", world.port), timeout=30) as wire:
        wire.sendall(raw.encode())
        got = b""
        while chunk := wire.recv(65536):
            got += chunk
        return got


def reused():
    """The same key for anything else is refused: another body, another path, another blank."""
    headers = key()
    first = pay(700, headers=headers)
    for text in ('{"amount": 701, "currency": "EUR"}', '{"currency":"EUR","amount":700}'):
        other = shop.request("POST", "/v1/payments", text, {**headers, "Content-Type": "application/json"})
        assert other.status == 422 and other.error() == ("IDEMPOTENCY_KEY_REUSED", "Idempotency-Key"), other
    assert shop.post("/v1/links", {"amount": 700, "currency": "EUR"}, headers).status == 422
    assert shop.post("/v1/refunds", {"paymentId": first.data["id"]}, headers).status == 422
    neighbour = world.add_merchant("Neighbour")
    assert pay(700, headers=headers, client=neighbour).data["id"] != first.data["id"]          # everybody has their own keys
    assert shop.post("/v1/payments", {"amount": 700, "currency": "EUR"}, headers).body == first.body


def not_kept():
    """What was refused before anything began leaves the key free; what began and failed is kept."""
    headers = key()
    assert shop.post("/v1/payments", {"amount": 0, "currency": "EUR"}, headers).status == 400
    assert Client(world.port, "wrong").post("/v1/payments", {"amount": 5, "currency": "EUR"}, headers).status == 401
    assert pay(800, headers=headers).status == 201
    declined = key()
    first = pay(3002, headers=declined)
    again = pay(3002, headers=declined)
    assert first.data["status"] == "failed" and again.body == first.body, again
    refund = key()
    assert back(404, refund, paymentId="pay_01k00000000000000000000000").error()[0] == "NOT_FOUND"
    assert back(201, refund, paymentId=pay(900).data["id"]).data["status"] == "succeeded"


def key_in_body():
    body = {"amount": 5000, "currency": "USD", "gateway": "mock", "merchantApiKey": shop.key, "metadata": {"orderId": "123"}}
    anybody = Client(world.port)
    made = anybody.post("/v1/payments", body, key())
    assert made.status == 201 and shop.key not in made.text, made
    assert anybody.post("/v1/payments", {**body, "merchantApiKey": "cob_test_wrong"}, key()).status == 401
    given = anybody.post("/v1/refunds", {"paymentId": made.data["id"], "merchantApiKey": shop.key}, key())
    assert given.status == 201 and given.data["amount"] == 5000, given
    with world.books() as books:
        kept = books.execute("SELECT count(*) FROM idempotency WHERE body LIKE ?", (f"%{shop.key}%",)).fetchone()
    assert kept == (0,)


# ── Refunds ───────────────────────────────────────────────────────────────────────────────────────────────────────────

def refunded():
    made = pay(5000).data
    part = back(paymentId=made["id"], amount=1200, reason="One cup was broken").data
    assert list(part) == BACK and (part["status"], part["amount"], part["currency"]) == ("succeeded", 1200, "EUR"), part
    assert back(400, paymentId=made["id"], amount=3801).error() == ("VALIDATION_ERROR", "amount")
    assert back(400, paymentId=made["id"], amount=100, currency="USD").error() == ("VALIDATION_ERROR", "currency")
    for body, path in (({"amount": 0}, "amount"), ({"amount": -5}, "amount"), ({"amount": 1.5}, "amount"), ({"reason": "r" * 501}, "reason"),
                       ({"surprise": 1}, "surprise")):
        assert back(400, paymentId=made["id"], **body).error() == ("VALIDATION_ERROR", path), body
    assert shop.post("/v1/refunds", {"amount": 5}, key()).error() == ("VALIDATION_ERROR", "paymentId")
    rest = back(paymentId=made["id"]).data
    assert rest["amount"] == 3800, rest
    assert back(400, paymentId=made["id"]).error() == ("VALIDATION_ERROR", "amount")
    whole = payment(made["id"])
    assert whole["amountRefunded"] == 5000 and [r["id"] for r in whole["refunds"]] == [part["id"], rest["id"]], whole
    assert company("SELECT sum(amount), count(*) FROM refunds WHERE payment_id = ?", made["providerPaymentId"]) == [(5000, 2)]
    assert kinds(part["id"]) == ["refund.created", "refund.succeeded"]
    assert shop.get(f"/v1/refunds/{part['id']}").data == part
    found = shop.get(f"/v1/refunds?paymentId={made['id']}&limit=1").json
    assert [r["id"] for r in found["data"]] == [rest["id"]] and found["pagination"]["total"] == 2, found
    second = shop.get(f"/v1/refunds?paymentId={made['id']}&cursor={found['pagination']['nextCursor']}").json
    assert [r["id"] for r in second["data"]] == [part["id"]] and second["pagination"]["hasMore"] is False, second
    assert shop.get("/v1/refunds?status=failed").json["pagination"]["total"] == 0
    assert shop.get("/v1/refunds/ref_01k00000000000000000000000").status == 404


def refund_refused():
    made = pay(5000).data
    failed = back(paymentId=made["id"], amount=1102).data                       # …02: the company says no
    assert failed["status"] == "failed", failed
    assert kinds(failed["id"]) == ["refund.created", "refund.failed"]
    assert back(paymentId=made["id"]).data["amount"] == 5000                    # what failed is still there
    declined = pay(3002).data
    assert back(409, paymentId=declined["id"]).error()[0] == "INVALID_STATE"


def refunds_at_once():
    """Twenty want a tenth more than a twentieth each: eighteen get it, at our side and at the company's."""
    made = pay(20000).data
    replies = []
    threads = [threading.Thread(target=lambda: replies.append(shop.post("/v1/refunds", {"paymentId": made["id"], "amount": 1100}, key())))
               for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(reply.status for reply in replies) == [201] * 18 + [400] * 2, [reply.status for reply in replies]
    # More than sixteen at once are too many for one company: who comes then is promised the refund, and waits for it.
    wait_for("eighteen refunds", lambda: payment(made["id"])["amountRefunded"] == 18 * 1100)
    assert company("SELECT sum(amount), count(*) FROM refunds WHERE payment_id = ?", made["providerPaymentId"]) == [(18 * 1100, 18)]


# ── Lists ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

def lists():
    lister = world.add_merchant("Lister")
    made = [pay(amount, client=lister).data for amount in (1000, 3002, 1100, 3102, 1200)]
    newest_first = [row["id"] for row in reversed(made)]

    def page(query):
        reply = lister.get(f"/v1/payments?{query}")
        assert reply.status == 200, reply
        return [row["id"] for row in reply.data], reply.json["pagination"]
    ids, told = page("limit=2")
    assert ids == newest_first[:2] and (told["total"], told["offset"], told["hasMore"]) == (5, 0, True), told
    assert page("limit=2&offset=2")[0] == newest_first[2:4] == page(f"limit=2&cursor={told['nextCursor']}")[0]
    assert page("limit=2&offset=4") == (newest_first[4:], {"total": 5, "limit": 2, "offset": 4, "hasMore": False, "nextCursor": None})
    failed, told = page("status=failed")
    assert failed == [made[3]["id"], made[1]["id"]] and told["total"] == 2, told
    assert page("status=failed&gateway=mock")[1]["total"] == 2 and page("gateway=stripe")[0] == []
    assert page("status=pending")[1]["total"] == 0
    day = made[0]["createdAt"][:10]
    assert page(f"startDate={day}&endDate={day}")[1]["total"] == 5
    assert page(f"startDate={made[2]['createdAt']}")[0] == newest_first[:3]
    assert page(f"endDate={made[2]['createdAt']}")[0] == newest_first[3:]
    assert lister.get("/v1/payments?cursor=x").error() == ("VALIDATION_ERROR", "cursor")
    assert lister.get("/v1/payments?offset=100001").error() == ("VALIDATION_ERROR", "offset")
    assert page("limit=100")[0] == newest_first                                 # nobody else's


def scopes():
    """A key may do what its words say."""
    made = pay(900).data
    for words, may in (("payments:r", (False, True, False)), ("refunds:w", (False, False, True)), ("payments:w", (True, False, False)), ("links:rw", (False, False, False))):
        done = world.command("api-key", "add", shop.id, f"only {words}", "--scopes", words, "--json")
        if done.returncode != 0:
            tap.note(f"no key with {words}: {done.stderr.strip()[:200]}")
            continue
        limited = Client(world.port, json.loads(done.stdout).get("apiKey") or json.loads(done.stdout).get("key"))
        asked = (limited.post("/v1/payments", {"amount": 100, "currency": "EUR"}, key()), limited.get("/v1/payments"),
                 limited.post("/v1/refunds", {"paymentId": made["id"], "amount": 10}, key()))
        assert tuple(reply.status < 300 for reply in asked) == may, (words, asked)


CASES = [("a payment is charged at once", charged), ("the demo's curl works as it is printed", readme_curl), ("outcomes by amount", outcomes),
         ("a payer who comes back", with_a_page), ("cancel", cancelled), ("towards a link", towards_a_link), ("bodies that do not fit", bodies),
         ("the forms of a key", key_forms), ("a key stands for one request", reused), ("what is not kept", not_kept),
         ("the API key in the body", key_in_body), ("refunds", refunded), ("refunds that are refused", refund_refused),
         ("twenty refunds at once", refunds_at_once), ("lists", lists), ("scopes", scopes)]

with Relay(mock_settle_delay=300) as world:
    shop = world.add_merchant()
    tap.run(CASES + [("the books are clean", world.audit), ("it ends when asked to", world.stop)])
