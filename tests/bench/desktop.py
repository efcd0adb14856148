# tests/bench/desktop.py — the desktop's benchmarks: the window in an X server of its own.
import json
import os
import statistics
import subprocess
import time

import rig as r

XVFB = os.path.join(r.HERE, "../ui/xvfb.sh")
LINKS = int(os.environ.get("COBRO_BENCH_LINKS", "100000"))


def painted(rig, *args):
    """One run of bench-desktop."""
    program = os.path.join(rig.build, "tests/bench/bench-desktop")
    if not os.path.exists(program):
        raise r.Lacking("this build has no desktop")
    # The time begins when the X server is there.
    shell = 'export BENCH_START=$(($(date +%s%N) / 1000)); exec "$@"'
    done = subprocess.run([XVFB, "sh", "-c", shell, "sh", program, *args],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=900)
    if done.returncode != 0 or not done.stdout.strip():
        raise RuntimeError(f"bench-desktop {' '.join(args)}: {done.stderr.decode()[-500:]}")
    return json.loads(done.stdout.splitlines()[-1])


def turns(rig, report):
    """The longest turn of the main loop while anything is opened, in processor time; the least of three runs, because
    a machine with much to do computes more slowly."""
    program = os.path.join(rig.build, "tests/bench/bench-turns")
    if not os.path.exists(program):
        raise r.Lacking("this build has no desktop")
    environment = dict(os.environ, LC_ALL="en_US.UTF-8", LANGUAGE="en", GSK_RENDERER="cairo",
                       GSETTINGS_SCHEMA_DIR=os.path.join(rig.build, "data"))
    worst = {}
    for _ in range(3):
        done = subprocess.run([XVFB, program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=900,
                              env=environment)
        if done.returncode != 0:
            raise RuntimeError(f"bench-turns: {done.stderr.decode()[-500:]}")
        for name, longest, together in json.loads(done.stdout.splitlines()[-1]):
            worst[name] = min(worst.get(name, (longest, together)), (longest, together))
    for name, (longest, together) in sorted(worst.items(), key=lambda each: -each[1][0]):
        report.say(f"{name:<24} longest turn {longest:6.1f} ms, together {together:6.1f} ms")
    opened = [longest for name, (longest, _) in worst.items() if name != "main"]
    report.ratio("longest turn in ms, the window itself left out", max(opened), 50, at_most=True)


def books(rig, n):
    folder = rig.path(f"books-{n}")
    painted(rig, "fill", folder, "0", str(n))
    return folder


def start(rig, report):
    """From exec to the first painted frame: ours with 100,000 links, ours with none, an empty libadwaita window."""
    full, none = books(rig, LINKS), rig.path("books-0")
    painted(rig, "empty")               # the files are in memory for everybody
    medians = r.alternate({
        "an empty window": lambda: painted(rig, "empty"),
        "cobro, no links": lambda: painted(rig, "first", none),
        f"cobro, {LINKS:,} links": lambda: painted(rig, "window", full),
    })
    for name, each in medians.items():
        report.say(f"{name:<24} {each['painted_ms']:6.0f} ms, with links {each['filled_ms']:6.0f} ms, "
                   f"{each['resident_kib'] / 1024:6.1f} MiB resident")
    empty, ours = medians["an empty window"], medians[f"cobro, {LINKS:,} links"]
    report.ratio("time, cobro : an empty window", ours["filled_ms"] / empty["painted_ms"], 1.8, at_most=True)
    report.ratio("MiB over the empty window", (ours["resident_kib"] - empty["resident_kib"]) / 1024, 24, at_most=True)


def links(rig, report):
    """100,000 links: open, jump, search; and the same with a tenth of them."""
    folders = {n: books(rig, n) for n in (LINKS // 10, LINKS)}
    medians = r.alternate({n: (lambda folder: lambda: painted(rig, "list", folder))(folder)
                           for n, folder in folders.items()})
    for n, each in medians.items():
        report.say(f"{n:>9,} links: open {each['filled_ms']:6.0f} ms; jump p50 {each['jump_p50_ms']:5.1f} ms, "
                   f"p95 {each['jump_p95_ms']:5.1f} ms; longest stall {each['stall_ms']:5.1f} ms; "
                   f"search p50 {each['search_p50_ms']:5.1f} ms, worst {each['search_max_ms']:5.1f} ms")
    few, many = medians[LINKS // 10], medians[LINKS]
    report.ratio(f"open, {LINKS:,} : {LINKS // 10:,} links", many["filled_ms"] / few["filled_ms"], 1.05, at_most=True)
    report.ratio("jump p95 in ms", many["jump_p95_ms"], 25, at_most=True)
    report.ratio("search, worst first 128 hits in ms", many["search_max_ms"], 15, at_most=True)
    report.ratio("longest stall while jumping in ms", many["stall_ms"], 50, at_most=True)
