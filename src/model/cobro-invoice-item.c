/* src/model/cobro-invoice-item.c — one invoice or credit note as the window shows it.
 * Layer: model. Main thread. */
#include "cobro-invoice-item.h"

#include "cobro-profile-store.h"
#include "cobro-row-source.h"

struct _CobroInvoiceItem
{
  CobroRowItem parent_instance;
  CobroInvoiceRecord *record;
  CobroInvoice *nothing; /* what is lent before it is filled */
  CobroInvoiceView view;
  CobroId id; /* never changes once it is known: lent for the item's life */
  char *url;
};

G_DEFINE_FINAL_TYPE (CobroInvoiceItem, cobro_invoice_item, COBRO_TYPE_ROW_ITEM)

/* Credit notes and drafts are not paid. */
static char *
find_url (CobroStore *store, const CobroInvoice *invoice)
{
  g_autoptr (CobroLink) link = NULL;

  if (invoice->kind == COBRO_INVOICE_CREDIT_NOTE || invoice->decision == COBRO_INVOICE_DRAFT)
    return g_strdup ("");

  link = cobro_invoice_to_link (invoice, COBRO_MONEY_NONE);
  return cobro_store_dup_link_url (store, link);
}

static void
fill (CobroRowItem *item, gpointer source, gpointer data)
{
  CobroInvoiceItem *self = COBRO_INVOICE_ITEM (item);
  CobroInvoiceRecord *record = data;
  CobroStore *store = cobro_row_source_get_store (source);

  if (self->record)
    cobro_invoice_record_unref (self->record);
  self->record = cobro_invoice_record_ref (record);
  self->id = record->invoice->id;
  self->view = cobro_invoice_record_view (store, record);
  g_free (self->url);
  self->url = find_url (store, record->invoice);
}

static gboolean
tick (CobroRowItem *item, gpointer source)
{
  CobroInvoiceItem *self = COBRO_INVOICE_ITEM (item);
  CobroInvoiceView view = cobro_invoice_record_view (cobro_row_source_get_store (source), self->record);
  gboolean other = view.status != self->view.status || view.flags != self->view.flags ||
                   view.days_overdue != self->view.days_overdue || view.can_pay != self->view.can_pay;

  self->view = view;
  return other;
}

static void
cobro_invoice_item_finalize (GObject *object)
{
  CobroInvoiceItem *self = COBRO_INVOICE_ITEM (object);

  g_clear_pointer (&self->record, cobro_invoice_record_unref);
  cobro_invoice_unref (self->nothing);
  g_free (self->url);
  G_OBJECT_CLASS (cobro_invoice_item_parent_class)->finalize (object);
}

static void
cobro_invoice_item_class_init (CobroInvoiceItemClass *klass)
{
  CobroRowItemClass *item_class = COBRO_ROW_ITEM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = cobro_invoice_item_finalize;
  item_class->fill = fill;
  item_class->tick = tick;
}

static void
cobro_invoice_item_init (CobroInvoiceItem *self)
{
  self->nothing = cobro_invoice_new ();
  self->url = g_strdup ("");
}

const CobroInvoice *
cobro_invoice_item_get_invoice (CobroInvoiceItem *self)
{
  g_return_val_if_fail (COBRO_IS_INVOICE_ITEM (self), NULL);

  return self->record ? self->record->invoice : self->nothing;
}

const char *
cobro_invoice_item_get_id (CobroInvoiceItem *self)
{
  g_return_val_if_fail (COBRO_IS_INVOICE_ITEM (self), "");

  return self->id.text;
}

CobroInvoiceView
cobro_invoice_item_get_view (CobroInvoiceItem *self)
{
  g_return_val_if_fail (COBRO_IS_INVOICE_ITEM (self), (CobroInvoiceView){ 0 });

  return self->view;
}

CobroInvoiceTally
cobro_invoice_item_get_tally (CobroInvoiceItem *self)
{
  g_return_val_if_fail (COBRO_IS_INVOICE_ITEM (self), (CobroInvoiceTally){ 0 });

  return self->record ? self->record->tally : (CobroInvoiceTally){ 0 };
}

CobroRecordState
cobro_invoice_item_get_state (CobroInvoiceItem *self)
{
  g_return_val_if_fail (COBRO_IS_INVOICE_ITEM (self), COBRO_RECORD_LIVE);

  return self->record ? self->record->state : COBRO_RECORD_LIVE;
}

const char *
cobro_invoice_item_get_reason (CobroInvoiceItem *self)
{
  g_return_val_if_fail (COBRO_IS_INVOICE_ITEM (self), "");

  return self->record ? self->record->reason : "";
}

const char *
cobro_invoice_item_get_path (CobroInvoiceItem *self)
{
  g_return_val_if_fail (COBRO_IS_INVOICE_ITEM (self), "");

  return self->record ? self->record->path : "";
}

const char *
cobro_invoice_item_get_problem (CobroInvoiceItem *self)
{
  g_return_val_if_fail (COBRO_IS_INVOICE_ITEM (self), "");

  return self->record ? self->record->problem : "";
}

gboolean
cobro_invoice_item_get_sending (CobroInvoiceItem *self)
{
  g_return_val_if_fail (COBRO_IS_INVOICE_ITEM (self), FALSE);

  return self->record && self->record->sending;
}

const char *
cobro_invoice_item_get_url (CobroInvoiceItem *self)
{
  g_return_val_if_fail (COBRO_IS_INVOICE_ITEM (self), "");

  return self->url;
}
