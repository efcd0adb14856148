/* src/document/cobro-locale.c — a language tag, a time zone, and ICU formatters made on demand: opening one costs more
 * than a hundred uses. Layer: document. Any thread; formatters are used under the lock. */
#include "cobro-locale.h"

#include <string.h>
#include <unicode/ucal.h>

#include "cobro-locale-private.h"

typedef struct
{
  gpointer formatter;
  GDestroyNotify free;
} Kept;

struct _CobroLocale
{
  gint ref_count;
  char *icu;
  char *tag;
  gunichar2 *zone;
  GMutex mutex;
  GHashTable *kept; /* (element-type guint Kept) */
};

static void
kept_free (Kept *kept)
{
  kept->free (kept->formatter);
  g_free (kept);
}

/* "es_MX.UTF-8", "es-MX" → "es_MX"; what ICU has no language for becomes "en". */
static char *
icu_name (const char *tag)
{
  g_autofree char *plain = g_strdup (tag != NULL ? tag : "");
  char name[ULOC_FULLNAME_CAPACITY];
  UErrorCode status = U_ZERO_ERROR;
  int32_t parsed;

  plain[strcspn (plain, ".@")] = '\0';
  g_strdelimit (plain, "_", '-');
  if (uloc_forLanguageTag (plain, name, sizeof name, &parsed, &status) <= 0 || U_FAILURE (status) ||
      (gsize)parsed != strlen (plain) || *uloc_getISO3Language (name) == '\0')
    return g_strdup ("en");
  return g_strdup (name);
}

static char *
language_tag (const char *icu)
{
  char tag[ULOC_FULLNAME_CAPACITY];
  UErrorCode status = U_ZERO_ERROR;

  if (uloc_toLanguageTag (icu, tag, sizeof tag, FALSE, &status) <= 0 || U_FAILURE (status))
    return g_strdup ("en");
  return g_strdup (tag);
}

static gunichar2 *
zone_name (const char *time_zone)
{
  g_autofree gunichar2 *name = g_utf8_to_utf16 (time_zone != NULL ? time_zone : "", -1, NULL, NULL, NULL);
  UChar canonical[128];
  UErrorCode status = U_ZERO_ERROR;

  if (name == NULL || name[0] == 0 ||
      ucal_getCanonicalTimeZoneID ((const UChar *)name, -1, canonical, G_N_ELEMENTS (canonical), NULL, &status) <= 0 ||
      U_FAILURE (status))
    return g_utf8_to_utf16 ("UTC", -1, NULL, NULL, NULL);
  return g_steal_pointer (&name);
}

CobroLocale *
cobro_locale_new (const char *tag, const char *time_zone)
{
  CobroLocale *locale = g_new0 (CobroLocale, 1);

  locale->ref_count = 1;
  locale->icu = icu_name (tag);
  locale->tag = language_tag (locale->icu);
  locale->zone = zone_name (time_zone);
  locale->kept = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)kept_free);
  g_mutex_init (&locale->mutex);
  return locale;
}

CobroLocale *
cobro_locale_ref (CobroLocale *locale)
{
  g_atomic_int_inc (&locale->ref_count);
  return locale;
}

void
cobro_locale_unref (CobroLocale *locale)
{
  if (locale == NULL || !g_atomic_int_dec_and_test (&locale->ref_count))
    return;
  g_hash_table_unref (locale->kept);
  g_mutex_clear (&locale->mutex);
  g_free (locale->zone);
  g_free (locale->tag);
  g_free (locale->icu);
  g_free (locale);
}

const char *
cobro_locale_get_tag (CobroLocale *locale)
{
  return locale->tag;
}

gboolean
cobro_locale_is_rtl (CobroLocale *locale)
{
  return uloc_isRightToLeft (locale->icu);
}

const char *
cobro_locale_icu (CobroLocale *locale)
{
  return locale->icu;
}

const UChar *
cobro_locale_zone (CobroLocale *locale)
{
  return (const UChar *)locale->zone;
}

char *
cobro_locale_with_formatter (CobroLocale *locale, guint key, CobroLocaleMake make, GDestroyNotify free_formatter,
                             CobroLocaleUse use, gpointer data)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&locale->mutex);
  Kept *kept = g_hash_table_lookup (locale->kept, GUINT_TO_POINTER (key));

  if (kept == NULL)
    {
      kept = g_new0 (Kept, 1);
      kept->formatter = make (locale, data);
      kept->free = free_formatter;
      g_hash_table_insert (locale->kept, GUINT_TO_POINTER (key), kept);
    }
  return use (kept->formatter, data);
}
