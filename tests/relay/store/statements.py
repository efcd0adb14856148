#!/usr/bin/python3
"""statements.py OUTPUT OBJECT…: every SQL statement that the relay's compiled files hold as a text, one after the other, each
with a NUL behind it: for test-statements.c, which prepares all of them on both engines. Thin archives are followed to
their objects."""
import os
import re
import subprocess
import sys

STATEMENT = re.compile(rb"(?<=\x00)(?:SELECT|INSERT|UPDATE|DELETE|WITH) [^\x00]{8,}(?=\x00)")
VERB = re.compile(rb"SELECT.*(FROM|\()|INSERT INTO|UPDATE .* SET|DELETE FROM|WITH .* AS", re.S)


def objects(archive):
    listed = subprocess.run(["ar", "t", archive], capture_output=True, text=True, check=True).stdout.split()
    found = [os.path.join(os.path.dirname(archive), name) for name in listed]
    return [path if os.path.exists(path) else name for path, name in zip(found, listed)]


def statements(path):
    with open(path, "rb") as file:
        content = file.read()
    return {match for match in STATEMENT.findall(content) if VERB.match(match)}


if __name__ == "__main__":
    every = set()
    for archive in sys.argv[2:]:
        for path in objects(archive):
            every |= statements(path)
    with open(sys.argv[1], "wb") as output:
        output.write(b"".join(text + b"\x00" for text in sorted(every)))
