/* src/wire/cobro-wire-fact.c — what a provider said, as it is kept.
 * Layer: wire. Any thread. */
#include "cobro-wire-fact.h"

#include "cobro-wire-set.h"

void
cobro_wire_fact_write (CobroWireWriter *writer, const char *key, const CobroFact *fact)
{
  cobro_wire_begin_object (writer, key);
  cobro_wire_put_text (writer, "source", cobro_fact_source_name (fact->source));
  cobro_wire_put_text (writer, "provider", fact->provider);
  cobro_wire_put_text (writer, "account", fact->account);
  cobro_wire_put_bool (writer, "livemode", fact->livemode);
  cobro_wire_put_text (writer, "eventId", fact->event_id);
  cobro_wire_put_text (writer, "providerPaymentId", fact->provider_payment_id);
  cobro_wire_put_text (writer, "chargeId", fact->charge_id);
  cobro_wire_put_text (writer, "receipt", fact->receipt);
  cobro_wire_put_text (writer, "reference", fact->reference);
  cobro_wire_put_text (writer, "kind", cobro_fact_kind_name (fact->kind));
  cobro_wire_put_money (writer, "amount", fact->amount);
  cobro_wire_put_text_or_null (writer, "currency", cobro_money_code (fact->amount));
  cobro_wire_put_text (writer, "refundId", fact->refund_id);
  cobro_wire_put_text (writer, "failureCode", fact->failure_code);
  cobro_wire_put_text (writer, "failureMessage", fact->failure_message);
  cobro_wire_put_text (writer, "methodDetail", fact->method_detail);
  cobro_wire_put_time (writer, "occurredAt", fact->occurred_at);
  cobro_wire_put_time (writer, "dueAt", fact->due_at);
  cobro_wire_end_object (writer);
}

static gboolean
parse_source (CobroWireObject *object, CobroFact *fact, GError **error)
{
  g_autofree char *name = NULL;

  if (!cobro_wire_get_text_needed (object, "source", &name, error))
    return FALSE;
  return cobro_fact_source_from_name (name, &fact->source) ||
         cobro_wire_refuse (object, "source", error, "must be answer, webhook or janitor");
}

static gboolean
parse_kind (CobroWireObject *object, CobroFact *fact, GError **error)
{
  g_autofree char *name = NULL;

  if (!cobro_wire_get_text_needed (object, "kind", &name, error))
    return FALSE;
  return cobro_fact_kind_from_name (name, &fact->kind) ||
         cobro_wire_refuse (object, "kind", error, "unknown kind \"%s\"", name);
}

static gboolean
parse_amount (CobroWireObject *object, CobroFact *fact, GError **error)
{
  CobroCurrency currency = COBRO_CURRENCY_NONE;

  if (!cobro_wire_has (object, "amount"))
    {
      cobro_wire_has (object, "currency");
      return TRUE;
    }
  return cobro_wire_get_currency_needed (object, "currency", &currency, error) &&
         cobro_wire_get_money (object, "amount", currency, &fact->amount, error);
}

static gboolean
parse_fact (CobroWireObject *object, CobroFact *fact, GError **error)
{
  return parse_source (object, fact, error) &&
         cobro_wire_get_text_needed (object, "provider", cobro_wire_slot (&fact->provider), error) &&
         cobro_wire_set_text (object, "account", &fact->account, error) &&
         cobro_wire_get_bool (object, "livemode", FALSE, &fact->livemode, error) &&
         cobro_wire_get_text_needed (object, "eventId", cobro_wire_slot (&fact->event_id), error) &&
         cobro_wire_set_text (object, "providerPaymentId", &fact->provider_payment_id, error) &&
         cobro_wire_set_text (object, "chargeId", &fact->charge_id, error) &&
         cobro_wire_set_text (object, "receipt", &fact->receipt, error) &&
         cobro_wire_set_text (object, "reference", &fact->reference, error) && parse_kind (object, fact, error) &&
         parse_amount (object, fact, error) && cobro_wire_set_text (object, "refundId", &fact->refund_id, error) &&
         cobro_wire_set_text (object, "failureCode", &fact->failure_code, error) &&
         cobro_wire_set_text (object, "failureMessage", &fact->failure_message, error) &&
         cobro_wire_set_text (object, "methodDetail", &fact->method_detail, error) &&
         cobro_wire_get_time (object, "occurredAt", &fact->occurred_at, error) &&
         cobro_wire_get_time (object, "dueAt", &fact->due_at, error) && cobro_wire_done (object, error);
}

CobroFact *
cobro_wire_fact_parse (CobroWireObject *object, GError **error)
{
  g_autoptr (CobroFact) fact = cobro_fact_new ();

  if (!parse_fact (object, fact, error))
    return NULL;
  return g_steal_pointer (&fact);
}
