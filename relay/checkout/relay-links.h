/* relay/checkout/relay-links.h — the merchant's commands on links: publish, change, pause, resume, cancel, replace the
 * token; over the API and by sync. Each is one transaction: new state, one event, outbox. Layer: relay/checkout. Blocks
 * until the commit; asks no provider. */
#pragma once
#include "cobro-invoice.h"
#include "cobro-product.h"
#include "cobro-record.h"
#include "cobro-recurring.h"
#include "relay-idempotency-store.h"
#include "relay-link-store.h"
#include "relay-merchant-store.h"
#include "relay-operation-store.h"

/* Makes the answer that is stored with the key, inside the transaction; (transfer full) JSON. Runs on the writer
 * thread: pure in its arguments. @token: what the caller is shown. */
typedef char *(*RelayLinkAnswer) (const RelayLinkRecord *record, const CobroToken *token, CobroTime now, gpointer data);

/* The caller's Idempotency-Key and what to answer. */
typedef struct
{
  RelayIdempotency request;
  RelayLinkAnswer answer;
  gpointer data;
  guint status;             /* to be stored: 201 … */
  gboolean replayed;        /* (out) the answer is an old one: send it with Idempotent-Replayed: true */
  RelayStoredAnswer stored; /* (out) what to send, byte for byte; clear it */
} RelayLinkOnce;

/**
 * relay_links_publish:
 * @link: livemode must be the scope's; id and token are made where they are unset; decision draft or active
 * @once: (nullable): the idempotency key; with once->replayed the return value is %NULL without an error
 * @out_token: (out) (optional): the link's token
 *
 * Returns: (transfer full): or %NULL with %COBRO_ERROR_EXISTS (path "id", "reference", "token"), _INVALID, …
 */
RelayLinkRecord *relay_links_publish (RelayStore *store, const RelayScope *scope, const CobroLink *link,
                                      RelayLinkOnce *once, CobroToken *out_token, GError **error);
/**
 * relay_links_change:
 * @rev: the revision the change is based on (If-Match)
 *
 * Returns: (transfer full): with the new revision; %NULL with %COBRO_ERROR_REVISION (read it again), _STATE, _EXISTS,
 * _INVALID
 */
RelayLinkRecord *relay_links_change (RelayStore *store, const RelayScope *scope, const CobroId *id, gint64 rev,
                                     const CobroLink *link, GError **error);
/* Pause (PAUSED), resume or publish a draft (ACTIVE), cancel (CANCELLED). @rev: 0 for any. What is so already is no
 * error and no event. Cancelling is always allowed; open attempts are then cancelled at their provider by the janitor.
 */
RelayLinkRecord *relay_links_decide (RelayStore *store, const RelayScope *scope, const CobroId *id, gint64 rev,
                                     CobroDecision decision, GError **error);
/* @token: (nullable): the new one; NULL makes one. The old one answers "replaced" at once. */
RelayLinkRecord *relay_links_replace_token (RelayStore *store, const RelayScope *scope, const CobroId *id,
                                            const CobroToken *token, CobroToken *out_token, GError **error);

/* One pushed operation, parsed. Lent. */
typedef struct
{
  const char *op_id; /* ≤ 64 visible ASCII */
  gint64 seq;
  const char *kind; /* "link.put", "invoice.send" …: relay-push.c has the table; others are rejected and kept */
  const char *id;
  gint64 base_rev;
  const char *edited;        /* (nullable) JSON */
  CobroLink *link;           /* link.put */
  CobroToken token;          /* link.put and invoice.put (first sight), link.token */
  CobroMerchant *merchant;   /* merchant.put */
  CobroCustomer *customer;   /* customer.put */
  CobroInvoice *invoice;     /* invoice.put */
  const char *to;            /* (nullable) invoice.send: another address than the buyer's */
  CobroRecord *record;       /* payment.record */
  CobroProduct *product;     /* product.put */
  CobroRecurring *recurring; /* recurring.put */
  const char *media_type;    /* logo.put; "" and no bytes: none any more */
  GBytes *logo;
  const GError *refused; /* (nullable) the body did not parse: rejected with this reason and path */
} RelayPushOperation;

/* Its result. */
typedef struct
{
  RelayOperationResult result;
  char *current; /* (nullable) conflict: {"rev", "document", "edited"} as it is here, JSON */
} RelayPushResult;
void relay_push_result_free (RelayPushResult *result);

/**
 * relay_links_push:
 * @operations: (element-type RelayPushOperation): in order; at most 500
 * @out_expected_seq: (out): what this device's next operation must be numbered
 *
 * Applies them in one commit, each in its own savepoint, by the rules of src/sync/README.md.
 *
 * Returns: (transfer full) (element-type RelayPushResult): one each, in order; %NULL only when the books failed
 */
GPtrArray *relay_links_push (RelayStore *store, const RelayScope *scope, const CobroId *device_id,
                             GPtrArray *operations, gint64 *out_expected_seq, GError **error);
