/* src/view/cobro-share.h — ways to send a link or an invoice: what is said, in words, and the addresses that open the
 * programs which send it. Both nouns are shared by the same model and the same menu. Nothing is sent from here.
 * Layer: view. Main thread. */
#pragma once
#include "cobro-invoice-item.h"
#include "cobro-link-item.h"
#include "cobro-merchant.h"

G_BEGIN_DECLS

typedef enum
{
  COBRO_SHARE_COPY,
  COBRO_SHARE_EMAIL,
  COBRO_SHARE_WHATSAPP,
  COBRO_SHARE_TELEGRAM,
  COBRO_SHARE_SMS,
  COBRO_SHARE_SAVE_SVG,
  COBRO_SHARE_SAVE_PNG,
  COBRO_SHARE_PRINT,
} CobroShareWay;

/* What is said about the thing, whichever way it goes. */
typedef struct
{
  char *id;      /* the link's or invoice's */
  char *name;    /* "Coffee", "Invoice INV-2026-0007" */
  char *amount;  /* "€12.00" */
  char *url;     /* "" where there is none yet */
  char *message; /* "Coffee, €12.00: https://…" */
  char *to;      /* e-mail address; "" */
  char *subject; /* of a mail, and what it says */
  char *body;
} CobroShare;

/* (transfer full) in the reader's language. */
CobroShare *cobro_share_new_link (CobroLinkItem *item, const CobroMerchant *merchant);
/* (transfer full) the mail is in the customer's language. @attached: the PDF goes with it. */
CobroShare *cobro_share_new_invoice (CobroInvoiceItem *item, const CobroMerchant *merchant, gboolean attached);
void cobro_share_free (CobroShare *share);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroShare, cobro_share_free)

/* (transfer full) mailto:, https://wa.me/, https://t.me/, sms: with the message in it; %NULL for ways that need no
 * other program. */
char *cobro_share_uri (const CobroShare *share, CobroShareWay way);
/* (transfer full) a file name without anything a file system minds: "cobro-coffee.svg". */
char *cobro_share_file_name (const CobroShare *share, const char *suffix);

/* The ways as they are called in the target of the action "share.to". */
gboolean cobro_share_way_from_name (const char *name, CobroShareWay *out_way);
/* (transfer full) the menu: each entry is "share.to" with the pair of @id and way. What has no address yet is sent and
 * printed only where it is a document. */
GMenuModel *cobro_share_menu (const char *id, gboolean has_url, gboolean is_document);

G_END_DECLS
