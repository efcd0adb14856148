/* tests/relay/providers/stripe-fixture.h — the real adapter and its runner against the stand-in of Stripe, a process of
 * its own that judges every request: accounts, payments, and what the other side does. Layer: tests. */
#pragma once
#include "relay-stripe.h"

typedef struct
{
  GSubprocess *process;
  char *url;
  CobroNetClient *client;
  CobroClock *clock;
  CobroRandom *random;
  RelayProvider *provider;
  RelayAccount *account;
  char *account_id; /* Stripe's */
  guint n;          /* payments so far */
} StripeFixture;

/* One payment, with what the books would know of it. */
typedef struct
{
  CobroId id;
  char *reference, *key, *object_id, *charge_id;
  CobroMoney amount;
  CobroTime created_at;
  gboolean embedded;
} StripePayment;

StripeFixture *stripe_fixture_new (gboolean platform);
/* Ends the stand-in; it must have no complaint. */
void stripe_fixture_free (StripeFixture *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StripeFixture, stripe_fixture_free)
/* (transfer full) a control of the stand-in: @members is what stands behind "do" ("\"card\": \"pays\""); its result. */
CobroWireObject *stripe_control (StripeFixture *self, const char *name, const char *members);
/* The same for one payment: {"reference": …, @members}. */
void stripe_do (StripeFixture *self, const StripePayment *payment, const char *name, const char *members);

StripePayment *stripe_payment_new (StripeFixture *self, gint64 minor, const char *currency);
void stripe_payment_free (StripePayment *payment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StripePayment, stripe_payment_free)
/* What the relay would say: begin; remembers the ids. */
RelayBegun *stripe_begin (StripeFixture *self, StripePayment *payment, GError **error);
/* Begun, and no error. */
StripePayment *stripe_begun (StripeFixture *self, gint64 minor, const char *currency);
RelayTarget stripe_target (const StripePayment *payment);
/* A question: no error; remembers the charge. */
CobroFact *stripe_query (StripeFixture *self, StripePayment *payment);
CobroFact *stripe_refund (StripeFixture *self, const StripePayment *payment, gint64 minor, const char *key,
                          GError **error);
gint64 stripe_deadline (StripeFixture *self);
