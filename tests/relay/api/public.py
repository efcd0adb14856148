#!/usr/bin/python3
"""tests/relay/api/public.py — the public payment API, payments under /v1, and webhooks, over the real binary."""
# proves: INV-3, INV-4, INV-5, INV-7, INV-13, OPL-9, OPF-6
import hashlib
import hmac
import json
import os
import sys
import time
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))

import tap
from buyer import Buyer
from relay import Client, Relay, wait_for

BILL = ["invoice_id", "currency", "subtotal", "tax_rate", "tax_amount", "total", "payment_status", "status", "customer_name",
        "items", "canPay"]
BEGUN = ["clientSecret", "publishableKey", "stripeAccount", "amount", "currency", "paymentIntentId", "redirectUrl", "status"]


def api(link):
    return f"/api/public/pay/{link['token']}"


def bill(link):
    reply = anybody.get(api(link))
    assert reply.status == 200 and reply.headers["content-type"].startswith("application/json"), reply
    assert list(reply.json) == BILL, reply
    return reply


def begin(link, body=None, headers=None, client=None):
    reply = (client or Client(world.port)).post(f"{api(link)}/create-payment", body, headers)
    assert reply.status == 200 and list(reply.json) == BEGUN, reply
    return reply


def confirm(link, intent):
    reply = anybody.post(f"{api(link)}/confirm-payment", {"paymentIntentId": intent})
    assert reply.status == 200 and list(reply.json) == ["success", "message", "invoice_id"], reply
    assert reply.json["invoice_id"] == link["id"], reply
    return reply.json


def card(begun, number):
    """The payer's way at the provider."""
    buyer = Buyer(world)
    buyer.open(begun["redirectUrl"])
    buyer.type_card(number)
    if buyer.at_challenge():
        buyer.answer("approve")
    buyer.close()


def refused(reply, status, code, path=None):
    assert reply.status == status, reply
    problem = reply.json
    details = problem.get("details") or [{}]
    assert (problem["success"], problem["code"], details[0].get("path")) == (False, code, path), reply


def decimals():
    """Amounts are decimal numbers, exact in their text: 82.50, not 82.5 and not 82.49999."""
    link = shop.create(currency="EUR", amount=8250, title="Chair", customer={"name": "Zoë", "email": "zoe@mail.example"})
    reply = bill(link)
    assert '"total":82.50,' in reply.text and '"subtotal":82.50,' in reply.text and '"tax_amount":0.00,' in reply.text, reply
    assert reply.json["currency"] == "EUR" and reply.json["canPay"] is True, reply
    assert (reply.json["status"], reply.json["payment_status"], reply.json["customer_name"]) == ("open", "pending", "Zoë"), reply
    assert reply.json["items"] == [{"description": "Chair", "quantity": 1, "unit_price": 82.5, "tax_rate": 0, "amount": 82.5}], reply
    yen = shop.create(currency="JPY", amount=500)
    assert '"total":500,' in bill(yen).text
    dinar = shop.create(currency="KWD", amount=12345)
    assert '"total":12.345,' in bill(dinar).text
    much = shop.create(currency="EUR", amount=999999999999)
    assert '"total":9999999999.99,' in bill(much).text


def taxes():
    lines = [{"name": "Bag", "unitAmount": 1210, "quantity": 2, "taxRate": "21"}, {"name": "Mug", "unitAmount": 605, "taxRate": "21"}]
    one = bill(shop.create(currency="EUR", pricing={"type": "lines", "lines": lines}))
    assert '"subtotal":25.00,"tax_rate":21,"tax_amount":5.25,"total":30.25,' in one.text, one
    assert one.json["items"][0] == {"description": "Bag", "quantity": 2, "unit_price": 12.1, "tax_rate": 21, "amount": 24.2}, one
    lines.append({"name": "Book", "unitAmount": 1040, "taxRate": "4"})
    two = bill(shop.create(currency="EUR", pricing={"type": "lines", "lines": lines}))
    assert '"subtotal":35.00,"tax_rate":null,"tax_amount":5.65,"total":40.65,' in two.text, two
    odd = [{"name": "Odd", "unitAmount": 333, "quantity": 3, "taxRate": "9.975"}]
    three = bill(shop.create(currency="CAD", pricing={"type": "lines", "lines": odd}))
    assert '"subtotal":9.08,"tax_rate":9.975,"tax_amount":0.91,"total":9.99,' in three.text, three
    open_amount = bill(shop.create(currency="EUR", pricing={"type": "open", "minimum": 100}))
    assert open_amount.json["total"] is None and open_amount.json["items"] == [] and open_amount.json["canPay"] is True, open_amount


def paid():
    link = shop.create(currency="EUR", amount=8250, title="Chair")
    begun = begin(link).json
    assert (begun["amount"], begun["currency"]) == (8250, "eur"), begun
    assert begun["paymentIntentId"] and begun["redirectUrl"].startswith(world.url()), begun
    assert begun["clientSecret"] and begun["publishableKey"], begun
    told = confirm(link, begun["paymentIntentId"])
    assert told["success"] is False, told                       # the browser says "paid"; the provider does not
    card(begun, "4242424242424242")
    wait_for("the provider's word", lambda: confirm(link, begun["paymentIntentId"])["success"])
    told = confirm(link, begun["paymentIntentId"])
    assert told == {"success": True, "message": "Payment received", "invoice_id": link["id"]}, told
    after = bill(link).json
    assert (after["payment_status"], after["status"], after["canPay"]) == ("paid", "used_up", False), after
    refused(Client(world.port).post(f"{api(link)}/create-payment"), 410, "GONE")
    assert confirm(link, begun["paymentIntentId"])["success"] is True
    assert shop.link(link["id"])["amountPaid"] == 8250


def declined():
    link = shop.create(currency="EUR", amount=500)
    begun = begin(link).json
    card(begun, "4000000000000002")
    wait_for("the provider's no", lambda: "declined" in confirm(link, begun["paymentIntentId"])["message"])
    assert confirm(link, begun["paymentIntentId"])["success"] is False
    assert bill(link).json["canPay"] is True                    # a failed attempt never ends the link
    again = begin(link).json
    assert again["paymentIntentId"] != begun["paymentIntentId"], again
    card(again, "4000002500003155")                             # with 3-D Secure
    wait_for("the provider's yes", lambda: confirm(link, again["paymentIntentId"])["success"])
    assert bill(link).json["payment_status"] == "paid"


def closed():
    cancelled = shop.create(currency="EUR", amount=500)
    shop.delete(f"/v1/links/{cancelled['id']}")
    refused(Client(world.port).post(f"{api(cancelled)}/create-payment"), 410, "GONE")
    assert bill(cancelled).json["status"] == "cancelled" and bill(cancelled).json["canPay"] is False
    paused = shop.create(currency="EUR", amount=500)
    shop.post(f"/v1/links/{paused['id']}/pause")
    refused(Client(world.port).post(f"{api(paused)}/create-payment"), 409, "INVALID_STATE")
    assert bill(paused).json["canPay"] is False
    draft = shop.create(currency="EUR", amount=500, decision="draft")
    assert anybody.get(api(draft)).status == 404


def unknown():
    """Unknown, malformed and foreign tokens: one answer, byte for byte, on every face."""
    same = {"x-request-id": "the-same", "Accept-Language": "en"}
    tokens = ["0" * 64, "f" * 64, "0" * 48, "nonsense", "A" * 64, "0" * 63, "0" * 65, "%F0%9F%98%80"]
    asks = [("GET", "/pay/{}"), ("GET", "/pay/{}/status"), ("GET", "/pay/{}/qr.svg"), ("GET", "/api/public/pay/{}"),
            ("POST", "/api/public/pay/{}/create-payment"), ("POST", "/pay/{}"), ("GET", "/pay?d={}")]
    for method, path in asks:
        form = {"Content-Type": "application/x-www-form-urlencoded"} if path == "/pay/{}" and method == "POST" else {}
        replies = [anybody.request(method, path.format(token), "" if method == "POST" else None, {**same, **form})
                   for token in tokens]
        assert {reply.status for reply in replies} == {404}, (method, path, replies)
        assert len({reply.body for reply in replies}) == 1, (method, path)
        heads = [{k: v for k, v in reply.headers.items() if k not in ("date",)} for reply in replies]
        assert all(head == heads[0] for head in heads), (method, path, heads)


def bodies():
    link = shop.create(currency="EUR", pricing={"type": "open", "minimum": 500, "maximum": 1000})
    path = f"{api(link)}/create-payment"
    for body, where in (({"amount": 499}, "amount"), ({"amount": 1001}, "amount"), ({"amount": 5.5}, "amount"),
                        ({"amount": "500"}, "amount"), ({"amount": 600, "surprise": 1}, "surprise"), ({}, "amount"),
                        ({"amount": 600, "method": "barter"}, "method")):
        refused(anybody.post(path, body), 400, "VALIDATION_ERROR", where)
    asking = shop.create(currency="EUR", amount=500, collect=["email"])
    for body in ({}, {"email": ""}, {"email": "nobody"}):
        refused(anybody.post(f"{api(asking)}/create-payment", body), 400, "VALIDATION_ERROR", "email")
    assert begin(link, {"amount": 600}).json["amount"] == 600
    confirm_path = f"{api(link)}/confirm-payment"
    refused(anybody.post(confirm_path, {}), 400, "VALIDATION_ERROR", "paymentIntentId")
    refused(anybody.post(confirm_path, {"paymentIntentId": ""}), 400, "VALIDATION_ERROR", "paymentIntentId")
    refused(anybody.post(confirm_path, {"paymentIntentId": "mp_nobody"}), 404, "NOT_FOUND")
    other = shop.create(currency="EUR", amount=500)
    foreign = begin(other).json["paymentIntentId"]
    refused(anybody.post(confirm_path, {"paymentIntentId": foreign}), 404, "NOT_FOUND")
    lines = shop.create(currency="EUR", pricing={"type": "lines", "lines": [{"name": "Tea", "unitAmount": 300, "maximumQuantity": 5}]})
    assert begin(lines, {"quantities": [3]}).json["amount"] == 900
    refused(anybody.post(f"{api(lines)}/create-payment", {"quantities": [6]}), 400, "VALIDATION_ERROR", "quantities[0]")


def keys():
    """The same key is the same attempt: answered twice, begun once, whoever asks."""
    link = shop.create(currency="EUR", amount=500)
    first = begin(link, headers={"Idempotency-Key": "cart-1"})
    again = begin(link, headers={"Idempotency-Key": "cart-1"})
    assert first.body == again.body and again.headers["idempotent-replayed"] == "true", again
    assert len(shop.payments(link["id"])) == 1
    path = f"{api(link)}/create-payment"
    assert Client(world.port).post(path, {"email": "a@b.example"}, {"Idempotency-Key": "cart-1"}).status == 422
    refused(Client(world.port).post(path, None, {"Idempotency-Key": "x" * 256}), 400, "VALIDATION_ERROR", "Idempotency-Key")
    # Refused before anything began: the key is free.
    closed_link = shop.create(currency="EUR", pricing={"type": "open", "minimum": 500})
    path = f"{api(closed_link)}/create-payment"
    refused(anybody.post(path, {"amount": 1}, {"Idempotency-Key": "cart-2"}), 400, "VALIDATION_ERROR", "amount")
    assert anybody.post(path, {"amount": 600}, {"Idempotency-Key": "cart-2"}).status == 200


def second_payer():
    link = shop.create(currency="EUR", amount=500)
    first = Buyer(world)
    begun = begin(link, client=first.client)
    busy = Client(world.port).post(f"{api(link)}/create-payment")
    refused(busy, 409, "BUSY")
    assert int(busy.headers["retry-after"]) >= 1, busy.headers
    cookie = begun.cookies[0].split(";")[0]
    assert "HttpOnly" in begun.cookies[0] and "SameSite=Lax" in begun.cookies[0], begun.cookies
    own = begin(link, headers={"Cookie": cookie})
    assert own.json["paymentIntentId"] == begun.json["paymentIntentId"], own   # the same browser has its own attempt back
    first.close()


def one_of_many():
    """Twenty browsers at once for one use: one attempt."""
    link = shop.create(currency="EUR", amount=500)
    replies = []
    threads = [threading.Thread(target=lambda: replies.append(Client(world.port).post(f"{api(link)}/create-payment")))
               for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(reply.status for reply in replies) == [200] + [409] * 19, [reply.status for reply in replies]
    assert len(shop.payments(link["id"])) == 1


def payments():
    link = shop.create(currency="EUR", amount=1250, metadata={"order": "17"}, collect=["email"])
    begun = begin(link, {"email": "zoe@mail.example"}).json
    card(begun, "4242424242424242")
    wait_for("the payment", lambda: shop.link(link["id"])["paymentStatus"] == "paid")
    row = shop.payments(link["id"])[0]
    assert (row["amount"], row["currency"], row["status"], row["gateway"]) == (1250, "EUR", "succeeded", "mock"), row
    assert row["payer"]["email"] == "zoe@mail.example" and row["failure"] is None and row["livemode"] is False, row
    assert row["providerPaymentId"] == begun["paymentIntentId"] and "4242424242424242" not in json.dumps(row), row
    one = shop.get(f"/v1/payments/{row['id']}").data
    loose = ("attempts", "refunds", "updatedAt", "description", "returnUrl", "next")
    assert {k: v for k, v in one.items() if k not in loose} == {k: v for k, v in row.items() if k not in loose}, one
    assert one["refunds"] == [] and one["attempts"][0]["kind"] == "begin", one
    assert one["attempts"][0]["outcome"] == "answered" and one["attempts"][0]["durationMs"] >= 0, one
    for query, some in ((f"linkId={link['id']}", True), ("status=succeeded", True), ("gateway=mock", True), ("gateway=x", False),
                        ("startDate=2020-01-01", True), ("startDate=2999-01-01", False), ("endDate=2020-01-01", False),
                        ("endDate=2999-01-01T00:00:00Z", True)):
        found = shop.get(f"/v1/payments?limit=100&{query}")
        assert found.status == 200 and (row["id"] in [p["id"] for p in found.data]) == some, (query, found)
        assert set(found.json["pagination"]) >= {"total", "limit", "offset", "hasMore"}, found
    first = shop.get("/v1/payments?limit=1").json
    second = shop.get("/v1/payments?limit=1&offset=1").json
    by_cursor = shop.get(f"/v1/payments?limit=1&cursor={first['pagination']['nextCursor']}").json
    assert first["pagination"]["hasMore"] is True and second["data"] == by_cursor["data"] != first["data"], by_cursor
    for query, path in (("limit=101", "limit"), ("offset=-1", "offset"), ("status=odd", "status"), ("startDate=soon", "startDate"),
                        ("linkId=x", "linkId"), ("surprise=1", "surprise"), ("offset=1&cursor=x", "offset")):
        reply = shop.get(f"/v1/payments?{query}")
        assert reply.status == 400 and reply.error() == ("VALIDATION_ERROR", path), (query, reply)
    assert shop.get("/v1/payments/pay_01k00000000000000000000000").status == 404
    assert shop.get("/v1/payments/nonsense").status == 404


def cancel():
    link = shop.create(currency="EUR", amount=500)
    begin(link)
    row = shop.payments(link["id"])[0]
    done = shop.post(f"/v1/payments/{row['id']}/cancel")
    assert done.status == 200 and done.data["status"] == "cancelled", done
    assert shop.post(f"/v1/payments/{row['id']}/cancel").data["status"] == "cancelled"      # it is so already
    assert bill(link).json["canPay"] is True
    begun = begin(link).json
    card(begun, "4242424242424242")
    paid_row = wait_for("the payment", lambda: [p for p in shop.payments(link["id"]) if p["status"] == "succeeded"])[0]
    reply = shop.post(f"/v1/payments/{paid_row['id']}/cancel")
    assert reply.status == 409 and reply.error()[0] == "INVALID_STATE", reply


def webhooks():
    """Nothing about money is believed without a signature, and then only what fits what we began."""
    link = shop.create(currency="EUR", amount=500)
    begun = begin(link).json
    path = f"/webhooks/mock/{world.account_of(shop.id)}"
    body = json.dumps({"id": "mev_forged", "type": "payment.succeeded", "payment": {"id": begun["paymentIntentId"]}})
    stamp = str(int(time.time()))
    forged = hmac.new(b"not the secret at all", f"{stamp}.{body}".encode(), hashlib.sha256).hexdigest()
    bodies_seen = set()
    for headers in ({}, {"mock-signature": "x"}, {"mock-signature": f"t={stamp},v1={forged}"},
                    {"webhook-id": "mev_1", "webhook-timestamp": stamp, "webhook-signature": f"v1,{forged}"}):
        reply = anybody.request("POST", path, body, {"Content-Type": "application/json", "x-request-id": "r-12345678", **headers})
        assert reply.status == 401, (headers, reply)
        bodies_seen.add(reply.body)
    assert len(bodies_seen) == 1, bodies_seen
    assert anybody.request("POST", "/webhooks/mock/" + "0" * 32, body).status in (401, 404)
    assert anybody.request("POST", "/webhooks/nobody/" + "0" * 32, body).status in (401, 404)
    assert shop.link(link["id"])["paymentStatus"] == "pending"
    assert shop.payments(link["id"])[0]["status"] != "succeeded"


CASES = [("decimals", decimals), ("taxes", taxes), ("paid", paid), ("declined, then 3-D Secure", declined), ("closed links", closed),
         ("unknown tokens", unknown), ("bodies", bodies), ("idempotency keys", keys), ("a second payer", second_payer),
         ("one of many", one_of_many), ("payments", payments), ("cancel", cancel), ("forged webhooks", webhooks)]

with Relay() as world:
    shop = world.add_merchant()
    anybody = Client(world.port)
    tap.run(CASES + [("the books are clean", world.audit), ("it ends when asked to", world.stop)])
