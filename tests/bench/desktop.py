# tests/bench/desktop.py — the desktop's benchmarks.
import rig as r


def start(rig, report):
    raise r.Lacking("not written yet")


def links(rig, report):
    raise r.Lacking("not written yet")
