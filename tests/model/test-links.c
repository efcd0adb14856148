/* tests/model/test-links.c — making, changing, deciding and taking back; and that whoever looks sees it.
 * Layer: tests. */
#include "cobro-error.h"
#include "model-fixture.h"

static void
count_signal (guint *n)
{
  (*n)++;
}

/* proves: INV-1 */
static void
test_create (ModelFixture *self, gconstpointer data)
{
  g_autoptr (CobroLinkItem) item = NULL;
  const CobroLink *link;

  g_assert_false (cobro_links_get_any (self->links));
  item = model_fixture_create (self, "Coffee", 350);
  link = cobro_link_item_get_link (item);

  g_assert_true (cobro_links_get_any (self->links));
  g_assert_true (cobro_id_is_set (&link->id));
  g_assert_cmpuint (strlen (link->token.text), ==, 64);
  g_assert_cmpint (cobro_link_item_get_state (item), ==, COBRO_RECORD_WAITING);
  g_assert_false (cobro_link_item_get_ever_live (item));
  g_assert_cmpint (cobro_link_item_get_view (item).status, ==, COBRO_LINK_OPEN);
}

static void
test_refused (ModelFixture *self, gconstpointer data)
{
  g_autofree char *long_title = g_strnfill (COBRO_LINK_TITLE_MAX + 1, 'x');
  g_autoptr (CobroLink) link = new_link (long_title, 350);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  cobro_links_create_async (self->links, link, NULL, on_result_cb, &result);
  g_assert_null (cobro_links_create_finish (self->links, wait_for_result (&result), &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
  g_assert_cmpstr (cobro_error_get_path (error), ==, "title");
  g_assert_false (cobro_links_get_any (self->links));
}

static void
test_decide_and_undo (ModelFixture *self, gconstpointer data)
{
  g_autoptr (CobroLinkItem) one = model_fixture_create (self, "One", 100);
  g_autoptr (CobroLinkItem) two = model_fixture_create (self, "Two", 200);
  const char *ids[] = { cobro_link_item_get_id (one), cobro_link_item_get_id (two), NULL };
  CobroUndo *undo = cobro_links_get_undo (self->links);
  guint pushed = 0;

  g_signal_connect_swapped (undo, "pushed", G_CALLBACK (count_signal), &pushed);
  g_assert_true (cobro_links_may_decide (one, COBRO_DECISION_PAUSED));
  g_assert_false (cobro_links_may_decide (one, COBRO_DECISION_ACTIVE));

  cobro_links_decide (self->links, ids, COBRO_DECISION_PAUSED, "Links paused");
  wait_until (cobro_link_item_get_view (one).status == COBRO_LINK_PAUSED &&
              cobro_link_item_get_view (two).status == COBRO_LINK_PAUSED);
  wait_until (cobro_undo_get_can_undo (undo));
  g_assert_cmpuint (pushed, ==, 1); /* one step for both */

  cobro_links_decide (self->links, ids, COBRO_DECISION_CANCELLED, "Links cancelled");
  wait_until (cobro_link_item_get_view (one).status == COBRO_LINK_CANCELLED &&
              cobro_link_item_get_view (two).status == COBRO_LINK_CANCELLED);
  wait_until (pushed == 2);

  g_assert_true (cobro_undo_run_newest (undo));
  wait_until (cobro_link_item_get_view (one).status == COBRO_LINK_PAUSED &&
              cobro_link_item_get_view (two).status == COBRO_LINK_PAUSED);
  g_assert_true (cobro_undo_run_newest (undo));
  wait_until (cobro_link_item_get_view (one).status == COBRO_LINK_OPEN &&
              cobro_link_item_get_view (two).status == COBRO_LINK_OPEN);
  g_assert_false (cobro_undo_run_newest (undo));
}

static void
test_change_and_undo (ModelFixture *self, gconstpointer data)
{
  g_autoptr (CobroLinkItem) item = model_fixture_create (self, "Coffe", 100);
  g_autoptr (CobroLink) changed = cobro_link_copy (cobro_link_item_get_link (item));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  cobro_link_set_text (&changed->title, "Coffee");
  cobro_links_change_async (self->links, changed, "Link changed", NULL, on_result_cb, &result);
  g_assert_true (cobro_links_change_finish (self->links, wait_for_result (&result), &error));
  g_assert_no_error (error);
  wait_until (g_str_equal (cobro_link_item_get_link (item)->title, "Coffee"));

  g_assert_true (cobro_undo_run_newest (cobro_links_get_undo (self->links)));
  wait_until (g_str_equal (cobro_link_item_get_link (item)->title, "Coffe"));
}

static void
test_time_passes (ModelFixture *self, gconstpointer data)
{
  g_autoptr (CobroLinkItem) item = model_fixture_create (self, "Offer", 100);
  g_autoptr (CobroLink) changed = cobro_link_copy (cobro_link_item_get_link (item));
  g_autoptr (GAsyncResult) result = NULL;
  guint told = 0;

  changed->expires_at = FIXTURE_NOW + COBRO_HOUR;
  cobro_links_change_async (self->links, changed, "Link changed", NULL, on_result_cb, &result);
  g_assert_true (cobro_links_change_finish (self->links, wait_for_result (&result), NULL));
  wait_until (cobro_link_item_get_link (item)->expires_at != 0);

  g_signal_connect_swapped (item, "changed", G_CALLBACK (count_signal), &told);
  cobro_clock_advance (self->books.clock, FIXTURE_NOW + COBRO_HOUR - COBRO_SECOND - cobro_links_get_now (self->links));
  cobro_row_item_tick (COBRO_ROW_ITEM (item), self->links);
  g_assert_cmpuint (told, ==, 0);
  cobro_clock_advance (self->books.clock, COBRO_SECOND);
  cobro_row_item_tick (COBRO_ROW_ITEM (item), self->links);
  g_assert_cmpuint (told, ==, 1);
  g_assert_cmpint (cobro_link_item_get_view (item).status, ==, COBRO_LINK_EXPIRED);
}

static void
test_new_address (ModelFixture *self, gconstpointer data)
{
  g_autoptr (CobroLinkItem) item = NULL;
  g_autofree char *before = NULL;

  pair_books (&self->books);
  item = model_fixture_create (self, "Coffee", 350);
  before = g_strdup (cobro_link_item_get_url (item));
  g_assert_true (g_str_has_prefix (before, "https://pay.example/pay/"));

  cobro_links_replace_token (self->links, cobro_link_item_get_id (item));
  wait_until (!g_str_equal (cobro_link_item_get_url (item), before));
  g_assert_true (g_str_has_prefix (cobro_link_item_get_url (item), "https://pay.example/pay/"));
}

static void
take_failure (CobroLinks *links, const char *what, const GError *error, GError **out_error)
{
  g_clear_error (out_error);
  *out_error = g_error_copy (error);
}

/* An action may name anything: nothing breaks, and somebody hears of it. */
static void
test_strange_ids (ModelFixture *self, gconstpointer data)
{
  const char *ids[] = { "not an id", "link_01h00000000000000000000000", NULL };
  g_autoptr (GError) failure = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_signal_connect (self->links, "failed", G_CALLBACK (take_failure), &failure);
  cobro_links_decide (self->links, ids, COBRO_DECISION_PAUSED, "paused");
  g_assert_error (failure, COBRO_ERROR, COBRO_ERROR_INVALID);
  wait_until (g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND));
  g_assert_false (cobro_undo_get_can_undo (cobro_links_get_undo (self->links)));

  cobro_links_load_async (self->links, "nonsense", NULL, on_result_cb, &result);
  g_assert_null (cobro_links_load_finish (self->links, wait_for_result (&result), &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
}

#define add(path, func) g_test_add (path, ModelFixture, NULL, model_fixture_set_up, func, model_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/links/create", test_create);
  add ("/links/refused", test_refused);
  add ("/links/decide-and-undo", test_decide_and_undo);
  add ("/links/change-and-undo", test_change_and_undo);
  add ("/links/time-passes", test_time_passes);
  add ("/links/new-address", test_new_address);
  add ("/links/strange-ids", test_strange_ids);
  return g_test_run ();
}
