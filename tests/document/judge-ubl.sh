#!/bin/sh
# judge-ubl.sh SAMPLES: the Schematron of EN 16931 itself judges e-invoices of every kind. It is CEN's and not ours to ship:
# COBRO_EN16931_XSLT names EN16931-UBL-validation.xslt (github.com/ConnectingEurope/eInvoicing-EN16931, ubl/xslt), and Debian's
# libsaxonhe-java runs it. Without either of them this says so and skips. Speaks TAP.
set -eu
saxon=/usr/share/java/Saxon-HE.jar
if [ -z "${COBRO_EN16931_XSLT:-}" ] || [ ! -e "$saxon" ]; then
  echo '1..0 # SKIP COBRO_EN16931_XSLT is not set, or libsaxonhe-java is not installed'
  exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
judge () {
  mkdir "$folder/$1-said"
  java -cp "$saxon" net.sf.saxon.Transform -s:"$folder/$1" -xsl:"$COBRO_EN16931_XSLT" -o:"$folder/$1-said" 2>&1 | sed 's/^/# /'
}
echo 1..2
"$1" "$folder/samples"
# one that is broken on purpose: a judge that passes everything is noticed
mkdir "$folder/broken"
sed 's/<cbc:IssueDate>[^<]*</<cbc:IssueDate></' "$folder/samples/invoice-001.xml" > "$folder/broken/one.xml"
cp "$folder/samples/invoice-002.xml" "$folder/broken/two.xml"
judge samples
judge broken
said=$(find "$folder/samples-said" -name '*.xml' | wc -l)
made=$(find "$folder/samples" -name '*.xml' | wc -l)
echo "# $made documents"
if [ "$said" = "$made" ] && ! grep -l 'svrl:failed-assert' "$folder"/samples-said/*.xml; then echo 'ok 1 - no rule is broken'
else echo 'not ok 1 - no rule is broken'; fi
if grep -q 'id="BR-03"' "$folder/broken-said/one.xml"; then echo 'ok 2 - the judge bites'; else echo 'not ok 2 - the judge bites'; fi
