/* src/db/cobro-db-postgres-talk.c — says something to the server and understands the answer: how long we wait, what was
 * changed, and what an SQLSTATE means.
 * Layer: db, private to it. A connection belongs to one thread at a time. */
#include "config.h"
#include "cobro-db-postgres.h"
#include "cobro-error.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

/* The server ends a statement after 5 s by itself; who says nothing for so long is not there any more, or commits to a
 * standby that is not. */
#define ANSWER_US (10 * G_USEC_PER_SEC)

/* ── Waiting ────────────────────────────────────────────────────────────────────────────────────────────── */

/* FALSE: the server is silent. What is wrong with the way to it is libpq's to say, in the result. */
static gboolean
wait_for_result (CobroDbConnection *self, gint64 deadline)
{
  while (PQisBusy (self->pg))
    {
      struct pollfd socket = { .fd = PQsocket (self->pg), .events = POLLIN };
      gint64 left = deadline - g_get_monotonic_time ();
      int ready;

      if (deadline >= 0 && left <= 0)
        return FALSE;
      ready = poll (&socket, 1, deadline < 0 ? -1 : (int)(left / 1000) + 1);
      if ((ready < 0 && errno != EINTR) || (ready > 0 && PQconsumeInput (self->pg) == 0))
        break;
    }
  return TRUE;
}

/* ── What an answer says ────────────────────────────────────────────────────────────────────────────────── */

static void
note_success (CobroDbConnection *self, const PGresult *result)
{
  static const char *const harmless[] = { "SELECT",    "BEGIN",   "START", "COMMIT", "ROLLBACK",
                                          "SAVEPOINT", "RELEASE", "SET",   "SHOW" };
  const char *tag = PQcmdStatus ((PGresult *)result);
  const char *rows = PQcmdTuples ((PGresult *)result);

  if (g_str_has_prefix (tag, "BEGIN") || g_str_has_prefix (tag, "START"))
    {
      self->wrote = FALSE;
      self->cut_off = FALSE;
      self->trouble = COBRO_DB_TROUBLE_NONE;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (harmless); i++)
    if (g_str_has_prefix (tag, harmless[i]))
      return;
  /* Rows changed, or, without a count, the schema. */
  self->changes = rows[0] != '\0' ? g_ascii_strtoll (rows, NULL, 10) : 0;
  self->total_changes += rows[0] != '\0' ? self->changes : 1;
  self->wrote = self->wrote || rows[0] == '\0' || self->changes > 0;
}

static const struct
{
  const char *state; /* an SQLSTATE, or the beginning of several */
  CobroError code;
  CobroDbTrouble trouble;
  const char *message; /* instead of the server's */
} meanings[] = {
  { "23505", COBRO_ERROR_EXISTS, COBRO_DB_TROUBLE_NONE, NULL },
  { "40001", COBRO_ERROR_UNAVAILABLE, COBRO_DB_TROUBLE_AGAIN, "the database is busy" },
  { "40P01", COBRO_ERROR_UNAVAILABLE, COBRO_DB_TROUBLE_AGAIN, "the database is busy" },
  { "55P03", COBRO_ERROR_UNAVAILABLE, COBRO_DB_TROUBLE_AGAIN, "the database is busy" },
  { "0A000", COBRO_ERROR_UNAVAILABLE, COBRO_DB_TROUBLE_AGAIN, NULL },
  { "57014", COBRO_ERROR_UNAVAILABLE, COBRO_DB_TROUBLE_NONE, "the database took too long" },
  { "53100", COBRO_ERROR_UNAVAILABLE, COBRO_DB_TROUBLE_NONE, "the disk of the database is full" },
  { "53", COBRO_ERROR_UNAVAILABLE, COBRO_DB_TROUBLE_NONE, NULL },
  { "58", COBRO_ERROR_UNAVAILABLE, COBRO_DB_TROUBLE_NONE, NULL },
  { "57P", COBRO_ERROR_UNAVAILABLE, COBRO_DB_TROUBLE_LOST, NULL },
  { "08", COBRO_ERROR_UNAVAILABLE, COBRO_DB_TROUBLE_LOST, NULL },
  { "25006", COBRO_ERROR_UNAVAILABLE, COBRO_DB_TROUBLE_NONE, NULL }, /* a writer's: see below */
  { "25P03", COBRO_ERROR_UNAVAILABLE, COBRO_DB_TROUBLE_LOST, NULL },
  { "XX001", COBRO_ERROR_CORRUPT, COBRO_DB_TROUBLE_NONE, NULL },
  { "XX002", COBRO_ERROR_CORRUPT, COBRO_DB_TROUBLE_NONE, NULL },
  { "54", COBRO_ERROR_TOO_LARGE, COBRO_DB_TROUBLE_NONE, NULL },
};

/* The server, or the way to it. Always FALSE. */
static gboolean
lose (CobroDbConnection *self, const char *why, GError **error)
{
  self->gone = TRUE;
  self->trouble = COBRO_DB_TROUBLE_LOST;
  return cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "the connection to the database was lost%s%s",
                          why[0] != '\0' ? ": " : "", why);
}

/* Always FALSE. */
static gboolean
fail (CobroDbConnection *self, const PGresult *result, GError **error)
{
  const char *state = PQresultErrorField (result, PG_DIAG_SQLSTATE);
  const char *message = PQresultErrorField (result, PG_DIAG_MESSAGE_PRIMARY);
  const char *severity = PQresultErrorField (result, PG_DIAG_SEVERITY_NONLOCALIZED);
  gboolean fatal = g_strcmp0 (severity, "FATAL") == 0 || g_strcmp0 (severity, "PANIC") == 0;

  message = message != NULL ? message : "";
  if (state == NULL || fatal || PQstatus (self->pg) != CONNECTION_OK)
    return lose (self, message, error);
  /* Its role changed under us: another session may find the server that is to be written. A reader's own mistake it is
   * with a reader. */
  if (strcmp (state, "25006") == 0)
    return (self->flags & COBRO_DB_READ_ONLY) != 0 ? cobro_error_set (error, COBRO_ERROR_INTERNAL, "%s", message)
                                                   : lose (self, message, error);
  /* A prepared statement gives other columns than before: the schema was brought up to date. Prepared anew it works. */
  if (strcmp (state, "0A000") == 0 && strstr (message, "cached plan") != NULL)
    self->generation++;
  for (gsize i = 0; i < G_N_ELEMENTS (meanings); i++)
    {
      if (!g_str_has_prefix (state, meanings[i].state))
        continue;
      self->trouble = MAX (self->trouble, meanings[i].trouble);
      return cobro_error_set (error, meanings[i].code, "%s",
                              meanings[i].message != NULL ? meanings[i].message : message);
    }
  /* Constraints that are not about uniqueness, wrong SQL: our own fault. */
  return cobro_error_set (error, COBRO_ERROR_INTERNAL, "%s (%s)", message, state);
}

/* A migration of comments alone is an empty query. */
static gboolean
is_success (const PGresult *result)
{
  ExecStatusType status = PQresultStatus (result);

  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

PGresult *
cobro_db_postgres_answer (CobroDbConnection *self, gboolean sent, GError **error)
{
  gint64 deadline = (self->flags & COBRO_DB_PATIENT) != 0 ? -1 : g_get_monotonic_time () + ANSWER_US;
  PGresult *last = NULL, *result;
  g_autoptr (GError) failure = NULL;

  if (!sent)
    lose (self, "", &failure);
  while (sent && !self->gone)
    {
      if (!wait_for_result (self, deadline))
        {
          g_clear_error (&failure);
          lose (self, "no answer", &failure);
        }
      else if ((result = PQgetResult (self->pg)) == NULL)
        break;
      else
        {
          PQclear (last);
          last = result;
          if (!is_success (result) && failure == NULL)
            fail (self, result, &failure);
          else if (failure == NULL)
            note_success (self, result);
        }
    }
  self->cut_off = self->cut_off || (self->within && cobro_db_postgres_is_lost (self));
  self->within = !cobro_db_postgres_is_lost (self) && PQtransactionStatus (self->pg) != PQTRANS_IDLE;
  if (failure == NULL)
    return last;
  g_propagate_error (error, g_steal_pointer (&failure));
  PQclear (last);
  return NULL;
}

PGresult *
cobro_db_postgres_query (CobroDbConnection *self, const char *sql, GError **error)
{
  PGresult *result = cobro_db_postgres_answer (self, PQsendQuery (self->pg, sql) == 1, error);

  if (result == NULL || strcmp (PQcmdStatus (result), "ROLLBACK") != 0 || !g_str_has_suffix (sql, "COMMIT"))
    return result;
  PQclear (result);
  cobro_error_set (error, COBRO_ERROR_INTERNAL, "the transaction had failed, and was rolled back");
  return NULL;
}

/* FALSE when the connection is lost. */
static gboolean
take_notification (CobroDbConnection *self, char **out_payload, GError **error)
{
  PGnotify *notification;

  if (PQconsumeInput (self->pg) == 0 || PQstatus (self->pg) != CONNECTION_OK)
    return lose (self, "", error);
  if ((notification = PQnotifies (self->pg)) != NULL)
    *out_payload = g_strdup (notification->extra);
  PQfreemem (notification);
  return TRUE;
}

gboolean
cobro_db_postgres_wait_notification (CobroDbConnection *self, gint64 timeout_us, int wake_fd, char **out_payload,
                                     GError **error)
{
  struct pollfd sockets[2] = { { .fd = -1, .events = POLLIN }, { .fd = wake_fd, .events = POLLIN } };

  *out_payload = NULL;
  if (cobro_db_postgres_is_lost (self))
    return lose (self, "", error);
  if (!take_notification (self, out_payload, error) || *out_payload != NULL)
    return *out_payload != NULL;
  sockets[0].fd = PQsocket (self->pg);
  if (poll (sockets, G_N_ELEMENTS (sockets), timeout_us < 0 ? -1 : (int)(MIN (timeout_us, G_MAXINT) / 1000)) <= 0 ||
      sockets[0].revents == 0)
    return TRUE;
  return take_notification (self, out_payload, error);
}
