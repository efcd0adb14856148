/* tests/sim/sim-desktop.c — see sim-desktop.h. Layer: tests. */
#include "sim-desktop.h"

#include <glib/gstdio.h>
#include <string.h>

#include "cobro-error.h"
#include "cobro-invoice-store.h"
#include "cobro-link-store.h"
#include "cobro-link-sync-store.h"
#include "cobro-profile-store.h"
#include "cobro-sync-engine.h"
#include "cobro-sync-steps.h"
#include "sim-disk.h"

#define ADDRESS "http://127.0.0.1:1"
#define BATCH   3 /* small, so that several requests are needed */
#define ROUNDS  400

static char *empty_books; /* path of the books that every desktop begins with */

/* ── The way to the relay ───────────────────────────────────────────────────────────────────────── */

static CobroNetAnswer *
lose (const char *what, GError **error)
{
  cobro_error_set_at (error, COBRO_ERROR_NO_ANSWER, "connect", "%s got lost", what);
  return NULL;
}

static CobroNetAnswer *
carry (const CobroNetRequest *request, gpointer data, GError **error)
{
  SimDesktop *self = data;
  g_auto (SimAnswer) answer = { 0 };
  g_autofree char *body = NULL;
  const char *authorization = NULL;
  CobroNetAnswer *reply;

  for (gsize i = 0; request->headers != NULL && request->headers[i] != NULL; i += 2)
    if (g_str_equal (request->headers[i], "Authorization"))
      authorization = request->headers[i + 1] + strlen ("Bearer ");
  if (request->body != NULL)
    body = g_strndup (g_bytes_get_data (request->body, NULL), g_bytes_get_size (request->body));
  if (g_rand_double (self->dice) < self->loss)
    return lose ("the request", error);
  sim_relay_call (self->relay, request->method, request->url + strlen (ADDRESS), authorization, NULL, body, &answer);
  if (answer.status == 0 || g_rand_double (self->dice) < self->loss)
    return lose ("the answer", error);
  reply = g_new0 (CobroNetAnswer, 1);
  reply->status = answer.status;
  reply->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  reply->body = g_bytes_new (answer.body, strlen (answer.body));
  return reply;
}

/* ── Books ──────────────────────────────────────────────────────────────────────────────────────── */

static CobroStore *
open_books (const char *path, CobroClock *clock, CobroRandom *random)
{
  g_autoptr (GError) error = NULL;
  CobroStore *store = cobro_store_open (&(CobroStoreConfig){ path, clock, random, cobro_sync_codec () }, &error);

  g_assert_no_error (error);
  return store;
}

void
sim_desktop_prepare (void)
{
  g_autoptr (CobroClock) clock = cobro_clock_new_fake (COBRO_DAY);
  g_autoptr (CobroRandom) random = cobro_random_new_seeded (2);
  g_autofree char *folder = g_dir_make_tmp ("cobro-sim-books-XXXXXX", NULL);
  g_autoptr (CobroStore) store = NULL;

  g_assert_nonnull (folder);
  empty_books = g_build_filename (folder, "books.sqlite", NULL);
  store = open_books (empty_books, clock, random);
  cobro_store_close (store);
}

static void
remove_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

void
sim_desktop_cleanup (void)
{
  g_autofree char *folder = g_path_get_dirname (empty_books);

  remove_files (folder);
  g_clear_pointer (&empty_books, g_free);
}

static gpointer
pair_work (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_pairing_put (tx, data, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

static gpointer
adopt_work (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_merchant_sync_adopt (tx, data, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

/* Two computers of one merchant, each with numbers of its own. */
static void
introduce (SimDesktop *self, guint number)
{
  g_autoptr (CobroMerchant) merchant = cobro_merchant_new ();
  g_autofree char *prefix = g_strdup_printf ("D%u-", number);
  g_autoptr (GError) error = NULL;

  merchant->id = self->relay->merchant->scope.merchant_id;
  cobro_link_set_text (&merchant->name, "The Vacuum Shop");
  cobro_store_write (self->store, adopt_work, merchant, &error);
  g_assert_no_error (error);
  g_assert_true (cobro_store_set_setting (self->store, "number-prefix", prefix, &error));
}

static void
pair (SimDesktop *self, guint number)
{
  const SimMerchant *merchant = self->relay->merchant;
  char *gateways[] = { (char *)SIM_PROVIDER_NAME, NULL };
  CobroPairing pairing = { .merchant_id = merchant->scope.merchant_id,
                           .address = (char *)ADDRESS,
                           .public_url = (char *)ADDRESS,
                           .gateways = gateways,
                           .methods = COBRO_METHOD_CARD };
  g_autoptr (GError) error = NULL;

  g_strlcpy (pairing.device_id.text, merchant->device_ids->pdata[number], sizeof pairing.device_id.text);
  cobro_store_write (self->store, pair_work, &pairing, &error);
  g_assert_no_error (error);
  g_assert_true (cobro_pairing_refresh_public_url (self->store, &error));
  self->client = cobro_relay_client_new_over (cobro_net_client_new_over (carry, self), ADDRESS,
                                              merchant->device_keys->pdata[number]);
}

SimDesktop *
sim_desktop_new (SimRelay *relay, guint number, GRand *dice, guint32 seed)
{
  SimDesktop *self = g_new0 (SimDesktop, 1);
  g_autofree char *path = NULL;
  g_autofree char *content = NULL;
  gsize n;

  self->folder = g_dir_make_tmp ("cobro-sim-desktop-XXXXXX", NULL);
  path = g_build_filename (self->folder, "books.sqlite", NULL);
  g_assert_true (g_file_get_contents (empty_books, &content, &n, NULL));
  g_assert_true (g_file_set_contents (path, content, (gssize)n, NULL));
  self->clock = cobro_clock_ref (relay->clock);
  self->random = cobro_random_new_seeded (seed);
  self->dice = dice;
  self->relay = relay;
  self->links = g_ptr_array_new_with_free_func (g_free);
  self->tokens = g_ptr_array_new_with_free_func (g_free);
  self->store = open_books (path, self->clock, self->random);
  pair (self, number);
  introduce (self, number);
  return self;
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

void
sim_desktop_free (SimDesktop *self)
{
  settle ();
  g_clear_object (&self->store);
  cobro_relay_client_free (self->client);
  remove_files (self->folder);
  cobro_clock_unref (self->clock);
  cobro_random_unref (self->random);
  g_ptr_array_unref (self->links);
  g_ptr_array_unref (self->tokens);
  g_free (self->folder);
  g_free (self);
}

/* ── What its user does ─────────────────────────────────────────────────────────────────────────── */

static gpointer
put_work (CobroStoreTx *tx, gpointer data, GError **error)
{
  g_autoptr (CobroLinkChange) change = cobro_link_store_put (tx, data, error);

  return change != NULL ? cobro_link_copy (change->record->link) : NULL;
}

void
sim_desktop_make (SimDesktop *self)
{
  g_autoptr (CobroLink) link = cobro_link_new ();
  g_autoptr (CobroLink) stored = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (cobro_currency_from_code ("EUR", &link->currency, NULL));
  link->amount = cobro_money (g_rand_int_range (self->dice, 100, 100000), link->currency);
  g_free (link->title);
  link->title = g_strdup_printf ("Thing %u", g_rand_int (self->dice) % 1000);
  stored = cobro_store_write (self->store, put_work, link, &error);
  g_assert_no_error (error);
  g_ptr_array_add (self->links, g_memdup2 (&stored->id, sizeof stored->id));
}

static gpointer
find_any_work (CobroStoreTx *tx, gpointer data, GError **error)
{
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "SELECT id FROM link WHERE invoice_id IS NULL ORDER BY row "
                      "LIMIT 1 OFFSET :n % (SELECT count (*) + 1 FROM link WHERE invoice_id IS NULL)",
                      error);
  CobroId id;

  g_assert_nonnull (statement);
  cobro_db_bind_int64 (statement, ":n", *(guint32 *)data);
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return NULL;
  id = cobro_db_column_id (statement, "id");
  return cobro_link_store_find (tx, &id, error);
}

void
sim_desktop_edit (SimDesktop *self)
{
  guint32 n = g_rand_int (self->dice) % 1000;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroLinkRecord) record = cobro_store_read (self->store, find_any_work, &n, &error);
  g_autoptr (CobroLink) link = NULL;
  g_autoptr (CobroLink) stored = NULL;

  g_assert_no_error (error);
  if (record == NULL || record->link->decision == COBRO_DECISION_CANCELLED)
    return;
  link = cobro_link_copy (record->link);
  if (g_rand_boolean (self->dice))
    cobro_link_set_text (&link->description, g_rand_boolean (self->dice) ? "in blue" : "in red");
  else
    link->decision = g_rand_boolean (self->dice) ? COBRO_DECISION_PAUSED : COBRO_DECISION_ACTIVE;
  stored = cobro_store_write (self->store, put_work, link, &error);
}

/* ── Invoices ───────────────────────────────────────────────────────────────────────────────────── */

static gpointer
issue_work (CobroStoreTx *tx, gpointer data, GError **error)
{
  g_autoptr (CobroInvoiceChange) change = cobro_invoice_store_issue (tx, data, NULL, error);

  return change != NULL ? g_strdup (change->record->invoice->token.text) : NULL;
}

void
sim_desktop_issue (SimDesktop *self)
{
  g_autoptr (CobroInvoice) draft = cobro_invoice_new ();
  CobroInvoiceLine *line = cobro_invoice_line_new ("Vacuum cleaner");
  g_autoptr (GError) error = NULL;
  char *token;

  g_assert_true (cobro_currency_from_code ("EUR", &draft->currency, NULL));
  cobro_link_set_text (&draft->buyer.name, "Ana");
  line->unit_price = cobro_unit_price_of (cobro_money (g_rand_int_range (self->dice, 100, 100000), draft->currency));
  line->tax_category = COBRO_TAX_STANDARD;
  line->tax_rate = 21 * COBRO_DECIMAL_ONE;
  g_ptr_array_add (draft->lines, line);
  if (g_rand_boolean (self->dice))
    draft->partial = COBRO_PARTIAL_ON;
  token = cobro_store_write (self->store, issue_work, draft, &error);
  g_assert_no_error (error);
  g_ptr_array_add (self->tokens, token);
}

static gpointer
find_any_invoice_work (CobroStoreTx *tx, gpointer data, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    tx->db,
    "SELECT id FROM invoice WHERE kind = 0 ORDER BY row LIMIT 1 OFFSET :n % (SELECT count (*) + 1 FROM invoice)",
    error);
  CobroId id;

  g_assert_nonnull (statement);
  cobro_db_bind_int64 (statement, ":n", *(guint32 *)data);
  if (cobro_db_step (statement, error) != COBRO_DB_ROW)
    return NULL;
  id = cobro_db_column_id (statement, "id");
  return cobro_invoice_store_find (tx, &id, error);
}

static gpointer
record_work (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_invoice_store_record (tx, data, error);
}

static void
record_cash (SimDesktop *self, const CobroInvoice *invoice)
{
  g_autoptr (CobroRecord) record = cobro_record_new ();
  g_autoptr (CobroInvoiceChange) change = NULL;
  g_autoptr (GError) error = NULL;
  gint64 total = cobro_money_minor (invoice->totals->total);

  record->link_id = cobro_invoice_link_id (&invoice->id);
  record->amount = cobro_money (g_rand_int_range (self->dice, 1, (gint32)total + 1), invoice->currency);
  cobro_day_to_text (cobro_store_today (self->store), record->date);
  change = cobro_store_write (self->store, record_work, record, &error);
  g_assert_no_error (error);
  self->records++;
}

static gpointer
void_work (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_invoice_store_void (tx, data, "a mistake", error);
}

static gpointer
put_invoice_work (CobroStoreTx *tx, gpointer data, GError **error)
{
  return cobro_invoice_store_put (tx, data, error);
}

static void
change_reminders (SimDesktop *self, const CobroInvoice *invoice)
{
  g_autoptr (CobroInvoice) copy = cobro_invoice_copy (invoice);
  g_autoptr (CobroInvoiceChange) change = NULL;
  g_autoptr (GError) error = NULL;

  copy->reminders =
    (CobroReminders){ .custom = TRUE, .n = (guint)g_rand_int_range (self->dice, 0, 3), .days = { 1, 2 } };
  change = cobro_store_write (self->store, put_invoice_work, copy, &error);
  g_assert_no_error (error);
}

void
sim_desktop_settle (SimDesktop *self)
{
  guint32 n = g_rand_int (self->dice) % 1000;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroInvoiceRecord) record = cobro_store_read (self->store, find_any_invoice_work, &n, &error);
  g_autoptr (CobroInvoiceChange) change = NULL;

  g_assert_no_error (error);
  if (record == NULL || record->invoice->decision == COBRO_INVOICE_VOID)
    return;
  switch (g_rand_int_range (self->dice, 0, 6))
    {
    case 0:
      change = cobro_store_write (self->store, void_work, &record->invoice->id, &error);
      g_assert_true (error == NULL || g_error_matches (error, COBRO_ERROR, COBRO_ERROR_STATE));
      break;
    case 1:
    case 2:
      change_reminders (self, record->invoice);
      break;
    default:
      record_cash (self, record->invoice);
      break;
    }
}

static gpointer
count_work (CobroStoreTx *tx, gpointer data, GError **error)
{
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, data, error);

  g_assert_nonnull (statement);
  g_assert_cmpint (cobro_db_step (statement, error), ==, COBRO_DB_ROW);
  return GSIZE_TO_POINTER ((gsize)cobro_db_column_int64 (statement, "n") + 1);
}

static gsize
count (SimDesktop *self, const char *sql)
{
  return GPOINTER_TO_SIZE (cobro_store_read (self->store, count_work, (gpointer)sql, NULL)) - 1;
}

guint
sim_desktop_count_refused (SimDesktop *self)
{
  return (guint)count (self, "SELECT count (*) AS n FROM payment WHERE manual > 0 AND state = 5");
}

void
sim_desktop_check (SimDesktop *self)
{
  /* Of the numbers of each series none is missing, and none is there twice. */
  g_assert_cmpuint (count (self, "SELECT count (*) AS n FROM (SELECT series FROM invoice WHERE sequence IS NOT NULL "
                                 "GROUP BY series HAVING count (*) <> max (sequence) OR min (sequence) <> 1)"),
                    ==, 0);
  g_assert_cmpuint (count (self, "SELECT count (*) - count (DISTINCT number) AS n FROM invoice"), ==, 0);
  g_assert_cmpuint (count (self, "SELECT count (*) AS n FROM outbox"), ==, 0);
}

/* ── Sync ───────────────────────────────────────────────────────────────────────────────────────── */

/* On the way things fail; in the books they may not. */
static void
forgive (GError *error)
{
  if (error != NULL && !g_error_matches (error, COBRO_ERROR, COBRO_ERROR_NO_ANSWER) &&
      !g_error_matches (error, COBRO_ERROR, COBRO_ERROR_UNAVAILABLE))
    g_error ("sync: %s (%d)", error->message, error->code);
}

static guint
push (SimDesktop *self)
{
  g_autoptr (GError) error = NULL;
  CobroPushStep step = { 0 };

  if (!cobro_sync_push_once (self->store, self->client, BATCH, &step, NULL, &error))
    forgive (error);
  return step.sent;
}

void
sim_desktop_push (SimDesktop *self)
{
  push (self);
}

static guint
pull (SimDesktop *self)
{
  g_autoptr (GError) error = NULL;
  guint n = 0;

  if (!cobro_sync_pull_once (self->store, self->client, 0, &n, NULL, &error))
    forgive (error);
  settle ();
  return n;
}

void
sim_desktop_pull (SimDesktop *self)
{
  pull (self);
}

void
sim_desktop_rest (SimDesktop *self)
{
  guint quiet = 0;

  self->loss = 0;
  for (guint round = 0; quiet < 2; round++)
    {
      g_assert_cmpuint (round, <, ROUNDS);
      quiet = push (self) + pull (self) == 0 ? quiet + 1 : 0;
    }
}

static gpointer
dump_work (CobroStoreTx *tx, gpointer data, GError **error)
{
  GString *text = g_string_new (NULL);
  static const char *const queries[] = {
    "SELECT id || ' rev ' || rev || ' paid ' || paid || ' refunded ' || refunded || ' uses ' || uses AS line "
    "FROM link WHERE rev > 0 AND invoice_id IS NULL ORDER BY id",
    "SELECT number || ' ' || id || ' rev ' || rev || ' is ' || decision || ' stands ' || standing || ' paid ' || paid "
    "|| "
    "' credited ' || credited || ' due ' || owed AS line FROM invoice WHERE rev > 0 ORDER BY id",
    "SELECT id || ' state ' || state || ' amount ' || amount || ' received ' || coalesce (received, 0) || ' refunded ' "
    "|| refunded AS line FROM payment WHERE NOT (manual > 0 AND state = 5) ORDER BY id",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr (CobroDbStatement) statement = cobro_db_prepare (tx->db, queries[i], error);

      g_assert_nonnull (statement);
      while (cobro_db_step (statement, error) == COBRO_DB_ROW)
        g_string_append_printf (text, "%s\n", cobro_db_column_text (statement, "line"));
    }
  return g_string_free (text, FALSE);
}

char *
sim_desktop_dump (SimDesktop *self)
{
  g_autoptr (GError) error = NULL;
  char *text = cobro_store_read (self->store, dump_work, NULL, &error);

  g_assert_no_error (error);
  return text;
}
