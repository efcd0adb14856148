/* tests/store/test-attention.c — what needs attention is derived from the books, goes when it was decided, comes back
 * when it was taken back or stands otherwise, and gives back what is too much and not a cent more. Layer: tests. */
#include "attention-fixture.h"

static CobroMatter *
must_find (StoreFixture *self, CobroMatterKind kind)
{
  CobroMatter *matter = attention_find (self, kind);

  g_assert_nonnull (matter);
  return matter;
}

static void
assert_gone (StoreFixture *self, CobroMatterKind kind)
{
  g_autoptr (CobroMatter) matter = attention_find (self, kind);

  g_assert_null (matter);
}

static void
take_back (StoreFixture *self, const CobroAttentionDecision *decision)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  cobro_attention_store_undo_async (self->store, decision, on_result_cb, &result);
  cobro_attention_store_undo_finish (self->store, wait_for_result (&result), &error);
  g_assert_no_error (error);
}

static void
assert_minor (CobroMoney money, gint64 minor)
{
  g_assert_cmpint (cobro_money_minor (money), ==, minor);
}

/* ── Pure ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_spread (void)
{
  const struct
  {
    gint64 amount, rests[3], parts[3];
    gboolean ok;
  } cases[] = {
    { 5, { 3, 9, 4 }, { 0, 5, 0 }, TRUE },  { 7, { 3, 4, 4 }, { 3, 4, 0 }, TRUE },
    { 11, { 3, 4, 4 }, { 3, 4, 4 }, TRUE }, { 12, { 3, 4, 4 }, { 3, 4, 4 }, FALSE },
    { 3, { 3, 3, 3 }, { 3, 0, 0 }, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      CobroMoney rests[3], parts[3];

      for (gsize k = 0; k < 3; k++)
        rests[k] = cobro_money (cases[i].rests[k], euro ());
      g_assert_cmpint (cobro_matter_spread (cobro_money (cases[i].amount, euro ()), rests, 3, parts), ==, cases[i].ok);
      for (gsize k = 0; k < 3; k++)
        assert_minor (parts[k], cases[i].parts[k]);
    }
}

static CobroMoney
eur (gint64 minor)
{
  return cobro_money (minor, euro ());
}

/* What came too much or too little, with what is on its way and what is a row of its own taken out. */
static void
test_sums (void)
{
  const struct
  {
    gint64 asked, net, paid, leaving, apart, amount;
    int kind; /* -1: nothing */
  } cases[] = {
    { 100, 100, 100, 0, 0, 0, -1 },
    { 100, 130, 130, 0, 0, 30, COBRO_MATTER_OVER },
    { 100, 130, 130, 30, 0, 0, -1 },
    { 100, 130, 130, 10, 0, 20, COBRO_MATTER_OVER },
    { 100, 200, 200, 0, 100, 0, -1 },
    { 100, 40, 40, 0, 0, 60, COBRO_MATTER_PARTIAL },
    { 100, 40, 40, 40, 0, 0, -1 },
    { 100, 70, 100, 0, 0, 0, -1 }, /* given back by decision */
    { 0, 50, 50, 0, 0, 50, COBRO_MATTER_OVER },
    { 100, 0, 0, 0, 0, 0, -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      CobroMatterSum sum = { eur (cases[i].asked), eur (cases[i].net), eur (cases[i].paid), eur (cases[i].leaving),
                             eur (cases[i].apart) };
      CobroMatterKind kind;
      CobroMoney amount;
      gboolean found = cobro_matter_of_sum (&sum, &kind, &amount);

      g_assert_cmpint (found ? (int)kind : -1, ==, cases[i].kind);
      if (found)
        assert_minor (amount, cases[i].amount);
    }
}

/* ── Books ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_every_kind (StoreFixture *self, gconstpointer data)
{
  const CobroMatterKind expected[] = {
    COBRO_MATTER_DISPUTE,   COBRO_MATTER_DISPUTE_LOST, COBRO_MATTER_SECOND_CHARGE, COBRO_MATTER_MISMATCH,
    COBRO_MATTER_SET_ASIDE, COBRO_MATTER_REFUND,       COBRO_MATTER_DUPLICATE,     COBRO_MATTER_LATE,
    COBRO_MATTER_OVER,      COBRO_MATTER_PARTIAL,      COBRO_MATTER_MAIL,          COBRO_MATTER_ENDPOINT,
    COBRO_MATTER_DELIVERY,  COBRO_MATTER_CONFLICT,     COBRO_MATTER_REJECTED,
  };
  const gint64 amounts[] = { 4000, 3000, 1200, 900, 0, 500, 1400, 1500, 500, 6000 };
  g_autoptr (GPtrArray) found = NULL;

  attention_fill (self);
  found = attention_list (self);
  g_assert_cmpuint (found->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < found->len; i++)
    {
      const CobroMatter *matter = found->pdata[i];

      g_assert_cmpint (matter->kind, ==, expected[i]);
      g_assert_cmpuint (cobro_matter_ways (matter), !=, 0);
      if (i < G_N_ELEMENTS (amounts) && amounts[i] != 0)
        assert_minor (matter->amount, amounts[i]);
    }
  g_assert_cmpint (((CobroMatter *)found->pdata[0])->due, ==, FIXTURE_NOW + 7 * COBRO_DAY);
}

/* Put away is put away, until it stands otherwise. */
static void
test_decided (StoreFixture *self, gconstpointer data)
{
  g_autoptr (CobroMatter) matter = NULL;
  g_autoptr (CobroMatter) more = NULL;
  g_autoptr (CobroAttentionDecision) decision = NULL;
  CobroId link = attention_link (self, "Part", 1000, TRUE);

  attention_pay (self, &link, 1000, 300, 0);
  matter = must_find (self, COBRO_MATTER_PARTIAL);
  decision = attention_decide (self, matter, COBRO_WAY_DISMISS);
  assert_gone (self, COBRO_MATTER_PARTIAL);
  store_fixture_reopen (self);
  assert_gone (self, COBRO_MATTER_PARTIAL);
  take_back (self, decision);
  g_clear_pointer (&matter, cobro_matter_unref);
  matter = must_find (self, COBRO_MATTER_PARTIAL);
  g_clear_pointer (&decision, cobro_attention_decision_free);
  decision = attention_decide (self, matter, COBRO_WAY_DISMISS);
  attention_pay (self, &link, 1000, 100, 0);
  more = must_find (self, COBRO_MATTER_PARTIAL);
  assert_minor (more->amount, 600);
}

/* One click gives back what is too much; taken back within the time, nothing was ever asked for. */
static void
test_refund_surplus (StoreFixture *self, gconstpointer data)
{
  g_autoptr (CobroMatter) over = NULL;
  g_autoptr (CobroMatter) again = NULL;
  g_autoptr (CobroAttentionDecision) decision = NULL;
  g_autoptr (GPtrArray) open = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  CobroId link = attention_link (self, "Over", 1000, TRUE);

  attention_pay (self, &link, 1000, 700, 0);
  attention_pay (self, &link, 1000, 500, 0);
  over = must_find (self, COBRO_MATTER_OVER);
  assert_minor (over->amount, 200);
  decision = attention_decide (self, over, COBRO_WAY_REFUND);
  assert_gone (self, COBRO_MATTER_OVER);
  open = cobro_refund_order_list_open (self->store, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (open->len, ==, 1);
  assert_minor (((CobroRefundOrder *)open->pdata[0])->amount, 200);
  g_assert_cmpint (((CobroRefundOrder *)open->pdata[0])->due, ==, FIXTURE_NOW + COBRO_ATTENTION_UNDO_TIME);

  /* A second click, as from another window, does not order it twice. */
  cobro_attention_store_decide_async (self->store, over, COBRO_WAY_REFUND, NULL, on_result_cb, &result);
  g_assert_null (cobro_attention_store_decide_finish (self->store, wait_for_result (&result), &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_cmpint (count_in_books (self, "SELECT count(*) AS n FROM refund_order"), ==, 1);

  take_back (self, decision);
  g_assert_cmpint (count_in_books (self, "SELECT count(*) AS n FROM refund_order"), ==, 0);
  again = must_find (self, COBRO_MATTER_OVER);
}

/* The duplicate goes back whole, and is not counted as too much beside that. */
static void
test_refund_duplicate (StoreFixture *self, gconstpointer data)
{
  g_autoptr (CobroMatter) twice = NULL;
  g_autoptr (CobroAttentionDecision) decision = NULL;
  CobroId link = attention_link (self, "Beans", 1400, FALSE);
  g_autofree char *sql = NULL;

  attention_pay (self, &link, 1400, 1400, 0);
  attention_pay (self, &link, 1400, 1400, COBRO_FLAG_DUPLICATE);
  assert_gone (self, COBRO_MATTER_OVER);
  twice = must_find (self, COBRO_MATTER_DUPLICATE);
  decision = attention_decide (self, twice, COBRO_WAY_REFUND);
  sql = g_strdup_printf ("SELECT sum (amount) AS n FROM refund_order WHERE payment_id = '%s'", twice->payment_id.text);
  g_assert_cmpint (count_in_books (self, sql), ==, 1400);
  assert_gone (self, COBRO_MATTER_DUPLICATE);
  assert_gone (self, COBRO_MATTER_OVER);

  /* Refused: told as such, and once. */
  exec_in_books (self, "UPDATE refund_order SET state = 3, problem = 'no'");
  assert_gone (self, COBRO_MATTER_DUPLICATE);
  g_clear_pointer (&twice, cobro_matter_unref);
  twice = must_find (self, COBRO_MATTER_REFUND);
  g_clear_pointer (&decision, cobro_attention_decision_free);
  decision = attention_decide (self, twice, COBRO_WAY_AGAIN);
  g_assert_cmpint (count_in_books (self, "SELECT count(*) AS n FROM refund_order WHERE state = 0"), ==, 1);
  assert_gone (self, COBRO_MATTER_REFUND);
}

/* No more is asked for: the link is closed, and open again when that is taken back. */
static void
test_close (StoreFixture *self, gconstpointer data)
{
  g_autoptr (CobroMatter) part = NULL;
  g_autoptr (CobroAttentionDecision) decision = NULL;
  g_autoptr (CobroLinkRecord) closed = NULL;
  g_autoptr (CobroLinkRecord) open = NULL;
  CobroId link = attention_link (self, "Part", 1000, TRUE);

  attention_pay (self, &link, 1000, 300, 0);
  part = must_find (self, COBRO_MATTER_PARTIAL);
  decision = attention_decide (self, part, COBRO_WAY_CLOSE);
  closed = must_load (self, &link);
  g_assert_cmpint (closed->link->decision, ==, COBRO_DECISION_CANCELLED);
  assert_gone (self, COBRO_MATTER_PARTIAL);
  take_back (self, decision);
  open = must_load (self, &link);
  g_assert_cmpint (open->link->decision, ==, COBRO_DECISION_ACTIVE);
  g_clear_pointer (&part, cobro_matter_unref);
  part = must_find (self, COBRO_MATTER_PARTIAL);
}

/* What only the relay can do is asked after a while, once; its no is shown with the reason. */
static void
test_errands (StoreFixture *self, gconstpointer data)
{
  g_autoptr (CobroMatter) twice = NULL;
  g_autoptr (CobroAttentionDecision) decision = NULL;
  g_autoptr (GPtrArray) errands = NULL;
  g_autoptr (GError) error = NULL;

  attention_fill (self);
  twice = must_find (self, COBRO_MATTER_SECOND_CHARGE);
  decision = attention_decide (self, twice, COBRO_WAY_RETURN);
  g_assert_cmpint (decision->due, ==, FIXTURE_NOW + COBRO_ATTENTION_UNDO_TIME);
  assert_gone (self, COBRO_MATTER_SECOND_CHARGE);
  store_fixture_reopen (self);
  errands = cobro_attention_store_errands (self->store, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (errands->len, ==, 1);
  g_assert_cmpstr (((CobroAttentionErrand *)errands->pdata[0])->target, ==, twice->payment_id.text);
  g_assert_cmpint (((CobroAttentionErrand *)errands->pdata[0])->way, ==, COBRO_WAY_RETURN);
  g_assert_true (cobro_attention_store_settle (self->store, errands->pdata[0], "it is another object's", &error));
  g_clear_pointer (&twice, cobro_matter_unref);
  twice = must_find (self, COBRO_MATTER_SECOND_CHARGE);
  g_assert_cmpstr (twice->problem, ==, "it is another object's");
}

/* The value that was put aside comes back into the link, and nothing else of it changes. */
static void
test_other_side (StoreFixture *self, gconstpointer data)
{
  g_autoptr (CobroMatter) conflict = NULL;
  g_autoptr (CobroLink) other = NULL;
  g_autoptr (CobroLinkRecord) now = NULL;
  g_autoptr (GError) error = NULL;

  attention_fill (self);
  conflict = must_find (self, COBRO_MATTER_CONFLICT);
  g_assert_cmpstr (conflict->where, ==, "description");
  other = cobro_attention_store_read_other (self->store, &conflict->link_id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (other->description, ==, "Roasted in Oslo");
  now = must_load (self, &conflict->link_id);
  g_assert_cmpstr (now->link->description, !=, other->description);
  g_assert_cmpstr (now->link->title, ==, other->title);
  g_assert_cmpstr (now->link->token.text, ==, other->token.text);
}

/* An endpoint that answers again needs nobody; one that fails anew does. */
static void
test_recovered (StoreFixture *self, gconstpointer data)
{
  g_autoptr (CobroMatter) off = NULL;

  attention_fill (self);
  attention_tell (self, "delivery.recovered", "whk_01", NULL,
                  "{\"id\":\"whk_01\",\"url\":\"https://shop.example/hook\"}");
  assert_gone (self, COBRO_MATTER_ENDPOINT);
  attention_tell (self, "delivery.exhausted", "whk_01", NULL,
                  "{\"id\":\"whk_01\",\"url\":\"https://shop.example/hook\",\"reason\":\"gone\",\"deliveries\":1}");
  off = must_find (self, COBRO_MATTER_ENDPOINT);
}

/* ── Told once ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static guint
announce (StoreFixture *self)
{
  g_autoptr (GPtrArray) matters = attention_list (self);
  g_autoptr (GPtrArray) news = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  cobro_attention_store_announce_async (self->store, matters, NULL, on_result_cb, &result);
  news = cobro_attention_store_announce_finish (self->store, wait_for_result (&result), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < news->len; i++)
    g_assert_true (cobro_matter_calls (news->pdata[i]));
  return news->len;
}

/* Also over a restart; something new is told alone, and what is settled is forgotten. */
static void
test_told_once (StoreFixture *self, gconstpointer data)
{
  guint all;
  CobroId link;

  attention_fill (self);
  all = announce (self);
  g_assert_cmpuint (all, >=, 8);
  g_assert_cmpuint (announce (self), ==, 0);
  store_fixture_reopen (self);
  g_assert_cmpuint (announce (self), ==, 0);
  g_assert_cmpint (count_in_books (self, "SELECT count (*) AS n FROM attention_told"), ==, all);

  link = attention_link (self, "One more", 2000, FALSE);
  attention_dispute (self, &link, 2000, 0, FIXTURE_NOW + COBRO_DAY);
  g_assert_cmpuint (announce (self), ==, 1);
  exec_in_books (self, "UPDATE payment SET flags = 0");
  announce (self);
  g_assert_cmpint (count_in_books (self, "SELECT count (*) AS n FROM attention_told"), <, all);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/attention/spread", test_spread);
  g_test_add_func ("/attention/sums", test_sums);
#define ADD(path, func) g_test_add (path, StoreFixture, NULL, store_fixture_set_up, func, store_fixture_tear_down)
  ADD ("/attention/every-kind", test_every_kind);
  ADD ("/attention/decided", test_decided);
  ADD ("/attention/refund-surplus", test_refund_surplus);
  ADD ("/attention/refund-duplicate", test_refund_duplicate);
  ADD ("/attention/close", test_close);
  ADD ("/attention/errands", test_errands);
  ADD ("/attention/other-side", test_other_side);
  ADD ("/attention/recovered", test_recovered);
  ADD ("/attention/told-once", test_told_once);
  return g_test_run ();
}
