/* relay/providers/stripe/relay-stripe-list.c — everything that changed since a time, for the nightly comparison.
 * Stripe's lists are by the time an object was made; what changed later stands in its list of events, of the last 30
 * days. So four lists are read: intents and refunds as they are now, then events about payments, then events about
 * money that went back. All are newest first: what is added meanwhile shifts nothing out. Layer: relay/providers
 * (stripe). Pure. */
#include "relay-stripe-private.h"

#include <string.h>
#include "cobro-error.h"

#define TYPE(name) "&types%5B%5D=" name

typedef enum
{
  READ_INTENTS,
  READ_REFUNDS,
  READ_EVENTS
} ListRead;

static const struct
{
  const char *name; /* in the cursor */
  const char *path;
  const char *query;
  CobroTime margin; /* an intent of a session is younger than the session, which lives for a day */
  ListRead read;
} lists[] = {
  { "intents", "/v1/payment_intents", "&" EXPAND "data.latest_charge", COBRO_DAY, READ_INTENTS },
  { "refunds", "/v1/refunds", "&" EXPAND "data.payment_intent", 0, READ_REFUNDS },
  { "paid", "/v1/events",
    TYPE ("payment_intent.succeeded") TYPE ("payment_intent.processing") TYPE ("payment_intent.canceled")
      TYPE ("checkout.session.completed") TYPE ("checkout.session.expired")
        TYPE ("checkout.session.async_payment_succeeded") TYPE ("checkout.session.async_payment_failed"),
    0, READ_EVENTS },
  { "back", "/v1/events",
    TYPE ("refund.created") TYPE ("refund.updated") TYPE ("refund.failed") TYPE ("charge.dispute.created")
      TYPE ("charge.dispute.updated") TYPE ("charge.dispute.closed"),
    0, READ_EVENTS },
};

/* Where a cursor points to: "refunds|re_…". */
typedef struct
{
  guint list;
  char *after; /* (nullable) */
} Place;

static void
place_clear (Place *place)
{
  g_free (place->after);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Place, place_clear)

static gboolean
read_cursor (const char *cursor, Place *place, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (cursor != NULL ? cursor : "intents|", "|", 2);

  for (guint i = 0; i < G_N_ELEMENTS (lists) && g_strv_length (parts) == 2; i++)
    if (strcmp (lists[i].name, parts[0]) == 0)
      {
        place->list = i;
        place->after = *parts[1] != '\0' ? g_strdup (parts[1]) : NULL;
        return TRUE;
      }
  return cobro_error_set (error, COBRO_ERROR_INVALID, "stripe's lists have no such cursor");
}

static RelayTalkStep
ask_list (RelayTalk *talk, const Place *place, RelayAsk *ask)
{
  CobroTime since = MAX (talk->since - lists[place->list].margin, 0);
  g_autofree char *after = place->after != NULL ? relay_adapter_escape (place->after) : NULL;

  relay_stripe_get (
    talk->account, ask,
    g_strdup_printf ("%s?limit=%d&created%%5Bgte%%5D=%" G_GINT64_FORMAT "%s%s%s", lists[place->list].path, PAGE_LENGTH,
                     since / COBRO_SECOND, lists[place->list].query, after != NULL ? "&starting_after=" : "",
                     after != NULL ? after : ""));
  return RELAY_TALK_ASK;
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Intents of other business on the same account carry no reference of ours. */
static CobroFact *
read_intent (const RelayAccount *account, CobroWireObject *intent)
{
  g_autofree char *reference = relay_stripe_reference (intent);

  return *reference != '\0' ? relay_stripe_intent_fact (account, intent, NULL) : NULL;
}

/* Refunds made in Stripe's dashboard carry no reference; the intent that they are of does. */
static CobroFact *
read_refund (const RelayAccount *account, CobroWireObject *refund)
{
  g_autoptr (CobroWireObject) intent = relay_adapter_object (refund, "payment_intent");
  g_autofree char *reference = intent != NULL ? relay_stripe_reference (intent) : g_strdup ("");
  CobroFact *fact = *reference != '\0' ? relay_stripe_refund_fact (account, NULL, refund, NULL) : NULL;

  if (fact != NULL)
    relay_stripe_set (&fact->reference, reference);
  return fact;
}

/* One object that cannot be read, of a version to come perhaps, must not keep the others from being compared: its
 * webhook waits in the inbox for a relay that understands it. */
static void
read_object (const RelayAccount *account, ListRead read, CobroWireObject *object, GPtrArray *facts)
{
  CobroFact *fact = NULL;

  switch (read)
    {
    case READ_INTENTS:
      fact = read_intent (account, object);
      break;
    case READ_REFUNDS:
      fact = read_refund (account, object);
      break;
    case READ_EVENTS:
      (void)relay_stripe_read_event (account, object, facts, NULL);
      break;
    }
  if (fact != NULL)
    g_ptr_array_add (facts, fact);
}

static char *
make_cursor (const Place *place, const char *next)
{
  if (next != NULL)
    return g_strdup_printf ("%s|%s", lists[place->list].name, next);
  return place->list + 1 < G_N_ELEMENTS (lists) ? g_strdup_printf ("%s|", lists[place->list + 1].name) : NULL;
}

static RelayTalkStep
hear_list (RelayTalk *talk, const Place *place, const CobroNetAnswer *answer, GError **error)
{
  g_autofree char *next = NULL;
  g_autoptr (GPtrArray) objects = relay_stripe_read_page (answer, &next, error);

  if (objects == NULL)
    return RELAY_TALK_FAILED;
  talk->listing = g_new0 (RelayListing, 1);
  talk->listing->facts = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_fact_unref);
  for (guint i = 0; i < objects->len; i++)
    read_object (talk->account, lists[place->list].read, objects->pdata[i], talk->listing->facts);
  talk->listing->next = make_cursor (place, next);
  return RELAY_TALK_DONE;
}

RelayTalkStep
relay_stripe_list_next (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  g_auto (Place) place = { 0 };

  if (!read_cursor (talk->cursor, &place, error))
    return RELAY_TALK_FAILED;
  return answer == NULL ? ask_list (talk, &place, ask) : hear_list (talk, &place, answer, error);
}
