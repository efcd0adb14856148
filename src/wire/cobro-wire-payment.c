/* src/wire/cobro-wire-payment.c — a payment in OPF's names, with what was received beside what was asked.
 * Layer: wire. Any thread. */
#include "cobro-wire-payment.h"

#include "cobro-wire-set.h"

static void
write_payer (CobroWireWriter *writer, const CobroPayment *payment)
{
  cobro_wire_begin_object (writer, "payer");
  cobro_wire_put_text (writer, "name", payment->payer_name);
  cobro_wire_put_text (writer, "email", payment->payer_email);
  cobro_wire_put_text (writer, "phone", payment->payer_phone);
  cobro_wire_put_map (writer, "fields", payment->payer_fields);
  cobro_wire_end_object (writer);
}

static void
write_failure (CobroWireWriter *writer, const CobroPayment *payment)
{
  if (*payment->failure_code == '\0' && *payment->failure_message == '\0')
    {
      cobro_wire_put_null (writer, "failure");
      return;
    }
  cobro_wire_begin_object (writer, "failure");
  cobro_wire_put_text (writer, "code", payment->failure_code);
  cobro_wire_put_text (writer, "message", payment->failure_message);
  cobro_wire_end_object (writer);
}

/* What came may be of another amount or currency than what was asked. */
static void
write_received (CobroWireWriter *writer, const CobroPayment *payment)
{
  if (!cobro_money_is_set (payment->received))
    {
      cobro_wire_put_null (writer, "received");
      return;
    }
  cobro_wire_begin_object (writer, "received");
  cobro_wire_put_money (writer, "amount", payment->received);
  cobro_wire_put_text (writer, "currency", cobro_money_code (payment->received));
  cobro_wire_end_object (writer);
}

void
cobro_wire_payment_write_members (CobroWireWriter *writer, const CobroPayment *payment)
{
  cobro_wire_put_text (writer, "id", payment->id.text);
  cobro_wire_put_text_or_null (writer, "linkId", payment->link_id.text);
  cobro_wire_put_money (writer, "amount", payment->amount);
  cobro_wire_put_text (writer, "currency", cobro_money_code (payment->amount));
  cobro_wire_put_text (writer, "status", cobro_payment_state_public_name (payment->state));
  cobro_wire_put_text (writer, "gateway", payment->gateway);
  cobro_wire_put_text_or_null (writer, "providerPaymentId", payment->provider_payment_id);
  cobro_wire_put_text_or_null (writer, "idempotencyKey", payment->idempotency_key);
  cobro_wire_put_map (writer, "metadata", payment->metadata);
  write_payer (writer, payment);
  cobro_wire_put_text (writer, "method", payment->method);
  cobro_wire_put_text (writer, "methodDetail", payment->method_detail);
  write_failure (writer, payment);
  write_received (writer, payment);
  cobro_wire_put_int64 (writer, "amountRefunded", cobro_money_minor (payment->refunded));
  cobro_wire_put_int64 (writer, "amountLost", cobro_money_minor (payment->lost));
  cobro_wire_put_flags (writer, "flags", payment->flags);
  cobro_wire_put_time (writer, "disputeDueAt", payment->dispute_due);
  cobro_wire_put_bool (writer, "livemode", payment->livemode);
  cobro_wire_put_time (writer, "createdAt", payment->created_at);
  cobro_wire_put_time (writer, "updatedAt", payment->updated_at);
}

void
cobro_wire_payment_write (CobroWireWriter *writer, const char *key, const CobroPayment *payment)
{
  cobro_wire_begin_object (writer, key);
  cobro_wire_payment_write_members (writer, payment);
  cobro_wire_end_object (writer);
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
parse_amounts (CobroWireObject *object, CobroPayment *payment, GError **error)
{
  g_autoptr (CobroWireObject) received = NULL;
  CobroCurrency currency, received_currency;

  if (!cobro_wire_get_currency_needed (object, "currency", &currency, error) ||
      !cobro_wire_get_money (object, "amount", currency, &payment->amount, error) ||
      !cobro_wire_get_money (object, "amountRefunded", currency, &payment->refunded, error) ||
      !cobro_wire_get_money (object, "amountLost", currency, &payment->lost, error) ||
      !cobro_wire_get_object (object, "received", &received, error))
    return FALSE;
  if (!cobro_money_is_set (payment->amount))
    return cobro_wire_refuse (object, "amount", error, "is required");
  if (!cobro_money_is_set (payment->refunded))
    payment->refunded = cobro_money_zero (currency);
  if (!cobro_money_is_set (payment->lost))
    payment->lost = cobro_money_zero (currency);
  return received == NULL || (cobro_wire_get_currency_needed (received, "currency", &received_currency, error) &&
                              cobro_wire_get_money (received, "amount", received_currency, &payment->received, error));
}

static gboolean
parse_status (CobroWireObject *object, CobroPayment *payment, GError **error)
{
  g_autofree char *name = NULL;

  if (!cobro_wire_get_text_needed (object, "status", &name, error))
    return FALSE;
  return cobro_payment_state_from_name (name, &payment->state) ||
         cobro_wire_refuse (object, "status", error, "unknown status \"%s\"", name);
}

static gboolean
parse_payer (CobroWireObject *object, CobroPayment *payment, GError **error)
{
  g_autoptr (CobroWireObject) payer = NULL;

  if (!cobro_wire_get_object (object, "payer", &payer, error))
    return FALSE;
  return payer == NULL || (cobro_wire_set_text (payer, "name", &payment->payer_name, error) &&
                           cobro_wire_set_text (payer, "email", &payment->payer_email, error) &&
                           cobro_wire_set_text (payer, "phone", &payment->payer_phone, error) &&
                           cobro_wire_set_map (payer, "fields", &payment->payer_fields, error));
}

static gboolean
parse_failure (CobroWireObject *object, CobroPayment *payment, GError **error)
{
  g_autoptr (CobroWireObject) failure = NULL;

  if (!cobro_wire_get_object (object, "failure", &failure, error))
    return FALSE;
  return failure == NULL || (cobro_wire_set_text (failure, "code", &payment->failure_code, error) &&
                             cobro_wire_set_text (failure, "message", &payment->failure_message, error));
}

static gboolean
parse_payment (CobroWireObject *object, CobroPayment *payment, GError **error)
{
  return cobro_wire_get_id_needed (object, "id", COBRO_ID_PAYMENT, &payment->id, error) &&
         cobro_wire_get_id (object, "linkId", COBRO_ID_LINK, &payment->link_id, error) &&
         parse_amounts (object, payment, error) && parse_status (object, payment, error) &&
         cobro_wire_set_text (object, "gateway", &payment->gateway, error) &&
         cobro_wire_set_text (object, "providerPaymentId", &payment->provider_payment_id, error) &&
         cobro_wire_set_text (object, "idempotencyKey", &payment->idempotency_key, error) &&
         cobro_wire_set_map (object, "metadata", &payment->metadata, error) && parse_payer (object, payment, error) &&
         cobro_wire_set_text (object, "method", &payment->method, error) &&
         cobro_wire_set_text (object, "methodDetail", &payment->method_detail, error) &&
         parse_failure (object, payment, error) && cobro_wire_get_flags (object, "flags", &payment->flags, error) &&
         cobro_wire_get_time (object, "disputeDueAt", &payment->dispute_due, error) &&
         cobro_wire_get_bool (object, "livemode", FALSE, &payment->livemode, error) &&
         cobro_wire_get_time (object, "createdAt", &payment->created_at, error) &&
         cobro_wire_get_time (object, "updatedAt", &payment->updated_at, error) && cobro_wire_done (object, error) &&
         cobro_payment_validate (payment, error);
}

CobroPayment *
cobro_wire_payment_parse (CobroWireObject *object, GError **error)
{
  g_autoptr (CobroPayment) payment = cobro_payment_new ();

  if (!parse_payment (object, payment, error))
    return NULL;
  return g_steal_pointer (&payment);
}
