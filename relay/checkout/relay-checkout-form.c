/* relay/checkout/relay-checkout-form.c — the page's form: read, begun, and given back with what was wrong in it.
 * Layer: relay/checkout. Any thread; blocks as relay_checkout_begin() does. */
#include "relay-checkout-private.h"

#include <string.h>

#include "cobro-error.h"
#include "relay-amount-text.h"

#define TYPED_MAX  2000 /* bytes of a field that are given back */
#define FIELD      "field_"
#define QUANTITY   "quantity_"
#define QUANTITIES "quantities["
#define FIELDS     "fields."

/* A posted form and what it is read into. */
typedef struct
{
  RelayPage *page; /* as the payer saw it */
  GHashTable *form;
  RelayBegin begin;
  GArray *quantities; /* (element-type gint64) */
  GHashTable *fields; /* (element-type utf8 utf8) */
  char *gateway;
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
  return read_amount (form, error) && read_quantities (form, error) && read_way (form, error);
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

static void
give_back (RelayPage *page, GHashTable *form, const GError *error)
{
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, form);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (strlen (value) <= TYPED_MAX)
      g_hash_table_insert (page->values, g_strdup (name), g_strdup (value));
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
  if (!read_form (&read, &refusal) || !(result = relay_checkout_begin (self, &read.begin, &wait, &refusal)))
    {
      *out_page = explain (self, &read, refusal, wait, error);
      return NULL;
    }
  *out_payer_key = g_strdup (result->payer_key);
  if (result->next == RELAY_NEXT_REDIRECT)
    return g_steal_pointer (&result);
  *out_page = relay_checkout_page (self, token, result->payer_key, error);
  return NULL;
}
