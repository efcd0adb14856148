/* tests/document/test-document-qr.c — QR codes: what another program reads from them is what was put in.
 * Layer: tests. */
#include "cobro-error.h"
#include "cobro-qr.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#define URL "https://pay.example/pay/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* The three finder patterns stand where every reader looks for them. */
static void
test_matrix (void)
{
  g_autoptr (CobroQr) qr = cobro_qr_new (URL, NULL);
  guint size = cobro_qr_get_size (qr);

  g_assert_cmpuint (size % 4, ==, 1);
  for (guint i = 0; i < 7; i++)
    {
      g_assert_true (cobro_qr_is_dark (qr, i, 0) && cobro_qr_is_dark (qr, 0, i));
      g_assert_true (cobro_qr_is_dark (qr, size - 1 - i, 0) && cobro_qr_is_dark (qr, 0, size - 1 - i));
    }
  g_assert_false (cobro_qr_is_dark (qr, 7, 7));
  g_assert_false (cobro_qr_is_dark (qr, size, 0));
  g_assert_false (cobro_qr_is_dark (qr, 0, G_MAXUINT));
}

/* Adds up the runs of the SVG path: as many dark units as the matrix has dark modules. */
static void
test_svg (void)
{
  g_autoptr (CobroQr) qr = cobro_qr_new (URL, NULL);
  g_autofree char *svg = cobro_qr_to_svg (qr);
  g_autoptr (GRegex) run = g_regex_new ("M(\\d+) (\\d+)h(\\d+)v1h-(\\d+)z", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  guint64 drawn = 0, dark = 0;

  g_assert_true (g_str_has_prefix (svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 "));
  g_assert_true (g_str_has_suffix (svg, "</svg>"));
  for (g_regex_match (run, svg, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL))
    {
      g_autofree char *x = g_match_info_fetch (match, 1);
      g_autofree char *width = g_match_info_fetch (match, 3);

      g_assert_cmpuint (g_ascii_strtoull (x, NULL, 10), >=, COBRO_QR_QUIET);
      drawn += g_ascii_strtoull (width, NULL, 10);
    }
  for (guint y = 0; y < cobro_qr_get_size (qr); y++)
    for (guint x = 0; x < cobro_qr_get_size (qr); x++)
      dark += cobro_qr_is_dark (qr, x, y);
  g_assert_cmpuint (drawn, ==, dark);
}

static void
test_read_back (void)
{
  static const char *const texts[] = { URL, "x", "0123456789 ABC $%*+-./: abc~" };
  g_autofree char *zbarimg = g_find_program_in_path ("zbarimg");
  g_autofree char *folder = g_dir_make_tmp ("cobro-qr-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "code.png", NULL);

  if (zbarimg == NULL)
    {
      g_test_skip ("zbarimg is not installed");
      g_rmdir (folder);
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (CobroQr) qr = cobro_qr_new (texts[i], NULL);
      g_autoptr (GBytes) png = cobro_qr_to_png (qr, 6, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (GSubprocess) reader = NULL;
      g_autofree char *read = NULL;

      g_file_set_contents (path, g_bytes_get_data (png, NULL), (gssize)g_bytes_get_size (png), &error);
      g_assert_no_error (error);
      reader = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, zbarimg,
                                 "--raw", "--quiet", "--nodbus", path, NULL);
      g_assert_no_error (error);
      g_subprocess_communicate_utf8 (reader, NULL, NULL, &read, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (g_strchomp (read), ==, texts[i]);
    }
  g_unlink (path);
  g_rmdir (folder);
}

static void
test_refused (void)
{
  g_autofree char *long_text = g_strnfill (2001, 'a');
  g_autofree char *longest = g_strnfill (2000, 'a');
  g_autoptr (CobroQr) fits = cobro_qr_new (longest, NULL);
  g_autoptr (GError) empty = NULL, large = NULL, none = NULL, many = NULL;

  g_assert_nonnull (fits);
  g_assert_null (cobro_qr_new ("", &empty));
  g_assert_error (empty, COBRO_ERROR, COBRO_ERROR_INVALID);
  g_assert_null (cobro_qr_new (long_text, &large));
  g_assert_error (large, COBRO_ERROR, COBRO_ERROR_TOO_LARGE);
  g_assert_null (cobro_qr_to_png (fits, 0, &none));
  g_assert_error (none, COBRO_ERROR, COBRO_ERROR_INVALID);
  g_assert_null (cobro_qr_to_png (fits, 65, &many));
  g_assert_error (many, COBRO_ERROR, COBRO_ERROR_INVALID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/document/qr/matrix", test_matrix);
  g_test_add_func ("/document/qr/svg", test_svg);
  g_test_add_func ("/document/qr/read-back", test_read_back);
  g_test_add_func ("/document/qr/refused", test_refused);
  return g_test_run ();
}
