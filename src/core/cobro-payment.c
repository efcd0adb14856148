/* src/core/cobro-payment.c — one attempt to pay: the state table, and the value.
 * Layer: core. Same sharing rule as cobro-link.c. */
#include "cobro-payment.h"
#include "cobro-error.h"
#include "cobro-link.h"
#include "cobro-names.h"
#include "cobro-text.h"

#include <string.h>

static const char *const state_names[] = {
  "created", "pending", "requires_action", "processing", "unknown", "failed", "cancelled", "succeeded",
};
static const char *const fact_names[] = {
  "pending",        "action_needed", "processing",    "no_answer",      "failed",      "cancelled",    "succeeded",
  "refund_pending", "refunded",      "refund_failed", "dispute_opened", "dispute_won", "dispute_lost",
};

COBRO_DEFINE_NAMES (CobroPaymentState, cobro_payment_state, state_names)
COBRO_DEFINE_NAMES (CobroFactKind, cobro_fact_kind, fact_names)

#define EVENT   COBRO_EFFECT_EVENT
#define RELEASE (COBRO_EFFECT_EVENT | COBRO_EFFECT_RELEASE)
#define PAID    (COBRO_EFFECT_EVENT | COBRO_EFFECT_RECEIPT | COBRO_EFFECT_SLOT)
#define LATE    (COBRO_EFFECT_EVENT | COBRO_EFFECT_RECEIPT | COBRO_EFFECT_LATE)

/* The state machine. What is absent changes nothing. Every edge leads to a higher rank, and from each state a fact
 * leads to the same place or nowhere: that makes the final state a maximum, and a maximum does not know any order. */
/* clang-format off */
static const struct {
  CobroPaymentState from;
  CobroFactKind     fact;
  CobroPaymentState to;
  guint             effects;
} edges[] = {
  { COBRO_PAYMENT_CREATED,         COBRO_FACT_PENDING,       COBRO_PAYMENT_PENDING,         0       },
  { COBRO_PAYMENT_CREATED,         COBRO_FACT_ACTION_NEEDED, COBRO_PAYMENT_REQUIRES_ACTION, EVENT   },
  { COBRO_PAYMENT_CREATED,         COBRO_FACT_PROCESSING,    COBRO_PAYMENT_PROCESSING,      EVENT   },
  { COBRO_PAYMENT_CREATED,         COBRO_FACT_NO_ANSWER,     COBRO_PAYMENT_UNKNOWN,         EVENT   },
  { COBRO_PAYMENT_CREATED,         COBRO_FACT_FAILED,        COBRO_PAYMENT_FAILED,          RELEASE },
  { COBRO_PAYMENT_CREATED,         COBRO_FACT_CANCELLED,     COBRO_PAYMENT_CANCELLED,       RELEASE },
  { COBRO_PAYMENT_CREATED,         COBRO_FACT_SUCCEEDED,     COBRO_PAYMENT_SUCCEEDED,       PAID    },

  { COBRO_PAYMENT_PENDING,         COBRO_FACT_ACTION_NEEDED, COBRO_PAYMENT_REQUIRES_ACTION, EVENT   },
  { COBRO_PAYMENT_PENDING,         COBRO_FACT_PROCESSING,    COBRO_PAYMENT_PROCESSING,      EVENT   },
  { COBRO_PAYMENT_PENDING,         COBRO_FACT_NO_ANSWER,     COBRO_PAYMENT_UNKNOWN,         EVENT   },
  { COBRO_PAYMENT_PENDING,         COBRO_FACT_FAILED,        COBRO_PAYMENT_FAILED,          RELEASE },
  { COBRO_PAYMENT_PENDING,         COBRO_FACT_CANCELLED,     COBRO_PAYMENT_CANCELLED,       RELEASE },
  { COBRO_PAYMENT_PENDING,         COBRO_FACT_SUCCEEDED,     COBRO_PAYMENT_SUCCEEDED,       PAID    },

  { COBRO_PAYMENT_REQUIRES_ACTION, COBRO_FACT_PROCESSING,    COBRO_PAYMENT_PROCESSING,      EVENT   },
  { COBRO_PAYMENT_REQUIRES_ACTION, COBRO_FACT_NO_ANSWER,     COBRO_PAYMENT_UNKNOWN,         EVENT   },
  { COBRO_PAYMENT_REQUIRES_ACTION, COBRO_FACT_FAILED,        COBRO_PAYMENT_FAILED,          RELEASE },
  { COBRO_PAYMENT_REQUIRES_ACTION, COBRO_FACT_CANCELLED,     COBRO_PAYMENT_CANCELLED,       RELEASE },
  { COBRO_PAYMENT_REQUIRES_ACTION, COBRO_FACT_SUCCEEDED,     COBRO_PAYMENT_SUCCEEDED,       PAID    },

  { COBRO_PAYMENT_PROCESSING,      COBRO_FACT_NO_ANSWER,     COBRO_PAYMENT_UNKNOWN,         EVENT   },
  { COBRO_PAYMENT_PROCESSING,      COBRO_FACT_FAILED,        COBRO_PAYMENT_FAILED,          RELEASE },
  { COBRO_PAYMENT_PROCESSING,      COBRO_FACT_CANCELLED,     COBRO_PAYMENT_CANCELLED,       RELEASE },
  { COBRO_PAYMENT_PROCESSING,      COBRO_FACT_SUCCEEDED,     COBRO_PAYMENT_SUCCEEDED,       PAID    },

  { COBRO_PAYMENT_UNKNOWN,         COBRO_FACT_FAILED,        COBRO_PAYMENT_FAILED,          RELEASE },
  { COBRO_PAYMENT_UNKNOWN,         COBRO_FACT_CANCELLED,     COBRO_PAYMENT_CANCELLED,       RELEASE },
  { COBRO_PAYMENT_UNKNOWN,         COBRO_FACT_SUCCEEDED,     COBRO_PAYMENT_SUCCEEDED,       PAID    },

  { COBRO_PAYMENT_FAILED,          COBRO_FACT_CANCELLED,     COBRO_PAYMENT_CANCELLED,       EVENT   },
  { COBRO_PAYMENT_FAILED,          COBRO_FACT_SUCCEEDED,     COBRO_PAYMENT_SUCCEEDED,       LATE    },

  { COBRO_PAYMENT_CANCELLED,       COBRO_FACT_SUCCEEDED,     COBRO_PAYMENT_SUCCEEDED,       LATE    },
};
/* clang-format on */

CobroPaymentStep
cobro_payment_step (CobroPaymentState from, CobroFactKind fact)
{
  for (gsize i = 0; i < G_N_ELEMENTS (edges); i++)
    if (edges[i].from == from && edges[i].fact == fact)
      return (CobroPaymentStep){ .to = edges[i].to, .effects = edges[i].effects };
  return (CobroPaymentStep){ .to = from };
}

gboolean
cobro_payment_state_is_final (CobroPaymentState state)
{
  return state == COBRO_PAYMENT_FAILED || state == COBRO_PAYMENT_CANCELLED || state == COBRO_PAYMENT_SUCCEEDED;
}

const char *
cobro_payment_state_public_name (CobroPaymentState state)
{
  return cobro_payment_state_name (state == COBRO_PAYMENT_CREATED ? COBRO_PAYMENT_PENDING : state);
}

const char *
cobro_payment_event_type (CobroPaymentState state)
{
  switch (state)
    {
    case COBRO_PAYMENT_CREATED:
      return "payment.created";
    case COBRO_PAYMENT_PENDING:
      return NULL;
    case COBRO_PAYMENT_REQUIRES_ACTION:
      return "payment.requires_action";
    case COBRO_PAYMENT_PROCESSING:
      return "payment.processing";
    case COBRO_PAYMENT_UNKNOWN:
      return "payment.unknown";
    case COBRO_PAYMENT_FAILED:
      return "payment.failed";
    case COBRO_PAYMENT_CANCELLED:
      return "payment.cancelled";
    case COBRO_PAYMENT_SUCCEEDED:
      return "payment.succeeded";
    }
  g_return_val_if_reached (NULL);
}

/* ── The value ── */

/* Every text of a payment, so that making, copying and freeing cannot forget one. */
static const gsize texts[] = {
  G_STRUCT_OFFSET (CobroPayment, gateway),         G_STRUCT_OFFSET (CobroPayment, provider_payment_id),
  G_STRUCT_OFFSET (CobroPayment, idempotency_key), G_STRUCT_OFFSET (CobroPayment, payer_name),
  G_STRUCT_OFFSET (CobroPayment, payer_email),     G_STRUCT_OFFSET (CobroPayment, payer_phone),
  G_STRUCT_OFFSET (CobroPayment, method),          G_STRUCT_OFFSET (CobroPayment, method_detail),
  G_STRUCT_OFFSET (CobroPayment, failure_code),    G_STRUCT_OFFSET (CobroPayment, failure_message),
};

static GHashTable *
map_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static GHashTable *
map_copy (GHashTable *map)
{
  GHashTable *copy = map_new ();
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, map);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (copy, g_strdup (key), g_strdup (value));
  return copy;
}

CobroPayment *
cobro_payment_new (void)
{
  CobroPayment *payment = g_new0 (CobroPayment, 1);

  payment->ref_count = 1;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    G_STRUCT_MEMBER (char *, payment, texts[i]) = g_strdup ("");
  payment->metadata = map_new ();
  payment->payer_fields = map_new ();
  return payment;
}

CobroPayment *
cobro_payment_copy (const CobroPayment *payment)
{
  CobroPayment *copy = g_new (CobroPayment, 1);

  *copy = *payment;
  copy->ref_count = 1;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    G_STRUCT_MEMBER (char *, copy, texts[i]) = g_strdup (G_STRUCT_MEMBER (char *, payment, texts[i]));
  copy->metadata = map_copy (payment->metadata);
  copy->payer_fields = map_copy (payment->payer_fields);
  return copy;
}

CobroPayment *
cobro_payment_ref (CobroPayment *payment)
{
  g_atomic_int_inc (&payment->ref_count);
  return payment;
}

void
cobro_payment_unref (CobroPayment *payment)
{
  if (payment == NULL || !g_atomic_int_dec_and_test (&payment->ref_count))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (G_STRUCT_MEMBER (char *, payment, texts[i]));
  g_hash_table_unref (payment->metadata);
  g_hash_table_unref (payment->payer_fields);
  g_free (payment);
}

/* ── Rules ── */

#define IDEMPOTENCY_KEY_MAX 255
#define NAME_MAX_CHARACTERS 200
#define SHORT_TEXT_MAX      255

static gboolean
check_idempotency_key (const char *key, GError **error)
{
  gsize n = strlen (key);

  if (n > IDEMPOTENCY_KEY_MAX)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "idempotencyKey", "must have at most %d characters",
                               IDEMPOTENCY_KEY_MAX);
  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isgraph (key[i]))
      return cobro_error_set_at (error, COBRO_ERROR_INVALID, "idempotencyKey", "must be visible ASCII characters");
  return TRUE;
}

/* Absent, or 0 to the limit in the payment's currency. */
static gboolean
check_sum (const CobroPayment *payment, CobroMoney sum, const char *path, GError **error)
{
  if (!cobro_money_is_set (sum))
    return TRUE;
  if (cobro_money_is_negative (sum))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "must not be negative");
  if (!cobro_money_check (sum, error))
    return cobro_error_prefix_path (error, path);
  return TRUE;
}

static gboolean
check_amounts (const CobroPayment *payment, GError **error)
{
  if (!cobro_money_is_set (payment->amount))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "is required");
  if (!cobro_money_is_positive (payment->amount))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "must be above zero");
  if (!cobro_money_check (payment->amount, error))
    return cobro_error_prefix_path (error, "amount");
  return check_sum (payment, payment->received, "received.amount", error) &&
         check_sum (payment, payment->refunded, "amountRefunded", error) &&
         check_sum (payment, payment->lost, "amountLost", error);
}

static gboolean
check_ids (const CobroPayment *payment, GError **error)
{
  CobroId id;

  if (!cobro_id_parse (COBRO_ID_PAYMENT, payment->id.text, &id, error))
    return cobro_error_prefix_path (error, "id");
  if (cobro_id_is_set (&payment->link_id) && !cobro_id_parse (COBRO_ID_LINK, payment->link_id.text, &id, error))
    return cobro_error_prefix_path (error, "linkId");
  return TRUE;
}

static gboolean
check_texts (const CobroPayment *payment, GError **error)
{
  return cobro_text_check (payment->gateway, 32, COBRO_TEXT_LINE, "gateway", error) &&
         cobro_text_check (payment->provider_payment_id, SHORT_TEXT_MAX, COBRO_TEXT_LINE, "providerPaymentId", error) &&
         check_idempotency_key (payment->idempotency_key, error) &&
         cobro_text_check (payment->payer_name, NAME_MAX_CHARACTERS, COBRO_TEXT_LINE, "payer.name", error) &&
         cobro_text_check_email (payment->payer_email, "payer.email", error) &&
         cobro_text_check (payment->payer_phone, 40, COBRO_TEXT_LINE, "payer.phone", error) &&
         cobro_text_check (payment->method, 32, COBRO_TEXT_LINE, "method", error) &&
         cobro_text_check (payment->method_detail, SHORT_TEXT_MAX, COBRO_TEXT_LINE, "methodDetail", error) &&
         cobro_text_check (payment->failure_code, SHORT_TEXT_MAX, COBRO_TEXT_LINE, "failure.code", error) &&
         cobro_text_check (payment->failure_message, COBRO_LINK_MESSAGE_MAX, COBRO_TEXT_BLOCK, "failure.message",
                           error) &&
         cobro_text_check_metadata (payment->metadata, "metadata", error) &&
         cobro_text_check_metadata (payment->payer_fields, "payer.fields", error);
}

gboolean
cobro_payment_validate (const CobroPayment *payment, GError **error)
{
  return check_ids (payment, error) && check_amounts (payment, error) && check_texts (payment, error);
}
