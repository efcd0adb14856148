/* src/sync/cobro-sync-refund.c — a refund that was asked for here, brought before the relay: noted before it is asked,
 * asked with the same id until there is an answer, and never asked again when the relay may have forgotten that id.
 * Layer: sync. */
#include "config.h"
#include "cobro-error.h"
#include "cobro-link-sync-store.h"
#include "cobro-payment-store.h"
#include "cobro-relay-desk.h"
#include "cobro-sync-refund.h"
#include "cobro-wire-refund.h"

#include <string.h>

/* Relays keep the keys of answered requests at least this long. */
#define KEY_LIFE (72 * COBRO_HOUR)

typedef struct
{
  CobroId id;
  CobroRefundOrder *order; /* owned: as it stands */
  const CobroRefund *answer;
  const GError *failure;
  gboolean first; /* the relay had never been asked before */
} Step;

/* ── Before ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gpointer
do_note_asked (CobroStoreTx *tx, gpointer data, GError **error)
{
  Step *step = data;
  CobroRefundOrder *order;

  g_clear_pointer (&step->order, cobro_refund_order_free);
  step->order = order = cobro_refund_order_find (tx, &step->id, error);
  if (order == NULL)
    return NULL;
  step->first = order->state == COBRO_REFUND_ORDER_WAITING;
  if (step->first)
    {
      order->state = COBRO_REFUND_ORDER_ASKED;
      order->asked_at = tx->now;
    }
  else if (order->state == COBRO_REFUND_ORDER_ASKED && tx->now - order->asked_at > KEY_LIFE)
    order->state = COBRO_REFUND_ORDER_UNCLEAR;
  return GINT_TO_POINTER (cobro_refund_order_update (tx, order, error));
}

/* ── After ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* What the feed has told already is newer than an answer. */
static gboolean
hear_answer (CobroStoreTx *tx, const CobroRefund *refund, GError **error)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *document = NULL;
  CobroId link_id;
  gboolean known;

  if (!cobro_refund_is_known (tx, &refund->id, &known, error) || known)
    return known;
  cobro_wire_refund_write (writer, NULL, refund);
  document = cobro_wire_writer_take (writer);
  return cobro_refund_store_heard (tx, refund, document, &link_id, error) &&
         (!cobro_id_is_set (&link_id) || cobro_link_sync_sum_up (tx, &link_id, error));
}

static gpointer
do_note_answer (CobroStoreTx *tx, gpointer data, GError **error)
{
  Step *step = data;

  return GINT_TO_POINTER (hear_answer (tx, step->answer, error) &&
                          cobro_refund_order_answer (tx, step->order, step->answer, error));
}

/* Nothing was begun for good; for now, because it never got there; or nobody knows: it is asked again. */
static CobroRefundOrderState
state_after (const GError *failure)
{
  const char *stage = cobro_error_get_path (failure);

  if (failure->domain != COBRO_ERROR)
    return COBRO_REFUND_ORDER_ASKED;
  switch ((CobroError)failure->code)
    {
    case COBRO_ERROR_INVALID:
    case COBRO_ERROR_OVERFLOW:
    case COBRO_ERROR_CURRENCY:
    case COBRO_ERROR_NOT_FOUND:
    case COBRO_ERROR_STATE:
    case COBRO_ERROR_FORBIDDEN:
    case COBRO_ERROR_REUSED:
    case COBRO_ERROR_GONE:
    case COBRO_ERROR_TOO_LARGE:
      return COBRO_REFUND_ORDER_REFUSED;
    case COBRO_ERROR_UNAUTHORIZED:
    case COBRO_ERROR_PROTOCOL:
      return COBRO_REFUND_ORDER_WAITING;
    case COBRO_ERROR_NO_ANSWER:
      return g_strcmp0 (stage, "address") == 0 || g_strcmp0 (stage, "tls") == 0 ? COBRO_REFUND_ORDER_WAITING
                                                                                : COBRO_REFUND_ORDER_ASKED;
    case COBRO_ERROR_EXISTS:
    case COBRO_ERROR_REVISION:
    case COBRO_ERROR_BUSY:
    case COBRO_ERROR_RATE_LIMITED:
    case COBRO_ERROR_MEDIA_TYPE:
    case COBRO_ERROR_METHOD:
    case COBRO_ERROR_PRECONDITION:
    case COBRO_ERROR_UNAVAILABLE:
    case COBRO_ERROR_PROVIDER:
    case COBRO_ERROR_SIGNATURE:
    case COBRO_ERROR_CONFIG:
    case COBRO_ERROR_IO:
    case COBRO_ERROR_CORRUPT:
    case COBRO_ERROR_NEWER_SCHEMA:
    case COBRO_ERROR_INTERNAL:
    case COBRO_ERROR_RUNNING:
    case COBRO_ERROR_KEYLESS:
      break;
    }
  return COBRO_REFUND_ORDER_ASKED;
}

static gpointer
do_note_failure (CobroStoreTx *tx, gpointer data, GError **error)
{
  Step *step = data;
  CobroRefundOrderState state = state_after (step->failure);

  /* What was asked for once may have happened then, even if it cannot be asked for now. */
  if (state == COBRO_REFUND_ORDER_WAITING && !step->first)
    state = COBRO_REFUND_ORDER_ASKED;
  step->order->state = state;
  if (state == COBRO_REFUND_ORDER_WAITING)
    step->order->asked_at = 0;
  cobro_link_set_text (&step->order->problem, state == COBRO_REFUND_ORDER_REFUSED ? step->failure->message : "");
  return GINT_TO_POINTER (cobro_refund_order_update (tx, step->order, error));
}

/* ── The step ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
ask_relay (CobroStore *store, CobroRelayClient *client, Step *step, CobroRefund **out_refund, GCancellable *cancellable,
           GError **error)
{
  CobroRefundWish wish = { step->order->id.text, step->order->payment_id, step->order->amount, step->order->reason };
  g_autoptr (GError) failure = NULL;
  g_autoptr (CobroRefund) refund = cobro_relay_refunds_make (client, &wish, cancellable, &failure);

  step->answer = refund;
  step->failure = failure;
  if (cobro_store_write (store, refund != NULL ? do_note_answer : do_note_failure, step, error) == NULL)
    return FALSE;
  *out_refund = g_steal_pointer (&refund);
  return TRUE;
}

CobroRefundOrder *
cobro_sync_refund_once (CobroStore *store, CobroRelayClient *client, const CobroId *id, CobroRefund **out_refund,
                        GCancellable *cancellable, GError **error)
{
  Step step = { .id = *id };
  g_autoptr (CobroRefundOrder) order = NULL;
  gboolean ok = cobro_store_write (store, do_note_asked, &step, error) != NULL;

  *out_refund = NULL;
  if (ok && step.order->state == COBRO_REFUND_ORDER_ASKED)
    ok = ask_relay (store, client, &step, out_refund, cancellable, error);
  order = step.order;
  return ok ? g_steal_pointer (&order) : NULL;
}
