/* tests/relay/templates/test-templates.c — every page of a buyer: its words, its weight, and that nothing gets out of
 * its place. Layer: tests. */
#include <string.h>
#include "cobro-test.h"
#include "cobro-words.h"
#include "page-samples.h"
#include "relay-accent.h"
#include "relay-html.h"
#include "relay-template-loader.h"
#include "relay-templates-texts.h"
#include "relay-templates.h"

#define HTML_MAX  (14 * 1024) /* bytes, style included */
#define TOTAL_MAX (50 * 1024) /* bytes, script included */
#define MANY_MAX  (24 * 1024) /* of an invoice with a thousand lines */
#define WORST_MAX (96 * 1024) /* and with the longest and worst descriptions there can be */

typedef struct
{
  RelayTemplates *templates;
  GPtrArray *samples;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->templates = relay_templates_new (&error);
  g_assert_no_error (error);
  self->samples = page_samples_new ();
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  relay_templates_free (self->templates);
  g_ptr_array_unref (self->samples);
}

static RelayPage *
sample (Fixture *self, const char *name)
{
  for (guint i = 0; i < self->samples->len; i++)
    {
      const PageSample *one = g_ptr_array_index (self->samples, i);

      if (strcmp (one->name, name) == 0)
        return one->page;
    }
  g_error ("no sample \"%s\"", name);
}

static RelayRendered *
show (Fixture *self, const char *name, const char *language)
{
  return relay_templates_checkout (self->templates, sample (self, name), language);
}

static void
assert_says (Fixture *self, const char *name, const char *language, const char *words)
{
  g_autoptr (RelayRendered) page = show (self, name, language);

  g_test_message ("%s (%s): %s", name, language, words);
  if (strstr (page->html, words) == NULL)
    g_test_message ("%s", page->html);
  g_assert_nonnull (strstr (page->html, words));
}

static void
assert_says_not (Fixture *self, const char *name, const char *words)
{
  g_autoptr (RelayRendered) page = show (self, name, "en");

  g_test_message ("%s: not %s", name, words);
  g_assert_null (strstr (page->html, words));
}

/* proves: INV-7 */
static void
test_words (Fixture *self, gconstpointer data)
{
  static const char *const closed[] = { "already-paid", "paid",       "paid-next", "refunded", "expired",
                                        "used-up",      "cancelled",  "replaced",  "paused",   "scheduled",
                                        "unknown",      "processing", "busy" };

  assert_says (self, "declined", "en", "Your bank declined the payment. Nothing was charged.");
  assert_says (self, "declined", "es", "Su banco rechazó el pago. No se ha cobrado nada.");
  assert_says (self, "declined", "en", "or use another card");
  assert_says (self, "declined-unavailable", "en", "The payment service does not answer. Nothing was charged.");
  assert_says_not (self, "declined-unavailable", "bank");
  assert_says_not (self, "declined-unavailable", "another card");
  /* The step more is nobody's mistake. */
  assert_says (self, "once-more", "en", "press the button again. Nothing was charged yet.");
  assert_says (self, "once-more", "ar", "للحماية من الاحتيال بالبطاقات");
  assert_says_not (self, "once-more", "class=\"wrong\"");
  assert_says (self, "open", "en", ">Pay <bdi>€12.50</bdi><");
  assert_says (self, "open", "es", ">Pagar <bdi>12,50\u00a0€</bdi><");
  assert_says (self, "open", "en", "TEST: no real money moves");
  assert_says_not (self, "open-live", "TEST");
  assert_says (self, "open-usd", "en", "USD");
  assert_says (self, "already-paid", "en", "This has already been paid");
  assert_says (self, "cancelled", "en", "has cancelled it. Nothing can be paid here.");
  assert_says (self, "expired", "en", "This link has expired");
  assert_says (self, "paused", "en", "We are on holiday until 6 January.");
  assert_says (self, "busy", "en", "\u206840 seconds\u2069");
  assert_says (self, "busy", "de", "\u206840 Sekunden\u2069 noch einmal");
  assert_says (self, "busy-minutes", "en", "\u206810 minutes\u2069 at the latest");
  assert_says (self, "paid", "en", "Visa •••• 4242");
  assert_says (self, "paid", "en", "role=\"status\"");
  assert_says (self, "paid-next", "en", "href=\"https://ana.example/thanks?payment=pay_1\"");
  assert_says (self, "paid-next", "en", "Payment received");
  assert_says_not (self, "paid-next", "still due");
  assert_says_not (self, "paid-next", "Pay the rest");
  assert_says_not (self, "paid", "still due");
  assert_says (self, "paid-part", "en", "Part of the payment received");
  assert_says (self, "paid-part", "en", "\u2068€70.00\u2069 is still due.");
  assert_says (self, "paid-part", "en", "Pay the rest");
  assert_says (self, "partly", "en", "<progress value=\"41\"");
  assert_says (self, "amount", "en", "From \u2068€5.00\u2069 to \u2068€1,000.00\u2069.");
  assert_says (self, "quantities-wrong", "en", "Choose a quantity from 1 to \u206810\u2069.");
  assert_says (self, "fields-wrong", "en", "value=\"ana at example\"");
  for (guint i = 0; i < G_N_ELEMENTS (closed); i++)
    assert_says_not (self, closed[i], "id=\"pay\"");
}

/* proves: DYN-4 */
static void
test_ways (Fixture *self, gconstpointer data)
{
  assert_says (self, "open", "en", "<input type=\"hidden\" name=\"way\" value=\"card:mock\">");
  assert_says_not (self, "open", "type=\"radio\"");
  assert_says (self, "ways", "en", "value=\"card:mock\" required checked>");
  assert_says (self, "ways", "en", "value=\"bank_transfer:bank\" required>");
  assert_says (self, "ways", "en", "value=\"crypto:chain\" required disabled>");
  assert_says_not (self, "ways", "wallet");
}

static void
test_live (Fixture *self, gconstpointer data)
{
  assert_says (self, "processing", "en", "/status\" data-version=\"7\"");
  assert_says (self, "processing", "en", "<noscript><meta http-equiv=\"refresh\" content=\"4;url=/pay/");
  assert_says (self, "busy", "en", "content=\"40;url=/pay/");
  assert_says (self, "declined", "en", "data-state=\"declined\""); /* and the form in it stays */
  assert_says_not (self, "busy", "data-state");
  assert_says_not (self, "open", "data-status");
  assert_says_not (self, "open", "http-equiv=\"refresh\"");
}

static gsize
script_size (Fixture *self, const char *html)
{
  const char *from = strstr (html, "/assets/"), *type = NULL;
  g_autofree char *name = NULL;
  GBytes *script;

  if (from == NULL)
    return 0;
  name = g_strndup (from + 8, strcspn (from + 8, "\""));
  script = relay_templates_asset (self->templates, name, &type);
  g_assert_nonnull (script);
  g_assert_cmpstr (type, ==, "text/javascript; charset=utf-8");
  return g_bytes_get_size (script);
}

/* What buyers write into a page is not the page's weight: the hostile one repeats a long text. */
static void
test_weight (Fixture *self, gconstpointer data)
{
  gsize heaviest = 0;

  for (guint i = 0; i < self->samples->len; i++)
    {
      const PageSample *one = g_ptr_array_index (self->samples, i);
      g_autoptr (RelayRendered) page = relay_templates_checkout (self->templates, one->page, relay_languages[i % 6]);
      gsize size = strlen (page->html);

      if (strcmp (one->name, "invoice-long") == 0)
        {
          g_assert_cmpuint (size, <=, MANY_MAX);
          continue;
        }
      g_test_message ("%s: %" G_GSIZE_FORMAT, one->name, size);
      g_assert_cmpuint (size, <=, HTML_MAX);
      g_assert_cmpuint (size + script_size (self, page->html), <=, TOTAL_MAX);
      heaviest = MAX (heaviest, size);
    }
  g_test_message ("the heaviest page has %" G_GSIZE_FORMAT " bytes", heaviest);
  g_assert_null (relay_templates_asset (self->templates, "../checkout.js", NULL));
}

/* proves: INV-2, INV-7, INV-8, INV-15 */
static void
test_invoices (Fixture *self, gconstpointer data)
{
  static const char *const folded[] = { "invoice-paid",     "invoice-settled", "invoice-void",
                                        "invoice-refunded", "invoice-busy",    "invoice-processing" };
  static const char *const shut[] = { "invoice-expired", "invoice-replaced" };

  assert_says (self, "invoice", "en", "Tax Invoice \u2068#502\u2069");
  assert_says (self, "invoice", "en", "Jane Citizen");
  assert_says (self, "invoice", "en", "ABN 51 824 753 556");
  assert_says (self, "invoice", "en", "GST 10 % on A$75.00");
  assert_says (self, "invoice", "en", "<bdi>A$7.50</bdi>");
  assert_says (self, "invoice", "en", ">Pay <bdi>A$82.50</bdi><");
  assert_says (self, "invoice", "en", "href=\"/pay/" PAGE_SAMPLES_TOKEN "/invoice.pdf\"");
  assert_says (self, "invoice", "en", "Due on \u2068Dec 4, 2026\u2069");
  assert_says (self, "invoice", "en", "data-seen=\"/pay/" PAGE_SAMPLES_TOKEN "/seen\"");
  assert_says_not (self, "invoice", "jane@example.com"); /* whoever has the link need not know how to write to her */
  assert_says (self, "invoice-inclusive", "es", "IVA 21 %");
  assert_says (self, "invoice-overdue", "en", "<p class=\"fine late\">Was due on \u2068Nov 18, 2026\u2069");
  assert_says (self, "invoice-ten", "en", "2.5 h");
  assert_says (self, "invoice-ten", "en", "PO-7781");
  assert_says (self, "invoice-reverse", "en", "everse charge");
  assert_says (self, "invoice-long", "en", "More items (<bdi>990</bdi>)");
  assert_says (self, "invoice-long", "en", "More items in the PDF: <bdi>960</bdi>");
  assert_says (self, "invoice-part", "en", "From \u2068A$20.00\u2069 to \u2068A$82.50\u2069.");
  assert_says (self, "invoice-plan", "en", "name=\"amount\" value=\"27.50\"><span>Pay this part: <bdi>A$27.50</bdi>");
  assert_says (self, "invoice-plan", "en", "name=\"amount\" value=\"82.50\"><span>Pay all: <bdi>A$82.50</bdi>");
  assert_says (self, "invoice-plan", "en", "<span class=\"fine late\">Overdue</span>");
  assert_says (self, "invoice-plan-second", "en", "\u2068A$15.00\u2069 of it is left");
  assert_says (self, "invoice-plan-last", "en", ">Pay <bdi>A$27.50</bdi><");
  assert_says_not (self, "invoice-plan-last", "name=\"amount\"");
  assert_says (self, "invoice-plan-wrong", "en", "Enter an amount that can be paid here.");
  assert_says (self, "invoice-credited", "en", "<dt>Credited</dt><dd><bdi>A$20.00</bdi>");
  assert_says (self, "invoice-credit", "en", "keeps \u2068A$7.50\u2069 to your credit");
  assert_says (self, "invoice-void", "en", "This invoice was cancelled");
  assert_says (self, "invoice-void", "en", "Sent twice: 501 is the right one.");
  assert_says (self, "invoice-settled", "en", "This invoice has been paid");
  assert_says (self, "invoice-given-back", "en", "Part of the money was given back.");
  assert_says (self, "invoice-paid-part", "en", "\u2068A$52.50\u2069 is still due.");
  for (guint i = 0; i < G_N_ELEMENTS (folded); i++)
    {
      assert_says (self, folded[i], "en", "<details class=\"doc\">");
      assert_says (self, folded[i], "en", "/invoice.pdf\"");
      assert_says_not (self, folded[i], "id=\"pay\"");
    }
  for (guint i = 0; i < G_N_ELEMENTS (shut); i++)
    {
      assert_says_not (self, shut[i], "Vacuum cleaner");
      assert_says_not (self, shut[i], "82.50");
      assert_says_not (self, shut[i], "invoice.pdf");
      assert_says_not (self, shut[i], "data-seen");
    }
}

/* Whatever is written into a thousand lines, the page stays a page. */
static void
test_worst_invoice (Fixture *self, gconstpointer data)
{
  g_autoptr (GString) worst = g_string_new (NULL);
  g_autoptr (RelayRendered) page = NULL;
  RelayPage *one = sample (self, "invoice-long");

  for (guint i = 0; i < 1000; i++)
    g_string_append (worst, i % 2 ? "\"" : "<");
  for (guint i = 0; i < one->invoice->lines->len; i++)
    {
      CobroInvoiceLine *line = one->invoice->lines->pdata[i];

      cobro_link_set_text (&line->description, worst->str);
      line->tax_rate = (i + 1) * (COBRO_DECIMAL_ONE / 10);
    }
  g_assert_true (cobro_invoice_compute (one->invoice, NULL));
  page = show (self, "invoice-long", "en");
  g_assert_cmpuint (strlen (page->html), <=, WORST_MAX);
  g_test_message ("%" G_GSIZE_FORMAT " bytes", strlen (page->html));
}

/* The hashes in the header are those of the style elements in the page, one by one. */
static void
test_style_sources (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < self->samples->len; i++)
    {
      const PageSample *one = g_ptr_array_index (self->samples, i);
      g_autoptr (RelayRendered) page = relay_templates_checkout (self->templates, one->page, "en");
      const char *at = page->html;
      guint n = 0;

      while ((at = strstr (at, "<style>")) != NULL)
        {
          const char *end = strstr (at, "</style>");
          g_autofree char *css = g_strndup (at + 7, (gsize)(end - at - 7));
          g_autofree char *source = relay_html_style_source (css);

          /* a provider whose script brings styles of its own: hashes would shut them out */
          g_assert_true (
            strstr (page->csp.style_src, source) != NULL ||
            (one->page->state == RELAY_PAGE_EMBEDDED && strcmp (page->csp.style_src, "'unsafe-inline'") == 0));
          at = end;
          n++;
        }
      g_assert_cmpuint (n, ==, 2);
      g_assert_null (strstr (page->html, "style=\""));
    }
}

static guint
count (const char *html, const char *what)
{
  guint n = 0;

  for (; (html = strstr (html, what)) != NULL; html += strlen (what))
    n++;
  return n;
}

static void
test_hostile (Fixture *self, gconstpointer data)
{
  static const char *const names[] = { "hostile", "invoice-hostile" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (RelayRendered) page = show (self, names[i], "en");

      g_assert_cmpuint (count (page->html, "<script"), ==, 1); /* our own */
      g_assert_cmpuint (count (page->html, "<img"), ==, 1);    /* the QR code */
      g_assert_cmpuint (count (page->html, "</title>"), ==, 1);
      g_assert_cmpuint (count (page->html, "</style>"), ==, 2);
      g_assert_cmpuint (count (page->html, "</textarea>"), ==, i == 0 ? 1 : 0);
      g_assert_null (strstr (page->html, "javascript:"));
      g_assert_null (strstr (page->html, " onerror=\""));
    }
}

static void
test_errors (Fixture *self, gconstpointer data)
{
  static const struct
  {
    guint status;
    const char *words;
  } cases[] = {
    { 400, "That did not work" },     { 401, "Not allowed" },
    { 404, "Page not found" },        { 405, "That did not work" },
    { 413, "Too much at once" },      { 415, "That did not work" },
    { 429, "Too many attempts" },     { 500, "Something went wrong on our side" },
    { 502, "We will be right back" }, { 503, "We will be right back" },
    { 504, "We will be right back" }, { 599, "Something went wrong on our side" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RelayRendered) page = relay_templates_error (self->templates, cases[i].status, NULL, "req<1>");

      g_assert_cmpuint (page->status, ==, cases[i].status);
      g_assert_nonnull (strstr (page->html, cases[i].words));
      g_assert_nonnull (strstr (page->html, "req&lt;1&gt;"));
    }
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* The placeholders of a text, sorted. */
static char *
names_in (const char *text)
{
  g_autoptr (GRegex) regex = g_regex_new ("\\{[a-z0-9_]+\\}", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (g_regex_match (regex, text, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL))
    g_ptr_array_add (names, g_match_info_fetch (match, 0));
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return g_strjoinv (" ", (char **)names->pdata);
}

/* Every text has a translation in every language, with the same names in it, and no word of another language. */
static void
test_catalogues (Fixture *self, gconstpointer data)
{
  for (guint language = 1; relay_languages[language] != NULL; language++)
    {
      g_autoptr (RelayCatalogue) catalogue = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (relay_catalogue_load (relay_languages[language], &catalogue, &error));
      for (const RelayText *text = relay_templates_texts; text->key != NULL; text++)
        {
          const char *translation = relay_catalogue_get (catalogue, text->text);
          g_autofree char *wanted = names_in (text->text), *found = names_in (translation);

          g_test_message ("%s: %s → %s", relay_languages[language], text->text, translation);
          /* a text that is its own translation is in the catalogue all the same: the pointer is not ours then */
          g_assert_true (translation != text->text);
          g_assert_cmpstr (found, ==, wanted);
          cobro_test_assert_language (translation, relay_languages[language]);
        }
    }
}

/* The languages of pages are those of documents and mails: a customer chooses one for all of them. */
static void
test_languages (Fixture *self, gconstpointer data)
{
  g_assert_true (g_strv_equal (relay_languages, cobro_words_languages ()));
}

/* Whether @other is said in @own too, as a text or in one. */
static gboolean
is_own (const RelayCatalogue *own, const char *other)
{
  for (const RelayText *text = relay_templates_texts; text->key != NULL; text++)
    if (cobro_test_says (relay_catalogue_get (own, text->text), other))
      return TRUE;
  return FALSE;
}

static void
assert_own_texts (const char *html, const char *name, const char *language, const RelayCatalogue *own,
                  const RelayCatalogue *other)
{
  for (const RelayText *text = relay_templates_texts; text->key != NULL; text++)
    {
      const char *said = relay_catalogue_get (other, text->text);

      if (cobro_test_says (html, said) && !is_own (own, said))
        g_error ("%s in %s says \"%s\"", name, language, said);
    }
}

/* Every state and every error in every language: no text of any other language on it. */
static void
test_own_texts (Fixture *self, gconstpointer data)
{
  static const guint errors[] = { 400, 403, 404, 413, 429, 500, 503 };
  RelayCatalogue *catalogues[8] = { NULL };

  for (guint i = 0; relay_languages[i] != NULL; i++)
    g_assert_true (relay_catalogue_load (relay_languages[i], &catalogues[i], NULL));
  for (guint own = 0; relay_languages[own] != NULL; own++)
    for (guint i = 0; i < self->samples->len + G_N_ELEMENTS (errors); i++)
      {
        const PageSample *one = i < self->samples->len ? g_ptr_array_index (self->samples, i) : NULL;
        const char *language = relay_languages[own], *name = one != NULL ? one->name : "error";
        g_autoptr (RelayRendered) page =
          one != NULL ? relay_templates_checkout (self->templates, one->page, language)
                      : relay_templates_error (self->templates, errors[i - self->samples->len], language, "req-1");
        g_autofree char *lang =
          g_strdup_printf ("<html lang=\"%s\" dir=\"%s\">", language, g_str_equal (language, "ar") ? "rtl" : "ltr");

        g_assert_nonnull (strstr (page->html, lang));
        for (guint other = 0; relay_languages[other] != NULL; other++)
          if (other != own)
            assert_own_texts (page->html, name, language, catalogues[own], catalogues[other]);
      }
  for (guint i = 0; relay_languages[i] != NULL; i++)
    relay_catalogue_free (catalogues[i]);
}

static void
test_accent (void)
{
  static const char *const bad[] = { NULL, "", "red", "#fff", "#12345g", "#1234567", "#fff;}</style>" };
  g_autofree char *own = relay_accent_style (""), *yellow = relay_accent_style ("#ffd400"),
                  *white = relay_accent_style ("#ffffff");

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *style = relay_accent_style (bad[i]);

      g_assert_cmpstr (style, ==, own);
    }
  g_assert_true (g_str_has_prefix (own, ":root{--act:#0f6f63;--act-ink:#fff;--act-edge:#0f6f63}"));
  g_assert_true (g_str_has_prefix (yellow, ":root{--act:#ffd400;--act-ink:#000;--act-edge:#"));
  g_assert_null (strstr (yellow, "--act-edge:#ffd400}@")); /* yellow on white is not seen */
  g_assert_true (g_str_has_prefix (white, ":root{--act:#ffffff;--act-ink:#000;--act-edge:#"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/templates/words", test_words);
  ADD ("/templates/ways", test_ways);
  ADD ("/templates/invoices", test_invoices);
  ADD ("/templates/worst-invoice", test_worst_invoice);
  ADD ("/templates/live", test_live);
  ADD ("/templates/weight", test_weight);
  ADD ("/templates/style-sources", test_style_sources);
  ADD ("/templates/hostile", test_hostile);
  ADD ("/templates/errors", test_errors);
  ADD ("/templates/catalogues", test_catalogues);
  ADD ("/templates/languages", test_languages);
  ADD ("/templates/own-texts", test_own_texts);
#undef ADD
  g_test_add_func ("/templates/accent", test_accent);
  return g_test_run ();
}
