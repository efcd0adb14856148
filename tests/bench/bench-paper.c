/* tests/bench/bench-paper.c — bench-paper once FILE LINES | warm ROUNDS LINES | html FILE LINES: one PDF from exec to
 * exit; many in a row, with what each took; the same document for a browser to print. Layer: tests. */
#include "../document/document-sample.h"
#include "cobro-qr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static GBytes *
make_pdf (guint lines)
{
  g_autoptr (CobroInvoice) invoice = sample_invoice ("es", lines);
  CobroInvoiceView view = sample_view (invoice);
  CobroPaperSetup setup = sample_setup ("es", NULL);
  g_autoptr (CobroPaper) paper = cobro_paper_new_invoice (invoice, &view, &setup);
  g_autoptr (GError) error = NULL;
  GBytes *pdf = cobro_paper_to_pdf (paper, &error);

  g_assert_no_error (error);
  return pdf;
}

static void
write_html (const char *path, guint lines)
{
  g_autoptr (CobroInvoice) invoice = sample_invoice ("es", lines);
  CobroInvoiceView view = sample_view (invoice);
  CobroMailFacts facts = { .kind = COBRO_MAIL_INVOICE,
                           .locale = "es",
                           .invoice = invoice,
                           .view = &view,
                           .seller = invoice->seller.name,
                           .url = SAMPLE_URL };
  g_autoptr (CobroMailText) text = cobro_mail_text_new (&facts);
  g_autoptr (CobroQr) qr = cobro_qr_new (SAMPLE_URL, NULL);
  g_autofree char *svg = cobro_qr_to_svg (qr);
  g_autofree char *page = g_strdup_printf ("%s<div style=\"width:120px\">%s</div>", text->html, svg);

  g_assert_true (g_file_set_contents (path, page, -1, NULL));
}

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 first = *(const gint64 *)a, second = *(const gint64 *)b;

  return first < second ? -1 : first > second;
}

static gint64
cpu_us (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * G_USEC_PER_SEC + usage.ru_utime.tv_usec +
         usage.ru_stime.tv_usec;
}

static void
warm (guint rounds, guint lines)
{
  g_autofree gint64 *took = g_new (gint64, rounds);
  struct rusage usage;
  gint64 cpu;
  gsize bytes = 0;

  g_bytes_unref (make_pdf (lines));
  cpu = cpu_us ();
  for (guint i = 0; i < rounds; i++)
    {
      gint64 start = g_get_monotonic_time ();
      g_autoptr (GBytes) pdf = make_pdf (lines);

      took[i] = g_get_monotonic_time () - start;
      bytes = g_bytes_get_size (pdf);
    }
  cpu = cpu_us () - cpu;
  qsort (took, rounds, sizeof *took, compare);
  getrusage (RUSAGE_SELF, &usage);
  printf ("{\"p50_us\": %" G_GINT64_FORMAT ", \"p95_us\": %" G_GINT64_FORMAT ", \"cpu_us\": %" G_GINT64_FORMAT
          ", \"bytes\": %" G_GSIZE_FORMAT ", \"resident_kib\": %ld}\n",
          took[rounds / 2], took[rounds * 95 / 100], cpu / rounds, bytes, usage.ru_maxrss);
}

int
main (int argc, char **argv)
{
  guint lines = argc == 4 ? (guint)g_ascii_strtoull (argv[3], NULL, 10) : 0;

  if (lines > 0 && strcmp (argv[1], "once") == 0)
    {
      g_autoptr (GBytes) pdf = make_pdf (lines);

      g_assert_true (g_file_set_contents (argv[2], g_bytes_get_data (pdf, NULL), (gssize)g_bytes_get_size (pdf), NULL));
    }
  else if (lines > 0 && strcmp (argv[1], "warm") == 0)
    warm ((guint)g_ascii_strtoull (argv[2], NULL, 10), lines);
  else if (lines > 0 && strcmp (argv[1], "html") == 0)
    write_html (argv[2], lines);
  else
    g_error ("usage: %s once FILE LINES | warm ROUNDS LINES | html FILE LINES", argv[0]);
  return 0;
}
