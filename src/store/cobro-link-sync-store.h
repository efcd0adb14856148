/* src/store/cobro-link-sync-store.h — what the sync engine does to links: answers of the relay, and what its feed
 * tells. Layer: store; every function runs inside a writing job. */
#pragma once
#include "cobro-link-store.h"

/* What both sides started from, and when our members were edited: for the merge. */
typedef struct
{
  char *ours;   /* document, without token */
  char *base;   /* document at the relay's revision that we knew; NULL: it never had one */
  char *edited; /* JSON */
  gboolean waiting;
} CobroLinkSides;
void cobro_link_sides_clear (CobroLinkSides *sides);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CobroLinkSides, cobro_link_sides_clear)
/* FALSE with COBRO_ERROR_NOT_FOUND. */
gboolean cobro_link_sync_sides (CobroStoreTx *tx, const CobroId *id, CobroLinkSides *out_sides,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The relay has taken @document (without token; NULL: only the token changed) as revision @rev. */
gboolean cobro_link_sync_applied (CobroStoreTx *tx, const CobroId *id, gint64 rev, const char *document,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The relay refused it: shown until it is edited. */
gboolean cobro_link_sync_rejected (CobroStoreTx *tx, const CobroId *id, const char *reason, const char *path,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/**
 * cobro_link_sync_merged:
 * @merged: what it is now, here
 * @theirs: the relay's document, of revision @rev: the new base
 * @edited: JSON
 * @conflict: whether something was put aside that the user should see; @reason says so in words
 *
 * Stores the outcome of a merge and queues it for the relay, unless it is what the relay has.
 */
gboolean cobro_link_sync_merged (CobroStoreTx *tx, const CobroLink *merged, const char *theirs, gint64 rev,
                                 const char *edited, gboolean conflict, const char *reason,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A value that lost, or a copy that was made: kept in the link's timeline. */
gboolean cobro_link_sync_keep (CobroStoreTx *tx, const CobroId *id, const char *type, const char *member,
                               const char *other_value, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * cobro_link_sync_heard:
 * @link: as the feed tells it (without token), with the relay's revision
 * @token_replaced: the event says that its token was replaced
 *
 * Takes over a link that is new or newer at the relay. One that has changes waiting here is left as it is: the conflict
 * comes with the answer to the push.
 */
gboolean cobro_link_sync_heard (CobroStoreTx *tx, const CobroLink *link, gboolean token_replaced,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Recomputes the sums of a link after its payments changed; a link that is not here yet is left to its own event. */
gboolean cobro_link_sync_sum_up (CobroStoreTx *tx, const CobroId *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) (element-type CobroId) links whose token is not known here, at most @limit. */
GArray *cobro_link_sync_without_token (CobroStoreTx *tx, guint limit, GError **error);
/* Fills in a token that was asked for. */
gboolean cobro_link_sync_set_token (CobroStoreTx *tx, const CobroId *id, const CobroToken *token,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What was made or published while the books were paired with a practice relay since @since becomes sample data: it is
 * never uploaded to another one. */
gboolean cobro_link_sync_make_samples (CobroStoreTx *tx, CobroTime since, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Queues every link that is not a sample, as one of @livemode. @out_n: how many. */
gboolean cobro_link_sync_publish_all (CobroStoreTx *tx, gboolean livemode, gint64 *out_n,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
