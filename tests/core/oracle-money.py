#!/usr/bin/python3
# tests/core/oracle-money.py PROGRAM: money against Python's decimal, and the currency table against Debian's iso-codes and
# ISO's exponents. Speaks TAP. The seed is printed; COBRO_TEST_SEED replays it.
import json
import os
import random
import subprocess
import sys
from decimal import Decimal, ROUND_HALF_EVEN, ROUND_HALF_UP, getcontext

getcontext().prec = 100
PROGRAM = sys.argv[1]
SEED = int(os.environ.get("COBRO_TEST_SEED") or random.SystemRandom().randrange(2**32))
MAX, MIN = 2**63 - 1, -(2**63)
PLACES = {"JPY": 0, "EUR": 2, "KWD": 3, "CLF": 4}
OVERFLOW = "error AMOUNT_OUT_OF_RANGE"
INVALID = "error VALIDATION_ERROR"
rng = random.Random(SEED)


def amount():
    """Edges and all magnitudes alike."""
    if rng.random() < 0.2:
        return rng.choice([0, 1, -1, MAX, MIN, MAX - 1, MIN + 1, 10**12, -10**12, 5, 50, 49, 51])
    value = rng.getrandbits(rng.randrange(1, 64))
    return max(MIN, min(MAX, value if rng.random() < 0.5 else -value))


def fits(value, code):
    return f"{int(value)} {code}" if MIN <= value <= MAX else OVERFLOW


def split(whole, weights):
    """Largest remainder on the magnitude; ties to the earlier part."""
    if not weights or any(w < 0 for w in weights) or sum(weights) == 0:
        return INVALID
    size, sign = abs(whole), -1 if whole < 0 else 1
    exact = [Decimal(size) * w / sum(weights) for w in weights]
    shares = [size * w // sum(weights) for w in weights]
    remainders = [size * w % sum(weights) for w in weights]
    assert all(int(e) == s for e, s in zip(exact, shares))
    order = sorted(range(len(weights)), key=lambda i: (-remainders[i], i))
    for i in order[: size - sum(shares)]:
        shares[i] += 1
    assert sum(shares) == size
    return " ".join(str(sign * s) for s in shares)


def tax(lines):
    """By rate, on the gross of its lines, rounded once."""
    total = Decimal(0)
    for rate in {rate for _, _, rate in lines}:
        gross = sum(unit * quantity for unit, quantity, other in lines if other == rate)
        total += gross - (Decimal(gross) * 100 / (100 + rate)).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return total


def tax_question(code):
    rates = [Decimal(rng.choice(["0", "7", "10", "19", "21", "5.5", "9.975", "100", "0.000001"])) for _ in range(3)]
    lines = [(rng.randrange(1, 10**rng.randrange(1, 11)), rng.randrange(1, 100), rng.choice(rates)) for _ in range(rng.randrange(1, 9))]
    return " ".join(["tax", code] + [f"{unit} {quantity} {rate}" for unit, quantity, rate in lines]), fits(tax(lines), code)


def from_text(text, code):
    body = text[1:] if text.startswith("-") else text
    whole, dot, part = body.partition(".")
    digits = "0123456789"
    if not whole or any(c not in digits for c in whole + part) or (dot and not part) or len(part) > PLACES[code]:
        return INVALID
    return fits(Decimal(text).scaleb(PLACES[code]), code)


def random_text(code):
    text = f"{Decimal(amount()).scaleb(-rng.randrange(0, 6)):f}"
    if rng.random() < 0.3:
        i = rng.randrange(len(text) + 1)
        text = text[:i] + rng.choice("0123456789.-+eE,x") + text[i:]
    return text


def question():
    code, places = rng.choice(list(PLACES.items()))
    kind = rng.choice(["add", "subtract", "scale", "split", "to", "from", "tax"])
    a, b = amount(), amount()
    if kind == "add":
        return f"add {code} {a} {b}", fits(Decimal(a) + b, code)
    if kind == "subtract":
        return f"subtract {code} {a} {b}", fits(Decimal(a) - b, code)
    if kind == "scale":
        if rng.random() < 0.5:      # near halves, where rounding shows
            a, b, below = rng.randrange(-10**6, 10**6), rng.randrange(-1000, 1000), rng.choice([2, 4, 10, 200, 10**6, 10**8])
        else:
            below = max(1, abs(amount()) if abs(amount()) <= MAX else 1)
        below = min(below, MAX)
        mode = rng.choice(["up", "even"])
        rounding = ROUND_HALF_UP if mode == "up" else ROUND_HALF_EVEN
        exact = (Decimal(a) * b / below).quantize(Decimal(1), rounding=rounding)
        return f"scale {code} {a} {b} {below} {mode}", fits(exact, code)
    if kind == "split":
        weights = [rng.choice([0, 1, 2, 3, rng.getrandbits(20), abs(amount()) % MAX]) for _ in range(rng.randrange(1, 12))]
        if rng.random() < 0.05:
            weights[0] = -1
        return " ".join(["split", code, str(a)] + [str(w) for w in weights]), split(a, weights)
    if kind == "tax":
        return tax_question(code)
    if kind == "to":
        return f"to {code} {a}", f"{Decimal(a).scaleb(-places):.{places}f}"
    text = random_text(code)
    return f"from {code} {text}", from_text(text, code)


def ask(questions):
    done = subprocess.run([PROGRAM], input="\n".join(questions) + "\n", capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def compare_money():
    cases = [question() for _ in range(60000)]
    answers = ask([q for q, _ in cases])
    wrong = [(q, want, got) for (q, want), got in zip(cases, answers) if want != got]
    for q, want, got in wrong[:10]:
        print(f"# {q}: expected {want}, got {got}")
    kinds = {q.split()[0] for q, _ in cases}
    refused = sum(want.startswith("error") for _, want in cases)
    print(f"# {len(cases)} questions of {len(kinds)} kinds, {refused} to be refused")
    return not wrong and len(answers) == len(cases) and len(kinds) == 7 and refused > 1000


def table():
    lines = subprocess.run([PROGRAM, "table"], capture_output=True, text=True, check=True).stdout.splitlines()
    return {line.split()[0]: int(line.split()[1]) for line in lines}


# What Debian's list has and ours must not: metals, units of account, test codes, and currencies withdrawn since.
NOT_PAYABLE = set("XAG XAU XPD XPT XBA XBB XBC XBD XDR XSU XTS XUA XXX".split())
WITHDRAWN = set("CUC HRK SLL ZWL".split())
NEWER = {"ZWG"}     # since June 2024


def compare_codes():
    with open("/usr/share/iso-codes/json/iso_4217.json", encoding="utf-8") as file:
        debian = {row["alpha_3"] for row in json.load(file)["4217"]}
    expected = debian - NOT_PAYABLE - WITHDRAWN | NEWER
    ours = set(table())
    print(f"# only ours: {sorted(ours - expected)}, missing: {sorted(expected - ours)}")
    return ours == expected


def compare_exponents():
    special = {code: n for n, codes in {
        0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
        3: "BHD IQD JOD KWD LYD OMR TND", 4: "CLF UYW"}.items() for code in codes.split()}
    wrong = {code: n for code, n in table().items() if n != special.get(code, 2)}
    print(f"# wrong exponents: {wrong}")
    return not wrong and set(special) <= set(table())


def harness_bites():
    """A wrong expectation must be noticed."""
    return ask(["add EUR 1 2", "to JPY 5"]) == ["3 EUR", "5"] and ask(["add EUR 1 2"]) != ["4 EUR"]


print(f"# seed: replay with COBRO_TEST_SEED={SEED}")
print("1..4")
failed = False
for number, check in enumerate([compare_money, compare_codes, compare_exponents, harness_bites], 1):
    good = check()
    failed = failed or not good
    print(f"{'ok' if good else 'not ok'} {number} - {check.__name__}")
sys.exit(failed)
