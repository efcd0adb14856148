/* relay/templates/relay-templates.c — page models and errors into HTML, in the buyer's language.
 * Layer: relay/templates. Compiled at start; rendered on any thread. */
#include "relay-templates-private.h"

#include <string.h>
#include "cobro-money-text.h"
#include "relay-accent.h"
#include "relay-html.h"
#include "relay-language.h"
#include "relay-templates-resources.h"

#define FOLDER          "/app/cobro/relay/templates"
#define LANGUAGES_MAX   8
#define ACCENTS_MAX     256 /* kept at a time: one for each colour among the sellers */
#define LOCALES_MAX     64  /* kept at a time: tags come from browsers, so their number must be bounded */
#define PAGE_SIZE_GUESS 16384

static const char *const names[] = {
#define X(symbol, name) name,
  RELAY_TEMPLATES_NAMES (X)
#undef X
    NULL
};

typedef struct
{
  RelayCatalogue *catalogue;
  RelayTemplate *checkout, *embedded, *error;
} Language;

/* What a merchant's colour makes of a page. Reference counted: pages outlive a cleared cache. */
typedef struct
{
  char *style, *plain;
  char *sources; /* CSP style-src of a page with this accent: both style elements */
} Accent;

struct _RelayTemplates
{
  Language languages[LANGUAGES_MAX]; /* in the order of relay_languages */
  char *style_source;                /* of checkout.css */
  RelayAssets *assets;
  RelayScripts *scripts;
  GMutex lock;         /* guards locales */
  GHashTable *locales; /* (element-type utf8 CobroLocale) "tag|time zone" */
  GHashTable *accents; /* (element-type utf8 Accent) */
};

void
relay_rendered_free (RelayRendered *rendered)
{
  if (rendered == NULL)
    return;
  g_free (rendered->html);
  relay_csp_clear (&rendered->csp);
  g_free (rendered->content_language);
  g_free (rendered);
}

static void
accent_clear (gpointer data)
{
  Accent *accent = data;

  g_free (accent->style);
  g_free (accent->plain);
  g_free (accent->sources);
}

static void
accent_unref (gpointer accent)
{
  g_atomic_rc_box_release_full (accent, accent_clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Accent, accent_unref)

/* ── Compiling ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
compile_language (Language *language, const char *tag, GError **error)
{
  GResource *resource = relay_templates_get_resource ();

  if (!relay_catalogue_load (tag, &language->catalogue, error))
    return FALSE;
  language->checkout =
    relay_template_load (resource, FOLDER, "checkout.html", names, relay_templates_texts, language->catalogue, error);
  if (language->checkout == NULL)
    return FALSE;
  language->embedded =
    relay_template_load (resource, FOLDER, "embedded.html", names, relay_templates_texts, language->catalogue, error);
  if (language->embedded == NULL)
    return FALSE;
  language->error =
    relay_template_load (resource, FOLDER, "error.html", names, relay_templates_texts, language->catalogue, error);
  return language->error != NULL;
}

static gboolean
load_assets (RelayTemplates *self, GError **error)
{
  GResource *resource = relay_templates_get_resource ();
  g_autofree char *css = relay_template_read (resource, FOLDER, "checkout.css", error);

  if (css == NULL)
    return FALSE;
  self->style_source = relay_html_style_source (css);
  return (self->assets = relay_assets_new (error)) != NULL && (self->scripts = relay_scripts_load (error)) != NULL;
}

RelayTemplates *
relay_templates_new (GError **error)
{
  g_autoptr (RelayTemplates) self = g_new0 (RelayTemplates, 1);

  g_mutex_init (&self->lock);
  self->locales = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)cobro_locale_unref);
  self->accents = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, accent_unref);
  if (!load_assets (self, error))
    return NULL;
  for (guint i = 0; relay_languages[i] != NULL; i++)
    if (!compile_language (&self->languages[i], relay_languages[i], error))
      return NULL;
  return g_steal_pointer (&self);
}

void
relay_templates_free (RelayTemplates *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < LANGUAGES_MAX; i++)
    {
      relay_template_free (self->languages[i].checkout);
      relay_template_free (self->languages[i].embedded);
      relay_template_free (self->languages[i].error);
      relay_catalogue_free (self->languages[i].catalogue);
    }
  g_clear_pointer (&self->assets, relay_assets_free);
  g_clear_pointer (&self->scripts, relay_scripts_free);
  g_hash_table_unref (self->locales);
  g_hash_table_unref (self->accents);
  g_mutex_clear (&self->lock);
  g_free (self->style_source);
  g_free (self);
}

/* ── Filling ────────────────────────────────────────────────────────────────────────────────────────────────────── */

const char *
relay_filling_text (const RelayFilling *self, const char *key)
{
  return relay_text (relay_templates_texts, self->catalogue, key);
}

void
relay_filling_set (RelayFilling *self, RelayName name, const char *text)
{
  if (text != NULL && *text != '\0')
    relay_values_set (self->values, name, text);
}

void
relay_filling_money (RelayFilling *self, RelayName name, CobroMoney money)
{
  if (cobro_money_is_set (money))
    relay_values_take (self->values, name, cobro_money_text (money, self->locale));
}

static const Language *
find_language (RelayTemplates *self, const char *tag)
{
  guint i = 0;

  while (relay_languages[i + 1] != NULL && relay_languages[i] != tag)
    i++;
  return &self->languages[i];
}

/* (transfer full) formatters are costly to make: the ones in use are kept. */
static CobroLocale *
find_locale (RelayTemplates *self, const char *tag, const char *time_zone)
{
  g_autofree char *key = g_strdup_printf ("%s|%s", tag, time_zone);
  CobroLocale *locale;

  g_mutex_lock (&self->lock);
  locale = g_hash_table_lookup (self->locales, key);
  if (locale == NULL)
    {
      if (g_hash_table_size (self->locales) >= LOCALES_MAX)
        g_hash_table_remove_all (self->locales);
      locale = cobro_locale_new (tag, time_zone);
      g_hash_table_insert (self->locales, g_steal_pointer (&key), locale);
    }
  cobro_locale_ref (locale);
  g_mutex_unlock (&self->lock);
  return locale;
}

/* (transfer full) every page of a seller has the same two style elements. */
static Accent *
find_accent (RelayTemplates *self, const char *colour)
{
  Accent *accent;

  g_mutex_lock (&self->lock);
  accent = g_hash_table_lookup (self->accents, colour);
  if (accent == NULL)
    {
      g_autofree char *source = NULL;

      if (g_hash_table_size (self->accents) >= ACCENTS_MAX)
        g_hash_table_remove_all (self->accents);
      accent = g_atomic_rc_box_new0 (Accent);
      accent->style = relay_accent_style (colour);
      accent->plain = relay_accent_plain (colour);
      source = relay_html_style_source (accent->style);
      accent->sources = g_strdup_printf ("%s %s", self->style_source, source);
      g_hash_table_insert (self->accents, g_strdup (colour), accent);
    }
  g_atomic_rc_box_acquire (accent);
  g_mutex_unlock (&self->lock);
  return accent;
}

static void
fill_head (RelayTemplates *self, RelayFilling *filling, const char *language, const Accent *accent)
{
  RelayValues *values = filling->values;

  relay_values_set (values, NAME_LANG, language);
  relay_values_set (values, NAME_DIR, relay_language_direction (language));
  relay_values_set (values, NAME_ACCENT, accent->style);
  relay_values_set (values, NAME_THEME, accent->plain);
}

/* The first letter of the name, as a mark. */
static char *
mark_of (const char *name)
{
  gunichar first = g_unichar_toupper (g_utf8_get_char (name));
  char text[7] = "";

  g_unichar_to_utf8 (first, text);
  return g_strdup (text);
}

static void
fill_seller (RelayFilling *filling)
{
  const CobroMerchant *merchant = filling->page->merchant;

  if (merchant == NULL)
    return;
  relay_filling_set (filling, NAME_SELLER, merchant->name);
  relay_values_take (filling->values, NAME_MARK, mark_of (merchant->name));
  relay_filling_set (filling, NAME_SUPPORT, merchant->support);
  relay_filling_set (filling, NAME_WEBSITE, merchant->website);
}

/* What the browser's tab, history and a shared link's preview say. */
static void
fill_title (RelayFilling *filling)
{
  const char *heading = relay_values_get (filling->values, NAME_HEADING);
  const char *about = heading != NULL ? heading : relay_values_get (filling->values, NAME_LINK_TITLE);
  const char *seller = relay_values_get (filling->values, NAME_SELLER);

  if (seller == NULL || about == NULL)
    relay_values_set (filling->values, NAME_TITLE, about != NULL ? about : "Cobro");
  else
    relay_values_take (
      filling->values, NAME_TITLE,
      relay_templates_fill (relay_filling_text (filling, "page-title"), "title", about, "seller", seller, NULL));
  relay_values_set_bool (filling->values, NAME_PREVIEW, heading == NULL);
}

static RelayRendered *
render (const RelayTemplate *template, RelayFilling *filling, const Accent *accent, guint status, const char *language)
{
  RelayRendered *rendered = g_new0 (RelayRendered, 1);
  GString *html = g_string_sized_new (PAGE_SIZE_GUESS);

  relay_template_render (template, filling->values, html);
  rendered->status = status;
  rendered->html = g_string_free (html, FALSE);
  rendered->csp.style_src = g_strdup (accent->sources);
  rendered->content_language = g_strdup (language);
  return rendered;
}

RelayRendered *
relay_templates_checkout (RelayTemplates *self, const RelayPage *page, const char *accept_language)
{
  const char *said = page->link != NULL ? page->link->locale : NULL; /* for this customer */
  const char *shop = page->merchant != NULL ? page->merchant->locale : NULL;
  const char *language = relay_language_choose (said, accept_language, shop, relay_languages);
  g_autofree char *tag = relay_language_locale (said, accept_language, shop, language);
  g_autoptr (CobroLocale) locale = find_locale (self, tag, page->merchant != NULL ? page->merchant->time_zone : "");
  g_autoptr (RelayValues) values = relay_values_new (N_NAMES);
  const Language *in = find_language (self, language);
  RelayFilling filling = { page, in->catalogue, locale, values };
  g_autoptr (Accent) accent = find_accent (self, page->merchant != NULL ? page->merchant->accent : "");
  RelayRendered *rendered;

  fill_head (self, &filling, language, accent);
  relay_values_set_bool (values, NAME_TEST, page->link != NULL && !page->livemode);
  relay_filling_set (&filling, NAME_TOKEN, page->token);
  relay_values_take (values, NAME_VERSION, g_strdup_printf ("%" G_GUINT64_FORMAT, page->version));
  fill_seller (&filling);
  relay_filling_notice (&filling);
  relay_filling_bill (&filling);
  relay_filling_invoice (&filling);
  relay_filling_receipt (&filling);
  relay_filling_slip (&filling);
  relay_filling_form (&filling);
  relay_filling_embed (&filling, self->scripts);
  relay_filling_scripts (&filling, self->assets, self->scripts);
  fill_title (&filling);
  rendered =
    render (page->state == RELAY_PAGE_EMBEDDED ? in->embedded : in->checkout, &filling, accent, page->status, language);
  rendered->csp.form_action = relay_filling_form_hosts (&filling, self->scripts);
  relay_filling_csp (&filling, self->scripts, &rendered->csp);
  rendered->popups =
    page->state == RELAY_PAGE_EMBEDDED && relay_scripts_need_popups (self->scripts, page->embed->gateway);
  return rendered;
}

RelayRendered *
relay_templates_error (RelayTemplates *self, guint status, const char *accept_language, const char *request_id)
{
  const char *language = relay_language_choose (NULL, accept_language, NULL, relay_languages);
  g_autoptr (RelayValues) values = relay_values_new (N_NAMES);
  const Language *in = find_language (self, language);
  RelayFilling filling = { NULL, in->catalogue, NULL, values };
  g_autoptr (Accent) accent = find_accent (self, "");

  fill_head (self, &filling, language, accent);
  relay_filling_error (&filling, status);
  relay_filling_set (&filling, NAME_REQUEST_ID, request_id);
  fill_title (&filling);
  return render (in->error, &filling, accent, status, language);
}

GBytes *
relay_templates_asset (RelayTemplates *self, const char *name, const char **out_content_type)
{
  return relay_assets_find (self->assets, name, out_content_type);
}

RelayScripts *
relay_templates_get_scripts (RelayTemplates *self)
{
  return self->scripts;
}

/* "…--act:#rrggbb…": made again from the colour that it names. */
static gboolean
is_accent (const char *css)
{
  const char *colour = strstr (css, "--act:#");
  g_autofree char *accent = colour != NULL ? g_strndup (colour + strlen ("--act:"), strlen ("#rrggbb")) : NULL;
  g_autofree char *style = accent != NULL ? relay_accent_style (accent) : NULL;

  return g_strcmp0 (style, css) == 0;
}

gboolean
relay_templates_is_style (RelayTemplates *self, const char *css)
{
  g_autofree char *source = relay_html_style_source (css);

  return strcmp (source, self->style_source) == 0 || is_accent (css);
}

void
relay_templates_script_policy (RelayTemplates *self, const char *provider, gboolean livemode, RelayCsp *csp)
{
  relay_scripts_fill_csp (self->scripts, provider, livemode, csp);
}
