/* src/document/cobro-bank-private.h — what the readers of account statements share.
 * Layer: document (private). Any thread. */
#pragma once
#include "cobro-bank.h"

/* The most characters that are kept of each text. */
#define COBRO_BANK_NAME_MAX      140
#define COBRO_BANK_TEXT_MAX      1000
#define COBRO_BANK_REFERENCE_MAX 100

/* Replaces a text of a line, or appends to it behind a blank: one line, clean, without double blanks, cut at @max. */
void cobro_bank_set (char **field, const char *text, guint max);
void cobro_bank_append (char **field, const char *text, guint max);
/* The same for references; what banks write where there is none ("NOTPROVIDED", "NONREF") is none. */
void cobro_bank_set_reference (char **field, const char *text);

/* Plain decimal text ("1234.50"), however many zeros there are at its end. FALSE with INVALID or OVERFLOW. */
gboolean cobro_bank_money (const char *decimal, CobroCurrency currency, CobroMoney *out_money,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Appends a line that is complete. FALSE with TOO_LARGE, or OVERFLOW: an amount beyond all documents. */
gboolean cobro_bank_add (CobroBankFile *file, CobroBankLine *take_line, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Puts "line N: " in front of a message. Always FALSE. */
gboolean cobro_bank_at_line (GError **error, guint line);

/* Each fills @file with what @text (or @bytes) says. */
gboolean cobro_bank_read_camt (CobroBankFile *file, GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean cobro_bank_read_mt940 (CobroBankFile *file, const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean cobro_bank_read_csv (CobroBankFile *file, const char *text, const CobroBankSetup *setup,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ── What :86: of MT940 says (cobro-bank-details.c) ─────────────────────────────────────────────────────────────── */

/* @details: its lines with '\n' between them. */
void cobro_bank_read_details (CobroBankLine *line, const char *details);

/* ── Cells of tables (cobro-bank-cells.c) ───────────────────────────────────────────────────────────────────────── */

typedef enum
{
  COBRO_BANK_DATE,
  COBRO_BANK_VALUE_DATE,
  COBRO_BANK_AMOUNT,
  COBRO_BANK_DEBIT,
  COBRO_BANK_CREDIT,
  COBRO_BANK_CURRENCY,
  COBRO_BANK_SIDE, /* debit or credit, as a word or letter */
  COBRO_BANK_PAYER,
  COBRO_BANK_OTHER_ACCOUNT,
  COBRO_BANK_TEXT, /* any number of columns */
  COBRO_BANK_CREDITOR_REFERENCE,
  COBRO_BANK_END_TO_END,
  COBRO_BANK_BANK_REFERENCE,
  COBRO_BANK_STATE, /* booked or not */
  COBRO_BANK_OWN_ACCOUNT,
} CobroBankColumn;
#define COBRO_BANK_N_COLUMNS (COBRO_BANK_OWN_ACCOUNT + 1)

/* (transfer full) the names that are known, in English, Spanish, German, French, Portuguese and Arabic. */
GHashTable *cobro_bank_column_names (void);
/* Which column is called so. FALSE: none that is known. @out_currency: what the name says besides ("Betrag (EUR)"), or
 * none. */
gboolean cobro_bank_column_of (GHashTable *names, const char *name, CobroBankColumn *out_column,
                               CobroCurrency *out_currency);

/* A date as three numbers. */
typedef struct
{
  int parts[3];
  gboolean year_first, month_named; /* what is certain; a named month stands in the middle */
  gboolean dotted;                  /* 03.04.2026: the day is first everywhere */
} CobroBankDateCell;
/* FALSE: no date at all. */
gboolean cobro_bank_split_date (const char *cell, CobroBankDateCell *out_date);
/* FALSE: there is no such day. */
gboolean cobro_bank_date_of (const CobroBankDateCell *cell, CobroBankOrder order, char out_date[COBRO_DATE_SIZE]);

/* What separates decimals in cells, as far as they tell. */
typedef struct
{
  guint points, commas;             /* cells that say so without doubt */
  guint maybe_points, maybe_commas; /* "1.234": either */
} CobroBankDecimals;
void cobro_bank_count_decimals (CobroBankDecimals *decimals, const char *cell);
/* FALSE with INVALID: no amount written with @decimal. An empty cell is 0. @currency: the cell's own, where it has
 * one. */
gboolean cobro_bank_amount_of (const char *cell, char decimal, CobroCurrency currency, CobroMoney *out_amount,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether a word says that money went out; of none of both, FALSE as well. */
gboolean cobro_bank_says_debit (const char *cell);
/* Whether a word says that it is not booked (yet). */
gboolean cobro_bank_says_pending (const char *cell);
