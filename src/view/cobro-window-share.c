/* src/view/cobro-window-share.c — a link or an invoice goes to somebody: copied, mailed, sent, saved, printed.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-window-private.h"

#include <glib/gi18n.h>
#include "cobro-dialogs.h"
#include "cobro-error.h"
#include "cobro-mail-out.h"
#include "cobro-print.h"
#include "cobro-qr.h"
#include "cobro-share.h"
#include "cobro-view-text.h"

/* Modules of a saved picture are this many pixels wide: sharp on paper at a hand's width. */
#define PNG_PIXELS 16

static void
say_error (CobroWindow *self, const GError *error)
{
  g_autofree char *sentence = cobro_view_error (error);

  cobro_window_toast (self, sentence);
}

/* ── Saving ── */

typedef struct
{
  CobroWindow *window;
  GBytes *bytes;
  char *mime_type;
  char *done;
  char *failed;
} Saving;

static void
saving_free (gpointer data)
{
  Saving *saving = data;

  g_object_unref (saving->window);
  g_bytes_unref (saving->bytes);
  g_free (saving->mime_type);
  g_free (saving->done);
  g_free (saving->failed);
  g_free (saving);
}

static void
on_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Saving *saving = user_data;
  g_autoptr (GError) error = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    {
      cobro_dialogs_note_file (G_FILE (source), saving->mime_type);
      cobro_window_toast (saving->window, saving->done);
    }
  else
    {
      g_autofree char *sentence = cobro_view_error (error);

      cobro_dialogs_tell (GTK_WINDOW (saving->window), saving->failed, sentence);
    }
  saving_free (saving);
}

static void
on_file_chosen (GFile *file, gpointer data)
{
  const Saving *chosen = data;
  Saving *saving = g_new0 (Saving, 1);

  /* What asked is freed when the dialog closes; writing takes longer. */
  *saving = (Saving){ .window = g_object_ref (chosen->window),
                      .bytes = g_bytes_ref (chosen->bytes),
                      .mime_type = g_strdup (chosen->mime_type),
                      .done = g_strdup (chosen->done),
                      .failed = g_strdup (chosen->failed) };
  g_file_replace_contents_bytes_async (file, saving->bytes, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION, NULL,
                                       on_written_cb, saving);
}

void
cobro_window_save (CobroWindow *self, const CobroSaving *what)
{
  Saving *saving = g_new0 (Saving, 1);

  *saving = (Saving){ .window = g_object_ref (self),
                      .bytes = g_bytes_ref (what->bytes),
                      .mime_type = g_strdup (what->mime_type),
                      .done = g_strdup (what->done),
                      .failed = g_strdup (what->failed) };
  cobro_dialogs_save (GTK_WINDOW (self), what->title, what->name, what->mime_type, on_file_chosen, saving, saving_free);
}

static void
save_code (CobroWindow *self, const CobroShare *share, gboolean as_svg)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroQr) qr = cobro_qr_new (share->url, &error);
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *name = cobro_share_file_name (share, as_svg ? ".svg" : ".png");

  if (qr && as_svg)
    {
      char *svg = cobro_qr_to_svg (qr);

      bytes = g_bytes_new_take (svg, strlen (svg));
    }
  else if (qr)
    bytes = cobro_qr_to_png (qr, PNG_PIXELS, &error);
  if (!bytes)
    return say_error (self, error);

  cobro_window_save (self, &(CobroSaving){ .title = _ ("Save QR Code"),
                                           .name = name,
                                           .mime_type = as_svg ? "image/svg+xml" : "image/png",
                                           .bytes = bytes,
                                           .done = _ ("QR code saved"),
                                           .failed = _ ("The QR Code Was Not Saved") });
}

/* ── Mail ── */

typedef struct
{
  CobroWindow *window;
  char *plain_uri;  /* the same mail for a program that is only reached by its address */
  char *invoice_id; /* (nullable) whose PDF is attached */
} Mailing;

static void
mailing_free (Mailing *mailing)
{
  g_object_unref (mailing->window);
  g_free (mailing->plain_uri);
  g_free (mailing->invoice_id);
  g_free (mailing);
}

/* A "mailto:" carries no file: that is said, and how to get it. */
static void
mail_without_portal (const Mailing *mailing)
{
  AdwToast *toast;

  cobro_dialogs_open_uri (GTK_WINDOW (mailing->window), mailing->plain_uri);
  if (!mailing->invoice_id)
    return;

  toast = adw_toast_new (_ ("The PDF is not attached: save it, and attach it yourself"));
  adw_toast_set_button_label (toast, _ ("_Save PDF"));
  adw_toast_set_action_name (toast, "invoice.save-pdf");
  adw_toast_set_action_target (toast, "s", mailing->invoice_id);
  adw_toast_set_timeout (toast, 0);
  cobro_window_add_toast (mailing->window, toast);
}

static void
on_mailed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Mailing *mailing = user_data;
  g_autoptr (GError) error = NULL;

  if (cobro_mail_out_finish (result, &error))
    cobro_window_toast (mailing->window, _ ("The mail is in your mail program: send it there"));
  else if (mailing->window->links && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    mail_without_portal (mailing);
  mailing_free (mailing);
}

static void
mail_link (CobroWindow *self, const CobroShare *share)
{
  CobroMailOut mail = { .to = share->to, .subject = share->subject, .body = share->body };
  Mailing *mailing = g_new0 (Mailing, 1);

  *mailing = (Mailing){ .window = g_object_ref (self), .plain_uri = cobro_share_uri (share, COBRO_SHARE_EMAIL) };
  cobro_mail_out_async (&mail, NULL, on_mailed_cb, mailing);
}

static void
mail_invoice (CobroWindow *self, const CobroShare *share, CobroInvoiceItem *item)
{
  const CobroMerchant *merchant = cobro_business_get_merchant (self->business);
  g_autoptr (CobroShare) plain = cobro_share_new_invoice (item, merchant, FALSE);
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GBytes) pdf = cobro_window_invoice_pdf (self, item, &name, &error);
  CobroMailOut mail = {
    .to = share->to, .subject = share->subject, .body = share->body, .file = pdf, .file_name = name
  };
  Mailing *mailing;

  if (!pdf)
    return say_error (self, error);

  mailing = g_new0 (Mailing, 1);
  *mailing = (Mailing){ .window = g_object_ref (self),
                        .plain_uri = cobro_share_uri (plain, COBRO_SHARE_EMAIL),
                        .invoice_id = g_strdup (share->id) };
  cobro_mail_out_async (&mail, NULL, on_mailed_cb, mailing);
}

/* ── Paper ── */

static void
print_poster (CobroWindow *self, const CobroShare *share)
{
  const CobroMerchant *merchant = cobro_business_get_merchant (self->business);
  g_autoptr (GBytes) logo = cobro_invoices_dup_logo (self->invoices);
  CobroPaperSetup setup = { .locale = cobro_locale_get_tag (cobro_view_locale ()),
                            .url = share->url,
                            .accent = *merchant->accent ? merchant->accent : NULL,
                            .logo = logo,
                            .letter = merchant->letter,
                            .seller = merchant->name };

  cobro_print (GTK_WINDOW (self), cobro_paper_new_poster (share->name, share->amount, &setup), share->name);
}

/* ── The ways ── */

/* @invoice: (nullable): of an invoice. */
static void
go (CobroWindow *self, const CobroShare *share, CobroShareWay way, CobroInvoiceItem *invoice)
{
  g_autofree char *uri = cobro_share_uri (share, way);
  CobroId link_id = COBRO_ID_NONE;

  if (invoice)
    link_id = cobro_invoice_link_id (&cobro_invoice_item_get_invoice (invoice)->id);

  switch (way)
    {
    case COBRO_SHARE_COPY:
      gtk_widget_activate_action (GTK_WIDGET (self), "link.copy", "s", invoice ? link_id.text : share->id);
      break;
    case COBRO_SHARE_EMAIL:
      if (invoice)
        mail_invoice (self, share, invoice);
      else
        mail_link (self, share);
      break;
    case COBRO_SHARE_WHATSAPP:
    case COBRO_SHARE_TELEGRAM:
    case COBRO_SHARE_SMS:
      cobro_dialogs_open_uri (GTK_WINDOW (self), uri);
      break;
    case COBRO_SHARE_SAVE_SVG:
    case COBRO_SHARE_SAVE_PNG:
      save_code (self, share, way == COBRO_SHARE_SAVE_SVG);
      break;
    case COBRO_SHARE_PRINT:
      if (invoice)
        cobro_print (GTK_WINDOW (self), cobro_window_invoice_paper (self, invoice), share->name);
      else
        print_poster (self, share);
      break;
    }
}

typedef struct
{
  CobroWindow *window;
  CobroShareWay way;
} Going;

static void
on_link_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Going *going = user_data;
  g_autoptr (CobroWindow) self = going->window;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroLinkItem) item = cobro_links_load_finish (COBRO_LINKS (source), result, &error);
  g_autoptr (CobroShare) share = NULL;

  if (!self->links) /* closed meanwhile */
    return;
  if (!item)
    return say_error (self, error);

  share = cobro_share_new_link (item, cobro_business_get_merchant (self->business));
  go (self, share, going->way, NULL);
}

static void
on_invoice_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Going *going = user_data;
  g_autoptr (CobroWindow) self = going->window;
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroInvoiceItem) item = cobro_invoices_finish (COBRO_INVOICES (source), result, &error);
  g_autoptr (CobroShare) share = NULL;

  if (!self->invoices)
    return;
  if (!item)
    return say_error (self, error);

  share = cobro_share_new_invoice (item, cobro_business_get_merchant (self->business), TRUE);
  go (self, share, going->way, item);
}

static void
on_share_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  CobroWindow *self = COBRO_WINDOW (widget);
  const char *id, *name;
  CobroShareWay way;
  CobroId invoice;
  Going *going;

  g_variant_get (parameter, "(&s&s)", &id, &name);
  if (!cobro_share_way_from_name (name, &way))
    return;

  going = g_new0 (Going, 1);
  *going = (Going){ .window = g_object_ref (self), .way = way };
  if (cobro_id_parse (COBRO_ID_INVOICE, id, &invoice, NULL))
    cobro_invoices_load_async (self->invoices, id, NULL, on_invoice_loaded_cb, going);
  else
    cobro_links_load_async (self->links, id, NULL, on_link_loaded_cb, going);
}

void
cobro_window_install_share_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "share.to", "(ss)", on_share_action);
}
