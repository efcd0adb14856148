/* src/view/pages/cobro-taxes-page.c — Preferences → Taxes.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-taxes-page.h"

#include <glib/gi18n.h>
#include "cobro-business-country.h"
#include "cobro-country-text.h"
#include "cobro-merchant-form.h"
#include "cobro-plain-row.h"
#include "cobro-tax-dialog.h"
#include "cobro-view-text.h"

struct _CobroTaxesPage
{
  CobroLatePage parent_instance;
  AdwPreferencesGroup *rates_group;
  GtkSwitch *inclusive_switch;
  GtkSwitch *per_line_switch;
  AdwComboRow *rounding_row;
  AdwComboRow *cash_row;
  GtkListBox *list; /* the rates, then usual_row and add_row */
  GPtrArray *rows;  /* (element-type GtkWidget) of rates */
  char *shown;      /* the rates, as the rows show them */
  GtkWidget *usual_row;
  GtkWidget *add_row;
  CobroBusiness *business;
  CobroMerchantForm *form;
};

G_DEFINE_FINAL_TYPE (CobroTaxesPage, cobro_taxes_page, COBRO_TYPE_LATE_PAGE)

/* What the smallest coin is, in minor units. */
static const gint64 cash_steps[] = { 0, 5, 10, 50, 100 };

/* ── The list of rates ── */

static void
choose_default (CobroMerchant *merchant, gpointer data)
{
  for (guint i = 0; i < merchant->taxes->len; i++)
    ((CobroTaxRate *)merchant->taxes->pdata[i])->is_default = i == GPOINTER_TO_UINT (data);
}

static void
on_default_toggled_cb (GtkCheckButton *button, CobroTaxesPage *self)
{
  if (gtk_check_button_get_active (button))
    cobro_merchant_form_change (self->form, choose_default, g_object_get_data (G_OBJECT (button), "index"));
}

static void
remove_rate (CobroMerchant *merchant, gpointer data)
{
  gboolean was_default = ((CobroTaxRate *)merchant->taxes->pdata[GPOINTER_TO_UINT (data)])->is_default;

  g_ptr_array_remove_index (merchant->taxes, GPOINTER_TO_UINT (data));
  if (was_default && merchant->taxes->len)
    ((CobroTaxRate *)merchant->taxes->pdata[0])->is_default = TRUE;
}

static void
on_remove_clicked_cb (GtkWidget *button, CobroTaxesPage *self)
{
  gpointer index = g_object_get_data (G_OBJECT (button), "index");

  gtk_widget_grab_focus (self->add_row);
  cobro_merchant_form_change (self->form, remove_rate, index);
}

static GtkWidget *
make_row (CobroTaxesPage *self, guint index, GtkCheckButton *first)
{
  const CobroTaxRate *rate = cobro_merchant_form_get (self->form)->taxes->pdata[index];
  g_autofree char *text = cobro_tax_dialog_rate_text (rate);
  /* Translators: %s is a tax rate: "IVA 21 %". */
  g_autofree char *remove_text = g_strdup_printf (_ ("Remove %s"), text);
  /* Translators: %s is a tax rate: "IVA 21 %". */
  g_autofree char *default_text = g_strdup_printf (_ ("Begin new lines with %s"), text);
  GtkWidget *row = cobro_plain_row_new (text, NULL);
  GtkWidget *mark = g_object_new (GTK_TYPE_CHECK_BUTTON, "active", rate->is_default, "valign", GTK_ALIGN_CENTER,
                                  "tooltip-text", default_text, NULL);
  GtkWidget *button = g_object_new (GTK_TYPE_BUTTON, "icon-name", "user-trash-symbolic", "valign", GTK_ALIGN_CENTER,
                                    "tooltip-text", remove_text, NULL);

  if (first)
    gtk_check_button_set_group (GTK_CHECK_BUTTON (mark), first);
  gtk_widget_add_css_class (button, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (mark), GTK_ACCESSIBLE_PROPERTY_LABEL, default_text, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, remove_text, -1);
  g_object_set_data (G_OBJECT (mark), "index", GUINT_TO_POINTER (index));
  g_object_set_data (G_OBJECT (button), "index", GUINT_TO_POINTER (index));
  g_object_set_data (G_OBJECT (row), "mark", mark);
  g_signal_connect (mark, "toggled", G_CALLBACK (on_default_toggled_cb), self);
  g_signal_connect (button, "clicked", G_CALLBACK (on_remove_clicked_cb), self);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), mark);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), mark);
  return row;
}

/* (transfer full) what the rows are to show. */
static char *
describe_rates (const CobroMerchant *merchant)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  g_auto (GStrv) strv = NULL;

  for (guint i = 0; i < merchant->taxes->len; i++)
    {
      g_autofree char *text = cobro_tax_dialog_rate_text (merchant->taxes->pdata[i]);

      g_strv_builder_add (words, text);
    }
  strv = g_strv_builder_end (words);
  return g_strjoinv ("\n", strv);
}

/* Rows that are right stay: the keyboard may be in one of them. */
static gboolean
mark_default (CobroTaxesPage *self)
{
  const CobroMerchant *merchant = cobro_merchant_form_get (self->form);
  g_autofree char *words = describe_rates (merchant);

  if (g_strcmp0 (words, self->shown) != 0 || self->rows->len != merchant->taxes->len)
    {
      g_free (self->shown);
      self->shown = g_steal_pointer (&words);
      return FALSE;
    }
  for (guint i = 0; i < self->rows->len; i++)
    gtk_check_button_set_active (g_object_get_data (G_OBJECT (self->rows->pdata[i]), "mark"),
                                 ((CobroTaxRate *)merchant->taxes->pdata[i])->is_default);
  return TRUE;
}

static void
show_rates (CobroTaxesPage *self)
{
  const CobroMerchant *merchant = cobro_merchant_form_get (self->form);
  GtkCheckButton *first = NULL;

  if (mark_default (self))
    return;
  for (guint i = 0; i < self->rows->len; i++)
    gtk_list_box_remove (self->list, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < merchant->taxes->len; i++)
    {
      GtkWidget *row = make_row (self, i, first);

      if (!first)
        first = g_object_get_data (G_OBJECT (row), "mark");
      g_ptr_array_add (self->rows, row);
      gtk_list_box_insert (self->list, row, (int)i);
    }
  gtk_widget_set_sensitive (self->add_row, merchant->taxes->len < 20);
}

static void
show_usual (CobroTaxesPage *self)
{
  const CobroMerchant *merchant = cobro_merchant_form_get (self->form);
  const char *code = merchant->seller.address.country;
  g_autoptr (GPtrArray) usual = cobro_business_usual_taxes (code);
  g_autofree char *name = cobro_country_text (code, cobro_view_locale ());
  /* Translators: %s is a country. */
  g_autofree char *title = g_strdup_printf (_ ("Take What Is Usual in %s"), name);
  g_autoptr (GString) words = g_string_new (NULL);

  for (guint i = 0; i < usual->len; i++)
    {
      g_autofree char *text = cobro_tax_dialog_rate_text (usual->pdata[i]);

      g_string_append_printf (words, "%s%s", i ? ", " : "", text);
    }
  gtk_widget_set_visible (self->usual_row, usual->len && !cobro_business_has_usual_taxes (merchant, code));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->usual_row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->usual_row), words->str);
}

static void
take_usual (CobroMerchant *merchant, gpointer data)
{
  g_ptr_array_unref (merchant->taxes);
  merchant->taxes = cobro_business_usual_taxes (merchant->seller.address.country);
}

static void
on_usual_activated_cb (CobroTaxesPage *self)
{
  cobro_merchant_form_change (self->form, take_usual, NULL);
}

static void
add_rate (CobroMerchant *merchant, gpointer data)
{
  const CobroTaxRate *rate = data;

  g_ptr_array_add (merchant->taxes,
                   cobro_tax_rate_new (rate->name, rate->category, rate->rate, merchant->taxes->len == 0));
}

static void
on_rate_done_cb (CobroTaxesPage *self, CobroTaxRate *rate)
{
  cobro_merchant_form_change (self->form, add_rate, rate);
}

static void
on_add_activated_cb (CobroTaxesPage *self)
{
  const CobroMerchant *merchant = cobro_merchant_form_get (self->form);
  const CobroTaxCountry *usual = cobro_tax_country (merchant->seller.address.country);
  const char *name = merchant->taxes->len ? ((CobroTaxRate *)merchant->taxes->pdata[0])->name
                     : usual              ? usual->tax_name
                                          : "";
  CobroTaxDialog *dialog = cobro_tax_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), name);

  g_signal_connect_object (dialog, "done", G_CALLBACK (on_rate_done_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ── How tax is counted ── */

static void
choose (CobroMerchant *merchant, gpointer data)
{
  CobroTaxesPage *self = data;

  merchant->tax_inclusive = gtk_switch_get_active (self->inclusive_switch);
  merchant->tax_per_line = gtk_switch_get_active (self->per_line_switch);
  merchant->rounding =
    adw_combo_row_get_selected (self->rounding_row) == 1 ? COBRO_ROUND_HALF_EVEN : COBRO_ROUND_HALF_UP;
  merchant->cash_rounding =
    cash_steps[MIN (adw_combo_row_get_selected (self->cash_row), G_N_ELEMENTS (cash_steps) - 1)];
}

static void
on_changed_cb (CobroTaxesPage *self)
{
  if (self->form)
    cobro_merchant_form_change (self->form, choose, self);
}

static void
on_shown_cb (CobroTaxesPage *self)
{
  const CobroMerchant *merchant = cobro_merchant_form_get (self->form);

  show_rates (self);
  show_usual (self);
  gtk_switch_set_active (self->inclusive_switch, merchant->tax_inclusive);
  gtk_switch_set_active (self->per_line_switch, merchant->tax_per_line);
  adw_combo_row_set_selected (self->rounding_row, merchant->rounding == COBRO_ROUND_HALF_EVEN ? 1 : 0);
  for (guint i = 0; i < G_N_ELEMENTS (cash_steps); i++)
    if (cash_steps[i] == merchant->cash_rounding)
      adw_combo_row_set_selected (self->cash_row, i);
}

/* ── The widget ── */

static void
cobro_taxes_page_dispose (GObject *object)
{
  CobroTaxesPage *self = COBRO_TAXES_PAGE (object);

  if (self->form)
    g_signal_handlers_disconnect_by_data (self->form, self);
  g_clear_object (&self->form);
  g_clear_object (&self->business);
  G_OBJECT_CLASS (cobro_taxes_page_parent_class)->dispose (object);
}

static void
cobro_taxes_page_finalize (GObject *object)
{
  CobroTaxesPage *self = COBRO_TAXES_PAGE (object);

  g_ptr_array_unref (self->rows);
  g_free (self->shown);
  G_OBJECT_CLASS (cobro_taxes_page_parent_class)->finalize (object);
}

static GtkWidget *
make_action (const char *title, const char *icon)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", title, "activatable", TRUE, "use-markup", FALSE, NULL);

  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name (icon));
  return row;
}

static void
make_list (CobroTaxesPage *self)
{
  self->list = g_object_new (GTK_TYPE_LIST_BOX, "selection-mode", GTK_SELECTION_NONE, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Tax rates"), -1);
  self->usual_row = make_action ("", "emblem-ok-symbolic");
  self->add_row = make_action (_ ("Add a Tax Rate…"), "list-add-symbolic");
  g_signal_connect_swapped (self->usual_row, "activated", G_CALLBACK (on_usual_activated_cb), self);
  g_signal_connect_swapped (self->add_row, "activated", G_CALLBACK (on_add_activated_cb), self);
  gtk_list_box_append (self->list, self->usual_row);
  gtk_list_box_append (self->list, self->add_row);
  adw_preferences_group_add (self->rates_group, GTK_WIDGET (self->list));
}

static void
show_choices (CobroTaxesPage *self)
{
  g_autoptr (GtkStringList) rounding = gtk_string_list_new (NULL);
  g_autoptr (GtkStringList) cash = gtk_string_list_new (NULL);

  gtk_string_list_append (rounding, _ ("Up"));
  gtk_string_list_append (rounding, _ ("To the Even Cent"));
  adw_combo_row_set_model (self->rounding_row, G_LIST_MODEL (rounding));
  gtk_string_list_append (cash, _ ("To the Cent"));
  gtk_string_list_append (cash, _ ("To 5 Cents"));
  gtk_string_list_append (cash, _ ("To 10 Cents"));
  gtk_string_list_append (cash, _ ("To 50 Cents"));
  gtk_string_list_append (cash, _ ("To Whole Amounts"));
  adw_combo_row_set_model (self->cash_row, G_LIST_MODEL (cash));
}

static void
cobro_taxes_page_build (CobroLatePage *page)
{
  CobroTaxesPage *self = COBRO_TAXES_PAGE (page);

  gtk_widget_init_template (GTK_WIDGET (self));
  make_list (self);
  show_choices (self);
  self->form = cobro_merchant_form_new (self->business, GTK_WIDGET (self));
  g_signal_connect_swapped (self->form, "shown", G_CALLBACK (on_shown_cb), self);
  cobro_merchant_form_refresh (self->form);
}

static void
cobro_taxes_page_class_init (CobroTaxesPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cobro_taxes_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = cobro_taxes_page_finalize;
  COBRO_LATE_PAGE_CLASS (klass)->build = cobro_taxes_page_build;
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-taxes-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroTaxesPage, rates_group);
  gtk_widget_class_bind_template_child (widget_class, CobroTaxesPage, inclusive_switch);
  gtk_widget_class_bind_template_child (widget_class, CobroTaxesPage, per_line_switch);
  gtk_widget_class_bind_template_child (widget_class, CobroTaxesPage, rounding_row);
  gtk_widget_class_bind_template_child (widget_class, CobroTaxesPage, cash_row);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
}

static void
cobro_taxes_page_init (CobroTaxesPage *self)
{
  self->rows = g_ptr_array_new ();
}

void
cobro_taxes_page_set_business (CobroTaxesPage *self, CobroBusiness *business)
{
  g_return_if_fail (COBRO_IS_TAXES_PAGE (self));
  g_return_if_fail (self->business == NULL);

  self->business = g_object_ref (business);
}
