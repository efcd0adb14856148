/* src/core/cobro-record.c — a payment on the merchant's word, as a value.
 * Layer: core. */
#include "cobro-record.h"
#include "cobro-error.h"
#include "cobro-names.h"
#include "cobro-text.h"

#define NOTE_MAX 200

static const char *const how_names[] = { "cash", "bank", "cheque", "credit", "other" };

COBRO_DEFINE_NAMES (CobroRecordHow, cobro_record_how, how_names)

CobroRecord *
cobro_record_new (void)
{
  CobroRecord *record = g_new0 (CobroRecord, 1);

  record->note = g_strdup ("");
  return record;
}

CobroRecord *
cobro_record_copy (const CobroRecord *record)
{
  CobroRecord *copy = g_memdup2 (record, sizeof *record);

  copy->note = g_strdup (record->note);
  return copy;
}

void
cobro_record_free (CobroRecord *record)
{
  if (record == NULL)
    return;
  g_free (record->note);
  g_free (record);
}

gboolean
cobro_record_validate (const CobroRecord *record, GError **error)
{
  CobroId id;

  if (!cobro_id_parse (COBRO_ID_PAYMENT, record->id.text, &id, error))
    return cobro_error_prefix_path (error, "id");
  if (!cobro_id_parse (COBRO_ID_LINK, record->link_id.text, &id, error))
    return cobro_error_prefix_path (error, "linkId");
  if (!cobro_money_is_positive (record->amount))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "must be more than zero");
  if (!cobro_money_check (record->amount, error))
    return cobro_error_prefix_path (error, "amount");
  return cobro_text_check_date (record->date, "date", error) &&
         cobro_text_check (record->note, NOTE_MAX, COBRO_TEXT_LINE, "note", error);
}
