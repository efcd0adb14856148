/* tests/relay/providers/mock-fixture.h — a mock gateway under a clock that stands still, in a folder of its own, whose
 * webhooks are caught instead of sent. Layer: tests. */
#pragma once
#include "relay-mock.h"

/* One caught webhook. */
typedef struct
{
  char *url;
  GHashTable *headers; /* (element-type utf8 utf8) lower-case names */
  GBytes *body;
} CaughtHook;

typedef struct
{
  char *folder, *path;
  CobroClock *clock;
  CobroRandom *random;
  RelayMockOptions options;
  RelayProvider *provider;
  RelayAccount *account;
  GMutex lock;
  GPtrArray *hooks; /* (element-type CaughtHook) */
  GArray *answers;  /* (element-type guint) statuses to answer with, first first; then 200 */
} MockFixture;

void mock_fixture_set_up (MockFixture *self, gconstpointer data);
void mock_fixture_tear_down (MockFixture *self, gconstpointer data);
/* Closes the gateway and opens it again on the same books, with self->options. */
void mock_fixture_reopen (MockFixture *self);
/* The next @n webhooks are answered with @status. */
void mock_fixture_answer (MockFixture *self, guint status, guint n);
/* Moves the clock and lets the gateway do what is due. */
void mock_fixture_run (MockFixture *self, gint64 by);
const CaughtHook *mock_fixture_hook (MockFixture *self, guint i);
guint mock_fixture_n_hooks (MockFixture *self);
/* (transfer full) verifies, then reads. */
GPtrArray *mock_fixture_let_in (MockFixture *self, GHashTable *headers, GBytes *body, GError **error);
/* (transfer full) the facts in webhook @i. */
GPtrArray *mock_fixture_read_hook (MockFixture *self, guint i, GError **error);

/* An intent of @minor euro cents, for payment "pay_…@number". */
RelayIntent mock_intent (MockFixture *self, guint number, gint64 minor);
/* (transfer full) begins; must work. */
RelayBegun *mock_begin (MockFixture *self, guint number, gint64 minor);
/* Types a card into the form of a payment; (transfer full). */
RelayVisitAnswer *mock_type_card (MockFixture *self, const char *payment_id, const char *number);
RelayVisitAnswer *mock_visit (MockFixture *self, gboolean post, const char *path, ...) G_GNUC_NULL_TERMINATED;
/* (transfer full) asks; must work. */
CobroFact *mock_query (MockFixture *self, const char *payment_id, guint number);
/* Begins, types the card; (transfer full) the payment's id there. */
char *mock_pay (MockFixture *self, guint number, gint64 minor, const char *card);
gint64 mock_deadline (MockFixture *self, gint64 from_now);
CobroMoney mock_euros (gint64 minor);
/* A payment known by its id there, by our reference, or by both. */
RelayTarget mock_target (const char *object_id, const char *reference);

#define CARD_PAYS     "4242 4242 4242 4242"
#define CARD_DECLINES "4000 0000 0000 0002"
#define CARD_ASKS     "4000 0025 0000 3155"
#define MOCK_SECRET   "whsec_a-secret-of-this-account"
