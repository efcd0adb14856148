/* tests/document/document-hostile.c — texts that try to break out of documents. Layer: tests. */
#include "document-hostile.h"

#include <string.h>

static const char *const texts[] = {
  "<script>alert(1)</script>",
  "\"><img src=x onerror=alert(1)>",
  "'\" onmouseover='alert(1)' x='",
  "</td></table></body></html><a href=\"https://evil.example\">pay here</a>",
  "</style><style>*{display:none}</style>",
  "</title><meta http-equiv=refresh content=0;url=//evil.example>",
  "<!--",
  "]]><![CDATA[",
  "&lt;b&gt; &amp; &#0; &#x202e;",
  "name\r\nBcc: victim@evil.example\r\n\r\nbody",
  "=?utf-8?Q?=0ABcc:_x=40evil.example?=",
  "=cmd|' /C calc'!A0",
  "@SUM(1+1)*cmd",
  ") Tj ET endstream endobj 9 0 obj << /S /JavaScript /JS (app.alert\\(1\\)) >>",
  "%PDF-1.4 \\) \\( << /OpenAction >> startxref 0 %%EOF",
  "' uri='https://evil.example' x='",
  "{seller} {amount} {} {{number}}",
  "%s%n%d%1$s",
  "<b>bold</b> <span size=\"999999\">pango</span>",
  "\u202eEUR 00.1\u202c \u2066isolated \u2069\u2069",
  "\x01\x02\x1b[31m\x7f\xc2\x85\u2028line\u2029paragraph",
  "\xff\xfe\xc0\x80 broken \xed\xa0\x80",
  "שלום עולם 12.50 EUR مرحبا",
  "Z\u0310\u0352\u0353\u0318\u0347\u0322a\u0310\u0352\u0353\u0318\u0347l\u0310\u0352\u0353g\u0310\u0352o",
  "\uFDFD\uFDFD\uFDFD \U0001F600\U0001F469\u200D\U0001F680 \U000E0001",
  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
  "AAAA"
  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
  "AAAA",
  "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n"
  "\n.",
  "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18\n19\n20\n21\n22\n23\n24\n25\n26\n27\n28\n29\n30\n31\n3"
  "2\n33\n34\n35"
  "\n36\n37\n38\n39\n40\n41\n42\n43\n44\n45\n46\n47\n48\n49\n50\n51\n52\n53\n54\n55\n56\n57\n58\n59\n60\n61\n62\n63\n64"
  "\n65\n66",
  "   ",
  "",
};

#define OF_INVOICE(member)                                                                                             \
  {                                                                                                                    \
#member, G_STRUCT_OFFSET(CobroInvoice, member)                                                                     \
  }

static const struct
{
  const char *name;
  gsize offset;
} fields[] = {
  OF_INVOICE (number),
  OF_INVOICE (corrects_number),
  OF_INVOICE (shipping_tax_name),
  OF_INVOICE (seller.name),
  OF_INVOICE (seller.contact),
  OF_INVOICE (seller.email),
  OF_INVOICE (seller.phone),
  OF_INVOICE (seller.tax_id),
  OF_INVOICE (seller.registration),
  OF_INVOICE (seller.address.street),
  OF_INVOICE (seller.address.city),
  OF_INVOICE (seller.address.postal_code),
  OF_INVOICE (seller.address.region),
  OF_INVOICE (seller.address.country),
  OF_INVOICE (buyer.name),
  OF_INVOICE (buyer.contact),
  OF_INVOICE (buyer.email),
  OF_INVOICE (buyer.tax_id),
  OF_INVOICE (buyer.address.street),
  OF_INVOICE (delivery.street),
  OF_INVOICE (delivery.city),
  OF_INVOICE (iban),
  OF_INVOICE (bic),
  OF_INVOICE (bank_note),
  OF_INVOICE (reference),
  OF_INVOICE (notes),
  OF_INVOICE (footer),
  OF_INVOICE (void_reason),
};

static void
fill_lines (CobroInvoice *invoice, const char *text)
{
  for (guint i = 0; i < invoice->lines->len; i++)
    {
      CobroInvoiceLine *line = g_ptr_array_index (invoice->lines, i);

      sample_put (&line->description, text);
      sample_put (&line->unit, text);
      sample_put (&line->tax_name, text);
    }
  for (guint i = 0; i < invoice->totals->taxes->len; i++)
    sample_put (&((CobroInvoiceTax *)g_ptr_array_index (invoice->totals->taxes, i))->name, text);
}

static void
fill_payment (CobroPayment *payment, const char *text)
{
  sample_put (&payment->payer_name, text);
  sample_put (&payment->payer_email, text);
  sample_put (&payment->payer_phone, text);
  sample_put (&payment->method, text);
  sample_put (&payment->method_detail, text);
}

static void
run (const char *text, gsize from, gsize to, HostileWork work, gpointer data)
{
  g_autoptr (CobroInvoice) invoice = sample_invoice ("en", 2);
  g_autoptr (CobroPayment) payment = sample_payment (invoice->totals->total);
  HostileCase hostile = { text, to - from == 1 ? fields[from].name : "everything", invoice, payment };

  for (gsize i = from; i < to; i++)
    sample_put (G_STRUCT_MEMBER_P (invoice, fields[i].offset), text);
  if (to - from > 1)
    {
      fill_lines (invoice, text);
      fill_payment (payment, text);
    }
  work (&hostile, data);
}

void
hostile_each (HostileWork work, gpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    for (guint j = 0; j < G_N_ELEMENTS (fields); j++)
      run (texts[i], j, j + 1, work, data);
  hostile_each_whole (work, data);
}

void
hostile_each_whole (HostileWork work, gpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    run (texts[i], 0, G_N_ELEMENTS (fields), work, data);
}

gboolean
hostile_tag_is_ours (const char *at)
{
  static const char *const plain[] = { "<br>", "<bdi>", "<tr>", "<div class=\"btn\">", NULL };
  static const char *const open[] = { "<body class=\"",
                                      "<div style=\"",
                                      "<div class=\"",
                                      "<table role=\"presentation\" ",
                                      "<td class=\"",
                                      "<td style=\"",
                                      "<td align=\"center\" style=\"",
                                      "<span class=\"",
                                      "<p class=\"",
                                      "<h2 class=\"",
                                      "<a href=\"" SAMPLE_URL "\" style=\"",
                                      "<a class=\"dim\" dir=\"ltr\" href=\"" SAMPLE_URL "\" style=\"",
                                      NULL };
  g_autofree char *tag = g_strndup (at, strcspn (at, ">") + 1);

  if (at[1] == '/')
    return strspn (tag + 2, "abcdefghijklmnopqrstuvwxyz0123456789") == strlen (tag) - 3;
  if (g_strv_contains (plain, tag))
    return TRUE;
  for (guint i = 0; open[i] != NULL; i++)
    if (g_str_has_prefix (tag, open[i]))
      return strstr (tag, "url(") == NULL && strstr (tag, " on") == NULL && strstr (tag, "src=") == NULL;
  return FALSE;
}
