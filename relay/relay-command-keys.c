/* relay/relay-command-keys.c — "api-key add|list|rotate|revoke": a merchant's API keys.
 * Layer: relay (composition). Thread: main. */
#include "cobro-error.h"
#include "cobro-wire.h"
#include "relay-command.h"
#include "relay-control-keys.h"
#include "relay-exit.h"

/* One of the four commands. */
typedef struct
{
  const char *name, *path;
  RelayControlWork work;
  const char *operands[3]; /* what the operands are called in the arguments; the first is the merchant */
} KeyCommand;

/* What options say. */
typedef struct
{
  gboolean live;
  char *scopes, *networks;
} KeyOptions;

static void
key_options_clear (KeyOptions *options)
{
  g_free (options->scopes);
  g_free (options->networks);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KeyOptions, key_options_clear)

static char *
make_arguments (const KeyCommand *command, const KeyOptions *options, char **operands)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (command->operands) && command->operands[i]; i++)
    cobro_wire_put_text (writer, command->operands[i], operands[i]);
  cobro_wire_put_bool (writer, "live", options->live);
  if (options->scopes)
    cobro_wire_put_text (writer, "scopes", options->scopes);
  if (options->networks)
    cobro_wire_put_text (writer, "networks", options->networks);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

/* Runs it; the result as JSON, or NULL with the exit code. */
static char *
run (const KeyCommand *command, int argc, char **argv, RelayCommandOptions *options, int *out_code)
{
  g_auto (KeyOptions) extra_options = { FALSE, NULL, NULL };
  g_autoptr (RelayConfig) config = NULL;
  g_autofree char *arguments = NULL;
  gboolean adds = g_str_has_suffix (command->name, "add");
  const GOptionEntry extra[] = {
    { "live", 0, 0, G_OPTION_ARG_NONE, &extra_options.live, "keys for real money; otherwise for test money", NULL },
    { "scopes", 0, adds ? 0 : G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, &extra_options.scopes,
      "what it may, such as \"payments:r refunds:w\"", "WORDS" },
    { "networks", 0, adds ? 0 : G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, &extra_options.networks,
      "from where it works, such as \"192.0.2.0/24\"", "CIDRS" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  int operands = command->operands[1] ? 2 : 1;
  GError *error = NULL;
  char *json = NULL;

  *out_code = relay_command_parse (command->name, RELAY_COMMAND_NEEDS_DATA | RELAY_COMMAND_JSON, extra, operands, &argc,
                                   &argv, options, &config);
  if (*out_code >= 0)
    return NULL;
  arguments = make_arguments (command, &extra_options, argv + 1);
  if (!relay_config_need_data (config, &error) ||
      !(json = relay_control_run (config, command->path, command->work, arguments, &error)))
    *out_code = relay_command_fail (error);
  return json;
}

/* A member of the answer; "" where there is none. */
static char *
member (CobroWireObject *object, const char *key)
{
  char *text = NULL;

  return cobro_wire_get_text (object, key, "", &text, NULL) ? text : g_strdup ("");
}

static int
print_key (const KeyCommand *command, int argc, char **argv)
{
  g_auto (RelayCommandOptions) options = { 0 };
  int code;
  g_autofree char *json = run (command, argc, argv, &options, &code);
  g_autoptr (CobroWireObject) object = json ? cobro_wire_parse (json, -1, NULL) : NULL;
  g_autofree char *id = object ? member (object, "id") : NULL;
  g_autofree char *key = object ? member (object, "key") : NULL;

  if (!json)
    return code;
  if (options.json)
    g_print ("%s\n", json);
  else if (key && *key)
    g_print ("%-13s %s\n%-13s %s\n", "Key id", id, "API key", key);
  if (key && *key)
    g_printerr ("The API key is shown this once.\n");
  return RELAY_EXIT_OK;
}

int
relay_command_key_add (int argc, char **argv)
{
  static const KeyCommand command = {
    "api-key add", "/control/api-keys/add", relay_control_key_add, { "merchant", "name" }
  };

  return print_key (&command, argc, argv);
}

int
relay_command_key_rotate (int argc, char **argv)
{
  static const KeyCommand command = {
    "api-key rotate", "/control/api-keys/rotate", relay_control_key_rotate, { "merchant", "id" }
  };

  return print_key (&command, argc, argv);
}

int
relay_command_key_revoke (int argc, char **argv)
{
  static const KeyCommand command = {
    "api-key revoke", "/control/api-keys/revoke", relay_control_key_revoke, { "merchant", "id" }
  };

  return print_key (&command, argc, argv);
}

static void
print_row (CobroWireObject *key)
{
  g_autofree char *id = member (key, "id");
  g_autofree char *name = member (key, "name");
  g_autofree char *scopes = member (key, "scopes");
  g_autofree char *expires = member (key, "expiresAt");
  g_autofree char *revoked = member (key, "revokedAt");

  g_print ("%-16s %-20s %s %s  %s\n", id, name, *revoked ? "revoked" : "until", *revoked ? revoked : expires, scopes);
}

int
relay_command_key_list (int argc, char **argv)
{
  static const KeyCommand command = {
    "api-key list", "/control/api-keys/list", relay_control_key_list, { "merchant" }
  };
  g_auto (RelayCommandOptions) options = { 0 };
  int code;
  g_autofree char *json = run (&command, argc, argv, &options, &code);
  g_autoptr (CobroWireObject) object = json ? cobro_wire_parse (json, -1, NULL) : NULL;
  g_autoptr (GPtrArray) keys = NULL;

  if (!json)
    return code;
  if (options.json)
    g_print ("%s\n", json);
  else if (object && cobro_wire_get_objects (object, "keys", G_MAXUINT16, &keys, NULL))
    for (guint i = 0; i < keys->len; i++)
      print_row (keys->pdata[i]);
  return RELAY_EXIT_OK;
}
