/* src/wire/cobro-wire-event.c — one row of a merchant's feed.
 * Layer: wire. Any thread. */
#include "cobro-wire-event.h"

#include <string.h>

#include "cobro-error.h"
#include "cobro-wire-set.h"

void
cobro_wire_event_write (CobroWireWriter *writer, const char *key, const CobroEvent *event)
{
  cobro_wire_begin_object (writer, key);
  cobro_wire_put_text (writer, "id", event->id.text);
  cobro_wire_put_int64 (writer, "sequence", event->sequence);
  cobro_wire_put_text (writer, "type", cobro_event_type_name (event->type));
  cobro_wire_put_time (writer, "occurredAt", event->occurred_at);
  cobro_wire_put_raw (writer, "object", event->object);
  cobro_wire_put_text (writer, "hash", event->hash);
  cobro_wire_put_text (writer, "previousHash", event->previous_hash);
  cobro_wire_end_object (writer);
}

static gboolean
parse_hash (CobroWireObject *object, const char *key, char out[65], GError **error)
{
  g_autofree char *text = NULL;

  if (!cobro_wire_get_text_needed (object, key, &text, error))
    return FALSE;
  if (strlen (text) != 64 || strspn (text, "0123456789abcdef") != 64)
    return cobro_wire_refuse (object, key, error, "must be 64 lower-case hex digits");
  memcpy (out, text, 65);
  return TRUE;
}

static gboolean
parse_type (CobroWireObject *object, CobroEvent *event, GError **error)
{
  g_autofree char *name = NULL;

  if (!cobro_wire_get_text_needed (object, "type", &name, error))
    return FALSE;
  return cobro_event_type_from_name (name, &event->type) ||
         cobro_wire_refuse (object, "type", error, "unknown type \"%s\"", name);
}

/* Keeps the object's bytes as they came: they are what was hashed. */
static gboolean
parse_object (CobroWireObject *object, CobroEvent *event, GError **error)
{
  g_autoptr (CobroWireObject) inner = NULL;
  g_autofree char *id = NULL;

  if (cobro_wire_kind (object, "object") != COBRO_WIRE_OBJECT)
    return cobro_wire_refuse (object, "object", error, "must be an object");
  g_free (event->object);
  event->object = cobro_wire_get_raw (object, "object");
  inner = cobro_wire_parse (event->object, -1, error);
  if (inner == NULL || !cobro_wire_get_text (inner, "id", "", &id, error))
    return cobro_error_prefix_path (error, "object");
  if (strlen (id) >= sizeof event->object_id.text)
    return cobro_wire_refuse (object, "object", error, "has a longer id than any of ours");
  memcpy (event->object_id.text, id, strlen (id) + 1);
  return TRUE;
}

static gboolean
parse_event (CobroWireObject *object, CobroEvent *event, GError **error)
{
  if (!cobro_wire_get_id_needed (object, "id", COBRO_ID_EVENT, &event->id, error) ||
      !cobro_wire_get_int64_needed (object, "sequence", &event->sequence, error) ||
      !parse_type (object, event, error) || !cobro_wire_get_time (object, "occurredAt", &event->occurred_at, error) ||
      !parse_object (object, event, error) || !parse_hash (object, "hash", event->hash, error) ||
      !parse_hash (object, "previousHash", event->previous_hash, error))
    return FALSE;
  if (event->sequence < 1)
    return cobro_wire_refuse (object, "sequence", error, "must be at least 1");
  return cobro_wire_done (object, error);
}

CobroEvent *
cobro_wire_event_parse (CobroWireObject *object, GError **error)
{
  g_autoptr (CobroEvent) event = cobro_event_new ();

  if (!parse_event (object, event, error))
    return NULL;
  return g_steal_pointer (&event);
}
