/* src/view/dialogs/cobro-api-key-dialog.c — a new key.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-api-key-dialog.h"

#include <glib/gi18n.h>
#include "cobro-developer-text.h"
#include "cobro-dialogs.h"
#include "cobro-secret-row.h"

#define CHECK_KEY "cobro-check"

struct _CobroApiKeyDialog
{
  AdwWindow parent_instance;
  GtkButton *close_button;
  GtkWidget *make_button;
  GtkSpinner *spinner;
  GtkLabel *problem_label;
  GtkWidget *secret_group;
  CobroSecretRow *secret_row;
  GtkWidget *form_box;
  GtkEditable *name_row;
  GtkWidget *scopes_list;
  CobroDevelopers *developers;
  GCancellable *cancellable;
  gboolean busy;
};

G_DEFINE_FINAL_TYPE (CobroApiKeyDialog, cobro_api_key_dialog, ADW_TYPE_WINDOW)

static void
show_problem (CobroApiKeyDialog *self, const char *text)
{
  gtk_label_set_text (self->problem_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), *text != '\0');
}

/* (transfer full) what is ticked. */
static GStrv
collect_scopes (CobroApiKeyDialog *self)
{
  g_autoptr (GPtrArray) scopes = g_ptr_array_new ();
  const CobroViewScope *scope = cobro_view_scopes ();

  for (GtkWidget *row = gtk_widget_get_first_child (self->scopes_list); row;
       row = gtk_widget_get_next_sibling (row), scope++)
    if (gtk_check_button_get_active (g_object_get_data (G_OBJECT (row), CHECK_KEY)))
      g_ptr_array_add (scopes, g_strdup (scope->scope));
  g_ptr_array_add (scopes, NULL);
  return (GStrv)g_ptr_array_free (g_steal_pointer (&scopes), FALSE);
}

static void
update (CobroApiKeyDialog *self)
{
  g_auto (GStrv) scopes = collect_scopes (self);
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->name_row)));

  gtk_widget_set_sensitive (self->make_button, *name && scopes[0] && !self->busy);
  gtk_spinner_set_spinning (self->spinner, self->busy);
}

static void
on_changed_cb (CobroApiKeyDialog *self)
{
  show_problem (self, "");
  update (self);
}

static void
add_scope (CobroApiKeyDialog *self, const CobroViewScope *scope)
{
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", _ (scope->title), "subtitle",
                                 _ (scope->help), "subtitle-lines", 0, "activatable-widget", check, NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, _ (scope->title), -1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  g_object_set_data (G_OBJECT (row), CHECK_KEY, check);
  g_signal_connect_object (check, "toggled", G_CALLBACK (on_changed_cb), self, G_CONNECT_SWAPPED);
  gtk_list_box_append (GTK_LIST_BOX (self->scopes_list), row);
}

static void
show_key (CobroApiKeyDialog *self, const char *key)
{
  cobro_secret_row_set_secret (self->secret_row, key);
  gtk_widget_set_visible (self->form_box, FALSE);
  gtk_widget_set_visible (self->make_button, FALSE);
  gtk_widget_set_visible (self->secret_group, TRUE);
  gtk_button_set_label (self->close_button, _ ("_Close"));
  cobro_secret_row_focus (self->secret_row);
}

static void
on_made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroApiKeyDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroDeveloperAnswer) answer = cobro_developers_finish (COBRO_DEVELOPERS (source), result, &error);
  g_autofree char *sentence = error ? cobro_view_error (error) : NULL;

  if (!self->developers)
    return;
  self->busy = FALSE;
  update (self);
  if (answer)
    show_key (self, answer->secret);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_problem (self, sentence);
}

static void
on_make_clicked_cb (CobroApiKeyDialog *self)
{
  g_auto (GStrv) scopes = collect_scopes (self);
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->name_row)));

  self->busy = TRUE;
  update (self);
  cobro_developers_make_key_async (self->developers, name, (const char *const *)scopes, self->cancellable, on_made_cb,
                                   g_object_ref (self));
}

static void
cobro_api_key_dialog_dispose (GObject *object)
{
  CobroApiKeyDialog *self = COBRO_API_KEY_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->developers);
  G_OBJECT_CLASS (cobro_api_key_dialog_parent_class)->dispose (object);
}

static void
cobro_api_key_dialog_finalize (GObject *object)
{
  g_object_unref (COBRO_API_KEY_DIALOG (object)->cancellable);
  G_OBJECT_CLASS (cobro_api_key_dialog_parent_class)->finalize (object);
}

static void
cobro_api_key_dialog_class_init (CobroApiKeyDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_SECRET_ROW);
  G_OBJECT_CLASS (klass)->dispose = cobro_api_key_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = cobro_api_key_dialog_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-api-key-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroApiKeyDialog, close_button);
  gtk_widget_class_bind_template_child (widget_class, CobroApiKeyDialog, make_button);
  gtk_widget_class_bind_template_child (widget_class, CobroApiKeyDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, CobroApiKeyDialog, problem_label);
  gtk_widget_class_bind_template_child (widget_class, CobroApiKeyDialog, secret_group);
  gtk_widget_class_bind_template_child (widget_class, CobroApiKeyDialog, secret_row);
  gtk_widget_class_bind_template_child (widget_class, CobroApiKeyDialog, form_box);
  gtk_widget_class_bind_template_child (widget_class, CobroApiKeyDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, CobroApiKeyDialog, scopes_list);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_make_clicked_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
cobro_api_key_dialog_init (CobroApiKeyDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
  for (const CobroViewScope *scope = cobro_view_scopes (); scope->scope; scope++)
    add_scope (self, scope);
  update (self);
}

CobroApiKeyDialog *
cobro_api_key_dialog_new (GtkWindow *parent, CobroDevelopers *developers)
{
  CobroApiKeyDialog *self = g_object_new (COBRO_TYPE_API_KEY_DIALOG, "transient-for", parent, NULL);

  self->developers = g_object_ref (developers);
  gtk_widget_grab_focus (GTK_WIDGET (self->name_row));
  return self;
}
