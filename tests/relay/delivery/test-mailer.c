/* tests/relay/delivery/test-mailer.c — mails from the books to a real mail server, in the time of a clock that stands
 * still: receipts once, retries, bounces, nobody buried, kills, reminders, due dates, schedules. Layer: tests. */
#include <string.h>

#include "cobro-test.h"
#include "relay-invoice-clock.h"
#include "relay-invoices.h"
#include "relay-mail-plan.h"
#include "relay-mailer.h"
#include "relay-merchant-store.h"
#include "relay-recurring-store.h"
#include "rig.h"
#include "smtp-fixture.h"

#define SHOP "shop@cafe.example"

/* Books, a mail server, and who works between them. */
typedef struct
{
  Rig *rig;
  Sink *sink;
  RelayMailer *mailer;
} World;

static RelayMailer *
mailer_new (World *world, const char *name)
{
  RelayMailer *mailer;

  g_autoptr (GError) error = NULL;
  RelayMailerConfig config = { .store = world->rig->store,
                               .clock = world->rig->clock,
                               .random = world->rig->random,
                               .smtp = { .url = world->sink->url, .name = "pay.example", .deadline_ms = 5000 },
                               .from = "relay@pay.example",
                               .public_url = "https://pay.example",
                               .worker = name,
                               .connections = 2 };

  mailer = relay_mailer_new (&config, &error);
  g_assert_no_error (error);
  return mailer;
}

static void
open_mailer (World *world)
{
  world->mailer = mailer_new (world, "relay");
  relay_mail_set_wanted (world->rig->store, TRUE);
}

static gboolean
set_profile (RelayTx *tx, gpointer data, GError **error)
{
  g_autoptr (CobroMerchant) merchant = cobro_merchant_copy (data);

  return relay_merchant_update (tx, merchant, NULL, error);
}

/* Changes the merchant's profile. */
static void
change_profile (World *world, void (*change) (CobroMerchant *merchant))
{
  g_autoptr (RelayReader) reader = relay_store_read (world->rig->store, NULL);
  g_autoptr (CobroMerchant) found = relay_merchant_find (reader->db, &world->rig->scope.merchant_id, NULL, NULL);
  g_autoptr (CobroMerchant) merchant = cobro_merchant_copy (found);
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&reader, relay_reader_release);
  change (merchant);
  merchant->rev++;
  g_assert_true (relay_store_write (world->rig->store, set_profile, merchant, &error));
  g_assert_no_error (error);
}

static void
give_address (CobroMerchant *merchant)
{
  cobro_link_set_text (&merchant->email, SHOP);
  cobro_link_set_text (&merchant->time_zone, "UTC");
}

static World *
world_new (void)
{
  World *world = g_new0 (World, 1);

  world->rig = rig_new ();
  world->sink = sink_new ("", "smtp", "127.0.0.1");
  open_mailer (world);
  change_profile (world, give_address);
  return world;
}

static void
world_free (World *world)
{
  relay_mailer_free (world->mailer);
  rig_assert_clean (world->rig);
  rig_free (world->rig);
  sink_free (world->sink);
  g_free (world);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)

/* Lets the calendar and the postmen work after @pause; how many mails were taken out of the queue. */
static guint
work (World *world, gint64 pause)
{
  g_autoptr (GError) error = NULL;
  guint taken = 0;
  RelayMailRound round = { 0 };

  cobro_clock_advance (world->rig->clock, pause);
  rig_janitor (world->rig, 0);
  relay_mailer_wake (world->mailer); /* as the commit would have */
  do
    {
      relay_mailer_run_once (world->mailer, cobro_clock_now (world->rig->clock), &round, &error);
      g_assert_no_error (error);
      relay_mailer_settle (world->mailer);
      taken += round.taken;
    }
  while (round.taken > 0);
  return taken;
}

static gint64
count (World *world, const char *sql)
{
  return rig_count (world->rig, sql);
}

static gint64
count_sent (World *world)
{
  return count (world, "SELECT count(*) AS n FROM mail WHERE state = 'sent'");
}

/* The next mail that arrived, and that it is for @to and has @word in its text. */
static void
expect_mail (World *world, const char *to, const char *word)
{
  g_autofree char *mail = sink_next (world->sink);
  g_autofree char *recipients = g_strdup_printf ("\"to\": [\"%s\"]", to);

  if (strstr (mail, recipients) == NULL || strstr (mail, word) == NULL)
    g_error ("expected a mail to %s with \"%s\": %.2000s", to, word, mail);
}

/* ── Payments ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* Somebody pays a link of EUR 12.50; returns its payment. */
static RelayPaymentRecord *
pay (World *world, const char *payer)
{
  g_autoptr (CobroLink) link = rig_link_new (world->rig);
  g_autofree char *token = NULL;
  g_autoptr (RelayBeginResult) begun = NULL;
  g_autoptr (CobroFact) fact = NULL;
  g_autoptr (GError) error = NULL;

  cobro_link_set_text (&link->customer_email, payer);
  token = rig_publish (world->rig, link);
  begun = rig_begin (world->rig, token, "payer", &error);
  g_assert_no_error (error);
  fact = rig_fact (world->rig, begun->payment, COBRO_FACT_SUCCEEDED, begun->payment->id.text);
  g_assert_cmpint (rig_apply (world->rig, fact), ==, RELAY_VERDICT_APPLIED);
  g_assert_cmpint (rig_apply (world->rig, fact), ==, RELAY_VERDICT_DUPLICATE);
  return rig_find_payment (world->rig, &begun->payment->id);
}

/* One receipt, one notice; the same payment told again adds none. */
/* proves: DYN-10, INV-12 */
static void
test_receipts (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (RelayPaymentRecord) payment = pay (world, "ana@example.org");
  g_autoptr (CobroFact) again = rig_fact (world->rig, payment->payment, COBRO_FACT_SUCCEEDED, "another event");

  g_assert_cmpint (count (world, "SELECT count(*) AS n FROM mail WHERE state = 'queued'"), ==, 2);
  rig_apply (world->rig, again);
  g_assert_cmpint (count (world, "SELECT count(*) AS n FROM mail"), ==, 2);
  g_assert_cmpint (work (world, COBRO_SECOND), ==, 2);
  g_assert_cmpint (count_sent (world), ==, 2);
  g_assert_cmpint (work (world, COBRO_DAY), ==, 0);
}

/* Without an address, or with a mail server that nobody named, a payment is a payment. */
static void
test_no_address (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (RelayPaymentRecord) first = pay (world, "");
  g_autoptr (RelayPaymentRecord) second = NULL;

  g_assert_cmpint (count (world, "SELECT count(*) AS n FROM mail"), ==, 1);
  relay_mail_set_wanted (world->rig->store, FALSE);
  second = pay (world, "ana@example.org");
  g_assert_cmpint (count (world, "SELECT count(*) AS n FROM mail"), ==, 1);
}

static gint64
next_of (World *world, const char *to)
{
  g_autofree char *sql =
    g_strdup_printf ("SELECT coalesce (min (next_at), 0) AS n FROM mail WHERE recipient = '%s'", to);

  return count (world, sql);
}

/* 4xx: seven more tries after 1, 5, 30 min, 2, 6, 12, 24 h, then it is given up, and the merchant is told once. */
static void
test_retries (void)
{
  static const gint64 pauses[] = { COBRO_MINUTE,   5 * COBRO_MINUTE, 30 * COBRO_MINUTE, 2 * COBRO_HOUR,
                                   6 * COBRO_HOUR, 12 * COBRO_HOUR,  24 * COBRO_HOUR };
  g_autoptr (World) world = world_new ();
  g_autoptr (RelayPaymentRecord) payment = pay (world, "later@example.org");

  work (world, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (pauses); i++)
    {
      gint64 pause = next_of (world, "later@example.org") - cobro_clock_now (world->rig->clock);

      g_assert_cmpint (pause, >=, pauses[i] / 100 * 90);
      g_assert_cmpint (pause, <=, pauses[i] / 100 * 110);
      g_assert_cmpint (work (world, pause), ==, 1);
    }
  g_assert_cmpint (count (world, "SELECT count(*) AS n FROM mail WHERE state = 'bounced' AND tries = 8"), ==, 1);
  g_assert_cmpint (count (world, "SELECT count(*) AS n FROM event WHERE type = 'mail.failed'"), ==, 1);
  g_assert_cmpint (work (world, 10 * COBRO_DAY), ==, 0);
}

/* 5xx about this recipient is final; greylisting is not. */
static void
test_answers (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (RelayPaymentRecord) refused = pay (world, "nobody@example.org");
  g_autoptr (RelayPaymentRecord) grey = pay (world, "grey@example.org");
  g_autoptr (RelayPaymentRecord) spam = pay (world, "spam@example.org");

  work (world, 0);
  g_assert_cmpint (count (world, "SELECT count(*) AS n FROM mail WHERE state = 'bounced'"), ==, 2);
  g_assert_cmpint (count (world, "SELECT count(*) AS n FROM event WHERE type = 'mail.failed'"), ==, 2);
  g_assert_cmpint (count_sent (world), ==, 3); /* the notices */
  work (world, 2 * COBRO_MINUTE);
  g_assert_cmpint (count_sent (world), ==, 4);
  g_assert_cmpint (count (world, "SELECT count(*) AS n FROM mail WHERE recipient = 'grey@example.org' AND tries = 2"),
                   ==, 1);
}

/* A server that is away costs no mail a try more than the plan's, and everything arrives when it is back. */
static void
test_server_away (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (RelayPaymentRecord) payment = NULL;

  sink_kill (world->sink);
  for (guint i = 0; i < 30; i++)
    {
      g_autoptr (RelayPaymentRecord) one = pay (world, "ana@example.org");

      g_assert_nonnull (one);
    }
  for (guint i = 0; i < 40; i++)
    work (world, COBRO_HOUR);
  g_assert_cmpint (count (world, "SELECT count(*) AS n FROM mail WHERE next_at IS NOT NULL"), ==, 60);
  g_assert_cmpint (count (world, "SELECT count(*) AS n FROM event WHERE type = 'mail.failed'"), ==, 0);
  relay_mailer_free (world->mailer);
  sink_free (world->sink);
  world->sink = sink_new ("", "smtp", "127.0.0.1");
  open_mailer (world);
  for (guint i = 0; i < 12; i++)
    work (world, COBRO_HOUR);
  g_assert_cmpint (count_sent (world), ==, 60);
}

/* Five in an hour to one mailbox, however it is written; the merchant's own notices are another matter. */
static void
test_share (void)
{
  g_autoptr (World) world = world_new ();

  for (guint i = 0; i < 12; i++)
    {
      g_autoptr (RelayPaymentRecord) one = pay (world, i % 2 == 0 ? "ana@example.org" : "Ana@Example.org");

      g_assert_nonnull (one);
    }
  work (world, 0);
  g_assert_cmpint (count (world, "SELECT count(*) AS n FROM mail WHERE kind = 'receipt' AND state = 'sent'"), ==, 5);
  g_assert_cmpint (count (world, "SELECT count(*) AS n FROM mail WHERE kind = 'paid_notice' AND state = 'sent'"), ==,
                   12);
  work (world, 30 * COBRO_MINUTE);
  g_assert_cmpint (count (world, "SELECT count(*) AS n FROM mail WHERE kind = 'receipt' AND state = 'sent'"), ==, 5);
  work (world, 31 * COBRO_MINUTE);
  g_assert_cmpint (count (world, "SELECT count(*) AS n FROM mail WHERE kind = 'receipt' AND state = 'sent'"), ==, 10);
  work (world, 61 * COBRO_MINUTE);
  g_assert_cmpint (count (world, "SELECT count(*) AS n FROM mail WHERE kind = 'receipt' AND state = 'sent'"), ==, 12);
}

/* (transfer full) "<hex@domain>" of a mail. */
static char *
message_id (const char *mail)
{
  const char *header = strstr (mail, "Message-Id: <");
  const char *value = header != NULL ? header + strlen ("Message-Id: ") : NULL;

  g_assert_nonnull (value);
  return g_strndup (value, strcspn (value, ">") + 1);
}

/* Killed after the server took the mail and before that was written down: sent again, under the same Message-ID. */
static void
test_killed (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (RelayPaymentRecord) payment = NULL;
  g_autofree char *copy = NULL;
  g_autofree char *first = NULL, *second = NULL;

  if (rig_is_postgres ())
    {
      g_test_skip ("a copy of the books at a moment is a file");
      return;
    }
  change_profile (world, give_address);
  payment = pay (world, "ana@example.org");
  g_assert_cmpint (count (world, "SELECT count(*) AS n FROM mail WHERE kind = 'receipt'"), ==, 1);
  copy = rig_copy (world->rig); /* nothing of what follows was written */
  work (world, 0);
  first = sink_next (world->sink);
  second = sink_next (world->sink);
  g_clear_pointer (&world->mailer, relay_mailer_free);
  rig_continue (world->rig, copy);
  open_mailer (world);
  g_assert_cmpint (work (world, 0), ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *again = sink_next (world->sink);
      g_autofree char *id = message_id (again);

      g_assert_true (strstr (first, id) != NULL || strstr (second, id) != NULL);
    }
}

/* Two workers, each on a thread of its own, at one queue: every mail once. */
static void
test_two_workers (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (RelayMailer) other = mailer_new (world, "other");
  gint64 until = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *to = g_strdup_printf ("ana%u@example.org", i);
      g_autoptr (RelayPaymentRecord) one = pay (world, to);

      g_assert_nonnull (one);
    }
  relay_mailer_start (world->mailer);
  relay_mailer_start (other);
  while (count_sent (world) < 40 && g_get_monotonic_time () < until)
    g_thread_yield ();
  relay_mailer_stop (world->mailer, 5000);
  relay_mailer_stop (other, 5000);
  g_clear_pointer (&other, relay_mailer_free);
  g_assert_cmpint (count_sent (world), ==, 40);
  for (guint i = 0; i < 40; i++)
    g_free (sink_next (world->sink));
  g_assert_null (g_async_queue_try_pop (world->sink->mails));
}

/* ── Invoices ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* AUD 75.00 + 10 % for Bob, due in ten days. */
static CobroInvoice *
invoice_new (World *world)
{
  CobroInvoice *invoice = cobro_invoice_new ();
  CobroInvoiceLine *line = cobro_invoice_line_new ("Vacuum cleaner");
  g_autoptr (GError) error = NULL;

  g_assert_true (cobro_currency_from_code ("AUD", &invoice->currency, NULL));
  line->unit_price = 7500 * COBRO_UNIT_PRICE_ONE;
  line->tax_category = COBRO_TAX_STANDARD;
  line->tax_rate = 10 * 1000000;
  g_free (line->tax_name);
  line->tax_name = g_strdup ("GST");
  g_ptr_array_add (invoice->lines, line);
  invoice->terms = 10;
  invoice->livemode = FALSE;
  cobro_link_set_text (&invoice->buyer.name, "Bob");
  cobro_link_set_text (&invoice->buyer.email, "bob@example.org");
  g_assert_true (cobro_invoice_compute (invoice, &error));
  g_assert_no_error (error);
  return invoice;
}

static RelayInvoiceRecord *
issue (World *world)
{
  g_autoptr (CobroInvoice) invoice = invoice_new (world);
  g_autoptr (GError) error = NULL;
  CobroToken token;
  RelayInvoiceRecord *record;

  invoice->decision = COBRO_INVOICE_ISSUED;
  record = relay_invoices_make (world->rig->store, &world->rig->scope, invoice, NULL, &token, &error);
  g_assert_no_error (error);
  return record;
}

static void
send_invoice (World *world, const RelayInvoiceRecord *record)
{
  CobroId cause = cobro_id_new (COBRO_ID_OPERATION, world->rig->clock, world->rig->random);
  g_autoptr (GError) error = NULL;

  g_assert_true (
    relay_invoices_send (world->rig->store, &world->rig->scope, &record->invoice->id, NULL, &cause, &error));
  g_assert_no_error (error);
  g_assert_true (
    relay_invoices_send (world->rig->store, &world->rig->scope, &record->invoice->id, NULL, &cause, &error));
  g_assert_no_error (error);
}

/* Cash over the counter. */
static void
pay_cash (World *world, const RelayInvoiceRecord *record, gint64 minor)
{
  g_autoptr (CobroRecord) cash = cobro_record_new ();
  g_autoptr (GError) error = NULL;

  cash->id = cobro_id_new (COBRO_ID_PAYMENT, world->rig->clock, world->rig->random);
  cash->link_id = cobro_invoice_link_id (&record->invoice->id);
  cash->amount = cobro_money (minor, record->invoice->currency);
  cobro_day_to_text (cobro_day_of_time (cobro_clock_now (world->rig->clock), "UTC"), cash->date);
  g_assert_true (relay_invoices_record (world->rig->store, &world->rig->scope, cash, &error));
  g_assert_no_error (error);
}

static gint64
count_reminders (World *world, const char *state)
{
  g_autofree char *sql =
    g_strdup_printf ("SELECT count(*) AS n FROM mail WHERE kind = 'reminder' AND state = '%s'", state);

  return count (world, sql);
}

/* −3, 0, +7, +14, each once, at nine; overdue told once, the day after; nothing any more once it is paid. */
/* proves: INV-14 */
static void
test_reminders (void)
{
  static const guint days[] = { 7, 10, 17, 24 };
  g_autoptr (World) world = world_new ();
  g_autoptr (RelayInvoiceRecord) record = issue (world);

  send_invoice (world, record);
  g_assert_cmpint (work (world, 0), ==, 1);
  expect_mail (world, "bob@example.org", record->invoice->number);
  for (guint day = 0, sent = 0; day < 40; day++)
    for (guint half = 0; half < 2; half++)
      {
        work (world, 12 * COBRO_HOUR);
        if (sent < G_N_ELEMENTS (days) && half == 1 && day + 1 == days[sent])
          {
            sent++;
            expect_mail (world, "bob@example.org", record->invoice->number);
          }
        g_assert_cmpint (count_reminders (world, "sent"), ==, sent);
        g_assert_cmpint (count (world, "SELECT count(*) AS n FROM event WHERE type = 'invoice.overdue'"), ==,
                         day * 2 + half >= 21 ? 1 : 0);
      }
  g_assert_cmpint (count (world, "SELECT count(*) AS n FROM event WHERE type = 'invoice.reminded'"), ==, 4);
  g_assert_cmpint (count (world, "SELECT count(*) AS n FROM event WHERE type = 'invoice.sent'"), ==, 1);
}

/* What was not sent by mail is not followed by mail. */
static void
test_unsent (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (RelayInvoiceRecord) record = issue (world);

  g_assert_nonnull (record);
  for (guint day = 0; day < 30; day++)
    work (world, COBRO_DAY);
  g_assert_cmpint (count (world, "SELECT count(*) AS n FROM mail"), ==, 0);
  g_assert_cmpint (count (world, "SELECT count(*) AS n FROM event WHERE type = 'invoice.overdue'"), ==, 1);
}

/* Away for three weeks: only the newest step is said. */
static void
test_downtime (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (RelayInvoiceRecord) record = issue (world);

  send_invoice (world, record);
  work (world, 0);
  work (world, 19 * COBRO_DAY);
  work (world, COBRO_DAY);
  g_assert_cmpint (count_reminders (world, "sent"), ==, 1);
  g_assert_cmpint (count (world, "SELECT count(*) AS n FROM mail WHERE kind = 'reminder' AND step = 7"), ==, 1);
}

/* Queued, and then paid, or overtaken by a newer one before it could be sent. */
static void
test_overtaken (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (RelayInvoiceRecord) paid = issue (world);
  g_autoptr (RelayInvoiceRecord) late = NULL;

  send_invoice (world, paid);
  work (world, 0);
  cobro_clock_advance (world->rig->clock, 7 * COBRO_DAY);
  rig_janitor (world->rig, 0);
  g_assert_cmpint (count_reminders (world, "queued"), ==, 1);
  pay_cash (world, paid, 8250);
  work (world, 0);
  g_assert_cmpint (count_reminders (world, "sent"), ==, 0);
  g_assert_cmpint (count_reminders (world, "dropped"), ==, 1);
  late = issue (world);
  send_invoice (world, late);
  work (world, 0);
  cobro_clock_advance (world->rig->clock, 7 * COBRO_DAY);
  rig_janitor (world->rig, 0); /* −3 is queued */
  cobro_clock_advance (world->rig->clock, 4 * COBRO_DAY);
  work (world, 0);
  work (world, COBRO_DAY);
  g_assert_cmpint (count_reminders (world, "sent"), ==, 1);
  g_assert_cmpint (count_reminders (world, "dropped"), ==, 2);
  g_assert_cmpint (
    count (world, "SELECT count(*) AS n FROM mail WHERE state = 'sent' AND kind = 'reminder' AND step = 0"), ==, 1);
}

static gboolean
put_schedule (RelayTx *tx, gpointer data, GError **error)
{
  CobroRecurring *recurring = data;
  g_autoptr (CobroMerchant) one = NULL;
  g_autoptr (GPtrArray) merchants = relay_merchant_list (tx->db, error);
  RelayScope scope;

  if (merchants == NULL)
    return FALSE;
  one = cobro_merchant_ref (merchants->pdata[0]);
  scope = (RelayScope){ one->id, FALSE };
  return relay_recurring_put (tx, &scope, recurring, one->time_zone, NULL, error);
}

/* The last of each month from 31 October: missed months are issued in their order, each once, by however many. */
static void
test_recurring (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (CobroRecurring) recurring = cobro_recurring_new ();
  g_autoptr (GError) error = NULL;
  guint issued;

  recurring->id = cobro_id_new (COBRO_ID_RECURRING, world->rig->clock, world->rig->random);
  recurring->rev = 1;
  g_free (recurring->name);
  recurring->name = g_strdup ("Rent");
  recurring->every = COBRO_EVERY_MONTH;
  recurring->interval = 1;
  recurring->send = TRUE;
  g_strlcpy (recurring->start, "2026-10-31", sizeof recurring->start);
  cobro_invoice_unref (recurring->invoice);
  recurring->invoice = invoice_new (world);
  g_assert_true (relay_store_write (world->rig->store, put_schedule, recurring, &error));
  g_assert_no_error (error);
  work (world, 0); /* 1 December: 31 October and 30 November were missed */
  g_assert_cmpint (count (world, "SELECT count(*) AS n FROM invoice WHERE recurring_id IS NOT NULL"), ==, 2);
  g_assert_cmpint (count (world, "SELECT count(*) AS n FROM invoice WHERE period = '2026-11-30' AND sequence = 2"), ==,
                   1);
  g_assert_true (
    relay_recurring_run_once (world->rig->checkout, cobro_clock_now (world->rig->clock), 10, &issued, &error));
  g_assert_cmpint (issued, ==, 0);
  work (world, 95 * COBRO_DAY); /* 6 March */
  g_assert_cmpint (count (world, "SELECT count(*) AS n FROM invoice WHERE recurring_id IS NOT NULL"), ==, 5);
  g_assert_cmpint (count (world, "SELECT count(*) AS n FROM invoice WHERE period = '2027-02-28' AND sequence = 3"), ==,
                   1);
  g_assert_cmpint (count (world, "SELECT count(*) AS n FROM mail WHERE kind = 'invoice'"), ==, 5);
}

/* ── From whom ──────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
allow_sender (RelayTx *tx, gpointer data, GError **error)
{
  Rig *rig = data;

  return relay_mail_sender_set (tx, &rig->scope.merchant_id, "billing@cafe.example", error);
}

static void
test_senders (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (RelayInvoiceRecord) record = issue (world);
  g_autofree char *first = NULL, *second = NULL;
  g_autoptr (GError) error = NULL;

  send_invoice (world, record);
  work (world, 0);
  first = sink_next (world->sink);
  g_assert_nonnull (strstr (first, "\"from\": \"relay@pay.example\""));
  g_assert_nonnull (strstr (first, "<relay@pay.example>\\r\\n"));
  g_assert_nonnull (strstr (first, "<" SHOP ">\\r\\n"));
  g_assert_nonnull (strstr (first, "application/pdf"));
  g_assert_true (relay_store_write (world->rig->store, allow_sender, world->rig, &error));
  send_invoice (world, record);
  work (world, COBRO_MINUTE);
  second = sink_next (world->sink);
  g_assert_nonnull (strstr (second, "\"from\": \"billing@cafe.example\""));
  g_assert_nonnull (strstr (second, "<billing@cafe.example>\\r\\n"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/mailer/receipts", test_receipts);
  g_test_add_func ("/relay/mailer/no-address", test_no_address);
  g_test_add_func ("/relay/mailer/retries", test_retries);
  g_test_add_func ("/relay/mailer/answers", test_answers);
  g_test_add_func ("/relay/mailer/server-away", test_server_away);
  g_test_add_func ("/relay/mailer/share", test_share);
  g_test_add_func ("/relay/mailer/killed", test_killed);
  g_test_add_func ("/relay/mailer/two-workers", test_two_workers);
  g_test_add_func ("/relay/mailer/reminders", test_reminders);
  g_test_add_func ("/relay/mailer/unsent", test_unsent);
  g_test_add_func ("/relay/mailer/downtime", test_downtime);
  g_test_add_func ("/relay/mailer/overtaken", test_overtaken);
  g_test_add_func ("/relay/mailer/recurring", test_recurring);
  g_test_add_func ("/relay/mailer/senders", test_senders);
  return g_test_run ();
}
