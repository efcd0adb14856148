/* src/core/cobro-refund.h — money on its way back to the payer.
 * Layer: core. */
#pragma once
#include <glib.h>
#include "cobro-clock.h"
#include "cobro-id.h"
#include "cobro-money.h"

typedef enum
{
  COBRO_REFUND_PENDING,
  COBRO_REFUND_SUCCEEDED,
  COBRO_REFUND_FAILED
} CobroRefundState;

typedef struct
{
  gint ref_count; /* private */
  CobroId id;
  CobroId payment_id;
  CobroMoney amount;
  CobroRefundState state;
  char *reason; /* the merchant's words, ≤ 500 characters */
  char *provider_refund_id;
  char *failure_message;
  gboolean livemode;
  CobroTime created_at, updated_at;
} CobroRefund;

/* (transfer full) one with every text "" (never NULL) and the defaults; _ref and _unref are atomic. */
CobroRefund *cobro_refund_new (void);
CobroRefund *cobro_refund_ref (CobroRefund *refund);
void cobro_refund_unref (CobroRefund *refund);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroRefund, cobro_refund_unref)
gboolean cobro_refund_validate (const CobroRefund *refund, GError **error) G_GNUC_WARN_UNUSED_RESULT;
const char *cobro_refund_state_name (CobroRefundState state);
gboolean cobro_refund_state_from_name (const char *name, CobroRefundState *out_state);
