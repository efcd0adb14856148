/* src/view/cobro-share.c — ways to send a link.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-share.h"

#include <glib/gi18n.h>
#include "cobro-view-text.h"

#define FILE_NAME_MAX 40

char *
cobro_share_message (CobroLinkItem *item)
{
  const CobroLink *link = cobro_link_item_get_link (item);
  g_autofree char *amount = cobro_view_amount (link);

  /* Translators: title of a link, amount, address. */
  return g_strdup_printf (_ ("%1$s, %2$s: %3$s"), link->title, amount, cobro_link_item_get_url (item));
}

static char *
escape (const char *text)
{
  return g_uri_escape_string (text, NULL, FALSE);
}

static char *
email_uri (CobroLinkItem *item, const char *business)
{
  const CobroLink *link = cobro_link_item_get_link (item);
  g_autofree char *message = cobro_share_message (item);
  g_autofree char *plain_subject = NULL;
  g_autofree char *plain_body = NULL;
  g_auto (GStrv) lines = NULL;
  g_autofree char *mail_body = NULL;
  g_autofree char *to = escape (link->customer_email);
  g_autofree char *subject = NULL;
  g_autofree char *body = NULL;

  /* Translators: subject of an e-mail: title of the link, name of the business. */
  plain_subject = *business ? g_strdup_printf (_ ("%1$s from %2$s"), link->title, business) : g_strdup (link->title);
  /* Translators: body of an e-mail: the message with the address, then the name of the business. */
  plain_body = g_strdup_printf (_ ("Hello,\n\nyou can pay here:\n%1$s\n\nThank you\n%2$s"), message, business);
  subject = escape (plain_subject);
  lines = g_strsplit (plain_body, "\n", -1);
  mail_body = g_strjoinv ("\r\n", lines); /* RFC 6068, 5 */
  body = escape (mail_body);
  return g_strdup_printf ("mailto:%s?subject=%s&body=%s", to, subject, body);
}

char *
cobro_share_uri (CobroLinkItem *item, CobroShareWay way, const char *business)
{
  g_autofree char *message = cobro_share_message (item);
  g_autofree char *text = escape (message);
  g_autofree char *url = escape (cobro_link_item_get_url (item));
  g_autofree char *title = escape (cobro_link_item_get_link (item)->title);

  switch (way)
    {
    case COBRO_SHARE_EMAIL:
      return email_uri (item, business);
    case COBRO_SHARE_WHATSAPP:
      return g_strdup_printf ("https://wa.me/?text=%s", text);
    case COBRO_SHARE_TELEGRAM:
      return g_strdup_printf ("https://t.me/share/url?url=%s&text=%s", url, title);
    case COBRO_SHARE_SMS:
      return g_strdup_printf ("sms:?body=%s", text);
    }
  return NULL;
}

gboolean
cobro_share_way_from_name (const char *name, CobroShareWay *out_way)
{
  const char *names[] = { "email", "whatsapp", "telegram", "sms" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i], name))
      {
        *out_way = (CobroShareWay)i;
        return TRUE;
      }
  return FALSE;
}

char *
cobro_share_file_name (CobroLinkItem *item, const char *suffix)
{
  GString *name = g_string_new ("cobro-");
  const char *title = cobro_link_item_get_link (item)->title;

  for (const char *at = title; *at && name->len < FILE_NAME_MAX; at = g_utf8_next_char (at))
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
