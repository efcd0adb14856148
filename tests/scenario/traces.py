#!/usr/bin/python3
# tests/scenario/traces.py: spans at a collector: their form, held against what OpenTelemetry's SDK writes; their family, from a
# buyer's request to the transaction; what a collector that refuses, is slow or is away does to the relay: nothing.
# proves: OPF-16
import json
import os
import re
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import tap
from admin import Admin, with_admin
from buyer import Buyer
from collector import Collector, GOLDEN, check_shape, children, read
from relay import Relay, wait_for

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
TRACE = PARENT[3:35]


class Environment:
    """OTEL_… for the relays that are started inside."""

    def __init__(self, **settings):
        self.settings = {"OTEL_BSP_SCHEDULE_DELAY": "50", **settings}

    def __enter__(self):
        os.environ.update(self.settings)

    def __exit__(self, *_):
        for name in self.settings:
            os.environ.pop(name, None)


def collected_by(collector, **more):
    return Environment(OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, **more)


def create(merchant, headers=None):
    return merchant.post("/v1/links", {"currency": "EUR", "amount": 1200, "title": "Order"},
                         {"Idempotency-Key": f"k-{os.urandom(8).hex()}", **(headers or {})})


def test_form():
    with open(GOLDEN, encoding="utf-8") as file:
        read(json.load(file))                                   # the reader takes what the SDK writes
    with Collector() as collector, collected_by(collector, OTEL_SERVICE_NAME="till-3",
                                                OTEL_EXPORTER_OTLP_HEADERS="x-tenant=a%20b, authorization=Bearer t",
                                                OTEL_RESOURCE_ATTRIBUTES="deployment.environment=test"):
        with Relay() as relay:
            ana = relay.add_merchant()
            assert create(ana, {"traceparent": PARENT}).status == 201
            assert ana.get("/v1/links/nothing").status == 404
            relay.stop()                                        # what is left is sent at the end
        spans = collector.spans()
        path, headers, body = collector.requests[0]
        assert path == "/v1/traces" and headers["content-type"] == "application/json", (path, headers)
        assert headers["x-tenant"] == "a b" and headers["authorization"] == "Bearer t", headers
        for _, _, body in collector.requests:
            check_shape(json.loads(body))
        assert all(span["resource"]["service.name"] == "till-3" for span in spans)
        assert all(span["resource"]["deployment.environment"] == "test" for span in spans)
        server = [span for span in spans if span["name"] == "POST /v1/links"]
        assert len(server) == 1 and server[0]["kind"] == 2, spans
        assert server[0]["traceId"] == TRACE and server[0]["parentSpanId"] == PARENT[36:52], server
        assert server[0]["flags"] == 0x301 and server[0]["status"]["code"] == 0, server
        seen = server[0]["attributes"]
        assert seen["http.route"] == "/v1/links" and seen["http.response.status_code"] == 201, seen
        assert seen["cobro.merchant"] == ana.id, seen
        inside = children(spans, server[0])
        assert {span["name"] for span in inside} == {"transaction"} and inside[0]["flags"] == 0x101, inside
        assert int(inside[0]["startTimeUnixNano"]) >= int(server[0]["startTimeUnixNano"])
        missing = [span for span in spans if span["name"] == "GET /v1/links/{id}"][0]
        assert missing["status"]["code"] == 0 and missing["traceId"] != TRACE and "parentSpanId" not in missing, missing
        text = "".join(body.decode() for _, _, body in collector.requests)
        assert not re.search(r"cob_(test|live)_|@", text), "a key or an address in a span"


def test_log_and_errors_name_the_trace():
    with Collector() as collector, collected_by(collector), Relay() as relay:
        ana = relay.add_merchant()
        reply = ana.get("/v1/links/nothing", {"traceparent": PARENT, "x-request-id": "till-17"})
        assert reply.headers["x-request-id"] == "till-17" == reply.json["error"]["correlationId"], reply
        span = wait_for("the span", lambda: [s for s in collector.spans()
                                               if s["traceId"] == TRACE and s["kind"] == 2])[0]
        assert span["attributes"]["cobro.request_id"] == "till-17", span


def test_sampling():
    with Collector() as collector, collected_by(collector, OTEL_TRACES_SAMPLER="parentbased_always_off"):
        with Relay() as relay:
            ana = relay.add_merchant()
            ana.get("/v1/links")
            ana.get("/v1/links", {"traceparent": PARENT})
            ana.get("/v1/links", {"traceparent": PARENT[:-1] + "0"})
            relay.stop()
        spans = collector.spans()
        assert {span["traceId"] for span in spans} == {TRACE} and len(spans) == 1, spans
    for settings in ({"OTEL_SDK_DISABLED": "true"}, {"OTEL_TRACES_EXPORTER": "none"}, {"OTEL_TRACES_SAMPLER": "always_off"}):
        with Collector() as collector, collected_by(collector, **settings):
            with Relay() as relay:
                relay.add_merchant().get("/v1/links", {"traceparent": PARENT})
                relay.stop()
            assert collector.requests == [], settings


def spans_total(relay, result):
    return Admin(relay).page().value("cobro_trace_spans_total", result=result)


def test_answers():
    """What is sent again, and what is not."""
    with Collector() as collector, collected_by(collector), with_admin() as relay:
        ana = relay.add_merchant()
        for status, again in ((429, True), (503, True), (502, True), (504, True), (400, False), (413, False), (500, False),
                              (307, False)):
            sent, refused = spans_total(relay, "sent"), spans_total(relay, "refused")
            before = len(collector.requests)
            collector.answers = [(status, {"Retry-After": "0", "Location": collector.url + "/elsewhere"}, b"")]
            ana.get("/v1/links/nothing")
            wait_for(f"the end of {status}", lambda: spans_total(relay, "sent" if again else "refused")
                     > (sent if again else refused))
            bodies = [body for _, _, body in collector.requests[before:]]
            assert (len(bodies) > 1 and bodies[0] == bodies[1]) is again, (status, len(bodies))
        assert {path for path, _, _ in collector.requests} == {"/v1/traces"}
        partial = json.dumps({"partialSuccess": {"rejectedSpans": "1", "errorMessage": "no"}}).encode()
        before, sent = len(collector.requests), spans_total(relay, "sent")
        collector.answers = [(200, {}, partial)]
        ana.get("/v1/links/nothing")
        wait_for("the partial success", lambda: spans_total(relay, "sent") > sent)
        assert len(collector.requests) == before + 1, "a partial success was sent again"


def test_nobody_waits():
    """A collector that holds its answers back, and one that is not there: the relay works on and does not grow."""
    with Collector() as collector, collected_by(collector, OTEL_BSP_MAX_QUEUE_SIZE="64"), with_admin() as relay:
        collector.gate.clear()
        ana = relay.add_merchant()
        for _ in range(50):
            ana.get("/v1/links/nothing")
        memory = Admin(relay).page().value("process_resident_memory_bytes")
        for _ in range(600):
            assert ana.get("/v1/links/nothing").status == 404
        assert create(ana).status == 201
        assert spans_total(relay, "dropped") >= 400, "the queue has no end"
        grown = Admin(relay).page().value("process_resident_memory_bytes") - memory
        assert grown < 8e6, f"grew by {grown} bytes"
        begun = time.monotonic()
        relay.stop()                                            # does not wait for the collector's answer, either
        assert time.monotonic() - begun < 15, "stopping waited for the collector"
    with Collector() as gone:
        address = gone.url
    with Environment(OTEL_EXPORTER_OTLP_ENDPOINT=address), Relay() as relay:
        link = create(relay.add_merchant()).data
        Buyer(relay).pay(link["url"])
        relay.stop()


def test_settings():
    """A wrong variable stops the start with its name."""
    for name, value in (("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"), ("OTEL_TRACES_SAMPLER", "sometimes"),
                        ("OTEL_TRACES_SAMPLER_ARG", "1.5"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
                        ("OTEL_EXPORTER_OTLP_HEADERS", "nonsense"), ("OTEL_BSP_MAX_QUEUE_SIZE", "0"),
                        ("OTEL_EXPORTER_OTLP_TIMEOUT", "soon"), ("OTEL_TRACES_EXPORTER", "zipkin"),
                        ("OTEL_RESOURCE_ATTRIBUTES", "=x")):
        settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_TRACES_SAMPLER": "traceidratio"}
        with Environment(**{**settings, name: value}):
            relay = Relay()
            try:
                relay.start()
                raise RuntimeError(f"started with {name}={value}")
            except AssertionError as failure:
                assert "ended with 78" in str(failure) and name in str(failure), failure
            finally:
                relay.__exit__(None)


if __name__ == "__main__":
    tap.run([
        ("form and family of spans", test_form),
        ("problems and spans name the request", test_log_and_errors_name_the_trace),
        ("sampling", test_sampling),
        ("what is sent again", test_answers),
        ("nobody waits for the collector", test_nobody_waits),
        ("wrong settings", test_settings),
    ])
