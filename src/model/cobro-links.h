/* src/model/cobro-links.h — the merchant's links as a service: make, change, decide, look up. Writes go to the
 * books off the main thread; whatever changed, from here or from the relay, reaches every item that somebody holds.
 * Layer: model. Main thread. */
#pragma once
#include <gio/gio.h>
#include "cobro-link-item.h"
#include "cobro-row-list.h"
#include "cobro-undo.h"

G_BEGIN_DECLS

#define COBRO_TYPE_LINKS (cobro_links_get_type ())
G_DECLARE_FINAL_TYPE (CobroLinks, cobro_links, COBRO, LINKS, CobroRowSource)

/* Signals, apart from the source's:
 * "link-changed" (char *id): something about this link, its payments or its history.
 * "paid" (CobroPayment *payment, a pointer): money arrived; once per payment, ever.
 * "failed" (char *what, GError *error): something that nobody waits for went wrong. */

/* Keeps @store. */
CobroLinks *cobro_links_new (CobroStore *store);
/* Lent. */
CobroStore *cobro_links_get_store (CobroLinks *self);
CobroUndo *cobro_links_get_undo (CobroLinks *self);
CobroTime cobro_links_get_now (CobroLinks *self);
/* ── Lists ── */

/* (transfer full) of CobroLinkItem: all links, newest first. */
CobroRowList *cobro_links_list (CobroLinks *self);
/* Asks such a list for something else. */
void cobro_links_ask (CobroLinks *self, CobroRowList *list, const char *search, CobroLinkFilter filter,
                      CobroLinkSort sort, gboolean descending);

/* Whether the books hold any link. */
gboolean cobro_links_get_any (CobroLinks *self);

/**
 * cobro_links_create_async:
 * @draft: what the merchant decided; id, token and times are given by the books
 *
 * The link, its token and its address are final when this returns, with or without a network.
 */
void cobro_links_create_async (CobroLinks *self, const CobroLink *draft, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full) */
CobroLinkItem *cobro_links_create_finish (CobroLinks *self, GAsyncResult *result, GError **error);

/* Writes a changed copy of a link and remembers how to take that back. COBRO_ERROR_STATE where it may not change any
 * more. */
void cobro_links_change_async (CobroLinks *self, const CobroLink *changed, const char *done_text,
                               GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean cobro_links_change_finish (CobroLinks *self, GAsyncResult *result, GError **error);

/* Gives the link a new token: the old address answers "replaced" as soon as the relay knows. Cannot be taken back.
 * Failures are announced by "failed". */
void cobro_links_replace_token (CobroLinks *self, const char *id);
/* The person has read what a conflict did. Failures are announced by "failed". */
void cobro_links_mark_seen (CobroLinks *self, const char *id);

/* (transfer full) one link, live for as long as somebody holds it. */
void cobro_links_load_async (CobroLinks *self, const char *id, GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data);
CobroLinkItem *cobro_links_load_finish (CobroLinks *self, GAsyncResult *result, GError **error);

/**
 * cobro_links_decide:
 * @ids: %NULL-terminated
 * @decision: paused, active (resume) or cancelled
 * @done_text: what the person reads when it is done: "Link paused"
 *
 * Decides about all of them, and remembers one undo step that puts every one back to what it was. Failures are
 * announced by "failed"; what succeeded stays.
 */
void cobro_links_decide (CobroLinks *self, const char *const *ids, CobroDecision decision, const char *done_text);
/* Whether @decision is something one may do with the link now. */
gboolean cobro_links_may_decide (CobroLinkItem *item, CobroDecision decision);

G_END_DECLS
