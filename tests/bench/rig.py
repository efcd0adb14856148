# tests/bench/rig.py — the rig every benchmark stands in: server and client on CPUs of their own, A B A B, medians.
import json
import os
import pwd
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
ROUNDS = int(os.environ.get("COBRO_BENCH_ROUNDS", "5"))
SECONDS = float(os.environ.get("COBRO_BENCH_SECONDS", "3"))
CONNECTIONS = int(os.environ.get("COBRO_BENCH_CONNECTIONS", "64"))
CPUS = sorted(os.sched_getaffinity(0))
SERVER_CPUS = CPUS[:-1] or CPUS         # one CPU belongs to the client; with two CPUs the server has one
CLIENT_CPUS = CPUS[-1:]


class Lacking(Exception):
    """Something that this measurement needs is not on this machine."""


def need(program, package):
    path = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/lib/postgresql/15/bin")
    if path is None:
        raise Lacking(f"{program} is missing (Debian package {package})")
    return path


def on(cpus):
    return lambda: os.sched_setaffinity(0, cpus)


class Rig:
    """A folder and the processes of one benchmark; all of it goes away."""

    def __init__(self, build):
        self.build = os.path.abspath(build)
        self.folder = tempfile.mkdtemp(prefix="cobro-bench-")
        os.chmod(self.folder, 0o755)
        self.servers = []

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def start(self, args, ready=None, env=None, user=None):
        """A server on the servers' CPUs. @ready: how many lines to read before it serves."""
        error = open(self.path(f"stderr-{len(self.servers)}"), "wb")
        process = subprocess.Popen(args, stdout=subprocess.PIPE if ready else subprocess.DEVNULL, stderr=error,
                                   env={**os.environ, **(env or {})}, preexec_fn=on(SERVER_CPUS), text=True,
                                   user=user, cwd=self.folder, start_new_session=True)
        process.errors = error.name
        self.servers.append(process)
        lines = []
        for _ in range(ready or 0):
            line = process.stdout.readline()
            if not line:
                with open(error.name, encoding="utf-8") as file:
                    raise RuntimeError(f"{args[0]} did not start: {file.read()[-2000:]}")
            lines.append(line.strip())
        return process, lines

    def stop(self, process, by=signal.SIGTERM):
        if process in self.servers:
            self.servers.remove(process)
        if process.poll() is None:
            os.killpg(process.pid, by)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if process.stdout:
            process.stdout.close()

    def close(self):
        for process in list(reversed(self.servers)):
            self.stop(process)
        shutil.rmtree(self.folder, ignore_errors=True)

    def requests(self, name, requests):
        """A file for bench-load."""
        path = self.path(name)
        with open(path, "wb") as file:
            for request in requests:
                file.write(b"%d\n" % len(request))
                file.write(request)
        return path

    def load(self, port, requests, once=False, expect=200, seconds=SECONDS, connections=CONNECTIONS):
        """One closed-loop run: what bench-load reports."""
        args = [os.path.join(self.build, "tests/bench/bench-load"), "127.0.0.1", str(port), requests,
                "--connections", str(connections), "--seconds", str(seconds), "--expect", str(expect)]
        if once:
            args.append("--once")
        done = subprocess.run(args, stdout=subprocess.PIPE, preexec_fn=on(CLIENT_CPUS), check=True)
        result = json.loads(done.stdout)
        if result["wrong"] or not result["requests"]:
            raise RuntimeError(f"{result['wrong']} wrong answers, {result['requests']} right ones on port {port}")
        return result


# ── What a process costs ────────────────────────────────────────────────────────────────────────────

def family(pid):
    """The process and all its descendants."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as file:
                    parent = int(file.read().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
            children.setdefault(parent, []).append(int(entry))
    found, todo = [], [pid]
    while todo:
        found.append(todo.pop())
        todo += children.get(found[-1], [])
    return found


def cpu(*processes):
    """CPU time in microseconds so far."""
    total = 0
    for process in processes:
        for pid in family(process.pid):
            try:
                for task in os.listdir(f"/proc/{pid}/task"):
                    with open(f"/proc/{pid}/task/{task}/schedstat", encoding="ascii") as file:
                        total += int(file.read().split()[0])
            except OSError:
                continue
    return total / 1000


def memory(*processes):
    """(resident, private) in KiB."""
    resident = private = 0
    for process in processes:
        for pid in family(process.pid):
            try:
                with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
                    fields = {line.split(":")[0]: line.split()[1] for line in file.readlines()[1:]}
            except OSError:
                continue
            resident += int(fields["Rss"])
            private += int(fields["Private_Clean"]) + int(fields["Private_Dirty"])
    return resident, private


# ── Comparing ───────────────────────────────────────────────────────────────────────────────────────

def alternate(sides, rounds=ROUNDS):
    """Runs {name: function} in turns (A B A B …); each function returns {measure: number}. Medians of the rounds."""
    seen = {name: [] for name in sides}
    for _ in range(rounds):
        for name, run in sides.items():
            seen[name].append(run())
    return {name: {key: statistics.median(each[key] for each in runs) for key in runs[0]}
            for name, runs in seen.items()}


def timed_load(rig, port, requests, processes, **options):
    """A load run with what the server spent on it."""
    before = cpu(*processes)
    result = rig.load(port, requests, **options)
    return {"per_second": result["per_second"], "p50_us": result["p50_us"], "p99_us": result["p99_us"],
            "cpu_us": (cpu(*processes) - before) / result["requests"]}


class Report:
    def __init__(self, name):
        self.name = name
        self.lines = []

    def say(self, text):
        print(f"{self.name}: {text}", flush=True)
        self.lines.append(text)

    def ratio(self, what, value, goal=None, at_most=False):
        verdict = ""
        if goal is not None:
            good = value <= goal if at_most else value >= goal
            verdict = f" (goal {'≤' if at_most else '≥'} {goal:g}: {'reached' if good else 'MISSED'})"
        self.say(f"{what}: {value:.2f}{verdict}")

    def sides(self, medians):
        for name, each in medians.items():
            self.say(f"{name:<24} {each['per_second']:>9,.0f}/s  p50 {each['p50_us'] / 1000:7.2f} ms  "
                     f"p99 {each['p99_us'] / 1000:7.2f} ms  CPU {each['cpu_us']:7.1f} µs each")


# ── Servers ─────────────────────────────────────────────────────────────────────────────────────────

def ask(url, data=None, headers=None):
    request = urllib.request.Request(url, data=data, headers=headers or {})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read()


class Relay:
    """cobro-relay demo without rate limits, its books in the rig's folder."""

    def __init__(self, rig, *options, settings=""):
        self.rig = rig
        self.data = rig.path("relay")
        config = rig.path("relay.conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write("rate-limits = off\nconnections-per-peer = 8000\nconnections-max = 10000\n" + settings)
        args = [os.path.join(rig.build, "relay/cobro-relay"), "demo", "--config", config, "--listen", "127.0.0.1:0",
                "--data", self.data, *options]
        self.started = time.monotonic()
        self.process, self.lines = rig.start(args, ready=1)
        while not self.lines[-1].startswith("ready:"):
            line = self.process.stdout.readline()
            if not line:
                with open(self.process.errors, encoding="utf-8") as file:
                    raise RuntimeError("cobro-relay did not start: " + file.read()[-2000:])
            self.lines.append(line.strip())
        self.facts = dict(line.split(": ", 1) for line in self.lines if ": " in line)
        self.url = self.facts["ready"].rstrip("/")
        self.port = int(self.url.rsplit(":", 1)[1])

    def stop(self):
        self.rig.stop(self.process)


class Postgres:
    """A cluster of its own on a unix socket, with its defaults: what is committed is on disk."""

    def __init__(self, rig):
        initdb, postgres = need("initdb", "postgresql"), need("postgres", "postgresql")
        self.user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        self.folder = rig.path("postgres")
        os.mkdir(self.folder)
        switch = {"user": "postgres"} if os.getuid() == 0 else {}
        if switch:
            shutil.chown(self.folder, "postgres")
        subprocess.run([initdb, "-D", self.folder + "/data", "-A", "trust", "-E", "UTF8"], check=True,
                       stdout=subprocess.DEVNULL, cwd="/", **switch)
        self.process, _ = rig.start([postgres, "-D", self.folder + "/data", "-k", self.folder, "-c", "listen_addresses="],
                                    user=switch.get("user"))
        for _ in range(300):
            if os.path.exists(self.folder + "/.s.PGSQL.5432"):
                return
            time.sleep(0.1)
        raise RuntimeError("PostgreSQL did not start")


class Peer:
    """peer.mjs with its PostgreSQL and Redis."""

    def __init__(self, rig, page=None, plugins=False, postgres=None):
        node = need("node", "nodejs")
        if not os.path.isdir(os.path.join(HERE, "node_modules/fastify")):
            raise Lacking("the peer's npm packages are missing: (cd tests/bench && npm ci)")
        self.rig = rig
        self.postgres = postgres or Postgres(rig)
        socket = rig.path(f"redis-{len(rig.servers)}.sock")
        self.redis, _ = rig.start([need("redis-server", "redis-server"), "--port", "0", "--unixsocket", socket,
                                   "--save", "", "--appendonly", "no"])
        if page is None:
            page = rig.path("empty-page")
            open(page, "wb").close()
        while not os.path.exists(socket):
            time.sleep(0.05)
        self.started = time.monotonic()
        self.process, lines = rig.start([node, os.path.join(HERE, "peer.mjs")], ready=1, env={
            "NODE_ENV": "production", "PEER_PAGE": page, "PEER_PG": self.postgres.folder, "PEER_PG_USER": self.postgres.user,
            "PEER_REDIS": socket, "PEER_PLUGINS": "1" if plugins else "0"})
        self.port = int(lines[0])

    @property
    def processes(self):
        return [self.process, self.redis, self.postgres.process]


class Nginx:
    """nginx with one worker, serving files from @root."""

    def __init__(self, rig, root):
        nginx = need("nginx", "nginx-light")
        self.port = free_port()
        path = rig.path("nginx.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"""worker_processes {len(SERVER_CPUS)}; daemon off; pid {rig.path('nginx.pid')};
error_log {rig.path('nginx.log')}; worker_rlimit_nofile 16384;
events {{ worker_connections 8192; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; open_file_cache max=1000;
  default_type "text/html; charset=utf-8";
  client_body_temp_path {rig.path('nginx-body')}; proxy_temp_path {rig.path('nginx-proxy')};
  server {{ listen 127.0.0.1:{self.port} backlog=4096; root {root}; }}
}}
""")
        self.process, _ = rig.start([nginx, "-c", path, "-e", rig.path("nginx.log")])
        for _ in range(100):
            try:
                ask(f"http://127.0.0.1:{self.port}/")
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.05)


def free_port():
    import socket
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(target, host="127.0.0.1"):
    return (f"GET {target} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: cobro-bench\r\nAccept: text/html,*/*;q=0.8\r\n\r\n").encode()


def post(target, body, headers):
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return (f"POST {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{lines}"
            f"Content-Length: {len(body)}\r\n\r\n").encode() + body
