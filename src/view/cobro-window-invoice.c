/* src/view/cobro-window-invoice.c — what people do with invoices: write, send, remind, record money, credit, preview.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-window-private.h"

#include <glib/gi18n.h>
#include "cobro-dialogs.h"
#include "cobro-invoice-text.h"
#include "cobro-preview-window.h"
#include "cobro-record-dialog.h"
#include "cobro-void-dialog.h"

/* ── An action names an invoice; it is read, then something is done with it ── */

typedef void (*WithInvoice) (CobroWindow *self, CobroInvoiceItem *item);

typedef struct
{
  CobroWindow *window;
  WithInvoice func;
} Doing;

static void
say_error (CobroWindow *self, const GError *error)
{
  g_autofree char *sentence = cobro_view_error (error);

  cobro_window_toast (self, sentence);
}

static void
on_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Doing *doing = user_data;
  g_autoptr (CobroWindow) window = doing->window;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroInvoiceItem) item = cobro_invoices_finish (COBRO_INVOICES (source), result, &error);

  if (!window->invoices) /* closed meanwhile */
    return;
  if (item)
    doing->func (window, item);
  else
    say_error (window, error);
}

static void
with_invoice (CobroWindow *self, const char *id, WithInvoice func)
{
  Doing *doing = g_new0 (Doing, 1);

  *doing = (Doing){ .window = g_object_ref (self), .func = func };
  cobro_invoices_load_async (self->invoices, id, NULL, on_loaded_cb, doing);
}

/* ── Showing and writing ── */

static void
show_item (CobroWindow *self, CobroInvoiceItem *item)
{
  cobro_invoice_page_set_item (cobro_window_get_page (self, "invoice"), item);
  cobro_window_show_page (self, "invoice");
  cobro_window_say_opened (self, cobro_invoice_item_get_id (item));
}

void
cobro_window_show_invoice (CobroWindow *self, const char *id)
{
  g_return_if_fail (COBRO_IS_WINDOW (self));

  with_invoice (self, id, show_item);
}

static void
open_editor (CobroWindow *self, const CobroInvoice *draft, const CobroCustomer *customer)
{
  cobro_window_show_page (self, "invoice-editor");
  cobro_invoice_editor_open (cobro_window_get_page (self, "invoice-editor"), draft, customer);
}

static void
edit_item (CobroWindow *self, CobroInvoiceItem *item)
{
  const CobroInvoice *invoice = cobro_invoice_item_get_invoice (item);

  if (invoice->decision == COBRO_INVOICE_DRAFT && invoice->kind == COBRO_INVOICE_INVOICE)
    open_editor (self, invoice, NULL);
}

static void
on_duplicated_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroInvoiceItem) item = cobro_invoices_finish (COBRO_INVOICES (source), result, &error);

  if (!self->invoices)
    return;
  if (item)
    edit_item (self, item);
  else
    say_error (self, error);
}

static void
duplicate_item (CobroWindow *self, CobroInvoiceItem *item)
{
  cobro_invoices_duplicate_async (self->invoices, &cobro_invoice_item_get_invoice (item)->id, NULL, on_duplicated_cb,
                                  g_object_ref (self));
}

/* What lateness costs, as a draft to look at and send: nothing is charged by itself. */
static void
charge_late_fee (CobroWindow *self, CobroInvoiceItem *item)
{
  const CobroInvoice *invoice = cobro_invoice_item_get_invoice (item);
  const CobroLateFee *policy = &cobro_business_get_merchant (self->business)->late_fee;
  CobroInvoiceView view = cobro_invoice_item_get_view (item);
  g_autoptr (CobroInvoice) draft = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL, *none = NULL;
  CobroMoney fee;

  if (!policy->on)
    return cobro_window_toast (self, _ ("No late fee is set: Preferences, E-Mail"));
  if (!cobro_late_fee (policy, view.due, view.days_overdue, &fee, &error))
    return say_error (self, error);
  if (!cobro_money_is_positive (fee))
    {
      /* Translators: %d is a number of days. */
      none = g_strdup_printf (ngettext ("A late fee is due %d day after the due date",
                                        "A late fee is due %d days after the due date", (gulong)policy->after),
                              policy->after);
      return cobro_window_toast (self, none);
    }
  /* Translators: %s is the number of an invoice. */
  words = g_strdup_printf (_ ("Late fee for invoice %s"), invoice->number);
  draft = cobro_invoice_for_late_fee (invoice, fee, words);
  cobro_invoices_put_async (self->invoices, draft, NULL, on_duplicated_cb, g_object_ref (self));
}

static void
on_customer_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroCustomerRecord) record =
    cobro_invoices_load_customer_finish (COBRO_INVOICES (source), result, &error);

  if (!self->invoices)
    return;
  if (record)
    open_editor (self, NULL, record->customer);
  else
    say_error (self, error);
}

static void
new_for_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CobroWindow *self = COBRO_WINDOW (widget);
  CobroId id;

  if (cobro_id_parse (COBRO_ID_CUSTOMER, g_variant_get_string (parameter, NULL), &id, NULL))
    cobro_invoices_load_customer_async (self->invoices, &id, NULL, on_customer_loaded_cb, g_object_ref (self));
}

static void
new_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  open_editor (COBRO_WINDOW (widget), NULL, NULL);
}

/* ── Preview, PDF, the person's own mail program ── */

typedef struct
{
  CobroPreviewSetup setup;
  GBytes *logo;
} Surroundings;

static void
surroundings_init (Surroundings *around, CobroWindow *self, const char *url)
{
  around->logo = cobro_invoices_dup_logo (self->invoices);
  around->setup = (CobroPreviewSetup){ .merchant = cobro_business_get_merchant (self->business),
                                       .logo = around->logo,
                                       .url = url,
                                       .today = cobro_invoices_get_today (self->invoices) };
}

static void
surroundings_clear (Surroundings *around)
{
  g_clear_pointer (&around->logo, g_bytes_unref);
}

static void
preview (CobroWindow *self, const CobroInvoice *invoice, const CobroInvoiceView *view, const char *url)
{
  Surroundings around;

  surroundings_init (&around, self, url);
  gtk_window_present (GTK_WINDOW (cobro_preview_window_new (GTK_WINDOW (self), invoice, view, &around.setup)));
  surroundings_clear (&around);
}

static void
preview_item (CobroWindow *self, CobroInvoiceItem *item)
{
  const CobroInvoice *invoice = cobro_invoice_item_get_invoice (item);
  CobroInvoiceView view = cobro_invoice_item_get_view (item);

  preview (self, invoice, &view, cobro_invoice_item_get_url (item));
}

static void
on_preview_wanted_cb (CobroWindow *self, const CobroInvoice *invoice)
{
  preview (self, invoice, NULL, "");
}

GBytes *
cobro_window_invoice_pdf (CobroWindow *self, CobroInvoiceItem *item, char **out_name, GError **error)
{
  CobroInvoiceView view = cobro_invoice_item_get_view (item);
  Surroundings around;
  GBytes *pdf;

  surroundings_init (&around, self, cobro_invoice_item_get_url (item));
  pdf = cobro_preview_pdf (cobro_invoice_item_get_invoice (item), &view, &around.setup, out_name, error);
  surroundings_clear (&around);
  return pdf;
}

CobroPaper *
cobro_window_invoice_paper (CobroWindow *self, CobroInvoiceItem *item)
{
  CobroInvoiceView view = cobro_invoice_item_get_view (item);
  Surroundings around;
  CobroPaper *paper;

  surroundings_init (&around, self, cobro_invoice_item_get_url (item));
  paper = cobro_preview_paper (cobro_invoice_item_get_invoice (item), &view, &around.setup);
  surroundings_clear (&around);
  return paper;
}

static void
save_pdf (CobroWindow *self, CobroInvoiceItem *item)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GBytes) pdf = cobro_window_invoice_pdf (self, item, &name, &error);

  if (!pdf)
    return say_error (self, error);

  cobro_window_save (self, &(CobroSaving){ .title = _ ("Save Document"),
                                           .name = name,
                                           .mime_type = "application/pdf",
                                           .bytes = pdf,
                                           .done = _ ("PDF saved"),
                                           .failed = _ ("The PDF Was Not Saved") });
}

static void
mail_item (CobroWindow *self, CobroInvoiceItem *item)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "share.to", "(ss)", cobro_invoice_item_get_id (item), "email");
}

/* ── Sending ── */

/* Says how the mail stands: nothing pretends to be sent. */
static void
say_sent (CobroWindow *self, CobroInvoiceItem *item)
{
  const CobroInvoice *invoice = cobro_invoice_item_get_invoice (item);
  CobroConnectionState state = cobro_connection_get_state (self->connection);
  gboolean away = state != COBRO_CONNECTION_ONLINE && state != COBRO_CONNECTION_SYNCING;
  g_autofree char *text = NULL;
  g_autofree char *escaped = NULL;
  AdwToast *toast;

  if (away)
    text = g_strdup_printf (_ ("%s waits to be mailed"), invoice->number);
  else
    text = g_strdup_printf (_ ("%1$s is on its way to %2$s"), invoice->number, invoice->buyer.email);
  escaped = g_markup_escape_text (text, -1); /* a toast's title is markup */
  toast = adw_toast_new (escaped);
  cobro_window_add_toast (self, toast);
}

/* Nobody else mails it: the person does. */
static void
offer_mail_program (CobroWindow *self, CobroInvoiceItem *item, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  AdwToast *toast = adw_toast_new (escaped);

  adw_toast_set_button_label (toast, _ ("_Mail It Myself"));
  adw_toast_set_action_name (toast, "invoice.mail");
  adw_toast_set_action_target (toast, "s", cobro_invoice_item_get_id (item));
  adw_toast_set_timeout (toast, 0);
  cobro_window_add_toast (self, toast);
}

static gboolean
relay_is_mute (CobroWindow *self)
{
  return cobro_invoices_get_relay_is_mute (self->invoices);
}

static void
on_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroInvoiceItem) item = cobro_invoices_finish (COBRO_INVOICES (source), result, &error);

  if (!self->invoices)
    return;
  if (item)
    say_sent (self, item);
  else
    say_error (self, error);
}

static void
send_item (CobroWindow *self, CobroInvoiceItem *item)
{
  const CobroInvoice *invoice = cobro_invoice_item_get_invoice (item);

  if (relay_is_mute (self))
    offer_mail_program (self, item, _ ("This relay sends no mail"));
  else if (*invoice->buyer.email == '\0')
    offer_mail_program (self, item, _ ("The customer has no e-mail address"));
  else
    cobro_invoices_send_async (self->invoices, &invoice->id, NULL, NULL, on_sent_cb, g_object_ref (self));
}

static void
on_reminded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroInvoiceItem) item = cobro_invoices_finish (COBRO_INVOICES (source), result, &error);

  if (!self->invoices)
    return;
  if (item)
    cobro_window_toast (self, _ ("The reminder is on its way"));
  else
    say_error (self, error);
}

static void
remind_item (CobroWindow *self, CobroInvoiceItem *item)
{
  if (relay_is_mute (self))
    offer_mail_program (self, item, _ ("This relay sends no mail"));
  else
    cobro_invoices_remind_async (self->invoices, &cobro_invoice_item_get_invoice (item)->id, NULL, on_reminded_cb,
                                 g_object_ref (self));
}

/* ── The editor has done its work ── */

static void
on_issued_cb (CobroWindow *self, CobroInvoiceItem *item, gboolean sent)
{
  const CobroInvoice *invoice = cobro_invoice_item_get_invoice (item);
  g_autofree char *text = NULL;

  show_item (self, item);
  if (sent && relay_is_mute (self))
    return offer_mail_program (self, item, _ ("It is issued; this relay sends no mail"));
  if (sent)
    return say_sent (self, item);
  text = g_strdup_printf (_ ("%s is issued"), invoice->number);
  cobro_window_toast (self, text);
}

static void
on_discarded_cb (CobroWindow *self)
{
  cobro_window_show_page (self, "invoices");
}

/* ── Money ── */

static void
on_recorded_cb (CobroWindow *self, CobroInvoiceItem *item)
{
  gboolean paid = cobro_invoice_item_get_view (item).status == COBRO_INVOICE_IS_PAID;

  cobro_window_toast (self, paid ? _ ("Recorded; the invoice is paid") : _ ("Payment recorded"));
}

static void
record_item (CobroWindow *self, CobroInvoiceItem *item)
{
  CobroRecordDialog *dialog = cobro_record_dialog_new (GTK_WINDOW (self), self->invoices, item);

  g_signal_connect_object (dialog, "recorded", G_CALLBACK (on_recorded_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_voided_cb (CobroWindow *self, CobroInvoiceItem *item)
{
  cobro_window_toast (self, _ ("Credited and void"));
}

static void
void_item (CobroWindow *self, CobroInvoiceItem *item)
{
  CobroVoidDialog *dialog = cobro_void_dialog_new (GTK_WINDOW (self), self->invoices, item);

  g_signal_connect_object (dialog, "voided", G_CALLBACK (on_voided_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ── The address ── */

typedef struct
{
  CobroWindow *window;
  char *id;
} Replacing;

static void
replacing_free (gpointer data)
{
  Replacing *replacing = data;

  g_object_unref (replacing->window);
  g_free (replacing->id);
  g_free (replacing);
}

static void
replace_token (gpointer data)
{
  Replacing *replacing = data;

  cobro_invoices_replace_token (replacing->window->invoices, replacing->id);
  cobro_window_toast (replacing->window, _ ("The invoice has a new address; send it again"));
}

static void
new_address (CobroWindow *self, CobroInvoiceItem *item)
{
  Replacing *replacing = g_new0 (Replacing, 1);

  *replacing = (Replacing){ .window = g_object_ref (self), .id = g_strdup (cobro_invoice_item_get_id (item)) };
  cobro_dialogs_confirm (GTK_WINDOW (self), _ ("Give the Invoice a New Address?"),
                         _ ("The old address stops working at once, in mails and on paper that went out, too. Payments "
                            "that arrived stay. This cannot be taken back."),
                         _ ("_New Address"), TRUE, replace_token, replacing, replacing_free);
}

/* ── Actions ── */

/* One function for all that name an invoice: what is done stands in this table. */
static const struct
{
  const char *action;
  WithInvoice func;
} item_actions[] = {
  { "invoice.show", show_item },       { "invoice.edit", edit_item },          { "invoice.duplicate", duplicate_item },
  { "invoice.preview", preview_item }, { "invoice.save-pdf", save_pdf },       { "invoice.mail", mail_item },
  { "invoice.send", send_item },       { "invoice.remind", remind_item },      { "invoice.record", record_item },
  { "invoice.void", void_item },       { "invoice.new-address", new_address }, { "invoice.late-fee", charge_late_fee },
};

static void
on_item_action (GtkWidget *widget, const char *action, GVariant *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (item_actions); i++)
    if (g_str_equal (item_actions[i].action, action))
      with_invoice (COBRO_WINDOW (widget), g_variant_get_string (id, NULL), item_actions[i].func);
}

static void
discard_action (GtkWidget *widget, const char *action, GVariant *id)
{
  CobroWindow *self = COBRO_WINDOW (widget);

  cobro_window_show_page (self, "invoices");
  cobro_invoices_discard (self->invoices, g_variant_get_string (id, NULL), _ ("Draft discarded"));
}

static void
give_up_action (GtkWidget *widget, const char *action, GVariant *id)
{
  cobro_invoices_decide (COBRO_WINDOW (widget)->invoices, g_variant_get_string (id, NULL), COBRO_INVOICE_UNCOLLECTIBLE,
                         _ ("Given up"));
}

static void
reopen_action (GtkWidget *widget, const char *action, GVariant *id)
{
  cobro_invoices_decide (COBRO_WINDOW (widget)->invoices, g_variant_get_string (id, NULL), COBRO_INVOICE_ISSUED,
                         _ ("Asked for again"));
}

static void
renumber_action (GtkWidget *widget, const char *action, GVariant *id)
{
  cobro_invoices_renumber (COBRO_WINDOW (widget)->invoices, g_variant_get_string (id, NULL));
}

static void
seen_action (GtkWidget *widget, const char *action, GVariant *id)
{
  cobro_invoices_mark_seen (COBRO_WINDOW (widget)->invoices, g_variant_get_string (id, NULL));
}

void
cobro_window_install_invoice_actions (GtkWidgetClass *widget_class)
{
  for (gsize i = 0; i < G_N_ELEMENTS (item_actions); i++)
    gtk_widget_class_install_action (widget_class, item_actions[i].action, "s", on_item_action);
  gtk_widget_class_install_action (widget_class, "win.new-invoice", NULL, new_action);
  gtk_widget_class_install_action (widget_class, "invoice.new-for", "s", new_for_action);
  gtk_widget_class_install_action (widget_class, "invoice.discard", "s", discard_action);
  gtk_widget_class_install_action (widget_class, "invoice.give-up", "s", give_up_action);
  gtk_widget_class_install_action (widget_class, "invoice.reopen", "s", reopen_action);
  gtk_widget_class_install_action (widget_class, "invoice.renumber", "s", renumber_action);
  gtk_widget_class_install_action (widget_class, "invoice.seen", "s", seen_action);
}

static void
on_invoices_failed_cb (CobroWindow *self, const GError *error)
{
  g_autofree char *sentence = cobro_view_error (error);
  g_autofree char *body = g_strdup_printf (_ ("%s Your invoices are as they were before."), sentence);

  cobro_dialogs_tell (GTK_WINDOW (self), _ ("It Could Not Be Done"), body);
}

void
cobro_window_follow_invoices (CobroWindow *self)
{
  g_signal_connect_object (self->invoices, "failed", G_CALLBACK (on_invoices_failed_cb), self, G_CONNECT_SWAPPED);
}

gpointer
cobro_window_make_invoice_editor (CobroWindow *self)
{
  CobroInvoiceEditor *editor = g_object_new (COBRO_TYPE_INVOICE_EDITOR, NULL);

  cobro_invoice_editor_set_models (editor, self->invoices, self->business);
  g_signal_connect_object (editor, "issued", G_CALLBACK (on_issued_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (editor, "discarded", G_CALLBACK (on_discarded_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (editor, "preview", G_CALLBACK (on_preview_wanted_cb), self, G_CONNECT_SWAPPED);
  return editor;
}
