/* src/view/cobro-chart.c — columns over time. Every column is a widget of its own, as high as the chart, so that it can
 * have the focus, a name and the pointer; lines and texts around them are the chart's.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-chart.h"

#include <glib/gi18n.h>
#include "cobro-money-text.h"
#include "cobro-view-text.h"

#define HEIGHT    210
#define MIN_SLOT  14  /* of a column with the room around it */
#define GAP       6   /* between texts and what they belong to */
#define THICKNESS .6f /* of a column, in slots */
#define LINES     4   /* above the ground, at most */
#define RADIUS    4

/* ── One column ── */

#define COBRO_TYPE_CHART_BAR (cobro_chart_bar_get_type ())
G_DECLARE_FINAL_TYPE (CobroChartBar, cobro_chart_bar, COBRO, CHART_BAR, GtkWidget)

struct _CobroChartBar
{
  GtkWidget parent_instance;
  gint64 value, top; /* of the whole height */
};

G_DEFINE_FINAL_TYPE (CobroChartBar, cobro_chart_bar, GTK_TYPE_WIDGET)

/* @value of @top as a part of @length, whatever the sizes of the two; something is never nothing. */
static int
part_of (gint64 value, gint64 top, int length)
{
  if (value <= 0 || top <= 0)
    return 0;
  return MAX (2, (int)((__int128)value * length / top));
}

static void
cobro_chart_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  CobroChartBar *self = COBRO_CHART_BAR (widget);
  float width = (float)gtk_widget_get_width (widget) * THICKNESS;
  int height = gtk_widget_get_height (widget);
  int tall = part_of (self->value, self->top, height);
  graphene_rect_t rect =
    GRAPHENE_RECT_INIT (((float)gtk_widget_get_width (widget) - width) / 2, (float)(height - tall), width, (float)tall);
  graphene_size_t round = GRAPHENE_SIZE_INIT (MIN (RADIUS, (float)tall), MIN (RADIUS, (float)tall)), sharp = { 0, 0 };
  GskRoundedRect shape;
  GdkRGBA color;

  if (tall == 0)
    return;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  gsk_rounded_rect_init (&shape, &rect, &round, &round, &sharp, &sharp);
  gtk_snapshot_push_rounded_clip (snapshot, &shape);
  gtk_snapshot_append_color (snapshot, &color, &rect);
  gtk_snapshot_pop (snapshot);
}

static void
cobro_chart_bar_class_init (CobroChartBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = cobro_chart_bar_snapshot;
  gtk_widget_class_set_css_name (widget_class, "bar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST_ITEM);
}

static void
cobro_chart_bar_init (CobroChartBar *self)
{
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
}

/* ── The chart ── */

struct _CobroChart
{
  GtkWidget parent_instance;
  CobroChartBar *bars[COBRO_CHART_COLUMNS_MAX];
  char *labels[COBRO_CHART_COLUMNS_MAX];
  guint n;
  guint selected;
  CobroCurrency currency;
  gint64 step;   /* between two lines */
  guint n_lines; /* above the ground */
};

G_DEFINE_FINAL_TYPE (CobroChart, cobro_chart, GTK_TYPE_WIDGET)

enum
{
  SELECTED,
  ACTIVATED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static gboolean
is_mirrored (CobroChart *self)
{
  return gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
}

/* The smallest of 1, 2, 5, 10, 20 … with which @top is reached in LINES steps. */
static gint64
choose_step (gint64 top)
{
  static const int factors[] = { 1, 2, 5 };
  gint64 power = 1;

  while (power <= G_MAXINT64 / 50)
    {
      for (gsize i = 0; i < G_N_ELEMENTS (factors); i++)
        if (power * factors[i] >= top / LINES + (top % LINES != 0))
          return power * factors[i];
      power *= 10;
    }
  return power;
}

/* (transfer full) what stands beside line number @line: whole units where they are whole. */
static char *
line_text (CobroChart *self, guint line)
{
  gint64 value = self->step * (gint64)line, unit = cobro_currency_unit (self->currency);

  if (value % unit == 0)
    return cobro_number_text (value / unit, cobro_view_locale ());
  return cobro_money_text_plain (cobro_money (value, self->currency), cobro_view_locale ());
}

/* (transfer full) */
static PangoLayout *
layout_line (CobroChart *self, guint line)
{
  g_autofree char *text = line_text (self, line);

  return gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
}

/* Where the columns stand: beside the texts of the lines and above those of the months. */
static graphene_rect_t
plot_of (CobroChart *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));
  int aside = 0, text_width, text_height = 0;

  for (guint i = 0; i <= self->n_lines; i++)
    {
      g_autoptr (PangoLayout) layout = layout_line (self, i);

      pango_layout_get_pixel_size (layout, &text_width, &text_height);
      aside = MAX (aside, text_width);
    }
  aside += GAP;
  return GRAPHENE_RECT_INIT (is_mirrored (self) ? 0 : (float)aside, (float)text_height / 2, (float)(width - aside),
                             (float)(height - text_height - GAP) - (float)text_height / 2);
}

static float
slot_x (CobroChart *self, const graphene_rect_t *plot, guint i)
{
  float slot = plot->size.width / (float)MAX (1, self->n);

  return plot->origin.x + slot * (float)(is_mirrored (self) ? self->n - 1 - i : i);
}

static void
cobro_chart_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                     int *minimum_baseline, int *natural_baseline)
{
  CobroChart *self = COBRO_CHART (widget);

  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? (int)self->n * MIN_SLOT : HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? (int)self->n * MIN_SLOT * 4 : HEIGHT;
}

static void
cobro_chart_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  CobroChart *self = COBRO_CHART (widget);
  graphene_rect_t plot = plot_of (self);

  for (guint i = 0; i < self->n; i++)
    {
      int from = (int)slot_x (self, &plot, i);
      GtkAllocation place = { from, (int)plot.origin.y, MAX (1, (int)(plot.size.width / (float)self->n)),
                              MAX (1, (int)plot.size.height) };

      gtk_widget_size_allocate (GTK_WIDGET (self->bars[i]), &place, -1);
    }
}

static void
append_text (GtkWidget *widget, GtkSnapshot *snapshot, PangoLayout *layout, float x, float y)
{
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, y));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
}

static void
append_lines (CobroChart *self, GtkSnapshot *snapshot, const graphene_rect_t *plot)
{
  int width, height;
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &color);
  for (guint i = 0; i <= self->n_lines; i++)
    {
      g_autoptr (PangoLayout) layout = layout_line (self, i);
      float y = plot->origin.y + plot->size.height * (1 - (float)i / (float)self->n_lines);
      GdkRGBA faint = color;

      pango_layout_get_pixel_size (layout, &width, &height);
      append_text (GTK_WIDGET (self), snapshot, layout,
                   is_mirrored (self) ? plot->size.width + GAP : plot->origin.x - GAP - (float)width,
                   y - (float)height / 2);
      faint.alpha *= i == 0 ? .6f : .2f;
      gtk_snapshot_append_color (snapshot, &faint, &GRAPHENE_RECT_INIT (plot->origin.x, y, plot->size.width, 1));
    }
}

/* Every month where there is room for all names; else every second, or third; always the last one. */
static void
append_labels (CobroChart *self, GtkSnapshot *snapshot, const graphene_rect_t *plot)
{
  float slot = plot->size.width / (float)self->n;
  int widest = 0, width, height;
  guint every;

  for (guint i = 0; i < self->n; i++)
    {
      g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), self->labels[i]);

      pango_layout_get_pixel_size (layout, &width, &height);
      widest = MAX (widest, width);
    }
  every = MAX (1, (guint)(((float)widest + GAP) / slot) + 1);
  for (guint i = self->n; i > 0; i -= MIN (i, every))
    {
      g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), self->labels[i - 1]);
      float x;

      pango_layout_get_pixel_size (layout, &width, &height);
      x = slot_x (self, plot, i - 1) + (slot - (float)width) / 2;
      append_text (GTK_WIDGET (self), snapshot, layout,
                   CLAMP (x, 0, (float)gtk_widget_get_width (GTK_WIDGET (self)) - (float)width),
                   plot->origin.y + plot->size.height + GAP);
    }
}

static void
cobro_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  CobroChart *self = COBRO_CHART (widget);
  graphene_rect_t plot;

  if (self->n == 0)
    return;
  plot = plot_of (self);
  append_lines (self, snapshot, &plot);
  append_labels (self, snapshot, &plot);
  for (guint i = 0; i < self->n; i++)
    gtk_widget_snapshot_child (widget, GTK_WIDGET (self->bars[i]), snapshot);
}

/* ── Moving through it ── */

static void
select_bar (CobroChart *self, guint i)
{
  if (i >= self->n || i == self->selected)
    return;

  gtk_widget_unset_state_flags (GTK_WIDGET (self->bars[self->selected]), GTK_STATE_FLAG_SELECTED);
  gtk_accessible_reset_state (GTK_ACCESSIBLE (self->bars[self->selected]), GTK_ACCESSIBLE_STATE_SELECTED);
  self->selected = i;
  gtk_widget_set_state_flags (GTK_WIDGET (self->bars[i]), GTK_STATE_FLAG_SELECTED, FALSE);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->bars[i]), GTK_ACCESSIBLE_STATE_SELECTED, TRUE, -1);
  g_signal_emit (self, signals[SELECTED], 0, i);
}

static gboolean
move_to (CobroChart *self, guint i)
{
  select_bar (self, i);
  return gtk_widget_grab_focus (GTK_WIDGET (self->bars[i]));
}

static guint
number_of (CobroChart *self, GtkWidget *bar)
{
  for (guint i = 0; i < self->n; i++)
    if (GTK_WIDGET (self->bars[i]) == bar)
      return i;
  return 0;
}

/* The whole chart is one stop of the Tab key; the arrows move within it and never leave it. */
static gboolean
cobro_chart_focus (GtkWidget *widget, GtkDirectionType direction)
{
  CobroChart *self = COBRO_CHART (widget);
  GtkWidget *inside = gtk_widget_get_focus_child (widget);
  gboolean back = is_mirrored (self) ? direction == GTK_DIR_RIGHT : direction == GTK_DIR_LEFT;
  gboolean on = is_mirrored (self) ? direction == GTK_DIR_LEFT : direction == GTK_DIR_RIGHT;
  guint at;

  if (self->n == 0)
    return FALSE;
  if (!inside)
    return move_to (self, self->selected);
  if (!back && !on)
    return FALSE;

  at = number_of (self, inside);
  if ((on && at + 1 < self->n) || (back && at > 0))
    move_to (self, on ? at + 1 : at - 1);
  return TRUE;
}

static gboolean
cobro_chart_grab_focus (GtkWidget *widget)
{
  CobroChart *self = COBRO_CHART (widget);

  return self->n > 0 && move_to (self, self->selected);
}

static gboolean
go_to_end (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  CobroChart *self = COBRO_CHART (widget);

  return self->n > 0 && move_to (self, g_variant_get_boolean (arguments) ? self->n - 1 : 0);
}

static gboolean
activate_selected (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  CobroChart *self = COBRO_CHART (widget);

  g_signal_emit (self, signals[ACTIVATED], 0, self->selected);
  return TRUE;
}

static void
on_bar_looked_at_cb (GtkEventController *controller)
{
  GtkWidget *bar = gtk_event_controller_get_widget (controller);
  CobroChart *self = COBRO_CHART (gtk_widget_get_parent (bar));

  select_bar (self, number_of (self, bar));
}

static void
on_bar_released_cb (GtkEventController *controller)
{
  GtkWidget *bar = gtk_event_controller_get_widget (controller);
  CobroChart *self = COBRO_CHART (gtk_widget_get_parent (bar));

  g_signal_emit (self, signals[ACTIVATED], 0, number_of (self, bar));
}

/* ── The widget ── */

static void
cobro_chart_dispose (GObject *object)
{
  CobroChart *self = COBRO_CHART (object);

  for (guint i = 0; i < self->n; i++)
    {
      gtk_widget_unparent (GTK_WIDGET (self->bars[i]));
      g_clear_pointer (&self->labels[i], g_free);
    }
  self->n = 0;
  G_OBJECT_CLASS (cobro_chart_parent_class)->dispose (object);
}

static void
add_keys (GtkWidgetClass *widget_class)
{
  static const guint begins[] = { GDK_KEY_Home, GDK_KEY_KP_Home }, ends[] = { GDK_KEY_End, GDK_KEY_KP_End };
  static const guint enters[] = { GDK_KEY_Return, GDK_KEY_KP_Enter, GDK_KEY_ISO_Enter, GDK_KEY_space };

  for (gsize i = 0; i < G_N_ELEMENTS (begins); i++)
    gtk_widget_class_add_binding (widget_class, begins[i], 0, go_to_end, "b", FALSE);
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    gtk_widget_class_add_binding (widget_class, ends[i], 0, go_to_end, "b", TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS (enters); i++)
    gtk_widget_class_add_binding (widget_class, enters[i], 0, activate_selected, NULL);
}

static void
cobro_chart_class_init (CobroChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cobro_chart_dispose;
  widget_class->measure = cobro_chart_measure;
  widget_class->size_allocate = cobro_chart_size_allocate;
  widget_class->snapshot = cobro_chart_snapshot;
  widget_class->focus = cobro_chart_focus;
  widget_class->grab_focus = cobro_chart_grab_focus;
  add_keys (widget_class);
  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST);
  signals[SELECTED] =
    g_signal_new ("selected", COBRO_TYPE_CHART, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[ACTIVATED] =
    g_signal_new ("activated", COBRO_TYPE_CHART, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
cobro_chart_init (CobroChart *self)
{
}

static CobroChartBar *
add_bar (CobroChart *self)
{
  CobroChartBar *bar = g_object_new (COBRO_TYPE_CHART_BAR, NULL);
  GtkEventController *focus = gtk_event_controller_focus_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect (focus, "enter", G_CALLBACK (on_bar_looked_at_cb), NULL);
  g_signal_connect (motion, "enter", G_CALLBACK (on_bar_looked_at_cb), NULL);
  g_signal_connect (click, "released", G_CALLBACK (on_bar_released_cb), NULL);
  gtk_widget_add_controller (GTK_WIDGET (bar), focus);
  gtk_widget_add_controller (GTK_WIDGET (bar), motion);
  gtk_widget_add_controller (GTK_WIDGET (bar), GTK_EVENT_CONTROLLER (click));
  gtk_widget_set_parent (GTK_WIDGET (bar), GTK_WIDGET (self));
  return bar;
}

GtkWidget *
cobro_chart_new (void)
{
  return g_object_new (COBRO_TYPE_CHART, NULL);
}

static void
set_count (CobroChart *self, guint n)
{
  for (guint i = n; i < self->n; i++)
    {
      gtk_widget_unparent (GTK_WIDGET (self->bars[i]));
      g_clear_pointer (&self->labels[i], g_free);
    }
  for (guint i = self->n; i < n; i++)
    self->bars[i] = add_bar (self);
  if (self->selected >= n || self->n == 0)
    self->selected = n - 1;
  self->n = n;
}

void
cobro_chart_set_columns (CobroChart *self, CobroCurrency currency, const CobroChartColumn *columns, guint n)
{
  gint64 top = 0;

  g_return_if_fail (COBRO_IS_CHART (self));
  g_return_if_fail (n > 0 && n <= COBRO_CHART_COLUMNS_MAX);

  set_count (self, n);
  for (guint i = 0; i < n; i++)
    top = MAX (top, columns[i].value);
  self->currency = currency;
  self->step = top > 0 ? choose_step (top) : cobro_currency_unit (currency);
  self->n_lines = top > 0 ? (guint)(top / self->step + (top % self->step != 0)) : 1;
  for (guint i = 0; i < n; i++)
    {
      CobroChartBar *bar = self->bars[i];

      g_free (self->labels[i]);
      self->labels[i] = g_strdup (columns[i].label);
      bar->value = columns[i].value;
      bar->top = self->step * (gint64)self->n_lines;
      gtk_accessible_update_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL, columns[i].name, -1);
      gtk_accessible_update_relation (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_RELATION_POS_IN_SET, (int)i + 1,
                                      GTK_ACCESSIBLE_RELATION_SET_SIZE, (int)n, -1);
      gtk_widget_queue_draw (GTK_WIDGET (bar));
    }
  gtk_widget_set_state_flags (GTK_WIDGET (self->bars[self->selected]), GTK_STATE_FLAG_SELECTED, FALSE);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->bars[self->selected]), GTK_ACCESSIBLE_STATE_SELECTED, TRUE, -1);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

guint
cobro_chart_get_selected (CobroChart *self)
{
  g_return_val_if_fail (COBRO_IS_CHART (self), 0);

  return self->selected;
}
