/* relay/relay-command-secrets.c — "key status|rotate|replace-lost": the key that everything secret is wrapped with.
 * Layer: relay (composition). Thread: main. */
#include "cobro-error.h"
#include "cobro-wire.h"
#include "relay-app.h"
#include "relay-command.h"
#include "relay-control-keys.h"
#include "relay-exit.h"

static char *
run (const char *name, const char *path, RelayControlWork work, int argc, char **argv, RelayCommandOptions *options,
     int *out_code)
{
  g_autoptr (RelayConfig) config = NULL;
  GError *error = NULL;
  char *json = NULL;

  *out_code =
    relay_command_parse (name, RELAY_COMMAND_NEEDS_DATA | RELAY_COMMAND_JSON, NULL, 0, &argc, &argv, options, &config);
  if (*out_code >= 0)
    return NULL;
  if (!relay_config_need_data (config, &error) || !(json = relay_control_run (config, path, work, "{}", &error)))
    *out_code = relay_command_fail (error);
  return json;
}

static void
print_status (CobroWireObject *object)
{
  g_autofree char *file = NULL;
  g_autofree char *wrapper = NULL;
  gint64 data_keys = 0, elsewhere = 0, lost = 0;
  gboolean running = FALSE, late = FALSE;

  if (!cobro_wire_get_text (object, "file", "", &file, NULL) ||
      !cobro_wire_get_text (object, "wrapper", "", &wrapper, NULL) ||
      !cobro_wire_get_int64 (object, "dataKeys", 0, &data_keys, NULL) ||
      !cobro_wire_get_int64 (object, "elsewhere", 0, &elsewhere, NULL) ||
      !cobro_wire_get_int64 (object, "lost", 0, &lost, NULL) ||
      !cobro_wire_get_bool (object, "running", FALSE, &running, NULL) ||
      !cobro_wire_get_bool (object, "fileLate", FALSE, &late, NULL))
    return;
  g_print ("Key in the file    %s\nKey of the books   %s\nData keys          %" G_GINT64_FORMAT
           "\nNot yet moved      %" G_GINT64_FORMAT "\nLost for good      %" G_GINT64_FORMAT "\n",
           *file ? file : "(cannot be read)", wrapper, data_keys, elsewhere, lost);
  if (running)
    g_print ("A rotation was cut off: \"cobro-relay key rotate\" goes on with it. Keep both key files until then.\n");
  if (late)
    g_print ("The books want another key than the file's: put the next key file in its place and restart.\n");
}

int
relay_command_secret_status (int argc, char **argv)
{
  g_auto (RelayCommandOptions) options = { 0 };
  int code;
  g_autofree char *json =
    run ("key status", "/control/key/status", relay_control_secret_status, argc, argv, &options, &code);
  g_autoptr (CobroWireObject) object = json ? cobro_wire_parse (json, -1, NULL) : NULL;

  if (!json)
    return code;
  if (options.json)
    g_print ("%s\n", json);
  else if (object)
    print_status (object);
  return RELAY_EXIT_OK;
}

int
relay_command_secret_rotate (int argc, char **argv)
{
  g_auto (RelayCommandOptions) options = { 0 };
  int code;
  g_autofree char *json =
    run ("key rotate", "/control/key/rotate", relay_control_secret_rotate, argc, argv, &options, &code);
  g_autoptr (CobroWireObject) object = json ? cobro_wire_parse (json, -1, NULL) : NULL;

  if (!json)
    return code;
  if (options.json)
    g_print ("%s\n", json);
  else if (object)
    print_status (object);
  g_printerr ("Copy the new key file to where you keep the old one. Backups made before today need the old one: it is "
              "kept beside it as relay.key.old-….\n");
  return RELAY_EXIT_OK;
}

int
relay_command_secret_replace_lost (int argc, char **argv)
{
  g_auto (RelayCommandOptions) options = { 0 };
  g_autoptr (RelayConfig) config = NULL;
  gboolean yes = FALSE;
  const GOptionEntry extra[] = {
    { "yes", 'y', 0, G_OPTION_ARG_NONE, &yes, "the key is lost, and there is no copy", NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  GError *error = NULL;
  int code =
    relay_command_parse ("key replace-lost", RELAY_COMMAND_NEEDS_DATA, extra, 0, &argc, &argv, &options, &config);

  if (code >= 0)
    return code;
  if (!yes)
    cobro_error_set (&error, COBRO_ERROR_INVALID,
                     "what the lost key sealed stays shut for good: provider secrets have to be entered again, and "
                     "links need new addresses (or are published again by the desktop). If a copy of relay.key may be "
                     "found, look for it first; otherwise add --yes");
  if (error || !relay_config_need_data (config, &error) || !relay_app_replace_lost_key (config, &error))
    return relay_command_fail (error);
  g_print (
    "There is a new key. Payments and the ledger are untouched. Enter each merchant's provider secrets again, and "
    "keep a copy of relay.key elsewhere.\n");
  return RELAY_EXIT_OK;
}
