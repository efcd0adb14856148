/* relay/store/relay-account-rules.c — what an account is used for.
 * Layer: relay/store. Pure. */
#include "relay-account-rules.h"

#include "cobro-error.h"
#include "cobro-wire-set.h"

static gboolean
read_methods (CobroWireObject *object, guint *out_methods, GError **error)
{
  g_autoptr (GPtrArray) names = NULL;
  CobroMethods method;

  if (!cobro_wire_get_texts (object, "methods", 8, &names, error))
    return FALSE;
  for (guint i = 0; i < names->len; i++)
    {
      if (!cobro_method_from_name (names->pdata[i], &method))
        return cobro_wire_refuse (object, "methods", error, "\"%s\" is not a way to pay", (char *)names->pdata[i]);
      *out_methods |= method;
    }
  return TRUE;
}

static gboolean
read_amount (CobroWireObject *object, const char *key, CobroCurrency currency, CobroMoney *out_amount, GError **error)
{
  if (!cobro_wire_has (object, key))
    return TRUE;
  if (currency == COBRO_CURRENCY_NONE)
    return cobro_wire_refuse (object, key, error, "needs the rule's currency");
  if (!cobro_wire_get_money (object, key, currency, out_amount, error))
    return FALSE;
  return cobro_money_is_positive (*out_amount) || cobro_wire_refuse (object, key, error, "must be more than zero");
}

static gboolean
read_rule (CobroWireObject *object, RelayAccountRule *rule, GError **error)
{
  if (cobro_wire_has (object, "currency") &&
      !cobro_wire_get_currency_needed (object, "currency", &rule->currency, error))
    return FALSE;
  if (!read_methods (object, &rule->methods, error) ||
      !read_amount (object, "minimum", rule->currency, &rule->minimum, error) ||
      !read_amount (object, "maximum", rule->currency, &rule->maximum, error))
    return FALSE;
  if (cobro_money_is_set (rule->minimum) && cobro_money_is_set (rule->maximum) &&
      cobro_money_compare (rule->minimum, rule->maximum) > 0)
    return cobro_wire_refuse (object, "maximum", error, "must not be less than the minimum");
  return cobro_wire_done (object, error);
}

GArray *
relay_account_rules_read (CobroWireObject *object, const char *key, GError **error)
{
  g_autoptr (GArray) rules = g_array_new (FALSE, TRUE, sizeof (RelayAccountRule));
  g_autoptr (GPtrArray) items = NULL;

  if (!cobro_wire_get_objects (object, key, RELAY_ACCOUNT_RULES_MAX, &items, error))
    return NULL;
  for (guint i = 0; i < items->len; i++)
    {
      RelayAccountRule rule = { .currency = COBRO_CURRENCY_NONE };

      if (!read_rule (items->pdata[i], &rule, error))
        return NULL;
      g_array_append_val (rules, rule);
    }
  return g_steal_pointer (&rules);
}

static void
write_rule (CobroWireWriter *writer, const RelayAccountRule *rule)
{
  cobro_wire_begin_object (writer, NULL);
  if (rule->currency != COBRO_CURRENCY_NONE)
    cobro_wire_put_text (writer, "currency", cobro_currency_code (rule->currency));
  if (rule->methods != 0)
    {
      cobro_wire_begin_array (writer, "methods");
      for (guint bit = COBRO_METHOD_CARD; bit <= COBRO_METHOD_STORE; bit <<= 1)
        if ((rule->methods & bit) != 0)
          cobro_wire_put_text (writer, NULL, cobro_method_name ((CobroMethods)bit));
      cobro_wire_end_array (writer);
    }
  if (cobro_money_is_set (rule->minimum))
    cobro_wire_put_money (writer, "minimum", rule->minimum);
  if (cobro_money_is_set (rule->maximum))
    cobro_wire_put_money (writer, "maximum", rule->maximum);
  cobro_wire_end_object (writer);
}

void
relay_account_rules_write (CobroWireWriter *writer, const char *key, GArray *rules)
{
  cobro_wire_begin_array (writer, key);
  for (guint i = 0; i < rules->len; i++)
    write_rule (writer, &g_array_index (rules, RelayAccountRule, i));
  cobro_wire_end_array (writer);
}

char *
relay_account_rules_to_json (GArray *rules)
{
  g_autoptr (CobroWireWriter) writer = NULL;

  if (rules->len == 0)
    return NULL;
  writer = cobro_wire_writer_new ();
  cobro_wire_begin_object (writer, NULL);
  relay_account_rules_write (writer, "rules", rules);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

GArray *
relay_account_rules_from_json (const char *json, GError **error)
{
  g_autoptr (CobroWireObject) object = NULL;
  g_autoptr (GError) failure = NULL;
  GArray *rules = NULL;

  if (json == NULL)
    return g_array_new (FALSE, TRUE, sizeof (RelayAccountRule));
  if ((object = cobro_wire_parse (json, -1, &failure)) != NULL)
    rules = relay_account_rules_read (object, "rules", &failure);
  if (rules == NULL)
    cobro_error_set (error, COBRO_ERROR_CORRUPT, "an account's rules: %s", failure->message);
  return rules;
}

static gboolean
allows (const RelayAccountRule *rule, CobroMethods method, CobroMoney amount)
{
  if (rule->methods != 0 && (rule->methods & method) == 0)
    return FALSE;
  if (rule->currency == COBRO_CURRENCY_NONE)
    return TRUE;
  if (rule->currency != cobro_money_currency (amount))
    return FALSE;
  if (cobro_money_is_zero (amount))
    return TRUE;
  return (!cobro_money_is_set (rule->minimum) || cobro_money_compare (amount, rule->minimum) >= 0) &&
         (!cobro_money_is_set (rule->maximum) || cobro_money_compare (amount, rule->maximum) <= 0);
}

gboolean
relay_account_rules_allow (GArray *rules, CobroMethods method, CobroMoney amount)
{
  for (guint i = 0; i < rules->len; i++)
    if (allows (&g_array_index (rules, RelayAccountRule, i), method, amount))
      return TRUE;
  return rules->len == 0;
}
