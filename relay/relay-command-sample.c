/* relay/relay-command-sample.c — sample-data: through the running relay, or through one that is started for it.
 * Layer: relay (composition). Thread: main. */
#include <signal.h>
#include <unistd.h>

#include "cobro-error.h"
#include "cobro-wire.h"
#include "relay-app.h"
#include "relay-command.h"
#include "relay-control.h"
#include "relay-exit.h"
#include "relay-sample.h"

/* One run of the command. */
typedef struct
{
  RelayConfig *config;
  guint seed;
  gboolean as_json;
} Run;

static void
print_made (const Run *run, const char *merchant_json, const RelaySampleCount *count)
{
  if (run->as_json)
    g_print ("{\"seed\":%u,\"links\":%u,\"payments\":%u,\"refunds\":%u,\"merchant\":%s}\n", run->seed, count->links,
             count->payments, count->refunds, merchant_json);
  else
    g_print ("%u links, %u payments and %u refunds of test money (seed %u)\n", count->links, count->payments,
             count->refunds, run->seed);
}

static gboolean
print_merchant (const Run *run, const char *json, char **out_key, GError **error)
{
  g_autoptr (CobroWireObject) merchant = cobro_wire_parse (json, -1, error);
  g_autofree char *id = NULL;
  g_autofree char *code = NULL;

  if (!merchant || !cobro_wire_get_text_needed (merchant, "merchantId", &id, error) ||
      !cobro_wire_get_text_needed (merchant, "apiKey", out_key, error) ||
      !cobro_wire_get_text_needed (merchant, "pairCode", &code, error))
    return FALSE;
  if (!run->as_json)
    g_print ("%-13s %s\n%-13s %s\n%-13s %s\n", "Merchant", id, "API key", *out_key, "Pairing code", code);
  return TRUE;
}

/* @merchant_json: the answer of "merchant add". */
static gboolean
fill (const Run *run, const char *listen, const char *merchant_json, GError **error)
{
  g_autofree char *key = NULL;
  RelaySampleTarget target = { .listen = listen };
  RelaySampleCount count = { 0 };

  if (!print_merchant (run, merchant_json, &key, error))
    return FALSE;
  target.api_key = key;
  if (!relay_sample_make (&target, run->seed, &count, error))
    return FALSE;
  print_made (run, merchant_json, &count);
  return TRUE;
}

/* In the relay that was started for it: filled, then ended as by an operator. */
static gboolean
on_ready (gpointer data, const char *public_url, RelayStore *store, GError **error)
{
  Run *run = data;
  g_autofree char *name = g_strdup_printf ("Sample shop %u", run->seed);
  g_autofree char *merchant = relay_control_add_merchant (store, name, FALSE, error);

  if (!merchant || !fill (run, public_url + strlen ("http://"), merchant, error))
    return FALSE;
  return kill (getpid (), SIGTERM) == 0;
}

static gboolean
run_alone (Run *run, GError **error)
{
  run->config->mock_gateway = TRUE;
  run->config->access_log = FALSE;
  run->config->rate_limits = FALSE;
  g_free (run->config->public_url);
  run->config->public_url = g_strdup ("");
  return relay_config_set (run->config, "listen", "127.0.0.1:0", error) && relay_config_validate (run->config, error) &&
         relay_app_serve (run->config, on_ready, run, error);
}

/* A relay that runs answers at its control socket; then it also answers at its address. */
static gboolean
run_beside (Run *run, gboolean *out_is_running, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (RelayStore) store = relay_app_open_store (run->config, FALSE, &failure);
  g_autofree char *arguments = g_strdup_printf ("{\"subject\":\"Sample shop %u\",\"live\":false}", run->seed);
  g_autofree char *merchant = NULL;

  *out_is_running = !store && g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_BUSY);
  if (!*out_is_running)
    return TRUE;
  merchant = relay_control_run (run->config, "/control/merchants", relay_control_make_merchant, arguments, error);
  return merchant && fill (run, run->config->listen, merchant, error);
}

int
relay_command_sample_data (int argc, char **argv)
{
  g_auto (RelayCommandOptions) options = { 0 };
  g_autoptr (RelayConfig) config = NULL;
  gboolean is_running = FALSE;
  int seed = 1;
  const GOptionEntry extra[] = {
    { "seed", 's', 0, G_OPTION_ARG_INT, &seed, "which names and amounts; the same makes the same again", "N" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  GError *error = NULL;
  int code = relay_command_parse ("sample-data", RELAY_COMMAND_NEEDS_ALL | RELAY_COMMAND_JSON, extra, 0, &argc, &argv,
                                  &options, &config);
  Run run = { .config = config, .seed = (guint)seed, .as_json = options.json };

  if (code >= 0)
    return code;
  if (seed < 0)
    cobro_error_set (&error, COBRO_ERROR_INVALID, "the seed must not be negative");
  if (error || !relay_config_need_data (config, &error) || !run_beside (&run, &is_running, &error) ||
      (!is_running && !run_alone (&run, &error)))
    return relay_command_fail (error);
  return RELAY_EXIT_OK;
}
