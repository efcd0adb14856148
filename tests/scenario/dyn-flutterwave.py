#!/usr/bin/python3
# tests/scenario/dyn-flutterwave.py: the card-and-link API over Flutterwave's adapter and its stand-in: cards by token and on the hosted
# page, answers that get lost, a relay that is killed on the way; and no token in any log, file or answer.
# proves: DYN-5, DYN-6, DYN-10
import json
import os
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import tap
from dyn_page import DynPage, refused
from jose import Jose
from relay import wait_for
from shop import Shop

EMAIL = "customer@example.com"
LINK = {"email": EMAIL, "base_currency": "NGN", "modes": ["CARD"], "amount": 1250.75}


def told(story, agree=True):
    def test():
        with Shop("flutterwave") as shop:
            story(shop)
            shop.company.settle()
            if agree:
                shop.agree()
    return test


def page_of(shop):
    return DynPage(shop.merchant, jose, **LINK)


def token_of(shop, card="pays"):
    return shop.company.new_token(shop.account.id, EMAIL, card)


def charges(shop):
    """Transactions at the company."""
    return list(shop.company.transactions.values())


def balance(shop):
    reply = shop.merchant.get("/api/pay/balance")
    assert reply.status == 200, reply
    return {one["currency"]: one["amount"] for one in reply.json["data"]["balances"]}


def ended(page, reference):
    def ask():
        reply = page.verify(reference)
        assert reply.status == 200, reply
        return reply.json["data"] if reply.json["data"]["status"] != "pending" else None
    return wait_for("an end", ask, 30)


def paid_by_token(shop):
    page = page_of(shop)
    added = page.add({"paymentType": "CARD", "token": token_of(shop), "email": EMAIL, "amount": 1250.75, "currency": "NGN"})
    assert added.status == 200, added
    data = added.json["data"]
    assert (data["status"], data["amount"], data["base_currency"], data["redirect"]) == ("successful", 1250.75, "NGN", None), data
    done = page.verify(data["transaction_reference"]).json["data"]
    assert (done["status"], done["link_status"], done["credited"]) == ("successful", "successful", 1250.75), done
    charge = charges(shop)[0]
    for name in (charge["flw_ref"], str(charge["id"]), charge["payment"]["tx_ref"], page.made["transaction_id"]):
        assert page.verify(name).json["data"] == done, name
    refused(page.verify("FLW-STAND-IN-0"), 404)
    assert balance(shop) == {"NGN": 1250.75}, balance(shop)
    payment = shop.merchant.payments(page.made["link_id"])[0]
    assert (payment["gateway"], payment["status"], payment["amount"]) == ("flutterwave", "succeeded", 125075), payment
    assert len(charges(shop)) == 1


def declined_then_paid(shop):
    page = page_of(shop)
    data = page.add({"token": token_of(shop, "declines")}).json["data"]
    assert data["status"] == "failed" and page.verify(data["transaction_reference"]).json["data"]["link_status"] == "failed", data
    assert balance(shop) == {}
    wrong = page.add({"token": "flw-t1nf-00000000000000000000000000000000-m03k"})     # of nobody
    assert wrong.status == 200 and wrong.json["data"]["status"] == "failed", wrong
    again = page.add({"token": token_of(shop)}).json["data"]
    assert again["status"] == "successful" and balance(shop) == {"NGN": 1250.75}, again


def asked_by_the_bank(shop):
    for word, end in (("refuse", "failed"), ("approve", "successful")):
        page = page_of(shop)
        data = page.add({"gateway": "flutterwave", "token": token_of(shop, "asks")}).json["data"]
        assert data["status"] == "pending" and data["redirect"].startswith(shop.company.url), data
        payer = shop.payer()
        payer.open(data["redirect"])
        payer.answer(word)
        done = ended(page, data["transaction_reference"])
        assert done["status"] == end, (word, done)
        assert done["credited"] == (1250.75 if end == "successful" else 0), done


def paid_on_the_hosted_page(shop):
    page = page_of(shop)
    data = page.add({"paymentType": "CARD"}).json["data"]
    assert data["status"] == "pending" and data["redirect"].startswith(shop.company.url), data
    payer = shop.payer()
    payer.open(data["redirect"])
    payer.type_card(shop.company.CARDS["pays"])
    done = ended(page, data["transaction_reference"])
    assert done["status"] == "successful" and balance(shop) == {"NGN": 1250.75}, done


def charged_once(shop, page, jwe):
    """However it went: the same payload again and again, and the money has come exactly once."""
    reply = wait_for("an answer", lambda: (lambda r: r if r.status == 200 else None)(page.add(jwe=jwe)), 40)
    done = ended(page, reply.json["data"]["transaction_reference"])
    assert (done["status"], done["credited"]) == ("successful", 1250.75), done
    assert page.add(jwe=jwe).body == reply.body
    assert [one["status"] for one in charges(shop)] == ["successful"], charges(shop)
    assert len(shop.merchant.payments(page.made["link_id"])) == 1


def answers_get_lost(shop):
    for kind in ("lost", "cut", "500-after", "nonsense-after"):
        shop.company.transactions.clear()
        page = page_of(shop)
        shop.company.fault("charge", kind)
        jwe = page.seal({"token": token_of(shop)})
        first = page.add(jwe=jwe)
        assert first.status in (200, 409, 502, 503, 504), first
        charged_once(shop, page, jwe)
    shop.company.settle()


def in_a_hurry(shop):
    """Eight times at once, with a slow company."""
    page = page_of(shop)
    shop.company.fault("charge", "slow", seconds=1)
    jwe = page.seal({"token": token_of(shop)})
    replies = []
    threads = [threading.Thread(target=lambda: replies.append(page.add(jwe=jwe))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {reply.status for reply in replies} <= {200, 409}, replies
    charged_once(shop, page, jwe)


def killed_on_the_way(shop):
    """kill -9 while the company charges the card: nobody has been told, and the payload comes again."""
    page = page_of(shop)
    shop.company.fault("charge", "slow", seconds=2)
    jwe = page.seal({"token": token_of(shop)})

    def add():
        try:
            page.add(jwe=jwe)
        except OSError:
            pass
    thread = threading.Thread(target=add)
    thread.start()
    wait_for("the charge", lambda: charges(shop))
    shop.relay.restart()
    thread.join()
    charged_once(shop, page, jwe)


def the_amount_is_compared(shop):
    """DYN-6: what the company says it took is not what was asked: nothing is settled, and the merchant is told."""
    page = page_of(shop)
    data = page.add({"token": token_of(shop, "asks")}).json["data"]
    payer = shop.payer()
    payer.open(data["redirect"])
    shop.company.change(charges(shop)[0]["payment"]["tx_ref"], amount=100)
    payer.answer("approve")
    wait_for("the flags", lambda: sorted(shop.merchant.link(page.made["link_id"])["flags"]) == ["amount_mismatch", "quarantined"])
    told_now = page.verify(data["transaction_reference"]).json["data"]
    assert (told_now["status"], told_now["link_status"], told_now["credited"]) == ("pending", "pending", 0), told_now
    assert balance(shop) == {}


def no_token_is_seen(shop):
    page = page_of(shop)
    paying = token_of(shop)
    replies = [page.add({"token": token_of(shop, "declines")}), page.add({"token": paying}), page.add({"token": paying, "surplus": 1}),
               page.add({"token": paying, "gateway": "mock"}), page.add({"token": paying, "amount": 1})]
    replies += [page.add({"token": paying, "gateway": name}) for name in ("stripe", "razorpay", "nobody")]
    assert [reply.status for reply in replies] == [200, 200] + 6 * [400], replies
    places = {"the answers": b"".join(reply.body for reply in replies), "the events": json.dumps([e for e, _ in shop.merchant.events()]).encode(),
              "the payments": json.dumps(shop.merchant.payments()).encode()}
    shop.relay.stop()
    places["the log"] = shop.relay.read_log().encode()
    for folder, _, names in os.walk(shop.relay.folder):
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                places[os.path.relpath(os.path.join(folder, name), shop.relay.folder)] = file.read()
    for token in shop.company.tokens:
        for place, content in places.items():
            assert token.encode() not in content, f"{token[:12]}… is in {place}"
    shop.relay.start()


STORIES = [("paid by token", told(paid_by_token)), ("declined, of nobody, then paid", told(declined_then_paid)),
           ("asked by the bank", told(asked_by_the_bank)), ("paid on the hosted page", told(paid_on_the_hosted_page)),
           ("answers get lost", told(answers_get_lost)), ("in a hurry", told(in_a_hurry)), ("killed on the way", told(killed_on_the_way)),
           ("the amount is compared", told(the_amount_is_compared, agree=False)), ("no token is seen anywhere", told(no_token_is_seen))]

if __name__ == "__main__":
    jose = Jose()
    try:
        tap.run(STORIES)
    finally:
        jose.close()
