/* relay/relay-sample.c — what sample data consists of, and the calls that make it.
 * Layer: relay (composition). Thread: any. */
#include "relay-sample.h"

#include <string.h>

#include "cobro-error.h"
#include "cobro-net-client.h"
#include "cobro-wire.h"
#include "config.h"

#define DEADLINE_MS 20000
#define ANSWER_MAX  (1024 * 1024)

/* One run. */
typedef struct
{
  CobroNetClient *client;
  const RelaySampleTarget *target;
  char *base; /* "http://127.0.0.1:8080" */
  guint seed;
  guint step; /* numbers the idempotency keys */
  RelaySampleCount count;
} Sample;

static void
sample_clear (Sample *sample)
{
  g_clear_pointer (&sample->client, cobro_net_client_free);
  g_free (sample->base);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sample, sample_clear)

static const char *const titles[] = { "Coffee beans, 1 kg", "Concert ticket", "Pottery course", "Bicycle repair",
                                      "Translation, 3 pages" };
static const char *const payers[] = { "Bea", "Amir", "Chen", "Dolores", "Emeka" };

/* A small number that the seed decides; not for anything that must be hard to guess. */
static guint
dice (const Sample *sample, guint sides)
{
  guint64 x = (guint64)sample->seed * 6364136223846793005u + (guint64)sample->step * 1442695040888963407u + 1;

  x ^= x >> 29;
  x *= 0xbf58476d1ce4e5b9u;
  return (guint)((x >> 32) % sides);
}

/* ── Calls ──────────────────────────────────────────────────────────────────────────────────────── */

/* What the relay said, in words. */
static gboolean
refused (const char *path, const CobroNetAnswer *answer, GError **error)
{
  g_autofree char *text = g_strndup (g_bytes_get_data (answer->body, NULL), MIN (g_bytes_get_size (answer->body), 500));

  return cobro_error_set (error, COBRO_ERROR_STATE, "%s was answered with %u: %s", path, answer->status, text);
}

/* Posts @take_json; (transfer full) the "data" of the answer, or NULL. */
static CobroWireObject *
post (Sample *sample, const char *path, char *take_json, GError **error)
{
  g_autofree char *url = g_strconcat (sample->base, path, NULL);
  g_autofree char *bearer = g_strconcat ("Bearer ", sample->target->api_key, NULL);
  g_autofree char *key = g_strdup_printf ("sample-%u-%u", sample->seed, ++sample->step);
  g_autoptr (GBytes) body = g_bytes_new_take (take_json, strlen (take_json));
  const char *headers[] = { "Authorization", bearer, "Idempotency-Key", key, NULL };
  g_autoptr (CobroNetAnswer) answer = NULL;
  g_autoptr (CobroWireObject) envelope = NULL;
  CobroWireObject *data = NULL;

  answer = cobro_net_client_send (sample->client,
                                  &(CobroNetRequest){ .method = "POST",
                                                      .url = url,
                                                      .headers = headers,
                                                      .content_type = "application/json",
                                                      .body = body,
                                                      .deadline_ms = DEADLINE_MS,
                                                      .max_bytes = ANSWER_MAX },
                                  NULL, error);
  if (answer == NULL)
    return NULL;
  if (answer->status >= 300)
    return refused (path, answer, error), NULL;
  envelope = cobro_wire_parse (g_bytes_get_data (answer->body, NULL), (gssize)g_bytes_get_size (answer->body), error);
  if (envelope == NULL || !cobro_wire_get_object (envelope, "data", &data, error))
    return NULL;
  return data;
}

/* (transfer full) the id of what was made. */
static char *
make (Sample *sample, const char *path, char *take_json, GError **error)
{
  g_autoptr (CobroWireObject) data = post (sample, path, take_json, error);
  char *id = NULL;

  return data != NULL && cobro_wire_get_text_needed (data, "id", &id, error) ? id : NULL;
}

/* ── What there is ──────────────────────────────────────────────────────────────────────────────── */

/* One link. */
typedef struct
{
  const char *rest;   /* members of the body after the title, with %u for an amount */
  const char *action; /* (nullable) what is done with it then: "pause" */
} LinkPlan;

static const LinkPlan link_plans[] = {
  { "\"currency\":\"EUR\",\"amount\":%u", NULL },
  { "\"currency\":\"EUR\",\"amount\":%u,\"usage\":\"unlimited\",\"collect\":[\"email\"]", NULL },
  { "\"currency\":\"USD\",\"pricing\":{\"type\":\"open\",\"minimum\":100,\"preset\":%u},\"usage\":\"unlimited\"",
    NULL },
  { "\"currency\":\"MXN\",\"pricing\":{\"type\":\"lines\",\"lines\":[{\"name\":\"Tacos\",\"unitAmount\":%u,"
    "\"quantity\":2,\"maximumQuantity\":9,\"taxRate\":\"16\"}]},\"usage\":{\"type\":\"limited\",\"limit\":20}",
    NULL },
  { "\"currency\":\"JPY\",\"amount\":%u,\"expiresAt\":\"2099-12-31T00:00:00Z\"", NULL },
  { "\"currency\":\"EUR\",\"amount\":%u", "pause" },
  { "\"currency\":\"EUR\",\"amount\":%u,\"decision\":\"draft\"", NULL },
};

static gboolean
make_link (Sample *sample, const LinkPlan *plan, GError **error)
{
  guint amount = 100 * (5 + dice (sample, 90));
  const char *title = titles[dice (sample, G_N_ELEMENTS (titles))];
  g_autofree char *rest = g_strdup_printf (plan->rest, amount);
  g_autofree char *id = NULL;
  g_autofree char *path = NULL;
  g_autoptr (CobroWireObject) changed = NULL;

  id = make (sample, "/v1/links", g_strdup_printf ("{\"title\":\"%s\",%s}", title, rest), error);
  if (id == NULL)
    return FALSE;
  sample->count.links++;
  if (plan->action == NULL)
    return TRUE;
  path = g_strdup_printf ("/v1/links/%s/%s", id, plan->action);
  return (changed = post (sample, path, g_strdup ("{}"), error)) != NULL;
}

/* One payment: the mock gateway's last two digits decide what becomes of it. */
typedef struct
{
  guint digits;       /* of the amount */
  gboolean has_payer; /* somebody is on the way to the card form */
  gboolean is_cancelled;
  guint refund; /* minor units; 0: none */
} PaymentPlan;

static const PaymentPlan payment_plans[] = {
  { 50, FALSE, FALSE, 0 },    /* succeeded */
  { 0, FALSE, FALSE, 450 },   /* succeeded, a part refunded */
  { 10, FALSE, FALSE, 202 },  /* succeeded, the refund fails */
  { 2, FALSE, FALSE, 0 },     /* declined */
  { 19, FALSE, FALSE, 0 },    /* processing, then succeeded */
  { 5, FALSE, FALSE, 0 },     /* asks for 3-D Secure and nobody is there */
  { 30, TRUE, FALSE, 0 },     /* the payer has not finished */
  { 40, TRUE, TRUE, 0 },      /* cancelled */
  { 20, FALSE, FALSE, 1000 }, /* succeeded, refunded */
};

static char *
payment_json (const Sample *sample, const PaymentPlan *plan)
{
  guint amount = 100 * (12 + dice (sample, 80)) + plan->digits;
  const char *payer = payers[dice (sample, G_N_ELEMENTS (payers))];
  const char *back = plan->has_payer ? ",\"returnUrl\":\"https://shop.example/thanks\"" : "";

  return g_strdup_printf ("{\"amount\":%u,\"currency\":\"EUR\",\"gateway\":\"mock\",\"description\":\"Order %u\","
                          "\"payer\":{\"name\":\"%s\"},\"metadata\":{\"sample\":\"%u\"}%s}",
                          amount, sample->step + 1, payer, sample->seed, back);
}

static gboolean
make_payment (Sample *sample, const PaymentPlan *plan, GError **error)
{
  g_autofree char *id = make (sample, "/v1/payments", payment_json (sample, plan), error);
  g_autofree char *path = id != NULL ? g_strdup_printf ("/v1/payments/%s/cancel", id) : NULL;
  g_autoptr (CobroWireObject) cancelled = NULL;
  g_autofree char *refund = NULL;

  if (id == NULL)
    return FALSE;
  sample->count.payments++;
  if (plan->is_cancelled && !(cancelled = post (sample, path, g_strdup ("{}"), error)))
    return FALSE;
  if (plan->refund == 0)
    return TRUE;
  refund =
    make (sample, "/v1/refunds",
          g_strdup_printf ("{\"paymentId\":\"%s\",\"amount\":%u,\"reason\":\"Sample\"}", id, plan->refund), error);
  sample->count.refunds += refund != NULL;
  return refund != NULL;
}

gboolean
relay_sample_make (const RelaySampleTarget *target, guint seed, RelaySampleCount *out_count, GError **error)
{
  gboolean is_unix = g_str_has_prefix (target->listen, "unix:");
  g_auto (Sample) sample = { .target = target, .seed = seed };

  sample.client = is_unix ? cobro_net_client_new_unix ("cobro-relay/" COBRO_VERSION, target->listen + strlen ("unix:"))
                          : cobro_net_client_new ("cobro-relay/" COBRO_VERSION);
  sample.base = is_unix ? g_strdup ("http://localhost") : g_strconcat ("http://", target->listen, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (link_plans); i++)
    if (!make_link (&sample, &link_plans[i], error))
      return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (payment_plans); i++)
    if (!make_payment (&sample, &payment_plans[i], error))
      return FALSE;
  *out_count = sample.count;
  return TRUE;
}
