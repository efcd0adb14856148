/* relay/providers/relay-adapter.h — how the adapters of real companies are made: pure functions over bytes. An adapter
 * says which HTTP request comes next and what the answers mean; the runner (relay-adapter.c) does the I/O: connections,
 * deadlines, base addresses, what a lost answer means. Retries, metrics, traces and the breaker are around it
 * (relay-provider.c, relay/checkout). Layer: relay/providers. Any thread. */
#pragma once
#include "cobro-net-client.h"
#include "cobro-wire.h"
#include "relay-provider.h"

/* What is wanted of the provider. */
typedef enum
{
  RELAY_TALK_BEGIN,         /* intent → begun */
  RELAY_TALK_QUERY,         /* target → fact */
  RELAY_TALK_CANCEL,        /* target → fact */
  RELAY_TALK_REFUND,        /* target, amount, key → fact */
  RELAY_TALK_QUERY_REFUND,  /* target, refund_id or key → fact */
  RELAY_TALK_QUERY_DISPUTE, /* target → fact */
  RELAY_TALK_LIST,          /* since, cursor → listing */
  RELAY_TALK_TEST,          /* → words */
} RelayTalkKind;

/* One HTTP request, made by an adapter. */
typedef struct
{
  const char *method;       /* static: "GET", "POST" … */
  char *path;               /* owned: "/v1/payment_intents?limit=100"; put behind the base address */
  GPtrArray *headers;       /* (element-type utf8) owned: name, value, name, value */
  const char *content_type; /* (nullable) static */
  char *body;               /* (nullable) owned */
  gboolean safe;            /* changes nothing there: losing the answer leaves nothing open */
  gboolean keyed; /* carries a key by which a second one like it does nothing: may go over a kept connection */
} RelayAsk;
/* For the adapters: method, path (transfer full) and whether it is safe. */
void relay_ask_set (RelayAsk *ask, const char *method, char *take_path, gboolean safe);
void relay_ask_add_header (RelayAsk *ask, const char *name, const char *value);
/* "Authorization: Basic base64(user:password)". */
void relay_ask_add_basic (RelayAsk *ask, const char *user, const char *password);
/* (transfer full) @body: application/json, application/x-www-form-urlencoded … */
void relay_ask_set_body (RelayAsk *ask, const char *content_type, char *take_body);

/* One conversation: what is wanted, what has been said, and in the end the result. */
typedef struct
{
  RelayTalkKind kind;
  const RelayAccount *account;
  const RelayIntent *intent; /* BEGIN */
  const RelayTarget *target; /* QUERY, CANCEL, REFUND, QUERY_REFUND, QUERY_DISPUTE */
  CobroMoney amount;         /* REFUND */
  const char *key;           /* REFUND; QUERY_REFUND with refund_id "" */
  const char *refund_id;     /* QUERY_REFUND */
  CobroTime since;           /* LIST */
  const char *cursor;        /* LIST (nullable) */
  CobroTime now;

  guint step;     /* answers heard so far: 0 when next() is called first */
  char *notes[4]; /* owned by the talk: what the adapter wants to remember between its steps */
  gboolean acted; /* set by the adapter: an earlier call has happened there, so what gets lost from now on is open */

  RelayBegun *begun; /* results, of which one is filled: freed by the runner unless handed on */
  CobroFact *fact;
  RelayListing *listing;
  char *words;
} RelayTalk;

typedef enum
{
  RELAY_TALK_FAILED, /* error is set */
  RELAY_TALK_ASK,    /* ask is filled: send it and come back with the answer */
  RELAY_TALK_DONE,   /* the result is in the talk */
} RelayTalkStep;

/* An adapter: what a provider is, without I/O. Nothing in it may change; it has no state. */
typedef struct
{
  RelayProviderClass facts;          /* name, title, methods, settings, currencies, embeds, verify, read, tell,
                                        check_settings are filled; calls are the runner's */
  const char *test_base, *live_base; /* static: "https://api.stripe.com", no slash at the end */
  /* (nullable) (transfer full) (nullable) the address where it depends on the account (Openpay's countries). */
  char *(*base) (const RelayAccount *account);
  gsize answer_max;           /* bytes of an answer; 0: 1 MiB */
  gboolean has_dispute_query; /* knows RELAY_TALK_QUERY_DISPUTE */
  /* The next step. @answer: NULL at first, then to what was asked last. Any status is an answer. Pure: depends on its
   * arguments only. Errors as the calls of RelayProviderClass say: PROVIDER refused (nothing happened), UNAVAILABLE
   * (429, 503: nothing happened), NOT_FOUND, NO_ANSWER (unknown what happened). */
  RelayTalkStep (*next) (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error);
} RelayAdapterClass;

typedef struct
{
  CobroClock *clock;
  CobroRandom *random;
  const char *stand_in;        /* (nullable) address that stands in for the provider's, for test accounts only
                                  (--provider-base); copied */
  CobroNetTransport transport; /* (nullable) carries requests instead of the network: simulation, tests */
  gpointer transport_data;
} RelayAdapterConfig;

/* (transfer full) @class is lent for ever. */
RelayProvider *relay_adapter_new (const RelayAdapterClass *class, const RelayAdapterConfig *config);

/* ── For the adapters ───────────────────────────────────────────────────────────────────────────────────────── */

/* (transfer full) a fact of this account; event id "<object>/<state>": the same state said twice is one fact. */
CobroFact *relay_adapter_fact (const RelayAccount *account, CobroFactKind kind, const char *object_id,
                               const char *state);
/* The usual meaning of a status that is not 2xx: 429 and 503 UNAVAILABLE; other 5xx and 1xx NO_ANSWER (UNAVAILABLE when
 * @safe); 404 NOT_FOUND; everything else PROVIDER. @words: the provider's own (nullable), put into the message: at most
 * 200 characters of one line. Always FALSE. */
gboolean relay_adapter_refuse (guint status, gboolean safe, const char *words, GError **error);
/* The body as a JSON object; %COBRO_ERROR_NO_ANSWER when it is none ("… answered nonsense"). @name: the provider's. */
CobroWireObject *relay_adapter_parse (const char *name, const CobroNetAnswer *answer, GError **error);
/* The same for a body that is an array: an object with the one member "list". */
CobroWireObject *relay_adapter_parse_list (const char *name, const CobroNetAnswer *answer, GError **error);
/* A name or value that the provider may not know, put into a path: percent-encoded. (transfer full) */
char *relay_adapter_escape (const char *text);
/* Lenient reading of what providers write: a missing or null member, or one of another type, is "". A number becomes
 * its text. (transfer full) */
char *relay_adapter_text (CobroWireObject *object, const char *key);
/* A whole number, also as text ("412"); FALSE when it is none. */
gboolean relay_adapter_int64 (CobroWireObject *object, const char *key, gint64 *out_value);
/* TRUE for true, "true" and 1. */
gboolean relay_adapter_bool (CobroWireObject *object, const char *key);
/* (transfer full) (nullable) an object; NULL for everything else ([] for an empty one). */
CobroWireObject *relay_adapter_object (CobroWireObject *object, const char *key);
/* (transfer full) the objects of an array; empty when it is none, or holds anything else. Never NULL. */
GPtrArray *relay_adapter_objects (CobroWireObject *object, const char *key);
/* RFC 3339 with any offset, or seconds since 1970; 0 when it is neither. */
CobroTime relay_adapter_time (CobroWireObject *object, const char *key);
/* (transfer none) a setting of the account; "" when it is not set. */
const char *relay_account_get (const RelayAccount *account, const char *name);
/* (transfer none) (nullable) a header of a webhook, by its lower-case name. */
const char *relay_adapter_header (GHashTable *headers, const char *lower_case_name);
/* Appends "name=value" to a form, percent-encoded, with '&' between. */
void relay_form_add (GString *form, const char *name, const char *value);
void relay_form_add_int64 (GString *form, const char *name, gint64 value);
/* TRUE when @text is the lower-case hex of @mac, compared in constant time. */
gboolean relay_adapter_hex_equal (const char *text, const guint8 *mac, gsize length);
