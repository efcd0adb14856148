#!/usr/bin/python3
"""tests/docs/contract.py DOCUMENT — the API's description and the running relay say the same: every route is described and
every description is a route; every answer in this test validates against its schema, in which nothing undescribed is allowed;
every described status is provoked where that is possible from outside; every example is sent."""
# proves: OPF-14
import json
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))

import tap
from jose import Jose
from relay import PROGRAM, Client, Relay, wait_for
from smtp_sink import Sink

DOCUMENT = sys.argv[1]
SHOP_SCOPES = {"links:rw", "invoices:rw", "payments:r", "payments:w", "refunds:w", "webhooks:rw"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
METHODS = ("get", "put", "post", "patch", "delete")
# What cannot be had from outside at will: the disk full, a provider silent, the relay at its end.
BEYOND = {"default", "502", "503", "504"}


class Operation:
    """One operation of the document."""

    def __init__(self, path, method, item):
        self.path, self.method = path, method.upper()
        self.node = item[method]
        self.name = self.node["operationId"]
        self.statuses = set(self.node["responses"])
        self.parameters = [resolve(one) for one in item.get("parameters", []) + self.node.get("parameters", [])]
        self.content = self.node.get("requestBody", {}).get("content", {})

    @property
    def examples(self):
        return self.content.get("application/json", {}).get("examples", {})


def resolve(node):
    while "$ref" in node:
        target = document
        for step in node["$ref"][2:].split("/"):
            target = target[step]
        node = target
    return node


def table():
    """The relay's own table of routes, by method and path."""
    rows = json.loads(subprocess.run([PROGRAM, "routes", "--json"], capture_output=True, text=True, check=True).stdout)
    return {(row["method"], row["path"].replace("*}", "}")): row for row in rows}


def load():
    with open(DOCUMENT, encoding="utf-8") as file:
        return json.load(file)


document = load()
operations = {item[method]["operationId"]: Operation(path, method, item)
              for path, item in document["paths"].items() for method in METHODS if method in item}
seen = {name: set() for name in operations}


class Judge:
    """The validator's process (validate.mjs)."""

    def __init__(self):
        self.process = subprocess.Popen(["node", os.path.join(HERE, "validate.mjs"), DOCUMENT], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def ask(self, name, reply):
        media = reply.headers.get("content-type", "").split(";")[0]
        body = reply.body.decode("utf-8", "replace") if reply.body else ""
        self.process.stdin.write(json.dumps({"operationId": name, "status": reply.status, "media": media, "body": body}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def path_with(operation, values):
    path = operation.path
    for name, value in values.items():
        path = path.replace("{" + name + "}", value)
    assert "{" not in path, f"{operation.name}: {path}"
    return path


def note_answer(name, reply):
    """Every answer is held against the document, whatever it was asked for."""
    operation = operations[name]
    status = str(reply.status)
    assert status in operation.statuses or "default" in operation.statuses and reply.status >= 500, \
        f"{name}: {status} is not described: {reply}"
    wrong = judge.ask(name, reply)
    assert not wrong, f"{name} {status}: {wrong}\n{reply}"
    headers = resolve(operation.node["responses"].get(status) or operation.node["responses"]["default"]).get("headers", {})
    for header, node in headers.items():
        assert not resolve(node).get("required") or header.lower() in reply.headers, f"{name} {status}: no {header}: {reply.headers}"
    seen[name].add(status)
    return reply


def ask(client, name, values=None, body=None, headers=None, query=""):
    operation = operations[name]
    path = path_with(operation, values or {}) + query
    reply = client.request(operation.method, path, body, headers)
    return note_answer(name, reply)


# ── Where each operation's path leads ────────────────────────────────────────────────────────────────────────────────

def some(name):
    """Values for the path of @name, of things that are there."""
    operation = operations[name]
    out = {}
    for one in operation.parameters:
        if one["in"] == "path":
            out[one["name"]] = place(operation, one["name"])
    return out


def place(operation, parameter):
    if parameter == "id":
        family = operation.path.split("/")[2]
        return things[family]()
    if operation.name == "getCheckoutPaper":
        return an_invoice()["token"]
    return {"token": lambda: shop.create(currency="EUR", amount=1250)["token"], "rest": lambda: "nothing-here",
            "file": lambda: "docs.css", "name": lambda: "mock" if "/providers/" in operation.path else "nothing.js", "provider": lambda: "mock",
            "gateway": lambda: "mock", "payer": lambda: "0" * 48,
            "account": lambda: world.account_of(shop.id)}[parameter]()


def paid_payment():
    link = shop.create(currency="EUR", amount=1250)
    begun = Client(world.port).post(f"/api/public/pay/{link['token']}/create-payment", {})
    assert begun.status == 200, begun
    return shop.payments(link["id"])[0]["id"]


def charge(key=None):
    """A payment without a link, which the gateway takes at once."""
    return ask(shop, "createPayment", None, {"amount": 5000, "currency": "EUR"}, {"Idempotency-Key": key or os.urandom(8).hex()}).data["id"]


def refund():
    return ask(shop, "createRefund", None, {"paymentId": charge(), "amount": 100}, {"Idempotency-Key": os.urandom(8).hex()}).data["id"]


INVOICE = {"currency": "AUD", "decision": "issued", "customer": {"name": "Jane Citizen", "email": "jane@example.com"},
           "lines": [{"description": "Vacuum cleaner service", "unitAmount": 7500, "taxName": "GST", "taxRate": "10"}]}


def an_invoice(**more):
    made = ask(shop, "createInvoice", None, {**INVOICE, **more}, {"Idempotency-Key": os.urandom(8).hex()})
    assert made.status == 201, made
    return made.data


SCHEDULE = {"name": "Rent", "start": "2030-01-31", "invoice": {key: INVOICE[key] for key in ("currency", "customer", "lines")}}


def a_schedule(**more):
    made = ask(shop, "createRecurring", None, {**SCHEDULE, **more}, {"Idempotency-Key": os.urandom(8).hex()})
    assert made.status == 201, made
    return made.data


def a_key(*scopes):
    return ask(desktop, "createApiKey", None, {"name": "x", "scopes": list(scopes)}).data


def a_device():
    made = world.command("pair-code", shop.id, "--json")
    paired = Client(world.port).post("/v1/pair", {"code": json.loads(made.stdout)["pairCode"], "deviceName": "x"})
    return note_answer("pairDevice", paired).data["deviceId"]


def an_endpoint(**more):
    """Nobody listens there."""
    return ask(shop, "createWebhookEndpoint", None, {"url": "http://127.0.0.1:1/hook", "events": ["webhook.test"], **more}).data["id"]


def a_delivery(endpoint=None):
    return ask(shop, "testWebhookEndpoint", {"id": endpoint or an_endpoint()}).data[0]["id"]


things = {
    "webhook-endpoints": an_endpoint,
    "deliveries": a_delivery,
    "links": lambda: shop.create(currency="EUR", amount=1250)["id"],
    "invoices": lambda: an_invoice()["id"],
    "recurring": lambda: a_schedule()["recurring"]["id"],
    "payments": paid_payment,
    "refunds": refund,
    "api-keys": lambda: a_key("links:rw")["id"],
    "devices": a_device,
}


def present(operation):
    """The headers that have to be there."""
    out = {}
    for one in operation.parameters:
        if one["in"] == "header" and one.get("required"):
            out[one["name"]] = '"1"' if one["name"] == "If-Match" else f"k-{os.urandom(8).hex()}"
    return out


# ── Cases ────────────────────────────────────────────────────────────────────────────────────────────────────────────

def routes():
    """The table is the document, and the document is the table: paths, methods, who may, what a body is."""
    rows = table()
    described = {(one.method, one.path): one for one in operations.values()}
    missing = sorted(set(rows) - set(described))
    assert not missing, f"routes that relay/api/docs does not describe: {missing}"
    invented = sorted(set(described) - set(rows))
    assert not invented, f"described, but no routes: {invented}"
    for key, row in rows.items():
        node = described[key].node
        assert sorted(node.get("x-scopes", [])) == sorted(row["scopes"]), f"{key}: scopes {row['scopes']}, described {node.get('x-scopes')}"
        assert bool(node["security"]) == row["key"], f"{key}: key or none"
        assert ({} in node["security"]) == row["keyInBody"], f"{key}: key in the body or not"
        assert ("429" in node["responses"]) == row["limited"], f"{key}: limited or not"
        assert not node.get("requestBody") or row["bodyMax"] > 0, f"{key}: describes a body that is refused"


def examples_valid():
    done = subprocess.run(["node", os.path.join(HERE, "validate.mjs"), DOCUMENT, "--examples"], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert not found["problems"], "\n".join(found["problems"])
    assert found["count"] >= len(operations) // 3, f"only {found['count']} examples"


def examples_sent():
    """Each example of a body is understood: whatever becomes of it, it is no bad request."""
    for name, operation in operations.items():
        for title, example in operation.examples.items():
            reply = ask(shop_for(operation), name, some(name), example["value"], present(operation))
            assert reply.status not in (400, 413, 415), f"{name}, example {title}: {reply}"


def shop_for(operation):
    return shop if may_shop(operation) else desktop


def may_shop(operation):
    return not set(operation.node.get("x-scopes", ["links:rw"])).isdisjoint(SHOP_SCOPES)


def plain_success():
    """What needs no body, asked plainly."""
    for name, operation in operations.items():
        if operation.content or name in ("getMerchantLogo", "getAsset", "visitMock", "showCheckoutByQuery"):
            continue
        reply = ask(shop_for(operation), name, some(name), None, present(operation))
        assert reply.status in (200, 201, 202, 204, 303, 409), f"{name}: {reply}"


def story():
    """What takes a sequence: pairing, paying, cancelling, replays, revisions, pages."""
    anybody = Client(world.port)
    link = shop.create(currency="EUR", amount=1250, key="story")
    token = {"token": link["token"]}
    ask(anybody, "showCheckoutByQuery", query=f"?d={link['token']}")
    ask(anybody, "showCheckoutByQuery", query="?d=unknown")
    ask(anybody, "getCheckoutStatus", token, headers={"Accept": "application/json"})
    ask(anybody, "beginCheckout", token, "method=card", FORM)
    ask(anybody, "createPublicPayment", token, {})
    begun = ask(Client(world.port), "createPublicPayment", {"token": shop.create(currency="EUR", amount=500)["token"]}, {}, {"Idempotency-Key": "p1"})
    ask(anybody, "postMock", {"rest": "nothing-here"}, "a=b", FORM)
    assert begun.status == 200, begun
    pay_at_mock()
    revisions()
    invoices(anybody)
    schedules()
    replays()
    money()
    keys_end()
    gone()
    pairs()
    forms(anybody)
    webhooks(anybody)
    endpoints()
    assets(anybody)
    dyn(anybody)


def pay_at_mock():
    """A payer's way through the practice gateway; what is paid cannot be cancelled or begun again."""
    link = shop.create(currency="EUR", amount=1250)
    client = Client(world.port)
    begun = ask(client, "createPublicPayment", {"token": link["token"]}, {"method": "card"})
    rest = begun.json["redirectUrl"].split("/mock/")[1]
    ask(client, "visitMock", {"rest": rest})
    typed = "number=4242424242424242&expiry=12/34&cvc=123"
    ask(client, "postMock", {"rest": rest}, "number=1", FORM)
    paid = ask(client, "postMock", {"rest": rest}, typed, FORM)
    assert paid.status == 303, paid
    confirmed = ask(client, "confirmPublicPayment", {"token": link["token"]}, {"paymentIntentId": begun.json["paymentIntentId"]})
    assert confirmed.json["success"] is True, confirmed
    payment = shop.payments(link["id"])[0]["id"]
    assert ask(shop, "getPayment", {"id": payment}).data["status"] == "succeeded"
    assert ask(shop, "cancelPayment", {"id": payment}).status == 409
    assert ask(client, "createPublicPayment", {"token": link["token"]}, {}).status in (409, 410)
    ask(Client(world.port), "beginCheckout", {"token": link["token"]}, "method=card", FORM)
    ask(shop, "listEvents")
    ask(shop, "listPayments")
    ask(shop, "listLinks")
    assert ask(shop, "replaceLink", {"id": link["id"]}, {"currency": "USD", "amount": 1}, {"If-Match": current(link["id"])}).status == 409


def dyn(anybody):
    """The card-and-link API: made, begun, verified, and what ends it."""
    wish = {"email": "customer@example.com", "base_currency": "EUR", "modes": ["CARD"], "amount": 82.5}
    assert ask(shop, "createDynLink", None, wish, {"Idempotency-Key": "dyn"}).status == 200
    assert ask(shop, "createDynLink", None, {**wish, "amount": 1}, {"Idempotency-Key": "dyn"}).status == 422
    made = ask(shop, "createDynLink", None, wish).json["data"]
    ref = {"data": made["payment_link"].split("?d=")[1]}
    data = ask(anybody, "getDynData", None, ref).json["data"]
    token, jose = {"Authorization": f"Bearer {data['token']}"}, Jose()
    add = lambda payload, **more: ask(anybody, "addDynPayment", None, {"data": jose.encrypt(data["public_key"], payload)}, {**token, **more})
    assert ask(anybody, "addDynPayment", None, {"data": "x"}).status == 401
    added = add({"gateway": "mock"}, **{"Idempotency-Key": "pay"})
    assert added.status == 200, added
    assert add({}, **{"Idempotency-Key": "pay"}).status == 422
    assert add({}).status == 409, "somebody else is paying"
    name = {"transaction_reference": added.json["data"]["transaction_reference"]}
    assert ask(anybody, "verifyDynPayment", None, name).status == 401
    assert ask(anybody, "verifyDynPayment", None, name, token).status == 200
    assert ask(anybody, "verifyDynPayment", None, {"transaction_reference": "x"}, token).status == 404
    ask(shop, "pauseLink", {"id": made["link_id"]})
    assert ask(anybody, "getDynData", None, ref).status == 409
    ask(shop, "cancelLink", {"id": made["link_id"]})
    assert ask(anybody, "getDynData", None, ref).status == 410
    assert add({}).status == 410
    assert ask(anybody, "verifyDynPayment", None, name, token).status == 410
    ask(shop, "getDynBalance")
    jose.close()


def current(link_id):
    return ask(shop, "getLink", {"id": link_id}).headers["etag"]


def revisions():
    link = shop.create(currency="EUR", amount=1250)["id"]
    changed = {"currency": "EUR", "amount": 1300}
    assert ask(shop, "replaceLink", {"id": link}, changed).status == 428
    assert ask(shop, "replaceLink", {"id": link}, changed, {"If-Match": '"7"'}).status == 412
    for name in ("pauseLink", "resumeLink", "cancelLink"):
        assert ask(shop, name, {"id": link}, headers={"If-Match": '"7"'}).status == 412, name
    assert ask(shop, "replaceMerchant", None, {"name": "Ana"}, {"If-Match": '"7777"'}).status == 412
    assert ask(shop, "cancelLink", {"id": link}).status == 200
    for name in ("pauseLink", "resumeLink", "replaceLinkToken"):
        ask(shop, name, {"id": link})


def invoices(anybody):
    """Made, changed, withdrawn; what may not be; and the same key twice."""
    draft = an_invoice(decision="draft")
    where, changed = {"id": draft["id"]}, {**INVOICE, "notes": "thank you"}
    assert ask(shop, "replaceInvoice", where, changed).status == 428
    assert ask(shop, "replaceInvoice", where, changed, {"If-Match": '"7"'}).status == 412
    assert ask(shop, "replaceInvoice", where, changed, {"If-Match": '"1"'}).data["number"]
    assert ask(shop, "replaceInvoice", where, INVOICE, {"If-Match": '"2"'}).status == 409
    assert ask(shop, "createInvoice", None, {**INVOICE, "id": draft["id"]}).status == 409
    once = {"Idempotency-Key": "invoice"}
    first = ask(shop, "createInvoice", None, INVOICE, once)
    assert ask(shop, "createInvoice", None, INVOICE, once).body == first.body
    assert ask(shop, "createInvoice", None, changed, once).status == 422
    for name in ("sendInvoice", "remindInvoice", "voidInvoice"):
        assert ask(shop, name, {"id": draft["id"]}, headers=once).status == 422, name
    cash, off = {"amount": 1000, "how": "cash"}, {"amount": 500, "reason": "Arrived late"}
    for name, body in (("recordInvoicePayment", cash), ("creditInvoice", off)):
        once = {"Idempotency-Key": name}
        done = ask(shop, name, where, body, once)
        assert done.status == 201 and ask(shop, name, where, body, once).body == done.body, done
        assert ask(shop, name, where, {**body, "amount": 1}, once).status == 422
        assert ask(shop, name, {"id": an_invoice(decision="draft")["id"]}, body, {"Idempotency-Key": name + "-draft"}).status == 409
    assert ask(shop, "getInvoice", where).data["totals"]["due"] == 8250 - 1500
    note = ask(shop, "voidInvoice", where, {"reason": "Sent twice"}).data["creditNote"]
    for name in ("voidInvoice", "sendInvoice", "remindInvoice"):
        assert ask(shop, name, where).status == 409, name
    assert ask(shop, "replaceInvoiceToken", {"id": note["id"]}).status == 409
    ask(shop, "listInvoices")
    assert ask(shop, "getMerchantLogo").status == 404
    ask(shop, "getInvoicePdf", {"id": note["id"]})
    part = an_invoice(partial={"type": "plan", "parts": [{"due": "2030-01-01", "amount": 4000}, {"due": "2030-02-01", "amount": 4250}]})
    for name in ("showCheckout", "getPublicBill", "noteCheckoutSeen", "getCheckoutPaper"):
        assert ask(anybody, name, {"token": part["token"]}).status in (200, 204), name


def schedules():
    made = a_schedule()
    where = {"id": made["recurring"]["id"]}
    assert made["nextAt"].startswith("2030-01-3") and made["issued"] == 0, made
    assert ask(shop, "createRecurring", None, {**SCHEDULE, **where}).status == 409
    once = {"Idempotency-Key": "schedule"}
    assert ask(shop, "createRecurring", None, SCHEDULE, once).body == ask(shop, "createRecurring", None, SCHEDULE, once).body
    assert ask(shop, "createRecurring", None, {**SCHEDULE, "count": 3}, once).status == 422
    assert ask(shop, "replaceRecurring", where, SCHEDULE).status == 428
    assert ask(shop, "replaceRecurring", where, SCHEDULE, {"If-Match": '"7"'}).status == 412
    paused = ask(shop, "replaceRecurring", where, {**made["recurring"], "paused": True}, {"If-Match": '"1"'})
    assert paused.status == 200 and paused.data["nextAt"] is None and paused.data["recurring"]["rev"] == 2, paused
    assert len(ask(shop, "listRecurring", query="?limit=1").data) == 1


def replays():
    body = {"currency": "EUR", "amount": 1250}
    first = ask(shop, "createLink", None, body, {"Idempotency-Key": "twice"})
    again = ask(shop, "createLink", None, body, {"Idempotency-Key": "twice"})
    assert again.body == first.body and again.headers["idempotent-replayed"] == "true", again
    assert ask(shop, "createLink", None, {**body, "amount": 1}, {"Idempotency-Key": "twice"}).status == 422
    shop.create(currency="EUR", amount=1, reference="taken")
    assert ask(shop, "createLink", None, {**body, "reference": "taken"}).status == 409
    link = {"token": shop.create(**body)["token"]}
    client = Client(world.port)
    ask(client, "createPublicPayment", link, {"method": "card"}, {"Idempotency-Key": "pub"})
    assert ask(client, "createPublicPayment", link, {}, {"Idempotency-Key": "pub"}).status == 422


def money():
    """Payments and refunds by key: twice the same, another request, too much, towards a link that is no more."""
    wish = {"amount": 5000, "currency": "EUR"}
    once = {"Idempotency-Key": "charge"}
    first = ask(shop, "createPayment", None, wish, once)
    assert ask(shop, "createPayment", None, wish, once).body == first.body
    assert ask(shop, "createPayment", None, {**wish, "amount": 1}, once).status == 422
    assert ask(shop, "createPayment", None, {**wish, "linkId": unknown_id("link")}, {"Idempotency-Key": "c2"}).status == 404
    paused, ended = shop.create(**wish)["id"], shop.create(**wish)["id"]
    ask(shop, "pauseLink", {"id": paused})
    ask(shop, "cancelLink", {"id": ended})
    assert ask(shop, "createPayment", None, {"linkId": paused, **wish}, {"Idempotency-Key": "c3"}).status == 409
    assert ask(shop, "createPayment", None, {"linkId": ended, **wish}, {"Idempotency-Key": "c4"}).status == 410
    back = {"paymentId": first.data["id"], "amount": 100}
    made = ask(shop, "createRefund", None, back, {"Idempotency-Key": "back"})
    assert made.status == 201 and ask(shop, "createRefund", None, back, {"Idempotency-Key": "back"}).body == made.body
    assert ask(shop, "createRefund", None, {**back, "amount": 1}, {"Idempotency-Key": "back"}).status == 422
    assert ask(shop, "createRefund", None, {**back, "paymentId": paid_payment()}, {"Idempotency-Key": "b2"}).status == 409
    assert ask(shop, "createRefund", None, {**back, "paymentId": unknown_id("pay")}, {"Idempotency-Key": "b3"}).status == 404
    ask(shop, "getPayment", {"id": first.data["id"]})
    ask(shop, "listRefunds")
    payment = paid_payment()
    assert ask(shop, "cancelPayment", {"id": payment}, headers={"Idempotency-Key": "end"}).status == 200
    assert ask(shop, "cancelPayment", {"id": paid_payment()}, headers={"Idempotency-Key": "end"}).status == 422


def keys_end():
    made = a_key("links:rw")
    other = Client(world.port, made["key"])
    assert ask(other, "listLinks").status == 200
    assert ask(desktop, "rotateApiKey", {"id": made["id"]}, {"overlapSeconds": 0}).status == 201
    assert ask(desktop, "rotateApiKey", {"id": made["id"]}, {"overlapSeconds": 0}).status == 409
    ask(desktop, "revokeApiKey", {"id": made["id"]})
    assert ask(desktop, "rotateApiKey", {"id": made["id"]}, {"overlapSeconds": 0}).status == 409
    ask(desktop, "listApiKeys")
    other.close()


def gone():
    link = shop.create(currency="EUR", amount=1250)
    ask(shop, "replaceLinkToken", {"id": link["id"]})
    client = Client(world.port)
    old = {"token": link["token"]}
    for name in ("showCheckout", "getPublicBill", "getCheckoutQr", "getCheckoutPaper", "noteCheckoutSeen"):
        assert ask(client, name, old).status == 410, name
    assert ask(client, "showCheckoutByQuery", query=f"?d={link['token']}").status == 410
    assert ask(client, "createPublicPayment", old, {}).status == 410
    assert ask(client, "confirmPublicPayment", old, {"paymentIntentId": "mp_1"}).status == 410
    assert ask(client, "beginCheckout", old, "method=card", FORM).status == 410
    paused = shop.create(currency="EUR", amount=1250)
    ask(shop, "pauseLink", {"id": paused["id"]})
    assert ask(client, "createPublicPayment", {"token": paused["token"]}, {}).status == 409
    assert ask(shop, "listEvents", query="?after=1000000").status == 410


def pairs():
    anybody = Client(world.port)
    again = {"code": shop.pair_code, "deviceName": "another"}
    assert ask(anybody, "pairDevice", None, again).status == 410, "a code is good for one desktop"
    assert ask(desktop, "pushOperations", None, {"protocol": 9, "operations": []}).status == 426


def forms(anybody):
    """The page's form with a mistake, and of a link that takes nothing now."""
    tip = shop.create(currency="EUR", pricing={"type": "open"}, title="Tip")
    assert ask(anybody, "beginCheckout", {"token": tip["token"]}, "method=card&amount=much", FORM).status == 400
    paused = shop.create(currency="EUR", amount=1250)
    ask(shop, "pauseLink", {"id": paused["id"]})
    assert ask(anybody, "beginCheckout", {"token": paused["token"]}, "method=card", FORM).status == 200


def webhooks(anybody):
    forged = {"webhook-id": "mev_1", "webhook-timestamp": str(int(time.time())), "webhook-signature": "v1,forged"}
    where = {"provider": "mock", "account": world.account_of(shop.id)}
    assert ask(anybody, "receiveProviderWebhook", where, {"a": 1}, forged).status == 401


def endpoints():
    """Outgoing webhooks: changed, tested, sent again, switched off."""
    endpoint = an_endpoint()
    delivery = a_delivery(endpoint)
    wait_for("a first try", lambda: ask(shop, "getDelivery", {"id": delivery}).data["attempts"])
    ask(shop, "getWebhookEndpoint", {"id": endpoint})
    ask(shop, "listWebhookEndpoints")
    ask(shop, "listDeliveries")
    ask(shop, "testWebhooks")
    wait_for("it to be sent again", lambda: ask(shop, "retryDelivery", {"id": delivery}).status == 200)
    assert ask(shop, "changeWebhookEndpoint", {"id": endpoint}, {"isActive": False}).status == 200
    assert ask(shop, "retryDelivery", {"id": delivery}).status == 409
    assert ask(shop, "testWebhookEndpoint", {"id": endpoint}).status == 409
    assert ask(shop, "rotateWebhookSecret", {"id": endpoint}, {"oldSecretHours": 1}).status == 200
    assert ask(shop, "restoreWebhookEndpoint", {"id": endpoint}).status == 409
    assert ask(shop, "deleteWebhookEndpoint", {"id": endpoint}).status == 204
    assert ask(shop, "restoreWebhookEndpoint", {"id": endpoint}).status == 200
    assert ask(shop, "deleteWebhookEndpoint", {"id": endpoint}).status == 204


def assets(anybody):
    page = anybody.get(f"/pay/{shop.create(currency='EUR', amount=1)['token']}").text
    ask(anybody, "getAsset", {"name": page.split("/assets/")[1].split('"')[0]})
    for name, values in (("showDocs", {}), ("getOpenApi", {}), ("getDocsFile", {"file": "docs.js"})):
        etag = ask(anybody, name, values).headers["etag"]
        assert ask(anybody, name, values, headers={"If-None-Match": etag}).status == 304, name


def refusals():
    """What every operation refuses in the same way."""
    anybody, rows = Client(world.port), table()
    for name, operation in operations.items():
        values, headers = some(name), present(operation)
        client = shop_for(operation) if operation.node["security"] else anybody
        body = "{}" if operation.content else None
        kind = {"Content-Type": next(iter(operation.content), "application/json")}
        if "400" in operation.statuses:
            twice = ask(client, name, values, body, {**headers, **kind} if body else headers, "?a=1&a=2")
            assert twice.status == 400, f"{name}: {twice}"
        if "401" in operation.statuses and operation.node["security"]:
            assert ask(anybody, name, values, body, {**headers, **kind} if body else headers).status == 401, name
        if "415" in operation.statuses:
            assert ask(client, name, values, "x", {**headers, "Content-Type": "text/plain"}).status == 415, name
        if "413" in operation.statuses:
            assert ask(client, name, values, "x" * (rows[operation.method, operation.path]["bodyMax"] + 1), {**headers, **kind}).status == 413, name
        if "404" in operation.statuses and values:
            nowhere = {key: unknown(operation, key) for key in values}
            reply = ask(client, name, nowhere, example_of(operation), {**headers, **kind} if operation.content else headers)
            assert reply.status == 404, f"{name}: {reply}"


def example_of(operation):
    for one in operation.examples.values():
        return one["value"]
    return "method=card" if "application/x-www-form-urlencoded" in operation.content else "{}" if operation.content else None


def unknown_id(prefix):
    return prefix + "_" + "0" * 26


def unknown(operation, parameter):
    if parameter == "id":
        return unknown_id({"links": "link", "invoices": "inv", "recurring": "rec", "payments": "pay", "refunds": "ref", "webhook-endpoints": "whk", "deliveries": "dlv"}.get(operation.path.split("/")[2], "xyz"))
    return {"token": "0" * 64, "provider": "mock", "account": "acc_" + "0" * 26}.get(parameter, "nothing-here")


def forbidden():
    """A key that may nothing else than what the operation does not ask for."""
    for name, operation in operations.items():
        scopes = operation.node.get("x-scopes")
        if scopes:
            others = [one for one in ("links:rw", "payments:r", "webhooks:rw") if one not in scopes]
            narrow = Client(world.port, a_key(others[0])["key"])
            reply = ask(narrow, name, some(name), example_of(operation), present(operation))
            assert reply.status == 403, f"{name}: {reply}"
            narrow.close()


def too_many():
    """With the limits on, whoever hurries is told to wait."""
    with Relay(rate_limits="on") as hurried:
        hasty = hurried.add_merchant()
        device = Client(hurried.port).post("/v1/pair", {"code": hasty.pair_code, "deviceName": "x"}).data["deviceKey"]
        keys = {True: Client(hurried.port, device), False: Client(hurried.port, hasty.key)}
        for name, operation in operations.items():
            if "429" not in operation.statuses:
                continue
            values = {one["name"]: unknown(operation, one["name"]) for one in operation.parameters if one["in"] == "path"}
            path = path_with(operation, values)
            client = keys[not may_shop(operation)]
            for _ in range(1000):
                reply = client.request(operation.method, path, "{}" if operation.content else None,
                                       {"Content-Type": next(iter(operation.content), "application/json")} if operation.content else None)
                if reply.status == 429:
                    break
            assert note_answer(name, reply).status == 429, f"{name}: {reply}"
        for client in keys.values():
            client.close()


def all_provoked():
    """Every status that is described was there; those that cannot be had from outside are named here."""
    unseen = {name: sorted(operations[name].statuses - BEYOND - found) for name, found in seen.items()}
    left = {(name, status) for name, statuses in unseen.items() for status in statuses} - HARD
    assert not left, "described, but not seen: " + ", ".join(f"{name} {status}" for name, status in sorted(left))


# Signed by a provider: the simulation and tests/relay/checkout have those, and money that does not fit. The 200th key of a
# merchant, its 1,000th endpoint. The card form of a real provider: tests/browser/embedded.mjs. A logo comes from a
# desktop.
HARD = {("getMerchantLogo", "200"), ("showEmbeddedCheckout", "200"), ("receiveProviderWebhook", "200"), ("resolvePayment", "200"), ("createApiKey", "409"), ("createWebhookEndpoint", "409")}


if __name__ == "__main__":
    judge = Judge()
    sink = Sink()
    with Relay(smtp_url=f"smtp://127.0.0.1:{sink.port}", mail_from="relay@pay.example") as world:
        shop = world.add_merchant()
        first = Client(world.port)
        paired = note_answer("pairDevice", first.post("/v1/pair", {"code": shop.pair_code, "deviceName": "Laptop"}))
        desktop = Client(world.port, paired.data["deviceKey"])
        tap.run([
            ("the routes are the document", routes),
            ("examples validate", examples_valid),
            ("examples are understood", examples_sent),
            ("asked plainly", plain_success),
            ("what takes a sequence", story),
            ("what is refused everywhere", refusals),
            ("keys that may not", forbidden),
            ("whoever hurries", too_many),
            ("every described status", all_provoked),
        ])
