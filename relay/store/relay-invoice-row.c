/* relay/store/relay-invoice-row.c — one row of the table invoice.
 * Layer: relay/store. What may still change after the issue stands in columns of its own; the document is written
 * without it, so that the database can hold it still. */
#include "relay-invoice-row.h"

#include "cobro-wire-invoice.h"
#include "relay-row.h"

/* ── Reminders ──────────────────────────────────────────────────────────────────────────────────────────────── */

/* (transfer full) (nullable) "-3 0 7"; NULL: the merchant's. */
static char *
reminders_to_text (const CobroReminders *reminders)
{
  GString *text;

  if (!reminders->custom)
    return NULL;
  text = g_string_new (NULL);
  for (guint i = 0; i < reminders->n; i++)
    g_string_append_printf (text, "%s%d", i > 0 ? " " : "", reminders->days[i]);
  return g_string_free (text, FALSE);
}

static void
reminders_from_text (const char *text, CobroReminders *reminders)
{
  g_auto (GStrv) days = NULL;

  *reminders = cobro_reminders_default ();
  if (text == NULL)
    return;
  days = g_strsplit (text, " ", COBRO_REMINDERS_MAX);
  reminders->custom = TRUE;
  reminders->n = 0;
  for (guint i = 0; days[i] != NULL; i++)
    if (*days[i] != '\0')
      reminders->days[reminders->n++] = (gint)g_ascii_strtoll (days[i], NULL, 10);
}

/* ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* (transfer full) what does not change any more once it is issued. */
static char *
to_frozen_document (const CobroInvoice *invoice)
{
  g_autoptr (CobroInvoice) frozen = cobro_invoice_copy (invoice);

  frozen->token = COBRO_TOKEN_NONE;
  frozen->rev = 1;
  if (frozen->decision != COBRO_INVOICE_DRAFT)
    frozen->decision = COBRO_INVOICE_ISSUED;
  cobro_link_set_text (&frozen->void_reason, "");
  cobro_link_set_text (&frozen->private_notes, "");
  frozen->reminders = cobro_reminders_default ();
  frozen->expires_at = 0;
  frozen->updated_at = frozen->created_at;
  return cobro_wire_invoice_to_document (frozen, FALSE);
}

void
relay_invoice_row_bind_later (CobroDbStatement *statement, const CobroInvoice *invoice, const char *edited,
                              CobroTime look_at)
{
  g_autofree char *reminders = reminders_to_text (&invoice->reminders);

  cobro_db_bind_int64 (statement, ":rev", invoice->rev);
  cobro_db_bind_text (statement, ":decision", cobro_invoice_decision_name (invoice->decision));
  cobro_db_bind_text (statement, ":void_reason", invoice->void_reason);
  cobro_db_bind_text (statement, ":private_notes", invoice->private_notes);
  cobro_db_bind_text (statement, ":reminders", reminders);
  cobro_db_bind_time (statement, ":expires_at", invoice->expires_at);
  cobro_db_bind_text (statement, ":edited", edited);
  cobro_db_bind_int64 (statement, ":updated_at", invoice->updated_at);
  cobro_db_bind_time (statement, ":look_at", look_at);
}

void
relay_invoice_row_bind (CobroDbStatement *statement, const CobroInvoice *invoice)
{
  g_autofree char *document = to_frozen_document (invoice);

  cobro_db_bind_text (statement, ":number", invoice->number);
  cobro_db_bind_text (statement, ":series", invoice->series);
  cobro_db_bind_int64 (statement, ":sequence", invoice->sequence);
  cobro_db_bind_text (statement, ":issue_date", invoice->issue_date);
  cobro_db_bind_text (statement, ":due_date", invoice->due_date);
  cobro_db_bind_text (statement, ":currency", cobro_currency_code (invoice->currency));
  cobro_db_bind_int64 (statement, ":total", invoice->totals != NULL ? cobro_money_minor (invoice->totals->total) : 0);
  cobro_db_bind_id (statement, ":corrects_id", &invoice->corrects_id);
  cobro_db_bind_id (statement, ":customer_id", &invoice->customer_id);
  cobro_db_bind_text (statement, ":buyer_name", invoice->buyer.name);
  cobro_db_bind_text (statement, ":buyer_email", invoice->buyer.email);
  cobro_db_bind_text (statement, ":reference", invoice->reference);
  cobro_db_bind_id (statement, ":recurring_id", &invoice->recurring_id);
  cobro_db_bind_text (statement, ":period", invoice->period);
  cobro_db_bind_text (statement, ":document", document);
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroInvoice *
read_document (CobroDbStatement *statement, GError **error)
{
  g_autoptr (CobroWireObject) object = cobro_wire_parse (cobro_db_column_text (statement, "document"), -1, error);

  return object != NULL ? cobro_wire_invoice_parse (object, COBRO_WIRE_INVOICE_STORED, error) : NULL;
}

static gboolean
read_later (CobroDbStatement *statement, CobroInvoice *invoice, GError **error)
{
  invoice->rev = cobro_db_column_int64 (statement, "rev");
  relay_row_text (statement, "void_reason", &invoice->void_reason);
  relay_row_text (statement, "private_notes", &invoice->private_notes);
  reminders_from_text (cobro_db_column_text (statement, "reminders"), &invoice->reminders);
  invoice->expires_at = cobro_db_column_time (statement, "expires_at");
  invoice->updated_at = cobro_db_column_time (statement, "updated_at");
  return relay_row_enum (statement, "decision", cobro_invoice_decision_from_name, &invoice->decision, error);
}

RelayInvoiceRecord *
relay_invoice_row_read (CobroDbStatement *statement, GError **error)
{
  g_autoptr (RelayInvoiceRecord) record = g_new0 (RelayInvoiceRecord, 1);

  record->row = cobro_db_column_int64 (statement, "row");
  record->merchant_id = cobro_db_column_id (statement, "merchant_id");
  record->invoice = read_document (statement, error);
  if (record->invoice == NULL || !read_later (statement, record->invoice, error))
    {
      g_prefix_error (error, "invoice %s: ", cobro_db_column_text (statement, "id"));
      return NULL;
    }
  record->tally.sent_at = cobro_db_column_time (statement, "sent_at");
  record->tally.viewed_at = cobro_db_column_time (statement, "viewed_at");
  record->tally.credited = cobro_db_column_money (statement, "credited", record->invoice->currency);
  record->last_reminder = cobro_db_column_is_null (statement, "last_reminder")
                            ? G_MININT
                            : (gint)cobro_db_column_int64 (statement, "last_reminder");
  record->overdue_told = cobro_db_column_bool (statement, "overdue_told");
  record->look_at = cobro_db_column_time (statement, "look_at");
  record->edited = relay_row_dup_text (statement, "edited");
  return g_steal_pointer (&record);
}

void
relay_invoice_record_free (RelayInvoiceRecord *record)
{
  if (record == NULL)
    return;
  g_clear_pointer (&record->invoice, cobro_invoice_unref);
  relay_link_record_free (record->link);
  g_free (record->edited);
  g_free (record);
}
