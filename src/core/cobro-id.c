/* src/core/cobro-id.c — ids: prefix and ULID (https://github.com/ulid/spec), in lower case.
 * Layer: core. Any thread. */
#include "cobro-id.h"
#include "cobro-error.h"
#include "cobro-random-ulid.h"

#include <string.h>

#define ULID_DIGITS 26

static const char crockford[] = "0123456789abcdefghjkmnpqrstvwxyz";

const char *
cobro_id_prefix (CobroIdKind kind)
{
  static const char *const prefixes[] = {
    [COBRO_ID_LINK] = "link_",    [COBRO_ID_INVOICE] = "inv_",   [COBRO_ID_PAYMENT] = "pay_",
    [COBRO_ID_REFUND] = "ref_",   [COBRO_ID_CUSTOMER] = "cus_",  [COBRO_ID_PRODUCT] = "prd_",
    [COBRO_ID_EVENT] = "evt_",    [COBRO_ID_WEBHOOK] = "whk_",   [COBRO_ID_DELIVERY] = "dlv_",
    [COBRO_ID_MERCHANT] = "mer_", [COBRO_ID_DEVICE] = "dev_",    [COBRO_ID_OPERATION] = "op_",
    [COBRO_ID_ACCOUNT] = "acc_",  [COBRO_ID_RECURRING] = "rec_", [COBRO_ID_MAIL] = "mail_",
  };

  g_return_val_if_fail ((guint)kind < G_N_ELEMENTS (prefixes), "");
  return prefixes[kind];
}

/* 128 bits as 26 digits of 5 bits: the first holds the top 3. */
static void
encode (const guint8 ulid[16], char *out)
{
  for (int digit = 0; digit < ULID_DIGITS; digit++)
    {
      int value = 0;

      for (int bit = digit * 5 - 2; bit < digit * 5 + 3; bit++)
        value = value << 1 | (bit < 0 ? 0 : ulid[bit / 8] >> (7 - bit % 8) & 1);
      out[digit] = crockford[value];
    }
  out[ULID_DIGITS] = '\0';
}

CobroId
cobro_id_new (CobroIdKind kind, CobroClock *clock, CobroRandom *random)
{
  const char *prefix = cobro_id_prefix (kind);
  gsize n = strlen (prefix);
  CobroId id = COBRO_ID_NONE;
  guint8 ulid[16];

  cobro_random_next_ulid (random, (guint64)(cobro_clock_now (clock) / 1000), ulid);
  memcpy (id.text, prefix, n);
  encode (ulid, id.text + n);
  return id;
}

CobroId
cobro_id_at (CobroIdKind kind, CobroTime time)
{
  const char *prefix = cobro_id_prefix (kind);
  guint64 ms = (guint64)(MAX (time, 0) / 1000);
  CobroId id = COBRO_ID_NONE;
  guint8 ulid[16] = { 0 };
  gsize n = strlen (prefix);

  for (int i = 0; i < 6; i++)
    ulid[i] = (guint8)(ms >> (40 - 8 * i));
  memcpy (id.text, prefix, n);
  encode (ulid, id.text + n);
  return id;
}

gboolean
cobro_id_parse (CobroIdKind kind, const char *text, CobroId *out_id, GError **error)
{
  const char *prefix = cobro_id_prefix (kind);
  gsize n = strlen (prefix);
  CobroId id = COBRO_ID_NONE;

  g_return_val_if_fail (text != NULL && out_id != NULL, FALSE);

  if (!g_str_has_prefix (text, prefix) || strlen (text) != n + ULID_DIGITS || text[n] > '7' ||
      strspn (text + n, crockford) != ULID_DIGITS)
    return cobro_error_set (error, COBRO_ERROR_INVALID, "must be an id: \"%s\" and 26 characters", prefix);

  memcpy (id.text, text, n + ULID_DIGITS);
  *out_id = id;
  return TRUE;
}

gboolean
cobro_id_is_set (const CobroId *id)
{
  return id->text[0] != '\0';
}

gboolean
cobro_id_equal (const CobroId *a, const CobroId *b)
{
  return strcmp (a->text, b->text) == 0;
}

CobroTime
cobro_id_time (const CobroId *id)
{
  const char *digits = strchr (id->text, '_');
  gint64 ms = 0;

  g_return_val_if_fail (digits != NULL, 0);

  for (int i = 1; i <= 10; i++) /* the first ten digits are the 48 bits of time */
    {
      const char *found = digits[i] == '\0' ? NULL : strchr (crockford, digits[i]);

      g_return_val_if_fail (found != NULL, 0);
      ms = ms << 5 | (found - crockford);
    }
  return ms * 1000;
}
