/* tests/core/test-icu.c — the exponents against ICU. CLDR counts the decimals that people use where it differs from
 * ISO; those currencies are named here, every other difference is a mistake of ours. Layer: tests. */
#include "cobro-currency.h"

#include <unicode/ucurr.h>

/* CLDR 42 says 0 for these; ISO 4217 and payment providers count 2 (IQD: 3). */
static const char *const unlike[] = { "AFN", "ALL", "IQD", "IRR", "KPW", "LAK", "LBP",
                                      "MGA", "MMK", "RSD", "SOS", "SYP", "YER" };

static void
test_exponents (void)
{
  guint compared = 0;

  for (guint i = 1; i <= cobro_currency_count (); i++)
    {
      const char *code = cobro_currency_code ((CobroCurrency)i);
      const UChar wide[] = { (UChar)code[0], (UChar)code[1], (UChar)code[2], 0 };
      UErrorCode status = U_ZERO_ERROR;
      int digits = ucurr_getDefaultFractionDigits (wide, &status);
      gboolean known = FALSE;

      g_assert_true (U_SUCCESS (status));
      for (gsize j = 0; j < G_N_ELEMENTS (unlike); j++)
        known = known || g_str_equal (unlike[j], code);
      if (known)
        {
          g_assert_cmpint (digits, ==, 0);
          continue;
        }
      if (digits != (int)cobro_currency_exponent ((CobroCurrency)i))
        g_error ("%s: ICU counts %d decimals, we %u", code, digits, cobro_currency_exponent ((CobroCurrency)i));
      compared++;
    }
  g_assert_cmpuint (compared, >, 140);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/currency/icu", test_exponents);
  return g_test_run ();
}
