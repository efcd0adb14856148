/* src/view/dialogs/cobro-preview-window.h — what the customer gets: the document on paper, the mail, the page where it
 * is paid. Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-business.h"
#include "cobro-invoice-status.h"
#include "cobro-paper.h"

G_BEGIN_DECLS

#define COBRO_TYPE_PREVIEW_WINDOW (cobro_preview_window_get_type ())
G_DECLARE_FINAL_TYPE (CobroPreviewWindow, cobro_preview_window, COBRO, PREVIEW_WINDOW, AdwWindow)

/* What surrounds a document here. Lent. */
typedef struct
{
  const CobroMerchant *merchant;
  GBytes *logo;    /* (nullable) */
  const char *url; /* "" where there is none yet */
  CobroDay today;
} CobroPreviewSetup;

/* Keeps a copy of @invoice; a draft is shown as if it were issued today. @view: (nullable): of a draft. */
CobroPreviewWindow *cobro_preview_window_new (GtkWindow *parent, const CobroInvoice *invoice,
                                              const CobroInvoiceView *view, const CobroPreviewSetup *setup);
/* (transfer full) the document on paper. */
CobroPaper *cobro_preview_paper (const CobroInvoice *invoice, const CobroInvoiceView *view,
                                 const CobroPreviewSetup *setup);
/* (transfer full) the document as a PDF, and its name. */
GBytes *cobro_preview_pdf (const CobroInvoice *invoice, const CobroInvoiceView *view, const CobroPreviewSetup *setup,
                           char **out_name, GError **error);

G_END_DECLS
