/* relay/observe/relay-log-redact.c — what a text may show in a log: no mail addresses, no secrets.
 * Layer: relay/observe. Any thread. */
#include "relay-log.h"

#include <string.h>

/* Words that secrets begin with: ours, those of webhooks, and those of providers. */
static const char *const prefixes[] = { "cob_live_", "cob_test_", "whsec_", "sk_", "rk_", "pk_", "rzp_", "FLWSECK" };

#define SECRET_LENGTH 40 /* longer words of base64 or hex are taken for secrets; our ids have 31 at most */

static gboolean
is_word (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '-' || c == '+' || c == '/' || c == '=' || c == '.';
}

/* Letters, digits and what else tokens are written with: no dots and slashes, so that paths and names of hosts stay. */
static gsize
longest_run (const char *word, gsize length)
{
  gsize longest = 0, run = 0;

  for (gsize i = 0; i < length; i++)
    {
      run = g_ascii_isalnum (word[i]) || word[i] == '_' || word[i] == '-' || word[i] == '+' ? run + 1 : 0;
      longest = MAX (longest, run);
    }
  return longest;
}

static gboolean
is_secret (const char *word, gsize length)
{
  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    {
      const char *at = g_strstr_len (word, length, prefixes[i]);

      if (at != NULL && length - (at - word) > strlen (prefixes[i]) && (at == word || !g_ascii_isalnum (at[-1])))
        return TRUE;
    }
  return longest_run (word, length) >= SECRET_LENGTH;
}

static void
put_secret (GString *out, const char *word, gsize length)
{
  g_autofree char *sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)word, length);

  g_string_append_printf (out, "<secret:%.8s>", sum);
}

/* The length of a mail address's domain after its '@', 0 if none follows. */
static gsize
domain_length (const char *text)
{
  gsize n = 0;

  while (g_ascii_isalnum (text[n]) || text[n] == '-' || text[n] == '.' || (guchar)text[n] >= 0x80)
    n++;
  return n;
}

/* A local part ends at the '@' that stands after @length bytes of @word; it may hold letters that are not ASCII. */
static void
drop_local_part (GString *out)
{
  while (out->len > 0)
    {
      guchar last = (guchar)out->str[out->len - 1];

      if (!g_ascii_isalnum (last) && last < 0x80 && strchr ("._%+-=!#$&'*/?^`{|}~", last) == NULL)
        return;
      g_string_truncate (out, out->len - 1);
    }
}

char *
relay_log_redact (const char *text)
{
  GString *out = g_string_sized_new (strlen (text) + 16);
  const char *at = text;

  while (*at != '\0')
    {
      gsize length = 0;

      while (is_word (at[length]))
        length++;
      if (length > 0 && is_secret (at, length) && at[length] != '@')
        put_secret (out, at, length);
      else
        g_string_append_len (out, at, length);
      at += length;
      if (*at == '@' && domain_length (at + 1) > 0)
        {
          drop_local_part (out);
          g_string_append (out, "<address>");
          at += 1 + domain_length (at + 1);
        }
      else if (*at != '\0')
        g_string_append_c (out, *at++);
    }
  return g_string_free (out, FALSE);
}
