/* src/model/cobro-undo.c — what can be taken back, newest first.
 * Layer: model. Main thread. */
#include "cobro-undo.h"

typedef struct
{
  guint number;
  CobroUndoFunc func;
  gpointer data;
  GDestroyNotify free_data;
} Step;

struct _CobroUndo
{
  GObject parent_instance;
  GQueue steps; /* (element-type Step) newest at the tail */
  guint last_number;
};

G_DEFINE_FINAL_TYPE (CobroUndo, cobro_undo, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_CAN_UNDO,
  N_PROPS
};
enum
{
  PUSHED,
  N_SIGNALS
};
static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
step_free (Step *step)
{
  if (step->free_data)
    step->free_data (step->data);
  g_free (step);
}

static void
cobro_undo_finalize (GObject *object)
{
  CobroUndo *self = COBRO_UNDO (object);

  g_queue_clear_full (&self->steps, (GDestroyNotify)step_free);
  G_OBJECT_CLASS (cobro_undo_parent_class)->finalize (object);
}

static void
cobro_undo_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_CAN_UNDO)
    g_value_set_boolean (value, cobro_undo_get_can_undo (COBRO_UNDO (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
cobro_undo_class_init (CobroUndoClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = cobro_undo_finalize;
  object_class->get_property = cobro_undo_get_property;

  properties[PROP_CAN_UNDO] =
    g_param_spec_boolean ("can-undo", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * CobroUndo::pushed:
   * @step: its number
   * @text: what was done
   */
  signals[PUSHED] = g_signal_new ("pushed", COBRO_TYPE_UNDO, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                  G_TYPE_UINT, G_TYPE_STRING);
}

static void
cobro_undo_init (CobroUndo *self)
{
  g_queue_init (&self->steps);
}

CobroUndo *
cobro_undo_new (void)
{
  return g_object_new (COBRO_TYPE_UNDO, NULL);
}

gboolean
cobro_undo_get_can_undo (CobroUndo *self)
{
  g_return_val_if_fail (COBRO_IS_UNDO (self), FALSE);

  return !g_queue_is_empty (&self->steps);
}

guint
cobro_undo_push (CobroUndo *self, const char *text, CobroUndoFunc func, gpointer data, GDestroyNotify free_data)
{
  Step *step;

  g_return_val_if_fail (COBRO_IS_UNDO (self), 0);
  g_return_val_if_fail (func != NULL, 0);

  step = g_new0 (Step, 1);
  *step = (Step){ .number = ++self->last_number, .func = func, .data = data, .free_data = free_data };
  g_queue_push_tail (&self->steps, step);
  if (g_queue_get_length (&self->steps) > COBRO_UNDO_MAX)
    step_free (g_queue_pop_head (&self->steps));

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_UNDO]);
  g_signal_emit (self, signals[PUSHED], 0, self->last_number, text);
  return self->last_number;
}

static gboolean
run_step (CobroUndo *self, GList *where)
{
  Step *step;

  if (!where)
    return FALSE;

  step = where->data;
  g_queue_delete_link (&self->steps, where);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_UNDO]);
  step->func (step->data);
  step_free (step);
  return TRUE;
}

gboolean
cobro_undo_run_newest (CobroUndo *self)
{
  g_return_val_if_fail (COBRO_IS_UNDO (self), FALSE);

  return run_step (self, g_queue_peek_tail_link (&self->steps));
}

gboolean
cobro_undo_run (CobroUndo *self, guint number)
{
  GList *where;

  g_return_val_if_fail (COBRO_IS_UNDO (self), FALSE);

  for (where = self->steps.tail; where; where = where->prev)
    if (((Step *)where->data)->number == number)
      break;
  return run_step (self, where);
}
