/* src/view/dialogs/cobro-resend-dialog.c — a mail that came back: to which address it goes now.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-resend-dialog.h"

#include <glib/gi18n.h>
#include "cobro-dialogs.h"
#include "cobro-text.h"

struct _CobroResendDialog
{
  AdwWindow parent_instance;
  GtkWidget *send_button;
  GtkLabel *hint_label;
  GtkEditable *address_row;
  CobroAttentionItem *item;
};

G_DEFINE_FINAL_TYPE (CobroResendDialog, cobro_resend_dialog, ADW_TYPE_WINDOW)

enum
{
  CHOSEN,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* (transfer full) (nullable) what was typed, once it is an address. */
static char *
dup_address (CobroResendDialog *self)
{
  g_autofree char *address = g_strstrip (g_strdup (gtk_editable_get_text (self->address_row)));

  return *address && cobro_text_check_email (address, "to", NULL) ? g_steal_pointer (&address) : NULL;
}

static void
on_changed_cb (CobroResendDialog *self)
{
  g_autofree char *address = dup_address (self);

  gtk_widget_set_sensitive (self->send_button, address != NULL);
}

static void
on_send_clicked_cb (CobroResendDialog *self)
{
  g_autofree char *address = dup_address (self);

  if (!address)
    return;
  g_signal_emit (self, signals[CHOSEN], 0, address);
  cobro_dialogs_close (GTK_WINDOW (self));
}

static void
cobro_resend_dialog_dispose (GObject *object)
{
  g_clear_object (&COBRO_RESEND_DIALOG (object)->item);
  G_OBJECT_CLASS (cobro_resend_dialog_parent_class)->dispose (object);
}

static void
cobro_resend_dialog_class_init (CobroResendDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cobro_resend_dialog_dispose;
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-resend-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroResendDialog, send_button);
  gtk_widget_class_bind_template_child (widget_class, CobroResendDialog, hint_label);
  gtk_widget_class_bind_template_child (widget_class, CobroResendDialog, address_row);
  gtk_widget_class_bind_template_callback (widget_class, on_send_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
  signals[CHOSEN] = g_signal_new ("chosen", COBRO_TYPE_RESEND_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
cobro_resend_dialog_init (CobroResendDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  cobro_dialogs_grow_with (GTK_WINDOW (self));
}

CobroAttentionItem *
cobro_resend_dialog_get_item (CobroResendDialog *self)
{
  g_return_val_if_fail (COBRO_IS_RESEND_DIALOG (self), NULL);

  return self->item;
}

CobroResendDialog *
cobro_resend_dialog_new (GtkWindow *parent, CobroAttentionItem *item)
{
  CobroResendDialog *self = g_object_new (COBRO_TYPE_RESEND_DIALOG, "transient-for", parent, NULL);
  const CobroMatter *matter = cobro_attention_item_get_matter (item);
  /* Translators: an invoice’s number, and an address that took no mail. */
  g_autofree char *hint =
    g_strdup_printf (_ ("Invoice %s could not be delivered to %s."), matter->title, matter->where);

  self->item = g_object_ref (item);
  gtk_label_set_text (self->hint_label, hint);
  gtk_editable_set_text (self->address_row, matter->where);
  on_changed_cb (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->address_row));
  return self;
}
