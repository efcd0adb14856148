/* src/view/cobro-list-columns.c — the columns of a list page.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-list-columns.h"

#include <glib/gi18n.h>
#include "cobro-dialogs.h"
#include "cobro-drag-out.h"
#include "cobro-row-item.h"

#define COLUMN_KEY    "cobro-column"
#define SELECTION_KEY "cobro-selection"
#define ADDRESS_KEY   "cobro-address"
#define EDGES_KEY     "cobro-edges"

/* How much further the outermost cells stand from the edge. The order of a row's cells is not that of its columns once
 * a column was hidden, so a style sheet cannot know them. */
#define EDGE_MARGIN 7

enum
{
  EDGE_START = 1 << 0,
  EDGE_END = 1 << 1
};

/* Lent: something that an item says. */
typedef const char *(*GetText) (gpointer item);

/* ── Cells ── */

static GtkWidget *
create_text (float xalign)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  return label;
}

GtkWidget *
cobro_list_cell_text (void)
{
  return create_text (0);
}

GtkWidget *
cobro_list_cell_number (void)
{
  GtkWidget *label = create_text (1);

  gtk_widget_add_css_class (label, "numeric");
  return label;
}

GtkWidget *
cobro_list_cell_summary (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *below = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *number = create_text (0);
  GtkWidget *rest = create_text (0);

  gtk_widget_add_css_class (number, "numeric");
  gtk_widget_add_css_class (rest, "dim-label");
  gtk_box_append (GTK_BOX (below), number);
  gtk_box_append (GTK_BOX (below), rest);
  gtk_box_append (GTK_BOX (box), create_text (0));
  gtk_box_append (GTK_BOX (box), below);
  return box;
}

void
cobro_list_cell_set_summary (GtkWidget *cell, const char *title, const char *number, const char *rest)
{
  GtkWidget *first = gtk_widget_get_first_child (cell);
  GtkWidget *below = gtk_widget_get_next_sibling (first);
  GtkWidget *left = gtk_widget_get_first_child (below);
  GtkWidget *right = gtk_widget_get_next_sibling (left);

  gtk_label_set_text (GTK_LABEL (first), title);
  gtk_label_set_text (GTK_LABEL (left), number);
  gtk_widget_set_visible (left, *number != '\0');
  gtk_label_set_text (GTK_LABEL (right), rest);
  gtk_widget_set_visible (right, *rest != '\0');
}

/* ── Columns ── */

static void
on_item_changed_cb (gpointer item, GtkListItem *list_item)
{
  const CobroListColumn *column = g_object_get_data (G_OBJECT (list_item), COLUMN_KEY);

  column->show (gtk_list_item_get_child (list_item), item);
}

/* Rows are dragged into a chat or a mail. */
static const char *
address_of (GtkWidget *cell, gpointer data)
{
  gpointer item = gtk_list_item_get_item (data);
  GetText get_address = g_object_get_data (data, ADDRESS_KEY);

  return item ? get_address (item) : NULL;
}

static void
on_cell_setup_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  const CobroListColumn *column = data;
  gpointer get_address = g_object_get_data (G_OBJECT (factory), ADDRESS_KEY);
  guint edges = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (factory), EDGES_KEY));
  GtkWidget *child = column->create ();

  if (edges & EDGE_START)
    gtk_widget_set_margin_start (child, EDGE_MARGIN);
  if (edges & EDGE_END)
    gtk_widget_set_margin_end (child, EDGE_MARGIN);
  g_object_set_data (G_OBJECT (list_item), COLUMN_KEY, data);
  gtk_list_item_set_child (list_item, child);
  if (!get_address)
    return;

  g_object_set_data (G_OBJECT (list_item), ADDRESS_KEY, get_address);
  cobro_drag_out_add (child, address_of, list_item);
}

static void
on_cell_bound_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  gpointer item = gtk_list_item_get_item (list_item);

  g_signal_connect (item, "changed", G_CALLBACK (on_item_changed_cb), list_item);
  on_item_changed_cb (item, list_item);
}

static void
on_cell_unbound_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  g_signal_handlers_disconnect_by_data (gtk_list_item_get_item (list_item), list_item);
}

/* Whether nothing is shown beyond column @i, where @step leads, with much or with little room. */
static gboolean
is_outermost (const CobroListColumn *columns, gsize n, gsize i, int step)
{
  gboolean wide = columns[i].wide, narrow = columns[i].narrow;

  for (gssize j = (gssize)i + step; j >= 0 && j < (gssize)n; j += step)
    {
      wide = wide && !columns[j].wide;
      narrow = narrow && !columns[j].narrow;
    }
  return wide || narrow;
}

static void
add_column (GtkColumnView *view, const CobroListColumn *spec, guint edges, GetText get_address)
{
  g_autoptr (GtkColumnViewColumn) column = NULL;
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_object_set_data (G_OBJECT (factory), ADDRESS_KEY, (gpointer)get_address);
  g_object_set_data (G_OBJECT (factory), EDGES_KEY, GUINT_TO_POINTER (edges));
  g_signal_connect (factory, "setup", G_CALLBACK (on_cell_setup_cb), (gpointer)spec);
  g_signal_connect (factory, "bind", G_CALLBACK (on_cell_bound_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_cell_unbound_cb), NULL);
  column = gtk_column_view_column_new (spec->title ? _ (spec->title) : NULL, factory);
  g_object_set_data (G_OBJECT (column), COLUMN_KEY, (gpointer)spec);
  gtk_column_view_column_set_expand (column, spec->expand);
  gtk_column_view_column_set_visible (column, spec->wide);
  if (spec->sort != COBRO_LIST_NO_SORT)
    cobro_dialogs_make_sortable (column);
  gtk_column_view_append_column (view, column);
}

void
cobro_list_columns_add (GtkColumnView *view, const CobroListColumn *columns, gsize n,
                        const char *(*get_address) (gpointer item))
{
  for (gsize i = 0; i < n; i++)
    add_column (view, &columns[i],
                (is_outermost (columns, n, i, -1) ? EDGE_START : 0) | (is_outermost (columns, n, i, 1) ? EDGE_END : 0),
                get_address);
}

static const CobroListColumn *
column_of (GtkColumnViewColumn *column)
{
  return g_object_get_data (G_OBJECT (column), COLUMN_KEY);
}

void
cobro_list_columns_arrange (GtkColumnView *view, gboolean narrow, gboolean selecting)
{
  GListModel *columns = gtk_column_view_get_columns (view);

  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);
      const CobroListColumn *spec = column_of (column);
      gboolean visible = !spec ? selecting : narrow ? spec->narrow : spec->wide;

      if (gtk_column_view_column_get_visible (column) != visible)
        gtk_column_view_column_set_visible (column, visible);
    }
}

const CobroListColumn *
cobro_list_columns_sorted (GtkColumnView *view, gboolean *out_descending)
{
  GtkColumnViewColumn *column = cobro_dialogs_sorted_column (view, out_descending);

  return column ? column_of (column) : NULL;
}

/* ── Ticks ── */

static void
on_tick_toggled_cb (GtkCheckButton *tick, GtkListItem *list_item)
{
  CobroListSelection *selection = g_object_get_data (G_OBJECT (tick), SELECTION_KEY);

  cobro_list_selection_set_ticked (selection, gtk_list_item_get_position (list_item),
                                   gtk_check_button_get_active (tick));
}

static void
on_tick_setup_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  GtkWidget *tick = gtk_check_button_new ();

  gtk_widget_set_valign (tick, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_start (tick, EDGE_MARGIN);
  g_object_set_data (G_OBJECT (tick), SELECTION_KEY, data);
  g_object_bind_property (list_item, "selected", tick, "active", G_BINDING_SYNC_CREATE);
  g_signal_connect (tick, "toggled", G_CALLBACK (on_tick_toggled_cb), list_item);
  gtk_list_item_set_child (list_item, tick);
}

static void
name_tick (gpointer item, GtkListItem *list_item)
{
  GetText get_name = g_object_get_data (G_OBJECT (list_item), COLUMN_KEY);
  /* Translators: %s is what stands in the row: the title of a link, the number of an invoice. */
  g_autofree char *name = g_strdup_printf (_ ("Select “%s”"), get_name (item));

  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_list_item_get_child (list_item)), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
}

static void
on_tick_bound_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer get_name)
{
  gpointer item = gtk_list_item_get_item (list_item);

  g_object_set_data (G_OBJECT (list_item), COLUMN_KEY, get_name);
  g_signal_connect (item, "changed", G_CALLBACK (name_tick), list_item);
  name_tick (item, list_item);
}

void
cobro_list_columns_add_ticks (GtkColumnView *view, CobroListSelection *selection, const char *(*get_name) (gpointer))
{
  g_autoptr (GtkColumnViewColumn) column = NULL;
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (on_tick_setup_cb), selection);
  g_signal_connect (factory, "bind", G_CALLBACK (on_tick_bound_cb), (gpointer)get_name);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_cell_unbound_cb), NULL);
  column = gtk_column_view_column_new (NULL, factory);
  gtk_column_view_column_set_visible (column, FALSE);
  gtk_column_view_append_column (view, column);
}

/* ── Tab ── */

/* (nullable) lent: the row below @view in which @widget is. */
static GtkWidget *
row_of (GtkWidget *view, GtkWidget *widget)
{
  for (GtkWidget *at = widget; at && at != view; at = gtk_widget_get_parent (at))
    if (gtk_widget_get_parent (at) && gtk_widget_get_parent (gtk_widget_get_parent (at)) == view)
      return at;
  return NULL;
}

static gboolean
on_tab_cb (GtkWidget *view, GVariant *arguments, gpointer data)
{
  GtkDirectionType direction = GPOINTER_TO_INT (data);
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (view));
  GtkWidget *row = row_of (view, gtk_root_get_focus (GTK_ROOT (window)));

  if (!row)
    return FALSE;
  if (gtk_widget_child_focus (row, direction))
    return TRUE;

  gtk_widget_set_can_focus (view, FALSE);
  g_signal_emit_by_name (window, "move-focus", direction);
  gtk_widget_set_can_focus (view, TRUE);
  return TRUE;
}

void
cobro_list_columns_take_tab (GtkColumnView *view)
{
  GtkShortcutController *keys = GTK_SHORTCUT_CONTROLLER (gtk_shortcut_controller_new ());

  gtk_shortcut_controller_add_shortcut (
    keys, gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Tab, 0),
                            gtk_callback_action_new (on_tab_cb, GINT_TO_POINTER (GTK_DIR_TAB_FORWARD), NULL)));
  gtk_shortcut_controller_add_shortcut (
    keys, gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Tab, GDK_SHIFT_MASK),
                            gtk_callback_action_new (on_tab_cb, GINT_TO_POINTER (GTK_DIR_TAB_BACKWARD), NULL)));
  gtk_widget_add_controller (GTK_WIDGET (view), GTK_EVENT_CONTROLLER (keys));
}
