/* src/document/cobro-country-text.c — countries and languages as people call them.
 * Layer: document. Any thread. */
#include "cobro-country-text.h"

#include "cobro-locale-private.h"

#define NAME_MAX_UNITS 128

char *
cobro_country_text (const char *code, CobroLocale *locale)
{
  g_autofree char *place = g_strconcat ("und_", code, NULL);
  UChar name[NAME_MAX_UNITS];
  UErrorCode status = U_ZERO_ERROR;
  int32_t length;

  if (!*code)
    return g_strdup ("");
  length = uloc_getDisplayCountry (place, cobro_locale_icu (locale), name, NAME_MAX_UNITS, &status);
  if (U_FAILURE (status) || length <= 0 || length > NAME_MAX_UNITS)
    return g_strdup (code);
  return g_utf16_to_utf8 ((const gunichar2 *)name, length, NULL, NULL, NULL);
}

char *
cobro_language_text (const char *tag)
{
  g_autoptr (CobroLocale) locale = cobro_locale_new (tag, NULL);
  const char *icu = cobro_locale_icu (locale);
  g_autofree char *text = NULL, *first = NULL, *large = NULL;
  UChar name[NAME_MAX_UNITS];
  UErrorCode status = U_ZERO_ERROR;
  int32_t length = uloc_getDisplayName (icu, icu, name, NAME_MAX_UNITS, &status);

  if (g_ascii_strcasecmp (cobro_locale_get_tag (locale), tag) != 0 || U_FAILURE (status) || length <= 0 ||
      length > NAME_MAX_UNITS)
    return g_strdup (tag);
  text = g_utf16_to_utf8 ((const gunichar2 *)name, length, NULL, NULL, NULL);
  first = g_utf8_substring (text, 0, 1);
  large = g_utf8_strup (first, -1);
  return g_strconcat (large, g_utf8_next_char (text), NULL);
}

typedef struct
{
  const char *code;
  char *key; /* of the name, for sorting */
} Country;

static void
country_clear (gpointer data)
{
  g_free (((Country *)data)->key);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (((const Country *)a)->key, ((const Country *)b)->key);
}

GStrv
cobro_country_codes (CobroLocale *locale)
{
  g_autoptr (GArray) countries = g_array_new (FALSE, FALSE, sizeof (Country));
  g_autoptr (GStrvBuilder) codes = g_strv_builder_new ();

  g_array_set_clear_func (countries, country_clear);
  for (const char *const *code = uloc_getISOCountries (); *code; code++)
    {
      g_autofree char *name = cobro_country_text (*code, locale);
      Country country = { *code, g_utf8_collate_key (name, -1) };

      g_array_append_val (countries, country);
    }
  g_array_sort (countries, compare);
  for (guint i = 0; i < countries->len; i++)
    g_strv_builder_add (codes, g_array_index (countries, Country, i).code);
  return g_strv_builder_end (codes);
}
