/* src/view/cobro-plain-row.c — a row whose words are shown as they are.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-plain-row.h"

/* One after the other: properties that g_object_new() is given together are told to the labels in no order, and words
 * that come before the row knows that they are no markup are lost. */
GtkWidget *
cobro_plain_row_new (const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle ? subtitle : "");
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  return row;
}
