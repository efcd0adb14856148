/* src/view/cobro-list-columns.c — the columns of a list page: their cells, and how wide they are.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-list-columns.h"

/* Around what stands in a cell, in pixels; the outermost stand further from the edge, as far as the filters. */
#define PADDING 8
#define BORDER  1
#define EDGE    7

struct _CobroListColumns
{
  const CobroListColumn *all; /* static */
  gsize n;
  GPtrArray *shown; /* (element-type CobroListColumn) NULL: the ticks */
  GArray *wanted;   /* (element-type GtkRequestedSize) of each that is shown, with what stands around it */
  GArray *widths;   /* (element-type int) the same */
  int width;        /* for which @widths were reckoned; -1: they must be reckoned anew */
  int row_height;
  gboolean selecting, narrow;
};

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

/* ── Which are shown ── */

static void
free_columns (gpointer data)
{
  CobroListColumns *self = data;

  g_ptr_array_unref (self->shown);
  g_array_unref (self->wanted);
  g_array_unref (self->widths);
}

CobroListColumns *
cobro_list_columns_new (const CobroListColumn *columns, gsize n)
{
  CobroListColumns *self = g_rc_box_new0 (CobroListColumns);

  self->all = columns;
  self->n = n;
  self->shown = g_ptr_array_new ();
  self->wanted = g_array_new (FALSE, TRUE, sizeof (GtkRequestedSize));
  self->widths = g_array_new (FALSE, TRUE, sizeof (int));
  self->width = -1;
  return self;
}

CobroListColumns *
cobro_list_columns_ref (CobroListColumns *self)
{
  return g_rc_box_acquire (self);
}

void
cobro_list_columns_unref (CobroListColumns *self)
{
  g_rc_box_release_full (self, free_columns);
}

gboolean
cobro_list_columns_arrange (CobroListColumns *self, gboolean narrow, gboolean selecting)
{
  if (self->shown->len > 0 && self->narrow == narrow && self->selecting == selecting)
    return FALSE;

  self->narrow = narrow;
  self->selecting = selecting;
  g_ptr_array_set_size (self->shown, 0);
  if (selecting)
    g_ptr_array_add (self->shown, NULL);
  for (gsize i = 0; i < self->n; i++)
    if (narrow ? self->all[i].narrow : self->all[i].wide)
      g_ptr_array_add (self->shown, (gpointer)&self->all[i]);
  cobro_list_columns_forget_widths (self);
  return TRUE;
}

guint
cobro_list_columns_count (CobroListColumns *self)
{
  return self->shown->len;
}

const CobroListColumn *
cobro_list_columns_get (CobroListColumns *self, guint i)
{
  return self->shown->pdata[i];
}

/* ── How wide they are ── */

void
cobro_list_columns_forget_widths (CobroListColumns *self)
{
  g_array_set_size (self->wanted, 0);
  g_array_set_size (self->wanted, self->shown->len);
  g_array_set_size (self->widths, self->shown->len);
  self->width = -1;
}

GtkBorder
cobro_list_columns_get_padding (CobroListColumns *self, guint i)
{
  return (GtkBorder){
    .left = PADDING + (i > 0 ? BORDER : EDGE),
    .right = PADDING + (i + 1 == self->shown->len ? EDGE : 0),
  };
}

void
cobro_list_columns_want (CobroListColumns *self, guint i, int minimum, int natural)
{
  GtkRequestedSize *wanted = &g_array_index (self->wanted, GtkRequestedSize, i);

  if (minimum <= wanted->minimum_size && natural <= wanted->natural_size)
    return;

  wanted->minimum_size = MAX (wanted->minimum_size, minimum);
  wanted->natural_size = MAX (wanted->natural_size, natural);
  self->width = -1;
}

void
cobro_list_columns_measure (CobroListColumns *self, int *minimum, int *natural)
{
  *minimum = *natural = 0;
  for (guint i = 0; i < self->wanted->len; i++)
    {
      *minimum += g_array_index (self->wanted, GtkRequestedSize, i).minimum_size;
      *natural += g_array_index (self->wanted, GtkRequestedSize, i).natural_size;
    }
}

static guint
count_expanding (CobroListColumns *self)
{
  guint n = 0;

  for (guint i = 0; i < self->shown->len; i++)
    n += self->shown->pdata[i] && cobro_list_columns_get (self, i)->expand;
  return n;
}

gboolean
cobro_list_columns_spread (CobroListColumns *self, int width)
{
  g_autofree GtkRequestedSize *sizes = NULL;
  guint expanding = count_expanding (self);
  int minimum, natural, extra;

  if (width == self->width)
    return FALSE;

  self->width = width;
  sizes = g_memdup2 (self->wanted->data, self->wanted->len * sizeof (GtkRequestedSize));
  cobro_list_columns_measure (self, &minimum, &natural);
  extra = gtk_distribute_natural_allocation (MAX (0, width - minimum), self->wanted->len, sizes);
  for (guint i = 0; i < self->shown->len; i++)
    {
      gboolean expands = self->shown->pdata[i] && cobro_list_columns_get (self, i)->expand;
      int more = expands ? extra / (int)expanding : 0;

      g_array_index (self->widths, int, i) = sizes[i].minimum_size + more;
      extra -= more;
      expanding -= expands;
    }
  return TRUE;
}

void
cobro_list_columns_place (CobroListColumns *self, guint i, gboolean rtl, int *out_x, int *out_width)
{
  int x = 0;

  for (guint j = 0; j < i; j++)
    x += g_array_index (self->widths, int, j);
  *out_width = g_array_index (self->widths, int, i);
  *out_x = rtl ? self->width - x - *out_width : x;
}

/* ── How high the rows are ── */

gboolean
cobro_list_columns_set_row_height (CobroListColumns *self, int height)
{
  gboolean changed = height != self->row_height;

  self->row_height = height;
  return changed;
}

int
cobro_list_columns_get_row_height (CobroListColumns *self)
{
  return self->row_height;
}
