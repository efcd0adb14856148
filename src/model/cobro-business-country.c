/* src/model/cobro-business-country.c — what a business begins with in its country.
 * Layer: model. */
#include "cobro-business-country.h"

#include "cobro-link.h"

/* Where paper is US Letter. */
static const char *const letter_countries[] = {
  "BZ", "CA", "CL", "CO", "CR", "DO", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE", NULL,
};

static void
free_rate (gpointer rate)
{
  cobro_tax_rate_free (rate);
}

GPtrArray *
cobro_business_usual_taxes (const char *country)
{
  const CobroTaxCountry *usual = cobro_tax_country (country);
  GPtrArray *taxes = g_ptr_array_new_with_free_func (free_rate);
  g_auto (GStrv) rates = usual ? g_strsplit (usual->rates, " ", -1) : NULL;

  for (guint i = 0; rates && rates[i]; i++)
    {
      CobroDecimal rate;

      if (*rates[i] && cobro_decimal_from_text (rates[i], &rate, NULL))
        g_ptr_array_add (taxes, cobro_tax_rate_new (usual->tax_name, rate > 0 ? COBRO_TAX_STANDARD : COBRO_TAX_ZERO,
                                                    rate, taxes->len == 0));
    }
  return taxes;
}

gboolean
cobro_business_has_usual_taxes (const CobroMerchant *merchant, const char *country)
{
  g_autoptr (GPtrArray) usual = cobro_business_usual_taxes (country);

  if (usual->len != merchant->taxes->len)
    return FALSE;
  for (guint i = 0; i < usual->len; i++)
    {
      const CobroTaxRate *a = usual->pdata[i], *b = merchant->taxes->pdata[i];

      if (a->rate != b->rate || a->category != b->category || a->is_default != b->is_default ||
          !g_str_equal (a->name, b->name))
        return FALSE;
    }
  return TRUE;
}

static gboolean
uses_letter (const char *country)
{
  return g_strv_contains (letter_countries, country);
}

void
cobro_business_choose_country (CobroMerchant *merchant, const char *country)
{
  g_autofree char *before = g_strdup (merchant->seller.address.country);
  g_autoptr (CobroMerchant) fresh = cobro_merchant_new ();
  const CobroTaxCountry *was = cobro_tax_country (before), *is = cobro_tax_country (country);

  if (merchant->taxes->len == 0 || cobro_business_has_usual_taxes (merchant, before))
    {
      g_ptr_array_unref (merchant->taxes);
      merchant->taxes = cobro_business_usual_taxes (country);
    }
  if (merchant->tax_inclusive == (was ? was->inclusive : fresh->tax_inclusive))
    merchant->tax_inclusive = is ? is->inclusive : fresh->tax_inclusive;
  if (merchant->terms == (was ? (gint)was->terms : fresh->terms))
    merchant->terms = is ? (gint)is->terms : fresh->terms;
  if (merchant->letter == uses_letter (before))
    merchant->letter = uses_letter (country);
  if (is && !*merchant->currency)
    cobro_link_set_text (&merchant->currency, is->currency);
  cobro_link_set_text (&merchant->seller.address.country, country);
}
