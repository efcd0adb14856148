#!/usr/bin/python3
"""lint.py [ROOT] [RULE…]: checks the project against the rules in rules.py and says where they are broken.

Speaks TAP: one line per rule, one diagnostic per finding. `lint.py --self-test` checks the rules themselves: every
tree in bad/ is caught by exactly the rule it is named after, and every rule has one."""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True
from c_source import Source   # noqa: E402
from rules import RULES       # noqa: E402

TEXT = ('.c', '.h', '.py', '.sh', '.mjs', '.js', '.sql', '.css', '.ui', '.xml', '.md', '.txt', '.in', '.po', '.build',
        '.html', '.json', '.conf', '.service', '.yml', '.yaml')
BAD = 'tests/lint/bad/'


class Tree:
    """The files of a project: paths, texts of those that are text, and the C files as sources."""

    def __init__(self, root):
        self.root = root
        self.paths = [path for path in list_files(root) if not path.startswith(BAD)]
        self.texts, self.sources = {}, {}
        for path in self.paths:
            name = os.path.basename(path)
            if name.endswith(TEXT) or '.' not in name:
                with open(os.path.join(root, path), encoding='utf-8', errors='replace') as file:
                    self.texts[path] = file.read()
        for path, text in self.texts.items():
            if path.endswith(('.c', '.h')) and path.startswith(('src/', 'relay/', 'tests/')):
                self.sources[path] = Source(text)


def list_files(root):
    """What git tracks or would track; all files where there is no repository."""
    if os.path.exists(os.path.join(root, '.git')):
        done = subprocess.run(['git', '-c', 'safe.directory=*', '-C', root, 'ls-files', '-z', '--cached', '--others',
                               '--exclude-standard'], capture_output=True, check=True, text=True)
        return sorted(path for path in set(done.stdout.split('\0')) if path and os.path.isfile(os.path.join(root, path)))
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [f for f in folders if not f.startswith(('build', '.git', '__pycache__', 'node_modules'))]
        found += [os.path.relpath(os.path.join(folder, name), root) for name in names]
    return sorted(found)


def findings(tree, names=None):
    return {name: sorted(set(rule(tree))) for name, rule in RULES.items() if not names or name in names}


def report(results):
    print(f'1..{len(results)}')
    bad = 0
    for number, (name, found) in enumerate(results.items(), 1):
        print(f'{"not ok" if found else "ok"} {number} - {name}')
        for path, line, message in found:
            print(f'# {path}:{line}: {name}: {message}')
        bad += bool(found)
    return 1 if bad else 0


def self_test():
    samples = sorted(os.listdir(os.path.join(HERE, 'bad')))
    print(f'1..{len(samples) + 1}')
    failed = 0
    for number, sample in enumerate(samples, 1):
        caught = {name: found for name, found in findings(Tree(os.path.join(HERE, 'bad', sample))).items() if found}
        good = list(caught) == [sample.split('--')[0]]
        print(f'{"ok" if good else "not ok"} {number} - bad sample {sample}')
        for name, found in (caught.items() if not good else ()):
            for path, line, message in found:
                print(f'# {name}: {path}:{line}: {message}')
        failed += not good
    missing = sorted(set(RULES) - {sample.split('--')[0] for sample in samples})
    print(f'{"not ok" if missing else "ok"} {len(samples) + 1} - every rule has a bad sample {" ".join(missing)}')
    return 1 if failed or missing else 0


def main(arguments):
    if arguments and arguments[0] == '--self-test':
        return self_test()
    root = arguments[0] if arguments else os.path.join(HERE, '..', '..')
    return report(findings(Tree(root), arguments[1:]))


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
