/* src/store/cobro-a.c — remembers between calls. Layer: store. */
static int counter = 0;

int
a (void)
{
  return ++counter;
}
