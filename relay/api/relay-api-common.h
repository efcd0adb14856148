/* relay/api/relay-api-common.h — what the handlers of all resources share: whose request it is, strict queries and
 * bodies, the /v1 shape of a link. Layer: relay/api (private). Request threads, except where a comment says otherwise.
 */
#pragma once
#include "relay-api.h"
#include "relay-link-store.h"

/* Room for flags of our own in RelayRoute.flags: what a key must be allowed to do; one of several is enough. */
#define RELAY_API_MAY_LINKS     (1 << 16)
#define RELAY_API_MAY_PAYMENTS  (1 << 17)
#define RELAY_API_MAY_SYNC      (1 << 18)
#define RELAY_API_MAY_REFUNDS   (1 << 19)
#define RELAY_API_MAY_PAY       (1 << 20) /* begin and cancel payments */
#define RELAY_API_MAY_PROVIDERS (1 << 23) /* accounts at payment providers */
#define RELAY_API_MAY_WEBHOOKS  (1 << 24)
#define RELAY_API_MAY_INVOICES  (1 << 25)
#define RELAY_API_MAY_KEYS      (1 << 21) /* API keys, devices, limits */

#define RELAY_API_JSON "application/json"

/* Whose data the key opens, and test or live. */
RelayScope relay_api_scope (const RelayRequest *request);
/* (transfer full) (nullable) a day since 1970 as a date; NULL for 0. */
char *relay_api_dup_day (gint64 day);
/* The device that asks; FALSE with COBRO_ERROR_FORBIDDEN when an API key asks. @error may be NULL. */
gboolean relay_api_device (const RelayRequest *request, CobroId *out_device, GError **error);

/* FALSE with COBRO_ERROR_INVALID at the first query parameter that is not in @names (NULL-terminated). */
gboolean relay_api_check_query (RelayRequest *request, const char *const *names,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* For commands that take nothing: no body, or an empty JSON object. */
gboolean relay_api_check_no_body (RelayRequest *request, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The problem, and when trying again makes sense: @wait seconds, 0 for what the problem table says. */
RelayReply *relay_api_refuse_for_now (RelayRequest *request, const GError *error, gint64 wait);
/* If-Match where it is optional: 0 when absent. */
gboolean relay_api_get_revision (RelayRequest *request, gint64 *out_rev, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full) "https://pay.example/pay/<token>". Any thread. */
char *relay_api_link_url (const RelayContext *context, const CobroToken *token);
/* Writes the /v1 Link. @token: (nullable): for the url; shown itself when @with_token. Any thread. */
void relay_api_write_link (const RelayContext *context, CobroWireWriter *writer, const char *key,
                           const RelayLinkRecord *record, const CobroToken *token, gboolean with_token, CobroTime now);
/* (transfer full) the /v1 Link with its url; devices see the token, too (src/sync/README.md, "Pull"). */
char *relay_api_link_to_json (const RelayContext *context, const RelayRequest *request, const RelayLinkRecord *record);

/* (transfer full) the present link {id} of the path; NULL with COBRO_ERROR_NOT_FOUND, also for malformed ids. */
RelayLinkRecord *relay_api_find_link (const RelayContext *context, RelayRequest *request, GError **error);

/* The link of a public token. Unknown, malformed and foreign tokens are one and the same COBRO_ERROR_NOT_FOUND, and
 * cost a rate-limited token of the caller (then COBRO_ERROR_RATE_LIMITED); replaced ones are COBRO_ERROR_GONE. */
RelayLinkRecord *relay_api_find_token (const RelayContext *context, RelayRequest *request, const char *token,
                                       GError **error);
/* Counts one miss of this address; says NOT_FOUND or RATE_LIMITED. Always FALSE. */
gboolean relay_api_miss (RelayRequest *request, GError **error);
/* The lanes of an attempt to pay: address, link, merchant; tighter while cards are being tested. */
gboolean relay_api_limit_attempt (RelayContext *context, RelayRequest *request, const RelayLinkRecord *record,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A payment failed, and the payer who is here was told so: ten in an hour from one address are enough. */
void relay_api_note_failure (RelayRequest *request, const CobroId *merchant_id);
/* A token that no link has; an alarm when everybody together guesses too fast. */
void relay_api_note_miss (RelayRequest *request);
/* Whether this link's merchant is being used to test cards: then the page asks once more. */
gboolean relay_api_is_wary (RelayContext *context, RelayRequest *request, const RelayLinkRecord *record);
/* (transfer full) what the second press of the button has to carry. @payer: the browser's key. */
char *relay_api_make_confirmation (RelayContext *context, RelayRequest *request, const RelayLinkRecord *record,
                                   const char *payer);
gboolean relay_api_is_confirmed (RelayContext *context, RelayRequest *request, const RelayLinkRecord *record,
                                 const char *payer, const char *code);

/* (transfer full) (nullable) the payer's key from the cookie. */
char *relay_api_get_payer (RelayRequest *request);
/* TRUE for 48 lower-case hex digits. */
gboolean relay_api_is_payer (const char *text);
/* Gives the browser its key, for pages below @path. */
void relay_api_set_payer (const RelayContext *context, RelayReply *reply, const char *payer, const char *path);
/* How a payment stands, in one line for people (INV-5, DYN-6). */
const char *relay_api_payment_words (CobroPaymentState state);
