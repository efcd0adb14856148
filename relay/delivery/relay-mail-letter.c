/* relay/delivery/relay-mail-letter.c — from the books to a letter.
 * Layer: relay/delivery. */
#include "relay-mail-letter.h"

#include <string.h>

#include "cobro-error.h"
#include "cobro-mail-text.h"
#include "cobro-paper.h"
#include "relay-invoice-store.h"
#include "relay-logo-store.h"
#include "relay-mail-message.h"
#include "relay-merchant-store.h"
#include "relay-payment-store.h"

#define NOTICE_LIFE (2 * COBRO_DAY) /* others were in front of it: the log knows it all */

/* Everything that a letter is about, as it is now. */
typedef struct
{
  const RelayMail *mail;
  CobroMailKind kind;
  CobroTime now;
  CobroMerchant *merchant;
  RelayInvoiceRecord *invoice; /* (nullable) */
  RelayPaymentRecord *payment; /* (nullable) */
  RelayLinkRecord *link;       /* (nullable) of a payment without invoice */
  CobroInvoiceView view;       /* of @invoice */
  char *sender;                /* (nullable) the merchant's own address */
  char *url;                   /* (nullable) */
  char *locale;                /* the reader's */
  GBytes *logo;                /* (nullable) */
} Facts;

static void
facts_clear (Facts *facts)
{
  g_clear_pointer (&facts->merchant, cobro_merchant_unref);
  g_clear_pointer (&facts->invoice, relay_invoice_record_free);
  g_clear_pointer (&facts->payment, relay_payment_record_free);
  g_clear_pointer (&facts->link, relay_link_record_free);
  g_clear_pointer (&facts->sender, g_free);
  g_clear_pointer (&facts->url, g_free);
  g_clear_pointer (&facts->locale, g_free);
  g_clear_pointer (&facts->logo, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Facts, facts_clear)

void
relay_mail_letter_free (RelayMailLetter *letter)
{
  if (letter == NULL)
    return;
  g_free (letter->sender);
  g_bytes_unref (letter->message);
  g_free (letter);
}

/* ── Looking up ─────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
read_invoice (Facts *facts, CobroDb *db, const RelayScope *scope, const CobroId *id, GError **error)
{
  if (!(facts->invoice = relay_invoice_find (db, scope, id, error)))
    return FALSE;
  facts->view = relay_invoice_view (facts->invoice, facts->merchant->time_zone, facts->now);
  return TRUE;
}

static gboolean
read_payment (Facts *facts, CobroDb *db, const RelayScope *scope, GError **error)
{
  const CobroId *link_id;
  CobroId invoice_id;

  if (!(facts->payment = relay_payment_find (db, scope, &facts->mail->payment_id, error)))
    return FALSE;
  link_id = &facts->payment->payment->link_id;
  if (!cobro_id_is_set (link_id))
    return TRUE;
  if (!(facts->link = relay_link_find (db, scope, link_id, error)))
    return FALSE;
  invoice_id = facts->link->link->invoice_id;
  return !cobro_id_is_set (&invoice_id) || read_invoice (facts, db, scope, &invoice_id, error);
}

static gboolean
read_logo (Facts *facts, CobroDb *db, GError **error)
{
  GError *failure = NULL;

  if (*facts->merchant->logo == '\0')
    return TRUE;
  facts->logo = relay_logo_find (db, &facts->merchant->id, NULL, &failure);
  return facts->logo != NULL || cobro_error_forgive_not_found (failure, error);
}

/* Where it is paid or seen. Receipts go without when the token cannot be opened; what asks for money does not go. */
static gboolean
read_url (Facts *facts, const RelayMailDesk *desk, GError **error)
{
  const RelayLinkRecord *link = facts->invoice != NULL ? facts->invoice->link : facts->link;
  gboolean needed = facts->kind == COBRO_MAIL_INVOICE || facts->kind == COBRO_MAIL_REMINDER;
  g_autoptr (GError) failure = NULL;
  CobroToken token;

  if (link == NULL || facts->kind == COBRO_MAIL_PAID_NOTICE)
    return TRUE;
  if (relay_link_get_token (desk->store, link, &token, &failure))
    facts->url = g_strdup_printf ("%s/pay/%s", desk->public_url, token.text);
  else if (needed)
    g_propagate_error (error, g_steal_pointer (&failure));
  return facts->url != NULL || !needed;
}

static gboolean
is_language (const char *locale)
{
  return locale != NULL && *locale != '\0' && strcmp (locale, "auto") != 0;
}

/* The document's language, else the merchant's, else English. */
static void
choose_locale (Facts *facts)
{
  const char *said = facts->kind == COBRO_MAIL_PAID_NOTICE ? NULL
                     : facts->invoice != NULL              ? facts->invoice->invoice->locale
                     : facts->link != NULL                 ? facts->link->link->locale
                                                           : NULL;

  facts->locale = g_strdup (is_language (said)                      ? said
                            : is_language (facts->merchant->locale) ? facts->merchant->locale
                                                                    : "en");
}

static gboolean
gather (Facts *facts, const RelayMailDesk *desk, GError **error)
{
  const RelayMail *mail = facts->mail;
  RelayScope scope = { mail->merchant_id, mail->livemode };
  g_autoptr (RelayReader) reader = relay_store_read (desk->store, error);

  if (reader == NULL)
    return FALSE;
  if (!cobro_mail_kind_from_name (mail->kind, &facts->kind))
    return cobro_error_set (error, COBRO_ERROR_CORRUPT, "there is no such kind of mail: \"%s\"", mail->kind);
  if (!(facts->merchant = relay_merchant_find (reader->db, &mail->merchant_id, NULL, error)) ||
      !relay_mail_sender_get (reader->db, &mail->merchant_id, &facts->sender, error) ||
      !read_logo (facts, reader->db, error))
    return FALSE;
  if (cobro_id_is_set (&mail->payment_id) ? !read_payment (facts, reader->db, &scope, error)
                                          : !read_invoice (facts, reader->db, &scope, &mail->invoice_id, error))
    return FALSE;
  choose_locale (facts);
  return read_url (facts, desk, error);
}

/* ── Still true? ────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
is_issued (const Facts *facts)
{
  return facts->invoice != NULL && (facts->invoice->invoice->decision == COBRO_INVOICE_ISSUED ||
                                    facts->invoice->invoice->decision == COBRO_INVOICE_UNCOLLECTIBLE);
}

static gboolean
is_owed (const Facts *facts)
{
  return facts->invoice != NULL && facts->invoice->invoice->decision == COBRO_INVOICE_ISSUED &&
         cobro_money_is_set (facts->view.due) && cobro_money_is_positive (facts->view.due) &&
         facts->invoice->link != NULL && facts->invoice->link->tally.processing == 0;
}

/* What the calendar asked for, and not the merchant: the newest step alone is said, and only while it is wanted. */
static gboolean
is_newest (const Facts *facts)
{
  const CobroInvoice *invoice = facts->invoice->invoice;
  CobroId cause = relay_mail_cause_of_step (&invoice->id, facts->mail->step);
  const CobroReminders *policy = invoice->reminders.custom ? &invoice->reminders : &facts->merchant->reminders;
  CobroDay today = cobro_day_of_time (facts->now, facts->merchant->time_zone), due, issued;
  gint step;

  if (!cobro_id_equal (&cause, &facts->mail->cause))
    return TRUE;
  return cobro_day_from_text (invoice->due_date, &due, NULL) &&
         cobro_day_from_text (invoice->issue_date, &issued, NULL) &&
         cobro_reminders_due (policy, due, issued, today, G_MININT, &step) && step == facts->mail->step;
}

static gboolean
check_reminder (const Facts *facts, GError **error)
{
  if (!is_owed (facts))
    return cobro_error_set (error, COBRO_ERROR_STATE, "nothing is owed any more");
  return is_newest (facts) || cobro_error_set (error, COBRO_ERROR_STATE, "a newer reminder takes its place");
}

static gboolean
check_paid (const Facts *facts, GError **error)
{
  return (facts->payment != NULL && facts->payment->payment->state == COBRO_PAYMENT_SUCCEEDED) ||
         cobro_error_set (error, COBRO_ERROR_STATE, "the payment has not succeeded");
}

static gboolean
check (const Facts *facts, GError **error)
{
  switch (facts->kind)
    {
    case COBRO_MAIL_INVOICE:
      return is_issued (facts) || cobro_error_set (error, COBRO_ERROR_STATE, "the invoice was voided");
    case COBRO_MAIL_REMINDER:
      return check_reminder (facts, error);
    case COBRO_MAIL_VOIDED:
      return (facts->invoice != NULL && facts->invoice->invoice->decision == COBRO_INVOICE_VOID) ||
             cobro_error_set (error, COBRO_ERROR_STATE, "the invoice is not void");
    case COBRO_MAIL_CREDIT_NOTE:
      return is_issued (facts) || cobro_error_set (error, COBRO_ERROR_STATE, "the credit note is not issued");
    case COBRO_MAIL_PAID_NOTICE:
      if (facts->now - facts->mail->created_at > NOTICE_LIFE)
        return cobro_error_set (error, COBRO_ERROR_STATE, "it waited for too long: it is no news any more");
      return check_paid (facts, error);
    case COBRO_MAIL_RECEIPT:
      return check_paid (facts, error);
    }
  g_return_val_if_reached (FALSE);
}

gboolean
relay_mail_letter_check (const RelayMailDesk *desk, const RelayMail *mail, CobroTime now, GError **error)
{
  g_auto (Facts) facts = { .mail = mail, .now = now };

  return gather (&facts, desk, error) && check (&facts, error);
}

/* ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────── */

static const char *
or_none (const char *text)
{
  return text != NULL && *text != '\0' ? text : NULL;
}

/* What was paid for: a payment that a program made has no link, and a link may have no title. */
static const char *
title_of (const Facts *facts)
{
  return facts->link != NULL && *facts->link->link->title != '\0' ? facts->link->link->title : facts->merchant->name;
}

static CobroPaper *
draw_paper (const Facts *facts)
{
  const CobroInvoice *invoice = facts->invoice != NULL ? facts->invoice->invoice : NULL;
  CobroPaperSetup setup = { .locale = facts->locale,
                            .url = facts->url,
                            .accent = or_none (facts->merchant->accent),
                            .logo = facts->logo,
                            .letter = facts->merchant->letter,
                            .seller = facts->merchant->name,
                            .zone = facts->merchant->time_zone,
                            .today = cobro_day_of_time (facts->now, facts->merchant->time_zone) };

  switch (facts->kind)
    {
    case COBRO_MAIL_INVOICE:
    case COBRO_MAIL_REMINDER:
    case COBRO_MAIL_CREDIT_NOTE:
      return cobro_paper_new_invoice (invoice, &facts->view, &setup);
    case COBRO_MAIL_RECEIPT:
      return cobro_paper_new_receipt (facts->payment->payment, invoice, title_of (facts), &facts->merchant->seller,
                                      &setup);
    case COBRO_MAIL_VOIDED:
    case COBRO_MAIL_PAID_NOTICE:
      return NULL;
    }
  g_return_val_if_reached (NULL);
}

static CobroMailText *
write_text (const Facts *facts, gboolean attached)
{
  CobroMailFacts words = { .kind = facts->kind,
                           .locale = facts->locale,
                           .invoice = facts->invoice != NULL ? facts->invoice->invoice : NULL,
                           .view = facts->invoice != NULL ? &facts->view : NULL,
                           .payment = facts->payment != NULL ? facts->payment->payment : NULL,
                           .title = title_of (facts),
                           .seller = facts->merchant->name,
                           .greeting =
                             facts->kind == COBRO_MAIL_INVOICE ? or_none (facts->merchant->mail_greeting) : NULL,
                           .support = or_none (facts->merchant->support),
                           .accent = or_none (facts->merchant->accent),
                           .url = facts->url,
                           .zone = facts->merchant->time_zone,
                           .step = facts->mail->step,
                           .attached = attached };

  return cobro_mail_text_new (&words);
}

/* Who reads it, where the books know a name for that address. */
static const char *
name_of_reader (const Facts *facts)
{
  const char *to = facts->mail->recipient;

  if (facts->kind == COBRO_MAIL_PAID_NOTICE)
    return facts->merchant->name;
  if (facts->payment != NULL && strcmp (to, facts->payment->payment->payer_email) == 0)
    return or_none (facts->payment->payment->payer_name);
  if (facts->invoice != NULL && strcmp (to, facts->invoice->invoice->buyer.email) == 0)
    return or_none (*facts->invoice->invoice->buyer.contact != '\0' ? facts->invoice->invoice->buyer.contact
                                                                    : facts->invoice->invoice->buyer.name);
  return NULL;
}

/* A document for play says so before it is opened. */
static char *
make_subject (const Facts *facts, const CobroMailText *text)
{
  return facts->mail->livemode ? g_strdup (text->subject) : g_strconcat ("[TEST] ", text->subject, NULL);
}

static RelayMailLetter *
put_together (const Facts *facts, const RelayMailDesk *desk, GBytes *pdf, const char *file_name)
{
  g_autoptr (CobroMailText) text = write_text (facts, pdf != NULL);
  g_autofree char *subject = make_subject (facts, text);
  g_autofree char *id = relay_mail_message_id (&facts->mail->cause, facts->mail->kind, desk->from);
  g_autofree char *language = g_strndup (facts->locale, strcspn (facts->locale, "-_.@"));
  RelayMailLetter *letter = g_new0 (RelayMailLetter, 1);
  RelayMailParts parts = { .from_name = facts->merchant->name,
                           .reply_to_address = or_none (facts->merchant->email),
                           .reply_to_name = facts->merchant->name,
                           .to_name = name_of_reader (facts),
                           .to_address = facts->mail->recipient,
                           .subject = subject,
                           .language = language,
                           .plain = text->plain,
                           .html = text->html,
                           .pdf = pdf,
                           .file_name = file_name,
                           .message_id = id,
                           .date = facts->now };

  letter->sender = g_strdup (facts->sender != NULL ? facts->sender : desk->from);
  parts.from_address = letter->sender;
  letter->message = relay_mail_message_new (&parts);
  return letter;
}

RelayMailLetter *
relay_mail_letter_new (const RelayMailDesk *desk, const RelayMail *mail, CobroTime now, GError **error)
{
  g_auto (Facts) facts = { .mail = mail, .now = now };
  g_autoptr (CobroPaper) paper = NULL;
  g_autoptr (GBytes) pdf = NULL;
  g_autofree char *file_name = NULL;

  if (!gather (&facts, desk, error) || !check (&facts, error))
    return NULL;
  if ((paper = draw_paper (&facts)) != NULL)
    {
      if (!(pdf = cobro_paper_to_pdf (paper, error)))
        return NULL;
      file_name = cobro_paper_file_name (paper);
    }
  return put_together (&facts, desk, pdf, file_name);
}
