/* src/core/cobro-invoice.h — a document that asks for money, or gives it back (credit note). A draft is its author's
 * and may change; once issued it has a number and never changes again: what is wrong is credited. Layer: core. Written
 * by whoever made it, then shared read-only; reference counting is atomic. An invoice is paid through its link:
 * cobro_invoice_to_link(). A credit note has none. What became of it (sent, paid, overdue) is not here:
 * cobro-invoice-status.h computes it. */
#pragma once
#include "cobro-civil.h"
#include "cobro-customer.h"
#include "cobro-invoice-totals.h"
#include "cobro-link.h"
#include "cobro-merchant.h"
#include "cobro-reminder.h"

#define COBRO_INVOICE_LINES_MAX     1000
#define COBRO_INVOICE_NUMBER_MAX    40
#define COBRO_INVOICE_NOTES_MAX     2000
#define COBRO_INVOICE_REFERENCE_MAX 64

typedef enum
{
  COBRO_INVOICE_INVOICE,
  COBRO_INVOICE_CREDIT_NOTE
} CobroInvoiceKind; /* "invoice", "credit_note" */

typedef enum
{
  COBRO_INVOICE_DRAFT,
  COBRO_INVOICE_ISSUED,
  COBRO_INVOICE_VOID,         /* credited in full; keeps its number */
  COBRO_INVOICE_UNCOLLECTIBLE /* given up; may still be paid */
} CobroInvoiceDecision;       /* "draft", "issued", "void", "uncollectible" */

typedef struct
{
  gint ref_count; /* private */

  CobroId id; /* inv_…; its link has the same 26 characters: cobro_invoice_link_id() */
  gint64 rev; /* 1, 2, 3 …; 0 before the relay ever saw it */
  CobroToken token;
  CobroInvoiceKind kind;
  CobroInvoiceDecision decision;
  char *void_reason; /* ≤ 500 */

  char *number;    /* "" while a draft; unique per merchant and mode */
  char *series;    /* "" while a draft; who gave the number, and which: "dev_01k…/invoice/2026" */
  gint64 sequence; /* 1, 2, 3 … in that series without gaps; 0 while a draft, or for one that was imported */
  char issue_date[COBRO_DATE_SIZE];    /* "" while a draft */
  char due_date[COBRO_DATE_SIZE];      /* "" in a draft: @terms after the issue date */
  gint terms;                          /* days; used while due_date is "" */
  char delivery_date[COBRO_DATE_SIZE]; /* "": the same as the issue date */

  CobroId corrects_id;                 /* credit note: the invoice */
  char *corrects_number;               /* … its number */
  char corrects_date[COBRO_DATE_SIZE]; /* … and date */

  CobroCurrency currency;
  gboolean tax_inclusive;
  gboolean tax_per_line;
  CobroRounding rounding;
  GPtrArray *lines; /* (element-type CobroInvoiceLine); never NULL */
  CobroDiscount discount;
  CobroMoney shipping; /* unset: none */
  char *shipping_tax_name;
  CobroTaxCategory shipping_tax_category;
  CobroDecimal shipping_tax_rate;
  gint64 cash_rounding;
  CobroInvoiceTotals
    *totals; /* computed by cobro_invoice_compute(); frozen with the issue; NULL before it was computed */

  CobroId customer_id;
  CobroParty seller, buyer; /* as they were: snapshots, taken when it is issued */
  CobroAddress delivery;
  char *iban, *bic, *bank_note; /* the seller's account: snapshot */

  char *reference;     /* the buyer's order number, ≤ 64 */
  char *notes;         /* to the buyer, ≤ 2000 */
  char *footer;        /* legal words at the end, ≤ 2000 */
  char *private_notes; /* never shown to the buyer; stays out of every public answer */
  char *locale;        /* "auto" (the merchant's) or a tag */

  /* How it may be paid: as a link's. */
  guint methods;
  GPtrArray *gateways;
  CobroPartial partial;
  CobroMoney minimum_first;
  GPtrArray *parts;     /* (element-type CobroLinkPart) */
  CobroTime expires_at; /* of the token, INV-13; 0: never */

  CobroReminders reminders;
  GHashTable *metadata;

  CobroId recurring_id; /* the schedule that made it; none */
  char period[COBRO_DATE_SIZE];

  gboolean livemode;
  CobroTime created_at, updated_at, issued_at;
} CobroInvoice;

/* (transfer full) an empty draft: one currency missing, card, 30 days, default reminders; every text is "", never NULL.
 */
CobroInvoice *cobro_invoice_new (void);
/* (transfer full) a deep copy that may be written. */
CobroInvoice *cobro_invoice_copy (const CobroInvoice *invoice);
CobroInvoice *cobro_invoice_ref (CobroInvoice *invoice);
void cobro_invoice_unref (CobroInvoice *invoice);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroInvoice, cobro_invoice_unref)
const char *cobro_invoice_kind_name (CobroInvoiceKind kind);
gboolean cobro_invoice_kind_from_name (const char *name, CobroInvoiceKind *out_kind);
const char *cobro_invoice_decision_name (CobroInvoiceDecision decision);
gboolean cobro_invoice_decision_from_name (const char *name, CobroInvoiceDecision *out_decision);

/* Computes and stores totals. FALSE as cobro_invoice_totals_compute(). */
gboolean cobro_invoice_compute (CobroInvoice *invoice, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the stored totals are what the lines come to: for documents from outside. COBRO_ERROR_INVALID at "totals". */
gboolean cobro_invoice_check_totals (const CobroInvoice *invoice, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Every field rule; paths are the wire's. A draft may lack customer and lines; an issued one needs a number, dates, a
 * buyer's name, a seller's name, at least one line, totals that fit its lines, a total above zero, parts that add up to
 * it, due ≥ issue date, and, where a line says reverse charge, the buyer's tax number. */
gboolean cobro_invoice_validate (const CobroInvoice *invoice, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether @to may follow @from. Of an issued one only decision (issued → void, uncollectible and back, never → draft),
 * void_reason, reminders, expires_at, private_notes and rev may differ; the path names what else does.
 * COBRO_ERROR_STATE. */
gboolean cobro_invoice_validate_change (const CobroInvoice *from, const CobroInvoice *to,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether both say the same: everything but revision, token and the times of writing. */
gboolean cobro_invoice_is_same (const CobroInvoice *a, const CobroInvoice *b);

/**
 * cobro_invoice_issue:
 * @invoice: (inout): a draft with its totals computed; seller and buyer are overwritten by the snapshots
 * @merchant: the seller as of now
 * @customer: (nullable): the buyer as of now; NULL: what the draft says
 * @number, @series, @sequence: given out in the same transaction
 * @today: the issue date
 *
 * Draft → issued: snapshots, dates, number, totals; then validates.
 */
gboolean cobro_invoice_issue (CobroInvoice *invoice, const CobroMerchant *merchant, const CobroCustomer *customer,
                              const char *number, const char *series, gint64 sequence, CobroDay today, CobroTime now,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) a draft with the same content, a new id (unset: made by the caller), no number, no dates. */
CobroInvoice *cobro_invoice_duplicate (const CobroInvoice *invoice);
/* (transfer full) a draft to the same buyer over what lateness costs (cobro_late_fee()): one line of @words, untaxed,
 * with the late invoice's number as its reference. An issued invoice never changes, so a fee is a document of its own.
 */
CobroInvoice *cobro_invoice_for_late_fee (const CobroInvoice *invoice, CobroMoney fee, const char *words);
/**
 * cobro_invoice_credit:
 * @amount: unset: everything, line by line, mirrored exactly; else this gross amount, one line per tax category, shared
 * out by what each category came to (largest remainder); prices are with tax then
 *
 * (transfer full) a draft credit note for an issued invoice. Amounts on a credit note are positive: it says what is
 * given back. NULL with COBRO_ERROR_INVALID (more than the total) or COBRO_ERROR_STATE (not issued).
 */
CobroInvoice *cobro_invoice_credit (const CobroInvoice *invoice, CobroMoney amount, const char *why, GError **error);

/* The id of the link that an invoice is paid by, and back: the same 26 characters. */
CobroId cobro_invoice_link_id (const CobroId *invoice_id);
CobroId cobro_invoice_id_of_link (const CobroId *link_id);
/* What is asked for: total − @credited (unset: none); never below zero. */
CobroMoney cobro_invoice_asked (const CobroInvoice *invoice, CobroMoney credited);
/**
 * cobro_invoice_to_link:
 * @credited: Σ issued credit notes; unset: none
 *
 * (transfer full) the link: fixed at total − @credited (the total again once nothing is left), single use, title = the
 * number (or the id while a draft), no reference (the merchant's links have those), the buyer's name and address; parts
 * are shortened from the end by what was credited. It is payable in parts always, because the merchant may record cash
 * in parts: where the payer has no say, the first part is at least everything (cobro_link_check_amount() then takes
 * only what is due). Decision: draft → draft, issued and uncollectible → active, void → cancelled. Pure: desktop and
 * relay make the same. rev, token and times are the invoice's. %NULL for credit notes.
 */
CobroLink *cobro_invoice_to_link (const CobroInvoice *invoice, CobroMoney credited);
