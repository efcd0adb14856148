"""cobro.py: Cobro's own words for the driver: a relay that can be killed and started again, the window, a buyer.

Stories (main_job.py, kills.py, looks.py) are written in these words. Each takes the build folder as --build."""
import argparse
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
from chromium import Buyer                       # noqa: E402, F401 — one of the words
from driver import PATIENCE, App, clipboard, deadline, key, set_clipboard, until, write  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
CARD_PAYS, CARD_DECLINES, CARD_SECURE = '4242424242424242', '4000000000000002', '4000002500003155'


def arguments(description, more=None):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument('--build', default=os.path.join(HERE, '..', '..', 'build'), help='the build folder')
    if more:
        more(parser)
    found = parser.parse_args()
    found.build = os.path.abspath(found.build)
    return found


def free_port():
    """A port that was free a moment ago: the relay must come back on the same one after a kill."""
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Relay:
    """`cobro-relay demo` on loopback with its own data folder and the mock gateway."""

    def __init__(self, build, folder=None, options=()):
        self.program = os.path.join(build, 'relay', 'cobro-relay')
        self.folder = folder or os.path.join(os.environ['COBRO_UI_WORK'], 'relay')
        self.port, self.options = free_port(), list(options)
        self.url = f'http://127.0.0.1:{self.port}'
        self.log_path = os.path.join(os.environ['COBRO_UI_WORK'], 'relay.log')
        self.process, self.reader, self.said, self.started = None, None, {}, None
        self.ready = threading.Event()

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, error, trace):
        if kind is not None:
            print(self.log()[-3000:])
        self.stop()

    def start(self):
        """Starts it and waits for `ready:`; says how long that took in .started."""
        begun = time.monotonic()
        with open(self.log_path, 'a', encoding='utf-8') as errors:
            self.process = subprocess.Popen(
                [self.program, 'demo', '--listen', f'127.0.0.1:{self.port}', '--data', self.folder, *self.options],
                stdout=subprocess.PIPE, stderr=errors, text=True)
        self.ready.clear()
        self.reader = threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True)
        self.reader.start()
        until('the relay says ready', lambda: self.ready.is_set() or self.process.poll() is not None, seconds=20)
        if not self.ready.is_set():
            raise AssertionError(f'the relay ended with {self.process.returncode}: {self.said}\n{self.log()}')
        self.started = time.monotonic() - begun
        return self

    def _read(self, output):
        """Keeps what it says before it is ready, and its access log out of its way."""
        with open(self.log_path, 'a', encoding='utf-8') as log:
            for line in output:
                log.write(line)
                log.flush()
                word, colon, value = line.strip().partition(': ')
                if colon and word in ('api key', 'pair', 'link', 'ready'):
                    self.said[word] = value
                if word == 'ready':
                    self.ready.set()

    def log(self):
        with open(self.log_path, encoding='utf-8', errors='replace') as file:
            return file.read()

    def kill(self):
        """kill -9: nothing is flushed, nothing is said."""
        self.process.kill()
        self._ended()

    def _ended(self):
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()

    def stop(self):
        """SIGTERM; a relay that does not end by itself is a failure."""
        if not self.process or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30 * PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError('the relay did not end on SIGTERM') from None
        finally:
            self._ended()

    def pairing_code(self):
        """A fresh code; the one printed at the start is good for one desktop."""
        done = subprocess.run([self.program, 'pair-code', '--data', self.folder], capture_output=True, text=True, check=False)
        found = re.search(r'\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b', done.stdout)
        return found[0] if found else self.said['pair']

    def get(self, path):
        """GET /v1/… with the demo key; the whole answer."""
        request = urllib.request.Request(self.url + path, headers={'Authorization': f'Bearer {self.said["api key"]}'})
        with urllib.request.urlopen(request, timeout=20 * PATIENCE) as answer:
            return json.load(answer)

    def links(self):
        """All links of the merchant."""
        found, cursor = [], ''
        while cursor is not None:
            page = self.get('/v1/links?limit=100' + (f'&cursor={cursor}' if cursor else ''))
            found += page['data']
            cursor = page['pagination']['nextCursor']
        return found

    def audit(self):
        """`cobro-relay audit` over the stopped or running relay's data: every invariant holds."""
        done = subprocess.run([self.program, 'audit', '--data', self.folder], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(f'audit: {done.returncode}\n{done.stdout}{done.stderr}')
        return done.stdout


# ── The window ───────────────────────────────────────────────────────────────────────────────────────
def window(build, *options, env=None):
    """Cobro's window, run from the build folder. Under AddressSanitizer without the search for leaks: libsecret loses the
    reply of every lookup, and the stacks that would tell it from ours make the start take seconds."""
    sanitizer = {'ASAN_OPTIONS': os.environ['ASAN_OPTIONS'] + ':detect_leaks=0'} if 'ASAN_OPTIONS' in os.environ else {}
    watchdog = os.path.join(build, 'tests', 'ui', 'libcobro-watchdog.so')
    return App([os.path.join(build, 'src', 'cobro'), *options],
               env={'GSETTINGS_SCHEMA_DIR': os.path.join(build, 'data'),
                    'COBRO_WATCHDOG_LIBRARY': '' if sanitizer else watchdog,
                    'COBRO_RELAY': os.path.join(build, 'relay', 'cobro-relay'), **sanitizer, **(env or {})})


def new_link(app, title, amount):
    """Ctrl+N, type, Enter; returns the address that is then on the clipboard."""
    set_clipboard('nothing yet')
    key('ctrl+n')
    app.active('New Link')
    write(title)
    key('Tab')
    write(amount)
    key('Return')
    return until('the link is on the clipboard', lambda: copied_url(app))


class Counted:
    """Does what a person does, and counts the steps: a click, a shortcut, Enter. Typing and moving with Tab are not
    counted (desktop.md)."""

    def __init__(self):
        self.steps = 0

    def step(self, *names):
        key(*names)
        self.steps += 1

    def click(self, node):
        node.mouse()
        self.steps += 1

    @staticmethod
    def fill(*texts):
        """Types texts, moving on with Tab; None is a stop that is passed over."""
        for text in texts:
            if text:
                write(text)
            key('Tab')

    def within(self, flow, allowed):
        assert self.steps <= allowed, f'{flow}: {self.steps} steps, {allowed} promised'
        print(f'# {flow}: {self.steps} steps of {allowed}')


def copied_url(app):
    app.alive()
    text = clipboard()
    return text if re.fullmatch(r'https?://\S+/pay/[0-9a-f]{64}', text) else None


def connect(app, relay, code):
    """The door "Connect a Relay": address and pairing code; until the header says that all is up to date."""
    app.find('list item', 'Connect a Relay').click()
    app.active('Connect a Relay')
    write(relay.url)
    key('Tab')
    write(code)
    key('Return')
    up_to_date(app)


def up_to_date(app, seconds=30):
    return app.find(('push button', 'toggle button'), '^(Up to Date|Practice Mode)', seconds=seconds)


def row_of(app, title, seconds=10):
    """The row of the list that shows the link of that title."""
    label = app.find('label', title, seconds=seconds)
    while label.role not in ('table row', 'list item'):
        label = label.parent
    return label


def row_says(app, title, word, seconds=30):
    """Waits until the row of that link shows the word (or pattern)."""
    return until(f'"{title}" says {word}', lambda: row_of(app, title).find_all('label', word), seconds)
