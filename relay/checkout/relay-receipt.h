/* relay/checkout/relay-receipt.h — the mails that a payment causes: a receipt to who paid, a notice to who was paid
 * (DYN-10). Layer: relay/checkout. Inside a transaction. */
#pragma once
#include "relay-payment-store.h"

/**
 * relay_receipt_queue:
 * @payment: has just succeeded
 * @link: (nullable): what it was for
 *
 * Exactly one of each per payment, however often it is called; nothing for money that the merchant recorded by hand, or
 * that a program of theirs took without a link: both know. An address that is none is left out: no mail is worth a
 * payment.
 */
gboolean relay_receipt_queue (RelayTx *tx, const RelayPaymentRecord *payment, const RelayLinkRecord *link,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
