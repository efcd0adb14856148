/* src/view/cobro-tax-choices.c — the taxes that a line is given one of.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-tax-choices.h"

#include <glib/gi18n.h>
#include "cobro-money-text.h"
#include "cobro-view-text.h"

struct _CobroTaxChoices
{
  GObject parent_instance;
  GPtrArray *rates; /* (element-type CobroTaxRate) */
};

G_DEFINE_FINAL_TYPE (CobroTaxChoices, cobro_tax_choices, G_TYPE_OBJECT)

static void
cobro_tax_choices_finalize (GObject *object)
{
  g_ptr_array_unref (COBRO_TAX_CHOICES (object)->rates);
  G_OBJECT_CLASS (cobro_tax_choices_parent_class)->finalize (object);
}

static void
cobro_tax_choices_class_init (CobroTaxChoicesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cobro_tax_choices_finalize;
}

static void
cobro_tax_choices_init (CobroTaxChoices *self)
{
  self->rates = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_tax_rate_free);
}

CobroTaxChoices *
cobro_tax_choices_new (const CobroMerchant *merchant)
{
  CobroTaxChoices *self = g_object_new (COBRO_TYPE_TAX_CHOICES, NULL);
  gboolean has_none = FALSE;

  for (guint i = 0; i < merchant->taxes->len; i++)
    {
      const CobroTaxRate *rate = merchant->taxes->pdata[i];

      has_none |= rate->category != COBRO_TAX_STANDARD && rate->category != COBRO_TAX_REVERSE;
      g_ptr_array_add (self->rates, cobro_tax_rate_new (rate->name, rate->category, rate->rate, rate->is_default));
    }
  if (!has_none)
    g_ptr_array_add (self->rates, cobro_tax_rate_new ("", COBRO_TAX_OUTSIDE, 0, FALSE));
  return self;
}

guint
cobro_tax_choices_n (CobroTaxChoices *self)
{
  g_return_val_if_fail (COBRO_IS_TAX_CHOICES (self), 0);

  return self->rates->len;
}

const CobroTaxRate *
cobro_tax_choices_get (CobroTaxChoices *self, guint index)
{
  g_return_val_if_fail (COBRO_IS_TAX_CHOICES (self), NULL);
  g_return_val_if_fail (index < self->rates->len, NULL);

  return self->rates->pdata[index];
}

static const char *
category_word (CobroTaxCategory category)
{
  switch (category)
    {
    case COBRO_TAX_STANDARD:
    case COBRO_TAX_ZERO:
      return _ ("Zero rate");
    case COBRO_TAX_EXEMPT:
      return _ ("Exempt");
    case COBRO_TAX_REVERSE:
      return _ ("Reverse charge");
    case COBRO_TAX_INTRA:
      return _ ("Within the EU");
    case COBRO_TAX_EXPORT:
      return _ ("Export");
    case COBRO_TAX_OUTSIDE:
      break;
    }
  return _ ("No tax");
}

char *
cobro_tax_choices_text (const char *name, CobroTaxCategory category, CobroDecimal rate)
{
  g_autofree char *percent = cobro_decimal_text (rate, cobro_view_locale ());

  if (rate == 0)
    return g_strdup (*name ? name : category_word (category));
  /* Translators: the name of a tax and its rate: "GST 10 %". */
  return g_strdup_printf (_ ("%s %s %%"), name, percent);
}
