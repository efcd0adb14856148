/* src/db/cobro-db-postgres-session.c — a session with a PostgreSQL server: how it is opened, what it is told, and which
 * servers will not do.
 * Layer: db, private to it. A connection belongs to one thread at a time.
 *
 * A session is direct: prepared statements, advisory locks and settings belong to it, so a pooler that shares sessions
 * between transactions will not do. */
#include "config.h"
#include "cobro-db-postgres.h"
#include "cobro-error.h"

#include <string.h>

#define VERSION_MIN 150000

/* Each is said where the URI says nothing: a dead server is noticed within some seconds, a standby is never taken for
 * the one that may be written to (nor read: it lags behind what was answered). */
static const struct
{
  const char *keyword, *value;
} defaults[] = {
  { "connect_timeout", "3" },
  { "target_session_attrs", "read-write" },
  { "keepalives_idle", "5" },
  { "keepalives_interval", "2" },
  { "keepalives_count", "3" },
  { "tcp_user_timeout", "8000" },
  { "fallback_application_name", "cobro" },
};

/* Acknowledged is durable, whatever the server, the role or the database say by default; who asks for more than "on"
 * keeps it. Objects are found in the first schema of the path and nowhere else: what others put elsewhere is not ours.
 */
#define SET_UP                                                                                                         \
  "SELECT set_config ('synchronous_commit', CASE current_setting ('synchronous_commit') "                              \
  "    WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false) AS synchronous_commit, "                          \
  "  set_config ('search_path', coalesce (quote_ident (current_schema ()) || ', pg_temp', 'pg_temp'), false), "        \
  "  set_config ('default_transaction_isolation', 'read committed', false), "                                          \
  "  set_config ('default_transaction_read_only', $1, false), "                                                        \
  "  set_config ('standard_conforming_strings', 'on', false), "                                                        \
  "  set_config ('client_min_messages', 'error', false), "                                                             \
  "  set_config ('TimeZone', 'UTC', false), "                                                                          \
  "  set_config ('idle_session_timeout', '0', false), "                                                                \
  "  current_schema () AS schema, current_setting ('fsync') AS fsync, "                                                \
  "  CASE WHEN pg_is_in_recovery () THEN 'yes' ELSE 'no' END AS standby, "                                             \
  "  current_setting ('server_encoding') AS encoding, "                                                                \
  "  (SELECT CASE datlocprovider WHEN 'c' THEN datcollate WHEN 'b' THEN 'C' ELSE 'ICU' END "                           \
  "    FROM pg_database WHERE datname = current_database ()) AS collation"

#define SET_LIMITS                                                                                                     \
  "SELECT set_config ('lock_timeout', '2s', false), set_config ('statement_timeout', '5s', false), "                   \
  "  set_config ('idle_in_transaction_session_timeout', '10s', false)"
#define LIFT_LIMITS                                                                                                    \
  "SELECT set_config ('lock_timeout', '0', false), set_config ('statement_timeout', '0', false), "                     \
  "  set_config ('idle_in_transaction_session_timeout', '0', false)"

gboolean
cobro_db_postgres_handles (const char *uri)
{
  return g_str_has_prefix (uri, "postgresql://") || g_str_has_prefix (uri, "postgres://");
}

gboolean
cobro_db_postgres_is_lost (CobroDbConnection *self)
{
  return self->pg == NULL || self->gone || PQstatus (self->pg) != CONNECTION_OK;
}

/* ── Connecting ─────────────────────────────────────────────────────────────────────────────────────────── */

/* libpq ends its messages with line breaks, and breaks them. */
static char *
one_line (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);
  GString *joined = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    if (g_strstrip (lines[i])[0] != '\0')
      g_string_append_printf (joined, "%s%s", joined->len > 0 ? "; " : "", lines[i]);
  return g_string_free (joined, FALSE);
}

static void
add_option (GPtrArray *keywords, GPtrArray *values, const char *keyword, const char *value)
{
  g_ptr_array_add (keywords, (gpointer)keyword);
  g_ptr_array_add (values, (gpointer)value);
}

/* What the URI says, and our defaults for the rest. */
static PGconn *
connect_with (const PQconninfoOption *given)
{
  g_autoptr (GPtrArray) keywords = g_ptr_array_new ();
  g_autoptr (GPtrArray) values = g_ptr_array_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (defaults); i++)
    add_option (keywords, values, defaults[i].keyword, defaults[i].value);
  for (; given->keyword != NULL; given++)
    if (given->val != NULL) /* the last word counts */
      add_option (keywords, values, given->keyword, given->val);
  add_option (keywords, values, "client_encoding", "UTF8");
  add_option (keywords, values, NULL, NULL);
  return PQconnectdbParams ((const char *const *)keywords->pdata, (const char *const *)values->pdata, 0);
}

static void
ignore_notice (void *data, const PGresult *result)
{
}

static gboolean
open_session (CobroDbConnection *self, GError **error)
{
  g_autofree char *message = NULL;
  char *complaint = NULL;
  PQconninfoOption *given = PQconninfoParse (self->uri, &complaint);

  if (given == NULL)
    {
      message = one_line (complaint);
      PQfreemem (complaint);
      return cobro_error_set (error, COBRO_ERROR_CONFIG, "the database's address is not understood: %s", message);
    }
  self->pg = connect_with (given);
  PQconninfoFree (given);
  if (PQstatus (self->pg) == CONNECTION_OK)
    {
      PQsetNoticeReceiver (self->pg, ignore_notice, NULL);
      return TRUE;
    }
  message = one_line (PQerrorMessage (self->pg));
  return cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "cannot reach the database: %s", message);
}

/* ── What it must be ────────────────────────────────────────────────────────────────────────────────────── */

static const char *
cell (const PGresult *result, const char *name)
{
  int column = PQfnumber (result, name);

  return PQgetisnull (result, 0, column) ? "" : PQgetvalue (result, 0, column);
}

/* Texts are compared byte by byte on every engine, or pages of a list would differ. */
static gboolean
is_by_bytes (const char *collation)
{
  static const char *const names[] = { "C", "POSIX", "C.UTF-8", "C.utf8", NULL };

  return g_strv_contains (names, collation);
}

static gboolean
check_server (CobroDbConnection *self, const PGresult *result, GError **error)
{
  const char *commit = cell (result, "synchronous_commit");

  if (PQserverVersion (self->pg) < VERSION_MIN)
    return cobro_error_set (error, COBRO_ERROR_CONFIG, "PostgreSQL %d is too old: %d or newer is needed",
                            PQserverVersion (self->pg) / 10000, VERSION_MIN / 10000);
  if (strcmp (cell (result, "standby"), "yes") == 0)
    return cobro_error_set (error, COBRO_ERROR_UNAVAILABLE,
                            "the database server is a standby, which cannot be written");
  if (strcmp (commit, "on") != 0 && strcmp (commit, "remote_apply") != 0)
    return cobro_error_set (error, COBRO_ERROR_CONFIG,
                            "the database server does not allow synchronous_commit = on (it says “%s”)", commit);
  if (strcmp (cell (result, "fsync"), "on") != 0)
    return cobro_error_set (
      error, COBRO_ERROR_CONFIG,
      "the database server runs with fsync = off and would lose payments with the power; turn it on");
  if (strcmp (cell (result, "encoding"), "UTF8") != 0)
    return cobro_error_set (
      error, COBRO_ERROR_CONFIG,
      "the database is encoded in %s; make one with ENCODING 'UTF8' LC_COLLATE 'C' TEMPLATE template0",
      cell (result, "encoding"));
  if (!is_by_bytes (cell (result, "collation")))
    return cobro_error_set (error, COBRO_ERROR_CONFIG,
                            "the database sorts by the rules of “%s”; make one with ENCODING 'UTF8' LC_COLLATE 'C' "
                            "TEMPLATE template0",
                            cell (result, "collation"));
  if (cell (result, "schema")[0] == '\0')
    return cobro_error_set (error, COBRO_ERROR_CONFIG, "the search path of this role leads to no schema");
  return TRUE;
}

static gboolean
set_up (CobroDbConnection *self, GError **error)
{
  const char *read_only = (self->flags & COBRO_DB_READ_ONLY) != 0 ? "on" : "off";
  PGresult *result = cobro_db_postgres_answer (
    self, PQsendQueryParams (self->pg, SET_UP, 1, NULL, &read_only, NULL, NULL, 0) == 1, error);
  gboolean ok = result != NULL && check_server (self, result, error) &&
                cobro_db_postgres_set_patient (self, (self->flags & COBRO_DB_PATIENT) != 0, error);

  PQclear (result);
  return ok;
}

gboolean
cobro_db_postgres_set_patient (CobroDbConnection *self, gboolean patient, GError **error)
{
  PGresult *result = cobro_db_postgres_query (self, patient ? LIFT_LIMITS : SET_LIMITS, error);
  gboolean ok = result != NULL;

  PQclear (result);
  if (ok)
    self->flags = patient ? self->flags | COBRO_DB_PATIENT : self->flags & ~(guint)COBRO_DB_PATIENT;
  return ok;
}

gboolean
cobro_db_postgres_connect (CobroDbConnection *self, GError **error)
{
  if (self->pg != NULL)
    PQfinish (self->pg);
  self->pg = NULL;
  self->gone = self->within = FALSE;
  self->generation++;
  if (open_session (self, error) && set_up (self, error))
    return TRUE;
  self->gone = TRUE;
  return FALSE;
}

gboolean
cobro_db_postgres_ready (CobroDbConnection *self, gboolean begins, GError **error)
{
  if (self->cut_off && !begins)
    return cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "the connection to the database was lost");
  return !cobro_db_postgres_is_lost (self) || cobro_db_postgres_connect (self, error);
}
