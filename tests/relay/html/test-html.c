/* tests/relay/html/test-html.c — escaping by context, templates, catalogues, languages.
 * Layer: tests. */
#include <string.h>
#include "cobro-test.h"
#include "relay-catalogue.h"
#include "relay-html.h"
#include "relay-language.h"
#include "relay-template-loader.h"

typedef void (*Append) (GString *out, const char *text);

static void
assert_appended (Append append, const char *text, const char *expected)
{
  g_autoptr (GString) out = g_string_new (NULL);

  append (out, text);
  g_assert_cmpstr (out->str, ==, expected);
}

static void
test_escaping (void)
{
  assert_appended (relay_html_append_text, "a < b & \"c\" > 'd'", "a &lt; b &amp; &quot;c&quot; &gt; &#39;d&#39;");
  assert_appended (relay_html_append_text, "día\n\tnoche", "día\n\tnoche");
  assert_appended (relay_html_append_text, "\x01\x1b\x7f", "\ufffd\ufffd\ufffd");
  assert_appended (relay_html_append_text, "", "");
  assert_appended (relay_html_append_text, NULL, "");
  assert_appended (relay_html_append_attribute, "a\"b\n\tc", "a&quot;b&#10;&#9;c");
  assert_appended (relay_html_append_url_part, "../a?b=\"c\"", "..%2Fa%3Fb%3D%22c%22");
}

static void
test_urls (void)
{
  static const char *const good[] = { "https://a.example/x?y=1",
                                      "http://127.0.0.1:80/",
                                      "/pay/abc",
                                      "?d=1",
                                      "#top",
                                      "mailto:ana@example.com",
                                      "tel:+34600",
                                      "sms:+34600",
                                      "HTTPS://A.example" };
  static const char *const bad[] = { "javascript:alert(1)",
                                     "JaVaScRiPt:alert(1)",
                                     " javascript:alert(1)",
                                     "java\tscript:alert(1)",
                                     "data:text/html,x",
                                     "//evil.example",
                                     "/\\evil.example",
                                     "vbscript:x",
                                     "pay",
                                     "",
                                     "https:evil",
                                     "\x01https://a.example",
                                     "file:///etc/passwd" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    assert_appended (relay_html_append_url, good[i], good[i]);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_appended (relay_html_append_url, bad[i], "about:blank");
  assert_appended (relay_html_append_url, "/pay?a=1&b=\"2\"", "/pay?a=1&amp;b=&quot;2&quot;");
}

static void
test_style_source (void)
{
  /* openssl dgst -sha256 -binary | base64 */
  g_autofree char *source = relay_html_style_source ("body{margin:0}");

  g_assert_cmpstr (source, ==, "'sha256-IAdwN3biDCQ3brrgp1m8kBEsPQYyqfREKOEfeoREopc='");
}

/* ── Templates ──────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef enum
{
  NAME_A,
  NAME_B,
  NAME_LIST,
  N_NAMES
} Name;

static const char *const names[] = { "a", "b", "list", NULL };

static const char *
find_text (gpointer data, const char *key)
{
  if (strcmp (key, "greet") == 0)
    return "Hello {a} & <you>";
  return strcmp (key, "broken") == 0 ? "Hello {a" : strcmp (key, "strange") == 0 ? "Hello {who}" : NULL;
}

static char *
include_file (gpointer data, const char *file, GError **error)
{
  if (strcmp (file, "self") == 0)
    return g_strdup ("{{>self}}");
  return strcmp (file, "bit") == 0 ? g_strdup ("<i>{{a}}</i>") : NULL;
}

static RelayTemplate *
compile (const char *text, GError **error)
{
  RelayTemplateSource source = { names, find_text, include_file, NULL };

  return relay_template_compile ("test", text, &source, error);
}

static RelayValues *
values_new (const char *a, const char *b, guint n_items)
{
  RelayValues *values = relay_values_new (N_NAMES);

  relay_values_set (values, NAME_A, a);
  relay_values_set (values, NAME_B, b);
  for (guint i = 0; i < n_items; i++)
    relay_values_take (relay_values_add (values, NAME_LIST), NAME_B, g_strdup_printf ("%u", i));
  return values;
}

static void
assert_rendered (const char *text, const RelayValues *values, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayTemplate) template = compile (text, &error);
  g_autoptr (GString) html = g_string_new (NULL);

  g_assert_no_error (error);
  relay_template_render (template, values, html);
  g_assert_cmpstr (html->str, ==, expected);
}

static void
test_template (void)
{
  g_autoptr (RelayValues) both = values_new ("<A>", "B\"", 3), none = values_new (NULL, "", 0);

  assert_rendered ("plain", both, "plain");
  assert_rendered ("<p>{{a}}</p>", both, "<p>&lt;A&gt;</p>");
  assert_rendered ("<p>{{a}}</p>", none, "<p></p>");
  assert_rendered ("<p title=\"{{b}}\">", both, "<p title=\"B&quot;\">");
  assert_rendered ("<title>{{_greet}}</title>", both, "<title>Hello &lt;A&gt; &amp; &lt;you&gt;</title>");
  assert_rendered ("<p>{{_greet}}</p>", both, "<p>Hello <bdi>&lt;A&gt;</bdi> &amp; &lt;you&gt;</p>");
  assert_rendered ("<p title=\"{{_greet}}\">", both, "<p title=\"Hello &lt;A&gt; &amp; &lt;you&gt;\">");
  assert_rendered ("{{#if a}}yes{{#else}}no{{/if}}", both, "yes");
  assert_rendered ("{{#if a}}yes{{#else}}no{{/if}}", none, "no");
  assert_rendered ("{{#if b}}yes{{#else}}no{{/if}}", none, "no");
  assert_rendered ("{{#if !a}}no{{/if}}.", none, "no.");
  assert_rendered ("{{#if list}}[{{#each list}}{{a}}{{b}},{{/each}}]{{/if}}", both,
                   "[&lt;A&gt;0,&lt;A&gt;1,&lt;A&gt;2,]");
  assert_rendered ("{{#each list}}x{{/each}}.", none, ".");
  assert_rendered ("{{#each list}}{{#if a}}{{#if b}}{{b}}{{/if}}{{/if}}{{/each}}", both, "012");
  assert_rendered ("<b>\n   a  b\n</b>", none, "<b>\na b\n</b>");
  assert_rendered ("{{>bit}} {{>bit}}", both, "<i>&lt;A&gt;</i> <i>&lt;A&gt;</i>");
  assert_rendered ("<input{{#if a}} checked{{/if}}>", both, "<input checked>");
  assert_rendered ("<style>{{a}}</style>{{b}}", both, "<style></style>B&quot;");
}

static void
test_template_urls (void)
{
  g_autoptr (RelayValues) bad = values_new ("javascript:alert(1)", "../x\"", 0),
                          good = values_new ("https://a.example/", "ok", 0);

  assert_rendered ("<a href=\"{{a}}\">", bad, "<a href=\"about:blank\">");
  assert_rendered ("<a href=\"{{a}}\">", good, "<a href=\"https://a.example/\">");
  assert_rendered ("<form action=\"/pay/{{b}}\">", bad, "<form action=\"/pay/..%2Fx%22\">");
  assert_rendered ("<img src=\"/x/{{b}}.svg\" alt=\"{{a}}\">", good,
                   "<img src=\"/x/ok.svg\" alt=\"https://a.example/\">");
}

/* There is no way to write unescaped text: where nothing can be escaped, the template does not compile. */
static void
test_template_refused (void)
{
  static const char *const refused[] = {
    "<script>{{a}}</script>",
    "<p onclick=\"{{a}}\">",
    "<p style=\"{{a}}\">",
    "<p class={{a}}>",
    "<p class='{{a}}'>",
    "<{{a}}>",
    "<p {{a}}>",
    "<!-- {{a}} -->",
    "<iframe srcdoc=\"{{a}}\">",
    "<script>{{_greet}}</script>",
    "<style>{{_greet}}</style>",
    "<a href=\"{{_greet}}\">",
    "{{unknown}}",
    "{{#if unknown}}{{/if}}",
    "{{_unknown}}",
    "{{_broken}}",
    "{{_strange}}",
    "{{a",
    "{{#if a}}",
    "{{/if}}",
    "{{#else}}",
    "{{#if a}}{{/each}}",
    "{{#each list}}{{#else}}{{/each}}",
    "{{#if a}}<p title=\"{{/if}}",
    "{{#if a}}<p>{{#else}}<script>{{/if}}",
    "{{>missing}}",
    "{{>self}}",
    "{{#if a}}1{{#else}}2{{#else}}3{{/if}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", refused[i]);
      g_assert_null (compile (refused[i], &error));
      g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INTERNAL);
      g_assert_nonnull (strstr (error->message, "template "));
    }
}

/* Whatever is put in, the tags of the page stay the template's own. */
static void
test_template_hostile (void)
{
  g_autoptr (CobroRandom) random = cobro_test_random ();
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayTemplate) template = compile ("<a href=\"{{a}}\" title=\"{{b}}\">{{a}}{{b}}</a>", &error);
  static const char pieces[] = "<>\"'&/\\ \n\t\x01{}=;:#ajs";

  g_assert_no_error (error);
  for (guint round = 0; round < 2000; round++)
    {
      char a[33] = "", b[33] = "";
      g_autoptr (RelayValues) values = NULL;
      g_autoptr (GString) html = g_string_new (NULL);
      guint tags = 0, quotes = 0;

      for (guint i = 0; i < 32; i++)
        {
          a[i] = pieces[cobro_random_below (random, sizeof pieces - 1)];
          b[i] = pieces[cobro_random_below (random, sizeof pieces - 1)];
        }
      values = values_new (a, b, 0);
      relay_template_render (template, values, html);
      for (gsize i = 0; i < html->len; i++)
        {
          tags += html->str[i] == '<';
          quotes += html->str[i] == '"' || html->str[i] == '\'';
        }
      g_assert_cmpuint (tags, ==, 2);
      g_assert_cmpuint (quotes, ==, 4);
    }
}

/* ── Catalogues ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_catalogue (void)
{
  g_autoptr (RelayCatalogue) spanish = NULL, english = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (relay_catalogue_load ("es", &spanish, &error));
  g_assert_true (relay_catalogue_load ("en", &english, &error));
  g_assert_no_error (error);
  g_assert_null (english);
  g_assert_cmpstr (relay_catalogue_get (spanish, "Approve"), ==, "Aprobar");
  g_assert_cmpstr (relay_catalogue_get (spanish, "nowhere to be found"), ==, "nowhere to be found");
  g_assert_cmpstr (relay_catalogue_get (NULL, "Approve"), ==, "Approve");
}

/* One text "a" → "b", in this machine's byte order. */
static GByteArray *
mo_new (void)
{
  const guint32 words[] = { 0x950412de, 0, 1, 28, 36, 0, 0, 1, 44, 1, 46 };
  GByteArray *mo = g_byte_array_new ();

  g_byte_array_append (mo, (const guint8 *)words, sizeof words);
  g_byte_array_append (mo, (const guint8 *)"a\0b\0", 4);
  return mo;
}

static void
test_catalogue_damaged (void)
{
  g_autoptr (GByteArray) mo = mo_new ();

  for (guint size = 0; size <= mo->len; size++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (mo->data, size);
      g_autoptr (GError) error = NULL;
      g_autoptr (RelayCatalogue) catalogue = relay_catalogue_new (bytes, &error);

      if (size == mo->len)
        g_assert_cmpstr (relay_catalogue_get (catalogue, "a"), ==, "b");
      else
        g_assert_error (error, COBRO_ERROR, COBRO_ERROR_CORRUPT);
    }
  for (guint at = 0; at < mo->len - 4; at++) /* every byte of the tables, made absurd */
    {
      g_autofree guint8 *copy = g_memdup2 (mo->data, mo->len);
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (RelayCatalogue) catalogue = NULL;

      copy[at] ^= 0xff;
      bytes = g_bytes_new (copy, mo->len);
      catalogue = relay_catalogue_new (bytes, &error);
      g_assert_true ((catalogue == NULL) == (error != NULL));
    }
}

/* ── Languages ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_language (void)
{
  static const char *const offered[] = { "en", "es", NULL };
  static const struct
  {
    const char *wanted, *accept, *language, *locale, *fallback;
  } cases[] = {
    { NULL, NULL, "en", "en", NULL },
    { "auto", "", "en", "en", NULL },
    { "auto", "es-MX,es;q=0.9,en;q=0.8", "es", "es-MX", NULL },
    { "auto", "de,fr;q=0.9", "en", "en", NULL },
    { "auto", "de,es;q=0.3,en;q=0.4", "en", "en", NULL },
    { "auto", "es;q=0", "en", "en", NULL },
    { "auto", "en;q=0.5, es", "es", "es", NULL },
    { "es-AR", "en-GB", "es", "es-AR", NULL },
    { "de", "es", "es", "es", NULL },
    { "auto", "*", "en", "en", NULL },
    { "auto", "ES-es", "es", "ES-es", NULL },
    { "auto", "es;q=2;q=1,en", "en", "en", NULL },
    { "auto", "es;q=abc,en-US", "en", "en-US", NULL },
    { "auto", "<script>,\"es\",;;;,=,e", "en", "en", NULL },
    { "auto", "en-AU", "en", "en-AU", NULL },
    { "auto", "en-AU", "en", "en-AU", "es" },    /* the reader before the shop */
    { "auto", "de,fr", "es", "es-MX", "es-MX" }, /* the shop before English */
    { "en", "es", "en", "en", "es-MX" },
    { "auto", NULL, "es", "es", "es" },
    { "auto", "de", "en", "en", "auto" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *language = relay_language_choose (cases[i].wanted, cases[i].accept, cases[i].fallback, offered);
      g_autofree char *locale = relay_language_locale (cases[i].wanted, cases[i].accept, cases[i].fallback, language);

      g_test_message ("%s | %s", cases[i].wanted, cases[i].accept);
      g_assert_cmpstr (language, ==, cases[i].language);
      g_assert_cmpstr (locale, ==, cases[i].locale);
    }
  g_assert_cmpstr (relay_language_direction ("ar"), ==, "rtl");
  g_assert_cmpstr (relay_language_direction ("ar-EG"), ==, "rtl");
  g_assert_cmpstr (relay_language_direction ("es"), ==, "ltr");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/html/escaping", test_escaping);
  g_test_add_func ("/html/urls", test_urls);
  g_test_add_func ("/html/style-source", test_style_source);
  g_test_add_func ("/html/template", test_template);
  g_test_add_func ("/html/template/urls", test_template_urls);
  g_test_add_func ("/html/template/refused", test_template_refused);
  g_test_add_func ("/html/template/hostile", test_template_hostile);
  g_test_add_func ("/html/catalogue", test_catalogue);
  g_test_add_func ("/html/catalogue/damaged", test_catalogue_damaged);
  g_test_add_func ("/html/language", test_language);
  return g_test_run ();
}
