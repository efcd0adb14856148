/* src/core/cobro-recurring.c — a schedule of invoices as a value, and its periods.
 * Layer: core. Written by its maker only, then shared; the reference count is atomic. */
#include "cobro-recurring.h"
#include "cobro-error.h"
#include "cobro-names.h"
#include "cobro-text.h"

#define NAME_MAX_CHARACTERS 200
#define INTERVAL_MAX        99
#define COUNT_MAX           100000
#define LAST_YEAR           9999
#define PERIODS_MAX         G_GINT64_CONSTANT (420000) /* weeks until then, and some more */

static const char *const every_names[] = { "week", "month", "year" };

COBRO_DEFINE_NAMES (CobroEvery, cobro_every, every_names)

CobroRecurring *
cobro_recurring_new (void)
{
  CobroRecurring *recurring = g_new0 (CobroRecurring, 1);

  recurring->ref_count = 1;
  recurring->name = g_strdup ("");
  recurring->every = COBRO_EVERY_MONTH;
  recurring->interval = 1;
  recurring->invoice = cobro_invoice_new ();
  return recurring;
}

CobroRecurring *
cobro_recurring_copy (const CobroRecurring *recurring)
{
  CobroRecurring *copy = g_new0 (CobroRecurring, 1);

  *copy = *recurring;
  copy->ref_count = 1;
  copy->name = g_strdup (recurring->name);
  copy->invoice = cobro_invoice_copy (recurring->invoice);
  return copy;
}

CobroRecurring *
cobro_recurring_ref (CobroRecurring *recurring)
{
  g_atomic_int_inc (&recurring->ref_count);
  return recurring;
}

void
cobro_recurring_unref (CobroRecurring *recurring)
{
  if (recurring == NULL || !g_atomic_int_dec_and_test (&recurring->ref_count))
    return;
  g_free (recurring->name);
  cobro_invoice_unref (recurring->invoice);
  g_free (recurring);
}

/* What is issued again and again can name no date, and must be complete but for what the issue gives. */
static gboolean
check_invoice (const CobroInvoice *invoice, GError **error)
{
  if (invoice->kind != COBRO_INVOICE_INVOICE || invoice->decision != COBRO_INVOICE_DRAFT)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "decision", "must be the draft of an invoice");
  if (invoice->due_date[0] != '\0' || invoice->delivery_date[0] != '\0')
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, invoice->due_date[0] != '\0' ? "dueDate" : "deliveryDate",
                               "must be empty: it would be the same for every period");
  if (invoice->partial == COBRO_PARTIAL_PLAN)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "partial", "cannot be a plan: its dates would be the same");
  if (invoice->expires_at != 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "expiresAt", "must be empty");
  if (invoice->lines->len == 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "lines", "must be at least one");
  if (!cobro_id_is_set (&invoice->customer_id) && invoice->buyer.name[0] == '\0')
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "customer", "is required");
  return cobro_invoice_validate (invoice, error);
}

static gboolean
check_days (const CobroRecurring *recurring, GError **error)
{
  CobroDay start, end;

  if (!cobro_day_from_text (recurring->start, &start, error))
    return cobro_error_prefix_path (error, "start");
  if (recurring->end[0] == '\0')
    return TRUE;
  if (!cobro_day_from_text (recurring->end, &end, error))
    return cobro_error_prefix_path (error, "end");
  return end >= start || cobro_error_set_at (error, COBRO_ERROR_INVALID, "end", "must not lie before the start");
}

gboolean
cobro_recurring_validate (const CobroRecurring *recurring, GError **error)
{
  CobroId id;

  if (!cobro_id_parse (COBRO_ID_RECURRING, recurring->id.text, &id, error))
    return cobro_error_prefix_path (error, "id");
  if (!cobro_text_check (recurring->name, NAME_MAX_CHARACTERS, COBRO_TEXT_NEEDED, "name", error))
    return FALSE;
  if (recurring->interval < 1 || recurring->interval > INTERVAL_MAX)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "interval", "must be 1 to %d", INTERVAL_MAX);
  if (recurring->count < 0 || recurring->count > COUNT_MAX)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "count", "must be 0 to %d", COUNT_MAX);
  return check_days (recurring, error) &&
         (check_invoice (recurring->invoice, error) || cobro_error_prefix_path (error, "invoice"));
}

/* The day by the calendar alone; FALSE beyond the year 9999. */
static gboolean
get_day (const CobroRecurring *recurring, CobroDay start, gint64 n, CobroDay *out_day)
{
  gint64 steps = n * recurring->interval;
  int year, month, day;

  cobro_day_to_parts (start, &year, &month, &day);
  switch (recurring->every)
    {
    case COBRO_EVERY_WEEK:
      if (steps > (gint64)(LAST_YEAR - year) * 52)
        return FALSE;
      *out_day = start + (CobroDay)steps * 7;
      return TRUE;
    case COBRO_EVERY_MONTH:
    case COBRO_EVERY_YEAR:
      steps *= recurring->every == COBRO_EVERY_YEAR ? 12 : 1;
      if (steps > (gint64)(LAST_YEAR - year) * 12 + 12 - month)
        return FALSE;
      *out_day = cobro_day_add_months (start, (int)steps, day);
      return TRUE;
    }
  g_return_val_if_reached (FALSE);
}

gboolean
cobro_recurring_period (const CobroRecurring *recurring, gint64 n, CobroDay *out_day)
{
  CobroDay start, end, day;

  if (n < 0 || n > PERIODS_MAX || (recurring->count > 0 && n >= recurring->count) ||
      !cobro_day_from_text (recurring->start, &start, NULL) || !get_day (recurring, start, n, &day))
    return FALSE;
  if (recurring->end[0] != '\0' && (!cobro_day_from_text (recurring->end, &end, NULL) || day > end))
    return FALSE;
  *out_day = day;
  return TRUE;
}

gint64
cobro_recurring_come (const CobroRecurring *recurring, CobroDay today)
{
  gint64 come = 0, not_come = PERIODS_MAX + 1;

  /* Periods only get later: the first that has not come lies between the two. */
  while (come < not_come)
    {
      gint64 middle = come + (not_come - come) / 2;
      CobroDay day;

      if (cobro_recurring_period (recurring, middle, &day) && day <= today)
        come = middle + 1;
      else
        not_come = middle;
    }
  return come;
}
