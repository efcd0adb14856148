#!/usr/bin/python3
# tests/scenario/attacks.py: stolen cards tried out from many addresses, and link tokens guessed: what the limits let
# through, what the merchant is told, and that an honest payer still gets through.
# proves: OPF-13
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import tap
from buyer import Buyer
from relay import Client, Relay, path_of

DECLINED = "4000000000000002"
LIMITED = {"rate_limits": "on", "trusted_proxies": "127.0.0.1"}


class From(Buyer):
    """A browser behind the trusted proxy, at an address of its own."""

    def __init__(self, relay, address):
        super().__init__(relay)
        self.address = address

    def fetch(self, method, url, body=None, headers=None):
        return super().fetch(method, url, body, {**(headers or {}), "X-Forwarded-For": self.address})


def address_of(number):
    return f"100.64.{number // 250}.{number % 250 + 1}"


def told(ana):
    return [event for event, _ in ana.events() if event["type"] == "merchant.card_testing"]


def cards_are_tested():
    with Relay(**LIMITED) as relay:
        ana = relay.add_merchant()
        links = [path_of(ana.create(currency="EUR", amount=100, title=f"Gift {n}", usage={"type": "unlimited"})["url"])
                 for n in range(4)]
        asked = None
        for number in range(70):                            # each card from an address that nobody saw before
            thief = From(relay, address_of(number))
            thief.begin(links[number % 4])
            if 'name="confirm"' in thief.page.text:
                asked = number
                break
            assert thief.at_card(), f"attempt {number}: {thief.page}"
            thief.type_card(DECLINED)
            thief.close()
        assert asked == 51, f"the step more came after {asked} declined cards"
        assert len(told(ana)) == 1 and told(ana)[0]["object"]["failed"] == 51, told(ana)
        assert "card_testing" in relay.read_log(), "no alarm"
        # Pressing again at once, with nothing, or with somebody else's code: asked again.
        thief.submit(thief.form_to("/pay/"))
        assert 'name="confirm"' in thief.page.text and not thief.at_card(), thief.page
        code = thief.form_to("/pay/")["fields"]["confirm"]
        other = From(relay, address_of(100))
        other.begin(links[0], confirm=code)
        assert 'name="confirm"' in other.page.text, other.page
        # Whoever means it waits three seconds.
        honest = From(relay, "198.51.100.7")
        honest.begin(links[1])
        assert "press the button again" in honest.text(), honest.text()
        time.sleep(4)
        honest.submit(honest.form_to("/pay/"))
        assert honest.at_card(), honest.page
        honest.type_card("4242424242424242")
        # And the attack goes on slowly: five a link and ten minutes, from however many addresses.
        begun = 0
        thieves = [From(relay, address_of(200 + number)) for number in range(12)]
        for one in thieves:
            one.begin(links[2])
        time.sleep(4)
        for one in thieves:
            one.submit(one.form_to("/pay/"))
            begun += one.at_card()
            assert one.at_card() or one.page.status == 429 and int(one.page.headers["retry-after"]) > 0, one.page
        assert begun == 5, f"{begun} attempts on one link"
        assert len(told(ana)) == 1 and len([row for row in ana.payments() if row["status"] == "succeeded"]) == 1
        relay.audit()


def tokens_are_guessed():
    with Relay(**LIMITED) as relay:
        ana = relay.add_merchant()
        link = ana.create(currency="EUR", amount=100, title="Hidden")
        client = Client(relay.port)

        def guess(address):
            path = f"/api/public/pay/{os.urandom(32).hex()}"
            return client.get(path, {"X-Forwarded-For": address}).status
        # One address: twenty tries, then one each ten seconds.
        answers = [guess("203.0.113.9") for _ in range(40)]
        assert answers[:20] == [404] * 20 and set(answers[20:]) == {429}, answers
        # One network of IPv6 is not as many as it has addresses.
        answers = [guess(f"2001:db8:7:{number:x}::1") for number in range(120)]
        assert answers.count(404) <= 81 and answers[-1] == 429, answers.count(404)
        # Many addresses: nobody is shut out, but somebody is called.
        answers = [guess(address_of(number)) for number in range(400)]
        assert set(answers) == {404}, set(answers)
        assert "token_guessing" in relay.read_log(), "no alarm"
        assert client.get(f"/api/public/pay/{link['token']}", {"X-Forwarded-For": "198.51.100.7"}).status == 200
        client.close()


def one_link_one_address():
    """The plain limits: five attempts for a link that one pays, ten an hour from one address."""
    with Relay(**LIMITED) as relay:
        ana = relay.add_merchant()
        single = path_of(ana.create(currency="EUR", amount=100, title="One")["url"])
        statuses = []
        for number in range(7):
            payer = From(relay, address_of(number))
            payer.begin(single)
            statuses.append(payer.page.status)
            if payer.at_card():
                payer.type_card(DECLINED)
        assert statuses == [200] * 5 + [429] * 2, statuses
        many = [path_of(ana.create(currency="EUR", amount=100, title=f"M{n}")["url"]) for n in range(12)]
        statuses = []
        for path in many:
            payer = From(relay, "198.51.100.8")
            payer.begin(path)
            statuses.append(payer.page.status)
        assert statuses == [200] * 10 + [429] * 2, statuses
        relay.audit()


if __name__ == "__main__":
    tap.run([
        ("stolen cards from many addresses", cards_are_tested),
        ("guessed tokens", tokens_are_guessed),
        ("a link's and an address's attempts", one_link_one_address),
    ])
