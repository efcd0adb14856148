/* tests/relay/providers/stripe-fixture.c — starting, asking and ending the stand-in. Layer: tests. */
#include "stripe-fixture.h"

#include <string.h>
#include "cobro-error.h"

/* ── The stand-in ───────────────────────────────────────────────────────────────────────────────────────────────── */

static char *
read_line (GSubprocess *process)
{
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  g_autoptr (GError) error = NULL;
  char *line = g_data_input_stream_read_line (lines, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (line);
  return line;
}

static void
start (StripeFixture *self)
{
  g_autofree char *script = g_test_build_filename (G_TEST_DIST, "support", "stripe_stand_in.py", NULL);
  g_autofree char *line = NULL;
  g_autoptr (GError) error = NULL;

  self->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "/usr/bin/python3", "-B", script, NULL);
  g_assert_no_error (error);
  line = read_line (self->process);
  g_assert_true (g_str_has_prefix (line, "ready: "));
  self->url = g_strdup (line + strlen ("ready: "));
}

CobroWireObject *
stripe_control (StripeFixture *self, const char *name, const char *members)
{
  g_autofree char *url = g_strconcat (self->url, "/_control", NULL);
  g_autofree char *text = g_strdup_printf ("{\"do\": \"%s\"%s%s}", name, *members != '\0' ? ", " : "", members);
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  CobroNetRequest request = { .method = "POST",
                              .url = url,
                              .content_type = "application/json",
                              .body = body,
                              .deadline_ms = 60000,
                              .max_bytes = 1 << 20 };
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroNetAnswer) answer = cobro_net_client_send (self->client, &request, NULL, &error);
  gsize size;
  const char *said;

  g_assert_no_error (error);
  said = g_bytes_get_data (answer->body, &size);
  if (answer->status != 200)
    g_error ("%s: %.*s", name, (int)size, said);
  return cobro_wire_parse (said, (gssize)size, NULL);
}

void
stripe_do (StripeFixture *self, const StripePayment *payment, const char *name, const char *members)
{
  g_autofree char *all =
    g_strdup_printf ("\"reference\": \"%s\"%s%s", payment->reference, *members != '\0' ? ", " : "", members);
  g_autoptr (CobroWireObject) said = stripe_control (self, name, all);

  g_assert_nonnull (said);
}

/* ── The fixture ────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
open_account (StripeFixture *self, gboolean platform)
{
  g_autoptr (CobroWireObject) said = stripe_control (self, platform ? "add_platform" : "add_account", "");
  g_autoptr (CobroWireObject) made = relay_adapter_object (said, "result");
  g_autoptr (GHashTable) settings = NULL;
  GHashTableIter iter;
  gpointer name, value;

  self->account_id = relay_adapter_text (made, "id");
  self->account = relay_account_new ();
  g_free (self->account->id);
  self->account->id = g_strdup ("0123456789abcdef0123456789abcdef");
  g_free (self->account->provider);
  self->account->provider = g_strdup ("stripe");
  g_assert_true (cobro_wire_get_map (made, "settings", &settings, NULL));
  g_hash_table_iter_init (&iter, settings);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_hash_table_insert (self->account->settings, g_strdup (name), g_strdup (value));
  g_ptr_array_add (self->account->webhook_secrets, relay_adapter_text (made, "webhookSecret"));
}

StripeFixture *
stripe_fixture_new (gboolean platform)
{
  StripeFixture *self = g_new0 (StripeFixture, 1);
  RelayAdapterConfig config;

  self->client = cobro_net_client_new ("test");
  self->clock = cobro_clock_new_system ();
  self->random = cobro_random_new_system ();
  start (self);
  config = (RelayAdapterConfig){ .clock = self->clock, .random = self->random, .stand_in = self->url };
  self->provider = relay_adapter_new (relay_stripe_adapter (), &config);
  open_account (self, platform);
  return self;
}

void
stripe_fixture_free (StripeFixture *self)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_send_signal (self->process, SIGTERM);
  g_assert_true (g_subprocess_wait (self->process, NULL, &error));
  g_assert_true (g_subprocess_get_successful (self->process));
  relay_provider_free (self->provider);
  relay_account_free (self->account);
  cobro_net_client_free (self->client);
  cobro_clock_unref (self->clock);
  cobro_random_unref (self->random);
  g_object_unref (self->process);
  g_free (self->url);
  g_free (self->account_id);
  g_free (self);
}

gint64
stripe_deadline (StripeFixture *self)
{
  return cobro_clock_monotonic (self->clock) + 60 * COBRO_SECOND;
}

/* ── Payments ───────────────────────────────────────────────────────────────────────────────────────────────────── */

StripePayment *
stripe_payment_new (StripeFixture *self, gint64 minor, const char *currency)
{
  StripePayment *payment = g_new0 (StripePayment, 1);
  CobroCurrency of;

  g_assert_true (cobro_currency_from_code (currency, &of, NULL));
  payment->id = cobro_id_new (COBRO_ID_PAYMENT, self->clock, self->random);
  payment->reference = g_strdup_printf ("%s.%026u", payment->id.text, ++self->n);
  payment->key = g_strdup_printf ("key-of-%s", payment->id.text);
  payment->object_id = g_strdup ("");
  payment->charge_id = g_strdup ("");
  payment->amount = cobro_money (minor, of);
  payment->created_at = cobro_clock_now (self->clock);
  return payment;
}

void
stripe_payment_free (StripePayment *payment)
{
  g_free (payment->reference);
  g_free (payment->key);
  g_free (payment->object_id);
  g_free (payment->charge_id);
  g_free (payment);
}

static void
remember (StripePayment *payment, const CobroFact *fact)
{
  g_assert_cmpstr (fact->reference, ==, payment->reference);
  cobro_link_set_text (&payment->object_id, fact->provider_payment_id);
  cobro_link_set_text (&payment->charge_id, fact->charge_id);
}

RelayBegun *
stripe_begin (StripeFixture *self, StripePayment *payment, GError **error)
{
  RelayIntent intent = { .payment_id = payment->id,
                         .reference = payment->reference,
                         .amount = payment->amount,
                         .description = "Anna’s Bakery: Brot & Brötchen",
                         .idempotency_key = payment->key,
                         .return_url = "http://127.0.0.1:1/pay/token/back/payer",
                         .webhook_url = "http://127.0.0.1:1/webhooks/stripe/account",
                         .method = COBRO_METHOD_CARD,
                         .payer_name = "",
                         .payer_email = "payer@example.com",
                         .payer_phone = "",
                         .locale = "es",
                         .livemode = self->account->livemode,
                         .expires_at = payment->created_at + 30 * COBRO_DAY,
                         .embedded = payment->embedded };
  RelayBegun *begun = relay_provider_begin (self->provider, self->account, &intent, stripe_deadline (self), error);

  if (begun != NULL)
    remember (payment, begun->fact);
  return begun;
}

StripePayment *
stripe_begun (StripeFixture *self, gint64 minor, const char *currency)
{
  StripePayment *payment = stripe_payment_new (self, minor, currency);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayBegun) begun = stripe_begin (self, payment, &error);

  g_assert_no_error (error);
  return payment;
}

RelayTarget
stripe_target (const StripePayment *payment)
{
  return (RelayTarget){ .payment_id = payment->id,
                        .object_id = payment->object_id,
                        .charge_id = payment->charge_id,
                        .reference = payment->reference,
                        .amount = payment->amount,
                        .method = COBRO_METHOD_CARD,
                        .created_at = payment->created_at };
}

CobroFact *
stripe_query (StripeFixture *self, StripePayment *payment)
{
  RelayTarget target = stripe_target (payment);
  g_autoptr (GError) error = NULL;
  CobroFact *fact = relay_provider_query (self->provider, self->account, &target, stripe_deadline (self), &error);

  g_assert_no_error (error);
  remember (payment, fact);
  return fact;
}

CobroFact *
stripe_refund (StripeFixture *self, const StripePayment *payment, gint64 minor, const char *key, GError **error)
{
  RelayTarget target = stripe_target (payment);
  CobroMoney amount = cobro_money (minor, cobro_money_currency (payment->amount));

  return relay_provider_refund (self->provider, self->account, &target, amount, key, stripe_deadline (self), error);
}
