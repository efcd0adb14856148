/* src/view/cobro-adaptive-bin.c — tells when there is little room.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-adaptive-bin.h"

/* What a phone held upright gives. */
#define SMALLEST 360

/* What gtk-xft-dpi says while text has its usual size. */
#define USUAL_DPI (96 * 1024)

struct _CobroAdaptiveBin
{
  GtkWidget parent_instance;
  GtkWidget *child;
  int threshold;
  int wide_needs; /* what the child asked for when it was last shown wide */
  gboolean narrow;
  guint notify_id;
};

static void cobro_adaptive_bin_buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CobroAdaptiveBin, cobro_adaptive_bin, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, cobro_adaptive_bin_buildable_init))

enum
{
  PROP_0,
  PROP_CHILD,
  PROP_THRESHOLD,
  PROP_NARROW,
  N_PROPS
};
static GParamSpec *properties[N_PROPS];

static GtkBuildableIface *
parent_buildable (void)
{
  return g_type_interface_peek (cobro_adaptive_bin_parent_class, GTK_TYPE_BUILDABLE);
}

static void
set_child (CobroAdaptiveBin *self, GtkWidget *child)
{
  if (self->child == child)
    return;

  g_clear_pointer (&self->child, gtk_widget_unparent);
  self->child = child;
  if (child)
    gtk_widget_set_parent (child, GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHILD]);
}

static void
add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
  if (GTK_IS_WIDGET (child))
    set_child (COBRO_ADAPTIVE_BIN (buildable), GTK_WIDGET (child));
  else
    parent_buildable ()->add_child (buildable, builder, child, type);
}

static void
cobro_adaptive_bin_buildable_init (GtkBuildableIface *iface)
{
  iface->add_child = add_child;
}

static GtkSizeRequestMode
cobro_adaptive_bin_get_request_mode (GtkWidget *widget)
{
  CobroAdaptiveBin *self = COBRO_ADAPTIVE_BIN (widget);

  return self->child ? gtk_widget_get_request_mode (self->child) : GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static int
child_width (CobroAdaptiveBin *self)
{
  int minimum;

  gtk_widget_measure (self->child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  return minimum;
}

static void
cobro_adaptive_bin_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                            int *minimum_baseline, int *natural_baseline)
{
  CobroAdaptiveBin *self = COBRO_ADAPTIVE_BIN (widget);

  if (!self->child)
    return;

  if (orientation == GTK_ORIENTATION_VERTICAL && for_size >= 0)
    for_size = MAX (for_size, child_width (self));
  gtk_widget_measure (self->child, orientation, for_size, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MIN (*minimum, SMALLEST);
      *natural = MAX (*natural, *minimum);
    }
}

/* Large text has less room in the same width. */
static int
scaled_threshold (CobroAdaptiveBin *self)
{
  int dpi;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-xft-dpi", &dpi, NULL);
  return dpi > USUAL_DPI ? (int)((gint64)self->threshold * dpi / USUAL_DPI) : self->threshold;
}

static gboolean
say_narrow (gpointer data)
{
  CobroAdaptiveBin *self = data;

  self->notify_id = 0;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NARROW]);
  return G_SOURCE_REMOVE;
}

static void
cobro_adaptive_bin_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  CobroAdaptiveBin *self = COBRO_ADAPTIVE_BIN (widget);
  gboolean narrow;

  /* A language of long words may need more than the threshold says. */
  if (!self->narrow && self->child)
    self->wide_needs = child_width (self);
  narrow = width < MAX (scaled_threshold (self), self->wide_needs);
  if (narrow != self->narrow)
    {
      self->narrow = narrow;
      if (!self->notify_id) /* nothing may change while it is being laid out */
        self->notify_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, say_narrow, self, NULL);
    }
  if (self->child)
    gtk_widget_allocate (self->child, MAX (width, child_width (self)), height, baseline, NULL);
}

static void
cobro_adaptive_bin_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  CobroAdaptiveBin *self = COBRO_ADAPTIVE_BIN (object);

  if (id == PROP_CHILD)
    set_child (self, g_value_get_object (value));
  else if (id == PROP_THRESHOLD)
    self->threshold = g_value_get_int (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
cobro_adaptive_bin_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CobroAdaptiveBin *self = COBRO_ADAPTIVE_BIN (object);

  if (id == PROP_CHILD)
    g_value_set_object (value, self->child);
  else if (id == PROP_THRESHOLD)
    g_value_set_int (value, self->threshold);
  else if (id == PROP_NARROW)
    g_value_set_boolean (value, self->narrow);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
cobro_adaptive_bin_dispose (GObject *object)
{
  CobroAdaptiveBin *self = COBRO_ADAPTIVE_BIN (object);

  g_clear_handle_id (&self->notify_id, g_source_remove);
  g_clear_pointer (&self->child, gtk_widget_unparent);
  G_OBJECT_CLASS (cobro_adaptive_bin_parent_class)->dispose (object);
}

static void
cobro_adaptive_bin_class_init (CobroAdaptiveBinClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = cobro_adaptive_bin_set_property;
  object_class->get_property = cobro_adaptive_bin_get_property;
  object_class->dispose = cobro_adaptive_bin_dispose;
  widget_class->get_request_mode = cobro_adaptive_bin_get_request_mode;
  widget_class->measure = cobro_adaptive_bin_measure;
  widget_class->size_allocate = cobro_adaptive_bin_size_allocate;

  properties[PROP_CHILD] =
    g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_THRESHOLD] =
    g_param_spec_int ("threshold", NULL, NULL, 0, G_MAXINT, 0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_NARROW] =
    g_param_spec_boolean ("narrow", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
cobro_adaptive_bin_init (CobroAdaptiveBin *self)
{
}

gboolean
cobro_adaptive_bin_get_narrow (CobroAdaptiveBin *self)
{
  g_return_val_if_fail (COBRO_IS_ADAPTIVE_BIN (self), FALSE);

  return self->narrow;
}
