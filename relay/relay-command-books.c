/* relay/relay-command-books.c — what an operator does with the books as a whole: copies, copies that come back, and a
 * fresh start. Layer: relay (composition). Thread: main. */
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cobro-error.h"
#include "cobro-wire.h"
#include "relay-app.h"
#include "relay-command.h"
#include "relay-copies.h"
#include "relay-exit.h"
#include "relay-inbox-store.h"
#include "relay-payment-store.h"
#include "relay-restore.h"
#include "relay-status-store.h"

/* ── backup ─────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
write_copy (const RelayConfig *config, const char *path, GError **error)
{
  g_autoptr (RelayStore) store = relay_app_open_store (config, TRUE, error);

  return store && relay_store_backup (store, path, error) && relay_copy_check (path, error) &&
         relay_copy_write_sum (path, error) && relay_status_note_copy (store, error);
}

/* @where: a new file, or with @keep a folder of copies. */
static gboolean
backup (const RelayConfig *config, const char *where, gboolean keep, GError **error)
{
  g_autoptr (CobroClock) clock = cobro_clock_new_system ();
  g_autofree char *path = keep ? relay_copy_name (where, cobro_clock_now (clock)) : g_strdup (where);
  guint removed = 0;

  if (keep && g_mkdir_with_parents (where, 0700) != 0)
    return cobro_error_set (error, COBRO_ERROR_IO, "cannot make the folder \"%s\"", where);
  if (!write_copy (config, path, error) || (keep && !relay_copies_rotate (where, &removed, error)))
    return FALSE;
  g_print ("%s is a consistent copy, read once more and found whole; its sum is in %s.sha256.\n", path, path);
  if (removed > 0)
    g_print ("%u older copies were removed.\n", removed);
  g_print ("Keep a copy of relay.key elsewhere: without it the provider secrets in it stay shut.\n");
  return TRUE;
}

int
relay_command_backup (int argc, char **argv)
{
  g_auto (RelayCommandOptions) options = { 0 };
  g_autoptr (RelayConfig) config = NULL;
  gboolean keep = FALSE;
  const GOptionEntry extra[] = {
    { "keep", 'k', 0, G_OPTION_ARG_NONE, &keep,
      "FILE is a folder: a dated copy is added, and those of 7 days, 4 weeks and 12 months are kept", NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  GError *error = NULL;
  int code = relay_command_parse ("backup", RELAY_COMMAND_NEEDS_DATA, extra, 1, &argc, &argv, &options, &config);

  if (code >= 0)
    return code;
  if (!relay_config_need_data (config, &error) || !relay_config_need_file (config, &error) ||
      !backup (config, argv[1], keep, &error))
    return relay_command_fail (error);
  return RELAY_EXIT_OK;
}

/* ── restore ────────────────────────────────────────────────────────────────────────────────────── */

/* What a message of a provider's is about; of a webhook that was never understood there is only its name. */
typedef struct
{
  const char *payment, *object, *kind; /* (nullable) */
  CobroMoney amount;
  const char *provider, *account, *event;
} Named;
typedef void (*NamedFunc) (const Named *named, gpointer data);

static void
each_parked (const RelayRestoreReport *report, NamedFunc func, gpointer data)
{
  for (guint i = 0; i < report->parked->len; i++)
    {
      const RelayInboxRow *row = report->parked->pdata[i];
      Named named = { .provider = row->provider, .account = row->account, .event = row->event_id };

      if (!row->facts || row->facts->len == 0)
        func (&named, data);
      for (guint k = 0; row->facts && k < row->facts->len; k++)
        {
          const CobroFact *fact = row->facts->pdata[k];

          named.payment = fact->reference;
          named.object = fact->provider_payment_id;
          named.kind = cobro_fact_kind_name (fact->kind);
          named.amount = fact->amount;
          func (&named, data);
        }
    }
}

static void
each_rebuilt (const RelayRestoreReport *report, NamedFunc func, gpointer data)
{
  for (guint i = 0; i < report->rebuilt->len; i++)
    {
      const RelayPaymentRecord *record = report->rebuilt->pdata[i];
      const CobroPayment *payment = record->payment;
      const Named named = { payment->id.text,
                            payment->provider_payment_id,
                            cobro_payment_state_name (payment->state),
                            payment->amount,
                            payment->gateway,
                            record->account,
                            NULL };

      func (&named, data);
    }
}

static void
write_named (const Named *named, gpointer data)
{
  CobroWireWriter *writer = data;

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "paymentId", named->payment);
  cobro_wire_put_text (writer, "providerPaymentId", named->object);
  cobro_wire_put_text (writer, "kind", named->kind);
  cobro_wire_put_money (writer, "amount", named->amount);
  cobro_wire_put_text (writer, "currency",
                       cobro_money_is_set (named->amount) ? cobro_money_code (named->amount) : NULL);
  cobro_wire_put_text (writer, "provider", named->provider);
  cobro_wire_put_text (writer, "account", named->account);
  cobro_wire_put_text (writer, "event", named->event);
  cobro_wire_end_object (writer);
}

static void
write_lists (CobroWireWriter *writer, const RelayRestoreReport *report)
{
  cobro_wire_begin_array (writer, "rebuilt");
  each_rebuilt (report, write_named, writer);
  cobro_wire_end_array (writer);
  cobro_wire_begin_array (writer, "parked");
  each_parked (report, write_named, writer);
  cobro_wire_end_array (writer);
  cobro_wire_begin_array (writer, "unread");
  for (guint i = 0; i < report->unread->len; i++)
    cobro_wire_put_text (writer, NULL, report->unread->pdata[i]);
  cobro_wire_end_array (writer);
}

static void
print_named (const Named *named, gpointer data)
{
  g_autofree char *amount =
    cobro_money_is_set (named->amount) ? cobro_money_to_decimal (named->amount) : g_strdup ("-");

  g_print ("          %s  %s %s  %s %s  (%s account %s)\n", named->payment ? named->payment : "-",
           named->object ? named->object : "-", named->kind ? named->kind : named->event, amount,
           cobro_money_is_set (named->amount) ? cobro_money_code (named->amount) : "", named->provider, named->account);
}

static void
print_json (const RelayRestoreReport *report, const char *aside)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *json = NULL;

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "before", aside);
  cobro_wire_put_time (writer, "lastEvent", report->last_event);
  cobro_wire_put_int64 (writer, "openPayments", report->open_payments);
  cobro_wire_put_int64 (writer, "openRefunds", report->open_refunds);
  cobro_wire_put_int64 (writer, "quarantined", report->quarantined);
  cobro_wire_put_int64 (writer, "deliveries", report->deliveries);
  cobro_wire_put_int64 (writer, "violations", report->violations);
  cobro_wire_put_text (writer, "numbers", report->numbers);
  write_lists (writer, report);
  cobro_wire_end_object (writer);
  json = cobro_wire_writer_take (writer);
  g_print ("%s\n", json);
}

static void
print_line (gint64 number, const char *what, const char *then)
{
  if (number > 0)
    g_print ("  %6" G_GINT64_FORMAT "  %s: %s\n", number, what, then);
}

static void
print_words (const RelayRestoreReport *report, const char *aside)
{
  g_autofree char *last = report->last_event != 0 ? cobro_time_to_text (report->last_event) : g_strdup ("never");

  g_print ("The books are those of the copy; the last event in it happened at %s.\n", last);
  if (*aside)
    g_print ("What was there before is in %s.\n", aside);
  g_print ("\nThe providers were asked for what has happened since. What cannot be proven from the books:\n");
  print_line (report->open_payments, "payments without an end", "the relay goes on asking");
  print_line (report->open_refunds, "refunds without an end", "the relay goes on asking");
  print_line (report->rebuilt->len, "payments made anew from the providers' lists",
              "the money is in the books; what was paid for is not known, so each is flagged");
  each_rebuilt (report, print_named, NULL);
  print_line (report->parked->len, "messages of providers about what the books do not know",
              "the money is not in the books; they are kept for ever, with an alarm");
  each_parked (report, print_named, NULL);
  print_line (report->unread->len, "accounts whose list could not be read",
              "what they took since then is missing; the relay goes on asking those that are switched on, and keeps "
              "what it does not know");
  for (guint i = 0; i < report->unread->len; i++)
    g_print ("          %s\n", (const char *)report->unread->pdata[i]);
  print_line (report->quarantined, "messages set aside", "a person has to look, also at payments made anew");
  print_line (report->deliveries, "webhooks that will be sent", "some for the second time, with the same ids");
  if (report->open_payments + report->open_refunds + report->parked->len + report->rebuilt->len + report->unread->len +
        report->quarantined + report->deliveries ==
      0)
    g_print ("  nothing\n");
  g_print (
    "\nIdempotency keys used after that time are forgotten: whoever repeats such a request pays once more. Accounts\n"
    "that were added after it are not known here, and nobody has asked them. Events after that time have been told to\n"
    "desktops and endpoints and are told anew with other ids; desktops publish again by themselves what the relay has\n"
    "lost. Which invoice numbers the relay gave after that time is not known either: from now on its own begin with\n"
    "\"%s\". The audit found %" G_GINT64_FORMAT " violations.\n",
    report->numbers, report->violations);
}

int
relay_command_restore (int argc, char **argv)
{
  g_auto (RelayCommandOptions) options = { 0 };
  g_autoptr (RelayConfig) config = NULL;
  g_autofree char *aside = NULL;
  g_auto (RelayRestoreReport) report = { 0 };
  GError *error = NULL;
  int code = relay_command_parse ("restore", RELAY_COMMAND_NEEDS_DATA | RELAY_COMMAND_JSON, NULL, 1, &argc, &argv,
                                  &options, &config);

  if (code >= 0)
    return code;
  if (!relay_config_need_data (config, &error) || !relay_config_need_file (config, &error) ||
      !relay_restore_run (config, argv[1], &aside, &report, &error))
    return relay_command_fail (error);
  if (options.json)
    print_json (&report, aside);
  else
    print_words (&report, aside);
  return report.violations == 0 ? RELAY_EXIT_OK : RELAY_EXIT_FINDINGS;
}

/* ── reset ──────────────────────────────────────────────────────────────────────────────────────── */

/* On a terminal the folder's name has to be typed; elsewhere --yes has to be said. */
static gboolean
confirm (const char *data, GError **error)
{
  g_autofree char *name = g_path_get_basename (data);
  char line[256] = "";

  if (!isatty (STDIN_FILENO))
    return cobro_error_set (error, COBRO_ERROR_INVALID, "this empties \"%s\": say --yes", data);
  g_print ("This empties %s: every merchant, link and payment in it. Type \"%s\" to go on: ", data, name);
  fflush (stdout);
  if (!fgets (line, sizeof line, stdin) || !g_str_equal (g_strchomp (line), name))
    return cobro_error_set (error, COBRO_ERROR_INVALID, "nothing was changed");
  return TRUE;
}

static void
remove_aside (const char *aside)
{
  static const char *const names[] = { "relay.sqlite-wal", "relay.sqlite-shm", "relay.sqlite" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (aside, names[i], NULL);

      g_remove (path);
    }
  g_rmdir (aside);
}

/* The lock is looked for by opening the books; damaged ones may be reset, too. */
static gboolean
check_idle (const RelayConfig *config, GError **error)
{
  g_autofree char *books = g_build_filename (config->data, "relay.sqlite", NULL);
  g_autoptr (GError) failure = NULL;
  g_autoptr (RelayStore) store = NULL;

  if (!g_file_test (books, G_FILE_TEST_EXISTS))
    return cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "there are no books in \"%s\"", config->data);
  store = relay_app_open_store (config, FALSE, &failure);
  if (store || !g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_BUSY))
    return TRUE;
  return cobro_error_set (error, COBRO_ERROR_BUSY, "%s; stop the relay first", failure->message);
}

static gboolean
reset (const RelayConfig *config, gboolean no_backup, GError **error)
{
  g_autoptr (CobroClock) clock = cobro_clock_new_system ();
  g_autofree char *aside = relay_books_set_aside (config->data, "reset", cobro_clock_now (clock), error);

  if (!aside)
    return FALSE;
  if (*aside && no_backup)
    remove_aside (aside);
  else if (*aside)
    g_print ("What was there is in %s.\n", aside);
  g_print ("%s is empty; the key file stays.\n", config->data);
  return TRUE;
}

int
relay_command_reset (int argc, char **argv)
{
  g_auto (RelayCommandOptions) options = { 0 };
  g_autoptr (RelayConfig) config = NULL;
  gboolean yes = FALSE, no_backup = FALSE;
  const GOptionEntry extra[] = {
    { "yes", 'y', 0, G_OPTION_ARG_NONE, &yes, "do not ask", NULL },
    { "no-backup", 0, 0, G_OPTION_ARG_NONE, &no_backup, "keep nothing of what was there", NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  GError *error = NULL;
  int code = relay_command_parse ("reset", RELAY_COMMAND_NEEDS_DATA, extra, 0, &argc, &argv, &options, &config);

  if (code >= 0)
    return code;
  if (!relay_config_need_data (config, &error) || !relay_config_need_file (config, &error) ||
      !check_idle (config, &error) || (!yes && !confirm (config->data, &error)) || !reset (config, no_backup, &error))
    return relay_command_fail (error);
  return RELAY_EXIT_OK;
}
