/* src/view/cobro-list-cells.c — the cells of one row of a list.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-list-cells.h"

#include <glib/gi18n.h>
#include "cobro-drag-out.h"
#include "cobro-row-item.h"

/* Above and below what stands in a cell, in pixels. */
#define PADDING      5
/* A row is hit without aiming. */
#define LEAST_HEIGHT 34

struct _CobroListCells
{
  GtkWidget parent_instance;
  const CobroListHow *how;
  GPtrArray *cells; /* (element-type GtkWidget) lent, in the order of the columns; the first is the tick, if any */
  GtkWidget *tick;  /* (nullable) */
  GtkListItem *list_item;
  gpointer item;
};

G_DEFINE_FINAL_TYPE (CobroListCells, cobro_list_cells, GTK_TYPE_WIDGET)

/* ── What is shown ── */

static void
name_tick (CobroListCells *self)
{
  /* Translators: %s is what stands in the row: the title of a link, the number of an invoice. */
  g_autofree char *name = g_strdup_printf (_ ("Select “%s”"), self->how->get_name (self->item));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->tick), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
show_tick (CobroListCells *self)
{
  gtk_check_button_set_active (GTK_CHECK_BUTTON (self->tick), gtk_list_item_get_selected (self->list_item));
}

static void
show_item (CobroListCells *self)
{
  for (guint i = 0; i < self->cells->len; i++)
    {
      const CobroListColumn *column = cobro_list_columns_get (self->how->columns, i);

      if (column)
        column->show (self->cells->pdata[i], self->item);
    }
  if (self->tick)
    name_tick (self);
}

static void
forget (CobroListCells *self)
{
  if (self->item)
    g_signal_handlers_disconnect_by_data (self->item, self);
  if (self->list_item)
    g_signal_handlers_disconnect_by_data (self->list_item, self);
  g_clear_object (&self->item);
  g_clear_object (&self->list_item);
}

void
cobro_list_cells_show (CobroListCells *self, GtkListItem *list_item)
{
  g_return_if_fail (COBRO_IS_LIST_CELLS (self));

  forget (self);
  if (!list_item)
    return;

  self->list_item = g_object_ref (list_item);
  self->item = g_object_ref (gtk_list_item_get_item (list_item));
  g_signal_connect_swapped (self->item, "changed", G_CALLBACK (show_item), self);
  show_item (self);
  if (!self->tick)
    return;

  g_signal_connect_swapped (list_item, "notify::selected", G_CALLBACK (show_tick), self);
  show_tick (self);
}

static void
on_tick_toggled_cb (CobroListCells *self)
{
  if (self->list_item)
    cobro_list_selection_set_ticked (self->how->selection, gtk_list_item_get_position (self->list_item),
                                     gtk_check_button_get_active (GTK_CHECK_BUTTON (self->tick)));
}

/* Rows are dragged into a chat or a mail. */
static const char *
address_of (GtkWidget *widget, gpointer data)
{
  CobroListCells *self = COBRO_LIST_CELLS (widget);

  return self->item ? self->how->get_address (self->item) : NULL;
}

/* ── Places ── */

void
cobro_list_cells_tell_widths (CobroListCells *self)
{
  g_return_if_fail (COBRO_IS_LIST_CELLS (self));

  for (guint i = 0; i < self->cells->len; i++)
    {
      GtkBorder padding = cobro_list_columns_get_padding (self->how->columns, i);
      int around = padding.left + padding.right;
      int minimum, natural;

      gtk_widget_measure (self->cells->pdata[i], GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
      cobro_list_columns_want (self->how->columns, i, minimum + around, natural + around);
    }
}

/* Across, the columns are asked, not the rows. */
static void
cobro_list_cells_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                          int *minimum_baseline, int *natural_baseline)
{
  CobroListCells *self = COBRO_LIST_CELLS (widget);

  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? LEAST_HEIGHT : 0;
  for (guint i = 0; orientation == GTK_ORIENTATION_VERTICAL && i < self->cells->len; i++)
    {
      int high;

      gtk_widget_measure (self->cells->pdata[i], GTK_ORIENTATION_VERTICAL, -1, NULL, &high, NULL, NULL);
      *minimum = *natural = MAX (*natural, high + 2 * PADDING);
    }
}

static GtkSizeRequestMode
cobro_list_cells_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
cobro_list_cells_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  CobroListCells *self = COBRO_LIST_CELLS (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;

  for (guint i = 0; i < self->cells->len; i++)
    {
      GtkBorder padding = cobro_list_columns_get_padding (self->how->columns, i);
      int x, room;

      cobro_list_columns_place (self->how->columns, i, rtl, &x, &room);
      gtk_widget_size_allocate (self->cells->pdata[i],
                                &(GtkAllocation){ x + (rtl ? padding.right : padding.left), PADDING,
                                                  room - padding.left - padding.right, height - 2 * PADDING },
                                -1);
    }
}

/* ── The widget ── */

static void
cobro_list_cells_dispose (GObject *object)
{
  CobroListCells *self = COBRO_LIST_CELLS (object);

  forget (self);
  for (guint i = 0; i < self->cells->len; i++)
    gtk_widget_unparent (self->cells->pdata[i]);
  g_ptr_array_set_size (self->cells, 0);
  self->tick = NULL;
  G_OBJECT_CLASS (cobro_list_cells_parent_class)->dispose (object);
}

static void
cobro_list_cells_finalize (GObject *object)
{
  g_ptr_array_unref (COBRO_LIST_CELLS (object)->cells);
  G_OBJECT_CLASS (cobro_list_cells_parent_class)->finalize (object);
}

static void
cobro_list_cells_class_init (CobroListCellsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cobro_list_cells_dispose;
  G_OBJECT_CLASS (klass)->finalize = cobro_list_cells_finalize;
  widget_class->measure = cobro_list_cells_measure;
  widget_class->get_request_mode = cobro_list_cells_get_request_mode;
  widget_class->size_allocate = cobro_list_cells_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "cells");
}

static void
cobro_list_cells_init (CobroListCells *self)
{
  self->cells = g_ptr_array_new ();
}

static GtkWidget *
create_tick (CobroListCells *self)
{
  self->tick = gtk_check_button_new ();
  gtk_widget_set_valign (self->tick, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (self->tick, "toggled", G_CALLBACK (on_tick_toggled_cb), self);
  return self->tick;
}

GtkWidget *
cobro_list_cells_new (const CobroListHow *how)
{
  CobroListCells *self = g_object_new (COBRO_TYPE_LIST_CELLS, NULL);

  self->how = how;
  for (guint i = 0; i < cobro_list_columns_count (how->columns); i++)
    {
      const CobroListColumn *column = cobro_list_columns_get (how->columns, i);
      GtkWidget *cell = column ? column->create () : create_tick (self);

      gtk_widget_set_parent (cell, GTK_WIDGET (self));
      g_ptr_array_add (self->cells, cell);
    }
  if (how->get_address)
    cobro_drag_out_add (GTK_WIDGET (self), address_of, self);
  return GTK_WIDGET (self);
}
