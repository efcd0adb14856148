/* relay/relay-app.c — builds the relay bottom up, serves, takes it down again top down.
 * Layer: relay (composition). Thread: main; the hooks say where they run. */
#include "relay-app.h"

#include <errno.h>
#include <glib-unix.h>
#include <malloc.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cobro-error.h"
#include "cobro-text.h"
#include "config.h"
#include "relay-admin.h"
#include "relay-alarm.h"
#include "relay-api.h"
#include "relay-checkout.h"
#include "relay-deliverer.h"
#include "relay-dialer.h"
#include "relay-control.h"
#include "relay-janitor.h"
#include "relay-key-rotation.h"
#include "relay-log.h"
#include "relay-mailer.h"
#include "relay-mock.h"
#include "relay-notify.h"
#include "relay-restore.h"
#include "relay-server.h"
#include "relay-templates.h"
#include "relay-trace-export.h"

#define STOP_MS          20000
#define DELIVERY_STOP_MS 3000

/* Everything that lives while the relay serves; the order is the order of building. */
typedef struct
{
  RelayConfig *config;
  CobroClock *clock;
  CobroRandom *random;
  RelayTraceExport *traces; /* NULL: nobody collects them */
  RelayStore *store;
  RelayProviders *providers;
  RelayProvider *mock; /* lent by providers; NULL: off */
  RelayCheckout *checkout;
  gboolean restoring;
  RelayDialer *dialer;
  RelayDeliverer *deliverer;
  RelayMailer *mailer; /* NULL: this relay sends no mail */
  RelayTemplates *templates;
  RelayContext context;
  RelayServer *server;
  RelayServer *control; /* NULL: the path of its socket is too long */
  char *control_listen;
  RelayAdmin admin_context;
  RelayServer *admin; /* NULL: not wanted */
  GMainLoop *loop;
  guint minute;  /* source of what is done once a minute */
  GError *fatal; /* under the main loop's thread */
} RelayApp;

/* The folder's own trouble is told apart from the database's: it is the operator's to mend. */
static gboolean
make_folder (const char *path, GError **error)
{
  if (g_mkdir_with_parents (path, 0700) != 0)
    return cobro_error_set_at (error, COBRO_ERROR_IO, "data", "cannot make the data folder \"%s\": %s", path,
                               g_strerror (errno));
  if (access (path, R_OK | W_OK | X_OK) != 0)
    return cobro_error_set_at (error, COBRO_ERROR_IO, "data", "cannot write to the data folder \"%s\": %s", path,
                               g_strerror (errno));
  return TRUE;
}

static RelayStore *
open_store (const RelayConfig *config, gboolean read_only, gboolean new_key, GError **error)
{
  g_autoptr (CobroClock) clock = cobro_clock_new_system ();
  g_autoptr (CobroRandom) random = cobro_random_new_system ();
  g_autofree char *key_file = relay_config_key_file (config);
  RelayStoreConfig settings = { .folder = config->data,
                                .database = *config->database ? config->database : NULL,
                                .clock = clock,
                                .random = random,
                                .read_only = read_only,
                                .new_key = new_key,
                                .key_file = key_file };
  RelayStore *store;

  if (!read_only && !make_folder (config->data, error))
    return NULL;
  if (!(store = relay_store_open (&settings, error)))
    g_prefix_error (error, "%s: ", config->data);
  return store;
}

RelayStore *
relay_app_open_store (const RelayConfig *config, gboolean read_only, GError **error)
{
  return open_store (config, read_only, FALSE, error);
}

gboolean
relay_app_replace_lost_key (const RelayConfig *config, GError **error)
{
  g_autoptr (RelayStore) store = open_store (config, FALSE, TRUE, error);

  return store != NULL;
}

static void
app_clear (RelayApp *app)
{
  g_clear_pointer (&app->admin, relay_server_free);
  g_clear_pointer (&app->control, relay_server_free);
  g_clear_pointer (&app->server, relay_server_free);
  g_clear_pointer (&app->dialer, relay_dialer_free); /* ends what is on its way, which the worker writes down */
  g_clear_pointer (&app->deliverer, relay_deliverer_free);
  g_clear_pointer (&app->mailer, relay_mailer_free);
  g_clear_pointer (&app->checkout, relay_checkout_free);
  g_clear_pointer (&app->templates, relay_templates_free);
  g_clear_pointer (&app->providers, relay_providers_free);
  g_clear_pointer (&app->store, relay_store_close);
  g_clear_pointer (&app->traces, relay_trace_export_free);
  g_clear_pointer (&app->clock, cobro_clock_unref);
  g_clear_pointer (&app->random, cobro_random_unref);
  g_clear_pointer (&app->loop, g_main_loop_unref);
  g_clear_pointer (&app->control_listen, g_free);
  g_clear_error (&app->fatal);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RelayApp, app_clear)

/* ── hooks ──────────────────────────────────────────────────────────────────────────────────────── */

/* On the writer thread. */
static void
on_books_changed_cb (gpointer data, const char *topic)
{
  RelayApp *app = data;

  if (g_str_has_prefix (topic, "delivery:"))
    relay_deliverer_wake (app->deliverer);
  else if (g_str_has_prefix (topic, "mail:"))
    {
      if (app->mailer)
        relay_mailer_wake (app->mailer);
    }
  else
    relay_server_wake (app->server, topic);
}

static gboolean
stop_for_good (gpointer data)
{
  RelayApp *app = data;

  g_main_loop_quit (app->loop);
  return G_SOURCE_REMOVE;
}

/* On the writer thread, once: the disk or the file failed, nothing can be promised any more. */
static void
on_books_failed_cb (const GError *error, gpointer data)
{
  RelayApp *app = data;

  g_set_error_literal (&app->fatal, COBRO_ERROR, COBRO_ERROR_INTERNAL, error->message);
  g_idle_add (stop_for_good, app);
}

/* On the listener thread. */
static void
on_access_cb (gpointer data, const RelayAccess *access)
{
  RelayApp *app = data;
  RelayAccess shown = *access;
  g_autofree char *line = NULL;

  relay_admin_note_access (access);
  if (!app->config->access_log || (shown.one_of = relay_log_share (access->status)) == 0)
    return;
  line = relay_access_to_json (&shown, cobro_clock_now (app->clock));
  relay_log_access (line);
}

/* On any thread. */
static void
on_fault_cb (gpointer data, const char *request_id, const GError *error)
{
  RelayApp *app = data;

  relay_log_fault (request_id, error, cobro_clock_now (app->clock));
}

static gboolean
on_signal_cb (gpointer data)
{
  RelayApp *app = data;

  g_main_loop_quit (app->loop);
  return G_SOURCE_CONTINUE;
}

/* ── the process ────────────────────────────────────────────────────────────────────────────────── */

/* Every connection is a descriptor; the soft limit is kept low only for programs that use select(). */
static void
raise_descriptor_limit (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit (RLIMIT_NOFILE, &limit) != 0)
    g_debug ("the limit of descriptors stays as it is");
}

/* Every request thread would get an arena of its own, and keep it. */
static void
share_arenas (void)
{
#ifdef M_ARENA_MAX
  mallopt (M_ARENA_MAX, 2);
#endif
}

/* Keys are in memory: no core file, no debugger of another user. The leak checker is a debugger, too. */
static void
forbid_core_files (void)
{
#ifndef __SANITIZE_ADDRESS__
  prctl (PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

/* ── building ───────────────────────────────────────────────────────────────────────────────────── */

static gboolean
build_providers (RelayApp *app, GError **error)
{
  g_autofree char *path = g_build_filename (app->config->data, "mock.sqlite", NULL);
  RelayMockConfig settings = {
    .path = app->config->mock_books != NULL ? app->config->mock_books : path,
    .clock = app->clock,
    .random = app->random,
    .options = app->config->mock_options,
  };
  g_autofree char *chances = NULL;

  app->providers = relay_providers_new ();
  relay_companies_add (app->providers, app->clock, app->random, app->config->provider_bases);
  if (!app->config->mock_gateway)
    return TRUE;
  if (!(app->mock = relay_mock_new (&settings, error)))
    return FALSE;
  relay_providers_add (app->providers, app->mock);
  chances = relay_mock_options_to_text (&settings.options);
  /* with its seed a run can be played again */
  relay_log_notice ("mock gateway", chances, cobro_clock_now (app->clock));
  return TRUE;
}

/* Who stands in for a provider stands in for its scripts, too, on test pages. */
static void
set_script_stand_ins (RelayApp *app)
{
  GHashTableIter iter;
  gpointer name, origin;

  g_hash_table_iter_init (&iter, app->config->provider_bases);
  while (g_hash_table_iter_next (&iter, &name, &origin))
    relay_scripts_set_stand_in (relay_templates_get_scripts (app->templates), name, origin);
}

static gboolean
build_checkout (RelayApp *app, GError **error)
{
  RelayCheckoutConfig settings = { .store = app->store,
                                   .providers = app->providers,
                                   .clock = app->clock,
                                   .random = app->random,
                                   .public_url = app->config->public_url,
                                   .restoring = app->restoring };

  app->checkout = relay_checkout_new (&settings);
  if (!relay_janitor_resume (app->checkout, error))
    return FALSE;
  app->templates = relay_templates_new (error);
  if (app->templates == NULL)
    return FALSE;
  set_script_stand_ins (app);
  return TRUE;
}

/* (transfer full) alone on its books a worker keeps its name, and so finds at once what a killed one had taken. */
static char *
make_worker_name (RelayApp *app)
{
  return relay_store_is_shared (app->store)
           ? g_strdup_printf ("relay-%016" G_GINT64_MODIFIER "x", cobro_random_below (app->random, G_MAXUINT64))
           : g_strdup ("relay");
}

static gboolean
build_delivery (RelayApp *app, GError **error)
{
  RelayDialerConfig way = { .allow_targets = (const char *const *)app->config->allow_targets,
                            .allow_ports = (const char *const *)app->config->allow_ports,
                            .user_agent = "cobro-relay/" COBRO_VERSION };
  g_autofree char *name = NULL;
  RelayDelivererConfig settings = { .store = app->store, .clock = app->clock, .random = app->random };

  if (!(app->dialer = relay_dialer_new (&way, error)))
    return FALSE;
  settings.worker = name = make_worker_name (app);
  settings.carrier = relay_dialer_get_carrier (app->dialer);
  app->deliverer = relay_deliverer_new (&settings);
  return TRUE;
}

/* After the server: mails say where it is. */
static gboolean
build_mailer (RelayApp *app, GError **error)
{
  const RelayConfig *config = app->config;
  g_autofree char *name = NULL;
  char *password = NULL;
  RelayMailerConfig settings = { .store = app->store,
                                 .clock = app->clock,
                                 .random = app->random,
                                 .from = config->mail_from,
                                 .public_url = config->public_url };

  if (!*config->smtp_url)
    return TRUE;
  if (!(password = relay_config_smtp_password (config, error)))
    return FALSE;
  settings.worker = name = make_worker_name (app);
  settings.smtp = (RelaySmtpConfig){ .url = config->smtp_url,
                                     .user = config->smtp_user,
                                     .secret = password,
                                     .ca_file = config->smtp_ca_file,
                                     .name = strchr (config->mail_from, '@') + 1 };
  app->mailer = relay_mailer_new (&settings, error);
  cobro_text_wipe (password);
  if (app->mailer)
    relay_mail_set_wanted (app->store, TRUE);
  return app->mailer != NULL;
}

static RelayServerConfig
server_settings (RelayApp *app)
{
  const RelayConfig *config = app->config;

  return (RelayServerConfig){
    .listen = config->listen,
    .routes = config->role == RELAY_ROLE_WORKER ? relay_api_worker_routes () : relay_api_routes (),
    .context = &app->context,
    .authenticate = relay_api_authenticate,
    .clock = app->clock,
    .random = app->random,
    .trusted_proxies = (const char *const *)config->trusted_proxies,
    .plain_http = !g_str_has_prefix (config->public_url, "https:"),
    .request_threads = config->request_threads,
    .connections_max = config->connections_max,
    .connections_per_peer = config->connections_per_peer,
    .rate_limits = config->rate_limits,
    .on_access = on_access_cb,
    .on_fault = on_fault_cb,
    .log_data = app,
    .error_page = relay_api_error_page,
  };
}

static gboolean
build_server (RelayApp *app, GError **error)
{
  RelayServerConfig settings = server_settings (app);
  GError *failure = NULL;

  app->context = (RelayContext){ .store = app->store,
                                 .checkout = app->checkout,
                                 .dialer = app->dialer,
                                 .providers = app->providers,
                                 .templates = app->templates,
                                 .clock = app->clock,
                                 .random = app->random,
                                 .public_url = app->config->public_url,
                                 .demo = app->config->mock_gateway,
                                 .started = cobro_clock_monotonic (app->clock) };
  if (!(app->server = relay_server_new (&settings, &failure)))
    return cobro_error_set_at (error, COBRO_ERROR_IO, "listen", "%s", failure->message);
  if (!*app->config->public_url)
    {
      g_free (app->config->public_url);
      app->config->public_url = g_strdup (relay_server_get_url (app->server));
      app->context.public_url = app->config->public_url;
      relay_checkout_set_public_url (app->checkout, app->config->public_url);
    }
  return TRUE;
}

/* Commands such as "merchant add" reach the running relay through a socket that only its user may open. */
static gboolean
build_control (RelayApp *app, GError **error)
{
  RelayServerConfig settings = server_settings (app);
  GError *failure = NULL;

  if (!(app->control_listen = relay_control_address (app->config->data)))
    return TRUE;
  settings.listen = app->control_listen;
  settings.routes = relay_control_routes ();
  settings.authenticate = NULL;
  settings.unix_mode = 0600;
  settings.request_threads = 1;
  if (!(app->control = relay_server_new (&settings, &failure)))
    return cobro_error_set_at (error, COBRO_ERROR_IO, "listen", "%s", failure->message);
  return TRUE;
}

/* Whoever watches the relay asks here, and is no customer: nothing of it is logged or counted. */
static gboolean
build_admin (RelayApp *app, GError **error)
{
  RelayServerConfig settings = server_settings (app);
  GError *failure = NULL;

  if (!*app->config->admin_listen)
    return TRUE;
  app->admin_context = (RelayAdmin){ .store = app->store,
                                     .server = app->server,
                                     .clock = app->clock,
                                     .data = app->config->data,
                                     .started = app->context.started };
  settings.listen = app->config->admin_listen;
  settings.routes = relay_admin_routes ();
  settings.context = &app->admin_context;
  settings.authenticate = NULL;
  settings.on_access = NULL;
  settings.error_page = NULL;
  settings.request_threads = 1;
  if (!(app->admin = relay_server_new (&settings, &failure)))
    return cobro_error_set_at (error, COBRO_ERROR_IO, "admin-listen", "%s", failure->message);
  return TRUE;
}

static const char *
look_up (gpointer data, const char *name)
{
  return g_getenv (name);
}

static gboolean
build_traces (RelayApp *app, GError **error)
{
  g_auto (RelayTraceSettings) settings = { 0 };

  if (!relay_trace_settings_read (&settings, look_up, NULL, error))
    return FALSE;
  if (settings.endpoint == NULL)
    return TRUE;
  app->traces = relay_trace_export_new (&settings, app->clock, app->random);
  relay_trace_export_start (app->traces);
  return TRUE;
}

static gboolean
build (RelayApp *app, GError **error)
{
  return build_traces (app, error) && (app->store = relay_app_open_store (app->config, FALSE, error)) &&
         build_providers (app, error) && build_checkout (app, error) && build_delivery (app, error) &&
         build_server (app, error) && build_mailer (app, error) && build_control (app, error) &&
         build_admin (app, error);
}

static gboolean
on_minute_cb (gpointer data)
{
  RelayApp *app = data;
  g_autoptr (GError) error = NULL;

  if (!relay_key_tend (app->store, &error))
    relay_alarm ("keys", "data keys were not looked after: %s", error->message);
  return G_SOURCE_CONTINUE;
}

static void
start_workers (RelayApp *app)
{
  const char *url = relay_server_get_url (app->server);

  relay_store_set_wake_func (app->store, on_books_changed_cb, app);
  relay_store_set_fatal_func (app->store, on_books_failed_cb, app);
  if (app->mock)
    relay_mock_start (app->mock, app->config->public_url, g_str_has_prefix (url, "http:") ? url : NULL);
  if (app->config->role != RELAY_ROLE_WEB)
    {
      relay_janitor_start (app->checkout);
      relay_deliverer_start (app->deliverer);
      if (app->mailer)
        relay_mailer_start (app->mailer);
    }
  app->minute = g_timeout_add_seconds (60, on_minute_cb, app);
}

static void
stop (RelayApp *app)
{
  g_atomic_int_set (&app->context.stopping, 1);
  relay_server_stop (app->server, STOP_MS);
  if (app->control)
    relay_server_stop (app->control, STOP_MS);
  if (app->admin)
    relay_server_stop (app->admin, STOP_MS);
  relay_janitor_stop (app->checkout);
  g_source_remove (app->minute);
  relay_deliverer_stop (app->deliverer, DELIVERY_STOP_MS);
  if (app->mailer)
    relay_mailer_stop (app->mailer, DELIVERY_STOP_MS);
  relay_store_set_wake_func (app->store, NULL, NULL);
}

gboolean
relay_app_serve (RelayConfig *config, RelayAppOnReady on_ready, gpointer data, GError **error)
{
  g_auto (RelayApp) app = { .config = config };
  guint terminate, interrupt, watchdog;
  gboolean served;

  relay_log_take_libraries ();
  raise_descriptor_limit ();
  share_arenas ();
  forbid_core_files ();
  app.clock = cobro_clock_new_system ();
  app.random = cobro_random_new_system ();
  app.loop = g_main_loop_new (NULL, FALSE);
  if (relay_restore_is_unfinished (config->data))
    return cobro_error_set (
      error, COBRO_ERROR_CONFIG,
      "%s: a restore was begun here and has not come to its end: run \"cobro-relay restore\" again", config->data);
  if (!build (&app, error))
    return FALSE;
  start_workers (&app);
  terminate = g_unix_signal_add (SIGTERM, on_signal_cb, &app);
  interrupt = g_unix_signal_add (SIGINT, on_signal_cb, &app);
  served = on_ready (data, config->public_url, app.store, error);
  if (served)
    {
      relay_notify ("READY=1");
      watchdog = relay_notify_start_watchdog (app.store);
      g_main_loop_run (app.loop);
      relay_notify ("STOPPING=1");
      if (watchdog != 0)
        g_source_remove (watchdog);
    }
  g_source_remove (terminate);
  g_source_remove (interrupt);
  stop (&app);
  if (app.fatal && served)
    {
      g_propagate_error (error, g_steal_pointer (&app.fatal));
      return FALSE;
    }
  return served;
}

static gboolean
is_idle (const RelayJanitorRound *round)
{
  return round->inbox + round->polls + round->refunds + round->left + round->lost + round->pages == 0;
}

gboolean
relay_app_ask_providers (const RelayConfig *config, guint rounds, GError **error)
{
  g_auto (RelayApp) app = { .config = (RelayConfig *)config, .restoring = TRUE };
  RelayJanitorRound round = { 0 };

  app.clock = cobro_clock_new_system ();
  app.random = cobro_random_new_system ();
  if (!(app.store = relay_app_open_store (config, FALSE, error)) || !build_providers (&app, error) ||
      !build_checkout (&app, error))
    return FALSE;
  /* Lists are read to their ends, however long they are. */
  for (guint i = 0; i < rounds; i += round.pages == 0)
    {
      g_autoptr (GError) failure = NULL;

      /* What a provider does not answer now, the running relay asks again. */
      if (!relay_janitor_run_once (app.checkout, cobro_clock_now (app.clock), &round, &failure))
        g_debug ("%s", failure->message);
      else if (is_idle (&round))
        break;
    }
  return TRUE;
}
