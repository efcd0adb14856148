/* tests/core/test-nouns.c — payments as values, refunds, customers, merchants, facts, events and their chain.
 * Layer: tests. */
#include "cobro-customer.h"
#include "cobro-event.h"
#include "cobro-fact.h"
#include "cobro-merchant.h"
#include "cobro-refund.h"
#include "cobro-test.h"

#include <string.h>

#define ULID "01jdvh00000000000000000000"

static CobroMoney
eur (gint64 minor)
{
  CobroCurrency found = COBRO_CURRENCY_NONE;

  g_assert_true (cobro_currency_from_code ("EUR", &found, NULL));
  return cobro_money (minor, found);
}

static CobroId
id_of (CobroIdKind kind)
{
  g_autofree char *text = g_strconcat (cobro_id_prefix (kind), ULID, NULL);
  CobroId id;

  g_assert_true (cobro_id_parse (kind, text, &id, NULL));
  return id;
}

static void
set (char **field, const char *value)
{
  g_free (*field);
  *field = g_strdup (value);
}

/* One text of a noun that must be refused at @path. */
typedef struct
{
  gsize offset;
  const char *value;
  const char *path;
} Wrong;

typedef gboolean (*Validate) (gconstpointer noun, GError **error);

/* Puts each wrong text in, sees it refused at its path, and takes it out again. */
static void
assert_refused (gpointer noun, Validate validate, const Wrong *wrong, gsize n)
{
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < n; i++)
    {
      char **field = G_STRUCT_MEMBER_P (noun, wrong[i].offset);
      g_autofree char *kept = g_strdup (*field);

      g_assert_true (validate (noun, &error));
      set (field, wrong[i].value);
      g_assert_false (validate (noun, &error));
      if (error->code == COBRO_ERROR_CURRENCY)
        cobro_test_assert_error (&error, COBRO_ERROR_CURRENCY, wrong[i].path);
      else
        cobro_test_assert_error (&error, COBRO_ERROR_INVALID, wrong[i].path);
      set (field, kept);
    }
  g_assert_true (validate (noun, &error));
}

static CobroPayment *
payment_of (gint64 minor)
{
  CobroPayment *payment = cobro_payment_new ();

  payment->id = id_of (COBRO_ID_PAYMENT);
  payment->link_id = id_of (COBRO_ID_LINK);
  payment->amount = eur (minor);
  set (&payment->gateway, "mock");
  return payment;
}

static void
test_payment (void)
{
  g_autofree char *longest = g_strnfill (255, 'k'), *too_long = g_strnfill (256, 'k');
  const Wrong wrong[] = {
    { G_STRUCT_OFFSET (CobroPayment, gateway), "a\nb", "gateway" },
    { G_STRUCT_OFFSET (CobroPayment, provider_payment_id), too_long, "providerPaymentId" },
    { G_STRUCT_OFFSET (CobroPayment, idempotency_key), too_long, "idempotencyKey" },
    { G_STRUCT_OFFSET (CobroPayment, idempotency_key), "a b", "idempotencyKey" },
    { G_STRUCT_OFFSET (CobroPayment, idempotency_key), "ñ", "idempotencyKey" },
    { G_STRUCT_OFFSET (CobroPayment, payer_name), "a\u202eb", "payer.name" },
    { G_STRUCT_OFFSET (CobroPayment, payer_email), "a@b", "payer.email" },
    { G_STRUCT_OFFSET (CobroPayment, payer_phone), "\x01", "payer.phone" },
    { G_STRUCT_OFFSET (CobroPayment, method), "\xff", "method" },
    { G_STRUCT_OFFSET (CobroPayment, method_detail), "a\rb", "methodDetail" },
    { G_STRUCT_OFFSET (CobroPayment, failure_code), too_long, "failure.code" },
    { G_STRUCT_OFFSET (CobroPayment, failure_message), "a\x1b[31m", "failure.message" },
  };
  g_autoptr (CobroPayment) payment = payment_of (1200);
  g_autoptr (CobroPayment) copy = NULL;

  assert_refused (payment, (Validate)cobro_payment_validate, wrong, G_N_ELEMENTS (wrong));
  set (&payment->idempotency_key, longest);
  g_hash_table_insert (payment->metadata, g_strdup ("order"), g_strdup ("17"));
  g_assert_true (cobro_payment_validate (payment, NULL));

  copy = cobro_payment_copy (payment);
  set (&payment->idempotency_key, "other");
  g_hash_table_remove_all (payment->metadata);
  g_assert_cmpstr (copy->idempotency_key, ==, longest);
  g_assert_cmpstr (g_hash_table_lookup (copy->metadata, "order"), ==, "17");
  g_assert_true (cobro_payment_validate (copy, NULL));
}

static void
test_payment_amounts (void)
{
  static const gint64 wrong[] = { 0, -1, G_MININT64, COBRO_MONEY_LIMIT + 1, G_MAXINT64 };
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (CobroPayment) payment = payment_of (wrong[i]);
      CobroError code = wrong[i] > 0 ? COBRO_ERROR_OVERFLOW : COBRO_ERROR_INVALID;

      g_assert_false (cobro_payment_validate (payment, &error));
      cobro_test_assert_error (&error, code, "amount");
    }
  for (guint field = 0; field < 3; field++)
    {
      static const char *const paths[] = { "received.amount", "amountRefunded", "amountLost" };
      g_autoptr (CobroPayment) payment = payment_of (1);
      CobroMoney *sums[] = { &payment->received, &payment->refunded, &payment->lost };

      *sums[field] = eur (-1);
      g_assert_false (cobro_payment_validate (payment, &error));
      cobro_test_assert_error (&error, COBRO_ERROR_INVALID, paths[field]);
      *sums[field] = eur (COBRO_MONEY_LIMIT + 1);
      g_assert_false (cobro_payment_validate (payment, &error));
      cobro_test_assert_error (&error, COBRO_ERROR_OVERFLOW, paths[field]);
      *sums[field] = eur (0);
      g_assert_true (cobro_payment_validate (payment, &error));
    }
}

static void
test_refund (void)
{
  g_autofree char *too_long = g_strnfill (501, 'x');
  const Wrong wrong[] = {
    { G_STRUCT_OFFSET (CobroRefund, reason), too_long, "reason" },
    { G_STRUCT_OFFSET (CobroRefund, provider_refund_id), "a\nb", "providerRefundId" },
    { G_STRUCT_OFFSET (CobroRefund, failure_message), "\x02", "failureMessage" },
  };
  g_autoptr (CobroRefund) refund = cobro_refund_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (cobro_refund_validate (refund, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "id");
  refund->id = id_of (COBRO_ID_REFUND);
  g_assert_false (cobro_refund_validate (refund, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "paymentId");
  refund->payment_id = id_of (COBRO_ID_PAYMENT);
  g_assert_false (cobro_refund_validate (refund, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "amount");
  refund->amount = eur (0);
  g_assert_false (cobro_refund_validate (refund, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "amount");
  refund->amount = eur (COBRO_MONEY_LIMIT + 1);
  g_assert_false (cobro_refund_validate (refund, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_OVERFLOW, "amount");
  refund->amount = eur (1);
  assert_refused (refund, (Validate)cobro_refund_validate, wrong, G_N_ELEMENTS (wrong));
}

static void
test_customer (void)
{
  g_autofree char *too_long = g_strnfill (201, 'x'), *notes = g_strnfill (2001, 'x');
  const Wrong wrong[] = {
    { G_STRUCT_OFFSET (CobroCustomer, party.name), too_long, "name" },
    { G_STRUCT_OFFSET (CobroCustomer, party.email), "nobody", "email" },
    { G_STRUCT_OFFSET (CobroCustomer, party.phone), "1\n2", "phone" },
    { G_STRUCT_OFFSET (CobroCustomer, party.tax_id), too_long, "taxId" },
    { G_STRUCT_OFFSET (CobroCustomer, party.address.street), too_long, "address.street" },
    { G_STRUCT_OFFSET (CobroCustomer, party.address.city), "a\nb", "address.city" },
    { G_STRUCT_OFFSET (CobroCustomer, party.address.postal_code), too_long, "address.postalCode" },
    { G_STRUCT_OFFSET (CobroCustomer, party.address.region), too_long, "address.region" },
    { G_STRUCT_OFFSET (CobroCustomer, party.address.country), "mx", "address.country" },
    { G_STRUCT_OFFSET (CobroCustomer, party.address.country), "MEX", "address.country" },
    { G_STRUCT_OFFSET (CobroCustomer, party.contact), too_long, "contact" },
    { G_STRUCT_OFFSET (CobroCustomer, party.registration), too_long, "registration" },
    { G_STRUCT_OFFSET (CobroCustomer, party.tax_id), "12345", "taxId" },
    { G_STRUCT_OFFSET (CobroCustomer, delivery.city), too_long, "delivery.city" },
    { G_STRUCT_OFFSET (CobroCustomer, delivery.country), "Mexico", "delivery.country" },
    { G_STRUCT_OFFSET (CobroCustomer, locale), "", "locale" },
    { G_STRUCT_OFFSET (CobroCustomer, notes), notes, "notes" },
  };
  g_autoptr (CobroCustomer) customer = cobro_customer_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (cobro_customer_validate (customer, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "id");
  customer->id = id_of (COBRO_ID_CUSTOMER);
  set (&customer->party.address.country, "MX");
  set (&customer->party.email, "ana@example.org");
  assert_refused (customer, (Validate)cobro_customer_validate, wrong, G_N_ELEMENTS (wrong));
}

static void
test_merchant (void)
{
  g_autofree char *too_long = g_strnfill (121, 'x'), *support = g_strnfill (201, 'x'), *mail = g_strnfill (1001, 'x');
  const Wrong wrong[] = {
    { G_STRUCT_OFFSET (CobroMerchant, name), "", "name" },
    { G_STRUCT_OFFSET (CobroMerchant, name), "  ", "name" },
    { G_STRUCT_OFFSET (CobroMerchant, name), too_long, "name" },
    { G_STRUCT_OFFSET (CobroMerchant, email), "x@", "email" },
    { G_STRUCT_OFFSET (CobroMerchant, website), "http://example.org", "website" },
    { G_STRUCT_OFFSET (CobroMerchant, support), support, "support" },
    { G_STRUCT_OFFSET (CobroMerchant, accent), "red", "accent" },
    { G_STRUCT_OFFSET (CobroMerchant, accent), "#12345g", "accent" },
    { G_STRUCT_OFFSET (CobroMerchant, accent), "#123;}", "accent" },
    { G_STRUCT_OFFSET (CobroMerchant, locale), "en_US", "locale" },
    { G_STRUCT_OFFSET (CobroMerchant, currency), "eur", "currency" },
    { G_STRUCT_OFFSET (CobroMerchant, seller.address.country), "es", "seller.address.country" },
    { G_STRUCT_OFFSET (CobroMerchant, seller.name), "a\nb", "seller.name" },
    { G_STRUCT_OFFSET (CobroMerchant, iban), "DE89370400440532013001", "bank.iban" },
    { G_STRUCT_OFFSET (CobroMerchant, bic), "COBADE", "bank.bic" },
    { G_STRUCT_OFFSET (CobroMerchant, bank_note), mail, "bank.note" },
    { G_STRUCT_OFFSET (CobroMerchant, invoice_pattern), "INV", "numbering.invoice" },
    { G_STRUCT_OFFSET (CobroMerchant, credit_note_pattern), "{seq}{seq}", "numbering.creditNote" },
    { G_STRUCT_OFFSET (CobroMerchant, mail_greeting), mail, "mailGreeting" },
    { G_STRUCT_OFFSET (CobroMerchant, logo), "logo.png", "logo" },
    { G_STRUCT_OFFSET (CobroMerchant, time_zone), "", "timeZone" },
    { G_STRUCT_OFFSET (CobroMerchant, time_zone), "../../etc/passwd", "timeZone" },
    { G_STRUCT_OFFSET (CobroMerchant, time_zone), "/etc/localtime", "timeZone" },
    { G_STRUCT_OFFSET (CobroMerchant, time_zone), "Europe/Madrid\n", "timeZone" },
  };
  g_autoptr (CobroMerchant) merchant = cobro_merchant_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (cobro_merchant_validate (merchant, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "name");
  g_strlcpy (merchant->id.text, "link_x", sizeof merchant->id.text);
  g_assert_false (cobro_merchant_validate (merchant, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "id");
  merchant->id = id_of (COBRO_ID_MERCHANT);
  set (&merchant->name, "Café Ñandú");
  set (&merchant->accent, "#1a5FB4");
  set (&merchant->currency, "MXN");
  set (&merchant->time_zone, "America/Argentina/Buenos_Aires");
  assert_refused (merchant, (Validate)cobro_merchant_validate, wrong, G_N_ELEMENTS (wrong));
}

static void
test_fact (void)
{
  g_autoptr (CobroFact) fact = cobro_fact_new ();
  g_autoptr (CobroFact) shared = cobro_fact_ref (fact);

  g_assert_cmpstr (shared->event_id, ==, "");
  g_assert_cmpstr (shared->refund_id, ==, "");
  g_assert_false (cobro_money_is_set (shared->amount));
  for (guint i = 0; i <= COBRO_FACT_FROM_JANITOR; i++)
    {
      CobroFactSource back;

      g_assert_true (cobro_fact_source_from_name (cobro_fact_source_name ((CobroFactSource)i), &back));
      g_assert_cmpint (back, ==, i);
    }
}

static CobroEvent *
event_of (gint64 sequence, const char *object)
{
  CobroEvent *event = cobro_event_new ();

  event->id = id_of (COBRO_ID_EVENT);
  event->merchant_id = id_of (COBRO_ID_MERCHANT);
  event->object_id = id_of (COBRO_ID_LINK);
  event->sequence = sequence;
  event->type = COBRO_EVENT_LINK_CREATED;
  event->occurred_at = G_GINT64_CONSTANT (1796124600000000);
  set (&event->object, object);
  return event;
}

/* The hash of the first event, made by hand: printf '%s' over zeros and the canonical row, through sha256sum. */
static void
test_event_hash (void)
{
  g_autoptr (CobroEvent) event = event_of (1, "{\"a\":1}");
  g_autofree char *zeros = g_strnfill (64, '0');
  g_autofree char *row = g_strconcat (
    zeros, "evt_" ULID "\nmer_" ULID "\n1\nlink.created\n1796124600000000\nlink_" ULID "\n{\"a\":1}", NULL);
  g_autofree char *expected = g_compute_checksum_for_string (G_CHECKSUM_SHA256, row, -1);

  cobro_event_seal (event, NULL);
  g_assert_cmpstr (event->previous_hash, ==, zeros);
  g_assert_cmpstr (event->hash, ==, expected);
  g_assert_true (cobro_event_verify (event, NULL));
}

/* A chain of three; whatever is changed afterwards, one of the checks notices. */
static void
test_event_chain (void)
{
  g_autoptr (CobroEvent) first = event_of (1, "{}"), second = event_of (2, "{\"x\":2}"), third = event_of (3, "{}");

  cobro_event_seal (first, NULL);
  cobro_event_seal (second, first->hash);
  cobro_event_seal (third, second->hash);
  g_assert_true (cobro_event_verify (second, first->hash) && cobro_event_verify (third, second->hash));
  g_assert_false (cobro_event_verify (third, first->hash)); /* the second is missing */
  g_assert_false (cobro_event_verify (second, NULL));

  second->object[5] = '3';
  g_assert_false (cobro_event_verify (second, first->hash));
  cobro_event_seal (second, first->hash); /* forged anew: the next one does not follow it */
  g_assert_true (cobro_event_verify (second, first->hash));
  g_assert_false (cobro_event_verify (third, second->hash));
}

/* Each member is inside the hash. */
static void
test_event_members (void)
{
  for (guint member = 0; member < 7; member++)
    {
      g_autoptr (CobroEvent) event = event_of (1, "{}");

      cobro_event_seal (event, NULL);
      if (member == 0)
        event->id.text[29] = '1';
      else if (member == 1)
        event->merchant_id.text[29] = '1';
      else if (member == 2)
        event->sequence = 2;
      else if (member == 3)
        event->type = COBRO_EVENT_LINK_UPDATED;
      else if (member == 4)
        event->occurred_at++;
      else if (member == 5)
        event->object_id.text[30] = '1';
      else
        set (&event->object, "{ }");
      g_assert_false (cobro_event_verify (event, NULL));
    }
}

static void
test_event_names (void)
{
  for (guint i = 0; i <= COBRO_EVENT_DELIVERY_RECOVERED; i++)
    {
      CobroEventType back;

      g_assert_true (cobro_event_type_from_name (cobro_event_type_name ((CobroEventType)i), &back));
      g_assert_cmpint (back, ==, i);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/payment/texts", test_payment);
  g_test_add_func ("/core/payment/amounts", test_payment_amounts);
  g_test_add_func ("/core/refund", test_refund);
  g_test_add_func ("/core/customer", test_customer);
  g_test_add_func ("/core/merchant", test_merchant);
  g_test_add_func ("/core/fact", test_fact);
  g_test_add_func ("/core/event/hash", test_event_hash);
  g_test_add_func ("/core/event/chain", test_event_chain);
  g_test_add_func ("/core/event/members", test_event_members);
  g_test_add_func ("/core/event/names", test_event_names);
  return g_test_run ();
}
