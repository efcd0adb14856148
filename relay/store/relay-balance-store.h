/* relay/store/relay-balance-store.h — what a merchant has: the sums of the ledger. Layer: relay/store. */
#pragma once
#include "cobro-money.h"
#include "relay-store.h"

/* (transfer full) (element-type CobroMoney) one sum for each currency in which money ever moved, by its code: payments
 * less refunds less lost disputes, of this mode. NULL with the database's error. */
GArray *relay_balance_list (CobroDb *db, const RelayScope *scope, GError **error);
