/* src/core/cobro-link.c — the link as a value: made, copied, counted, and its enums named. Rules: cobro-link-rules.c.
 * Layer: core. A link is written by its maker only, then shared; the reference count is atomic. */
#include "cobro-link.h"
#include "cobro-names.h"

#include <string.h>

static const char *const pricing_names[] = { "fixed", "open", "lines" };
static const char *const usage_names[] = { "single", "limited", "unlimited" };
static const char *const partial_names[] = { "off", "on", "plan" };
static const char *const decision_names[] = { "draft", "active", "paused", "cancelled" };
static const char *const method_names[] = { "card", "crypto", "bank_transfer", "wallet", "store" };
static const char *const collect_names[] = { "name", "email", "phone", "address" };

COBRO_DEFINE_NAMES (CobroPricing, cobro_pricing, pricing_names)
COBRO_DEFINE_NAMES (CobroUsage, cobro_usage, usage_names)
COBRO_DEFINE_NAMES (CobroPartial, cobro_partial, partial_names)
COBRO_DEFINE_NAMES (CobroDecision, cobro_decision, decision_names)
COBRO_DEFINE_BIT_NAMES (CobroMethods, cobro_method, method_names)
COBRO_DEFINE_BIT_NAMES (CobroCollect, cobro_collect, collect_names)

static void
line_free (CobroLinkLine *line)
{
  g_free (line->name);
  g_free (line);
}

static void
field_free (CobroLinkField *field)
{
  g_free (field->key);
  g_free (field->label);
  g_free (field);
}

CobroLink *
cobro_link_new (void)
{
  CobroLink *link = g_new0 (CobroLink, 1);

  link->ref_count = 1;
  link->title = g_strdup ("");
  link->description = g_strdup ("");
  link->reference = g_strdup ("");
  link->lines = g_ptr_array_new_with_free_func ((GDestroyNotify)line_free);
  link->methods = COBRO_METHOD_CARD;
  link->gateways = g_ptr_array_new_with_free_func (g_free);
  link->parts = g_ptr_array_new_with_free_func (g_free);
  link->fields = g_ptr_array_new_with_free_func ((GDestroyNotify)field_free);
  link->customer_name = g_strdup ("");
  link->customer_email = g_strdup ("");
  link->metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  link->locale = g_strdup ("auto");
  link->after_message = g_strdup ("");
  link->after_redirect_url = g_strdup ("");
  link->closed_message = g_strdup ("");
  link->decision = COBRO_DECISION_ACTIVE;
  return link;
}

static void
copy_scalars (const CobroLink *from, CobroLink *to)
{
  to->id = from->id;
  to->rev = from->rev;
  to->token = from->token;
  to->currency = from->currency;
  to->pricing = from->pricing;
  to->amount = from->amount;
  to->minimum = from->minimum;
  to->maximum = from->maximum;
  to->preset = from->preset;
  to->usage = from->usage;
  to->usage_limit = from->usage_limit;
  to->not_before = from->not_before;
  to->expires_at = from->expires_at;
  to->methods = from->methods;
  to->partial = from->partial;
  to->minimum_first = from->minimum_first;
  to->collect = from->collect;
  to->invoice_id = from->invoice_id;
  to->customer_id = from->customer_id;
  to->decision = from->decision;
  to->livemode = from->livemode;
  to->created_at = from->created_at;
  to->updated_at = from->updated_at;
}

static void
copy_texts (const CobroLink *from, CobroLink *to)
{
  cobro_link_set_text (&to->title, from->title);
  cobro_link_set_text (&to->description, from->description);
  cobro_link_set_text (&to->reference, from->reference);
  cobro_link_set_text (&to->customer_name, from->customer_name);
  cobro_link_set_text (&to->customer_email, from->customer_email);
  cobro_link_set_text (&to->locale, from->locale);
  cobro_link_set_text (&to->after_message, from->after_message);
  cobro_link_set_text (&to->after_redirect_url, from->after_redirect_url);
  cobro_link_set_text (&to->closed_message, from->closed_message);
}

static void
copy_lists (const CobroLink *from, CobroLink *to)
{
  GHashTableIter iter;
  gpointer key, value;

  for (guint i = 0; i < from->lines->len; i++)
    {
      const CobroLinkLine *line = from->lines->pdata[i];

      g_ptr_array_add (to->lines, cobro_link_line_new (line->name, line->unit_amount, line->quantity,
                                                       line->maximum_quantity, line->tax_rate));
    }
  for (guint i = 0; i < from->gateways->len; i++)
    g_ptr_array_add (to->gateways, g_strdup (from->gateways->pdata[i]));
  for (guint i = 0; i < from->parts->len; i++)
    {
      const CobroLinkPart *part = from->parts->pdata[i];

      g_ptr_array_add (to->parts, cobro_link_part_new (part->due, part->amount));
    }
  for (guint i = 0; i < from->fields->len; i++)
    {
      const CobroLinkField *field = from->fields->pdata[i];

      g_ptr_array_add (to->fields, cobro_link_field_new (field->key, field->label, field->required));
    }
  g_hash_table_iter_init (&iter, from->metadata);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (to->metadata, g_strdup (key), g_strdup (value));
}

CobroLink *
cobro_link_copy (const CobroLink *link)
{
  CobroLink *copy = cobro_link_new ();

  copy_scalars (link, copy);
  copy_texts (link, copy);
  copy_lists (link, copy);
  return copy;
}

CobroLink *
cobro_link_ref (CobroLink *link)
{
  g_atomic_int_inc (&link->ref_count);
  return link;
}

void
cobro_link_unref (CobroLink *link)
{
  if (link == NULL || !g_atomic_int_dec_and_test (&link->ref_count))
    return;
  g_free (link->title);
  g_free (link->description);
  g_free (link->reference);
  g_ptr_array_unref (link->lines);
  g_ptr_array_unref (link->gateways);
  g_ptr_array_unref (link->parts);
  g_ptr_array_unref (link->fields);
  g_free (link->customer_name);
  g_free (link->customer_email);
  g_hash_table_unref (link->metadata);
  g_free (link->locale);
  g_free (link->after_message);
  g_free (link->after_redirect_url);
  g_free (link->closed_message);
  explicit_bzero (&link->token, sizeof link->token);
  g_free (link);
}

void
cobro_link_set_text (char **field, const char *value)
{
  char *copy = g_strdup (value != NULL ? value : "");

  g_free (*field);
  *field = copy;
}

CobroLinkLine *
cobro_link_line_new (const char *name, CobroMoney unit_amount, gint64 quantity, gint64 maximum_quantity,
                     CobroDecimal tax_rate)
{
  CobroLinkLine *line = g_new0 (CobroLinkLine, 1);

  line->name = g_strdup (name);
  line->unit_amount = unit_amount;
  line->quantity = quantity;
  line->maximum_quantity = maximum_quantity;
  line->tax_rate = tax_rate;
  return line;
}

CobroLinkField *
cobro_link_field_new (const char *key, const char *label, gboolean required)
{
  CobroLinkField *field = g_new0 (CobroLinkField, 1);

  field->key = g_strdup (key);
  field->label = g_strdup (label);
  field->required = required;
  return field;
}

CobroLinkPart *
cobro_link_part_new (const char *due, CobroMoney amount)
{
  CobroLinkPart *part = g_new0 (CobroLinkPart, 1);

  /* A text that does not fit is kept cut off, and is then no date: validation refuses it. */
  g_strlcpy (part->due, due, sizeof part->due);
  if (strlen (due) >= sizeof part->due)
    part->due[0] = '?';
  part->amount = amount;
  return part;
}

gint64
cobro_link_use_limit (const CobroLink *link)
{
  switch (link->usage)
    {
    case COBRO_USAGE_SINGLE:
      return 1;
    case COBRO_USAGE_LIMITED:
      return link->usage_limit;
    case COBRO_USAGE_UNLIMITED:
      return G_MAXINT64;
    }
  g_return_val_if_reached (1);
}

gboolean
cobro_link_has_choice (const CobroLink *link)
{
  if (link->pricing == COBRO_PRICING_OPEN)
    return TRUE;
  for (guint i = 0; link->pricing == COBRO_PRICING_LINES && i < link->lines->len; i++)
    if (((const CobroLinkLine *)link->lines->pdata[i])->maximum_quantity > 0)
      return TRUE;
  return FALSE;
}
