/* src/view/cobro-provider-text.h — what the window says about payment providers and refunds, in the reader's language:
 * names, where keys are to be found, states, and what is wrong with a key. Layer: view. Main thread. */
#pragma once
#include "cobro-payment-watch.h"
#include "cobro-providers.h"
#include "cobro-refunds.h"
#include "cobro-view-text.h"

G_BEGIN_DECLS

/* What a merchant needs to know to set one up. Every text is translated; "" where there is none. */
typedef struct
{
  const char *keys_steps;  /* how to get to the keys, a sentence each line */
  const char *keys_url;    /* the page with the keys */
  const char *hooks_steps; /* how to enter the webhook */
  const char *hooks_url;
  const char *hooks_user; /* the user name that goes with the secret */
  gboolean makes_secret;  /* the provider makes the webhook's secret, not we */
} CobroProviderGuide;
CobroProviderGuide cobro_view_provider_guide (const CobroProvider *provider);

/* "Stripe": how merchants know it. Lent by @provider. */
const char *cobro_view_provider_name (const CobroProvider *provider);
/* The same by the word that payments bear: "stripe". Lent by @gateway. */
const char *cobro_view_gateway_name (const char *gateway);
CobroViewStatus cobro_view_provider_status (CobroProviderState state);
/* (transfer full) a sentence: why it stands so, and what to do. */
char *cobro_view_provider_reason (CobroProviderItem *item);
/* (transfer full) a sentence: what is wrong with a key; NULL for COBRO_KEY_FINE. */
char *cobro_view_key_problem (const CobroProvider *provider, CobroKeyProblem problem, const char *owner);
/* (transfer full) "Card, bank transfer". */
char *cobro_view_methods (guint methods);

CobroViewStatus cobro_view_refund_status (CobroRefundState state);
CobroViewStatus cobro_view_order_status (CobroRefundOrderState state);
/* (transfer full) sentences: what became of a refund, and what it means for the money. @provider: its name. */
char *cobro_view_refund_answer (const CobroRefund *refund, const char *provider);
char *cobro_view_order_answer (CobroRefundOrderState state, const char *problem);

G_END_DECLS
