/* relay/relay-command-serve.c — serve, and demo: the same relay with play money, one merchant and one link.
 * Layer: relay (composition). Thread: main. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "cobro-error.h"
#include "cobro-pair-link.h"
#include "relay-app.h"
#include "relay-command.h"
#include "relay-control.h"
#include "relay-exit.h"
#include "relay-links.h"
#include "relay-merchant-store.h"

#define PROVIDER_BASE(place)                                                                                           \
  {                                                                                                                    \
    "provider-base", 0, 0, G_OPTION_ARG_STRING, place, "stand-ins of payment providers, for test accounts",            \
      "NAME=URL,…"                                                                                                   \
  }

#define DEMO_KEY       "demo"
#define DEMO_REFERENCE "sample"

static gboolean
say_ready (gpointer data, const char *public_url, RelayStore *store, GError **error)
{
  g_print ("ready: %s\n", public_url);
  fflush (stdout);
  return TRUE;
}

int
relay_command_serve (int argc, char **argv)
{
  g_auto (RelayCommandOptions) options = { 0 };
  g_autoptr (RelayConfig) config = NULL;
  g_autofree char *allow_target = NULL;
  gboolean check_only = FALSE;
  g_autofree char *role = NULL, *bases = NULL;
  const GOptionEntry extra[] = {
    { "allow-target", 0, 0, G_OPTION_ARG_STRING, &allow_target, "networks that webhooks may reach besides public ones",
      "CIDR,…" },
    { "check-config", 0, 0, G_OPTION_ARG_NONE, &check_only, "check the settings and do nothing", NULL },
    { "role", 0, 0, G_OPTION_ARG_STRING, &role, "what this one of several relays does", "all|web|worker" },
    PROVIDER_BASE (&bases),
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  GError *error = NULL;
  int code = relay_command_parse ("serve", RELAY_COMMAND_NEEDS_ALL, extra, 0, &argc, &argv, &options, &config);

  if (code >= 0)
    return code;
  if ((role != NULL && !relay_config_set (config, "role", role, &error)) ||
      (allow_target && !relay_config_set (config, "allow-target", allow_target, &error)) ||
      (bases && !relay_config_set (config, "provider-base", bases, &error)) || !relay_config_validate (config, &error))
    return relay_command_fail (error);
  if (check_only)
    return RELAY_EXIT_OK;
  return relay_app_serve (config, say_ready, NULL, &error) ? RELAY_EXIT_OK : relay_command_fail (error);
}

/* ── demo ───────────────────────────────────────────────────────────────────────────────────────── */

/* The demo's merchant: the first of the folder, or a new one. */
typedef struct
{
  RelayScope scope;
  RelayPairCode code;
} Demo;

static gboolean
find_merchant (RelayStore *store, Demo *demo, gboolean *out_found, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (store, error);
  g_autoptr (GPtrArray) merchants = reader ? relay_merchant_list (reader->db, error) : NULL;

  if (!merchants)
    return FALSE;
  *out_found = merchants->len > 0;
  if (merchants->len > 0)
    demo->scope.merchant_id = ((CobroMerchant *)merchants->pdata[0])->id;
  return TRUE;
}

static gboolean
insert_key (RelayTx *tx, gpointer data, GError **error)
{
  Demo *demo = data;

  return relay_key_insert_literal (tx, &demo->scope.merchant_id, DEMO_KEY, error);
}

static gboolean
insert_code (RelayTx *tx, gpointer data, GError **error)
{
  Demo *demo = data;

  return relay_pair_code_insert (tx, &demo->scope, &demo->code, error);
}

static gboolean
make_merchant (RelayStore *store, Demo *demo, GError **error)
{
  g_autofree char *added = relay_control_add_merchant (store, "Demo Shop", FALSE, error);
  gboolean found = FALSE;

  return added && find_merchant (store, demo, &found, error) && relay_store_write (store, insert_key, demo, error);
}

static gboolean
publish_sample (RelayStore *store, Demo *demo, CobroToken *out_token, GError **error)
{
  g_autoptr (CobroLink) link = cobro_link_new ();
  g_autoptr (RelayLinkRecord) record = NULL;

  if (!cobro_currency_from_code ("EUR", &link->currency, error))
    return FALSE;
  cobro_link_set_text (&link->title, "Two coffees and a croissant");
  cobro_link_set_text (&link->reference, DEMO_REFERENCE);
  link->amount = cobro_money (850, link->currency);
  link->usage = COBRO_USAGE_UNLIMITED;
  record = relay_links_publish (store, &demo->scope, link, NULL, out_token, error);
  return record != NULL;
}

static gboolean
find_sample (RelayStore *store, Demo *demo, CobroToken *out_token, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (store, error);
  g_autoptr (RelayLinkRecord) record =
    reader ? relay_link_find_by_reference (reader->db, &demo->scope, DEMO_REFERENCE, error) : NULL;

  return record && relay_link_get_token (store, record, out_token, error);
}

/* One payment over the API, to copy and paste. */
static void
say_how_to_pay (const char *public_url)
{
  g_print ("try: curl -X POST %s/v1/payments -H 'Content-Type: application/json' -H 'Idempotency-Key: payment_123' "
           "-d '{\"amount\": 5000, \"currency\": \"USD\", \"gateway\": \"mock\", \"merchantApiKey\": \"%s\", "
           "\"metadata\": {\"orderId\": \"123\"}}'\n",
           public_url, DEMO_KEY);
}

static gboolean
say_demo_ready (gpointer data, const char *public_url, RelayStore *store, GError **error)
{
  Demo demo = { 0 };
  CobroToken token;
  g_autofree char *pair_link = NULL;
  gboolean found;

  if (!find_merchant (store, &demo, &found, error))
    return FALSE;
  if (found ? !find_sample (store, &demo, &token, error)
            : !make_merchant (store, &demo, error) || !publish_sample (store, &demo, &token, error))
    return FALSE;
  if (!relay_store_write (store, insert_code, &demo, error))
    return FALSE;
  pair_link = cobro_pair_link_new (public_url, demo.code.text);
  g_print ("api key: %s\npair: %s\npair link: %s\nlink: %s/pay/%s\n", DEMO_KEY, demo.code.text, pair_link, public_url,
           token.text);
  say_how_to_pay (public_url);
  g_print ("ready: %s\n", public_url);
  fflush (stdout);
  return TRUE;
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      g_remove (file);
    }
  g_rmdir (path);
}

static int
serve_demo (RelayConfig *config)
{
  g_autofree char *temporary = NULL;
  GError *error = NULL;
  gboolean served;

  config->mock_gateway = TRUE;
  if (!relay_config_is_loopback (config->listen))
    {
      cobro_error_set_at (&error, COBRO_ERROR_IO, "listen",
                          "demo takes play money from anybody, so it listens on this machine only, not on %s",
                          config->listen);
      return relay_command_fail (error);
    }
  if (!*config->allow_targets && !relay_config_set (config, "allow-target", "127.0.0.0/8,::1", &error))
    return relay_command_fail (error);
  if (!*config->data && (temporary = g_dir_make_tmp ("cobro-demo-XXXXXX", &error)))
    {
      g_free (config->data);
      config->data = g_strdup (temporary);
    }
  served = !error && relay_config_validate (config, &error) && relay_app_serve (config, say_demo_ready, NULL, &error);
  if (temporary)
    remove_folder (temporary);
  return served ? RELAY_EXIT_OK : relay_command_fail (error);
}

int
relay_command_demo (int argc, char **argv)
{
  g_auto (RelayCommandOptions) options = { 0 };
  g_autoptr (RelayConfig) config = NULL;
  g_autofree char *bases = NULL;
  gboolean log = FALSE;
  const GOptionEntry extra[] = {
    { "log", 0, 0, G_OPTION_ARG_NONE, &log, "print a line for each request", NULL },
    PROVIDER_BASE (&bases),
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  GError *error = NULL;
  int code = relay_command_parse ("demo", RELAY_COMMAND_NEEDS_ALL, extra, 0, &argc, &argv, &options, &config);

  if (code >= 0)
    return code;
  if (bases != NULL && !relay_config_set (config, "provider-base", bases, &error))
    return relay_command_fail (error);
  config->access_log = log;
  return serve_demo (config);
}
