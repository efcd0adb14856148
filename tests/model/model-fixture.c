/* tests/model/model-fixture.c — see model-fixture.h.
 * Layer: tests. */
#include "model-fixture.h"

void
model_fixture_set_up (ModelFixture *self, gconstpointer data)
{
  store_fixture_set_up (&self->books, data);
  self->links = cobro_links_new (self->books.store);
}

void
model_fixture_tear_down (ModelFixture *self, gconstpointer data)
{
  store_fixture_settle (&self->books);
  g_object_add_weak_pointer (G_OBJECT (self->links), (gpointer *)&self->links);
  g_object_unref (self->links);
  wait_until (self->links == NULL); /* answers that were under way have come back, and nobody keeps it */
  store_fixture_tear_down (&self->books, data);
}

/* One link is written the right way; the others are copies of its row, because a hundred thousand of the former take a
 * minute. */
void
model_fixture_fill (ModelFixture *self, guint n)
{
  g_autoptr (CobroLink) link = new_link ("Link 000001", 1);
  g_autoptr (CobroLinkChange) change = must_put (&self->books, link);
  g_autofree char *sql = g_strdup_printf (
    "INSERT INTO link (id, document, token, title, reference, description, customer, sort_title, sort_amount,"
    " created_at, updated_at, currency, decision, in_parts, use_limit, total, has_choice)"
    " WITH RECURSIVE number (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM number WHERE i < %u),"
    " copy (i, id, title) AS (SELECT i, printf ('link_%%026d', i),"
    " printf ('Link %%06d', i) || CASE WHEN i %% 10 = 0 THEN ' coffee' ELSE '' END FROM number)"
    " SELECT copy.id, replace (replace (link.document, link.id, copy.id), link.title, copy.title),"
    " printf ('%%064d', i), copy.title, '', '', '', lower (copy.title), i * 100, link.created_at + i,"
    " link.updated_at + i, link.currency, link.decision, 0, 1, i, 0 FROM copy, link WHERE link.row = 1;"
    "INSERT INTO link_search (link_search) VALUES ('rebuild');",
    n);

  exec_in_books (&self->books, sql);
  store_fixture_settle (&self->books);
}

CobroLinkItem *
model_fixture_create (ModelFixture *self, const char *title, gint64 minor)
{
  g_autoptr (CobroLink) link = new_link (title, minor);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CobroLinkItem *item;

  cobro_links_create_async (self->links, link, NULL, on_result_cb, &result);
  item = cobro_links_create_finish (self->links, wait_for_result (&result), &error);
  g_assert_no_error (error);
  return item;
}
