/* src/view/cobro-list-row.c — a row of a list, with nothing in it until it is in view.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-list-row.h"

struct _CobroListRow
{
  GtkWidget parent_instance;
  GtkListItem *list_item; /* lent: the row is its child */
  CobroListColumns *columns;
  GPtrArray *spare;      /* (element-type CobroListCells) where the cells go that it does not need any more */
  CobroListCells *cells; /* (nullable) */
  gboolean stale;        /* the cells show what the row stood for before */
};

G_DEFINE_FINAL_TYPE (CobroListRow, cobro_list_row, GTK_TYPE_WIDGET)

/* ── Places ── */

/* It never asks its cells: what changes in one row concerns no other. How wide a list must be its view knows. */
static void
cobro_list_row_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                        int *minimum_baseline, int *natural_baseline)
{
  CobroListRow *self = COBRO_LIST_ROW (widget);
  gboolean high = orientation == GTK_ORIENTATION_VERTICAL;

  *minimum = *natural = high ? cobro_list_columns_get_row_height (self->columns) : 0;
}

static GtkSizeRequestMode
cobro_list_row_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
cobro_list_row_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  CobroListRow *self = COBRO_LIST_ROW (widget);

  if (self->cells)
    gtk_widget_size_allocate (GTK_WIDGET (self->cells), &(GtkAllocation){ 0, 0, width, height }, -1);
}

/* ── The widget ── */

static void
cobro_list_row_dispose (GObject *object)
{
  CobroListRow *self = COBRO_LIST_ROW (object);

  cobro_list_row_give_back (self);
  self->list_item = NULL;
  G_OBJECT_CLASS (cobro_list_row_parent_class)->dispose (object);
}

static void
cobro_list_row_finalize (GObject *object)
{
  cobro_list_columns_unref (COBRO_LIST_ROW (object)->columns);
  g_ptr_array_unref (COBRO_LIST_ROW (object)->spare);
  G_OBJECT_CLASS (cobro_list_row_parent_class)->finalize (object);
}

static void
cobro_list_row_class_init (CobroListRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cobro_list_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = cobro_list_row_finalize;
  widget_class->measure = cobro_list_row_measure;
  widget_class->get_request_mode = cobro_list_row_get_request_mode;
  widget_class->size_allocate = cobro_list_row_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "cell");
}

static void
cobro_list_row_init (CobroListRow *self)
{
}

GtkWidget *
cobro_list_row_new (GtkListItem *list_item, CobroListColumns *columns, GPtrArray *spare)
{
  CobroListRow *self = g_object_new (COBRO_TYPE_LIST_ROW, NULL);

  self->list_item = list_item;
  self->columns = cobro_list_columns_ref (columns);
  self->spare = g_ptr_array_ref (spare);
  return GTK_WIDGET (self);
}

CobroListCells *
cobro_list_row_get_cells (CobroListRow *self)
{
  g_return_val_if_fail (COBRO_IS_LIST_ROW (self), NULL);

  return self->cells;
}

void
cobro_list_row_borrow (CobroListRow *self, CobroListCells *cells)
{
  g_return_if_fail (COBRO_IS_LIST_ROW (self));
  g_return_if_fail (self->cells == NULL);

  self->cells = cells;
  self->stale = TRUE;
  gtk_widget_set_parent (GTK_WIDGET (cells), GTK_WIDGET (self));
}

void
cobro_list_row_give_back (CobroListRow *self)
{
  CobroListCells *cells;

  g_return_if_fail (COBRO_IS_LIST_ROW (self));

  cells = g_steal_pointer (&self->cells);
  if (!cells)
    return;

  cobro_list_cells_show (cells, NULL);
  g_ptr_array_add (self->spare, g_object_ref (cells));
  gtk_widget_unparent (GTK_WIDGET (cells));
}

void
cobro_list_row_forget (CobroListRow *self)
{
  g_return_if_fail (COBRO_IS_LIST_ROW (self));

  self->stale = TRUE;
  if (self->cells)
    cobro_list_cells_show (self->cells, NULL);
}

gboolean
cobro_list_row_refresh (CobroListRow *self)
{
  g_return_val_if_fail (COBRO_IS_LIST_ROW (self), FALSE);

  if (!self->stale || !self->cells || !gtk_list_item_get_item (self->list_item))
    return FALSE;

  self->stale = FALSE;
  cobro_list_cells_show (self->cells, self->list_item);
  return TRUE;
}
