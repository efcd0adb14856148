/* relay/checkout/relay-checkout-form.c — the page's form: read, begun, and given back with what was wrong in it.
 * Layer: relay/checkout. Any thread; blocks as relay_checkout_begin() does. */
#include "relay-begin-private.h"

#include <string.h>

#include "cobro-error.h"
#include "relay-amount-text.h"

#define TYPED_MAX  2000 /* bytes of a field that are given back */
#define FIELD      "field_"
#define QUANTITY   "quantity_"
#define QUANTITIES "quantities["
#define FIELDS     "fields."
#define TOKEN_MAX  255 /* bytes of a token that a provider's script made */

/* A posted form and what it is read into. */
typedef struct
{
  RelayPage *page; /* as the payer saw it */
  GHashTable *form;
  RelayBegin begin;
  GArray *quantities; /* (element-type gint64) */
  GHashTable *fields; /* (element-type utf8 utf8) */
  char *gateway;
  const RelayPageWay *way; /* (nullable) of the page: the card is taken on a page of ours */
} Form;

static void
form_clear (Form *form)
{
  g_clear_pointer (&form->page, relay_page_unref);
  g_clear_pointer (&form->quantities, g_array_unref);
  g_clear_pointer (&form->fields, g_hash_table_unref);
  g_clear_pointer (&form->gateway, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Form, form_clear)

static const char *
typed (const Form *form, const char *name)
{
  const char *text = g_hash_table_lookup (form->form, name);

  return text != NULL ? text : "";
}

/* ── Reading ── */

/* An empty amount is what the link proposes. */
static gboolean
read_amount (Form *form, GError **error)
{
  g_autofree char *text = g_strstrip (g_strdup (typed (form, "amount")));

  form->begin.amount = COBRO_MONEY_NONE;
  if (!form->page->choose_amount)
    return TRUE;
  if (*text == '\0')
    {
      form->begin.amount = form->page->preset;
      return cobro_money_is_set (form->page->preset) ||
             cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "is required");
    }
  return relay_amount_from_text (text, form->page->link->currency, &form->begin.amount, error);
}

static gboolean
read_quantity (Form *form, guint index, GError **error)
{
  const CobroLinkLine *line = form->page->link->lines->pdata[index];
  g_autofree char *name = g_strdup_printf (QUANTITY "%u", index);
  g_autofree char *text = g_strstrip (g_strdup (typed (form, name)));
  gint64 quantity = line->quantity;

  if (*text != '\0' && !g_ascii_string_to_signed (text, 10, 0, G_MAXINT32, &quantity, NULL))
    {
      g_autofree char *path = g_strdup_printf (QUANTITIES "%u]", index);

      return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "must be a whole number");
    }
  g_array_append_val (form->quantities, quantity);
  return TRUE;
}

static gboolean
read_quantities (Form *form, GError **error)
{
  const CobroLink *link = form->page->link;

  form->quantities = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; link->pricing == COBRO_PRICING_LINES && i < link->lines->len; i++)
    if (!read_quantity (form, i, error))
      return FALSE;
  form->begin.quantities = form->quantities->len > 0 ? (const gint64 *)form->quantities->data : NULL;
  form->begin.n_quantities = form->quantities->len;
  return TRUE;
}

/* "card:mock"; without it the first that is offered. */
static gboolean
read_way (Form *form, GError **error)
{
  const char *way = typed (form, "way");
  const char *colon = strchr (way, ':');
  g_autofree char *name = NULL;
  CobroMethods method;

  if (*way == '\0')
    return TRUE;
  name = g_strndup (way, colon != NULL ? (gsize)(colon - way) : 0);
  if (colon == NULL || !cobro_method_from_name (name, &method))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "method", "must be one of the ways that are offered");
  form->begin.method = method;
  form->gateway = g_strdup (colon + 1);
  form->begin.gateway = form->gateway;
  return TRUE;
}

/* The way that begin will take, unless it changes in this very moment. */
static const RelayPageWay *
find_way (const Form *form)
{
  const GPtrArray *ways = form->page->ways;

  for (guint i = 0; i < ways->len; i++)
    {
      const RelayPageWay *way = ways->pdata[i];

      if (way->available && (form->begin.method == 0 || form->begin.method == way->method) &&
          (form->gateway == NULL || strcmp (form->gateway, way->gateway) == 0))
        return way;
    }
  return NULL;
}

/* Where the card is taken: by the provider's script on our page, if the merchant wants that and the payer does not ask
 * for the provider's own page. */
static gboolean
read_embedding (Form *form, GError **error)
{
  form->way = find_way (form);
  if (form->way == NULL || !form->way->embedded || g_str_equal (typed (form, "hosted"), "1"))
    {
      form->way = NULL;
      return TRUE;
    }
  if (strlen (typed (form, "token")) > TOKEN_MAX || strlen (typed (form, "device")) > TOKEN_MAX)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "token", "is too long");
  form->begin.embedded = TRUE;
  if (form->way->by_token && *typed (form, "token") != '\0')
    {
      form->begin.card_token = typed (form, "token");
      form->begin.device = typed (form, "device");
    }
  return TRUE;
}

static void
read_payer (Form *form)
{
  const CobroLink *link = form->page->link;

  form->begin.payer_name = typed (form, "name");
  form->begin.payer_email = typed (form, "email");
  form->begin.payer_phone = typed (form, "phone");
  form->begin.payer_address = typed (form, "address");
  form->fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < link->fields->len; i++)
    {
      const CobroLinkField *field = link->fields->pdata[i];
      g_autofree char *name = g_strconcat (FIELD, field->key, NULL);

      if (*typed (form, name) != '\0')
        g_hash_table_insert (form->fields, g_strdup (field->key), g_strdup (typed (form, name)));
    }
  form->begin.payer_fields = form->fields;
  form->begin.give_up = g_str_equal (typed (form, "give_up"), "1");
}

static gboolean
read_form (Form *form, GError **error)
{
  read_payer (form);
  return read_amount (form, error) && read_quantities (form, error) && read_way (form, error) &&
         read_embedding (form, error);
}

/* ── Giving it back ── */

/* "quantities[1]" → "quantity_1", "fields.size" → "field_size"; what no field of the form can be, the whole form is. */
static char *
field_of_path (const char *path)
{
  static const char *const same[] = { "amount", "name", "email", "phone", "address" };

  for (gsize i = 0; path != NULL && i < G_N_ELEMENTS (same); i++)
    if (g_str_equal (path, same[i]))
      return g_strdup (path);
  if (path == NULL)
    return g_strdup ("");
  if (g_str_has_prefix (path, "payer."))
    return field_of_path (path + strlen ("payer."));
  if (g_str_has_prefix (path, QUANTITIES) && path[strlen (path) - 1] == ']')
    return g_strdup_printf (QUANTITY "%.*s", (int)(strlen (path) - strlen (QUANTITIES) - 1),
                            path + strlen (QUANTITIES));
  if (g_str_has_prefix (path, FIELDS))
    return g_strconcat (FIELD, path + strlen (FIELDS), NULL);
  if (g_str_equal (path, "method") || g_str_equal (path, "gateway"))
    return g_strdup ("way");
  return g_strdup ("");
}

/* What was typed; what a script made of a card is used once and never seen again. */
static void
keep_typed (RelayPage *page, GHashTable *form)
{
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, form);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (strlen (value) <= TYPED_MAX && !g_str_equal (name, "token") && !g_str_equal (name, "device"))
      g_hash_table_insert (page->values, g_strdup (name), g_strdup (value));
}

static void
give_back (RelayPage *page, GHashTable *form, const GError *error)
{
  keep_typed (page, form);
  g_hash_table_insert (page->errors, field_of_path (cobro_error_get_path (error)), g_strdup (error->message));
  page->status = page->can_pay ? 400 : page->status;
}

/* Somebody else was faster, or the provider stopped answering, in the moment between page and form: the snapshot may
 * not show it any more, the answer does. */
static void
close_for_now (RelayPage *page, RelayPageState state, gint64 wait)
{
  if (!page->can_pay)
    return;
  page->version = page->version - page->state + state; /* as relay_checkout_page() numbers them */
  page->state = state;
  page->can_pay = FALSE;
  page->wait_seconds = MAX (wait, 1);
}

static gboolean
is_of_form (const GError *error)
{
  return g_error_matches (error, COBRO_ERROR, COBRO_ERROR_INVALID) ||
         g_error_matches (error, COBRO_ERROR, COBRO_ERROR_OVERFLOW) ||
         g_error_matches (error, COBRO_ERROR, COBRO_ERROR_CURRENCY);
}

static gboolean
is_of_link (const GError *error)
{
  return g_error_matches (error, COBRO_ERROR, COBRO_ERROR_STATE) ||
         g_error_matches (error, COBRO_ERROR, COBRO_ERROR_GONE) ||
         g_error_matches (error, COBRO_ERROR, COBRO_ERROR_NOT_FOUND) ||
         g_error_matches (error, COBRO_ERROR, COBRO_ERROR_PROVIDER);
}

/* The page as it is now, with what @take_refusal says about it; NULL and @error for faults of ours. */
static RelayPage *
explain (RelayCheckout *self, const Form *form, GError *take_refusal, gint64 wait, GError **error)
{
  g_autoptr (GError) refusal = take_refusal;
  gboolean busy = g_error_matches (refusal, COBRO_ERROR, COBRO_ERROR_BUSY);
  gboolean unavailable = g_error_matches (refusal, COBRO_ERROR, COBRO_ERROR_UNAVAILABLE);
  RelayPage *page;

  if (!busy && !unavailable && !is_of_form (refusal) && !is_of_link (refusal))
    {
      g_propagate_error (error, g_steal_pointer (&refusal));
      return NULL;
    }
  if (!(page = relay_checkout_page (self, form->begin.token, form->begin.payer_key, error)))
    return NULL;
  if (busy)
    close_for_now (page, RELAY_PAGE_BUSY, wait);
  else if (unavailable)
    close_for_now (page, RELAY_PAGE_UNAVAILABLE, wait);
  else if (page->link != NULL && (is_of_form (refusal) || page->can_pay))
    give_back (page, form->form, refusal);
  return page;
}

/* ── Cards on a page of ours ── */

/* All that can be wrong is found now, before the payer types a card: *@out_amount is what will be paid. */
static gboolean
check_form (Form *form, CobroDb *db, RelayLinkRecord *link, CobroMoney *out_amount, GError **error)
{
  g_autoptr (RelayPaymentRecord) wanted = relay_payment_record_new ();
  CobroMoney paid;
  gint64 slot;

  if (!relay_payment_present_use (db, link, &slot, &paid, error) ||
      !relay_begin_read (&form->begin, link->link, form->way->needs, paid, wanted, error))
    return FALSE;
  if (*wanted->payment->payer_email == '\0')
    cobro_link_set_text (&wanted->payment->payer_email, link->link->customer_email);
  if (*wanted->payment->payer_name == '\0')
    cobro_link_set_text (&wanted->payment->payer_name, link->link->customer_name);
  *out_amount = wanted->payment->amount;
  return relay_begin_check_needs (wanted->payment, form->way->needs, error);
}

/* The page whose script makes a token: *@out_page. FALSE with @error: something in the form is wrong. Where nobody can
 * pay now, the page stays as it is and says why. */
static gboolean
ask_token (RelayCheckout *self, Form *form, RelayPage **out_page, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (self->store, error);
  g_autoptr (RelayLinkRecord) link = NULL;
  gboolean replaced;
  CobroMoney amount;

  if (reader == NULL || !(link = relay_link_find_by_token (reader->db, form->begin.token, &replaced, error)))
    return FALSE;
  if (form->page->can_pay)
    {
      RelayScope scope = { link->merchant_id, link->link->livemode };

      if (!check_form (form, reader->db, link, &amount, error))
        return FALSE;
      if (relay_embed_ask_token (self, reader->db, &scope, form->page, form->way, amount))
        keep_typed (form->page, form->form);
    }
  *out_page = relay_page_ref (form->page);
  return TRUE;
}

/* The card is taken on our page, and nothing was made of it yet. */
static gboolean
wants_token (const Form *form)
{
  return form->way != NULL && form->way->by_token && form->begin.card_token == NULL;
}

/* Only an end to the own attempt; also where beginning anew would need a card first. */
static gboolean
leaves (const Form *form)
{
  return g_str_equal (typed (form, "leave"), "1") || (form->begin.give_up && wants_token (form));
}

/* Gives the payer's own attempt up, and nothing more: the ways to pay are shown again. */
static gboolean
leave (RelayCheckout *self, const char *token, const char *payer_key, GError **error)
{
  g_autoptr (RelayReader) reader = relay_store_read (self->store, error);
  g_autoptr (RelayLinkRecord) link = NULL;
  g_autoptr (RelayPaymentRecord) own = NULL;
  CobroTokenHash payer;
  gboolean replaced;

  if (reader == NULL)
    return FALSE;
  if (!relay_payer_parse (payer_key, &payer) ||
      !(link = relay_link_find_by_token (reader->db, token, &replaced, NULL)) ||
      !(own = relay_payment_find_by_payer (reader->db, &link->merchant_id, &link->link->id, &payer, NULL)))
    return TRUE;
  g_clear_pointer (&reader, relay_reader_release);
  return cobro_payment_state_is_final (own->payment->state) || relay_call_cancel (self, &own, error);
}

/* Where a payment that has begun goes on: on a page of ours, for what is neither over nor at the provider's. */
static char *
own_path (const RelayBeginResult *result, const char *token)
{
  if (result->next == RELAY_NEXT_CLIENT_SECRET && result->payment != NULL)
    return g_strdup_printf ("/pay/%s/with/%s", token, result->payment->gateway);
  return result->next == RELAY_NEXT_INSTRUCTIONS ? g_strdup_printf ("/pay/%s", token) : NULL;
}

/* ── The whole ── */

RelayBeginResult *
relay_checkout_begin_form (RelayCheckout *self, const char *token, const char *payer_key, GHashTable *form,
                           const char *locale, char **out_payer_key, RelayPage **out_page, GError **error)
{
  g_auto (Form) read = { .form = form, .begin = { .token = token, .payer_key = payer_key, .locale = locale } };
  g_autoptr (RelayBeginResult) result = NULL;
  GError *refusal = NULL;
  gint64 wait = 0;

  *out_payer_key = NULL;
  *out_page = NULL;
  if (!(read.page = relay_checkout_page (self, token, payer_key, error)))
    return NULL;
  if (read.page->link == NULL) /* unknown or replaced */
    {
      *out_page = g_steal_pointer (&read.page);
      return NULL;
    }
  if (!read_form (&read, &refusal) || (wants_token (&read) && !leaves (&read)))
    {
      if (refusal == NULL && ask_token (self, &read, out_page, &refusal))
        return NULL;
    }
  else if (leaves (&read))
    {
      if (leave (self, token, payer_key, error))
        *out_page = relay_checkout_page (self, token, payer_key, error);
      return NULL;
    }
  if (refusal != NULL || !(result = relay_checkout_begin (self, &read.begin, &wait, &refusal)))
    {
      *out_page = explain (self, &read, refusal, wait, error);
      return NULL;
    }
  *out_payer_key = g_strdup (result->payer_key);
  if (result->next != RELAY_NEXT_REDIRECT)
    cobro_link_set_text (&result->url, "");
  if (*result->url == '\0')
    {
      g_free (result->url);
      result->url = own_path (result, token);
    }
  if (result->url != NULL)
    return g_steal_pointer (&result);
  *out_page = relay_checkout_page (self, token, result->payer_key, error);
  return NULL;
}
