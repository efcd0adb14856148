/* src/view/cobro-text-row.c — a text of several lines in a list of rows.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-text-row.h"

#define LINES_HEIGHT 72 /* pixels: three lines or so, before it grows with its text */

struct _CobroTextRow
{
  AdwPreferencesRow parent_instance;
  GtkLabel *title;
  GtkTextView *view;
};

G_DEFINE_FINAL_TYPE (CobroTextRow, cobro_text_row, ADW_TYPE_PREFERENCES_ROW)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

char *
cobro_text_row_dup_text (CobroTextRow *self)
{
  GtkTextBuffer *buffer;
  GtkTextIter start, end;

  g_return_val_if_fail (COBRO_IS_TEXT_ROW (self), NULL);

  buffer = gtk_text_view_get_buffer (self->view);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return g_strstrip (gtk_text_buffer_get_text (buffer, &start, &end, FALSE));
}

void
cobro_text_row_set_text (CobroTextRow *self, const char *text)
{
  g_autofree char *now = NULL;

  g_return_if_fail (COBRO_IS_TEXT_ROW (self));

  now = cobro_text_row_dup_text (self);
  if (!g_str_equal (now, text))
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->view), text, -1);
}

static void
on_buffer_changed_cb (CobroTextRow *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_title_cb (CobroTextRow *self)
{
  const char *title = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self));

  gtk_label_set_text (self->title, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
}

static gboolean
cobro_text_row_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (COBRO_TEXT_ROW (widget)->view));
}

static void
cobro_text_row_class_init (CobroTextRowClass *klass)
{
  GTK_WIDGET_CLASS (klass)->grab_focus = cobro_text_row_grab_focus;
  signals[CHANGED] =
    g_signal_new ("changed", COBRO_TYPE_TEXT_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cobro_text_row_init (CobroTextRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  self->title = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "wrap", TRUE, "width-chars", 10, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->title), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->title), "dim-label");
  self->view = g_object_new (GTK_TYPE_TEXT_VIEW, "wrap-mode", GTK_WRAP_WORD_CHAR, "accepts-tab", FALSE, NULL);
  gtk_widget_set_size_request (GTK_WIDGET (self->view), -1, LINES_HEIGHT);
  gtk_widget_add_css_class (GTK_WIDGET (self->view), "text-row");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->title));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->view));
  gtk_widget_add_css_class (box, "text-row-box");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
  gtk_widget_set_focusable (GTK_WIDGET (self), FALSE);
  g_signal_connect_swapped (gtk_text_view_get_buffer (self->view), "changed", G_CALLBACK (on_buffer_changed_cb), self);
  g_signal_connect_swapped (self, "notify::title", G_CALLBACK (on_title_cb), self);
}
