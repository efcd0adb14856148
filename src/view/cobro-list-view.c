/* src/view/cobro-list-view.c — rows of a list below the names of its columns.
 *
 * GTK binds some 200 rows whatever is seen. A row is a bare CobroListRow of the height that all have; after each layout
 * those in view borrow cells, and those out of view give them back. Layer: view. Main thread. */
#include "config.h"

#include "cobro-list-view.h"

#include "cobro-list-header.h"
#include "cobro-list-row.h"
#include "cobro-spoken.h"

/* Rows beyond the edge that have their cells already: the arrows go to what is there. */
#define ROWS_BEYOND 2

struct _CobroListView
{
  GtkWidget parent_instance;
  CobroListHow how;
  GtkListView *list;
  GtkWidget *header; /* (nullable) before there are columns */
  GtkWidget *ruler;  /* (nullable) cells that are never seen: how high a row is, how narrow its columns get */
  GPtrArray *spare;  /* (element-type CobroListCells) in no row */
  gulong layout_id;  /* of the frame clock; GTK's own handlers there have the same data */
};

enum
{
  PROP_0,
  PROP_HADJUSTMENT,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
};

enum
{
  ACTIVATE,
  SORTED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static gboolean
get_border (GtkScrollable *scrollable, GtkBorder *border)
{
  CobroListView *self = COBRO_LIST_VIEW (scrollable);

  *border = (GtkBorder){ .top = self->header ? gtk_widget_get_height (self->header) : 0 };
  return TRUE;
}

static void
cobro_list_view_scrollable_init (GtkScrollableInterface *iface)
{
  iface->get_border = get_border;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (CobroListView, cobro_list_view, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, cobro_list_view_scrollable_init))

/* ── Which rows have cells ── */

/* (nullable) the row at or after @around, a child of the list. */
static CobroListRow *
find_row (GtkWidget *around)
{
  for (; around; around = gtk_widget_get_next_sibling (around))
    if (COBRO_IS_LIST_ROW (gtk_widget_get_first_child (around)))
      return COBRO_LIST_ROW (gtk_widget_get_first_child (around));
  return NULL;
}

static CobroListRow *
first_row (CobroListView *self)
{
  return find_row (gtk_widget_get_first_child (GTK_WIDGET (self->list)));
}

static CobroListRow *
next_row (CobroListRow *row)
{
  return find_row (gtk_widget_get_next_sibling (gtk_widget_get_parent (GTK_WIDGET (row))));
}

/* GTK shows those in view, and hides the others. */
static gboolean
is_near_view (CobroListRow *row)
{
  GtkWidget *before = gtk_widget_get_parent (GTK_WIDGET (row)), *after = before;

  for (guint i = 0; i <= ROWS_BEYOND; i++)
    {
      if ((before && gtk_widget_get_mapped (before)) || (after && gtk_widget_get_mapped (after)))
        return TRUE;
      before = before ? gtk_widget_get_prev_sibling (before) : NULL;
      after = after ? gtk_widget_get_next_sibling (after) : NULL;
    }
  return FALSE;
}

static void
lend (CobroListView *self, CobroListRow *row)
{
  g_autoptr (GtkWidget) cells = self->spare->len > 0 ? g_ptr_array_steal_index_fast (self->spare, self->spare->len - 1)
                                                     : g_object_ref_sink (cobro_list_cells_new (&self->how));

  cobro_list_row_borrow (row, COBRO_LIST_CELLS (cells));
}

static void
fill_row (CobroListView *self, CobroListRow *row)
{
  GtkWidget *around = gtk_widget_get_parent (GTK_WIDGET (row));

  if (!cobro_list_row_get_cells (row))
    lend (self, row);
  if (cobro_list_row_refresh (row) && gtk_widget_is_focus (around))
    cobro_spoken_name_row (around);
}

/* Everything has its place now, and nothing was painted. A row in which a button has the keyboard keeps its cells. */
static void
on_laid_out_cb (CobroListView *self)
{
  for (CobroListRow *row = first_row (self); row; row = next_row (row))
    if (cobro_list_row_get_cells (row) && !is_near_view (row) && !gtk_widget_get_focus_child (GTK_WIDGET (row)))
      cobro_list_row_give_back (row);
  for (CobroListRow *row = first_row (self); row; row = next_row (row))
    if (is_near_view (row))
      fill_row (self, row);
}

/* ── Rows ── */

static void
on_row_setup_cb (GtkListItemFactory *factory, GtkListItem *list_item, CobroListView *self)
{
  gtk_list_item_set_child (list_item, cobro_list_row_new (list_item, self->how.columns, self->spare));
}

/* What GTK put around it is called a row of a table. */
static void
on_row_bound_cb (GtkListItemFactory *factory, GtkListItem *list_item, CobroListView *self)
{
  GtkWidget *around = gtk_widget_get_parent (gtk_list_item_get_child (list_item));

  if (gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (around)) != GTK_ACCESSIBLE_ROLE_ROW)
    g_object_set (around, "accessible-role", GTK_ACCESSIBLE_ROLE_ROW, NULL);
  cobro_list_row_forget (COBRO_LIST_ROW (gtk_list_item_get_child (list_item)));
}

static void
on_row_unbound_cb (GtkListItemFactory *factory, GtkListItem *list_item, CobroListView *self)
{
  cobro_list_row_forget (COBRO_LIST_ROW (gtk_list_item_get_child (list_item)));
}

static GtkListItemFactory *
create_factory (CobroListView *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (on_row_setup_cb), self);
  g_signal_connect (factory, "bind", G_CALLBACK (on_row_bound_cb), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_row_unbound_cb), self);
  return factory;
}

/* ── Places ── */

/* Lets everything that is shown tell the columns what it needs. What did not change is not measured again. */
static void
measure_columns (CobroListView *self)
{
  int height;

  cobro_list_header_tell_widths (COBRO_LIST_HEADER (self->header));
  cobro_list_cells_tell_widths (COBRO_LIST_CELLS (self->ruler));
  for (CobroListRow *row = first_row (self); row; row = next_row (row))
    if (cobro_list_row_get_cells (row))
      cobro_list_cells_tell_widths (cobro_list_row_get_cells (row));
  gtk_widget_measure (self->ruler, GTK_ORIENTATION_VERTICAL, -1, NULL, &height, NULL, NULL);
  if (!cobro_list_columns_set_row_height (self->how.columns, height))
    return;

  for (CobroListRow *row = first_row (self); row; row = next_row (row))
    gtk_widget_queue_resize (GTK_WIDGET (row));
}

static void
cobro_list_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                         int *minimum_baseline, int *natural_baseline)
{
  CobroListView *self = COBRO_LIST_VIEW (widget);
  int header;

  *minimum = *natural = 0;
  if (!self->ruler)
    return;

  measure_columns (self);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      cobro_list_columns_measure (self->how.columns, minimum, natural);
      return;
    }
  gtk_widget_measure (GTK_WIDGET (self->list), orientation, -1, minimum, natural, NULL, NULL);
  gtk_widget_measure (self->header, orientation, -1, NULL, &header, NULL, NULL);
  *minimum += header;
  *natural += header;
}

/* Lets header and cells go to where their columns are now. */
static void
place_columns (CobroListView *self, int width)
{
  int least, least_before, natural;

  cobro_list_columns_measure (self->how.columns, &least_before, &natural);
  measure_columns (self);
  cobro_list_columns_measure (self->how.columns, &least, &natural);
  if (least != least_before)
    gtk_widget_queue_resize (GTK_WIDGET (self));
  if (!cobro_list_columns_spread (self->how.columns, width))
    return;

  gtk_widget_queue_allocate (self->header);
  for (CobroListRow *row = first_row (self); row; row = next_row (row))
    if (cobro_list_row_get_cells (row))
      gtk_widget_queue_allocate (GTK_WIDGET (cobro_list_row_get_cells (row)));
}

static void
cobro_list_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  CobroListView *self = COBRO_LIST_VIEW (widget);
  int header = 0;

  if (self->ruler)
    {
      place_columns (self, width);
      gtk_widget_measure (self->header, GTK_ORIENTATION_VERTICAL, -1, NULL, &header, NULL, NULL);
      gtk_widget_size_allocate (self->header, &(GtkAllocation){ 0, 0, width, header }, -1);
    }
  gtk_widget_size_allocate (GTK_WIDGET (self->list), &(GtkAllocation){ 0, header, width, MAX (0, height - header) },
                            -1);
}

static void
cobro_list_view_map (GtkWidget *widget)
{
  CobroListView *self = COBRO_LIST_VIEW (widget);

  GTK_WIDGET_CLASS (cobro_list_view_parent_class)->map (widget);
  self->layout_id = g_signal_connect_data (gtk_widget_get_frame_clock (widget), "layout", G_CALLBACK (on_laid_out_cb),
                                           self, NULL, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}

static void
cobro_list_view_unmap (GtkWidget *widget)
{
  CobroListView *self = COBRO_LIST_VIEW (widget);

  g_clear_signal_handler (&self->layout_id, gtk_widget_get_frame_clock (widget));
  GTK_WIDGET_CLASS (cobro_list_view_parent_class)->unmap (widget);
}

/* ── Tab ── */

/* (nullable) lent: the row of @list in which @widget is. */
static GtkWidget *
row_of (GtkWidget *list, GtkWidget *widget)
{
  for (GtkWidget *at = widget; at && at != list; at = gtk_widget_get_parent (at))
    if (gtk_widget_get_parent (at) == list)
      return at;
  return NULL;
}

static gboolean
on_tab_cb (GtkWidget *list, GVariant *arguments, gpointer data)
{
  GtkDirectionType direction = GPOINTER_TO_INT (data);
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (list));
  GtkWidget *row = row_of (list, gtk_root_get_focus (GTK_ROOT (window)));

  if (!row)
    return FALSE;
  if (gtk_widget_child_focus (row, direction))
    return TRUE;

  gtk_widget_set_can_focus (list, FALSE);
  g_signal_emit_by_name (window, "move-focus", direction);
  gtk_widget_set_can_focus (list, TRUE);
  return TRUE;
}

/* Tab goes through the row that has the keyboard and on to what follows the list; the arrows go from row to row.
 * GTK 4.8 would stop at every one of them. */
static void
take_tab (GtkWidget *list)
{
  GtkShortcutController *keys = GTK_SHORTCUT_CONTROLLER (gtk_shortcut_controller_new ());

  gtk_shortcut_controller_add_shortcut (
    keys, gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Tab, 0),
                            gtk_callback_action_new (on_tab_cb, GINT_TO_POINTER (GTK_DIR_TAB_FORWARD), NULL)));
  gtk_shortcut_controller_add_shortcut (
    keys, gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Tab, GDK_SHIFT_MASK),
                            gtk_callback_action_new (on_tab_cb, GINT_TO_POINTER (GTK_DIR_TAB_BACKWARD), NULL)));
  gtk_widget_add_controller (list, GTK_EVENT_CONTROLLER (keys));
}

/* ── The widget ── */

/* What scrolls is the list. */
static const char *
get_scrolled (guint id)
{
  return id == PROP_HADJUSTMENT      ? "hadjustment"
         : id == PROP_VADJUSTMENT    ? "vadjustment"
         : id == PROP_HSCROLL_POLICY ? "hscroll-policy"
                                     : "vscroll-policy";
}

static void
cobro_list_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_object_get_property (G_OBJECT (COBRO_LIST_VIEW (object)->list), get_scrolled (id), value);
}

static void
cobro_list_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  g_object_set_property (G_OBJECT (COBRO_LIST_VIEW (object)->list), get_scrolled (id), value);
}

static void
on_activated_cb (CobroListView *self, guint position)
{
  g_signal_emit (self, signals[ACTIVATE], 0, position);
}

static void
on_sorted_cb (CobroListView *self)
{
  g_signal_emit (self, signals[SORTED], 0);
}

static void
cobro_list_view_dispose (GObject *object)
{
  CobroListView *self = COBRO_LIST_VIEW (object);

  g_clear_pointer ((GtkWidget **)&self->list, gtk_widget_unparent);
  g_clear_pointer (&self->header, gtk_widget_unparent);
  g_clear_pointer (&self->ruler, gtk_widget_unparent);
  g_ptr_array_set_size (self->spare, 0);
  g_clear_object (&self->how.selection);
  G_OBJECT_CLASS (cobro_list_view_parent_class)->dispose (object);
}

static void
cobro_list_view_finalize (GObject *object)
{
  CobroListView *self = COBRO_LIST_VIEW (object);

  g_ptr_array_unref (self->spare);
  g_clear_pointer (&self->how.columns, cobro_list_columns_unref);
  G_OBJECT_CLASS (cobro_list_view_parent_class)->finalize (object);
}

static void
cobro_list_view_class_init (CobroListViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = cobro_list_view_get_property;
  object_class->set_property = cobro_list_view_set_property;
  object_class->dispose = cobro_list_view_dispose;
  object_class->finalize = cobro_list_view_finalize;
  widget_class->measure = cobro_list_view_measure;
  widget_class->size_allocate = cobro_list_view_size_allocate;
  widget_class->map = cobro_list_view_map;
  widget_class->unmap = cobro_list_view_unmap;
  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
  gtk_widget_class_set_css_name (widget_class, "columnview"); /* it looks like one */
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_TREE_GRID);
  signals[ACTIVATE] = g_signal_new ("activate", COBRO_TYPE_LIST_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[SORTED] =
    g_signal_new ("sorted", COBRO_TYPE_LIST_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cobro_list_view_init (CobroListView *self)
{
  self->spare = g_ptr_array_new_with_free_func (g_object_unref);
  self->list = GTK_LIST_VIEW (gtk_list_view_new (NULL, NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self), "view");
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_list_view_set_single_click_activate (self->list, TRUE);
  g_signal_connect_swapped (self->list, "activate", G_CALLBACK (on_activated_cb), self);
  take_tab (GTK_WIDGET (self->list));
  gtk_widget_set_parent (GTK_WIDGET (self->list), GTK_WIDGET (self));
}

void
cobro_list_view_set_columns (CobroListView *self, const CobroListColumn *columns, gsize n, CobroListText get_name,
                             CobroListText get_address)
{
  g_autoptr (GtkListItemFactory) factory = NULL;

  g_return_if_fail (COBRO_IS_LIST_VIEW (self));
  g_return_if_fail (self->how.columns == NULL);

  self->how.columns = cobro_list_columns_new (columns, n);
  self->how.get_name = get_name;
  self->how.get_address = get_address;
  self->header = cobro_list_header_new (self->how.columns);
  g_signal_connect_swapped (self->header, "sorted", G_CALLBACK (on_sorted_cb), self);
  gtk_widget_insert_before (self->header, GTK_WIDGET (self), GTK_WIDGET (self->list));
  factory = create_factory (self);
  gtk_list_view_set_factory (self->list, factory);
}

/* Another answer: what the columns needed for the last one does not count any more. */
static void
on_items_changed_cb (CobroListView *self, guint position, guint removed, guint added)
{
  if (position == 0 && removed > 0)
    cobro_list_columns_forget_widths (self->how.columns);
}

void
cobro_list_view_set_selection (CobroListView *self, CobroListSelection *selection)
{
  g_return_if_fail (COBRO_IS_LIST_VIEW (self));

  if (self->how.selection)
    g_signal_handlers_disconnect_by_data (self->how.selection, self);
  g_set_object (&self->how.selection, selection);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  if (selection)
    g_signal_connect_object (selection, "items-changed", G_CALLBACK (on_items_changed_cb), self, G_CONNECT_SWAPPED);
}

CobroListSelection *
cobro_list_view_get_selection (CobroListView *self)
{
  g_return_val_if_fail (COBRO_IS_LIST_VIEW (self), NULL);

  return self->how.selection;
}

/* Cells are made for the columns that are shown: all of them anew. */
void
cobro_list_view_arrange (CobroListView *self, gboolean narrow, gboolean selecting)
{
  g_return_if_fail (COBRO_IS_LIST_VIEW (self));

  if (!cobro_list_columns_arrange (self->how.columns, narrow, selecting))
    return;

  for (CobroListRow *row = first_row (self); row; row = next_row (row))
    cobro_list_row_give_back (row);
  g_ptr_array_set_size (self->spare, 0);
  cobro_list_header_arrange (COBRO_LIST_HEADER (self->header));
  g_clear_pointer (&self->ruler, gtk_widget_unparent);
  self->ruler = cobro_list_cells_new (&self->how);
  gtk_widget_set_child_visible (self->ruler, FALSE);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->ruler), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_widget_set_parent (self->ruler, GTK_WIDGET (self));
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

const CobroListColumn *
cobro_list_view_get_sorted (CobroListView *self, gboolean *out_descending)
{
  g_return_val_if_fail (COBRO_IS_LIST_VIEW (self), NULL);

  return self->header ? cobro_list_header_get_sorted (COBRO_LIST_HEADER (self->header), out_descending) : NULL;
}

gboolean
cobro_list_view_has_focused_row (CobroListView *self)
{
  g_return_val_if_fail (COBRO_IS_LIST_VIEW (self), FALSE);

  return gtk_widget_get_focus_child (GTK_WIDGET (self->list)) != NULL;
}
