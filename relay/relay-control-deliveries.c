/* relay/relay-control-deliveries.c — an operator's look at outgoing webhooks, and a hand on their dead letters.
 * Layer: relay (composition). Threads: the control server's, or main. */
#include "relay-control-deliveries.h"

#include "cobro-error.h"
#include "relay-api-deliveries.h"
#include "relay-endpoints.h"
#include "relay-merchant-store.h"

#define LIMIT_USUAL 50
#define LIMIT_MAX   1000

/* Whose, and which. */
typedef struct
{
  RelayScope scope;
  CobroId endpoint_id, id;
  const CobroId *endpoint; /* NULL: any */
  char *type, *status;
  guint states;
} Choice;

static void
choice_clear (Choice *choice)
{
  g_free (choice->type);
  g_free (choice->status);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Choice, choice_clear)

static gboolean
find_merchant (RelayStore *store, const char *text, Choice *choice, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (store, error);
  g_autoptr (CobroMerchant) merchant = NULL;

  return reader && cobro_id_parse (COBRO_ID_MERCHANT, text, &choice->scope.merchant_id, error) &&
         (merchant = relay_merchant_find (reader->db, &choice->scope.merchant_id, NULL, error)) != NULL;
}

static gboolean
read_choice (RelayStore *store, CobroWireObject *arguments, Choice *choice, GError **error)
{
  g_autofree char *merchant = NULL, *endpoint = NULL;

  if (!cobro_wire_get_text_needed (arguments, "merchant", &merchant, error) ||
      !cobro_wire_get_bool (arguments, "live", FALSE, &choice->scope.livemode, error) ||
      !cobro_wire_get_text (arguments, "endpoint", NULL, &endpoint, error) ||
      !cobro_wire_get_text (arguments, "type", NULL, &choice->type, error) ||
      !cobro_wire_get_text (arguments, "status", NULL, &choice->status, error) ||
      (choice->status && !relay_api_delivery_states (choice->status, &choice->states, error)) ||
      !find_merchant (store, merchant, choice, error))
    return FALSE;
  if (endpoint && !cobro_id_parse (COBRO_ID_WEBHOOK, endpoint, &choice->endpoint_id, error))
    return cobro_error_prefix_path (error, "endpoint");
  choice->endpoint = endpoint ? &choice->endpoint_id : NULL;
  return TRUE;
}

char *
relay_control_deliveries (RelayStore *store, CobroWireObject *arguments, GError **error)
{
  g_auto (Choice) choice = { .type = NULL };
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autoptr (RelayReader) reader = NULL;
  g_autoptr (GPtrArray) list = NULL;
  RelayDeliveryQuery query;
  gint64 limit;

  if (!cobro_wire_get_int64 (arguments, "limit", LIMIT_USUAL, &limit, error) ||
      !read_choice (store, arguments, &choice, error) || !cobro_wire_done (arguments, error) ||
      !(reader = relay_store_read (store, error)))
    return NULL;
  query = (RelayDeliveryQuery){ .states = choice.states,
                                .endpoint_id = choice.endpoint,
                                .type = choice.type,
                                .limit = (guint)CLAMP (limit, 1, LIMIT_MAX) };
  if (!(list = relay_delivery_list (reader->db, &choice.scope, &query, error)))
    return NULL;
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_begin_array (writer, "deliveries");
  for (guint i = 0; i < list->len; i++)
    relay_api_write_delivery (writer, NULL, list->pdata[i], NULL);
  cobro_wire_end_array (writer);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

static gboolean
read_range (CobroWireObject *arguments, RelayReplay *replay, Choice *choice, GError **error)
{
  g_autofree char *id = NULL;

  if (!cobro_wire_get_text (arguments, "id", NULL, &id, error) ||
      !cobro_wire_get_time (arguments, "from", &replay->from, error) ||
      !cobro_wire_get_time (arguments, "until", &replay->until, error) ||
      !cobro_wire_get_int64 (arguments, "first", 0, &replay->first, error) ||
      !cobro_wire_get_int64 (arguments, "last", 0, &replay->last, error) || !cobro_wire_done (arguments, error))
    return FALSE;
  if (id && !cobro_id_parse (COBRO_ID_DELIVERY, id, &choice->id, error))
    return cobro_error_prefix_path (error, "id");
  replay->id = id ? &choice->id : NULL;
  return TRUE;
}

char *
relay_control_replay (RelayStore *store, CobroWireObject *arguments, GError **error)
{
  g_auto (Choice) choice = { .type = NULL };
  RelayReplay replay = { 0 };
  gint64 n;

  if (!read_choice (store, arguments, &choice, error) || !read_range (arguments, &replay, &choice, error))
    return NULL;
  replay.states = choice.states & ~(1u << RELAY_DELIVERY_CANCELLED);
  replay.endpoint_id = choice.endpoint;
  replay.type = choice.type;
  if (!relay_endpoints_replay (store, &choice.scope, &replay, &n, error))
    return NULL;
  return g_strdup_printf ("{\"replayed\":%" G_GINT64_FORMAT "}", n);
}

RelayReply *
relay_control_answer_deliveries (gpointer context, RelayRequest *request)
{
  return relay_control_answer (context, request, relay_control_deliveries);
}

RelayReply *
relay_control_answer_replay (gpointer context, RelayRequest *request)
{
  return relay_control_answer (context, request, relay_control_replay);
}
