/* relay/relay-app.h — composition: opens the data folder and builds store, providers, checkout, pages and server from a
 * configuration. It holds no behaviour of its own. Layer: relay (composition). Thread: main. */
#pragma once
#include "relay-config.h"
#include "relay-store.h"

/**
 * relay_app_open_store:
 * @read_only: look at books that a running relay may have open
 *
 * Opens the data folder's database; for writing, the folder is made and the schema migrated.
 *
 * Returns: (transfer full): or %NULL with the store's error
 */
RelayStore *relay_app_open_store (const RelayConfig *config, gboolean read_only, GError **error);

/* Called on the main thread when the relay serves: where, and on which books. FALSE with @error stops it again. */
typedef gboolean (*RelayAppOnReady) (gpointer data, const char *public_url, RelayStore *store, GError **error);

/**
 * relay_app_serve:
 * @config: validated; the public URL is filled in when it was left open and the port is known
 *
 * Serves until SIGTERM or SIGINT, then finishes what runs (≤ 20 s) and closes.
 *
 * Returns: %TRUE after a clean end; else %FALSE with an error whose path is "listen" where the address was the trouble
 */
gboolean relay_app_serve (RelayConfig *config, RelayAppOnReady on_ready, gpointer data, GError **error);

/* The key-encryption key is gone for good: makes a new one, and new data keys for everybody. */
gboolean relay_app_replace_lost_key (const RelayConfig *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * relay_app_ask_providers:
 * @rounds: at most so many that have no list to read; it ends when a round finds nothing to do
 *
 * On books that came back from a copy and that nobody has open: asks the providers about everything that is open and
 * reads their lists, as the running relay does, makes anew what was ours, but serves and sends nothing.
 *
 * Returns: %FALSE with the store's error; a provider that does not answer is no error here
 */
gboolean relay_app_ask_providers (const RelayConfig *config, guint rounds, GError **error) G_GNUC_WARN_UNUSED_RESULT;
