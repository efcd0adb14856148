/* relay/providers/razorpay/relay-razorpay-read.c — Razorpay's objects as bytes → what they say → facts. The same
 * functions read answers and webhooks. Empty notes are [], other notes an object; "NA" and "" mean nothing. Unknown
 * statuses are never understood as money. Layer: relay/providers. Pure. */
#include "relay-razorpay-private.h"

#include <string.h>

#include "cobro-error.h"

#define ID_MAX 64

gboolean
relay_razorpay_is_id (const char *text, const char *prefix)
{
  gsize length = strlen (text), skip = strlen (prefix);

  if (length <= skip || length > ID_MAX || strncmp (text, prefix, skip) != 0)
    return FALSE;
  for (gsize i = skip; i < length; i++)
    if (!g_ascii_isalnum (text[i]))
      return FALSE;
  return TRUE;
}

/* (transfer full) */
static char *
said (CobroWireObject *object, const char *key)
{
  char *text = relay_adapter_text (object, key);

  if (strcmp (text, "NA") == 0)
    *text = '\0';
  return text;
}

char *
relay_razorpay_reference (CobroWireObject *object)
{
  g_autoptr (CobroWireObject) notes = relay_adapter_object (object, "notes");

  return notes != NULL ? relay_adapter_text (notes, RELAY_RAZORPAY_REFERENCE) : g_strdup ("");
}

char *
relay_razorpay_refund_key (const char *key)
{
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, key, -1);

  digest[RELAY_RAZORPAY_RECEIPT] = '\0';
  return g_strdup (digest);
}

/* The id of an object and its amount, which all of them have. */
static gboolean
read_head (CobroWireObject *object, const char *prefix, char **out_id, CobroMoney *out_amount, GError **error)
{
  g_autofree char *id = relay_adapter_text (object, "id");
  g_autofree char *currency = relay_adapter_text (object, "currency");
  gint64 units;

  if (!relay_razorpay_is_id (id, prefix))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "id", "is not one of %s…", prefix);
  if (!relay_adapter_int64 (object, "amount", &units) || units < 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "is not a whole number");
  if (!relay_currencies_from_provider (&relay_razorpay_currencies, currency, units, out_amount, error))
    return FALSE;
  *out_id = g_steal_pointer (&id);
  return TRUE;
}

/* ── Payments ───────────────────────────────────────────────────────────────────────────────────────────────── */

void
relay_razorpay_payment_free (RelayRazorpayPayment *payment)
{
  if (payment == NULL)
    return;
  g_free (payment->id);
  g_free (payment->order_id);
  g_free (payment->reference);
  g_free (payment->description);
  g_free (payment->failure_code);
  g_free (payment->failure_message);
  g_free (payment->method_detail);
  g_free (payment);
}

/* "refunded" is both: money that came and went back, and an authorisation that Razorpay let go. */
static gboolean
read_status (CobroWireObject *object, RelayRazorpayStatus *out_status, GError **error)
{
  g_autofree char *status = relay_adapter_text (object, "status");

  if (strcmp (status, "created") == 0)
    *out_status = RELAY_RAZORPAY_CREATED;
  else if (strcmp (status, "authorized") == 0)
    *out_status = RELAY_RAZORPAY_AUTHORIZED;
  else if (strcmp (status, "captured") == 0)
    *out_status = RELAY_RAZORPAY_CAPTURED;
  else if (strcmp (status, "refunded") == 0)
    *out_status = relay_adapter_bool (object, "captured") ? RELAY_RAZORPAY_CAPTURED : RELAY_RAZORPAY_RETURNED;
  else if (strcmp (status, "failed") == 0)
    *out_status = RELAY_RAZORPAY_FAILED;
  else
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "status", "unknown status of a payment: \"%.40s\"", status);
  return TRUE;
}

/* What may be shown: "Visa •••• 0153", "netbanking HDFC", "upi". A UPI address is the payer's own business. */
static char *
describe_method (CobroWireObject *object)
{
  g_autofree char *method = relay_adapter_text (object, "method");
  g_autofree char *bank = relay_adapter_text (object, "bank"), *wallet = relay_adapter_text (object, "wallet");
  g_autoptr (CobroWireObject) card = relay_adapter_object (object, "card");
  g_autofree char *network = card != NULL ? relay_adapter_text (card, "network") : g_strdup ("");
  g_autofree char *last4 = card != NULL ? relay_adapter_text (card, "last4") : g_strdup ("");

  if (strlen (last4) == 4 && strspn (last4, "0123456789") == 4)
    return g_strdup_printf ("%s •••• %s", *network != '\0' ? network : "card", last4);
  if (strcmp (method, "netbanking") == 0 && *bank != '\0')
    return g_strdup_printf ("%s %s", method, bank);
  if (strcmp (method, "wallet") == 0 && *wallet != '\0')
    return g_strdup_printf ("%s %s", method, wallet);
  return g_steal_pointer (&method);
}

RelayRazorpayPayment *
relay_razorpay_payment_read (CobroWireObject *object, GError **error)
{
  g_autoptr (RelayRazorpayPayment) self = g_new0 (RelayRazorpayPayment, 1);

  if (!read_head (object, "pay_", &self->id, &self->amount, error) || !read_status (object, &self->status, error))
    return NULL;
  self->order_id = relay_adapter_text (object, "order_id");
  self->reference = relay_razorpay_reference (object);
  self->description = relay_adapter_text (object, "description");
  self->failure_code = said (object, "error_reason");
  if (*self->failure_code == '\0')
    {
      g_free (self->failure_code);
      self->failure_code = said (object, "error_code");
    }
  self->failure_message = said (object, "error_description");
  self->method_detail = describe_method (object);
  self->created_at = relay_adapter_time (object, "created_at");
  return g_steal_pointer (&self);
}

static const char *
status_name (RelayRazorpayStatus status)
{
  switch (status)
    {
    case RELAY_RAZORPAY_CREATED:
      return "created";
    case RELAY_RAZORPAY_FAILED:
      return "failed";
    case RELAY_RAZORPAY_AUTHORIZED:
      return "authorized";
    case RELAY_RAZORPAY_CAPTURED:
      return "captured";
    case RELAY_RAZORPAY_RETURNED:
      return "returned";
    }
  g_return_val_if_reached ("");
}

/* A failed try ends nothing: the payer may try again, and the bank may still say yes for three days (README). */
static CobroFactKind
fact_kind (RelayRazorpayStatus status)
{
  switch (status)
    {
    case RELAY_RAZORPAY_CREATED:
      return COBRO_FACT_ACTION_NEEDED;
    case RELAY_RAZORPAY_AUTHORIZED:
      return COBRO_FACT_PROCESSING;
    case RELAY_RAZORPAY_CAPTURED:
      return COBRO_FACT_SUCCEEDED;
    case RELAY_RAZORPAY_FAILED:
      return COBRO_FACT_PENDING;
    case RELAY_RAZORPAY_RETURNED:
      return COBRO_FACT_FAILED;
    }
  g_return_val_if_reached (COBRO_FACT_NO_ANSWER);
}

CobroFact *
relay_razorpay_payment_fact (const RelayAccount *account, const RelayRazorpayPayment *payment, const char *object_id)
{
  CobroFact *fact =
    relay_adapter_fact (account, fact_kind (payment->status), payment->id, status_name (payment->status));
  gboolean returned = payment->status == RELAY_RAZORPAY_RETURNED;
  gboolean failed = returned || payment->status == RELAY_RAZORPAY_FAILED;

  cobro_link_set_text (&fact->provider_payment_id, object_id);
  /* Only what was captured holds money: an authorisation may lapse, and another try may be captured instead. */
  cobro_link_set_text (&fact->charge_id, payment->status == RELAY_RAZORPAY_CAPTURED ? payment->id : "");
  cobro_link_set_text (&fact->reference, payment->reference);
  fact->amount = payment->amount;
  fact->occurred_at = payment->created_at;
  cobro_link_set_text (&fact->method_detail, payment->method_detail);
  if (!failed)
    return fact;
  cobro_link_set_text (&fact->failure_code, returned ? "not_captured" : payment->failure_code);
  cobro_link_set_text (&fact->failure_message,
                       returned ? "It was authorised, never captured, and given back." : payment->failure_message);
  return fact;
}

/* TRUE: @a says more about the object than @b. */
static gboolean
says_more (const RelayRazorpayPayment *a, const RelayRazorpayPayment *b)
{
  static const guint rank[] = {
    [RELAY_RAZORPAY_RETURNED] = 0,   [RELAY_RAZORPAY_FAILED] = 0,   [RELAY_RAZORPAY_CREATED] = 1,
    [RELAY_RAZORPAY_AUTHORIZED] = 2, [RELAY_RAZORPAY_CAPTURED] = 3,
  };

  if (rank[a->status] != rank[b->status])
    return rank[a->status] > rank[b->status];
  if (a->created_at != b->created_at)
    return (a->created_at < b->created_at) == (a->status == RELAY_RAZORPAY_CAPTURED);
  return strcmp (a->id, b->id) < 0;
}

const RelayRazorpayPayment *
relay_razorpay_payment_choose (GPtrArray *payments)
{
  const RelayRazorpayPayment *best = NULL;

  for (guint i = 0; i < payments->len; i++)
    if (best == NULL || says_more (payments->pdata[i], best))
      best = payments->pdata[i];
  return best;
}

/* ── Links and orders ───────────────────────────────────────────────────────────────────────────────────────── */

void
relay_razorpay_link_free (RelayRazorpayLink *link)
{
  if (link == NULL)
    return;
  g_free (link->id);
  g_free (link->status);
  g_free (link->order_id);
  g_free (link->payment_id);
  g_free (link->reference_id);
  g_free (link->reference);
  g_free (link->short_url);
  g_free (link);
}

gboolean
relay_razorpay_link_is_over (const char *status)
{
  return strcmp (status, "expired") == 0 || strcmp (status, "cancelled") == 0;
}

RelayRazorpayLink *
relay_razorpay_link_read (CobroWireObject *object, GError **error)
{
  static const char *const statuses[] = { "created", "partially_paid", "paid", "expired", "cancelled", NULL };
  g_autoptr (RelayRazorpayLink) self = g_new0 (RelayRazorpayLink, 1);
  g_autoptr (GPtrArray) payments = relay_adapter_objects (object, "payments");

  if (!read_head (object, "plink_", &self->id, &self->amount, error))
    return NULL;
  self->status = relay_adapter_text (object, "status");
  if (!g_strv_contains (statuses, self->status))
    {
      cobro_error_set_at (error, COBRO_ERROR_INVALID, "status", "unknown status of a payment link: \"%.40s\"",
                          self->status);
      return NULL;
    }
  self->order_id = relay_adapter_text (object, "order_id");
  /* Only captured payments stand there. */
  self->payment_id = payments->len > 0 ? relay_adapter_text (payments->pdata[0], "payment_id") : g_strdup ("");
  self->reference_id = relay_adapter_text (object, "reference_id");
  self->reference = relay_razorpay_reference (object);
  self->short_url = relay_adapter_text (object, "short_url");
  self->created_at = relay_adapter_time (object, "created_at");
  return g_steal_pointer (&self);
}

void
relay_razorpay_order_free (RelayRazorpayOrder *order)
{
  if (order == NULL)
    return;
  g_free (order->id);
  g_free (order->status);
  g_free (order->receipt);
  g_free (order->reference);
  g_free (order);
}

RelayRazorpayOrder *
relay_razorpay_order_read (CobroWireObject *object, GError **error)
{
  static const char *const statuses[] = { "created", "attempted", "paid", NULL };
  g_autoptr (RelayRazorpayOrder) self = g_new0 (RelayRazorpayOrder, 1);

  if (!read_head (object, "order_", &self->id, &self->amount, error))
    return NULL;
  self->status = relay_adapter_text (object, "status");
  if (!g_strv_contains (statuses, self->status))
    {
      cobro_error_set_at (error, COBRO_ERROR_INVALID, "status", "unknown status of an order: \"%.40s\"", self->status);
      return NULL;
    }
  self->receipt = relay_adapter_text (object, "receipt");
  self->reference = relay_razorpay_reference (object);
  self->created_at = relay_adapter_time (object, "created_at");
  return g_steal_pointer (&self);
}

CobroFact *
relay_razorpay_object_fact (const RelayAccount *account, const char *object_id, const char *status,
                            const char *reference, CobroMoney amount)
{
  gboolean over = relay_razorpay_link_is_over (status);
  CobroFact *fact = relay_adapter_fact (account, over ? COBRO_FACT_CANCELLED : COBRO_FACT_PENDING, object_id, status);

  cobro_link_set_text (&fact->provider_payment_id, object_id);
  cobro_link_set_text (&fact->reference, reference);
  cobro_link_set_text (&fact->failure_code, over ? status : "");
  fact->amount = amount;
  return fact;
}

/* ── Refunds and disputes ───────────────────────────────────────────────────────────────────────────────────── */

/* Of which payment, and whether it may be. */
static gboolean
read_charge (CobroWireObject *object, const char *charge_id, char **out_charge_id, GError **error)
{
  g_autofree char *id = relay_adapter_text (object, "payment_id");

  if (!relay_razorpay_is_id (id, "pay_") || (charge_id != NULL && strcmp (id, charge_id) != 0))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "payment_id", "is not the payment");
  *out_charge_id = g_steal_pointer (&id);
  return TRUE;
}

CobroFact *
relay_razorpay_refund_fact (const RelayAccount *account, CobroWireObject *refund, const char *charge_id, GError **error)
{
  g_autofree char *status = relay_adapter_text (refund, "status");
  g_autofree char *id = NULL, *charge = NULL;
  CobroFactKind kind;
  CobroMoney amount;
  CobroFact *fact;

  if (!read_head (refund, "rfnd_", &id, &amount, error) || !read_charge (refund, charge_id, &charge, error))
    return NULL;
  if (strcmp (status, "processed") == 0)
    kind = COBRO_FACT_REFUNDED;
  else if (strcmp (status, "failed") == 0)
    kind = COBRO_FACT_REFUND_FAILED;
  else if (strcmp (status, "pending") == 0 || strcmp (status, "created") == 0)
    kind = COBRO_FACT_REFUND_PENDING;
  else
    {
      cobro_error_set_at (error, COBRO_ERROR_INVALID, "status", "unknown status of a refund: \"%.40s\"", status);
      return NULL;
    }
  fact = relay_adapter_fact (account, kind, id, status);
  cobro_link_set_text (&fact->provider_payment_id, "");
  cobro_link_set_text (&fact->charge_id, charge);
  cobro_link_set_text (&fact->refund_id, id);
  cobro_link_set_text (&fact->failure_code, kind == COBRO_FACT_REFUND_FAILED ? "refund_failed" : "");
  cobro_link_set_text (&fact->failure_message,
                       kind == COBRO_FACT_REFUND_FAILED ? "Razorpay could not give the money back." : "");
  fact->amount = amount;
  fact->occurred_at = relay_adapter_time (refund, "created_at");
  return fact;
}

/* Closed: over without a verdict; what was taken tells how it ended. */
static gboolean
read_verdict (const char *status, gint64 deducted, CobroFactKind *out_kind, GError **error)
{
  if (strcmp (status, "open") == 0 || strcmp (status, "under_review") == 0 || strcmp (status, "action_required") == 0)
    *out_kind = COBRO_FACT_DISPUTE_OPENED;
  else if (strcmp (status, "won") == 0)
    *out_kind = COBRO_FACT_DISPUTE_WON;
  else if (strcmp (status, "lost") == 0)
    *out_kind = COBRO_FACT_DISPUTE_LOST;
  else if (strcmp (status, "closed") == 0)
    *out_kind = deducted > 0 ? COBRO_FACT_DISPUTE_LOST : COBRO_FACT_DISPUTE_WON;
  else
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "status", "unknown status of a dispute: \"%.40s\"", status);
  return TRUE;
}

CobroFact *
relay_razorpay_dispute_fact (const RelayAccount *account, CobroWireObject *dispute, GError **error)
{
  g_autofree char *status = relay_adapter_text (dispute, "status");
  g_autofree char *currency = relay_adapter_text (dispute, "currency");
  g_autofree char *id = NULL, *charge = NULL;
  gint64 deducted = 0;
  CobroFactKind kind = COBRO_FACT_DISPUTE_OPENED;
  CobroMoney amount;
  CobroFact *fact;

  (void)relay_adapter_int64 (dispute, "amount_deducted", &deducted);
  if (!read_head (dispute, "disp_", &id, &amount, error) || !read_charge (dispute, NULL, &charge, error) ||
      !read_verdict (status, deducted, &kind, error))
    return NULL;
  if (kind == COBRO_FACT_DISPUTE_LOST && deducted > 0 &&
      !relay_currencies_from_provider (&relay_razorpay_currencies, currency, deducted, &amount, error))
    return NULL;
  fact = relay_adapter_fact (account, kind, id, status);
  cobro_link_set_text (&fact->provider_payment_id, "");
  cobro_link_set_text (&fact->charge_id, charge);
  fact->amount = amount;
  fact->failure_code = (g_free (fact->failure_code), relay_adapter_text (dispute, "reason_code"));
  fact->occurred_at = relay_adapter_time (dispute, "created_at");
  if (kind == COBRO_FACT_DISPUTE_OPENED)
    fact->due_at = relay_adapter_time (dispute, "respond_by");
  return fact;
}
