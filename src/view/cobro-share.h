/* src/view/cobro-share.h — ways to send a link: a message in the reader's words, and the addresses that open the
 * programs which send it. Nothing is sent from here. Layer: view. Main thread. */
#pragma once
#include "cobro-link-item.h"

G_BEGIN_DECLS

typedef enum
{
  COBRO_SHARE_EMAIL,
  COBRO_SHARE_WHATSAPP,
  COBRO_SHARE_TELEGRAM,
  COBRO_SHARE_SMS
} CobroShareWay;

/* (transfer full) "Coffee, €12.00: https://…" */
char *cobro_share_message (CobroLinkItem *item);
/* (transfer full) mailto:, https://wa.me/, https://t.me/, sms: with the message in it. */
char *cobro_share_uri (CobroLinkItem *item, CobroShareWay way, const char *business);
gboolean cobro_share_way_from_name (const char *name, CobroShareWay *out_way);
/* (transfer full) a file name without anything a file system minds: "cobro-coffee.svg". */
char *cobro_share_file_name (CobroLinkItem *item, const char *suffix);

G_END_DECLS
