/* tests/model/test-row-list.c — a list of 100,000 links: right at every place, and read only where somebody looks.
 * Layer: tests. */
#include "model-fixture.h"

#define MANY 100000

static const char *
title_at (CobroRowList *list, guint position)
{
  g_autoptr (CobroLinkItem) item = g_list_model_get_item (G_LIST_MODEL (list), position);
  const char *title;

  wait_until (cobro_row_item_is_filled (COBRO_ROW_ITEM (item)));
  title = cobro_link_item_get_link (item)->title;
  return g_intern_string (title);
}

static void
settle (CobroRowList *list)
{
  wait_until (!cobro_row_list_get_loading (list));
}

static guint
length (CobroRowList *list)
{
  return g_list_model_get_n_items (G_LIST_MODEL (list));
}

static void
test_first_page (ModelFixture *self, gconstpointer data)
{
  g_autoptr (CobroRowList) list = NULL;
  g_autoptr (CobroLinkItem) first = NULL;

  model_fixture_fill (self, 300);
  list = cobro_links_list (self->links);

  /* The first page is there before anything is waited for: the window can be painted. */
  g_assert_cmpuint (length (list), >=, COBRO_ROW_LIST_PAGE);
  first = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_assert_true (cobro_row_item_is_filled (COBRO_ROW_ITEM (first)));
  g_assert_cmpstr (cobro_link_item_get_link (first)->title, ==, "Link 000300 coffee");
  settle (list);
  g_assert_cmpuint (length (list), ==, 300);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (list), 300));
}

static void
test_many (ModelFixture *self, gconstpointer data)
{
  g_autoptr (CobroRowList) list = NULL;
  const guint places[] = { 0, 127, 128, 5000, 49999, 50000, 77777, MANY - 1 };

  model_fixture_fill (self, MANY);
  list = cobro_links_list (self->links);
  settle (list);
  g_assert_cmpuint (length (list), ==, MANY);

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      guint number = MANY - places[i]; /* newest first */
      g_autofree char *title = g_strdup_printf ("Link %06u%s", number, number % 10 == 0 ? " coffee" : "");

      g_assert_cmpstr (title_at (list, places[i]), ==, title);
    }
  /* Eight places on seven pages were looked at: no more was read. */
  g_assert_cmpuint (cobro_row_list_count_pages (list), <=, G_N_ELEMENTS (places));

  for (guint at = 0; at < MANY; at += COBRO_ROW_LIST_PAGE)
    g_object_unref (g_list_model_get_item (G_LIST_MODEL (list), at));
  g_assert_cmpuint (cobro_row_list_count_pages (list), ==, COBRO_ROW_LIST_PAGES);
  g_assert_cmpstr (title_at (list, 10), ==, "Link 099990 coffee");
}

static void
test_search_and_sort (ModelFixture *self, gconstpointer data)
{
  g_autoptr (CobroRowList) list = NULL;

  model_fixture_fill (self, 1000);
  list = cobro_links_list (self->links);
  settle (list);

  cobro_links_ask (self->links, list, "coff", COBRO_LINK_FILTER_ALL, COBRO_LINK_SORT_CREATED, TRUE);
  settle (list);
  g_assert_cmpuint (length (list), ==, 100);
  g_assert_cmpstr (title_at (list, 0), ==, "Link 001000 coffee");

  cobro_links_ask (self->links, list, "coff", COBRO_LINK_FILTER_ALL, COBRO_LINK_SORT_AMOUNT, FALSE);
  settle (list);
  g_assert_cmpuint (length (list), ==, 100);
  g_assert_cmpstr (title_at (list, 0), ==, "Link 000010 coffee");

  cobro_links_ask (self->links, list, "nothing like it", COBRO_LINK_FILTER_ALL, COBRO_LINK_SORT_CREATED, TRUE);
  settle (list);
  g_assert_cmpuint (length (list), ==, 0);

  /* Questions overtake each other while somebody types: the last one counts. */
  cobro_links_ask (self->links, list, "l", COBRO_LINK_FILTER_ALL, COBRO_LINK_SORT_CREATED, TRUE);
  cobro_links_ask (self->links, list, "li", COBRO_LINK_FILTER_ALL, COBRO_LINK_SORT_CREATED, TRUE);
  cobro_links_ask (self->links, list, "000042", COBRO_LINK_FILTER_ALL, COBRO_LINK_SORT_CREATED, TRUE);
  settle (list);
  g_assert_cmpuint (length (list), ==, 1);
  g_assert_cmpstr (title_at (list, 0), ==, "Link 000042");
}

static void
count_announced (GListModel *model, guint position, guint removed, guint added, guint *announced)
{
  *announced += removed + added;
}

static void
test_changes_are_small (ModelFixture *self, gconstpointer data)
{
  g_autoptr (CobroRowList) list = NULL;
  g_autoptr (CobroLinkItem) kept = NULL;
  g_autoptr (CobroLinkItem) made = NULL;
  g_autoptr (CobroLinkItem) again = NULL;
  guint announced = 0;

  model_fixture_fill (self, 500);
  list = cobro_links_list (self->links);
  settle (list);
  kept = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_signal_connect (list, "items-changed", G_CALLBACK (count_announced), &announced);

  cobro_clock_advance (self->books.clock, COBRO_MINUTE);
  made = model_fixture_create (self, "Newest", 100);
  wait_until (length (list) == 501);
  g_assert_cmpuint (announced, ==, 1); /* one row came, 500 stayed where they were */
  g_assert_cmpstr (title_at (list, 0), ==, "Newest");
  again = g_list_model_get_item (G_LIST_MODEL (list), 1);
  g_assert_true (again == kept); /* one item per link, for as long as somebody holds it */
}

/* What somebody sees when the list changes. */
typedef struct
{
  guint lengths[4];
  guint n;
  gboolean filled;
  gpointer first;
} Seen;

static void
note_seen (GListModel *model, guint position, guint removed, guint added, Seen *seen)
{
  g_autoptr (CobroLinkItem) first = g_list_model_get_item (model, 0);

  g_assert_cmpuint (seen->n, <, G_N_ELEMENTS (seen->lengths));
  seen->lengths[seen->n++] = g_list_model_get_n_items (model);
  if (seen->n > 1)
    return;
  seen->filled = cobro_row_item_is_filled (COBRO_ROW_ITEM (first));
  seen->first = g_steal_pointer (&first);
}

/* What is found first is seen before everything is found, and nothing of it moves when the rest comes. */
static void
test_first_hits (ModelFixture *self, gconstpointer data)
{
  g_autoptr (CobroRowList) list = NULL;
  g_autoptr (CobroLinkItem) again = NULL;
  Seen seen = { 0 };

  model_fixture_fill (self, 500);
  list = cobro_links_list (self->links);
  settle (list);
  g_signal_connect (list, "items-changed", G_CALLBACK (note_seen), &seen);
  cobro_links_ask (self->links, list, "l", COBRO_LINK_FILTER_ALL, COBRO_LINK_SORT_CREATED, FALSE);
  settle (list);
  g_assert_true (seen.filled);
  g_assert_cmpuint (seen.n, ==, 2);
  g_assert_cmpuint (seen.lengths[0], ==, COBRO_ROW_LIST_PAGE);
  g_assert_cmpuint (seen.lengths[1], ==, 500);
  again = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_assert_true (seen.first == again);
  g_object_unref (seen.first);
}

static void
test_filter (ModelFixture *self, gconstpointer data)
{
  g_autoptr (CobroLinkItem) one = model_fixture_create (self, "One", 100);
  g_autoptr (CobroLinkItem) two = model_fixture_create (self, "Two", 200);
  g_autoptr (CobroRowList) list = cobro_links_list (self->links);
  const char *ids[] = { cobro_link_item_get_id (one), NULL };

  cobro_links_ask (self->links, list, "", COBRO_LINK_FILTER_PAUSED, COBRO_LINK_SORT_CREATED, TRUE);
  settle (list);
  g_assert_cmpuint (length (list), ==, 0);

  cobro_links_decide (self->links, ids, COBRO_DECISION_PAUSED, "paused");
  wait_until (length (list) == 1);
  g_assert_cmpstr (title_at (list, 0), ==, "One");
}

#define add(path, func) g_test_add (path, ModelFixture, NULL, model_fixture_set_up, func, model_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/row-list/first-page", test_first_page);
  add ("/row-list/many", test_many);
  add ("/row-list/search-and-sort", test_search_and_sort);
  add ("/row-list/changes-are-small", test_changes_are_small);
  add ("/row-list/first-hits", test_first_hits);
  add ("/row-list/filter", test_filter);
  return g_test_run ();
}
