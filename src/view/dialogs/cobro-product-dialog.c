/* src/view/dialogs/cobro-product-dialog.c — a product: written down, or changed.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-product-dialog.h"

#include <glib/gi18n.h>
#include "cobro-dialogs.h"
#include "cobro-error.h"
#include "cobro-link.h"
#include "cobro-money-text.h"
#include "cobro-note.h"
#include "cobro-products-list.h"
#include "cobro-tax-dialog.h"
#include "cobro-text-row.h"
#include "cobro-view-text.h"

struct _CobroProductDialog
{
  AdwWindow parent_instance;
  GtkWidget *save_button;
  GtkWidget *name_row;
  GtkWidget *price_row;
  GtkLabel *price_note;
  AdwComboRow *currency_row;
  GtkWidget *unit_row;
  AdwComboRow *tax_row;
  GtkSwitch *inclusive_switch;
  GtkWidget *code_row;
  CobroTextRow *description_row;
  GtkButton *archive_button;
  GtkLabel *problem_label;
  CobroProducts *products;
  CobroProduct *product; /* as it was */
  GPtrArray *rates;      /* (element-type CobroTaxRate) what can be chosen, after "no tax" */
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (CobroProductDialog, cobro_product_dialog, ADW_TYPE_WINDOW)

/* ── Reading ── */

static CobroCurrency
read_currency (CobroProductDialog *self)
{
  return (CobroCurrency)(adw_combo_row_get_selected (self->currency_row) + 1);
}

static gboolean
read_price (CobroProductDialog *self, CobroUnitPrice *out_price, GError **error)
{
  CobroCurrency currency = read_currency (self);
  g_autofree char *plain = cobro_typed_decimal (gtk_editable_get_text (GTK_EDITABLE (self->price_row)),
                                                cobro_currency_exponent (currency), cobro_view_locale (), NULL, error);

  return plain && cobro_unit_price_from_decimal (plain, currency, out_price, error);
}

static void
take_text (char **member, GtkWidget *row)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));

  cobro_link_set_text (member, text);
}

/* (transfer full) (nullable) what the form says; NULL: its price is none. */
static CobroProduct *
read_form (CobroProductDialog *self, GError **error)
{
  g_autoptr (CobroProduct) product = cobro_product_copy (self->product);
  g_autofree char *description = cobro_text_row_dup_text (self->description_row);
  guint chosen = adw_combo_row_get_selected (self->tax_row);

  take_text (&product->name, self->name_row);
  take_text (&product->unit, self->unit_row);
  take_text (&product->code, self->code_row);
  cobro_link_set_text (&product->description, description);
  product->currency = read_currency (self);
  if (!read_price (self, &product->unit_price, error))
    return NULL;
  if (chosen > 0 && chosen <= self->rates->len)
    {
      const CobroTaxRate *rate = self->rates->pdata[chosen - 1];

      cobro_link_set_text (&product->tax_name, rate->name);
      product->tax_category = rate->category;
      product->tax_rate = rate->rate;
    }
  else
    {
      cobro_link_set_text (&product->tax_name, "");
      product->tax_category = COBRO_TAX_OUTSIDE;
      product->tax_rate = 0;
    }
  product->tax_inclusive = chosen > 0 && gtk_switch_get_active (self->inclusive_switch);
  return g_steal_pointer (&product);
}

static void
on_changed_cb (CobroProductDialog *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroProduct) product = NULL;
  g_autofree char *problem = NULL;
  g_autofree char *price = NULL;
  g_autofree char *back = NULL;
  gboolean typed;

  if (!self->rates)
    return;
  typed = *gtk_editable_get_text (GTK_EDITABLE (self->price_row));
  product = read_form (self, &error);
  problem = error && typed ? cobro_view_error (error) : NULL;
  price = product && typed ? cobro_products_list_price_text (product) : NULL;
  back = price ? g_strdup_printf ("= %s", price) : NULL; /* how it was understood */
  cobro_note_set (self->price_row, self->price_note, back, problem);
  gtk_widget_set_sensitive (GTK_WIDGET (self->inclusive_switch), adw_combo_row_get_selected (self->tax_row) > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), FALSE);
  gtk_widget_remove_css_class (self->code_row, "error");
  gtk_widget_set_sensitive (self->save_button, product && *product->name);
}

/* ── Saving ── */

static void
on_put_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroProductDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroProduct) stored = cobro_products_put_finish (COBRO_PRODUCTS (source), result, &error);
  g_autofree char *sentence = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  gtk_widget_set_sensitive (self->save_button, TRUE);
  if (stored)
    return cobro_dialogs_close (GTK_WINDOW (self));

  sentence = g_error_matches (error, COBRO_ERROR, COBRO_ERROR_EXISTS) ? g_strdup (_ ("Another product has this code."))
                                                                      : cobro_view_error (error);
  if (g_strcmp0 (cobro_error_get_path (error), "code") == 0)
    {
      gtk_widget_add_css_class (self->code_row, "error");
      gtk_widget_grab_focus (self->code_row);
    }
  gtk_label_set_text (self->problem_label, sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), TRUE);
}

static void
on_save_clicked_cb (CobroProductDialog *self)
{
  g_autoptr (CobroProduct) product = read_form (self, NULL);

  if (!product)
    return;
  gtk_widget_set_sensitive (self->save_button, FALSE);
  cobro_products_put_async (self->products, product, self->cancellable, on_put_cb, g_object_ref (self));
}

static void
on_archive_clicked_cb (CobroProductDialog *self)
{
  gboolean archived = !self->product->archived;

  cobro_products_archive (self->products, self->product, archived,
                          archived ? _ ("Product archived") : _ ("Product offered again"));
  cobro_dialogs_close (GTK_WINDOW (self));
}

/* ── The widget ── */

static void
cobro_product_dialog_dispose (GObject *object)
{
  CobroProductDialog *self = COBRO_PRODUCT_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->products);
  G_OBJECT_CLASS (cobro_product_dialog_parent_class)->dispose (object);
}

static void
cobro_product_dialog_finalize (GObject *object)
{
  CobroProductDialog *self = COBRO_PRODUCT_DIALOG (object);

  g_clear_pointer (&self->product, cobro_product_unref);
  g_clear_pointer (&self->rates, g_ptr_array_unref);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (cobro_product_dialog_parent_class)->finalize (object);
}

static void
cobro_product_dialog_class_init (CobroProductDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_TEXT_ROW);
  G_OBJECT_CLASS (klass)->dispose = cobro_product_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = cobro_product_dialog_finalize;
  /* Not a controller of the template: those do not hear keys while nothing in the window has the keyboard. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-product-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroProductDialog, save_button);
  gtk_widget_class_bind_template_child (widget_class, CobroProductDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, CobroProductDialog, price_row);
  gtk_widget_class_bind_template_child (widget_class, CobroProductDialog, currency_row);
  gtk_widget_class_bind_template_child (widget_class, CobroProductDialog, unit_row);
  gtk_widget_class_bind_template_child (widget_class, CobroProductDialog, tax_row);
  gtk_widget_class_bind_template_child (widget_class, CobroProductDialog, inclusive_switch);
  gtk_widget_class_bind_template_child (widget_class, CobroProductDialog, code_row);
  gtk_widget_class_bind_template_child (widget_class, CobroProductDialog, description_row);
  gtk_widget_class_bind_template_child (widget_class, CobroProductDialog, archive_button);
  gtk_widget_class_bind_template_child (widget_class, CobroProductDialog, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_save_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_archive_clicked_cb);
}

static void
cobro_product_dialog_init (CobroProductDialog *self)
{
  g_autoptr (GtkStringList) currencies = gtk_string_list_new (NULL);

  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 1; i <= cobro_currency_count (); i++)
    gtk_string_list_append (currencies, cobro_currency_code ((CobroCurrency)i));
  adw_combo_row_set_model (self->currency_row, G_LIST_MODEL (currencies));
  self->price_note = cobro_note_put_below (self->price_row);
}

static void
free_rate (gpointer rate)
{
  cobro_tax_rate_free (rate);
}

static void
add_rate (CobroProductDialog *self, GtkStringList *words, const CobroTaxRate *rate)
{
  g_ptr_array_add (self->rates, cobro_tax_rate_new (rate->name, rate->category, rate->rate, FALSE));
  gtk_string_list_take (words, cobro_tax_dialog_rate_text (rate));
}

/* The merchant's rates, and the product's own when it is none of them. */
static void
list_rates (CobroProductDialog *self, const CobroMerchant *merchant, gboolean is_new)
{
  g_autoptr (GtkStringList) words = gtk_string_list_new (NULL);
  const CobroProduct *product = self->product;
  CobroTaxRate own = { product->tax_name, product->tax_category, product->tax_rate, FALSE };
  GPtrArray *rates = g_ptr_array_new_with_free_func (free_rate);
  guint chosen = 0;

  self->rates = rates;
  gtk_string_list_append (words, _ ("No Tax"));
  for (guint i = 0; i < merchant->taxes->len; i++)
    {
      const CobroTaxRate *rate = merchant->taxes->pdata[i];

      add_rate (self, words, rate);
      if (is_new ? rate->is_default : *own.name && rate->rate == own.rate && rate->category == own.category)
        chosen = i + 1;
    }
  if (!is_new && chosen == 0 && *own.name)
    {
      add_rate (self, words, &own);
      chosen = rates->len;
    }
  adw_combo_row_set_model (self->tax_row, G_LIST_MODEL (words));
  adw_combo_row_set_selected (self->tax_row, chosen);
}

static void
show_product (CobroProductDialog *self, gboolean is_new)
{
  const CobroProduct *product = self->product;
  g_autofree char *plain = cobro_unit_price_to_decimal (product->unit_price, product->currency);
  g_autofree char *price = cobro_decimal_entry_text (plain, cobro_view_locale ());

  gtk_editable_set_text (GTK_EDITABLE (self->name_row), product->name);
  gtk_editable_set_text (GTK_EDITABLE (self->price_row), is_new ? "" : price);
  adw_combo_row_set_selected (self->currency_row, product->currency - 1u);
  gtk_editable_set_text (GTK_EDITABLE (self->unit_row), product->unit);
  gtk_switch_set_active (self->inclusive_switch, product->tax_inclusive);
  gtk_editable_set_text (GTK_EDITABLE (self->code_row), product->code);
  cobro_text_row_set_text (self->description_row, product->description);
  gtk_widget_set_visible (GTK_WIDGET (self->archive_button), !is_new);
  gtk_button_set_label (self->archive_button, product->archived ? _ ("_Offer Again") : _ ("_Archive"));
}

CobroProductDialog *
cobro_product_dialog_new (GtkWindow *parent, CobroProducts *products, CobroBusiness *business,
                          const CobroProduct *product)
{
  CobroProductDialog *self = g_object_new (COBRO_TYPE_PRODUCT_DIALOG, "transient-for", parent, NULL);
  const CobroMerchant *merchant = cobro_business_get_merchant (business);
  CobroCurrency currency = cobro_business_get_currency (business);

  self->products = g_object_ref (products);
  self->product = product ? cobro_product_copy (product) : cobro_product_new ();
  if (!product)
    {
      self->product->currency = currency != COBRO_CURRENCY_NONE ? currency : cobro_view_default_currency ();
      self->product->tax_inclusive = merchant->tax_inclusive;
    }
  else
    gtk_window_set_title (GTK_WINDOW (self), _ ("Edit Product"));
  show_product (self, product == NULL);
  list_rates (self, merchant, product == NULL);
  on_changed_cb (self);
  gtk_widget_grab_focus (self->name_row);
  return self;
}

void
cobro_product_dialog_say_refused (CobroProductDialog *self, const char *reason)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, reason);
  g_autofree char *sentence = cobro_view_error (error);
  /* Translators: %s is a sentence. */
  g_autofree char *text = g_strdup_printf (
    _ ("The relay did not accept this product: %s Invoices that use it are not touched. Change it and save: it is sent "
       "again."),
    sentence);

  g_return_if_fail (COBRO_IS_PRODUCT_DIALOG (self));

  gtk_label_set_text (self->problem_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), TRUE);
}
