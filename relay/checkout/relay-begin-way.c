/* relay/checkout/relay-begin-way.c — which way a payer pays: the first on offer that fits and answers. Chosen before an
 * attempt begins; one that has begun stays where it is. Layer: relay/checkout. Request threads. */
#include "relay-begin-private.h"

#include "cobro-error.h"

#define CLOSED_WAIT 30 /* seconds, until a closed way is worth another look */

static gboolean
is_wanted (const RelayBegin *begin, const RelayPageWay *way)
{
  return (begin->method == 0 || begin->method == way->method) &&
         (begin->gateway == NULL || g_strcmp0 (begin->gateway, way->gateway) == 0);
}

/* The first way that fits and answers; INVALID when none fits, UNAVAILABLE when those that fit do not answer. */
static gboolean
pick_way (RelayCheckout *self, const RelayBegin *begin, GPtrArray *ways, RelayBeginWay *out_way, GError **error)
{
  const RelayPageWay *closed = NULL;

  for (guint i = 0; i < ways->len; i++)
    {
      const RelayPageWay *way = ways->pdata[i];

      if (!is_wanted (begin, way))
        continue;
      if (!way->available)
        {
          closed = way;
          continue;
        }
      out_way->method = way->method;
      out_way->provider = relay_providers_find (self->providers, way->gateway);
      return TRUE;
    }
  if (closed != NULL || ways->len == 0)
    {
      out_way->wait = CLOSED_WAIT;
      return cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "no way to pay this link answers at the moment");
    }
  return cobro_error_set_at (error, COBRO_ERROR_INVALID, "method", "this link cannot be paid this way");
}

/* As far as it is known before the books are asked: said by the payer, or the link's price. */
static CobroMoney
amount_to_route (const RelayBegin *begin, const CobroLink *link)
{
  CobroMoney total = COBRO_MONEY_NONE;

  if (cobro_money_is_positive (begin->amount) && cobro_money_currency (begin->amount) == link->currency)
    return begin->amount;
  if (link->partial == COBRO_PARTIAL_OFF && begin->n_quantities == 0 && !cobro_link_total (link, &total, NULL))
    total = COBRO_MONEY_NONE;
  return total;
}

/* Empty when there is none; an amount that none of them takes is said to be the reason. */
static GPtrArray *
list_ways (RelayCheckout *self, CobroDb *db, const RelayBegin *begin, const RelayLinkRecord *link, GError **error)
{
  CobroMoney amount = amount_to_route (begin, link->link);
  g_autoptr (GPtrArray) ways = relay_checkout_list_ways (self, db, &link->merchant_id, link->link, amount, error);
  g_autoptr (GPtrArray) for_others = NULL;

  if (ways == NULL || ways->len > 0 || !cobro_money_is_set (amount))
    return g_steal_pointer (&ways);
  for_others = relay_checkout_list_ways (self, db, &link->merchant_id, link->link, COBRO_MONEY_NONE, error);
  if (for_others == NULL || for_others->len == 0)
    return g_steal_pointer (&for_others);
  cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "no way to pay takes this amount");
  return NULL;
}

void
relay_begin_way_clear (RelayBeginWay *way)
{
  g_clear_pointer (&way->account, g_free);
}

gboolean
relay_begin_choose_way (RelayCheckout *self, const RelayBegin *begin, RelayBeginWay *out_way, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (self->store, error);
  g_autoptr (RelayLinkRecord) link = NULL;
  g_autoptr (GPtrArray) ways = NULL;
  g_autoptr (RelayAccountRecord) account = NULL;
  gboolean replaced = FALSE;
  RelayScope scope;

  if (reader == NULL || !(link = relay_link_find_by_token (reader->db, begin->token, &replaced, error)))
    return FALSE;
  if (replaced)
    return cobro_error_set (error, COBRO_ERROR_GONE, "this link was replaced by a newer one");
  if (!(ways = list_ways (self, reader->db, begin, link, error)))
    return FALSE;
  if (!pick_way (self, begin, ways, out_way, error))
    {
      g_autoptr (GError) closed = NULL;

      /* That it is over is the better reason. */
      if (!relay_begin_check_open (link, relay_clock_expiry (self, cobro_clock_now (self->clock)), &closed))
        {
          g_clear_error (error);
          g_propagate_error (error, g_steal_pointer (&closed));
        }
      return FALSE;
    }
  out_way->merchant_id = link->merchant_id;
  scope = (RelayScope){ link->merchant_id, link->link->livemode };
  account = relay_account_find_for (self->store, reader->db, &scope, out_way->provider->class->name, error);
  if (account == NULL)
    return FALSE;
  out_way->account = g_steal_pointer (&account->id);
  return TRUE;
}
