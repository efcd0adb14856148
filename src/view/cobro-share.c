/* src/view/cobro-share.c — ways to send a link or an invoice.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-share.h"

#include <glib/gi18n.h>
#include "cobro-invoice-text.h"
#include "cobro-mail-text.h"
#include "cobro-money-text.h"
#include "cobro-view-text.h"

#define FILE_NAME_MAX 40

/* ── What is said ── */

static char *
message (const CobroShare *share)
{
  /* Translators: title of a link or invoice, amount, address. */
  return g_strdup_printf (_ ("%1$s, %2$s: %3$s"), share->name, share->amount, share->url);
}

CobroShare *
cobro_share_new_link (CobroLinkItem *item, const CobroMerchant *merchant)
{
  const CobroLink *link = cobro_link_item_get_link (item);
  CobroShare *share = g_new0 (CobroShare, 1);

  share->id = g_strdup (cobro_link_item_get_id (item));
  share->name = g_strdup (link->title);
  share->amount = cobro_view_amount (link);
  share->url = g_strdup (cobro_link_item_get_url (item));
  share->message = message (share);
  share->to = g_strdup (link->customer_email);
  /* Translators: subject of an e-mail: title of the link, name of the business. */
  share->subject =
    *merchant->name ? g_strdup_printf (_ ("%1$s from %2$s"), link->title, merchant->name) : g_strdup (link->title);
  /* Translators: body of an e-mail: the message with the address, then the name of the business. */
  share->body =
    g_strdup_printf (_ ("Hello,\n\nyou can pay here:\n%1$s\n\nThank you\n%2$s"), share->message, merchant->name);
  return share;
}

static const char *
or_null (const char *text)
{
  return *text ? text : NULL;
}

CobroShare *
cobro_share_new_invoice (CobroInvoiceItem *item, const CobroMerchant *merchant, gboolean attached)
{
  const CobroInvoice *invoice = cobro_invoice_item_get_invoice (item);
  CobroInvoiceView view = cobro_invoice_item_get_view (item);
  gboolean credit = invoice->kind == COBRO_INVOICE_CREDIT_NOTE;
  gboolean asks = !credit && cobro_money_is_set (view.due) && cobro_money_is_positive (view.due);
  const char *url = cobro_invoice_item_get_url (item);
  CobroMailFacts facts = { .kind = credit ? COBRO_MAIL_CREDIT_NOTE : COBRO_MAIL_INVOICE,
                           .locale = cobro_invoice_text_locale (invoice, merchant),
                           .invoice = invoice,
                           .view = &view,
                           .title = "",
                           .seller = merchant->name,
                           .greeting = or_null (merchant->mail_greeting),
                           .support = or_null (merchant->support),
                           .url = or_null (url),
                           .attached = attached };
  g_autoptr (CobroMailText) text = cobro_mail_text_new (&facts);
  CobroShare *share = g_new0 (CobroShare, 1);

  share->id = g_strdup (cobro_invoice_item_get_id (item));
  share->name = cobro_invoice_text_title (invoice);
  share->amount = asks ? cobro_money_text (view.due, cobro_view_locale ()) : cobro_invoice_text_total (invoice);
  share->url = g_strdup (url);
  share->message = message (share);
  share->to = g_strdup (invoice->buyer.email);
  share->subject = g_strdup (text->subject);
  share->body = g_strdup (text->plain);
  return share;
}

void
cobro_share_free (CobroShare *share)
{
  g_free (share->id);
  g_free (share->name);
  g_free (share->amount);
  g_free (share->url);
  g_free (share->message);
  g_free (share->to);
  g_free (share->subject);
  g_free (share->body);
  g_free (share);
}

/* ── Where it goes ── */

static char *
escape (const char *text)
{
  return g_uri_escape_string (text, NULL, FALSE);
}

static char *
email_uri (const CobroShare *share)
{
  g_auto (GStrv) lines = g_strsplit (share->body, "\n", -1);
  g_autofree char *crlf = g_strjoinv ("\r\n", lines); /* RFC 6068, 5 */
  g_autofree char *to = g_uri_escape_string (share->to, "@", FALSE);
  g_autofree char *subject = escape (share->subject);
  g_autofree char *body = escape (crlf);

  return g_strdup_printf ("mailto:%s?subject=%s&body=%s", to, subject, body);
}

char *
cobro_share_uri (const CobroShare *share, CobroShareWay way)
{
  g_autofree char *text = escape (share->message);
  g_autofree char *url = escape (share->url);
  g_autofree char *title = escape (share->name);

  switch (way)
    {
    case COBRO_SHARE_EMAIL:
      return email_uri (share);
    case COBRO_SHARE_WHATSAPP:
      return g_strdup_printf ("https://wa.me/?text=%s", text);
    case COBRO_SHARE_TELEGRAM:
      return g_strdup_printf ("https://t.me/share/url?url=%s&text=%s", url, title);
    case COBRO_SHARE_SMS:
      return g_strdup_printf ("sms:?body=%s", text);
    case COBRO_SHARE_COPY:
    case COBRO_SHARE_SAVE_SVG:
    case COBRO_SHARE_SAVE_PNG:
    case COBRO_SHARE_PRINT:
      break;
    }
  return NULL;
}

char *
cobro_share_file_name (const CobroShare *share, const char *suffix)
{
  GString *name = g_string_new ("cobro-");

  for (const char *at = share->name; *at && name->len < FILE_NAME_MAX; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (g_unichar_isalnum (c))
        g_string_append_unichar (name, g_unichar_tolower (c));
      else if (name->str[name->len - 1] != '-')
        g_string_append_c (name, '-');
    }
  if (name->str[name->len - 1] == '-')
    g_string_truncate (name, name->len - 1);
  g_string_append (name, suffix);
  return g_string_free (name, FALSE);
}

/* ── The menu ── */

/* In the menu's order; a section begins where the last one ended. */
static const struct
{
  CobroShareWay way;
  const char *name;
  const char *label;
  gboolean on_paper; /* a document goes this way without an address, too */
  gboolean begins;   /* a section */
} ways[] = {
  { COBRO_SHARE_COPY, "copy", N_ ("_Copy Link"), FALSE, TRUE },
  { COBRO_SHARE_EMAIL, "email", N_ ("_E-Mail…"), TRUE, TRUE },
  { COBRO_SHARE_WHATSAPP, "whatsapp", N_ ("_WhatsApp…"), FALSE, FALSE },
  { COBRO_SHARE_TELEGRAM, "telegram", N_ ("_Telegram…"), FALSE, FALSE },
  { COBRO_SHARE_SMS, "sms", N_ ("_Text Message…"), FALSE, FALSE },
  { COBRO_SHARE_SAVE_SVG, "save-svg", N_ ("Save QR Code as _SVG…"), FALSE, TRUE },
  { COBRO_SHARE_SAVE_PNG, "save-png", N_ ("Save QR Code as _PNG…"), FALSE, FALSE },
  { COBRO_SHARE_PRINT, "print", N_ ("P_rint…"), TRUE, TRUE },
};

gboolean
cobro_share_way_from_name (const char *name, CobroShareWay *out_way)
{
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    if (g_str_equal (ways[i].name, name))
      {
        *out_way = ways[i].way;
        return TRUE;
      }
  return FALSE;
}

GMenuModel *
cobro_share_menu (const char *id, gboolean has_url, gboolean is_document)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) section = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autoptr (GMenuItem) entry = g_menu_item_new (_ (ways[i].label), NULL);

      if (ways[i].begins)
        {
          g_clear_object (&section);
          section = g_menu_new ();
          g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
        }
      g_menu_item_set_action_and_target (entry, "share.to", "(ss)", id, ways[i].name);
      if (has_url || (is_document && ways[i].on_paper))
        g_menu_append_item (section, entry);
    }
  return G_MENU_MODEL (menu);
}
