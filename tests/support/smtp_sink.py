#!/usr/bin/python3
"""A mail server on loopback (aiosmtpd) that keeps what it takes and refuses what it is told to refuse.

As a module: Sink (…) runs it on a thread. As a program it prints "PORT <n>" and then one JSON line per mail:
    smtp_sink.py [--starttls] [--implicit] [--name HOST] [--auth USER:PASSWORD] [--certificate FILE]
The recipient's local part says how it is treated:
    grey…      451 at RCPT the first time, then taken         later…    451 at RCPT, always
    no…        550 at RCPT                                    spam…     554 after the text
    busy…      452 after the text, the first time             hang…     no answer after the text
    drop…      the connection ends after the text, without an answer, the first time
and a sender whose local part begins with "foreign" is refused at MAIL (553)."""
import argparse
import asyncio
import json
import logging
import os
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import warnings

from aiosmtpd.smtp import SMTP, AuthResult

# Clients that are killed are what we are here for; and it says that a member is old that we do not use.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)
logging.getLogger("asyncio").setLevel(logging.CRITICAL)
warnings.filterwarnings("ignore", category=DeprecationWarning, module="aiosmtpd")


def make_certificate(folder, name="localhost"):
    """(certificate, key) of a self-signed certificate for @name; the certificate is its own authority."""
    certificate, key = os.path.join(folder, f"{name}.crt"), os.path.join(folder, f"{name}.key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-days", "30", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}",
                    "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return certificate, key


class Handler:
    def __init__(self, sink):
        self.sink = sink

    async def handle_MAIL(self, server, session, envelope, address, options):
        if address.startswith("foreign"):
            return "553 5.7.1 not an address of yours"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        seen = self.sink.seen(("rcpt", address))
        if address.startswith("later") or (address.startswith("grey") and seen == 1):
            return "451 4.7.1 please try again later"
        if address.startswith("no"):
            return "550 5.1.1 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        to = envelope.rcpt_tos[0]
        seen = self.sink.seen(("data", to))
        if to.startswith("spam"):
            return "554 5.7.1 we do not like this"
        if to.startswith("busy") and seen == 1:
            return "452 4.2.2 mailbox full"
        if to.startswith("hang"):
            await asyncio.sleep(3600)
        if to.startswith("drop") and seen == 1:
            server.transport.abort()
            return "250 nobody hears this"
        self.sink.take(session, envelope)
        return "250 2.0.0 taken"


class Sink:
    """Mails it took: {"from", "to", "data", "tls", "login", "connection"}, in order."""

    def __init__(self, starttls=False, implicit=False, certificate=None, key=None, auth=None, port=0, delay=0, keep=True,
                 tell=None):
        self.mails, self.counts, self.connections, self.taken = [], {}, 0, 0
        self.keep, self.tell, self.delay = keep, tell, delay
        self.lock = threading.Lock()
        self.context = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate, key)
        self.options = {"enable_SMTPUTF8": True, "hostname": "sink.example"}
        if starttls:
            self.options["tls_context"] = self.context
        if auth:
            user, password = auth
            self.options.update(auth_required=True, auth_require_tls=starttls, authenticator=lambda *a: AuthResult(
                success=a[-1].login == user.encode() and a[-1].password == password.encode(), handled=False))
        self.implicit = implicit
        self.loop = asyncio.new_event_loop()
        self.port = None
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self.run, args=(port,), daemon=True)
        self.thread.start()
        self.ready.wait(20)
        assert self.port, "the mail server did not start"

    def factory(self):
        self.connections += 1
        return SMTP(Handler(self), loop=self.loop, **self.options)

    def run(self, port):
        asyncio.set_event_loop(self.loop)
        self.server = self.loop.run_until_complete(self.loop.create_server(
            self.factory, "127.0.0.1", port, ssl=self.context if self.implicit else None))
        self.port = self.server.sockets[0].getsockname()[1]
        self.ready.set()
        self.loop.run_forever()

    def seen(self, what):
        self.counts[what] = self.counts.get(what, 0) + 1
        return self.counts[what]

    def take(self, session, envelope):
        data = envelope.original_content
        mail = {"from": envelope.mail_from, "to": list(envelope.rcpt_tos), "data": data.decode("ascii"),
                "tls": session.ssl is not None or self.implicit, "login": bool(session.authenticated),
                "connection": self.connections, "at": time.time()}
        with self.lock:
            self.taken += 1
            if self.keep:
                self.mails.append(mail)
        if self.tell:
            self.tell(mail)

    def stop(self):
        """Nobody listens any more; what is connected is cut off."""
        def end():
            self.server.close()
            for task in asyncio.all_tasks(self.loop):
                task.cancel()
            self.loop.call_later(0.1, self.loop.stop)
        self.loop.call_soon_threadsafe(end)
        self.thread.join(10)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--starttls", action="store_true")
    parser.add_argument("--implicit", action="store_true")
    parser.add_argument("--name", default="localhost")
    parser.add_argument("--auth")
    parser.add_argument("--certificate", help="where the certificate is written to")
    options = parser.parse_args()
    certificate = key = None
    with tempfile.TemporaryDirectory() as folder:
        if options.starttls or options.implicit:
            certificate, key = make_certificate(folder, options.name)
            if options.certificate:
                with open(certificate, "rb") as there, open(options.certificate, "wb") as here:
                    here.write(there.read())
        sink = Sink(options.starttls, options.implicit, certificate, key,
                    tuple(options.auth.split(":", 1)) if options.auth else None,
                    tell=lambda mail: print(json.dumps(mail), flush=True))
        print(f"PORT {sink.port}", flush=True)
        sys.stdin.read()                    # until whoever started us is gone


if __name__ == "__main__":
    main()
