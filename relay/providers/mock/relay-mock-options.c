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
  const char *name;
  gsize offset, offset_max; /* of a guint in RelayMockOptions; offset_max 0: a single number */
  guint64 maximum;
} table[] = {
  { "success-rate", G_STRUCT_OFFSET (RelayMockOptions, success_rate), 0, PERCENT_MAX },
  { "latency", G_STRUCT_OFFSET (RelayMockOptions, latency_min), G_STRUCT_OFFSET (RelayMockOptions, latency_max),
    MS_MAX },
  { "api-errors", G_STRUCT_OFFSET (RelayMockOptions, api_errors), 0, PERCENT_MAX },
  { "api-lost", G_STRUCT_OFFSET (RelayMockOptions, api_lost), 0, PERCENT_MAX },
  { "hooks-lost", G_STRUCT_OFFSET (RelayMockOptions, hooks_lost), 0, PERCENT_MAX },
  { "hooks-twice", G_STRUCT_OFFSET (RelayMockOptions, hooks_twice), 0, PERCENT_MAX },
  { "hooks-renamed", G_STRUCT_OFFSET (RelayMockOptions, hooks_renamed), 0, PERCENT_MAX },
  { "hooks-forged", G_STRUCT_OFFSET (RelayMockOptions, hooks_forged), 0, PERCENT_MAX },
  { "hook-delay", G_STRUCT_OFFSET (RelayMockOptions, hook_delay_min),
    G_STRUCT_OFFSET (RelayMockOptions, hook_delay_max), MS_MAX },
  { "wrong-amounts", G_STRUCT_OFFSET (RelayMockOptions, wrong_amounts), 0, PERCENT_MAX },
  { "settle-delay", G_STRUCT_OFFSET (RelayMockOptions, settle_delay), 0, MS_MAX },
};

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
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_auto (GStrv) ends = NULL;
      guint n;

      if (strcmp (table[i].name, name) != 0)
        continue;
      ends = g_strsplit (value, "-", 3);
      n = g_strv_length (ends);
      if (n < 1 || n > (table[i].offset_max != 0 ? 2 : 1) || !read_number (ends[0], table[i].maximum, &low) ||
          !read_number (ends[n - 1], table[i].maximum, &high) || low > high)
        return cobro_error_set_at (error, COBRO_ERROR_CONFIG, name,
                                   table[i].offset_max != 0
                                     ? "\"%s\" is neither a number nor a range from 0 to %" G_GUINT64_FORMAT
                                     : "\"%s\" is not a number from 0 to %" G_GUINT64_FORMAT,
                                   value, table[i].maximum);
      G_STRUCT_MEMBER (guint, self, table[i].offset) = (guint)low;
      if (table[i].offset_max != 0)
        G_STRUCT_MEMBER (guint, self, table[i].offset_max) = (guint)high;
      return TRUE;
    }
  return cobro_error_set_at (error, COBRO_ERROR_CONFIG, name, "the mock gateway has no option \"%s\"", name);
}

char *
relay_mock_options_to_text (const RelayMockOptions *self)
{
  RelayMockOptions usual = relay_mock_options_default ();
  GString *text = g_string_new (NULL);

  g_string_printf (text, "seed=%" G_GUINT64_FORMAT, self->seed);
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      gsize offset_max = table[i].offset_max != 0 ? table[i].offset_max : table[i].offset;
      guint low = G_STRUCT_MEMBER (guint, self, table[i].offset), high = G_STRUCT_MEMBER (guint, self, offset_max);

      if (low == G_STRUCT_MEMBER (guint, &usual, table[i].offset) &&
          high == G_STRUCT_MEMBER (guint, &usual, offset_max))
        continue;
      g_string_append_printf (text, " %s=%u", table[i].name, low);
      if (high != low)
        g_string_append_printf (text, "-%u", high);
    }
  return g_string_free (text, FALSE);
}
