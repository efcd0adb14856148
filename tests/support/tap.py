# tests/support/tap.py — TAP lines, and a seed that is printed and replayed.
import os
import random
import signal
import sys
import traceback


def seeded():
    """A random stream: of COBRO_TEST_SEED when that is set, else of a fresh seed. The seed is in the log."""
    seed = int(os.environ.get("COBRO_TEST_SEED") or random.SystemRandom().randrange(2**32))
    print(f"# seed: replay with COBRO_TEST_SEED={seed}", flush=True)
    return random.Random(seed)


def note(text):
    for line in str(text).splitlines():
        print(f"# {line}", flush=True)


def run(cases):
    """Runs (name, function) pairs, one TAP line each; exits with 1 when one failed. Arguments that are names of cases
    choose among them."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))      # a test that takes too long still cleans up
    chosen = [case for case in cases if not only() or case[0] in only()]
    failed = False
    print(f"1..{len(chosen)}", flush=True)
    for number, (name, function) in enumerate(chosen, 1):
        try:
            function()
            print(f"ok {number} - {name}", flush=True)
        except Exception:
            failed = True
            print(f"not ok {number} - {name}", flush=True)
            note(traceback.format_exc())
    sys.exit(1 if failed or not chosen else 0)


def only():
    """What COBRO_TEST_ONLY names, for work on some cases: "name|name"."""
    return [name for name in os.environ.get("COBRO_TEST_ONLY", "").split("|") if name]
