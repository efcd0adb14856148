#!/usr/bin/python3
"""invoice_mailed.py: an invoice from the first key to the receipt, on real parts: a real window, the real relay, a real mail
server on loopback, Chromium.

Invoice of The Vacuum Shop, AUD 75.00 and 10 % GST: typed, sent by mail, the link taken from the mail, paid, receipted; Paid
in the window. What is done with the keyboard alone, and without a relay: invoices.py."""
# proves: INV-1 INV-2 INV-8 INV-10 INV-11 INV-12 OPL-13
import json
import os
import sys
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, '..', 'support')]
sys.dont_write_bytecode = True
from cobro import CARD_PAYS, Buyer, Relay, arguments, connect, window                          # noqa: E402
from driver import key, shot, until, write                                                    # noqa: E402
from fake_desktop import Notifications                                                        # noqa: E402
from letters import letters_to, link_in, pdf_of, read_pdf, text_of                            # noqa: E402
from smtp_sink import Sink                                                                    # noqa: E402

TO = 'jane@buyer.example'
SELLER = {'name': 'The Vacuum Shop', 'taxId': '51 824 753 556', 'address': {
    'street': '1 George Street', 'city': 'Sydney', 'postalCode': '2000', 'region': 'NSW', 'country': 'AU'}}


def picture(app, name):
    folder = os.environ.get('COBRO_UI_PICTURES')
    if folder:
        app.wait_idle(quiet=.3)
        shot(os.path.join(folder, name + '.png'))


def put(relay, path, body, rev):
    request = urllib.request.Request(relay.url + path, method='PUT', data=json.dumps(body).encode(), headers={
        'Authorization': f'Bearer {relay.said["api key"]}', 'Content-Type': 'application/json', 'If-Match': f'"{rev}"'})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)['data']


def shop_with_mail(sink):
    """A relay that sends through @sink, by its configuration file; the demo merchant is an Australian shop."""
    config = os.path.join(os.environ['COBRO_UI_WORK'], 'relay.conf')
    with open(config, 'w', encoding='utf-8') as file:
        file.write(f'smtp-url = smtp://127.0.0.1:{sink.port}\nmail-from = invoices@relay.example\n')
    return ['--config', config]


def become_australian(relay):
    profile = relay.get('/v1/merchant')['data']
    rev = profile['rev']
    profile.update(name='The Vacuum Shop', email='owner@vacuum.example', timeZone='Australia/Sydney', currency='AUD',
                   seller=SELLER, taxes=[{'name': 'GST', 'category': 'standard', 'rate': '10', 'default': True}])
    for name in ('rev', 'createdAt', 'updatedAt'):
        profile.pop(name, None)
    put(relay, '/v1/merchant', profile, rev)


def letter(sink, subject):
    return until(f'a mail about {subject}', lambda: letters_to(sink, TO, subject), seconds=60)[0]


def type_invoice(app):
    """Shift+Ctrl+N, the customer, one line; the editor is as it would be sent."""
    key('shift+ctrl+n')
    app.find('push button', 'Send')
    app.wait_idle()
    write('Jane Buyer')
    key('Tab')
    write(TO)
    app.wait_idle()
    app.find(('text', 'entry'), 'Description').type('Vacuum cleaner service')
    app.find(('text', 'entry'), 'Price').type('75')
    until('the total is 82.50', lambda: [node for node in app.walk() if '82.50' in node.name])


def paid(build):
    bell, sink = Notifications(), Sink()
    with Relay(build, options=shop_with_mail(sink)) as relay, window(build) as app:
        become_australian(relay)
        connect(app, relay, relay.said['pair'])
        type_invoice(app)
        picture(app, 'invoice-typed')
        key('ctrl+Return')
        app.find('label', 'Send the Invoice?')
        app.wait_idle()
        key('Return')
        mail = letter(sink, 'INV')
        picture(app, 'invoice-sent')
        for kind in ('plain', 'html'):
            words = text_of(mail, kind)
            for part in ('75.00', '7.50', '82.50', 'GST', 'The Vacuum Shop'):
                assert part in words, f'{part} is not in the {kind} text:\n{words}'
        assert mail['reply-to'] and 'owner@vacuum.example' in mail['reply-to'], mail['reply-to']
        words, codes = read_pdf(pdf_of(mail))
        for part in ('Tax Invoice', 'ABN 51 824 753 556', 'Jane Buyer', 'Vacuum cleaner service', '82.50'):
            assert part in words, f'{part} is not in the PDF:\n{words}'
        url = link_in(mail)
        assert url in codes, codes

        with Buyer() as buyer:
            buyer.pay(url, CARD_PAYS)
            buyer.do('reads', text='Paid|Thank you|received')
        receipt = letter(sink, '[Rr]eceipt')
        assert '82.50' in text_of(receipt, 'plain')
        until('the window says Paid', lambda: app.find_all('label', '^Paid'), seconds=60)
        picture(app, 'invoice-paid')
        until('a notification', lambda: bell.sent, seconds=20)
        assert app.quit() == 0
        relay.stop()
        relay.audit()
    sink.stop()


if __name__ == '__main__':
    paid(arguments(__doc__.split('\n', maxsplit=1)[0]).build)
