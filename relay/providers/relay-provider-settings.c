/* relay/providers/relay-provider-settings.c — what can be set for an account, by each provider's table, and whether it
 * makes sense. Layer: relay/providers. Any thread; holds no state. */
#include "relay-provider.h"

#include <string.h>
#include "cobro-error.h"

#define SETTING_MAX 4096

const char *
relay_setting_kind_name (RelaySettingKind kind)
{
  switch (kind)
    {
    case RELAY_SETTING_TEXT:
      return "text";
    case RELAY_SETTING_SECRET:
      return "secret";
    case RELAY_SETTING_NUMBER:
      return "number";
    case RELAY_SETTING_RANGE:
      return "range";
    }
  return "";
}

const RelaySetting *
relay_provider_find_setting (RelayProvider *self, const char *name)
{
  for (guint i = 0; i < self->class->n_settings; i++)
    if (strcmp (self->class->settings[i].name, name) == 0)
      return &self->class->settings[i];
  return NULL;
}

static gboolean
is_number (const RelaySetting *setting, const char *text, guint64 *out_number)
{
  return g_ascii_string_to_unsigned (text, 10, setting->minimum, setting->maximum, out_number, NULL);
}

static gboolean
is_range (const RelaySetting *setting, const char *text)
{
  g_auto (GStrv) ends = g_strsplit (text, "-", 3);
  guint n = g_strv_length (ends);
  guint64 low, high;

  return n >= 1 && n <= 2 && is_number (setting, ends[0], &low) && is_number (setting, ends[n - 1], &high) &&
         low <= high;
}

gboolean
relay_provider_check_setting (RelayProvider *self, const char *name, const char *value, GError **error)
{
  const RelaySetting *setting = relay_provider_find_setting (self, name);
  guint64 number;

  if (setting == NULL)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, name, "%s has no such setting", self->class->name);
  switch (setting->kind)
    {
    case RELAY_SETTING_TEXT:
    case RELAY_SETTING_SECRET:
      if (*value == '\0' || strlen (value) > SETTING_MAX)
        return cobro_error_set_at (error, COBRO_ERROR_INVALID, name, "must have 1 to %d bytes", SETTING_MAX);
      return TRUE;
    case RELAY_SETTING_NUMBER:
      if (!is_number (setting, value, &number))
        return cobro_error_set_at (error, COBRO_ERROR_INVALID, name,
                                   "must be a whole number from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT,
                                   setting->minimum, setting->maximum);
      return TRUE;
    case RELAY_SETTING_RANGE:
      if (!is_range (setting, value))
        return cobro_error_set_at (error, COBRO_ERROR_INVALID, name,
                                   "must be a number or a range such as 50-300, from %" G_GUINT64_FORMAT
                                   " to %" G_GUINT64_FORMAT,
                                   setting->minimum, setting->maximum);
      return TRUE;
    }
  g_return_val_if_reached (FALSE);
}

gboolean
relay_provider_check_settings (RelayProvider *self, const RelayAccount *account, GError **error)
{
  if (!relay_provider_check_account (self, account, error))
    return FALSE;
  return self->class->check_settings == NULL || self->class->check_settings (self, account, error);
}
