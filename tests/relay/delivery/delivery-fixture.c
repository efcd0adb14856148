/* tests/relay/delivery/delivery-fixture.c — receivers in fake time.
 * Layer: tests. */
#include "delivery-fixture.h"

#include <string.h>

#include "cobro-test.h"
#include "relay-event-store.h"

static void
post_free (gpointer data)
{
  Post *post = data;

  g_free (post->url);
  g_free (post->id);
  g_free (post->signature);
  g_free (post->body);
  g_free (post);
}

static void
carry (RelayCarrier *carrier, const RelayPost *what, RelayPostDone done, gpointer data)
{
  World *world = (World *)carrier;
  Post *post = g_new0 (Post, 1);
  gsize n;
  const char *body = g_bytes_get_data (what->body, &n);

  post->url = g_strdup (what->url);
  post->id = g_strdup (what->id);
  post->signature = g_strdup (what->signature);
  post->body = g_strndup (body, n);
  post->timestamp = what->timestamp;
  post->sent_at = cobro_clock_now (world->rig->clock);
  post->status = 200;
  post->error = "";
  post->delay = 50 * 1000;
  post->done = done;
  post->data = data;
  world->posts++;
  world->receiver (world, post, world->receiver_data);
  post->lands_at = post->delay < 0 ? G_MAXINT64 : post->sent_at + post->delay;
  g_ptr_array_add (world->flying, post);
}

static void
answer_well (World *world, Post *post, gpointer data)
{
}

static void
open_worker (World *world)
{
  RelayDelivererConfig config = { .store = world->rig->store,
                                  .clock = world->rig->clock,
                                  .random = world->rig->random,
                                  .carrier = &world->carrier,
                                  .worker = "relay" };

  world->deliverer = relay_deliverer_new (&config);
}

World *
world_new (void)
{
  static const char *const loopback[] = { "127.0.0.0/8", NULL };
  RelayDialerConfig config = { .allow_targets = loopback, .user_agent = "test" };
  World *world = g_new0 (World, 1);
  g_autoptr (GError) error = NULL;

  world->carrier.post = carry;
  world->rig = rig_new ();
  world->dialer = relay_dialer_new (&config, &error);
  g_assert_no_error (error);
  world->flying = g_ptr_array_new_with_free_func (post_free);
  world->log = g_ptr_array_new_with_free_func (post_free);
  world->receiver = answer_well;
  open_worker (world);
  return world;
}

/* What was on its way is over for this worker, without a result. */
static void
drop_flights (World *world)
{
  for (guint i = 0; i < world->flying->len; i++)
    {
      Post *post = world->flying->pdata[i];

      post->done (post->data, NULL);
    }
  g_ptr_array_set_size (world->flying, 0);
}

void
world_free (World *world)
{
  drop_flights (world);
  relay_deliverer_free (world->deliverer);
  relay_dialer_free (world->dialer);
  g_ptr_array_unref (world->flying);
  g_ptr_array_unref (world->log);
  rig_free (world->rig);
  g_free (world);
}

/* The books are those of the moment of the kill: what the old worker still writes goes into the old ones. */
void
world_restart (World *world)
{
  g_autofree char *copy = rig_copy (world->rig);

  drop_flights (world);
  relay_deliverer_free (world->deliverer);
  rig_continue (world->rig, copy);
  open_worker (world);
  world->next = 0;
}

void
world_set_receiver (World *world, Receiver receiver, gpointer data)
{
  world->receiver = receiver;
  world->receiver_data = data;
}

RelayEndpoint *
world_add (World *world, const char *url, const char *types)
{
  RelayEndpoint *endpoint = relay_endpoint_new ();
  g_autoptr (GError) error = NULL;

  endpoint->merchant_id = world->rig->scope.merchant_id;
  endpoint->livemode = world->rig->scope.livemode;
  g_free (endpoint->url);
  endpoint->url = g_strdup (url);
  g_free (endpoint->types);
  endpoint->types = g_strdup (types);
  g_assert_true (relay_endpoints_create (world->rig->store, world->dialer, endpoint, &error));
  g_assert_no_error (error);
  return endpoint;
}

/* An event to write. */
typedef struct
{
  World *world;
  CobroEventType type;
  gint64 sequence;
} Event;

static gboolean
event_work (RelayTx *tx, gpointer data, GError **error)
{
  Event *event = data;
  const RelayScope *scope = &event->world->rig->scope;
  CobroId id = cobro_id_new (COBRO_ID_PAYMENT, relay_store_clock (tx->store), relay_store_random (tx->store));
  g_autofree char *object = g_strdup_printf ("{\"id\":\"%s\",\"amount\":1250}", id.text);

  return relay_event_append (tx, scope, event->type, &id, object, error) &&
         (event->sequence = relay_event_head (tx->db, scope, error)) > 0;
}

gint64
world_event (World *world, CobroEventType type)
{
  Event event = { world, type, 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (relay_store_write (world->rig->store, event_work, &event, &error));
  g_assert_no_error (error);
  relay_deliverer_wake (world->deliverer);
  world->next = 0;
  return event.sequence;
}

static void
land (World *world, CobroTime now)
{
  for (guint i = 0; i < world->flying->len;)
    {
      Post *post = world->flying->pdata[i];
      RelayPostResult *result;

      if (post->lands_at > now)
        {
          i++;
          continue;
        }
      g_ptr_array_steal_index_fast (world->flying, i);
      result = post->status != 0 ? relay_post_result_new (post->status, post->retry_after, NULL)
                                 : relay_post_result_new_failure (post->error);
      post->done (post->data, result);
      world->next = 0;
      if (world->quiet)
        post_free (post);
      else
        g_ptr_array_add (world->log, post);
    }
}

RelayDeliveryRound
world_step (World *world)
{
  CobroTime now = cobro_clock_now (world->rig->clock);
  RelayDeliveryRound round;
  g_autoptr (GError) error = NULL;

  land (world, now);
  g_assert_true (relay_deliverer_run_once (world->deliverer, now, &round, &error));
  g_assert_no_error (error);
  world->next = round.next;
  return round;
}

void
world_settle (World *world)
{
  CobroTime now = cobro_clock_now (world->rig->clock);

  do
    world_step (world);
  while (world->next <= now);
}

static CobroTime
next_landing (World *world)
{
  CobroTime next = G_MAXINT64;

  for (guint i = 0; i < world->flying->len; i++)
    next = MIN (next, ((Post *)world->flying->pdata[i])->lands_at);
  return next;
}

/* The worker's next step may be to look for leases that ran out: nothing of interest as long as nothing is on its way.
 */
void
world_run (World *world, gint64 duration)
{
  CobroTime end = cobro_clock_now (world->rig->clock) + duration;

  world_settle (world);
  for (;;)
    {
      CobroTime now = cobro_clock_now (world->rig->clock);
      CobroTime next = MIN (MAX (world->next, now), next_landing (world));

      if (next >= end)
        break;
      cobro_clock_advance (world->rig->clock, next - now);
      world_settle (world);
    }
  cobro_clock_advance (world->rig->clock, end - cobro_clock_now (world->rig->clock));
  world_settle (world);
}

RelayEndpoint *
world_endpoint (World *world, const CobroId *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = relay_store_read (world->rig->store, &error);
  RelayEndpoint *endpoint = relay_endpoint_find (reader->db, &world->rig->scope, id, &error);

  g_assert_no_error (error);
  return endpoint;
}

RelayDelivery *
world_newest (World *world, const RelayEndpoint *endpoint)
{
  RelayDeliveryQuery query = { .endpoint_id = &endpoint->id, .limit = 1 };
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = relay_store_read (world->rig->store, &error);
  g_autoptr (GPtrArray) list = relay_delivery_list (reader->db, &world->rig->scope, &query, &error);

  g_assert_no_error (error);
  g_assert_cmpint (list->len, ==, 1);
  return g_ptr_array_steal_index (list, 0);
}
