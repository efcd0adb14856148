#!/usr/bin/python3
"""bank.py: account statements in all three formats through the real window, over a real relay: what is sure is recorded in
one step and taken back in one, the relay learns of it, the invoice's page says that it is paid, and the same file again
records nothing, also after kill -9."""
import datetime
import os
import re
import sys
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, '..', 'support')]
sys.dont_write_bytecode = True
from cobro import Relay, arguments, connect, window   # noqa: E402
from driver import key, shot, until, write             # noqa: E402
from pages import choose_file                          # noqa: E402


def day(back):
    return datetime.date.today() - datetime.timedelta(days=back)


INVOICES = f'''number,date,customer,description,unit price,currency
2026-0007,{day(20)},Ana Díaz,Repair,120.00,EUR
2026-0008,{day(19)},Bruno GmbH,Bags,80.00,EUR
2026-0009,{day(18)},Carla,Paper,50.00,EUR
2026-0010,{day(18)},Dora,Ink,50.00,EUR
'''

CAMT = f'''<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr>
<Stmt><Id>1</Id><Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Ntry><Amt Ccy="EUR">120.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day(3)}</Dt></BookgDt>
<AcctSvcrRef>B1</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>Ana Diaz</Nm></Pty></Dbtr></RltdPties>
<RmtInf><Ustrd>Invoice 2026-0007</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="EUR">9.99</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day(3)}</Dt></BookgDt></Ntry>
</Stmt></BkToCstmrStmt></Document>
'''

MT940 = f''':20:STARTUMS
:25:12030000/202051
:60F:C{day(3):%y%m%d}EUR100,00
:61:{day(2):%y%m%d%m%d}CR80,00NTRFNONREF//B2
:86:166?00GUTSCHRIFT?20SVWZ+Rechnung 2026/0008?32Bruno GmbH
:62F:C{day(2):%y%m%d}EUR180,00
-
'''

CSV = f'''Buchungstag;Auftraggeber;Verwendungszweck;Betrag (EUR)
{day(1):%d.%m.%Y};Somebody;danke;50,00
{day(1):%d.%m.%Y};Zoe;Schuhe;1.234,50
'''


def picture(app, name):
    folder = os.environ.get('COBRO_UI_PICTURES')
    if folder:
        app.wait_idle(quiet=.3)
        shot(os.path.join(folder, name + '.png'))


def says(app, words, seconds=30):
    return app.find('label', '^.*' + re.escape(words), seconds=seconds)


def put(name, text):
    path = os.path.join(os.environ['COBRO_UI_WORK'], name)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    return path


def import_invoices(app):
    app.find('frame').act('win.import-invoices')
    dialog = app.active('Import Invoices')
    app.find('list item', 'Choose a File…').mouse()
    choose_file(app, put('invoices.csv', INVOICES))
    says(app, '4 invoices can be taken')
    dialog.find('push button', 'Import').click()
    app.active('Cobro')


def open_statement(app, path):
    app.find('frame').act('win.match-statement')
    app.active('Match Bank Statement')
    choose_file(app, path)
    app.active('Cobro')


def statuses(relay):
    return {invoice['number']: invoice['status'] for invoice in relay.get('/v1/invoices')['data']}


def be_the_shop(app):
    key('ctrl+comma')
    dialog = app.active('Preferences')
    dialog.find(('text', 'entry'), 'Business Name').type('The Vacuum Shop')
    app.wait_idle(quiet=.5)
    key('Escape')
    app.wait_idle(quiet=.5)


def first_half(build, relay):
    """CAMT and MT940; ends by kill -9 right after the second was recorded."""
    with window(build) as app:
        connect(app, relay, relay.said['pair'])
        be_the_shop(app)
        import_invoices(app)
        until('the invoices are at the relay', lambda: len(statuses(relay)) == 4, 60)

        camt = put('statement.xml', CAMT)
        open_statement(app, camt)
        says(app, '1 transfer came in. 1 went out and is left alone.')
        says(app, 'Names 2026-0007. Exactly what is due.')
        picture(app, 'bank-sure')
        app.find('push button', 'Record All 1').click()
        says(app, '1 transfer recorded')
        says(app, 'Everything in this statement is done.')
        # Taken back in one step, and recorded again.
        key('ctrl+z')
        says(app, '1 transfer came in.')
        assert statuses(relay)['2026-0007'] != 'paid'
        app.find('push button', 'Record All 1').click()
        says(app, 'Everything in this statement is done.')
        until('the relay knows', lambda: statuses(relay)['2026-0007'] == 'paid', 60)
        invoice = [each for each in relay.get('/v1/invoices')['data'] if each['number'] == '2026-0007'][0]
        payment = relay.get('/v1/payments')['data']
        assert len(payment) == 1 and payment[0]['gateway'] == 'manual' and payment[0]['amount'] == 12000, payment
        assert payment[0]['metadata']['date'] == str(day(3)), payment
        with urllib.request.urlopen(invoice['url'], timeout=30) as answer:
            page = answer.read().decode()
        words = ' '.join(re.sub(r'<style.*?</style>|<script.*?</script>|<[^>]*>', ' ', page, flags=re.S).split())
        assert re.search(r'\bpaid\b', words, re.I), words

        open_statement(app, camt)
        says(app, 'Everything in this statement is done. 1 was recorded before or is ignored.')
        open_statement(app, put('statement.sta', MT940))
        says(app, 'Names 2026-0008.')
        key('ctrl+Return')
        says(app, 'Everything in this statement is done.')
        app.kill()


def second_half(build, relay):
    """After the kill: nothing twice, and a table whose amount fits two invoices."""
    with window(build) as app:
        app.active('Cobro')
        open_statement(app, put('statement.sta', MT940))
        says(app, 'Everything in this statement is done. 1 was recorded before or is ignored.')
        until('the relay knows', lambda: statuses(relay)['2026-0008'] == 'paid', 60)

        open_statement(app, put('statement.csv', CSV))
        says(app, '2 transfers came in.')
        says(app, '2 fit equally well: choose one.')
        assert not app.find('push button', 'Record €50.00 from Somebody').sensitive
        picture(app, 'bank-unclear')
        app.find('push button', 'Choose what €50.00 from Somebody is for').click()
        app.active('What Is It For?')
        picture(app, 'bank-choose')
        write('dora')
        app.wait_idle(quiet=.4)
        key('Return')
        app.active('Cobro')
        says(app, 'Chosen')
        app.find('push button', 'Record €50.00 from Somebody').click()
        says(app, '1 was recorded before or is ignored.')
        app.wait_idle(quiet=.4)
        app.find('push button', 'Ignore €1,234.50 from Zoe').click()
        says(app, 'Everything in this statement is done. 2 were recorded before or are ignored.')
        until('the relay knows', lambda: statuses(relay)['2026-0010'] == 'paid', 60)
        assert statuses(relay)['2026-0009'] != 'paid'

        open_statement(app, put('wrong.xml', CAMT.replace('120.00', '120.001')))
        says(app, '120.001')
        picture(app, 'bank-wrong')
        assert len(relay.get('/v1/payments')['data']) == 3
        assert set(app.unnamed()) <= {"push button: 'GtkImage'"}, app.unnamed()      # the toast's own
        assert app.quit() == 0


def story(build):
    with Relay(build) as relay:
        first_half(build, relay)
        second_half(build, relay)
        relay.stop()
        relay.audit()


if __name__ == '__main__':
    story(arguments(__doc__.split('\n', maxsplit=1)[0]).build)
