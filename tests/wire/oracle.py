#!/usr/bin/python3
"""tests/wire/oracle.py — the reader against Python's json: thousands of documents, good and spoiled, judged by both."""
import base64
import json
import random
import subprocess
import sys

SEED = 20261121
DEPTH = 16


class Refused(Exception):
    pass


def pairs(items):
    keys = [key for key, _ in items]
    if len(set(keys)) != len(keys):
        raise Refused("duplicate key")
    return dict(items)


def integer(text):
    value = int(text)
    if not -2**63 <= value < 2**63:
        raise Refused("64 bits")
    return value


def constant(text):
    raise Refused(text)


def walk(value, depth):
    """Depth and strings: what Python takes and we do not."""
    if isinstance(value, str):
        if "\0" in value or any(0xD800 <= ord(c) <= 0xDFFF for c in value):
            raise Refused("string")
    elif isinstance(value, (dict, list)):
        if depth == DEPTH:
            raise Refused("depth")
        for child in value if isinstance(value, list) else [*value.keys(), *value.values()]:
            walk(child, depth + 1)


def oracle(raw):
    try:
        text = raw.decode("utf-8")
        if text.startswith("\ufeff") or "\0" in text:
            return False
        value = json.loads(text, object_pairs_hook=pairs, parse_int=integer, parse_constant=constant)
        if not isinstance(value, dict):
            return False
        walk(value, 0)
        return True
    except (ValueError, Refused, RecursionError):
        return False


def make(chance, depth):
    pick = chance.randrange(9 if depth < 5 else 6)
    if pick == 0:
        return chance.choice([0, -1, 2**63 - 1, -2**63, 2**63, chance.randrange(-10**6, 10**6)])
    if pick == 1:
        return chance.choice([1.5, -0.25, 1e300, 1e-7])
    if pick == 2:
        return chance.choice([True, False, None])
    if pick in (3, 4, 5):
        return "".join(chr(chance.choice([34, 92, 9, 10, 0x41, 0xE9, 0x2028, 0x1F600, 47])) for _ in range(chance.randrange(6)))
    if pick == 6:
        return [make(chance, depth + 1) for _ in range(chance.randrange(4))]
    return {f"k{chance.randrange(4)}": make(chance, depth + 1) for _ in range(chance.randrange(4))}


def spoil(chance, raw):
    raw = bytearray(raw)
    for _ in range(chance.randrange(3)):
        at = chance.randrange(len(raw) + 1)
        what = chance.randrange(4)
        if what == 0 and at < len(raw):
            del raw[at]
        elif what == 1:
            raw[at:at] = chance.choice([b",", b"}", b"]", b'"', b"\\", b"0", b"-", b"e", b".", b" ", b"\x00", b"\xff", b"\\ud800", b"null"])
        elif what == 2 and at < len(raw):
            raw[at] = chance.randrange(256)
        elif raw:
            raw = raw[:at] or raw
    return bytes(raw)


def main():
    chance = random.Random(SEED)
    documents = [b"{" + b'"a":{' * n + b"}" * n + b"}" for n in range(14, 18)]
    for _ in range(20000):
        document = {f"k{i}": make(chance, 1) for i in range(chance.randrange(4))}
        text = json.dumps(document, ensure_ascii=chance.random() < 0.5, indent=chance.choice([None, 1]))
        raw = text.encode("utf-8")
        documents.append(raw if chance.random() < 0.3 else spoil(chance, raw))
    sent = b"".join(base64.b64encode(d) + b"\n" for d in documents)
    answers = subprocess.run([sys.argv[1]], input=sent, capture_output=True, check=True).stdout.split()
    wrong = [(d, a) for d, a in zip(documents, answers) if (a == b"yes") != oracle(d)]
    taken = answers.count(b"yes")
    print("1..2")
    print(f"{'ok' if len(answers) == len(documents) and 1000 < taken < len(documents) - 1000 else 'not ok'} 1 - "
          f"{len(documents)} documents (seed {SEED}), {taken} taken")
    for document, answer in wrong[:5]:
        print(f"# we said {answer.decode()}: {document!r}")
    print(f"{'not ok' if wrong else 'ok'} 2 - reader and Python agree")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
