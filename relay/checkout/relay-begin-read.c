/* relay/checkout/relay-begin-read.c — what a payer wants, checked against the link: pure.
 * Layer: relay/checkout. Any thread. */
#include "relay-begin-private.h"

#include "cobro-error.h"
#include "cobro-text.h"

#define NAME_MAX_CHARACTERS    200
#define PHONE_MAX_CHARACTERS   40
#define ADDRESS_MAX_CHARACTERS 500
#define ANSWER_MAX_CHARACTERS  500

/* ── Amount ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
read_quantities (const RelayBegin *begin, const CobroLink *link, RelayPaymentRecord *payment, CobroMoney *out_total,
                 GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (link->pricing != COBRO_PRICING_LINES)
    {
      if (begin->quantities != NULL && begin->n_quantities > 0)
        return cobro_error_set_at (error, COBRO_ERROR_INVALID, "quantities", "this link has no lines");
      return cobro_link_total (link, out_total, error);
    }
  if (begin->quantities == NULL)
    return cobro_link_total (link, out_total, error);
  if (begin->n_quantities != link->lines->len)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "quantities", "must be %u, one for each line",
                               link->lines->len);
  if (!cobro_link_total_of (link, begin->quantities, begin->n_quantities, out_total, error))
    return FALSE;
  for (gsize i = 0; i < begin->n_quantities; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", begin->quantities[i]);
  g_free (payment->quantities);
  payment->quantities = g_string_free (g_steal_pointer (&text), FALSE);
  return TRUE;
}

static gboolean
read_amount (const RelayBegin *begin, const CobroLink *link, CobroMoney paid, RelayPaymentRecord *payment,
             GError **error)
{
  CobroMoney total = COBRO_MONEY_NONE, amount = begin->amount;

  if (!read_quantities (begin, link, payment, &total, error))
    return FALSE;
  if (!cobro_money_is_set (amount))
    {
      if (link->pricing == COBRO_PRICING_OPEN)
        amount = link->preset;
      else if (!cobro_money_subtract (total, paid, &amount, error))
        return FALSE;
    }
  if (!cobro_money_is_set (amount))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "is required");
  if (cobro_money_currency (amount) != link->currency)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "must be in \"%s\"",
                               cobro_currency_code (link->currency));
  /* Lines with adjustable quantities: what was chosen is what it costs. */
  if (link->pricing == COBRO_PRICING_LINES && link->partial == COBRO_PARTIAL_OFF && !cobro_money_equal (amount, total))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "amount", "is not what the chosen quantities cost");
  if (!cobro_link_check_amount (link, paid, amount, error) || !cobro_money_check (amount, error))
    return FALSE;
  payment->payment->amount = amount;
  return TRUE;
}

/* ── The payer's data ───────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
is_empty (const char *text)
{
  return text == NULL || text[strspn (text, " \t\r\n")] == '\0';
}

/* Who is asked for what: the link wants it, the provider needs it (and may know it from elsewhere). */
typedef struct
{
  const CobroLink *link;
  guint needs; /* CobroCollect */
} Asked;

/* Takes the text when somebody asks for it; what was not asked for is not kept. */
static gboolean
take_text (Asked asked, CobroCollect what, const char *text, char **field, GError **error)
{
  const char *path = cobro_collect_name (what);

  if (((asked.link->collect | asked.needs) & what) == 0)
    return TRUE;
  if (is_empty (text))
    return (asked.link->collect & what) == 0 || cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "is required");
  cobro_link_set_text (field, text);
  g_strstrip (*field);
  return TRUE;
}

static gboolean
read_payer (const RelayBegin *begin, Asked asked, CobroPayment *payment, GError **error)
{
  g_autofree char *address = g_strdup ("");

  if (!take_text (asked, COBRO_COLLECT_NAME, begin->payer_name, &payment->payer_name, error) ||
      !cobro_text_check (payment->payer_name, NAME_MAX_CHARACTERS, COBRO_TEXT_LINE, "name", error) ||
      !take_text (asked, COBRO_COLLECT_EMAIL, begin->payer_email, &payment->payer_email, error) ||
      !cobro_text_check_email (payment->payer_email, "email", error) ||
      !take_text (asked, COBRO_COLLECT_PHONE, begin->payer_phone, &payment->payer_phone, error) ||
      !cobro_text_check (payment->payer_phone, PHONE_MAX_CHARACTERS, COBRO_TEXT_LINE, "phone", error) ||
      !take_text (asked, COBRO_COLLECT_ADDRESS, begin->payer_address, &address, error) ||
      !cobro_text_check (address, ADDRESS_MAX_CHARACTERS, COBRO_TEXT_BLOCK, "address", error))
    return FALSE;
  if (*address != '\0')
    {
      g_strdelimit (address, "\r\n\t", ' ');
      g_hash_table_replace (payment->payer_fields, g_strdup ("address"), g_steal_pointer (&address));
    }
  return TRUE;
}

static gboolean
read_answers (const RelayBegin *begin, const CobroLink *link, CobroPayment *payment, GError **error)
{
  for (guint i = 0; i < link->fields->len; i++)
    {
      const CobroLinkField *field = link->fields->pdata[i];
      const char *answer = begin->payer_fields != NULL ? g_hash_table_lookup (begin->payer_fields, field->key) : NULL;
      g_autofree char *path = g_strconcat ("fields.", field->key, NULL);

      if (is_empty (answer) && field->required)
        return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "is required");
      if (is_empty (answer))
        continue;
      if (!cobro_text_check (answer, ANSWER_MAX_CHARACTERS, COBRO_TEXT_LINE, path, error))
        return FALSE;
      g_hash_table_replace (payment->payer_fields, g_strdup (field->key), g_strdup (answer));
    }
  return TRUE;
}

static void
fill_text (const char **field, const char *earlier)
{
  if (is_empty (*field))
    *field = earlier;
}

void
relay_begin_fill (RelayBegin *begin, const CobroPayment *earlier, const CobroLink *link)
{
  fill_text (&begin->payer_name, earlier->payer_name);
  fill_text (&begin->payer_email, earlier->payer_email);
  fill_text (&begin->payer_phone, earlier->payer_phone);
  fill_text (&begin->payer_address, g_hash_table_lookup (earlier->payer_fields, "address"));
  if (begin->payer_fields == NULL || g_hash_table_size (begin->payer_fields) == 0)
    begin->payer_fields = earlier->payer_fields;
  if (!cobro_money_is_set (begin->amount) && link->pricing == COBRO_PRICING_OPEN)
    begin->amount = earlier->amount;
}

gboolean
relay_begin_read (const RelayBegin *begin, const CobroLink *link, guint needs, CobroMoney paid,
                  RelayPaymentRecord *payment, GError **error)
{
  Asked asked = { link, needs };

  return read_amount (begin, link, paid, payment, error) && read_payer (begin, asked, payment->payment, error) &&
         read_answers (begin, link, payment->payment, error);
}

gboolean
relay_begin_check_needs (const CobroPayment *payment, guint needs, GError **error)
{
  const struct
  {
    CobroCollect what;
    const char *text;
  } known[] = {
    { COBRO_COLLECT_NAME, payment->payer_name },
    { COBRO_COLLECT_EMAIL, payment->payer_email },
    { COBRO_COLLECT_PHONE, payment->payer_phone },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if ((needs & known[i].what) != 0 && *known[i].text == '\0')
      return cobro_error_set_at (error, COBRO_ERROR_INVALID, cobro_collect_name (known[i].what),
                                 "is needed to pay this way");
  return TRUE;
}

gboolean
relay_begin_check_open (const RelayLinkRecord *link, CobroTime now, GError **error)
{
  switch (cobro_link_view (link->link, &link->tally, now).status)
    {
    case COBRO_LINK_OPEN:
      return TRUE;
    case COBRO_LINK_DRAFT:
      return cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "no such link");
    case COBRO_LINK_SCHEDULED:
      return cobro_error_set (error, COBRO_ERROR_STATE, "this link cannot be paid yet");
    case COBRO_LINK_PAUSED:
      return cobro_error_set (error, COBRO_ERROR_STATE, "this link takes no payments at the moment");
    case COBRO_LINK_EXPIRED:
      return cobro_error_set (error, COBRO_ERROR_GONE, "this link has expired");
    case COBRO_LINK_USED_UP:
      return cobro_error_set (error, COBRO_ERROR_GONE, "this link has been paid");
    case COBRO_LINK_CANCELLED:
      return cobro_error_set (error, COBRO_ERROR_GONE, "this link was cancelled");
    }
  g_return_val_if_reached (FALSE);
}
