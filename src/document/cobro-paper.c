/* src/document/cobro-paper.c — a paper as PDF, page or file name. Layer: document. One thread per paper. */
#include "cobro-paper.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <string.h>

#include "cobro-error.h"
#include "cobro-paper-private.h"

#define FILE_NAME_MAX 90 /* characters */

CobroPaper *
cobro_paper_begin (const CobroPaperSetup *setup, const char *country)
{
  CobroPaper *paper = g_new0 (CobroPaper, 1);
  g_autoptr (CobroLocale) locale = cobro_words_locale (setup->locale, country);

  paper->sheet = cobro_sheet_new (locale, setup->accent, setup->letter);
  return paper;
}

void
cobro_paper_name (CobroPaper *paper, const char *title, const char *number, const char *seller)
{
  g_autofree char *line = cobro_clean_line (number);

  paper->name = *line != '\0' ? g_strdup_printf ("%s %s", title, line) : g_strdup (title);
  paper->title = g_strdup (paper->name);
  paper->author = g_strdup (seller);
}

void
cobro_paper_free (CobroPaper *paper)
{
  if (paper == NULL)
    return;
  cobro_sheet_free (paper->sheet);
  g_free (paper->name);
  g_free (paper->title);
  g_free (paper->author);
  g_free (paper->date);
  g_free (paper);
}

void
cobro_paper_get_size (CobroPaper *paper, double *out_width, double *out_height)
{
  cobro_sheet_get_size (paper->sheet, out_width, out_height);
}

guint
cobro_paper_n_pages (CobroPaper *paper)
{
  return cobro_sheet_n_pages (paper->sheet);
}

void
cobro_paper_draw (CobroPaper *paper, cairo_t *cr, guint page)
{
  cobro_sheet_draw (paper->sheet, cr, page);
}

/* ── PDF ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

static cairo_status_t
append_pdf (void *data, const guchar *bytes, guint length)
{
  g_byte_array_append (data, bytes, length);
  return CAIRO_STATUS_SUCCESS;
}

static void
set_metadata (CobroPaper *paper, cairo_surface_t *surface)
{
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, paper->title);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_AUTHOR, paper->author);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "Cobro");
  if (*paper->date != '\0')
    {
      cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE, paper->date);
      cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_MOD_DATE, paper->date);
    }
}

gboolean
cobro_paper_check_fonts (GError **error)
{
  PangoFontMap *map = pango_cairo_font_map_get_default ();
  PangoContext *context = pango_font_map_create_context (map);
  PangoFontDescription *any = pango_font_description_from_string ("sans-serif");
  PangoFont *font = pango_font_map_load_font (map, context, any);
  gboolean found = font != NULL;

  g_clear_object (&font);
  pango_font_description_free (any);
  g_object_unref (context);
  return found || cobro_error_set (error, COBRO_ERROR_CONFIG, "no fonts are installed (Debian: fonts-noto-core)");
}

GBytes *
cobro_paper_to_pdf (CobroPaper *paper, GError **error)
{
  g_autoptr (GByteArray) pdf = NULL;
  double width, height;
  cairo_surface_t *surface;
  cairo_status_t status;
  cairo_t *cr;

  if (!cobro_paper_check_fonts (error))
    return NULL;
  pdf = g_byte_array_new ();
  cobro_paper_get_size (paper, &width, &height);
  surface = cairo_pdf_surface_create_for_stream (append_pdf, pdf, width, height);
  set_metadata (paper, surface);
  cr = cairo_create (surface);
  for (guint page = 0; page < cobro_paper_n_pages (paper); page++)
    {
      cobro_paper_draw (paper, cr, page);
      cairo_show_page (cr);
    }
  status = cairo_status (cr);
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (status != CAIRO_STATUS_SUCCESS)
    return cobro_error_set (error, COBRO_ERROR_INTERNAL, "cannot make the PDF: %s", cairo_status_to_string (status)),
           NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&pdf));
}

/* ── File name ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* What no system minds in a name: no separators, no wildcards, nothing that hides, no dot in front. */
char *
cobro_paper_file_name (CobroPaper *paper)
{
  g_autofree char *name = cobro_clip (paper->name, FILE_NAME_MAX);
  GString *out = g_string_new (NULL);

  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean plain = c < 128 ? strchr ("/\\:*?\"<>|%#&`$'~", (int)c) == NULL : g_unichar_isprint (c);

      g_string_append_unichar (out, plain ? c : '-');
    }
  while (*out->str == '.' || *out->str == '-' || *out->str == ' ')
    g_string_erase (out, 0, 1);
  g_string_append (out, ".pdf");
  return g_string_free (out, FALSE);
}
