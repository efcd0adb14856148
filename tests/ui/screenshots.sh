#!/bin/sh
# screenshots.sh BUILD [OUT]: every picture of README.md and of the metainfo, made anew into OUT (data/screenshots), as the
# tests make them: the sample shop, or a shop of the test's own, at a time that stands still. Needs what `./dev setup` installs
# and a compiled BUILD. Look at them before they are committed.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "${1:?which build folder?}" && pwd)
out=${2:-$root/data/screenshots}
mkdir -p "$out"
out=$(cd "$out" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root"

photograph () { # PROGRAM, its arguments: what it photographs comes into the work folder
  program=$1; shift
  LC_ALL=en_US.UTF-8 LANGUAGE=en GTK_A11Y=test GSK_RENDERER=cairo GSETTINGS_BACKEND=memory \
    GSETTINGS_SCHEMA_DIR="$build/data" tests/ui/xvfb.sh "$build/tests/ui/native/$program" "$@" --pictures "$work" >"$work/said" 2>&1 ||
    { cat "$work/said" >&2; exit 1; }
}

take () { # PICTURE NAME: its colours as they are
  convert "$work/$1.png" -strip -alpha off -define png:compression-level=9 -define png:compression-filter=0 "PNG24:$out/$2.png"
  echo "$out/$2.png"
}

ninja -C "$build" --quiet tests/ui/native/test-ui-looks tests/ui/native/test-ui-invoices tests/ui/native/test-ui-bank \
  tests/ui/native/test-ui-dialogs tests/document/document-pictures relay/cobro-relay data/gschemas.compiled
photograph test-ui-looks light -p /looks/front
photograph test-ui-looks dark -p /looks/front
photograph test-ui-invoices -p /invoices/new-customer
photograph test-ui-bank -p /bank/groups
photograph test-ui-dialogs -p /dialogs/counter
take light-front-overview overview
take dark-front-overview overview-dark
take light-front-links window
take light-front-attention attention
take invoice-editor invoice
take bank bank
take counter counter

mkdir "$work/documents"
"$build/tests/document/document-pictures" "$work/documents" >/dev/null
pdftoppm -png -singlefile -r 64 "$work/documents/invoice-en-1.pdf" "$work/invoice-pdf"
take invoice-pdf invoice-pdf

COBRO_RELAY="$build/relay/cobro-relay" node tests/browser/flows.mjs --screenshot "$work/checkout.png" >"$work/said" 2>&1 ||
  { cat "$work/said" >&2; exit 1; }
take checkout checkout
