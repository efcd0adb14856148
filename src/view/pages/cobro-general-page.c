/* src/view/pages/cobro-general-page.c — Preferences → General.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-general-page.h"

#include <glib/gi18n.h>
#include "cobro-note.h"
#include "cobro-view-text.h"

struct _CobroGeneralPage
{
  CobroLatePage parent_instance;
  GtkWidget *background_row;
  GtkSwitch *background_switch;
  GtkSwitch *sound_switch;
  GtkSwitch *search_switch;
  GtkLabel *background_note; /* why it could not be switched on */
  GSettings *settings;
  CobroBackground *background;
  gboolean showing; /* the switch follows the model, not the person */
};

G_DEFINE_FINAL_TYPE (CobroGeneralPage, cobro_general_page, COBRO_TYPE_LATE_PAGE)

static void
show_background (CobroGeneralPage *self)
{
  const GError *error = cobro_background_get_error (self->background);
  gboolean busy = cobro_background_get_busy (self->background);
  gboolean enabled = cobro_background_get_enabled (self->background);
  g_autofree char *sentence = error ? cobro_view_error (error) : NULL;
  /* Translators: %s is a sentence that says why. */
  g_autofree char *problem =
    sentence ? g_strdup_printf (_ ("%s Look at what Cobro may do in the system’s settings."), sentence) : NULL;

  self->showing = TRUE;
  if (!busy)
    {
      gtk_switch_set_active (self->background_switch, enabled);
      gtk_switch_set_state (self->background_switch, enabled);
    }
  self->showing = FALSE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->background_switch), !busy);
  cobro_note_set (self->background_row, self->background_note, NULL, problem);
}

/* The switch turns when the system has agreed. */
static gboolean
on_background_set_cb (GtkSwitch *widget, gboolean state, CobroGeneralPage *self)
{
  if (!self->showing && self->background)
    cobro_background_set_enabled (self->background, state);
  return !self->showing;
}

static void
cobro_general_page_dispose (GObject *object)
{
  CobroGeneralPage *self = COBRO_GENERAL_PAGE (object);

  if (self->background)
    g_signal_handlers_disconnect_by_data (self->background, self);
  g_clear_object (&self->background);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (cobro_general_page_parent_class)->dispose (object);
}

static void
cobro_general_page_build (CobroLatePage *page)
{
  CobroGeneralPage *self = COBRO_GENERAL_PAGE (page);

  gtk_widget_init_template (GTK_WIDGET (self));
  self->background_note = cobro_note_put_below (self->background_row);
  g_settings_bind (self->settings, "counter-sound", self->sound_switch, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "search-provider", self->search_switch, "active", G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_swapped (self->background, "changed", G_CALLBACK (show_background), self);
  show_background (self);
}

static void
cobro_general_page_class_init (CobroGeneralPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cobro_general_page_dispose;
  COBRO_LATE_PAGE_CLASS (klass)->build = cobro_general_page_build;
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-general-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroGeneralPage, background_row);
  gtk_widget_class_bind_template_child (widget_class, CobroGeneralPage, background_switch);
  gtk_widget_class_bind_template_child (widget_class, CobroGeneralPage, sound_switch);
  gtk_widget_class_bind_template_child (widget_class, CobroGeneralPage, search_switch);
  gtk_widget_class_bind_template_callback (widget_class, on_background_set_cb);
}

static void
cobro_general_page_init (CobroGeneralPage *self)
{
}

void
cobro_general_page_set_models (CobroGeneralPage *self, GSettings *settings, CobroBackground *background)
{
  g_return_if_fail (COBRO_IS_GENERAL_PAGE (self));
  g_return_if_fail (self->background == NULL);

  self->settings = g_object_ref (settings);
  self->background = g_object_ref (background);
}
