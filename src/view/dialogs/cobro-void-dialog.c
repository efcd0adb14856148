/* src/view/dialogs/cobro-void-dialog.c — an invoice is taken back.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-void-dialog.h"

#include <glib/gi18n.h>
#include "cobro-dialogs.h"
#include "cobro-money-text.h"
#include "cobro-view-text.h"

#define REASON_MAX 500

struct _CobroVoidDialog
{
  AdwWindow parent_instance;
  GtkWidget *void_button;
  GtkLabel *hint_label;
  GtkEditable *reason_row;
  GtkLabel *problem_label;
  CobroInvoices *invoices;
  CobroInvoiceItem *item;
  gboolean busy;
};

G_DEFINE_FINAL_TYPE (CobroVoidDialog, cobro_void_dialog, ADW_TYPE_WINDOW)

enum
{
  VOIDED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
show_problem (CobroVoidDialog *self, const char *text)
{
  gtk_label_set_text (self->problem_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), *text != '\0');
}

/* (transfer full) the reason without blanks around it. */
static char *
reason_of (CobroVoidDialog *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (self->reason_row)));
}

static void
on_changed_cb (CobroVoidDialog *self)
{
  g_autofree char *reason = reason_of (self);
  gboolean too_long = g_utf8_strlen (reason, -1) > REASON_MAX;

  show_problem (self, too_long ? _ ("The reason is too long.") : "");
  gtk_widget_set_sensitive (self->void_button, *reason && !too_long && !self->busy);
}

static void
on_voided_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroVoidDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroInvoiceItem) item = cobro_invoices_finish (COBRO_INVOICES (source), result, &error);
  g_autofree char *sentence = NULL;

  if (!self->item) /* closed meanwhile */
    return;
  if (item)
    {
      g_signal_emit (self, signals[VOIDED], 0, item);
      return cobro_dialogs_close (GTK_WINDOW (self));
    }

  self->busy = FALSE;
  on_changed_cb (self);
  sentence = cobro_view_error (error);
  show_problem (self, sentence);
}

static void
on_void_clicked_cb (CobroVoidDialog *self)
{
  g_autofree char *reason = reason_of (self);

  if (self->busy || !*reason)
    return;

  self->busy = TRUE;
  on_changed_cb (self);
  cobro_invoices_void_async (self->invoices, &cobro_invoice_item_get_invoice (self->item)->id, reason, NULL,
                             on_voided_cb, g_object_ref (self));
}

static void
cobro_void_dialog_dispose (GObject *object)
{
  CobroVoidDialog *self = COBRO_VOID_DIALOG (object);

  g_clear_object (&self->item);
  g_clear_object (&self->invoices);
  G_OBJECT_CLASS (cobro_void_dialog_parent_class)->dispose (object);
}

static void
cobro_void_dialog_class_init (CobroVoidDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cobro_void_dialog_dispose;
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-void-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroVoidDialog, void_button);
  gtk_widget_class_bind_template_child (widget_class, CobroVoidDialog, hint_label);
  gtk_widget_class_bind_template_child (widget_class, CobroVoidDialog, reason_row);
  gtk_widget_class_bind_template_child (widget_class, CobroVoidDialog, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, on_void_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
  signals[VOIDED] = g_signal_new ("voided", COBRO_TYPE_VOID_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                  1, COBRO_TYPE_INVOICE_ITEM);
}

static void
cobro_void_dialog_init (CobroVoidDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  cobro_dialogs_grow_with (GTK_WINDOW (self));
}

CobroVoidDialog *
cobro_void_dialog_new (GtkWindow *parent, CobroInvoices *invoices, CobroInvoiceItem *item)
{
  CobroVoidDialog *self = g_object_new (COBRO_TYPE_VOID_DIALOG, "transient-for", parent, NULL);
  CobroInvoiceView view = cobro_invoice_item_get_view (item);
  gboolean paid = cobro_money_is_set (view.paid) && cobro_money_is_positive (view.paid);

  self->invoices = g_object_ref (invoices);
  self->item = g_object_ref (item);
  gtk_label_set_text (self->hint_label,
                      paid ? _ ("A credit note over what is left is issued, and the invoice keeps its number. Nobody "
                                "can pay it any more. What was paid stays until you give it back. This cannot be "
                                "undone.")
                           : _ ("A credit note over all of it is issued, and the invoice keeps its number. Nobody can "
                                "pay it any more. This cannot be undone."));
  on_changed_cb (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->reason_row));
  return self;
}
