/* src/model/cobro-business-country.h — what a business begins with in its country: taxes, prices with or without tax,
 * days to pay, paper. Pure.
 * Layer: model. */
#pragma once
#include "cobro-merchant.h"

/* (transfer full) (element-type CobroTaxRate) the usual rates, the most usual one as default; empty where none are
 * known. */
GPtrArray *cobro_business_usual_taxes (const char *country);
/* Whether @merchant has exactly those. */
gboolean cobro_business_has_usual_taxes (const CobroMerchant *merchant, const char *country);
/**
 * cobro_business_choose_country:
 * @merchant: (inout): a copy that may be written
 * @country: "" or ISO 3166 alpha-2
 *
 * Sets the country of the address, and with it whatever still is as it was in the country before (or as nobody has
 * chosen yet): what the merchant has decided stays.
 */
void cobro_business_choose_country (CobroMerchant *merchant, const char *country);
