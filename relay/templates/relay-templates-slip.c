/* relay/templates/relay-templates-slip.c — how to pay by transfer or in a shop: what to write, what to show there.
 * Layer: relay/templates. Any thread. */
#include "relay-templates-private.h"

#include <string.h>

#include "cobro-barcode.h"
#include "cobro-clock.h"
#include "cobro-date-text.h"

/* The lines of the slip, in the order in which banks ask for them. */
static const struct
{
  const char *detail, *label;
} lines[] = {
  { "clabe", "slip-clabe" },         { "iban", "slip-iban" },           { "account", "slip-account" },
  { "bank", "slip-bank" },           { "agreement", "slip-agreement" }, { "name", "slip-name" },
  { "reference", "slip-reference" },
};

static const char *
detail (const RelayFilling *self, const char *name)
{
  const char *text = self->page->details != NULL ? g_hash_table_lookup (self->page->details, name) : NULL;

  return text != NULL ? text : "";
}

static void
add_line (RelayFilling *self, const char *label, const char *value)
{
  RelayValues *values = relay_values_add (self->values, NAME_SLIP);

  relay_values_set (values, NAME_SLIP_LABEL, relay_filling_text (self, label));
  relay_values_set (values, NAME_SLIP_VALUE, value);
  relay_values_set_bool (values, NAME_SLIP_COPY, TRUE);
}

/* What the till reads; a reference that cannot be drawn is still there to be typed. */
static void
fill_barcode (RelayFilling *self)
{
  const char *text = *detail (self, "barcode") != '\0' ? detail (self, "barcode") : detail (self, "reference");
  guint width;
  char *path;

  if (strcmp (detail (self, "kind"), "store") != 0 || (path = cobro_barcode_to_path (text, &width, NULL)) == NULL)
    return;
  relay_values_take (self->values, NAME_BARCODE, path);
  relay_values_take (self->values, NAME_BARCODE_BOX, g_strdup_printf ("0 0 %u 1", width));
  relay_values_set (self->values, NAME_BARCODE_TEXT, text);
}

static void
fill_due (RelayFilling *self)
{
  CobroTime due;
  RelayValues *values;

  if (*detail (self, "due") == '\0' || !cobro_time_from_text (detail (self, "due"), &due, NULL))
    return;
  values = relay_values_add (self->values, NAME_SLIP);
  relay_values_set (values, NAME_SLIP_LABEL, relay_filling_text (self, "slip-due"));
  relay_values_take (values, NAME_SLIP_VALUE, cobro_date_time_text (due, self->locale));
}

void
relay_filling_slip (RelayFilling *self)
{
  const RelayPage *page = self->page;

  if (page->state != RELAY_PAGE_INSTRUCTIONS)
    return;
  relay_values_set_bool (self->values, NAME_TO_PAY, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    if (*detail (self, lines[i].detail) != '\0')
      add_line (self, lines[i].label, detail (self, lines[i].detail));
  fill_due (self);
  fill_barcode (self);
  if (g_str_has_prefix (detail (self, "hosted-url"), "https://"))
    relay_values_set (self->values, NAME_VOUCHER, detail (self, "hosted-url"));
}
