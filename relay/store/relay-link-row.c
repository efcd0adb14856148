/* relay/store/relay-link-row.c — one row of the table link.
 * Layer: relay/store. Plain links are read without any JSON: only what comes in lists is kept as JSON (extras). */
#include "relay-link-row.h"

#include "cobro-wire.h"
#include "relay-row.h"

/* ── Lists ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
write_lines (CobroWireWriter *writer, const GPtrArray *lines)
{
  cobro_wire_begin_array (writer, "lines");
  for (guint i = 0; i < lines->len; i++)
    {
      const CobroLinkLine *line = lines->pdata[i];

      cobro_wire_begin_object (writer, NULL);
      cobro_wire_put_text (writer, "name", line->name);
      cobro_wire_put_money (writer, "unitAmount", line->unit_amount);
      cobro_wire_put_int64 (writer, "quantity", line->quantity);
      cobro_wire_put_int64 (writer, "maximumQuantity", line->maximum_quantity);
      cobro_wire_put_decimal (writer, "taxRate", line->tax_rate);
      cobro_wire_end_object (writer);
    }
  cobro_wire_end_array (writer);
}

static void
write_fields (CobroWireWriter *writer, const GPtrArray *fields)
{
  cobro_wire_begin_array (writer, "fields");
  for (guint i = 0; i < fields->len; i++)
    {
      const CobroLinkField *field = fields->pdata[i];

      cobro_wire_begin_object (writer, NULL);
      cobro_wire_put_text (writer, "key", field->key);
      cobro_wire_put_text (writer, "label", field->label);
      cobro_wire_put_bool (writer, "required", field->required);
      cobro_wire_end_object (writer);
    }
  cobro_wire_end_array (writer);
}

static void
write_parts (CobroWireWriter *writer, const GPtrArray *parts)
{
  cobro_wire_begin_array (writer, "parts");
  for (guint i = 0; i < parts->len; i++)
    {
      const CobroLinkPart *part = parts->pdata[i];

      cobro_wire_begin_object (writer, NULL);
      cobro_wire_put_text (writer, "due", part->due);
      cobro_wire_put_money (writer, "amount", part->amount);
      cobro_wire_end_object (writer);
    }
  cobro_wire_end_array (writer);
}

/* (transfer full) (nullable) what a plain link does not have. */
static char *
extras_to_json (const CobroLink *link)
{
  g_autoptr (CobroWireWriter) writer = NULL;

  if (link->lines->len + link->fields->len + link->parts->len + link->gateways->len == 0 &&
      g_hash_table_size (link->metadata) == 0)
    return NULL;
  writer = cobro_wire_writer_new ();
  cobro_wire_begin_object (writer, NULL);
  write_lines (writer, link->lines);
  write_fields (writer, link->fields);
  write_parts (writer, link->parts);
  cobro_wire_begin_array (writer, "gateways");
  for (guint i = 0; i < link->gateways->len; i++)
    cobro_wire_put_text (writer, NULL, link->gateways->pdata[i]);
  cobro_wire_end_array (writer);
  cobro_wire_put_map (writer, "metadata", link->metadata);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

static gboolean
read_lines (CobroWireObject *object, CobroLink *link, GError **error)
{
  g_autoptr (GPtrArray) lines = NULL;

  if (!cobro_wire_get_objects (object, "lines", COBRO_LINK_LINES_MAX, &lines, error))
    return FALSE;
  for (guint i = 0; i < lines->len; i++)
    {
      g_autofree char *name = NULL;
      CobroMoney unit_amount = COBRO_MONEY_NONE;
      CobroDecimal tax_rate = 0;
      gint64 quantity = 1, maximum = 0;

      if (!cobro_wire_get_text (lines->pdata[i], "name", "", &name, error) ||
          !cobro_wire_get_money (lines->pdata[i], "unitAmount", link->currency, &unit_amount, error) ||
          !cobro_wire_get_int64 (lines->pdata[i], "quantity", 1, &quantity, error) ||
          !cobro_wire_get_int64 (lines->pdata[i], "maximumQuantity", 0, &maximum, error) ||
          !cobro_wire_get_decimal (lines->pdata[i], "taxRate", 0, &tax_rate, error))
        return FALSE;
      g_ptr_array_add (link->lines, cobro_link_line_new (name, unit_amount, quantity, maximum, tax_rate));
    }
  return TRUE;
}

static gboolean
read_fields (CobroWireObject *object, CobroLink *link, GError **error)
{
  g_autoptr (GPtrArray) fields = NULL;

  if (!cobro_wire_get_objects (object, "fields", COBRO_LINK_FIELDS_MAX, &fields, error))
    return FALSE;
  for (guint i = 0; i < fields->len; i++)
    {
      g_autofree char *key = NULL;
      g_autofree char *label = NULL;
      gboolean required = FALSE;

      if (!cobro_wire_get_text (fields->pdata[i], "key", "", &key, error) ||
          !cobro_wire_get_text (fields->pdata[i], "label", "", &label, error) ||
          !cobro_wire_get_bool (fields->pdata[i], "required", FALSE, &required, error))
        return FALSE;
      g_ptr_array_add (link->fields, cobro_link_field_new (key, label, required));
    }
  return TRUE;
}

static gboolean
read_parts (CobroWireObject *object, CobroLink *link, GError **error)
{
  g_autoptr (GPtrArray) parts = NULL;

  if (!cobro_wire_get_objects (object, "parts", COBRO_LINK_PARTS_MAX, &parts, error))
    return FALSE;
  for (guint i = 0; i < parts->len; i++)
    {
      g_autofree char *due = NULL;
      CobroMoney amount = COBRO_MONEY_NONE;

      if (!cobro_wire_get_text (parts->pdata[i], "due", "", &due, error) ||
          !cobro_wire_get_money (parts->pdata[i], "amount", link->currency, &amount, error))
        return FALSE;
      g_ptr_array_add (link->parts, cobro_link_part_new (due, amount));
    }
  return TRUE;
}

static gboolean
extras_from_json (const char *json, CobroLink *link, GError **error)
{
  g_autoptr (CobroWireObject) object = NULL;
  g_autoptr (GPtrArray) gateways = NULL;
  GHashTable *metadata = NULL;

  if (json == NULL)
    return TRUE;
  if (!(object = cobro_wire_parse (json, -1, error)) || !read_lines (object, link, error) ||
      !read_fields (object, link, error) || !read_parts (object, link, error) ||
      !cobro_wire_get_texts (object, "gateways", COBRO_LINK_GATEWAYS_MAX, &gateways, error) ||
      !cobro_wire_get_map (object, "metadata", &metadata, error))
    return FALSE;
  for (guint i = 0; i < gateways->len; i++)
    g_ptr_array_add (link->gateways, g_strdup (gateways->pdata[i]));
  g_hash_table_unref (link->metadata);
  link->metadata = metadata;
  return TRUE;
}

/* ── Binding ────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
bind_price (CobroDbStatement *statement, const CobroLink *link)
{
  cobro_db_bind_text (statement, ":currency", cobro_currency_code (link->currency));
  cobro_db_bind_text (statement, ":pricing", cobro_pricing_name (link->pricing));
  cobro_db_bind_money (statement, ":amount", link->amount);
  cobro_db_bind_money (statement, ":minimum", link->minimum);
  cobro_db_bind_money (statement, ":maximum", link->maximum);
  cobro_db_bind_money (statement, ":preset", link->preset);
  cobro_db_bind_text (statement, ":usage", cobro_usage_name (link->usage));
  cobro_db_bind_int64 (statement, ":usage_limit", link->usage_limit);
  cobro_db_bind_time (statement, ":not_before", link->not_before);
  cobro_db_bind_time (statement, ":expires_at", link->expires_at);
  cobro_db_bind_int64 (statement, ":methods", link->methods);
  cobro_db_bind_text (statement, ":partial", cobro_partial_name (link->partial));
  cobro_db_bind_money (statement, ":minimum_first", link->minimum_first);
}

void
relay_link_row_bind (CobroDbStatement *statement, const CobroLink *link, const char *edited)
{
  g_autofree char *extras = extras_to_json (link);

  cobro_db_bind_int64 (statement, ":rev", link->rev);
  cobro_db_bind_text (statement, ":title", link->title);
  cobro_db_bind_text (statement, ":description", link->description);
  cobro_db_bind_text (statement, ":reference", link->reference);
  bind_price (statement, link);
  cobro_db_bind_int64 (statement, ":collect", link->collect);
  cobro_db_bind_id (statement, ":invoice_id", &link->invoice_id);
  cobro_db_bind_id (statement, ":customer_id", &link->customer_id);
  cobro_db_bind_text (statement, ":customer_name", link->customer_name);
  cobro_db_bind_text (statement, ":customer_email", link->customer_email);
  cobro_db_bind_text (statement, ":locale", link->locale);
  cobro_db_bind_text (statement, ":after_message", link->after_message);
  cobro_db_bind_text (statement, ":after_redirect_url", link->after_redirect_url);
  cobro_db_bind_text (statement, ":closed_message", link->closed_message);
  cobro_db_bind_text (statement, ":decision", cobro_decision_name (link->decision));
  cobro_db_bind_text (statement, ":extras", extras);
  cobro_db_bind_text (statement, ":edited", edited);
  cobro_db_bind_int64 (statement, ":created_at", link->created_at);
  cobro_db_bind_int64 (statement, ":updated_at", link->updated_at);
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
read_price (CobroDbStatement *statement, CobroLink *link, GError **error)
{
  if (!relay_row_currency (statement, "currency", &link->currency, error) ||
      !relay_row_enum (statement, "pricing", cobro_pricing_from_name, &link->pricing, error) ||
      !relay_row_enum (statement, "usage", cobro_usage_from_name, &link->usage, error) ||
      !relay_row_enum (statement, "partial", cobro_partial_from_name, &link->partial, error))
    return FALSE;
  link->amount = cobro_db_column_money (statement, "amount", link->currency);
  link->minimum = cobro_db_column_money (statement, "minimum", link->currency);
  link->maximum = cobro_db_column_money (statement, "maximum", link->currency);
  link->preset = cobro_db_column_money (statement, "preset", link->currency);
  link->usage_limit = cobro_db_column_int64 (statement, "usage_limit");
  link->not_before = cobro_db_column_time (statement, "not_before");
  link->expires_at = cobro_db_column_time (statement, "expires_at");
  link->methods = (guint)cobro_db_column_int64 (statement, "methods");
  link->minimum_first = cobro_db_column_money (statement, "minimum_first", link->currency);
  return TRUE;
}

static gboolean
read_decisions (CobroDbStatement *statement, CobroLink *link, GError **error)
{
  link->id = cobro_db_column_id (statement, "id");
  link->livemode = cobro_db_column_bool (statement, "livemode");
  link->rev = cobro_db_column_int64 (statement, "rev");
  relay_row_text (statement, "title", &link->title);
  relay_row_text (statement, "description", &link->description);
  relay_row_text (statement, "reference", &link->reference);
  if (!read_price (statement, link, error) ||
      !relay_row_enum (statement, "decision", cobro_decision_from_name, &link->decision, error))
    return FALSE;
  link->collect = (guint)cobro_db_column_int64 (statement, "collect");
  link->invoice_id = cobro_db_column_id (statement, "invoice_id");
  link->customer_id = cobro_db_column_id (statement, "customer_id");
  relay_row_text (statement, "customer_name", &link->customer_name);
  relay_row_text (statement, "customer_email", &link->customer_email);
  relay_row_text (statement, "locale", &link->locale);
  relay_row_text (statement, "after_message", &link->after_message);
  relay_row_text (statement, "after_redirect_url", &link->after_redirect_url);
  relay_row_text (statement, "closed_message", &link->closed_message);
  link->created_at = cobro_db_column_time (statement, "created_at");
  link->updated_at = cobro_db_column_time (statement, "updated_at");
  return extras_from_json (cobro_db_column_text (statement, "extras"), link, error);
}

static void
read_sums (CobroDbStatement *statement, RelayLinkRecord *record)
{
  CobroLinkTally *tally = &record->tally;
  CobroCurrency currency = record->link->currency;

  tally->paid = cobro_db_column_money (statement, "paid", currency);
  tally->refunded = cobro_db_column_money (statement, "refunded", currency);
  tally->lost = cobro_db_column_money (statement, "lost", currency);
  tally->uses = cobro_db_column_int64 (statement, "uses");
  tally->open_attempts = cobro_db_column_int64 (statement, "open_attempts");
  tally->processing = cobro_db_column_int64 (statement, "processing");
  tally->attempts = cobro_db_column_int64 (statement, "attempts");
  tally->last_failed = cobro_db_column_bool (statement, "last_failed");
  tally->flags = (guint)cobro_db_column_int64 (statement, "flags");
  record->newest_payment = cobro_db_column_int64 (statement, "newest_payment");
  record->slots_given = cobro_db_column_int64 (statement, "slots_given");
  record->version = cobro_db_column_int64 (statement, "version");
  record->expiry_told = cobro_db_column_bool (statement, "expiry_told");
}

RelayLinkRecord *
relay_link_row_read (CobroDbStatement *statement, GError **error)
{
  g_autoptr (RelayLinkRecord) record = g_new0 (RelayLinkRecord, 1);

  record->link = cobro_link_new ();
  record->row = cobro_db_column_int64 (statement, "row");
  record->merchant_id = cobro_db_column_id (statement, "merchant_id");
  record->edited = relay_row_dup_text (statement, "edited");
  if (!read_decisions (statement, record->link, error))
    {
      g_prefix_error (error, "link %s: ", record->link->id.text);
      return NULL;
    }
  read_sums (statement, record);
  return g_steal_pointer (&record);
}

void
relay_link_record_free (RelayLinkRecord *record)
{
  if (record == NULL)
    return;
  cobro_link_unref (record->link);
  g_free (record->edited);
  g_free (record);
}
