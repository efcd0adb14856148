/* relay/providers/openpay/relay-openpay-charge.c — Openpay's charges, read, and the facts in them: the state of the
 * payment, what went back, what is disputed. Layer: relay/providers. Pure. */
#include "relay-openpay-private.h"

#include <string.h>
#include "cobro-error.h"

#define LIST_MAX 1000
#define HELD     "completed" /* in event ids: money that arrived stays arrived, whatever its status is called later */

/* Lists write statuses in upper case, objects in lower case: compared in any. */
static const struct
{
  const char *status;
  CobroFactKind kind;
  CobroFactKind dispute; /* KIND again: none */
} statuses[] = {
  { "in_progress", COBRO_FACT_PENDING, COBRO_FACT_PENDING },
  { "charge_pending", COBRO_FACT_ACTION_NEEDED, COBRO_FACT_ACTION_NEEDED },
  { "completed", COBRO_FACT_SUCCEEDED, COBRO_FACT_SUCCEEDED },
  { "refunded", COBRO_FACT_SUCCEEDED, COBRO_FACT_SUCCEEDED },
  { "cancelled", COBRO_FACT_CANCELLED, COBRO_FACT_CANCELLED },
  { "failed", COBRO_FACT_FAILED, COBRO_FACT_FAILED },
  { "chargeback_pending", COBRO_FACT_SUCCEEDED, COBRO_FACT_DISPUTE_OPENED },
  { "chargeback_accepted", COBRO_FACT_SUCCEEDED, COBRO_FACT_DISPUTE_LOST },
  { "chargeback_adjustment", COBRO_FACT_SUCCEEDED, COBRO_FACT_DISPUTE_WON },
};

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
refund_free (gpointer data)
{
  RelayOpenpayRefund *refund = data;

  g_free (refund->id);
  g_free (refund->status);
  g_free (refund->description);
  g_free (refund);
}

void
relay_openpay_charge_free (RelayOpenpayCharge *charge)
{
  char **texts[] = { &charge->id,         &charge->order_id,      &charge->status,
                     &charge->method,     &charge->error_message, &charge->card_number,
                     &charge->card_brand, &charge->url,           &charge->reference,
                     &charge->bank,       &charge->clabe,         &charge->authorization,
                     &charge->agreement,  &charge->barcode };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (*texts[i]);
  g_ptr_array_unref (charge->refunds);
  g_free (charge);
}

static gboolean
read_amount (CobroWireObject *object, const char *fallback_code, CobroMoney *out_money, GError **error)
{
  g_autofree char *decimal = relay_adapter_text (object, "amount");
  g_autofree char *code = relay_adapter_text (object, "currency");
  g_autoptr (GError) failure = NULL;

  if (relay_currencies_from_decimal (&relay_openpay_heard, *code != '\0' ? code : fallback_code, decimal, out_money,
                                     &failure))
    return TRUE;
  return cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "Openpay answered nonsense: an amount that is none (%s)",
                          failure->message);
}

/* What is no refund (no id, no amount) is passed over: nothing is made of it. */
static void
read_refund (RelayOpenpayCharge *charge, CobroWireObject *object)
{
  RelayOpenpayRefund *refund = g_new0 (RelayOpenpayRefund, 1);

  refund->id = relay_adapter_text (object, "id");
  refund->status = relay_adapter_text (object, "status");
  refund->description = relay_adapter_text (object, "description");
  refund->at = relay_adapter_time (object, "operation_date");
  if (*refund->id == '\0' || !read_amount (object, cobro_money_code (charge->amount), &refund->amount, NULL))
    {
      refund_free (refund);
      return;
    }
  for (guint i = 0; i < charge->refunds->len; i++)
    if (strcmp (((RelayOpenpayRefund *)charge->refunds->pdata[i])->id, refund->id) == 0)
      {
        refund_free (refund);
        return;
      }
  g_ptr_array_add (charge->refunds, refund);
}

/* "refunded" without saying what: all of it went back, by a refund that is called like its charge. */
static void
add_unnamed_refund (RelayOpenpayCharge *charge)
{
  RelayOpenpayRefund *refund = g_new0 (RelayOpenpayRefund, 1);

  refund->id = g_strdup (charge->id);
  refund->status = g_strdup ("completed");
  refund->description = g_strdup ("");
  refund->amount = charge->amount;
  refund->at = charge->at;
  g_ptr_array_add (charge->refunds, refund);
}

static void
read_refunds (RelayOpenpayCharge *charge, CobroWireObject *object)
{
  g_autoptr (GPtrArray) list = relay_adapter_objects (object, "refunds");
  g_autoptr (CobroWireObject) one = relay_adapter_object (object, "refund");

  charge->all_refunds = cobro_wire_kind (object, "refunds") == COBRO_WIRE_ARRAY;
  for (guint i = 0; i < list->len; i++)
    read_refund (charge, list->pdata[i]);
  if (one != NULL)
    read_refund (charge, one);
  if (charge->refunds->len == 0 && g_ascii_strcasecmp (charge->status, "refunded") == 0)
    add_unnamed_refund (charge);
}

static char *
text_of (CobroWireObject *object, const char *key)
{
  return object != NULL ? relay_adapter_text (object, key) : g_strdup ("");
}

static void
read_method (RelayOpenpayCharge *charge, CobroWireObject *object)
{
  g_autoptr (CobroWireObject) card = relay_adapter_object (object, "card");
  g_autoptr (CobroWireObject) way = relay_adapter_object (object, "payment_method");

  charge->card_number = text_of (card, "card_number");
  charge->card_brand = text_of (card, "brand");
  charge->url = text_of (way, "url");
  charge->bank = text_of (way, "bank");
  charge->clabe = text_of (way, "clabe");
  charge->agreement = text_of (way, "agreement");
  charge->barcode = text_of (way, "barcode_url");
  charge->reference = text_of (way, "reference");
  if (*charge->reference == '\0') /* of a transfer it is called "name" */
    {
      g_free (charge->reference);
      charge->reference = text_of (way, "name");
    }
}

RelayOpenpayCharge *
relay_openpay_charge_read (CobroWireObject *object, GError **error)
{
  g_autoptr (RelayOpenpayCharge) charge = g_new0 (RelayOpenpayCharge, 1);

  charge->refunds = g_ptr_array_new_with_free_func (refund_free);
  charge->id = relay_adapter_text (object, "id");
  charge->order_id = relay_adapter_text (object, "order_id");
  charge->status = relay_adapter_text (object, "status");
  charge->method = relay_adapter_text (object, "method");
  charge->authorization = relay_adapter_text (object, "authorization");
  charge->error_message = relay_adapter_text (object, "error_message");
  charge->at = relay_adapter_time (object, "operation_date");
  charge->due = relay_adapter_time (object, "due_date");
  if (!relay_adapter_int64 (object, "error_code", &charge->error_code))
    charge->error_code = 0;
  read_method (charge, object);
  if (!relay_openpay_is_id (charge->id))
    {
      cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "Openpay answered nonsense: a charge without an id");
      return NULL;
    }
  if (!read_amount (object, "MXN", &charge->amount, error))
    return NULL;
  read_refunds (charge, object);
  return g_steal_pointer (&charge);
}

RelayOpenpayCharge *
relay_openpay_charge_parse (const CobroNetAnswer *answer, GError **error)
{
  g_autoptr (CobroWireObject) object = relay_adapter_parse ("Openpay", answer, error);

  return object != NULL ? relay_openpay_charge_read (object, error) : NULL;
}

/* What is no list of objects is nonsense, and never "there is none". */
static GPtrArray *
parse_list (const CobroNetAnswer *answer, GError **error)
{
  g_autoptr (CobroWireObject) object = relay_adapter_parse_list ("Openpay", answer, error);
  GPtrArray *list = NULL;

  if (object == NULL)
    return NULL;
  if (cobro_wire_kind (object, "list") != COBRO_WIRE_ARRAY ||
      !cobro_wire_get_objects (object, "list", LIST_MAX, &list, NULL))
    cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "Openpay answered nonsense: not a list of charges");
  return list;
}

GPtrArray *
relay_openpay_charges_parse (const CobroNetAnswer *answer, gboolean lenient, guint *out_length, GError **error)
{
  g_autoptr (GPtrArray) charges = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_openpay_charge_free);
  g_autoptr (GPtrArray) list = parse_list (answer, error);

  if (list == NULL)
    return NULL;
  for (guint i = 0; i < list->len; i++)
    {
      g_autofree char *order_id = relay_adapter_text (list->pdata[i], "order_id");
      RelayOpenpayCharge *charge;

      if (!relay_openpay_is_ours (order_id))
        continue;
      if ((charge = relay_openpay_charge_read (list->pdata[i], lenient ? NULL : error)) != NULL)
        g_ptr_array_add (charges, charge);
      else if (!lenient)
        return NULL;
    }
  if (out_length != NULL)
    *out_length = list->len;
  return g_steal_pointer (&charges);
}

/* Success over whatever is open, that over what is over. */
static int
rank (const RelayOpenpayCharge *charge)
{
  CobroFactKind kind;

  if (!relay_openpay_charge_kind (charge, &kind))
    return 3; /* whatever it is, it is not to be passed over */
  if (kind == COBRO_FACT_SUCCEEDED)
    return 4;
  if (kind == COBRO_FACT_FAILED || kind == COBRO_FACT_CANCELLED)
    return kind == COBRO_FACT_CANCELLED ? 1 : 0;
  return 2;
}

RelayOpenpayCharge *
relay_openpay_charges_find (GPtrArray *charges, const char *order_id)
{
  RelayOpenpayCharge *best = NULL;

  for (guint i = 0; i < charges->len; i++)
    {
      RelayOpenpayCharge *charge = charges->pdata[i];

      if (strcmp (charge->order_id, order_id) == 0 && (best == NULL || rank (charge) > rank (best)))
        best = charge;
    }
  return best;
}

/* ── Facts ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static int
find_status (const RelayOpenpayCharge *charge)
{
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (g_ascii_strcasecmp (statuses[i].status, charge->status) == 0)
      return (int)i;
  return -1;
}

gboolean
relay_openpay_charge_kind (const RelayOpenpayCharge *charge, CobroFactKind *out_kind)
{
  int i = find_status (charge);

  if (i < 0)
    return FALSE;
  *out_kind = statuses[i].kind;
  if (*out_kind == COBRO_FACT_PENDING && strcmp (charge->method, "card") == 0)
    *out_kind = COBRO_FACT_PROCESSING;
  return TRUE;
}

/* "visa •••• 1111": never more than four digits. */
static char *
method_detail (const RelayOpenpayCharge *charge)
{
  gsize length = strlen (charge->card_number);
  const char *last = length >= 4 ? charge->card_number + length - 4 : "";

  if (strcmp (charge->method, "bank_account") == 0)
    return g_strdup ("SPEI");
  if (strcmp (charge->method, "store") == 0)
    return g_strdup ("Paynet");
  if (strspn (last, "0123456789") != 4)
    return g_strdup ("");
  return g_strdup_printf ("%s •••• %s", *charge->card_brand != '\0' ? charge->card_brand : "card", last);
}

/* @what: the part of the order that the fact is about: an id of Openpay's. */
static CobroFact *
make_fact (const RelayAccount *account, const RelayOpenpayCharge *charge, CobroFactKind kind, const char *what,
           const char *state)
{
  g_autofree char *whole = g_strdup_printf ("%s/%s", what, state);
  CobroFact *fact = relay_adapter_fact (account, kind, charge->order_id, whole);

  cobro_link_set_text (&fact->reference, charge->order_id);
  fact->amount = charge->amount;
  fact->occurred_at = charge->at;
  return fact;
}

static void
set_failure (CobroFact *fact, const RelayOpenpayCharge *charge)
{
  gboolean card = strcmp (charge->method, "card") == 0;

  cobro_link_set_text (&fact->failure_code, card ? "card_declined" : "provider_refused");
  cobro_link_set_text (&fact->failure_message,
                       *charge->error_message != '\0' ? charge->error_message : "Openpay says that it failed");
}

CobroFact *
relay_openpay_charge_fact (const RelayAccount *account, const RelayOpenpayCharge *charge, GError **error)
{
  CobroFactKind kind;
  CobroFact *fact;

  if (!relay_openpay_charge_kind (charge, &kind))
    {
      cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "Openpay answered nonsense: an unknown status \"%.40s\"",
                       charge->status);
      return NULL;
    }
  fact =
    make_fact (account, charge, kind, charge->id, kind == COBRO_FACT_SUCCEEDED ? HELD : cobro_fact_kind_name (kind));
  g_free (fact->method_detail);
  fact->method_detail = method_detail (charge);
  if (kind == COBRO_FACT_SUCCEEDED) /* of the charges of one order it is the one that holds the money */
    {
      cobro_link_set_text (&fact->charge_id, charge->id);
      cobro_link_set_text (&fact->receipt, charge->authorization);
    }
  if (kind == COBRO_FACT_FAILED)
    set_failure (fact, charge);
  return fact;
}

CobroFact *
relay_openpay_dispute_fact (const RelayAccount *account, const RelayOpenpayCharge *charge)
{
  int i = find_status (charge);
  CobroFact *fact;

  if (i < 0 || statuses[i].dispute == statuses[i].kind)
    return NULL;
  fact = make_fact (account, charge, statuses[i].dispute, charge->id, statuses[i].status);
  cobro_link_set_text (&fact->charge_id, charge->id);
  return fact;
}

CobroFact *
relay_openpay_refund_fact (const RelayAccount *account, const RelayOpenpayCharge *charge,
                           const RelayOpenpayRefund *refund)
{
  static const struct
  {
    const char *status;
    CobroFactKind kind;
  } known[] = {
    { "completed", COBRO_FACT_REFUNDED },
    { "in_progress", COBRO_FACT_REFUND_PENDING },
    { "failed", COBRO_FACT_REFUND_FAILED },
    { "cancelled", COBRO_FACT_REFUND_FAILED },
  };
  CobroFact *fact;

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_ascii_strcasecmp (refund->status, known[i].status) == 0)
      {
        fact = make_fact (account, charge, known[i].kind, refund->id, cobro_fact_kind_name (known[i].kind));
        cobro_link_set_text (&fact->charge_id, charge->id);
        cobro_link_set_text (&fact->refund_id, refund->id);
        fact->amount = refund->amount;
        fact->occurred_at = refund->at;
        return fact;
      }
  return NULL;
}

/* A failed card is not the end of its order: it may be tried again with 3-D Secure, as another charge of the same
 * order. Only asking for the order says that all of it failed; until then it is a try that did not work. */
static void
soften_failure (CobroFact *fact, const RelayOpenpayCharge *charge)
{
  g_autofree char *event_id = g_strconcat (fact->event_id, "/said", NULL);

  if (fact->kind != COBRO_FACT_FAILED || strcmp (charge->method, "card") != 0)
    return;
  fact->kind = COBRO_FACT_PENDING;
  cobro_link_set_text (&fact->event_id, event_id);
}

gboolean
relay_openpay_charge_add_facts (const RelayAccount *account, const RelayOpenpayCharge *charge, GPtrArray *facts,
                                GError **error)
{
  CobroFact *fact = relay_openpay_charge_fact (account, charge, error);

  if (fact == NULL)
    return FALSE;
  soften_failure (fact, charge);
  g_ptr_array_add (facts, fact);
  for (guint i = 0; fact->kind == COBRO_FACT_SUCCEEDED && i < charge->refunds->len; i++)
    {
      CobroFact *back = relay_openpay_refund_fact (account, charge, charge->refunds->pdata[i]);

      if (back != NULL)
        g_ptr_array_add (facts, back);
    }
  if ((fact = relay_openpay_dispute_fact (account, charge)) != NULL)
    g_ptr_array_add (facts, fact);
  return TRUE;
}
