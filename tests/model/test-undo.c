/* tests/model/test-undo.c — steps are taken back newest first, each once.
 * Layer: tests. */
#include "cobro-undo.h"

static void
append_mark (gpointer data)
{
  gpointer *pair = data;

  g_string_append (pair[0], pair[1]);
}

static guint
push (CobroUndo *undo, GString *log, const char *mark)
{
  gpointer *pair = g_new (gpointer, 2);

  pair[0] = log;
  pair[1] = (gpointer)mark;
  return cobro_undo_push (undo, mark, append_mark, pair, g_free);
}

static void
test_order (void)
{
  g_autoptr (CobroUndo) undo = cobro_undo_new ();
  g_autoptr (GString) log = g_string_new (NULL);
  guint b;

  g_assert_false (cobro_undo_run_newest (undo));
  push (undo, log, "a");
  b = push (undo, log, "b");
  push (undo, log, "c");
  g_assert_true (cobro_undo_get_can_undo (undo));

  g_assert_true (cobro_undo_run (undo, b));
  g_assert_false (cobro_undo_run (undo, b)); /* a toast that was pressed twice */
  g_assert_true (cobro_undo_run_newest (undo));
  g_assert_true (cobro_undo_run_newest (undo));
  g_assert_false (cobro_undo_get_can_undo (undo));
  g_assert_cmpstr (log->str, ==, "bca");
}

static void
test_forgets_the_oldest (void)
{
  g_autoptr (CobroUndo) undo = cobro_undo_new ();
  g_autoptr (GString) log = g_string_new (NULL);
  guint first = push (undo, log, "first"), n = 0;

  for (guint i = 0; i < COBRO_UNDO_MAX; i++)
    push (undo, log, ".");
  g_assert_false (cobro_undo_run (undo, first));
  while (cobro_undo_run_newest (undo))
    n++;
  g_assert_cmpuint (n, ==, COBRO_UNDO_MAX);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/undo/order", test_order);
  g_test_add_func ("/undo/forgets-the-oldest", test_forgets_the_oldest);
  return g_test_run ();
}
