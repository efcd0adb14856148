/* src/wire/cobro-wire-set.h — what the codecs of the nouns share: reading into fields that own a string, ids, tokens,
 * flags. Layer: wire (private). */
#pragma once
#include "cobro-civil.h"
#include "cobro-id.h"
#include "cobro-invoice-line.h"
#include "cobro-link-status.h"
#include "cobro-reminder.h"
#include "cobro-tax.h"
#include "cobro-token.h"
#include "cobro-wire.h"

/* Clears the string and gives the place to write the next one: for getters that transfer ownership into a noun. */
char **cobro_wire_slot (char **field);
/* Text into *@field; absent and null are "". */
gboolean cobro_wire_set_text (CobroWireObject *object, const char *key, char **field, GError **error);
/* Absent and null are "none". */
gboolean cobro_wire_get_id (CobroWireObject *object, const char *key, CobroIdKind kind, CobroId *out_id,
                            GError **error);
gboolean cobro_wire_get_id_needed (CobroWireObject *object, const char *key, CobroIdKind kind, CobroId *out_id,
                                   GError **error);
gboolean cobro_wire_get_token (CobroWireObject *object, const char *key, CobroToken *out_token, GError **error);
gboolean cobro_wire_get_currency_needed (CobroWireObject *object, const char *key, CobroCurrency *out_currency,
                                         GError **error);
/* A list of flag names as CobroFlags. */
gboolean cobro_wire_get_flags (CobroWireObject *object, const char *key, guint *out_flags, GError **error);
/* Map into *@field. */
gboolean cobro_wire_set_map (CobroWireObject *object, const char *key, GHashTable **field, GError **error);

/* A civil date; absent and null are "". */
gboolean cobro_wire_get_date (CobroWireObject *object, const char *key, char out_date[COBRO_DATE_SIZE], GError **error);
/* Whole minor units, or text where a fraction of one is meant ("0.75"); absent: 0. */
gboolean cobro_wire_get_unit_price (CobroWireObject *object, const char *key, CobroUnitPrice *out_price,
                                    GError **error);
/* Absent: outside of any tax. */
gboolean cobro_wire_get_tax_category (CobroWireObject *object, const char *key, CobroTaxCategory *out_category,
                                      GError **error);
/* "half_up" (absent) or "half_even". */
gboolean cobro_wire_get_rounding (CobroWireObject *object, const char *key, CobroRounding *out_rounding,
                                  GError **error);
/* Days; absent and null: not custom. */
gboolean cobro_wire_get_reminders (CobroWireObject *object, const char *key, CobroReminders *out_reminders,
                                   GError **error);

/* "" is written as null. */
void cobro_wire_put_date (CobroWireWriter *writer, const char *key, const char *date);
void cobro_wire_put_unit_price (CobroWireWriter *writer, const char *key, CobroUnitPrice price);
void cobro_wire_put_rounding (CobroWireWriter *writer, const char *key, CobroRounding rounding);
void cobro_wire_put_reminders (CobroWireWriter *writer, const char *key, const CobroReminders *reminders);
void cobro_wire_put_flags (CobroWireWriter *writer, const char *key, guint flags);
/* "" is written as null. */
void cobro_wire_put_text_or_null (CobroWireWriter *writer, const char *key, const char *value);
