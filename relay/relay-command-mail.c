/* relay/relay-command-mail.c — "merchant mail-from": the address that a merchant's mails come from.
 * Layer: relay (composition). Thread: main. */
#include <string.h>

#include "cobro-wire.h"
#include "relay-command.h"
#include "relay-control-mail.h"
#include "relay-exit.h"

#define NOBODY "-"

int
relay_command_mail_from (int argc, char **argv)
{
  g_auto (RelayCommandOptions) options = { 0 };
  g_autoptr (RelayConfig) config = NULL;
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *arguments = NULL;
  g_autofree char *json = NULL;
  GError *error = NULL;
  int code = relay_command_parse ("merchant mail-from", RELAY_COMMAND_NEEDS_DATA | RELAY_COMMAND_JSON, NULL, 2, &argc,
                                  &argv, &options, &config);

  if (code >= 0)
    return code;
  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "merchant", argv[1]);
  cobro_wire_put_text (writer, "address", strcmp (argv[2], NOBODY) != 0 ? argv[2] : "");
  cobro_wire_end_object (writer);
  arguments = cobro_wire_writer_take (writer);
  if (!relay_config_need_data (config, &error) ||
      !(json = relay_control_run (config, "/control/mail-from", relay_control_mail_from, arguments, &error)))
    return relay_command_fail (error);
  if (options.json)
    g_print ("%s\n", json);
  else
    g_print ("Mails of %s come from %s.\n", argv[1], strcmp (argv[2], NOBODY) != 0 ? argv[2] : "the relay's address");
  return RELAY_EXIT_OK;
}
