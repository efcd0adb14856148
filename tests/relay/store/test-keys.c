/* tests/relay/store/test-keys.c — API keys, pairing, and what a paired desktop pushes.
 * Layer: tests. */
#include <string.h>

#include "cobro-test.h"
#include "rig.h"

/* ── Keys and pairing ───────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  Rig *rig;
  RelayKeyText key;
  RelayPairCode code;
  const char *key_id;
  CobroId device_id;
} Keys;

static gboolean
key_work (RelayTx *tx, gpointer data, GError **error)
{
  Keys *keys = data;

  static const RelayKeyOrder order = { .name = "till", .scopes = "links:rw", .created_by = "operator" };

  return relay_key_insert (tx, &keys->rig->scope, &order, &keys->key, error);
}

static gboolean
literal_work (RelayTx *tx, gpointer data, GError **error)
{
  Keys *keys = data;

  return relay_key_insert_literal (tx, &keys->rig->scope.merchant_id, "demo", error);
}

static gboolean
revoke_work (RelayTx *tx, gpointer data, GError **error)
{
  Keys *keys = data;

  return relay_key_revoke (tx, &keys->rig->scope, keys->key_id, error);
}

static gboolean
find_key (Rig *rig, const char *key, RelayKeyHolder *out_holder, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (rig->store, error);

  return relay_key_find (reader->db, key, cobro_clock_now (rig->clock), out_holder, error);
}

static void
refute_key (Rig *rig, const char *key)
{
  RelayKeyHolder holder = { .key_id = NULL };
  g_autoptr (GError) error = NULL;

  g_assert_false (find_key (rig, key, &holder, &error));
  g_assert_cmpstr (error->message, ==, "the API key is not valid");
  cobro_test_assert_error (&error, COBRO_ERROR_UNAUTHORIZED, NULL);
}

static void
test_keys (void)
{
  g_autoptr (Rig) rig = rig_new ();
  Keys keys = { .rig = rig };
  RelayKeyHolder holder = { .key_id = NULL };
  g_autoptr (GError) error = NULL;
  RelayKeyText bent;

  g_assert_true (relay_store_write (rig->store, key_work, &keys, &error));
  g_assert_true (g_str_has_prefix (keys.key.text, "cob_test_"));
  g_assert_cmpint (strlen (keys.key.text), ==, 69);
  g_assert_true (find_key (rig, keys.key.text, &holder, &error));
  g_assert_true (cobro_id_equal (&holder.scope.merchant_id, &rig->scope.merchant_id));
  g_assert_false (holder.scope.livemode);
  g_assert_cmpstr (holder.scopes, ==, "links:rw");
  /* Nothing of the secret rests in the file. */
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM api_key WHERE length (hash) = 32"), ==, 1);

  for (gsize i = 0; i < strlen (keys.key.text); i++)
    {
      bent = keys.key;
      bent.text[i] = bent.text[i] == 'a' ? 'b' : 'a';
      refute_key (rig, bent.text);
    }
  refute_key (rig, "");
  refute_key (rig, "demo");
  g_assert_true (relay_store_write (rig->store, literal_work, &keys, &error));
  relay_key_holder_clear (&holder);
  g_assert_true (find_key (rig, "demo", &holder, &error));
  refute_key (rig, "demo2");

  cobro_clock_advance (rig->clock, 366 * COBRO_DAY);
  refute_key (rig, keys.key.text);
  cobro_clock_advance (rig->clock, -366 * COBRO_DAY);
  keys.key_id = holder.key_id;
  g_assert_true (relay_store_write (rig->store, revoke_work, &keys, &error));
  refute_key (rig, "demo");
  relay_key_holder_clear (&holder);
}

static gboolean
code_work (RelayTx *tx, gpointer data, GError **error)
{
  Keys *keys = data;

  return relay_pair_code_insert (tx, &keys->rig->scope, &keys->code, error);
}

static gboolean
pair (Keys *keys, const char *code, GError **error)
{
  RelayScope scope;

  return relay_pair (keys->rig->store, code, "Ana's laptop", &scope, &keys->device_id, &keys->key, error);
}

static void
new_code (Keys *keys)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (relay_store_write (keys->rig->store, code_work, keys, &error));
  g_assert_no_error (error);
}

static void
test_pairing (void)
{
  g_autoptr (Rig) rig = rig_new ();
  Keys keys = { .rig = rig };
  RelayKeyHolder holder = { .key_id = NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *typed = NULL;

  new_code (&keys);
  g_assert_true (g_regex_match_simple ("^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$", keys.code.text, 0, 0));
  typed = g_ascii_strdown (keys.code.text, -1);
  g_strdelimit (typed, "-", ' ');
  g_assert_true (pair (&keys, typed, &error));
  g_assert_no_error (error);
  g_assert_true (find_key (rig, keys.key.text, &holder, &error));
  g_assert_true (cobro_id_equal (&holder.device_id, &keys.device_id));
  relay_key_holder_clear (&holder);
  g_assert_false (pair (&keys, keys.code.text, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_GONE, NULL);

  new_code (&keys);
  cobro_clock_advance (rig->clock, 10 * COBRO_MINUTE);
  g_assert_false (pair (&keys, keys.code.text, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_GONE, NULL);
  g_assert_false (pair (&keys, "nonsense", &error));
  cobro_test_assert_error (&error, COBRO_ERROR_UNAUTHORIZED, NULL);
}

/* Five wrong tries end a code, also for who knows it; they are counted although they are refused. */
static void
test_pairing_tries (void)
{
  g_autoptr (Rig) rig = rig_new ();
  Keys keys = { .rig = rig };
  g_autoptr (GError) error = NULL;
  RelayPairCode wrong;

  new_code (&keys);
  wrong = keys.code;
  wrong.text[18] = wrong.text[18] == 'Z' ? 'Y' : 'Z';
  for (int i = 0; i < 5; i++)
    {
      g_assert_false (pair (&keys, wrong.text, &error));
      cobro_test_assert_error (&error, COBRO_ERROR_UNAUTHORIZED, NULL);
    }
  g_assert_false (pair (&keys, keys.code.text, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_GONE, NULL);
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM device"), ==, 0);
}

/* ── Pushed operations ──────────────────────────────────────────────────────────────────────────────────────── */

static const RelayPushResult *
push_one (Keys *keys, RelayPushOperation *operation, GPtrArray **out_results, gint64 *out_expected)
{
  g_autoptr (GPtrArray) operations = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (operations, operation);
  g_clear_pointer (out_results, g_ptr_array_unref);
  *out_results =
    relay_links_push (keys->rig->store, &keys->rig->scope, &keys->device_id, operations, out_expected, &error);
  g_assert_no_error (error);
  return (*out_results)->pdata[0];
}

static void
test_push (void)
{
  g_autoptr (Rig) rig = rig_new ();
  Keys keys = { .rig = rig };
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autoptr (GPtrArray) results = NULL;
  RelayPushOperation put = { .op_id = "op_1", .seq = 1, .kind = "link.put", .id = link->id.text, .link = link };
  const RelayPushResult *result;
  gint64 expected;

  new_code (&keys);
  g_assert_true (pair (&keys, keys.code.text, NULL));
  link->created_at = link->updated_at = RIG_NOW;
  put.token = cobro_token_new (rig->random);
  result = push_one (&keys, &put, &results, &expected);
  g_assert_cmpstr (result->result.result, ==, "applied");
  g_assert_cmpint (result->result.rev, ==, 1);
  g_assert_cmpint (expected, ==, 2);
  result = push_one (&keys, &put, &results, &expected); /* the answer was lost */
  g_assert_cmpstr (result->result.result, ==, "applied");
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM event"), ==, 1);

  put.op_id = "op_other"; /* the same number, something else: the desktop was restored from a copy */
  result = push_one (&keys, &put, &results, &expected);
  g_assert_cmpstr (result->result.reason, ==, "sequence_reused");
  put.seq = 7;
  result = push_one (&keys, &put, &results, &expected);
  g_assert_cmpstr (result->result.reason, ==, "sequence_gap");
  g_assert_cmpint (expected, ==, 2);

  put.seq = 2;
  put.op_id = "op_2";
  put.base_rev = 0;
  cobro_link_set_text (&link->title, "Late edit");
  result = push_one (&keys, &put, &results, &expected);
  g_assert_cmpstr (result->result.result, ==, "conflict");
  g_assert_nonnull (strstr (result->current, "Coffee beans"));
  put.seq = 3;
  put.op_id = "op_3";
  put.base_rev = 1;
  result = push_one (&keys, &put, &results, &expected);
  g_assert_cmpstr (result->result.result, ==, "applied");
  g_assert_cmpint (result->result.rev, ==, 2);
  rig_assert_clean (rig);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/keys/keys", test_keys);
  g_test_add_func ("/relay/keys/pairing", test_pairing);
  g_test_add_func ("/relay/keys/pairing-tries", test_pairing_tries);
  g_test_add_func ("/relay/keys/push", test_push);
  return g_test_run ();
}
