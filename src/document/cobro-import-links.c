/* src/document/cobro-import-links.c — links out of a table, a row each, and back into one.
 * Layer: document. Any thread. */
#include "cobro-export-links.h"
#include "cobro-import-private.h"
#include "cobro-wire-link.h"

#include <string.h>

enum
{
  TITLE,
  AMOUNT,
  CURRENCY,
  DESCRIPTION,
  REFERENCE,
  PRICING,
  MINIMUM,
  MAXIMUM,
  PRESET,
  USES,
  STARTS,
  EXPIRES,
  METHODS,
  CUSTOMER,
  EMAIL,
  COLLECT,
  LANGUAGE,
  MESSAGE,
  REDIRECT,
  CLOSED,
  DECISION,
  MORE,
  N_COLUMNS
};

static const CobroImportColumn columns[] = {
  { "title", "name|product|item|concept|título|nombre|concepto|titel|bezeichnung|titre|nom|nome|العنوان|الاسم",
    "title" },
  { "amount", "price|total|importe|precio|monto|betrag|preis|montant|prix|valor|preço|المبلغ|السعر", "pricing.amount" },
  { "currency", "moneda|divisa|währung|devise|moeda|العملة", "currency" },
  { "description", "details|descripción|detalle|beschreibung|détails|descrição|الوصف", "description" },
  { "reference", "ref|order|invoice|referencia|pedido|referenz|bestellnummer|référence|commande|referência|المرجع",
    "reference" },
  { "pricing", "price kind|tipo de precio|preisart|type de prix|tipo de preço", "pricing" },
  { "minimum", "minimum amount|mínimo|importe mínimo|mindestbetrag|montant minimum|valor mínimo", "pricing.minimum" },
  { "maximum", "maximum amount|máximo|importe máximo|höchstbetrag|montant maximum|valor máximo", "pricing.maximum" },
  { "suggested", "suggested amount|sugerido|importe sugerido|vorschlag|suggéré|valor sugerido", "pricing.preset" },
  { "uses", "times|usos|veces|anzahl|nutzungen|utilisations|vezes", "usage.limit" },
  { "starts", "not before|valid from|desde|inicio|beginnt|gültig ab|début|à partir de|início", "notBefore" },
  { "expires",
    "expiry|expiry date|valid until|due date|caduca|vence|vencimiento|läuft ab|gültig bis|fällig|expire|échéance|"
    "expira|vencimento|تاريخ الانتهاء",
    "expiresAt" },
  { "methods", "ways to pay|métodos|formas de pago|zahlungsarten|moyens de paiement|formas de pagamento", "methods" },
  { "customer", "customer name|client|cliente|kunde|kundenname|nom du client|العميل", "customer.name" },
  { "email", "e-mail|mail|customer email|correo|correo electrónico|courriel|البريد الإلكتروني", "customer.email" },
  { "collect", "ask for|preguntar|abfragen|demander|perguntar", "collect" },
  { "language", "locale|idioma|sprache|langue|اللغة", "locale" },
  { "message after payment", "thank you|mensaje después del pago|nachricht nach der zahlung|message après paiement",
    "after.message" },
  { "address after payment", "redirect|redirect url|dirección después del pago|weiterleitung|redirection",
    "after.redirectUrl" },
  { "message when closed", "closed message|mensaje al cerrar|nachricht wenn geschlossen", "closedMessage" },
  { "state", "decision|estado|zustand|état|situação", "decision" },
  { "more", "", "" },
};
G_STATIC_ASSERT (G_N_ELEMENTS (columns) == N_COLUMNS && N_COLUMNS <= COBRO_IMPORT_COLUMNS_MAX);

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* JSON, as the export wrote it: what no cell can say. */
static gboolean
read_more (CobroImportRow *row, CobroLink *link)
{
  const char *text = cobro_import_cell (row, MORE);
  g_autoptr (CobroWireObject) object = NULL;
  g_autoptr (GError) fault = NULL;

  if (text[0] == '\0')
    return TRUE;
  object = cobro_wire_parse (text, -1, &fault);
  return (object != NULL && cobro_wire_link_read_more (object, link, &fault)) ||
         cobro_import_refuse (row, MORE, "cannot be read: %s", fault->message);
}

static gboolean
read_pricing (CobroImportRow *row, CobroLink *link)
{
  const char *name = cobro_import_cell (row, PRICING);

  if (name[0] != '\0' && !cobro_pricing_from_name (name, &link->pricing))
    return cobro_import_refuse (row, PRICING, "“%s” must be fixed, open or lines", name);
  switch (link->pricing)
    {
    case COBRO_PRICING_FIXED:
      return (cobro_import_cell (row, AMOUNT)[0] != '\0' || cobro_import_refuse (row, AMOUNT, "is required")) &&
             cobro_import_get_money (row, AMOUNT, link->currency, &link->amount);
    case COBRO_PRICING_OPEN:
      return cobro_import_get_money (row, MINIMUM, link->currency, &link->minimum) &&
             cobro_import_get_money (row, MAXIMUM, link->currency, &link->maximum) &&
             cobro_import_get_money (row, PRESET, link->currency, &link->preset);
    case COBRO_PRICING_LINES:
      return link->lines->len > 0 || cobro_import_refuse (row, MORE, "a price made of lines needs them here");
    }
  return FALSE;
}

/* "1", "25", "unlimited"; nothing: once. */
static gboolean
read_uses (CobroImportRow *row, CobroLink *link)
{
  const char *text = cobro_import_cell (row, USES);
  guint64 limit = 1;

  if (g_ascii_strcasecmp (text, "unlimited") == 0)
    {
      link->usage = COBRO_USAGE_UNLIMITED;
      return TRUE;
    }
  if (text[0] != '\0' && !g_ascii_string_to_unsigned (text, 10, 1, COBRO_LINK_USES_MAX, &limit, NULL))
    return cobro_import_refuse (row, USES, "“%s” must be a number from 1 to %d, or unlimited", text,
                                COBRO_LINK_USES_MAX);
  if (limit > 1)
    {
      link->usage = COBRO_USAGE_LIMITED;
      link->usage_limit = (gint64)limit;
    }
  return TRUE;
}

/* Names behind one another. */
static gboolean
read_sets (CobroImportRow *row, CobroLink *link)
{
  g_auto (GStrv) methods = g_strsplit_set (cobro_import_cell (row, METHODS), " ,;", -1);
  g_auto (GStrv) collect = g_strsplit_set (cobro_import_cell (row, COLLECT), " ,;", -1);
  guint allowed = 0;

  for (guint i = 0; methods[i] != NULL; i++)
    {
      CobroMethods method;

      if (methods[i][0] == '\0')
        continue;
      if (!cobro_method_from_name (methods[i], &method))
        return cobro_import_refuse (row, METHODS, "“%s” must be card, crypto, bank_transfer, wallet or store",
                                    methods[i]);
      allowed |= method;
    }
  if (allowed != 0)
    link->methods = allowed;
  for (guint i = 0; collect[i] != NULL; i++)
    {
      CobroCollect one;

      if (collect[i][0] == '\0')
        continue;
      if (!cobro_collect_from_name (collect[i], &one))
        return cobro_import_refuse (row, COLLECT, "“%s” must be name, email, phone or address", collect[i]);
      link->collect |= one;
    }
  return TRUE;
}

static gboolean
read_words (CobroImportRow *row, CobroLink *link)
{
  const char *decision = cobro_import_cell (row, DECISION);

  cobro_import_get_text (row, TITLE, &link->title);
  cobro_import_get_text (row, DESCRIPTION, &link->description);
  cobro_import_get_text (row, REFERENCE, &link->reference);
  cobro_import_get_text (row, CUSTOMER, &link->customer_name);
  cobro_import_get_text (row, EMAIL, &link->customer_email);
  cobro_import_get_text (row, MESSAGE, &link->after_message);
  cobro_import_get_text (row, REDIRECT, &link->after_redirect_url);
  cobro_import_get_text (row, CLOSED, &link->closed_message);
  if (cobro_import_cell (row, LANGUAGE)[0] != '\0')
    cobro_import_get_text (row, LANGUAGE, &link->locale);
  return decision[0] == '\0' || cobro_decision_from_name (decision, &link->decision) ||
         cobro_import_refuse (row, DECISION, "“%s” must be draft, active, paused or cancelled", decision);
}

/* Every reason at once, as far as one does not follow from another. */
static void
read_link (CobroImportRow *row, CobroLink *link)
{
  guint before = row->import->n_problems;
  g_autoptr (GError) fault = NULL;

  read_words (row, link);
  if (link->title[0] == '\0')
    cobro_import_refuse (row, TITLE, "is required");
  if (cobro_import_get_currency (row, CURRENCY, &link->currency) && read_more (row, link))
    read_pricing (row, link);
  read_uses (row, link);
  read_sets (row, link);
  cobro_import_get_time (row, STARTS, FALSE, &link->not_before);
  cobro_import_get_time (row, EXPIRES, TRUE, &link->expires_at);
  if (row->import->n_problems == before && !cobro_link_validate (link, &fault))
    cobro_import_refuse_as (row, "", fault);
}

static void
read_links (CobroImportRow *row, const CobroCsv *csv)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 1; cobro_import_next (row, csv, i); i++)
    {
      CobroLink *link = cobro_link_new ();

      g_ptr_array_add (row->import->items, link);
      g_array_append_val (row->import->lines, row->line);
      read_link (row, link);
      if (link->reference[0] != '\0')
        cobro_import_check_once (row, seen, REFERENCE, g_strdup (link->reference));
    }
}

const CobroImportReader cobro_import_links = {
  .columns = columns,
  .n = N_COLUMNS,
  .needed = CURRENCY,
  .sample = "Repair of a vacuum cleaner|75.00|AUD|Motor and filter|R-17|fixed||||1||2027-12-31|card|Jo Smith|"
            "jo@vacuum.example|phone|en|Thank you!|||active|",
  .free_item = (GDestroyNotify)cobro_link_unref,
  .read = read_links,
};

/* ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
put_uses (CobroCsvWriter *writer, const CobroLink *link)
{
  g_autofree char *limit = g_strdup_printf ("%" G_GINT64_FORMAT, cobro_link_use_limit (link));

  cobro_csv_put_plain (writer, link->usage == COBRO_USAGE_UNLIMITED ? "unlimited" : limit);
}

static void
put_sets (CobroCsvWriter *writer, guint set, const char *(*name_of) (guint one))
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint bit = 1; bit != 0 && bit <= set; bit <<= 1)
    if (set & bit)
      g_string_append_printf (names, "%s%s", names->len > 0 ? " " : "", name_of (bit));
  cobro_csv_put_plain (writer, names->str);
}

static const char *
method_name (guint one)
{
  return cobro_method_name ((CobroMethods)one);
}

static const char *
collect_name (guint one)
{
  return cobro_collect_name ((CobroCollect)one);
}

static void
put_decisions (CobroCsvWriter *writer, const CobroLink *link)
{
  g_autofree char *more = cobro_wire_link_to_more (link);

  cobro_csv_put_text (writer, link->title);
  cobro_csv_put_money (writer, link->amount);
  cobro_csv_put_plain (writer, cobro_currency_code (link->currency));
  cobro_csv_put_text (writer, link->description);
  cobro_csv_put_text (writer, link->reference);
  cobro_csv_put_plain (writer, cobro_pricing_name (link->pricing));
  cobro_csv_put_money (writer, link->minimum);
  cobro_csv_put_money (writer, link->maximum);
  cobro_csv_put_money (writer, link->preset);
  put_uses (writer, link);
  cobro_csv_put_time (writer, link->not_before);
  cobro_csv_put_time (writer, link->expires_at);
  put_sets (writer, link->methods, method_name);
  cobro_csv_put_text (writer, link->customer_name);
  cobro_csv_put_text (writer, link->customer_email);
  put_sets (writer, link->collect, collect_name);
  cobro_csv_put_plain (writer, link->locale);
  cobro_csv_put_text (writer, link->after_message);
  cobro_csv_put_text (writer, link->after_redirect_url);
  cobro_csv_put_text (writer, link->closed_message);
  cobro_csv_put_plain (writer, cobro_decision_name (link->decision));
  cobro_csv_put_text (writer, more);
}

void
cobro_export_links_begin (CobroCsvWriter *writer)
{
  static const char *const facts[] = { "status", "paid", "refunded", "lost", "times paid", "url", "created", "id" };

  for (guint i = 0; i < N_COLUMNS; i++)
    cobro_csv_put_plain (writer, columns[i].name);
  for (gsize i = 0; i < G_N_ELEMENTS (facts); i++)
    cobro_csv_put_plain (writer, facts[i]);
  cobro_csv_end_row (writer);
}

void
cobro_export_links_put (CobroCsvWriter *writer, const CobroLink *link, const CobroLinkTally *tally, const char *url,
                        CobroTime now)
{
  CobroLinkView view = cobro_link_view (link, tally, now);
  g_autofree char *uses = g_strdup_printf ("%" G_GINT64_FORMAT, tally->uses);

  put_decisions (writer, link);
  cobro_csv_put_plain (writer, cobro_link_status_name (view.status));
  cobro_csv_put_money (writer, tally->paid);
  cobro_csv_put_money (writer, tally->refunded);
  cobro_csv_put_money (writer, tally->lost);
  cobro_csv_put_plain (writer, uses);
  cobro_csv_put_plain (writer, url);
  cobro_csv_put_time (writer, link->created_at);
  cobro_csv_put_plain (writer, link->id.text);
  cobro_csv_end_row (writer);
}
