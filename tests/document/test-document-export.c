/* tests/document/test-document-export.c — what leaves as a table comes back by the import as it was: links and products
 * with everything that they can say, from seeds. Layer: tests. */
#include "cobro-export-links.h"
#include "cobro-import.h"
#include "cobro-wire-link.h"
#include "cobro-wire-product.h"

#include <string.h>

#define NOW   (G_GINT64_CONSTANT (1795255200) * COBRO_SECOND) /* 2026-11-21T10:00:00Z */
#define SEEDS 40
#define EACH  50

/* Letters of many kinds, what spreadsheets would run, and what would break a table. */
static const char *const words[] = { "Café",  "=1+1",     "a,b;c",     "Zoë \"Z\" Müller", "'s Gravenhage", "-1",
                                     "مرحبا", "日本",     "two\nrows", "+34 600",          "@SUM(A1)",      "100 %",
                                     "O'B",   "=cmd|'x'", "|calc",     "x\u00a0y",         "{\"a\":1}",     "plain" };
static const char *const codes[] = { "EUR", "JPY", "KWD", "MXN", "CLP" };

static gint
chance (GRand *rand, gint n)
{
  return g_rand_int_range (rand, 0, n);
}

static gboolean
coin (GRand *rand)
{
  return g_rand_boolean (rand);
}

typedef enum
{
  MAY_BE_EMPTY = 1 << 0,
  MAY_HAVE_LINES = 1 << 1,
} WordsRules;

static void
set_words (GRand *rand, char **field, guint rules)
{
  g_autofree char *text =
    g_strdup_printf ("%s %s", words[chance (rand, G_N_ELEMENTS (words))], words[chance (rand, G_N_ELEMENTS (words))]);

  if (!(rules & MAY_HAVE_LINES))
    g_strdelimit (text, "\n", ' ');
  cobro_link_set_text (field, rules & MAY_BE_EMPTY && coin (rand) ? "" : text);
}

static CobroCurrency
random_currency (GRand *rand)
{
  CobroCurrency currency = COBRO_CURRENCY_NONE;

  g_assert_true (cobro_currency_from_code (codes[chance (rand, G_N_ELEMENTS (codes))], &currency, NULL));
  return currency;
}

/* ── Links ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
set_lines (GRand *rand, CobroLink *link)
{
  link->pricing = COBRO_PRICING_LINES;
  for (int i = chance (rand, 4); i >= 0; i--)
    {
      gint64 quantity = 1 + chance (rand, 5);
      g_autofree char *name = NULL;

      set_words (rand, &name, 0);
      g_ptr_array_add (link->lines,
                       cobro_link_line_new (name, cobro_money (1 + chance (rand, 99999), link->currency), quantity,
                                            coin (rand) ? quantity + chance (rand, 9) : 0, chance (rand, 30) * 500000));
    }
}

static void
set_pricing (GRand *rand, CobroLink *link)
{
  switch (chance (rand, 4))
    {
    case 0:
      set_lines (rand, link);
      return;
    case 1:
      link->pricing = COBRO_PRICING_OPEN;
      link->minimum = coin (rand) ? cobro_money (1 + chance (rand, 500), link->currency) : COBRO_MONEY_NONE;
      link->maximum = coin (rand) ? cobro_money (9000 + chance (rand, 500), link->currency) : COBRO_MONEY_NONE;
      link->preset = coin (rand) ? cobro_money (1000 + chance (rand, 500), link->currency) : COBRO_MONEY_NONE;
      return;
    default:
      link->amount = cobro_money (1 + chance (rand, 10000000), link->currency);
    }
}

static void
set_usage (GRand *rand, CobroLink *link)
{
  link->usage = (CobroUsage)chance (rand, 3);
  if (link->usage == COBRO_USAGE_LIMITED)
    link->usage_limit = 2 + chance (rand, 1000);
  if (coin (rand))
    link->expires_at = NOW + (1 + chance (rand, 100000)) * COBRO_MINUTE;
  if (coin (rand))
    link->not_before = NOW - chance (rand, 100000) * COBRO_MINUTE;
}

static void
set_terms (GRand *rand, CobroLink *link)
{
  if (link->pricing == COBRO_PRICING_FIXED && link->usage == COBRO_USAGE_SINGLE)
    link->partial = (CobroPartial)chance (rand, 3);
  if (link->partial == COBRO_PARTIAL_ON && coin (rand))
    link->minimum_first = cobro_money (1, link->currency);
  if (link->partial == COBRO_PARTIAL_PLAN)
    {
      gint64 first = (cobro_money_minor (link->amount) + 1) / 2, rest = cobro_money_minor (link->amount) - first;

      g_ptr_array_add (link->parts, cobro_link_part_new ("2027-01-31", cobro_money (first, link->currency)));
      if (rest > 0)
        g_ptr_array_add (link->parts, cobro_link_part_new ("2027-02-28", cobro_money (rest, link->currency)));
    }
  link->methods = 1 + (guint)chance (rand, 31);
  link->collect = (guint)chance (rand, 16);
  if (coin (rand))
    g_ptr_array_add (link->gateways, g_strdup ("stripe"));
  if (coin (rand))
    g_ptr_array_add (link->fields, cobro_link_field_new ("size", "Größe, =1", coin (rand)));
  if (coin (rand))
    g_hash_table_insert (link->metadata, g_strdup ("order"), g_strdup ("=1,\"2\"\n3"));
}

static CobroLink *
random_link (GRand *rand, guint i)
{
  CobroLink *link = cobro_link_new ();

  link->currency = random_currency (rand);
  set_words (rand, &link->title, 0);
  set_words (rand, &link->description, MAY_BE_EMPTY | MAY_HAVE_LINES);
  if (coin (rand))
    {
      g_autofree char *reference = g_strdup_printf ("%sR-%u", coin (rand) ? "=" : "", i);

      cobro_link_set_text (&link->reference, reference);
    }
  set_pricing (rand, link);
  set_usage (rand, link);
  set_terms (rand, link);
  set_words (rand, &link->customer_name, MAY_BE_EMPTY);
  cobro_link_set_text (&link->customer_email, coin (rand) ? "ana@café.example" : "");
  cobro_link_set_text (&link->locale, coin (rand) ? "pt-BR" : "auto");
  set_words (rand, &link->after_message, MAY_BE_EMPTY | MAY_HAVE_LINES);
  cobro_link_set_text (&link->after_redirect_url, coin (rand) ? "https://shop.example/?a=1,2&b=%22" : "");
  set_words (rand, &link->closed_message, MAY_BE_EMPTY | MAY_HAVE_LINES);
  link->decision = (CobroDecision)chance (rand, 4);
  return link;
}

/* (transfer full) what the import makes of @bytes: nothing is refused. */
static CobroImport *
read_all (CobroImportKind kind, GBytes *bytes)
{
  g_autoptr (CobroMerchant) merchant = cobro_merchant_new ();
  g_autoptr (CobroLocale) locale = cobro_locale_new ("es", NULL); /* of the table the locale says nothing */
  g_autoptr (GError) error = NULL;
  const CobroImportSetup setup = { .merchant = merchant, .locale = locale, .now = NOW };
  CobroImport *import;

  cobro_link_set_text (&merchant->name, "Shop");
  cobro_link_set_text (&merchant->currency, "USD");
  cobro_link_set_text (&merchant->time_zone, "America/Santiago");
  import = cobro_import_read (kind, bytes, &setup, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < import->problems->len; i++)
    {
      const CobroImportProblem *problem = import->problems->pdata[i];

      g_test_message ("line %u, %s: %s", problem->line, problem->column, problem->reason);
    }
  g_assert_cmpuint (import->n_problems, ==, 0);
  return import;
}

static void
check_links (guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (GPtrArray) links = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_link_unref);
  g_autoptr (CobroCsvWriter) writer = cobro_csv_writer_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (CobroImport) import = NULL;

  cobro_export_links_begin (writer);
  for (guint i = 0; i < EACH; i++)
    {
      CobroLink *link = random_link (rand, i);
      CobroLinkTally tally = cobro_link_tally_new (link->currency);
      g_autoptr (GError) error = NULL;

      g_ptr_array_add (links, link);
      (void)!cobro_link_validate (link, &error);
      g_assert_no_error (error);
      cobro_export_links_put (writer, link, &tally, "https://pay.example/pay/x", NOW);
    }
  bytes = cobro_csv_writer_take (writer);
  import = read_all (COBRO_IMPORT_LINKS, bytes);
  g_assert_cmpuint (import->items->len, ==, links->len);
  for (guint i = 0; i < links->len; i++)
    {
      g_autofree char *from = cobro_wire_link_to_document (links->pdata[i], FALSE);
      g_autofree char *to = cobro_wire_link_to_document (import->items->pdata[i], FALSE);

      g_assert_cmpstr (to, ==, from);
    }
}

static void
test_links (void)
{
  for (guint32 seed = 1; seed <= SEEDS; seed++)
    {
      g_test_message ("seed %u", seed);
      check_links (seed);
    }
}

/* ── Products ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroProduct *
random_product (GRand *rand, guint i)
{
  CobroProduct *product = cobro_product_new ();
  g_autofree char *code = g_strdup_printf ("-%u", i);

  product->currency = random_currency (rand);
  product->unit_price = 1 + g_rand_int_range (rand, 0, G_MAXINT32 - 1);
  set_words (rand, &product->name, 0);
  set_words (rand, &product->description, MAY_BE_EMPTY | MAY_HAVE_LINES);
  cobro_link_set_text (&product->code, coin (rand) ? code : "");
  cobro_link_set_text (&product->unit, coin (rand) ? "=h" : "");
  product->tax_inclusive = coin (rand);
  if (coin (rand))
    {
      cobro_link_set_text (&product->tax_name, "IVA");
      product->tax_category = COBRO_TAX_STANDARD;
      product->tax_rate = (1 + chance (rand, 9999)) * COBRO_DECIMAL_ONE / 100;
    }
  return product;
}

static char *
product_text (const CobroProduct *product)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_product_write (writer, NULL, product);
  return cobro_wire_writer_take (writer);
}

static void
check_products (guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (GPtrArray) products = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_product_unref);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (CobroImport) import = NULL;

  for (guint i = 0; i < EACH; i++)
    g_ptr_array_add (products, random_product (rand, i));
  bytes = cobro_export_products (products);
  import = read_all (COBRO_IMPORT_PRODUCTS, bytes);
  g_assert_cmpuint (import->items->len, ==, products->len);
  for (guint i = 0; i < products->len; i++)
    {
      g_autofree char *from = product_text (products->pdata[i]);
      g_autofree char *to = product_text (import->items->pdata[i]);

      g_assert_cmpstr (to, ==, from);
    }
}

static void
test_products (void)
{
  for (guint32 seed = 1; seed <= SEEDS; seed++)
    {
      g_test_message ("seed %u", seed);
      check_products (seed);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/document/export/links", test_links);
  g_test_add_func ("/document/export/products", test_products);
  return g_test_run ();
}
