/* src/store/cobro-plain-private.h — what the files of customers, products and schedules share.
 * Layer: store, private to it. */
#pragma once
#include "cobro-plain-store.h"
#include "cobro-store-private.h"

/* The row of a document that was read from text, with its words: written without looking at what it says. */
gboolean cobro_customer_row_write (CobroStoreTx *tx, const char *document, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean cobro_product_row_write (CobroStoreTx *tx, const char *document, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean cobro_recurring_row_write (CobroStoreTx *tx, const char *document, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Stores @document over what is there, keeps what both sides had alike, and queues it. */
gboolean cobro_plain_put (CobroStoreTx *tx, CobroPlain plain, const char *id, const char *document,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Columns trouble and waiting of the row that @statement stands on. */
CobroRecordState cobro_plain_read_state (CobroDbStatement *statement);
