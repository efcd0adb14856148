/* src/view/dialogs/cobro-rule-dialog.c — what a provider is offered for: one rule.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-rule-dialog.h"

#include <glib/gi18n.h>
#include "cobro-currency.h"
#include "cobro-dialogs.h"
#include "cobro-link.h"
#include "cobro-money-row.h"
#include "cobro-provider-text.h"

struct _CobroRuleDialog
{
  AdwWindow parent_instance;
  GtkWidget *add_button;
  AdwComboRow *currency_row;
  CobroMoneyRow *minimum_row;
  CobroMoneyRow *maximum_row;
  AdwPreferencesGroup *methods_group;
  GtkLabel *problem_label;
  GPtrArray *codes;    /* (element-type utf8) what can be chosen, from the second entry on */
  GPtrArray *switches; /* (element-type GtkCheckButton) of methods */
  GArray *methods;     /* (element-type guint) */
};

G_DEFINE_FINAL_TYPE (CobroRuleDialog, cobro_rule_dialog, ADW_TYPE_WINDOW)

enum
{
  DONE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* (nullable) NULL: any. */
static const char *
get_code (CobroRuleDialog *self)
{
  guint selected = adw_combo_row_get_selected (self->currency_row);

  return selected == 0 || selected == GTK_INVALID_LIST_POSITION ? NULL : self->codes->pdata[selected - 1];
}

/* 0: any. */
static guint
get_methods (CobroRuleDialog *self)
{
  guint chosen = 0, all = 0;

  for (guint i = 0; i < self->methods->len; i++)
    {
      all |= g_array_index (self->methods, guint, i);
      if (gtk_check_button_get_active (self->switches->pdata[i]))
        chosen |= g_array_index (self->methods, guint, i);
    }
  return chosen == all ? 0 : chosen;
}

/* 0 for none. FALSE: it is no amount. */
static gboolean
read_amount (CobroMoneyRow *row, gint64 *out_minor)
{
  CobroMoney money;

  *out_minor = 0;
  if (cobro_money_row_get_is_empty (row))
    return TRUE;
  if (!cobro_money_row_get_money (row, &money))
    return FALSE;
  *out_minor = cobro_money_minor (money);
  return *out_minor > 0;
}

static gboolean
any_method (CobroRuleDialog *self)
{
  for (guint i = 0; i < self->switches->len; i++)
    if (gtk_check_button_get_active (self->switches->pdata[i]))
      return TRUE;
  return self->switches->len == 0;
}

static const char *
check (CobroRuleDialog *self, gint64 *out_minimum, gint64 *out_maximum)
{
  if (!read_amount (self->minimum_row, out_minimum) || !read_amount (self->maximum_row, out_maximum))
    return _ ("That is not an amount.");
  if (*out_minimum > 0 && *out_maximum > 0 && *out_minimum > *out_maximum)
    return _ ("The largest amount is less than the smallest.");
  if (!any_method (self))
    return _ ("Choose one way to pay at least.");
  return "";
}

static void
on_changed_cb (CobroRuleDialog *self)
{
  const char *code = get_code (self), *problem;
  CobroCurrency currency;
  gint64 minimum, maximum;
  gboolean any;

  if (!self->switches)
    return;
  if (code && cobro_currency_from_code (code, &currency, NULL))
    {
      cobro_money_row_set_currency (self->minimum_row, currency);
      cobro_money_row_set_currency (self->maximum_row, currency);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->minimum_row), code != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->maximum_row), code != NULL);
  problem = check (self, &minimum, &maximum);
  any = code || get_methods (self) != 0;
  gtk_label_set_text (self->problem_label, problem);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), *problem != '\0');
  gtk_widget_set_sensitive (self->add_button, any && !*problem);
  cobro_dialogs_fit (GTK_WINDOW (self));
}

static void
on_add_clicked_cb (CobroRuleDialog *self)
{
  gint64 minimum, maximum;
  const char *code = get_code (self);
  CobroProviderRule *rule;

  if (*check (self, &minimum, &maximum))
    return;
  rule = cobro_provider_rule_new (code, get_methods (self), code ? minimum : 0, code ? maximum : 0);
  g_signal_emit (self, signals[DONE], 0, rule);
  cobro_provider_rule_free (rule);
  cobro_dialogs_close (GTK_WINDOW (self));
}

static void
cobro_rule_dialog_finalize (GObject *object)
{
  CobroRuleDialog *self = COBRO_RULE_DIALOG (object);

  g_ptr_array_unref (self->codes);
  g_clear_pointer (&self->switches, g_ptr_array_unref);
  g_array_unref (self->methods);
  G_OBJECT_CLASS (cobro_rule_dialog_parent_class)->finalize (object);
}

static void
cobro_rule_dialog_class_init (CobroRuleDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_MONEY_ROW);
  G_OBJECT_CLASS (klass)->finalize = cobro_rule_dialog_finalize;
  signals[DONE] = g_signal_new ("done", COBRO_TYPE_RULE_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                G_TYPE_POINTER);
  /* Not a controller of the template: those do not hear keys while nothing in the window has the keyboard. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-rule-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroRuleDialog, add_button);
  gtk_widget_class_bind_template_child (widget_class, CobroRuleDialog, currency_row);
  gtk_widget_class_bind_template_child (widget_class, CobroRuleDialog, minimum_row);
  gtk_widget_class_bind_template_child (widget_class, CobroRuleDialog, maximum_row);
  gtk_widget_class_bind_template_child (widget_class, CobroRuleDialog, methods_group);
  gtk_widget_class_bind_template_child (widget_class, CobroRuleDialog, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_add_clicked_cb);
}

static void
cobro_rule_dialog_init (CobroRuleDialog *self)
{
  self->codes = g_ptr_array_new_with_free_func (g_free);
  self->methods = g_array_new (FALSE, FALSE, sizeof (guint));
  gtk_widget_init_template (GTK_WIDGET (self));
  cobro_dialogs_grow_with (GTK_WINDOW (self));
  cobro_money_row_set_currency_fixed (self->minimum_row, TRUE);
  cobro_money_row_set_currency_fixed (self->maximum_row, TRUE);
}

static void
list_currencies (CobroRuleDialog *self, const CobroProvider *provider)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);

  gtk_string_list_append (list, _ ("Any"));
  for (guint i = 1; i <= cobro_currency_count (); i++)
    {
      const char *code = cobro_currency_code ((CobroCurrency)i);

      if (provider->currencies && !g_strv_contains ((const char *const *)provider->currencies, code))
        continue;
      g_ptr_array_add (self->codes, g_strdup (code));
      gtk_string_list_append (list, code);
    }
  adw_combo_row_set_model (self->currency_row, G_LIST_MODEL (list));
}

static void
list_methods (CobroRuleDialog *self, const CobroProvider *provider)
{
  GPtrArray *switches = g_ptr_array_new ();

  for (guint bit = COBRO_METHOD_CARD; bit <= COBRO_METHOD_STORE; bit <<= 1)
    {
      g_autofree char *name = NULL;
      GtkWidget *row, *button;

      if (!(provider->methods & bit))
        continue;
      name = cobro_view_methods (bit);
      row = g_object_new (ADW_TYPE_ACTION_ROW, "title", name, NULL);
      button = g_object_new (GTK_TYPE_CHECK_BUTTON, "active", TRUE, "valign", GTK_ALIGN_CENTER, NULL);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), button);
      adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
      adw_preferences_group_add (self->methods_group, row);
      g_signal_connect_swapped (button, "toggled", G_CALLBACK (on_changed_cb), self);
      g_ptr_array_add (switches, button);
      g_array_append_val (self->methods, bit);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->methods_group), switches->len > 1);
  self->switches = switches;
}

CobroRuleDialog *
cobro_rule_dialog_new (GtkWindow *parent, const CobroProvider *provider)
{
  CobroRuleDialog *self = g_object_new (COBRO_TYPE_RULE_DIALOG, "transient-for", parent, NULL);

  list_currencies (self, provider);
  list_methods (self, provider);
  on_changed_cb (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->currency_row));
  return self;
}
