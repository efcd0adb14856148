/* relay/providers/mock/relay-mock-look.c — the company's API for those who only look: one refund, one dispute, lists
 * with their gaps, and whether the keys are good. Layer: relay/providers (mock). On request threads; each call is one
 * command on the writer. */
#include "relay-mock-private.h"

#include <string.h>
#include "cobro-error.h"

#define PAGE_MAX 100

/* One look on its way through the writer. */
typedef struct
{
  RelayMock *mock;
  RelayMockOptions options;
  const RelayAccount *account;
  CobroTime now;

  const char *payment_id, *refund_id, *key; /* what is looked for */
  RelayMockPayment *payment;                /* what was found */
  RelayMockRefund *refund;
  RelayMockPage page;
  GPtrArray *payments, *refunds;
} Look;

static void
look_clear (Look *look)
{
  relay_mock_payment_free (look->payment);
  relay_mock_refund_free (look->refund);
  g_clear_pointer (&look->payments, g_ptr_array_unref);
  g_clear_pointer (&look->refunds, g_ptr_array_unref);
  g_free (look->page.after_id);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Look, look_clear)

static gboolean
look_init (Look *look, RelayProvider *provider, const RelayAccount *account, GError **error)
{
  look->mock = (RelayMock *)provider;
  look->options = look->mock->options;
  look->account = account;
  look->now = cobro_clock_now (provider->clock);
  return relay_mock_options_of_account (&look->options, account, error);
}

/* Latency and the faults that the dice ask for; every look throws anew. */
static gboolean
answer (Look *look, const char *what, gint64 deadline, GError **error)
{
  RelayProvider *provider = &look->mock->parent;
  gint64 latency =
    relay_mock_delay (&look->options, look->now, what, look->options.latency_min, look->options.latency_max);
  gint64 left = deadline - cobro_clock_monotonic (provider->clock);
  guint nth = (guint)g_atomic_int_add (&look->mock->looks, 1);
  g_autofree char *failed = g_strdup_printf ("error|%s|%u", what, nth);
  g_autofree char *lost = g_strdup_printf ("lost|%s|%u", what, nth);

  relay_provider_wait (provider, MIN (latency, MAX (left, 0)));
  if (relay_mock_chance (&look->options, 0, failed, look->options.api_errors))
    return cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "mock answered 503: nothing happened, try again");
  if (latency >= left || relay_mock_chance (&look->options, 0, lost, look->options.api_lost))
    return cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "mock did not answer");
  return TRUE;
}

/* ── One thing ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroDbResult
find_command (CobroDb *db, gpointer data, GError **error)
{
  Look *look = data;

  look->payment = relay_mock_books_find (db, look->account->id, look->payment_id, error);
  if (look->payment == NULL)
    return COBRO_DB_REFUSED;
  if (look->refund_id == NULL)
    return COBRO_DB_OK;
  look->refund = relay_mock_books_find_refund (db, look->payment, look->refund_id, look->key, error);
  return look->refund != NULL ? COBRO_DB_OK : COBRO_DB_REFUSED;
}

CobroFact *
relay_mock_api_query_refund (RelayProvider *provider, const RelayAccount *account, const RelayTarget *target,
                             const char *refund_id, const char *idempotency_key, gint64 deadline, GError **error)
{
  g_auto (Look) look = { .payment_id = target->object_id, .refund_id = refund_id, .key = idempotency_key };

  if (!look_init (&look, provider, account, error) || !answer (&look, "refund", deadline, error) ||
      !cobro_db_writer_run (look.mock->writer, find_command, &look, error))
    return NULL;
  return relay_mock_fact (look.payment, look.refund, look.refund->created_at);
}

CobroFact *
relay_mock_api_query_dispute (RelayProvider *provider, const RelayAccount *account, const RelayTarget *target,
                              gint64 deadline, GError **error)
{
  g_auto (Look) look = { .payment_id = target->object_id };

  if (!look_init (&look, provider, account, error) || !answer (&look, "dispute", deadline, error) ||
      !cobro_db_writer_run (look.mock->writer, find_command, &look, error))
    return NULL;
  if (*look.payment->dispute == '\0')
    {
      cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "this payment is not disputed");
      return NULL;
    }
  return relay_mock_dispute_fact (look.payment);
}

/* ── Lists ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* "payments|<time>|<id>" or "refunds|…": the last one of the page before. */
static gboolean
read_cursor (const char *cursor, RelayMockPage *page, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (cursor != NULL ? cursor : "payments|0|", "|", 3);

  page->refunds = g_strcmp0 (parts[0], "refunds") == 0;
  if (g_strv_length (parts) != 3 || !g_ascii_string_to_signed (parts[1], 10, 0, G_MAXINT64, &page->after, NULL))
    return cobro_error_set (error, COBRO_ERROR_INVALID, "the mock gateway does not know this cursor");
  page->after_id = g_strdup (parts[2]);
  return TRUE;
}

static CobroDbResult
list_command (CobroDb *db, gpointer data, GError **error)
{
  Look *look = data;

  look->payments = relay_mock_books_list (db, &look->page, &look->refunds, error);
  return look->payments != NULL ? COBRO_DB_OK : COBRO_DB_REFUSED;
}

/* What comes after this page: more of the same, the refunds, or nothing. */
static char *
make_cursor (const Look *look)
{
  guint n = look->payments->len;

  if (n == look->page.limit && look->page.refunds)
    {
      const RelayMockRefund *last = look->refunds->pdata[n - 1];

      return g_strdup_printf ("refunds|%" G_GINT64_FORMAT "|%s", last->created_at, last->id);
    }
  if (n == look->page.limit)
    {
      const RelayMockPayment *last = look->payments->pdata[n - 1];

      return g_strdup_printf ("payments|%" G_GINT64_FORMAT "|%s", last->updated_at, last->id);
    }
  return look->page.refunds ? NULL : g_strdup ("refunds|0|");
}

static void
take_fact (GPtrArray *facts, CobroFact *fact)
{
  fact->source = COBRO_FACT_FROM_JANITOR;
  g_ptr_array_add (facts, fact);
}

static void
add_facts (Look *look, GPtrArray *facts)
{
  for (guint i = 0; i < look->payments->len; i++)
    {
      const RelayMockPayment *payment = look->payments->pdata[i];

      if (relay_mock_chance (&look->options, payment->number, "list", look->options.list_lost))
        continue;
      if (look->page.refunds)
        {
          const RelayMockRefund *refund = look->refunds->pdata[i];

          take_fact (facts, relay_mock_fact (payment, refund, refund->created_at));
          continue;
        }
      take_fact (facts, relay_mock_fact (payment, NULL, payment->updated_at));
      if (*payment->dispute != '\0')
        take_fact (facts, relay_mock_dispute_fact (payment));
    }
}

RelayListing *
relay_mock_api_list (RelayProvider *provider, const RelayAccount *account, CobroTime since, const char *cursor,
                     gint64 deadline, GError **error)
{
  g_auto (Look) look = { .page = { .account = account->id, .since = since, .limit = PAGE_MAX } };
  RelayListing *listing;

  if (!look_init (&look, provider, account, error) || !read_cursor (cursor, &look.page, error) ||
      !answer (&look, "list", deadline, error) || !cobro_db_writer_run (look.mock->writer, list_command, &look, error))
    return NULL;
  listing = g_new0 (RelayListing, 1);
  listing->facts = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_fact_unref);
  listing->next = make_cursor (&look);
  add_facts (&look, listing->facts);
  return listing;
}

/* ── Test ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

gboolean
relay_mock_api_test (RelayProvider *provider, const RelayAccount *account, gint64 deadline, char **out_words,
                     GError **error)
{
  g_auto (Look) look = { 0 };

  if (!look_init (&look, provider, account, error) || !answer (&look, "test", deadline, error))
    return FALSE;
  *out_words = g_strdup ("The mock gateway answers. It takes test cards only, never real money.");
  return TRUE;
}
