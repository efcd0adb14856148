#!/usr/bin/python3
"""payments.py: Preferences → Payments and refunds, by hand: a real window with a real keyring against the real relay.

The stories (--story NAME):
  keys     keys are pasted, refused by what they give away, saved, tested, switched off, removed
  refund   a payment is given back in part and then whole; a second click does nothing
  live     from testing to real money: asked about, by a code of its own, never by the way
  offline  keys and a refund are given while the relay is away; both reach it once, later
  stripe, openpay, razorpay, flutterwave
           the provider's stand-in is set up by hand, tried with wrong and right keys, paid with in a browser, and
           refunded in part"""
# proves: OPL-13 OPF-2
import functools
import importlib
import json
import os
import re
import subprocess
import sys
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, '..', 'support')]
sys.dont_write_bytecode = True
from cobro import CARD_PAYS, Buyer, Relay, arguments, connect, new_link, row_says, window   # noqa: E402
from driver import Atspi, clipboard, key, shot, until, write                                  # noqa: E402
from fake_desktop import Notifications                                                        # noqa: E402

TITLE = 'Coffee beans'
LATER = 60                     # seconds for what goes by itself


def picture(app, name):
    folder = os.environ.get('COBRO_UI_PICTURES')
    if folder:
        app.wait_idle(quiet=.3)
        shot(os.path.join(folder, name + '.png'))


def account(relay, name):
    return relay.get('/v1/providers/' + name)['data']


def refunds(relay):
    return relay.get('/v1/refunds')['data']


# ── Preferences ──────────────────────────────────────────────────────────────────────────────────
def open_payments(app):
    """Preferences, on the page "Payments"."""
    key('ctrl+comma')
    app.active('Preferences')
    app.find(('toggle button', 'radio button', 'page tab', 'push button'), 'Payments').click()
    app.find('label', 'TEST MODE')


def provider_row(app, name):
    return app.find('list item', f'^{name}, ', seconds=20)


def open_provider(app, name):
    provider_row(app, name).mouse()
    return app.active(name)


def field(dialog, title):
    return dialog.find(('text', 'entry', 'password text'), title)


def paste(app, dialog, title, text):
    field(dialog, title).type(text)
    app.wait_idle()


def says(node, words, seconds=10):
    """Some label there contains the words."""
    return until(f'it says {words!r}', lambda: [label for label in node.walk()
                                                if label.role in ('label', 'alert', 'status bar', 'statusbar', 'panel', 'unknown') and words in label.name], seconds)


def press(dialog, name, seconds=20):
    """A button of that name, scrolled out of sight or not."""
    dialog.find('push button', name, seconds=seconds, showing=False).wait(lambda node: node.sensitive, 'sensitive').click()


def back(app, name='Preferences'):
    """Closes the dialog on top; the one under it (or the window) has the keyboard again. The first Escape may only send a
    toast away."""
    key('Escape')
    try:
        app.active(name, seconds=2)
    except AssertionError:
        key('Escape')
        app.active(name)


def leave(app, relay, bell):
    for _ in range(3):
        key('Escape')
        app.wait_idle(quiet=.2)
    assert app.quit() == 0
    relay.stop()
    relay.audit()
    print(f'# {len(bell.sent)} notifications')


def keys(build):
    bell = Notifications()
    with Relay(build) as relay, window(build) as app:
        connect(app, relay, relay.said['pair'])
        new_link(app, TITLE, '12.50')
        open_payments(app)
        picture(app, 'payments-list')

        # What a key gives away is said while it is pasted, and nothing of it can be saved.
        dialog = open_provider(app, 'Stripe')
        picture(app, 'payments-stripe-empty')
        secret = field(dialog, 'Secret key')
        secret.type('sk_live_51Nabc')
        says(dialog, 'moves real money, and you are in test mode')
        picture(app, 'payments-stripe-refused')
        assert not dialog.find('push button', 'Save').sensitive
        secret.type('pk_test_51Nabc')
        says(dialog, 'This is the public key')
        secret.type('rzp_test_51Nabc')
        says(dialog, 'This is a key of Razorpay, not of Stripe')
        back(app)
        assert not account(relay, 'stripe')['account'], 'nothing was sent'

        # A new account: saved, sealed at the relay, never shown again.
        dialog = open_provider(app, 'Openpay')
        paste(app, dialog, 'Merchant ID', 'mzdtln0bmtms6o3kck8f')
        paste(app, dialog, 'Private key', 'sk_e568c42a6c384b7ab02cd47d2e407cab')
        press(dialog, 'Save')
        says(dialog, 'never shown again', seconds=20)
        held = account(relay, 'openpay')
        assert held['enabled'] and held['status'] == 'ready', held
        assert field(dialog, 'Private key').text == ''
        says(dialog, 'Its webhook has no secret yet')
        picture(app, 'payments-openpay-saved')

        # The webhook: address, user and a secret of ours, each to be copied.
        address = until('the address', lambda: [n for n in dialog.walk() if n.role == 'label' and '/webhooks/openpay/' in n.name])
        assert address[0].name == held['webhookUrl']
        press(dialog, 'Copy the address')
        until('the address is copied', lambda: clipboard() == held['webhookUrl'])
        press(dialog, 'Make a Secret')
        press(dialog, 'Copy the secret')
        made = until('the secret is copied', lambda: clipboard() if clipboard() != held['webhookUrl'] else None)
        assert len(made) >= 32, made
        assert account(relay, 'openpay')['webhookSecret']['isSet']
        says(dialog, 'It works with test cards')
        picture(app, 'payments-openpay-webhook')
        back(app)
        dialog = open_provider(app, 'Openpay')
        assert made not in dialog.dump(), 'a secret is shown once'

        # Away with it, after a word about what that means.
        press(dialog, 'Remove…')
        question = app.find('dialog')
        says(question, 'No open link depends on it alone')
        picture(app, 'payments-remove')
        question.find('push button', 'Remove').click()
        says(dialog, 'Paste your keys to set it up', seconds=20)
        held = account(relay, 'openpay')
        assert not held['enabled'] and not held['webhookSecret']['isSet'] and not any(s['isSet'] for s in held['settings']), held
        back(app)

        # Which is offered first, moved with the keyboard; and a rule for small amounts only.
        dialog = open_provider(app, 'Openpay')
        paste(app, dialog, 'Merchant ID', 'mzdtln0bmtms6o3kck8f')
        paste(app, dialog, 'Private key', 'sk_e568c42a6c384b7ab02cd47d2e407cab')
        press(dialog, 'Save')
        says(dialog, 'never shown again', seconds=20)
        add = dialog.find('list item', 'Add a Rule…', showing=False)
        for _ in range(60):                                    # until it has the keyboard
            if add.has('focused'):
                break
            key('Tab')
        app.wait_idle()
        key('Return')                                          # a toast may lie over it
        rule = app.active('New Rule')
        press_key_until(app, rule, 'MXN')
        enter(rule, 'Largest Amount (Optional)', '500')
        picture(app, 'payments-rule')
        press(rule, 'Add')
        app.active('Openpay')
        press(dialog, 'Save')
        until('the rule arrives', lambda: account(relay, 'openpay')['rules'] == [{'currency': 'MXN', 'maximum': 50000}], 20)
        picture(app, 'payments-openpay-rule')
        press(dialog, 'Close')
        app.active('Preferences')
        rows = [row.name.split(',')[0] for row in app.find_all('list item', '^(Openpay|Test Gateway), ')]
        assert len(rows) == 2, rows
        provider_row(app, rows[1]).find('push button', 'Offer earlier').click()
        until('the order is the other one', lambda: [row.name.split(',')[0] for row in app.find_all('list item', '^(Openpay|Test Gateway), ')] == rows[::-1])
        names = {'Openpay': 'openpay', 'Test Gateway': 'mock'}
        until('the relay knows the order', lambda: account(relay, names[rows[1]])['position'] < account(relay, names[rows[0]])['position'], 20)
        picture(app, 'payments-order')

        # The test gateway answers in words.
        dialog = open_provider(app, 'Test Gateway')
        press(dialog, 'Test')
        says(dialog, 'It works', seconds=30)
        picture(app, 'payments-tested')
        back(app)
        assert 'sk_e568' not in relay.log() + app.log()
        leave(app, relay, bell)


# ── Refunds ──────────────────────────────────────────────────────────────────────────────────────
def paid_link(app, relay, title, amount):
    url = new_link(app, title, amount)
    row_says(app, title, 'Live')
    with Buyer() as buyer:
        buyer.pay(url, CARD_PAYS)
        row_says(app, title, 'Paid')


def open_payment(app, title):
    """The link's page, and on it the payment."""
    app.find('label', title).mouse(times=2)
    until('the page of the link', lambda: not app.find_all('tree table'))
    app.find('list', 'Payments').find('list item').mouse()
    return app.active('Payment')


def enter(dialog, title, text):
    """Types it and waits until it stands there: keys take their time."""
    dialog.find(('text', 'entry'), title).type(text).wait(lambda node: node.text == text, text)


def press_key_until(app, rule, code):
    """Chooses the currency as a person does: opens the list and picks from it."""
    rule.find('combo box', 'Currency').mouse()
    app.wait_idle()
    until(f'{code} can be chosen', lambda: rule.find_all('label', code))[-1].mouse()
    app.wait_idle()


def refund(app, amount=None, reason=None):
    """Fills the dialog; the button is not pressed yet."""
    app.active('Payment').find('push button', 'Refund…').click()
    dialog = app.active('Refund')
    if amount:
        enter(dialog, 'Amount to Give Back', amount)
    if reason:
        enter(dialog, '^Reason', reason)
    return dialog


def refund_story(build):
    bell = Notifications()
    with Relay(build) as relay, window(build) as app:
        connect(app, relay, relay.said['pair'])
        paid_link(app, relay, TITLE, '12.50')
        payment = open_payment(app, TITLE)
        picture(app, 'refund-payment')

        # Too much is refused before anybody is asked; a part is given back, once, however often it is pressed.
        dialog = refund(app, '12.51')
        says(dialog, 'more than is left of this payment')
        assert not dialog.find('push button', 'Refund').sensitive
        picture(app, 'refund-too-much')
        # The provider refuses what ends in two cents: said in words, and nothing has gone.
        enter(dialog, 'Amount to Give Back', '1.02')
        dialog.find('push button', 'Refund').mouse()
        says(dialog, ' refused the refund', seconds=30)
        picture(app, 'refund-refused')
        back(app, 'Payment')
        assert [(r['amount'], r['status']) for r in refunds(relay)] == [(102, 'failed')], refunds(relay)
        dialog = refund(app, '2.50', 'broken cup')
        picture(app, 'refund-form')
        dialog.find('push button', 'Refund').mouse(times=2)
        says(dialog, 'has taken the refund', seconds=30)
        picture(app, 'refund-answer')
        back(app, 'Payment')
        says(payment, 'is left after refunds', seconds=20)
        says(payment, 'broken cup')
        assert (250, 'broken cup', 'succeeded') in [(r['amount'], r['reason'], r['status']) for r in refunds(relay)], refunds(relay)
        picture(app, 'refund-payment-after')

        # The rest, by keyboard alone: it stands there already.
        app.active('Payment').find('push button', 'Refund…').click()
        dialog = app.active('Refund')
        key('Return')
        says(dialog, 'has taken the refund', seconds=30)
        key('Return')
        app.active('Payment')
        until('nothing is left to refund', lambda: not app.find('push button', 'Refund…').sensitive, seconds=20)
        assert sorted(r['amount'] for r in refunds(relay) if r['status'] == 'succeeded') == [250, 1000]
        back(app, 'Cobro' if app.find_all('frame', 'Cobro') else None)
        leave(app, relay, bell)


# ── Without a relay ──────────────────────────────────────────────────────────────────────────────
def offline(build):
    bell = Notifications()
    with Relay(build) as relay, window(build) as app:
        connect(app, relay, relay.said['pair'])
        paid_link(app, relay, TITLE, '12.50')
        open_payments(app)
        provider_row(app, 'Openpay')
        back(app, None)
        relay.stop()
        app.find(('push button', 'toggle button'), '^Offline', seconds=LATER)

        # Keys are kept and say so.
        open_payments(app)
        dialog = open_provider(app, 'Openpay')
        paste(app, dialog, 'Merchant ID', 'mzdtln0bmtms6o3kck8f')
        paste(app, dialog, 'Private key', 'sk_e568c42a6c384b7ab02cd47d2e407cab')
        press(dialog, 'Save')
        says(dialog, 'sent as soon as the relay can be reached')
        picture(app, 'offline-provider')
        back(app)
        picture(app, 'offline-list')
        back(app, None)

        # A refund waits; it can be taken back; another one goes when the relay is there.
        payment = open_payment(app, TITLE)
        dialog = refund(app, '1.00')
        press(dialog, 'Refund')
        says(dialog, 'The relay cannot be reached')
        picture(app, 'offline-refund')
        back(app, 'Payment')
        payment.find('push button', 'Take Back', seconds=20).click()
        payment.gone('push button', 'Take Back')
        dialog = refund(app, '3.00')
        press(dialog, 'Refund')
        says(dialog, 'The relay cannot be reached')
        back(app, 'Payment')
        payment.find('push button', 'Take Back', seconds=20)
        picture(app, 'offline-payment')

        relay.start()
        says(payment, 'has taken the refund', seconds=LATER)
        assert [r['amount'] for r in refunds(relay)] == [300], refunds(relay)
        until('the keys arrive', lambda: account(relay, 'openpay')['enabled'], LATER)
        leave(app, relay, bell)


# ── Real money ───────────────────────────────────────────────────────────────────────────────────
def live_code(relay):
    merchant = relay.get('/v1/merchant')['data']['id']
    done = subprocess.run([relay.program, 'pair-code', '--live', '--json', '--data', relay.folder, merchant], capture_output=True,
                          text=True, check=True)
    return json.loads(done.stdout)['pairCode']


def press_switch(app, name):
    next(node for node in app.walk() if node.role in ('check box', 'switch', 'toggle button') and node.name.startswith(name)).click()


def live(build):
    bell = Notifications()
    with Relay(build) as relay, window(build) as app:
        connect(app, relay, relay.said['pair'])
        new_link(app, TITLE, '12.50')
        row_says(app, TITLE, 'Live')
        open_payments(app)
        press_switch(app, 'Take real money')
        question = app.find('dialog')
        says(question, "customers' cards are really charged")
        picture(app, 'live-question')
        question.find('push button', 'Go Live…').click()
        app.active('Connect a Relay')
        write(relay.url)
        key('Tab')
        write(live_code(relay))
        key('Return')
        app.gone('label', 'Test mode: no real money', LATER)

        key('ctrl+comma')
        app.active('Preferences')
        app.find('page tab', 'Payments').click()
        app.find('label', 'LIVE')
        provider_row(app, 'Stripe')
        assert not app.find_all('list item', '^Test Gateway, ', pred=lambda node: node.extents()[3] > 0), 'no use here'
        picture(app, 'live-list')
        dialog = open_provider(app, 'Stripe')
        field(dialog, 'Secret key').type('sk_test_51Nabc')
        says(dialog, 'This is a test key, and you are live')
        picture(app, 'live-refused')
        field(dialog, 'Secret key').type('sk_live_51Nabc')
        press(dialog, 'Save')
        question = app.find('dialog')
        says(question, 'their cards are really charged')
        question.find('push button', 'Cancel').click()
        app.active('Stripe')
        says(dialog, 'Paste your keys to set it up')           # nothing was saved
        back(app)
        press_switch(app, 'Take real money')
        says(app.find('dialog'), 'nothing real is ever mixed with tests')
        picture(app, 'live-no-way-back')
        leave(app, relay, bell)


# ── Real providers, played by their stand-ins ────────────────────────────────────────────────────
CURRENCIES = {'stripe': 'USD', 'openpay': 'MXN', 'razorpay': 'INR', 'flutterwave': 'NGN'}
NAMES = {'stripe': 'Stripe', 'openpay': 'Openpay', 'razorpay': 'Razorpay', 'flutterwave': 'Flutterwave'}
PRICE = 250000                 # above every provider's minimum


def company_of(name):
    """The stand-in, running."""
    module = importlib.import_module(name + '_stand_in')
    kind = next(one for one in vars(module).values() if isinstance(one, type) and getattr(one, 'NAME', None) == name)
    return kind()


def fill_keys(app, relay, dialog, name, settings):
    titles = {one['name']: one['title'] for one in account(relay, name)['settings']}
    for key_name, value in settings.items():
        row = dialog.find(('text', 'entry', 'password text'), titles[key_name], showing=False)
        Atspi.EditableText.set_text_contents(row.accessible, value)      # also where it is scrolled out of sight
    app.wait_idle()


def enter_webhook(app, dialog, company, there, held):
    """What a merchant carries between the two dashboards."""
    company.connect(there, held['webhookUrl'])
    if there.webhook_secret and held['name'] == 'stripe':
        row = dialog.find(('text', 'entry', 'password text'), 'Signing Secret', showing=False)
        Atspi.EditableText.set_text_contents(row.accessible, there.webhook_secret)
        press(dialog, 'Save')
    else:
        press(dialog, 'Make a Secret')
        press(dialog, 'Copy the secret')
        there.webhook_secret = until('the secret is copied', lambda: clipboard() if clipboard().startswith('mws_') else None)


def make_link(relay, name):
    """A link in the provider's currency; the window hears of it."""
    body = {'title': TITLE, 'currency': CURRENCIES[name], 'amount': PRICE, 'gateways': [name], 'collect': ['name', 'email']}
    request = urllib.request.Request(relay.url + '/v1/links', json.dumps(body).encode(), method='POST',
                                     headers={'Authorization': f'Bearer {relay.said["api key"]}', 'Content-Type': 'application/json',
                                              'Idempotency-Key': 'one-link'})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)['data']


def pay_there(app, company, link):
    with Buyer() as buyer:
        buyer.do('open', url=link['url'])
        buyer.do('fill', label='Name', text='Ana')
        buyer.do('fill', label='E-?mail', text='ana@example.com')
        buyer.do('press', name='^(Pay|Continue)')
        buyer.card(company.CARDS['pays'])
        row_says(app, TITLE, 'Paid', seconds=LATER)


def relay_beside(build, name, company):
    """A relay that finds the stand-in where the company would be."""
    path = os.path.join(os.environ['COBRO_UI_WORK'], 'relay.conf')
    with open(path, 'w', encoding='utf-8') as file:
        file.write(f'provider-base = {name}={company.url}\n')
    return Relay(build, options=['--config', path])


def provider(build, name):
    bell = Notifications()
    with company_of(name) as company, relay_beside(build, name, company) as relay, window(build) as app:
        there = company.new_account()
        connect(app, relay, relay.said['pair'])
        link = make_link(relay, name)
        open_payments(app)
        dialog = open_provider(app, NAMES[name])

        # A key that is not right is told from one that is, in words.
        secret = next(one['name'] for one in account(relay, name)['settings'] if one['kind'] == 'secret')
        right = there.settings[secret]
        fill_keys(app, relay, dialog, name, {**there.settings, secret: right[:-4] + 'zzzz'})
        press(dialog, 'Save')
        says(dialog, 'never shown again', seconds=20)
        company.assert_content()
        press(dialog, 'Test')
        says(dialog, '✗ It does not work: ', seconds=30)
        for line in company.complaints_now():  # this wrong key, and nothing else, was wanted
            company.excuse('^' + re.escape(line) + '$')
        picture(app, f'{name}-wrong-key')
        fill_keys(app, relay, dialog, name, {secret: right})
        press(dialog, 'Save')
        title = next(one['title'] for one in account(relay, name)['settings'] if one['name'] == secret)
        until('saved, and hidden', lambda: not field(dialog, title).text and not dialog.find('push button', 'Save').sensitive, 20)
        press(dialog, 'Test')
        says(dialog, '✓ It works: ', seconds=30)
        picture(app, f'{name}-right-key')
        enter_webhook(app, dialog, company, there, account(relay, name))
        says(dialog, 'It works with test cards', seconds=20)
        back(app)
        back(app, None)

        pay_there(app, company, link)
        company.settle()
        payment = open_payment(app, TITLE)
        dialog = refund(app, '500')
        press(dialog, 'Refund')
        says(dialog, f'{NAMES[name]} has', seconds=60)
        picture(app, f'{name}-refund')
        back(app, 'Payment')
        assert [r['amount'] for r in refunds(relay)] == [50000], refunds(relay)
        says(payment, NAMES[name])
        leave(app, relay, bell)


STORIES = {**{name: functools.partial(provider, name=name) for name in NAMES}, 'keys': keys, 'live': live, 'refund': refund_story, 'offline': offline}

if __name__ == '__main__':
    told = arguments(__doc__.split('\n', maxsplit=1)[0],
                     lambda p: p.add_argument('--story', choices=STORIES, default='keys'))
    STORIES[told.story](told.build)
