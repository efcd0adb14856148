#!/usr/bin/python3
# tests/scenario/metrics.py: what a running relay tells Prometheus, held against promtool and against a stricter reader;
# who may ask; healthz, readyz and /debug/health.
# proves: OPF-16, OPF-17
import json
import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import exposition
import tap
from admin import Admin, with_admin
from buyer import Buyer
from relay import Relay, microseconds, wait_for

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
PROMETHEUS_2_42 = ("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                   "text/plain;version=0.0.4;q=0.5,*/*;q=0.1")
FIVE = {"payments_total": "counter", "payments_duration_seconds": "histogram", "webhook_deliveries_total": "counter",
        "queue_depth": "gauge", "gateway_requests_total": "counter"}


def promtool(text):
    return subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False)


def work(relay):
    """Some of everything that is counted."""
    ana = relay.add_merchant()
    for number, card in enumerate(("4242424242424242", "4000000000000002")):
        link = ana.create(currency="EUR", amount=1000 + number, title=f"Order {number}")
        Buyer(relay).pay(link["url"], card)
    ana.get("/v1/links/nonsense")
    ana.get("/nowhere-at-all/%41")
    ana.request("BREW", "/v1/links")
    ana.post("/v1/links", {"amount": "x"}, {"Idempotency-Key": "k"})
    return ana


def test_pages():
    exposition.self_test()
    with with_admin(rate_limits="on") as relay:
        admin = Admin(relay)
        admin.page()                                            # a relay where nothing has happened yet
        work(relay)
        status, kind, text = admin.ask("/metrics")
        assert (status, kind) == (200, PROMETHEUS), (status, kind)
        page = exposition.Page(text)
        page.check_cardinality()
        for name, family in FIVE.items():
            assert page.families.get(name) == family, f"{name} is {page.families.get(name)}"
        judged = promtool(text)
        assert judged.returncode == 0 and not judged.stderr, judged
        status, kind, text = admin.ask("/metrics", PROMETHEUS_2_42)
        assert (status, kind) == (200, OPENMETRICS), (status, kind)
        exposition.Page(text, openmetrics=True)
        for accept, wanted in (("*/*", PROMETHEUS), ("text/plain", PROMETHEUS), ("text/html", PROMETHEUS),
                               ("application/openmetrics-text;q=0", PROMETHEUS), ("application/openmetrics-text", OPENMETRICS),
                               ("application/openmetrics-text;q=0.2, text/plain;q=0.5", PROMETHEUS),
                               ("application/openmetrics-text;q=nonsense", PROMETHEUS)):
            assert admin.ask("/metrics", accept)[1] == wanted, accept


def test_counts():
    with with_admin() as relay:
        admin = Admin(relay)
        begun = time.time()
        ana = work(relay)
        ana.get("/v1/healthz")
        ana.get("/v1/healthz")
        page = wait_for("the requests to be counted", lambda: counted(admin.page()))
        assert page.value("cobro_http_requests_total", method="POST", route="/v1/links", status="201") == 2
        assert page.value("cobro_http_requests_total", method="GET", route="/v1/links/{id}", status="404") == 1
        assert page.value("cobro_http_request_duration_seconds_count", route="/v1/healthz") == 2
        assert not [labels for labels in page.of("cobro_http_requests_total") if ("method", "BREW") in labels]
        assert begun - 60 < page.value("process_start_time_seconds") < time.time() + 1
        assert 1e6 < page.value("process_resident_memory_bytes") < 1e9
        assert 5 < page.value("process_open_fds") < page.value("process_max_fds")
        assert 0 < page.value("process_cpu_seconds_total") < 60
        assert page.value("cobro_disk_free_bytes") > 0
        build = [dict(labels) for labels in page.of("cobro_build_info")]
        assert len(build) == 1 and re.fullmatch(r"\d+\.\d+\.\d+", build[0]["version"]), build
        assert admin.page().value("process_cpu_seconds_total") >= page.value("process_cpu_seconds_total")


def counted(page):
    done = page.value("cobro_http_requests_total", method="GET", route="/v1/healthz", status="200") == 2
    return page if done else None


def refused(config):
    """The words with which serve refuses these settings."""
    relay = Relay(**config)
    try:
        relay.start()
        raise AssertionError(f"started with {config}")
    except AssertionError as failure:
        return str(failure)
    finally:
        relay.__exit__(None)


def test_who_may_ask():
    for address in ("0.0.0.0:9464", "192.0.2.1:9464", "[::]:9464", "[2001:db8::1]:9464"):
        assert "admin-listen" in refused({"admin-listen": address}), address
    assert "ended with 69" in refused({"admin-listen": "unix:/nowhere/at/all.sock"})
    with with_admin() as relay:
        assert relay.add_merchant().get("/metrics").status == 404, "customers see the metrics"
        admin = Admin(relay)
        assert admin.ask("/v1/links")[0] == 404
        before = admin.page()
        assert not [labels for labels in before.of("cobro_http_requests_total") if ("route", "/metrics") in labels]
    with Relay() as relay:                                      # without the setting there is none
        assert not os.path.exists(os.path.join(relay.folder, "admin.sock"))


def test_health():
    with with_admin() as relay:
        ana = relay.add_merchant()
        body = ana.get("/v1/healthz").json
        seen = body.get("data", body)
        assert seen["status"] == "healthy" and 0 <= seen["uptime"] < 600, body
        assert abs(microseconds(seen["timestamp"]) / 1e6 - time.time()) < 60, body
        reply = ana.get("/v1/readyz")
        seen = reply.json.get("data", reply.json)
        assert reply.status == 200 and seen == {"status": "ready", "checks": {"database": "ok", "workers": "ok"}}, reply
        status, _, text = Admin(relay).ask("/debug/health")
        seen = json.loads(text)
        assert status == 200 and seen["status"] == "healthy" and seen["database"]["answers"] is True, text
        assert seen["queues"]["db_writer"] == 0 and seen["memoryBytes"] > 0, text


if __name__ == "__main__":
    tap.run([
        ("the page is valid in both formats", test_pages),
        ("it counts what happened", test_counts),
        ("only this machine may ask", test_who_may_ask),
        ("healthz, readyz and /debug/health", test_health),
    ])
