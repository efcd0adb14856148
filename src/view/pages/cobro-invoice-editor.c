/* src/view/pages/cobro-invoice-editor.c — writing an invoice. Buyer, lines and options have files of their own beside
 * this one. Layer: view. Main thread. */
#include "config.h"

#include "cobro-invoice-editor-private.h"

#include <glib/gi18n.h>
#include "cobro-dialogs.h"
#include "cobro-money-text.h"
#include "cobro-totals-grid.h"
#include "cobro-view-text.h"

/* A draft is kept so long after the last key. */
#define SAVE_AFTER_MS 1500

G_DEFINE_FINAL_TYPE (CobroInvoiceEditor, cobro_invoice_editor, ADW_TYPE_BIN)

enum
{
  ISSUED,
  DISCARDED,
  PREVIEW,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
say (CobroInvoiceEditor *self, const char *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", text);
}

/* ── Keeping the draft ── */

static void issue (CobroInvoiceEditor *self);
static void save (CobroInvoiceEditor *self);

/* Whether there is anything to keep. */
static gboolean
has_content (CobroInvoiceEditor *self)
{
  CobroFormState state = cobro_invoice_form_get_state (self->form);
  const CobroInvoice *invoice = cobro_invoice_form_get_invoice (self->form);

  if (cobro_id_is_set (&invoice->id))
    return TRUE;
  return *invoice->buyer.name || (state != COBRO_FORM_NO_BUYER && state != COBRO_FORM_NO_LINES) ||
         (cobro_invoice_form_get_totals (self->form) && cobro_invoice_form_get_totals (self->form)->n_lines > 0);
}

typedef struct
{
  CobroInvoiceEditor *editor;
  CobroInvoiceForm *form;
  guint generation;
} Saving;

static void
on_saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Saving *saving = user_data;
  g_autoptr (CobroInvoiceEditor) self = saving->editor;
  g_autoptr (CobroInvoiceForm) form = saving->form;
  guint generation = saving->generation;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroInvoiceItem) item = cobro_invoices_finish (COBRO_INVOICES (source), result, &error);
  gboolean still_shown = form == self->form;

  g_free (saving);
  if (item)
    cobro_invoice_form_saved (form, &cobro_invoice_item_get_invoice (item)->id, generation);
  if (still_shown)
    self->saving = FALSE;
  if (!item)
    {
      g_autofree char *sentence = cobro_view_error (error);

      return say (self, sentence);
    }
  if (still_shown && self->issue_after_save)
    issue (self);
  else if (still_shown && cobro_invoice_form_get_dirty (form) && !self->save_source)
    save (self);
}

static void
save (CobroInvoiceEditor *self)
{
  g_autoptr (CobroInvoice) draft = NULL;
  Saving *saving;

  g_clear_handle_id (&self->save_source, g_source_remove);
  if (!self->form || self->saving || self->issuing || !cobro_invoice_form_get_dirty (self->form) || !has_content (self))
    return;

  saving = g_new0 (Saving, 1);
  *saving = (Saving){ .editor = g_object_ref (self),
                      .form = g_object_ref (self->form),
                      .generation = cobro_invoice_form_get_generation (self->form) };
  self->saving = TRUE;
  draft = cobro_invoice_form_dup_invoice (self->form);
  cobro_invoices_put_async (self->invoices, draft, NULL, on_saved_cb, saving);
}

static gboolean
on_save_time_cb (gpointer data)
{
  CobroInvoiceEditor *self = data;

  self->save_source = 0;
  save (self);
  return G_SOURCE_REMOVE;
}

/* ── Showing ── */

static void
show_title (CobroInvoiceEditor *self)
{
  const CobroInvoiceTotals *totals = cobro_invoice_form_get_totals (self->form);
  gboolean known = cobro_id_is_set (&cobro_invoice_form_get_invoice (self->form)->id);
  g_autofree char *total = totals ? cobro_money_text (totals->total, cobro_view_locale ()) : g_strdup ("");

  adw_window_title_set_title (self->window_title, known ? _ ("Draft Invoice") : _ ("New Invoice"));
  adw_window_title_set_subtitle (self->window_title, total);
}

static void
show_problem (CobroInvoiceEditor *self)
{
  const GError *error = cobro_invoice_form_get_error (self->form);
  g_autofree char *sentence = error ? cobro_view_error (error) : NULL;

  gtk_label_set_text (self->problem_label, sentence ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), sentence != NULL);
}

static void
on_form_changed_cb (CobroInvoiceEditor *self)
{
  cobro_invoice_editor_update_lines (self);
  cobro_totals_grid_show (self->totals_grid, cobro_invoice_form_get_totals (self->form),
                          cobro_invoice_form_get_invoice (self->form)->tax_inclusive, COBRO_MONEY_NONE,
                          COBRO_MONEY_NONE);
  show_problem (self);
  show_title (self);
  g_clear_handle_id (&self->save_source, g_source_remove);
  self->save_source = g_timeout_add (SAVE_AFTER_MS, on_save_time_cb, self);
}

static void
let_go (CobroInvoiceEditor *self)
{
  g_clear_handle_id (&self->save_source, g_source_remove);
  g_clear_handle_id (&self->lines_source, g_source_remove);
  if (self->finding)
    g_cancellable_cancel (self->finding);
  g_clear_object (&self->finding);
  g_clear_pointer (&self->exact, cobro_customer_unref);
  if (self->form)
    g_signal_handlers_disconnect_by_data (self->form, self);
  g_clear_object (&self->form);
  g_clear_object (&self->taxes);
  self->saving = self->issuing = self->issue_after_save = FALSE;
}

void
cobro_invoice_editor_open (CobroInvoiceEditor *self, const CobroInvoice *draft, const CobroCustomer *customer)
{
  const CobroMerchant *merchant;

  g_return_if_fail (COBRO_IS_INVOICE_EDITOR (self));

  cobro_invoice_editor_leave (self);
  let_go (self);
  merchant = cobro_business_get_merchant (self->business);
  self->taxes = cobro_tax_choices_new (merchant);
  self->form =
    cobro_invoice_form_new (draft, merchant, cobro_view_default_currency (), cobro_invoices_get_today (self->invoices));
  if (customer)
    cobro_invoice_form_use_customer (self->form, customer);
  cobro_invoice_editor_show_buyer (self);
  cobro_invoice_editor_show_options (self);
  cobro_invoice_editor_show_lines (self);
  on_form_changed_cb (self);
  g_clear_handle_id (&self->save_source, g_source_remove);
  g_signal_connect_swapped (self->form, "changed", G_CALLBACK (on_form_changed_cb), self);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  if (*cobro_invoice_form_get_invoice (self->form)->buyer.name)
    cobro_invoice_editor_focus_line (self, 0);
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->customer_row));
}

void
cobro_invoice_editor_leave (CobroInvoiceEditor *self)
{
  g_return_if_fail (COBRO_IS_INVOICE_EDITOR (self));

  save (self);
}

CobroInvoiceForm *
cobro_invoice_editor_get_form (CobroInvoiceEditor *self)
{
  g_return_val_if_fail (COBRO_IS_INVOICE_EDITOR (self), NULL);

  return self->form;
}

/* ── Issuing ── */

static void
on_issued_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroInvoiceEditor) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroInvoiceItem) item = cobro_invoices_finish (COBRO_INVOICES (source), result, &error);
  g_autofree char *sentence = NULL;
  gboolean sent = self->send;

  self->issuing = FALSE;
  if (item)
    {
      let_go (self);
      g_signal_emit (self, signals[ISSUED], 0, item, sent);
      return;
    }

  sentence = cobro_view_error (error);
  cobro_dialogs_tell (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), _ ("The Invoice Was Not Issued"), sentence);
}

static void
issue (CobroInvoiceEditor *self)
{
  g_autoptr (CobroInvoice) draft = NULL;
  g_autoptr (CobroCustomer) customer = NULL;

  if (!self->form || self->issuing)
    return;
  if (self->saving) /* the draft gets its id first: one invoice, not two */
    {
      self->issue_after_save = TRUE;
      return;
    }

  g_clear_handle_id (&self->save_source, g_source_remove);
  self->issue_after_save = FALSE;
  self->issuing = TRUE;
  draft = cobro_invoice_form_dup_invoice (self->form);
  customer = cobro_invoice_form_dup_new_customer (self->form);
  /* Nothing is queued for a relay that sends no mail: whoever shows the invoice offers another way. */
  cobro_invoices_issue_async (self->invoices, draft, customer,
                              self->send && !cobro_invoices_get_relay_is_mute (self->invoices), NULL, on_issued_cb,
                              g_object_ref (self));
}

static void
issue_confirmed (gpointer data)
{
  issue (data);
}

/* Says what is missing and puts the keyboard there. */
static gboolean
check (CobroInvoiceEditor *self)
{
  const GError *error = cobro_invoice_form_get_error (self->form);
  g_autofree char *sentence = error ? cobro_view_error (error) : NULL;

  if (!cobro_invoice_editor_check_lines (self) || !cobro_number_entry_get_valid (self->discount_entry) ||
      !cobro_number_entry_get_valid (self->shipping_entry) || !cobro_number_entry_get_valid (self->minimum_entry))
    {
      say (self, _ ("There is a number that cannot be understood"));
      return FALSE;
    }
  switch (cobro_invoice_form_get_state (self->form))
    {
    case COBRO_FORM_COMPLETE:
      return TRUE;
    case COBRO_FORM_NO_BUYER:
      gtk_widget_grab_focus (GTK_WIDGET (self->customer_row));
      say (self, _ ("Who is the invoice for?"));
      return FALSE;
    case COBRO_FORM_NO_LINES:
    case COBRO_FORM_NO_DESCRIPTION:
      cobro_invoice_editor_focus_line (self, 0);
      say (self, _ ("What is the invoice for?"));
      return FALSE;
    case COBRO_FORM_NOTHING_DUE:
      say (self, _ ("There is nothing to pay: the total is not above zero"));
      return FALSE;
    case COBRO_FORM_WRONG:
      break;
    }
  say (self, sentence ? sentence : "");
  return FALSE;
}

static void
open_preferences (gpointer data)
{
  gtk_widget_activate_action (data, "win.preferences", NULL);
}

/* A document says who sends it. */
static gboolean
check_seller (CobroInvoiceEditor *self)
{
  const CobroMerchant *merchant = cobro_business_get_merchant (self->business);

  if (*merchant->name || *merchant->seller.name)
    return TRUE;

  cobro_dialogs_confirm (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), _ ("Who Sends the Invoice?"),
                         _ ("An invoice names its seller. Write down your business's name, and the address and tax "
                            "number if you have them; what you wrote here is kept."),
                         _ ("_Open Preferences"), FALSE, open_preferences, g_object_ref (self), g_object_unref);
  return FALSE;
}

static void
confirm (CobroInvoiceEditor *self, gboolean send)
{
  const CobroInvoice *invoice;
  g_autofree char *total = NULL;
  g_autofree char *body = NULL;

  if (!self->form || self->issuing)
    return;
  cobro_invoice_editor_take_exact (self);
  if (!check (self) || !check_seller (self))
    return;

  invoice = cobro_invoice_form_get_invoice (self->form);
  total = cobro_money_text (cobro_invoice_form_get_totals (self->form)->total, cobro_view_locale ());
  self->send = send && *invoice->buyer.email;
  if (self->send)
    /* Translators: an amount, an e-mail address. */
    body = g_strdup_printf (_ ("%s to %s. It gets its number now and cannot be changed afterwards."), total,
                            invoice->buyer.email);
  else if (send)
    /* Translators: an amount, a name. */
    body = g_strdup_printf (_ ("%s to %s. There is no e-mail address, so it is issued without being mailed; its link "
                               "can be copied or shared."),
                            total, invoice->buyer.name);
  else
    body = g_strdup_printf (_ ("%s to %s. It gets its number now and cannot be changed afterwards."), total,
                            invoice->buyer.name);
  cobro_dialogs_confirm (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                         self->send ? _ ("Send the Invoice?") : _ ("Issue the Invoice?"), body,
                         self->send ? _ ("_Send") : _ ("_Issue"), FALSE, issue_confirmed, g_object_ref (self),
                         g_object_unref);
}

/* ── Actions ── */

static void
send_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  confirm (COBRO_INVOICE_EDITOR (widget), TRUE);
}

static void
issue_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  confirm (COBRO_INVOICE_EDITOR (widget), FALSE);
}

static void
save_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CobroInvoiceEditor *self = COBRO_INVOICE_EDITOR (widget);

  save (self);
  if (self->form && has_content (self))
    say (self, _ ("Draft kept"));
}

static void
preview_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CobroInvoiceEditor *self = COBRO_INVOICE_EDITOR (widget);
  g_autoptr (CobroInvoice) invoice = NULL;

  if (!self->form)
    return;

  invoice = cobro_invoice_form_dup_invoice (self->form);
  g_signal_emit (self, signals[PREVIEW], 0, invoice);
}

static void
discard_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CobroInvoiceEditor *self = COBRO_INVOICE_EDITOR (widget);
  CobroId id;

  if (!self->form || self->saving || self->issuing)
    return;

  id = cobro_invoice_form_get_invoice (self->form)->id;
  let_go (self);
  if (cobro_id_is_set (&id))
    cobro_invoices_discard (self->invoices, id.text, _ ("Draft discarded"));
  g_signal_emit (self, signals[DISCARDED], 0);
}

/* ── The widget ── */

static void
on_narrow_changed_cb (CobroInvoiceEditor *self)
{
  gboolean narrow = cobro_adaptive_bin_get_narrow (self->adaptive);

  gtk_orientable_set_orientation (self->below_box, narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  cobro_invoice_editor_arrange_lines (self);
}

static void
cobro_invoice_editor_dispose (GObject *object)
{
  CobroInvoiceEditor *self = COBRO_INVOICE_EDITOR (object);

  let_go (self);
  g_clear_object (&self->invoices);
  g_clear_object (&self->business);
  G_OBJECT_CLASS (cobro_invoice_editor_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-invoice-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, adaptive);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, window_title);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, scroller);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, below_box);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, totals_grid);
  gtk_widget_class_bind_template_child (widget_class, CobroInvoiceEditor, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, on_narrow_changed_cb);
  cobro_invoice_editor_bind_buyer (widget_class);
  cobro_invoice_editor_bind_lines (widget_class);
  cobro_invoice_editor_bind_options (widget_class);
}

static void
cobro_invoice_editor_class_init (CobroInvoiceEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_ADAPTIVE_BIN);
  g_type_ensure (COBRO_TYPE_NUMBER_ENTRY);
  g_type_ensure (COBRO_TYPE_COUNTRY_ROW);
  g_type_ensure (COBRO_TYPE_DAY_ROW);
  g_type_ensure (COBRO_TYPE_REMINDERS_GROUP);
  G_OBJECT_CLASS (klass)->dispose = cobro_invoice_editor_dispose;
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "editor.send", NULL, send_action);
  gtk_widget_class_install_action (widget_class, "editor.issue", NULL, issue_action);
  gtk_widget_class_install_action (widget_class, "editor.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "editor.preview", NULL, preview_action);
  gtk_widget_class_install_action (widget_class, "editor.discard", NULL, discard_action);
  signals[ISSUED] = g_signal_new ("issued", COBRO_TYPE_INVOICE_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 2, COBRO_TYPE_INVOICE_ITEM, G_TYPE_BOOLEAN);
  signals[DISCARDED] =
    g_signal_new ("discarded", COBRO_TYPE_INVOICE_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[PREVIEW] = g_signal_new ("preview", COBRO_TYPE_INVOICE_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_POINTER);
}

/* Tried before the entry that has the keyboard sees the key. */
static void
add_shortcuts (CobroInvoiceEditor *self)
{
  static const struct
  {
    const char *trigger, *action;
  } keys[] = {
    { "<Control>Return|<Control>KP_Enter", "editor.send" },
    { "<Control>s", "editor.save" },
    { "<Control>p", "editor.preview" },
  };
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (controller),
      gtk_shortcut_new (gtk_shortcut_trigger_parse_string (keys[i].trigger), gtk_named_action_new (keys[i].action)));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
cobro_invoice_editor_init (CobroInvoiceEditor *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  cobro_invoice_editor_init_buyer (self);
  cobro_invoice_editor_init_options (self);
  add_shortcuts (self);
}

void
cobro_invoice_editor_set_models (CobroInvoiceEditor *self, CobroInvoices *invoices, CobroBusiness *business)
{
  g_return_if_fail (COBRO_IS_INVOICE_EDITOR (self));
  g_return_if_fail (self->invoices == NULL);

  self->invoices = g_object_ref (invoices);
  self->business = g_object_ref (business);
}
