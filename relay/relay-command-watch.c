/* relay/relay-command-watch.c — watch-page: the payment page as buyers get it, from outside, held against what this
 * program would send. For a line of cron: silence and 0 when all is well. Layer: relay (composition). Thread: main. */
#include <string.h>

#include "cobro-error.h"
#include "cobro-net-client.h"
#include "cobro-wire.h"
#include "config.h"
#include "relay-command.h"
#include "relay-exit.h"
#include "relay-watch.h"

#define DEADLINE   15000
#define PAGE_MAX   (1024 * 1024)
#define SCRIPT_MAX (8 * 1024 * 1024)

/* What is being watched, and what was found. */
typedef struct
{
  RelayTemplates *templates;
  CobroNetClient *client;
  CobroWireWriter *writer; /* NULL: text */
  gboolean quiet;
  guint pages, findings;
} Watching;

static CobroNetAnswer *
fetch (Watching *self, const char *url, gsize max_bytes, GError **error)
{
  const char *const headers[] = { "Accept", "text/html,*/*;q=0.5", "Accept-Language", "en", "Cache-Control", "no-cache",
                                  NULL };

  return cobro_net_client_send (
    self->client,
    &(CobroNetRequest){
      .method = "GET", .url = url, .headers = headers, .deadline_ms = DEADLINE, .max_bytes = max_bytes },
    NULL, error);
}

/* The token of a link opens its page: it is not for logs. */
static char *
without_token (const char *url)
{
  const char *token = strstr (url, "/pay/");
  gsize length;

  if (token == NULL)
    return g_strdup (url);
  token += strlen ("/pay/");
  length = strcspn (token, "/?#");
  return g_strdup_printf ("%.*s…%s", (int)(token - url), url, token + length);
}

/* ── Saying it ──────────────────────────────────────────────────────────────────────────────────────────────── */

static void
say_finding (Watching *self, const char *words)
{
  self->findings++;
  if (self->writer != NULL)
    cobro_wire_put_text (self->writer, NULL, words);
  else
    g_print ("wrong   %s\n", words);
}

/* @hash: (nullable): of its bytes at this moment. */
static void
say_script (Watching *self, const RelayWatchedScript *script, const char *hash)
{
  g_autofree char *words = NULL;

  if (self->quiet || self->writer != NULL)
    return;
  words = script->of != NULL
            ? g_strdup_printf ("%s (%s): %s", script->of->owner, script->of->provider, script->of->reason)
            : g_strdup (script->ours ? "ours" : "a stranger's");
  g_print ("script  %s\n        %s\n        %s\n", script->url, words, hash != NULL ? hash : "could not be fetched");
}

/* ── Looking ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* What a browser would run: our scripts byte for byte, the others as far as their owners promise. */
static void
look_at_bytes (Watching *self, const RelayWatchedScript *script, GPtrArray *findings)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroNetAnswer) answer = fetch (self, script->url, SCRIPT_MAX, &error);
  g_autofree char *hash = answer != NULL && answer->status == 200 ? relay_watch_hash (answer->body) : NULL;

  say_script (self, script, hash);
  if (hash == NULL && answer == NULL)
    g_ptr_array_add (findings, g_strdup_printf ("script %s cannot be fetched: %s", script->url, error->message));
  else if (hash == NULL)
    g_ptr_array_add (findings, g_strdup_printf ("script %s is answered with %u", script->url, answer->status));
  else if (script->integrity != NULL && strcmp (hash, script->integrity) != 0)
    g_ptr_array_add (findings, g_strdup_printf ("script %s was changed on its way: it is %s instead of %s", script->url,
                                                hash, script->integrity));
}

static void
begin_page (Watching *self, const char *url, guint status)
{
  g_autofree char *shown = without_token (url);

  self->pages++;
  if (self->writer != NULL)
    {
      cobro_wire_begin_object (self->writer, NULL);
      cobro_wire_put_text (self->writer, "page", shown);
      cobro_wire_put_int64 (self->writer, "status", status);
      cobro_wire_begin_array (self->writer, "findings");
    }
  else if (!self->quiet)
    g_print ("page    %s\n", shown);
}

static void
end_page (Watching *self, const char *url, guint before)
{
  if (self->writer != NULL)
    {
      cobro_wire_end_array (self->writer);
      cobro_wire_end_object (self->writer);
    }
  else if (!self->quiet && self->findings == before)
    g_print ("ok      as it should be\n");
}

static void
look_at_page (Watching *self, const char *url, const CobroNetAnswer *answer)
{
  g_autofree char *html = g_strndup (g_bytes_get_data (answer->body, NULL), g_bytes_get_size (answer->body));
  RelayWatched page = { .url = url, .headers = answer->headers, .html = html };
  g_autoptr (GPtrArray) scripts = NULL;
  g_autoptr (GPtrArray) findings = relay_watch_page (self->templates, &page, &scripts);
  guint before = self->findings;

  begin_page (self, url, answer->status);
  for (guint i = 0; i < scripts->len; i++)
    look_at_bytes (self, scripts->pdata[i], findings);
  for (guint i = 0; i < findings->len; i++)
    say_finding (self, findings->pdata[i]);
  end_page (self, url, before);
}

/* The page itself: it has to be there. */
static gboolean
watch_link (Watching *self, const char *url, GError **error)
{
  g_autoptr (CobroNetAnswer) answer = fetch (self, url, PAGE_MAX, error);

  if (answer == NULL)
    return FALSE;
  if (answer->status != 200)
    return cobro_error_set (error, COBRO_ERROR_UNAVAILABLE,
                            "the page is answered with %u: give the address of a link "
                            "that can be paid",
                            answer->status);
  look_at_page (self, url, answer);
  return TRUE;
}

/* The pages with providers' scripts, where the link's merchant has them; elsewhere the answer leads back to the link.
 */
static gboolean
watch_embedded (Watching *self, const char *url, GError **error)
{
  const GPtrArray *scripts = relay_scripts_list (relay_templates_get_scripts (self->templates));
  const char *last = "";

  for (guint i = 0; i < scripts->len; i++)
    {
      const RelayScript *script = scripts->pdata[i];
      g_autofree char *with = g_strdup_printf ("%s/with/%s", url, script->provider);
      g_autoptr (CobroNetAnswer) answer = NULL;

      if (strcmp (script->provider, last) == 0)
        continue;
      last = script->provider;
      if (!(answer = fetch (self, with, PAGE_MAX, error)))
        return FALSE;
      if (answer->status == 200)
        look_at_page (self, with, answer);
    }
  return TRUE;
}

static gboolean
watch (Watching *self, const char *url, GError **error)
{
  g_autofree char *plain = g_strndup (url, strcspn (url, "?#"));
  gboolean is_page = strstr (plain, "/with/") != NULL;

  return watch_link (self, plain, error) && (is_page || watch_embedded (self, plain, error));
}

/* ── The command ────────────────────────────────────────────────────────────────────────────────────────────── */

static int
run (Watching *self, const char *url, gboolean json)
{
  g_autofree char *text = NULL;
  GError *error = NULL;
  gboolean ok;

  if (json)
    {
      self->writer = cobro_wire_writer_new ();
      cobro_wire_begin_array (self->writer, NULL);
    }
  ok = watch (self, url, &error);
  if (json)
    {
      cobro_wire_end_array (self->writer);
      text = cobro_wire_writer_take (self->writer);
      cobro_wire_writer_free (self->writer);
      if (ok)
        g_print ("%s\n", text);
    }
  if (!ok)
    return relay_command_fail (error);
  return self->findings > 0 ? RELAY_EXIT_FINDINGS : RELAY_EXIT_OK;
}

int
relay_command_watch_page (int argc, char **argv)
{
  g_auto (RelayCommandOptions) options = { 0 };
  g_autoptr (RelayConfig) config = NULL;
  Watching self = { 0 };
  const GOptionEntry extra[] = {
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &self.quiet, "say only what is wrong", NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  GError *error = NULL;
  int code = relay_command_parse ("watch-page", RELAY_COMMAND_JSON, extra, 1, &argc, &argv, &options, &config);

  if (code >= 0)
    return code;
  if (!(self.templates = relay_templates_new (&error)))
    return relay_command_fail (error);
  self.client = cobro_net_client_new ("cobro-relay-watch/" COBRO_VERSION);
  code = run (&self, argv[1], options.json);
  cobro_net_client_free (self.client);
  relay_templates_free (self.templates);
  return code;
}
