/* tests/wire/judge-vectors.c — every stored vector against ours. Layer: tests. */
#include "judge-vectors.h"

#include <string.h>

static void
vector_clear (JudgeVector *vector)
{
  g_free (vector->kind);
  g_free (vector->text);
  g_free (vector->verdicts);
  g_free (vector->key);
  g_free (vector->content);
}

static void
read_vector (const char *line, JudgeVector *out)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroWireObject) json = cobro_wire_parse (line, -1, &error);

  g_assert_no_error (error);
  g_assert_true (cobro_wire_get_text_needed (json, "k", &out->kind, &error));
  g_assert_true (cobro_wire_get_text_needed (json, "t", &out->text, &error));
  g_assert_true (cobro_wire_get_text_needed (json, "v", &out->verdicts, &error));
  g_assert_true (cobro_wire_get_text (json, "s", "", &out->key, &error));
  g_assert_true (cobro_wire_get_text (json, "p", "", &out->content, &error));
  g_assert_true (cobro_wire_get_int64 (json, "n", 0, &out->now, &error));
  g_assert_true (cobro_wire_done (json, &error));
}

static gssize
find_difference (const JudgeDifference *differences, gsize n, const char *kind)
{
  for (gsize i = 0; i < n; i++)
    if (g_str_equal (differences[i].kind, kind))
      return (gssize)i;
  return -1;
}

void
judge_vectors (const char *file, gboolean (*accepts) (const JudgeVector *vector), const char *const *must,
               const JudgeDifference *differences, gsize n_differences, guint at_least)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", file, NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autofree guint *met = g_new0 (guint, n_differences);
  guint n = 0, accepted = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (g_strchomp (text), "\n", -1);
  for (; lines[n] != NULL; n++)
    {
      JudgeVector vector = { NULL };
      gboolean ours, all_accept;
      gssize difference;

      read_vector (lines[n], &vector);
      ours = accepts (&vector);
      all_accept = strchr (vector.verdicts, 'r') == NULL;
      difference = find_difference (differences, n_differences, vector.kind);
      if (ours && !all_accept)
        g_error ("line %u (%s): a judge refuses what ours accepts: %s", n + 1, vector.kind, vector.text);
      if (!ours && g_strv_contains (must, vector.kind))
        g_error ("line %u (%s): ours refuses what it must accept: %s", n + 1, vector.kind, vector.text);
      if (!ours && all_accept && difference < 0)
        g_error ("line %u (%s): ours refuses what all judges accept: %s", n + 1, vector.kind, vector.text);
      if (!ours && all_accept)
        met[difference]++;
      accepted += ours ? 1 : 0;
      vector_clear (&vector);
    }
  g_test_message ("%u vectors, %u accepted", n, accepted);
  for (gsize i = 0; i < n_differences; i++)
    {
      g_test_message ("refused on purpose: %s (%u): %s", differences[i].kind, met[i], differences[i].why);
      g_assert_cmpuint (met[i], >, 0);
    }
  g_assert_cmpuint (n, >=, at_least);
}
