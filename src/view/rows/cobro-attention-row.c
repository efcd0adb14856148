/* src/view/rows/cobro-attention-row.c — one thing that needs attention.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-attention-row.h"

#include <glib/gi18n.h>
#include "cobro-attention-text.h"
#include "cobro-wrap-layout.h"

#define WAY_KEY "cobro-way"

struct _CobroAttentionRow
{
  GtkListBoxRow parent_instance;
  CobroAttentionItem *item;
  GtkImage *image;
  GtkLabel *title_label;
  GtkLabel *subtitle_label;
  GtkLabel *words_label;
  GtkLabel *due_label;
  GtkLabel *problem_label;
  GtkButton *open_button;
  GtkBox *buttons;
};

G_DEFINE_FINAL_TYPE (CobroAttentionRow, cobro_attention_row, GTK_TYPE_LIST_BOX_ROW)

enum
{
  CHOSEN,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* In the order in which they stand: what most people want comes first. */
static const CobroMatterWay order[] = {
  COBRO_WAY_REFUND, COBRO_WAY_RETURN, COBRO_WAY_AGAIN,   COBRO_WAY_SEND,     COBRO_WAY_REMIND,  COBRO_WAY_COPY,
  COBRO_WAY_ENABLE, COBRO_WAY_REPLAY, COBRO_WAY_MINE,    COBRO_WAY_THEIRS,   COBRO_WAY_CREDIT,  COBRO_WAY_KEEP,
  COBRO_WAY_ACCEPT, COBRO_WAY_CLOSE,  COBRO_WAY_RELEASE, COBRO_WAY_ANSWERED, COBRO_WAY_DISMISS,
};

static void
cobro_attention_row_dispose (GObject *object)
{
  g_clear_object (&COBRO_ATTENTION_ROW (object)->item);
  G_OBJECT_CLASS (cobro_attention_row_parent_class)->dispose (object);
}

static void
cobro_attention_row_class_init (CobroAttentionRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cobro_attention_row_dispose;
  g_type_ensure (COBRO_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-attention-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroAttentionRow, image);
  gtk_widget_class_bind_template_child (widget_class, CobroAttentionRow, title_label);
  gtk_widget_class_bind_template_child (widget_class, CobroAttentionRow, subtitle_label);
  gtk_widget_class_bind_template_child (widget_class, CobroAttentionRow, words_label);
  gtk_widget_class_bind_template_child (widget_class, CobroAttentionRow, due_label);
  gtk_widget_class_bind_template_child (widget_class, CobroAttentionRow, problem_label);
  gtk_widget_class_bind_template_child (widget_class, CobroAttentionRow, open_button);
  gtk_widget_class_bind_template_child (widget_class, CobroAttentionRow, buttons);
  signals[CHOSEN] = g_signal_new ("chosen", COBRO_TYPE_ATTENTION_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
cobro_attention_row_init (CobroAttentionRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

CobroAttentionItem *
cobro_attention_row_get_item (CobroAttentionRow *self)
{
  g_return_val_if_fail (COBRO_IS_ATTENTION_ROW (self), NULL);

  return self->item;
}

static void
on_button_clicked_cb (CobroAttentionRow *self, GtkButton *button)
{
  g_signal_emit (self, signals[CHOSEN], 0, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), WAY_KEY)));
}

/* Of several rows' buttons of one name: which row's. */
static void
describe (CobroAttentionRow *self, GtkWidget *button)
{
  g_autofree char *about =
    g_strdup_printf ("%s, %s", gtk_label_get_text (self->title_label), gtk_label_get_text (self->subtitle_label));

  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, about, -1);
}

static void
add_buttons (CobroAttentionRow *self, const CobroMatter *matter)
{
  guint ways = cobro_matter_ways (matter);

  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    if (ways & COBRO_WAY_BIT (order[i]))
      {
        g_autofree char *label = cobro_attention_way_label (matter, order[i]);
        GtkWidget *button = gtk_button_new_with_label (label);

        describe (self, button);
        g_object_set_data (G_OBJECT (button), WAY_KEY, GUINT_TO_POINTER (order[i]));
        g_signal_connect_object (button, "clicked", G_CALLBACK (on_button_clicked_cb), self, G_CONNECT_SWAPPED);
        gtk_box_append (self->buttons, button);
      }
}

static void
set_line (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text);
  gtk_widget_set_visible (GTK_WIDGET (label), *text != '\0');
}

/* What it is about, where one can look at it. */
static void
show_open (CobroAttentionRow *self, const CobroMatter *matter)
{
  const struct
  {
    const CobroId *id;
    const char *action;
  } places[] = {
    { &matter->invoice_id, "invoice.show" },
    { &matter->link_id, "link.show" },
    { &matter->payment_id, "payment.show" },
  };
  const char *prefixes[][2] = { { "cus_", "customer.show" }, { "prd_", "product.edit" } };

  gtk_widget_set_visible (GTK_WIDGET (self->open_button), FALSE);
  describe (self, GTK_WIDGET (self->open_button));
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    if (cobro_id_is_set (places[i].id))
      {
        gtk_widget_set_visible (GTK_WIDGET (self->open_button), TRUE);
        gtk_actionable_set_action_name (GTK_ACTIONABLE (self->open_button), places[i].action);
        gtk_actionable_set_action_target (GTK_ACTIONABLE (self->open_button), "s", places[i].id->text);
        return;
      }
  for (gsize i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (matter->subject, prefixes[i][0]))
      {
        gtk_widget_set_visible (GTK_WIDGET (self->open_button), TRUE);
        gtk_actionable_set_action_name (GTK_ACTIONABLE (self->open_button), prefixes[i][1]);
        gtk_actionable_set_action_target (GTK_ACTIONABLE (self->open_button), "s", matter->subject);
      }
}

GtkWidget *
cobro_attention_row_new (CobroAttentionItem *item, CobroTime now)
{
  CobroAttentionRow *self = g_object_new (COBRO_TYPE_ATTENTION_ROW, NULL);
  const CobroMatter *matter = cobro_attention_item_get_matter (item);
  g_autofree char *title = cobro_attention_title (matter);
  g_autofree char *subtitle = cobro_attention_subtitle (matter);
  g_autofree char *words = cobro_attention_words (matter);
  g_autofree char *due = cobro_attention_due (matter, now);
  g_autofree char *problem = NULL;
  g_autofree char *name = NULL;

  self->item = g_object_ref (item);
  if (*matter->problem)
    /* Translators: %s: the relay’s words. */
    problem = g_strdup_printf (_ ("What you chose was not done: %s."), matter->problem);
  gtk_image_set_from_icon_name (self->image, cobro_attention_icon (matter));
  gtk_label_set_text (self->title_label, title);
  set_line (self->subtitle_label, subtitle);
  gtk_label_set_text (self->words_label, words);
  set_line (self->due_label, due);
  set_line (self->problem_label, problem ? problem : "");
  if (matter->due != 0 && matter->due <= now)
    gtk_widget_add_css_class (GTK_WIDGET (self->due_label), "error");
  show_open (self, matter);
  add_buttons (self, matter);
  name = g_strjoin (". ", title, subtitle, words, due, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return GTK_WIDGET (self);
}
