/* relay/templates/relay-watch.c — a payment page as browsers get it, compared with what this program would send.
 * Layer: relay/templates. */
#include "relay-watch.h"

#include <string.h>

#include "relay-html.h"
#include "relay-watch-tags.h"

#define ASSETS "/assets/"

/* One page under the glass. */
typedef struct
{
  RelayTemplates *templates;
  const RelayScripts *manifest;
  const RelayWatched *page;
  char *origin;        /* "https://pay.example" */
  char *provider;      /* (nullable) whose script may be here: the page's address says it */
  GString *styles;     /* sources of the style elements that are as we make them */
  GPtrArray *scripts;  /* (element-type RelayWatchedScript) */
  GPtrArray *findings; /* (element-type utf8) */
} Watch;

static void note (Watch *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
note (Watch *self, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (self->findings, g_strdup_vprintf (format, args));
  va_end (args);
}

static void
script_free (gpointer data)
{
  RelayWatchedScript *script = data;

  g_free (script->url);
  g_free (script->integrity);
  g_free (script);
}

char *
relay_watch_hash (GBytes *bytes)
{
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autofree char *source = relay_html_style_source (text); /* "'sha256-…'" */

  return g_strndup (source + 1, strlen (source) - 2);
}

/* ── What it loads ──────────────────────────────────────────────────────────────────────────────────────────── */

/* (transfer full) (nullable) absolute; NULL: no address at all. */
static char *
resolve (const Watch *self, const char *address)
{
  return g_uri_resolve_relative (self->page->url, address, G_URI_FLAGS_NONE, NULL);
}

static gboolean
is_own (const Watch *self, const char *url)
{
  return relay_scripts_covers (self->origin, url);
}

static const RelayScript *
find_in_manifest (const Watch *self, const char *url)
{
  const GPtrArray *all = relay_scripts_list (self->manifest);
  g_autoptr (GPtrArray) urls = NULL;

  if (self->provider == NULL)
    return NULL;
  urls = relay_scripts_urls (self->manifest, self->provider, TRUE);
  for (guint i = 0; i < urls->len; i++)
    if (strcmp (urls->pdata[i], url) == 0)
      for (guint j = 0; j < all->len; j++)
        if (strcmp (((const RelayScript *)all->pdata[j])->url, url) == 0)
          return all->pdata[j];
  return NULL;
}

static void
look_at_own_script (Watch *self, RelayWatchedScript *script, const char *said)
{
  const char *path = script->url + strlen (self->origin), *type = NULL;
  GBytes *bytes =
    g_str_has_prefix (path, ASSETS) ? relay_templates_asset (self->templates, path + strlen (ASSETS), &type) : NULL;

  if (bytes == NULL)
    {
      note (self, "script %s is not one of this version's", path);
      return;
    }
  script->ours = TRUE;
  script->integrity = relay_watch_hash (bytes);
  if (g_strcmp0 (said, script->integrity) != 0)
    note (self, "script %s has the integrity \"%s\" instead of \"%s\"", path, said != NULL ? said : "",
          script->integrity);
}

static void
look_at_script (Watch *self, const RelayTag *tag)
{
  const char *src = relay_tag_get (tag, "src"), *integrity = relay_tag_get (tag, "integrity");
  RelayWatchedScript *script;

  if (src == NULL)
    {
      note (self, "there is an inline script of %d characters: \"%.60s\"", (int)strlen (tag->text), tag->text);
      return;
    }
  script = g_new0 (RelayWatchedScript, 1);
  script->url = resolve (self, src);
  if (script->url == NULL)
    script->url = g_strdup (src);
  g_ptr_array_add (self->scripts, script);
  if (is_own (self, script->url))
    {
      look_at_own_script (self, script, integrity);
      return;
    }
  script->of = find_in_manifest (self, script->url);
  if (script->of == NULL)
    note (self, "script %s is not in the manifest of this page", script->url);
  else if (script->of->integrity != NULL)
    {
      script->integrity = g_strdup (script->of->integrity);
      if (g_strcmp0 (integrity, script->integrity) != 0)
        note (self, "script %s has lost its integrity", script->url);
    }
}

/* Ours are two: the one of every page, and the colours. */
static void
look_at_style (Watch *self, const RelayTag *tag)
{
  g_autofree char *source = relay_html_style_source (tag->text);

  if (relay_templates_is_style (self->templates, tag->text))
    g_string_append_printf (self->styles, " %s", source);
  else
    note (self, "there is a style that is not ours: \"%.60s\"", tag->text);
}

/* @address: of an image, a form, a link that is followed by itself. */
static void
look_at_address (Watch *self, const RelayTag *tag, const char *attribute)
{
  const char *address = relay_tag_get (tag, attribute);
  g_autofree char *url = address != NULL ? resolve (self, address) : NULL;

  if (address == NULL || g_str_has_prefix (address, "data:") || (url != NULL && is_own (self, url)))
    return;
  note (self, "<%s %s> leads to \"%s\"", tag->name, attribute, url != NULL ? url : address);
}

/* Browsers pass over blanks and control characters before the scheme. */
static gboolean
is_script (const char *address)
{
  while (*address != '\0' && (guchar)*address <= ' ')
    address++;
  return g_ascii_strncasecmp (address, "javascript:", strlen ("javascript:")) == 0;
}

static void
look_at_handlers (Watch *self, const RelayTag *tag)
{
  for (guint i = 0; i < tag->names->len; i++)
    {
      const char *name = tag->names->pdata[i], *value = tag->values->pdata[i];

      if (g_str_has_prefix (name, "on"))
        note (self, "<%s> has a handler: %s=\"%.60s\"", tag->name, name, value);
      else if (is_script (value))
        note (self, "<%s %s> is a script: \"%.60s\"", tag->name, name, value);
    }
}

static void
look_at_meta (Watch *self, const RelayTag *tag)
{
  const char *content = relay_tag_get (tag, "content");
  const char *url = content != NULL ? strstr (content, "url=") : NULL;

  if (relay_tag_get (tag, "http-equiv") != NULL && url != NULL && url[strlen ("url=")] != '/')
    note (self, "<meta> leads to \"%s\"", url + strlen ("url="));
}

static void
look_at_tag (Watch *self, const RelayTag *tag)
{
  static const char *const never[] = { "iframe", "frame", "object", "embed", "applet",   "base", "portal",
                                       "audio",  "video", "source", "track", "template", NULL };

  look_at_handlers (self, tag);
  if (strcmp (tag->name, "script") == 0)
    look_at_script (self, tag);
  else if (strcmp (tag->name, "style") == 0)
    look_at_style (self, tag);
  else if (strcmp (tag->name, "link") == 0)
    look_at_address (self, tag, "href");
  else if (strcmp (tag->name, "form") == 0)
    look_at_address (self, tag, "action");
  else if (strcmp (tag->name, "meta") == 0)
    look_at_meta (self, tag);
  else if (g_strv_contains (never, tag->name))
    note (self, "there is a <%s>, which no page of ours has", tag->name);
  if (strcmp (tag->name, "script") != 0)
    look_at_address (self, tag, "src");
  look_at_address (self, tag, "srcset");
  look_at_address (self, tag, "formaction");
}

/* ── The policy ─────────────────────────────────────────────────────────────────────────────────────────────── */

/* (transfer full) (element-type utf8 utf8) directive → sources; the first of a name counts, as in browsers. */
static GHashTable *
parse_policy (const char *text)
{
  GHashTable *policy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv) parts = g_strsplit (text, ";", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      const char *part = g_strstrip (parts[i]);
      gsize name = strcspn (part, " \t");
      g_autofree char *key = g_ascii_strdown (part, (gssize)name);

      if (*part != '\0' && !g_hash_table_contains (policy, key))
        g_hash_table_insert (policy, g_steal_pointer (&key), g_strstrip (g_strdup (part + name)));
    }
  return policy;
}

/* The one that this program would send with this page. */
static GHashTable *
expected_policy (Watch *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  RelayCsp csp = { 0 };

  if (self->provider != NULL)
    relay_templates_script_policy (self->templates, self->provider, TRUE, &csp);
  if (csp.style_src == NULL)
    csp.style_src = g_strdup (self->styles->str + (self->styles->len > 0 ? 1 : 0));
  csp.form_action = relay_scripts_all_hosts (self->manifest);
  relay_csp_append (&csp, !g_str_has_prefix (self->page->url, "https:"), text);
  relay_csp_clear (&csp);
  return parse_policy (text->str);
}

static gboolean
has_source (const char *sources, const char *source)
{
  g_auto (GStrv) all = g_strsplit (sources, " ", -1);

  return g_strv_contains ((const char *const *)all, source);
}

/* @optional: what is not there is no finding: a page names only the hosts that its own link needs. */
static void
compare_sources (Watch *self, const char *directive, const char *served, const char *expected, gboolean optional)
{
  g_auto (GStrv) there = g_strsplit (served, " ", -1);
  g_auto (GStrv) wanted = g_strsplit (expected, " ", -1);

  for (guint i = 0; there[i] != NULL; i++)
    if (*there[i] != '\0' && !has_source (expected, there[i]) && !(optional && strcmp (there[i], self->origin) == 0))
      note (self, "the policy allows %s %s", directive, there[i]);
  for (guint i = 0; wanted[i] != NULL && !optional; i++)
    if (*wanted[i] != '\0' && !has_source (served, wanted[i]))
      note (self, "the policy lacks %s %s", directive, wanted[i]);
}

static void
look_at_policy (Watch *self)
{
  const char *served = g_hash_table_lookup ((GHashTable *)self->page->headers, "content-security-policy");
  g_autoptr (GHashTable) there = NULL, wanted = NULL;
  GHashTableIter iter;
  gpointer directive, sources;

  if (served == NULL)
    {
      note (self, "the page has no Content-Security-Policy");
      return;
    }
  there = parse_policy (served);
  wanted = expected_policy (self);
  g_hash_table_iter_init (&iter, wanted);
  while (g_hash_table_iter_next (&iter, &directive, &sources))
    if (!g_hash_table_contains (there, directive))
      note (self, "the policy lacks %s", (char *)directive);
    else
      compare_sources (self, directive, g_hash_table_lookup (there, directive), sources,
                       strcmp (directive, "form-action") == 0);
  g_hash_table_iter_init (&iter, there);
  while (g_hash_table_iter_next (&iter, &directive, &sources))
    if (!g_hash_table_contains (wanted, directive))
      note (self, "the policy has %s, which ours has not", (char *)directive);
}

/* What a browser holds on to besides the policy. */
static void
look_at_headers (Watch *self)
{
  static const struct
  {
    const char *name, *value; /* NULL: any */
  } headers[] = {
    { "x-content-type-options", "nosniff" }, { "x-frame-options", "DENY" },
    { "referrer-policy", "no-referrer" },    { "cache-control", "no-store" },
    { "cross-origin-opener-policy", NULL },  { "permissions-policy", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      const char *value = g_hash_table_lookup ((GHashTable *)self->page->headers, headers[i].name);

      if (value == NULL || (headers[i].value != NULL && strcmp (value, headers[i].value) != 0))
        note (self, "the header %s is \"%s\"", headers[i].name, value != NULL ? value : "");
    }
  if (g_str_has_prefix (self->page->url, "https:") &&
      !g_hash_table_contains ((GHashTable *)self->page->headers, "strict-transport-security"))
    note (self, "the header strict-transport-security is missing");
}

/* ── The whole ──────────────────────────────────────────────────────────────────────────────────────────────── */

/* "…/pay/<token>/with/stripe" → "stripe" */
static char *
provider_of (const char *url)
{
  const char *with = strstr (url, "/with/");

  return with != NULL ? g_strndup (with + strlen ("/with/"), strcspn (with + strlen ("/with/"), "/?#")) : NULL;
}

static char *
origin_of (const char *url)
{
  const char *host = strstr (url, "://");

  return host != NULL ? g_strndup (url, (gsize)(host - url) + 3 + strcspn (host + 3, "/?#")) : g_strdup (url);
}

GPtrArray *
relay_watch_page (RelayTemplates *templates, const RelayWatched *page, GPtrArray **out_scripts)
{
  Watch self = { .templates = templates, .manifest = relay_templates_get_scripts (templates), .page = page };
  g_autoptr (GPtrArray) tags = relay_tags_parse (page->html);

  self.origin = origin_of (page->url);
  self.provider = provider_of (page->url);
  self.styles = g_string_new (NULL);
  self.scripts = g_ptr_array_new_with_free_func (script_free);
  self.findings = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < tags->len; i++)
    look_at_tag (&self, tags->pdata[i]);
  look_at_policy (&self);
  look_at_headers (&self);
  g_string_free (self.styles, TRUE);
  g_free (self.origin);
  g_free (self.provider);
  *out_scripts = self.scripts;
  return self.findings;
}
