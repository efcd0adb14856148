#!/usr/bin/python3
"""flows.py: what a shop owner does with links, in no more steps than promised: a relay is connected, a link made by mouse
and by keyboard, its code shown, found again, stopped and resumed, money given back. A step is a click, a shortcut or Enter
(Counted in cobro.py). Invoices: invoices.py."""
# proves: OPL-2 OPL-13
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, '..', 'support')]
sys.dont_write_bytecode = True
from cobro import CARD_PAYS, Buyer, Counted, Relay, arguments, copied_url, row_of, row_says, up_to_date, window   # noqa: E402
from driver import clipboard, set_clipboard, shot, until, write                                                   # noqa: E402


def picture(app, name):
    folder = os.environ.get('COBRO_UI_PICTURES')
    if folder:
        app.wait_idle(quiet=.3)
        shot(os.path.join(folder, name + '.png'))


def connects(app, relay):
    """The relay prints a link; the whole of it goes into the first field."""
    hand = Counted()
    hand.click(app.find('list item', 'Connect a Relay'))
    app.active('Connect a Relay')
    write(relay.url)
    hand.fill(None)
    write(relay.said['pair'])
    hand.step('Return')
    up_to_date(app)
    hand.within('connect a relay', 3)


def makes_by_mouse(app, title):
    set_clipboard('nothing yet')
    hand = Counted()
    hand.click(app.find('push button', 'New Link'))
    dialog = app.active('New Link')
    write(title)
    hand.fill(None)
    write('12.50')
    hand.click(dialog.find('push button', 'Create').wait(lambda node: node.sensitive, 'sensitive'))
    url = until('the link is on the clipboard', lambda: copied_url(app))
    hand.within('create a link and copy it, by mouse', 3)
    return url


def makes_by_keys(app, title):
    set_clipboard('nothing yet')
    hand = Counted()
    hand.step('ctrl+n')
    app.active('New Link')
    write(title)
    hand.fill(None)
    write('3')
    hand.step('Return')
    until('the link is on the clipboard', lambda: copied_url(app))
    hand.within('create a link and copy it, by keyboard', 2)


def shows_code(app, title):
    hand = Counted()
    app.wait_idle(quiet=.3)
    hand.click(row_of(app, title).find('push button', 'Show QR Code'))
    until('the code is shown', lambda: len([w for w in app.children if w.showing]) == 2)
    picture(app, 'flow-code')
    hand.within('show the code', 1)
    hand.step('Escape')
    app.active('Cobro')


def finds(app, title):
    """Just typing looks for it, and the list is what it was when that is over."""
    hand = Counted()
    write('guit')
    until('only the lesson is there', lambda: app.find_all('label', title) and not app.find_all('label', '^Coffee'))
    hand.within('find anything', 0)
    hand.step('Escape')
    row_of(app, 'Coffee beans')


def stops(app, title):
    hand = Counted()
    app.wait_idle(quiet=.3)
    hand.click(row_of(app, title).find('label', title))
    until('its page', lambda: not app.find_all('tree table'))
    at_page = hand.steps
    hand.click(app.find('push button', 'More Actions'))
    app.find('menu item', 'Pause').click()
    hand.steps += 1
    app.find('label', 'Link paused')
    app.find('label', '^Paused$')
    hand.steps -= at_page                       # counted from the link, as elsewhere
    hand.within('stop a link', 2)
    hand.step('ctrl+z')                         # reversible
    until('it is live again', lambda: not app.find_all('label', '^Paused$'))
    app.find('push button', 'Back to Links').click()
    app.find('tree table')
    app.wait_idle(quiet=.3)
    row_of(app, title)


def gives_back(app, title):
    app.wait_idle(quiet=.3)
    row_of(app, title).find('label', title).mouse()
    app.find('list', 'Payments').find('list item').mouse()
    hand = Counted()
    hand.click(app.active('Payment').find('push button', 'Refund…'))
    dialog = app.active('Refund')
    hand.click(dialog.find('push button', 'Refund').wait(lambda node: node.sensitive, 'sensitive'))
    until('it was taken', lambda: [node for node in dialog.walk() if 'has taken the refund' in node.name], 40)
    hand.within('refund', 3)


def flows(build):
    with Relay(build) as relay, window(build) as app:
        connects(app, relay)
        url = makes_by_mouse(app, 'Coffee beans')
        makes_by_keys(app, 'Guitar lesson')
        assert clipboard() != url
        row_says(app, 'Coffee beans', 'Live')
        shows_code(app, 'Coffee beans')
        finds(app, 'Guitar lesson')
        stops(app, 'Guitar lesson')
        with Buyer() as buyer:
            buyer.pay(url, CARD_PAYS)
        row_says(app, 'Coffee beans', 'Paid')
        gives_back(app, 'Coffee beans')


if __name__ == '__main__':
    flows(arguments(__doc__.split('\n', maxsplit=1)[0]).build)
