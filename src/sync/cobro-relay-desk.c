/* src/sync/cobro-relay-desk.c — accounts at providers, and refunds.
 * Layer: sync. */
#include "config.h"
#include "cobro-text.h"
#include "cobro-relay-desk.h"
#include "cobro-error.h"
#include "cobro-relay-exchange.h"
#include "cobro-wire-provider.h"
#include "cobro-wire-refund.h"

#include <string.h>

#define PROVIDERS_MAX 64
/* The relay waits for a provider that takes its time; the person can cancel. */
#define PATIENT_MS    60000

static CobroWireObject *
ask (CobroRelayClient *client, const char *method, const char *path, const char *body, guint deadline_ms,
     GCancellable *cancellable, GError **error)
{
  CobroRelayAsk what = {
    .method = method, .path = path, .body = body, .deadline_ms = deadline_ms, .max_bytes = COBRO_RELAY_SMALL_BYTES_MAX
  };

  return cobro_relay_exchange_data (client, &what, cancellable, error);
}

static char *
provider_path (const char *name, const char *rest)
{
  g_autofree char *escaped = g_uri_escape_string (name, NULL, FALSE);

  return g_strconcat ("/v1/providers/", escaped, rest, NULL);
}

/* ── Providers ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static GPtrArray *
read_list (CobroWireObject *json, GError **error)
{
  g_autoptr (GPtrArray) objects = NULL;
  g_autoptr (GPtrArray) providers = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_provider_unref);

  if (!cobro_wire_get_objects (json, "data", PROVIDERS_MAX, &objects, error))
    return NULL;
  for (guint i = 0; i < objects->len; i++)
    {
      CobroProvider *provider = cobro_wire_provider_parse (objects->pdata[i], error);

      if (provider == NULL)
        return NULL;
      g_ptr_array_add (providers, provider);
    }
  return g_steal_pointer (&providers);
}

GPtrArray *
cobro_relay_providers_list (CobroRelayClient *client, char **out_text, GCancellable *cancellable, GError **error)
{
  CobroRelayAsk what = { .method = "GET",
                         .path = "/v1/providers",
                         .deadline_ms = COBRO_RELAY_DEADLINE_MS,
                         .max_bytes = COBRO_RELAY_SMALL_BYTES_MAX };
  g_autoptr (CobroWireObject) json = cobro_relay_exchange (client, &what, cancellable, error);
  g_autofree char *data = NULL;
  GPtrArray *providers;
  GError *failure = NULL;

  if (json == NULL)
    return NULL;
  if (!(providers = read_list (json, &failure)))
    {
      cobro_relay_misshapen (error, failure);
      return NULL;
    }
  data = cobro_wire_get_raw (json, "data");
  *out_text = g_strdup_printf ("{\"data\":%s}", data);
  return providers;
}

GPtrArray *
cobro_relay_providers_read (const char *text, GError **error)
{
  g_autoptr (CobroWireObject) json = cobro_wire_parse (text, -1, error);

  return json != NULL ? read_list (json, error) : NULL;
}

CobroProvider *
cobro_relay_providers_change (CobroRelayClient *client, const char *name, const CobroProviderChange *change,
                              GCancellable *cancellable, GError **error)
{
  g_autofree char *path = provider_path (name, "");
  char *body = cobro_wire_provider_change_to_json (change);
  g_autoptr (CobroWireObject) data = ask (client, "PUT", path, body, COBRO_RELAY_DEADLINE_MS, cancellable, error);
  CobroProvider *provider;
  GError *failure = NULL;

  cobro_text_wipe (body);
  if (data == NULL)
    return NULL;
  if (!(provider = cobro_wire_provider_parse (data, &failure)))
    cobro_relay_misshapen (error, failure);
  return provider;
}

gboolean
cobro_relay_providers_test (CobroRelayClient *client, const char *name, gboolean *out_ok, char **out_words,
                            GCancellable *cancellable, GError **error)
{
  g_autofree char *path = provider_path (name, "/test");
  g_autoptr (CobroWireObject) data = ask (client, "POST", path, NULL, PATIENT_MS, cancellable, error);
  GError *failure = NULL;

  if (data == NULL)
    return FALSE;
  return (cobro_wire_get_bool (data, "ok", FALSE, out_ok, &failure) &&
          cobro_wire_get_text (data, "message", "", out_words, &failure)) ||
         cobro_relay_misshapen (error, failure);
}

char *
cobro_relay_providers_new_secret (CobroRelayClient *client, const char *name, CobroTime *out_before_until,
                                  GCancellable *cancellable, GError **error)
{
  g_autofree char *path = provider_path (name, "/webhook-secret");
  g_autoptr (CobroWireObject) data = ask (client, "POST", path, NULL, COBRO_RELAY_DEADLINE_MS, cancellable, error);
  char *secret = NULL;
  GError *failure = NULL;

  if (data == NULL)
    return NULL;
  if (!cobro_wire_get_text_needed (data, "webhookSecret", &secret, &failure) ||
      !cobro_wire_get_time (data, "previousUntil", out_before_until, &failure))
    {
      cobro_text_wipe (secret);
      cobro_relay_misshapen (error, failure);
      return NULL;
    }
  return secret;
}

/* ── Another computer ───────────────────────────────────────────────────────────────────────────────────────────── */

void
cobro_invitation_free (CobroInvitation *invitation)
{
  cobro_text_wipe (invitation->code);
  cobro_text_wipe (invitation->link);
  g_free (invitation);
}

CobroInvitation *
cobro_relay_invite (CobroRelayClient *client, GCancellable *cancellable, GError **error)
{
  g_autoptr (CobroWireObject) data =
    ask (client, "POST", "/v1/pair-codes", NULL, COBRO_RELAY_DEADLINE_MS, cancellable, error);
  g_autoptr (CobroInvitation) invitation = g_new0 (CobroInvitation, 1);
  GError *failure = NULL;

  if (data == NULL)
    return NULL;
  if (!cobro_wire_get_text_needed (data, "code", &invitation->code, &failure) ||
      !cobro_wire_get_text_needed (data, "link", &invitation->link, &failure) ||
      !cobro_wire_get_time (data, "expiresAt", &invitation->expires_at, &failure))
    {
      cobro_relay_misshapen (error, failure);
      return NULL;
    }
  return g_steal_pointer (&invitation);
}

/* ── What the keyring keeps ─────────────────────────────────────────────────────────────────────────────────────── */

CobroKeptKeys *
cobro_kept_keys_new (void)
{
  CobroKeptKeys *keys = g_new0 (CobroKeptKeys, 1);

  keys->kept = cobro_provider_change_new ();
  return keys;
}

void
cobro_kept_keys_free (CobroKeptKeys *keys)
{
  if (keys == NULL)
    return;
  cobro_provider_change_free (keys->kept);
  cobro_provider_change_free (keys->waiting);
  g_free (keys);
}

char *
cobro_kept_keys_to_text (const CobroKeptKeys *keys)
{
  char *kept = cobro_wire_provider_change_to_json (keys->kept);
  char *waiting = keys->waiting != NULL ? cobro_wire_provider_change_to_json (keys->waiting) : g_strdup ("null");
  char *text = g_strdup_printf ("{\"kept\":%s,\"waiting\":%s}", kept, waiting);

  cobro_text_wipe (kept);
  cobro_text_wipe (waiting);
  return text;
}

CobroKeptKeys *
cobro_kept_keys_from_text (const char *text, GError **error)
{
  g_autoptr (CobroWireObject) json = cobro_wire_parse (text, -1, error);
  g_autoptr (CobroWireObject) kept = NULL;
  g_autoptr (CobroWireObject) waiting = NULL;
  CobroKeptKeys *keys;

  if (json == NULL || !cobro_wire_get_object (json, "kept", &kept, error) ||
      !cobro_wire_get_object (json, "waiting", &waiting, error))
    return NULL;
  keys = g_new0 (CobroKeptKeys, 1);
  keys->kept = kept != NULL ? cobro_wire_provider_change_parse (kept, error) : cobro_provider_change_new ();
  if (keys->kept != NULL && waiting != NULL)
    keys->waiting = cobro_wire_provider_change_parse (waiting, error);
  if (keys->kept != NULL && (waiting == NULL) == (keys->waiting == NULL))
    return keys;
  cobro_kept_keys_free (keys);
  return NULL;
}

/* ── Refunds ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static char *
write_wish (const CobroRefundWish *wish)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "paymentId", wish->payment_id.text);
  cobro_wire_put_money (writer, "amount", wish->amount);
  cobro_wire_put_text (writer, "currency", cobro_money_code (wish->amount));
  cobro_wire_put_text (writer, "reason", wish->reason);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

CobroRefund *
cobro_relay_refunds_make (CobroRelayClient *client, const CobroRefundWish *wish, GCancellable *cancellable,
                          GError **error)
{
  g_autofree char *body = write_wish (wish);
  CobroRelayAsk what = { .method = "POST",
                         .path = "/v1/refunds",
                         .body = body,
                         .idempotency_key = wish->key,
                         .deadline_ms = PATIENT_MS,
                         .max_bytes = COBRO_RELAY_SMALL_BYTES_MAX };
  g_autoptr (CobroWireObject) data = cobro_relay_exchange_data (client, &what, cancellable, error);
  CobroRefund *refund;
  GError *failure = NULL;

  if (data == NULL)
    return NULL;
  if (!(refund = cobro_wire_refund_parse (data, &failure)))
    cobro_relay_misshapen (error, failure);
  return refund;
}
