/* tests/bench/bench-books.c — the books with a million links: the first page, whole lists, counts, searches, a write.
 * Usage: bench-books [LINKS [FILE [INVOICES]]]; prints one JSON object, times in microseconds (medians of 9).
 * Layer: tests. */
#include "bench-invoices.h"
#include "bench-times.h"
#include "cobro-error.h"
#include "cobro-store-private.h"
#include "cobro-sync-engine.h"

#include <glib/gstdio.h>
#include <stdlib.h>

#define ROUNDS 9

static const char *const words[] = { "coffee", "beans", "rent",   "invoice", "guitar", "lesson", "bicycle", "repair",
                                     "wine",   "bread", "garden", "window",  "logo",   "design", "taxi",    "hotel" };

/* ── Filling ────────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  int from, n;
} Filling;

static CobroLink *
make_link (CobroStoreTx *tx, int i)
{
  CobroLink *link = cobro_link_new ();
  g_autofree char *title = g_strdup_printf ("%s %s %d", words[i % 16], words[(i / 16) % 16], i);
  g_autofree char *reference = g_strdup_printf ("R-%d", i);
  g_autofree char *name = g_strdup_printf ("Customer %d", i % 5000);

  link->id = cobro_id_new (COBRO_ID_LINK, tx->clock, tx->random);
  link->token = cobro_token_new (tx->random);
  link->currency = cobro_money_currency (cobro_money_zero (1 + i % 3));
  cobro_link_set_text (&link->title, title);
  cobro_link_set_text (&link->reference, reference);
  cobro_link_set_text (&link->customer_name, name);
  link->amount = cobro_money (100 + i % 10007, link->currency);
  link->decision = i % 10 == 0 ? COBRO_DECISION_PAUSED : COBRO_DECISION_ACTIVE;
  link->created_at = link->updated_at = tx->now - (gint64)(2000000 - i) * COBRO_SECOND;
  return link;
}

static gpointer
do_fill (CobroStoreTx *tx, gpointer data, GError **error)
{
  Filling *filling = data;

  for (int i = filling->from; i < filling->from + filling->n; i++)
    {
      g_autoptr (CobroLink) link = make_link (tx, i);
      CobroLinkTally tally = cobro_link_tally_new (link->currency);
      gint64 row;

      if (!cobro_link_row_insert (tx, link, FALSE, &row, error))
        return NULL;
      tally.paid = link->amount;
      tally.uses = 1;
      if (i % 3 == 0 && !cobro_link_row_set_tally (tx, row, &tally, error))
        return NULL;
    }
  return GINT_TO_POINTER (TRUE);
}

static void
must (GError *error)
{
  if (error != NULL)
    g_error ("%s", error->message);
}

static void
fill (CobroStore *store, int links)
{
  for (int from = 0; from < links; from += 5000)
    {
      g_autoptr (GError) error = NULL;
      Filling filling = { from, MIN (5000, links - from) };

      cobro_store_write (store, do_fill, &filling, &error);
      must (error);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
}

/* ── Measuring ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static gint64
time_page (CobroStore *store, const CobroLinkQuery *query)
{
  gint64 times[ROUNDS];

  for (int i = 0; i < ROUNDS; i++)
    {
      gint64 begun = g_get_monotonic_time ();
      g_autoptr (GError) error = NULL;
      g_autoptr (CobroLinkPage) page = cobro_link_store_first_page (store, query, 128, &error);

      must (error);
      times[i] = g_get_monotonic_time () - begun;
    }
  return bench_median (times, ROUNDS);
}

static void
on_result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **slot)
{
  while (*slot == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *slot;
}

static gint64
time_list (CobroStore *store, const CobroLinkQuery *query)
{
  gint64 begun = g_get_monotonic_time ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GArray) rows = NULL;

  cobro_link_store_list_async (store, query, 0, NULL, on_result_cb, &result);
  rows = cobro_link_store_list_finish (store, wait_for (&result), NULL);
  return g_get_monotonic_time () - begun;
}

static gint64
time_jump (CobroStore *store, int links)
{
  gint64 times[ROUNDS];

  for (int i = 0; i < ROUNDS; i++)
    {
      gint64 begun = g_get_monotonic_time (), rows[128];
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GPtrArray) page = NULL;

      for (int k = 0; k < 128; k++)
        rows[k] = 1 + ((gint64)i * 7919 * 131 + (gint64)k * (links / 200)) % links;
      cobro_link_store_load_rows_async (store, rows, 128, NULL, on_result_cb, &result);
      page = cobro_link_store_load_rows_finish (store, wait_for (&result), NULL);
      times[i] = g_get_monotonic_time () - begun;
    }
  return bench_median (times, ROUNDS);
}

static gint64
time_count (CobroStore *store)
{
  gint64 begun = g_get_monotonic_time ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree CobroLinkCounts *counts = NULL;

  cobro_link_store_count_async (store, 0, NULL, on_result_cb, &result);
  counts = cobro_link_store_count_finish (store, wait_for (&result), NULL);
  return g_get_monotonic_time () - begun;
}

static gint64
time_put (CobroStore *store)
{
  gint64 times[ROUNDS];

  for (int i = 0; i < ROUNDS; i++)
    {
      g_autoptr (CobroLink) link = cobro_link_new ();
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (CobroLinkChange) change = NULL;
      gint64 begun;

      link->currency = 1;
      cobro_link_set_text (&link->title, "One more");
      link->amount = cobro_money (100, link->currency);
      begun = g_get_monotonic_time ();
      cobro_link_store_put_async (store, link, NULL, on_result_cb, &result);
      change = cobro_link_store_put_finish (store, wait_for (&result), NULL);
      times[i] = g_get_monotonic_time () - begun;
    }
  return bench_median (times, ROUNDS);
}

static void
measure_pages (CobroStore *store)
{
  static const struct
  {
    const char *name;
    CobroLinkQuery query;
  } pages[] = {
    { "page_newest", { .descending = TRUE } },
    { "page_title", { .sort = COBRO_LINK_SORT_TITLE } },
    { "page_amount", { .sort = COBRO_LINK_SORT_AMOUNT, .descending = TRUE } },
    { "page_open", { .filter = COBRO_LINK_FILTER_OPEN, .descending = TRUE } },
    { "page_paid", { .filter = COBRO_LINK_FILTER_PAID, .descending = TRUE } },
    { "page_paused", { .filter = COBRO_LINK_FILTER_PAUSED, .descending = TRUE } },
    { "page_expired_none", { .filter = COBRO_LINK_FILTER_EXPIRED, .descending = TRUE } },
    { "page_attention_none", { .filter = COBRO_LINK_FILTER_ATTENTION, .descending = TRUE } },
    { "page_open_by_title", { .filter = COBRO_LINK_FILTER_OPEN, .sort = COBRO_LINK_SORT_TITLE } },
    { "search_two_letters", { .search = "co", .descending = TRUE } },
    { "search_word", { .search = "coffee", .descending = TRUE } },
    { "search_two_words", { .search = "coffee beans", .descending = TRUE } },
    { "search_word_prefix", { .search = "coffee be", .descending = TRUE } },
    { "search_rare", { .search = "r 77777", .descending = TRUE } },
    { "search_nothing", { .search = "zzzz", .descending = TRUE } },
    { "search_common_all", { .search = "customer", .descending = TRUE } },
    { "search_open", { .search = "coffee", .filter = COBRO_LINK_FILTER_OPEN, .descending = TRUE } },
    { "search_by_title", { .search = "coffee beans", .sort = COBRO_LINK_SORT_TITLE } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    g_print (" \"%s\": %" G_GINT64_FORMAT ",", pages[i].name, time_page (store, &pages[i].query));
}

int
main (int argc, char *argv[])
{
  int links = argc > 1 ? (int)g_ascii_strtoll (argv[1], NULL, 10) : 1000000;
  g_autofree char *folder = argc > 2 ? NULL : g_dir_make_tmp ("cobro-bench-XXXXXX", NULL);
  g_autofree char *path = argc > 2 ? g_strdup (argv[2]) : g_build_filename (folder, "books.sqlite", NULL);
  g_autoptr (CobroClock) clock = cobro_clock_new_system ();
  g_autoptr (CobroRandom) random = cobro_random_new_seeded (1);
  int invoices = argc > 3 ? (int)g_ascii_strtoll (argv[3], NULL, 10) : 0;
  gboolean there = g_file_test (path, G_FILE_TEST_EXISTS);
  CobroLinkQuery all = { .descending = TRUE }, open = { .filter = COBRO_LINK_FILTER_OPEN, .descending = TRUE };
  CobroLinkQuery word = { .search = "coffee", .descending = TRUE };
  g_autoptr (GError) error = NULL;
  gint64 begun = g_get_monotonic_time ();
  g_autoptr (CobroStore) store =
    cobro_store_open (&(CobroStoreConfig){ path, clock, random, cobro_sync_codec () }, &error);

  must (error);
  g_print ("{ \"links\": %d, \"open\": %" G_GINT64_FORMAT ",", links, g_get_monotonic_time () - begun);
  begun = g_get_monotonic_time ();
  if (!there)
    {
      fill (store, links);
      bench_fill_invoices (store, invoices);
      g_print (" \"fill\": %" G_GINT64_FORMAT ",", g_get_monotonic_time () - begun);
    }
  measure_pages (store);
  if (invoices > 0)
    bench_measure_invoices (store);
  g_print (" \"list_all\": %" G_GINT64_FORMAT ",", time_list (store, &all));
  g_print (" \"list_open\": %" G_GINT64_FORMAT ",", time_list (store, &open));
  g_print (" \"list_word\": %" G_GINT64_FORMAT ",", time_list (store, &word));
  g_print (" \"jump\": %" G_GINT64_FORMAT ",", time_jump (store, links));
  g_print (" \"count\": %" G_GINT64_FORMAT ",", time_count (store));
  g_print (" \"put\": %" G_GINT64_FORMAT " }\n", time_put (store));
  return 0;
}
