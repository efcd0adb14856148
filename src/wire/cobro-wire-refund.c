/* src/wire/cobro-wire-refund.c — money on its way back.
 * Layer: wire. Any thread. */
#include "cobro-wire-refund.h"

#include "cobro-wire-set.h"

void
cobro_wire_refund_write (CobroWireWriter *writer, const char *key, const CobroRefund *refund)
{
  cobro_wire_begin_object (writer, key);
  cobro_wire_put_text (writer, "id", refund->id.text);
  cobro_wire_put_text (writer, "paymentId", refund->payment_id.text);
  cobro_wire_put_money (writer, "amount", refund->amount);
  cobro_wire_put_text (writer, "currency", cobro_money_code (refund->amount));
  cobro_wire_put_text (writer, "status", cobro_refund_state_name (refund->state));
  cobro_wire_put_text (writer, "reason", refund->reason);
  cobro_wire_put_text_or_null (writer, "providerRefundId", refund->provider_refund_id);
  cobro_wire_put_text_or_null (writer, "failureMessage", refund->failure_message);
  cobro_wire_put_bool (writer, "livemode", refund->livemode);
  cobro_wire_put_time (writer, "createdAt", refund->created_at);
  cobro_wire_put_time (writer, "updatedAt", refund->updated_at);
  cobro_wire_end_object (writer);
}

static gboolean
parse_status (CobroWireObject *object, CobroRefund *refund, GError **error)
{
  g_autofree char *name = NULL;

  if (!cobro_wire_get_text_needed (object, "status", &name, error))
    return FALSE;
  return cobro_refund_state_from_name (name, &refund->state) ||
         cobro_wire_refuse (object, "status", error, "unknown status \"%s\"", name);
}

static gboolean
parse_amount (CobroWireObject *object, CobroRefund *refund, GError **error)
{
  CobroCurrency currency;

  if (!cobro_wire_get_currency_needed (object, "currency", &currency, error) ||
      !cobro_wire_get_money (object, "amount", currency, &refund->amount, error))
    return FALSE;
  return cobro_money_is_set (refund->amount) || cobro_wire_refuse (object, "amount", error, "is required");
}

static gboolean
parse_refund (CobroWireObject *object, CobroRefund *refund, GError **error)
{
  return cobro_wire_get_id_needed (object, "id", COBRO_ID_REFUND, &refund->id, error) &&
         cobro_wire_get_id_needed (object, "paymentId", COBRO_ID_PAYMENT, &refund->payment_id, error) &&
         parse_amount (object, refund, error) && parse_status (object, refund, error) &&
         cobro_wire_set_text (object, "reason", &refund->reason, error) &&
         cobro_wire_set_text (object, "providerRefundId", &refund->provider_refund_id, error) &&
         cobro_wire_set_text (object, "failureMessage", &refund->failure_message, error) &&
         cobro_wire_get_bool (object, "livemode", FALSE, &refund->livemode, error) &&
         cobro_wire_get_time (object, "createdAt", &refund->created_at, error) &&
         cobro_wire_get_time (object, "updatedAt", &refund->updated_at, error) && cobro_wire_done (object, error) &&
         cobro_refund_validate (refund, error);
}

CobroRefund *
cobro_wire_refund_parse (CobroWireObject *object, GError **error)
{
  g_autoptr (CobroRefund) refund = cobro_refund_new ();

  if (!parse_refund (object, refund, error))
    return NULL;
  return g_steal_pointer (&refund);
}
