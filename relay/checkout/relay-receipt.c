/* relay/checkout/relay-receipt.c — to whom a payment is told by mail.
 * Layer: relay/checkout. */
#include "relay-receipt.h"

#include "cobro-record.h"
#include "cobro-text.h"
#include "relay-mail-store.h"
#include "relay-merchant-store.h"

static gboolean
queue (RelayTx *tx, const RelayPaymentRecord *payment, const RelayLinkRecord *link, const char *kind, const char *to,
       GError **error)
{
  RelayScope scope = { payment->merchant_id, payment->payment->livemode };
  RelayMailOrder order = { .kind = kind,
                           .payment_id = payment->payment->id,
                           .invoice_id = link->link->invoice_id,
                           .cause = payment->payment->id,
                           .recipient = to };

  return *to == '\0' || !cobro_text_check_email (to, NULL, NULL) || relay_mail_queue (tx, &scope, &order, error);
}

gboolean
relay_receipt_queue (RelayTx *tx, const RelayPaymentRecord *payment, const RelayLinkRecord *link, GError **error)
{
  g_autoptr (CobroMerchant) merchant = NULL;
  const char *payer = payment->payment->payer_email;

  if (link == NULL || !relay_mail_is_wanted (tx->store) ||
      g_strcmp0 (payment->payment->gateway, COBRO_RECORD_GATEWAY) == 0)
    return TRUE;
  if (!(merchant = relay_merchant_find (tx->db, &payment->merchant_id, NULL, error)))
    return FALSE;
  if (*payer == '\0')
    payer = link->link->customer_email;
  return queue (tx, payment, link, "receipt", payer, error) &&
         queue (tx, payment, link, "paid_notice", merchant->email, error);
}
