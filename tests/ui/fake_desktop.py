"""fake_desktop.py: stand-ins for what a desktop session offers, which write down what the program asked of them.

record_uris (): mailto:, https: and PDF go to a recorder through the ordinary desktop files; uris () reads the record.
Notifications (): the notification server on the session bus; .sent lists them with the moment each arrived, and
.invoke (id, action) clicks."""
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


class Notifications:
    def __init__(self):
        self.sent, self._ready = [], threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()
        if not self._ready.wait(20):
            raise AssertionError('the notification server got no name on the bus')

    def _serve(self):
        context = GLib.MainContext()
        context.push_thread_default()
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        interface = Gio.DBusNodeInfo.new_for_xml(NOTIFICATIONS).interfaces[0]
        self.bus.register_object('/org/freedesktop/Notifications', interface, self._called, None, None)
        Gio.bus_own_name_on_connection(self.bus, 'org.freedesktop.Notifications', Gio.BusNameOwnerFlags.REPLACE,
                                       lambda *_: self._ready.set(), None)
        GLib.MainLoop.new(context, False).run()

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
            invocation.return_value(None)

    def invoke(self, number, action):
        self.bus.emit_signal(None, '/org/freedesktop/Notifications', 'org.freedesktop.Notifications', 'ActionInvoked',
                             GLib.Variant('(us)', (number, action)))
