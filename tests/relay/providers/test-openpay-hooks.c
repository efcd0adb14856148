/* tests/relay/providers/test-openpay-hooks.c — webhooks of Openpay: who is let in (tests/data/openpay-basic.txt), and
 * what they say. Layer: tests. */
#include <string.h>

#include "openpay-fixture.h"

#define VECTORS "openpay-basic.txt"

/* ── Letting in ─────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
let_in (OpenpayFixture *self, const char *header, const char *body, char **out_event_id, GError **error)
{
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GBytes) raw = g_bytes_new (body, strlen (body));

  if (header != NULL)
    g_hash_table_insert (headers, (gpointer) "authorization", (gpointer)header);
  return relay_openpay_adapter ()->facts.verify (NULL, self->account, headers, raw, OPENPAY_NOW, out_event_id, error);
}

static void
take_secrets (OpenpayFixture *self, GPtrArray *secrets, const char *indices)
{
  g_auto (GStrv) parts = g_strsplit (indices, ",", -1);

  g_ptr_array_set_size (self->account->webhook_secrets, 0);
  for (guint i = 0; parts[i] != NULL; i++)
    g_ptr_array_add (self->account->webhook_secrets, g_strdup (secrets->pdata[g_ascii_strtoull (parts[i], NULL, 10)]));
}

/* One line: name, a usual receiver's word, ours, secrets, header. Whether it was let in. */
static gboolean
try_vector (OpenpayFixture *self, GPtrArray *secrets, char *const *columns)
{
  gboolean expected = strcmp (columns[3], "accept") == 0;
  g_autofree char *header = columns[5][0] == '=' ? g_strcompress (columns[5] + 1) : NULL;
  g_autofree char *event_id = NULL;
  g_autoptr (GError) error = NULL;

  take_secrets (self, secrets, columns[4]);
  g_test_message ("%s", columns[1]);
  g_assert_true (let_in (self, header, "{}", &event_id, &error) == expected);
  if (expected)
    g_assert_no_error (error);
  else
    g_assert_true (g_error_matches (error, COBRO_ERROR, COBRO_ERROR_SIGNATURE) ||
                   g_error_matches (error, COBRO_ERROR, COBRO_ERROR_CONFIG));
  return expected;
}

/* proves: OPL-9 */
static void
test_vectors (OpenpayFixture *self, gconstpointer data)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", VECTORS, NULL);
  g_autoptr (GPtrArray) secrets = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint tried = 0, good = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) columns = g_strsplit (lines[i], "\t", -1);

      if (strcmp (lines[i], "") != 0 && strcmp (columns[0], "S") == 0)
        g_ptr_array_add (secrets, g_strcompress (columns[1]));
      if (strcmp (lines[i], "") == 0 || strcmp (columns[0], "V") != 0)
        continue;
      g_assert_cmpuint (g_strv_length (columns), ==, 6);
      good += try_vector (self, secrets, columns);
      tried++;
    }
  g_assert_cmpuint (tried, >=, 3000);
  g_assert_cmpuint (good, >=, 300);
}

static void
test_no_secret (OpenpayFixture *self, gconstpointer data)
{
  g_autofree char *event_id = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_set_size (self->account->webhook_secrets, 0);
  g_assert_false (let_in (self, "Basic Y29icm86", "{}", &event_id, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_CONFIG, NULL);
  g_ptr_array_add (self->account->webhook_secrets, g_strdup (""));
  g_assert_false (let_in (self, "Basic Y29icm86", "{}", &event_id, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_CONFIG, NULL);
}

/* There is no id of an event: type, transaction, status and refund are its name; the bytes are, where that is not
 * enough. */
static void
test_names (OpenpayFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *body, *name;
  } cases[] = {
    { "{\"type\":\"charge.succeeded\",\"transaction\":{\"id\":\"tr1\",\"status\":\"completed\"}}",
      "charge.succeeded/tr1/completed/" },
    { "{\"type\":\"charge.refunded\",\"transaction\":{\"id\":\"tr1\",\"status\":\"completed\",\"refund\":{\"id\":"
      "\"trb1\"}}}",
      "charge.refunded/tr1/completed/trb1" },
    { "{\"type\":\"charge.refunded\",\"transaction\":{\"id\":\"tr1\",\"status\":\"completed\"}}", NULL },
    { "{\"type\":\"charge.succeeded\",\"transaction\":{\"status\":\"completed\"}}", NULL },
    { "{\"type\":\"charge.succeeded\",\"transaction\":{\"id\":\"tr1\"}}", NULL },
    { "{\"type\":\"verification\",\"verification_code\":\"A\",\"id\":\"w1\"}", NULL },
    { "{\"type\":\"charge.succeeded\",\"transaction\":[]}", NULL },
    { "not json", NULL },
    { "", NULL },
  };
  g_autofree char *plain = g_strconcat ("cobro:", OPENPAY_SECRET, NULL);
  g_autofree char *token = g_base64_encode ((const guchar *)plain, strlen (plain));
  g_autofree char *header = g_strconcat ("Basic ", token, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *event_id = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (let_in (self, header, cases[i].body, &event_id, &error));
      g_assert_cmpstr (event_id, ==, cases[i].name);
    }
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────── */

static GPtrArray *
read_body (OpenpayFixture *self, const char *body, GError **error)
{
  g_autoptr (GBytes) raw = g_bytes_new (body, strlen (body));

  return relay_openpay_adapter ()->facts.read (NULL, self->account, raw, error);
}

static void
assert_reads (OpenpayFixture *self, const char *type, char *take_charge, guint n, CobroFactKind last)
{
  g_autofree char *body = g_strdup_printf (
    "{\"type\":\"%s\",\"event_date\":\"2026-11-21T03:30:05-06:00\",\"transaction\":%s,\"new\":1}", type, take_charge);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) facts = read_body (self, body, &error);

  g_free (take_charge);
  g_assert_no_error (error);
  g_assert_cmpuint (facts->len, ==, n);
  for (guint i = 0; i < n; i++)
    {
      const CobroFact *fact = facts->pdata[i];

      g_assert_cmpstr (fact->provider, ==, "openpay");
      g_assert_cmpstr (fact->provider_payment_id, ==, OPENPAY_REFERENCE);
      g_assert_cmpstr (fact->reference, ==, OPENPAY_REFERENCE);
    }
  if (n > 0)
    g_assert_cmpint (((CobroFact *)facts->pdata[n - 1])->kind, ==, last);
}

static void
test_read (OpenpayFixture *self, gconstpointer data)
{
  const char *back = ",\"refund\":{\"id\":\"trb1\",\"amount\":20.5,\"status\":\"completed\"}";

  assert_reads (self, "charge.created", openpay_charge ("tr1", "card", "charge_pending", "125", ""), 1,
                COBRO_FACT_ACTION_NEEDED);
  assert_reads (self, "charge.succeeded", openpay_charge ("tr1", "card", "completed", "125.00", ""), 1,
                COBRO_FACT_SUCCEEDED);
  /* another charge of the order may still be open: only asking says that it failed as a whole */
  assert_reads (self, "charge.failed", openpay_charge ("tr1", "card", "failed", "125.00", ""), 1, COBRO_FACT_PENDING);
  assert_reads (self, "charge.failed", openpay_charge ("tr1", "store", "failed", "125.00", ""), 1, COBRO_FACT_FAILED);
  assert_reads (self, "charge.cancelled", openpay_charge ("tr1", "store", "cancelled", "125.00", ""), 1,
                COBRO_FACT_CANCELLED);
  assert_reads (self, "charge.refunded", openpay_charge ("tr1", "card", "completed", "125.00", back), 2,
                COBRO_FACT_REFUNDED);
  assert_reads (self, "charge.refunded", openpay_charge ("tr1", "card", "refunded", "125.00", ""), 2,
                COBRO_FACT_REFUNDED);
  assert_reads (self, "charge.refunded", openpay_charge ("tr1", "card", "refunded", "125.00", back), 2,
                COBRO_FACT_REFUNDED);
  assert_reads (self, "chargeback.created", openpay_charge ("tr1", "card", "chargeback_pending", "125.00", ""), 2,
                COBRO_FACT_DISPUTE_OPENED);
  assert_reads (self, "chargeback.accepted", openpay_charge ("tr1", "card", "chargeback_accepted", "125.00", back), 3,
                COBRO_FACT_DISPUTE_LOST);
  /* what the type says is not believed: the status counts */
  assert_reads (self, "charge.succeeded", openpay_charge ("tr1", "card", "charge_pending", "125.00", ""), 1,
                COBRO_FACT_ACTION_NEEDED);
  /* not a charge, or nobody's of ours */
  assert_reads (self, "payout.succeeded",
                g_strdup ("{\"id\":\"tr1\",\"transaction_type\":\"payout\",\"status\":\"completed\",\"amount\":1,"
                          "\"order_id\":\"" OPENPAY_REFERENCE "\"}"),
                0, COBRO_FACT_PENDING);
  assert_reads (self, "charge.succeeded",
                g_strdup ("{\"id\":\"tr1\",\"transaction_type\":\"charge\",\"status\":\"completed\",\"amount\":1,"
                          "\"order_id\":\"A-17\"}"),
                0, COBRO_FACT_PENDING);
  assert_reads (self, "spei.received", g_strdup ("null"), 0, COBRO_FACT_PENDING);
}

static void
test_read_nonsense (OpenpayFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *status, *amount;
  } cases[] = {
    { "golden", "125.00" },
    { "completed", "null" },
    { "completed", "\"a lot\"" },
    { "completed", "1e2" },
  };
  static const char *const bodies[] = { "", "[]", "{\"type\":", "{\"type\":\"a\",\"type\":\"b\"}" };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *charge = openpay_charge ("tr1", "card", cases[i].status, cases[i].amount, "");
      g_autofree char *body = g_strdup_printf ("{\"type\":\"charge.succeeded\",\"transaction\":%s}", charge);
      g_autoptr (GError) error = NULL;

      g_assert_null (read_body (self, body, &error));
      cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "transaction");
    }
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (read_body (self, bodies[i], &error));
      g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
    }
}

static void
test_tell (OpenpayFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *body, *words;
  } cases[] = {
    { "{\"type\":\"verification\",\"event_date\":\"2026-11-21T03:30:05-06:00\",\"verification_code\":\"UY1qqrxw\","
      "\"id\":"
      "\"wabc\"}",
      "Verification code: UY1qqrxw" },
    { "{\"type\":\"verification\",\"verification_code\":\"<b>\"}", NULL },
    { "{\"type\":\"verification\"}", NULL },
    { "{\"type\":\"charge.succeeded\",\"verification_code\":\"UY1qqrxw\"}", NULL },
    { "not json", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) raw = g_bytes_new_static (cases[i].body, strlen (cases[i].body));
      g_autofree char *words = relay_openpay_adapter ()->facts.tell (NULL, self->account, raw);

      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, OpenpayFixture, NULL, openpay_set_up, func, openpay_tear_down)
  ADD ("/openpay-hooks/vectors", test_vectors);
  ADD ("/openpay-hooks/no-secret", test_no_secret);
  ADD ("/openpay-hooks/names", test_names);
  ADD ("/openpay-hooks/read", test_read);
  ADD ("/openpay-hooks/read-nonsense", test_read_nonsense);
  ADD ("/openpay-hooks/tell", test_tell);
#undef ADD
  return g_test_run ();
}
