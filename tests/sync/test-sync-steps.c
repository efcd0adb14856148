/* tests/sync/test-sync-steps.c — push, pull and pairing one step at a time against a relay that misbehaves.
 * Layer: tests. */
#include "cobro-error.h"
#include "cobro-payment-store.h"
#include "sync-fixture.h"

#include <string.h>

typedef struct
{
  CobroClock *clock;
  FakeRelay *relay;
  Desktop ana, ben; /* two computers of one merchant */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->clock = cobro_clock_new_fake (SYNC_NOW);
  fixture->relay = fake_relay_new (fixture->clock, 11);
  desktop_set_up (&fixture->ana, fixture->clock, fixture->relay, 1);
  desktop_set_up (&fixture->ben, fixture->clock, fixture->relay, 2);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  desktop_tear_down (&fixture->ana);
  desktop_tear_down (&fixture->ben);
  fake_relay_free (fixture->relay);
  cobro_clock_unref (fixture->clock);
}

static CobroRecordState
state_of (Desktop *desktop, const CobroId *id)
{
  g_autoptr (CobroLinkRecord) record = desktop_find (desktop, id);

  return record->state;
}

static void
retitle (Desktop *desktop, const CobroId *id, const char *title)
{
  g_autoptr (CobroLinkRecord) record = desktop_find (desktop, id);
  g_autoptr (CobroLink) link = cobro_link_copy (record->link);

  cobro_link_set_text (&link->title, title);
  desktop_put (desktop, link);
}

/* ── Push ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A link goes up with its token; its URL never changes on the way. */
static void
test_push (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = desktop_make (&fixture->ana, "Coffee", 1200);
  g_autofree char *url = cobro_store_dup_link_url (fixture->ana.store, link);
  g_autofree char *expected = g_strdup_printf ("%s/pay/%s", fake_relay_url (fixture->relay), link->token.text);
  g_autofree char *token = NULL;

  g_assert_cmpstr (url, ==, expected);
  g_assert_cmpint (state_of (&fixture->ana, &link->id), ==, COBRO_RECORD_WAITING);
  desktop_push (&fixture->ana);
  g_assert_cmpint (state_of (&fixture->ana, &link->id), ==, COBRO_RECORD_LIVE);
  g_assert_cmpint (desktop_waiting (&fixture->ana), ==, 0);
  desktop_assert_same (&fixture->ana, &link->id);
  token = fake_relay_token (fixture->relay, &link->id);
  g_assert_cmpstr (token, ==, link->token.text);
}

/* Many edits of one link before it is sent are one operation; edits go up in order. */
static void
test_folding (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = desktop_make (&fixture->ana, "A", 1200);

  retitle (&fixture->ana, &link->id, "B");
  retitle (&fixture->ana, &link->id, "C");
  g_assert_cmpint (desktop_waiting (&fixture->ana), ==, 1);
  desktop_push (&fixture->ana);
  g_assert_cmpuint (fake_relay_n_applied (fixture->relay), ==, 1);
  retitle (&fixture->ana, &link->id, "D");
  desktop_push (&fixture->ana);
  desktop_assert_same (&fixture->ana, &link->id);
  g_assert_cmpuint (fake_relay_n_applied (fixture->relay), ==, 2);
}

/* The answer is lost after the work was done: repeated, it happens once. */
static void
test_lost_answers (Fixture *fixture, gconstpointer data)
{
  static const FakeMood moods[] = { FAKE_LOST, FAKE_HALF, FAKE_DEAF, FAKE_NONSENSE };
  g_autoptr (CobroLink) link = desktop_make (&fixture->ana, "Coffee", 1200);

  for (gsize i = 0; i < G_N_ELEMENTS (moods); i++)
    {
      fake_relay_set_mood (fixture->relay, moods[i]);
      desktop_push_fails (&fixture->ana, COBRO_ERROR_NO_ANSWER);
      g_assert_cmpint (state_of (&fixture->ana, &link->id), ==, COBRO_RECORD_WAITING);
    }
  fake_relay_set_mood (fixture->relay, FAKE_BUSY);
  desktop_push_fails (&fixture->ana, COBRO_ERROR_UNAVAILABLE);
  g_assert_cmpuint (cobro_relay_client_get_retry_after (fixture->ana.client), ==, 1);
  fake_relay_set_mood (fixture->relay, FAKE_FINE);
  desktop_push (&fixture->ana);
  g_assert_cmpuint (fake_relay_n_applied (fixture->relay), ==, 1);
  g_assert_cmpint (fake_relay_log_length (fixture->relay), ==, 1);
  desktop_assert_same (&fixture->ana, &link->id);
}

/* An edit that comes while the first version is on its way is a second operation on top of it. */
static void
test_edit_under_way (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = desktop_make (&fixture->ana, "First", 1200);

  fake_relay_set_mood (fixture->relay, FAKE_LOST);
  desktop_push_fails (&fixture->ana, COBRO_ERROR_NO_ANSWER);
  retitle (&fixture->ana, &link->id, "Second");
  fake_relay_set_mood (fixture->relay, FAKE_FINE);
  g_assert_cmpint (desktop_waiting (&fixture->ana), ==, 2);
  desktop_push (&fixture->ana);
  desktop_assert_same (&fixture->ana, &link->id);
  g_assert_cmpint (state_of (&fixture->ana, &link->id), ==, COBRO_RECORD_LIVE);
}

static void
test_rejected (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) good = desktop_make (&fixture->ana, "Good", 1200);
  g_autoptr (CobroLink) bad = desktop_make (&fixture->ana, "forbidden", 1200);
  g_autoptr (CobroLinkRecord) record = NULL;

  desktop_push (&fixture->ana);
  g_assert_cmpint (state_of (&fixture->ana, &good->id), ==, COBRO_RECORD_LIVE);
  record = desktop_find (&fixture->ana, &bad->id);
  g_assert_cmpint (record->state, ==, COBRO_RECORD_REJECTED);
  g_assert_cmpstr (record->path, ==, "title");
  g_assert_nonnull (strstr (record->reason, "not allowed"));
  g_assert_cmpint (desktop_waiting (&fixture->ana), ==, 0);

  /* Edited, it goes up like any other. */
  retitle (&fixture->ana, &bad->id, "fine");
  g_assert_cmpint (state_of (&fixture->ana, &bad->id), ==, COBRO_RECORD_WAITING);
  desktop_push (&fixture->ana);
  g_assert_cmpint (state_of (&fixture->ana, &bad->id), ==, COBRO_RECORD_LIVE);
  desktop_assert_same (&fixture->ana, &bad->id);
}

static gpointer
do_replace_token (CobroStoreTx *tx, gpointer data, GError **error)
{
  g_autoptr (CobroLinkChange) change = cobro_link_store_replace_token (tx, data, error);

  return change != NULL ? g_strdup (change->record->link->token.text) : NULL;
}

static char *
replace_token (Desktop *desktop, const CobroId *id)
{
  g_autoptr (GError) error = NULL;
  char *token = cobro_store_write (desktop->store, do_replace_token, (gpointer)id, &error);

  g_assert_no_error (error);
  return token;
}

/* proves: INV-9 */
static void
test_token (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = desktop_make (&fixture->ana, "Coffee", 1200);
  g_autofree char *before = replace_token (&fixture->ana, &link->id);
  g_autofree char *after = NULL;
  g_autofree char *relay = NULL;

  /* Never sent: simply another token. */
  g_assert_cmpint (desktop_waiting (&fixture->ana), ==, 1);
  desktop_push (&fixture->ana);
  relay = fake_relay_token (fixture->relay, &link->id);
  g_assert_cmpstr (relay, ==, before);
  g_assert_cmpstr (relay, !=, link->token.text);

  /* Sent: the relay is told, beside an edit. */
  after = replace_token (&fixture->ana, &link->id);
  retitle (&fixture->ana, &link->id, "Tea");
  desktop_push (&fixture->ana);
  g_free (relay);
  relay = fake_relay_token (fixture->relay, &link->id);
  g_assert_cmpstr (relay, ==, after);
  desktop_assert_same (&fixture->ana, &link->id);
  desktop_pull (&fixture->ana);
  desktop_assert_same (&fixture->ana, &link->id);
}

static void
test_too_large (Fixture *fixture, gconstpointer data)
{
  CobroPushStep step;
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 10; i++)
    {
      g_autofree char *title = g_strdup_printf ("Link %d", i);
      cobro_link_unref (desktop_make (&fixture->ana, title, 100));
    }
  fake_relay_set_mood (fixture->relay, FAKE_TOO_LARGE);
  desktop_push_fails (&fixture->ana, COBRO_ERROR_TOO_LARGE);
  for (int i = 0; i < 4; i++)
    g_assert_true (cobro_sync_push_once (fixture->ana.store, fixture->ana.client, 3, &step, NULL, &error));
  g_assert_cmpint (desktop_waiting (&fixture->ana), ==, 0);
  g_assert_cmpuint (fake_relay_n_links (fixture->relay), ==, 10);
}

static void
test_other_refusals (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = desktop_make (&fixture->ana, "Coffee", 1200);

  fake_relay_set_mood (fixture->relay, FAKE_OLD);
  desktop_push_fails (&fixture->ana, COBRO_ERROR_PROTOCOL);
  fake_relay_set_mood (fixture->relay, FAKE_FINE);
  fake_relay_revoke_all (fixture->relay);
  desktop_push_fails (&fixture->ana, COBRO_ERROR_UNAUTHORIZED);
  g_assert_cmpint (desktop_waiting (&fixture->ana), ==, 1);

  /* A cancellation can be undone for a while, so it waits for a while. */
  desktop_pair (&fixture->ana);
  desktop_push (&fixture->ana);
  desktop_assert_same (&fixture->ana, &link->id);
}

static void
cancel (Desktop *desktop, const CobroId *id)
{
  g_autoptr (CobroLinkRecord) record = desktop_find (desktop, id);
  g_autoptr (CobroLink) link = cobro_link_copy (record->link);

  link->decision = COBRO_DECISION_CANCELLED;
  desktop_put (desktop, link);
}

static void
test_cancellation_waits (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = desktop_make (&fixture->ana, "Coffee", 1200);
  CobroPushStep step = { 0 };

  desktop_push (&fixture->ana);
  cancel (&fixture->ana, &link->id);
  g_assert_true (cobro_sync_push_once (fixture->ana.store, fixture->ana.client, 500, &step, NULL, NULL));
  g_assert_cmpuint (step.sent, ==, 0);
  g_assert_cmpint (step.next_due, ==, SYNC_NOW + COBRO_LINK_UNDO_TIME);
  cobro_clock_advance (fixture->clock, COBRO_LINK_UNDO_TIME);
  desktop_push (&fixture->ana);
  desktop_assert_same (&fixture->ana, &link->id);
}

/* ── Order ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The relay was restored from a copy: it is told everything again, and goes on from there. */
static void
test_gap (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) first = desktop_make (&fixture->ana, "One", 100);
  g_autoptr (CobroLink) second = NULL;

  desktop_push (&fixture->ana);
  retitle (&fixture->ana, &first->id, "Two");
  desktop_push (&fixture->ana);
  fake_relay_forget_operations (fixture->relay, 1);
  second = desktop_make (&fixture->ana, "Three", 100);
  desktop_push (&fixture->ana);
  desktop_assert_same (&fixture->ana, &first->id);
  desktop_assert_same (&fixture->ana, &second->id);
  g_assert_cmpint (desktop_waiting (&fixture->ana), ==, 0);
}

static gpointer
do_rewind (CobroStoreTx *tx, gpointer data, GError **error)
{
  return GINT_TO_POINTER (cobro_db_exec (tx->db, "UPDATE pairing SET next_seq = 1", error));
}

/* The desktop was restored from a copy: its numbers were used already. It must become another device. */
static void
test_reuse (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) first = desktop_make (&fixture->ana, "One", 100);
  g_autoptr (CobroLink) second = NULL;

  desktop_push (&fixture->ana);
  cobro_store_write (fixture->ana.store, do_rewind, NULL, NULL);
  second = desktop_make (&fixture->ana, "Two", 100);
  desktop_push_fails (&fixture->ana, COBRO_ERROR_UNAUTHORIZED);
  g_assert_cmpint (desktop_waiting (&fixture->ana), ==, 1);
  desktop_pair (&fixture->ana);
  desktop_push (&fixture->ana);
  desktop_assert_same (&fixture->ana, &second->id);
}

static gpointer
do_publish_all (CobroStoreTx *tx, gpointer data, GError **error)
{
  return GINT_TO_POINTER (cobro_sync_publish_all (tx, data, error));
}

/* An empty relay is rebuilt from the books: every token as before, every revision higher. */
static void
test_rebuild (Fixture *fixture, gconstpointer data)
{
  CobroLink *links[20];
  gint64 n = 0;

  for (int i = 0; i < 20; i++)
    {
      g_autofree char *title = g_strdup_printf ("Link %d", i);
      links[i] = desktop_make (&fixture->ana, title, 100 + i);
    }
  desktop_push (&fixture->ana);
  desktop_pull (&fixture->ana);
  fake_relay_empty (fixture->relay);
  g_assert_nonnull (cobro_store_write (fixture->ana.store, do_publish_all, &n, NULL));
  g_assert_cmpint (n, ==, 20);
  desktop_rest (&fixture->ana);
  g_assert_cmpuint (fake_relay_n_links (fixture->relay), ==, 20);
  for (int i = 0; i < 20; i++)
    {
      g_autofree char *token = fake_relay_token (fixture->relay, &links[i]->id);

      g_assert_cmpstr (token, ==, links[i]->token.text);
      desktop_assert_same (&fixture->ana, &links[i]->id);
      cobro_link_unref (links[i]);
    }
}

/* ── Pull ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* What one computer makes appears on the other, with its address. */
static void
test_two_computers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = desktop_make (&fixture->ana, "Coffee", 1200);
  g_autoptr (CobroLinkRecord) record = NULL;
  guint n = 0;

  desktop_push (&fixture->ana);
  desktop_pull (&fixture->ben);
  g_assert_true (cobro_sync_fetch_tokens (fixture->ben.store, fixture->ben.client, 50, &n, NULL, NULL));
  g_assert_cmpuint (n, ==, 1);
  record = desktop_find (&fixture->ben, &link->id);
  g_assert_cmpstr (record->link->token.text, ==, link->token.text);
  desktop_assert_same (&fixture->ben, &link->id);

  retitle (&fixture->ben, &link->id, "Tea");
  desktop_push (&fixture->ben);
  desktop_pull (&fixture->ana);
  desktop_assert_same (&fixture->ana, &link->id);
  g_assert_cmpint (state_of (&fixture->ana, &link->id), ==, COBRO_RECORD_LIVE);
}

static void
test_payments (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = desktop_make (&fixture->ana, "Coffee", 1200);
  g_autoptr (CobroPayment) failed = sync_payment (&fixture->ana, &link->id, COBRO_PAYMENT_PENDING, 1200);
  g_autoptr (CobroPayment) paid = NULL;
  g_autoptr (CobroRefund) refund = cobro_refund_new ();
  g_autoptr (CobroLinkRecord) record = NULL;

  desktop_push (&fixture->ana);
  fake_relay_payment (fixture->relay, COBRO_EVENT_PAYMENT_CREATED, failed);
  desktop_pull (&fixture->ana);
  record = desktop_find (&fixture->ana, &link->id);
  g_assert_cmpint (record->tally.open_attempts, ==, 1);

  failed->state = COBRO_PAYMENT_FAILED;
  fake_relay_payment (fixture->relay, COBRO_EVENT_PAYMENT_FAILED, failed);
  desktop_pull (&fixture->ana);
  g_clear_pointer (&record, cobro_link_record_unref);
  record = desktop_find (&fixture->ana, &link->id);
  g_assert_cmpint (cobro_link_view (record->link, &record->tally, SYNC_NOW).paid_status, ==, COBRO_PAID_FAILED);
  g_assert_cmpuint (fixture->ana.paid->len, ==, 0);

  cobro_clock_advance (fixture->clock, COBRO_SECOND);
  paid = sync_payment (&fixture->ana, &link->id, COBRO_PAYMENT_SUCCEEDED, 1200);
  fake_relay_payment (fixture->relay, COBRO_EVENT_PAYMENT_SUCCEEDED, paid);
  desktop_pull (&fixture->ana);
  g_clear_pointer (&record, cobro_link_record_unref);
  record = desktop_find (&fixture->ana, &link->id);
  g_assert_cmpint (cobro_link_view (record->link, &record->tally, SYNC_NOW).paid_status, ==, COBRO_PAID_PAID);
  g_assert_cmpint (cobro_link_view (record->link, &record->tally, SYNC_NOW).status, ==, COBRO_LINK_USED_UP);
  g_assert_cmpint (record->tally.attempts, ==, 2);
  g_assert_cmpuint (fixture->ana.paid->len, ==, 1);

  refund->id = cobro_id_new (COBRO_ID_REFUND, fixture->clock, fixture->ana.random);
  refund->payment_id = paid->id;
  refund->amount = cobro_money (200, sync_euro ());
  refund->state = COBRO_REFUND_SUCCEEDED;
  refund->created_at = refund->updated_at = SYNC_NOW;
  fake_relay_refund (fixture->relay, COBRO_EVENT_REFUND_SUCCEEDED, refund);
  desktop_pull (&fixture->ana);
  g_clear_pointer (&record, cobro_link_record_unref);
  record = desktop_find (&fixture->ana, &link->id);
  g_assert_cmpint (cobro_link_view (record->link, &record->tally, SYNC_NOW).paid_status, ==,
                   COBRO_PAID_PARTIALLY_REFUNDED);

  g_assert_cmpint (cobro_money_minor (record->tally.refunded), ==, 200);

  /* Told once, ever: also when everything is read again. */
  g_assert_cmpuint (fixture->ana.paid->len, ==, 1);
  desktop_pair (&fixture->ana);
  desktop_pull (&fixture->ana);
  g_assert_cmpuint (fixture->ana.paid->len, ==, 1);
}

/* Payments before their link, a link made over the API, events of a later version. */
static void
test_feed_oddities (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = sync_link ("By the API", 700);
  g_autoptr (CobroPayment) paid = NULL;
  g_autoptr (CobroLinkRecord) record = NULL;
  CobroLinkTally tally;

  link->id = cobro_id_new (COBRO_ID_LINK, fixture->clock, fixture->ana.random);
  link->token = cobro_token_new (fixture->ana.random);
  link->created_at = link->updated_at = SYNC_NOW;
  paid = sync_payment (&fixture->ana, &link->id, COBRO_PAYMENT_SUCCEEDED, 700);
  fake_relay_payment (fixture->relay, COBRO_EVENT_PAYMENT_SUCCEEDED, paid);
  fake_relay_unknown_event (fixture->relay, "{\"id\":\"x\",\"tail\":\"long\"}");
  fake_relay_put_link (fixture->relay, link);
  desktop_rest (&fixture->ana);

  record = desktop_find (&fixture->ana, &link->id);
  tally = record->tally;
  g_assert_cmpint (cobro_money_minor (tally.paid), ==, 700);
  g_assert_cmpstr (record->link->token.text, ==, link->token.text);
  g_assert_cmpint (desktop_count (&fixture->ana, "SELECT count(*) AS n FROM event WHERE type = 'comet.seen'"), ==, 1);
  g_assert_cmpint (desktop_count (&fixture->ana, "SELECT cursor AS n FROM pairing"), ==, 3);
}

static void
pull_fails (Desktop *desktop, CobroError code)
{
  g_autoptr (GError) error = NULL;
  guint n;

  g_assert_false (cobro_sync_pull_once (desktop->store, desktop->client, 0, &n, NULL, &error));
  g_assert_error (error, COBRO_ERROR, (int)code);
}

/* A log in which somebody changed an amount is refused whole, and nothing of it is believed. */
static void
test_tampered_log (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = desktop_make (&fixture->ana, "Coffee", 1200);
  g_autoptr (CobroPayment) paid = sync_payment (&fixture->ana, &link->id, COBRO_PAYMENT_SUCCEEDED, 1200);

  desktop_push (&fixture->ana);
  fake_relay_payment (fixture->relay, COBRO_EVENT_PAYMENT_SUCCEEDED, paid);
  fake_relay_tamper (fixture->relay, 2);
  pull_fails (&fixture->ana, COBRO_ERROR_CORRUPT);
  g_assert_cmpint (desktop_count (&fixture->ana, "SELECT count(*) AS n FROM payment"), ==, 0);
  g_assert_cmpint (desktop_count (&fixture->ana, "SELECT cursor AS n FROM pairing"), ==, 0);
  g_assert_cmpuint (fixture->ana.paid->len, ==, 0);
}

/* The relay's log is shorter than what was read: read anew. It is another log: refused, until paired again. */
static void
test_another_log (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) first = desktop_make (&fixture->ana, "One", 100);
  g_autoptr (CobroLink) second = desktop_make (&fixture->ana, "Two", 100);

  desktop_push (&fixture->ana);
  desktop_pull (&fixture->ana);
  fake_relay_empty (fixture->relay);
  cobro_link_unref (desktop_make (&fixture->ben, "Other", 100));
  desktop_push (&fixture->ben);
  desktop_pull (&fixture->ana); /* 410: start over */
  desktop_pull (&fixture->ana);
  g_assert_cmpint (desktop_count (&fixture->ana, "SELECT cursor AS n FROM pairing"), ==, 1);
  g_assert_cmpint (desktop_count (&fixture->ana, "SELECT count(*) AS n FROM link"), ==, 3);

  fake_relay_empty (fixture->relay);
  cobro_link_unref (desktop_make (&fixture->ben, "X", 100));
  cobro_link_unref (desktop_make (&fixture->ben, "Y", 100));
  desktop_pair (&fixture->ben);
  desktop_push (&fixture->ben);
  pull_fails (&fixture->ana, COBRO_ERROR_CORRUPT);
  desktop_pair (&fixture->ana);
  desktop_pull (&fixture->ana);
}

/* ── Conflicts ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroLink *
shared_link (Fixture *fixture)
{
  CobroLink *link = desktop_make (&fixture->ana, "Coffee", 1200);

  desktop_push (&fixture->ana);
  desktop_rest (&fixture->ben);
  desktop_rest (&fixture->ana);
  return link;
}

/* Both changed other fields: both changes stay, nobody is bothered. */
static void
test_merge_quietly (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = shared_link (fixture);
  g_autoptr (CobroLinkRecord) record = NULL;
  g_autoptr (CobroLink) ours = cobro_link_copy (link);

  cobro_link_set_text (&ours->description, "With milk");
  desktop_put (&fixture->ana, ours);
  cobro_clock_advance (fixture->clock, COBRO_SECOND);
  retitle (&fixture->ben, &link->id, "Tea");
  desktop_rest (&fixture->ana);
  desktop_rest (&fixture->ben);
  desktop_rest (&fixture->ana);
  desktop_assert_same (&fixture->ana, &link->id);
  desktop_assert_same (&fixture->ben, &link->id);
  record = desktop_find (&fixture->ana, &link->id);
  g_assert_cmpstr (record->link->title, ==, "Tea");
  g_assert_cmpstr (record->link->description, ==, "With milk");
  g_assert_cmpint (record->state, ==, COBRO_RECORD_LIVE);
  g_assert_cmpint (state_of (&fixture->ben, &link->id), ==, COBRO_RECORD_LIVE);
}

/* Both changed the title: the later one stands on both computers, the other is in the history of whoever merged. */
static void
test_merge_loudly (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = shared_link (fixture);
  g_autoptr (CobroLinkRecord) record = NULL;

  retitle (&fixture->ana, &link->id, "Early");
  cobro_clock_advance (fixture->clock, COBRO_SECOND);
  retitle (&fixture->ben, &link->id, "Late");
  desktop_rest (&fixture->ana);
  desktop_rest (&fixture->ben);
  desktop_rest (&fixture->ana);
  desktop_assert_same (&fixture->ana, &link->id);
  desktop_assert_same (&fixture->ben, &link->id);
  record = desktop_find (&fixture->ana, &link->id);
  g_assert_cmpstr (record->link->title, ==, "Late");
  g_assert_cmpint (state_of (&fixture->ben, &link->id), ==, COBRO_RECORD_CONFLICT);
  g_assert_cmpint (desktop_count (&fixture->ben, "SELECT count(*) AS n FROM history WHERE type = 'conflict.merged' "
                                                 "AND member = 'title' AND other_value = '\"Early\"'"),
                   ==, 1);
}

/* Both changed the amount of a published link: the first one stands, the other lives on as a draft with its own
 * address. */
static void
test_money_conflict (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = shared_link (fixture);
  g_autoptr (CobroLink) ours = cobro_link_copy (link);
  g_autoptr (CobroLink) theirs = cobro_link_copy (link);
  g_autoptr (CobroLinkRecord) record = NULL;

  ours->amount = cobro_money (900, sync_euro ());
  theirs->amount = cobro_money (1500, sync_euro ());
  desktop_put (&fixture->ana, ours);
  cobro_clock_advance (fixture->clock, COBRO_SECOND);
  desktop_put (&fixture->ben, theirs);
  desktop_rest (&fixture->ana);
  desktop_rest (&fixture->ben);
  desktop_rest (&fixture->ana);
  record = desktop_find (&fixture->ben, &link->id);
  g_assert_cmpint (cobro_money_minor (record->link->amount), ==, 900);
  desktop_assert_same (&fixture->ana, &link->id);
  desktop_assert_same (&fixture->ben, &link->id);
  g_assert_cmpint (record->state, ==, COBRO_RECORD_CONFLICT);
  g_assert_cmpint (desktop_count (&fixture->ben, "SELECT count(*) AS n FROM link WHERE decision = 0 AND total = 1500 "
                                                 "AND title = 'Conflict copy: Coffee' AND token IS NOT NULL"),
                   ==, 1);
  g_assert_cmpint (desktop_count (&fixture->ana, "SELECT count(*) AS n FROM link WHERE decision = 0 AND total = 1500"),
                   ==, 1);
}

/* The relay answers "conflict" from its memory, without saying with what: the desktop asks again. */
static void
test_conflict_answer_lost (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = shared_link (fixture);

  retitle (&fixture->ana, &link->id, "Ana's");
  desktop_push (&fixture->ana);
  retitle (&fixture->ben, &link->id, "Ben's");
  fake_relay_set_mood (fixture->relay, FAKE_LOST);
  desktop_push_fails (&fixture->ben, COBRO_ERROR_NO_ANSWER);
  fake_relay_set_mood (fixture->relay, FAKE_FINE);
  desktop_rest (&fixture->ben);
  desktop_rest (&fixture->ana);
  desktop_assert_same (&fixture->ana, &link->id);
  desktop_assert_same (&fixture->ben, &link->id);
}

/* ── Profile ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gpointer
do_put_merchant (CobroStoreTx *tx, gpointer data, GError **error)
{
  g_autoptr (CobroMerchant) merchant = cobro_merchant_store_find (tx, error);

  cobro_link_set_text (&merchant->name, data);
  return cobro_merchant_store_put (tx, merchant, error);
}

static void
rename_merchant (Desktop *desktop, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroMerchant) merchant = cobro_store_write (desktop->store, do_put_merchant, (gpointer)name, &error);

  g_assert_no_error (error);
}

static void
test_profile (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CobroMerchant) merchant = cobro_merchant_store_load (fixture->ana.store, NULL);
  g_autofree char *relay = NULL;

  g_assert_cmpstr (merchant->name, ==, "Relay's name"); /* an empty profile is filled by the relay's */
  rename_merchant (&fixture->ana, "Ana's Café");
  desktop_push (&fixture->ana);
  relay = fake_relay_merchant (fixture->relay);
  g_assert_nonnull (strstr (relay, "Ana's Café"));

  /* Ben did not hear of it and changes the name, too: the later edit. */
  cobro_clock_advance (fixture->clock, COBRO_SECOND);
  rename_merchant (&fixture->ben, "Ben's Bar");
  desktop_rest (&fixture->ben);
  g_free (relay);
  relay = fake_relay_merchant (fixture->relay);
  g_assert_nonnull (strstr (relay, "Ben's Bar"));
}

/* ── Chaos ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
random_act (Fixture *fixture, Desktop *desktop, GPtrArray *ids)
{
  g_autofree char *word = g_strdup_printf ("w%d", g_test_rand_int_range (0, 1000));
  CobroId *id = ids->len > 0 ? g_ptr_array_index (ids, (guint)g_test_rand_int_range (0, (gint32)ids->len)) : NULL;
  CobroPushStep step;
  guint n;

  switch (g_test_rand_int_range (0, 6))
    {
    case 0:
      {
        g_autoptr (CobroLink) link = desktop_make (desktop, word, 100 + g_test_rand_int_range (0, 900));

        g_ptr_array_add (ids, g_memdup2 (&link->id, sizeof link->id));
        break;
      }
    case 1:
    case 2:
      if (id != NULL && desktop == &fixture->ana) /* ids may not be known to the other yet */
        retitle (desktop, id, word);
      break;
    case 3:
      (void)!cobro_sync_push_once (desktop->store, desktop->client, 3, &step, NULL, NULL);
      break;
    case 4:
      (void)!cobro_sync_pull_once (desktop->store, desktop->client, 0, &n, NULL, NULL);
      break;
    case 5:
      if (id != NULL && desktop == &fixture->ana)
        {
          g_autoptr (CobroPayment) paid = sync_payment (desktop, id, COBRO_PAYMENT_SUCCEEDED, 100);

          fake_relay_payment (fixture->relay, COBRO_EVENT_PAYMENT_SUCCEEDED, paid);
        }
      break;
    default:
      g_assert_not_reached ();
    }
  cobro_clock_advance (fixture->clock, COBRO_SECOND / 7);
}

/* I10: whatever answers get lost, at rest the relay and every computer hold the same. */
static void
test_chaos (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  int acts = g_test_slow () ? 3000 : 300;

  fake_relay_set_mood (fixture->relay, FAKE_CHAOS);
  for (int i = 0; i < acts; i++)
    {
      random_act (fixture, &fixture->ana, ids);
      if (g_test_rand_bit ())
        {
          CobroPushStep step;
          guint n;

          (void)!cobro_sync_pull_once (fixture->ben.store, fixture->ben.client, 0, &n, NULL, NULL);
          (void)!cobro_sync_push_once (fixture->ben.store, fixture->ben.client, 3, &step, NULL, NULL);
          if (desktop_count (&fixture->ben, "SELECT count(*) AS n FROM link") == (gint64)ids->len && ids->len > 0)
            retitle (&fixture->ben, g_ptr_array_index (ids, (guint)g_test_rand_int_range (0, (gint32)ids->len)),
                     "Ben's");
        }
    }
  desktop_rest (&fixture->ana);
  desktop_rest (&fixture->ben);
  desktop_rest (&fixture->ana);
  fake_relay_set_mood (fixture->relay, FAKE_FINE);
  for (guint i = 0; i < ids->len; i++)
    {
      desktop_assert_same (&fixture->ana, g_ptr_array_index (ids, i));
      desktop_assert_same (&fixture->ben, g_ptr_array_index (ids, i));
    }
  g_assert_cmpint (desktop_waiting (&fixture->ana), ==, 0);
  g_assert_cmpint (desktop_waiting (&fixture->ben), ==, 0);
  g_assert_cmpuint (fake_relay_n_links (fixture->relay), ==, ids->len);
  g_assert_cmpint (desktop_count (&fixture->ana, "SELECT count(*) AS n FROM payment"), ==,
                   desktop_count (&fixture->ben, "SELECT count(*) AS n FROM payment"));
  g_assert_cmpint (desktop_count (&fixture->ana, "SELECT total(paid) AS n FROM link"), ==,
                   desktop_count (&fixture->ana, "SELECT total(received) AS n FROM payment"));
  g_assert_cmpuint (fixture->ana.paid->len, ==,
                    (guint)desktop_count (&fixture->ana, "SELECT count(*) AS n FROM payment"));
}

/* ── Pairing ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
pair_fails (Desktop *desktop, const char *address, const char *code, CobroPairingError expected)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (cobro_sync_pair (desktop->store, address, code, "Test", NULL, &error));
  g_assert_error (error, COBRO_PAIRING_ERROR, (int)expected);
}

static void
test_pairing_errors (Fixture *fixture, gconstpointer data)
{
  Desktop *ana = &fixture->ana;
  const char *url = fake_relay_url (fixture->relay), *code = fake_relay_new_code (fixture->relay);
  g_autoptr (CobroPairing) before = cobro_pairing_load (ana->store, NULL);
  g_autoptr (CobroPairing) after = NULL;
  g_autofree char *https = g_strconcat ("https", url + 4, NULL);

  pair_fails (ana, "", code, COBRO_PAIRING_ERROR_ADDRESS);
  pair_fails (ana, "http://pay.example", code, COBRO_PAIRING_ERROR_ADDRESS); /* a key in the clear */
  pair_fails (ana, "ftp://127.0.0.1", code, COBRO_PAIRING_ERROR_ADDRESS);
  pair_fails (ana, "not a host", code, COBRO_PAIRING_ERROR_ADDRESS);
  pair_fails (ana, "cobro://pair?relay=https%3A%2F%2Fpay.example&code=1A2B", "", COBRO_PAIRING_ERROR_CODE);
  pair_fails (ana, "cobro://pair?relay=ftp%3A%2F%2Fpay.example&code=1A2B", "", COBRO_PAIRING_ERROR_ADDRESS);
  pair_fails (ana, "http://127.0.0.1:1", code, COBRO_PAIRING_ERROR_CONNECT);
  pair_fails (ana, https, code, COBRO_PAIRING_ERROR_TLS);
  pair_fails (ana, url, "1A2B", COBRO_PAIRING_ERROR_CODE);
  pair_fails (ana, url, "1A2B-3C4D-5E6F-7G8U", COBRO_PAIRING_ERROR_CODE);
  fake_relay_set_mood (fixture->relay, FAKE_NONSENSE);
  pair_fails (ana, url, code, COBRO_PAIRING_ERROR_NO_RELAY);
  fake_relay_set_mood (fixture->relay, FAKE_DEAF);
  pair_fails (ana, url, code, COBRO_PAIRING_ERROR_NO_RELAY);
  fake_relay_set_mood (fixture->relay, FAKE_OLD);
  pair_fails (ana, url, code, COBRO_PAIRING_ERROR_VERSION);
  fake_relay_set_mood (fixture->relay, FAKE_BUSY);
  pair_fails (ana, url, code, COBRO_PAIRING_ERROR_RELAY);
  fake_relay_set_mood (fixture->relay, FAKE_FINE);
  fake_relay_set_health (fixture->relay, SYNC_NOW + 6 * COBRO_MINUTE, 1);
  pair_fails (ana, url, code, COBRO_PAIRING_ERROR_CLOCK);
  fake_relay_set_health (fixture->relay, 0, 2);
  pair_fails (ana, url, code, COBRO_PAIRING_ERROR_VERSION);
  fake_relay_set_health (fixture->relay, 0, 1);
  pair_fails (ana, url, "ZZZZ-ZZZZ-ZZZZ-ZZZZ", COBRO_PAIRING_ERROR_CODE);

  /* Nothing of this has touched the pairing that there was, nor spent the code. */
  after = cobro_pairing_load (ana->store, NULL);
  g_assert_cmpstr (before->device_id.text, ==, after->device_id.text);
  g_assert_cmpuint (fake_relay_n_requests (fixture->relay, "/v1/pair"), ==, 3); /* two set-ups, and the wrong code */
  desktop_pair (ana);
}

static void
test_pairing_words (void)
{
  static const struct
  {
    const char *typed, *address, *code;
  } addresses[] = {
    { " pay.example ", "https://pay.example", NULL },
    { "https://pay.example/", "https://pay.example", NULL },
    { "localhost:8080", "http://localhost:8080", NULL },
    { "127.0.0.1:8080/", "http://127.0.0.1:8080", NULL },
    { "cobro://pair?relay=https%3A%2F%2Fpay.example&code=1a2b3c4d5e6f7g8h", "https://pay.example",
      "1A2B-3C4D-5E6F-7G8H" },
  };
  g_autofree char *code = cobro_sync_normalise_code (" 1a2b3c4d 5e6f-7goi ", NULL);

  g_assert_cmpstr (code, ==, "1A2B-3C4D-5E6F-7G01");
  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autofree char *of_link = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *address = cobro_sync_normalise_address (addresses[i].typed, &of_link, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (address, ==, addresses[i].address);
      g_assert_cmpstr (of_link, ==, addresses[i].code);
    }
}

/* What was practised stays practice; what was made before any pairing goes up. */
static void
test_another_merchant (Fixture *fixture, gconstpointer data)
{
  FakeRelay *real = fake_relay_new (fixture->clock, 99);
  g_autoptr (CobroLink) practised = desktop_make (&fixture->ana, "Practice", 100);
  g_autoptr (CobroLink) unsent = NULL;

  desktop_push (&fixture->ana);
  unsent = desktop_make (&fixture->ana, "Practice too", 100);
  fixture->ana.relay = real;
  desktop_pair (&fixture->ana);
  desktop_rest (&fixture->ana);
  g_assert_cmpuint (fake_relay_n_links (real), ==, 0);
  g_assert_cmpint (state_of (&fixture->ana, &practised->id), ==, COBRO_RECORD_SAMPLE);
  g_assert_cmpint (state_of (&fixture->ana, &unsent->id), ==, COBRO_RECORD_SAMPLE);
  g_assert_cmpint (desktop_waiting (&fixture->ana), ==, 0);
  fixture->ana.relay = fixture->relay;
  fake_relay_free (real);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/sync/push/once", test_push);
  ADD ("/sync/push/folding", test_folding);
  ADD ("/sync/push/lost-answers", test_lost_answers);
  ADD ("/sync/push/edit-under-way", test_edit_under_way);
  ADD ("/sync/push/rejected", test_rejected);
  ADD ("/sync/push/token", test_token);
  ADD ("/sync/push/too-large", test_too_large);
  ADD ("/sync/push/other-refusals", test_other_refusals);
  ADD ("/sync/push/cancellation-waits", test_cancellation_waits);
  ADD ("/sync/push/gap", test_gap);
  ADD ("/sync/push/reuse", test_reuse);
  ADD ("/sync/push/rebuild", test_rebuild);
  ADD ("/sync/pull/two-computers", test_two_computers);
  ADD ("/sync/pull/payments", test_payments);
  ADD ("/sync/pull/feed-oddities", test_feed_oddities);
  ADD ("/sync/pull/tampered-log", test_tampered_log);
  ADD ("/sync/pull/another-log", test_another_log);
  ADD ("/sync/conflict/merge-quietly", test_merge_quietly);
  ADD ("/sync/conflict/merge-loudly", test_merge_loudly);
  ADD ("/sync/conflict/money", test_money_conflict);
  ADD ("/sync/conflict/answer-lost", test_conflict_answer_lost);
  ADD ("/sync/profile", test_profile);
  ADD ("/sync/chaos", test_chaos);
  ADD ("/sync/pairing/errors", test_pairing_errors);
  g_test_add_func ("/sync/pairing/words", test_pairing_words);
  ADD ("/sync/pairing/another-merchant", test_another_merchant);
  return g_test_run ();
}
