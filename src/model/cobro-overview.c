/* src/model/cobro-overview.c — how the business stands, live.
 * Layer: model. Main thread. */
#include "cobro-overview.h"

/* How soon a new day is noticed. */
#define DAY_CHECK_SECONDS 300

struct _CobroOverview
{
  GObject parent_instance;
  CobroStore *store;
  CobroOverviewFigures *figures;
  GCancellable *cancellable;
  gboolean reading;
  gboolean stale; /* something changed while it was read */
  guint day_id;
};

G_DEFINE_FINAL_TYPE (CobroOverview, cobro_overview, G_TYPE_OBJECT)

enum
{
  CHANGED,
  FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void read_again (CobroOverview *self);

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroOverview) self = user_data;
  g_autoptr (GError) error = NULL;
  CobroOverviewFigures *figures = cobro_overview_store_load_finish (COBRO_STORE (source), result, &error);

  self->reading = FALSE;
  if (!self->store) /* nobody wants to know any more */
    return cobro_overview_figures_free (figures);
  if (figures)
    {
      cobro_overview_figures_free (self->figures);
      self->figures = figures;
      g_signal_emit (self, signals[CHANGED], 0);
    }
  else
    g_signal_emit (self, signals[FAILED], 0, error);
  if (self->stale)
    read_again (self);
}

/* One question at a time: whatever comes meanwhile is answered by one more. */
static void
read_again (CobroOverview *self)
{
  self->stale = self->reading;
  if (self->reading)
    return;

  self->reading = TRUE;
  cobro_overview_store_load_async (self->store, self->cancellable, on_read_cb, g_object_ref (self));
}

static void
on_store_changed_cb (CobroStore *store, const CobroStoreChange *change, gpointer user_data)
{
  if (change->kinds & (COBRO_STORE_LINKS | COBRO_STORE_PAYMENTS | COBRO_STORE_EVENTS | COBRO_STORE_INVOICES |
                       COBRO_STORE_MERCHANT | COBRO_STORE_PAIRING))
    read_again (user_data);
}

static gboolean
on_time_passed_cb (gpointer user_data)
{
  CobroOverview *self = user_data;

  if (self->figures && self->figures->today != cobro_store_today (self->store))
    read_again (self);
  return G_SOURCE_CONTINUE;
}

static void
cobro_overview_dispose (GObject *object)
{
  CobroOverview *self = COBRO_OVERVIEW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->day_id, g_source_remove);
  if (self->store)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (cobro_overview_parent_class)->dispose (object);
}

static void
cobro_overview_finalize (GObject *object)
{
  CobroOverview *self = COBRO_OVERVIEW (object);

  cobro_overview_figures_free (self->figures);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (cobro_overview_parent_class)->finalize (object);
}

static void
cobro_overview_class_init (CobroOverviewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = cobro_overview_dispose;
  object_class->finalize = cobro_overview_finalize;
  signals[CHANGED] =
    g_signal_new ("changed", COBRO_TYPE_OVERVIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] =
    g_signal_new ("failed", COBRO_TYPE_OVERVIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
cobro_overview_init (CobroOverview *self)
{
  self->cancellable = g_cancellable_new ();
}

CobroOverview *
cobro_overview_new (CobroStore *store)
{
  CobroOverview *self = g_object_new (COBRO_TYPE_OVERVIEW, NULL);

  self->store = g_object_ref (store);
  g_signal_connect (store, "changed", G_CALLBACK (on_store_changed_cb), self);
  self->day_id = g_timeout_add_seconds (DAY_CHECK_SECONDS, on_time_passed_cb, self);
  read_again (self);
  return self;
}

const CobroOverviewFigures *
cobro_overview_get_figures (CobroOverview *self)
{
  g_return_val_if_fail (COBRO_IS_OVERVIEW (self), NULL);

  return self->figures;
}
