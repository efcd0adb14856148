/* src/core/cobro-payment.h — one attempt to pay, its states, and the table that says which fact leads where.
 * Layer: core. Same sharing rule as cobro-link.h. */
#pragma once
#include <glib.h>
#include "cobro-clock.h"
#include "cobro-id.h"
#include "cobro-money.h"

typedef enum
{
  COBRO_PAYMENT_CREATED,
  COBRO_PAYMENT_PENDING,
  COBRO_PAYMENT_REQUIRES_ACTION,
  COBRO_PAYMENT_PROCESSING,
  COBRO_PAYMENT_UNKNOWN,
  COBRO_PAYMENT_FAILED,
  COBRO_PAYMENT_CANCELLED,
  COBRO_PAYMENT_SUCCEEDED,
} CobroPaymentState;

/* What somebody told us about a payment. */
typedef enum
{
  COBRO_FACT_PENDING,
  COBRO_FACT_ACTION_NEEDED,
  COBRO_FACT_PROCESSING,
  COBRO_FACT_NO_ANSWER,
  COBRO_FACT_FAILED,
  COBRO_FACT_CANCELLED,
  COBRO_FACT_SUCCEEDED,
  COBRO_FACT_REFUND_PENDING, /* the provider has taken it on, and has not sent it yet */
  COBRO_FACT_REFUNDED,
  COBRO_FACT_REFUND_FAILED,
  COBRO_FACT_DISPUTE_OPENED,
  COBRO_FACT_DISPUTE_WON,
  COBRO_FACT_DISPUTE_LOST,
} CobroFactKind;

/* What a transition obliges the caller to do, in the same transaction. */
typedef enum
{
  COBRO_EFFECT_EVENT =
    1 << 0, /* write one event row: the state changed (created → pending is no news: both are "pending") */
  COBRO_EFFECT_RECEIPT = 1 << 1, /* money arrived: receipt and merchant notice */
  COBRO_EFFECT_SLOT = 1 << 2,    /* the attempt's slot is taken for good */
  COBRO_EFFECT_RELEASE = 1 << 3, /* the attempt's slot is free again */
  COBRO_EFFECT_LATE = 1 << 4,    /* success after failed or cancelled: a slot must be found or the payment flagged */
} CobroEffects;

typedef struct
{
  CobroPaymentState to; /* equal to the state before when nothing changes */
  guint effects;        /* CobroEffects; 0 when nothing changes */
} CobroPaymentStep;

/**
 * cobro_payment_step:
 * The one state function. Forward-only: the states in the order of the enum are ranks, and a fact of lower or equal
 * rank changes nothing. Success overtakes failed and cancelled, cancelled overtakes failed; nothing leads from
 * succeeded back. For any multiset of facts the final state is the same in every order. Refunds and disputes are about
 * money that arrived: they never move the state. Where one comes before the success it speaks of, ask the provider.
 */
CobroPaymentStep cobro_payment_step (CobroPaymentState from, CobroFactKind fact);
gboolean cobro_payment_state_is_final (CobroPaymentState state);
/* How outside shapes call it (OPF-6): created is "pending" there, all others have their own name. */
const char *cobro_payment_state_public_name (CobroPaymentState state);
const char *cobro_payment_state_name (CobroPaymentState state); /* "created", "pending", "requires_action", … */
gboolean cobro_payment_state_from_name (const char *name, CobroPaymentState *out_state);
const char *cobro_fact_kind_name (CobroFactKind kind); /* "pending", "action_needed", … "dispute_lost" */
gboolean cobro_fact_kind_from_name (const char *name, CobroFactKind *out_kind);
/* "payment.succeeded" …; NULL where a state has no event of its own. */
const char *cobro_payment_event_type (CobroPaymentState state);

typedef struct
{
  gint ref_count; /* private */
  CobroId id;
  CobroId link_id;     /* none: a payment without a link (OPF-1) */
  CobroMoney amount;   /* asked */
  CobroMoney received; /* captured as the provider says; unset until then. Differs: flag amount_mismatch */
  CobroMoney refunded; /* Σ succeeded refunds */
  CobroMoney lost;     /* Σ lost disputes: taken back by the provider */
  CobroPaymentState state;
  guint flags;               /* CobroFlags of cobro-link-status.h */
  CobroTime dispute_due;     /* open dispute: until when it is to be answered at the provider; 0: not said */
  char *gateway;             /* provider name: "mock" … */
  char *provider_payment_id; /* "" until the provider gave one */
  char *idempotency_key;     /* the caller's, "" if none */
  GHashTable *metadata;      /* (element-type utf8 utf8) */
  char *payer_name, *payer_email, *payer_phone;
  GHashTable *payer_fields;             /* (element-type utf8 utf8) answers to the link's questions */
  char *method;                         /* "card" … */
  char *method_detail;                  /* what may be shown: "visa •••• 4242"; never a card number */
  char *failure_code, *failure_message; /* "" if it did not fail */
  gboolean livemode;
  CobroTime created_at, updated_at;
} CobroPayment;

CobroPayment *cobro_payment_new (void);
CobroPayment *cobro_payment_copy (const CobroPayment *payment);
CobroPayment *cobro_payment_ref (CobroPayment *payment);
void cobro_payment_unref (CobroPayment *payment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroPayment, cobro_payment_unref)
/* Field rules as cobro_link_validate(): lengths, UTF-8, positive amount, metadata. */
gboolean cobro_payment_validate (const CobroPayment *payment, GError **error) G_GNUC_WARN_UNUSED_RESULT;
