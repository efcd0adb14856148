/* src/document/cobro-mail-text.h — the words of mails: subject, plain text complete in itself, HTML that says the same.
 * Layer: document. Pure: escapes every value; no remote pictures, no script. Any thread. */
#pragma once
#include "cobro-invoice-status.h"
#include "cobro-payment.h"

typedef enum
{
  COBRO_MAIL_INVOICE,
  COBRO_MAIL_REMINDER, /* before, on and after the due date: the words follow @step */
  COBRO_MAIL_RECEIPT,  /* to the payer: of an invoice or of a link */
  COBRO_MAIL_CREDIT_NOTE,
  COBRO_MAIL_VOIDED,      /* "please do not pay" */
  COBRO_MAIL_PAID_NOTICE, /* to the merchant: somebody paid (DYN-10) */
} CobroMailKind;          /* "invoice", "reminder", "receipt", "credit_note", "voided", "paid_notice" */
const char *cobro_mail_kind_name (CobroMailKind kind);
gboolean cobro_mail_kind_from_name (const char *name, CobroMailKind *out_kind);

/* Lent. */
typedef struct
{
  CobroMailKind kind;
  const char *locale;           /* of the reader; falls back to English */
  const CobroInvoice *invoice;  /* (nullable) */
  const CobroInvoiceView *view; /* (nullable) with @invoice */
  const CobroPayment *payment;  /* RECEIPT, PAID_NOTICE */
  const char *title;            /* without invoice: the link's title */
  const char *seller;           /* name */
  const char *greeting;         /* (nullable) the merchant's own words */
  const char *support;          /* (nullable) line for questions */
  const char *accent;           /* (nullable) "#rrggbb" */
  const char *url;              /* (nullable) where it is paid, or seen */
  const char *zone;             /* (nullable) IANA name: the day on which a payment came; UTC */
  gint step;                    /* REMINDER: days relative to the due date */
  gboolean attached;            /* a PDF goes with it */
} CobroMailFacts;

typedef struct
{
  char *subject; /* one line, ≤ 150 characters */
  char *plain;   /* lines ≤ 76 characters where words allow, LF */
  char *html;
} CobroMailText;

/* (transfer full) all three; nothing of @facts is kept. */
CobroMailText *cobro_mail_text_new (const CobroMailFacts *facts);
void cobro_mail_text_free (CobroMailText *text);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroMailText, cobro_mail_text_free)
