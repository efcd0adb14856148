/* relay/relay-command-load.c — a load test from outside: closed loops over a few connections, and a table of
 * percentiles. Layer: relay (composition). Threads: main, and one for each connection. */
#include <string.h>

#include "cobro-error.h"
#include "cobro-net-client.h"
#include "cobro-wire.h"
#include "config.h"
#include "relay-command.h"
#include "relay-exit.h"

#define CONNECTIONS_MAX 512
#define SECONDS_MAX     3600
#define DEADLINE_MS     30000
#define ANSWER_MAX      (1024 * 1024)
#define ROUND           17 /* requests: one makes a link, eight read it, eight view its page */

typedef enum
{
  CREATE,
  READ,
  PAGE,
  N_KINDS
} Kind;

static const char *const kind_names[N_KINDS] = { "create", "read", "page" };

/* What all loops share. */
typedef struct
{
  const char *url, *key;
  gint64 until; /* monotonic microseconds */
} Load;

/* One connection's own. */
typedef struct
{
  const Load *load;
  CobroNetClient *client;
  GArray *times[N_KINDS]; /* (element-type gint64) microseconds */
  guint failures[N_KINDS];
  char *link_id, *page_url;
  GError *error; /* what ended it early */
} Loop;

/* ── One connection ─────────────────────────────────────────────────────────────────────────────── */

static CobroNetAnswer *
ask (Loop *loop, const char *method, const char *url, const char *body, GError **error)
{
  g_autofree char *bearer = g_strconcat ("Bearer ", loop->load->key, NULL);
  g_autoptr (GBytes) bytes = body != NULL ? g_bytes_new (body, strlen (body)) : NULL;
  const char *headers[] = { "Authorization", bearer, NULL };
  gboolean is_api = strstr (url, "/v1/") != NULL;

  return cobro_net_client_send (loop->client,
                                &(CobroNetRequest){ .method = method,
                                                    .url = url,
                                                    .headers = is_api ? headers : NULL,
                                                    .content_type = body != NULL ? "application/json" : NULL,
                                                    .body = bytes,
                                                    .deadline_ms = DEADLINE_MS,
                                                    .max_bytes = ANSWER_MAX,
                                                    .repeatable = body == NULL },
                                NULL, error);
}

static gboolean
keep_link (Loop *loop, const CobroNetAnswer *answer, GError **error)
{
  g_autoptr (CobroWireObject) envelope =
    cobro_wire_parse (g_bytes_get_data (answer->body, NULL), (gssize)g_bytes_get_size (answer->body), error);
  g_autoptr (CobroWireObject) data = NULL;

  g_clear_pointer (&loop->link_id, g_free);
  g_clear_pointer (&loop->page_url, g_free);
  return envelope != NULL && cobro_wire_get_object (envelope, "data", &data, error) && data != NULL &&
         cobro_wire_get_text_needed (data, "id", &loop->link_id, error) &&
         cobro_wire_get_text_needed (data, "url", &loop->page_url, error);
}

/* The page through the same address as everything else, whatever public URL the link has. */
static char *
url_of (const Loop *loop, Kind kind)
{
  const char *path = kind == PAGE ? strstr (loop->page_url, "/pay/") : NULL;

  if (kind == CREATE)
    return g_strconcat (loop->load->url, "/v1/links", NULL);
  if (kind == READ)
    return g_strconcat (loop->load->url, "/v1/links/", loop->link_id, NULL);
  return g_strconcat (loop->load->url, path != NULL ? path : "/pay/", NULL);
}

static gboolean
one_request (Loop *loop, Kind kind, GError **error)
{
  g_autofree char *url = url_of (loop, kind);
  const char *body = kind == CREATE ? "{\"title\":\"Load\",\"currency\":\"EUR\",\"amount\":1250}" : NULL;
  gint64 begun = g_get_monotonic_time ();
  g_autoptr (CobroNetAnswer) answer = ask (loop, kind == CREATE ? "POST" : "GET", url, body, error);
  gint64 took = g_get_monotonic_time () - begun;

  if (answer == NULL)
    return FALSE;
  g_array_append_val (loop->times[kind], took);
  if (answer->status >= 300)
    loop->failures[kind]++;
  if (kind != CREATE)
    return TRUE;
  if (answer->status != 201)
    return cobro_error_set (error, COBRO_ERROR_STATE, "making a link was answered with %u%s", answer->status,
                            answer->status == 429 ? ": this relay limits rates" : "");
  return keep_link (loop, answer, error);
}

static gpointer
run_loop (gpointer data)
{
  Loop *loop = data;

  loop->client = cobro_net_client_new ("cobro-relay-load/" COBRO_VERSION);
  for (guint i = 0; g_get_monotonic_time () < loop->load->until; i++)
    if (!one_request (loop, i % ROUND == 0 ? CREATE : i % 2 == 0 ? READ : PAGE, &loop->error))
      break;
  g_clear_pointer (&loop->client, cobro_net_client_free);
  return NULL;
}

/* ── The table ──────────────────────────────────────────────────────────────────────────────────── */

static int
compare_times (gconstpointer a, gconstpointer b)
{
  const gint64 *x = a, *y = b;

  return *x < *y ? -1 : *x > *y;
}

/* Tenths of a per cent; in milliseconds with two decimals. */
static char *
percentile (const GArray *times, guint per_mille)
{
  gsize at = times->len > 0 ? (gsize)(((guint64)times->len - 1) * per_mille / 1000) : 0;
  gint64 us = times->len > 0 ? g_array_index (times, gint64, at) : 0;

  return g_strdup_printf ("%" G_GINT64_FORMAT ".%02" G_GINT64_FORMAT, us / 1000, us % 1000 / 10);
}

static void
print_kind (const Loop *loops, guint n, Kind kind, guint seconds)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (gint64));
  static const guint points[] = { 500, 900, 990, 999, 1000 };
  guint failures = 0;

  for (guint i = 0; i < n; i++)
    {
      g_array_append_vals (all, loops[i].times[kind]->data, loops[i].times[kind]->len);
      failures += loops[i].failures[kind];
    }
  g_array_sort (all, compare_times);
  g_print ("%-8s %9u %8u %8u", kind_names[kind], all->len, failures, all->len / seconds);
  for (gsize i = 0; i < G_N_ELEMENTS (points); i++)
    {
      g_autofree char *text = percentile (all, points[i]);

      g_print (" %9s", text);
    }
  g_print ("\n");
}

static int
print_table (const Loop *loops, guint n, guint seconds)
{
  const GError *error = NULL;

  g_print ("%-8s %9s %8s %8s %9s %9s %9s %9s %9s\n", "", "requests", "refused", "per s", "p50 ms", "p90", "p99",
           "p99.9", "max");
  for (guint kind = 0; kind < N_KINDS; kind++)
    print_kind (loops, n, kind, seconds);
  for (guint i = 0; i < n && error == NULL; i++)
    error = loops[i].error;
  return error != NULL ? relay_command_fail (g_error_copy (error)) : RELAY_EXIT_OK;
}

static int
run_load (const Load *load, guint connections, guint seconds)
{
  g_autofree Loop *loops = g_new0 (Loop, connections);
  g_autofree GThread **threads = g_new0 (GThread *, connections);
  int code;

  for (guint i = 0; i < connections; i++)
    {
      loops[i].load = load;
      for (guint kind = 0; kind < N_KINDS; kind++)
        loops[i].times[kind] = g_array_new (FALSE, FALSE, sizeof (gint64));
      threads[i] = g_thread_new ("load", run_loop, &loops[i]);
    }
  for (guint i = 0; i < connections; i++)
    g_thread_join (threads[i]);
  code = print_table (loops, connections, seconds);
  for (guint i = 0; i < connections; i++)
    {
      for (guint kind = 0; kind < N_KINDS; kind++)
        g_array_unref (loops[i].times[kind]);
      g_clear_error (&loops[i].error);
      g_free (loops[i].link_id);
      g_free (loops[i].page_url);
    }
  return code;
}

/* ── The command ────────────────────────────────────────────────────────────────────────────────── */

static gboolean
check_target (const char *url, gboolean yes, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  g_autofree char *address = host != NULL ? g_strconcat (host, ":1", NULL) : NULL;

  if (host == NULL || !g_str_has_prefix (url, "http"))
    return cobro_error_set (error, COBRO_ERROR_INVALID, "\"%s\" is no address such as http://127.0.0.1:8080", url);
  return yes || g_str_equal (host, "localhost") || g_str_equal (host, "::1") || relay_config_is_loopback (address) ||
         cobro_error_set (error, COBRO_ERROR_INVALID, "\"%s\" is another machine: say --yes if it is yours", host);
}

int
relay_command_load (int argc, char **argv)
{
  g_auto (RelayCommandOptions) options = { 0 };
  g_autoptr (RelayConfig) config = NULL;
  g_autofree char *key = NULL;
  int connections = 16, seconds = 10;
  gboolean yes = FALSE;
  const GOptionEntry extra[] = {
    { "key", 'k', 0, G_OPTION_ARG_STRING, &key, "an API key of test mode", "KEY" },
    { "connections", 'n', 0, G_OPTION_ARG_INT, &connections, "how many at once (16)", "N" },
    { "seconds", 's', 0, G_OPTION_ARG_INT, &seconds, "how long (10)", "N" },
    { "yes", 'y', 0, G_OPTION_ARG_NONE, &yes, "also a relay on another machine", NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  GError *error = NULL;
  Load load = { NULL };
  int code = relay_command_parse ("load", 0, extra, 1, &argc, &argv, &options, &config);

  if (code >= 0)
    return code;
  if (key == NULL || strstr (key, "_live_") != NULL)
    cobro_error_set (&error, COBRO_ERROR_INVALID, "say --key with a key of test mode: load makes links");
  else if (connections < 1 || connections > CONNECTIONS_MAX || seconds < 1 || seconds > SECONDS_MAX)
    cobro_error_set (&error, COBRO_ERROR_INVALID, "1 to %d connections, 1 to %d seconds", CONNECTIONS_MAX, SECONDS_MAX);
  if (error != NULL || !check_target (argv[1], yes, &error))
    return relay_command_fail (error);
  load = (Load){ argv[1], key, g_get_monotonic_time () + seconds * G_USEC_PER_SEC };
  return run_load (&load, (guint)connections, (guint)seconds);
}
