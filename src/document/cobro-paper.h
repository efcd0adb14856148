/* src/document/cobro-paper.h — documents on paper: invoice, credit note, receipt, statement, poster. Drawn by cairo and
 * pango; as PDF, or page by page for a preview. Layer: document. Any thread (one paper belongs to one thread). */
#pragma once
#include "cobro-invoice-status.h"
#include "cobro-payment.h"
#include "cobro-statement.h"
#include <cairo.h>
#include <gio/gio.h>

typedef struct _CobroPaper CobroPaper;

/* What surrounds the document. Lent until the paper is freed. */
typedef struct
{
  const char *locale; /* of the reader: "en", "es-MX", "ar" … */
  const char *url;    /* (nullable) where it is paid: QR code and short text */
  const char *accent; /* (nullable) "#rrggbb" */
  GBytes *logo;       /* (nullable) PNG or JPEG; one that cannot be read is left out */
  gboolean letter;    /* US Letter instead of A4 */
  const char *seller; /* (nullable) receipts, statements: who it is where the party has no (legal) name of its own */
  const char *zone;   /* (nullable) IANA name: the day on which a payment came; UTC */
  CobroDay today;     /* of statements, and of "paid" marks */
} CobroPaperSetup;

/* Invoice or credit note; drafts say so across the page, paid ones carry a PAID mark. @view: status, paid, due. */
CobroPaper *cobro_paper_new_invoice (const CobroInvoice *invoice, const CobroInvoiceView *view,
                                     const CobroPaperSetup *setup);
/* For one payment that succeeded. @invoice: (nullable): what it was for; else @title and @seller say so. */
CobroPaper *cobro_paper_new_receipt (const CobroPayment *payment, const CobroInvoice *invoice, const char *title,
                                     const CobroParty *seller, const CobroPaperSetup *setup);
CobroPaper *cobro_paper_new_statement (const CobroStatement *statement, const CobroParty *seller,
                                       const CobroParty *buyer, const CobroPaperSetup *setup);
/* One page to hang up: who is paid (@setup's seller), @title, @amount as text, and the code of @setup's url in large.
 */
CobroPaper *cobro_paper_new_poster (const char *title, const char *amount, const CobroPaperSetup *setup);
void cobro_paper_free (CobroPaper *paper);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroPaper, cobro_paper_free)

/* Size of a page in points, number of pages, and one page (from 0) on any cairo context. */
void cobro_paper_get_size (CobroPaper *paper, double *out_width, double *out_height);
guint cobro_paper_n_pages (CobroPaper *paper);
void cobro_paper_draw (CobroPaper *paper, cairo_t *cr, guint page);
/* (transfer full) the PDF, fonts embedded, title and author set. NULL with COBRO_ERROR_CONFIG as below, or _INTERNAL.
 */
GBytes *cobro_paper_to_pdf (CobroPaper *paper, GError **error);
/* FALSE with COBRO_ERROR_CONFIG on a machine without fonts: its documents would be empty boxes. */
gboolean cobro_paper_check_fonts (GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) "Invoice INV-2026-0007.pdf" in the reader's language, safe as a file name. */
char *cobro_paper_file_name (CobroPaper *paper);

/* (transfer full) the text of the EPC069-12 code (SCT QR) for a euro transfer; NULL when @iban is "" or the currency is
 * not EUR. */
char *cobro_epc_text (const char *name, const char *iban, const char *bic, CobroMoney amount, const char *reference);
