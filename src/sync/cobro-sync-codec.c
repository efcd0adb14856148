/* src/sync/cobro-sync-codec.c — the books' codec: nouns by the wire format.
 * Layer: sync. Any thread. */
#include "config.h"
#include "cobro-merge.h"
#include "cobro-sync-engine.h"
#include "cobro-wire-customer.h"
#include "cobro-wire-link.h"
#include "cobro-wire-merchant.h"
#include "cobro-wire-payment.h"
#include "cobro-wire-refund.h"

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
    .stamp_edits = stamp_link_edits,
  };

  return &codec;
}
