/* relay/providers/mock/relay-mock-hooks.c — webhooks from both ends: the company writes, signs and sends them; the
 * adapter checks and reads them. Header names and the signed text stand in README.md. Layer: relay/providers (mock).
 * Any thread. */
#include "relay-mock-private.h"

#include <string.h>
#include "cobro-error.h"
#include "cobro-net-client.h"
#include "cobro-wire-sign.h"
#include "cobro-wire.h"

#define TOLERANCE    300 /* seconds */
#define SECRET_MIN   16  /* bytes */
#define GIVE_UP      (3 * COBRO_DAY)
/* How long a merchant has to answer a dispute. */
#define DISPUTE_TIME (7 * COBRO_DAY)

/* ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *
failure_message (const char *code)
{
  static const struct
  {
    const char *code, *message;
  } messages[] = {
    { "card_declined", "The card was declined." },
    { "insufficient_funds", "The card has insufficient funds." },
    { "expired_card", "The card has expired." },
    { "authentication_failed", "The cardholder was not authenticated." },
    { "authentication_required", "The bank asks for the cardholder, and nobody is there." },
    { "processing_error", "The bank could not process the card." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (messages); i++)
    if (strcmp (messages[i].code, code) == 0)
      return messages[i].message;
  return "";
}

char *
relay_mock_hooks_body (const char *event_id, const char *type, const RelayMockPayment *payment,
                       const RelayMockRefund *refund, CobroTime now)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "id", event_id);
  cobro_wire_put_text (writer, "type", type);
  cobro_wire_put_time (writer, "created", now);
  cobro_wire_put_text (writer, "account", payment->account);
  cobro_wire_put_bool (writer, "livemode", FALSE);
  cobro_wire_begin_object (writer, "payment");
  cobro_wire_put_text (writer, "id", payment->id);
  cobro_wire_put_text (writer, "reference", payment->reference);
  cobro_wire_put_text (writer, "status", cobro_fact_kind_name (payment->state));
  cobro_wire_put_text (writer, "currency", cobro_money_code (payment->amount));
  cobro_wire_put_money (writer, "amount", payment->amount);
  cobro_wire_put_money (writer, "captured", payment->captured);
  cobro_wire_put_text (writer, "brand", payment->brand);
  cobro_wire_put_text (writer, "last4", payment->last4);
  cobro_wire_put_text (writer, "failure_code", payment->failure_code);
  cobro_wire_end_object (writer);
  if (*payment->dispute != '\0')
    cobro_wire_put_text (writer, "dispute", payment->dispute);
  if (refund != NULL)
    {
      cobro_wire_begin_object (writer, "refund");
      cobro_wire_put_text (writer, "id", refund->id);
      cobro_wire_put_money (writer, "amount", refund->amount);
      cobro_wire_put_text (writer, "status", refund->succeeded ? "succeeded" : "failed");
      cobro_wire_end_object (writer);
    }
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

char *
relay_mock_hooks_sign (const char *secret, const char *timestamp, const char *body)
{
  g_autofree char *text = g_strdup_printf ("%s.%s", timestamp, body);
  g_autofree char *mac = cobro_wire_hmac_sha256_hex (secret, strlen (secret), text, strlen (text));

  return g_strdup_printf ("v1=%s", mac);
}

/* The time it claims: forgeries of the "old" and "future" kind lie by more than is tolerated, under the right key. */
static char *
claim_timestamp (const RelayMockDelivery *delivery, CobroTime now)
{
  gint64 seconds = now / COBRO_SECOND;

  if (strcmp (delivery->variant, "old") == 0)
    seconds -= 2 * TOLERANCE;
  else if (strcmp (delivery->variant, "future") == 0)
    seconds += 2 * TOLERANCE;
  return g_strdup_printf ("%" G_GINT64_FORMAT, seconds);
}

gboolean
relay_mock_hooks_send (const RelayMockDelivery *delivery, const char *hook_base, CobroTime now, RelayMockPost post,
                       gpointer post_data)
{
  gboolean wrong_key = strcmp (delivery->variant, "forged") == 0;
  g_autofree char *url = hook_base != NULL
                           ? g_strdup_printf ("%s/webhooks/" RELAY_MOCK_NAME "/%s", hook_base, delivery->account)
                           : g_strdup (delivery->url);
  g_autofree char *timestamp = claim_timestamp (delivery, now);
  g_autofree char *signature =
    relay_mock_hooks_sign (wrong_key ? "not-the-secret-of-this-account" : delivery->secret, timestamp, delivery->body);
  const char *headers[] = { "Mock-Timestamp", timestamp, "Mock-Signature", signature, NULL };
  g_autoptr (GBytes) body = g_bytes_new (delivery->body, strlen (delivery->body));
  guint status = post (post_data, url, headers, body);

  return status >= 200 && status < 300;
}

CobroTime
relay_mock_hooks_next_try (const RelayMockDelivery *delivery, CobroTime now)
{
  static const CobroTime waits[] = {
    1 * COBRO_SECOND,  5 * COBRO_SECOND, 30 * COBRO_SECOND, 2 * COBRO_MINUTE,
    10 * COBRO_MINUTE, COBRO_HOUR,       6 * COBRO_HOUR,
  };
  CobroTime wait = waits[MIN (delivery->tries, (gint64)G_N_ELEMENTS (waits) - 1)];

  return now + wait > delivery->created_at + GIVE_UP ? 0 : now + wait;
}

/* ── Checking ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
check_timestamp (const char *timestamp, CobroTime now, GError **error)
{
  guint64 seconds;

  if (timestamp == NULL ||
      !g_ascii_string_to_unsigned (timestamp, 10, 0, G_MAXINT32 * G_GUINT64_CONSTANT (1000), &seconds, NULL))
    return cobro_error_set (error, COBRO_ERROR_SIGNATURE, "Mock-Timestamp is missing or not one number");
  if (ABS ((gint64)seconds - now / COBRO_SECOND) > TOLERANCE)
    return cobro_error_set (error, COBRO_ERROR_SIGNATURE, "Mock-Timestamp is too far from the present");
  return TRUE;
}

/* Every active secret is tried and the outcome does not depend on which one it was. */
static gboolean
matches_a_secret (const RelayAccount *account, const char *timestamp, GBytes *raw, const char *mac)
{
  gboolean matches = FALSE;
  g_autoptr (GByteArray) text = g_byte_array_new ();
  gsize size;
  const guint8 *body = g_bytes_get_data (raw, &size);

  g_byte_array_append (text, (const guint8 *)timestamp, (guint)strlen (timestamp));
  g_byte_array_append (text, (const guint8 *)".", 1);
  if (size > 0)
    g_byte_array_append (text, body, (guint)size);
  for (guint i = 0; i < account->webhook_secrets->len; i++)
    {
      const char *secret = g_ptr_array_index (account->webhook_secrets, i);
      g_autofree char *expected = NULL;

      if (strlen (secret) < SECRET_MIN)
        continue;
      expected = cobro_wire_hmac_sha256_hex (secret, strlen (secret), text->data, text->len);
      matches |= cobro_bytes_equal_constant_time (expected, mac, 64);
    }
  return matches;
}

static gboolean
has_secret (const RelayAccount *account)
{
  for (guint i = 0; i < account->webhook_secrets->len; i++)
    if (strlen (g_ptr_array_index (account->webhook_secrets, i)) >= SECRET_MIN)
      return TRUE;
  return FALSE;
}

static gboolean
check_signature (const RelayAccount *account, GHashTable *headers, GBytes *raw, CobroTime now, GError **error)
{
  const char *timestamp = g_hash_table_lookup (headers, "mock-timestamp");
  const char *signature = g_hash_table_lookup (headers, "mock-signature");

  if (!has_secret (account))
    return cobro_error_set (error, COBRO_ERROR_CONFIG, "the mock account has no webhook secret of at least %d bytes",
                            SECRET_MIN);
  if (!check_timestamp (timestamp, now, error))
    return FALSE;
  if (signature == NULL || !g_str_has_prefix (signature, "v1=") || strlen (signature) != 3 + 64 ||
      strspn (signature + 3, "0123456789abcdef") != 64)
    return cobro_error_set (error, COBRO_ERROR_SIGNATURE, "Mock-Signature is missing or not one v1 signature");
  if (!matches_a_secret (account, timestamp, raw, signature + 3))
    return cobro_error_set (error, COBRO_ERROR_SIGNATURE, "Mock-Signature does not match");
  return TRUE;
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static char *
method_detail (const char *brand, const char *last4)
{
  return *last4 != '\0' ? g_strdup_printf ("%s •••• %s", brand, last4) : g_strdup ("");
}

CobroFact *
relay_mock_fact (const RelayMockPayment *payment, const RelayMockRefund *refund, CobroTime now)
{
  CobroFact *fact = cobro_fact_new ();

  fact->source = COBRO_FACT_FROM_ANSWER;
  fact->kind = payment->state;
  fact->amount = payment->state == COBRO_FACT_SUCCEEDED ? payment->captured : payment->amount;
  fact->occurred_at = payment->updated_at;
  if (refund != NULL)
    {
      fact->kind = refund->succeeded ? COBRO_FACT_REFUNDED : COBRO_FACT_REFUND_FAILED;
      fact->amount = refund->amount;
      fact->occurred_at = now;
      cobro_link_set_text (&fact->refund_id, refund->id);
    }
  cobro_link_set_text (&fact->provider, RELAY_MOCK_NAME);
  cobro_link_set_text (&fact->account, payment->account);
  cobro_link_set_text (&fact->provider_payment_id, payment->id);
  cobro_link_set_text (&fact->reference, payment->reference);
  cobro_link_set_text (&fact->failure_code, refund == NULL ? payment->failure_code : "");
  cobro_link_set_text (&fact->failure_message, refund == NULL ? failure_message (payment->failure_code) : "");
  g_free (fact->method_detail);
  fact->method_detail = method_detail (payment->brand, payment->last4);
  g_free (fact->event_id);
  fact->event_id =
    g_strdup_printf ("%s/%s", refund != NULL ? refund->id : payment->id, cobro_fact_kind_name (fact->kind));
  return fact;
}

CobroFact *
relay_mock_dispute_fact (const RelayMockPayment *payment)
{
  CobroFact *fact = relay_mock_fact (payment, NULL, payment->updated_at);

  (void)cobro_fact_kind_from_name (payment->dispute, &fact->kind);
  fact->amount = payment->captured;
  if (fact->kind == COBRO_FACT_DISPUTE_OPENED)
    fact->due_at = payment->updated_at + DISPUTE_TIME;
  g_free (fact->event_id);
  fact->event_id = g_strdup_printf ("%s/%s", payment->id, payment->dispute);
  return fact;
}

/* What an event says: the object is as it was then, so the fact is made of it like an answer. */
typedef struct
{
  char *id, *type, *account;
  gboolean livemode;
  RelayMockPayment *payment;
  RelayMockRefund *refund;
  char *dispute; /* "" or how it stands; other events of a disputed payment say it, too */
  CobroTime created;
} Event;

static void
event_clear (Event *event)
{
  g_free (event->id);
  g_free (event->type);
  g_free (event->account);
  g_free (event->dispute);
  relay_mock_payment_free (event->payment);
  relay_mock_refund_free (event->refund);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Event, event_clear)

static gboolean
read_payment (CobroWireObject *object, RelayMockPayment *payment, GError **error)
{
  g_autofree char *code = NULL, *status = NULL;
  CobroCurrency currency;

  if (!cobro_wire_get_text_needed (object, "id", &payment->id, error) ||
      !cobro_wire_get_text_needed (object, "reference", &payment->reference, error) ||
      !cobro_wire_get_text_needed (object, "status", &status, error) ||
      !cobro_wire_get_text_needed (object, "currency", &code, error) ||
      !cobro_currency_from_code (code, &currency, error) ||
      !cobro_wire_get_money (object, "amount", currency, &payment->amount, error) ||
      !cobro_wire_get_money (object, "captured", currency, &payment->captured, error) ||
      !cobro_wire_get_text (object, "brand", "", &payment->brand, error) ||
      !cobro_wire_get_text (object, "last4", "", &payment->last4, error) ||
      !cobro_wire_get_text (object, "failure_code", "", &payment->failure_code, error) ||
      !cobro_wire_done (object, error))
    return FALSE;
  if (!cobro_fact_kind_from_name (status, &payment->state))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "payment.status", "unknown status \"%s\"", status);
  return TRUE;
}

static gboolean
read_refund (CobroWireObject *object, CobroCurrency currency, RelayMockRefund *refund, GError **error)
{
  g_autofree char *status = NULL;

  if (!cobro_wire_get_text_needed (object, "id", &refund->id, error) ||
      !cobro_wire_get_money (object, "amount", currency, &refund->amount, error) ||
      !cobro_wire_get_text_needed (object, "status", &status, error) || !cobro_wire_done (object, error))
    return FALSE;
  refund->succeeded = strcmp (status, "succeeded") == 0;
  return TRUE;
}

static gboolean
read_event (GBytes *raw, Event *event, GError **error)
{
  g_autoptr (CobroWireObject) object = NULL, payment = NULL, refund = NULL;

  object = cobro_wire_parse (g_bytes_get_data (raw, NULL), (gssize)g_bytes_get_size (raw), error);
  if (object == NULL || !cobro_wire_get_text_needed (object, "id", &event->id, error) ||
      !cobro_wire_get_text_needed (object, "type", &event->type, error) ||
      !cobro_wire_get_text_needed (object, "account", &event->account, error) ||
      !cobro_wire_get_bool (object, "livemode", TRUE, &event->livemode, error) ||
      !cobro_wire_get_time (object, "created", &event->created, error) ||
      !cobro_wire_get_object (object, "payment", &payment, error) ||
      !cobro_wire_get_object (object, "refund", &refund, error) ||
      !cobro_wire_get_text (object, "dispute", "", &event->dispute, error))
    return FALSE;
  if (payment == NULL)
    return TRUE; /* authentic, and not about a payment */
  event->payment = g_new0 (RelayMockPayment, 1);
  if (!read_payment (payment, event->payment, error))
    return FALSE;
  event->payment->account = g_strdup (event->account);
  event->payment->updated_at = event->created;
  event->payment->dispute = g_strdup (event->dispute);
  if (refund == NULL)
    return TRUE;
  event->refund = g_new0 (RelayMockRefund, 1);
  return read_refund (refund, cobro_money_currency (event->payment->amount), event->refund, error);
}

/* The event's id stands in front of everything; what is read here is authentic. */
static char *
read_event_id (GBytes *raw)
{
  g_autoptr (CobroWireObject) object =
    cobro_wire_parse (g_bytes_get_data (raw, NULL), (gssize)g_bytes_get_size (raw), NULL);
  char *id = NULL;

  if (object == NULL || !cobro_wire_get_text_needed (object, "id", &id, NULL))
    return NULL;
  return id;
}

gboolean
relay_mock_hooks_verify (const RelayAccount *account, GHashTable *headers, GBytes *raw, CobroTime now,
                         char **out_event_id, GError **error)
{
  if (!check_signature (account, headers, raw, now, error))
    return FALSE;
  *out_event_id = read_event_id (raw);
  return TRUE;
}

static CobroFact *
make_fact (const Event *event)
{
  if (g_str_has_prefix (event->type, "dispute.") && *event->dispute != '\0')
    return relay_mock_dispute_fact (event->payment);
  return relay_mock_fact (event->payment, event->refund, event->created);
}

GPtrArray *
relay_mock_hooks_read (GBytes *raw, GError **error)
{
  g_autoptr (GPtrArray) facts = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_fact_unref);
  g_auto (Event) event = { 0 };
  CobroFact *fact;

  if (!read_event (raw, &event, error))
    return NULL;
  if (event.payment == NULL)
    return g_steal_pointer (&facts);
  fact = make_fact (&event);
  fact->source = COBRO_FACT_FROM_WEBHOOK;
  fact->livemode = event.livemode;
  cobro_link_set_text (&fact->event_id, event.id);
  g_ptr_array_add (facts, fact);
  return g_steal_pointer (&facts);
}
