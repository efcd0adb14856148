/* src/view/cobro-late.c — what is made after the window was first painted. Layer: view. Main thread. */
#include "config.h"

#include "cobro-late.h"

#define FUNC_KEY  "cobro-late-func"
#define QUEUE_KEY "cobro-late-queue"

/* Of a window: what was shown in it and is yet to be called. */
typedef struct
{
  GQueue widgets; /* (element-type GtkWidget) owned */
  guint source;
  gboolean waiting; /* for a frame */
} Queue;

static void
queue_free (gpointer data)
{
  Queue *queue = data;

  if (queue->source)
    g_source_remove (queue->source);
  g_queue_clear_full (&queue->widgets, g_object_unref);
  g_free (queue);
}

static gboolean
on_turn (gpointer data)
{
  Queue *queue = data;
  g_autoptr (GtkWidget) widget = g_queue_pop_head (&queue->widgets);

  if (widget && gtk_widget_get_root (widget))
    cobro_late_hurry (widget);
  if (!g_queue_is_empty (&queue->widgets))
    return G_SOURCE_CONTINUE;
  queue->source = 0;
  return G_SOURCE_REMOVE;
}

static gboolean
on_frame (GtkWidget *root, GdkFrameClock *clock, gpointer data)
{
  Queue *queue = data;

  queue->waiting = FALSE;
  if (!queue->source)
    queue->source = g_idle_add (on_turn, queue);
  return G_SOURCE_REMOVE;
}

static void
on_map_cb (GtkWidget *widget)
{
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (widget));
  Queue *queue = g_object_get_data (G_OBJECT (root), QUEUE_KEY);

  g_signal_handlers_disconnect_by_func (widget, on_map_cb, NULL);
  if (!queue)
    {
      queue = g_new0 (Queue, 1);
      g_object_set_data_full (G_OBJECT (root), QUEUE_KEY, queue, queue_free);
    }
  g_queue_push_tail (&queue->widgets, g_object_ref (widget));
  if (!queue->waiting && !queue->source)
    {
      queue->waiting = TRUE;
      gtk_widget_add_tick_callback (root, on_frame, queue, NULL);
    }
}

void
cobro_late_call (GtkWidget *widget, CobroLateFunc func)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (g_object_get_data (G_OBJECT (widget), FUNC_KEY) == NULL);

  g_object_set_data (G_OBJECT (widget), FUNC_KEY, (gpointer)func);
  g_signal_connect (widget, "map", G_CALLBACK (on_map_cb), NULL);
}

void
cobro_late_hurry (GtkWidget *widget)
{
  CobroLateFunc func;

  g_return_if_fail (GTK_IS_WIDGET (widget));

  func = (CobroLateFunc)g_object_steal_data (G_OBJECT (widget), FUNC_KEY);
  if (func)
    func (widget);
}

void
cobro_late_extend (GtkWidget *widget, const char *file, GtkBuilderScope *scope, GObject *owner,
                   const CobroLateChild *children)
{
  g_autofree char *id = g_strdup (gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget)));
  g_autofree char *path = g_strconcat (COBRO_RESOURCE "/", file, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) text = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
  g_autoptr (GtkBuilder) builder = gtk_builder_new ();

  gtk_builder_set_scope (builder, scope);
  gtk_builder_expose_object (builder, "owner", owner);
  if (!text ||
      !gtk_builder_extend_with_template (builder, G_OBJECT (widget), G_OBJECT_TYPE (widget),
                                         g_bytes_get_data (text, NULL), (gssize)g_bytes_get_size (text), &error))
    g_error ("%s: %s", path, error->message); /* a file of our own */

  /* The template called the widget by its class. */
  GTK_BUILDABLE_GET_IFACE (GTK_BUILDABLE (widget))->set_id (GTK_BUILDABLE (widget), id ? id : "");
  for (; children->id; children++)
    *(GObject **)G_STRUCT_MEMBER_P (owner, children->offset) = gtk_builder_get_object (builder, children->id);
}

void
cobro_late_put_around (GtkStringList *list, GStrv all, guint kept)
{
  char *only = all[kept];

  g_return_if_fail (g_list_model_get_n_items (G_LIST_MODEL (list)) == 1);

  gtk_string_list_splice (list, 1, 0, (const char *const *)all + kept + 1);
  all[kept] = NULL; /* the end of those before it */
  gtk_string_list_splice (list, 0, 0, (const char *const *)all);
  all[kept] = only;
}
