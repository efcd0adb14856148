#!/usr/bin/python3
# tests/scenario/dyn.py: the card-and-link API as a page uses it: a link, its data, a payload encrypted with npm's jose, the
# payment, its verification; what is refused on the way; and no card number in any log, table or answer.
# proves: DYN-1, DYN-2, DYN-3, DYN-4, DYN-5, DYN-6, DYN-9, DYN-10, DYN-11
import base64
import glob
import json
import os
import re
import shutil
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))

import tap
from buyer import Buyer
from dyn_page import DynPage, make_link, refused
from jose import Jose
from relay import ON_POSTGRES, Client, Relay, path_of, wait_for

LINK = {"email": "customer@example.com", "base_currency": "EUR", "modes": ["CARD", "CRYPTO"], "amount": 82.5}
# Numbers that pass the Luhn check, of several schemes and lengths, as people write them. None may be seen anywhere.
CARDS = ["4242424242424242", "5531886652142950", "378282246310005", "4000 0566 5566 5556", "5200-8282-8282-8210",
         "6011.1111.1111.1117", "3056 9300 0902 0004", "4222222222222", "6200000000000000003", "5438898014560229"]


class Page(DynPage):
    """At this relay, with this jose."""

    def __init__(self, shop, **link):
        super().__init__(shop, jose, **{**LINK, **link})


def made(shop, **link):
    return make_link(shop, **{**LINK, **link})


# ── The whole way ────────────────────────────────────────────────────────────────────────────────────────────────────

def a_link_is_made():
    data = made(ana)
    assert set(data) == {"link_id", "payment_link", "transaction_id", "base_amount", "base_currency"}, data
    assert re.fullmatch(re.escape(world.url()) + r"/pay\?d=[0-9a-f]{48}", data["payment_link"]), data
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", data["transaction_id"]), data
    assert data["base_amount"] == 82.5 and data["base_currency"] == "EUR", data
    link = ana.link(data["link_id"])
    assert link["pricing"] == {"type": "fixed", "amount": 8250} and link["methods"] == ["card", "crypto"], link
    assert link["customer"]["email"] == LINK["email"] and link["livemode"] is False, link


def amounts_are_exact():
    """DYN-11: each currency with its own digits, written and read as text: nothing passes through binary fractions."""
    for currency, text, minor in (("EUR", "0.07", 7), ("JPY", "500", 500), ("KWD", "1.005", 1005), ("EUR", "9999999999.99", 999999999999),
                                  ("USD", "4.35", 435), ("NGN", "1234567.89", 123456789), ("USD", "10", 1000), ("CLF", "0.0001", 1)):
        body = json.dumps({**LINK, "base_currency": currency}).replace("82.5", text)
        reply = ana.post("/api/pay/createPaymentLink", body, {"Content-Type": "application/json"})
        assert reply.status == 200, reply
        data = reply.json["data"]
        assert ana.link(data["link_id"])["pricing"]["amount"] == minor, (currency, text, reply)
        shown = re.search(r'"base_amount":([0-9.]+)', reply.text)[1]
        digits = {"JPY": 0, "KWD": 3, "CLF": 4}.get(currency, 2)
        whole, _, part = text.partition(".")
        assert shown == whole + ("." + part.ljust(digits, "0") if digits else ""), reply
        told = ana.post("/api/pay/getData", {"data": data["payment_link"].split("?d=")[1]}, {"Authorization": ""})
        assert f'"amount":{shown},' in told.text, told


def a_bad_wish_is_refused():
    for change, path in (({"amount": 0}, "amount"), ({"amount": -1}, "amount"), ({"amount": "82.5"}, "amount"), ({"amount": 82.505}, "amount"),
                         ({"amount": None}, "amount"), ({"amount": 10**11}, "amount"), ({"base_currency": "eur"}, "base_currency"),
                         ({"base_currency": "XXX"}, "base_currency"), ({"base_currency": None}, "base_currency"), ({"modes": []}, "modes"),
                         ({"modes": ["card"]}, "modes"), ({"modes": ["CARD", "CARD"]}, "modes"), ({"modes": "CARD"}, "modes"),
                         ({"email": "nobody"}, "email"), ({"email": ""}, "email"), ({"email": None}, "email"), ({"extra": 1}, "extra"),
                         ({"expires_at": "tomorrow"}, "expires_at"), ({"expires_at": "1980-01-01T00:00:00"}, "expires_at")):
        refused(ana.post("/api/pay/createPaymentLink", {**LINK, **change}), 400, path)
    body = json.dumps(LINK)
    for text in (body.replace("82.5", "8.25e1"), body.replace("82.5", "1e400"), body[:-1], body.replace('"email"', '"amount": 1, "email"')):
        refused(ana.post("/api/pay/createPaymentLink", text, {"Content-Type": "application/json"}), 400)
    refused(ana.post("/api/pay/createPaymentLink", LINK, {"Authorization": "Bearer nothing"}), 401)
    page = Page(ana)
    refused(ana.post("/api/pay/createPaymentLink", LINK, {"Authorization": f"Bearer {page.data['token']}"}), 401)
    reader = ana.post("/v1/api-keys", {"name": "reader", "scopes": ["payments:r"]}).data["key"]
    refused(ana.post("/api/pay/createPaymentLink", LINK, {"Authorization": f"Bearer {reader}"}), 403)


def a_key_makes_one_link():
    first = ana.post("/api/pay/createPaymentLink", LINK, {"Idempotency-Key": "one"})
    again = ana.post("/api/pay/createPaymentLink", LINK, {"Idempotency-Key": "one"})
    assert first.status == 200 and again.body == first.body and again.headers["idempotent-replayed"] == "true", (first, again)
    refused(ana.post("/api/pay/createPaymentLink", {**LINK, "amount": 1}, {"Idempotency-Key": "one"}), 422)


def the_data_is_signed():
    page = Page(ana)
    data = page.data
    assert set(data) == {"amount", "base_currency", "token", "token_expires_at", "payment_mode", "allowedModes", "public_key"}, data
    assert (data["amount"], data["base_currency"], data["payment_mode"], data["allowedModes"]) == (82.5, "EUR", None, "CARD,CRYPTO"), data
    told = jose.ask(do="read", token=data["token"])
    claims = told["claims"]
    assert told["header"] == {"alg": "HS256", "typ": "JWT"}, told
    assert set(claims) == {"email", "ref", "pathType", "id", "exp", "iat"}, claims
    assert (claims["email"], claims["ref"], claims["pathType"], claims["id"]) == \
        (LINK["email"], page.ref, "createLink", page.made["transaction_id"]), claims
    assert claims["exp"] - claims["iat"] == 3600 and abs(claims["iat"] - time.time()) < 60, claims
    key = data["public_key"]
    assert set(key) == {"kty", "crv", "x", "y", "use", "alg", "kid"} and (key["kty"], key["crv"], key["alg"]) == ("EC", "P-256", "ECDH-ES"), key
    for modes, alone in ((["CARD"], "CARD"), (["CRYPTO"], "CRYPTO")):
        data = Page(ana, modes=modes).data
        assert (data["payment_mode"], data["allowedModes"]) == (alone, alone), data
    for body, status in (({"data": "0" * 48}, 404), ({"data": page.ref.upper()}, 404), ({"data": page.ref[:-1]}, 404), ({"data": 7}, 400),
                         ({}, 400), ({"data": page.ref, "more": 1}, 400)):
        refused(page.call("getData", body), status)


def paid_by_card():
    """From the link to the money: the hosted page, because the payload has no token; verified, credited, told to the merchant."""
    before = balance()
    page = Page(ana, modes=["CARD"])
    added = page.add({"paymentType": "CARD", "amount": 82.5, "currency": "EUR", "gateway": "mock", "name": "Bea"})
    assert added.status == 200 and added.json["message"], added
    data = added.json["data"]
    assert set(data) == {"transaction_id", "transaction_reference", "status", "amount", "base_currency", "redirect"}, data
    assert (data["status"], data["amount"], data["base_currency"]) == ("pending", 82.5, "EUR"), data
    assert data["transaction_id"] == page.made["transaction_id"], data
    pending = page.verify(data["transaction_reference"]).json["data"]
    assert (pending["status"], pending["link_status"], pending["credited"]) == ("pending", "pending", 0), pending
    finish(data["redirect"], "4242424242424242")
    done = ended(page, data["transaction_reference"])
    assert set(done) == {"transaction_id", "transaction_reference", "status", "amount", "base_currency", "link_id", "link_status", "credited"}, done
    assert (done["status"], done["link_status"], done["credited"]) == ("successful", "successful", 82.5), done
    payment = ana.payments(page.made["link_id"])[0]
    assert payment["status"] == "succeeded" and payment["amount"] == 8250 and payment["id"] == data["transaction_reference"], payment
    for name in (payment["providerPaymentId"], page.made["transaction_id"], f"{payment['id']}.0123456789abcdef0123456789"):
        assert page.verify(name).json["data"] == done, name
    refused(page.verify("pay_01kae8w0zjt4m5v1c0y2x3b4n5"), 404)
    refused(page.verify(""), 400, "transaction_reference")
    assert balance() - before == 8250, (before, balance())
    refused(page.call("getData", {"data": page.ref}), 410, words="paid")
    refused(page.add(), 410, words="paid")
    refund = ana.post("/v1/refunds", {"paymentId": payment["id"], "amount": 250}, {"Idempotency-Key": os.urandom(8).hex()})
    assert refund.status in (200, 201, 202), refund
    wait_for("the refund", lambda: page.verify(payment["id"]).json["data"]["credited"] == 80.0)
    assert balance() - before == 8000, (before, balance())


def finish(url, number):
    """The payer at the gateway's page."""
    buyer = Buyer(world)
    buyer.open(path_of(url))
    buyer.submit(buyer.forms()[0], number=number, expiry="12/34", cvc="123")
    buyer.close()


def ended(page, reference):
    """The gateway is asked at most every two seconds; its webhook may be faster."""
    wait_for("an end", lambda: page.verify(reference).json["data"]["status"] != "pending")
    return page.verify(reference).json["data"]


def balance(shop=None):
    """EUR cents."""
    reply = (shop or ana).get("/api/pay/balance")
    assert reply.status == 200, reply
    sums = {one["currency"]: one["amount"] for one in reply.json["data"]["balances"]}
    return round(sums.get("EUR", 0) * 100)


def declined():
    page = Page(ana)
    data = page.add({"gateway": "mock"}).json["data"]
    finish(data["redirect"], "4000000000000002")
    ended(page, data["transaction_reference"])
    done = page.verify(data["transaction_reference"]).json
    assert done["data"]["status"] == "failed" and done["data"]["link_status"] == "failed" and done["data"]["credited"] == 0, done
    assert "nothing was charged" in done["message"], done
    again = page.add({"gateway": "mock"}).json["data"]     # a new payload is a new attempt
    assert again["transaction_reference"] != data["transaction_reference"], again
    finish(again["redirect"], "4242424242424242")
    assert ended(page, again["transaction_reference"])["link_status"] == "successful"


def the_page_offers_the_modes():
    """DYN-2, DYN-4: the same checkout as under /pay/{token}; a card where cards are allowed, chosen already; none else."""
    buyer = Buyer(world)
    page = Page(ana, modes=["CARD"])
    buyer.open(path_of(page.made["payment_link"]))
    by_query = buyer.page.text
    form = buyer.form_to("/pay/")
    assert "82.50" in buyer.text() and form["fields"].get("way", "card:mock") == "card:mock", form
    buyer.open(f"/pay/{page.ref}")
    assert buyer.page.text == by_query, "another page by d="
    buyer.open(path_of(page.made["payment_link"]))
    buyer.begin()
    assert "/mock/" in buyer.place, buyer.visited
    other = Page(ana, modes=["CRYPTO"])
    buyer.open(path_of(other.made["payment_link"]))
    assert "card:" not in buyer.page.text and "/mock/" not in buyer.page.text, buyer.page.text
    refused(other.add(), 409, words="no cards")
    buyer.close()


# ── Who may ──────────────────────────────────────────────────────────────────────────────────────────────────────────

def part(value):
    return base64.urlsafe_b64encode(value if isinstance(value, bytes) else json.dumps(value).encode()).rstrip(b"=").decode()


def forged_tokens_are_refused():
    page = Page(ana)
    head, claims, mac = page.data["token"].split(".")
    told = jose.ask(do="read", token=page.data["token"])["claims"]
    tail = mac[:-1] + chr(ord(mac[-1]) + 1) if mac[-1] not in "Zz9" else mac[:-1] + "B"
    forged = {
        "none": f"{part({'alg': 'none', 'typ': 'JWT'})}.{claims}.", "none, signed": f"{part({'alg': 'none'})}.{claims}.{mac}",
        "stripped": f"{head}.{claims}", "empty signature": f"{head}.{claims}.", "padded": f"{page.data['token']}=", "tail": f"{head}.{claims}.{tail}",
        "HS512 said": f"{part({'alg': 'HS512', 'typ': 'JWT'})}.{claims}.{mac}", "four parts": f"{page.data['token']}.x",
        "other claims": f"{head}.{part({**told, 'email': 'other@example.com'})}.{mac}", "longer life": f"{head}.{part({**told, 'exp': told['exp'] + 1})}.{mac}",
        "blank": page.data["token"][:20] + " " + page.data["token"][20:], "blank before": " " + page.data["token"],
        "short secret": jose.ask(do="sign", claims=told, secret="secret")["token"], "empty secret": jose.ask(do="sign", claims=told, secret="0" * 64)["token"],
        "huge": page.data["token"] + "A" * 5000, "nothing": "", "key": ana.key,
    }
    reference = page.add({"gateway": "mock"}).json["data"]["transaction_reference"]
    for name, token in forged.items():
        for reply in (page.add(token=token or " "), page.verify(reference, token or " ")):
            refused(reply, 401)
            assert reply.headers["www-authenticate"] == 'Bearer realm="cobro"', reply
            assert token == "" or token not in reply.text, name
    refused(page.call("addPayment", {"data": page.seal()}), 401, words="getData")
    refused(page.call("verifyPayment", {"transaction_reference": reference}), 401, words="getData")
    refused(page.call("verifyPayment", {"transaction_reference": reference}, Authorization=f"Basic {page.data['token']}"), 401)
    twice = page.call("verifyPayment", {"transaction_reference": reference}, f"{page.data['token']}, {page.data['token']}")
    refused(twice, 401)
    assert page.verify(reference).status == 200


def the_stored_link_decides():
    """DYN-9: a token is as good as the link it was made for is now."""
    page = Page(ana)
    reference = page.add({"gateway": "mock"}).json["data"]["transaction_reference"]
    assert ana.post(f"/v1/links/{page.made['link_id']}/token").status == 200
    for reply in (page.call("getData", {"data": page.ref}), page.add(), page.verify(reference)):
        refused(reply, 410, words="replaced")

    page = Page(ana)
    reference = page.add({"gateway": "mock"}).json["data"]["transaction_reference"]
    assert ana.delete(f"/v1/links/{page.made['link_id']}").status == 200
    for reply in (page.call("getData", {"data": page.ref}), page.add(), page.verify(reference)):
        refused(reply, 410, words="cancelled")

    soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3))
    page = Page(ana, expires_at=soon)
    reference = page.add({"gateway": "mock"}).json["data"]["transaction_reference"]
    while ana.link(page.made["link_id"])["status"] != "expired":
        time.sleep(0.2)
    for reply in (page.call("getData", {"data": page.ref}), page.add(), page.verify(reference)):
        refused(reply, 410, words="expired")

    page = Page(ana)
    link = ana.link(page.made["link_id"])
    assert ana.post(f"/v1/links/{link['id']}/pause").status == 200
    refused(page.add(), 409)
    refused(page.call("getData", {"data": page.ref}), 409)
    assert ana.post(f"/v1/links/{link['id']}/resume").status == 200
    rev = ana.link(link["id"])["rev"]
    changed = {"currency": "EUR", "amount": 8250, "methods": ["crypto"], "customer": {"email": LINK["email"]}}
    reply = ana.put(f"/v1/links/{link['id']}", changed, {"If-Match": f'"{rev}"'})
    assert reply.status == 200, reply
    refused(page.add(), 409, words="no cards")       # a token from before, the mode gone since
    rev += 1
    reply = ana.put(f"/v1/links/{link['id']}", {**changed, "methods": ["card"], "customer": {"email": "other@example.com"}}, {"If-Match": f'"{rev}"'})
    assert reply.status == 200, reply
    refused(page.add(), 401, words="another link")   # made for somebody else now


def others_see_nothing():
    """A token opens its own link alone, whoever's the other is; a balance is its merchant's."""
    mine, other, theirs = Page(ana), Page(ana), Page(eve)
    references = [page.add({"gateway": "mock"}).json["data"]["transaction_reference"] for page in (mine, other, theirs)]
    for reference in references[1:]:
        refused(mine.verify(reference), 404)
    for page in (other, theirs):
        refused(mine.verify(page.made["transaction_id"]), 404)
    assert balance(eve) == 0 and ana.get("/api/pay/balance", {"Authorization": ""}).status == 401
    assert Client(world.port).get("/api/pay/balance", {"Authorization": f"Bearer {mine.data['token']}"}).status == 401


# ── The payload ──────────────────────────────────────────────────────────────────────────────────────────────────────

def payloads_are_read_strictly():
    page = Page(ana)
    for payload, path in (({"cardNumber": "x"}, "data.cardNumber"), ({"amount": 82.51}, "data.amount"), ({"amount": "82.5"}, "data.amount"),
                          ({"currency": "USD"}, "data.currency"), ({"paymentType": "CRYPTO"}, "data.paymentType"), ({"token": 7}, "data.token"),
                          ({"token": ""}, "data.token"), ({"gateway": "mock", "token": "tok"}, "data.gateway"), ({"token": "a\nb", "gateway": "mock"}, "data.token"),
                          ({"email": "other@example.com"}, "data.email"), ("[]", "data"), ("no", "data"), ('{"a":1,"a":1}', "data"), ("{}x", "data")):
        refused(page.add(payload), 400, path)
    refused(page.add({"gateway": "nobody"}), 400)
    for body in ({}, {"data": 1}, {"data": page.seal(), "more": 1}):
        refused(page.call("addPayment", body, page.data["token"]), 400)
    assert ana.payments(page.made["link_id"]) == []


def tampered_payloads_are_refused():
    page, other = Page(ana), Page(ana)
    jwe = page.seal({"gateway": "mock"})
    parts = jwe.split(".")

    def flipped(index, at=0):
        changed = list(parts)
        letter = changed[index][at]
        changed[index] = changed[index][:at] + ("A" if letter != "A" else "B") + changed[index][at + 1:]
        return ".".join(changed)
    header = json.loads(base64.urlsafe_b64decode(parts[0] + "=="))
    cases = [flipped(0, 5), flipped(2), flipped(3), flipped(4), ".".join(parts[:4]), jwe + ".", jwe + "=", "x", "....",
             ".".join([parts[0], "AAAA"] + parts[2:])]
    for change in ({"alg": "dir"}, {"alg": "ECDH-ES+A256KW"}, {"alg": "RSA-OAEP"}, {"alg": "none"}, {"enc": "A128GCM"}, {"enc": "A256CBC-HS512"},
                   {"zip": "DEF"}, {"crit": ["exp"]}, {"kid": "0"}, {"epk": {**header["epk"], "crv": "P-384"}}, {"epk": {**header["epk"], "x": part(b"\1" * 32)}},
                   {"epk": {**header["epk"], "y": part(b"\0" * 32)}}, {"epk": {**header["epk"], "d": part(b"\1" * 32)}}, {"unknown": 1}, {"epk": None}):
        cases.append(".".join([part({**header, **change})] + parts[1:]))
    for case in cases:
        refused(page.call("addPayment", {"data": case}, page.data["token"]), 400, "data")
    wrong = dict(page.data["public_key"], kid="1")
    refused(page.call("addPayment", {"data": jose.encrypt(wrong, {})}, page.data["token"]), 400, "data", "not ours")
    assert ana.payments(page.made["link_id"]) == []
    bare = jose.ask(do="encrypt", jwk=page.data["public_key"], text='{"gateway":"mock"}', header={})["jwe"]    # a kid is not needed
    assert page.call("addPayment", {"data": bare}, page.data["token"]).status == 200
    assert other.add({"gateway": "mock"}, jwe=jwe).status == 200, "the payload names no link: the token does"


def the_same_payload_charges_once():
    page = Page(ana)
    jwe = page.seal({"gateway": "mock"})
    replies = []
    threads = [threading.Thread(target=lambda: replies.append(page.add(jwe=jwe))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {reply.status for reply in replies} <= {200, 409} and 200 in {reply.status for reply in replies}, replies
    assert len({reply.body for reply in replies if reply.status == 200}) == 1, replies
    again = page.add(jwe=jwe)
    assert again.status == 200 and again.headers["idempotent-replayed"] == "true", again
    data = again.json["data"]
    finish(data["redirect"], "4242424242424242")
    assert page.add(jwe=jwe).body == again.body, "the stored answer"
    renewed = page.call("addPayment", {"data": jwe}, page.data["token"])
    assert renewed.body == again.body, renewed
    ended(page, data["transaction_reference"])
    assert [row["status"] for row in ana.payments(page.made["link_id"])] == ["succeeded"], ana.payments(page.made["link_id"])

    page = Page(ana)
    key = {"Idempotency-Key": "mine"}
    first = page.add({"gateway": "mock"}, jwe=jwe, **key)
    assert first.status == 200 and first.json["data"]["transaction_id"] == page.made["transaction_id"], first
    assert page.add({"gateway": "mock"}, jwe=jwe, **key).body == first.body
    refused(page.add({"gateway": "mock"}, **key), 422)
    other = Page(ana)
    assert other.add({"gateway": "mock"}, **key).status == 200, "another link's payer may use the same key"
    busy = page.add({"gateway": "mock"})                      # another payload while the first attempt is open
    assert busy.status == 409 and int(busy.headers["retry-after"]) > 0, busy
    assert len(ana.payments(page.made["link_id"])) == 1


def crypto_is_not_there_yet():
    page = Page(ana)
    for name, body in (("createCryptoPayment", {"currency": "BTC", "amount": 1}), ("verifyCryptoPayment", {"address": "x", "currency": "BTC"})):
        reply = refused(page.call(name, body, page.data["token"]), 501, words="crypto")
        assert reply.json["code"] == "NOT_IMPLEMENTED", reply


def links_of_other_kinds():
    """Links of /v1 are paid in the same way: where the payer decides, in parts, and by many."""
    tip = ana.create(currency="EUR", pricing={"type": "open", "minimum": 100, "maximum": 5000}, title="Tip", usage={"type": "unlimited"})
    page = of_link(tip)
    assert page.data["amount"] is None and page.data["allowedModes"] == "CARD", page.data
    refused(page.add({"gateway": "mock"}), 400, "amount")
    refused(page.add({"gateway": "mock", "amount": 50.01}), 400, "amount")
    mine, theirs = (page.add({"gateway": "mock", "amount": amount}).json["data"] for amount in (3.5, 4))
    assert (mine["amount"], theirs["amount"]) == (3.5, 4), (mine, theirs)
    finish(theirs["redirect"], "4242424242424242")
    assert ended(page, theirs["transaction_reference"])["credited"] == 4
    assert page.verify(mine["transaction_reference"]).json["data"]["credited"] == 0, "what others paid is not told"
    refused(page.verify(mine["transaction_id"]), 404)

    parts = ana.create(currency="EUR", amount=1000, partial={"type": "on", "minimumFirst": 300}, title="In parts")
    page = of_link(parts)
    assert page.data["amount"] == 10, page.data
    begun = Client(world.port).post(f"/api/public/pay/{parts['token']}/create-payment", {"amount": 400}).json
    finish(begun["redirectUrl"], "4242424242424242")
    wait_for("the first part", lambda: ana.link(parts["id"])["amountPaid"] == 400)
    assert page.get_data()["amount"] == 6, page.get_data()
    refused(page.add({"gateway": "mock", "amount": 10}), 400, "data.amount")
    rest = page.add({"gateway": "mock", "amount": 6}).json["data"]
    finish(rest["redirect"], "4242424242424242")
    assert ended(page, rest["transaction_reference"])["link_status"] == "successful"


def of_link(link):
    page = object.__new__(DynPage)
    page.jose, page.client, page.ref, page.made = jose, Client(world.port), link["token"], {"link_id": link["id"]}
    page.data = page.get_data()
    return page


# ── Cards ────────────────────────────────────────────────────────────────────────────────────────────────────────────

def card_numbers_are_refused():
    """Wherever one stands, however it is written: refused with a clear sentence, and nothing is begun."""
    page = Page(ana)
    for number in CARDS:
        bare = re.sub(r"\D", "", number)
        escaped = "".join(f"\\u{ord(c):04x}" for c in bare)
        for payload in ({"token": number}, {"name": number}, {"gateway": "mock", "email": f"{bare}@example.com"}, {number: "x"}, {"token": f"tok_{bare}"},
                        {"token": f"my card {number} 12/34 123"}, f'{{"token": "{escaped}"}}', f'{{"amount": {bare}}}', f'{{"token": ["{bare[:8]}", "{bare[8:]}"]}}',
                        number, {"phone": " ".join(bare)}, {"device": bare[:4] + "\u00a0" + bare[4:]}, {"token": "x" + bare + "y"}):
            refused(page.add(payload), 400, "data", "card number")
        for body in (json.dumps({"data": number}), json.dumps({"data": page.seal(), number: 1}), number, f'{{"data": {bare}}}'):
            refused(page.client.post("/api/pay/addPayment", body, {"Content-Type": "application/json", "Authorization": f"Bearer {page.data['token']}"}), 400,
                    "data", "card number")
        refused(page.add({"gateway": "mock"}, **{"Idempotency-Key": number.replace(" ", "-")}), 400, "Idempotency-Key", "card number")
        refused(page.verify(number), 404)
        query = page.client.post(f"/api/pay/addPayment?{bare}=1", {"data": page.seal()}, {"Authorization": f"Bearer {page.data['token']}"})
        refused(query, 400, "query", "card number")
        told = page.add({"name": number}, **{"X-Request-Id": bare})
        assert bare not in told.text and told.headers["x-request-id"] != bare, told
    assert ana.payments(page.made["link_id"]) == []
    for key in ("", "x" * 256, "a b"):
        refused(page.add({"gateway": "mock"}, **{"Idempotency-Key": key}), 400, "Idempotency-Key")
    mine = page.add({"name": "x", "gateway": "mock"}, **{"X-Request-Id": "1-2:3", "Idempotency-Key": "f02461eb-15b1-49a3-9cbc-200000004242"})
    assert mine.status == 200 and mine.headers["x-request-id"] == "1-2:3", mine


def card_numbers_are_nowhere():
    """The canary: the log, every file of the books, every answer to the merchant."""
    digits = [re.sub(r"\D", "", number) for number in CARDS]
    log = world.read_log()
    places = {"log": log, "payments": json.dumps(ana.payments()), "events": json.dumps([event for event, _ in ana.events()])}
    for path in glob.glob(os.path.join(world.data, "relay.sqlite*")):
        with open(path, "rb") as file:
            places[path] = file.read().decode("latin-1")
    assert ON_POSTGRES or any("relay.sqlite" in name for name in places), places.keys()
    for name, text in places.items():
        for number in digits + CARDS:
            if number != "4242424242424242" or name == "log":       # the gateway's own form had that one
                assert number not in text, f"{name} holds {number}"
    for secret in SECRETS:
        assert secret not in log, "the log holds a token"


SECRETS = []


def relays_agree():
    """Two relays on one database: data from one, the payment at the other."""
    if not ON_POSTGRES:
        return
    other = Relay(database=world.settings["database"])
    os.makedirs(other.data, 0o700)
    shutil.copy2(os.path.join(world.data, "relay.key"), other.data)
    with other:
        page = Page(ana)
        there = Client(other.port)
        told = there.post("/api/pay/getData", {"data": page.ref}).json["data"]
        assert told["public_key"] == page.data["public_key"], (told, page.data)
        jwe = page.seal({"gateway": "mock"})
        added = there.post("/api/pay/addPayment", {"data": jwe}, {"Authorization": f"Bearer {page.data['token']}"})
        assert added.status == 200, added
        assert page.add(jwe=jwe, token=told["token"]).body == added.body
        assert page.verify(added.json["data"]["transaction_reference"], told["token"]).status == 200
        there.close()
        other.stop()


def tokens_outlive_a_restart():
    """Keys are derived: whoever was on the way stays so, also past a rotation of the key-encryption key."""
    page = Page(ana)
    jwe = page.seal({"gateway": "mock"})
    SECRETS.extend([page.data["token"], jwe])
    world.restart()
    assert page.get_data()["public_key"] == page.data["public_key"]
    world.stop()
    assert world.command("key", "rotate").returncode == 0
    world.start()
    added = page.add(jwe=jwe)
    assert added.status == 200, added
    assert page.verify(added.json["data"]["transaction_reference"]).status == 200
    world.audit()


jose = Jose()
with Relay(access_log="on") as world:
    ana, eve = world.add_merchant("Ana"), world.add_merchant("Eve")
    try:
        tap.run([("a link is made", a_link_is_made), ("amounts are exact", amounts_are_exact), ("a bad wish is refused", a_bad_wish_is_refused),
                 ("one key, one link", a_key_makes_one_link), ("the data is signed", the_data_is_signed), ("paid by card", paid_by_card),
                 ("declined, and paid at the second try", declined), ("the page offers the modes", the_page_offers_the_modes),
                 ("forged tokens are refused", forged_tokens_are_refused), ("the stored link decides", the_stored_link_decides),
                 ("others see nothing", others_see_nothing), ("payloads are read strictly", payloads_are_read_strictly),
                 ("tampered payloads are refused", tampered_payloads_are_refused), ("the same payload charges once", the_same_payload_charges_once),
                 ("links of other kinds", links_of_other_kinds), ("crypto is not there yet", crypto_is_not_there_yet), ("card numbers are refused", card_numbers_are_refused),
                 ("relays of one database agree", relays_agree), ("tokens outlive a restart", tokens_outlive_a_restart), ("card numbers are nowhere", card_numbers_are_nowhere)])
    finally:
        jose.close()
