/* src/wire/cobro-wire-provider.c — a provider's settings, and changes to them.
 * Layer: wire. Any thread. */
#include "cobro-wire-provider.h"

#include "cobro-link.h"
#include "cobro-wire-set.h"

#define SETTINGS_MAX   64
#define CURRENCIES_MAX 256
#define METHODS_MAX    64
#define RULES_MAX      64

/* FALSE with an error; *out_setting is NULL for a kind that this program cannot show. */
static gboolean
parse_setting (CobroWireObject *object, CobroSetting **out_setting, GError **error)
{
  CobroSetting *setting = cobro_setting_new ();
  g_autofree char *kind = NULL;
  gboolean ok = cobro_wire_get_text_needed (object, "name", cobro_wire_slot (&setting->name), error) &&
                cobro_wire_set_text (object, "title", &setting->title, error) &&
                cobro_wire_set_text (object, "help", &setting->help, error) &&
                cobro_wire_get_text_needed (object, "kind", &kind, error) &&
                cobro_wire_get_bool (object, "required", FALSE, &setting->required, error) &&
                cobro_wire_get_text (object, "default", NULL, &setting->initial, error) &&
                cobro_wire_get_text (object, "value", NULL, &setting->value, error) &&
                cobro_wire_get_bool (object, "isSet", FALSE, &setting->is_set, error) &&
                cobro_wire_get_time (object, "setAt", &setting->set_at, error);

  *out_setting = NULL;
  if (ok && cobro_setting_kind_from_name (kind, &setting->kind))
    *out_setting = g_steal_pointer (&setting);
  cobro_setting_free (setting);
  return ok;
}

static gboolean
parse_settings (CobroWireObject *object, CobroProvider *provider, GError **error)
{
  g_autoptr (GPtrArray) settings = NULL;

  if (!cobro_wire_get_objects (object, "settings", SETTINGS_MAX, &settings, error))
    return FALSE;
  for (guint i = 0; i < settings->len; i++)
    {
      CobroSetting *setting;

      if (!parse_setting (settings->pdata[i], &setting, error))
        return FALSE;
      if (setting != NULL)
        g_ptr_array_add (provider->settings, setting);
    }
  return TRUE;
}

static gboolean
parse_secret (CobroWireObject *object, CobroProvider *provider, GError **error)
{
  g_autoptr (CobroWireObject) secret = NULL;

  if (!cobro_wire_get_object (object, "webhookSecret", &secret, error))
    return FALSE;
  return secret == NULL || (cobro_wire_get_bool (secret, "isSet", FALSE, &provider->secret_is_set, error) &&
                            cobro_wire_get_time (secret, "setAt", &provider->secret_set_at, error) &&
                            cobro_wire_get_time (secret, "previousUntil", &provider->secret_before_until, error));
}

static gboolean
parse_methods (CobroWireObject *object, guint *out_methods, GError **error)
{
  g_autoptr (GPtrArray) names = NULL;

  if (!cobro_wire_get_texts (object, "methods", METHODS_MAX, &names, error))
    return FALSE;
  for (guint i = 0; i < names->len; i++)
    {
      CobroMethods method;

      if (cobro_method_from_name (names->pdata[i], &method))
        *out_methods |= method;
    }
  return TRUE;
}

/* (transfer full) */
static GPtrArray *
parse_rules (CobroWireObject *object, GError **error)
{
  g_autoptr (GPtrArray) objects = NULL;
  g_autoptr (GPtrArray) rules = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_provider_rule_free);

  if (!cobro_wire_get_objects (object, "rules", RULES_MAX, &objects, error))
    return NULL;
  for (guint i = 0; i < objects->len; i++)
    {
      CobroProviderRule *rule = cobro_provider_rule_new (NULL, 0, 0, 0);

      g_ptr_array_add (rules, rule);
      if (!cobro_wire_get_text (objects->pdata[i], "currency", NULL, &rule->currency, error) ||
          !parse_methods (objects->pdata[i], &rule->methods, error) ||
          !cobro_wire_get_int64 (objects->pdata[i], "minimum", 0, &rule->minimum, error) ||
          !cobro_wire_get_int64 (objects->pdata[i], "maximum", 0, &rule->maximum, error))
        return NULL;
    }
  return g_steal_pointer (&rules);
}

static gboolean
parse_routing (CobroWireObject *object, CobroProvider *provider, GError **error)
{
  GPtrArray *rules = parse_rules (object, error);

  if (rules == NULL)
    return FALSE;
  g_ptr_array_unref (provider->rules);
  provider->rules = rules;
  return cobro_wire_get_int64 (object, "position", 0, &provider->position, error);
}

static gboolean
parse_currencies (CobroWireObject *object, CobroProvider *provider, GError **error)
{
  g_autoptr (GPtrArray) codes = NULL;

  if (!cobro_wire_has (object, "currencies"))
    return TRUE;
  if (!cobro_wire_get_texts (object, "currencies", CURRENCIES_MAX, &codes, error))
    return FALSE;
  provider->currencies = g_new0 (char *, codes->len + 1);
  for (guint i = 0; i < codes->len; i++)
    provider->currencies[i] = g_strdup (codes->pdata[i]);
  return TRUE;
}

static gboolean
parse_status (CobroWireObject *object, CobroProvider *provider, GError **error)
{
  g_autofree char *name = NULL;

  if (!cobro_wire_get_text_needed (object, "status", &name, error))
    return FALSE;
  if (!cobro_provider_status_from_name (name, &provider->status))
    provider->status = COBRO_PROVIDER_DEGRADED;
  return TRUE;
}

static gboolean
parse_provider (CobroWireObject *object, CobroProvider *provider, GError **error)
{
  return cobro_wire_get_text_needed (object, "name", cobro_wire_slot (&provider->name), error) &&
         cobro_wire_set_text (object, "title", &provider->title, error) &&
         cobro_wire_get_bool (object, "livemode", FALSE, &provider->livemode, error) &&
         cobro_wire_get_bool (object, "testOnly", FALSE, &provider->test_only, error) &&
         cobro_wire_get_bool (object, "embeds", FALSE, &provider->embeds, error) &&
         cobro_wire_get_bool (object, "enabled", FALSE, &provider->enabled, error) &&
         cobro_wire_get_text (object, "account", NULL, &provider->account, error) &&
         cobro_wire_get_text (object, "webhookUrl", NULL, &provider->webhook_url, error) &&
         cobro_wire_get_text (object, "notice", NULL, &provider->notice, error) &&
         parse_status (object, provider, error) && parse_methods (object, &provider->methods, error) &&
         parse_currencies (object, provider, error) && parse_secret (object, provider, error) &&
         parse_routing (object, provider, error) && parse_settings (object, provider, error);
}

CobroProvider *
cobro_wire_provider_parse (CobroWireObject *object, GError **error)
{
  g_autoptr (CobroProvider) provider = cobro_provider_new ();

  if (!parse_provider (object, provider, error))
    return NULL;
  return g_steal_pointer (&provider);
}

static void
write_rules (CobroWireWriter *writer, GPtrArray *rules)
{
  cobro_wire_begin_array (writer, "rules");
  for (guint i = 0; i < rules->len; i++)
    {
      const CobroProviderRule *rule = rules->pdata[i];

      cobro_wire_begin_object (writer, NULL);
      if (rule->currency != NULL)
        cobro_wire_put_text (writer, "currency", rule->currency);
      if (rule->methods != 0)
        cobro_wire_begin_array (writer, "methods");
      for (guint bit = COBRO_METHOD_CARD; bit <= COBRO_METHOD_STORE; bit <<= 1)
        if ((rule->methods & bit) != 0)
          cobro_wire_put_text (writer, NULL, cobro_method_name ((CobroMethods)bit));
      if (rule->methods != 0)
        cobro_wire_end_array (writer);
      if (rule->minimum > 0)
        cobro_wire_put_int64 (writer, "minimum", rule->minimum);
      if (rule->maximum > 0)
        cobro_wire_put_int64 (writer, "maximum", rule->maximum);
      cobro_wire_end_object (writer);
    }
  cobro_wire_end_array (writer);
}

char *
cobro_wire_provider_change_to_json (const CobroProviderChange *change)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  if (change->enabled >= 0)
    cobro_wire_put_bool (writer, "enabled", change->enabled == 1);
  if (g_hash_table_size (change->settings) > 0)
    cobro_wire_put_map (writer, "settings", change->settings);
  if (change->webhook_secret != NULL)
    cobro_wire_put_text (writer, "webhookSecret", change->webhook_secret);
  if (change->position >= 0)
    cobro_wire_put_int64 (writer, "position", change->position);
  if (change->rules != NULL)
    write_rules (writer, change->rules);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

static gboolean
parse_change (CobroWireObject *object, CobroProviderChange *change, GError **error)
{
  g_autoptr (GHashTable) settings = NULL;
  GHashTableIter iter;
  gpointer name, value;
  gboolean enabled;

  if (!cobro_wire_get_map (object, "settings", &settings, error) ||
      !cobro_wire_get_text (object, "webhookSecret", NULL, &change->webhook_secret, error) ||
      !cobro_wire_get_int64 (object, "position", -1, &change->position, error))
    return FALSE;
  if (cobro_wire_has (object, "rules") && !(change->rules = parse_rules (object, error)))
    return FALSE;
  if (cobro_wire_has (object, "enabled"))
    {
      if (!cobro_wire_get_bool (object, "enabled", FALSE, &enabled, error))
        return FALSE;
      change->enabled = enabled;
    }
  g_hash_table_iter_init (&iter, settings);
  while (g_hash_table_iter_next (&iter, &name, &value))
    cobro_provider_change_set (change, name, value);
  return TRUE;
}

CobroProviderChange *
cobro_wire_provider_change_parse (CobroWireObject *object, GError **error)
{
  g_autoptr (CobroProviderChange) change = cobro_provider_change_new ();

  if (!parse_change (object, change, error))
    return NULL;
  return g_steal_pointer (&change);
}
