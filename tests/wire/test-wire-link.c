/* tests/wire/test-wire-link.c — how a link travels: golden documents, round trips, defaults, and each field refused in
 * its own words. Layer: tests. */
#include "cobro-error.h"
#include "cobro-wire-link.h"

#include <gio/gio.h>
#include <string.h>

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

static CobroLink *
parse (const char *text, CobroWireLinkForm form, GError **error)
{
  g_autoptr (CobroWireObject) object = cobro_wire_parse (text, -1, error);

  return object != NULL ? cobro_wire_link_parse (object, form, error) : NULL;
}

static CobroLink *
parsed (const char *text, CobroWireLinkForm form)
{
  g_autoptr (GError) error = NULL;
  CobroLink *link = parse (text, form, &error);

  if (error != NULL)
    g_error ("%s: %s", cobro_error_get_path (error), error->message);
  return link;
}

/* Stored documents are canonical: reading and writing gives the same bytes, for every shape of pricing, usage and
 * parts. */
static void
test_documents (void)
{
  static const char *const names[] = { "link-fixed.json",   "link-open.json",  "link-lines.json",  "link-plan.json",
                                       "link-partial.json", "link-least.json", "link-invoice.json" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *text = golden (names[i]);
      g_autoptr (CobroLink) link = parsed (text, COBRO_WIRE_LINK_STORED);
      g_autofree char *again = cobro_wire_link_to_document (link, TRUE);
      g_autofree char *without = cobro_wire_link_to_document (link, FALSE);

      g_assert_cmpstr (again, ==, text);
      g_assert_null (strstr (without, "\"token\""));
    }
}

/* Every field, the merchant's metadata included. */
static void
test_values (void)
{
  g_autofree char *text = golden ("link-fixed.json");
  g_autoptr (CobroLink) link = parsed (text, COBRO_WIRE_LINK_STORED);

  g_assert_cmpstr (link->title, ==, "Coffee beans");
  g_assert_cmpint (cobro_money_minor (link->amount), ==, 1250);
  g_assert_cmpstr (cobro_currency_code (link->currency), ==, "EUR");
  g_assert_cmpint (link->usage, ==, COBRO_USAGE_LIMITED);
  g_assert_cmpint (link->usage_limit, ==, 5);
  g_assert_cmpuint (link->methods, ==, COBRO_METHOD_CARD | COBRO_METHOD_WALLET);
  g_assert_cmpstr (g_ptr_array_index (link->gateways, 0), ==, "mock");
  g_assert_cmpuint (link->collect, ==, COBRO_COLLECT_NAME | COBRO_COLLECT_EMAIL);
  g_assert_cmpstr (((CobroLinkField *)g_ptr_array_index (link->fields, 0))->label, ==, "Table");
  g_assert_cmpstr (g_hash_table_lookup (link->metadata, "order"), ==, "17");
  g_assert_cmpstr (link->after_redirect_url, ==, "https://shop.example/thanks");
  g_assert_cmpint (link->decision, ==, COBRO_DECISION_PAUSED);
  g_assert_cmpint (link->expires_at, >, link->not_before);
}

static void
test_create (void)
{
  g_autoptr (CobroLink) least = parsed ("{\"currency\":\"EUR\",\"amount\":1250}", COBRO_WIRE_LINK_CREATE);
  g_autoptr (CobroLink) shorts =
    parsed ("{\"currency\":\"JPY\",\"amount\":500,\"usage\":\"unlimited\",\"partial\":\"off\","
            "\"title\":null,\"methods\":[\"card\",\"crypto\"]}",
            COBRO_WIRE_LINK_CREATE);

  g_assert_cmpint (cobro_money_minor (least->amount), ==, 1250);
  g_assert_cmpint (least->usage, ==, COBRO_USAGE_SINGLE);
  g_assert_cmpint (least->decision, ==, COBRO_DECISION_ACTIVE);
  g_assert_cmpuint (least->methods, ==, COBRO_METHOD_CARD);
  g_assert_cmpstr (least->locale, ==, "auto");
  g_assert_false (cobro_id_is_set (&least->id));
  g_assert_false (cobro_token_is_set (&least->token));
  g_assert_cmpint (shorts->usage, ==, COBRO_USAGE_UNLIMITED);
  g_assert_cmpuint (shorts->methods, ==, COBRO_METHOD_CARD | COBRO_METHOD_CRYPTO);
}

/* { body of a create, path of the fault }; every field out of range, of a wrong type, unknown. */
static const struct
{
  const char *text, *path;
} refused[] = {
  { "{}", "currency" },
  { "{\"currency\":\"EUR\"}", "pricing" },
  { "{\"amount\":1250}", "currency" },
  { "{\"currency\":\"EUR\",\"amout\":1250}", "amout" },
  { "{\"curency\":\"EUR\",\"amount\":1250}", "curency" },
  { "{\"currency\":\"eur\",\"amount\":1}", "currency" },
  { "{\"currency\":\"XXX\",\"amount\":1}", "currency" },
  { "{\"currency\":\"EURO\",\"amount\":1}", "currency" },
  { "{\"currency\":978,\"amount\":1}", "currency" },
  { "{\"currency\":\"EUR\",\"amount\":0}", "pricing.amount" },
  { "{\"currency\":\"EUR\",\"amount\":-1}", "pricing.amount" },
  { "{\"currency\":\"EUR\",\"amount\":12.50}", "amount" },
  { "{\"currency\":\"EUR\",\"amount\":1e3}", "amount" },
  { "{\"currency\":\"EUR\",\"amount\":\"1250\"}", "amount" },
  { "{\"currency\":\"EUR\",\"amount\":1000000000000000000}", "amount" },
  { "{\"currency\":\"JPY\",\"amount\":500.125}", "amount" },
  { "{\"currency\":\"EUR\",\"amount\":1,\"pricing\":{\"type\":\"fixed\",\"amount\":1}}", "amount" },
  { "{\"currency\":\"EUR\",\"pricing\":{\"type\":\"barter\"}}", "pricing.type" },
  { "{\"currency\":\"EUR\",\"pricing\":{\"amount\":1}}", "pricing.type" },
  { "{\"currency\":\"EUR\",\"pricing\":{\"type\":\"fixed\",\"amount\":1,\"tip\":2}}", "pricing.tip" },
  { "{\"currency\":\"EUR\",\"pricing\":{\"type\":\"lines\",\"lines\":[{\"name\":\"a\",\"unitAmount\":1},{"
    "\"unitAmount\":1}]}}",
    "pricing.lines[1].name" },
  { "{\"currency\":\"EUR\",\"pricing\":{\"type\":\"lines\",\"lines\":[{\"name\":\"a\",\"unitAmount\":1,\"taxRate\":21}]"
    "}}",
    "pricing.lines[0].taxRate" },
  { "{\"currency\":\"EUR\",\"pricing\":{\"type\":\"lines\",\"lines\":[{\"name\":\"a\",\"unitAmount\":1,\"quantity\":0}]"
    "}}",
    "pricing.lines[0].quantity" },
  { "{\"currency\":\"EUR\",\"amount\":1,\"usage\":\"twice\"}", "usage" },
  { "{\"currency\":\"EUR\",\"amount\":1,\"usage\":{\"type\":\"limited\"}}", "usage.limit" },
  { "{\"currency\":\"EUR\",\"amount\":1,\"usage\":\"limited\"}", "usage" },
  { "{\"currency\":\"EUR\",\"amount\":1,\"usage\":{\"type\":\"limited\",\"limit\":0}}", "usage.limit" },
  { "{\"currency\":\"EUR\",\"amount\":1,\"expiresAt\":\"tomorrow\"}", "expiresAt" },
  { "{\"currency\":\"EUR\",\"amount\":1,\"expiresAt\":1796117400}", "expiresAt" },
  { "{\"currency\":\"EUR\",\"amount\":1,\"methods\":[]}", "methods" },
  { "{\"currency\":\"EUR\",\"amount\":1,\"methods\":[\"cash\"]}", "methods" },
  { "{\"currency\":\"EUR\",\"amount\":1,\"methods\":\"card\"}", "methods" },
  { "{\"currency\":\"EUR\",\"amount\":1,\"collect\":[\"shoe size\"]}", "collect" },
  { "{\"currency\":\"EUR\",\"amount\":1,\"fields\":[{\"key\":\"a\",\"label\":\"A\"},{\"key\":\"b\",\"label\":\"B\"},"
    "{\"key\":\"c\",\"label\":\"C\"},{\"key\":\"d\",\"label\":\"D\"}]}",
    "fields" },
  { "{\"currency\":\"EUR\",\"amount\":1,\"customer\":{\"email\":\"nobody\"}}", "customer.email" },
  { "{\"currency\":\"EUR\",\"amount\":1,\"metadata\":{\"a\":1}}", "metadata.a" },
  { "{\"currency\":\"EUR\",\"amount\":1,\"metadata\":[]}", "metadata" },
  { "{\"currency\":\"EUR\",\"amount\":1,\"after\":{\"redirectUrl\":\"javascript:alert(1)\"}}", "after.redirectUrl" },
  { "{\"currency\":\"EUR\",\"amount\":1,\"title\":\"a\\u0001b\"}", "title" },
  { "{\"currency\":\"EUR\",\"amount\":1,\"title\":\"a\\u202Eb\"}", "title" },
  { "{\"currency\":\"EUR\",\"amount\":1,\"title\":5}", "title" },
  { "{\"currency\":\"EUR\",\"amount\":1,\"id\":\"link_1\"}", "id" },
  { "{\"currency\":\"EUR\",\"amount\":1,\"token\":\"ABC\"}", "token" },
  { "{\"currency\":\"EUR\",\"amount\":1,\"decision\":\"maybe\"}", "decision" },
  { "{\"currency\":\"EUR\",\"amount\":1,\"locale\":\"../../etc\"}", "locale" },
  { "{\"currency\":\"EUR\",\"amount\":1,\"status\":\"paid\"}", "status" },
  { "{\"currency\":\"EUR\",\"amount\":1,\"livemode\":true}", "livemode" },
  { "{\"currency\":\"EUR\",\"amount\":1,\"amountPaid\":1}", "amountPaid" },
  { "{\"currency\":\"EUR\",\"amount\":1,\"partial\":{\"type\":\"plan\",\"parts\":[{\"due\":\"soon\",\"amount\":1}]}}",
    "partial.parts[0].due" },
  { "{\"currency\":\"EUR\",\"amount\":1,\"partial\":\"plan\"}", "partial" },
};

static void
test_refused (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", refused[i].text);
      g_assert_null (parse (refused[i].text, COBRO_WIRE_LINK_CREATE, &error));
      g_assert_true (error->domain == COBRO_ERROR);
      g_assert_cmpstr (cobro_error_get_path (error), ==, refused[i].path);
      g_assert_cmpstr (error->message, !=, "");
    }
}

/* What GET answered is taken back by PUT: what only the relay computes is ignored. */
static void
test_update (void)
{
  g_autofree char *text = golden ("link-v1.json");
  g_autoptr (CobroLink) link = parsed (text, COBRO_WIRE_LINK_UPDATE);
  g_autoptr (GError) error = NULL;
  g_autofree char *surprise = g_strdup_printf ("{\"surprise\":1,%s", text + 1);

  g_assert_cmpint (link->rev, ==, 3);
  g_assert_false (cobro_token_is_set (&link->token));
  g_assert_null (parse (surprise, COBRO_WIRE_LINK_UPDATE, &error));
  g_assert_cmpstr (cobro_error_get_path (error), ==, "surprise");
}

/* The /v1 shape, byte for byte: contract with everybody who calls the API. */
static void
test_v1 (void)
{
  g_autofree char *text = golden ("link-v1.json");
  g_autoptr (CobroLink) link = parsed (text, COBRO_WIRE_LINK_UPDATE);
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *again = NULL;
  CobroLinkTally tally = cobro_link_tally_new (link->currency);
  CobroWireLinkContext context = { .url = "https://pay.example/pay/0123",
                                   .tally = &tally,
                                   .now = link->created_at + COBRO_HOUR };

  tally.paid = cobro_money (1250, link->currency);
  tally.uses = 1;
  tally.attempts = 2;
  tally.flags = COBRO_FLAG_LATE | COBRO_FLAG_DUPLICATE;
  cobro_wire_link_write (writer, NULL, link, &context);
  again = cobro_wire_writer_take (writer);
  g_assert_cmpstr (again, ==, text);
}

static void
test_tally (void)
{
  g_autofree char *text = golden ("link-v1.json");
  g_autoptr (CobroWireObject) object = cobro_wire_parse (text, -1, NULL);
  g_autoptr (CobroLink) link = cobro_wire_link_parse (object, COBRO_WIRE_LINK_UPDATE, NULL);
  g_autoptr (GError) error = NULL;
  CobroLinkTally tally;
  CobroLinkView view;
  gboolean ok = cobro_wire_link_read_tally (object, link->currency, &tally, &error);

  g_assert_no_error (error);
  g_assert_true (ok);
  g_assert_cmpint (cobro_money_minor (tally.paid), ==, 1250);
  g_assert_cmpint (tally.uses, ==, 1);
  g_assert_cmpuint (tally.flags, ==, COBRO_FLAG_LATE | COBRO_FLAG_DUPLICATE);
  view = cobro_link_view (link, &tally, link->created_at + COBRO_HOUR);
  g_assert_cmpint (view.paid_status, ==, COBRO_PAID_PAID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/link/documents", test_documents);
  g_test_add_func ("/wire/link/values", test_values);
  g_test_add_func ("/wire/link/create", test_create);
  g_test_add_func ("/wire/link/refused", test_refused);
  g_test_add_func ("/wire/link/update", test_update);
  g_test_add_func ("/wire/link/v1", test_v1);
  g_test_add_func ("/wire/link/tally", test_tally);
  return g_test_run ();
}
