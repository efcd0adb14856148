/* tests/sync/test-sync-relay.c — the desktop's side against the real relay: the program is started, paired with by its
 * own codes, spoken to over its API, killed and started again. Arguments: the relay's program.
 * Layer: tests. */
#include "cobro-error.h"
#include "cobro-relay-desk.h"
#include "cobro-sync-refund.h"
#include "relay-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

/* The API has the link as the books do. */
static void
assert_at_relay (RelayFixture *fixture, Desktop *desktop, const CobroId *id)
{
  g_autofree char *path = g_strconcat ("/v1/links/", id->text, NULL);
  g_autoptr (CobroWireObject) data = relay_fixture_call_api (fixture, "GET", path, NULL);
  g_autoptr (CobroLinkRecord) record = desktop_find (desktop, id);
  g_autofree char *title = wire_member (data, "title");
  g_autofree char *decision = wire_member (data, "decision");
  gint64 rev;

  g_assert_cmpstr (title, ==, record->link->title);
  g_assert_cmpstr (decision, ==, cobro_decision_name (record->link->decision));
  g_assert_true (cobro_wire_get_int64_needed (data, "rev", &rev, NULL));
  g_assert_cmpint (rev, ==, record->link->rev);
}

/* ── Tests ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
test_up_and_down (RelayFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = desktop_make (&fixture->ana, "Coffee", 1200);
  g_autoptr (CobroLinkRecord) record = NULL;
  g_autoptr (CobroWireObject) made = NULL;
  g_autofree char *id_text = NULL;
  g_autofree char *token = NULL;
  CobroId id;

  desktop_rest (&fixture->ana);
  assert_at_relay (fixture, &fixture->ana, &link->id);
  desktop_rest (&fixture->ben);
  record = desktop_find (&fixture->ben, &link->id);
  g_assert_cmpstr (record->link->token.text, ==, link->token.text);
  g_assert_cmpint (record->state, ==, COBRO_RECORD_LIVE);

  made = relay_fixture_call_api (fixture, "POST", "/v1/links",
                                 "{\"title\":\"By the API\",\"currency\":\"EUR\",\"amount\":500}");
  id_text = wire_member (made, "id");
  token = wire_member (made, "token");
  g_assert_true (cobro_id_parse (COBRO_ID_LINK, id_text, &id, NULL));
  desktop_rest (&fixture->ana);
  g_clear_pointer (&record, cobro_link_record_unref);
  record = desktop_find (&fixture->ana, &id);
  g_assert_cmpstr (record->link->title, ==, "By the API");
  g_assert_cmpstr (record->link->token.text, ==, token);
}

static void
edit (Desktop *desktop, const CobroId *id, const char *title, const char *description)
{
  g_autoptr (CobroLinkRecord) record = desktop_find (desktop, id);
  g_autoptr (CobroLink) link = cobro_link_copy (record->link);

  if (title != NULL)
    cobro_link_set_text (&link->title, title);
  if (description != NULL)
    cobro_link_set_text (&link->description, description);
  desktop_put (desktop, link);
}

static void
test_conflicts (RelayFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = desktop_make (&fixture->ana, "Coffee", 1200);
  g_autoptr (CobroLinkRecord) at_ana = NULL;
  g_autoptr (CobroLinkRecord) at_ben = NULL;

  desktop_rest (&fixture->ana);
  desktop_rest (&fixture->ben);
  edit (&fixture->ana, &link->id, "Early", "With milk");
  edit (&fixture->ben, &link->id, "Late", NULL);
  desktop_rest (&fixture->ana);
  desktop_rest (&fixture->ben);
  desktop_rest (&fixture->ana);
  at_ana = desktop_find (&fixture->ana, &link->id);
  at_ben = desktop_find (&fixture->ben, &link->id);
  g_assert_cmpstr (at_ana->link->title, ==, "Late");
  g_assert_cmpstr (at_ben->link->title, ==, "Late");
  g_assert_cmpstr (at_ben->link->description, ==, "With milk");
  g_assert_cmpint (at_ben->state, ==, COBRO_RECORD_CONFLICT);
  assert_at_relay (fixture, &fixture->ana, &link->id);
  assert_at_relay (fixture, &fixture->ben, &link->id);
}

/* The same reference on two computers: the second is rejected, with the field, and mended by an edit. */
static void
test_rejected (RelayFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) first = sync_link ("One", 100);
  g_autoptr (CobroLink) second = sync_link ("Two", 100);
  g_autoptr (CobroLinkRecord) record = NULL;
  CobroId id = cobro_id_new (COBRO_ID_LINK, fixture->clock, fixture->ben.random);

  cobro_link_set_text (&first->reference, "A-17");
  desktop_put (&fixture->ana, first);
  desktop_rest (&fixture->ana);
  cobro_link_set_text (&second->reference, "A-17");
  second->id = id;
  desktop_put (&fixture->ben, second);
  desktop_push (&fixture->ben);
  record = desktop_find (&fixture->ben, &id);
  g_assert_cmpint (record->state, ==, COBRO_RECORD_REJECTED);
  g_assert_cmpstr (record->path, ==, "reference");
}

static gpointer
do_replace_token (CobroStoreTx *tx, gpointer data, GError **error)
{
  g_autoptr (CobroLinkChange) change = cobro_link_store_replace_token (tx, data, error);

  return change != NULL ? g_strdup (change->record->link->token.text) : NULL;
}

/* proves: INV-9 */
static void
test_token (RelayFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = desktop_make (&fixture->ana, "Coffee", 1200);
  g_autoptr (CobroLinkRecord) record = NULL;
  g_autofree char *token = NULL;

  desktop_rest (&fixture->ana);
  desktop_rest (&fixture->ben);
  token = cobro_store_write (fixture->ana.store, do_replace_token, &link->id, NULL);
  desktop_rest (&fixture->ana);
  desktop_rest (&fixture->ben);
  record = desktop_find (&fixture->ben, &link->id);
  g_assert_cmpstr (record->link->token.text, ==, token);
  assert_at_relay (fixture, &fixture->ana, &link->id);
}

/* Killed between anything and anything, with everything it has acknowledged. */
static void
test_killed (RelayFixture *fixture, gconstpointer data)
{
  for (int i = 0; i < 4; i++)
    {
      g_autoptr (CobroLink) before = desktop_make (&fixture->ana, "Before", 100);
      g_autoptr (CobroLink) after = NULL;

      desktop_push (&fixture->ana);
      relay_fixture_kill (fixture);
      after = desktop_make (&fixture->ana, "After", 100);
      desktop_push_fails (&fixture->ana, COBRO_ERROR_NO_ANSWER);
      g_free (relay_fixture_start (fixture));
      desktop_rest (&fixture->ana);
      assert_at_relay (fixture, &fixture->ana, &before->id);
      assert_at_relay (fixture, &fixture->ana, &after->id);
    }
}

static gpointer
do_publish_all (CobroStoreTx *tx, gpointer data, GError **error)
{
  return GINT_TO_POINTER (cobro_sync_publish_all (tx, data, error));
}

/* A relay that has everything is not changed by being told everything again. */
static void
test_publish_again (RelayFixture *fixture, gconstpointer data)
{
  gint64 n = 0, events;

  for (int i = 0; i < 30; i++)
    cobro_link_unref (desktop_make (&fixture->ana, "Coffee", 100));
  desktop_rest (&fixture->ana);
  events = desktop_count (&fixture->ana, "SELECT max(sequence) AS n FROM event");
  g_assert_nonnull (cobro_store_write (fixture->ana.store, do_publish_all, &n, NULL));
  g_assert_cmpint (n, >=, 30);
  desktop_rest (&fixture->ana);
  g_assert_cmpint (desktop_count (&fixture->ana, "SELECT max(sequence) AS n FROM event"), ==, events);
  g_assert_cmpint (desktop_count (&fixture->ana, "SELECT count(*) AS n FROM link WHERE trouble <> 0"), ==, 0);
}

#define ADD(path, func) g_test_add (path, RelayFixture, argv[1], relay_fixture_set_up, func, relay_fixture_tear_down)

/* ── Refunds ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
on_result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

/* (transfer full) a payment of 50.00 that the API made, as the books know it then. */
static CobroPaymentDetail *
pay (RelayFixture *fixture, const char *order)
{
  g_autofree char *body = g_strdup_printf (
    "{\"amount\":5000,\"currency\":\"EUR\",\"gateway\":\"mock\",\"metadata\":{\"order\":\"%s\"}}", order);
  g_autoptr (CobroWireObject) made = relay_fixture_call_api (fixture, "POST", "/v1/payments", body);
  g_autofree char *text = wire_member (made, "id");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CobroPaymentDetail *detail;
  CobroId id;

  g_assert_true (cobro_id_parse (COBRO_ID_PAYMENT, text, &id, NULL));
  desktop_rest (&fixture->ana);
  cobro_payment_detail_async (fixture->ana.store, &id, NULL, on_result_cb, &result);
  detail = cobro_payment_detail_finish (fixture->ana.store, wait_for (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpint (detail->payment->state, ==, COBRO_PAYMENT_SUCCEEDED);
  g_assert_cmpint (cobro_money_minor (detail->rest), ==, 5000);
  return detail;
}

/* (transfer full) */
static CobroRefundOrder *
order_for (RelayFixture *fixture, const CobroPaymentDetail *detail, gint64 minor)
{
  CobroRefundOrder *order = cobro_refund_order_new ();

  order->id = cobro_id_new (COBRO_ID_OPERATION, fixture->clock, fixture->ana.random);
  order->payment_id = detail->payment->id;
  order->amount = cobro_money (minor, cobro_money_currency (detail->rest));
  cobro_link_set_text (&order->reason, "broken cup");
  return order;
}

static gboolean
put (RelayFixture *fixture, const CobroRefundOrder *order, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  cobro_refund_order_put_async (fixture->ana.store, order, NULL, on_result_cb, &result);
  return cobro_refund_order_finish (fixture->ana.store, wait_for (&result), error);
}

static gboolean
drop (RelayFixture *fixture, const CobroRefundOrder *order)
{
  g_autoptr (GAsyncResult) result = NULL;

  cobro_refund_order_drop_async (fixture->ana.store, &order->id, NULL, on_result_cb, &result);
  return cobro_refund_order_finish (fixture->ana.store, wait_for (&result), NULL);
}

/* (transfer full) */
static CobroRefundOrder *
ask (RelayFixture *fixture, const CobroRefundOrder *order, CobroRefund **out_refund)
{
  g_autoptr (GError) error = NULL;
  CobroRefundOrder *after =
    cobro_sync_refund_once (fixture->ana.store, fixture->ana.client, &order->id, out_refund, NULL, &error);

  g_assert_no_error (error);
  return after;
}

static gpointer
do_exec (CobroStoreTx *tx, gpointer data, GError **error)
{
  return GINT_TO_POINTER (cobro_db_exec (tx->db, data, error));
}

static void
exec (RelayFixture *fixture, const char *sql)
{
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (cobro_store_write (fixture->ana.store, do_exec, (gpointer)sql, &error));
}

static guint
refunds_there (RelayFixture *fixture)
{
  g_autoptr (CobroNetClient) client = cobro_net_client_new ("test");
  g_autofree char *url = g_strconcat (fixture->url, "/v1/refunds", NULL);
  const char *headers[] = { "Authorization", "Bearer demo", NULL };
  g_autoptr (CobroNetAnswer) answer = cobro_net_client_send (
    client,
    &(CobroNetRequest){ .method = "GET", .url = url, .headers = headers, .deadline_ms = 30000, .max_bytes = 1 << 20 },
    NULL, NULL);
  g_autoptr (CobroWireObject) json =
    cobro_wire_parse (g_bytes_get_data (answer->body, NULL), (gssize)g_bytes_get_size (answer->body), NULL);
  g_autoptr (GPtrArray) list = NULL;

  g_assert_true (cobro_wire_get_objects (json, "data", 1000, &list, NULL));
  return list->len;
}

/* One order is one refund: asked twice, given twice, or asked again after a crash that lost the answer.
 * proves: OPF-2 OPF-5 */
static void
test_refund_once (RelayFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroPaymentDetail) detail = pay (fixture, "1");
  g_autoptr (CobroRefundOrder) order = order_for (fixture, detail, 2000);
  g_autoptr (CobroRefundOrder) much = order_for (fixture, detail, 3001);
  g_autoptr (CobroRefundOrder) after = NULL;
  g_autoptr (CobroRefundOrder) again = NULL;
  g_autoptr (CobroRefundOrder) crashed = NULL;
  g_autoptr (CobroRefund) refund = NULL;
  g_autoptr (CobroRefund) other = NULL;
  g_autoptr (CobroRefund) same = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (put (fixture, order, NULL));
  g_assert_true (put (fixture, order, NULL));
  g_assert_false (put (fixture, much, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
  g_assert_cmpstr (cobro_error_get_path (error), ==, "amount");

  after = ask (fixture, order, &refund);
  g_assert_cmpint (after->state, ==, COBRO_REFUND_ORDER_ANSWERED);
  g_assert_cmpint (refund->state, ==, COBRO_REFUND_SUCCEEDED);
  g_assert_cmpstr (refund->reason, ==, "broken cup");
  g_assert_cmpuint (refunds_there (fixture), ==, 1);
  again = ask (fixture, order, &other);
  g_assert_null (other);
  g_assert_cmpint (again->state, ==, COBRO_REFUND_ORDER_ANSWERED);
  g_assert_false (drop (fixture, order));

  exec (fixture, "UPDATE refund_order SET state = 1, refund_id = NULL");
  crashed = ask (fixture, order, &same);
  g_assert_true (cobro_id_equal (&same->id, &refund->id));
  g_assert_cmpint (crashed->state, ==, COBRO_REFUND_ORDER_ANSWERED);
  g_assert_cmpuint (refunds_there (fixture), ==, 1);

  desktop_rest (&fixture->ana);
  g_assert_cmpint (desktop_count (&fixture->ana, "SELECT count(*) AS n FROM refund WHERE state = 1"), ==, 1);
}

/* What the relay refuses is said and can be cleared away; what it was asked for long ago is not asked for again. */
static void
test_refund_ends (RelayFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroPaymentDetail) detail = pay (fixture, "2");
  g_autoptr (CobroRefundOrder) late = order_for (fixture, detail, 4000);
  g_autoptr (CobroRefundOrder) old = NULL;
  g_autoptr (CobroRefundOrder) refused = NULL;
  g_autoptr (CobroRefundOrder) unclear = NULL;
  g_autoptr (CobroRefund) refund = NULL;
  g_autoptr (CobroWireObject) elsewhere = NULL;
  g_autofree char *body = g_strdup_printf ("{\"paymentId\":\"%s\",\"amount\":3000}", detail->payment->id.text);

  g_assert_true (put (fixture, late, NULL));
  elsewhere = relay_fixture_call_api (fixture, "POST", "/v1/refunds", body);
  refused = ask (fixture, late, &refund);
  g_assert_null (refund);
  g_assert_cmpint (refused->state, ==, COBRO_REFUND_ORDER_REFUSED);
  g_assert_cmpstr (refused->problem, !=, "");
  g_assert_cmpuint (refunds_there (fixture), ==, 1);
  g_assert_true (drop (fixture, late));

  desktop_rest (&fixture->ana);
  old = order_for (fixture, detail, 1000);
  g_assert_true (put (fixture, old, NULL));
  exec (fixture, "UPDATE refund_order SET state = 1, asked_at = 1");
  unclear = ask (fixture, old, &refund);
  g_assert_cmpint (unclear->state, ==, COBRO_REFUND_ORDER_UNCLEAR);
  g_assert_cmpuint (refunds_there (fixture), ==, 1);
  g_assert_true (drop (fixture, old));
}

/* Nobody answers: the order goes on waiting for an answer, with the same id. */
static void
test_refund_away (RelayFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroPaymentDetail) detail = pay (fixture, "3");
  g_autoptr (CobroRefundOrder) order = order_for (fixture, detail, 5000);
  g_autoptr (CobroRefundOrder) away = NULL;
  g_autoptr (CobroRefundOrder) back = NULL;
  g_autoptr (CobroRefund) refund = NULL;
  g_autofree char *code = NULL;

  g_assert_true (put (fixture, order, NULL));
  relay_fixture_kill (fixture);
  away = ask (fixture, order, &refund);
  g_assert_null (refund);
  g_assert_cmpint (away->state, ==, COBRO_REFUND_ORDER_ASKED);
  code = relay_fixture_start (fixture);
  back = ask (fixture, order, &refund);
  g_assert_cmpint (back->state, ==, COBRO_REFUND_ORDER_ANSWERED);
  g_assert_nonnull (refund);
  g_assert_cmpuint (refunds_there (fixture), ==, 1);
}

/* ── Providers ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static const CobroProvider *
find_provider (GPtrArray *providers, const char *name)
{
  for (guint i = 0; i < providers->len; i++)
    if (g_str_equal (((CobroProvider *)providers->pdata[i])->name, name))
      return providers->pdata[i];
  g_error ("the relay has no provider “%s”", name);
}

/* What the relay says of its providers is understood, changes come about, and what is wrong is named by its field.
 * proves: OPL-13 */
static void
test_providers (RelayFixture *fixture, gconstpointer data)
{
  CobroRelayClient *client = fixture->ana.client;
  g_autofree char *text = NULL;
  g_autofree char *words = NULL;
  g_autofree char *secret = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) providers = cobro_relay_providers_list (client, &text, NULL, &error);
  g_autoptr (GPtrArray) remembered = NULL;
  g_autoptr (CobroProviderChange) change = cobro_provider_change_new ();
  g_autoptr (CobroProvider) changed = NULL;
  const CobroProvider *mock;
  gboolean ok = FALSE;
  CobroTime until = 0;

  g_assert_no_error (error);
  mock = find_provider (providers, "mock");
  g_assert_true (mock->enabled && mock->test_only && !mock->livemode && mock->secret_is_set);
  g_assert_cmpint (mock->status, ==, COBRO_PROVIDER_READY);
  g_assert_true (g_str_has_prefix (mock->webhook_url, fixture->url));
  remembered = cobro_relay_providers_read (text, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (remembered->len, ==, providers->len);

  change->position = 7;
  change->rules = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_provider_rule_free);
  g_ptr_array_add (change->rules, cobro_provider_rule_new ("EUR", COBRO_METHOD_CARD, 100, 100000));
  cobro_provider_change_set (change, "success-rate", "80");
  changed = cobro_relay_providers_change (client, "mock", change, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (cobro_provider_find_setting (changed, "success-rate")->value, ==, "80");
  g_assert_cmpint (changed->position, ==, 7);
  g_assert_true (cobro_provider_rules_equal (changed->rules, change->rules));

  cobro_provider_change_set (change, "success-rate", "many");
  g_assert_null (cobro_relay_providers_change (client, "mock", change, NULL, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
  g_assert_cmpstr (cobro_error_get_path (error), ==, "settings.success-rate");
  g_clear_error (&error);
  g_assert_null (cobro_relay_providers_change (client, "nobody", change, NULL, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_assert_true (cobro_relay_providers_test (client, "mock", &ok, &words, NULL, &error));
  g_assert_true (ok && *words != '\0');
  secret = cobro_relay_providers_new_secret (client, "mock", &until, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (strlen (secret), >=, 32);
  g_assert_cmpint (until, >, 0);
}

/* Going live: what was for testing becomes sample data, and there is no way back for these books.
 * proves: OPL-13 */
static void
test_go_live (RelayFixture *fixture, gconstpointer data)
{
  g_autoptr (CobroLink) link = desktop_make (&fixture->ana, "For testing", 1200);
  g_autofree char *live = NULL;
  g_autofree char *test = NULL;
  g_autofree char *key = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) providers = NULL;
  g_autoptr (CobroPairing) pairing = NULL;
  g_autoptr (GError) error = NULL;

  desktop_rest (&fixture->ana);
  live = relay_fixture_new_code_for (fixture, "--live");
  relay_fixture_pair (fixture, &fixture->ana, live);
  desktop_rest (&fixture->ana);
  g_assert_cmpint (desktop_count (&fixture->ana, "SELECT count(*) AS n FROM link WHERE sample = 1 AND waiting = 0"), >=,
                   1);
  g_assert_cmpint (desktop_count (&fixture->ana, "SELECT count(*) AS n FROM link WHERE sample = 0"), ==, 0);
  providers = cobro_relay_providers_list (fixture->ana.client, &text, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (find_provider (providers, "mock")->livemode);
  g_assert_false (find_provider (providers, "mock")->enabled);

  test = relay_fixture_new_code (fixture);
  key = cobro_sync_pair (fixture->ana.store, fixture->url, test, "Test", NULL, &error);
  g_assert_null (key);
  g_assert_error (error, COBRO_PAIRING_ERROR, COBRO_PAIRING_ERROR_RELAY);
  pairing = cobro_pairing_load (fixture->ana.store, NULL);
  g_assert_true (pairing->livemode);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  ADD ("/sync/relay/up-and-down", test_up_and_down);
  ADD ("/sync/relay/conflicts", test_conflicts);
  ADD ("/sync/relay/rejected", test_rejected);
  ADD ("/sync/relay/token", test_token);
  ADD ("/sync/relay/killed", test_killed);
  ADD ("/sync/relay/publish-again", test_publish_again);
  ADD ("/sync/relay/refund-once", test_refund_once);
  ADD ("/sync/relay/refund-ends", test_refund_ends);
  ADD ("/sync/relay/refund-away", test_refund_away);
  ADD ("/sync/relay/providers", test_providers);
  ADD ("/sync/relay/go-live", test_go_live);
  return g_test_run ();
}
