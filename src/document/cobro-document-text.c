/* src/document/cobro-document-text.c — dates, sums, bank and lines of an invoice as words. Layer: document. Any thread.
 */
#include "cobro-document-text.h"

#include <string.h>

#include "cobro-date-text.h"
#include "cobro-money-text.h"
#include "cobro-record.h"

void
cobro_text_row_free (CobroTextRow *row)
{
  g_free (row->label);
  g_free (row->value);
  g_free (row);
}

GPtrArray *
cobro_text_rows_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_text_row_free);
}

void
cobro_text_rows_take (GPtrArray *rows, const char *label, char *take_value)
{
  CobroTextRow *row = g_new0 (CobroTextRow, 1);

  row->label = cobro_clean_line (label);
  row->value = cobro_clean_line (take_value);
  g_free (take_value);
  g_ptr_array_add (rows, row);
}

static CobroTextRow *
last (GPtrArray *rows)
{
  return g_ptr_array_index (rows, rows->len - 1);
}

char *
cobro_document_number (const CobroInvoice *invoice)
{
  g_autofree char *number = cobro_clean_line (invoice->number);

  if (*number != '\0' && strspn (number, "0123456789") == strlen (number))
    return g_strconcat ("#", number, NULL);
  return g_steal_pointer (&number);
}

/* ── Dates ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
take_date (GPtrArray *rows, CobroWord word, const char *date, CobroLocale *locale)
{
  if (*date != '\0')
    cobro_text_rows_take (rows, cobro_word (word, locale), cobro_civil_date_text (date, locale));
}

static char *
terms_text (const CobroInvoice *invoice, CobroLocale *locale)
{
  g_autofree char *days = cobro_duration_text (invoice->terms, COBRO_DURATION_DAYS, locale);

  return invoice->terms <= 0 ? g_strdup (cobro_word (COBRO_WORD_TERMS_NOW, locale))
                             : cobro_words (COBRO_WORD_TERMS_DAYS, locale, "days", days, NULL);
}

static void
take_corrects (GPtrArray *rows, const CobroInvoice *invoice, CobroLocale *locale)
{
  g_autofree char *date = cobro_civil_date_text (invoice->corrects_date, locale);

  if (*invoice->corrects_number == '\0')
    return;
  cobro_text_rows_take (rows, cobro_word (COBRO_WORD_CORRECTS, locale),
                        *date == '\0' ? g_strdup (invoice->corrects_number)
                                      : cobro_words (COBRO_WORD_CORRECTS_VALUE, locale, "number",
                                                     invoice->corrects_number, "date", date, NULL));
}

GPtrArray *
cobro_document_dates (const CobroInvoice *invoice, CobroLocale *locale)
{
  GPtrArray *rows = cobro_text_rows_new ();

  take_date (rows, COBRO_WORD_ISSUE_DATE, invoice->issue_date, locale);
  if (invoice->kind == COBRO_INVOICE_INVOICE && *invoice->due_date != '\0')
    take_date (rows, COBRO_WORD_DUE_DATE, invoice->due_date, locale);
  else if (invoice->kind == COBRO_INVOICE_INVOICE)
    cobro_text_rows_take (rows, cobro_word (COBRO_WORD_DUE_DATE, locale), terms_text (invoice, locale));
  if (strcmp (invoice->delivery_date, invoice->issue_date) != 0)
    take_date (rows, COBRO_WORD_DELIVERY_DATE, invoice->delivery_date, locale);
  if (*invoice->reference != '\0')
    cobro_text_rows_take (rows, cobro_word (COBRO_WORD_YOUR_REFERENCE, locale), g_strdup (invoice->reference));
  take_corrects (rows, invoice, locale);
  return rows;
}

/* ── Sums ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static char *
negative_text (CobroMoney money, CobroLocale *locale)
{
  CobroMoney negative = money;

  if (!cobro_money_negate (money, &negative, NULL))
    return g_strdup ("");
  return cobro_money_text (negative, locale);
}

/* A rate of nothing that has no name is no tax at all: nobody wants a row for it. */
static gboolean
is_said (const CobroInvoiceTax *tax)
{
  return *tax->name != '\0' || (tax->category != COBRO_TAX_ZERO && tax->category != COBRO_TAX_OUTSIDE);
}

const char *
cobro_document_category (CobroTaxCategory category, CobroLocale *locale)
{
  switch (category)
    {
    case COBRO_TAX_STANDARD:
    case COBRO_TAX_ZERO:
      return cobro_word (COBRO_WORD_TAX, locale);
    case COBRO_TAX_EXEMPT:
      return cobro_word (COBRO_WORD_CATEGORY_EXEMPT, locale);
    case COBRO_TAX_REVERSE:
      return cobro_word (COBRO_WORD_CATEGORY_REVERSE, locale);
    case COBRO_TAX_INTRA:
      return cobro_word (COBRO_WORD_CATEGORY_INTRA, locale);
    case COBRO_TAX_EXPORT:
      return cobro_word (COBRO_WORD_CATEGORY_EXPORT, locale);
    case COBRO_TAX_OUTSIDE:
      return cobro_word (COBRO_WORD_CATEGORY_OUTSIDE, locale);
    }
  return "";
}

static void
take_tax (GPtrArray *rows, const CobroInvoice *invoice, const CobroInvoiceTax *tax, CobroLocale *locale)
{
  gboolean taxed = tax->category == COBRO_TAX_STANDARD || tax->category == COBRO_TAX_ZERO;
  const char *name = taxed && *tax->name != '\0' ? tax->name : cobro_document_category (tax->category, locale);
  g_autofree char *rate = cobro_decimal_text (tax->rate, locale);
  g_autofree char *base = cobro_money_text (tax->base, locale);
  CobroWord word = invoice->tax_inclusive ? COBRO_WORD_TAX_INCLUDED : COBRO_WORD_TAX_ON;
  g_autofree char *label = cobro_words (word, locale, "name", name, "rate", rate, "base", base, NULL);

  cobro_text_rows_take (rows, label, cobro_money_text (tax->amount, locale));
  last (rows)->light = invoice->tax_inclusive;
}

static void
take_taxes (GPtrArray *rows, const CobroInvoice *invoice, CobroLocale *locale)
{
  const CobroInvoiceTotals *totals = invoice->totals;

  for (guint i = 0; i < totals->taxes->len; i++)
    if (is_said (g_ptr_array_index (totals->taxes, i)))
      take_tax (rows, invoice, g_ptr_array_index (totals->taxes, i), locale);
}

static gboolean
has_taxes (const CobroInvoiceTotals *totals)
{
  for (guint i = 0; i < totals->taxes->len; i++)
    if (is_said (g_ptr_array_index (totals->taxes, i)))
      return TRUE;
  return FALSE;
}

static gboolean
is_something (CobroMoney money)
{
  return cobro_money_is_set (money) && !cobro_money_is_zero (money);
}

static void
take_money (GPtrArray *rows, CobroWord word, CobroMoney money, CobroLocale *locale)
{
  cobro_text_rows_take (rows, cobro_word (word, locale), cobro_money_text (money, locale));
}

static void
take_discount (GPtrArray *rows, const CobroInvoice *invoice, CobroLocale *locale)
{
  g_autofree char *percent = NULL, *label = NULL;

  if (invoice->discount.kind == COBRO_DISCOUNT_PERCENT)
    {
      percent = cobro_decimal_text (invoice->discount.percent, locale);
      label = cobro_words (COBRO_WORD_DISCOUNT_PERCENT, locale, "percent", percent, NULL);
    }
  cobro_text_rows_take (rows, label != NULL ? label : cobro_word (COBRO_WORD_DISCOUNT, locale),
                        negative_text (invoice->totals->discount, locale));
}

static void
take_total (GPtrArray *rows, const CobroInvoice *invoice, CobroLocale *locale)
{
  CobroWord word = invoice->kind == COBRO_INVOICE_CREDIT_NOTE ? COBRO_WORD_TOTAL_CREDIT : COBRO_WORD_TOTAL;
  g_autofree char *label =
    g_strdup_printf ("%s %s", cobro_word (word, locale), cobro_currency_code (invoice->currency));

  cobro_text_rows_take (rows, label, cobro_money_text (invoice->totals->total, locale));
  last (rows)->strong = TRUE;
}

GPtrArray *
cobro_document_sums (const CobroInvoice *invoice, CobroLocale *locale)
{
  const CobroInvoiceTotals *totals = invoice->totals;
  gboolean changed = is_something (totals->discount) || is_something (totals->shipping);
  gboolean taxed = has_taxes (totals);
  GPtrArray *rows = cobro_text_rows_new ();

  if (changed || (taxed && !invoice->tax_inclusive))
    take_money (rows, COBRO_WORD_SUBTOTAL, totals->lines_total, locale);
  if (is_something (totals->discount))
    take_discount (rows, invoice, locale);
  if (is_something (totals->shipping))
    take_money (rows, COBRO_WORD_SHIPPING, totals->shipping, locale);
  if (changed && taxed && !invoice->tax_inclusive)
    take_money (rows, COBRO_WORD_SUBTOTAL_NET, totals->subtotal, locale);
  if (!invoice->tax_inclusive)
    take_taxes (rows, invoice, locale);
  if (is_something (totals->rounding))
    take_money (rows, COBRO_WORD_ROUNDING, totals->rounding, locale);
  take_total (rows, invoice, locale);
  if (taxed && invoice->tax_inclusive)
    {
      take_taxes (rows, invoice, locale);
      take_money (rows, COBRO_WORD_SUBTOTAL_NET, totals->subtotal, locale);
      last (rows)->light = TRUE;
    }
  return rows;
}

CobroMoney
cobro_document_due (const CobroInvoice *invoice, const CobroInvoiceView *view)
{
  if (invoice->decision == COBRO_INVOICE_VOID)
    return cobro_money_zero (invoice->currency);
  return view != NULL && cobro_money_is_set (view->due) ? view->due : invoice->totals->total;
}

/* total − paid − due + overpaid: what credit notes took off. */
static CobroMoney
credited (const CobroInvoice *invoice, const CobroInvoiceView *view)
{
  CobroMoney left = invoice->totals->total;

  if (!cobro_money_subtract (left, view->paid, &left, NULL) || !cobro_money_subtract (left, view->due, &left, NULL) ||
      (is_something (view->credit) && !cobro_money_add (left, view->credit, &left, NULL)))
    return COBRO_MONEY_NONE;
  return left;
}

GPtrArray *
cobro_document_settled (const CobroInvoice *invoice, const CobroInvoiceView *view, CobroLocale *locale)
{
  GPtrArray *rows = cobro_text_rows_new ();
  CobroMoney less;

  if (view == NULL || invoice->kind == COBRO_INVOICE_CREDIT_NOTE || invoice->decision == COBRO_INVOICE_DRAFT ||
      !cobro_money_is_set (view->paid) || !cobro_money_is_set (view->due))
    return rows;
  less = credited (invoice, view);
  if (is_something (view->paid))
    cobro_text_rows_take (rows, cobro_word (COBRO_WORD_PAID, locale), negative_text (view->paid, locale));
  if (cobro_money_is_set (less) && cobro_money_is_positive (less))
    cobro_text_rows_take (rows, cobro_word (COBRO_WORD_CREDITED, locale), negative_text (less, locale));
  if (is_something (view->credit))
    take_money (rows, COBRO_WORD_OVERPAID, view->credit, locale);
  return rows;
}

/* ── How it is paid ─────────────────────────────────────────────────────────────────────────────────────────────── */

/* "DE89370400440532013000" in groups of four, as it is printed (ISO 13616). */
static char *
group_iban (const char *iban)
{
  GString *out = g_string_new (NULL);
  guint n = 0;

  for (; *iban != '\0'; iban++)
    if (g_ascii_isalnum (*iban))
      {
        if (n > 0 && n % 4 == 0)
          g_string_append_c (out, ' ');
        g_string_append_c (out, g_ascii_toupper (*iban));
        n++;
      }
  return g_string_free (out, FALSE);
}

GPtrArray *
cobro_document_bank (const CobroInvoice *invoice, CobroLocale *locale)
{
  GPtrArray *rows = cobro_text_rows_new ();

  if (*invoice->iban == '\0')
    return rows;
  cobro_text_rows_take (rows, cobro_word (COBRO_WORD_ACCOUNT_HOLDER, locale), g_strdup (invoice->seller.name));
  cobro_text_rows_take (rows, cobro_word (COBRO_WORD_IBAN, locale), group_iban (invoice->iban));
  if (*invoice->bic != '\0')
    cobro_text_rows_take (rows, cobro_word (COBRO_WORD_BIC, locale), g_strdup (invoice->bic));
  if (*invoice->number != '\0')
    cobro_text_rows_take (rows, cobro_word (COBRO_WORD_PAYMENT_REFERENCE, locale), g_strdup (invoice->number));
  return rows;
}

GPtrArray *
cobro_document_plan (const CobroInvoice *invoice, CobroLocale *locale)
{
  GPtrArray *rows = cobro_text_rows_new ();

  for (guint i = 0; invoice->partial == COBRO_PARTIAL_PLAN && invoice->parts != NULL && i < invoice->parts->len; i++)
    {
      const CobroLinkPart *part = g_ptr_array_index (invoice->parts, i);
      g_autofree char *date = cobro_civil_date_text (part->due, locale);

      cobro_text_rows_take (rows, date, cobro_money_text (part->amount, locale));
    }
  return rows;
}

static gboolean
find_method (const char *name, CobroWord *out_word)
{
  static const struct
  {
    const char *name;
    CobroWord word;
  } methods[] = {
    { "card", COBRO_WORD_METHOD_CARD },     { "crypto", COBRO_WORD_METHOD_CRYPTO },
    { "wallet", COBRO_WORD_METHOD_WALLET }, { "bank_transfer", COBRO_WORD_METHOD_BANK_TRANSFER },
    { "store", COBRO_WORD_METHOD_STORE },   { "bank", COBRO_WORD_METHOD_BANK_TRANSFER },
    { "cash", COBRO_WORD_METHOD_CASH },     { "cheque", COBRO_WORD_METHOD_CHEQUE },
    { "credit", COBRO_WORD_METHOD_CREDIT }, { "other", COBRO_WORD_METHOD_OTHER },
  };

  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    if (strcmp (methods[i].name, name) == 0)
      {
        *out_word = methods[i].word;
        return TRUE;
      }
  return FALSE;
}

char *
cobro_document_paid_on (const CobroPayment *payment, const char *zone, CobroLocale *locale)
{
  const char *date = payment->metadata != NULL ? g_hash_table_lookup (payment->metadata, "date") : NULL;
  char text[COBRO_DATE_SIZE];
  CobroDay day;

  if (payment->created_at == 0)
    return g_strdup ("");
  if (date == NULL || strcmp (payment->gateway, COBRO_RECORD_GATEWAY) != 0 || !cobro_day_from_text (date, &day, NULL))
    day = cobro_day_of_time (payment->created_at, zone != NULL ? zone : "UTC");
  cobro_day_to_text (day, text);
  return cobro_civil_date_text (text, locale);
}

char *
cobro_document_method (const CobroPayment *payment, CobroLocale *locale)
{
  g_autofree char *detail = cobro_clean_line (payment->method_detail);
  g_autofree char *method = cobro_clean_line (payment->method);
  CobroWord word;

  if (find_method (method, &word))
    return *detail == '\0' ? g_strdup (cobro_word (word, locale))
                           : cobro_words (COBRO_WORD_METHOD_DETAIL, locale, "method", cobro_word (word, locale),
                                          "detail", detail, NULL);
  return g_strdup (*detail != '\0' ? detail : method);
}

/* ── Lines ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

char *
cobro_document_line_quantity (const CobroInvoiceLine *line, CobroLocale *locale)
{
  g_autofree char *number = cobro_decimal_text (line->quantity, locale);
  g_autofree char *unit = cobro_clean_line (line->unit);

  return *unit == '\0' ? g_steal_pointer (&number) : g_strdup_printf ("%s %s", number, unit);
}

char *
cobro_document_line_price (const CobroInvoiceLine *line, CobroCurrency currency, CobroLocale *locale)
{
  g_autofree char *decimal = cobro_unit_price_to_decimal (line->unit_price, currency);

  return cobro_price_text_plain (decimal, currency, locale);
}

char *
cobro_document_line_tax (const CobroInvoiceLine *line, CobroLocale *locale)
{
  g_autofree char *rate = NULL;

  if (line->tax_category != COBRO_TAX_STANDARD && line->tax_category != COBRO_TAX_ZERO)
    return g_strdup (cobro_document_category (line->tax_category, locale));
  rate = cobro_decimal_text (line->tax_rate, locale);
  return g_strdup_printf (cobro_locale_is_rtl (locale) ? "%s٪" : "%s %%", rate);
}

char *
cobro_document_line_discount (const CobroInvoiceLine *line, CobroLocale *locale)
{
  g_autofree char *text = NULL;

  switch (line->discount.kind)
    {
    case COBRO_DISCOUNT_NONE:
      break;
    case COBRO_DISCOUNT_PERCENT:
      text = cobro_decimal_text (line->discount.percent, locale);
      return cobro_words (COBRO_WORD_DISCOUNT_PERCENT, locale, "percent", text, NULL);
    case COBRO_DISCOUNT_AMOUNT:
      text = cobro_money_text (line->discount.amount, locale);
      return g_strdup_printf ("%s %s", cobro_word (COBRO_WORD_DISCOUNT, locale), text);
    }
  return g_strdup ("");
}
