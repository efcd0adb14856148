/* tests/relay/api/test-dyn-access.c — access tokens against the clock, the keys of their time, other books, and the
 * link as it is stored now. Layer: tests. proves: DYN-3, DYN-9 */
#include <string.h>

#include "cobro-error.h"
#include "cobro-wire-jwt.h"
#include "relay-api-dyn.h"
#include "relay-balance-store.h"
#include "rig.h"

#define PERIOD (30 * COBRO_DAY)
#define REF_A  "4dbd4d3fb22e33631807356afe13c016d200548a635cd99e"
#define REF_B  "00bd4d3fb22e33631807356afe13c016d200548a635cd99e"

/* A request that brings one token, as far as the check looks. */
static gboolean
check (Rig *rig, const char *token, GError **error)
{
  RelayContext ctx = { .store = rig->store, .checkout = rig->checkout, .clock = rig->clock, .random = rig->random };
  g_autoptr (GHashTable) headers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  RelayRequest request = { .headers = headers };
  g_auto (RelayDynAccess) access = { 0 };

  g_hash_table_insert (headers, (gpointer) "authorization", g_strconcat ("Bearer ", token, NULL));
  return relay_dyn_access_check (&ctx, &request, &access, error);
}

static void
assert_refused (Rig *rig, const char *token, CobroError code, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (check (rig, token, &error));
  g_assert_error (error, COBRO_ERROR, (int)code);
  if (strstr (error->message, words) == NULL)
    g_error ("\"%s\" instead of \"%s\"", error->message, words);
}

static void
assert_good (Rig *rig, const char *token)
{
  g_autoptr (GError) error = NULL;

  check (rig, token, &error);
  g_assert_no_error (error);
}

/* A link for a payer's address; its reference is @ref. */
static CobroLink *
publish (Rig *rig, const char *ref)
{
  CobroLink *link = rig_link_new (rig);
  g_autofree char *token = NULL;

  cobro_link_set_text (&link->customer_email, "bea@example.com");
  g_assert_true (cobro_token_parse (ref, &link->token, NULL));
  token = rig_publish (rig, link);
  g_assert_cmpstr (token, ==, ref);
  return link;
}

static char *
make (Rig *rig, const CobroLink *link, const char *ref)
{
  RelayContext ctx = { .store = rig->store, .clock = rig->clock };
  g_autoptr (RelayLinkRecord) record = rig_find_link (rig, link);
  g_autoptr (GError) error = NULL;
  CobroTime expires;
  char *token = relay_dyn_access_make (&ctx, record, ref, &expires, &error);

  g_assert_no_error (error);
  g_assert_cmpint (expires, ==, cobro_clock_now (rig->clock) + COBRO_HOUR);
  return token;
}

/* ── Time ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_life (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = publish (rig, REF_A);
  g_autofree char *token = make (rig, link, REF_A);
  g_autofree char *later = NULL;

  assert_good (rig, token);
  cobro_clock_advance (rig->clock, COBRO_HOUR - COBRO_SECOND);
  assert_good (rig, token);
  cobro_clock_advance (rig->clock, COBRO_SECOND);
  assert_refused (rig, token, COBRO_ERROR_UNAUTHORIZED, "is over");
  later = make (rig, link, REF_A);
  assert_good (rig, later);
  /* Another relay's clock is behind. */
  cobro_clock_advance (rig->clock, -4 * COBRO_MINUTE);
  assert_good (rig, later);
  cobro_clock_advance (rig->clock, -2 * COBRO_MINUTE);
  assert_refused (rig, later, COBRO_ERROR_UNAUTHORIZED, "in the future");
}

static void
go_to (Rig *rig, CobroTime when)
{
  cobro_clock_advance (rig->clock, when - cobro_clock_now (rig->clock));
}

static char *
first_jwk (Rig *rig, guint *out_n)
{
  RelayContext ctx = { .store = rig->store, .clock = rig->clock };
  g_autoptr (GPtrArray) keys = relay_dyn_list_keys (&ctx);

  *out_n = keys->len;
  return cobro_wire_jwe_key_to_jwk (keys->pdata[0]);
}

/* Keys change; who was on the way stays so, and nothing older does. */
static void
test_rotation (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = publish (rig, REF_A);
  CobroTime turn = (cobro_clock_now (rig->clock) / PERIOD + 1) * PERIOD;
  g_autofree char *token = NULL;
  g_autofree char *ahead = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *again = NULL;
  guint n;

  go_to (rig, turn - COBRO_HOUR);
  before = first_jwk (rig, &n);
  g_assert_cmpuint (n, ==, 1);
  go_to (rig, turn - COBRO_SECOND);
  again = first_jwk (rig, &n);
  g_assert_cmpstr (again, ==, before);
  g_assert_cmpuint (n, ==, 2); /* a relay whose clock is ahead has the next one already */
  token = make (rig, link, REF_A);
  go_to (rig, turn);
  after = first_jwk (rig, &n);
  g_assert_cmpstr (after, !=, before);
  g_assert_cmpuint (n, ==, 2);
  assert_good (rig, token);
  go_to (rig, turn + COBRO_HOUR - 2 * COBRO_SECOND);
  assert_good (rig, token);
  go_to (rig, turn + COBRO_MINUTE);
  ahead = make (rig, link, REF_A); /* by the relay that is ahead */
  go_to (rig, turn - COBRO_MINUTE);
  assert_good (rig, ahead);
  go_to (rig, turn + 2 * COBRO_HOUR);
  g_free (first_jwk (rig, &n));
  g_assert_cmpuint (n, ==, 1);
}

/* The same books have the same keys; others have others. */
static void
test_books (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (Rig) foreign = rig_new ();
  g_autoptr (CobroLink) link = publish (rig, REF_A);
  g_autoptr (CobroLink) theirs = publish (foreign, REF_A);
  g_autofree char *token = make (rig, link, REF_A);
  guint n;
  g_autofree char *before = first_jwk (rig, &n);
  g_autofree char *other = first_jwk (foreign, &n);
  g_autofree char *after = NULL;

  g_assert_cmpstr (before, !=, other);
  assert_refused (foreign, token, COBRO_ERROR_UNAUTHORIZED, "not ours");
  rig_restart (rig, TRUE);
  after = first_jwk (rig, &n);
  g_assert_cmpstr (before, ==, after);
  assert_good (rig, token);
  rig_lose_key (rig);
  assert_refused (rig, token, COBRO_ERROR_UNAUTHORIZED, "not ours");
}

/* ── Claims ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Signed with the relay's own key: what no stranger can make. */
static char *
sign (Rig *rig, const char *claims)
{
  g_autofree char *purpose = g_strdup_printf ("dyn access|%" G_GINT64_FORMAT, cobro_clock_now (rig->clock) / PERIOD);
  g_autoptr (GError) error = NULL;
  guint8 key[32];
  char *token;

  relay_store_derive (rig->store, purpose, key);
  token = cobro_wire_jwt_make (claims, key, sizeof key, &error);
  g_assert_no_error (error);
  return token;
}

static void
test_claims (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = publish (rig, REF_A);
  g_autoptr (CobroLink) other = publish (rig, REF_B);
  RelayContext ctx = { .store = rig->store };
  g_autofree char *id = relay_dyn_transaction_id (&ctx, &link->id);
  g_autofree char *other_id = relay_dyn_transaction_id (&ctx, &other->id);
  gint64 over = cobro_clock_now (rig->clock) / COBRO_SECOND + 60;
  const struct
  {
    const char *email, *ref, *type, *id, *more;
    CobroError code;
    const char *words;
  } cases[] = {
    { "bea@example.com", REF_A, "createLink", id, "", 0, NULL },
    { "bea@example.com", REF_B, "createLink", other_id, "", 0, NULL },
    { "bea@example.com", REF_B, "createLink", id, "", COBRO_ERROR_UNAUTHORIZED, "another link" },
    { "bea@example.com", REF_A, "createLink", other_id, "", COBRO_ERROR_UNAUTHORIZED, "another link" },
    { "eve@example.com", REF_A, "createLink", id, "", COBRO_ERROR_UNAUTHORIZED, "another link" },
    { "", REF_A, "createLink", id, "", COBRO_ERROR_UNAUTHORIZED, "another link" },
    { "bea@example.com", REF_A, "deleteLink", id, "", COBRO_ERROR_UNAUTHORIZED, "not one of getData's" },
    { "bea@example.com", REF_A, "createLink", id, ",\"admin\":true", COBRO_ERROR_UNAUTHORIZED, "not one of getData's" },
    { "bea@example.com", REF_A, "createLink", id, ",\"nbf\":99999999999", COBRO_ERROR_UNAUTHORIZED, "not valid yet" },
  };
  g_autofree char *endless =
    g_strdup_printf ("{\"email\":\"bea@example.com\",\"ref\":\"%s\",\"pathType\":\"createLink\","
                     "\"id\":\"%s\"}",
                     REF_A, id);
  g_autofree char *endless_token = sign (rig, endless);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *claims =
        g_strdup_printf ("{\"email\":\"%s\",\"ref\":\"%s\",\"pathType\":\"%s\",\"id\":\"%s\","
                         "\"exp\":%" G_GINT64_FORMAT "%s}",
                         cases[i].email, cases[i].ref, cases[i].type, cases[i].id, over, cases[i].more);
      g_autofree char *token = sign (rig, claims);

      if (cases[i].words == NULL)
        assert_good (rig, token);
      else
        assert_refused (rig, token, cases[i].code, cases[i].words);
    }
  assert_refused (rig, endless_token, COBRO_ERROR_UNAUTHORIZED, "when it is over");
}

/* ── The stored link ────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_link (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = publish (rig, REF_A);
  g_autofree char *token = make (rig, link, REF_A);
  g_autoptr (RelayLinkRecord) replaced = NULL;
  g_autoptr (GError) error = NULL;

  assert_good (rig, token);
  replaced = relay_links_replace_token (rig->store, &rig->scope, &link->id, NULL, NULL, &error);
  g_assert_no_error (error);
  assert_refused (rig, token, COBRO_ERROR_GONE, "replaced");
}

/* ── The balance ────────────────────────────────────────────────────────────────────────────────────────────── */

static GArray *
list_balance (Rig *rig, const CobroId *merchant_id, gboolean livemode)
{
  RelayScope scope = { *merchant_id, livemode };
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = relay_store_read (rig->store, &error);
  GArray *sums = relay_balance_list (reader->db, &scope, &error);

  g_assert_no_error (error);
  return sums;
}

/* DYN-10: what came in, by currency; of this mode, and of this merchant. */
static void
test_balance (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = rig_publish (rig, link);
  RelayBegin begin = { .token = token };
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayBeginResult) result = NULL;
  g_autoptr (GArray) before = list_balance (rig, &rig->scope.merchant_id, FALSE);
  g_autoptr (GArray) after = NULL;
  g_autoptr (GArray) live = NULL;
  g_autoptr (GArray) theirs = NULL;

  g_assert_cmpuint (before->len, ==, 0);
  rig->provider->begin = RIG_BEGIN_PAID;
  result = relay_checkout_begin (rig->checkout, &begin, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (result->payment->state, ==, COBRO_PAYMENT_SUCCEEDED);
  after = list_balance (rig, &rig->scope.merchant_id, FALSE);
  live = list_balance (rig, &rig->scope.merchant_id, TRUE);
  theirs = list_balance (rig, &link->id, FALSE); /* no merchant's id */
  g_assert_cmpuint (after->len, ==, 1);
  g_assert_true (cobro_money_equal (g_array_index (after, CobroMoney, 0), link->amount));
  g_assert_cmpuint (live->len, ==, 0);
  g_assert_cmpuint (theirs->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dyn/access/life", test_life);
  g_test_add_func ("/dyn/access/rotation", test_rotation);
  g_test_add_func ("/dyn/access/books", test_books);
  g_test_add_func ("/dyn/access/claims", test_claims);
  g_test_add_func ("/dyn/access/link", test_link);
  g_test_add_func ("/dyn/balance", test_balance);
  return g_test_run ();
}
