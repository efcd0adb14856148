/* relay/providers/stripe/relay-stripe-find.c — where is the object that carries our reference? Stripe's search lags
 * behind; its lists do not, so they are read from the time when the payment was made. Layer: relay/providers (stripe).
 * Pure. */
#include "relay-stripe-private.h"

#include <string.h>
#include "cobro-error.h"

#define CLOCKS_DIFFER (10 * COBRO_MINUTE) /* Stripe's and ours */

/* Most payments reach Stripe at once, so the first hour is read first. Keys live for a day and nothing is sent again
 * after that: what is younger is not this payment's. */
static const struct
{
  gboolean sessions; /* or intents */
  CobroTime from, to;
} places[] = {
  { TRUE, -CLOCKS_DIFFER, COBRO_HOUR },
  { FALSE, -CLOCKS_DIFFER, COBRO_HOUR },
  { TRUE, COBRO_HOUR, 25 * COBRO_HOUR },
  { FALSE, COBRO_HOUR, 25 * COBRO_HOUR },
};

/* notes[0]: which place is read, "0" …; notes[1]: the id after which its next page starts. */
#define PLACE(talk) ((talk)->notes[0])
#define AFTER(talk) ((talk)->notes[1])

static gboolean
half_a_list (GError **error)
{
  return cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "stripe answered nonsense: half a list");
}

GPtrArray *
relay_stripe_read_page (const CobroNetAnswer *answer, char **out_after, GError **error)
{
  g_autoptr (CobroWireObject) page = relay_stripe_parse (answer, TRUE, error);
  g_autoptr (GPtrArray) objects = NULL;
  g_autofree char *last = NULL;

  *out_after = NULL;
  if (page == NULL)
    return NULL;
  if (cobro_wire_kind (page, "data") != COBRO_WIRE_ARRAY || cobro_wire_kind (page, "has_more") != COBRO_WIRE_BOOL ||
      !cobro_wire_get_objects (page, "data", PAGE_LENGTH, &objects, NULL))
    {
      half_a_list (error);
      return NULL;
    }
  if (!relay_adapter_bool (page, "has_more"))
    return g_steal_pointer (&objects);
  last = objects->len > 0 ? relay_adapter_text (objects->pdata[objects->len - 1], "id") : g_strdup ("");
  if (*last == '\0')
    {
      half_a_list (error);
      return NULL;
    }
  *out_after = g_steal_pointer (&last);
  return g_steal_pointer (&objects);
}

static RelayTalkStep
ask_page (RelayTalk *talk, const RelayStripeSearch *search, guint place, RelayAsk *ask)
{
  g_autoptr (GString) path =
    g_string_new (places[place].sessions ? "/v1/checkout/sessions?" EXPAND "data.payment_intent.latest_charge"
                                         : "/v1/payment_intents?" EXPAND "data.latest_charge");
  g_autofree char *after = AFTER (talk) != NULL ? relay_adapter_escape (AFTER (talk)) : NULL;

  g_string_append_printf (
    path, "&limit=%d&created%%5Bgte%%5D=%" G_GINT64_FORMAT "&created%%5Blte%%5D=%" G_GINT64_FORMAT, PAGE_LENGTH,
    (search->created_at + places[place].from) / COBRO_SECOND, (search->created_at + places[place].to) / COBRO_SECOND);
  if (after != NULL)
    g_string_append_printf (path, "&starting_after=%s", after);
  relay_stripe_get (talk->account, ask, g_strdup (path->str));
  return RELAY_TALK_ASK;
}

/* The first page of the next place that is searched, from @place on. */
static RelayTalkStep
ask_place (RelayTalk *talk, const RelayStripeSearch *search, guint place, RelayAsk *ask, GError **error)
{
  g_clear_pointer (&AFTER (talk), g_free);
  for (; place < G_N_ELEMENTS (places); place++)
    if (places[place].sessions ? search->sessions : search->intents)
      {
        g_free (PLACE (talk));
        PLACE (talk) = g_strdup_printf ("%u", place);
        return ask_page (talk, search, place, ask);
      }
  cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "stripe has never seen this payment");
  return RELAY_TALK_FAILED;
}

RelayTalkStep
relay_stripe_find_next (RelayTalk *talk, const RelayStripeSearch *search, const CobroNetAnswer *answer, RelayAsk *ask,
                        CobroWireObject **out_object, GError **error)
{
  g_autoptr (GPtrArray) objects = NULL;
  g_autofree char *after = NULL;
  guint place;

  if (answer == NULL)
    return ask_place (talk, search, 0, ask, error);
  objects = relay_stripe_read_page (answer, &after, error);
  if (objects == NULL)
    return RELAY_TALK_FAILED;
  for (guint i = 0; i < objects->len; i++)
    {
      g_autofree char *reference = relay_stripe_reference (objects->pdata[i]);

      if (strcmp (reference, search->reference) == 0)
        {
          *out_object = cobro_wire_object_ref (objects->pdata[i]);
          return RELAY_TALK_DONE;
        }
    }
  place = (guint)g_ascii_digit_value (*PLACE (talk));
  if (after == NULL)
    return ask_place (talk, search, place + 1, ask, error);
  relay_stripe_set (&AFTER (talk), after);
  return ask_page (talk, search, place, ask);
}
