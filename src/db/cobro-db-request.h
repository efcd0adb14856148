/* src/db/cobro-db-request.h — one command that waits for the writer.
 * Layer: db, private to it. */
#pragma once
#include "cobro-db-writer.h"

/* What a command may touch. */
typedef enum
{
  COBRO_DB_ABOUT_ALL,
  COBRO_DB_ABOUT_KEY,
  COBRO_DB_ABOUT_QUEUE,
} CobroDbAbout;

typedef struct
{
  CobroDbAbout about;
  char *key; /* NULL unless it is about one */
  CobroDbCommand command;
  gpointer data;
  CobroDbDone done;
  gpointer done_data;
  guint retries;
  CobroDbResult result;
  GError *error;
} CobroDbRequest;

/* (transfer full) @key is copied. */
CobroDbRequest *cobro_db_request_new (CobroDbAbout about, const char *key, CobroDbCommand command, gpointer data,
                                      CobroDbDone done, gpointer done_data);
void cobro_db_request_free (CobroDbRequest *request);

/* Runs the command in the transaction that is open on @db, in a @savepoint of its own or bare, and notes how it ended.
 * A command that leaves the transaction in disorder is refused. */
void cobro_db_request_run (CobroDbRequest *request, CobroDb *db, gboolean savepoint);
/* Refused; its own reason goes before @error. */
void cobro_db_request_refuse (CobroDbRequest *request, const GError *error);
/* Tells each of @batch (element-type CobroDbRequest) its result, and frees it. */
void cobro_db_requests_answer (GPtrArray *batch);
