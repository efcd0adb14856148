/* src/main.c — the desktop application's entry: translations, then the application.
 * Layer: src. Main thread. */
#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>
#include "cobro-application.h"
#include "cobro-context.h"

int
main (int argc, char **argv)
{
  g_autoptr (CobroApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, cobro_context_is_uninstalled () ? COBRO_BUILD_LOCALEDIR : COBRO_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  g_set_application_name ("Cobro");
  application = cobro_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
