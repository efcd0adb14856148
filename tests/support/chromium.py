# tests/support/chromium.py — a person with a phone: Chromium, told what to do by tests/ui/buyer.mjs.
import json
import os
import subprocess
import tempfile

HANDS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "ui", "buyer.mjs")


class Buyer:
    """One browser with a profile of its own, new and gone at the end; see buyer.mjs for what it can do and its options."""

    def __init__(self, *options):
        self.process = subprocess.Popen(["node", HANDS, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.at = None

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is not None and self.process.poll() is None:
            try:
                print(f'# the buyer is at {self.do("url")} and reads:\n# ' + self.do("text").replace("\n", "\n# "))
                folder = os.environ.get("COBRO_UI_EVIDENCE") or os.environ.get("COBRO_UI_WORK") or tempfile.gettempdir()
                self.do("shot", path=os.path.join(folder, "buyer.png"))
            except (AssertionError, OSError) as problem:
                print(f"# the buyer cannot tell: {problem}")
        self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    def do(self, what, **order):
        """Does it and returns the value; .at is the moment (seconds of the wall clock) it was done."""
        self.process.stdin.write(json.dumps({"do": what, **order}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError("the browser is gone")
        answer = json.loads(line)
        self.at = answer["at"] / 1000
        if not answer["ok"]:
            raise AssertionError(f'{answer["error"]} (at {answer["url"]})')
        return answer["value"]

    def begin(self, url, email="ana@example.com"):
        """Opens the checkout page, fills in what it asks for, and goes on to the provider's card form."""
        status = self.do("open", url=url)
        assert status == 200, f"{url} answered {status}"
        if self.do("asks", label="E-?mail"):
            self.do("fill", label="E-?mail", text=email)
        self.do("press", name="^(Pay|Continue)")

    def card(self, number):
        """Fills the card form and presses its button."""
        self.do("fill", label="Card number", text=number)
        self.do("fill", label="Expiry", text="12 / 34")
        self.do("fill", label="CVC", text="123")
        self.do("press", name="^Pay")

    def pay(self, url, number):
        self.begin(url)
        self.card(number)
