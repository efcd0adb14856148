/* tests/relay/rig.h — a relay's books and checkout in a folder of their own, with a clock that stands still, seeded
 * randomness and a provider that can be told to misbehave. Layer: tests. The thread of the test, unless a function says
 * otherwise. */
#pragma once
#include "relay-audit.h"
#include "relay-checkout.h"
#include "relay-janitor.h"
#include "relay-links.h"
#include "relay-refund-store.h"
#include "relay-account-store.h"

/* How the provider answers begin(). */
typedef enum
{
  RIG_BEGIN_REDIRECT,   /* to its page: action needed */
  RIG_BEGIN_PAID,       /* succeeded at once */
  RIG_BEGIN_FAILED,     /* declined at once */
  RIG_BEGIN_REFUSED,    /* the provider says no: nothing happened */
  RIG_BEGIN_OVERLOADED, /* 503: nothing happened */
  RIG_BEGIN_LOST,       /* it happened, the answer got lost */
  RIG_BEGIN_NEVER_CAME, /* it did not happen, no answer either */
} RigBegin;

/* How it answers query(), cancel() and refund(). */
typedef enum
{
  RIG_ANSWER_HONEST,
  RIG_ANSWER_NOTHING,
  RIG_ANSWER_NOT_FOUND,
  RIG_ANSWER_REFUSED, /* cancel: too late; refund: no */
  RIG_ANSWER_LOST,    /* refund: it happened, the answer got lost */
} RigAnswer;

/* One payment as the provider has it. */
typedef struct
{
  char *object; /* its id there */
  CobroId reference;
  CobroMoney amount;
  CobroFactKind kind;    /* what query() says */
  CobroFactKind dispute; /* DISPUTE_…; 0: none */
  char *key;             /* the idempotency key it came with */
  char *signed_reference;
} RigObject;

/* One refund as the provider has it. */
typedef struct
{
  RigObject *object;
  char *id, *key;
  CobroMoney amount;
} RigRefund;

/* The provider. */
typedef struct
{
  RelayProvider base;
  GMutex lock;
  GPtrArray *objects; /* (element-type RigObject) */
  RigBegin begin;
  GPtrArray *given; /* (element-type RigRefund) */
  RigAnswer query, cancel, refund, list;
  CobroMoney says_amount;                       /* set: every fact claims this amount */
  const char *says_account;                     /* set: every fact claims this account */
  CobroTime says_time;                          /* set: every fact claims this time */
  int begins, queries, cancels, refunds, lists; /* calls that reached it */
} RigProvider;

/* Everything. With COBRO_TEST_ENGINE=postgres in the environment the books are a database of their own in the cluster
 * that the tests of a run share; the folder then holds the key alone. A test need not care. */
typedef struct
{
  char *folder;
  char *database; /* NULL: SQLite in the folder */
  CobroClock *clock;
  CobroRandom *random;
  RelayStore *store;
  RelayProviders *providers;
  RigProvider *provider;
  RelayCheckout *checkout;
  RelayScope scope; /* test mode */
  char *account;
} Rig;

#define RIG_NOW G_GINT64_CONSTANT (1796119200000000) /* 2026-12-01T10:00:00Z */

/* Whether this run is on PostgreSQL. */
gboolean rig_is_postgres (void);
Rig *rig_new (void);
void rig_free (Rig *rig);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rig, rig_free)
/* Closes the books (properly, or as if killed: a copy of the files goes on) and opens them again, with a new checkout.
 */
void rig_restart (Rig *rig, gboolean killed);
/* Goes on with the books in @folder, which rig_copy() made: what was written since is forgotten, as after a kill.
 * PostgreSQL's books are not copied: there nothing is forgotten. */
void rig_continue (Rig *rig, const char *folder);
/* Loses the key file for good and goes on with a new one; the account's secrets are entered again. */
void rig_lose_key (Rig *rig);
/* A copy of the books as they are on disk at this moment, as a kill would leave them. (transfer full) its folder. On
 * PostgreSQL: of the key; the books are the rig's own. */
char *rig_copy (Rig *rig);
/* How to open the books in @folder: the rig's, or a copy. Lent. */
RelayStoreConfig rig_config (Rig *rig, const char *folder);
/* A connection of its own to the rig's books (SQLite: to those in @folder, which nobody has open), to do with them what
 * the relay never would. */
CobroDb *rig_connect (Rig *rig, const char *folder);
void rig_remove_folder (const char *folder);
/* The audit finds nothing; otherwise the test fails with what it found. */
void rig_assert_clean (Rig *rig);

/* A published link: fixed EUR 12.50, single use. Change it before rig_publish(). */
CobroLink *rig_link_new (Rig *rig);
/* (transfer full) the token; the link's id is set. */
char *rig_publish (Rig *rig, CobroLink *link);
/* (transfer full) as the books have it now. */
RelayLinkRecord *rig_find_link (Rig *rig, const CobroLink *link);
RelayPaymentRecord *rig_find_payment (Rig *rig, const CobroId *id);
CobroLinkView rig_view (Rig *rig, const CobroLink *link);
gint64 rig_count (Rig *rig, const char *sql);

/* Begins as a payer; NULL with the error. */
RelayBeginResult *rig_begin (Rig *rig, const char *token, const char *payer_key, GError **error);
/* What the provider has for this payment; it must be there. */
RigObject *rig_object (Rig *rig, const CobroId *payment_id);
/* A fact of the provider's about a payment, as a webhook would bring it; event id made from all that it says. */
CobroFact *rig_fact (Rig *rig, const CobroPayment *payment, CobroFactKind kind, const char *event_id);
/* Applies in a transaction of its own. */
RelayVerdict rig_apply (Rig *rig, const CobroFact *fact);
/* Sends a webhook (signed when @signature is "good"). */
gboolean rig_webhook (Rig *rig, const CobroFact *fact, const char *signature, GError **error);
/* Any body at all. */
gboolean rig_webhook_raw (Rig *rig, const char *text, const char *signature, GError **error);
/* Moves the clock and lets the janitor work once. */
RelayJanitorRound rig_janitor (Rig *rig, gint64 after);
