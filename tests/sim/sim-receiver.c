/* tests/sim/sim-receiver.c — see sim-receiver.h. Layer: tests. */
#include "sim-receiver.h"

#include <string.h>

#include "sim-disk.h"

/* Standard Webhooks, computed here once more: HMAC-SHA256 over "id.timestamp.body" under the decoded secret. */
static void
check_signature (const RelayPost *post, const char *body)
{
  gsize n_key, n_mac = 32;
  guint8 mac[32];
  g_autofree guchar *key = g_base64_decode (SIM_RECEIVER_SECRET + strlen ("whsec_"), &n_key);
  g_autofree char *text = g_strdup_printf ("%s.%" G_GINT64_FORMAT ".%s", post->id, post->timestamp, body);
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, key, n_key);
  g_autofree char *encoded = NULL;
  g_autofree char *expected = NULL;

  g_hmac_update (hmac, (const guchar *)text, -1);
  g_hmac_get_digest (hmac, mac, &n_mac);
  encoded = g_base64_encode (mac, n_mac);
  expected = g_strconcat ("v1,", encoded, NULL);
  g_assert_cmpstr (post->signature, ==, expected);
}

/* The same event is the same message, however often it comes. */
static void
remember (SimReceiver *self, const RelayPost *post)
{
  g_autofree char *name = g_strdup_printf ("%s %s", post->url, post->id);
  g_autofree char *body = g_strndup (g_bytes_get_data (post->body, NULL), g_bytes_get_size (post->body));
  const char *known = g_hash_table_lookup (self->told, name);

  check_signature (post, body);
  self->messages++;
  if (known != NULL)
    {
      self->repeated++;
      g_assert_cmpstr (body, ==, known);
      return;
    }
  g_hash_table_insert (self->told, g_steal_pointer (&name), g_steal_pointer (&body));
}

static void
on_post (RelayCarrier *carrier, const RelayPost *post, RelayPostDone done, gpointer data)
{
  SimReceiver *self = (SimReceiver *)carrier;
  gboolean lost = g_rand_double (self->dice) < self->fault, refused = g_rand_double (self->dice) < self->fault;

  if (sim_disk_is_dead () || lost)
    {
      done (data, relay_post_result_new_failure ("connection refused"));
      return;
    }
  if (!refused)
    remember (self, post);
  if (g_rand_double (self->dice) < self->fault)
    done (data, relay_post_result_new_failure ("the answer got lost"));
  else
    done (data, relay_post_result_new (refused ? 500 : 204, NULL, NULL));
}

gboolean
sim_receiver_knows (SimReceiver *self, const char *url, const char *event_id)
{
  g_autofree char *name = g_strdup_printf ("%s %s", url, event_id);

  return g_hash_table_contains (self->told, name);
}

SimReceiver *
sim_receiver_new (GRand *dice)
{
  SimReceiver *self = g_new0 (SimReceiver, 1);

  self->carrier.post = on_post;
  self->dice = dice;
  self->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
sim_receiver_free (SimReceiver *self)
{
  g_hash_table_unref (self->told);
  g_free (self);
}
