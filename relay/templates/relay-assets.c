/* relay/templates/relay-assets.c — our own scripts as files with hashes in their names.
 * Layer: relay/templates. */
#include "relay-assets.h"

#include <string.h>

#include "relay-html.h"
#include "relay-templates-resources.h"

#define FOLDER "/app/cobro/relay/templates"
#define PREFIX "/assets/"

typedef struct
{
  char *file; /* "checkout.js" */
  char *path; /* "/assets/checkout-<hash>.js" */
  char *integrity;
  GBytes *bytes;
} Asset;

struct _RelayAssets
{
  GPtrArray *assets; /* (element-type Asset) */
};

static void
asset_free (gpointer data)
{
  Asset *asset = data;

  g_free (asset->file);
  g_free (asset->path);
  g_free (asset->integrity);
  g_clear_pointer (&asset->bytes, g_bytes_unref);
  g_free (asset);
}

void
relay_assets_free (RelayAssets *self)
{
  g_ptr_array_unref (self->assets);
  g_free (self);
}

static char *
integrity_of (GBytes *bytes)
{
  guint8 digest[32];
  gsize length = sizeof digest;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *base64 = NULL;

  g_checksum_update (checksum, g_bytes_get_data (bytes, NULL), (gssize)g_bytes_get_size (bytes));
  g_checksum_get_digest (checksum, digest, &length);
  base64 = g_base64_encode (digest, length);
  return g_strconcat ("sha256-", base64, NULL);
}

static gboolean
add (RelayAssets *self, const char *file, GError **error)
{
  g_autofree char *resource = g_strconcat (FOLDER "/", file, NULL);
  g_autofree char *stem = g_strndup (file, strlen (file) - strlen (".js"));
  g_autofree char *hash = NULL;
  Asset *asset = g_new0 (Asset, 1);

  asset->bytes =
    g_resource_lookup_data (relay_templates_get_resource (), resource, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  if (asset->bytes == NULL)
    return asset_free (asset), FALSE;
  hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, asset->bytes);
  asset->file = g_strdup (file);
  asset->path = g_strdup_printf (PREFIX "%s-%.16s.js", stem, hash);
  asset->integrity = integrity_of (asset->bytes);
  g_ptr_array_add (self->assets, asset);
  return TRUE;
}

RelayAssets *
relay_assets_new (GError **error)
{
  g_autoptr (RelayAssets) self = g_new0 (RelayAssets, 1);
  g_auto (GStrv) files =
    g_resource_enumerate_children (relay_templates_get_resource (), FOLDER, G_RESOURCE_LOOKUP_FLAGS_NONE, error);

  self->assets = g_ptr_array_new_with_free_func (asset_free);
  if (files == NULL)
    return NULL;
  for (guint i = 0; files[i] != NULL; i++)
    if (g_str_has_suffix (files[i], ".js") && !add (self, files[i], error))
      return NULL;
  return g_steal_pointer (&self);
}

const char *
relay_assets_path (const RelayAssets *self, const char *file)
{
  for (guint i = 0; i < self->assets->len; i++)
    if (strcmp (((Asset *)self->assets->pdata[i])->file, file) == 0)
      return ((Asset *)self->assets->pdata[i])->path;
  return NULL;
}

static const Asset *
find (const RelayAssets *self, const char *path)
{
  for (guint i = 0; i < self->assets->len; i++)
    if (strcmp (((Asset *)self->assets->pdata[i])->path, path) == 0)
      return self->assets->pdata[i];
  return NULL;
}

const char *
relay_assets_integrity (const RelayAssets *self, const char *path)
{
  const Asset *asset = find (self, path);

  return asset != NULL ? asset->integrity : NULL;
}

GBytes *
relay_assets_find (const RelayAssets *self, const char *name, const char **out_content_type)
{
  g_autofree char *path = g_strconcat (PREFIX, name, NULL);
  const Asset *asset = find (self, path);

  if (asset == NULL)
    return NULL;
  *out_content_type = "text/javascript; charset=utf-8";
  return asset->bytes;
}
