/* tests/document/test-document-bank.c — account statements as banks hand them out: what becomes of a file, and every
 * reason why it is refused. The files are made here, by the published formats. Layer: tests. */
#include "cobro-bank.h"
#include "cobro-error.h"

#include <string.h>

static CobroBankSetup
setup_of (const char *code, CobroBankOrder order)
{
  CobroBankSetup setup = { .order = order };

  if (*code != '\0')
    g_assert_true (cobro_currency_from_code (code, &setup.currency, NULL));
  return setup;
}

static CobroBankFile *
read_with (const char *text, gsize n, const CobroBankSetup *setup, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, n);

  return cobro_bank_read (bytes, setup, error);
}

/* One line per line: only what is there. */
static char *
dump (const CobroBankFile *file)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < file->lines->len; i++)
    {
      const CobroBankLine *line = file->lines->pdata[i];
      g_autofree char *amount = cobro_money_to_decimal (line->amount);

      g_string_append_printf (out, "%s %s %s%s", line->date, amount, cobro_money_code (line->amount),
                              line->reversal ? " back" : "");
      if (line->value_date[0] != '\0' && strcmp (line->value_date, line->date) != 0)
        g_string_append_printf (out, " value=%s", line->value_date);
      if (line->account[0] != '\0')
        g_string_append_printf (out, " at=%s", line->account);
      if (line->name[0] != '\0')
        g_string_append_printf (out, " by=%s", line->name);
      if (line->other_account[0] != '\0')
        g_string_append_printf (out, " from=%s", line->other_account);
      if (line->reference[0] != '\0')
        g_string_append_printf (out, " ref=%s", line->reference);
      if (line->end_to_end[0] != '\0')
        g_string_append_printf (out, " e2e=%s", line->end_to_end);
      if (line->bank_reference[0] != '\0')
        g_string_append_printf (out, " bank=%s", line->bank_reference);
      g_string_append_printf (out, " “%s”\n", line->text);
    }
  return g_string_free (out, FALSE);
}

static void
check (const char *what, const char *text, const CobroBankSetup *setup, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroBankFile) file = read_with (text, strlen (text), setup, &error);
  g_autofree char *found = NULL;

  g_test_message ("%s", what);
  g_assert_no_error (error);
  g_assert_cmpstr (file->unclear, ==, "");
  found = dump (file);
  g_assert_cmpstr (found, ==, expected);
}

static void
check_refused (const char *text, const char *reason)
{
  const CobroBankSetup setup = setup_of ("EUR", COBRO_BANK_DAY_FIRST);
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroBankFile) file = read_with (text, strlen (text), &setup, &error);

  g_test_message ("%s", reason);
  g_assert_null (file);
  g_assert_nonnull (error);
  g_assert_cmpstr (error->message, ==, reason);
}

/* ── CAMT.053 ── */

#define CAMT(version, entries)                                                                                         \
  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"                                                                       \
  "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001." version "\"><BkToCstmrStmt>\n"                      \
  "<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-21T06:00:00</CreDtTm></GrpHdr>\n"                                         \
  "<Stmt><Id>S1</Id><Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy></Acct>\n"                         \
  "<Bal><Amt Ccy=\"EUR\">1.00</Amt></Bal>\n" entries "</Stmt></BkToCstmrStmt></Document>\n"

#define ENTRY(amount, side, state, more)                                                                               \
  "<Ntry><Amt Ccy=\"EUR\">" amount "</Amt><CdtDbtInd>" side "</CdtDbtInd>" state                                       \
  "<BookgDt><Dt>2026-11-20</Dt></BookgDt><ValDt><Dt>2026-11-21</Dt></ValDt>" more "</Ntry>\n"

#define BOOKED_OLD "<Sts>BOOK</Sts>"
#define BOOKED_NEW "<Sts><Cd>BOOK</Cd></Sts>"

/* One transfer, as versions 02 and 04 write the payer, and as 08 does. */
#define TRANSFER(payer)                                                                                                \
  "<AcctSvcrRef>B77</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>"                  \
  "<RltdPties><Dbtr>" payer "</Dbtr><DbtrAcct><Id><IBAN>ES9121000418450200051332</IBAN></Id></DbtrAcct></RltdPties>"   \
  "<RmtInf><Ustrd>Invoice 2026-</Ustrd><Ustrd>0007,  thanks &amp; bye</Ustrd></RmtInf></TxDtls></NtryDtls>"
#define TRANSFER_LINE                                                                                                  \
  "2026-11-20 123.45 EUR value=2026-11-21 at=DE02120300000000202051 by=Ana Díaz from=ES9121000418450200051332 "       \
  "bank=B77 “Invoice 2026- 0007, thanks & bye”\n"

static void
test_camt_versions (void)
{
  const CobroBankSetup setup = setup_of ("", COBRO_BANK_ORDER_UNKNOWN);

  check ("02", CAMT ("02", ENTRY ("123.45", "CRDT", BOOKED_OLD, TRANSFER ("<Nm>Ana Díaz</Nm>"))), &setup,
         TRANSFER_LINE);
  check ("04", CAMT ("04", ENTRY ("123.45000", "CRDT", BOOKED_OLD, TRANSFER ("<Nm>Ana Díaz</Nm>"))), &setup,
         TRANSFER_LINE);
  check ("08", CAMT ("08", ENTRY ("123.45", "CRDT", BOOKED_NEW, TRANSFER ("<Pty><Nm>Ana Díaz</Nm></Pty>"))), &setup,
         TRANSFER_LINE);
}

#define PART(amount, reference)                                                                                        \
  "<TxDtls><Refs><EndToEndId>" reference "</EndToEndId></Refs><Amt Ccy=\"EUR\">" amount "</Amt>"                       \
  "<RltdPties><UltmtDbtr><Nm>Real " reference "</Nm></UltmtDbtr><Dbtr><Nm>Agent</Nm></Dbtr></RltdPties>"               \
  "<RmtInf><Strd><RfrdDocInf><Nb>N" reference "</Nb></RfrdDocInf><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf>" \
  "</Strd></RmtInf></TxDtls>"

/* A batch falls apart where its parts add up, even in several groups; else it stays whole, with all its words. */
static void
test_camt_batches (void)
{
  const CobroBankSetup setup = setup_of ("", COBRO_BANK_ORDER_UNKNOWN);

  check (
    "adds up",
    CAMT ("08", ENTRY ("30.00", "CRDT", BOOKED_NEW,
                       "<NtryDtls><Btch><NbOfTxs>2</NbOfTxs></Btch>" PART ("10.00", "E1")
                         PART ("12.50", "E2") "</NtryDtls><NtryDtls>" PART ("7.5", "E3") "</NtryDtls>")),
    &setup,
    "2026-11-20 10.00 EUR value=2026-11-21 at=DE02120300000000202051 by=Real E1 ref=RF18539007547034 e2e=E1 “NE1”\n"
    "2026-11-20 12.50 EUR value=2026-11-21 at=DE02120300000000202051 by=Real E2 ref=RF18539007547034 e2e=E2 “NE2”\n"
    "2026-11-20 7.50 EUR value=2026-11-21 at=DE02120300000000202051 by=Real E3 ref=RF18539007547034 e2e=E3 “NE3”\n");
  check ("does not add up",
         CAMT ("08", ENTRY ("30.00", "CRDT", BOOKED_NEW,
                            "<NtryDtls>" PART ("10.00", "E1") PART ("19.99", "E2") "</NtryDtls>")),
         &setup,
         "2026-11-20 30.00 EUR value=2026-11-21 at=DE02120300000000202051 ref=RF18539007547034 "
         "“NE1 RF18539007547034 NE2”\n");
}

/* What is not booked is left out and counted; what went out and what was taken back say so. */
static void
test_camt_sides (void)
{
  const CobroBankSetup setup = setup_of ("", COBRO_BANK_ORDER_UNKNOWN);
  const char *text = CAMT ("02", ENTRY ("1.00", "CRDT", "<Sts>PDNG</Sts>", "")
                                   ENTRY ("2.00", "DBIT", BOOKED_OLD, "<AddtlNtryInf>rent</AddtlNtryInf>")
                                     ENTRY ("3.00", "DBIT", "<RvslInd>true</RvslInd>" BOOKED_OLD, "")
                                       ENTRY ("4.00", "CRDT", BOOKED_OLD, ""));
  g_autoptr (CobroBankFile) file = read_with (text, strlen (text), &setup, NULL);
  g_autofree char *found = dump (file);

  g_assert_cmpint (file->format, ==, COBRO_BANK_CAMT053);
  g_assert_cmpuint (file->n_pending, ==, 1);
  g_assert_cmpstr (found, ==,
                   "2026-11-20 -2.00 EUR value=2026-11-21 at=DE02120300000000202051 “rent”\n"
                   "2026-11-20 -3.00 EUR back value=2026-11-21 at=DE02120300000000202051 “”\n"
                   "2026-11-20 4.00 EUR value=2026-11-21 at=DE02120300000000202051 “”\n");
}

static void
test_camt_refused (void)
{
  check_refused (CAMT ("08", ENTRY ("1.001", "CRDT", BOOKED_NEW, "")), "line 6: Amt: “1.001” is no amount");
  check_refused (CAMT ("08", ENTRY ("-1.00", "CRDT", BOOKED_NEW, "")), "line 6: Amt: “-1.00” is no amount");
  check_refused (CAMT ("08", ENTRY ("1.00", "KRDT", BOOKED_NEW, "")),
                 "line 6: CdtDbtInd: “KRDT” is neither CRDT nor DBIT");
  check_refused (CAMT ("08", "<Ntry><Amt Ccy=\"XYZ\">1</Amt></Ntry>"), "line 6: Amt: “XYZ” is no currency");
  check_refused (CAMT ("08", "<Ntry><CdtDbtInd>CRDT</CdtDbtInd></Ntry>"), "line 6: Ntry: “Amt” is missing");
  check_refused (CAMT ("08", "<Ntry><Amt Ccy=\"EUR\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd></Ntry>"),
                 "line 6: Ntry: “BookgDt” is missing");
  check_refused (CAMT ("08", "<Ntry><Amt Ccy=\"EUR\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-02-30</Dt>"
                             "</BookgDt></Ntry>"),
                 "line 6: BookgDt: “2026-02-30” is no date");
  check_refused ("<html/>", "is XML, but no account statement (camt.053)");
  check_refused ("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\"/>",
                 "is a message of another kind (camt.054.001.08): a statement is camt.053");
  check_refused ("<!DOCTYPE x [<!ENTITY a \"b\">]>\n<Document>&a;</Document>",
                 "has a document type, which no statement has");
  check_refused ("<!DOCTYPE x SYSTEM \"file:///etc/passwd\">\n<Document/>",
                 "has a document type, which no statement has");
}

/* Cut off anywhere, it is refused: half a statement is none. */
static void
test_camt_cut (void)
{
  const char *text = CAMT ("02", ENTRY ("4.00", "CRDT", BOOKED_OLD, "") ENTRY ("5.00", "CRDT", BOOKED_OLD, ""));
  const CobroBankSetup setup = setup_of ("EUR", COBRO_BANK_DAY_FIRST);

  for (gsize n = 0; n < strlen (text) - 1; n++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (CobroBankFile) file = read_with (text, n, &setup, &error);

      g_assert_null (file);
      g_assert_nonnull (error);
    }
}

/* ── MT940 ── */

static const struct
{
  const char *what, *text, *lines;
} mt940[] = {
  { "German sub-fields, a full one going on in the middle of a number, and several statements",
    ":20:STARTUMS\r\n:25:12030000/202051\r\n:28C:00001/001\r\n:60F:C261119EUR100,00\r\n"
    ":61:2611201120CR123,45NTRFNONREF//B77\r\n"
    ":86:166?00GUTSCHRIFT?10931?20SVWZ+Invoice nos. 2026-0000?2107 of Ana?22EREF+E2E-1\r\n"
    "?30BYLADEM1001?31ES9121000418450200051332?32Ana Díaz\r\n"
    ":62F:C261120EUR223,45\r\n-\r\n"
    ":20:STARTUMS\r\n:25:DE02120300000000202051\r\n:60F:C261120USD1,\r\n:61:261120D7,NMSCREF1\r\nmore of it\r\n"
    ":62F:D261120USD6,\r\n:86:about the statement\r\n-\r\n",
    "2026-11-20 123.45 EUR at=12030000/202051 by=Ana Díaz from=ES9121000418450200051332 e2e=E2E-1 bank=B77 "
    "“Invoice nos. 2026-000007 of Ana”\n"
    "2026-11-20 -7.00 USD at=DE02120300000000202051 e2e=REF1 “more of it”\n" },
  { "the year's end, both ways",
    ":20:X\n:25:A\n:60F:C261231EUR0,\n:61:2612310102C1,NTRFA\n:86:new year\n:61:2701021231C2,NTRFB\n:86:old year\n",
    "2027-01-02 1.00 EUR value=2026-12-31 at=A e2e=A “new year”\n"
    "2026-12-31 2.00 EUR value=2027-01-02 at=A e2e=B “old year”\n" },
  { "leap day", ":20:X\n:25:A\n:60F:C280228EUR0,\n:61:2803010229C1,5NTRFA\n",
    "2028-02-29 1.50 EUR value=2028-03-01 at=A e2e=A “”\n" },
  { "reversals", ":20:X\n:25:A\n:60F:C261120EUR0,\n:61:261120RC5,00NRTIA\n:61:261120RD6,00NRTIB\n",
    "2026-11-20 -5.00 EUR back at=A e2e=A “”\n2026-11-20 6.00 EUR back at=A e2e=B “”\n" },
  { "words between strokes",
    ":20:X\n:25:NL91ABNA0417164300\n:60F:C261120EUR0,\n:61:261120C5,00N196NONREF\n"
    ":86:/TRTP/SEPA OVERBOEKING/IBAN/NL02ABNA0123456789/BIC/ABNANL2A/NAME/J. de Vr\nies/REMI/Factuur 2026-0007"
    "/EREF/NOTPROVIDED\n",
    "2026-11-20 5.00 EUR at=NL91ABNA0417164300 by=J. de Vries from=NL02ABNA0123456789 “Factuur 2026-0007”\n" },
  { "a counterparty in one word",
    ":20:X\n:25:A\n:60F:C261120EUR0,\n:61:261120C5,00N196NONREF\n"
    ":86:/CNTP/NL02ABNA0123456789/ABNANL2A/J de Vries/Delft/REMI/USTD//Factuur 7/\n",
    "2026-11-20 5.00 EUR at=A by=J de Vries from=NL02ABNA0123456789 “USTD Factuur 7”\n" },
  { "free text over lines",
    ":20:X\n:25:A\n:60F:C261120EUR0,\n:61:261120C5,00NTRFNONREF//X\n:86:TRANSFERENCIA DE ANA DIAZ\nFACTURA 2026-0007\n",
    "2026-11-20 5.00 EUR at=A bank=X “TRANSFERENCIA DE ANA DIAZ FACTURA 2026-0007”\n" },
  { "other separators, and a subject for somebody else",
    ":20:X\n:25:A\n:60F:C261120PLN0,\n:61:261120C5,00NTRFNONREF\n:86:020~00PRZELEW~20ABWA+Ewa~21SVWZ+Faktura 7~32Jan\n",
    "2026-11-20 5.00 PLN at=A by=Ewa “Faktura 7”\n" },
  { "no decimals, an envelope", "{1:F01X}{2:I940X}{4:\n:20:X\n:25:A\n:60F:C261120JPY0,\n:61:261120CY500,NTRFA\n-}\n",
    "2026-11-20 500 JPY at=A e2e=A “”\n" },
};

static void
test_mt940 (void)
{
  const CobroBankSetup setup = setup_of ("", COBRO_BANK_ORDER_UNKNOWN);

  for (gsize i = 0; i < G_N_ELEMENTS (mt940); i++)
    check (mt940[i].what, mt940[i].text, &setup, mt940[i].lines);
}

/* The same in the banks' old alphabet. */
static void
test_mt940_latin (void)
{
  const char *text = ":20:X\n:25:A\n:60F:C261120EUR0,\n:61:261120C5,00NTRFNONREF\n:86:166?20Stra\xDF"
                     "e?32M\xFCller\n";
  const CobroBankSetup setup = setup_of ("", COBRO_BANK_ORDER_UNKNOWN);

  check ("Latin-1", text, &setup, "2026-11-20 5.00 EUR at=A by=Müller “Straße”\n");
}

#define MT940(line) ":20:X\n:25:A\n:60F:C261120EUR0,\n" line "\n"

static void
test_mt940_refused (void)
{
  check_refused (":20:X\n:25:A\n:61:261120C5,NTRFA\n",
                 "line 3: :61: “261120C5,NTRFA” stands before the opening balance (:60F:), which says the currency");
  check_refused (":20:X\n:60F:261120EUR\n", "line 2: :60F: “261120EUR” is no balance");
  check_refused (":20:X\n:60F:C261120ZZZ1,\n", "line 2: :60F: “C261120ZZZ1,” has no currency");
  check_refused (MT940 (":61:261320C5,NTRFA"), "line 4: :61: “261320C5,NTRFA” does not begin with a date");
  check_refused (MT940 (":61:2611200230C5,NTRFA"), "line 4: :61: “2611200230C5,NTRFA” does not begin with a date");
  check_refused (MT940 (":61:261120X5,NTRFA"), "line 4: :61: “261120X5,NTRFA” says neither C nor D behind the date");
  check_refused (MT940 (":61:261120C,5NTRFA"), "line 4: :61: “261120C,5NTRFA” has no amount");
  check_refused (MT940 (":61:261120C5,001NTRFA"), "line 4: :61: “261120C5,001NTRFA” has no amount");
  check_refused (MT940 (":61:261120C5,00"), "line 4: :61: “261120C5,00” has no type behind the amount");
}

/* ── CSV ── */

static const struct
{
  const char *what, *currency, *text, *lines;
} tables[] = {
  { "English", "USD",
    "Date,Description,Amount,Balance\n2026-11-20,\"Invoice 2026-0007, Ana\",\"1,234.50\",5\n2026-11-21,fee,-2.00,3\n",
    "2026-11-20 1234.50 USD “Invoice 2026-0007, Ana”\n2026-11-21 -2.00 USD “fee”\n" },
  { "German, with a preamble and a sum below", "",
    "Kontoauszug;\n\"Konto:\";DE02120300000000202051\n\n"
    "Buchungstag;Wertstellung;Beguenstigter/Zahlungspflichtiger;Verwendungszweck;Kundenreferenz (End-to-End);"
    "Betrag (EUR);Info\n"
    "20.11.26;21.11.26;Müller GmbH;Rechnung 7;NOTPROVIDED;1.234,50;Umsatz gebucht\n"
    "20.11.26;;Eva;;E1;-3,00;Umsatz vorgemerkt\nKontostand;;;;;99,00;\n",
    "2026-11-20 1234.50 EUR value=2026-11-21 by=Müller GmbH “Rechnung 7”\n" },
  { "Spanish, two columns", "EUR",
    "Fecha operación\tFecha valor\tConcepto\tCargo\tAbono\n20/11/2026\t\tFactura 7\t\t1.234,5\n"
    "21/11/2026\t\tluz\t50,00\t\n",
    "2026-11-20 1234.50 EUR “Factura 7”\n2026-11-21 -50.00 EUR “luz”\n" },
  { "French, blanks between thousands", "EUR",
    "Date de comptabilisation;Libellé;Débit;Crédit;Devise\n20/11/2026;Facture 7;;1 "
    "234,50;EUR\n21/11/2026;x;-5,00;;EUR\n",
    "2026-11-20 1234.50 EUR “Facture 7”\n2026-11-21 -5.00 EUR “x”\n" },
  { "Portuguese", "", "Data Mov.,Descrição,Montante,Moeda\n20-11-2026,Fatura 7,\"12,34\",BRL\n",
    "2026-11-20 12.34 BRL “Fatura 7”\n" },
  { "Arabic", "KWD", "التاريخ,البيان,المبلغ\n٢٠٢٦-١١-٢٠,فاتورة 7,١٢٫٣٤٥\n", "2026-11-20 12.345 KWD “فاتورة 7”\n" },
  { "the month first, because one date says so", "USD",
    "Posting Date,Amount,Memo\n03/04/2026,1.00,a\n03/24/2026,2.00,b\n",
    "2026-03-04 1.00 USD “a”\n2026-03-24 2.00 USD “b”\n" },
  { "months by name, amounts with signs of money and minus behind", "USD",
    "date,amount,name\n20 Nov 2026,$1'234.50,Ana\n1-Ago-26,£5-,Bea\n03.04.2026,(2.00),Cea\n",
    "2026-11-20 1234.50 USD by=Ana “”\n2026-08-01 -5.00 GBP by=Bea “”\n2026-04-03 -2.00 USD by=Cea “”\n" },
  { "a letter says the direction", "EUR",
    "Datum;Betrag;Soll/Haben;Text\n20.11.2026;5,00;H;a\n20.11.2026;6,00;S;b\n20.11.2026;7,00 S;;c\n",
    "2026-11-20 5.00 EUR “a”\n2026-11-20 -6.00 EUR “b”\n2026-11-20 -7.00 EUR “c”\n" },
  { "three digits everywhere are groups", "EUR", "date;amount\n20261120;1.234\n20261120;12\n",
    "2026-11-20 1234.00 EUR “”\n2026-11-20 12.00 EUR “”\n" },
  { "but not where a currency has three decimals", "KWD", "date;amount\n20261120;1.234\n",
    "2026-11-20 1.234 KWD “”\n" },
  { "Indian groups", "INR", "date,amount\n2026-11-20,\"1,23,456.70\"\n", "2026-11-20 123456.70 INR “”\n" },
  { "what never came is left out", "EUR",
    "Date completed,State,Amount,Currency,ID\n2026-11-20 "
    "10:11:12,COMPLETED,1.00,EUR,t1\n2026-11-20,DECLINED,2.00,EUR,t2\n",
    "2026-11-20 1.00 EUR bank=t1 “”\n" },
};

static void
test_csv (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      const CobroBankSetup setup = setup_of (tables[i].currency, COBRO_BANK_ORDER_UNKNOWN);

      check (tables[i].what, tables[i].text, &setup, tables[i].lines);
    }
}

/* Dates that read both ways are asked for, and both answers are taken. */
static void
test_csv_asks (void)
{
  const char *text = "Date,Amount\n03/04/2026,1.00\n05/05/2026,2.00\n";
  CobroBankSetup setup = setup_of ("EUR", COBRO_BANK_ORDER_UNKNOWN);
  g_autoptr (CobroBankFile) file = read_with (text, strlen (text), &setup, NULL);

  g_assert_cmpstr (file->unclear, ==, "03/04/2026");
  g_assert_cmpuint (file->lines->len, ==, 0);
  setup.order = COBRO_BANK_DAY_FIRST;
  check ("day first", text, &setup, "2026-04-03 1.00 EUR “”\n2026-05-05 2.00 EUR “”\n");
  setup.order = COBRO_BANK_MONTH_FIRST;
  check ("month first", text, &setup, "2026-03-04 1.00 EUR “”\n2026-05-05 2.00 EUR “”\n");
  setup.order = COBRO_BANK_ORDER_UNKNOWN;
  check ("the same both ways", "Date,Amount\n05/05/2026,2.00\n", &setup, "2026-05-05 2.00 EUR “”\n");
}

static void
test_csv_refused (void)
{
  check_refused ("", "is empty");
  check_refused ("one;two\n1;2\n", "has no line with the names of the columns: a date and an amount are needed");
  check_refused ("Datum;Betrag\n31.02.2026;5,00\n", "line 2: Datum: “31.02.2026” is no date");
  check_refused ("x\n\nDatum;Betrag\n20.11.2026;5,00\n20.11.2026;5,00 or 6\n",
                 "line 5: Betrag: “5,00 or 6” is no amount");
  check_refused ("Date,Amount\n2026-11-20,1.5\n2026-11-20,\"1,2\"\n", "line 3: Amount: “1,2” is no amount");
  check_refused ("Date,Amount\n2026-11-20,0.005\n", "line 2: Amount: “0.005” is no amount in EUR");
  check_refused ("Date,Amount\n2026-11-20,99999999999999999999.00\n",
                 "line 2: Amount: “99999999999999999999.00” is no amount in EUR");
  check_refused ("Date,Debit,Credit\n2026-11-20,1.00,2.00\n", "line 2: Credit: stands beside an amount in Debit");
  check_refused ("Date,Amount\n13/11/2026,1.00\n11/13/2026,1.00\n",
                 "Date: some dates begin with the day, others with the month");
  check_refused (
    "Date,Amount,Currency\n2026-11-20,1.00,Taler\n",
    "line 2: Currency: must be an ISO 4217 code in capital letters that one can pay with, such as \"EUR\"");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bank/camt/versions", test_camt_versions);
  g_test_add_func ("/bank/camt/batches", test_camt_batches);
  g_test_add_func ("/bank/camt/sides", test_camt_sides);
  g_test_add_func ("/bank/camt/refused", test_camt_refused);
  g_test_add_func ("/bank/camt/cut", test_camt_cut);
  g_test_add_func ("/bank/mt940/read", test_mt940);
  g_test_add_func ("/bank/mt940/latin", test_mt940_latin);
  g_test_add_func ("/bank/mt940/refused", test_mt940_refused);
  g_test_add_func ("/bank/csv/read", test_csv);
  g_test_add_func ("/bank/csv/asks", test_csv_asks);
  g_test_add_func ("/bank/csv/refused", test_csv_refused);
  return g_test_run ();
}
