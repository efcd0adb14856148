/* relay/providers/razorpay/relay-razorpay-hook.c — what Razorpay says without being asked: webhooks, and what comes
 * back with the payer's browser. Webhooks are signed with a secret of their own over the raw body; no time and no event
 * id are signed, so a body seen before is the same event whatever its headers say. Layer: relay/providers. Pure. */
#include "relay-razorpay-private.h"

#include <string.h>

#include "cobro-error.h"
#include "cobro-wire-sign.h"

#define SECRET_MIN 16
#define HEX        64
#define ID_LENGTH  14 /* behind the prefix */

/* ── Signatures ─────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
has_secret (const RelayAccount *account)
{
  for (guint i = 0; i < account->webhook_secrets->len; i++)
    if (strlen (account->webhook_secrets->pdata[i]) >= SECRET_MIN)
      return TRUE;
  return FALSE;
}

static gboolean
is_hex (const char *signature)
{
  return signature != NULL && strlen (signature) == HEX && strspn (signature, "0123456789abcdef") == HEX;
}

static gboolean
is_signed (const char *signature, const char *secret, gconstpointer data, gsize length)
{
  guint8 mac[32];

  cobro_wire_hmac_sha256 (secret, strlen (secret), data, length, mac);
  return relay_adapter_hex_equal (signature, mac, sizeof mac);
}

/* Every active secret is tried: after a change Razorpay repeats older events under the old one. */
gboolean
relay_razorpay_verify (RelayProvider *self, const RelayAccount *account, GHashTable *headers, GBytes *raw,
                       CobroTime now, char **out_event_id, GError **error)
{
  const char *signature = relay_adapter_header (headers, "x-razorpay-signature");
  gsize length;
  gconstpointer body = g_bytes_get_data (raw, &length);
  gboolean matches = FALSE;

  if (!has_secret (account))
    return cobro_error_set (error, COBRO_ERROR_CONFIG,
                            "the razorpay account has no webhook secret of at least %d bytes", SECRET_MIN);
  if (!is_hex (signature))
    return cobro_error_set (error, COBRO_ERROR_SIGNATURE, "X-Razorpay-Signature is missing or not one signature");
  for (guint i = 0; i < account->webhook_secrets->len; i++)
    {
      const char *secret = account->webhook_secrets->pdata[i];

      if (strlen (secret) >= SECRET_MIN)
        matches |= is_signed (signature, secret, body != NULL ? body : "", length);
    }
  if (!matches)
    return cobro_error_set (error, COBRO_ERROR_SIGNATURE, "X-Razorpay-Signature does not match");
  *out_event_id = NULL; /* x-razorpay-event-id is not signed: the body is what makes an event the same */
  return TRUE;
}

/* ── The payer's browser ────────────────────────────────────────────────────────────────────────────────────── */

/* (transfer none) "" if it is not there. */
static const char *
field (GHashTable *fields, const char *name)
{
  const char *value = g_hash_table_lookup (fields, name);

  return value != NULL ? value : "";
}

/* What is signed, (transfer full): made of OUR object id and reference, and what only the browser can know. NULL: it is
 * not about that object. */
static char *
callback_text (const char *object_id, const char *payment_id, GHashTable *fields)
{
  const char *charge = field (fields, "razorpay_payment_id");
  const char *status = field (fields, "razorpay_payment_link_status");
  const char *prefix = "razorpay_order_id";

  if (relay_razorpay_is_id (object_id, "order_"))
    return strcmp (field (fields, prefix), object_id) == 0 ? g_strdup_printf ("%s|%s", object_id, charge) : NULL;
  if (!relay_razorpay_is_id (object_id, "plink_") ||
      strcmp (field (fields, "razorpay_payment_link_id"), object_id) != 0 ||
      strcmp (field (fields, "razorpay_payment_link_reference_id"), payment_id) != 0 || strchr (status, '|') != NULL)
    return NULL;
  return g_strdup_printf ("%s|%s|%s|%s", object_id, payment_id, status, charge);
}

gboolean
relay_razorpay_check_callback (const RelayAccount *account, const char *object_id, const char *payment_id,
                               GHashTable *fields, char **out_charge_id, GError **error)
{
  const char *secret = relay_account_get (account, "key-secret");
  const char *signature = field (fields, "razorpay_signature");
  const char *charge = field (fields, "razorpay_payment_id");
  g_autofree char *text = NULL;

  if (*secret == '\0')
    return cobro_error_set (error, COBRO_ERROR_CONFIG, "the razorpay account has no key secret");
  if (!relay_razorpay_is_id (charge, "pay_") || !is_hex (signature) ||
      !(text = callback_text (object_id, payment_id, fields)))
    return cobro_error_set (error, COBRO_ERROR_SIGNATURE, "what the browser brought is not about this payment");
  if (!is_signed (signature, secret, text, strlen (text)))
    return cobro_error_set (error, COBRO_ERROR_SIGNATURE, "what the browser brought is not signed by razorpay");
  *out_charge_id = g_strdup (charge);
  return TRUE;
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* (transfer full) (nullable) payload.<name>.entity */
static CobroWireObject *
entity (CobroWireObject *event, const char *name)
{
  g_autoptr (CobroWireObject) payload = relay_adapter_object (event, "payload");
  g_autoptr (CobroWireObject) holder = payload != NULL ? relay_adapter_object (payload, name) : NULL;

  return holder != NULL ? relay_adapter_object (holder, "entity") : NULL;
}

static gboolean
missing (const char *name, GError **error)
{
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, name, "is missing from the event");
}

/* (transfer full) the link that a payment says it is of, "#<id of the link>" as its description; "" */
static char *
link_of (const RelayRazorpayPayment *payment)
{
  g_autofree char *id = NULL;

  if (*payment->description != '#' || strlen (payment->description) != 1 + ID_LENGTH)
    return g_strdup ("");
  id = g_strconcat ("plink_", payment->description + 1, NULL);
  return g_strdup (relay_razorpay_is_id (id, "plink_") ? id : "");
}

/* (transfer full) which object of ours a payment belongs to: its link, else its order; a link's order is Razorpay's own
 * and not the one in our books. "" where only our reference tells. */
static char *
object_of (CobroWireObject *event, const RelayRazorpayPayment *payment)
{
  g_autoptr (CobroWireObject) link = entity (event, "payment_link"), order = entity (event, "order");
  g_autofree char *product = order != NULL ? relay_adapter_text (order, "product_type") : g_strdup ("");
  g_autofree char *named = link_of (payment);

  if (link != NULL)
    return relay_adapter_text (link, "id");
  if (*named != '\0')
    return g_steal_pointer (&named);
  /* Only links copy their notes to payments. */
  return g_strdup (g_str_has_prefix (product, "payment_link") || *payment->reference != '\0' ? "" : payment->order_id);
}

/* The reference, which a payment may not repeat and its link or order has. */
static void
complete_reference (CobroWireObject *event, CobroFact *fact)
{
  static const char *const places[] = { "payment_link", "order" };

  for (guint i = 0; i < G_N_ELEMENTS (places) && *fact->reference == '\0'; i++)
    {
      g_autoptr (CobroWireObject) object = entity (event, places[i]);
      g_autofree char *reference = object != NULL ? relay_razorpay_reference (object) : NULL;

      if (reference != NULL)
        cobro_link_set_text (&fact->reference, reference);
    }
}

/* The event shows the whole order or link, and our reference is nowhere in it. */
static gboolean
is_foreign (CobroWireObject *event)
{
  g_autoptr (CobroWireObject) link = entity (event, "payment_link"), order = entity (event, "order");

  return link != NULL || order != NULL;
}

/* The payment as it was when the event happened: events come in any order, and each tells its own state. */
static gboolean
read_payment_event (const RelayAccount *account, CobroWireObject *event, GPtrArray *facts, GError **error)
{
  g_autoptr (CobroWireObject) object = entity (event, "payment");
  g_autoptr (RelayRazorpayPayment) payment = NULL;
  g_autofree char *object_id = NULL;
  CobroFact *fact;

  if (object == NULL)
    return missing ("payload.payment.entity", error);
  if (!(payment = relay_razorpay_payment_read (object, error)))
    return FALSE;
  object_id = object_of (event, payment);
  fact = relay_razorpay_payment_fact (account, payment, object_id);
  complete_reference (event, fact);
  /* What names no object and holds no money says nothing that could be bound; an order or link without our note is of
   * the merchant's other business. */
  if ((*object_id == '\0' && *fact->charge_id == '\0') || (*fact->reference == '\0' && is_foreign (event)))
    cobro_fact_unref (fact);
  else
    g_ptr_array_add (facts, fact);
  return TRUE;
}

/* Cancelled, expired. */
static gboolean
read_link_event (const RelayAccount *account, CobroWireObject *event, GPtrArray *facts, GError **error)
{
  g_autoptr (CobroWireObject) object = entity (event, "payment_link");
  g_autoptr (RelayRazorpayLink) link = NULL;

  if (object == NULL)
    return missing ("payload.payment_link.entity", error);
  if (!(link = relay_razorpay_link_read (object, error)))
    return FALSE;
  if (relay_razorpay_link_is_over (link->status) && *link->reference != '\0')
    g_ptr_array_add (facts,
                     relay_razorpay_object_fact (account, link->id, link->status, link->reference, link->amount));
  return TRUE;
}

/* An authorisation that nobody captured is given back without money having come: no refund of ours. */
static gboolean
was_captured (CobroWireObject *event)
{
  g_autoptr (CobroWireObject) payment = entity (event, "payment");

  return payment == NULL || cobro_wire_kind (payment, "captured") != COBRO_WIRE_BOOL ||
         relay_adapter_bool (payment, "captured");
}

static gboolean
read_refund_event (const RelayAccount *account, CobroWireObject *event, GPtrArray *facts, GError **error)
{
  g_autoptr (CobroWireObject) object = entity (event, "refund"), payment = entity (event, "payment");
  g_autofree char *reference = NULL;
  CobroFact *fact;

  if (object == NULL)
    return missing ("payload.refund.entity", error);
  if (!(fact = relay_razorpay_refund_fact (account, object, NULL, error)))
    return FALSE;
  reference = payment != NULL ? relay_razorpay_reference (payment) : g_strdup ("");
  cobro_link_set_text (&fact->reference, reference);
  if (!was_captured (event))
    cobro_fact_unref (fact);
  else
    g_ptr_array_add (facts, fact);
  return TRUE;
}

static gboolean
read_dispute_event (const RelayAccount *account, CobroWireObject *event, GPtrArray *facts, GError **error)
{
  g_autoptr (CobroWireObject) object = entity (event, "dispute"), payment = entity (event, "payment");
  g_autofree char *reference = NULL;
  CobroFact *fact;

  if (object == NULL)
    return missing ("payload.dispute.entity", error);
  if (!(fact = relay_razorpay_dispute_fact (account, object, error)))
    return FALSE;
  reference = payment != NULL ? relay_razorpay_reference (payment) : g_strdup ("");
  cobro_link_set_text (&fact->reference, reference);
  g_ptr_array_add (facts, fact);
  return TRUE;
}

typedef gboolean (*ReadEvent) (const RelayAccount *account, CobroWireObject *event, GPtrArray *facts, GError **error);

/* What an event is about, by its name. Others say nothing about payments of ours. */
static const struct
{
  const char *prefix;
  ReadEvent read;
} events[] = {
  { "payment.dispute.", read_dispute_event },
  { "payment.authorized", read_payment_event },
  { "payment.captured", read_payment_event },
  { "payment.failed", read_payment_event },
  { "order.paid", read_payment_event },
  { "payment_link.paid", read_payment_event },
  { "payment_link.partially_paid", read_payment_event },
  { "payment_link.cancelled", read_link_event },
  { "payment_link.expired", read_link_event },
  { "refund.", read_refund_event },
};

static gboolean
check_account (const RelayAccount *account, CobroWireObject *event, GError **error)
{
  g_autofree char *said = relay_adapter_text (event, "account_id");
  const char *partner = relay_account_get (account, "partner-account");
  const char *known = *partner != '\0' ? partner : relay_account_get (account, "account-id");

  if (*known == '\0' || strcmp (said, known) == 0)
    return TRUE;
  return cobro_error_set (error, COBRO_ERROR_FORBIDDEN, "the event is of another account of razorpay's");
}

GPtrArray *
relay_razorpay_read (RelayProvider *self, const RelayAccount *account, GBytes *raw, GError **error)
{
  g_autoptr (GPtrArray) facts = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_fact_unref);
  gsize length;
  const char *text = g_bytes_get_data (raw, &length);
  g_autoptr (CobroWireObject) event = cobro_wire_parse (text != NULL ? text : "", (gssize)length, error);
  g_autofree char *name = event != NULL ? relay_adapter_text (event, "event") : NULL;

  if (event == NULL || !check_account (account, event, error))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    if (g_str_has_prefix (name, events[i].prefix))
      return events[i].read (account, event, facts, error) ? g_steal_pointer (&facts) : NULL;
  return g_steal_pointer (&facts);
}
