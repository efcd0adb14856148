/* relay/providers/flutterwave/relay-flutterwave-read.c — transactions: read, made into facts, and found where several
 * of them carry one tx_ref (the payer may try again on the hosted page). Layer: relay/providers (flutterwave).
 * Any thread. */
#include "relay-flutterwave-private.h"

#include <string.h>

#define REFERENCE_LENGTH 57 /* "pay_", 26, ".", 26 */
#define PATIENCE         COBRO_HOUR
#define PAGES_MAX        8 /* of one tx_ref's transactions, newest first */

void
relay_flutterwave_transaction_clear (RelayFlutterwaveTransaction *self)
{
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->tx_ref, g_free);
  g_clear_pointer (&self->flw_ref, g_free);
  g_clear_pointer (&self->currency, g_free);
  g_clear_pointer (&self->status, g_free);
  g_clear_pointer (&self->detail, g_free);
  g_clear_pointer (&self->failure, g_free);
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
read_status (RelayFlutterwaveTransaction *self, GError **error)
{
  static const struct
  {
    const char *status;
    CobroFactKind kind;
  } kinds[] = {
    { "successful", COBRO_FACT_SUCCEEDED },
    { "failed", COBRO_FACT_FAILED },
    { "pending", COBRO_FACT_PROCESSING },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (self->status, kinds[i].status) == 0)
      {
        self->kind = kinds[i].kind;
        return TRUE;
      }
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, "data.status", "unknown status \"%.40s\"", self->status);
}

static char *
read_detail (CobroWireObject *data)
{
  g_autoptr (CobroWireObject) card = relay_adapter_object (data, "card");
  g_autofree char *type = NULL, *last4 = NULL, *brand = NULL;

  if (card == NULL)
    return relay_adapter_text (data, "payment_type");
  type = relay_adapter_text (card, "type");
  last4 = relay_adapter_text (card, "last_4digits");
  brand = g_ascii_strdown (type, -1);
  return *last4 != '\0' ? g_strdup_printf ("%s •••• %.4s", brand, last4) : g_steal_pointer (&brand);
}

/* "N/A" is Flutterwave's way of saying nothing. */
static char *
read_words (CobroWireObject *data, const char *key)
{
  g_autofree char *text = relay_adapter_text (data, key);

  return strcmp (text, "N/A") == 0 ? g_strdup ("") : g_steal_pointer (&text);
}

gboolean
relay_flutterwave_read_transaction (CobroWireObject *data, RelayFlutterwaveTransaction *out_transaction, GError **error)
{
  g_auto (RelayFlutterwaveTransaction) self = { 0 };
  g_autofree char *amount = relay_adapter_text (data, "amount");
  gint64 id;

  if (!relay_adapter_int64 (data, "id", &id) || id <= 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "data.id", "is not a transaction's number");
  self.id = g_strdup_printf ("%" G_GINT64_FORMAT, id);
  self.tx_ref = relay_adapter_text (data, "tx_ref");
  self.flw_ref = read_words (data, "flw_ref");
  self.currency = relay_adapter_text (data, "currency");
  self.status = relay_adapter_text (data, "status");
  self.detail = read_detail (data);
  self.failure = read_words (data, "processor_response");
  self.created_at = relay_adapter_time (data, "created_at");
  if (*self.tx_ref == '\0')
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "data.tx_ref", "is required");
  if (!read_status (&self, error))
    return FALSE;
  if (!relay_currencies_from_decimal (&relay_flutterwave_currencies, self.currency, amount, &self.amount, error))
    return cobro_error_prefix_path (error, "data.");
  *out_transaction = self;
  self = (RelayFlutterwaveTransaction){ 0 };
  return TRUE;
}

const char *
relay_flutterwave_page (const RelayTarget *target)
{
  const char *url = target != NULL && target->next_url != NULL ? target->next_url : "";

  return strstr (url, "/hosted/pay/") != NULL ? url : NULL;
}

const char *
relay_flutterwave_tx_ref (const RelayTarget *target)
{
  return *target->reference != '\0' ? target->reference : target->object_id;
}

gboolean
relay_flutterwave_is_ours (const char *tx_ref)
{
  return strlen (tx_ref) == REFERENCE_LENGTH && g_str_has_prefix (tx_ref, "pay_") && tx_ref[30] == '.';
}

/* ── Facts ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *
failure_code (const char *words)
{
  g_autofree char *lower = g_ascii_strdown (words, -1);

  return strstr (lower, "insufficient") != NULL ? "insufficient_funds" : "card_declined";
}

CobroFact *
relay_flutterwave_fact (const RelayAccount *account, const RelayFlutterwaveTransaction *transaction, gboolean open)
{
  gboolean again = open && transaction->kind == COBRO_FACT_FAILED;
  CobroFact *fact = relay_adapter_fact (account, again ? COBRO_FACT_PENDING : transaction->kind, transaction->id,
                                        again ? "declined" : transaction->status);

  cobro_link_set_text (&fact->provider_payment_id, transaction->tx_ref);
  cobro_link_set_text (&fact->reference, transaction->tx_ref);
  cobro_link_set_text (&fact->method_detail, transaction->detail);
  cobro_link_set_text (&fact->receipt, transaction->flw_ref);
  fact->amount = transaction->amount;
  fact->occurred_at = transaction->created_at;
  /* Only what holds money: of one tx_ref a failed transaction may be followed by one that succeeds. */
  if (transaction->kind == COBRO_FACT_SUCCEEDED)
    cobro_link_set_text (&fact->charge_id, transaction->id);
  if (transaction->kind == COBRO_FACT_FAILED)
    {
      cobro_link_set_text (&fact->failure_code, failure_code (transaction->failure));
      cobro_link_set_text (&fact->failure_message, transaction->failure);
    }
  return fact;
}

CobroFact *
relay_flutterwave_bare_fact (const RelayAccount *account, CobroFactKind kind, const char *tx_ref, CobroMoney amount,
                             CobroTime now)
{
  CobroFact *fact = relay_adapter_fact (account, kind, tx_ref, cobro_fact_kind_name (kind));

  cobro_link_set_text (&fact->provider_payment_id, tx_ref);
  cobro_link_set_text (&fact->reference, tx_ref);
  fact->amount = amount;
  fact->occurred_at = now;
  return fact;
}

/* ── Looking ────────────────────────────────────────────────────────────────────────────────────────────────── */

#define STAGE_VERIFY    "verify"
#define STAGE_REFERENCE "verify by reference"
#define STAGE_ALL       "all of the reference, page "

gboolean
relay_flutterwave_is_looking (const RelayTalk *talk)
{
  return relay_flutterwave_is_at (talk, STAGE_VERIFY) || relay_flutterwave_is_at (talk, STAGE_REFERENCE) ||
         g_str_has_prefix (relay_flutterwave_noted (talk, RELAY_FLUTTERWAVE_NOTE_STAGE), STAGE_ALL);
}

static RelayTalkStep
ask_all (RelayTalk *talk, const char *reference, CobroTime since, gint64 page, gboolean safe, RelayAsk *ask)
{
  g_autofree char *path = relay_flutterwave_pages (talk, "/v3/transactions", since, page);
  g_autofree char *stage = g_strdup_printf (STAGE_ALL "%" G_GINT64_FORMAT, page);
  g_autofree char *escaped = relay_adapter_escape (reference);

  return relay_flutterwave_get (talk, ask, stage, g_strdup_printf ("%s&tx_ref=%s", path, escaped), safe);
}

static RelayTalkStep
ask_first (RelayTalk *talk, const char *reference, const char *charge_id, gboolean safe, RelayAsk *ask)
{
  g_autofree char *escaped = relay_adapter_escape (*charge_id != '\0' ? charge_id : reference);

  if (*charge_id != '\0')
    return relay_flutterwave_get (talk, ask, STAGE_VERIFY, g_strdup_printf ("/v3/transactions/%s/verify", escaped),
                                  safe);
  return relay_flutterwave_get (talk, ask, STAGE_REFERENCE,
                                g_strdup_printf ("/v3/transactions/verify_by_reference?tx_ref=%s", escaped), safe);
}

/* Success before pending before failed; of two successes the first one is the payment, the second a duplicate that has
 * a fact of its own (webhook, nightly list). */
static int
rank (const RelayFlutterwaveTransaction *transaction)
{
  return transaction->kind == COBRO_FACT_SUCCEEDED ? 2 : transaction->kind == COBRO_FACT_PROCESSING;
}

static gboolean
is_better (const RelayFlutterwaveTransaction *a, const RelayFlutterwaveTransaction *b)
{
  gint64 a_id = g_ascii_strtoll (a->id, NULL, 10), b_id = g_ascii_strtoll (b->id, NULL, 10);

  if (rank (a) != rank (b))
    return rank (a) > rank (b);
  return rank (a) == 2 ? a_id < b_id : a_id > b_id;
}

static gboolean
read_best (RelayTalk *talk, RelayFlutterwaveTransaction *out_best, GError **error)
{
  const char *json = relay_flutterwave_noted (talk, RELAY_FLUTTERWAVE_NOTE_BEST);
  g_autoptr (CobroWireObject) data = cobro_wire_parse (json, -1, error);

  return data != NULL && relay_flutterwave_read_transaction (data, out_best, error);
}

/* As read_transaction() reads it again: between two answers only text is kept. */
static void
write_best (RelayTalk *talk, const RelayFlutterwaveTransaction *best)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *amount = cobro_money_to_decimal (best->amount), *json = NULL;

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "id", best->id);
  cobro_wire_put_text (writer, "tx_ref", best->tx_ref);
  cobro_wire_put_text (writer, "flw_ref", best->flw_ref);
  cobro_wire_put_text (writer, "amount", amount);
  cobro_wire_put_text (writer, "currency", best->currency);
  cobro_wire_put_text (writer, "status", best->status);
  cobro_wire_put_text (writer, "payment_type", best->detail);
  cobro_wire_put_text (writer, "processor_response", best->failure);
  cobro_wire_put_time (writer, "created_at", best->created_at);
  cobro_wire_end_object (writer);
  json = cobro_wire_writer_take (writer);
  relay_flutterwave_note (talk, RELAY_FLUTTERWAVE_NOTE_BEST, json);
}

/* Remembers the better one of what was known and @data. What is of another tx_ref is no answer. */
static gboolean
consider (RelayTalk *talk, const char *reference, CobroWireObject *data, GError **error)
{
  g_auto (RelayFlutterwaveTransaction) found = { 0 }, best = { 0 };
  gboolean first = *relay_flutterwave_noted (talk, RELAY_FLUTTERWAVE_NOTE_BEST) == '\0';

  if (!relay_flutterwave_read_transaction (data, &found, error))
    return FALSE;
  if (strcmp (found.tx_ref, reference) != 0)
    return cobro_error_set (error, COBRO_ERROR_INVALID, "it is not the transaction that was asked for");
  if (!first && !read_best (talk, &best, error))
    return FALSE;
  if (first || is_better (&found, &best))
    write_best (talk, &found);
  return TRUE;
}

/* An answer that cannot be read says nothing about money. */
static RelayTalkStep
give_up (GError *take_failure, GError **error)
{
  g_autoptr (GError) failure = take_failure;

  cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "Flutterwave answered nonsense: %s", failure->message);
  return RELAY_TALK_FAILED;
}

/* The page takes so many tries; whoever has used them up, or was never there, has come to an end. */
static gboolean
is_open (const RelayTalk *talk)
{
  return talk->kind == RELAY_TALK_QUERY && relay_flutterwave_page (talk->target) != NULL &&
         strlen (relay_flutterwave_noted (talk, RELAY_FLUTTERWAVE_NOTE_REST)) <= RELAY_FLUTTERWAVE_RETRIES;
}

/* A card whose holder was asked by the bank and walked away stays pending there for good. Nobody waits longer than any
 * bank does; should it be paid after all, that is a late success. */
static gboolean
is_abandoned (const RelayTalk *talk, const RelayFlutterwaveTransaction *best)
{
  return (talk->kind == RELAY_TALK_QUERY || talk->kind == RELAY_TALK_CANCEL) &&
         talk->target->method == COBRO_METHOD_CARD && best->kind == COBRO_FACT_PROCESSING && best->created_at > 0 &&
         talk->now - best->created_at > PATIENCE;
}

static CobroFact *
abandoned_fact (const RelayTalk *talk, const RelayFlutterwaveTransaction *best)
{
  CobroFact *fact = relay_flutterwave_fact (talk->account, best, FALSE);
  g_autofree char *event_id = g_strconcat (best->id, "/abandoned", NULL);

  fact->kind = COBRO_FACT_CANCELLED;
  cobro_link_set_text (&fact->event_id, event_id);
  cobro_link_set_text (&fact->failure_code, "abandoned");
  return fact;
}

static RelayTalkStep
finish (RelayTalk *talk, CobroFact **out_fact, GError **error)
{
  g_auto (RelayFlutterwaveTransaction) best = { 0 };
  GError *failure = NULL;

  if (!read_best (talk, &best, &failure))
    return give_up (failure, error);
  *out_fact = is_abandoned (talk, &best) ? abandoned_fact (talk, &best)
                                         : relay_flutterwave_fact (talk->account, &best, is_open (talk));
  return RELAY_TALK_DONE;
}

static RelayTalkStep
hear_one (RelayTalk *talk, const char *reference, CobroTime since, gboolean safe, CobroWireObject *envelope,
          RelayAsk *ask, CobroFact **out_fact, GError **error)
{
  g_autoptr (CobroWireObject) data = relay_adapter_object (envelope, "data");
  g_auto (RelayFlutterwaveTransaction) best = { 0 };
  GError *failure = NULL;

  if (data == NULL)
    return give_up (g_error_new_literal (COBRO_ERROR, COBRO_ERROR_INVALID, "success without a transaction"), error);
  if (!consider (talk, reference, data, &failure) || !read_best (talk, &best, &failure))
    return give_up (failure, error);
  if (best.kind == COBRO_FACT_SUCCEEDED)
    return finish (talk, out_fact, error);
  return ask_all (talk, reference, since, 1, safe, ask);
}

/* One stroke for each. */
static void
count_try (RelayTalk *talk)
{
  g_autofree char *strokes = g_strconcat (relay_flutterwave_noted (talk, RELAY_FLUTTERWAVE_NOTE_REST), "|", NULL);

  relay_flutterwave_note (talk, RELAY_FLUTTERWAVE_NOTE_REST, strokes);
}

static gboolean
consider_all (RelayTalk *talk, const char *reference, CobroWireObject *envelope, GError **error)
{
  g_autoptr (GPtrArray) list = relay_flutterwave_list_of (envelope, error);

  if (list == NULL)
    return FALSE;
  for (guint i = 0; i < list->len; i++)
    {
      CobroWireObject *data = g_ptr_array_index (list, i);
      g_autofree char *tx_ref = relay_adapter_text (data, "tx_ref"), *status = relay_adapter_text (data, "status");

      if (strcmp (tx_ref, reference) != 0)
        continue;
      if (!consider (talk, reference, data, error))
        return FALSE;
      if (talk->kind == RELAY_TALK_QUERY && strcmp (status, "failed") == 0)
        count_try (talk);
    }
  return TRUE;
}

RelayTalkStep
relay_flutterwave_look (RelayTalk *talk, const char *reference, const char *charge_id, CobroTime since, gboolean safe,
                        const CobroNetAnswer *answer, RelayAsk *ask, CobroFact **out_fact, GError **error)
{
  const char *stage = relay_flutterwave_noted (talk, RELAY_FLUTTERWAVE_NOTE_STAGE);
  g_autoptr (CobroWireObject) envelope = NULL;
  GError *failure = NULL;
  gint64 page;

  if (!relay_flutterwave_is_looking (talk))
    return ask_first (talk, reference, charge_id, safe, ask);
  if ((envelope = relay_flutterwave_open (answer, safe, error)) == NULL)
    return RELAY_TALK_FAILED;
  if (!g_str_has_prefix (stage, STAGE_ALL))
    return hear_one (talk, reference, since, safe, envelope, ask, out_fact, error);
  page = g_ascii_strtoll (stage + strlen (STAGE_ALL), NULL, 10);
  if (!consider_all (talk, reference, envelope, &failure))
    return give_up (failure, error);
  if (page < PAGES_MAX && relay_flutterwave_has_more (envelope, page))
    return ask_all (talk, reference, since, page + 1, safe, ask);
  return finish (talk, out_fact, error);
}
