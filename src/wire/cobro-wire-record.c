/* src/wire/cobro-wire-record.c — money on the merchant's word.
 * Layer: wire. Any thread. */
#include "cobro-wire-record.h"

#include "cobro-wire-set.h"

void
cobro_wire_record_write (CobroWireWriter *writer, const char *key, const CobroRecord *record)
{
  cobro_wire_begin_object (writer, key);
  cobro_wire_put_text (writer, "id", record->id.text);
  cobro_wire_put_text (writer, "linkId", record->link_id.text);
  cobro_wire_put_money (writer, "amount", record->amount);
  cobro_wire_put_text (writer, "currency", cobro_money_code (record->amount));
  cobro_wire_put_text (writer, "how", cobro_record_how_name (record->how));
  cobro_wire_put_text (writer, "date", record->date);
  cobro_wire_put_text (writer, "note", record->note);
  cobro_wire_end_object (writer);
}

static gboolean
parse_how (CobroWireObject *object, CobroRecord *record, GError **error)
{
  g_autofree char *name = NULL;

  if (!cobro_wire_get_text_needed (object, "how", &name, error))
    return FALSE;
  return cobro_record_how_from_name (name, &record->how) ||
         cobro_wire_refuse (object, "how", error, "must be cash, bank, cheque, credit or other");
}

static gboolean
parse_record (CobroWireObject *object, CobroRecord *record, GError **error)
{
  CobroCurrency currency;

  return cobro_wire_get_id_needed (object, "id", COBRO_ID_PAYMENT, &record->id, error) &&
         cobro_wire_get_id_needed (object, "linkId", COBRO_ID_LINK, &record->link_id, error) &&
         cobro_wire_get_currency_needed (object, "currency", &currency, error) &&
         cobro_wire_get_money (object, "amount", currency, &record->amount, error) &&
         parse_how (object, record, error) && cobro_wire_get_date (object, "date", record->date, error) &&
         cobro_wire_set_text (object, "note", &record->note, error) && cobro_wire_done (object, error) &&
         cobro_record_validate (record, error);
}

CobroRecord *
cobro_wire_record_parse (CobroWireObject *object, GError **error)
{
  g_autoptr (CobroRecord) record = cobro_record_new ();

  if (!parse_record (object, record, error))
    return NULL;
  return g_steal_pointer (&record);
}
