/* relay/relay-exit.c — errors to exit codes, one table.
 * Layer: relay (composition). Thread: main. */
#include "relay-exit.h"

#include "cobro-error.h"

static const struct
{
  CobroError code;
  RelayExit exit;
} exits[] = {
  { COBRO_ERROR_INVALID, RELAY_EXIT_USAGE },       { COBRO_ERROR_CORRUPT, RELAY_EXIT_DATA },
  { COBRO_ERROR_NOT_FOUND, RELAY_EXIT_NO_INPUT },  { COBRO_ERROR_IO, RELAY_EXIT_IO },
  { COBRO_ERROR_EXISTS, RELAY_EXIT_CREATE },       { COBRO_ERROR_UNAVAILABLE, RELAY_EXIT_TRY_LATER },
  { COBRO_ERROR_BUSY, RELAY_EXIT_TRY_LATER },      { COBRO_ERROR_CONFIG, RELAY_EXIT_CONFIG },
  { COBRO_ERROR_NEWER_SCHEMA, RELAY_EXIT_CONFIG }, { COBRO_ERROR_NO_ANSWER, RELAY_EXIT_TRY_LATER },
};

RelayExit
relay_exit_of (const GError *error)
{
  const char *path = cobro_error_get_path (error);

  if (g_strcmp0 (path, "listen") == 0 || g_strcmp0 (path, "admin-listen") == 0)
    return RELAY_EXIT_UNAVAILABLE;
  if (g_strcmp0 (path, "data") == 0 && g_error_matches (error, COBRO_ERROR, COBRO_ERROR_IO))
    return RELAY_EXIT_CREATE;
  if (error->domain == G_OPTION_ERROR)
    return RELAY_EXIT_USAGE;
  for (guint i = 0; i < G_N_ELEMENTS (exits) && error->domain == COBRO_ERROR; i++)
    if (error->code == (int)exits[i].code)
      return exits[i].exit;
  return RELAY_EXIT_SOFTWARE;
}
