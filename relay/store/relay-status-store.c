/* relay/store/relay-status-store.c — what waits of a merchant's, and which providers answer.
 * Layer: relay/store. */
#include "relay-status-store.h"

#include "relay-row.h"
#include "relay-store-private.h"

#define COPY_NOTE "last-copy" /* in the folder: a time */

static void
bind_scope (CobroDbStatement *statement, const RelayScope *scope)
{
  cobro_db_bind_id (statement, ":merchant", &scope->merchant_id);
  cobro_db_bind_bool (statement, ":livemode", scope->livemode);
}

gboolean
relay_status_count (CobroDb *db, const RelayScope *scope, RelayStatusCounts *out_counts, GError **error)
{
#define MINE "merchant_id = :merchant AND livemode = :livemode AND "
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (db,
                      "SELECT (SELECT count(*) FROM delivery WHERE " MINE "next_at IS NOT NULL) + "
                      "(SELECT count(*) FROM delivery WHERE " MINE "lease_until IS NOT NULL) AS deliveries, "
                      "(SELECT count(*) FROM delivery WHERE " MINE "state = 'exhausted') AS dead_letters, "
                      "(SELECT count(*) FROM mail WHERE " MINE "next_at IS NOT NULL) AS mails, "
                      "(SELECT count(*) FROM payment WHERE " MINE "next_poll_at IS NOT NULL) AS payments, "
                      "(SELECT count(*) FROM refund WHERE " MINE "next_try_at IS NOT NULL) AS refunds, "
                      "(SELECT count(*) FROM inbox WHERE " MINE "next_try_at IS NOT NULL) AS inbox",
                      error);
#undef MINE

  if (statement == NULL)
    return FALSE;
  bind_scope (statement, scope);
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return FALSE;
  *out_counts = (RelayStatusCounts){ .deliveries = cobro_db_column_int64 (statement, "deliveries"),
                                     .dead_letters = cobro_db_column_int64 (statement, "dead_letters"),
                                     .mails = cobro_db_column_int64 (statement, "mails"),
                                     .payments = cobro_db_column_int64 (statement, "payments"),
                                     .refunds = cobro_db_column_int64 (statement, "refunds"),
                                     .inbox = cobro_db_column_int64 (statement, "inbox") };
  return TRUE;
}

void
relay_status_provider_free (RelayStatusProvider *provider)
{
  if (provider == NULL)
    return;
  g_free (provider->provider);
  g_free (provider);
}

static RelayStatusProvider *
read_provider (CobroDbStatement *statement, GError **error)
{
  RelayStatusProvider *provider = g_new0 (RelayStatusProvider, 1);

  provider->provider = relay_row_dup_text (statement, "provider");
  provider->enabled = cobro_db_column_bool (statement, "enabled");
  provider->opened = cobro_db_column_int64 (statement, "opened");
  provider->open_until = cobro_db_column_time (statement, "open_until");
  provider->changed_at = cobro_db_column_time (statement, "changed_at");
  return provider;
}

GPtrArray *
relay_status_list_providers (CobroDb *db, const RelayScope *scope, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    db,
    "SELECT account.provider AS provider, account.enabled AS enabled, coalesce (breaker.opened, 0) AS "
    "opened, breaker.open_until AS open_until, breaker.changed_at AS changed_at FROM account LEFT "
    "JOIN breaker ON breaker.provider = account.provider AND breaker.account = account.id WHERE "
    "account.merchant_id = :merchant AND account.livemode = :livemode AND account.provider <> "
    "'manual' ORDER BY account.provider",
    error);

  if (statement == NULL)
    return NULL;
  bind_scope (statement, scope);
  return relay_row_all (statement, (RelayRowRead)read_provider, (GDestroyNotify)relay_status_provider_free, error);
}

/* ── Copies ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A file beside the books: whoever copies them may only read them. */
static char *
note_path (RelayStore *store)
{
  return g_build_filename (store->folder, COPY_NOTE, NULL);
}

gboolean
relay_status_note_copy (RelayStore *store, GError **error)
{
  g_autofree char *path = note_path (store);
  g_autofree char *text = cobro_time_to_text (cobro_clock_now (store->clock));
  g_autoptr (GError) failure = NULL;

  return g_file_set_contents (path, text, -1, &failure) ||
         cobro_error_set (error, COBRO_ERROR_IO, "%s", failure->message);
}

CobroTime
relay_status_last_copy (RelayStore *store)
{
  g_autofree char *path = note_path (store);
  g_autofree char *text = NULL;
  CobroTime time;

  return g_file_get_contents (path, &text, NULL, NULL) && cobro_time_from_text (text, &time, NULL) ? time : 0;
}
