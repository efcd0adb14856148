/* src/core/cobro-a.c — a staircase. Layer: core. */
int
a (int n)
{
  if (n > 1)
    for (int i = 0; i < n; i++)
      {
        while (n > 2)
          if (n > 3)
            if (n > 4)
              n--;
      }
  return n;
}
