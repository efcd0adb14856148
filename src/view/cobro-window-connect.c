/* src/view/cobro-window-connect.c — the first page or the books; connecting, practising, another computer.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-window-private.h"

#include <glib/gi18n.h>
#include "cobro-connect-dialog.h"
#include "cobro-dialogs.h"
#include "cobro-invite-dialog.h"
#include "cobro-pair-link.h"
#include "cobro-view-text.h"

void
cobro_window_update_root (CobroWindow *self)
{
  gboolean paired = cobro_connection_get_state (self->connection) != COBRO_CONNECTION_NONE;
  gboolean begun = cobro_links_get_any (self->links) || cobro_invoices_get_any (self->invoices) || paired ||
                   !cobro_window_shows_list (self);

  /* Somebody who has just begun sees what was made; figures come first when there are some. */
  if (begun && cobro_window_shows_list (self) &&
      g_str_equal (gtk_stack_get_visible_child_name (self->root_stack), "welcome"))
    cobro_window_show_place (self, "links");
  gtk_stack_set_visible_child_name (self->root_stack, begun ? "main" : "welcome");
  /* The practice relay answers on this computer only. */
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.add-computer",
                                 paired && !cobro_connection_is_practice (self->connection));
  gtk_label_set_text (self->practice_label, cobro_connection_is_practice (self->connection)
                                              ? _ ("Practice mode: pretended payments, no real money")
                                              : _ ("Test mode: no real money"));
  gtk_widget_set_visible (GTK_WIDGET (self->practice_label),
                          paired && !cobro_connection_get_livemode (self->connection));
}

/* ── Connecting ── */

static void
on_connected_cb (CobroWindow *self)
{
  cobro_window_update_root (self);
  cobro_window_toast (self, _ ("Connected"));
}

static void
open_connect_dialog (CobroWindow *self, const char *relay, const char *code)
{
  CobroConnectDialog *dialog = cobro_connect_dialog_new (GTK_WINDOW (self), self->connection, relay, code);

  g_signal_connect_object (dialog, "connected", G_CALLBACK (on_connected_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* However many links are clicked, one is asked about: the newest. */
static void
close_connect_dialogs (CobroWindow *self)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *at = windows; at; at = at->next)
    if (COBRO_IS_CONNECT_DIALOG (at->data) && gtk_window_get_transient_for (at->data) == GTK_WINDOW (self))
      cobro_dialogs_close (at->data);
}

void
cobro_window_connect (CobroWindow *self, const char *pair_link)
{
  g_autofree char *relay = NULL;
  g_autofree char *code = NULL;
  g_autofree char *sentence = NULL;
  g_autofree char *body = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (COBRO_IS_WINDOW (self));

  close_connect_dialogs (self);
  if (!pair_link || cobro_pair_link_read (pair_link, &relay, &code, &error))
    return open_connect_dialog (self, relay, code);

  sentence = cobro_view_error (error);
  /* Translators: %s is a sentence. */
  body = g_strdup_printf (_ ("%s Nothing was changed. Ask for a new link, or connect by address and code."), sentence);
  cobro_dialogs_tell (GTK_WINDOW (self), _ ("This Pairing Link Cannot Be Used"), body);
}

static void
connect_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  cobro_window_connect (COBRO_WINDOW (widget), NULL);
}

static void
on_practising_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;
  CobroLineTrouble trouble;

  if (cobro_connection_pair_finish (COBRO_CONNECTION (source), result, &trouble, &error))
    return cobro_window_toast (self, _ ("Practice mode is on: pretended payments, no real money"));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (!self->links) /* closed meanwhile */
    return;
  sentence = cobro_view_error (error);
  if (trouble >= COBRO_LINE_KEYRING_LOCKED && trouble <= COBRO_LINE_KEYRING_REFUSED)
    {
      g_autofree char *body = g_strdup_printf (_ ("%s You can practise until you leave; next time it has to be started "
                                                  "again. Cobro keeps keys nowhere but in the system's keyring."),
                                               sentence);

      cobro_dialogs_tell (GTK_WINDOW (self), _ ("The Key Could Not Be Kept"), body);
    }
  else
    cobro_dialogs_tell (GTK_WINDOW (self), _ ("Practice Mode Did Not Start"), sentence);
}

static void
practise (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CobroWindow *self = COBRO_WINDOW (widget);

  cobro_connection_practise_async (self->connection, NULL, on_practising_cb, g_object_ref (self));
}

/* ── Another computer ── */

static void
add_computer (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CobroWindow *self = COBRO_WINDOW (widget);

  gtk_window_present (GTK_WINDOW (cobro_invite_dialog_new (GTK_WINDOW (self), self->connection)));
}

void
cobro_window_install_connect_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.connect", NULL, connect_action);
  gtk_widget_class_install_action (widget_class, "win.practise", NULL, practise);
  gtk_widget_class_install_action (widget_class, "win.add-computer", NULL, add_computer);
}
