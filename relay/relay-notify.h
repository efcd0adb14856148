/* relay/relay-notify.h — what a service manager (systemd, Type=notify) wants to hear: ready, stopping, still alive.
 * Without one nothing is sent. Layer: relay (composition). Thread: main. */
#pragma once
#include "relay-store.h"

/* One datagram, see sd_notify(3): "READY=1", "STOPPING=1". */
void relay_notify (const char *state);

/**
 * relay_notify_start_watchdog:
 * @store: whose writer has to answer
 *
 * Where the service manager watches (WATCHDOG_USEC), says twice in that time that we live, each time after a
 * transaction that changes nothing has gone through the writer's whole queue: a relay that cannot commit is not alive.
 *
 * Returns: a source of the main context for g_source_remove(), or 0 when nobody watches
 */
guint relay_notify_start_watchdog (RelayStore *store);
