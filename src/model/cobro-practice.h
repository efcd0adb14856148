/* src/model/cobro-practice.h — practice mode: a relay of the merchant's own on this computer, with pretended payments.
 * Starts `cobro-relay demo`, reads what it prints, and stops it when the window goes. Layer: model. Main thread. */
#pragma once
#include <gio/gio.h>

G_BEGIN_DECLS

#define COBRO_TYPE_PRACTICE (cobro_practice_get_type ())
G_DECLARE_FINAL_TYPE (CobroPractice, cobro_practice, COBRO, PRACTICE, GObject)

/**
 * cobro_practice_new:
 * @program: the relay's path
 * @data: the folder where the practice relay keeps its books; made when needed
 */
CobroPractice *cobro_practice_new (const char *program, const char *data);

/**
 * cobro_practice_start_async:
 * @port: the port it had before; 0: any free one. A port that was taken meanwhile is an error, so that links shared
 *   before keep their address
 *
 * Starts the relay and waits until it serves. Does nothing when it runs already.
 */
void cobro_practice_start_async (CobroPractice *self, guint16 port, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
/* Errors: COBRO_ERROR_UNAVAILABLE when the program is missing or did not start; its own words are in the message. */
gboolean cobro_practice_start_finish (CobroPractice *self, GAsyncResult *result, GError **error);

/* Asks it to end (SIGTERM). It is also told when @self goes. */
void cobro_practice_stop (CobroPractice *self);
/* The same, and waits until it has ended: its files and its port are free. */
void cobro_practice_stop_async (CobroPractice *self, GAsyncReadyCallback callback, gpointer user_data);
void cobro_practice_stop_finish (CobroPractice *self, GAsyncResult *result);
gboolean cobro_practice_is_running (CobroPractice *self);
/* Lent, "" before it serves: "http://127.0.0.1:40123" and the one-time pairing code that it printed. */
const char *cobro_practice_get_address (CobroPractice *self);
const char *cobro_practice_get_code (CobroPractice *self);
guint16 cobro_practice_get_port (CobroPractice *self);

G_END_DECLS
