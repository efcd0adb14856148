# tests/support/story.py — the words in which scenarios are told. A story is a list of steps; each step names its people
# and things by labels, later steps refer to them, and every story ends with the audit.
import hashlib
import hmac
import json
import os
import time

from buyer import Buyer
from relay import Relay, path_of, wait_for

EXPONENTS = {"JPY": 0, "KRW": 0, "EUR": 2, "USD": 2, "MXN": 2, "KWD": 3, "BHD": 3, "CLF": 4}
CARDS = {"pays": "4242424242424242", "declines": "4000000000000002", "no funds": "4000000000009995",
         "asks": "4000002500003155"}


class World:
    """What a story has made so far."""

    def __init__(self, relay):
        self.relay = relay
        self.merchants = {}
        self.links = {}
        self.buyers = {}
        self.replies = {}

    def merchant(self, name="shop"):
        if name not in self.merchants:
            self.merchants[name] = self.relay.add_merchant(name)
        return self.merchants[name]

    def buyer(self, name):
        if name not in self.buyers:
            self.buyers[name] = Buyer(self.relay)
        return self.buyers[name]

    def url(self, link):
        return path_of(self.links[link]["url"])

    def now(self, link):
        """The link as the merchant's API shows it now."""
        kept = self.links[link]
        return self.merchant(kept["merchant"]).link(kept["id"])

    def payments(self, link):
        kept = self.links[link]
        return self.merchant(kept["merchant"]).payments(kept["id"])

    def close(self):
        for buyer in self.buyers.values():
            buyer.close()


class Step:
    """One sentence of a story."""

    def __init__(self, words, act):
        self.words = words
        self.act = act


def tell(steps, **settings):
    """A test that tells these steps to a new relay and ends with the audit, while it runs and after it stopped."""

    def test():
        with Relay(**settings) as relay:
            world = World(relay)
            try:
                for number, step in enumerate(steps, 1):
                    try:
                        step.act(world)
                    except Exception as failure:
                        raise AssertionError(f"step {number}, {step.words}: {failure}") from failure
                relay.audit()
                relay.stop()
                relay.audit()
            finally:
                world.close()

    return test


def minor(price):
    """"EUR 12.00" → ("EUR", 1200), exactly."""
    code, number = price.split(" ")
    whole, _, part = number.partition(".")
    assert len(part) == EXPONENTS[code], price
    return code, int(whole + part)


# ── The merchant ──────────────────────────────────────────────────────────────────────────────────────────────────────

def create_link(label, price=None, merchant="shop", **more):
    def act(world):
        link = {name: value() if callable(value) else value for name, value in more.items()}
        if price is not None:
            link["currency"], amount = minor(price)
            link.setdefault("amount", amount)
        made = world.merchant(merchant).create(**link)
        world.links[label] = {"id": made["id"], "url": made["url"], "token": made["token"], "merchant": merchant}
    return Step(f"create_link {label} {price}", act)


def decide(link, what, status=200):
    """"pause", "resume": by PUT with If-Match; "cancel": by DELETE."""
    def act(world):
        merchant, kept = world.merchant(world.links[link]["merchant"]), world.now(link)
        if what == "cancel":
            reply = merchant.delete(f"/v1/links/{kept['id']}")
        else:
            kept["decision"] = {"pause": "paused", "resume": "active"}[what]
            reply = merchant.put(f"/v1/links/{kept['id']}", kept, {"If-Match": f'"{kept["rev"]}"'})
        assert reply.status == status, reply
    return Step(f"{what} {link}", act)


def change_link(link, status=200, error=None, **changes):
    def act(world):
        merchant, kept = world.merchant(world.links[link]["merchant"]), world.now(link)
        kept.update(changes)
        reply = merchant.put(f"/v1/links/{kept['id']}", kept, {"If-Match": f'"{kept["rev"]}"'})
        assert reply.status == status, reply
        assert error is None or reply.error()[1] == error, reply
    return Step(f"change_link {link} {changes}", act)


def new_token(link):
    def act(world):
        kept = world.links[link]
        reply = world.merchant(kept["merchant"]).post(f"/v1/links/{kept['id']}/token")
        assert reply.status in (200, 201), reply
        assert reply.data["token"] != kept["token"]
        world.links[f"{link} before"] = dict(kept)
        kept.update(url=reply.data["url"], token=reply.data["token"])
    return Step(f"new_token {link}", act)


def change_merchant(merchant="shop", **changes):
    def act(world):
        client = world.merchant(merchant)
        profile = client.get("/v1/merchant").data
        rev = profile["rev"]
        profile.update(changes)
        reply = client.put("/v1/merchant", profile, {"If-Match": f'"{rev}"'})
        assert reply.status == 200, reply
    return Step(f"change_merchant {changes}", act)


# ── The buyers ────────────────────────────────────────────────────────────────────────────────────────────────────────

def open_page(buyer, link, status=200, says=None):
    def act(world):
        page = world.buyer(buyer).open(world.url(link))
        assert page.status == status, page
        assert says is None or says.lower() in world.buyer(buyer).text().lower(), \
            f"expected “{says}” in: {world.buyer(buyer).text()}"
    return Step(f"{buyer} opens {link}", act)


def begin(buyer, link, **form):
    """Sends the page's form; stands in front of the provider's card form afterwards."""
    def act(world):
        who = world.buyer(buyer)
        page = who.begin(world.url(link), **form)
        assert who.at_card(), f"did not come to the card form: {page.status} {who.text()}"
    return Step(f"{buyer} begins to pay {link}", act)


def goes_on(buyer, link):
    """Comes back to an attempt of their own and follows the page's way to the provider."""
    def act(world):
        who = world.buyer(buyer)
        who.open(world.url(link))
        who.follow("/mock/pay/")
        assert who.at_card(), f"did not come to the card form: {who.page.status} {who.text()}"
    return Step(f"{buyer} goes on paying {link}", act)


def refused(buyer, link, status, says=None, **form):
    """Sends the page's form, as somebody would whose page is old; is told why not."""
    def act(world):
        who = world.buyer(buyer)
        who.place = world.url(link)
        page = who.submit({"action": world.url(link), "fields": {}}, **form)
        assert not who.at_card() and page.status == status, f"{page.status}: {who.text()}"
        assert says is None or says.lower() in who.text().lower(), f"expected “{says}” in: {who.text()}"
    return Step(f"{buyer} is refused by {link}", act)


def types_card(buyer, card="pays"):
    return Step(f"{buyer} types the card that {card}", lambda world: world.buyer(buyer).type_card(CARDS[card]))


def answers(buyer, word):
    return Step(f"{buyer} answers {word}", lambda world: world.buyer(buyer).answer(word))


def pays(buyer, link, card="pays", **form):
    """The whole way with an approved challenge where there is one."""
    def act(world):
        world.buyer(buyer).pay(world.url(link), CARDS[card], **form)
    return Step(f"{buyer} pays {link}", act)


def walks_away(buyer):
    return Step(f"{buyer} walks away", lambda world: world.buyer(buyer).close())


def shows(buyer, state):
    """The state of the page this buyer stands on, as the page's own poll tells it."""
    def act(world):
        who = world.buyer(buyer)
        path = who.place.split("?")[0]
        assert path.startswith("/pay/"), f"on {who.place}"

        def ask():
            seen = who.client.get(f"{path}/status", {"Accept": "application/json", "Cookie": "; ".join(
                f"{name}={value}" for name, value in who.cookies.items())}).json
            ask.seen = seen
            return seen["state"] == state
        try:
            wait_for(f"{state}", ask)
        except AssertionError as failure:
            raise AssertionError(f"{failure}, saw {ask.seen}") from failure
    return Step(f"{buyer}'s page shows {state}", act)


# ── What must be true ─────────────────────────────────────────────────────────────────────────────────────────────────

def expect_link(link, **expected):
    """Members of the /v1 Link, waited for; flags as a set."""
    def act(world):
        def ask():
            ask.seen = world.now(link)
            return all(sorted(ask.seen[name]) == sorted(value) if name == "flags" else ask.seen[name] == value
                       for name, value in expected.items())
        try:
            wait_for(f"{link} {expected}", ask)
        except AssertionError as failure:
            seen = {name: ask.seen[name] for name in expected}
            raise AssertionError(f"{failure}, saw {seen}") from failure
    return Step(f"expect_link {link} {expected}", act)


def expect_payments(link, *states):
    """The states of all payments of a link, oldest first, waited for."""
    def act(world):
        def ask():
            ask.seen = [row["status"] for row in reversed(world.payments(link))]
            return ask.seen == list(states)
        try:
            wait_for(f"payments {states}", ask)
        except AssertionError as failure:
            raise AssertionError(f"{failure}, saw {ask.seen}") from failure
    return Step(f"expect_payments {link} {states}", act)


def expect_events(kind, count, merchant="shop"):
    """How many events of one type the log has: once, not twice."""
    def act(world):
        def ask():
            ask.seen = [event["type"] for event, _ in world.merchant(merchant).events()]
            return ask.seen.count(kind) >= count
        try:
            wait_for(f"{count} of {kind}", ask)  # what happens by itself takes the janitor a moment
        except AssertionError as failure:
            raise AssertionError(f"{failure}, saw {ask.seen}") from failure
        assert ask.seen.count(kind) == count, f"{ask.seen.count(kind)} of {kind} in {ask.seen}"
    return Step(f"expect_events {kind} {count}", act)


def expect_books_agree(merchant="shop"):
    """The company's books and ours name the same payments with the same amounts: nothing lost, nothing made up."""
    def act(world):
        def ask():
            with world.relay.books("mock") as books:
                theirs = {row[0]: row[1] for row in books.execute(
                    "SELECT id, captured FROM payments WHERE state = 'succeeded'")}
            ours = {row["providerPaymentId"]: row["amount"] for row in world.merchant(merchant).payments()
                    if row["status"] == "succeeded"}
            ask.seen = theirs, ours
            return theirs == ours
        try:
            wait_for("equal books", ask)
        except AssertionError as failure:
            raise AssertionError(f"{failure}: theirs {ask.seen[0]}, ours {ask.seen[1]}") from failure
    return Step("expect_books_agree", act)


# ── The provider, well and badly ──────────────────────────────────────────────────────────────────────────────────────

def endpoint(world, merchant="shop"):
    """(account, secret) at the company, from its own books."""
    owner = world.merchant(merchant).id
    with world.relay.books("mock") as books:
        rows = books.execute("SELECT account, secret FROM endpoints").fetchall()
    ours = world.relay.account_of(owner)
    return next((account, secret) for account, secret in rows if account == ours)


def signed(world, body, account, secret, at=None):
    """Sends @body as the company would have signed it."""
    stamp = str(int(time.time()) if at is None else at)
    mac = hmac.new(secret.encode(), f"{stamp}.{body}".encode(), hashlib.sha256).hexdigest()
    return world.merchant().request("POST", f"/webhooks/mock/{account}", body, {
        "Authorization": "", "Content-Type": "application/json", "Mock-Timestamp": stamp, "Mock-Signature": f"v1={mac}"})


def newest_event(world, link, kind="payment.succeeded"):
    """The company's newest event of that type about this link, as it was sent."""
    ids = {row["providerPaymentId"] for row in world.payments(link)}

    def ask():
        with world.relay.books("mock") as books:
            rows = books.execute("SELECT body FROM events ORDER BY rowid DESC").fetchall()
        bodies = [row[0] for row in rows if json.loads(row[0])["type"] == kind]
        return next((body for body in bodies if json.loads(body)["payment"]["id"] in ids), None)
    return wait_for(f"an event {kind}", ask)


def webhook_again(link, times=1, status=200):
    """The company sends its newest event once more, byte for byte, freshly signed."""
    def act(world):
        body = newest_event(world, link)
        account, secret = endpoint(world, world.links[link]["merchant"])
        for _ in range(times):
            reply = signed(world, body, account, secret)
            assert reply.status == status, reply
    return Step(f"webhook_again {link}", act)


def webhook_changed(link, status=200, change=None, kind="payment.succeeded", sender=None):
    """A genuinely signed event whose content was changed by @change(event): authentic is not valid."""
    def act(world):
        event = json.loads(newest_event(world, link, kind))
        event["id"] = f"me_{os.urandom(12).hex()}"
        if change is not None:
            change(event)
        account, secret = endpoint(world, sender or world.links[link]["merchant"])
        if sender is not None:
            event["account"] = account
        reply = signed(world, json.dumps(event), account, secret)
        assert reply.status == status, reply
    return Step(f"webhook_changed {link}", act)


def webhook_forged(link, status=401, **how):
    """A webhook that must not get past the signature: wrong key, old or future time."""
    def act(world):
        event = json.loads(newest_event(world, link, how.get("kind", "payment.created")))
        event.update(id=f"me_{os.urandom(12).hex()}", type="payment.succeeded")
        event["payment"].update(status="succeeded", captured=event["payment"]["amount"])
        account, secret = endpoint(world, world.links[link]["merchant"])
        reply = signed(world, json.dumps(event), account, how.get("secret", secret),
                       int(time.time()) + how["shift"] if "shift" in how else None)
        assert reply.status == status, reply
    return Step(f"webhook_forged {how}", act)


def kill_and_restart():
    def act(world):
        world.relay.restart()
        for client in [*world.merchants.values(), *(buyer.client for buyer in world.buyers.values())]:
            client.close()
    return Step("the relay is killed and started again", act)


def do(words, act):
    """A step that is told in its own words."""
    return Step(words, act)
