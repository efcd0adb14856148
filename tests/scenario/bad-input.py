#!/usr/bin/python3
# tests/scenario/bad-input.py: every field of a link out of its rule, codes and keys that are not valid, settings with
# typos, folders and files in a bad state. Each is a clear error that names the field or file; nothing changes.
# proves: OPL-13
import json
import os
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import tap
from buyer import Buyer
from relay import PATIENCE, PROGRAM, Client, Relay, free_port, path_of

random = tap.seeded()
LIMIT = 10**12
GOOD = {"currency": "EUR", "amount": 1200}
LINE = {"name": "Cup", "unitAmount": 450, "quantity": 1}


def fixed(**more):
    return {**GOOD, **more}


def priced(**pricing):
    return {"currency": "EUR", "pricing": pricing}


def line(**more):
    return priced(type="lines", lines=[LINE, {**LINE, **more}])


# What is sent, and the path that the refusal must name. None of it may leave a trace.
REFUSED = [
    # amounts
    *[(fixed(amount=amount), "amount") for amount in (0, -1, -10**18, LIMIT + 1, 10**18, 2**63 - 1)],
    *[(fixed(amount=amount), "amount") for amount in ("1200", 12.5, True, [], {}, "", "12.00")],
    ({"currency": "EUR"}, "pricing"),
    (priced(type="fixed"), "pricing.amount"),
    (priced(type="fixed", amount=0), "pricing.amount"),
    (priced(type="gift", amount=5), "pricing.type"),
    (priced(type="fixed", amount=5, minimum=1), "pricing.minimum"),
    (priced(type="open", minimum=-1), "pricing.minimum"),
    (priced(type="open", minimum=500, maximum=499), "pricing.minimum"),
    (priced(type="open", preset=LIMIT + 1), "pricing.preset"),
    (priced(type="open", maximum="5"), "pricing.maximum"),
    (priced(type="lines", lines=[]), "pricing.lines"),
    (priced(type="lines", lines=[LINE] * 101), "pricing.lines"),
    (line(name=""), "pricing.lines[1].name"),
    (line(unitAmount=0), "pricing.lines[1].unitAmount"),
    (line(unitAmount=LIMIT + 1), "pricing.lines[1].unitAmount"),
    (line(quantity=0), "pricing.lines[1].quantity"),
    (line(quantity=10000), "pricing.lines[1].quantity"),
    (line(quantity=1.5), "pricing.lines[1].quantity"),
    (line(quantity=5, maximumQuantity=4), "pricing.lines[1].maximumQuantity"),
    (line(taxRate="101"), "pricing.lines[1].taxRate"),
    (line(taxRate="-1"), "pricing.lines[1].taxRate"),
    (line(taxRate="1,5"), "pricing.lines[1].taxRate"),
    (line(colour="red"), "pricing.lines[1].colour"),
    # currencies
    *[(fixed(currency=code), "currency") for code in ("", "eur", "EURO", "XAU", "XXX", "ZZZ", "€", 978, None)],
    ({"amount": 5}, "currency"),
    # texts
    *[(fixed(**{name: text}), name) for name, most in (("title", 200), ("description", 2000), ("reference", 64),
                                                       ("closedMessage", 500))
      for text in ("x" * (most + 1), "a\u0000b", "a\u0007b", "a\u001bb", "a\u0085b", "a\u202eb", "a\u2066b", 5, True, [])],
    (fixed(description="x" * 100000), "description"),
    (fixed(title="two\nlines"), "title"),
    # usage and window
    (fixed(usage={"type": "limited", "limit": 0}), "usage.limit"),
    (fixed(usage={"type": "limited", "limit": 1000001}), "usage.limit"),
    (fixed(usage={"type": "limited"}), "usage.limit"),
    (fixed(usage={"type": "often"}), "usage"),
    (fixed(usage={"type": "single", "limit": 3}), "usage.limit"),
    (fixed(expiresAt="tomorrow"), "expiresAt"),
    (fixed(expiresAt="2026-02-30T00:00:00Z"), "expiresAt"),
    (fixed(expiresAt="10000-01-01T00:00:00Z"), "expiresAt"),
    (fixed(expiresAt=1796124600), "expiresAt"),
    (fixed(notBefore="2030-01-02T00:00:00Z", expiresAt="2030-01-01T00:00:00Z"), "expiresAt"),
    # methods, gateways, collect, fields
    (fixed(methods=[]), "methods"),
    (fixed(methods=["cash"]), "methods"),
    (fixed(methods="card"), "methods"),
    (fixed(gateways=["Mock Gateway"]), "gateways[0]"),
    (fixed(gateways=["mock"] * 9), "gateways"),
    (fixed(collect=["shoe size"]), "collect"),
    (fixed(fields=[{"key": "a", "label": "b"}] * 4), "fields"),
    (fixed(fields=[{"key": "A b", "label": "b"}]), "fields[0].key"),
    (fixed(fields=[{"key": "a", "label": "x" * 81}]), "fields[0].label"),
    (fixed(fields=[{"key": "a", "label": "b"}, {"key": "a", "label": "c"}]), None),
    # part payments
    (fixed(partial={"type": "on", "minimumFirst": 1201}), "partial.minimumFirst"),
    (fixed(partial={"type": "plan", "parts": [{"due": "2030-01-01", "amount": 1}]}), "partial.parts"),
    (fixed(partial={"type": "plan", "parts": [{"due": "2030-01-01", "amount": 600}, {"due": "2030-02-30", "amount": 600}]}),
     "partial.parts[1].due"),
    (fixed(partial={"type": "plan", "parts": [{"due": "2030-01-01", "amount": 600}, {"due": "2030-02-01", "amount": 601}]}),
     "partial.parts"),
    # people, metadata, addresses, language
    (fixed(customer={"name": "Ana", "email": "not an address"}), "customer.email"),
    (fixed(metadata={f"k{number}": "v" for number in range(51)}), "metadata"),
    (fixed(metadata={"k" * 41: "v"}), "metadata"),
    (fixed(metadata={"order": "x" * 501}), "metadata.order"),
    (fixed(metadata={"order": 17}), "metadata.order"),
    (fixed(metadata=[]), "metadata"),
    (fixed(after={"redirectUrl": "http://example.org/"}), "after.redirectUrl"),
    (fixed(after={"redirectUrl": "javascript:alert(1)"}), "after.redirectUrl"),
    (fixed(after={"redirectUrl": "https://user:secret@example.org/"}), "after.redirectUrl"),
    (fixed(after={"message": "x" * 501}), "after.message"),
    (fixed(locale="english please"), "locale"),
    (fixed(decision="sold"), "decision"),
    # ids and tokens
    (fixed(id="link_1"), "id"),
    (fixed(id="pay_01jdvh00000000000000000000"), "id"),
    (fixed(token="abc"), "token"),
    (fixed(token="A" * 64), "token"),
    # what is not ours
    (fixed(amout=5), "amout"),
    (fixed(pricing={"type": "fixed", "amount": 5}), None),          # amount twice: short and long
    (fixed(after={"message": "thanks", "sound": "ding"}), "after.sound"),
]

# The same for invoices.
INVOICE = {"currency": "AUD", "decision": "issued", "customer": {"name": "Jane Citizen", "email": "jane@example.com"},
           "lines": [{"description": "Vacuum cleaner service", "unitAmount": 7500, "taxName": "GST", "taxRate": "10"}]}


def invoice(**more):
    return {**INVOICE, **more}


def billed(**more):
    return invoice(lines=[INVOICE["lines"][0], {**INVOICE["lines"][0], **more}])


REFUSED_INVOICES = [
    # lines
    (billed(description=""), "lines[1].description"),
    (billed(description="x" * 1001), "lines[1].description"),
    (billed(description="a\u202eb"), "lines[1].description"),
    (billed(description="a\u0000b"), "lines[1].description"),
    *[(billed(unitAmount=amount), "lines[1].unitAmount") for amount in (-1, 1.5, "x", "0.00001", "-0.5", True, None, 2**63 - 1)],
    *[(billed(quantity=quantity), "lines[1].quantity") for quantity in ("0", "1e3", "0.0000001", "1,5", 1, True, "")],
    *[(billed(taxRate=rate), "lines[1].taxRate") for rate in ("100.1", "-1", "1,5", 10, "ten")],
    (billed(taxCategory="free"), "lines[1].taxCategory"),
    (billed(taxCategory="exempt"), "lines[1].taxRate"),
    (billed(taxName="x" * 41), "lines[1].taxName"),
    (billed(unit="x" * 21), "lines[1].unit"),
    (billed(discount={"percent": "101"}), "lines[1].discount.percent"),
    (billed(discount={"amount": 7501}), "lines[1].discount.amount"),
    (billed(discount={"percent": "1", "amount": 1}), "lines[1].discount"),
    (billed(discount={}), "lines[1].discount"),
    (billed(colour="red"), "lines[1].colour"),
    (billed(productId="prd_1"), "lines[1].productId"),
    (invoice(lines=[]), "lines"),
    (invoice(lines=INVOICE["lines"] * 1001), "lines"),
    (invoice(lines={}), "lines"),
    # the document
    (invoice(currency="XAU"), "currency"),
    (invoice(kind="receipt"), "kind"),
    (invoice(kind="credit_note"), "kind"),
    (invoice(decision="void"), "decision"),
    (invoice(decision="paid"), "decision"),
    (invoice(rounding="down"), "rounding"),
    (invoice(taxInclusive="yes"), "taxInclusive"),
    (invoice(discount={"amount": 7501}), "discount.amount"),
    (invoice(shipping={"amount": -1}), "shipping.amount"),
    (invoice(cashRounding=-5), "cashRounding"),
    (invoice(dueDate="2026-02-30"), "dueDate"),
    (invoice(dueDate="1999-01-01"), "dueDate"),
    (invoice(dueDate="tomorrow"), "dueDate"),
    (invoice(terms=-1), "terms"),
    (invoice(terms=100000), "terms"),
    (invoice(totals={"total": 8249}), "totals.total"),
    (invoice(number="502"), "number"),
    (invoice(series="mine"), "series"),
    (invoice(issueDate="2026-01-01"), "issueDate"),
    (invoice(seller={"name": "Somebody else"}), "seller"),
    (invoice(colour="red"), "colour"),
    *[(invoice(**{name: "x" * (most + 1)}), name) for name, most in (("reference", 64), ("notes", 2000), ("footer", 2000), ("privateNotes", 2000))],
    *[(invoice(**{name: "a\u0007b"}), name) for name in ("reference", "notes", "footer", "privateNotes")],
    (invoice(locale="english please"), "locale"),
    # people
    (invoice(customer={}), "customer.name"),
    (invoice(customer={"name": "x" * 201}), "customer.name"),
    (invoice(customer={"name": "Jane", "email": "jane at home"}), "customer.email"),
    (invoice(customer={"name": "Jane\r\nBcc: eve@example.com"}), "customer.name"),
    (invoice(customer={"name": "Jane", "email": "jane@example.com\r\nBcc: eve@example.com"}), "customer.email"),
    (invoice(customer={"name": "Jane", "address": {"country": "Australia"}}), "customer.address.country"),
    (invoice(customer={"name": "Jane", "taxId": "51 824 753 557", "address": {"country": "AU"}}), "customer.taxId"),
    (invoice(customer={"id": "cus_1", "name": "Jane"}), "customer.id"),
    (billed(taxCategory="reverse_charge", taxRate="0"), "customer.taxId"),
    # how it is paid
    (invoice(methods=["barter"]), "methods"),
    (invoice(partial={"type": "on", "minimumFirst": 8251}), "partial.minimumFirst"),
    (invoice(partial={"type": "plan", "parts": []}), "partial.parts"),
    (invoice(partial={"type": "plan", "parts": [{"due": "2030-01-01", "amount": 8249}]}), "partial.parts"),
    (invoice(partial={"type": "plan", "parts": [{"due": "2030-02-30", "amount": 8250}]}), "partial.parts[0].due"),
    (invoice(expiresAt="tomorrow"), "expiresAt"),
    (invoice(reminders=[0, 0]), "reminders"),
    (invoice(reminders=[7, 0]), "reminders"),
    (invoice(reminders=[1] * 9), "reminders"),
    (invoice(reminders=[400]), "reminders"),
    (invoice(metadata={"order": 17}), "metadata.order"),
    (invoice(id="inv_1"), "id"),
    (invoice(id="link_01jdvh00000000000000000000"), "id"),
    (invoice(token="abc"), "token"),
]

# And for what is done with one: (what, body, path).
REFUSED_ORDERS = [
    ("send", {"to": "not an address"}, "to"), ("send", {"to": "a@example.com\nBcc: b@example.com"}, "to"), ("send", {"from": "x"}, "from"),
    ("void", {"reason": "x" * 501}, "reason"), ("void", {"reason": 5}, "reason"), ("void", {"why": "x"}, "why"),
    ("payments", {"how": "cash"}, "amount"), ("payments", {"amount": 0, "how": "cash"}, "amount"),
    ("payments", {"amount": -5, "how": "cash"}, "amount"), ("payments", {"amount": 1.5, "how": "cash"}, "amount"),
    ("payments", {"amount": 100}, "how"), ("payments", {"amount": 100, "how": "gold"}, "how"),
    ("payments", {"amount": 100, "how": "cash", "date": "2999-01-01"}, "date"),
    ("payments", {"amount": 100, "how": "cash", "date": "2026-02-30"}, "date"),
    ("payments", {"amount": 100, "how": "cash", "note": "x" * 201}, "note"),
    ("payments", {"amount": 100, "how": "credit"}, "how"), ("payments", {"amount": 100, "how": "cash", "currency": "EUR"}, "currency"),
    ("credit", {"amount": 100}, "reason"), ("credit", {"amount": 0, "reason": "x"}, "amount"),
    ("credit", {"amount": 8251, "reason": "x"}, "amount"), ("credit", {"amount": 1, "reason": "x" * 501}, "reason"),
]

# Bodies that are no such object at all.
MALFORMED = [
    b"", b"null", b"[]", b"5", b'"text"', b"{", b'{"amount": 5', b'{"amount": 5}}', b'{"amount": 5} x', b"{'amount': 5}",
    b'{"amount": 05}', b'{"amount": NaN}', b'{"currency": "EUR", "amount": 1e3}', b'{"currency": "EUR", "amount": 1.0}',
    b'{"currency": "EUR", "amount": 5, "amount": 6}', b'{"currency": "EUR", "amount": 5, "title": "\xff"}',
    b'{"currency": "EUR", "amount": 99999999999999999999}', b'{"currency": "EUR", "amount": 5, "title": "\\ud800"}',
    b'{"a": ' * 20 + b"1" + b"}" * 20, b'{"currency": "EUR", "amount": 5,}', b"\xef\xbb\xbf{}",
]

# JPY has no decimals anywhere: these are amounts in the page's field, refused where they have more than the currency.
AMOUNT_TEXTS = {"JPY": ["500.5", "500.50", "0.5", "5,5"], "EUR": ["1.234", "1,234.567", "1e3", "0x10", "-5", "", "١٢x", "nan"],
                "KWD": ["1.2345"]}


def link_count(shop):
    return len(shop.get("/v1/links?limit=100").data), len(shop.events())


def fields():
    with Relay() as relay:
        shop = relay.add_merchant()
        before = link_count(shop)
        for body, path in REFUSED:
            reply = shop.post("/v1/links", body, {"Idempotency-Key": f"b-{os.urandom(8).hex()}"})
            told = json.dumps(body)[:120]
            assert reply.status == 400, f"{told}: {reply}"
            code, at = reply.error()
            assert code in ("VALIDATION_ERROR", "AMOUNT_OUT_OF_RANGE", "CURRENCY_ERROR"), f"{told}: {reply}"
            named = at.split(".")[-1] if at else None
            assert at is not None and (path is None or at == path or at == f"pricing.{path}" or named == path), \
                f"{told}: names {at}, not {path}: {reply}"
            assert reply.json["error"]["details"][0]["reason"], f"{told}: {reply}"
        tap.note(f"{len(REFUSED)} links refused")
        assert link_count(shop) == before, "something was stored"
        relay.audit()


def check_refusal(reply, told, path):
    assert reply.status == 400, f"{told}: {reply}"
    code, at = reply.error()
    assert code in ("VALIDATION_ERROR", "AMOUNT_OUT_OF_RANGE", "CURRENCY_ERROR"), f"{told}: {reply}"
    assert at is not None and (at == path or at.startswith(path + "[") or at.startswith(path + ".")), f"{told}: names {at}, not {path}: {reply}"
    assert reply.json["error"]["details"][0]["reason"], f"{told}: {reply}"


def invoices():
    """Invoices out of their rules, and orders on a good one: no number is used up, nothing is stored."""
    with Relay() as relay:
        shop = relay.add_merchant()
        for body, path in REFUSED_INVOICES:
            check_refusal(shop.post("/v1/invoices", body, {"Idempotency-Key": f"i-{os.urandom(8).hex()}"}), json.dumps(body)[:200], path)
        assert shop.events() == [] and shop.get("/v1/invoices").data == [], "something was stored"
        made = shop.post("/v1/invoices", INVOICE, {"Idempotency-Key": "good"})
        assert made.status == 201 and made.data["sequence"] == 1, made
        before = len(shop.events())
        for what, body, path in REFUSED_ORDERS:
            reply = shop.post(f"/v1/invoices/{made.data['id']}/{what}", body, {"Idempotency-Key": f"o-{os.urandom(8).hex()}"})
            check_refusal(reply, f"{what} {body}", path)
        assert len(shop.events()) == before
        for what in ("payments", "credit"):
            reply = shop.post(f"/v1/invoices/{made.data['id']}/{what}", {"amount": 100, "how": "cash"})
            assert reply.status in (400, 428) and "Idempotency-Key" in reply.text, reply
        tap.note(f"{len(REFUSED_INVOICES)} invoices and {len(REFUSED_ORDERS)} orders refused")
        relay.audit()


def just_inside():
    """The same fields just inside their rules are taken: the refusals above are not refusals of everything."""
    good = [
        fixed(amount=1), fixed(amount=LIMIT), fixed(title="ñ" * 200), fixed(description="😀" * 2000),
        fixed(description="two\nlines\tand a tab"), fixed(reference="r" * 64), fixed(metadata={f"k{n}": "v" * 500 for n in range(50)}),
        fixed(usage={"type": "limited", "limit": 1000000}), fixed(methods=["card", "crypto", "bank_transfer", "wallet", "store"]),
        fixed(expiresAt="9999-12-31T23:59:59Z"), fixed(title="<script>alert(1)</script>"), fixed(locale="pt-BR"),
        fixed(after={"message": "", "redirectUrl": "https://example.org/" + "a" * 2000}),
        priced(type="open"), priced(type="open", minimum=500, maximum=500, preset=500),
        priced(type="lines", lines=[{**LINE, "quantity": 9999, "taxRate": "100"}] * 100),
        fixed(partial={"type": "plan", "parts": [{"due": "2030-01-01", "amount": 1}, {"due": "2030-01-01", "amount": 1199}]}),
        {"currency": "JPY", "amount": 1}, {"currency": "CLF", "amount": 1},
    ]
    with Relay() as relay:
        shop = relay.add_merchant()
        for body in good:
            reply = shop.post("/v1/links", body, {"Idempotency-Key": f"g-{os.urandom(8).hex()}"})
            assert reply.status == 201, f"{json.dumps(body)[:120]}: {reply}"
        relay.audit()


def bodies():
    with Relay() as relay:
        shop = relay.add_merchant()
        before = link_count(shop)
        for body in MALFORMED:
            reply = shop.request("POST", "/v1/links", body, {"Content-Type": "application/json", "Idempotency-Key": "x"})
            assert reply.status == 400, f"{body[:60]}: {reply}"
            assert reply.json["success"] is False and reply.json["error"]["message"], reply
        reply = shop.request("POST", "/v1/links", b"{}", {"Content-Type": "text/plain", "Idempotency-Key": "x"})
        assert reply.status == 415, reply
        reply = shop.request("POST", "/v1/links", b'{"title": "' + b"x" * 300000 + b'"}',
                             {"Content-Type": "application/json", "Idempotency-Key": "x"})
        assert reply.status == 413, reply
        for number in range(300):           # any cut and any changed byte: an answer, never a crash, never a link by chance
            body = bytearray(json.dumps({**GOOD, "title": "Beans", "metadata": {"a": "b"}}).encode())
            body[random.randrange(len(body))] = random.randrange(256)
            del body[random.randrange(len(body)):]
            reply = shop.request("POST", "/v1/links", bytes(body), {"Content-Type": "application/json",
                                                                    "Idempotency-Key": f"cut-{number}"})
            assert reply.status == 400, f"{bytes(body)}: {reply}"
        assert link_count(shop) == before, "something was stored"
        relay.audit()


def changes():
    """Changes that may not be, with the state afterwards."""
    with Relay() as relay:
        shop = relay.add_merchant()
        link = shop.create(**GOOD, reference="taken")
        other = shop.create(**GOOD)
        path = f"/v1/links/{other['id']}"
        before = shop.link(other["id"])
        for body, header, status in [
                ({**before, "title": "x" * 201}, '"1"', 400), (before, None, 428), (before, '"7"', 412), (before, "1", 400),
                (before, '"one"', 400), ({**before, "reference": "taken"}, '"1"', 409), ({**before, "decision": "draft"}, '"1"', 409),
                ({**before, "id": link["id"]}, '"1"', 400), ({**before, "surprise": 1}, '"1"', 400)]:
            reply = shop.put(path, body, {"If-Match": header} if header else {})
            assert reply.status == status, f"{header} {status}: {reply}"
            assert shop.link(other["id"]) == before
        stale = shop.put(path, before, {"If-Match": '"7"'})
        assert other["id"] in stale.text, f"412 carries the current document: {stale}"
        reply = shop.post("/v1/links", {**GOOD, "reference": "taken"}, {"Idempotency-Key": "again"})
        assert reply.status == 409 and reply.error()[1] == "reference", reply
        for key in ("", "ñ", "x" * 256, "a b"):
            reply = shop.post("/v1/links", GOOD, {"Idempotency-Key": key.encode("utf-8").decode("latin-1")})
            assert reply.status == 400, f"{key!r}: {reply}"
        first = shop.post("/v1/links", GOOD, {"Idempotency-Key": "same"})
        second = shop.post("/v1/links", {**GOOD, "amount": 5}, {"Idempotency-Key": "same"})
        assert first.status == 201 and second.status == 422, second
        relay.audit()


def paths():
    """What is asked for in the wrong way: 404, 405, 400, and lists with filters that do not exist."""
    with Relay() as relay:
        shop = relay.add_merchant()
        for method, path, status in [
                ("GET", "/v1/nothing", 404), ("GET", "/v1/links/link_1", 404), ("GET", "/v1/links/%00", 400), ("PATCH", "/v1/links", 405),
                ("DELETE", "/v1/links", 405), ("GET", "/v1/links?limit=0", 400), ("GET", "/v1/links?limit=101", 400),
                ("GET", "/v1/links?limit=ten", 400), ("GET", "/v1/links?status=happy", 400), ("GET", "/v1/links?cursor=nonsense", 400),
                ("GET", "/v1/links?status=open&status=paused", 400), ("GET", "/v1/payments?offset=-1", 400),
                ("GET", "/v1/payments?startDate=soon", 400), ("GET", "/v1/events?after=-1", 400), ("GET", "/v1/events?after=x", 400),
                ("GET", "/v1/events?wait=31", 400)]:
            reply = shop.request(method, path)
            assert reply.status == status, f"{method} {path}: {reply}"
            assert reply.status != 405 or reply.headers.get("allow"), reply
        relay.audit()


def amounts_on_the_page():
    with Relay() as relay:
        shop = relay.add_merchant()
        for code, texts in AMOUNT_TEXTS.items():
            link = shop.create(currency=code, pricing={"type": "open", "minimum": 1, "maximum": LIMIT})
            for text in texts:
                buyer = Buyer(relay)
                page = buyer.submit({"action": path_of(link["url"]), "fields": {}}, amount=text)
                assert page.status in (200, 400) and not buyer.at_card(), f"{code} {text!r}: {page.status} {buyer.place}"
                buyer.close()
            assert shop.payments(link["id"]) == [], f"{code}: an attempt was made"
        relay.audit()


def payers():
    """What a payer types: asked-for fields left out, addresses that are none, script tags that stay text."""
    with Relay() as relay:
        shop = relay.add_merchant()
        link = shop.create(**GOOD, collect=["name", "email"], title='<script>alert("x")</script>',
                           fields=[{"key": "size", "label": "Size <b>", "required": True}])
        good = {"name": "Ana", "email": "ana@example.org", "field_size": "M"}
        for wrong in ({"name": ""}, {"email": ""}, {"email": "ana"}, {"field_size": ""}, {"name": "a\u0007b"}, {"name": "a\u202eb"},
                      {"name": "x" * 201}, {"field_size": "x" * 501}, {"email": "a@b.de\r\nBcc: eve@example.org"}):
            buyer = Buyer(relay)
            page = buyer.submit({"action": path_of(link["url"]), "fields": {}}, **{**good, **wrong})
            assert page.status in (200, 400) and not buyer.at_card(), f"{wrong}: {page.status} {buyer.place}"
            assert "<script>alert" not in page.text and "Size <b>" not in page.text, "text became HTML"
            buyer.close()
        assert shop.payments(link["id"]) == []
        buyer = Buyer(relay)
        buyer.submit({"action": path_of(link["url"]), "fields": {}}, **{**good, "name": "<img src=x onerror=alert(1)>"})
        assert buyer.at_card(), buyer.text()
        assert "<script>alert" not in buyer.page.text
        buyer.close()
        relay.audit()


def pairing():
    """Codes: wrong, used, replaced, tried too often; nothing of a key in any refusal."""
    with Relay() as relay:
        shop = relay.add_merchant()
        client = Client(relay.port)

        def pair(code, name="Desktop"):
            return client.post("/v1/pair", {"code": code, "deviceName": name})

        for code in ("", "AAAA", "AAAA-AAAA-AAAA-AAAA", "x" * 500, "ñ", shop.pair_code + "0"):
            reply = pair(code)
            assert reply.status in (400, 401), f"{code[:20]!r}: {reply}"
        assert client.post("/v1/pair", {"code": 5, "deviceName": "x"}).status == 400
        assert client.post("/v1/pair", {"code": shop.pair_code}).status == 400
        assert pair(shop.pair_code, "x" * 400).status == 400
        first = pair(shop.pair_code.lower().replace("-", " "))
        assert first.status in (200, 201) and first.data["deviceKey"], first
        again = pair(shop.pair_code)
        assert again.status in (401, 410) and "deviceKey" not in again.text, again

        old, new = new_code(relay, shop), new_code(relay, shop)
        assert pair(old).status in (401, 410), "a newer code replaces the older one"
        for _ in range(6):
            assert pair(new[:4] + "-0000-0000-0000").status in (401, 410, 429)
        reply = pair(new)
        assert reply.status in (401, 410, 429), f"five wrong tries end a code: {reply}"
        third = new_code(relay, shop)
        backdate_code(relay)
        reply = pair(third)
        assert reply.status in (401, 410) and "deviceKey" not in reply.text, f"an expired code: {reply}"
        device = Client(relay.port, first.data["deviceKey"])
        assert device.get("/v1/merchant").status == 200
        device.close()
        client.close()
        relay.audit()


def new_code(relay, shop):
    done = relay.command("pair-code", shop.id, "--json")
    assert done.returncode == 0, done
    return json.loads(done.stdout)["pairCode"]


def backdate_code(relay):
    """Lets the open codes expire, in the stopped books: there is no waiting for ten minutes."""
    relay.stop()
    with sqlite3.connect(f"{relay.data}/relay.sqlite") as books:
        books.execute("UPDATE pair_code SET expires_at = 1 WHERE spent_at IS NULL")
    books.close()
    relay.start()


# ── Settings and files ────────────────────────────────────────────────────────────────────────────────────────────────

CONFIGS = [
    ("listn = 127.0.0.1:0", ["listn", "listen"], 4),
    ("listen = nowhere", ["listen"], 4),
    ("listen = 127.0.0.1:99999", ["listen"], 4),
    ("listen = unix:relative", ["listen"], 4),
    ("rate-limits = maybe", ["rate-limits"], 4),
    ("request-threads = many", ["request-threads"], 4),
    ("request-threads = 0", ["request-threads"], 4),
    ("public-url = ftp://x", ["public-url"], 4),
    ("public-url = http://pay.example", ["public-url", "https"], 4),
    ("trusted-proxies = 10.0.0.0/99", ["trusted-proxies"], 4),
    ("mock-success-rate = 101", ["mock-success-rate"], 4),
    ("mock-sucess-rate = 50", ["mock-sucess-rate"], 4),
    ("just words", ["just words"], 4),
    ("rate-limits = off\nrate-limits = on", ["rate-limits"], 5),
    ("\ud83d".encode("utf-8", "surrogatepass").decode("latin-1"), [], None),
]


def run(*arguments, folder, **more):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=PATIENCE, cwd=folder, check=False, **more)


def config_typos():
    folder = tempfile.mkdtemp(prefix="cobro-scenario-")
    try:
        config = os.path.join(folder, "relay.conf")
        for text, words, number in CONFIGS:
            with open(config, "w", encoding="utf-8") as file:
                file.write(f"# settings\n\ndata = {folder}/data\n{text}\n")
            done = run("serve", "--config", config, folder=folder)
            assert done.returncode == 78, f"{text!r}: ended with {done.returncode}: {done.stderr}"
            for word in [*words, "relay.conf", *([f"{number}"] if number else [])]:
                assert word in done.stderr, f"{text!r}: “{word}” is not in: {done.stderr}"
            assert not os.path.exists(f"{folder}/data"), "the data folder was made all the same"
        for arguments in (["serve", "--config", f"{folder}/missing.conf"], ["serve"], ["serve", "--data", ""]):
            done = run(*arguments, folder=folder)
            assert done.returncode == 78 and done.stderr.strip(), f"{arguments}: {done}"
        for arguments in (["sreve"], [], ["serve", "--nonsense"], ["merchant", "add"], ["merchant"], ["backup"]):
            done = run(*arguments, folder=folder)
            assert done.returncode == 64 and (done.stderr.strip() or done.stdout.strip()), f"{arguments}: {done}"
    finally:
        shutil.rmtree(folder)


def serve(data, port=None, **more):
    return run("serve", "--listen", f"127.0.0.1:{port or free_port()}", "--data", data, "--public-url", "http://127.0.0.1:1",
               folder="/", **more)


def folders():
    """Data folders that cannot be: a file in its place, a folder in a file, read-only for its user."""
    folder = tempfile.mkdtemp(prefix="cobro-scenario-")
    try:
        with open(f"{folder}/file", "w", encoding="utf-8") as file:
            file.write("not a folder")
        for data in (f"{folder}/file", f"{folder}/file/below", "/proc/nothing/here"):
            done = serve(data)
            assert done.returncode in (73, 74) and data.rstrip("/") in done.stderr, f"{data}: {done}"
        not_writable(folder)
        key_for_all(folder)
    finally:
        shutil.rmtree(folder)


def not_writable(folder):
    """As a user who may read but not write there; root may write everywhere, so root becomes nobody for this."""
    closed = os.path.join(folder, "closed")
    os.mkdir(closed)
    os.chmod(folder, 0o755)
    os.chmod(closed, 0o555)
    who = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    if who and not runs_as_nobody(folder, who):
        tap.note("nobody may not run the program here: the closed folder was not tried")
        return
    for data in (closed, f"{closed}/below"):
        done = serve(data, **who)
        assert done.returncode in (73, 74) and closed in done.stderr, f"{data}: {done}"


def runs_as_nobody(folder, who):
    try:
        return run("version", folder=folder, **who).returncode == 0
    except PermissionError:
        return False


def key_for_all(folder):
    """A key file that others may read is refused: the merchant's secrets hang on it."""
    data = f"{folder}/open-key"
    assert run("merchant", "add", "Ana", "--data", data, folder=folder).returncode == 0
    key = f"{data}/relay.key"
    assert stat.S_IMODE(os.stat(key).st_mode) & 0o077 == 0, "the key file is open to others"
    os.chmod(key, 0o644)
    done = serve(data)
    assert done.returncode == 78 and "relay.key" in done.stderr, done
    os.remove(key)
    done = serve(data)
    assert done.returncode == 78 and "relay.key" in done.stderr, done


def busy_port_and_folder():
    with Relay() as relay:
        relay.add_merchant()
        folder = tempfile.mkdtemp(prefix="cobro-scenario-")
        try:
            done = serve(f"{folder}/data", relay.port)
            assert done.returncode == 69 and str(relay.port) in done.stderr and "in use" in done.stderr, done
            done = serve(relay.data)
            assert done.returncode == 75 and relay.data in done.stderr, done
            assert Client(relay.port).get("/v1/healthz").status == 200, "the first one was disturbed"
            occupied = socket.socket(socket.AF_UNIX)
            occupied.bind(f"{folder}/socket")
            occupied.listen()
            done = run("serve", "--listen", f"unix:{folder}/socket", "--data", f"{folder}/d", "--public-url", "https://pay.example",
                       folder=folder)
            assert done.returncode == 69 and f"{folder}/socket" in done.stderr, done
            occupied.close()
        finally:
            shutil.rmtree(folder)
        relay.audit()


def damaged():
    """A file of another program, a cut one, one with noise in it, one of a newer Cobro: refused, and left as it was."""
    with Relay() as relay:
        shop = relay.add_merchant()
        for _ in range(200):
            shop.create(**GOOD, description="x" * 500)
        relay.stop()
        mark_unclean(relay)                 # as after a crash: then every page is looked at before anything is served
        whole = read(f"{relay.data}/relay.sqlite")
        for what, content in (("other", b"This is a letter, not a database.\n" * 100), ("cut", whole[:len(whole) // 2]),
                              ("noise", noisy(whole))):
            check_damaged(relay, what, content)
        write(f"{relay.data}/relay.sqlite", whole)
        check_newer(relay)
        foreign = os.path.join(relay.folder, "foreign")
        os.mkdir(foreign, 0o700)
        with sqlite3.connect(f"{foreign}/relay.sqlite") as books:
            books.execute("CREATE TABLE photos (id INTEGER PRIMARY KEY)")
        books.close()
        done = serve(foreign)
        assert done.returncode in (65, 78) and "relay.sqlite" in done.stderr, done
        relay.start()
        assert len(shop.get("/v1/links?limit=100").data) == 100
        relay.audit()


def mark_unclean(relay):
    with sqlite3.connect(f"{relay.data}/relay.sqlite") as books:
        books.execute("UPDATE life SET closed_at = NULL, clean = NULL")
        books.commit()
        books.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    books.close()


def check_damaged(relay, what, content):
    write(f"{relay.data}/relay.sqlite", content)
    done = serve(relay.data)
    assert done.returncode == 65, f"{what}: ended with {done.returncode}: {done.stderr}"
    assert relay.data in done.stderr and "database" in done.stderr, f"{what}: {done.stderr}"
    assert read(f"{relay.data}/relay.sqlite") == content, f"{what}: the file was changed"


def check_newer(relay):
    """A migration that this program does not know, and one that is not what it was when it was applied."""
    path = f"{relay.data}/relay.sqlite"
    whole = read(path)
    for change, words in (("INSERT INTO schema_migration SELECT 999, 'later', checksum, applied_at FROM schema_migration LIMIT 1",
                           "newer"), ("UPDATE schema_migration SET checksum = 'another'", "migration")):
        with sqlite3.connect(path) as books:
            books.execute(change)
            books.commit()
            books.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        books.close()
        changed = read(path)
        done = serve(relay.data)
        assert done.returncode in (65, 78) and words in done.stderr, done
        assert read(path) == changed, "the file was changed"
        write(path, whole)


def noisy(whole):
    """Noise over the middle pages, beyond the first ones that hold the schema."""
    content = bytearray(whole)
    for at in range(len(content) // 3, len(content) // 3 * 2, 512):
        content[at:at + 64] = random.randbytes(64)
    return bytes(content)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, content):
    with open(path, "wb") as file:
        file.write(content)


if __name__ == "__main__":
    tap.run([
        ("every field of a link out of its rule", fields),
        ("every field of an invoice out of its rule", invoices),
        ("just inside the rules", just_inside),
        ("bodies that are no objects", bodies),
        ("changes that may not be", changes),
        ("paths, methods and filters", paths),
        ("amounts typed on the page", amounts_on_the_page),
        ("what payers type", payers),
        ("pairing codes", pairing),
        ("settings with typos", config_typos),
        ("data folders that cannot be", folders),
        ("port and folder in use", busy_port_and_folder),
        ("damaged, foreign and newer databases", damaged),
    ])
