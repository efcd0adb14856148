/* relay/providers/flutterwave/relay-flutterwave-back.c — money that goes back: refunds and chargebacks as Flutterwave
 * shows them. Two spellings are about (amount_refunded, AmountRefunded), "meta" is an object or JSON in a text, and the
 * currency is missing: it is the transaction's. Layer: relay/providers (flutterwave). Any thread. */
#include "relay-flutterwave-private.h"

#include <string.h>

void
relay_flutterwave_back_clear (RelayFlutterwaveBack *self)
{
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->charge_id, g_free);
  g_clear_pointer (&self->amount, g_free);
  g_clear_pointer (&self->tx_ref, g_free);
  g_clear_pointer (&self->flw_ref, g_free);
  g_clear_pointer (&self->comments, g_free);
  g_clear_pointer (&self->words, g_free);
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *
spelling (CobroWireObject *data, const char *one, const char *other)
{
  return cobro_wire_has (data, one) ? one : other;
}

static gboolean
read_number (CobroWireObject *data, const char *key, char **out_number, GError **error)
{
  gint64 number;

  if (!relay_adapter_int64 (data, key, &number) || number <= 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, key, "is not a number of Flutterwave's");
  *out_number = g_strdup_printf ("%" G_GINT64_FORMAT, number);
  return TRUE;
}

/* What became of the transfer to the payer, where it is said: meta.disburse_status. */
static char *
read_disbursed (CobroWireObject *data)
{
  g_autoptr (CobroWireObject) meta = relay_adapter_object (data, "meta");
  g_autofree char *text = meta == NULL ? relay_adapter_text (data, "meta") : NULL;

  if (meta == NULL && text != NULL && *text == '{')
    meta = cobro_wire_parse (text, -1, NULL);
  return meta != NULL ? relay_adapter_text (meta, "disburse_status") : g_strdup ("");
}

/* "completed" and its kinds (completed-bank-transfer, completed-momo, completed-mpgs …): taken from the merchant's
 * balance, and on its way or there. */
static gboolean
read_refund_kind (CobroWireObject *data, CobroFactKind *out_kind, GError **error)
{
  g_autofree char *status = relay_adapter_text (data, "status"), *disbursed = read_disbursed (data);

  if (strcmp (status, "failed") == 0 || strcmp (status, "cancelled") == 0 || strcmp (status, "reversed") == 0 ||
      g_ascii_strcasecmp (disbursed, "failed") == 0)
    *out_kind = COBRO_FACT_REFUND_FAILED;
  else if (g_str_has_prefix (status, "completed") || strcmp (status, "successful") == 0)
    *out_kind = COBRO_FACT_REFUNDED;
  else if (g_str_has_prefix (status, "pending") || strcmp (status, "new") == 0 || strcmp (status, "processing") == 0)
    *out_kind = COBRO_FACT_REFUND_PENDING;
  else
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "status", "unknown status \"%.40s\"", status);
  return TRUE;
}

gboolean
relay_flutterwave_read_refund (CobroWireObject *data, RelayFlutterwaveBack *out_back, GError **error)
{
  g_auto (RelayFlutterwaveBack) self = { 0 };

  if (!read_number (data, "id", &self.id, error) ||
      !read_number (data, spelling (data, "tx_id", "TransactionId"), &self.charge_id, error) ||
      !read_refund_kind (data, &self.kind, error))
    return FALSE;
  self.amount = relay_adapter_text (data, spelling (data, "amount_refunded", "AmountRefunded"));
  self.tx_ref = g_strdup ("");
  self.flw_ref = relay_adapter_text (data, spelling (data, "flw_ref", "FlwRef"));
  self.comments = relay_adapter_text (data, "comments");
  if (*self.comments == '\0')
    g_clear_pointer (&self.comments, g_free);
  self.words = relay_adapter_text (data, "status");
  self.created_at = relay_adapter_time (data, spelling (data, "created_at", "createdAt"));
  *out_back = self;
  self = (RelayFlutterwaveBack){ 0 };
  return TRUE;
}

/* "declined": the merchant declines to accept it, and the bank decides. */
static gboolean
read_dispute_kind (CobroWireObject *data, CobroFactKind *out_kind, GError **error)
{
  static const struct
  {
    const char *status;
    CobroFactKind kind;
  } kinds[] = {
    { "initiated", COBRO_FACT_DISPUTE_OPENED }, { "new", COBRO_FACT_DISPUTE_OPENED },
    { "pending", COBRO_FACT_DISPUTE_OPENED },   { "declined", COBRO_FACT_DISPUTE_OPENED },
    { "won", COBRO_FACT_DISPUTE_WON },          { "reversed", COBRO_FACT_DISPUTE_WON },
    { "lost", COBRO_FACT_DISPUTE_LOST },        { "accepted", COBRO_FACT_DISPUTE_LOST },
  };
  g_autofree char *status = relay_adapter_text (data, "status");

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (status, kinds[i].status) == 0)
      {
        *out_kind = kinds[i].kind;
        return TRUE;
      }
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, "status", "unknown status \"%.40s\"", status);
}

gboolean
relay_flutterwave_read_dispute (CobroWireObject *data, RelayFlutterwaveBack *out_back, GError **error)
{
  g_auto (RelayFlutterwaveBack) self = { .dispute = TRUE };

  if (!read_number (data, "id", &self.id, error) || !read_dispute_kind (data, &self.kind, error))
    return FALSE;
  self.charge_id = relay_adapter_text (data, spelling (data, "transaction_id", "tx_id"));
  self.amount = relay_adapter_text (data, "amount");
  self.tx_ref = relay_adapter_text (data, "tx_ref");
  self.flw_ref = relay_adapter_text (data, "flw_ref");
  self.words = relay_adapter_text (data, "comment");
  self.created_at = relay_adapter_time (data, "created_at");
  self.due_at = relay_adapter_time (data, "due_date");
  *out_back = self;
  self = (RelayFlutterwaveBack){ 0 };
  return TRUE;
}

/* ── Facts ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Event ids by what it means: "completed" that becomes "completed-momo" is no news. */
CobroFact *
relay_flutterwave_back_fact (const RelayAccount *account, const RelayFlutterwaveBack *back, const char *tx_ref,
                             const char *currency, GError **error)
{
  g_autofree char *object = g_strdup_printf ("%s-%s", back->dispute ? "chargeback" : "refund", back->id);
  CobroMoney amount;
  CobroFact *fact;

  if (!relay_currencies_from_decimal (&relay_flutterwave_currencies, currency, back->amount, &amount, error))
    return NULL;
  fact = relay_adapter_fact (account, back->kind, object, cobro_fact_kind_name (back->kind));
  cobro_link_set_text (&fact->provider_payment_id, tx_ref);
  cobro_link_set_text (&fact->reference, tx_ref);
  cobro_link_set_text (&fact->charge_id, back->charge_id);
  if (!back->dispute)
    cobro_link_set_text (&fact->refund_id, back->id);
  if (back->kind == COBRO_FACT_REFUND_FAILED)
    {
      cobro_link_set_text (&fact->failure_code, "refund_failed");
      cobro_link_set_text (&fact->failure_message, "Flutterwave could not pay the money out.");
    }
  fact->amount = amount;
  fact->occurred_at = back->created_at;
  if (back->kind == COBRO_FACT_DISPUTE_OPENED)
    fact->due_at = back->due_at;
  return fact;
}
