/* src/view/dialogs/cobro-businesses-dialog.c — the businesses on this computer.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-businesses-dialog.h"

#include <glib/gi18n.h>
#include "cobro-dialogs.h"
#include "cobro-view-text.h"

#define ID_KEY "cobro-business"

struct _CobroBusinessesDialog
{
  AdwWindow parent_instance;
  AdwPreferencesGroup *list_group;
  GtkEditable *name_row;
  GtkWidget *create_button;
  GtkWidget *existing_button;
  GtkLabel *problem_label;
  CobroBookshelf *bookshelf;
  GPtrArray *rows; /* (element-type GtkWidget) lent by the group */
};

G_DEFINE_FINAL_TYPE (CobroBusinessesDialog, cobro_businesses_dialog, ADW_TYPE_WINDOW)

static void
say_problem (CobroBusinessesDialog *self, const GError *error)
{
  g_autofree char *sentence = error ? cobro_view_error (error) : g_strdup ("");

  gtk_label_set_text (self->problem_label, sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), error != NULL);
  cobro_dialogs_fit (GTK_WINDOW (self));
}

/* ── The list ── */

static void
on_row_applied_cb (GtkEditable *row, CobroBusinessesDialog *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (row)));
  g_autoptr (GError) error = NULL;

  cobro_bookshelf_rename (self->bookshelf, g_object_get_data (G_OBJECT (row), ID_KEY), name, &error);
  say_problem (self, error);
}

/* Its books are nobody's: they go with it. */
static gboolean
is_sample (const char *id)
{
  return g_str_equal (id, COBRO_BOOKSHELF_SAMPLE);
}

static void
on_remove_clicked_cb (GtkButton *button, CobroBusinessesDialog *self)
{
  g_autofree char *id = g_strdup (g_object_get_data (G_OBJECT (button), ID_KEY)); /* the button goes with its row */
  g_autoptr (GError) error = NULL;

  if (is_sample (id))
    {
      /* The window has the way back. */
      gtk_widget_activate_action (GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (self))),
                                  "app.remove-sample-data", NULL);
      return cobro_dialogs_close (GTK_WINDOW (self));
    }
  cobro_bookshelf_remove (self->bookshelf, id, &error);
  say_problem (self, error);
}

static GtkWidget *
make_remove_button (CobroBusinessesDialog *self, const char *id)
{
  const char *name = cobro_view_business (self->bookshelf, id);
  /* Translators: %s is the name of a business. */
  g_autofree char *label =
    is_sample (id) ? g_strdup (_ ("Remove Sample Data")) : g_strdup_printf (_ ("Remove %s From the List"), name);
  GtkWidget *button =
    g_object_new (GTK_TYPE_BUTTON, "icon-name", "list-remove-symbolic", "valign", GTK_ALIGN_CENTER, NULL);

  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_add_css_class (button, "flat");
  g_object_set_data_full (G_OBJECT (button), ID_KEY, g_strdup (id), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (on_remove_clicked_cb), self);
  return button;
}

static GtkWidget *
make_row (CobroBusinessesDialog *self, const char *id)
{
  gboolean open = g_str_equal (id, cobro_bookshelf_get_current (self->bookshelf));
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 open ? _ ("Open Now") : cobro_bookshelf_get_folder (self->bookshelf, id));
  gtk_widget_set_tooltip_text (row, cobro_bookshelf_get_folder (self->bookshelf, id));
  gtk_editable_set_text (GTK_EDITABLE (row), cobro_view_business (self->bookshelf, id));
  adw_entry_row_set_show_apply_button (ADW_ENTRY_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), ID_KEY, g_strdup (id), g_free);
  g_signal_connect (row, "apply", G_CALLBACK (on_row_applied_cb), self);
  if (!open && !g_str_equal (id, COBRO_BOOKSHELF_FIRST))
    adw_entry_row_add_suffix (ADW_ENTRY_ROW (row), make_remove_button (self, id));
  return row;
}

static void
show_list (CobroBusinessesDialog *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->list_group, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < cobro_bookshelf_get_n (self->bookshelf); i++)
    {
      GtkWidget *row = make_row (self, cobro_bookshelf_get_id (self->bookshelf, i));

      adw_preferences_group_add (self->list_group, row);
      g_ptr_array_add (self->rows, row);
    }
}

/* ── Another one ── */

static char *
dup_name (CobroBusinessesDialog *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (self->name_row)));
}

static void
on_name_changed_cb (CobroBusinessesDialog *self)
{
  g_autofree char *name = dup_name (self);

  say_problem (self, NULL);
  gtk_widget_set_sensitive (self->create_button, *name != '\0');
  gtk_widget_set_sensitive (self->existing_button, *name != '\0');
}

static void
add (CobroBusinessesDialog *self, const char *folder)
{
  g_autofree char *name = dup_name (self);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = cobro_bookshelf_add (self->bookshelf, name, folder, &error);

  if (!id)
    return say_problem (self, error);

  cobro_bookshelf_choose (self->bookshelf, id);
  cobro_dialogs_close (GTK_WINDOW (self));
}

static void
on_create_clicked_cb (CobroBusinessesDialog *self)
{
  add (self, NULL);
}

static void
on_books_chosen_cb (GFile *file, gpointer data)
{
  CobroBusinessesDialog *self = data;
  g_autoptr (GFile) folder = g_file_get_parent (file);
  g_autofree char *path = folder ? g_file_get_path (folder) : NULL;

  if (path && self->bookshelf)
    add (self, path);
}

static void
on_existing_clicked_cb (CobroBusinessesDialog *self)
{
  cobro_dialogs_open (GTK_WINDOW (self), _ ("Add Existing Books"), "application/vnd.sqlite3", on_books_chosen_cb,
                      g_object_ref (self), g_object_unref);
}

/* ── The widget ── */

static void
cobro_businesses_dialog_dispose (GObject *object)
{
  g_clear_object (&COBRO_BUSINESSES_DIALOG (object)->bookshelf);
  G_OBJECT_CLASS (cobro_businesses_dialog_parent_class)->dispose (object);
}

static void
cobro_businesses_dialog_finalize (GObject *object)
{
  g_ptr_array_unref (COBRO_BUSINESSES_DIALOG (object)->rows);
  G_OBJECT_CLASS (cobro_businesses_dialog_parent_class)->finalize (object);
}

static void
cobro_businesses_dialog_class_init (CobroBusinessesDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cobro_businesses_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = cobro_businesses_dialog_finalize;
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-businesses-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroBusinessesDialog, list_group);
  gtk_widget_class_bind_template_child (widget_class, CobroBusinessesDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, CobroBusinessesDialog, create_button);
  gtk_widget_class_bind_template_child (widget_class, CobroBusinessesDialog, existing_button);
  gtk_widget_class_bind_template_child (widget_class, CobroBusinessesDialog, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, on_name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_create_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_existing_clicked_cb);
}

static void
cobro_businesses_dialog_init (CobroBusinessesDialog *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

CobroBusinessesDialog *
cobro_businesses_dialog_new (GtkWindow *parent, CobroBookshelf *bookshelf, gboolean begin_new)
{
  CobroBusinessesDialog *self = g_object_new (COBRO_TYPE_BUSINESSES_DIALOG, "transient-for", parent, NULL);

  self->bookshelf = g_object_ref (bookshelf);
  g_signal_connect_object (bookshelf, "changed", G_CALLBACK (show_list), self, G_CONNECT_SWAPPED);
  show_list (self);
  gtk_widget_grab_focus (begin_new ? GTK_WIDGET (self->name_row) : self->rows->pdata[0]);
  return self;
}
