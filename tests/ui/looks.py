#!/usr/bin/python3
"""looks.py --out DIR [LOOK…]: every page of the window in every look that matters, as pictures for a person to judge:
light, dark, high contrast, Spanish, Arabic (right to left), 360 px wide, large text, and combinations."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from cobro import arguments, new_link, window   # noqa: E402
from driver import key, shot                    # noqa: E402

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


def pages(app, picture):
    """What there is to see, reached by keys alone: names differ from language to language."""
    picture('list')
    key('Return')
    picture('link')
    key('alt+Left')
    key('ctrl+n')
    picture('new-link')
    key('Escape')
    key('ctrl+comma')
    picture('preferences')
    key('Escape')
    key('ctrl+question')
    picture('shortcuts')
    key('Escape')
    key('F10')
    picture('menu')
    key('Escape')


def look(build, name, out):
    env, size, dpi = LOOKS[name]
    text_size(dpi)
    with window(build, env=env) as app:
        if size:
            app.resize(*size)
        app.wait_idle()

        def picture(page):
            app.wait_idle()
            shot(os.path.join(out, f'{name}-{page}.png'))
        pages(app, picture)
        unnamed = app.unnamed()
        print(f'# {name}: unnamed {unnamed}, warnings {app.warnings()}', flush=True)
        assert not app.warnings(), app.warnings()
    text_size(96)


def prepare(build, out):
    """Books with something in them, and pictures of the very first start."""
    with window(build) as app:
        app.wait_idle()
        shot(os.path.join(out, 'first-start.png'))
        for title, amount in (('Coffee beans, 1 kg', '18.50'), ('Repair of a bicycle', '64.00'), ('Piano lesson', '35.00')):
            new_link(app, title, amount)
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
