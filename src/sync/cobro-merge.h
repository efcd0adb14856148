/* src/sync/cobro-merge.h — two documents that grew out of one become one again. Pure: texts in, texts out
 * (README.md, "Merge").
 * Layer: sync. Any thread. */
#pragma once
#include <glib.h>
#include "cobro-clock.h"

typedef enum
{
  COBRO_MERGE_LINK,
  COBRO_MERGE_MERCHANT,
  COBRO_MERGE_CUSTOMER,
  COBRO_MERGE_PRODUCT,
  COBRO_MERGE_RECURRING,
} CobroMergeKind;

/* One side: its document and when its members were last edited (JSON; NULL or "{}": not known). */
typedef struct
{
  const char *document;
  const char *edited;
} CobroMergeSide;

/* A value that both sides changed and that did not win. */
typedef struct
{
  const char *member; /* static */
  char *value;        /* JSON text */
  gboolean ours;      /* it was ours */
} CobroMergeLoss;

typedef struct
{
  char *document;    /* without token, in the form that the wire writes */
  char *edited;      /* JSON */
  GPtrArray *losses; /* (element-type CobroMergeLoss) */
  gboolean copy;     /* ours differs in the money of a published link: it must live on as a copy of its own */
} CobroMergeResult;
void cobro_merge_result_free (CobroMergeResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroMergeResult, cobro_merge_result_free)

/**
 * cobro_merge:
 * @base: (nullable): what both started from; %NULL: not known, then whatever differs was changed by both
 * @theirs: the relay's: where no last writer may win, it stands
 *
 * Returns: (transfer full): or %NULL with %COBRO_ERROR_INVALID when a document cannot be read
 */
CobroMergeResult *cobro_merge (CobroMergeKind kind, const char *base, const CobroMergeSide *ours,
                               const CobroMergeSide *theirs, GError **error);

/* (transfer full) @edited after a document went from @before to @after at @now: every member that differs was edited
 * then, or a microsecond after its last edit if the clock went back. */
char *cobro_merge_stamp (CobroMergeKind kind, const char *edited, const char *before, const char *after, CobroTime now);
