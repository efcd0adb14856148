/* relay/store/relay-account-rules.h — what a merchant wants an account to be used for: which currencies, methods and
 * amounts. An account without rules takes everything; with rules, what one of them allows. Layer: relay/store. Pure. */
#pragma once
#include "cobro-link.h"
#include "cobro-wire.h"

#define RELAY_ACCOUNT_RULES_MAX 20

/* One rule; what is left open allows everything. */
typedef struct
{
  CobroCurrency currency; /* none: any */
  guint methods;          /* CobroMethods; 0: any */
  CobroMoney minimum;     /* unset: none; of the rule's currency */
  CobroMoney maximum;     /* unset: none */
} RelayAccountRule;

/* (transfer full) (element-type RelayAccountRule) the array @key of @object: [{"currency": "EUR", "methods": ["card"],
 * "minimum": 500, "maximum": 100000}], amounts in minor units of the rule's currency, which they need. NULL with
 * COBRO_ERROR_INVALID at the member's path. Absent: empty. */
GArray *relay_account_rules_read (CobroWireObject *object, const char *key, GError **error);
void relay_account_rules_write (CobroWireWriter *writer, const char *key, GArray *rules);
/* (transfer full) as stored; NULL when there are none. */
char *relay_account_rules_to_json (GArray *rules);
/* (transfer full) @json: (nullable) as stored. NULL with COBRO_ERROR_CORRUPT. */
GArray *relay_account_rules_from_json (const char *json, GError **error);

/* Whether the account may be used. @amount: only its currency is looked at when it is zero, as where the payer has not
 * said yet how much. */
gboolean relay_account_rules_allow (GArray *rules, CobroMethods method, CobroMoney amount);
