/* src/document/cobro-letter.h — a mail's body written once and rendered twice: plain text that is complete in itself,
 * and HTML that says the same. Layer: document (for cobro-mail-text.c). Every value is cleaned, escaped in HTML and
 * wrapped in plain text; nothing remote, no script. */
#pragma once
#include "cobro-accent.h"
#include "cobro-document-text.h"

typedef struct _CobroLetter CobroLetter;

/* @letterhead: who writes. @accent: (nullable) "#rrggbb". @preview: what a mailbox shows beside the subject. */
CobroLetter *cobro_letter_new (CobroLocale *locale, const char *accent, const char *subject, const char *letterhead,
                               const char *preview);
void cobro_letter_free (CobroLetter *letter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroLetter, cobro_letter_free)

/* One paragraph, or several lines. @quiet: small print. */
void cobro_letter_paragraph (CobroLetter *letter, const char *text, gboolean quiet);
/* The one number that matters, and what it is. */
void cobro_letter_amount (CobroLetter *letter, const char *label, const char *amount, const char *note);
/* Labels and values in two columns, under a heading ("": none). */
void cobro_letter_rows (CobroLetter *letter, const char *heading, GPtrArray *rows);
/* One line of an invoice: what, how much of it ("": nothing to say), amount. */
void cobro_letter_line (CobroLetter *letter, const char *what, const char *detail, const char *amount);
/* A button; @url must be http or https, else nothing is written. */
void cobro_letter_button (CobroLetter *letter, const char *label, const char *url);

/* (transfer full) the finished bodies. Call each once, last. */
char *cobro_letter_plain (CobroLetter *letter);
char *cobro_letter_html (CobroLetter *letter);
