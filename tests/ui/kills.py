#!/usr/bin/python3
"""kills.py: kill -9 of the desktop at random moments while it makes links and uploads them. After every kill the window
starts again, the books are whole, and every link whose address was on the clipboard is in them; at the end each is on the
relay exactly once and the relay's audit is clean.
"""
# proves: OPF-7
import os
import random
import sqlite3
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from cobro import Relay, arguments, connect, new_link, up_to_date, window   # noqa: E402
from driver import Ended, until   # noqa: E402


def books():
    return os.path.join(os.environ['XDG_DATA_HOME'], 'cobro', 'books.sqlite')


def kept():
    """The titles in the books, read from a second connection after the kill, and whether the file is whole."""
    with sqlite3.connect(f'file:{books()}?mode=ro', uri=True) as file:
        assert file.execute('PRAGMA integrity_check').fetchone() == ('ok',)
        return [row[0] for row in file.execute('SELECT title FROM link')]


def waiting():
    """How many operations are not uploaded yet."""
    with sqlite3.connect(f'file:{books()}?mode=ro', uri=True) as file:
        return file.execute('SELECT count(*) FROM outbox').fetchone()[0]


def burst(app, dice, number, acknowledged):
    """Makes links until the program is killed under our hands."""
    bomb = threading.Timer(dice.uniform(.1, 2.5), app.process.kill)
    bomb.start()
    try:
        while True:
            title = f'Link {number}-{len(acknowledged)}'
            new_link(app, title, '1.00')
            acknowledged.append(title)
    except Ended:
        pass
    finally:
        bomb.cancel()
        bomb.join()


def main():
    told = arguments(__doc__.split('\n')[0], lambda p: p.add_argument('--kills', type=int, default=20))
    seed = int(os.environ.get('COBRO_TEST_SEED', time.time_ns() % 1_000_000))
    dice, acknowledged, slowest = random.Random(seed), [], 0.0
    print(f'# {told.kills} kills, COBRO_TEST_SEED={seed}')
    with Relay(told.build) as relay:
        with window(told.build) as app:
            connect(app, relay, relay.said['pair'])
            burst(app, dice, 0, acknowledged)
        for number in range(1, told.kills + 1):
            titles = kept()
            lost = [title for title in acknowledged if title not in titles]
            assert not lost, f'acknowledged and lost: {lost}'
            with window(told.build) as app:
                slowest = max(slowest, app.started)
                if number < told.kills:
                    burst(app, dice, number, acknowledged)
                else:
                    up_to_date(app, seconds=60)
                    until('everything is uploaded', lambda: not waiting(), seconds=60)
                    assert app.quit() == 0
        titles = kept()      # the relay's own sample link is in both by now
        published = [link['title'] for link in relay.links()]
        assert sorted(published) == sorted(titles), f'relay and books differ: {published} {titles}'
        print(f'# {len(acknowledged)} links acknowledged, {len(titles)} kept, each published once; '
              f'slowest start {slowest:.2f} s')
        relay.stop()
        relay.audit()


if __name__ == '__main__':
    main()
