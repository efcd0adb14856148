/* relay/providers/flutterwave/relay-flutterwave-list.c — what the nightly comparison reads: transactions, then refunds,
 * then chargebacks. Newest first, page by page: what is made meanwhile pushes others to a later page, so some are seen
 * twice and none is lost. Refunds and chargebacks name a transaction and no currency: it is asked for.
 * Layer: relay/providers (flutterwave). Any thread. */
#include "relay-flutterwave-private.h"

#include <string.h>

/* Cursor and stage are "<kind><page>": "t1" … "r1" … "c1" …; the stage while a transaction is looked up has
 * "origin of " before it. */
#define KINDS     "trc"
#define STAGE_OF  "origin of "
#define PAGES_MAX 10000

static const char *const paths[] = { "/v3/transactions", "/v3/refunds", "/v3/chargebacks" };

static gboolean
read_cursor (const char *cursor, guint *out_kind, gint64 *out_page)
{
  const char *kind = *cursor != '\0' ? strchr (KINDS, *cursor) : NULL;

  if (kind == NULL || !g_ascii_string_to_signed (cursor + 1, 10, 1, PAGES_MAX, out_page, NULL))
    return FALSE;
  *out_kind = (guint)(kind - KINDS);
  return TRUE;
}

static char *
write_cursor (guint kind, gint64 page)
{
  return g_strdup_printf ("%c%" G_GINT64_FORMAT, KINDS[kind], page);
}

static RelayTalkStep
nonsense (GError *take_failure, GError **error)
{
  g_autoptr (GError) failure = take_failure;

  cobro_error_set (error, COBRO_ERROR_NO_ANSWER, "Flutterwave answered nonsense: %s", failure->message);
  return RELAY_TALK_FAILED;
}

/* ── Refunds and chargebacks that wait for their transaction: one line each ─────────────────────────────────── */

/* "dispute id charge amount kind time" */
static void
write_back (GString *lines, const RelayFlutterwaveBack *back)
{
  g_string_append_printf (lines, "%d %s %s %s %d %" G_GINT64_FORMAT "\n", back->dispute, back->id, back->charge_id,
                          *back->amount != '\0' ? back->amount : "?", (int)back->kind, back->created_at);
}

/* The first line of what is left; FALSE: nothing is. */
static gboolean
read_back (RelayTalk *talk, RelayFlutterwaveBack *out_back)
{
  const char *rest = relay_flutterwave_noted (talk, RELAY_FLUTTERWAVE_NOTE_REST);
  const char *end = strchr (rest, '\n');
  g_autofree char *line = end != NULL ? g_strndup (rest, (gsize)(end - rest)) : NULL;
  g_auto (GStrv) words = line != NULL ? g_strsplit (line, " ", -1) : NULL;

  if (words == NULL || g_strv_length (words) != 6)
    return FALSE;
  *out_back = (RelayFlutterwaveBack){ .dispute = *words[0] == '1',
                                      .id = g_strdup (words[1]),
                                      .charge_id = g_strdup (words[2]),
                                      .amount = g_strdup (words[3]),
                                      .tx_ref = g_strdup (""),
                                      .flw_ref = g_strdup (""),
                                      .words = g_strdup (""),
                                      .kind = (CobroFactKind)g_ascii_strtoll (words[4], NULL, 10),
                                      .created_at = g_ascii_strtoll (words[5], NULL, 10) };
  return TRUE;
}

static void
drop_first (RelayTalk *talk)
{
  const char *rest = relay_flutterwave_noted (talk, RELAY_FLUTTERWAVE_NOTE_REST);
  const char *end = strchr (rest, '\n');

  relay_flutterwave_note (talk, RELAY_FLUTTERWAVE_NOTE_REST, end != NULL ? end + 1 : "");
}

/* Asks for the transaction of the next one that waits; DONE when none does. */
static RelayTalkStep
go_on (RelayTalk *talk, const char *cursor, RelayAsk *ask)
{
  g_auto (RelayFlutterwaveBack) back = { 0 };
  g_autofree char *stage = g_strconcat (STAGE_OF, cursor, NULL), *escaped = NULL;

  if (!read_back (talk, &back))
    return RELAY_TALK_DONE;
  escaped = relay_adapter_escape (back.charge_id);
  return relay_flutterwave_get (talk, ask, stage, g_strdup_printf ("/v3/transactions/%s/verify", escaped), TRUE);
}

static gboolean
take_origin (RelayTalk *talk, CobroWireObject *envelope, GError **error)
{
  g_autoptr (CobroWireObject) data = relay_adapter_object (envelope, "data");
  g_auto (RelayFlutterwaveTransaction) origin = { 0 };
  g_auto (RelayFlutterwaveBack) back = { 0 };
  CobroFact *fact;

  if (data == NULL || !read_back (talk, &back))
    return cobro_error_set (error, COBRO_ERROR_INVALID, "success without a transaction");
  if (!relay_flutterwave_read_transaction (data, &origin, error))
    return FALSE;
  if (strcmp (origin.id, back.charge_id) != 0)
    return cobro_error_set (error, COBRO_ERROR_INVALID, "it is not the transaction that was asked for");
  drop_first (talk);
  if (!relay_flutterwave_is_ours (origin.tx_ref))
    return TRUE;
  fact = relay_flutterwave_back_fact (talk->account, &back, origin.tx_ref, origin.currency, error);
  if (fact == NULL)
    return FALSE;
  g_ptr_array_add (talk->listing->facts, fact);
  return TRUE;
}

/* ── Pages ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Transactions of other shops of this account may be of any kind: only ours are read. */
static gboolean
take_transaction (RelayTalk *talk, CobroWireObject *data, GError **error)
{
  g_autofree char *tx_ref = relay_adapter_text (data, "tx_ref");
  g_auto (RelayFlutterwaveTransaction) transaction = { 0 };

  if (!relay_flutterwave_is_ours (tx_ref))
    return TRUE;
  if (!relay_flutterwave_read_transaction (data, &transaction, error))
    return FALSE;
  g_ptr_array_add (talk->listing->facts, relay_flutterwave_fact (talk->account, &transaction, TRUE));
  return TRUE;
}

static gboolean
take_back (CobroWireObject *data, gboolean dispute, GString *lines, GError **error)
{
  g_auto (RelayFlutterwaveBack) back = { 0 };
  gint64 charge;

  if (!(dispute ? relay_flutterwave_read_dispute : relay_flutterwave_read_refund) (data, &back, error))
    return FALSE;
  if (!g_ascii_string_to_signed (back.charge_id, 10, 1, G_MAXINT64, &charge, error))
    return FALSE;
  if (strpbrk (back.amount, " \n") != NULL)
    return cobro_error_set (error, COBRO_ERROR_INVALID, "an amount is no number");
  write_back (lines, &back);
  return TRUE;
}

static gboolean
take_page (RelayTalk *talk, guint kind, CobroWireObject *envelope, GError **error)
{
  g_autoptr (GPtrArray) list = relay_flutterwave_list_of (envelope, error);
  g_autoptr (GString) lines = g_string_new (NULL);
  gboolean ok = list != NULL;

  for (guint i = 0; ok && i < list->len; i++)
    ok = kind == 0 ? take_transaction (talk, g_ptr_array_index (list, i), error)
                   : take_back (g_ptr_array_index (list, i), kind == 2, lines, error);
  relay_flutterwave_note (talk, RELAY_FLUTTERWAVE_NOTE_REST, lines->str);
  return ok;
}

/* After a kind's last page comes the next kind. */
static char *
next_cursor (guint kind, gint64 page, CobroWireObject *envelope)
{
  if (relay_flutterwave_has_more (envelope, page) && page < PAGES_MAX)
    return write_cursor (kind, page + 1);
  return kind + 1 < G_N_ELEMENTS (paths) ? write_cursor (kind + 1, 1) : NULL;
}

static RelayTalkStep
ask_page (RelayTalk *talk, RelayAsk *ask, GError **error)
{
  const char *cursor = talk->cursor != NULL ? talk->cursor : "t1";
  guint kind;
  gint64 page;

  if (!read_cursor (cursor, &kind, &page))
    {
      cobro_error_set (error, COBRO_ERROR_PROVIDER, "\"%.20s\" is not a cursor of Flutterwave's lists", cursor);
      return RELAY_TALK_FAILED;
    }
  talk->listing = g_new0 (RelayListing, 1);
  talk->listing->facts = g_ptr_array_new_with_free_func ((GDestroyNotify)cobro_fact_unref);
  return relay_flutterwave_get (talk, ask, cursor, relay_flutterwave_pages (talk, paths[kind], talk->since, page),
                                TRUE);
}

RelayTalkStep
relay_flutterwave_list (RelayTalk *talk, const CobroNetAnswer *answer, RelayAsk *ask, GError **error)
{
  g_autofree char *stage = g_strdup (relay_flutterwave_noted (talk, RELAY_FLUTTERWAVE_NOTE_STAGE));
  gboolean origin = g_str_has_prefix (stage, STAGE_OF);
  const char *cursor = origin ? stage + strlen (STAGE_OF) : stage;
  g_autoptr (CobroWireObject) envelope = NULL;
  GError *failure = NULL;
  guint kind;
  gint64 page;

  if (answer == NULL)
    return ask_page (talk, ask, error);
  g_return_val_if_fail (read_cursor (cursor, &kind, &page), RELAY_TALK_FAILED);
  if ((envelope = relay_flutterwave_open (answer, TRUE, error)) == NULL)
    return RELAY_TALK_FAILED;
  if (!(origin ? take_origin (talk, envelope, &failure) : take_page (talk, kind, envelope, &failure)))
    return nonsense (failure, error);
  if (!origin)
    talk->listing->next = next_cursor (kind, page, envelope);
  return go_on (talk, cursor, ask);
}
