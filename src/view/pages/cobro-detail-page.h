/* src/view/pages/cobro-detail-page.h — everything about one link: status in words, QR code, ways to share it, payments,
 * history. Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-business.h"
#include "cobro-connection.h"
#include "cobro-links.h"

G_BEGIN_DECLS

#define COBRO_TYPE_DETAIL_PAGE (cobro_detail_page_get_type ())
G_DECLARE_FINAL_TYPE (CobroDetailPage, cobro_detail_page, COBRO, DETAIL_PAGE, AdwBin)

/* Keeps them; called once. */
void cobro_detail_page_set_models (CobroDetailPage *self, CobroLinks *links, CobroBusiness *business,
                                   CobroConnection *connection);
/* Shows a link and follows it; %NULL lets go of it. */
void cobro_detail_page_set_item (CobroDetailPage *self, CobroLinkItem *item);
/* Lent, %NULL for none. */
CobroLinkItem *cobro_detail_page_get_item (CobroDetailPage *self);

G_END_DECLS
