/* src/core/cobro-a.c — copies without looking. Layer: core. */
void
a (char *to, const char *from)
{
  strcpy (to, from);
}
