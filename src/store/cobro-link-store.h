/* src/store/cobro-link-store.h — links in the books: writing them (with what must be uploaded, in one transaction), and
 * lists of a million of them.
 * Layer: store. Main context, unless a function takes a CobroStoreTx (then on the store's thread). */
#pragma once
#include "cobro-link-status.h"
#include "cobro-store.h"

/* One state per record, in the order of what the user must know first. */
typedef enum
{
  COBRO_RECORD_LIVE,     /* the relay has it as it is here */
  COBRO_RECORD_WAITING,  /* waiting to be uploaded */
  COBRO_RECORD_REJECTED, /* the relay refused it: reason and path say why. Until it is edited */
  COBRO_RECORD_CONFLICT, /* changed elsewhere too; merged, or a copy was made. Until it was seen */
  COBRO_RECORD_SAMPLE,   /* sample data: never uploaded */
} CobroRecordState;

/* One link as the books have it. */
typedef struct
{
  gint ref_count;       /* private */
  gint64 row;           /* number in the books: stable, grows; what lists are made of */
  CobroLink *link;      /* whole, with its token if it is known here; link->rev is the relay's, 0: never seen there */
  CobroLinkTally tally; /* for cobro_link_view() */
  CobroRecordState state;
  char *reason; /* REJECTED, CONFLICT: in words, else "" */
  char *path;   /* REJECTED: the field, else "" */
} CobroLinkRecord;
CobroLinkRecord *cobro_link_record_ref (CobroLinkRecord *record);
void cobro_link_record_unref (CobroLinkRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroLinkRecord, cobro_link_record_unref)

/* ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* What a write did: enough to show it and to take it back. */
typedef struct
{
  CobroLinkRecord *record;
  CobroLink *before; /* NULL: the link is new */
} CobroLinkChange;
void cobro_link_change_free (CobroLinkChange *change);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroLinkChange, cobro_link_change_free)

/**
 * cobro_link_store_put_async:
 * @link: what the merchant wants. Without id it is a new link: id, token and times are given to it
 *
 * Fails with %COBRO_ERROR_INVALID (path), _STATE (a cancelled link …), _EXISTS (path "reference": another link has it).
 * The link goes up when the relay can be reached; a cancellation after %COBRO_LINK_UNDO_TIME, so that it can be undone.
 */
void cobro_link_store_put_async (CobroStore *store, const CobroLink *link, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
CobroLinkChange *cobro_link_store_put_finish (CobroStore *store, GAsyncResult *result, GError **error);
#define COBRO_LINK_UNDO_TIME (10 * COBRO_SECOND)

/* Pause, resume, cancel. Finish with cobro_link_store_put_finish(). */
void cobro_link_store_decide_async (CobroStore *store, const CobroId *id, CobroDecision decision,
                                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* A new token: the old URL is dead once this is uploaded. Finish with cobro_link_store_put_finish(). */
void cobro_link_store_replace_token_async (CobroStore *store, const CobroId *id, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
/**
 * cobro_link_store_undo_async:
 * @before: (nullable): what an earlier change gave: the link is put back to it. %NULL: the change made the link
 * @id: the link
 *
 * A new link that was not uploaded is removed; an uploaded one is cancelled. Token replacements cannot be undone
 * (%COBRO_ERROR_STATE), nor can a cancellation that has been uploaded. Finish with cobro_link_store_put_finish(),
 * whose record is %NULL when the link was removed.
 */
void cobro_link_store_undo_async (CobroStore *store, const CobroId *id, const CobroLink *before,
                                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* The user has seen the conflict. Finish with cobro_link_store_put_finish(). */
void cobro_link_store_mark_seen_async (CobroStore *store, const CobroId *id, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);

/* ── Lists ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Statuses are those of cobro_link_view() at the query's time. */
typedef enum
{
  COBRO_LINK_FILTER_ALL,
  COBRO_LINK_FILTER_OPEN,
  COBRO_LINK_FILTER_PAID,    /* paid or overpaid */
  COBRO_LINK_FILTER_WAITING, /* waiting to be uploaded */
  COBRO_LINK_FILTER_SCHEDULED,
  COBRO_LINK_FILTER_PAUSED,
  COBRO_LINK_FILTER_EXPIRED,
  COBRO_LINK_FILTER_USED_UP,
  COBRO_LINK_FILTER_CANCELLED,
  COBRO_LINK_FILTER_DRAFT,
  COBRO_LINK_FILTER_ATTENTION, /* flagged, rejected, or in conflict */
} CobroLinkFilter;
#define COBRO_LINK_N_FILTERS (COBRO_LINK_FILTER_ATTENTION + 1)

typedef enum
{
  COBRO_LINK_SORT_CREATED,
  COBRO_LINK_SORT_TITLE, /* case does not count; by the letters' code points */
  COBRO_LINK_SORT_REFERENCE,
  COBRO_LINK_SORT_AMOUNT, /* what one use costs, in major units whatever the currency */
  COBRO_LINK_SORT_STATUS, /* cobro_link_view()'s status, then newest first */
} CobroLinkSort;

typedef struct
{
  const char *search; /* NULL or words: every one begins a word of title, reference, description or customer */
  CobroLinkFilter filter;
  CobroLinkSort sort;
  gboolean descending;
  CobroTime now; /* statuses at this time; 0: the store's clock */
} CobroLinkQuery;

/* (element-type gint64) the rows of all links of the query, in order. 8 MB for a million. @limit 0: all. */
void cobro_link_store_list_async (CobroStore *store, const CobroLinkQuery *query, guint limit,
                                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GArray *cobro_link_store_list_finish (CobroStore *store, GAsyncResult *result, GError **error);
/* (element-type CobroLinkRecord) the links of @n (≤ 512) rows, in that order; NULL for one that is gone. */
void cobro_link_store_load_rows_async (CobroStore *store, const gint64 *rows, gsize n, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cobro_link_store_load_rows_finish (CobroStore *store, GAsyncResult *result, GError **error);

/* What a window needs to be painted. */
typedef struct
{
  GArray *rows;       /* (element-type gint64) the first ones */
  GPtrArray *records; /* (element-type CobroLinkRecord) of these */
  gint64 total;       /* how many the whole list has; -1 where that takes longer than the page */
} CobroLinkPage;
void cobro_link_page_free (CobroLinkPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroLinkPage, cobro_link_page_free)
/* (transfer full) waits; for the first frame. @limit ≤ 512. */
CobroLinkPage *cobro_link_store_first_page (CobroStore *store, const CobroLinkQuery *query, guint limit,
                                            GError **error);

typedef struct
{
  gint64 n[COBRO_LINK_N_FILTERS];
} CobroLinkCounts;
/* How many links each filter has; free with g_free(). */
void cobro_link_store_count_async (CobroStore *store, CobroTime now, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
CobroLinkCounts *cobro_link_store_count_finish (CobroStore *store, GAsyncResult *result, GError **error);

/* How many active links can be paid through the provider @gateway and no other. -1 with an error. */
void cobro_link_count_gateway_async (CobroStore *store, const char *gateway, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
gint64 cobro_link_count_gateway_finish (CobroStore *store, GAsyncResult *result, GError **error);

/* One link; COBRO_ERROR_NOT_FOUND. */
void cobro_link_store_load_async (CobroStore *store, const CobroId *id, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
CobroLinkRecord *cobro_link_store_load_finish (CobroStore *store, GAsyncResult *result, GError **error);

/* ── Inside a job ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* (transfer full) NULL with COBRO_ERROR_NOT_FOUND. */
CobroLinkRecord *cobro_link_store_find (CobroStoreTx *tx, const CobroId *id, GError **error);
/* (transfer full) as cobro_link_store_put_async(). */
CobroLinkChange *cobro_link_store_put (CobroStoreTx *tx, const CobroLink *link, GError **error);
/* One of a batch (cobro-store-batch.h): a new link, which is given id, token and times. */
gboolean cobro_link_store_take (CobroStoreTx *tx, gpointer link, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* COBRO_ERROR_EXISTS (path "reference") when another link has its reference. */
gboolean cobro_link_store_check (CobroStoreTx *tx, gpointer link, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) as cobro_link_store_replace_token_async(). */
CobroLinkChange *cobro_link_store_replace_token (CobroStoreTx *tx, const CobroId *id, GError **error);
/* (transfer full) as cobro_link_store_undo_async(). */
CobroLinkChange *cobro_link_store_undo (CobroStoreTx *tx, const CobroId *id, const CobroLink *before, GError **error);
/* (transfer full) (element-type gint64). */
GArray *cobro_link_store_list (CobroStoreTx *tx, const CobroLinkQuery *query, guint limit, GError **error);
gboolean cobro_link_store_count (CobroStoreTx *tx, CobroTime now, CobroLinkCounts *out_counts,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
