/* src/core/cobro-text.c — rules for text from outside.
 * Layer: core. Any thread. */
#include "cobro-text.h"
#include "cobro-error.h"

#include <stdlib.h>
#include <string.h>

#define EMAIL_BYTES_MAX    254
#define LOCAL_BYTES_MAX    64
#define URL_BYTES_MAX      2048
#define LOCALE_BYTES_MAX   35
#define METADATA_MAX       50
#define METADATA_KEY_MAX   40
#define METADATA_VALUE_MAX 500

/* Characters that reorder what stands around them: a title could read as another amount (U+202A–202E, U+2066–2069). */
static gboolean
is_bidi_override (gunichar c)
{
  return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/* C0, DEL and C1 controls, and the two Unicode line ends that a single line may not have either. */
static gboolean
is_refused_control (gunichar c, CobroTextRules rules)
{
  if ((rules & COBRO_TEXT_BLOCK) != 0 && (c == '\n' || c == '\t'))
    return FALSE;
  if (c == 0x2028 || c == 0x2029)
    return (rules & COBRO_TEXT_BLOCK) == 0;
  return c < 0x20 || (c >= 0x7F && c <= 0x9F);
}

gboolean
cobro_text_check (const char *text, guint max, CobroTextRules rules, const char *path, GError **error)
{
  gboolean blank = TRUE;
  gsize n = 0;

  g_return_val_if_fail (text != NULL, FALSE);

  if (!g_utf8_validate (text, -1, NULL))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "must be valid UTF-8");

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at), n++)
    {
      gunichar c = g_utf8_get_char (at);

      if (is_refused_control (c, rules))
        return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "must not contain control characters (U+%04X)", c);
      if (is_bidi_override (c))
        return cobro_error_set_at (error, COBRO_ERROR_INVALID, path,
                                   "must not contain characters that change the reading direction (U+%04X)", c);
      blank = blank && g_unichar_isspace (c);
    }
  if (n > max)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, path,
                               "must have at most %u characters, not %" G_GSIZE_FORMAT, max, n);
  if (blank && (rules & COBRO_TEXT_NEEDED) != 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "must not be empty");
  return TRUE;
}

/* RFC 5321 dot-string: words of printable ASCII between single dots. */
static gboolean
is_local_part (const char *text, gsize n)
{
  if (n == 0 || n > LOCAL_BYTES_MAX || text[0] == '.' || text[n - 1] == '.')
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      if (text[i] == '.' && text[i + 1] == '.')
        return FALSE;
      if (!g_ascii_isalnum (text[i]) && strchr ("!#$%&'*+-/=?^_`{|}~.", text[i]) == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_label (const char *label)
{
  gsize n = strlen (label);

  if (n == 0 || n > 63 || label[0] == '-' || label[n - 1] == '-')
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isalnum (label[i]) && label[i] != '-')
      return FALSE;
  return TRUE;
}

static gboolean
is_mail_domain (const char *domain)
{
  g_autofree char *ascii = g_hostname_to_ascii (domain);
  g_auto (GStrv) labels = NULL;
  guint n = 0;

  if (ascii == NULL || strlen (ascii) > 253)
    return FALSE;
  labels = g_strsplit (ascii, ".", -1);
  for (; labels[n] != NULL; n++)
    if (!is_label (labels[n]))
      return FALSE;
  return n >= 2 && !g_hostname_is_ip_address (ascii);
}

gboolean
cobro_text_check_email (const char *text, const char *path, GError **error)
{
  const char *at;

  g_return_val_if_fail (text != NULL, FALSE);

  if (text[0] == '\0')
    return TRUE;
  at = strrchr (text, '@');
  if (strlen (text) > EMAIL_BYTES_MAX || !g_utf8_validate (text, -1, NULL) || at == NULL ||
      !is_local_part (text, (gsize)(at - text)) || !is_mail_domain (at + 1))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, path,
                               "must be an e-mail address such as \"ana@example.org\"");
  return TRUE;
}

static gboolean
is_loopback_host (const char *host)
{
  if (g_ascii_strcasecmp (host, "localhost") == 0 || strcmp (host, "::1") == 0)
    return TRUE;
  return g_str_has_prefix (host, "127.") && g_hostname_is_ip_address (host);
}

/* RFC 3986 characters only: what others must not have to escape or guess about. */
static gboolean
has_url_characters (const char *text)
{
  for (; *text != '\0'; text++)
    if (!g_ascii_isalnum (*text) && strchr ("-._~:/?#[]@!$&'()*+,;=%", *text) == NULL)
      return FALSE;
  return TRUE;
}

gboolean
cobro_text_check_url (const char *text, const char *path, GError **error)
{
  g_autoptr (GUri) uri = NULL;
  const char *scheme, *host;

  g_return_val_if_fail (text != NULL, FALSE);

  if (text[0] == '\0')
    return TRUE;
  if (strlen (text) > URL_BYTES_MAX)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "must have at most %d bytes", URL_BYTES_MAX);
  if (!has_url_characters (text))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, path,
                               "must be a URL in ASCII, with other characters percent-encoded (xn-- for host names)");
  uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);
  host = uri == NULL ? NULL : g_uri_get_host (uri);
  if (host == NULL || host[0] == '\0')
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, path,
                               "must be a whole URL such as \"https://example.org/thanks\"");
  if (g_uri_get_userinfo (uri) != NULL)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "must not contain a user name or password");
  scheme = g_uri_get_scheme (uri);
  if (!g_str_equal (scheme, "https") && !(g_str_equal (scheme, "http") && is_loopback_host (host)))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "must begin with https://");
  return TRUE;
}

/* BCP 47 in outline: a language of 2 or 3 letters (or 4 to 8), then subtags of 1 to 8 letters or digits. */
static gboolean
is_language_tag (const char *text)
{
  g_auto (GStrv) tags = g_strsplit (text, "-", -1);

  for (guint i = 0; tags[i] != NULL; i++)
    {
      gsize n = strlen (tags[i]);

      if (n < (i == 0 ? 2 : 1) || n > 8)
        return FALSE;
      for (gsize j = 0; j < n; j++)
        if (i == 0 ? !g_ascii_isalpha (tags[i][j]) : !g_ascii_isalnum (tags[i][j]))
          return FALSE;
    }
  return tags[0] != NULL;
}

gboolean
cobro_text_check_locale (const char *text, const char *path, GError **error)
{
  g_return_val_if_fail (text != NULL, FALSE);

  if (g_str_equal (text, "auto"))
    return TRUE;
  if (strlen (text) > LOCALE_BYTES_MAX || !is_language_tag (text))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, path,
                               "must be \"auto\" or a language tag such as \"es\" or \"pt-BR\"");
  return TRUE;
}

static gboolean
is_date (const char *text)
{
  int year = 0, month, day;

  if (strlen (text) != 10 || text[4] != '-' || text[7] != '-')
    return FALSE;
  for (int i = 0; i < 10; i++)
    if (i != 4 && i != 7 && !g_ascii_isdigit (text[i]))
      return FALSE;
  for (int i = 0; i < 4; i++)
    year = year * 10 + (text[i] - '0');
  month = (text[5] - '0') * 10 + (text[6] - '0');
  day = (text[8] - '0') * 10 + (text[9] - '0');
  return year >= 1970 && g_date_valid_dmy ((GDateDay)day, (GDateMonth)month, (GDateYear)year);
}

gboolean
cobro_text_check_date (const char *text, const char *path, GError **error)
{
  g_return_val_if_fail (text != NULL, FALSE);

  if (!is_date (text))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "must be a date such as \"2026-02-28\"");
  return TRUE;
}

static gboolean
is_metadata_key (const char *key)
{
  gsize n = strlen (key);

  if (n == 0 || n > METADATA_KEY_MAX)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isalnum (key[i]) && strchr ("_.-", key[i]) == NULL)
      return FALSE;
  return TRUE;
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

gboolean
cobro_text_check_metadata (GHashTable *metadata, const char *path, GError **error)
{
  g_autofree gpointer *keys = NULL;
  guint n;

  g_return_val_if_fail (metadata != NULL, FALSE);

  keys = g_hash_table_get_keys_as_array (metadata, &n);
  if (n > METADATA_MAX)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "must have at most %d entries, not %u", METADATA_MAX,
                               n);
  qsort (keys, n, sizeof (gpointer), compare_keys); /* the same error every time */
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *at = NULL;

      if (!is_metadata_key (keys[i]))
        return cobro_error_set_at (error, COBRO_ERROR_INVALID, path,
                                   "must have keys of 1 to %d letters, digits, '_', '.' or '-'", METADATA_KEY_MAX);
      at = g_strdup_printf ("%s.%s", path, (const char *)keys[i]);
      if (!cobro_text_check (g_hash_table_lookup (metadata, keys[i]), METADATA_VALUE_MAX, COBRO_TEXT_BLOCK, at, error))
        return FALSE;
    }
  return TRUE;
}

/* Two letters, two check digits, 11 to 30 letters or digits; the whole, its first four moved to the end and letters
 * read as 10 … 35, is 1 modulo 97. */
static gboolean
is_iban (const char *text)
{
  char compact[35];
  gsize n = 0;
  int rest = 0;

  for (; *text != '\0'; text++)
    if (*text != ' ')
      {
        if (n == sizeof compact - 1 || (!g_ascii_isdigit (*text) && !g_ascii_isupper (*text)))
          return FALSE;
        compact[n++] = *text;
      }
  if (n < 15 || !g_ascii_isupper (compact[0]) || !g_ascii_isupper (compact[1]) || !g_ascii_isdigit (compact[2]) ||
      !g_ascii_isdigit (compact[3]))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      char c = compact[(i + 4) % n];

      rest = g_ascii_isdigit (c) ? (rest * 10 + c - '0') % 97 : (rest * 100 + c - 'A' + 10) % 97;
    }
  return rest == 1;
}

gboolean
cobro_text_check_iban (const char *text, const char *path, GError **error)
{
  if (text[0] == '\0' || is_iban (text))
    return TRUE;
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, path,
                             "must be an IBAN such as \"DE89 3704 0044 0532 0130 00\", with its check digits");
}

gboolean
cobro_text_check_bic (const char *text, const char *path, GError **error)
{
  gsize n = strlen (text);

  if (n != 0 && n != 8 && n != 11)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "must be a BIC of 8 or 11 characters");
  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isupper (text[i]) && (i == 4 || i == 5 || !g_ascii_isdigit (text[i])))
      return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "must be a BIC such as \"COBADEFFXXX\"");
  return TRUE;
}

void
cobro_text_wipe (gpointer text)
{
  if (text != NULL)
    explicit_bzero (text, strlen (text));
  g_free (text);
}
