/* src/view/cobro-window-link.c — what people do with one link: copy, show, change, decide.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-window-private.h"

#include <glib/gi18n.h>
#include "cobro-counter-window.h"
#include "cobro-dialogs.h"
#include "cobro-view-text.h"

/* ── An action names a link; the link is read, then something is done with it ── */

typedef void (*WithItem) (CobroWindow *self, CobroLinkItem *item, const char *detail);

typedef struct
{
  CobroWindow *window;
  WithItem func;
  char *detail;
} Doing;

static void
on_item_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Doing *doing = user_data;
  g_autoptr (CobroWindow) window = doing->window;
  g_autofree char *detail = doing->detail;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroLinkItem) item = cobro_links_load_finish (COBRO_LINKS (source), result, &error);

  if (!window->links) /* closed meanwhile */
    return;
  if (item)
    doing->func (window, item, detail);
  else
    {
      g_autofree char *sentence = cobro_view_error (error);

      cobro_window_toast (window, sentence);
    }
}

static void
with_link (CobroWindow *self, const char *id, WithItem func, const char *detail)
{
  Doing *doing = g_new0 (Doing, 1);

  *doing = (Doing){ .window = g_object_ref (self), .func = func, .detail = g_strdup (detail) };
  cobro_links_load_async (self->links, id, NULL, on_item_loaded_cb, doing);
}

/* ── Copy ── */

static void
copy_item (CobroWindow *self, CobroLinkItem *item, const char *detail)
{
  const char *url = cobro_link_item_get_url (item);
  gboolean alone = cobro_connection_get_state (self->connection) == COBRO_CONNECTION_NONE;
  AdwToast *toast;

  if (!*url)
    return cobro_window_toast (self, _ ("This link has no address yet: connect a relay first"));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), url);
  toast = adw_toast_new (alone ? _ ("Link copied; it can be paid once a relay is connected") : _ ("Link copied"));
  adw_toast_set_button_label (toast, _ ("Show _QR"));
  adw_toast_set_action_name (toast, "link.counter");
  adw_toast_set_action_target (toast, "s", cobro_link_item_get_id (item));
  cobro_window_add_toast (self, toast);
}

/* ── The dialog ── */

static void
on_link_done_cb (CobroWindow *self, CobroLinkItem *item)
{
  if (item)
    copy_item (self, item, NULL);
}

void
cobro_window_open_link_dialog (CobroWindow *self, CobroLinkDialogMode mode, CobroLinkItem *item)
{
  CobroLinkDialog *dialog = cobro_link_dialog_new (GTK_WINDOW (self), self->links, self->business, mode, item);

  g_signal_connect_object (dialog, "done", G_CALLBACK (on_link_done_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
edit_item (CobroWindow *self, CobroLinkItem *item, const char *detail)
{
  cobro_window_open_link_dialog (self, COBRO_LINK_DIALOG_EDIT, item);
}

static void
duplicate_item (CobroWindow *self, CobroLinkItem *item, const char *detail)
{
  cobro_window_open_link_dialog (self, COBRO_LINK_DIALOG_DUPLICATE, item);
}

/* ── Show ── */

static void
show_item (CobroWindow *self, CobroLinkItem *item, const char *detail)
{
  cobro_window_show_item (self, item);
}

void
cobro_window_show_link (CobroWindow *self, const char *id)
{
  g_return_if_fail (COBRO_IS_WINDOW (self));

  with_link (self, id, show_item, NULL);
}

static void
open_counter (CobroWindow *self, CobroLinkItem *item)
{
  gboolean sound = self->settings && g_settings_get_boolean (self->settings, "counter-sound");
  GtkWindow *counter =
    GTK_WINDOW (cobro_counter_window_new (GTK_WINDOW (self), self->links, self->business, item, sound));

  gtk_window_fullscreen (counter);
  gtk_window_present (counter);
}

static void
counter_item (CobroWindow *self, CobroLinkItem *item, const char *detail)
{
  open_counter (self, item);
}

static void
on_sell_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  open_counter (COBRO_WINDOW (widget), NULL);
}

/* ── Decide ── */

static void
decide (CobroWindow *self, GVariant *id, CobroDecision decision, const char *done)
{
  const char *ids[] = { g_variant_get_string (id, NULL), NULL };

  cobro_links_decide (self->links, ids, decision, done);
}

typedef struct
{
  CobroWindow *window;
  char *id;
} Replacing;

static void
replacing_free (gpointer data)
{
  Replacing *replacing = data;

  g_object_unref (replacing->window);
  g_free (replacing->id);
  g_free (replacing);
}

static void
replace_token (gpointer data)
{
  Replacing *replacing = data;

  cobro_links_replace_token (replacing->window->links, replacing->id);
  cobro_window_toast (replacing->window, _ ("The link has a new address; send it again"));
}

static void
ask_to_replace (CobroWindow *self, const char *id)
{
  Replacing *replacing = g_new0 (Replacing, 1);

  *replacing = (Replacing){ .window = g_object_ref (self), .id = g_strdup (id) };
  cobro_dialogs_confirm (
    GTK_WINDOW (self), _ ("Give the Link a New Address?"),
    _ ("The old address stops working at once, and printed or sent QR codes with it. Payments that "
       "arrived stay. This cannot be taken back."),
    _ ("_New Address"), TRUE, replace_token, replacing, replacing_free);
}

/* ── Actions ── */

/* One function for all that name a link: what is done stands in this table. */
static const struct
{
  const char *action;
  WithItem func;
} item_actions[] = {
  { "link.show", show_item }, { "link.copy", copy_item },           { "link.counter", counter_item },
  { "link.edit", edit_item }, { "link.duplicate", duplicate_item },
};

static void
on_item_action (GtkWidget *widget, const char *action, GVariant *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (item_actions); i++)
    if (g_str_equal (item_actions[i].action, action))
      with_link (COBRO_WINDOW (widget), g_variant_get_string (id, NULL), item_actions[i].func, NULL);
}

/* An invoice is edited and duplicated as such; it is copied and shown as the link that it is paid by. */
static void
do_shown_invoice (CobroWindow *self, CobroInvoiceItem *item, const char *verb)
{
  gboolean as_link = g_str_equal (verb, "copy") || g_str_equal (verb, "counter");
  CobroId link_id = cobro_invoice_link_id (&cobro_invoice_item_get_invoice (item)->id);
  g_autofree char *named = g_strconcat (as_link ? "link." : "invoice.", verb, NULL);

  if (!as_link || *cobro_invoice_item_get_url (item))
    gtk_widget_activate_action (GTK_WIDGET (self), named, "s",
                                as_link ? link_id.text : cobro_invoice_item_get_id (item));
}

/* "win.copy" is "link.copy" of the link that is shown, and so on. */
static void
on_shown_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CobroWindow *self = COBRO_WINDOW (widget);
  const char *verb = action + strlen ("win.");
  CobroDetailPage *link_page = cobro_window_peek_page (self, "link");
  CobroInvoicePage *invoice_page = cobro_window_peek_page (self, "invoice");
  CobroLinkItem *item = link_page ? cobro_detail_page_get_item (link_page) : NULL;
  CobroInvoiceItem *invoice = invoice_page ? cobro_invoice_page_get_item (invoice_page) : NULL;
  g_autofree char *named = g_strconcat ("link.", verb, NULL);

  if (g_str_equal (cobro_window_shown_page (self), "invoice") && invoice)
    do_shown_invoice (self, invoice, verb);
  else if (item)
    gtk_widget_activate_action (widget, named, "s", cobro_link_item_get_id (item));
}

static void
on_pause_action (GtkWidget *widget, const char *action, GVariant *id)
{
  decide (COBRO_WINDOW (widget), id, COBRO_DECISION_PAUSED, _ ("Link paused"));
}

static void
on_resume_action (GtkWidget *widget, const char *action, GVariant *id)
{
  decide (COBRO_WINDOW (widget), id, COBRO_DECISION_ACTIVE, _ ("Link resumed"));
}

static void
on_cancel_action (GtkWidget *widget, const char *action, GVariant *id)
{
  decide (COBRO_WINDOW (widget), id, COBRO_DECISION_CANCELLED, _ ("Link cancelled"));
}

static void
on_replace_token_action (GtkWidget *widget, const char *action, GVariant *id)
{
  ask_to_replace (COBRO_WINDOW (widget), g_variant_get_string (id, NULL));
}

static void
on_seen_action (GtkWidget *widget, const char *action, GVariant *id)
{
  cobro_links_mark_seen (COBRO_WINDOW (widget)->links, g_variant_get_string (id, NULL));
}

void
cobro_window_install_link_actions (GtkWidgetClass *widget_class)
{
  const char *shown[] = { "win.copy", "win.counter", "win.duplicate", "win.edit" };

  for (gsize i = 0; i < G_N_ELEMENTS (item_actions); i++)
    gtk_widget_class_install_action (widget_class, item_actions[i].action, "s", on_item_action);
  for (gsize i = 0; i < G_N_ELEMENTS (shown); i++)
    gtk_widget_class_install_action (widget_class, shown[i], NULL, on_shown_action);
  gtk_widget_class_install_action (widget_class, "win.sell", NULL, on_sell_action);
  gtk_widget_class_install_action (widget_class, "link.pause", "s", on_pause_action);
  gtk_widget_class_install_action (widget_class, "link.resume", "s", on_resume_action);
  gtk_widget_class_install_action (widget_class, "link.cancel", "s", on_cancel_action);
  gtk_widget_class_install_action (widget_class, "link.replace-token", "s", on_replace_token_action);
  gtk_widget_class_install_action (widget_class, "link.seen", "s", on_seen_action);
}
