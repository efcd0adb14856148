/* src/db/cobro-db-lane.h — one connection that writes to PostgreSQL: a batch is one transaction, and a COMMIT without
 * an answer is cleared up. Layer: db, private to it. The lane's thread. */
#pragma once
#include "cobro-db-driver.h"
#include "cobro-db-request.h"
#include "cobro-random.h"

typedef struct
{
  char *uri;
  CobroDb *db;    /* NULL until it was opened */
  gboolean ready; /* its row's table is there */
  CobroRandom *random;
  guint8 id[16];    /* of the row that it counts its batches in */
  gint64 number;    /* of the last batch that was kept under this id */
  gint64 commit_us; /* how long the last COMMIT took */
} CobroDbLane;

/* What became of a batch. */
typedef enum
{
  COBRO_DB_BATCH_KEPT,    /* committed: each request has its own result */
  COBRO_DB_BATCH_EMPTY,   /* its only request was refused, and rolled back */
  COBRO_DB_BATCH_REFUSED, /* rolled back: the error is everybody's */
  COBRO_DB_BATCH_SPOILED, /* rolled back: one was refused after it had written; to be run again with savepoints */
  COBRO_DB_BATCH_AGAIN,   /* rolled back, and may be run again */
  COBRO_DB_BATCH_LOST,    /* the server is not there; nothing was kept */
  COBRO_DB_BATCH_DOUBT,   /* COMMIT was sent and not answered */
} CobroDbBatchEnd;

/* Takes @take_db over (NULL: opened by the first cobro_db_lane_connect()). */
void cobro_db_lane_init (CobroDbLane *self, const char *uri, CobroDb *take_db);
void cobro_db_lane_clear (CobroDbLane *self);
/* Makes sure that the server is there and knows what we need. */
gboolean cobro_db_lane_connect (CobroDbLane *self, GError **error);
/* Runs requests about the same in one transaction; with @savepoints each in its own, which costs two questions more for
 * each and is only needed where one is refused that has written. */
CobroDbBatchEnd cobro_db_lane_run (CobroDbLane *self, GPtrArray *batch, gboolean savepoints, GError **error);
/* After DOUBT: asks whether it was kept. KEPT; AGAIN: not, and now it never will be; LOST or DOUBT: ask later. */
CobroDbBatchEnd cobro_db_lane_clear_up (CobroDbLane *self, GError **error);
