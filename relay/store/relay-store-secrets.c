/* relay/store/relay-store-secrets.c — sealing under the merchants' keys, and keys that providers get.
 * Layer: relay/store. Any thread. */
#include <string.h>

#include "cobro-wire-sign.h"
#include "relay-keyring.h"
#include "relay-store-private.h"

RelayKeyring *
relay_store_keyring (RelayStore *store)
{
  return store->keyring;
}

/* The associated data: "table|column|row id|merchant|livemode". */
static char *
context_of (const RelayPlace *place)
{
  return g_strdup_printf ("%s|%s|%s|%s|%d", place->table, place->column, place->row, place->merchant_id->text,
                          place->livemode);
}

static GBytes *
seal (RelayStore *self, CobroDb *db, const RelayPlace *place, gconstpointer plain, gsize n, GError **error)
{
  g_autofree char *context = context_of (place);
  RelayDataKey key;
  GBytes *sealed;

  if (!relay_keyring_lend (self->keyring, db, place->merchant_id->text, 0, &key, error))
    return NULL;
  sealed = cobro_wire_seal (key.key, key.number, context, plain, n);
  explicit_bzero (&key, sizeof key);
  return sealed;
}

GBytes *
relay_store_seal (RelayStore *self, CobroDb *db, const RelayPlace *place, const char *text, GError **error)
{
  return seal (self, db, place, text, strlen (text), error);
}

GBytes *
relay_store_seal_bytes (RelayStore *self, CobroDb *db, const RelayPlace *place, GBytes *plain, GError **error)
{
  return seal (self, db, place, g_bytes_get_data (plain, NULL), g_bytes_get_size (plain), error);
}

GBytes *
relay_store_unseal_bytes (RelayStore *self, CobroDb *db, const RelayPlace *place, gconstpointer blob, gsize n,
                          GError **error)
{
  g_autoptr (RelayReader) reader = db == NULL ? relay_store_read (self, error) : NULL;
  g_autofree char *context = context_of (place);
  RelayDataKey key;
  guint32 number;
  GBytes *plain;

  if ((db == NULL && reader == NULL) || !cobro_wire_sealed_key_id (blob, n, &number, error) ||
      !relay_keyring_lend (self->keyring, db != NULL ? db : reader->db, place->merchant_id->text, number, &key, error))
    return NULL;
  plain = cobro_wire_open (key.key, number, context, blob, n, error);
  explicit_bzero (&key, sizeof key);
  return plain;
}

char *
relay_store_unseal (RelayStore *self, CobroDb *db, const RelayPlace *place, gconstpointer blob, gsize n, GError **error)
{
  GBytes *plain = relay_store_unseal_bytes (self, db, place, blob, n, error);
  char *text;

  if (plain == NULL)
    return NULL;
  text = g_strndup (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain));
  cobro_wire_wipe (plain);
  return text;
}

gboolean
relay_tx_add_data_key (RelayTx *tx, const CobroId *merchant_id, GError **error)
{
  return relay_keyring_add_owner (tx->store->keyring, tx->db, merchant_id->text, error);
}

/* RFC 4648 base32, lower case, without padding. */
static char *
to_base32 (const guint8 *bytes, gsize n)
{
  static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
  GString *text = g_string_sized_new (n * 8 / 5 + 2);
  guint32 bits = 0;
  guint count = 0;

  for (gsize i = 0; i < n; i++)
    {
      bits = (bits << 8) | bytes[i];
      for (count += 8; count >= 5; count -= 5)
        g_string_append_c (text, alphabet[(bits >> (count - 5)) & 31]);
    }
  if (count > 0)
    g_string_append_c (text, alphabet[(bits << (5 - count)) & 31]);
  return g_string_free (text, FALSE);
}

char *
relay_store_provider_key (RelayStore *self, const CobroId *object, const char *step)
{
  g_autofree char *text = g_strdup_printf ("provider-key|%s|%s", object->text, step);
  guint8 mac[32];

  relay_keyring_mac (self->keyring, RELAY_SHARED_PROVIDER_KEY, text, mac);
  return to_base32 (mac, sizeof mac);
}

char *
relay_store_sign (RelayStore *self, const char *text)
{
  guint8 mac[32];
  GString *hex = g_string_sized_new (2 * sizeof mac + 1);

  relay_keyring_mac (self->keyring, RELAY_SHARED_REFERENCE, text, mac);
  for (gsize i = 0; i < sizeof mac; i++)
    g_string_append_printf (hex, "%02x", mac[i]);
  return g_string_free (hex, FALSE);
}

void
relay_store_derive (RelayStore *self, const char *purpose, guint8 out_key[32])
{
  g_autofree char *text = g_strconcat ("derive|", purpose, NULL);

  relay_keyring_mac (self->keyring, RELAY_SHARED_REFERENCE, text, out_key);
}
