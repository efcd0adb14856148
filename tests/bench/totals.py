# tests/bench/totals.py — what the invoice editor computes with every key, against Python's decimal doing the same.
import decimal
import json
import os
import subprocess
import time

import rig as r

LINES = 1000
RATES = (21, 10, 4, 0)
HALF_UP = decimal.ROUND_HALF_UP


def ours(rig, lines):
    program = os.path.join(rig.build, "tests/bench/bench-totals")
    done = subprocess.run([program, str(lines), "500"], capture_output=True, text=True, check=True, timeout=120)
    return json.loads(done.stdout)


def peer(lines):
    """The same invoice in decimal, the discount shared out by largest remainder as ours does; (total in cents, seconds)."""
    D, cent = decimal.Decimal, decimal.Decimal(1)
    rows = [(D((1 + i % 97) * 1000000 // 4) / 1000000, D((1 + i * 7919 % 100003) * 1237) / 10000, RATES[i % 4]) for i in range(lines)]
    begun = time.perf_counter()
    nets = [(quantity * price).quantize(cent, HALF_UP) for quantity, price, _ in rows]
    whole = sum(nets)
    discount = (whole * D("0.025")).quantize(cent, HALF_UP)
    shares = [int(discount * net / whole) for net in nets]
    rests = sorted(range(lines), key=lambda i: (-(discount * nets[i] % whole), i))
    for i in rests[:int(discount) - sum(shares)]:
        shares[i] += 1
    bases = {}
    for net, share, (_, _, rate) in zip(nets, shares, rows):
        bases[rate] = bases.get(rate, 0) + net - share
    total = sum(base + (base * rate / 100).quantize(cent, HALF_UP) for rate, base in bases.items())
    return int(total), time.perf_counter() - begun


def totals(rig, report):
    """An invoice of 1,000 lines with four rates and a discount."""
    mine = ours(rig, LINES)
    total, seconds = peer(LINES)
    if total != mine["total"]:
        raise RuntimeError(f"cobro says {mine['total']}, decimal says {total}")
    report.say(f"cobro {mine['us'] / 1000:.3f} ms, Python's decimal {seconds * 1000:.2f} ms, both {total} cents")
    report.ratio("milliseconds for 1,000 lines", mine["us"] / 1000, 5, at_most=True)
    report.ratio("decimal : cobro", seconds * 1e6 / max(mine["us"], 1))
