#!/usr/bin/python3
"""tests/relay/api/providers.py — accounts at providers over the real binary: settings, secrets that are never read again,
two webhook secrets during a rotation, and what is refused of webhooks."""
# proves: OPF-4, OPL-9
import hashlib
import hmac
import json
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))

import tap
from relay import Client, Relay

SECRET = "a webhook secret of this test"


def mock():
    reply = shop.get("/v1/providers/mock")
    assert reply.status == 200, reply
    return reply.data


def change(status=200, **body):
    reply = shop.put("/v1/providers/mock", body)
    assert reply.status == status, reply
    return reply


def setting(name):
    return next(row for row in mock()["settings"] if row["name"] == name)


def sign(secret, body, when=None):
    stamp = str(int(time.time() if when is None else when))
    mac = hmac.new(secret.encode(), f"{stamp}.{body}".encode(), hashlib.sha256).hexdigest()
    return {"Mock-Timestamp": stamp, "Mock-Signature": f"v1={mac}", "Content-Type": "application/json"}


def event(name):
    return json.dumps({"id": name, "type": "account.updated", "created": "2026-11-21T09:30:00Z", "account": mock()["account"],
                       "livemode": False})


def send(secret, name, **more):
    body = event(name)
    return anybody.post(f"/webhooks/mock/{mock()['account']}", body, {**sign(secret, body), **more})


def reads():
    listed = shop.get("/v1/providers").data
    assert mock() in listed, [row["name"] for row in listed]
    assert all(row["status"] == "not_set_up" and row["account"] is None for row in listed if row["name"] != "mock")
    found = mock()
    assert found["testOnly"] is True and found["livemode"] is False and found["status"] == "ready", found
    assert found["webhookUrl"].endswith(f"/webhooks/mock/{found['account']}"), found
    assert shop.get("/v1/providers/stripe-of-nobody").status == 404


def changes():
    change(settings={"success-rate": "0", "latency": "1-2"})
    assert setting("success-rate")["value"] == "0" and setting("success-rate")["setAt"] is not None, mock()
    link = shop.create(currency="EUR", amount=1250, usage={"type": "unlimited"})
    for rate, said in (("0", "failed"), ("100", "succeeded")):
        change(settings={"success-rate": rate})
        begun = anybody.post(f"/api/public/pay/{link['token']}/create-payment", {"method": "card"}).json
        form = "number=4242424242424242&expiry=12/34&cvc=123"
        typed = anybody.post(f"/mock/{begun['redirectUrl'].split('/mock/')[1]}", form,
                             {"Content-Type": "application/x-www-form-urlencoded"})
        assert typed.status == 303, typed
        anybody.post(f"/api/public/pay/{link['token']}/confirm-payment", {"paymentIntentId": begun["paymentIntentId"]})
        found = [row for row in shop.payments(link["id"]) if row["providerPaymentId"] == begun["paymentIntentId"]]
        assert found[0]["status"] == said, (rate, found)
    change(settings={"success-rate": ""})
    assert setting("success-rate")["isSet"] is False, mock()


def refuses():
    before = mock()
    for body, path in (({"settings": {"success-rate": "101"}}, "settings.success-rate"),
                       ({"settings": {"latency": "300-50"}}, "settings.latency"),
                       ({"settings": {"latency": "5", "unknown": "1"}}, "settings.unknown"),
                       ({"webhookSecret": "short"}, "webhookSecret"), ({"enabled": "yes"}, "enabled"),
                       ({"what": 1}, "what")):
        assert change(400, **body).error()[1] == path, body
    assert mock() == before


def tries():
    reply = shop.post("/v1/providers/mock/test")
    assert reply.status == 200 and reply.data["ok"] is True and reply.data["message"], reply
    change(settings={"api-errors": "100"})
    reply = shop.post("/v1/providers/mock/test")
    assert reply.status == 200 and reply.data["ok"] is False and reply.data["message"], reply
    change(settings={"api-errors": ""})


def rotates():
    change(webhookSecret=SECRET)
    assert SECRET not in shop.get("/v1/providers/mock").text
    assert send(SECRET, "me_one").status == 200
    made = shop.post("/v1/providers/mock/webhook-secret")
    assert made.status == 200 and made.data["previousUntil"] is not None, made
    fresh = made.data["webhookSecret"]
    assert fresh not in shop.get("/v1/providers/mock").text
    assert send(SECRET, "me_two").status == 200 and send(fresh, "me_three").status == 200
    change(webhookSecret="the third secret of this test")
    assert send(SECRET, "me_four").status == 401 and send(fresh, "me_five").status == 200
    assert send("the third secret of this test", "me_six").status == 200


def closed():
    """No secret: closed, and said so; with one again: open."""
    change(webhookSecret="")
    reply = send("", "me_seven")
    assert reply.status == 503 and "retry-after" in reply.headers, reply
    change(webhookSecret=SECRET)
    assert send(SECRET, "me_eight").status == 200


def forged():
    """Whatever is wrong with it, the answer is the same, and nothing is stored."""
    body, account = event("me_forged"), mock()["account"]
    good, told = sign(SECRET, body), set()
    late, early = sign(SECRET, body, time.time() - 301), sign(SECRET, body, time.time() + 302)
    wrong = [{**good, "Mock-Signature": good["Mock-Signature"][:-1]}, {**good, "Mock-Signature": good["Mock-Signature"].upper()},
             {**good, "Mock-Signature": good["Mock-Signature"] + ", " + good["Mock-Signature"]},
             {**good, "Mock-Timestamp": good["Mock-Timestamp"] + ", " + good["Mock-Timestamp"]},
             {**good, "Mock-Timestamp": "-1"}, {**good, "Mock-Signature": "v1=" + "0" * 64}, {**good, "Mock-Signature": "v1=" + "g" * 64},
             {**good, "Mock-Signature": ""}, {"Content-Type": "application/json"}, late, early, sign("another secret than that", body)]
    for headers in wrong:
        reply = anybody.post(f"/webhooks/mock/{account}", body, headers)
        assert reply.status == 401, (headers, reply)
        problem = reply.json["error"]
        told.add((problem["code"], problem["message"]))
    assert len(told) == 1, told
    assert anybody.post(f"/webhooks/mock/{account}", body + " ", good).status == 401
    assert anybody.post(f"/webhooks/mock/{account}", "{not json", sign("wrong secret, wrong secret", "{not json")).status == 401
    with world.books() as books:
        assert books.execute("SELECT count(*) FROM inbox WHERE event_id = 'me_forged'").fetchone()[0] == 0


def not_understood():
    """Authentic bytes that nobody understands are kept for when somebody does."""
    account = mock()["account"]
    for body in ("{not json", '{"id": "me_new", "type": "payment.quantum", "payment": {"id": 7}}'):
        assert anybody.post(f"/webhooks/mock/{account}", body, sign(SECRET, body)).status == 200, body
    with world.books() as books:
        rows = books.execute("SELECT state FROM inbox WHERE event_id = 'me_new' OR event_id LIKE 'sha256:%'").fetchall()
    assert len(rows) == 2, rows


CASES = [("providers are listed and read", reads), ("settings change how the gateway behaves, at once", changes),
         ("what makes no sense changes nothing", refuses), ("the connection is tried", tries),
         ("two secrets during a rotation", rotates), ("without a secret it is closed", closed),
         ("forgeries get one answer", forged), ("what is not understood is kept", not_understood)]

with Relay() as world:
    shop = world.add_merchant()
    anybody = Client(world.port)
    tap.run(CASES + [("the books are clean", world.audit), ("it ends when asked to", world.stop)])
