/* tests/relay/providers/test-provider.c — the checked wrappers, against a provider that does as it is told.
 * Layer: tests. */
#include <string.h>
#include "cobro-error.h"
#include "cobro-test.h"
#include "mock-fixture.h"

/* Fails with these, one after the other, then answers. */
typedef struct
{
  RelayProvider parent;
  const int *failures; /* CobroError codes, ends with -1 */
  guint calls;
  CobroFact *answer;
  gint64 waited;
} Puppet;

static CobroFact *
puppet_answer (RelayProvider *provider, GError **error)
{
  Puppet *self = (Puppet *)provider;

  self->calls++;
  for (guint i = 0; self->failures[i] >= 0; i++)
    if (i + 1 == self->calls)
      {
        cobro_error_set (error, (CobroError)self->failures[i], "as told");
        return NULL;
      }
  return cobro_fact_ref (self->answer);
}

static CobroFact *
puppet_query (RelayProvider *provider, const RelayAccount *account, const RelayTarget *target, gint64 deadline,
              GError **error)
{
  return puppet_answer (provider, error);
}

static CobroFact *
puppet_cancel (RelayProvider *provider, const RelayAccount *account, const RelayTarget *target, gint64 deadline,
               GError **error)
{
  return puppet_answer (provider, error);
}

static CobroFact *
puppet_refund (RelayProvider *provider, const RelayAccount *account, const RelayTarget *target, CobroMoney amount,
               const char *key, gint64 deadline, GError **error)
{
  return puppet_answer (provider, error);
}

static GPtrArray *
puppet_read (RelayProvider *provider, const RelayAccount *account, GBytes *raw, GError **error)
{
  GPtrArray *facts = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_fact_unref);

  g_ptr_array_add (facts, puppet_answer (provider, error));
  return facts;
}

static void
puppet_free (RelayProvider *provider)
{
  Puppet *self = (Puppet *)provider;

  cobro_fact_unref (self->answer);
  cobro_clock_unref (provider->clock);
  cobro_random_unref (provider->random);
  g_free (self);
}

static const RelayTarget p1 = { .object_id = "p1", .charge_id = "", .reference = "ours" };

static const RelayProviderClass puppet_class = {
  .name = "puppet",
  .title = "Puppet",
  .methods = COBRO_METHOD_CARD,
  .query = puppet_query,
  .cancel = puppet_cancel,
  .refund = puppet_refund,
  .read = puppet_read,
  .free = puppet_free,
};

static void
puppet_wait (RelayProvider *provider, gint64 us)
{
  ((Puppet *)provider)->waited += us;
  cobro_clock_advance (provider->clock, us);
}

static const int works[] = { -1 };

static Puppet *
puppet_new (const int *failures)
{
  Puppet *self = g_new0 (Puppet, 1);

  self->parent.class = &puppet_class;
  self->parent.clock = cobro_clock_new_fake (COBRO_DAY);
  self->parent.random = cobro_random_new_seeded (1);
  self->parent.wait = puppet_wait;
  self->failures = failures;
  self->answer = cobro_fact_new ();
  self->answer->kind = COBRO_FACT_SUCCEEDED;
  self->answer->amount = mock_euros (1250);
  cobro_link_set_text (&self->answer->provider, "puppet");
  cobro_link_set_text (&self->answer->account, "acc");
  cobro_link_set_text (&self->answer->event_id, "e1");
  cobro_link_set_text (&self->answer->provider_payment_id, "p1");
  return self;
}

static RelayAccount *
account_new (void)
{
  RelayAccount *account = relay_account_new ();

  g_free (account->id);
  account->id = g_strdup ("acc");
  g_free (account->provider);
  account->provider = g_strdup ("puppet");
  return account;
}

static CobroFact *
query (Puppet *puppet, gint64 within, GError **error)
{
  g_autoptr (RelayAccount) account = account_new ();

  return relay_provider_query (&puppet->parent, account, &p1, cobro_clock_monotonic (puppet->parent.clock) + within,
                               error);
}

static void
test_retries (void)
{
  static const int twice[] = { COBRO_ERROR_UNAVAILABLE, COBRO_ERROR_NO_ANSWER, -1 };
  static const int thrice[] = { COBRO_ERROR_NO_ANSWER, COBRO_ERROR_NO_ANSWER, COBRO_ERROR_NO_ANSWER, -1 };
  static const int unclear[] = { COBRO_ERROR_NO_ANSWER, COBRO_ERROR_UNAVAILABLE, COBRO_ERROR_UNAVAILABLE, -1 };
  static const int later[] = { COBRO_ERROR_UNAVAILABLE, COBRO_ERROR_UNAVAILABLE, COBRO_ERROR_UNAVAILABLE, -1 };
  static const int refused[] = { COBRO_ERROR_PROVIDER, -1 };
  static const int missing[] = { COBRO_ERROR_NOT_FOUND, -1 };
  static const struct
  {
    const int *failures;
    guint calls;
    int code;
  } cases[] = {
    { works, 1, -1 },
    { twice, 3, -1 },
    { thrice, 3, COBRO_ERROR_NO_ANSWER },
    { unclear, 3, COBRO_ERROR_NO_ANSWER },
    { later, 3, COBRO_ERROR_UNAVAILABLE },
    { refused, 1, COBRO_ERROR_PROVIDER },
    { missing, 1, COBRO_ERROR_NOT_FOUND },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Puppet *puppet = puppet_new (cases[i].failures);
      g_autoptr (GError) error = NULL;
      g_autoptr (CobroFact) fact = query (puppet, 30 * COBRO_SECOND, &error);

      g_assert_cmpuint (puppet->calls, ==, cases[i].calls);
      g_assert_cmpint (puppet->waited, <=, 300000); /* U[0, 100 ms] + U[0, 200 ms] */
      g_assert_true ((fact != NULL) == (cases[i].code < 0));
      if (cases[i].code >= 0)
        g_assert_error (error, COBRO_ERROR, cases[i].code);
      relay_provider_free (&puppet->parent);
    }
}

/* What was lost may have given the money back: a refusal of the next try says nothing about it. */
static void
test_refusal_after_loss (void)
{
  static const int lost[] = { COBRO_ERROR_NO_ANSWER, COBRO_ERROR_PROVIDER, -1 };
  static const int plain[] = { COBRO_ERROR_UNAVAILABLE, COBRO_ERROR_PROVIDER, -1 };

  for (guint i = 0; i < 2; i++)
    {
      Puppet *puppet = puppet_new (i == 0 ? lost : plain);
      g_autoptr (RelayAccount) account = account_new ();
      g_autoptr (GError) error = NULL;
      gint64 deadline = cobro_clock_monotonic (puppet->parent.clock) + 30 * COBRO_SECOND;

      g_assert_null (relay_provider_refund (&puppet->parent, account, &p1, mock_euros (100), "key", deadline, &error));
      g_assert_cmpuint (puppet->calls, ==, 2);
      g_assert_error (error, COBRO_ERROR, (i == 0 ? (int)COBRO_ERROR_NO_ANSWER : (int)COBRO_ERROR_PROVIDER));
      relay_provider_free (&puppet->parent);
    }
}

static void
test_deadline (void)
{
  static const int never[] = { COBRO_ERROR_NO_ANSWER, COBRO_ERROR_NO_ANSWER, COBRO_ERROR_NO_ANSWER, -1 };
  Puppet *puppet = puppet_new (never);
  g_autoptr (GError) error = NULL;

  g_assert_null (query (puppet, 0, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_UNAVAILABLE, NULL);
  g_assert_cmpuint (puppet->calls, ==, 0);
  g_assert_null (query (puppet, 1, &error)); /* no time for a second try */
  cobro_test_assert_error (&error, COBRO_ERROR_NO_ANSWER, NULL);
  g_assert_cmpuint (puppet->calls, ==, 1);
  relay_provider_free (&puppet->parent);
}

static void
test_cancel_once (void)
{
  static const int lost[] = { COBRO_ERROR_NO_ANSWER, -1 };
  Puppet *puppet = puppet_new (lost);
  g_autoptr (RelayAccount) account = account_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (relay_provider_cancel (&puppet->parent, account, &p1, G_MAXINT64, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_NO_ANSWER, NULL);
  g_assert_cmpuint (puppet->calls, ==, 1);
  relay_provider_free (&puppet->parent);
}

/* Breaks one thing of a good answer at a time. */
static void
spoil (CobroFact *fact, guint how)
{
  switch (how)
    {
    case 0:
      cobro_link_set_text (&fact->provider, "mock");
      break;
    case 1:
      cobro_link_set_text (&fact->account, "other");
      break;
    case 2:
      fact->livemode = TRUE;
      break;
    case 3:
      cobro_link_set_text (&fact->event_id, "");
      break;
    case 4:
      cobro_link_set_text (&fact->provider_payment_id, "");
      break;
    case 5:
      fact->amount = COBRO_MONEY_NONE;
      break;
    case 6:
      fact->amount = mock_euros (-1);
      break;
    case 7:
      fact->kind = COBRO_FACT_REFUNDED;
      break;
    default:
      cobro_link_set_text (&fact->provider_payment_id, "p2");
      break;
    }
}

static void
test_nonsense (void)
{
  for (guint how = 0; how < 9; how++)
    {
      Puppet *puppet = puppet_new (works);
      g_autoptr (RelayAccount) account = account_new ();
      g_autoptr (GBytes) raw = g_bytes_new_static ("", 0);
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) facts = NULL;

      spoil (puppet->answer, how);
      g_assert_null (query (puppet, COBRO_SECOND, &error)); /* what happened is open: never "refused" */
      cobro_test_assert_error (&error, COBRO_ERROR_NO_ANSWER, NULL);
      facts = relay_provider_read (&puppet->parent, account, raw, &error);
      if (how < 8)
        cobro_test_assert_error (&error, COBRO_ERROR_FORBIDDEN, NULL);
      else
        g_assert_nonnull (facts); /* about another payment: checkout binds it */
      relay_provider_free (&puppet->parent);
    }
}

static void
test_wrong_account (void)
{
  Puppet *puppet = puppet_new (works);
  g_autoptr (RelayAccount) account = relay_account_new ();
  g_autoptr (GError) error = NULL;
  RelayVisit visit = { .path = "" };

  g_assert_null (relay_provider_cancel (&puppet->parent, account, &p1, G_MAXINT64, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_CONFIG, NULL);
  g_assert_null (relay_provider_serve (&puppet->parent, &visit, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_NOT_FOUND, NULL);
  relay_provider_free (&puppet->parent);
}

static void
test_registry (void)
{
  g_autoptr (RelayProviders) providers = relay_providers_new ();
  Puppet *puppet = puppet_new (works);

  g_assert_null (relay_providers_find (providers, "puppet"));
  relay_providers_add (providers, &puppet->parent);
  g_assert_true (relay_providers_find (providers, "puppet") == &puppet->parent);
  g_assert_null (relay_providers_find (providers, "Puppet"));
  g_assert_cmpuint (relay_providers_count (providers), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/provider/retries", test_retries);
  g_test_add_func ("/provider/refusal-after-loss", test_refusal_after_loss);
  g_test_add_func ("/provider/deadline", test_deadline);
  g_test_add_func ("/provider/cancel-once", test_cancel_once);
  g_test_add_func ("/provider/nonsense", test_nonsense);
  g_test_add_func ("/provider/wrong-account", test_wrong_account);
  g_test_add_func ("/provider/registry", test_registry);
  return g_test_run ();
}
