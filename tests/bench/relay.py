# tests/bench/relay.py — the relay's benchmarks.
import hashlib
import hmac
import itertools
import json
import os
import sqlite3
import socket
import statistics
import time

import rig as r

KEY = {"Authorization": "Bearer demo"}


# ── The gate alone ──────────────────────────────────────────────────────────────────────────────────

def gate(rig, report):
    """P14: an 8 KiB page from memory: the gate's two ways, a stock SoupServer, nginx with a file."""
    server = os.path.join(rig.build, "tests/bench/bench-gate")
    ours, lines = rig.start([server, "gate"], ready=1)
    soup, soup_lines = rig.start([server, "soup"], ready=1)
    root = rig.path("root")
    os.mkdir(root)
    with open(os.path.join(root, "page"), "wb") as file:
        file.write(b"x" * 8192)
    nginx = r.Nginx(rig, root)
    files = {name: rig.requests(name, [r.get("/" + name)]) for name in ("inline", "pool", "page")}
    medians = r.alternate({
        "gate, listener thread": lambda: r.timed_load(rig, int(lines[0]), files["inline"], [ours]),
        "gate, request thread": lambda: r.timed_load(rig, int(lines[0]), files["pool"], [ours]),
        "stock SoupServer": lambda: r.timed_load(rig, int(soup_lines[0]), files["page"], [soup]),
        "nginx, a file": lambda: r.timed_load(rig, nginx.port, files["page"], [nginx.process]),
    })
    report.sides(medians)
    inline, pool = medians["gate, listener thread"], medians["gate, request thread"]
    report.ratio("CPU of a request, request thread : SoupServer", pool["cpu_us"] / medians["stock SoupServer"]["cpu_us"],
                 1.05, at_most=True)
    report.ratio("CPU of a request, nginx : listener thread", medians["nginx, a file"]["cpu_us"] / inline["cpu_us"], 1)
    report.ratio("throughput, listener thread : nginx", inline["per_second"] / medians["nginx, a file"]["per_second"], 1)


# ── Links ───────────────────────────────────────────────────────────────────────────────────────────

def link_body(n):
    return json.dumps({"title": f"Coffee beans {n}", "description": "250 g, roasted this week", "reference": f"B-{n}",
                       "currency": "EUR", "amount": 1250 + n % 1000, "metadata": {"order": str(n)}}).encode()


def link_requests(count, start):
    return (r.post("/v1/links", link_body(n), KEY) for n in range(start, start + count))


def make_links(relay, count, start=0):
    """Creates links through the API, quickly: over one connection per hundred. Their targets."""
    import http.client
    targets = []
    connection = http.client.HTTPConnection("127.0.0.1", relay.port, timeout=30)
    for n in range(start, start + count):
        connection.request("POST", "/v1/links", link_body(n), {**KEY, "Content-Type": "application/json"})
        answer = connection.getresponse()
        data = json.loads(answer.read())
        if answer.status != 201:
            raise RuntimeError(f"a link was refused: {data}")
        targets.append("/pay/" + data["data"]["token"])
    connection.close()
    return targets


def page(rig, report):
    """P2: the checkout page of 500 links in turn, nginx with the same bytes as a file, the peer with them in Redis."""
    relay = r.Relay(rig)
    targets = make_links(relay, 500)
    html = r.ask(relay.url + targets[0])
    root = rig.path("root")
    os.mkdir(root)
    path = os.path.join(root, "page")
    with open(path, "wb") as file:
        file.write(html)
    nginx = r.Nginx(rig, root)
    ours = rig.requests("ours", [r.get(target) for target in targets])
    static = rig.requests("static", [r.get("/page")])
    sides = {
        "cobro": lambda: r.timed_load(rig, relay.port, ours, [relay.process]),
        "nginx, the same bytes": lambda: r.timed_load(rig, nginx.port, static, [nginx.process]),
    }
    try:
        peer = r.Peer(rig, page=path)
        peers = rig.requests("peers", [r.get(target) for target in targets])
        sides["Fastify + Redis"] = lambda: r.timed_load(rig, peer.port, peers, peer.processes)
    except r.Lacking as lacking:
        report.say(f"without the peer: {lacking}")
    medians = r.alternate(sides)
    report.say(f"a page is {len(html)} bytes of HTML")
    report.sides(medians)
    report.ratio("throughput, cobro : nginx", medians["cobro"]["per_second"] / medians["nginx, the same bytes"]["per_second"], 1)
    report.ratio("CPU of a page, nginx : cobro", medians["nginx, the same bytes"]["cpu_us"] / medians["cobro"]["cpu_us"], 1)
    if "Fastify + Redis" in medians:
        report.ratio("throughput, cobro : Fastify + Redis",
                     medians["cobro"]["per_second"] / medians["Fastify + Redis"]["per_second"], 4.5)


def create(rig, report):
    """P1: a link, validated, with its event and outbox row, committed to disk before the answer."""
    relay = r.Relay(rig)
    postgres = r.Postgres(rig)
    bare = r.Peer(rig, postgres=postgres)
    plugins = r.Peer(rig, plugins=True, postgres=postgres)
    numbers = itertools.count(1)
    count = int(r.SECONDS * 60000)

    def side(port, processes):
        def run():
            requests = rig.requests("create", link_requests(count, next(numbers) * count))
            return r.timed_load(rig, port, requests, processes, once=True, expect=201)
        return run

    medians = r.alternate({
        "cobro": side(relay.port, [relay.process]),
        "Fastify + pg, bare": side(bare.port, [bare.process, bare.redis, postgres.process]),
        "Fastify + pg, plugins": side(plugins.port, [plugins.process, plugins.redis, postgres.process]),
    })
    report.sides(medians)
    ours = medians["cobro"]
    for name, goal in (("Fastify + pg, plugins", 5), ("Fastify + pg, bare", 3)):
        report.ratio(f"throughput, cobro : {name}", ours["per_second"] / medians[name]["per_second"], goal)
        report.ratio(f"CPU of a link, {name} : cobro", medians[name]["cpu_us"] / ours["cpu_us"], goal)
    report.ratio("p99, cobro : plugins", ours["p99_us"] / medians["Fastify + pg, plugins"]["p99_us"], 0.25, at_most=True)


# ── Webhooks ────────────────────────────────────────────────────────────────────────────────────────

def mock_account(relay):
    """Begins a payment, so that the mock company knows our account: (account, secret, its payment, ours)."""
    token = make_links(relay, 1, 9000000)[0].rsplit("/", 1)[1]
    r.ask(f"{relay.url}/api/public/pay/{token}/create-payment", b"{}",
          {"Content-Type": "application/json", "Idempotency-Key": "bench"})
    books = sqlite3.connect(f"file:{relay.data}/mock.sqlite?mode=ro", uri=True)
    books.row_factory = sqlite3.Row
    account = books.execute("select * from endpoints").fetchone()
    payment = books.execute("select * from payments").fetchone()
    books.close()
    return account, payment


def mock_hooks(relay, account, payment, count, start):
    now = str(int(time.time()))
    secret = account["secret"].encode()
    for n in range(start, start + count):
        body = json.dumps({
            "id": f"me_bench{n:016d}", "type": "payment.processing", "created": "2026-01-01T00:00:00Z",
            "account": account["account"], "livemode": False,
            "payment": {"id": payment["id"], "reference": payment["reference"], "status": "processing",
                        "currency": payment["currency"], "amount": payment["amount"], "captured": 0, "brand": "visa",
                        "last4": "4242", "failure_code": ""}}).encode()
        signature = hmac.new(secret, now.encode() + b"." + body, hashlib.sha256).hexdigest()
        yield r.post(f"/webhooks/mock/{account['account']}", body, {"Mock-Timestamp": now, "Mock-Signature": f"v1={signature}"})


def peer_hooks(count, start):
    now = str(int(time.time()))
    for n in range(start, start + count):
        body = json.dumps({"id": f"me_bench{n:016d}", "type": "payment.processing",
                           "payment": {"id": "mp_1", "status": "processing", "currency": "EUR", "amount": 1250}}).encode()
        import base64
        signature = base64.b64encode(hmac.new(b"bench-secret-bench-secret", f"me_{n}.{now}.".encode() + body,
                                              hashlib.sha256).digest()).decode()
        yield r.post("/webhooks/mock/1", body, {"webhook-id": f"me_{n}", "webhook-timestamp": now,
                                                "webhook-signature": "v1," + signature})


def webhook(rig, report):
    """P3: a provider's webhook: verified, deduplicated, committed before 200."""
    relay = r.Relay(rig)
    peer = r.Peer(rig)
    account, payment = mock_account(relay)
    numbers = itertools.count(1)
    count = int(r.SECONDS * 60000)

    def ours():
        requests = rig.requests("hooks", mock_hooks(relay, account, payment, count, next(numbers) * count))
        return r.timed_load(rig, relay.port, requests, [relay.process], once=True)

    def theirs():
        requests = rig.requests("hooks", peer_hooks(count, next(numbers) * count))
        return r.timed_load(rig, peer.port, requests, peer.processes, once=True)

    medians = r.alternate({"cobro": ours, "Fastify + pg": theirs})
    report.sides(medians)
    report.ratio("throughput, cobro : Fastify + pg",
                 medians["cobro"]["per_second"] / medians["Fastify + pg"]["per_second"], 8)
    report.ratio("CPU of a webhook, Fastify + pg : cobro", medians["Fastify + pg"]["cpu_us"] / medians["cobro"]["cpu_us"], 8)
    report.ratio("p99, cobro : Fastify + pg", medians["cobro"]["p99_us"] / medians["Fastify + pg"]["p99_us"], 0.25, at_most=True)


# ── Starting, resting ───────────────────────────────────────────────────────────────────────────────

def first_answer(server):
    """Milliseconds from the start to the first answer, and the memory then."""
    while True:
        try:
            r.ask(f"http://127.0.0.1:{server.port}/v1/healthz")
            return (time.monotonic() - server.started) * 1000
        except OSError:
            time.sleep(0.001)


def start(rig, report):
    """P5: start to the first answer, and the memory at that moment; the peer's without its PostgreSQL and Redis."""
    times = {"cobro": [], "Fastify": []}
    sizes = {"cobro": [], "Fastify": []}
    relay = r.Relay(rig)                # the folder is made once: what is measured is a restart
    make_links(relay, 1000)
    relay.stop()
    postgres = r.Postgres(rig)
    for _ in range(r.ROUNDS):
        relay = r.Relay(rig)
        times["cobro"].append(first_answer(relay))
        sizes["cobro"].append(r.memory(relay.process))
        relay.stop()
        peer = r.Peer(rig, plugins=True, postgres=postgres)
        times["Fastify"].append(first_answer(peer))
        sizes["Fastify"].append(r.memory(peer.process))
        rig.stop(peer.process)
        rig.stop(peer.redis)
    for name, each in times.items():
        report.say(f"{name:<10} {statistics.median(each):7.1f} ms, "
                   f"{statistics.median(size[0] for size in sizes[name]) / 1024:6.1f} MiB resident, "
                   f"{statistics.median(size[1] for size in sizes[name]) / 1024:6.1f} MiB private")
    report.ratio("cobro's start in ms", statistics.median(times["cobro"]), 50, at_most=True)
    report.ratio("time, Fastify : cobro", statistics.median(times["Fastify"]) / statistics.median(times["cobro"]))
    report.ratio("memory, Fastify : cobro", statistics.median(s[0] for s in sizes["Fastify"]) /
                 statistics.median(s[0] for s in sizes["cobro"]))


def memory(rig, report):
    """P5, P14: memory at rest, after serving, at full load; flat over a million requests and many connections."""
    relay = r.Relay(rig)
    resident, private = r.memory(relay.process)
    report.ratio("MiB resident at rest", resident / 1024, 15, at_most=True)
    targets = make_links(relay, 2000)
    pages = rig.requests("pages", [r.get(target) for target in targets])
    rig.load(relay.port, pages, seconds=2)
    _, private = r.memory(relay.process)
    report.ratio("MiB private after serving 2,000 links", private / 1024, 32, at_most=True)
    total = int(os.environ.get("COBRO_BENCH_FLAT", "1000000"))
    peak = served = early = 0
    while served < total:
        served += rig.load(relay.port, pages, seconds=2, connections=256)["requests"]
        _, private = r.memory(relay.process)
        if served < total / 4 or not early:
            early = private
        peak = max(peak, private)
    report.ratio("MiB private at full load, 256 connections", peak / 1024, 64, at_most=True)
    report.ratio(f"growth from the first quarter to {served:,} requests", private / early, 1.05, at_most=True)


def crowd(rig, report):
    """P7: 4,000 idle clients, then 4,000 half-open ones: memory of each, loss of throughput."""
    relay = r.Relay(rig)
    health = rig.requests("health", [r.get("/v1/healthz")])
    alone = statistics.median(rig.load(relay.port, health)["per_second"] for _ in range(r.ROUNDS))
    _, before = r.memory(relay.process)
    for name, sent, kib, goal in (("idle", b"GET /v1/healthz HTTP/1.1\r\nHost: a\r\n\r\n", 0.5, 0.95),
                                  ("half-open", b"GET /v1/healthz HTTP/1.1\r\nHos", 1.5, 0.9)):
        clients = []
        for _ in range(4000):
            client = socket.create_connection(("127.0.0.1", relay.port))
            client.sendall(sent)
            clients.append(client)
        time.sleep(0.5)
        _, after = r.memory(relay.process)
        # Half-open clients live for 10 s: one short run.
        busy = rig.load(relay.port, health, seconds=min(r.SECONDS, 3))["per_second"]
        report.ratio(f"KiB for each of 4,000 {name} clients", (after - before) / 4000, kib, at_most=True)
        report.ratio(f"throughput beside them : alone ({alone:,.0f}/s)", busy / alone, goal)
        for client in clients:
            client.close()
        time.sleep(1)
