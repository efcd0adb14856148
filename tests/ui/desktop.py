#!/usr/bin/python3
"""desktop.py: the program as a part of the desktop, on a session bus of its own with stand-ins for what a desktop has:
portals, notifications, and the bus that starts programs.

The stories (--story NAME):
  print   an invoice and a link's code go through the system's own dialog: looked at before, given up, printed into files
  mail    an invoice goes to the person's mail program with its PDF through the portal; without a portal by its address
  closed  with the window closed: the system's search finds and opens a link, a payment is told of and its notification
          opens what was paid; nothing of that says an address or a key
  others  with the books of one business open, a payment of another one is told of; its notification opens those books
          at what was paid"""
# proves: OPL-2
import os
import re
import subprocess
import sys

from gi.repository import Gio, GLib

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, '..', 'support')]
sys.dont_write_bytecode = True
from cobro import CARD_PAYS, App, Buyer, Relay, arguments, connect, new_link, row_says, window   # noqa: E402
from driver import key, until, write                                                             # noqa: E402
from fake_desktop import Notifications, Portal, record_uris, uris                                # noqa: E402
from invoices import Counted, be_the_vacuum_shop, confirm, new_invoice, picture, says            # noqa: E402

NAME, PATH = 'app.cobro.Cobro', '/app/cobro/Cobro'


def bus():
    return Gio.bus_get_sync(Gio.BusType.SESSION)


def call(path, interface, method, arguments_, reply):
    """A call to the program, which the bus starts when it does not run."""
    return bus().call_sync(NAME, path, interface, method, arguments_, GLib.VariantType(reply) if reply else None, 0, 20000).unpack()


def ask_bus(method, argument, reply):
    return bus().call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', method,
                           GLib.Variant('(s)', (argument,)), GLib.VariantType(reply), 0, 20000).unpack()[0]


def runs():
    return ask_bus('NameHasOwner', NAME, '(b)')


class Found:
    """A process that somebody else started."""

    def __init__(self, pid):
        self.pid = pid

    def poll(self):
        return None if os.path.exists(f'/proc/{self.pid}') else 0

    def wait(self, seconds=15):
        until('the program ends', lambda: self.poll() == 0, seconds)
        return 0

    def send_signal(self, number):
        os.kill(self.pid, number)


class Started(App):
    """The program as the bus started it."""

    def __init__(self, log_path):
        super().__init__(['cobro, started by the bus'])
        self.log_path = log_path

    def start(self):
        self.process = Found(ask_bus('GetConnectionUnixProcessID', NAME, '(u)'))
        self.accessible = until('its window', self._on_the_desktop, 20)
        self.accessible.set_cache_mask(0)
        until('the window shows', lambda: any(one.showing for one in self.children), 20)
        self.active()
        return self


def let_the_bus_start_it(build):
    """As `meson install` does, from the build folder; returns where it writes what it has to say."""
    folder = os.path.join(os.environ['XDG_DATA_HOME'], 'dbus-1', 'services')
    log_path = os.path.join(os.environ['COBRO_UI_WORK'], 'started.log')
    script = os.path.join(os.environ['COBRO_UI_WORK'], 'start')
    with open(script, 'w', encoding='utf-8') as file:
        file.write(f'#!/bin/sh\nexport GSETTINGS_SCHEMA_DIR={build}/data COBRO_RELAY={build}/relay/cobro-relay\n'
                   + ''.join(f'export {name}="{value}"\n' for name, value in os.environ.items()
                             if name.startswith(('XDG_', 'GTK_', 'GSK_', 'GDK_', 'GSETTINGS_BACKEND', 'DISPLAY', 'HOME', 'LANG')))
                   + f'exec {build}/src/cobro --gapplication-service >>{log_path} 2>&1\n')
    os.chmod(script, 0o755)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, NAME + '.service'), 'w', encoding='utf-8') as file:
        file.write(f'[D-BUS Service]\nName={NAME}\nExec={script}\n')
    bus().call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'ReloadConfig', None, None, 0, 20000)
    return log_path


def leave(app):
    assert app.quit() == 0


# ── Mail ─────────────────────────────────────────────────────────────────────────────────────────────
def share(app, way):
    app.find(('toggle button', 'push button'), '^Share$').click()
    app.find('menu item', way).click()


def mail(build):
    record_uris()
    with window(build) as app:
        app.active('Cobro')
        be_the_vacuum_shop(app)
        new_invoice(app, Counted())
        confirm(app, Counted(), '^Send the Invoice')
        says(app, '^Invoice .*00001$')
        app.wait_idle()

        # Nobody answers for the portals: the address has the words, and it is said that the PDF is not in it.
        share(app, '^E-Mail')
        app.find('label', '^The PDF is not attached')
        until('the mail program is opened', uris)
        assert uris()[0].startswith('mailto:jane@example.com?subject='), uris()
        app.find('push button', 'Save PDF')

        portal = Portal()
        share(app, '^E-Mail')
        until('the portal is asked', lambda: portal.mails)
        letter = portal.mails[0]
        assert letter['address'] == 'jane@example.com' and 'Invoice' in letter['subject'], letter
        assert letter['attached'].startswith(b'%PDF-'), letter
        assert re.search(r'/Invoice [^/]*00001\.pdf$', letter['path']), letter['path']
        assert letter['mode'] == 0o600, oct(letter['mode'])
        app.find('label', '^The mail is in your mail program')
        assert len(uris()) == 1, uris()
        leave(app)


# ── Paper ────────────────────────────────────────────────────────────────────────────────────────────
def keep_documents():
    """A folder for documents, as every desktop has one."""
    folder = os.path.join(os.environ['HOME'], 'Documents')
    os.makedirs(folder)
    with open(os.path.join(os.environ['XDG_CONFIG_HOME'], 'user-dirs.dirs'), 'w', encoding='utf-8') as file:
        file.write('XDG_DOCUMENTS_DIR="$HOME/Documents"\n')
    return folder


def printer(app):
    """The system's dialog, with the printer chosen that writes files. (Its list takes no click before it was drawn.)"""
    dialog = app.active('Print')
    dialog.find('label', '^Print to File')
    app.wait_idle()
    key('Tab', 'Down', 'space')
    dialog.find('push button', r'^_?Print\b').wait(lambda node: node.sensitive, 'a printer is chosen')
    return dialog


def press(dialog, name):
    dialog.find('push button', name).click()


def words_of(path):
    done = subprocess.run(['pdftotext', '-layout', path, '-'], capture_output=True, text=True, check=True)
    return ' '.join(done.stdout.split())


def must_be_whole(path):
    """A PDF that is finished, on one page of the shop's paper, with its fonts inside."""
    until('the file is finished', lambda: b'%%EOF' in read(path)[-32:])
    told = subprocess.run(['pdffonts', path], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert told and all(re.search(r' yes +yes +(yes|no) +\d+ +\d+$', line) for line in told), told
    told = subprocess.run(['pdfinfo', path], capture_output=True, text=True, check=True).stdout
    assert re.search(r'^Pages: +1$', told, re.M) and re.search(r'^Page size: +(595|612)', told, re.M), told


def read(path):
    if not os.path.exists(path):
        return b''
    with open(path, 'rb') as file:
        return file.read()


def in_order(text, *words):
    """What one would read aloud comes in the order in which one would."""
    at = -1
    for word in words:
        found = text.find(word, at + 1)
        assert found > at, f'{word!r} does not come after what precedes it: {text}'
        at = found


def print_(build):
    documents = keep_documents()
    with window(build) as app:
        app.active('Cobro')
        be_the_vacuum_shop(app)
        new_invoice(app, Counted())
        confirm(app, Counted(), '^Send the Invoice')
        number = says(app, '^Invoice .*00001$').name
        app.wait_idle()

        # Given up: nothing is written.
        share(app, '^Print')
        press(printer(app), '^_?Cancel')
        app.active('Cobro')
        assert os.listdir(documents) == []

        # Looked at first, and printed from there under its own name.
        share(app, '^Print')
        press(printer(app), '^_?Pre_?view')
        paper = app.active('Preview')
        paper.find('image', pred=lambda node: node.description == 'Page 1 of 1')
        picture(app, 'print-preview')
        press(paper, '^P_?rint…')
        press(printer(app), r'^_?Print\b')
        path = os.path.join(documents, number + '.pdf')
        must_be_whole(path)
        in_order(words_of(path), 'The Vacuum Shop', number.split()[1], 'Jane Doe', 'Vacuum cleaner service', '75.00', 'Page 1')
        app.active('Cobro')

        # A preview that is closed leaves all as it was.
        share(app, '^Print')
        press(printer(app), '^_?Pre_?view')
        app.active('Preview')
        key('Escape')
        app.active('Cobro')
        assert os.listdir(documents) == [number + '.pdf']

        # The code to hang up.
        new_link(app, 'Coffee beans', '12.50')
        app.find('list item', '^Links$').mouse()
        app.find('label', '^Coffee beans$').mouse(times=2)
        until('the page of the link', lambda: not app.find_all('tree table'))
        app.wait_idle()
        share(app, '^Print')
        press(printer(app), r'^_?Print\b')
        app.active('Cobro')
        until('another file', lambda: len(os.listdir(documents)) == 2)
        path = next(os.path.join(documents, name) for name in os.listdir(documents) if 'Coffee beans' in name)
        must_be_whole(path)
        in_order(words_of(path), 'The Vacuum Shop', 'Coffee beans', '12.50')
        picture(app, 'printed')
        leave(app)


# ── With the window closed ───────────────────────────────────────────────────────────────────────────
SEARCH = 'org.gnome.Shell.SearchProvider2'


def search(*words):
    found = call(PATH + '/SearchProvider', SEARCH, 'GetInitialResultSet', GLib.Variant('(as)', (words,)), '(as)')[0]
    metas = call(PATH + '/SearchProvider', SEARCH, 'GetResultMetas', GLib.Variant('(as)', (found,)), '(aa{sv})')[0]
    assert [meta['id'] for meta in metas] == found, (metas, found)
    assert not re.search(r'https?:|[0-9a-f]{40}', str(metas)), metas
    return found, metas


def activate(action):
    """What a shell does with the action of a notification, whether its program runs or not."""
    _, name, target = Gio.Action.parse_detailed_name(action)
    call(PATH, 'org.freedesktop.Application', 'ActivateAction',
         GLib.Variant('(sava{sv})', (name.removeprefix('app.'), [target], {})), '()')


def listen_in_background(app, portal):
    """Preferences → General: the system says no, then yes."""
    key('ctrl+comma')
    preferences = app.active('Preferences')
    app.wait_idle()
    app.find(('toggle button', 'radio button', 'page tab', 'push button'), 'General').click()
    switch = preferences.find('check box', '^Tell me of payments')
    portal.allow = False
    switch.click()
    preferences.find('label', '^The system did not allow it')
    portal.allow = True
    switch.click()
    until('the portal is asked again', lambda: len(portal.backgrounds) == 2)
    assert portal.backgrounds[1]['autostart'] is True, portal.backgrounds
    assert portal.backgrounds[1]['commandline'][1:] == ['--gapplication-service'], portal.backgrounds
    until('the switch is on', lambda: switch.has('checked'))
    app.wait_idle()
    key('Escape')
    app.wait_idle()


def closed(build):
    bell, portal = Notifications(), Portal()
    log_path = let_the_bus_start_it(build)
    with Relay(build) as relay:
        with window(build) as app:
            connect(app, relay, relay.said['pair'])
            address = new_link(app, 'Coffee beans', '12.50')
            row_says(app, 'Coffee beans', 'Live')
            listen_in_background(app, portal)
            leave(app)

        # The bus starts it for a search, without a window; what is found opens in one.
        assert not runs()
        assert search('teapot') == ([], [])
        found, metas = search('beans')
        assert len(found) == 1 and metas[0]['name'] == 'Coffee beans' and '12.50' in metas[0]['description'], metas
        call(PATH + '/SearchProvider', SEARCH, 'ActivateResult', GLib.Variant('(sasu)', (found[0], ['beans'], 0)), '()')
        with Started(log_path) as app:
            app.find('push button', 'Copy Link', seconds=10)
            app.find('label', '^.?12.50')
            call(PATH + '/SearchProvider', SEARCH, 'LaunchSearch', GLib.Variant('(asu)', (['croissant'], 0)), '()')
            row_says(app, 'Two coffees and a croissant', 'Live')
            until('only what was looked for', lambda: not app.find_all('label', 'Coffee beans'))
            key('ctrl+w')
            until('the window is gone', lambda: not app.xids())

            # It listens; a payment is told of, and a click opens what was paid.
            assert runs()
            with Buyer() as buyer:
                buyer.pay(address, CARD_PAYS)
            until('a notification', lambda: bell.sent, 30)
            assert 'Coffee beans' in bell.sent[0]['body'] and not app.xids(), bell.sent
            assert bell.sent[0]['actions'], bell.sent
            activate(next(action for action in bell.sent[0]['actions'] if action.startswith('app.')))
            until('a window', app.xids, 20)
            app.active()
            app.find('label', '^Paid$', seconds=10)
            until('the notification is taken back', lambda: 1 in bell.closed)
            leave(app)
        relay.stop()
        relay.audit()


# ── Another business ─────────────────────────────────────────────────────────────────────────────────
CAFE = 'Café at the Port'


def business_in_menu(app, label):
    """The main menu, opened where it lists the businesses; the item of that label."""
    app.find(('push button', 'toggle button'), '^Main Menu$').click()
    app.find('menu item', '^Business$').click()
    return app.find(('radio menu item', 'menu item'), label)


def others(build):
    bell = Notifications()
    with Relay(build) as relay, window(build) as app:
        new_link(app, 'Bicycle repair', '90')
        app.find('frame', 'Cobro').act('win.new-business')
        app.active('Businesses')
        write(CAFE)
        key('Return')
        app.active(f'{CAFE} – Cobro')
        connect(app, relay, relay.said['pair'])
        address = new_link(app, 'Coffee beans', '12.50')
        row_says(app, 'Coffee beans', 'Live')
        business_in_menu(app, '^My Business$').click()
        app.active('My Business – Cobro')

        # The relay is asked for the books that are not open.
        with Buyer() as buyer:
            buyer.pay(address, CARD_PAYS)
        call(PATH, 'org.freedesktop.Application', 'ActivateAction', GLib.Variant('(sava{sv})', ('sync-now', [], {})), '()')
        until('a notification', lambda: bell.sent, 60)
        assert bell.sent[0]['body'].startswith(f'{CAFE}\n') and 'Coffee beans' in bell.sent[0]['body'], bell.sent
        business_in_menu(app, f'^{CAFE} · 1 Payment Received$')
        picture(app, 'desktop-others')
        key('Escape')

        # Its books open although they were looked into a moment ago; what was told is not told again.
        activate(next(action for action in bell.sent[0]['actions'] if action.startswith('app.')))
        app.active(f'{CAFE} – Cobro')
        app.find('label', '^Paid$', seconds=20)
        until('the notification is taken back', lambda: 1 in bell.closed)
        assert len(bell.sent) == 1, bell.sent
        leave(app)
        relay.stop()
        relay.audit()


STORIES = {'print': print_, 'mail': mail, 'closed': closed, 'others': others}

if __name__ == '__main__':
    told = arguments(__doc__.split('\n', maxsplit=1)[0], lambda p: p.add_argument('--story', choices=STORIES, default='mail'))
    STORIES[told.story](told.build)
