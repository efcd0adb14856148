#!/usr/bin/python3
"""tests/relay/api/pages.py — what browsers get: pages, forms, live status, QR codes, files, headers; over the real binary."""
# proves: DYN-2, DYN-11, INV-9, OPL-3, OPL-4
import http.client
import json
import os
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))

import tap
from buyer import Buyer
from relay import Client, Relay, path_of, wait_for

POLICY = ["default-src 'none'", "base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'", "img-src 'self' data:",
          "font-src 'self'", "script-src 'self'", "connect-src 'self'", "require-trusted-types-for 'script'"]


def headers():
    link = shop.create(currency="EUR", amount=500)
    reply = anybody.get(path_of(link["url"]))
    assert reply.status == 200 and reply.headers["content-type"] == "text/html; charset=utf-8", reply.headers
    policy = [part.strip() for part in reply.headers["content-security-policy"].split(";")]
    assert all(part in policy for part in POLICY), policy
    assert any(part.startswith("form-action 'self'") for part in policy), policy
    assert any(part.startswith("style-src 'self'") for part in policy) and "unsafe" not in str(policy), policy
    expected = {"cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
                "x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "no-referrer",
                "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(self)", "cache-control": "no-store",
                "x-robots-tag": "noindex, nofollow"}
    assert {name: reply.headers.get(name) for name in expected} == expected, reply.headers
    assert "set-cookie" not in reply.headers, reply.headers          # who only looks is not marked
    missing = anybody.get("/pay/" + "0" * 64)
    assert missing.status == 404 and all(missing.headers.get(name) == value for name, value in expected.items()), missing.headers


def languages():
    link = shop.create(currency="EUR", amount=1250)
    es = anybody.get(path_of(link["url"]), {"Accept-Language": "es-MX,es;q=0.9"})
    en = anybody.get(path_of(link["url"]), {"Accept-Language": "it;q=0.1"})
    assert es.headers["content-language"].startswith("es") and '<html lang="es' in es.text, es.headers
    assert en.headers["content-language"].startswith("en") and '<html lang="en' in en.text, en.headers


def whole_way():
    """A buyer without scripts pays, and comes back to a receipt."""
    link = shop.create(currency="EUR", amount=500, after={"message": "Thank you!"})
    buyer = Buyer(world)
    buyer.begin(path_of(link["url"]))
    assert buyer.at_card(), buyer.place
    buyer.type_card("4242424242424242")

    def status():
        return json.loads(buyer.fetch("GET", f"{path_of(link['url'])}/status", headers={"Accept": "application/json"}).text)
    wait_for("paid", lambda: status()["state"] == "paid")
    assert isinstance(status()["version"], str), status()
    buyer.open(path_of(link["url"]))
    assert not [form for form in buyer.forms() if form["method"] == "post"], buyer.page    # paid pages never ask again
    assert shop.link(link["id"])["amountPaid"] == 500
    stranger = json.loads(anybody.get(f"{path_of(link['url'])}/status").text)
    assert stranger["state"] in ("paid", "used_up"), stranger
    buyer.close()


def without_cookies():
    """The key in the return URL is enough, in any browser: it becomes the cookie, and the address is clean again."""
    link = shop.create(currency="EUR", amount=500)
    buyer = Buyer(world)
    buyer.begin(path_of(link["url"]))
    buyer.cookies.clear()
    buyer.type_card("4242424242424242")
    assert buyer.place.endswith(path_of(link["url"])) and buyer.cookies.get("payer"), (buyer.place, buyer.cookies)
    wait_for("paid", lambda: shop.link(link["id"])["paymentStatus"] == "paid")
    buyer.close()


def looking_changes_nothing():
    link = shop.create(currency="EUR", amount=500)
    before = len(shop.events())
    for path in ("", "/status", "/qr.svg", "?back=1", "?back=1&payer=x"):
        assert anybody.get(path_of(link["url"]) + path).status == 200
    for path in ("?back=1&payer=" + "0" * 48, "/back/" + "0" * 48, "/back/x", "/with/mock", "/with/stripe"):
        reply = anybody.get(path_of(link["url"]) + path)
        assert reply.status == 303 and reply.headers["location"] == path_of(link["url"]), reply.headers
    assert len(shop.events()) == before and shop.payments(link["id"]) == []


def callbacks():
    """What providers add to the way back, or post to it, is dropped unread; the relay asks and knows."""
    link = shop.create(currency="EUR", amount=500)
    path = path_of(link["url"])
    buyer = Buyer(world)
    buyer.begin(path)
    payer = buyer.cookies["payer"]
    lies = ("?payment_intent=pi_1&payment_intent_client_secret=x&redirect_status=succeeded", "?id=trx0001",
            "?status=successful&tx_ref=pay_x&transaction_id=1", "?razorpay_payment_id=pay_1&razorpay_signature=00")
    for lie in lies:
        reply = anybody.get(f"{path}/back/{payer}{lie}")
        assert reply.status == 303 and reply.headers["location"] == path, reply.headers
        assert any(cookie.startswith(f"payer={payer}") and "HttpOnly" in cookie for cookie in reply.cookies), reply.cookies
        assert "pi_1" not in str(reply.headers), reply.headers
    # From another site a browser sends no SameSite cookie with a POST: the address alone says whose payment it is.
    posted = anybody.request("POST", f"{path}/back/{payer}", "razorpay_payment_id=pay_1&razorpay_order_id=order_1&razorpay_signature=00",
                             {"Content-Type": "application/x-www-form-urlencoded", "Origin": "https://api.razorpay.com"})
    assert posted.status == 303 and posted.headers["location"] == path and posted.cookies, posted.headers
    for nowhere in ("/pay/" + "0" * 64, "/pay/x"):
        assert anybody.get(f"{nowhere}/back/{payer}").status == 404
    broken = anybody.request("POST", f"{path}/back/{payer}", b"\xff=%zz&a=1&a=2", {"Content-Type": "text/plain"})
    assert broken.status == 303, broken
    assert shop.link(link["id"])["paymentStatus"] == "pending" and len(shop.payments(link["id"])) == 1, shop.payments(link["id"])
    buyer.type_card("4242424242424242")
    wait_for("paid", lambda: shop.link(link["id"])["paymentStatus"] == "paid")
    other = Buyer(world)                                             # a bank's app opens the way back in another browser
    other.open(f"{path}/back/{payer}")
    assert "Payment received" in other.page.text and other.place.endswith(path), other.place
    for one in (buyer, other):
        one.close()


def leaving():
    """An attempt that was left can be given up without beginning another one."""
    link = shop.create(currency="EUR", amount=500)
    buyer = Buyer(world)
    buyer.begin(path_of(link["url"]))
    reply = buyer.fetch("POST", path_of(link["url"]), "leave=1", {"Content-Type": "application/x-www-form-urlencoded"})
    assert reply.status == 200 and 'id="pay"' in reply.text, reply
    assert [row["status"] for row in shop.payments(link["id"])] == ["cancelled"], shop.payments(link["id"])
    buyer.close()


def by_reference():
    """DYN: 48 hex digits behind ?d= open the same checkout."""
    token = "abcdef012345" * 4
    link = shop.create(currency="MXN", amount=9900, token=token, expiresAt="2999-01-01T00:00:00Z")
    page = anybody.get(f"/pay?d={token}")
    assert page.status == 200 and page.body == anybody.get(f"/pay/{token}").body, page
    buyer = Buyer(world)
    buyer.begin(f"/pay?d={token}")
    assert buyer.at_card(), buyer.place
    buyer.type_card("4242424242424242")
    wait_for("the money", lambda: shop.link(link["id"])["amountPaid"] == 9900)
    assert anybody.get("/pay").status == 404 and anybody.get("/pay?d=").status == 404
    buyer.close()


def bad_forms():
    link = shop.create(currency="EUR", pricing={"type": "open", "minimum": 500, "maximum": 1000}, collect=["email"])
    buyer = Buyer(world)
    for values in ({"amount": "1"}, {"amount": "nonsense"}, {"amount": "6.00", "email": "nobody"}, {"amount": "-6.00"},
                   {"amount": "6.00", "email": ""}):
        buyer.begin(path_of(link["url"]), **{"email": "zoe@mail.example", **values})
        assert not buyer.at_card(), (values, buyer.place)
        assert buyer.page.status in (200, 400, 422), buyer.page
        assert buyer.form_to("/pay/")["fields"]["amount"] == values["amount"], buyer.forms()   # nothing typed is lost
    assert shop.payments(link["id"]) == []
    buyer.close()
    path = path_of(link["url"])
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert anybody.request("POST", path, "amount=6.00&amount=7.00", form).status == 400
    assert anybody.request("POST", path, "amount=%ff", form).status == 400
    assert anybody.request("POST", path, "{}", {"Content-Type": "application/json"}).status == 415
    assert shop.payments(link["id"]) == []


def update_total():
    link = shop.create(currency="EUR", pricing={"type": "lines", "lines": [{"name": "Tea", "unitAmount": 300, "maximumQuantity": 5}]})
    buyer = Buyer(world)
    buyer.open(path_of(link["url"]))
    buyer.submit(buyer.form_to("/pay/"), quantity_0="3", update="1")
    assert buyer.page.status == 200 and not buyer.at_card(), buyer.place
    assert buyer.form_to("/pay/")["fields"]["quantity_0"] == "3", buyer.forms()
    assert shop.payments(link["id"]) == []
    buyer.close()


def stream():
    """Server-sent events: one at once, one when the payment is there, without anybody asking."""
    link = shop.create(currency="EUR", amount=500, usage="unlimited")
    connection = http.client.HTTPConnection("127.0.0.1", world.port, timeout=60)
    connection.request("GET", f"{path_of(link['url'])}/status", headers={"Accept": "text/event-stream"})
    answer = connection.getresponse()
    assert answer.status == 200 and answer.getheader("content-type").startswith("text/event-stream"), answer.getheaders()
    seen, news = [], threading.Semaphore(0)

    def listen():
        for line in answer:
            if line.startswith(b"data: "):
                seen.append(json.loads(line[6:]))
                news.release()
    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    assert news.acquire(timeout=60) and seen[0]["state"] == "open", seen
    buyer = Buyer(world)
    buyer.pay(path_of(link["url"]))
    assert news.acquire(timeout=60), seen
    wait_for("another version", lambda: len({said["version"] for said in seen}) >= 2)
    buyer.close()
    connection.sock.close() if connection.sock else None


def qr_and_files():
    link = shop.create(currency="EUR", amount=500)
    qr = anybody.get(f"{path_of(link['url'])}/qr.svg")
    assert qr.status == 200 and qr.headers["content-type"] == "image/svg+xml" and qr.text.startswith("<svg "), qr
    page = anybody.get(path_of(link["url"])).text
    names = {part.split('"')[0] for part in page.split("/assets/")[1:]}
    assert names, page
    for name in names:
        file = anybody.get(f"/assets/{name}")
        assert file.status == 200 and "immutable" in file.headers["cache-control"], file.headers
    assert anybody.get("/assets/nothing.js").status == 404


def errors_are_pages():
    for path, status in (("/pay/x/y/z", 404), ("/nothing", 404), ("/mock/pay/mp_nobody", 404)):
        reply = anybody.get(path, {"Accept": "text/html"})
        assert reply.status == status, (path, reply)
    link = shop.create(currency="EUR", amount=500)
    reply = anybody.request("DELETE", path_of(link["url"]))
    assert reply.status == 405 and reply.headers["content-type"].startswith("text/html"), reply


def no_secrets():
    """The page holds no id, no key and no metadata of the merchant's."""
    link = shop.create(currency="EUR", amount=500, metadata={"margin": "80 percent"}, reference="internal-7")
    for path in (path_of(link["url"]), f"/api/public/pay/{link['token']}"):
        text = anybody.get(path).text
        assert "80 percent" not in text and shop.key not in text and shop.id not in text, text


CASES = [("headers", headers), ("languages", languages), ("the whole way", whole_way), ("without cookies", without_cookies),
         ("looking changes nothing", looking_changes_nothing), ("callbacks", callbacks),
         ("leaving", leaving), ("by reference", by_reference), ("bad forms", bad_forms),
         ("update total", update_total), ("event stream", stream), ("QR and files", qr_and_files),
         ("errors are pages", errors_are_pages), ("no secrets", no_secrets)]

with Relay() as world:
    shop = world.add_merchant()
    anybody = Client(world.port)
    tap.run(CASES + [("the books are clean", world.audit), ("it ends when asked to", world.stop)])
