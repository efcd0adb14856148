#!/usr/bin/python3
"""mail-message.py PROGRAM: mails built from hostile fields, read by Python's e-mail parser: exactly the intended
recipient, the intended parts, and every text as it was meant. The program is mail-samples.c."""
import base64
import email
import email.policy
import email.utils
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))
import tap

PDF = b"%PDF-1.5\n\0\r\n.\r\nbinary\xff\n"
PLAIN = ("The Vacuum Shop", "The Vacuum Shop", "Ana", "ana@example.org", "Invoice INV-1", "Hello\n\nBye\n", "<p>Hello</p>\n", "Invoice INV-1.pdf")
ATTACKS = [
    "x\r\nBcc: thief@evil.example", "x\nBcc: thief@evil.example", "x\rBcc: thief@evil.example", "x\r\n\r\nbody of mine",
    "x\r\n Bcc: thief@evil.example", "\r\nTo: thief@evil.example", "\"><thief@evil.example>", "a\", <thief@evil.example>, \"b",
    "a <thief@evil.example>", "thief@evil.example, other@evil.example", "group: thief@evil.example;", "(comment) thief@evil.example",
    "=?utf-8?Q?=0D=0ABcc:_thief@evil.example?=", "=?utf-8?B?DQpCY2M6IHRoaWVmQGV2aWwuZXhhbXBsZQ==?=", "x\u2028Bcc: thief@evil.example",
    "x\u0085Bcc: thief@evil.example", "x\x0bBcc: a@evil.example", "x\x00Bcc: a@evil.example", "\u202Eevil", "\\", "\\\"", "\"", "<", ">", ",;:@[]",
    "--boundary\r\nContent-Type: text/html\r\n\r\n<script>", ".\r\nMAIL FROM:<thief@evil.example>", "x" * 5000, "é" * 400,
    "Müller & Söhne", "شركة", "株式会社", "👩‍💻 emoji", " spaces ", "\t", "%0d%0aBcc: thief@evil.example", "../../etc/passwd", "a;b=\"c\".pdf",
    "undisclosed-recipients:;", "From: x", "x\r\nContent-Type: multipart/mixed; boundary=a",
]


def build(program, samples):
    text = "".join(" ".join(base64.b64encode(field.encode()).decode() for field in sample) + "\n" for sample in samples)
    out = subprocess.run([program], input=text, capture_output=True, text=True, check=True).stdout.split()
    assert len(out) == len(samples), f"{len(out)} mails of {len(samples)}"
    return [base64.b64decode(line) for line in out]


def line_of(text):
    """What a header may hold of @text: one line."""
    text = text.split("\x00")[0][:200]
    text = text.replace("=?", "= ?")
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", " ", text).strip()


def check(raw, sample):
    from_name, reply_name, to_name, to, subject, plain, html, file_name = sample
    assert b"\r\n" in raw and not re.search(rb"(?<!\r)\n|\r(?!\n)", raw), "a bare CR or LF"
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998, "a line that is too long"
    raw.decode("ascii")
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert not mail.defects, mail.defects
    names = sorted(name.lower() for name in mail.keys())
    assert names == sorted(["from", "reply-to", "to", "subject", "date", "message-id", "auto-submitted", "content-language",
                            "mime-version", "content-type"]), names
    for field, address, name in (("From", "relay@pay.example", from_name), ("Reply-To", "seller@shop.example", reply_name),
                                 ("To", to, to_name)):
        found = mail[field].addresses
        assert [one.addr_spec for one in found] == [address], (field, str(mail[field]))
        assert same(found[0].display_name, line_of(name)), (field, found[0].display_name, line_of(name))
        old = email.utils.getaddresses([str(email.message_from_bytes(raw)[field])])     # another reader sees no more
        assert len(old) == 1 and old[0][1] == address, old
    assert same(mail["Subject"], line_of(subject)), (str(mail["Subject"]), line_of(subject))
    assert mail["Message-ID"] == "<%s@pay.example>" % digest(), mail["Message-ID"]
    assert mail["Auto-Submitted"] == "auto-generated" and mail["Content-Language"] == "es"
    assert email.utils.parsedate_to_datetime(mail["Date"]).timestamp() == 1796119200
    texts, pdf = mail.get_payload()
    assert mail.get_content_type() == "multipart/mixed" and texts.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in texts.get_payload()] == ["text/plain", "text/html"]
    assert pdf.get_content_type() == "application/pdf" and pdf.get_content() == PDF and pdf.get_content_disposition() == "attachment"
    for part, text in zip(texts.get_payload(), (plain, html)):
        assert part.get_content_charset() == "utf-8"
        assert part.get_payload(decode=True).decode().replace("\r\n", "\n") == text.split("\x00")[0].replace("\r\n", "\n"), text
    assert not [part for part in mail.walk() if part.defects], "defects"


def same(found, meant):
    """Long lines are folded, at blanks or, where there are none, anywhere."""
    return "".join(str(found).split()) == "".join(meant.split())


def digest():
    import hashlib
    return hashlib.sha256(b"evt_01k0000000000000000000000|invoice").hexdigest()


def plain_mail():
    check(build(sys.argv[1], [PLAIN])[0], PLAIN)


def injections():
    """Every attack in every header's field: no header, no recipient more."""
    samples = []
    for attack in ATTACKS:
        for field in (0, 1, 2, 4, 7):
            samples.append(tuple(attack if i == field else text for i, text in enumerate(PLAIN)))
        samples.append(tuple(attack if i in (0, 1, 2, 4, 7) else text for i, text in enumerate(PLAIN)))
    for raw, sample in zip(build(sys.argv[1], samples), samples):
        check(raw, sample)


def texts():
    """Bodies with long lines, dots, boundaries, and letters of every kind arrive as they were."""
    bodies = ["a" * 3000, "From here\n.\n..\n", "=3D =20\nä ß 漢字\n", "trailing blank \n\ttab\t\n", "--\n", "\n\n\n", "no end"]
    bodies += [attack for attack in ATTACKS if "\x00" not in attack and "\r" not in attack.replace("\r\n", "")]
    samples = [PLAIN[:5] + (body, f"<p>{body}</p>") + PLAIN[7:] for body in bodies]
    for raw, sample in zip(build(sys.argv[1], samples), samples):
        check(raw, sample)


if __name__ == "__main__":
    tap.run([("a plain mail", plain_mail), ("injections", injections), ("texts", texts)])
