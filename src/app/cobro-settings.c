/* src/app/cobro-settings.c — GSettings.
 * Layer: app. Main thread. */
#include "config.h"

#include "cobro-settings.h"

GSettings *
cobro_settings_new (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = source ? g_settings_schema_source_lookup (source, COBRO_APP_ID, TRUE) : NULL;

  if (!schema)
    {
      g_autoptr (GSettingsSchemaSource) built =
        g_settings_schema_source_new_from_directory (COBRO_BUILD_SCHEMADIR, source, TRUE, NULL);

      schema = built ? g_settings_schema_source_lookup (built, COBRO_APP_ID, FALSE) : NULL;
    }
  return schema ? g_settings_new_full (schema, NULL, NULL) : NULL;
}

void
cobro_settings_bind_window (GSettings *settings, GtkWindow *window)
{
  if (!settings)
    return;

  g_settings_bind (settings, "window-width", window, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-height", window, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-maximized", window, "maximized", G_SETTINGS_BIND_DEFAULT);
}

void
cobro_settings_bind_backups (GSettings *settings, CobroBackups *backups)
{
  if (!settings)
    return;

  g_settings_bind (settings, "backup-automatic", backups, "automatic", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "backup-folder", backups, "folder", G_SETTINGS_BIND_DEFAULT);
}
