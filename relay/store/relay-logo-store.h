/* relay/store/relay-logo-store.h — the picture on a merchant's documents. Layer: relay/store. */
#pragma once
#include "relay-store.h"

#define RELAY_LOGO_MAX (256 * 1024)

/* Checks that @bytes are what @media_type ("image/png", "image/jpeg") says, by their first bytes, and keeps them in the
 * place of the one before. FALSE with COBRO_ERROR_INVALID at "mediaType" or "data". */
gboolean relay_logo_put (RelayTx *tx, const CobroId *merchant_id, const char *media_type, GBytes *bytes,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* There is none any more. */
gboolean relay_logo_remove (RelayTx *tx, const CobroId *merchant_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) NULL with COBRO_ERROR_NOT_FOUND. @out_media_type: (optional). */
GBytes *relay_logo_find (CobroDb *db, const CobroId *merchant_id, char **out_media_type, GError **error);
