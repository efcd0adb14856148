/* relay/html/relay-language.c — which language a page is written in.
 * Layer: relay/html. Any thread. */
#include "relay-language.h"

#include <string.h>

static gsize
primary_length (const char *tag)
{
  return strcspn (tag, "-_;, \t");
}

static gboolean
same_language (const char *a, const char *b)
{
  gsize n = primary_length (a);

  return n > 0 && n == primary_length (b) && g_ascii_strncasecmp (a, b, n) == 0;
}

static const char *
find_offered (const char *tag, const char *const *offered)
{
  for (guint i = 0; offered[i] != NULL; i++)
    if (same_language (tag, offered[i]))
      return offered[i];
  return NULL;
}

static gboolean
is_tag (const char *tag)
{
  gsize n = strspn (tag, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

  return n >= 2 && n <= 35 && tag[n] == '\0' && g_ascii_isalpha (tag[0]) && g_ascii_isalpha (tag[1]);
}

/* "0.8" → 800; absent → 1000; nonsense → 0. Thousandths: quality values have at most three decimals. */
static int
parse_quality (const char *parameter)
{
  int value, unit = 100;

  if (parameter == NULL)
    return 1000;
  while (*parameter == ' ' || *parameter == '\t')
    parameter++;
  if ((parameter[0] != 'q' && parameter[0] != 'Q') || parameter[1] != '=' ||
      (parameter[2] != '0' && parameter[2] != '1'))
    return 0;
  value = parameter[2] == '1' ? 1000 : 0;
  if (parameter[3] != '.')
    return value;
  for (const char *at = parameter + 4; g_ascii_isdigit (*at) && unit > 0; at++, unit /= 10)
    value += (*at - '0') * unit;
  return MIN (value, 1000);
}

typedef struct
{
  char *tag;
  int quality;
} Wish;

static void
wish_clear (gpointer data)
{
  g_free (((Wish *)data)->tag);
}

static int
wish_compare (gconstpointer a, gconstpointer b)
{
  return ((const Wish *)b)->quality - ((const Wish *)a)->quality;
}

/* The browser's wishes, best first; at most 16 are looked at, a header is text from outside. */
static GArray *
parse_wishes (const char *accept_language)
{
  GArray *wishes = g_array_new (FALSE, FALSE, sizeof (Wish));
  g_auto (GStrv) parts = g_strsplit (accept_language != NULL ? accept_language : "", ",", 16);

  g_array_set_clear_func (wishes, wish_clear);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *parameter = strchr (parts[i], ';');
      Wish wish;

      if (parameter != NULL)
        *parameter++ = '\0';
      wish.quality = parse_quality (parameter);
      if (!is_tag (g_strstrip (parts[i])) || wish.quality <= 0)
        continue;
      wish.tag = g_strdup (parts[i]);
      g_array_append_val (wishes, wish);
    }
  g_array_sort (wishes, wish_compare); /* GLib's array sort is stable */
  return wishes;
}

static gboolean
is_wanted (const char *wanted)
{
  return wanted != NULL && *wanted != '\0' && strcmp (wanted, "auto") != 0;
}

const char *
relay_language_choose (const char *wanted, const char *accept_language, const char *fallback,
                       const char *const *offered)
{
  g_autoptr (GArray) wishes = NULL;
  const char *found;

  if (is_wanted (wanted) && (found = find_offered (wanted, offered)) != NULL)
    return found;
  wishes = parse_wishes (accept_language);
  for (guint i = 0; i < wishes->len; i++)
    if ((found = find_offered (g_array_index (wishes, Wish, i).tag, offered)) != NULL)
      return found;
  if (is_wanted (fallback) && (found = find_offered (fallback, offered)) != NULL)
    return found;
  return offered[0];
}

char *
relay_language_locale (const char *wanted, const char *accept_language, const char *fallback, const char *language)
{
  g_autoptr (GArray) wishes = NULL;

  if (is_wanted (wanted) && same_language (wanted, language))
    return g_strdup (wanted);
  wishes = parse_wishes (accept_language);
  for (guint i = 0; i < wishes->len; i++)
    if (same_language (g_array_index (wishes, Wish, i).tag, language))
      return g_strdup (g_array_index (wishes, Wish, i).tag);
  return g_strdup (is_wanted (fallback) && same_language (fallback, language) ? fallback : language);
}

const char *
relay_language_direction (const char *language)
{
  static const char *const right_to_left[] = { "ar", "he", "fa", "ur", "yi", "dv", "ps", "ckb", "sd", "ug", NULL };

  return find_offered (language, right_to_left) != NULL ? "rtl" : "ltr";
}
