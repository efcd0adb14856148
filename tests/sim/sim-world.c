/* tests/sim/sim-world.c — see sim-world.h. Layer: tests. */
#include "sim-world.h"

#include <string.h>

#include "cobro-error.h"
#include "cobro-wire.h"
#include "sim-disk.h"

/* Somebody who pays. */
typedef struct
{
  char *token;
  char *payer; /* NULL: did not begin yet */
} Buyer;

/* A request of a programmer's that is repeated until it is answered, and then once more. */
typedef struct
{
  char *target, *key, *body;
  guint status;  /* 0: no answer so far */
  gboolean kept; /* the answer is the one that every repetition has */
  char *answer;
} Ask;

struct _SimWorld
{
  guint32 seed;
  gboolean trace;
  guint steps;
  GRand *dice;
  CobroClock *clock;
  CobroRandom *random;
  SimProvider *provider;
  SimReceiver *receiver;
  SimRelay *relay;
  SimDesktop *desktops[SIM_DESKTOPS];
  GPtrArray *buyers; /* (element-type Buyer) */
  GPtrArray *asks;   /* (element-type Ask) */
  guint hooks_heard;
};

static void
buyer_free (gpointer data)
{
  Buyer *buyer = data;

  g_free (buyer->token);
  g_free (buyer->payer);
  g_free (buyer);
}

static void
ask_free (gpointer data)
{
  Ask *ask = data;

  g_free (ask->target);
  g_free (ask->key);
  g_free (ask->body);
  g_free (ask->answer);
  g_free (ask);
}

static void G_GNUC_PRINTF (2, 3) say (SimWorld *self, const char *format, ...)
{
  va_list arguments;
  g_autofree char *text = NULL;

  if (!self->trace)
    return;
  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_printerr ("%3u %s\n", self->steps, text);
}

static gboolean
chance (SimWorld *self, double of)
{
  return g_rand_double (self->dice) < of;
}

/* One of an array, or NULL. */
static gpointer
any (SimWorld *self, GPtrArray *array)
{
  return array->len > 0 ? array->pdata[g_rand_int (self->dice) % array->len] : NULL;
}

/* The relay may have died in the last thing it did. */
static void
revive (SimWorld *self)
{
  if (!sim_disk_is_dead ())
    return;
  say (self, "the relay died, and starts again");
  sim_relay_restart (self->relay);
}

/* ── A programmer ───────────────────────────────────────────────────────────────────────────────── */

/* The same request has the same answer, byte for byte, however often it is sent. */
static void
send_ask (SimWorld *self, Ask *ask)
{
  g_auto (SimAnswer) answer = { 0 };

  sim_relay_call (self->relay, "POST", ask->target, self->relay->merchant->key, ask->key, ask->body, &answer);
  say (self, "POST %s %s: %u", ask->target, ask->key, answer.status);
  revive (self);
  if (answer.status == 0 || answer.status == 409 || answer.status == 503 || chance (self, self->desktops[0]->loss))
    return;
  if (ask->kept)
    {
      g_assert_cmpuint (answer.status, ==, ask->status);
      g_assert_cmpstr (answer.body, ==, ask->answer);
      g_assert_true (answer.replayed);
      return;
    }
  ask->status = answer.status;
  ask->kept = answer.replayed || answer.status < 300; /* what was refused before anything began is not kept */
  g_free (ask->answer);
  ask->answer = g_strdup (answer.body);
}

static Ask *
new_ask (SimWorld *self, const char *target, char *take_body)
{
  Ask *ask = g_new0 (Ask, 1);

  ask->target = g_strdup (target);
  ask->key = g_strdup_printf ("key-%u-%u", self->seed, self->asks->len);
  ask->body = take_body;
  g_ptr_array_add (self->asks, ask);
  return ask;
}

/* (transfer full) (nullable) a member of "data" in an answer. */
static char *
member (const char *answer, const char *name)
{
  g_autoptr (CobroWireObject) json = cobro_wire_parse (answer, -1, NULL);
  g_autoptr (CobroWireObject) data = NULL;
  char *text = NULL;

  if (json == NULL || !cobro_wire_get_object (json, "data", &data, NULL) || data == NULL ||
      !cobro_wire_get_text (data, name, NULL, &text, NULL))
    return NULL;
  return text;
}

static void
create_link (SimWorld *self)
{
  static const char *const usages[] = { "{\"type\":\"single\"}", "{\"type\":\"limited\",\"limit\":2}",
                                        "{\"type\":\"unlimited\"}" };
  Ask *ask = new_ask (self, "/v1/links",
                      g_strdup_printf ("{\"title\":\"Beans\",\"currency\":\"EUR\",\"amount\":%d,\"usage\":%s}",
                                       g_rand_int_range (self->dice, 100, 10000),
                                       usages[g_rand_int_range (self->dice, 0, G_N_ELEMENTS (usages))]));

  send_ask (self, ask);
}

static void
create_payment (SimWorld *self)
{
  Ask *ask = new_ask (self, "/v1/payments",
                      g_strdup_printf ("{\"amount\":%d,\"currency\":\"EUR\",\"gateway\":\"" SIM_PROVIDER_NAME "\"}",
                                       g_rand_int_range (self->dice, 100, 10000)));

  send_ask (self, ask);
}

static SimObject *
any_captured (SimWorld *self)
{
  SimObject *object = any (self, self->provider->objects);

  return object != NULL && object->state == SIM_OBJECT_CAPTURED ? object : NULL;
}

/* Often too much, often twice: the sum must never exceed what came in. */
static void
create_refund (SimWorld *self)
{
  SimObject *object = any_captured (self);
  gint64 amount;

  if (object == NULL)
    return;
  amount = cobro_money_minor (object->captured);
  if (chance (self, 0.6))
    amount = g_rand_int_range (self->dice, 1, (gint32)amount + 1);
  send_ask (self, new_ask (self, "/v1/refunds",
                           g_strdup_printf ("{\"paymentId\":\"%s\",\"amount\":%" G_GINT64_FORMAT "}",
                                            object->reference.text, amount)));
}

static void
repeat (SimWorld *self)
{
  Ask *ask = any (self, self->asks);

  if (ask != NULL)
    send_ask (self, ask);
}

static void
cancel_payment (SimWorld *self)
{
  SimObject *object = any (self, self->provider->objects);
  g_auto (SimAnswer) answer = { 0 };
  g_autofree char *target = NULL;

  if (object == NULL)
    return;
  target = g_strdup_printf ("/v1/payments/%s/cancel", object->reference.text);
  sim_relay_call (self->relay, "POST", target, self->relay->merchant->key, NULL, NULL, &answer);
  say (self, "POST %s: %u", target, answer.status);
}

/* ── Buyers ─────────────────────────────────────────────────────────────────────────────────────── */

/* Of a programmer's link, or of a desktop's invoice, which the relay may not have heard of yet. */
static char *
any_token (SimWorld *self)
{
  Ask *ask = any (self, self->asks);
  SimDesktop *desktop = self->desktops[g_rand_int_range (self->dice, 0, SIM_DESKTOPS)];

  if (chance (self, 0.4))
    return g_strdup (any (self, desktop->tokens));
  if (ask == NULL || ask->status != 201 || !g_str_equal (ask->target, "/v1/links"))
    return NULL;
  return member (ask->answer, "token");
}

static void
buy (SimWorld *self)
{
  Buyer *buyer = chance (self, 0.5) ? any (self, self->buyers) : NULL;
  g_autoptr (RelayBeginResult) result = NULL;
  g_autoptr (GError) error = NULL;
  RelayBegin begin = { 0 };

  if (buyer == NULL)
    {
      g_autofree char *token = any_token (self);

      if (token == NULL)
        return;
      buyer = g_new0 (Buyer, 1);
      buyer->token = g_steal_pointer (&token);
      g_ptr_array_add (self->buyers, buyer);
    }
  begin.token = buyer->token;
  begin.payer_key = buyer->payer;
  begin.payer_email = "ana@example.com";
  result = relay_checkout_begin (self->relay->checkout, &begin, NULL, &error);
  say (self, "a buyer begins: %s", error != NULL ? error->message : cobro_payment_state_name (result->payment->state));
  if (result != NULL && !sim_disk_is_dead ())
    {
      g_free (buyer->payer);
      buyer->payer = g_strdup (result->payer_key);
    }
}

static void
return_to_page (SimWorld *self)
{
  Buyer *buyer = any (self, self->buyers);
  g_autoptr (CobroPayment) payment = NULL;

  if (buyer != NULL && buyer->payer != NULL)
    payment = relay_checkout_confirm (self->relay->checkout, buyer->token, buyer->payer, NULL);
}

static void
decide (SimWorld *self)
{
  SimObject *object = any (self, self->provider->objects);

  if (object == NULL)
    return;
  if (object->state == SIM_OBJECT_WAITING)
    sim_provider_decide (self->provider, object, chance (self, 0.75));
  else
    sim_provider_finish (self->provider, object);
  say (self, "%s is %d now", object->id, (int)object->state);
}

/* ── Webhooks ───────────────────────────────────────────────────────────────────────────────────── */

/* In any order, again and again, and some of them forged. */
static void
hear (SimWorld *self)
{
  SimHook *hook = any (self, self->provider->hooks);
  g_autoptr (GBytes) body = NULL;
  gboolean forged = chance (self, 0.1);

  if (hook == NULL)
    return;
  body = sim_hook_body (hook);
  say (self, "webhook %s of %s%s", hook->fact->event_id, hook->fact->provider_payment_id, forged ? ", forged" : "");
  if (sim_relay_hear (self->relay, body, forged))
    {
      self->hooks_heard++;
      hook->sent++;
    }
}

/* ── Time, and death ────────────────────────────────────────────────────────────────────────────── */

static void
wait (SimWorld *self)
{
  static const gint64 spans[] = { COBRO_SECOND,      10 * COBRO_SECOND, COBRO_MINUTE,
                                  11 * COBRO_MINUTE, COBRO_HOUR,        6 * COBRO_HOUR };
  gint64 span = spans[g_rand_int_range (self->dice, 0, G_N_ELEMENTS (spans))];

  cobro_clock_advance (self->clock, span);
  say (self, "%" G_GINT64_FORMAT " s go by", span / COBRO_SECOND);
  sim_relay_work (self->relay);
}

static void
work (SimWorld *self)
{
  cobro_clock_advance (self->clock, COBRO_SECOND);
  sim_relay_work (self->relay);
}

static void
plan_death (SimWorld *self)
{
  SimCrash crash = chance (self, 0.5) ? SIM_CRASH_POWER : SIM_CRASH_KILL;
  guint n = (guint)g_rand_int_range (self->dice, 1, 60);

  say (self, "%s in %u writes", crash == SIM_CRASH_POWER ? "a power cut" : "a kill", n);
  sim_disk_arm (crash, n, g_rand_int (self->dice));
}

/* ── Steps ──────────────────────────────────────────────────────────────────────────────────────── */

static void
on_desktop (SimWorld *self)
{
  SimDesktop *desktop = self->desktops[g_rand_int_range (self->dice, 0, SIM_DESKTOPS)];

  switch (g_rand_int_range (self->dice, 0, 8))
    {
    case 5:
      say (self, "a desktop issues an invoice");
      sim_desktop_issue (desktop);
      break;
    case 6:
    case 7:
      say (self, "a desktop decides about an invoice, or records cash");
      sim_desktop_settle (desktop);
      break;
    case 0:
      say (self, "a desktop makes a link");
      sim_desktop_make (desktop);
      break;
    case 1:
      say (self, "a desktop edits");
      sim_desktop_edit (desktop);
      break;
    case 2:
    case 3:
      say (self, "a desktop pushes");
      sim_desktop_push (desktop);
      break;
    default:
      say (self, "a desktop pulls");
      sim_desktop_pull (desktop);
      break;
    }
}

/* What happens, and how often. */
static const struct
{
  void (*happen) (SimWorld *self);
  guint weight;
} happenings[] = {
  { create_link, 6 }, { create_payment, 10 }, { create_refund, 6 }, { repeat, 10 }, { cancel_payment, 2 },
  { buy, 14 },        { return_to_page, 4 },  { decide, 16 },       { hear, 14 },   { wait, 5 },
  { work, 10 },       { plan_death, 4 },      { on_desktop, 18 },
};

void
sim_world_step (SimWorld *self)
{
  guint sum = 0, ball;

  self->steps++;
  for (gsize i = 0; i < G_N_ELEMENTS (happenings); i++)
    sum += happenings[i].weight;
  ball = g_rand_int (self->dice) % sum;
  for (gsize i = 0; i < G_N_ELEMENTS (happenings); i++)
    {
      if (ball < happenings[i].weight)
        {
          happenings[i].happen (self);
          break;
        }
      ball -= happenings[i].weight;
    }
  revive (self);
  sim_relay_audit (self->relay, 40);
}

/* ── Rest ───────────────────────────────────────────────────────────────────────────────────────── */

static void
deliver_webhooks (SimWorld *self)
{
  for (guint i = 0; i < self->provider->hooks->len; i++)
    {
      SimHook *hook = self->provider->hooks->pdata[i];
      g_autoptr (GBytes) body = sim_hook_body (hook);

      if (hook->sent == 0 && i % 3 == 0)
        continue; /* lost for good: the relay has to find out by itself */
      g_assert_true (sim_relay_hear (self->relay, body, FALSE));
    }
}

/* Payers who walked away: the provider gives up on them one day. */
static void
end_processing (SimWorld *self)
{
  for (guint i = 0; i < self->provider->objects->len; i++)
    {
      SimObject *object = self->provider->objects->pdata[i];

      if (object->state == SIM_OBJECT_PROCESSING)
        sim_provider_finish (self->provider, object);
    }
}

static void
pass_time (SimWorld *self, gint64 span)
{
  cobro_clock_advance (self->clock, span);
  sim_relay_work (self->relay);
}

void
sim_world_rest (SimWorld *self)
{
  sim_disk_disarm ();
  self->provider->fault = self->provider->crash = self->receiver->fault = 0;
  for (guint i = 0; i < SIM_DESKTOPS; i++)
    self->desktops[i]->loss = 0;
  say (self, "rest");
  for (guint i = 0; i < self->asks->len; i++)
    send_ask (self, self->asks->pdata[i]);
  end_processing (self);
  deliver_webhooks (self);
  for (guint i = 0; i < 26; i++)
    pass_time (self, COBRO_HOUR);
  for (guint i = 0; i < self->asks->len; i++) /* keys are kept for a month */
    send_ask (self, self->asks->pdata[i]);
  for (guint i = 0; i < 32; i++)
    pass_time (self, COBRO_DAY);
  for (guint round = 0; round < 2; round++)
    for (guint i = 0; i < SIM_DESKTOPS; i++)
      sim_desktop_rest (self->desktops[i]);
  pass_time (self, COBRO_MINUTE); /* the endpoints are told of what the desktops did last */
}

/* ── The truth ──────────────────────────────────────────────────────────────────────────────────── */

/* What the provider captured is in the books, once, with its amount; or it lies in quarantine, told to the merchant. */
static void
check_object (SimWorld *self, const SimObject *object)
{
  g_autofree char *payments =
    g_strdup_printf ("SELECT count (*) AS n FROM payment WHERE id = '%s'", object->reference.text);
  g_autofree char *booked = g_strdup_printf (
    "SELECT coalesce (sum (amount), 0) AS n FROM ledger WHERE payment_id = '%s'", object->reference.text);
  g_autofree char *quarantined =
    g_strdup_printf ("SELECT count (*) AS n FROM quarantine WHERE payment_id = '%s'", object->reference.text);
  gint64 captured = object->state == SIM_OBJECT_CAPTURED ? cobro_money_minor (object->captured) : 0;
  gboolean is_wrong = !cobro_money_equal (object->captured, object->asked);

  g_assert_cmpint (sim_relay_count (self->relay, payments), ==, 1);
  if (captured > 0 && is_wrong)
    {
      g_assert_cmpint (sim_relay_count (self->relay, quarantined), >, 0);
      g_assert_cmpint (sim_relay_count (self->relay, booked), ==, 0);
      return;
    }
  if (sim_relay_count (self->relay, booked) == captured - sim_object_returned (object))
    return;
  sim_relay_tell (self->relay, object->reference.text);
  g_error ("%s (%s): captured %" G_GINT64_FORMAT ", given back %" G_GINT64_FORMAT ", booked %" G_GINT64_FORMAT,
           object->id, object->reference.text, captured, sim_object_returned (object),
           sim_relay_count (self->relay, booked));
}

/* What was answered with 201 is there, and nothing is there twice. */
static void
check_asks (SimWorld *self)
{
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < self->asks->len; i++)
    {
      const Ask *ask = self->asks->pdata[i];
      const char *table = g_str_has_suffix (ask->target, "links")      ? "link"
                          : g_str_has_suffix (ask->target, "payments") ? "payment"
                                                                       : "refund";
      g_autofree char *id = NULL;
      g_autofree char *sql = NULL;

      if (ask->status == 0 || ask->status >= 300)
        continue;
      id = member (ask->answer, "id");
      g_assert_nonnull (id);
      sql = g_strdup_printf ("SELECT count (*) AS n FROM %s WHERE id = '%s'", table, id);
      g_assert_cmpint (sim_relay_count (self->relay, sql), ==, 1);
      g_assert_true (g_hash_table_add (ids, g_steal_pointer (&id)));
    }
}

/* Every payment that was asked for without a link has one key, and every key one payment. */
static void
check_once (SimWorld *self)
{
  g_assert_cmpint (
    sim_relay_count (self->relay, "SELECT count (*) AS n FROM (SELECT idempotency_key FROM payment "
                                  "WHERE link_id IS NULL GROUP BY idempotency_key HAVING count (*) > 1)"),
    ==, 0);
  g_assert_cmpint (
    sim_relay_count (self->relay, "SELECT count (*) AS n FROM payment WHERE state = 'succeeded' AND gateway <> "
                                  "'manual'"),
    <=, (gint64)self->provider->objects->len);
}

static void
check_desktops (SimWorld *self)
{
  g_autofree char *first = sim_desktop_dump (self->desktops[0]);

  for (guint i = 1; i < SIM_DESKTOPS; i++)
    {
      g_autofree char *other = sim_desktop_dump (self->desktops[i]);

      g_assert_cmpstr (other, ==, first);
    }
}

/* What was recorded on a desktop is at the relay, once; or it was refused, and is shown as failed. */
static void
check_records (SimWorld *self)
{
  gint64 recorded = 0;

  for (guint i = 0; i < SIM_DESKTOPS; i++)
    {
      sim_desktop_check (self->desktops[i]);
      recorded += self->desktops[i]->records - sim_desktop_count_refused (self->desktops[i]);
    }
  g_assert_cmpint (sim_relay_count (self->relay, "SELECT count (*) AS n FROM payment WHERE gateway = 'manual'"), ==,
                   recorded);
}

void
sim_world_check (SimWorld *self)
{
  for (guint i = 0; i < self->provider->objects->len; i++)
    check_object (self, self->provider->objects->pdata[i]);
  check_asks (self);
  check_once (self);
  sim_relay_check_told (self->relay);
  check_desktops (self);
  check_records (self);
  sim_relay_audit (self->relay, 0);
}

/* ── Life ───────────────────────────────────────────────────────────────────────────────────────── */

SimWorld *
sim_world_new (guint32 seed, gboolean trace)
{
  SimWorld *self = g_new0 (SimWorld, 1);

  self->seed = seed;
  self->trace = trace;
  self->dice = g_rand_new_with_seed (seed);
  self->clock = cobro_clock_new_fake (G_GINT64_CONSTANT (1796122800000000));
  self->random = cobro_random_new_seeded (seed);
  self->provider = sim_provider_new (self->clock, self->random, self->dice);
  self->provider->fault = chance (self, 0.7) ? 0.15 : 0;
  self->provider->crash = chance (self, 0.5) ? 0.06 : 0;
  self->provider->wrong = 0.05;
  self->receiver = sim_receiver_new (self->dice);
  self->receiver->fault = chance (self, 0.6) ? 0.2 : 0;
  self->relay = sim_relay_new (self->clock, self->random, self->provider, self->receiver);
  for (guint i = 0; i < SIM_DESKTOPS; i++)
    {
      self->desktops[i] = sim_desktop_new (self->relay, i, self->dice, seed * 10 + i);
      self->desktops[i]->loss = chance (self, 0.6) ? 0.2 : 0;
    }
  self->buyers = g_ptr_array_new_with_free_func (buyer_free);
  self->asks = g_ptr_array_new_with_free_func (ask_free);
  return self;
}

void
sim_world_free (SimWorld *self)
{
  for (guint i = 0; i < SIM_DESKTOPS; i++)
    sim_desktop_free (self->desktops[i]);
  sim_relay_free (self->relay);
  sim_provider_free (self->provider);
  sim_receiver_free (self->receiver);
  g_ptr_array_unref (self->buyers);
  g_ptr_array_unref (self->asks);
  cobro_clock_unref (self->clock);
  cobro_random_unref (self->random);
  g_rand_free (self->dice);
  g_free (self);
}

void
sim_world_count (SimWorld *self, SimTotals *totals)
{
  totals->runs++;
  totals->starts += self->relay->starts;
  totals->deaths += self->relay->deaths;
  totals->links += (guint)sim_relay_count (self->relay, "SELECT count (*) AS n FROM link");
  totals->invoices += (guint)sim_relay_count (self->relay, "SELECT count (*) AS n FROM invoice");
  totals->payments += (guint)sim_relay_count (self->relay, "SELECT count (*) AS n FROM payment");
  totals->refunds += (guint)sim_relay_count (self->relay, "SELECT count (*) AS n FROM refund");
  totals->events += (guint)sim_relay_count (self->relay, "SELECT count (*) AS n FROM event");
  totals->calls += self->provider->calls;
  totals->hooks += self->hooks_heard;
  totals->messages += self->receiver->messages;
  totals->repeated += self->receiver->repeated;
}
