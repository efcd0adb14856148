/* src/view/pages/cobro-mail-page.c — Preferences → E-Mail.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-mail-page.h"

#include <glib/gi18n.h>
#include "cobro-merchant-form.h"
#include "cobro-money-row.h"
#include "cobro-money-text.h"
#include "cobro-number-row.h"
#include "cobro-reminders-group.h"
#include "cobro-tax-dialog.h"
#include "cobro-text-row.h"
#include "cobro-view-text.h"

struct _CobroMailPage
{
  CobroLatePage parent_instance;
  GtkWidget *greeting_row;
  CobroRemindersGroup *reminders_group;
  GtkSwitch *fee_switch;
  CobroNumberRow *fee_after_row;
  GtkWidget *fee_percent_row;
  CobroMoneyRow *fee_fixed_row;
  CobroBusiness *business;
  CobroMerchantForm *form;
};

G_DEFINE_FINAL_TYPE (CobroMailPage, cobro_mail_page, COBRO_TYPE_LATE_PAGE)

/* ── The late fee as text ── */

static char *
get_percent (const CobroMerchant *merchant)
{
  g_autofree char *plain = cobro_decimal_to_text (merchant->late_fee.percent);

  return cobro_decimal_entry_text (plain, cobro_view_locale ());
}

static gboolean
set_percent (CobroMerchant *merchant, const char *text, GError **error)
{
  return cobro_tax_dialog_read_percent (*text ? text : "0", &merchant->late_fee.percent, error);
}

static CobroCurrency
fee_currency (const CobroMerchant *merchant)
{
  CobroCurrency currency;

  if (cobro_money_is_set (merchant->late_fee.fixed))
    return merchant->late_fee.fixed.currency;
  if (*merchant->currency && cobro_currency_from_code (merchant->currency, &currency, NULL))
    return currency;
  return cobro_view_default_currency ();
}

static char *
get_fixed (const CobroMerchant *merchant)
{
  if (!cobro_money_is_set (merchant->late_fee.fixed))
    return g_strdup ("");
  return cobro_money_text_number (merchant->late_fee.fixed, cobro_view_locale ());
}

static gboolean
set_fixed (CobroMerchant *merchant, const char *text, GError **error)
{
  CobroCurrency currency = fee_currency (merchant);

  if (*text)
    return cobro_money_from_text (text, currency, cobro_view_locale (), &merchant->late_fee.fixed, NULL, error);
  merchant->late_fee.fixed = (CobroMoney){ 0 };
  return TRUE;
}

/* ── What is chosen ── */

static void
choose (CobroMerchant *merchant, gpointer data)
{
  CobroMailPage *self = data;

  merchant->reminders = cobro_reminders_group_get (self->reminders_group);
  merchant->late_fee.on = gtk_switch_get_active (self->fee_switch);
  merchant->late_fee.after = cobro_number_row_get_value (self->fee_after_row);
}

static void
on_changed_cb (CobroMailPage *self)
{
  if (self->form)
    cobro_merchant_form_change (self->form, choose, self);
}

static void
on_shown_cb (CobroMailPage *self)
{
  const CobroMerchant *merchant = cobro_merchant_form_get (self->form);
  gboolean on = merchant->late_fee.on;

  cobro_reminders_group_set (self->reminders_group, &merchant->reminders);
  gtk_switch_set_active (self->fee_switch, on);
  cobro_number_row_set_value (self->fee_after_row, merchant->late_fee.after);
  cobro_money_row_set_currency (self->fee_fixed_row, fee_currency (merchant));
  gtk_widget_set_visible (GTK_WIDGET (self->fee_after_row), on);
  gtk_widget_set_visible (self->fee_percent_row, on);
  gtk_widget_set_visible (GTK_WIDGET (self->fee_fixed_row), on);
}

/* ── The widget ── */

static void
cobro_mail_page_dispose (GObject *object)
{
  CobroMailPage *self = COBRO_MAIL_PAGE (object);

  if (self->form)
    g_signal_handlers_disconnect_by_data (self->form, self);
  g_clear_object (&self->form);
  g_clear_object (&self->business);
  G_OBJECT_CLASS (cobro_mail_page_parent_class)->dispose (object);
}

static void
cobro_mail_page_build (CobroLatePage *page)
{
  CobroMailPage *self = COBRO_MAIL_PAGE (page);

  gtk_widget_init_template (GTK_WIDGET (self));
  cobro_number_row_set_range (self->fee_after_row, 0, 365);
  cobro_money_row_set_currency_fixed (self->fee_fixed_row, TRUE);
  self->form = cobro_merchant_form_new (self->business, GTK_WIDGET (self));
  cobro_merchant_form_add (self->form, self->greeting_row, G_STRUCT_OFFSET (CobroMerchant, mail_greeting), NULL);
  cobro_merchant_form_add_read (self->form, self->fee_percent_row, get_percent, set_percent, NULL);
  cobro_merchant_form_add_read (self->form, self->fee_fixed_row, get_fixed, set_fixed, NULL);
  g_signal_connect_swapped (self->form, "shown", G_CALLBACK (on_shown_cb), self);
  g_signal_connect_swapped (self->reminders_group, "chosen", G_CALLBACK (on_changed_cb), self);
  cobro_merchant_form_refresh (self->form);
}

static void
cobro_mail_page_class_init (CobroMailPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_MONEY_ROW);
  g_type_ensure (COBRO_TYPE_NUMBER_ROW);
  g_type_ensure (COBRO_TYPE_REMINDERS_GROUP);
  g_type_ensure (COBRO_TYPE_TEXT_ROW);
  G_OBJECT_CLASS (klass)->dispose = cobro_mail_page_dispose;
  COBRO_LATE_PAGE_CLASS (klass)->build = cobro_mail_page_build;
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-mail-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroMailPage, greeting_row);
  gtk_widget_class_bind_template_child (widget_class, CobroMailPage, reminders_group);
  gtk_widget_class_bind_template_child (widget_class, CobroMailPage, fee_switch);
  gtk_widget_class_bind_template_child (widget_class, CobroMailPage, fee_after_row);
  gtk_widget_class_bind_template_child (widget_class, CobroMailPage, fee_percent_row);
  gtk_widget_class_bind_template_child (widget_class, CobroMailPage, fee_fixed_row);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
}

static void
cobro_mail_page_init (CobroMailPage *self)
{
}

void
cobro_mail_page_set_business (CobroMailPage *self, CobroBusiness *business)
{
  g_return_if_fail (COBRO_IS_MAIL_PAGE (self));
  g_return_if_fail (self->business == NULL);

  self->business = g_object_ref (business);
}

void
cobro_mail_page_commit (CobroMailPage *self)
{
  g_return_if_fail (COBRO_IS_MAIL_PAGE (self));

  if (self->form)
    cobro_merchant_form_commit (self->form);
}
