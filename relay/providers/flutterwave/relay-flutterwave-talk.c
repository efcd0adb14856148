/* relay/providers/flutterwave/relay-flutterwave-talk.c — requests and envelopes: {"status", "message", "data", "meta"}.
 * A refusal comes as 4xx or as 200 with status "error". Layer: relay/providers (flutterwave). Any thread. */
#include "relay-flutterwave-private.h"

#include <string.h>

gboolean
relay_flutterwave_is_at (const RelayTalk *talk, const char *stage)
{
  return g_strcmp0 (talk->notes[RELAY_FLUTTERWAVE_NOTE_STAGE], stage) == 0;
}

void
relay_flutterwave_note (RelayTalk *talk, guint note, const char *text)
{
  char *copy = g_strdup (text); /* it may be a part of what it replaces */

  g_free (talk->notes[note]);
  talk->notes[note] = copy;
}

const char *
relay_flutterwave_noted (const RelayTalk *talk, guint note)
{
  return talk->notes[note] != NULL ? talk->notes[note] : "";
}

/* ── Asking ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
authorize (const RelayTalk *talk, RelayAsk *ask)
{
  g_autofree char *bearer = g_strconcat ("Bearer ", relay_account_get (talk->account, "secret-key"), NULL);

  relay_ask_add_header (ask, "Authorization", bearer);
}

RelayTalkStep
relay_flutterwave_get (RelayTalk *talk, RelayAsk *ask, const char *stage, char *take_path, gboolean safe)
{
  relay_flutterwave_note (talk, RELAY_FLUTTERWAVE_NOTE_STAGE, stage);
  relay_ask_set (ask, "GET", take_path, safe);
  authorize (talk, ask);
  return RELAY_TALK_ASK;
}

RelayTalkStep
relay_flutterwave_post (RelayTalk *talk, RelayAsk *ask, const char *stage, char *take_path, char *take_json)
{
  relay_flutterwave_note (talk, RELAY_FLUTTERWAVE_NOTE_STAGE, stage);
  relay_ask_set (ask, "POST", take_path, FALSE);
  authorize (talk, ask);
  relay_ask_set_body (ask, "application/json", take_json);
  return RELAY_TALK_ASK;
}

char *
relay_flutterwave_date (CobroTime time, int days)
{
  g_autoptr (GDateTime) moment = g_date_time_new_from_unix_utc ((time + days * COBRO_DAY) / COBRO_SECOND);

  return moment != NULL ? g_date_time_format (moment, "%Y-%m-%d") : g_strdup ("1970-01-01");
}

/* Dates are days of nobody says which zone: a day more on both sides costs nothing. */
char *
relay_flutterwave_pages (const RelayTalk *talk, const char *path, CobroTime since, gint64 page)
{
  g_autofree char *from = relay_flutterwave_date (since, -1), *to = relay_flutterwave_date (talk->now, 1);

  return g_strdup_printf ("%s?from=%s&to=%s&page=%" G_GINT64_FORMAT, path, from, to, page);
}

/* ── Answers ────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
is_missing (const char *message)
{
  g_autofree char *lower = g_ascii_strdown (message, -1);

  return strstr (lower, "no transaction was found") != NULL;
}

/* What a refusal in Flutterwave's own form means. */
static void
refuse (guint status, const char *message, GError **error)
{
  if (is_missing (message))
    cobro_error_set (error, COBRO_ERROR_NOT_FOUND, "Flutterwave knows no such transaction");
  else if (status == 401)
    cobro_error_set (error, COBRO_ERROR_PROVIDER, "Flutterwave does not accept the secret key");
  else
    (void)relay_adapter_refuse (422, FALSE, message, error);
}

CobroWireObject *
relay_flutterwave_open (const CobroNetAnswer *answer, gboolean safe, GError **error)
{
  gboolean fine = answer->status >= 200 && answer->status < 300;
  gboolean refused = answer->status >= 400 && answer->status < 500 && answer->status != 429 && answer->status != 408;
  g_autoptr (CobroWireObject) envelope = NULL;
  g_autofree char *status = NULL, *message = NULL;

  if (!fine && !refused) /* 408: it may have gone through */
    {
      (void)relay_adapter_refuse (answer->status == 408 ? 504 : answer->status, safe, NULL, error);
      return NULL;
    }
  if ((envelope = relay_adapter_parse ("Flutterwave", answer, error)) == NULL)
    return NULL; /* also a 4xx of somebody in between: it is not known whether Flutterwave heard of it */
  status = relay_adapter_text (envelope, "status");
  message = relay_adapter_text (envelope, "message");
  if (fine && strcmp (status, "success") == 0)
    return g_steal_pointer (&envelope);
  if (strcmp (status, "error") == 0)
    refuse (answer->status, message, error);
  else
    cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "Flutterwave answered nonsense: neither success nor error");
  return NULL;
}

RelayTalkStep
relay_flutterwave_unclear (GError *take_failure, GError **error)
{
  g_autoptr (GError) failure = take_failure;

  cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "it is not known how it ended: %s", failure->message);
  return RELAY_TALK_FAILED;
}

GPtrArray *
relay_flutterwave_list_of (CobroWireObject *envelope, GError **error)
{
  g_autoptr (GPtrArray) list = relay_adapter_objects (envelope, "data");
  g_autofree char *raw =
    cobro_wire_kind (envelope, "data") == COBRO_WIRE_ARRAY ? cobro_wire_get_raw (envelope, "data") : NULL;

  if (raw == NULL || (list->len == 0 && strcmp (raw, "[]") != 0))
    {
      cobro_error_set_at (error, COBRO_ERROR_INVALID, "data", "is not a list of objects");
      return NULL;
    }
  return g_steal_pointer (&list);
}

gboolean
relay_flutterwave_has_more (CobroWireObject *envelope, gint64 page)
{
  g_autoptr (CobroWireObject) meta = relay_adapter_object (envelope, "meta");
  g_autoptr (CobroWireObject) info = meta != NULL ? relay_adapter_object (meta, "page_info") : NULL;
  gint64 pages;

  return info != NULL && relay_adapter_int64 (info, "total_pages", &pages) && page < pages;
}
