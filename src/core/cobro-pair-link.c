/* src/core/cobro-pair-link.c — pairing codes and links.
 * Layer: core. */
#include "cobro-pair-link.h"

#include <string.h>
#include "cobro-error.h"
#include "cobro-text.h"

#define SCHEME        "cobro://"
#define PREFIX        SCHEME "pair?"
#define LINK_MAX      4096 /* bytes */
#define CODE_LENGTH   16
#define CODE_ALPHABET "0123456789ABCDEFGHJKMNPQRSTVWXYZ" /* Crockford's base32 */

/* ── The code ── */

char *
cobro_pair_code_normalise (const char *code, GError **error)
{
  char plain[CODE_LENGTH + 1] = "";
  guint n = 0;

  for (const char *c = code; *c != '\0'; c++)
    {
      char letter = g_ascii_toupper (*c);

      if (letter == '-' || g_ascii_isspace (letter))
        continue;
      letter = letter == 'O' ? '0' : letter == 'I' || letter == 'L' ? '1' : letter;
      if (strchr (CODE_ALPHABET, letter) == NULL || n == CODE_LENGTH)
        {
          cobro_error_set_at (error, COBRO_ERROR_INVALID, "code",
                              "a pairing code has %d letters and digits, like 1A2B-3C4D-5E6F-7G8H", CODE_LENGTH);
          return NULL;
        }
      plain[n++] = letter;
    }
  if (n < CODE_LENGTH)
    {
      cobro_error_set_at (error, COBRO_ERROR_INVALID, "code",
                          "the pairing code is too short: it has %u of %d letters and digits", n, CODE_LENGTH);
      return NULL;
    }
  return g_strdup_printf ("%.4s-%.4s-%.4s-%.4s", plain, plain + 4, plain + 8, plain + 12);
}

/* ── The link ── */

char *
cobro_pair_link_new (const char *relay, const char *code)
{
  g_autofree char *escaped = g_uri_escape_string (relay, NULL, FALSE);

  return g_strdup_printf (PREFIX "relay=%s&code=%s", escaped, code);
}

gboolean
cobro_pair_link_is (const char *text)
{
  return g_ascii_strncasecmp (text, SCHEME, strlen (SCHEME)) == 0;
}

/* (transfer full) (nullable) one parameter's value; it is set in @slot, once. */
static gboolean
read_parameter (const char *pair, char **relay, char **code, GError **error)
{
  const char *equals = strchr (pair, '=');
  g_autofree char *name = g_strndup (pair, equals != NULL ? (gsize)(equals - pair) : strlen (pair));
  char **slot = strcmp (name, "relay") == 0 ? relay : strcmp (name, "code") == 0 ? code : NULL;

  if (slot == NULL)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "link",
                               "a pairing link has a relay and a code and nothing else");
  if (*slot != NULL)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, name, "the pairing link says it twice");
  *slot = equals != NULL ? g_uri_unescape_string (equals + 1, NULL) : NULL;
  if (*slot == NULL || !g_utf8_validate (*slot, -1, NULL))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, name, "it cannot be read");
  return TRUE;
}

static gboolean
check_relay (char *relay, GError **error)
{
  gsize length = strlen (relay);

  if (length > 0 && relay[length - 1] == '/')
    relay[--length] = '\0';
  if (length == 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "relay", "the address of the relay is missing");
  return cobro_text_check_url (relay, "relay", error);
}

gboolean
cobro_pair_link_read (const char *text, char **out_relay, char **out_code, GError **error)
{
  g_auto (GStrv) pairs = NULL;
  g_autofree char *relay = NULL;
  g_autofree char *code = NULL;
  g_autofree char *shown = NULL;

  if (strlen (text) > LINK_MAX || g_ascii_strncasecmp (text, PREFIX, strlen (PREFIX)) != 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "link", "a pairing link begins with %s", PREFIX);
  pairs = g_strsplit (text + strlen (PREFIX), "&", -1);
  for (guint i = 0; pairs[i] != NULL; i++)
    if (!read_parameter (pairs[i], &relay, &code, error))
      return FALSE;
  if (!check_relay (relay != NULL ? relay : (char[]){ "" }, error) ||
      !(shown = cobro_pair_code_normalise (code != NULL ? code : "", error)))
    return FALSE;
  *out_relay = g_steal_pointer (&relay);
  *out_code = g_steal_pointer (&shown);
  return TRUE;
}
