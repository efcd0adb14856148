#!/usr/bin/python3
"""summary.py LOG.json: reads the log of `meson test` (one JSON object per line), repeats what the failed cases said, says how
many tests of each suite passed and how long they took, and ends with "N passed, N failed[, N skipped]". A program that speaks TAP counts with each
of its cases, any other as one. Exits with 1 when something failed or nothing ran."""
import collections
import json
import os
import re
import sys

CASE = re.compile(r'^(not )?ok\b[^#\n]*(# *SKIP\b)?', re.M | re.I)
PLAN = re.compile(r'^1\.\.\d+', re.M)


def cases(test):
    """How many cases of one logged test passed, failed and were skipped."""
    passed = failed = skipped = 0
    output = test.get('stdout') or ''
    if PLAN.search(output):
        for bad, skip in CASE.findall(output):
            skipped += bool(skip)
            failed += bool(bad and not skip)
            passed += not bad and not skip
    well = test['result'] in ('OK', 'EXPECTEDFAIL')
    if test['result'] == 'SKIP':
        skipped = max(skipped, 1)
    elif well and passed + skipped == 0:
        passed = 1
    elif not well and failed == 0:
        failed = 1                                   # crashed, timed out, or exited badly after its last case
    return passed, failed, skipped


def explain(test):
    """The failed cases of one test with what was said about them, or the end of its output."""
    lines = (test.get('stdout') or '').splitlines()
    told, telling = [], False
    for line in lines:
        telling = line.startswith('not ok') or (telling and not line.startswith('ok '))
        if telling:
            told.append(line)
    print(f'── failed: {test["name"]} ({test["result"]})')
    for line in (told or lines)[-60:] + (test.get('stderr') or '').splitlines()[-20:]:
        print(f'   {line}')


def suites_by_test(path):
    """What belongs to which suite stands beside the log, in meson's introspection data."""
    with open(os.path.join(os.path.dirname(path), '..', 'meson-info', 'intro-tests.json'), encoding='utf-8') as info:
        return {test['name']: test['suite'][0].split(':')[-1] for test in json.load(info) if test['suite']}


def main(paths):
    suites = collections.OrderedDict()
    for path in paths:
        suite_of = suites_by_test(path)
        with open(path, encoding='utf-8') as log:
            for line in log:
                test = json.loads(line)
                suite = suite_of.get(test['name'].split(' / ')[-1], 'other')
                row = suites.setdefault(suite, [0, 0, 0, 0.0])
                counts = cases(test)
                for column, count in enumerate(counts):
                    row[column] += count
                if counts[1]:
                    explain(test)
                row[3] += test.get('duration') or 0.0
    for suite, (passed, failed, skipped, seconds) in suites.items():
        print(f'{suite:<16} {passed:>6} passed {failed:>4} failed {skipped:>4} skipped {seconds:>8.1f} s')
    passed, failed, skipped = (sum(row[i] for row in suites.values()) for i in range(3))
    print(f'{passed} passed, {failed} failed' + (f', {skipped} skipped' if skipped else ''))
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
