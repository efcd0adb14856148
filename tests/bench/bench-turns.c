/* tests/bench/bench-turns.c — what opening anything keeps the main loop from hearing: the processor time of each turn,
 * from leaving poll() to coming back to it, for everything the window can show. Needs a display.
 *   bench-turns   the sample shop at 1000 × 700; a line of JSON: [[name, worst turn in ms, all turns in ms], …]
 * "floor" is an empty libadwaita window with a header bar, opened the same way.
 * Layer: tests. Main thread. */
#include "config.h"

#include <stdio.h>
#include <time.h>
#include "ui-tour.h"

static struct
{
  gint64 used_before; /* ns: when poll() was left */
  gint64 worst, all;  /* ns: since the last thing was shown */
  GString *json;
} turns;

static gint64
used (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * G_GINT64_CONSTANT (1000000000) + time.tv_nsec;
}

static gint
timed_poll (GPollFD *fds, guint n, gint timeout)
{
  gint64 took = used () - turns.used_before;
  gint result;

  turns.all += took;
  turns.worst = MAX (turns.worst, took);
  result = g_poll (fds, n, timeout);
  turns.used_before = used ();
  return result;
}

/* What the tour itself does between two things is nobody's. */
static void
begin_again (void)
{
  ui_settle ();
  turns.all = turns.worst = 0;
  turns.used_before = used ();
}

static void
tell (const char *name)
{
  g_string_append_printf (turns.json, "%s[\"%s\", %.1f, %.1f]", turns.json->len > 1 ? ", " : "", name,
                          turns.worst / 1e6, turns.all / 1e6);
  begin_again ();
}

static void
on_shown (gpointer window, const char *name, gpointer data)
{
  tell (name);
}

static void
on_leaving (gpointer window, const char *name, gpointer data)
{
  begin_again ();
  gtk_window_close (window);
  begin_again ();
}

static void
open_floor (void)
{
  for (int i = 0; i < 2; i++)
    {
      GtkWidget *window = adw_window_new ();
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

      gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
      adw_window_set_content (ADW_WINDOW (window), box);
      gtk_window_set_default_size (GTK_WINDOW (window), 480, 640);
      gtk_window_present (GTK_WINDOW (window));
      ui_settle ();
      tell (i == 0 ? "floor, first" : "floor");
      gtk_window_destroy (GTK_WINDOW (window));
      begin_again ();
    }
}

int
main (int argc, char **argv)
{
  UiFixture fixture = { 0 };
  UiTour tour = { .fixture = &fixture, .func = on_shown, .leave = on_leaving, .ask = TRUE };

  ui_fixture_init (&argc, &argv);
  turns.json = g_string_new ("[");
  g_main_context_set_poll_func (NULL, timed_poll);
  ui_fixture_set_up (&fixture, NULL);
  ui_tour_fill (&fixture);
  begin_again ();
  open_floor ();
  ui_fixture_start (&fixture, 1000, 700);
  tell ("main");
  ui_tour_actions (&tour);
  ui_tour_places (&tour);
  printf ("%s]\n", turns.json->str);
  fflush (stdout);
  _exit (0); /* what is measured is over */
}
