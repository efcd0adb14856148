#!/usr/bin/python3
# tests/support/postgres.py — PostgreSQL for tests: clusters made with initdb in a temporary folder, reached by a unix
# socket only, durable as in production, run by an unprivileged user.
#
# One cluster serves all tests of a `meson test` run, each with databases of its own: shared(). The first test that wants
# it starts a keeper, which ends it and removes its folder when the run is over, or, without a run, when nobody has used it
# for a moment. Tests that stop or kill the server make one for themselves: Server.
#
# C tests speak to `postgres.py serve` (cobro-test-postgres.h): one command a line, one answer a line.
import contextlib
import ctypes
import fcntl
import glob
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse

PATIENCE = 60
LINGER = 3          # seconds without a user, when no `meson test` is behind it
MEMORY = "/dev/shm"
MEMORY_WANTED = 1 << 30
PR_SET_PDEATHSIG = 1
PRCTL = ctypes.CDLL(None).prctl  # looked up before any fork

SETTINGS = {
    "listen_addresses": "''", "unix_socket_permissions": "0700", "max_connections": "200", "shared_buffers": "64MB",
    # As in production: what is acknowledged is on disk.
    "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on",
    "max_wal_size": "256MB", "min_wal_size": "32MB", "log_min_messages": "warning", "log_checkpoints": "off",
    "max_parallel_workers_per_gather": "0", "jit": "off",
    "dynamic_shared_memory_type": "mmap",  # in the folder: nothing stays behind a kill
}


def bin_folder():
    """Where initdb and postgres are; None when PostgreSQL is not installed."""
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: float(path.split("/")[-2]), reverse=True)
    for folder in folders + os.environ.get("PATH", "").split(":"):
        if os.access(os.path.join(folder, "initdb"), os.X_OK):
            return folder
    return None


def base_folder():
    """Memory, where there is enough of it: a flush costs nothing there, and no test cuts the power of the machine."""
    with contextlib.suppress(OSError):
        space = os.statvfs(MEMORY)
        if os.access(MEMORY, os.W_OK) and space.f_bavail * space.f_frsize > MEMORY_WANTED:
            return MEMORY
    return tempfile.gettempdir()


def unprivileged():
    """(uid, gid) that the server runs with: it refuses to be root."""
    if os.getuid() != 0:
        return os.getuid(), os.getgid()
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return entry.pw_uid, entry.pw_gid
    raise AssertionError("no unprivileged user to run PostgreSQL as")


def step_down():
    """In the child: an unprivileged user, and an end (SIGQUIT, at once) when the parent ends."""
    uid, gid = unprivileged()
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    os.umask(0o077)
    PRCTL(PR_SET_PDEATHSIG, signal.SIGQUIT)


class Server:
    """A cluster in a folder of its own (made, and removed by close()). Not started yet."""

    def __init__(self, folder=None, **settings):
        self.folder = folder or tempfile.mkdtemp(prefix="cobro-pg-", dir=base_folder())
        self.data = os.path.join(self.folder, "data")
        self.socket = os.path.join(self.folder, "socket")
        self.settings = {**SETTINGS, **settings}
        self.process = None
        self.count = 0
        self.made = []

    def __enter__(self):
        try:
            self.create()
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def create(self):
        uid, gid = unprivileged()
        os.chmod(self.folder, 0o711)
        for path in (self.data, self.socket):
            os.makedirs(path, 0o700, exist_ok=True)
            os.chown(path, uid, gid)
        done = self.run("initdb", "-D", self.data, "--no-sync", "-E", "UTF8", "--locale=C", "--auth=trust", "-U", "cobro")
        assert done.returncode == 0, done.stdout + done.stderr
        settings = {**self.settings, "unix_socket_directories": f"'{self.socket}'"}
        with open(os.path.join(self.data, "postgresql.auto.conf"), "a", encoding="utf-8") as file:
            file.write("".join(f"{name} = {value}\n" for name, value in settings.items()))

    def run(self, program, *arguments):
        return subprocess.run([os.path.join(bin_folder(), program), *arguments], preexec_fn=step_down, cwd="/",
                              capture_output=True, text=True, timeout=PATIENCE, check=False,
                              env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C"})

    def start(self, wait=True):
        """Starts it; after a kill the server may need a moment until the old one's memory is free."""
        deadline = time.monotonic() + PATIENCE
        self.spawn()
        while wait and not self.answers():
            if self.process.poll() is not None:
                time.sleep(0.1)
                self.spawn()
            assert time.monotonic() < deadline, self.read_log()[-2000:]
            time.sleep(0.02)

    def spawn(self):
        with open(os.path.join(self.folder, "log"), "ab") as log:
            # A process group of its own: a Ctrl+C at the tests is not for the server.
            self.process = subprocess.Popen([os.path.join(bin_folder(), "postgres"), "-D", self.data], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, preexec_fn=step_down, start_new_session=True, cwd="/",
                                            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"})

    def answers(self):
        return self.run("pg_isready", "-q", "-h", self.socket, "-d", "postgres", "-U", "cobro").returncode == 0

    def stop(self, mode="fast"):
        """As `pg_ctl stop -m MODE`; "kill" is SIGKILL for the postmaster."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal({"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT,
                                  "kill": signal.SIGKILL}[mode])
        self.process.wait(PATIENCE)

    def restart(self, mode="fast"):
        self.stop(mode)
        self.start()

    def close(self):
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def read_log(self):
        with contextlib.suppress(OSError), open(os.path.join(self.folder, "log"), encoding="utf-8", errors="replace") as file:
            return file.read()
        return ""

    # ── Databases ──

    def uri(self, name="postgres"):
        return f"postgresql://cobro@/{name}?host={urllib.parse.quote(self.socket, safe='')}"

    def sql(self, text, name="postgres"):
        """Runs statements; what they print, unaligned and without headings."""
        done = subprocess.run([os.path.join(bin_folder(), "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", self.uri(name),
                               "-c", text], capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def database(self, template=None):
        """URI of a fresh, empty database, or of a copy of @template."""
        self.count += 1
        name = f"t{os.getpid()}_{self.count}"
        self.sql(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
        self.made.append(name)
        return self.uri(name)

    def drop(self, uri):
        name = database_name(uri)
        self.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        if name in self.made:
            self.made.remove(name)

    def drop_all(self):
        for name in list(self.made):
            with contextlib.suppress(AssertionError, subprocess.TimeoutExpired):
                self.drop(self.uri(name))


def database_name(uri):
    return urllib.parse.urlsplit(uri).path.lstrip("/")


# ── The shared one ──────────────────────────────────────────────────────────────────────────────────────────────

def shared_folder():
    place = os.environ.get("G_TEST_BUILDDIR") or os.getcwd()
    return os.path.join(base_folder(), f"cobro-pg-{os.getuid()}-{hashlib.sha256(place.encode()).hexdigest()[:8]}")


def lock(path, kind):
    """An open, locked file that still has its name; None when it is taken and @kind says not to wait."""
    while True:
        try:
            fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except FileNotFoundError:  # the folder is being removed
            return None
        try:
            fcntl.flock(fd, kind)
        except BlockingIOError:
            os.close(fd)
            return None
        with contextlib.suppress(OSError):
            if os.fstat(fd).st_ino == os.stat(path).st_ino:
                return fd
        os.close(fd)


def runner():
    """"PID START" of the `meson test` this process belongs to, or ""."""
    pid = os.getppid()
    while pid > 1:
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                words = file.read().split(b"\0")
            fields = stat_of(pid)
        except OSError:
            return ""
        if b"test" in words and any(os.path.basename(word).startswith(b"meson") for word in words[:3]):
            return f"{pid} {fields[19]}"
        pid = int(fields[1])
    return ""


def stat_of(pid):
    """Fields of /proc/PID/stat from the state on."""
    with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
        return file.read().rpartition(")")[2].split()


def is_alive(run):
    with contextlib.suppress(OSError, ValueError, IndexError):
        pid, start = run.split()
        return stat_of(int(pid))[19] == start
    return False


@contextlib.contextmanager
def shared():
    """The cluster of this test run, started when it is not there. Databases made through it are dropped at the end."""
    folder = shared_folder()
    users = None
    while users is None:
        os.makedirs(folder, 0o711, exist_ok=True)
        assert os.stat(folder).st_uid == os.getuid(), f"{folder} belongs to somebody else"
        starting = lock(os.path.join(folder, "starting"), fcntl.LOCK_EX)
        if starting is None:
            continue
        try:
            users = lock(os.path.join(folder, "users"), fcntl.LOCK_SH)
            with open(os.path.join(folder, "runs"), "a", encoding="utf-8") as file:
                file.write(runner() + "\n")
            if not Server(folder).answers():
                start_keeper(folder)
        finally:
            os.close(starting)
    server = Server(folder)
    try:
        yield server
    finally:
        server.drop_all()
        os.close(users)


def start_keeper(folder):
    """With the lock "starting" held. What a killed keeper left behind is removed first."""
    for name in ("data", "socket", "log"):
        path = os.path.join(folder, name)
        shutil.rmtree(path, ignore_errors=True) if os.path.isdir(path) else os.path.exists(path) and os.remove(path)
    keeper = subprocess.Popen([sys.executable, os.path.abspath(__file__), "keep", folder], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True, cwd="/")
    said = keeper.stdout.readline()
    assert said == b"ready\n", said + keeper.stdout.read()
    keeper.stdout.close()


def keep(folder):
    """The keeper: the server's parent, until nobody wants it any more."""
    server = Server(folder)
    server.create()
    server.start()
    os.write(1, b"ready\n")
    silent = os.open(os.devnull, os.O_RDWR)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    idle_since = time.monotonic()
    while server.process.poll() is None:
        time.sleep(0.2)
        if is_wanted(folder):
            idle_since = time.monotonic()
        if time.monotonic() - idle_since < (0.3 if had_run(folder) else LINGER):
            continue
        starting = lock(os.path.join(folder, "starting"), fcntl.LOCK_EX | fcntl.LOCK_NB)
        if starting is None:
            continue
        if not is_wanted(folder):
            server.close()  # with the locks in it: who waits for them makes new ones
        os.close(starting)


def had_run(folder):
    with contextlib.suppress(OSError), open(os.path.join(folder, "runs"), encoding="utf-8") as file:
        return bool(file.read().strip())
    return False


def is_wanted(folder):
    """Whether a test run or a single test still needs the server."""
    with contextlib.suppress(OSError), open(os.path.join(folder, "runs"), encoding="utf-8") as file:
        if any(is_alive(run) for run in set(file.read().splitlines())):
            return True
    users = lock(os.path.join(folder, "users"), fcntl.LOCK_EX | fcntl.LOCK_NB)
    if users is None:
        return os.path.isdir(folder)
    os.close(users)
    return False


# ── For C ───────────────────────────────────────────────────────────────────────────────────────────────────────

def answer(words, shared_server, stack, own):
    """One command of a C test."""
    if words == ["database"]:
        return shared_server().database()
    if words[0] == "drop":
        shared_server().drop(words[1])
    elif words[0] == "own":  # a server for this test alone, with a database
        settings = dict(word.split("=") for word in words[1:])
        own.append(stack.enter_context(Server(**settings)))
        return own[-1].database()
    elif words[0] == "stop":
        own[-1].stop(words[1])
    elif words == ["start"]:
        own[-1].start()
    else:
        raise AssertionError(f"unknown command {words}")
    return "ok"


def serve():
    """Until the end of the input, which is the end of the test, even when it is killed."""
    with contextlib.ExitStack() as stack:
        servers, own = [], []

        def shared_server():
            if not servers:
                servers.append(stack.enter_context(shared()))
            return servers[0]

        for line in sys.stdin:
            try:
                reply = answer(line.split(), shared_server, stack, own)
            except Exception as error:
                reply = "error: " + str(error).replace("\n", " ")
            print(reply, flush=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        serve()
    elif sys.argv[1:2] == ["keep"]:
        keep(sys.argv[2])
    else:
        sys.exit("usage: postgres.py serve | keep FOLDER")
