/* src/view/cobro-list-header.c — the names of a list's columns, which sort it.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-list-header.h"

#include <glib/gi18n.h>

#define COLUMN_KEY "cobro-column"

struct _CobroListHeader
{
  GtkWidget parent_instance;
  CobroListColumns *columns;
  GPtrArray *names;              /* (element-type GtkWidget) lent, in the order of the columns */
  const CobroListColumn *chosen; /* (nullable) */
  gboolean descending;
};

G_DEFINE_FINAL_TYPE (CobroListHeader, cobro_list_header, GTK_TYPE_WIDGET)

static guint sorted_signal;

/* ── Sorting ── */

static gboolean
is_chosen (CobroListHeader *self, const CobroListColumn *column)
{
  return self->chosen && column && column->sort == self->chosen->sort;
}

/* GTK 4.8 keeps the direction from assistive technology: it is told as a description too. */
static void
tell_direction (GtkWidget *button, gboolean chosen, gboolean descending)
{
  GtkAccessibleSort sort =
    chosen ? descending ? GTK_ACCESSIBLE_SORT_DESCENDING : GTK_ACCESSIBLE_SORT_ASCENDING : GTK_ACCESSIBLE_SORT_NONE;
  const char *said = !chosen ? "" : descending ? _ ("Sorted in descending order") : _ ("Sorted in ascending order");

  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_SORT, sort,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, said, -1);
}

static void
show_direction (CobroListHeader *self, GtkWidget *button)
{
  GtkWidget *sign = gtk_widget_get_last_child (gtk_button_get_child (GTK_BUTTON (button)));
  gboolean chosen = is_chosen (self, g_object_get_data (G_OBJECT (button), COLUMN_KEY));

  gtk_image_set_from_icon_name (GTK_IMAGE (sign), !chosen            ? NULL
                                                  : self->descending ? "pan-down-symbolic"
                                                                     : "pan-up-symbolic");
  tell_direction (button, chosen, self->descending);
}

static void
show_directions (CobroListHeader *self)
{
  for (guint i = 0; i < self->names->len; i++)
    if (GTK_IS_BUTTON (self->names->pdata[i]))
      show_direction (self, self->names->pdata[i]);
}

static void
on_clicked_cb (GtkWidget *button, CobroListHeader *self)
{
  const CobroListColumn *column = g_object_get_data (G_OBJECT (button), COLUMN_KEY);

  self->descending = is_chosen (self, column) && !self->descending;
  self->chosen = column;
  show_directions (self);
  g_signal_emit (self, sorted_signal, 0);
}

const CobroListColumn *
cobro_list_header_get_sorted (CobroListHeader *self, gboolean *out_descending)
{
  g_return_val_if_fail (COBRO_IS_LIST_HEADER (self), NULL);

  *out_descending = self->descending;
  return self->chosen;
}

/* ── Names ── */

static GtkWidget *
create_title (const CobroListColumn *column)
{
  GtkWidget *label = gtk_label_new (column && column->title ? _ (column->title) : NULL);

  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  return label;
}

static GtkWidget *
create_button (CobroListHeader *self, const CobroListColumn *column)
{
  GtkWidget *button = g_object_new (GTK_TYPE_BUTTON, "accessible-role", GTK_ACCESSIBLE_ROLE_COLUMN_HEADER, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *sign =
    g_object_new (GTK_TYPE_IMAGE, "pixel-size", 16, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  gtk_box_append (GTK_BOX (box), create_title (column));
  gtk_box_append (GTK_BOX (box), sign);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _ (column->title), -1);
  g_object_set_data (G_OBJECT (button), COLUMN_KEY, (gpointer)column);
  g_signal_connect (button, "clicked", G_CALLBACK (on_clicked_cb), self);
  show_direction (self, button);
  return button;
}

/* Looks as the others do. */
static GtkWidget *
create_plain (const CobroListColumn *column)
{
  GtkWidget *around =
    g_object_new (GTK_TYPE_BOX, "css-name", "button", "accessible-role", GTK_ACCESSIBLE_ROLE_COLUMN_HEADER, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_box_append (GTK_BOX (box), create_title (column));
  gtk_box_append (GTK_BOX (around), box);
  return around;
}

static void
drop_names (CobroListHeader *self)
{
  for (guint i = 0; i < self->names->len; i++)
    gtk_widget_unparent (self->names->pdata[i]);
  g_ptr_array_set_size (self->names, 0);
}

void
cobro_list_header_arrange (CobroListHeader *self)
{
  g_return_if_fail (COBRO_IS_LIST_HEADER (self));

  drop_names (self);
  for (guint i = 0; i < cobro_list_columns_count (self->columns); i++)
    {
      const CobroListColumn *column = cobro_list_columns_get (self->columns, i);
      GtkWidget *name =
        column && column->sort != COBRO_LIST_NO_SORT ? create_button (self, column) : create_plain (column);

      gtk_widget_set_parent (name, GTK_WIDGET (self));
      g_ptr_array_add (self->names, name);
    }
}

/* ── Places ── */

void
cobro_list_header_tell_widths (CobroListHeader *self)
{
  g_return_if_fail (COBRO_IS_LIST_HEADER (self));

  for (guint i = 0; i < self->names->len; i++)
    {
      int minimum, natural;

      gtk_widget_measure (self->names->pdata[i], GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
      cobro_list_columns_want (self->columns, i, minimum, natural);
    }
}

/* Across, the columns are asked. */
static void
cobro_list_header_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                           int *minimum_baseline, int *natural_baseline)
{
  CobroListHeader *self = COBRO_LIST_HEADER (widget);

  *minimum = *natural = 0;
  for (guint i = 0; orientation == GTK_ORIENTATION_VERTICAL && i < self->names->len; i++)
    {
      int high;

      gtk_widget_measure (self->names->pdata[i], GTK_ORIENTATION_VERTICAL, -1, NULL, &high, NULL, NULL);
      *minimum = *natural = MAX (*natural, high);
    }
}

static void
cobro_list_header_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  CobroListHeader *self = COBRO_LIST_HEADER (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;

  for (guint i = 0; i < self->names->len; i++)
    {
      int x, room;

      cobro_list_columns_place (self->columns, i, rtl, &x, &room);
      gtk_widget_size_allocate (self->names->pdata[i], &(GtkAllocation){ x, 0, room, height }, -1);
    }
}

/* ── The widget ── */

static void
cobro_list_header_dispose (GObject *object)
{
  drop_names (COBRO_LIST_HEADER (object));
  G_OBJECT_CLASS (cobro_list_header_parent_class)->dispose (object);
}

static void
cobro_list_header_finalize (GObject *object)
{
  CobroListHeader *self = COBRO_LIST_HEADER (object);

  g_ptr_array_unref (self->names);
  cobro_list_columns_unref (self->columns);
  G_OBJECT_CLASS (cobro_list_header_parent_class)->finalize (object);
}

static void
cobro_list_header_class_init (CobroListHeaderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cobro_list_header_dispose;
  G_OBJECT_CLASS (klass)->finalize = cobro_list_header_finalize;
  widget_class->measure = cobro_list_header_measure;
  widget_class->size_allocate = cobro_list_header_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "header");
  sorted_signal =
    g_signal_new ("sorted", COBRO_TYPE_LIST_HEADER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cobro_list_header_init (CobroListHeader *self)
{
  self->names = g_ptr_array_new ();
}

GtkWidget *
cobro_list_header_new (CobroListColumns *columns)
{
  CobroListHeader *self = g_object_new (COBRO_TYPE_LIST_HEADER, NULL);

  self->columns = cobro_list_columns_ref (columns);
  return GTK_WIDGET (self);
}
