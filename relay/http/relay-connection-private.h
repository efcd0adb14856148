/* relay/http/relay-connection-private.h — between the reading and the writing half of a connection.
 * Layer: relay/http, private. Listener thread only. */
#pragma once
#include "relay-connection.h"

/* Starts (or restarts) a deadline; a connection has one at most. */
void relay_connection_wait (RelayConnection *self, RelayWait wait);
void relay_connection_wait_no_more (RelayConnection *self);
/* Sends, parks or streams; takes the reply. Afterwards the state says what comes next. */
void relay_connection_answer (RelayConnection *self, RelayReply *take_reply);
/* Answers bytes that are no request, then closes slowly. */
void relay_connection_refuse (RelayConnection *self, guint status, const char *reason);
/* "100 Continue" */
void relay_connection_write_continue (RelayConnection *self);
/* Sends what the socket did not take before. */
void relay_connection_flush (RelayConnection *self);
/* Does nothing unless it is parked. */
void relay_connection_unpark (RelayConnection *self);
