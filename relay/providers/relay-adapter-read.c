/* relay/providers/relay-adapter-read.c — what adapters share: reading what companies write, and writing forms.
 * Companies change their answers without notice, so reading is lenient about shape, and strict where money is said.
 * Layer: relay/providers. Pure. */
#include "relay-adapter.h"

#include <string.h>

#include "cobro-error.h"
#include "cobro-token.h"

#define WORDS_MAX 200 /* characters of a provider's own words in a message of ours */
#define LIST_MAX  1000

CobroFact *
relay_adapter_fact (const RelayAccount *account, CobroFactKind kind, const char *object_id, const char *state)
{
  CobroFact *fact = cobro_fact_new ();

  fact->source = COBRO_FACT_FROM_WEBHOOK;
  cobro_link_set_text (&fact->provider, account->provider);
  cobro_link_set_text (&fact->account, account->id);
  fact->livemode = account->livemode;
  g_free (fact->event_id);
  fact->event_id = g_strdup_printf ("%s/%s", object_id, state);
  cobro_link_set_text (&fact->provider_payment_id, object_id);
  fact->kind = kind;
  return fact;
}

/* One line of at most WORDS_MAX characters, valid UTF-8. */
static char *
tidy_words (const char *words)
{
  g_autofree char *valid = g_utf8_make_valid (words, -1);
  g_autofree char *cut = g_utf8_substring (valid, 0, MIN (g_utf8_strlen (valid, -1), WORDS_MAX));

  for (char *p = cut; *p != '\0'; p++)
    if ((guchar)*p < 0x20 || *p == 0x7f)
      *p = ' ';
  return g_strdup (g_strstrip (cut));
}

gboolean
relay_adapter_refuse (guint status, gboolean safe, const char *words, GError **error)
{
  g_autofree char *said = tidy_words (words != NULL ? words : "");
  const char *colon = *said != '\0' ? ": " : "";

  if (status == 429 || status == 503)
    return cobro_error_set (error, COBRO_ERROR_UNAVAILABLE, "the provider is busy (%u)%s%s", status, colon, said);
  if (status >= 500 || status < 200)
    return cobro_error_set (error, safe ? COBRO_ERROR_UNAVAILABLE : COBRO_ERROR_NO_ANSWER,
                            "the provider has a fault (%u)%s%s", status, colon, said);
  if (status == 404)
    return cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "the provider does not know it%s%s", colon, said);
  if (*said != '\0')
    return cobro_error_set (error, COBRO_ERROR_PROVIDER, "%s", said);
  return cobro_error_set (error, COBRO_ERROR_PROVIDER, "the provider refused (%u)", status);
}

static CobroWireObject *
parse_text (const char *name, const char *text, gsize length, GError **error)
{
  g_autoptr (GError) failed = NULL;
  CobroWireObject *object = cobro_wire_parse (text, (gssize)length, &failed);

  if (object == NULL)
    cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "%s answered nonsense: not a JSON document of the kind we know",
                     name);
  return object;
}

CobroWireObject *
relay_adapter_parse (const char *name, const CobroNetAnswer *answer, GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (answer->body, &length);

  return parse_text (name, text != NULL ? text : "", length, error);
}

CobroWireObject *
relay_adapter_parse_list (const char *name, const CobroNetAnswer *answer, GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (answer->body, &length);
  g_autoptr (GString) whole = g_string_new ("{\"list\":");

  g_string_append_len (whole, text != NULL ? text : "", (gssize)length);
  g_string_append_c (whole, '}');
  return parse_text (name, whole->str, whole->len, error);
}

char *
relay_adapter_text (CobroWireObject *object, const char *key)
{
  char *text = NULL;

  switch (cobro_wire_kind (object, key))
    {
    case COBRO_WIRE_TEXT:
      return cobro_wire_get_text (object, key, "", &text, NULL) ? text : g_strdup ("");
    case COBRO_WIRE_INT64:
    case COBRO_WIRE_NUMBER:
      return cobro_wire_get_raw (object, key);
    case COBRO_WIRE_ABSENT:
    case COBRO_WIRE_NULL:
    case COBRO_WIRE_BOOL:
    case COBRO_WIRE_OBJECT:
    case COBRO_WIRE_ARRAY:
      break;
    }
  return g_strdup ("");
}

gboolean
relay_adapter_int64 (CobroWireObject *object, const char *key, gint64 *out_value)
{
  g_autofree char *text = relay_adapter_text (object, key);

  return g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, out_value, NULL);
}

gboolean
relay_adapter_bool (CobroWireObject *object, const char *key)
{
  g_autofree char *text = NULL;
  gboolean value = FALSE;

  if (cobro_wire_kind (object, key) == COBRO_WIRE_BOOL)
    return cobro_wire_get_bool (object, key, FALSE, &value, NULL) && value;
  text = relay_adapter_text (object, key);
  return strcmp (text, "true") == 0 || strcmp (text, "1") == 0;
}

CobroWireObject *
relay_adapter_object (CobroWireObject *object, const char *key)
{
  CobroWireObject *child = NULL;

  if (cobro_wire_kind (object, key) == COBRO_WIRE_OBJECT && cobro_wire_get_object (object, key, &child, NULL))
    return child;
  return NULL;
}

GPtrArray *
relay_adapter_objects (CobroWireObject *object, const char *key)
{
  GPtrArray *children = NULL;

  if (cobro_wire_kind (object, key) == COBRO_WIRE_ARRAY &&
      cobro_wire_get_objects (object, key, LIST_MAX, &children, NULL))
    return children;
  return g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_wire_object_unref);
}

CobroTime
relay_adapter_time (CobroWireObject *object, const char *key)
{
  g_autofree char *text = relay_adapter_text (object, key);
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) date = NULL;
  gint64 seconds;

  if (g_ascii_string_to_signed (text, 10, 0, G_MAXINT64 / COBRO_SECOND, &seconds, NULL))
    return seconds * COBRO_SECOND;
  if ((date = g_date_time_new_from_iso8601 (text, utc)) == NULL)
    return 0;
  return g_date_time_to_unix (date) * COBRO_SECOND + g_date_time_get_microsecond (date);
}

const char *
relay_account_get (const RelayAccount *account, const char *name)
{
  const char *value = g_hash_table_lookup (account->settings, name);

  return value != NULL ? value : "";
}

const char *
relay_adapter_header (GHashTable *headers, const char *lower_case_name)
{
  return g_hash_table_lookup (headers, lower_case_name);
}

char *
relay_adapter_escape (const char *text)
{
  return g_uri_escape_string (text, NULL, FALSE);
}

void
relay_form_add (GString *form, const char *name, const char *value)
{
  g_autofree char *escaped_name = relay_adapter_escape (name);
  g_autofree char *escaped = relay_adapter_escape (value);

  g_string_append_printf (form, "%s%s=%s", form->len > 0 ? "&" : "", escaped_name, escaped);
}

void
relay_form_add_int64 (GString *form, const char *name, gint64 value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  relay_form_add (form, name, text);
}

gboolean
relay_adapter_hex_equal (const char *text, const guint8 *mac, gsize length)
{
  g_autofree char *expected = g_malloc (2 * length + 1);

  for (gsize i = 0; i < length; i++)
    g_snprintf (expected + 2 * i, 3, "%02x", mac[i]);
  return strlen (text) == 2 * length && cobro_bytes_equal_constant_time (text, expected, 2 * length);
}
