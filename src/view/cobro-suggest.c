/* src/view/cobro-suggest.c — type-ahead below an entry.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-suggest.h"

#include <glib/gi18n.h>

#define SUGGEST_KEY "cobro-suggest"
#define DATA_KEY    "cobro-suggestion"

struct _CobroSuggest
{
  GObject parent_instance;
  GtkWidget *entry; /* owns this */
  GtkWidget *popover;
  GtkListBox *list;
  gboolean silent;
};

G_DEFINE_FINAL_TYPE (CobroSuggest, cobro_suggest, G_TYPE_OBJECT)

enum
{
  WANTED,
  CHOSEN,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
cobro_suggest_class_init (CobroSuggestClass *klass)
{
  signals[WANTED] =
    g_signal_new ("wanted", COBRO_TYPE_SUGGEST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[CHOSEN] =
    g_signal_new ("chosen", COBRO_TYPE_SUGGEST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
cobro_suggest_init (CobroSuggest *self)
{
}

static void
choose (CobroSuggest *self, GtkListBoxRow *row)
{
  g_autoptr (CobroSuggest) kept = g_object_ref (self);

  gtk_popover_popdown (GTK_POPOVER (self->popover));
  g_signal_emit (self, signals[CHOSEN], 0, g_object_get_data (G_OBJECT (row), DATA_KEY));
}

static void
on_row_activated_cb (CobroSuggest *self, GtkListBoxRow *row)
{
  choose (self, row);
}

static void
mark (CobroSuggest *self, int step)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);
  GtkListBoxRow *next = gtk_list_box_get_row_at_index (self->list, row ? gtk_list_box_row_get_index (row) + step : 0);

  if (next)
    gtk_list_box_select_row (self->list, next);
}

static gboolean
on_key_pressed_cb (CobroSuggest *self, guint keyval, guint keycode, GdkModifierType modifiers)
{
  GtkListBoxRow *row;

  if (!cobro_suggest_get_shown (self) || (modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK)))
    return GDK_EVENT_PROPAGATE;

  switch (keyval)
    {
    case GDK_KEY_Down:
      mark (self, 1);
      return GDK_EVENT_STOP;
    case GDK_KEY_Up:
      mark (self, -1);
      return GDK_EVENT_STOP;
    case GDK_KEY_Escape:
      gtk_popover_popdown (GTK_POPOVER (self->popover));
      return GDK_EVENT_STOP;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
      row = gtk_list_box_get_selected_row (self->list);
      if (!row)
        return GDK_EVENT_PROPAGATE;
      choose (self, row);
      return GDK_EVENT_STOP;
    default: /* any other key is the entry's */
      return GDK_EVENT_PROPAGATE;
    }
}

static void
on_text_changed_cb (CobroSuggest *self)
{
  if (!self->silent)
    g_signal_emit (self, signals[WANTED], 0, gtk_editable_get_text (GTK_EDITABLE (self->entry)));
}

static void
on_focus_left_cb (CobroSuggest *self)
{
  gtk_popover_popdown (GTK_POPOVER (self->popover));
}

static void
on_entry_destroyed_cb (CobroSuggest *self)
{
  g_clear_pointer (&self->popover, gtk_widget_unparent);
}

static void
build_popover (CobroSuggest *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_BROWSE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "suggestions");
  gtk_widget_set_focusable (GTK_WIDGET (self->list), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Suggestions"), -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->list));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 320);
  self->popover = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (self->popover), scroller);
  gtk_popover_set_autohide (GTK_POPOVER (self->popover), FALSE);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
  gtk_popover_set_position (GTK_POPOVER (self->popover), GTK_POS_BOTTOM);
  gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
  gtk_widget_add_css_class (self->popover, "menu");
  gtk_widget_set_parent (self->popover, self->entry);
  g_signal_connect_swapped (self->list, "row-activated", G_CALLBACK (on_row_activated_cb), self);
}

CobroSuggest *
cobro_suggest_new (GtkWidget *entry)
{
  CobroSuggest *self;
  GtkEventController *keys, *focus;

  g_return_val_if_fail (GTK_IS_EDITABLE (entry), NULL);

  self = g_object_new (COBRO_TYPE_SUGGEST, NULL);
  self->entry = entry;
  g_object_set_data_full (G_OBJECT (entry), SUGGEST_KEY, self, g_object_unref);
  build_popover (self);

  keys = gtk_event_controller_key_new ();
  focus = gtk_event_controller_focus_new ();
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (on_key_pressed_cb), self);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (on_focus_left_cb), self);
  gtk_widget_add_controller (entry, keys);
  gtk_widget_add_controller (entry, focus);
  g_signal_connect_swapped (entry, "changed", G_CALLBACK (on_text_changed_cb), self);
  g_signal_connect_swapped (entry, "destroy", G_CALLBACK (on_entry_destroyed_cb), self);
  return self;
}

void
cobro_suggest_set_text (CobroSuggest *self, const char *text)
{
  g_return_if_fail (COBRO_IS_SUGGEST (self));

  self->silent = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
  gtk_editable_set_position (GTK_EDITABLE (self->entry), -1);
  self->silent = FALSE;
}

void
cobro_suggest_clear (CobroSuggest *self)
{
  GtkWidget *row;

  g_return_if_fail (COBRO_IS_SUGGEST (self));

  while (self->popover && (row = gtk_widget_get_first_child (GTK_WIDGET (self->list))))
    gtk_list_box_remove (self->list, row);
}

static GtkWidget *
create_label (const char *text, const char *style, gboolean expand)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 40);
  gtk_widget_set_hexpand (label, expand);
  if (style)
    gtk_widget_add_css_class (label, style);
  return label;
}

void
cobro_suggest_add (CobroSuggest *self, const char *title, const char *detail, const char *extra, gpointer data,
                   GDestroyNotify free_data)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  g_return_if_fail (COBRO_IS_SUGGEST (self));

  gtk_box_append (GTK_BOX (texts), create_label (title, NULL, TRUE));
  if (detail && *detail)
    gtk_box_append (GTK_BOX (texts), create_label (detail, "caption", TRUE));
  gtk_box_append (GTK_BOX (box), texts);
  if (extra && *extra)
    gtk_box_append (GTK_BOX (box), create_label (extra, "dim-label", FALSE));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_set_focusable (row, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_object_set_data_full (G_OBJECT (row), DATA_KEY, data, free_data);
  gtk_list_box_append (self->list, row);
}

void
cobro_suggest_show (CobroSuggest *self)
{
  GtkListBoxRow *first;

  g_return_if_fail (COBRO_IS_SUGGEST (self));

  if (!self->popover)
    return;

  first = gtk_list_box_get_row_at_index (self->list, 0);
  if (!first || !(gtk_widget_get_state_flags (self->entry) & GTK_STATE_FLAG_FOCUS_WITHIN))
    return gtk_popover_popdown (GTK_POPOVER (self->popover));

  gtk_list_box_select_row (self->list, first);
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

gboolean
cobro_suggest_get_shown (CobroSuggest *self)
{
  g_return_val_if_fail (COBRO_IS_SUGGEST (self), FALSE);

  return self->popover && gtk_widget_get_visible (self->popover);
}
