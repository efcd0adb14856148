/* src/view/dialogs/cobro-delivery-dialog.c — one delivery.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-delivery-dialog.h"

#include <glib/gi18n.h>
#include "cobro-date-text.h"
#include "cobro-developer-text.h"
#include "cobro-hidden.h"
#include "cobro-money-text.h"
#include "cobro-status-label.h"

#define AGAIN_SECONDS 2

struct _CobroDeliveryDialog
{
  AdwWindow parent_instance;
  GtkStack *stack;
  AdwStatusPage *trouble_status;
  CobroStatusLabel *status_label;
  AdwActionRow *event_row;
  AdwActionRow *endpoint_row;
  AdwActionRow *next_row;
  GtkWidget *list;
  GtkWidget *none_label;
  GtkWidget *retry_button;
  GtkLabel *said_label;
  CobroDevelopers *developers;
  GCancellable *cancellable;
  char *id;
  guint n_attempts; /* that are shown */
  guint timer;
};

G_DEFINE_FINAL_TYPE (CobroDeliveryDialog, cobro_delivery_dialog, ADW_TYPE_WINDOW)

/* ── Tries ── */

static GtkWidget *
create_text (const char *text)
{
  GtkWidget *row = g_object_new (GTK_TYPE_LIST_BOX_ROW, "activatable", FALSE, "focusable", FALSE, NULL);
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "monospace");
  gtk_widget_add_css_class (label, "answer");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), label);
  return row;
}

/* (transfer full) what came back, as it came. */
static char *
answer_text (const CobroWebhookAttempt *attempt)
{
  g_autofree char *headers = g_strchomp (g_strdup (attempt->headers));

  if (*headers && *attempt->answer)
    return g_strdup_printf ("%s\n\n%s", headers, attempt->answer);
  return g_strdup (*headers ? headers : *attempt->answer ? attempt->answer : _ ("Nothing came back."));
}

static GtkWidget *
create_attempt (const CobroWebhookAttempt *attempt)
{
  g_autofree char *number = cobro_number_text (attempt->number, cobro_view_locale ());
  g_autofree char *answer = cobro_view_delivery_answer (attempt->status, attempt->error);
  g_autofree char *when = cobro_date_time_text (attempt->started_at, cobro_view_locale ());
  g_autofree char *length = cobro_number_text (attempt->duration_ms, cobro_view_locale ());
  /* Translators: the first %s is a number, the second what came of it: "Try 2: HTTP 500". */
  g_autofree char *title = g_strdup_printf (_ ("Try %s: %s"), number, answer);
  /* Translators: the first %s is a date and time, the second a number of milliseconds. */
  g_autofree char *subtitle = g_strdup_printf (_ ("%s, %s ms"), when, length);
  g_autofree char *text = answer_text (attempt);
  GtkWidget *row = adw_expander_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), subtitle);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (row), create_text (text));
  return row;
}

/* Tries are only ever added. */
static void
show_attempts (CobroDeliveryDialog *self, GPtrArray *attempts)
{
  for (; self->n_attempts < attempts->len; self->n_attempts++)
    gtk_list_box_append (GTK_LIST_BOX (self->list), create_attempt (attempts->pdata[self->n_attempts]));
  gtk_widget_set_visible (self->list, attempts->len > 0);
  gtk_widget_set_visible (self->none_label, attempts->len == 0);
}

/* ── Showing ── */

static const char *
url_of (CobroDeliveryDialog *self, const CobroWebhookDelivery *delivery)
{
  CobroAskedItem *item =
    cobro_asked_find (cobro_developers_get_endpoints (self->developers), delivery->endpoint_id.text);

  return item ? ((const CobroWebhookEndpoint *)cobro_asked_item_get_record (item))->url : delivery->endpoint_id.text;
}

static void
show (CobroDeliveryDialog *self, const CobroWebhookDelivery *delivery)
{
  g_autofree char *next = delivery->next_retry_at != 0 && delivery->status == COBRO_DELIVERY_FAILED
                            ? cobro_date_time_text (delivery->next_retry_at, cobro_view_locale ())
                            : NULL;

  gtk_window_set_title (GTK_WINDOW (self), delivery->event_type);
  cobro_status_label_set_status (self->status_label, cobro_view_delivery_status (delivery->status));
  adw_action_row_set_subtitle (self->event_row, delivery->event_id);
  adw_action_row_set_subtitle (self->endpoint_row, url_of (self, delivery));
  adw_action_row_set_subtitle (self->next_row, next ? next : "");
  gtk_widget_set_visible (GTK_WIDGET (self->next_row), next != NULL);
  show_attempts (self, delivery->attempts);
  gtk_stack_set_visible_child_name (self->stack, "delivery");
}

static void look (CobroDeliveryDialog *self);

static gboolean
on_again_cb (gpointer data)
{
  CobroDeliveryDialog *self = data;

  self->timer = 0;
  look (self);
  return G_SOURCE_REMOVE;
}

static void
on_looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroDeliveryDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroDeveloperAnswer) answer = cobro_developers_finish (COBRO_DEVELOPERS (source), result, &error);

  if (!self->developers || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (answer)
    show (self, answer->delivery);
  else if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "delivery") != 0)
    {
      g_autofree char *sentence = cobro_view_error (error);
      g_autofree char *escaped = g_markup_escape_text (sentence, -1);

      adw_status_page_set_description (self->trouble_status, escaped);
      gtk_stack_set_visible_child_name (self->stack, "trouble");
    }
  if (self->timer == 0)
    self->timer = g_timeout_add_seconds (AGAIN_SECONDS, on_again_cb, self);
}

static void
look (CobroDeliveryDialog *self)
{
  cobro_developers_get_delivery_async (self->developers, self->id, self->cancellable, on_looked_cb,
                                       g_object_ref (self));
}

/* ── Again ── */

static void
on_retried_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroDeliveryDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroDeveloperAnswer) answer = cobro_developers_finish (COBRO_DEVELOPERS (source), result, &error);
  g_autofree char *sentence = error ? cobro_view_error (error) : NULL;

  if (!self->developers)
    return;
  gtk_widget_set_sensitive (self->retry_button, TRUE);
  gtk_label_set_text (self->said_label, sentence        ? sentence
                                        : answer->n > 0 ? _ ("It is sent again.")
                                                        : _ ("It cannot be sent: its endpoint is off or gone."));
  gtk_widget_set_visible (GTK_WIDGET (self->said_label), TRUE);
  look (self);
}

static void
on_retry_clicked_cb (CobroDeliveryDialog *self)
{
  const char *ids[] = { self->id, NULL };

  gtk_widget_set_sensitive (self->retry_button, FALSE);
  cobro_developers_retry_async (self->developers, ids, NULL, self->cancellable, on_retried_cb, g_object_ref (self));
}

/* ── The widget ── */

static void
cobro_delivery_dialog_dispose (GObject *object)
{
  CobroDeliveryDialog *self = COBRO_DELIVERY_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->developers);
  G_OBJECT_CLASS (cobro_delivery_dialog_parent_class)->dispose (object);
}

static void
cobro_delivery_dialog_finalize (GObject *object)
{
  CobroDeliveryDialog *self = COBRO_DELIVERY_DIALOG (object);

  g_object_unref (self->cancellable);
  g_free (self->id);
  G_OBJECT_CLASS (cobro_delivery_dialog_parent_class)->finalize (object);
}

static void
cobro_delivery_dialog_class_init (CobroDeliveryDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_STATUS_LABEL);
  G_OBJECT_CLASS (klass)->dispose = cobro_delivery_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = cobro_delivery_dialog_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-delivery-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroDeliveryDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, CobroDeliveryDialog, trouble_status);
  gtk_widget_class_bind_template_child (widget_class, CobroDeliveryDialog, status_label);
  gtk_widget_class_bind_template_child (widget_class, CobroDeliveryDialog, event_row);
  gtk_widget_class_bind_template_child (widget_class, CobroDeliveryDialog, endpoint_row);
  gtk_widget_class_bind_template_child (widget_class, CobroDeliveryDialog, next_row);
  gtk_widget_class_bind_template_child (widget_class, CobroDeliveryDialog, list);
  gtk_widget_class_bind_template_child (widget_class, CobroDeliveryDialog, none_label);
  gtk_widget_class_bind_template_child (widget_class, CobroDeliveryDialog, retry_button);
  gtk_widget_class_bind_template_child (widget_class, CobroDeliveryDialog, said_label);
  gtk_widget_class_bind_template_callback (widget_class, on_retry_clicked_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
cobro_delivery_dialog_init (CobroDeliveryDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  cobro_hidden_follow_stack (self->stack);
  self->cancellable = g_cancellable_new ();
}

CobroDeliveryDialog *
cobro_delivery_dialog_new (GtkWindow *parent, CobroDevelopers *developers, const char *id)
{
  CobroDeliveryDialog *self = g_object_new (COBRO_TYPE_DELIVERY_DIALOG, "transient-for", parent, NULL);

  self->developers = g_object_ref (developers);
  self->id = g_strdup (id);
  look (self);
  return self;
}
