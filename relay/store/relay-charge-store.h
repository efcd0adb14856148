/* relay/store/relay-charge-store.h — what an API caller gave for a payment besides what the payment itself keeps.
 * Layer: relay/store. */
#pragma once
#include "relay-payment-store.h"

/* Texts are owned, "" where there is none. */
typedef struct
{
  char *description; /* what is paid for, ≤ 200 characters */
  char *return_url;  /* where the payer comes back to; "": no payer is on the way */
  char *locale;
} RelayChargeDetails;
void relay_charge_details_clear (RelayChargeDetails *details);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RelayChargeDetails, relay_charge_details_clear)

/* In the transaction that makes the payment. Nothing is written when there is nothing to keep. */
gboolean relay_charge_details_insert (RelayTx *tx, const RelayPaymentRecord *payment, const RelayChargeDetails *details,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All "" when there is nothing. */
gboolean relay_charge_details_find (CobroDb *db, const CobroId *merchant_id, const CobroId *payment_id,
                                    RelayChargeDetails *out_details, GError **error) G_GNUC_WARN_UNUSED_RESULT;
