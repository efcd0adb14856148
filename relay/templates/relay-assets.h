/* relay/templates/relay-assets.h — our own scripts as files: names that carry a hash, and the integrity that pages ask
 * of them. Layer: relay/templates. Read-only once made; any thread. */
#pragma once
#include <gio/gio.h>

typedef struct _RelayAssets RelayAssets;

/* (transfer full) every *.js of the resources. NULL with an error: one is missing. */
RelayAssets *relay_assets_new (GError **error);
void relay_assets_free (RelayAssets *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayAssets, relay_assets_free)

/* (transfer none) (nullable) the path of "checkout.js": "/assets/checkout-<16 hex digits>.js"; NULL: there is none. */
const char *relay_assets_path (const RelayAssets *self, const char *file);
/* (transfer none) (nullable) "sha256-<base64>" of what stands at that path. */
const char *relay_assets_integrity (const RelayAssets *self, const char *path);
/* (transfer none) (nullable) the bytes behind "/assets/<name>". */
GBytes *relay_assets_find (const RelayAssets *self, const char *name, const char **out_content_type);
