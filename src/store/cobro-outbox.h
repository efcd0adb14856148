/* src/store/cobro-outbox.h — what must go to the relay: written in the transaction of the change, sent in order,
 * removed when the relay has answered for it (src/sync/README.md, "Push"). Layer: store; every function runs inside a
 * job. */
#pragma once
#include "cobro-store.h"

/* One operation. */
typedef struct
{
  char *op_id;
  gint64 seq;      /* of this device; the same however often it is sent */
  char *kind;      /* "link.put" … */
  char *object_id; /* "": the merchant */
  gint64 base_rev;
  char *body;   /* JSON */
  char *edited; /* JSON */
} CobroOperation;
void cobro_operation_free (CobroOperation *operation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroOperation, cobro_operation_free)

/**
 * cobro_outbox_put:
 * @due: not to be sent before this time; 0: at once
 *
 * Queues an operation. One of the same kind and object that was never sent is replaced by it.
 */
gboolean cobro_outbox_put (CobroStoreTx *tx, const char *kind, const char *object_id, const char *body,
                           const char *edited, CobroTime due, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Queues a command: none takes the place of another, except that the same one twice, never sent, is one. */
gboolean cobro_outbox_add (CobroStoreTx *tx, const char *kind, const char *object_id, const char *body,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes back what was never sent of @kind for an object. @out_left: whether something of it was sent (optional). */
gboolean cobro_outbox_take_back (CobroStoreTx *tx, const char *kind, const char *object_id, gboolean *out_sent,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* How many operations wait; -1 with an error. */
gint64 cobro_outbox_count (CobroStoreTx *tx, GError **error);

/**
 * cobro_outbox_take:
 * @limit: at most so many operations
 * @max_bytes: of their bodies together; one that is larger alone still goes, alone
 * @out_next_due: (out): when the next one that is held back may go; 0: none is
 *
 * What is to be sent now, in order: first what was sent before and not answered, then new operations, which get their
 * numbers and base revisions here, for ever. One operation per object at a time.
 *
 * Returns: (transfer full) (element-type CobroOperation): may be empty
 */
GPtrArray *cobro_outbox_take (CobroStoreTx *tx, guint limit, gsize max_bytes, CobroTime *out_next_due, GError **error);

/* The relay has answered for it. */
gboolean cobro_outbox_remove (CobroStoreTx *tx, const char *op_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Numbers are given anew from @next_seq on: another device, or a relay that lost some. */
gboolean cobro_outbox_renumber (CobroStoreTx *tx, gint64 next_seq, GError **error) G_GNUC_WARN_UNUSED_RESULT;
