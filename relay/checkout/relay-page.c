/* relay/checkout/relay-page.c — the page model as a value: made, shared, named.
 * Layer: relay/checkout. Any thread. */
#include "relay-page.h"

const char *
relay_page_state_name (RelayPageState state)
{
  switch (state)
    {
    case RELAY_PAGE_OPEN:
      return "open";
    case RELAY_PAGE_CONTINUE:
      return "continue";
    case RELAY_PAGE_INSTRUCTIONS:
      return "instructions";
    case RELAY_PAGE_EMBEDDED:
      return "embedded";
    case RELAY_PAGE_PROCESSING:
      return "processing";
    case RELAY_PAGE_PAID:
      return "paid";
    case RELAY_PAGE_DECLINED:
      return "declined";
    case RELAY_PAGE_BUSY:
      return "busy";
    case RELAY_PAGE_UNAVAILABLE:
      return "unavailable";
    case RELAY_PAGE_SCHEDULED:
      return "scheduled";
    case RELAY_PAGE_PAUSED:
      return "paused";
    case RELAY_PAGE_EXPIRED:
      return "expired";
    case RELAY_PAGE_USED_UP:
      return "used_up";
    case RELAY_PAGE_CANCELLED:
      return "cancelled";
    case RELAY_PAGE_REPLACED:
      return "replaced";
    case RELAY_PAGE_REFUNDED:
      return "refunded";
    case RELAY_PAGE_UNKNOWN:
      return "unknown";
    }
  return "";
}

void
relay_page_way_free (RelayPageWay *way)
{
  g_free (way->gateway);
  g_free (way->title);
  g_free (way);
}

RelayPageEmbed *
relay_page_embed_new (const char *gateway, const char *title)
{
  RelayPageEmbed *embed = g_new0 (RelayPageEmbed, 1);

  embed->gateway = g_strdup (gateway);
  embed->title = g_strdup (title);
  embed->secret = g_strdup ("");
  embed->key = g_strdup ("");
  embed->account = g_strdup ("");
  embed->amount = g_strdup ("");
  embed->back = g_strdup ("");
  return embed;
}

void
relay_page_embed_free (RelayPageEmbed *embed)
{
  if (embed == NULL)
    return;
  g_free (embed->gateway);
  g_free (embed->title);
  g_free (embed->secret);
  g_free (embed->key);
  g_free (embed->account);
  g_free (embed->amount);
  g_free (embed->back);
  g_free (embed);
}

RelayPage *
relay_page_new (RelayPageState state)
{
  RelayPage *page = g_new0 (RelayPage, 1);

  page->ref_count = 1;
  page->state = state;
  page->token = g_strdup ("");
  page->ways = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_page_way_free);
  page->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  page->errors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  page->continue_url = g_strdup ("");
  page->failure_code = g_strdup ("");
  page->next_url = g_strdup ("");
  page->form_hosts = g_strdup ("");
  return page;
}

RelayPage *
relay_page_ref (RelayPage *page)
{
  g_atomic_int_inc (&page->ref_count);
  return page;
}

void
relay_page_unref (RelayPage *page)
{
  if (page == NULL || !g_atomic_int_dec_and_test (&page->ref_count))
    return;
  g_free (page->token);
  g_clear_pointer (&page->link, cobro_link_unref);
  g_clear_pointer (&page->invoice, cobro_invoice_unref);
  g_clear_pointer (&page->merchant, cobro_merchant_unref);
  g_ptr_array_unref (page->ways);
  g_hash_table_unref (page->values);
  g_hash_table_unref (page->errors);
  g_free (page->continue_url);
  g_clear_pointer (&page->details, g_hash_table_unref);
  relay_page_embed_free (page->embed);
  g_free (page->failure_code);
  g_clear_pointer (&page->payment, cobro_payment_unref);
  g_free (page->next_url);
  g_free (page->form_hosts);
  g_free (page);
}
