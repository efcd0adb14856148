/* src/view/cobro-print.c — paper on a printer.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-print.h"

#include <glib/gi18n.h>
#include <string.h>
#include "cobro-dialogs.h"
#include "cobro-print-window.h"
#include "cobro-view-text.h"

/* US Letter is less high than this, A4 higher. */
#define LETTER_BELOW 800
#define POINTS       72

/* What is printed: kept by the operation, and by its preview, from where it is printed after all. */
typedef struct
{
  CobroPaper *paper;
  char *name;
} Sheet;

static void
sheet_clear (gpointer data)
{
  Sheet *sheet = data;

  cobro_paper_free (sheet->paper);
  g_free (sheet->name);
}

static Sheet *
sheet_new (CobroPaper *take_paper, const char *name)
{
  Sheet *sheet = g_rc_box_new0 (Sheet);

  *sheet = (Sheet){ take_paper, g_strdup (name) };
  return sheet;
}

static void
sheet_unref (gpointer data, GClosure *closure)
{
  g_rc_box_release_full (data, sheet_clear);
}

static void print_sheet (GtkWindow *parent, Sheet *sheet);

static void
on_begin_print_cb (GtkPrintOperation *operation, GtkPrintContext *context, gpointer data)
{
  gtk_print_operation_set_n_pages (operation, (int)cobro_paper_n_pages (((Sheet *)data)->paper));
}

/* Pages have margins of their own: they fill the sheet. On another size of paper they are made to fit. */
static void
on_draw_page_cb (GtkPrintOperation *operation, GtkPrintContext *context, int page, gpointer data)
{
  cairo_t *cr = gtk_print_context_get_cairo_context (context);
  Sheet *sheet = data;
  double width, height, scale;

  cobro_paper_get_size (sheet->paper, &width, &height);
  scale = MIN (gtk_print_context_get_width (context) / width, gtk_print_context_get_height (context) / height);
  cairo_translate (cr, (gtk_print_context_get_width (context) - width * scale) / 2, 0);
  cairo_scale (cr, scale, scale);
  cobro_paper_draw (sheet->paper, cr, (guint)page);
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

/* (transfer full) "Print to File" offers the document's own name. */
static GtkPrintSettings *
settings_for (CobroPaper *paper)
{
  GtkPrintSettings *settings = gtk_print_settings_new ();
  g_autofree char *name = cobro_paper_file_name (paper);

  if (g_str_has_suffix (name, ".pdf"))
    name[strlen (name) - strlen (".pdf")] = '\0';
  gtk_print_settings_set (settings, GTK_PRINT_SETTINGS_OUTPUT_BASENAME, name);
  return settings;
}

/* ── Preview ── */

static void
on_print_wanted_cb (CobroPrintWindow *window, GtkWindow *parent, gpointer data)
{
  print_sheet (parent, data);
}

static void
on_preview_closed_cb (GtkWidget *window, gpointer preview)
{
  gtk_print_operation_preview_end_preview (preview);
}

/* The pages are drawn from the document itself; the operation draws nowhere. */
static gboolean
on_preview_cb (GtkPrintOperation *operation, GtkPrintOperationPreview *preview, GtkPrintContext *context,
               GtkWindow *parent, gpointer data)
{
  Sheet *sheet = data;
  CobroPrintWindow *window = cobro_print_window_new (parent, sheet->paper, sheet->name);
  cairo_surface_t *surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR, NULL);
  cairo_t *nowhere = cairo_create (surface);

  gtk_print_context_set_cairo_context (context, nowhere, POINTS, POINTS);
  cairo_destroy (nowhere);
  cairo_surface_destroy (surface);
  g_signal_connect_data (window, "print", G_CALLBACK (on_print_wanted_cb), g_rc_box_acquire (sheet), sheet_unref, 0);
  g_signal_connect_data (window, "destroy", G_CALLBACK (on_preview_closed_cb), g_object_ref (preview),
                         (GClosureNotify)(GCallback)g_object_unref, 0);
  g_signal_connect_object (preview, "ready", G_CALLBACK (gtk_window_present), window, G_CONNECT_SWAPPED);
  return TRUE;
}

/* ── Printing ── */

static GtkPrintOperation *
operation_new (Sheet *sheet)
{
  GtkPrintOperation *operation = gtk_print_operation_new ();
  g_autoptr (GtkPageSetup) setup = page_setup_for (sheet->paper);
  g_autoptr (GtkPrintSettings) settings = settings_for (sheet->paper);

  gtk_print_operation_set_job_name (operation, sheet->name);
  gtk_print_operation_set_print_settings (operation, settings);
  gtk_print_operation_set_default_page_setup (operation, setup);
  gtk_print_operation_set_use_full_page (operation, TRUE);
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_embed_page_setup (operation, TRUE);
  g_signal_connect (operation, "begin-print", G_CALLBACK (on_begin_print_cb), sheet);
  g_signal_connect (operation, "preview", G_CALLBACK (on_preview_cb), sheet);
  g_signal_connect_data (operation, "draw-page", G_CALLBACK (on_draw_page_cb), g_rc_box_acquire (sheet), sheet_unref,
                         0);
  return operation;
}

GtkPrintOperation *
cobro_print_operation_new (CobroPaper *take_paper, const char *name)
{
  Sheet *sheet = sheet_new (take_paper, name);
  GtkPrintOperation *operation = operation_new (sheet);

  sheet_unref (sheet, NULL);
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

static void
print_sheet (GtkWindow *parent, Sheet *sheet)
{
  g_autoptr (GtkPrintOperation) operation = operation_new (sheet);

  gtk_print_operation_set_allow_async (operation, TRUE);
  g_signal_connect_object (operation, "done", G_CALLBACK (on_done_cb), parent, 0);
  gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, parent, NULL);
}

void
cobro_print (GtkWindow *parent, CobroPaper *take_paper, const char *name)
{
  Sheet *sheet = sheet_new (take_paper, name);

  print_sheet (parent, sheet);
  sheet_unref (sheet, NULL);
}
