/* src/document/cobro-epc.c — the text of a QR code that banking apps read: EPC069-12, "Quick Response Code: Guidelines
 * to Enable Data Capture for the Initiation of a SEPA Credit Transfer", version 2.1. Layer: document. Pure. */
#include <string.h>

#include "cobro-paper.h"
#include "cobro-words.h"

#define HOLDER_MAX     70
#define REMITTANCE_MAX 140
#define BYTES_MAX      331                             /* of the whole text: version 13 at level M */
#define AMOUNT_MAX     G_GINT64_CONSTANT (99999999999) /* EUR 999,999,999.99 */

static char *
letters_and_digits (const char *text)
{
  GString *out = g_string_new (NULL);

  for (; *text != '\0'; text++)
    if (g_ascii_isalnum (*text))
      g_string_append_c (out, g_ascii_toupper (*text));
  return g_string_free (out, FALSE);
}

static char *
first (const char *text, guint max)
{
  g_autofree char *line = cobro_clean_line (text);

  return g_utf8_strlen (line, -1) > (glong)max ? g_utf8_substring (line, 0, max) : g_steal_pointer (&line);
}

char *
cobro_epc_text (const char *name, const char *iban, const char *bic, CobroMoney amount, const char *reference)
{
  g_autofree char *account = letters_and_digits (iban), *bank = letters_and_digits (bic != NULL ? bic : ""),
                  *holder = first (name, HOLDER_MAX), *remittance = first (reference, REMITTANCE_MAX), *decimal = NULL,
                  *text = NULL;

  if (*account == '\0' || *holder == '\0' || !cobro_money_is_set (amount) ||
      strcmp (cobro_money_code (amount), "EUR") != 0 || !cobro_money_is_positive (amount) ||
      cobro_money_minor (amount) > AMOUNT_MAX)
    return NULL;
  decimal = cobro_money_to_decimal (amount);
  text = g_strdup_printf ("BCD\n002\n1\nSCT\n%s\n%s\n%s\nEUR%s\n\n\n%s", bank, holder, account, decimal, remittance);
  return strlen (text) <= BYTES_MAX ? g_steal_pointer (&text) : NULL;
}
