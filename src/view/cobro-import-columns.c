/* src/view/cobro-import-columns.c — see cobro-import-columns.h.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-import-columns.h"

#include <glib/gi18n.h>

/* A table that is wider than this is no table of ours: the rest is left out. */
#define ROWS_MAX 60

struct _CobroImportColumns
{
  AdwPreferencesGroup parent_instance;
  AdwExpanderRow *expander;
  GPtrArray *rows;   /* (element-type AdwComboRow) one for each column of the file */
  GArray *columns;   /* (element-type int) for each of ours the file's */
  GPtrArray *names;  /* (element-type utf8) ours, static */
  gboolean changing; /* rows are set by us */
};

G_DEFINE_FINAL_TYPE (CobroImportColumns, cobro_import_columns, ADW_TYPE_PREFERENCES_GROUP)

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* For the translators: the names that files of ours have. */
static const char *const known[] = {
  NC_ ("column", "title"),         NC_ ("column", "amount"),
  NC_ ("column", "currency"),      NC_ ("column", "description"),
  NC_ ("column", "reference"),     NC_ ("column", "pricing"),
  NC_ ("column", "minimum"),       NC_ ("column", "maximum"),
  NC_ ("column", "suggested"),     NC_ ("column", "uses"),
  NC_ ("column", "starts"),        NC_ ("column", "expires"),
  NC_ ("column", "methods"),       NC_ ("column", "customer"),
  NC_ ("column", "email"),         NC_ ("column", "collect"),
  NC_ ("column", "language"),      NC_ ("column", "message after payment"),
  NC_ ("column", "state"),         NC_ ("column", "address after payment"),
  NC_ ("column", "more"),          NC_ ("column", "message when closed"),
  NC_ ("column", "name"),          NC_ ("column", "company"),
  NC_ ("column", "contact"),       NC_ ("column", "phone"),
  NC_ ("column", "tax number"),    NC_ ("column", "registration"),
  NC_ ("column", "street"),        NC_ ("column", "city"),
  NC_ ("column", "postal code"),   NC_ ("column", "region"),
  NC_ ("column", "country"),       NC_ ("column", "delivery street"),
  NC_ ("column", "delivery city"), NC_ ("column", "delivery postal code"),
  NC_ ("column", "notes"),         NC_ ("column", "delivery region"),
  NC_ ("column", "unit price"),    NC_ ("column", "delivery country"),
  NC_ ("column", "code"),          NC_ ("column", "unit"),
  NC_ ("column", "tax rate"),      NC_ ("column", "tax name"),
  NC_ ("column", "tax category"),  NC_ ("column", "tax inclusive"),
  NC_ ("column", "number"),        NC_ ("column", "issue date"),
  NC_ ("column", "due date"),      NC_ ("column", "quantity"),
  NC_ ("column", "discount"),      NC_ ("column", "total"),
};

const char *
cobro_import_columns_name (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (known[i], name))
      return g_dpgettext2 (NULL, "column", known[i]);
  return name;
}

/* ── Somebody knows better ── */

/* Position 0 is "not used", the others are ours. What is said of one column was said of no other. */
static void
on_chosen_cb (CobroImportColumns *self, GParamSpec *spec, AdwComboRow *row)
{
  guint file = 0, chosen = adw_combo_row_get_selected (row);

  if (self->changing || !g_ptr_array_find (self->rows, row, &file))
    return;
  self->changing = TRUE;
  for (guint i = 0; i < self->columns->len; i++)
    {
      int *at = &g_array_index (self->columns, int, i);

      if (i + 1 == chosen && *at >= 0 && *at < (int)self->rows->len && *at != (int)file)
        adw_combo_row_set_selected (self->rows->pdata[*at], 0);
      if (i + 1 == chosen)
        *at = (int)file;
      else if (*at == (int)file)
        *at = -1;
    }
  self->changing = FALSE;
  g_signal_emit (self, signals[CHANGED], 0);
}

static guint
find_ours (CobroImportColumns *self, int file)
{
  for (guint i = 0; i < self->columns->len; i++)
    if (g_array_index (self->columns, int, i) == file)
      return i + 1;
  return 0;
}

static void
add_row (CobroImportColumns *self, GListModel *choices, const char *name, int file)
{
  AdwComboRow *row = ADW_COMBO_ROW (adw_combo_row_new ());

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  /* Translators: a column of a file that has no name. */
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), *name ? name : _ ("(no name)"));
  adw_combo_row_set_model (row, choices);
  adw_combo_row_set_selected (row, find_ours (self, file));
  g_ptr_array_add (self->rows, row);
  adw_expander_row_add_row (self->expander, GTK_WIDGET (row));
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (on_chosen_cb), self, G_CONNECT_SWAPPED);
}

static void
clear (CobroImportColumns *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    adw_expander_row_remove (self->expander, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
}

/* A file that is read anew as somebody said keeps its rows. */
static gboolean
is_shown (CobroImportColumns *self, const CobroImport *import)
{
  guint n = MIN (g_strv_length (import->names), ROWS_MAX);

  if (n != self->rows->len)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (*import->names[i] && !g_str_equal (adw_preferences_row_get_title (self->rows->pdata[i]), import->names[i]))
      return FALSE;
  return self->columns->len == import->columns->len &&
         memcmp (self->columns->data, import->columns->data, import->columns->len * sizeof (int)) == 0;
}

void
cobro_import_columns_show (CobroImportColumns *self, const CobroImport *import)
{
  g_autoptr (GtkStringList) choices = NULL;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), import != NULL);
  if (!import)
    return;
  if (!is_shown (self, import))
    {
      clear (self);
      g_array_set_size (self->columns, 0);
      g_array_append_vals (self->columns, import->columns->data, import->columns->len);
      g_clear_pointer (&self->names, g_ptr_array_unref);
      self->names = cobro_import_columns (import->kind);
      choices = gtk_string_list_new (NULL);
      gtk_string_list_append (choices, C_ ("column", "Not Used"));
      for (guint i = 0; i < self->names->len; i++)
        gtk_string_list_append (choices, cobro_import_columns_name (self->names->pdata[i]));
      for (int i = 0; import->names[i] && i < ROWS_MAX; i++)
        add_row (self, G_LIST_MODEL (choices), import->names[i], i);
      /* Somebody has to say what is needed and was not found. */
      for (guint i = 0; i < cobro_import_n_needed (import->kind); i++)
        if (g_array_index (self->columns, int, i) < 0)
          adw_expander_row_set_expanded (self->expander, TRUE);
    }
  /* Translators: both are numbers of columns. */
  text = g_strdup_printf (_ ("%u of %u are used"), g_strv_length (import->names) - import->ignored->len,
                          g_strv_length (import->names));
  adw_expander_row_set_subtitle (self->expander, text);
}

const GArray *
cobro_import_columns_get (CobroImportColumns *self)
{
  g_return_val_if_fail (COBRO_IS_IMPORT_COLUMNS (self), NULL);

  return self->columns;
}

static void
cobro_import_columns_finalize (GObject *object)
{
  CobroImportColumns *self = COBRO_IMPORT_COLUMNS (object);

  g_ptr_array_unref (self->rows);
  g_array_unref (self->columns);
  g_clear_pointer (&self->names, g_ptr_array_unref);
  G_OBJECT_CLASS (cobro_import_columns_parent_class)->finalize (object);
}

static void
cobro_import_columns_class_init (CobroImportColumnsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cobro_import_columns_finalize;
  signals[CHANGED] =
    g_signal_new ("changed", COBRO_TYPE_IMPORT_COLUMNS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cobro_import_columns_init (CobroImportColumns *self)
{
  self->rows = g_ptr_array_new ();
  self->columns = g_array_new (FALSE, FALSE, sizeof (int));
  self->expander = ADW_EXPANDER_ROW (adw_expander_row_new ());
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->expander), _ ("Columns of the File"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (self->expander));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
