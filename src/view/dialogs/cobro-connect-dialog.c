/* src/view/dialogs/cobro-connect-dialog.c — connects with a relay.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-connect-dialog.h"

#include <glib/gi18n.h>
#include "cobro-dialogs.h"
#include "cobro-pair-link.h"
#include "cobro-view-text.h"
#include "cobro-view-trouble.h"

struct _CobroConnectDialog
{
  AdwWindow parent_instance;
  GtkWidget *connect_button;
  GtkLabel *notice_label;
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

  gtk_widget_set_sensitive (self->connect_button, !self->busy && *address && *code);
  gtk_widget_set_sensitive (GTK_WIDGET (self->address_row), !self->busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->code_row), !self->busy);
  gtk_widget_set_visible (self->busy_box, self->busy);
}

/* A whole pairing link that was pasted is taken apart, so that one sees where it leads. */
static gboolean
take_link_apart (CobroConnectDialog *self)
{
  g_autofree char *text = dup_text (self->address_row);
  g_autofree char *relay = NULL;
  g_autofree char *code = NULL;

  if (!cobro_pair_link_is (text) || !cobro_pair_link_read (text, &relay, &code, NULL))
    return FALSE;

  gtk_editable_set_text (self->address_row, relay); /* comes back here, and so does the code: both are no links */
  gtk_editable_set_text (self->code_row, code);
  return TRUE;
}

static void
on_changed_cb (CobroConnectDialog *self)
{
  if (take_link_apart (self))
    return;

  gtk_widget_set_visible (self->problem_box, FALSE);
  update (self);
  cobro_dialogs_fit (GTK_WINDOW (self));
}

/* (transfer full) */
static char *
dup_advice (CobroLineTrouble trouble)
{
  CobroViewTrouble words = cobro_view_trouble (trouble);

  if (trouble == COBRO_LINE_OTHER)
    return g_strdup (_ ("Your links are unchanged."));
  if (cobro_view_trouble_keeps_code (trouble))
    return g_strdup_printf ("%s %s", words.advice, _ ("The code was not used up."));
  if (trouble >= COBRO_LINE_KEYRING_LOCKED)
    return g_strdup_printf ("%s %s", words.advice,
                            _ ("Until you leave, Cobro is connected; after that it needs a new code."));
  return g_strdup (words.advice);
}

static void
show_problem (CobroConnectDialog *self, CobroLineTrouble trouble, const GError *error)
{
  g_autofree char *sentence = cobro_view_error (error);
  g_autofree char *advice = dup_advice (trouble);
  g_autofree char *text = g_strdup_printf ("%s\n%s", sentence, advice);

  gtk_label_set_text (self->problem_heading, cobro_view_trouble (trouble).heading);
  gtk_label_set_text (self->problem_label, text);
  gtk_widget_set_visible (self->problem_box, TRUE);
  cobro_dialogs_fit (GTK_WINDOW (self));
  gtk_widget_grab_focus (GTK_WIDGET (trouble == COBRO_LINE_CODE ? self->code_row : self->address_row));
}

static void
on_paired_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroConnectDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  CobroLineTrouble trouble;

  if (cobro_connection_pair_finish (COBRO_CONNECTION (source), result, &trouble, &error))
    {
      g_signal_emit (self, signals[CONNECTED], 0);
      cobro_dialogs_close (GTK_WINDOW (self));
      return;
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->busy = FALSE;
  update (self);
  show_problem (self, trouble, error);
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
  gtk_widget_class_bind_template_child (widget_class, CobroConnectDialog, notice_label);
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
  cobro_dialogs_grow_with (GTK_WINDOW (self));
}

/* What somebody should know before they press the button. */
static void
show_notice (CobroConnectDialog *self, gboolean by_link)
{
  const char *before = cobro_connection_get_address (self->connection);
  GString *text = g_string_new (NULL);

  if (by_link)
    g_string_append (text,
                     _ ("A link asks to connect these books with the relay below. Go on only if you asked for it: "
                        "everything in these books is uploaded there, and that is where customers will pay."));
  if (*before)
    {
      if (text->len)
        g_string_append (text, "\n\n");
      /* Translators: %s is the address of a relay. */
      g_string_append_printf (text, _ ("Now these books are connected with %s. Connecting takes the place of that."),
                              before);
    }
  gtk_label_set_text (self->notice_label, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->notice_label), text->len > 0);
  g_string_free (text, TRUE);
  /* Enter must not replace a connection that works because somebody's link brought this up. */
  if (by_link && *before)
    gtk_window_set_default_widget (GTK_WINDOW (self), NULL);
}

CobroConnectDialog *
cobro_connect_dialog_new (GtkWindow *parent, CobroConnection *connection, const char *relay, const char *code)
{
  CobroConnectDialog *self = g_object_new (COBRO_TYPE_CONNECT_DIALOG, "transient-for", parent, NULL);

  self->connection = g_object_ref (connection);
  if (relay)
    gtk_editable_set_text (self->address_row, relay);
  if (code)
    gtk_editable_set_text (self->code_row, code);
  show_notice (self, relay != NULL);
  update (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->address_row));
  return self;
}
