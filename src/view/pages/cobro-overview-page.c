/* src/view/pages/cobro-overview-page.c — how the business stands: what came in, what is owed, what happened last. Each
 * figure opens what it counts.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-overview-page.h"

#include <glib/gi18n.h>
#include "cobro-adaptive-bin.h"
#include "cobro-date-text.h"
#include "cobro-event-row.h"
#include "cobro-invoice-item.h"
#include "cobro-link-item.h"
#include "cobro-money-text.h"
#include "cobro-place.h"
#include "cobro-sync-button.h"
#include "cobro-takings-view.h"
#include "cobro-tile.h"
#include "cobro-view-text.h"

#define THIS_MONTH (COBRO_OVERVIEW_MONTHS - 1)

struct _CobroOverviewPage
{
  AdwBin parent_instance;
  CobroAdaptiveBin *adaptive;
  AdwWindowTitle *title;
  GtkWidget *sidebar_button;
  AdwSplitButton *new_button;
  AdwButtonContent *new_content;
  CobroSyncButton *sync_button;
  GtkWidget *search_button;
  GtkWidget *state_bar;
  GtkLabel *state_label;
  GtkWidget *connect_button;
  GtkGrid *tiles;
  CobroTile *received_tile;
  CobroTile *open_tile;
  CobroTile *overdue_tile;
  CobroTile *links_tile;
  CobroTile *attention_tile;
  CobroTakingsView *takings;
  GtkListBox *events;
  GtkWidget *no_events;
  CobroOverview *overview;
  CobroAttention *attention;
  CobroBusiness *business;
  CobroConnection *connection;
};

static void cobro_overview_page_place_init (CobroPlaceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CobroOverviewPage, cobro_overview_page, ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (COBRO_TYPE_PLACE, cobro_overview_page_place_init))

/* ── Figures ── */

/* The currency that stands for "nothing yet". */
static CobroCurrency
own_currency (CobroOverviewPage *self)
{
  CobroCurrency currency = cobro_business_get_currency (self->business);

  return currency == COBRO_CURRENCY_NONE ? cobro_view_default_currency () : currency;
}

static void
add_money (CobroTile *tile, CobroMoney amount, const char *detail)
{
  g_autofree char *text = cobro_money_text (amount, cobro_view_locale ());

  cobro_tile_add (tile, text, detail);
}

/* (transfer full) last month as a whole, and as far as it was by this day: what this month can be held against. */
static char *
last_month_text (const CobroOverviewTakings *takings)
{
  g_autofree char *whole = cobro_money_text (takings->came[THIS_MONTH - 1], cobro_view_locale ());
  g_autofree char *so_far = cobro_money_text (takings->by_this_day, cobro_view_locale ());
  g_autofree char *back = cobro_money_text (takings->back[THIS_MONTH], cobro_view_locale ());

  if (!cobro_money_is_zero (takings->back[THIS_MONTH]))
    /* Translators: three amounts of money. */
    return g_strdup_printf (_ ("Last month %1$s, %2$s by this day; %3$s went back this month"), whole, so_far, back);
  /* Translators: two amounts of money. */
  return g_strdup_printf (_ ("Last month %1$s, %2$s by this day"), whole, so_far);
}

/* Currencies that matter for the comparison: something came this month or last. */
static void
show_received (CobroOverviewPage *self, const CobroOverviewFigures *figures)
{
  guint shown = 0;

  cobro_tile_begin (self->received_tile);
  for (guint i = 0; i < figures->takings->len; i++)
    {
      const CobroOverviewTakings *takings = &g_array_index (figures->takings, CobroOverviewTakings, i);
      g_autofree char *last = last_month_text (takings);

      if (takings->n[THIS_MONTH] == 0 && takings->n[THIS_MONTH - 1] == 0 &&
          cobro_money_is_zero (takings->back[THIS_MONTH]))
        continue;
      add_money (self->received_tile, takings->came[THIS_MONTH], last);
      shown++;
    }
  if (shown == 0)
    add_money (self->received_tile, cobro_money_zero (own_currency (self)), _ ("Nothing last month, either"));
  cobro_tile_finish (self->received_tile);
}

static char *
invoices_text (gint64 n)
{
  g_autofree char *number = cobro_number_text (n, cobro_view_locale ());

  /* Translators: %s is a number. */
  return g_strdup_printf (ngettext ("%s invoice", "%s invoices", (gulong)n), number);
}

static void
show_owed (CobroOverviewPage *self, const CobroOverviewFigures *figures, CobroTile *tile, gboolean overdue)
{
  guint shown = 0;

  cobro_tile_begin (tile);
  for (guint i = 0; i < figures->owed->len; i++)
    {
      const CobroOverviewOwed *owed = &g_array_index (figures->owed, CobroOverviewOwed, i);
      g_autofree char *count = invoices_text (overdue ? owed->n_overdue : owed->n_open);

      if (overdue && owed->n_overdue == 0)
        continue;
      add_money (tile, overdue ? owed->overdue : owed->open, count);
      shown++;
    }
  if (shown == 0)
    add_money (tile, cobro_money_zero (own_currency (self)), overdue ? _ ("Nothing is late") : _ ("Nothing is owed"));
  cobro_tile_finish (tile);
}

static void
show_links (CobroOverviewPage *self, const CobroOverviewFigures *figures)
{
  g_autofree char *number = cobro_number_text (figures->n_links, cobro_view_locale ());
  /* Translators: %s is a number: that many, or more. */
  g_autofree char *text =
    figures->n_links < COBRO_OVERVIEW_LINKS_MAX ? g_strdup (number) : g_strdup_printf (_ ("%s or more"), number);

  gboolean alone = cobro_connection_get_state (self->connection) == COBRO_CONNECTION_NONE &&
                   !cobro_connection_is_sample (self->connection);

  cobro_tile_begin (self->links_tile);
  cobro_tile_add (self->links_tile, text, alone ? _ ("Can be paid once a relay is connected") : _ ("Can be paid now"));
  cobro_tile_finish (self->links_tile);
}

static void
show_attention (CobroOverviewPage *self)
{
  guint n = cobro_attention_get_count (self->attention);
  g_autofree char *number = cobro_number_text (n, cobro_view_locale ());

  cobro_tile_begin (self->attention_tile);
  cobro_tile_add (self->attention_tile, number, n > 0 ? _ ("Wait for your decision") : _ ("Nothing waits for you"));
  cobro_tile_finish (self->attention_tile);
}

static void
on_received_clicked_cb (CobroOverviewPage *self)
{
  const CobroOverviewFigures *figures = cobro_overview_get_figures (self->overview);
  const CobroOverviewMonth *month = figures ? &figures->months[THIS_MONTH] : NULL;
  g_autofree char *name = month ? cobro_month_text (month->year, month->month, cobro_view_locale ()) : NULL;

  if (month)
    gtk_widget_activate_action (GTK_WIDGET (self), "payment.show-period", "(xxs)", month->from, month->to, name);
}

/* ── What happened ── */

/* (nullable) the action that opens what an event is about, and the id for it. */
static const char *
action_for (const CobroOverviewEvent *event, const char **out_id)
{
  if (event->entry->payment)
    return *out_id = event->entry->payment->id.text, "payment.show";
  if (event->entry->refund)
    return *out_id = event->entry->refund->payment_id.text, "payment.show";
  if (cobro_id_is_set (&event->invoice_id))
    return *out_id = event->invoice_id.text, "invoice.show";
  if (cobro_id_is_set (&event->link_id))
    return *out_id = event->link_id.text, "link.show";
  return NULL;
}

static void
add_event (CobroOverviewPage *self, const CobroOverviewEvent *event)
{
  GtkWidget *row = cobro_event_row_new_about (event->entry, event->about);
  const char *id, *action = action_for (event, &id);

  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), action != NULL);
  if (action)
    {
      gtk_actionable_set_action_name (GTK_ACTIONABLE (row), action);
      gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", id);
    }
  gtk_list_box_append (self->events, row);
}

static void
show_events (CobroOverviewPage *self, const CobroOverviewFigures *figures)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->events, 0)))
    gtk_list_box_remove (self->events, GTK_WIDGET (row));
  for (guint i = 0; i < figures->events->len; i++)
    add_event (self, figures->events->pdata[i]);
  gtk_widget_set_visible (GTK_WIDGET (self->events), figures->events->len > 0);
  gtk_widget_set_visible (self->no_events, figures->events->len == 0);
}

/* ── The line to the relay ── */

static const char *
state_sentence (CobroConnectionState state)
{
  switch (state)
    {
    case COBRO_CONNECTION_NONE:
      return _ (
        "No relay is connected: nobody can pay online yet, and only money that you record yourself is counted.");
    case COBRO_CONNECTION_OFFLINE:
      return _ ("The relay does not answer. What is paid meanwhile is safe there and is counted here by itself when it "
                "answers again.");
    case COBRO_CONNECTION_REFUSED:
      return _ ("The relay refuses this computer. What is paid meanwhile is safe there, but is not counted here until "
                "you connect again.");
    case COBRO_CONNECTION_LOCKED:
      return _ ("The key for the relay could not be had from the keyring. What is paid meanwhile is safe at the relay, "
                "but is not counted here until the keyring is unlocked.");
    case COBRO_CONNECTION_STARTING:
    case COBRO_CONNECTION_ONLINE:
    case COBRO_CONNECTION_SYNCING:
      break;
    }
  return NULL;
}

static void
show_state (CobroOverviewPage *self)
{
  CobroConnectionState state = cobro_connection_get_state (self->connection);
  const char *sentence = state_sentence (state);

  gtk_label_set_text (self->state_label, sentence ? sentence : "");
  gtk_widget_set_visible (self->connect_button, state == COBRO_CONNECTION_NONE || state == COBRO_CONNECTION_REFUSED);
  /* The sample shop has a bar of its own, and no relay ever. */
  gtk_widget_set_visible (self->state_bar, sentence && !cobro_connection_is_sample (self->connection));
  if (cobro_overview_get_figures (self->overview))
    show_links (self, cobro_overview_get_figures (self->overview));
}

/* ── All of it ── */

static void
show_figures (CobroOverviewPage *self)
{
  const CobroOverviewFigures *figures = cobro_overview_get_figures (self->overview);
  char date[COBRO_DATE_SIZE];
  g_autofree char *today = NULL;

  cobro_takings_view_set_figures (self->takings, figures, cobro_business_get_currency (self->business));
  if (!figures)
    return;
  cobro_day_to_text (figures->today, date);
  today = cobro_civil_date_text (date, cobro_view_locale ());
  adw_window_title_set_subtitle (self->title, today);
  show_received (self, figures);
  show_owed (self, figures, self->open_tile, FALSE);
  show_owed (self, figures, self->overdue_tile, TRUE);
  show_links (self, figures);
  show_events (self, figures);
}

static void
on_failed_cb (CobroOverviewPage *self, const GError *error)
{
  g_autofree char *sentence = cobro_view_error (error);
  g_autofree char *text =
    g_strdup_printf (_ ("%s The figures may be older than your books; no payment is lost."), sentence);

  gtk_label_set_text (self->state_label, text);
  gtk_widget_hide (self->connect_button);
  gtk_widget_show (self->state_bar);
}

static void
place_tile (CobroOverviewPage *self, gpointer tile, int column, int row, int width)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self->tiles));

  g_object_set (gtk_layout_manager_get_layout_child (layout, tile), "column", column, "row", row, "column-span", width,
                NULL);
}

/* Wide: rows of four; narrow: rows of two. */
static void
arrange (CobroOverviewPage *self)
{
  gboolean narrow = cobro_adaptive_bin_get_narrow (self->adaptive);

  place_tile (self, self->received_tile, 0, 0, 2);
  place_tile (self, self->open_tile, narrow ? 0 : 2, narrow ? 1 : 0, 1);
  place_tile (self, self->overdue_tile, narrow ? 1 : 3, narrow ? 1 : 0, 1);
  place_tile (self, self->links_tile, 0, narrow ? 2 : 1, narrow ? 1 : 2);
  place_tile (self, self->attention_tile, narrow ? 1 : 2, narrow ? 2 : 1, narrow ? 1 : 2);
  gtk_widget_set_visible (self->search_button, !narrow); /* Ctrl+F and the lists have it */
  adw_button_content_set_label (self->new_content, narrow ? "" : _ ("_New Link"));
}

/* ── A place of the window ── */

/* What is looked for most is a link; lists of other things have a search of their own. */
static void
place_find (CobroPlace *place)
{
  gtk_widget_activate_action (GTK_WIDGET (place), "place.find", "s", "links");
}

static gboolean
place_step_back (CobroPlace *place)
{
  return FALSE;
}

static void
place_set_folded (CobroPlace *place, gboolean folded)
{
  gtk_widget_set_visible (COBRO_OVERVIEW_PAGE (place)->sidebar_button, folded);
}

static void
place_set_type_to_search (CobroPlace *place, GtkWidget *widget)
{
}

static void
cobro_overview_page_place_init (CobroPlaceInterface *iface)
{
  iface->find = place_find;
  iface->step_back = place_step_back;
  iface->set_folded = place_set_folded;
  iface->set_type_to_search = place_set_type_to_search;
}

/* ── The widget ── */

static void
cobro_overview_page_dispose (GObject *object)
{
  CobroOverviewPage *self = COBRO_OVERVIEW_PAGE (object);

  if (self->overview)
    {
      cobro_takings_view_set_figures (self->takings, NULL, COBRO_CURRENCY_NONE);
      g_signal_handlers_disconnect_by_data (self->overview, self);
      g_signal_handlers_disconnect_by_data (self->attention, self);
      g_signal_handlers_disconnect_by_data (self->business, self);
      g_signal_handlers_disconnect_by_data (self->connection, self);
    }
  g_clear_object (&self->overview);
  g_clear_object (&self->attention);
  g_clear_object (&self->business);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (cobro_overview_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-overview-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroOverviewPage, adaptive);
  gtk_widget_class_bind_template_child (widget_class, CobroOverviewPage, title);
  gtk_widget_class_bind_template_child (widget_class, CobroOverviewPage, sidebar_button);
  gtk_widget_class_bind_template_child (widget_class, CobroOverviewPage, new_button);
  gtk_widget_class_bind_template_child (widget_class, CobroOverviewPage, new_content);
  gtk_widget_class_bind_template_child (widget_class, CobroOverviewPage, sync_button);
  gtk_widget_class_bind_template_child (widget_class, CobroOverviewPage, search_button);
  gtk_widget_class_bind_template_child (widget_class, CobroOverviewPage, state_bar);
  gtk_widget_class_bind_template_child (widget_class, CobroOverviewPage, state_label);
  gtk_widget_class_bind_template_child (widget_class, CobroOverviewPage, connect_button);
  gtk_widget_class_bind_template_child (widget_class, CobroOverviewPage, tiles);
  gtk_widget_class_bind_template_child (widget_class, CobroOverviewPage, received_tile);
  gtk_widget_class_bind_template_child (widget_class, CobroOverviewPage, open_tile);
  gtk_widget_class_bind_template_child (widget_class, CobroOverviewPage, overdue_tile);
  gtk_widget_class_bind_template_child (widget_class, CobroOverviewPage, links_tile);
  gtk_widget_class_bind_template_child (widget_class, CobroOverviewPage, attention_tile);
  gtk_widget_class_bind_template_child (widget_class, CobroOverviewPage, takings);
  gtk_widget_class_bind_template_child (widget_class, CobroOverviewPage, events);
  gtk_widget_class_bind_template_child (widget_class, CobroOverviewPage, no_events);
  gtk_widget_class_bind_template_callback (widget_class, arrange);
  gtk_widget_class_bind_template_callback (widget_class, on_received_clicked_cb);
}

static void
cobro_overview_page_class_init (CobroOverviewPageClass *klass)
{
  g_type_ensure (COBRO_TYPE_ADAPTIVE_BIN);
  g_type_ensure (COBRO_TYPE_SYNC_BUTTON);
  g_type_ensure (COBRO_TYPE_TAKINGS_VIEW);
  g_type_ensure (COBRO_TYPE_TILE);
  G_OBJECT_CLASS (klass)->dispose = cobro_overview_page_dispose;
  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
open_by (CobroTile *tile, const char *place, guint filter)
{
  gtk_actionable_set_action_name (GTK_ACTIONABLE (tile), "place.show");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (tile), "(su)", place, filter);
}

static void
cobro_overview_page_init (CobroOverviewPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->new_button), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("New Link"), -1);
  open_by (self->open_tile, "invoices", COBRO_INVOICE_FILTER_UNPAID);
  open_by (self->overdue_tile, "invoices", COBRO_INVOICE_FILTER_OVERDUE);
  open_by (self->links_tile, "links", COBRO_LINK_FILTER_OPEN);
  open_by (self->attention_tile, "attention", 0);
  arrange (self);
}

void
cobro_overview_page_set_models (CobroOverviewPage *self, CobroOverview *overview, CobroAttention *attention,
                                CobroBusiness *business, CobroConnection *connection)
{
  g_return_if_fail (COBRO_IS_OVERVIEW_PAGE (self));
  g_return_if_fail (self->overview == NULL);

  self->overview = g_object_ref (overview);
  self->attention = g_object_ref (attention);
  self->business = g_object_ref (business);
  self->connection = g_object_ref (connection);
  cobro_sync_button_set_connection (self->sync_button, connection);
  g_signal_connect_swapped (overview, "changed", G_CALLBACK (show_figures), self);
  g_signal_connect_swapped (overview, "failed", G_CALLBACK (on_failed_cb), self);
  g_signal_connect_swapped (attention, "notify::count", G_CALLBACK (show_attention), self);
  g_signal_connect_swapped (business, "changed", G_CALLBACK (show_figures), self);
  g_signal_connect_swapped (connection, "changed", G_CALLBACK (show_state), self);
  show_figures (self);
  show_attention (self);
  show_state (self);
}
