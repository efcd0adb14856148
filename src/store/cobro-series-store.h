/* src/store/cobro-series-store.h — the numbers that this computer gives out: one series per kind of document (and year,
 * where the pattern has one), without gaps, given in the issuing transaction.
 * Layer: store. Main context, unless a function takes a CobroStoreTx. */
#pragma once
#include "cobro-invoice.h"
#include "cobro-series.h"
#include "cobro-store.h"

/* How documents of one kind are numbered here now. */
typedef struct
{
  CobroInvoiceKind kind;
  char *prefix;   /* this computer's own, in front of the pattern: two computers of one merchant need different ones */
  gint64 next;    /* the sequence that comes next in today's series */
  char *preview;  /* the number it makes */
  gboolean begun; /* a number was given out of today's series */
} CobroNumbering;
void cobro_numbering_free (CobroNumbering *numbering);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroNumbering, cobro_numbering_free)

/* What comes next. @pattern: (nullable): one that is being typed; NULL: the merchant's. INVALID at "pattern". */
void cobro_series_store_peek_async (CobroStore *store, CobroInvoiceKind kind, const char *pattern,
                                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* The next sequence of today's series of the merchant's pattern; INVALID at "next" when it is not above every one that
 * was given out. */
void cobro_series_store_set_next_async (CobroStore *store, CobroInvoiceKind kind, gint64 next,
                                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* This computer's prefix, the same for all kinds: "" or at most 8 letters, digits, - . _; INVALID at "prefix". A new
 * prefix has series of its own, from 1. @kind: what the answer is about. */
void cobro_series_store_set_prefix_async (CobroStore *store, CobroInvoiceKind kind, const char *prefix,
                                          GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* All three finish with this: how it is now. */
CobroNumbering *cobro_series_store_finish (CobroStore *store, GAsyncResult *result, GError **error);

/* ── Inside a writing job ───────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  char *number;
  char *series;
  gint64 sequence;
} CobroGivenNumber;
void cobro_given_number_clear (CobroGivenNumber *given);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CobroGivenNumber, cobro_given_number_clear)
/* Takes the next number of @merchant's pattern. COBRO_ERROR_STATE at "issueDate": @today is before the date of the
 * last one. A number that is in the books already (another computer's, or an imported one) is passed over. */
gboolean cobro_series_store_take (CobroStoreTx *tx, const CobroMerchant *merchant, CobroInvoiceKind kind,
                                  CobroDay today, CobroGivenNumber *out_given,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
