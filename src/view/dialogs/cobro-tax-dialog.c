/* src/view/dialogs/cobro-tax-dialog.c — a tax rate: made.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-tax-dialog.h"

#include <glib/gi18n.h>
#include "cobro-dialogs.h"
#include "cobro-error.h"
#include "cobro-money-text.h"
#include "cobro-view-text.h"

struct _CobroTaxDialog
{
  AdwWindow parent_instance;
  GtkWidget *add_button;
  GtkEditable *name_row;
  AdwComboRow *category_row;
  GtkEditable *rate_row;
  GtkLabel *problem_label;
};

G_DEFINE_FINAL_TYPE (CobroTaxDialog, cobro_tax_dialog, ADW_TYPE_WINDOW)

enum
{
  DONE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

const char *
cobro_tax_dialog_category_word (CobroTaxCategory category)
{
  switch (category)
    {
    case COBRO_TAX_STANDARD:
      return _ ("Taxed");
    case COBRO_TAX_ZERO:
      return _ ("Taxed at zero");
    case COBRO_TAX_EXEMPT:
      return _ ("Exempt");
    case COBRO_TAX_REVERSE:
      return _ ("Reverse charge: the customer owes it");
    case COBRO_TAX_INTRA:
      return _ ("To another country of the EU");
    case COBRO_TAX_EXPORT:
      return _ ("Exported");
    case COBRO_TAX_OUTSIDE:
      return _ ("Not subject to tax");
    }
  g_return_val_if_reached ("");
}

char *
cobro_tax_dialog_rate_text (const CobroTaxRate *rate)
{
  g_autofree char *number = NULL;

  if (rate->category != COBRO_TAX_STANDARD)
    return g_strdup_printf ("%s · %s", rate->name, cobro_tax_dialog_category_word (rate->category));
  number = cobro_decimal_text (rate->rate, cobro_view_locale ());
  return g_strdup_printf ("%s %s %%", rate->name, number);
}

gboolean
cobro_tax_dialog_read_percent (const char *text, CobroDecimal *out_percent, GError **error)
{
  g_auto (GStrv) words = g_strsplit (text, "%", 2);
  g_autofree char *plain = cobro_typed_decimal (words[0] ? words[0] : "", 2, cobro_view_locale (), NULL, NULL);

  if (!plain || (words[0] && words[1] && *g_strstrip (words[1])) ||
      !cobro_decimal_from_text (plain, out_percent, NULL) || *out_percent < 0 || *out_percent > 100 * COBRO_DECIMAL_ONE)
    return cobro_error_set (error, COBRO_ERROR_INVALID, _ ("that is no percentage from 0 to 100"));
  return TRUE;
}

/* (transfer full) (nullable) what is typed; NULL with an error. */
static CobroTaxRate *
read_rate (CobroTaxDialog *self, GError **error)
{
  CobroTaxCategory category = (CobroTaxCategory)adw_combo_row_get_selected (self->category_row);
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->name_row)));
  g_autoptr (CobroTaxRate) rate = NULL;
  CobroDecimal percent = 0;

  if (category == COBRO_TAX_STANDARD &&
      !cobro_tax_dialog_read_percent (gtk_editable_get_text (self->rate_row), &percent, error))
    return NULL;
  rate = cobro_tax_rate_new (name, category, percent, FALSE);
  return cobro_tax_rate_validate (rate, "", error) ? g_steal_pointer (&rate) : NULL;
}

static void
on_changed_cb (CobroTaxDialog *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroTaxRate) rate = NULL;
  g_autofree char *sentence = NULL;
  gboolean taxed = adw_combo_row_get_selected (self->category_row) == COBRO_TAX_STANDARD;
  gboolean begun = *gtk_editable_get_text (self->name_row) && (!taxed || *gtk_editable_get_text (self->rate_row));

  gtk_widget_set_visible (GTK_WIDGET (self->rate_row), taxed);
  rate = read_rate (self, &error);
  sentence = begun && error ? cobro_view_error (error) : g_strdup ("");
  gtk_label_set_text (self->problem_label, sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), *sentence != '\0');
  gtk_widget_set_sensitive (self->add_button, rate != NULL);
  cobro_dialogs_fit (GTK_WINDOW (self));
}

static void
on_add_clicked_cb (CobroTaxDialog *self)
{
  g_autoptr (CobroTaxRate) rate = read_rate (self, NULL);

  if (!rate)
    return;
  g_signal_emit (self, signals[DONE], 0, rate);
  cobro_dialogs_close (GTK_WINDOW (self));
}

static void
cobro_tax_dialog_class_init (CobroTaxDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[DONE] = g_signal_new ("done", COBRO_TYPE_TAX_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                G_TYPE_POINTER);
  /* Not a controller of the template: those do not hear keys while nothing in the window has the keyboard. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-tax-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroTaxDialog, add_button);
  gtk_widget_class_bind_template_child (widget_class, CobroTaxDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, CobroTaxDialog, category_row);
  gtk_widget_class_bind_template_child (widget_class, CobroTaxDialog, rate_row);
  gtk_widget_class_bind_template_child (widget_class, CobroTaxDialog, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_add_clicked_cb);
}

static void
cobro_tax_dialog_init (CobroTaxDialog *self)
{
  g_autoptr (GtkStringList) words = gtk_string_list_new (NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  cobro_dialogs_grow_with (GTK_WINDOW (self));
  for (CobroTaxCategory category = COBRO_TAX_STANDARD; category <= COBRO_TAX_OUTSIDE; category++)
    gtk_string_list_append (words, cobro_tax_dialog_category_word (category));
  adw_combo_row_set_model (self->category_row, G_LIST_MODEL (words));
}

CobroTaxDialog *
cobro_tax_dialog_new (GtkWindow *parent, const char *name)
{
  CobroTaxDialog *self = g_object_new (COBRO_TYPE_TAX_DIALOG, "transient-for", parent, NULL);

  gtk_editable_set_text (self->name_row, name);
  on_changed_cb (self);
  gtk_widget_grab_focus (*name ? GTK_WIDGET (self->rate_row) : GTK_WIDGET (self->name_row));
  return self;
}
