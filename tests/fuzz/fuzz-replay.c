/* tests/fuzz/fuzz-replay.c — replays a corpus through a fuzz target where there is no libFuzzer (gcc): every file as it
 * is, cut off at every byte, and with seeded mutations, so that each run tries the same inputs. Usage: fuzz-NAME
 * CORPUS-FOLDER; COBRO_TEST_SEED= tries others, COBRO_FUZZ_ROUNDS= more of them. Layer: tests. */
#include "fuzz-replay.h"

#include <glib.h>
#include <string.h>

#define ROUNDS 3000 /* mutations of each file */

static const char *folder;

static guint64
number_from_environment (const char *name, guint64 fallback)
{
  const char *text = g_getenv (name);

  return text != NULL ? g_ascii_strtoull (text, NULL, 10) : fallback;
}

/* The input stands in memory of exactly its size, so that a sanitizer sees one byte too far. */
static void
try_input (const guint8 *data, gsize size)
{
  g_autofree guint8 *exact = g_memdup2 (data, size);
  static const guint8 none;

  LLVMFuzzerTestOneInput (exact != NULL ? exact : &none, size);
}

/* Puts @n bytes into the middle. */
static void
insert (GByteArray *bytes, guint at, gconstpointer part, guint n)
{
  g_autoptr (GByteArray) tail = g_byte_array_new ();

  g_byte_array_append (tail, bytes->data + at, bytes->len - at);
  g_byte_array_set_size (bytes, at);
  g_byte_array_append (bytes, part, n);
  g_byte_array_append (bytes, tail->data, tail->len);
}

static void
insert_word (GByteArray *bytes, guint at, GRand *rand)
{
  static const char *const words[] = { "\r\n",
                                       "\n",
                                       "\r",
                                       " ",
                                       "\t",
                                       ":",
                                       "%",
                                       "%00",
                                       "\"",
                                       "{",
                                       "}",
                                       "[",
                                       "]",
                                       ",",
                                       "=",
                                       "&",
                                       "Content-Length: 1\r\n",
                                       "Transfer-Encoding: chunked\r\n",
                                       "Host: b\r\n",
                                       "-1",
                                       "9223372036854775808",
                                       "\\u0000",
                                       "\\ud800",
                                       "\xff",
                                       "1e999",
                                       "null",
                                       "true" };
  const char *word = words[g_rand_int_range (rand, 0, G_N_ELEMENTS (words))];

  insert (bytes, at, word, strlen (word));
}

static void
mutate (GByteArray *bytes, GRand *rand)
{
  guint at = bytes->len > 0 ? g_rand_int_range (rand, 0, bytes->len) : 0;
  guint few = bytes->len > 0 ? g_rand_int_range (rand, 1, MIN (bytes->len - at, 32) + 1) : 0;
  g_autofree guint8 *part = g_memdup2 (bytes->data + at, few);

  if (bytes->len == 0)
    {
      insert_word (bytes, 0, rand);
      return;
    }
  switch (g_rand_int_range (rand, 0, 5))
    {
    case 0:
      bytes->data[at] = g_rand_int_range (rand, 0, 256);
      break;
    case 1:
      bytes->data[at] ^= 1 << g_rand_int_range (rand, 0, 8);
      break;
    case 2:
      g_byte_array_remove_range (bytes, at, few);
      break;
    case 3: /* a part once more */
      insert (bytes, at, part, few);
      break;
    default:
      insert_word (bytes, at, rand);
    }
}

static void
replay (gconstpointer data)
{
  g_autofree char *path = g_build_filename (folder, data, NULL);
  g_autofree char *text = NULL;
  guint64 rounds = number_from_environment ("COBRO_FUZZ_ROUNDS", ROUNDS);
  GRand *rand = g_rand_new_with_seed (number_from_environment ("COBRO_TEST_SEED", g_str_hash (data)));
  gsize size;

  g_assert_true (g_file_get_contents (path, &text, &size, NULL));
  for (gsize cut = 0; cut <= size; cut++)
    try_input ((const guint8 *)text, cut);
  for (guint64 round = 0; round < rounds; round++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();

      g_byte_array_append (bytes, (const guint8 *)text, size);
      for (int i = g_rand_int_range (rand, 1, 6); i > 0; i--)
        mutate (bytes, rand);
      try_input (bytes->data, bytes->len);
    }
  g_rand_free (rand);
}

int
main (int argc, char **argv)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;
  g_autofree char *target = g_path_get_basename (argv[0]);

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  folder = argv[1];
  dir = g_dir_open (folder, 0, NULL);
  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *test = g_strdup_printf ("/%s/%s", target, name);

      g_test_add_data_func_full (test, g_strdup (name), replay, g_free);
    }
  return g_test_run ();
}
