"""driver.py: drives a GTK 4 program as a person with a keyboard, a pointer and a screen reader would.

    with App(['./cobro']) as app:
        app.find('push button', 'Copy Link').click()
        app.find('label', 'Link copied')

It reads and acts through AT-SPI and types and clicks through X (xdotool), inside session.sh. Only the standard library,
gi (Atspi) and the programs xdotool, xprop, xclip and import. What GTK 4.8 does differently from what AT-SPI promises is
handled here and explained where it is. Every wait is a poll with a generous deadline (COBRO_UI_PATIENCE multiplies it)."""
import os
import re
import signal
import subprocess
import sys
import time

import gi
gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, GLib   # noqa: E402

PATIENCE = float(os.environ.get('COBRO_UI_PATIENCE', '1'))
COMPUTES_MS = float(os.environ.get('COBRO_UI_STALL_MS', '800'))
WAITS_MS = float(os.environ.get('COBRO_UI_WAIT_MS', '2000'))
POLL = 0.04
# Never "action 0": labels and texts carry destructive actions (cut, delete) in any order.
ACTIVATE = ('click', 'press', 'activate', 'toggle', 'default.activate', 'row.activate', 'expand or contract')
LEAF = ('label', 'image', 'icon', 'separator', 'static')
WINDOWS = ('frame', 'window', 'dialog', 'alert')
FLOATING = ('list', 'menu', 'panel')          # the content of a popover may lie outside its window's box
BUTTONS = ('push button', 'toggle button', 'check box', 'switch')

Atspi.set_timeout(2000, 5000)                 # ms: per call, and grace while a program starts
Atspi.get_desktop(0).set_cache_mask(Atspi.Cache.NONE)


class NotFound(AssertionError):
    pass


class Ended(AssertionError):
    """The program is not there any more."""


def deadline(seconds):
    return time.monotonic() + seconds * PATIENCE


def until(what, condition, seconds=10, every=POLL):
    """Polls until condition () is true and returns its value."""
    end = deadline(seconds)
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f'waited {seconds * PATIENCE:.0f} s in vain: {what}')
        time.sleep(every)


def _ask(call, otherwise=None):
    """Widgets come and go while we look at them: a question to one that is gone has the answer `otherwise`."""
    try:
        return call()
    except GLib.Error:
        return otherwise
    except (AttributeError, TypeError):
        return otherwise


def same(got, want):
    """GTK 4.8 computes the name of a button as "_Save Save" (mnemonic and label) and doubles label + labelled-by."""
    plain = got.replace('_', '')
    return want in (got, plain) or plain == f'{want} {want}'


class Node:
    """One accessible object of a running program."""

    def __init__(self, accessible, app=None):
        self.accessible, self.app, self._role = accessible, app, None

    def __eq__(self, other):
        return isinstance(other, Node) and self.accessible == other.accessible

    def __hash__(self):
        return hash(self.accessible)

    # ── Reading ──────────────────────────────────────────────────────────────────────────────────
    @property
    def name(self):
        return _ask(self.accessible.get_name, '') or ''

    @property
    def description(self):
        return _ask(self.accessible.get_description, '') or ''

    @property
    def role(self):
        if self._role is None:                # never changes
            self._role = _ask(self.accessible.get_role_name, 'defunct') or 'defunct'
        return self._role

    @property
    def children(self):
        found = []                            # a GtkStackPage lists its one child twice
        for i in range(_ask(self.accessible.get_child_count, 0) or 0):
            child = _ask(lambda i=i: self.accessible.get_child_at_index(i))
            if child is not None and child not in found:
                found.append(child)
        return [Node(child, self.app) for child in found]

    @property
    def parent(self):
        parent = _ask(self.accessible.get_parent)
        return Node(parent, self.app) if parent else None

    def states(self):
        states = _ask(self.accessible.get_state_set)
        return set() if states is None else {state.value_nick for state in states.get_states()}

    def has(self, state):
        return state in self.states()

    @property
    def sensitive(self):
        return self.has('sensitive')

    @property
    def showing(self):
        """GTK 4.8 says SHOWING of windows only; the rest shows when it has an area. (Pages of a stack that are not shown
        are marked hidden by the program and are not in the tree at all.)"""
        if 'showing' in self.states():
            return True
        box = self.extents()
        return box is None or (box[2] > 0 and box[3] > 0) or self.role in WINDOWS + ('application',)

    @property
    def text(self):
        face = _ask(self.accessible.get_text_iface)
        return _ask(lambda: Atspi.Text.get_text(face, 0, Atspi.Text.get_character_count(face))) if face else None

    @property
    def value(self):
        face = _ask(self.accessible.get_value_iface)
        return _ask(lambda: Atspi.Value.get_current_value(face)) if face else None

    def actions(self):
        face = _ask(self.accessible.get_action_iface)
        count = (_ask(lambda: Atspi.Action.get_n_actions(face), 0) or 0) if face else 0
        return [_ask(lambda i=i: Atspi.Action.get_action_name(face, i), '') or '' for i in range(count)]

    def extents(self):
        """(x, y, width, height) relative to the window's content box."""
        face = _ask(self.accessible.get_component_iface)
        box = _ask(lambda: Atspi.Component.get_extents(face, Atspi.CoordType.WINDOW)) if face else None
        return (box.x, box.y, box.width, box.height) if box else None

    # ── Finding ──────────────────────────────────────────────────────────────────────────────────
    def walk(self, showing=False, _box=None):
        """Depth first. showing=True leaves out hidden subtrees and what is scrolled out of its window: a GtkColumnView
        keeps about 200 rows alive, so a full walk of a long table costs seconds."""
        if showing and _box is None and self.role != 'application':
            _box = self.extents()
        for child in self.children:
            if child.role in LEAF:
                yield child                   # asked for its area only when it matches
                continue
            box = _box
            if showing:
                area = child.extents()
                if child.role in WINDOWS:
                    box = area
                elif area is not None and self._out_of_sight(child, area, box):
                    continue
            yield child
            yield from child.walk(showing, box)

    @staticmethod
    def _out_of_sight(child, area, box):
        if area[2] <= 0 or area[3] <= 0:
            return True
        return box and child.role not in FLOATING and (area[1] >= box[1] + box[3] or area[1] + area[3] <= box[1])

    def matches(self, role=None, name=None, showing=True, pred=None):
        """Everything of that role (or one of those roles) and name; a name that begins with ^ is a pattern."""
        pattern = re.compile(name) if isinstance(name, str) and name.startswith('^') else None
        roles = None if role is None else (role,) if isinstance(role, str) else tuple(role)
        for node in self.walk(showing=showing):
            if roles and node.role not in roles:
                continue
            if name is not None and not (pattern.search(node.name) if pattern else same(node.name, name)):
                continue
            if showing and node.role in LEAF and not node.showing:
                continue
            if not pred or pred(node):
                yield node

    def find_all(self, role=None, name=None, showing=True, pred=None):
        return list(self.matches(role, name, showing, pred))

    def find(self, role=None, name=None, seconds=10, showing=True, pred=None, nth=0):
        """The first (or nth) match, waited for."""
        end = deadline(seconds)
        while True:
            for i, node in enumerate(self.matches(role, name, showing, pred)):
                if i == nth:
                    return node
            if time.monotonic() > end:
                raise NotFound(f'no {role!r} {name!r} under {self.role} {self.name!r}')
            time.sleep(POLL)

    def gone(self, role=None, name=None, seconds=10):
        until(f'{role!r} {name!r} goes away', lambda: not self.find_all(role, name), seconds)

    def wait(self, condition, what='condition', seconds=10):
        until(f'{what} on {self.role} {self.name!r}', lambda: condition(self), seconds)
        return self

    def dump(self, indent=0):
        """The tree as text, for a person who looks at a failure."""
        out = []
        for child in self.children:
            if not child.showing:
                continue
            told = [f'[{child.role}] {child.name!r}']
            told += [f'text={child.text!r}'] if child.text else []
            told += [f'value={child.value}'] if child.value is not None else []
            told += [f'description={child.description!r}'] if child.description else []
            out += ['  ' * indent + ' '.join(told), child.dump(indent + 1)]
        return '\n'.join(line for line in out if line)

    # ── Doing ────────────────────────────────────────────────────────────────────────────────────
    def act(self, wanted=None):
        """Performs the action of that name, or the one that activates."""
        face = _ask(self.accessible.get_action_iface)
        names = [name.lower() for name in self.actions()] if face else []
        for want in [wanted] if wanted else ACTIVATE:
            if want in names:
                return bool(Atspi.Action.do_action(face, names.index(want)))
        return False

    def click(self):
        """By its own action, by that of the button inside it (GtkMenuButton, rows), else with the pointer."""
        if self.act():
            return self
        todo, seen = list(self.children), 0
        while todo and seen < 40:
            node, seen = todo.pop(0), seen + 1
            if node.role in BUTTONS and node.act():
                return self
            if node.role not in LEAF:
                todo += node.children
        return self.mouse()

    def mouse(self, button=1, times=1):
        """A real click in the middle of it."""
        x, y, width, height = self.extents()
        left, top = self.app.origin_of(self)
        xdo('mousemove', left + x + width // 2, top + y + height // 2, 'click', '--repeat', times, button)
        return self

    def type(self, text, clear=True):
        """Focuses it and types: the real way in. Composite entries (AdwEntryRow) never say FOCUSED, so click first."""
        if not self.has('focused'):
            self.mouse()
        if clear:
            key('ctrl+a')
        write(text)
        return self


# ── Keyboard, clipboard, pictures ────────────────────────────────────────────────────────────────────
def xdo(*arguments):
    subprocess.run(['xdotool', *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)


def key(*keys):
    xdo('key', '--delay', 12, *keys)


def write(text):
    """Types into whatever has the focus. xdotool loses letters beyond ASCII (it remaps keycodes), so those are pasted."""
    if text.isascii():
        xdo('type', '--delay', 8, '--', text)
    else:
        set_clipboard(text)
        key('ctrl+v')


def clipboard():
    """What is on the clipboard; nothing where its owner was killed before it could answer."""
    try:
        done = subprocess.run(['xclip', '-o', '-selection', 'clipboard'], capture_output=True, timeout=2 * PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return ''
    return done.stdout.decode()


def set_clipboard(text):
    subprocess.run(['xclip', '-i', '-selection', 'clipboard'], input=text.encode(), check=True)


def shot(path, window='root'):
    """A picture of the screen, or of one X window."""
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    subprocess.run(['import', '-window', str(window), path], check=True, timeout=30)
    return path


class App(Node):
    """A program, started on entering and ended on leaving; itself the root of its accessible tree. When the block fails,
    a picture of the screen, the tree and the program's log are left in COBRO_UI_EVIDENCE (or the work folder)."""

    def __init__(self, command, env=None, seconds=20):
        super().__init__(None, self)
        self.command, self.env, self.seconds = command, {**os.environ, **(env or {})}, seconds
        work = os.environ['COBRO_UI_WORK']
        self.evidence = os.environ.get('COBRO_UI_EVIDENCE', work)
        self.log_path = os.path.join(work, f'app-{time.monotonic_ns()}.log')
        self.process, self.started = None, None
        self.stalls_path = self.log_path.replace('.log', '.stalls')
        if self.env.get('COBRO_WATCHDOG_LIBRARY'):
            self.env.update(LD_PRELOAD=self.env['COBRO_WATCHDOG_LIBRARY'], COBRO_WATCHDOG=self.stalls_path)

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self._end()
            raise

    def start(self):
        """Starts it and waits until a window of it shows and is active."""
        begun = time.monotonic()
        with open(self.log_path, 'a', encoding='utf-8') as log:
            self.process = subprocess.Popen(self.command, env=self.env, stdout=log, stderr=subprocess.STDOUT)
        end = deadline(self.seconds)
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise AssertionError(f'{self.command[0]} ended with {self.process.returncode}:\n{self.log()}')
            accessible = self._on_the_desktop()
            if accessible:
                self.accessible, self._role = accessible, None
                accessible.set_cache_mask(Atspi.Cache.NONE)   # the cache never learns of toasts and new rows
                if any(window.showing for window in self.children):
                    self.started, self.shown = time.monotonic() - begun, time.monotonic()
                    self.active()
                    return self
            time.sleep(POLL)
        raise AssertionError(f'{self.command[0]} never showed a window:\n{self.log()}')

    def _on_the_desktop(self):
        desktop = Atspi.get_desktop(0)
        for i in range(_ask(desktop.get_child_count, 0) or 0):
            child = _ask(lambda i=i: desktop.get_child_at_index(i))
            if child and _ask(child.get_process_id) == self.process.pid and (_ask(child.get_child_count, 0) or 0) > 0:
                return child
        return None

    def matches(self, *arguments, **named):
        """GTK 4.8 leaves a question about its windows unanswered while it has none, as between two books; this side then
        gives the program up: it is looked up again."""
        if self.process.poll() is None and not self.name:
            accessible = self._on_the_desktop()
            if accessible:
                self.accessible, self._role = accessible, None
                accessible.set_cache_mask(Atspi.Cache.NONE)
        return super().matches(*arguments, **named)

    def __exit__(self, kind, error, trace):
        if kind is not None:
            self.leave_evidence()
        self._end()
        if kind is None:
            self.must_not_stall()
        return False

    def leave_evidence(self):
        base = os.path.join(self.evidence, f'{os.path.splitext(os.path.basename(sys.argv[0]))[0]}-{os.getpid()}')
        try:
            shot(base + '.png')
            with open(base + '.tree', 'w', encoding='utf-8') as file:
                file.write(self.dump())
        except (OSError, subprocess.SubprocessError, GLib.Error) as problem:
            print(f'# no picture: {problem}', file=sys.stderr)
        print(f'# evidence: {base}.png {base}.tree\n{self.log()[-3000:]}', file=sys.stderr)

    def _end(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def alive(self):
        if self.process.poll() is not None:
            raise Ended(f'{self.command[0]} ended with {self.process.returncode}')

    def kill(self):
        """What a power cut does to it."""
        self.process.kill()
        self.process.wait()

    def quit(self, seconds=15):
        """Leaves as a person does, so that everything that runs at the end runs; returns the exit status. All of its life
        it has complained of nothing."""
        self.must_bear_a_late_reader()
        key('ctrl+q')
        status = self.process.wait(seconds * PATIENCE)
        assert not self.warnings(), self.warnings()
        return status

    def must_bear_a_late_reader(self):
        """A screen reader that has counted the windows before one closed asks for a child that is not there any more. GTK
        4.8 dies of that when its last window is a hidden one (README.md)."""
        _ask(lambda: self.accessible.get_child_at_index(1000))
        self.alive()

    def log(self):
        with open(self.log_path, encoding='utf-8', errors='replace') as file:
            return file.read()

    def warnings(self):
        """Lines of the log that a correct program does not write. (GTK 4.8 complains by itself about an entry that is
        destroyed while it has the keyboard, as any dialog that Enter closes does. So criticals do not kill a driven window;
        its log tells. Where there is no system bus, its print dialog says that it finds no printers on the network.)"""
        own = ('did not receive a focus-out event', 'avahi printers will not be available')
        return [line for line in self.log().splitlines() if re.search(r'CRITICAL|WARNING|\*\*|runtime error|ERROR', line)
                and not any(words in line for words in own)]

    def stalls(self):
        """What kept the window waiting since it showed for the first time: [(milliseconds of computing, milliseconds that
        passed, stack)], by watchdog.c."""
        if not os.path.exists(self.stalls_path):
            return []
        with open(self.stalls_path, encoding='utf-8', errors='replace') as file:
            told = re.findall(r'^stall (\S+) (\d+) (\d+)\n((?:(?!stall ).*\n)*)', file.read(), re.M)
        return [(int(used), int(took), stack) for when, used, took, stack in told if float(when) > self.shown]

    def must_not_stall(self):
        """No click waits for longer than a person notices. 50 ms is the promise and is told; what fails, and why there are
        two limits, says README.md (COBRO_UI_STALL_MS, COBRO_UI_WAIT_MS: other ones)."""
        found = self.stalls()
        if found:
            worst = max(used for used, _, _ in found)
            print(f'# the window computed for over 50 ms {len(found)} times, {worst} ms at worst')
        for used, took, stack in found:
            if used > COMPUTES_MS * PATIENCE:
                raise AssertionError(f'the window computed for {used} ms and heard nobody:\n{stack}')
            if took > WAITS_MS * PATIENCE:
                raise AssertionError(f'the window waited for {took} ms and heard nobody:\n{stack}')

    # ── Windows ──────────────────────────────────────────────────────────────────────────────────
    def xids(self):
        done = subprocess.run(['xdotool', 'search', '--onlyvisible', '--pid', str(self.process.pid)],
                              capture_output=True, text=True, check=False)
        return [int(x) for x in done.stdout.split()]

    def window_of(self, node):
        """The window it is in; a window without a role of its own is a child of the program."""
        parent = node.parent
        while node.role not in WINDOWS and parent and parent.role != 'application':
            node, parent = parent, parent.parent
        return node

    def origin_of(self, node):
        """The place on the screen that extents() counts from. GTK 4 refuses screen coordinates; those of the window start
        at its content, inside the shadow."""
        window = self.window_of(node)
        xid = next((x for x in reversed(self.xids()) if self._title(x) == window.name), None)
        if xid is None:
            xid = int(subprocess.check_output(['xdotool', 'getactivewindow']))
        told = subprocess.check_output(['xdotool', 'getwindowgeometry', '--shell', str(xid)], text=True)
        place = dict(line.split('=') for line in told.split() if '=' in line)
        frame = subprocess.run(['xprop', '-id', str(xid), '_GTK_FRAME_EXTENTS'], capture_output=True, text=True, check=False)
        edges = re.search(r'= (\d+), (\d+), (\d+), (\d+)', frame.stdout)
        if edges and any(int(edge) for edge in edges.groups()):
            left, top = int(edges[1]), int(edges[3])
        else:
            _, _, width, height = window.extents()
            left, top = (int(place['WIDTH']) - width) // 2, (int(place['HEIGHT']) - height) // 2
        return int(place['X']) + left, int(place['Y']) + top

    @staticmethod
    def _title(xid):
        return subprocess.run(['xdotool', 'getwindowname', str(xid)], capture_output=True, text=True, check=False).stdout.rstrip('\n')

    def titles(self):
        """The titles of its windows, as the X server has them: it can be asked while the window goes."""
        return [self._title(xid) for xid in self.xids()]

    def resize(self, width, height):
        xdo('windowsize', '--sync', self.xids()[0], width, height)
        self.wait_idle()

    def active(self, name=None, seconds=10):
        """Waits until a window (of that name) really has the keyboard: X focus arrives later than the accessible node, and
        what is typed before goes to the previous window."""
        def has_it():
            self.alive()
            told = subprocess.run(['xdotool', 'getactivewindow'], capture_output=True, text=True, check=False).stdout.strip()
            if not told or int(told) not in self.xids():
                return None
            title = self._title(told)
            if name is None:
                return self.children[0]
            return title == name and next((w for w in self.children if w.name == name), None)
        return until(f'window {name!r} gets the keyboard', has_it, seconds)

    def wait_idle(self, quiet=.12, seconds=5):
        """Until it stops using the processor: what it draws is drawn."""
        def used():
            with open(f'/proc/{self.process.pid}/stat', encoding='ascii', errors='replace') as file:
                fields = file.read().rsplit(')', 1)[1].split()
            return int(fields[11]) + int(fields[12])
        end, last, since = deadline(seconds), used(), time.monotonic()
        while time.monotonic() < end:
            time.sleep(.03)
            now = used()
            if now != last:
                last, since = now, time.monotonic()
            elif time.monotonic() - since >= quiet:
                return

    def unnamed(self):
        """Things to operate that a screen reader could not name."""
        roles = BUTTONS + ('entry', 'text', 'combo box', 'spin button')
        return sorted({f'{node.role}: {node.name!r}' for node in self.walk(showing=True)
                       if node.role in roles and (not node.name or node.name.startswith(('Gtk', 'Adw', 'Cobro')))})
