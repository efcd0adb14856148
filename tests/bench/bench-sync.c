/* tests/bench/bench-sync.c — how long it takes to upload many links to a relay, and for another desktop to hear of
 * them. Usage: bench-sync ADDRESS CODE CODE [LINKS]; prints one JSON object, times in microseconds. Layer: tests. */
#include "cobro-error.h"
#include "cobro-link-store.h"
#include "cobro-sync-engine.h"
#include "cobro-sync-steps.h"

static void
must (GError *error)
{
  if (error != NULL)
    g_error ("%s", error->message);
}

static gpointer
do_fill (CobroStoreTx *tx, gpointer data, GError **error)
{
  for (int i = 0; i < *(int *)data; i++)
    {
      g_autoptr (CobroLink) link = cobro_link_new ();
      g_autoptr (CobroLinkChange) change = NULL;
      g_autofree char *title = g_strdup_printf ("Order %d", i);

      cobro_link_set_text (&link->title, title);
      if (!cobro_currency_from_code ("EUR", &link->currency, error))
        return NULL;
      link->amount = cobro_money (100 + i, link->currency);
      if (!(change = cobro_link_store_put (tx, link, error)))
        return NULL;
    }
  return GINT_TO_POINTER (TRUE);
}

static CobroStore *
open_books (const char *folder, const char *name, CobroClock *clock, CobroRandom *random)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  CobroStore *store = cobro_store_open (&(CobroStoreConfig){ path, clock, random, cobro_sync_codec () }, &error);

  must (error);
  return store;
}

static CobroRelayClient *
pair (CobroStore *store, const char *address, const char *code)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *key = cobro_sync_pair (store, address, code, "bench", NULL, &error);

  must (error);
  return cobro_relay_client_new (address, key);
}

static gint64
push_all (CobroStore *store, CobroRelayClient *client)
{
  gint64 begun = g_get_monotonic_time ();
  CobroPushStep step = { .more = TRUE };

  while (step.more)
    {
      g_autoptr (GError) error = NULL;

      (void)!cobro_sync_push_once (store, client, COBRO_PUSH_OPERATIONS_MAX, &step, NULL, &error);
      must (error);
    }
  return g_get_monotonic_time () - begun;
}

static gint64
pull_all (CobroStore *store, CobroRelayClient *client, gint64 *out_events)
{
  gint64 begun = g_get_monotonic_time ();
  guint n = 1;

  for (*out_events = 0; n > 0; *out_events += n)
    {
      g_autoptr (GError) error = NULL;

      (void)!cobro_sync_pull_once (store, client, 0, &n, NULL, &error);
      must (error);
    }
  return g_get_monotonic_time () - begun;
}

static void
push (CobroStore *store, CobroRelayClient *client, int links)
{
  g_autoptr (GError) error = NULL;
  gint64 begun = g_get_monotonic_time (), fill;

  cobro_store_write (store, do_fill, &links, &error);
  must (error);
  fill = g_get_monotonic_time () - begun;
  g_print ("{ \"links\": %d, \"fill\": %" G_GINT64_FORMAT ", \"push\": %" G_GINT64_FORMAT " }\n", links, fill,
           push_all (store, client));
}

static void
pull (CobroStore *store, CobroRelayClient *client)
{
  gint64 events, time = pull_all (store, client, &events);

  g_print ("{ \"events\": %" G_GINT64_FORMAT ", \"pull\": %" G_GINT64_FORMAT " }\n", events, time);
}

int
main (int argc, char *argv[])
{
  g_autofree char *folder = g_dir_make_tmp ("cobro-bench-XXXXXX", NULL);
  g_autoptr (CobroClock) clock = cobro_clock_new_system ();
  g_autoptr (CobroRandom) random = cobro_random_new_system ();
  g_autoptr (CobroStore) store = open_books (folder, "books.sqlite", clock, random);
  g_autoptr (CobroRelayClient) client = NULL;

  if (argc < 4)
    return 64;
  client = pair (store, argv[2], argv[3]);
  if (g_str_equal (argv[1], "push"))
    push (store, client, argc > 4 ? (int)g_ascii_strtoll (argv[4], NULL, 10) : 50000);
  else
    pull (store, client);
  return 0;
}
