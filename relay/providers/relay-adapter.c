/* relay/providers/relay-adapter.c — the runner of pure adapters: sends what they ask for, hands them the answers, and
 * knows what a lost answer means. Layer: relay/providers. Any thread; each call has a connection to itself. */
#include "relay-adapter.h"

#include <string.h>

#include "cobro-error.h"

#define STEPS_MAX    64 /* questions of one talk: more is a loop */
#define ANSWER_MAX   (1024 * 1024)
#define CLIENTS_IDLE 8
#define SECRET_MIN   8 /* bytes: what is shorter is no secret, and would blank words */

typedef struct
{
  RelayProvider parent;
  RelayProviderClass class; /* the adapter's facts, and our calls */
  const RelayAdapterClass *adapter;
  char *stand_in; /* (nullable) */
  CobroNetTransport transport;
  gpointer transport_data;

  GMutex lock;     /* guards what follows */
  GPtrArray *idle; /* (element-type CobroNetClient) with kept connections */
} RelayRunner;

/* ── Asks ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
ask_clear (RelayAsk *ask)
{
  g_clear_pointer (&ask->path, g_free);
  g_clear_pointer (&ask->headers, g_ptr_array_unref);
  if (ask->body != NULL)
    explicit_bzero (ask->body, strlen (ask->body)); /* a card token may be in it */
  g_clear_pointer (&ask->body, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RelayAsk, ask_clear)

void
relay_ask_set (RelayAsk *ask, const char *method, char *take_path, gboolean safe)
{
  ask->method = method;
  g_free (ask->path);
  ask->path = take_path;
  ask->safe = safe;
}

void
relay_ask_add_header (RelayAsk *ask, const char *name, const char *value)
{
  if (ask->headers == NULL)
    ask->headers = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (ask->headers, g_strdup (name));
  g_ptr_array_add (ask->headers, g_strdup (value));
}

void
relay_ask_add_basic (RelayAsk *ask, const char *user, const char *password)
{
  g_autofree char *pair = g_strconcat (user, ":", password, NULL);
  g_autofree char *encoded = g_base64_encode ((const guchar *)pair, strlen (pair));
  g_autofree char *value = g_strconcat ("Basic ", encoded, NULL);

  relay_ask_add_header (ask, "Authorization", value);
}

void
relay_ask_set_body (RelayAsk *ask, const char *content_type, char *take_body)
{
  ask->content_type = content_type;
  g_free (ask->body);
  ask->body = take_body;
}

/* ── Connections ────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroNetClient *
new_client (RelayRunner *self)
{
  return self->transport != NULL ? cobro_net_client_new_over (self->transport, self->transport_data)
                                 : cobro_net_client_new ("Cobro-Relay/1");
}

static CobroNetClient *
take_client (RelayRunner *self)
{
  CobroNetClient *client = NULL;

  g_mutex_lock (&self->lock);
  if (self->idle->len > 0)
    client = g_ptr_array_steal_index_fast (self->idle, self->idle->len - 1);
  g_mutex_unlock (&self->lock);
  return client != NULL ? client : new_client (self);
}

static void
give_client (RelayRunner *self, CobroNetClient *client)
{
  g_mutex_lock (&self->lock);
  if (self->idle->len < CLIENTS_IDLE)
    {
      g_ptr_array_add (self->idle, client);
      client = NULL;
    }
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&client, cobro_net_client_free);
}

static char *
base_of (RelayRunner *self, const RelayAccount *account)
{
  if (self->stand_in != NULL && !account->livemode)
    return g_strdup (self->stand_in);
  if (self->adapter->base != NULL)
    return self->adapter->base (account);
  return g_strdup (account->livemode ? self->adapter->live_base : self->adapter->test_base);
}

/* What a failed exchange means: before anything was sent, nothing happened. */
static void
explain_lost (RelayRunner *self, const RelayAsk *ask, gboolean acted, GError *take_failed, GError **error)
{
  g_autoptr (GError) failed = take_failed;
  const char *stage = cobro_error_get_path (failed);
  gboolean unsent = g_strcmp0 (stage, "address") == 0 || g_strcmp0 (stage, "tls") == 0;

  if (!acted && (ask->safe || unsent))
    cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "%s cannot be reached (%s)", self->class.title,
                     stage != NULL ? stage : "no answer");
  else
    cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "%s did not answer (%s)", self->class.title,
                     stage != NULL ? stage : "no answer");
}

/* A request that must not be sent twice takes a new connection: on a kept one, nobody could say whether it arrived when
 * the other side has closed it meanwhile. */
static CobroNetAnswer *
exchange (RelayRunner *self, const RelayAccount *account, RelayAsk *ask, gint64 deadline, gboolean acted,
          GError **error)
{
  gboolean repeatable = ask->safe || ask->keyed;
  gint64 left = (deadline - cobro_clock_monotonic (self->parent.clock)) / 1000;
  g_autofree char *base = base_of (self, account);
  g_autofree char *url = g_strconcat (base, ask->path, NULL);
  g_autoptr (GBytes) body = ask->body != NULL ? g_bytes_new (ask->body, strlen (ask->body)) : NULL;
  CobroNetClient *client;
  CobroNetAnswer *answer;
  GError *failed = NULL;
  CobroNetRequest request = { .method = ask->method,
                              .url = url,
                              .content_type = ask->content_type,
                              .body = body,
                              .deadline_ms = (guint)CLAMP (left, 0, G_MAXUINT32 / 2),
                              .max_bytes = self->adapter->answer_max != 0 ? self->adapter->answer_max : ANSWER_MAX,
                              .repeatable = repeatable };

  if (left <= 0)
    {
      cobro_error_set (error, acted ? COBRO_ERROR_NO_ANSWER : COBRO_ERROR_UNAVAILABLE, "no time left to ask %s",
                       self->class.title);
      return NULL;
    }
  if (ask->headers != NULL)
    {
      g_ptr_array_add (ask->headers, NULL);
      request.headers = (const char *const *)ask->headers->pdata;
    }
  client = repeatable ? take_client (self) : new_client (self);
  answer = cobro_net_client_send (client, &request, NULL, &failed);
  if (repeatable && answer != NULL)
    give_client (self, client);
  else
    cobro_net_client_free (client);
  if (answer == NULL)
    explain_lost (self, ask, acted, failed, error);
  return answer;
}

/* ── Talks ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
talk_clear (RelayTalk *talk)
{
  for (gsize i = 0; i < G_N_ELEMENTS (talk->notes); i++)
    g_clear_pointer (&talk->notes[i], g_free);
  g_clear_pointer (&talk->begun, relay_begun_free);
  g_clear_pointer (&talk->fact, cobro_fact_unref);
  g_clear_pointer (&talk->listing, relay_listing_free);
  g_clear_pointer (&talk->words, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RelayTalk, talk_clear)

static void
blank (char *text, const char *secret)
{
  gsize n = strlen (secret);

  for (char *at = text; n >= SECRET_MIN && (at = strstr (at, secret)) != NULL; at += n)
    memset (at, '*', n);
}

/* Companies repeat keys in what they say about them, and what they say is kept and shown. */
static void
blank_secrets (const RelayRunner *self, const RelayTalk *talk, char *words)
{
  const RelayAccount *account = talk->account;

  for (guint i = 0; i < self->class.n_settings; i++)
    if (self->class.settings[i].kind == RELAY_SETTING_SECRET)
      blank (words, relay_account_get (account, self->class.settings[i].name));
  for (guint i = 0; i < account->webhook_secrets->len; i++)
    blank (words, account->webhook_secrets->pdata[i]);
  if (talk->intent != NULL && talk->intent->token != NULL)
    blank (words, talk->intent->token);
}

/* To the end: TRUE with the result in the talk. */
static gboolean
converse (RelayProvider *provider, RelayTalk *talk, gint64 deadline, GError **error)
{
  RelayRunner *self = (RelayRunner *)provider;
  g_autoptr (CobroNetAnswer) answer = NULL;
  gboolean acted = FALSE; /* something was sent that changes something, and was not refused as a whole */

  talk->now = cobro_clock_now (provider->clock);
  for (talk->step = 0; talk->step < STEPS_MAX; talk->step++)
    {
      g_auto (RelayAsk) ask = { 0 };
      RelayTalkStep step = self->adapter->next (talk, answer, &ask, error);

      if (step != RELAY_TALK_ASK)
        return step == RELAY_TALK_DONE;
      g_clear_pointer (&answer, cobro_net_answer_free);
      answer = exchange (self, talk->account, &ask, deadline, acted || talk->acted, error);
      if (answer == NULL)
        return FALSE;
      acted = acted || (!ask.safe && answer->status < 400);
    }
  return cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "%s asks for more and more", self->class.title);
}

static gboolean
run (RelayProvider *provider, RelayTalk *talk, gint64 deadline, GError **error)
{
  GError *failure = NULL;

  const RelayRunner *self = (RelayRunner *)provider;

  if (converse (provider, talk, deadline, &failure))
    {
      if (talk->fact != NULL)
        blank_secrets (self, talk, talk->fact->failure_message);
      if (talk->begun != NULL)
        blank_secrets (self, talk, talk->begun->fact->failure_message);
      return TRUE;
    }
  blank_secrets (self, talk, failure->message);
  g_propagate_error (error, failure);
  return FALSE;
}

static RelayBegun *
runner_begin (RelayProvider *provider, const RelayAccount *account, const RelayIntent *intent, gint64 deadline,
              GError **error)
{
  g_auto (RelayTalk) talk = { .kind = RELAY_TALK_BEGIN, .account = account, .intent = intent };

  if (!run (provider, &talk, deadline, error))
    return NULL;
  talk.begun->fact->source = COBRO_FACT_FROM_ANSWER;
  return g_steal_pointer (&talk.begun);
}

static CobroFact *
run_for_fact (RelayProvider *provider, RelayTalk *talk, CobroFactSource source, gint64 deadline, GError **error)
{
  if (!run (provider, talk, deadline, error))
    return NULL;
  talk->fact->source = source;
  return g_steal_pointer (&talk->fact);
}

static CobroFact *
runner_query (RelayProvider *provider, const RelayAccount *account, const RelayTarget *target, gint64 deadline,
              GError **error)
{
  g_auto (RelayTalk) talk = { .kind = RELAY_TALK_QUERY, .account = account, .target = target };

  return run_for_fact (provider, &talk, COBRO_FACT_FROM_JANITOR, deadline, error);
}

static CobroFact *
runner_cancel (RelayProvider *provider, const RelayAccount *account, const RelayTarget *target, gint64 deadline,
               GError **error)
{
  g_auto (RelayTalk) talk = { .kind = RELAY_TALK_CANCEL, .account = account, .target = target };

  return run_for_fact (provider, &talk, COBRO_FACT_FROM_ANSWER, deadline, error);
}

static CobroFact *
runner_refund (RelayProvider *provider, const RelayAccount *account, const RelayTarget *target, CobroMoney amount,
               const char *idempotency_key, gint64 deadline, GError **error)
{
  g_auto (RelayTalk) talk = {
    .kind = RELAY_TALK_REFUND, .account = account, .target = target, .amount = amount, .key = idempotency_key
  };

  return run_for_fact (provider, &talk, COBRO_FACT_FROM_ANSWER, deadline, error);
}

static CobroFact *
runner_query_refund (RelayProvider *provider, const RelayAccount *account, const RelayTarget *target,
                     const char *refund_id, const char *idempotency_key, gint64 deadline, GError **error)
{
  g_auto (RelayTalk) talk = { .kind = RELAY_TALK_QUERY_REFUND,
                              .account = account,
                              .target = target,
                              .refund_id = refund_id,
                              .key = idempotency_key };

  return run_for_fact (provider, &talk, COBRO_FACT_FROM_JANITOR, deadline, error);
}

static CobroFact *
runner_query_dispute (RelayProvider *provider, const RelayAccount *account, const RelayTarget *target, gint64 deadline,
                      GError **error)
{
  g_auto (RelayTalk) talk = { .kind = RELAY_TALK_QUERY_DISPUTE, .account = account, .target = target };

  return run_for_fact (provider, &talk, COBRO_FACT_FROM_JANITOR, deadline, error);
}

static RelayListing *
runner_list (RelayProvider *provider, const RelayAccount *account, CobroTime since, const char *cursor, gint64 deadline,
             GError **error)
{
  g_auto (RelayTalk) talk = { .kind = RELAY_TALK_LIST, .account = account, .since = since, .cursor = cursor };

  if (!run (provider, &talk, deadline, error))
    return NULL;
  for (guint i = 0; i < talk.listing->facts->len; i++)
    ((CobroFact *)talk.listing->facts->pdata[i])->source = COBRO_FACT_FROM_JANITOR;
  return g_steal_pointer (&talk.listing);
}

static gboolean
runner_test (RelayProvider *provider, const RelayAccount *account, gint64 deadline, char **out_words, GError **error)
{
  g_auto (RelayTalk) talk = { .kind = RELAY_TALK_TEST, .account = account };

  if (!run (provider, &talk, deadline, error))
    return FALSE;
  *out_words = g_steal_pointer (&talk.words);
  return TRUE;
}

/* ── The provider ───────────────────────────────────────────────────────────────────────────────────────────── */

static void
runner_free (RelayProvider *provider)
{
  RelayRunner *self = (RelayRunner *)provider;

  g_clear_pointer (&self->idle, g_ptr_array_unref);
  g_clear_pointer (&self->parent.clock, cobro_clock_unref);
  g_clear_pointer (&self->parent.random, cobro_random_unref);
  g_mutex_clear (&self->lock);
  g_free (self->stand_in);
  g_free (self);
}

RelayProvider *
relay_adapter_new (const RelayAdapterClass *class, const RelayAdapterConfig *config)
{
  RelayRunner *self = g_new0 (RelayRunner, 1);

  self->class = class->facts;
  self->class.begin = runner_begin;
  self->class.query = runner_query;
  self->class.cancel = runner_cancel;
  self->class.refund = runner_refund;
  self->class.query_refund = runner_query_refund;
  self->class.query_dispute = class->has_dispute_query ? runner_query_dispute : NULL;
  self->class.list = runner_list;
  self->class.test = runner_test;
  self->class.free = runner_free;
  self->adapter = class;
  self->parent.class = &self->class;
  self->parent.clock = cobro_clock_ref (config->clock);
  self->parent.random = cobro_random_ref (config->random);
  self->stand_in = g_strdup (config->stand_in);
  self->transport = config->transport;
  self->transport_data = config->transport_data;
  self->idle = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_net_client_free);
  g_mutex_init (&self->lock);
  return &self->parent;
}
