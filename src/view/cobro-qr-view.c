/* src/view/cobro-qr-view.c — a QR code as a widget.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-qr-view.h"

#include <glib/gi18n.h>
#include "cobro-qr.h"

#define NATURAL_SIZE 176

struct _CobroQrView
{
  GtkWidget parent_instance;
  char *text;
  CobroQr *qr;
};

G_DEFINE_FINAL_TYPE (CobroQrView, cobro_qr_view, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_TEXT,
  N_PROPS
};
static GParamSpec *properties[N_PROPS];

static GtkSizeRequestMode
cobro_qr_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
cobro_qr_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                       int *minimum_baseline, int *natural_baseline)
{
  *minimum = NATURAL_SIZE / 2;
  *natural = NATURAL_SIZE;
}

/* A row of dark modules is one rectangle. */
static void
append_modules (GtkSnapshot *snapshot, const CobroQr *qr, int side, float scale)
{
  GdkRGBA black = { 0, 0, 0, 1 };

  for (int y = 0; y < side - 2 * COBRO_QR_QUIET; y++)
    for (int x = 0; x < side - 2 * COBRO_QR_QUIET; x++)
      {
        int from = x;

        while (cobro_qr_is_dark (qr, (guint)x, (guint)y))
          x++;
        if (x > from)
          gtk_snapshot_append_color (snapshot, &black,
                                     &GRAPHENE_RECT_INIT ((from + COBRO_QR_QUIET) * scale, (y + COBRO_QR_QUIET) * scale,
                                                          (x - from) * scale, scale));
      }
}

static void
cobro_qr_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  CobroQrView *self = COBRO_QR_VIEW (widget);
  GdkRGBA white = { 1, 1, 1, 1 };
  int space = MIN (gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  int side, scale;

  if (!self->qr)
    return;

  /* Whole pixels per module, so that no edge is blurred. */
  side = (int)cobro_qr_get_size (self->qr) + 2 * COBRO_QR_QUIET;
  scale = MAX (1, space / side);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((gtk_widget_get_width (widget) - side * scale) / 2,
                                                          (gtk_widget_get_height (widget) - side * scale) / 2));
  gtk_snapshot_append_color (snapshot, &white, &GRAPHENE_RECT_INIT (0, 0, side * scale, side * scale));
  append_modules (snapshot, self->qr, side, scale);
  gtk_snapshot_restore (snapshot);
}

static void
cobro_qr_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_TEXT)
    cobro_qr_view_set_text (COBRO_QR_VIEW (object), g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
cobro_qr_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_TEXT)
    g_value_set_string (value, COBRO_QR_VIEW (object)->text);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
cobro_qr_view_finalize (GObject *object)
{
  CobroQrView *self = COBRO_QR_VIEW (object);

  g_free (self->text);
  g_clear_pointer (&self->qr, cobro_qr_free);
  G_OBJECT_CLASS (cobro_qr_view_parent_class)->finalize (object);
}

static void
cobro_qr_view_class_init (CobroQrViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = cobro_qr_view_set_property;
  object_class->get_property = cobro_qr_view_get_property;
  object_class->finalize = cobro_qr_view_finalize;
  widget_class->get_request_mode = cobro_qr_view_get_request_mode;
  widget_class->measure = cobro_qr_view_measure;
  widget_class->snapshot = cobro_qr_view_snapshot;

  properties[PROP_TEXT] =
    g_param_spec_string ("text", NULL, NULL, "", G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_css_name (widget_class, "qr");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
cobro_qr_view_init (CobroQrView *self)
{
  self->text = g_strdup ("");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("QR code of the link"), -1);
}

void
cobro_qr_view_set_text (CobroQrView *self, const char *text)
{
  g_return_if_fail (COBRO_IS_QR_VIEW (self));

  text = text ? text : "";
  if (g_str_equal (self->text, text))
    return;

  g_free (self->text);
  self->text = g_strdup (text);
  g_clear_pointer (&self->qr, cobro_qr_free);
  if (*text)
    self->qr = cobro_qr_new (text, NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
}

const char *
cobro_qr_view_get_text (CobroQrView *self)
{
  g_return_val_if_fail (COBRO_IS_QR_VIEW (self), "");

  return self->text;
}
