/* src/view/cobro-window-places.c — the sidebar: which pages stand in it, and where one goes back to.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-window-private.h"

#include <glib/gi18n.h>
#include "cobro-help-page.h"
#include "cobro-help-window.h"

#define PAGE_KEY  "cobro-page"
#define COUNT_KEY "cobro-count"
/* More than this is "many": the sidebar is narrow. */
#define COUNT_MAX 999

/* The pages of the content stack that stand in the sidebar, in order. */
static const struct
{
  const char *page;
  const char *title;
  const char *icon;
} places[] = {
  { "overview", N_ ("Overview"), "cobro-overview-symbolic" },
  { "links", N_ ("Links"), "cobro-link-symbolic" },
  { "invoices", N_ ("Invoices"), "cobro-invoice-symbolic" },
  { "customers", N_ ("Customers"), "cobro-customer-symbolic" },
  { "payments", N_ ("Payments"), "cobro-payment-symbolic" },
  { "products", N_ ("Products"), "cobro-product-symbolic" },
  { "attention", N_ ("Needs Attention"), "cobro-attention-symbolic" },
  { "developers", N_ ("Developers"), "cobro-developer-symbolic" },
};

/* Pages about one thing, and the place they belong to. */
static const struct
{
  const char *page;
  const char *place;
} parts[] = {
  { "link", "links" },         { "invoice", "invoices" }, { "invoice-editor", "invoices" },
  { "customer", "customers" }, { "bank", "payments" },
};

static GtkWidget *
create_row (const char *page, const char *title, const char *icon)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *image =
    g_object_new (GTK_TYPE_IMAGE, "icon-name", icon, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  GtkWidget *label = gtk_label_new (title);

  GtkWidget *count = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_visible (count, FALSE);
  gtk_widget_set_valign (count, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (count, "place-count");
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), count);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_object_set_data (G_OBJECT (row), PAGE_KEY, (gpointer)page);
  g_object_set_data (G_OBJECT (row), COUNT_KEY, count);
  return row;
}

void
cobro_window_set_place_count (CobroWindow *self, const char *page, guint n)
{
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (g_str_equal (places[i].page, page))
      {
        GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->places, (int)i);
        GtkWidget *count = g_object_get_data (G_OBJECT (row), COUNT_KEY);
        g_autofree char *text = g_strdup_printf (n > COUNT_MAX ? "%u+" : "%u", MIN (n, COUNT_MAX));
        /* Translators: a place in the sidebar, and how many things wait there: "Needs Attention, 3". */
        g_autofree char *name = g_strdup_printf (C_ ("place and count", "%s, %u"), _ (places[i].title), n);

        gtk_label_set_text (GTK_LABEL (count), text);
        gtk_widget_set_visible (count, n > 0);
        gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                        n > 0 ? name : _ (places[i].title), -1);
      }
}

void
cobro_window_add_places (CobroWindow *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    gtk_list_box_append (self->places, create_row (places[i].page, _ (places[i].title), places[i].icon));
  gtk_list_box_select_row (self->places, gtk_list_box_get_row_at_index (self->places, 0));
}

const char *
cobro_window_place_of_row (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), PAGE_KEY);
}

const char *
cobro_window_shown_page (CobroWindow *self)
{
  const char *page = gtk_stack_get_visible_child_name (self->content_stack);

  return page ? page : places[0].page;
}

const char *
cobro_window_shown_place (CobroWindow *self)
{
  const char *page = cobro_window_shown_page (self);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (g_str_equal (parts[i].page, page))
      return parts[i].place;
  return page;
}

gboolean
cobro_window_has_place (const char *page)
{
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    if (g_str_equal (places[i].page, page))
      return TRUE;
  return FALSE;
}

void
cobro_window_show_page (CobroWindow *self, const char *page)
{
  gtk_stack_set_visible_child_name (self->root_stack, "main");
  gtk_stack_set_visible_child_name (self->content_stack, page);
  adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (self->content_stack));
}

void
cobro_window_select_place (CobroWindow *self)
{
  const char *place = cobro_window_shown_place (self);

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (g_str_equal (places[i].page, place))
      gtk_list_box_select_row (self->places, gtk_list_box_get_row_at_index (self->places, (int)i));
}

void
cobro_window_set_places_folded (CobroWindow *self, gboolean folded)
{
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      CobroPlace *place = cobro_window_peek_page (self, places[i].page);

      if (place)
        cobro_place_set_folded (place, folded);
    }
}

void
cobro_window_set_typed_place (CobroWindow *self, const char *page)
{
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      CobroPlace *place = cobro_window_peek_page (self, places[i].page);

      if (place)
        cobro_place_set_type_to_search (place, g_strcmp0 (places[i].page, page) == 0 ? GTK_WIDGET (place) : NULL);
    }
}

void
cobro_window_prepare_place (CobroWindow *self, const char *page)
{
  if (cobro_window_has_place (page))
    cobro_place_set_folded (cobro_window_peek_page (self, page), adw_leaflet_get_folded (self->leaflet));
}

/* What is shown may have a page of its own, or belong to a place that has one. */
static const char *
help_of_content (CobroWindow *self)
{
  const char *shown = gtk_stack_get_visible_child_name (self->content_stack);

  return g_strv_contains (cobro_help_pages (), shown) ? shown : cobro_window_shown_place (self);
}

void
cobro_window_show_help (CobroWindow *self, GtkWindow *asker)
{
  const char *page;

  g_return_if_fail (COBRO_IS_WINDOW (self));

  page = cobro_help_page_of_dialog (asker);
  if (!page && GTK_WINDOW (self) == asker)
    page = g_str_equal (gtk_stack_get_visible_child_name (self->root_stack), "main") ? help_of_content (self) : "start";
  cobro_help_window_show (asker, page);
}
