/* tests/bench/bench-gate.c — the bare gate, or a stock SoupServer, serving the same 8 KiB page from memory: what a
 * request costs before any of our own work. Usage: bench-gate gate|soup; prints the port and serves until it is killed.
 * The gate has /inline and /pool, soup any path. Layer: tests. */
#include <libsoup/soup.h>
#include <stdio.h>
#include <string.h>
#include "relay-server.h"

#define PAGE_BYTES 8192

static GBytes *
new_page (void)
{
  char *text = g_strnfill (PAGE_BYTES, 'x');

  return g_bytes_new_take (text, PAGE_BYTES);
}

static RelayReply *
serve_page (gpointer context, RelayRequest *request)
{
  return relay_reply_html_bytes (request, 200, context, NULL, NULL);
}

static int
run_gate (void)
{
  static const RelayRoute routes[] = {
    { .method = "GET", .template = "/inline", .handler = serve_page, .flags = RELAY_ROUTE_INLINE },
    { .method = "GET", .template = "/pool", .handler = serve_page },
    { .method = NULL },
  };
  g_autoptr (GBytes) page = new_page ();
  g_autoptr (CobroClock) clock = cobro_clock_new_system ();
  g_autoptr (CobroRandom) random = cobro_random_new_system ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayServer) server = relay_server_new (
    &(RelayServerConfig){
      .listen = "127.0.0.1:0",
      .routes = routes,
      .context = page,
      .clock = clock,
      .random = random,
      .connections_per_peer = 8000,
    },
    &error);

  if (server == NULL)
    {
      fprintf (stderr, "bench-gate: %s\n", error->message);
      return 1;
    }
  printf ("%s\n", strrchr (relay_server_get_url (server), ':') + 1);
  fflush (stdout);
  g_main_loop_run (loop);
  return 0;
}

static void
on_message (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  gsize length;
  const char *bytes = g_bytes_get_data (data, &length);

  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "text/html; charset=utf-8", SOUP_MEMORY_STATIC, bytes, length);
}

static int
run_soup (void)
{
  g_autoptr (GBytes) page = new_page ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (SoupServer) server = soup_server_new (NULL, NULL);
  g_autoptr (GError) error = NULL;
  GSList *uris;

  soup_server_add_handler (server, NULL, on_message, page, NULL);
  if (!soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error))
    {
      fprintf (stderr, "bench-gate: %s\n", error->message);
      return 1;
    }
  uris = soup_server_get_uris (server);
  printf ("%d\n", g_uri_get_port (uris->data));
  fflush (stdout);
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
  g_main_loop_run (loop);
  return 0;
}

int
main (int argc, char **argv)
{
  if (argc == 2 && strcmp (argv[1], "gate") == 0)
    return run_gate ();
  if (argc == 2 && strcmp (argv[1], "soup") == 0)
    return run_soup ();
  fprintf (stderr, "usage: bench-gate gate|soup\n");
  return 2;
}
