/* src/store/cobro-store.h — the merchant's books: one SQLite file, one thread that writes it and one that reads it, and
 * a signal that says what has changed. The nouns (links, payments, …) have files of their own beside this one.
 * Layer: store. Lives on the main context it was opened on; answers come there. Functions that say so may be called
 * from any thread. */
#pragma once
#include <gio/gio.h>
#include "cobro-civil.h"
#include "cobro-customer.h"
#include "cobro-db.h"
#include "cobro-invoice.h"
#include "cobro-link.h"
#include "cobro-merchant.h"
#include "cobro-payment.h"
#include "cobro-product.h"
#include "cobro-record.h"
#include "cobro-recurring.h"
#include "cobro-refund.h"

/* How nouns become the text that is stored and pushed, and back. Given by the layer that knows the wire format
 * (cobro_sync_codec()), so that this one does not. All give what they return away; readers return NULL with an error.
 */
typedef struct
{
  char *(*write_link) (const CobroLink *link, gboolean with_token);
  CobroLink *(*read_link) (const char *document, GError **error);
  char *(*write_customer) (const CobroCustomer *customer);
  CobroCustomer *(*read_customer) (const char *document, GError **error);
  char *(*write_merchant) (const CobroMerchant *merchant);
  CobroMerchant *(*read_merchant) (const char *document, GError **error);
  CobroPayment *(*read_payment) (const char *document, GError **error);
  CobroRefund *(*read_refund) (const char *document, GError **error);
  char *(*write_payment) (const CobroPayment *payment);
  char *(*write_invoice) (const CobroInvoice *invoice, gboolean with_token);
  CobroInvoice *(*read_invoice) (const char *document, GError **error);
  char *(*write_product) (const CobroProduct *product);
  CobroProduct *(*read_product) (const char *document, GError **error);
  char *(*write_recurring) (const CobroRecurring *recurring);
  CobroRecurring *(*read_recurring) (const char *document, GError **error);
  char *(*write_record) (const CobroRecord *record);
  CobroRecord *(*read_record) (const char *document, GError **error);
  /* {"to": …}; NULL: the buyer. */
  char *(*write_send) (const char *to);
  /* The edit times of a document's members (@edited, JSON) after it went from @before to @after at @now. */
  char *(*stamp_edits) (const char *edited, const char *before, const char *after, CobroTime now);
} CobroStoreCodec;

typedef struct
{
  const char *path; /* of the books; its folder is made (0700) when missing */
  CobroClock *clock;
  CobroRandom *random;
  const CobroStoreCodec *codec; /* static */
} CobroStoreConfig;

#define COBRO_TYPE_STORE (cobro_store_get_type ())
G_DECLARE_FINAL_TYPE (CobroStore, cobro_store, COBRO, STORE, GObject)

/**
 * cobro_store_open:
 *
 * Opens or makes the books and brings them up to date; before that a copy is kept beside them ("….before-N").
 *
 * Returns: (transfer full): or %NULL with %COBRO_ERROR_BUSY (another Cobro has them open), _NEWER_SCHEMA, _CORRUPT,
 * _IO, _UNAVAILABLE (disk full)
 */
CobroStore *cobro_store_open (const CobroStoreConfig *config, GError **error);
/* The same without waiting: the disk works on another thread. @config is not needed any more when it returns. */
void cobro_store_open_async (const CobroStoreConfig *config, GAsyncReadyCallback callback, gpointer user_data);
CobroStore *cobro_store_open_finish (GAsyncResult *result, GError **error);
/* Finishes what is queued and closes the file; who asks later is told that the books are closed. Called by dispose as
 * well. */
void cobro_store_close (CobroStore *self);
/* The same without waiting: @callback comes when the file is free. */
void cobro_store_close_async (CobroStore *self, GAsyncReadyCallback callback, gpointer user_data);
void cobro_store_close_finish (CobroStore *self, GAsyncResult *result);

/* What somebody wrote: the user, or the sync engine. */
typedef enum
{
  COBRO_STORE_LINKS = 1 << 0,
  COBRO_STORE_PAYMENTS = 1 << 1,
  COBRO_STORE_EVENTS = 1 << 2,
  COBRO_STORE_CUSTOMERS = 1 << 3,
  COBRO_STORE_MERCHANT = 1 << 4,
  COBRO_STORE_OUTBOX = 1 << 5, /* the number of things waiting to be uploaded */
  COBRO_STORE_PAIRING = 1 << 6,
  COBRO_STORE_INVOICES = 1 << 7,
  COBRO_STORE_PRODUCTS = 1 << 8,
  COBRO_STORE_RECURRING = 1 << 9,
} CobroStoreKinds;

/* Payload of the signal "changed": void (*) (CobroStore *, const CobroStoreChange *, gpointer). */
typedef struct
{
  guint kinds;      /* CobroStoreKinds */
  GArray *links;    /* (element-type gint64) rows of the links that are new or other than before */
  GArray *invoices; /* (element-type gint64) the same of invoices */
  gboolean all;     /* so many that they are not listed: read everything anew */
  GPtrArray *paid;  /* (element-type CobroPayment) payments that have just succeeded, each told once, ever */
} CobroStoreChange;
#define COBRO_TYPE_STORE_CHANGE (cobro_store_change_get_type ())
GType cobro_store_change_get_type (void);

/* Lent: the file of the books. Any thread. */
const char *cobro_store_get_path (CobroStore *self);
/* The clock and randomness of the books. Any thread. */
CobroClock *cobro_store_get_clock (CobroStore *self);
CobroRandom *cobro_store_get_random (CobroStore *self);

/* The merchant's time zone, static. Any thread. */
const char *cobro_store_get_zone (CobroStore *self);
/* The civil date in the merchant's time zone. Any thread; from memory. */
CobroDay cobro_store_today (CobroStore *self);

/* Small things to remember, by name. NULL removes. Any thread; waits. */
char *cobro_store_dup_setting (CobroStore *self, const char *name, GError **error);
gboolean cobro_store_set_setting (CobroStore *self, const char *name, const char *value,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A consistent copy of the books in a new file. */
void cobro_store_backup_async (CobroStore *self, const char *path, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
gboolean cobro_store_backup_finish (CobroStore *self, GAsyncResult *result, GError **error);

/* ── For the nouns of this layer and for sync ────────────────────────────────────────────────────────────────────── */

/* What a job works with; alive during the job. Writing jobs are one transaction. */
typedef struct
{
  CobroDb *db;
  CobroTime now;
  CobroDay today;   /* in the merchant's zone */
  const char *zone; /* the merchant's, static */
  CobroClock *clock;
  CobroRandom *random;
  const CobroStoreCodec *codec;
  CobroStoreChange *change; /* what will be told after the commit; NULL while reading */
  gint64 unlearned;         /* links from this row on are not in the search yet; 0: all are */
} CobroStoreTx;

/* Runs on a thread of the store. NULL with @error fails (and undoes) the job; NULL alone may be a result. */
typedef gpointer (*CobroStoreWork) (CobroStoreTx *tx, gpointer data, GError **error);

/* Queues @work. @data is freed by @free_data; the result is for _finish, or is freed by @free_result. */
void cobro_store_write_async (CobroStore *self, CobroStoreWork work, gpointer data, GDestroyNotify free_data,
                              GDestroyNotify free_result, GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data);
void cobro_store_read_async (CobroStore *self, CobroStoreWork work, gpointer data, GDestroyNotify free_data,
                             GDestroyNotify free_result, GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data);
gpointer cobro_store_finish (CobroStore *self, GAsyncResult *result, GError **error);
/* The same, waiting. Any thread but the store's own. */
gpointer cobro_store_write (CobroStore *self, CobroStoreWork work, gpointer data, GError **error);
gpointer cobro_store_read (CobroStore *self, CobroStoreWork work, gpointer data, GError **error);
/* In a writing job: link (invoice) number @row is not what it was. */
void cobro_store_tx_touch_link (CobroStoreTx *tx, gint64 row);
void cobro_store_tx_touch_invoice (CobroStoreTx *tx, gint64 row);
