#!/usr/bin/python3
"""invoices.py: invoices by hand: a real window, driven with real keys, with and without a relay.

The stories (--story NAME):
  keys     a new customer's invoice, a repeated one and a recorded payment, with the keyboard alone, without a relay:
           each in no more steps than desktop.md allows; a step is a shortcut or Enter, moving with Tab is typing
  relay    the same with the relay: the invoice arrives there with its link, is paid in a browser, is paid in the window"""
# proves: INV-1 INV-15
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, '..', 'support')]
sys.dont_write_bytecode = True
from cobro import CARD_PAYS, Buyer, Counted, Relay, arguments, connect, window   # noqa: E402
from driver import key, shot, until                                               # noqa: E402
from fake_desktop import Notifications                                            # noqa: E402

STEPS = {'new': 5, 'repeat': 3, 'record': 2}


def picture(app, name):
    folder = os.environ.get('COBRO_UI_PICTURES')
    if folder:
        app.wait_idle(quiet=.3)
        shot(os.path.join(folder, name + '.png'))


def says(app, words, seconds=20):
    return app.find('label', words, seconds=seconds)


def confirm(app, hand, question):
    """Ctrl+Enter, and Enter in the question."""
    hand.step('ctrl+Return')
    app.find('label', question)
    app.wait_idle()
    hand.step('Return')


def new_invoice(app, hand):
    hand.step('ctrl+shift+n')
    app.find('text', 'Customer', seconds=10)
    app.wait_idle()
    hand.fill('Jane Doe', 'jane@example.com', None, None, 'Vacuum cleaner service', None, '75')
    app.wait_idle()


def be_the_vacuum_shop(app):
    """Preferences → Business: a document names its seller."""
    key('ctrl+comma')
    dialog = app.active('Preferences')
    dialog.find(('text', 'entry'), 'Business Name').type('The Vacuum Shop')
    app.wait_idle(quiet=.5)
    key('Escape')
    app.wait_idle(quiet=.5)


def leave(app):
    assert app.quit() == 0


def keys(build):
    with window(build) as app:
        app.active('Cobro')
        be_the_vacuum_shop(app)
        hand = Counted()
        new_invoice(app, hand)
        picture(app, 'invoice-typed')
        confirm(app, hand, '^Send the Invoice')
        says(app, '^Invoice .*00001$')
        says(app, 'Waiting to Be Sent')
        picture(app, 'invoice-issued')
        hand.within('new', STEPS['new'])

        # The same again: it is there to be changed and sent.
        hand = Counted()
        hand.step('ctrl+u')
        app.find('push button', 'Send', seconds=10).wait(lambda node: node.sensitive, 'sensitive')
        until('the copy is in the editor', lambda: app.find_all('text', 'Customer'))
        app.wait_idle()
        confirm(app, hand, '^(Send|Issue) the Invoice')
        says(app, '^Invoice .*00002$')
        hand.within('repeat', STEPS['repeat'])

        # Money that came by bank: the amount and today stand there.
        hand = Counted()
        app.find('push button', 'Record Payment').click()
        hand.steps += 1
        app.active('Record Payment')
        app.wait_idle()
        hand.step('Return')
        says(app, 'Recorded; the invoice is paid')
        hand.within('record', STEPS['record'])
        picture(app, 'invoice-recorded')
        leave(app)


def with_relay(build):
    bell = Notifications()
    with Relay(build) as relay, window(build) as app:
        connect(app, relay, relay.said['pair'])
        be_the_vacuum_shop(app)
        new_invoice(app, Counted())
        confirm(app, Counted(), '^Send the Invoice')
        says(app, '^Invoice .*00001$')
        found = until('the invoice is at the relay', lambda: relay.get('/v1/invoices')['data'], 30)
        assert len(found) == 1 and found[0]['status'] in ('open', 'sent'), found
        address = app.find('label', r'^http://.*/pay/[0-9a-f]{64}$').name
        picture(app, 'invoice-live')
        with Buyer() as buyer:
            buyer.pay(address, CARD_PAYS)
        says(app, '^Paid$', 40)
        picture(app, 'invoice-paid')

        leave(app)
        relay.stop()
        relay.audit()
        print(f'# {len(bell.sent)} notifications')


STORIES = {'keys': keys, 'relay': with_relay}

if __name__ == '__main__':
    told = arguments(__doc__.split('\n', maxsplit=1)[0], lambda p: p.add_argument('--story', choices=STORIES, default='keys'))
    STORIES[told.story](told.build)
