/* src/view/cobro-money-row.c — the amount entry.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-money-row.h"

#include <glib/gi18n.h>
#include "cobro-late.h"
#include "cobro-money-text.h"
#include "cobro-view-text.h"

struct _CobroMoneyRow
{
  AdwEntryRow parent_instance;
  GtkLabel *readback;
  GtkDropDown *currency_chooser;
  CobroLocale *locale;
  CobroCurrency currency;
  CobroMoney money;
  gboolean valid;
  char *problem;
};

G_DEFINE_FINAL_TYPE (CobroMoneyRow, cobro_money_row, ADW_TYPE_ENTRY_ROW)

enum
{
  PROP_0,
  PROP_VALID,
  N_PROPS
};
enum
{
  CHANGED_MONEY,
  N_SIGNALS
};
static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
show_style (CobroMoneyRow *self, gboolean ambiguous)
{
  GtkWidget *row = GTK_WIDGET (self);
  GtkWidget *readback = GTK_WIDGET (self->readback);

  if (*self->problem)
    gtk_widget_add_css_class (row, "error");
  else
    gtk_widget_remove_css_class (row, "error");
  if (ambiguous)
    gtk_widget_remove_css_class (readback, "dim-label");
  else
    gtk_widget_add_css_class (readback, "dim-label");
  gtk_widget_set_tooltip_text (row, *self->problem ? self->problem : NULL);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_INVALID,
                               *self->problem ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

/* Reads the text again and shows how it was understood. */
static void
read_text (CobroMoneyRow *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self));
  g_autofree char *shown = NULL;
  g_autofree char *back = NULL;
  g_autoptr (GError) error = NULL;
  gboolean ambiguous = FALSE;

  self->valid = cobro_money_from_text (text, self->currency, self->locale, &self->money, &ambiguous, &error);
  g_free (self->problem);
  self->problem = self->valid || cobro_money_row_get_is_empty (self) ? g_strdup ("") : cobro_view_error (error);
  if (self->valid)
    {
      shown = cobro_money_text (self->money, self->locale);
      back = g_strdup_printf ("= %s", shown);
    }
  gtk_label_set_text (self->readback, back ? back : "");
  show_style (self, self->valid && ambiguous);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VALID]);
  g_signal_emit (self, signals[CHANGED_MONEY], 0);
}

static void
on_text_changed_cb (CobroMoneyRow *self)
{
  read_text (self);
}

static void
on_currency_selected_cb (CobroMoneyRow *self)
{
  GObject *item = gtk_drop_down_get_selected_item (self->currency_chooser);
  CobroCurrency currency;

  if (!item || !cobro_currency_from_code (gtk_string_object_get_string (GTK_STRING_OBJECT (item)), &currency, NULL) ||
      currency == self->currency)
    return;

  self->currency = currency;
  read_text (self);
}

/* (transfer full) the sign between whole and fraction in this locale: the keypad's key writes it. */
static char *
decimal_sign (CobroMoneyRow *self)
{
  g_autofree char *number = cobro_money_text_number (cobro_money (15, self->currency), self->locale);

  for (const char *at = number; *at; at = g_utf8_next_char (at))
    if (!g_unichar_isdigit (g_utf8_get_char (at)))
      return g_strndup (at, g_utf8_next_char (at) - at);
  return g_strdup (".");
}

static gboolean
on_key_pressed_cb (CobroMoneyRow *self, guint keyval, guint keycode, GdkModifierType modifiers)
{
  g_autofree char *sign = NULL;
  int position;

  if (keyval != GDK_KEY_KP_Decimal && keyval != GDK_KEY_KP_Separator)
    return GDK_EVENT_PROPAGATE;

  sign = decimal_sign (self);
  gtk_editable_delete_selection (GTK_EDITABLE (self));
  position = gtk_editable_get_position (GTK_EDITABLE (self));
  gtk_editable_insert_text (GTK_EDITABLE (self), sign, -1, &position);
  gtk_editable_set_position (GTK_EDITABLE (self), position);
  return GDK_EVENT_STOP;
}

static void
cobro_money_row_finalize (GObject *object)
{
  CobroMoneyRow *self = COBRO_MONEY_ROW (object);

  cobro_locale_unref (self->locale);
  g_free (self->problem);
  G_OBJECT_CLASS (cobro_money_row_parent_class)->finalize (object);
}

static void
cobro_money_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_VALID)
    g_value_set_boolean (value, COBRO_MONEY_ROW (object)->valid);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
cobro_money_row_class_init (CobroMoneyRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->finalize = cobro_money_row_finalize;
  object_class->get_property = cobro_money_row_get_property;

  properties[PROP_VALID] = g_param_spec_boolean ("valid", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[CHANGED_MONEY] =
    g_signal_new ("changed-money", COBRO_TYPE_MONEY_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-money-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroMoneyRow, readback);
  gtk_widget_class_bind_template_child (widget_class, CobroMoneyRow, currency_chooser);
  gtk_widget_class_bind_template_callback (widget_class, on_text_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_currency_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_key_pressed_cb);
}

/* The list of all currencies costs more than the whole row, and few look at it. */
static void
list_currencies (GtkWidget *chooser)
{
  CobroMoneyRow *self = COBRO_MONEY_ROW (gtk_widget_get_ancestor (chooser, COBRO_TYPE_MONEY_ROW));
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) codes = NULL;

  for (guint i = 1; i <= cobro_currency_count (); i++)
    g_strv_builder_add (builder, cobro_currency_code ((CobroCurrency)i));
  codes = g_strv_builder_end (builder);
  cobro_late_put_around (GTK_STRING_LIST (gtk_drop_down_get_model (self->currency_chooser)), codes,
                         self->currency - 1u);
}

static void
show_currency (CobroMoneyRow *self)
{
  GtkStringList *listed = GTK_STRING_LIST (gtk_drop_down_get_model (self->currency_chooser));
  const char *only[] = { cobro_currency_code (self->currency), NULL };

  if (g_list_model_get_n_items (G_LIST_MODEL (listed)) > 1)
    gtk_drop_down_set_selected (self->currency_chooser, self->currency - 1u);
  else
    gtk_string_list_splice (listed, 0, 1, only);
}

static void
cobro_money_row_init (CobroMoneyRow *self)
{
  const char *only[] = { cobro_currency_code (1), NULL };
  g_autoptr (GtkStringList) currencies = gtk_string_list_new (only);

  self->locale = cobro_locale_ref (cobro_view_locale ());
  self->problem = g_strdup ("");
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_drop_down_set_model (self->currency_chooser, G_LIST_MODEL (currencies));
  cobro_late_call (GTK_WIDGET (self->currency_chooser), list_currencies);
  cobro_money_row_set_currency (self, 1);
}

gboolean
cobro_money_row_get_money (CobroMoneyRow *self, CobroMoney *out_money)
{
  g_return_val_if_fail (COBRO_IS_MONEY_ROW (self), FALSE);

  if (self->valid)
    *out_money = self->money;
  return self->valid;
}

void
cobro_money_row_set_money (CobroMoneyRow *self, CobroMoney money)
{
  g_autofree char *text = NULL;

  g_return_if_fail (COBRO_IS_MONEY_ROW (self));

  if (cobro_money_is_set (money))
    cobro_money_row_set_currency (self, cobro_money_currency (money));
  text = cobro_money_text_number (money, self->locale);
  gtk_editable_set_text (GTK_EDITABLE (self), cobro_money_is_set (money) ? text : "");
}

CobroCurrency
cobro_money_row_get_currency (CobroMoneyRow *self)
{
  g_return_val_if_fail (COBRO_IS_MONEY_ROW (self), COBRO_CURRENCY_NONE);

  return self->currency;
}

void
cobro_money_row_set_currency (CobroMoneyRow *self, CobroCurrency currency)
{
  g_return_if_fail (COBRO_IS_MONEY_ROW (self));

  if (currency == COBRO_CURRENCY_NONE || currency == self->currency)
    return;

  self->currency = currency;
  show_currency (self);
  read_text (self);
}

void
cobro_money_row_set_currency_fixed (CobroMoneyRow *self, gboolean fixed)
{
  g_return_if_fail (COBRO_IS_MONEY_ROW (self));

  gtk_widget_set_sensitive (GTK_WIDGET (self->currency_chooser), !fixed);
}

gboolean
cobro_money_row_get_is_empty (CobroMoneyRow *self)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (COBRO_IS_MONEY_ROW (self), TRUE);

  text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self))));
  return *text == '\0';
}

const char *
cobro_money_row_get_problem (CobroMoneyRow *self)
{
  g_return_val_if_fail (COBRO_IS_MONEY_ROW (self), "");

  return self->problem;
}

void
cobro_money_row_set_locale (CobroMoneyRow *self, CobroLocale *locale)
{
  g_return_if_fail (COBRO_IS_MONEY_ROW (self));

  cobro_locale_ref (locale);
  cobro_locale_unref (self->locale);
  self->locale = locale;
  read_text (self);
}
