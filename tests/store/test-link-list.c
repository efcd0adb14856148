/* tests/store/test-link-list.c — lists, counts and search, held against cobro_link_view() and against looking at every
 * link. Random data; the seed is printed by GLib and replayed with --seed.
 * Layer: tests. */
#include "cobro-error.h"
#include "cobro-store-private.h"
#include "store-fixture.h"

#include <string.h>

#define LINKS 600

/* ── Random links ───────────────────────────────────────────────────────────────────────────────────────────────── */

static gint64
chance (gint32 bound)
{
  return g_test_rand_int_range (0, bound);
}

static void
random_price (CobroLink *link)
{
  CobroMoney amount = cobro_money (1 + chance (5000), link->currency);

  switch (chance (4))
    {
    case 0:
      link->pricing = COBRO_PRICING_OPEN;
      link->amount = COBRO_MONEY_NONE;
      if (chance (2))
        link->minimum = amount;
      break;
    case 1:
      link->pricing = COBRO_PRICING_LINES;
      link->amount = COBRO_MONEY_NONE;
      g_ptr_array_add (link->lines, cobro_link_line_new ("Beans", amount, 1 + chance (3), chance (2) ? 5 : 0, 0));
      g_ptr_array_add (link->lines, cobro_link_line_new ("Milk", amount, 1, 0, 0));
      break;
    default:
      link->amount = amount;
    }
}

static void
random_usage (CobroLink *link)
{
  switch (chance (3))
    {
    case 0:
      link->usage = COBRO_USAGE_LIMITED;
      link->usage_limit = 1 + chance (3);
      break;
    case 1:
      link->usage = COBRO_USAGE_UNLIMITED;
      break;
    default:
      link->usage = COBRO_USAGE_SINGLE;
      if (!cobro_link_has_choice (link) && chance (2))
        link->partial = COBRO_PARTIAL_ON;
    }
}

static CobroTime
random_time (void)
{
  return chance (3) == 0 ? 0 : FIXTURE_NOW + (chance (5) - 2) * COBRO_HOUR;
}

static CobroLink *
random_link (int i)
{
  static const char *const words[] = { "Café",  "coffee", "Beans", "Überweisung", "naïve", "ORDER-17",
                                       "Ana's", "rent",   "мир",   "日本",        "a1",    "x" };
  static const CobroDecision decisions[] = { COBRO_DECISION_DRAFT,  COBRO_DECISION_ACTIVE, COBRO_DECISION_ACTIVE,
                                             COBRO_DECISION_ACTIVE, COBRO_DECISION_PAUSED, COBRO_DECISION_CANCELLED };
  static const char *const codes[] = { "EUR", "JPY", "KWD" };
  g_autofree char *title = g_strdup_printf ("%s %s", words[chance (12)], words[chance (12)]);
  g_autofree char *reference = chance (3) == 0 ? g_strdup_printf ("R-%d", i) : g_strdup ("");
  CobroLink *link = new_link (title, 1);

  g_assert_true (cobro_currency_from_code (codes[chance (3)], &link->currency, NULL));
  cobro_link_set_text (&link->reference, reference);
  cobro_link_set_text (&link->description, words[chance (12)]);
  cobro_link_set_text (&link->customer_name, chance (2) ? words[chance (12)] : "");
  random_price (link);
  random_usage (link);
  link->decision = decisions[chance (6)];
  link->not_before = random_time ();
  link->expires_at = random_time ();
  if (link->expires_at != 0 && link->not_before >= link->expires_at)
    link->not_before = 0;
  return link;
}

static CobroLinkTally
random_tally (const CobroLink *link)
{
  CobroLinkTally tally = cobro_link_tally_new (link->currency);
  CobroMoney total = cobro_money (chance (9000), link->currency);

  tally.attempts = chance (3);
  tally.open_attempts = chance (2);
  tally.processing = tally.open_attempts > 0 ? chance (2) : 0;
  tally.last_failed = chance (2) != 0;
  tally.flags = chance (3) == 0 ? (guint)chance (1 << 7) : 0;
  tally.uses = chance (4);
  if (chance (2))
    return tally;
  if (chance (2))
    (void)!cobro_link_total (link, &total, NULL);
  if (cobro_money_is_set (total) && chance (2))
    (void)!cobro_money_scale (total, MAX (tally.uses, 1), 1, COBRO_ROUND_HALF_UP, &total, NULL);
  tally.paid = cobro_money_is_set (total) ? total : cobro_money (500, link->currency);
  if (chance (3) == 0)
    tally.refunded = cobro_money (chance ((gint32)cobro_money_minor (tally.paid) + 1), link->currency);
  if (chance (5) == 0)
    tally.lost = cobro_money (chance (200), link->currency);
  return tally;
}

static gpointer
do_fill (CobroStoreTx *tx, gpointer data, GError **error)
{
  for (int i = 0; i < LINKS; i++)
    {
      g_autoptr (CobroLink) link = random_link (i);
      CobroLinkTally tally = random_tally (link);
      gint64 row;

      link->id = cobro_id_new (COBRO_ID_LINK, tx->clock, tx->random);
      link->token = cobro_token_new (tx->random);
      link->created_at = FIXTURE_NOW - chance (50) * COBRO_HOUR;
      link->updated_at = link->created_at;
      if (!cobro_link_validate (link, error) || !cobro_link_row_insert (tx, link, FALSE, &row, error) ||
          !cobro_link_row_set_tally (tx, row, &tally, error))
        return NULL;
    }
  if (!cobro_db_exec (tx->db,
                      "UPDATE link SET waiting = 1 WHERE row % 7 = 0;"
                      "UPDATE link SET trouble = row % 3 WHERE row % 11 = 0;",
                      error))
    return NULL;
  return GINT_TO_POINTER (TRUE);
}

static void
fill (StoreFixture *fixture)
{
  g_autoptr (GError) error = NULL;

  cobro_store_write (fixture->store, do_fill, NULL, &error);
  g_assert_no_error (error);
}

/* ── Looking at every link ──────────────────────────────────────────────────────────────────────────────────────── */

static GPtrArray *
load_all (StoreFixture *fixture)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_link_record_unref);

  for (gint64 from = 1; from <= LINKS; from += 200)
    {
      gint64 rows[200];
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) page = NULL;

      for (int i = 0; i < 200; i++)
        rows[i] = from + i;
      cobro_link_store_load_rows_async (fixture->store, rows, 200, NULL, on_result_cb, &result);
      page = cobro_link_store_load_rows_finish (fixture->store, wait_for_result (&result), &error);
      g_assert_no_error (error);
      g_assert_cmpuint (page->len, ==, 200);
      for (guint i = 0; i < 200; i++)
        {
          CobroLinkRecord *record = g_ptr_array_index (page, i);

          g_assert_cmpint (record->row, ==, rows[i]);
          g_ptr_array_add (all, cobro_link_record_ref (record));
        }
    }
  return all;
}

static gboolean
is_in_filter (const CobroLinkRecord *record, CobroLinkFilter filter, CobroTime now)
{
  CobroLinkView view = cobro_link_view (record->link, &record->tally, now);

  switch (filter)
    {
    case COBRO_LINK_FILTER_ALL:
      return TRUE;
    case COBRO_LINK_FILTER_OPEN:
      return view.status == COBRO_LINK_OPEN;
    case COBRO_LINK_FILTER_PAID:
      return view.paid_status == COBRO_PAID_PAID || view.paid_status == COBRO_PAID_OVERPAID;
    case COBRO_LINK_FILTER_WAITING:
      return record->row % 7 == 0;
    case COBRO_LINK_FILTER_SCHEDULED:
      return view.status == COBRO_LINK_SCHEDULED;
    case COBRO_LINK_FILTER_PAUSED:
      return view.status == COBRO_LINK_PAUSED;
    case COBRO_LINK_FILTER_EXPIRED:
      return view.status == COBRO_LINK_EXPIRED;
    case COBRO_LINK_FILTER_USED_UP:
      return view.status == COBRO_LINK_USED_UP;
    case COBRO_LINK_FILTER_CANCELLED:
      return view.status == COBRO_LINK_CANCELLED;
    case COBRO_LINK_FILTER_DRAFT:
      return view.status == COBRO_LINK_DRAFT;
    case COBRO_LINK_FILTER_ATTENTION:
      return view.flags != 0 || record->state == COBRO_RECORD_REJECTED || record->state == COBRO_RECORD_CONFLICT;
    }
  g_assert_not_reached ();
}

static GArray *
must_list (StoreFixture *fixture, const CobroLinkQuery *query, guint limit)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GArray *rows;

  cobro_link_store_list_async (fixture->store, query, limit, NULL, on_result_cb, &result);
  rows = cobro_link_store_list_finish (fixture->store, wait_for_result (&result), &error);
  g_assert_no_error (error);
  return rows;
}

static gboolean
contains (GArray *rows, gint64 row)
{
  for (guint i = 0; i < rows->len; i++)
    if (g_array_index (rows, gint64, i) == row)
      return TRUE;
  return FALSE;
}

/* Every filter, at several times, holds exactly the links whose computed status it names; the counts agree. */
static void
test_filters (StoreFixture *fixture, gconstpointer data)
{
  static const int hours[] = { -3, -2, -1, 0, 1, 2, 3 };
  g_autoptr (GPtrArray) all = NULL;
  guint seen[COBRO_LINK_N_FILTERS] = { 0 };

  fill (fixture);
  all = load_all (fixture);
  for (gsize h = 0; h < G_N_ELEMENTS (hours); h++)
    {
      CobroTime now = FIXTURE_NOW + hours[h] * COBRO_HOUR;
      g_autoptr (GAsyncResult) result = NULL;
      g_autofree CobroLinkCounts *counts = NULL;

      cobro_link_store_count_async (fixture->store, now, NULL, on_result_cb, &result);
      counts = cobro_link_store_count_finish (fixture->store, wait_for_result (&result), NULL);
      for (int filter = 0; filter < COBRO_LINK_N_FILTERS; filter++)
        {
          CobroLinkQuery query = { .filter = (CobroLinkFilter)filter, .now = now };
          g_autoptr (GArray) rows = must_list (fixture, &query, 0);
          guint expected = 0;

          for (guint i = 0; i < all->len; i++)
            {
              CobroLinkRecord *record = g_ptr_array_index (all, i);
              gboolean wanted = is_in_filter (record, query.filter, now);

              expected += wanted;
              if (contains (rows, record->row) != wanted)
                g_error ("link %" G_GINT64_FORMAT ", filter %d, hour %d: computed %d", record->row, filter, hours[h],
                         wanted);
            }
          g_assert_cmpuint (rows->len, ==, expected);
          g_assert_cmpint (counts->n[filter], ==, expected);
          seen[filter] += expected;
        }
    }
  for (int filter = 0; filter < COBRO_LINK_N_FILTERS; filter++)
    g_assert_cmpuint (seen[filter], >, 0); /* the data had every status */
}

/* The computed columns are exactly what cobro_link_view() says. */
static gpointer
do_compare_columns (CobroStoreTx *tx, gpointer data, GError **error)
{
  GPtrArray *all = data;

  for (guint i = 0; i < all->len; i++)
    {
      CobroLinkRecord *record = g_ptr_array_index (all, i);
      CobroLinkView view = cobro_link_view (record->link, &record->tally, FIXTURE_NOW);
      g_autoptr (CobroDbStatement) statement =
        cobro_db_prepare (tx->db, "SELECT paid_status FROM link WHERE row = :row", error);

      cobro_db_bind_int64 (statement, ":row", record->row);
      g_assert_cmpint (cobro_db_step (statement, error), ==, COBRO_DB_ROW);
      g_assert_cmpint (cobro_db_column_int64 (statement, "paid_status"), ==, view.paid_status);
    }
  return NULL;
}

static void
test_paid_status (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GError) error = NULL;

  fill (fixture);
  all = load_all (fixture);
  cobro_store_read (fixture->store, do_compare_columns, all, &error);
  g_assert_no_error (error);
}

/* ── Order ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gint64
key_number (const CobroLinkRecord *record, CobroLinkSort sort)
{
  CobroMoney total = COBRO_MONEY_NONE;
  gint64 amount;

  if (sort == COBRO_LINK_SORT_CREATED)
    return record->link->created_at;
  if (sort == COBRO_LINK_SORT_STATUS)
    return cobro_link_view (record->link, &record->tally, FIXTURE_NOW).status;
  if (record->link->pricing == COBRO_PRICING_OPEN)
    total = record->link->minimum;
  else
    g_assert_true (cobro_link_total (record->link, &total, NULL));
  amount = cobro_money_is_set (total) ? cobro_money_minor (total) : 0;
  for (guint i = cobro_currency_exponent (record->link->currency); i < 4; i++)
    amount *= 10;
  return amount;
}

static int
compare_keys (const CobroLinkRecord *a, const CobroLinkRecord *b, CobroLinkSort sort)
{
  g_autofree char *first = NULL, *second = NULL;
  gint64 x, y;

  if (sort == COBRO_LINK_SORT_REFERENCE)
    return strcmp (a->link->reference, b->link->reference);
  if (sort == COBRO_LINK_SORT_TITLE)
    {
      first = cobro_store_sort_text (a->link->title);
      second = cobro_store_sort_text (b->link->title);
      return strcmp (first, second);
    }
  x = key_number (a, sort);
  y = key_number (b, sort);
  return (x > y) - (x < y);
}

static void
test_orders (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) all = NULL;

  fill (fixture);
  all = load_all (fixture);
  for (int sort = COBRO_LINK_SORT_CREATED; sort <= COBRO_LINK_SORT_STATUS; sort++)
    for (int descending = 0; descending < 2; descending++)
      {
        CobroLinkQuery query = { .sort = (CobroLinkSort)sort, .descending = descending };
        g_autoptr (GArray) rows = must_list (fixture, &query, 0);
        g_autoptr (GArray) page = must_list (fixture, &query, 128);

        g_assert_cmpuint (rows->len, ==, LINKS);
        g_assert_cmpuint (page->len, ==, 128);
        g_assert_cmpmem (page->data, 128 * sizeof (gint64), rows->data, 128 * sizeof (gint64));
        for (guint i = 1; i < rows->len; i++)
          {
            CobroLinkRecord *before = g_ptr_array_index (all, (guint)g_array_index (rows, gint64, i - 1) - 1);
            CobroLinkRecord *after = g_ptr_array_index (all, (guint)g_array_index (rows, gint64, i) - 1);
            int order = compare_keys (before, after, query.sort);

            g_assert_cmpint (descending ? -order : order, <=, 0);
          }
      }
}

/* ── Search ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* (transfer full) the words of a text, without case and accents. */
static GPtrArray *
words_of (const char *text)
{
  g_autofree char *plain = cobro_store_sort_text (text);
  GPtrArray *words = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) word = g_string_new (NULL);

  for (const char *c = plain;; c = g_utf8_next_char (c))
    {
      gunichar letter = g_utf8_get_char (c);

      if (letter != 0 && g_unichar_isalnum (letter))
        g_string_append_unichar (word, letter);
      else if (word->len > 0)
        {
          g_ptr_array_add (words, g_strdup (word->str));
          g_string_set_size (word, 0);
        }
      if (letter == 0)
        return words;
    }
}

static gboolean
matches (const CobroLinkRecord *record, const char *search)
{
  g_autofree char *text = g_strjoin (" ", record->link->title, record->link->reference, record->link->description,
                                     record->link->customer_name, record->link->customer_email, NULL);
  g_autoptr (GPtrArray) wanted = words_of (search);
  g_autoptr (GPtrArray) there = words_of (text);

  for (guint i = 0; i < wanted->len; i++)
    {
      gboolean found = FALSE;

      for (guint k = 0; k < there->len && !found; k++)
        found = g_str_has_prefix (g_ptr_array_index (there, k), g_ptr_array_index (wanted, i));
      if (!found)
        return FALSE;
    }
  return TRUE;
}

static void
test_search (StoreFixture *fixture, gconstpointer data)
{
  static const char *const searches[] = {
    "coffee", "COF", "cafe", "Café b", "über",    "naive",     "order-1",        "r-1",     "ана", "мир",
    "日",     "x",   "a",    "ana's",  "\"beans", "co* OR be", "nothing at all", "title:x", "(",   "r 1 2"
  };
  g_autoptr (GPtrArray) all = NULL;

  fill (fixture);
  all = load_all (fixture);
  for (gsize s = 0; s < G_N_ELEMENTS (searches); s++)
    for (int filter = COBRO_LINK_FILTER_ALL; filter <= COBRO_LINK_FILTER_OPEN; filter++)
      {
        CobroLinkQuery query = { .search = searches[s], .filter = (CobroLinkFilter)filter, .descending = TRUE };
        g_autoptr (GArray) rows = must_list (fixture, &query, 0);
        guint expected = 0;

        g_test_message ("“%s”: %u", searches[s], rows->len);
        for (guint i = 0; i < all->len; i++)
          {
            CobroLinkRecord *record = g_ptr_array_index (all, i);
            gboolean wanted = matches (record, searches[s]) && is_in_filter (record, query.filter, FIXTURE_NOW);

            expected += wanted;
            if (contains (rows, record->row) != wanted)
              g_error ("“%s”, “%s”: %d", searches[s], record->link->title, wanted);
          }
        g_assert_cmpuint (rows->len, ==, expected);
        /* Found links come newest first, by order of arrival; without a word it is the plain list. */
        for (guint i = 1; i < rows->len && strcmp (searches[s], "(") != 0; i++)
          g_assert_cmpint (g_array_index (rows, gint64, i - 1), >, g_array_index (rows, gint64, i));
      }
}

/* What is edited is found by its new words and no longer by its old ones; what is gone is not found. */
static void
test_search_follows (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = new_link ("Red bicycle", 1200);
  g_autoptr (CobroLinkChange) made = must_put (fixture, link);
  g_autoptr (CobroLinkChange) renamed = NULL;
  g_autoptr (CobroLinkChange) undone = NULL;
  g_autoptr (CobroLink) other = cobro_link_copy (made->record->link);
  g_autoptr (GAsyncResult) result = NULL;
  CobroLinkQuery red = { .search = "red" }, blue = { .search = "blu" };
  g_autoptr (GArray) rows = must_list (fixture, &red, 0);

  g_assert_cmpuint (rows->len, ==, 1);
  cobro_link_set_text (&other->title, "Blue bicycle");
  renamed = must_put (fixture, other);
  g_array_unref (g_steal_pointer (&rows));
  rows = must_list (fixture, &red, 0);
  g_assert_cmpuint (rows->len, ==, 0);
  g_array_unref (g_steal_pointer (&rows));
  rows = must_list (fixture, &blue, 0);
  g_assert_cmpuint (rows->len, ==, 1);

  cobro_link_store_undo_async (fixture->store, &made->record->link->id, NULL, NULL, on_result_cb, &result);
  undone = cobro_link_store_put_finish (fixture->store, wait_for_result (&result), NULL);
  g_assert_nonnull (undone);
  g_assert_null (undone->record);
  g_array_unref (g_steal_pointer (&rows));
  rows = must_list (fixture, &blue, 0);
  g_assert_cmpuint (rows->len, ==, 0);
  exec_in_books (fixture, "INSERT INTO link_search (link_search) VALUES ('integrity-check')");
}

/* Two links are made in one job, the first is changed by it before the second is made. */
static gpointer
do_put_and_change (CobroStoreTx *tx, gpointer data, GError **error)
{
  g_autoptr (CobroLink) first = new_link ("Red bicycle", 1200);
  g_autoptr (CobroLink) second = new_link ("Green bicycle", 1300);
  g_autoptr (CobroLinkChange) made = cobro_link_store_put (tx, first, error);
  g_autoptr (CobroLink) other = made ? cobro_link_copy (made->record->link) : NULL;
  g_autoptr (CobroLinkChange) changed = NULL;
  g_autoptr (CobroLinkChange) last = NULL;

  if (made == NULL)
    return NULL;
  cobro_link_set_text (&other->title, "Blue bicycle");
  changed = cobro_link_store_put (tx, other, error);
  last = changed ? cobro_link_store_put (tx, second, error) : NULL;
  return GINT_TO_POINTER (last != NULL);
}

static void
test_words_of_one_job (StoreFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *search;
    guint n;
  } expected[] = { { "red", 0 }, { "blu", 1 }, { "green", 1 }, { "bicycle", 2 } };
  g_autoptr (GError) error = NULL;

  cobro_store_write (fixture->store, do_put_and_change, NULL, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      CobroLinkQuery query = { .search = expected[i].search };
      g_autoptr (GArray) rows = must_list (fixture, &query, 0);

      g_assert_cmpuint (rows->len, ==, expected[i].n);
    }
  exec_in_books (fixture, "INSERT INTO link_search (link_search) VALUES ('integrity-check')");
}

static void
test_first_page (StoreFixture *fixture, gconstpointer data)
{
  CobroLinkQuery all = { .descending = TRUE }, open = { .filter = COBRO_LINK_FILTER_OPEN, .descending = TRUE };
  CobroLinkQuery nothing = { .search = "zzzzz" };
  g_autoptr (CobroLinkPage) empty = cobro_link_store_first_page (fixture->store, &all, 128, NULL);
  g_autoptr (CobroLinkPage) page = NULL;
  g_autoptr (CobroLinkPage) some = NULL;
  g_autoptr (CobroLinkPage) none = NULL;

  g_assert_cmpint (empty->total, ==, 0);
  fill (fixture);
  page = cobro_link_store_first_page (fixture->store, &all, 128, NULL);
  g_assert_cmpint (page->total, ==, LINKS);
  g_assert_cmpuint (page->rows->len, ==, 128);
  g_assert_cmpuint (page->records->len, ==, 128);
  for (guint i = 0; i < 128; i++)
    g_assert_cmpint (((CobroLinkRecord *)g_ptr_array_index (page->records, i))->row, ==,
                     g_array_index (page->rows, gint64, i));
  some = cobro_link_store_first_page (fixture->store, &open, 10, NULL);
  g_assert_cmpint (some->total, ==, -1);
  none = cobro_link_store_first_page (fixture->store, &nothing, 10, NULL);
  g_assert_cmpint (none->total, ==, 0);
}

/* A row that is gone leaves a gap, not an error. */
static void
test_gone_rows (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = new_link ("One", 100);
  g_autoptr (CobroLinkChange) made = must_put (fixture, link);
  gint64 rows[] = { 99, made->record->row };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) page = NULL;

  cobro_link_store_load_rows_async (fixture->store, rows, 2, NULL, on_result_cb, &result);
  page = cobro_link_store_load_rows_finish (fixture->store, wait_for_result (&result), NULL);
  g_assert_null (g_ptr_array_index (page, 0));
  g_assert_nonnull (g_ptr_array_index (page, 1));
}

#define ADD(path, func) g_test_add (path, StoreFixture, NULL, store_fixture_set_up, func, store_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/list/filters", test_filters);
  ADD ("/store/list/paid-status", test_paid_status);
  ADD ("/store/list/orders", test_orders);
  ADD ("/store/list/search", test_search);
  ADD ("/store/list/search-follows", test_search_follows);
  ADD ("/store/list/words-of-one-job", test_words_of_one_job);
  ADD ("/store/list/first-page", test_first_page);
  ADD ("/store/list/gone-rows", test_gone_rows);
  return g_test_run ();
}
