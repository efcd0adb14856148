/* src/view/cobro-wrap-layout.c — children in lines, like words in a paragraph.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-wrap-layout.h"

#define SPACING 6

struct _CobroWrapLayout
{
  GtkLayoutManager parent_instance;
};

G_DEFINE_FINAL_TYPE (CobroWrapLayout, cobro_wrap_layout, GTK_TYPE_LAYOUT_MANAGER)

/* Where the next child goes. */
typedef struct
{
  int width; /* of a line */
  int x, y, height;
} Line;

static GtkWidget *
next_shown (GtkWidget *child)
{
  while (child != NULL && !gtk_widget_should_layout (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

/* The size that @child gets on a line. */
static GtkRequisition
size_of (GtkWidget *child, int line_width)
{
  GtkRequisition size;
  int minimum;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &size.width, NULL, NULL);
  size.width = MAX (minimum, MIN (size.width, line_width));
  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, size.width, NULL, &size.height, NULL, NULL);
  return size;
}

/* Moves on to the place of a child of this size; its x is self->x afterwards. */
static void
make_room (Line *self, const GtkRequisition *size)
{
  if (self->x > 0 && self->x + size->width > self->width)
    {
      self->x = 0;
      self->y += self->height + SPACING;
      self->height = 0;
    }
  self->height = MAX (self->height, size->height);
}

static int
height_for (GtkWidget *widget, int width)
{
  Line line = { .width = width };

  for (GtkWidget *child = next_shown (gtk_widget_get_first_child (widget)); child != NULL;
       child = next_shown (gtk_widget_get_next_sibling (child)))
    {
      GtkRequisition size = size_of (child, width);

      make_room (&line, &size);
      line.x += size.width + SPACING;
    }
  return line.y + line.height;
}

static void
measure_width (GtkWidget *widget, int *minimum, int *natural)
{
  *minimum = *natural = 0;
  for (GtkWidget *child = next_shown (gtk_widget_get_first_child (widget)); child != NULL;
       child = next_shown (gtk_widget_get_next_sibling (child)))
    {
      int least, best;

      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least, &best, NULL, NULL);
      *minimum = MAX (*minimum, least);
      *natural += best + (*natural > 0 ? SPACING : 0);
    }
}

static GtkSizeRequestMode
cobro_wrap_layout_get_request_mode (GtkLayoutManager *manager G_GNUC_UNUSED, GtkWidget *widget G_GNUC_UNUSED)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
cobro_wrap_layout_measure (GtkLayoutManager *manager G_GNUC_UNUSED, GtkWidget *widget, GtkOrientation orientation,
                           int for_size, int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum_baseline = *natural_baseline = -1;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    measure_width (widget, minimum, natural);
  else
    *minimum = *natural = height_for (widget, for_size < 0 ? G_MAXINT / 2 : for_size);
}

static void
cobro_wrap_layout_allocate (GtkLayoutManager *manager G_GNUC_UNUSED, GtkWidget *widget, int width,
                            int height G_GNUC_UNUSED, int baseline G_GNUC_UNUSED)
{
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  Line line = { .width = width };

  for (GtkWidget *child = next_shown (gtk_widget_get_first_child (widget)); child != NULL;
       child = next_shown (gtk_widget_get_next_sibling (child)))
    {
      GtkRequisition size = size_of (child, width);

      make_room (&line, &size);
      gtk_widget_size_allocate (
        child, &(GtkAllocation){ mirrored ? width - line.x - size.width : line.x, line.y, size.width, size.height },
        -1);
      line.x += size.width + SPACING;
    }
}

static void
cobro_wrap_layout_class_init (CobroWrapLayoutClass *klass)
{
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  manager_class->get_request_mode = cobro_wrap_layout_get_request_mode;
  manager_class->measure = cobro_wrap_layout_measure;
  manager_class->allocate = cobro_wrap_layout_allocate;
}

static void
cobro_wrap_layout_init (CobroWrapLayout *self G_GNUC_UNUSED)
{
}
