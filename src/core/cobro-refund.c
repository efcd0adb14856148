/* src/core/cobro-refund.c — money on its way back to the payer, as a value.
 * Layer: core. Written by its maker only, then shared; the reference count is atomic. */
#include "cobro-refund.h"
#include "cobro-error.h"
#include "cobro-names.h"
#include "cobro-text.h"

#define TEXT_MAX        500
#define PROVIDER_ID_MAX 255

static const char *const state_names[] = { "pending", "succeeded", "failed" };

COBRO_DEFINE_NAMES (CobroRefundState, cobro_refund_state, state_names)

CobroRefund *
cobro_refund_new (void)
{
  CobroRefund *refund = g_new0 (CobroRefund, 1);

  refund->ref_count = 1;
  refund->reason = g_strdup ("");
  refund->provider_refund_id = g_strdup ("");
  refund->failure_message = g_strdup ("");
  return refund;
}

CobroRefund *
cobro_refund_ref (CobroRefund *refund)
{
  g_atomic_int_inc (&refund->ref_count);
  return refund;
}

void
cobro_refund_unref (CobroRefund *refund)
{
  if (refund == NULL || !g_atomic_int_dec_and_test (&refund->ref_count))
    return;
  g_free (refund->reason);
  g_free (refund->provider_refund_id);
  g_free (refund->failure_message);
  g_free (refund);
}

gboolean
cobro_refund_validate (const CobroRefund *refund, GError **error)
{
  CobroId id;

  if (!cobro_id_parse (COBRO_ID_REFUND, refund->id.text, &id, error))
    return cobro_error_prefix_path (error, "id");
  if (!cobro_id_parse (COBRO_ID_PAYMENT, refund->payment_id.text, &id, error))
    return cobro_error_prefix_path (error, "paymentId");
  if (!cobro_money_is_set (refund->amount))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "is required");
  if (!cobro_money_is_positive (refund->amount))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "must be above zero");
  if (!cobro_money_check (refund->amount, error))
    return cobro_error_prefix_path (error, "amount");
  return cobro_text_check (refund->reason, TEXT_MAX, COBRO_TEXT_BLOCK, "reason", error) &&
         cobro_text_check (refund->provider_refund_id, PROVIDER_ID_MAX, COBRO_TEXT_LINE, "providerRefundId", error) &&
         cobro_text_check (refund->failure_message, TEXT_MAX, COBRO_TEXT_BLOCK, "failureMessage", error);
}
