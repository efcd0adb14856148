/* src/view/cobro-rules-group.c — what a provider is offered for.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-rules-group.h"

#include <glib/gi18n.h>
#include "cobro-money-text.h"
#include "cobro-plain-row.h"
#include "cobro-provider-text.h"
#include "cobro-rule-dialog.h"

struct _CobroRulesGroup
{
  AdwPreferencesGroup parent_instance;
  CobroProvider *provider;
  GPtrArray *rules; /* (element-type CobroProviderRule) as they are to be */
  GPtrArray *rows;  /* (element-type GtkWidget) */
  GtkListBox *list; /* the rules, then add_row */
  GtkWidget *add_row;
};

G_DEFINE_FINAL_TYPE (CobroRulesGroup, cobro_rules_group, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* ── One rule in words ── */

static char *
amount_text (const char *code, gint64 minor)
{
  CobroCurrency currency;

  if (!cobro_currency_from_code (code, &currency, NULL))
    return g_strdup (code);
  return cobro_money_text (cobro_money (minor, currency), cobro_view_locale ());
}

static char *
rule_text (const CobroProviderRule *rule)
{
  g_autofree char *low = rule->minimum > 0 ? amount_text (rule->currency, rule->minimum) : NULL;
  g_autofree char *high = rule->maximum > 0 ? amount_text (rule->currency, rule->maximum) : NULL;
  g_autofree char *methods = rule->methods ? cobro_view_methods (rule->methods) : NULL;
  g_autoptr (GString) text = g_string_new (rule->currency ? rule->currency : _ ("Any currency"));

  if (low && high)
    /* Translators: both are amounts of money. */
    g_string_append_printf (text, _ (", from %s to %s"), low, high);
  else if (low)
    g_string_append_printf (text, _ (", from %s"), low);
  else if (high)
    g_string_append_printf (text, _ (", up to %s"), high);
  if (methods)
    g_string_append_printf (text, " · %s", methods);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* ── Showing ── */

static void show (CobroRulesGroup *self);

static void
on_remove_clicked_cb (GtkWidget *button, CobroRulesGroup *self)
{
  guint index = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "index"));

  g_ptr_array_remove_index (self->rules, index);
  show (self);
  gtk_widget_grab_focus (self->add_row);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_rule_done_cb (CobroRulesGroup *self, CobroProviderRule *rule)
{
  g_ptr_array_add (self->rules, cobro_provider_rule_new (rule->currency, rule->methods, rule->minimum, rule->maximum));
  show (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_add_activated_cb (CobroRulesGroup *self)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  CobroRuleDialog *dialog = cobro_rule_dialog_new (window, self->provider);

  g_signal_connect_object (dialog, "done", G_CALLBACK (on_rule_done_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static GtkWidget *
make_row (CobroRulesGroup *self, guint index)
{
  g_autofree char *text = rule_text (self->rules->pdata[index]);
  /* Translators: %s is a rule, such as "EUR, up to €500.00". */
  g_autofree char *label = g_strdup_printf (_ ("Remove the rule %s"), text);
  GtkWidget *row = cobro_plain_row_new (text, NULL);
  GtkWidget *button = g_object_new (GTK_TYPE_BUTTON, "icon-name", "user-trash-symbolic", "valign", GTK_ALIGN_CENTER,
                                    "tooltip-text", _ ("Remove This Rule"), NULL);

  gtk_widget_add_css_class (button, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_object_set_data (G_OBJECT (button), "index", GUINT_TO_POINTER (index));
  g_signal_connect (button, "clicked", G_CALLBACK (on_remove_clicked_cb), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

static void
show (CobroRulesGroup *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    gtk_list_box_remove (self->list, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < self->rules->len; i++)
    {
      GtkWidget *row = make_row (self, i);

      g_ptr_array_add (self->rows, row);
      gtk_list_box_insert (self->list, row, (int)i);
    }
  adw_preferences_group_set_description (
    ADW_PREFERENCES_GROUP (self), self->rules->len ? _ ("It is offered where one of these rules fits.")
                                                   : _ ("Everything it can take. Add a rule to offer it only for some "
                                                        "currencies, amounts or ways to pay."));
}

void
cobro_rules_group_set_provider (CobroRulesGroup *self, CobroProvider *provider, gboolean force)
{
  gboolean keep;

  g_return_if_fail (COBRO_IS_RULES_GROUP (self));

  keep = !force && self->provider && !cobro_provider_rules_equal (self->rules, self->provider->rules);
  cobro_provider_ref (provider);
  g_clear_pointer (&self->provider, cobro_provider_unref);
  self->provider = provider;
  if (keep || (cobro_provider_rules_equal (self->rules, provider->rules) && self->rows->len == self->rules->len &&
               self->rules->len > 0))
    return;
  g_ptr_array_unref (self->rules);
  self->rules = cobro_provider_rules_copy (provider->rules);
  show (self);
}

GPtrArray *
cobro_rules_group_get_changed (CobroRulesGroup *self)
{
  g_return_val_if_fail (COBRO_IS_RULES_GROUP (self), NULL);

  if (!self->provider || cobro_provider_rules_equal (self->rules, self->provider->rules))
    return NULL;
  return self->rules;
}

/* ── The widget ── */

static void
cobro_rules_group_finalize (GObject *object)
{
  CobroRulesGroup *self = COBRO_RULES_GROUP (object);

  g_ptr_array_unref (self->rules);
  g_ptr_array_unref (self->rows);
  g_clear_pointer (&self->provider, cobro_provider_unref);
  G_OBJECT_CLASS (cobro_rules_group_parent_class)->finalize (object);
}

static void
cobro_rules_group_class_init (CobroRulesGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cobro_rules_group_finalize;
  signals[CHANGED] =
    g_signal_new ("changed", COBRO_TYPE_RULES_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cobro_rules_group_init (CobroRulesGroup *self)
{
  GtkWidget *icon = gtk_image_new_from_icon_name ("list-add-symbolic");

  self->rules = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_provider_rule_free);
  self->rows = g_ptr_array_new ();
  self->list = g_object_new (GTK_TYPE_LIST_BOX, "selection-mode", GTK_SELECTION_NONE, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Rules"), -1);
  self->add_row = g_object_new (ADW_TYPE_ACTION_ROW, "title", _ ("Add a Rule…"), "activatable", TRUE, NULL);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self->add_row), icon);
  g_signal_connect_swapped (self->add_row, "activated", G_CALLBACK (on_add_activated_cb), self);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _ ("Offered For"));
  gtk_list_box_append (self->list, self->add_row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (self->list));
}
