/* src/view/cobro-sync-button.c — the line to the relay in the header.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-sync-button.h"

#include <glib/gi18n.h>
#include "cobro-view-text.h"
#include "cobro-view-trouble.h"

struct _CobroSyncButton
{
  AdwBin parent_instance;
  GtkMenuButton *button;
  GtkLabel *heading;
  GtkLabel *detail;
  GtkWidget *retry_button;
  GtkWidget *connect_button;
  GtkWidget *practise_button;
  CobroConnection *connection;
};

G_DEFINE_FINAL_TYPE (CobroSyncButton, cobro_sync_button, ADW_TYPE_BIN)

typedef struct
{
  const char *icon;
  const char *detail;
} Words;

static Words
words_for (CobroConnectionState state, gboolean practice)
{
  switch (state)
    {
    case COBRO_CONNECTION_NONE:
      return (
        Words){ "network-offline-symbolic",
                _ ("Your links are safe on this computer and wait. Connect a relay so that customers can pay them, "
                   "or practise with pretended payments.") };
    case COBRO_CONNECTION_STARTING:
      return (Words){ "content-loading-symbolic", _ ("You can go on working meanwhile.") };
    case COBRO_CONNECTION_ONLINE:
      if (practice)
        return (Words){ "network-transmit-receive-symbolic",
                        _ ("Links work on this computer only, with pretended payments. No real money moves.") };
      return (Words){ "network-transmit-receive-symbolic", _ ("Everything is uploaded.") };
    case COBRO_CONNECTION_SYNCING:
      return (Words){ "emblem-synchronizing-symbolic", _ ("Your latest changes are on their way.") };
    case COBRO_CONNECTION_OFFLINE:
      return (
        Words){ "network-offline-symbolic",
                _ ("Go on working: changes wait and are uploaded by themselves. Links that were live stay payable.") };
    case COBRO_CONNECTION_REFUSED:
      return (
        Words){ "dialog-warning-symbolic",
                _ ("Links that were live stay payable, but changes cannot be uploaded until you connect again.") };
    case COBRO_CONNECTION_LOCKED:
      return (Words){ "changes-prevent-symbolic",
                      _ ("Changes wait until the key for the relay can be had. Links that were live stay payable.") };
    }
  return (Words){ "network-offline-symbolic", "" };
}

static char *
detail_text (CobroSyncButton *self, const char *detail)
{
  GString *text = g_string_new (detail);
  const char *reason = cobro_connection_get_reason (self->connection);
  CobroLineTrouble trouble = cobro_connection_get_trouble (self->connection);
  const char *address = cobro_connection_get_address (self->connection);
  guint waiting = cobro_connection_get_waiting (self->connection);

  if (trouble != COBRO_LINE_NONE && trouble != COBRO_LINE_OTHER)
    {
      CobroViewTrouble words = cobro_view_trouble (trouble);

      g_string_append_printf (text, "\n\n%s: %s", words.heading, words.advice);
    }
  if (*reason)
    {
      g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, reason);
      g_autofree char *sentence = cobro_view_error (error);

      g_string_append_printf (text, "\n\n%s", sentence);
    }
  if (waiting > 0)
    {
      g_string_append (text, "\n\n");
      g_string_append_printf (
        text, ngettext ("%u change waits to be uploaded.", "%u changes wait to be uploaded.", waiting), waiting);
    }
  if (*address)
    g_string_append_printf (text, "\n\n%s", address);
  return g_string_free (text, FALSE);
}

static void
update (CobroSyncButton *self)
{
  CobroConnectionState state = cobro_connection_get_state (self->connection);
  Words words = words_for (state, cobro_connection_is_practice (self->connection));
  const char *heading = cobro_view_connection (state, cobro_connection_is_practice (self->connection));
  g_autofree char *detail = detail_text (self, words.detail);
  gboolean none = state == COBRO_CONNECTION_NONE;

  gtk_menu_button_set_icon_name (self->button, words.icon);
  gtk_label_set_text (self->heading, heading);
  gtk_label_set_text (self->detail, detail);
  gtk_widget_set_visible (self->retry_button, state == COBRO_CONNECTION_OFFLINE || state == COBRO_CONNECTION_LOCKED);
  gtk_widget_set_visible (self->connect_button, none || state == COBRO_CONNECTION_REFUSED);
  gtk_widget_set_visible (self->practise_button, none && cobro_connection_can_practise (self->connection));

  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), heading);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, heading, -1);
}

static void
cobro_sync_button_dispose (GObject *object)
{
  CobroSyncButton *self = COBRO_SYNC_BUTTON (object);

  if (self->connection)
    g_signal_handlers_disconnect_by_data (self->connection, self);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (cobro_sync_button_parent_class)->dispose (object);
}

static void
cobro_sync_button_class_init (CobroSyncButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cobro_sync_button_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-sync-button.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroSyncButton, button);
  gtk_widget_class_bind_template_child (widget_class, CobroSyncButton, heading);
  gtk_widget_class_bind_template_child (widget_class, CobroSyncButton, detail);
  gtk_widget_class_bind_template_child (widget_class, CobroSyncButton, retry_button);
  gtk_widget_class_bind_template_child (widget_class, CobroSyncButton, connect_button);
  gtk_widget_class_bind_template_child (widget_class, CobroSyncButton, practise_button);
}

static void
cobro_sync_button_init (CobroSyncButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
cobro_sync_button_set_connection (CobroSyncButton *self, CobroConnection *connection)
{
  g_return_if_fail (COBRO_IS_SYNC_BUTTON (self));
  g_return_if_fail (self->connection == NULL);

  self->connection = g_object_ref (connection);
  g_signal_connect_swapped (connection, "changed", G_CALLBACK (update), self);
  update (self);
}
