/* src/core/cobro-text.h — rules for text from outside, shared by all nouns.
 * Layer: core. */
#pragma once
#include <glib.h>

typedef enum
{
  COBRO_TEXT_LINE = 0,        /* one line: no control characters at all */
  COBRO_TEXT_BLOCK = 1 << 0,  /* newline and tab are fine */
  COBRO_TEXT_NEEDED = 1 << 1, /* may not be empty or only white space */
} CobroTextRules;

/* UTF-8, ≤ @max characters, no controls, no bidi overrides. FALSE with COBRO_ERROR_INVALID at @path. */
gboolean cobro_text_check (const char *text, guint max, CobroTextRules rules, const char *path,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* "" passes. One address, ASCII or IDN domain, ≤ 254 bytes. */
gboolean cobro_text_check_email (const char *text, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* "" passes. Absolute https URL without user info (http only for loopback hosts), ≤ 2048 bytes. */
gboolean cobro_text_check_url (const char *text, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* "auto" or a BCP 47 language tag. */
gboolean cobro_text_check_locale (const char *text, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A real civil date "2026-02-28". */
gboolean cobro_text_check_date (const char *text, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* ≤ 50 pairs, key ≤ 40 of [A-Za-z0-9_.-], value ≤ 500 characters. */
gboolean cobro_text_check_metadata (GHashTable *metadata, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* "" passes. An account number (ISO 13616) with its check digits, blanks between the groups allowed. */
gboolean cobro_text_check_iban (const char *text, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* "" passes. A bank's code (ISO 9362) of 8 or 11 characters. */
gboolean cobro_text_check_bic (const char *text, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Overwrites a secret and frees it; NULL is fine. Serves as a GDestroyNotify. */
void cobro_text_wipe (gpointer text);
