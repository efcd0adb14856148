/* relay/checkout/relay-call-look.c — asks a provider how a refund or a dispute stands, before what a webhook says about
 * it is believed. Changes nothing there. Layer: relay/checkout. Blocks up to the call's deadline; never on the writer's
 * thread. */
#include "relay-checkout-private.h"

#include "cobro-error.h"

static RelayAccount *
open_account (RelayCheckout *self, const RelayPaymentRecord *payment, GError **error)
{
  RelayScope scope = { payment->merchant_id, payment->payment->livemode };
  g_autoptr (RelayReader) reader = relay_store_read (self->store, error);

  return reader != NULL ? relay_checkout_open_account (self, reader->db, &scope, payment->payment->gateway, error)
                        : NULL;
}

static CobroFact *
look (RelayProvider *provider, const RelayAccount *account, const RelayPaymentRecord *payment, const CobroFact *claim,
      gint64 deadline, GError **error)
{
  RelayTarget target = relay_call_target (payment, "");

  if (claim->kind == COBRO_FACT_REFUND_PENDING || claim->kind == COBRO_FACT_REFUNDED ||
      claim->kind == COBRO_FACT_REFUND_FAILED)
    return relay_provider_query_refund (provider, account, &target, claim->refund_id, "", deadline, error);
  return relay_provider_query_dispute (provider, account, &target, deadline, error);
}

CobroFact *
relay_call_look (RelayCheckout *self, const RelayPaymentRecord *payment, const CobroFact *claim, GError **error)
{
  RelayProvider *provider = relay_providers_find (self->providers, payment->payment->gateway);
  g_autoptr (RelayAccount) account = NULL;
  GError *failure = NULL;
  CobroFact *fact;

  if (provider == NULL)
    {
      cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "this relay has no gateway \"%s\"", payment->payment->gateway);
      return NULL;
    }
  if (!(account = open_account (self, payment, error)) ||
      !relay_breakers_enter (self->breakers, account->provider, account->id, NULL, error))
    return NULL;
  fact = look (provider, account, payment, claim, cobro_clock_monotonic (self->clock) + self->call_deadline, &failure);
  relay_breakers_leave (self->breakers, account->provider, account->id, relay_call_is_trouble (failure));
  if (fact == NULL)
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  cobro_link_set_text (&fact->reference, payment->payment->id.text); /* of the payment that we asked about */
  return fact;
}
