/* src/view/cobro-number-row.c — a small whole number to be set with a spin button.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-number-row.h"

struct _CobroNumberRow
{
  AdwActionRow parent_instance;
  GtkSpinButton *spin;
  gboolean showing;
};

G_DEFINE_FINAL_TYPE (CobroNumberRow, cobro_number_row, ADW_TYPE_ACTION_ROW)

enum
{
  CHOSEN,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

void
cobro_number_row_set_range (CobroNumberRow *self, int minimum, int maximum)
{
  g_return_if_fail (COBRO_IS_NUMBER_ROW (self));

  self->showing = TRUE;
  gtk_spin_button_set_range (self->spin, minimum, maximum);
  self->showing = FALSE;
}

int
cobro_number_row_get_value (CobroNumberRow *self)
{
  g_return_val_if_fail (COBRO_IS_NUMBER_ROW (self), 0);

  return gtk_spin_button_get_value_as_int (self->spin);
}

void
cobro_number_row_set_value (CobroNumberRow *self, int value)
{
  g_return_if_fail (COBRO_IS_NUMBER_ROW (self));

  if (gtk_spin_button_get_value_as_int (self->spin) == value)
    return;
  self->showing = TRUE;
  gtk_spin_button_set_value (self->spin, value);
  self->showing = FALSE;
}

static void
on_value_changed_cb (CobroNumberRow *self)
{
  if (!self->showing)
    g_signal_emit (self, signals[CHOSEN], 0);
}

/* The row's title names the spin button, too. */
static void
on_title_cb (CobroNumberRow *self)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->spin), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)), -1);
}

static void
cobro_number_row_class_init (CobroNumberRowClass *klass)
{
  signals[CHOSEN] =
    g_signal_new ("chosen", COBRO_TYPE_NUMBER_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cobro_number_row_init (CobroNumberRow *self)
{
  self->spin = GTK_SPIN_BUTTON (gtk_spin_button_new_with_range (0, 1000, 1));
  gtk_spin_button_set_numeric (self->spin, TRUE);
  gtk_widget_set_valign (GTK_WIDGET (self->spin), GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), GTK_WIDGET (self->spin));
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), GTK_WIDGET (self->spin));
  g_signal_connect_swapped (self->spin, "value-changed", G_CALLBACK (on_value_changed_cb), self);
  g_signal_connect_swapped (self, "notify::title", G_CALLBACK (on_title_cb), self);
}
