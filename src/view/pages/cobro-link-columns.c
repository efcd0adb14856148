/* src/view/pages/cobro-link-columns.c — the columns of the list of links.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-link-columns.h"

#include <glib/gi18n.h>
#include "cobro-date-text.h"
#include "cobro-dialogs.h"
#include "cobro-drag-out.h"
#include "cobro-link-item.h"
#include "cobro-status-label.h"
#include "cobro-view-text.h"

typedef GtkWidget *(*CellCreate) (void);
typedef void (*CellShow) (GtkWidget *cell, CobroLinkItem *item);

typedef struct
{
  const char *title;
  CellCreate create;
  CellShow show;
  int sort; /* CobroLinkSort, or NO_SORT */
  gboolean expand;
  gboolean narrow; /* shown when there is little room */
  gboolean wide;   /* shown when there is plenty */
} Column;

#define NO_SORT    -1
#define COLUMN_KEY "cobro-column"

static GtkWidget *
create_text (float xalign)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  return label;
}

static GtkWidget *
create_title (void)
{
  return create_text (0);
}

static void
show_title (GtkWidget *cell, CobroLinkItem *item)
{
  gtk_label_set_text (GTK_LABEL (cell), cobro_link_item_get_link (item)->title);
}

/* Little room: amount and status stand below the title. */
static GtkWidget *
create_summary (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *below = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *amount = create_text (0);

  gtk_widget_add_css_class (amount, "numeric");
  gtk_box_append (GTK_BOX (below), amount);
  gtk_box_append (GTK_BOX (below), cobro_status_label_new ());
  gtk_box_append (GTK_BOX (box), create_text (0));
  gtk_box_append (GTK_BOX (box), below);
  return box;
}

static void
show_summary (GtkWidget *cell, CobroLinkItem *item)
{
  GtkWidget *title = gtk_widget_get_first_child (cell);
  GtkWidget *amount = gtk_widget_get_first_child (gtk_widget_get_next_sibling (title));
  g_autofree char *text = cobro_view_amount (cobro_link_item_get_link (item));

  show_title (title, item);
  gtk_label_set_text (GTK_LABEL (amount), text);
  cobro_status_label_set_status (COBRO_STATUS_LABEL (gtk_widget_get_next_sibling (amount)), cobro_view_status (item));
}

static void
show_reference (GtkWidget *cell, CobroLinkItem *item)
{
  gtk_label_set_text (GTK_LABEL (cell), cobro_link_item_get_link (item)->reference);
}

static GtkWidget *
create_amount (void)
{
  GtkWidget *label = create_text (1);

  gtk_widget_add_css_class (label, "numeric");
  return label;
}

static void
show_amount (GtkWidget *cell, CobroLinkItem *item)
{
  g_autofree char *text = cobro_view_amount (cobro_link_item_get_link (item));

  gtk_label_set_text (GTK_LABEL (cell), text);
}

static GtkWidget *
create_status (void)
{
  return cobro_status_label_new ();
}

static void
show_status (GtkWidget *cell, CobroLinkItem *item)
{
  cobro_status_label_set_status (COBRO_STATUS_LABEL (cell), cobro_view_status (item));
}

static void
show_created (GtkWidget *cell, CobroLinkItem *item)
{
  g_autofree char *text = cobro_date_text (cobro_link_item_get_link (item)->created_at, cobro_view_locale ());

  gtk_label_set_text (GTK_LABEL (cell), text);
}

static GtkWidget *
create_button (const char *icon, const char *name, const char *action)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", ""); /* the link's id comes when the row is bound */
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  return button;
}

static GtkWidget *
create_actions (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_box_append (GTK_BOX (box), create_button ("edit-copy-symbolic", _ ("Copy Link"), "link.copy"));
  gtk_box_append (GTK_BOX (box), create_button ("cobro-qr-symbolic", _ ("Show QR Code"), "link.counter"));
  return box;
}

static void
show_actions (GtkWidget *cell, CobroLinkItem *item)
{
  const char *id = cobro_link_item_get_id (item);

  for (GtkWidget *button = gtk_widget_get_first_child (cell); button; button = gtk_widget_get_next_sibling (button))
    gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", id);
}

static const Column columns[] = {
  { N_ ("Link"), create_title, show_title, COBRO_LINK_SORT_TITLE, TRUE, FALSE, TRUE },
  { N_ ("Link"), create_summary, show_summary, COBRO_LINK_SORT_TITLE, TRUE, TRUE, FALSE },
  { N_ ("Reference"), create_title, show_reference, COBRO_LINK_SORT_REFERENCE, FALSE, FALSE, TRUE },
  { N_ ("Amount"), create_amount, show_amount, COBRO_LINK_SORT_AMOUNT, FALSE, FALSE, TRUE },
  { N_ ("Status"), create_status, show_status, NO_SORT, FALSE, FALSE, TRUE },
  { N_ ("Created"), create_title, show_created, COBRO_LINK_SORT_CREATED, FALSE, FALSE, TRUE },
  { NULL, create_actions, show_actions, NO_SORT, FALSE, TRUE, TRUE },
};

static const Column *
column_of (gpointer column)
{
  return g_object_get_data (G_OBJECT (column), COLUMN_KEY);
}

static void
on_item_changed_cb (CobroLinkItem *item, GtkListItem *list_item)
{
  const Column *column = g_object_get_data (G_OBJECT (list_item), COLUMN_KEY);

  column->show (gtk_list_item_get_child (list_item), item);
}

/* Rows are dragged into a chat or a mail. */
static const char *
address_of (GtkWidget *cell, gpointer data)
{
  CobroLinkItem *item = gtk_list_item_get_item (data);

  return item ? cobro_link_item_get_url (item) : NULL;
}

static void
on_cell_setup_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  const Column *column = data;

  g_object_set_data (G_OBJECT (list_item), COLUMN_KEY, data);
  gtk_list_item_set_child (list_item, column->create ());
  cobro_drag_out_add (gtk_list_item_get_child (list_item), address_of, list_item);
}

static void
on_cell_bound_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  CobroLinkItem *item = gtk_list_item_get_item (list_item);

  g_signal_connect (item, "changed", G_CALLBACK (on_item_changed_cb), list_item);
  on_item_changed_cb (item, list_item);
}

static void
on_cell_unbound_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  g_signal_handlers_disconnect_by_data (gtk_list_item_get_item (list_item), list_item);
}

static void
add_column (GtkColumnView *view, const Column *spec)
{
  g_autoptr (GtkColumnViewColumn) column = NULL;
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (on_cell_setup_cb), (gpointer)spec);
  g_signal_connect (factory, "bind", G_CALLBACK (on_cell_bound_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_cell_unbound_cb), NULL);
  column = gtk_column_view_column_new (spec->title ? _ (spec->title) : NULL, factory);
  g_object_set_data (G_OBJECT (column), COLUMN_KEY, (gpointer)spec);
  gtk_column_view_column_set_expand (column, spec->expand);
  gtk_column_view_column_set_visible (column, spec->wide);
  if (spec->sort != NO_SORT)
    cobro_dialogs_make_sortable (column);
  gtk_column_view_append_column (view, column);
}

static void
on_tick_toggled_cb (GtkCheckButton *tick, GtkListItem *list_item)
{
  CobroLinkSelection *selection = g_object_get_data (G_OBJECT (tick), "cobro-selection");

  cobro_link_selection_set_ticked (selection, gtk_list_item_get_position (list_item),
                                   gtk_check_button_get_active (tick));
}

static void
on_tick_setup_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  GtkWidget *tick = gtk_check_button_new ();

  gtk_widget_set_valign (tick, GTK_ALIGN_CENTER);
  g_object_set_data (G_OBJECT (tick), "cobro-selection", data);
  g_object_bind_property (list_item, "selected", tick, "active", G_BINDING_SYNC_CREATE);
  g_signal_connect (tick, "toggled", G_CALLBACK (on_tick_toggled_cb), list_item);
  gtk_list_item_set_child (list_item, tick);
}

static void
on_tick_bound_cb (GtkListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  CobroLinkItem *item = gtk_list_item_get_item (list_item);
  /* Translators: %s is the title of a link. */
  g_autofree char *name = g_strdup_printf (_ ("Select “%s”"), cobro_link_item_get_link (item)->title);

  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_list_item_get_child (list_item)), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
}

static void
add_tick_column (GtkColumnView *view, CobroLinkSelection *selection)
{
  g_autoptr (GtkColumnViewColumn) column = NULL;
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (on_tick_setup_cb), selection);
  g_signal_connect (factory, "bind", G_CALLBACK (on_tick_bound_cb), NULL);
  column = gtk_column_view_column_new (NULL, factory);
  gtk_column_view_column_set_visible (column, FALSE);
  gtk_column_view_append_column (view, column);
}

void
cobro_link_columns_add (GtkColumnView *view, CobroLinkSelection *selection)
{
  add_tick_column (view, selection);
  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    add_column (view, &columns[i]);
}

void
cobro_link_columns_arrange (GtkColumnView *view, gboolean narrow, gboolean selecting)
{
  GListModel *list = gtk_column_view_get_columns (view);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (list, i);
      const Column *spec = column_of (column);
      gboolean visible = !spec ? selecting : narrow ? spec->narrow : spec->wide;

      if (gtk_column_view_column_get_visible (column) != visible)
        gtk_column_view_column_set_visible (column, visible);
    }
}

gboolean
cobro_link_columns_get_sort (GtkColumnView *view, CobroLinkSort *out_sort, gboolean *out_descending)
{
  GtkColumnViewColumn *column = cobro_dialogs_sorted_column (view, out_descending);
  const Column *spec = column ? column_of (column) : NULL;

  if (!spec)
    return FALSE;

  *out_sort = (CobroLinkSort)spec->sort;
  return TRUE;
}
