/* src/view/cobro-view-text.c — what the window says about a link.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-view-text.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>
#include <locale.h>
#include "cobro-date-text.h"
#include "cobro-money-text.h"

#define LOCALE_KEY "cobro-locale"

CobroLocale *
cobro_view_locale (void)
{
  /* Kept with the display's settings: it lives as long as anything that can be looked at. */
  GObject *keeper = G_OBJECT (gtk_settings_get_default ());
  CobroLocale *locale = g_object_get_data (keeper, LOCALE_KEY);

  if (!locale)
    {
      g_autoptr (GTimeZone) zone = g_time_zone_new_local ();

      locale = cobro_locale_new (setlocale (LC_MONETARY, NULL), g_time_zone_get_identifier (zone));
      g_object_set_data_full (keeper, LOCALE_KEY, locale, (GDestroyNotify)cobro_locale_unref);
    }
  return locale;
}

CobroCurrency
cobro_view_default_currency (void)
{
  const struct lconv *local = localeconv ();
  g_autofree char *code = g_strndup (local->int_curr_symbol, 3);
  CobroCurrency currency = COBRO_CURRENCY_NONE;

  if (!cobro_currency_from_code (code, &currency, NULL) && !cobro_currency_from_code ("EUR", &currency, NULL))
    return 1;
  return currency;
}

const char *
cobro_view_connection (CobroConnectionState state, gboolean practice)
{
  switch (state)
    {
    case COBRO_CONNECTION_NONE:
      return _ ("Not Connected");
    case COBRO_CONNECTION_STARTING:
      return _ ("Connecting…");
    case COBRO_CONNECTION_ONLINE:
      return practice ? _ ("Practice Mode") : _ ("Up to Date");
    case COBRO_CONNECTION_SYNCING:
      return _ ("Uploading…");
    case COBRO_CONNECTION_OFFLINE:
      return _ ("Offline");
    case COBRO_CONNECTION_REFUSED:
      return _ ("The Relay Refuses");
    case COBRO_CONNECTION_LOCKED:
      return _ ("No Key for the Relay");
    }
  return "";
}

static gboolean
needs_money_word (CobroPaidStatus paid)
{
  return paid != COBRO_PAID_PENDING && paid != COBRO_PAID_FAILED;
}

static CobroViewStatus
paid_status (CobroPaidStatus paid)
{
  switch (paid)
    {
    case COBRO_PAID_PROCESSING:
      return (CobroViewStatus){ _ ("Processing"), "cobro-status-processing-symbolic", "accent" };
    case COBRO_PAID_PARTIALLY:
      return (CobroViewStatus){ _ ("Partly Paid"), "cobro-status-partly-symbolic", "warning" };
    case COBRO_PAID_PAID:
      return (CobroViewStatus){ _ ("Paid"), "cobro-status-paid-symbolic", "success" };
    case COBRO_PAID_OVERPAID:
      return (CobroViewStatus){ _ ("Paid Too Much"), "cobro-status-over-symbolic", "warning" };
    case COBRO_PAID_REFUNDED:
      return (CobroViewStatus){ _ ("Refunded"), "cobro-status-refunded-symbolic", "dim-label" };
    case COBRO_PAID_PARTIALLY_REFUNDED:
      return (CobroViewStatus){ _ ("Partly Refunded"), "cobro-status-refunded-symbolic", "dim-label" };
    case COBRO_PAID_FAILED:
      return (CobroViewStatus){ _ ("Payment Failed"), "cobro-status-failed-symbolic", "warning" };
    case COBRO_PAID_PENDING:
      break;
    }
  return (CobroViewStatus){ _ ("Live"), "cobro-status-live-symbolic", "accent" };
}

static CobroViewStatus
open_status (CobroLinkItem *item, CobroPaidStatus paid)
{
  /* Also what was only practised, before these books took real money: nobody can pay it. */
  if (cobro_link_item_get_state (item) == COBRO_RECORD_SAMPLE)
    return (CobroViewStatus){ C_ ("status of a link", "Sample"), "cobro-status-draft-symbolic", "dim-label" };
  if (!cobro_link_item_get_ever_live (item))
    return (CobroViewStatus){ _ ("Waiting to Upload"), "cobro-status-waiting-symbolic", "warning" };
  return paid_status (paid);
}

CobroViewStatus
cobro_view_status (CobroLinkItem *item)
{
  CobroLinkView view = cobro_link_item_get_view (item);
  gboolean many = cobro_link_item_get_link (item)->usage != COBRO_USAGE_SINGLE;

  if (cobro_link_item_get_state (item) == COBRO_RECORD_REJECTED)
    return (CobroViewStatus){ _ ("Refused"), "cobro-status-refused-symbolic", "error" };
  if (cobro_link_item_get_state (item) == COBRO_RECORD_CONFLICT)
    return (CobroViewStatus){ _ ("Changed Twice"), "cobro-status-conflict-symbolic", "warning" };
  /* A link for one payment is what became of that payment; one for many stays what it is while people pay. */
  if (needs_money_word (view.paid_status) && !(many && view.status == COBRO_LINK_OPEN))
    return paid_status (view.paid_status);

  switch (view.status)
    {
    case COBRO_LINK_DRAFT:
      return (CobroViewStatus){ _ ("Draft"), "cobro-status-draft-symbolic", "dim-label" };
    case COBRO_LINK_SCHEDULED:
      return (CobroViewStatus){ _ ("Scheduled"), "cobro-status-scheduled-symbolic", "dim-label" };
    case COBRO_LINK_PAUSED:
      return (CobroViewStatus){ _ ("Paused"), "cobro-status-paused-symbolic", "warning" };
    case COBRO_LINK_EXPIRED:
      return (CobroViewStatus){ _ ("Expired"), "cobro-status-expired-symbolic", "dim-label" };
    case COBRO_LINK_USED_UP:
      return (CobroViewStatus){ _ ("Used Up"), "cobro-status-paid-symbolic", "success" };
    case COBRO_LINK_CANCELLED:
      return (CobroViewStatus){ _ ("Cancelled"), "cobro-status-cancelled-symbolic", "dim-label" };
    case COBRO_LINK_OPEN:
      break;
    }
  return open_status (item, many ? COBRO_PAID_PENDING : view.paid_status);
}

static char *
open_reason (CobroLinkItem *item, gboolean has_relay)
{
  const CobroLink *link = cobro_link_item_get_link (item);
  CobroLinkView view = cobro_link_item_get_view (item);
  g_autofree char *until = NULL;

  if (cobro_link_item_get_state (item) == COBRO_RECORD_SAMPLE)
    return g_strdup (_ ("This is sample data. It is never uploaded and nobody can pay it."));
  if (!cobro_link_item_get_ever_live (item) && !has_relay)
    return g_strdup (_ ("It is safe on this computer. Connect a relay so that customers can pay it."));
  if (!cobro_link_item_get_ever_live (item))
    return g_strdup (_ ("Its address is final and you can share it now. Customers can pay as soon as it is uploaded."));
  if (view.paid_status == COBRO_PAID_FAILED)
    return g_strdup (_ ("The last attempt to pay failed and nothing was charged. The customer can try again."));
  if (link->expires_at == 0)
    return g_strdup (_ ("Customers can pay it now."));

  until = cobro_date_time_text (link->expires_at, cobro_view_locale ());
  /* Translators: %s is a date and time. */
  return g_strdup_printf (_ ("Customers can pay it until %s."), until);
}

static char *
money_reason (CobroLinkItem *item, CobroPaidStatus paid)
{
  const CobroLinkTally *tally = cobro_link_item_get_tally (item);
  g_autofree char *sum = cobro_money_text (tally->paid, cobro_view_locale ());
  g_autofree char *back = cobro_money_text (tally->refunded, cobro_view_locale ());

  switch (paid)
    {
    case COBRO_PAID_PROCESSING:
      return g_strdup (_ ("A payment is on its way. The provider has not confirmed it yet: nothing is certain."));
    case COBRO_PAID_PARTIALLY:
      /* Translators: %s is an amount of money. */
      return g_strdup_printf (_ ("%s arrived so far; the rest is still open."), sum);
    case COBRO_PAID_PAID:
      return g_strdup_printf (_ ("%s arrived."), sum);
    case COBRO_PAID_OVERPAID:
      return g_strdup_printf (_ ("%s arrived, which is more than you asked for."), sum);
    case COBRO_PAID_REFUNDED:
      return g_strdup_printf (_ ("%s went back to the customer."), back);
    case COBRO_PAID_PARTIALLY_REFUNDED:
      /* Translators: both %s are amounts of money. */
      return g_strdup_printf (_ ("%1$s arrived; %2$s of it went back to the customer."), sum, back);
    case COBRO_PAID_PENDING:
    case COBRO_PAID_FAILED:
      break;
    }
  return g_strdup ("");
}

static char *
refused_reason (CobroLinkItem *item)
{
  /* Translators: %s is the relay's reason, in its own words. */
  return g_strdup_printf (_ ("The relay refused your last change: %s. Nobody was charged. Edit the link and it is "
                             "uploaded again."),
                          cobro_link_item_get_reason (item));
}

char *
cobro_view_status_reason (CobroLinkItem *item, gboolean has_relay)
{
  const CobroLink *link = cobro_link_item_get_link (item);
  CobroLinkView view = cobro_link_item_get_view (item);
  gboolean many = link->usage != COBRO_USAGE_SINGLE;
  g_autofree char *when = NULL;

  if (cobro_link_item_get_state (item) == COBRO_RECORD_REJECTED)
    return refused_reason (item);
  if (cobro_link_item_get_state (item) == COBRO_RECORD_CONFLICT)
    return g_strdup (_ ("It was changed on another computer too. The later change counts; the other is kept below."));
  if (needs_money_word (view.paid_status) && !(many && view.status == COBRO_LINK_OPEN))
    return money_reason (item, view.paid_status);

  switch (view.status)
    {
    case COBRO_LINK_DRAFT:
      return g_strdup (_ ("Nobody can pay it until you publish it."));
    case COBRO_LINK_SCHEDULED:
      when = cobro_date_time_text (link->not_before, cobro_view_locale ());
      return g_strdup_printf (_ ("Customers can pay it from %s."), when);
    case COBRO_LINK_PAUSED:
      return g_strdup (_ ("You paused it. Nobody can pay until you resume it."));
    case COBRO_LINK_EXPIRED:
      when = cobro_date_time_text (link->expires_at, cobro_view_locale ());
      return g_strdup_printf (_ ("It ended on %s. Edit it to give customers more time."), when);
    case COBRO_LINK_USED_UP:
      return g_strdup (_ ("It was paid as often as you allowed."));
    case COBRO_LINK_CANCELLED:
      return g_strdup (_ ("You cancelled it. Nobody can pay it any more."));
    case COBRO_LINK_OPEN:
      break;
    }
  return open_reason (item, has_relay);
}

static char *
open_amount (const CobroLink *link, CobroLocale *locale)
{
  g_autofree char *low = cobro_money_text (link->minimum, locale);
  g_autofree char *high = cobro_money_text (link->maximum, locale);

  if (*low && *high)
    /* Translators: both %s are amounts of money. */
    return g_strdup_printf (_ ("%1$s to %2$s"), low, high);
  if (*low)
    return g_strdup_printf (_ ("From %s"), low);
  if (*high)
    return g_strdup_printf (_ ("Up to %s"), high);
  return g_strdup (_ ("Any Amount"));
}

char *
cobro_view_amount (const CobroLink *link)
{
  CobroMoney total = COBRO_MONEY_NONE;

  if (link->pricing == COBRO_PRICING_OPEN)
    return open_amount (link, cobro_view_locale ());
  if (!cobro_link_total (link, &total, NULL))
    return g_strdup (_ ("Unknown"));
  return cobro_money_text (total, cobro_view_locale ());
}

char *
cobro_view_usage (CobroLinkItem *item)
{
  const CobroLink *link = cobro_link_item_get_link (item);
  gint64 uses = cobro_link_item_get_tally (item)->uses;
  g_autofree char *limit = NULL;
  g_autofree char *used = NULL;

  switch (link->usage)
    {
    case COBRO_USAGE_SINGLE:
      return g_strdup (_ ("Once"));
    case COBRO_USAGE_LIMITED:
      limit = cobro_number_text (link->usage_limit, cobro_view_locale ());
      used = cobro_number_text (uses, cobro_view_locale ());
      /* Translators: numbers: how often a link may be paid, how often it was. */
      return g_strdup_printf (_ ("Up to %1$s times, %2$s so far"), limit, used);
    case COBRO_USAGE_UNLIMITED:
      used = cobro_number_text (uses, cobro_view_locale ());
      return g_strdup_printf (_ ("As often as wanted, %s so far"), used);
    }
  return g_strdup ("");
}

char *
cobro_view_window (const CobroLink *link)
{
  g_autofree char *from = cobro_date_time_text (link->not_before, cobro_view_locale ());
  g_autofree char *until = cobro_date_time_text (link->expires_at, cobro_view_locale ());

  if (*from && *until)
    /* Translators: both %s are dates with times. */
    return g_strdup_printf (_ ("From %1$s until %2$s"), from, until);
  if (*from)
    return g_strdup_printf (_ ("From %s"), from);
  if (*until)
    return g_strdup_printf (_ ("Until %s"), until);
  return g_strdup (_ ("Always"));
}

/* A table keeps words and symbols side by side; the compiler checks that the last type has a row. */
static const struct
{
  const char *text;
  const char *icon;
} events[] = {
  [COBRO_EVENT_LINK_CREATED] = { N_ ("Link created"), "list-add-symbolic" },
  [COBRO_EVENT_LINK_UPDATED] = { N_ ("Link changed"), "document-edit-symbolic" },
  [COBRO_EVENT_LINK_PAUSED] = { N_ ("Link paused"), "media-playback-pause-symbolic" },
  [COBRO_EVENT_LINK_RESUMED] = { N_ ("Link resumed"), "media-playback-start-symbolic" },
  [COBRO_EVENT_LINK_CANCELLED] = { N_ ("Link cancelled"), "action-unavailable-symbolic" },
  [COBRO_EVENT_LINK_EXPIRED] = { N_ ("Link expired"), "appointment-missed-symbolic" },
  [COBRO_EVENT_LINK_VIEWED] = { N_ ("Opened by a customer"), "view-reveal-symbolic" },
  [COBRO_EVENT_LINK_TOKEN_REPLACED] = { N_ ("New address; the old one no longer works"), "view-refresh-symbolic" },
  [COBRO_EVENT_PAYMENT_CREATED] = { N_ ("A customer began to pay"), "system-run-symbolic" },
  [COBRO_EVENT_PAYMENT_REQUIRES_ACTION] = { N_ ("The customer's bank asked for confirmation"),
                                            "security-high-symbolic" },
  [COBRO_EVENT_PAYMENT_PROCESSING] = { N_ ("The provider is processing the payment"), "content-loading-symbolic" },
  [COBRO_EVENT_PAYMENT_SUCCEEDED] = { N_ ("Payment received"), "emblem-ok-symbolic" },
  [COBRO_EVENT_PAYMENT_FAILED] = { N_ ("Payment failed; nothing was charged"), "dialog-warning-symbolic" },
  [COBRO_EVENT_PAYMENT_CANCELLED] = { N_ ("Payment given up; nothing was charged"), "process-stop-symbolic" },
  [COBRO_EVENT_PAYMENT_UNKNOWN] = { N_ ("The provider did not answer; it is being asked"), "dialog-question-symbolic" },
  [COBRO_EVENT_PAYMENT_FLAGGED] = { N_ ("A payment needs your attention"), "emblem-important-symbolic" },
  [COBRO_EVENT_PAYMENT_RESOLVED] = { N_ ("You decided about this payment"), "emblem-ok-symbolic" },
  [COBRO_EVENT_DISPUTE_OPENED] = { N_ ("The customer disputes this payment at their bank"),
                                   "emblem-important-symbolic" },
  [COBRO_EVENT_DISPUTE_CLOSED] = { N_ ("The dispute is over"), "emblem-ok-symbolic" },
  [COBRO_EVENT_REFUND_CREATED] = { N_ ("Refund started"), "edit-undo-symbolic" },
  [COBRO_EVENT_REFUND_SUCCEEDED] = { N_ ("Refund arrived at the customer"), "edit-undo-symbolic" },
  [COBRO_EVENT_REFUND_FAILED] = { N_ ("Refund failed; the money is still yours"), "dialog-error-symbolic" },
  [COBRO_EVENT_MERCHANT_UPDATED] = { N_ ("Business profile changed"), "document-edit-symbolic" },
  [COBRO_EVENT_PROVIDER_QUARANTINED] = { N_ ("A provider's message did not fit and was set aside"),
                                         "emblem-important-symbolic" },
  [COBRO_EVENT_MERCHANT_CARD_TESTING] = { N_ ("Somebody tests stolen cards on your links; paying takes one step more"),
                                          "dialog-warning-symbolic" },
  [COBRO_EVENT_WEBHOOK_TEST] = { N_ ("A test message was sent to a webhook"), "network-transmit-symbolic" },
  [COBRO_EVENT_DELIVERY_EXHAUSTED] = { N_ ("A webhook did not answer for days; its messages wait for a replay"),
                                       "dialog-warning-symbolic" },
  [COBRO_EVENT_DELIVERY_RECOVERED] = { N_ ("A webhook answers again"), "emblem-ok-symbolic" },
  [COBRO_EVENT_PROVIDER_DEGRADED] = { N_ ("A payment provider does not answer; others are offered meanwhile"),
                                      "dialog-warning-symbolic" },
  [COBRO_EVENT_PROVIDER_RECOVERED] = { N_ ("The payment provider answers again"), "emblem-ok-symbolic" },
  [COBRO_EVENT_INVOICE_ISSUED] = { N_ ("Invoice issued"), "list-add-symbolic" },
  [COBRO_EVENT_INVOICE_UPDATED] = { N_ ("Invoice changed"), "document-edit-symbolic" },
  [COBRO_EVENT_INVOICE_SENT] = { N_ ("Invoice sent"), "mail-send-symbolic" },
  [COBRO_EVENT_INVOICE_VIEWED] = { N_ ("Invoice looked at"), "view-reveal-symbolic" },
  [COBRO_EVENT_INVOICE_PARTIALLY_PAID] = { N_ ("Invoice partly paid"), "emblem-ok-symbolic" },
  [COBRO_EVENT_INVOICE_PAID] = { N_ ("Invoice paid"), "emblem-ok-symbolic" },
  [COBRO_EVENT_INVOICE_OVERDUE] = { N_ ("Invoice overdue"), "appointment-missed-symbolic" },
  [COBRO_EVENT_INVOICE_VOIDED] = { N_ ("Invoice withdrawn"), "action-unavailable-symbolic" },
  [COBRO_EVENT_INVOICE_REMINDED] = { N_ ("Customer reminded of an invoice"), "mail-send-symbolic" },
  [COBRO_EVENT_CUSTOMER_UPDATED] = { N_ ("Customer changed"), "document-edit-symbolic" },
  [COBRO_EVENT_PRODUCT_UPDATED] = { N_ ("Product changed"), "document-edit-symbolic" },
  [COBRO_EVENT_RECURRING_UPDATED] = { N_ ("Recurring invoice changed"), "document-edit-symbolic" },
  [COBRO_EVENT_MAIL_FAILED] = { N_ ("A mail could not be delivered"), "dialog-warning-symbolic" },
};
G_STATIC_ASSERT (G_N_ELEMENTS (events) == COBRO_EVENT_MAIL_FAILED + 1);

const char *
cobro_view_event (CobroEventType type)
{
  g_return_val_if_fail ((guint)type < G_N_ELEMENTS (events), "");

  return _ (events[type].text);
}

const char *
cobro_view_event_icon (CobroEventType type)
{
  g_return_val_if_fail ((guint)type < G_N_ELEMENTS (events), "");

  return events[type].icon;
}

const char *
cobro_view_record_state (CobroRecordState state)
{
  switch (state)
    {
    case COBRO_RECORD_LIVE:
    case COBRO_RECORD_SAMPLE:
      return "";
    case COBRO_RECORD_WAITING:
      return _ ("Waiting to Upload");
    case COBRO_RECORD_REJECTED:
      return _ ("Not Accepted");
    case COBRO_RECORD_CONFLICT:
      return _ ("Changed Elsewhere, Too");
    }
  return "";
}

CobroViewStatus
cobro_view_payment_status (CobroPaymentState state)
{
  switch (state)
    {
    case COBRO_PAYMENT_CREATED:
    case COBRO_PAYMENT_PENDING:
      return (CobroViewStatus){ _ ("Started"), "cobro-status-processing-symbolic", "dim-label" };
    case COBRO_PAYMENT_REQUIRES_ACTION:
      return (CobroViewStatus){ _ ("Waiting for the Customer"), "cobro-status-scheduled-symbolic", "accent" };
    case COBRO_PAYMENT_PROCESSING:
      return (CobroViewStatus){ _ ("Processing"), "cobro-status-processing-symbolic", "accent" };
    case COBRO_PAYMENT_UNKNOWN:
      return (CobroViewStatus){ _ ("Being Checked"), "cobro-status-overdue-symbolic", "warning" };
    case COBRO_PAYMENT_FAILED:
      return (CobroViewStatus){ _ ("Failed"), "cobro-status-failed-symbolic", "warning" };
    case COBRO_PAYMENT_CANCELLED:
      return (CobroViewStatus){ _ ("Given Up"), "cobro-status-cancelled-symbolic", "dim-label" };
    case COBRO_PAYMENT_SUCCEEDED:
      return (CobroViewStatus){ _ ("Received"), "cobro-status-paid-symbolic", "success" };
    }
  return (CobroViewStatus){ "", "dialog-question-symbolic", "dim-label" };
}

static const struct
{
  CobroFlags flag;
  const char *text;
} flag_texts[] = {
  { COBRO_FLAG_LATE, N_ ("Money arrived after the link was closed. It is yours to keep or to give back.") },
  { COBRO_FLAG_DUPLICATE, N_ ("It was paid more often than you allowed. The extra payment should go back.") },
  { COBRO_FLAG_AMOUNT_MISMATCH, N_ ("The provider reported another amount than you asked for.") },
  { COBRO_FLAG_OVER, N_ ("More than the total arrived.") },
  { COBRO_FLAG_DISPUTED, N_ ("The customer disputes a payment at their bank. Answer in your provider's dashboard.") },
  { COBRO_FLAG_QUARANTINED,
    N_ ("A provider's message did not fit this link and was set aside. No money was counted.") },
};

char *
cobro_view_flags (guint flags)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (flag_texts); i++)
    if (flags & flag_texts[i].flag)
      g_string_append_printf (text, "%s%s", text->len ? "\n" : "", _ (flag_texts[i].text));
  return g_string_free (text, FALSE);
}

char *
cobro_view_error (const GError *error)
{
  GString *text = g_string_new (NULL);
  const char *rest = error->message;

  if (*rest)
    {
      g_string_append_unichar (text, g_unichar_toupper (g_utf8_get_char (rest)));
      g_string_append (text, g_utf8_next_char (rest));
    }
  if (text->len && !strchr (".!?", text->str[text->len - 1]))
    g_string_append_c (text, '.');
  return g_string_free (text, FALSE);
}

const char *
cobro_view_business (CobroBookshelf *bookshelf, const char *id)
{
  const char *name = cobro_bookshelf_get_name (bookshelf, id);

  return *name ? name : _ ("My Business");
}
