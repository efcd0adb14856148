/* src/view/dialogs/cobro-event-dialog.c — one event as JSON.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-event-dialog.h"

#include <glib/gi18n.h>
#include "cobro-date-text.h"
#include "cobro-event.h"
#include "cobro-json-text.h"
#include "cobro-view-text.h"

struct _CobroEventDialog
{
  AdwWindow parent_instance;
  AdwWindowTitle *title;
  GtkWidget *copy_button;
  GtkLabel *words_label;
  GtkTextView *text;
  char *json;
};

G_DEFINE_FINAL_TYPE (CobroEventDialog, cobro_event_dialog, ADW_TYPE_WINDOW)

static void
on_copy_clicked_cb (CobroEventDialog *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->json);
  gtk_button_set_label (GTK_BUTTON (self->copy_button), _ ("Copied"));
}

static void
cobro_event_dialog_finalize (GObject *object)
{
  g_free (COBRO_EVENT_DIALOG (object)->json);
  G_OBJECT_CLASS (cobro_event_dialog_parent_class)->finalize (object);
}

static void
cobro_event_dialog_class_init (CobroEventDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = cobro_event_dialog_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-event-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroEventDialog, title);
  gtk_widget_class_bind_template_child (widget_class, CobroEventDialog, copy_button);
  gtk_widget_class_bind_template_child (widget_class, CobroEventDialog, words_label);
  gtk_widget_class_bind_template_child (widget_class, CobroEventDialog, text);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_clicked_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
cobro_event_dialog_init (CobroEventDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* (transfer full) the event as a receiver of webhooks gets it. */
static char *
event_json (CobroEventEntry *entry)
{
  g_autofree char *when = cobro_time_to_text (cobro_event_entry_get_when (entry));
  /* ids, types and times hold nothing that JSON would have to escape */
  g_autofree char *json = g_strdup_printf (
    "{\"id\":\"%s\",\"sequence\":%" G_GINT64_FORMAT ",\"type\":\"%s\",\"occurredAt\":\"%s\",\"object\":%s}",
    cobro_event_entry_get_id (entry), cobro_event_entry_get_sequence (entry), cobro_event_entry_get_event_type (entry),
    when, cobro_event_entry_get_object (entry));

  return cobro_json_text (json);
}

CobroEventDialog *
cobro_event_dialog_new (GtkWindow *parent, CobroEventEntry *entry)
{
  CobroEventDialog *self = g_object_new (COBRO_TYPE_EVENT_DIALOG, "transient-for", parent, NULL);
  const char *type = cobro_event_entry_get_event_type (entry);
  g_autofree char *when = cobro_date_time_text (cobro_event_entry_get_when (entry), cobro_view_locale ());
  CobroEventType known;

  gtk_window_set_title (GTK_WINDOW (self), type);
  adw_window_title_set_title (self->title, type);
  adw_window_title_set_subtitle (self->title, when);
  gtk_label_set_text (self->words_label, cobro_event_type_from_name (type, &known) ? cobro_view_event (known)
                                                                                   : _ ("A newer kind of event"));
  self->json = event_json (entry);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text), self->json, -1);
  return self;
}
