# tests/support/jose.py — npm's jose and jsonwebtoken for tests in Python: what a page that uses the card-and-link API runs.
import json
import os
import subprocess
import threading

HERE = os.path.dirname(os.path.abspath(__file__))


class Jose:
    """npm's jose and jsonwebtoken in a process of their own (tests/support/jose.mjs)."""

    def __init__(self):
        self.process = subprocess.Popen(["node", os.path.join(HERE, "jose.mjs")], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.lock = threading.Lock()

    def ask(self, **command):
        with self.lock:
            self.process.stdin.write(json.dumps(command) + "\n")
            self.process.stdin.flush()
            return json.loads(self.process.stdout.readline())

    def encrypt(self, jwk, payload, header=None):
        text = payload if isinstance(payload, str) else json.dumps(payload)
        return self.ask(do="encrypt", jwk=jwk, text=text, header=header or {"kid": jwk["kid"]})["jwe"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()
