/* tests/ui/native/ui-keyboard.c — see ui-keyboard.h. Layer: tests. */
#include "config.h"

#include "ui-keyboard.h"

#include <gdk/x11/gdkx.h>
#include <stdio.h>
#include <string.h>

/* ── Keys ── */

/* There is no window manager: the keyboard is given to the window by hand. The question after the keys is answered when
 * the server has sent them on; gdk_display_sync() fetches them. */
static void
send (gpointer window, const char *verb, const char *text)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (window));
  g_autofree char *xid = g_strdup_printf ("%lu", gdk_x11_surface_get_xid (surface));
  gboolean typed = g_str_equal (verb, "type"); /* which takes all that follows, unless it is told how much */
  const char *argv[] = { "xdotool",
                         "windowfocus",
                         xid,
                         verb,
                         "--delay",
                         "0",
                         typed ? "--args" : text,
                         typed ? "1" : "getmouselocation",
                         typed ? text : NULL,
                         "getmouselocation",
                         NULL };
  g_autofree char *said = NULL;
  g_autofree char *trouble = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &said, &trouble, &status, &error);
  g_assert_no_error (error);
  if (!g_spawn_check_wait_status (status, NULL))
    g_error ("xdotool %s %s: %s", verb, text, trouble);
  gdk_display_sync (gdk_surface_get_display (surface));
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

void
ui_key (gpointer window, const char *key)
{
  send (window, "key", key);
}

void
ui_type (gpointer window, const char *text)
{
  send (window, "type", text);
}

/* ── Ears ── */

static const char *
role_of (GtkWidget *widget)
{
  GtkAccessibleRole role = gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (widget));
  g_autoptr (GEnumClass) roles = g_type_class_ref (GTK_TYPE_ACCESSIBLE_ROLE);

  return g_enum_get_value (roles, (int)role)->value_nick;
}

/* (transfer full) (nullable) GTK's tests are told what stands there by asking for what cannot. */
static char *
property (gpointer widget, GtkAccessibleProperty property)
{
  g_autofree char *value = gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget), property, "\001");

  return g_strcmp0 (value, "undefined") == 0 ? NULL : g_steal_pointer (&value);
}

static char *
without_mnemonic (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "_", 2);

  return parts[0] && parts[1] && g_ascii_isalpha (*parts[1]) ? g_strconcat (parts[0], parts[1], NULL) : g_strdup (text);
}

static void
add_name (GString *name, const char *text)
{
  g_autofree char *plain = text ? without_mnemonic (text) : NULL;

  if (!plain || !*plain || g_str_equal (name->str, plain))
    return;
  if (name->len > 0)
    g_string_append_c (name, ' ');
  g_string_append (name, plain);
}

/* What names it: "GtkLabel<0x55…>", several with blanks between. */
static void
add_namers (GString *name, const char *namers)
{
  for (const char *at = namers ? strchr (namers, '<') : NULL; at; at = strchr (at + 1, '<'))
    {
      void *namer = NULL;

      if (sscanf (at, "<%p>", &namer) == 1)
        {
          g_autofree char *text = property (namer, GTK_ACCESSIBLE_PROPERTY_LABEL);

          add_name (name, text ? text : GTK_IS_LABEL (namer) ? gtk_label_get_text (namer) : NULL);
        }
    }
}

char *
ui_spoken_name (GtkWidget *widget)
{
  g_autoptr (GString) name = g_string_new (NULL);
  g_autofree char *label = property (widget, GTK_ACCESSIBLE_PROPERTY_LABEL);
  g_autofree char *namers =
    gtk_test_accessible_check_relation (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY, widget, NULL);

  add_name (name, label);
  add_namers (name, namers);
  return g_string_free (g_steal_pointer (&name), FALSE);
}

char *
ui_said (GtkWidget *widget)
{
  g_autofree char *name = ui_spoken_name (widget);
  g_autofree char *about = property (widget, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);

  if (about && *about && !g_str_equal (about, name))
    return g_strdup_printf ("%s: %s (%s)", role_of (widget), name, about);
  return g_strdup_printf ("%s: %s", role_of (widget), name);
}

char *
ui_heard (gpointer window)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (window));

  return focus ? ui_said (focus) : g_strdup ("");
}
