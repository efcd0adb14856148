/* tests/document/document-pictures.c — document-pictures FOLDER: writes every kind of document and mail there, for
 * pictures that somebody looks at. Layer: tests. */
#include "document-sample.h"

#include <string.h>

#include "cobro-words.h"

static void
save (const char *folder, const char *name, const char *end, GBytes *bytes)
{
  g_autofree char *path = g_strdup_printf ("%s/%s.%s", folder, name, end);

  g_assert_true (g_file_set_contents (path, g_bytes_get_data (bytes, NULL), (gssize)g_bytes_get_size (bytes), NULL));
}

static void
save_paper (const char *folder, const char *name, CobroPaper *take_paper)
{
  g_autoptr (CobroPaper) paper = take_paper;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) pdf = cobro_paper_to_pdf (paper, &error);

  g_assert_no_error (error);
  save (folder, name, "pdf", pdf);
}

static void
save_mail (const char *folder, const char *name, const CobroMailFacts *facts)
{
  g_autoptr (CobroMailText) text = cobro_mail_text_new (facts);
  g_autofree char *plain = g_strdup_printf ("Subject: %s\n\n%s", text->subject, text->plain);
  g_autoptr (GBytes) html_bytes = g_bytes_new (text->html, strlen (text->html));
  g_autoptr (GBytes) plain_bytes = g_bytes_new (plain, strlen (plain));

  save (folder, name, "html", html_bytes);
  save (folder, name, "txt", plain_bytes);
}

static void
save_invoices (const char *folder, GBytes *logo)
{
  const char *const *languages = cobro_words_languages ();
  static const guint counts[] = { 1, 10, 60 };

  for (guint i = 0; languages[i] != NULL; i++)
    for (guint j = i < 2 ? 0 : 1; j < (i < 2 ? G_N_ELEMENTS (counts) : 2); j++) /* two languages in every length */
      {
        g_autoptr (CobroInvoice) invoice = sample_invoice (languages[i], counts[j]);
        CobroInvoiceView view = sample_view (invoice);
        CobroPaperSetup setup = sample_setup (languages[i], j == 0 ? NULL : logo);
        g_autofree char *name = g_strdup_printf ("invoice-%s-%u", languages[i], counts[j]);

        setup.letter = j == 1 && i == 0;
        save_paper (folder, name, cobro_paper_new_invoice (invoice, &view, &setup));
      }
}

static void
save_states (const char *folder, GBytes *logo)
{
  g_autoptr (CobroInvoice) invoice = sample_invoice ("en", 3);
  g_autoptr (CobroInvoice) draft = sample_invoice ("es", 3);
  g_autoptr (CobroInvoice) plan = sample_invoice ("es", 2);
  CobroPaperSetup setup = sample_setup ("en", logo), spanish = sample_setup ("es", logo);
  CobroInvoiceView paid = sample_view_paid (invoice, invoice->totals->total);
  CobroInvoiceView part = sample_view_paid (invoice, cobro_money (10000, invoice->currency));
  CobroInvoiceView plan_view = sample_view (plan);
  g_autoptr (CobroInvoice) credit = cobro_invoice_credit (invoice, COBRO_MONEY_NONE, "Returned", NULL);

  save_paper (folder, "invoice-paid", cobro_paper_new_invoice (invoice, &paid, &setup));
  save_paper (folder, "invoice-part", cobro_paper_new_invoice (invoice, &part, &setup));
  draft->decision = COBRO_INVOICE_DRAFT;
  sample_put (&draft->number, "");
  draft->issue_date[0] = draft->due_date[0] = '\0';
  save_paper (folder, "invoice-draft", cobro_paper_new_invoice (draft, NULL, &spanish));
  plan->partial = COBRO_PARTIAL_PLAN;
  plan->parts = plan->parts != NULL ? plan->parts : g_ptr_array_new ();
  g_ptr_array_add (plan->parts, cobro_link_part_new ("2026-12-31", cobro_money (4000, plan->currency)));
  g_ptr_array_add (plan->parts, cobro_link_part_new ("2027-01-31", cobro_money (2633, plan->currency)));
  save_paper (folder, "invoice-plan", cobro_paper_new_invoice (plan, &plan_view, &spanish));
  if (credit != NULL && cobro_invoice_compute (credit, NULL))
    {
      sample_put (&credit->number, "CN-2026-00003");
      g_strlcpy (credit->issue_date, "2026-12-09", COBRO_DATE_SIZE);
      credit->decision = COBRO_INVOICE_ISSUED;
      save_paper (folder, "credit-note", cobro_paper_new_invoice (credit, NULL, &setup));
    }
  invoice->decision = COBRO_INVOICE_VOID;
  save_paper (folder, "invoice-void", cobro_paper_new_invoice (invoice, &part, &setup));
}

static void
save_others (const char *folder, GBytes *logo)
{
  g_autoptr (CobroInvoice) invoice = sample_invoice ("en", 1);
  g_autoptr (CobroInvoice) spanish = sample_invoice ("es", 1);
  g_autoptr (CobroPayment) payment = sample_payment (invoice->totals->total);
  g_autoptr (CobroStatement) statement = sample_statement (14);
  g_autoptr (CobroStatement) long_one = sample_statement (120);
  CobroPaperSetup es = sample_setup ("es", logo);

  save_paper (folder, "receipt-link",
              cobro_paper_new_receipt (payment, NULL, "Deposit for the summer course", &invoice->seller, &es));
  save_paper (folder, "statement-long", cobro_paper_new_statement (long_one, &spanish->seller, &spanish->buyer, &es));
}

/* What customers of every language get besides invoices. */
static void
save_languages (const char *folder, GBytes *logo)
{
  for (const char *const *language = cobro_words_languages (); *language != NULL; language++)
    {
      g_autoptr (CobroInvoice) invoice = sample_invoice (*language, 2);
      g_autoptr (CobroPayment) payment = sample_payment (invoice->totals->total);
      g_autoptr (CobroStatement) statement = sample_statement (8);
      CobroPaperSetup setup = sample_setup (*language, logo);
      g_autofree char *receipt = g_strdup_printf ("receipt-%s", *language);
      g_autofree char *account = g_strdup_printf ("statement-%s", *language);

      save_paper (folder, receipt, cobro_paper_new_receipt (payment, invoice, NULL, NULL, &setup));
      save_paper (folder, account, cobro_paper_new_statement (statement, &invoice->seller, &invoice->buyer, &setup));
    }
}

static void
save_mails (const char *folder)
{
  const char *const *languages = cobro_words_languages ();

  for (guint i = 0; languages[i] != NULL; i++)
    for (guint kind = COBRO_MAIL_INVOICE; kind <= COBRO_MAIL_PAID_NOTICE; kind++)
      {
        g_autoptr (CobroInvoice) invoice = sample_invoice (languages[i], kind == COBRO_MAIL_INVOICE ? 4 : 1);
        g_autoptr (CobroPayment) payment = sample_payment (invoice->totals->total);
        CobroInvoiceView view = sample_view (invoice);
        CobroMailFacts facts = { .kind = (CobroMailKind)kind,
                                 .locale = languages[i],
                                 .invoice = invoice,
                                 .view = &view,
                                 .payment = payment,
                                 .seller = invoice->seller.name,
                                 .accent = i == 1 ? "#b3261e" : NULL,
                                 .url = SAMPLE_URL,
                                 .step = 7,
                                 .attached = TRUE,
                                 .support = i == 0 ? "Call us: +61 2 5550 0000, 9–17 h" : NULL };
        g_autofree char *name =
          g_strdup_printf ("mail-%s-%s", cobro_mail_kind_name ((CobroMailKind)kind), languages[i]);

        if (kind == COBRO_MAIL_CREDIT_NOTE)
          {
            invoice->kind = COBRO_INVOICE_CREDIT_NOTE;
            sample_put (&invoice->corrects_number, "501");
          }
        save_mail (folder, name, &facts);
      }
}

int
main (int argc, char **argv)
{
  g_autoptr (GBytes) logo = sample_logo ();

  if (argc != 2)
    g_error ("usage: %s FOLDER", argv[0]);
  save_invoices (argv[1], logo);
  save_states (argv[1], logo);
  save_others (argv[1], logo);
  save_languages (argv[1], logo);
  save_mails (argv[1]);
  return 0;
}
