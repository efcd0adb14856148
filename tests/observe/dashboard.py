#!/usr/bin/python3
# tests/observe/dashboard.py ALERTS RULE_TESTS DASHBOARD TABLE: promtool judges the alert rules and their unit tests; every alert
# is tested at rest and firing; the dashboard is one that Grafana takes, as far as its structure tells; and no expression anywhere
# asks for a metric or a label that the relay does not have.
# proves: OPF-16
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import tap

ALERTS, RULE_TESTS, DASHBOARD, TABLE = sys.argv[1:5]
FOREIGN = {"up"}                # Prometheus makes this one
FOREIGN_LABELS = {"job", "instance", "le"}
WORDS = {"by", "without", "sum", "max", "min", "rate", "increase", "topk", "histogram_quantile", "or", "vector", "and", "unless",
         "on", "ignoring", "offset"}


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def families():
    """name → labels, of the relay's own table."""
    found = {}
    for name, rest in re.findall(r'\{\s*"([a-z_]+)",(.*?)(?=\n  \[|\n\};)', read(TABLE), re.S):
        labels = re.search(r"\.labels = \{([^}]*)\}", rest)
        found[name] = set(re.findall(r'"(\w+)"', labels[1])) if labels else set()
        if "HISTOGRAM" in rest:
            found.update({name + suffix: found[name] for suffix in ("_bucket", "_sum", "_count")})
    assert len(found) > 40, f"only {len(found)} families in {TABLE}"
    return found


def expressions():
    """(where, expression) of the dashboard and of the rules, with Grafana's variables filled in."""
    found = []
    for panel in json.loads(read(DASHBOARD))["panels"]:
        for target in panel.get("targets", []):
            text = target["expr"].replace("$__rate_interval", "5m").replace("$instance", ".*")
            assert "$" not in text, f"{panel['title']}: a variable that is not known in {text}"
            found.append((f"panel {panel['title']}", text))
    rules = read(ALERTS)
    for name, block in re.findall(r"- alert: (\w+)\n(.*?)(?=\n      - alert|\n\n|\Z)", rules, re.S):
        expr = re.search(r"expr: (?:\|\n((?:          .*\n)+)|(.*)\n)", block)
        found.append((f"alert {name}", (expr[1] or expr[2]).strip()))
    return found


def test_rules():
    for command in (["check", "rules", "--lint-fatal", ALERTS], ["test", "rules", RULE_TESTS]):
        done = subprocess.run(["promtool", *command], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    names = re.findall(r"- alert: (\w+)", read(ALERTS))
    tests = read(RULE_TESTS)
    assert len(names) > 15 and len(names) == len(set(names)), names
    for name in names:
        assert f"alertname: {name}, exp_alerts: []" in tests, f"{name} is not shown at rest"
        assert re.search(rf"alertname: {name}\n\s+exp_alerts:\n\s+- exp_labels", tests), f"{name} is not shown firing"
    with tempfile.TemporaryDirectory() as folder:               # the judge judges
        wrong = os.path.join(folder, "wrong.yml")
        text = tests.replace("../../data/relay/alerts.yml", ALERTS).replace("exp_alerts: []", "exp_alerts: [{}]", 1)
        with open(wrong, "w", encoding="utf-8") as file:
            file.write(text)
        done = subprocess.run(["promtool", "test", "rules", wrong], capture_output=True, check=False)
        assert done.returncode != 0, "promtool takes a wrong expectation"


def test_expressions():
    """Every expression parses (as a recording rule), and names only what exists."""
    known = families()
    lines = ["groups:", "  - name: all", "    rules:"]
    for number, (where, expression) in enumerate(expressions()):
        lines += [f"      - record: a:b{number}", f"        expr: {json.dumps(expression)}"]
        bare = re.sub(r'"[^"]*"', '""', expression)
        names = {name for name in re.findall(r"[a-zA-Z_:][a-zA-Z0-9_:]*(?=\s*[{\[>/<=)]|\s*$)", re.sub(
            r"\{[^}]*\}|(by|without) \([^)]*\)", " ", bare)) if name not in WORDS and not re.fullmatch(r"\d+[smhd]", name)}
        assert names, f"{where}: no metric in {expression}"
        for name in names:
            assert name in known or name in FOREIGN, f"{where}: there is no metric {name}"
        labels = set(re.findall(r"(\w+)\s*(?:=~|!=|!~|=)\s*\"", expression))
        for group in re.findall(r"(?:by|without) \(([^)]*)\)", expression):
            labels |= set(re.split(r"[,\s]+", group.strip()))
        for label in labels - FOREIGN_LABELS:
            assert any(label in known.get(name, ()) for name in names), f"{where}: no label {label} at {names}"
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "rules.yml")
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        done = subprocess.run(["promtool", "check", "rules", path], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_dashboard():
    dashboard = json.loads(read(DASHBOARD))
    assert re.fullmatch(r"[a-zA-Z0-9_-]{1,40}", dashboard["uid"]) and dashboard["title"], "no uid or title"
    assert "id" not in dashboard and dashboard["schemaVersion"] >= 36, "exported with an id of somebody's database"
    variables = {variable["name"]: variable for variable in dashboard["templating"]["list"]}
    assert variables["datasource"]["type"] == "datasource" and variables["instance"]["allValue"] == ".*", variables
    panels, taken, ids = dashboard["panels"], set(), set()
    for panel in panels:
        assert panel["id"] not in ids, f"id {panel['id']} twice"
        ids.add(panel["id"])
        place = panel["gridPos"]
        assert 0 <= place["x"] and place["x"] + place["w"] <= 24 and place["w"] > 0 and place["h"] > 0, panel["title"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        assert not cells & taken, f"{panel['title']} lies over another panel"
        taken |= cells
        assert panel["type"] in ("row", "stat", "timeseries") and panel["title"], panel
        if panel["type"] == "row":
            continue
        refs = [target["refId"] for target in panel["targets"]]
        assert refs and len(refs) == len(set(refs)), panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
        for target in panel["targets"]:
            assert target["datasource"] == panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}, panel["title"]
    shown = " ".join(expression for _, expression in expressions())
    for name in ("payments_total", "payments_duration_seconds", "webhook_deliveries_total", "queue_depth",
                 "gateway_requests_total"):
        assert name in shown, f"{name} is on no panel"


if __name__ == "__main__":
    tap.run([
        ("promtool: the alert rules, and each alert at rest and firing", test_rules),
        ("every expression parses and names what exists", test_expressions),
        ("the dashboard's structure", test_dashboard),
    ])
