/* src/wire/cobro-a.c — an amount read as a fraction. Layer: wire. */
gint64
a (JsonNode *node)
{
  return json_node_get_double (node) * 100;
}
