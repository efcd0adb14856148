/* src/view/cobro-spoken.c — see cobro-spoken.h. Layer: view. Main thread. */
#include "config.h"

#include "cobro-spoken.h"

#include <adwaita.h>
#include <glib/gi18n.h>

void
cobro_spoken_prepare (void)
{
  g_autoptr (GTypeClass) texts = g_type_class_ref (GTK_TYPE_TEXT);

  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (texts), GTK_ACCESSIBLE_ROLE_TEXT_BOX);
}

/* (nullable) lent: the entry that shows this text. */
static GtkWidget *
entry_of (GtkWidget *text)
{
  for (GtkWidget *at = gtk_widget_get_parent (text); at; at = gtk_widget_get_parent (at))
    if (GTK_IS_EDITABLE (at) && gtk_editable_get_delegate (GTK_EDITABLE (at)) == GTK_EDITABLE (text))
      return at;
  return NULL;
}

/* (transfer full) what people read in a text with markup or a mnemonic. */
static char *
plain (const char *text, gboolean markup, gboolean underline)
{
  g_autofree char *read = NULL;

  if (markup && pango_parse_markup (text, -1, underline ? '_' : 0, NULL, &read, NULL, NULL))
    return g_steal_pointer (&read);
  if (!underline)
    return g_strdup (text);
  return pango_parse_markup (text, -1, '_', NULL, &read, NULL, NULL) ? g_steal_pointer (&read) : g_strdup (text);
}

static char *
dup_title (AdwPreferencesRow *row)
{
  return plain (adw_preferences_row_get_title (row), adw_preferences_row_get_use_markup (row),
                adw_preferences_row_get_use_underline (row));
}

static void
name_after (GtkWidget *part, GtkWidget *whole)
{
  gtk_accessible_update_relation (GTK_ACCESSIBLE (part), GTK_ACCESSIBLE_RELATION_LABELLED_BY, whole, NULL, -1);
}

static void
describe (GtkWidget *widget, const char *text)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

static void
name_text (GtkWidget *text)
{
  GtkWidget *entry = entry_of (text);

  if (ADW_IS_ENTRY_ROW (entry))
    {
      g_autofree char *title = dup_title (ADW_PREFERENCES_ROW (entry));

      gtk_accessible_update_property (GTK_ACCESSIBLE (text), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
    }
  else if (entry)
    name_after (text, entry);
}

/* (transfer full) (nullable) what is chosen, as it is shown. */
static char *
dup_chosen (GObject *item, GtkExpression *expression)
{
  g_auto (GValue) value = G_VALUE_INIT;

  if (item && expression && gtk_expression_evaluate (expression, item, &value) && G_VALUE_HOLDS_STRING (&value))
    return g_value_dup_string (&value);
  return GTK_IS_STRING_OBJECT (item) ? g_strdup (gtk_string_object_get_string (GTK_STRING_OBJECT (item))) : NULL;
}

static void
name_chooser (GtkWidget *button, GtkDropDown *chooser)
{
  g_autofree char *chosen =
    dup_chosen (gtk_drop_down_get_selected_item (chooser), gtk_drop_down_get_expression (chooser));

  name_after (button, GTK_WIDGET (chooser));
  if (chosen)
    describe (button, chosen);
}

static void
describe_row (GtkWidget *row)
{
  AdwComboRow *combo = ADW_IS_COMBO_ROW (row) ? ADW_COMBO_ROW (row) : NULL;
  const char *subtitle = adw_action_row_get_subtitle (ADW_ACTION_ROW (row));
  g_autofree char *about =
    plain (subtitle ? subtitle : "", adw_preferences_row_get_use_markup (ADW_PREFERENCES_ROW (row)), FALSE);
  g_autofree char *chosen =
    combo ? dup_chosen (adw_combo_row_get_selected_item (combo), adw_combo_row_get_expression (combo)) : NULL;
  g_autofree char *both = chosen && *about ? g_strdup_printf ("%s. %s", chosen, about) : NULL;

  if (chosen || *about)
    describe (row, both ? both : chosen ? chosen : about);
}

static void
add_texts (GtkWidget *widget, GString *texts)
{
  const char *text = GTK_IS_LABEL (widget) ? gtk_label_get_text (GTK_LABEL (widget)) : "";

  if (*text)
    g_string_append_printf (texts, "%s%s", texts->len > 0 ? ", " : "", text);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_get_visible (child) && gtk_widget_get_child_visible (child))
      add_texts (child, texts);
}

/* It may be out of sight yet: where the keyboard goes, the list follows. */
void
cobro_spoken_name_row (GtkWidget *row)
{
  g_autoptr (GString) texts = g_string_new (NULL);

  add_texts (row, texts);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, texts->str, -1);
}

static void
on_focus_cb (GtkWindow *window)
{
  GtkWidget *focus = gtk_window_get_focus (window);
  GtkWidget *parent = focus ? gtk_widget_get_parent (focus) : NULL;

  if (!focus)
    return;
  if (GTK_IS_TEXT (focus))
    name_text (focus);
  else if (parent && g_str_equal (G_OBJECT_TYPE_NAME (parent), "AdwToastWidget") && GTK_IS_BUTTON (focus) &&
           !gtk_button_get_label (GTK_BUTTON (focus)))
    gtk_accessible_update_property (GTK_ACCESSIBLE (focus), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Close"), -1);
  else if (GTK_IS_DROP_DOWN (parent))
    name_chooser (focus, GTK_DROP_DOWN (parent));
  else if (GTK_IS_MENU_BUTTON (parent) && ADW_IS_SPLIT_BUTTON (gtk_widget_get_parent (parent)))
    gtk_accessible_update_property (
      GTK_ACCESSIBLE (focus), GTK_ACCESSIBLE_PROPERTY_LABEL,
      adw_split_button_get_dropdown_tooltip (ADW_SPLIT_BUTTON (gtk_widget_get_parent (parent))), -1);
  else if (gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (focus)) == GTK_ACCESSIBLE_ROLE_ROW)
    cobro_spoken_name_row (focus);
  else if (ADW_IS_ACTION_ROW (focus))
    describe_row (focus);
}

static void
on_toplevels_changed_cb (GListModel *windows, guint position, guint removed, guint added, GObject *keeper)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (GObject) window = g_list_model_get_item (windows, i);

      g_signal_connect_object (window, "notify::focus-widget", G_CALLBACK (on_focus_cb), keeper, 0);
    }
}

void
cobro_spoken_listen (GObject *keeper)
{
  GListModel *windows = gtk_window_get_toplevels ();

  g_signal_connect_object (windows, "items-changed", G_CALLBACK (on_toplevels_changed_cb), keeper, 0);
  on_toplevels_changed_cb (windows, 0, 0, g_list_model_get_n_items (windows), keeper);
}
