/* src/store/cobro-invoice-store.h — invoices and credit notes in the books: drafts, issuing (number, snapshots, link
 * and what must be uploaded, in one transaction), what is decided later, and lists of them. Layer: store. Main context,
 * unless a function takes a CobroStoreTx (then on the store's thread). */
#pragma once
#include "cobro-invoice-status.h"
#include "cobro-link-store.h"
#include "cobro-record.h"
#include "cobro-store.h"

/* One document as the books have it. Shared read-only; reference counting is atomic. */
typedef struct
{
  gint ref_count;            /* private */
  gint64 row;                /* number in the books: stable, grows; what lists are made of */
  CobroInvoice *invoice;     /* whole, with its token if it is known here; rev is the relay's, 0: never seen there */
  CobroLinkTally link_tally; /* sums over its payments */
  CobroInvoiceTally tally;   /* sent, viewed, credited */
  CobroRecordState state;    /* as a link's; a draft is LIVE: it stays here */
  char *reason;              /* REJECTED, CONFLICT: in words, else "" */
  char *path;                /* REJECTED: the field, else ""; "number": cobro_invoice_store_renumber_async() helps */
  gboolean sending;          /* a mail of it (send or remind) waits to be uploaded */
  char *problem;             /* "", or why the last mail or recorded payment failed; until the next or mark_seen */
} CobroInvoiceRecord;
CobroInvoiceRecord *cobro_invoice_record_ref (CobroInvoiceRecord *record);
void cobro_invoice_record_unref (CobroInvoiceRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroInvoiceRecord, cobro_invoice_record_unref)
/* What it is now, by the books' clock and the merchant's time zone. Any thread; from memory. */
CobroInvoiceView cobro_invoice_record_view (CobroStore *store, const CobroInvoiceRecord *record);

/* ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* What a write did. */
typedef struct
{
  CobroInvoiceRecord *record;      /* NULL: the draft was deleted */
  CobroInvoice *before;            /* NULL: it is new. Of a deleted draft: put it again to undo */
  CobroInvoiceRecord *credit_note; /* void and credit: the credit note that was issued, else NULL */
} CobroInvoiceChange;
void cobro_invoice_change_free (CobroInvoiceChange *change);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroInvoiceChange, cobro_invoice_change_free)

/**
 * cobro_invoice_store_put_async:
 * @invoice: a draft: one without id is new (id, token and times are given to it; one with an id that is not here gets
 * back what was deleted). Or an issued one with other reminders, expiry, private notes: nothing else may differ
 *
 * A draft stays in these books until it is issued; totals are computed. A changed issued document goes up.
 * COBRO_ERROR_INVALID (path), _STATE (the path names what may not change any more).
 * All writers here finish with cobro_invoice_store_finish().
 */
void cobro_invoice_store_put_async (CobroStore *store, const CobroInvoice *invoice, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full) NULL with an error. */
CobroInvoiceChange *cobro_invoice_store_finish (CobroStore *store, GAsyncResult *result, GError **error);
/* Of a draft only, else COBRO_ERROR_STATE. Undo: put change->before. */
void cobro_invoice_store_delete_async (CobroStore *store, const CobroId *id, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
/* A new draft with the same content. */
void cobro_invoice_store_duplicate_async (CobroStore *store, const CobroId *id, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);

/* What shall happen with the issue, in the same transaction. */
typedef struct
{
  CobroCustomer *customer; /* (nullable) somebody new, written first: the buyer of a draft without customer_id */
  gboolean send;           /* queue its mail … */
  const char *to;          /* … to this address; NULL: the buyer's */
} CobroInvoiceIssue;
/**
 * cobro_invoice_store_issue_async:
 * @invoice: the draft as it is in the editor: stored and issued in one transaction
 * @issue: (nullable)
 *
 * Number from this computer's own series, issue date (today in the merchant's zone), snapshots of seller and buyer,
 * totals, link, outbox: all or nothing, so that a number is used exactly when the document is there.
 * COBRO_ERROR_INVALID (path: what is missing), _STATE (issued already, or today is before the date of the last number).
 */
void cobro_invoice_store_issue_async (CobroStore *store, const CobroInvoice *invoice, const CobroInvoiceIssue *issue,
                                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/**
 * cobro_invoice_store_void_async:
 * @reason: ≤ 500 characters; the buyer sees it
 *
 * Issues the credit note over what was not credited yet, and voids the invoice. Mails of it that wait are taken back.
 * COBRO_ERROR_STATE: a draft, void already, a credit note, or money is on its way.
 */
void cobro_invoice_store_void_async (CobroStore *store, const CobroId *id, const char *reason,
                                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* Issued ↔ uncollectible. */
void cobro_invoice_store_decide_async (CobroStore *store, const CobroId *id, CobroInvoiceDecision decision,
                                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* A new token: the old URL is dead once this is uploaded. */
void cobro_invoice_store_replace_token_async (CobroStore *store, const CobroId *id, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
/* The relay refused the number (another computer gave it first): the next one of the series. Only while REJECTED at
 * "number" and never taken by the relay, else COBRO_ERROR_STATE. */
void cobro_invoice_store_renumber_async (CobroStore *store, const CobroId *id, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data);
/* Queues a mail for the relay. @to: (nullable): another address than the buyer's. INVALID at "to" without an address;
 * STATE for drafts and void ones. The same again while it waits is one mail. */
void cobro_invoice_store_send_async (CobroStore *store, const CobroId *id, const char *to, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
/* STATE: a draft, void, a credit note, or nothing is due. */
void cobro_invoice_store_remind_async (CobroStore *store, const CobroId *id, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
/**
 * cobro_invoice_store_record_async:
 * @record: money that came another way; without id it gets one; link_id: cobro_invoice_link_id(), or any other link
 *
 * At once a succeeded payment of gateway "manual" in these books; the relay is told. If it refuses, the payment becomes
 * a failed one that says why, and the invoice has a problem. COBRO_ERROR_INVALID (path), _NOT_FOUND, _STATE (a draft).
 * CREDIT: INVALID at "amount" when the customer has not so much. @change->record is NULL for a link without invoice.
 */
void cobro_invoice_store_record_async (CobroStore *store, const CobroRecord *record, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
/* The user has read problem or conflict. */
void cobro_invoice_store_mark_seen_async (CobroStore *store, const CobroId *id, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
/* One of a batch (cobro-store-batch.h). A draft is stored; one that has a number already (issued elsewhere; series ""
 * and sequence 0) is taken as issued, with token and link, and goes up. */
gboolean cobro_invoice_store_take (CobroStoreTx *tx, gpointer invoice, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* COBRO_ERROR_EXISTS (path "number") when its number is in the books. */
gboolean cobro_invoice_store_check (CobroStoreTx *tx, gpointer invoice, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ── Lists ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Statuses are those of cobro_invoice_view() on the merchant's today. */
typedef enum
{
  COBRO_INVOICE_FILTER_ALL,
  COBRO_INVOICE_FILTER_DRAFT,
  COBRO_INVOICE_FILTER_UNPAID, /* issued and something is due, overdue or not */
  COBRO_INVOICE_FILTER_OVERDUE,
  COBRO_INVOICE_FILTER_PARTLY_PAID, /* something came, something is due, overdue or not */
  COBRO_INVOICE_FILTER_PAID,        /* paid or overpaid */
  COBRO_INVOICE_FILTER_CLOSED,      /* refunded, void, uncollectible */
  COBRO_INVOICE_FILTER_CREDIT_NOTE,
  COBRO_INVOICE_FILTER_WAITING,   /* waiting to be uploaded */
  COBRO_INVOICE_FILTER_ATTENTION, /* flagged, rejected, in conflict, or with a problem */
} CobroInvoiceFilter;
#define COBRO_INVOICE_N_FILTERS (COBRO_INVOICE_FILTER_ATTENTION + 1)

typedef enum
{
  COBRO_INVOICE_SORT_CREATED, /* as they arrived */
  COBRO_INVOICE_SORT_NUMBER,  /* by the text; drafts have none and come first */
  COBRO_INVOICE_SORT_CUSTOMER,
  COBRO_INVOICE_SORT_ISSUED, /* issue date */
  COBRO_INVOICE_SORT_DUE,
  COBRO_INVOICE_SORT_TOTAL, /* in major units whatever the currency */
} CobroInvoiceSort;

typedef struct
{
  const char *search; /* NULL or words: every one begins a word of number, reference, buyer, lines or notes */
  CobroInvoiceFilter filter;
  CobroInvoiceSort sort;
  gboolean descending;
  CobroId customer_id; /* unset: all */
  CobroDay from, to;   /* issue date, both included; 0: open */
  CobroTime now;       /* 0: the store's clock */
} CobroInvoiceQuery;

/* (element-type gint64) the rows of all documents of the query, in order. @limit 0: all. */
void cobro_invoice_store_list_async (CobroStore *store, const CobroInvoiceQuery *query, guint limit,
                                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GArray *cobro_invoice_store_list_finish (CobroStore *store, GAsyncResult *result, GError **error);
/* (element-type CobroInvoiceRecord) of @n (≤ 512) rows, in that order; NULL for one that is gone. */
void cobro_invoice_store_load_rows_async (CobroStore *store, const gint64 *rows, gsize n, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *cobro_invoice_store_load_rows_finish (CobroStore *store, GAsyncResult *result, GError **error);

/* What a window needs to be painted; of every noun that has lists like this one. */
typedef struct
{
  GArray *rows;       /* (element-type gint64) the first ones */
  GPtrArray *records; /* of these */
  gint64 total;       /* how many the whole list has; -1 where that takes longer than the page */
} CobroStorePage;
void cobro_store_page_free (CobroStorePage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroStorePage, cobro_store_page_free)
/* (transfer full) (element-type CobroInvoiceRecord) waits; for the first frame. @limit ≤ 512. */
CobroStorePage *cobro_invoice_store_first_page (CobroStore *store, const CobroInvoiceQuery *query, guint limit,
                                                GError **error);

typedef struct
{
  gint64 n[COBRO_INVOICE_N_FILTERS];
} CobroInvoiceCounts;

/* One document; COBRO_ERROR_NOT_FOUND. Its timeline: cobro_timeline_list_async() with cobro_invoice_link_id(); its
 * payments: cobro_payment_store_list_async() likewise. */
void cobro_invoice_store_load_async (CobroStore *store, const CobroId *id, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
CobroInvoiceRecord *cobro_invoice_store_load_finish (CobroStore *store, GAsyncResult *result, GError **error);
/* (element-type CobroInvoiceRecord) the credit notes of an invoice, oldest first. Finish with load_rows_finish(). */
void cobro_invoice_store_list_credits_async (CobroStore *store, const CobroId *id, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);

/* ── Inside a job ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* (transfer full) NULL with COBRO_ERROR_NOT_FOUND. */
CobroInvoiceRecord *cobro_invoice_store_find (CobroStoreTx *tx, const CobroId *id, GError **error);
/* (transfer full) as the asynchronous ones. */
CobroInvoiceChange *cobro_invoice_store_put (CobroStoreTx *tx, const CobroInvoice *invoice, GError **error);
CobroInvoiceChange *cobro_invoice_store_issue (CobroStoreTx *tx, const CobroInvoice *invoice,
                                               const CobroInvoiceIssue *issue, GError **error);
CobroInvoiceChange *cobro_invoice_store_void (CobroStoreTx *tx, const CobroId *id, const char *reason, GError **error);
/* Whether a credit note over @amount could be issued now. */
gboolean cobro_invoice_store_can_credit (CobroStoreTx *tx, const CobroId *id, CobroMoney amount,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Issues a credit note over a part (@amount; unset: what is left), as with a refund. The invoice stays as it is.
 * COBRO_ERROR_INVALID at "amount": more than is left of the total. */
CobroInvoiceChange *cobro_invoice_store_credit (CobroStoreTx *tx, const CobroId *id, CobroMoney amount,
                                                const char *reason, GError **error);
CobroInvoiceChange *cobro_invoice_store_record (CobroStoreTx *tx, const CobroRecord *record, GError **error);
/* The same, but the relay is told at @due: until then it can be taken back. */
CobroInvoiceChange *cobro_invoice_store_record_later (CobroStoreTx *tx, const CobroRecord *record, CobroTime due,
                                                      GError **error);
/* As if it had never been recorded. COBRO_ERROR_STATE: the relay was told. */
gboolean cobro_invoice_store_unrecord (CobroStoreTx *tx, const CobroId *id, const CobroId *link_id,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) (element-type gint64). */
GArray *cobro_invoice_store_list (CobroStoreTx *tx, const CobroInvoiceQuery *query, guint limit, GError **error);
gboolean cobro_invoice_store_count (CobroStoreTx *tx, CobroTime now, CobroInvoiceCounts *out_counts,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
