/* src/view/cobro-paper-pages.c — the pages of a document on the screen.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-paper-pages.h"

#include <glib/gi18n.h>

/* Pages are drawn so wide, and so many of them: a long document would fill the memory. */
#define PAGE_PIXELS 1240
#define PAGES_MAX   12

/* (transfer full) one page as a picture: sharp where the window is wide. */
static GdkTexture *
draw_page (CobroPaper *paper, guint page)
{
  double paper_width, paper_height;
  int width = PAGE_PIXELS, height;
  cairo_surface_t *surface;
  cairo_t *cr;
  g_autoptr (GBytes) bytes = NULL;
  GdkTexture *texture;

  cobro_paper_get_size (paper, &paper_width, &paper_height);
  height = (int)(PAGE_PIXELS * paper_height / paper_width);
  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cr = cairo_create (surface);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_scale (cr, width / paper_width, height / paper_height);
  cobro_paper_draw (paper, cr, page);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  bytes = g_bytes_new (cairo_image_surface_get_data (surface),
                       (gsize)cairo_image_surface_get_stride (surface) * (gsize)height);
  texture =
    gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, (gsize)cairo_image_surface_get_stride (surface));
  cairo_surface_destroy (surface);
  return texture;
}

void
cobro_paper_pages_show (GtkBox *box, CobroPaper *paper)
{
  guint n = cobro_paper_n_pages (paper);

  for (guint i = 0; i < MIN (n, PAGES_MAX); i++)
    {
      g_autoptr (GdkTexture) texture = draw_page (paper, i);
      GtkWidget *picture = gtk_picture_new_for_paintable (GDK_PAINTABLE (texture));
      /* Translators: numbers of a page and of pages. */
      g_autofree char *name = g_strdup_printf (_ ("Page %u of %u"), i + 1, n);

      gtk_picture_set_alternative_text (GTK_PICTURE (picture), name);
      gtk_widget_add_css_class (picture, "paper");
      gtk_box_append (box, picture);
    }
  if (n > PAGES_MAX)
    {
      g_autofree char *text = g_strdup_printf (_ ("%u more pages: save the PDF to see them"), n - PAGES_MAX);

      gtk_box_append (box, gtk_label_new (text));
    }
}
