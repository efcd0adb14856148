/* tests/sim/simulator.c — the simulator: one relay, desktops, a provider and buyers in one process under a clock that
 * stands still, with faults by the dice of a seed. After every step the newest entries of the books hold their
 * invariants; at the end the faults stop, everybody comes to rest, and everything is compared with the truth: what the
 * provider captured, what was acknowledged, what the desktops show.
 *
 * simulator [--seed N] [--first N] [--count N] [--steps N] [--trace]
 *
 * Layer: tests. One thread; the books' own threads work while it waits. */
#include <glib.h>
#include <locale.h>
#include <string.h>

#include "cobro-error.h"
#include "sim-desktop.h"
#include "sim-disk.h"
#include "sim-world.h"

/* proves: OPF-5 OPF-7 OPF-12 OPL-9 */

static gint first = 1, count = 1, steps = 45;
static gint64 one_seed = -1;
static gboolean trace;

static const GOptionEntry options[] = {
  { "seed", 0, 0, G_OPTION_ARG_INT64, &one_seed, "Run this seed alone", "N" },
  { "first", 0, 0, G_OPTION_ARG_INT, &first, "First seed", "N" },
  { "count", 0, 0, G_OPTION_ARG_INT, &count, "How many seeds", "N" },
  { "steps", 0, 0, G_OPTION_ARG_INT, &steps, "Steps of each run", "N" },
  { "trace", 0, 0, G_OPTION_ARG_NONE, &trace, "Say every step", NULL },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

/* Named where an assertion ends the run. */
static gint64 running_seed;

static void
on_failed_cb (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
  g_printerr ("Bail out! seed %" G_GINT64_FORMAT " failed: %s\nAgain: simulator --seed %" G_GINT64_FORMAT " --trace\n",
              running_seed, message, running_seed);
  g_log_default_handler (domain, level, message, data);
}

static void
run_seed (gint64 seed, SimTotals *totals)
{
  SimWorld *world;

  running_seed = seed;
  world = sim_world_new ((guint32)seed, trace);
  for (gint i = 0; i < steps; i++)
    sim_world_step (world);
  sim_world_rest (world);
  sim_world_check (world);
  sim_world_count (world, totals);
  sim_world_free (world);
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  SimTotals totals = { 0 };

  setlocale (LC_ALL, "");
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  if (one_seed < 0 && g_getenv ("COBRO_TEST_SEED") != NULL)
    one_seed = g_ascii_strtoll (g_getenv ("COBRO_TEST_SEED"), NULL, 10);
  g_log_set_handler (NULL, G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_FLAG_FATAL, on_failed_cb, NULL);
  sim_disk_install ();
  sim_relay_prepare (SIM_DESKTOPS);
  sim_desktop_prepare ();
  g_print ("1..1\n");
  if (one_seed >= 0)
    run_seed (one_seed, &totals);
  else
    for (gint i = 0; i < count; i++)
      run_seed (first + i, &totals);
  g_print ("# %u runs: %u starts of relays, %u of them after a crash; %u links, %u invoices, %u payments, %u refunds, "
           "%u events\n"
           "# %u calls to the provider, %u webhooks heard, %u sent, %u of them again\n",
           totals.runs, totals.starts, totals.deaths, totals.links, totals.invoices, totals.payments, totals.refunds,
           totals.events, totals.calls, totals.hooks, totals.messages, totals.repeated);
  g_print ("ok 1 - seeds %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT "\n", one_seed >= 0 ? one_seed : first,
           one_seed >= 0 ? one_seed : first + count - 1);
  sim_desktop_cleanup ();
  sim_relay_cleanup ();
  return 0;
}
