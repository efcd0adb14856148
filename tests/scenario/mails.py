#!/usr/bin/python3
"""Mails of the real relay to a real mail server over TLS, read by Python's e-mail parser: an invoice from the API to the mailbox,
paid by the link in the mail, the receipt; void, reminder by hand, another address; hostile texts in every field; a relay killed
between the server's yes and its own commit. proves: INV-10, INV-11, INV-12, DYN-10"""
import contextlib
import email
import email.policy
import html.parser
import os
import re
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import tap
from buyer import Buyer
from relay import Client, Relay, wait_for
from smtp_sink import Sink, make_certificate

FROM = "payments@pay.example"
OURS = {"from", "reply-to", "to", "subject", "date", "message-id", "auto-submitted", "content-language", "mime-version", "content-type"}


class Mail:
    """One mail that arrived, as its reader sees it."""

    def __init__(self, taken):
        self.envelope_from, self.envelope_to, self.tls, self.login = taken["from"], taken["to"], taken["tls"], taken["login"]
        self.message = email.message_from_bytes(taken["data"].encode("ascii"), policy=email.policy.default)
        assert not [part for part in self.message.walk() if part.defects], "defects"
        assert {name.lower() for name in self.message.keys()} == OURS, self.message.keys()
        assert len(self.message.keys()) == len(OURS), "a header is there twice"
        assert len(self.envelope_to) == 1, self.envelope_to
        self.to = self.address("To")
        assert self.envelope_to == [self.to], (self.envelope_to, self.to)
        assert self.message["Auto-Submitted"] == "auto-generated"
        self.id, self.subject = self.message["Message-ID"], str(self.message["Subject"])
        self.plain, self.html = self.text("text/plain"), self.text("text/html")
        self.pdfs = [part.get_content() for part in self.message.walk() if part.get_content_type() == "application/pdf"]
        assert all(pdf.startswith(b"%PDF-") for pdf in self.pdfs)

    def address(self, field):
        found = self.message[field].addresses
        assert len(found) == 1, (field, str(self.message[field]))
        return found[0].addr_spec

    def text(self, kind):
        found = [part for part in self.message.walk() if part.get_content_type() == kind]
        assert len(found) == 1, kind
        return found[0].get_content()

    def link(self):
        """Where it is paid: the same address in both texts."""
        found = set(re.findall(r"https?://[^\s\"<>]+/pay/[0-9a-f]{64}", self.plain))
        assert len(found) == 1, found
        assert found.pop() in self.html, "another address in the HTML"
        return re.search(r"https?://[^\s\"<>]+/pay/[0-9a-f]{64}", self.plain)[0]


class Post(contextlib.ExitStack):
    """A relay with a mail server that wants TLS and a password. `mails()`: what arrived."""

    def __enter__(self):
        super().__enter__()
        self.folder = self.enter_context(tempfile.TemporaryDirectory())
        certificate, key = make_certificate(self.folder)
        self.password = os.path.join(self.folder, "password")
        with open(self.password, "w", encoding="ascii", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write("s3cret-of-mail\n")
        self.on_mail = lambda mail: None
        self.sink = Sink(starttls=True, certificate=certificate, key=key, auth=("relay", "s3cret-of-mail"),
                         tell=lambda mail: self.on_mail(mail))
        self.callback(self.sink.stop)
        self.relay = self.enter_context(Relay(smtp_url=f"smtp://localhost:{self.sink.port}", smtp_user="relay", mail_from=FROM,
                                              smtp_password_file=self.password, smtp_ca_file=certificate))
        self.shop = self.relay.add_merchant("The Vacuum Shop")
        self.profile(email="shop@vacuum.example", currency="AUD", timeZone="Australia/Sydney",
                     seller={"name": "The Vacuum Shop Pty Ltd"})
        # The first key makes keys with more rights.
        made = self.relay.command("api-key", "add", self.shop.id, "books", "--scopes", "invoices:rw links:rw payments:r", "--json")
        assert made.returncode == 0, made
        self.api = Client(self.relay.port, re.search(r'"key":\s*"([^"]+)"', made.stdout)[1])
        return self

    def profile(self, **change):
        now = self.shop.get("/v1/merchant").data
        reply = self.shop.put("/v1/merchant", {**now, **change})
        assert reply.status == 200, reply

    def mails(self, n=None):
        """All that arrived; waits until they are @n."""
        if n is not None:
            wait_for(f"{n} mails", lambda: len(self.sink.mails) >= n)
            assert len(self.sink.mails) == n, [mail["to"] for mail in self.sink.mails]
        return [Mail(mail) for mail in list(self.sink.mails)]

    def invoice(self, **more):
        reply = self.api.post("/v1/invoices", {"currency": "AUD", "decision": "issued",
                                               "customer": {"name": "Jane Citizen", "email": "jane@example.com"},
                                               "lines": [{"description": "Vacuum cleaner service", "unitAmount": 7500, "taxName": "GST",
                                                          "taxRate": "10"}], **more},
                              {"Idempotency-Key": f"t-{os.urandom(8).hex()}"})
        assert reply.status == 201, reply
        return reply.data

    def do(self, invoice, what, body=None):
        reply = self.api.post(f"/v1/invoices/{invoice['id']}/{what}", body or {}, {"Idempotency-Key": f"t-{os.urandom(8).hex()}"})
        assert reply.status in (200, 201, 202), reply

    def now(self, invoice):
        return self.api.get(f"/v1/invoices/{invoice['id']}").data

    def pending(self):
        with self.relay.books() as books:
            return books.execute("SELECT count(*) FROM mail WHERE state <> 'sent'").fetchone()[0]

    def events(self, kind):
        return [event for event, _ in self.shop.events() if event["type"] == kind]


def story():
    """The invoice is sent, the link taken from the mail, paid; the receipt and the notice come, once each."""
    with Post() as post:
        invoice = post.invoice()
        post.do(invoice, "send")
        mail, = post.mails(1)
        assert mail.tls and mail.login and mail.envelope_from == FROM, (mail.tls, mail.login)
        assert mail.to == "jane@example.com" and mail.message["To"].addresses[0].display_name == "Jane Citizen"
        sender = mail.message["From"].addresses[0]
        assert (sender.addr_spec, sender.display_name) == (FROM, "The Vacuum Shop") and mail.address("Reply-To") == "shop@vacuum.example"
        assert invoice["number"] in mail.subject and mail.subject.startswith("[TEST] "), mail.subject
        assert "82.50" in mail.plain and "82.50" in mail.html and len(mail.pdfs) == 1
        assert mail.link() == invoice["url"]
        wait_for("sent", lambda: post.now(invoice)["sentAt"])
        buyer = Buyer(post.relay)
        buyer.pay(mail.link())
        wait_for("paid", lambda: post.now(invoice)["status"] == "paid")
        receipt, notice = sorted(post.mails(3)[1:], key=lambda one: one.to)
        assert receipt.to == "jane@example.com" and len(receipt.pdfs) == 1 and "82.50" in receipt.plain
        assert notice.to == "shop@vacuum.example" and not notice.pdfs and "82.50" in notice.plain
        assert len({mail.id, receipt.id, notice.id}) == 3
        post.relay.restart()
        post.do(invoice, "send")                            # a copy of what is paid
        assert post.mails(4)[3].to == "jane@example.com"
        wait_for("written down", lambda: post.pending() == 0)
        assert len(post.events("invoice.sent")) == 2 and not post.events("mail.failed")
        reply = post.shop.post("/v1/payments", {"amount": 5000, "currency": "USD", "gateway": "mock"}, {"Idempotency-Key": "p"})
        assert reply.status == 201 and reply.data["status"] == "succeeded", reply
        with post.relay.books() as books:                   # a program of the merchant's own took it
            assert books.execute("SELECT count(*) FROM mail").fetchone()[0] == 4
        post.relay.stop()
        post.relay.audit()


def others():
    """Another address, a reminder by hand, void, a bounce; a draft and a paid one are refused."""
    with Post() as post:
        invoice = post.invoice()
        post.do(invoice, "send", {"to": "boss@example.com"})
        assert post.mails(1)[0].to == "boss@example.com"
        post.do(invoice, "remind")
        reminder = post.mails(2)[1]
        assert reminder.to == "jane@example.com" and reminder.link() == invoice["url"]
        wait_for("reminded", lambda: post.events("invoice.reminded"))
        post.do(invoice, "void", {"reason": "wrong price"})
        told = post.mails(len(post.sink.mails) if len(post.sink.mails) > 2 else 3)
        assert all(mail.to in ("jane@example.com", "boss@example.com") for mail in told[2:])
        bad = post.invoice(customer={"name": "Nobody", "email": "nobody@example.com"})
        post.do(bad, "send")
        failed = wait_for("the bounce", lambda: post.events("mail.failed"))[0]["object"]
        assert failed["invoiceId"] == bad["id"] and failed["to"] == "nobody@example.com" and "550" in failed["reason"], failed
        done = post.relay.command("merchant", "mail-from", post.shop.id, "billing@vacuum.example")
        assert done.returncode == 0, done
        count = len(post.sink.mails)
        post.do(post.invoice(customer={"name": "Eve", "email": "eve@example.com"}), "send")
        assert post.mails(count + 1)[-1].address("From") == "billing@vacuum.example"
        assert post.relay.command("merchant", "mail-from", post.shop.id, "not an address").returncode != 0
        assert "s3cret-of-mail" not in post.relay.read_log() and "@example.com" not in post.relay.read_log()
        post.relay.audit()


HOSTILE = ["\"><thief@evil.example>", "a\", <thief@evil.example>, \"b", "thief@evil.example, other@evil.example", "group: thief@evil.example;",
           "=?utf-8?Q?=0D=0ABcc:_thief@evil.example?=", "<script>alert(1)</script><img src=x onerror=alert(1)>", "--boundary", "\\\"", "Müller & Söhne",
           "شركة", "株式会社", "👩‍💻", "%0d%0aBcc: thief@evil.example", "{{number}} %s %n", "javascript:alert(1)", ".", "x" * 100]


class Markup(html.parser.HTMLParser):
    """What a browser would make of it."""

    def __init__(self, ours):
        super().__init__()
        self.ours = ours

    def handle_starttag(self, tag, attrs):
        assert tag not in ("script", "img", "iframe", "object", "embed", "form", "input", "link", "svg", "base", "video", "audio"), tag
        for name, value in attrs:
            assert not name.startswith("on") and name not in ("src", "background", "action"), (tag, name, value)
            if name == "href":
                assert value.startswith((self.ours, "mailto:")), value
            assert "url(" not in (value or "").lower() or name != "style", value

    handle_startendtag = handle_starttag


def check_markup(text, ours):
    parser = Markup(ours)
    parser.feed(text)
    parser.close()


def hostile():
    """In every text that a buyer or a merchant can write: one recipient, the headers that are ours, and no markup of theirs."""
    with Post() as post:
        for number, text in enumerate(HOSTILE):
            post.profile(name=text[:120], support=text[:200], mailGreeting=text, seller={"name": text, "contact": text})
            invoice = post.invoice(customer={"name": text, "email": f"jane{number}@example.com", "contact": text}, reference=text[:64], notes=text,
                                   footer=text, lines=[{"description": text, "unit": text[:20], "unitAmount": 100, "taxName": text[:40], "taxRate": "10"}])
            post.do(invoice, "send")
        arrived = post.mails(len(HOSTILE))
        assert sorted(mail.to for mail in arrived) == sorted(f"jane{number}@example.com" for number in range(len(HOSTILE)))
        for mail in arrived:
            assert mail.link().startswith(post.relay.url()) and len(mail.pdfs) == 1
            check_markup(mail.html, post.relay.url())
        # What cannot be in a line is refused where it comes in.
        reply = post.shop.put("/v1/merchant", {**post.shop.get("/v1/merchant").data, "name": "x\r\nBcc: thief@evil.example"})
        assert reply.status in (400, 422), reply


def killed():
    """kill -9 after the server took a mail and before that was written down: each is there at least once, and what is there
    twice has the same Message-ID."""
    with Post() as post:
        kills, wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 4, 12
        left, all_queued = [kills], threading.Event()

        def kill(mail):
            all_queued.wait(60)
            if left[0] and post.relay.running():
                left[0] -= 1
                post.relay.kill()                           # before the server's yes reaches it
        post.on_mail = kill
        for number in range(wanted):
            post.do(post.invoice(customer={"name": "Jane", "email": f"jane{number}@example.com"}), "send")
        all_queued.set()
        for _ in range(kills):
            wait_for("the kill", lambda: not post.relay.running())
            post.relay.start()
        wait_for("everything sent", lambda: post.relay.running() and post.pending() == 0)
        ids = {}
        for mail in post.mails():
            ids.setdefault(mail.to, set()).add(mail.id)
        assert sorted(ids) == sorted(f"jane{number}@example.com" for number in range(wanted)), ids
        assert all(len(found) == 1 for found in ids.values()), ids
        assert len(post.sink.mails) >= wanted + kills, "a kill came too late"
        tap.note(f"{len(post.sink.mails)} mails of {wanted}, {kills - left[0]} kills")
        post.relay.audit()


def without():
    """A relay without mail server queues nothing, and says so."""
    with Relay() as relay:
        shop = relay.add_merchant()
        made = relay.command("api-key", "add", shop.id, "books", "--scopes", "invoices:rw", "--json")
        api = Client(relay.port, re.search(r'"key":\s*"([^"]+)"', made.stdout)[1])
        invoice = api.post("/v1/invoices", {"currency": "EUR", "decision": "issued", "customer": {"name": "Jane", "email": "jane@example.com"},
                                            "lines": [{"description": "x", "unitAmount": 100}]}, {"Idempotency-Key": "a"}).data
        reply = api.post(f"/v1/invoices/{invoice['id']}/send", {}, {"Idempotency-Key": "b"})
        assert reply.status == 409 and "no mail" in reply.text, reply
        Buyer(relay).pay(invoice["url"])
        with relay.books() as books:
            assert books.execute("SELECT count(*) FROM mail").fetchone()[0] == 0


if __name__ == "__main__":
    tap.run([("an invoice, paid by the mail", story), ("other mails", others), ("hostile texts", hostile), ("killed", killed),
             ("without a mail server", without)])
