/* src/model/cobro-background.c — whether payments are announced while no window is open.
 * Layer: model. Main thread. */
#include "config.h"

#include "cobro-background.h"

#include <glib/gi18n.h>

#include "cobro-error.h"
#include "cobro-portal.h"

#define KEY         "background-checking"
#define ENTRY_GROUP G_KEY_FILE_DESKTOP_GROUP

struct _CobroBackground
{
  GObject parent_instance;
  GSettings *settings; /* (nullable) */
  char *program;
  gboolean wanted; /* what is being asked for */
  gboolean busy;
  GError *error;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (CobroBackground, cobro_background, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
end (CobroBackground *self, gboolean enabled, const GError *error)
{
  self->busy = FALSE;
  g_clear_error (&self->error);
  self->error = error ? g_error_copy (error) : NULL;
  if (self->settings)
    g_settings_set_boolean (self->settings, KEY, enabled);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* ── Without a portal: an entry among the programs that start at login ── */

static GFile *
login_entry (void)
{
  return g_file_new_build_filename (g_get_user_config_dir (), "autostart", COBRO_APP_ID ".desktop", NULL);
}

static void
on_entry_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroBackground) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean written = g_file_replace_contents_finish (G_FILE (source), result, NULL, &error);

  end (self, written, error);
}

/* (transfer full) in double quotes, as the Desktop Entry Specification wants it; a shell's quotes are not known to
 * every desktop. */
static char *
entry_quote (const char *program)
{
  GString *quoted = g_string_new ("\"");

  for (const char *c = program; *c; c++)
    {
      if (strchr ("\"`$\\", *c))
        g_string_append_c (quoted, '\\');
      if (*c == '%')
        g_string_append_c (quoted, '%');
      g_string_append_c (quoted, *c);
    }
  g_string_append_c (quoted, '"');
  return g_string_free (quoted, FALSE);
}

/* (transfer full) */
static GBytes *
entry_text (CobroBackground *self)
{
  g_autoptr (GKeyFile) entry = g_key_file_new ();
  g_autofree char *program = entry_quote (self->program);
  g_autofree char *command = g_strconcat (program, " --gapplication-service", NULL);
  gsize length;
  char *text;

  g_key_file_set_string (entry, ENTRY_GROUP, G_KEY_FILE_DESKTOP_KEY_TYPE, G_KEY_FILE_DESKTOP_TYPE_APPLICATION);
  g_key_file_set_string (entry, ENTRY_GROUP, G_KEY_FILE_DESKTOP_KEY_NAME, "Cobro");
  g_key_file_set_string (entry, ENTRY_GROUP, G_KEY_FILE_DESKTOP_KEY_ICON, COBRO_APP_ID);
  g_key_file_set_string (entry, ENTRY_GROUP, G_KEY_FILE_DESKTOP_KEY_EXEC, command);
  g_key_file_set_boolean (entry, ENTRY_GROUP, G_KEY_FILE_DESKTOP_KEY_NO_DISPLAY, TRUE);
  g_key_file_set_integer (entry, ENTRY_GROUP, "X-GNOME-Autostart-Delay", 10);
  text = g_key_file_to_data (entry, &length, NULL);
  return g_bytes_new_take (text, length);
}

static void
write_entry (CobroBackground *self)
{
  g_autoptr (GFile) file = login_entry ();
  g_autoptr (GFile) folder = g_file_get_parent (file);
  g_autoptr (GBytes) bytes = entry_text (self);

  g_file_make_directory_with_parents (folder, NULL, NULL);
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, self->cancellable,
                                       on_entry_written_cb, g_object_ref (self));
}

static void
remove_entry (void)
{
  g_autoptr (GFile) file = login_entry ();

  g_file_delete (file, NULL, NULL);
}

/* ── The portal ── */

static void
on_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroBackground) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) results = cobro_portal_request_finish (result, &error);
  gboolean background = FALSE, autostart = FALSE;

  if (results)
    {
      g_variant_lookup (results, "background", "b", &background);
      g_variant_lookup (results, "autostart", "b", &autostart);
    }
  if (!self->wanted)
    return end (self, FALSE, NULL);
  if (background && autostart)
    return end (self, TRUE, NULL);
  if (g_error_matches (error, COBRO_ERROR, COBRO_ERROR_UNAVAILABLE) && !cobro_portal_is_sandboxed ())
    return write_entry (self);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return end (self, FALSE, NULL);
  if (!error)
    cobro_error_set (&error, COBRO_ERROR_FORBIDDEN, "the system did not allow it");
  end (self, FALSE, error);
}

void
cobro_background_set_enabled (CobroBackground *self, gboolean enabled)
{
  const char *command[] = { self->program, "--gapplication-service", NULL };
  GVariantDict options;

  g_return_if_fail (COBRO_IS_BACKGROUND (self));

  if (self->busy || !self->settings || enabled == cobro_background_get_enabled (self))
    return;

  self->busy = TRUE;
  self->wanted = enabled;
  if (!enabled)
    remove_entry ();
  g_variant_dict_init (&options, NULL);
  /* Translators: shown by the system when it asks whether Cobro may do this. */
  g_variant_dict_insert (&options, "reason", "s", _ ("Cobro tells you of payments while its window is closed."));
  g_variant_dict_insert (&options, "autostart", "b", enabled);
  g_variant_dict_insert (&options, "dbus-activatable", "b", FALSE);
  g_variant_dict_insert_value (&options, "commandline", g_variant_new_strv (command, -1));
  cobro_portal_request_async ("Background", "RequestBackground", g_variant_dict_end (&options), -1, self->cancellable,
                              on_answered_cb, g_object_ref (self));
  g_signal_emit (self, signals[CHANGED], 0);
}

/* ── The object ── */

gboolean
cobro_background_get_enabled (CobroBackground *self)
{
  g_return_val_if_fail (COBRO_IS_BACKGROUND (self), FALSE);

  return self->settings && g_settings_get_boolean (self->settings, KEY);
}

gboolean
cobro_background_get_busy (CobroBackground *self)
{
  g_return_val_if_fail (COBRO_IS_BACKGROUND (self), FALSE);

  return self->busy;
}

const GError *
cobro_background_get_error (CobroBackground *self)
{
  g_return_val_if_fail (COBRO_IS_BACKGROUND (self), NULL);

  return self->error;
}

static void
cobro_background_dispose (GObject *object)
{
  CobroBackground *self = COBRO_BACKGROUND (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (cobro_background_parent_class)->dispose (object);
}

static void
cobro_background_finalize (GObject *object)
{
  CobroBackground *self = COBRO_BACKGROUND (object);

  g_free (self->program);
  g_clear_error (&self->error);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (cobro_background_parent_class)->finalize (object);
}

static void
cobro_background_class_init (CobroBackgroundClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = cobro_background_dispose;
  object_class->finalize = cobro_background_finalize;
  signals[CHANGED] =
    g_signal_new ("changed", COBRO_TYPE_BACKGROUND, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cobro_background_init (CobroBackground *self)
{
  self->cancellable = g_cancellable_new ();
}

CobroBackground *
cobro_background_new (GSettings *settings, const char *program)
{
  CobroBackground *self = g_object_new (COBRO_TYPE_BACKGROUND, NULL);

  g_set_object (&self->settings, settings);
  self->program = g_strdup (program);
  return self;
}
