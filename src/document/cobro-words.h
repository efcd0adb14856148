/* src/document/cobro-words.h — the words of documents and mails, in the reader's language: English, Spanish,
 * German, French, Portuguese, Arabic. A table for each; the language comes with the locale, never from the process.
 * Layer: document. Any thread. */
#pragma once
#include "cobro-locale.h"

typedef enum
{
  /* What a document is. */
  COBRO_WORD_INVOICE,
  COBRO_WORD_TAX_INVOICE,
  COBRO_WORD_CREDIT_NOTE,
  COBRO_WORD_TAX_CREDIT_NOTE,
  COBRO_WORD_ADJUSTMENT_NOTE,
  COBRO_WORD_RECTIFYING_INVOICE,
  COBRO_WORD_RECEIPT,
  COBRO_WORD_STATEMENT,
  COBRO_WORD_DRAFT,
  COBRO_WORD_PAID_MARK,
  COBRO_WORD_VOID_MARK,
  COBRO_WORD_TEST_MARK,
  COBRO_WORD_PAGE, /* {page} {pages} */

  /* Who and when. */
  COBRO_WORD_NUMBER,
  COBRO_WORD_ISSUE_DATE,
  COBRO_WORD_DUE_DATE,
  COBRO_WORD_DELIVERY_DATE,
  COBRO_WORD_YOUR_REFERENCE,
  COBRO_WORD_CORRECTS,
  COBRO_WORD_CORRECTS_VALUE, /* {number} {date} */
  COBRO_WORD_FROM,
  COBRO_WORD_BILL_TO,
  COBRO_WORD_DELIVER_TO,
  COBRO_WORD_ATTENTION, /* {name} */
  COBRO_WORD_TAX_ID,
  COBRO_WORD_REGISTRATION,
  COBRO_WORD_TERMS_DAYS, /* {days}: cobro_duration_text() */
  COBRO_WORD_TERMS_NOW,

  /* Lines and sums. */
  COBRO_WORD_DESCRIPTION,
  COBRO_WORD_QUANTITY,
  COBRO_WORD_UNIT_PRICE,
  COBRO_WORD_TAX,
  COBRO_WORD_AMOUNT,
  COBRO_WORD_DISCOUNT,
  COBRO_WORD_DISCOUNT_PERCENT, /* {percent} */
  COBRO_WORD_SHIPPING,
  COBRO_WORD_SUBTOTAL,
  COBRO_WORD_SUBTOTAL_NET,
  COBRO_WORD_TAX_ON,       /* {name} {rate} {base} */
  COBRO_WORD_TAX_INCLUDED, /* {name} {rate} {base} */
  COBRO_WORD_ROUNDING,
  COBRO_WORD_TOTAL,
  COBRO_WORD_TOTAL_CREDIT,
  COBRO_WORD_PAID,
  COBRO_WORD_CREDITED,
  COBRO_WORD_AMOUNT_DUE,
  COBRO_WORD_OVERPAID,
  COBRO_WORD_PRICES_WITH_TAX,
  COBRO_WORD_BY_DATE, /* {date} */

  /* Tax categories, in a column. */
  COBRO_WORD_CATEGORY_EXEMPT,
  COBRO_WORD_CATEGORY_REVERSE,
  COBRO_WORD_CATEGORY_INTRA,
  COBRO_WORD_CATEGORY_EXPORT,
  COBRO_WORD_CATEGORY_OUTSIDE,

  /* What the law wants to be said. */
  COBRO_WORD_LAW_REVERSE_EU,
  COBRO_WORD_LAW_REVERSE_GB,
  COBRO_WORD_LAW_REVERSE,
  COBRO_WORD_LAW_INTRA,
  COBRO_WORD_LAW_EXPORT_EU,
  COBRO_WORD_LAW_EXPORT,
  COBRO_WORD_LAW_EXEMPT_EU,
  COBRO_WORD_LAW_EXEMPT,
  COBRO_WORD_LAW_OUTSIDE,
  COBRO_WORD_LAW_NO_GST,
  COBRO_WORD_LAW_LATE_FR,

  /* How it is paid. */
  COBRO_WORD_PAY_ONLINE,
  COBRO_WORD_SCAN,
  COBRO_WORD_SCAN_BANK,
  COBRO_WORD_BANK_TRANSFER,
  COBRO_WORD_ACCOUNT_HOLDER,
  COBRO_WORD_IBAN,
  COBRO_WORD_BIC,
  COBRO_WORD_PAYMENT_REFERENCE,
  COBRO_WORD_PLAN,
  COBRO_WORD_NOTES,

  /* Receipt. */
  COBRO_WORD_RECEIVED_FROM,
  COBRO_WORD_PAID_ON,
  COBRO_WORD_PAID_WITH,
  COBRO_WORD_PAID_FOR,
  COBRO_WORD_PAYMENT_ID,
  COBRO_WORD_AMOUNT_PAID,
  COBRO_WORD_REFUNDED,
  COBRO_WORD_CHARGED_BACK,
  COBRO_WORD_RECEIPT_NOTE,
  COBRO_WORD_METHOD_CARD,
  COBRO_WORD_METHOD_CRYPTO,
  COBRO_WORD_METHOD_BANK_TRANSFER,
  COBRO_WORD_METHOD_WALLET,
  COBRO_WORD_METHOD_STORE,
  COBRO_WORD_METHOD_CASH,
  COBRO_WORD_METHOD_CHEQUE,
  COBRO_WORD_METHOD_CREDIT,
  COBRO_WORD_METHOD_OTHER,
  COBRO_WORD_METHOD_DETAIL, /* {method} {detail} */

  /* Statement. */
  COBRO_WORD_PERIOD,
  COBRO_WORD_PERIOD_VALUE, /* {from} {to} */
  COBRO_WORD_STATEMENT_DATE,
  COBRO_WORD_STATEMENT_FOR,
  COBRO_WORD_DATE,
  COBRO_WORD_ENTRY,
  COBRO_WORD_CHARGES,
  COBRO_WORD_CREDITS,
  COBRO_WORD_BALANCE,
  COBRO_WORD_OPENING,
  COBRO_WORD_CLOSING,
  COBRO_WORD_PAYMENT,
  COBRO_WORD_REFUND,
  COBRO_WORD_NO_ENTRIES,
  COBRO_WORD_AGEING,
  COBRO_WORD_AGE_CURRENT,
  COBRO_WORD_AGE_30,
  COBRO_WORD_AGE_60,
  COBRO_WORD_AGE_90,
  COBRO_WORD_AGE_OLDER,
  COBRO_WORD_IN_CREDIT,

  /* Subjects of mails, and the heading over each. */
  COBRO_WORD_SUBJECT_INVOICE_DUE, /* {number} {seller} {amount} {date} */
  COBRO_WORD_SUBJECT_INVOICE,     /* {number} {seller} {amount} */
  COBRO_WORD_SUBJECT_DUE_SOON,
  COBRO_WORD_SUBJECT_DUE_TODAY,
  COBRO_WORD_SUBJECT_OVERDUE,
  COBRO_WORD_SUBJECT_RECEIPT,        /* {seller} {amount} {what} */
  COBRO_WORD_SUBJECT_CREDIT_NOTE,    /* {title} {number} {seller} {amount} */
  COBRO_WORD_SUBJECT_VOIDED,         /* {number} {seller} */
  COBRO_WORD_SUBJECT_PAID_NOTICE,    /* {amount} {what} */
  COBRO_WORD_SUBJECT_PAID_NOTICE_BY, /* {payer} {amount} {what} */
  COBRO_WORD_INVOICE_NUMBER,         /* {number} */

  /* Sentences of mails. */
  COBRO_WORD_HELLO, /* {name} */
  COBRO_WORD_HELLO_NONE,
  COBRO_WORD_SAY_INVOICE,  /* {seller} {number} */
  COBRO_WORD_SAY_DUE_SOON, /* {number} {amount} {date} */
  COBRO_WORD_SAY_DUE_TODAY,
  COBRO_WORD_SAY_OVERDUE,
  COBRO_WORD_SAY_CROSSED,
  COBRO_WORD_SAY_RECEIPT,     /* {seller} {amount} */
  COBRO_WORD_SAY_CREDIT_NOTE, /* {seller} {number} {corrects} */
  COBRO_WORD_SAY_VOIDED,      /* {seller} {number} */
  COBRO_WORD_SAY_VOIDED_PAID,
  COBRO_WORD_SAY_PAID_NOTICE,    /* {amount} {what} */
  COBRO_WORD_SAY_PAID_NOTICE_BY, /* {payer} {amount} {what} */
  COBRO_WORD_SAY_ATTACHED_INVOICE,
  COBRO_WORD_SAY_ATTACHED_RECEIPT,
  COBRO_WORD_SAY_ATTACHED_CREDIT_NOTE,
  COBRO_WORD_SAY_QUESTIONS, /* {seller} */
  COBRO_WORD_SAY_AUTOMATIC, /* {seller} */
  COBRO_WORD_SAY_NOTHING_DUE,
  COBRO_WORD_PAY_BUTTON, /* {amount} */
  COBRO_WORD_VIEW_BUTTON,
  COBRO_WORD_OR_OPEN,
  COBRO_WORD_MORE_LINES, /* {count} */
  COBRO_WORD_PAYER,
  COBRO_WORD_EMAIL,
  COBRO_WORD_PHONE,
  COBRO_WORD_LABEL, /* {label}: what stands before its value in plain text */

  COBRO_N_WORDS
} CobroWord;

/* (transfer none) (array zero-terminated=1): the languages that have words, English first. */
const char *const *cobro_words_languages (void);

/**
 * cobro_words_locale:
 * @tag: (nullable): the reader's language tag; "auto", "" and %NULL read as English
 * @country: (nullable): the seller's country, which decides how numbers and dates read where the tag names none
 *
 * A language that has no words here reads English throughout, its numbers and dates too, rather than half of each.
 *
 * Returns: (transfer full):
 */
CobroLocale *cobro_words_locale (const char *tag, const char *country);

/* The word as it stands in the table. */
const char *cobro_word (CobroWord word, CobroLocale *locale);

/**
 * cobro_words:
 * @...: pairs of a placeholder's name without braces, and its value; %NULL ends them
 *
 * Values are cleaned as by cobro_clean_line() and put in once: braces in them are only braces. Where the direction of
 * language or value is right to left, values are isolated (U+2068 … U+2069), so that neither turns the other around.
 *
 * Returns: (transfer full): the sentence
 */
char *cobro_words (CobroWord word, CobroLocale *locale, ...) G_GNUC_NULL_TERMINATED;

/* (transfer full) one line: valid UTF-8, every control character, tab and line break a blank, no characters that turn
 * the direction around; blanks at the ends taken off. NULL reads as "". */
char *cobro_clean_line (const char *text);
/* (transfer full) the same with its line breaks (LF), at most one empty line in a row. */
char *cobro_clean_block (const char *text);
/* (transfer full) with ordinary blanks where amounts have such that keep a line together (U+00A0, U+202F): for subjects
 * and plain text, which programs search. */
char *cobro_plain_blanks (const char *text);
/* Which way a text reads, by its first character that says so: > 0 from right to left, < 0 from left to right, 0: as
 * what is around it. */
int cobro_text_direction (const char *text);
/* (transfer full) the first @max characters, with "…" where some were left off. */
char *cobro_clip (const char *text, guint max);
