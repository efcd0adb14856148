#!/usr/bin/python3
# tests/scenario/invoices-api.py: invoices over the API and as a buyer without scripts meets them: made, issued, listed, paid,
# paid in parts and by plan, withdrawn, given another address; the public bill field by field; nothing of it by GET.
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import tap
from buyer import Buyer
from relay import ON_POSTGRES, Client, Relay, path_of, wait_for

VACUUM = {"currency": "AUD", "decision": "issued", "customer": {"name": "Jane Citizen", "email": "jane@example.com"},
          "lines": [{"description": "Vacuum cleaner service", "unitAmount": 7500, "taxName": "GST", "taxRate": "10"}]}
MIXED = {"currency": "EUR", "decision": "issued", "customer": {"name": "Contoso GmbH"}, "reference": "PO-7781",
         "lines": [{"description": "Workshop", "quantity": "1.5", "unit": "day", "unitAmount": 80000, "taxName": "VAT",
                    "taxRate": "21", "discount": {"percent": "10"}},
                   {"description": "Sheets", "quantity": "1000", "unitAmount": "0.75", "taxName": "VAT", "taxRate": "4"}],
         "discount": {"amount": 1000}, "shipping": {"amount": 500, "taxName": "VAT", "taxRate": "21"}}


def make(shop, body, **more):
    reply = shop.post("/v1/invoices", {**body, **more}, {"Idempotency-Key": os.urandom(8).hex()})
    assert reply.status == 201, reply
    return reply.data


def read(shop, invoice):
    reply = shop.get(f"/v1/invoices/{invoice['id']}")
    assert reply.status == 200, reply
    return reply.data


def change(shop, invoice, **more):
    now = read(shop, invoice)
    return shop.put(f"/v1/invoices/{invoice['id']}", {**now, **more}, {"If-Match": f'"{now["rev"]}"'})


def bill(relay, invoice):
    reply = Client(relay.port).get(f"/api/public/pay/{invoice['token']}")
    assert reply.status == 200, reply
    return reply


# proves: INV-1
# proves: INV-3
def made_and_told():
    """Invoice of 75.00 + 10 % GST: number, address, and the public bill as requirements.md has it, to the digit."""
    with Relay() as relay:
        shop = relay.add_merchant("The Vacuum Shop")
        invoice = make(shop, VACUUM)
        assert len(invoice["token"]) == 64 and invoice["url"].endswith(f"/pay/{invoice['token']}"), invoice
        assert invoice["number"] and invoice["sequence"] == 1 and invoice["status"] == "open", invoice
        assert invoice["totals"]["total"] == 8250 and invoice["totals"]["due"] == 8250, invoice
        reply = bill(relay, invoice)
        assert list(reply.json) == ["invoice_id", "currency", "subtotal", "tax_rate", "tax_amount", "total", "payment_status",
                                    "status", "customer_name", "items", "canPay"], reply
        assert reply.json == {
            "invoice_id": invoice["id"], "currency": "AUD", "subtotal": 75.0, "tax_rate": 10, "tax_amount": 7.5, "total": 82.5,
            "payment_status": "pending", "status": "open", "customer_name": "Jane Citizen", "canPay": True,
            "items": [{"description": "Vacuum cleaner service", "quantity": 1, "unit_price": 75.0, "tax_rate": 10, "amount": 75.0}]}
        assert '"subtotal":75.00,' in reply.text and '"total":82.50,' in reply.text, reply
        assert "private" not in reply.text and "metadata" not in reply.text
        second = make(shop, VACUUM)
        assert second["sequence"] == 2 and second["token"] != invoice["token"], second
        page = Client(relay.port).get(path_of(invoice["url"]))
        for word in ("Vacuum cleaner service", "Jane Citizen", "75.00", "GST", "7.50", "82.50", invoice["number"], "invoice.pdf"):
            assert word in page.text, f"{word}: {page.text[-3000:]}"
        assert read(shop, invoice)["viewedAt"] is None and "token" not in read(shop, invoice)
        relay.audit()


# proves: INV-8
def several_rates():
    with Relay() as relay:
        shop = relay.add_merchant()
        invoice = make(shop, MIXED)
        totals, told = invoice["totals"], bill(relay, invoice).json
        assert totals["subtotal"] + totals["tax"] + totals["rounding"] == totals["total"], totals
        assert sum(tax["base"] for tax in totals["taxes"]) == totals["subtotal"], totals
        assert told["tax_rate"] is None and [item["tax_rate"] for item in told["items"][:2]] == [21, 4], told
        assert told["items"][1]["unit_price"] == 0.0075 and told["items"][1]["quantity"] == 1000, told
        assert round(sum(item["amount"] for item in told["items"]), 2) == told["subtotal"], told
        assert told["total"] == totals["total"] / 100
        relay.audit()


# proves: INV-4
# proves: INV-5
# proves: INV-7
def paid_over_the_api():
    with Relay() as relay:
        shop, anybody = relay.add_merchant(), Client(relay.port)
        invoice = make(shop, VACUUM)
        where = f"/api/public/pay/{invoice['token']}"
        begun = anybody.post(f"{where}/create-payment", {"method": "card"})
        assert begun.status == 200 and begun.json["amount"] == 8250 and begun.json["currency"] == "aud", begun
        assert {"clientSecret", "publishableKey", "stripeAccount", "amount", "currency"} <= set(begun.json), begun
        asked = anybody.post(f"{where}/confirm-payment", {"paymentIntentId": begun.json["paymentIntentId"]})
        assert asked.status == 200 and asked.json["success"] is False and asked.json["invoice_id"] == invoice["id"], asked
        assert set(asked.json) == {"success", "message", "invoice_id"}, asked
        buyer = Buyer(relay)
        buyer.open(begun.json["redirectUrl"])
        buyer.type_card("4242424242424242")
        wait_for("the provider to say so", lambda: anybody.post(f"{where}/confirm-payment", {
            "paymentIntentId": begun.json["paymentIntentId"]}).json["success"])
        told = bill(relay, invoice).json
        assert (told["payment_status"], told["status"], told["canPay"]) == ("paid", "paid", False), told
        again = anybody.post(f"{where}/create-payment", {})
        assert again.status == 410 and "paid" in again.text, again
        now = read(shop, invoice)
        assert now["status"] == "paid" and now["totals"]["due"] == 0, now
        page = Buyer(relay)
        page.open(invoice["url"])
        assert "has been paid" in page.text() and not any(form["fields"].get("way") for form in page.forms()), page.text()
        kinds = [event["type"] for event, _ in shop.events()]
        assert kinds.count("invoice.issued") == 1 and kinds.count("invoice.paid") == 1, kinds
        relay.audit()


# proves: INV-2
# proves: INV-15
def in_parts():
    with Relay() as relay:
        shop = relay.add_merchant()
        invoice = make(shop, VACUUM, partial={"type": "on", "minimumFirst": 2000})
        buyer = Buyer(relay)
        for amount, why in (("19.99", "less than the first part"), ("82.51", "more than is due")):
            assert buyer.begin(invoice["url"], amount=amount).status == 400, f"{why}: {buyer.page}"
        buyer.pay(invoice["url"], amount="20.00")
        now = read(shop, invoice)
        assert now["status"] == "partially_paid" and now["totals"]["due"] == 6250, now
        other = Buyer(relay)
        other.open(invoice["url"])
        assert "62.50" in other.text() and "20.00" in other.text(), other.text()
        other.pay(invoice["url"], amount="")
        assert read(shop, invoice)["status"] == "paid"
        kinds = [event["type"] for event, _ in shop.events()]
        assert kinds.count("invoice.partially_paid") == 1 and kinds.count("invoice.paid") == 1, kinds
        relay.audit()


# proves: INV-15
def by_plan():
    parts = [{"due": f"2030-0{month}-01", "amount": 2750} for month in (1, 2, 3)]
    with Relay() as relay:
        shop = relay.add_merchant()
        invoice = make(shop, VACUUM, partial={"type": "plan", "parts": parts})
        buyer = Buyer(relay)
        buyer.open(invoice["url"])
        assert buyer.form_to("/pay/")["buttons"] == [("amount", "27.50"), ("amount", "82.50")], buyer.forms()
        assert "Pay this part: A$27.50" in buyer.text() and "Pay all: A$82.50" in buyer.text(), buyer.text()
        assert buyer.begin(amount="30.00").status == 400, buyer.page
        assert "Enter an amount that can be paid here." in buyer.text()
        buyer.pay(invoice["url"], amount="27.50")
        assert "Part of the payment received" in buyer.text() and "A$55.00" in buyer.text(), buyer.text()
        assert read(shop, invoice)["totals"]["due"] == 5500
        other = Buyer(relay)
        other.open(invoice["url"])
        assert other.form_to("/pay/")["buttons"] == [("amount", "27.50"), ("amount", "55.00")], other.forms()
        other.pay(invoice["url"], amount="55.00")
        assert read(shop, invoice)["status"] == "paid"
        refused = shop.post("/v1/invoices", {**VACUUM, "partial": {"type": "plan", "parts": parts[:2]}}, {"Idempotency-Key": "p"})
        assert refused.status == 400 and refused.error()[1].startswith("partial.parts"), refused
        relay.audit()


def order(shop, invoice, what, body, key=None):
    return shop.post(f"/v1/invoices/{invoice['id']}/{what}", body, {"Idempotency-Key": key or os.urandom(8).hex()})


def cash_and_credit():
    """Money that came another way and credit notes: the page asks for what is left, and too much is the customer's credit."""
    with Relay() as relay:
        shop, page = relay.add_merchant("The Vacuum Shop"), Buyer(relay)
        invoice = make(shop, VACUUM)
        first = order(shop, invoice, "payments", {"amount": 3000, "how": "cash", "note": "at the counter"}, "cash")
        assert first.status == 201 and first.data["gateway"] == "manual" and first.data["status"] == "succeeded", first
        again = order(shop, invoice, "payments", {"amount": 3000, "how": "cash", "note": "at the counter"}, "cash")
        assert again.body == first.body and read(shop, invoice)["totals"]["paid"] == 3000
        page.open(invoice["url"])
        form = page.form_to("/pay/")
        assert "A$52.50" in page.text() and "amount" not in form["fields"] and not form["buttons"], page.text()
        note = order(shop, invoice, "credit", {"amount": 1250, "reason": "Arrived late"}, "credit")
        assert note.status == 201 and note.data["creditNote"]["totals"]["total"] == 1250, note
        assert order(shop, invoice, "credit", {"amount": 1250, "reason": "Arrived late"}, "credit").body == note.body
        page.pay(invoice["url"])
        now = read(shop, invoice)
        assert (now["status"], now["totals"]["paid"], now["totals"]["credited"], now["totals"]["due"]) == ("paid", 7000, 1250, 0), now
        assert [payment["amount"] for payment in shop.payments() if payment["gateway"] == "mock"] == [4000]
        assert order(shop, invoice, "credit", {"amount": 7001, "reason": "x"}).status == 400
        over = make(shop, VACUUM)
        assert order(shop, over, "payments", {"amount": 9000, "how": "bank"}).status == 201
        now = read(shop, over)
        assert (now["status"], now["totals"]["credit"], now["totals"]["due"]) == ("overpaid", 750, 0), now
        page.open(over["url"])
        assert "keeps A$7.50 to your credit" in "".join(c for c in page.text() if c not in "\u2068\u2069"), page.text()
        assert bill(relay, over).json["canPay"] is False
        relay.audit()


def answers_that_were_lost():
    """The relay did it and died before it could store its answer: the same key finds it done, and nothing happens twice."""
    with Relay() as relay:
        shop = relay.add_merchant()
        invoice = make(shop, VACUUM)
        orders = (("payments", {"amount": 3000, "how": "cash"}), ("credit", {"amount": 1250, "reason": "Arrived late"}))
        schedule = {"name": "Rent", "start": "2090-01-31", "invoice": {key: VACUUM[key] for key in ("currency", "customer", "lines")}}
        for _ in range(3):
            for what, body in orders:
                assert order(shop, invoice, what, body, what).status == 201
            assert shop.post("/v1/recurring", schedule, {"Idempotency-Key": "schedule"}).status == 201
            with relay.books(change=True) as books:
                books.execute("DELETE FROM idempotency")
                books.commit()
        totals = read(shop, invoice)["totals"]
        assert (totals["paid"], totals["credited"], totals["due"]) == (3000, 1250, 4000), totals
        assert len(shop.payments()) == 1 and len(shop.get("/v1/recurring").data) == 1
        assert len([one for one in shop.get("/v1/invoices").data if one["kind"] == "credit_note"]) == 1
        relay.audit()


def one_after_another():
    """Two buyers at the same time: the second is told to wait, and nobody pays twice."""
    with Relay() as relay:
        shop = relay.add_merchant()
        invoice = make(shop, VACUUM)
        first, second = Buyer(relay), Buyer(relay)
        first.begin(invoice["url"])
        second.open(invoice["url"])
        assert "Somebody else is paying right now" in second.text(), second.text()
        first.type_card("4242424242424242")
        second.open(invoice["url"])
        assert "has been paid" in second.text(), second.text()
        assert read(shop, invoice)["totals"]["paid"] == 8250 and len(shop.payments()) == 1
        given = shop.put(f"/v1/invoices/{invoice['id']}", {**read(shop, invoice), "decision": "uncollectible"},
                         {"If-Match": f'"{read(shop, invoice)["rev"]}"'})
        assert given.status == 200 and given.data["totals"]["paid"] == 8250, given
        relay.audit()


# proves: INV-7
# proves: INV-9
def ends():
    """Withdrawn, given another address, expired: the page and the API say why."""
    with Relay() as relay:
        shop, anybody = relay.add_merchant(), Client(relay.port)
        gone = make(shop, VACUUM)
        reply = shop.post(f"/v1/invoices/{gone['id']}/void", {"reason": "Sent twice"}, {"Idempotency-Key": "void"})
        assert reply.status == 200 and reply.data["invoice"]["status"] == "void", reply
        note = reply.data["creditNote"]
        assert note["kind"] == "credit_note" and note["totals"]["total"] == 8250 and "url" not in note, note
        again = shop.post(f"/v1/invoices/{gone['id']}/void", {"reason": "Sent twice"}, {"Idempotency-Key": "void"})
        assert again.body == reply.body and again.headers["idempotent-replayed"] == "true"
        assert shop.post(f"/v1/invoices/{gone['id']}/void", {}).status == 409
        page = Buyer(relay)
        page.open(gone["url"])
        assert page.page.status == 410 and "This invoice was cancelled" in page.text() and "Sent twice" in page.text(), page.text()
        assert bill(relay, gone).json["canPay"] is False and bill(relay, gone).json["status"] == "void"
        assert anybody.post(f"/api/public/pay/{gone['token']}/create-payment", {}).status == 410
        moved = make(shop, VACUUM)
        new = shop.post(f"/v1/invoices/{moved['id']}/token").data
        assert new["token"] != moved["token"] and new["url"].endswith(new["token"]), new
        page.open(moved["url"])
        assert page.page.status == 410 and "This link was replaced" in page.text() and "Vacuum cleaner" not in page.text(), page.text()
        assert anybody.get(f"/api/public/pay/{moved['token']}").status == 410
        assert anybody.get(f"/pay/{moved['token']}/invoice.pdf").status == 410
        page.open(new["url"])
        assert page.page.status == 200 and "Vacuum cleaner service" in page.text()
        relay.audit()


# proves: INV-13
def expires():
    with Relay() as relay:
        shop, anybody = relay.add_merchant(), Client(relay.port)
        invoice = make(shop, VACUUM)
        assert change(shop, invoice, expiresAt="2026-01-01T00:00:00Z").status == 200
        page = Buyer(relay)
        page.open(invoice["url"])
        assert page.page.status == 410 and "This link has expired" in page.text(), page.text()
        assert "Vacuum cleaner" not in page.text() and "82.50" not in page.text(), page.text()
        for path in (f"/api/public/pay/{invoice['token']}", f"/pay/{invoice['token']}/invoice.pdf"):
            reply = anybody.get(path)
            assert reply.status == 410 and "expired" in reply.text, reply
        assert anybody.post(f"/api/public/pay/{invoice['token']}/create-payment", {}).status == 410
        assert change(shop, invoice, expiresAt=None).status == 200
        assert page.open(invoice["url"]).status == 200
        relay.audit()


def drafts():
    """A draft has no number and no page; it changes, is issued once, and then only what may."""
    with Relay() as relay:
        shop, anybody = relay.add_merchant(), Client(relay.port)
        draft = make(shop, VACUUM, decision="draft")
        assert draft["number"] is None and draft["status"] == "draft", draft
        assert anybody.get(f"/pay/{draft['token']}").status == 404
        assert anybody.get(f"/api/public/pay/{draft['token']}").status == 404
        assert shop.put(f"/v1/invoices/{draft['id']}", VACUUM).status == 428
        assert shop.put(f"/v1/invoices/{draft['id']}", VACUUM, {"If-Match": '"7"'}).status == 412
        dearer = [{**VACUUM["lines"][0], "unitAmount": 8000}]
        reply = change(shop, draft, lines=dearer)
        assert reply.status == 200 and reply.data["totals"]["total"] == 8800 and reply.data["status"] == "draft", reply
        reply = change(shop, draft, decision="issued")
        assert reply.status == 200 and reply.data["number"] and reply.data["status"] == "open", reply
        assert anybody.get(f"/pay/{draft['token']}").status == 200
        reply = change(shop, draft, lines=VACUUM["lines"])
        assert reply.status == 409 and reply.error()[1] == "lines", reply
        assert change(shop, draft, privateNotes="call them").status == 200
        assert read(shop, draft)["totals"]["total"] == 8800
        for body, path in (({}, "currency"), ({**VACUUM, "customer": {}}, "customer.name"), ({**VACUUM, "totals": {"total": 1}}, "totals.total"),
                           ({**VACUUM, "lines": []}, "lines"), ({**VACUUM, "kind": "credit_note"}, "kind")):
            refused = shop.post("/v1/invoices", body, {"Idempotency-Key": os.urandom(4).hex()})
            assert refused.status == 400 and refused.error()[1] == path, f"{json.dumps(body)}: {refused}"
        relay.audit()


def lists():
    with Relay() as relay:
        shop = relay.add_merchant()
        made = [make(shop, VACUUM, reference=f"PO-{number}") for number in range(5)]
        seen, cursor = [], ""
        while cursor is not None:
            reply = shop.get("/v1/invoices?limit=2" + (f"&cursor={cursor}" if cursor else ""))
            assert reply.status == 200, reply
            seen += [row["id"] for row in reply.data]
            cursor = reply.json["pagination"]["nextCursor"]
        assert seen == [one["id"] for one in reversed(made)], seen
        assert [row["reference"] for row in shop.get("/v1/invoices?q=po-3").data] == ["PO-3"]
        assert len(shop.get("/v1/invoices?status=open").data) == 5 and shop.get("/v1/invoices?status=paid").data == []
        for query in ("status=lost", "customerId=5", "limit=0", "limit=101", "colour=red", "cursor=x"):
            assert shop.get(f"/v1/invoices?{query}").status == 400, query
        links = shop.get("/v1/links").data
        assert links == [], f"an invoice's link is its own: {links}"
        relay.audit()


def looked_at():
    """Fetching changes nothing; the page's script says that somebody looked, and it counts once."""
    with Relay() as relay:
        shop, anybody = relay.add_merchant(), Client(relay.port)
        invoice = make(shop, VACUUM)
        before = len(shop.events())
        for _ in range(3):
            page = anybody.get(path_of(invoice["url"]))
            assert f'data-seen="/pay/{invoice["token"]}/seen"' in page.text
        assert len(shop.events()) == before, "a GET changed something"
        assert anybody.post(f"/pay/{invoice['token']}/seen").status == 204
        assert anybody.request("POST", f"/pay/{invoice['token']}/seen").status == 204
        now = read(shop, invoice)
        assert now["viewedAt"] and now["status"] == "viewed", now
        assert [event["type"] for event, _ in shop.events()][before:] == ["invoice.viewed"]
        wait_for("the page to know", lambda: "data-seen" not in anybody.get(path_of(invoice["url"])).text)
        assert anybody.post(f"/pay/{'0' * 64}/seen").status == 404
        link = shop.create(currency="EUR", amount=100)
        assert anybody.post(f"/pay/{link['token']}/seen").status == 204
        relay.audit()


tap.run([
    ("made, numbered, and told field by field", made_and_told),
    ("several rates", several_rates),
    ("paid over the public API", paid_over_the_api),
    ("in parts, the first at least so much", in_parts),
    ("by plan: this part, or all", by_plan),
    ("cash, credit notes, and too much", cash_and_credit),
    *([] if ON_POSTGRES else [("answers that were lost", answers_that_were_lost)]),
    ("one after another", one_after_another),
    ("withdrawn, and given another address", ends),
    ("the address runs out", expires),
    ("drafts change, issued ones do not", drafts),
    ("lists", lists),
    ("looked at", looked_at),
])
