/* src/core/cobro-record.h — money that came another way (cash, bank, cheque, credit), on the merchant's word.
 * Layer: core. It becomes a payment of gateway "manual", through the one state function like any other; its fact has
 * the merchant as its source. Offline it is a payment of the desktop's books already. */
#pragma once
#include "cobro-civil.h"
#include "cobro-id.h"
#include "cobro-money.h"

#define COBRO_RECORD_GATEWAY "manual"

typedef enum
{
  COBRO_RECORD_CASH,
  COBRO_RECORD_BANK,
  COBRO_RECORD_CHEQUE,
  COBRO_RECORD_CREDIT, /* taken from what the customer overpaid before */
  COBRO_RECORD_OTHER,
} CobroRecordHow; /* "cash", "bank", "cheque", "credit", "other" */

typedef struct
{
  CobroId id;        /* pay_… */
  CobroId link_id;   /* what it is for */
  CobroMoney amount; /* positive; more than is due is allowed and becomes the customer's credit */
  CobroRecordHow how;
  char date[COBRO_DATE_SIZE]; /* when it came; not in the future */
  char *note;                 /* ≤ 200 */
} CobroRecord;

/* (transfer full) of cash, with every text "". */
CobroRecord *cobro_record_new (void);
CobroRecord *cobro_record_copy (const CobroRecord *record);
void cobro_record_free (CobroRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroRecord, cobro_record_free)
gboolean cobro_record_validate (const CobroRecord *record, GError **error) G_GNUC_WARN_UNUSED_RESULT;
const char *cobro_record_how_name (CobroRecordHow how);
gboolean cobro_record_how_from_name (const char *name, CobroRecordHow *out_how);
