/* tests/store/attention-fixture.c — books in which things have gone wrong.
 * Layer: tests. */
#include "attention-fixture.h"

#include "cobro-link-sync-store.h"
#include "cobro-payment-store.h"
#include "cobro-sync-engine.h"

typedef struct
{
  CobroPayment *payment;
  char *document;
} Hearing;

static gpointer
do_hear (CobroStoreTx *tx, gpointer data, GError **error)
{
  Hearing *hearing = data;

  return GINT_TO_POINTER (cobro_payment_store_heard (tx, hearing->payment, hearing->document, error) &&
                          cobro_link_sync_sum_up (tx, &hearing->payment->link_id, error));
}

static void
hear (StoreFixture *self, CobroPayment *payment)
{
  g_autoptr (GError) error = NULL;
  Hearing hearing = { payment, NULL };

  payment->refunded = cobro_money_zero (euro ());
  cobro_link_set_text (&payment->gateway, "mock");
  cobro_link_set_text (&payment->payer_name, "Ana");
  payment->created_at = payment->updated_at = cobro_clock_now (self->clock);
  hearing.document = cobro_sync_codec ()->write_payment (payment);
  cobro_store_write (self->store, do_hear, &hearing, &error);
  g_assert_no_error (error);
  g_free (hearing.document);
}

static CobroPayment *
payment_new (StoreFixture *self, const CobroId *link_id, gint64 asked, gint64 received, guint flags)
{
  CobroPayment *payment = cobro_payment_new ();

  payment->id = cobro_id_new (COBRO_ID_PAYMENT, self->clock, self->random);
  payment->link_id = *link_id;
  payment->amount = cobro_money (asked, euro ());
  payment->lost = cobro_money_zero (euro ());
  payment->state = received > 0 ? COBRO_PAYMENT_SUCCEEDED : COBRO_PAYMENT_PROCESSING;
  if (received > 0)
    payment->received = cobro_money (received, euro ());
  payment->flags = flags;
  return payment;
}

CobroId
attention_pay (StoreFixture *self, const CobroId *link_id, gint64 asked, gint64 received, guint flags)
{
  g_autoptr (CobroPayment) payment = payment_new (self, link_id, asked, received, flags);

  hear (self, payment);
  return payment->id;
}

CobroId
attention_dispute (StoreFixture *self, const CobroId *link_id, gint64 minor, gint64 lost, CobroTime due)
{
  g_autoptr (CobroPayment) payment = payment_new (self, link_id, minor, minor, COBRO_FLAG_DISPUTED);

  payment->lost = cobro_money (lost, euro ());
  payment->dispute_due = due;
  hear (self, payment);
  return payment->id;
}

static gpointer
do_tell (CobroStoreTx *tx, gpointer data, GError **error)
{
  return GINT_TO_POINTER (cobro_event_store_append (tx, data, error));
}

void
attention_tell (StoreFixture *self, const char *type, const char *object_id, const CobroId *link_id, const char *object)
{
  g_autoptr (GError) error = NULL;
  CobroId id = cobro_id_new (COBRO_ID_EVENT, self->clock, self->random);
  CobroHeardEvent event = { .sequence = count_in_books (self, "SELECT count(*) + 1 AS n FROM event"),
                            .id = id.text,
                            .type = type,
                            .occurred_at = cobro_clock_now (self->clock),
                            .object = object,
                            .hash = "" };

  if (link_id != NULL)
    event.link_id = *link_id;
  g_strlcpy (event.object_id.text, object_id, sizeof event.object_id.text);
  cobro_store_write (self->store, do_tell, &event, &error);
  g_assert_no_error (error);
}

CobroId
attention_link (StoreFixture *self, const char *title, gint64 minor, gboolean in_parts)
{
  g_autoptr (CobroLink) link = new_link (title, minor);
  g_autoptr (CobroLinkChange) change = NULL;

  if (in_parts)
    link->partial = COBRO_PARTIAL_ON;
  change = must_put (self, link);
  return change->record->link->id;
}

/* What was set aside about a payment: another charge of EUR @minor. */
static void
set_aside (StoreFixture *self, const CobroId *payment_id, const CobroId *link_id, gint64 minor, const char *reason)
{
  g_autofree char *object = g_strdup_printf (
    "{\"id\":\"%s\",\"reason\":\"%s\",\"paymentId\":\"%s\",\"linkId\":\"%s\",\"fact\":{\"provider\":\"mock\","
    "\"kind\":\"succeeded\",\"amount\":%" G_GINT64_FORMAT ",\"currency\":\"EUR\"}}",
    payment_id->text, reason, payment_id->text, link_id->text, minor);

  attention_tell (self, "provider.quarantined", payment_id->text, link_id, object);
}

static void
fill_payments (StoreFixture *self)
{
  CobroId disputed = attention_link (self, "Disputed", 4000, FALSE), lost = attention_link (self, "Lost", 3000, FALSE);
  CobroId twice = attention_link (self, "Charged twice", 1200, FALSE);
  CobroId other = attention_link (self, "Another amount", 1300, FALSE);
  CobroId duplicate = attention_link (self, "Coffee beans", 1400, FALSE);
  CobroId late = attention_link (self, "Late", 1500, FALSE), over = attention_link (self, "Over", 1600, TRUE);
  CobroId partial = attention_link (self, "Partial", 10000, TRUE), payment;

  attention_dispute (self, &disputed, 4000, 0, cobro_clock_now (self->clock) + 7 * COBRO_DAY);
  attention_dispute (self, &lost, 3000, 3000, 0);
  payment = attention_pay (self, &twice, 1200, 1200, COBRO_FLAG_QUARANTINED);
  set_aside (self, &payment, &twice, 1200, "a second charge for a payment that has its money");
  payment = attention_pay (self, &other, 1300, 0, COBRO_FLAG_QUARANTINED | COBRO_FLAG_AMOUNT_MISMATCH);
  set_aside (self, &payment, &other, 900, "its amount is not what was asked");
  attention_pay (self, &duplicate, 1400, 1400, 0);
  attention_pay (self, &duplicate, 1400, 1400, COBRO_FLAG_DUPLICATE);
  attention_pay (self, &late, 1500, 1500, COBRO_FLAG_LATE);
  attention_pay (self, &over, 1600, 1000, 0);
  attention_pay (self, &over, 1600, 1100, 0);
  attention_pay (self, &partial, 10000, 4000, 0);
}

void
attention_fill (StoreFixture *self)
{
  CobroId mailed = attention_link (self, "Receipt", 1700, FALSE), rejected, conflict, payment;
  g_autofree char *sql = NULL;
  g_autofree char *mail = NULL;

  fill_payments (self);
  attention_tell (self, "provider.quarantined", "mer_x", NULL,
                  "{\"id\":\"mer_x\",\"reason\":\"test and live do not mix\",\"paymentId\":null,\"fact\":{\"provider\":"
                  "\"mock\",\"kind\":\"succeeded\"}}");
  payment = attention_pay (self, &mailed, 1700, 1700, 0);
  mail = g_strdup_printf ("{\"id\":\"%s\",\"kind\":\"receipt\",\"invoiceId\":null,\"paymentId\":\"%s\",\"to\":"
                          "\"ana@wrong.example\",\"reason\":\"550 no such user\"}",
                          payment.text, payment.text);
  attention_tell (self, "mail.failed", payment.text, NULL, mail);
  attention_tell (self, "delivery.exhausted", "whk_01", NULL,
                  "{\"id\":\"whk_01\",\"url\":\"https://shop.example/hook\",\"isActive\":false,\"reason\":\"failing\","
                  "\"deliveries\":3}");
  attention_tell (self, "delivery.exhausted", "dlv_01", NULL,
                  "{\"id\":\"dlv_01\",\"endpointId\":\"whk_02\",\"eventId\":\"evt_1\",\"url\":"
                  "\"https://other.example/hook\",\"isActive\":true,\"reason\":\"window\",\"deliveries\":1}");
  rejected = attention_link (self, "Refused", 1800, FALSE);
  conflict = attention_link (self, "Two computers", 1900, FALSE);
  sql = g_strdup_printf ("UPDATE link SET trouble = 1, reason = 'another link has this reference' WHERE id = '%s';"
                         "UPDATE link SET trouble = 2, reason = 'it was changed elsewhere too' WHERE id = '%s';"
                         "INSERT INTO history (object_id, type, occurred_at, member, other_value) VALUES ('%s', "
                         "'conflict.merged', 5, 'description', '\"Roasted in Oslo\"');",
                         rejected.text, conflict.text, conflict.text);
  exec_in_books (self, sql);
  exec_in_books (self, "INSERT INTO refund_order (id, payment_id, link_id, currency, amount, reason, state, problem, "
                       "created_at) SELECT 'op_01hf7yat0000000000000000r1', id, link_id, 'EUR', 500, '', 3, "
                       "'the provider refused it', 1 FROM payment WHERE link_id = (SELECT id FROM link WHERE "
                       "title = 'Receipt')");
}

GPtrArray *
attention_list (StoreFixture *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *found;

  cobro_attention_store_list_async (self->store, NULL, on_result_cb, &result);
  found = cobro_attention_store_list_finish (self->store, wait_for_result (&result), &error);
  g_assert_no_error (error);
  return found;
}

CobroMatter *
attention_find (StoreFixture *self, CobroMatterKind kind)
{
  g_autoptr (GPtrArray) found = attention_list (self);

  for (guint i = 0; i < found->len; i++)
    if (((CobroMatter *)found->pdata[i])->kind == kind)
      return cobro_matter_ref (found->pdata[i]);
  return NULL;
}

CobroAttentionDecision *
attention_decide (StoreFixture *self, CobroMatter *matter, CobroMatterWay way)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CobroAttentionDecision *decision;

  cobro_attention_store_decide_async (self->store, matter, way, NULL, on_result_cb, &result);
  decision = cobro_attention_store_decide_finish (self->store, wait_for_result (&result), &error);
  g_assert_no_error (error);
  return decision;
}
