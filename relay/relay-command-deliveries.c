/* relay/relay-command-deliveries.c — "deliveries" and "replay": outgoing webhooks, and dead letters sent again.
 * Layer: relay (composition). Thread: main. */
#include "cobro-error.h"
#include "cobro-wire.h"
#include "relay-command.h"
#include "relay-control-deliveries.h"
#include "relay-exit.h"

/* What the options gave. */
typedef struct
{
  char *status, *endpoint, *type, *id, *from, *until;
  gint limit, first, last;
  gboolean live;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->status);
  g_free (options->endpoint);
  g_free (options->type);
  g_free (options->id);
  g_free (options->from);
  g_free (options->until);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static void
put (CobroWireWriter *writer, const char *key, const char *value)
{
  if (value)
    cobro_wire_put_text (writer, key, value);
}

static void
put_number (CobroWireWriter *writer, const char *key, gint value)
{
  if (value > 0)
    cobro_wire_put_int64 (writer, key, value);
}

static char *
make_arguments (const char *merchant, const Options *options)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "merchant", merchant);
  cobro_wire_put_bool (writer, "live", options->live);
  put (writer, "status", options->status);
  put (writer, "endpoint", options->endpoint);
  put (writer, "type", options->type);
  put (writer, "id", options->id);
  put (writer, "from", options->from);
  put (writer, "until", options->until);
  put_number (writer, "limit", options->limit);
  put_number (writer, "first", options->first);
  put_number (writer, "last", options->last);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

/* (transfer full) (nullable) the answer; else @out_code says how it ended. */
static char *
run (const char *name, const char *path, RelayControlWork work, const GOptionEntry *extra, Options *options, int argc,
     char **argv, gboolean *out_json, int *out_code)
{
  g_auto (RelayCommandOptions) common = { 0 };
  g_autoptr (RelayConfig) config = NULL;
  g_autofree char *arguments = NULL;
  GError *error = NULL;
  char *json = NULL;

  *out_code =
    relay_command_parse (name, RELAY_COMMAND_NEEDS_DATA | RELAY_COMMAND_JSON, extra, 1, &argc, &argv, &common, &config);
  if (*out_code >= 0)
    return NULL;
  *out_json = common.json;
  arguments = make_arguments (argv[1], options);
  if (!relay_config_need_data (config, &error) || !(json = relay_control_run (config, path, work, arguments, &error)))
    *out_code = relay_command_fail (error);
  return json;
}

static char *
member (CobroWireObject *object, const char *key)
{
  char *text = NULL;

  return cobro_wire_get_text (object, key, "-", &text, NULL) ? text : g_strdup ("-");
}

static void
print_row (CobroWireObject *row)
{
  g_autofree char *id = member (row, "id");
  g_autofree char *status = member (row, "status");
  g_autofree char *type = member (row, "eventType");
  g_autofree char *endpoint = member (row, "endpointId");
  g_autofree char *next = member (row, "nextRetryAt");
  g_autofree char *problem = member (row, "lastError");
  gint64 tries = 0, answer = 0;

  if (!cobro_wire_get_int64 (row, "attemptCount", 0, &tries, NULL) ||
      !cobro_wire_get_int64 (row, "lastStatus", 0, &answer, NULL))
    return;
  g_print ("%s  %-9s  %-18s  %s  %2d tries, last %3d  next %s  %s\n", id, status, type, endpoint, (int)tries,
           (int)answer, next, problem);
}

int
relay_command_deliveries (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry extra[] = {
    { "status", 's', 0, G_OPTION_ARG_STRING, &options.status, "pending, delivered, failed or abandoned", "STATUS" },
    { "endpoint", 'e', 0, G_OPTION_ARG_STRING, &options.endpoint, "to this endpoint", "ID" },
    { "type", 't', 0, G_OPTION_ARG_STRING, &options.type, "of such events", "TYPE" },
    { "limit", 'n', 0, G_OPTION_ARG_INT, &options.limit, "at most so many", "N" },
    { "live", 0, 0, G_OPTION_ARG_NONE, &options.live, "of live mode", NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  gboolean as_json = FALSE;
  int code;
  g_autofree char *json =
    run ("deliveries", "/control/deliveries", relay_control_deliveries, extra, &options, argc, argv, &as_json, &code);
  g_autoptr (CobroWireObject) object = json ? cobro_wire_parse (json, -1, NULL) : NULL;
  g_autoptr (GPtrArray) rows = NULL;

  if (!json)
    return code;
  if (as_json)
    g_print ("%s\n", json);
  else if (object && cobro_wire_get_objects (object, "deliveries", G_MAXUINT16, &rows, NULL))
    for (guint i = 0; i < rows->len; i++)
      print_row (rows->pdata[i]);
  return RELAY_EXIT_OK;
}

int
relay_command_replay (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry extra[] = {
    { "status", 's', 0, G_OPTION_ARG_STRING, &options.status, "abandoned (the default) or delivered", "STATUS" },
    { "id", 'i', 0, G_OPTION_ARG_STRING, &options.id, "this delivery", "ID" },
    { "endpoint", 'e', 0, G_OPTION_ARG_STRING, &options.endpoint, "to this endpoint", "ID" },
    { "type", 't', 0, G_OPTION_ARG_STRING, &options.type, "of such events", "TYPE" },
    { "from", 0, 0, G_OPTION_ARG_STRING, &options.from, "of events from then on", "TIME" },
    { "until", 0, 0, G_OPTION_ARG_STRING, &options.until, "of events before then", "TIME" },
    { "first", 0, 0, G_OPTION_ARG_INT, &options.first, "of events from this number on", "N" },
    { "last", 0, 0, G_OPTION_ARG_INT, &options.last, "of events up to this number", "N" },
    { "live", 0, 0, G_OPTION_ARG_NONE, &options.live, "of live mode", NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  gboolean as_json = FALSE;
  int code;
  g_autofree char *json =
    run ("replay", "/control/replay", relay_control_replay, extra, &options, argc, argv, &as_json, &code);
  g_autoptr (CobroWireObject) object = json ? cobro_wire_parse (json, -1, NULL) : NULL;
  gint64 n = 0;

  if (!json)
    return code;
  if (as_json)
    g_print ("%s\n", json);
  else if (object && cobro_wire_get_int64 (object, "replayed", 0, &n, NULL))
    g_print ("%d deliveries are sent again.\n", (int)n);
  return RELAY_EXIT_OK;
}
