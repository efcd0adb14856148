/* relay/relay-app.h — composition: opens the data folder and builds store, providers, checkout, pages and server from a
 * configuration. It holds no behaviour of its own. Layer: relay (composition). Thread: main. */
#pragma once
#include "cobro-clock.h"
#include "cobro-random.h"
#include "relay-config.h"
#include "relay-store.h"

typedef struct _RelayApp RelayApp;

/**
 * relay_app_open_store:
 *
 * Opens the data folder's database for writing, migrated: for commands, and as the first step of serving. The folder is
 * made when it is not there; another process that has it open is an error.
 *
 * Returns: (transfer full): or %NULL; the error's path is "data" when the folder itself is the trouble
 */
RelayStore *relay_app_open_store (const RelayConfig *config, CobroClock *clock, CobroRandom *random, GError **error);

/* What is told when the relay serves. Text lives as long as the call. */
typedef struct {
  const char *url;            /* where it listens */
  const char *public_url;
  RelayStore *store;
} RelayAppReady;

/* Called on the main thread when the relay serves; FALSE with @error stops it again. */
typedef gboolean (*RelayAppOnReady) (gpointer data, const RelayAppReady *ready, GError **error);

/**
 * relay_app_serve:
 * @demo: turn on the mock gateway for every test merchant
 *
 * Serves until SIGTERM or SIGINT, then finishes what runs (≤ 20 s) and closes.
 *
 * Returns: %TRUE after a clean end; else %FALSE with an error whose path is "listen", "data" or unset
 */
gboolean relay_app_serve (RelayConfig *config, gboolean demo, RelayAppOnReady on_ready, gpointer data, GError **error);
