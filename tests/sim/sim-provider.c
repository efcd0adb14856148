/* tests/sim/sim-provider.c — see sim-provider.h. Layer: tests. */
#include "sim-provider.h"

#include <string.h>

#include "cobro-error.h"
#include "cobro-wire-fact.h"
#include "cobro-wire.h"
#include "sim-disk.h"

/* What the relay calls: the interface, and behind it the books. */
typedef struct
{
  RelayProvider base;
  SimProvider *books;
} Face;

static void
object_free (gpointer data)
{
  SimObject *object = data;

  g_ptr_array_unref (object->returns);
  g_free (object->account);
  g_free (object->key);
  g_free (object->id);
  g_free (object->signed_reference);
  g_free (object);
}

static void
return_free (gpointer data)
{
  SimReturn *given = data;

  g_free (given->key);
  g_free (given->id);
  g_free (given);
}

static void
hook_free (gpointer data)
{
  SimHook *hook = data;

  cobro_fact_unref (hook->fact);
  g_free (hook);
}

gint64
sim_object_returned (const SimObject *object)
{
  gint64 sum = 0;

  for (guint i = 0; i < object->returns->len; i++)
    sum += ((SimReturn *)object->returns->pdata[i])->amount;
  return sum;
}

static gboolean
happens (SimProvider *self, double chance)
{
  return g_rand_double (self->dice) < chance;
}

/* ── Facts ──────────────────────────────────────────────────────────────────────────────────────── */

static CobroFactKind
kind_of (SimObjectState state)
{
  switch (state)
    {
    case SIM_OBJECT_WAITING:
      return COBRO_FACT_ACTION_NEEDED;
    case SIM_OBJECT_PROCESSING:
      return COBRO_FACT_PROCESSING;
    case SIM_OBJECT_CAPTURED:
      return COBRO_FACT_SUCCEEDED;
    case SIM_OBJECT_FAILED:
      return COBRO_FACT_FAILED;
    case SIM_OBJECT_CANCELLED:
      return COBRO_FACT_CANCELLED;
    }
  g_return_val_if_reached (COBRO_FACT_PENDING);
}

static CobroFact *
make_fact (SimProvider *self, const SimObject *object, CobroFactSource source)
{
  CobroFact *fact = cobro_fact_new ();

  fact->source = source;
  cobro_link_set_text (&fact->provider, SIM_PROVIDER_NAME);
  cobro_link_set_text (&fact->account, object->account);
  g_free (fact->event_id);
  fact->event_id = g_strdup_printf ("%s/%s", object->id, cobro_fact_kind_name (kind_of (object->state)));
  cobro_link_set_text (&fact->provider_payment_id, object->id);
  cobro_link_set_text (&fact->reference, object->signed_reference);
  fact->kind = kind_of (object->state);
  fact->amount = object->state == SIM_OBJECT_CAPTURED ? object->captured : object->asked;
  fact->occurred_at = cobro_clock_now (self->clock);
  if (object->state == SIM_OBJECT_FAILED)
    cobro_link_set_text (&fact->failure_code, "card_declined");
  return fact;
}

/* Tells of it by webhook, some day. */
static void
announce (SimProvider *self, CobroFact *take_fact)
{
  SimHook *hook = g_new0 (SimHook, 1);

  take_fact->source = COBRO_FACT_FROM_WEBHOOK;
  g_free (take_fact->event_id);
  take_fact->event_id = g_strdup_printf ("evt_%u", ++self->events);
  hook->fact = take_fact;
  g_ptr_array_add (self->hooks, hook);
}

static void
move (SimProvider *self, SimObject *object, SimObjectState state)
{
  object->state = state;
  announce (self, make_fact (self, object, COBRO_FACT_FROM_WEBHOOK));
}

GBytes *
sim_hook_body (const SimHook *hook)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  char *text;

  cobro_wire_fact_write (writer, NULL, hook->fact);
  text = cobro_wire_writer_take (writer);
  return g_bytes_new_take (text, strlen (text));
}

/* ── Calls ──────────────────────────────────────────────────────────────────────────────────────── */

/* Before a call has an effect. FALSE: it has none. */
static gboolean
arrives (SimProvider *self, GError **error)
{
  self->calls++;
  if (happens (self, self->crash))
    sim_disk_crash (happens (self, 0.5) ? SIM_CRASH_KILL : SIM_CRASH_POWER, g_rand_int (self->dice));
  if (sim_disk_is_dead ())
    return cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "nobody calls any more");
  if (!happens (self, self->fault))
    return TRUE;
  if (happens (self, 0.5))
    return cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "never arrived");
  return cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "overloaded");
}

/* After it had its effect. FALSE: the answer is lost. */
static gboolean
returns (SimProvider *self, GError **error)
{
  if (happens (self, self->crash))
    sim_disk_crash (happens (self, 0.5) ? SIM_CRASH_KILL : SIM_CRASH_POWER, g_rand_int (self->dice));
  if (sim_disk_is_dead () || happens (self, self->fault))
    return cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "the answer is lost");
  return TRUE;
}

SimObject *
sim_provider_find (SimProvider *self, const CobroId *reference)
{
  for (guint i = 0; i < self->objects->len; i++)
    if (cobro_id_equal (&((SimObject *)self->objects->pdata[i])->reference, reference))
      return self->objects->pdata[i];
  return NULL;
}

static SimObject *
find_by_id (SimProvider *self, const char *id)
{
  for (guint i = 0; i < self->objects->len; i++)
    if (g_str_equal (((SimObject *)self->objects->pdata[i])->id, id))
      return self->objects->pdata[i];
  return NULL;
}

/* The same key again is the same payment; another key for the same payment would be a double charge. */
static SimObject *
create (SimProvider *self, const RelayAccount *account, const RelayIntent *intent)
{
  SimObject *object = sim_provider_find (self, &intent->payment_id);

  if (object != NULL)
    {
      g_assert_cmpstr (object->key, ==, intent->idempotency_key);
      self->resent_keys++;
      return object;
    }
  object = g_new0 (SimObject, 1);
  object->id = g_strdup_printf ("obj_%u", self->objects->len + 1);
  object->key = g_strdup (intent->idempotency_key);
  object->account = g_strdup (account->id);
  object->reference = intent->payment_id;
  object->signed_reference = g_strdup (intent->reference);
  object->asked = object->captured = intent->amount;
  object->returns = g_ptr_array_new_with_free_func (return_free);
  g_ptr_array_add (self->objects, object);
  if (happens (self, 0.25))
    move (self, object, happens (self, 0.8) ? SIM_OBJECT_CAPTURED : SIM_OBJECT_FAILED);
  return object;
}

static RelayBegun *
on_begin (RelayProvider *provider, const RelayAccount *account, const RelayIntent *intent, gint64 deadline,
          GError **error)
{
  SimProvider *self = ((Face *)provider)->books;
  SimObject *object;
  RelayBegun *begun;

  if (!arrives (self, error))
    return NULL;
  if (happens (self, self->fault / 2))
    {
      cobro_error_set (error, COBRO_ERROR_PROVIDER, "no such luck");
      return NULL;
    }
  object = create (self, account, intent);
  if (!returns (self, error))
    return NULL;
  begun = g_new0 (RelayBegun, 1);
  begun->fact = make_fact (self, object, COBRO_FACT_FROM_ANSWER);
  begun->next = object->state == SIM_OBJECT_WAITING ? RELAY_NEXT_REDIRECT : RELAY_NEXT_NOTHING;
  begun->redirect_url = g_strdup_printf ("https://sim.example/%s", object->id);
  begun->client_secret = g_strdup ("");
  begun->publishable_key = g_strdup ("");
  begun->account = g_strdup ("");
  return begun;
}

static SimObject *
find_signed (SimProvider *self, const char *reference)
{
  for (guint i = 0; i < self->objects->len; i++)
    if (g_str_equal (((SimObject *)self->objects->pdata[i])->signed_reference, reference))
      return self->objects->pdata[i];
  return NULL;
}

static SimObject *
look_up (SimProvider *self, const char *id, const char *reference, GError **error)
{
  SimObject *object = *id != '\0' ? find_by_id (self, id) : find_signed (self, reference);

  if (object == NULL)
    cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such payment");
  return object;
}

static CobroFact *
on_query (RelayProvider *provider, const RelayAccount *account, const RelayTarget *target, gint64 deadline,
          GError **error)
{
  SimProvider *self = ((Face *)provider)->books;
  SimObject *object;

  if (!arrives (self, error) || !(object = look_up (self, target->object_id, target->reference, error)) ||
      !returns (self, error))
    return NULL;
  return make_fact (self, object, COBRO_FACT_FROM_JANITOR);
}

static CobroFact *
on_cancel (RelayProvider *provider, const RelayAccount *account, const RelayTarget *target, gint64 deadline,
           GError **error)
{
  SimProvider *self = ((Face *)provider)->books;
  SimObject *object;

  if (!arrives (self, error) || !(object = look_up (self, target->object_id, NULL, error)))
    return NULL;
  if (object->state == SIM_OBJECT_WAITING)
    move (self, object, SIM_OBJECT_CANCELLED);
  return returns (self, error) ? make_fact (self, object, COBRO_FACT_FROM_ANSWER) : NULL;
}

static CobroFact *
return_fact (SimProvider *self, const SimObject *object, const SimReturn *given)
{
  CobroFact *fact = make_fact (self, object, COBRO_FACT_FROM_ANSWER);

  fact->kind = COBRO_FACT_REFUNDED;
  fact->amount = cobro_money (given->amount, cobro_money_currency (object->asked));
  g_free (fact->refund_id);
  fact->refund_id = g_strdup (given->id);
  g_free (fact->event_id);
  fact->event_id = g_strdup_printf ("%s/refunded", given->id);
  return fact;
}

static SimReturn *
find_return (SimObject *object, const char *key)
{
  for (guint i = 0; i < object->returns->len; i++)
    if (g_str_equal (((SimReturn *)object->returns->pdata[i])->key, key))
      return object->returns->pdata[i];
  return NULL;
}

static CobroFact *
on_refund (RelayProvider *provider, const RelayAccount *account, const RelayTarget *target, CobroMoney amount,
           const char *key, gint64 deadline, GError **error)
{
  SimProvider *self = ((Face *)provider)->books;
  SimObject *object;
  SimReturn *given;

  if (!arrives (self, error) || !(object = look_up (self, target->object_id, NULL, error)))
    return NULL;
  given = find_return (object, key);
  if (given == NULL && object->state != SIM_OBJECT_CAPTURED)
    {
      cobro_error_set (error, COBRO_ERROR_PROVIDER, "nothing was captured");
      return NULL;
    }
  /* A provider would refuse to give back more than it has: here that is the relay's fault, and an end. */
  if (given == NULL)
    {
      given = g_new0 (SimReturn, 1);
      given->key = g_strdup (key);
      given->id = g_strdup_printf ("%s_re%u", object->id, object->returns->len + 1);
      given->amount = cobro_money_minor (amount);
      g_ptr_array_add (object->returns, given);
      g_assert_cmpint (sim_object_returned (object), <=, cobro_money_minor (object->captured));
      announce (self, return_fact (self, object, given));
    }
  return returns (self, error) ? return_fact (self, object, given) : NULL;
}

static CobroFact *
on_query_refund (RelayProvider *provider, const RelayAccount *account, const RelayTarget *target, const char *refund_id,
                 const char *key, gint64 deadline, GError **error)
{
  SimProvider *self = ((Face *)provider)->books;
  SimObject *object;

  if (!arrives (self, error) || !(object = look_up (self, target->object_id, NULL, error)) || !returns (self, error))
    return NULL;
  for (guint i = 0; i < object->returns->len; i++)
    {
      const SimReturn *given = object->returns->pdata[i];

      if (*refund_id != '\0' ? g_str_equal (given->id, refund_id) : g_str_equal (given->key, key))
        return return_fact (self, object, given);
    }
  cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such refund");
  return NULL;
}

/* Everything in one page. */
static RelayListing *
on_list (RelayProvider *provider, const RelayAccount *account, CobroTime since, const char *cursor, gint64 deadline,
         GError **error)
{
  SimProvider *self = ((Face *)provider)->books;
  RelayListing *listing;

  if (!arrives (self, error) || !returns (self, error))
    return NULL;
  listing = g_new0 (RelayListing, 1);
  listing->facts = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_fact_unref);
  for (guint i = 0; i < self->objects->len; i++)
    {
      SimObject *object = self->objects->pdata[i];

      if (!g_str_equal (object->account, account->id))
        continue;
      g_ptr_array_add (listing->facts, make_fact (self, object, COBRO_FACT_FROM_JANITOR));
      for (guint j = 0; j < object->returns->len; j++)
        g_ptr_array_add (listing->facts, return_fact (self, object, object->returns->pdata[j]));
    }
  return listing;
}

/* The signature is the word "good". */
static gboolean
on_verify (RelayProvider *provider, const RelayAccount *account, GHashTable *headers, GBytes *raw, CobroTime now,
           char **out_event_id, GError **error)
{
  g_autoptr (CobroWireObject) object = NULL;
  gsize n;
  const char *text = g_bytes_get_data (raw, &n);

  if (g_strcmp0 (g_hash_table_lookup (headers, "sim-signature"), "good") != 0)
    return cobro_error_set (error, COBRO_ERROR_SIGNATURE, "forged");
  object = cobro_wire_parse (text, (gssize)n, NULL);
  if (object != NULL && !cobro_wire_get_text (object, "eventId", "", out_event_id, NULL))
    *out_event_id = NULL;
  return TRUE;
}

/* The body is the fact. */
static GPtrArray *
on_read (RelayProvider *provider, const RelayAccount *account, GBytes *raw, GError **error)
{
  g_autoptr (GPtrArray) facts = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_fact_unref);
  g_autoptr (CobroWireObject) object = NULL;
  CobroFact *fact;
  gsize n;
  const char *text = g_bytes_get_data (raw, &n);

  if (!(object = cobro_wire_parse (text, (gssize)n, error)) || !(fact = cobro_wire_fact_parse (object, error)))
    return NULL;
  g_ptr_array_add (facts, fact);
  return g_steal_pointer (&facts);
}

static void
on_free (RelayProvider *provider)
{
  cobro_clock_unref (provider->clock);
  cobro_random_unref (provider->random);
  g_free (provider);
}

static void
do_not_wait (RelayProvider *provider, gint64 us)
{
}

static const RelayProviderClass sim_class = {
  .name = SIM_PROVIDER_NAME,
  .title = "Simulated",
  .methods = COBRO_METHOD_CARD,
  .begin = on_begin,
  .query = on_query,
  .cancel = on_cancel,
  .refund = on_refund,
  .query_refund = on_query_refund,
  .list = on_list,
  .verify = on_verify,
  .read = on_read,
  .free = on_free,
};

RelayProvider *
sim_provider_face (SimProvider *self)
{
  Face *face = g_new0 (Face, 1);

  face->base.class = &sim_class;
  face->base.clock = cobro_clock_ref (self->clock);
  face->base.random = cobro_random_ref (self->random);
  face->base.wait = do_not_wait;
  face->books = self;
  return &face->base;
}

/* ── The payer, and time ────────────────────────────────────────────────────────────────────────── */

void
sim_provider_decide (SimProvider *self, SimObject *object, gboolean approve)
{
  if (object->state != SIM_OBJECT_WAITING)
    return;
  if (!approve)
    move (self, object, SIM_OBJECT_FAILED);
  else if (happens (self, 0.2))
    move (self, object, SIM_OBJECT_PROCESSING);
  else
    {
      if (happens (self, self->wrong))
        object->captured =
          cobro_money (cobro_money_minor (object->asked) / 2 + 1, cobro_money_currency (object->asked));
      move (self, object, SIM_OBJECT_CAPTURED);
    }
}

void
sim_provider_finish (SimProvider *self, SimObject *object)
{
  if (object->state == SIM_OBJECT_PROCESSING)
    move (self, object, happens (self, 0.8) ? SIM_OBJECT_CAPTURED : SIM_OBJECT_FAILED);
  else if (object->state == SIM_OBJECT_FAILED && happens (self, 0.1))
    move (self, object, SIM_OBJECT_CAPTURED); /* late authorisation */
}

SimProvider *
sim_provider_new (CobroClock *clock, CobroRandom *random, GRand *dice)
{
  SimProvider *self = g_new0 (SimProvider, 1);

  self->clock = cobro_clock_ref (clock);
  self->random = cobro_random_ref (random);
  self->dice = dice;
  self->objects = g_ptr_array_new_with_free_func (object_free);
  self->hooks = g_ptr_array_new_with_free_func (hook_free);
  return self;
}

void
sim_provider_free (SimProvider *self)
{
  g_ptr_array_unref (self->objects);
  g_ptr_array_unref (self->hooks);
  cobro_clock_unref (self->clock);
  cobro_random_unref (self->random);
  g_free (self);
}
