/* src/db/cobro-db-request.c — one command that waits for the writer.
 * Layer: db, private to it. */
#include "config.h"
#include "cobro-db-request.h"

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
