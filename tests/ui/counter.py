#!/usr/bin/python3
"""counter.py: sales at the counter, paid in a browser, and what is heard of them: a sound server of its own plays into
nothing and is listened to. Silent as long as Preferences does not say otherwise; then a sound for each sale that is paid,
when it is; and without a sound server the sale is paid all the same."""
import array
import glob
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, '..', 'support')]
sys.dont_write_bytecode = True
# GStreamer looks through its plug-ins in a process of its own before the first sound of a new home, and is waited for.
os.environ.setdefault('COBRO_UI_WAIT_MS', '20000')
from cobro import CARD_PAYS, Buyer, Relay, arguments, connect, new_link, row_says, window   # noqa: E402
from driver import key, until                                                               # noqa: E402
from fake_desktop import Notifications                                                      # noqa: E402
from invoices import leave, picture                                                         # noqa: E402

LOUD = 2000     # of 32767
SKIPPED = 77


class Loudspeaker:
    """A PulseAudio server whose only loudspeaker is nothing, and what one would hear from it so far."""

    def __init__(self):
        self.folder = os.path.join(os.environ['COBRO_UI_WORK'], 'pulse')
        self.path = os.path.join(self.folder, 'heard.raw')
        self.address = f'unix:{self.folder}/native'
        self.server, self.ear = None, None

    def __enter__(self):
        os.makedirs(self.folder)
        os.environ.update(PULSE_RUNTIME_PATH=self.folder, PULSE_SERVER=self.address)
        with open(os.path.join(self.folder, 'log'), 'w', encoding='utf-8') as log:
            self.server = subprocess.Popen(
                ['pulseaudio', '-n', '--daemonize=no', '--use-pid-file=no', '--exit-idle-time=-1', '--log-target=stderr',
                 '--log-level=error', '-L', f'module-native-protocol-unix auth-anonymous=1 socket={self.folder}/native',
                 '-L', 'module-null-sink sink_name=counter'], stdout=log, stderr=log)
        until('the sound server answers', lambda: subprocess.run(['pactl', 'info'], capture_output=True, check=False).returncode == 0)
        with open(self.path, 'wb') as heard:
            self.ear = subprocess.Popen(['parec', '-d', 'counter.monitor', '--format=s16le', '--rate=8000', '--channels=1',
                                         '--raw', '--latency-msec=50'], stdout=heard)
        until('it is listened to', self.moment)
        return self

    def moment(self):
        """How much was recorded, in bytes of whole samples."""
        return os.path.getsize(self.path) // 2 * 2

    def peak(self, since, till=None):
        """The loudest sample between two moments."""
        samples = array.array('h')
        with open(self.path, 'rb') as file:
            file.seek(since)
            samples.frombytes(file.read((till or self.moment()) - since))
        return max(map(abs, samples), default=0)

    def break_(self):
        for process in (self.ear, self.server):
            if process.poll() is None:
                process.kill()
            process.wait()

    def __exit__(self, kind, error, trace):
        self.break_()


def sell(app, buyer, title):
    """A link at the counter, paid while it is shown; returns when the screen thanks."""
    address = new_link(app, title, '12.50')
    row_says(app, title, 'Live')
    app.find('push button', 'Show QR Code').click()
    app.active('Scan to Pay')
    buyer.pay(address, CARD_PAYS)
    app.find('status bar', '^Thank you!$', seconds=40)


def next_sale(app):
    key('Escape')
    app.active('Cobro')
    app.wait_idle()


def turn_the_sound_on(app):
    key('ctrl+comma')
    preferences = app.active('Preferences')
    app.wait_idle()
    app.find(('toggle button', 'radio button', 'page tab', 'push button'), 'General').click()
    switch = preferences.find('check box', '^Play a')
    switch.click()
    until('the switch is on', lambda: switch.has('checked'))
    key('Escape')
    app.active('Cobro')


def story(build):
    bell = Notifications()
    with Loudspeaker() as speaker, Relay(build) as relay, Buyer() as buyer, window(build) as app:
        connect(app, relay, relay.said['pair'])
        sell(app, buyer, 'In silence')
        next_sale(app)
        turn_the_sound_on(app)
        before = speaker.moment()
        sell(app, buyer, 'With a sound')
        until('the sound of money', lambda: speaker.peak(before) > LOUD, 20)
        assert speaker.peak(0, before) == 0, 'something is heard before the sound is turned on'
        picture(app, 'counter-paid')
        print(f'# {speaker.moment() // 16000} s of recording, {speaker.peak(before)} at the loudest')
        next_sale(app)

        # Nobody hears it: the customer has paid nevertheless.
        speaker.break_()
        sell(app, buyer, 'To the deaf')
        next_sale(app)
        leave(app)
        print(f'# {len(bell.sent)} notifications')
        relay.stop()
        relay.audit()


def lacking():
    """(nullable) why nothing can be heard on this machine."""
    for program in ('pulseaudio', 'parec', 'pactl'):
        if not shutil.which(program):
            return f'{program} is not installed'
    for module in ('gtk-4.0/*/media/libmedia-gstreamer.so', 'gstreamer-1.0/libgstpulseaudio.so'):
        if not glob.glob('/usr/lib/*/' + module):
            return f'{module} is not installed'
    return None


if __name__ == '__main__':
    told = arguments(__doc__.split('\n', maxsplit=1)[0])
    reason = lacking()
    if reason:
        print(f'# skipped: {reason}')
        sys.exit(SKIPPED)
    story(told.build)
