#!/usr/bin/python3
"""start.py: the first minute with Cobro, in a real window on a private desktop.

The stories (--story NAME):
  first   somebody who has never seen it has a link that can be sent: three steps by mouse, without relay, network or account
  look    looks around in a sample shop, takes it away in one step, brings it back and takes it away again; one's own books
          are the same
  link    a cobro://pair link starts Cobro and fills the dialog in, and asks before it connects; a stranger's link into the
          running program changes nothing
  second  "Add Another Computer" shows a code, a link and a QR code that connect the next one
  shops   a second business: its own books, there and back by the menu, the last one opens at the next start
"""
# proves: OPL-2
import json
import os
import subprocess
import sys
import urllib.parse
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from cobro import Relay, arguments, connect, copied_url, new_link, row_of, up_to_date, window          # noqa: E402
from driver import clipboard, key, set_clipboard, shot, until, write                              # noqa: E402

CODE = '([0-9A-Z]{4}-){3}[0-9A-Z]{4}'


class Steps:
    """Counts what a person does: a click, a shortcut or Enter is a step; typing the data is none."""

    def __init__(self):
        self.n = 0

    def click(self, node):
        self.n += 1
        node.click()

    def press(self, *keys):
        self.n += 1
        key(*keys)


def picture(app, name):
    folder = os.environ.get('COBRO_UI_PICTURES')
    if folder:
        app.wait_idle()
        shot(os.path.join(folder, name + '.png'))


def leave(app):
    assert app.quit() == 0


def first(build):
    steps = Steps()
    with window(build) as app:
        set_clipboard('nothing yet')
        picture(app, 'start-01-doors')
        steps.click(app.find('list item', 'Make a First Link'))
        app.active('New Link')
        write('Coffee beans')
        key('Tab')
        write('12.50')
        steps.press('Return')
        url = until('the link is on the clipboard', lambda: copied_url(app))
        row_of(app, 'Coffee beans')
        picture(app, 'start-02-link')
        print(f'# a first link in {steps.n} steps: {url}')
        assert steps.n <= 3, steps.n
        leave(app)


def look(build):
    steps = Steps()
    with window(build) as app:
        steps.click(app.find('list item', 'Look Around'))
        app.active('Sample Shop – Cobro')
        app.find('label', 'You are looking around in sample data.')
        app.find('label', 'Received by Month')
        picture(app, 'start-03-sample')
        app.find('list item', 'Links').click()
        row_of(app, 'Birthday cake')
        steps.click(app.find('push button', '^_?Remove'))
        app.find('list item', 'Make a First Link')
        print(f'# sample data in and out in {steps.n} steps')
        assert steps.n == 2, steps.n
        app.find('label', 'Sample data removed')
        app.find('push button', '^_?Undo').click()
        app.active('Sample Shop – Cobro')
        app.find('push button', '^_?Remove').click()
        app.find('list item', 'Make a First Link')
        leave(app)


def pair_link(relay, code):
    return f'cobro://pair?relay={urllib.parse.quote(relay, safe="")}&code={code}'


def link(build):
    with Relay(build) as relay, window(build, pair_link(relay.url, relay.said['pair'])) as app:
        app.active('Connect a Relay')
        assert [one for one in app.find_all() if one.text == relay.url], 'the address is not filled in'
        app.find('label', '^A link asks to connect')
        picture(app, 'start-04-link')
        app.find('push button', 'Connect').click()
        up_to_date(app)
        new_link(app, 'Coffee beans', '12.50')
        # A link from somebody else, into the running program: asked about, and gone with Escape.
        strange = pair_link('https://evil.example', '1A2B-3C4D-5E6F-7G8H')
        subprocess.run([app.command[0], strange], env=app.env, check=True)
        app.active('Connect a Relay')
        app.find('label', r'^[\s\S]*Now these books are connected with')
        picture(app, 'start-05-strange-link')
        key('Escape')
        up_to_date(app)
        subprocess.run([app.command[0], 'cobro://pair?relay=nonsense'], env=app.env, check=True)
        app.find('label', 'This Pairing Link Cannot Be Used')
        key('Escape')
        leave(app)


def second(build):
    """The code that the dialog shows pairs another computer with the same merchant."""
    with Relay(build) as relay, window(build) as app:
        connect(app, relay, relay.said['pair'])
        app.find('frame', 'Cobro').act('win.add-computer')
        app.active('Add Another Computer')
        code = app.find('label', '^' + CODE + '$', seconds=30).name
        app.find('label', relay.url)
        picture(app, 'start-07-another-computer')
        set_clipboard('nothing yet')
        app.find(name='Add Another Computer').find('push button', '^_?Copy Link').click()
        until('the link is on the clipboard', lambda: clipboard() == pair_link(relay.url, code))
        body = json.dumps({'code': code, 'deviceName': 'The second one'}).encode()
        request = urllib.request.Request(relay.url + '/v1/pair', body, {'Content-Type': 'application/json'})
        with urllib.request.urlopen(request) as answer:
            assert json.load(answer)['data']['merchant']['id'] == relay.get('/v1/merchant')['data']['id']
        key('Escape')
        leave(app)


def shops(build):
    with window(build) as app:
        new_link(app, 'Coffee beans', '12.50')
        app.find('frame', 'Cobro').act('win.new-business')
        app.active('Businesses')
        write('Café at the Port')
        key('Return')
        app.active('Café at the Port – Cobro')
        app.find('list item', 'Make a First Link')
        picture(app, 'start-06-second-business')
        new_link(app, 'Bicycle repair', '90')
        leave(app)
    with window(build) as app:
        app.active('Café at the Port – Cobro')
        row_of(app, 'Bicycle repair')
        assert not app.find_all('label', 'Coffee beans')
        leave(app)


STORIES = {'first': first, 'look': look, 'link': link, 'second': second, 'shops': shops}

if __name__ == '__main__':
    told = arguments(__doc__.split('\n')[0], lambda p: p.add_argument('--story', choices=STORIES, default='first'))
    STORIES[told.story](told.build)
