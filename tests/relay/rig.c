/* tests/relay/rig.c — books, checkout and a provider that misbehaves on demand.
 * Layer: tests. */
#include "rig.h"

#include <glib/gstdio.h>
#include <string.h>

#include "cobro-error.h"
#include "cobro-test-postgres.h"
#include "cobro-test.h"
#include "cobro-wire-fact.h"
#include "relay-checkout-private.h"
#include "relay-settings.h"

#define WEBHOOK_SECRET "a secret of sixteen bytes"

/* ── The provider ───────────────────────────────────────────────────────────────────────────────────────────── */

static void
object_free (gpointer data)
{
  RigObject *object = data;

  g_free (object->object);
  g_free (object->key);
  g_free (object->signed_reference);
  g_free (object);
}

static void
given_free (gpointer data)
{
  RigRefund *refund = data;

  g_free (refund->id);
  g_free (refund->key);
  g_free (refund);
}

static RigObject *
find_object (RigProvider *self, const char *id, const CobroId *reference)
{
  for (guint i = 0; i < self->objects->len; i++)
    {
      RigObject *object = self->objects->pdata[i];

      if (*id != '\0' ? g_str_equal (object->object, id) : cobro_id_equal (&object->reference, reference))
        return object;
    }
  return NULL;
}

static RigObject *
find_signed (RigProvider *self, const char *reference)
{
  for (guint i = 0; i < self->objects->len; i++)
    {
      RigObject *object = self->objects->pdata[i];

      if (g_str_equal (object->signed_reference, reference))
        return object;
    }
  return NULL;
}

static CobroFact *
make_fact (RigProvider *self, const RelayAccount *account, const RigObject *object)
{
  CobroFact *fact = cobro_fact_new ();

  fact->source = COBRO_FACT_FROM_JANITOR;
  cobro_link_set_text (&fact->provider, "rig");
  cobro_link_set_text (&fact->account, self->says_account != NULL ? self->says_account : account->id);
  fact->livemode = account->livemode;
  g_free (fact->event_id);
  fact->event_id = g_strdup_printf ("%s/%s", object->object, cobro_fact_kind_name (object->kind));
  cobro_link_set_text (&fact->provider_payment_id, object->object);
  cobro_link_set_text (&fact->reference, object->signed_reference);
  fact->kind = object->kind;
  fact->amount = cobro_money_is_set (self->says_amount) ? self->says_amount : object->amount;
  fact->occurred_at = self->says_time != 0 ? self->says_time : cobro_clock_now (self->base.clock);
  if (object->kind == COBRO_FACT_FAILED)
    cobro_link_set_text (&fact->failure_code, "card_declined");
  return fact;
}

static RigObject *
remember (RigProvider *self, const RelayIntent *intent)
{
  RigObject *object = find_object (self, "", &intent->payment_id);

  if (object != NULL)
    return object;
  object = g_new0 (RigObject, 1);
  object->object = g_strdup_printf ("obj_%u", self->objects->len + 1);
  object->reference = intent->payment_id;
  object->signed_reference = g_strdup (intent->reference);
  object->amount = intent->amount;
  object->key = g_strdup (intent->idempotency_key);
  object->kind = self->begin == RIG_BEGIN_PAID     ? COBRO_FACT_SUCCEEDED
                 : self->begin == RIG_BEGIN_FAILED ? COBRO_FACT_FAILED
                                                   : COBRO_FACT_ACTION_NEEDED;
  g_ptr_array_add (self->objects, object);
  return object;
}

static RelayBegun *
answer_begin (RigProvider *self, const RelayAccount *account, const RelayIntent *intent, GError **error)
{
  RelayBegun *begun;
  RigObject *object;

  self->begins++;
  if (self->begin == RIG_BEGIN_REFUSED || self->begin == RIG_BEGIN_OVERLOADED || self->begin == RIG_BEGIN_NEVER_CAME)
    {
      cobro_error_set (error,
                       self->begin == RIG_BEGIN_REFUSED      ? COBRO_ERROR_PROVIDER
                       : self->begin == RIG_BEGIN_OVERLOADED ? COBRO_ERROR_UNAVAILABLE
                                                             : COBRO_ERROR_NO_ANSWER,
                       "as told");
      return NULL;
    }
  object = remember (self, intent);
  g_assert_cmpstr (object->key, ==, intent->idempotency_key);
  if (self->begin == RIG_BEGIN_LOST)
    {
      cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "lost, as told");
      return NULL;
    }
  begun = g_new0 (RelayBegun, 1);
  begun->fact = make_fact (self, account, object);
  begun->fact->source = COBRO_FACT_FROM_ANSWER;
  begun->next = object->kind == COBRO_FACT_ACTION_NEEDED ? RELAY_NEXT_REDIRECT : RELAY_NEXT_NOTHING;
  begun->redirect_url = g_strdup_printf ("https://rig.example/%s", object->object);
  begun->client_secret = g_strdup_printf ("%s_secret", object->object);
  begun->publishable_key = g_strdup ("pk_rig");
  begun->account = g_strdup ("");
  return begun;
}

static RelayBegun *
on_begin (RelayProvider *provider, const RelayAccount *account, const RelayIntent *intent, gint64 deadline,
          GError **error)
{
  RigProvider *self = (RigProvider *)provider;
  RelayBegun *begun;

  g_mutex_lock (&self->lock);
  begun = answer_begin (self, account, intent, error);
  g_mutex_unlock (&self->lock);
  return begun;
}

static gboolean
refuse (RigAnswer answer, GError **error)
{
  switch (answer)
    {
    case RIG_ANSWER_HONEST:
      return FALSE;
    case RIG_ANSWER_NOTHING:
    case RIG_ANSWER_LOST:
      cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "silent, as told");
      return TRUE;
    case RIG_ANSWER_NOT_FOUND:
      cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "never seen, as told");
      return TRUE;
    case RIG_ANSWER_REFUSED:
      cobro_error_set (error, COBRO_ERROR_PROVIDER, "no, as told");
      return TRUE;
    }
  g_return_val_if_reached (TRUE);
}

static CobroFact *
on_query (RelayProvider *provider, const RelayAccount *account, const RelayTarget *target, gint64 deadline,
          GError **error)
{
  RigProvider *self = (RigProvider *)provider;
  CobroFact *fact = NULL;
  RigObject *object;

  g_mutex_lock (&self->lock);
  self->queries++;
  object =
    *target->object_id != '\0' ? find_object (self, target->object_id, NULL) : find_signed (self, target->reference);
  if (!refuse (self->query, error))
    {
      if (object != NULL)
        fact = make_fact (self, account, object);
      else
        cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such payment");
    }
  g_mutex_unlock (&self->lock);
  return fact;
}

static CobroFact *
on_cancel (RelayProvider *provider, const RelayAccount *account, const RelayTarget *target, gint64 deadline,
           GError **error)
{
  RigProvider *self = (RigProvider *)provider;
  CobroFact *fact = NULL;
  RigObject *object;

  g_mutex_lock (&self->lock);
  self->cancels++;
  object = find_object (self, target->object_id, NULL);
  if (!refuse (self->cancel, error))
    {
      if (object->kind == COBRO_FACT_ACTION_NEEDED || object->kind == COBRO_FACT_PENDING)
        object->kind = COBRO_FACT_CANCELLED;
      fact = make_fact (self, account, object);
    }
  g_mutex_unlock (&self->lock);
  return fact;
}

/* A refund as this provider has it. */
static CobroFact *
refund_fact (RigProvider *self, const RelayAccount *account, const RigRefund *refund)
{
  CobroFact *fact = make_fact (self, account, refund->object);

  fact->kind = COBRO_FACT_REFUNDED;
  fact->amount = refund->amount;
  cobro_link_set_text (&fact->refund_id, refund->id);
  g_free (fact->event_id);
  fact->event_id = g_strdup_printf ("refund/%s", refund->id);
  return fact;
}

/* The same key again is the same refund. */
static RigRefund *
give (RigProvider *self, RigObject *object, CobroMoney amount, const char *key)
{
  RigRefund *refund;

  for (guint i = 0; i < self->given->len; i++)
    if (g_str_equal (((RigRefund *)self->given->pdata[i])->key, key))
      return self->given->pdata[i];
  refund = g_new0 (RigRefund, 1);
  refund->object = object;
  refund->amount = amount;
  refund->key = g_strdup (key);
  refund->id = g_strdup_printf ("re_%s", key);
  g_ptr_array_add (self->given, refund);
  return refund;
}

static CobroFact *
on_refund (RelayProvider *provider, const RelayAccount *account, const RelayTarget *target, CobroMoney amount,
           const char *key, gint64 deadline, GError **error)
{
  RigProvider *self = (RigProvider *)provider;
  CobroFact *fact = NULL;

  g_mutex_lock (&self->lock);
  self->refunds++;
  if (self->refund == RIG_ANSWER_LOST)
    {
      give (self, find_object (self, target->object_id, NULL), amount, key);
      cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "lost, as told");
    }
  else if (!refuse (self->refund, error))
    fact = refund_fact (self, account, give (self, find_object (self, target->object_id, NULL), amount, key));
  g_mutex_unlock (&self->lock);
  return fact;
}

static CobroFact *
on_query_refund (RelayProvider *provider, const RelayAccount *account, const RelayTarget *target, const char *refund_id,
                 const char *key, gint64 deadline, GError **error)
{
  RigProvider *self = (RigProvider *)provider;
  CobroFact *fact = NULL;

  g_mutex_lock (&self->lock);
  self->queries++;
  if (!refuse (self->query, error))
    {
      for (guint i = 0; i < self->given->len && fact == NULL; i++)
        {
          const RigRefund *refund = self->given->pdata[i];

          if (*refund_id != '\0' ? g_str_equal (refund->id, refund_id) : g_str_equal (refund->key, key))
            fact = refund_fact (self, account, refund);
        }
      if (fact == NULL)
        cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such refund");
    }
  g_mutex_unlock (&self->lock);
  return fact;
}

static CobroFact *
on_query_dispute (RelayProvider *provider, const RelayAccount *account, const RelayTarget *target, gint64 deadline,
                  GError **error)
{
  RigProvider *self = (RigProvider *)provider;
  CobroFact *fact = NULL;
  RigObject *object;

  g_mutex_lock (&self->lock);
  self->queries++;
  if (!refuse (self->query, error))
    {
      object = find_object (self, target->object_id, NULL);
      if (object != NULL && object->dispute != 0)
        {
          fact = make_fact (self, account, object);
          fact->kind = object->dispute;
          g_free (fact->event_id);
          fact->event_id = g_strdup_printf ("%s/%s", object->object, cobro_fact_kind_name (object->dispute));
        }
      else
        cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no dispute");
    }
  g_mutex_unlock (&self->lock);
  return fact;
}

#define PAGE 3

/* Payments, then refunds, a few at a time; the cursor counts. */
static RelayListing *
on_list (RelayProvider *provider, const RelayAccount *account, CobroTime since, const char *cursor, gint64 deadline,
         GError **error)
{
  RigProvider *self = (RigProvider *)provider;
  guint at = cursor != NULL ? (guint)g_ascii_strtoull (cursor, NULL, 10) : 0;
  RelayListing *listing = NULL;

  g_mutex_lock (&self->lock);
  self->lists++;
  if (!refuse (self->list, error))
    {
      guint end = self->objects->len + self->given->len;

      listing = g_new0 (RelayListing, 1);
      listing->facts = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_fact_unref);
      for (guint i = at; i < MIN (at + PAGE, end); i++)
        g_ptr_array_add (listing->facts, i < self->objects->len
                                           ? make_fact (self, account, self->objects->pdata[i])
                                           : refund_fact (self, account, self->given->pdata[i - self->objects->len]));
      listing->next = at + PAGE < end ? g_strdup_printf ("%u", at + PAGE) : NULL;
    }
  g_mutex_unlock (&self->lock);
  return listing;
}

static gboolean
on_test (RelayProvider *provider, const RelayAccount *account, gint64 deadline, char **out_words, GError **error)
{
  RigProvider *self = (RigProvider *)provider;

  if (refuse (self->query, error))
    return FALSE;
  *out_words = g_strdup ("The rig is there.");
  return TRUE;
}

/* The signature is the word "good". */
static gboolean
on_verify (RelayProvider *provider, const RelayAccount *account, GHashTable *headers, GBytes *raw, CobroTime now,
           char **out_event_id, GError **error)
{
  g_autoptr (CobroWireObject) object = NULL;
  gsize n;
  const char *text = g_bytes_get_data (raw, &n);

  if (g_strcmp0 (g_hash_table_lookup (headers, "rig-signature"), "good") != 0)
    return cobro_error_set (error, COBRO_ERROR_SIGNATURE, "forged");
  object = cobro_wire_parse (text, (gssize)n, NULL);
  if (object != NULL && !cobro_wire_get_text (object, "eventId", "", out_event_id, NULL))
    *out_event_id = NULL;
  return TRUE;
}

/* The body is one fact as JSON. */
static GPtrArray *
on_read (RelayProvider *provider, const RelayAccount *account, GBytes *raw, GError **error)
{
  g_autoptr (GPtrArray) facts = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_fact_unref);
  g_autoptr (CobroWireObject) object = NULL;
  CobroFact *fact;
  gsize n;
  const char *text = g_bytes_get_data (raw, &n);

  if (!(object = cobro_wire_parse (text, (gssize)n, error)) || !(fact = cobro_wire_fact_parse (object, error)))
    return NULL;
  g_ptr_array_add (facts, fact);
  return g_steal_pointer (&facts);
}

static void
on_free (RelayProvider *provider)
{
  RigProvider *self = (RigProvider *)provider;

  g_ptr_array_unref (self->objects);
  g_ptr_array_unref (self->given);
  g_mutex_clear (&self->lock);
  cobro_clock_unref (self->base.clock);
  cobro_random_unref (self->base.random);
  g_free (self);
}

static void
do_not_wait (RelayProvider *provider, gint64 us)
{
}

static const RelayProviderClass rig_class = {
  .name = "rig",
  .title = "Rig",
  .methods = COBRO_METHOD_CARD | COBRO_METHOD_WALLET,
  .begin = on_begin,
  .query = on_query,
  .cancel = on_cancel,
  .refund = on_refund,
  .query_refund = on_query_refund,
  .query_dispute = on_query_dispute,
  .list = on_list,
  .test = on_test,
  .verify = on_verify,
  .read = on_read,
  .free = on_free,
};

static RigProvider *
rig_provider_new (CobroClock *clock, CobroRandom *random)
{
  RigProvider *self = g_new0 (RigProvider, 1);

  self->base.class = &rig_class;
  self->base.clock = cobro_clock_ref (clock);
  self->base.random = cobro_random_ref (random);
  self->base.wait = do_not_wait;
  self->objects = g_ptr_array_new_with_free_func (object_free);
  self->given = g_ptr_array_new_with_free_func (given_free);
  self->list = RIG_ANSWER_REFUSED; /* most tests want to see what happens without it */
  g_mutex_init (&self->lock);
  return self;
}

/* ── Folders ────────────────────────────────────────────────────────────────────────────────────────────────── */

void
rig_remove_folder (const char *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_clear_pointer (&dir, g_dir_close);
  g_rmdir (folder);
}

static void
copy_file (const char *from_folder, const char *to_folder, const char *name, int mode)
{
  g_autofree char *from = g_build_filename (from_folder, name, NULL);
  g_autofree char *to = g_build_filename (to_folder, name, NULL);
  g_autofree char *content = NULL;
  gsize n;

  if (!g_file_get_contents (from, &content, &n, NULL))
    return;
  g_assert_true (g_file_set_contents_full (to, content, (gssize)n, G_FILE_SET_CONTENTS_NONE, mode, NULL));
}

char *
rig_copy (Rig *rig)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("cobro-copy-XXXXXX", &error);

  g_assert_no_error (error);
  copy_file (rig->folder, folder, "relay.sqlite", 0600);
  copy_file (rig->folder, folder, "relay.sqlite-wal", 0600);
  copy_file (rig->folder, folder, "relay.key", 0400);
  return folder;
}

/* ── The books ──────────────────────────────────────────────────────────────────────────────────────────────── */

gboolean
rig_is_postgres (void)
{
  return g_strcmp0 (g_getenv ("COBRO_TEST_ENGINE"), "postgres") == 0;
}

RelayStoreConfig
rig_config (Rig *rig, const char *folder)
{
  return (RelayStoreConfig){ .folder = folder, .database = rig->database, .clock = rig->clock, .random = rig->random };
}

CobroDb *
rig_connect (Rig *rig, const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "relay.sqlite", NULL);
  g_autoptr (GError) error = NULL;
  CobroDb *db = cobro_db_open (rig->database != NULL ? rig->database : path, COBRO_DB_READ_WRITE, 0x436F5265, &error);

  g_assert_no_error (error);
  return db;
}

/* PostgreSQL has its own way to be killed (tests/db); what the next relay sees of it is a life without an end. */
static void
forget_that_it_was_closed (Rig *rig)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroDb) db = rig_connect (rig, rig->folder);

  g_assert_true (cobro_db_exec (
    db, "UPDATE life SET closed_at = NULL, clean = NULL WHERE row = (SELECT max (row) FROM life)", &error));
  g_assert_no_error (error);
}

/* ── The rig ────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
open_books (Rig *rig)
{
  g_autoptr (GError) error = NULL;
  RelayStoreConfig config = rig_config (rig, rig->folder);
  RelayCheckoutConfig checkout = {
    .providers = rig->providers, .clock = rig->clock, .random = rig->random, .public_url = "https://pay.example"
  };

  rig->store = relay_store_open (&config, &error);
  g_assert_no_error (error);
  checkout.store = rig->store;
  rig->checkout = relay_checkout_new (&checkout);
}

static gboolean
found_work (RelayTx *tx, gpointer data, GError **error)
{
  Rig *rig = data;
  g_autoptr (CobroMerchant) merchant = cobro_merchant_new ();
  g_autoptr (RelayAccountRecord) account = relay_account_record_new ();

  cobro_link_set_text (&merchant->name, "Ana's Café");
  if (!relay_merchant_insert (tx, merchant, error))
    return FALSE;
  rig->scope = (RelayScope){ merchant->id, FALSE };
  account->merchant_id = merchant->id;
  cobro_link_set_text (&account->provider, "rig");
  g_hash_table_insert (account->settings, g_strdup ("secret"), g_strdup ("rig-secret"));
  g_ptr_array_add (account->webhook_secrets, g_strdup (WEBHOOK_SECRET));
  if (!relay_account_put (tx, account, error))
    return FALSE;
  rig->account = g_strdup (account->id);
  return TRUE;
}

Rig *
rig_new (void)
{
  g_autoptr (GError) error = NULL;
  Rig *rig = g_new0 (Rig, 1);

  rig->folder = g_dir_make_tmp ("cobro-rig-XXXXXX", &error);
  g_assert_no_error (error);
  rig->database = rig_is_postgres () ? cobro_test_postgres_database () : NULL;
  rig->clock = cobro_clock_new_fake (RIG_NOW);
  rig->random = cobro_test_random ();
  rig->providers = relay_providers_new ();
  rig->provider = rig_provider_new (rig->clock, rig->random);
  relay_providers_add (rig->providers, &rig->provider->base);
  open_books (rig);
  g_assert_true (relay_store_write (rig->store, found_work, rig, &error));
  g_assert_no_error (error);
  return rig;
}

void
rig_free (Rig *rig)
{
  relay_checkout_free (rig->checkout);
  relay_store_close (rig->store);
  relay_providers_free (rig->providers);
  rig_remove_folder (rig->folder);
  if (rig->database != NULL)
    cobro_test_postgres_drop (rig->database);
  g_free (rig->database);
  cobro_clock_unref (rig->clock);
  cobro_random_unref (rig->random);
  g_free (rig->account);
  g_free (rig->folder);
  g_free (rig);
}

void
rig_restart (Rig *rig, gboolean killed)
{
  g_autofree char *copy = killed ? rig_copy (rig) : NULL;

  relay_checkout_free (rig->checkout);
  relay_store_close (rig->store);
  if (killed && rig->database != NULL)
    forget_that_it_was_closed (rig);
  if (killed)
    {
      rig_remove_folder (rig->folder);
      g_free (rig->folder);
      rig->folder = g_steal_pointer (&copy);
    }
  open_books (rig);
  g_assert_cmpint (relay_store_was_unclean (rig->store), ==, killed);
}

void
rig_continue (Rig *rig, const char *folder)
{
  relay_checkout_free (rig->checkout);
  relay_store_close (rig->store);
  if (rig->database != NULL)
    forget_that_it_was_closed (rig);
  rig_remove_folder (rig->folder);
  g_free (rig->folder);
  rig->folder = g_strdup (folder);
  open_books (rig);
  g_assert_true (relay_store_was_unclean (rig->store));
}

void
rig_lose_key (Rig *rig)
{
  g_autofree char *key = g_build_filename (rig->folder, "relay.key", NULL);
  RelayStoreConfig config = rig_config (rig, rig->folder);
  RelayAccountChange again = { .enabled = -1, .position = -1, .webhook_secret = WEBHOOK_SECRET };
  g_autoptr (RelayAccountRecord) account = NULL;
  g_autoptr (GError) error = NULL;

  relay_checkout_free (rig->checkout);
  relay_store_close (rig->store);
  g_assert_cmpint (g_unlink (key), ==, 0);
  config.new_key = TRUE;
  relay_store_close (relay_store_open (&config, &error));
  g_assert_no_error (error);
  open_books (rig);
  account = relay_settings_change (rig->checkout, &rig->scope, "rig", &again, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (account->id, ==, rig->account);
  g_assert_true (account->enabled);
}

void
rig_assert_clean (Rig *rig)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = relay_store_read (rig->store, &error);
  g_autoptr (RelayAuditReport) report = NULL;
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  report = relay_audit_run (reader->db, 0, cobro_clock_now (rig->clock), &error);
  g_assert_no_error (error);
  text = relay_audit_report_to_json (report);
  if (report->count != 0)
    g_error ("the audit found: %s", text);
}

/* ── Links and payments ─────────────────────────────────────────────────────────────────────────────────────── */

CobroLink *
rig_link_new (Rig *rig)
{
  CobroCurrency euro;
  CobroLink *link = cobro_link_new ();

  g_assert_true (cobro_currency_from_code ("EUR", &euro, NULL));
  link->id = cobro_id_new (COBRO_ID_LINK, rig->clock, rig->random);
  cobro_link_set_text (&link->title, "Coffee beans");
  link->currency = euro;
  link->amount = cobro_money (1250, euro);
  return link;
}

char *
rig_publish (Rig *rig, CobroLink *link)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayLinkRecord) record = NULL;
  CobroToken token;

  record = relay_links_publish (rig->store, &rig->scope, link, NULL, &token, &error);
  g_assert_no_error (error);
  g_assert_nonnull (record);
  link->created_at = record->link->created_at;
  link->rev = record->link->rev;
  return g_strdup (token.text);
}

RelayLinkRecord *
rig_find_link (Rig *rig, const CobroLink *link)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = relay_store_read (rig->store, &error);
  RelayLinkRecord *record = relay_link_find (reader->db, &rig->scope, &link->id, &error);

  g_assert_no_error (error);
  return record;
}

RelayPaymentRecord *
rig_find_payment (Rig *rig, const CobroId *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = relay_store_read (rig->store, &error);
  RelayPaymentRecord *record = relay_payment_find (reader->db, &rig->scope, id, &error);

  g_assert_no_error (error);
  return record;
}

CobroLinkView
rig_view (Rig *rig, const CobroLink *link)
{
  g_autoptr (RelayLinkRecord) record = rig_find_link (rig, link);

  return cobro_link_view (record->link, &record->tally, cobro_clock_now (rig->clock));
}

gint64
rig_count (Rig *rig, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayReader) reader = relay_store_read (rig->store, &error);
  g_autoptr (CobroDbStatement) statement = cobro_db_prepare (reader->db, sql, &error);

  g_assert_no_error (error);
  g_assert_cmpint (cobro_db_step (statement, &error), ==, COBRO_DB_ROW);
  return cobro_db_column_int64 (statement, "n");
}

RelayBeginResult *
rig_begin (Rig *rig, const char *token, const char *payer_key, GError **error)
{
  RelayBegin begin = { .token = token, .payer_key = payer_key };

  return relay_checkout_begin (rig->checkout, &begin, NULL, error);
}

RigObject *
rig_object (Rig *rig, const CobroId *payment_id)
{
  RigObject *object = find_object (rig->provider, "", payment_id);

  g_assert_nonnull (object);
  return object;
}

CobroFact *
rig_fact (Rig *rig, const CobroPayment *payment, CobroFactKind kind, const char *event_id)
{
  CobroFact *fact = cobro_fact_new ();
  RigObject *object = find_object (rig->provider, "", &payment->id);

  fact->source = COBRO_FACT_FROM_WEBHOOK;
  cobro_link_set_text (&fact->provider, "rig");
  cobro_link_set_text (&fact->account, rig->account);
  cobro_link_set_text (&fact->event_id, event_id);
  cobro_link_set_text (&fact->provider_payment_id, object != NULL ? object->object : "");
  cobro_link_set_text (&fact->reference, payment->id.text);
  fact->kind = kind;
  fact->amount = payment->amount;
  fact->occurred_at = cobro_clock_now (rig->clock);
  return fact;
}

typedef struct
{
  const CobroFact *fact;
  RelayVerdict verdict;
} Applying;

static gboolean
apply_work (RelayTx *tx, gpointer data, GError **error)
{
  Applying *applying = data;

  return relay_checkout_apply (tx, applying->fact, &applying->verdict, error);
}

RelayVerdict
rig_apply (Rig *rig, const CobroFact *fact)
{
  g_autoptr (GError) error = NULL;
  Applying applying = { .fact = fact };
  gboolean applied = relay_store_write (rig->store, apply_work, &applying, &error);

  g_assert_no_error (error);
  g_assert_true (applied);
  return applying.verdict;
}

gboolean
rig_webhook_raw (Rig *rig, const char *text, const char *signature, GError **error)
{
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GBytes) raw = g_bytes_new (text, strlen (text));

  g_hash_table_insert (headers, (char *)"rig-signature", (char *)signature);
  return relay_checkout_receive (rig->checkout, "rig", rig->account, headers, raw, error);
}

gboolean
rig_webhook (Rig *rig, const CobroFact *fact, const char *signature, GError **error)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *plain = g_strdup (fact->reference), *text = NULL, *key = NULL;
  CobroFact *told = (CobroFact *)fact; /* of this test alone */
  CobroId id;

  /* Providers know payments by what we signed. */
  if (cobro_id_parse (COBRO_ID_PAYMENT, plain, &id, NULL))
    {
      key = relay_store_provider_key (rig->store, &id, "begin");
      g_free (told->reference);
      told->reference = relay_reference_make (key, &id);
    }
  cobro_wire_fact_write (writer, NULL, fact);
  cobro_link_set_text (&told->reference, plain);
  text = cobro_wire_writer_take (writer);
  return rig_webhook_raw (rig, text, signature, error);
}

RelayJanitorRound
rig_janitor (Rig *rig, gint64 after)
{
  g_autoptr (GError) error = NULL;
  RelayJanitorRound round = { 0 };

  cobro_clock_advance (rig->clock, after);
  g_assert_true (relay_janitor_run_once (rig->checkout, cobro_clock_now (rig->clock), &round, &error));
  g_assert_no_error (error);
  return round;
}
