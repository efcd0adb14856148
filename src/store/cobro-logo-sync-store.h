/* src/store/cobro-logo-sync-store.h — the merchant's picture, between this computer and the relay.
 * Layer: store; every function runs inside a job. */
#pragma once
#include "cobro-store.h"

/* What operations of it are about: as the profile, it has no id. */
#define COBRO_LOGO_OBJECT ""

/* Queues it, if there is one. */
gboolean cobro_logo_sync_publish (CobroStoreTx *tx, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the profile names a picture that is not here. */
gboolean cobro_logo_sync_is_missing (CobroStoreTx *tx, gboolean *out_missing, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes over the relay's; what is no picture is left out. */
gboolean cobro_logo_sync_take (CobroStoreTx *tx, GBytes *picture, GError **error) G_GNUC_WARN_UNUSED_RESULT;
