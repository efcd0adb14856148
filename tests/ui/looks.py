#!/usr/bin/python3
"""looks.py --out DIR [LOOK…]: every page of the window in every look that matters, as pictures for a person to judge:
light, dark, high contrast, Spanish, Arabic (right to left), 360 px wide, large text, and combinations."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from cobro import CARD_PAYS, Buyer, arguments, new_link, row_says, up_to_date, window   # noqa: E402
from driver import key, shot, until                                                     # noqa: E402

PAID = 'Coffee beans, 1 kg'
DARK = {'ADW_DEBUG_COLOR_SCHEME': 'prefer-dark'}
CONTRAST = {'ADW_DEBUG_HIGH_CONTRAST': '1'}
SPANISH = {'LANG': 'es_ES.UTF-8', 'LANGUAGE': 'es'}
ARABIC = {'LANG': 'ar_EG.UTF-8', 'LANGUAGE': 'ar'}
LOOKS = {   # name: environment, size, dots per inch ("Large Text" is 144: settings.ini loses to X, so X is told)
    'light': ({}, None, 96), 'dark': (DARK, None, 96), 'contrast': (CONTRAST, None, 96),
    'contrast-dark': ({**CONTRAST, **DARK}, None, 96), 'es': (SPANISH, None, 96), 'ar': (ARABIC, None, 96),
    'narrow': ({}, (360, 640), 96), 'ar-narrow': (ARABIC, (360, 640), 96), 'large': ({}, None, 144),
}


def text_size(dpi):
    subprocess.run(['xrdb', '-merge', '-nocpp'], input=f'Xft.dpi: {dpi}\n', text=True, check=True)


def windows(app, count):
    """Waits until that many windows are open and one of them has the keyboard."""
    until(f'{count} windows', lambda: len([w for w in app.children if w.showing]) == count)
    app.active()
    app.wait_idle(quiet=.3)


def pages(app, picture):
    """What there is to see, reached by keys and by the merchant's own words: the rest differs from language to language."""
    picture('list')
    for name, keys in (('new-link', 'ctrl+n'), ('preferences', 'ctrl+comma'), ('shortcuts', 'ctrl+question')):
        key(keys)
        windows(app, 2)
        picture(name)
        key('Escape')
        windows(app, 1)
    payments(app, picture)
    key('F10')
    picture('menu')
    key('Escape')
    app.wait_idle()
    app.find('label', PAID).mouse(times=2)
    until('the page of the link', lambda: not app.find_all('tree table'))
    picture('link')


def payments(app, picture):
    """Preferences → Payments and a provider, found by names that are the same in every language."""
    key('ctrl+comma')
    windows(app, 2)
    app.find('page tab', nth=1).click()                # after the business
    row = app.find('list item', '^Stripe, ')
    picture('payments')
    row.mouse()
    windows(app, 3)
    picture('provider')
    for left in (2, 1):
        key('Escape')
        windows(app, left)


def look(build, name, out):
    env, size, dpi = LOOKS[name]
    text_size(dpi)
    with window(build, env=env) as app:
        if size:
            app.resize(*size)

        def picture(page):
            app.wait_idle(quiet=.3)
            shot(os.path.join(out, f'{name}-{page}.png'))
        pages(app, picture)
        unnamed = app.unnamed()
        print(f'# {name}: unnamed {unnamed}, warnings {app.warnings()}', flush=True)
        assert not unnamed and not app.warnings()
    text_size(96)


def prepare(build, out):
    """Books with something in them, and pictures of the very first start."""
    with window(build) as app:
        app.wait_idle(quiet=.3)
        shot(os.path.join(out, 'first-start.png'))
        app.find('push button', 'Practise with Pretended Payments').click()
        up_to_date(app)
        for title, amount in (('Piano lesson', '35.00'), ('Repair of a bicycle', '64.00'), ('Two coffees', '7.40')):
            new_link(app, title, amount)
        url = new_link(app, PAID, '18.50')
        row_says(app, PAID, 'Live')
        with Buyer() as buyer:
            buyer.pay(url, CARD_PAYS)
            row_says(app, PAID, 'Paid')
            buyer.do('shot', path=os.path.join(out, 'checkout-paid.png'))
        assert app.quit() == 0


def main():
    def more(parser):
        parser.add_argument('--out', default='looks', help='the folder for the pictures')
        parser.add_argument('looks', nargs='*', choices=[*LOOKS, []], help='which (all)')
    told = arguments(__doc__.split('\n')[0], more)
    os.makedirs(told.out, exist_ok=True)
    prepare(told.build, told.out)
    for name in told.looks or LOOKS:
        look(told.build, name, told.out)


if __name__ == '__main__':
    main()
