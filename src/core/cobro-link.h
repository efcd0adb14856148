/* src/core/cobro-link.h — the thing that can be paid: what a merchant decided about it, and the rules it must obey.
 * Layer: core. A link is written by whoever made it, then shared read-only; reference counting is atomic.
 * What became of it (paid, expired, used up) is not here: cobro-link-status.h computes it. */
#pragma once
#include <glib.h>
#include "cobro-clock.h"
#include "cobro-decimal.h"
#include "cobro-id.h"
#include "cobro-money.h"
#include "cobro-token.h"

/* Limits of the fields, in characters unless said otherwise. */
#define COBRO_LINK_TITLE_MAX          200
#define COBRO_LINK_DESCRIPTION_MAX    2000
#define COBRO_LINK_REFERENCE_MAX      64
#define COBRO_LINK_MESSAGE_MAX        500
#define COBRO_LINK_URL_MAX            2048 /* bytes */
#define COBRO_LINK_LINES_MAX          100
#define COBRO_LINK_FIELDS_MAX         3
#define COBRO_LINK_METADATA_MAX       50
#define COBRO_LINK_METADATA_KEY_MAX   40
#define COBRO_LINK_METADATA_VALUE_MAX 500
#define COBRO_LINK_USES_MAX           1000000
#define COBRO_LINK_PARTS_MAX          36
#define COBRO_LINK_GATEWAYS_MAX       8

typedef enum
{
  COBRO_PRICING_FIXED,
  COBRO_PRICING_OPEN,
  COBRO_PRICING_LINES
} CobroPricing;
typedef enum
{
  COBRO_USAGE_SINGLE,
  COBRO_USAGE_LIMITED,
  COBRO_USAGE_UNLIMITED
} CobroUsage;
typedef enum
{
  COBRO_PARTIAL_OFF,
  COBRO_PARTIAL_ON,
  COBRO_PARTIAL_PLAN
} CobroPartial;
typedef enum
{
  COBRO_DECISION_DRAFT,
  COBRO_DECISION_ACTIVE,
  COBRO_DECISION_PAUSED,
  COBRO_DECISION_CANCELLED
} CobroDecision;

/* Ways to pay; a link allows a set of them. */
typedef enum
{
  COBRO_METHOD_CARD = 1 << 0,
  COBRO_METHOD_CRYPTO = 1 << 1,
  COBRO_METHOD_BANK_TRANSFER = 1 << 2,
  COBRO_METHOD_WALLET = 1 << 3,
  COBRO_METHOD_STORE = 1 << 4, /* cash, in a shop, with a reference */
} CobroMethods;

/* What the payer is asked for. */
typedef enum
{
  COBRO_COLLECT_NAME = 1 << 0,
  COBRO_COLLECT_EMAIL = 1 << 1,
  COBRO_COLLECT_PHONE = 1 << 2,
  COBRO_COLLECT_ADDRESS = 1 << 3,
} CobroCollect;

/* One line of a priced list. */
typedef struct
{
  char *name;
  CobroMoney unit_amount;
  gint64 quantity;         /* whole pieces, 1 … 9999 */
  gint64 maximum_quantity; /* 0: the payer cannot change it; else ≥ quantity */
  CobroDecimal tax_rate;   /* percent × 10^6, 0 … 100 %; tax is included in the unit amount on links */
} CobroLinkLine;

/* One dated part of a payment plan. The parts add up to the total. */
typedef struct
{
  char due[11]; /* civil date in the merchant's zone, "2026-12-01" */
  CobroMoney amount;
} CobroLinkPart;

/* A question of the merchant to the payer. */
typedef struct
{
  char *key;   /* [a-z0-9_]{1,40}, unique in the link */
  char *label; /* ≤ 80 characters */
  gboolean required;
} CobroLinkField;

typedef struct
{
  gint ref_count; /* private */

  CobroId id;
  gint64 rev;       /* 1, 2, 3 …; 0 before it was ever stored */
  CobroToken token; /* set where it is known: on the merchant's desktop, and in the answer that made it */
  char *title;
  char *description;
  char *reference; /* "" or unique per merchant */

  CobroCurrency currency;
  CobroPricing pricing;
  CobroMoney amount;                   /* FIXED */
  CobroMoney minimum, maximum, preset; /* OPEN; unset: one minor unit, COBRO_MONEY_LIMIT, none */
  GPtrArray *lines;                    /* (element-type CobroLinkLine) LINES; never NULL */

  CobroUsage usage;
  gint64 usage_limit;   /* LIMITED: 1 … 1000000 */
  CobroTime not_before; /* 0: at once */
  CobroTime expires_at; /* 0: never */

  guint methods;       /* CobroMethods; never 0 */
  GPtrArray *gateways; /* (element-type utf8) provider names by preference; empty: the merchant's default */

  CobroPartial partial;
  CobroMoney minimum_first; /* ON: the first part is at least this; unset: one minor unit; the total: payers pay all
                               that is due, and only what the merchant records comes in parts */
  GPtrArray *parts;         /* (element-type CobroLinkPart) PLAN */

  guint collect;     /* CobroCollect */
  GPtrArray *fields; /* (element-type CobroLinkField) */

  CobroId
    invoice_id; /* the invoice that is paid by it: the link then follows the invoice and is not edited by itself */
  CobroId customer_id; /* none: not a known customer */
  char *customer_name;
  char *customer_email;

  GHashTable *metadata; /* (element-type utf8 utf8) */
  char *locale;         /* "auto", or a language tag such as "es" or "pt-BR" */

  char *after_message;
  char *after_redirect_url; /* "" or https URL (http only for loopback) */
  char *closed_message;

  CobroDecision decision;
  gboolean livemode; /* FALSE: test money only */
  CobroTime created_at;
  CobroTime updated_at;
} CobroLink;

/* (transfer full) an active, single-use, fixed-price card link without amount; every string is "", never NULL. */
CobroLink *cobro_link_new (void);
/* (transfer full) a deep copy that may be written. */
CobroLink *cobro_link_copy (const CobroLink *link);
CobroLink *cobro_link_ref (CobroLink *link);
void cobro_link_unref (CobroLink *link);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroLink, cobro_link_unref)

/* Setters for owned strings, and makers for the elements of the arrays. */
void cobro_link_set_text (char **field, const char *value);
CobroLinkLine *cobro_link_line_new (const char *name, CobroMoney unit_amount, gint64 quantity, gint64 maximum_quantity,
                                    CobroDecimal tax_rate);
CobroLinkField *cobro_link_field_new (const char *key, const char *label, gboolean required);
CobroLinkPart *cobro_link_part_new (const char *due, CobroMoney amount);

/**
 * cobro_link_validate:
 *
 * Checks every field rule (an unset id passes: it is made when the link is stored): lengths in characters, UTF-8
 * without control characters (newline and tab in description and messages only) and without bidirectional overrides
 * (U+202A–202E, U+2066–2069), amounts positive and within %COBRO_MONEY_LIMIT, all of the link's one currency, minimum ≤
 * preset ≤ maximum, plan parts that sum to the total, window not empty, URL shapes, e-mail shape, metadata sizes … What
 * does not belong to the chosen pricing, usage or partial rule must be unset (a fixed price has no lines). Part
 * payments need a single-use link whose total the payer cannot change.
 *
 * Returns: %FALSE with %COBRO_ERROR_INVALID, _CURRENCY or _OVERFLOW, whose path is the wire's name of the field
 */
gboolean cobro_link_validate (const CobroLink *link, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * cobro_link_validate_change:
 * @has_attempts: whether anybody has ever begun to pay it
 *
 * Checks that @to may follow @from: id, livemode, creation time never change; the currency not after the first attempt;
 * a cancelled link stays cancelled; a published link does not become a draft again.
 *
 * Returns: %FALSE with %COBRO_ERROR_STATE or %COBRO_ERROR_INVALID and the path
 */
gboolean cobro_link_validate_change (const CobroLink *from, const CobroLink *to, gboolean has_attempts,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * cobro_link_total:
 * @out_total: (out): what one use costs: the fixed amount, or the sum of the lines with their preset quantities; unset
 * for OPEN
 *
 * Returns: %FALSE with %COBRO_ERROR_OVERFLOW or %COBRO_ERROR_CURRENCY, which a validated link never gives
 */
gboolean cobro_link_total (const CobroLink *link, CobroMoney *out_total, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * cobro_link_tax:
 * @out_tax: (out): the tax inside the total: zero without lines
 *
 * Per rate, on the summed gross of its lines at their own quantities, rounded once, half up: gross − gross × 100 % ÷
 * (100 % + rate) (semantics: Tax and rounding, rules 2 and 3).
 *
 * Returns: %FALSE with %COBRO_ERROR_OVERFLOW
 */
gboolean cobro_link_tax (const CobroLink *link, CobroMoney *out_tax, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * cobro_link_line_total:
 * Returns: %FALSE with %COBRO_ERROR_OVERFLOW; @out_total is unit amount × quantity
 */
gboolean cobro_link_line_total (const CobroLinkLine *line, CobroMoney *out_total,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * cobro_link_total_of:
 * @quantities: (array length=n): what the payer chose, one for each line
 *
 * As cobro_link_total() with the payer's quantities: a line with a maximum takes 1 … maximum, every other only its own.
 * Never take the total from the payer.
 *
 * Returns: %FALSE with %COBRO_ERROR_INVALID at path "quantities[i]", or %COBRO_ERROR_OVERFLOW
 */
gboolean cobro_link_total_of (const CobroLink *link, const gint64 *quantities, gsize n, CobroMoney *out_total,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the payer has a say in what one use costs: open pricing, or lines with adjustable quantities. */
gboolean cobro_link_has_choice (const CobroLink *link);

/* Number of uses that the link allows; G_MAXINT64 for unlimited. */
gint64 cobro_link_use_limit (const CobroLink *link);

/**
 * cobro_link_check_amount:
 * @already_paid: what has been paid towards the present use so far
 * @amount: what the payer wants to pay now
 *
 * Checks that @amount is something this link may be paid with: the fixed total, within the open bounds, or a permitted
 * part (ON: at least the minimum first part, at most what is due; PLAN: what is due, or the sum of the next parts). Of
 * lines with adjustable quantities only the bounds are known here: make the amount with cobro_link_total_of().
 *
 * Returns: %FALSE with %COBRO_ERROR_INVALID at path "amount"
 */
gboolean cobro_link_check_amount (const CobroLink *link, CobroMoney already_paid, CobroMoney amount,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Stable wire names of the enums ("fixed", "single", "off", "active" …) and back; from_name returns FALSE for unknown
 * names. */
const char *cobro_pricing_name (CobroPricing pricing);
gboolean cobro_pricing_from_name (const char *name, CobroPricing *out_pricing);
const char *cobro_usage_name (CobroUsage usage);
gboolean cobro_usage_from_name (const char *name, CobroUsage *out_usage);
const char *cobro_partial_name (CobroPartial partial);
gboolean cobro_partial_from_name (const char *name, CobroPartial *out_partial);
const char *cobro_decision_name (CobroDecision decision);
gboolean cobro_decision_from_name (const char *name, CobroDecision *out_decision);
const char *cobro_method_name (CobroMethods one_method); /* "card", "crypto", "bank_transfer", "wallet", "store" */
gboolean cobro_method_from_name (const char *name, CobroMethods *out_method);
const char *cobro_collect_name (CobroCollect one); /* "name", "email", "phone", "address" */
gboolean cobro_collect_from_name (const char *name, CobroCollect *out_one);
