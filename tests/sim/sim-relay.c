/* tests/sim/sim-relay.c — see sim-relay.h. Layer: tests. */
#include "sim-relay.h"

#include <glib/gstdio.h>
#include <string.h>

#include "cobro-error.h"
#include "relay-account-store.h"
#include "relay-audit.h"
#include "relay-dispatch.h"
#include "relay-merchant-store.h"
#include "relay-reply-private.h"
#include "relay-request-private.h"
#include "sim-disk.h"

#define ROUNDS 8                                    /* of deliveries, each time there is work */
#define START  G_GINT64_CONSTANT (1796119200000000) /* 2026-12-01T10:00:00Z */

/* What all runs share: books to copy, the merchant in them, compiled pages, the table of routes. */
static struct
{
  char *folder;
  SimMerchant merchant;
  RelayTemplates *templates;
  RelayContext context;
  RelayServer *server;
  CobroClock *clock; /* the server's; the simulation has its own */
  CobroRandom *random;
  char *socket;
} shared;

void
sim_answer_clear (SimAnswer *answer)
{
  g_clear_pointer (&answer->body, g_free);
}

/* ── Folders ────────────────────────────────────────────────────────────────────────────────────── */

/* Memory is as good as a disk here: what survives is decided elsewhere. */
static char *
new_folder (void)
{
  g_autofree char *template =
    g_strdup (g_access ("/dev/shm", W_OK) == 0 ? "/dev/shm/cobro-sim-XXXXXX" : "/tmp/cobro-sim-XXXXXX");

  g_assert_nonnull (g_mkdtemp (template));
  return g_steal_pointer (&template);
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

/* Everything but what SQLite makes anew and what the disk restores. */
static void
copy_folder (const char *from, const char *to, gboolean with_books)
{
  g_autoptr (GDir) dir = g_dir_open (from, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *source = g_build_filename (from, name, NULL);
      g_autofree char *target = g_build_filename (to, name, NULL);
      g_autofree char *content = NULL;
      GStatBuf info;
      gsize n;

      if (g_str_equal (name, "socket") || g_str_has_suffix (name, "-shm") || g_str_has_suffix (name, ".lock") ||
          (!with_books && strstr (name, ".sqlite") != NULL))
        continue;
      g_assert_cmpint (g_stat (source, &info), ==, 0);
      g_assert_true (g_file_get_contents (source, &content, &n, NULL));
      g_assert_true (
        g_file_set_contents_full (target, content, (gssize)n, G_FILE_SET_CONTENTS_NONE, info.st_mode & 0777, NULL));
    }
}

/* ── What all runs share ────────────────────────────────────────────────────────────────────────── */

static gboolean
add_endpoint (RelayTx *tx, const char *url, const char *types, GError **error)
{
  g_autoptr (RelayEndpoint) endpoint = relay_endpoint_new ();

  endpoint->merchant_id = shared.merchant.scope.merchant_id;
  g_free (endpoint->url);
  endpoint->url = g_strdup (url);
  g_free (endpoint->types);
  endpoint->types = g_strdup (types);
  endpoint->is_active = TRUE;
  endpoint->secret = g_strdup (SIM_RECEIVER_SECRET);
  if (!relay_endpoint_insert (tx, endpoint, error))
    return FALSE;
  shared.merchant.since = endpoint->since;
  return TRUE;
}

static gboolean
found_work (RelayTx *tx, gpointer data, GError **error)
{
  static const RelayKeyOrder order = { .name = "simulation", .scopes = RELAY_KEY_ALL_SCOPES, .created_by = "operator" };
  g_autoptr (CobroMerchant) merchant = cobro_merchant_new ();
  g_autoptr (RelayAccountRecord) account = relay_account_record_new ();
  RelayKeyText key;

  cobro_link_set_text (&merchant->name, "Ana's Café");
  if (!relay_merchant_insert (tx, merchant, error))
    return FALSE;
  shared.merchant.scope = (RelayScope){ merchant->id, FALSE };
  account->merchant_id = merchant->id;
  cobro_link_set_text (&account->provider, SIM_PROVIDER_NAME);
  g_ptr_array_add (account->webhook_secrets, g_strdup ("a secret of sixteen bytes"));
  if (!relay_account_put (tx, account, error) || !relay_key_insert (tx, &shared.merchant.scope, &order, &key, error) ||
      !add_endpoint (tx, SIM_ENDPOINT_ALL, "*", error) || !add_endpoint (tx, SIM_ENDPOINT_GOOD, SIM_GOOD_TYPES, error))
    return FALSE;
  shared.merchant.account = g_strdup (account->id);
  shared.merchant.key = g_strdup (key.text);
  return TRUE;
}

static gboolean
code_work (RelayTx *tx, gpointer data, GError **error)
{
  return relay_pair_code_insert (tx, &shared.merchant.scope, data, error);
}

static void
pair_device (RelayStore *store)
{
  g_autoptr (GError) error = NULL;
  RelayPairCode code;
  RelayScope scope;
  RelayKeyText key;
  CobroId id;

  g_assert_true (relay_store_write (store, code_work, &code, &error));
  g_assert_true (relay_pair (store, code.text, "simulated", &scope, &id, &key, &error));
  g_ptr_array_add (shared.merchant.device_ids, g_strdup (id.text));
  g_ptr_array_add (shared.merchant.device_keys, g_strdup (key.text));
}

static void
make_server (void)
{
  g_autoptr (GError) error = NULL;
  RelayServerConfig config = { .routes = relay_api_routes (),
                               .context = &shared.context,
                               .authenticate = relay_api_authenticate,
                               .clock = shared.clock,
                               .random = shared.random,
                               .error_page = relay_api_error_page };

  shared.socket = g_strdup_printf ("unix:%s/socket", shared.folder);
  config.listen = shared.socket;
  shared.server = relay_server_new (&config, &error);
  g_assert_no_error (error);
}

void
sim_relay_prepare (guint n_devices)
{
  RelayStoreConfig config = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayStore) store = NULL;

  shared.folder = new_folder ();
  shared.merchant.device_ids = g_ptr_array_new_with_free_func (g_free);
  shared.merchant.device_keys = g_ptr_array_new_with_free_func (g_free);
  shared.clock = cobro_clock_new_fake (START);
  shared.random = cobro_random_new_seeded (1);
  config.folder = shared.folder;
  config.clock = shared.clock;
  config.random = shared.random;
  store = relay_store_open (&config, &error);
  g_assert_no_error (error);
  g_assert_true (relay_store_write (store, found_work, NULL, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < n_devices; i++)
    pair_device (store);
  shared.templates = relay_templates_new (&error);
  g_assert_no_error (error);
  make_server ();
}

void
sim_relay_cleanup (void)
{
  g_clear_pointer (&shared.server, relay_server_free);
  g_clear_pointer (&shared.templates, relay_templates_free);
  g_clear_pointer (&shared.merchant.device_ids, g_ptr_array_unref);
  g_clear_pointer (&shared.merchant.device_keys, g_ptr_array_unref);
  g_clear_pointer (&shared.merchant.account, g_free);
  g_clear_pointer (&shared.merchant.key, g_free);
  g_clear_pointer (&shared.clock, cobro_clock_unref);
  g_clear_pointer (&shared.random, cobro_random_unref);
  remove_folder (shared.folder);
  g_clear_pointer (&shared.folder, g_free);
  g_clear_pointer (&shared.socket, g_free);
}

/* ── Life and death ─────────────────────────────────────────────────────────────────────────────── */

/* FALSE: it died again while starting. */
static gboolean
start (SimRelay *self)
{
  g_autoptr (GError) error = NULL;
  RelayStoreConfig books = { .folder = self->folder, .clock = self->clock, .random = self->random };
  RelayCheckoutConfig settings = { .clock = self->clock, .random = self->random, .public_url = "http://127.0.0.1:1" };
  RelayDelivererConfig delivery = { .clock = self->clock, .random = self->random, .worker = "sim" };

  self->starts++;
  self->store = relay_store_open (&books, &error);
  if (sim_disk_is_dead ())
    return FALSE;
  g_assert_no_error (error);
  settings.store = self->store;
  settings.providers = self->providers;
  self->checkout = relay_checkout_new (&settings);
  if (!relay_janitor_resume (self->checkout, &error) && !sim_disk_is_dead ())
    g_assert_no_error (error);
  delivery.store = self->store;
  delivery.carrier = &self->receiver->carrier;
  self->deliverer = relay_deliverer_new (&delivery);
  shared.context = (RelayContext){ .store = self->store,
                                   .checkout = self->checkout,
                                   .providers = self->providers,
                                   .templates = shared.templates,
                                   .clock = self->clock,
                                   .random = self->random,
                                   .public_url = "http://127.0.0.1:1" };
  return !sim_disk_is_dead ();
}

static void
stop (SimRelay *self)
{
  g_clear_pointer (&self->deliverer, relay_deliverer_free);
  g_clear_pointer (&self->checkout, relay_checkout_free);
  g_clear_pointer (&self->store, relay_store_close);
}

SimRelay *
sim_relay_new (CobroClock *clock, CobroRandom *random, SimProvider *provider, SimReceiver *receiver)
{
  SimRelay *self = g_new0 (SimRelay, 1);

  self->folder = new_folder ();
  self->clock = cobro_clock_ref (clock);
  self->random = cobro_random_ref (random);
  self->provider = provider;
  self->receiver = receiver;
  self->merchant = &shared.merchant;
  self->providers = relay_providers_new ();
  relay_providers_add (self->providers, sim_provider_face (provider));
  copy_folder (shared.folder, self->folder, TRUE);
  sim_disk_watch (self->folder);
  g_assert_true (start (self));
  return self;
}

void
sim_relay_free (SimRelay *self)
{
  stop (self);
  relay_providers_free (self->providers);
  sim_disk_watch (shared.folder);
  remove_folder (self->folder);
  cobro_clock_unref (self->clock);
  cobro_random_unref (self->random);
  g_free (self->folder);
  g_free (self);
}

void
sim_relay_restart (SimRelay *self)
{
  do
    {
      g_autofree char *old = self->folder;

      self->deaths++;
      stop (self);
      self->folder = new_folder ();
      copy_folder (old, self->folder, FALSE);
      sim_disk_restore (self->folder);
      sim_disk_watch (self->folder);
      remove_folder (old);
    }
  while (!start (self));
}

/* ── Requests ───────────────────────────────────────────────────────────────────────────────────── */

static char *
make_head (const char *method, const char *target, const char *key, const char *idempotency, gsize length)
{
  GString *head = g_string_new (NULL);

  g_string_append_printf (head, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n", method, target);
  if (key != NULL)
    g_string_append_printf (head, "Authorization: Bearer %s\r\n", key);
  if (idempotency != NULL)
    g_string_append_printf (head, "Idempotency-Key: %s\r\n", idempotency);
  if (length > 0)
    g_string_append_printf (head, "Content-Type: application/json\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n", length);
  g_string_append (head, "\r\n");
  return g_string_free (head, FALSE);
}

static gboolean
has_header (const RelayReply *reply, const char *line)
{
  for (guint i = 0; reply->headers != NULL && i < reply->headers->len; i++)
    if (g_ascii_strcasecmp (reply->headers->pdata[i], line) == 0)
      return TRUE;
  return FALSE;
}

void
sim_relay_call (SimRelay *self, const char *method, const char *target, const char *key, const char *idempotency,
                const char *body, SimAnswer *out_answer)
{
  g_autofree char *bytes = make_head (method, target, key, idempotency, body != NULL ? strlen (body) : 0);
  RelayHead head = { 0 };
  RelayFault fault = { 0 };
  g_autoptr (RelayRequest) request = NULL;
  RelayReply *reply = NULL;
  gsize n;
  const char *text;

  *out_answer = (SimAnswer){ 0 };
  g_assert_true (relay_head_parse (&head, bytes, strlen (bytes), &fault));
  request = relay_dispatch_begin (shared.server, &head, "127.0.0.1", FALSE, "sim", &reply);
  g_clear_pointer (&request->body, g_bytes_unref);
  request->body = body != NULL ? g_bytes_new (body, strlen (body)) : g_bytes_new_static (NULL, 0);
  request->started = g_get_monotonic_time ();
  request->deadline = request->started + G_TIME_SPAN_HOUR;
  if (reply == NULL)
    reply = relay_dispatch_run (shared.server, request);
  if (!sim_disk_is_dead ())
    {
      text = reply->body != NULL ? g_bytes_get_data (reply->body, &n) : NULL;
      out_answer->status = reply->status;
      out_answer->body = text != NULL ? g_strndup (text, n) : g_strdup ("");
      out_answer->replayed = has_header (reply, "Idempotent-Replayed: true");
    }
  relay_reply_free (reply);
}

void
sim_relay_work (SimRelay *self)
{
  g_autoptr (GError) error = NULL;
  RelayJanitorRound round;
  RelayDeliveryRound delivered;

  if (!relay_janitor_run_once (self->checkout, cobro_clock_now (self->clock), &round, &error) && !sim_disk_is_dead ())
    g_assert_no_error (error);
  relay_deliverer_wake (self->deliverer);
  for (guint i = 0; i < ROUNDS && !sim_disk_is_dead (); i++)
    if (!relay_deliverer_run_once (self->deliverer, cobro_clock_now (self->clock), &delivered, NULL) ||
        delivered.sent + delivered.settled == 0)
      break;
}

gboolean
sim_relay_hear (SimRelay *self, GBytes *body, gboolean forged)
{
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  gboolean taken;

  g_hash_table_insert (headers, (char *)"sim-signature", (char *)(forged ? "forged" : "good"));
  taken = relay_checkout_receive (self->checkout, SIM_PROVIDER_NAME, self->merchant->account, headers, body, &error);
  if (sim_disk_is_dead ())
    return FALSE;
  if (forged)
    g_assert_error (error, COBRO_ERROR, COBRO_ERROR_SIGNATURE);
  else
    g_assert_no_error (error);
  return taken;
}

/* ── Looking ────────────────────────────────────────────────────────────────────────────────────── */

void
sim_relay_audit (SimRelay *self, gint64 newest)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = relay_store_read (self->store, &error);
  g_autoptr (RelayAuditReport) report = NULL;

  g_assert_no_error (error);
  report = relay_audit_run (reader->db, newest, cobro_clock_now (self->clock), &error);
  g_assert_no_error (error);
  if (report->count != 0)
    {
      g_autofree char *text = relay_audit_report_to_json (report);

      g_error ("the audit found: %s", text);
    }
}

gint64
sim_relay_count (SimRelay *self, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = relay_store_read (self->store, &error);
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (reader->db, sql, &error);

  g_assert_no_error (error);
  g_assert_cmpint (cobro_db_step (statement, &error), ==, COBRO_DB_ROW);
  return cobro_db_column_int64 (statement, "n");
}

void
sim_relay_check_told (SimRelay *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = relay_store_read (self->store, &error);
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (reader->db, "SELECT id, type FROM event WHERE sequence > :since ORDER BY sequence", &error);

  g_assert_no_error (error);
  cobro_db_bind_int64 (statement, ":since", self->merchant->since);
  while (cobro_db_step (statement, &error) == COBRO_DB_ROW)
    {
      const char *id = cobro_db_column_text (statement, "id"), *type = cobro_db_column_text (statement, "type");
      gboolean wanted = relay_endpoint_wants (SIM_GOOD_TYPES, type);

      if (!sim_receiver_knows (self->receiver, SIM_ENDPOINT_ALL, id) ||
          sim_receiver_knows (self->receiver, SIM_ENDPOINT_GOOD, id) != wanted)
        g_error ("event %s (%s) did not come where it should: all %d, good %d", id, type,
                 sim_receiver_knows (self->receiver, SIM_ENDPOINT_ALL, id),
                 sim_receiver_knows (self->receiver, SIM_ENDPOINT_GOOD, id));
    }
}

void
sim_relay_tell (SimRelay *self, const char *payment_id)
{
  static const char *const queries[] = {
    "SELECT 'payment: ' || state || ', next poll ' || coalesce (next_poll_at - :now, 'never') || ', polls ' || polls "
    "AS line "
    "FROM payment WHERE id = :id",
    "SELECT 'attempt ' || number || ': ' || kind || ' ' || outcome || ' ' || error_message AS line FROM attempt "
    "WHERE payment_id = :id AND :now IS NOT NULL ORDER BY number",
    "SELECT 'fact: ' || kind || ' by ' || source || ', ' || verdict || ' ' || reason AS line FROM fact "
    "WHERE payment_id = :id AND :now IS NOT NULL ORDER BY row",
  };
  g_autoptr (RelayReader) reader = relay_store_read (self->store, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr (CobroDbStatement) statement = cobro_db_prepare (reader->db, queries[i], NULL);

      g_assert_nonnull (statement);
      cobro_db_bind_text (statement, ":id", payment_id);
      cobro_db_bind_int64 (statement, ":now", cobro_clock_now (self->clock));
      while (cobro_db_step (statement, NULL) == COBRO_DB_ROW)
        g_printerr ("    %s\n", cobro_db_column_text (statement, "line"));
    }
}
