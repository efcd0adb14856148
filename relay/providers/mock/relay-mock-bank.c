/* relay/providers/mock/relay-mock-bank.c — what becomes of a payment: cards, triggers and dice decide, its account is
 * told. Layer: relay/providers (mock). Inside a transaction, on the writer's thread. */
#include "relay-mock-private.h"

#include <string.h>
#include "cobro-error.h"

char *
relay_mock_new_id (CobroRandom *random, const char *prefix)
{
  guint8 bytes[12];
  GString *id = g_string_new (prefix);

  cobro_random_fill (random, bytes, sizeof bytes);
  for (guint i = 0; i < sizeof bytes; i++)
    g_string_append_printf (id, "%02x", bytes[i]);
  return g_string_free (id, FALSE);
}

/* ── Telling ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
insert_event (const RelayMockBank *bank, CobroDb *db, const char *type, const RelayMockPayment *payment,
              const RelayMockRefund *refund, char **out_id, GError **error)
{
  g_autofree char *id = relay_mock_new_id (bank->random, "me_");
  g_autofree char *body = relay_mock_hooks_body (id, type, payment, refund, bank->now);

  if (!relay_mock_books_insert_event (db, id, payment, body, bank->now, error))
    return FALSE;
  *out_id = g_steal_pointer (&id);
  return TRUE;
}

/* A signature that must not be believed, sent before the genuine one. */
static gboolean
insert_forgery (const RelayMockBank *bank, CobroDb *db, const char *event_id, gint64 number, const char *purpose,
                GError **error)
{
  static const char *const variants[] = { "forged", "old", "future" };
  guint64 variant = relay_mock_throw (bank->options, number, purpose, G_N_ELEMENTS (variants));

  return relay_mock_books_insert_delivery (db, event_id, variants[variant], bank->now, error);
}

static gboolean
tell (const RelayMockBank *bank, CobroDb *db, const char *type, const RelayMockPayment *payment,
      const RelayMockRefund *refund, GError **error)
{
  const RelayMockOptions *options = bank->options;
  RelayMockTrigger trigger = relay_mock_trigger (payment->amount);
  g_autofree char *id = NULL;
  g_autofree char *renamed = NULL;
  g_autofree char *twice = g_strconcat ("twice|", type, NULL), *forged = g_strconcat ("forged|", type, NULL);
  g_autofree char *lost = g_strconcat ("lost|", type, NULL), *late = g_strconcat ("late|", type, NULL);
  g_autofree char *again = g_strconcat ("renamed|", type, NULL);
  gint64 number = payment->number;
  CobroTime due;

  if (!insert_event (bank, db, type, payment, refund, &id, error))
    return FALSE;
  if (trigger == RELAY_MOCK_TRIGGER_NO_HOOK || relay_mock_chance (options, number, lost, options->hooks_lost))
    return TRUE;
  due = bank->now + relay_mock_delay (options, number, late, options->hook_delay_min, options->hook_delay_max);
  if (relay_mock_chance (options, number, forged, options->hooks_forged) &&
      !insert_forgery (bank, db, id, number, forged, error))
    return FALSE;
  if (!relay_mock_books_insert_delivery (db, id, "genuine", due, error))
    return FALSE;
  if ((trigger == RELAY_MOCK_TRIGGER_HOOK_TWICE || relay_mock_chance (options, number, twice, options->hooks_twice)) &&
      !relay_mock_books_insert_delivery (db, id, "genuine", due, error))
    return FALSE;
  return !relay_mock_chance (options, number, again, options->hooks_renamed) ||
         (insert_event (bank, db, type, payment, refund, &renamed, error) &&
          relay_mock_books_insert_delivery (db, renamed, "genuine", due, error));
}

/* ── Moving ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *
event_type (CobroFactKind state)
{
  switch (state)
    {
    case COBRO_FACT_PENDING:
      return "payment.created";
    case COBRO_FACT_ACTION_NEEDED:
      return "payment.requires_action";
    case COBRO_FACT_PROCESSING:
      return "payment.processing";
    case COBRO_FACT_SUCCEEDED:
      return "payment.succeeded";
    case COBRO_FACT_FAILED:
      return "payment.failed";
    case COBRO_FACT_CANCELLED:
      return "payment.cancelled";
    case COBRO_FACT_NO_ANSWER:
    case COBRO_FACT_REFUND_PENDING:
    case COBRO_FACT_REFUNDED:
    case COBRO_FACT_REFUND_FAILED:
    case COBRO_FACT_DISPUTE_OPENED:
    case COBRO_FACT_DISPUTE_WON:
    case COBRO_FACT_DISPUTE_LOST:
      break;
    }
  return "payment.updated";
}

/* What is captured: all of it, unless the dice say that one minor unit went missing. */
static gboolean
capture (const RelayMockBank *bank, const RelayMockPayment *payment, CobroMoney *out_captured, GError **error)
{
  CobroMoney one = cobro_money (1, cobro_money_currency (payment->amount));

  *out_captured = payment->amount;
  if (cobro_money_compare (payment->amount, one) > 0 &&
      relay_mock_chance (bank->options, payment->number, "wrong-amount", bank->options->wrong_amounts))
    return cobro_money_subtract (payment->amount, one, out_captured, error);
  return TRUE;
}

static CobroTime
settle_time (const RelayMockBank *bank)
{
  return bank->now + (CobroTime)bank->options->settle_delay * (COBRO_SECOND / 1000);
}

/* Whether the cardholder will say that it was not them. */
static gboolean
is_disputed (const RelayMockPayment *payment)
{
  RelayMockTrigger trigger = relay_mock_trigger (payment->amount);

  return trigger == RELAY_MOCK_TRIGGER_DISPUTE_WON || trigger == RELAY_MOCK_TRIGGER_DISPUTE_LOST;
}

gboolean
relay_mock_bank_move (const RelayMockBank *bank, CobroDb *db, RelayMockPayment *payment, CobroFactKind state,
                      const char *failure_code, GError **error)
{
  if (state == COBRO_FACT_SUCCEEDED && !capture (bank, payment, &payment->captured, error))
    return FALSE;
  payment->state = state;
  cobro_link_set_text (&payment->failure_code, failure_code);
  payment->updated_at = bank->now;
  if (state != COBRO_FACT_PROCESSING && state != COBRO_FACT_FAILED)
    payment->due_at = 0;
  if (state == COBRO_FACT_SUCCEEDED && is_disputed (payment))
    payment->due_at = settle_time (bank);
  return relay_mock_books_update (db, payment, error) && tell (bank, db, event_type (state), payment, NULL, error);
}

/* The bank's last word on a card that would pay. */
static gboolean
settle (const RelayMockBank *bank, CobroDb *db, RelayMockPayment *payment, GError **error)
{
  RelayMockTrigger trigger = relay_mock_trigger (payment->amount);
  CobroTime later = settle_time (bank);

  if (trigger == RELAY_MOCK_TRIGGER_DECLINE)
    return relay_mock_bank_move (bank, db, payment, COBRO_FACT_FAILED, "card_declined", error);
  if (trigger == RELAY_MOCK_TRIGGER_SLOW)
    {
      payment->due_at = later;
      return relay_mock_bank_move (bank, db, payment, COBRO_FACT_PROCESSING, "", error);
    }
  if (trigger == RELAY_MOCK_TRIGGER_LATE_SUCCESS)
    {
      payment->due_at = later;
      return relay_mock_bank_move (bank, db, payment, COBRO_FACT_FAILED, "processing_error", error);
    }
  if (!relay_mock_chance (bank->options, payment->number, "success", bank->options->success_rate))
    return relay_mock_bank_move (bank, db, payment, COBRO_FACT_FAILED, "card_declined", error);
  return relay_mock_bank_move (bank, db, payment, COBRO_FACT_SUCCEEDED, "", error);
}

static gboolean
dispute (const RelayMockBank *bank, CobroDb *db, RelayMockPayment *payment, GError **error)
{
  gboolean opens = *payment->dispute == '\0';
  CobroFactKind kind =
    opens ? COBRO_FACT_DISPUTE_OPENED
          : (relay_mock_trigger (payment->amount) == RELAY_MOCK_TRIGGER_DISPUTE_WON ? COBRO_FACT_DISPUTE_WON
                                                                                    : COBRO_FACT_DISPUTE_LOST);

  cobro_link_set_text (&payment->dispute, cobro_fact_kind_name (kind));
  payment->due_at = opens ? settle_time (bank) : 0;
  payment->updated_at = bank->now;
  return relay_mock_books_update (db, payment, error) &&
         tell (bank, db, opens ? "dispute.opened" : "dispute.closed", payment, NULL, error);
}

gboolean
relay_mock_bank_ripen (const RelayMockBank *bank, CobroDb *db, RelayMockPayment *payment, GError **error)
{
  return payment->state == COBRO_FACT_SUCCEEDED
           ? dispute (bank, db, payment, error)
           : relay_mock_bank_move (bank, db, payment, COBRO_FACT_SUCCEEDED, "", error);
}

gboolean
relay_mock_bank_options (const RelayMockOptions *usual, CobroDb *db, const char *account, RelayMockOptions *out_options,
                         GError **error)
{
  g_autofree char *line = relay_mock_books_dup_options (db, account, error);

  *out_options = *usual;
  return line != NULL && relay_mock_options_read (out_options, line, error);
}

gboolean
relay_mock_bank_charge (const RelayMockBank *bank, CobroDb *db, RelayMockPayment *payment, const RelayMockCard *card,
                        GError **error)
{
  cobro_link_set_text (&payment->brand, card->brand);
  cobro_link_set_text (&payment->last4, card->last4);
  if (card->outcome == RELAY_MOCK_CARD_DECLINES)
    return relay_mock_bank_move (bank, db, payment, COBRO_FACT_FAILED, card->failure_code, error);
  if (card->outcome == RELAY_MOCK_CARD_ASKS || relay_mock_trigger (payment->amount) == RELAY_MOCK_TRIGGER_CHALLENGE)
    return relay_mock_bank_move (bank, db, payment, COBRO_FACT_ACTION_NEEDED, "", error);
  return settle (bank, db, payment, error);
}

gboolean
relay_mock_bank_answer (const RelayMockBank *bank, CobroDb *db, RelayMockPayment *payment, gboolean approved,
                        GError **error)
{
  if (!approved)
    return relay_mock_bank_move (bank, db, payment, COBRO_FACT_FAILED, "authentication_failed", error);
  return settle (bank, db, payment, error);
}

/* ── Giving back ────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
check_refund (CobroDb *db, const RelayMockPayment *payment, CobroMoney amount, GError **error)
{
  CobroMoney given, sum;

  if (payment->state != COBRO_FACT_SUCCEEDED)
    return cobro_error_set (error, COBRO_ERROR_PROVIDER, "a payment that is not paid cannot be refunded");
  if (cobro_money_currency (amount) != cobro_money_currency (payment->captured))
    return cobro_error_set (error, COBRO_ERROR_PROVIDER, "the payment was made in %s",
                            cobro_money_code (payment->captured));
  if (!relay_mock_books_sum_refunds (db, payment, &given, error) || !cobro_money_add (given, amount, &sum, error))
    return FALSE;
  if (cobro_money_compare (sum, payment->captured) > 0)
    return cobro_error_set (error, COBRO_ERROR_PROVIDER, "more than was paid cannot be refunded");
  return TRUE;
}

RelayMockRefund *
relay_mock_bank_refund (const RelayMockBank *bank, CobroDb *db, const RelayMockPayment *payment, CobroMoney amount,
                        const char *key, GError **error)
{
  g_autoptr (RelayMockRefund) refund = NULL;
  g_autoptr (GError) missing = NULL;

  if ((refund = relay_mock_books_find_refund (db, payment, "", key, &missing)) != NULL)
    {
      if (cobro_money_equal (refund->amount, amount))
        return g_steal_pointer (&refund);
      cobro_error_set (error, COBRO_ERROR_PROVIDER, "the key \"%s\" was used for another amount", key);
      return NULL;
    }
  if (!g_error_matches (missing, COBRO_ERROR, COBRO_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&missing));
      return NULL;
    }
  if (!check_refund (db, payment, amount, error))
    return NULL;
  refund = g_new0 (RelayMockRefund, 1);
  refund->id = relay_mock_new_id (bank->random, "mr_");
  refund->amount = amount;
  refund->created_at = bank->now;
  refund->succeeded = relay_mock_trigger (amount) != RELAY_MOCK_TRIGGER_DECLINE;
  if (!relay_mock_books_insert_refund (db, payment, refund, key, bank->now, error) ||
      !tell (bank, db, refund->succeeded ? "refund.succeeded" : "refund.failed", payment, refund, error))
    return NULL;
  return g_steal_pointer (&refund);
}
