/* src/model/cobro-attention.c — what needs the merchant's attention, and what is decided about it.
 * Layer: model. Main thread. */
#include "cobro-attention.h"

#include "cobro-attention-store.h"
#include "cobro-error.h"
#include "cobro-sync-errand.h"

/* Changes come in bursts: the books are read once for all that arrive so close together. */
#define SOON_MS       60
/* Dates come by themselves. */
#define TICK_SECONDS  60
/* An errand that is not due, or whose relay was away, is looked at again. */
#define AGAIN_SECONDS 2

struct _CobroAttentionItem
{
  GObject parent_instance;
  CobroMatter *matter;
};

G_DEFINE_FINAL_TYPE (CobroAttentionItem, cobro_attention_item, G_TYPE_OBJECT)

struct _CobroAttention
{
  GObject parent_instance;
  CobroStore *store;
  CobroLinks *links;
  CobroInvoices *invoices;
  CobroRefunds *refunds;
  CobroSyncEngine *engine;
  GCancellable *cancellable;
  GPtrArray *items;   /* (element-type CobroAttentionItem) */
  GHashTable *asking; /* (element-type utf8) errands that the relay is being asked for */
  GHashTable *told;   /* (element-type utf8) keys of what was announced, or looked at for it, since the start */
  guint soon_id, tick_id, again_id;
  gboolean reading, again; /* a question is under way; another one is to follow */
  gboolean read;
  guint announcing;
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CobroAttention, cobro_attention, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

enum
{
  PROP_COUNT = 1,
  N_PROPS
};
static GParamSpec *properties[N_PROPS];

enum
{
  ANSWERED,
  FAILED,
  NEWS,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* ── One of them ── */

static void
cobro_attention_item_finalize (GObject *object)
{
  cobro_matter_unref (COBRO_ATTENTION_ITEM (object)->matter);
  G_OBJECT_CLASS (cobro_attention_item_parent_class)->finalize (object);
}

static void
cobro_attention_item_class_init (CobroAttentionItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cobro_attention_item_finalize;
}

static void
cobro_attention_item_init (CobroAttentionItem *self)
{
}

const CobroMatter *
cobro_attention_item_get_matter (CobroAttentionItem *self)
{
  g_return_val_if_fail (COBRO_IS_ATTENTION_ITEM (self), NULL);

  return self->matter;
}

static CobroAttentionItem *
item_new (CobroMatter *matter)
{
  CobroAttentionItem *item = g_object_new (COBRO_TYPE_ATTENTION_ITEM, NULL);

  item->matter = cobro_matter_ref (matter);
  return item;
}

/* ── The list ── */

static GType
get_item_type (GListModel *model)
{
  return COBRO_TYPE_ATTENTION_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return COBRO_ATTENTION (model)->items->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  GPtrArray *items = COBRO_ATTENTION (model)->items;

  return position < items->len ? g_object_ref (items->pdata[position]) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* Takes the place of what was listed; what stayed as it was stays the same item, with the keyboard on it. */
static void
take_matters (CobroAttention *self, GPtrArray *matters)
{
  guint head = 0, tail = 0, before = self->items->len, removed, added;

  while (head < MIN (before, matters->len) &&
         cobro_matter_equal (((CobroAttentionItem *)self->items->pdata[head])->matter, matters->pdata[head]))
    head++;
  while (tail < MIN (before, matters->len) - head &&
         cobro_matter_equal (((CobroAttentionItem *)self->items->pdata[before - 1 - tail])->matter,
                             matters->pdata[matters->len - 1 - tail]))
    tail++;
  removed = before - head - tail;
  added = matters->len - head - tail;
  if (removed > 0)
    g_ptr_array_remove_range (self->items, head, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (self->items, (int)(head + i), item_new (matters->pdata[head + i]));
  if (removed > 0 || added > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), head, removed, added);
  if (self->items->len != before)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COUNT]);
}

static void read_now (CobroAttention *self);

static void
say_failed (CobroAttention *self, const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[FAILED], 0, error);
}

/* ── Telling ── */

static void
on_announced_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroAttention) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) news = cobro_attention_store_announce_finish (COBRO_STORE (source), result, &error);

  self->announcing--;
  if (!news)
    return say_failed (self, error);
  if (news->len > 0)
    g_signal_emit (self, signals[NEWS], 0, news);
}

/* The books are asked only when there is something that this run has not seen. */
static void
announce (CobroAttention *self, GPtrArray *matters)
{
  gboolean unknown = FALSE;

  for (guint i = 0; i < matters->len; i++)
    if (cobro_matter_calls (matters->pdata[i]))
      unknown |= g_hash_table_add (self->told, cobro_matter_dup_key (matters->pdata[i]));
  if (!unknown)
    return;
  self->announcing++;
  cobro_attention_store_announce_async (self->store, matters, self->cancellable, on_announced_cb, g_object_ref (self));
}

static void
on_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroAttention) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) matters = cobro_attention_store_list_finish (COBRO_STORE (source), result, &error);

  self->reading = FALSE;
  if (!matters)
    return say_failed (self, error);
  self->read = TRUE;
  take_matters (self, matters);
  announce (self, matters);
  g_signal_emit (self, signals[ANSWERED], 0);
  if (self->again && !g_cancellable_is_cancelled (self->cancellable))
    read_now (self);
}

static void
read_now (CobroAttention *self)
{
  self->again = self->reading;
  if (self->reading)
    return;
  self->reading = TRUE;
  cobro_attention_store_list_async (self->store, self->cancellable, on_listed_cb, g_object_ref (self));
}

static gboolean
on_soon_cb (gpointer data)
{
  CobroAttention *self = data;

  self->soon_id = 0;
  read_now (self);
  return G_SOURCE_REMOVE;
}

void
cobro_attention_look_again (CobroAttention *self)
{
  g_return_if_fail (COBRO_IS_ATTENTION (self));

  if (self->soon_id == 0 && !g_cancellable_is_cancelled (self->cancellable))
    self->soon_id = g_timeout_add (SOON_MS, on_soon_cb, self);
}

static void
on_store_changed_cb (CobroAttention *self, const CobroStoreChange *change)
{
  if (change->all || (change->kinds & ~(guint)(COBRO_STORE_OUTBOX | COBRO_STORE_PAIRING)) != 0)
    cobro_attention_look_again (self);
}

static gboolean
on_tick_cb (gpointer data)
{
  read_now (data);
  return G_SOURCE_CONTINUE;
}

/* ── What the relay is asked for ── */

static void run_errands (CobroAttention *self);

static gboolean
on_again_cb (gpointer data)
{
  CobroAttention *self = data;

  self->again_id = 0;
  run_errands (self);
  return G_SOURCE_REMOVE;
}

static void
run_errands_later (CobroAttention *self)
{
  if (self->again_id == 0 && !g_cancellable_is_cancelled (self->cancellable))
    self->again_id = g_timeout_add_seconds (AGAIN_SECONDS, on_again_cb, self);
}

typedef struct
{
  CobroStore *store;
  CobroAttentionErrand *errand; /* owned */
} Asking;

static void
asking_free (gpointer data)
{
  Asking *asking = data;

  g_object_unref (asking->store);
  cobro_attention_errand_free (asking->errand);
  g_free (asking);
}

static gpointer
ask (CobroRelayClient *client, gpointer data, GCancellable *cancellable, GError **error)
{
  Asking *asking = data;

  return GINT_TO_POINTER (cobro_sync_errand_once (asking->store, client, asking->errand, cancellable, error));
}

typedef struct
{
  CobroAttention *attention;
  char *subject;
} Asked;

static void
on_asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Asked *asked = user_data;
  g_autoptr (CobroAttention) self = asked->attention;
  g_autofree char *subject = asked->subject;
  g_autoptr (GError) error = NULL;

  g_hash_table_remove (self->asking, subject);
  if (!cobro_sync_engine_call_finish (COBRO_SYNC_ENGINE (source), result, &error))
    run_errands_later (self);
}

static void
run_errand (CobroAttention *self, CobroAttentionErrand *take_errand)
{
  Asking *asking = g_new0 (Asking, 1);
  Asked *asked = g_new0 (Asked, 1);

  *asking = (Asking){ .store = g_object_ref (self->store), .errand = take_errand };
  *asked = (Asked){ .attention = g_object_ref (self), .subject = g_strdup (take_errand->subject) };
  g_hash_table_add (self->asking, g_strdup (take_errand->subject));
  cobro_sync_engine_call_async (self->engine, ask, asking, asking_free, NULL, self->cancellable, on_asked_cb, asked);
}

static void
run_errands (CobroAttention *self)
{
  g_autoptr (GPtrArray) errands = cobro_attention_store_errands (self->store, NULL);
  CobroTime now = cobro_links_get_now (self->links);

  if (!errands || errands->len == 0)
    return;
  for (guint i = 0; i < errands->len; i++)
    {
      CobroAttentionErrand *errand = errands->pdata[i];

      if (errand->due > now || !cobro_refunds_can_ask (self->refunds))
        run_errands_later (self);
      else if (!g_hash_table_contains (self->asking, errand->subject))
        {
          run_errand (self, errand);
          errands->pdata[i] = NULL;
        }
    }
  g_ptr_array_set_free_func (errands, NULL);
  for (guint i = 0; i < errands->len; i++)
    cobro_attention_errand_free (errands->pdata[i]);
}

/* ── Deciding ── */

typedef struct
{
  CobroAttention *attention;
  CobroAttentionDecision *decision; /* owned, once it was made */
  char *done_text;                  /* (nullable) what can be taken back */
} Deciding;

static Deciding *
deciding_new (CobroAttention *self, const char *done_text)
{
  Deciding *deciding = g_new0 (Deciding, 1);

  *deciding = (Deciding){ .attention = g_object_ref (self), .done_text = g_strdup (done_text) };
  return deciding;
}

static void
deciding_free (gpointer data)
{
  Deciding *deciding = data;

  g_object_unref (deciding->attention);
  g_clear_pointer (&deciding->decision, cobro_attention_decision_free);
  g_free (deciding->done_text);
  g_free (deciding);
}

static void
on_undone_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroAttention) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!cobro_attention_store_undo_finish (COBRO_STORE (source), result, &error))
    say_failed (self, error);
  cobro_attention_look_again (self);
}

static void
undo (gpointer data)
{
  Deciding *deciding = data;

  cobro_attention_store_undo_async (deciding->attention->store, deciding->decision, on_undone_cb,
                                    g_object_ref (deciding->attention));
}

static void
on_decided_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Deciding *deciding = user_data;
  CobroAttention *self = deciding->attention;
  g_autoptr (GError) error = NULL;

  deciding->decision = cobro_attention_store_decide_finish (COBRO_STORE (source), result, &error);
  cobro_attention_look_again (self);
  if (!deciding->decision || !deciding->done_text || g_cancellable_is_cancelled (self->cancellable))
    {
      if (!deciding->decision)
        say_failed (self, error);
      deciding_free (deciding);
      return;
    }
  if (deciding->decision->orders->len > 0)
    cobro_refunds_take_up (self->refunds);
  else if (deciding->decision->due != 0)
    run_errands_later (self);
  cobro_undo_push (cobro_links_get_undo (self->links), deciding->done_text, undo, deciding, deciding_free);
}

static void
decide_in_books (CobroAttention *self, CobroMatter *matter, CobroMatterWay way, const char *done_text)
{
  cobro_attention_store_decide_async (self->store, matter, way, self->cancellable, on_decided_cb,
                                      deciding_new (self, done_text));
}

/* The value that was put aside takes the place of what is there now. */
static void
on_changed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CobroAttention) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!cobro_links_change_finish (COBRO_LINKS (source), result, &error))
    say_failed (self, error);
}

static void
take_theirs (CobroAttention *self, const CobroMatter *matter, const char *done_text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroLink) other = cobro_attention_store_read_other (self->store, &matter->link_id, &error);

  if (!other)
    return say_failed (self, error);
  cobro_links_change_async (self->links, other, done_text, self->cancellable, on_changed_cb, g_object_ref (self));
}

static void
mark_seen (CobroAttention *self, const CobroMatter *matter)
{
  if (cobro_id_is_set (&matter->invoice_id))
    cobro_invoices_mark_seen (self->invoices, matter->invoice_id.text);
  else
    cobro_links_mark_seen (self->links, matter->link_id.text);
}

typedef struct
{
  CobroAttention *attention;
  CobroMatter *matter; /* (nullable) is put away when it is done */
} Mailing;

static void
on_mailed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Mailing *mailing = user_data;
  g_autoptr (CobroAttention) self = mailing->attention;
  g_autoptr (CobroMatter) matter = mailing->matter;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroInvoiceItem) item = cobro_invoices_finish (COBRO_INVOICES (source), result, &error);

  if (!item)
    say_failed (self, error);
  else if (matter && !g_cancellable_is_cancelled (self->cancellable))
    decide_in_books (self, matter, COBRO_WAY_DISMISS, NULL);
}

static Mailing *
mailing_new (CobroAttention *self, CobroMatter *matter)
{
  Mailing *mailing = g_new0 (Mailing, 1);

  *mailing = (Mailing){ .attention = g_object_ref (self), .matter = matter ? cobro_matter_ref (matter) : NULL };
  return mailing;
}

void
cobro_attention_send (CobroAttention *self, CobroAttentionItem *item, const char *to)
{
  g_return_if_fail (COBRO_IS_ATTENTION (self));

  cobro_invoices_send_async (self->invoices, &item->matter->invoice_id, to, self->cancellable, on_mailed_cb,
                             mailing_new (self, NULL));
}

void
cobro_attention_decide (CobroAttention *self, CobroAttentionItem *item, CobroMatterWay way, const char *done_text)
{
  CobroMatter *matter;

  g_return_if_fail (COBRO_IS_ATTENTION (self));
  g_return_if_fail (COBRO_IS_ATTENTION_ITEM (item));

  matter = item->matter;
  if (way == COBRO_WAY_THEIRS)
    take_theirs (self, matter, done_text);
  else if (way == COBRO_WAY_MINE)
    mark_seen (self, matter);
  else if (way == COBRO_WAY_REMIND)
    cobro_invoices_remind_async (self->invoices, &matter->invoice_id, self->cancellable, on_mailed_cb,
                                 mailing_new (self, matter));
  else if (way == COBRO_WAY_CLOSE && cobro_id_is_set (&matter->invoice_id))
    cobro_invoices_decide (self->invoices, matter->invoice_id.text, COBRO_INVOICE_UNCOLLECTIBLE, done_text);
  else
    decide_in_books (self, matter, way, done_text);
}

/* ── The object ── */

guint
cobro_attention_get_count (CobroAttention *self)
{
  g_return_val_if_fail (COBRO_IS_ATTENTION (self), 0);

  return self->items->len;
}

gboolean
cobro_attention_is_read (CobroAttention *self)
{
  g_return_val_if_fail (COBRO_IS_ATTENTION (self), FALSE);

  return self->read;
}

gboolean
cobro_attention_is_settled (CobroAttention *self)
{
  g_return_val_if_fail (COBRO_IS_ATTENTION (self), TRUE);

  return self->read && !self->reading && self->soon_id == 0 && self->announcing == 0;
}

CobroTime
cobro_attention_get_now (CobroAttention *self)
{
  g_return_val_if_fail (COBRO_IS_ATTENTION (self), 0);

  return self->links ? cobro_links_get_now (self->links) : 0;
}

static void
cobro_attention_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_COUNT)
    g_value_set_uint (value, COBRO_ATTENTION (object)->items->len);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
cobro_attention_dispose (GObject *object)
{
  CobroAttention *self = COBRO_ATTENTION (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->soon_id, g_source_remove);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_handle_id (&self->again_id, g_source_remove);
  if (self->store)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->links);
  g_clear_object (&self->invoices);
  g_clear_object (&self->refunds);
  g_clear_object (&self->engine);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (cobro_attention_parent_class)->dispose (object);
}

static void
cobro_attention_finalize (GObject *object)
{
  CobroAttention *self = COBRO_ATTENTION (object);

  g_ptr_array_unref (self->items);
  g_hash_table_unref (self->asking);
  g_hash_table_unref (self->told);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (cobro_attention_parent_class)->finalize (object);
}

static void
cobro_attention_class_init (CobroAttentionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = cobro_attention_dispose;
  object_class->finalize = cobro_attention_finalize;
  object_class->get_property = cobro_attention_get_property;
  properties[PROP_COUNT] =
    g_param_spec_uint ("count", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[ANSWERED] =
    g_signal_new ("answered", COBRO_TYPE_ATTENTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] =
    g_signal_new ("failed", COBRO_TYPE_ATTENTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[NEWS] = g_signal_new ("news", COBRO_TYPE_ATTENTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                G_TYPE_PTR_ARRAY);
}

static void
cobro_attention_init (CobroAttention *self)
{
  self->cancellable = g_cancellable_new ();
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->asking = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

CobroAttention *
cobro_attention_new (CobroLinks *links, CobroInvoices *invoices, CobroRefunds *refunds, CobroSyncEngine *engine)
{
  CobroAttention *self = g_object_new (COBRO_TYPE_ATTENTION, NULL);

  self->store = g_object_ref (cobro_links_get_store (links));
  self->links = g_object_ref (links);
  self->invoices = g_object_ref (invoices);
  self->refunds = g_object_ref (refunds);
  self->engine = g_object_ref (engine);
  g_signal_connect_swapped (self->store, "changed", G_CALLBACK (on_store_changed_cb), self);
  self->tick_id = g_timeout_add_seconds (TICK_SECONDS, on_tick_cb, self);
  read_now (self);
  run_errands_later (self);
  return self;
}
