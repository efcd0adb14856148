/* src/view/cobro-country-row.c — a country to be chosen.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-country-row.h"

#include <glib/gi18n.h>
#include "cobro-country-text.h"
#include "cobro-late.h"
#include "cobro-view-text.h"

struct _CobroCountryRow
{
  AdwActionRow parent_instance;
  GtkDropDown *chooser;
  GStrv codes; /* (nullable) as the chooser shows them, from its second entry on; NULL until they are listed */
  char *code;
  gboolean showing;
};

G_DEFINE_FINAL_TYPE (CobroCountryRow, cobro_country_row, ADW_TYPE_ACTION_ROW)

enum
{
  CHOSEN,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

const char *
cobro_country_row_get_code (CobroCountryRow *self)
{
  g_return_val_if_fail (COBRO_IS_COUNTRY_ROW (self), "");

  return self->code;
}

/* (transfer full) what stands for a country; "" is none. */
static char *
name_of (const char *code)
{
  return *code ? cobro_country_text (code, cobro_view_locale ()) : g_strdup (_ ("Not Set"));
}

/* Where the list has it; 0, which is none, where it has not. */
static guint
position_of (CobroCountryRow *self, const char *code)
{
  for (guint i = 0; self->codes[i]; i++)
    if (g_str_equal (self->codes[i], code))
      return i + 1;
  return 0;
}

static void
show_code (CobroCountryRow *self)
{
  g_autofree char *name = name_of (self->code);
  const char *only[] = { name, NULL };

  self->showing = TRUE;
  if (self->codes)
    gtk_drop_down_set_selected (self->chooser, position_of (self, self->code));
  else
    gtk_string_list_splice (GTK_STRING_LIST (gtk_drop_down_get_model (self->chooser)), 0, 1, only);
  self->showing = FALSE;
}

void
cobro_country_row_set_code (CobroCountryRow *self, const char *code)
{
  g_autofree char *old = NULL;

  g_return_if_fail (COBRO_IS_COUNTRY_ROW (self));

  old = g_steal_pointer (&self->code);
  self->code = g_strdup (code);
  show_code (self);
}

static void
on_selected_cb (CobroCountryRow *self)
{
  guint selected = gtk_drop_down_get_selected (self->chooser);

  if (self->showing || !self->codes || selected == GTK_INVALID_LIST_POSITION)
    return;

  g_free (self->code);
  self->code = g_strdup (selected == 0 ? "" : self->codes[selected - 1]);
  g_signal_emit (self, signals[CHOSEN], 0);
}

/* The row's title names the chooser, too. */
static void
on_title_cb (CobroCountryRow *self)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->chooser), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)), -1);
}

/* Enter takes the first country that begins with what was typed: GTK's chooser only filters. */
static void
on_search_activated_cb (GtkEditable *entry, CobroCountryRow *self)
{
  g_autofree char *typed = g_utf8_casefold (gtk_editable_get_text (entry), -1);
  GListModel *names = gtk_drop_down_get_model (self->chooser);

  for (guint i = 1; *typed && i < g_list_model_get_n_items (names); i++)
    {
      g_autoptr (GtkStringObject) name = g_list_model_get_item (names, i);
      g_autofree char *folded = g_utf8_casefold (gtk_string_object_get_string (name), -1);

      if (!g_str_has_prefix (folded, typed))
        continue;
      gtk_popover_popdown (GTK_POPOVER (gtk_widget_get_ancestor (GTK_WIDGET (entry), GTK_TYPE_POPOVER)));
      gtk_drop_down_set_selected (self->chooser, i);
      return;
    }
}

/* Typing begins in the list: from then on the keys are the search's. */
static void
on_search_typed_cb (GtkEditable *entry, CobroCountryRow *self)
{
  GtkEditable *text = gtk_editable_get_delegate (entry);

  if (*gtk_editable_get_text (entry) && GTK_IS_TEXT (text))
    gtk_text_grab_focus_without_selecting (GTK_TEXT (text));
}

/* (nullable) the chooser's own search entry. */
static GtkWidget *
find_search (GtkWidget *widget)
{
  GtkWidget *found = GTK_IS_SEARCH_ENTRY (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = find_search (child);
  return found;
}

static void
follow_search (CobroCountryRow *self)
{
  GtkWidget *search = find_search (GTK_WIDGET (self->chooser));

  if (!search)
    return;
  gtk_search_entry_set_key_capture_widget (GTK_SEARCH_ENTRY (search),
                                           gtk_widget_get_ancestor (search, GTK_TYPE_POPOVER));
  g_signal_connect (search, "changed", G_CALLBACK (on_search_typed_cb), self);
  g_signal_connect (search, "activate", G_CALLBACK (on_search_activated_cb), self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (search), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Search countries"), -1);
}

static void
cobro_country_row_finalize (GObject *object)
{
  CobroCountryRow *self = COBRO_COUNTRY_ROW (object);

  g_strfreev (self->codes);
  g_free (self->code);
  G_OBJECT_CLASS (cobro_country_row_parent_class)->finalize (object);
}

static void
cobro_country_row_class_init (CobroCountryRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cobro_country_row_finalize;
  signals[CHOSEN] =
    g_signal_new ("chosen", COBRO_TYPE_COUNTRY_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

/* All countries, sorted and with a widget each, cost more than the rest of a form. */
static void
list_countries (GtkWidget *widget)
{
  CobroCountryRow *self = COBRO_COUNTRY_ROW (widget);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) names = NULL;

  self->codes = cobro_country_codes (cobro_view_locale ());
  g_strv_builder_add (builder, _ ("Not Set"));
  for (guint i = 0; self->codes[i]; i++)
    {
      g_autofree char *name = name_of (self->codes[i]);

      g_strv_builder_add (builder, name);
    }
  names = g_strv_builder_end (builder);
  self->showing = TRUE;
  cobro_late_put_around (GTK_STRING_LIST (gtk_drop_down_get_model (self->chooser)), names,
                         position_of (self, self->code));
  self->showing = FALSE;
}

static void
cobro_country_row_init (CobroCountryRow *self)
{
  const char *only[] = { _ ("Not Set"), NULL };
  g_autoptr (GtkStringList) names = gtk_string_list_new (only);

  self->code = g_strdup ("");
  self->chooser = GTK_DROP_DOWN (gtk_drop_down_new (
    G_LIST_MODEL (g_steal_pointer (&names)), gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string")));
  gtk_drop_down_set_enable_search (self->chooser, TRUE);
  follow_search (self);
  gtk_widget_set_valign (GTK_WIDGET (self->chooser), GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), GTK_WIDGET (self->chooser));
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), GTK_WIDGET (self->chooser));
  g_signal_connect_swapped (self->chooser, "notify::selected", G_CALLBACK (on_selected_cb), self);
  g_signal_connect_swapped (self, "notify::title", G_CALLBACK (on_title_cb), self);
  cobro_late_call (GTK_WIDGET (self), list_countries);
}
