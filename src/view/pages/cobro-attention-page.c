/* src/view/pages/cobro-attention-page.c — the place "Needs Attention": rows of what happened, each with its buttons.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-attention-page.h"

#include <glib/gi18n.h>
#include "cobro-attention-row.h"
#include "cobro-attention-text.h"
#include "cobro-clock.h"
#include "cobro-hidden.h"
#include "cobro-place.h"
#include "cobro-resend-dialog.h"
#include "cobro-sync-button.h"

/* Rows are made for so many at once: nobody works through more without a pause. */
#define SHOWN 30

struct _CobroAttentionPage
{
  AdwBin parent_instance;
  GtkWidget *sidebar_button;
  AdwWindowTitle *title;
  CobroSyncButton *sync_button;
  GtkStack *stack;
  GtkListBox *list;
  GtkWidget *more_button;
  CobroAttention *attention;
  CobroConnection *connection;
  GtkSliceListModel *slice;
  char *wanted; /* (nullable) the key of what is to be shown when it is there */
};

static void cobro_attention_page_place_init (CobroPlaceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CobroAttentionPage, cobro_attention_page, ADW_TYPE_BIN,
                               G_IMPLEMENT_INTERFACE (COBRO_TYPE_PLACE, cobro_attention_page_place_init))

/* ── Choosing ── */

static void
on_resend_cb (CobroAttentionPage *self, const char *to, CobroResendDialog *dialog)
{
  cobro_attention_send (self->attention, cobro_resend_dialog_get_item (dialog), to);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", _ ("The mail is sent again"));
}

static void
resend (CobroAttentionPage *self, CobroAttentionItem *item)
{
  CobroResendDialog *dialog = cobro_resend_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), item);

  g_signal_connect_object (dialog, "chosen", G_CALLBACK (on_resend_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_chosen_cb (CobroAttentionPage *self, guint way, CobroAttentionRow *row)
{
  CobroAttentionItem *item = cobro_attention_row_get_item (row);
  const CobroMatter *matter = cobro_attention_item_get_matter (item);
  g_autofree char *done = cobro_attention_way_done (matter, (CobroMatterWay)way);

  if (way == COBRO_WAY_COPY)
    gtk_widget_activate_action (GTK_WIDGET (self), "link.copy", "s", matter->link_id.text);
  else if (way == COBRO_WAY_SEND)
    resend (self, item);
  else
    cobro_attention_decide (self->attention, item, (CobroMatterWay)way, done);
  if (way == COBRO_WAY_REMIND || way == COBRO_WAY_MINE)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", done);
}

/* ── Rows ── */

static GtkWidget *
create_row (gpointer item, gpointer data)
{
  CobroAttentionPage *self = data;
  GtkWidget *row = cobro_attention_row_new (item, cobro_attention_get_now (self->attention));

  g_signal_connect_object (row, "chosen", G_CALLBACK (on_chosen_cb), self, G_CONNECT_SWAPPED);
  return row;
}

static void
update (CobroAttentionPage *self)
{
  guint n = cobro_attention_get_count (self->attention);
  guint shown = g_list_model_get_n_items (G_LIST_MODEL (self->slice));
  g_autofree char *count = g_strdup_printf (ngettext ("%u thing to look at", "%u things to look at", n), n);

  adw_window_title_set_subtitle (self->title, n > 0 ? count : "");
  gtk_widget_set_visible (self->more_button, shown < n);
  gtk_stack_set_visible_child_name (self->stack, n > 0                                       ? "list"
                                                 : cobro_attention_is_read (self->attention) ? "empty"
                                                                                             : "loading");
}

/* The row under the keyboard is gone: the next one takes it over. */
static void
on_items_changed_cb (CobroAttentionPage *self, guint position, guint removed, guint added)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;
  GtkListBoxRow *row;

  update (self);
  if (removed == 0 || !gtk_widget_get_mapped (GTK_WIDGET (self)) || (focus && gtk_widget_get_mapped (focus)))
    return;
  row = gtk_list_box_get_row_at_index (self->list, (int)position);
  if (!row && position > 0)
    row = gtk_list_box_get_row_at_index (self->list, (int)position - 1);
  if (row)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
on_more_cb (CobroAttentionPage *self)
{
  gtk_slice_list_model_set_size (self->slice, gtk_slice_list_model_get_size (self->slice) + SHOWN);
  update (self);
}

/* ── One of them ── */

/* FALSE: it is not there. */
static gboolean
find_wanted (CobroAttentionPage *self, guint *out_at)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->attention)); i++)
    {
      g_autoptr (CobroAttentionItem) item = g_list_model_get_item (G_LIST_MODEL (self->attention), i);
      g_autofree char *key = cobro_matter_dup_key (cobro_attention_item_get_matter (item));

      if (g_str_equal (key, self->wanted))
        {
          *out_at = i;
          return TRUE;
        }
    }
  return FALSE;
}

static void
show_wanted (CobroAttentionPage *self)
{
  GtkListBoxRow *row;
  guint at;

  if (!self->wanted || !cobro_attention_is_read (self->attention) || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  if (find_wanted (self, &at))
    {
      if (at >= gtk_slice_list_model_get_size (self->slice))
        gtk_slice_list_model_set_size (self->slice, at + SHOWN);
      row = gtk_list_box_get_row_at_index (self->list, (int)at);
      if (row)
        {
          gtk_widget_grab_focus (GTK_WIDGET (row));
          /* Which one was meant is seen, also by somebody who came with the mouse. */
          gtk_window_set_focus_visible (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), TRUE);
        }
    }
  g_clear_pointer (&self->wanted, g_free);
}

void
cobro_attention_page_show (CobroAttentionPage *self, const char *key)
{
  g_return_if_fail (COBRO_IS_ATTENTION_PAGE (self));

  g_free (self->wanted);
  self->wanted = g_strdup (key);
  show_wanted (self);
}

static void
on_answered_cb (CobroAttentionPage *self)
{
  update (self);
  show_wanted (self);
}

/* ── As a place ── */

static void
place_find (CobroPlace *place)
{
  CobroAttentionPage *self = COBRO_ATTENTION_PAGE (place);
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, 0);

  if (row)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}

static gboolean
place_step_back (CobroPlace *place)
{
  return FALSE;
}

static void
place_set_folded (CobroPlace *place, gboolean folded)
{
  gtk_widget_set_visible (COBRO_ATTENTION_PAGE (place)->sidebar_button, folded);
}

static void
place_set_type_to_search (CobroPlace *place, GtkWidget *widget)
{
}

static void
cobro_attention_page_place_init (CobroPlaceInterface *iface)
{
  iface->find = place_find;
  iface->step_back = place_step_back;
  iface->set_folded = place_set_folded;
  iface->set_type_to_search = place_set_type_to_search;
}

/* ── The widget ── */

static void
cobro_attention_page_dispose (GObject *object)
{
  CobroAttentionPage *self = COBRO_ATTENTION_PAGE (object);

  if (self->slice)
    gtk_list_box_bind_model (self->list, NULL, NULL, NULL, NULL);
  g_clear_object (&self->slice);
  g_clear_object (&self->attention);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (cobro_attention_page_parent_class)->dispose (object);
}

static void
cobro_attention_page_finalize (GObject *object)
{
  g_free (COBRO_ATTENTION_PAGE (object)->wanted);
  G_OBJECT_CLASS (cobro_attention_page_parent_class)->finalize (object);
}

static void
cobro_attention_page_class_init (CobroAttentionPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_SYNC_BUTTON);
  G_OBJECT_CLASS (klass)->dispose = cobro_attention_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = cobro_attention_page_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-attention-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroAttentionPage, sidebar_button);
  gtk_widget_class_bind_template_child (widget_class, CobroAttentionPage, title);
  gtk_widget_class_bind_template_child (widget_class, CobroAttentionPage, sync_button);
  gtk_widget_class_bind_template_child (widget_class, CobroAttentionPage, stack);
  gtk_widget_class_bind_template_child (widget_class, CobroAttentionPage, list);
  gtk_widget_class_bind_template_child (widget_class, CobroAttentionPage, more_button);
  gtk_widget_class_bind_template_callback (widget_class, on_more_cb);
}

static void
cobro_attention_page_init (CobroAttentionPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  cobro_hidden_follow_stack (self->stack);
  g_signal_connect (self, "map", G_CALLBACK (show_wanted), NULL);
}

void
cobro_attention_page_set_models (CobroAttentionPage *self, CobroAttention *attention, CobroConnection *connection)
{
  g_return_if_fail (COBRO_IS_ATTENTION_PAGE (self));

  self->attention = g_object_ref (attention);
  self->connection = g_object_ref (connection);
  cobro_sync_button_set_connection (self->sync_button, connection);
  self->slice = gtk_slice_list_model_new (g_object_ref (G_LIST_MODEL (attention)), 0, SHOWN);
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->slice), create_row, self, NULL);
  g_signal_connect_object (self->slice, "items-changed", G_CALLBACK (on_items_changed_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (attention, "answered", G_CALLBACK (on_answered_cb), self, G_CONNECT_SWAPPED);
  update (self);
}
