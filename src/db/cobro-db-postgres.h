/* src/db/cobro-db-postgres.h — what the files of the PostgreSQL driver share: the session, SQL with numbered
 * parameters, and what went wrong.
 * Layer: db, private to it. A connection belongs to one thread at a time. */
#pragma once
#include "cobro-db-driver.h"

#include <libpq-fe.h>

/* The first of the two numbers of our advisory locks ("Cobr"). The second: 0 everything, 1 the schema. Keys have one
 * number of 64 bits, which is another space. */
#define COBRO_DB_POSTGRES_LOCKS "1131373170"

struct _CobroDbConnection
{
  PGconn *pg;
  char *uri;
  CobroDbFlags flags;
  guint generation; /* of the session: statements prepared in an older one are gone */
  guint prepared;   /* names given so far */
  gint64 changes, total_changes;
  gboolean within;        /* a transaction is open, or has failed and waits for its end */
  gboolean wrote;         /* this transaction may have changed something */
  gboolean gone;          /* the session is over, whatever libpq thinks */
  gboolean cut_off;       /* it was over within a transaction: only BEGIN goes on */
  CobroDbTrouble trouble; /* the worst since the transaction began */
};

/* What stands for $1, $2 …: a name's value, or, in ":x IS [NOT] NULL", which tells the server no type, only whether it
 * is null. */
typedef struct
{
  guint name; /* index */
  gboolean is_test;
} CobroDbSlot;

/* SQL with $1, $2 … for the names in it. */
typedef struct
{
  char *sql;
  GPtrArray *names; /* (element-type utf8) ":id" … */
  GArray *slots;    /* (element-type CobroDbSlot) of $1, $2 … */
} CobroDbNumberedSql;
CobroDbNumberedSql *cobro_db_numbered_sql_new (const char *sql);
void cobro_db_numbered_sql_free (CobroDbNumberedSql *self);

/* Several writers (cobro-db-lanes.c). */
extern const CobroDbLanesClass cobro_db_postgres_lanes;

/* ── The session (cobro-db-postgres-session.c) ── */

gboolean cobro_db_postgres_handles (const char *uri);
/* Drops the old session if there is one, connects, sets the new one up and checks the server. FALSE with
 * COBRO_ERROR_CONFIG (this server will not do, in words) or _UNAVAILABLE (it is not there). */
gboolean cobro_db_postgres_connect (CobroDbConnection *self, GError **error);
/* Limits for statements, locks and idling on or off. */
gboolean cobro_db_postgres_set_patient (CobroDbConnection *self, gboolean patient, GError **error);
gboolean cobro_db_postgres_is_lost (CobroDbConnection *self);
/* Makes sure that there is a session to say something in: @begins a transaction, or anything else. */
gboolean cobro_db_postgres_ready (CobroDbConnection *self, gboolean begins, GError **error);

/* ── Talking (cobro-db-postgres-talk.c) ── */

/* Waits, for a limited time, for the answer to what was just sent (@sent: libpq could send it). Returns: (transfer
 * full): the last result, or NULL with an error. Of several statements the first that fails ends it. */
PGresult *cobro_db_postgres_answer (CobroDbConnection *self, gboolean sent, GError **error);
/* One or several statements without parameters. As cobro_db_postgres_answer(); COMMIT of a transaction that had failed
 * is an error, which PostgreSQL answers with a friendly "ROLLBACK". */
PGresult *cobro_db_postgres_query (CobroDbConnection *self, const char *sql, GError **error);

/* cobro_db_wait_notification(). */
gboolean cobro_db_postgres_wait_notification (CobroDbConnection *self, gint64 timeout_us, int wake_fd,
                                              char **out_payload, GError **error);

/* ── Values of results, in the binary format (cobro-db-postgres-value.c) ── */

/* Whether we can read columns of this type. */
gboolean cobro_db_postgres_type_is_known (Oid type);
/* Whether the number in a cell fits; TRUE for what is not a number. */
gboolean cobro_db_postgres_fits (const PGresult *result, int row, int column);
gint64 cobro_db_postgres_int64 (const PGresult *result, int row, int column);
gboolean cobro_db_postgres_is_number (Oid type);
