/* src/sync/cobro-sync-codec.c — the books' codec: nouns by the wire format.
 * Layer: sync. Any thread. */
#include "config.h"
#include "cobro-merge.h"
#include "cobro-sync-engine.h"
#include "cobro-wire-customer.h"
#include "cobro-wire-invoice.h"
#include "cobro-wire-link.h"
#include "cobro-wire-merchant.h"
#include "cobro-wire-payment.h"
#include "cobro-wire-product.h"
#include "cobro-wire-record.h"
#include "cobro-wire-recurring.h"
#include "cobro-wire-refund.h"
#include "cobro-wire-set.h"

static CobroLink *
read_link (const char *document, GError **error)
{
  g_autoptr (CobroWireObject) object = cobro_wire_parse (document, -1, error);

  return object != NULL ? cobro_wire_link_parse (object, COBRO_WIRE_LINK_STORED, error) : NULL;
}

static char *
write_customer (const CobroCustomer *customer)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_customer_write (writer, NULL, customer);
  return cobro_wire_writer_take (writer);
}

static CobroCustomer *
read_customer (const char *document, GError **error)
{
  g_autoptr (CobroWireObject) object = cobro_wire_parse (document, -1, error);

  return object != NULL ? cobro_wire_customer_parse (object, error) : NULL;
}

static char *
write_merchant (const CobroMerchant *merchant)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_merchant_write (writer, NULL, merchant);
  return cobro_wire_writer_take (writer);
}

static CobroMerchant *
read_merchant (const char *document, GError **error)
{
  g_autoptr (CobroWireObject) object = cobro_wire_parse (document, -1, error);

  return object != NULL ? cobro_wire_merchant_parse (object, error) : NULL;
}

static CobroPayment *
read_payment (const char *document, GError **error)
{
  g_autoptr (CobroWireObject) object = cobro_wire_parse (document, -1, error);

  return object != NULL ? cobro_wire_payment_parse (object, error) : NULL;
}

static CobroRefund *
read_refund (const char *document, GError **error)
{
  g_autoptr (CobroWireObject) object = cobro_wire_parse (document, -1, error);

  return object != NULL ? cobro_wire_refund_parse (object, error) : NULL;
}

static char *
write_payment (const CobroPayment *payment)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_payment_write (writer, NULL, payment);
  return cobro_wire_writer_take (writer);
}

static CobroInvoice *
read_invoice (const char *document, GError **error)
{
  g_autoptr (CobroWireObject) object = cobro_wire_parse (document, -1, error);

  return object != NULL ? cobro_wire_invoice_parse (object, COBRO_WIRE_INVOICE_STORED, error) : NULL;
}

static char *
write_product (const CobroProduct *product)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_product_write (writer, NULL, product);
  return cobro_wire_writer_take (writer);
}

static CobroProduct *
read_product (const char *document, GError **error)
{
  g_autoptr (CobroWireObject) object = cobro_wire_parse (document, -1, error);

  return object != NULL ? cobro_wire_product_parse (object, error) : NULL;
}

static char *
write_recurring (const CobroRecurring *recurring)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_recurring_write (writer, NULL, recurring);
  return cobro_wire_writer_take (writer);
}

static CobroRecurring *
read_recurring (const char *document, GError **error)
{
  g_autoptr (CobroWireObject) object = cobro_wire_parse (document, -1, error);

  return object != NULL ? cobro_wire_recurring_parse (object, error) : NULL;
}

static char *
write_record (const CobroRecord *record)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_record_write (writer, NULL, record);
  return cobro_wire_writer_take (writer);
}

static CobroRecord *
read_record (const char *document, GError **error)
{
  g_autoptr (CobroWireObject) object = cobro_wire_parse (document, -1, error);

  return object != NULL ? cobro_wire_record_parse (object, error) : NULL;
}

static char *
write_send (const char *to)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text_or_null (writer, "to", to);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

static char *
stamp_link_edits (const char *edited, const char *before, const char *after, CobroTime now)
{
  return cobro_merge_stamp (COBRO_MERGE_LINK, edited, before, after, now);
}

const CobroStoreCodec *
cobro_sync_codec (void)
{
  static const CobroStoreCodec codec = {
    .write_link = cobro_wire_link_to_document,
    .read_link = read_link,
    .write_customer = write_customer,
    .read_customer = read_customer,
    .write_merchant = write_merchant,
    .read_merchant = read_merchant,
    .read_payment = read_payment,
    .read_refund = read_refund,
    .write_payment = write_payment,
    .write_invoice = cobro_wire_invoice_to_document,
    .read_invoice = read_invoice,
    .write_product = write_product,
    .read_product = read_product,
    .write_recurring = write_recurring,
    .read_recurring = read_recurring,
    .write_record = write_record,
    .read_record = read_record,
    .write_send = write_send,
    .stamp_edits = stamp_link_edits,
  };

  return &codec;
}
