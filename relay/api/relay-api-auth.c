/* relay/api/relay-api-auth.c — who a key belongs to, and whether it may use this route: denied unless said otherwise.
 * Layer: relay/api. Request threads. */
#include "cobro-error.h"
#include "relay-api-common.h"
#include "relay-key-store.h"

/* What each flag of a route asks for among the words of a key. */
static const struct
{
  guint flag;
  const char *word;
} grants[] = {
  { RELAY_API_MAY_LINKS, "links:rw" },         { RELAY_API_MAY_INVOICES, "invoices:rw" },
  { RELAY_API_MAY_PAYMENTS, "payments:r" },    { RELAY_API_MAY_SYNC, "sync" },
  { RELAY_API_MAY_REFUNDS, "refunds:w" },      { RELAY_API_MAY_PAY, "payments:w" },
  { RELAY_API_MAY_KEYS, "keys:admin" },        { RELAY_API_MAY_WEBHOOKS, "webhooks:rw" },
  { RELAY_API_MAY_PROVIDERS, "providers:rw" },
};

static gboolean
may_use (const RelayRoute *route, const char *scopes)
{
  g_auto (GStrv) words = g_strsplit (scopes, " ", -1);

  for (gsize i = 0; i < G_N_ELEMENTS (grants); i++)
    if ((route->flags & grants[i].flag) != 0 && g_strv_contains ((const char *const *)words, grants[i].word))
      return TRUE;
  return FALSE;
}

/* That a key was used today is written down once a day; a use that cannot be written down is a use all the same. */
typedef struct
{
  const RelayKeyHolder *holder;
  gint64 day;
} Use;

static gboolean
use_work (RelayTx *tx, gpointer data, GError **error)
{
  Use *use = data;

  return relay_key_note_use (tx, &use->holder->scope.merchant_id, use->holder->key_id, use->day, error);
}

static void
note_use (RelayContext *ctx, const RelayKeyHolder *holder, CobroTime now)
{
  Use use = { holder, now / COBRO_DAY };
  g_autoptr (GError) failure = NULL;

  if (holder->used_on != use.day &&
      !relay_store_write_for (ctx->store, &holder->scope.merchant_id, use_work, &use, &failure))
    g_debug ("%s", failure->message);
}

static gboolean
find_holder (RelayContext *ctx, const char *api_key, CobroTime now, RelayKeyHolder *out_holder, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (ctx->store, error);

  return reader != NULL && relay_key_find (reader->db, api_key, now, out_holder, error);
}

char *
relay_api_route_scopes (const RelayRoute *route)
{
  g_autoptr (GString) words = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (grants); i++)
    if ((route->flags & grants[i].flag) != 0)
      g_string_append_printf (words, "%s%s", words->len > 0 ? " " : "", grants[i].word);
  return g_string_free (g_steal_pointer (&words), FALSE);
}

gboolean
relay_api_authenticate (gpointer context, RelayRequest *request, const char *api_key, GError **error)
{
  RelayContext *ctx = context;
  CobroTime now = cobro_clock_now (ctx->clock);
  g_auto (RelayKeyHolder) holder = { .key_id = NULL };

  if (!find_holder (ctx, api_key, now, &holder, error))
    return FALSE;
  /* Whoever holds the key knows already that it is one: the reason helps its owner, and a thief nothing. */
  if (holder.networks != NULL && !relay_key_is_in_networks (holder.networks, request->peer))
    return cobro_error_set (error, COBRO_ERROR_FORBIDDEN, "this key is not allowed from this network");
  note_use (ctx, &holder, now);
  request->merchant_id = holder.scope.merchant_id;
  request->livemode = holder.scope.livemode;
  g_free (request->key_id);
  request->key_id = g_strdup (cobro_id_is_set (&holder.device_id) ? holder.device_id.text : holder.key_id);
  g_free (request->scopes);
  request->scopes = g_steal_pointer (&holder.scopes);
  return may_use (request->route, request->scopes) ||
         cobro_error_set (error, COBRO_ERROR_FORBIDDEN, "this key is not allowed to do that");
}
