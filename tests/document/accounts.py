#!/usr/bin/python3
# tests/document/accounts.py PROGRAM: the accountant's ZIP, opened by Python's zipfile, csv and json: complete, the same bytes
# each time, and no cell that a spreadsheet would run. Speaks TAP.
import csv
import io
import json
import subprocess
import sys
import tempfile
import unicodedata
import zipfile
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

PROGRAM = sys.argv[1]
TABLES = ["invoices", "lines", "taxes", "drafts", "payments", "refunds", "customers", "products", "recurring", "links"]
NUMBERS = {"net", "tax", "rounding", "total", "paid", "due", "amount", "refunded", "lost", "quantity", "unit price", "tax rate",
           "minimum", "maximum", "suggested"}


def write(folder, name):
    path = Path(folder, name)
    subprocess.run([PROGRAM, path], check=True)
    assert not [entry for entry in Path(folder).iterdir() if entry.suffix == ".part"], "something is left behind"
    return path


def table(archive, name):
    text = archive.read(f"{name}.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def runs(cell):
    """What a spreadsheet would take for a formula: it skips blanks and quotes, and folds wide letters."""
    shown = cell.lstrip(" \"\u00a0\ufeff\u200b")
    return bool(shown) and unicodedata.normalize("NFKC", shown[0]) in set("=+-@|%\t\r\n\u2212")


def complete(archive):
    names = archive.namelist()
    assert archive.testzip() is None and len(names) == len(set(names))
    assert not [name for name in names if name.startswith("/") or ".." in name or "\\" in name]
    documents = len(table(archive, "invoices"))
    others = ["json/books.json", "json/links.json"] + [f"json/{row['id']}.json" for row in table(archive, "drafts")]
    assert set(others) <= set(names) and len(others) == 4
    assert documents == sum(name.startswith("pdf/") for name in names) == sum(name.startswith("json/") for name in names) - 4 > 20
    return all(archive.read(name).startswith(b"%PDF-") for name in names if name.startswith("pdf/"))


def readable(archive):
    for name in archive.namelist():
        if name.endswith(".json"):
            json.loads(archive.read(name))
        if name.endswith(".xml"):
            ElementTree.fromstring(archive.read(name))
    for name in TABLES:
        rows = table(archive, name)
        assert rows and all(None not in row and None not in row.values() for row in rows), name
    assert [name for name in archive.namelist() if name.startswith("ubl/")], "no e-invoice"
    return b'"token"' not in b"".join(
        archive.read(name) for name in archive.namelist() if name.startswith("json/"))


def told_twice(archive):
    """What a table says, the data says, too."""
    links, books = json.loads(archive.read("json/links.json"))["links"], json.loads(archive.read("json/books.json"))
    rows = table(archive, "links")
    assert [link["id"] for link in links] == [row["id"] for row in rows] and len(rows) == 700
    assert [link["pricing"]["amount"] for link in links] == [Decimal(row["amount"]) * 100 for row in rows]
    assert {row["url"] for row in rows} == {link["url"] for link in links} and "from" not in books
    assert {row["title"] for row in rows} >= {"'=1+1", "'@SUM(A1)", "'+34", "plain"}
    return all([entry.get("id", "") for entry in books[name]] == [row.get("id", "") for row in table(archive, name)]
               for name in ("payments", "refunds", "recurring")) and \
        len(books["products"]) == len(table(archive, "products")) == len(books["customers"]) == 1


def harmless(archive):
    cells = 0
    for name in TABLES:
        for row in table(archive, name):
            for column, cell in row.items():
                cells += 1
                if column in NUMBERS:
                    assert not cell or Decimal(cell) is not None
                else:
                    assert not runs(cell), (name, column, cell)
    print(f"# {cells} cells")
    return cells > 500


def adds_up(archive):
    """Credit notes take away; lines and taxes say what the documents say."""
    invoices, taxes = table(archive, "invoices"), table(archive, "taxes")
    signs = {row["kind"]: Decimal(row["total"]).is_signed() for row in invoices}
    assert signs == {"invoice": False, "credit_note": True}
    return sum(Decimal(row["net"]) for row in taxes) == sum(Decimal(row["net"]) for row in invoices) and \
        sum(Decimal(row["tax"]) for row in taxes) == sum(Decimal(row["tax"]) for row in invoices)


with tempfile.TemporaryDirectory() as temporary:
    first, second = write(temporary, "a.zip"), write(temporary, "b.zip")
    opened = zipfile.ZipFile(first)
    checks = [complete, readable, told_twice, harmless, adds_up]
    print(f"1..{len(checks) + 2}")
    failed = False
    for number, check in enumerate(checks, 1):
        good = check(opened)
        failed = failed or not good
        print(f"{'ok' if good else 'not ok'} {number} - {check.__name__}")
    for number, (what, good) in enumerate([("the same bytes", first.read_bytes() == second.read_bytes()),
                                           ("harness bites", runs("=1") and runs(" +1") and runs("\uff1d1") and not runs("'=1"))], len(checks) + 1):
        failed = failed or not good
        print(f"{'ok' if good else 'not ok'} {number} - {what}")
sys.exit(failed)
