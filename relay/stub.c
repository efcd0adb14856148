#include "relay-checkout.h"
#include "relay-janitor.h"
gboolean
relay_checkout_receive (RelayCheckout *self, const char *provider, const char *account, GHashTable *headers,
                        GBytes *raw, GError **error)
{
  g_set_error (error, 1, 1, "x");
  return FALSE;
}
gboolean
relay_janitor_resume (RelayCheckout *checkout, GError **error)
{
  return TRUE;
}
void
relay_janitor_start (RelayCheckout *checkout)
{
}
void
relay_janitor_stop (RelayCheckout *checkout)
{
}
