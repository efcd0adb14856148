/* src/view/cobro-note.c — a sentence that belongs to the row before it.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-note.h"

#define COBRO_TYPE_NOTE (cobro_note_get_type ())
G_DECLARE_FINAL_TYPE (CobroNote, cobro_note, COBRO, NOTE, AdwPreferencesRow)

struct _CobroNote
{
  AdwPreferencesRow parent_instance;
};

G_DEFINE_FINAL_TYPE (CobroNote, cobro_note, ADW_TYPE_PREFERENCES_ROW)

/* A list of GTK 4.8 ends for Tab at a row that takes no keyboard, and the rows after it are never reached: a note hands
 * it on. */
static gboolean
cobro_note_focus (GtkWidget *widget, GtkDirectionType direction)
{
  gboolean back = direction == GTK_DIR_TAB_BACKWARD || direction == GTK_DIR_UP;
  GtkWidget *at = widget;

  do
    at = back ? gtk_widget_get_prev_sibling (at) : gtk_widget_get_next_sibling (at);
  while (at && !gtk_widget_get_visible (at));
  return at && gtk_widget_child_focus (at, direction);
}

static void
cobro_note_class_init (CobroNoteClass *klass)
{
  GTK_WIDGET_CLASS (klass)->focus = cobro_note_focus;
}

static void
cobro_note_init (CobroNote *self)
{
}

GtkWidget *
cobro_note_new (GtkWidget *row, GtkLabel **out_label)
{
  GtkWidget *note = g_object_new (COBRO_TYPE_NOTE, "activatable", FALSE, "selectable", FALSE, "focusable", FALSE,
                                  "visible", FALSE, NULL);
  GtkLabel *label = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR,
                                  "width-chars", 10, NULL);

  gtk_widget_add_css_class (GTK_WIDGET (label), "note");
  gtk_widget_add_css_class (GTK_WIDGET (label), "caption");
  gtk_widget_add_css_class (note, "note-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (note), GTK_WIDGET (label));
  gtk_accessible_update_relation (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY, label, NULL, -1);
  *out_label = label;
  return note;
}

GtkLabel *
cobro_note_put_below (GtkWidget *row)
{
  GtkListBox *list = GTK_LIST_BOX (gtk_widget_get_parent (row));
  GtkLabel *label;
  GtkWidget *note = cobro_note_new (row, &label);

  gtk_list_box_insert (list, note, gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row)) + 1);
  return label;
}

void
cobro_note_set (GtkWidget *row, GtkLabel *label, const char *help, const char *problem)
{
  const char *text = problem ? problem : help;
  gboolean any = text && *text;
  GtkWidget *note = gtk_widget_get_parent (GTK_WIDGET (label));

  gtk_label_set_text (label, any ? text : "");
  gtk_widget_set_visible (note, any && gtk_widget_get_visible (row));
  gtk_widget_remove_css_class (GTK_WIDGET (label), problem ? "dim-label" : "error");
  gtk_widget_add_css_class (GTK_WIDGET (label), problem ? "error" : "dim-label");
  if (problem)
    gtk_widget_add_css_class (row, "error");
  else
    gtk_widget_remove_css_class (row, "error");
  if (any)
    gtk_widget_add_css_class (row, "has-note");
  else
    gtk_widget_remove_css_class (row, "has-note");
  gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_INVALID,
                               problem ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}
