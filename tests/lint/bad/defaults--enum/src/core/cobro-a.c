/* src/core/cobro-a.c — hides the case that is added tomorrow. Layer: core. */
typedef enum { COBRO_A_ONE, COBRO_A_TWO } CobroA;

int
a (CobroA a)
{
  switch (a)
    {
    case COBRO_A_ONE:
      return 1;
    default:
      return 2;
    }
}
