/* src/view/dialogs/cobro-connect-dialog.c — connects with a relay.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-connect-dialog.h"

#include <glib/gi18n.h>
#include "cobro-dialogs.h"
#include "cobro-view-text.h"

#define PAIR_SCHEME "cobro://"

struct _CobroConnectDialog
{
  AdwWindow parent_instance;
  GtkWidget *connect_button;
  GtkEditable *address_row;
  GtkEditable *code_row;
  GtkWidget *busy_box;
  GtkWidget *problem_box;
  GtkLabel *problem_heading;
  GtkLabel *problem_label;
  CobroConnection *connection;
  GCancellable *cancellable;
  gboolean busy;
};

G_DEFINE_FINAL_TYPE (CobroConnectDialog, cobro_connect_dialog, ADW_TYPE_WINDOW)

enum
{
  CONNECTED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static char *
dup_text (GtkEditable *row)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (row)));
}

static void
update (CobroConnectDialog *self)
{
  g_autofree char *address = dup_text (self->address_row);
  g_autofree char *code = dup_text (self->code_row);
  gboolean whole = g_str_has_prefix (address, PAIR_SCHEME);

  gtk_widget_set_visible (GTK_WIDGET (self->code_row), !whole);
  gtk_widget_set_sensitive (self->connect_button, !self->busy && *address && (whole || *code));
  gtk_widget_set_sensitive (GTK_WIDGET (self->address_row), !self->busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->code_row), !self->busy);
  gtk_widget_set_visible (self->busy_box, self->busy);
}

static void
on_changed_cb (CobroConnectDialog *self)
{
  gtk_widget_set_visible (self->problem_box, FALSE);
  update (self);
  cobro_dialogs_fit (GTK_WINDOW (self));
}

typedef struct
{
  const char *heading;
  const char *advice;
} Help;

static Help
help_for (CobroPairStage stage)
{
  switch (stage)
    {
    case COBRO_PAIR_ADDRESS:
      return (Help){ _ ("Nothing Answers at This Address"),
                     _ ("Check the address, and that the relay runs. The code was not used up.") };
    case COBRO_PAIR_TLS:
      return (
        Help){ _ ("The Certificate Is Not Trusted"),
               _ ("Do not go on: somebody may be listening. Ask whoever runs the relay to renew its certificate. The "
                  "code was not used up.") };
    case COBRO_PAIR_VERSION:
      return (
        Help){ _ ("No Matching Cobro Relay There"),
               _ ("Something else answers, or a relay of another version. Check the address, or update. The code was "
                  "not used up.") };
    case COBRO_PAIR_CLOCK:
      return (Help){ _ ("The Clocks Differ"),
                     _ ("Set this computer's clock and time zone, then try again. The code was not used up.") };
    case COBRO_PAIR_CODE:
      return (Help){ _ ("The Code Was Not Accepted"),
                     _ ("Codes work once and for ten minutes. Let the relay show a new one.") };
    case COBRO_PAIR_KEYRING:
      return (Help){
        _ ("Connected, but Only Until You Leave"),
        _ ("The key could not be kept in the system's keyring, and Cobro keeps it nowhere else. Unlock or install "
           "a keyring and connect again with a new code.")
      };
    case COBRO_PAIR_OTHER:
      break;
    }
  return (Help){ _ ("Not Connected"), _ ("Your links are unchanged.") };
}

static void
show_problem (CobroConnectDialog *self, CobroPairStage stage, const GError *error)
{
  Help help = help_for (stage);
  g_autofree char *sentence = cobro_view_error (error);
  g_autofree char *text = g_strdup_printf ("%s\n%s", sentence, help.advice);

  gtk_label_set_text (self->problem_heading, help.heading);
  gtk_label_set_text (self->problem_label, text);
  gtk_widget_set_visible (self->problem_box, TRUE);
  cobro_dialogs_fit (GTK_WINDOW (self));
  gtk_widget_grab_focus (GTK_WIDGET (stage == COBRO_PAIR_CODE ? self->code_row : self->address_row));
}

static void
on_paired_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroConnectDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  CobroPairStage stage;

  if (cobro_connection_pair_finish (COBRO_CONNECTION (source), result, &stage, &error))
    {
      g_signal_emit (self, signals[CONNECTED], 0);
      cobro_dialogs_close (GTK_WINDOW (self));
      return;
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->busy = FALSE;
  update (self);
  show_problem (self, stage, error);
}

static void
on_connect_clicked_cb (CobroConnectDialog *self)
{
  g_autofree char *address = dup_text (self->address_row);
  g_autofree char *code = dup_text (self->code_row);

  self->busy = TRUE;
  gtk_widget_set_visible (self->problem_box, FALSE);
  update (self);
  cobro_connection_pair_async (self->connection, address, code, self->cancellable, on_paired_cb, g_object_ref (self));
}

static void
cobro_connect_dialog_dispose (GObject *object)
{
  CobroConnectDialog *self = COBRO_CONNECT_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (cobro_connect_dialog_parent_class)->dispose (object);
}

static void
cobro_connect_dialog_finalize (GObject *object)
{
  g_object_unref (COBRO_CONNECT_DIALOG (object)->cancellable);
  G_OBJECT_CLASS (cobro_connect_dialog_parent_class)->finalize (object);
}

static void
cobro_connect_dialog_class_init (CobroConnectDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = cobro_connect_dialog_dispose;
  object_class->finalize = cobro_connect_dialog_finalize;
  signals[CONNECTED] =
    g_signal_new ("connected", COBRO_TYPE_CONNECT_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-connect-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroConnectDialog, connect_button);
  gtk_widget_class_bind_template_child (widget_class, CobroConnectDialog, address_row);
  gtk_widget_class_bind_template_child (widget_class, CobroConnectDialog, code_row);
  gtk_widget_class_bind_template_child (widget_class, CobroConnectDialog, busy_box);
  gtk_widget_class_bind_template_child (widget_class, CobroConnectDialog, problem_box);
  gtk_widget_class_bind_template_child (widget_class, CobroConnectDialog, problem_heading);
  gtk_widget_class_bind_template_child (widget_class, CobroConnectDialog, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_connect_clicked_cb);
}

static void
cobro_connect_dialog_init (CobroConnectDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

CobroConnectDialog *
cobro_connect_dialog_new (GtkWindow *parent, CobroConnection *connection, const char *pair_uri)
{
  CobroConnectDialog *self = g_object_new (COBRO_TYPE_CONNECT_DIALOG, "transient-for", parent, NULL);

  self->connection = g_object_ref (connection);
  if (pair_uri)
    gtk_editable_set_text (self->address_row, pair_uri);
  update (self);
  gtk_widget_grab_focus (pair_uri ? self->connect_button : GTK_WIDGET (self->address_row));
  return self;
}
