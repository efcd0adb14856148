/* src/core/cobro-late-fee.c — what lateness costs.
 * Layer: core. Any thread. */
#include "cobro-late-fee.h"
#include "cobro-error.h"

#define AFTER_MAX 365

gboolean
cobro_late_fee_validate (const CobroLateFee *fee, const char *path, GError **error)
{
  if (fee->after < 0 || fee->after > AFTER_MAX)
    cobro_error_set_at (error, COBRO_ERROR_INVALID, "after", "must be 0 to %d days", AFTER_MAX);
  else if (fee->percent < 0 || fee->percent > 100 * COBRO_DECIMAL_ONE)
    cobro_error_set_at (error, COBRO_ERROR_INVALID, "percent", "must be 0 to 100");
  else if (cobro_money_is_negative (fee->fixed))
    cobro_error_set_at (error, COBRO_ERROR_INVALID, "fixed", "must not be negative");
  else if (cobro_money_check (fee->fixed, error))
    return TRUE;
  else
    cobro_error_prefix_path (error, "fixed");
  return cobro_error_prefix_path (error, path);
}

gboolean
cobro_late_fee (const CobroLateFee *fee, CobroMoney due, gint days_overdue, CobroMoney *out_fee, GError **error)
{
  CobroMoney share;

  if (!fee->on || days_overdue <= 0 || days_overdue < fee->after || !cobro_money_is_positive (due))
    {
      *out_fee = cobro_money_zero (cobro_money_currency (due));
      return TRUE;
    }
  if (!cobro_money_scale (due, fee->percent, 100 * COBRO_DECIMAL_ONE, COBRO_ROUND_HALF_UP, &share, error))
    return FALSE;
  if (!cobro_money_is_set (fee->fixed) || cobro_money_currency (fee->fixed) != cobro_money_currency (due))
    {
      *out_fee = share;
      return TRUE;
    }
  return cobro_money_add (share, fee->fixed, out_fee, error);
}
