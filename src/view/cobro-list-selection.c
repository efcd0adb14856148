/* src/view/cobro-list-selection.c — which rows are ticked.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-list-selection.h"

struct _CobroListSelection
{
  GObject parent_instance;
  GListModel *model;
  GtkBitset *ticked;
  gboolean enabled;
};

static void cobro_list_selection_list_init (GListModelInterface *iface);
static void cobro_list_selection_selection_init (GtkSelectionModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CobroListSelection, cobro_list_selection, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, cobro_list_selection_list_init)
                                 G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL, cobro_list_selection_selection_init))

static GType
get_item_type (GListModel *list)
{
  return g_list_model_get_item_type (COBRO_LIST_SELECTION (list)->model);
}

static guint
get_n_items (GListModel *list)
{
  return g_list_model_get_n_items (COBRO_LIST_SELECTION (list)->model);
}

static gpointer
get_item (GListModel *list, guint position)
{
  return g_list_model_get_item (COBRO_LIST_SELECTION (list)->model, position);
}

static void
cobro_list_selection_list_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static gboolean
is_selected (GtkSelectionModel *model, guint position)
{
  return gtk_bitset_contains (COBRO_LIST_SELECTION (model)->ticked, position);
}

static GtkBitset *
get_selection_in_range (GtkSelectionModel *model, guint position, guint n)
{
  return gtk_bitset_ref (COBRO_LIST_SELECTION (model)->ticked);
}

/* The one function through which everything is ticked; GtkSelectionModel's other functions end here by themselves. */
static gboolean
set_selection (GtkSelectionModel *model, GtkBitset *selected, GtkBitset *mask)
{
  CobroListSelection *self = COBRO_LIST_SELECTION (model);
  g_autoptr (GtkBitset) changed = NULL;

  if (!self->enabled)
    return FALSE;

  changed = gtk_bitset_copy (self->ticked);
  gtk_bitset_difference (changed, selected); /* GTK's name for the symmetric difference */
  gtk_bitset_intersect (changed, mask);
  if (!gtk_bitset_is_empty (changed))
    {
      gtk_bitset_difference (self->ticked, changed);
      gtk_selection_model_selection_changed (model, gtk_bitset_get_minimum (changed),
                                             gtk_bitset_get_maximum (changed) - gtk_bitset_get_minimum (changed) + 1);
    }
  return TRUE;
}

/* A list selects what the pointer passes and what the keyboard reaches, and nothing else: that is no tick. */
static gboolean
select_item (GtkSelectionModel *model, guint position, gboolean unselect_rest)
{
  g_autoptr (GtkBitset) one = NULL;

  if (unselect_rest)
    return FALSE;

  one = gtk_bitset_new_range (position, 1);
  return set_selection (model, one, one);
}

static void
cobro_list_selection_selection_init (GtkSelectionModelInterface *iface)
{
  iface->is_selected = is_selected;
  iface->get_selection_in_range = get_selection_in_range;
  iface->select_item = select_item;
  iface->set_selection = set_selection;
}

static void
on_items_changed_cb (GListModel *model, guint position, guint removed, guint added, gpointer data)
{
  CobroListSelection *self = data;

  gtk_bitset_splice (self->ticked, position, removed, added);
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

static void
cobro_list_selection_dispose (GObject *object)
{
  CobroListSelection *self = COBRO_LIST_SELECTION (object);

  if (self->model)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_object (&self->model);
  G_OBJECT_CLASS (cobro_list_selection_parent_class)->dispose (object);
}

static void
cobro_list_selection_finalize (GObject *object)
{
  gtk_bitset_unref (COBRO_LIST_SELECTION (object)->ticked);
  G_OBJECT_CLASS (cobro_list_selection_parent_class)->finalize (object);
}

static void
cobro_list_selection_class_init (CobroListSelectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = cobro_list_selection_dispose;
  object_class->finalize = cobro_list_selection_finalize;
}

static void
cobro_list_selection_init (CobroListSelection *self)
{
  self->ticked = gtk_bitset_new_empty ();
}

CobroListSelection *
cobro_list_selection_new (GListModel *model)
{
  CobroListSelection *self = g_object_new (COBRO_TYPE_LIST_SELECTION, NULL);

  self->model = model;
  g_signal_connect (model, "items-changed", G_CALLBACK (on_items_changed_cb), self);
  return self;
}

void
cobro_list_selection_set_enabled (CobroListSelection *self, gboolean enabled)
{
  g_return_if_fail (COBRO_IS_LIST_SELECTION (self));

  if (self->enabled && !enabled)
    gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (self));
  self->enabled = enabled;
}

gboolean
cobro_list_selection_get_enabled (CobroListSelection *self)
{
  g_return_val_if_fail (COBRO_IS_LIST_SELECTION (self), FALSE);

  return self->enabled;
}

guint
cobro_list_selection_count (CobroListSelection *self)
{
  g_return_val_if_fail (COBRO_IS_LIST_SELECTION (self), 0);

  return (guint)gtk_bitset_get_size (self->ticked);
}

void
cobro_list_selection_set_ticked (CobroListSelection *self, guint position, gboolean ticked)
{
  g_return_if_fail (COBRO_IS_LIST_SELECTION (self));

  if (ticked)
    gtk_selection_model_select_item (GTK_SELECTION_MODEL (self), position, FALSE);
  else
    gtk_selection_model_unselect_item (GTK_SELECTION_MODEL (self), position);
}
