# tests/support/buyer.py — a buyer whose browser runs no scripts: keeps cookies, follows redirects, fills forms in.
import html.parser
import urllib.parse

from relay import Client, path_of


class Form(html.parser.HTMLParser):
    """Every form of a page: where it goes and what it would send as it stands."""

    def __init__(self, text):
        super().__init__()
        self.forms = []
        self.links = []
        self.inside = None
        self.text = []
        self.hidden = 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        if tag in ("style", "script", "title"):
            self.hidden += 1
        if tag == "a" and names.get("href"):
            self.links.append(names["href"])
        if tag == "form":
            self.inside = {"action": names.get("action", ""), "method": names.get("method", "get").lower(), "fields": {},
                           "buttons": []}
            self.forms.append(self.inside)
        if self.inside is None:
            return
        if tag == "input" and names.get("name"):
            kind = names.get("type", "text")
            if kind in ("radio", "checkbox") and "checked" not in names:
                self.inside["fields"].setdefault(names["name"], None)
            else:
                self.inside["fields"][names["name"]] = names.get("value", "")
        elif tag in ("select", "textarea") and names.get("name"):
            self.inside["fields"].setdefault(names["name"], "")
        elif tag == "button" and names.get("name"):
            self.inside["buttons"].append((names["name"], names.get("value", "")))

    def handle_endtag(self, tag):
        if tag in ("style", "script", "title"):
            self.hidden -= 1
        if tag == "form":
            self.inside = None

    def handle_data(self, data):
        if not self.hidden:
            self.text.append(data)


class Buyer:
    """One browser. `page` is the newest page, `place` its path."""

    def __init__(self, relay):
        self.relay = relay
        self.client = Client(relay.port)
        self.cookies = {}
        self.page = None
        self.place = "/"
        self.visited = []

    def close(self):
        self.client.close()

    def fetch(self, method, url, body=None, headers=None):
        """One request with cookies; redirects are followed by GET, as browsers do after a 303."""
        for _ in range(10):
            sent = {"Accept-Language": "en", "Accept": "text/html", **(headers or {})}
            if self.cookies:
                sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            if body is not None:
                sent["Content-Type"] = "application/x-www-form-urlencoded"
            self.place = path_of(url)
            self.page = self.client.request(method, self.place, body, sent)
            self.visited.append((method, self.place.split("?")[0], self.page.status))
            for cookie in self.page.cookies:
                name, _, value = cookie.split(";")[0].partition("=")
                self.cookies[name] = value
            if self.page.status != 303:
                return self.page
            method, body = "GET", None
            url = urllib.parse.urljoin(self.relay.url() + self.place, self.page.headers["location"])
        raise AssertionError(f"redirected without end: {self.visited[-10:]}")

    def open(self, url):
        return self.fetch("GET", url)

    def forms(self):
        return Form(self.page.text).forms

    def text(self):
        """What stands on the page, as one line."""
        return " ".join(" ".join(Form(self.page.text).text).split())

    def form_to(self, part):
        """The first form whose action has @part in it."""
        for form in self.forms():
            if part in (form["action"] or self.place) and form["method"] == "post":
                return form
        raise AssertionError(f"no form to {part} on {self.place}: {self.page}")

    def follow(self, part):
        """The first link of the page that has @part in it."""
        for href in Form(self.page.text).links:
            if part in href:
                return self.open(urllib.parse.urljoin(self.relay.url() + self.place, href))
        raise AssertionError(f"no link to {part} on {self.place}: {self.page}")

    def submit(self, form, **values):
        fields = {name: value for name, value in form["fields"].items() if value is not None}
        fields.update({name: str(value) for name, value in values.items() if value is not None})
        target = urllib.parse.urljoin(self.relay.url() + self.place, form["action"] or self.place)
        return self.fetch("POST", target, urllib.parse.urlencode(fields))

    def begin(self, link_url=None, **values):
        """Sends the payment form of the link's page; ends on the provider's card form, or on a page that says why not."""
        if link_url is not None:
            self.open(link_url)
        return self.submit(self.form_to("/pay/"), **values)

    def at_card(self):
        return self.place.startswith("/mock/pay/")

    def at_challenge(self):
        return self.place.startswith("/mock/challenge/")

    def type_card(self, number):
        """Types a card into the provider's form; ends on the challenge or back on the link's page."""
        assert self.at_card(), f"not on the card form but on {self.place}: {self.page}"
        return self.submit(self.form_to("/mock/pay/"), number=number, expiry="12/39", cvc="123")

    def answer(self, word):
        assert self.at_challenge(), f"not on the challenge but on {self.place}: {self.page}"
        return self.submit(self.form_to("/mock/challenge/"), answer=word)

    def pay(self, link_url, number="4242424242424242", **values):
        """The whole way; approves a challenge when there is one."""
        self.begin(link_url, **values)
        self.type_card(number)
        if self.at_challenge():
            self.answer("approve")
        return self.page
