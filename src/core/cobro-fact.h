/* src/core/cobro-fact.h — what a provider told us, whichever way it came: the answer to our call, its webhook, or the
 * janitor's question. Immutable; unique by (provider, account, livemode, event id).
 * Layer: core. */
#pragma once
#include <glib.h>
#include "cobro-payment.h"

typedef enum
{
  COBRO_FACT_FROM_ANSWER,
  COBRO_FACT_FROM_WEBHOOK,
  COBRO_FACT_FROM_JANITOR,
  COBRO_FACT_FROM_MERCHANT /* who decided about a fact in quarantine */
} CobroFactSource;

typedef struct
{
  gint ref_count; /* private */
  CobroFactSource source;
  char *provider; /* "mock" */
  char *account;  /* the provider account it came through */
  gboolean livemode;
  char *event_id;            /* the provider's; for answers and janitor derived from (payment id, state) */
  char *provider_payment_id; /* of the object that begin() made; "" when only the charge is known */
  char
    *charge_id; /* of what holds the money, where that is another object: pi_… behind cs_…, pay_… behind order_…; "" */
  char *receipt;   /* what the payer's receipt there calls it (Flutterwave's flw_ref), where it says so; "" */
  char *reference; /* the reference we gave the provider (our payment id); "" if it returned none */
  CobroFactKind kind;
  CobroMoney amount; /* as the provider says; unset where it says nothing */
  char *refund_id;   /* the provider's refund id for refund facts, else "" */
  char *failure_code, *failure_message;
  char *method_detail;
  CobroTime occurred_at;
  CobroTime due_at; /* a dispute's: until when it is to be answered; 0: not said */
} CobroFact;

CobroFact *cobro_fact_new (void);
CobroFact *cobro_fact_ref (CobroFact *fact);
void cobro_fact_unref (CobroFact *fact);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroFact, cobro_fact_unref)
const char *cobro_fact_source_name (CobroFactSource source); /* "answer", "webhook", "janitor", "merchant" */
gboolean cobro_fact_source_from_name (const char *name, CobroFactSource *out_source);
