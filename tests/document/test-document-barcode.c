/* tests/document/test-document-barcode.c — Code 128: every symbol sound, known check symbols, and read back bar by bar.
 * Layer: tests. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include "cobro-barcode.h"
#include "cobro-error.h"

/* The modules of a path as text: '#' for a bar. */
static char *
draw (const char *text)
{
  guint width = 0;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = cobro_barcode_to_path (text, &width, &error);
  char *modules, *at = path;

  g_assert_no_error (error);
  modules = g_strnfill (width, ' ');
  while (*at == 'M')
    {
      gsize x = g_ascii_strtoull (at + 1, &at, 10), n;

      g_assert_true (g_str_has_prefix (at, " 0h"));
      n = g_ascii_strtoull (at + 3, &at, 10);
      g_assert_cmpuint (x + n, <=, width);
      memset (modules + x, '#', n);
      at = strchr (at, 'z') + 1;
    }
  g_assert_cmpstr (at, ==, "");
  return modules;
}

/* Bars and spaces that other people's encoders make of these texts. */
static void
test_known (void)
{
  static const struct
  {
    const char *text, *modules;
  } known[] = {
    /* start B, A, check 34, stop */
    { "A", "##-#--#----"
           "#-#---##---"
           "#---#-##---"
           "##---###-#-##" },
    /* start C, 12, 34, check 82, stop */
    { "1234", "##-#--###--"
              "#-##--###--"
              "#---#-##---"
              "#--#--####-"
              "##---###-#-##" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    {
      g_autofree char *drawn = draw (known[i].text);
      g_autofree char *inner = g_strndup (drawn + 10, strlen (drawn) - 20);

      g_strdelimit (inner, " ", '-');
      g_assert_cmpstr (inner, ==, known[i].modules);
      for (gsize j = 0; j < 10; j++)
        g_assert_true (drawn[j] == ' ' && drawn[strlen (drawn) - 1 - j] == ' ');
    }
}

/* Digits are packed: the width says how many symbols there are. */
static void
test_packing (void)
{
  static const struct
  {
    const char *text;
    guint symbols; /* without stop */
  } cases[] = {
    { "1", 3 },
    { "12", 4 },
    { "1234", 4 },
    { "12345", 6 },
    { "000020TRLZ", 10 },
    { "AB123456", 8 },
    { "AB1234", 7 },
    { "AB12345C", 10 },
    { "AB123456C", 10 },
    { "AB1234567", 9 },
    { "1010102085460000000001", 13 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint width = 0;
      g_autofree char *path = cobro_barcode_to_path (cases[i].text, &width, NULL);

      g_test_message ("%s", cases[i].text);
      g_assert_nonnull (path);
      g_assert_cmpuint (width, ==, 20 + cases[i].symbols * 11 + 13);
    }
}

/* A reader that is not ours. */
static void
read_back (const char *zbarimg, const char *text)
{
  g_autofree char *modules = draw (text);
  gsize width = strlen (modules) * 3;
  g_autoptr (GString) image = g_string_new (NULL);
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "cobro-barcode-XXXXXX.pgm", NULL);
  g_autofree char *said = NULL, *wanted = g_strconcat (text, "\n", NULL);
  g_autoptr (GSubprocess) reader = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_mkstemp (path);

  g_string_append_printf (image, "P5 %" G_GSIZE_FORMAT " 60 255\n", width);
  for (guint y = 0; y < 60; y++)
    for (gsize x = 0; x < width; x++)
      g_string_append_c (image, modules[x / 3] == '#' ? '\0' : '\xff');
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, image->str, image->len), ==, (gssize)image->len);
  close (fd);
  reader = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, zbarimg, "-q",
                             "--nodbus", "--raw", "-Sdisable", "-Scode128.enable", path, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (reader, NULL, NULL, &said, NULL, &error);
  g_unlink (path);
  g_assert_no_error (error);
  g_assert_cmpstr (said, ==, wanted);
}

static void
test_read_back (void)
{
  static const char *const texts[] = { "000020TRLZ", "1010102085460000000001", "AB12345C",
                                       "AB1234567",  "~!x0y99z1234",           "12345",
                                       "A" };
  g_autofree char *zbarimg = g_find_program_in_path ("zbarimg");

  if (zbarimg == NULL)
    {
      g_test_skip ("zbarimg is not installed");
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    read_back (zbarimg, texts[i]);
}

static void
test_refused (void)
{
  g_autofree char *long_text = g_strnfill (81, '1');
  const char *const bad[] = { "", "\n", "é", "\x7f", long_text };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      guint width = 7;

      g_assert_null (cobro_barcode_to_path (bad[i], &width, &error));
      g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
      g_assert_cmpuint (width, ==, 7);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/barcode/known", test_known);
  g_test_add_func ("/barcode/packing", test_packing);
  g_test_add_func ("/barcode/read-back", test_read_back);
  g_test_add_func ("/barcode/refused", test_refused);
  return g_test_run ();
}
