/* tests/relay/providers/mock-fixture.c — a mock gateway for tests.
 * Layer: tests. */
#include "mock-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#define START G_GINT64_CONSTANT (1795257000000000) /* 2026-11-21T10:30:00Z */

static void
caught_hook_free (gpointer data)
{
  CaughtHook *hook = data;

  g_free (hook->url);
  g_hash_table_unref (hook->headers);
  g_bytes_unref (hook->body);
  g_free (hook);
}

static guint
catch_hook (gpointer data, const char *url, const char *const *headers, GBytes *body)
{
  MockFixture *self = data;
  CaughtHook *hook = g_new0 (CaughtHook, 1);
  guint status = 200;

  hook->url = g_strdup (url);
  hook->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; headers[i] != NULL; i += 2)
    g_hash_table_insert (hook->headers, g_ascii_strdown (headers[i], -1), g_strdup (headers[i + 1]));
  hook->body = g_bytes_ref (body);
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->hooks, hook);
  if (self->answers->len > 0)
    {
      status = g_array_index (self->answers, guint, 0);
      g_array_remove_index (self->answers, 0);
    }
  g_mutex_unlock (&self->lock);
  return status;
}

static void
wait_by_clock (RelayProvider *provider, gint64 us)
{
  cobro_clock_advance (provider->clock, us);
}

static void
open_mock (MockFixture *self)
{
  g_autoptr (GError) error = NULL;
  RelayMockConfig config = {
    .path = self->path,
    .clock = self->clock,
    .random = self->random,
    .options = self->options,
    .post = catch_hook,
    .post_data = self,
  };

  self->provider = relay_mock_new (&config, &error);
  g_assert_no_error (error);
  self->provider->wait = wait_by_clock;
  relay_mock_set_urls (self->provider, "http://pay.example", NULL);
}

void
mock_fixture_set_up (MockFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("cobro-mock-XXXXXX", &error);
  g_assert_no_error (error);
  self->path = g_build_filename (self->folder, "mock.sqlite", NULL);
  self->clock = cobro_clock_new_fake (START);
  self->random = cobro_random_new_seeded (7);
  self->options = relay_mock_options_default ();
  self->options.seed = 42;
  self->hooks = g_ptr_array_new_with_free_func (caught_hook_free);
  self->answers = g_array_new (FALSE, FALSE, sizeof (guint));
  self->account = relay_account_new ();
  g_free (self->account->id);
  self->account->id = g_strdup ("0123456789abcdef0123456789abcdef");
  g_free (self->account->provider);
  self->account->provider = g_strdup ("mock");
  g_ptr_array_add (self->account->webhook_secrets, g_strdup (MOCK_SECRET));
  g_mutex_init (&self->lock);
  open_mock (self);
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (folder);
}

void
mock_fixture_tear_down (MockFixture *self, gconstpointer data)
{
  g_clear_pointer (&self->provider, relay_provider_free);
  g_clear_pointer (&self->account, relay_account_free);
  g_clear_pointer (&self->hooks, g_ptr_array_unref);
  g_clear_pointer (&self->answers, g_array_unref);
  g_clear_pointer (&self->clock, cobro_clock_unref);
  g_clear_pointer (&self->random, cobro_random_unref);
  g_mutex_clear (&self->lock);
  remove_folder (self->folder);
  g_free (self->folder);
  g_free (self->path);
}

void
mock_fixture_reopen (MockFixture *self)
{
  g_clear_pointer (&self->provider, relay_provider_free);
  open_mock (self);
}

void
mock_fixture_answer (MockFixture *self, guint status, guint n)
{
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < n; i++)
    g_array_append_val (self->answers, status);
  g_mutex_unlock (&self->lock);
}

void
mock_fixture_run (MockFixture *self, gint64 by)
{
  g_autoptr (GError) error = NULL;

  if (by > 0)
    cobro_clock_advance (self->clock, by);
  relay_mock_run_once (self->provider, cobro_clock_now (self->clock), &error);
  g_assert_no_error (error);
}

guint
mock_fixture_n_hooks (MockFixture *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->hooks->len;
  g_mutex_unlock (&self->lock);
  return n;
}

const CaughtHook *
mock_fixture_hook (MockFixture *self, guint i)
{
  g_assert_cmpuint (i, <, mock_fixture_n_hooks (self));
  return g_ptr_array_index (self->hooks, i);
}

GPtrArray *
mock_fixture_let_in (MockFixture *self, GHashTable *headers, GBytes *body, GError **error)
{
  g_autofree char *event_id = NULL;

  if (!relay_provider_verify (self->provider, self->account, headers, body, cobro_clock_now (self->clock), &event_id,
                              error))
    return NULL;
  return relay_provider_read (self->provider, self->account, body, error);
}

GPtrArray *
mock_fixture_read_hook (MockFixture *self, guint i, GError **error)
{
  const CaughtHook *hook = mock_fixture_hook (self, i);

  return mock_fixture_let_in (self, hook->headers, hook->body, error);
}

CobroMoney
mock_euros (gint64 minor)
{
  CobroCurrency euro;
  gboolean known = cobro_currency_from_code ("EUR", &euro, NULL);

  g_assert_true (known);
  return cobro_money (minor, euro);
}

gint64
mock_deadline (MockFixture *self, gint64 from_now)
{
  return cobro_clock_monotonic (self->clock) + from_now;
}

RelayIntent
mock_intent (MockFixture *self, guint number, gint64 minor)
{
  RelayIntent intent = {
    .amount = mock_euros (minor),
    .description = "Ana’s Café: Coffee",
    .return_url = "http://pay.example/pay/abc?back=1&payer=1f",
    .webhook_url = "http://pay.example/webhooks/mock/0123456789abcdef0123456789abcdef",
    .method = COBRO_METHOD_CARD,
    .payer_email = "",
    .locale = "auto",
  };

  g_snprintf (intent.payment_id.text, sizeof intent.payment_id.text, "pay_%026u", number);
  intent.reference = g_intern_string (intent.payment_id.text);
  intent.idempotency_key = g_intern_string (intent.payment_id.text);
  return intent;
}

RelayBegun *
mock_begin (MockFixture *self, guint number, gint64 minor)
{
  g_autoptr (GError) error = NULL;
  RelayIntent intent = mock_intent (self, number, minor);
  RelayBegun *begun =
    relay_provider_begin (self->provider, self->account, &intent, mock_deadline (self, 10 * COBRO_SECOND), &error);

  g_assert_no_error (error);
  return begun;
}

RelayVisitAnswer *
mock_visit (MockFixture *self, gboolean post, const char *path, ...)
{
  g_autoptr (GHashTable) form = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  RelayVisit visit = { .post = post, .path = path, .form = form, .accept_language = "en" };
  RelayVisitAnswer *answer;
  const char *name;
  va_list pairs;

  va_start (pairs, path);
  while ((name = va_arg (pairs, const char *)) != NULL)
    g_hash_table_insert (form, (gpointer)name, va_arg (pairs, char *));
  va_end (pairs);
  answer = relay_provider_serve (self->provider, &visit, &error);
  g_assert_no_error (error);
  return answer;
}

RelayVisitAnswer *
mock_type_card (MockFixture *self, const char *payment_id, const char *number)
{
  g_autofree char *path = g_strconcat ("pay/", payment_id, NULL);

  return mock_visit (self, TRUE, path, "number", number, "expiry", "12 / 34", "cvc", "123", NULL);
}

RelayTarget
mock_target (const char *object_id, const char *reference)
{
  return (RelayTarget){ .object_id = object_id, .charge_id = "", .reference = reference, .method = COBRO_METHOD_CARD };
}

CobroFact *
mock_query (MockFixture *self, const char *payment_id, guint number)
{
  g_autoptr (GError) error = NULL;
  RelayIntent intent = mock_intent (self, number, 1);
  RelayTarget target = mock_target (payment_id, intent.reference);
  CobroFact *fact =
    relay_provider_query (self->provider, self->account, &target, mock_deadline (self, 10 * COBRO_SECOND), &error);

  g_assert_no_error (error);
  return fact;
}

char *
mock_pay (MockFixture *self, guint number, gint64 minor, const char *card)
{
  g_autoptr (RelayBegun) begun = mock_begin (self, number, minor);
  g_autoptr (RelayVisitAnswer) answer = mock_type_card (self, begun->fact->provider_payment_id, card);

  g_assert_cmpuint (answer->status, ==, 303);
  return g_strdup (begun->fact->provider_payment_id);
}
