#!/usr/bin/python3
"""copies.py: what a shop does on its worst day, by hand, in a real window over a real relay: links come from a file after a
dry run, a copy of the books is made, the books go back to it by its preview, and everything is published again to a relay
that was set up anew and is empty: every address that was shared answers as before."""
import http.client
import json
import os
import re
import shutil
import sys
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, '..', 'support')]
sys.dont_write_bytecode = True
from cobro import arguments, new_link, up_to_date, window                   # noqa: E402
from driver import key, until, write                                        # noqa: E402
import relay as relays                                                      # noqa: E402
from pages import choose_file, picture, reach                               # noqa: E402


def made(relay, *command):
    """What a command of the operator's answers."""
    done = relay.command(*command, '--live', '--json')
    assert done.returncode == 0, done
    return json.loads(done.stdout)


def enrol(relay):
    """A merchant for real money: test money is play, and is not published again anywhere else."""
    merchant = made(relay, 'merchant', 'add', "Ana's Café")
    return relays.Client(relay.port, merchant['apiKey']), merchant['pairCode']


def connect(app, relay, code):
    app.find('list item', 'Connect a Relay').click()
    type_pairing(app, relay, code)
    up_to_date(app)


def type_pairing(app, relay, code):
    app.active('Connect a Relay')
    write(relay.url())
    key('Tab')
    write(code)
    key('Return')


def links_at(shop):
    found, cursor = [], ''
    while cursor is not None:
        answer = shop.get('/v1/links?limit=100' + (f'&cursor={cursor}' if cursor else ''))
        found += answer.data
        cursor = answer.json['pagination']['nextCursor']
    return found


def says(app, words, seconds=60):
    return app.find('label', '^.*' + re.escape(words), seconds=seconds)


def put(name, rows):
    path = os.path.join(os.environ['COBRO_UI_WORK'], name)
    with open(path, 'w', encoding='utf-8') as file:
        file.write('title,amount,currency,reference\n' + '\n'.join(rows) + '\n')
    return path


def import_links(app, n):
    """The dry run names the one row that is wrong, and nothing is written; mended, the whole file goes in."""
    rows = [f'Order {i},{i % 90 + 1}.50,EUR,R-{i}' for i in range(1, n + 1)]
    wrong = rows[:n // 2] + ['Nothing,none,EUR,R-0'] + rows[n // 2:]
    app.find('frame').act('win.import-links')
    dialog = app.active('Import Links')
    app.find('list item', 'Choose a File…').mouse()
    choose_file(app, put('wrong.csv', wrong))
    says(app, f'Line {n // 2 + 2}')
    assert not dialog.find('push button', 'Import').sensitive
    picture(app, 'copies-dry-run')
    app.find('list item', '^Choose a File…').mouse()
    choose_file(app, put('right.csv', rows))
    says(app, f'{n:,} links can be taken')
    dialog.find('push button', 'Import').click()
    app.active('Cobro', seconds=120)        # when all of it is written


def backup_page(app):
    key('ctrl+comma')
    app.active('Preferences')
    app.find(('toggle button', 'radio button', 'page tab', 'push button'), 'Backup').click()
    app.wait_idle()


def back_up(app):
    backup_page(app)
    app.find('push button', 'Back Up Now').click()
    says(app, '1 copy is kept')
    app.wait_idle(quiet=.5)
    key('Escape')
    app.active('Cobro')


def restore(app):
    """What would be lost is said before; what the relay knows of it comes back by itself."""
    backup_page(app)
    app.find(('list item', 'toggle button', 'push button'), '^Copies').mouse()
    app.wait_idle()
    app.find('list item', r'^.*\d{4}.*').mouse()
    dialog = app.active('Restore the Books')
    says(app, 'Not in the copy, but in your books now: 1 link.')
    picture(app, 'copies-preview')
    dialog.find('push button', 'Restore').click()
    # Every window goes with the books that it showed; the one that comes is another. The X server is asked: GTK 4.8
    # does not bear being asked for what goes at that moment.
    until('the books are exchanged', lambda: 'Preferences' not in app.titles(), 60)
    app.active('Cobro')


def addresses(shop):
    return {link['url']: link['title'] for link in links_at(shop)}


def answers(urls):
    """Each page is there, and is of that link. Every buyer comes from an address of their own, as in life: a relay does
    not let one of them look through hundreds of links."""
    for number, (url, title) in enumerate(urls.items()):
        place = urllib.parse.urlsplit(url)
        buyer = http.client.HTTPConnection(place.hostname, place.port, timeout=60,
                                           source_address=(f'127.9.{number // 200}.{number % 200 + 1}', 0))
        buyer.request('GET', place.path)
        answer = buyer.getresponse()
        page = answer.read().decode()
        buyer.close()
        assert answer.status == 200 and title in page, f'{title}: {url} answers {answer.status}'


def publish_again(app, relay, code):
    app.find('frame').act('win.connect')
    type_pairing(app, relay, code)
    app.active('Cobro', seconds=120)        # as long as it takes with very many links
    backup_page(app)
    reach(app, app.find('list item', '^Publish Everything Again', showing=False)).mouse()
    app.active('Publish Everything Again?')
    app.find('push button', 'Publish Again').click()
    app.active('Preferences')
    app.wait_idle(quiet=.5)
    key('alt+F4')
    app.active('Cobro')


def story(build, n):
    relays.PROGRAM = os.path.join(build, 'relay', 'cobro-relay')
    with relays.Relay() as relay:
        shop, code = enrol(relay)
        with window(build) as app:
            connect(app, relay, code)
            import_links(app, n)
            until('the links are at the relay', lambda: len(links_at(shop)) == n, 600)
            back_up(app)
            late = new_link(app, 'After the copy', '9.90')
            shared = until('all is at the relay', lambda: (lambda all_: all_ if late in all_ else None)(addresses(shop)), 60)
            assert len(shared) == n + 1
            answers(shared)
            restore(app)
            says(app, f'{n + 1:,} links', 120)      # those of the file, and the one that came back from the relay
            up_to_date(app, seconds=120)
            picture(app, 'copies-restored')

            # The relay is lost, and one is set up at its address that knows nothing.
            relay.stop()
            shutil.rmtree(relay.data)
            relay.start()
            shop, code = enrol(relay)
            assert not addresses(shop)
            publish_again(app, relay, code)
            until('everything is there again', lambda: addresses(shop) == shared, 600)
            answers(shared)
            up_to_date(app, seconds=120)
            assert app.quit() == 0
        relay.stop()
        relay.audit()


def main():
    def more(parser):
        parser.add_argument('--links', type=int, default=200, help='how many links the file has')
    told = arguments(__doc__.split('\n', maxsplit=1)[0], more)
    story(told.build, told.links)


if __name__ == '__main__':
    main()
