/* relay/checkout/relay-a.c — asks the wall instead of the injected clock. Layer: relay/checkout. */
gint64
a (void)
{
  return g_get_real_time ();
}
