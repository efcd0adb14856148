/* tests/wire/test-wire-nouns.c — payments, refunds, customers, merchants, facts and events: golden documents that are
 * read and written to the same bytes, and what is refused. Layer: tests. */
#include "cobro-error.h"
#include "cobro-wire-customer.h"
#include "cobro-wire-event.h"
#include "cobro-wire-fact.h"
#include "cobro-wire-merchant.h"
#include "cobro-wire-payment.h"
#include "cobro-wire-product.h"
#include "cobro-wire-record.h"
#include "cobro-wire-recurring.h"
#include "cobro-wire-refund.h"

#include <gio/gio.h>
#include <string.h>

typedef char *(*Again) (CobroWireObject *object, GError **error);

#define DEFINE_AGAIN(noun, Noun)                                                                                       \
  static char *noun##_again (CobroWireObject *object, GError **error)                                                  \
  {                                                                                                                    \
    g_autoptr (Cobro##Noun) value = cobro_wire_##noun##_parse (object, error);                                         \
    g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();                                                     \
                                                                                                                       \
    if (value == NULL)                                                                                                 \
      return NULL;                                                                                                     \
    cobro_wire_##noun##_write (writer, NULL, value);                                                                   \
    return cobro_wire_writer_take (writer);                                                                            \
  }

DEFINE_AGAIN (payment, Payment)
DEFINE_AGAIN (refund, Refund)
DEFINE_AGAIN (customer, Customer)
DEFINE_AGAIN (merchant, Merchant)
DEFINE_AGAIN (product, Product)
DEFINE_AGAIN (record, Record)
DEFINE_AGAIN (recurring, Recurring)
DEFINE_AGAIN (fact, Fact)
DEFINE_AGAIN (event, Event)

static const struct
{
  const char *file;
  Again again;
} nouns[] = {
  { "payment.json", payment_again },         { "payment-mismatch.json", payment_again },
  { "refund.json", refund_again },           { "customer.json", customer_again },
  { "merchant.json", merchant_again },       { "fact.json", fact_again },
  { "fact-silent.json", fact_again },        { "event.json", event_again },
  { "merchant-plain.json", merchant_again }, { "recurring.json", recurring_again },
  { "product.json", product_again },         { "product-whole.json", product_again },
  { "record.json", record_again },
};

static char *
golden (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "wire", name, NULL);
  g_autoptr (GError) error = NULL;
  char *text;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return g_strchomp (text);
}

static void
test_golden (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (nouns); i++)
    {
      g_autofree char *text = golden (nouns[i].file);
      g_autoptr (CobroWireObject) object = cobro_wire_parse (text, -1, NULL);
      g_autoptr (GError) error = NULL;
      g_autofree char *again = NULL;

      g_test_message ("%s", nouns[i].file);
      g_assert_nonnull (object);
      again = nouns[i].again (object, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (again, ==, text);
    }
}

/* No noun takes a key it does not know, or a member of another type. */
static void
test_strict (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (nouns); i++)
    {
      g_autofree char *text = golden (nouns[i].file);
      g_autofree char *unknown = g_strdup_printf ("{\"surprise\":1,%s", text + 1);
      g_autoptr (CobroWireObject) object = cobro_wire_parse (unknown, -1, NULL);
      g_autoptr (GError) error = NULL;

      g_assert_nonnull (object);
      g_assert_null (nouns[i].again (object, &error));
      g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
      g_assert_cmpstr (cobro_error_get_path (error), ==, "surprise");
    }
}

static const struct
{
  const char *file, *from, *to, *path;
} spoiled[] = {
  { "payment.json", "\"succeeded\"", "\"done\"", "status" },
  { "payment.json", "\"amount\":1250", "\"amount\":\"1250\"", "amount" },
  { "payment.json", "\"amount\":1250", "\"amount\":null", "amount" },
  { "payment.json", "\"currency\":\"EUR\"", "\"currency\":\"ZZZ\"", "currency" },
  { "payment.json", "\"late\"", "\"lazy\"", "flags" },
  { "payment.json", "\"pay_", "\"inv_", "id" },
  { "refund.json", "\"pending\"", "\"maybe\"", "status" },
  { "refund.json", "\"amount\":300", "\"amount\":3.00", "amount" },
  { "customer.json", "ana@shop.example", "ana", "email" },
  { "customer.json", "\"ES\"", "\"Spain\"", "address.country" },
  { "merchant.json", "\"Ana's Café\"", "\"\"", "name" },
  { "merchant.json", "\"#aa3300\"", "\"red\"", "accent" },
  { "merchant.json", "\"country\":\"ES\"", "\"country\":\"es\"", "seller.address.country" },
  { "merchant.json", "\"rate\":\"21\"", "\"rate\":\"0\"", "taxes[0].rate" },
  { "merchant.json", "\"default\":false", "\"default\":true", "taxes" },
  { "merchant.json", "[-1,0,10]", "[0,-1]", "reminders" },
  { "merchant.json", "[-1,0,10]", "[9223372036854775807]", "reminders" },
  { "merchant.json", "half_even", "down", "rounding" },
  { "merchant.json", "\"letter\"", "\"a3\"", "paper" },
  { "merchant.json", "\"percent\":\"1.5\"", "\"percent\":\"101\"", "lateFee.percent" },
  { "merchant.json", "\"fixed\":4000,\"currency\":\"EUR\"", "\"fixed\":4000", "lateFee.currency" },
  { "merchant.json", "\"terms\":15", "\"terms\":366", "terms" },
  { "merchant.json", "ES91", "ES92", "bank.iban" },
  { "product.json", "\"0.75\"", "\"0.75555\"", "unitAmount" },
  { "product.json", "\"0.75\"", "\"-0.75\"", "unitAmount" },
  { "product.json", "\"0.75\"", "9223372036854775807", "unitAmount" },
  { "product.json", "\"standard\"", "\"normal\"", "taxCategory" },
  { "product.json", "\"21\"", "\"0\"", "taxRate" },
  { "recurring.json", "\"month\"", "\"day\"", "every" },
  { "recurring.json", "\"interval\":1", "\"interval\":100", "interval" },
  { "recurring.json", "2026-12-31", "2026-11-31", "start" },
  { "recurring.json", "\"end\":null", "\"end\":\"2026-12-30\"", "end" },
  { "recurring.json", "\"dueDate\":null", "\"dueDate\":\"2026-12-30\"", "invoice.dueDate" },
  { "recurring.json", "\"quantity\":\"1\"", "\"quantity\":\"0\"", "invoice.lines[0].quantity" },
  { "record.json", "\"bank\"", "\"gold\"", "how" },
  { "record.json", "2026-11-20", "2026-11-31", "date" },
  { "record.json", "\"amount\":1250", "\"amount\":0", "amount" },
  { "fact.json", "\"webhook\"", "\"rumour\"", "source" },
  { "fact.json", "\"succeeded\"", "\"sure\"", "kind" },
  { "event.json", "\"sequence\":42", "\"sequence\":0", "sequence" },
  { "event.json", "\"payment.succeeded\"", "\"payment.wow\"", "type" },
  { "event.json", "\"hash\":\"4", "\"hash\":\"Z", "hash" },
};

static void
test_spoiled (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (spoiled); i++)
    {
      g_autofree char *text = golden (spoiled[i].file);
      g_auto (GStrv) parts = g_strsplit (text, spoiled[i].from, 2);
      g_autofree char *bad = g_strjoinv (spoiled[i].to, parts);
      g_autoptr (CobroWireObject) object = cobro_wire_parse (bad, -1, NULL);
      g_autoptr (GError) error = NULL;
      Again again = NULL;

      g_test_message ("%s: %s", spoiled[i].file, spoiled[i].to);
      g_assert_cmpuint (g_strv_length (parts), ==, 2);
      for (gsize n = 0; n < G_N_ELEMENTS (nouns); n++)
        if (g_str_equal (nouns[n].file, spoiled[i].file))
          again = nouns[n].again;
      g_assert_nonnull (object);
      g_assert_null (again (object, &error));
      g_assert_cmpstr (cobro_error_get_path (error), ==, spoiled[i].path);
    }
}

/* An attempt that has only begun is "pending" to everybody outside. */
static void
test_created (void)
{
  g_autofree char *text = golden ("payment.json");
  g_autoptr (CobroWireObject) object = cobro_wire_parse (text, -1, NULL);
  g_autoptr (CobroPayment) payment = cobro_wire_payment_parse (object, NULL);
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *written = NULL;

  payment->state = COBRO_PAYMENT_CREATED;
  cobro_wire_payment_write (writer, NULL, payment);
  written = cobro_wire_writer_take (writer);
  g_assert_nonnull (strstr (written, "\"status\":\"pending\""));
}

/* The hash over an event holds after a journey through the wire, even with white space put in on the way. */
static void
test_event_hash (void)
{
  g_autofree char *text = golden ("payment.json");
  g_autoptr (CobroEvent) event = cobro_event_new ();
  g_autoptr (CobroEvent) arrived = NULL;
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autoptr (CobroWireObject) object = NULL;
  g_autoptr (CobroClock) clock = cobro_clock_new_fake (G_GINT64_CONSTANT (1796117400) * COBRO_SECOND);
  g_autoptr (CobroRandom) chance = cobro_random_new_seeded (1);
  g_autofree char *wire = NULL;
  g_auto (GStrv) parts = NULL;
  g_autofree char *spaced = NULL;

  event->id = cobro_id_new (COBRO_ID_EVENT, clock, chance);
  event->merchant_id = cobro_id_new (COBRO_ID_MERCHANT, clock, chance);
  event->object_id = cobro_id_new (COBRO_ID_PAYMENT, clock, chance);
  memcpy (event->object_id.text, strstr (text, "pay_"), 30);
  event->object_id.text[30] = '\0';
  event->sequence = 1;
  event->type = COBRO_EVENT_PAYMENT_SUCCEEDED;
  event->occurred_at = cobro_clock_now (clock);
  g_free (event->object);
  event->object = g_strdup (text);
  cobro_event_seal (event, NULL);
  g_assert_true (cobro_event_verify (event, NULL));

  cobro_wire_event_write (writer, NULL, event);
  wire = cobro_wire_writer_take (writer);
  parts = g_strsplit (wire, ",\"", -1);
  spaced = g_strjoinv (" ,\n \"", parts);
  object = cobro_wire_parse (spaced, -1, NULL);
  arrived = cobro_wire_event_parse (object, NULL);
  g_assert_nonnull (arrived);
  arrived->merchant_id = event->merchant_id;
  g_assert_true (cobro_event_verify (arrived, NULL));
  arrived->object[strlen (arrived->object) - 2] ^= 1;
  g_assert_false (cobro_event_verify (arrived, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/nouns/golden", test_golden);
  g_test_add_func ("/wire/nouns/strict", test_strict);
  g_test_add_func ("/wire/nouns/spoiled", test_spoiled);
  g_test_add_func ("/wire/nouns/created", test_created);
  g_test_add_func ("/wire/nouns/event-hash", test_event_hash);
  return g_test_run ();
}
