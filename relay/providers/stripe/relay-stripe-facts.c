/* relay/providers/stripe/relay-stripe-facts.c — sessions and intents as facts. What is not known, or contradicts
 * itself, is never a payment. Layer: relay/providers (stripe). Pure. */
#include "relay-stripe-private.h"

#include <string.h>
#include "cobro-error.h"

void
relay_stripe_set (char **field, const char *value)
{
  g_free (*field);
  *field = g_strdup (value);
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────────── */

char *
relay_stripe_reference (CobroWireObject *object)
{
  g_autoptr (CobroWireObject) metadata = relay_adapter_object (object, "metadata");

  return metadata != NULL ? relay_adapter_text (metadata, META_REFERENCE) : g_strdup ("");
}

char *
relay_stripe_id_of (CobroWireObject *object, const char *key)
{
  g_autoptr (CobroWireObject) expanded = relay_adapter_object (object, key);

  return expanded != NULL ? relay_adapter_text (expanded, "id") : relay_adapter_text (object, key);
}

/* Test and live never mix, whatever key was used. */
static gboolean
check_mode (const RelayAccount *account, CobroWireObject *object, GError **error)
{
  if (cobro_wire_kind (object, "livemode") != COBRO_WIRE_BOOL)
    return TRUE;
  return relay_adapter_bool (object, "livemode") == account->livemode ||
         cobro_error_set_at (error, COBRO_ERROR_INVALID, "livemode", "is the wrong mode");
}

static gboolean
read_money (CobroWireObject *object, const char *amount_key, CobroMoney *out_money, GError **error)
{
  g_autofree char *currency = relay_adapter_text (object, "currency");
  gint64 units;

  if (!relay_adapter_int64 (object, amount_key, &units))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, amount_key, "is not a whole number");
  return relay_currencies_from_provider (&relay_stripe_currencies, currency, units, out_money, error);
}

/* The charge that holds the money, when it was expanded; older versions of the API keep it in a list. */
static CobroWireObject *
charge_of (CobroWireObject *intent)
{
  CobroWireObject *charge = relay_adapter_object (intent, "latest_charge");
  g_autoptr (CobroWireObject) list = NULL;
  g_autoptr (GPtrArray) charges = NULL;

  if (charge != NULL || (list = relay_adapter_object (intent, "charges")) == NULL)
    return charge;
  charges = relay_adapter_objects (list, "data");
  return charges->len > 0 ? cobro_wire_object_ref (charges->pdata[0]) : NULL;
}

/* "visa •••• 4242", "sepa_debit": what may be shown of how it was paid. */
static void
read_method (CobroFact *fact, CobroWireObject *intent)
{
  g_autoptr (CobroWireObject) charge = charge_of (intent);
  g_autoptr (CobroWireObject) details = NULL;
  g_autoptr (CobroWireObject) card = NULL;
  g_autofree char *type = NULL, *brand = NULL, *last4 = NULL;

  if (charge == NULL || (details = relay_adapter_object (charge, "payment_method_details")) == NULL)
    return;
  type = relay_adapter_text (details, "type");
  g_free (fact->method_detail);
  if ((card = relay_adapter_object (details, "card")) == NULL)
    {
      fact->method_detail = g_steal_pointer (&type);
      return;
    }
  brand = relay_adapter_text (card, "brand");
  last4 = relay_adapter_text (card, "last4");
  fact->method_detail = g_strdup_printf ("%s •••• %s", brand, last4);
}

/* Why the last try failed, in the bank's words that the payer may read. */
static void
read_failure (CobroFact *fact, CobroWireObject *intent)
{
  g_autoptr (CobroWireObject) failure = relay_adapter_object (intent, "last_payment_error");
  g_autofree char *code = NULL, *decline = NULL, *message = NULL;

  if (failure == NULL)
    return;
  code = relay_adapter_text (failure, "code");
  decline = relay_adapter_text (failure, "decline_code");
  message = relay_adapter_text (failure, "message");
  relay_stripe_set (&fact->failure_code, *decline != '\0' && strcmp (decline, "generic_decline") != 0 ? decline : code);
  relay_stripe_set (&fact->failure_message, message);
}

/* ── Intents ────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A failed try is not the end of an intent: it waits for another card. */
static gboolean
intent_kind (CobroWireObject *intent, CobroFactKind *out_kind, GError **error)
{
  static const struct
  {
    const char *status;
    CobroFactKind kind;
  } known[] = {
    { "requires_payment_method", COBRO_FACT_PENDING },
    { "requires_confirmation", COBRO_FACT_PENDING },
    { "requires_action", COBRO_FACT_ACTION_NEEDED },
    { "processing", COBRO_FACT_PROCESSING },
    { "requires_capture", COBRO_FACT_PROCESSING },
    { "succeeded", COBRO_FACT_SUCCEEDED },
    { "canceled", COBRO_FACT_CANCELLED },
  };
  g_autofree char *status = relay_adapter_text (intent, "status");

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (strcmp (known[i].status, status) == 0)
      {
        *out_kind = known[i].kind;
        return TRUE;
      }
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, "status", "\"%.40s\" is not known here", status);
}

/* The state for the event's id: two failed tries are two pieces of news. */
static char *
intent_state (CobroWireObject *intent)
{
  g_autofree char *status = relay_adapter_text (intent, "status");
  g_autoptr (CobroWireObject) failure = relay_adapter_object (intent, "last_payment_error");
  g_autofree char *charge = NULL, *code = NULL;

  if (failure == NULL || strcmp (status, "requires_payment_method") != 0)
    return g_steal_pointer (&status);
  charge = relay_stripe_id_of (failure, "charge");
  code = relay_adapter_text (failure, "code");
  return g_strdup_printf ("%s/%s", status, *charge != '\0' ? charge : code);
}

/* Money came when the charge was made, which may be long after the intent was; 0: not known here. */
static CobroTime
moved_at (CobroWireObject *intent)
{
  g_autoptr (CobroWireObject) charge = charge_of (intent);

  return charge != NULL ? relay_adapter_time (charge, "created") : 0;
}

/* What every fact about an intent has, whichever object it is bound to. */
static gboolean
fill_from_intent (CobroFact *fact, const RelayAccount *account, CobroWireObject *intent, GError **error)
{
  gboolean paid = fact->kind == COBRO_FACT_SUCCEEDED;
  g_autofree char *reason = relay_adapter_text (intent, "cancellation_reason");

  if (!check_mode (account, intent, error) ||
      !read_money (intent, paid ? "amount_received" : "amount", &fact->amount, error))
    return FALSE;
  if (paid && !cobro_money_is_positive (fact->amount))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount_received", "is nothing, and yet it has succeeded");
  read_method (fact, intent);
  if (!paid)
    read_failure (fact, intent);
  if (fact->kind == COBRO_FACT_CANCELLED)
    relay_stripe_set (&fact->failure_code, *reason != '\0' ? reason : "canceled");
  fact->occurred_at = paid ? moved_at (intent) : relay_adapter_time (intent, "created");
  return TRUE;
}

static gboolean
has_prefix_id (CobroWireObject *object, const char *prefix, char **out_id, GError **error)
{
  g_autofree char *id = relay_adapter_text (object, "id");

  if (!g_str_has_prefix (id, prefix) || strlen (id) > 255)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "id", "is not one of Stripe's %s…", prefix);
  *out_id = g_steal_pointer (&id);
  return TRUE;
}

CobroFact *
relay_stripe_intent_fact (const RelayAccount *account, CobroWireObject *intent, GError **error)
{
  g_autoptr (CobroWireObject) metadata = relay_adapter_object (intent, "metadata");
  g_autofree char *made_by = metadata != NULL ? relay_adapter_text (metadata, META_OBJECT) : g_strdup ("");
  g_autofree char *reference = relay_stripe_reference (intent);
  g_autofree char *state = intent_state (intent);
  g_autofree char *id = NULL;
  g_autoptr (CobroFact) fact = NULL;
  CobroFactKind kind;

  if (!has_prefix_id (intent, "pi_", &id, error) || !intent_kind (intent, &kind, error))
    return NULL;
  fact = relay_adapter_fact (account, kind, id, state);
  relay_stripe_set (&fact->provider_payment_id, strcmp (made_by, OBJECT_SESSION) == 0 ? "" : id);
  relay_stripe_set (&fact->charge_id, id);
  relay_stripe_set (&fact->reference, reference);
  return fill_from_intent (fact, account, intent, error) ? g_steal_pointer (&fact) : NULL;
}

/* ── Sessions ───────────────────────────────────────────────────────────────────────────────────────────────────── */

/* What a session says about itself. */
typedef struct
{
  char *id, *status, *payment_status, *intent_id;
  CobroWireObject *intent; /* (nullable) expanded */
  gboolean failed;         /* an event says that its asynchronous payment failed */
} Session;

static void
session_clear (Session *session)
{
  g_free (session->id);
  g_free (session->status);
  g_free (session->payment_status);
  g_free (session->intent_id);
  g_clear_pointer (&session->intent, cobro_wire_object_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Session, session_clear)

static gboolean
session_is (const Session *session, const char *status)
{
  return strcmp (session->status, status) == 0;
}

static gboolean
contradiction (const Session *session, GError **error)
{
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, "status",
                             "a session \"%.20s\" and \"%.30s\" is not known here", session->status,
                             session->payment_status);
}

/* The session alone. "no_payment_required" cannot be: our sessions have an amount. */
static gboolean
kind_alone (const Session *session, CobroFactKind *out_kind, GError **error)
{
  gboolean paid = strcmp (session->payment_status, "paid") == 0;

  if (!paid && strcmp (session->payment_status, "unpaid") != 0)
    return contradiction (session, error);
  if (session_is (session, "complete"))
    *out_kind = paid ? COBRO_FACT_SUCCEEDED : session->failed ? COBRO_FACT_FAILED : COBRO_FACT_PROCESSING;
  else if (session_is (session, "expired") && !paid)
    *out_kind = COBRO_FACT_CANCELLED;
  else if (session_is (session, "open") && !paid)
    *out_kind = COBRO_FACT_PENDING;
  else
    return contradiction (session, error);
  return TRUE;
}

/* The intent knows better where the money is; the session, whether there can be another try. */
static gboolean
kind_with_intent (const Session *session, CobroFactKind *out_kind, GError **error)
{
  CobroFactKind alone, intent;

  if (!kind_alone (session, &alone, error) || !intent_kind (session->intent, &intent, error))
    return FALSE;
  if (alone == COBRO_FACT_SUCCEEDED && intent != COBRO_FACT_SUCCEEDED)
    return contradiction (session, error);
  if (intent == COBRO_FACT_PENDING)
    *out_kind = session_is (session, "complete") ? COBRO_FACT_FAILED : alone;
  else if (intent == COBRO_FACT_ACTION_NEEDED && session_is (session, "expired"))
    *out_kind = alone;
  else
    *out_kind = intent;
  return TRUE;
}

static gboolean
fill_alone (CobroFact *fact, CobroWireObject *object, GError **error)
{
  if (!read_money (object, "amount_total", &fact->amount, error))
    return FALSE;
  if (!cobro_money_is_positive (fact->amount))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount_total", "is nothing");
  if (fact->kind != COBRO_FACT_SUCCEEDED) /* when it was paid is not said */
    fact->occurred_at = relay_adapter_time (object, "created");
  return TRUE;
}

static CobroFact *
make_session_fact (const RelayAccount *account, CobroWireObject *object, const Session *session, GError **error)
{
  g_autofree char *reference = relay_stripe_reference (object);
  g_autofree char *state = NULL;
  g_autofree char *tried = session->intent != NULL ? intent_state (session->intent) : g_strdup ("");
  g_autoptr (CobroFact) fact = NULL;
  CobroFactKind kind;

  if (session->intent != NULL ? !kind_with_intent (session, &kind, error) : !kind_alone (session, &kind, error))
    return NULL;
  state = g_strdup_printf ("%s/%s%s%s", cobro_fact_kind_name (kind), session->status,
                           strchr (tried, '/') != NULL ? "/" : "", strchr (tried, '/') != NULL ? tried : "");
  fact = relay_adapter_fact (account, kind, session->id, state);
  relay_stripe_set (&fact->provider_payment_id, session->id);
  relay_stripe_set (&fact->charge_id, session->intent_id);
  relay_stripe_set (&fact->reference, reference);
  if (session->intent != NULL ? !fill_from_intent (fact, account, session->intent, error)
                              : !fill_alone (fact, object, error))
    return NULL;
  if (session_is (session, "expired") && kind == COBRO_FACT_CANCELLED)
    relay_stripe_set (&fact->failure_code, "expired");
  return g_steal_pointer (&fact);
}

static CobroFact *
session_fact (const RelayAccount *account, CobroWireObject *object, gboolean failed, GError **error)
{
  g_auto (Session) session = { .failed = failed };

  session.status = relay_adapter_text (object, "status");
  session.payment_status = relay_adapter_text (object, "payment_status");
  session.intent_id = relay_stripe_id_of (object, "payment_intent");
  session.intent = relay_adapter_object (object, "payment_intent");
  if (!has_prefix_id (object, "cs_", &session.id, error) || !check_mode (account, object, error))
    return NULL;
  return make_session_fact (account, object, &session, error);
}

CobroFact *
relay_stripe_session_fact (const RelayAccount *account, CobroWireObject *session, GError **error)
{
  return session_fact (account, session, FALSE, error);
}

CobroFact *
relay_stripe_failed_session_fact (const RelayAccount *account, CobroWireObject *session, GError **error)
{
  return session_fact (account, session, TRUE, error);
}
