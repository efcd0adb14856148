/* src/core/cobro-money.c — cents that get lost. Layer: core. */
double
a (CobroMoney money)
{
  return money.minor / 100.0;
}
