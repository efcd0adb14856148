/* relay/api/relay-api-auth.c — who a key belongs to, and whether it may use this route: denied unless said otherwise.
 * Layer: relay/api. Request threads. */
#include <string.h>

#include "cobro-error.h"
#include "relay-api-common.h"
#include "relay-merchant-store.h"

/* What each flag of a route asks for among the words of a key. */
static const struct
{
  guint flag;
  const char *word;
} grants[] = {
  { RELAY_API_MAY_LINKS, "links:rw" },
  { RELAY_API_MAY_PAYMENTS, "payments:r" },
  { RELAY_API_MAY_SYNC, "sync" },
  { RELAY_API_MAY_REFUNDS, "refunds:w" },
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

gboolean
relay_api_authenticate (gpointer context, RelayRequest *request, const char *api_key, GError **error)
{
  RelayContext *ctx = context;
  g_autoptr (RelayReader) reader = relay_store_read (ctx->store, error);
  RelayKeyHolder holder = { 0 };
  gboolean allowed;

  if (reader == NULL || !relay_key_find (reader->db, api_key, cobro_clock_now (ctx->clock), &holder, error))
    return FALSE;
  request->merchant_id = holder.scope.merchant_id;
  request->livemode = holder.scope.livemode;
  g_free (request->key_id);
  request->key_id = g_strdup (cobro_id_is_set (&holder.device_id) ? holder.device_id.text : holder.key_id);
  allowed = may_use (request->route, holder.scopes);
  relay_key_holder_clear (&holder);
  return allowed || cobro_error_set (error, COBRO_ERROR_FORBIDDEN, "this key is not allowed to do that");
}
