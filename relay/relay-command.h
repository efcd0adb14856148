/* relay/relay-command.h — the subcommands of cobro-relay: each parses its own options, does one thing, says how it
 * ended. Layer: relay (composition). Thread: main. */
#pragma once
#include <glib.h>
#include "relay-config.h"

typedef struct
{
  const char *name;      /* "merchant add": one or two words */
  const char *arguments; /* for the usage line: "NAME" */
  const char *summary;   /* one line */
  const char *help;      /* (nullable) what --help says after the options */
  /* @argv begins with the command's name. Returns the exit code. */
  int (*run) (int argc, char **argv); /* (nullable): %NULL makes the row a heading */
} RelayCommand;

/* The table; ends with name NULL. */
const RelayCommand *relay_commands (void);

/* The options every command that opens data understands, and what they gave. */
typedef struct
{
  char *config_file;
  char *listen, *data, *public_url;
  char *admin_listen;
  char *database;
  gboolean json;
} RelayCommandOptions;
void relay_command_options_clear (RelayCommandOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RelayCommandOptions, relay_command_options_clear)

typedef enum
{
  RELAY_COMMAND_NEEDS_DATA = 1 << 0,
  RELAY_COMMAND_NEEDS_ALL = 1 << 1,
  RELAY_COMMAND_JSON = 1 << 2
} RelayCommandNeeds;

/**
 * relay_command_parse:
 * @needs: which options it understands: NEEDS_DATA --config and --data, NEEDS_ALL also --listen, --public-url and
 * --admin-listen
 * @extra: (nullable): more options, ended as GOption wants
 * @operands: how many words have to follow
 * @out_config: (out) (transfer full): read from the file, then from the options
 *
 * Parses and prints --help; a wrong command line is an error on standard error.
 *
 * Returns: -1 to go on (the operands are then in argv[1] …), else the code to exit with
 */
int relay_command_parse (const char *name, RelayCommandNeeds needs, const GOptionEntry *extra, int operands, int *argc,
                         char ***argv, RelayCommandOptions *options, RelayConfig **out_config);

/* Prints "cobro-relay: <message>" on standard error and gives the exit code for it; frees @take_error. */
int relay_command_fail (GError *take_error);

/* The commands, one file each group. */
int relay_command_serve (int argc, char **argv);
int relay_command_demo (int argc, char **argv);
int relay_command_merchant_add (int argc, char **argv);
int relay_command_mail_from (int argc, char **argv);
int relay_command_pair_code (int argc, char **argv);
int relay_command_key_add (int argc, char **argv);
int relay_command_key_list (int argc, char **argv);
int relay_command_key_rotate (int argc, char **argv);
int relay_command_key_revoke (int argc, char **argv);
int relay_command_secret_status (int argc, char **argv);
int relay_command_secret_rotate (int argc, char **argv);
int relay_command_secret_replace_lost (int argc, char **argv);
int relay_command_migrate (int argc, char **argv);
int relay_command_deliveries (int argc, char **argv);
int relay_command_replay (int argc, char **argv);
int relay_command_audit (int argc, char **argv);
int relay_command_backup (int argc, char **argv);
int relay_command_restore (int argc, char **argv);
int relay_command_reset (int argc, char **argv);
int relay_command_sample_data (int argc, char **argv);
int relay_command_doctor (int argc, char **argv);
int relay_command_load (int argc, char **argv);
int relay_command_routes (int argc, char **argv);
int relay_command_watch_page (int argc, char **argv);
int relay_command_version (int argc, char **argv);
