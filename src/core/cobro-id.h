/* src/core/cobro-id.h — ids: a prefix and a ULID in lower-case Crockford base32. Sortable by time, made anywhere,
 * offline. Layer: core. Any thread. */
#pragma once
#include <glib.h>
#include "cobro-clock.h"
#include "cobro-random.h"

typedef enum
{
  COBRO_ID_LINK,
  COBRO_ID_INVOICE,
  COBRO_ID_PAYMENT,
  COBRO_ID_REFUND,
  COBRO_ID_CUSTOMER,
  COBRO_ID_PRODUCT,
  COBRO_ID_EVENT,
  COBRO_ID_WEBHOOK,
  COBRO_ID_DELIVERY,
  COBRO_ID_MERCHANT,
  COBRO_ID_DEVICE,
  COBRO_ID_OPERATION,
  COBRO_ID_ACCOUNT,
  COBRO_ID_RECURRING,
  COBRO_ID_MAIL,
} CobroIdKind;

/* By value; "" is "none". The longest is prefix (5) + 26. */
typedef struct
{
  char text[32];
} CobroId;
#define COBRO_ID_NONE ((CobroId){ "" })

/* "link_", "inv_", "pay_", "ref_", "cus_", "prd_", "evt_", "whk_", "dlv_", "mer_", "dev_", "op_", "acc_",
 * "rec_", "mail_" */
const char *cobro_id_prefix (CobroIdKind kind);
CobroId cobro_id_new (CobroIdKind kind, CobroClock *clock, CobroRandom *random);
/* FALSE with COBRO_ERROR_INVALID when @text is not an id of that kind. */
gboolean cobro_id_parse (CobroIdKind kind, const char *text, CobroId *out_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean cobro_id_is_set (const CobroId *id);
gboolean cobro_id_equal (const CobroId *a, const CobroId *b);
/* The first id of that millisecond: a bound for ranges of time. */
CobroId cobro_id_at (CobroIdKind kind, CobroTime time);
/* The time inside the ULID, millisecond resolution. */
CobroTime cobro_id_time (const CobroId *id);
