/* relay/delivery/relay-dialer.c — resolve, look at every address, connect to one of those, send, read a little.
 * Layer: relay/delivery. All but the first lines of each function that others call runs on the dialer's thread. */
#include "relay-dialer.h"

#include <string.h>

#include "cobro-error.h"
#include "cobro-net-client.h"

#define FRESH        (60 * COBRO_SECOND) /* addresses that were looked at are used for so long */
#define RESOLVE_TIME (10 * COBRO_SECOND)
#define IDLE         (60 * COBRO_SECOND) /* then connections are closed */
#define SWEEP_MS     15000
#define CONNECTIONS  4096
#define LINES        32 /* sessions of one host: libsoup walks through all of a session's messages for each of them */
#define LINE_LOAD    6  /* messages on a line before the next one is taken */
#define HTTPS_PORT   443

/* Connections to one address of a host. */
typedef struct
{
  gatomicrefcount ref_count;
  CobroNetClient *client;
  guint flying;
} Line;

/* One scheme, host and port. */
typedef struct
{
  RelayDialer *dialer;
  char *key, *name;
  guint16 port;
  gboolean https;
  GInetAddress *address; /* (nullable) the one that was looked at, and that all lines lead to */
  Line *lines[LINES];    /* each (nullable) */
  gint64 fresh_until;    /* monotonic, as all times here */
  gint64 used_at;
  guint turn;              /* which of its addresses comes next */
  GQueue waiting;          /* (element-type Flight) for its addresses */
  GCancellable *resolving; /* (nullable) */
  GSource *alarm;
} Host;

/* One message. */
typedef struct
{
  RelayDialer *dialer;
  Host *host;
  Line *line;
  char *url, *id, *timestamp, *signature;
  char *traceparent; /* (nullable) */
  GBytes *body;
  gint64 started;
  RelayPostDone done;
  gpointer data;
} Flight;

struct _RelayDialer
{
  RelayCarrier carrier;
  RelayAddresses *addresses;
  GArray *ports; /* (element-type guint16) besides 443 */
  GResolver *resolver;
  char *user_agent;
  GMainContext *context;
  GThread *thread;
  GCancellable *stop;
  GHashTable *hosts; /* (element-type utf8 Host) */
  guint flying;

  GMutex lock;   /* guards what follows */
  GQueue posted; /* (element-type Flight) */
};

/* ── Parts ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static Line *
line_new (RelayDialer *self, GInetAddress *address, guint16 port)
{
  Line *line = g_new0 (Line, 1);
  g_autoptr (GSocketAddress) place = g_inet_socket_address_new (address, port);

  g_atomic_ref_count_init (&line->ref_count);
  line->client = cobro_net_client_new_at (self->user_agent, place, CONNECTIONS);
  return line;
}

static void
line_unref (Line *line)
{
  if (!g_atomic_ref_count_dec (&line->ref_count))
    return;
  cobro_net_client_free (line->client);
  g_free (line);
}

static void
flight_end (Flight *flight, RelayPostResult *take_result)
{
  flight->dialer->flying--;
  if (flight->line != NULL)
    flight->line->flying--;
  flight->done (flight->data, take_result);
  g_clear_pointer (&flight->line, line_unref);
  g_free (flight->url);
  g_free (flight->id);
  g_free (flight->timestamp);
  g_free (flight->signature);
  g_free (flight->traceparent);
  g_bytes_unref (flight->body);
  g_free (flight);
}

/* Flights keep theirs until they end. */
static void
drop_lines (Host *host)
{
  for (guint i = 0; i < LINES; i++)
    g_clear_pointer (&host->lines[i], line_unref);
  g_clear_object (&host->address);
}

/* The first that is not busy. */
static Line *
get_line (Host *host)
{
  guint best = 0;

  for (guint i = 0; i < LINES; i++)
    {
      if (host->lines[i] == NULL)
        host->lines[i] = line_new (host->dialer, host->address, host->port);
      if (host->lines[i]->flying < LINE_LOAD)
        return host->lines[i];
      if (host->lines[i]->flying < host->lines[best]->flying)
        best = i;
    }
  return host->lines[best];
}

static void
host_free (gpointer data)
{
  Host *host = data;

  drop_lines (host);
  g_free (host->key);
  g_free (host->name);
  g_free (host);
}

/* ── URLs ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
refuse (GError **error, const char *reason)
{
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, "url", "%s", reason);
}

static gboolean
port_is_listed (RelayDialer *self, gint port)
{
  if (port == HTTPS_PORT)
    return TRUE;
  for (guint i = 0; i < self->ports->len; i++)
    if (g_array_index (self->ports, guint16, i) == port)
      return TRUE;
  return FALSE;
}

/* (transfer full) the parsed URL, if its text is as it should be. */
static GUri *
parse_url (const char *url, GError **error)
{
  g_autoptr (GUri) uri = NULL;

  if (strlen (url) > RELAY_DIALER_URL_MAX)
    return refuse (error, "must not be longer than 2048 bytes"), NULL;
  for (const char *c = url; *c; c++)
    if (*c <= ' ' || *c >= 0x7f || *c == '\\')
      return refuse (error, "must be plain ASCII without blanks (write a host with umlauts as xn--…)"), NULL;
  if (!(uri = g_uri_parse (url, G_URI_FLAGS_ENCODED | G_URI_FLAGS_HAS_PASSWORD, NULL)) || !g_uri_get_host (uri) ||
      !*g_uri_get_host (uri))
    return refuse (error, "must be an address such as https://shop.example/hooks"), NULL;
  if (g_uri_get_userinfo (uri) != NULL)
    return refuse (error, "must not hold a user name or password"), NULL;
  if (g_uri_get_fragment (uri) != NULL)
    return refuse (error, "must not hold a fragment (#…)"), NULL;
  return g_steal_pointer (&uri);
}

static gint
port_of (GUri *uri)
{
  gint port = g_uri_get_port (uri);

  return port > 0 ? port : g_str_equal (g_uri_get_scheme (uri), "https") ? HTTPS_PORT : 80;
}

/* What a public address needs, and an allowed one does not. */
static gboolean
check_plain (RelayDialer *self, gboolean https, gint port, GError **error)
{
  if (!https)
    return refuse (error, "must begin with https://");
  return port_is_listed (self, port) || refuse (error, "must use port 443 (the operator can allow others)");
}

gboolean
relay_dialer_check_url (RelayDialer *self, const char *url, GError **error)
{
  g_autoptr (GUri) uri = parse_url (url, error);
  g_autoptr (GInetAddress) address = NULL;
  gboolean https;

  if (uri == NULL)
    return FALSE;
  https = g_str_equal (g_uri_get_scheme (uri), "https");
  if (!https && !g_str_equal (g_uri_get_scheme (uri), "http"))
    return refuse (error, "must begin with https://");
  if ((address = g_inet_address_new_from_string (g_uri_get_host (uri))) == NULL)
    return relay_addresses_allows_some (self->addresses) || check_plain (self, https, port_of (uri), error);
  return relay_addresses_check (self->addresses, address, error) &&
         (relay_addresses_allows (self->addresses, address) || check_plain (self, https, port_of (uri), error));
}

/* ── Sending ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* In words for the merchant; nothing of our network's plan. */
static RelayPostResult *
explain (const GError *error)
{
  const char *stage = cobro_error_get_path (error);
  g_autofree char *text = NULL;

  if (g_strcmp0 (stage, "address") == 0)
    return relay_post_result_new_failure ("its host has no address");
  if (g_strcmp0 (stage, "connect") == 0)
    return relay_post_result_new_failure ("nobody listens there, or it cannot be reached");
  if (g_strcmp0 (stage, "deadline") == 0)
    return relay_post_result_new_failure ("no complete answer within 15 seconds");
  if (g_strcmp0 (stage, "answer") == 0)
    return relay_post_result_new_failure ("the connection ended before a whole answer came, or it was not HTTP");
  text = g_strdup_printf ("%s: %s", stage != NULL ? stage : "not sent", error->message);
  return relay_post_result_new_failure (text);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* What the receiver said besides, in order, as far as a merchant needs it; its cookies are nobody's business. */
static char *
describe_headers (const CobroNetAnswer *answer)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n;
  g_autofree char **names = (char **)g_hash_table_get_keys_as_array (answer->headers, &n);

  qsort (names, n, sizeof *names, compare_names);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *value = g_utf8_make_valid (cobro_net_answer_header (answer, names[i]), -1);
      g_autofree char *line = g_strdup_printf ("%s: %s\n", names[i], value);

      if (!g_str_equal (names[i], "set-cookie") && text->len + strlen (line) <= RELAY_POST_HEADERS_MAX)
        g_string_append (text, line);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gint64
now_of (void)
{
  return g_get_monotonic_time ();
}

/* The next try goes to another of its addresses, which are asked for anew. */
static void
give_address_up (Host *host)
{
  drop_lines (host);
  host->turn++;
}

static void
on_answered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Flight *flight = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroNetAnswer) answer = cobro_net_client_send_finish (flight->line->client, result, &error);
  RelayPostResult *outcome = NULL;

  if (answer != NULL)
    {
      outcome =
        relay_post_result_new ((gint)answer->status, cobro_net_answer_header (answer, "retry-after"), answer->body);
      outcome->headers = describe_headers (answer);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    outcome = explain (error);
  if (answer == NULL && g_strcmp0 (cobro_error_get_path (error), "connect") == 0)
    give_address_up (flight->host);
  flight_end (flight, outcome);
}

static void
fly (Host *host, Flight *flight)
{
  const char *const headers[] = {
    "webhook-id",      flight->id,          "webhook-timestamp",
    flight->timestamp, "webhook-signature", flight->signature,
    "traceparent",     flight->traceparent, NULL, /* without a value it ends the list */
  };
  gint64 left = RELAY_POST_DEADLINE_MS - (now_of () - flight->started) / 1000;
  CobroNetRequest request = { .method = "POST",
                              .url = flight->url,
                              .headers = headers,
                              .content_type = "application/json",
                              .body = flight->body,
                              .deadline_ms = (guint)MAX (left, 1),
                              .max_bytes = RELAY_POST_READ_MAX,
                              .cut = TRUE,
                              .repeatable = TRUE };

  flight->line = get_line (host);
  flight->line->flying++;
  g_atomic_ref_count_inc (&flight->line->ref_count);
  host->used_at = now_of ();
  cobro_net_client_send_async (flight->line->client, &request, host->dialer->stop, on_answered_cb, flight);
}

/* ── Addresses ──────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
check_address (Host *host, GInetAddress *address, GError **error)
{
  RelayDialer *self = host->dialer;

  return relay_addresses_check (self->addresses, address, error) &&
         (relay_addresses_allows (self->addresses, address) || check_plain (self, host->https, host->port, error));
}

/* One that may not be reached spoils them all: a name that also leads to us is no honest name. IPv4 comes first,
 * because that is what every receiver has. */
static GInetAddress *
choose_address (Host *host, GList *addresses, GError **error)
{
  g_autoptr (GPtrArray) order = g_ptr_array_new ();

  for (GList *one = addresses; one != NULL; one = one->next)
    {
      gboolean v4 = g_inet_address_get_family (one->data) == G_SOCKET_FAMILY_IPV4;

      if (!check_address (host, one->data, error))
        return NULL;
      g_ptr_array_insert (order, v4 ? 0 : -1, one->data);
    }
  if (order->len == 0)
    return cobro_error_set_at (error, COBRO_ERROR_NO_ANSWER, "address", "none"), NULL;
  return order->pdata[host->turn % order->len];
}

static void
fail_waiting (Host *host, const GError *error, gboolean stopped)
{
  Flight *flight;

  while ((flight = g_queue_pop_head (&host->waiting)) != NULL)
    flight_end (flight, stopped ? NULL
                        : error->domain == COBRO_ERROR && error->code != COBRO_ERROR_NO_ANSWER
                          ? relay_post_result_new_failure (error->message)
                          : explain (error));
}

static void
use_addresses (Host *host, GList *addresses, GError **error)
{
  GInetAddress *address = choose_address (host, addresses, error);
  Flight *flight;

  if (address == NULL)
    {
      drop_lines (host);
      return;
    }
  if (host->address == NULL || !g_inet_address_equal (host->address, address))
    {
      drop_lines (host);
      host->address = g_object_ref (address);
    }
  host->fresh_until = now_of () + FRESH;
  while ((flight = g_queue_pop_head (&host->waiting)) != NULL)
    fly (host, flight);
}

static void
on_resolved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Host *host = data;
  g_autoptr (GError) error = NULL;
  GList *addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, &error);
  gboolean stopped = g_cancellable_is_cancelled (host->dialer->stop);

  g_source_destroy (host->alarm);
  g_clear_pointer (&host->alarm, g_source_unref);
  g_clear_object (&host->resolving);
  if (error != NULL)
    {
      g_clear_error (&error);
      cobro_error_set_at (&error, COBRO_ERROR_NO_ANSWER, "address", "no address");
    }
  else
    use_addresses (host, addresses, &error);
  g_resolver_free_addresses (addresses);
  if (error != NULL)
    fail_waiting (host, error, stopped);
}

static gboolean
on_alarm_cb (gpointer data)
{
  g_cancellable_cancel (((Host *)data)->resolving);
  return G_SOURCE_REMOVE;
}

/* One question per host at a time, however many messages wait for it: a slow name server delays its own host alone. */
static void
resolve (Host *host)
{
  if (host->resolving != NULL)
    return;
  host->resolving = g_cancellable_new ();
  host->alarm = g_timeout_source_new (RESOLVE_TIME / 1000);
  g_source_set_callback (host->alarm, on_alarm_cb, host, NULL);
  g_source_attach (host->alarm, host->dialer->context);
  g_resolver_lookup_by_name_async (host->dialer->resolver, host->name, host->resolving, on_resolved_cb, host);
}

/* ── Hosts ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static Host *
get_host (RelayDialer *self, GUri *uri)
{
  g_autofree char *key = g_strdup_printf ("%s://%s:%d", g_uri_get_scheme (uri), g_uri_get_host (uri), port_of (uri));
  Host *host = g_hash_table_lookup (self->hosts, key);

  if (host != NULL)
    return host;
  host = g_new0 (Host, 1);
  host->dialer = self;
  host->name = g_strdup (g_uri_get_host (uri));
  host->port = (guint16)port_of (uri);
  host->https = g_str_equal (g_uri_get_scheme (uri), "https");
  host->key = g_steal_pointer (&key);
  g_queue_init (&host->waiting);
  g_hash_table_insert (self->hosts, host->key, host);
  return host;
}

static void
start (Flight *flight)
{
  RelayDialer *self = flight->dialer;
  g_autoptr (GError) error = NULL;
  g_autoptr (GUri) uri = NULL;

  self->flying++;
  if (g_cancellable_is_cancelled (self->stop))
    {
      flight_end (flight, NULL);
      return;
    }
  if (!relay_dialer_check_url (self, flight->url, &error))
    {
      flight_end (flight, relay_post_result_new_failure (error->message));
      return;
    }
  uri = g_uri_parse (flight->url, G_URI_FLAGS_ENCODED | G_URI_FLAGS_HAS_PASSWORD, NULL);
  flight->host = get_host (self, uri);
  if (flight->host->address != NULL && now_of () < flight->host->fresh_until)
    {
      fly (flight->host, flight);
      return;
    }
  g_queue_push_tail (&flight->host->waiting, flight);
  resolve (flight->host);
}

static gboolean
on_posted_cb (gpointer data)
{
  RelayDialer *self = data;
  GQueue posted = G_QUEUE_INIT;
  Flight *flight;

  g_mutex_lock (&self->lock);
  while ((flight = g_queue_pop_head (&self->posted)) != NULL)
    g_queue_push_tail (&posted, flight);
  g_mutex_unlock (&self->lock);
  while ((flight = g_queue_pop_head (&posted)) != NULL)
    start (flight);
  return G_SOURCE_REMOVE;
}

static void
post (RelayCarrier *carrier, const RelayPost *what, RelayPostDone done, gpointer data)
{
  RelayDialer *self = (RelayDialer *)carrier;
  Flight *flight = g_new0 (Flight, 1);
  gboolean first;

  flight->dialer = self;
  flight->url = g_strdup (what->url);
  flight->id = g_strdup (what->id);
  flight->timestamp = g_strdup_printf ("%" G_GINT64_FORMAT, what->timestamp);
  flight->signature = g_strdup (what->signature);
  flight->traceparent = g_strdup (what->traceparent);
  flight->body = g_bytes_ref (what->body);
  flight->started = now_of ();
  flight->done = done;
  flight->data = data;
  g_mutex_lock (&self->lock);
  first = self->posted.length == 0;
  g_queue_push_tail (&self->posted, flight);
  g_mutex_unlock (&self->lock);
  if (first)
    g_main_context_invoke (self->context, on_posted_cb, self);
}

/* ── Life ───────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A host that nobody asked for in a while: its connections are closed. Those with flights were used a moment ago: no
 * flight lasts longer than its deadline. */
static gboolean
is_idle (gpointer key, gpointer value, gpointer data)
{
  const Host *host = value;

  return host->resolving == NULL && host->waiting.length == 0 && now_of () - host->used_at > IDLE;
}

static gboolean
on_sweep_cb (gpointer data)
{
  g_hash_table_foreach_remove (((RelayDialer *)data)->hosts, is_idle, NULL);
  return G_SOURCE_CONTINUE;
}

static gboolean
is_busy (RelayDialer *self)
{
  GHashTableIter iter;
  gpointer host;

  g_hash_table_iter_init (&iter, self->hosts);
  while (g_hash_table_iter_next (&iter, NULL, &host))
    if (((Host *)host)->resolving != NULL)
      return TRUE;
  return self->flying > 0;
}

static void
stop_resolving (RelayDialer *self)
{
  GHashTableIter iter;
  gpointer host;

  g_hash_table_iter_init (&iter, self->hosts);
  while (g_hash_table_iter_next (&iter, NULL, &host))
    if (((Host *)host)->resolving != NULL)
      g_cancellable_cancel (((Host *)host)->resolving);
}

static gpointer
run (gpointer data)
{
  RelayDialer *self = data;
  g_autoptr (GSource) sweep = g_timeout_source_new (SWEEP_MS);

  g_main_context_push_thread_default (self->context);
  g_source_set_callback (sweep, on_sweep_cb, self, NULL);
  g_source_attach (sweep, self->context);
  while (!g_cancellable_is_cancelled (self->stop))
    g_main_context_iteration (self->context, TRUE);
  stop_resolving (self);
  on_posted_cb (self);
  while (is_busy (self))
    g_main_context_iteration (self->context, TRUE);
  g_source_destroy (sweep);
  g_hash_table_remove_all (self->hosts);
  while (g_main_context_iteration (self->context, FALSE))
    continue;
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

static gboolean
take_ports (RelayDialer *self, const char *const *ports, GError **error)
{
  for (gsize i = 0; ports != NULL && ports[i] != NULL; i++)
    {
      guint64 number;
      guint16 port;

      if (!g_ascii_string_to_unsigned (ports[i], 10, 1, G_MAXUINT16, &number, NULL))
        return cobro_error_set (error, COBRO_ERROR_CONFIG, "\"%s\" is not a port", ports[i]);
      port = (guint16)number;
      g_array_append_val (self->ports, port);
    }
  return TRUE;
}

RelayDialer *
relay_dialer_new (const RelayDialerConfig *config, GError **error)
{
  g_autoptr (RelayDialer) self = g_new0 (RelayDialer, 1);

  self->carrier.post = post;
  self->ports = g_array_new (FALSE, FALSE, sizeof (guint16));
  self->hosts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, host_free);
  self->stop = g_cancellable_new ();
  self->context = g_main_context_new ();
  self->user_agent = g_strdup (config->user_agent);
  self->resolver = config->resolver != NULL ? g_object_ref (config->resolver) : g_resolver_get_default ();
  g_mutex_init (&self->lock);
  g_queue_init (&self->posted);
  if (!(self->addresses = relay_addresses_new (config->allow_targets, error)) ||
      !take_ports (self, config->allow_ports, error))
    return NULL;
  self->thread = g_thread_new ("dialer", run, self);
  return g_steal_pointer (&self);
}

void
relay_dialer_free (RelayDialer *self)
{
  if (self == NULL)
    return;
  g_cancellable_cancel (self->stop);
  g_main_context_wakeup (self->context);
  if (self->thread != NULL)
    g_thread_join (self->thread);
  g_hash_table_unref (self->hosts);
  g_array_unref (self->ports);
  g_clear_pointer (&self->addresses, relay_addresses_free);
  g_object_unref (self->resolver);
  g_object_unref (self->stop);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_free (self->user_agent);
  g_free (self);
}

RelayCarrier *
relay_dialer_get_carrier (RelayDialer *self)
{
  return &self->carrier;
}
