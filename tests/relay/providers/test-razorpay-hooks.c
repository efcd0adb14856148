/* tests/relay/providers/test-razorpay-hooks.c — what Razorpay says without being asked: each event of its
 * documentation, signed or not, and what comes back with the browser. Layer: tests. */
#include <string.h>

#include "cobro-test.h"
#include "cobro-wire-sign.h"
#include "razorpay-talk.h"

#define SECRET     "rzp_webhook_secret"
#define OLD_SECRET "the_secret_before_it"
/* A body and the signature that the official SDK made for it. */
#define VECTOR_BODY                                                                                                    \
  "{'entity':'event','account_id':'acc_BFQ7uQEaa7j2z7','event':'order.paid','contains':['payment','order'],'payload':" \
  "{'payment':{'entity':{'id':'pay_DESlfW9H8K9uqM','amount':100,'notes':[]}},'order':{'entity':"                       \
  "{'id':'order_DESlLckIVRkHWj','status':'paid'}}},'created_at':1567674606}"
#define VECTOR_SIGNATURE "db5fd31e2ea9dbed511c689b6ffed47119f46b25a6f0a53a82afebda07b3a74b"

#define EVENT(name, payload)                                                                                           \
  "{'entity':'event','account_id':'acc_BFQ7uQEaa7j2z7','event':'" name "','contains':['payment'],'payload':{" payload  \
  "},'created_at':1567674606}"
#define OURS "'notes':{'cobro_reference':'" TALK_REFERENCE "'}"
#define PAYMENT(status, captured, more)                                                                                \
  "'payment':{'entity':{'id':'pay_DESlfW9H8K9uqM','entity':'payment','amount':125000,'currency':'INR','base_amount':"  \
  "125000,'status':'" status "','order_id':'order_DESlLckIVRkHWj','invoice_id':null,'method':'netbanking','bank':"     \
  "'HDFC','amount_refunded':0,'refund_status':null,'captured':" captured ",'card_id':null,'fee':null,'error_code':"    \
  "null,'error_description':null,'error_reason':null,'acquirer_data':{'bank_transaction_id':'0125836177'},"            \
  "'created_at':1567674599," more "}}"
#define ORDER(more) "'order':{'entity':{'id':'order_DESlLckIVRkHWj','status':'paid'," more "}}"
#define LINK(status)                                                                                                   \
  "'payment_link':{'entity':{'id':'plink_QflcnnZqCekuvL','amount':125000,'amount_paid':0,'currency':'INR','customer':" \
  "{'contact':'9000090000'},'order_id':'order_DESlLckIVRkHWj','reference_id':'" TALK_RECEIPT "','reminders':"          \
  "{'status':'failed'},'status':'" status "'," OURS "}}"
#define REFUND(status)                                                                                                 \
  "'refund':{'entity':{'id':'rfnd_FS8TWyPrCsa0OB','entity':'refund','amount':50000,'currency':'INR','payment_id':"     \
  "'pay_DESlfW9H8K9uqM','notes':[],'receipt':null,'acquirer_data':{'arn':null},'created_at':1597734071,'batch_id':"    \
  "null,'status':'" status "','speed_processed':'normal','speed_requested':'optimum'}}"
#define DISPUTE(status, deducted)                                                                                      \
  "'dispute':{'entity':{'id':'disp_EsIAlDcoUr8CaQ','entity':'dispute','payment_id':'pay_DESlfW9H8K9uqM','amount':"     \
  "39000,"                                                                                                             \
  "'currency':'INR','amount_deducted':" deducted ",'reason_code':'processed_invalid_expired_card','status':'" status   \
  "','phase':'chargeback','created_at':1589907957}}"

/* ── Signatures ─────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
verify (RazorpayTalk *self, const char *body, const char *signature)
{
  g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GBytes) raw = g_bytes_new (body, strlen (body));
  char *event_id = (char *)"untouched";
  gboolean ok;

  if (signature != NULL)
    g_hash_table_insert (headers, (gpointer) "x-razorpay-signature", (gpointer)signature);
  g_hash_table_insert (headers, (gpointer) "x-razorpay-event-id", (gpointer) "whatever");
  ok = relay_razorpay_adapter ()->facts.verify (NULL, self->account, headers, raw, TALK_NOW, &event_id, &self->error);
  if (ok)
    g_assert_null (event_id); /* the id is not signed: the body names the event */
  return ok;
}

static void
add_secrets (RazorpayTalk *self)
{
  g_ptr_array_add (self->account->webhook_secrets, g_strdup (SECRET));
  g_ptr_array_add (self->account->webhook_secrets, g_strdup (OLD_SECRET));
}

/* With both secrets after a change, over the raw bytes. proves: OPL-9 */
static void
test_signature (RazorpayTalk *self, gconstpointer data)
{
  g_autofree char *body = razorpay_json (VECTOR_BODY);
  g_autofree char *spaced = g_strconcat (body, " ", NULL);
  g_autofree char *old = cobro_wire_hmac_sha256_hex (OLD_SECRET, strlen (OLD_SECRET), body, strlen (body));
  g_autofree char *upper = g_ascii_strup (VECTOR_SIGNATURE, -1);
  const char *const refused[] = { "",
                                  VECTOR_SIGNATURE " ",
                                  " " VECTOR_SIGNATURE,
                                  upper,
                                  "sha256=" VECTOR_SIGNATURE,
                                  VECTOR_SIGNATURE ", " VECTOR_SIGNATURE,
                                  VECTOR_SIGNATURE VECTOR_SIGNATURE };

  g_assert_false (verify (self, body, VECTOR_SIGNATURE));
  cobro_test_assert_error (&self->error, COBRO_ERROR_CONFIG, NULL);
  add_secrets (self);
  g_assert_true (verify (self, body, VECTOR_SIGNATURE));
  g_assert_true (verify (self, body, old));
  g_assert_false (verify (self, spaced, VECTOR_SIGNATURE));
  cobro_test_assert_error (&self->error, COBRO_ERROR_SIGNATURE, NULL);
  g_assert_false (verify (self, body, NULL));
  cobro_test_assert_error (&self->error, COBRO_ERROR_SIGNATURE, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_assert_false (verify (self, body, refused[i]));
      cobro_test_assert_error (&self->error, COBRO_ERROR_SIGNATURE, NULL);
    }
  g_ptr_array_set_size (self->account->webhook_secrets, 1); /* the old one's day is over */
  g_assert_false (verify (self, body, old));
  cobro_test_assert_error (&self->error, COBRO_ERROR_SIGNATURE, NULL);
}

/* Short secrets are no secrets; an empty one least of all. */
static void
test_short_secret (RazorpayTalk *self, gconstpointer data)
{
  g_autofree char *empty = cobro_wire_hmac_sha256_hex ("", 0, "{}", 2);
  g_autofree char *shorter = cobro_wire_hmac_sha256_hex ("fifteen_letters", 15, "{}", 2);

  g_ptr_array_add (self->account->webhook_secrets, g_strdup (""));
  g_ptr_array_add (self->account->webhook_secrets, g_strdup ("fifteen_letters"));
  g_assert_false (verify (self, "{}", empty));
  cobro_test_assert_error (&self->error, COBRO_ERROR_CONFIG, NULL);
  add_secrets (self);
  g_assert_false (verify (self, "{}", empty));
  cobro_test_assert_error (&self->error, COBRO_ERROR_SIGNATURE, NULL);
  g_assert_false (verify (self, "{}", shorter));
  cobro_test_assert_error (&self->error, COBRO_ERROR_SIGNATURE, NULL);
}

/* ── Events ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static GPtrArray *
read_event (RazorpayTalk *self, const char *json)
{
  g_autofree char *text = razorpay_json (json);
  g_autoptr (GBytes) raw = g_bytes_new (text, strlen (text));

  return relay_razorpay_adapter ()->facts.read (NULL, self->account, raw, &self->error);
}

typedef struct
{
  const char *json;
  CobroFactKind kind;
  const char *event_id, *object_id, *charge_id, *reference;
} Case;

static const Case cases[] = {
  /* checkout.js: the order is ours, and the payment does not repeat its notes */
  { EVENT ("payment.authorized", PAYMENT ("authorized", "false", "'notes':[]")), COBRO_FACT_PROCESSING,
    "pay_DESlfW9H8K9uqM/authorized", "order_DESlLckIVRkHWj", "", "" },
  /* a snapshot: captured since, and still only authorised here */
  { EVENT ("payment.authorized", PAYMENT ("authorized", "true", "'notes':[]")), COBRO_FACT_PROCESSING,
    "pay_DESlfW9H8K9uqM/authorized", "order_DESlLckIVRkHWj", "", "" },
  { EVENT ("payment.captured", PAYMENT ("captured", "true", "'notes':[]")), COBRO_FACT_SUCCEEDED,
    "pay_DESlfW9H8K9uqM/captured", "order_DESlLckIVRkHWj", "pay_DESlfW9H8K9uqM", "" },
  { EVENT ("payment.captured", PAYMENT ("captured", "true", OURS)), COBRO_FACT_SUCCEEDED, "pay_DESlfW9H8K9uqM/captured",
    "", "pay_DESlfW9H8K9uqM", TALK_REFERENCE },
  { EVENT ("payment.captured", PAYMENT ("captured", "true", "'notes':[],'description':'#QflcnnZqCekuvL'")),
    COBRO_FACT_SUCCEEDED, "pay_DESlfW9H8K9uqM/captured", "plink_QflcnnZqCekuvL", "pay_DESlfW9H8K9uqM", "" },
  { EVENT ("payment.failed", PAYMENT ("failed", "false", OURS ",'description':'#QflcnnZqCekuvL'")), COBRO_FACT_PENDING,
    "pay_DESlfW9H8K9uqM/failed", "plink_QflcnnZqCekuvL", "", TALK_REFERENCE },
  /* a title of ours that looks like it, and is none */
  { EVENT ("payment.failed", PAYMENT ("failed", "false", "'notes':[],'description':'#1042'")), COBRO_FACT_PENDING,
    "pay_DESlfW9H8K9uqM/failed", "order_DESlLckIVRkHWj", "", "" },
  { EVENT ("payment.failed", PAYMENT ("failed", "false", "'notes':[]")), COBRO_FACT_PENDING,
    "pay_DESlfW9H8K9uqM/failed", "order_DESlLckIVRkHWj", "", "" },
  { EVENT ("order.paid", PAYMENT ("captured", "true", "'notes':[]") "," ORDER (OURS)), COBRO_FACT_SUCCEEDED,
    "pay_DESlfW9H8K9uqM/captured", "order_DESlLckIVRkHWj", "pay_DESlfW9H8K9uqM", TALK_REFERENCE },
  { EVENT ("payment_link.paid",
           LINK ("paid") ",'order':{'entity':{'id':'DESlLckIVRkHWj','product_type':'payment_link_v2',"
                         "'offers':{},'notes':[]}}," PAYMENT ("captured", "true", "'notes':[]")),
    COBRO_FACT_SUCCEEDED, "pay_DESlfW9H8K9uqM/captured", "plink_QflcnnZqCekuvL", "pay_DESlfW9H8K9uqM", TALK_REFERENCE },
  { EVENT ("payment_link.cancelled", LINK ("cancelled")), COBRO_FACT_CANCELLED, "plink_QflcnnZqCekuvL/cancelled",
    "plink_QflcnnZqCekuvL", "", TALK_REFERENCE },
  { EVENT ("payment_link.expired", LINK ("expired")), COBRO_FACT_CANCELLED, "plink_QflcnnZqCekuvL/expired",
    "plink_QflcnnZqCekuvL", "", TALK_REFERENCE },
  { EVENT ("refund.created", REFUND ("processed") "," PAYMENT ("captured", "true", OURS)), COBRO_FACT_REFUNDED,
    "rfnd_FS8TWyPrCsa0OB/processed", "", "pay_DESlfW9H8K9uqM", TALK_REFERENCE },
  { EVENT ("refund.created", REFUND ("pending") "," PAYMENT ("captured", "true", "'notes':[]")),
    COBRO_FACT_REFUND_PENDING, "rfnd_FS8TWyPrCsa0OB/pending", "", "pay_DESlfW9H8K9uqM", "" },
  { EVENT ("refund.processed", REFUND ("processed")), COBRO_FACT_REFUNDED, "rfnd_FS8TWyPrCsa0OB/processed", "",
    "pay_DESlfW9H8K9uqM", "" },
  { EVENT ("refund.failed", REFUND ("failed")), COBRO_FACT_REFUND_FAILED, "rfnd_FS8TWyPrCsa0OB/failed", "",
    "pay_DESlfW9H8K9uqM", "" },
  { EVENT ("refund.speed_changed", REFUND ("processed")), COBRO_FACT_REFUNDED, "rfnd_FS8TWyPrCsa0OB/processed", "",
    "pay_DESlfW9H8K9uqM", "" },
  { EVENT ("payment.dispute.created", PAYMENT ("captured", "true", "'notes':[]") "," DISPUTE ("open", "0")),
    COBRO_FACT_DISPUTE_OPENED, "disp_EsIAlDcoUr8CaQ/open", "", "pay_DESlfW9H8K9uqM", "" },
  { EVENT ("payment.dispute.under_review", DISPUTE ("under_review", "0")), COBRO_FACT_DISPUTE_OPENED,
    "disp_EsIAlDcoUr8CaQ/under_review", "", "pay_DESlfW9H8K9uqM", "" },
  { EVENT ("payment.dispute.won", DISPUTE ("won", "0")), COBRO_FACT_DISPUTE_WON, "disp_EsIAlDcoUr8CaQ/won", "",
    "pay_DESlfW9H8K9uqM", "" },
  { EVENT ("payment.dispute.lost", DISPUTE ("lost", "39000")), COBRO_FACT_DISPUTE_LOST, "disp_EsIAlDcoUr8CaQ/lost", "",
    "pay_DESlfW9H8K9uqM", "" },
  { EVENT ("payment.dispute.closed", DISPUTE ("closed", "0")), COBRO_FACT_DISPUTE_WON, "disp_EsIAlDcoUr8CaQ/closed", "",
    "pay_DESlfW9H8K9uqM", "" },
};

static void
test_events (RazorpayTalk *self, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *wanted = &cases[i];
      g_autoptr (GPtrArray) facts = read_event (self, wanted->json);
      const CobroFact *fact;

      g_test_message ("%s", wanted->json);
      g_assert_no_error (self->error);
      g_assert_cmpuint (facts->len, ==, 1);
      fact = facts->pdata[0];
      g_assert_cmpstr (cobro_fact_kind_name (fact->kind), ==, cobro_fact_kind_name (wanted->kind));
      g_assert_cmpstr (fact->event_id, ==, wanted->event_id);
      g_assert_cmpstr (fact->provider_payment_id, ==, wanted->object_id);
      g_assert_cmpstr (fact->charge_id, ==, wanted->charge_id);
      g_assert_cmpstr (fact->reference, ==, wanted->reference);
      g_assert_cmpstr (fact->account, ==, self->account->id);
      g_assert_cmpint (fact->livemode, ==, self->account->livemode);
      g_assert_cmpstr (cobro_money_code (fact->amount), ==, "INR");
    }
}

/* Nothing about money of ours: understood, and empty. */
static void
test_silent (RazorpayTalk *self, gconstpointer data)
{
  static const char *const bodies[] = {
    EVENT ("settlement.processed", "'settlement':{'entity':{}}"),
    EVENT ("payment.downtime.started", ""),
    EVENT ("subscription.charged", PAYMENT ("captured", "true", "'notes':[]")),
    "{}",
    /* Neither an object of ours nor money. */
    EVENT ("payment.failed", PAYMENT ("failed", "false", OURS)),
    /* The merchant's other business: an order and a link without our note. */
    EVENT ("order.paid", PAYMENT ("captured", "true", "'notes':[]") "," ORDER ("'notes':[]")),
    EVENT ("payment_link.expired",
           "'payment_link':{'entity':{'id':'plink_A','amount':1,'currency':'INR','status':'expired','notes':null}}"),
    /* Given back without ever having been captured: no money went back. */
    EVENT ("refund.processed", REFUND ("processed") "," PAYMENT ("refunded", "false", "'notes':[]")),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (GPtrArray) facts = read_event (self, bodies[i]);

      g_assert_no_error (self->error);
      g_assert_cmpuint (facts->len, ==, 0);
    }
}

/* Authentic, and not understood: kept for a relay that understands it; never money. */
static void
test_not_understood (RazorpayTalk *self, gconstpointer data)
{
  static const char *const bodies[] = {
    "",
    "[]",
    "{'event':'payment.captured','event':'payment.failed'}",
    EVENT ("payment.captured", ""),
    EVENT ("payment.captured", "'payment':[]"),
    EVENT ("payment.captured", "'payment':{'entity':null}"),
    EVENT ("payment.captured", PAYMENT ("settled", "true", "'notes':[]")),
    EVENT ("payment.captured",
           "'payment':{'entity':{'id':'pay_A','amount':'1e3','currency':'INR','status':'captured'}}"),
    EVENT ("payment.captured", "'payment':{'entity':{'id':'pay_A','amount':100,'currency':'R$','status':'captured'}}"),
    EVENT ("refund.processed",
           "'refund':{'entity':{'id':'rfnd_A','amount':100,'currency':'INR','status':'processed'}}"),
    EVENT ("refund.processed", REFUND ("sent")),
    EVENT ("payment.dispute.created", DISPUTE ("maybe", "0")),
    EVENT ("payment_link.expired",
           "'payment_link':{'entity':{'id':'plink_A','amount':1,'currency':'INR','status':'new'}}"),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_test_message ("%s", bodies[i]);
      g_assert_null (read_event (self, bodies[i]));
      g_assert_error (self->error, COBRO_ERROR, COBRO_ERROR_INVALID);
      g_clear_error (&self->error);
    }
}

static void
test_foreign_account (RazorpayTalk *self, gconstpointer data)
{
  static const char *const names[] = { "account-id", "partner-account" };
  const char *event = EVENT ("payment.captured", PAYMENT ("captured", "true", "'notes':[]"));

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GPtrArray) facts = NULL;

      g_hash_table_insert (self->account->settings, g_strdup (names[i]), g_strdup ("acc_AnotherAccount1"));
      g_assert_null (read_event (self, event));
      cobro_test_assert_error (&self->error, COBRO_ERROR_FORBIDDEN, NULL);
      g_hash_table_insert (self->account->settings, g_strdup (names[i]), g_strdup ("acc_BFQ7uQEaa7j2z7"));
      facts = read_event (self, event);
      g_assert_cmpuint (facts->len, ==, 1);
    }
}

/* ── The payer's browser ────────────────────────────────────────────────────────────────────────────────────── */

/* @fields: name, value, … NULL */
static gboolean
check (RazorpayTalk *self, const char *object_id, const char *const *fields)
{
  g_autoptr (GHashTable) table = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *charge = NULL;
  gboolean ok;

  for (gsize i = 0; fields[i] != NULL; i += 2)
    g_hash_table_insert (table, (gpointer)fields[i], (gpointer)fields[i + 1]);
  ok = relay_razorpay_check_callback (self->account, object_id, "TSsd1989", table, &charge, &self->error);
  if (ok)
    g_assert_cmpstr (charge, ==, g_hash_table_lookup (table, "razorpay_payment_id"));
  else
    cobro_test_assert_error (&self->error, COBRO_ERROR_SIGNATURE, NULL);
  return ok;
}

#define ORDER_SIGNATURE "0d4e745a1838664ad6c9c9902212a32d627d68e917290b0ad5f08ff4561bc50f"
#define LINK_SIGNATURE  "07ae18789e35093e51d0a491eb9922646f3f82773547e5b0f67ee3f2d3bf7d5b"

/* The order is the one in our books; the browser cannot choose another one. proves: OPL-9 */
static void
test_callback (RazorpayTalk *self, gconstpointer data)
{
  const char *order[] = { "razorpay_order_id",
                          "order_IEIaMR65cu6nz3",
                          "razorpay_payment_id",
                          "pay_IH4NVgf4Dreq1l",
                          "razorpay_signature",
                          ORDER_SIGNATURE,
                          NULL };
  const char *link[] = { "razorpay_payment_link_id",
                         "plink_IH3cNucfVEgV68",
                         "razorpay_payment_link_reference_id",
                         "TSsd1989",
                         "razorpay_payment_link_status",
                         "paid",
                         "razorpay_payment_id",
                         "pay_IH3d0ara9bSsjQ",
                         "razorpay_signature",
                         LINK_SIGNATURE,
                         NULL };
  const char *failed[] = { "error[code]", "BAD_REQUEST_ERROR", "error[description]", "Payment failed", NULL };

  g_assert_true (check (self, "order_IEIaMR65cu6nz3", order));
  g_assert_false (check (self, "order_IEIaMR65cu6nz4", order));
  g_assert_false (check (self, "", order));
  g_assert_true (check (self, "plink_IH3cNucfVEgV68", link));
  g_assert_false (check (self, "plink_IH3cNucfVEgV69", link));
  g_assert_false (check (self, "order_IEIaMR65cu6nz3", link));
  g_assert_false (check (self, "order_IEIaMR65cu6nz3", failed));
  link[5] = "expired";
  g_assert_false (check (self, "plink_IH3cNucfVEgV68", link));
  order[1] = "order_IEIaMR65cu6nz4"; /* what was posted is not what we know */
  g_assert_false (check (self, "order_IEIaMR65cu6nz3", order));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func)                                                                                                \
  g_test_add ("/razorpay-hooks/" path, RazorpayTalk, NULL, razorpay_talk_set_up, func, razorpay_talk_tear_down)
  ADD ("signature", test_signature);
  ADD ("short-secret", test_short_secret);
  ADD ("events", test_events);
  ADD ("silent", test_silent);
  ADD ("not-understood", test_not_understood);
  ADD ("foreign-account", test_foreign_account);
  ADD ("callback", test_callback);
#undef ADD
  return g_test_run ();
}
