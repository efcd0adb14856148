#!/usr/bin/python3
"""attention.py: Needs Attention on real parts: a real window, the real relay, a mail server on loopback.

A link is paid twice, another too much, a third in part, and a mail finds nobody. Each is in the sidebar's count and a row of
its own; one click refunds, keeps, closes or sends again, and what can be taken back is taken back."""
# proves: OPL-2 OPF-2
import json
import os
import sys
import types
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, '..', 'support')]
sys.dont_write_bytecode = True
from cobro import Relay, arguments, connect, window                                           # noqa: E402
from driver import key, shot, until                                                           # noqa: E402
from buyer import Buyer                                                                     # noqa: E402
from fake_desktop import Notifications                                                        # noqa: E402
from letters import letters_to                                                                # noqa: E402
from smtp_sink import Sink                                                                    # noqa: E402

NOBODY, JANE = 'nobody@buyer.example', 'jane@buyer.example'
SOON = 120                     # seconds for what goes by itself


def picture(app, name):
    folder = os.environ.get('COBRO_UI_PICTURES')
    if folder:
        app.wait_idle(quiet=.3)
        shot(os.path.join(folder, name + '.png'))


def post(relay, path, body):
    request = urllib.request.Request(relay.url + path, method='POST', data=json.dumps(body).encode(), headers={
        'Authorization': f'Bearer {relay.said["api key"]}', 'Content-Type': 'application/json', 'Idempotency-Key': os.urandom(8).hex()})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)['data']


def options(sink):
    config = os.path.join(os.environ['COBRO_UI_WORK'], 'relay.conf')
    with open(config, 'w', encoding='utf-8') as file:
        file.write(f'smtp-url = smtp://127.0.0.1:{sink.port}\nmail-from = invoices@relay.example\nmock-settle-delay = 25000\n')
    return ['--config', config]


# ── What goes wrong ──────────────────────────────────────────────────────────────────────────────
def link(relay, title, amount, **more):
    return post(relay, '/v1/links', {'title': title, 'currency': 'EUR', 'pricing': {'type': 'fixed', 'amount': amount}, **more})


def pay(relay, made, **values):
    """A buyer's whole way. An amount that ends in 95 is declined first, and paid all the same after the settle delay."""
    buyer = Buyer(types.SimpleNamespace(port=relay.port, url=lambda: relay.url))
    buyer.pay(made['url'], **values)
    buyer.close()


def paid(relay, made, times):
    """Until so many payments of the link have succeeded."""
    def count():
        return sum(1 for one in relay.get(f'/v1/payments?linkId={made["id"]}')['data'] if one['status'] == 'succeeded') == times
    until(f'{times} payments of {made["title"]}', count, SOON)


def go_wrong(relay):
    twice = link(relay, 'Coffee beans', 1295)
    over, part = (link(relay, title, 10000, partial={'type': 'on', 'minimumFirst': 100}) for title in ('Catering', 'Wedding cake'))
    for _ in range(2):
        pay(relay, twice)
        pay(relay, over, amount='60.95')
    pay(relay, part, amount='40.00')
    paid(relay, twice, 2)
    paid(relay, over, 2)
    paid(relay, part, 1)
    invoice = post(relay, '/v1/invoices', {'currency': 'EUR', 'decision': 'issued', 'customer': {'name': 'Jane Buyer', 'email': NOBODY},
                                           'lines': [{'description': 'Flour', 'unitAmount': 5000}]})
    post(relay, f'/v1/invoices/{invoice["id"]}/send', {})
    return twice, over, part, invoice


# ── The window ───────────────────────────────────────────────────────────────────────────────────
def row_of(app, title, seconds=SOON):
    return app.find('list item', f'^{title}', seconds=seconds)


def count_is(app, n):
    name = f'^Needs Attention, {n}$' if n else '^Needs Attention$'
    return app.find('list item', name, seconds=SOON)


def choose(app, title, button):
    row_of(app, title).find('push button', button).click()
    app.wait_idle()


def gone(app, title):
    until(f'"{title}" is put away', lambda: not app.find_all('list item', f'^{title}'), SOON)


def refunded(relay, made):
    return sum(one['amountRefunded'] for one in relay.get(f'/v1/payments?linkId={made["id"]}')['data'])


def story(build):
    bell, sink = Notifications(), Sink()
    with Relay(build, options=options(sink)) as relay, window(build) as app:
        twice, over, part, invoice = go_wrong(relay)
        connect(app, relay, relay.said['pair'])
        count_is(app, 4).click()
        for title in ('Paid twice: €12.95', 'Paid too much: €21.90', 'Partly paid: €60.00', 'A mail was not delivered'):
            row_of(app, title)
        picture(app, 'attention-story')

        # Kept, thought better of, and given back: the relay hears of it once, and only after it could be taken back.
        choose(app, 'Paid twice', 'Keep the Money')
        gone(app, 'Paid twice')
        count_is(app, 3)
        key('ctrl+z')
        row_of(app, 'Paid twice')
        choose(app, 'Paid twice', 'Refund €12.95')
        gone(app, 'Paid twice')
        key('ctrl+z')
        row_of(app, 'Paid twice')
        assert refunded(relay, twice) == 0
        choose(app, 'Paid twice', 'Refund €12.95')
        gone(app, 'Paid twice')
        choose(app, 'Paid too much', 'Refund €21.90')
        gone(app, 'Paid too much')

        # No more is asked for: the link is closed, and what came is kept.
        choose(app, 'Partly paid', 'Close and Keep')
        gone(app, 'Partly paid')

        # The mail again, to an address that exists.
        choose(app, 'A mail was not delivered', 'Send Again…')
        dialog = app.active('Send Again')
        dialog.find(('text', 'entry'), 'E-Mail Address').type(JANE)
        picture(app, 'attention-resend')
        key('Return')
        gone(app, 'A mail was not delivered')
        until('the mail arrives', lambda: letters_to(sink, JANE, invoice['number']), SOON)

        until('the second payment goes back whole', lambda: refunded(relay, twice) == 1295, SOON)
        until('the surplus goes back', lambda: refunded(relay, over) == 2190, SOON)
        until('the link is closed', lambda: relay.get(f'/v1/links/{part["id"]}')['data']['status'] == 'cancelled', SOON)
        assert refunded(relay, part) == 0
        count_is(app, 0)
        app.find('label', 'Nothing Needs You', seconds=SOON)
        picture(app, 'attention-done')
        assert app.quit() == 0
        relay.stop()
        relay.audit()
    sink.stop()
    assert bell.sent, 'nobody was told'


if __name__ == '__main__':
    story(arguments(__doc__.split('\n', maxsplit=1)[0]).build)
