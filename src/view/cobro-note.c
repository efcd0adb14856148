/* src/view/cobro-note.c — a sentence that belongs to the row before it.
 * Layer: view. Main thread. */
#include "cobro-note.h"

GtkWidget *
cobro_note_new (GtkWidget *row, GtkLabel **out_label)
{
  GtkWidget *note = g_object_new (ADW_TYPE_PREFERENCES_ROW, "activatable", FALSE, "selectable", FALSE, "focusable",
                                  FALSE, "visible", FALSE, NULL);
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
