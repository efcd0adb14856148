/* relay/templates/relay-templates-form.c — how to pay: amount, questions, ways; what was typed comes back with what is
 * wrong. Layer: relay/templates. Any thread. */
#include "relay-templates-private.h"

#include <string.h>
#include "cobro-money-text.h"

static gboolean
is_wrong (const RelayFilling *self, const char *field)
{
  return g_hash_table_contains (self->page->errors, field);
}

static const char *
typed (const RelayFilling *self, const char *field)
{
  return g_hash_table_lookup (self->page->values, field);
}

/* "From €5.00 to €1,000.00." */
static void
fill_amount_hint (RelayFilling *self)
{
  const RelayPage *page = self->page;
  gboolean low = cobro_money_is_set (page->minimum), high = cobro_money_is_set (page->maximum);
  const char *key = low && high ? "amount-between" : low ? "amount-from" : "amount-to";
  g_autofree char *minimum = cobro_money_text (page->minimum, self->locale);
  g_autofree char *maximum = cobro_money_text (page->maximum, self->locale);

  if (low || high)
    relay_values_take (
      self->values, NAME_AMOUNT_HINT,
      relay_templates_fill (relay_filling_text (self, key), "minimum", minimum, "maximum", maximum, NULL));
}

/* As one would type it here, in digits that every keyboard has. */
static char *
amount_to_type (RelayFilling *self, CobroMoney money)
{
  g_autofree char *text = cobro_money_text_number (money, self->locale);

  return g_str_is_ascii (text) ? g_steal_pointer (&text) : cobro_money_to_decimal (money);
}

/* A plan asks for its next part, or for all that is left: two buttons. The last part is simply what is due. */
static void
fill_plan (RelayFilling *self)
{
  const RelayPage *page = self->page;

  if (is_wrong (self, "amount"))
    relay_values_set (self->values, NAME_AMOUNT_ERROR, relay_filling_text (self, "wrong-amount"));
  relay_filling_money (self, NAME_PAY_AMOUNT, page->due);
  if (cobro_money_equal (page->due, page->rest))
    return;
  relay_values_take (self->values, NAME_PAY_VALUE, cobro_money_to_decimal (page->due));
  relay_filling_money (self, NAME_ALL_AMOUNT, page->rest);
  relay_values_take (self->values, NAME_ALL_VALUE, cobro_money_to_decimal (page->rest));
}

static void
fill_amount (RelayFilling *self)
{
  const RelayPage *page = self->page;
  CobroMoney proposed = cobro_money_is_set (page->preset) ? page->preset : page->due;

  relay_values_set_bool (self->values, NAME_CHOOSE_AMOUNT, TRUE);
  relay_values_take (self->values, NAME_SIGN, cobro_currency_sign (page->link->currency, self->locale));
  if (typed (self, "amount") != NULL)
    relay_values_set (self->values, NAME_AMOUNT, typed (self, "amount"));
  else if (cobro_money_is_set (proposed))
    relay_values_take (self->values, NAME_AMOUNT, amount_to_type (self, proposed));
  if (is_wrong (self, "amount"))
    relay_values_set (self->values, NAME_AMOUNT_ERROR, relay_filling_text (self, "wrong-amount"));
  fill_amount_hint (self);
}

/* What some provider must know of the payer, and nobody has told yet. */
static guint
needed_by_ways (const RelayPage *page)
{
  guint needs = 0;

  for (guint i = 0; i < page->ways->len; i++)
    {
      const RelayPageWay *way = page->ways->pdata[i];

      if (way->available)
        needs |= way->needs;
    }
  if (*page->link->customer_email != '\0')
    needs &= ~(guint)COBRO_COLLECT_EMAIL;
  if (*page->link->customer_name != '\0')
    needs &= ~(guint)COBRO_COLLECT_NAME;
  return needs;
}

static void
fill_payer (RelayFilling *self)
{
  static const struct
  {
    CobroCollect collect;
    RelayName ask, value, error;
    const char *field, *wrong;
  } questions[] = {
    { COBRO_COLLECT_NAME, NAME_ASK_NAME, NAME_NAME, NAME_NAME_ERROR, "name", "wrong-name" },
    { COBRO_COLLECT_EMAIL, NAME_ASK_EMAIL, NAME_EMAIL, NAME_EMAIL_ERROR, "email", "wrong-email" },
    { COBRO_COLLECT_PHONE, NAME_ASK_PHONE, NAME_PHONE, NAME_PHONE_ERROR, "phone", "wrong-phone" },
    { COBRO_COLLECT_ADDRESS, NAME_ASK_ADDRESS, NAME_ADDRESS, NAME_ADDRESS_ERROR, "address", "wrong-address" },
  };

  guint asked = self->page->link->collect | needed_by_ways (self->page);

  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    {
      if ((asked & questions[i].collect) == 0)
        continue;
      relay_values_set_bool (self->values, questions[i].ask, TRUE);
      relay_filling_set (self, questions[i].value, typed (self, questions[i].field));
      if (is_wrong (self, questions[i].field))
        relay_values_set (self->values, questions[i].error, relay_filling_text (self, questions[i].wrong));
    }
}

static void
fill_fields (RelayFilling *self)
{
  GPtrArray *fields = self->page->link->fields;

  for (guint i = 0; i < fields->len; i++)
    {
      const CobroLinkField *field = g_ptr_array_index (fields, i);
      RelayValues *values = relay_values_add (self->values, NAME_FIELDS);
      g_autofree char *id = g_strconcat ("field_", field->key, NULL);

      relay_values_set (values, NAME_FIELD_LABEL, field->label);
      relay_values_set_bool (values, NAME_FIELD_REQUIRED, field->required);
      relay_values_set (values, NAME_FIELD_VALUE, typed (self, id));
      if (is_wrong (self, id))
        relay_values_set (values, NAME_FIELD_ERROR, relay_filling_text (self, "wrong-field"));
      relay_values_take (values, NAME_FIELD_ID, g_steal_pointer (&id));
    }
}

static const char *
method_text (const RelayFilling *self, guint method)
{
  if (method == COBRO_METHOD_CRYPTO)
    return relay_filling_text (self, "way-crypto");
  if (method == COBRO_METHOD_BANK_TRANSFER)
    return relay_filling_text (self, "way-bank");
  if (method == COBRO_METHOD_WALLET)
    return relay_filling_text (self, "way-wallet");
  if (method == COBRO_METHOD_STORE)
    return relay_filling_text (self, "way-store");
  return relay_filling_text (self, "way-card");
}

/* One way alone is chosen by itself; of several the first that answers is. */
static void
fill_ways (RelayFilling *self)
{
  GPtrArray *ways = self->page->ways;
  gboolean chosen = FALSE;

  for (guint i = 0; i < ways->len; i++)
    {
      const RelayPageWay *way = g_ptr_array_index (ways, i);
      g_autofree char *value = g_strdup_printf ("%s:%s", cobro_method_name (way->method), way->gateway);
      gboolean wanted = typed (self, "way") == NULL || strcmp (typed (self, "way"), value) == 0;
      RelayValues *values;

      if (ways->len == 1)
        {
          relay_values_take (self->values, NAME_ONE_WAY, g_steal_pointer (&value));
          return;
        }
      values = relay_values_add (self->values, NAME_WAYS);
      relay_values_set (values, NAME_WAY_METHOD, method_text (self, way->method));
      relay_values_set (values, NAME_WAY_TITLE, way->title);
      relay_values_set_bool (values, NAME_WAY_DOWN, !way->available);
      relay_values_set_bool (values, NAME_WAY_CHOSEN, way->available && wanted && !chosen);
      chosen = chosen || (way->available && wanted);
      relay_values_take (values, NAME_WAY_VALUE, g_steal_pointer (&value));
    }
  if (is_wrong (self, "way"))
    relay_values_set (self->values, NAME_WAY_ERROR, relay_filling_text (self, "wrong-way"));
}

void
relay_filling_form (RelayFilling *self)
{
  const RelayPage *page = self->page;

  if (page->state == RELAY_PAGE_CONTINUE)
    relay_filling_set (self, NAME_CONTINUE_URL, page->continue_url);
  relay_values_set_bool (self->values, NAME_OTHER_WAY, page->ways->len > 1 || page->state == RELAY_PAGE_INSTRUCTIONS);
  if (page->state == RELAY_PAGE_BUSY || page->state == RELAY_PAGE_UNAVAILABLE)
    relay_values_set (self->values, NAME_LOOK_AGAIN, relay_filling_text (self, "try-again"));
  if (!page->can_pay || page->link == NULL || (page->state != RELAY_PAGE_OPEN && page->state != RELAY_PAGE_DECLINED))
    return;
  relay_values_set_bool (self->values, NAME_FORM, TRUE);
  relay_values_set_bool (self->values, NAME_QR, page->state == RELAY_PAGE_OPEN);
  if (is_wrong (self, ""))
    relay_values_set (self->values, NAME_FORM_ERROR, relay_filling_text (self, "wrong-form"));
  relay_filling_set (self, NAME_CONFIRM, typed (self, "confirm"));
  relay_values_set_bool (self->values, NAME_CHOOSE_QUANTITIES, page->choose_quantities);
  if (page->choose_amount && page->link->partial == COBRO_PARTIAL_PLAN)
    fill_plan (self);
  else if (page->choose_amount)
    fill_amount (self);
  if (!page->choose_amount && !page->choose_quantities)
    relay_filling_set (self, NAME_PAY_AMOUNT, relay_values_get (self->values, NAME_SUM)); /* what the bill says */
  fill_payer (self);
  fill_fields (self);
  fill_ways (self);
}
