/* src/sync/cobro-sync-pair.c — pairing: everything that can be wrong is found before the code is spent (README.md,
 * "Pairing"). Layer: sync. */
#include "config.h"
#include "cobro-invoice-sync-store.h"
#include "cobro-error.h"
#include "cobro-link-sync-store.h"
#include "cobro-pair-link.h"
#include "cobro-payment-store.h"
#include "cobro-profile-store.h"
#include "cobro-sync-engine.h"
#include "cobro-sync-steps.h"
#include "cobro-text.h"

#include <string.h>

#define PROTOCOL   1
#define CLOCK_SKEW (5 * COBRO_MINUTE)

GQuark
cobro_pairing_error_quark (void)
{
  return g_quark_from_static_string ("cobro-pairing-error-quark");
}

static gboolean fail (GError **error, CobroPairingError code, const char *format, ...) G_GNUC_PRINTF (3, 4);

/* Always FALSE. */
static gboolean
fail (GError **error, CobroPairingError code, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  if (error != NULL)
    *error = g_error_new_valist (COBRO_PAIRING_ERROR, (int)code, format, args);
  va_end (args);
  return FALSE;
}

/* ── What was typed ─────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
is_loopback (const char *host)
{
  return g_ascii_strcasecmp (host, "localhost") == 0 || g_str_has_prefix (host, "127.") || strcmp (host, "::1") == 0;
}

/* (transfer full) with a scheme: https, but for this very computer. */
static char *
with_scheme (const char *text)
{
  g_autofree char *guess = NULL;
  g_autoptr (GUri) uri = NULL;

  if (strstr (text, "://") != NULL)
    return g_strdup (text);
  guess = g_strconcat ("http://", text, NULL);
  uri = g_uri_parse (guess, G_URI_FLAGS_NONE, NULL);
  if (uri != NULL && g_uri_get_host (uri) != NULL && is_loopback (g_uri_get_host (uri)))
    return g_steal_pointer (&guess);
  return g_strconcat ("https://", text, NULL);
}

/* Always FALSE. Says what is wrong with a code or a link in the terms of pairing. */
static gboolean
blame_typed (GError *take_reason, GError **error)
{
  g_autoptr (GError) reason = take_reason;

  return fail (
    error,
    g_strcmp0 (cobro_error_get_path (reason), "code") == 0 ? COBRO_PAIRING_ERROR_CODE : COBRO_PAIRING_ERROR_ADDRESS,
    "%s", reason->message);
}

char *
cobro_sync_normalise_address (const char *address, char **out_code, GError **error)
{
  g_autofree char *text = g_strstrip (g_strdup (address));
  g_autofree char *relay = NULL;
  g_autofree char *code = NULL;
  g_autofree char *url = NULL;
  g_autoptr (GError) reason = NULL;
  gsize length;

  if (cobro_pair_link_is (text) && !cobro_pair_link_read (text, &relay, &code, &reason))
    {
      blame_typed (g_steal_pointer (&reason), error);
      return NULL;
    }
  url = relay != NULL ? g_strdup (relay) : text[0] != '\0' ? with_scheme (text) : g_strdup ("");
  for (length = strlen (url); length > 0 && url[length - 1] == '/'; length--)
    url[length - 1] = '\0';
  if (url[0] == '\0')
    {
      fail (error, COBRO_PAIRING_ERROR_ADDRESS, "the address of the relay is missing");
      return NULL;
    }
  if (!cobro_text_check_url (url, "address", &reason))
    {
      fail (error, COBRO_PAIRING_ERROR_ADDRESS, "“%s” is not the address of a relay: %s", text, reason->message);
      return NULL;
    }
  if (out_code != NULL)
    *out_code = g_steal_pointer (&code);
  return g_steal_pointer (&url);
}

char *
cobro_sync_normalise_code (const char *code, GError **error)
{
  GError *reason = NULL;
  char *plain = cobro_pair_code_normalise (code, &reason);

  if (plain == NULL)
    blame_typed (reason, error);
  return plain;
}

/* ── Asking the relay ───────────────────────────────────────────────────────────────────────────────────────────── */

static CobroPairingError
code_of_stage (const char *stage)
{
  static const struct
  {
    const char *stage;
    CobroPairingError code;
  } stages[] = {
    { "address", COBRO_PAIRING_ERROR_ADDRESS },   { "connect", COBRO_PAIRING_ERROR_CONNECT },
    { "deadline", COBRO_PAIRING_ERROR_SLOW },     { "tls", COBRO_PAIRING_ERROR_TLS },
    { "envelope", COBRO_PAIRING_ERROR_NO_RELAY }, { "answer", COBRO_PAIRING_ERROR_NO_RELAY },
    { "redirect", COBRO_PAIRING_ERROR_NO_RELAY },
  };

  for (guint i = 0; i < G_N_ELEMENTS (stages); i++)
    if (g_strcmp0 (stage, stages[i].stage) == 0)
      return stages[i].code;
  return COBRO_PAIRING_ERROR_CONNECT;
}

/* Always FALSE. Says an error of the client in the terms of pairing. */
static gboolean
translate (GError *take_failure, gboolean code_was_sent, GError **error)
{
  g_autoptr (GError) failure = take_failure;

  if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_NO_ANSWER))
    return fail (error, code_of_stage (cobro_error_get_path (failure)), "%s", failure->message);
  if (g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_PROTOCOL))
    return fail (error, COBRO_PAIRING_ERROR_VERSION, "%s", failure->message);
  if (g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_INVALID) && !code_was_sent)
    return fail (error, COBRO_PAIRING_ERROR_ADDRESS, "%s", failure->message);
  if (g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND) && !code_was_sent)
    return fail (error, COBRO_PAIRING_ERROR_NO_RELAY, "%s", failure->message);
  if (code_was_sent && (g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_UNAUTHORIZED) ||
                        g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_GONE) ||
                        g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_INVALID)))
    return fail (error, COBRO_PAIRING_ERROR_CODE, "%s", failure->message);
  return fail (error, COBRO_PAIRING_ERROR_RELAY, "%s", failure->message);
}

static gboolean
check_relay (CobroStore *store, CobroRelayClient *client, GCancellable *cancellable, GError **error)
{
  CobroRelayHealth health;
  GError *failure = NULL;
  CobroTime now;

  if (!cobro_relay_client_health (client, &health, cancellable, &failure))
    return translate (failure, FALSE, error);
  if (health.protocol != PROTOCOL)
    return fail (error, COBRO_PAIRING_ERROR_VERSION,
                 "the relay speaks version %" G_GINT64_FORMAT
                 " of the protocol, this program version %d: update the %s",
                 health.protocol, PROTOCOL, health.protocol > PROTOCOL ? "program" : "relay");
  now = cobro_clock_now (cobro_store_get_clock (store));
  if (ABS (now - health.timestamp) > CLOCK_SKEW)
    return fail (error, COBRO_PAIRING_ERROR_CLOCK,
                 "the clocks of this computer and of the relay differ by %" G_GINT64_FORMAT " minutes",
                 ABS (now - health.timestamp) / COBRO_MINUTE);
  return TRUE;
}

/* ── Into the books ─────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  const char *address;
  CobroRelayPairing *given;
} Paired;

/* What was only practised is not published to somebody else's relay; what is meant for business goes along. The profile
 * was adopted already. */
static gboolean
change_merchant (CobroStoreTx *tx, const CobroPairing *before, gboolean livemode, GError **error)
{
  gint64 n;

  if (cobro_id_is_set (&before->merchant_id) && !before->livemode &&
      (!cobro_link_sync_make_samples (tx, before->paired_at, error) || !cobro_invoice_sync_make_samples (tx, error)))
    return FALSE;
  return cobro_sync_publish_records (tx, livemode, &n, error);
}

static gpointer
do_store_pairing (CobroStoreTx *tx, gpointer data, GError **error)
{
  Paired *paired = data;
  CobroRelayPairing *given = paired->given;
  g_autoptr (CobroPairing) before = cobro_pairing_find (tx, error);
  g_autofree char **gateways = NULL;
  CobroPairing pairing = { .device_id = given->device_id,
                           .merchant_id = given->merchant->id,
                           .address = (char *)paired->address,
                           .public_url = given->public_url,
                           .livemode = given->livemode,
                           .methods = given->methods,
                           .mail = given->mail };

  if (before == NULL)
    return NULL;
  gateways = g_new0 (char *, given->gateways->len + 1);
  for (guint i = 0; i < given->gateways->len; i++)
    gateways[i] = g_ptr_array_index (given->gateways, i);
  pairing.gateways = gateways;
  if (!cobro_pairing_put (tx, &pairing, error) || !cobro_event_store_forget (tx, error) ||
      !cobro_merchant_sync_adopt (tx, given->merchant, error))
    return NULL;
  if ((!cobro_id_equal (&before->merchant_id, &pairing.merchant_id) || before->livemode != given->livemode) &&
      !change_merchant (tx, before, given->livemode, error))
    return NULL;
  return GINT_TO_POINTER (TRUE);
}

/* Real payments are never mixed with pretended ones. */
static gboolean
is_same_live_merchant (CobroStore *store, const CobroId *merchant_id)
{
  g_autoptr (CobroPairing) before = cobro_pairing_load (store, NULL);

  return before != NULL && before->livemode && cobro_id_equal (&before->merchant_id, merchant_id);
}

static char *
pair (CobroStore *store, const char *address, const char *code, const char *device_name, GCancellable *cancellable,
      GError **error)
{
  g_autoptr (CobroRelayClient) client = cobro_relay_client_new (address, NULL);
  g_autoptr (CobroRelayPairing) given = NULL;
  GError *failure = NULL;
  Paired paired;

  if (!check_relay (store, client, cancellable, error))
    return NULL;
  if (!(given = cobro_relay_client_pair (client, code, device_name, cancellable, &failure)))
    {
      translate (failure, TRUE, error);
      return NULL;
    }
  paired = (Paired){ address, given };
  if (!given->livemode && is_same_live_merchant (store, &given->merchant->id))
    {
      fail (error, COBRO_PAIRING_ERROR_RELAY,
            "that code is for testing, and these books hold this merchant's real payments: use a code for real money");
      return NULL;
    }
  if (cobro_store_write (store, do_store_pairing, &paired, &failure) == NULL ||
      !cobro_pairing_refresh_public_url (store, &failure))
    {
      fail (error, COBRO_PAIRING_ERROR_BOOKS, "the pairing could not be written down: %s", failure->message);
      g_clear_error (&failure);
      return NULL;
    }
  return g_steal_pointer (&given->device_key);
}

char *
cobro_sync_pair (CobroStore *store, const char *address, const char *code, const char *device_name,
                 GCancellable *cancellable, GError **error)
{
  g_autofree char *code_of_link = NULL;
  g_autofree char *url = cobro_sync_normalise_address (address, &code_of_link, error);
  g_autofree char *plain = NULL;

  if (url == NULL)
    return NULL;
  plain = cobro_sync_normalise_code (code[0] == '\0' && code_of_link != NULL ? code_of_link : code, error);
  return plain != NULL ? pair (store, url, plain, device_name, cancellable, error) : NULL;
}
