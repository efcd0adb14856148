/* src/view/dialogs/cobro-rescue-window.c — see cobro-rescue-window.h.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-rescue-window.h"

#include <glib/gi18n.h>
#include "cobro-date-text.h"
#include "cobro-dialogs.h"
#include "cobro-view-text.h"

#define PULSE_MS   100
#define COPIES_MAX 10 /* the newest ones: the rest is found as another copy */

struct _CobroRescueWindow
{
  AdwWindow parent_instance;
  GtkLabel *heading_label;
  GtkLabel *advice_label;
  GtkLabel *reason_label;
  GtkProgressBar *progress;
  GtkLabel *problem_label;
  GtkWidget *again_button;
  AdwPreferencesGroup *copies_group;
  GtkWidget *other_group;
  guint pulse_id;
};

G_DEFINE_FINAL_TYPE (CobroRescueWindow, cobro_rescue_window, ADW_TYPE_WINDOW)

enum
{
  AGAIN,
  RESTORE,
  EMPTY,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static gboolean
on_pulse_cb (gpointer data)
{
  gtk_progress_bar_pulse (COBRO_RESCUE_WINDOW (data)->progress);
  return G_SOURCE_CONTINUE;
}

void
cobro_rescue_window_set_working (CobroRescueWindow *self, gboolean working)
{
  g_return_if_fail (COBRO_IS_RESCUE_WINDOW (self));

  gtk_widget_set_visible (GTK_WIDGET (self->progress), working);
  gtk_widget_set_sensitive (self->again_button, !working);
  gtk_widget_set_sensitive (GTK_WIDGET (self->copies_group), !working);
  gtk_widget_set_sensitive (self->other_group, !working);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), FALSE);
  g_clear_handle_id (&self->pulse_id, g_source_remove);
  /* A bar that has pulsed goes on asking for frames, even hidden, until it has a fraction. */
  gtk_progress_bar_set_fraction (self->progress, 0);
  if (working)
    self->pulse_id = g_timeout_add (PULSE_MS, on_pulse_cb, self);
}

void
cobro_rescue_window_show_problem (CobroRescueWindow *self, const char *sentence)
{
  g_return_if_fail (COBRO_IS_RESCUE_WINDOW (self));

  cobro_rescue_window_set_working (self, FALSE);
  gtk_label_set_text (self->problem_label, sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), TRUE);
}

/* ── What can be chosen ── */

static void
on_again_clicked_cb (CobroRescueWindow *self)
{
  g_signal_emit (self, signals[AGAIN], 0);
}

static void
on_empty_activated_cb (CobroRescueWindow *self)
{
  g_signal_emit (self, signals[EMPTY], 0);
}

static void
on_file_chosen (GFile *file, gpointer data)
{
  if (g_file_peek_path (file))
    g_signal_emit (data, signals[RESTORE], 0, g_file_peek_path (file), (gint64)0);
}

static void
on_file_activated_cb (CobroRescueWindow *self)
{
  cobro_dialogs_open (GTK_WINDOW (self), _ ("Restore a Copy"), NULL, on_file_chosen, g_object_ref (self),
                      g_object_unref);
}

static void
on_copy_activated_cb (AdwActionRow *row, CobroRescueWindow *self)
{
  const char *path = g_object_get_data (G_OBJECT (row), "path");
  const CobroTime *made = g_object_get_data (G_OBJECT (row), "made");

  g_signal_emit (self, signals[RESTORE], 0, path, (gint64)*made);
}

static void
add_copy (CobroRescueWindow *self, const CobroBackup *copy)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *image = gtk_image_new_from_icon_name ("go-next-symbolic");
  g_autofree char *when = cobro_date_time_text (copy->made, cobro_view_locale ());
  g_autofree char *size = g_format_size (copy->size);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), when);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), size);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), image);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "path", g_strdup (copy->path), g_free);
  g_object_set_data_full (G_OBJECT (row), "made", g_memdup2 (&copy->made, sizeof copy->made), g_free);
  g_signal_connect (row, "activated", G_CALLBACK (on_copy_activated_cb), self);
  adw_preferences_group_add (self->copies_group, row);
}

/* ── The widget ── */

static void
cobro_rescue_window_dispose (GObject *object)
{
  g_clear_handle_id (&COBRO_RESCUE_WINDOW (object)->pulse_id, g_source_remove);
  G_OBJECT_CLASS (cobro_rescue_window_parent_class)->dispose (object);
}

static void
cobro_rescue_window_class_init (CobroRescueWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cobro_rescue_window_dispose;
  signals[AGAIN] =
    g_signal_new ("again", COBRO_TYPE_RESCUE_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[RESTORE] = g_signal_new ("restore", COBRO_TYPE_RESCUE_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_INT64);
  signals[EMPTY] =
    g_signal_new ("empty", COBRO_TYPE_RESCUE_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-rescue-window.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroRescueWindow, heading_label);
  gtk_widget_class_bind_template_child (widget_class, CobroRescueWindow, advice_label);
  gtk_widget_class_bind_template_child (widget_class, CobroRescueWindow, reason_label);
  gtk_widget_class_bind_template_child (widget_class, CobroRescueWindow, progress);
  gtk_widget_class_bind_template_child (widget_class, CobroRescueWindow, problem_label);
  gtk_widget_class_bind_template_child (widget_class, CobroRescueWindow, again_button);
  gtk_widget_class_bind_template_child (widget_class, CobroRescueWindow, copies_group);
  gtk_widget_class_bind_template_child (widget_class, CobroRescueWindow, other_group);
  gtk_widget_class_bind_template_callback (widget_class, on_again_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_file_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_empty_activated_cb);
}

static void
cobro_rescue_window_init (CobroRescueWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

CobroRescueWindow *
cobro_rescue_window_new (const char *heading, const char *advice, const char *reason, const GPtrArray *copies)
{
  CobroRescueWindow *self = g_object_new (COBRO_TYPE_RESCUE_WINDOW, NULL);

  gtk_label_set_text (self->heading_label, heading);
  gtk_label_set_text (self->advice_label, advice);
  gtk_label_set_text (self->reason_label, reason);
  for (guint i = 0; copies && i < copies->len && i < COPIES_MAX; i++)
    add_copy (self, copies->pdata[i]);
  gtk_widget_set_visible (GTK_WIDGET (self->copies_group), copies && copies->len > 0);
  gtk_widget_set_visible (self->other_group, copies != NULL);
  return self;
}
