/* src/view/cobro-print.c — paper on a printer.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-print.h"

#include <glib/gi18n.h>
#include "cobro-dialogs.h"
#include "cobro-view-text.h"

/* US Letter is less high than this, A4 higher. */
#define LETTER_BELOW 800

static void
on_begin_print_cb (GtkPrintOperation *operation, GtkPrintContext *context, gpointer data)
{
  gtk_print_operation_set_n_pages (operation, (int)cobro_paper_n_pages (data));
}

/* Pages have margins of their own: they fill the sheet. On another size of paper they are made to fit. */
static void
on_draw_page_cb (GtkPrintOperation *operation, GtkPrintContext *context, int page, gpointer data)
{
  cairo_t *cr = gtk_print_context_get_cairo_context (context);
  double width, height, scale;

  cobro_paper_get_size (data, &width, &height);
  scale = MIN (gtk_print_context_get_width (context) / width, gtk_print_context_get_height (context) / height);
  cairo_translate (cr, (gtk_print_context_get_width (context) - width * scale) / 2, 0);
  cairo_scale (cr, scale, scale);
  cobro_paper_draw (data, cr, (guint)page);
}

static void
paper_free (gpointer data, GClosure *closure)
{
  cobro_paper_free (data);
}

static GtkPageSetup *
page_setup_for (CobroPaper *paper)
{
  GtkPageSetup *setup = gtk_page_setup_new ();
  double width, height;
  GtkPaperSize *size;

  cobro_paper_get_size (paper, &width, &height);
  size = gtk_paper_size_new (height < LETTER_BELOW ? GTK_PAPER_NAME_LETTER : GTK_PAPER_NAME_A4);
  gtk_page_setup_set_paper_size (setup, size);
  gtk_paper_size_free (size);
  return setup;
}

GtkPrintOperation *
cobro_print_operation_new (CobroPaper *take_paper, const char *name)
{
  GtkPrintOperation *operation = gtk_print_operation_new ();
  g_autoptr (GtkPageSetup) setup = page_setup_for (take_paper);

  gtk_print_operation_set_job_name (operation, name);
  gtk_print_operation_set_default_page_setup (operation, setup);
  gtk_print_operation_set_use_full_page (operation, TRUE);
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_embed_page_setup (operation, TRUE);
  g_signal_connect (operation, "begin-print", G_CALLBACK (on_begin_print_cb), take_paper);
  g_signal_connect_data (operation, "draw-page", G_CALLBACK (on_draw_page_cb), take_paper, paper_free, 0);
  return operation;
}

static void
say_failed (GtkWindow *parent, const GError *error)
{
  g_autofree char *sentence = cobro_view_error (error);

  cobro_dialogs_tell (parent, _ ("It Was Not Printed"), sentence);
}

static void
on_done_cb (GtkPrintOperation *operation, GtkPrintOperationResult result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (result != GTK_PRINT_OPERATION_RESULT_ERROR)
    return;
  gtk_print_operation_get_error (operation, &error);
  say_failed (user_data, error);
}

void
cobro_print (GtkWindow *parent, CobroPaper *take_paper, const char *name)
{
  g_autoptr (GtkPrintOperation) operation = cobro_print_operation_new (take_paper, name);

  gtk_print_operation_set_allow_async (operation, TRUE);
  g_signal_connect_object (operation, "done", G_CALLBACK (on_done_cb), parent, 0);
  gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, parent, NULL);
}
