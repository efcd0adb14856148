/* relay/checkout/relay-checkout.c — the checkout itself: what it holds, and the questions it asks on a payer's or
 * merchant's behalf. Layer: relay/checkout. Any thread. */
#include "relay-checkout-private.h"

#include "cobro-error.h"
#include "relay-janitor.h"

#define LEASE         (10 * COBRO_MINUTE)
#define CALL_DEADLINE (10 * COBRO_SECOND)
#define ASK_PAUSE     (2 * COBRO_SECOND)
#define ASKED_MAX     4096

RelayCheckout *
relay_checkout_new (const RelayCheckoutConfig *config)
{
  RelayCheckout *self = g_new0 (RelayCheckout, 1);

  self->store = config->store;
  self->providers = config->providers;
  self->clock = cobro_clock_ref (config->clock);
  self->random = cobro_random_ref (config->random);
  self->public_url = g_strdup (config->public_url != NULL ? config->public_url : "");
  self->lease = config->lease > 0 ? config->lease : LEASE;
  self->call_deadline = config->call_deadline > 0 ? config->call_deadline : CALL_DEADLINE;
  self->restoring = config->restoring;
  self->breakers = relay_breakers_new (config->clock, config->random, config->store);
  self->leader = relay_leader_new (config->store);
  self->busy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->accounts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)relay_open_account_unref);
  g_mutex_init (&self->lock);
  g_cond_init (&self->left);
  return self;
}

void
relay_checkout_free (RelayCheckout *self)
{
  if (self == NULL)
    return;
  relay_janitor_stop (self);
  relay_breakers_free (self->breakers);
  relay_leader_free (self->leader);
  g_hash_table_unref (self->busy);
  g_hash_table_unref (self->asked);
  g_hash_table_unref (self->accounts);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->left);
  cobro_clock_unref (self->clock);
  cobro_random_unref (self->random);
  g_free (self->public_url);
  g_free (self);
}

void
relay_checkout_set_public_url (RelayCheckout *self, const char *public_url)
{
  g_free (self->public_url);
  self->public_url = g_strdup (public_url);
}

/* ── Single flight ──────────────────────────────────────────────────────────────────────────────────────────── */

gboolean
relay_checkout_enter (RelayCheckout *self, const char *what)
{
  gboolean first;

  g_mutex_lock (&self->lock);
  first = g_hash_table_add (self->busy, g_strdup (what));
  g_mutex_unlock (&self->lock);
  return first;
}

void
relay_checkout_leave (RelayCheckout *self, const char *what)
{
  g_mutex_lock (&self->lock);
  g_hash_table_remove (self->busy, what);
  g_cond_broadcast (&self->left);
  g_mutex_unlock (&self->lock);
}

void
relay_checkout_wait (RelayCheckout *self, const char *what, gint64 us)
{
  gint64 until = g_get_monotonic_time () + us;
  gboolean in_time = TRUE;

  g_mutex_lock (&self->lock);
  while (in_time && g_hash_table_contains (self->busy, what))
    in_time = g_cond_wait_until (&self->left, &self->lock, until);
  g_mutex_unlock (&self->lock);
}

/* Whether it is time to ask about this payment again; if so, it is noted. */
static gboolean
may_ask (RelayCheckout *self, const CobroId *payment_id)
{
  gint64 now = cobro_clock_monotonic (self->clock);
  gint64 *last, *noted;
  gboolean may;

  g_mutex_lock (&self->lock);
  last = g_hash_table_lookup (self->asked, payment_id->text);
  may = last == NULL || now - *last >= ASK_PAUSE;
  if (may)
    {
      if (g_hash_table_size (self->asked) >= ASKED_MAX)
        g_hash_table_remove_all (self->asked);
      noted = g_new (gint64, 1);
      *noted = now;
      g_hash_table_replace (self->asked, g_strdup (payment_id->text), noted);
    }
  g_mutex_unlock (&self->lock);
  return may;
}

/* ── Confirm ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* What is known of @record by now. */
static gboolean
look_again (RelayCheckout *self, RelayPaymentRecord **record, GError **error)
{
  RelayScope scope = { .merchant_id = (*record)->merchant_id, .livemode = (*record)->payment->livemode };
  g_autoptr (RelayReader) reader = relay_store_read (self->store, error);
  RelayPaymentRecord *now =
    reader != NULL ? relay_payment_find (reader->db, &scope, &(*record)->payment->id, error) : NULL;

  if (now == NULL)
    return FALSE;
  relay_payment_record_free (*record);
  *record = now;
  return TRUE;
}

/* Asks about @record unless it is final or was asked about just now. While somebody else is asking (a webhook has
 * come), their answer is waited for: who comes back from the provider must not read what was true before. */
static gboolean
ask (RelayCheckout *self, RelayPaymentRecord **record, GError **error)
{
  g_autofree char *flight = g_strconcat ("payment:", (*record)->payment->id.text, NULL);
  gboolean ok;

  /* What has failed may have succeeded since: the provider's own page lets payers try again. */
  if (cobro_payment_state_is_final ((*record)->payment->state) && (*record)->payment->state != COBRO_PAYMENT_FAILED)
    return TRUE;
  if (!may_ask (self, &(*record)->payment->id) || !relay_checkout_enter (self, flight))
    {
      relay_checkout_wait (self, flight, ASK_PAUSE);
      return look_again (self, record, error);
    }
  ok = relay_call_query (self, record, error);
  relay_checkout_leave (self, flight);
  return ok;
}

static CobroPayment *
ask_and_take (RelayCheckout *self, RelayPaymentRecord *take_record, GError **error)
{
  g_autoptr (RelayPaymentRecord) record = take_record;

  if (record == NULL || !ask (self, &record, error))
    return NULL;
  return cobro_payment_ref (record->payment);
}

static RelayPaymentRecord *
find_of_payer (RelayCheckout *self, const char *token, const char *payer_key, GError **error)
{
  g_autoptr (RelayReader) reader = NULL;
  g_autoptr (RelayLinkRecord) link = NULL;
  CobroTokenHash payer;
  gboolean replaced; /* a payer who comes back over an old link still learns how it went */

  if (!relay_payer_parse (payer_key, &payer))
    {
      cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such payment");
      return NULL;
    }
  if (!(reader = relay_store_read (self->store, error)) ||
      !(link = relay_link_find_by_token (reader->db, token, &replaced, error)))
    return NULL;
  return relay_payment_find_by_payer (reader->db, &link->merchant_id, &link->link->id, &payer, error);
}

CobroPayment *
relay_checkout_confirm (RelayCheckout *self, const char *token, const char *payer_key, GError **error)
{
  return ask_and_take (self, find_of_payer (self, token, payer_key, error), error);
}

/* Whether somebody may mean @record by @name. References of ours are the id, a dot and a MAC: within one link the id is
 * enough. */
static gboolean
is_named (const RelayPaymentRecord *record, const char *name)
{
  const CobroPayment *payment = record->payment;
  gsize length = strlen (payment->id.text);

  return g_str_equal (payment->provider_payment_id, name) || g_str_equal (record->charge_id, name) ||
         g_str_equal (record->receipt, name) ||
         (g_str_has_prefix (name, payment->id.text) && (name[length] == '\0' || name[length] == '.'));
}

static gboolean
is_object (const RelayPaymentRecord *record, const char *object)
{
  return g_str_equal (record->payment->provider_payment_id, object);
}

/* The newest payment of the link that @is; @is NULL: the newest of all. */
static RelayPaymentRecord *
find_of_link (RelayCheckout *self, const char *token, gboolean (*is) (const RelayPaymentRecord *, const char *),
              const char *name, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (self->store, error);
  g_autoptr (RelayLinkRecord) link = NULL;
  g_autoptr (GPtrArray) payments = NULL;
  gboolean replaced;

  if (reader == NULL || !(link = relay_link_find_by_token (reader->db, token, &replaced, error)) ||
      !(payments = relay_payment_list_of_link (reader->db, &link->merchant_id, &link->link->id, error)))
    return NULL;
  for (guint i = payments->len; i > 0; i--)
    if (is == NULL || (*name != '\0' && is (payments->pdata[i - 1], name)))
      return g_ptr_array_steal_index (payments, i - 1);
  cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such payment");
  return NULL;
}

CobroPayment *
relay_checkout_confirm_object (RelayCheckout *self, const char *token, const char *provider_payment_id, GError **error)
{
  return ask_and_take (self, find_of_link (self, token, is_object, provider_payment_id, error), error);
}

CobroPayment *
relay_checkout_confirm_named (RelayCheckout *self, const char *token, const char *name, GError **error)
{
  return ask_and_take (self, find_of_link (self, token, name != NULL ? is_named : NULL, name, error), error);
}

/* ── Cancel ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static RelayPaymentRecord *
find_payment (RelayCheckout *self, const RelayScope *scope, const CobroId *payment_id, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (self->store, error);

  return reader != NULL ? relay_payment_find (reader->db, scope, payment_id, error) : NULL;
}

CobroPayment *
relay_checkout_cancel (RelayCheckout *self, const RelayScope *scope, const CobroId *payment_id, GError **error)
{
  g_autoptr (RelayPaymentRecord) record = find_payment (self, scope, payment_id, error);

  if (record == NULL)
    return NULL;
  if (!cobro_payment_state_is_final (record->payment->state) && !relay_call_cancel (self, &record, error))
    return NULL;
  switch (record->payment->state)
    {
    case COBRO_PAYMENT_CANCELLED:
    case COBRO_PAYMENT_FAILED:
      return cobro_payment_ref (record->payment);
    case COBRO_PAYMENT_SUCCEEDED:
      cobro_error_set (error, COBRO_ERROR_STATE, "the payment has succeeded: refund it instead");
      return NULL;
    case COBRO_PAYMENT_CREATED:
    case COBRO_PAYMENT_PENDING:
    case COBRO_PAYMENT_REQUIRES_ACTION:
    case COBRO_PAYMENT_PROCESSING:
    case COBRO_PAYMENT_UNKNOWN:
      cobro_error_set (error, COBRO_ERROR_STATE, "the provider does not let this payment be cancelled now");
      return NULL;
    }
  g_return_val_if_reached (NULL);
}
