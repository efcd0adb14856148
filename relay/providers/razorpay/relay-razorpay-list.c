/* relay/providers/razorpay/relay-razorpay-list.c — what the nightly comparison reads: payments, orders with their
 * payments, refunds; and the connection test. Lists go by creation and come newest first, so a page begins where the
 * one before ended even while new entries come in at the front; "to" is fixed besides. Layer: relay/providers. Pure. */
#include "relay-razorpay-private.h"

#include <string.h>

#include "cobro-error.h"

#define PAGE_SIZE 100
#define LATE      (4 * COBRO_DAY) /* lists go by creation; a bank may answer three days later */

/* In this order: money comes before it goes back. */
static const struct
{
  const char *name, *path;
} lists[] = {
  { "payments", "/v1/payments" },
  { "orders", "/v1/orders" },
  { "refunds", "/v1/refunds" },
};

/* Where a listing stands: which list, from when to when (seconds), how many were read. */
typedef struct
{
  guint list;
  gint64 from, to, skip;
} Place;

static char *
place_text (const Place *place)
{
  return g_strdup_printf ("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, lists[place->list].name,
                          place->from, place->to, place->skip);
}

static gboolean
read_place (const char *cursor, Place *place, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (cursor, " ", 4);
  gboolean known = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (lists) && !known && parts[0] != NULL; i++)
    if ((known = strcmp (lists[i].name, parts[0]) == 0))
      place->list = i;
  if (!known || g_strv_length (parts) != 4 ||
      !g_ascii_string_to_signed (parts[1], 10, 0, G_MAXINT32, &place->from, NULL) ||
      !g_ascii_string_to_signed (parts[2], 10, 0, G_MAXUINT32, &place->to, NULL) ||
      !g_ascii_string_to_signed (parts[3], 10, 0, G_MAXINT32, &place->skip, NULL))
    return cobro_error_set (error, COBRO_ERROR_INVALID, "this is no cursor of Razorpay's lists");
  return TRUE;
}

static gboolean
find_place (const RelayTalk *talk, Place *place, GError **error)
{
  if (talk->cursor != NULL)
    return read_place (talk->cursor, place, error);
  *place = (Place){ .from = MAX (talk->since - LATE, 0) / COBRO_SECOND, .to = talk->now / COBRO_SECOND };
  return TRUE;
}

RelayTalkStep
relay_razorpay_list (RelayTalk *talk, RelayAsk *ask, GError **error)
{
  Place place;
  char *path;

  if (!find_place (talk, &place, error))
    return RELAY_TALK_FAILED;
  path = g_strdup_printf ("%s?from=%" G_GINT64_FORMAT "&to=%" G_GINT64_FORMAT "&count=%d&skip=%" G_GINT64_FORMAT "%s",
                          lists[place.list].path, place.from, place.to, PAGE_SIZE, place.skip,
                          place.list == 1 ? "&expand%5B%5D=payments" : "");
  return relay_razorpay_ask (talk, ask, "list", "GET", path, TRUE);
}

/* ── What stands in a page ──────────────────────────────────────────────────────────────────────────────────── */

/* What was captured; everything else is not money (yet), and is asked about one by one. */
static gboolean
add_payment (RelayTalk *talk, CobroWireObject *object, const RelayRazorpayOrder *order, GError **error)
{
  g_autoptr (RelayRazorpayPayment) payment = relay_razorpay_payment_read (object, error);
  CobroFact *fact;

  if (payment == NULL)
    return FALSE;
  /* The account may be used for other business, too: ours bear our reference. */
  if (payment->status != RELAY_RAZORPAY_CAPTURED || (order == NULL && *payment->reference == '\0'))
    return TRUE;
  fact = relay_razorpay_payment_fact (talk->account, payment, "");
  if (order != NULL)
    cobro_link_set_text (&fact->reference, order->reference);
  g_ptr_array_add (talk->listing->facts, fact);
  return TRUE;
}

static gboolean
add_order (RelayTalk *talk, CobroWireObject *object, GError **error)
{
  g_autofree char *reference = relay_razorpay_reference (object);
  g_autoptr (CobroWireObject) payments = relay_adapter_object (object, "payments");
  g_autoptr (GPtrArray) items = payments != NULL ? relay_adapter_objects (payments, "items") : NULL;
  g_autoptr (RelayRazorpayOrder) order = NULL;

  if (*reference == '\0' || items == NULL)
    return TRUE;
  if (!(order = relay_razorpay_order_read (object, error)))
    return FALSE;
  for (guint i = 0; i < items->len; i++)
    if (!add_payment (talk, items->pdata[i], order, error))
      return FALSE;
  return TRUE;
}

/* All of them: a refund made in the dashboard bears nothing of ours, and may be of a payment of ours. */
static gboolean
add_refund (RelayTalk *talk, CobroWireObject *object, GError **error)
{
  CobroFact *fact = relay_razorpay_refund_fact (talk->account, object, NULL, error);

  if (fact == NULL)
    return FALSE;
  g_ptr_array_add (talk->listing->facts, fact);
  return TRUE;
}

static gboolean
add (RelayTalk *talk, guint list, CobroWireObject *object, GError **error)
{
  if (list == 0)
    return add_payment (talk, object, NULL, error);
  return list == 1 ? add_order (talk, object, error) : add_refund (talk, object, error);
}

/* (transfer full) (nullable) where the next page begins. */
static char *
next_cursor (Place place, guint n)
{
  if (n >= PAGE_SIZE)
    place.skip += n;
  else
    place = (Place){ place.list + 1, place.from, place.to, 0 };
  return place.list < G_N_ELEMENTS (lists) ? place_text (&place) : NULL;
}

RelayTalkStep
relay_razorpay_heard_list (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  g_autoptr (CobroWireObject) object = relay_razorpay_hear (answer, TRUE, error);
  g_autoptr (GPtrArray) items = NULL;
  Place place;

  if (object == NULL || !find_place (talk, &place, error))
    return RELAY_TALK_FAILED;
  if (!(items = relay_razorpay_items (object, "items", error)))
    return RELAY_TALK_FAILED;
  talk->listing = g_new0 (RelayListing, 1);
  talk->listing->facts = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_fact_unref);
  for (guint i = 0; i < items->len; i++)
    if (!add (talk, place.list, items->pdata[i], error))
      return relay_razorpay_nonsense (error, lists[place.list].name);
  talk->listing->next = next_cursor (place, items->len);
  return RELAY_TALK_DONE;
}

/* ── The connection test ────────────────────────────────────────────────────────────────────────────────────── */

RelayTalkStep
relay_razorpay_test (RelayTalk *talk, RelayAsk *ask, GError **error)
{
  return relay_razorpay_ask (talk, ask, "test", "GET", g_strdup ("/v1/payments?count=1"), TRUE);
}

RelayTalkStep
relay_razorpay_heard_test (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  g_autoptr (CobroWireObject) object = relay_razorpay_hear (answer, TRUE, error);
  g_autoptr (GPtrArray) items = object != NULL ? relay_razorpay_items (object, "items", error) : NULL;

  if (items == NULL)
    return RELAY_TALK_FAILED;
  talk->words = g_strdup_printf ("%s account, the keys are good", talk->account->livemode ? "live" : "test");
  return RELAY_TALK_DONE;
}
