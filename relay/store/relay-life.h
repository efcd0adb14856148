/* relay/store/relay-life.h — who has the books open: one row per process, so that the next one knows whether somebody
 * was killed. On PostgreSQL several are open at once; each holds a lock that ends with its session.
 * Layer: relay/store, private to it. */
#pragma once
#include "relay-store.h"

/* Whether somebody opened the books and ended without closing them. */
gboolean relay_life_was_killed (CobroDb *db, gboolean *out_killed, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Notes that we have the books open now, and that those who were killed have not. @db keeps our lock: on PostgreSQL it
 * must stay open for as long as we live. In no transaction. */
gboolean relay_life_begin (CobroDb *db, CobroTime now, gint64 *out_row, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* After @db had to connect anew: takes the lock again. */
gboolean relay_life_hold (CobroDb *db, gint64 row, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* In a transaction: the books are closed properly. */
gboolean relay_life_end (CobroDb *db, gint64 row, CobroTime now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
