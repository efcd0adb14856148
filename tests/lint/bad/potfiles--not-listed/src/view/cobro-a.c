/* src/view/cobro-a.c — text that no translator sees. Layer: view. */
const char *
a (void)
{
  return _ ("Paid");
}
