/* relay/checkout/relay-push.c — what desktops push, by the rules of src/sync/README.md: in order, each operation in its
 * own savepoint, each with exactly one stored result, all in one commit. Layer: relay/checkout. The transaction runs on
 * the writer's thread. */
#include "cobro-error.h"
#include "cobro-wire-customer.h"
#include "cobro-wire-link.h"
#include "cobro-wire-merchant.h"
#include "relay-links-private.h"
#include "relay-links.h"
#include "relay-push-private.h"

typedef struct
{
  const RelayScope *scope;
  const CobroId *device_id;
  GPtrArray *operations;
  GPtrArray *results; /* (out) (element-type RelayPushResult) */
  gint64 expected;    /* (out) */
} Push;

void
relay_push_result_free (RelayPushResult *result)
{
  if (result == NULL)
    return;
  relay_operation_result_clear (&result->result);
  g_free (result->current);
  g_free (result);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayPushResult, relay_push_result_free)

static void
say (RelayPushResult *result, const char *word, gint64 rev)
{
  relay_operation_result_clear (&result->result);
  result->result.result = g_strdup (word);
  result->result.rev = rev;
}

gboolean
relay_push_applied (RelayPushResult *result, gint64 rev)
{
  say (result, "applied", rev);
  return TRUE;
}

static void
rejected (RelayPushResult *result, const GError *error)
{
  say (result, "rejected", 0);
  result->result.reason = g_strdup (error->message);
  result->result.path = g_strdup (cobro_error_get_path (error));
  if (error->domain == COBRO_ERROR)
    result->result.code = g_strdup (cobro_error_code_name (error->code));
}

/* {"rev", "document", "edited"}: what the desktop merges with. */
gboolean
relay_push_conflict (RelayPushResult *result, gint64 rev, const char *document, const char *edited)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  say (result, "conflict", rev);
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_int64 (writer, "rev", rev);
  cobro_wire_put_raw (writer, "document", document);
  if (edited != NULL)
    cobro_wire_put_raw (writer, "edited", edited);
  cobro_wire_end_object (writer);
  g_free (result->current);
  result->current = cobro_wire_writer_take (writer);
  return TRUE;
}

/* What is not there is no error here: the operation makes it. */
static gboolean
forgive_not_found (GError **failure, GError **error)
{
  if (g_error_matches (*failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (failure));
  return FALSE;
}

/* ── Kinds ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
make_link (RelayTx *tx, const RelayScope *scope, const RelayPushOperation *operation, RelayPushResult *result,
           GError **error)
{
  g_autoptr (CobroLink) link = cobro_link_copy (operation->link);
  g_autoptr (RelayLinkRecord) record = NULL;

  if (!cobro_token_is_set (&operation->token))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "token", "is required for a link that is new here");
  link->rev = operation->base_rev + 1;
  link->token = COBRO_TOKEN_NONE;
  link->livemode = scope->livemode;
  if (link->created_at == 0)
    link->created_at = tx->now;
  if (link->updated_at == 0)
    link->updated_at = tx->now;
  return relay_links_insert (tx, scope, link, &operation->token, operation->edited, &record, error) &&
         relay_push_applied (result, link->rev);
}

static gboolean
change_link (RelayTx *tx, RelayLinkRecord *record, const RelayPushOperation *operation, RelayPushResult *result,
             GError **error)
{
  const CobroLink *from = record->link;
  g_autoptr (CobroLink) to = NULL;

  if (!relay_links_check_own (record, error))
    return FALSE;
  to = cobro_link_copy (operation->link);
  to->token = COBRO_TOKEN_NONE;
  to->livemode = from->livemode;
  to->created_at = from->created_at;
  if (relay_links_is_same (from, to))
    return relay_push_applied (result, from->rev);
  if (operation->base_rev < from->rev)
    {
      g_autofree char *document = cobro_wire_link_to_document (from, FALSE);
      return relay_push_conflict (result, from->rev, document, record->edited);
    }
  to->rev = operation->base_rev + 1;
  if (to->updated_at == 0)
    to->updated_at = tx->now;
  return relay_links_put_over (tx, record, to, operation->edited, error) && relay_push_applied (result, to->rev);
}

static gboolean
put_link (RelayTx *tx, const RelayScope *scope, const RelayPushOperation *operation, RelayPushResult *result,
          GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (RelayLinkRecord) record = relay_link_find (tx->db, scope, &operation->link->id, &failure);

  if (record != NULL)
    return change_link (tx, record, operation, result, error);
  return forgive_not_found (&failure, error) && make_link (tx, scope, operation, result, error);
}

static gboolean
put_token (RelayTx *tx, const RelayScope *scope, const RelayPushOperation *operation, RelayPushResult *result,
           GError **error)
{
  CobroId id = COBRO_ID_NONE;
  g_autoptr (RelayLinkRecord) record = NULL, holder = NULL;
  gboolean replaced = FALSE;

  if (!cobro_id_parse (COBRO_ID_LINK, operation->id, &id, error) ||
      !(record = relay_link_find (tx->db, scope, &id, error)))
    return FALSE;
  holder = relay_link_find_by_token (tx->db, operation->token.text, &replaced, NULL);
  if (holder != NULL && holder->row == record->row && !replaced)
    return relay_push_applied (result, record->link->rev);
  return relay_links_put_token (tx, record, &operation->token, error) && relay_push_applied (result, record->link->rev);
}

static char *
merchant_document (const CobroMerchant *merchant, gint64 rev, CobroTime created_at, CobroTime updated_at)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  CobroMerchant twin = *merchant; /* lends its strings */

  twin.rev = rev;
  twin.created_at = created_at;
  twin.updated_at = updated_at;
  cobro_wire_merchant_write (writer, NULL, &twin);
  return cobro_wire_writer_take (writer);
}

static gboolean
put_merchant (RelayTx *tx, const RelayScope *scope, const RelayPushOperation *operation, RelayPushResult *result,
              GError **error)
{
  CobroMerchant *to = operation->merchant;
  g_autofree char *edited = NULL, *before = NULL, *after = NULL;
  g_autoptr (CobroMerchant) from = relay_merchant_find (tx->db, &scope->merchant_id, &edited, error);

  if (from == NULL)
    return FALSE;
  if (!cobro_id_equal (&to->id, &scope->merchant_id))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "id", "is another merchant's");
  before = merchant_document (from, from->rev, from->created_at, from->updated_at);
  after = merchant_document (to, from->rev, from->created_at, from->updated_at);
  if (g_str_equal (before, after))
    return relay_push_applied (result, from->rev);
  if (operation->base_rev < from->rev)
    return relay_push_conflict (result, from->rev, before, edited);
  to->rev = operation->base_rev + 1;
  to->created_at = from->created_at;
  if (to->updated_at == 0)
    to->updated_at = tx->now;
  return cobro_merchant_validate (to, error) && relay_merchant_update (tx, to, operation->edited, error) &&
         relay_push_applied (result, to->rev);
}

static char *
customer_document (const CobroCustomer *customer, gint64 rev, CobroTime created_at, CobroTime updated_at)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  CobroCustomer twin = *customer; /* lends its strings */

  twin.rev = rev;
  twin.created_at = created_at;
  twin.updated_at = updated_at;
  cobro_wire_customer_write (writer, NULL, &twin);
  return cobro_wire_writer_take (writer);
}

static gboolean
put_customer (RelayTx *tx, const RelayScope *scope, const RelayPushOperation *operation, RelayPushResult *result,
              GError **error)
{
  CobroCustomer *to = operation->customer;
  g_autoptr (GError) failure = NULL;
  g_autofree char *edited = NULL, *before = NULL, *after = NULL;
  g_autoptr (CobroCustomer) from = relay_customer_find (tx->db, &scope->merchant_id, &to->id, &edited, &failure);

  if (from == NULL && !forgive_not_found (&failure, error))
    return FALSE;
  if (from != NULL)
    {
      before = customer_document (from, from->rev, from->created_at, from->updated_at);
      after = customer_document (to, from->rev, from->created_at, from->updated_at);
      if (g_str_equal (before, after))
        return relay_push_applied (result, from->rev);
      if (operation->base_rev < from->rev)
        return relay_push_conflict (result, from->rev, before, edited);
    }
  to->rev = operation->base_rev + 1;
  return cobro_customer_validate (to, error) &&
         relay_customer_put (tx, &scope->merchant_id, to, operation->edited, error) &&
         relay_push_applied (result, to->rev);
}

static const struct
{
  const char *name;
  RelayPushKind put;
} kinds[] = {
  { "link.put", put_link },
  { "link.token", put_token },
  { "merchant.put", put_merchant },
  { "customer.put", put_customer },
  { "invoice.put", relay_push_invoice },
  { "invoice.send", relay_push_invoice_send },
  { "invoice.remind", relay_push_invoice_remind },
  { "payment.record", relay_push_record },
  { "product.put", relay_push_product },
  { "recurring.put", relay_push_recurring },
  { "logo.put", relay_push_logo },
};

static gboolean
put_by_kind (RelayTx *tx, const RelayScope *scope, const RelayPushOperation *operation, RelayPushResult *result,
             GError **error)
{
  if (operation->refused != NULL)
    {
      g_propagate_error (error, g_error_copy (operation->refused));
      return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (operation->kind, kinds[i].name))
      return kinds[i].put (tx, scope, operation, result, error);
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, "kind", "this relay does not know \"%.64s\"", operation->kind);
}

/* ── One operation, and all ─────────────────────────────────────────────────────────────────────────────────── */

/* The document breaks a rule, or the disk does: only the first is an answer. */
static gboolean
is_answer (const GError *error)
{
  static const CobroError codes[] = { COBRO_ERROR_INVALID, COBRO_ERROR_OVERFLOW, COBRO_ERROR_CURRENCY,
                                      COBRO_ERROR_EXISTS,  COBRO_ERROR_STATE,    COBRO_ERROR_NOT_FOUND };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (error, COBRO_ERROR, (int)codes[i]))
      return TRUE;
  return FALSE;
}

/* Applies in a savepoint of its own: a rejected operation leaves nothing but its result. */
static gboolean
apply (RelayTx *tx, Push *push, const RelayPushOperation *operation, RelayPushResult *result, GError **error)
{
  g_autoptr (GError) failure = NULL;

  if (!cobro_db_savepoint (tx->db, error))
    return FALSE;
  if (put_by_kind (tx, push->scope, operation, result, &failure))
    {
      if (!cobro_db_release (tx->db, error))
        return FALSE;
    }
  else
    {
      cobro_db_rollback_savepoint (tx->db);
      if (!is_answer (failure))
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      rejected (result, failure);
    }
  return relay_operation_insert (tx, &push->scope->merchant_id, push->device_id, operation->op_id, operation->seq,
                                 operation->kind, &result->result, error);
}

static void
out_of_order (RelayPushResult *result, const char *reason)
{
  say (result, "rejected", 0);
  result->result.path = g_strdup ("seq");
  result->result.reason = g_strdup (reason);
}

/* @stopped: (inout) (nullable): why nothing more of this batch is taken. */
static gboolean
take_one (RelayTx *tx, Push *push, const RelayPushOperation *operation, RelayPushResult *result, const char **stopped,
          GError **error)
{
  RelayOperationPlace place = RELAY_OPERATION_NEXT;

  if (*stopped != NULL)
    {
      out_of_order (result, *stopped);
      return TRUE;
    }
  if (!relay_operation_place (tx->db, &push->scope->merchant_id, push->device_id, operation->op_id, operation->seq,
                              &place, &result->result, error))
    return FALSE;
  switch (place)
    {
    case RELAY_OPERATION_NEXT:
      return apply (tx, push, operation, result, error);
    case RELAY_OPERATION_KNOWN:
      /* What the desktop merges with is not kept with the result; asking again writes nothing, since revisions only
       * grow. */
      return !g_str_equal (result->result.result, "conflict") ||
             put_by_kind (tx, push->scope, operation, result, error);
    case RELAY_OPERATION_GAP:
    case RELAY_OPERATION_REUSED:
      *stopped = place == RELAY_OPERATION_GAP ? "sequence_gap" : "sequence_reused";
      out_of_order (result, *stopped);
      return TRUE;
    }
  g_return_val_if_reached (FALSE);
}

static gboolean
push_work (RelayTx *tx, gpointer data, GError **error)
{
  Push *push = data;
  const char *stopped = NULL;

  g_ptr_array_set_size (push->results, 0);
  for (guint i = 0; i < push->operations->len; i++)
    {
      RelayPushResult *result = g_new0 (RelayPushResult, 1);

      g_ptr_array_add (push->results, result);
      if (!take_one (tx, push, push->operations->pdata[i], result, &stopped, error))
        return FALSE;
    }
  return relay_operation_expected (tx->db, &push->scope->merchant_id, push->device_id, &push->expected, error);
}

GPtrArray *
relay_links_push (RelayStore *store, const RelayScope *scope, const CobroId *device_id, GPtrArray *operations,
                  gint64 *out_expected_seq, GError **error)
{
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_push_result_free);
  Push push = { .scope = scope, .device_id = device_id, .operations = operations, .results = results };

  if (!relay_store_write_for (store, &scope->merchant_id, push_work, &push, error))
    return NULL;
  *out_expected_seq = push.expected;
  return g_steal_pointer (&results);
}
