/* relay/api/relay-api-dyn.h — what the handlers of the card-and-link API (DYN) share: the access token that getData
 * gives and every further call brings, the keys behind it, and the shape of the answers.
 * Layer: relay/api (private). Request threads. */
#pragma once
#include "cobro-wire-jwe.h"
#include "relay-api-common.h"

/* How long an access token may be used. */
#define RELAY_DYN_TOKEN_LIFE COBRO_HOUR

/* Who pays what: an access token that was checked, and the link it is for. */
typedef struct
{
  RelayLinkRecord *link; /* owned */
  CobroToken ref;        /* the link's token, as in the access token */
} RelayDynAccess;
void relay_dyn_access_clear (RelayDynAccess *access);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RelayDynAccess, relay_dyn_access_clear)

/**
 * relay_dyn_access_check:
 *
 * The request's "Authorization: Bearer <access token>": signature, algorithm, times, claims, and that the stored link
 * is still the one it was given for: its token not replaced, its id and payer's address the same. Whether the link can
 * be paid is another question: relay_checkout_check_open().
 *
 * Returns: %FALSE with %COBRO_ERROR_UNAUTHORIZED, _NOT_FOUND, _GONE (replaced) or _RATE_LIMITED
 */
gboolean relay_dyn_access_check (const RelayContext *context, RelayRequest *request, RelayDynAccess *out_access,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) an access token for whoever has the link's token @ref. @out_expires: when it is over. */
char *relay_dyn_access_make (const RelayContext *context, const RelayLinkRecord *link, const char *ref,
                             CobroTime *out_expires, GError **error);

/* (transfer full) (element-type CobroWireJweKey) the relay's keys for encrypted payloads, the present one first. */
GPtrArray *relay_dyn_list_keys (const RelayContext *context);

/* (transfer full) what DYN calls the transaction of a link: a UUID (RFC 9562, version 8), the same for ever. */
char *relay_dyn_transaction_id (const RelayContext *context, const CobroId *link_id);
/* (transfer full) "CARD,CRYPTO": what @methods allows of DYN's two modes. */
char *relay_dyn_modes (guint methods);

/* What the next payment of @link is about: all, or the rest where parts were paid; unset where the payer decides. */
gboolean relay_dyn_get_due (const RelayContext *context, const RelayLinkRecord *link, CobroMoney *out_due,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* An answer: {"message": …, "data": {…}}. Begin it, write the members of data, take it. */
CobroWireWriter *relay_dyn_answer_begin (const char *message);
char *relay_dyn_answer_take (CobroWireWriter *writer); /* (transfer full) the text */
