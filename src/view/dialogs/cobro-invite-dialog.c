/* src/view/dialogs/cobro-invite-dialog.c — another computer for the same merchant.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-invite-dialog.h"

#include <glib/gi18n.h>
#include "cobro-date-text.h"
#include "cobro-dialogs.h"
#include "cobro-pair-link.h"
#include "cobro-qr-view.h"
#include "cobro-view-text.h"

struct _CobroInviteDialog
{
  AdwWindow parent_instance;
  GtkWidget *busy_box;
  GtkWidget *code_box;
  CobroQrView *qr_view;
  AdwActionRow *address_row;
  AdwActionRow *code_row;
  GtkLabel *until_label;
  GtkButton *copy_button;
  GtkLabel *problem_label;
  GtkWidget *again_button;
  CobroConnection *connection;
  GCancellable *cancellable;
  CobroInvitation *invitation;
};

G_DEFINE_FINAL_TYPE (CobroInviteDialog, cobro_invite_dialog, ADW_TYPE_WINDOW)

static void
show_state (CobroInviteDialog *self, gboolean busy, const char *problem)
{
  gtk_widget_set_visible (self->busy_box, busy);
  gtk_widget_set_visible (self->code_box, self->invitation != NULL);
  gtk_widget_set_visible (self->again_button, !busy);
  gtk_label_set_text (self->problem_label, problem);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), *problem != '\0');
  cobro_dialogs_fit (GTK_WINDOW (self));
}

static void
show_invitation (CobroInviteDialog *self)
{
  g_autofree char *until = cobro_date_time_text (self->invitation->expires_at, cobro_view_locale ());
  /* Translators: %s is a date and time. */
  g_autofree char *text = g_strdup_printf (_ ("Good for one computer, until %s"), until);
  g_autofree char *relay = NULL;
  g_autofree char *code = NULL;

  /* The address as the relay says it: from another computer, this one's way to it may lead nowhere. */
  if (cobro_pair_link_read (self->invitation->link, &relay, &code, NULL))
    adw_action_row_set_subtitle (self->address_row, relay);
  adw_action_row_set_subtitle (self->code_row, self->invitation->code);
  gtk_label_set_text (self->until_label, text);
  cobro_qr_view_set_text (self->qr_view, self->invitation->link);
  gtk_button_set_label (self->copy_button, _ ("_Copy Link"));
  show_state (self, FALSE, "");
  gtk_widget_grab_focus (GTK_WIDGET (self->copy_button));
}

static void
on_invited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroInviteDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  CobroInvitation *invitation = cobro_connection_invite_finish (COBRO_CONNECTION (source), result, &error);

  if (!self->connection) /* closed meanwhile */
    {
      g_clear_pointer (&invitation, cobro_invitation_free);
      return;
    }
  self->invitation = invitation;
  if (invitation)
    show_invitation (self);
  else
    {
      g_autofree char *sentence = cobro_view_error (error);
      /* Translators: %s is a sentence that says why. */
      g_autofree char *problem =
        g_strdup_printf (_ ("There is no code now. %s Look whether the relay answers, then try "
                            "again."),
                         sentence);

      show_state (self, FALSE, problem);
    }
}

static void
ask (CobroInviteDialog *self)
{
  g_clear_pointer (&self->invitation, cobro_invitation_free);
  show_state (self, TRUE, "");
  cobro_connection_invite_async (self->connection, self->cancellable, on_invited_cb, g_object_ref (self));
}

static void
on_again_clicked_cb (CobroInviteDialog *self)
{
  ask (self);
}

static void
on_copy_clicked_cb (CobroInviteDialog *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->invitation->link);
  gtk_button_set_label (self->copy_button, _ ("Link _Copied"));
}

/* ── The widget ── */

static void
cobro_invite_dialog_dispose (GObject *object)
{
  CobroInviteDialog *self = COBRO_INVITE_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (cobro_invite_dialog_parent_class)->dispose (object);
}

static void
cobro_invite_dialog_finalize (GObject *object)
{
  CobroInviteDialog *self = COBRO_INVITE_DIALOG (object);

  g_clear_pointer (&self->invitation, cobro_invitation_free);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (cobro_invite_dialog_parent_class)->finalize (object);
}

static void
cobro_invite_dialog_class_init (CobroInviteDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_QR_VIEW);
  G_OBJECT_CLASS (klass)->dispose = cobro_invite_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = cobro_invite_dialog_finalize;
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-invite-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroInviteDialog, busy_box);
  gtk_widget_class_bind_template_child (widget_class, CobroInviteDialog, code_box);
  gtk_widget_class_bind_template_child (widget_class, CobroInviteDialog, qr_view);
  gtk_widget_class_bind_template_child (widget_class, CobroInviteDialog, address_row);
  gtk_widget_class_bind_template_child (widget_class, CobroInviteDialog, code_row);
  gtk_widget_class_bind_template_child (widget_class, CobroInviteDialog, until_label);
  gtk_widget_class_bind_template_child (widget_class, CobroInviteDialog, copy_button);
  gtk_widget_class_bind_template_child (widget_class, CobroInviteDialog, problem_label);
  gtk_widget_class_bind_template_child (widget_class, CobroInviteDialog, again_button);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_again_clicked_cb);
}

static void
cobro_invite_dialog_init (CobroInviteDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  cobro_dialogs_grow_with (GTK_WINDOW (self));
}

CobroInviteDialog *
cobro_invite_dialog_new (GtkWindow *parent, CobroConnection *connection)
{
  CobroInviteDialog *self = g_object_new (COBRO_TYPE_INVITE_DIALOG, "transient-for", parent, NULL);

  self->connection = g_object_ref (connection);
  ask (self);
  return self;
}
