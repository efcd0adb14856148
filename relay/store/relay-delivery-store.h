/* relay/store/relay-delivery-store.h — one row per (event, endpoint), written with the event: taken by a worker for a
 * time, ended by who took it last, tried again, given up, replayed; and every try. Layer: relay/store. */
#pragma once
#include "relay-endpoint-store.h"

#define RELAY_DELIVERY_LEASE  (45 * COBRO_SECOND) /* three times the deadline of a try */
#define RELAY_DELIVERY_ANSWER 1024                /* bytes of an answer that are kept, and of its headers */

typedef enum
{
  RELAY_DELIVERY_PENDING, /* never sent */
  RELAY_DELIVERY_LEASED,  /* a worker has it */
  RELAY_DELIVERY_DELIVERED,
  RELAY_DELIVERY_RETRY,     /* sent in vain, due again */
  RELAY_DELIVERY_EXHAUSTED, /* a dead letter: can be replayed */
  RELAY_DELIVERY_CANCELLED, /* its endpoint was deleted */
} RelayDeliveryState;
const char *relay_delivery_state_name (RelayDeliveryState state);
gboolean relay_delivery_state_from_name (const char *name, RelayDeliveryState *out_state);

/* A row. */
typedef struct
{
  gint64 row;
  CobroId merchant_id, id, endpoint_id, event_id;
  gboolean livemode;
  gint64 sequence; /* of the event */
  char *type;
  CobroTime occurred_at; /* the event */
  RelayDeliveryState state;
  gint64 attempt; /* the fencing token */
  guint tries;    /* how often it was sent */
  guint step;     /* how often in vain since began_at */
  CobroTime began_at;
  CobroTime next_at, lease_until; /* 0: none */
  gint last_status;               /* 0: no answer yet, or none came */
  char *last_error;
  CobroTime created_at, updated_at;
  char *object;      /* (nullable) the event's object; only in what was claimed */
  char *traceparent; /* (nullable) what caused it */
} RelayDelivery;
/* (transfer full) without the object. */
RelayDelivery *relay_delivery_dup (const RelayDelivery *delivery);
void relay_delivery_free (RelayDelivery *delivery);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayDelivery, relay_delivery_free)

/* One try. */
typedef struct
{
  guint number;
  CobroTime started_at;
  gint64 duration; /* microseconds */
  gint status;     /* 0: no answer */
  char *error;     /* "" when there was none */
  char *headers;   /* of the answer, "name: value" a line; (nullable) */
  GBytes *answer;  /* its first KiB; (nullable) */
} RelayDeliveryAttempt;
void relay_delivery_attempt_free (RelayDeliveryAttempt *attempt);

/* ── Working ── */

/**
 * relay_delivery_claim:
 * @room: at most this many
 * @out_more: whether some that are due were left
 *
 * Takes what is due for @endpoint, which must come from relay_endpoint_list_due() in this transaction: leased to
 * @worker for 45 s with a new fencing token.
 *
 * Returns: (transfer full) (element-type RelayDelivery): with their objects, those due longest first
 */
GPtrArray *relay_delivery_claim (RelayTx *tx, const RelayEndpoint *endpoint, const char *worker, guint room,
                                 gboolean *out_more, GError **error);
/* How many of @endpoint's are leased, and how many of those to others than @worker. */
gboolean relay_delivery_count_leased (CobroDb *db, const RelayEndpoint *endpoint, const char *worker, guint *out_all,
                                      guint *out_others, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/**
 * relay_delivery_settle:
 * @delivery: as it was claimed, with the new state, tries, step, next_at, last_status and last_error
 * @attempt: (nullable): what was tried; %NULL when nothing was sent
 * @out_held: %FALSE: somebody else took it meanwhile, nothing was written
 *
 * Ends a lease, if it is still ours.
 */
gboolean relay_delivery_settle (RelayTx *tx, const RelayDelivery *delivery, const RelayDeliveryAttempt *attempt,
                                gboolean *out_held, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Leases that ran out are due at once, at most @limit. @worker: (nullable): also those of this worker that have not run
 * out: it was killed and is here again. */
gboolean relay_delivery_reap (RelayTx *tx, const char *worker, guint limit, gint64 *out_n,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* When the first lease runs out; 0: there is none. */
gboolean relay_delivery_next_expiry (CobroDb *db, CobroTime *out_time, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ends all that waits for @endpoint: exhausted, or cancelled. */
gboolean relay_delivery_give_up (RelayTx *tx, const RelayEndpoint *endpoint, RelayDeliveryState state,
                                 const char *reason, gint64 *out_n, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All that waits for @endpoint is due now. */
gboolean relay_delivery_hurry (RelayTx *tx, const RelayEndpoint *endpoint, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ── Looking ── */

/* What to list. */
typedef struct
{
  guint states;               /* 1 << RelayDeliveryState each; 0: any */
  const CobroId *endpoint_id; /* (nullable) */
  const char *type;           /* (nullable) */
  gint64 before;              /* rows before this one; 0: from the newest */
  guint limit;
} RelayDeliveryQuery;
/* (transfer full) (element-type RelayDelivery) newest first. */
GPtrArray *relay_delivery_list (CobroDb *db, const RelayScope *scope, const RelayDeliveryQuery *query, GError **error);
/* NULL with COBRO_ERROR_NOT_FOUND. */
RelayDelivery *relay_delivery_find (CobroDb *db, const RelayScope *scope, const CobroId *id, GError **error);
/* (transfer full) (element-type RelayDeliveryAttempt) oldest first. */
GPtrArray *relay_delivery_list_attempts (CobroDb *db, const RelayDelivery *delivery, GError **error);

/* ── Replaying ── */

/* What to replay; everything that is set must fit. */
typedef struct
{
  guint states;               /* 1 << RelayDeliveryState each, at rest ones only; 0: exhausted */
  const CobroId *id;          /* (nullable) this one */
  const CobroId *endpoint_id; /* (nullable) */
  const char *type;           /* (nullable) */
  CobroTime from, until;      /* of the event; 0: open */
  gint64 first, last;         /* its sequence; 0: open */
  gint64 after;               /* rows after this one */
  guint limit;
} RelayReplay;
/* They are due now, their schedule begins anew; those of inactive endpoints stay. @out_n: how many; @out_last:
 * (nullable): the last row among them. */
gboolean relay_delivery_replay (RelayTx *tx, const RelayScope *scope, const RelayReplay *replay, gint64 *out_n,
                                gint64 *out_last, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One that waits is due now. */
gboolean relay_delivery_send_now (RelayTx *tx, const RelayDelivery *delivery, GError **error) G_GNUC_WARN_UNUSED_RESULT;
