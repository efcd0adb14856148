/* src/core/cobro-product.h — something that is sold again and again: what an invoice's line begins with.
 * Layer: core. */
#pragma once
#include "cobro-id.h"
#include "cobro-invoice-line.h"

typedef struct
{
  gint ref_count; /* private */
  CobroId id;
  gint64 rev;
  char *name;        /* 1 … 200 characters */
  char *description; /* ≤ 2000: what stands on the line, if it is more than the name */
  char *code;        /* ≤ 64: the merchant's own, unique when given */
  char *unit;        /* ≤ 20: "hour", "kg"; "" pieces */
  CobroCurrency currency;
  CobroUnitPrice unit_price;
  gboolean tax_inclusive; /* the price is with tax */
  char *tax_name;
  CobroTaxCategory tax_category;
  CobroDecimal tax_rate;
  gboolean archived; /* not offered any more */
  CobroTime created_at, updated_at;
} CobroProduct;

/* (transfer full) one with every text "" (never NULL) and the defaults; _ref and _unref are atomic. */
CobroProduct *cobro_product_new (void);
CobroProduct *cobro_product_copy (const CobroProduct *product);
CobroProduct *cobro_product_ref (CobroProduct *product);
void cobro_product_unref (CobroProduct *product);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroProduct, cobro_product_unref)
gboolean cobro_product_validate (const CobroProduct *product, GError **error) G_GNUC_WARN_UNUSED_RESULT;
