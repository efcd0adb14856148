/* tests/bench/bench-desktop.c — how long the window takes, in the process that paints it. Needs a display.
 *   bench-desktop fill FOLDER FROM N   puts N links into the books of FOLDER
 *   bench-desktop empty                an empty libadwaita window: from exec to the first painted frame
 *   bench-desktop first FOLDER         the program's window on new books; the same
 *   bench-desktop window FOLDER        the program's window on those books; the same
 *   bench-desktop list FOLDER          then jumps through the list, and searches
 * Each prints one line of JSON. BENCH_START: the wall clock in µs just before exec.
 * Layer: tests. Main thread. */
#include <adwaita.h>
#include <stdio.h>
#include <string.h>
#include "cobro-context.h"
#include "cobro-list-view.h"
#include "cobro-settings.h"
#include "cobro-sync-engine.h"
#include "cobro-window.h"

#define JUMPS    200
#define SEARCHES 7

/* ── Books ───────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  int from;
  int n;
} Batch;

static const char *const nouns[] = { "Coffee",   "Bread",       "Bicycle repair", "Guitar lesson", "Garden work",
                                     "Web site", "Translation", "Catering",       "Photographs",   "Consultation" };

static gpointer
fill_batch (CobroStoreTx *tx, gpointer data, GError **error)
{
  Batch *batch = data;

  for (int i = batch->from; i < batch->from + batch->n; i++)
    {
      g_autoptr (CobroLink) link = cobro_link_new ();
      g_autoptr (CobroLinkChange) change = NULL;
      g_autofree char *title = g_strdup_printf ("%s for customer %d", nouns[i % G_N_ELEMENTS (nouns)], i % 9973);
      g_autofree char *reference = g_strdup_printf ("B-%d", i);

      cobro_link_set_text (&link->title, title);
      cobro_link_set_text (&link->description, "Thank you for your order");
      cobro_link_set_text (&link->reference, reference);
      if (!cobro_currency_from_code ("EUR", &link->currency, error))
        return NULL;
      link->amount = cobro_money (500 + i % 20000, link->currency);
      change = cobro_link_store_put (tx, link, error);
      if (change == NULL)
        return NULL;
    }
  return batch;
}

static int
fill (const char *folder, int from, int n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroContext) context = cobro_context_new (folder, &error);

  for (int i = from; context != NULL && error == NULL && i < from + n; i += 1000)
    cobro_store_write (context->store, fill_batch, &(Batch){ i, MIN (1000, from + n - i) }, &error);
  if (error != NULL)
    {
      fprintf (stderr, "bench-desktop: %s\n", error->message);
      return 1;
    }
  printf ("{\"links\": %d}\n", n);
  return 0;
}

/* ── Measuring ───────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  const char *mode;
  const char *folder;
  gint64 begun;
  AdwApplication *application;
  CobroContext *context;
  GtkWindow *window;
  double painted_ms; /* the first frame */
  double filled_ms;  /* the first frame with links in it */
  GListModel *model; /* of the list */
  GtkAdjustment *adjustment;
  GArray *jumps; /* (element-type double) ms from the jump to a frame that shows its links */
  gint64 jumped_at;
  guint jumped_to;
  GArray *searches; /* (element-type double) ms to the first 128 hits, read */
  gint64 ticked_at;
  double stall_ms; /* the longest the main loop was not to be had, while jumping */
  gboolean was_shown;
} Bench;

static double
since (gint64 start)
{
  return (g_get_monotonic_time () - start) / 1000.0;
}

static int
by_size (gconstpointer a, gconstpointer b)
{
  double x = *(const double *)a, y = *(const double *)b;

  return x < y ? -1 : x > y;
}

static double
percentile (GArray *values, guint per_cent)
{
  g_array_sort (values, by_size);
  return values->len == 0 ? 0 : g_array_index (values, double, (values->len - 1) * per_cent / 100);
}

static long
resident_kib (void)
{
  g_autofree char *text = NULL;
  const char *line = NULL;

  if (g_file_get_contents ("/proc/self/smaps_rollup", &text, NULL, NULL))
    line = strstr (text, "Rss:");
  return line == NULL ? 0 : strtol (line + strlen ("Rss:"), NULL, 10);
}

static GtkWidget *
find_widget (GtkWidget *from, GType type)
{
  if (g_type_is_a (G_OBJECT_TYPE (from), type))
    return from;
  for (GtkWidget *child = gtk_widget_get_first_child (from); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static gboolean
is_filled (GListModel *model, guint position)
{
  g_autoptr (CobroLinkItem) item = g_list_model_get_item (model, position);

  return item != NULL && cobro_row_item_is_filled (COBRO_ROW_ITEM (item));
}

/* ── Searching: the list alone ───────────────────────────────────────────────────────────────────── */

static void
until_answered (CobroRowList *list)
{
  while (cobro_row_list_get_loading (list))
    g_main_context_iteration (NULL, TRUE);
}

static void
on_first_hits (GListModel *list, guint position, guint removed, guint added, gpointer came)
{
  *(gboolean *)came = TRUE;
}

/* Until the first hits are there, read: all of them may come later. */
static void
until_first_hits (CobroRowList *list)
{
  gboolean came = FALSE;
  gulong id = g_signal_connect (list, "items-changed", G_CALLBACK (on_first_hits), &came);

  while (cobro_row_list_get_loading (list) && !came)
    g_main_context_iteration (NULL, TRUE);
  while (g_list_model_get_n_items (G_LIST_MODEL (list)) > 0 && !is_filled (G_LIST_MODEL (list), 0))
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (list, id);
}

static void
measure_searches (Bench *bench)
{
  static const char *const words[SEARCHES] = { "co", "coffee", "gui", "customer", "b-77", "web site 12", "zz" };
  g_autoptr (CobroRowList) list = cobro_links_list (bench->context->links);

  until_answered (list);
  for (guint round = 0; round < 5; round++)
    for (guint i = 0; i < SEARCHES; i++)
      {
        gint64 start = g_get_monotonic_time ();
        double took;

        cobro_links_ask (bench->context->links, list, words[i], COBRO_LINK_FILTER_ALL, COBRO_LINK_SORT_CREATED, TRUE);
        until_first_hits (list);
        took = since (start);
        g_array_append_val (bench->searches, took);
        until_answered (list);
      }
}

/* ── Jumping ─────────────────────────────────────────────────────────────────────────────────────── */

static void
finish (Bench *bench)
{
  if (bench->context != NULL && strcmp (bench->mode, "list") == 0)
    measure_searches (bench);
  printf (
    "{\"painted_ms\": %.1f, \"filled_ms\": %.1f, \"resident_kib\": %ld, \"jump_p50_ms\": %.1f, \"jump_p95_ms\": %.1f, "
    "\"stall_ms\": %.1f, \"search_p50_ms\": %.1f, \"search_max_ms\": %.1f}\n",
    bench->painted_ms, bench->filled_ms, resident_kib (), percentile (bench->jumps, 50), percentile (bench->jumps, 95),
    bench->stall_ms, percentile (bench->searches, 50), percentile (bench->searches, 100));
  fflush (stdout);
  _exit (0); /* what is measured is over; taking the program down is not part of it */
}

static void
jump (Bench *bench)
{
  guint n = g_list_model_get_n_items (bench->model);
  double upper = gtk_adjustment_get_upper (bench->adjustment) - gtk_adjustment_get_page_size (bench->adjustment);

  /* Far from where it is, never where it has been, and the same in every run. */
  bench->jumped_to = (guint)(((guint64)(bench->jumps->len + 1) * 2654435761u) % MAX (n, 1));
  bench->jumped_at = g_get_monotonic_time ();
  gtk_adjustment_set_value (bench->adjustment, upper * bench->jumped_to / MAX (n, 1));
}

static gboolean
on_tick (gpointer data)
{
  Bench *bench = data;
  gint64 now = g_get_monotonic_time ();

  if (bench->ticked_at != 0 && bench->jumped_at != 0)
    bench->stall_ms = MAX (bench->stall_ms, (now - bench->ticked_at) / 1000.0);
  bench->ticked_at = now;
  return G_SOURCE_CONTINUE;
}

static gboolean
on_next_jump (gpointer data)
{
  jump (data);
  return G_SOURCE_REMOVE;
}

static void
after_jump (Bench *bench)
{
  double took;

  if (bench->jumped_at == 0 || !is_filled (bench->model, bench->jumped_to))
    return;
  took = since (bench->jumped_at);
  bench->jumped_at = 0;
  g_array_append_val (bench->jumps, took);
  if (bench->jumps->len == JUMPS)
    finish (bench);
  else
    g_timeout_add (5, on_next_jump, bench);
}

static gboolean
on_settled (gpointer data)
{
  Bench *bench = data;
  GtkWidget *view = find_widget (GTK_WIDGET (bench->window), COBRO_TYPE_LIST_VIEW);

  if (strcmp (bench->mode, "list") != 0)
    finish (bench);
  bench->adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view));
  g_timeout_add_full (G_PRIORITY_HIGH, 1, on_tick, bench, NULL);
  jump (bench);
  return G_SOURCE_REMOVE;
}

/* ── The first frame ─────────────────────────────────────────────────────────────────────────────── */

static void
on_painted (GdkFrameClock *clock, gpointer data)
{
  Bench *bench = data;
  GtkWidget *view;

  if (bench->painted_ms == 0)
    bench->painted_ms = since (bench->begun);
  if (bench->filled_ms > 0)
    {
      if (bench->model != NULL)
        after_jump (bench);
      return;
    }
  view = find_widget (GTK_WIDGET (bench->window), COBRO_TYPE_LIST_VIEW);
  if (view != NULL)
    bench->model = (GListModel *)cobro_list_view_get_selection (COBRO_LIST_VIEW (view));
  if ((strcmp (bench->mode, "window") == 0 || strcmp (bench->mode, "list") == 0) &&
      (bench->model == NULL || !is_filled (bench->model, 0)))
    return;
  bench->filled_ms = since (bench->begun);
  g_timeout_add (1500, on_settled, bench); /* what follows in the background is over by then */
}

static GtkWindow *
empty_window (Bench *bench)
{
  GtkWidget *window = adw_application_window_new (GTK_APPLICATION (bench->application));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), box);
  gtk_window_set_default_size (GTK_WINDOW (window), 1000, 700);
  return GTK_WINDOW (window);
}

static void
on_activate (GApplication *application, gpointer data)
{
  Bench *bench = data;
  g_autoptr (GError) error = NULL;

  if (strcmp (bench->mode, "empty") == 0)
    bench->window = empty_window (bench);
  else if ((bench->context = cobro_context_new (bench->folder, &error)) != NULL)
    {
      g_autoptr (CobroBookshelf) bookshelf = cobro_bookshelf_new (bench->folder);
      CobroWindowModels models = cobro_context_get_models (bench->context, bookshelf);
      g_autoptr (GSettings) settings = cobro_settings_new ();

      /* The window begins where it was left. */
      if (settings != NULL && strcmp (bench->mode, "first") != 0)
        g_settings_set_string (settings, "last-place", "links");
      models.settings = settings;
      bench->window = GTK_WINDOW (cobro_window_new (GTK_APPLICATION (application), &models));
    }
  else
    {
      fprintf (stderr, "bench-desktop: %s\n", error->message);
      _exit (1);
    }
  gtk_widget_realize (GTK_WIDGET (bench->window));
  g_signal_connect (gtk_widget_get_frame_clock (GTK_WIDGET (bench->window)), "after-paint", G_CALLBACK (on_painted),
                    bench);
  gtk_window_present (bench->window);
}

int
main (int argc, char **argv)
{
  const char *begun = g_getenv ("BENCH_START");
  Bench bench = { .mode = argc > 1 ? argv[1] : "", .folder = argc > 2 ? argv[2] : NULL };

  if (argc == 5 && strcmp (bench.mode, "fill") == 0)
    return fill (bench.folder, strtol (argv[3], NULL, 10), strtol (argv[4], NULL, 10));
  if (!(argc == 2 && strcmp (bench.mode, "empty") == 0) && argc != 3)
    {
      fprintf (stderr,
               "usage: bench-desktop fill FOLDER FROM N | empty | first FOLDER | window FOLDER | list FOLDER\n");
      return 2;
    }
  bench.begun = g_get_monotonic_time ();
  if (begun != NULL)
    bench.begun -= g_get_real_time () - g_ascii_strtoll (begun, NULL, 10);
  bench.jumps = g_array_new (FALSE, FALSE, sizeof (double));
  bench.searches = g_array_new (FALSE, FALSE, sizeof (double));
  bench.application = adw_application_new ("app.cobro.Bench", G_APPLICATION_NON_UNIQUE);
  g_signal_connect (bench.application, "activate", G_CALLBACK (on_activate), &bench);
  return g_application_run (G_APPLICATION (bench.application), 0, NULL);
}
