/* src/db/cobro-db-lanes.h — the writer on PostgreSQL: several threads, each with a connection and a queue of its own.
 * Layer: db, private to it: cobro-db-writer.h is its face, and says what the functions promise. Any thread. */
#pragma once
#include "cobro-db-request.h"

typedef struct _CobroDbLanes CobroDbLanes;

/* A driver has them (CobroDbDriver.lanes) when its engine has room for several writers. */
struct _CobroDbLanesClass
{
  /* Takes @take_db over. */
  CobroDbLanes *(*start) (CobroDb *take_db);
  void (*free) (CobroDbLanes *self);
  /* Takes @request over when it returns TRUE. */
  gboolean (*submit) (CobroDbLanes *self, CobroDbRequest *request, GError **error);
  /* Whether the caller is one of its threads. */
  gboolean (*is_thread) (CobroDbLanes *self);
  void (*set_committed_func) (CobroDbLanes *self, void (*func) (CobroDb *db, gpointer data), gpointer data);
  void (*set_fatal_func) (CobroDbLanes *self, void (*func) (const GError *error, gpointer data), gpointer data);
  void (*set_timing_func) (CobroDbLanes *self,
                           void (*func) (gpointer data, gint64 commit_us, guint commands, guint refused),
                           gpointer data);
  CobroDbWriterStats (*stats) (CobroDbLanes *self);
};
