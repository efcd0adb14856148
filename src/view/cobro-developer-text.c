/* src/view/cobro-developer-text.c — webhooks, keys and the relay in words.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-developer-text.h"

#include <glib/gi18n.h>
#include "cobro-date-text.h"
#include "cobro-money-text.h"

/* ── Endpoints ── */

CobroViewStatus
cobro_view_endpoint_status (const CobroWebhookEndpoint *endpoint)
{
  if (!endpoint->is_active)
    return (CobroViewStatus){ C_ ("webhook endpoint", "Off"), "media-playback-pause-symbolic", "dim-label" };
  if (endpoint->failing_since != 0)
    return (CobroViewStatus){ C_ ("webhook endpoint", "Failing"), "dialog-warning-symbolic", "warning" };
  return (CobroViewStatus){ C_ ("webhook endpoint", "On"), "emblem-ok-symbolic", "success" };
}

static const char *
disabled_words (const char *reason)
{
  if (g_str_equal (reason, "gone"))
    return _ ("Switched off: the receiver answered that it is gone (410)");
  if (g_str_equal (reason, "failing"))
    return _ ("Switched off: it did not work for five days");
  return _ ("Switched off");
}

char *
cobro_view_endpoint_detail (const CobroWebhookEndpoint *endpoint)
{
  guint n = g_strv_length (endpoint->events);
  g_autofree char *events = cobro_webhook_endpoint_wants_all (endpoint)
                              ? g_strdup (_ ("All events"))
                              : g_strdup_printf (ngettext ("%u kind of event", "%u kinds of events", n), n);
  g_autofree char *since = NULL;

  if (!endpoint->is_active)
    return g_strdup_printf ("%s · %s", events, disabled_words (endpoint->disabled_reason));
  if (endpoint->failing_since == 0)
    return g_steal_pointer (&events);
  since = cobro_date_time_text (endpoint->failing_since, cobro_view_locale ());
  /* Translators: the first %s is "All events" or a number of kinds, the second a date and time. */
  return g_strdup_printf (_ ("%s · No try has worked since %s"), events, since);
}

/* ── Deliveries ── */

CobroViewStatus
cobro_view_delivery_status (CobroDeliveryStatus status)
{
  switch (status)
    {
    case COBRO_DELIVERY_PENDING:
      return (CobroViewStatus){ _ ("On Its Way"), "document-send-symbolic", "accent" };
    case COBRO_DELIVERY_DELIVERED:
      return (CobroViewStatus){ _ ("Delivered"), "emblem-ok-symbolic", "success" };
    case COBRO_DELIVERY_FAILED:
      return (CobroViewStatus){ _ ("Tried Again Soon"), "view-refresh-symbolic", "warning" };
    case COBRO_DELIVERY_ABANDONED:
      return (CobroViewStatus){ _ ("Dead Letter"), "dialog-error-symbolic", "error" };
    }
  g_return_val_if_reached ((CobroViewStatus){ 0 });
}

char *
cobro_view_delivery_answer (gint64 status, const char *error)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, status);

  if (status != 0)
    /* Translators: %s is a status of HTTP, such as 500. */
    return g_strdup_printf (_ ("HTTP %s"), number);
  return g_strdup (error);
}

char *
cobro_view_delivery_detail (const CobroWebhookDelivery *delivery)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *answer = cobro_view_delivery_answer (delivery->last_status, delivery->last_error);
  g_autofree char *number = cobro_number_text (delivery->attempt_count, cobro_view_locale ());
  gulong n = (gulong)delivery->attempt_count;
  g_autofree char *next = NULL;

  /* Translators: %s is a number. */
  g_string_append_printf (text, ngettext ("%s try", "%s tries", n), number);
  if (*answer)
    g_string_append_printf (text, " · %s", answer);
  if (delivery->next_retry_at != 0 && delivery->status == COBRO_DELIVERY_FAILED)
    {
      next = cobro_date_time_text (delivery->next_retry_at, cobro_view_locale ());
      g_string_append (text, " · ");
      /* Translators: %s is a date and a time. */
      g_string_append_printf (text, _ ("again at %s"), next);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* ── Keys ── */

const CobroViewScope *
cobro_view_scopes (void)
{
  static const CobroViewScope scopes[] = {
    { "links:rw", N_ ("Links"), N_ ("Make, read, change and stop payment links") },
    { "invoices:rw", N_ ("Invoices"), N_ ("Make, send, remind and void invoices; record payments") },
    { "payments:r", N_ ("Read Payments"), N_ ("See payments, refunds and the balance") },
    { "payments:w", N_ ("Take Payments"), N_ ("Begin and cancel payments") },
    { "refunds:w", N_ ("Refunds"), N_ ("Give money back to customers") },
    { "webhooks:rw", N_ ("Webhooks"), N_ ("Add and change endpoints, look at deliveries, send them again") },
    { "providers:rw", N_ ("Payment Providers"), N_ ("Change the accounts at providers and their keys") },
    { "keys:admin", N_ ("API Keys"), N_ ("Make and revoke keys and paired desktops") },
    { NULL, NULL, NULL },
  };

  return scopes;
}

char *
cobro_view_scopes_text (const char *const *scopes)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (const CobroViewScope *scope = cobro_view_scopes (); scope->scope; scope++)
    if (g_strv_contains (scopes, scope->scope))
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", _ (scope->title));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

CobroViewStatus
cobro_view_api_key_status (const CobroApiKey *key)
{
  if (key->revoked_at != 0)
    return (CobroViewStatus){ C_ ("API key", "Revoked"), "action-unavailable-symbolic", "dim-label" };
  return (CobroViewStatus){ C_ ("API key", "Valid"), "emblem-ok-symbolic", "success" };
}

CobroViewStatus
cobro_view_device_status (const CobroDevice *device)
{
  if (device->revoked_at != 0)
    return (CobroViewStatus){ C_ ("API key", "Revoked"), "action-unavailable-symbolic", "dim-label" };
  if (device->current)
    return (CobroViewStatus){ C_ ("computer", "This Computer"), "computer-symbolic", "accent" };
  return (CobroViewStatus){ C_ ("computer", "Paired"), "emblem-ok-symbolic", "success" };
}

/* ── The relay ── */

CobroViewStatus
cobro_view_breaker (const CobroRelayProvider *provider)
{
  if (!provider->enabled)
    return (CobroViewStatus){ C_ ("provider", "Off"), "media-playback-pause-symbolic", "dim-label" };
  switch (provider->breaker)
    {
    case COBRO_BREAKER_CLOSED:
      return (CobroViewStatus){ _ ("Answers"), "emblem-ok-symbolic", "success" };
    case COBRO_BREAKER_OPEN:
      return (CobroViewStatus){ _ ("Left Alone"), "dialog-warning-symbolic", "error" };
    case COBRO_BREAKER_PROBING:
      return (CobroViewStatus){ _ ("Being Tried"), "view-refresh-symbolic", "warning" };
    }
  g_return_val_if_reached ((CobroViewStatus){ 0 });
}

char *
cobro_view_seconds (gint64 seconds)
{
  gint64 days = seconds / 86400, hours = seconds / 3600 % 24, minutes = seconds / 60 % 60;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  if (days > 0)
    {
      first = g_strdup_printf (ngettext ("%d day", "%d days", (gulong)days), (int)days);
      second = g_strdup_printf (ngettext ("%d hour", "%d hours", (gulong)hours), (int)hours);
    }
  else if (hours > 0)
    {
      first = g_strdup_printf (ngettext ("%d hour", "%d hours", (gulong)hours), (int)hours);
      second = g_strdup_printf (ngettext ("%d minute", "%d minutes", (gulong)minutes), (int)minutes);
    }
  else if (minutes > 0)
    return g_strdup_printf (ngettext ("%d minute", "%d minutes", (gulong)minutes), (int)minutes);
  else
    return g_strdup_printf (ngettext ("%d second", "%d seconds", (gulong)seconds), (int)seconds);
  return g_strdup_printf ("%s %s", first, second);
}
