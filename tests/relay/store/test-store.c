/* tests/relay/store/test-store.c — the books: opening and its refusals, links and tokens, keys and pairing, the log,
 * idempotency, pushed operations, what the database itself refuses, isolation of merchants. Layer: tests. */
#include <glib/gstdio.h>
#include <string.h>

#include "cobro-test.h"
#include "cobro-wire-link.h"
#include "rig.h"

/* ── Opening ────────────────────────────────────────────────────────────────────────────────────────────────── */

static RelayStore *
open_again (Rig *rig, const char *folder, gboolean read_only, GError **error)
{
  RelayStoreConfig config = rig_config (rig, folder);

  config.read_only = read_only;
  return relay_store_open (&config, error);
}

static void
test_lock (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayStore) reader = NULL;
  g_autoptr (RelayStore) other = open_again (rig, rig->folder, FALSE, &error);

  g_assert_cmpint (relay_store_is_shared (rig->store), ==, rig_is_postgres ());
  if (rig_is_postgres ())
    {
      g_assert_no_error (error);
      g_assert_false (relay_store_was_unclean (other));
    }
  else
    {
      g_assert_null (other);
      cobro_test_assert_error (&error, COBRO_ERROR_BUSY, NULL);
    }
  reader = open_again (rig, rig->folder, TRUE, &error);
  g_assert_no_error (error);
  g_assert_true (relay_store_ping (reader, &error));
}

static void
test_key_file (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = rig_copy (rig);
  g_autofree char *key = g_build_filename (folder, "relay.key", NULL);
  g_autofree char *aside = g_strconcat (key, ".aside", NULL);
  GStatBuf info;

  g_assert_cmpint (g_stat (key, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0400);

  g_assert_cmpint (g_chmod (key, 0640), ==, 0);
  g_assert_null (open_again (rig, folder, FALSE, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_CONFIG, NULL);

  g_assert_cmpint (g_rename (key, aside), ==, 0);
  g_assert_null (open_again (rig, folder, FALSE, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_CONFIG, NULL);

  g_assert_true (g_file_set_contents_full (key, "not a key\n", -1, G_FILE_SET_CONTENTS_NONE, 0400, NULL));
  g_assert_null (open_again (rig, folder, FALSE, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_CONFIG, NULL);
  rig_remove_folder (folder);
}

/* Another key opens nothing that the first one sealed. */
static void
test_lost_key (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = rig_publish (rig, link);
  g_autofree char *folder = rig_copy (rig);
  g_autofree char *key = g_build_filename (folder, "relay.key", NULL);
  RelayStoreConfig config = rig_config (rig, folder);
  g_autoptr (RelayStore) store = NULL;
  g_autoptr (RelayReader) reader = NULL;
  g_autoptr (RelayLinkRecord) record = NULL;
  g_autoptr (GError) error = NULL;
  gboolean replaced = TRUE;
  CobroToken opened;

  g_assert_cmpint (g_unlink (key), ==, 0);
  config.new_key = TRUE;
  store = relay_store_open (&config, &error);
  g_assert_no_error (error);
  reader = relay_store_read (store, &error);
  record = relay_link_find_by_token (reader->db, token, &replaced, &error);
  g_assert_no_error (error);
  g_assert_false (replaced);
  g_assert_false (relay_link_get_token (store, record, &opened, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_SIGNATURE, NULL);
  g_assert_null (relay_account_find (store, reader->db, "rig", rig->account, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_SIGNATURE, NULL);
  g_clear_pointer (&reader, relay_reader_release);
  g_clear_pointer (&store, relay_store_close);
  rig_remove_folder (folder);
}

static void
test_unclean (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = rig_publish (rig, link);

  rig_restart (rig, FALSE);
  rig_restart (rig, TRUE);
  g_assert_cmpint (rig_view (rig, link).status, ==, COBRO_LINK_OPEN);
  rig_assert_clean (rig);
}

/* Runs SQL on a copy of the books (PostgreSQL: on the books), with the guards off. */
static void
break_copy (Rig *rig, const char *folder, const char *sql)
{
  g_autoptr (CobroDb) db = rig_connect (rig, folder);
  g_autoptr (GError) error = NULL;

  g_assert_true (cobro_db_exec (db, sql, &error));
  g_assert_no_error (error);
}

static void
test_broken_after_kill (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = rig_publish (rig, link);
  g_autofree char *folder = NULL;
  g_autoptr (GError) error = NULL;

  rig->provider->begin = RIG_BEGIN_PAID;
  relay_begin_result_free (rig_begin (rig, token, NULL, &error));
  g_assert_no_error (error);
  folder = rig_copy (rig);
  break_copy (rig, folder, "UPDATE link SET paid = paid + 1");
  break_copy (rig, folder, "INSERT INTO life (program, host, opened_at) VALUES ('killed', 'here', 1)");
  g_assert_null (open_again (rig, folder, FALSE, &error));
  g_assert_nonnull (strstr (error->message, "I1"));
  cobro_test_assert_error (&error, COBRO_ERROR_CORRUPT, NULL);
  rig_remove_folder (folder);
}

static void
test_newer_schema (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *folder = rig_copy (rig);
  g_autoptr (GError) error = NULL;

  break_copy (rig, folder, "INSERT INTO schema_migration VALUES (99, '0099-future.sql', '', 0)");
  g_assert_null (open_again (rig, folder, FALSE, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_NEWER_SCHEMA, NULL);
  g_assert_null (open_again (rig, folder, TRUE, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_NEWER_SCHEMA, NULL);
  rig_remove_folder (folder);
}

static void
test_backup (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = rig_publish (rig, link);
  g_autofree char *path = g_build_filename (rig->folder, "copy.sqlite", NULL);
  g_autoptr (GError) error = NULL;

  if (rig_is_postgres ())
    {
      g_test_skip ("PostgreSQL has backups of its own");
      return;
    }
  g_assert_true (relay_store_backup (rig->store, path, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_false (relay_store_backup (rig->store, path, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_EXISTS, NULL);
}

/* ── Links ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A link with everything, so that nothing gets lost on the way through its row. */
static CobroLink *
rich_link (Rig *rig)
{
  CobroLink *link = rig_link_new (rig);

  link->pricing = COBRO_PRICING_LINES;
  link->amount = COBRO_MONEY_NONE;
  g_ptr_array_add (link->lines,
                   cobro_link_line_new ("Beans <1 kg>", cobro_money (1500, link->currency), 2, 9, 10000000));
  g_ptr_array_add (link->lines, cobro_link_line_new ("Mug", cobro_money (700, link->currency), 1, 0, 0));
  link->usage = COBRO_USAGE_LIMITED;
  link->usage_limit = 5;
  link->not_before = RIG_NOW - COBRO_DAY;
  link->expires_at = RIG_NOW + COBRO_DAY;
  link->methods = COBRO_METHOD_CARD | COBRO_METHOD_CRYPTO;
  g_ptr_array_add (link->gateways, g_strdup ("rig"));
  link->collect = COBRO_COLLECT_EMAIL | COBRO_COLLECT_ADDRESS;
  g_ptr_array_add (link->fields, cobro_link_field_new ("size", "Size", TRUE));
  cobro_link_set_text (&link->reference, "A-17");
  cobro_link_set_text (&link->description, "Two lines\nof text — «ok»");
  cobro_link_set_text (&link->customer_name, "Bea");
  cobro_link_set_text (&link->customer_email, "bea@example.org");
  cobro_link_set_text (&link->locale, "es");
  cobro_link_set_text (&link->after_message, "Thanks");
  cobro_link_set_text (&link->after_redirect_url, "https://shop.example/thanks");
  cobro_link_set_text (&link->closed_message, "Gone");
  g_hash_table_insert (link->metadata, g_strdup ("order"), g_strdup ("17"));
  return link;
}

/* proves: OPL-7 */
static void
test_round_trip (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rich_link (rig);
  g_autofree char *token = rig_publish (rig, link);
  g_autoptr (RelayLinkRecord) record = rig_find_link (rig, link);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;
  CobroToken opened;

  link->updated_at = record->link->updated_at;
  before = cobro_wire_link_to_document (link, FALSE);
  after = cobro_wire_link_to_document (record->link, FALSE);
  g_assert_cmpstr (before, ==, after);
  g_assert_true (relay_link_get_token (rig->store, record, &opened, &error));
  g_assert_cmpstr (opened.text, ==, token);
  rig_assert_clean (rig);
}

static RelayLinkRecord *
by_token (Rig *rig, const char *token, gboolean *out_replaced)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = relay_store_read (rig->store, &error);

  return relay_link_find_by_token (reader->db, token, out_replaced, &error);
}

/* proves: INV-9 */
static void
test_tokens (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *old = rig_publish (rig, link);
  g_autoptr (RelayLinkRecord) found = NULL;
  g_autoptr (GError) error = NULL;
  CobroToken token;
  gboolean replaced = TRUE;

  found = by_token (rig, old, &replaced);
  g_assert_nonnull (found);
  g_assert_false (replaced);
  g_clear_pointer (&found, relay_link_record_free);
  g_assert_null (by_token (rig, "", &replaced));
  g_assert_null (by_token (rig, "0123", &replaced));
  g_assert_null (by_token (rig, "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", &replaced));

  found = relay_links_replace_token (rig->store, &rig->scope, &link->id, NULL, &token, &error);
  g_assert_no_error (error);
  g_assert_cmpint (found->link->rev, ==, 2);
  g_clear_pointer (&found, relay_link_record_free);
  found = by_token (rig, old, &replaced);
  g_assert_nonnull (found);
  g_assert_true (replaced);
  g_clear_pointer (&found, relay_link_record_free);
  found = by_token (rig, token.text, &replaced);
  g_assert_nonnull (found);
  g_assert_false (replaced);
  rig_assert_clean (rig);
}

/* Two merchants, two modes: nothing of one is seen by the other. */
/* proves: OPL-10 */
static void
test_isolation (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rich_link (rig);
  g_autofree char *token = rig_publish (rig, link);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = relay_store_read (rig->store, &error);
  g_autoptr (GPtrArray) links = NULL;
  g_autofree char *cursor = NULL;
  RelayLinkQuery query = { .status = -1, .paid_status = -1, .limit = 10 };
  RelayScope others[2] = { rig->scope, rig->scope };

  others[0].merchant_id = cobro_id_new (COBRO_ID_MERCHANT, rig->clock, rig->random);
  others[1].livemode = TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_assert_null (relay_link_find (reader->db, &others[i], &link->id, &error));
      cobro_test_assert_error (&error, COBRO_ERROR_NOT_FOUND, NULL);
      g_assert_null (relay_link_find_by_reference (reader->db, &others[i], "A-17", &error));
      cobro_test_assert_error (&error, COBRO_ERROR_NOT_FOUND, NULL);
      g_clear_pointer (&links, g_ptr_array_unref);
      links = relay_link_list (reader->db, &others[i], &query, &cursor, &error);
      g_assert_cmpint (links->len, ==, 0);
      g_assert_null (relay_links_decide (rig->store, &others[i], &link->id, 0, COBRO_DECISION_CANCELLED, &error));
      cobro_test_assert_error (&error, COBRO_ERROR_NOT_FOUND, NULL);
      g_assert_null (relay_links_replace_token (rig->store, &others[i], &link->id, NULL, NULL, &error));
      cobro_test_assert_error (&error, COBRO_ERROR_NOT_FOUND, NULL);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_cmpint (relay_event_head (reader->db, &others[i], &error), ==, 0);
  g_assert_cmpint (relay_event_head (reader->db, &rig->scope, &error), ==, 1);
}

static void
test_taken (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) first = rig_link_new (rig), second = rig_link_new (rig);
  g_autofree char *token = NULL;
  g_autoptr (GError) error = NULL;

  cobro_link_set_text (&first->reference, "A-1");
  token = rig_publish (rig, first);
  g_assert_null (relay_links_publish (rig->store, &rig->scope, first, NULL, NULL, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_EXISTS, "id");
  cobro_link_set_text (&second->reference, "A-1");
  g_assert_null (relay_links_publish (rig->store, &rig->scope, second, NULL, NULL, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_EXISTS, "reference");
  cobro_link_set_text (&second->reference, "");
  g_assert_true (cobro_token_parse (token, &second->token, NULL));
  g_assert_null (relay_links_publish (rig->store, &rig->scope, second, NULL, NULL, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_EXISTS, "token");
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM link"), ==, 1);
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM event"), ==, 1);
  rig_assert_clean (rig);
}

/* @query's ids over all pages. */
static GPtrArray *
all_pages (Rig *rig, RelayLinkQuery *query)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *cursor = NULL;

  do
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RelayReader) reader = relay_store_read (rig->store, &error);
      g_autoptr (GPtrArray) page = NULL;
      char *next = NULL;

      query->cursor = cursor;
      query->now = cobro_clock_now (rig->clock);
      page = relay_link_list (reader->db, &rig->scope, query, &next, &error);
      g_assert_no_error (error);
      for (guint i = 0; i < page->len; i++)
        g_ptr_array_add (ids, g_strdup (((RelayLinkRecord *)page->pdata[i])->link->id.text));
      g_free (cursor);
      cursor = next;
    }
  while (cursor != NULL);
  query->cursor = NULL;
  return ids;
}

static guint
count_pages (Rig *rig, const char *text, const char *reference, int status, int paid_status)
{
  RelayLinkQuery query = {
    .text = text, .reference = reference, .status = status, .paid_status = paid_status, .limit = 3
  };
  g_autoptr (GPtrArray) ids = all_pages (rig, &query);

  for (guint i = 1; i < ids->len; i++)
    g_assert_cmpstr (ids->pdata[i - 1], >, ids->pdata[i]);
  return ids->len;
}

static void
test_lists (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 10; i++)
    {
      g_autoptr (CobroLink) link = rig_link_new (rig);
      g_autofree char *token = NULL;
      g_autofree char *reference = g_strdup_printf ("R_%d", i);

      cobro_link_set_text (&link->reference, reference);
      if (i == 3)
        cobro_link_set_text (&link->title, "100% cotton");
      if (i >= 7)
        link->expires_at = RIG_NOW + COBRO_HOUR;
      link->decision = i == 0 ? COBRO_DECISION_DRAFT : COBRO_DECISION_ACTIVE;
      token = rig_publish (rig, link);
      if (i == 1)
        relay_link_record_free (
          relay_links_decide (rig->store, &rig->scope, &link->id, 0, COBRO_DECISION_CANCELLED, &error));
    }
  cobro_clock_advance (rig->clock, COBRO_DAY);
  g_assert_cmpint (count_pages (rig, NULL, NULL, -1, -1), ==, 10);
  g_assert_cmpint (count_pages (rig, "0% COTTON", NULL, -1, -1), ==, 1);
  g_assert_cmpint (count_pages (rig, "R_", NULL, -1, -1), ==, 10);
  g_assert_cmpint (count_pages (rig, "%", NULL, -1, -1), ==, 1);
  g_assert_cmpint (count_pages (rig, NULL, "R_4", -1, -1), ==, 1);
  g_assert_cmpint (count_pages (rig, NULL, NULL, COBRO_LINK_EXPIRED, -1), ==, 3);
  g_assert_cmpint (count_pages (rig, NULL, NULL, COBRO_LINK_DRAFT, -1), ==, 1);
  g_assert_cmpint (count_pages (rig, NULL, NULL, COBRO_LINK_CANCELLED, -1), ==, 1);
  g_assert_cmpint (count_pages (rig, NULL, NULL, COBRO_LINK_OPEN, COBRO_PAID_PENDING), ==, 5);
  g_assert_cmpint (count_pages (rig, NULL, NULL, -1, COBRO_PAID_PAID), ==, 0);
}

/* ── Commands ───────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_change (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = rig_publish (rig, link);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayLinkRecord) changed = NULL;

  cobro_link_set_text (&link->title, "Tea");
  changed = relay_links_change (rig->store, &rig->scope, &link->id, 1, link, &error);
  g_assert_no_error (error);
  g_assert_cmpint (changed->link->rev, ==, 2);
  g_assert_cmpstr (changed->link->title, ==, "Tea");
  g_assert_null (relay_links_change (rig->store, &rig->scope, &link->id, 1, link, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_REVISION, NULL);
  /* The same again is no change. */
  g_clear_pointer (&changed, relay_link_record_free);
  changed = relay_links_change (rig->store, &rig->scope, &link->id, 2, link, &error);
  g_assert_cmpint (changed->link->rev, ==, 2);
  link->amount = cobro_money (-5, link->currency);
  g_assert_null (relay_links_change (rig->store, &rig->scope, &link->id, 2, link, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "pricing.amount");
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM event"), ==, 2);
  rig_assert_clean (rig);
}

/* proves: OPL-5 */
static void
test_decide (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = rig_publish (rig, link);
  g_autoptr (GError) error = NULL;
  static const struct
  {
    CobroDecision decision;
    CobroLinkStatus status;
    gint64 events;
  } steps[] = {
    { COBRO_DECISION_PAUSED, COBRO_LINK_PAUSED, 2 },       { COBRO_DECISION_PAUSED, COBRO_LINK_PAUSED, 2 },
    { COBRO_DECISION_ACTIVE, COBRO_LINK_OPEN, 3 },         { COBRO_DECISION_CANCELLED, COBRO_LINK_CANCELLED, 4 },
    { COBRO_DECISION_CANCELLED, COBRO_LINK_CANCELLED, 4 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      relay_link_record_free (relay_links_decide (rig->store, &rig->scope, &link->id, 0, steps[i].decision, &error));
      g_assert_no_error (error);
      g_assert_cmpint (rig_view (rig, link).status, ==, steps[i].status);
      g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM event"), ==, steps[i].events);
    }
  g_assert_null (relay_links_decide (rig->store, &rig->scope, &link->id, 0, COBRO_DECISION_ACTIVE, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_STATE, "decision");
  rig_assert_clean (rig);
}

/* ── The log ────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
on_wake_cb (gpointer data, const char *topic)
{
  g_async_queue_push (data, g_strdup (topic));
}

/* Waits until @topic was woken; others before it do not matter. */
static void
await_topic (GAsyncQueue *topics, const char *kind, const CobroId *id)
{
  g_autofree char *wanted = g_strconcat (kind, ":", id->text, NULL);
  gboolean seen = FALSE;

  while (!seen)
    {
      g_autofree char *topic = g_async_queue_timeout_pop (topics, 30 * COBRO_SECOND);

      g_assert_nonnull (topic);
      seen = g_str_equal (topic, wanted);
    }
}

/* proves: OPF-7 */
static void
test_log (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GAsyncQueue) topics = g_async_queue_new_full (g_free);
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = NULL;
  g_autoptr (GPtrArray) events = NULL, rest = NULL;
  const CobroEvent *first, *second;

  relay_store_set_wake_func (rig->store, on_wake_cb, topics);
  token = rig_publish (rig, link);
  await_topic (topics, "merchant", &rig->scope.merchant_id);
  relay_link_record_free (relay_links_decide (rig->store, &rig->scope, &link->id, 0, COBRO_DECISION_PAUSED, &error));
  await_topic (topics, "link", &link->id);
  relay_store_set_wake_func (rig->store, NULL, NULL);

  reader = relay_store_read (rig->store, &error);
  events = relay_event_read (reader->db, &rig->scope, 0, 100, &error);
  g_assert_cmpint (events->len, ==, 2);
  first = events->pdata[0];
  second = events->pdata[1];
  g_assert_cmpint (first->sequence, ==, 1);
  g_assert_cmpint (second->type, ==, COBRO_EVENT_LINK_PAUSED);
  g_assert_true (cobro_event_verify (first, NULL));
  g_assert_true (cobro_event_verify (second, first->hash));
  g_assert_null (strstr (first->object, token));

  rest = relay_event_read (reader->db, &rig->scope, 1, 100, &error);
  g_assert_cmpint (rest->len, ==, 1);
  g_assert_true (cobro_event_verify (rest->pdata[0], first->hash));
  g_clear_pointer (&rest, g_ptr_array_unref);
  rest = relay_event_read (reader->db, &rig->scope, 2, 100, &error);
  g_assert_cmpint (rest->len, ==, 0);
  g_clear_pointer (&rest, g_ptr_array_unref);
  g_assert_null (relay_event_read (reader->db, &rig->scope, 3, 100, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_GONE, "after");
}

static gboolean
refuse_work (RelayTx *tx, gpointer data, GError **error)
{
  Rig *rig = data;

  if (!relay_event_append (tx, &rig->scope, COBRO_EVENT_MERCHANT_UPDATED, &rig->scope.merchant_id, "{}", error))
    return FALSE;
  return cobro_error_set (error, COBRO_ERROR_STATE, "no");
}

/* What is refused leaves nothing: no event, no outbox row, no number. */
static void
test_refused (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (relay_store_write (rig->store, refuse_work, rig, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_STATE, NULL);
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM event"), ==, 0);
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM event_head"), ==, 0);
  rig_assert_clean (rig);
}

/* ── Idempotency ────────────────────────────────────────────────────────────────────────────────────────────── */

static char *
answer (const RelayLinkRecord *record, const CobroToken *token, CobroTime now, gpointer data)
{
  return g_strdup_printf ("{\"id\": \"%s\", \"token\": \"%s\"}", record->link->id.text, token->text);
}

static void
test_idempotency (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig), other = rig_link_new (rig);
  RelayLinkOnce once = { .request = { .key = "key-1" }, .answer = answer, .status = 201 };
  RelayLinkOnce again = once, reused = once;
  g_autoptr (RelayLinkRecord) record = NULL;
  g_autoptr (GError) error = NULL;
  CobroToken token;
  g_autofree char *expected = NULL;

  link->id = COBRO_ID_NONE;
  record = relay_links_publish (rig->store, &rig->scope, link, &once, &token, &error);
  g_assert_no_error (error);
  g_assert_false (once.replayed);
  expected = answer (record, &token, 0, NULL);
  g_assert_cmpstr (once.stored.body, ==, expected);
  relay_stored_answer_clear (&once.stored);

  g_assert_null (relay_links_publish (rig->store, &rig->scope, link, &again, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (again.replayed);
  g_assert_cmpint (again.stored.status, ==, 201);
  g_assert_cmpstr (again.stored.body, ==, expected);
  relay_stored_answer_clear (&again.stored);

  reused.request.fingerprint[0] = 1;
  g_assert_null (relay_links_publish (rig->store, &rig->scope, other, &reused, NULL, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_REUSED, "Idempotency-Key");
  reused.request.key = "bad key";
  g_assert_null (relay_links_publish (rig->store, &rig->scope, other, &reused, NULL, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "Idempotency-Key");
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM link"), ==, 1);
}

typedef struct
{
  Rig *rig;
  RelayIdempotency request;
  RelayIdempotencyAnswer answer;
  RelayStoredAnswer stored;
} Claim;

static gboolean
claim_work (RelayTx *tx, gpointer data, GError **error)
{
  Claim *claim = data;

  return relay_idempotency_claim (tx, &claim->rig->scope, &claim->request, NULL, &claim->answer, NULL, &claim->stored,
                                  error);
}

static gboolean
release_work (RelayTx *tx, gpointer data, GError **error)
{
  Claim *claim = data;

  return relay_idempotency_release (tx, &claim->rig->scope, claim->request.key, error);
}

static gboolean
prune_work (RelayTx *tx, gpointer data, GError **error)
{
  return relay_idempotency_prune (tx, 100, error);
}

static void
test_idempotency_lease (void)
{
  g_autoptr (Rig) rig = rig_new ();
  Claim claim = { .rig = rig, .request = { .key = "k" } };
  g_autoptr (GError) error = NULL;

  g_assert_true (relay_store_write (rig->store, claim_work, &claim, &error));
  g_assert_cmpint (claim.answer, ==, RELAY_IDEMPOTENCY_NEW);
  g_assert_false (relay_store_write (rig->store, claim_work, &claim, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_RUNNING, NULL);
  g_assert_true (relay_store_write (rig->store, release_work, &claim, &error));
  g_assert_true (relay_store_write (rig->store, claim_work, &claim, &error));
  /* Whoever had it is gone: the next one takes over. */
  cobro_clock_advance (rig->clock, COBRO_MINUTE);
  g_assert_true (relay_store_write (rig->store, claim_work, &claim, &error));
  g_assert_cmpint (claim.answer, ==, RELAY_IDEMPOTENCY_NEW);
  cobro_clock_advance (rig->clock, 31 * COBRO_DAY);
  g_assert_true (relay_store_write (rig->store, prune_work, NULL, &error));
  g_assert_cmpint (rig_count (rig, "SELECT count(*) AS n FROM idempotency"), ==, 0);
}

/* ── What the database itself refuses ───────────────────────────────────────────────────────────────────────── */

static gboolean
sql_work (RelayTx *tx, gpointer data, GError **error)
{
  return cobro_db_exec (tx->db, data, error);
}

static void
test_guards (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = rig_publish (rig, link);
  g_autoptr (GError) error = NULL;
  static const char *const refused[] = {
    "UPDATE fact SET amount = 1",
    "DELETE FROM fact",
    "UPDATE ledger SET amount = 1",
    "DELETE FROM ledger",
    "UPDATE event SET object = '{}'",
    "DELETE FROM event",
    "DELETE FROM payment",
    "UPDATE payment SET amount = amount + 1",
    "UPDATE payment SET state = 'pending', received = NULL",
    "UPDATE payment SET merchant_id = 'mer_x'",
    "UPDATE payment SET received = NULL",
    "INSERT INTO refund (merchant_id, id, payment_id, livemode, currency, amount, state, origin, reason, account, "
    "gateway, "
    "created_at, updated_at) SELECT merchant_id, 'ref_x', id, 0, currency, amount + 1, 'pending', 'merchant', '', "
    "account, "
    "gateway, 1, 1 FROM payment",
    "INSERT INTO ledger (merchant_id, payment_id, kind, amount, currency, source, booked_at) VALUES "
    "('mer_x', 'pay_x', 'payment', 1, 'EUR', 'x', 1)",
  };

  rig->provider->begin = RIG_BEGIN_PAID;
  relay_begin_result_free (rig_begin (rig, token, NULL, &error));
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      if (relay_store_write (rig->store, sql_work, (gpointer)refused[i], &error))
        g_error ("the database allowed: %s", refused[i]);
      g_clear_error (&error);
    }
  rig_assert_clean (rig);
}

typedef struct
{
  CobroPaymentState from, to;
} Move;

/* The row is brought into any state behind the guard's back, then the guard is asked. */
static gboolean
move_work (RelayTx *tx, gpointer data, GError **error)
{
  const Move *move = data;
  const char *format = "UPDATE payment SET state = '%s', received = %s";
  g_autofree char *set = g_strdup_printf (format, cobro_payment_state_name (move->from),
                                          move->from == COBRO_PAYMENT_SUCCEEDED ? "amount" : "NULL");
  g_autofree char *go = g_strdup_printf (format, cobro_payment_state_name (move->to),
                                         move->to == COBRO_PAYMENT_SUCCEEDED ? "amount" : "NULL");
  gboolean allowed;

  const char *off = "DROP TRIGGER payment_moves_by_the_table";
  const char *on = "CREATE TRIGGER payment_moves_by_the_table BEFORE UPDATE OF state ON payment WHEN OLD.state <> "
                   "NEW.state AND NOT EXISTS (SELECT 1 FROM payment_transition WHERE from_state = OLD.state AND "
                   "to_state = NEW.state) BEGIN SELECT RAISE (ABORT, 'no such transition of a payment'); END";

  if (rig_is_postgres ())
    {
      off = "ALTER TABLE payment DISABLE TRIGGER payment_moves_by_the_table";
      on = "ALTER TABLE payment ENABLE TRIGGER payment_moves_by_the_table";
    }
  if (!cobro_db_exec (tx->db, off, error) || !cobro_db_exec (tx->db, set, error) || !cobro_db_exec (tx->db, on, error))
    return FALSE;
  allowed = cobro_db_exec (tx->db, go, error);
  if (allowed)
    cobro_error_set (error, COBRO_ERROR_STATE, "allowed"); /* either way everything is rolled back */
  return FALSE;
}

/* I5: the table of transitions in the schema is the one of core. */
static void
test_transitions (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (CobroLink) link = rig_link_new (rig);
  g_autofree char *token = rig_publish (rig, link);
  g_autoptr (GError) error = NULL;

  relay_begin_result_free (rig_begin (rig, token, NULL, &error));
  g_assert_no_error (error);
  for (int from = 0; from <= COBRO_PAYMENT_SUCCEEDED; from++)
    for (int to = 0; to <= COBRO_PAYMENT_SUCCEEDED; to++)
      {
        Move move = { from, to };
        gboolean possible = from == to;

        for (int fact = 0; fact <= COBRO_FACT_DISPUTE_LOST; fact++)
          possible = possible || (int)cobro_payment_step (from, fact).to == to;
        g_assert_false (relay_store_write (rig->store, move_work, &move, &error));
        if (g_error_matches (error, COBRO_ERROR, COBRO_ERROR_STATE) != possible)
          g_error ("%s to %s: %s", cobro_payment_state_name (from), cobro_payment_state_name (to), error->message);
        g_clear_error (&error);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/store/lock", test_lock);
  g_test_add_func ("/relay/store/key-file", test_key_file);
  g_test_add_func ("/relay/store/lost-key", test_lost_key);
  g_test_add_func ("/relay/store/unclean", test_unclean);
  g_test_add_func ("/relay/store/broken-after-kill", test_broken_after_kill);
  g_test_add_func ("/relay/store/newer-schema", test_newer_schema);
  g_test_add_func ("/relay/store/backup", test_backup);
  g_test_add_func ("/relay/store/round-trip", test_round_trip);
  g_test_add_func ("/relay/store/tokens", test_tokens);
  g_test_add_func ("/relay/store/isolation", test_isolation);
  g_test_add_func ("/relay/store/taken", test_taken);
  g_test_add_func ("/relay/store/lists", test_lists);
  g_test_add_func ("/relay/store/change", test_change);
  g_test_add_func ("/relay/store/decide", test_decide);
  g_test_add_func ("/relay/store/log", test_log);
  g_test_add_func ("/relay/store/refused", test_refused);
  g_test_add_func ("/relay/store/idempotency", test_idempotency);
  g_test_add_func ("/relay/store/idempotency-lease", test_idempotency_lease);
  g_test_add_func ("/relay/store/guards", test_guards);
  g_test_add_func ("/relay/store/transitions", test_transitions);
  return g_test_run ();
}
