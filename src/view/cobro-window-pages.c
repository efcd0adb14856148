/* src/view/cobro-window-pages.c — what the window shows beside its sidebar: each page is built when somebody looks at
 * it for the first time, so that a window with many pages starts with one. Layer: view. Main thread. */
#include "config.h"

#include "cobro-window-private.h"

#include "cobro-customers-list.h"
#include "cobro-payments-list.h"
#include "cobro-products-list.h"

/* ── Building ── */

static gpointer
make_overview (CobroWindow *self)
{
  CobroOverviewPage *page = g_object_new (COBRO_TYPE_OVERVIEW_PAGE, NULL);

  cobro_overview_page_set_models (page, self->overview, self->attention, self->business, self->connection);
  return page;
}

static gpointer
make_links (CobroWindow *self)
{
  CobroListPage *page = g_object_new (COBRO_TYPE_LIST_PAGE, NULL);

  cobro_links_list_set_up (page, self->links, self->connection);
  return page;
}

static gpointer
make_link (CobroWindow *self)
{
  CobroDetailPage *page = g_object_new (COBRO_TYPE_DETAIL_PAGE, NULL);

  cobro_detail_page_set_models (page, self->links, self->business, self->connection);
  return page;
}

static gpointer
make_invoices (CobroWindow *self)
{
  CobroListPage *page = g_object_new (COBRO_TYPE_LIST_PAGE, NULL);

  cobro_invoices_list_set_up (page, self->invoices, self->connection);
  return page;
}

static gpointer
make_invoice (CobroWindow *self)
{
  CobroInvoicePage *page = g_object_new (COBRO_TYPE_INVOICE_PAGE, NULL);

  cobro_invoice_page_set_models (page, self->invoices, self->links, self->connection);
  return page;
}

static gpointer
make_customers (CobroWindow *self)
{
  CobroListPage *page = g_object_new (COBRO_TYPE_LIST_PAGE, NULL);

  cobro_customers_list_set_up (page, self->customers, self->connection);
  return page;
}

static gpointer
make_customer (CobroWindow *self)
{
  CobroCustomerPage *page = g_object_new (COBRO_TYPE_CUSTOMER_PAGE, NULL);

  cobro_customer_page_set_models (page, self->invoices, self->payments);
  return page;
}

static gpointer
make_products (CobroWindow *self)
{
  CobroListPage *page = g_object_new (COBRO_TYPE_LIST_PAGE, NULL);

  cobro_products_list_set_up (page, self->products, self->connection);
  return page;
}

static gpointer
make_payments (CobroWindow *self)
{
  CobroListPage *page = g_object_new (COBRO_TYPE_LIST_PAGE, NULL);

  cobro_payments_list_set_up (page, self->payments, self->connection);
  return page;
}

static gpointer
make_attention (CobroWindow *self)
{
  CobroAttentionPage *page = g_object_new (COBRO_TYPE_ATTENTION_PAGE, NULL);

  cobro_attention_page_set_models (page, self->attention, self->connection);
  return page;
}

static gpointer
make_developers (CobroWindow *self)
{
  CobroDevelopersPage *page = g_object_new (COBRO_TYPE_DEVELOPERS_PAGE, NULL);

  cobro_developers_page_set_models (page, self->developers, self->events);
  return page;
}

static gpointer
make_welcome (CobroWindow *self)
{
  CobroWelcomePage *page = g_object_new (COBRO_TYPE_WELCOME_PAGE, NULL);

  cobro_welcome_page_set_menu (page, G_MENU_MODEL (self->primary_menu));
  cobro_welcome_page_set_can_practise (page, cobro_connection_can_practise (self->connection));
  return page;
}

/* The first one is shown where nothing else is known. */
static const struct
{
  const char *page;
  gpointer (*make) (CobroWindow *self); /* (transfer floating) */
} pages[] = {
  { "overview", make_overview },
  { "links", make_links },
  { "link", make_link },
  { "invoices", make_invoices },
  { "invoice", make_invoice },
  { "invoice-editor", cobro_window_make_invoice_editor },
  { "customers", make_customers },
  { "customer", make_customer },
  { "payments", make_payments },
  { "bank", cobro_window_make_bank_page },
  { "products", make_products },
  { "attention", make_attention },
  { "developers", make_developers },
};

/* ── Pages by name ── */

void
cobro_window_add_pages (CobroWindow *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    gtk_stack_add_named (self->content_stack, adw_bin_new (), pages[i].page);
}

/* (nullable) lent: where a page stands; none once the window is gone. */
static AdwBin *
stand_of (CobroWindow *self, const char *page)
{
  return self->content_stack ? ADW_BIN (gtk_stack_get_child_by_name (self->content_stack, page)) : NULL;
}

gpointer
cobro_window_peek_page (CobroWindow *self, const char *page)
{
  AdwBin *stand = stand_of (self, page);

  return stand ? adw_bin_get_child (stand) : NULL;
}

gpointer
cobro_window_get_page (CobroWindow *self, const char *page)
{
  AdwBin *stand = stand_of (self, page);

  g_return_val_if_fail (stand != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (pages) && !adw_bin_get_child (stand); i++)
    if (g_str_equal (pages[i].page, page))
      {
        adw_bin_set_child (stand, pages[i].make (self));
        cobro_window_prepare_place (self, page);
      }
  return adw_bin_get_child (stand);
}

void
cobro_window_build_shown (CobroWindow *self)
{
  if (!self->is_set_up)
    return;

  if (g_str_equal (gtk_stack_get_visible_child_name (self->root_stack), "main"))
    cobro_window_get_page (self, cobro_window_shown_page (self));
  else if (!adw_bin_get_child (self->welcome_bin))
    adw_bin_set_child (self->welcome_bin, make_welcome (self));
}
