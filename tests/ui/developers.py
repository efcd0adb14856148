#!/usr/bin/python3
"""developers.py: the place "Developers", by hand, against the real relay and a real receiver of webhooks: an endpoint is
added and tested, fails, becomes a dead letter, is sent again, and so are all; its secret is replaced; events appear while one looks; a
key is made, used and revoked; the relay says how it is doing; a deleted endpoint comes back."""
# proves: OPF-18 OPF-9 OPF-11 OPF-12
import base64
import hashlib
import hmac
import http.server
import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, '..', 'support')]
sys.dont_write_bytecode = True
from cobro import Relay, arguments, connect, window                      # noqa: E402
from driver import clipboard, key, shot, until                           # noqa: E402

LATER = 60                     # seconds for what goes by itself


class Receiver:
    """Somebody else's program: keeps what it gets and answers with `status`."""

    def __init__(self):
        self.status, self.got = 200, []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers['Content-Length']))
                receiver.got.append((dict((name.lower(), value) for name, value in self.headers.items()), body))
                answer = b'fine' if receiver.status == 200 else b'the accounts are closed today'
                self.send_response(receiver.status)
                self.send_header('X-Receiver', 'shop 1.0')
                self.send_header('Set-Cookie', 'session=private')
                self.send_header('Content-Length', str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.url = f'http://127.0.0.1:{self.server.server_port}/hooks'
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def signed_with(self, secret, which=-1):
        """Whether that message carries a signature made with the secret."""
        headers, body = self.got[which]
        text = b'.'.join([headers['webhook-id'].encode(), headers['webhook-timestamp'].encode(), body])
        mac = hmac.new(base64.b64decode(secret.removeprefix('whsec_')), text, hashlib.sha256).digest()
        return 'v1,' + base64.b64encode(mac).decode() in headers['webhook-signature'].split()


def picture(app, name):
    folder = os.environ.get('COBRO_UI_PICTURES')
    if folder:
        app.wait_idle(quiet=.3)
        shot(os.path.join(folder, 'developers-' + name + '.png'))


def view(app, name):
    app.find(('push button', 'toggle button', 'radio button'), name, seconds=20).click()
    app.wait_idle()


def says(node, words, seconds=20):
    """Some label there contains the words."""
    return until(f'it says {words!r}', lambda: [label for label in node.walk() if words in label.name or words in (label.text or '')], seconds)


def row(app, beginning, seconds=20):
    return app.find('list item', '^' + re.escape(beginning), seconds=seconds)


def button(node, name, seconds=20):
    node.find('push button', name, seconds=seconds, showing=False).wait(lambda found: found.sensitive, 'sensitive').click()


def switch(node, name):
    node.find(('switch', 'toggle button', 'check box'), '^' + name, showing=False).click()


def ask(relay, api_key, path, body=None):
    """What a program would do: the status and what came back."""
    request = urllib.request.Request(relay.url + path, headers={'Authorization': f'Bearer {api_key}', 'Content-Type': 'application/json'},
                                     data=json.dumps(body).encode() if body is not None else None)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, None


def open_endpoint(app, receiver):
    row(app, receiver.url).mouse()
    return app.active('Webhook Endpoint')


def close(app):
    key('Escape')
    app.active('Cobro')


def endpoint_is_added_and_tested(app, receiver):
    says(app, 'No Webhooks Yet')
    picture(app, 'empty')
    button(app, 'New Endpoint…')
    dialog = app.active('New Webhook Endpoint')
    dialog.find(('text', 'entry'), 'Address That Listens (https://…)').type('ftp://example.com')
    button(dialog, 'Add')
    says(dialog, 'Must begin with https://')
    dialog.find(('text', 'entry'), 'Address That Listens (https://…)').type(receiver.url)
    picture(app, 'new-endpoint')
    button(dialog, 'Add')
    button(dialog, 'Copy')
    until('the secret is on the clipboard', lambda: clipboard().startswith('whsec_'))
    secret = clipboard()
    picture(app, 'secret-once')
    button(dialog, 'Send Test')
    says(dialog, 'It arrived: HTTP 200', LATER)
    assert receiver.signed_with(secret), receiver.got
    assert json.loads(receiver.got[-1][1])['type'] == 'webhook.test'
    close(app)
    row(app, receiver.url)
    picture(app, 'endpoints')
    return secret


def failing_becomes_dead_letter(app, receiver):
    receiver.status = 500
    button(row(app, receiver.url), 'Send a test event')
    view(app, 'Deliveries')
    row(app, 'webhook.test, Tried Again Soon', LATER)
    picture(app, 'deliveries')
    row(app, 'webhook.test, Tried Again Soon').mouse()
    dialog = app.active('webhook.test')
    says(dialog, 'Try 1: HTTP 500')
    dialog.find(None, None, pred=lambda node: 'Try 1: HTTP 500' in node.name and node.role in ('list item', 'toggle button', 'push button')).mouse()
    found = says(dialog, 'the accounts are closed today')[0]
    whole = found.name + (found.text or '')
    assert 'x-receiver: shop 1.0' in whole and 'private' not in whole, whole
    picture(app, 'delivery')
    close(app)

    view(app, 'Webhooks')
    dialog = open_endpoint(app, receiver)
    switch(dialog, 'Send events')
    button(dialog, 'Save')
    app.active('Cobro')
    row(app, receiver.url + ', Off')
    view(app, 'Retry Centre')
    row(app, 'webhook.test, Dead Letter', LATER)
    picture(app, 'dead-letters')


def replay_succeeds(app, receiver):
    view(app, 'Webhooks')
    dialog = open_endpoint(app, receiver)
    switch(dialog, 'Send events')
    button(dialog, 'Save')
    app.active('Cobro')
    row(app, receiver.url + ', On')
    receiver.status, before = 200, len(receiver.got)
    view(app, 'Retry Centre')
    row(app, 'webhook.test, Dead Letter').find('check box', 'Select').click()
    button(app, 'Replay Selected (1)')
    until('it arrives', lambda: len(receiver.got) > before, LATER)
    says(app, 'No Dead Letters', LATER)
    assert receiver.got[-1][0]['webhook-id'] == receiver.got[-2][0]['webhook-id'], 'the same event, the same id'
    view(app, 'Deliveries')
    row(app, 'webhook.test, Delivered', LATER)


def deliveries(relay, api_key, which=''):
    return len(ask(relay, api_key, '/v1/deliveries?limit=100' + which)[1]['data'])


def dead_letters(relay, api_key):
    return deliveries(relay, api_key, '&status=abandoned')


def all_are_replayed(app, relay, receiver, api_key):
    """How many they are is said before; what is stopped half-way stays; what is sent again is counted."""
    receiver.status = 500
    view(app, 'Webhooks')
    for _ in range(3):                                          # a click that comes while one acts is lost
        known = deliveries(relay, api_key)
        button(row(app, receiver.url), 'Send a test event')
        until('one more delivery', lambda n=known: deliveries(relay, api_key) == n + 1, LATER)
        app.wait_idle()
    dialog = open_endpoint(app, receiver)
    switch(dialog, 'Send events')
    button(dialog, 'Save')
    app.active('Cobro')
    until('three dead letters', lambda: dead_letters(relay, api_key) == 3, LATER)
    dialog = open_endpoint(app, receiver)
    switch(dialog, 'Send events')
    button(dialog, 'Save')
    app.active('Cobro')
    row(app, receiver.url + ', On')
    receiver.status, before = 200, len(receiver.got)
    view(app, 'Retry Centre')
    row(app, 'webhook.test, Dead Letter', LATER)
    button(app, 'Replay All…')
    app.find('label', 'Send All 3 Dead Letters Again?', seconds=20)
    picture(app, 'replay-all')
    relay.process.send_signal(signal.SIGSTOP)
    try:
        button(app, 'Send Again')
        button(app, 'Cancel (0 of 3)')
        app.find('push button', 'Cancel (0 of 3)').wait(lambda found: not found.sensitive, 'pressed')
        picture(app, 'replay-stops')
    finally:
        relay.process.send_signal(signal.SIGCONT)
    says(app, '1 is sent again', LATER)
    until('it arrives', lambda: len(receiver.got) == before + 1, LATER)
    assert dead_letters(relay, api_key) == 2
    button(app, 'Replay All…', LATER)
    app.find('label', 'Send All 2 Dead Letters Again?', seconds=20)
    button(app, 'Send Again')
    says(app, '2 are sent again', LATER)
    until('they arrive', lambda: len(receiver.got) == before + 3, LATER)
    says(app, 'No Dead Letters', LATER)


def secret_is_replaced(app, receiver, secret):
    view(app, 'Webhooks')
    dialog = open_endpoint(app, receiver)
    button(dialog, 'Replace…')
    button(app.active('Make a New Signing Secret?'), 'Make a New Secret')
    app.active('Webhook Endpoint')
    button(dialog, 'Copy')
    until('the new secret is on the clipboard', lambda: clipboard() not in ('', secret) and clipboard().startswith('whsec_'))
    new = clipboard()
    button(dialog, 'Send Test')
    says(dialog, 'It arrived: HTTP 200', LATER)
    assert receiver.signed_with(secret) and receiver.signed_with(new), 'both sign for a day'
    close(app)
    return new


def events_arrive(app, relay):
    view(app, 'Live Events')
    says(app, 'Live: what happens appears at once')
    status, link = ask(relay, relay.said['api key'], '/v1/links', {'amount': 1250, 'currency': 'EUR', 'title': 'Seen "live"'})
    assert status == 201, link
    says(app, 'link.created', LATER)
    picture(app, 'events')
    # The demo's own link is the first event; the newest stands above it.
    until('the newest event', lambda: len(app.find_all('label', 'link.created')) > 1)
    app.find('label', 'link.created').mouse()
    dialog = app.active('link.created')
    button(dialog, 'Copy')
    until('the event is on the clipboard', lambda: 'link.created' in clipboard())
    event = json.loads(clipboard())
    assert event['object']['title'] == 'Seen "live"' and event['type'] == 'link.created', event
    assert '\n    "title": ' in clipboard(), 'laid out for people'
    picture(app, 'event')
    close(app)


def key_is_made_used_revoked(app, relay):
    view(app, 'API Keys')
    button(app, 'New Key…')
    dialog = app.active('New API Key')
    dialog.find(('text', 'entry'), 'What It Is For').type('Cash register')
    dialog.find('check box', 'Links').click()
    picture(app, 'new-key')
    button(dialog, 'Make Key')
    button(dialog, 'Copy')
    until('the key is on the clipboard', lambda: clipboard().startswith('cob_test_'))
    made = clipboard()
    picture(app, 'key-once')
    close(app)
    row(app, 'Cash register, Valid')
    assert ask(relay, made, '/v1/links')[0] == 200
    assert ask(relay, made, '/v1/webhook-endpoints')[0] == 403, 'not ticked, not allowed'
    picture(app, 'keys')
    button(app, 'Revoke Cash register')
    button(app.active('Revoke “Cash register”?'), 'Revoke')
    app.active('Cobro')
    row(app, 'Cash register, Revoked')
    assert ask(relay, made, '/v1/links')[0] == 401
    with open(relay.log_path, encoding='utf-8') as log:
        assert made not in log.read(), 'a key is in the log'


def computer_is_paired_and_revoked(app, relay):
    view(app, 'Computers')
    app.find('label', 'This Computer', seconds=20)
    assert not app.find_all('push button', '^Revoke'), 'the computer that one sits at is not revoked by mistake'
    button(app, 'Add Another Computer…')
    app.active('Add Another Computer')
    code = app.find('label', '^([0-9A-Z]{4}-){3}[0-9A-Z]{4}$', seconds=30, showing=False).name
    body = json.dumps({'code': code, 'deviceName': 'Ana’s laptop'}).encode()
    request = urllib.request.Request(relay.url + '/v1/pair', body, {'Content-Type': 'application/json'})
    with urllib.request.urlopen(request) as answer:
        made = json.load(answer)['data']['deviceKey']
    assert ask(relay, made, '/v1/links')[0] == 200
    close(app)
    view(app, 'API Keys')
    view(app, 'Computers')
    row(app, 'Ana’s laptop, Paired', LATER)
    picture(app, 'computers')
    button(app, 'Revoke Ana’s laptop')
    button(app.active('Revoke “Ana’s laptop”?'), 'Revoke')
    app.active('Cobro')
    row(app, 'Ana’s laptop, Revoked')
    assert ask(relay, made, '/v1/links')[0] == 401


def health_is_told(app, relay):
    view(app, 'Relay Health')
    row(app, 'Last Backup: None yet')
    row(app, 'Clock: The same')
    row(app, 'Dead Letters: 0')
    copy = os.path.join(os.environ['COBRO_UI_WORK'], 'copy.sqlite')
    subprocess.run([relay.program, 'backup', '--data', relay.folder, copy], check=True, stdout=subprocess.DEVNULL)
    until('the copy is known', lambda: not app.find_all('list item', '^Last Backup: None yet'), LATER)
    picture(app, 'health')


def deleted_comes_back(app, receiver, secret):
    view(app, 'Webhooks')
    dialog = open_endpoint(app, receiver)
    button(dialog, 'Delete Endpoint')
    app.active('Cobro')
    says(app, 'No Webhooks Yet')
    button(app, 'Undo')
    row(app, receiver.url + ', On')
    before = len(receiver.got)
    button(row(app, receiver.url), 'Send a test event')
    until('it is heard again', lambda: len(receiver.got) > before, LATER)
    assert receiver.signed_with(secret), 'with the same secret'


def offline_is_said(app, relay, receiver):
    relay.stop()
    says(app, 'The relay cannot be reached. This is how it stood', LATER)
    row(app, receiver.url)
    picture(app, 'offline')
    view(app, 'Live Events')
    says(app, 'nothing new arrives until it answers')
    app.resize(360, 640)
    app.wait_idle(quiet=.3)
    picture(app, 'narrow')


def story(build):
    receiver = Receiver()
    with Relay(build) as relay, window(build) as app:
        connect(app, relay, relay.said['pair'])
        app.find('list item', 'Developers').mouse()
        secret = endpoint_is_added_and_tested(app, receiver)
        failing_becomes_dead_letter(app, receiver)
        replay_succeeds(app, receiver)
        all_are_replayed(app, relay, receiver, relay.said['api key'])
        secret = secret_is_replaced(app, receiver, secret)
        events_arrive(app, relay)
        key_is_made_used_revoked(app, relay)
        computer_is_paired_and_revoked(app, relay)
        health_is_told(app, relay)
        deleted_comes_back(app, receiver, secret)
        relay.audit()
        offline_is_said(app, relay, receiver)
        assert app.quit() == 0


if __name__ == '__main__':
    story(arguments('drives the place Developers').build)
    print('ok')
