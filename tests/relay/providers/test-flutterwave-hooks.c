/* tests/relay/providers/test-flutterwave-hooks.c — Flutterwave's webhooks: who may send them (thousands of stored
 * vectors, made by tests/judges/flutterwave-vectors.mjs), and what they say. Layer: tests. */
#include <string.h>
#include "cobro-wire-sign.h"
#include "flutterwave-fixture.h"

/* ── Who sent it ────────────────────────────────────────────────────────────────────────────────────────────── */

/* (transfer full) (nullable) a field of the file: base64, "=" for nothing, "-" for absent. */
static char *
decode (const char *field, gsize *out_length)
{
  *out_length = 0;
  if (strcmp (field, "-") == 0)
    return NULL;
  return strcmp (field, "=") == 0 ? g_strdup ("") : (char *)g_base64_decode (field, out_length);
}

/* (transfer full) (nullable) one that is text. */
static char *
decode_text (const char *field)
{
  gsize length;
  g_autofree char *bytes = decode (field, &length);

  return bytes != NULL ? g_strndup (bytes, length) : NULL;
}

static void
set_secrets (RelayAccount *account, const char *field)
{
  g_auto (GStrv) secrets = g_strsplit (strcmp (field, "-") == 0 ? "" : field, ",", -1);

  g_ptr_array_set_size (account->webhook_secrets, 0);
  for (guint i = 0; secrets[i] != NULL; i++)
    g_ptr_array_add (account->webhook_secrets, decode_text (secrets[i]));
}

/* "accept", "refuse" or "config". */
static const char *
judge (const RelayAccount *account, const char *hash, const char *signature, GBytes *body)
{
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  char *event_id = (char *)"untouched";

  if (hash != NULL)
    g_hash_table_insert (headers, (gpointer) "verif-hash", (gpointer)hash);
  if (signature != NULL)
    g_hash_table_insert (headers, (gpointer) "flutterwave-signature", (gpointer)signature);
  if (relay_flutterwave_class ()->facts.verify (NULL, account, headers, body, FLUTTERWAVE_NOW, &event_id, &error))
    {
      g_assert_no_error (error);
      g_assert_null (event_id); /* known by its bytes */
      return "accept";
    }
  g_assert_cmpstr (event_id, ==, "untouched");
  if (g_error_matches (error, COBRO_ERROR, COBRO_ERROR_CONFIG))
    return "config";
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_SIGNATURE);
  return "refuse";
}

/* proves: OPL-9 */
static void
test_vectors (FlutterwaveFixture *self, gconstpointer data)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "flutterwave", "webhooks.txt", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint n = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; *lines[i] != '\0'; i++, n++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[i], " ", -1);
      g_autofree char *hash = NULL, *signature = NULL, *body = NULL;
      g_autoptr (GBytes) raw = NULL;
      gsize length;

      g_assert_cmpuint (g_strv_length (fields), ==, 6);
      set_secrets (self->account, fields[2]);
      hash = decode_text (fields[3]);
      signature = decode_text (fields[4]);
      body = decode (fields[5], &length);
      raw = g_bytes_new (body, length);
      if (strcmp (judge (self->account, hash, signature, raw), fields[0]) != 0)
        g_error ("line %u, %s: not %s", i + 1, fields[1], fields[0]);
    }
  g_assert_cmpuint (n, >, 3000);
}

/* The one that Flutterwave's documents lead to; its secret is too short for us. */
static void
test_known (FlutterwaveFixture *self, gconstpointer data)
{
  static const char body[] = "{\"event\":\"charge.completed\",\"data\":{\"id\":285959875,\"tx_ref\":"
                             "\"Links-616626414629\",\"amount\":100,\"currency\":\"NGN\",\"status\":\"successful\"}}";
  guint8 mac[32];
  g_autofree char *signature = NULL;

  cobro_wire_hmac_sha256 ("my-secret-hash", strlen ("my-secret-hash"), body, strlen (body), mac);
  signature = g_base64_encode (mac, sizeof mac);
  g_assert_cmpstr (signature, ==, "eN2cp+cOtatpCMl6t1vNr9wIbtE3FLjQOVsdMZ2rOok=");
}

/* ── What it says ───────────────────────────────────────────────────────────────────────────────────────────── */

/* The facts of a body; NULL: @code. */
static GPtrArray *
reads (FlutterwaveFixture *self, const char *body, CobroError code)
{
  g_autoptr (GBytes) raw = g_bytes_new (body, strlen (body));
  g_autoptr (GError) error = NULL;
  GPtrArray *facts = relay_flutterwave_class ()->facts.read (NULL, self->account, raw, &error);

  if (facts == NULL)
    g_assert_error (error, COBRO_ERROR, (int)code);
  else
    g_assert_no_error (error);
  return facts;
}

static void
test_charge (FlutterwaveFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *status;
    CobroFactKind kind;
    const char *charge_id, *event_id;
  } cases[] = {
    { "successful", COBRO_FACT_SUCCEEDED, "5", "5/successful" },
    { "failed", COBRO_FACT_PENDING, "", "5/declined" }, /* the payer may try again */
    { "pending", COBRO_FACT_PROCESSING, "", "5/pending" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *transaction = flutterwave_transaction (5, cases[i].status, "82.5", "NGN");
      g_autofree char *body = g_strdup_printf (
        "{\"event\":\"charge.completed\",\"event.type\":\"CARD_TRANSACTION\",\"data\":%s}", transaction);
      g_autoptr (GPtrArray) facts = reads (self, body, COBRO_ERROR_INVALID);
      const CobroFact *fact;

      g_assert_cmpuint (facts->len, ==, 1);
      fact = facts->pdata[0];
      g_assert_cmpint (fact->kind, ==, cases[i].kind);
      g_assert_cmpstr (fact->event_id, ==, cases[i].event_id); /* as answers have it: said twice, known once */
      g_assert_cmpstr (fact->charge_id, ==, cases[i].charge_id);
      g_assert_cmpstr (fact->reference, ==, FLUTTERWAVE_REFERENCE);
      g_assert_cmpstr (fact->provider_payment_id, ==, FLUTTERWAVE_REFERENCE);
      g_assert_true (cobro_money_equal (fact->amount, flutterwave_naira (8250)));
    }
}

/* Authentic, and nothing for us. */
static void
test_others (FlutterwaveFixture *self, gconstpointer data)
{
  static const char *const bodies[] = {
    "{}",
    "{\"event\":\"transfer.completed\",\"data\":{\"id\":1,\"status\":\"SUCCESSFUL\"}}",
    "{\"event\":\"subscription.cancelled\",\"data\":{\"id\":1}}",
    "{\"event\":\"charge.completed\",\"data\":{\"id\":1,\"tx_ref\":\"another-shop\",\"amount\":1,\"currency\":\"NGN\","
    "\"status\":\"successful\"}}",
    "{\"event\":\"charge.completed\",\"data\":{\"id\":1,\"tx_ref\":\"pay_01hzy3x8c2v4m6n7p9q0r1s2t3\"}}",
    "{\"event\":\"refund.completed\",\"data\":{\"id\":1,\"TransactionId\":5,\"AmountRefunded\":20,"
    "\"status\":\"completed\"}}", /* no currency: the nightly list knows it */
    "{\"event\":[],\"data\":[]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (GPtrArray) facts = reads (self, bodies[i], COBRO_ERROR_INVALID);

      g_assert_nonnull (facts);
      g_assert_cmpuint (facts->len, ==, 0);
    }
}

static void
test_money_back (FlutterwaveFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *body;
    CobroFactKind kind;
    const char *refund_id;
    gint64 kobo;
  } cases[] = {
    { "{\"event\":\"refund.completed\",\"data\":{\"id\":75923,\"TransactionId\":5,\"AmountRefunded\":20,"
      "\"currency\":\"NGN\",\"status\":\"completed-momo\"}}",
      COBRO_FACT_REFUNDED, "75923", 2000 },
    { "{\"event\":\"refund.updated\",\"data\":{\"id\":75923,\"tx_id\":5,\"amount_refunded\":20.5,"
      "\"currency\":\"NGN\",\"status\":\"failed\"}}",
      COBRO_FACT_REFUND_FAILED, "75923", 2050 },
    { "{\"event\":\"chargeback.lost\",\"data\":{\"id\":4,\"transaction_id\":5,\"flw_ref\":\"FLW-5\",\"amount\":82.5,"
      "\"currency\":\"NGN\",\"status\":\"lost\"}}",
      COBRO_FACT_DISPUTE_LOST, "", 8250 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) facts = reads (self, cases[i].body, COBRO_ERROR_INVALID);
      const CobroFact *fact = facts->pdata[0];

      g_assert_cmpint (fact->kind, ==, cases[i].kind);
      g_assert_cmpstr (fact->charge_id, ==, "5");
      g_assert_cmpstr (fact->provider_payment_id, ==, ""); /* only the charge is known */
      g_assert_cmpstr (fact->refund_id, ==, cases[i].refund_id);
      g_assert_true (cobro_money_equal (fact->amount, flutterwave_naira (cases[i].kobo)));
    }
}

/* About a payment of ours, and not understood: it waits. */
static void
test_not_understood (FlutterwaveFixture *self, gconstpointer data)
{
  static const char *const bodies[] = {
    "",
    "[]",
    "{\"event\":\"charge.completed\"}",
    "{\"event\":\"charge.completed\",\"event\":\"charge.completed\"}",
    "{\"event\":\"charge.completed\",\"data\":{\"tx_ref\":\"" FLUTTERWAVE_REFERENCE "\"}}",
    "{\"event\":\"charge.completed\",\"data\":{\"id\":1,\"tx_ref\":\"" FLUTTERWAVE_REFERENCE
    "\",\"amount\":82.5,\"currency\":\"NGN\",\"status\":\"success-pending-validation\"}}",
    "{\"event\":\"charge.completed\",\"data\":{\"id\":1,\"tx_ref\":\"" FLUTTERWAVE_REFERENCE
    "\",\"amount\":82.505,\"currency\":\"NGN\",\"status\":\"successful\"}}",
    "{\"event\":\"charge.completed\",\"data\":{\"id\":-1,\"tx_ref\":\"" FLUTTERWAVE_REFERENCE
    "\",\"amount\":82.5,\"currency\":\"NGN\",\"status\":\"successful\"}}",
    "{\"event\":\"chargeback.odd\",\"data\":{\"id\":4,\"amount\":82.5,\"currency\":\"NGN\",\"status\":\"odd\"}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    g_assert_null (reads (self, bodies[i], COBRO_ERROR_INVALID));
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*run) (FlutterwaveFixture *self, gconstpointer data);
  } tests[] = {
    { "vectors", test_vectors }, { "known", test_known },           { "charge", test_charge },
    { "others", test_others },   { "money-back", test_money_back }, { "not-understood", test_not_understood },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/flutterwave-hooks/", tests[i].name, NULL);

      g_test_add (path, FlutterwaveFixture, NULL, flutterwave_set_up, tests[i].run, flutterwave_tear_down);
    }
  return g_test_run ();
}
