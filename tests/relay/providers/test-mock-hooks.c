/* tests/relay/providers/test-mock-hooks.c — the mock gateway's webhooks: signed, checked, retried, doubled, forged,
 * late. Layer: tests. */
#include <string.h>
#include "cobro-test.h"
#include "cobro-wire-sign.h"
#include "mock-fixture.h"

static const CobroFact *
only_fact (GPtrArray *facts)
{
  g_assert_cmpuint (facts->len, ==, 1);
  return g_ptr_array_index (facts, 0);
}

static void
test_sent (MockFixture *self, gconstpointer data)
{
  g_autofree char *id = mock_pay (self, 1, 1250, CARD_PAYS);
  g_autoptr (GPtrArray) created = NULL, paid = NULL;
  g_autoptr (GError) error = NULL;

  mock_fixture_run (self, 0);
  g_assert_cmpuint (mock_fixture_n_hooks (self), ==, 2);
  g_assert_cmpstr (mock_fixture_hook (self, 0)->url, ==,
                   "http://pay.example/webhooks/mock/0123456789abcdef0123456789abcdef");
  created = mock_fixture_read_hook (self, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpint (only_fact (created)->kind, ==, COBRO_FACT_PENDING);
  paid = mock_fixture_read_hook (self, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (only_fact (paid)->kind, ==, COBRO_FACT_SUCCEEDED);
  g_assert_cmpint (only_fact (paid)->source, ==, COBRO_FACT_FROM_WEBHOOK);
  g_assert_cmpstr (only_fact (paid)->provider_payment_id, ==, id);
  g_assert_true (cobro_money_equal (only_fact (paid)->amount, mock_euros (1250)));
  g_assert_cmpstr (only_fact (paid)->method_detail, ==, "visa •••• 4242");
  g_assert_cmpstr (only_fact (paid)->event_id, !=, only_fact (created)->event_id);
  mock_fixture_run (self, COBRO_HOUR);
  g_assert_cmpuint (mock_fixture_n_hooks (self), ==, 2); /* once */
}

static void
test_retried (MockFixture *self, gconstpointer data)
{
  g_autoptr (RelayBegun) begun = mock_begin (self, 1, 1250);

  mock_fixture_answer (self, 500, 1);
  mock_fixture_answer (self, 0, 1);
  mock_fixture_answer (self, 401, 1);
  mock_fixture_run (self, 0);
  g_assert_cmpuint (mock_fixture_n_hooks (self), ==, 1);
  g_assert_cmpint (relay_mock_next_due (self->provider), ==, cobro_clock_now (self->clock) + COBRO_SECOND);
  mock_fixture_run (self, COBRO_SECOND);
  mock_fixture_reopen (self); /* what is unsent outlives the process */
  mock_fixture_run (self, 5 * COBRO_SECOND);
  g_assert_cmpuint (mock_fixture_n_hooks (self), ==, 3);
  mock_fixture_run (self, 30 * COBRO_SECOND);
  g_assert_cmpuint (mock_fixture_n_hooks (self), ==, 4);
  g_assert_cmpint (relay_mock_next_due (self->provider), ==, 0);
  g_assert_true (g_bytes_equal (mock_fixture_hook (self, 0)->body, mock_fixture_hook (self, 3)->body));
}

static void
test_given_up (MockFixture *self, gconstpointer data)
{
  g_autoptr (RelayBegun) begun = mock_begin (self, 1, 1250);

  mock_fixture_answer (self, 503, 1000);
  for (guint hours = 0; hours < 24 * 4; hours++)
    mock_fixture_run (self, COBRO_HOUR);
  g_assert_cmpint (relay_mock_next_due (self->provider), ==, 0);
  g_assert_cmpuint (mock_fixture_n_hooks (self), >, 10);
  g_assert_cmpuint (mock_fixture_n_hooks (self), <, 30);
}

static void
test_triggers (MockFixture *self, gconstpointer data)
{
  g_autofree char *twice = mock_pay (self, 1, 1269, CARD_PAYS), *never = NULL;
  g_autoptr (RelayBegun) early = NULL;
  g_autoptr (RelayVisitAnswer) answer = NULL;

  mock_fixture_run (self, 0);
  g_assert_cmpuint (mock_fixture_n_hooks (self), ==, 4);
  g_assert_true (g_bytes_equal (mock_fixture_hook (self, 2)->body, mock_fixture_hook (self, 3)->body));
  never = mock_pay (self, 2, 1288, CARD_PAYS);
  mock_fixture_run (self, COBRO_DAY);
  g_assert_cmpuint (mock_fixture_n_hooks (self), ==, 4);
  early = mock_begin (self, 3, 1277); /* has arrived before the answer */
  g_assert_cmpuint (mock_fixture_n_hooks (self), ==, 5);
  answer = mock_type_card (self, early->fact->provider_payment_id, CARD_PAYS);
  g_assert_cmpuint (mock_fixture_n_hooks (self), ==, 6);
}

static void
test_chaos (MockFixture *self, gconstpointer data)
{
  g_autoptr (GHashTable) events = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint believed = 0, refused = 0;

  self->options.hooks_twice = self->options.hooks_forged = self->options.hooks_renamed = 100;
  self->options.hook_delay_max = 60000;
  mock_fixture_reopen (self);
  for (guint i = 0; i < 12; i++)
    g_free (mock_pay (self, i, 1250, CARD_PAYS));
  for (guint i = 0; i < 60; i++)
    {
      guint from = mock_fixture_n_hooks (self);

      mock_fixture_run (self, i == 0 ? 0 : COBRO_SECOND);
      for (; from < mock_fixture_n_hooks (self); from++)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (GPtrArray) facts = mock_fixture_read_hook (self, from, &error);

          if (facts != NULL)
            g_hash_table_add (events, g_strdup (only_fact (facts)->event_id));
          else
            cobro_test_assert_error (&error, COBRO_ERROR_SIGNATURE, NULL);
          believed += facts != NULL;
          refused += facts == NULL;
        }
    }
  /* 12 payments × 2 states: one forgery, the event twice, and once more under another name */
  g_assert_cmpuint (refused, ==, 24);
  g_assert_cmpuint (believed, ==, 72);
  g_assert_cmpuint (g_hash_table_size (events), ==, 48);
}

static void
test_lost (MockFixture *self, gconstpointer data)
{
  self->options.hooks_lost = 100;
  mock_fixture_reopen (self);
  g_free (mock_pay (self, 1, 1250, CARD_PAYS));
  mock_fixture_run (self, COBRO_DAY);
  g_assert_cmpuint (mock_fixture_n_hooks (self), ==, 0);
}

/* ── Checking ───────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  GHashTable *headers;
  GBytes *body;
} Hook;

static Hook
genuine (MockFixture *self)
{
  Hook hook = { g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free), NULL };
  const CaughtHook *caught;
  GHashTableIter iter;
  gpointer name, value;

  g_free (mock_pay (self, 1, 1250, CARD_PAYS));
  mock_fixture_run (self, 0);
  caught = mock_fixture_hook (self, 1);
  g_hash_table_iter_init (&iter, caught->headers);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_hash_table_insert (hook.headers, g_strdup (name), g_strdup (value));
  hook.body = g_bytes_ref (caught->body);
  return hook;
}

static void
hook_clear (Hook *hook)
{
  g_hash_table_unref (hook->headers);
  g_bytes_unref (hook->body);
}

static void
assert_read (MockFixture *self, const Hook *hook, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) facts = mock_fixture_let_in (self, hook->headers, hook->body, &error);

  if (code < 0)
    {
      g_assert_no_error (error);
      g_assert_nonnull (facts);
    }
  else
    {
      g_assert_null (facts);
      g_assert_error (error, COBRO_ERROR, code);
    }
}

static void
assert_with (MockFixture *self, const Hook *hook, const char *name, const char *value, int code)
{
  g_autofree char *before = g_strdup (g_hash_table_lookup (hook->headers, name));

  if (value != NULL)
    g_hash_table_insert (hook->headers, g_strdup (name), g_strdup (value));
  else
    g_hash_table_remove (hook->headers, name);
  assert_read (self, hook, code);
  g_hash_table_insert (hook->headers, g_strdup (name), g_steal_pointer (&before));
}

/* proves: OPL-9 */
static void
test_signature (MockFixture *self, gconstpointer data)
{
  Hook hook = genuine (self);
  g_autofree char *signature = g_strdup (g_hash_table_lookup (hook.headers, "mock-signature"));
  g_autofree char *timestamp = g_strdup (g_hash_table_lookup (hook.headers, "mock-timestamp"));
  g_autofree char *upper = g_ascii_strup (signature, -1), *twice = g_strdup_printf ("%s, %s", signature, signature);
  g_autofree char *longer = g_strconcat (signature, "0", NULL), *shorter = g_strndup (signature, 66);
  g_autofree char *flipped = g_strdup (signature), *two_times = g_strdup_printf ("%s, %s", timestamp, timestamp);
  const char *signatures[] = { NULL, "", "v1=", upper, twice, longer, shorter, flipped, signature + 3 };
  const char *timestamps[] = { NULL, "", "-1", "1e9", two_times, "99999999999999999999", "0", "1795257001" };

  assert_read (self, &hook, -1);
  flipped[10] = flipped[10] == 'a' ? 'b' : 'a';
  for (guint i = 0; i < G_N_ELEMENTS (signatures); i++)
    assert_with (self, &hook, "mock-signature", signatures[i], COBRO_ERROR_SIGNATURE);
  for (guint i = 0; i < G_N_ELEMENTS (timestamps); i++)
    assert_with (self, &hook, "mock-timestamp", timestamps[i], COBRO_ERROR_SIGNATURE);
  assert_read (self, &hook, -1);
  cobro_clock_advance (self->clock, 300 * COBRO_SECOND);
  assert_read (self, &hook, -1);
  cobro_clock_advance (self->clock, COBRO_SECOND);
  assert_read (self, &hook, COBRO_ERROR_SIGNATURE);
  hook_clear (&hook);
}

/* Every single byte counts. */
static void
test_body_changed (MockFixture *self, gconstpointer data)
{
  Hook hook = genuine (self);
  gsize size;
  const char *text = g_bytes_get_data (hook.body, &size);

  for (gsize i = 0; i < size; i++)
    {
      g_autofree char *copy = g_memdup2 (text, size);
      Hook changed = { hook.headers, NULL };
      g_autoptr (GBytes) body = NULL;

      copy[i] ^= 1;
      body = g_bytes_new (copy, size);
      changed.body = body;
      assert_read (self, &changed, COBRO_ERROR_SIGNATURE);
    }
  hook_clear (&hook);
}

static void
test_secrets (MockFixture *self, gconstpointer data)
{
  Hook hook = genuine (self);

  /* during a rotation both are good */
  g_ptr_array_insert (self->account->webhook_secrets, 0, g_strdup ("whsec_the-newer-secret-of-it"));
  assert_read (self, &hook, -1);
  g_ptr_array_remove_index (self->account->webhook_secrets, 1);
  assert_read (self, &hook, COBRO_ERROR_SIGNATURE);
  g_ptr_array_set_size (self->account->webhook_secrets, 0);
  assert_read (self, &hook, COBRO_ERROR_CONFIG);
  g_ptr_array_add (self->account->webhook_secrets, g_strdup ("short"));
  assert_read (self, &hook, COBRO_ERROR_CONFIG);
  hook_clear (&hook);
}

/* Authentic, and yet nothing to be believed. */
static void
test_authentic_nonsense (MockFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *body;
    int code;
  } cases[] = {
    { "", COBRO_ERROR_INVALID },
    { "[]", COBRO_ERROR_INVALID },
    { "{\"id\":\"me_1\"}", COBRO_ERROR_INVALID },
    { "{\"id\":\"me_1\",\"type\":\"account.updated\",\"account\":\"0123456789abcdef0123456789abcdef\",\"livemode\":"
      "false}",
      -1 },
    { "{\"id\":\"me_1\",\"type\":\"t\",\"account\":\"other\",\"livemode\":false,\"payment\":{\"id\":\"mp_1\","
      "\"reference\":\"r\","
      "\"status\":\"succeeded\",\"currency\":\"EUR\",\"amount\":1,\"captured\":1}}",
      COBRO_ERROR_FORBIDDEN },
    { "{\"id\":\"me_1\",\"type\":\"t\",\"account\":\"0123456789abcdef0123456789abcdef\",\"livemode\":true,\"payment\":{"
      "\"id\":\"mp_1\","
      "\"reference\":\"r\",\"status\":\"succeeded\",\"currency\":\"EUR\",\"amount\":1,\"captured\":1}}",
      COBRO_ERROR_FORBIDDEN },
    { "{\"id\":\"me_1\",\"type\":\"t\",\"account\":\"0123456789abcdef0123456789abcdef\",\"livemode\":false,\"payment\":"
      "{\"id\":\"mp_1\","
      "\"reference\":\"r\",\"status\":\"succeeded\",\"currency\":\"EUR\",\"amount\":1}}",
      COBRO_ERROR_FORBIDDEN },
    { "{\"id\":\"me_1\",\"type\":\"t\",\"account\":\"0123456789abcdef0123456789abcdef\",\"livemode\":false,\"payment\":"
      "{\"id\":\"mp_1\","
      "\"reference\":\"r\",\"status\":\"golden\",\"currency\":\"EUR\",\"amount\":1}}",
      COBRO_ERROR_INVALID },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *timestamp = g_strdup_printf ("%" G_GINT64_FORMAT, cobro_clock_now (self->clock) / COBRO_SECOND);
      g_autofree char *text = g_strdup_printf ("%s.%s", timestamp, cases[i].body);
      g_autofree char *mac = cobro_wire_hmac_sha256_hex (MOCK_SECRET, strlen (MOCK_SECRET), text, strlen (text));
      g_autofree char *signature = g_strconcat ("v1=", mac, NULL);
      g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
      g_autoptr (GBytes) body = g_bytes_new_static (cases[i].body, strlen (cases[i].body));
      Hook hook = { headers, body };

      g_hash_table_insert (headers, (gpointer) "mock-timestamp", timestamp);
      g_hash_table_insert (headers, (gpointer) "mock-signature", signature);
      g_test_message ("%s", cases[i].body);
      assert_read (self, &hook, cases[i].code);
    }
}

static void
test_refund_hook (MockFixture *self, gconstpointer data)
{
  g_autofree char *id = mock_pay (self, 1, 1250, CARD_PAYS);
  g_autoptr (GError) error = NULL;
  RelayTarget target = mock_target (id, "");
  g_autoptr (CobroFact) refund = relay_provider_refund (self->provider, self->account, &target, mock_euros (250), "key",
                                                        mock_deadline (self, COBRO_SECOND), &error);
  g_autoptr (GPtrArray) facts = NULL;

  g_assert_no_error (error);
  mock_fixture_run (self, 0);
  facts = mock_fixture_read_hook (self, 2, &error);
  g_assert_no_error (error);
  g_assert_cmpint (only_fact (facts)->kind, ==, COBRO_FACT_REFUNDED);
  g_assert_cmpstr (only_fact (facts)->refund_id, ==, refund->refund_id);
  g_assert_true (cobro_money_equal (only_fact (facts)->amount, mock_euros (250)));
}

/* Its own thread sends without being asked. */
static void
test_thread (MockFixture *self, gconstpointer data)
{
  gint64 patience = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;

  relay_mock_start (self->provider, "http://pay.example", "http://127.0.0.1:9");
  g_free (mock_pay (self, 1, 1250, CARD_PAYS));
  while (mock_fixture_n_hooks (self) < 2 && g_get_monotonic_time () < patience)
    g_usleep (1000);
  g_assert_cmpuint (mock_fixture_n_hooks (self), ==, 2);
  g_assert_cmpstr (mock_fixture_hook (self, 0)->url, ==,
                   "http://127.0.0.1:9/webhooks/mock/0123456789abcdef0123456789abcdef");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, MockFixture, NULL, mock_fixture_set_up, func, mock_fixture_tear_down)
  ADD ("/mock-hooks/sent", test_sent);
  ADD ("/mock-hooks/retried", test_retried);
  ADD ("/mock-hooks/given-up", test_given_up);
  ADD ("/mock-hooks/triggers", test_triggers);
  ADD ("/mock-hooks/chaos", test_chaos);
  ADD ("/mock-hooks/lost", test_lost);
  ADD ("/mock-hooks/refund", test_refund_hook);
  ADD ("/mock-hooks/thread", test_thread);
  ADD ("/mock-hooks/signature", test_signature);
  ADD ("/mock-hooks/body-changed", test_body_changed);
  ADD ("/mock-hooks/secrets", test_secrets);
  ADD ("/mock-hooks/authentic-nonsense", test_authentic_nonsense);
#undef ADD
  return g_test_run ();
}
