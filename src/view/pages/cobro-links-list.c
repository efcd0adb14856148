/* src/view/pages/cobro-links-list.c — the place "Links".
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-links-list.h"

#include <glib/gi18n.h>
#include "cobro-date-text.h"
#include "cobro-money-text.h"
#include "cobro-status-label.h"
#include "cobro-view-text.h"

/* ── Cells ── */

static void
show_title (GtkWidget *cell, gpointer item)
{
  gtk_label_set_text (GTK_LABEL (cell), cobro_link_item_get_link (item)->title);
}

/* Little room: amount and status stand below the title. */
static GtkWidget *
create_summary (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *below = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *amount = cobro_list_cell_text ();

  gtk_widget_add_css_class (amount, "numeric");
  gtk_box_append (GTK_BOX (below), amount);
  gtk_box_append (GTK_BOX (below), cobro_status_label_new ());
  gtk_box_append (GTK_BOX (box), cobro_list_cell_text ());
  gtk_box_append (GTK_BOX (box), below);
  return box;
}

static void
show_summary (GtkWidget *cell, gpointer item)
{
  GtkWidget *title = gtk_widget_get_first_child (cell);
  GtkWidget *amount = gtk_widget_get_first_child (gtk_widget_get_next_sibling (title));
  g_autofree char *text = cobro_view_amount (cobro_link_item_get_link (item));

  show_title (title, item);
  gtk_label_set_text (GTK_LABEL (amount), text);
  cobro_status_label_set_status (COBRO_STATUS_LABEL (gtk_widget_get_next_sibling (amount)), cobro_view_status (item));
}

static void
show_reference (GtkWidget *cell, gpointer item)
{
  gtk_label_set_text (GTK_LABEL (cell), cobro_link_item_get_link (item)->reference);
}

static void
show_amount (GtkWidget *cell, gpointer item)
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
show_status (GtkWidget *cell, gpointer item)
{
  cobro_status_label_set_status (COBRO_STATUS_LABEL (cell), cobro_view_status (item));
}

static void
show_created (GtkWidget *cell, gpointer item)
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
show_actions (GtkWidget *cell, gpointer item)
{
  const char *id = cobro_link_item_get_id (item);
  const char *title = cobro_link_item_get_link (item)->title;

  for (GtkWidget *button = gtk_widget_get_first_child (cell); button; button = gtk_widget_get_next_sibling (button))
    {
      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", id);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, title, -1);
    }
}

static const CobroListColumn columns[] = {
  { N_ ("Link"), cobro_list_cell_text, show_title, COBRO_LINK_SORT_TITLE, TRUE, FALSE, TRUE },
  { N_ ("Link"), create_summary, show_summary, COBRO_LINK_SORT_TITLE, TRUE, TRUE, FALSE },
  { N_ ("Reference"), cobro_list_cell_text, show_reference, COBRO_LINK_SORT_REFERENCE, FALSE, FALSE, TRUE },
  { N_ ("Amount"), cobro_list_cell_number, show_amount, COBRO_LINK_SORT_AMOUNT, FALSE, FALSE, TRUE },
  { N_ ("Status"), create_status, show_status, COBRO_LIST_NO_SORT, FALSE, FALSE, TRUE },
  { N_ ("Created"), cobro_list_cell_text, show_created, COBRO_LINK_SORT_CREATED, FALSE, FALSE, TRUE },
  { NULL, create_actions, show_actions, COBRO_LIST_NO_SORT, FALSE, TRUE, TRUE },
};

static const CobroListFilter filters[] = {
  { N_ ("All"), COBRO_LINK_FILTER_ALL },
  { N_ ("Live"), COBRO_LINK_FILTER_OPEN },
  { N_ ("Paid"), COBRO_LINK_FILTER_PAID },
  { N_ ("Waiting to Upload"), COBRO_LINK_FILTER_WAITING },
  { N_ ("Paused"), COBRO_LINK_FILTER_PAUSED },
  { N_ ("Expired"), COBRO_LINK_FILTER_EXPIRED },
  { N_ ("Cancelled"), COBRO_LINK_FILTER_CANCELLED },
  { N_ ("Needs Attention"), COBRO_LINK_FILTER_ATTENTION },
  { NULL, 0 },
};

/* ── Several at once ── */

static void
copy (CobroListPage *page, gpointer source, GPtrArray *items)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *said = NULL;

  for (guint i = 0; i < items->len; i++)
    g_string_append_printf (text, "%s\n", cobro_link_item_get_url (items->pdata[i]));
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (page)), text->str);
  said = g_strdup_printf (ngettext ("%u address copied", "%u addresses copied", items->len), items->len);
  gtk_widget_activate_action (GTK_WIDGET (page), "win.toast", "s", said);
}

static void
decide (CobroListPage *page, CobroLinks *links, GPtrArray *items, CobroDecision decision, const char *done)
{
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  g_auto (GStrv) strv = NULL;

  for (guint i = 0; i < items->len; i++)
    if (cobro_links_may_decide (items->pdata[i], decision))
      g_strv_builder_add (ids, cobro_link_item_get_id (items->pdata[i]));
  strv = g_strv_builder_end (ids);
  cobro_list_page_stop_selecting (page);
  if (strv[0])
    cobro_links_decide (links, (const char *const *)strv, decision, done);
  else
    gtk_widget_activate_action (GTK_WIDGET (page), "win.toast", "s", _ ("None of these links can be changed so"));
}

static void
pause_all (CobroListPage *page, gpointer source, GPtrArray *items)
{
  decide (page, source, items, COBRO_DECISION_PAUSED, _ ("Links paused"));
}

static void
resume_all (CobroListPage *page, gpointer source, GPtrArray *items)
{
  decide (page, source, items, COBRO_DECISION_ACTIVE, _ ("Links resumed"));
}

static void
cancel_all (CobroListPage *page, gpointer source, GPtrArray *items)
{
  decide (page, source, items, COBRO_DECISION_CANCELLED, _ ("Links cancelled"));
}

static const CobroListBulk bulk[] = {
  { N_ ("Copy Addresses"), "edit-copy-symbolic", copy },
  { N_ ("Pause Links"), "media-playback-pause-symbolic", pause_all },
  { N_ ("Resume Links"), "media-playback-start-symbolic", resume_all },
  { N_ ("Cancel Links"), "action-unavailable-symbolic", cancel_all },
  { NULL, NULL, NULL },
};

/* ── The place ── */

static char *
count (guint n)
{
  g_autofree char *number = cobro_number_text (n, cobro_view_locale ());

  /* Translators: %s is a number. */
  return g_strdup_printf (ngettext ("%s link", "%s links", n), number);
}

static const char *
get_id (gpointer item)
{
  return cobro_link_item_get_id (item);
}

static const char *
get_address (gpointer item)
{
  return cobro_link_item_get_url (item);
}

static const char *
get_name (gpointer item)
{
  return cobro_link_item_get_link (item)->title;
}

static CobroRowList *
list (gpointer source)
{
  return cobro_links_list (source);
}

static void
ask (gpointer source, CobroRowList *rows, const char *search, guint filter, int sort, gboolean descending)
{
  cobro_links_ask (source, rows, search, (CobroLinkFilter)filter, (CobroLinkSort)sort, descending);
}

static const CobroListEntry entries[] = {
  { N_ ("_Import Links…"), "win.import-links" },
  { NULL, NULL },
};

static const CobroListSpec spec = {
  .title = N_ ("Links"),
  .count = count,
  .search_hint = N_ ("Title, reference or customer"),
  .filters = filters,
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .sort = COBRO_LINK_SORT_CREATED,
  .descending = TRUE,
  .new_label = N_ ("_New Link"),
  .new_action = "win.new-link",
  .new_hint = N_ ("New Link (Ctrl+N)"),
  .icon = "cobro-link-symbolic",
  .empty_title = N_ ("No Links Yet"),
  .empty_text = N_ ("Make a link, send it to a customer, get paid."),
  .open_action = "link.show",
  .get_id = get_id,
  .get_address = get_address,
  .entries = entries,
  .bulk = bulk,
  .select_label = N_ ("Select Links"),
  .select_hint = N_ ("Select links in the list"),
  .get_name = get_name,
  .list = list,
  .ask = ask,
};

void
cobro_links_list_set_up (CobroListPage *page, CobroLinks *links, CobroConnection *connection)
{
  cobro_list_page_set_up (page, &spec, links, connection);
}
