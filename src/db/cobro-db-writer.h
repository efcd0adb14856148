/* src/db/cobro-db-writer.h — the writer: takes what is queued, runs each command in its own savepoint, commits all with
 * one fsync, and only then answers. Layer: db. Functions here may be called from any thread.
 *
 * On SQLite it is one thread with the only writing connection, and everybody takes turns. On PostgreSQL it is several,
 * beside those of other processes: commands of one key take turns, everywhere; commands without a key exclude all that
 * have one and each other; queue commands exclude nobody and claim rows with FOR UPDATE SKIP LOCKED. A lost server is
 * not the end: what it did not keep is run again when it is back within moments, and refused with
 * COBRO_ERROR_UNAVAILABLE until then. Only when nobody can tell whether a commit arrived that was not answered, the
 * refusal says so in words. */
#pragma once
#include "cobro-db.h"

typedef struct _CobroDbWriter CobroDbWriter;

/* Commands that may wait; one more is refused with COBRO_ERROR_UNAVAILABLE. */
#define COBRO_DB_WRITER_QUEUE_MAX 4096
/* Commands of one commit at most. */
#define COBRO_DB_WRITER_BATCH_MAX 64

typedef enum
{
  COBRO_DB_OK,      /* the savepoint stays */
  COBRO_DB_REFUSED, /* rolled back to the savepoint; the error says why */
  COBRO_DB_RETRY,   /* rolled back; run again in the next batch (serialisation failure); has touched nothing else */
} CobroDbResult;

/* Pure in (transaction, input): may read and write @db, touches neither network nor reply. Runs on the writer thread.
 */
typedef CobroDbResult (*CobroDbCommand) (CobroDb *db, gpointer data, GError **error);
/* Called after COMMIT returned (or after everything was rolled back: @error says why). Writer thread; must be brief. */
typedef void (*CobroDbDone) (CobroDbResult result, GError *error, gpointer data);

/* Takes @db over; on PostgreSQL more connections of its kind are opened. A command that leaves a savepoint or the
 * transaction in another state than it found is refused. */
CobroDbWriter *cobro_db_writer_new (CobroDb *take_db);
/* Runs what is queued, checkpoints (TRUNCATE), closes the connection. */
void cobro_db_writer_free (CobroDbWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroDbWriter, cobro_db_writer_free)

/* Queues @command and waits for the commit. FALSE: refused or not committed, with the reason. Never call it on the
 * writer thread. */
gboolean cobro_db_writer_run (CobroDbWriter *writer, CobroDbCommand command, gpointer data,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* As cobro_db_writer_run(), for work that reads and writes only what belongs to @key (such as a merchant's id):
 * commands of one key run one after the other, those of two keys may run at once. %NULL: everything. */
gboolean cobro_db_writer_run_for (CobroDbWriter *writer, const char *key, CobroDbCommand command, gpointer data,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* As cobro_db_writer_run(), for work on a queue that all writers share: nothing but its row locks protects it. */
gboolean cobro_db_writer_run_queue (CobroDbWriter *writer, CobroDbCommand command, gpointer data,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Queues @command, which is about @key (%NULL: everything); @done is called after the commit. FALSE with
 * COBRO_ERROR_UNAVAILABLE when the queue is full or closed (then @done is not called). */
gboolean cobro_db_writer_submit (CobroDbWriter *writer, const char *key, CobroDbCommand command, gpointer data,
                                 CobroDbDone done, gpointer done_data, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Called on the thread that wrote, with its connection, after each committed batch that changed anything, before its
 * commands are answered: who has an answer finds nothing older than it. Wakes long polls, once per batch. On PostgreSQL
 * several may run at once, each with another connection: what a batch gathers for this call is kept per @db. Set both
 * before the first command. */
void cobro_db_writer_set_committed_func (CobroDbWriter *writer, void (*func) (CobroDb *db, gpointer data),
                                         gpointer data);
/* Called once when the database failed for good (EIO, corruption): the process should stop accepting and exit 70. */
void cobro_db_writer_set_fatal_func (CobroDbWriter *writer, void (*func) (const GError *error, gpointer data),
                                     gpointer data);

/* Called on the thread that wrote, once per batch after its COMMIT returned: how long the COMMIT alone took, and of how
 * many commands, how many of them refused. Set it before the first command. */
void cobro_db_writer_set_timing_func (CobroDbWriter *writer,
                                      void (*func) (gpointer data, gint64 commit_us, guint commands, guint refused),
                                      gpointer data);

/* Commits that happened, commands that were answered, those of them that were not done, runs that were repeated
 * (somebody was in the way, or the server was lost), the longest commit, and how many wait. */
typedef struct
{
  guint64 batches, commands, refused, retries, fsync_us_max;
  guint queued;
} CobroDbWriterStats;
CobroDbWriterStats cobro_db_writer_stats (CobroDbWriter *writer);
