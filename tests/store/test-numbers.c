/* tests/store/test-numbers.c — numbers of documents: without gaps, without doubles, whoever writes at the same time,
 * whatever fails, and whenever the program is killed. Layer: tests. */
#include "cobro-error.h"
#include "cobro-invoice-sync-store.h"
#include "cobro-profile-store.h"
#include "cobro-series-store.h"
#include "cobro-sync-engine.h"
#include "invoice-fixture.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* As many documents as the highest sequence, none twice, and the next is one more. */
static void
assert_without_gaps (StoreFixture *fixture, gint64 n)
{
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM invoice WHERE sequence IS NOT NULL"), ==, n);
  g_assert_cmpint (count_in_books (fixture, "SELECT count(DISTINCT number) AS n FROM invoice WHERE number <> ''"), ==,
                   n);
  g_assert_cmpint (count_in_books (fixture, "SELECT coalesce (max(sequence), 0) AS n FROM invoice"), ==, n);
  g_assert_cmpint (count_in_books (fixture, "SELECT coalesce (max(next), 1) AS n FROM series"), ==, n + 1);
  g_assert_cmpint (
    count_in_books (fixture, "SELECT count(*) AS n FROM invoice WHERE decision <> 0 AND sequence IS NULL"), ==, 0);
}

/* ── Many at once, some of which fail ───────────────────────────────────────────────────────────────────────────── */

#define WRITERS 8
#define EACH    25

typedef struct
{
  StoreFixture *fixture;
  CobroId customer_id;
  guint seed;
  gint issued;
} Writer;

typedef struct
{
  const CobroInvoice *draft;
  gboolean fail_late;
} Attempt;

static gpointer
do_attempt (CobroStoreTx *tx, gpointer data, GError **error)
{
  const Attempt *attempt = data;
  g_autoptr (CobroInvoiceChange) change = cobro_invoice_store_issue (tx, attempt->draft, NULL, error);

  if (change == NULL || !attempt->fail_late)
    return GINT_TO_POINTER (change != NULL);
  cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "the disk is full");
  return NULL;
}

static gpointer
write_many (gpointer data)
{
  Writer *writer = data;
  g_autoptr (GRand) dice = g_rand_new_with_seed (writer->seed);

  for (int i = 0; i < EACH; i++)
    {
      g_autoptr (CobroInvoice) draft = new_draft (NULL, 100 + i);
      Attempt attempt = { draft, g_rand_int_range (dice, 0, 4) == 0 };

      draft->customer_id = writer->customer_id;
      if (g_rand_int_range (dice, 0, 4) == 0)
        g_ptr_array_set_size (draft->lines, 0);
      if (cobro_store_write (writer->fixture->store, do_attempt, &attempt, NULL) != NULL)
        g_atomic_int_inc (&writer->issued);
    }
  return NULL;
}

static void
test_parallel (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) customer = must_add_customer (fixture, "Zoë");
  Writer writers[WRITERS];
  GThread *threads[WRITERS];
  gint64 issued = 0;

  for (int i = 0; i < WRITERS; i++)
    {
      writers[i] = (Writer){ fixture, customer->id, g_test_rand_int (), 0 };
      threads[i] = g_thread_new ("writer", write_many, &writers[i]);
    }
  for (int i = 0; i < WRITERS; i++)
    {
      g_thread_join (threads[i]);
      issued += writers[i].issued;
    }
  g_assert_cmpint (issued, >, 0);
  g_assert_cmpint (issued, <, WRITERS * EACH);
  assert_without_gaps (fixture, issued);
}

/* ── Killed ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
issue_for_ever (const char *path, const CobroId *customer_id, int answers)
{
  g_autoptr (CobroClock) clock = cobro_clock_new_fake (FIXTURE_NOW);
  g_autoptr (CobroRandom) random = cobro_random_new_system ();
  CobroStoreConfig config = { path, clock, random, cobro_sync_codec () };
  StoreFixture child = { .clock = clock, .random = random, .store = cobro_store_open (&config, NULL) };

  for (;;)
    {
      g_autoptr (CobroInvoice) draft = new_draft (NULL, 100);
      g_autoptr (CobroInvoiceChange) change = NULL;

      draft->customer_id = *customer_id;
      change = must_issue (&child, draft);
      g_assert_cmpint (write (answers, &change->record->invoice->sequence, sizeof (gint64)), ==, sizeof (gint64));
    }
}

/* What was shown as issued is there under its number, and what was not shown left no hole. */
static void
test_kill (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) customer = must_add_customer (fixture, "Zoë");
  g_autofree char *path = g_build_filename (fixture->folder, "books", "books.sqlite", NULL);
  int kills = g_test_slow () ? 100 : 6;

  for (int i = 0; i < kills; i++)
    {
      guint wanted = (guint)g_test_rand_int_range (0, 25), got = 0;
      gint64 last = 0, sequence;
      int ends[2], status;
      pid_t child;

      store_fixture_settle (fixture);
      g_clear_object (&fixture->store);
      g_assert_cmpint (pipe (ends), ==, 0);
      child = fork ();
      if (child == 0)
        issue_for_ever (path, &customer->id, ends[1]);
      close (ends[1]);
      for (; got < wanted && read (ends[0], &sequence, sizeof sequence) == sizeof sequence; got++)
        last = sequence;
      kill (child, SIGKILL);
      while (read (ends[0], &sequence, sizeof sequence) == sizeof sequence)
        last = sequence;
      close (ends[0]);
      g_assert_cmpint (waitpid (child, &status, 0), ==, child);
      g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);

      store_fixture_open (fixture);
      g_assert_cmpint (count_in_books (fixture, "SELECT coalesce (max(sequence), 0) AS n FROM invoice"), >=, last);
      assert_without_gaps (fixture, count_in_books (fixture, "SELECT count(*) AS n FROM invoice WHERE decision <> 0"));
      g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM invoice WHERE decision <> 0 AND NOT EXISTS "
                                                "(SELECT 1 FROM outbox WHERE object_id = invoice.id)"),
                       ==, 0);
    }
}

/* ── Which number ───────────────────────────────────────────────────────────────────────────────────────────────── */

static char *
issue_one (StoreFixture *fixture, const CobroCustomer *customer)
{
  g_autoptr (CobroInvoice) draft = new_draft (customer, 100);
  g_autoptr (CobroInvoiceChange) change = must_issue (fixture, draft);

  return g_strdup (change->record->invoice->number);
}

static void
assert_next (StoreFixture *fixture, const CobroCustomer *customer, const char *number)
{
  g_autofree char *given = issue_one (fixture, customer);

  g_assert_cmpstr (given, ==, number);
}

static CobroNumbering *
numbering_of (StoreFixture *fixture, GAsyncResult **result, GError **error)
{
  g_autoptr (GAsyncResult) taken = NULL;
  CobroNumbering *numbering = cobro_series_store_finish (fixture->store, wait_for_result (result), error);

  taken = g_steal_pointer (result);
  return numbering;
}

static void
test_start_and_prefix (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) customer = must_add_customer (fixture, "Zoë");
  g_autoptr (CobroNumbering) before = NULL, raised = NULL, lower = NULL, prefixed = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *result = NULL;

  cobro_series_store_peek_async (fixture->store, COBRO_INVOICE_INVOICE, "A{seq}", NULL, on_result_cb, &result);
  before = numbering_of (fixture, &result, &error);
  g_assert_cmpstr (before->preview, ==, "A1");
  g_assert_false (before->begun);

  cobro_series_store_set_next_async (fixture->store, COBRO_INVOICE_INVOICE, 502, NULL, on_result_cb, &result);
  raised = numbering_of (fixture, &result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (raised->preview, ==, "INV-2023-00502");
  assert_next (fixture, customer, "INV-2023-00502");
  cobro_series_store_set_next_async (fixture->store, COBRO_INVOICE_INVOICE, 502, NULL, on_result_cb, &result);
  lower = numbering_of (fixture, &result, &error);
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
  g_assert_cmpstr (cobro_error_get_path (error), ==, "next");
  g_clear_error (&error);

  cobro_series_store_set_prefix_async (fixture->store, COBRO_INVOICE_INVOICE, "B-", NULL, on_result_cb, &result);
  prefixed = numbering_of (fixture, &result, &error);
  g_assert_cmpstr (prefixed->preview, ==, "B-INV-2023-00001");
  assert_next (fixture, customer, "B-INV-2023-00001");
}

/* A new year begins a new series; a clock that went back gives nothing out. */
static void
test_years (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) customer = must_add_customer (fixture, "Zoë");
  g_autoptr (CobroInvoice) draft = new_draft (customer, 100);
  g_autoptr (CobroInvoiceChange) change = NULL;
  g_autoptr (GError) error = NULL;

  assert_next (fixture, customer, "INV-2023-00001");
  cobro_clock_advance (fixture->clock, 60 * COBRO_DAY);
  assert_next (fixture, customer, "INV-2024-00001");
  cobro_clock_advance (fixture->clock, -2 * COBRO_DAY);
  WAIT_FOR_CHANGE (fixture, change, &error,
                   cobro_invoice_store_issue_async (fixture->store, draft, NULL, NULL, on_result_cb, &result));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_STATE);
  g_assert_cmpstr (cobro_error_get_path (error), ==, "issueDate");
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM invoice"), ==, 2);
}

static gpointer
do_reject (CobroStoreTx *tx, gpointer data, GError **error)
{
  return GINT_TO_POINTER (cobro_invoice_sync_rejected (tx, data, "another document has this number", "number", error));
}

/* Another computer was first: the document gets the next number, and keeps everything else. */
static void
test_renumber (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) customer = must_add_customer (fixture, "Zoë");
  g_autoptr (CobroInvoice) draft = new_draft (customer, 100);
  g_autoptr (CobroInvoiceChange) issued = must_issue (fixture, draft);
  g_autoptr (CobroInvoiceChange) early = NULL, change = NULL;
  g_autoptr (GError) error = NULL;
  CobroId id = issued->record->invoice->id;

  WAIT_FOR_CHANGE (fixture, early, &error,
                   cobro_invoice_store_renumber_async (fixture->store, &id, NULL, on_result_cb, &result));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_STATE);
  g_clear_error (&error);
  g_assert_nonnull (cobro_store_write (fixture->store, do_reject, &id, &error));
  WAIT_FOR_CHANGE (fixture, change, &error,
                   cobro_invoice_store_renumber_async (fixture->store, &id, NULL, on_result_cb, &result));
  g_assert_no_error (error);
  g_assert_cmpstr (change->record->invoice->number, ==, "INV-2023-00002");
  g_assert_cmpstr (change->record->invoice->token.text, ==, issued->record->invoice->token.text);
  g_assert_cmpint (change->record->state, ==, COBRO_RECORD_WAITING);
}

/* Test money has numbers of its own. */
static void
test_modes (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroCustomer) customer = must_add_customer (fixture, "Zoë");

  assert_next (fixture, customer, "INV-2023-00001");
  pair_books (fixture); /* in test mode */
  assert_next (fixture, customer, "INV-2023-00001");
  assert_next (fixture, customer, "INV-2023-00002");
  g_assert_cmpint (count_in_books (fixture, "SELECT count(*) AS n FROM series"), ==, 2);
}

int
main (int argc, char **argv)
{
#define ADD(path, test) g_test_add (path, StoreFixture, NULL, invoice_fixture_set_up, test, store_fixture_tear_down)

  g_test_init (&argc, &argv, NULL);
  ADD ("/numbers/parallel", test_parallel);
  ADD ("/numbers/kill", test_kill);
  ADD ("/numbers/start-and-prefix", test_start_and_prefix);
  ADD ("/numbers/years", test_years);
  ADD ("/numbers/renumber", test_renumber);
  ADD ("/numbers/modes", test_modes);
  return g_test_run ();
}
