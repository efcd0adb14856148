/* relay/html/relay-template-loader.c — templates, their texts and styles from the resources inside the binary.
 * Layer: relay/html. Used at start. */
#include "relay-template-loader.h"

#include <string.h>
#include "cobro-error.h"
#include "relay-html-resources.h"

const char *const relay_languages[] = { "en", "es", "de", "fr", "pt", "ar", NULL };

gboolean
relay_catalogue_load (const char *language, RelayCatalogue **out_catalogue, GError **error)
{
  g_autofree char *path = g_strdup_printf ("/app/cobro/relay/html/%s.mo", language);
  g_autoptr (GBytes) bytes = NULL;
  RelayCatalogue *catalogue;

  if (strcmp (language, relay_languages[0]) == 0)
    {
      *out_catalogue = NULL;
      return TRUE;
    }
  bytes = g_resource_lookup_data (relay_html_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  if (bytes == NULL || (catalogue = relay_catalogue_new (bytes, error)) == NULL)
    {
      g_prefix_error (error, "language %s: ", language);
      return FALSE;
    }
  *out_catalogue = catalogue;
  return TRUE;
}

const char *
relay_text (const RelayText *texts, const RelayCatalogue *catalogue, const char *key)
{
  for (; texts->key != NULL; texts++)
    if (strcmp (texts->key, key) == 0)
      return relay_catalogue_get (catalogue, texts->text);
  return NULL;
}

/* Comments, line breaks and the spaces that style sheets do not need. Our own files only: they hold no strings with
 * these. */
static char *
shorten_style (const char *css)
{
  GString *out = g_string_sized_new (strlen (css));

  while (*css != '\0')
    {
      const char *end = g_str_has_prefix (css, "/*") ? strstr (css, "*/") : NULL;
      char last = out->len > 0 ? out->str[out->len - 1] : '{';

      if (end != NULL)
        {
          css = end + 2;
          continue;
        }
      if (g_ascii_isspace (*css))
        {
          while (g_ascii_isspace (*css))
            css++;
          if (strchr ("{};:,>", last) == NULL && *css != '\0' && strchr ("{};,>", *css) == NULL)
            g_string_append_c (out, ' ');
          continue;
        }
      if (*css == '}' && last == ';')
        g_string_truncate (out, out->len - 1);
      g_string_append_c (out, *css++);
    }
  return g_string_free (out, FALSE);
}

char *
relay_template_read (GResource *resource, const char *folder, const char *file, GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s/%s", folder, file);
  g_autoptr (GBytes) bytes = g_resource_lookup_data (resource, path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  g_autofree char *text = NULL;

  if (bytes == NULL)
    return NULL;
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return g_str_has_suffix (file, ".css") ? shorten_style (text) : g_steal_pointer (&text);
}

typedef struct
{
  GResource *resource;
  const char *folder;
  const RelayText *texts;
  const RelayCatalogue *catalogue;
} Loader;

static const char *
loader_text (gpointer data, const char *key)
{
  const Loader *loader = data;

  return relay_text (loader->texts, loader->catalogue, key);
}

static char *
loader_include (gpointer data, const char *file, GError **error)
{
  const Loader *loader = data;

  return relay_template_read (loader->resource, loader->folder, file, error);
}

RelayTemplate *
relay_template_load (GResource *resource, const char *folder, const char *file, const char *const *names,
                     const RelayText *texts, const RelayCatalogue *catalogue, GError **error)
{
  Loader loader = { resource, folder, texts, catalogue };
  RelayTemplateSource source = { names, loader_text, loader_include, &loader };
  g_autofree char *text = relay_template_read (resource, folder, file, error);

  return text != NULL ? relay_template_compile (file, text, &source, error) : NULL;
}
