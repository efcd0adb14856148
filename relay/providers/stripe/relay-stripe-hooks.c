/* relay/providers/stripe/relay-stripe-hooks.c — what events say, as facts. Snapshots of the object come with them; they
 * may be out of order, which does no harm: a state of lower rank changes nothing. Layer: relay/providers (stripe).
 * Pure. */
#include "relay-stripe-private.h"

#include <string.h>
#include "cobro-error.h"

static gboolean
take (GPtrArray *facts, CobroFact *fact)
{
  if (fact == NULL)
    return FALSE;
  g_ptr_array_add (facts, fact);
  return TRUE;
}

/* Sessions and intents without our reference are of other business on the same account. */
static gboolean
is_ours (CobroWireObject *object)
{
  g_autofree char *reference = relay_stripe_reference (object);

  return *reference != '\0';
}

static gboolean
read_intent (const RelayAccount *account, CobroWireObject *object, GPtrArray *facts, GError **error)
{
  return !is_ours (object) || take (facts, relay_stripe_intent_fact (account, object, error));
}

static gboolean
read_session (const RelayAccount *account, CobroWireObject *object, GPtrArray *facts, GError **error)
{
  return !is_ours (object) || take (facts, relay_stripe_session_fact (account, object, error));
}

static gboolean
read_failed_session (const RelayAccount *account, CobroWireObject *object, GPtrArray *facts, GError **error)
{
  return !is_ours (object) || take (facts, relay_stripe_failed_session_fact (account, object, error));
}

/* A refund of a charge without intent is of other business. */
static gboolean
read_refund (const RelayAccount *account, CobroWireObject *object, GPtrArray *facts, GError **error)
{
  g_autofree char *intent = relay_stripe_id_of (object, "payment_intent");

  return *intent == '\0' || take (facts, relay_stripe_refund_fact (account, NULL, object, error));
}

static gboolean
read_dispute (const RelayAccount *account, CobroWireObject *object, GPtrArray *facts, GError **error)
{
  g_autofree char *intent = relay_stripe_id_of (object, "payment_intent");

  return *intent == '\0' || take (facts, relay_stripe_dispute_fact (account, NULL, object, error));
}

/* Before API 2022-11-15 a charge brings its refunds along; later ones come as refund.created. */
static gboolean
read_charge (const RelayAccount *account, CobroWireObject *object, GPtrArray *facts, GError **error)
{
  g_autoptr (CobroWireObject) list = relay_adapter_object (object, "refunds");
  g_autoptr (GPtrArray) refunds = list != NULL ? relay_adapter_objects (list, "data") : NULL;

  for (guint i = 0; refunds != NULL && i < refunds->len; i++)
    if (!read_refund (account, refunds->pdata[i], facts, error))
      return FALSE;
  return TRUE;
}

typedef gboolean (*EventRead) (const RelayAccount *account, CobroWireObject *object, GPtrArray *facts, GError **error);

/* The events that matter; an endpoint may be subscribed to others, which say nothing about money of ours. */
static const struct
{
  const char *type;
  EventRead read;
} events[] = {
  { "payment_intent.succeeded", read_intent },
  { "payment_intent.payment_failed", read_intent },
  { "payment_intent.processing", read_intent },
  { "payment_intent.requires_action", read_intent },
  { "payment_intent.canceled", read_intent },
  { "payment_intent.amount_capturable_updated", read_intent },
  { "payment_intent.partially_funded", read_intent },
  { "checkout.session.completed", read_session },
  { "checkout.session.expired", read_session },
  { "checkout.session.async_payment_succeeded", read_session },
  { "checkout.session.async_payment_failed", read_failed_session },
  { "charge.refunded", read_charge },
  { "charge.refund.updated", read_refund },
  { "refund.created", read_refund },
  { "refund.updated", read_refund },
  { "refund.failed", read_refund },
  { "charge.dispute.created", read_dispute },
  { "charge.dispute.updated", read_dispute },
  { "charge.dispute.closed", read_dispute },
  { "charge.dispute.funds_withdrawn", read_dispute },
  { "charge.dispute.funds_reinstated", read_dispute },
};

gboolean
relay_stripe_read_event (const RelayAccount *account, CobroWireObject *event, GPtrArray *facts, GError **error)
{
  g_autofree char *type = relay_adapter_text (event, "type");
  g_autoptr (CobroWireObject) data = relay_adapter_object (event, "data");
  g_autoptr (CobroWireObject) object = data != NULL ? relay_adapter_object (data, "object") : NULL;
  CobroTime created = relay_adapter_time (event, "created");
  guint before = facts->len;

  if (*type == '\0' || object == NULL)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "data.object", "is missing");
  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    if (strcmp (events[i].type, type) == 0 && !events[i].read (account, object, facts, error))
      return FALSE;
  for (guint i = before; i < facts->len; i++)
    ((CobroFact *)facts->pdata[i])->occurred_at = created;
  return TRUE;
}

/* ── Whose event it is ──────────────────────────────────────────────────────────────────────────────────────────── */

/* A connected account's events name it; our own account's name none. */
static gboolean
check_account (const RelayAccount *account, CobroWireObject *event, GError **error)
{
  const char *connected = relay_account_get (account, "connected-account");
  g_autofree char *said = relay_adapter_text (event, "account");

  if (strcmp (said, connected) == 0)
    return TRUE;
  if (*said == '\0')
    return cobro_error_set (error, COBRO_ERROR_FORBIDDEN, "an event of the platform, not of the connected account");
  return cobro_error_set (error, COBRO_ERROR_FORBIDDEN, "an event of another connected account (%.40s)", said);
}

static gboolean
check_event (const RelayAccount *account, CobroWireObject *event, GError **error)
{
  g_autofree char *kind = relay_adapter_text (event, "object");
  gboolean live;

  if (strcmp (kind, "v2.core.event") == 0)
    return cobro_error_set (error, COBRO_ERROR_FORBIDDEN,
                            "a thin event: set the endpoint at Stripe to send snapshots (payload style)");
  if (strcmp (kind, "event") != 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "object", "is not an event");
  if (cobro_wire_kind (event, "livemode") != COBRO_WIRE_BOOL)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "livemode", "is missing");
  live = relay_adapter_bool (event, "livemode");
  if (live != account->livemode)
    return cobro_error_set (error, COBRO_ERROR_FORBIDDEN, "a %s event for a %s account", live ? "live" : "test",
                            live ? "test" : "live");
  return check_account (account, event, error);
}

GPtrArray *
relay_stripe_read (RelayProvider *self, const RelayAccount *account, GBytes *raw, GError **error)
{
  g_autoptr (GPtrArray) facts = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_fact_unref);
  g_autoptr (CobroWireObject) event = NULL;
  gsize size;
  const char *text = g_bytes_get_data (raw, &size);

  (void)self;
  event = cobro_wire_parse (text != NULL ? text : "", (gssize)size, error);
  if (event == NULL || !check_event (account, event, error) || !relay_stripe_read_event (account, event, facts, error))
    return NULL;
  return g_steal_pointer (&facts);
}
