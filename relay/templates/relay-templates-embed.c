/* relay/templates/relay-templates-embed.c — the page on which a provider's script takes the card: which scripts it
 * loads, what they are told, what the form carries on. Layer: relay/templates. Any thread. */
#include "relay-templates-private.h"

#include <string.h>

/* What was typed on the page before comes along; what belongs to this page, or to a step of its own, does not. */
static gboolean
is_kept (const char *name)
{
  static const char *const own[] = { "token", "device", "hosted", "give_up", "leave", "update", "way", NULL };

  return !g_strv_contains (own, name);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

static void
fill_kept (RelayFilling *self)
{
  g_autoptr (GList) all = g_list_sort (g_hash_table_get_keys (self->page->values), compare_names);

  for (GList *at = all; at != NULL; at = at->next)
    if (is_kept (at->data))
      {
        RelayValues *values = relay_values_add (self->values, NAME_KEPT);

        relay_values_set (values, NAME_KEPT_NAME, at->data);
        relay_values_set (values, NAME_KEPT_VALUE, g_hash_table_lookup (self->page->values, at->data));
      }
}

static const RelayPageWay *
way_of (const RelayPage *page)
{
  for (guint i = 0; i < page->ways->len; i++)
    {
      const RelayPageWay *way = page->ways->pdata[i];

      if (strcmp (way->gateway, page->embed->gateway) == 0 && way->method == COBRO_METHOD_CARD)
        return way;
    }
  return NULL;
}

static void
fill_way (RelayFilling *self)
{
  const RelayPageWay *way = way_of (self->page);

  relay_values_take (self->values, NAME_EMBED_WAY,
                     g_strdup_printf ("%s:%s", cobro_method_name (way != NULL ? way->method : COBRO_METHOD_CARD),
                                      self->page->embed->gateway));
}

static void
add_script (RelayFilling *self, char *take_url, const char *integrity)
{
  RelayValues *values = relay_values_add (self->values, NAME_SCRIPTS);

  relay_values_take (values, NAME_SCRIPT_URL, take_url);
  if (integrity != NULL)
    relay_values_set (values, NAME_SCRIPT_INTEGRITY, integrity);
}

static void
add_own_script (RelayFilling *self, const RelayAssets *assets, const char *file)
{
  const char *path = relay_assets_path (assets, file);

  if (path != NULL)
    add_script (self, g_strdup (path), relay_assets_integrity (assets, path));
}

/* Ours goes first: it decides which addresses the others may load scripts from. */
static void
fill_scripts (RelayFilling *self, const RelayAssets *assets, const RelayScripts *scripts)
{
  const RelayPageEmbed *embed = self->page->embed;
  g_autofree char *module = g_strdup_printf ("embed-%s.js", embed->gateway);
  g_autoptr (GPtrArray) urls = relay_scripts_urls (scripts, embed->gateway, self->page->livemode);

  add_own_script (self, assets, "embed.js");
  for (guint i = 0; i < urls->len; i++)
    add_script (self, g_strdup (urls->pdata[i]), relay_scripts_integrity (scripts, urls->pdata[i]));
  add_own_script (self, assets, module);
}

void
relay_filling_scripts (RelayFilling *self, const RelayAssets *assets, const RelayScripts *scripts)
{
  if (self->page->state == RELAY_PAGE_EMBEDDED)
    fill_scripts (self, assets, scripts);
  else
    add_own_script (self, assets, "checkout.js");
}

void
relay_filling_embed (RelayFilling *self, const RelayScripts *scripts)
{
  const RelayPage *page = self->page;
  const RelayPageEmbed *embed = page->embed;

  if (page->state != RELAY_PAGE_EMBEDDED || page->link == NULL)
    return;
  relay_values_set_bool (self->values, NAME_EMBED, TRUE);
  relay_filling_set (self, NAME_EMBED_TITLE, embed->title);
  relay_values_set_bool (self->values, NAME_EMBED_BEGUN, embed->is_begun || embed->by_token);
  relay_values_set_bool (self->values, NAME_EMBED_CARD, embed->by_token);
  relay_values_set_bool (self->values, NAME_EMBED_FRAME,
                         strcmp (embed->gateway, "stripe") == 0); /* grows in the page */
  relay_filling_set (self, NAME_EMBED_KEY, embed->key);
  relay_filling_set (self, NAME_EMBED_SECRET, embed->secret);
  relay_filling_set (self, NAME_EMBED_ACCOUNT, embed->account);
  relay_filling_set (self, NAME_EMBED_AMOUNT, embed->amount);
  relay_filling_set (self, NAME_EMBED_CURRENCY, cobro_currency_code (page->link->currency));
  relay_filling_set (self, NAME_EMBED_BACK, embed->back);
  relay_values_take (self->values, NAME_EMBED_SOURCES,
                     relay_scripts_sources (scripts, embed->gateway, RELAY_SOURCE_SCRIPT, page->livemode));
  relay_values_set_bool (self->values, NAME_EMBED_TEST, !page->livemode);
  relay_filling_set (self, NAME_PAY_AMOUNT, relay_values_get (self->values, NAME_SUM));
  fill_way (self);
  fill_kept (self);
}

void
relay_filling_csp (const RelayFilling *self, const RelayScripts *scripts, RelayCsp *csp)
{
  if (self->page->state == RELAY_PAGE_EMBEDDED)
    relay_scripts_fill_csp (scripts, self->page->embed->gateway, self->page->livemode, csp);
}

static void
append_hosts (GString *hosts, char *take_more)
{
  g_autofree char *more = take_more;

  if (*more != '\0' && strstr (hosts->str, more) == NULL)
    g_string_append_printf (hosts, "%s%s", hosts->len > 0 ? " " : "", more);
}

char *
relay_filling_form_hosts (const RelayFilling *self, const RelayScripts *scripts)
{
  const RelayPage *page = self->page;
  GString *hosts = g_string_new (page->form_hosts);

  for (guint i = 0; i < page->ways->len; i++)
    append_hosts (
      hosts, relay_scripts_hosted (scripts, ((const RelayPageWay *)page->ways->pdata[i])->gateway, page->livemode));
  if (page->state == RELAY_PAGE_EMBEDDED)
    append_hosts (hosts, relay_scripts_sources (scripts, page->embed->gateway, RELAY_SOURCE_FORM, page->livemode));
  return g_string_free (hosts, FALSE);
}
