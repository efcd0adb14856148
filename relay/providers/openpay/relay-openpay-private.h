/* relay/providers/openpay/relay-openpay-private.h — what the files of the adapter share. Layer: relay/providers. Pure.
 */
#pragma once
#include "relay-openpay.h"

/* ── Settings (relay-openpay.c) ─────────────────────────────────────────────────────────────────────────────── */

typedef enum
{
  RELAY_OPENPAY_MX,
  RELAY_OPENPAY_CO,
  RELAY_OPENPAY_PE,
} RelayOpenpayCountry;
RelayOpenpayCountry relay_openpay_country (const RelayAccount *account);
extern const RelayCurrencies relay_openpay_currencies; /* what is sent */
extern const RelayCurrencies relay_openpay_heard;      /* what is heard */
/* Method, "/v1/<merchant id>" + @take_tail (transfer full), and the private key. FALSE with COBRO_ERROR_PROVIDER while
 * the account has no keys. */
gboolean relay_openpay_ask (const RelayTalk *talk, RelayAsk *ask, const char *method, char *take_tail, gboolean safe,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* TRUE when @id can stand in a path of ours. */
gboolean relay_openpay_is_id (const char *id);
/* TRUE when @order_id has the shape of a reference of ours: other charges of the account are none of our business. */
gboolean relay_openpay_is_ours (const char *order_id);

/* ── Errors (relay-openpay-answer.c) ────────────────────────────────────────────────────────────────────────── */

/* What an answer that is not 2xx says. */
typedef struct
{
  gint64 code;      /* 3001; 0: not an error of Openpay's */
  const char *ours; /* static: "card_declined" where the card is to blame, else "" */
  char *words;      /* owned: for the merchant, in one line */
} RelayOpenpayError;
void relay_openpay_error_clear (RelayOpenpayError *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RelayOpenpayError, relay_openpay_error_clear)
void relay_openpay_error_read (RelayOpenpayError *self, const CobroNetAnswer *answer);
gboolean relay_openpay_is_good (const CobroNetAnswer *answer); /* 200, 201 */
/* Always FALSE. @safe: what was asked changes nothing there. */
gboolean relay_openpay_refuse (const CobroNetAnswer *answer, gboolean safe, GError **error);

/* ── Charges (relay-openpay-charge.c) ───────────────────────────────────────────────────────────────────────── */

typedef struct
{
  char *id, *status, *description;
  CobroMoney amount;
  CobroTime at;
} RelayOpenpayRefund;

/* What Openpay calls a charge, as far as we read it. */
typedef struct
{
  char *id, *order_id, *status, *method, *error_message, *authorization;
  char *card_number, *card_brand;                             /* masked; "" */
  char *url, *reference, *bank, *clabe, *agreement, *barcode; /* of its payment_method; "" */
  CobroMoney amount;
  CobroTime at, due;
  gint64 error_code;    /* 0: none said */
  GPtrArray *refunds;   /* (element-type RelayOpenpayRefund) */
  gboolean all_refunds; /* all that there are; otherwise only the last one is shown */
} RelayOpenpayCharge;
void relay_openpay_charge_free (RelayOpenpayCharge *charge);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayOpenpayCharge, relay_openpay_charge_free)
/* (transfer full) NULL with COBRO_ERROR_NO_ANSWER: it has no id, or an amount that is none. */
RelayOpenpayCharge *relay_openpay_charge_read (CobroWireObject *object, GError **error);
/* The one charge of an answer. */
RelayOpenpayCharge *relay_openpay_charge_parse (const CobroNetAnswer *answer, GError **error);
/* (transfer full) (element-type RelayOpenpayCharge) those of a list that are ours. @lenient: one that makes no sense is
 * left out, instead of all. @out_length: (nullable): how many it had, of whatever kind. */
GPtrArray *relay_openpay_charges_parse (const CobroNetAnswer *answer, gboolean lenient, guint *out_length,
                                        GError **error);
/* (transfer none) (nullable) the charge of @order_id that says most: Openpay takes an order again after a failure. */
RelayOpenpayCharge *relay_openpay_charges_find (GPtrArray *charges, const char *order_id);

/* FALSE: a status that we do not know. */
gboolean relay_openpay_charge_kind (const RelayOpenpayCharge *charge, CobroFactKind *out_kind);
/* (transfer full) how the payment stands. COBRO_ERROR_NO_ANSWER: its status means nothing to us. */
CobroFact *relay_openpay_charge_fact (const RelayAccount *account, const RelayOpenpayCharge *charge, GError **error);
/* (transfer full) (nullable) NULL: no dispute. */
CobroFact *relay_openpay_dispute_fact (const RelayAccount *account, const RelayOpenpayCharge *charge);
/* (transfer full) (nullable) NULL: its status means nothing to us. */
CobroFact *relay_openpay_refund_fact (const RelayAccount *account, const RelayOpenpayCharge *charge,
                                      const RelayOpenpayRefund *refund);
/* Everything that the charge says: the payment, then refunds and disputes. FALSE with COBRO_ERROR_NO_ANSWER. */
gboolean relay_openpay_charge_add_facts (const RelayAccount *account, const RelayOpenpayCharge *charge,
                                         GPtrArray *facts, GError **error);

/* ── Talks ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Remembers which question is out; the talk's first note. */
void relay_openpay_phase (RelayTalk *talk, const char *phase);
gboolean relay_openpay_is_phase (const RelayTalk *talk, const char *phase);
/* GET /charges?order_id=@order_id. */
RelayTalkStep relay_openpay_ask_order (const RelayTalk *talk, RelayAsk *ask, const char *order_id, GError **error);
/* Asks for the target's charge, by its id where it is known; then reads it. (transfer full) NULL: @out_step says how it
 * goes on. */
RelayOpenpayCharge *relay_openpay_find_target (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask,
                                               RelayTalkStep *out_step, GError **error);
RelayTalkStep relay_openpay_begin (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error);
RelayTalkStep relay_openpay_query (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error);
RelayTalkStep relay_openpay_cancel (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error);
RelayTalkStep relay_openpay_dispute (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error);
RelayTalkStep relay_openpay_list (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error);
RelayTalkStep relay_openpay_refund (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error);
RelayTalkStep relay_openpay_query_refund (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error);

/* ── Webhooks (relay-openpay-hooks.c) ───────────────────────────────────────────────────────────────────────── */

/* As the calls of RelayProviderClass say. */
gboolean relay_openpay_verify (RelayProvider *self, const RelayAccount *account, GHashTable *headers, GBytes *raw,
                               CobroTime now, char **out_event_id, GError **error);
GPtrArray *relay_openpay_read (RelayProvider *self, const RelayAccount *account, GBytes *raw, GError **error);
char *relay_openpay_tell (RelayProvider *self, const RelayAccount *account, GBytes *raw);
