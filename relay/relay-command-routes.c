/* relay/relay-command-routes.c — the route table in words, for operators and for the tests that hold it against the
 * API's description. Layer: relay (composition). Thread: main. */
#include "cobro-wire.h"
#include "relay-api.h"
#include "relay-command.h"
#include "relay-exit.h"

static const char *
face_name (RelayFace face)
{
  switch (face)
    {
    case RELAY_FACE_PAGE:
      return "page";
    case RELAY_FACE_API:
      return "api";
    case RELAY_FACE_PUBLIC_API:
      return "public";
    case RELAY_FACE_DYN:
      return "dyn";
    }
  return "";
}

static void
write_route (CobroWireWriter *writer, const RelayRoute *route)
{
  g_autofree char *scopes = relay_api_route_scopes (route);
  g_auto (GStrv) words = g_strsplit (scopes, " ", -1);

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "method", route->method);
  cobro_wire_put_text (writer, "path", route->template);
  cobro_wire_put_text (writer, "face", face_name (route->face));
  cobro_wire_put_bool (writer, "key", route->auth == RELAY_AUTH_KEY);
  cobro_wire_put_bool (writer, "keyInBody", (route->flags & RELAY_ROUTE_KEY_IN_BODY) != 0);
  cobro_wire_begin_array (writer, "scopes");
  for (char **word = words; *word; word++)
    cobro_wire_put_text (writer, NULL, *word);
  cobro_wire_end_array (writer);
  cobro_wire_put_bool (writer, "limited", route->lane != RELAY_LANE_FREE);
  cobro_wire_put_int64 (writer, "bodyMax", route->body_max);
  cobro_wire_end_object (writer);
}

static void
print_json (void)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();
  g_autofree char *json = NULL;

  cobro_wire_begin_array (writer, NULL);
  for (const RelayRoute *route = relay_api_routes (); route->method; route++)
    write_route (writer, route);
  cobro_wire_end_array (writer);
  json = cobro_wire_writer_take (writer);
  g_print ("%s\n", json);
}

static void
print_table (void)
{
  for (const RelayRoute *route = relay_api_routes (); route->method; route++)
    {
      g_autofree char *scopes = relay_api_route_scopes (route);

      g_print ("%-7s %-45s %s\n", route->method, route->template, route->auth == RELAY_AUTH_KEY ? scopes : "public");
    }
}

int
relay_command_routes (int argc, char **argv)
{
  g_auto (RelayCommandOptions) options = { 0 };
  g_autoptr (RelayConfig) config = NULL;
  int code = relay_command_parse ("routes", RELAY_COMMAND_JSON, NULL, 0, &argc, &argv, &options, &config);

  if (code >= 0)
    return code;
  if (options.json)
    print_json ();
  else
    print_table ();
  return RELAY_EXIT_OK;
}
