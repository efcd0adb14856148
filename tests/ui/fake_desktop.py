"""fake_desktop.py: stand-ins for what a desktop session offers, which write down what the program asked of them.

record_uris (): mailto:, https: and PDF go to a recorder through the ordinary desktop files; uris () reads the record.
Notifications (): the notification server on the session bus; .sent lists them with the moment each arrived, .closed
those that were taken back, and .invoke (id, action) clicks.
Portal (): the desktop's portals on the session bus; .mails and .backgrounds list what was asked, .allow answers."""
import os
import threading
import time

from gi.repository import Gio, GLib

SCHEMES = ('x-scheme-handler/mailto', 'x-scheme-handler/https', 'x-scheme-handler/http', 'x-scheme-handler/tg',
           'x-scheme-handler/sms', 'x-scheme-handler/whatsapp', 'application/pdf')
NOTIFICATIONS = '''<node><interface name="org.freedesktop.Notifications">
<method name="Notify"><arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
 <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
 <arg type="a{sv}" direction="in"/><arg type="i" direction="in"/><arg type="u" direction="out"/></method>
<method name="CloseNotification"><arg type="u" direction="in"/></method>
<method name="GetCapabilities"><arg type="as" direction="out"/></method>
<method name="GetServerInformation"><arg type="s" direction="out"/><arg type="s" direction="out"/>
 <arg type="s" direction="out"/><arg type="s" direction="out"/></method>
<signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal>
<signal name="NotificationClosed"><arg type="u"/><arg type="u"/></signal>
</interface></node>'''


def record_uris():
    work = os.environ['COBRO_UI_WORK']
    applications = os.path.join(os.environ['XDG_DATA_HOME'], 'applications')
    os.makedirs(applications, exist_ok=True)
    recorder = os.path.join(work, 'record-uri')
    with open(recorder, 'w', encoding='utf-8') as file:
        file.write(f'#!/bin/sh\nprintf "%s\\n" "$@" >> "{work}/uris.txt"\n')
    os.chmod(recorder, 0o755)
    with open(os.path.join(applications, 'recorder.desktop'), 'w', encoding='utf-8') as file:
        file.write(f'[Desktop Entry]\nType=Application\nName=Recorder\nExec={recorder} %u\nNoDisplay=true\n'
                   f'MimeType={";".join(SCHEMES)};\n')
    with open(os.path.join(os.environ['XDG_CONFIG_HOME'], 'mimeapps.list'), 'w', encoding='utf-8') as file:
        file.write('[Default Applications]\n' + ''.join(f'{scheme}=recorder.desktop\n' for scheme in SCHEMES))


def uris():
    try:
        with open(os.path.join(os.environ['COBRO_UI_WORK'], 'uris.txt'), encoding='utf-8') as file:
            return file.read().splitlines()
    except FileNotFoundError:
        return []


PORTAL = '''<node>
<interface name="org.freedesktop.portal.Email"><method name="ComposeEmail"><arg type="s" direction="in"/>
 <arg type="a{sv}" direction="in"/><arg type="o" direction="out"/></method></interface>
<interface name="org.freedesktop.portal.Background"><method name="RequestBackground"><arg type="s" direction="in"/>
 <arg type="a{sv}" direction="in"/><arg type="o" direction="out"/></method></interface>
</node>'''


class Served:
    """A name on the session bus with one object, served by a thread of its own."""

    def __init__(self, name, path, description):
        self.name, self.path, self._ready = name, path, threading.Event()
        self.interfaces = Gio.DBusNodeInfo.new_for_xml(description).interfaces
        threading.Thread(target=self._serve, daemon=True).start()
        if not self._ready.wait(20):
            raise AssertionError(f'{name} is not to be had on the bus')

    def _serve(self):
        context = GLib.MainContext()
        context.push_thread_default()
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        for interface in self.interfaces:
            self.bus.register_object(self.path, interface, self._called, None, None)
        Gio.bus_own_name_on_connection(self.bus, self.name, Gio.BusNameOwnerFlags.REPLACE, lambda *_: self._ready.set(),
                                       None)
        GLib.MainLoop.new(context, False).run()


class Portal(Served):
    """Answers as the portals do: at once with the path of a request, later with a signal there."""

    def __init__(self):
        self.mails, self.backgrounds, self.allow = [], [], True
        super().__init__('org.freedesktop.portal.Desktop', '/org/freedesktop/portal/desktop', PORTAL)

    def _called(self, _bus, sender, _path, _interface, method, parameters, invocation):
        _, options = parameters.unpack()
        request = f'{self.path}/request/{sender[1:].replace(".", "_")}/{options["handle_token"]}'
        results = {}
        if method == 'ComposeEmail':
            self.mails.append(self._mail(options, invocation.get_message().get_unix_fd_list()))
        else:
            self.backgrounds.append(options)
            results = {'background': GLib.Variant('b', self.allow),
                       'autostart': GLib.Variant('b', self.allow and options['autostart'])}
        invocation.return_value(GLib.Variant('(o)', (request,)))
        self.bus.emit_signal(sender, request, 'org.freedesktop.portal.Request', 'Response',
                             GLib.Variant('(ua{sv})', (0, results)))

    @staticmethod
    def _mail(options, files):
        mail = {key: options.get(key) for key in ('address', 'subject', 'body')}
        for number in options.get('attachment_fds', ()):
            mail['path'] = os.readlink(f'/proc/self/fd/{files.get(number)}')
            mail['mode'] = os.stat(mail['path']).st_mode & 0o777
            with open(mail['path'], 'rb') as file:
                mail['attached'] = file.read()
        return mail


class Notifications(Served):
    def __init__(self):
        self.sent, self.closed = [], []
        super().__init__('org.freedesktop.Notifications', '/org/freedesktop/Notifications', NOTIFICATIONS)

    def _called(self, _bus, _sender, _path, _interface, method, parameters, invocation):
        if method == 'Notify':
            app, _, _, title, body, actions, hints, _ = parameters.unpack()
            self.sent.append({'id': len(self.sent) + 1, 'app': app, 'title': title, 'body': body, 'actions': actions,
                              'hints': hints, 'at': time.monotonic()})
            invocation.return_value(GLib.Variant('(u)', (len(self.sent),)))
        elif method == 'GetCapabilities':
            invocation.return_value(GLib.Variant('(as)', (['body', 'actions', 'persistence'],)))
        elif method == 'GetServerInformation':
            invocation.return_value(GLib.Variant('(ssss)', ('recorder', 'cobro', '1', '1.2')))
        else:
            self.closed.append(parameters.unpack()[0])
            invocation.return_value(None)

    def invoke(self, number, action):
        self.bus.emit_signal(None, '/org/freedesktop/Notifications', 'org.freedesktop.Notifications', 'ActionInvoked',
                             GLib.Variant('(us)', (number, action)))
