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
