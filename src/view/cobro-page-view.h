/* src/view/cobro-page-view.h — the payment page of a link in small, also before it is online.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-link-item.h"
#include "cobro-merchant.h"

G_BEGIN_DECLS

#define COBRO_TYPE_PAGE_VIEW (cobro_page_view_get_type ())
/* A group with seller, total, what for, what the customer is asked and the button, in the page's order; for a link that
 * is closed, the word that stands there instead. The relay draws the real one. */
G_DECLARE_FINAL_TYPE (CobroPageView, cobro_page_view, COBRO, PAGE_VIEW, AdwPreferencesGroup)

/* Shows @item as it is now, sold by @merchant. Neither is kept. */
void cobro_page_view_show (CobroPageView *self, CobroLinkItem *item, const CobroMerchant *merchant);

G_END_DECLS
