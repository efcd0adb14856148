/* src/view/dialogs/cobro-link-dialog.c — a link is made or changed here.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-link-dialog.h"

#include <glib/gi18n.h>
#include "cobro-day-row.h"
#include "cobro-dialogs.h"
#include "cobro-error.h"
#include "cobro-language-row.h"
#include "cobro-late.h"
#include "cobro-money-row.h"
#include "cobro-view-text.h"

struct _CobroLinkDialog
{
  AdwWindow parent_instance;
  GtkButton *done_button;
  GtkEditable *title_row;
  CobroMoneyRow *amount_row;
  GtkLabel *problem_label;
  AdwExpanderRow *options_row;
  AdwExpanderRow *customer_row;
  AdwExpanderRow *after_row;
  /* NULL until their expander has been filled: see cobro-late.h. */
  GtkEditable *description_row;
  GtkEditable *reference_row;
  AdwComboRow *usage_row;
  GtkWidget *limit_row;
  GtkSpinButton *limit_spin;
  CobroDayRow *starts_row;
  CobroDayRow *expires_row;
  GtkSwitch *open_switch;
  CobroMoneyRow *minimum_row;
  CobroMoneyRow *maximum_row;
  GtkWidget *partial_action_row;
  GtkSwitch *partial_switch;
  GtkEditable *customer_name_row;
  GtkEditable *customer_email_row;
  CobroLanguageRow *language_row;
  GtkCheckButton *collect_name;
  GtkCheckButton *collect_email;
  GtkCheckButton *collect_phone;
  GtkCheckButton *collect_address;
  GtkEditable *after_message_row;
  GtkEditable *after_url_row;
  GtkEditable *closed_message_row;
  CobroLinks *links;
  CobroLinkDialogMode mode;
  CobroLink *base; /* what the form began with; fields without a row are kept from here */
  GCancellable *cancellable;
  gboolean busy;
};

G_DEFINE_FINAL_TYPE (CobroLinkDialog, cobro_link_dialog, ADW_TYPE_WINDOW)

enum
{
  DONE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static gboolean
is_open (CobroLinkDialog *self)
{
  return self->open_switch ? gtk_switch_get_active (self->open_switch) : self->base->pricing == COBRO_PRICING_OPEN;
}

static gboolean
optional_is_fine (CobroMoneyRow *row)
{
  CobroMoney money;

  return !row || cobro_money_row_get_is_empty (row) || cobro_money_row_get_money (row, &money);
}

static gboolean
is_complete (CobroLinkDialog *self)
{
  g_autofree char *title = g_strstrip (g_strdup (gtk_editable_get_text (self->title_row)));
  CobroMoney money;

  if (!*title || self->busy)
    return FALSE;
  if (is_open (self))
    return optional_is_fine (self->amount_row) && optional_is_fine (self->minimum_row) &&
           optional_is_fine (self->maximum_row);
  return cobro_money_row_get_money (self->amount_row, &money);
}

static void
show_problem (CobroLinkDialog *self, const char *text)
{
  gtk_label_set_text (self->problem_label, text);
  if (gtk_widget_get_visible (GTK_WIDGET (self->problem_label)) == (*text != '\0'))
    return;

  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), *text != '\0');
  cobro_dialogs_fit (GTK_WINDOW (self));
}

static void
update (CobroLinkDialog *self)
{
  gboolean open = is_open (self);

  gtk_widget_set_sensitive (GTK_WIDGET (self->done_button), is_complete (self));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->amount_row),
                                 open ? _ ("Suggested Amount (Optional)") : _ ("Amount"));
  if (!self->usage_row)
    return;

  gtk_widget_set_visible (self->limit_row, adw_combo_row_get_selected (self->usage_row) == COBRO_USAGE_LIMITED);
  gtk_widget_set_visible (GTK_WIDGET (self->minimum_row), open);
  gtk_widget_set_visible (GTK_WIDGET (self->maximum_row), open);
  gtk_widget_set_visible (self->partial_action_row, !open);
}

static void
on_changed_cb (CobroLinkDialog *self)
{
  gtk_widget_remove_css_class (GTK_WIDGET (self->title_row), "error");
  show_problem (self, cobro_money_row_get_problem (self->amount_row));
  update (self);
}

static void
on_amount_changed_cb (CobroLinkDialog *self)
{
  CobroCurrency currency = cobro_money_row_get_currency (self->amount_row);

  if (self->minimum_row)
    {
      cobro_money_row_set_currency (self->minimum_row, currency);
      cobro_money_row_set_currency (self->maximum_row, currency);
    }
  on_changed_cb (self);
}

/* What is not there yet, for somebody who is faster. */
static void
fill_expanders (CobroLinkDialog *self)
{
  cobro_late_hurry (GTK_WIDGET (self->options_row));
  cobro_late_hurry (GTK_WIDGET (self->customer_row));
  cobro_late_hurry (GTK_WIDGET (self->after_row));
}

static void
on_expanded_cb (CobroLinkDialog *self)
{
  fill_expanders (self);
  cobro_dialogs_fit (GTK_WINDOW (self));
}

static void
on_title_activated_cb (CobroLinkDialog *self)
{
  if (gtk_widget_get_sensitive (GTK_WIDGET (self->done_button)))
    g_signal_emit_by_name (self->done_button, "clicked");
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->amount_row));
}

/* ── From the link to the form ── */

static void
show_link (CobroLinkDialog *self, const CobroLink *link)
{
  CobroMoney amount = link->pricing == COBRO_PRICING_OPEN ? link->preset : link->amount;

  cobro_money_row_set_currency (self->amount_row, link->currency);
  if (cobro_money_is_set (amount))
    cobro_money_row_set_money (self->amount_row, amount);
  gtk_editable_set_text (self->title_row, link->title);
}

static void
show_limits (CobroLinkDialog *self, const CobroLink *link)
{
  CobroCurrency currency = cobro_money_row_get_currency (self->amount_row);

  cobro_money_row_set_currency (self->minimum_row, currency);
  cobro_money_row_set_currency (self->maximum_row, currency);
  if (cobro_money_is_set (link->minimum) && link->currency == currency)
    cobro_money_row_set_money (self->minimum_row, link->minimum);
  if (cobro_money_is_set (link->maximum) && link->currency == currency)
    cobro_money_row_set_money (self->maximum_row, link->maximum);
  cobro_money_row_set_currency_fixed (self->minimum_row, TRUE);
  cobro_money_row_set_currency_fixed (self->maximum_row, TRUE);
}

static void
show_options (CobroLinkDialog *self, const CobroLink *link)
{
  gtk_switch_set_active (self->open_switch, link->pricing == COBRO_PRICING_OPEN);
  gtk_editable_set_text (self->description_row, link->description);
  gtk_editable_set_text (self->reference_row, link->reference);
  adw_combo_row_set_selected (self->usage_row, link->usage);
  if (link->usage == COBRO_USAGE_LIMITED)
    gtk_spin_button_set_value (self->limit_spin, link->usage_limit);
  cobro_day_row_set_time (self->starts_row, link->not_before, FALSE);
  cobro_day_row_set_time (self->expires_row, link->expires_at, TRUE);
  show_limits (self, link);
  gtk_switch_set_active (self->partial_switch, link->partial == COBRO_PARTIAL_ON);
}

static void
show_customer (CobroLinkDialog *self, const CobroLink *link)
{
  gtk_editable_set_text (self->customer_name_row, link->customer_name);
  gtk_editable_set_text (self->customer_email_row, link->customer_email);
  cobro_language_row_set_tag (self->language_row, link->locale);
  gtk_check_button_set_active (self->collect_name, link->collect & COBRO_COLLECT_NAME);
  gtk_check_button_set_active (self->collect_email, link->collect & COBRO_COLLECT_EMAIL);
  gtk_check_button_set_active (self->collect_phone, link->collect & COBRO_COLLECT_PHONE);
  gtk_check_button_set_active (self->collect_address, link->collect & COBRO_COLLECT_ADDRESS);
}

static void
show_after (CobroLinkDialog *self, const CobroLink *link)
{
  gtk_editable_set_text (self->after_message_row, link->after_message);
  gtk_editable_set_text (self->after_url_row, link->after_redirect_url);
  gtk_editable_set_text (self->closed_message_row, link->closed_message);
}

/* ── The expanders, each in a turn of its own after the dialog was painted ── */

static const CobroLateChild options_children[] = {
  COBRO_LATE_CHILD (CobroLinkDialog, description_row),
  COBRO_LATE_CHILD (CobroLinkDialog, reference_row),
  COBRO_LATE_CHILD (CobroLinkDialog, usage_row),
  COBRO_LATE_CHILD (CobroLinkDialog, limit_row),
  COBRO_LATE_CHILD (CobroLinkDialog, limit_spin),
  COBRO_LATE_CHILD (CobroLinkDialog, starts_row),
  COBRO_LATE_CHILD (CobroLinkDialog, expires_row),
  COBRO_LATE_CHILD (CobroLinkDialog, open_switch),
  COBRO_LATE_CHILD (CobroLinkDialog, minimum_row),
  COBRO_LATE_CHILD (CobroLinkDialog, maximum_row),
  COBRO_LATE_CHILD (CobroLinkDialog, partial_action_row),
  COBRO_LATE_CHILD (CobroLinkDialog, partial_switch),
  { NULL, 0 },
};

static const CobroLateChild customer_children[] = {
  COBRO_LATE_CHILD (CobroLinkDialog, customer_name_row), COBRO_LATE_CHILD (CobroLinkDialog, customer_email_row),
  COBRO_LATE_CHILD (CobroLinkDialog, language_row),      COBRO_LATE_CHILD (CobroLinkDialog, collect_name),
  COBRO_LATE_CHILD (CobroLinkDialog, collect_email),     COBRO_LATE_CHILD (CobroLinkDialog, collect_phone),
  COBRO_LATE_CHILD (CobroLinkDialog, collect_address),   { NULL, 0 },
};

static const CobroLateChild after_children[] = {
  COBRO_LATE_CHILD (CobroLinkDialog, after_message_row),
  COBRO_LATE_CHILD (CobroLinkDialog, after_url_row),
  COBRO_LATE_CHILD (CobroLinkDialog, closed_message_row),
  { NULL, 0 },
};

static CobroLinkDialog *
extend (GtkWidget *expander, const char *file, const CobroLateChild *children)
{
  CobroLinkDialog *self = COBRO_LINK_DIALOG (gtk_widget_get_root (expander));
  g_autoptr (GtkBuilderScope) scope = gtk_builder_cscope_new ();

  gtk_builder_cscope_add_callback (scope, on_changed_cb);
  cobro_late_extend (expander, file, scope, G_OBJECT (self), children);
  return self;
}

static void
fill_options (GtkWidget *expander)
{
  CobroLinkDialog *self = extend (expander, "cobro-link-options.ui", options_children);

  show_options (self, self->base);
  update (self);
}

static void
fill_customer (GtkWidget *expander)
{
  CobroLinkDialog *self = extend (expander, "cobro-link-customer.ui", customer_children);

  show_customer (self, self->base);
}

static void
fill_after (GtkWidget *expander)
{
  CobroLinkDialog *self = extend (expander, "cobro-link-after.ui", after_children);

  show_after (self, self->base);
}

/* ── From the form to the link ── */

static void
take_text (char **field, GtkEditable *row)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (row)));

  cobro_link_set_text (field, text);
}

static void
take_pricing (CobroLinkDialog *self, CobroLink *link)
{
  gboolean open = is_open (self);
  CobroMoney amount = COBRO_MONEY_NONE, low = COBRO_MONEY_NONE, high = COBRO_MONEY_NONE;

  /* What is not filled in stays unset. */
  if (!cobro_money_row_get_money (self->amount_row, &amount))
    amount = COBRO_MONEY_NONE;
  if (open && !cobro_money_row_get_money (self->minimum_row, &low))
    low = COBRO_MONEY_NONE;
  if (open && !cobro_money_row_get_money (self->maximum_row, &high))
    high = COBRO_MONEY_NONE;

  link->currency = cobro_money_row_get_currency (self->amount_row);
  link->pricing = open ? COBRO_PRICING_OPEN : COBRO_PRICING_FIXED;
  link->amount = open ? COBRO_MONEY_NONE : amount;
  link->preset = open ? amount : COBRO_MONEY_NONE;
  link->minimum = low;
  link->maximum = high;
  if (link->partial != COBRO_PARTIAL_PLAN || open)
    link->partial = !open && gtk_switch_get_active (self->partial_switch) ? COBRO_PARTIAL_ON : COBRO_PARTIAL_OFF;
}

static guint
take_collect (CobroLinkDialog *self)
{
  return (gtk_check_button_get_active (self->collect_name) ? COBRO_COLLECT_NAME : 0u) |
         (gtk_check_button_get_active (self->collect_email) ? COBRO_COLLECT_EMAIL : 0u) |
         (gtk_check_button_get_active (self->collect_phone) ? COBRO_COLLECT_PHONE : 0u) |
         (gtk_check_button_get_active (self->collect_address) ? COBRO_COLLECT_ADDRESS : 0u);
}

static CobroLink *
take_link (CobroLinkDialog *self)
{
  CobroLink *link = cobro_link_copy (self->base);

  fill_expanders (self);
  if (link->pricing != COBRO_PRICING_LINES)
    take_pricing (self, link);
  take_text (&link->title, self->title_row);
  take_text (&link->description, self->description_row);
  take_text (&link->reference, self->reference_row);
  link->usage = (CobroUsage)adw_combo_row_get_selected (self->usage_row);
  link->usage_limit = link->usage == COBRO_USAGE_LIMITED ? gtk_spin_button_get_value_as_int (self->limit_spin) : 0;
  link->not_before = cobro_day_row_get_time (self->starts_row);
  link->expires_at = cobro_day_row_get_time (self->expires_row);
  take_text (&link->customer_name, self->customer_name_row);
  take_text (&link->customer_email, self->customer_email_row);
  cobro_link_set_text (&link->locale, cobro_language_row_get_tag (self->language_row));
  link->collect = take_collect (self);
  take_text (&link->after_message, self->after_message_row);
  take_text (&link->after_redirect_url, self->after_url_row);
  take_text (&link->closed_message, self->closed_message_row);
  return link;
}

/* ── Writing it ── */

/* The row that a rule's path speaks of, so that the person looks at the right place. */
static GtkWidget *
row_of_path (CobroLinkDialog *self, const char *path, AdwExpanderRow **out_expander)
{
  const struct
  {
    const char *path;
    gpointer row;
    AdwExpanderRow *expander;
  } rows[] = {
    { "title", self->title_row, NULL },
    { "reference", self->reference_row, self->options_row },
    { "description", self->description_row, self->options_row },
    { "usage", self->usage_row, self->options_row },
    { "expiresAt", self->expires_row, self->options_row },
    { "notBefore", self->starts_row, self->options_row },
    { "pricing.minimum", self->minimum_row, self->options_row },
    { "pricing.maximum", self->maximum_row, self->options_row },
    { "pricing", self->amount_row, NULL },
    { "customer.email", self->customer_email_row, self->customer_row },
    { "customer", self->customer_name_row, self->customer_row },
    { "after.redirectUrl", self->after_url_row, self->after_row },
    { "after", self->after_message_row, self->after_row },
    { "closedMessage", self->closed_message_row, self->after_row },
  };

  *out_expander = NULL;
  for (gsize i = 0; path && i < G_N_ELEMENTS (rows); i++)
    if (g_str_has_prefix (path, rows[i].path))
      {
        *out_expander = rows[i].expander;
        return rows[i].row;
      }
  return NULL;
}

static void
show_failure (CobroLinkDialog *self, const GError *error)
{
  AdwExpanderRow *expander = NULL;
  GtkWidget *row = row_of_path (self, cobro_error_get_path (error), &expander);
  g_autofree char *sentence = cobro_view_error (error);
  /* Translators: %s is a sentence that says what is wrong. */
  g_autofree char *text = g_strdup_printf (_ ("%s Nothing was saved yet."), sentence);

  self->busy = FALSE;
  update (self);
  show_problem (self, text);
  if (expander)
    adw_expander_row_set_expanded (expander, TRUE);
  if (row)
    gtk_widget_grab_focus (row);
}

static void
finish (CobroLinkDialog *self, CobroLinkItem *item)
{
  g_signal_emit (self, signals[DONE], 0, item);
  cobro_dialogs_close (GTK_WINDOW (self));
}

static void
on_created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroLinkDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroLinkItem) item = cobro_links_create_finish (COBRO_LINKS (source), result, &error);

  if (item)
    finish (self, item);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_failure (self, error);
}

static void
on_link_changed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroLinkDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  if (cobro_links_change_finish (COBRO_LINKS (source), result, &error))
    finish (self, NULL);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_failure (self, error);
}

static void
on_done_clicked_cb (CobroLinkDialog *self)
{
  g_autoptr (CobroLink) link = NULL;

  if (!is_complete (self))
    return;

  self->busy = TRUE;
  update (self);
  link = take_link (self);
  if (self->mode == COBRO_LINK_DIALOG_EDIT)
    cobro_links_change_async (self->links, link, _ ("Link changed"), self->cancellable, on_link_changed_cb,
                              g_object_ref (self));
  else
    cobro_links_create_async (self->links, link, self->cancellable, on_created_cb, g_object_ref (self));
}

/* ── The widget ── */

static void
cobro_link_dialog_dispose (GObject *object)
{
  CobroLinkDialog *self = COBRO_LINK_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_pointer (&self->base, cobro_link_unref);
  g_clear_object (&self->links);
  G_OBJECT_CLASS (cobro_link_dialog_parent_class)->dispose (object);
}

static void
cobro_link_dialog_finalize (GObject *object)
{
  g_object_unref (COBRO_LINK_DIALOG (object)->cancellable);
  G_OBJECT_CLASS (cobro_link_dialog_parent_class)->finalize (object);
}

static void
cobro_link_dialog_class_init (CobroLinkDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_MONEY_ROW);
  g_type_ensure (COBRO_TYPE_DAY_ROW);
  g_type_ensure (COBRO_TYPE_LANGUAGE_ROW);
  object_class->dispose = cobro_link_dialog_dispose;
  object_class->finalize = cobro_link_dialog_finalize;
  signals[DONE] = g_signal_new ("done", COBRO_TYPE_LINK_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                COBRO_TYPE_LINK_ITEM);

  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-link-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroLinkDialog, title_row);
  gtk_widget_class_bind_template_child (widget_class, CobroLinkDialog, amount_row);
  gtk_widget_class_bind_template_child (widget_class, CobroLinkDialog, done_button);
  gtk_widget_class_bind_template_child (widget_class, CobroLinkDialog, problem_label);
  gtk_widget_class_bind_template_child (widget_class, CobroLinkDialog, options_row);
  gtk_widget_class_bind_template_child (widget_class, CobroLinkDialog, customer_row);
  gtk_widget_class_bind_template_child (widget_class, CobroLinkDialog, after_row);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_amount_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_expanded_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_title_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_done_clicked_cb);
}

static void
cobro_link_dialog_init (CobroLinkDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  cobro_late_call (GTK_WIDGET (self->options_row), fill_options);
  cobro_late_call (GTK_WIDGET (self->customer_row), fill_customer);
  cobro_late_call (GTK_WIDGET (self->after_row), fill_after);
}

/* (transfer full) what the form begins with. */
static CobroLink *
make_base (CobroLinkDialogMode mode, CobroLinkItem *item, CobroCurrency currency)
{
  CobroLink *base;

  if (!item)
    {
      base = cobro_link_new ();
      base->currency = currency;
      return base;
    }

  base = cobro_link_copy (cobro_link_item_get_link (item));
  if (mode == COBRO_LINK_DIALOG_DUPLICATE)
    {
      /* A new link of its own: same thing for sale, nothing of the old one's history. */
      base->id = COBRO_ID_NONE;
      base->token = COBRO_TOKEN_NONE;
      base->rev = 0;
      base->decision = COBRO_DECISION_ACTIVE;
      base->not_before = base->expires_at = 0;
      cobro_link_set_text (&base->reference, "");
    }
  return base;
}

static CobroCurrency
new_currency (CobroBusiness *business)
{
  CobroCurrency currency = cobro_business_get_currency (business);

  return currency == COBRO_CURRENCY_NONE ? cobro_view_default_currency () : currency;
}

CobroLinkDialog *
cobro_link_dialog_new (GtkWindow *parent, CobroLinks *links, CobroBusiness *business, CobroLinkDialogMode mode,
                       CobroLinkItem *item)
{
  CobroLinkDialog *self = g_object_new (COBRO_TYPE_LINK_DIALOG, "transient-for", parent, NULL);
  gboolean lines;

  self->links = g_object_ref (links);
  self->mode = mode;
  self->base = make_base (mode, item, new_currency (business));
  lines = self->base->pricing == COBRO_PRICING_LINES;
  show_link (self, self->base);
  gtk_widget_set_visible (GTK_WIDGET (self->amount_row), !lines);

  if (mode == COBRO_LINK_DIALOG_EDIT)
    {
      gtk_window_set_title (GTK_WINDOW (self), _ ("Edit Link"));
      gtk_button_set_label (self->done_button, _ ("_Save"));
      cobro_money_row_set_currency_fixed (self->amount_row, cobro_link_item_get_tally (item)->attempts > 0);
    }
  else if (mode == COBRO_LINK_DIALOG_DUPLICATE)
    gtk_window_set_title (GTK_WINDOW (self), _ ("Duplicate Link"));
  on_changed_cb (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->title_row));
  return self;
}
