/* src/view/cobro-tile.c — a figure that stands for many things, and opens them.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-tile.h"

#include <glib/gi18n.h>

struct _CobroTile
{
  GtkButton parent_instance;
  GtkLabel *title;
  GtkBox *lines;
  GString *name; /* what is read aloud */
  guint n_lines;
};

G_DEFINE_FINAL_TYPE (CobroTile, cobro_tile, GTK_TYPE_BUTTON)

enum
{
  PROP_0,
  PROP_TITLE,
  N_PROPS
};
static GParamSpec *properties[N_PROPS];

static GtkWidget *
create_label (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_width_chars (GTK_LABEL (label), 8);
  gtk_widget_add_css_class (label, style);
  return label;
}

static void
cobro_tile_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  CobroTile *self = COBRO_TILE (object);

  if (id == PROP_TITLE)
    {
      gtk_label_set_text (self->title, g_value_get_string (value));
      cobro_tile_set_loading (self);
    }
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
cobro_tile_finalize (GObject *object)
{
  g_string_free (COBRO_TILE (object)->name, TRUE);
  G_OBJECT_CLASS (cobro_tile_parent_class)->finalize (object);
}

static void
cobro_tile_class_init (CobroTileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = cobro_tile_set_property;
  object_class->finalize = cobro_tile_finalize;
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, "", G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
cobro_tile_init (CobroTile *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->name = g_string_new (NULL);
  self->title = GTK_LABEL (create_label ("", "heading"));
  self->lines = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  gtk_widget_add_css_class (GTK_WIDGET (self->title), "dim-label");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->title));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->lines));
  gtk_button_set_child (GTK_BUTTON (self), box);
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self), "activatable");
  gtk_widget_add_css_class (GTK_WIDGET (self), "tile");
}

void
cobro_tile_begin (CobroTile *self)
{
  GtkWidget *child;

  g_return_if_fail (COBRO_IS_TILE (self));

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->lines))))
    gtk_box_remove (self->lines, child);
  g_string_assign (self->name, gtk_label_get_text (self->title));
  self->n_lines = 0;
}

void
cobro_tile_add (CobroTile *self, const char *figure, const char *detail)
{
  GtkWidget *label;

  g_return_if_fail (COBRO_IS_TILE (self));

  label = create_label (figure, "figure");
  gtk_widget_add_css_class (label, "numeric");
  gtk_box_append (self->lines, label);
  g_string_append_printf (self->name, "%s%s", self->n_lines == 0 ? ": " : "; ", figure);
  self->n_lines++;
  if (!*detail)
    return;
  label = create_label (detail, "caption");
  gtk_box_append (self->lines, label);
  g_string_append_printf (self->name, ", %s", detail);
}

void
cobro_tile_finish (CobroTile *self)
{
  g_return_if_fail (COBRO_IS_TILE (self));

  if (self->n_lines > 1)
    gtk_widget_add_css_class (GTK_WIDGET (self), "several");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "several");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, self->name->str, -1);
}

void
cobro_tile_set_loading (CobroTile *self)
{
  cobro_tile_begin (self);
  cobro_tile_add (self, "…", _ ("Loading"));
  cobro_tile_finish (self);
}
