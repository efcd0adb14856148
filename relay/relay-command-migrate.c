/* relay/relay-command-migrate.c — migrate: the books to this version's schema, or to another engine.
 * Layer: relay (composition). Thread: main. */
#include "config.h"

#include <stdio.h>

#include "cobro-error.h"
#include "relay-app.h"
#include "relay-command.h"
#include "relay-exit.h"
#include "relay-move.h"

static void
say_table (const char *table, gint64 rows, gpointer data)
{
  g_print ("  %-20s %" G_GINT64_FORMAT " rows\n", table, rows);
  fflush (stdout);
}

static gboolean
move_books (const RelayConfig *config, const char *uri, GError **error)
{
  g_autoptr (CobroClock) clock = cobro_clock_new_system ();
  g_autoptr (CobroRandom) random = cobro_random_new_system ();
  g_autofree char *key_file = relay_config_key_file (config);
  RelayStoreConfig settings = { .folder = config->data, .clock = clock, .random = random, .key_file = key_file };

  if (*config->database)
    return cobro_error_set (error, COBRO_ERROR_CONFIG, "--to moves the books of a folder; these are in a database");
  g_print ("Moving the books in \"%s\":\n", config->data);
  if (!relay_move_to_postgres (&settings, uri, say_table, NULL, error))
    return FALSE;
  g_print ("Every row was compared, and the audit of the copy is clean. Set \"database\" in the configuration; the key "
           "file stays where it is.\n");
  return TRUE;
}

static gboolean
update_schema (const RelayConfig *config, GError **error)
{
  g_autoptr (RelayStore) store = relay_app_open_store (config, FALSE, error);

  if (store == NULL)
    return FALSE;
  g_print ("The database has the schema of version %s.\n", COBRO_VERSION);
  return TRUE;
}

int
relay_command_migrate (int argc, char **argv)
{
  g_auto (RelayCommandOptions) options = { 0 };
  g_autoptr (RelayConfig) config = NULL;
  g_autofree char *to = NULL;
  const GOptionEntry extra[] = {
    { "to", 0, 0, G_OPTION_ARG_STRING, &to, "move the books of a stopped relay into an empty PostgreSQL database",
      "URI" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  GError *error = NULL;
  int code = relay_command_parse ("migrate", RELAY_COMMAND_NEEDS_DATA, extra, 0, &argc, &argv, &options, &config);

  if (code >= 0)
    return code;
  if (relay_config_need_data (config, &error) &&
      (to != NULL ? move_books (config, to, &error) : update_schema (config, &error)))
    return RELAY_EXIT_OK;
  return relay_command_fail (error);
}
