/* src/core/cobro-late-fee.h — what lateness costs. Pure; charged as a document of its own, since an issued invoice
 * never changes. Layer: core. Any thread. */
#pragma once
#include "cobro-decimal.h"
#include "cobro-money.h"

typedef struct
{
  gboolean on;
  gint after;           /* days after the due date */
  CobroDecimal percent; /* of what is due, once; × 10^6 */
  CobroMoney fixed;     /* and this besides, where its currency is the invoice's; unset: none */
} CobroLateFee;
/* 0 … 365 days, 0 … 100 percent, nothing negative; on or not. */
gboolean cobro_late_fee_validate (const CobroLateFee *fee, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* @out_fee: zero while it is not late enough. Half up. FALSE with COBRO_ERROR_OVERFLOW. */
gboolean cobro_late_fee (const CobroLateFee *fee, CobroMoney due, gint days_overdue, CobroMoney *out_fee,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
