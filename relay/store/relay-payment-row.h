/* relay/store/relay-payment-row.h — one row of the table payment: which columns, how they are bound and read.
 * Layer: relay/store, private to it. */
#pragma once
#include "relay-payment-store.h"

/* Every column of a record, for SELECT. */
#define RELAY_PAYMENT_COLUMNS                                                                                          \
  "row, merchant_id, id, link_id, livemode, currency, amount, received, refunded, lost, state, flags, dispute_due, "   \
  "second_of, gateway, "                                                                                               \
  "account, provider_payment_id, charge_id, receipt, idempotency_key, metadata, payer_name, payer_email, "             \
  "payer_phone, "                                                                                                      \
  "payer_fields, "                                                                                                     \
  "method, method_detail, failure_code, failure_message, quantities, slot, leased, lease_until, next_poll_at, polls, " \
  "payer, next, next_url, next_sealed, next_details, created_at, updated_at, succeeded_at"

/* (transfer full) the row the statement stands on; NULL with COBRO_ERROR_CORRUPT. */
RelayPaymentRecord *relay_payment_row_read (CobroDbStatement *statement, GError **error);
/* Binds what may change after the payment was made. */
void relay_payment_row_bind_changes (CobroDbStatement *statement, const RelayPaymentRecord *record);
/* Binds what is fixed when the payment is made. */
void relay_payment_row_bind_fixed (CobroDbStatement *statement, const RelayPaymentRecord *record);
