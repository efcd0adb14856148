/* src/sync/cobro-a.c — blocks its thread. Layer: sync. */
void
a (void)
{
  g_usleep (1000);
}
