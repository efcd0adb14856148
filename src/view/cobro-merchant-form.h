/* src/view/cobro-merchant-form.h — rows that show and change the merchant's profile: looked at while somebody types,
 * kept when they press Enter, go on or leave. What breaks a rule is said below its row and not kept.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-business.h"

G_BEGIN_DECLS

#define COBRO_TYPE_MERCHANT_FORM (cobro_merchant_form_get_type ())
G_DECLARE_FINAL_TYPE (CobroMerchantForm, cobro_merchant_form, COBRO, MERCHANT_FORM, GObject)

/* Signals: "shown": the profile is other than before: what is not a text row shows it now. */

/* Keeps @business. @page: in a preferences window, where it says what is wrong. */
CobroMerchantForm *cobro_merchant_form_new (CobroBusiness *business, GtkWidget *page);
/* Lent: as the books have it. */
const CobroMerchant *cobro_merchant_form_get (CobroMerchantForm *self);

/* (transfer full) (nullable) a sentence about what the merchant would be; NULL: none. */
typedef char *(*CobroMerchantHelp) (const CobroMerchant *merchant, GtkWidget *page);
/* @row: an entry row or a CobroTextRow, in its list already; @offset: of a text in CobroMerchant; @help: (nullable). */
void cobro_merchant_form_add (CobroMerchantForm *self, gpointer row, gsize offset, CobroMerchantHelp help);
/* The same for what is no text in the profile: @get (transfer full) writes it, @set reads it (FALSE: a sentence in
 * @error). */
typedef char *(*CobroMerchantGet) (const CobroMerchant *merchant);
typedef gboolean (*CobroMerchantSet) (CobroMerchant *merchant, const char *text, GError **error);
void cobro_merchant_form_add_read (CobroMerchantForm *self, gpointer row, CobroMerchantGet get, CobroMerchantSet set,
                                   CobroMerchantHelp help);
/* Shows the help of every row anew, for what it depends on has changed. */
void cobro_merchant_form_refresh (CobroMerchantForm *self);

/* Changes a copy. */
typedef void (*CobroMerchantChange) (CobroMerchant *merchant, gpointer data);
/* Keeps what @change makes of the profile. FALSE: it breaks a rule; it was said and nothing is other than before. */
gboolean cobro_merchant_form_change (CobroMerchantForm *self, CobroMerchantChange change, gpointer data);
/* Keeps what was typed. */
void cobro_merchant_form_commit (CobroMerchantForm *self);

G_END_DECLS
