/* src/view/pages/cobro-developers-hooks.c — Developers: webhook endpoints, and what was sent to them.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-developers-private.h"

#include <glib/gi18n.h>
#include "cobro-date-text.h"
#include "cobro-delivery-dialog.h"
#include "cobro-developer-text.h"
#include "cobro-endpoint-dialog.h"

#define ID_KEY "cobro-id"

static GtkWindow *
window_of (CobroDevelopersPage *self)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

/* ── Endpoints ── */

static void
on_tested_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroDevelopersPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroDeveloperAnswer) answer = cobro_developers_finish (COBRO_DEVELOPERS (source), result, &error);

  cobro_developers_say (self, _ ("Test event sent: the answer appears under Deliveries"), error);
}

static void
on_test_clicked_cb (GtkButton *button, CobroDevelopersPage *self)
{
  cobro_developers_test_async (self->developers, g_object_get_data (G_OBJECT (button), ID_KEY), NULL, on_tested_cb,
                               g_object_ref (self));
}

static void
fill_endpoint (AdwActionRow *row, CobroAskedItem *item, gpointer data)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("document-send-symbolic");

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Send a Test Event"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Send a test event"), -1);
  g_object_set_data_full (G_OBJECT (button), ID_KEY, g_strdup (cobro_asked_item_get_id (item)), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_test_clicked_cb), data, 0);
  cobro_developers_add_status (row);
  adw_action_row_add_suffix (row, button);
}

static void
show_endpoint (AdwActionRow *row, CobroAskedItem *item)
{
  const CobroWebhookEndpoint *endpoint = cobro_asked_item_get_record (item);
  g_autofree char *detail = cobro_view_endpoint_detail (endpoint);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), endpoint->url);
  adw_action_row_set_subtitle (row, detail);
  cobro_developers_set_status (row, cobro_view_endpoint_status (endpoint));
}

static const CobroAskedSight endpoints = {
  .name = N_ ("Webhook endpoints"),
  .icon = "cobro-developer-symbolic",
  .empty_title = N_ ("No Webhooks Yet"),
  .empty_text = N_ ("Your shop or your accounting can be told of every payment at once. Add the address that listens."),
  .show = show_endpoint,
  .fill = fill_endpoint,
};

static void
on_endpoint_activated_cb (CobroDevelopersPage *self, CobroAskedItem *item)
{
  gtk_window_present (GTK_WINDOW (cobro_endpoint_dialog_new (window_of (self), self->developers, item)));
}

static void
on_new_endpoint_cb (CobroDevelopersPage *self)
{
  gtk_window_present (GTK_WINDOW (cobro_endpoint_dialog_new (window_of (self), self->developers, NULL)));
}

GtkWidget *
cobro_developers_create_endpoints (CobroDevelopersPage *self)
{
  CobroAskedView *view = cobro_asked_view_new (&endpoints, cobro_developers_get_endpoints (self->developers), self);
  GtkWidget *button = gtk_button_new_with_mnemonic (_ ("_New Endpoint…"));

  g_signal_connect_object (button, "clicked", G_CALLBACK (on_new_endpoint_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (view, "row-activated", G_CALLBACK (on_endpoint_activated_cb), self, G_CONNECT_SWAPPED);
  cobro_asked_view_add_control (view, button, FALSE);
  return GTK_WIDGET (view);
}

/* ── Deliveries ── */

/* In the order of the chooser. */
static const struct
{
  const char *word;
  const char *filter;
} filters[] = {
  { N_ ("All deliveries"), "" },
  { N_ ("On their way"), "status=pending" },
  { N_ ("Delivered"), "status=delivered" },
  { N_ ("Tried again soon"), "status=failed" },
  { N_ ("Dead letters"), "status=abandoned" },
};

void
cobro_developers_show_delivery (AdwActionRow *row, CobroAskedItem *item)
{
  const CobroWebhookDelivery *delivery = cobro_asked_item_get_record (item);
  g_autofree char *detail = cobro_view_delivery_detail (delivery);
  g_autofree char *when = cobro_date_time_text (delivery->created_at, cobro_view_locale ());
  g_autofree char *text = g_strdup_printf ("%s · %s", when, detail);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), delivery->event_type);
  adw_action_row_set_subtitle (row, text);
  cobro_developers_set_status (row, cobro_view_delivery_status (delivery->status));
}

static void
fill_delivery (AdwActionRow *row, CobroAskedItem *item, gpointer data)
{
  cobro_developers_add_status (row);
}

static const CobroAskedSight deliveries = {
  .name = N_ ("Deliveries"),
  .icon = "cobro-developer-symbolic",
  .empty_title = N_ ("Nothing Was Sent Yet"),
  .empty_text = N_ ("Every event that goes to an endpoint is listed here, with each try and what the receiver "
                    "answered."),
  .show = cobro_developers_show_delivery,
  .fill = fill_delivery,
};

void
cobro_developers_open_delivery (CobroDevelopersPage *self, CobroAskedItem *item)
{
  gtk_window_present (
    GTK_WINDOW (cobro_delivery_dialog_new (window_of (self), self->developers, cobro_asked_item_get_id (item))));
}

static void
on_filter_chosen_cb (GtkDropDown *chooser, GParamSpec *pspec, CobroDevelopersPage *self)
{
  guint chosen = MIN (gtk_drop_down_get_selected (chooser), G_N_ELEMENTS (filters) - 1);

  cobro_asked_set_filter (cobro_developers_get_deliveries (self->developers), filters[chosen].filter);
}

GtkWidget *
cobro_developers_create_deliveries (CobroDevelopersPage *self)
{
  CobroAskedView *view = cobro_asked_view_new (&deliveries, cobro_developers_get_deliveries (self->developers), self);
  GtkStringList *words = gtk_string_list_new (NULL);
  GtkWidget *chooser;

  for (gsize i = 0; i < G_N_ELEMENTS (filters); i++)
    gtk_string_list_append (words, _ (filters[i].word));
  chooser = gtk_drop_down_new (G_LIST_MODEL (words), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (chooser), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Which deliveries"), -1);
  g_signal_connect_object (chooser, "notify::selected", G_CALLBACK (on_filter_chosen_cb), self, 0);
  g_signal_connect_object (view, "row-activated", G_CALLBACK (cobro_developers_open_delivery), self, G_CONNECT_SWAPPED);
  cobro_asked_view_add_control (view, chooser, FALSE);
  return GTK_WIDGET (view);
}
