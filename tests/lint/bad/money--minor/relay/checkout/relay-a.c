/* relay/checkout/relay-a.c — reaches into an amount. Layer: relay/checkout. */
gint64
a (const CobroMoney *money)
{
  return money->minor;
}
