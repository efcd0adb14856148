/* relay/main.c — cobro-relay: finds the subcommand and runs it.
 * Layer: relay (composition). Thread: main. */
#include <locale.h>
#include <string.h>

#include "config.h"
#include "relay-command.h"
#include "relay-exit.h"

static void
print_help (void)
{
  g_print ("Usage: cobro-relay COMMAND [OPTION…]\n\nPublishes payment links and takes the payments.\n");
  for (const RelayCommand *command = relay_commands (); command->name; command++)
    if (command->run)
      g_print ("  %-18s  %-9s %s\n", command->name, command->arguments, command->summary);
    else
      g_print ("\n%s:\n", command->name);
  g_print (
    "\n\"cobro-relay COMMAND --help\" explains each.\n\n"
    "Exit codes: 0 done · 1 the audit found something · 64 wrong command line · 65 damaged data · 66 not found ·\n"
    "69 cannot listen · 70 internal error · 73 cannot write the data folder · 74 input or output failed ·\n"
    "75 try again later (in use, disk full) · 78 wrong configuration, or data of a newer version\n");
}

/* A command's name is one or two words; its operands must not be taken for the second. */
static const RelayCommand *
find_command (int argc, char **argv, int *out_words)
{
  for (const RelayCommand *command = relay_commands (); command->name; command++)
    {
      g_auto (GStrv) words = g_strsplit (command->name, " ", 2);

      if (!command->run || !g_str_equal (words[0], argv[1]) ||
          (words[1] && (argc < 3 || !g_str_equal (words[1], argv[2]))))
        continue;
      *out_words = words[1] ? 2 : 1;
      return command;
    }
  return NULL;
}

int
main (int argc, char **argv)
{
  const RelayCommand *command;
  int words;

  setlocale (LC_CTYPE, "C.UTF-8");
  if (argc < 2)
    {
      print_help ();
      return RELAY_EXIT_USAGE;
    }
  if (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h") || g_str_equal (argv[1], "help"))
    {
      print_help ();
      return RELAY_EXIT_OK;
    }
  if (g_str_equal (argv[1], "--version"))
    return relay_command_version (1, argv);
  if (!(command = find_command (argc, argv, &words)))
    {
      g_printerr ("cobro-relay: there is no command \"%s\" (see cobro-relay --help)\n", argv[1]);
      return RELAY_EXIT_USAGE;
    }
  return command->run (argc - words, argv + words);
}
