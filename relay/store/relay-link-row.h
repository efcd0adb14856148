/* relay/store/relay-link-row.h — one row of the table link: which columns, how they are bound and read.
 * Layer: relay/store, private to it. */
#pragma once
#include "relay-link-store.h"

/* Every column of a record, for SELECT. */
#define RELAY_LINK_COLUMNS                                                                                             \
  "link.row, merchant_id, id, livemode, rev, title, description, reference, currency, pricing, amount, minimum, "      \
  "maximum, preset, usage, usage_limit, not_before, expires_at, methods, partial, minimum_first, collect, "            \
  "invoice_id, customer_id, customer_name, customer_email, locale, after_message, after_redirect_url, "                \
  "closed_message, decision, "                                                                                         \
  "extras, edited, created_at, updated_at, paid, refunded, lost, uses, open_attempts, processing, attempts, "          \
  "last_failed, flags, newest_payment, slots_given, version, expiry_told"

/* The decisions alone, for INSERT and UPDATE; bound by relay_link_row_bind(). */
#define RELAY_LINK_DECISIONS                                                                                           \
  "rev, title, description, reference, currency, pricing, amount, minimum, maximum, preset, usage, usage_limit, "      \
  "not_before, expires_at, methods, partial, minimum_first, collect, invoice_id, customer_id, customer_name, "         \
  "customer_email, "                                                                                                   \
  "locale, after_message, after_redirect_url, closed_message, decision, extras, edited, created_at, updated_at"
#define RELAY_LINK_DECISION_VALUES                                                                                     \
  ":rev, :title, :description, :reference, :currency, :pricing, :amount, :minimum, :maximum, :preset, :usage, "        \
  ":usage_limit, :not_before, :expires_at, :methods, :partial, :minimum_first, :collect, :invoice_id, :customer_id, "  \
  ":customer_name, :customer_email, :locale, :after_message, :after_redirect_url, :closed_message, :decision, "        \
  ":extras, :edited, :created_at, :updated_at"

void relay_link_row_bind (CobroDbStatement *statement, const CobroLink *link, const char *edited);
/* (transfer full) the row the statement stands on; NULL with COBRO_ERROR_CORRUPT. */
RelayLinkRecord *relay_link_row_read (CobroDbStatement *statement, GError **error);
