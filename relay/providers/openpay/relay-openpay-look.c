/* relay/providers/openpay/relay-openpay-look.c — questions that change nothing: how a payment stands, what is disputed,
 * what there was since a day. Layer: relay/providers. Pure. */
#include "relay-openpay-private.h"

#include <string.h>
#include "cobro-error.h"

#define PAGE 100

/* ── One payment ────────────────────────────────────────────────────────────────────────────────────────────── */

RelayTalkStep
relay_openpay_ask_order (const RelayTalk *talk, RelayAsk *ask, const char *order_id, GError **error)
{
  g_autofree char *escaped = relay_adapter_escape (order_id);

  return relay_openpay_ask (talk, ask, "GET", g_strconcat ("/charges?order_id=", escaped, NULL), TRUE, error)
           ? RELAY_TALK_ASK
           : RELAY_TALK_FAILED;
}

/* Our order number: what begin() gave as the object's id, and before it has, our reference. */
static const char *
order_of (const RelayTarget *target)
{
  return *target->object_id != '\0' ? target->object_id : target->reference;
}

static RelayTalkStep
ask_target (const RelayTalk *talk, RelayAsk *ask, GError **error)
{
  const RelayTarget *target = talk->target;

  if (!relay_openpay_is_id (target->charge_id))
    return relay_openpay_ask_order (talk, ask, order_of (target), error);
  return relay_openpay_ask (talk, ask, "GET", g_strdup_printf ("/charges/%s", target->charge_id), TRUE, error)
           ? RELAY_TALK_ASK
           : RELAY_TALK_FAILED;
}

/* Of a list whose charges are all of other orders nothing is believed, least of all that ours is not there. */
static RelayOpenpayCharge *
choose (const RelayTalk *talk, const CobroNetAnswer *answer, GError **error)
{
  guint length;
  g_autoptr (GPtrArray) charges = relay_openpay_charges_parse (answer, FALSE, &length, error);
  RelayOpenpayCharge *charge = charges != NULL ? relay_openpay_charges_find (charges, order_of (talk->target)) : NULL;
  guint index;

  if (charges == NULL)
    return NULL;
  if (charge != NULL && g_ptr_array_find (charges, charge, &index))
    return g_ptr_array_steal_index (charges, index);
  if (length == 0)
    cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "Openpay has no charge of this order");
  else
    cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "Openpay answered nonsense: charges of other orders");
  return NULL;
}

static RelayOpenpayCharge *
read_one (const RelayTalk *talk, const CobroNetAnswer *answer, GError **error)
{
  g_autoptr (RelayOpenpayCharge) charge = relay_openpay_charge_parse (answer, error);

  if (charge == NULL)
    return NULL;
  if (strcmp (charge->id, talk->target->charge_id) == 0 && strcmp (charge->order_id, order_of (talk->target)) == 0)
    return g_steal_pointer (&charge);
  cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "Openpay answered nonsense: another charge");
  return NULL;
}

RelayOpenpayCharge *
relay_openpay_find_target (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, RelayTalkStep *out_step,
                           GError **error)
{
  *out_step = RELAY_TALK_FAILED;
  if (answer == NULL)
    {
      *out_step = ask_target (talk, ask, error);
      return NULL;
    }
  if (!relay_openpay_is_good (answer))
    {
      relay_openpay_refuse (answer, TRUE, error);
      return NULL;
    }
  return relay_openpay_is_id (talk->target->charge_id) ? read_one (talk, answer, error) : choose (talk, answer, error);
}

RelayTalkStep
relay_openpay_query (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  RelayTalkStep step;
  g_autoptr (RelayOpenpayCharge) charge = relay_openpay_find_target (talk, answer, ask, &step, error);

  if (charge == NULL)
    return step;
  talk->fact = relay_openpay_charge_fact (talk->account, charge, error);
  return talk->fact != NULL ? RELAY_TALK_DONE : RELAY_TALK_FAILED;
}

/* Nothing at Openpay ends a charge that waits for its payer. Here the attempt ends all the same, so that somebody else
 * can pay; money that comes to it after all is a late success, as the books know it. */
RelayTalkStep
relay_openpay_cancel (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  RelayTalkStep step = relay_openpay_query (talk, answer, ask, error);

  if (step == RELAY_TALK_DONE &&
      (talk->fact->kind == COBRO_FACT_ACTION_NEEDED || talk->fact->kind == COBRO_FACT_PENDING))
    {
      g_autofree char *event_id = g_strconcat (talk->fact->event_id, "/given_up", NULL);

      talk->fact->kind = COBRO_FACT_CANCELLED;
      cobro_link_set_text (&talk->fact->event_id, event_id);
      cobro_link_set_text (&talk->fact->failure_code, "given_up");
    }
  return step;
}

RelayTalkStep
relay_openpay_dispute (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  RelayTalkStep step;
  g_autoptr (RelayOpenpayCharge) charge = relay_openpay_find_target (talk, answer, ask, &step, error);

  if (charge == NULL)
    return step;
  if ((talk->fact = relay_openpay_dispute_fact (talk->account, charge)) != NULL)
    return RELAY_TALK_DONE;
  cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "Openpay knows of no chargeback");
  return RELAY_TALK_FAILED;
}

/* ── Lists ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Charges can be listed by the day they were made, not by the day they changed. So everything is read that is young
 * enough to be paid late, and of what is older that whose status says that money went back. */
static const struct
{
  const char *status; /* filter; "" for all */
  CobroTime back;     /* before the time that was asked for */
} rounds[] = {
  { "", 35 * COBRO_DAY },
  { "REFUNDED", 180 * COBRO_DAY },
  { "CHARGEBACK_PENDING", 180 * COBRO_DAY },
  { "CHARGEBACK_ACCEPTED", 180 * COBRO_DAY },
  { "CHARGEBACK_ADJUSTMENT", 180 * COBRO_DAY },
};

/* "round/offset" */
static gboolean
read_cursor (const char *cursor, guint *out_round, guint *out_offset, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (cursor != NULL ? cursor : "0/0", "/", 2);
  guint64 round, offset;

  if (g_strv_length (parts) != 2 ||
      !g_ascii_string_to_unsigned (parts[0], 10, 0, G_N_ELEMENTS (rounds) - 1, &round, NULL) ||
      !g_ascii_string_to_unsigned (parts[1], 10, 0, G_MAXINT32, &offset, NULL))
    return cobro_error_set (error, COBRO_ERROR_INTERNAL, "a list's cursor that is none");
  *out_round = (guint)round;
  *out_offset = (guint)offset;
  return TRUE;
}

/* A day earlier: whose midnight counts there is not said. */
static char *
day_of (CobroTime time)
{
  g_autofree char *text = cobro_time_to_text (MAX (time - COBRO_DAY, 0));

  return g_strndup (text, strlen ("yyyy-mm-dd"));
}

static RelayTalkStep
ask_page (const RelayTalk *talk, RelayAsk *ask, guint round, guint offset, GError **error)
{
  g_autoptr (GString) query = g_string_new (NULL);
  g_autofree char *day = day_of (talk->since - rounds[round].back);

  relay_form_add (query, "creation[gte]", day);
  if (*rounds[round].status != '\0')
    relay_form_add (query, "status", rounds[round].status);
  relay_form_add_int64 (query, "limit", PAGE);
  relay_form_add_int64 (query, "offset", offset);
  return relay_openpay_ask (talk, ask, "GET", g_strconcat ("/charges?", query->str, NULL), TRUE, error)
           ? RELAY_TALK_ASK
           : RELAY_TALK_FAILED;
}

/* A round ends with an empty page: a shorter one may only mean that Openpay gives less at once. */
static char *
next_cursor (guint round, guint offset, guint length)
{
  if (length > 0)
    return g_strdup_printf ("%u/%u", round, offset + length);
  return round + 1 < G_N_ELEMENTS (rounds) ? g_strdup_printf ("%u/0", round + 1) : NULL;
}

RelayTalkStep
relay_openpay_list (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  guint round = 0, offset = 0, length = 0;
  g_autoptr (GPtrArray) charges = NULL;
  g_autoptr (GPtrArray) facts = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_fact_unref);

  if (!read_cursor (talk->cursor, &round, &offset, error))
    return RELAY_TALK_FAILED;
  if (answer == NULL)
    return ask_page (talk, ask, round, offset, error);
  if (!relay_openpay_is_good (answer))
    {
      relay_openpay_refuse (answer, TRUE, error);
      return RELAY_TALK_FAILED;
    }
  if (!(charges = relay_openpay_charges_parse (answer, TRUE, &length, error)))
    return RELAY_TALK_FAILED;
  for (guint i = 0; i < charges->len; i++) /* an odd one is none of the facts, and does not stop the night */
    (void)relay_openpay_charge_add_facts (talk->account, charges->pdata[i], facts, NULL);
  talk->listing = g_new0 (RelayListing, 1);
  talk->listing->facts = g_steal_pointer (&facts);
  talk->listing->next = next_cursor (round, offset, length);
  return RELAY_TALK_DONE;
}
