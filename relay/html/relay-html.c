/* relay/html/relay-html.c — escaping for HTML, by context.
 * Layer: relay/html. Any thread. */
#include "relay-html.h"

#include <string.h>

/* The reference for @c, NULL where it may stand as it is. */
static const char *
reference_for (char c, gboolean in_attribute)
{
  if (c == '&')
    return "&amp;";
  if (c == '<')
    return "&lt;";
  if (c == '>')
    return "&gt;";
  if (c == '"')
    return "&quot;";
  if (c == '\'')
    return "&#39;";
  if (c == '\n')
    return in_attribute ? "&#10;" : NULL;
  if (c == '\t')
    return in_attribute ? "&#9;" : NULL;
  return (guchar)c < 0x20 || c == 0x7f ? "\xef\xbf\xbd" : NULL;
}

static void
append_escaped (GString *out, const char *text, gboolean in_attribute)
{
  const char *from = text;

  if (text == NULL)
    return;
  for (const char *at = text; *at != '\0'; at++)
    {
      const char *reference = reference_for (*at, in_attribute);

      if (reference == NULL)
        continue;
      g_string_append_len (out, from, at - from);
      g_string_append (out, reference);
      from = at + 1;
    }
  g_string_append (out, from);
}

void
relay_html_append_text (GString *out, const char *text)
{
  append_escaped (out, text, FALSE);
}

void
relay_html_append_attribute (GString *out, const char *text)
{
  append_escaped (out, text, TRUE);
}

static gboolean
url_is_safe (const char *url)
{
  static const char *const schemes[] = { "https://", "http://", "mailto:", "tel:", "sms:" };

  for (const char *at = url; *at != '\0'; at++)
    if ((guchar)*at <= 0x20 || *at == '\\' || *at == 0x7f)
      return FALSE;
  if (url[0] == '/')
    return url[1] != '/';
  if (url[0] == '?' || url[0] == '#')
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (g_ascii_strncasecmp (url, schemes[i], strlen (schemes[i])) == 0)
      return TRUE;
  return FALSE;
}

void
relay_html_append_url (GString *out, const char *url)
{
  if (url == NULL)
    return;
  append_escaped (out, url_is_safe (url) ? url : "about:blank", TRUE);
}

void
relay_html_append_url_part (GString *out, const char *part)
{
  if (part != NULL)
    g_string_append_uri_escaped (out, part, NULL, FALSE);
}

char *
relay_html_style_source (const char *css)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;
  g_autofree char *base64 = NULL;

  g_checksum_update (checksum, (const guchar *)css, -1);
  g_checksum_get_digest (checksum, digest, &length);
  base64 = g_base64_encode (digest, length);
  return g_strdup_printf ("'sha256-%s'", base64);
}
