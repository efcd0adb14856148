/* src/sync/cobro-merge.c — see cobro-merge.h and README.md, "Merge".
 * Layer: sync. Any thread. */
#include "config.h"
#include "cobro-merge.h"
#include "cobro-wire.h"

#include <string.h>

/* How the members of a document are merged. */
typedef enum
{
  MERGE_IDENTITY, /* never differs */
  MERGE_CREATED,  /* the relay's */
  MERGE_UPDATED,  /* the later */
  MERGE_FREE,     /* by itself: the later edit */
  MERGE_WINDOW,   /* together: a beginning after its end helps nobody */
  MERGE_MONEY,    /* together; of a published link the relay's */
  MERGE_DECISION, /* cancelled stays, published stays, else the later edit */
} MergeRule;

typedef struct
{
  const char *name;
  MergeRule rule;
} Member;

/* In the order in which the wire writes them. */
static const Member link_members[] = {
  { "id", MERGE_IDENTITY },        { "title", MERGE_FREE },        { "description", MERGE_FREE },
  { "reference", MERGE_FREE },     { "currency", MERGE_MONEY },    { "pricing", MERGE_MONEY },
  { "usage", MERGE_MONEY },        { "notBefore", MERGE_WINDOW },  { "expiresAt", MERGE_WINDOW },
  { "methods", MERGE_FREE },       { "gateways", MERGE_FREE },     { "partial", MERGE_MONEY },
  { "collect", MERGE_FREE },       { "fields", MERGE_FREE },       { "customer", MERGE_FREE },
  { "metadata", MERGE_FREE },      { "locale", MERGE_FREE },       { "after", MERGE_FREE },
  { "closedMessage", MERGE_FREE }, { "decision", MERGE_DECISION }, { "livemode", MERGE_IDENTITY },
  { "createdAt", MERGE_CREATED },  { "updatedAt", MERGE_UPDATED }, { NULL, MERGE_FREE },
};
static const Member merchant_members[] = {
  { "id", MERGE_IDENTITY },
  { "rev", MERGE_CREATED },
  { "name", MERGE_FREE },
  { "email", MERGE_FREE },
  { "website", MERGE_FREE },
  { "support", MERGE_FREE },
  { "accent", MERGE_FREE },
  { "locale", MERGE_FREE },
  { "currency", MERGE_FREE },
  { "timeZone", MERGE_FREE },
  { "refundDuplicates", MERGE_FREE },
  { "seller", MERGE_FREE },
  { "bank", MERGE_FREE },
  { "taxes", MERGE_FREE },
  { "taxInclusive", MERGE_FREE },
  { "taxPerLine", MERGE_FREE },
  { "rounding", MERGE_FREE },
  { "cashRounding", MERGE_FREE },
  { "terms", MERGE_FREE },
  { "tokenDays", MERGE_FREE },
  { "numbering", MERGE_FREE },
  { "invoiceNotes", MERGE_FREE },
  { "invoiceFooter", MERGE_FREE },
  { "paper", MERGE_FREE },
  { "reminders", MERGE_FREE },
  { "lateFee", MERGE_FREE },
  { "mailGreeting", MERGE_FREE },
  { "logo", MERGE_FREE },
  { "createdAt", MERGE_CREATED },
  { "updatedAt", MERGE_UPDATED },
  { NULL, MERGE_FREE },
};
static const Member customer_members[] = {
  { "id", MERGE_IDENTITY },       { "rev", MERGE_CREATED },   { "company", MERGE_FREE },
  { "name", MERGE_FREE },         { "contact", MERGE_FREE },  { "email", MERGE_FREE },
  { "phone", MERGE_FREE },        { "taxId", MERGE_FREE },    { "registration", MERGE_FREE },
  { "address", MERGE_FREE },      { "delivery", MERGE_FREE }, { "locale", MERGE_FREE },
  { "notes", MERGE_FREE },        { "archived", MERGE_FREE }, { "createdAt", MERGE_CREATED },
  { "updatedAt", MERGE_UPDATED }, { NULL, MERGE_FREE },
};
static const Member product_members[] = {
  { "id", MERGE_IDENTITY },      { "rev", MERGE_CREATED },       { "name", MERGE_FREE },
  { "description", MERGE_FREE }, { "code", MERGE_FREE },         { "unit", MERGE_FREE },
  { "currency", MERGE_FREE },    { "unitAmount", MERGE_FREE },   { "taxInclusive", MERGE_FREE },
  { "taxName", MERGE_FREE },     { "taxCategory", MERGE_FREE },  { "taxRate", MERGE_FREE },
  { "archived", MERGE_FREE },    { "createdAt", MERGE_CREATED }, { "updatedAt", MERGE_UPDATED },
  { NULL, MERGE_FREE },
};
static const Member recurring_members[] = {
  { "id", MERGE_IDENTITY },       { "rev", MERGE_CREATED },       { "name", MERGE_FREE },
  { "every", MERGE_FREE },        { "interval", MERGE_FREE },     { "start", MERGE_FREE },
  { "end", MERGE_FREE },          { "count", MERGE_FREE },        { "send", MERGE_FREE },
  { "paused", MERGE_FREE },       { "invoice", MERGE_FREE },      { "livemode", MERGE_IDENTITY },
  { "createdAt", MERGE_CREATED }, { "updatedAt", MERGE_UPDATED }, { NULL, MERGE_FREE },
};
#define MEMBERS_MAX 40

static const Member *
members_of (CobroMergeKind kind)
{
  switch (kind)
    {
    case COBRO_MERGE_LINK:
      return link_members;
    case COBRO_MERGE_MERCHANT:
      return merchant_members;
    case COBRO_MERGE_CUSTOMER:
      return customer_members;
    case COBRO_MERGE_PRODUCT:
      return product_members;
    case COBRO_MERGE_RECURRING:
      return recurring_members;
    }
  return link_members;
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* A document taken apart: JSON text and edit time per member. */
typedef struct
{
  char *values[MEMBERS_MAX];
  gint64 times[MEMBERS_MAX];
  CobroTime updated_at;
} Document;

static void
document_clear (Document *document)
{
  for (int i = 0; i < MEMBERS_MAX; i++)
    g_free (document->values[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Document, document_clear)

static gboolean
read_times (const Member *members, const char *edited, gint64 *times, GError **error)
{
  g_autoptr (CobroWireObject) object = NULL;

  if (edited == NULL || edited[0] == '\0')
    return TRUE;
  if (!(object = cobro_wire_parse (edited, -1, error)))
    return FALSE;
  for (int i = 0; members[i].name != NULL; i++)
    if (!cobro_wire_get_int64 (object, members[i].name, 0, &times[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
read_document (const Member *members, const CobroMergeSide *side, Document *out_document, GError **error)
{
  g_autoptr (CobroWireObject) object = cobro_wire_parse (side->document, -1, error);

  if (object == NULL)
    return FALSE;
  for (int i = 0; members[i].name != NULL; i++)
    out_document->values[i] = cobro_wire_get_raw (object, members[i].name);
  return cobro_wire_get_time (object, "updatedAt", &out_document->updated_at, error) &&
         read_times (members, side->edited, out_document->times, error);
}

/* ── Choosing ───────────────────────────────────────────────────────────────────────────────────────────────────── */

/* What a merge knows about one member or group of members. */
typedef struct
{
  gboolean differs; /* the sides do not agree */
  gboolean ours_changed, theirs_changed;
  gint64 ours_time, theirs_time;
  int order; /* of the texts, where the times do not decide */
} Difference;

static void
compare_member (Difference *difference, const char *base, const Document *ours, const Document *theirs, int i,
                gboolean has_base)
{
  gboolean ours_changed = !has_base || g_strcmp0 (base, ours->values[i]) != 0;
  gboolean theirs_changed = !has_base || g_strcmp0 (base, theirs->values[i]) != 0;
  int order = g_strcmp0 (ours->values[i], theirs->values[i]);

  if (order != 0)
    difference->differs = TRUE;
  if (difference->order == 0)
    difference->order = order;
  difference->ours_changed |= ours_changed;
  difference->theirs_changed |= theirs_changed;
  /* Without a time of its own, a member that changed was edited when its document was. */
  if (ours_changed)
    difference->ours_time = MAX (difference->ours_time, ours->times[i] != 0 ? ours->times[i] : ours->updated_at);
  if (theirs_changed)
    difference->theirs_time =
      MAX (difference->theirs_time, theirs->times[i] != 0 ? theirs->times[i] : theirs->updated_at);
}

static gboolean
later_is_ours (const Difference *difference)
{
  if (difference->ours_time != difference->theirs_time)
    return difference->ours_time > difference->theirs_time;
  return difference->order > 0;
}

static int
rank_of_decision (const char *value)
{
  if (g_strcmp0 (value, "\"cancelled\"") == 0)
    return 2;
  return g_strcmp0 (value, "\"draft\"") == 0 ? 0 : 1;
}

/* Whether our value of a member that both changed stays. */
static gboolean
ours_wins (MergeRule rule, const Difference *difference, const char *ours, const char *theirs, gboolean published)
{
  switch (rule)
    {
    case MERGE_IDENTITY:
    case MERGE_CREATED:
      return FALSE;
    case MERGE_UPDATED:
    case MERGE_FREE:
    case MERGE_WINDOW:
      return later_is_ours (difference);
    case MERGE_MONEY:
      return !published && later_is_ours (difference);
    case MERGE_DECISION:
      if (rank_of_decision (ours) != rank_of_decision (theirs))
        return rank_of_decision (ours) > rank_of_decision (theirs);
      return later_is_ours (difference);
    }
  return FALSE;
}

/* ── Merging ────────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  const Member *members;
  gboolean has_base;
  gboolean published; /* the link is not a draft at the relay */
  Document base, ours, theirs;
  Document merged; /* borrows its values */
  CobroMergeResult *result;
} Merge;

static void
loss_free (gpointer data)
{
  g_free (((CobroMergeLoss *)data)->value);
  g_free (data);
}

static void
note_loss (Merge *merge, int i, gboolean ours)
{
  const char *value = ours ? merge->ours.values[i] : merge->theirs.values[i];
  CobroMergeLoss *loss = g_new0 (CobroMergeLoss, 1);

  loss->member = merge->members[i].name;
  loss->value = g_strdup (value != NULL ? value : "null");
  loss->ours = ours;
  g_ptr_array_add (merge->result->losses, loss);
}

static void
choose (Merge *merge, int i, gboolean ours)
{
  gint64 ours_time = merge->ours.times[i], theirs_time = merge->theirs.times[i];
  gboolean same = g_strcmp0 (merge->ours.values[i], merge->theirs.values[i]) == 0;

  merge->merged.values[i] = ours ? merge->ours.values[i] : merge->theirs.values[i];
  merge->merged.times[i] = same ? MAX (ours_time, theirs_time) : ours ? ours_time : theirs_time;
}

/* A winner keeps the time it won with: the next merge may have to compare it again. */
static void
keep_time (Merge *merge, int i, gint64 time)
{
  merge->merged.times[i] = MAX (merge->merged.times[i], time);
}

/* Members of one group (from…to of the same rule, or a single one) stand or fall together. */
static void
settle (Merge *merge, const int *group, int n)
{
  MergeRule rule = merge->members[group[0]].rule;
  Difference difference = { 0 };
  gboolean both, ours;

  for (int k = 0; k < n; k++)
    compare_member (&difference, merge->base.values[group[k]], &merge->ours, &merge->theirs, group[k], merge->has_base);
  both = difference.differs && difference.ours_changed && difference.theirs_changed;
  if (both)
    ours =
      ours_wins (rule, &difference, merge->ours.values[group[0]], merge->theirs.values[group[0]], merge->published);
  else
    ours = difference.ours_changed && !difference.theirs_changed;

  for (int k = 0; k < n; k++)
    {
      choose (merge, group[k], ours);
      if (!difference.differs || rule == MERGE_IDENTITY || rule == MERGE_CREATED || rule == MERGE_UPDATED)
        continue;
      keep_time (merge, group[k], ours ? difference.ours_time : difference.theirs_time);
      if (both && g_strcmp0 (merge->ours.values[group[k]], merge->theirs.values[group[k]]) != 0)
        note_loss (merge, group[k], !ours);
    }
  if (both && rule == MERGE_MONEY && merge->published)
    merge->result->copy = TRUE;
}

static void
settle_group (Merge *merge, MergeRule rule)
{
  int group[MEMBERS_MAX], n = 0;

  for (int i = 0; merge->members[i].name != NULL; i++)
    if (merge->members[i].rule == rule)
      group[n++] = i;
  if (n > 0)
    settle (merge, group, n);
}

static void
settle_all (Merge *merge)
{
  settle_group (merge, MERGE_WINDOW);
  settle_group (merge, MERGE_MONEY);
  for (int i = 0; merge->members[i].name != NULL; i++)
    if (merge->members[i].rule != MERGE_WINDOW && merge->members[i].rule != MERGE_MONEY)
      settle (merge, &i, 1);
}

static char *
write_times (const Member *members, const gint64 *times)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  for (int i = 0; members[i].name != NULL; i++)
    if (times[i] != 0)
      cobro_wire_put_int64 (writer, members[i].name, times[i]);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

static char *
write_document (Merge *merge)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  for (int i = 0; merge->members[i].name != NULL; i++)
    {
      const char *name = merge->members[i].name;

      if (merge->members[i].rule == MERGE_UPDATED)
        cobro_wire_put_time (writer, name, MAX (merge->ours.updated_at, merge->theirs.updated_at));
      else if (merge->merged.values[i] != NULL)
        cobro_wire_put_raw (writer, name, merge->merged.values[i]);
    }
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

void
cobro_merge_result_free (CobroMergeResult *result)
{
  if (result == NULL)
    return;
  g_free (result->document);
  g_free (result->edited);
  g_ptr_array_unref (result->losses);
  g_free (result);
}

static int
find_decision (const Member *members)
{
  for (int i = 0; members[i].name != NULL; i++)
    if (members[i].rule == MERGE_DECISION)
      return i;
  return -1;
}

CobroMergeResult *
cobro_merge (CobroMergeKind kind, const char *base, const CobroMergeSide *ours, const CobroMergeSide *theirs,
             GError **error)
{
  g_autoptr (CobroMergeResult) result = g_new0 (CobroMergeResult, 1);
  Merge merge = { .members = members_of (kind), .has_base = base != NULL, .result = result };
  CobroMergeSide common = { base, NULL };
  int decision = find_decision (merge.members);
  gboolean ok;

  result->losses = g_ptr_array_new_with_free_func (loss_free);
  ok = (base == NULL || read_document (merge.members, &common, &merge.base, error)) &&
       read_document (merge.members, ours, &merge.ours, error) &&
       read_document (merge.members, theirs, &merge.theirs, error);
  if (ok)
    {
      merge.published = decision >= 0 && rank_of_decision (merge.theirs.values[decision]) > 0;
      settle_all (&merge);
      result->document = write_document (&merge);
      result->edited = write_times (merge.members, merge.merged.times);
    }
  document_clear (&merge.base);
  document_clear (&merge.ours);
  document_clear (&merge.theirs);
  return ok ? g_steal_pointer (&result) : NULL;
}

/* ── Stamps ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
is_stamped (MergeRule rule)
{
  return rule != MERGE_IDENTITY && rule != MERGE_CREATED && rule != MERGE_UPDATED;
}

char *
cobro_merge_stamp (CobroMergeKind kind, const char *edited, const char *before, const char *after, CobroTime now)
{
  const Member *members = members_of (kind);
  CobroMergeSide old = { before, edited }, new = { after, NULL };
  g_auto (Document) was = { .updated_at = 0 };
  g_auto (Document) is = { .updated_at = 0 };

  /* What cannot be read has no times; the merge then goes by updatedAt. */
  if (!read_document (members, &old, &was, NULL) || !read_document (members, &new, &is, NULL))
    return g_strdup ("{}");
  for (int i = 0; members[i].name != NULL; i++)
    if (is_stamped (members[i].rule) && g_strcmp0 (was.values[i], is.values[i]) != 0)
      was.times[i] = MAX (now, was.times[i] + 1);
  return write_times (members, was.times);
}
