/* relay/checkout/relay-settings.c — a merchant's account at a provider: what is set, changing it, trying it out.
 * Layer: relay/checkout. Any thread; the transaction runs on the writer's. */
#include "relay-settings.h"

#include <string.h>

#include "cobro-error.h"
#include "relay-checkout-private.h"

#define OLD_SECRET_LIFE COBRO_DAY
#define SECRET_MIN      16
#define SECRET_MAX      256
#define SECRET_NAME     "webhookSecret"

static RelayProvider *
find_provider (RelayCheckout *self, const char *name, GError **error)
{
  RelayProvider *provider = relay_providers_find (self->providers, name);

  if (provider == NULL)
    cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such provider");
  return provider;
}

/* An account that the lost key file sealed: nothing of it can be read any more, but payments on their way are bound to
 * its id, so that it is this one whose secrets are entered again. */
static RelayAccountRecord *
find_shut (CobroDb *db, const RelayScope *scope, const char *provider, GError **error)
{
  g_autoptr (GPtrArray) records = relay_account_list (NULL, db, scope, error);

  for (guint i = 0; records != NULL && i < records->len; i++)
    if (g_str_equal (((RelayAccountRecord *)records->pdata[i])->provider, provider))
      return g_ptr_array_steal_index (records, i);
  if (records != NULL)
    cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such account");
  return NULL;
}

/* The account, or an empty one. */
static RelayAccountRecord *
find_account (RelayCheckout *self, CobroDb *db, const RelayScope *scope, const char *provider, GError **error)
{
  GError *failure = NULL;
  RelayAccountRecord *record = relay_account_find_for (self->store, db, scope, provider, &failure);

  if (record != NULL)
    return record;
  if (g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_SIGNATURE))
    {
      g_error_free (failure);
      return find_shut (db, scope, provider, error);
    }
  if (!g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  g_error_free (failure);
  record = relay_account_record_new ();
  record->merchant_id = scope->merchant_id;
  record->livemode = scope->livemode;
  record->enabled = FALSE;
  cobro_link_set_text (&record->provider, provider);
  return record;
}

RelayAccountRecord *
relay_settings_read (RelayCheckout *self, const RelayScope *scope, const char *provider, GError **error)
{
  g_autoptr (RelayReader) reader = NULL;

  if (find_provider (self, provider, error) == NULL || !(reader = relay_store_read (self->store, error)))
    return NULL;
  return find_account (self, reader->db, scope, provider, error);
}

gboolean
relay_settings_is_degraded (RelayCheckout *self, const RelayAccountRecord *record, gint64 *out_wait)
{
  return *record->id != '\0' && relay_breakers_is_open (self->breakers, record->provider, record->id, out_wait);
}

/* ── Changing ───────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  RelayCheckout *checkout;
  RelayProvider *provider;
  RelayScope scope;
  const RelayAccountChange *change;
  RelayAccountRecord *record; /* owned */
} Changing;

static void
changing_clear (Changing *self)
{
  relay_account_record_free (self->record);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Changing, changing_clear)

static gboolean
put_setting (Changing *self, const char *name, const char *value, CobroTime now, GError **error)
{
  RelayAccountRecord *record = self->record;

  if (*value == '\0' && relay_provider_find_setting (self->provider, name) != NULL)
    {
      g_hash_table_remove (record->settings, name);
      g_hash_table_remove (record->set_at, name);
      return TRUE;
    }
  if (!relay_provider_check_setting (self->provider, name, value, error))
    return cobro_error_prefix_path (error, "settings");
  g_hash_table_replace (record->settings, g_strdup (name), g_strdup (value));
  relay_account_note_set (record, name, now);
  return TRUE;
}

static gboolean
put_settings (Changing *self, CobroTime now, GError **error)
{
  GHashTableIter iter;
  gpointer name, value;

  if (self->change->settings == NULL)
    return TRUE;
  g_hash_table_iter_init (&iter, self->change->settings);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (!put_setting (self, name, value, now, error))
      return FALSE;
  return TRUE;
}

/* The newest first; of the older ones the last stays active for a day. */
static gboolean
put_secret (Changing *self, CobroTime now, GError **error)
{
  RelayAccountRecord *record = self->record;
  const char *secret = self->change->webhook_secret;

  if (secret == NULL)
    return TRUE;
  if (*secret == '\0')
    {
      g_ptr_array_set_size (record->webhook_secrets, 0);
      g_hash_table_remove (record->set_at, SECRET_NAME);
      record->old_secret_until = 0;
      return TRUE;
    }
  if (strlen (secret) < SECRET_MIN || strlen (secret) > SECRET_MAX)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, SECRET_NAME, "must have %d to %d bytes", SECRET_MIN,
                               SECRET_MAX);
  if (record->webhook_secrets->len > 0 && g_strcmp0 (record->webhook_secrets->pdata[0], secret) == 0)
    return TRUE;
  if (record->webhook_secrets->len > 1)
    g_ptr_array_set_size (record->webhook_secrets, 1);
  record->old_secret_until = record->webhook_secrets->len > 0 ? now + OLD_SECRET_LIFE : 0;
  g_ptr_array_insert (record->webhook_secrets, 0, g_strdup (secret));
  relay_account_note_set (record, SECRET_NAME, now);
  return TRUE;
}

static gboolean
check_whole (Changing *self, GError **error)
{
  const RelayProviderClass *class = self->provider->class;
  RelayAccountRecord *record = self->record;
  g_autoptr (RelayAccount) account = relay_account_new ();

  if (class->test_only && record->livemode)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "enabled", "%s is for practice: use a test key",
                               class->name);
  for (guint i = 0; record->enabled && i < class->n_settings; i++)
    if (class->settings[i].required && !g_hash_table_contains (record->settings, class->settings[i].name))
      {
        cobro_error_set_at (error, COBRO_ERROR_INVALID, class->settings[i].name, "is needed before it can be enabled");
        return cobro_error_prefix_path (error, "settings");
      }
  if (!record->enabled && g_hash_table_size (record->settings) == 0)
    return TRUE; /* everything was taken away: nothing is left that could be wrong */
  cobro_link_set_text (&account->id, record->id);
  cobro_link_set_text (&account->provider, record->provider);
  account->livemode = record->livemode;
  g_hash_table_unref (account->settings);
  account->settings = g_hash_table_ref (record->settings);
  return relay_provider_check_settings (self->provider, account, error);
}

/* A provider that is ours to set up gets a secret of ours by itself. */
static void
fill_secret (Changing *self, CobroTime now)
{
  g_autofree char *secret = NULL;

  if (*self->record->id != '\0' || !self->provider->class->test_only || self->record->webhook_secrets->len > 0)
    return;
  secret = relay_settings_make_secret (self->checkout);
  g_ptr_array_add (self->record->webhook_secrets, g_steal_pointer (&secret));
  relay_account_note_set (self->record, SECRET_NAME, now);
}

static gboolean
change_work (RelayTx *tx, gpointer data, GError **error)
{
  Changing *self = data;

  relay_account_record_free (self->record);
  self->record = find_account (self->checkout, tx->db, &self->scope, self->provider->class->name, error);
  if (self->record == NULL)
    return FALSE;
  if (self->change->enabled >= 0)
    self->record->enabled = self->change->enabled == 1;
  if (self->change->position >= 0)
    self->record->position = self->change->position;
  if (self->change->rules != NULL)
    {
      g_array_unref (self->record->rules);
      self->record->rules = g_array_ref (self->change->rules);
    }
  if (!put_settings (self, tx->now, error) || !put_secret (self, tx->now, error) || !check_whole (self, error))
    return FALSE;
  fill_secret (self, tx->now);
  return relay_account_put (tx, self->record, error);
}

RelayAccountRecord *
relay_settings_change (RelayCheckout *self, const RelayScope *scope, const char *provider,
                       const RelayAccountChange *change, GError **error)
{
  g_auto (Changing) changing = {
    .checkout = self, .provider = find_provider (self, provider, error), .scope = *scope, .change = change
  };

  if (changing.provider == NULL ||
      !relay_store_write_for (self->store, &scope->merchant_id, change_work, &changing, error))
    return NULL;
  relay_accounts_forget (self);
  return g_steal_pointer (&changing.record);
}

char *
relay_settings_make_secret (RelayCheckout *self)
{
  guint8 bytes[32];
  GString *text = g_string_new ("mws_");

  cobro_random_fill (self->random, bytes, sizeof bytes);
  for (gsize i = 0; i < sizeof bytes; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  return g_string_free (text, FALSE);
}

char *
relay_settings_new_secret (RelayCheckout *self, const RelayScope *scope, const char *provider, CobroTime *out_old_until,
                           GError **error)
{
  g_autofree char *secret = relay_settings_make_secret (self);
  RelayAccountChange change = { .enabled = -1, .position = -1, .webhook_secret = secret };
  g_autoptr (RelayAccountRecord) record = relay_settings_change (self, scope, provider, &change, error);

  if (record == NULL)
    return NULL;
  *out_old_until = record->old_secret_until;
  return g_steal_pointer (&secret);
}

/* ── Trying it out ──────────────────────────────────────────────────────────────────────────────────────────── */

gboolean
relay_settings_test (RelayCheckout *self, const RelayScope *scope, const char *name, gboolean *out_ok, char **out_words,
                     GError **error)
{
  RelayProvider *provider = find_provider (self, name, error);
  g_autoptr (RelayReader) reader = NULL;
  g_autoptr (RelayAccount) account = NULL;
  g_autoptr (GError) failure = NULL;

  if (provider == NULL || !(reader = relay_store_read (self->store, error)) ||
      !(account = relay_checkout_open_account (self, reader->db, scope, name, error)))
    return FALSE;
  g_clear_pointer (&reader, relay_reader_release);
  *out_ok = relay_provider_test (provider, account, cobro_clock_monotonic (self->clock) + self->call_deadline,
                                 out_words, &failure);
  if (!*out_ok)
    *out_words = g_strdup (failure->message);
  return TRUE;
}
