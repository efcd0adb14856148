/* relay/providers/mock/relay-mock.c — the mock gateway put together: its books, its thread, its vtable.
 * Layer: relay/providers. The vtable runs on request threads; what is due runs on the gateway's own thread. */
#include "relay-mock-private.h"

#include <string.h>
#include "cobro-db-migration.h"
#include "cobro-error.h"
#include "cobro-net-client.h"

#define HOOK_DEADLINE_MS 10000
#define HOOK_ANSWER_MAX  (64 * 1024)
#define IDLE_MAX         (60 * COBRO_SECOND) /* looks again at least this often */
#define FAILED_PAUSE     (1 * COBRO_SECOND)  /* after its own books did not answer */

/* ── Sending over HTTP ──────────────────────────────────────────────────────────────────────────────────────────── */

static guint
post_over_http (gpointer data, const char *url, const char *const *headers, GBytes *body)
{
  g_autoptr (CobroNetClient) client = cobro_net_client_new ("Mock-Gateway/1");
  CobroNetRequest request = {
    .method = "POST",
    .url = url,
    .headers = headers,
    .content_type = "application/json",
    .body = body,
    .deadline_ms = HOOK_DEADLINE_MS,
    .max_bytes = HOOK_ANSWER_MAX,
  };
  g_autoptr (CobroNetAnswer) answer = cobro_net_client_send (client, &request, NULL, NULL);

  return answer != NULL ? answer->status : 0;
}

typedef struct
{
  CobroTime now;
  const char *payment_id; /* NULL: any */
  RelayMockDelivery *delivery;
  gboolean sent;
} Sending;

static CobroDbResult
find_delivery_command (CobroDb *db, gpointer data, GError **error)
{
  Sending *sending = data;

  sending->delivery = relay_mock_books_find_delivery (db, sending->now, sending->payment_id, error);
  return sending->delivery != NULL ? COBRO_DB_OK : COBRO_DB_REFUSED;
}

static CobroDbResult
finish_delivery_command (CobroDb *db, gpointer data, GError **error)
{
  Sending *sending = data;
  const RelayMockDelivery *delivery = sending->delivery;
  gboolean genuine = strcmp (delivery->variant, "genuine") == 0;
  CobroTime again = genuine && delivery->url != NULL ? relay_mock_hooks_next_try (delivery, sending->now) : 0;
  const char *state = sending->sent ? "sent" : (again != 0 ? "waiting" : "given_up");

  return relay_mock_books_update_delivery (db, delivery->id, state, delivery->tries + 1,
                                           again != 0 ? again : sending->now, error)
           ? COBRO_DB_OK
           : COBRO_DB_REFUSED;
}

/* Sends the first webhook that is due. 1: done, 0: nothing due, -1: @error. */
static int
send_one (RelayMock *self, CobroTime now, const char *payment_id, GError **error)
{
  Sending sending = { .now = now, .payment_id = payment_id };
  g_autoptr (GError) failed = NULL;
  g_autoptr (RelayMockDelivery) delivery = NULL;
  g_autofree char *hook_base = NULL;

  if (!cobro_db_writer_run (self->writer, find_delivery_command, &sending, &failed))
    {
      if (g_error_matches (failed, COBRO_ERROR, COBRO_ERROR_NOT_FOUND))
        return 0;
      g_propagate_error (error, g_steal_pointer (&failed));
      return -1;
    }
  delivery = sending.delivery;
  g_mutex_lock (&self->lock);
  hook_base = g_strdup (self->hook_base);
  g_mutex_unlock (&self->lock);
  sending.sent = delivery->url != NULL && relay_mock_hooks_send (delivery, hook_base, now, self->post, self->post_data);
  return cobro_db_writer_run (self->writer, finish_delivery_command, &sending, error) ? 1 : -1;
}

void
relay_mock_send_payment (RelayMock *self, const char *payment_id)
{
  g_autoptr (GError) error = NULL;

  /* What fails here is still in the books: the thread tries again. */
  while (send_one (self, cobro_clock_now (self->parent.clock), payment_id, &error) > 0)
    ;
}

/* ── What is due ────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  RelayMock *self;
  RelayMockBank bank;
} Settling;

static CobroDbResult
settle_command (CobroDb *db, gpointer data, GError **error)
{
  Settling *settling = data;
  g_autoptr (RelayMockPayment) payment = relay_mock_books_find_due (db, settling->bank.now, error);
  RelayMockOptions options;
  RelayMockBank bank = settling->bank;

  if (payment == NULL || !relay_mock_bank_options (settling->bank.options, db, payment->account, &options, error))
    return COBRO_DB_REFUSED;
  bank.options = &options;
  if (!relay_mock_bank_ripen (&bank, db, payment, error))
    return COBRO_DB_REFUSED;
  return COBRO_DB_OK;
}

static int
settle_one (RelayMock *self, CobroTime now, GError **error)
{
  Settling settling = { self, { &self->options, self->parent.random, now } };
  g_autoptr (GError) failed = NULL;

  if (cobro_db_writer_run (self->writer, settle_command, &settling, &failed))
    return 1;
  if (g_error_matches (failed, COBRO_ERROR, COBRO_ERROR_NOT_FOUND))
    return 0;
  g_propagate_error (error, g_steal_pointer (&failed));
  return -1;
}

static gboolean
is_stopping (RelayMock *self)
{
  gboolean stopping;

  g_mutex_lock (&self->lock);
  stopping = self->stopping;
  g_mutex_unlock (&self->lock);
  return stopping;
}

int
relay_mock_run_once (RelayProvider *provider, CobroTime now, GError **error)
{
  RelayMock *self = (RelayMock *)provider;
  int done = 0, n;

  while ((n = settle_one (self, now, error)) > 0)
    done++;
  if (n < 0)
    return -1;
  while (!is_stopping (self) && (n = send_one (self, now, NULL, error)) > 0)
    done++;
  return n < 0 ? -1 : done;
}

static CobroDbResult
next_due_command (CobroDb *db, gpointer data, GError **error)
{
  return relay_mock_books_next_due (db, data, error) ? COBRO_DB_OK : COBRO_DB_REFUSED;
}

CobroTime
relay_mock_next_due (RelayProvider *provider)
{
  RelayMock *self = (RelayMock *)provider;
  g_autoptr (GError) error = NULL;
  CobroTime due = 0;

  if (!cobro_db_writer_run (self->writer, next_due_command, &due, &error))
    return 0;
  return due;
}

/* ── The thread ─────────────────────────────────────────────────────────────────────────────────────────────────── */

void
relay_mock_wake (RelayMock *self)
{
  g_mutex_lock (&self->lock);
  self->woken = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
}

static gint64
time_to_wait (RelayMock *self, gboolean failed)
{
  CobroTime due = relay_mock_next_due (&self->parent);
  gint64 left = due - cobro_clock_now (self->parent.clock);

  if (failed)
    return FAILED_PAUSE;
  return due == 0 ? IDLE_MAX : CLAMP (left, 0, IDLE_MAX);
}

static gpointer
work (gpointer data)
{
  RelayMock *self = data;

  while (!is_stopping (self))
    {
      g_autoptr (GError) error = NULL;
      int done = relay_mock_run_once (&self->parent, cobro_clock_now (self->parent.clock), &error);
      gint64 until = g_get_monotonic_time () + time_to_wait (self, done < 0);

      g_mutex_lock (&self->lock);
      while (!self->stopping && !self->woken && g_cond_wait_until (&self->changed, &self->lock, until))
        ;
      self->woken = FALSE;
      g_mutex_unlock (&self->lock);
    }
  return NULL;
}

void
relay_mock_set_urls (RelayProvider *provider, const char *public_url, const char *hook_base)
{
  RelayMock *self = (RelayMock *)provider;

  g_mutex_lock (&self->lock);
  g_free (self->public_url);
  self->public_url = g_strdup (public_url);
  g_free (self->hook_base);
  self->hook_base = g_strdup (hook_base);
  g_mutex_unlock (&self->lock);
}

char *
relay_mock_dup_public_url (RelayMock *self, GError **error)
{
  char *url;

  g_mutex_lock (&self->lock);
  url = g_strdup (self->public_url);
  g_mutex_unlock (&self->lock);
  if (url == NULL)
    cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "the mock gateway is still starting");
  return url;
}

void
relay_mock_start (RelayProvider *provider, const char *public_url, const char *hook_base)
{
  RelayMock *self = (RelayMock *)provider;

  g_return_if_fail (self->thread == NULL);
  relay_mock_set_urls (provider, public_url, hook_base);
  self->thread = g_thread_new ("mock-gateway", work, self);
}

/* ── The provider ───────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
mock_verify (RelayProvider *provider, const RelayAccount *account, GHashTable *headers, GBytes *raw, CobroTime now,
             char **out_event_id, GError **error)
{
  return relay_mock_hooks_verify (account, headers, raw, now, out_event_id, error);
}

static gboolean
mock_check_settings (RelayProvider *provider, const RelayAccount *account, GError **error)
{
  RelayMockOptions options = ((RelayMock *)provider)->options;

  return relay_mock_options_of_account (&options, account, error);
}

static GPtrArray *
mock_read (RelayProvider *provider, const RelayAccount *account, GBytes *raw, GError **error)
{
  return relay_mock_hooks_read (raw, error);
}

static void
mock_free (RelayProvider *provider)
{
  RelayMock *self = (RelayMock *)provider;

  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  if (self->thread != NULL)
    g_thread_join (self->thread);
  g_clear_pointer (&self->writer, cobro_db_writer_free);
  g_clear_pointer (&self->pages, relay_mock_pages_free);
  g_clear_pointer (&self->parent.clock, cobro_clock_unref);
  g_clear_pointer (&self->parent.random, cobro_random_unref);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self->public_url);
  g_free (self->hook_base);
  g_free (self);
}

static const RelayProviderClass mock_class = {
  .name = RELAY_MOCK_NAME,
  .title = "Test card",
  .methods = COBRO_METHOD_CARD,
  .test_only = TRUE,
  .settings = relay_mock_settings,
  .n_settings = RELAY_MOCK_N_SETTINGS,
  .begin = relay_mock_api_begin,
  .query = relay_mock_api_query,
  .cancel = relay_mock_api_cancel,
  .refund = relay_mock_api_refund,
  .query_refund = relay_mock_api_query_refund,
  .query_dispute = relay_mock_api_query_dispute,
  .list = relay_mock_api_list,
  .test = relay_mock_api_test,
  .verify = mock_verify,
  .read = mock_read,
  .check_settings = mock_check_settings,
  .serve = relay_mock_visit_serve,
  .free = mock_free,
};

static CobroDb *
open_books (const char *path, CobroTime now, GError **error)
{
  g_autoptr (CobroDb) db = cobro_db_open (path, COBRO_DB_CREATE, RELAY_MOCK_APPLICATION_ID, error);
  g_autoptr (GPtrArray) migrations = NULL;
  g_autofree char *backup = g_strconcat (path, ".before-migration", NULL);

  if (db == NULL || (migrations = relay_mock_books_migrations (db, error)) == NULL ||
      !cobro_db_migrate (db, migrations, backup, now, error))
    return NULL;
  return g_steal_pointer (&db);
}

RelayProvider *
relay_mock_new (const RelayMockConfig *config, GError **error)
{
  g_autoptr (RelayMockPages) pages = relay_mock_pages_new (error);
  CobroDb *db;
  RelayMock *self;

  if (pages == NULL || (db = open_books (config->path, cobro_clock_now (config->clock), error)) == NULL)
    return NULL;
  self = g_new0 (RelayMock, 1);
  self->parent.class = &mock_class;
  self->parent.clock = cobro_clock_ref (config->clock);
  self->parent.random = cobro_random_ref (config->random);
  self->options = config->options;
  self->writer = cobro_db_writer_new (db);
  self->pages = g_steal_pointer (&pages);
  self->post = config->post != NULL ? config->post : post_over_http;
  self->post_data = config->post_data;
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  return &self->parent;
}
