/* relay/providers/relay-provider.c — checked calls to a provider: preconditions in, retries between, sane facts out.
 * Layer: relay/providers. Called on request threads and the janitor's; holds no state of its own. */
#include "relay-provider.h"

#include <string.h>
#include "cobro-error.h"
#include "cobro-net-retry.h"
#include "relay-metrics.h"
#include "relay-trace.h"

#define TRIES_MAX  3
#define RETRY_BASE (100 * (COBRO_SECOND / 1000))
#define RETRY_CAP  (2 * COBRO_SECOND)

RelayAccount *
relay_account_new (void)
{
  RelayAccount *account = g_new0 (RelayAccount, 1);

  account->id = g_strdup ("");
  account->provider = g_strdup ("");
  account->settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  account->webhook_secrets = g_ptr_array_new_with_free_func (g_free);
  return account;
}

void
relay_account_free (RelayAccount *account)
{
  if (account == NULL)
    return;
  g_free (account->id);
  g_free (account->provider);
  g_hash_table_unref (account->settings);
  g_ptr_array_unref (account->webhook_secrets);
  g_free (account);
}

void
relay_begun_free (RelayBegun *begun)
{
  if (begun == NULL)
    return;
  g_clear_pointer (&begun->fact, cobro_fact_unref);
  g_free (begun->redirect_url);
  g_free (begun->client_secret);
  g_free (begun->publishable_key);
  g_free (begun->account);
  g_clear_pointer (&begun->details, g_hash_table_unref);
  g_free (begun);
}

void
relay_visit_answer_free (RelayVisitAnswer *answer)
{
  if (answer == NULL)
    return;
  g_free (answer->html);
  g_free (answer->style_sources);
  g_free (answer->form_hosts);
  g_free (answer->redirect_url);
  g_free (answer);
}

void
relay_listing_free (RelayListing *listing)
{
  if (listing == NULL)
    return;
  g_clear_pointer (&listing->facts, g_ptr_array_unref);
  g_free (listing->next);
  g_free (listing);
}

const char *
relay_call_kind_name (RelayCallKind kind)
{
  switch (kind)
    {
    case RELAY_CALL_BEGIN:
      return "begin";
    case RELAY_CALL_QUERY:
      return "query";
    case RELAY_CALL_CANCEL:
      return "cancel";
    case RELAY_CALL_REFUND:
      return "refund";
    case RELAY_CALL_LIST:
      return "list";
    case RELAY_CALL_TEST:
      return "test";
    }
  return "";
}

void
relay_provider_wait (RelayProvider *self, gint64 us)
{
  GMutex mutex;
  GCond cond;
  gint64 until = g_get_monotonic_time () + us;

  if (us <= 0)
    return;
  if (self->wait != NULL)
    {
      self->wait (self, us);
      return;
    }
  g_mutex_init (&mutex);
  g_cond_init (&cond);
  g_mutex_lock (&mutex);
  while (g_cond_wait_until (&cond, &mutex, until))
    ;
  g_mutex_unlock (&mutex);
  g_cond_clear (&cond);
  g_mutex_clear (&mutex);
}

/* ── Tries ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  RelayProvider *self;
  RelayCallKind kind;
  const char *reference;
  gint64 deadline;
  guint tries;
  gint64 began;
  GError *unclear; /* the first try of which nobody knows whether it happened */
  RelaySpan span;  /* of the try under way */
} Call;

static void
call_clear (Call *call)
{
  relay_span_end (&call->span);
  g_clear_error (&call->unclear);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Call, call_clear)

static void
call_start (Call *call)
{
  g_autofree char *name = NULL;

  call->tries++;
  call->began = cobro_clock_monotonic (call->self->clock);
  if (!relay_trace_is_on ())
    return;
  name = g_strdup_printf ("%s %s", call->self->class->name, relay_call_kind_name (call->kind));
  relay_span_begin (&call->span, RELAY_SPAN_CLIENT, name);
  relay_span_set_text (&call->span, "cobro.gateway", call->self->class->name);
  relay_span_set_int (&call->span, "cobro.try", call->tries);
}

static const char *
outcome_of (const GError *failed)
{
  if (failed == NULL)
    return "answered";
  if (g_error_matches (failed, COBRO_ERROR, COBRO_ERROR_NO_ANSWER))
    return "no_answer";
  if (g_error_matches (failed, COBRO_ERROR, COBRO_ERROR_UNAVAILABLE))
    return "unavailable";
  return g_error_matches (failed, COBRO_ERROR, COBRO_ERROR_NOT_FOUND) ? "not_found" : "refused";
}

static void
count_try (Call *call, gint64 took, const GError *failed)
{
  const char *gateway = call->self->class->name;
  const char *operation = relay_call_kind_name (call->kind);

  relay_count (RELAY_METRIC_GATEWAY_REQUESTS, gateway, operation, outcome_of (failed));
  relay_observe (RELAY_METRIC_GATEWAY_DURATION, took, gateway, operation);
  relay_span_set_text (&call->span, "cobro.outcome", outcome_of (failed));
  if (failed != NULL)
    relay_span_fail (&call->span, outcome_of (failed));
  relay_span_end (&call->span);
}

static gboolean
may_retry (const Call *call, const GError *failed)
{
  if (failed == NULL || call->kind == RELAY_CALL_CANCEL || call->kind == RELAY_CALL_TEST || call->tries >= TRIES_MAX)
    return FALSE;
  return g_error_matches (failed, COBRO_ERROR, COBRO_ERROR_UNAVAILABLE) ||
         g_error_matches (failed, COBRO_ERROR, COBRO_ERROR_NO_ANSWER);
}

/* Reports the try that has just ended. TRUE after having waited when another one shall be made. */
static gboolean
call_again (Call *call, const GError *failed)
{
  RelayProvider *self = call->self;
  gint64 now = cobro_clock_monotonic (self->clock);
  gint64 wait;

  count_try (call, now - call->began, failed);
  if (self->watch != NULL)
    self->watch (self, call->kind, call->reference, call->tries, now - call->began, failed, self->watch_data);
  if (call->unclear == NULL && g_error_matches (failed, COBRO_ERROR, COBRO_ERROR_NO_ANSWER))
    call->unclear = g_error_copy (failed);
  if (!may_retry (call, failed))
    return FALSE;
  wait = cobro_net_retry_full_jitter (call->tries - 1, RETRY_BASE, RETRY_CAP, self->random);
  if (now + wait >= call->deadline)
    return FALSE;
  relay_provider_wait (self, wait);
  return TRUE;
}

/* Only begin and refund do something there: what a question was answered at last counts. */
static gboolean
has_effect (const Call *call)
{
  return call->kind == RELAY_CALL_BEGIN || call->kind == RELAY_CALL_REFUND;
}

/* How the call ended. "Try again later", or a refusal, after a try that was lost says nothing about the lost one: that
 * stays open. */
static void
call_fail (Call *call, GError *take_failed, GError **error)
{
  g_autoptr (GError) failed = take_failed;

  if (call->unclear != NULL && (g_error_matches (failed, COBRO_ERROR, COBRO_ERROR_UNAVAILABLE) ||
                                (has_effect (call) && g_error_matches (failed, COBRO_ERROR, COBRO_ERROR_PROVIDER))))
    g_propagate_error (error, g_steal_pointer (&call->unclear));
  else
    g_propagate_error (error, g_steal_pointer (&failed));
}

/* ── Checks ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

gboolean
relay_provider_check_account (RelayProvider *self, const RelayAccount *account, GError **error)
{
  if (strcmp (account->provider, self->class->name) != 0)
    return cobro_error_set (error, COBRO_ERROR_CONFIG, "account %s belongs to %s, not to %s", account->id,
                            account->provider, self->class->name);
  if (self->class->test_only && account->livemode)
    return cobro_error_set (error, COBRO_ERROR_CONFIG, "%s is for practice only and takes no real money",
                            self->class->name);
  return TRUE;
}

static gboolean
check_call (RelayProvider *self, const RelayAccount *account, gint64 deadline, GError **error)
{
  if (!relay_provider_check_account (self, account, error))
    return FALSE;
  if (cobro_clock_monotonic (self->clock) >= deadline)
    return cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "no time left to ask %s", self->class->name);
  return TRUE;
}

gboolean
relay_provider_check_amount (RelayProvider *self, CobroMoney amount, GError **error)
{
  gint64 units;

  return relay_currencies_to_provider (self->class->currencies, amount, &units, error);
}

static gboolean
check_intent (RelayProvider *self, const RelayAccount *account, const RelayIntent *intent, GError **error)
{
  if (intent->livemode != account->livemode)
    return cobro_error_set (error, COBRO_ERROR_CONFIG, "a %s payment cannot go through a %s account",
                            intent->livemode ? "live" : "test", account->livemode ? "live" : "test");
  if (!cobro_id_is_set (&intent->payment_id) || intent->reference == NULL || intent->idempotency_key == NULL ||
      *intent->idempotency_key == '\0')
    return cobro_error_set (error, COBRO_ERROR_INTERNAL, "an intent without payment id or key");
  if (!cobro_money_is_positive (intent->amount))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "must be more than zero");
  if ((self->class->methods & intent->method) == 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "method", "%s cannot do %s", self->class->name,
                               cobro_method_name (intent->method));
  if (intent->token != NULL && !self->class->takes_tokens)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "gateway", "%s takes no tokens", self->class->title);
  if (intent->embedded && !self->class->embeds)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "gateway", "%s has a page of its own only",
                               self->class->title);
  return relay_provider_check_amount (self, intent->amount, error);
}

/* Facts in which money moved say how much. */
static gboolean
moves_money (CobroFactKind kind)
{
  return kind == COBRO_FACT_SUCCEEDED || kind == COBRO_FACT_REFUND_PENDING || kind == COBRO_FACT_REFUNDED;
}

static gboolean
is_refund (CobroFactKind kind)
{
  return kind == COBRO_FACT_REFUND_PENDING || kind == COBRO_FACT_REFUNDED || kind == COBRO_FACT_REFUND_FAILED;
}

static const char *
find_nonsense (RelayProvider *self, const RelayAccount *account, const CobroFact *fact)
{
  if (g_strcmp0 (fact->provider, self->class->name) != 0 || g_strcmp0 (fact->account, account->id) != 0)
    return "another account's payment";
  if (fact->livemode != account->livemode)
    return "the wrong mode";
  if (fact->event_id == NULL || *fact->event_id == '\0')
    return "no event id";
  if (*fact->provider_payment_id == '\0' && *fact->charge_id == '\0')
    return "no payment id";
  if (moves_money (fact->kind) && !cobro_money_is_positive (fact->amount))
    return "no amount";
  if (is_refund (fact->kind) && (fact->refund_id == NULL || *fact->refund_id == '\0'))
    return "no refund id";
  return NULL;
}

static gboolean
is_another (const char *wanted, const char *said)
{
  return *wanted != '\0' && *said != '\0' && strcmp (wanted, said) != 0;
}

/* An answer that makes no sense leaves open what happened: NO_ANSWER, never "refused". */
static gboolean
check_fact (RelayProvider *self, const RelayAccount *account, const CobroFact *fact, const RelayTarget *target,
            GError **error)
{
  const char *nonsense = find_nonsense (self, account, fact);

  if (nonsense == NULL && target != NULL && is_another (target->object_id, fact->provider_payment_id))
    nonsense = "another payment";
  if (nonsense == NULL && target != NULL && is_another (target->reference, fact->reference))
    nonsense = "another payment's reference";
  if (nonsense != NULL)
    return cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "%s answered nonsense: %s", self->class->name, nonsense);
  return TRUE;
}

static gboolean
check_begun (RelayProvider *self, const RelayAccount *account, const RelayIntent *intent, const RelayBegun *begun,
             GError **error)
{
  RelayTarget target = { .object_id = "", .charge_id = "", .reference = intent->reference };

  if (!check_fact (self, account, begun->fact, &target, error))
    return FALSE;
  if (begun->next == RELAY_NEXT_REDIRECT && (begun->redirect_url == NULL || *begun->redirect_url == '\0'))
    return cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "%s answered nonsense: a redirect without an address",
                            self->class->name);
  return TRUE;
}

/* ── The calls ──────────────────────────────────────────────────────────────────────────────────────────────────── */

RelayBegun *
relay_provider_begin (RelayProvider *self, const RelayAccount *account, const RelayIntent *intent, gint64 deadline,
                      GError **error)
{
  g_auto (Call)
    call = { .self = self, .kind = RELAY_CALL_BEGIN, .reference = intent->payment_id.text, .deadline = deadline };
  g_autoptr (RelayBegun) begun = NULL;
  g_autoptr (GError) failed = NULL;

  if (!check_call (self, account, deadline, error) || !check_intent (self, account, intent, error))
    return NULL;
  do
    {
      g_clear_error (&failed);
      call_start (&call);
      begun = self->class->begin (self, account, intent, deadline, &failed);
    }
  while (call_again (&call, failed));
  if (begun == NULL)
    {
      call_fail (&call, g_steal_pointer (&failed), error);
      return NULL;
    }
  return check_begun (self, account, intent, begun, error) ? g_steal_pointer (&begun) : NULL;
}

/* A call whose answer is a fact: how it is made, once per try. */
typedef struct
{
  const RelayAccount *account;
  const RelayTarget *target;
  CobroMoney amount;
  const char *refund_id, *key;
} FactCall;

typedef CobroFact *(*MakeFactCall) (RelayProvider *self, const FactCall *what, gint64 deadline, GError **error);

static CobroFact *
make_query (RelayProvider *self, const FactCall *what, gint64 deadline, GError **error)
{
  return self->class->query (self, what->account, what->target, deadline, error);
}

static CobroFact *
make_cancel (RelayProvider *self, const FactCall *what, gint64 deadline, GError **error)
{
  return self->class->cancel (self, what->account, what->target, deadline, error);
}

static CobroFact *
make_refund (RelayProvider *self, const FactCall *what, gint64 deadline, GError **error)
{
  return self->class->refund (self, what->account, what->target, what->amount, what->key, deadline, error);
}

static CobroFact *
make_query_refund (RelayProvider *self, const FactCall *what, gint64 deadline, GError **error)
{
  return self->class->query_refund (self, what->account, what->target, what->refund_id, what->key, deadline, error);
}

static CobroFact *
make_query_dispute (RelayProvider *self, const FactCall *what, gint64 deadline, GError **error)
{
  return self->class->query_dispute (self, what->account, what->target, deadline, error);
}

/* Try after try, and what comes back is about the payment that was asked about. */
static CobroFact *
call_for_fact (RelayProvider *self, RelayCallKind kind, MakeFactCall make, const FactCall *what, gint64 deadline,
               GError **error)
{
  g_auto (Call) call = { .self = self, .kind = kind, .reference = what->target->payment_id.text, .deadline = deadline };
  RelayTarget target = *what->target;
  FactCall now = *what;
  g_autoptr (CobroFact) fact = NULL;
  g_autoptr (GError) failed = NULL;

  if (!check_call (self, what->account, deadline, error))
    return NULL;
  now.target = &target;
  do
    {
      g_clear_error (&failed);
      call_start (&call);
      fact = make (self, &now, deadline, &failed);
      target.tried = target.tried || g_error_matches (failed, COBRO_ERROR, COBRO_ERROR_NO_ANSWER);
    }
  while (call_again (&call, failed));
  if (fact == NULL)
    {
      call_fail (&call, g_steal_pointer (&failed), error);
      return NULL;
    }
  return check_fact (self, what->account, fact, what->target, error) ? g_steal_pointer (&fact) : NULL;
}

CobroFact *
relay_provider_query (RelayProvider *self, const RelayAccount *account, const RelayTarget *target, gint64 deadline,
                      GError **error)
{
  FactCall what = { .account = account, .target = target };

  return call_for_fact (self, RELAY_CALL_QUERY, make_query, &what, deadline, error);
}

CobroFact *
relay_provider_cancel (RelayProvider *self, const RelayAccount *account, const RelayTarget *target, gint64 deadline,
                       GError **error)
{
  FactCall what = { .account = account, .target = target };

  return call_for_fact (self, RELAY_CALL_CANCEL, make_cancel, &what, deadline, error);
}

CobroFact *
relay_provider_refund (RelayProvider *self, const RelayAccount *account, const RelayTarget *target, CobroMoney amount,
                       const char *idempotency_key, gint64 deadline, GError **error)
{
  FactCall what = { .account = account, .target = target, .amount = amount, .key = idempotency_key };

  if (!cobro_money_is_positive (amount))
    {
      cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "must be more than zero");
      return NULL;
    }
  return call_for_fact (self, RELAY_CALL_REFUND, make_refund, &what, deadline, error);
}

/* A refund's fact is of that refund, and says how it went. */
static gboolean
check_refund_fact (RelayProvider *self, const CobroFact *fact, const char *refund_id, GError **error)
{
  if (is_refund (fact->kind) && (*refund_id == '\0' || strcmp (fact->refund_id, refund_id) == 0))
    return TRUE;
  return cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "%s answered nonsense: not that refund", self->class->name);
}

CobroFact *
relay_provider_query_refund (RelayProvider *self, const RelayAccount *account, const RelayTarget *target,
                             const char *refund_id, const char *idempotency_key, gint64 deadline, GError **error)
{
  FactCall what = { .account = account, .target = target, .refund_id = refund_id, .key = idempotency_key };
  g_autoptr (CobroFact) fact = call_for_fact (self, RELAY_CALL_QUERY, make_query_refund, &what, deadline, error);

  return fact != NULL && check_refund_fact (self, fact, refund_id, error) ? g_steal_pointer (&fact) : NULL;
}

CobroFact *
relay_provider_query_dispute (RelayProvider *self, const RelayAccount *account, const RelayTarget *target,
                              gint64 deadline, GError **error)
{
  FactCall what = { .account = account, .target = target };

  if (self->class->query_dispute == NULL)
    {
      cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "%s cannot be asked about disputes", self->class->name);
      return NULL;
    }
  return call_for_fact (self, RELAY_CALL_QUERY, make_query_dispute, &what, deadline, error);
}

/* ── Lists, tests ───────────────────────────────────────────────────────────────────────────────────────────────── */

RelayListing *
relay_provider_list (RelayProvider *self, const RelayAccount *account, CobroTime since, const char *cursor,
                     gint64 deadline, GError **error)
{
  g_auto (Call) call = { .self = self, .kind = RELAY_CALL_LIST, .reference = account->id, .deadline = deadline };
  g_autoptr (RelayListing) listing = NULL;
  g_autoptr (GError) failed = NULL;

  if (!check_call (self, account, deadline, error))
    return NULL;
  do
    {
      g_clear_error (&failed);
      call_start (&call);
      listing = self->class->list (self, account, since, cursor, deadline, &failed);
    }
  while (call_again (&call, failed));
  if (listing == NULL)
    {
      call_fail (&call, g_steal_pointer (&failed), error);
      return NULL;
    }
  for (guint i = 0; i < listing->facts->len; i++)
    if (!check_fact (self, account, listing->facts->pdata[i], NULL, error))
      return NULL;
  return g_steal_pointer (&listing);
}

gboolean
relay_provider_test (RelayProvider *self, const RelayAccount *account, gint64 deadline, char **out_words,
                     GError **error)
{
  g_auto (Call) call = { .self = self, .kind = RELAY_CALL_TEST, .reference = account->id, .deadline = deadline };
  g_autoptr (GError) failed = NULL;
  gboolean ok;

  if (!check_call (self, account, deadline, error))
    return FALSE;
  call_start (&call);
  ok = self->class->test (self, account, deadline, out_words, &failed);
  (void)call_again (&call, failed);
  if (!ok)
    call_fail (&call, g_steal_pointer (&failed), error);
  return ok;
}

/* ── Webhooks ───────────────────────────────────────────────────────────────────────────────────────────────────── */

gboolean
relay_provider_verify (RelayProvider *self, const RelayAccount *account, GHashTable *headers, GBytes *raw,
                       CobroTime now, char **out_event_id, GError **error)
{
  return relay_provider_check_account (self, account, error) &&
         self->class->verify (self, account, headers, raw, now, out_event_id, error);
}

GPtrArray *
relay_provider_read (RelayProvider *self, const RelayAccount *account, GBytes *raw, GError **error)
{
  g_autoptr (GPtrArray) facts = NULL;

  if (!relay_provider_check_account (self, account, error) ||
      (facts = self->class->read (self, account, raw, error)) == NULL)
    return NULL;
  for (guint i = 0; i < facts->len; i++)
    {
      const char *nonsense = find_nonsense (self, account, g_ptr_array_index (facts, i));

      if (nonsense != NULL)
        {
          cobro_error_set (error, COBRO_ERROR_FORBIDDEN, "%s sent an event with %s", self->class->name, nonsense);
          return NULL;
        }
    }
  return g_steal_pointer (&facts);
}

char *
relay_provider_tell (RelayProvider *self, const RelayAccount *account, GBytes *raw)
{
  return self->class->tell != NULL ? self->class->tell (self, account, raw) : NULL;
}

RelayVisitAnswer *
relay_provider_serve (RelayProvider *self, const RelayVisit *visit, GError **error)
{
  if (self->class->serve == NULL)
    {
      cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "%s has no pages here", self->class->name);
      return NULL;
    }
  return self->class->serve (self, visit, error);
}

void
relay_provider_free (RelayProvider *self)
{
  if (self != NULL)
    self->class->free (self);
}
