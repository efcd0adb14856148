/* src/app/cobro-application-desktop.c — the application as a part of the desktop: notifications and what they open, the
 * system's search, and staying while no window is open. Layer: app. Main thread. */
#include "config.h"

#include "cobro-application-private.h"

#include <glib/gi18n.h>
#include "cobro-attention-text.h"
#include "cobro-money-text.h"
#include "cobro-view-text.h"

#define SEARCH_PATH "/SearchProvider"

/* ── Money arrived ── */

typedef struct
{
  CobroApplication *application;
  CobroPayment *payment;
  char *business;
} Paid;

static void
paid_free (Paid *paid)
{
  g_object_unref (paid->application);
  cobro_payment_unref (paid->payment);
  g_free (paid->business);
  g_free (paid);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Paid, paid_free)

static void
tell (const Paid *paid, const char *action, const char *label, const char *id, const char *shown, const char *heading,
      const char *body)
{
  CobroApplication *self = paid->application;
  g_autofree char *target = cobro_application_dup_target (self, paid->business, shown);
  g_autofree char *whose = cobro_application_dup_whose (self, paid->business, body);

  if (self->notifier)
    cobro_notifier_add (
      self->notifier,
      &(CobroArrival){
        .id = id, .action = action, .target = target, .label = label, .heading = heading, .body = whose });
}

static void
on_paid_link_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Paid) paid = user_data;
  const CobroPayment *payment = paid->payment;
  g_autoptr (CobroLinkItem) item = cobro_links_load_finish (COBRO_LINKS (source), result, NULL);
  const CobroLink *link = item ? cobro_link_item_get_link (item) : NULL;
  gboolean of_invoice = link && cobro_id_is_set (&link->invoice_id);
  gboolean captured = cobro_money_is_set (payment->received);
  g_autofree char *amount = cobro_money_text (captured ? payment->received : payment->amount, cobro_view_locale ());
  /* Translators: %s is an amount of money. */
  g_autofree char *heading = g_strdup_printf (_ ("%s Received"), amount);
  /* Translators: %s is the title of a link; TEST marks pretended money. */
  g_autofree char *body =
    g_strdup_printf (payment->livemode ? _ ("Paid: %s") : _ ("Paid (TEST): %s"), link ? link->title : "");

  if (of_invoice)
    tell (paid, "app.show-invoice", _ ("Show Invoice"), link->invoice_id.text, link->invoice_id.text, heading, body);
  else if (link)
    tell (paid, "app.show-link", _ ("Show Link"), link->id.text, link->id.text, heading, body);
  else /* taken by a program, without a link */
    tell (paid, "app.show-place", _ ("Show Payments"), payment->id.text, "payments", heading, heading);
}

static void
tell_paid (CobroApplication *self, const char *business, CobroLinks *links, CobroPayment *payment)
{
  Paid *paid = g_new0 (Paid, 1);

  *paid = (Paid){ .application = g_object_ref (self),
                  .payment = cobro_payment_ref (payment),
                  .business = g_strdup (business) };
  cobro_links_load_async (links, payment->link_id.text, NULL, on_paid_link_loaded_cb, paid);
}

/* ── Something needs attention ── */

static void
tell_matter (CobroApplication *self, const char *business, CobroLinks *links, const CobroMatter *matter)
{
  g_autofree char *key = cobro_matter_dup_key (matter);
  g_autofree char *target = cobro_application_dup_target (self, business, key);
  g_autofree char *heading = cobro_attention_title (matter);
  g_autofree char *about = cobro_attention_subtitle (matter);
  g_autofree char *due = cobro_attention_due (matter, cobro_links_get_now (links));
  g_autofree char *body = g_strdup_printf ("%s%s%s", about, *due ? "\n" : "", due);
  g_autofree char *whose = cobro_application_dup_whose (self, business, body);

  cobro_notifier_add (self->notifier, &(CobroArrival){ .kind = COBRO_ARRIVAL_MATTER,
                                                       .id = "attention",
                                                       .action = "app.show-matter",
                                                       .target = target,
                                                       .label = _ ("Needs Attention"),
                                                       .heading = heading,
                                                       .body = whose });
}

static void
tell_matters (CobroApplication *self, const char *business, CobroLinks *links, GPtrArray *matters)
{
  for (guint i = 0; self->notifier && i < matters->len; i++)
    tell_matter (self, business, links, matters->pdata[i]);
}

/* ── In the books that are open, and in the others ── */

static void
on_paid_cb (CobroApplication *self, CobroPayment *payment)
{
  tell_paid (self, cobro_bookshelf_get_current (self->bookshelf), self->context->links, payment);
}

static void
on_news_cb (CobroApplication *self, GPtrArray *matters)
{
  if (!cobro_connection_is_sample (self->context->connection))
    tell_matters (self, cobro_bookshelf_get_current (self->bookshelf), self->context->links, matters);
}

void
cobro_application_tell_of_books (CobroApplication *self)
{
  g_signal_connect_object (self->context->links, "paid", G_CALLBACK (on_paid_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->context->attention, "news", G_CALLBACK (on_news_cb), self, G_CONNECT_SWAPPED);
}

static void
on_paid_elsewhere_cb (CobroApplication *self, const char *business, CobroLinks *links, CobroPayment *payment)
{
  cobro_bookshelf_add_arrival (self->bookshelf, business);
  tell_paid (self, business, links, payment);
}

static void
on_opened_cb (CobroApplication *self, const char *what)
{
  if (self->notifier)
    cobro_notifier_seen (self->notifier, what);
}

void
cobro_application_follow_window (CobroApplication *self)
{
  g_signal_connect_object (self->window, "opened", G_CALLBACK (on_opened_cb), self, G_CONNECT_SWAPPED);
}

/* ── Opened from outside: these reach the program also when it was closed ── */

static void
on_show_link_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  cobro_application_show_target (data, g_variant_get_string (parameter, NULL), cobro_window_show_link);
}

static void
on_show_invoice_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  cobro_application_show_target (data, g_variant_get_string (parameter, NULL), cobro_window_show_invoice);
}

static void
on_show_matter_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  cobro_application_show_target (data, g_variant_get_string (parameter, NULL), cobro_window_show_matter);
}

static void
on_show_customer_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CobroWindow *window = cobro_application_show (data);

  if (window)
    gtk_widget_activate_action_variant (GTK_WIDGET (window), "customer.show", parameter);
}

static void
on_show_place_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  cobro_application_show_target (data, g_variant_get_string (parameter, NULL), cobro_window_open_place);
}

static void
on_search_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  CobroWindow *window = cobro_application_show (data);

  if (window)
    cobro_window_search (window, g_variant_get_string (parameter, NULL));
}

static const GActionEntry actions[] = {
  { "show-link", on_show_link_cb, "s", NULL, NULL, { 0 } },
  { "show-invoice", on_show_invoice_cb, "s", NULL, NULL, { 0 } },
  { "show-matter", on_show_matter_cb, "s", NULL, NULL, { 0 } },
  { "show-customer", on_show_customer_cb, "s", NULL, NULL, { 0 } },
  { "show-place", on_show_place_cb, "s", NULL, NULL, { 0 } },
  { "search", on_search_cb, "s", NULL, NULL, { 0 } },
};

/* ── Staying ── */

static gboolean
connect_in_background (gpointer data)
{
  cobro_application_connect (data);
  return G_SOURCE_REMOVE;
}

/* Holds the program for as long as the person wants to hear of payments without a window. */
static void
on_background_changed_cb (CobroApplication *self)
{
  gboolean wanted = cobro_background_get_enabled (self->background);

  if (wanted == self->staying)
    return;

  self->staying = wanted;
  if (!wanted)
    return g_application_release (G_APPLICATION (self));
  g_application_hold (G_APPLICATION (self));
  g_idle_add_full (G_PRIORITY_LOW, connect_in_background, g_object_ref (self), g_object_unref);
}

/* ── Life ── */

void
cobro_application_begin_desktop (CobroApplication *self)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  self->notifier = cobro_notifier_new (G_APPLICATION (self));
  self->background = cobro_background_new (self->settings, program ? program : "cobro");
  g_signal_connect_object (self->background, "changed", G_CALLBACK (on_background_changed_cb), self, G_CONNECT_SWAPPED);
  on_background_changed_cb (self);
  g_signal_connect_object (self->rounds, "paid", G_CALLBACK (on_paid_elsewhere_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->rounds, "news", G_CALLBACK (tell_matters), self, G_CONNECT_SWAPPED);
}

void
cobro_application_end_desktop (CobroApplication *self)
{
  g_clear_object (&self->background);
  g_clear_object (&self->notifier);
}

gboolean
cobro_application_dbus_register (GApplication *application, GDBusConnection *bus, const char *path, GError **error)
{
  CobroApplication *self = COBRO_APPLICATION (application);
  g_autofree char *search_path = g_strconcat (path, SEARCH_PATH, NULL);

  if (!G_APPLICATION_CLASS (g_type_class_peek_parent (G_OBJECT_GET_CLASS (application)))
         ->dbus_register (application, bus, path, error))
    return FALSE;
  self->search_provider = cobro_search_provider_new (self);
  return cobro_search_provider_export (self->search_provider, bus, search_path, error);
}

void
cobro_application_dbus_unregister (GApplication *application, GDBusConnection *bus, const char *path)
{
  CobroApplication *self = COBRO_APPLICATION (application);

  if (self->search_provider)
    cobro_search_provider_unexport (self->search_provider, bus);
  g_clear_object (&self->search_provider);
  G_APPLICATION_CLASS (g_type_class_peek_parent (G_OBJECT_GET_CLASS (application)))
    ->dbus_unregister (application, bus, path);
}
