/* src/wire/cobro-wire-merchant.c — the profile that buyers see.
 * Layer: wire. Any thread. */
#include "cobro-wire-merchant.h"

#include "cobro-wire-set.h"

void
cobro_wire_merchant_write (CobroWireWriter *writer, const char *key, const CobroMerchant *merchant)
{
  cobro_wire_begin_object (writer, key);
  cobro_wire_put_text (writer, "id", merchant->id.text);
  cobro_wire_put_int64 (writer, "rev", merchant->rev);
  cobro_wire_put_text (writer, "name", merchant->name);
  cobro_wire_put_text (writer, "email", merchant->email);
  cobro_wire_put_text (writer, "website", merchant->website);
  cobro_wire_put_text (writer, "support", merchant->support);
  cobro_wire_put_text (writer, "accent", merchant->accent);
  cobro_wire_put_text (writer, "locale", merchant->locale);
  cobro_wire_put_text (writer, "currency", merchant->currency);
  cobro_wire_put_text (writer, "timeZone", merchant->time_zone);
  cobro_wire_put_bool (writer, "refundDuplicates", merchant->refund_duplicates);
  cobro_wire_put_time (writer, "createdAt", merchant->created_at);
  cobro_wire_put_time (writer, "updatedAt", merchant->updated_at);
  cobro_wire_end_object (writer);
}

static gboolean
parse_merchant (CobroWireObject *object, CobroMerchant *merchant, GError **error)
{
  return cobro_wire_get_id (object, "id", COBRO_ID_MERCHANT, &merchant->id, error) &&
         cobro_wire_get_int64 (object, "rev", 0, &merchant->rev, error) &&
         cobro_wire_get_text_needed (object, "name", cobro_wire_slot (&merchant->name), error) &&
         cobro_wire_set_text (object, "email", &merchant->email, error) &&
         cobro_wire_set_text (object, "website", &merchant->website, error) &&
         cobro_wire_set_text (object, "support", &merchant->support, error) &&
         cobro_wire_set_text (object, "accent", &merchant->accent, error) &&
         cobro_wire_get_text (object, "locale", "auto", cobro_wire_slot (&merchant->locale), error) &&
         cobro_wire_set_text (object, "currency", &merchant->currency, error) &&
         cobro_wire_get_text (object, "timeZone", "UTC", cobro_wire_slot (&merchant->time_zone), error) &&
         cobro_wire_get_bool (object, "refundDuplicates", FALSE, &merchant->refund_duplicates, error) &&
         cobro_wire_get_time (object, "createdAt", &merchant->created_at, error) &&
         cobro_wire_get_time (object, "updatedAt", &merchant->updated_at, error) && cobro_wire_done (object, error) &&
         cobro_merchant_validate (merchant, error);
}

CobroMerchant *
cobro_wire_merchant_parse (CobroWireObject *object, GError **error)
{
  g_autoptr (CobroMerchant) merchant = cobro_merchant_new ();

  if (!parse_merchant (object, merchant, error))
    return NULL;
  return g_steal_pointer (&merchant);
}
