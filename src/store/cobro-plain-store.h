/* src/store/cobro-plain-store.h — what customers, products and schedules have in common: a document that the relay
 * takes, refuses, or has another version of, and that merges field by field.
 * Layer: store; every function runs inside a writing job. */
#pragma once
#include "cobro-store.h"

typedef enum
{
  COBRO_PLAIN_CUSTOMER,
  COBRO_PLAIN_PRODUCT,
  COBRO_PLAIN_RECURRING,
} CobroPlain;

/* FALSE: no noun of this layer is pushed as @kind ("product.put"). */
gboolean cobro_plain_from_kind (const char *kind, CobroPlain *out_plain);
/* The relay has taken @document as revision @rev: the base of whatever was written here since. */
gboolean cobro_plain_sync_applied (CobroStoreTx *tx, CobroPlain plain, const char *id, gint64 rev, const char *document,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The relay refused it: shown until it is edited. */
gboolean cobro_plain_sync_rejected (CobroStoreTx *tx, CobroPlain plain, const char *id, const char *reason,
                                    const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Documents for the merge; (transfer full); @out_base is NULL when it is not known. */
gboolean cobro_plain_sync_sides (CobroStoreTx *tx, CobroPlain plain, const char *id, char **out_ours, char **out_base,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Another desktop wrote it, as the relay tells: taken where it is newer. What was written here and waits stays as it
 * is: pushing it brings both together. */
gboolean cobro_plain_sync_heard (CobroStoreTx *tx, CobroPlain plain, const char *id, const char *theirs, gint64 rev,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The outcome of a merge: stored, and queued unless it is @theirs. */
gboolean cobro_plain_sync_merged (CobroStoreTx *tx, CobroPlain plain, const char *id, const char *merged,
                                  const char *theirs, gint64 rev, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Queues all of them. */
gboolean cobro_plain_sync_publish_all (CobroStoreTx *tx, CobroPlain plain, GError **error) G_GNUC_WARN_UNUSED_RESULT;
