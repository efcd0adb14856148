/* relay/templates/relay-templates-private.h — what the files of this room share.
 * Layer: relay/templates. Private. */
#pragma once
#include "cobro-locale.h"
#include "relay-assets.h"
#include "relay-templates-names.h"
#include "relay-templates-texts.h"
#include "relay-templates.h"

/* One page being filled. */
typedef struct
{
  const RelayPage *page;
  const RelayCatalogue *catalogue;
  CobroLocale *locale; /* numbers and dates of the reader; the merchant's time zone */
  RelayValues *values;
} RelayFilling;

/* (transfer none) a text in the page's language. */
const char *relay_filling_text (const RelayFilling *self, const char *key);
/* Sets @name unless @text is NULL or "". */
void relay_filling_set (RelayFilling *self, RelayName name, const char *text);
/* Sets @name unless the amount is unset. */
void relay_filling_money (RelayFilling *self, RelayName name, CobroMoney money);

/* relay-templates-notice.c: what happened, in words. */
void relay_filling_notice (RelayFilling *self);
/* What happened on an error page. */
void relay_filling_error (RelayFilling *self, guint status);
/* relay-templates-bill.c: who, how much, what for, and the receipt. */
void relay_filling_bill (RelayFilling *self);
void relay_filling_receipt (RelayFilling *self);
/* relay-templates-invoice.c: the document; and what a plan asks for when. */
void relay_filling_invoice (RelayFilling *self);
void relay_filling_parts (RelayFilling *self);
/* relay-templates-form.c: how to pay. */
void relay_filling_form (RelayFilling *self);

/* relay-templates-slip.c: how to pay by transfer, or in a shop. */
void relay_filling_slip (RelayFilling *self);
/* relay-templates-embed.c: the page with the provider's script. */
void relay_filling_embed (RelayFilling *self, const RelayScripts *scripts);
/* The scripts that a page loads, ours and on embedded pages theirs. */
void relay_filling_scripts (RelayFilling *self, const RelayAssets *assets, const RelayScripts *scripts);
/* Adds what the provider's script needs to a policy that has the page's styles already. */
void relay_filling_csp (const RelayFilling *self, const RelayScripts *scripts, RelayCsp *csp);
/* (transfer full) where the page's form may lead: ourselves, and the providers' pages that it may redirect to. */
char *relay_filling_form_hosts (const RelayFilling *self, const RelayScripts *scripts);

/* What the lines cost with the quantities typed so far; unset where they are no good. */
CobroMoney relay_filling_lines_total (const RelayFilling *self);
/* The quantity typed for line @i, or the line's own. */
gint64 relay_filling_quantity (const RelayFilling *self, guint i);
