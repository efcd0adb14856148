/* relay/templates/relay-scripts.c — the manifest of third-party scripts: read strictly, asked by provider.
 * Layer: relay/templates. */
#include "relay-scripts.h"

#include <string.h>

#include "cobro-error.h"
#include "cobro-wire.h"
#include "relay-template-loader.h"
#include "relay-templates-resources.h"

#define FOLDER      "/app/cobro/relay/templates"
#define SCRIPTS_MAX 64
#define TEXT_MAX    500
#define WHY_MIN     20 /* characters of a reason that says something */

struct _RelayScripts
{
  GPtrArray *scripts;    /* (element-type RelayScript) */
  GPtrArray *pages;      /* (element-type RelayHostedPage) */
  GHashTable *stand_ins; /* (element-type utf8 utf8) provider → origin */
};

static const char *const source_names[RELAY_SOURCES] = {
  [RELAY_SOURCE_SCRIPT] = "script-src", [RELAY_SOURCE_FRAME] = "frame-src", [RELAY_SOURCE_CONNECT] = "connect-src",
  [RELAY_SOURCE_IMG] = "img-src",       [RELAY_SOURCE_STYLE] = "style-src", [RELAY_SOURCE_FONT] = "font-src",
  [RELAY_SOURCE_FORM] = "form-action",
};

static void
script_free (gpointer data)
{
  RelayScript *script = data;

  g_free (script->provider);
  g_free (script->url);
  g_free (script->reason);
  g_free (script->owner);
  g_free (script->integrity);
  for (guint i = 0; i < RELAY_SOURCES; i++)
    g_free (script->sources[i]);
  g_free (script);
}

static void
page_free (gpointer data)
{
  RelayHostedPage *page = data;

  g_free (page->provider);
  g_free (page->hosts);
  g_free (page->reason);
  g_free (page->owner);
  g_free (page);
}

void
relay_scripts_free (RelayScripts *self)
{
  g_ptr_array_unref (self->scripts);
  g_ptr_array_unref (self->pages);
  g_hash_table_unref (self->stand_ins);
  g_free (self);
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* "https://js.stripe.com/x" → "https://js.stripe.com"; the length of the origin, 0 when it is none of https. */
static gsize
origin_length (const char *url)
{
  const char *host = url + strlen ("https://");
  gsize length;

  if (!g_str_has_prefix (url, "https://"))
    return 0;
  length = strspn (host, "abcdefghijklmnopqrstuvwxyz0123456789.-");
  if (length == 0 || host[0] == '.' || host[0] == '-' || strchr (host, '.') == NULL)
    return 0;
  return strlen ("https://") + length;
}

/* A host, or with "*." in front those below it; nothing that opens more than one owner's hosts. */
static gboolean
is_origin (const char *source)
{
  g_autofree char *plain = NULL;

  if (g_str_has_prefix (source, "https://*."))
    {
      plain = g_strconcat ("https://", source + strlen ("https://*."), NULL);
      source = plain;
    }
  return origin_length (source) == strlen (source) && strlen (source) > 0;
}

static gboolean
check_sources (CobroWireObject *json, const char *key, const char *name, const char *sources, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (sources, " ", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    if (!is_origin (parts[i]) && !(g_strcmp0 (name, "style-src") == 0 && strcmp (parts[i], "'unsafe-inline'") == 0))
      return cobro_wire_refuse (json, key, error, "\"%s\" is not an origin such as https://js.example", parts[i]);
  return TRUE;
}

static gboolean
read_text (CobroWireObject *json, const char *key, gsize minimum, char **out_text, GError **error)
{
  if (!cobro_wire_get_text_needed (json, key, out_text, error))
    return FALSE;
  if (strlen (*out_text) < minimum || strlen (*out_text) > TEXT_MAX)
    return cobro_wire_refuse (json, key, error, "must have %d to %d characters", (int)minimum, TEXT_MAX);
  return TRUE;
}

static gboolean
read_provider (CobroWireObject *json, char **out_provider, GError **error)
{
  if (!read_text (json, "provider", 1, out_provider, error))
    return FALSE;
  if ((*out_provider)[strspn (*out_provider, "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0')
    return cobro_wire_refuse (json, "provider", error, "must be a provider's name, such as stripe");
  return TRUE;
}

static gboolean
read_directives (CobroWireObject *json, RelayScript *script, GError **error)
{
  g_autoptr (GHashTable) directives = NULL;
  GHashTableIter iter;
  gpointer name, sources;

  if (!cobro_wire_get_map (json, "directives", &directives, error))
    return FALSE;
  g_hash_table_iter_init (&iter, directives);
  while (g_hash_table_iter_next (&iter, &name, &sources))
    {
      guint i = 0;

      while (i < RELAY_SOURCES && strcmp (source_names[i], name) != 0)
        i++;
      if (i == RELAY_SOURCES)
        return cobro_wire_refuse (json, "directives", error, "there is no directive \"%s\"", (char *)name);
      if (!check_sources (json, "directives", name, sources, error))
        return FALSE;
      script->sources[i] = g_strdup (sources);
    }
  for (guint i = 0; i < RELAY_SOURCES; i++)
    if (script->sources[i] == NULL)
      script->sources[i] = g_strdup ("");
  return TRUE;
}

static gboolean
check_integrity (CobroWireObject *json, const char *integrity, GError **error)
{
  if (integrity == NULL || g_str_has_prefix (integrity, "sha256-") || g_str_has_prefix (integrity, "sha384-") ||
      g_str_has_prefix (integrity, "sha512-"))
    return TRUE;
  return cobro_wire_refuse (json, "integrity", error, "must begin with sha256-, sha384- or sha512-");
}

static gboolean
check_url (CobroWireObject *json, const RelayScripts *self, const RelayScript *script, GError **error)
{
  gsize origin = origin_length (script->url);

  if (origin == 0 || script->url[origin] != '/' || strpbrk (script->url, "?# \"<>\\") != NULL)
    return cobro_wire_refuse (json, "url", error, "must be an https address without query");
  if (!relay_scripts_covers (script->sources[RELAY_SOURCE_SCRIPT], script->url))
    return cobro_wire_refuse (json, "directives", error, "script-src does not have the script's own host");
  for (guint i = 0; i < self->scripts->len; i++)
    if (strcmp (((RelayScript *)self->scripts->pdata[i])->url, script->url) == 0)
      return cobro_wire_refuse (json, "url", error, "is there twice");
  return TRUE;
}

static gboolean
read_script (RelayScripts *self, CobroWireObject *json, GError **error)
{
  RelayScript *script = g_new0 (RelayScript, 1);
  gboolean ok = read_provider (json, &script->provider, error) && read_text (json, "url", 1, &script->url, error) &&
                read_text (json, "reason", WHY_MIN, &script->reason, error) &&
                read_text (json, "owner", 1, &script->owner, error) &&
                cobro_wire_get_text (json, "integrity", NULL, &script->integrity, error) &&
                cobro_wire_get_bool (json, "popups", FALSE, &script->popups, error) &&
                read_directives (json, script, error) && check_integrity (json, script->integrity, error) &&
                check_url (json, self, script, error);

  if (ok)
    g_ptr_array_add (self->scripts, script);
  else
    script_free (script);
  return ok;
}

static gboolean
read_page (RelayScripts *self, CobroWireObject *json, GError **error)
{
  RelayHostedPage *page = g_new0 (RelayHostedPage, 1);
  gboolean ok = read_provider (json, &page->provider, error) && read_text (json, "hosts", 1, &page->hosts, error) &&
                read_text (json, "reason", WHY_MIN, &page->reason, error) &&
                read_text (json, "owner", 1, &page->owner, error) &&
                check_sources (json, "hosts", "form-action", page->hosts, error);

  if (ok)
    g_ptr_array_add (self->pages, page);
  else
    page_free (page);
  return ok;
}

static gboolean
read_all (RelayScripts *self, CobroWireObject *json, const char *key,
          gboolean (*read) (RelayScripts *self, CobroWireObject *json, GError **error), GError **error)
{
  g_autoptr (GPtrArray) children = NULL;

  if (!cobro_wire_get_objects (json, key, SCRIPTS_MAX, &children, error))
    return FALSE;
  for (guint i = 0; i < children->len; i++)
    if (!read (self, children->pdata[i], error))
      return FALSE;
  return TRUE;
}

RelayScripts *
relay_scripts_parse (const char *json, gssize length, GError **error)
{
  g_autoptr (RelayScripts) self = g_new0 (RelayScripts, 1);
  g_autoptr (CobroWireObject) object = NULL;

  self->scripts = g_ptr_array_new_with_free_func (script_free);
  self->pages = g_ptr_array_new_with_free_func (page_free);
  self->stand_ins = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (!(object = cobro_wire_parse (json, length, error)) || !read_all (self, object, "scripts", read_script, error) ||
      !read_all (self, object, "pages", read_page, error) || !cobro_wire_done (object, error))
    return NULL;
  return g_steal_pointer (&self);
}

RelayScripts *
relay_scripts_load (GError **error)
{
  g_autofree char *json = relay_template_read (relay_templates_get_resource (), FOLDER, "scripts.json", error);
  RelayScripts *self = json != NULL ? relay_scripts_parse (json, -1, error) : NULL;

  if (self == NULL)
    g_prefix_error (error, "scripts.json: ");
  return self;
}

/* ── Asking ─────────────────────────────────────────────────────────────────────────────────────────────────── */

void
relay_scripts_set_stand_in (RelayScripts *self, const char *provider, const char *origin)
{
  g_hash_table_replace (self->stand_ins, g_strdup (provider), g_strdup (origin));
}

const GPtrArray *
relay_scripts_list (const RelayScripts *self)
{
  return self->scripts;
}

/* (nullable) */
static const char *
stand_in_of (const RelayScripts *self, const char *provider, gboolean livemode)
{
  return livemode ? NULL : g_hash_table_lookup (self->stand_ins, provider);
}

GPtrArray *
relay_scripts_urls (const RelayScripts *self, const char *provider, gboolean livemode)
{
  GPtrArray *urls = g_ptr_array_new_with_free_func (g_free);
  const char *stand_in = stand_in_of (self, provider, livemode);

  for (guint i = 0; i < self->scripts->len; i++)
    {
      const RelayScript *script = self->scripts->pdata[i];

      if (strcmp (script->provider, provider) != 0)
        continue;
      g_ptr_array_add (urls, stand_in != NULL ? g_strconcat (stand_in, script->url + origin_length (script->url), NULL)
                                              : g_strdup (script->url));
    }
  return urls;
}

/* Adds the sources of @more that are not in @all yet. */
static void
add_sources (GString *all, const char *more)
{
  g_auto (GStrv) parts = g_strsplit (more, " ", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      g_auto (GStrv) there = g_strsplit (all->str, " ", -1);

      if (*parts[i] != '\0' && !g_strv_contains ((const char *const *)there, parts[i]))
        g_string_append_printf (all, "%s%s", all->len > 0 ? " " : "", parts[i]);
    }
}

/* The stand-in instead of every origin; keywords stay. */
static void
add_stand_in (GString *all, const char *sources, const char *stand_in)
{
  if (strstr (sources, "https:") != NULL)
    add_sources (all, stand_in);
  if (strstr (sources, "'unsafe-inline'") != NULL)
    add_sources (all, "'unsafe-inline'");
}

char *
relay_scripts_sources (const RelayScripts *self, const char *provider, RelaySource source, gboolean livemode)
{
  GString *all = g_string_new (NULL);
  const char *stand_in = stand_in_of (self, provider, livemode);

  for (guint i = 0; i < self->scripts->len; i++)
    {
      const RelayScript *script = self->scripts->pdata[i];

      if (strcmp (script->provider, provider) != 0)
        continue;
      if (stand_in != NULL)
        add_stand_in (all, script->sources[source], stand_in);
      else
        add_sources (all, script->sources[source]);
    }
  return g_string_free (all, FALSE);
}

const char *
relay_scripts_integrity (const RelayScripts *self, const char *url)
{
  for (guint i = 0; i < self->scripts->len; i++)
    if (strcmp (((const RelayScript *)self->scripts->pdata[i])->url, url) == 0)
      return ((const RelayScript *)self->scripts->pdata[i])->integrity;
  return NULL;
}

gboolean
relay_scripts_need_popups (const RelayScripts *self, const char *provider)
{
  for (guint i = 0; i < self->scripts->len; i++)
    {
      const RelayScript *script = self->scripts->pdata[i];

      if (script->popups && strcmp (script->provider, provider) == 0)
        return TRUE;
    }
  return FALSE;
}

char *
relay_scripts_hosted (const RelayScripts *self, const char *provider, gboolean livemode)
{
  GString *all = g_string_new (NULL);
  const char *stand_in = stand_in_of (self, provider, livemode);

  for (guint i = 0; i < self->pages->len; i++)
    {
      const RelayHostedPage *page = self->pages->pdata[i];

      if (strcmp (page->provider, provider) == 0)
        add_sources (all, stand_in != NULL ? stand_in : page->hosts);
    }
  return g_string_free (all, FALSE);
}

/* As browsers match: scheme and host (and port) alike; "*." stands for one or more labels. */
static gboolean
matches (const char *source, const char *url)
{
  const char *wild = strstr (source, "://*.");
  gsize scheme, host;

  if (wild == NULL)
    return strncmp (url, source, strlen (source)) == 0 && strchr ("/?#", url[strlen (source)]) != NULL;
  scheme = (gsize)(wild - source) + strlen ("://");
  host = strcspn (url + MIN (scheme, strlen (url)), "/?#:");
  if (strncmp (url, source, scheme) != 0 || host <= strlen (wild + strlen ("://*")))
    return FALSE;
  return strncmp (url + scheme + host - strlen (wild + strlen ("://*")), wild + strlen ("://*"),
                  strlen (wild + strlen ("://*"))) == 0 &&
         url[scheme + host] != ':';
}

gboolean
relay_scripts_covers (const char *sources, const char *url)
{
  g_auto (GStrv) parts = g_strsplit (sources, " ", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    if (strstr (parts[i], "://") != NULL && matches (parts[i], url))
      return TRUE;
  return FALSE;
}

/* The style of the page is known by its hashes; a provider's script that brings styles of its own needs more than
 * that, and browsers heed no such leave beside hashes. */
static void
join_styles (RelayCsp *csp, char *take_more)
{
  g_autofree char *more = take_more;

  if (strstr (more, "'unsafe-inline'") == NULL)
    return;
  g_free (csp->style_src);
  csp->style_src = g_steal_pointer (&more);
}

void
relay_scripts_fill_csp (const RelayScripts *self, const char *provider, gboolean livemode, RelayCsp *csp)
{
  csp->script_src = relay_scripts_sources (self, provider, RELAY_SOURCE_SCRIPT, livemode);
  csp->frame_src = relay_scripts_sources (self, provider, RELAY_SOURCE_FRAME, livemode);
  csp->connect_src = relay_scripts_sources (self, provider, RELAY_SOURCE_CONNECT, livemode);
  csp->img_src = relay_scripts_sources (self, provider, RELAY_SOURCE_IMG, livemode);
  csp->font_src = relay_scripts_sources (self, provider, RELAY_SOURCE_FONT, livemode);
  join_styles (csp, relay_scripts_sources (self, provider, RELAY_SOURCE_STYLE, livemode));
}

char *
relay_scripts_all_hosts (const RelayScripts *self)
{
  GString *all = g_string_new (NULL);

  for (guint i = 0; i < self->pages->len; i++)
    add_sources (all, ((const RelayHostedPage *)self->pages->pdata[i])->hosts);
  for (guint i = 0; i < self->scripts->len; i++)
    add_sources (all, ((const RelayScript *)self->scripts->pdata[i])->sources[RELAY_SOURCE_FORM]);
  return g_string_free (all, FALSE);
}
