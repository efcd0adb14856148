/* src/wire/cobro-wire-recurring.c — a schedule of invoices.
 * Layer: wire. Any thread. */
#include "cobro-wire-recurring.h"

#include "cobro-error.h"
#include "cobro-wire-invoice.h"
#include "cobro-wire-set.h"

#include <string.h>

/* The draft is nobody's document yet: it goes by the schedule's own digits. */
static CobroId
draft_id (const CobroRecurring *recurring)
{
  CobroId id = COBRO_ID_NONE;
  const char *digits = strchr (recurring->id.text, '_');

  if (digits != NULL)
    g_snprintf (id.text, sizeof id.text, "%s%.26s", cobro_id_prefix (COBRO_ID_INVOICE), digits + 1);
  return id;
}

void
cobro_wire_recurring_write (CobroWireWriter *writer, const char *key, const CobroRecurring *recurring)
{
  g_autoptr (CobroInvoice) draft = cobro_invoice_copy (recurring->invoice);
  g_autofree char *document = NULL;

  draft->id = draft_id (recurring);
  draft->livemode = recurring->livemode;
  document = cobro_wire_invoice_to_document (draft, FALSE);
  cobro_wire_begin_object (writer, key);
  cobro_wire_put_text (writer, "id", recurring->id.text);
  cobro_wire_put_int64 (writer, "rev", recurring->rev);
  cobro_wire_put_text (writer, "name", recurring->name);
  cobro_wire_put_text (writer, "every", cobro_every_name (recurring->every));
  cobro_wire_put_int64 (writer, "interval", recurring->interval);
  cobro_wire_put_date (writer, "start", recurring->start);
  cobro_wire_put_date (writer, "end", recurring->end);
  cobro_wire_put_int64 (writer, "count", recurring->count);
  cobro_wire_put_bool (writer, "send", recurring->send);
  cobro_wire_put_bool (writer, "paused", recurring->paused);
  cobro_wire_put_raw (writer, "invoice", document);
  cobro_wire_put_bool (writer, "livemode", recurring->livemode);
  cobro_wire_put_time (writer, "createdAt", recurring->created_at);
  cobro_wire_put_time (writer, "updatedAt", recurring->updated_at);
  cobro_wire_end_object (writer);
}

static gboolean
parse_rhythm (CobroWireObject *object, CobroRecurring *recurring, GError **error)
{
  g_autofree char *every = NULL;
  gint64 interval;

  if (!cobro_wire_get_text (object, "every", "month", &every, error) ||
      !cobro_wire_get_int64 (object, "interval", 1, &interval, error))
    return FALSE;
  if (!cobro_every_from_name (every, &recurring->every))
    return cobro_wire_refuse (object, "every", error, "must be week, month or year");
  recurring->interval = (gint)CLAMP (interval, G_MININT, G_MAXINT);
  return cobro_wire_get_date (object, "start", recurring->start, error) &&
         cobro_wire_get_date (object, "end", recurring->end, error) &&
         cobro_wire_get_int64 (object, "count", 0, &recurring->count, error);
}

/* What only an issue gives (number, seller …) is passed over in a draft. */
static gboolean
parse_invoice (CobroWireObject *object, CobroRecurring *recurring, GError **error)
{
  g_autoptr (CobroWireObject) draft = NULL;
  g_autoptr (GError) fault = NULL;
  CobroInvoice *invoice;

  if (!cobro_wire_get_object (object, "invoice", &draft, error))
    return FALSE;
  if (draft == NULL)
    return cobro_wire_refuse (object, "invoice", error, "is required");
  if (!(invoice = cobro_wire_invoice_parse (draft, COBRO_WIRE_INVOICE_UPDATE, &fault)))
    {
      /* What the reader refused has its whole path; the noun's own rules know nothing of where it stands. */
      if (!g_str_has_prefix (cobro_error_get_path (fault) != NULL ? cobro_error_get_path (fault) : "", "invoice."))
        cobro_error_prefix_path (&fault, "invoice");
      g_propagate_error (error, g_steal_pointer (&fault));
      return FALSE;
    }
  cobro_invoice_unref (recurring->invoice);
  recurring->invoice = invoice;
  invoice->livemode = recurring->livemode;
  invoice->id = draft_id (recurring);
  return TRUE;
}

/* @recurring comes with the id that it gets when none is said. */
static gboolean
parse_id (CobroWireObject *object, CobroRecurring *recurring, GError **error)
{
  CobroId id;

  if (!cobro_wire_get_id (object, "id", COBRO_ID_RECURRING, &id, error))
    return FALSE;
  if (cobro_id_is_set (&id))
    recurring->id = id;
  return cobro_id_is_set (&recurring->id) || cobro_wire_refuse (object, "id", error, "is required");
}

static gboolean
parse_recurring (CobroWireObject *object, CobroRecurring *recurring, GError **error)
{
  return parse_id (object, recurring, error) && cobro_wire_get_int64 (object, "rev", 0, &recurring->rev, error) &&
         cobro_wire_get_text_needed (object, "name", cobro_wire_slot (&recurring->name), error) &&
         parse_rhythm (object, recurring, error) &&
         cobro_wire_get_bool (object, "send", FALSE, &recurring->send, error) &&
         cobro_wire_get_bool (object, "paused", FALSE, &recurring->paused, error) &&
         cobro_wire_get_bool (object, "livemode", FALSE, &recurring->livemode, error) &&
         parse_invoice (object, recurring, error) &&
         cobro_wire_get_time (object, "createdAt", &recurring->created_at, error) &&
         cobro_wire_get_time (object, "updatedAt", &recurring->updated_at, error) && cobro_wire_done (object, error) &&
         cobro_recurring_validate (recurring, error);
}

CobroRecurring *
cobro_wire_recurring_parse (CobroWireObject *object, GError **error)
{
  return cobro_wire_recurring_parse_as (object, &COBRO_ID_NONE, error);
}

CobroRecurring *
cobro_wire_recurring_parse_as (CobroWireObject *object, const CobroId *id, GError **error)
{
  g_autoptr (CobroRecurring) recurring = cobro_recurring_new ();

  recurring->id = *id;
  if (!parse_recurring (object, recurring, error))
    return NULL;
  return g_steal_pointer (&recurring);
}
