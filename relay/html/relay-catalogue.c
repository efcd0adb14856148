/* relay/html/relay-catalogue.c — a compiled gettext catalogue (.mo) read from memory.
 * Layer: relay/html. Format: GNU gettext manual, "The Format of GNU MO Files".
 * Any thread after it was made. */
#include "relay-catalogue.h"

#include <string.h>
#include "cobro-error.h"

#define MO_MAGIC 0x950412deu

struct _RelayCatalogue
{
  GBytes *bytes;
  GHashTable *texts; /* (element-type utf8 utf8) both inside bytes */
};

static guint32
read_word (const guint8 *data, gsize offset, gboolean swapped)
{
  guint32 word;

  memcpy (&word, data + offset, sizeof word);
  return swapped ? GUINT32_SWAP_LE_BE (word) : word;
}

/* The string that the table entry at @entry points to, when it ends inside the file with its zero. */
static const char *
read_string (const guint8 *data, gsize size, gsize entry, gboolean swapped)
{
  guint32 length = read_word (data, entry, swapped);
  guint32 offset = read_word (data, entry + 4, swapped);

  if (offset >= size || length >= size - offset || data[offset + length] != '\0')
    return NULL;
  return (const char *)data + offset;
}

RelayCatalogue *
relay_catalogue_new (GBytes *mo, GError **error)
{
  g_autoptr (RelayCatalogue) self = g_new0 (RelayCatalogue, 1);
  gsize size;
  const guint8 *data = g_bytes_get_data (mo, &size);
  gboolean swapped;
  guint32 n, originals, translations;

  self->bytes = g_bytes_ref (mo);
  self->texts = g_hash_table_new (g_str_hash, g_str_equal);
  if (size < 28 || (read_word (data, 0, FALSE) != MO_MAGIC && read_word (data, 0, TRUE) != MO_MAGIC))
    {
      cobro_error_set (error, COBRO_ERROR_CORRUPT, "not a compiled catalogue");
      return NULL;
    }
  swapped = read_word (data, 0, FALSE) != MO_MAGIC;
  n = read_word (data, 8, swapped);
  originals = read_word (data, 12, swapped);
  translations = read_word (data, 16, swapped);
  if (n > size / 8 || originals > size - n * 8 || translations > size - n * 8)
    {
      cobro_error_set (error, COBRO_ERROR_CORRUPT, "the catalogue's tables reach beyond its end");
      return NULL;
    }
  for (guint32 i = 0; i < n; i++)
    {
      const char *original = read_string (data, size, originals + i * 8, swapped);
      const char *translation = read_string (data, size, translations + i * 8, swapped);

      if (original == NULL || translation == NULL)
        {
          cobro_error_set (error, COBRO_ERROR_CORRUPT, "text %u of the catalogue reaches beyond its end", i);
          return NULL;
        }
      if (*original != '\0' && *translation != '\0')
        g_hash_table_insert (self->texts, (gpointer)original, (gpointer)translation);
    }
  return g_steal_pointer (&self);
}

void
relay_catalogue_free (RelayCatalogue *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->texts);
  g_bytes_unref (self->bytes);
  g_free (self);
}

const char *
relay_catalogue_get (const RelayCatalogue *self, const char *text)
{
  const char *translation = self != NULL ? g_hash_table_lookup (self->texts, text) : NULL;

  return translation != NULL ? translation : text;
}
