/* src/view/pages/cobro-business-page.c — Preferences → Business.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-business-page.h"

#include <glib/gi18n.h>
#include "cobro-business-country.h"
#include "cobro-country-row.h"
#include "cobro-language-row.h"
#include "cobro-country-text.h"
#include "cobro-dialogs.h"
#include "cobro-late.h"
#include "cobro-link.h"
#include "cobro-merchant-form.h"
#include "cobro-note.h"
#include "cobro-text-row.h"
#include "cobro-view-text.h"

struct _CobroBusinessPage
{
  CobroLatePage parent_instance;
  GtkWidget *name_row;
  GtkWidget *support_row;
  GtkWidget *website_row;
  CobroCountryRow *country_row;
  CobroLanguageRow *language_row;
  GtkLabel *country_note;
  GtkWidget *legal_name_row;
  GtkWidget *street_row;
  GtkWidget *postal_code_row;
  GtkWidget *city_row;
  GtkWidget *region_row;
  GtkWidget *tax_id_row;
  GtkWidget *registration_row;
  GtkImage *logo_image;
  GtkWidget *logo_button;
  GtkWidget *iban_row;
  GtkWidget *bic_row;
  GtkWidget *bank_note_row;
  GtkWidget *email_row;
  AdwComboRow *currency_row;
  GtkSwitch *refund_switch;
  CobroBusiness *business;
  CobroMerchantForm *form;
  CobroCurrency currency; /* as it is shown */
};

G_DEFINE_FINAL_TYPE (CobroBusinessPage, cobro_business_page, COBRO_TYPE_LATE_PAGE)

/* ── What is said below the rows ── */

/* An address of several lines, as an import may bring it, stands in one line here. */
static char *
get_street (const CobroMerchant *merchant)
{
  g_auto (GStrv) lines = g_strsplit (merchant->seller.address.street, "\n", -1);

  return g_strjoinv (", ", lines);
}

static gboolean
set_street (CobroMerchant *merchant, const char *text, GError **error)
{
  cobro_link_set_text (&merchant->seller.address.street, text);
  return TRUE;
}

static char *
tax_id_help (const CobroMerchant *merchant, GtkWidget *page)
{
  return *merchant->seller.tax_id && *merchant->seller.address.country &&
             cobro_tax_country (merchant->seller.address.country)
           ? g_strdup (_ ("It is well formed."))
           : NULL;
}

static char *
iban_help (const CobroMerchant *merchant, GtkWidget *page)
{
  return *merchant->iban ? g_strdup (_ ("The check digits are right.")) : NULL;
}

static void
show_country (CobroBusinessPage *self)
{
  const CobroMerchant *merchant = cobro_merchant_form_get (self->form);
  const char *code = merchant->seller.address.country;
  const CobroTaxCountry *usual = cobro_tax_country (code);
  g_autofree char *name = cobro_country_text (code, cobro_view_locale ());
  g_autofree char *note = NULL;

  cobro_country_row_set_code (self->country_row, code);
  if (usual && usual->clearance)
    /* Translators: the first %s is a country, the second the name of its e-invoice: CFDI. */
    note =
      g_strdup_printf (_ ("In %s the legal invoice is the tax authority’s %s, made by a certified provider. The PDF "
                          "asks for the money; it does not replace it."),
                       name, usual->clearance);
  else if (!*code)
    note = g_strdup (_ ("Choose it first: taxes, days to pay and paper follow, until you change them."));
  cobro_note_set (GTK_WIDGET (self->country_row), self->country_note, note, NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->tax_id_row),
                                 usual && usual->tax_id_name ? usual->tax_id_name : _ ("Tax Number"));
}

/* (transfer full) */
static char *
currency_text (CobroCurrency currency)
{
  return g_strdup_printf ("%s · %s", cobro_currency_code (currency), cobro_currency_name (currency));
}

static void
show_currency (CobroBusinessPage *self, CobroCurrency currency)
{
  GtkStringList *listed = GTK_STRING_LIST (adw_combo_row_get_model (self->currency_row));
  g_autofree char *text = currency_text (currency);
  const char *only[] = { text, NULL };

  self->currency = currency;
  if (g_list_model_get_n_items (G_LIST_MODEL (listed)) > 1)
    adw_combo_row_set_selected (self->currency_row, currency - 1u);
  else
    gtk_string_list_splice (listed, 0, 1, only);
}

static void
on_shown_cb (CobroBusinessPage *self)
{
  const CobroMerchant *merchant = cobro_merchant_form_get (self->form);
  CobroCurrency currency;

  show_country (self);
  cobro_language_row_set_tag (self->language_row, merchant->locale);
  gtk_switch_set_active (self->refund_switch, merchant->refund_duplicates);
  if (!*merchant->currency || !cobro_currency_from_code (merchant->currency, &currency, NULL))
    currency = cobro_view_default_currency ();
  show_currency (self, currency);
}

/* ── What is chosen ── */

static void
choose_country (CobroMerchant *merchant, gpointer data)
{
  cobro_business_choose_country (merchant, data);
}

static void
on_country_chosen_cb (CobroBusinessPage *self)
{
  cobro_merchant_form_change (self->form, choose_country, (gpointer)cobro_country_row_get_code (self->country_row));
}

static void
choose_language (CobroMerchant *merchant, gpointer tag)
{
  cobro_link_set_text (&merchant->locale, tag);
}

static void
on_language_selected_cb (CobroBusinessPage *self)
{
  const char *tag = cobro_language_row_get_tag (self->language_row);
  const char *kept = cobro_merchant_form_get (self->form)->locale;

  if (!g_str_equal (*kept ? kept : "auto", tag))
    cobro_merchant_form_change (self->form, choose_language, (gpointer)tag);
}

static void
choose_currency (CobroMerchant *merchant, gpointer data)
{
  cobro_link_set_text (&merchant->currency, cobro_currency_code ((CobroCurrency)GPOINTER_TO_UINT (data)));
}

static void
on_currency_selected_cb (CobroBusinessPage *self)
{
  guint selected = adw_combo_row_get_selected (self->currency_row) + 1u;
  GListModel *listed = adw_combo_row_get_model (self->currency_row);

  if (!self->form || !listed || g_list_model_get_n_items (listed) < cobro_currency_count () ||
      selected == self->currency || selected == GTK_INVALID_LIST_POSITION + 1u)
    return;

  self->currency = (CobroCurrency)selected;
  cobro_merchant_form_change (self->form, choose_currency, GUINT_TO_POINTER (selected));
}

static void
choose_refunds (CobroMerchant *merchant, gpointer data)
{
  merchant->refund_duplicates = GPOINTER_TO_INT (data);
}

static void
on_refund_switched_cb (CobroBusinessPage *self)
{
  if (self->form)
    cobro_merchant_form_change (self->form, choose_refunds,
                                GINT_TO_POINTER (gtk_switch_get_active (self->refund_switch)));
}

/* ── Logo ── */

static void
show_logo (CobroBusinessPage *self)
{
  g_autoptr (GBytes) logo = cobro_business_dup_logo (self->business);
  g_autoptr (GdkTexture) picture = logo ? gdk_texture_new_from_bytes (logo, NULL) : NULL;

  if (picture)
    gtk_image_set_from_paintable (self->logo_image, GDK_PAINTABLE (picture));
  else
    gtk_image_set_from_icon_name (self->logo_image, "image-x-generic-symbolic");
  gtk_widget_set_visible (self->logo_button, logo != NULL);
}

static void
on_logo_put_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroBusinessPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;
  gboolean put = cobro_business_put_logo_finish (COBRO_BUSINESS (source), result, &error);

  if (!self->business)
    return;
  if (put)
    return show_logo (self);
  sentence = cobro_view_error (error);
  cobro_dialogs_tell (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), _ ("That Is No Logo"), sentence);
}

static void
on_logo_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroBusinessPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_file_load_bytes_finish (G_FILE (source), result, NULL, &error);

  if (!self->business)
    return;
  if (bytes)
    cobro_business_put_logo_async (self->business, bytes, NULL, on_logo_put_cb, g_object_ref (self));
  else
    cobro_dialogs_tell (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), _ ("That Is No Logo"), error->message);
}

static void
on_logo_chosen (GFile *file, gpointer data)
{
  g_file_load_bytes_async (file, NULL, on_logo_read_cb, g_object_ref (data));
}

static void
on_logo_activated_cb (CobroBusinessPage *self)
{
  cobro_dialogs_open (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), _ ("Choose a Logo"), "image/*",
                      on_logo_chosen, g_object_ref (self), g_object_unref);
}

static void
on_logo_removed_cb (CobroBusinessPage *self)
{
  cobro_business_put_logo_async (self->business, NULL, NULL, on_logo_put_cb, g_object_ref (self));
}

/* ── The widget ── */

static void
add_rows (CobroBusinessPage *self)
{
  const struct
  {
    GtkWidget *row;
    gsize offset;
    CobroMerchantHelp help;
  } rows[] = {
    { self->name_row, G_STRUCT_OFFSET (CobroMerchant, name), NULL },
    { self->support_row, G_STRUCT_OFFSET (CobroMerchant, support), NULL },
    { self->website_row, G_STRUCT_OFFSET (CobroMerchant, website), NULL },
    { self->legal_name_row, G_STRUCT_OFFSET (CobroMerchant, seller.name), NULL },
    { self->postal_code_row, G_STRUCT_OFFSET (CobroMerchant, seller.address.postal_code), NULL },
    { self->city_row, G_STRUCT_OFFSET (CobroMerchant, seller.address.city), NULL },
    { self->region_row, G_STRUCT_OFFSET (CobroMerchant, seller.address.region), NULL },
    { self->tax_id_row, G_STRUCT_OFFSET (CobroMerchant, seller.tax_id), tax_id_help },
    { self->registration_row, G_STRUCT_OFFSET (CobroMerchant, seller.registration), NULL },
    { self->iban_row, G_STRUCT_OFFSET (CobroMerchant, iban), iban_help },
    { self->bic_row, G_STRUCT_OFFSET (CobroMerchant, bic), NULL },
    { self->bank_note_row, G_STRUCT_OFFSET (CobroMerchant, bank_note), NULL },
    { self->email_row, G_STRUCT_OFFSET (CobroMerchant, email), NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    cobro_merchant_form_add (self->form, rows[i].row, rows[i].offset, rows[i].help);
  cobro_merchant_form_add_read (self->form, self->street_row, get_street, set_street, NULL);
}

static void
cobro_business_page_dispose (GObject *object)
{
  CobroBusinessPage *self = COBRO_BUSINESS_PAGE (object);

  if (self->form)
    g_signal_handlers_disconnect_by_data (self->form, self);
  g_clear_object (&self->form);
  g_clear_object (&self->business);
  G_OBJECT_CLASS (cobro_business_page_parent_class)->dispose (object);
}

/* A row for each currency costs more than the rest of the page. */
static void
list_currencies (GtkWidget *row)
{
  CobroBusinessPage *self = COBRO_BUSINESS_PAGE (gtk_widget_get_ancestor (row, COBRO_TYPE_BUSINESS_PAGE));
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) texts = NULL;

  for (guint i = 1; i <= cobro_currency_count (); i++)
    {
      g_autofree char *text = currency_text ((CobroCurrency)i);

      g_strv_builder_add (builder, text);
    }
  texts = g_strv_builder_end (builder);
  cobro_late_put_around (GTK_STRING_LIST (adw_combo_row_get_model (self->currency_row)), texts, self->currency - 1u);
}

static void
cobro_business_page_build (CobroLatePage *page)
{
  CobroBusinessPage *self = COBRO_BUSINESS_PAGE (page);
  const char *only[] = { "", NULL };
  g_autoptr (GtkStringList) currencies = gtk_string_list_new (only);

  gtk_widget_init_template (GTK_WIDGET (self));
  adw_combo_row_set_model (self->currency_row, G_LIST_MODEL (currencies));
  cobro_late_call (GTK_WIDGET (self->currency_row), list_currencies);
  self->country_note = cobro_note_put_below (GTK_WIDGET (self->country_row));
  show_logo (self);
  self->form = cobro_merchant_form_new (self->business, GTK_WIDGET (self));
  add_rows (self);
  g_signal_connect_swapped (self->form, "shown", G_CALLBACK (on_shown_cb), self);
  cobro_merchant_form_refresh (self->form);
}

static void
cobro_business_page_class_init (CobroBusinessPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_COUNTRY_ROW);
  g_type_ensure (COBRO_TYPE_LANGUAGE_ROW);
  g_type_ensure (COBRO_TYPE_TEXT_ROW);
  G_OBJECT_CLASS (klass)->dispose = cobro_business_page_dispose;
  COBRO_LATE_PAGE_CLASS (klass)->build = cobro_business_page_build;
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-business-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroBusinessPage, name_row);
  gtk_widget_class_bind_template_child (widget_class, CobroBusinessPage, support_row);
  gtk_widget_class_bind_template_child (widget_class, CobroBusinessPage, website_row);
  gtk_widget_class_bind_template_child (widget_class, CobroBusinessPage, country_row);
  gtk_widget_class_bind_template_child (widget_class, CobroBusinessPage, language_row);
  gtk_widget_class_bind_template_child (widget_class, CobroBusinessPage, legal_name_row);
  gtk_widget_class_bind_template_child (widget_class, CobroBusinessPage, street_row);
  gtk_widget_class_bind_template_child (widget_class, CobroBusinessPage, postal_code_row);
  gtk_widget_class_bind_template_child (widget_class, CobroBusinessPage, city_row);
  gtk_widget_class_bind_template_child (widget_class, CobroBusinessPage, region_row);
  gtk_widget_class_bind_template_child (widget_class, CobroBusinessPage, tax_id_row);
  gtk_widget_class_bind_template_child (widget_class, CobroBusinessPage, registration_row);
  gtk_widget_class_bind_template_child (widget_class, CobroBusinessPage, logo_image);
  gtk_widget_class_bind_template_child (widget_class, CobroBusinessPage, logo_button);
  gtk_widget_class_bind_template_child (widget_class, CobroBusinessPage, iban_row);
  gtk_widget_class_bind_template_child (widget_class, CobroBusinessPage, bic_row);
  gtk_widget_class_bind_template_child (widget_class, CobroBusinessPage, bank_note_row);
  gtk_widget_class_bind_template_child (widget_class, CobroBusinessPage, email_row);
  gtk_widget_class_bind_template_child (widget_class, CobroBusinessPage, currency_row);
  gtk_widget_class_bind_template_child (widget_class, CobroBusinessPage, refund_switch);
  gtk_widget_class_bind_template_callback (widget_class, on_country_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_currency_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_language_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_refund_switched_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_logo_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_logo_removed_cb);
}

static void
cobro_business_page_init (CobroBusinessPage *self)
{
}

void
cobro_business_page_set_business (CobroBusinessPage *self, CobroBusiness *business)
{
  g_return_if_fail (COBRO_IS_BUSINESS_PAGE (self));
  g_return_if_fail (self->business == NULL);

  self->business = g_object_ref (business);
}

void
cobro_business_page_commit (CobroBusinessPage *self)
{
  g_return_if_fail (COBRO_IS_BUSINESS_PAGE (self));

  if (self->form)
    cobro_merchant_form_commit (self->form);
}
