/* relay/relay-exit.h — the exit codes of cobro-relay, as sysexits.h names them.
 * Layer: relay (composition). */
#pragma once
#include <glib.h>

typedef enum
{
  RELAY_EXIT_OK = 0,
  RELAY_EXIT_FINDINGS = 1,     /* audit found violations */
  RELAY_EXIT_USAGE = 64,       /* wrong command line */
  RELAY_EXIT_DATA = 65,        /* the database is damaged, or not one of ours */
  RELAY_EXIT_NO_INPUT = 66,    /* nothing to work on: no database there, no such merchant */
  RELAY_EXIT_UNAVAILABLE = 69, /* cannot listen: address in use, not allowed */
  RELAY_EXIT_SOFTWARE = 70,    /* internal error, or the disk failed while serving */
  RELAY_EXIT_CREATE = 73,      /* the data folder or a file cannot be made or written */
  RELAY_EXIT_IO = 74,          /* reading or writing failed */
  RELAY_EXIT_TRY_LATER = 75,   /* another process has the data folder, disk full */
  RELAY_EXIT_CONFIG = 78,      /* configuration, or data of a newer Cobro */
} RelayExit;

/* Which code tells of @error; the path says what it was about ("listen", "data"). */
RelayExit relay_exit_of (const GError *error);
