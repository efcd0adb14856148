/* tests/relay/templates/test-scripts.c — the manifest of third-party scripts, and the watch that holds pages against
 * it. proves: OPL-4 Layer: tests. */
#include <string.h>
#include "cobro-error.h"
#include "cobro-test.h"
#include "page-samples.h"
#include "relay-watch.h"

/* ── The manifest ───────────────────────────────────────────────────────────────────────────────────────────── */

#define SCRIPT(url, more)                                                                                              \
  "{\"scripts\":[{\"provider\":\"acme\",\"url\":\"" url "\",\"reason\":\"Takes the card in a frame of its own.\","     \
  "\"owner\":\"Acme\"" more "}]}"
#define SOURCES(sources) ",\"directives\":{" sources "}"
#define OWN_HOST         "\"script-src\":\"https://js.acme.example\""
#define GOOD             SCRIPT ("https://js.acme.example/v1.js", SOURCES (OWN_HOST))

static void
test_manifest (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayScripts) good = relay_scripts_parse (GOOD, -1, &error);
  g_autoptr (RelayScripts) own = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (relay_scripts_list (good)->len, ==, 1);
  own = relay_scripts_load (&error);
  g_assert_no_error (error);
  for (guint i = 0; i < relay_scripts_list (own)->len; i++)
    {
      const RelayScript *script = relay_scripts_list (own)->pdata[i];

      g_assert_true (g_str_has_prefix (script->url, "https://"));
      g_assert_true (relay_scripts_covers (script->sources[RELAY_SOURCE_SCRIPT], script->url));
    }
}

static void
test_broken_manifests (void)
{
  static const struct
  {
    const char *json, *path, *words;
  } broken[] = {
    { "", NULL, "" },
    { "[]", NULL, "" },
    { "{\"script\":[]}", "script", "unknown" },
    { SCRIPT ("https://js.acme.example/v1.js", SOURCES ("")), "scripts[0].directives", "own host" },
    { SCRIPT ("https://js.acme.example/v1.js", SOURCES ("\"script-src\":\"https://other.example\"")),
      "scripts[0].directives", "own host" },
    { SCRIPT ("http://js.acme.example/v1.js", SOURCES (OWN_HOST)), "scripts[0].url", "https" },
    { SCRIPT ("https://js.acme.example/v1.js?x=1", SOURCES (OWN_HOST)), "scripts[0].url", "https" },
    { SCRIPT ("https://js.acme.example", SOURCES (OWN_HOST)), "scripts[0].url", "https" },
    { SCRIPT ("https://js.acme.example/v1.js", SOURCES ("\"script-src\":\"https://js.acme.example 'unsafe-eval'\"")),
      "scripts[0].directives", "unsafe-eval" },
    { SCRIPT ("https://js.acme.example/v1.js", SOURCES ("\"script-src\":\"*\"")), "scripts[0].directives", "\"*\"" },
    { SCRIPT ("https://js.acme.example/v1.js", SOURCES ("\"script-src\":\"https:\"")), "scripts[0].directives",
      "https:" },
    { SCRIPT ("https://js.acme.example/v1.js",
              SOURCES ("\"script-src\":\"https://js.acme.example; frame-src https://evil.example\"")),
      "scripts[0].directives", "origin" },
    { SCRIPT ("https://js.acme.example/v1.js",
              SOURCES ("\"script-src\":\"https://js.acme.example\",\"default-src\":\"https://js.acme.example\"")),
      "scripts[0].directives", "default-src" },
    { SCRIPT ("https://js.acme.example/v1.js", SOURCES (OWN_HOST) ",\"integrity\":\"md5-x\""), "scripts[0].integrity",
      "sha256" },
    { SCRIPT ("https://js.acme.example/v1.js", SOURCES (OWN_HOST) ",\"why\":\"\""), "scripts[0].why", "unknown" },
    { "{\"scripts\":[{\"provider\":\"acme\",\"url\":\"https://js.acme.example/v1.js\",\"reason\":\"because\","
      "\"owner\":\"Acme\"}]}",
      "scripts[0].reason", "characters" },
    { "{\"scripts\":[{\"provider\":\"acme\",\"url\":\"https://js.acme.example/v1.js\","
      "\"reason\":\"Takes the card in a frame of its own.\"}]}",
      "scripts[0].owner", "required" },
    { "{\"scripts\":[],\"pages\":[{\"provider\":\"acme\",\"hosts\":\"https://*\",\"reason\":\"The hosted page of "
      "Acme.\",\"owner\":\"Acme\"}]}",
      "pages[0].hosts", "origin" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", broken[i].json);
      g_assert_null (relay_scripts_parse (broken[i].json, -1, &error));
      g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
      if (broken[i].path != NULL)
        g_assert_cmpstr (cobro_error_get_path (error), ==, broken[i].path);
      g_assert_nonnull (strstr (error->message, broken[i].words));
    }
}

static void
test_covers (void)
{
  static const struct
  {
    const char *sources, *url;
    gboolean covered;
  } cases[] = {
    { "https://a.example", "https://a.example/x", TRUE },
    { "https://a.example", "https://a.example", TRUE },
    { "https://a.example", "https://a.example.evil.example/x", FALSE },
    { "https://a.example", "https://a.example:8443/x", FALSE },
    { "https://a.example", "https://a.example@evil.example/", FALSE },
    { "https://a.example", "http://a.example/x", FALSE },
    { "https://b.example https://a.example", "https://a.example?x", TRUE },
    { "https://*.a.example", "https://js.a.example/x", TRUE },
    { "https://*.a.example", "https://x.js.a.example/x", TRUE },
    { "https://*.a.example", "https://a.example/x", FALSE },
    { "https://*.a.example", "https://eviLa.example/x", FALSE },
    { "https://*.a.example", "https://js.a.example.evil.example/x", FALSE },
    { "https://*.a.example", "https://js.a.example:8443/x", FALSE },
    { "https://*.a.example", "ht", FALSE },
    { "http://127.0.0.1:80", "http://127.0.0.1:8080/", FALSE },
    { "'self' data:", "https://a.example/", FALSE },
    { "", "https://a.example/", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s %s", cases[i].sources, cases[i].url);
      g_assert_cmpint (relay_scripts_covers (cases[i].sources, cases[i].url), ==, cases[i].covered);
    }
}

static void
test_stand_in (void)
{
  g_autoptr (RelayScripts) scripts = relay_scripts_load (NULL);
  g_autofree char *live = NULL, *test = NULL, *other = NULL, *style = NULL;
  g_autoptr (GPtrArray) live_urls = NULL, test_urls = NULL;

  relay_scripts_set_stand_in (scripts, "stripe", "http://127.0.0.1:4010");
  live = relay_scripts_sources (scripts, "stripe", RELAY_SOURCE_SCRIPT, TRUE);
  test = relay_scripts_sources (scripts, "stripe", RELAY_SOURCE_SCRIPT, FALSE);
  other = relay_scripts_sources (scripts, "razorpay", RELAY_SOURCE_SCRIPT, FALSE);
  style = relay_scripts_sources (scripts, "stripe", RELAY_SOURCE_STYLE, FALSE);
  g_assert_nonnull (strstr (live, "https://js.stripe.com"));
  g_assert_null (strstr (live, "127.0.0.1")); /* never on a live page */
  g_assert_cmpstr (test, ==, "http://127.0.0.1:4010");
  g_assert_null (strstr (other, "127.0.0.1"));
  g_assert_cmpstr (style, ==, "");
  live_urls = relay_scripts_urls (scripts, "stripe", TRUE);
  test_urls = relay_scripts_urls (scripts, "stripe", FALSE);
  g_assert_cmpstr (live_urls->pdata[0], ==, "https://js.stripe.com/endive/stripe.js");
  g_assert_cmpstr (test_urls->pdata[0], ==, "http://127.0.0.1:4010/endive/stripe.js");
}

/* The whole policy of live pages, letter by letter: what is added for a provider, and that it is added nowhere else. */
static void
test_policies (void)
{
  static const struct
  {
    const char *provider, *more;
  } cases[] = {
    { "nobody", "img-src 'self' data:; style-src 'self'; font-src 'self'; script-src 'self'; connect-src 'self'; " },
    { "flutterwave",
      "img-src 'self' data:; style-src 'self'; font-src 'self'; script-src 'self'; connect-src 'self'; " },
    { "stripe", "img-src 'self' data: https://*.stripe.com; style-src 'self'; font-src 'self'; "
                "script-src 'self' https://js.stripe.com https://*.js.stripe.com; "
                "connect-src 'self' https://api.stripe.com; "
                "frame-src https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com; " },
    { "openpay", "img-src 'self' data: https://api.openpay.mx https://sandbox-api.openpay.mx; style-src 'self'; "
                 "font-src 'self'; script-src 'self' https://js.openpay.mx; "
                 "connect-src 'self' https://api.openpay.mx https://sandbox-api.openpay.mx; "
                 "frame-src https://api.openpay.mx https://sandbox-api.openpay.mx; " },
    { "razorpay", "img-src 'self' data: https://cdn.razorpay.com https://checkout.razorpay.com; "
                  "style-src 'self' 'unsafe-inline'; font-src 'self'; script-src 'self' https://checkout.razorpay.com; "
                  "connect-src 'self' https://api.razorpay.com https://checkout.razorpay.com "
                  "https://lumberjack.razorpay.com; "
                  "frame-src https://api.razorpay.com https://checkout.razorpay.com; " },
  };
  g_autoptr (RelayScripts) scripts = relay_scripts_load (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) policy = g_string_new (NULL);
      g_autofree char *expected = g_strconcat (
        "default-src 'none'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'; ",
        cases[i].more, "require-trusted-types-for 'script'; upgrade-insecure-requests", NULL);
      RelayCsp csp = { 0 };

      relay_scripts_fill_csp (scripts, cases[i].provider, TRUE, &csp);
      relay_csp_append (&csp, FALSE, policy);
      relay_csp_clear (&csp);
      g_assert_cmpstr (policy->str, ==, expected);
    }
}

/* ── The watch ──────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  RelayTemplates *templates;
  GPtrArray *samples;
  GHashTable *headers;
  char *html, *url;
} Fixture;

static void
set_header (Fixture *self, const char *name, const char *value)
{
  g_hash_table_replace (self->headers, g_strdup (name), g_strdup (value));
}

/* The page as the relay sends it behind TLS. */
static void
serve (Fixture *self, const char *sample, const char *url)
{
  for (guint i = 0; i < self->samples->len; i++)
    {
      const PageSample *one = g_ptr_array_index (self->samples, i);
      g_autoptr (GString) policy = g_string_new (NULL);
      g_autoptr (RelayRendered) page = NULL;

      if (strcmp (one->name, sample) != 0)
        continue;
      page = relay_templates_checkout (self->templates, one->page, "en");
      relay_csp_append (&page->csp, FALSE, policy);
      set_header (self, "content-security-policy", policy->str);
      self->html = g_steal_pointer (&page->html);
    }
  g_assert_nonnull (self->html);
  self->url = g_strdup (url);
  set_header (self, "x-content-type-options", "nosniff");
  set_header (self, "x-frame-options", "DENY");
  set_header (self, "referrer-policy", "no-referrer");
  set_header (self, "cache-control", "no-store");
  set_header (self, "cross-origin-opener-policy", "same-origin");
  set_header (self, "permissions-policy", "camera=()");
  set_header (self, "strict-transport-security", "max-age=63072000");
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->templates = relay_templates_new (&error);
  g_assert_no_error (error);
  self->samples = page_samples_new ();
  self->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  relay_templates_free (self->templates);
  g_ptr_array_unref (self->samples);
  g_hash_table_unref (self->headers);
  g_free (self->html);
  g_free (self->url);
}

/* (transfer full) */
static GPtrArray *
watch (Fixture *self, guint *out_scripts)
{
  RelayWatched page = { .url = self->url, .headers = self->headers, .html = self->html };
  g_autoptr (GPtrArray) scripts = NULL;
  GPtrArray *findings = relay_watch_page (self->templates, &page, &scripts);

  for (guint i = 0; i < findings->len; i++)
    g_test_message ("%s", (char *)findings->pdata[i]);
  if (out_scripts != NULL)
    *out_scripts = scripts->len;
  return findings;
}

static void
test_as_it_should_be (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *sample, *url;
    guint scripts;
  } pages[] = {
    { "open", "https://pay.example/pay/x", 1 },
    { "open-live", "https://pay.example/pay/x", 1 },
    { "ways", "https://pay.example/pay/x", 1 },
    { "hostile", "https://pay.example/pay/x", 1 },
    { "embedded", "https://pay.example/pay/x/with/stripe", 3 },
    { "embedded-form", "https://pay.example/pay/x/with/openpay", 4 },
    { "embedded-start", "https://pay.example/pay/x/with/razorpay", 3 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autoptr (GPtrArray) findings = NULL;
      guint scripts;

      g_clear_pointer (&self->html, g_free);
      g_clear_pointer (&self->url, g_free);
      serve (self, pages[i].sample, pages[i].url);
      g_test_message ("%s", pages[i].sample);
      findings = watch (self, &scripts);
      g_assert_cmpuint (findings->len, ==, 0);
      g_assert_cmpuint (scripts, ==, pages[i].scripts);
    }
}

/* What a skimmer, a broken proxy or a helpful CDN does to a page. */
static const struct
{
  const char *from, *to, *found;
} changes[] = {
  { "</main>", "<script src=\"https://evil.example/x.js\"></script></main>",
    "https://evil.example/x.js is not in the" },
  { "</main>", "<SCRIPT>skim()</SCRIPT></main>", "inline script" },
  { "</main>", "<!--><script>skim()</script>--></main>", "inline script" },
  { "</main>", "<script src='/cdn-cgi/x.js'></script></main>", "/cdn-cgi/x.js is not one of" },
  { "</main>", "<script src=//evil.example/x.js></script></main>", "https://evil.example/x.js is not in the" },
  { "</main>", "<script src=\"data:text/javascript,1\"></script></main>", "data:text/javascript,1 is not in the" },
  { "</main>", "<img src=\"https://evil.example/p.gif\"></main>", "evil.example/p.gif" },
  { "</main>", "<iframe src=\"/x\"></iframe></main>", "<iframe>" },
  { "</main>", "<link rel=stylesheet href=https://evil.example/x.css></main>", "evil.example/x.css" },
  { "</main>", "<base href=\"https://evil.example/\"></main>", "<base>" },
  { "</main>", "<svg onload=\"skim()\"></svg></main>", "onload" },
  { "</main>", "<a href=\" javascript:skim()\">x</a></main>", "javascript" },
  { "</main>", "<style>body{background:url(https://evil.example/)}</style></main>", "a style that is not ours" },
  { "</main>", "<meta http-equiv=\"refresh\" content=\"0;url=https://evil.example/\"></main>", "evil.example" },
  { "<form method=\"post\" action=\"/pay/", "<form method=\"post\" action=\"https://evil.example/pay/",
    "evil.example" },
  { "integrity=\"sha256-", "integrity=\"sha256-x", "integrity" },
};

static void
replace (Fixture *self, const char *from, const char *to)
{
  g_auto (GStrv) parts = g_strsplit (self->html, from, 2);

  g_assert_nonnull (parts[1]);
  g_free (self->html);
  self->html = g_strjoinv (to, parts);
}

static void
test_changed_pages (Fixture *self, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr (GPtrArray) findings = NULL;
      gboolean found = FALSE;

      g_clear_pointer (&self->html, g_free);
      g_clear_pointer (&self->url, g_free);
      serve (self, "open", "https://pay.example/pay/x");
      replace (self, changes[i].from, changes[i].to);
      g_test_message ("%s", changes[i].to);
      findings = watch (self, NULL);
      for (guint j = 0; j < findings->len; j++)
        found = found || strstr (findings->pdata[j], changes[i].found) != NULL;
      g_assert_true (found);
    }
}

static void
expect_one (Fixture *self, const char *words)
{
  g_autoptr (GPtrArray) findings = watch (self, NULL);

  g_assert_cmpuint (findings->len, ==, 1);
  g_assert_nonnull (strstr (findings->pdata[0], words));
}

static void
test_changed_headers (Fixture *self, gconstpointer data)
{
  g_autofree char *policy = NULL, *more = NULL, *less = NULL;
  g_auto (GStrv) parts = NULL;
  g_autoptr (GPtrArray) two = NULL;

  serve (self, "open", "https://pay.example/pay/x");
  policy = g_strdup (g_hash_table_lookup (self->headers, "content-security-policy"));
  parts = g_strsplit (policy, "script-src 'self'", 2);
  more = g_strjoinv ("script-src 'self' https://evil.example", parts);
  set_header (self, "content-security-policy", more);
  expect_one (self, "the policy allows script-src https://evil.example");
  less = g_strjoinv ("x-src 'self'", parts);
  set_header (self, "content-security-policy", less);
  two = watch (self, NULL);
  g_assert_cmpuint (two->len, ==, 2);
  g_hash_table_remove (self->headers, "content-security-policy");
  expect_one (self, "no Content-Security-Policy");
  set_header (self, "content-security-policy", policy);
  set_header (self, "x-frame-options", "ALLOWALL");
  expect_one (self, "x-frame-options");
  set_header (self, "x-frame-options", "DENY");
  g_hash_table_remove (self->headers, "strict-transport-security");
  expect_one (self, "strict-transport-security");
}

/* A provider's script belongs on that provider's page alone. */
static void
test_wrong_page (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) findings = NULL;

  serve (self, "embedded", "https://pay.example/pay/x/with/razorpay");
  findings = watch (self, NULL);
  g_assert_cmpuint (findings->len, >, 0);
  g_assert_nonnull (strstr (findings->pdata[0], "https://js.stripe.com/endive/stripe.js is not in the manifest"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scripts/manifest", test_manifest);
  g_test_add_func ("/scripts/broken", test_broken_manifests);
  g_test_add_func ("/scripts/covers", test_covers);
  g_test_add_func ("/scripts/stand-in", test_stand_in);
  g_test_add_func ("/scripts/policies", test_policies);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/watch/as-it-should-be", test_as_it_should_be);
  ADD ("/watch/changed-pages", test_changed_pages);
  ADD ("/watch/changed-headers", test_changed_headers);
  ADD ("/watch/wrong-page", test_wrong_page);
#undef ADD
  return g_test_run ();
}
