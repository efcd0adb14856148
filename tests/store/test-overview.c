/* tests/store/test-overview.c — how the business stands: the counter of what came in is the sum of the payments
 * whatever happens to them; months begin where the merchant is; currencies are never added. Layer: tests. */
#include "cobro-overview-store.h"
#include "invoice-fixture.h"

#define OPERATIONS 400

static CobroOverviewFigures *
load (StoreFixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CobroOverviewFigures *figures;

  cobro_overview_store_load_async (fixture->store, NULL, on_result_cb, &result);
  figures = cobro_overview_store_load_finish (fixture->store, wait_for_result (&result), &error);
  g_assert_no_error (error);
  return figures;
}

/* What the counter says and what the payments say, each without the other. */
#define COUNTED "SELECT slot, currency, came, n FROM takings WHERE n <> 0 OR came <> 0"
#define SUMMED                                                                                                         \
  "SELECT paid_at / 900000000, coalesce (received_currency, currency), sum (coalesce (received, amount)), count (*) "  \
  "FROM payment WHERE state = 7 AND manual <> 2 AND sample = 0 AND paid_at IS NOT NULL GROUP BY 1, 2"

static void
assert_counted (StoreFixture *fixture)
{
  g_assert_cmpint (count_in_books (fixture, "SELECT count (*) AS n FROM (" COUNTED " EXCEPT " SUMMED ")"), ==, 0);
  g_assert_cmpint (count_in_books (fixture, "SELECT count (*) AS n FROM (" SUMMED " EXCEPT " COUNTED ")"), ==, 0);
}

/* A payment as events and people leave it: new, over an older state of it, or gone. */
static void
happen (StoreFixture *fixture)
{
  static const char *const currencies[] = { "'EUR'", "'USD'", "'JPY'" };
  static const char *const received[] = { "NULL, NULL", "990, 'EUR'", "1200, 'USD'" };
  int id = g_test_rand_int_range (0, 40);
  g_autofree char *sql =
    g_test_rand_int_range (0, 10) == 0
      ? g_strdup_printf ("DELETE FROM payment WHERE id = 'pay_%d'", id)
      : g_strdup_printf (
          "INSERT INTO payment (id, link_id, document, state, currency, amount, received, received_currency, manual, "
          "paid_at, created_at, updated_at) VALUES ('pay_%d', 'link_%d', '{}', %d, %s, %d, %s, %d, %s, 1, 1) "
          "ON CONFLICT (id) DO UPDATE SET state = excluded.state, received = excluded.received, "
          "received_currency = excluded.received_currency, manual = excluded.manual, paid_at = excluded.paid_at",
          id, id % 4, g_test_rand_bit () ? 7 : g_test_rand_int_range (0, 8), currencies[g_test_rand_int_range (0, 3)],
          g_test_rand_int_range (1, 100000), received[g_test_rand_int_range (0, 3)], g_test_rand_int_range (0, 3),
          g_test_rand_int_range (0, 8) == 0 ? "NULL"
          : g_test_rand_bit ()              ? "1700000000000000"
                                            : "1700000899000000");

  exec_in_books (fixture, sql);
}

static void
test_counter (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = new_link ("Tea", 100);
  g_autoptr (CobroLinkChange) change = must_put (fixture, link);

  exec_in_books (fixture, "UPDATE link SET id = 'link_1'");
  for (int i = 0; i < OPERATIONS; i++)
    {
      happen (fixture);
      if (i % 50 == 0)
        exec_in_books (fixture, "UPDATE link SET sample = 1 - sample WHERE id = 'link_1'");
      assert_counted (fixture);
    }
  g_assert_cmpint (count_in_books (fixture, "SELECT count (*) AS n FROM payment WHERE sample = 1"), <,
                   count_in_books (fixture, "SELECT count (*) AS n FROM payment"));
  exec_in_books (fixture, "UPDATE link SET sample = 1");
  g_assert_cmpint (count_in_books (fixture, "SELECT count (*) AS n FROM payment WHERE link_id = 'link_1' AND "
                                            "sample = 0"),
                   ==, 0);
  assert_counted (fixture);
  exec_in_books (fixture, "DELETE FROM payment");
  assert_counted (fixture);
}

/* Times of Melbourne, eleven hours ahead: the books' merchant is there; the clock says 15 November 2023, 9:13. */
static void
pay (StoreFixture *fixture, const char *utc, const char *currency, int minor)
{
  g_autofree char *sql = NULL;
  CobroTime at;
  static int number;

  g_assert_true (cobro_time_from_text (utc, &at, NULL));
  sql = g_strdup_printf ("INSERT INTO payment (id, document, state, currency, amount, paid_at, created_at, updated_at) "
                         "VALUES ('pay_t%d', '{}', 7, '%s', %d, %" G_GINT64_FORMAT ", 1, 1)",
                         number++, currency, minor, at);
  exec_in_books (fixture, sql);
}

static const CobroOverviewTakings *
takings_in (const CobroOverviewFigures *figures, guint i, const char *code)
{
  const CobroOverviewTakings *takings = &g_array_index (figures->takings, CobroOverviewTakings, i);

  g_assert_cmpuint (figures->takings->len, >, i);
  g_assert_cmpstr (cobro_currency_code (takings->currency), ==, code);
  return takings;
}

static void
test_months (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroOverviewFigures) figures = NULL;
  const CobroOverviewTakings *dollars, *euros;

  pay (fixture, "2023-10-31T12:59:59Z", "AUD", 100);  /* the last second of October */
  pay (fixture, "2023-10-31T13:00:00Z", "AUD", 1000); /* the first of November */
  pay (fixture, "2023-10-15T12:59:59Z", "AUD", 20);   /* the end of the 15th: by this day */
  pay (fixture, "2023-10-15T13:00:00Z", "AUD", 7);    /* the 16th */
  pay (fixture, "2022-11-30T12:59:59Z", "AUD", 5);    /* November of last year is no part of it … */
  pay (fixture, "2022-11-30T13:00:00Z", "AUD", 3);    /* … December is */
  pay (fixture, "2023-11-10T00:00:00Z", "EUR", 4200);
  exec_in_books (
    fixture, "INSERT INTO refund (id, payment_id, document, state, currency, amount, created_at, updated_at) VALUES "
             "('ref_1', 'pay_x', '{}', 1, 'AUD', 50, 1699000000000000, 1), " /* 3 November 2023 */
             "('ref_2', 'pay_x', '{}', 0, 'AUD', 600, 1699000000000000, 1);" /* never happened */
             "INSERT INTO payment (id, document, state, currency, amount, lost, created_at, updated_at) VALUES "
             "('pay_lost', '{}', 7, 'EUR', 900, 900, 1, 1699000000000000);");

  figures = load (fixture);
  g_assert_cmpint (figures->months[COBRO_OVERVIEW_MONTHS - 1].month, ==, 11);
  g_assert_cmpint (figures->months[0].year, ==, 2022);
  g_assert_cmpint (figures->months[0].month, ==, 12);
  g_assert_cmpuint (figures->takings->len, ==, 2);
  dollars = takings_in (figures, 0, "AUD");
  euros = takings_in (figures, 1, "EUR");
  g_assert_cmpint (cobro_money_minor (dollars->came[11]), ==, 1000);
  g_assert_cmpint (cobro_money_minor (dollars->came[10]), ==, 127);
  g_assert_cmpint (cobro_money_minor (dollars->came[0]), ==, 3);
  g_assert_cmpint (dollars->n[10], ==, 3);
  g_assert_cmpint (cobro_money_minor (dollars->by_this_day), ==, 20);
  g_assert_cmpint (cobro_money_minor (dollars->back[11]), ==, 50);
  g_assert_cmpint (cobro_money_minor (euros->came[11]), ==, 4200);
  g_assert_cmpint (cobro_money_minor (euros->back[11]), ==, 900);
  g_assert_cmpint (cobro_money_minor (euros->came[10]), ==, 0);
}

static void
test_owed (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) zoe = must_add_customer (fixture, "Zoë Müller");
  g_autoptr (CobroInvoice) draft = new_draft (zoe, 10000);
  g_autoptr (CobroInvoice) other = new_draft (zoe, 5000);
  g_autoptr (CobroInvoiceChange) first = must_issue (fixture, draft);
  g_autoptr (CobroInvoiceChange) part = must_record (fixture, &first->record->invoice->id, COBRO_RECORD_CASH, 1000);
  g_autoptr (CobroInvoiceChange) second = must_issue (fixture, other);
  g_autoptr (CobroInvoiceChange) kept = must_put_invoice (fixture, draft);
  g_autoptr (CobroOverviewFigures) now = load (fixture), late = NULL, paid = NULL;
  g_autoptr (CobroInvoiceChange) rest = NULL;
  const CobroOverviewOwed *owed = &g_array_index (now->owed, CobroOverviewOwed, 0);

  g_assert_cmpuint (now->owed->len, ==, 1); /* what was not issued is owed by nobody */
  g_assert_cmpint (cobro_money_minor (owed->open), ==, 11000 - 1000 + 5500);
  g_assert_cmpint (owed->n_open, ==, 2);
  g_assert_cmpint (owed->n_overdue, ==, 0);
  g_assert_cmpint (cobro_money_minor (takings_in (now, 0, "AUD")->came[11]), ==, 1000);

  cobro_clock_advance (fixture->clock, 31 * COBRO_DAY);
  late = load (fixture);
  owed = &g_array_index (late->owed, CobroOverviewOwed, 0);
  g_assert_cmpint (owed->n_overdue, ==, 2);
  g_assert_cmpint (cobro_money_minor (owed->overdue), ==, 15500);
  g_assert_cmpint (late->months[11].month, ==, 12); /* December by now: what came in November stands there */
  g_assert_cmpint (cobro_money_minor (takings_in (late, 0, "AUD")->came[10]), ==, 1000);

  rest = must_record (fixture, &first->record->invoice->id, COBRO_RECORD_BANK, 10000);
  paid = load (fixture);
  g_assert_cmpint (g_array_index (paid->owed, CobroOverviewOwed, 0).n_open, ==, 1);
}

static void
test_events (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) zoe = must_add_customer (fixture, "Zoë Müller");
  g_autoptr (CobroInvoice) draft = new_draft (zoe, 10000);
  g_autoptr (CobroInvoiceChange) issued = must_issue (fixture, draft);
  const CobroInvoice *invoice = issued->record->invoice;
  CobroId link_id = cobro_invoice_link_id (&invoice->id);
  g_autoptr (CobroOverviewFigures) figures = NULL;
  const CobroOverviewEvent *newest;
  g_autofree char *sql = g_strdup_printf (
    "INSERT INTO event (sequence, id, type, occurred_at, link_id, object_id, object, hash) VALUES "
    "(1, 'evt_1', 'link.viewed', 10, '%s', '%s', '{}', ''), (2, 'evt_2', 'link.updated', 20, '%s', '%s', '{}', ''), "
    "(3, 'evt_3', 'invoice.viewed', 30, '%s', '%s', '{}', '')",
    link_id.text, link_id.text, link_id.text, link_id.text, link_id.text, invoice->id.text);

  exec_in_books (fixture, sql);
  figures = load (fixture);
  g_assert_cmpuint (figures->events->len, ==, 2); /* what the merchant did is no news */
  newest = figures->events->pdata[0];
  g_assert_cmpstr (newest->entry->type, ==, "invoice.viewed");
  g_assert_cmpstr (newest->about, ==, invoice->number);
  g_assert_cmpstr (newest->invoice_id.text, ==, invoice->id.text);

  exec_in_books (fixture, "INSERT INTO event (sequence, id, type, occurred_at, object_id, object, hash) "
                          "WITH RECURSIVE n (i) AS (SELECT 4 UNION ALL SELECT i + 1 FROM n WHERE i < 40) "
                          "SELECT i, 'evt_' || i, 'payment.failed', i * 10, 'pay_' || i, '{}', '' FROM n");
  g_clear_pointer (&figures, cobro_overview_figures_free);
  figures = load (fixture);
  g_assert_cmpuint (figures->events->len, ==, COBRO_OVERVIEW_EVENTS);
  g_assert_cmpint (((CobroOverviewEvent *)figures->events->pdata[0])->entry->sequence, ==, 40);
}

#define ADD(path, func) g_test_add (path, StoreFixture, NULL, invoice_fixture_set_up, func, store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/overview/counter", test_counter);
  ADD ("/overview/months", test_months);
  ADD ("/overview/owed", test_owed);
  ADD ("/overview/events", test_events);
  return g_test_run ();
}
