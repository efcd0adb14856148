/* tests/core/test-link.c — every field of a link just inside and just outside its rule; changes; what may be paid.
 * Layer: tests. */
#include "cobro-link.h"
#include "cobro-test.h"

#include <string.h>

static CobroCurrency
currency (const char *code)
{
  CobroCurrency found = COBRO_CURRENCY_NONE;

  g_assert_true (cobro_currency_from_code (code, &found, NULL));
  return found;
}

static CobroMoney
eur (gint64 minor)
{
  return cobro_money (minor, currency ("EUR"));
}

static CobroLink *
fixed_link (gint64 minor)
{
  CobroLink *link = cobro_link_new ();

  g_assert_true (cobro_id_parse (COBRO_ID_LINK, "link_01jdvh00000000000000000000", &link->id, NULL));
  link->currency = currency ("EUR");
  link->amount = eur (minor);
  return link;
}

/* Two lines: 3 × 4.50, which the payer may change up to 5, and 1 × 20.00. */
static CobroLink *
lines_link (gint64 maximum)
{
  CobroLink *link = fixed_link (1);

  link->pricing = COBRO_PRICING_LINES;
  link->amount = COBRO_MONEY_NONE;
  g_ptr_array_add (link->lines, cobro_link_line_new ("Coffee", eur (450), 3, maximum, 10 * COBRO_DECIMAL_ONE));
  g_ptr_array_add (link->lines, cobro_link_line_new ("Machine", eur (2000), 1, 0, 0));
  return link;
}

static CobroLink *
open_link (gint64 minimum, gint64 maximum, gint64 preset)
{
  CobroLink *link = fixed_link (1);

  link->pricing = COBRO_PRICING_OPEN;
  link->amount = COBRO_MONEY_NONE;
  link->minimum = minimum == 0 ? COBRO_MONEY_NONE : eur (minimum);
  link->maximum = maximum == 0 ? COBRO_MONEY_NONE : eur (maximum);
  link->preset = preset == 0 ? COBRO_MONEY_NONE : eur (preset);
  return link;
}

static CobroLink *
plan_link (const char *due, gint64 first, gint64 second)
{
  CobroLink *link = fixed_link (10000);

  link->partial = COBRO_PARTIAL_PLAN;
  g_ptr_array_add (link->parts, cobro_link_part_new ("2026-12-01", eur (first)));
  g_ptr_array_add (link->parts, cobro_link_part_new (due, eur (second)));
  return link;
}

static CobroLinkLine *
line_of (CobroLink *link, guint i)
{
  return link->lines->pdata[i];
}

/* Takes @link. @path NULL: it must be valid. */
static void
assert_valid_at (int line, CobroLink *link, CobroError code, const char *path)
{
  g_autoptr (CobroLink) owned = link;
  g_autoptr (GError) error = NULL;

  if (cobro_link_validate (owned, &error))
    {
      if (path != NULL)
        g_error ("line %d: accepted, but %s is wrong", line, path);
      return;
    }
  if (path == NULL)
    g_error ("line %d: refused: %s: %s", line, cobro_error_get_path (error), error->message);
  cobro_test_assert_error_at ("assert_valid", line, &error, code, path);
}
#define assert_valid(link)               assert_valid_at (__LINE__, link, COBRO_ERROR_INVALID, NULL)
#define assert_invalid(link, code, path) assert_valid_at (__LINE__, link, COBRO_ERROR_##code, path)

/* A link with one thing changed: `with (fixed_link (1), link->rev = 3)`. */
#define with(made, change)                                                                                             \
  ({                                                                                                                   \
    CobroLink *link = (made);                                                                                          \
    change;                                                                                                            \
    link;                                                                                                              \
  })

static void
set_text (char **field, guint n, const char *fill)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (text, fill);
  cobro_link_set_text (field, text->str);
  g_string_free (text, TRUE);
}

/* Every text: longest, one longer, a control character, newline where lines may have none, bidi override, broken UTF-8.
 */
static void
test_texts (void)
{
  static const struct
  {
    gsize offset;
    guint max;
    gboolean block;
    const char *path;
  } texts[] = {
    { G_STRUCT_OFFSET (CobroLink, title), COBRO_LINK_TITLE_MAX, FALSE, "title" },
    { G_STRUCT_OFFSET (CobroLink, description), COBRO_LINK_DESCRIPTION_MAX, TRUE, "description" },
    { G_STRUCT_OFFSET (CobroLink, reference), COBRO_LINK_REFERENCE_MAX, FALSE, "reference" },
    { G_STRUCT_OFFSET (CobroLink, customer_name), COBRO_LINK_TITLE_MAX, FALSE, "customer.name" },
    { G_STRUCT_OFFSET (CobroLink, after_message), COBRO_LINK_MESSAGE_MAX, TRUE, "after.message" },
    { G_STRUCT_OFFSET (CobroLink, closed_message), COBRO_LINK_MESSAGE_MAX, TRUE, "closedMessage" },
  };
  static const char *const broken[] = { "a\x01", "a\x7f", "a\xc2\x85", "a\u202e", "a\u2066", "a\xff", "a\r" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
#define field G_STRUCT_MEMBER_P (link, texts[i].offset)
      assert_valid (with (fixed_link (1), set_text (field, texts[i].max, "ñ")));
      assert_valid (with (fixed_link (1), set_text (field, texts[i].max, "😀")));
      assert_invalid (with (fixed_link (1), set_text (field, texts[i].max + 1, "ñ")), INVALID, texts[i].path);
      assert_invalid (with (fixed_link (1), set_text (field, 100000, "x")), INVALID, texts[i].path);
      assert_valid_at (__LINE__, with (fixed_link (1), set_text (field, 1, "a\nb")), COBRO_ERROR_INVALID,
                       texts[i].block ? NULL : texts[i].path);
      for (gsize j = 0; j < G_N_ELEMENTS (broken); j++)
        assert_invalid (with (fixed_link (1), set_text (field, 1, broken[j])), INVALID, texts[i].path);
      assert_valid (
        with (fixed_link (1), set_text (field, 1, "<script>alert(1)</script>"))); /* harmless: text is text */
#undef field
    }
}

static void
test_shaped_texts (void)
{
  assert_valid (with (fixed_link (1), cobro_link_set_text (&link->customer_email, "ana@example.org")));
  assert_invalid (with (fixed_link (1), cobro_link_set_text (&link->customer_email, "ana")), INVALID, "customer.email");
  assert_valid (with (fixed_link (1), cobro_link_set_text (&link->after_redirect_url, "https://example.org/thanks")));
  assert_invalid (with (fixed_link (1), cobro_link_set_text (&link->after_redirect_url, "javascript:alert(1)")),
                  INVALID, "after.redirectUrl");
  assert_valid (with (fixed_link (1), cobro_link_set_text (&link->locale, "pt-BR")));
  assert_invalid (with (fixed_link (1), cobro_link_set_text (&link->locale, "")), INVALID, "locale");
  assert_invalid (with (fixed_link (1), g_hash_table_insert (link->metadata, g_strdup ("a b"), g_strdup ("c"))),
                  INVALID, "metadata");
}

static void
test_identity (void)
{
  assert_valid (with (fixed_link (1), link->id = COBRO_ID_NONE)); /* not made yet */
  assert_invalid (with (fixed_link (1), g_strlcpy (link->id.text, "pay_x", 32)), INVALID, "id");
  assert_invalid (with (fixed_link (1), link->rev = -1), INVALID, "rev");
  assert_invalid (with (fixed_link (1), g_strlcpy (link->token.text, "abc", 65)), INVALID, "token");
  assert_invalid (with (fixed_link (1), g_strlcpy (link->customer_id.text, "pay_x", 32)), INVALID, "customer.id");
}

static void
test_fixed (void)
{
  assert_valid (fixed_link (1));
  assert_valid (fixed_link (COBRO_MONEY_LIMIT));
  assert_invalid (fixed_link (COBRO_MONEY_LIMIT + 1), OVERFLOW, "pricing.amount");
  assert_invalid (fixed_link (G_GINT64_CONSTANT (1000000000000000000)), OVERFLOW, "pricing.amount");
  assert_invalid (fixed_link (G_MAXINT64), OVERFLOW, "pricing.amount");
  assert_invalid (fixed_link (0), INVALID, "pricing.amount");
  assert_invalid (fixed_link (-1), INVALID, "pricing.amount");
  assert_invalid (fixed_link (G_MININT64), INVALID, "pricing.amount");
  assert_invalid (with (fixed_link (1), link->amount = COBRO_MONEY_NONE), INVALID, "pricing.amount");
  assert_invalid (with (fixed_link (1), link->amount = cobro_money (1, currency ("USD"))), CURRENCY, "pricing.amount");
  assert_invalid (with (fixed_link (1), link->currency = COBRO_CURRENCY_NONE), INVALID, "currency");
  assert_invalid (with (fixed_link (1), link->minimum = eur (1)), INVALID, "pricing.minimum");
  assert_invalid (with (fixed_link (1), link->maximum = eur (1)), INVALID, "pricing.maximum");
  assert_invalid (with (fixed_link (1), link->preset = eur (1)), INVALID, "pricing.preset");
  assert_invalid (with (fixed_link (1), g_ptr_array_add (link->lines, cobro_link_line_new ("x", eur (1), 1, 0, 0))),
                  INVALID, "pricing.lines");
}

static void
test_open (void)
{
  assert_valid (open_link (0, 0, 0));
  assert_valid (open_link (500, 500, 500));
  assert_valid (open_link (1, COBRO_MONEY_LIMIT, 7));
  assert_invalid (open_link (501, 500, 0), INVALID, "pricing.minimum");
  assert_invalid (open_link (501, 0, 500), INVALID, "pricing.minimum");
  assert_invalid (open_link (0, 500, 501), INVALID, "pricing.preset");
  assert_invalid (open_link (-1, 0, 0), INVALID, "pricing.minimum");
  assert_invalid (open_link (0, COBRO_MONEY_LIMIT + 1, 0), OVERFLOW, "pricing.maximum");
  assert_invalid (open_link (0, 0, G_MININT64), INVALID, "pricing.preset");
  assert_invalid (with (open_link (0, 0, 0), link->preset = cobro_money (5, currency ("USD"))), CURRENCY,
                  "pricing.preset");
  assert_invalid (with (open_link (0, 0, 0), link->amount = eur (1)), INVALID, "pricing.amount");
}

static void
add_lines (CobroLink *link, guint n)
{
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (link->lines, cobro_link_line_new ("x", eur (1), 1, 0, 0));
}

static void
test_lines (void)
{
  assert_valid (lines_link (5));
  assert_valid (with (lines_link (0), add_lines (link, COBRO_LINK_LINES_MAX - 2)));
  assert_invalid (with (lines_link (0), add_lines (link, COBRO_LINK_LINES_MAX - 1)), INVALID, "pricing.lines");
  assert_invalid (with (lines_link (0), g_ptr_array_set_size (link->lines, 0)), INVALID, "pricing.lines");
  assert_invalid (with (lines_link (0), cobro_link_set_text (&line_of (link, 1)->name, " ")), INVALID,
                  "pricing.lines[1].name");
  assert_invalid (with (lines_link (0), set_text (&line_of (link, 0)->name, 201, "x")), INVALID,
                  "pricing.lines[0].name");
  assert_invalid (with (lines_link (0), line_of (link, 0)->unit_amount = eur (0)), INVALID,
                  "pricing.lines[0].unitAmount");
  assert_invalid (with (lines_link (0), line_of (link, 0)->unit_amount = eur (COBRO_MONEY_LIMIT + 1)), OVERFLOW,
                  "pricing.lines[0].unitAmount");
  assert_invalid (with (lines_link (0), line_of (link, 1)->quantity = 0), INVALID, "pricing.lines[1].quantity");
  assert_valid (with (lines_link (0), line_of (link, 1)->quantity = 9999));
  assert_invalid (with (lines_link (0), line_of (link, 1)->quantity = 10000), INVALID, "pricing.lines[1].quantity");
  assert_invalid (with (lines_link (0), line_of (link, 1)->quantity = -3), INVALID, "pricing.lines[1].quantity");
  assert_valid (lines_link (3));
  assert_invalid (lines_link (2), INVALID, "pricing.lines[0].maximumQuantity");
  assert_invalid (lines_link (10000), INVALID, "pricing.lines[0].maximumQuantity");
  assert_invalid (lines_link (-1), INVALID, "pricing.lines[0].maximumQuantity");
  assert_invalid (with (lines_link (0), line_of (link, 0)->tax_rate = -1), INVALID, "pricing.lines[0].taxRate");
  assert_valid (with (lines_link (0), line_of (link, 0)->tax_rate = 100 * COBRO_DECIMAL_ONE));
  assert_invalid (with (lines_link (0), line_of (link, 0)->tax_rate = 100 * COBRO_DECIMAL_ONE + 1), INVALID,
                  "pricing.lines[0].taxRate");
  /* Each line is fine, their sum is not; nor is what the payer could make of them. */
  assert_invalid (with (lines_link (0), line_of (link, 1)->unit_amount = eur (COBRO_MONEY_LIMIT)), OVERFLOW,
                  "pricing.lines");
  assert_invalid (with (lines_link (9999), line_of (link, 0)->unit_amount = eur (COBRO_MONEY_LIMIT / 9998)), OVERFLOW,
                  "pricing.lines");
}

static void
use (CobroLink *link, CobroUsage usage, gint64 limit)
{
  link->usage = usage;
  link->usage_limit = limit;
}

static void
window (CobroLink *link, CobroTime from, CobroTime to)
{
  link->not_before = from;
  link->expires_at = to;
}

/* proves: OPL-6 */
static void
test_usage_and_window (void)
{
  const CobroTime last = G_GINT64_CONSTANT (253402300799999999);

  assert_valid (with (fixed_link (1), use (link, COBRO_USAGE_LIMITED, 1)));
  assert_valid (with (fixed_link (1), use (link, COBRO_USAGE_LIMITED, COBRO_LINK_USES_MAX)));
  assert_valid (with (fixed_link (1), use (link, COBRO_USAGE_UNLIMITED, 0)));
  assert_invalid (with (fixed_link (1), use (link, COBRO_USAGE_LIMITED, 0)), INVALID, "usage.limit");
  assert_invalid (with (fixed_link (1), use (link, COBRO_USAGE_LIMITED, COBRO_LINK_USES_MAX + 1)), INVALID,
                  "usage.limit");
  assert_invalid (with (fixed_link (1), use (link, COBRO_USAGE_LIMITED, -1)), INVALID, "usage.limit");
  assert_invalid (with (fixed_link (1), use (link, COBRO_USAGE_SINGLE, 1)), INVALID, "usage.limit");

  assert_valid (with (fixed_link (1), window (link, 1, 2)));
  assert_valid (with (fixed_link (1), window (link, last, 0)));
  assert_valid (with (fixed_link (1), window (link, 0, last)));
  assert_invalid (with (fixed_link (1), window (link, 2, 2)), INVALID, "expiresAt");
  assert_invalid (with (fixed_link (1), window (link, 3, 2)), INVALID, "expiresAt");
  assert_invalid (with (fixed_link (1), window (link, -1, 0)), INVALID, "notBefore");
  assert_invalid (with (fixed_link (1), window (link, 0, -1)), INVALID, "expiresAt");
  assert_invalid (with (fixed_link (1), window (link, last + 1, 0)), INVALID, "notBefore");
  assert_invalid (with (fixed_link (1), window (link, 0, last + 1)), INVALID, "expiresAt");
}

static void
add_gateways (CobroLink *link, guint n, const char *name)
{
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (link->gateways, g_strdup_printf ("%s%u", name, i));
}

/* proves: DYN-4 */
static void
test_sets (void)
{
  assert_invalid (with (fixed_link (1), link->methods = 0), INVALID, "methods");
  assert_invalid (with (fixed_link (1), link->methods = 1 << 5), INVALID, "methods");
  assert_valid (with (fixed_link (1), link->methods = 15));
  assert_valid (with (fixed_link (1), link->collect = 15));
  assert_invalid (with (fixed_link (1), link->collect = 16), INVALID, "collect");
  assert_valid (with (fixed_link (1), add_gateways (link, COBRO_LINK_GATEWAYS_MAX, "mock-")));
  assert_invalid (with (fixed_link (1), add_gateways (link, COBRO_LINK_GATEWAYS_MAX + 1, "mock")), INVALID, "gateways");
  assert_invalid (with (fixed_link (1), add_gateways (link, 1, "Mock ")), INVALID, "gateways[0]");
  assert_invalid (with (fixed_link (1), add_gateways (link, 2, "m"); g_ptr_array_add (link->gateways, g_strdup ("m1"))),
                  INVALID, "gateways[1]");
}

static void
add_fields (CobroLink *link, guint n, const char *key, const char *label)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s%u", key, i);

      g_ptr_array_add (link->fields, cobro_link_field_new (name, label, TRUE));
    }
}

static void
test_fields (void)
{
  g_autofree char *label = g_strnfill (80, 'l'), *long_label = g_strnfill (81, 'l');
  g_autofree char *key = g_strnfill (39, 'k'), *long_key = g_strnfill (40, 'k');

  assert_valid (with (fixed_link (1), add_fields (link, 3, "size_", label)));
  assert_valid (with (fixed_link (1), add_fields (link, 1, key, "Size")));
  assert_invalid (with (fixed_link (1), add_fields (link, 4, "size", "Size")), INVALID, "fields");
  assert_invalid (with (fixed_link (1), add_fields (link, 1, long_key, "Size")), INVALID, "fields[0].key");
  assert_invalid (with (fixed_link (1), add_fields (link, 1, "Size", "Size")), INVALID, "fields[0].key");
  assert_invalid (with (fixed_link (1), add_fields (link, 1, "a b", "Size")), INVALID, "fields[0].key");
  assert_invalid (with (fixed_link (1), add_fields (link, 1, "a", "")), INVALID, "fields[0].label");
  assert_invalid (with (fixed_link (1), add_fields (link, 1, "a", long_label)), INVALID, "fields[0].label");
  assert_invalid (with (fixed_link (1), add_fields (link, 1, "a", "x"); add_fields (link, 1, "a", "y")), INVALID,
                  "fields[0].key");
}

static void
first_part (CobroLink *link, CobroMoney minimum)
{
  link->partial = COBRO_PARTIAL_ON;
  link->minimum_first = minimum;
}

static void
test_partial (void)
{
  assert_valid (with (fixed_link (1000), first_part (link, COBRO_MONEY_NONE)));
  assert_valid (with (fixed_link (1000), first_part (link, eur (1000))));
  assert_valid (with (lines_link (0), first_part (link, eur (3350))));
  assert_invalid (with (fixed_link (1000), first_part (link, eur (1001))), INVALID, "partial.minimumFirst");
  assert_invalid (with (fixed_link (1000), first_part (link, eur (0))), INVALID, "partial.minimumFirst");
  assert_invalid (with (fixed_link (1000), link->minimum_first = eur (5)), INVALID, "partial.minimumFirst");
  assert_invalid (with (open_link (0, 0, 0), first_part (link, eur (5))), INVALID, "partial.type");
  assert_invalid (with (lines_link (5), first_part (link, eur (5))), INVALID, "partial.type");
  assert_invalid (with (fixed_link (1000), first_part (link, eur (5)); use (link, COBRO_USAGE_UNLIMITED, 0)), INVALID,
                  "partial.type");

  assert_valid (plan_link ("2027-01-01", 5000, 5000));
  assert_valid (plan_link ("2026-12-01", 9999, 1));
  assert_invalid (plan_link ("2027-01-01", 5000, 5001), INVALID, "partial.parts");
  assert_invalid (plan_link ("2027-01-01", 10000, 0), INVALID, "partial.parts[1].amount");
  assert_invalid (plan_link ("2027-01-01", 10001, -1), INVALID, "partial.parts[1].amount");
  assert_invalid (plan_link ("2026-11-30", 5000, 5000), INVALID, "partial.parts[1].due");
  assert_invalid (plan_link ("2027-02-29", 5000, 5000), INVALID, "partial.parts[1].due");
  assert_invalid (plan_link ("2027-01-01T00:00:00Z", 5000, 5000), INVALID, "partial.parts[1].due");
  assert_invalid (with (plan_link ("2027-01-01", 5000, 5000), g_ptr_array_set_size (link->parts, 1)), INVALID,
                  "partial.parts");
  assert_invalid (with (plan_link ("2027-01-01", 5000, 5000), link->partial = COBRO_PARTIAL_OFF), INVALID,
                  "partial.parts");
}

static void
test_plan_length (void)
{
  CobroLink *link = fixed_link (COBRO_LINK_PARTS_MAX);

  link->partial = COBRO_PARTIAL_PLAN;
  for (guint i = 0; i < COBRO_LINK_PARTS_MAX; i++)
    g_ptr_array_add (link->parts, cobro_link_part_new ("2026-12-01", eur (1)));
  assert_valid (cobro_link_copy (link));
  link->amount = eur (COBRO_LINK_PARTS_MAX + 1);
  g_ptr_array_add (link->parts, cobro_link_part_new ("2026-12-01", eur (1)));
  assert_invalid (link, INVALID, "partial.parts");
}

static void
assert_change (CobroLink *take_from, CobroLink *take_to, gboolean has_attempts, CobroError code, const char *path)
{
  g_autoptr (CobroLink) from = take_from, to = take_to;
  g_autoptr (GError) error = NULL;

  g_assert_true (cobro_link_validate_change (from, to, has_attempts, &error) == (path == NULL));
  if (path != NULL)
    cobro_test_assert_error (&error, code, path);
}

static void
test_changes (void)
{
  CobroCurrency usd = currency ("USD");

  assert_change (fixed_link (1), fixed_link (2), TRUE, 0, NULL);
  assert_change (fixed_link (1), with (fixed_link (1), link->currency = usd), FALSE, 0, NULL);
  assert_change (fixed_link (1), with (fixed_link (1), link->currency = usd), TRUE, COBRO_ERROR_STATE, "currency");
  assert_change (fixed_link (1), with (fixed_link (1), link->id.text[30] = '1'), FALSE, COBRO_ERROR_INVALID, "id");
  assert_change (fixed_link (1), with (fixed_link (1), link->livemode = TRUE), FALSE, COBRO_ERROR_STATE, "livemode");
  assert_change (fixed_link (1), with (fixed_link (1), link->created_at = 5), FALSE, COBRO_ERROR_INVALID, "createdAt");
  for (guint from = COBRO_DECISION_DRAFT; from <= COBRO_DECISION_CANCELLED; from++)
    for (guint to = COBRO_DECISION_DRAFT; to <= COBRO_DECISION_CANCELLED; to++)
      {
        gboolean allowed = from == to || (from != COBRO_DECISION_CANCELLED && to != COBRO_DECISION_DRAFT);

        assert_change (with (fixed_link (1), link->decision = (CobroDecision)from),
                       with (fixed_link (1), link->decision = (CobroDecision)to), TRUE, COBRO_ERROR_STATE,
                       allowed ? NULL : "decision");
      }
}

/* Takes @link. */
static void
assert_amount (CobroLink *link, gint64 paid, gint64 amount, gboolean allowed)
{
  g_autoptr (CobroLink) owned = link;
  g_autoptr (GError) error = NULL;

  g_assert_true (cobro_link_check_amount (owned, eur (paid), eur (amount), &error) == allowed);
  if (!allowed)
    cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "amount");
}

static void
test_amounts (void)
{
  static const gint64 fixed[] = { -1000, -1, 0, 1, 999, 1000, 1001, G_MAXINT64, G_MININT64 };

  for (gsize i = 0; i < G_N_ELEMENTS (fixed); i++)
    assert_amount (fixed_link (1000), 0, fixed[i], fixed[i] == 1000);
  assert_amount (open_link (500, 700, 0), 0, 499, FALSE);
  assert_amount (open_link (500, 700, 0), 0, 500, TRUE);
  assert_amount (open_link (500, 700, 0), 0, 700, TRUE);
  assert_amount (open_link (500, 700, 0), 0, 701, FALSE);
  assert_amount (open_link (0, 0, 0), 0, 0, FALSE);
  assert_amount (open_link (0, 0, 0), 0, 1, TRUE);
  assert_amount (open_link (0, 0, 0), 0, COBRO_MONEY_LIMIT, TRUE);
  assert_amount (open_link (0, 0, 0), 0, COBRO_MONEY_LIMIT + 1, FALSE);
  assert_amount (lines_link (0), 0, 3350, TRUE);
  assert_amount (lines_link (0), 0, 3349, FALSE);
  assert_amount (lines_link (5), 0, 2450, TRUE);
  assert_amount (lines_link (5), 0, 2449, FALSE);
  assert_amount (lines_link (5), 0, 4250, TRUE);
  assert_amount (lines_link (5), 0, 4251, FALSE);
}

static void
test_part_amounts (void)
{
  assert_amount (with (fixed_link (1000), first_part (link, eur (300))), 0, 299, FALSE);
  assert_amount (with (fixed_link (1000), first_part (link, eur (300))), 0, 300, TRUE);
  assert_amount (with (fixed_link (1000), first_part (link, eur (300))), 0, 1000, TRUE);
  assert_amount (with (fixed_link (1000), first_part (link, eur (300))), 0, 1001, FALSE);
  assert_amount (with (fixed_link (1000), first_part (link, eur (300))), 300, 1, TRUE);
  assert_amount (with (fixed_link (1000), first_part (link, eur (300))), 300, 700, TRUE);
  assert_amount (with (fixed_link (1000), first_part (link, eur (300))), 300, 701, FALSE);
  assert_amount (with (fixed_link (1000), first_part (link, eur (300))), 1000, 1, FALSE);
  assert_amount (plan_link ("2027-01-01", 4000, 6000), 0, 4000, TRUE);
  assert_amount (plan_link ("2027-01-01", 4000, 6000), 0, 10000, TRUE);
  assert_amount (plan_link ("2027-01-01", 4000, 6000), 0, 6000, FALSE);
  assert_amount (plan_link ("2027-01-01", 4000, 6000), 0, 3999, FALSE);
  assert_amount (plan_link ("2027-01-01", 4000, 6000), 0, -4000, FALSE);
  assert_amount (plan_link ("2027-01-01", 4000, 6000), 4000, 6000, TRUE);
  assert_amount (plan_link ("2027-01-01", 4000, 6000), 4000, 4000, FALSE);
  assert_amount (plan_link ("2027-01-01", 4000, 6000), 4000, 0, FALSE);
  assert_amount (plan_link ("2027-01-01", 4000, 6000), 10000, 1, FALSE);
}

static void
test_amount_currency (void)
{
  g_autoptr (CobroLink) link = fixed_link (1000);
  g_autoptr (GError) error = NULL;

  g_assert_false (cobro_link_check_amount (link, COBRO_MONEY_NONE, cobro_money (1000, currency ("USD")), &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "amount");
  g_assert_true (cobro_link_check_amount (link, COBRO_MONEY_NONE, eur (1000), &error));
}

/* Values by Python: gross - (gross * 100 / (100 + rate)) rounded half up once per rate, on the sum of its lines. */
static void
test_tax (void)
{
  static const struct
  {
    gint64 unit[3], quantity[3];
    CobroDecimal rate[3];
    gint64 tax;
  } cases[] = {
    { { 1210, 605, 1040 }, { 2, 1, 1 }, { 21000000, 21000000, 4000000 }, 525 + 40 },
    { { 333, 1, 1 }, { 3, 1, 1 }, { 9975000, 0, 0 }, 91 },
    { { 50, 50, 50 }, { 1, 1, 1 }, { 21000000, 21000000, 21000000 }, 26 }, /* on the sum: three times 9 would be 27 */
    { { 100, 100, 100 }, { 1, 1, 1 }, { 0, 100000000, 1 }, 50 },
    { { 1, 1, 1 }, { 1, 1, 1 }, { 100000000, 0, 0 }, 0 }, /* half a cent of net is one cent */
    { { 999999999, 1, 1 }, { 900, 1, 1 }, { 19000000, 0, 0 }, 143697478848 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CobroLink) link = cobro_link_new ();
      CobroMoney tax = COBRO_MONEY_NONE;
      gboolean ok = cobro_currency_from_code ("EUR", &link->currency, NULL);

      g_assert_true (ok);
      link->pricing = COBRO_PRICING_LINES;
      for (gsize n = 0; n < 3; n++)
        g_ptr_array_add (link->lines, cobro_link_line_new ("a", cobro_money (cases[i].unit[n], link->currency),
                                                           cases[i].quantity[n], 0, cases[i].rate[n]));
      g_assert_true (cobro_link_tax (link, &tax, NULL));
      g_assert_cmpint (cobro_money_minor (tax), ==, cases[i].tax);
    }
}

/* The total is made from the payer's quantities, never taken from the payer. */
static void
test_quantities (void)
{
  static const struct
  {
    gint64 quantity[2];
    gint64 total;
    const char *path;
  } cases[] = {
    { { 3, 1 }, 3350, NULL },         { { 1, 1 }, 2450, NULL },         { { 5, 1 }, 4250, NULL },
    { { 0, 1 }, 0, "quantities[0]" }, { { 6, 1 }, 0, "quantities[0]" }, { { -1, 1 }, 0, "quantities[0]" },
    { { 3, 2 }, 0, "quantities[1]" }, { { 3, 0 }, 0, "quantities[1]" }, { { G_MAXINT64, 1 }, 0, "quantities[0]" },
  };
  g_autoptr (CobroLink) link = lines_link (5);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      CobroMoney total = COBRO_MONEY_NONE;

      g_assert_true (cobro_link_total_of (link, cases[i].quantity, 2, &total, &error) == (cases[i].path == NULL));
      if (cases[i].path != NULL)
        cobro_test_assert_error (&error, COBRO_ERROR_INVALID, cases[i].path);
      else
        g_assert_cmpint (cobro_money_minor (total), ==, cases[i].total);
    }
  g_assert_false (cobro_link_total_of (link, cases[0].quantity, 1, &(CobroMoney){ 0 }, &error));
  cobro_test_assert_error (&error, COBRO_ERROR_INVALID, "quantities");
}

static void
test_copy (void)
{
  g_autoptr (CobroLink) link = lines_link (5), copy = NULL;
  CobroMoney total;

  add_fields (link, 2, "a", "b");
  add_gateways (link, 2, "m");
  g_ptr_array_add (link->parts, cobro_link_part_new ("2026-12-01", eur (1)));
  g_hash_table_insert (link->metadata, g_strdup ("order"), g_strdup ("17"));
  cobro_link_set_text (&link->title, "Coffee");
  link->livemode = TRUE;
  copy = cobro_link_copy (link);
  cobro_link_set_text (&link->title, NULL);
  g_ptr_array_set_size (link->lines, 0);
  g_hash_table_remove_all (link->metadata);

  g_assert_cmpstr (link->title, ==, "");
  g_assert_cmpstr (copy->title, ==, "Coffee");
  g_assert_true (copy->livemode);
  g_assert_cmpstr (copy->id.text, ==, link->id.text);
  g_assert_cmpstr (g_hash_table_lookup (copy->metadata, "order"), ==, "17");
  g_assert_cmpuint (copy->fields->len + copy->gateways->len + copy->parts->len, ==, 5);
  g_assert_true (cobro_link_total (copy, &total, NULL));
  g_assert_cmpint (cobro_money_minor (total), ==, 3350);
}

#define assert_names(Type, prefix, last)                                                                               \
  for (guint i = 0; i <= (last); i++)                                                                                  \
    {                                                                                                                  \
      Type back;                                                                                                       \
      g_assert_true (prefix##_from_name (prefix##_name ((Type)i), &back));                                             \
      g_assert_cmpuint (back, ==, i);                                                                                  \
      g_assert_false (prefix##_from_name ("no such name", &back));                                                     \
      g_assert_false (prefix##_from_name (NULL, &back));                                                               \
    }

static void
test_names (void)
{
  assert_names (CobroPricing, cobro_pricing, COBRO_PRICING_LINES);
  assert_names (CobroUsage, cobro_usage, COBRO_USAGE_UNLIMITED);
  assert_names (CobroPartial, cobro_partial, COBRO_PARTIAL_PLAN);
  assert_names (CobroDecision, cobro_decision, COBRO_DECISION_CANCELLED);
  for (guint bit = 0; bit < 5; bit++)
    {
      CobroMethods method;

      g_assert_true (cobro_method_from_name (cobro_method_name ((CobroMethods)(1u << bit)), &method));
      g_assert_cmpuint (method, ==, 1u << bit);
    }
  for (guint bit = 0; bit < 4; bit++)
    {
      CobroCollect collect;

      g_assert_true (cobro_collect_from_name (cobro_collect_name ((CobroCollect)(1u << bit)), &collect));
      g_assert_cmpuint (collect, ==, 1u << bit);
    }
  g_assert_cmpstr (cobro_method_name (COBRO_METHOD_BANK_TRANSFER), ==, "bank_transfer");
  g_assert_cmpstr (cobro_collect_name (COBRO_COLLECT_ADDRESS), ==, "address");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/link/texts", test_texts);
  g_test_add_func ("/core/link/shaped-texts", test_shaped_texts);
  g_test_add_func ("/core/link/identity", test_identity);
  g_test_add_func ("/core/link/fixed", test_fixed);
  g_test_add_func ("/core/link/open", test_open);
  g_test_add_func ("/core/link/lines", test_lines);
  g_test_add_func ("/core/link/usage-and-window", test_usage_and_window);
  g_test_add_func ("/core/link/sets", test_sets);
  g_test_add_func ("/core/link/fields", test_fields);
  g_test_add_func ("/core/link/partial", test_partial);
  g_test_add_func ("/core/link/plan-length", test_plan_length);
  g_test_add_func ("/core/link/changes", test_changes);
  g_test_add_func ("/core/link/amounts", test_amounts);
  g_test_add_func ("/core/link/part-amounts", test_part_amounts);
  g_test_add_func ("/core/link/amount-currency", test_amount_currency);
  g_test_add_func ("/core/link/tax", test_tax);
  g_test_add_func ("/core/link/quantities", test_quantities);
  g_test_add_func ("/core/link/copy", test_copy);
  g_test_add_func ("/core/link/names", test_names);
  return g_test_run ();
}
