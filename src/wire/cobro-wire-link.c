/* src/wire/cobro-wire-link.c — how a link travels: one reader for its three forms, one set of member writers for the
 * stored document and the /v1 shape.
 * Layer: wire. Any thread. */
#include "cobro-wire-link.h"

#include <string.h>

#include "cobro-wire-set.h"
#include "cobro-wire-terms.h"

/* Members that only the relay computes: accepted and ignored in a PUT, unknown in a create. */
static const char *const read_only[] = { "url",        "token",          "status",     "paymentStatus", "flags",
                                         "amountPaid", "amountRefunded", "amountLost", "uses" };

/* What the merchant decides; the forms have more. */
static const char *const decided[] = { "id",      "title",         "description", "reference", "currency", "pricing",
                                       "amount",  "usage",         "notBefore",   "expiresAt", "methods",  "gateways",
                                       "partial", "collect",       "fields",      "customer",  "metadata", "locale",
                                       "after",   "closedMessage", "decision" };
static const char *const stored[] = { "rev", "livemode", "createdAt", "updatedAt", "invoiceId" };

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
parse_identity (CobroWireObject *object, CobroWireLinkForm form, CobroLink *link, GError **error)
{
  if (form == COBRO_WIRE_LINK_STORED ? !cobro_wire_get_id_needed (object, "id", COBRO_ID_LINK, &link->id, error)
                                     : !cobro_wire_get_id (object, "id", COBRO_ID_LINK, &link->id, error))
    return FALSE;
  if (form == COBRO_WIRE_LINK_UPDATE)
    {
      for (gsize i = 0; i < G_N_ELEMENTS (read_only); i++)
        cobro_wire_has (object, read_only[i]);
    }
  else if (!cobro_wire_get_token (object, "token", &link->token, error))
    return FALSE;

  if (form == COBRO_WIRE_LINK_CREATE)
    return TRUE;
  return cobro_wire_get_int64 (object, "rev", 0, &link->rev, error) &&
         cobro_wire_get_id (object, "invoiceId", COBRO_ID_INVOICE, &link->invoice_id, error) &&
         cobro_wire_get_bool (object, "livemode", FALSE, &link->livemode, error) &&
         cobro_wire_get_time (object, "createdAt", &link->created_at, error) &&
         cobro_wire_get_time (object, "updatedAt", &link->updated_at, error);
}

static gboolean
parse_line (CobroWireObject *object, CobroCurrency currency, GPtrArray *lines, GError **error)
{
  g_autofree char *name = NULL;
  CobroMoney unit_amount = COBRO_MONEY_NONE;
  CobroDecimal tax_rate = 0;
  gint64 quantity = 1, maximum = 0;

  if (!cobro_wire_get_text_needed (object, "name", &name, error) ||
      !cobro_wire_get_money (object, "unitAmount", currency, &unit_amount, error) ||
      !cobro_wire_get_int64 (object, "quantity", 1, &quantity, error) ||
      !cobro_wire_get_int64 (object, "maximumQuantity", 0, &maximum, error) ||
      !cobro_wire_get_decimal (object, "taxRate", 0, &tax_rate, error))
    return FALSE;
  if (!cobro_money_is_set (unit_amount))
    return cobro_wire_refuse (object, "unitAmount", error, "is required");
  g_ptr_array_add (lines, cobro_link_line_new (name, unit_amount, quantity, maximum, tax_rate));
  return TRUE;
}

static gboolean
parse_lines (CobroWireObject *pricing, CobroLink *link, GError **error)
{
  g_autoptr (GPtrArray) lines = NULL;

  if (!cobro_wire_get_objects (pricing, "lines", COBRO_LINK_LINES_MAX, &lines, error))
    return FALSE;
  for (guint i = 0; i < lines->len; i++)
    if (!parse_line (g_ptr_array_index (lines, i), link->currency, link->lines, error))
      return FALSE;
  return TRUE;
}

static gboolean
parse_pricing (CobroWireObject *object, CobroLink *link, GError **error)
{
  g_autoptr (CobroWireObject) pricing = NULL;
  g_autofree char *type = NULL;

  if (!cobro_wire_get_object (object, "pricing", &pricing, error))
    return FALSE;
  if (pricing == NULL)
    {
      link->pricing = COBRO_PRICING_FIXED;
      if (!cobro_wire_get_money (object, "amount", link->currency, &link->amount, error))
        return FALSE;
      return cobro_money_is_set (link->amount) || cobro_wire_refuse (object, "pricing", error, "is required");
    }
  if (cobro_wire_has (object, "amount"))
    return cobro_wire_refuse (object, "amount", error, "stands beside pricing: give one of them");
  if (!cobro_wire_get_text_needed (pricing, "type", &type, error))
    return FALSE;
  if (!cobro_pricing_from_name (type, &link->pricing))
    return cobro_wire_refuse (pricing, "type", error, "must be fixed, open or lines");

  switch (link->pricing)
    {
    case COBRO_PRICING_FIXED:
      if (!cobro_wire_get_money (pricing, "amount", link->currency, &link->amount, error))
        return FALSE;
      return cobro_money_is_set (link->amount) || cobro_wire_refuse (pricing, "amount", error, "is required");
    case COBRO_PRICING_OPEN:
      return cobro_wire_get_money (pricing, "minimum", link->currency, &link->minimum, error) &&
             cobro_wire_get_money (pricing, "maximum", link->currency, &link->maximum, error) &&
             cobro_wire_get_money (pricing, "preset", link->currency, &link->preset, error);
    case COBRO_PRICING_LINES:
      return parse_lines (pricing, link, error);
    }
  return FALSE;
}

static gboolean
parse_usage (CobroWireObject *object, CobroLink *link, GError **error)
{
  g_autoptr (CobroWireObject) usage = NULL;
  g_autofree char *type = NULL;

  if (!cobro_wire_get_choice (object, "usage", "single", &usage, &type, error))
    return FALSE;
  if (!cobro_usage_from_name (type, &link->usage))
    return cobro_wire_refuse (object, "usage", error, "must be single, limited or unlimited");
  if (link->usage != COBRO_USAGE_LIMITED)
    return TRUE;
  if (usage == NULL)
    return cobro_wire_refuse (object, "usage", error, "needs a limit: {\"type\": \"limited\", \"limit\": N}");
  return cobro_wire_get_int64_needed (usage, "limit", &link->usage_limit, error);
}

static gboolean
parse_collect (CobroWireObject *object, CobroLink *link, GError **error)
{
  g_autoptr (GPtrArray) names = NULL;

  if (!cobro_wire_get_texts (object, "collect", 8, &names, error))
    return FALSE;
  link->collect = 0;
  for (guint i = 0; i < names->len; i++)
    {
      CobroCollect one;

      if (!cobro_collect_from_name (g_ptr_array_index (names, i), &one))
        return cobro_wire_refuse (object, "collect", error, "unknown entry \"%s\"",
                                  (char *)g_ptr_array_index (names, i));
      link->collect |= one;
    }
  return TRUE;
}

static gboolean
parse_fields (CobroWireObject *object, CobroLink *link, GError **error)
{
  g_autoptr (GPtrArray) fields = NULL;

  if (!cobro_wire_get_objects (object, "fields", COBRO_LINK_FIELDS_MAX, &fields, error))
    return FALSE;
  for (guint i = 0; i < fields->len; i++)
    {
      CobroWireObject *field = g_ptr_array_index (fields, i);
      g_autofree char *key = NULL;
      g_autofree char *label = NULL;
      gboolean required;

      if (!cobro_wire_get_text_needed (field, "key", &key, error) ||
          !cobro_wire_get_text_needed (field, "label", &label, error) ||
          !cobro_wire_get_bool (field, "required", FALSE, &required, error))
        return FALSE;
      g_ptr_array_add (link->fields, cobro_link_field_new (key, label, required));
    }
  return TRUE;
}

static gboolean
parse_customer (CobroWireObject *object, CobroLink *link, GError **error)
{
  g_autoptr (CobroWireObject) customer = NULL;

  if (!cobro_wire_get_object (object, "customer", &customer, error))
    return FALSE;
  return customer == NULL || (cobro_wire_get_id (customer, "id", COBRO_ID_CUSTOMER, &link->customer_id, error) &&
                              cobro_wire_set_text (customer, "name", &link->customer_name, error) &&
                              cobro_wire_set_text (customer, "email", &link->customer_email, error));
}

static gboolean
parse_after (CobroWireObject *object, CobroLink *link, GError **error)
{
  g_autoptr (CobroWireObject) after = NULL;

  if (!cobro_wire_get_object (object, "after", &after, error))
    return FALSE;
  return after == NULL || (cobro_wire_set_text (after, "message", &link->after_message, error) &&
                           cobro_wire_set_text (after, "redirectUrl", &link->after_redirect_url, error));
}

static gboolean
parse_terms (CobroWireObject *object, CobroLink *link, GError **error)
{
  CobroWireTerms terms = { link->currency, &link->methods,       &link->gateways,
                           &link->partial, &link->minimum_first, link->parts };

  return cobro_wire_terms_read (object, &terms, error);
}

static gboolean
parse_decision (CobroWireObject *object, CobroLink *link, GError **error)
{
  g_autofree char *name = NULL;

  if (!cobro_wire_get_text (object, "decision", "active", &name, error))
    return FALSE;
  return cobro_decision_from_name (name, &link->decision) ||
         cobro_wire_refuse (object, "decision", error, "must be draft, active, paused or cancelled");
}

/* A typing error in a key is named before what it makes missing. */
static gboolean
check_keys (CobroWireObject *object, CobroWireLinkForm form, GError **error)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (decided); i++)
    g_ptr_array_add (keys, (gpointer)decided[i]);
  for (gsize i = 0; form != COBRO_WIRE_LINK_CREATE && i < G_N_ELEMENTS (stored); i++)
    g_ptr_array_add (keys, (gpointer)stored[i]);
  for (gsize i = 0; form == COBRO_WIRE_LINK_UPDATE && i < G_N_ELEMENTS (read_only); i++)
    g_ptr_array_add (keys, (gpointer)read_only[i]);
  g_ptr_array_add (keys, "token");
  g_ptr_array_add (keys, NULL);
  return cobro_wire_only (object, (const char *const *)keys->pdata, error);
}

static gboolean
parse_link (CobroWireObject *object, CobroWireLinkForm form, CobroLink *link, GError **error)
{
  return (form == COBRO_WIRE_LINK_STORED || check_keys (object, form, error)) &&
         parse_identity (object, form, link, error) && cobro_wire_set_text (object, "title", &link->title, error) &&
         cobro_wire_set_text (object, "description", &link->description, error) &&
         cobro_wire_set_text (object, "reference", &link->reference, error) &&
         cobro_wire_get_currency_needed (object, "currency", &link->currency, error) &&
         parse_pricing (object, link, error) && parse_usage (object, link, error) &&
         cobro_wire_get_time (object, "notBefore", &link->not_before, error) &&
         cobro_wire_get_time (object, "expiresAt", &link->expires_at, error) && parse_terms (object, link, error) &&
         parse_collect (object, link, error) && parse_fields (object, link, error) &&
         parse_customer (object, link, error) && cobro_wire_set_map (object, "metadata", &link->metadata, error) &&
         cobro_wire_get_text (object, "locale", "auto", cobro_wire_slot (&link->locale), error) &&
         parse_after (object, link, error) &&
         cobro_wire_set_text (object, "closedMessage", &link->closed_message, error) &&
         parse_decision (object, link, error) && cobro_wire_done (object, error) && cobro_link_validate (link, error);
}

CobroLink *
cobro_wire_link_parse (CobroWireObject *object, CobroWireLinkForm form, GError **error)
{
  g_autoptr (CobroLink) link = cobro_link_new ();

  if (!parse_link (object, form, link, error))
    return NULL;
  return g_steal_pointer (&link);
}

gboolean
cobro_wire_link_read_more (CobroWireObject *object, CobroLink *link, GError **error)
{
  static const char *const members[] = { "lines", "methods", "gateways", "partial", "fields", "metadata", NULL };

  if (!cobro_wire_only (object, members, error))
    return FALSE;
  if (cobro_wire_has (object, "lines"))
    link->pricing = COBRO_PRICING_LINES;
  return (link->pricing != COBRO_PRICING_LINES || parse_lines (object, link, error)) &&
         parse_terms (object, link, error) && parse_fields (object, link, error) &&
         cobro_wire_set_map (object, "metadata", &link->metadata, error) && cobro_wire_done (object, error);
}

gboolean
cobro_wire_link_read_tally (CobroWireObject *object, CobroCurrency currency, CobroLinkTally *out_tally, GError **error)
{
  CobroLinkTally tally = cobro_link_tally_new (currency);
  CobroMoney paid = COBRO_MONEY_NONE, refunded = COBRO_MONEY_NONE, lost = COBRO_MONEY_NONE;
  CobroPaidStatus status = COBRO_PAID_PENDING;
  g_autofree char *name = NULL;

  if (!cobro_wire_get_money (object, "amountPaid", currency, &paid, error) ||
      !cobro_wire_get_money (object, "amountRefunded", currency, &refunded, error) ||
      !cobro_wire_get_money (object, "amountLost", currency, &lost, error) ||
      !cobro_wire_get_int64 (object, "uses", 0, &tally.uses, error) ||
      !cobro_wire_get_flags (object, "flags", &tally.flags, error) ||
      !cobro_wire_get_text (object, "paymentStatus", "pending", &name, error))
    return FALSE;
  if (!cobro_paid_status_from_name (name, &status))
    return cobro_wire_refuse (object, "paymentStatus", error, "unknown status \"%s\"", name);
  if (tally.uses < 0)
    return cobro_wire_refuse (object, "uses", error, "must not be negative");

  if (cobro_money_is_set (paid))
    tally.paid = paid;
  if (cobro_money_is_set (refunded))
    tally.refunded = refunded;
  if (cobro_money_is_set (lost))
    tally.lost = lost;
  tally.flags &= ~(guint)(COBRO_FLAG_PARTIAL | COBRO_FLAG_OVER); /* computed, never stored */
  tally.processing = tally.open_attempts = status == COBRO_PAID_PROCESSING ? 1 : 0;
  tally.last_failed = status == COBRO_PAID_FAILED;
  tally.attempts = status == COBRO_PAID_PENDING ? 0 : MAX (tally.uses, 1);
  *out_tally = tally;
  return TRUE;
}

/* ── Writing ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
write_lines (CobroWireWriter *writer, const GPtrArray *lines)
{
  cobro_wire_begin_array (writer, "lines");
  for (guint i = 0; i < lines->len; i++)
    {
      const CobroLinkLine *line = g_ptr_array_index (lines, i);

      cobro_wire_begin_object (writer, NULL);
      cobro_wire_put_text (writer, "name", line->name);
      cobro_wire_put_money (writer, "unitAmount", line->unit_amount);
      cobro_wire_put_int64 (writer, "quantity", line->quantity);
      if (line->maximum_quantity > 0)
        cobro_wire_put_int64 (writer, "maximumQuantity", line->maximum_quantity);
      else
        cobro_wire_put_null (writer, "maximumQuantity");
      cobro_wire_put_decimal (writer, "taxRate", line->tax_rate);
      cobro_wire_end_object (writer);
    }
  cobro_wire_end_array (writer);
}

static void
write_pricing (CobroWireWriter *writer, const CobroLink *link)
{
  cobro_wire_begin_object (writer, "pricing");
  cobro_wire_put_text (writer, "type", cobro_pricing_name (link->pricing));
  switch (link->pricing)
    {
    case COBRO_PRICING_FIXED:
      cobro_wire_put_money (writer, "amount", link->amount);
      break;
    case COBRO_PRICING_OPEN:
      cobro_wire_put_money (writer, "minimum", link->minimum);
      cobro_wire_put_money (writer, "maximum", link->maximum);
      cobro_wire_put_money (writer, "preset", link->preset);
      break;
    case COBRO_PRICING_LINES:
      write_lines (writer, link->lines);
      break;
    }
  cobro_wire_end_object (writer);
}

static void
write_fields (CobroWireWriter *writer, const CobroLink *link)
{
  cobro_wire_begin_array (writer, "fields");
  for (guint i = 0; i < link->fields->len; i++)
    {
      const CobroLinkField *field = g_ptr_array_index (link->fields, i);

      cobro_wire_begin_object (writer, NULL);
      cobro_wire_put_text (writer, "key", field->key);
      cobro_wire_put_text (writer, "label", field->label);
      cobro_wire_put_bool (writer, "required", field->required);
      cobro_wire_end_object (writer);
    }
  cobro_wire_end_array (writer);
}

static void
write_usage (CobroWireWriter *writer, const CobroLink *link)
{
  cobro_wire_begin_object (writer, "usage");
  cobro_wire_put_text (writer, "type", cobro_usage_name (link->usage));
  if (link->usage == COBRO_USAGE_LIMITED)
    cobro_wire_put_int64 (writer, "limit", link->usage_limit);
  cobro_wire_end_object (writer);
}

static void
write_questions (CobroWireWriter *writer, const CobroLink *link)
{
  cobro_wire_begin_array (writer, "collect");
  for (guint bit = 1; bit != 0 && bit <= link->collect; bit <<= 1)
    if (link->collect & bit)
      cobro_wire_put_text (writer, NULL, cobro_collect_name (bit));
  cobro_wire_end_array (writer);
  write_fields (writer, link);
}

static void
write_people (CobroWireWriter *writer, const CobroLink *link)
{
  cobro_wire_begin_object (writer, "customer");
  if (cobro_id_is_set (&link->customer_id))
    cobro_wire_put_text (writer, "id", link->customer_id.text);
  cobro_wire_put_text (writer, "name", link->customer_name);
  cobro_wire_put_text (writer, "email", link->customer_email);
  cobro_wire_end_object (writer);
}

/* What the merchant decided: the members that both shapes share, in the order of relay-http.md. */
static void
write_decisions (CobroWireWriter *writer, const CobroLink *link)
{
  cobro_wire_put_text (writer, "title", link->title);
  cobro_wire_put_text (writer, "description", link->description);
  cobro_wire_put_text (writer, "reference", link->reference);
  cobro_wire_put_text (writer, "currency", cobro_currency_code (link->currency));
  write_pricing (writer, link);
  write_usage (writer, link);
  cobro_wire_put_time (writer, "notBefore", link->not_before);
  cobro_wire_put_time (writer, "expiresAt", link->expires_at);
  cobro_wire_terms_write (writer, link->methods, link->gateways, link->partial, link->minimum_first, link->parts);
  write_questions (writer, link);
  write_people (writer, link);
  cobro_wire_put_map (writer, "metadata", link->metadata);
  cobro_wire_put_text (writer, "locale", link->locale);
  cobro_wire_begin_object (writer, "after");
  cobro_wire_put_text (writer, "message", link->after_message);
  cobro_wire_put_text_or_null (writer, "redirectUrl", link->after_redirect_url);
  cobro_wire_end_object (writer);
  cobro_wire_put_text (writer, "closedMessage", link->closed_message);
  cobro_wire_put_text (writer, "decision", cobro_decision_name (link->decision));
}

static void
write_times (CobroWireWriter *writer, const CobroLink *link)
{
  cobro_wire_put_bool (writer, "livemode", link->livemode);
  cobro_wire_put_time (writer, "createdAt", link->created_at);
  cobro_wire_put_time (writer, "updatedAt", link->updated_at);
}

/* Only links of invoices have the member. */
static void
write_invoice (CobroWireWriter *writer, const CobroLink *link)
{
  if (cobro_id_is_set (&link->invoice_id))
    cobro_wire_put_text (writer, "invoiceId", link->invoice_id.text);
}

char *
cobro_wire_link_to_document (const CobroLink *link, gboolean with_token)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "id", link->id.text);
  if (with_token && cobro_token_is_set (&link->token))
    cobro_wire_put_text (writer, "token", link->token.text);
  write_invoice (writer, link);
  write_decisions (writer, link);
  write_times (writer, link);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

char *
cobro_wire_link_to_more (const CobroLink *link)
{
  g_autoptr (CobroWireWriter) writer = NULL;

  if (link->pricing != COBRO_PRICING_LINES && link->partial == COBRO_PARTIAL_OFF && link->gateways->len == 0 &&
      link->fields->len == 0 && g_hash_table_size (link->metadata) == 0)
    return g_strdup ("");
  writer = cobro_wire_writer_new ();
  cobro_wire_begin_object (writer, NULL);
  if (link->pricing == COBRO_PRICING_LINES)
    write_lines (writer, link->lines);
  cobro_wire_terms_write (writer, link->methods, link->gateways, link->partial, link->minimum_first, link->parts);
  write_fields (writer, link);
  cobro_wire_put_map (writer, "metadata", link->metadata);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

static void
write_view (CobroWireWriter *writer, const CobroLink *link, const CobroWireLinkContext *context)
{
  CobroLinkView view = cobro_link_view (link, context->tally, context->now);

  cobro_wire_put_text (writer, "status", cobro_link_status_name (view.status));
  cobro_wire_put_text (writer, "paymentStatus", cobro_paid_status_name (view.paid_status));
  cobro_wire_put_flags (writer, "flags", view.flags);
  cobro_wire_put_money (writer, "amountPaid", context->tally->paid);
  cobro_wire_put_money (writer, "amountRefunded", context->tally->refunded);
  cobro_wire_put_money (writer, "amountLost", context->tally->lost);
  cobro_wire_put_int64 (writer, "uses", context->tally->uses);
}

void
cobro_wire_link_write (CobroWireWriter *writer, const char *key, const CobroLink *link,
                       const CobroWireLinkContext *context)
{
  cobro_wire_begin_object (writer, key);
  cobro_wire_put_text (writer, "id", link->id.text);
  cobro_wire_put_int64 (writer, "rev", link->rev);
  if (context->url != NULL)
    cobro_wire_put_text (writer, "url", context->url);
  if (context->with_token && cobro_token_is_set (&link->token))
    cobro_wire_put_text (writer, "token", link->token.text);
  write_invoice (writer, link);
  write_decisions (writer, link);
  write_view (writer, link, context);
  write_times (writer, link);
  cobro_wire_end_object (writer);
}
