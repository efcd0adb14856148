/* src/core/cobro-provider.c — providers as their settings are shown, and what keys give away.
 * Layer: core. Any thread. */
#include "cobro-text.h"
#include "cobro-provider.h"

#include <string.h>

#include "cobro-names.h"

static const char *const kind_names[] = { "text", "secret", "number", "range" };
static const char *const status_names[] = { "not_set_up", "disabled", "degraded", "ready" };

gboolean
cobro_setting_kind_from_name (const char *name, CobroSettingKind *out_kind)
{
  guint index;

  if (!cobro_names_find (kind_names, G_N_ELEMENTS (kind_names), name, &index))
    return FALSE;
  *out_kind = (CobroSettingKind)index;
  return TRUE;
}

gboolean
cobro_provider_status_from_name (const char *name, CobroProviderStatus *out_status)
{
  guint index;

  if (!cobro_names_find (status_names, G_N_ELEMENTS (status_names), name, &index))
    return FALSE;
  *out_status = (CobroProviderStatus)index;
  return TRUE;
}

/* ── Life ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

CobroSetting *
cobro_setting_new (void)
{
  CobroSetting *setting = g_new0 (CobroSetting, 1);

  setting->name = g_strdup ("");
  setting->title = g_strdup ("");
  setting->help = g_strdup ("");
  return setting;
}

void
cobro_setting_free (CobroSetting *setting)
{
  if (setting == NULL)
    return;
  g_free (setting->name);
  g_free (setting->title);
  g_free (setting->help);
  g_free (setting->initial);
  g_free (setting->value);
  g_free (setting);
}

CobroProviderRule *
cobro_provider_rule_new (const char *currency, guint methods, gint64 minimum, gint64 maximum)
{
  CobroProviderRule *rule = g_new0 (CobroProviderRule, 1);

  rule->currency = g_strdup (currency);
  rule->methods = methods;
  rule->minimum = minimum;
  rule->maximum = maximum;
  return rule;
}

void
cobro_provider_rule_free (CobroProviderRule *rule)
{
  if (rule == NULL)
    return;
  g_free (rule->currency);
  g_free (rule);
}

GPtrArray *
cobro_provider_rules_copy (GPtrArray *rules)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_provider_rule_free);

  for (guint i = 0; i < rules->len; i++)
    {
      const CobroProviderRule *rule = rules->pdata[i];

      g_ptr_array_add (copy, cobro_provider_rule_new (rule->currency, rule->methods, rule->minimum, rule->maximum));
    }
  return copy;
}

gboolean
cobro_provider_rules_equal (GPtrArray *a, GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    {
      const CobroProviderRule *x = a->pdata[i], *y = b->pdata[i];

      if (g_strcmp0 (x->currency, y->currency) != 0 || x->methods != y->methods || x->minimum != y->minimum ||
          x->maximum != y->maximum)
        return FALSE;
    }
  return TRUE;
}

CobroProvider *
cobro_provider_new (void)
{
  CobroProvider *provider = g_new0 (CobroProvider, 1);

  provider->ref_count = 1;
  provider->name = g_strdup ("");
  provider->title = g_strdup ("");
  provider->rules = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_provider_rule_free);
  provider->settings = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_setting_free);
  return provider;
}

CobroProvider *
cobro_provider_ref (CobroProvider *provider)
{
  g_atomic_int_inc (&provider->ref_count);
  return provider;
}

void
cobro_provider_unref (CobroProvider *provider)
{
  if (provider == NULL || !g_atomic_int_dec_and_test (&provider->ref_count))
    return;
  g_free (provider->name);
  g_free (provider->title);
  g_strfreev (provider->currencies);
  g_free (provider->account);
  g_free (provider->webhook_url);
  g_free (provider->notice);
  g_ptr_array_unref (provider->rules);
  g_ptr_array_unref (provider->settings);
  g_free (provider);
}

const CobroSetting *
cobro_provider_find_setting (const CobroProvider *provider, const char *name)
{
  for (guint i = 0; i < provider->settings->len; i++)
    if (strcmp (((CobroSetting *)provider->settings->pdata[i])->name, name) == 0)
      return provider->settings->pdata[i];
  return NULL;
}

gboolean
cobro_provider_is_complete (const CobroProvider *provider)
{
  for (guint i = 0; i < provider->settings->len; i++)
    {
      const CobroSetting *setting = provider->settings->pdata[i];

      if (setting->required && !setting->is_set)
        return FALSE;
    }
  return TRUE;
}

gboolean
cobro_provider_has_keys (const CobroProvider *provider)
{
  for (guint i = 0; i < provider->settings->len; i++)
    if (((CobroSetting *)provider->settings->pdata[i])->is_set)
      return TRUE;
  return provider->secret_is_set;
}

/* ── Changes ────────────────────────────────────────────────────────────────────────────────────────────────────── */

CobroProviderChange *
cobro_provider_change_new (void)
{
  CobroProviderChange *change = g_new0 (CobroProviderChange, 1);

  change->enabled = -1;
  change->position = -1;
  change->settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, cobro_text_wipe);
  return change;
}

void
cobro_provider_change_free (CobroProviderChange *change)
{
  if (change == NULL)
    return;
  g_hash_table_unref (change->settings);
  cobro_text_wipe (change->webhook_secret);
  g_clear_pointer (&change->rules, g_ptr_array_unref);
  g_free (change);
}

void
cobro_provider_change_set (CobroProviderChange *change, const char *name, const char *value)
{
  g_hash_table_replace (change->settings, g_strdup (name), g_strdup (value));
}

void
cobro_provider_change_merge (CobroProviderChange *change, const CobroProviderChange *newer)
{
  GHashTableIter iter;
  gpointer name, value;

  if (newer->enabled >= 0)
    change->enabled = newer->enabled;
  if (newer->position >= 0)
    change->position = newer->position;
  if (newer->rules != NULL)
    {
      g_clear_pointer (&change->rules, g_ptr_array_unref);
      change->rules = cobro_provider_rules_copy (newer->rules);
    }
  if (newer->webhook_secret != NULL)
    {
      cobro_text_wipe (change->webhook_secret);
      change->webhook_secret = g_strdup (newer->webhook_secret);
    }
  g_hash_table_iter_init (&iter, newer->settings);
  while (g_hash_table_iter_next (&iter, &name, &value))
    cobro_provider_change_set (change, name, value);
}

/* ── Keys ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef enum
{
  HALF_SECRET,
  HALF_PUBLIC,
  HALF_HOOK,
} Half;

typedef enum
{
  MODE_ANY,
  MODE_TEST,
  MODE_LIVE,
} Mode;

/* The longer beginning stands before the shorter one that it contains. */
static const struct
{
  const char *beginning, *provider;
  Half half;
  Mode mode;
} keys[] = {
  { "sk_test_", "stripe", HALF_SECRET, MODE_TEST },      { "sk_live_", "stripe", HALF_SECRET, MODE_LIVE },
  { "rk_test_", "stripe", HALF_SECRET, MODE_TEST },      { "rk_live_", "stripe", HALF_SECRET, MODE_LIVE },
  { "pk_test_", "stripe", HALF_PUBLIC, MODE_TEST },      { "pk_live_", "stripe", HALF_PUBLIC, MODE_LIVE },
  { "whsec_", "stripe", HALF_HOOK, MODE_ANY },           { "rzp_test_", "razorpay", HALF_PUBLIC, MODE_TEST },
  { "rzp_live_", "razorpay", HALF_PUBLIC, MODE_LIVE },   { "FLWSECK_TEST-", "flutterwave", HALF_SECRET, MODE_TEST },
  { "FLWSECK-", "flutterwave", HALF_SECRET, MODE_LIVE }, { "FLWPUBK_TEST-", "flutterwave", HALF_PUBLIC, MODE_TEST },
  { "FLWPUBK-", "flutterwave", HALF_PUBLIC, MODE_LIVE }, { "sk_", "openpay", HALF_SECRET, MODE_ANY },
  { "pk_", "openpay", HALF_PUBLIC, MODE_ANY },
};

static gboolean
has_blank (const char *text)
{
  for (const char *at = text; *at != '\0'; at++)
    if (g_ascii_isspace (*at))
      return TRUE;
  return FALSE;
}

static gboolean
has_keys_of_its_own (const char *provider)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (strcmp (keys[i].provider, provider) == 0)
      return TRUE;
  return FALSE;
}

static CobroKeyProblem
check_half (Half half, CobroKeyField field)
{
  switch (half)
    {
    case HALF_SECRET:
      return field == COBRO_KEY_FIELD_SECRET ? COBRO_KEY_FINE : COBRO_KEY_IS_SECRET;
    case HALF_PUBLIC:
      return field == COBRO_KEY_FIELD_TEXT ? COBRO_KEY_FINE : COBRO_KEY_IS_PUBLIC;
    case HALF_HOOK:
      return field == COBRO_KEY_FIELD_HOOK ? COBRO_KEY_FINE : COBRO_KEY_IS_HOOK;
    }
  return COBRO_KEY_FINE;
}

CobroKeyProblem
cobro_key_check (const char *provider, gboolean livemode, CobroKeyField field, const char *text, const char **out_owner)
{
  if (field != COBRO_KEY_FIELD_TEXT && has_blank (text))
    return COBRO_KEY_BLANK;
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      if (!g_str_has_prefix (text, keys[i].beginning))
        continue;
      if (strcmp (keys[i].provider, provider) != 0)
        {
          if (!has_keys_of_its_own (provider))
            return COBRO_KEY_FINE;
          if (out_owner != NULL)
            *out_owner = keys[i].provider;
          return COBRO_KEY_IS_OTHERS;
        }
      if (check_half (keys[i].half, field) != COBRO_KEY_FINE)
        return check_half (keys[i].half, field);
      if (livemode ? keys[i].mode == MODE_TEST : keys[i].mode == MODE_LIVE)
        return livemode ? COBRO_KEY_IS_TEST : COBRO_KEY_IS_LIVE;
      return COBRO_KEY_FINE;
    }
  return COBRO_KEY_FINE;
}
