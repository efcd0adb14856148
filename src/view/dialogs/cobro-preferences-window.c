/* src/view/dialogs/cobro-preferences-window.c — the business, payments and the relay.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-preferences-window.h"

#include <glib/gi18n.h>
#include "cobro-dialogs.h"
#include "cobro-error.h"
#include "cobro-link.h"
#include "cobro-providers-page.h"
#include "cobro-view-text.h"

struct _CobroPreferencesWindow
{
  AdwPreferencesWindow parent_instance;
  GtkEditable *name_row;
  GtkEditable *support_row;
  GtkEditable *website_row;
  GtkEditable *email_row;
  AdwComboRow *currency_row;
  GtkSwitch *refund_switch;
  CobroProvidersPage *providers_page;
  AdwActionRow *state_row;
  AdwActionRow *address_row;
  GtkWidget *forget_row;
  GtkWidget *practise_row;
  CobroBusiness *business;
  CobroConnection *connection;
  gboolean showing; /* the rows are being filled: nothing is to be written */
};

G_DEFINE_FINAL_TYPE (CobroPreferencesWindow, cobro_preferences_window, ADW_TYPE_PREFERENCES_WINDOW)

static void
show_failure (CobroPreferencesWindow *self, const GError *error)
{
  const struct
  {
    const char *path;
    gpointer row;
  } rows[] = { { "name", self->name_row },
               { "support", self->support_row },
               { "website", self->website_row },
               { "email", self->email_row } };
  g_autofree char *sentence = cobro_view_error (error);
  g_autofree char *escaped = g_markup_escape_text (sentence, -1); /* a toast's title is markup */

  adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self), adw_toast_new (escaped));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_strcmp0 (cobro_error_get_path (error), rows[i].path) == 0)
      {
        gtk_widget_add_css_class (rows[i].row, "error");
        gtk_widget_grab_focus (rows[i].row);
      }
}

static void
take_text (char **field, GtkEditable *row)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (row)));

  cobro_link_set_text (field, text);
  gtk_widget_remove_css_class (GTK_WIDGET (row), "error");
}

static void
write_profile (CobroPreferencesWindow *self)
{
  g_autoptr (CobroMerchant) merchant = NULL;
  g_autoptr (GError) error = NULL;

  if (self->showing)
    return;

  merchant = cobro_business_dup_merchant (self->business);
  take_text (&merchant->name, self->name_row);
  take_text (&merchant->support, self->support_row);
  take_text (&merchant->website, self->website_row);
  take_text (&merchant->email, self->email_row);
  merchant->refund_duplicates = gtk_switch_get_active (self->refund_switch);
  cobro_link_set_text (&merchant->currency,
                       cobro_currency_code ((CobroCurrency)(adw_combo_row_get_selected (self->currency_row) + 1)));
  if (!cobro_business_set_merchant (self->business, merchant, &error))
    show_failure (self, error);
}

static void
on_apply_cb (CobroPreferencesWindow *self)
{
  write_profile (self);
}

static void
on_currency_selected_cb (CobroPreferencesWindow *self)
{
  write_profile (self);
}

static void
on_refund_switched_cb (CobroPreferencesWindow *self)
{
  write_profile (self);
}

/* Both open something on the main window: this one makes room. */
static void
leave_for (CobroPreferencesWindow *self, const char *action)
{
  GtkWidget *parent = GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (self)));

  gtk_window_close (GTK_WINDOW (self));
  gtk_widget_activate_action (parent, action, NULL);
}

static void
on_connect_activated_cb (CobroPreferencesWindow *self)
{
  leave_for (self, "win.connect");
}

static void
on_practise_activated_cb (CobroPreferencesWindow *self)
{
  leave_for (self, "win.practise");
}

static void
on_forgotten_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroPreferencesWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!cobro_connection_forget_finish (COBRO_CONNECTION (source), result, &error) && self->connection)
    show_failure (self, error);
}

static void
forget (gpointer data)
{
  CobroPreferencesWindow *self = data;

  if (self->connection)
    cobro_connection_forget_async (self->connection, on_forgotten_cb, g_object_ref (self));
}

static void
on_forget_activated_cb (CobroPreferencesWindow *self)
{
  cobro_dialogs_confirm (
    GTK_WINDOW (self), _ ("Disconnect From the Relay?"),
    _ ("Links that are live stay payable, but this computer no longer hears of payments. What waits "
       "to be uploaded goes on waiting. To connect again you need a new code."),
    _ ("_Disconnect"), TRUE, forget, g_object_ref (self), g_object_unref);
}

static void
show_connection (CobroPreferencesWindow *self)
{
  CobroConnectionState state = cobro_connection_get_state (self->connection);
  const char *address = cobro_connection_get_address (self->connection);
  const char *reason = cobro_connection_get_reason (self->connection);
  const char *word = cobro_view_connection (state, cobro_connection_is_practice (self->connection));
  g_autofree char *text = *reason ? g_strdup_printf ("%s: %s", word, reason) : g_strdup (word);

  adw_action_row_set_subtitle (self->state_row, text);
  adw_action_row_set_subtitle (self->address_row, address);
  gtk_widget_set_visible (GTK_WIDGET (self->address_row), *address != '\0');
  gtk_widget_set_visible (self->forget_row, *address != '\0');
  gtk_widget_set_visible (self->practise_row,
                          state == COBRO_CONNECTION_NONE && cobro_connection_can_practise (self->connection));
}

static void
show_profile (CobroPreferencesWindow *self)
{
  const CobroMerchant *merchant = cobro_business_get_merchant (self->business);
  CobroCurrency currency = cobro_business_get_currency (self->business);

  self->showing = TRUE;
  gtk_editable_set_text (self->name_row, merchant->name);
  gtk_editable_set_text (self->support_row, merchant->support);
  gtk_editable_set_text (self->website_row, merchant->website);
  gtk_editable_set_text (self->email_row, merchant->email);
  gtk_switch_set_active (self->refund_switch, merchant->refund_duplicates);
  if (currency == COBRO_CURRENCY_NONE)
    currency = cobro_view_default_currency ();
  adw_combo_row_set_selected (self->currency_row, currency - 1u);
  self->showing = FALSE;
}

static void
cobro_preferences_window_dispose (GObject *object)
{
  CobroPreferencesWindow *self = COBRO_PREFERENCES_WINDOW (object);

  if (self->connection)
    g_signal_handlers_disconnect_by_data (self->connection, self);
  g_clear_object (&self->connection);
  g_clear_object (&self->business);
  G_OBJECT_CLASS (cobro_preferences_window_parent_class)->dispose (object);
}

static void
cobro_preferences_window_class_init (CobroPreferencesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cobro_preferences_window_dispose;
  g_type_ensure (COBRO_TYPE_PROVIDERS_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-preferences-window.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroPreferencesWindow, name_row);
  gtk_widget_class_bind_template_child (widget_class, CobroPreferencesWindow, support_row);
  gtk_widget_class_bind_template_child (widget_class, CobroPreferencesWindow, website_row);
  gtk_widget_class_bind_template_child (widget_class, CobroPreferencesWindow, email_row);
  gtk_widget_class_bind_template_child (widget_class, CobroPreferencesWindow, currency_row);
  gtk_widget_class_bind_template_child (widget_class, CobroPreferencesWindow, refund_switch);
  gtk_widget_class_bind_template_child (widget_class, CobroPreferencesWindow, providers_page);
  gtk_widget_class_bind_template_child (widget_class, CobroPreferencesWindow, state_row);
  gtk_widget_class_bind_template_child (widget_class, CobroPreferencesWindow, address_row);
  gtk_widget_class_bind_template_child (widget_class, CobroPreferencesWindow, forget_row);
  gtk_widget_class_bind_template_child (widget_class, CobroPreferencesWindow, practise_row);
  gtk_widget_class_bind_template_callback (widget_class, on_apply_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_currency_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_refund_switched_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_connect_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_forget_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_practise_activated_cb);
}

static void
cobro_preferences_window_init (CobroPreferencesWindow *self)
{
  g_autoptr (GtkStringList) currencies = gtk_string_list_new (NULL);

  self->showing = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 1; i <= cobro_currency_count (); i++)
    {
      g_autofree char *text =
        g_strdup_printf ("%s · %s", cobro_currency_code ((CobroCurrency)i), cobro_currency_name ((CobroCurrency)i));

      gtk_string_list_append (currencies, text);
    }
  adw_combo_row_set_model (self->currency_row, G_LIST_MODEL (currencies));
}

CobroPreferencesWindow *
cobro_preferences_window_new (GtkWindow *parent, CobroBusiness *business, CobroConnection *connection,
                              CobroProviders *providers)
{
  CobroPreferencesWindow *self = g_object_new (COBRO_TYPE_PREFERENCES_WINDOW, "transient-for", parent, NULL);

  self->business = g_object_ref (business);
  self->connection = g_object_ref (connection);
  g_signal_connect_swapped (connection, "changed", G_CALLBACK (show_connection), self);
  cobro_providers_page_set_providers (self->providers_page, providers);
  show_profile (self);
  show_connection (self);
  return self;
}
