/* relay/checkout/relay-apply-private.h — what the parts of applying a fact share.
 * Layer: relay/checkout, private to it. Inside a transaction, on the writer's thread. */
#pragma once
#include "relay-checkout-private.h"

/* A fact on its way into the books, bound to its payment. */
typedef struct
{
  RelayTx *tx;
  const CobroFact *fact;
  CobroId merchant_id;
  gboolean livemode;           /* the account's mode */
  RelayPaymentRecord *payment; /* owned */
  RelayLinkRecord *link;       /* (nullable) owned */
  RelayVerdict verdict;
  const char *reason; /* static; why it is quarantined */
  gboolean accepted;  /* the merchant takes the amount as it is */
  gboolean useless;   /* … and it pays for no use of the link */
  guint raise;        /* CobroFlags to put on payment and link */
} RelayApply;

/* As relay_checkout_apply(), for a success that the merchant has accepted although its amount is not what was asked.
 * @useless: it pays for no use of the link. */
gboolean relay_apply_accepted (RelayTx *tx, const CobroFact *fact, gboolean useless, RelayVerdict *out_verdict,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable) (static) why @fact cannot be @record's, whose payment it was found to be: another account, reference,
 * object, charge or currency; NULL: it can. */
const char *relay_apply_why_foreign (const RelayPaymentRecord *record, const CobroFact *fact);
/* The fact says something that this payment cannot have: nothing settled. Returns TRUE. */
gboolean relay_apply_quarantine (RelayApply *self, const char *reason, guint flags);
/* REFUNDED, REFUND_FAILED, DISPUTE_…: relay-apply-back.c. */
gboolean relay_apply_money_back (RelayApply *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Puts flags on payment and link; says so once (payment.flagged) after the state was told. */
void relay_apply_flag (RelayApply *self, guint flags);
/* Money of an invoice moved: it says what it is now, and the clock looks at it. Payment and link are written. */
gboolean relay_apply_tell_invoice (RelayApply *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes payment and link as they are now. */
gboolean relay_apply_save (RelayApply *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
