/* tests/relay/checkout/test-begin.c — payers begin, come back, give up, race; the provider answers well, badly, or not.
 * Layer: tests. */
#include <string.h>

#include "cobro-test.h"
#include "rig.h"

static RelayBeginResult *
begin_well (Rig *rig, const char *token, const char *payer_key)
{
  g_autoptr (GError) error = NULL;
  RelayBeginResult *result = rig_begin (rig, token, payer_key, &error);

  g_assert_no_error (error);
  g_assert_nonnull (result);
  return result;
}

static void
refute_begin (Rig *rig, const char *token, const char *payer_key, CobroError code, const char *path)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (rig_begin (rig, token, payer_key, &error));
  cobro_test_assert_error (&error, code, path);
}

/* The provider tells that money came; the janitor's or payer's question brings it in. */
static void
pay (Rig *rig, const char *token, const RelayBeginResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroPayment) payment = NULL;

  rig_object (rig, &result->payment->id)->kind = COBRO_FACT_SUCCEEDED;
  cobro_clock_advance (rig->clock, 3 * COBRO_SECOND);
  payment = relay_checkout_confirm (rig->checkout, token, result->payer_key, &error);
  g_assert_no_error (error);
  g_assert_cmpint (payment->state, ==, COBRO_PAYMENT_SUCCEEDED);
}

/* proves: OPL-6, OPF-6, INV-7 */
static void
test_single_use (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = rig_publish (rig, link);
  g_autoptr (RelayBeginResult) result = begin_well (rig, token, NULL);
  RelayBegin other = { .token = token };
  gint64 wait = 0;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (result->next, ==, RELAY_NEXT_REDIRECT);
  g_assert_cmpstr (result->url, ==, "https://rig.example/obj_1");
  g_assert_cmpstr (result->client_secret, ==, "obj_1_secret");
  g_assert_cmpint (strlen (result->payer_key), ==, 48);
  g_assert_cmpint (result->payment->state, ==, COBRO_PAYMENT_REQUIRES_ACTION);
  g_assert_null (relay_checkout_begin (rig->checkout, &other, &wait, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_BUSY, NULL);
  g_assert_cmpint (wait, ==, 600);
  g_assert_cmpint (rig->provider->begins, ==, 1);

  pay (rig, token, result);
  g_assert_cmpint (rig_view (rig, link).status, ==, COBRO_LINK_USED_UP);
  g_assert_cmpint (rig_view (rig, link).paid_status, ==, COBRO_PAID_PAID);
  refute_begin (rig, token, NULL, COBRO_ERROR_GONE, NULL);
  refute_begin (rig, token, result->payer_key, COBRO_ERROR_GONE, NULL);
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM event WHERE type LIKE 'payment.%'"), ==, 3);
  rig_assert_clean (rig);
}

/* The same payer is never locked out by their own attempt. */
static void
test_same_payer (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = NULL;
  g_autoptr (RelayBeginResult) first = NULL, again = NULL, anew = NULL, other = NULL;
  RelayBegin change = { .give_up = TRUE };
  g_autoptr (GError) error = NULL;

  token = rig_publish (rig, link);
  first = begin_well (rig, token, NULL);
  again = begin_well (rig, token, first->payer_key);
  g_assert_true (cobro_id_equal (&first->payment->id, &again->payment->id));
  g_assert_cmpstr (first->url, ==, again->url);
  g_assert_cmpint (rig->provider->begins, ==, 1);

  change.token = token;
  change.payer_key = first->payer_key;
  anew = relay_checkout_begin (rig->checkout, &change, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (cobro_id_equal (&first->payment->id, &anew->payment->id));
  g_assert_cmpint (rig->provider->cancels, ==, 1);
  g_assert_cmpint (rig->provider->begins, ==, 2);

  /* Another way: the old attempt is ended at the provider before the new one begins. */
  change.give_up = FALSE;
  change.method = COBRO_METHOD_CARD;
  other = relay_checkout_begin (rig->checkout, &change, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (cobro_id_equal (&anew->payment->id, &other->payment->id));
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM payment WHERE state = 'cancelled'"), ==, 1);
  rig_assert_clean (rig);
}

/* Giving up comes too late: the money is there. Nothing new begins. */
static void
test_give_up_too_late (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = rig_publish (rig, link);
  g_autoptr (RelayBeginResult) first = begin_well (rig, token, NULL), second = NULL;
  RelayBegin change = { .token = token, .payer_key = first->payer_key, .give_up = TRUE };
  g_autoptr (GError) error = NULL;

  rig_object (rig, &first->payment->id)->kind = COBRO_FACT_SUCCEEDED;
  second = relay_checkout_begin (rig->checkout, &change, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (second->next, ==, RELAY_NEXT_NOTHING);
  g_assert_cmpint (second->payment->state, ==, COBRO_PAYMENT_SUCCEEDED);
  g_assert_cmpint (rig->provider->begins, ==, 1);
  rig_assert_clean (rig);
}

/* The provider does not say whether it was cancelled: the old attempt goes on counting, nothing new begins. */
static void
test_give_up_unclear (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = rig_publish (rig, link);
  g_autoptr (RelayBeginResult) first = begin_well (rig, token, NULL), second = NULL;
  RelayBegin change = { .token = token, .payer_key = first->payer_key, .give_up = TRUE };
  g_autoptr (GError) error = NULL;

  rig->provider->cancel = RIG_ANSWER_NOTHING;
  second = relay_checkout_begin (rig->checkout, &change, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (cobro_id_equal (&first->payment->id, &second->payment->id));
  g_assert_cmpint (rig->provider->begins, ==, 1);
  refute_begin (rig, token, NULL, COBRO_ERROR_BUSY, NULL);
  rig_assert_clean (rig);
}

static void
test_refused (void)
{
  static const RigBegin refusals[] = { RIG_BEGIN_REFUSED, RIG_BEGIN_OVERLOADED, RIG_BEGIN_FAILED };
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = rig_publish (rig, link);
  g_autoptr (RelayBeginResult) paid = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr (RelayBeginResult) result = NULL;

      rig->provider->begin = refusals[i];
      result = begin_well (rig, token, NULL);
      g_assert_cmpint (result->payment->state, ==, COBRO_PAYMENT_FAILED);
      g_assert_cmpstr (result->payment->failure_code, !=, "");
      g_assert_cmpint (result->next, ==, RELAY_NEXT_NOTHING);
      g_assert_cmpint (rig_view (rig, link).paid_status, ==, COBRO_PAID_FAILED);
      rig_assert_clean (rig);
    }
  /* A failed attempt never ends the link. */
  rig->provider->begin = RIG_BEGIN_PAID;
  paid = begin_well (rig, token, NULL);
  g_assert_cmpint (paid->payment->state, ==, COBRO_PAYMENT_SUCCEEDED);
  g_assert_cmpint (rig_view (rig, link).paid_status, ==, COBRO_PAID_PAID);
  rig_assert_clean (rig);
}

/* The answer got lost. The payer comes back: the same payment, the same key, no second one at the provider. */
static void
test_lost_answer (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = rig_publish (rig, link);
  g_autoptr (RelayBeginResult) lost = NULL, back = NULL;

  rig->provider->begin = RIG_BEGIN_LOST;
  lost = begin_well (rig, token, NULL);
  g_assert_cmpint (lost->payment->state, ==, COBRO_PAYMENT_UNKNOWN);
  g_assert_cmpint (rig_view (rig, link).paid_status, ==, COBRO_PAID_PROCESSING);
  refute_begin (rig, token, NULL, COBRO_ERROR_BUSY, NULL);
  rig_assert_clean (rig);

  /* asking tells that the payment is there, and not where its payer goes on */
  cobro_payment_unref (relay_checkout_confirm (rig->checkout, token, lost->payer_key, NULL));
  g_assert_cmpint (rig->provider->queries, ==, 1);
  rig->provider->begin = RIG_BEGIN_REDIRECT;
  back = begin_well (rig, token, lost->payer_key);
  g_assert_true (cobro_id_equal (&lost->payment->id, &back->payment->id));
  g_assert_cmpstr (back->url, ==, "https://rig.example/obj_1");
  g_assert_cmpint (rig->provider->objects->len, ==, 1);
  pay (rig, token, back);
  g_assert_cmpint (rig_view (rig, link).paid_status, ==, COBRO_PAID_PAID);
  rig_assert_clean (rig);
}

static void
test_confirm_is_gentle (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = rig_publish (rig, link);
  g_autoptr (RelayBeginResult) result = begin_well (rig, token, NULL);
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 5; i++)
    cobro_payment_unref (relay_checkout_confirm (rig->checkout, token, result->payer_key, &error));
  g_assert_no_error (error);
  g_assert_cmpint (rig->provider->queries, ==, 1);
  g_assert_null (relay_checkout_confirm (rig->checkout, token, NULL, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_NOT_FOUND, NULL);
  g_assert_null (
    relay_checkout_confirm (rig->checkout, token, "0123456789abcdef0123456789abcdef0123456789abcdef", &error));
  cobro_test_assert_error (&error, COBRO_ERROR_NOT_FOUND, NULL);
  g_assert_null (relay_checkout_confirm_object (rig->checkout, token, "obj_2", &error));
  cobro_test_assert_error (&error, COBRO_ERROR_NOT_FOUND, NULL);
  g_assert_null (relay_checkout_confirm_object (rig->checkout, token, "", &error));
  cobro_test_assert_error (&error, COBRO_ERROR_NOT_FOUND, NULL);
}

/* ── Uses, windows, decisions ───────────────────────────────────────────────────────────────────────────────── */

/* proves: OPL-6 */
static void
test_limited (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = NULL;
  g_autoptr (RelayBeginResult) a = NULL, b = NULL, c = NULL, d = NULL;

  link->usage = COBRO_USAGE_LIMITED;
  link->usage_limit = 3;
  token = rig_publish (rig, link);
  a = begin_well (rig, token, NULL);
  b = begin_well (rig, token, NULL);
  c = begin_well (rig, token, NULL);
  refute_begin (rig, token, NULL, COBRO_ERROR_BUSY, NULL);
  g_assert_cmpint (rig_count (rig, "SELECT count(DISTINCT slot) AS n FROM payment WHERE leased = 1"), ==, 3);
  pay (rig, token, a);
  rig_object (rig, &b->payment->id)->kind = COBRO_FACT_FAILED;
  cobro_payment_unref (relay_checkout_confirm (rig->checkout, token, b->payer_key, NULL));
  d = begin_well (rig, token, NULL); /* b's slot came back */
  pay (rig, token, c);
  g_assert_cmpint (rig_view (rig, link).status, ==, COBRO_LINK_OPEN);
  pay (rig, token, d);
  g_assert_cmpint (rig_view (rig, link).status, ==, COBRO_LINK_USED_UP);
  refute_begin (rig, token, NULL, COBRO_ERROR_GONE, NULL);
  rig_assert_clean (rig);
}

/* proves: OPL-6 */
static void
test_unlimited (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = NULL;
  g_autoptr (RelayLinkRecord) record = NULL;

  link->usage = COBRO_USAGE_UNLIMITED;
  token = rig_publish (rig, link);
  for (int i = 0; i < 5; i++)
    {
      g_autoptr (RelayBeginResult) result = begin_well (rig, token, NULL);

      if (i > 0)
        pay (rig, token, result);
    }
  record = rig_find_link (rig, link);
  g_assert_cmpint (record->tally.uses, ==, 4);
  g_assert_cmpint (cobro_money_minor (record->tally.paid), ==, 4 * 1250);
  g_assert_cmpint (rig_view (rig, link).status, ==, COBRO_LINK_OPEN);
  rig_assert_clean (rig);
}

/* An expired link stays expired when the clock goes back, and when the relay starts again in the past. */
static void
test_clock_back (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = NULL;
  g_autoptr (GError) error = NULL;

  link->expires_at = RIG_NOW + COBRO_HOUR;
  token = rig_publish (rig, link);
  rig_janitor (rig, 2 * COBRO_HOUR);
  refute_begin (rig, token, NULL, COBRO_ERROR_GONE, NULL);
  cobro_clock_advance (rig->clock, -2 * COBRO_HOUR);
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (RelayPage) page = relay_checkout_page (rig->checkout, token, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpint (page->view.status, ==, COBRO_LINK_EXPIRED);
      g_assert_false (page->can_pay);
      refute_begin (rig, token, NULL, COBRO_ERROR_GONE, NULL);
      rig_restart (rig, FALSE);
      g_assert_true (relay_janitor_resume (rig->checkout, &error));
      g_assert_no_error (error);
    }
  g_assert_cmpint (rig->provider->begins, ==, 0);
  rig_assert_clean (rig);
}

/* proves: OPL-5, OPL-6, INV-7, INV-13, DYN-11 */
static void
test_closed (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig), draft = rig_link_new (rig);
  g_autofree char *token = NULL;
  g_autofree char *hidden = NULL;
  g_autoptr (GError) error = NULL;
  CobroToken newer;

  link->not_before = RIG_NOW + COBRO_HOUR;
  link->expires_at = RIG_NOW + COBRO_DAY;
  token = rig_publish (rig, link);
  refute_begin (rig, token, NULL, COBRO_ERROR_STATE, NULL);
  cobro_clock_advance (rig->clock, COBRO_HOUR);
  relay_link_record_free (relay_links_decide (rig->store, &rig->scope, &link->id, 0, COBRO_DECISION_PAUSED, &error));
  refute_begin (rig, token, NULL, COBRO_ERROR_STATE, NULL);
  relay_link_record_free (relay_links_decide (rig->store, &rig->scope, &link->id, 0, COBRO_DECISION_ACTIVE, &error));
  cobro_clock_advance (rig->clock, COBRO_DAY);
  refute_begin (rig, token, NULL, COBRO_ERROR_GONE, NULL);
  relay_link_record_free (relay_links_decide (rig->store, &rig->scope, &link->id, 0, COBRO_DECISION_CANCELLED, &error));
  refute_begin (rig, token, NULL, COBRO_ERROR_GONE, NULL);
  relay_link_record_free (relay_links_replace_token (rig->store, &rig->scope, &link->id, NULL, &newer, &error));
  g_assert_no_error (error);
  refute_begin (rig, token, NULL, COBRO_ERROR_GONE, NULL);
  refute_begin (rig, newer.text, NULL, COBRO_ERROR_GONE, NULL);
  draft->decision = COBRO_DECISION_DRAFT;
  hidden = rig_publish (rig, draft);
  refute_begin (rig, hidden, NULL, COBRO_ERROR_NOT_FOUND, NULL);
  refute_begin (rig, "no token", NULL, COBRO_ERROR_NOT_FOUND, NULL);
  g_assert_cmpint (rig->provider->begins, ==, 0);
  rig_assert_clean (rig);
}

/* ── Amounts and data ───────────────────────────────────────────────────────────────────────────────────────── */

/* Begins with what @begin says; the payment's amount in minor units, or -1 with the error checked. */
static gint64
try_begin (Rig *rig, const RelayBegin *begin, CobroError code, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayBeginResult) result = relay_checkout_begin (rig->checkout, begin, NULL, &error);

  if (path == NULL)
    {
      g_assert_no_error (error);
      return cobro_money_minor (result->payment->amount);
    }
  g_assert_null (result);
  cobro_test_assert_error (&error, code, path);
  return -1;
}

static void
test_open_amount (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = NULL;
  RelayBegin begin = { .token = NULL };
  CobroCurrency yen;

  link->pricing = COBRO_PRICING_OPEN;
  link->usage = COBRO_USAGE_UNLIMITED;
  link->amount = COBRO_MONEY_NONE;
  link->minimum = cobro_money (500, link->currency);
  link->maximum = cobro_money (10000, link->currency);
  token = rig_publish (rig, link);
  begin.token = token;
  try_begin (rig, &begin, COBRO_ERROR_INVALID, "amount");
  begin.amount = cobro_money (499, link->currency);
  try_begin (rig, &begin, COBRO_ERROR_INVALID, "amount");
  begin.amount = cobro_money (10001, link->currency);
  try_begin (rig, &begin, COBRO_ERROR_INVALID, "amount");
  begin.amount = cobro_money (-700, link->currency);
  try_begin (rig, &begin, COBRO_ERROR_INVALID, "amount");
  g_assert_true (cobro_currency_from_code ("JPY", &yen, NULL));
  begin.amount = cobro_money (700, yen);
  try_begin (rig, &begin, COBRO_ERROR_INVALID, "amount");
  begin.amount = cobro_money (700, link->currency);
  g_assert_cmpint (try_begin (rig, &begin, 0, NULL), ==, 700);
  begin.method = COBRO_METHOD_CRYPTO;
  try_begin (rig, &begin, COBRO_ERROR_INVALID, "method");
  g_assert_cmpint (rig->provider->begins, ==, 1);
}

/* The browser names another price for a fixed one: refused. */
static void
test_fixed_amount (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = rig_publish (rig, link);
  RelayBegin begin = { .token = token, .amount = cobro_money (1, link->currency) };
  gint64 two[] = { 2 };

  try_begin (rig, &begin, COBRO_ERROR_INVALID, "amount");
  begin.amount = cobro_money (1250, link->currency);
  begin.quantities = two;
  begin.n_quantities = 1;
  try_begin (rig, &begin, COBRO_ERROR_INVALID, "quantities");
  begin.quantities = NULL;
  g_assert_cmpint (try_begin (rig, &begin, 0, NULL), ==, 1250);
}

static void
test_lines (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = NULL;
  gint64 wrong[] = { 10, 1 }, changed[] = { 3, 1 }, fixed[] = { 1, 2 };
  RelayBegin begin = { .n_quantities = 2 };

  link->pricing = COBRO_PRICING_LINES;
  link->amount = COBRO_MONEY_NONE;
  g_ptr_array_add (link->lines, cobro_link_line_new ("Beans", cobro_money (1000, link->currency), 1, 9, 0));
  g_ptr_array_add (link->lines, cobro_link_line_new ("Mug", cobro_money (700, link->currency), 1, 0, 0));
  token = rig_publish (rig, link);
  begin.token = token;
  begin.quantities = wrong;
  try_begin (rig, &begin, COBRO_ERROR_INVALID, "quantities[0]");
  begin.quantities = fixed;
  try_begin (rig, &begin, COBRO_ERROR_INVALID, "quantities[1]");
  begin.quantities = changed;
  begin.n_quantities = 1;
  try_begin (rig, &begin, COBRO_ERROR_INVALID, "quantities");
  begin.n_quantities = 2;
  begin.amount = cobro_money (1700, link->currency);
  try_begin (rig, &begin, COBRO_ERROR_INVALID, "amount");
  begin.amount = COBRO_MONEY_NONE;
  g_assert_cmpint (try_begin (rig, &begin, 0, NULL), ==, 3700);
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM payment WHERE quantities = '3,1'"), ==, 1);
}

/* proves: OPL-7 */
static void
test_payer_data (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = NULL;
  g_autoptr (GHashTable) answers = g_hash_table_new (g_str_hash, g_str_equal);
  RelayBegin begin = { .payer_name = "Bea", .payer_fields = answers };
  g_autoptr (RelayBeginResult) result = NULL;

  link->collect = COBRO_COLLECT_EMAIL;
  g_ptr_array_add (link->fields, cobro_link_field_new ("size", "Size", TRUE));
  g_hash_table_insert (link->metadata, g_strdup ("order"), g_strdup ("17"));
  token = rig_publish (rig, link);
  begin.token = token;
  try_begin (rig, &begin, COBRO_ERROR_INVALID, "email");
  begin.payer_email = "not an address";
  try_begin (rig, &begin, COBRO_ERROR_INVALID, "email");
  begin.payer_email = " bea@example.org ";
  try_begin (rig, &begin, COBRO_ERROR_INVALID, "fields.size");
  g_hash_table_insert (answers, (char *)"size", (char *)"\x1b[31m");
  try_begin (rig, &begin, COBRO_ERROR_INVALID, "fields.size");
  g_hash_table_insert (answers, (char *)"size", (char *)"XL");
  g_hash_table_insert (answers, (char *)"other", (char *)"not asked for");
  result = relay_checkout_begin (rig->checkout, &begin, NULL, NULL);
  g_assert_cmpstr (result->payment->payer_email, ==, "bea@example.org");
  g_assert_cmpstr (result->payment->payer_name, ==, ""); /* not asked for, not kept */
  g_assert_cmpstr (g_hash_table_lookup (result->payment->payer_fields, "size"), ==, "XL");
  g_assert_cmpint (g_hash_table_size (result->payment->payer_fields), ==, 1);
  g_assert_cmpstr (g_hash_table_lookup (result->payment->metadata, "order"), ==, "17");
}

static void
test_partial (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = NULL;
  RelayBegin begin = { .token = NULL };
  g_autoptr (RelayBeginResult) part = NULL, rest = NULL;
  g_autoptr (GError) error = NULL;

  link->partial = COBRO_PARTIAL_ON;
  link->minimum_first = cobro_money (400, link->currency);
  token = rig_publish (rig, link);
  begin.token = token;
  begin.amount = cobro_money (399, link->currency);
  try_begin (rig, &begin, COBRO_ERROR_INVALID, "amount");
  begin.amount = cobro_money (500, link->currency);
  part = relay_checkout_begin (rig->checkout, &begin, NULL, &error);
  g_assert_no_error (error);
  refute_begin (rig, token, NULL, COBRO_ERROR_BUSY, NULL);
  pay (rig, token, part);
  g_assert_cmpint (rig_view (rig, link).paid_status, ==, COBRO_PAID_PARTIALLY);
  g_assert_cmpint (rig_view (rig, link).status, ==, COBRO_LINK_OPEN);
  rig_assert_clean (rig);
  rest = begin_well (rig, token, NULL);
  g_assert_cmpint (cobro_money_minor (rest->payment->amount), ==, 750);
  pay (rig, token, rest);
  g_assert_cmpint (rig_view (rig, link).paid_status, ==, COBRO_PAID_PAID);
  g_assert_cmpint (rig_view (rig, link).status, ==, COBRO_LINK_USED_UP);
  rig_assert_clean (rig);
}

/* ── The breaker ────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_breaker (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = NULL;
  RelayBegin begin = { .token = NULL };
  g_autoptr (GError) error = NULL;
  gint64 wait = 0;
  int reached;

  link->usage = COBRO_USAGE_UNLIMITED;
  token = rig_publish (rig, link);
  begin.token = token;
  rig->provider->begin = RIG_BEGIN_NEVER_CAME;
  for (int i = 0; i < 5; i++)
    relay_begin_result_free (begin_well (rig, token, NULL));
  reached = rig->provider->begins;
  g_assert_null (relay_checkout_begin (rig->checkout, &begin, &wait, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_UNAVAILABLE, NULL);
  g_assert_cmpint (wait, >, 0);
  g_assert_cmpint (rig->provider->begins, ==, reached);
  /* The link stays payable: after a while one probe passes and closes it again. */
  rig->provider->begin = RIG_BEGIN_PAID;
  cobro_clock_advance (rig->clock, 40 * COBRO_SECOND);
  relay_begin_result_free (begin_well (rig, token, NULL));
  relay_begin_result_free (begin_well (rig, token, NULL));
  rig_assert_clean (rig);
}

/* Who starts over is not asked again for what the link wants to know. */
static void
test_start_over (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = NULL;
  RelayBegin begin = { .payer_name = "Zoë", .payer_email = "zoe@mail.example" };
  RelayBegin over = { .give_up = TRUE };
  g_autoptr (RelayBeginResult) first = NULL;
  g_autoptr (RelayBeginResult) second = NULL;
  g_autoptr (GError) error = NULL;

  link->collect = COBRO_COLLECT_NAME | COBRO_COLLECT_EMAIL;
  token = rig_publish (rig, link);
  begin.token = over.token = token;
  first = relay_checkout_begin (rig->checkout, &begin, NULL, &error);
  g_assert_no_error (error);
  over.payer_key = first->payer_key;
  second = relay_checkout_begin (rig->checkout, &over, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (cobro_id_equal (&second->payment->id, &first->payment->id));
  g_assert_cmpstr (second->payment->payer_name, ==, "Zoë");
  g_assert_cmpstr (second->payment->payer_email, ==, "zoe@mail.example");
  rig_assert_clean (rig);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/begin/single-use", test_single_use);
  g_test_add_func ("/relay/begin/same-payer", test_same_payer);
  g_test_add_func ("/relay/begin/give-up-too-late", test_give_up_too_late);
  g_test_add_func ("/relay/begin/give-up-unclear", test_give_up_unclear);
  g_test_add_func ("/relay/begin/refused", test_refused);
  g_test_add_func ("/relay/begin/lost-answer", test_lost_answer);
  g_test_add_func ("/relay/begin/confirm-is-gentle", test_confirm_is_gentle);
  g_test_add_func ("/relay/begin/limited", test_limited);
  g_test_add_func ("/relay/begin/unlimited", test_unlimited);
  g_test_add_func ("/relay/begin/closed", test_closed);
  g_test_add_func ("/relay/begin/clock-back", test_clock_back);
  g_test_add_func ("/relay/begin/open-amount", test_open_amount);
  g_test_add_func ("/relay/begin/fixed-amount", test_fixed_amount);
  g_test_add_func ("/relay/begin/lines", test_lines);
  g_test_add_func ("/relay/begin/payer-data", test_payer_data);
  g_test_add_func ("/relay/begin/partial", test_partial);
  g_test_add_func ("/relay/begin/breaker", test_breaker);
  g_test_add_func ("/relay/begin/start-over", test_start_over);
  return g_test_run ();
}
