/* relay/store/relay-mail-store.h — mails that wait, left, bounced: one row each, written in the transaction of what
 * they tell about. Rendered when they are sent, from the books as they are then. Layer: relay/store. */
#pragma once
#include "relay-store.h"

#define RELAY_MAIL_LEASE      (3 * COBRO_MINUTE) /* longer than the deadlines of one try together */
#define RELAY_MAIL_PER_HOUR   5                  /* to one mailbox, of everybody's */
#define RELAY_NOTICE_PER_HOUR 60                 /* to a merchant's own: they asked for them */

/* Mails are queued only while the relay has somebody to hand them to: set once, before anything is written. */
void relay_mail_set_wanted (RelayStore *store, gboolean wanted);
gboolean relay_mail_is_wanted (RelayStore *store);

typedef struct
{
  const char *kind;      /* cobro_mail_kind_name() */
  CobroId invoice_id;    /* what it is about … */
  CobroId payment_id;    /* … or, for receipts and notices, the payment */
  CobroId cause;         /* the event (or operation) that asked for it: (cause, kind) is sent at most once */
  gint step;             /* reminder: days relative to the due date */
  const char *recipient; /* one checked address */
  CobroTime due;         /* not before; 0: now */
} RelayMailOrder;
/* TRUE also when (cause, kind) is there already: nothing is sent twice; and when the relay sends no mail: nothing is
 * written then. Merchant and mode are the scope's. */
gboolean relay_mail_queue (RelayTx *tx, const RelayScope *scope, const RelayMailOrder *order,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The cause of what the calendar asks for: the same for one invoice and step. */
CobroId relay_mail_cause_of_step (const CobroId *invoice_id, gint step);

typedef enum
{
  RELAY_MAIL_QUEUED, /* never handed over */
  RELAY_MAIL_LEASED, /* a worker has it */
  RELAY_MAIL_SENT,
  RELAY_MAIL_RETRY,   /* the mail server asked for patience, or was not there */
  RELAY_MAIL_BOUNCED, /* refused for good, or in vain for too long */
  RELAY_MAIL_DROPPED, /* not sent, because it was not true any more: a reminder of what was paid */
} RelayMailState;
const char *relay_mail_state_name (RelayMailState state);
gboolean relay_mail_state_from_name (const char *name, RelayMailState *out_state);

/* A row. */
typedef struct
{
  gint64 row;
  CobroId merchant_id, id, cause, invoice_id, payment_id;
  gboolean livemode;
  char *kind;
  gint step;
  char *recipient;
  RelayMailState state;
  gint64 attempt;                          /* the fencing token */
  guint tries;                             /* how often it was handed to the mail server */
  CobroTime next_at, lease_until, sent_at; /* 0: none */
  gint last_status;                        /* 0: no answer */
  char *last_error;
  CobroTime created_at, updated_at;
} RelayMail;
void relay_mail_free (RelayMail *mail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayMail, relay_mail_free)

/**
 * relay_mail_claim:
 * @room: at most this many
 *
 * Takes what is due, the urgent first, leased to @worker. A mailbox that has had its share of the hour waits: what is
 * over it is due when there is room again.
 *
 * Returns: (transfer full) (element-type RelayMail)
 */
GPtrArray *relay_mail_claim (RelayTx *tx, const char *worker, guint room, GError **error);
/* Ends a lease, if it is still ours (@out_held), with @mail's state, tries, next_at, last_status and last_error. */
gboolean relay_mail_settle (RelayTx *tx, const RelayMail *mail, gboolean *out_held,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Leases that ran out are due at once. @worker: (nullable): also those of this worker that have not: it was killed and
 * is here again. */
gboolean relay_mail_reap (RelayTx *tx, const char *worker, guint limit, gint64 *out_n,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* When the next one is due and when the first lease runs out; 0: none. */
gboolean relay_mail_next_due (CobroDb *db, CobroTime *out_due, CobroTime *out_expiry,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full) (element-type RelayMail) of one invoice (@invoice_id: (nullable): of all), newest first. */
GPtrArray *relay_mail_list (CobroDb *db, const RelayScope *scope, const CobroId *invoice_id, guint limit,
                            GError **error);
/* The address that a merchant's mails come from when the operator allowed one of their own. @address: (nullable):
 * none. */
gboolean relay_mail_sender_set (RelayTx *tx, const CobroId *merchant_id, const char *address,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* @out_address: (transfer full) NULL when there is none. */
gboolean relay_mail_sender_get (CobroDb *db, const CobroId *merchant_id, char **out_address,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
