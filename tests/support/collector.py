# tests/support/collector.py — an OpenTelemetry collector as far as a client can tell, and a reader of OTLP's JSON that takes
# nothing but what the specification and the official SDK write.
import http.server
import json
import os
import re
import threading

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "observe", "golden.json")


class Collector:
    """POST /v1/traces. `answers`: (status, headers, body) of the next requests; then 200. `gate`: closed, it does not answer."""

    def __init__(self):
        self.bodies, self.requests, self.answers = [], [], []
        self.gate = threading.Event()
        self.gate.set()
        collector = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                collector.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
                status, headers, text = collector.answers.pop(0) if collector.answers else (200, {}, b"{}")
                collector.gate.wait()
                if status == 200:
                    collector.bodies.append(body)
                try:
                    self.answer(status, headers, text)
                except BrokenPipeError:                     # who asked has given up
                    self.close_connection = True

            def answer(self, status, headers, text):
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.gate.set()
        self.server.shutdown()
        self.server.server_close()

    def spans(self):
        """All spans that were taken, checked."""
        return [span for body in list(self.bodies) for span in read(json.loads(body))]


def shape(value, path=""):
    """{path: kind of JSON value}; elements of arrays share a path."""
    if isinstance(value, dict):
        found = {path: "object"}
        for key, member in value.items():
            found.update(shape(member, f"{path}.{key}"))
        return found
    if isinstance(value, list):
        found = {path: "array"}
        for member in value:
            found.update(shape(member, f"{path}[]"))
        return found
    return {path: "number" if isinstance(value, int) and not isinstance(value, bool) else type(value).__name__}


def golden_shape():
    with open(GOLDEN, encoding="utf-8") as file:
        return shape(json.load(file))


def check_shape(body):
    """Every member is one that the official SDK writes, with a value of the same kind; none of a span's is missing."""
    golden = golden_shape()
    seen = shape(body)
    for path, kind in seen.items():
        if path.endswith(".value.intValue"):
            kind = {"str": "number"}.get(kind, kind)        # decimal text is the specification's, a number the SDK's
        assert golden.get(path) == kind, f"{path} is {kind}, and {golden.get(path)} at the SDK"
    optional = re.compile(r"\.(parentSpanId|status\.message|links\[\].*|attributes\[\].*)$")
    for path in golden:
        assert path in seen or optional.search(path), f"{path} is missing"


def read(body):
    """The spans of one request, after every rule of OTLP's JSON was checked."""
    check_shape(body)
    spans = []
    for resource in body["resourceSpans"]:
        attributes = attributes_of(resource["resource"]["attributes"])
        assert attributes.get("service.name"), attributes
        for scope in resource["scopeSpans"]:
            assert scope["scope"]["name"] and scope["spans"], scope
            for span in scope["spans"]:
                spans.append(check_span(span, attributes))
    assert spans, "an empty envelope"
    return spans


def check_span(span, resource):
    assert re.fullmatch(r"[0-9a-f]{32}", span["traceId"]) and span["traceId"].strip("0"), span
    assert re.fullmatch(r"[0-9a-f]{16}", span["spanId"]) and span["spanId"].strip("0"), span
    if "parentSpanId" in span:
        assert re.fullmatch(r"[0-9a-f]{16}", span["parentSpanId"]) and span["parentSpanId"].strip("0"), span
    assert span["kind"] in range(1, 6) and span["name"], span
    assert re.fullmatch(r"[1-9]\d{18}", span["startTimeUnixNano"]), span
    assert re.fullmatch(r"[1-9]\d{18}", span["endTimeUnixNano"]), span
    assert int(span["startTimeUnixNano"]) <= int(span["endTimeUnixNano"]), span
    assert span["status"]["code"] in (0, 1, 2), span
    assert span["flags"] & 0xff == 1 and not span["flags"] & ~0x3ff, span
    return {**span, "attributes": attributes_of(span["attributes"]), "resource": resource}


def attributes_of(pairs):
    found = {}
    for pair in pairs:
        assert pair["key"] and pair["key"] not in found and len(pair["value"]) == 1, pair
        kind, value = next(iter(pair["value"].items()))
        if kind == "intValue":
            assert isinstance(value, int) or re.fullmatch(r"-?\d{1,19}", value), pair
            value = int(value)
        found[pair["key"]] = value
    return found


def children(spans, span):
    return [other for other in spans if other.get("parentSpanId") == span["spanId"] and other["traceId"] == span["traceId"]]
