/* src/sync/cobro-relay-client.h — the relay's HTTP contract as calls: requests out, typed answers in (README.md).
 * Layer: sync. Calls wait; one client per thread. */
#pragma once
#include <gio/gio.h>
#include "cobro-link.h"
#include "cobro-merchant.h"
#include "cobro-net-client.h"

typedef struct _CobroRelayClient CobroRelayClient;

/* @address: "https://pay.example", without a slash at the end. @device_key: (nullable): before pairing. */
CobroRelayClient *cobro_relay_client_new (const char *address, const char *device_key);
/* The same through a client of the caller's, which is taken. */
CobroRelayClient *cobro_relay_client_new_over (CobroNetClient *take_net, const char *address, const char *device_key);
void cobro_relay_client_free (CobroRelayClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroRelayClient, cobro_relay_client_free)

/* All calls fail with G_IO_ERROR_CANCELLED, with COBRO_ERROR_NO_ANSWER (path: the stage that failed), or with what the
 * relay said: UNAUTHORIZED, FORBIDDEN, GONE, TOO_LARGE, PROTOCOL, RATE_LIMITED, UNAVAILABLE, INVALID, NOT_FOUND; its
 * words are the message. Something that is no relay's answer is NO_ANSWER with the path "envelope". */

/* Seconds that the relay asked to wait with its last answer (Retry-After); 0: it said nothing. */
guint cobro_relay_client_get_retry_after (CobroRelayClient *client);

typedef struct
{
  CobroTime timestamp; /* the relay's clock */
  gint64 protocol;
  gboolean mail; /* it sends mails */
} CobroRelayHealth;
gboolean cobro_relay_client_health (CobroRelayClient *client, CobroRelayHealth *out_health, GCancellable *cancellable,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a pairing gives. */
typedef struct
{
  CobroId device_id;
  char *device_key;
  CobroMerchant *merchant;
  gboolean livemode;
  gint64 protocol;
  char *public_url;
  GPtrArray *gateways; /* (element-type utf8) */
  guint methods;       /* CobroMethods; unknown names are left out */
  gboolean mail;       /* it sends mails */
} CobroRelayPairing;
void cobro_relay_pairing_free (CobroRelayPairing *pairing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroRelayPairing, cobro_relay_pairing_free)
CobroRelayPairing *cobro_relay_client_pair (CobroRelayClient *client, const char *code, const char *device_name,
                                            GCancellable *cancellable, GError **error);

typedef enum
{
  COBRO_PUSH_APPLIED,
  COBRO_PUSH_MERGED,
  COBRO_PUSH_CONFLICT,
  COBRO_PUSH_REJECTED,
} CobroPushOutcome;

/* The answer to one operation. */
typedef struct
{
  char *op_id;
  CobroPushOutcome outcome;
  gint64 rev;
  char *reason, *path; /* REJECTED; else "" */
  gint64 current_rev;  /* MERGED, CONFLICT */
  char *current;       /* (nullable) JSON of the relay's document */
  char *edited;        /* (nullable) JSON */
} CobroPushResult;

typedef struct
{
  gint64 expected_seq;
  GPtrArray *results; /* (element-type CobroPushResult) */
} CobroPushAnswer;
void cobro_push_answer_free (CobroPushAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroPushAnswer, cobro_push_answer_free)
/* @operations: (element-type CobroOperation) */
CobroPushAnswer *cobro_relay_client_push (CobroRelayClient *client, GPtrArray *operations, GCancellable *cancellable,
                                          GError **error);

/* One event as it came: also of a type that this program does not know. */
typedef struct
{
  gint64 sequence;
  char *id, *type, *object, *hash, *previous_hash;
  CobroTime occurred_at;
} CobroRelayEvent;
/* (transfer full) (element-type CobroRelayEvent) what comes after @after, at most @limit; waits up to @wait seconds for
 * something to come. */
GPtrArray *cobro_relay_client_pull (CobroRelayClient *client, gint64 after, guint limit, guint wait,
                                    GCancellable *cancellable, GError **error);

/* The token of a link that was made elsewhere. NOT_FOUND also when the relay does not tell it. */
gboolean cobro_relay_client_get_token (CobroRelayClient *client, const CobroId *link_id, CobroToken *out_token,
                                       GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) the merchant's picture; NOT_FOUND: there is none. */
GBytes *cobro_relay_client_get_logo (CobroRelayClient *client, GCancellable *cancellable, GError **error);
