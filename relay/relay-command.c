/* relay/relay-command.c — the table of subcommands, and the options they share.
 * Layer: relay (composition). Thread: main. */
#include "relay-command.h"

#include "cobro-error.h"
#include "relay-exit.h"

#define BACKUP_HELP                                                                                                    \
  "The copy is read once more and must be whole; its SHA-256 is written beside it, as sha256sum -c reads it.\n"        \
  "With --keep FILE is a folder, for a line of cron. relay.key is not in it: keep a copy of that elsewhere."
#define LOAD_HELP                                                                                                      \
  "N connections, each of which waits for its answer before it asks again: one link is made for every eight reads "    \
  "of\n"                                                                                                               \
  "a link over the API and eight views of its page. Needs a key of test mode and a relay without rate limits.\n"       \
  "Other machines than this one are loaded only with --yes."
#define RESTORE_HELP                                                                                                   \
  "Stop the relay first. The present books are moved aside, the copy takes their place, and the providers are asked\n" \
  "for everything that is open and for their lists, from three days before the copy's last night. Nothing is served "  \
  "or\n"                                                                                                               \
  "sent meanwhile. The report names what cannot be proven. After that start the relay: webhooks that were under way "  \
  "are\n"                                                                                                              \
  "sent again with the same ids, and desktops publish again what the copy does not have."

#define WATCH_HELP                                                                                                     \
  "URL is a link that can be paid, as a buyer has it. Its page and the pages with providers' scripts are fetched, "    \
  "and\n"                                                                                                              \
  "scripts, policy and everything that they load are held against this version and its manifest of scripts; the "      \
  "bytes\n"                                                                                                            \
  "of our own scripts, too. Run it from another machine than the relay's, at least once a week (PCI DSS 11.6.1)."

/* A row without a function is a heading of the list. */
static const RelayCommand commands[] = {
  { "Run", NULL, NULL, NULL, NULL },
  { "serve", "", "serve customers, desktops and providers", NULL, relay_command_serve },
  { "demo", "", "serve a merchant of play money on this machine, to try everything out", NULL, relay_command_demo },
  { "Merchants", NULL, NULL, NULL, NULL },
  { "merchant add", "NAME", "add a merchant; shows the API key once", NULL, relay_command_merchant_add },
  { "merchant mail-from", "MERCHANT ADDRESS", "let a merchant's mails come from their own address; \"-\": the relay's",
    NULL, relay_command_mail_from },
  { "pair-code", "MERCHANT", "make a code that connects a desktop to a merchant", NULL, relay_command_pair_code },
  { "api-key add", "MERCHANT NAME", "make an API key; shows it once", NULL, relay_command_key_add },
  { "api-key list", "MERCHANT", "list a merchant's API keys", NULL, relay_command_key_list },
  { "api-key rotate", "MERCHANT KEY", "make a key's successor; both work for a day", NULL, relay_command_key_rotate },
  { "api-key revoke", "MERCHANT KEY", "end an API key at once", NULL, relay_command_key_revoke },
  { "key status", "", "show how secrets at rest are sealed", NULL, relay_command_secret_status },
  { "key rotate", "", "seal secrets at rest with a new key; may be cut off and run again", NULL,
    relay_command_secret_rotate },
  { "key replace-lost", "", "go on without a lost key file: provider secrets are entered again", NULL,
    relay_command_secret_replace_lost },
  { "Books", NULL, NULL, NULL, NULL },
  { "migrate", "", "bring the database to this version's schema, or move it to PostgreSQL", NULL,
    relay_command_migrate },
  { "deliveries", "MERCHANT", "list outgoing webhooks and what came back", NULL, relay_command_deliveries },
  { "replay", "MERCHANT", "send webhooks again that were given up", NULL, relay_command_replay },
  { "audit", "", "check every invariant of the ledger", NULL, relay_command_audit },
  { "backup", "FILE", "write a consistent copy of the books, also while the relay runs", BACKUP_HELP,
    relay_command_backup },
  { "restore", "FILE", "bring a copy back, and ask the providers what has happened since", RESTORE_HELP,
    relay_command_restore },
  { "reset", "", "empty the data folder; what was there is moved aside", NULL, relay_command_reset },
  { "sample-data", "", "make a merchant with links, payments of every state and refunds, in test money", NULL,
    relay_command_sample_data },
  { "Look", NULL, NULL, NULL, NULL },
  { "doctor", "", "look for what is wrong with machine, settings and books, and say what to do", NULL,
    relay_command_doctor },
  { "load", "URL", "load a relay from outside and print a table of percentiles", LOAD_HELP, relay_command_load },
  { "routes", "", "list the addresses that the relay answers, and who may call them", NULL, relay_command_routes },
  { "watch-page", "URL", "compare the payment page as buyers get it with what this relay would send", WATCH_HELP,
    relay_command_watch_page },
  { "version", "", "print the version", NULL, relay_command_version },
  { NULL, NULL, NULL, NULL, NULL },
};

const RelayCommand *
relay_commands (void)
{
  return commands;
}

void
relay_command_options_clear (RelayCommandOptions *options)
{
  g_clear_pointer (&options->config_file, g_free);
  g_clear_pointer (&options->listen, g_free);
  g_clear_pointer (&options->admin_listen, g_free);
  g_clear_pointer (&options->data, g_free);
  g_clear_pointer (&options->database, g_free);
  g_clear_pointer (&options->public_url, g_free);
}

int
relay_command_fail (GError *take_error)
{
  g_autoptr (GError) error = take_error;
  const char *path = cobro_error_get_path (error);

  if (path && error->domain == COBRO_ERROR && error->code == COBRO_ERROR_INVALID)
    g_printerr ("cobro-relay: %s: %s\n", path, error->message);
  else
    g_printerr ("cobro-relay: %s\n", error->message);
  return relay_exit_of (error);
}

static gboolean
take_options (RelayConfig *config, const RelayCommandOptions *options, GError **error)
{
  if (options->config_file && !relay_config_load (config, options->config_file, error))
    return FALSE;
  if (options->listen && !relay_config_set (config, "listen", options->listen, error))
    return FALSE;
  if (options->admin_listen && !relay_config_set (config, "admin-listen", options->admin_listen, error))
    return FALSE;
  if (options->data && !relay_config_set (config, "data", options->data, error))
    return FALSE;
  if (options->database && !relay_config_set (config, "database", options->database, error))
    return FALSE;
  return !options->public_url || relay_config_set (config, "public-url", options->public_url, error);
}

static GOptionContext *
context_new (const char *name, RelayCommandNeeds needs, const GOptionEntry *extra, RelayCommandOptions *options)
{
  const GOptionEntry data[] = {
    { "config", 'c', 0, G_OPTION_ARG_FILENAME, &options->config_file, "settings, one \"key = value\" a line", "FILE" },
    { "data", 'd', 0, G_OPTION_ARG_FILENAME, &options->data, "the folder of the database", "DIR" },
    { "database", 'D', 0, G_OPTION_ARG_STRING, &options->database, "the books, when they are in PostgreSQL", "URI" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  const GOptionEntry all[] = {
    { "listen", 'l', 0, G_OPTION_ARG_STRING, &options->listen, "where to listen", "ADDRESS:PORT|unix:PATH" },
    { "admin-listen", 'a', 0, G_OPTION_ARG_STRING, &options->admin_listen, "where to answer /metrics, on this machine",
      "ADDRESS:PORT|unix:PATH" },
    { "public-url", 'u', 0, G_OPTION_ARG_STRING, &options->public_url, "the address that customers see", "URL" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  const GOptionEntry json[] = {
    { "json", 'j', 0, G_OPTION_ARG_NONE, &options->json, "answer in JSON", NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  const RelayCommand *command = commands;
  GOptionContext *context;

  while (!g_str_equal (command->name, name))
    command++;
  context = g_option_context_new (command->arguments);
  g_option_context_set_summary (context, command->summary);
  g_option_context_set_description (context, command->help);
  if (needs & (RELAY_COMMAND_NEEDS_DATA | RELAY_COMMAND_NEEDS_ALL))
    g_option_context_add_main_entries (context, data, NULL);
  if (needs & RELAY_COMMAND_NEEDS_ALL)
    g_option_context_add_main_entries (context, all, NULL);
  if (needs & RELAY_COMMAND_JSON)
    g_option_context_add_main_entries (context, json, NULL);
  if (extra)
    g_option_context_add_main_entries (context, extra, NULL);
  return context;
}

int
relay_command_parse (const char *name, RelayCommandNeeds needs, const GOptionEntry *extra, int operands, int *argc,
                     char ***argv, RelayCommandOptions *options, RelayConfig **out_config)
{
  g_autoptr (GOptionContext) context = context_new (name, needs, extra, options);
  g_autoptr (RelayConfig) config = relay_config_new ();
  g_autofree char *program = g_strdup_printf ("cobro-relay %s", name);
  GError *error = NULL;

  /* The usage line of --help names the whole command. */
  g_set_prgname (program);
  if (!g_option_context_parse (context, argc, argv, &error) || !take_options (config, options, &error))
    return relay_command_fail (error);
  if (*argc != operands + 1)
    {
      cobro_error_set (&error, COBRO_ERROR_INVALID, "%s takes %d argument%s (see cobro-relay %s --help)", name,
                       operands, operands == 1 ? "" : "s", name);
      return relay_command_fail (error);
    }
  *out_config = g_steal_pointer (&config);
  return -1;
}
