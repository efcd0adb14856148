/* src/view/cobro-secret-row.c — a secret that is shown this once.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-secret-row.h"

#include <glib/gi18n.h>
#include "cobro-text.h"

struct _CobroSecretRow
{
  AdwActionRow parent_instance;
  GtkWidget *copy_button;
  char *secret; /* (nullable) wiped at the end */
};

G_DEFINE_FINAL_TYPE (CobroSecretRow, cobro_secret_row, ADW_TYPE_ACTION_ROW)

static void
forget (CobroSecretRow *self)
{
  if (self->secret)
    cobro_text_wipe (self->secret);
  self->secret = NULL;
}

static void
on_copy_clicked_cb (CobroSecretRow *self)
{
  if (!self->secret)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->secret);
  gtk_button_set_label (GTK_BUTTON (self->copy_button), _ ("Copied"));
}

static void
cobro_secret_row_finalize (GObject *object)
{
  forget (COBRO_SECRET_ROW (object));
  G_OBJECT_CLASS (cobro_secret_row_parent_class)->finalize (object);
}

static void
cobro_secret_row_class_init (CobroSecretRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cobro_secret_row_finalize;
}

static void
cobro_secret_row_init (CobroSecretRow *self)
{
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0);
  gtk_widget_add_css_class (GTK_WIDGET (self), "secret");
  self->copy_button = gtk_button_new_with_mnemonic (_ ("_Copy"));
  gtk_widget_set_valign (self->copy_button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->copy_button, "suggested-action");
  g_signal_connect_object (self->copy_button, "clicked", G_CALLBACK (on_copy_clicked_cb), self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->copy_button);
}

void
cobro_secret_row_set_secret (CobroSecretRow *self, const char *secret)
{
  g_return_if_fail (COBRO_IS_SECRET_ROW (self));

  forget (self);
  self->secret = g_strdup (secret);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), secret);
  gtk_button_set_label (GTK_BUTTON (self->copy_button), _ ("_Copy"));
}

void
cobro_secret_row_focus (CobroSecretRow *self)
{
  g_return_if_fail (COBRO_IS_SECRET_ROW (self));

  gtk_widget_grab_focus (self->copy_button);
}
