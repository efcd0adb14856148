#!/usr/bin/python3
# tests/observe/prometheus.py ALERTS RULE_TESTS DASHBOARD TABLE: a real Prometheus scrapes a real relay, in both formats, loads the
# alert rules, and answers every query of dashboard and rules.
# proves: OPF-16
import json
import os
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import tap
from buyer import Buyer
from dashboard import ALERTS, expressions
from relay import Relay, die_with_parent, free_port, wait_for

CONFIG = """global: {{ scrape_interval: 1s, evaluation_interval: 1s }}
rule_files: [{rules}]
scrape_configs:
  - job_name: cobro-relay
    static_configs: [{{ targets: ["127.0.0.1:{admin}"] }}]
"""


class Prometheus:
    def __init__(self, admin):
        self.folder = tempfile.TemporaryDirectory()
        self.port = free_port()
        config = os.path.join(self.folder.name, "prometheus.yml")
        with open(config, "w", encoding="utf-8") as file:
            file.write(CONFIG.format(rules=json.dumps(os.path.abspath(ALERTS)), admin=admin))
        self.log = open(os.path.join(self.folder.name, "log"), "wb")
        self.process = subprocess.Popen(
            ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={self.folder.name}/data",
             f"--web.listen-address=127.0.0.1:{self.port}"], stdout=self.log, stderr=self.log, preexec_fn=die_with_parent)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.log.close()
        self.folder.cleanup()

    def ask(self, path, **query):
        url = f"http://127.0.0.1:{self.port}/api/v1/{path}?{urllib.parse.urlencode(query)}"
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code == 503:                               # it is still reading its log
                return {"data": {"result": [], "activeTargets": []}}
            raise AssertionError(f"{path} {query}: {error.read().decode()}") from error
        except OSError:
            return {"data": {"result": [], "activeTargets": []}}

    def value(self, query):
        return [float(sample["value"][1]) for sample in self.ask("query", query=query)["data"]["result"]]


def test_scrape():
    relay = Relay()
    admin = free_port()
    relay.settings["admin-listen"] = f"127.0.0.1:{admin}"
    with relay, Prometheus(admin) as prometheus:
        ana = relay.add_merchant()
        link = ana.create(currency="EUR", amount=1000, title="Order")
        Buyer(relay).pay(link["url"])
        wait_for("the first scrape", lambda: prometheus.value('up{job="cobro-relay"}') == [1])
        targets = prometheus.ask("targets")["data"]["activeTargets"]
        assert [target["health"] for target in targets] == ["up"] and not targets[0]["lastError"], targets
        assert prometheus.value("cobro_build_info") == [1]
        assert prometheus.value('cobro_http_requests_total{route="/v1/links",method="POST",status="201"}') == [1]
        wait_for("the rules", lambda: prometheus.value('count_over_time (up{job="cobro-relay"}[1m]) >= 3'))
        for where, expression in expressions():
            answer = prometheus.ask("query", query=expression)
            assert answer["status"] == "success", f"{where}: {answer}"
        rules = [rule for group in prometheus.ask("rules")["data"]["groups"] for rule in group["rules"]]
        assert len(rules) > 15 and {rule["health"] for rule in rules} <= {"ok"}, rules
        firing = [alert["labels"]["alertname"] for alert in prometheus.ask("alerts")["data"].get("alerts", [])]
        assert firing == [], f"a healthy relay alarms: {firing}"


if __name__ == "__main__":
    tap.run([("Prometheus scrapes, evaluates and does not alarm", test_scrape)])
