/* src/core/cobro-product.c — something that is sold, as a value.
 * Layer: core. Written by its maker only, then shared; the reference count is atomic. */
#include "cobro-product.h"
#include "cobro-error.h"
#include "cobro-text.h"

#define NAME_MAX_CHARACTERS 200
#define DESCRIPTION_MAX     2000
#define CODE_MAX            64
#define UNIT_MAX            20
#define TAX_NAME_MAX        40

static const gsize texts[] = {
  G_STRUCT_OFFSET (CobroProduct, name),     G_STRUCT_OFFSET (CobroProduct, description),
  G_STRUCT_OFFSET (CobroProduct, code),     G_STRUCT_OFFSET (CobroProduct, unit),
  G_STRUCT_OFFSET (CobroProduct, tax_name),
};

CobroProduct *
cobro_product_new (void)
{
  CobroProduct *product = g_new0 (CobroProduct, 1);

  product->ref_count = 1;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    G_STRUCT_MEMBER (char *, product, texts[i]) = g_strdup ("");
  product->tax_category = COBRO_TAX_OUTSIDE;
  return product;
}

CobroProduct *
cobro_product_copy (const CobroProduct *product)
{
  CobroProduct *copy = g_new0 (CobroProduct, 1);

  *copy = *product;
  copy->ref_count = 1;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    G_STRUCT_MEMBER (char *, copy, texts[i]) = g_strdup (G_STRUCT_MEMBER (char *, product, texts[i]));
  return copy;
}

CobroProduct *
cobro_product_ref (CobroProduct *product)
{
  g_atomic_int_inc (&product->ref_count);
  return product;
}

void
cobro_product_unref (CobroProduct *product)
{
  if (product == NULL || !g_atomic_int_dec_and_test (&product->ref_count))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (G_STRUCT_MEMBER (char *, product, texts[i]));
  g_free (product);
}

static gboolean
check_price (const CobroProduct *product, GError **error)
{
  if (product->currency == COBRO_CURRENCY_NONE)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "currency", "is required");
  if (product->unit_price < 0 || product->unit_price > COBRO_UNIT_PRICE_LIMIT)
    return cobro_error_set_at (error, COBRO_ERROR_OVERFLOW, "unitAmount",
                               "must not be negative, nor more than %" G_GINT64_FORMAT,
                               COBRO_UNIT_PRICE_LIMIT / COBRO_UNIT_PRICE_ONE);
  return TRUE;
}

static gboolean
check_tax (const CobroProduct *product, GError **error)
{
  gboolean standard = product->tax_category == COBRO_TAX_STANDARD;

  if (!cobro_text_check (product->tax_name, TAX_NAME_MAX, COBRO_TEXT_LINE, "taxName", error))
    return FALSE;
  if (standard ? product->tax_rate <= 0 || product->tax_rate > 100 * COBRO_DECIMAL_ONE : product->tax_rate != 0)
    return cobro_error_set_at (
      error, COBRO_ERROR_INVALID, "taxRate",
      standard ? "must be more than 0 and at most 100 percent" : "must be 0: only standard tax has a rate");
  return TRUE;
}

gboolean
cobro_product_validate (const CobroProduct *product, GError **error)
{
  CobroId id;

  if (!cobro_id_parse (COBRO_ID_PRODUCT, product->id.text, &id, error))
    return cobro_error_prefix_path (error, "id");
  return cobro_text_check (product->name, NAME_MAX_CHARACTERS, COBRO_TEXT_NEEDED, "name", error) &&
         cobro_text_check (product->description, DESCRIPTION_MAX, COBRO_TEXT_BLOCK, "description", error) &&
         cobro_text_check (product->code, CODE_MAX, COBRO_TEXT_LINE, "code", error) &&
         cobro_text_check (product->unit, UNIT_MAX, COBRO_TEXT_LINE, "unit", error) && check_price (product, error) &&
         check_tax (product, error);
}
