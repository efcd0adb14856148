#!/usr/bin/python3
"""labels.py: what the help calls a button is what stands on the button: every <gui> of every page is a text of the program,
and in another language its translation there, word for word (access keys and dots apart)."""
import ast
import glob
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, '..', '..')


def plain(text):
    return re.sub(r'_(?=\w)', '', text).rstrip('…').rstrip('?')


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def string(block, key):
    """The string of that key, put together from its lines."""
    found = re.search(rf'^{key} ((?:".*"\n?)+)', block, re.M)
    return ''.join(ast.literal_eval(line) for line in found[1].splitlines()) if found else ''


def translations(language):
    """What people read in English → all that it is in that language: the same word may be translated by context."""
    words = {}
    for block in read(os.path.join(ROOT, 'po', language + '.po')).split('\n\n'):
        if not block.startswith('#~') and string(block, 'msgid'):
            words.setdefault(plain(string(block, 'msgid')), set()).add(plain(string(block, r'msgstr(?:\[0\])?')))
    return words


def labels(path):
    return [plain(' '.join(text.split())) for text in re.findall(r'<gui>(.*?)</gui>', read(path), re.S)]


def wrong_in(language, page, words):
    english = labels(os.path.join(ROOT, 'data', 'help', 'C', page))
    other = labels(os.path.join(ROOT, 'data', 'help', language, page))
    if len(english) != len(other):
        yield f'{page}: {len(english)} labels in English, {len(other)} in {language}: {english} {other}'
        return
    for one, two in zip(english, other):
        if one not in words:
            yield f'{page}: the program has no “{one}”'
        elif two not in words[one]:
            yield f'{page}: “{one}” is “{two}” in the help, {sorted(words[one])} in the program'


def main():
    pages = sorted(os.path.basename(path) for path in glob.glob(os.path.join(ROOT, 'data', 'help', 'C', '*.page')))
    languages = sorted(name for name in os.listdir(os.path.join(ROOT, 'data', 'help')) if name != 'C')
    wrong, n = [], 0
    for language in languages:
        words = translations(language)
        for page in pages:
            n += len(labels(os.path.join(ROOT, 'data', 'help', language, page)))
            wrong += wrong_in(language, page, words)
    print('\n'.join(wrong) or f'{len(pages)} pages, {n} labels in {", ".join(languages)}: as in the program')
    assert len(pages) >= 10 and n >= 50, 'where is the help?'
    return bool(wrong)


if __name__ == '__main__':
    sys.exit(main())
