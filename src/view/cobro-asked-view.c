/* src/view/cobro-asked-view.c — a frame around what only the relay knows.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-asked-view.h"

#include <glib/gi18n.h>
#include "cobro-date-text.h"
#include "cobro-hidden.h"
#include "cobro-view-text.h"

#define ITEM_KEY "cobro-item"
#define SHOW_KEY "cobro-show"

struct _CobroAskedView
{
  AdwBin parent_instance;
  GtkWidget *bar;
  GtkWidget *start_box;
  GtkWidget *end_box;
  GtkLabel *note;
  GtkStack *stack;
  AdwStatusPage *empty_status;
  AdwStatusPage *trouble_status;
  AdwBin *content;
  GtkWidget *rows;
  GtkListBox *list;
  GtkWidget *more_button;
  const CobroAskedSight *sight;
  CobroAsked *asked;
  gpointer data;
  gboolean watching;
};

G_DEFINE_FINAL_TYPE (CobroAskedView, cobro_asked_view, ADW_TYPE_BIN)

enum
{
  ROW_ACTIVATED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* ── Rows ── */

static void
update_row (CobroAskedItem *item, AdwActionRow *row)
{
  const CobroAskedSight *sight = g_object_get_data (G_OBJECT (row), SHOW_KEY);

  sight->show (row, item);
}

static GtkWidget *
create_row (gpointer data, gpointer user_data)
{
  CobroAskedView *self = user_data;
  CobroAskedItem *item = data;
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title-lines", 1, "subtitle-lines", 3,
                                 "activatable", TRUE, NULL);

  g_object_set_data_full (G_OBJECT (row), ITEM_KEY, g_object_ref (item), g_object_unref);
  g_object_set_data (G_OBJECT (row), SHOW_KEY, (gpointer)self->sight);
  if (self->sight->fill)
    self->sight->fill (ADW_ACTION_ROW (row), item, self->data);
  g_signal_connect_object (item, "changed", G_CALLBACK (update_row), row, 0);
  update_row (item, ADW_ACTION_ROW (row));
  return row;
}

static void
on_row_activated_cb (CobroAskedView *self, GtkListBoxRow *row)
{
  g_signal_emit (self, signals[ROW_ACTIVATED], 0, g_object_get_data (G_OBJECT (row), ITEM_KEY));
}

/* ── States ── */

/* (transfer full) what stands above while it is not how it is now. */
static char *
note_text (CobroAskedView *self)
{
  const GError *error = cobro_asked_get_error (self->asked);
  CobroTime as_of = cobro_asked_get_as_of (self->asked);
  g_autofree char *sentence = NULL;
  g_autofree char *when = NULL;

  if (cobro_asked_can_ask (self->asked) && !error)
    return g_strdup ("");
  if (cobro_asked_can_ask (self->asked))
    {
      sentence = cobro_view_error (error);
      /* Translators: %s is a sentence that says what is wrong. */
      return g_strdup_printf (_ ("%s This is how it stood last."), sentence);
    }
  if (as_of == 0)
    return g_strdup (_ ("The relay cannot be reached. This is how it stood when it last could."));
  when = cobro_date_time_text (as_of, cobro_view_locale ());
  /* Translators: %s is a date and a time. */
  return g_strdup_printf (_ ("The relay cannot be reached. This is how it stood on %s."), when);
}

static void
show_trouble (CobroAskedView *self, const char *icon, const char *title, const char *text)
{
  adw_status_page_set_icon_name (self->trouble_status, icon);
  adw_status_page_set_title (self->trouble_status, title);
  adw_status_page_set_description (self->trouble_status, text);
  gtk_stack_set_visible_child_name (self->stack, "trouble");
}

/* Nothing was ever answered. */
static void
show_unknown (CobroAskedView *self)
{
  const GError *error = cobro_asked_get_error (self->asked);

  if (!cobro_asked_can_ask (self->asked))
    show_trouble (self, "network-offline-symbolic", _ ("The Relay Cannot Be Reached"),
                  _ ("This is asked of the relay and appears as soon as it answers. Payments are not affected: your "
                     "links and invoices are all here."));
  else if (error)
    {
      g_autofree char *sentence = cobro_view_error (error);
      g_autofree char *escaped = g_markup_escape_text (sentence, -1);

      show_trouble (self, "dialog-warning-symbolic", _ ("The Relay Did Not Answer This"), escaped);
    }
  else
    gtk_stack_set_visible_child_name (self->stack, "loading");
}

static void
update (CobroAskedView *self)
{
  gboolean known = cobro_asked_get_known (self->asked);
  gboolean paired = cobro_asked_get_paired (self->asked);
  gboolean any = g_list_model_get_n_items (cobro_asked_get_list (self->asked)) > 0;
  g_autofree char *note = known ? note_text (self) : g_strdup ("");

  gtk_label_set_text (self->note, note);
  gtk_widget_set_visible (GTK_WIDGET (self->note), *note && paired);
  gtk_widget_set_sensitive (self->bar, cobro_asked_can_ask (self->asked));
  gtk_widget_set_visible (self->bar, paired && (known || cobro_asked_can_ask (self->asked)) &&
                                       gtk_widget_get_first_child (self->start_box) != NULL);
  gtk_widget_set_visible (self->more_button, cobro_asked_has_more (self->asked));
  if (!paired)
    gtk_stack_set_visible_child_name (self->stack, "unpaired");
  else if (!known)
    show_unknown (self);
  else
    gtk_stack_set_visible_child_name (self->stack, any ? "content" : "empty");
}

static void
on_more_clicked_cb (CobroAskedView *self)
{
  cobro_asked_more (self->asked);
}

static void
on_retry_clicked_cb (CobroAskedView *self)
{
  cobro_asked_try_again (self->asked);
}

/* ── The widget ── */

static void
set_watching (CobroAskedView *self, gboolean watching)
{
  if (self->watching == watching || !self->asked)
    return;
  self->watching = watching;
  if (watching)
    cobro_asked_watch (self->asked);
  else
    cobro_asked_unwatch (self->asked);
}

static void
cobro_asked_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (cobro_asked_view_parent_class)->map (widget);
  set_watching (COBRO_ASKED_VIEW (widget), TRUE);
}

static void
cobro_asked_view_unmap (GtkWidget *widget)
{
  set_watching (COBRO_ASKED_VIEW (widget), FALSE);
  GTK_WIDGET_CLASS (cobro_asked_view_parent_class)->unmap (widget);
}

static void
cobro_asked_view_dispose (GObject *object)
{
  CobroAskedView *self = COBRO_ASKED_VIEW (object);

  set_watching (self, FALSE);
  if (self->asked)
    {
      gtk_list_box_bind_model (self->list, NULL, NULL, NULL, NULL);
      g_signal_handlers_disconnect_by_data (self->asked, self);
    }
  g_clear_object (&self->asked);
  G_OBJECT_CLASS (cobro_asked_view_parent_class)->dispose (object);
}

static void
cobro_asked_view_class_init (CobroAskedViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cobro_asked_view_dispose;
  widget_class->map = cobro_asked_view_map;
  widget_class->unmap = cobro_asked_view_unmap;
  signals[ROW_ACTIVATED] = g_signal_new ("row-activated", COBRO_TYPE_ASKED_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, COBRO_TYPE_ASKED_ITEM);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-asked-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroAskedView, bar);
  gtk_widget_class_bind_template_child (widget_class, CobroAskedView, start_box);
  gtk_widget_class_bind_template_child (widget_class, CobroAskedView, end_box);
  gtk_widget_class_bind_template_child (widget_class, CobroAskedView, note);
  gtk_widget_class_bind_template_child (widget_class, CobroAskedView, stack);
  gtk_widget_class_bind_template_child (widget_class, CobroAskedView, empty_status);
  gtk_widget_class_bind_template_child (widget_class, CobroAskedView, trouble_status);
  gtk_widget_class_bind_template_child (widget_class, CobroAskedView, content);
  gtk_widget_class_bind_template_child (widget_class, CobroAskedView, rows);
  gtk_widget_class_bind_template_child (widget_class, CobroAskedView, list);
  gtk_widget_class_bind_template_child (widget_class, CobroAskedView, more_button);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_more_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_retry_clicked_cb);
}

static void
cobro_asked_view_init (CobroAskedView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  cobro_hidden_follow_stack (self->stack);
}

CobroAskedView *
cobro_asked_view_new (const CobroAskedSight *sight, CobroAsked *asked, gpointer data)
{
  CobroAskedView *self = g_object_new (COBRO_TYPE_ASKED_VIEW, NULL);

  self->sight = sight;
  self->data = data;
  self->asked = g_object_ref (asked);
  adw_status_page_set_icon_name (self->empty_status, sight->icon);
  adw_status_page_set_title (self->empty_status, _ (sight->empty_title));
  adw_status_page_set_description (self->empty_status, _ (sight->empty_text));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ (sight->name), -1);
  if (sight->show)
    gtk_list_box_bind_model (self->list, cobro_asked_get_list (asked), create_row, self, NULL);
  g_signal_connect_swapped (asked, "changed", G_CALLBACK (update), self);
  update (self);
  return self;
}

void
cobro_asked_view_add_control (CobroAskedView *self, GtkWidget *widget, gboolean at_the_end)
{
  g_return_if_fail (COBRO_IS_ASKED_VIEW (self));

  gtk_box_append (GTK_BOX (at_the_end ? self->end_box : self->start_box), widget);
  update (self);
}

void
cobro_asked_view_set_content (CobroAskedView *self, GtkWidget *widget)
{
  g_return_if_fail (COBRO_IS_ASKED_VIEW (self));

  adw_bin_set_child (self->content, widget);
}
