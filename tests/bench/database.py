# tests/bench/database.py — the books' engines against themselves: our writer on PostgreSQL and plain connections.
import json
import os
import subprocess
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import postgres
import rig as r


def writer(rig, report):
    """64 callers who insert a row each, over and over: through one lane of the writer, and with a connection each."""
    if postgres.bin_folder() is None:
        raise r.Lacking("PostgreSQL is not installed")
    with postgres.Server() as server:
        done = subprocess.run([os.path.join(rig.build, "tests/bench/bench-postgres"), server.database(), f"{r.SECONDS:g}"],
                              capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    found = json.loads(done.stdout)
    report.say(f"{found['callers']} callers: {found['ours']:,} inserts/s through one lane, {found['plain']:,} over plain connections")
    report.ratio("one lane : plain connections", found["ratio"], 2)
