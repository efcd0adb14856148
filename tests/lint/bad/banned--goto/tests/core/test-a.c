/* tests/core/test-a.c — jumps. */
int
main (void)
{
  goto end;
end:
  return 0;
}
