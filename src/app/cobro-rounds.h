/* src/app/cobro-rounds.h — the businesses that are not open are heard of too: their books are opened in turn, made the
 * same as their relay's, and closed again. Layer: app. Main thread; the waiting is done on the threads of the books. */
#pragma once
#include "cobro-bookshelf.h"
#include "cobro-context.h"

G_BEGIN_DECLS

#define COBRO_TYPE_ROUNDS (cobro_rounds_get_type ())
G_DECLARE_FINAL_TYPE (CobroRounds, cobro_rounds, COBRO, ROUNDS, GObject)

/* Signals: "paid" (id of the business, CobroLinks, CobroPayment) and "news" (id, CobroLinks, GPtrArray of CobroMatter)
 * say what happened in books that are not open; what they hand out is lent. */

CobroRounds *cobro_rounds_new (CobroBookshelf *bookshelf);
/* From now on: a round soon, and one every few minutes. Once is enough. */
void cobro_rounds_begin (CobroRounds *self);
/* A round at once, also of those that were put off because somebody has to do something about them. */
void cobro_rounds_now (CobroRounds *self);
/**
 * cobro_rounds_rest_async:
 *
 * Ends the visit that is under way, and begins none until cobro_rounds_go_on(): @callback comes when no books are held
 * here any more, and any may be opened. One at a time.
 */
void cobro_rounds_rest_async (CobroRounds *self, GAsyncReadyCallback callback, gpointer user_data);
void cobro_rounds_rest_finish (CobroRounds *self, GAsyncResult *result);
void cobro_rounds_go_on (CobroRounds *self);

G_END_DECLS
