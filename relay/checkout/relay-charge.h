/* relay/checkout/relay-charge.h — payments asked for over the API, without a link and without a page of ours (OPF-1):
 * one key, one payment. Layer: relay/checkout. Any thread but the writer's; blocks while a provider is asked. */
#pragma once
#include "cobro-wire.h"
#include "relay-charge-store.h"
#include "relay-checkout.h"
#include "relay-idempotency-store.h"

/* What is asked for. Lent for the call. */
typedef struct
{
  RelayScope scope;
  RelayIdempotency request; /* its key */
  CobroPayment *payment;    /* amount, metadata, the payer's data, method ("": the first that the gateway does), gateway
                               ("": the merchant's first); the rest is filled in */
  RelayChargeDetails details;
} RelayCharge;

/**
 * relay_charge_make:
 * @out_answer: (out): status and body, exactly as stored with the key
 * @out_replayed: (out): the request had been answered before
 * @out_wait: (out): seconds, with %COBRO_ERROR_UNAVAILABLE
 *
 * Claims the key and commits payment and intent in one transaction; calls the provider with a deterministic key;
 * applies its answer and stores ours in another. Whoever comes with the key after we died in between goes on where we
 * stopped. Unless the details have a return URL, no payer is on the way, and the provider is asked to charge at once.
 *
 * Returns: %FALSE with %COBRO_ERROR_INVALID (at "gateway", "amount", "metadata.x" …), _REUSED, _RUNNING, or
 * _UNAVAILABLE (the gateway does not answer at the moment): nothing was begun
 */
gboolean relay_charge_make (RelayCheckout *self, RelayCharge *charge, RelayStoredAnswer *out_answer,
                            gboolean *out_replayed, gint64 *out_wait, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full) the answer to whoever made @record: {"success": true, "data": the /v1 Payment, description,
 * returnUrl, and "next": what the payer has to do}. NULL when the key that sealed the payer's secrets was lost. */
char *relay_charge_to_json (RelayStore *store, CobroDb *db, const RelayPaymentRecord *record, GError **error);
/* The members description, returnUrl and next. @with_secrets: whoever made the payment is asking. */
gboolean relay_charge_write_members (CobroWireWriter *writer, RelayStore *store, CobroDb *db,
                                     const RelayPaymentRecord *record, gboolean with_secrets,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
