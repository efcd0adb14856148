# tests/support/payer.py — a payer whose browser runs no scripts and goes from the relay's page to a provider's hosted page and
# back: cookies per host, redirects by GET, forms as they stand.
import http.client
import urllib.parse

from buyer import Form
from relay import PATIENCE, Reply


class Payer:
    """One browser. `page` is the newest page, `url` its address; `trail` every request: (method, address, status);
    `cut`: the relay went away in the middle."""

    def __init__(self, relay, stand_in=None):
        self.relay, self.stand_in = relay, stand_in
        self.cookies, self.page, self.url, self.trail, self.cut = {}, None, relay.url(), [], False

    def fetch(self, method, url, body=None):
        for _ in range(10):
            self.url = urllib.parse.urljoin(self.url, url)
            parts = urllib.parse.urlsplit(self.url)
            assert parts.hostname == "127.0.0.1", f"sent to {self.url}"
            self.page = self.ask(method, parts, body)
            self.trail.append((method, self.url, self.page.status))
            if self.page.status not in (301, 302, 303):
                return self.page
            method, body, url = "GET", None, self.page.headers["location"]
        raise AssertionError(f"redirected without end: {self.trail[-10:]}")

    def ask(self, method, parts, body):
        sent = {"Accept-Language": "en", "Accept": "text/html"}
        kept = self.cookies.setdefault(parts.netloc, {})
        if kept:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in kept.items())
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection(parts.netloc, timeout=PATIENCE)
        try:
            connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body, sent)
            response = connection.getresponse()
            reply = Reply(response, response.read())
        finally:
            connection.close()
        for cookie in reply.cookies:
            name, _, value = cookie.split(";")[0].partition("=")
            kept[name] = value
        return reply

    def open(self, url):
        return self.fetch("GET", url)

    def text(self):
        return " ".join(" ".join(Form(self.page.text).text).split())

    def at_relay(self):
        return self.url.startswith(self.relay.url() + "/")

    def at_provider(self):
        return self.stand_in is not None and self.url.startswith(self.stand_in.url + "/")

    def submit(self, form, **values):
        fields = {name: value for name, value in form["fields"].items() if value is not None}
        fields.update({name: str(value) for name, value in values.items() if value is not None})
        return self.fetch("POST", form["action"] or self.url, urllib.parse.urlencode(fields))

    def form(self, part=""):
        """The first form that posts to an address with @part in it."""
        for form in Form(self.page.text).forms:
            if form["method"] == "post" and part in (form["action"] or self.url):
                return form
        raise AssertionError(f"no form to {part or 'anything'} on {self.url}: {self.text()}")

    def begin(self, url, **values):
        """Sends the payment form of a link's page; what stands in the page's own fields may be given by name. Ends at the provider, or
        on a page that says why not. A provider that wants a form posted from the payer's browser gets it."""
        self.open(url)
        self.submit(self.form("/pay/"), **values)
        return self.page

    def type_card(self, number):
        assert self.at_provider(), f"not at the provider but on {self.url}: {self.page.status} {self.text()}"
        form = self.form()
        assert "number" in form["fields"], f"no card form on {self.url}: {self.text()}"
        return self.submit(form, number=number, expiry="12/39", cvc="123", do="pay")

    def at_challenge(self):
        return self.at_provider() and any(("answer", "approve") in form["buttons"] for form in Form(self.page.text).forms)

    def answer(self, word):
        assert self.at_challenge(), f"no challenge on {self.url}: {self.text()}"
        return self.submit(self.form(), answer=word)

    def cancels(self):
        assert self.at_provider(), f"not at the provider but on {self.url}: {self.text()}"
        return self.submit(self.form(), do="cancel")

    def state(self):
        """What the page's own poll says on the relay's page of the link this payer is on."""
        assert self.at_relay(), self.url
        path = "/".join(urllib.parse.urlsplit(self.url).path.split("/")[:3])
        return self.ask("GET", urllib.parse.urlsplit(f"{self.relay.url()}{path}/status"), None).json["state"]
