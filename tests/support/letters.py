# tests/support/letters.py — mails that came in at a smtp_sink, as their readers see them: parsed by Python's email, the PDF by
# poppler, its codes by zbar.
import email
import email.policy
import os
import re
import subprocess
import tempfile


def letters_to(sink, to, subject=""):
    """The mails to one address whose subject fits the pattern, oldest first."""
    found = [email.message_from_string(mail["data"], policy=email.policy.default)
             for mail in list(sink.mails) if mail["to"] == [to]]
    return [mail for mail in found if re.search(subject, mail["subject"])]


def text_of(mail, kind):
    return mail.get_body((kind,)).get_content()


def link_in(mail):
    """The address under which it is paid, from the plain text, as a person would take it."""
    found = re.findall(r"https?://\S+/pay/[0-9a-f]{64}", text_of(mail, "plain"))
    assert found, text_of(mail, "plain")
    assert found[0] in text_of(mail, "html")
    return found[0]


def pdf_of(mail):
    files = [part for part in mail.iter_attachments() if part.get_content_type() == "application/pdf"]
    assert len(files) == 1, [part.get_content_type() for part in mail.iter_attachments()]
    return files[0].get_content()


def read_pdf(data):
    """(text in reading order, texts of the QR codes)."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "it.pdf")
        with open(path, "wb") as file:
            file.write(data)
        words = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
        subprocess.run(["pdftoppm", "-r", "200", "-png", path, os.path.join(folder, "page")], check=True)
        pages = sorted(name for name in os.listdir(folder) if name.endswith(".png"))
        codes = subprocess.run(["zbarimg", "--quiet", "--raw", *[os.path.join(folder, name) for name in pages]],
                               capture_output=True, text=True, check=False).stdout
        return words, codes
