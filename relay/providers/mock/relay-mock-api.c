/* relay/providers/mock/relay-mock-api.c — the company's API as the vtable sees it: begin, query, cancel, refund, with
 * the faults that the amount or the dice ask for. Layer: relay/providers (mock). On request threads; each call is one
 * command on the writer. */
#include "relay-mock-private.h"

#include <string.h>
#include "cobro-error.h"
#include "cobro-wire-sign.h"

/* One call on its way through the writer. */
typedef struct
{
  RelayMock *mock;
  RelayMockOptions options; /* the gateway's, as this account wants them */
  RelayMockBank bank;
  const RelayAccount *account;
  const RelayIntent *intent;       /* begin */
  const char *provider_payment_id; /* "" when only the reference is known */
  const char *reference;
  CobroMoney amount; /* refund */
  const char *key;

  gint64 number, count;      /* the dice's number of the payment; which call of its kind this is */
  RelayMockPayment *payment; /* the answer */
  RelayMockRefund *refund;
  gboolean rejected; /* answered 429 or 503: nothing happened */
  gboolean lost;     /* happened, but the answer never arrives */
} Call;

static void
call_clear (Call *call)
{
  relay_mock_payment_free (call->payment);
  relay_mock_refund_free (call->refund);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Call, call_clear)

/* FALSE with COBRO_ERROR_CONFIG when the account's settings make no sense. */
static gboolean
call_init (Call *call, RelayProvider *provider, const RelayAccount *account, GError **error)
{
  RelayMock *mock = (RelayMock *)provider;

  call->mock = mock;
  call->options = mock->options;
  call->bank = (RelayMockBank){ &call->options, provider->random, cobro_clock_now (provider->clock) };
  call->account = account;
  return relay_mock_options_of_account (&call->options, account, error);
}

static gboolean
chance (Call *call, const char *purpose, guint percent)
{
  g_autofree char *nth = g_strdup_printf ("%s|%" G_GINT64_FORMAT, purpose, call->count);

  return relay_mock_chance (call->bank.options, call->number, nth, percent);
}

/* What goes wrong with this call, by its amount and by the dice. */
static void
throw_faults (Call *call, RelayCallKind kind, CobroMoney amount)
{
  RelayMockTrigger trigger = relay_mock_trigger (amount);
  const char *name = relay_call_kind_name (kind);
  g_autofree char *error = g_strconcat ("error|", name, NULL), *lost = g_strconcat ("lost|", name, NULL);

  call->rejected = kind == RELAY_CALL_BEGIN && ((trigger == RELAY_MOCK_TRIGGER_TOO_MANY && call->count <= 1) ||
                                                (trigger == RELAY_MOCK_TRIGGER_TWO_ERRORS && call->count <= 2));
  call->lost = trigger == RELAY_MOCK_TRIGGER_LOST_ANSWER && call->count <= 1;
  call->rejected = call->rejected || chance (call, error, call->bank.options->api_errors);
  call->lost = call->lost || chance (call, lost, call->bank.options->api_lost);
}

/* Latency, then the answer unless it got lost on the way or the caller has hung up. */
static gboolean
answer (Call *call, RelayCallKind kind, gint64 deadline, GError **error)
{
  RelayProvider *provider = &call->mock->parent;
  g_autofree char *purpose = g_strdup_printf ("latency|%s|%" G_GINT64_FORMAT, relay_call_kind_name (kind), call->count);
  gint64 latency = relay_mock_delay (call->bank.options, call->number, purpose, call->bank.options->latency_min,
                                     call->bank.options->latency_max);
  gint64 left = deadline - cobro_clock_monotonic (provider->clock);

  relay_provider_wait (provider, MIN (latency, MAX (left, 0)));
  if (call->rejected)
    return cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "mock answered 429 or 503: nothing happened, try again");
  if (call->lost)
    return cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "mock's connection was cut before its answer");
  if (latency >= left)
    return cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "mock did not answer in time");
  return TRUE;
}

/* ── begin ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *
newest_secret (const RelayAccount *account)
{
  return account->webhook_secrets->len > 0 ? g_ptr_array_index (account->webhook_secrets, 0) : NULL;
}

static gboolean
check_same (const RelayMockPayment *payment, const RelayIntent *intent, GError **error)
{
  if (!cobro_money_equal (payment->amount, intent->amount))
    return cobro_error_set (error, COBRO_ERROR_PROVIDER, "reference %s was used for another amount",
                            payment->reference);
  return TRUE;
}

/* The reference is new, so what is taken is the key. */
static gboolean
refuse_key (Call *call, GError *take_failed, GError **error)
{
  g_autoptr (GError) failed = take_failed;

  if (g_error_matches (failed, COBRO_ERROR, COBRO_ERROR_EXISTS))
    return cobro_error_set (error, COBRO_ERROR_PROVIDER, "the key \"%s\" was used for another payment",
                            call->intent->idempotency_key);
  g_propagate_error (error, g_steal_pointer (&failed));
  return FALSE;
}

/* No payer is on the way: the shop's server pays with a card it has on file. Nobody could answer a challenge. */
static gboolean
charge_at_once (Call *call, CobroDb *db, GError **error)
{
  static const RelayMockCard on_file = { "visa", "4242", RELAY_MOCK_CARD_PAYS, NULL };

  if (relay_mock_trigger (call->payment->amount) == RELAY_MOCK_TRIGGER_CHALLENGE)
    return relay_mock_bank_move (&call->bank, db, call->payment, COBRO_FACT_FAILED, "authentication_required", error);
  return relay_mock_bank_charge (&call->bank, db, call->payment, &on_file, error);
}

static gboolean
create_payment (Call *call, CobroDb *db, GError **error)
{
  const RelayIntent *intent = call->intent;
  RelayMockPayment *payment = g_new0 (RelayMockPayment, 1);
  g_autoptr (GError) taken = NULL;

  call->payment = payment;
  payment->number = call->number;
  payment->id = relay_mock_new_id (call->bank.random, "mp_");
  payment->account = g_strdup (call->account->id);
  payment->reference = g_strdup (intent->reference);
  payment->key = g_strdup (intent->idempotency_key);
  payment->amount = intent->amount;
  payment->brand = g_strdup ("");
  payment->last4 = g_strdup ("");
  payment->failure_code = g_strdup ("");
  payment->dispute = g_strdup ("");
  payment->description = g_strdup (intent->description != NULL ? intent->description : "");
  payment->return_url = g_strdup (intent->return_url);
  payment->language = g_strdup (intent->locale != NULL ? intent->locale : "");
  payment->created_at = payment->updated_at = call->bank.now;
  payment->state = COBRO_FACT_PENDING;
  if (!relay_mock_books_insert (db, payment, &taken))
    return refuse_key (call, g_steal_pointer (&taken), error);
  if (*payment->return_url == '\0')
    return charge_at_once (call, db, error);
  return relay_mock_bank_move (&call->bank, db, payment, COBRO_FACT_PENDING, "", error);
}

static CobroDbResult
begin_command (CobroDb *db, gpointer data, GError **error)
{
  Call *call = data;
  const RelayIntent *intent = call->intent;
  const char *secret = newest_secret (call->account);
  g_autofree char *options = relay_mock_options_to_line (call->account);
  g_autoptr (GError) missing = NULL;

  if (!relay_mock_books_visit (db, call->account->id, intent->reference, RELAY_CALL_BEGIN, &call->number, &call->count,
                               error))
    return COBRO_DB_REFUSED;
  throw_faults (call, RELAY_CALL_BEGIN, intent->amount);
  if (call->rejected)
    return COBRO_DB_OK; /* the count stays */
  if (secret != NULL && intent->webhook_url != NULL &&
      !relay_mock_books_set_endpoint (db, call->account->id, intent->webhook_url, secret, options, error))
    return COBRO_DB_REFUSED;
  call->payment = relay_mock_books_find_reference (db, call->account->id, intent->reference, &missing);
  if (call->payment != NULL)
    return check_same (call->payment, intent, error) ? COBRO_DB_OK : COBRO_DB_REFUSED;
  if (!g_error_matches (missing, COBRO_ERROR, COBRO_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&missing));
      return COBRO_DB_REFUSED;
    }
  return create_payment (call, db, error) ? COBRO_DB_OK : COBRO_DB_REFUSED;
}

/* What a shop's own page would confirm the payment with; the same for the same payment, as long as its account keeps
 * its secret. */
static char *
client_secret (const RelayAccount *account, const RelayMockPayment *payment)
{
  const char *key = newest_secret (account) != NULL ? newest_secret (account) : payment->key;
  g_autofree char *mac = cobro_wire_hmac_sha256_hex (key, strlen (key), payment->id, strlen (payment->id));

  return g_strdup_printf ("%s_secret_%.24s", payment->id, mac);
}

RelayBegun *
relay_mock_api_begin (RelayProvider *provider, const RelayAccount *account, const RelayIntent *intent, gint64 deadline,
                      GError **error)
{
  g_auto (Call) call = { 0 };
  g_autofree char *public_url = NULL;
  g_autoptr (RelayBegun) begun = NULL;

  call.intent = intent;
  if (!call_init (&call, provider, account, error) ||
      (public_url = relay_mock_dup_public_url (call.mock, error)) == NULL ||
      !cobro_db_writer_run (call.mock->writer, begin_command, &call, error))
    return NULL;
  if (call.payment != NULL && relay_mock_trigger (call.payment->amount) == RELAY_MOCK_TRIGGER_HOOK_FIRST)
    relay_mock_send_payment (call.mock, call.payment->id);
  relay_mock_wake (call.mock);
  if (!answer (&call, RELAY_CALL_BEGIN, deadline, error))
    return NULL;
  begun = g_new0 (RelayBegun, 1);
  begun->fact = relay_mock_fact (call.payment, NULL, call.bank.now);
  begun->next = *call.payment->return_url != '\0' ? RELAY_NEXT_REDIRECT : RELAY_NEXT_NOTHING;
  if (begun->next == RELAY_NEXT_REDIRECT)
    begun->redirect_url = g_strdup_printf ("%s/" RELAY_MOCK_NAME "/pay/%s", public_url, call.payment->id);
  begun->client_secret = client_secret (account, call.payment);
  begun->publishable_key = g_strdup ("pk_test_mock");
  begun->account = g_strdup ("");
  return g_steal_pointer (&begun);
}

/* ── query, cancel, refund ──────────────────────────────────────────────────────────────────────────────────────── */

/* The payment that is asked about, with what has become due of it. */
static gboolean
find_payment (Call *call, CobroDb *db, GError **error)
{
  if (*call->provider_payment_id != '\0')
    call->payment = relay_mock_books_find (db, call->account->id, call->provider_payment_id, error);
  else
    call->payment = relay_mock_books_find_reference (db, call->account->id, call->reference, error);
  if (call->payment == NULL)
    return FALSE;
  call->number = call->payment->number;
  if (call->payment->due_at != 0 && call->payment->due_at <= call->bank.now)
    return relay_mock_bank_ripen (&call->bank, db, call->payment, error);
  return TRUE;
}

static CobroDbResult
query_command (CobroDb *db, gpointer data, GError **error)
{
  Call *call = data;
  const RelayMockOptions *options = call->bank.options;
  gboolean paid;

  if (!find_payment (call, db, error))
    return COBRO_DB_REFUSED;
  /* Questions are counted only where the count decides something: an idle question writes nothing. */
  paid = call->payment->state == COBRO_FACT_SUCCEEDED;
  if ((relay_mock_trigger (call->payment->amount) == RELAY_MOCK_TRIGGER_LOST_ANSWER && paid) ||
      options->api_errors > 0 || options->api_lost > 0 || options->latency_max > options->latency_min)
    {
      gint64 number;

      if (!relay_mock_books_visit (db, call->account->id, call->payment->reference, RELAY_CALL_QUERY, &number,
                                   &call->count, error))
        return COBRO_DB_REFUSED;
      throw_faults (call, RELAY_CALL_QUERY, call->payment->amount);
      call->lost = call->lost && (paid || options->api_lost > 0);
    }
  return COBRO_DB_OK;
}

CobroFact *
relay_mock_api_query (RelayProvider *provider, const RelayAccount *account, const RelayTarget *target, gint64 deadline,
                      GError **error)
{
  g_auto (Call) call = { 0 };

  call.provider_payment_id = target->object_id;
  call.reference = target->reference;
  if (!call_init (&call, provider, account, error) ||
      !cobro_db_writer_run (call.mock->writer, query_command, &call, error) ||
      !answer (&call, RELAY_CALL_QUERY, deadline, error))
    return NULL;
  return relay_mock_fact (call.payment, NULL, call.bank.now);
}

static CobroDbResult
cancel_command (CobroDb *db, gpointer data, GError **error)
{
  Call *call = data;

  if (!find_payment (call, db, error))
    return COBRO_DB_REFUSED;
  switch (call->payment->state)
    {
    case COBRO_FACT_PENDING:
    case COBRO_FACT_ACTION_NEEDED:
      return relay_mock_bank_move (&call->bank, db, call->payment, COBRO_FACT_CANCELLED, "", error) ? COBRO_DB_OK
                                                                                                    : COBRO_DB_REFUSED;
    case COBRO_FACT_PROCESSING: /* with the bank already: nobody can stop it */
    case COBRO_FACT_SUCCEEDED:
    case COBRO_FACT_FAILED:
    case COBRO_FACT_CANCELLED:
    case COBRO_FACT_NO_ANSWER:
    case COBRO_FACT_REFUND_PENDING:
    case COBRO_FACT_REFUNDED:
    case COBRO_FACT_REFUND_FAILED:
    case COBRO_FACT_DISPUTE_OPENED:
    case COBRO_FACT_DISPUTE_WON:
    case COBRO_FACT_DISPUTE_LOST:
      break;
    }
  return COBRO_DB_OK;
}

CobroFact *
relay_mock_api_cancel (RelayProvider *provider, const RelayAccount *account, const RelayTarget *target, gint64 deadline,
                       GError **error)
{
  g_auto (Call) call = { 0 };

  call.provider_payment_id = target->object_id;
  if (!call_init (&call, provider, account, error) ||
      !cobro_db_writer_run (call.mock->writer, cancel_command, &call, error))
    return NULL;
  relay_mock_wake (call.mock);
  return answer (&call, RELAY_CALL_CANCEL, deadline, error) ? relay_mock_fact (call.payment, NULL, call.bank.now)
                                                            : NULL;
}

static CobroDbResult
refund_command (CobroDb *db, gpointer data, GError **error)
{
  Call *call = data;

  if (!find_payment (call, db, error))
    return COBRO_DB_REFUSED;
  call->refund = relay_mock_bank_refund (&call->bank, db, call->payment, call->amount, call->key, error);
  return call->refund != NULL ? COBRO_DB_OK : COBRO_DB_REFUSED;
}

CobroFact *
relay_mock_api_refund (RelayProvider *provider, const RelayAccount *account, const RelayTarget *target,
                       CobroMoney amount, const char *idempotency_key, gint64 deadline, GError **error)
{
  g_auto (Call) call = { 0 };

  call.provider_payment_id = target->object_id;
  call.amount = amount;
  call.key = idempotency_key;
  if (!call_init (&call, provider, account, error) ||
      !cobro_db_writer_run (call.mock->writer, refund_command, &call, error))
    return NULL;
  relay_mock_wake (call.mock);
  return answer (&call, RELAY_CALL_REFUND, deadline, error) ? relay_mock_fact (call.payment, call.refund, call.bank.now)
                                                            : NULL;
}
