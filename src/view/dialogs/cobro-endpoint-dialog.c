/* src/view/dialogs/cobro-endpoint-dialog.c — a webhook endpoint.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-endpoint-dialog.h"

#include <glib/gi18n.h>
#include "cobro-date-text.h"
#include "cobro-developer-text.h"
#include "cobro-dialogs.h"
#include "cobro-error.h"
#include "cobro-event.h"
#include "cobro-secret-row.h"

#define TYPE_KEY  "cobro-type"
#define LOOK_MS   400
#define LOOKS_MAX 40 /* the receiver has 15 seconds */

struct _CobroEndpointDialog
{
  AdwWindow parent_instance;
  GtkWidget *close_button;
  GtkButton *save_button;
  GtkSpinner *spinner;
  AdwToastOverlay *toasts;
  GtkLabel *problem_label;
  GtkWidget *secret_group;
  CobroSecretRow *secret_row;
  GtkEditable *url_row;
  GtkSwitch *active_switch;
  GtkSwitch *all_switch;
  GtkWidget *types_list;
  GtkWidget *more_group;
  AdwActionRow *test_row;
  GtkWidget *test_button;
  AdwActionRow *rotate_row;
  GtkWidget *delete_button;
  CobroDevelopers *developers;
  GCancellable *cancellable;
  char *id;                       /* (nullable) before it is made */
  CobroWebhookEndpoint *endpoint; /* as it was; (nullable) */
  char *delivery;                 /* (nullable) the test that is looked at */
  guint looks;
  guint timer;
  gboolean busy;
};

G_DEFINE_FINAL_TYPE (CobroEndpointDialog, cobro_endpoint_dialog, ADW_TYPE_WINDOW)

static void
show_problem (CobroEndpointDialog *self, const GError *error)
{
  g_autofree char *sentence = error ? cobro_view_error (error) : g_strdup ("");
  const char *path = error ? cobro_error_get_path (error) : NULL;
  /* Translators: %s says what is wrong with an address: "Must begin with https://." */
  g_autofree char *text = g_strcmp0 (path, "url") == 0 ? g_strdup_printf (_ ("The address: %s"), sentence) : NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  gtk_label_set_text (self->problem_label, text ? text : sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), error != NULL);
  if (g_strcmp0 (path, "url") == 0)
    gtk_widget_grab_focus (GTK_WIDGET (self->url_row));
}

/* ── What was chosen ── */

/* (transfer full) "*" alone for all. */
static GStrv
collect_types (CobroEndpointDialog *self)
{
  g_autoptr (GPtrArray) types = g_ptr_array_new ();

  if (gtk_switch_get_active (self->all_switch))
    g_ptr_array_add (types, g_strdup ("*"));
  else
    for (GtkWidget *row = gtk_widget_get_first_child (self->types_list); row; row = gtk_widget_get_next_sibling (row))
      {
        GtkCheckButton *check = g_object_get_data (G_OBJECT (row), TYPE_KEY);

        if (gtk_check_button_get_active (check))
          g_ptr_array_add (types, g_strdup (adw_action_row_get_subtitle (ADW_ACTION_ROW (row))));
      }
  g_ptr_array_add (types, NULL);
  return (GStrv)g_ptr_array_free (g_steal_pointer (&types), FALSE);
}

static void
update (CobroEndpointDialog *self)
{
  g_auto (GStrv) types = collect_types (self);
  gboolean complete = *gtk_editable_get_text (self->url_row) != '\0' && types[0] != NULL;

  gtk_widget_set_visible (self->types_list, !gtk_switch_get_active (self->all_switch));
  gtk_widget_set_sensitive (GTK_WIDGET (self->save_button), complete && !self->busy);
  gtk_spinner_set_spinning (self->spinner, self->busy);
}

static void
on_changed_cb (CobroEndpointDialog *self)
{
  if (!self->developers)
    return;
  show_problem (self, NULL);
  update (self);
}

static void
add_type (CobroEndpointDialog *self, CobroEventType type)
{
  const char *name = cobro_event_type_name (type);
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", cobro_view_event (type), "subtitle",
                                 name, "activatable-widget", check, NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check),
                               self->endpoint && g_strv_contains ((const char *const *)self->endpoint->events, name));
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  g_object_set_data (G_OBJECT (row), TYPE_KEY, check);
  g_signal_connect_object (check, "toggled", G_CALLBACK (on_changed_cb), self, G_CONNECT_SWAPPED);
  gtk_list_box_append (GTK_LIST_BOX (self->types_list), row);
}

/* ── Saving ── */

static void
set_busy (CobroEndpointDialog *self, gboolean busy)
{
  self->busy = busy;
  update (self);
}

/* It exists: what can be done with it is offered, and saving is changing. */
static void
show_existing (CobroEndpointDialog *self)
{
  gtk_window_set_title (GTK_WINDOW (self), _ ("Webhook Endpoint"));
  gtk_button_set_label (self->save_button, _ ("_Save"));
  gtk_widget_set_visible (self->more_group, TRUE);
  gtk_widget_set_visible (self->delete_button, TRUE);
}

static void
show_secret (CobroEndpointDialog *self, const char *secret)
{
  cobro_secret_row_set_secret (self->secret_row, secret);
  gtk_widget_set_visible (self->secret_group, TRUE);
  cobro_secret_row_focus (self->secret_row);
}

static void
on_saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroEndpointDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroDeveloperAnswer) answer = cobro_developers_finish (COBRO_DEVELOPERS (source), result, &error);

  if (!self->developers)
    return;
  set_busy (self, FALSE);
  if (!answer)
    return show_problem (self, error);
  if (self->id)
    return cobro_dialogs_close (GTK_WINDOW (self));
  self->id = g_strdup (answer->endpoint_id.text);
  show_existing (self);
  if (answer->secret)
    show_secret (self, answer->secret);
}

static void
on_save_clicked_cb (CobroEndpointDialog *self)
{
  g_autofree char *url = g_strstrip (g_strdup (gtk_editable_get_text (self->url_row)));
  g_auto (GStrv) types = collect_types (self);

  show_problem (self, NULL);
  set_busy (self, TRUE);
  cobro_developers_put_endpoint_async (self->developers, self->id, url, (const char *const *)types,
                                       gtk_switch_get_active (self->active_switch), self->cancellable, on_saved_cb,
                                       g_object_ref (self));
}

/* ── Trying it ── */

static void look (CobroEndpointDialog *self);

static gboolean
on_look_cb (gpointer data)
{
  CobroEndpointDialog *self = data;

  self->timer = 0;
  look (self);
  return G_SOURCE_REMOVE;
}

static void
show_test (CobroEndpointDialog *self, const CobroWebhookDelivery *delivery)
{
  g_autofree char *answer = cobro_view_delivery_answer (delivery->last_status, delivery->last_error);
  g_autofree char *text = delivery->status == COBRO_DELIVERY_DELIVERED
                            /* Translators: %s is an answer, such as "HTTP 200". */
                            ? g_strdup_printf (_ ("✓ It arrived: %s"), answer)
                            : g_strdup_printf (_ ("✗ It did not arrive: %s. It is tried again."), answer);

  adw_action_row_set_subtitle (self->test_row, text);
  gtk_widget_set_sensitive (self->test_button, TRUE);
}

static void
on_looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroEndpointDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroDeveloperAnswer) answer = cobro_developers_finish (COBRO_DEVELOPERS (source), result, &error);

  if (!self->developers)
    return;
  if (answer && answer->delivery->attempt_count > 0)
    return show_test (self, answer->delivery);
  if (answer && self->looks++ < LOOKS_MAX)
    {
      self->timer = g_timeout_add (LOOK_MS, on_look_cb, self);
      return;
    }
  adw_action_row_set_subtitle (self->test_row, _ ("Sent; the answer is not known yet: see Deliveries"));
  gtk_widget_set_sensitive (self->test_button, TRUE);
}

static void
look (CobroEndpointDialog *self)
{
  cobro_developers_get_delivery_async (self->developers, self->delivery, self->cancellable, on_looked_cb,
                                       g_object_ref (self));
}

static void
on_tested_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroEndpointDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroDeveloperAnswer) answer = cobro_developers_finish (COBRO_DEVELOPERS (source), result, &error);
  g_autofree char *sentence = NULL;

  if (!self->developers)
    return;
  if (answer)
    {
      g_free (self->delivery);
      self->delivery = g_strdup (answer->delivery_id.text);
      self->looks = 0;
      return look (self);
    }
  sentence = cobro_view_error (error);
  adw_action_row_set_subtitle (self->test_row, sentence);
  gtk_widget_set_sensitive (self->test_button, TRUE);
}

static void
on_test_clicked_cb (CobroEndpointDialog *self)
{
  adw_action_row_set_subtitle (self->test_row, _ ("Sending…"));
  gtk_widget_set_sensitive (self->test_button, FALSE);
  cobro_developers_test_async (self->developers, self->id, self->cancellable, on_tested_cb, g_object_ref (self));
}

/* ── A new secret, and the end ── */

static void
on_rotated_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroEndpointDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroDeveloperAnswer) answer = cobro_developers_finish (COBRO_DEVELOPERS (source), result, &error);
  g_autofree char *when = NULL;
  g_autofree char *text = NULL;

  if (!self->developers)
    return;
  if (!answer)
    return show_problem (self, error);
  when = cobro_date_time_text (answer->old_until, cobro_view_locale ());
  /* Translators: %s is a date and a time. */
  text = g_strdup_printf (_ ("The old secret goes on signing until %s"), when);
  adw_action_row_set_subtitle (self->rotate_row, text);
  show_secret (self, answer->secret);
}

static void
rotate (gpointer data)
{
  CobroEndpointDialog *self = data;

  cobro_developers_rotate_async (self->developers, self->id, self->cancellable, on_rotated_cb, g_object_ref (self));
}

static void
on_rotate_clicked_cb (CobroEndpointDialog *self)
{
  cobro_dialogs_confirm (GTK_WINDOW (self), _ ("Make a New Signing Secret?"),
                         _ ("It is shown once. For a day every message carries two signatures, with the old and the "
                            "new secret, so that the receiver can change over without missing anything."),
                         _ ("_Make a New Secret"), FALSE, rotate, g_object_ref (self), g_object_unref);
}

static void
on_deleted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroEndpointDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroDeveloperAnswer) answer = cobro_developers_finish (COBRO_DEVELOPERS (source), result, &error);

  if (!self->developers)
    return;
  set_busy (self, FALSE);
  if (!answer)
    return show_problem (self, error);
  cobro_dialogs_close (GTK_WINDOW (self));
}

static void
on_delete_clicked_cb (CobroEndpointDialog *self)
{
  set_busy (self, TRUE);
  cobro_developers_delete_endpoint_async (self->developers, self->id, _ ("Endpoint deleted"), self->cancellable,
                                          on_deleted_cb, g_object_ref (self));
}

/* ── The widget ── */

static void
cobro_endpoint_dialog_dispose (GObject *object)
{
  CobroEndpointDialog *self = COBRO_ENDPOINT_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->developers);
  G_OBJECT_CLASS (cobro_endpoint_dialog_parent_class)->dispose (object);
}

static void
cobro_endpoint_dialog_finalize (GObject *object)
{
  CobroEndpointDialog *self = COBRO_ENDPOINT_DIALOG (object);

  g_object_unref (self->cancellable);
  g_clear_pointer (&self->endpoint, cobro_webhook_endpoint_unref);
  g_free (self->id);
  g_free (self->delivery);
  G_OBJECT_CLASS (cobro_endpoint_dialog_parent_class)->finalize (object);
}

static void
cobro_endpoint_dialog_class_init (CobroEndpointDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_SECRET_ROW);
  G_OBJECT_CLASS (klass)->dispose = cobro_endpoint_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = cobro_endpoint_dialog_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-endpoint-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroEndpointDialog, close_button);
  gtk_widget_class_bind_template_child (widget_class, CobroEndpointDialog, save_button);
  gtk_widget_class_bind_template_child (widget_class, CobroEndpointDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, CobroEndpointDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, CobroEndpointDialog, problem_label);
  gtk_widget_class_bind_template_child (widget_class, CobroEndpointDialog, secret_group);
  gtk_widget_class_bind_template_child (widget_class, CobroEndpointDialog, secret_row);
  gtk_widget_class_bind_template_child (widget_class, CobroEndpointDialog, url_row);
  gtk_widget_class_bind_template_child (widget_class, CobroEndpointDialog, active_switch);
  gtk_widget_class_bind_template_child (widget_class, CobroEndpointDialog, all_switch);
  gtk_widget_class_bind_template_child (widget_class, CobroEndpointDialog, types_list);
  gtk_widget_class_bind_template_child (widget_class, CobroEndpointDialog, more_group);
  gtk_widget_class_bind_template_child (widget_class, CobroEndpointDialog, test_row);
  gtk_widget_class_bind_template_child (widget_class, CobroEndpointDialog, test_button);
  gtk_widget_class_bind_template_child (widget_class, CobroEndpointDialog, rotate_row);
  gtk_widget_class_bind_template_child (widget_class, CobroEndpointDialog, delete_button);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_save_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_test_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_rotate_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_delete_clicked_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
cobro_endpoint_dialog_init (CobroEndpointDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
}

static void
take_endpoint (CobroEndpointDialog *self, CobroAskedItem *item)
{
  self->id = g_strdup (cobro_asked_item_get_id (item));
  self->endpoint = cobro_webhook_endpoint_ref ((CobroWebhookEndpoint *)cobro_asked_item_get_record (item));
  gtk_editable_set_text (self->url_row, self->endpoint->url);
  gtk_switch_set_active (self->active_switch, self->endpoint->is_active);
  gtk_switch_set_active (self->all_switch, cobro_webhook_endpoint_wants_all (self->endpoint));
  show_existing (self);
}

CobroEndpointDialog *
cobro_endpoint_dialog_new (GtkWindow *parent, CobroDevelopers *developers, CobroAskedItem *item)
{
  CobroEndpointDialog *self = g_object_new (COBRO_TYPE_ENDPOINT_DIALOG, "transient-for", parent, NULL);

  if (item)
    take_endpoint (self, item);
  for (guint i = 0; i < cobro_event_n_types (); i++)
    if (!cobro_event_type_is_private ((CobroEventType)i)) /* no webhook is sent of those */
      add_type (self, (CobroEventType)i);
  self->developers = g_object_ref (developers);
  update (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->url_row));
  return self;
}
