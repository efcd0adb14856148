/* src/view/cobro-page-view.c — the payment page of a link in small, also before it is online.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-page-view.h"

#include <glib/gi18n.h>
#include "cobro-dialogs.h"
#include "cobro-money-text.h"
#include "cobro-view-text.h"

struct _CobroPageView
{
  AdwPreferencesGroup parent_instance;
  GtkWidget *open_button;
  GtkLabel *seller_label;
  GtkLabel *amount_label;
  GtkLabel *title_label;
  GtkLabel *description_label;
  GtkLabel *asked_label;
  GtkLabel *pay_label;
  GtkLabel *note_label;
  char *url;
};

G_DEFINE_FINAL_TYPE (CobroPageView, cobro_page_view, ADW_TYPE_PREFERENCES_GROUP)

static void
set_line (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text);
  gtk_widget_set_visible (GTK_WIDGET (label), *text != '\0');
}

/* "Asks for: name, e-mail, Table number", or "". */
static char *
asked_text (const CobroLink *link)
{
  const struct
  {
    guint bit;
    const char *word;
  } known[] = {
    { COBRO_COLLECT_NAME, C_ ("asked of a customer", "name") },
    { COBRO_COLLECT_EMAIL, C_ ("asked of a customer", "e-mail") },
    { COBRO_COLLECT_PHONE, C_ ("asked of a customer", "phone") },
    { COBRO_COLLECT_ADDRESS, C_ ("asked of a customer", "address") },
  };
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autofree char *list = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (link->collect & known[i].bit)
      g_ptr_array_add (words, (gpointer)known[i].word);
  for (guint i = 0; i < link->fields->len; i++)
    g_ptr_array_add (words, ((CobroLinkField *)link->fields->pdata[i])->label);
  if (words->len == 0)
    return g_strdup ("");
  g_ptr_array_add (words, NULL);
  list = g_strjoinv (", ", (char **)words->pdata);
  /* Translators: %s is a list such as "name, e-mail". */
  return g_strdup_printf (_ ("Asks for: %s"), list);
}

/* What the button says: the total where it is known. */
static char *
pay_text (const CobroLink *link)
{
  CobroMoney total = COBRO_MONEY_NONE;
  g_autofree char *amount = NULL;

  if (link->pricing == COBRO_PRICING_OPEN || link->partial != COBRO_PARTIAL_OFF ||
      !cobro_link_total (link, &total, NULL))
    return g_strdup (C_ ("button of the payment page", "Pay"));
  amount = cobro_money_text (total, cobro_view_locale ());
  /* Translators: %s is an amount: "Pay €12.00". */
  return g_strdup_printf (C_ ("button of the payment page", "Pay %s"), amount);
}

static gboolean
can_be_paid (CobroLinkItem *item)
{
  CobroLinkView view = cobro_link_item_get_view (item);

  return view.status == COBRO_LINK_OPEN || view.status == COBRO_LINK_DRAFT || view.status == COBRO_LINK_SCHEDULED;
}

/* The button, or the word that stands in its place. */
static void
show_end (CobroPageView *self, CobroLinkItem *item)
{
  const CobroLink *link = cobro_link_item_get_link (item);
  gboolean open = can_be_paid (item);
  g_autofree char *pay = open ? pay_text (link) : g_strdup (cobro_view_status (item).word);

  gtk_label_set_text (self->pay_label, pay);
  if (open)
    gtk_widget_add_css_class (GTK_WIDGET (self->pay_label), "page-pay");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->pay_label), "page-pay");
  set_line (self->note_label, open ? _ ("The ways to pay are those that your relay offers.") : link->closed_message);
}

void
cobro_page_view_show (CobroPageView *self, CobroLinkItem *item, const CobroMerchant *merchant)
{
  const CobroLink *link = cobro_link_item_get_link (item);
  g_autofree char *amount = cobro_view_amount (link);
  g_autofree char *asked = asked_text (link);

  g_return_if_fail (COBRO_IS_PAGE_VIEW (self));

  g_free (self->url);
  self->url = g_strdup (cobro_link_item_get_url (item));
  gtk_widget_set_visible (self->open_button, *self->url != '\0' && cobro_link_item_get_ever_live (item));
  set_line (self->seller_label, merchant->name);
  gtk_label_set_text (self->amount_label, amount);
  gtk_label_set_text (self->title_label, link->title);
  set_line (self->description_label, link->description);
  set_line (self->asked_label, asked);
  show_end (self, item);
}

static void
on_open_clicked_cb (CobroPageView *self)
{
  cobro_dialogs_open_uri (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->url);
}

static void
cobro_page_view_finalize (GObject *object)
{
  g_free (COBRO_PAGE_VIEW (object)->url);
  G_OBJECT_CLASS (cobro_page_view_parent_class)->finalize (object);
}

static void
cobro_page_view_class_init (CobroPageViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = cobro_page_view_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-page-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroPageView, open_button);
  gtk_widget_class_bind_template_child (widget_class, CobroPageView, seller_label);
  gtk_widget_class_bind_template_child (widget_class, CobroPageView, amount_label);
  gtk_widget_class_bind_template_child (widget_class, CobroPageView, title_label);
  gtk_widget_class_bind_template_child (widget_class, CobroPageView, description_label);
  gtk_widget_class_bind_template_child (widget_class, CobroPageView, asked_label);
  gtk_widget_class_bind_template_child (widget_class, CobroPageView, pay_label);
  gtk_widget_class_bind_template_child (widget_class, CobroPageView, note_label);
  gtk_widget_class_bind_template_callback (widget_class, on_open_clicked_cb);
}

static void
cobro_page_view_init (CobroPageView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
