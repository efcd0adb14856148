#!/bin/sh
# format.sh ROOT: every C file is as clang-format 14 writes it (./dev fmt does so), every shell script passes shellcheck.
# Speaks TAP. Each tool is first shown something bad, so that a tool that checks nothing is noticed.
set -u
cd "$1" || exit 1
formatter=clang-format
command -v clang-format-14 >/dev/null && formatter=clang-format-14
files () {
  if [ -e .git ]; then git -c safe.directory='*' ls-files --cached --others --exclude-standard
  else find . -path './build*' -prune -o -type f -print | sed 's,^\./,,'; fi
}
verdict () { if [ "$1" = 0 ]; then echo "ok $2 - $3"; else echo "not ok $2 - $3"; failed=1; fi; }
failed=0
echo 1..4
printf 'int a(){return 1;}\n' | $formatter --dry-run -Werror --style=file --assume-filename=src/core/a.c 2>/dev/null
test $? = 1; verdict $? 1 'clang-format sees a badly formatted file'
wrong=$(files | grep -E '^(src|relay|tests)/.*\.[ch]$' | grep -v '^tests/lint/bad/' |
  xargs "$formatter" --dry-run -Werror --style=file 2>&1 | sed -n 's/:[0-9]*:[0-9]*: error: .*//p' | sort -u)
test -z "$wrong"; verdict $? 2 'every C file is formatted'
for file in $wrong; do echo "# $file: run ./dev fmt"; done
# shellcheck disable=SC2016 # the bad sample is not to be expanded
printf '#!/bin/sh\nrm $1\n' | shellcheck - >/dev/null 2>&1
test $? = 1; verdict $? 3 'shellcheck sees an unquoted variable'
list=$(files | grep -E '(\.sh$|^dev$|^\.ci/run$)')
# shellcheck disable=SC2086 # a list of names without blanks
found=$(shellcheck -x -S warning $list 2>&1)
verdict $? 4 'every shell script passes shellcheck'
[ -z "$found" ] || printf '%s\n' "$found" | sed 's/^/# /'
exit $failed
