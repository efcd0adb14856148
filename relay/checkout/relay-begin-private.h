/* relay/checkout/relay-begin-private.h — what a payer wants, checked against the link.
 * Layer: relay/checkout, private to it. */
#pragma once
#include "relay-checkout-private.h"

/* Which way a payer pays. */
typedef struct
{
  CobroId merchant_id;
  guint method;            /* CobroMethods, one */
  RelayProvider *provider; /* lent */
  char *account;           /* owned: the merchant's account there */
  gint64 wait;             /* seconds, where the reason is that nobody answers */
} RelayBeginWay;
void relay_begin_way_clear (RelayBeginWay *way);
/* The first way on offer that fits and answers. FALSE with NOT_FOUND, GONE (replaced, or over), INVALID at "method" or
 * "amount" (nobody takes it), UNAVAILABLE (those that fit do not answer). */
gboolean relay_begin_choose_way (RelayCheckout *self, const RelayBegin *begin, RelayBeginWay *out_way,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Who starts over is not asked again: what the payer leaves out is what @earlier had. Lent for as long as @earlier. */
void relay_begin_fill (RelayBegin *begin, const CobroPayment *earlier, const CobroLink *link);
/* Checks what the payer gave against what the link asks for: quantities, amount, personal data, answers. @paid: towards
 * the present use. @needs: CobroCollect: what the provider needs to know, taken where it was said. Fills amount,
 * quantities and the payer's data of @payment. FALSE with COBRO_ERROR_INVALID and the path. */
gboolean relay_begin_read (const RelayBegin *begin, const CobroLink *link, guint needs, CobroMoney paid,
                           RelayPaymentRecord *payment, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether all that the provider needs to know is known: FALSE with COBRO_ERROR_INVALID at "name", "email" or "phone".
 */
gboolean relay_begin_check_needs (const CobroPayment *payment, guint needs, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the link takes payments now: FALSE with NOT_FOUND (draft), GONE (expired, used up, cancelled) or STATE. */
gboolean relay_begin_check_open (const RelayLinkRecord *link, CobroTime now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
