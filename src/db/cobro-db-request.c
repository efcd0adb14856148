/* src/db/cobro-db-request.c — one command that waits for the writer.
 * Layer: db, private to it. */
#include "config.h"
#include "cobro-db-request.h"

#include "cobro-error.h"

CobroDbRequest *
cobro_db_request_new (CobroDbAbout about, const char *key, CobroDbCommand command, gpointer data, CobroDbDone done,
                      gpointer done_data)
{
  CobroDbRequest *request = g_new0 (CobroDbRequest, 1);

  request->about = about;
  request->key = g_strdup (key);
  request->command = command;
  request->data = data;
  request->done = done;
  request->done_data = done_data;
  return request;
}

void
cobro_db_request_free (CobroDbRequest *request)
{
  g_clear_error (&request->error);
  g_free (request->key);
  g_free (request);
}

void
cobro_db_request_refuse (CobroDbRequest *request, const GError *error)
{
  request->result = COBRO_DB_REFUSED;
  if (request->error == NULL)
    request->error = g_error_copy (error);
}

void
cobro_db_requests_answer (GPtrArray *batch)
{
  for (guint i = 0; i < batch->len; i++)
    {
      CobroDbRequest *request = g_ptr_array_index (batch, i);

      if (request->done != NULL)
        request->done (request->result, request->error, request->done_data);
      cobro_db_request_free (request);
    }
}

/* A command that commits, rolls back or leaves savepoints behind would break those around it. */
static gboolean
is_balanced (CobroDb *db, guint depth, GError **error)
{
  if (cobro_db_in_transaction (db) && cobro_db_savepoint_depth (db) == depth)
    return TRUE;
  return cobro_error_set (error, COBRO_ERROR_INTERNAL, "a command left its transaction in disorder");
}

void
cobro_db_request_run (CobroDbRequest *request, CobroDb *db, gboolean savepoint)
{
  g_clear_error (&request->error);
  request->result = COBRO_DB_REFUSED;
  if (savepoint && !cobro_db_savepoint (db, &request->error))
    return;

  request->result = request->command (db, request->data, &request->error);
  if (request->result == COBRO_DB_OK &&
      (!is_balanced (db, savepoint ? 1 : 0, &request->error) || (savepoint && !cobro_db_release (db, &request->error))))
    request->result = COBRO_DB_REFUSED;
  if (request->result == COBRO_DB_OK)
    {
      g_clear_error (&request->error);
      return;
    }
  while (cobro_db_savepoint_depth (db) > 0)
    cobro_db_rollback_savepoint (db);
  if (request->error == NULL && request->result == COBRO_DB_REFUSED)
    cobro_error_set (&request->error, COBRO_ERROR_INTERNAL, "the command gave no reason");
}
