/* relay/store/relay-product-store.c — products.
 * Layer: relay/store. */
#include "relay-product-store.h"

#include "cobro-wire-product.h"
#include "relay-event-store.h"
#include "relay-row.h"

gboolean
relay_product_put (RelayTx *tx, const CobroId *merchant_id, const CobroProduct *product, const char *edited,
                   GError **error)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *document = NULL;
  g_autoptr (CobroDbStatement) statement =
    cobro_db_prepare (tx->db,
                      "INSERT INTO product (merchant_id, id, rev, document, edited, updated_at) VALUES (:merchant, "
                      ":id, :rev, :document, :edited, :now) ON CONFLICT (merchant_id, id) DO UPDATE SET rev = :rev, "
                      "document = :document, edited = :edited, updated_at = :now",
                      error);

  if (statement == NULL)
    return FALSE;
  cobro_wire_product_write (writer, NULL, product);
  document = cobro_wire_writer_take (writer);
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_id (statement, ":id", &product->id);
  cobro_db_bind_int64 (statement, ":rev", product->rev);
  cobro_db_bind_text (statement, ":document", document);
  cobro_db_bind_text (statement, ":edited", edited);
  cobro_db_bind_int64 (statement, ":now", tx->now);
  return cobro_db_run (statement, error) &&
         relay_event_append_both (tx, merchant_id, COBRO_EVENT_PRODUCT_UPDATED, &product->id, document, error);
}

CobroProduct *
relay_product_find (CobroDb *db, const CobroId *merchant_id, const CobroId *id, char **out_edited, GError **error)
{
  g_autoptr (CobroWireObject) object = NULL;
  g_autoptr (CobroProduct) product = NULL;
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (
    db, "SELECT rev, document, edited FROM product WHERE merchant_id = :merchant AND id = :id", error);

  if (statement == NULL)
    return NULL;
  cobro_db_bind_id (statement, ":merchant", merchant_id);
  cobro_db_bind_id (statement, ":id", id);
  if (!relay_row_found (statement, "product", error) ||
      !(object = cobro_wire_parse (cobro_db_column_text (statement, "document"), -1, error)) ||
      !(product = cobro_wire_product_parse (object, error)))
    return NULL;
  product->rev = cobro_db_column_int64 (statement, "rev");
  if (out_edited != NULL)
    *out_edited = relay_row_dup_text (statement, "edited");
  return g_steal_pointer (&product);
}
