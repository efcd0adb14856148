/* relay/providers/mock/relay-mock-options.c — how the gateway behaves: defaults, names, values.
 * Layer: relay/providers (mock). Pure; any thread. */
#include "relay-mock-private.h"

#include <string.h>
#include "cobro-error.h"

#define PERCENT_MAX 100
#define MS_MAX      (60 * 60 * 1000)

/* One line per option. A range has a second field for its upper end. */
static const struct
{
  gsize offset, offset_max; /* of a guint in RelayMockOptions; offset_max 0: a single number */
} fields[] = {
  { G_STRUCT_OFFSET (RelayMockOptions, success_rate), 0 },
  { G_STRUCT_OFFSET (RelayMockOptions, latency_min), G_STRUCT_OFFSET (RelayMockOptions, latency_max) },
  { G_STRUCT_OFFSET (RelayMockOptions, api_errors), 0 },
  { G_STRUCT_OFFSET (RelayMockOptions, api_lost), 0 },
  { G_STRUCT_OFFSET (RelayMockOptions, list_lost), 0 },
  { G_STRUCT_OFFSET (RelayMockOptions, hooks_lost), 0 },
  { G_STRUCT_OFFSET (RelayMockOptions, hooks_twice), 0 },
  { G_STRUCT_OFFSET (RelayMockOptions, hooks_renamed), 0 },
  { G_STRUCT_OFFSET (RelayMockOptions, hooks_forged), 0 },
  { G_STRUCT_OFFSET (RelayMockOptions, hook_delay_min), G_STRUCT_OFFSET (RelayMockOptions, hook_delay_max) },
  { G_STRUCT_OFFSET (RelayMockOptions, wrong_amounts), 0 },
  { G_STRUCT_OFFSET (RelayMockOptions, settle_delay), 0 },
};

/* The same as settings of an account, in the same order. */
const RelaySetting relay_mock_settings[RELAY_MOCK_N_SETTINGS] = {
  { "success-rate", "Success rate", "Percentage of cards that would pay", RELAY_SETTING_NUMBER, FALSE, "100", 0,
    PERCENT_MAX },
  { "latency", "Latency", "Milliseconds until it answers: a number, or a range such as 50-300", RELAY_SETTING_RANGE,
    FALSE, "0", 0, MS_MAX },
  { "api-errors", "API errors", "Percentage of calls answered 503: nothing happened", RELAY_SETTING_NUMBER, FALSE, "0",
    0, PERCENT_MAX },
  { "api-lost", "Lost answers", "Percentage of calls that happen and whose answer is lost", RELAY_SETTING_NUMBER, FALSE,
    "0", 0, PERCENT_MAX },
  { "list-lost", "Gaps in lists", "Percentage of payments that lists leave out", RELAY_SETTING_NUMBER, FALSE, "0", 0,
    PERCENT_MAX },
  { "hooks-lost", "Lost webhooks", "Percentage of webhooks that are never sent", RELAY_SETTING_NUMBER, FALSE, "0", 0,
    PERCENT_MAX },
  { "hooks-twice", "Doubled webhooks", "Percentage of webhooks that are sent twice", RELAY_SETTING_NUMBER, FALSE, "0",
    0, PERCENT_MAX },
  { "hooks-renamed", "Renamed webhooks", "Percentage of webhooks that are sent again under another event id",
    RELAY_SETTING_NUMBER, FALSE, "0", 0, PERCENT_MAX },
  { "hooks-forged", "Forged webhooks", "Percentage of webhooks that are preceded by a forgery", RELAY_SETTING_NUMBER,
    FALSE, "0", 0, PERCENT_MAX },
  { "hook-delay", "Webhook delay", "Milliseconds until a webhook leaves: a range puts them out of order",
    RELAY_SETTING_RANGE, FALSE, "0", 0, MS_MAX },
  { "wrong-amounts", "Wrong amounts", "Percentage of payments captured for one minor unit less than asked",
    RELAY_SETTING_NUMBER, FALSE, "0", 0, PERCENT_MAX },
  { "settle-delay", "Settling time", "Milliseconds until slow payments are paid, and disputes go on",
    RELAY_SETTING_NUMBER, FALSE, "3000", 0, MS_MAX },
};
G_STATIC_ASSERT (G_N_ELEMENTS (fields) == RELAY_MOCK_N_SETTINGS);

gboolean
relay_mock_options_of_account (RelayMockOptions *self, const RelayAccount *account, GError **error)
{
  for (guint i = 0; i < RELAY_MOCK_N_SETTINGS; i++)
    {
      const char *name = relay_mock_settings[i].name, *value = g_hash_table_lookup (account->settings, name);

      if (value != NULL && !relay_mock_options_set (self, name, value, error))
        return FALSE;
    }
  return TRUE;
}

char *
relay_mock_options_to_line (const RelayAccount *account)
{
  GString *line = g_string_new (NULL);

  for (guint i = 0; i < RELAY_MOCK_N_SETTINGS; i++)
    {
      const char *name = relay_mock_settings[i].name, *value = g_hash_table_lookup (account->settings, name);

      if (value != NULL)
        g_string_append_printf (line, "%s%s=%s", line->len > 0 ? " " : "", name, value);
    }
  return g_string_free (line, FALSE);
}

RelayMockOptions
relay_mock_options_default (void)
{
  g_autoptr (CobroRandom) random = cobro_random_new_system ();

  return (RelayMockOptions){
    .seed = cobro_random_below (random, 1000000000),
    .success_rate = 100,
    .settle_delay = 3000,
  };
}

static gboolean
read_number (const char *text, guint64 maximum, guint64 *out_number)
{
  g_autoptr (GError) error = NULL;

  return g_ascii_string_to_unsigned (text, 10, 0, maximum, out_number, &error);
}

gboolean
relay_mock_options_set (RelayMockOptions *self, const char *name, const char *value, GError **error)
{
  guint64 low = 0, high = 0;

  if (strcmp (name, "seed") == 0)
    return read_number (value, G_MAXUINT64, &self->seed) ||
           cobro_error_set_at (error, COBRO_ERROR_CONFIG, name, "\"%s\" is not a whole number", value);
  for (guint i = 0; i < RELAY_MOCK_N_SETTINGS; i++)
    {
      g_auto (GStrv) ends = NULL;
      guint n;

      if (strcmp (relay_mock_settings[i].name, name) != 0)
        continue;
      ends = g_strsplit (value, "-", 3);
      n = g_strv_length (ends);
      if (n < 1 || n > (fields[i].offset_max != 0 ? 2 : 1) ||
          !read_number (ends[0], relay_mock_settings[i].maximum, &low) ||
          !read_number (ends[n - 1], relay_mock_settings[i].maximum, &high) || low > high)
        return cobro_error_set_at (error, COBRO_ERROR_CONFIG, name,
                                   fields[i].offset_max != 0
                                     ? "\"%s\" is neither a number nor a range from 0 to %" G_GUINT64_FORMAT
                                     : "\"%s\" is not a number from 0 to %" G_GUINT64_FORMAT,
                                   value, relay_mock_settings[i].maximum);
      G_STRUCT_MEMBER (guint, self, fields[i].offset) = (guint)low;
      if (fields[i].offset_max != 0)
        G_STRUCT_MEMBER (guint, self, fields[i].offset_max) = (guint)high;
      return TRUE;
    }
  return cobro_error_set_at (error, COBRO_ERROR_CONFIG, name, "the mock gateway has no option \"%s\"", name);
}

gboolean
relay_mock_options_read (RelayMockOptions *self, const char *line, GError **error)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      char *equals = strchr (words[i], '=');

      if (*words[i] == '\0')
        continue;
      if (equals == NULL)
        return cobro_error_set (error, COBRO_ERROR_CONFIG, "\"%s\" is not name=value", words[i]);
      *equals = '\0';
      if (!relay_mock_options_set (self, words[i], equals + 1, error))
        return FALSE;
    }
  return TRUE;
}

char *
relay_mock_options_to_text (const RelayMockOptions *self)
{
  RelayMockOptions usual = relay_mock_options_default ();
  GString *text = g_string_new (NULL);

  g_string_printf (text, "seed=%" G_GUINT64_FORMAT, self->seed);
  for (guint i = 0; i < RELAY_MOCK_N_SETTINGS; i++)
    {
      gsize offset_max = fields[i].offset_max != 0 ? fields[i].offset_max : fields[i].offset;
      guint low = G_STRUCT_MEMBER (guint, self, fields[i].offset), high = G_STRUCT_MEMBER (guint, self, offset_max);

      if (low == G_STRUCT_MEMBER (guint, &usual, fields[i].offset) &&
          high == G_STRUCT_MEMBER (guint, &usual, offset_max))
        continue;
      g_string_append_printf (text, " %s=%u", relay_mock_settings[i].name, low);
      if (high != low)
        g_string_append_printf (text, "-%u", high);
    }
  return g_string_free (text, FALSE);
}
