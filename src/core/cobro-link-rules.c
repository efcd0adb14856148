/* src/core/cobro-link-rules.c — what a link must obey: its fields, its changes, and what it may be paid with.
 * Layer: core. Pure functions, any thread. */
#include "cobro-link.h"
#include "cobro-error.h"
#include "cobro-text.h"

#include <string.h>

#define LINE_QUANTITY_MAX 9999
#define TAX_RATE_MAX      (100 * COBRO_DECIMAL_ONE)
#define FIELD_LABEL_MAX   80
#define GATEWAY_NAME_MAX  32
#define TIME_MAX          G_GINT64_CONSTANT (253402300799999999) /* the end of the year 9999 */

/* ── One amount ── */

/* Set, of the link's currency, above zero, within the limit. */
static gboolean
check_price (const CobroLink *link, CobroMoney amount, const char *path, GError **error)
{
  if (!cobro_money_is_set (amount))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "is required");
  if (cobro_money_currency (amount) != link->currency)
    return cobro_error_set_at (error, COBRO_ERROR_CURRENCY, path, "must be in the link's currency \"%s\", not \"%s\"",
                               cobro_currency_code (link->currency), cobro_money_code (amount));
  if (!cobro_money_is_positive (amount))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "must be above zero");
  if (!cobro_money_check (amount, error))
    return cobro_error_prefix_path (error, path);
  return TRUE;
}

static gboolean
check_optional_price (const CobroLink *link, CobroMoney amount, const char *path, GError **error)
{
  return !cobro_money_is_set (amount) || check_price (link, amount, path, error);
}

static gboolean
check_absent (gboolean absent, const char *path, const char *choice, GError **error)
{
  if (!absent)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "does not belong to \"%s\"", choice);
  return TRUE;
}

/* ── Lists ── */

static gboolean
check_line_body (const CobroLink *link, const CobroLinkLine *line, GError **error)
{
  if (!cobro_text_check (line->name, COBRO_LINK_TITLE_MAX, COBRO_TEXT_NEEDED, "name", error) ||
      !check_price (link, line->unit_amount, "unitAmount", error))
    return FALSE;
  if (line->quantity < 1 || line->quantity > LINE_QUANTITY_MAX)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "quantity", "must be 1 to %d", LINE_QUANTITY_MAX);
  if (line->maximum_quantity != 0 &&
      (line->maximum_quantity < line->quantity || line->maximum_quantity > LINE_QUANTITY_MAX))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "maximumQuantity", "must be the quantity or more, up to %d",
                               LINE_QUANTITY_MAX);
  if (line->tax_rate < 0 || line->tax_rate > TAX_RATE_MAX)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "taxRate", "must be 0 to 100 percent");
  return TRUE;
}

typedef gboolean (*CheckElement) (const CobroLink *link, gconstpointer element, GError **error);

/* Checks each element and puts "list[i]" in front of the path of the first that is wrong. */
static gboolean
check_each (const CobroLink *link, GPtrArray *list, guint max, const char *name, CheckElement check, GError **error)
{
  if (list->len > max)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, name, "must have at most %u elements, not %u", max,
                               list->len);
  for (guint i = 0; i < list->len; i++)
    if (!check (link, list->pdata[i], error))
      {
        g_autofree char *prefix = g_strdup_printf ("%s[%u]", name, i);

        return cobro_error_prefix_path (error, prefix);
      }
  return TRUE;
}

static gboolean
check_line (const CobroLink *link, gconstpointer element, GError **error)
{
  return check_line_body (link, element, error);
}

static gboolean
check_part (const CobroLink *link, gconstpointer element, GError **error)
{
  const CobroLinkPart *part = element;

  return cobro_text_check_date (part->due, "due", error) && check_price (link, part->amount, "amount", error);
}

static gboolean
check_field (const CobroLink *link, gconstpointer element, GError **error)
{
  const CobroLinkField *field = element;
  gsize n = strlen (field->key);
  guint same = 0;

  if (n == 0 || n > COBRO_LINK_METADATA_KEY_MAX || strspn (field->key, "abcdefghijklmnopqrstuvwxyz0123456789_") != n)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "key", "must be 1 to %d of a-z, 0-9 and '_'",
                               COBRO_LINK_METADATA_KEY_MAX);
  for (guint i = 0; i < link->fields->len; i++)
    same += g_str_equal (((const CobroLinkField *)link->fields->pdata[i])->key, field->key);
  if (same > 1)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "key", "is there twice: \"%s\"", field->key);
  return cobro_text_check (field->label, FIELD_LABEL_MAX, COBRO_TEXT_NEEDED, "label", error);
}

static gboolean
check_gateway (const CobroLink *link, gconstpointer element, GError **error)
{
  const char *name = element;
  gsize n = strlen (name);
  guint same = 0;

  if (n == 0 || n > GATEWAY_NAME_MAX || strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789_-") != n)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "", "must be the name of a gateway such as \"stripe\"");
  for (guint i = 0; i < link->gateways->len; i++)
    same += g_str_equal (link->gateways->pdata[i], name);
  if (same > 1)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "", "is there twice: \"%s\"", name);
  return TRUE;
}

/* ── Pricing ── */

gboolean
cobro_link_line_total (const CobroLinkLine *line, CobroMoney *out_total, GError **error)
{
  return cobro_money_scale (line->unit_amount, line->quantity, 1, COBRO_ROUND_HALF_UP, out_total, error);
}

/* Σ unit amount × quantity, where @quantities NULL takes each line's own and @largest its maximum. */
static gboolean
sum_lines (const CobroLink *link, const gint64 *quantities, gboolean largest, CobroMoney *out_total, GError **error)
{
  CobroMoney sum = cobro_money_zero (link->currency);

  for (guint i = 0; i < link->lines->len; i++)
    {
      const CobroLinkLine *line = link->lines->pdata[i];
      gint64 quantity = quantities != NULL ? quantities[i] : line->quantity;
      CobroMoney total;

      if (largest && line->maximum_quantity > 0)
        quantity = line->maximum_quantity;
      if (!cobro_money_scale (line->unit_amount, quantity, 1, COBRO_ROUND_HALF_UP, &total, error) ||
          !cobro_money_add (sum, total, &sum, error))
        return FALSE;
    }
  *out_total = sum;
  return TRUE;
}

static gboolean
check_lines (const CobroLink *link, GError **error)
{
  CobroMoney largest;

  if (link->lines->len == 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "pricing.lines", "must have at least one line");
  if (!check_each (link, link->lines, COBRO_LINK_LINES_MAX, "pricing.lines", check_line, error))
    return FALSE;
  if (!sum_lines (link, NULL, TRUE, &largest, error) || !cobro_money_check (largest, error))
    return cobro_error_prefix_path (error, "pricing.lines");
  return TRUE;
}

/* a ≤ b where both are set. */
static gboolean
check_order (CobroMoney a, CobroMoney b, const char *path, const char *than, GError **error)
{
  if (cobro_money_is_set (a) && cobro_money_is_set (b) && cobro_money_compare (a, b) > 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "must not be above the %s", than);
  return TRUE;
}

static gboolean
check_open (const CobroLink *link, GError **error)
{
  return check_optional_price (link, link->minimum, "pricing.minimum", error) &&
         check_optional_price (link, link->maximum, "pricing.maximum", error) &&
         check_optional_price (link, link->preset, "pricing.preset", error) &&
         check_order (link->minimum, link->maximum, "pricing.minimum", "maximum", error) &&
         check_order (link->minimum, link->preset, "pricing.minimum", "preset", error) &&
         check_order (link->preset, link->maximum, "pricing.preset", "maximum", error);
}

static gboolean
check_pricing (const CobroLink *link, GError **error)
{
  const char *name = cobro_pricing_name (link->pricing);

  if (link->currency == COBRO_CURRENCY_NONE)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "currency", "is required");
  if (link->pricing != COBRO_PRICING_FIXED &&
      !check_absent (!cobro_money_is_set (link->amount), "pricing.amount", name, error))
    return FALSE;
  if (link->pricing != COBRO_PRICING_OPEN &&
      !(check_absent (!cobro_money_is_set (link->minimum), "pricing.minimum", name, error) &&
        check_absent (!cobro_money_is_set (link->maximum), "pricing.maximum", name, error) &&
        check_absent (!cobro_money_is_set (link->preset), "pricing.preset", name, error)))
    return FALSE;
  if (link->pricing != COBRO_PRICING_LINES && !check_absent (link->lines->len == 0, "pricing.lines", name, error))
    return FALSE;

  switch (link->pricing)
    {
    case COBRO_PRICING_FIXED:
      return check_price (link, link->amount, "pricing.amount", error);
    case COBRO_PRICING_OPEN:
      return check_open (link, error);
    case COBRO_PRICING_LINES:
      return check_lines (link, error);
    }
  g_return_val_if_reached (FALSE);
}

/* ── Usage, window, methods ── */

static gboolean
check_usage (const CobroLink *link, GError **error)
{
  if (link->usage == COBRO_USAGE_LIMITED)
    {
      if (link->usage_limit < 1 || link->usage_limit > COBRO_LINK_USES_MAX)
        return cobro_error_set_at (error, COBRO_ERROR_INVALID, "usage.limit", "must be 1 to %d", COBRO_LINK_USES_MAX);
      return TRUE;
    }
  return check_absent (link->usage_limit == 0, "usage.limit", cobro_usage_name (link->usage), error);
}

static gboolean
check_window (const CobroLink *link, GError **error)
{
  if (link->not_before < 0 || link->not_before > TIME_MAX)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "notBefore", "must be in the years 1970 to 9999");
  if (link->expires_at < 0 || link->expires_at > TIME_MAX)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "expiresAt", "must be in the years 1970 to 9999");
  if (link->expires_at != 0 && link->expires_at <= link->not_before)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "expiresAt", "must be after notBefore");
  return TRUE;
}

static gboolean
check_sets (const CobroLink *link, GError **error)
{
  const guint methods =
    COBRO_METHOD_CARD | COBRO_METHOD_CRYPTO | COBRO_METHOD_BANK_TRANSFER | COBRO_METHOD_WALLET | COBRO_METHOD_STORE;
  const guint collect = COBRO_COLLECT_NAME | COBRO_COLLECT_EMAIL | COBRO_COLLECT_PHONE | COBRO_COLLECT_ADDRESS;

  if (link->methods == 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "methods", "must allow at least one way to pay");
  if ((link->methods & ~methods) != 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "methods", "has an unknown way to pay");
  if ((link->collect & ~collect) != 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "collect", "asks for something unknown");
  return TRUE;
}

/* ── Part payments ── */

static gboolean
check_plan (const CobroLink *link, CobroMoney total, GError **error)
{
  CobroMoney sum = cobro_money_zero (link->currency);

  if (link->parts->len < 2)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "partial.parts", "must have at least two parts");
  if (!check_each (link, link->parts, COBRO_LINK_PARTS_MAX, "partial.parts", check_part, error))
    return FALSE;
  for (guint i = 0; i < link->parts->len; i++)
    {
      const CobroLinkPart *part = link->parts->pdata[i];

      if (i > 0 && strcmp (((const CobroLinkPart *)link->parts->pdata[i - 1])->due, part->due) > 0)
        {
          g_autofree char *path = g_strdup_printf ("partial.parts[%u].due", i);

          return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "must not be before the part above it");
        }
      if (!cobro_money_add (sum, part->amount, &sum, error))
        return cobro_error_prefix_path (error, "partial.parts");
    }
  if (!cobro_money_equal (sum, total))
    {
      g_autofree char *is = cobro_money_to_decimal (sum);
      g_autofree char *should = cobro_money_to_decimal (total);

      return cobro_error_set_at (error, COBRO_ERROR_INVALID, "partial.parts", "must add up to %s, not %s", should, is);
    }
  return TRUE;
}

static gboolean
check_partial (const CobroLink *link, GError **error)
{
  const char *name = cobro_partial_name (link->partial);
  CobroMoney total;

  if (link->partial != COBRO_PARTIAL_ON &&
      !check_absent (!cobro_money_is_set (link->minimum_first), "partial.minimumFirst", name, error))
    return FALSE;
  if (link->partial != COBRO_PARTIAL_PLAN && !check_absent (link->parts->len == 0, "partial.parts", name, error))
    return FALSE;
  if (link->partial == COBRO_PARTIAL_OFF)
    return TRUE;
  if (link->usage != COBRO_USAGE_SINGLE)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "partial.type", "needs a single-use link");
  if (cobro_link_has_choice (link))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "partial.type",
                               "needs a total that the payer cannot change");
  if (!cobro_link_total (link, &total, error))
    return FALSE;
  if (link->partial == COBRO_PARTIAL_PLAN)
    return check_plan (link, total, error);
  return check_optional_price (link, link->minimum_first, "partial.minimumFirst", error) &&
         check_order (link->minimum_first, total, "partial.minimumFirst", "total", error);
}

/* ── The whole ── */

static gboolean
check_texts (const CobroLink *link, GError **error)
{
  return cobro_text_check (link->title, COBRO_LINK_TITLE_MAX, COBRO_TEXT_LINE, "title", error) &&
         cobro_text_check (link->description, COBRO_LINK_DESCRIPTION_MAX, COBRO_TEXT_BLOCK, "description", error) &&
         cobro_text_check (link->reference, COBRO_LINK_REFERENCE_MAX, COBRO_TEXT_LINE, "reference", error) &&
         cobro_text_check (link->customer_name, COBRO_LINK_TITLE_MAX, COBRO_TEXT_LINE, "customer.name", error) &&
         cobro_text_check_email (link->customer_email, "customer.email", error) &&
         cobro_text_check (link->after_message, COBRO_LINK_MESSAGE_MAX, COBRO_TEXT_BLOCK, "after.message", error) &&
         cobro_text_check_url (link->after_redirect_url, "after.redirectUrl", error) &&
         cobro_text_check (link->closed_message, COBRO_LINK_MESSAGE_MAX, COBRO_TEXT_BLOCK, "closedMessage", error) &&
         cobro_text_check_locale (link->locale, "locale", error) &&
         cobro_text_check_metadata (link->metadata, "metadata", error);
}

static gboolean
check_identity (const CobroLink *link, GError **error)
{
  CobroId id;
  CobroToken token;

  if (cobro_id_is_set (&link->id) &&
      !cobro_id_parse (COBRO_ID_LINK, link->id.text, &id, error)) /* unset: not made yet */
    return cobro_error_prefix_path (error, "id");
  if (link->rev < 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "rev", "must not be negative");
  if (cobro_token_is_set (&link->token) && !cobro_token_parse (link->token.text, &token, error))
    return cobro_error_prefix_path (error, "token");
  if (cobro_id_is_set (&link->invoice_id) && !cobro_id_parse (COBRO_ID_INVOICE, link->invoice_id.text, &id, error))
    return cobro_error_prefix_path (error, "invoiceId");
  if (cobro_id_is_set (&link->customer_id) && !cobro_id_parse (COBRO_ID_CUSTOMER, link->customer_id.text, &id, error))
    return cobro_error_prefix_path (error, "customer.id");
  return TRUE;
}

gboolean
cobro_link_validate (const CobroLink *link, GError **error)
{
  return check_identity (link, error) && check_texts (link, error) && check_pricing (link, error) &&
         check_usage (link, error) && check_window (link, error) && check_sets (link, error) &&
         check_each (link, link->gateways, COBRO_LINK_GATEWAYS_MAX, "gateways", check_gateway, error) &&
         check_partial (link, error) &&
         check_each (link, link->fields, COBRO_LINK_FIELDS_MAX, "fields", check_field, error);
}

gboolean
cobro_link_validate_change (const CobroLink *from, const CobroLink *to, gboolean has_attempts, GError **error)
{
  if (!cobro_id_equal (&from->id, &to->id))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "id", "cannot change");
  if (from->livemode != to->livemode)
    return cobro_error_set_at (error, COBRO_ERROR_STATE, "livemode", "cannot change");
  if (!cobro_id_equal (&from->invoice_id, &to->invoice_id))
    return cobro_error_set_at (error, COBRO_ERROR_STATE, "invoiceId", "cannot change");
  if (from->created_at != to->created_at)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "createdAt", "cannot change");
  if (has_attempts && from->currency != to->currency)
    return cobro_error_set_at (error, COBRO_ERROR_STATE, "currency", "cannot change after the first attempt to pay");
  if (from->decision == COBRO_DECISION_CANCELLED && to->decision != COBRO_DECISION_CANCELLED)
    return cobro_error_set_at (error, COBRO_ERROR_STATE, "decision", "is cancelled, which is final");
  if (from->decision != COBRO_DECISION_DRAFT && to->decision == COBRO_DECISION_DRAFT)
    return cobro_error_set_at (error, COBRO_ERROR_STATE, "decision", "cannot become a draft again");
  return TRUE;
}

gboolean
cobro_link_total (const CobroLink *link, CobroMoney *out_total, GError **error)
{
  switch (link->pricing)
    {
    case COBRO_PRICING_FIXED:
      *out_total = link->amount;
      return TRUE;
    case COBRO_PRICING_OPEN:
      *out_total = COBRO_MONEY_NONE;
      return TRUE;
    case COBRO_PRICING_LINES:
      return sum_lines (link, NULL, FALSE, out_total, error);
    }
  g_return_val_if_reached (FALSE);
}

gboolean
cobro_link_total_of (const CobroLink *link, const gint64 *quantities, gsize n, CobroMoney *out_total, GError **error)
{
  if (link->pricing != COBRO_PRICING_LINES || n != link->lines->len)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "quantities", "must be one for each of the %u lines",
                               link->lines->len);
  for (guint i = 0; i < n; i++)
    {
      const CobroLinkLine *line = link->lines->pdata[i];
      gint64 least = line->maximum_quantity > 0 ? 1 : line->quantity;
      gint64 most = line->maximum_quantity > 0 ? line->maximum_quantity : line->quantity;

      if (quantities[i] < least || quantities[i] > most)
        {
          g_autofree char *path = g_strdup_printf ("quantities[%u]", i);

          return cobro_error_set_at (error, COBRO_ERROR_INVALID, path,
                                     "must be %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, least, most);
        }
    }
  return sum_lines (link, quantities, FALSE, out_total, error);
}

/* What of the lines with the rate of line @first is tax. */
static gboolean
tax_of_rate (const CobroLink *link, guint first, CobroMoney *out_tax, GError **error)
{
  CobroDecimal rate = ((CobroLinkLine *)link->lines->pdata[first])->tax_rate;
  CobroMoney gross = cobro_money_zero (link->currency);
  CobroMoney net, part;

  for (guint i = first; i < link->lines->len; i++)
    {
      const CobroLinkLine *line = link->lines->pdata[i];

      if (line->tax_rate == rate &&
          (!cobro_link_line_total (line, &part, error) || !cobro_money_add (gross, part, &gross, error)))
        return FALSE;
    }
  return cobro_money_scale (gross, 100 * COBRO_DECIMAL_ONE, 100 * COBRO_DECIMAL_ONE + rate, COBRO_ROUND_HALF_UP, &net,
                            error) &&
         cobro_money_subtract (gross, net, out_tax, error);
}

static gboolean
is_first_of_rate (const CobroLink *link, guint index)
{
  for (guint i = 0; i < index; i++)
    if (((CobroLinkLine *)link->lines->pdata[i])->tax_rate == ((CobroLinkLine *)link->lines->pdata[index])->tax_rate)
      return FALSE;
  return TRUE;
}

gboolean
cobro_link_tax (const CobroLink *link, CobroMoney *out_tax, GError **error)
{
  CobroMoney sum = cobro_money_zero (link->currency);
  CobroMoney tax;

  for (guint i = 0; i < link->lines->len; i++)
    if (is_first_of_rate (link, i) && (!tax_of_rate (link, i, &tax, error) || !cobro_money_add (sum, tax, &sum, error)))
      return FALSE;
  *out_tax = sum;
  return TRUE;
}

/* ── What a payer may pay ── */

static gboolean
check_between (CobroMoney amount, CobroMoney least, CobroMoney most, GError **error)
{
  g_autofree char *least_text = NULL, *most_text = NULL;

  if (cobro_money_compare (amount, least) >= 0 && cobro_money_compare (amount, most) <= 0)
    return TRUE;
  least_text = cobro_money_to_decimal (least);
  most_text = cobro_money_to_decimal (most);
  if (cobro_money_equal (least, most))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "must be %s %s", most_text,
                               cobro_money_code (most));
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "must be %s to %s %s", least_text, most_text,
                             cobro_money_code (most));
}

static gboolean
check_open_amount (const CobroLink *link, CobroMoney amount, GError **error)
{
  CobroMoney least = cobro_money_is_set (link->minimum) ? link->minimum : cobro_money (1, link->currency);
  CobroMoney most =
    cobro_money_is_set (link->maximum) ? link->maximum : cobro_money (COBRO_MONEY_LIMIT, link->currency);

  return check_between (amount, least, most, error);
}

static gboolean
check_adjusted_amount (const CobroLink *link, CobroMoney amount, GError **error)
{
  g_autofree gint64 *fewest = g_new (gint64, link->lines->len);
  CobroMoney least, most;

  for (guint i = 0; i < link->lines->len; i++)
    {
      const CobroLinkLine *line = link->lines->pdata[i];

      fewest[i] = line->maximum_quantity > 0 ? 1 : line->quantity;
    }
  return sum_lines (link, fewest, FALSE, &least, error) && sum_lines (link, NULL, TRUE, &most, error) &&
         check_between (amount, least, most, error);
}

/* A plan may be paid part by part, several parts at once, or whole: what was paid plus @amount must end on a part. */
static gboolean
check_plan_amount (const CobroLink *link, CobroMoney paid, CobroMoney amount, GError **error)
{
  CobroMoney sum = cobro_money_zero (link->currency), after, next = COBRO_MONEY_NONE;
  g_autofree char *text = NULL;

  if (!cobro_money_add (paid, amount, &after, error))
    return FALSE;
  for (guint i = 0; i < link->parts->len; i++)
    {
      if (!cobro_money_add (sum, ((const CobroLinkPart *)link->parts->pdata[i])->amount, &sum, error))
        return FALSE;
      if (cobro_money_equal (sum, after))
        return TRUE;
      if (!cobro_money_is_set (next) && cobro_money_compare (sum, paid) > 0 &&
          !cobro_money_subtract (sum, paid, &next, error))
        return FALSE;
    }
  text = cobro_money_to_decimal (next);
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount",
                             "must be the next part of the plan, %s %s, or more whole parts", text,
                             cobro_currency_code (link->currency));
}

static gboolean
check_part_amount (const CobroLink *link, CobroMoney paid, CobroMoney amount, CobroMoney due, GError **error)
{
  CobroMoney least = cobro_money (1, link->currency), total;

  if (!cobro_money_is_positive (paid) && cobro_money_is_set (link->minimum_first))
    least = link->minimum_first;
  if (!cobro_link_total (link, &total, error))
    return FALSE;
  if (cobro_money_is_set (link->minimum_first) && cobro_money_compare (link->minimum_first, total) >= 0)
    least = due; /* parts come on the merchant's word alone */
  if (link->partial == COBRO_PARTIAL_PLAN && cobro_money_is_positive (amount))
    return check_plan_amount (link, paid, amount, error);
  return check_between (amount, least, due, error);
}

gboolean
cobro_link_check_amount (const CobroLink *link, CobroMoney already_paid, CobroMoney amount, GError **error)
{
  CobroMoney paid = cobro_money_is_set (already_paid) ? already_paid : cobro_money_zero (link->currency);
  CobroMoney total, due;

  if (cobro_money_currency (amount) != link->currency || cobro_money_currency (paid) != link->currency)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "must be in \"%s\"",
                               cobro_currency_code (link->currency));
  if (link->pricing == COBRO_PRICING_OPEN)
    return check_open_amount (link, amount, error);
  if (cobro_link_has_choice (link))
    return check_adjusted_amount (link, amount, error);
  if (!cobro_link_total (link, &total, error) || !cobro_money_subtract (total, paid, &due, error))
    return FALSE;
  if (!cobro_money_is_positive (due))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "is not asked for: everything is paid");
  if (link->partial != COBRO_PARTIAL_OFF)
    return check_part_amount (link, paid, amount, due, error);
  return check_between (amount, due, due, error);
}
