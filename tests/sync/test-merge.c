/* tests/sync/test-merge.c — the merge as a pure function: every rule by example, and its properties on random
 * documents. Layer: tests. */
#include "cobro-error.h"
#include "cobro-link.h"
#include "cobro-invoice-merge.h"
#include "cobro-merge.h"
#include "cobro-wire-link.h"
#include "cobro-wire.h"

#include <string.h>

#define T0 (1700000000 * COBRO_SECOND)

/* ── Documents ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static CobroLink *
base_link (void)
{
  CobroLink *link = cobro_link_new ();
  g_autoptr (CobroClock) clock = cobro_clock_new_fake (T0);
  g_autoptr (CobroRandom) random = cobro_random_new_seeded (3);

  link->id = cobro_id_new (COBRO_ID_LINK, clock, random);
  g_assert_true (cobro_currency_from_code ("EUR", &link->currency, NULL));
  link->amount = cobro_money (1200, link->currency);
  cobro_link_set_text (&link->title, "Coffee");
  link->created_at = link->updated_at = T0;
  return link;
}

static char *
document_of (const CobroLink *link)
{
  return cobro_wire_link_to_document (link, FALSE);
}

static CobroLink *
link_of (const char *document)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CobroWireObject) object = cobro_wire_parse (document, -1, &error);
  CobroLink *link = cobro_wire_link_parse (object, COBRO_WIRE_LINK_STORED, &error);

  g_assert_no_error (error);
  return link;
}

static CobroMergeResult *
merge_links (const CobroLink *base, const CobroLink *ours, const char *ours_edited, const CobroLink *theirs,
             const char *theirs_edited)
{
  g_autofree char *b = base != NULL ? document_of (base) : NULL, *o = document_of (ours), *t = document_of (theirs);
  g_autoptr (GError) error = NULL;
  CobroMergeResult *result = cobro_merge (COBRO_MERGE_LINK, b, &(CobroMergeSide){ o, ours_edited },
                                          &(CobroMergeSide){ t, theirs_edited }, &error);

  g_assert_no_error (error);
  return result;
}

/* @base with some changes at @now: (transfer full), and the stamps that the books would keep. */
typedef struct
{
  CobroLink *link;
  char *document, *edited;
} Edition;

static void
edition_free (gpointer data)
{
  Edition *edition = data;

  cobro_link_unref (edition->link);
  g_free (edition->document);
  g_free (edition->edited);
  g_free (edition);
}

static Edition *
edition_of (const CobroLink *base, CobroLink *take_link, CobroTime now)
{
  Edition *edition = g_new0 (Edition, 1);
  g_autofree char *before = document_of (base);

  take_link->updated_at = now;
  edition->link = take_link;
  edition->document = document_of (take_link);
  edition->edited = cobro_merge_stamp (COBRO_MERGE_LINK, "{}", before, edition->document, now);
  return edition;
}

static void
assert_same (const char *document, const CobroLink *expected)
{
  g_autofree char *text = document_of (expected);

  g_assert_cmpstr (document, ==, text);
}

static gboolean
has_loss (CobroMergeResult *result, const char *member, const char *value)
{
  for (guint i = 0; i < result->losses->len; i++)
    {
      const CobroMergeLoss *loss = g_ptr_array_index (result->losses, i);

      if (strcmp (loss->member, member) == 0 && strcmp (loss->value, value) == 0)
        return TRUE;
    }
  return FALSE;
}

/* ── By example ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Each side changed something else: both changes stay, nothing is lost. */
static void
test_different_members (void)
{
  g_autoptr (CobroLink) base = base_link ();
  g_autoptr (CobroLink) ours = base_link ();
  g_autoptr (CobroLink) theirs = base_link ();
  g_autoptr (CobroLink) both = base_link ();
  g_autoptr (CobroMergeResult) result = NULL;

  cobro_link_set_text (&ours->title, "Tea");
  ours->updated_at = T0 + 1;
  cobro_link_set_text (&theirs->description, "With milk");
  theirs->updated_at = T0 + 2;
  cobro_link_set_text (&both->title, "Tea");
  cobro_link_set_text (&both->description, "With milk");
  both->updated_at = T0 + 2;
  result = merge_links (base, ours, NULL, theirs, NULL);
  assert_same (result->document, both);
  g_assert_cmpuint (result->losses->len, ==, 0);
  g_assert_false (result->copy);
}

/* Both changed the title: the later edit stands whichever side it is on, the other value is kept. */
static void
test_same_member (void)
{
  g_autoptr (CobroLink) base = base_link ();
  g_autoptr (CobroLink) early = base_link ();
  g_autoptr (CobroLink) late = base_link ();
  g_autoptr (CobroMergeResult) result = NULL;
  g_autoptr (CobroMergeResult) mirrored = NULL;

  cobro_link_set_text (&early->title, "Early");
  early->updated_at = T0 + 1;
  cobro_link_set_text (&late->title, "Late");
  late->updated_at = T0 + 2;
  result = merge_links (base, early, NULL, late, NULL);
  assert_same (result->document, late);
  g_assert_true (has_loss (result, "title", "\"Early\""));
  mirrored = merge_links (base, late, NULL, early, NULL);
  g_assert_cmpstr (mirrored->document, ==, result->document);
  g_assert_true (has_loss (mirrored, "title", "\"Early\""));
}

/* The member's own time counts, not the document's. */
static void
test_member_times (void)
{
  g_autoptr (CobroLink) base = base_link ();
  g_autoptr (CobroLink) ours = base_link ();
  g_autoptr (CobroLink) theirs = base_link ();
  g_autoptr (CobroMergeResult) result = NULL;
  g_autoptr (CobroLink) merged = NULL;

  cobro_link_set_text (&ours->title, "Ours");
  ours->updated_at = T0 + 5;
  cobro_link_set_text (&theirs->title, "Theirs");
  cobro_link_set_text (&theirs->description, "Edited much later");
  theirs->updated_at = T0 + 9;
  result = merge_links (base, ours, "{\"title\":1700000000000005}", theirs,
                        "{\"title\":1700000000000001,\"description\":1700000000000009}");
  merged = link_of (result->document);
  g_assert_cmpstr (merged->title, ==, "Ours");
  g_assert_cmpstr (merged->description, ==, "Edited much later");
  g_assert_true (has_loss (result, "title", "\"Theirs\""));
}

/* Money of a published link: the relay's stands, ours must become a copy; of a draft, the later edit stands. */
static void
test_money (void)
{
  g_autoptr (CobroLink) base = base_link ();
  g_autoptr (CobroLink) ours = base_link ();
  g_autoptr (CobroLink) theirs = base_link ();
  g_autoptr (CobroMergeResult) published = NULL;
  g_autoptr (CobroMergeResult) drafts = NULL;
  g_autoptr (CobroMergeResult) only_ours = NULL;
  g_autoptr (CobroLink) merged = NULL;

  ours->amount = cobro_money (900, ours->currency);
  ours->updated_at = T0 + 9;
  theirs->amount = cobro_money (1500, theirs->currency);
  theirs->updated_at = T0 + 1;
  published = merge_links (base, ours, NULL, theirs, NULL);
  merged = link_of (published->document);
  g_assert_cmpint (cobro_money_minor (merged->amount), ==, 1500);
  g_assert_true (published->copy);
  g_assert_true (has_loss (published, "pricing", "{\"type\":\"fixed\",\"amount\":900}"));

  base->decision = ours->decision = theirs->decision = COBRO_DECISION_DRAFT;
  drafts = merge_links (base, ours, NULL, theirs, NULL);
  g_clear_pointer (&merged, cobro_link_unref);
  merged = link_of (drafts->document);
  g_assert_cmpint (cobro_money_minor (merged->amount), ==, 900);
  g_assert_false (drafts->copy);

  /* Only one side changed it: that is no conflict. */
  base->decision = ours->decision = COBRO_DECISION_ACTIVE;
  only_ours = merge_links (base, ours, NULL, base, NULL);
  assert_same (only_ours->document, ours);
  g_assert_false (only_ours->copy);
}

static void
test_decisions (void)
{
  static const struct
  {
    CobroDecision ours, theirs, merged;
  } cases[] = {
    { COBRO_DECISION_CANCELLED, COBRO_DECISION_PAUSED, COBRO_DECISION_CANCELLED },
    { COBRO_DECISION_PAUSED, COBRO_DECISION_CANCELLED, COBRO_DECISION_CANCELLED },
    { COBRO_DECISION_ACTIVE, COBRO_DECISION_CANCELLED, COBRO_DECISION_CANCELLED },
    { COBRO_DECISION_DRAFT, COBRO_DECISION_PAUSED, COBRO_DECISION_PAUSED },
    { COBRO_DECISION_PAUSED, COBRO_DECISION_DRAFT, COBRO_DECISION_PAUSED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (int later = 0; later < 2; later++)
      {
        g_autoptr (CobroLink) ours = base_link ();
        g_autoptr (CobroLink) theirs = base_link ();
        g_autoptr (CobroMergeResult) result = NULL;
        g_autoptr (CobroLink) merged = NULL;

        ours->decision = cases[i].ours;
        ours->updated_at = T0 + 1 + later;
        theirs->decision = cases[i].theirs;
        theirs->updated_at = T0 + 2 - later;
        result = merge_links (NULL, ours, NULL, theirs, NULL);
        merged = link_of (result->document);
        g_assert_cmpint (merged->decision, ==, cases[i].merged);
      }
}

static void
test_unreadable (void)
{
  g_autoptr (CobroLink) link = base_link ();
  g_autofree char *document = document_of (link);
  g_autoptr (GError) error = NULL;

  g_assert_null (cobro_merge (COBRO_MERGE_LINK, "{", &(CobroMergeSide){ document, NULL },
                              &(CobroMergeSide){ document, NULL }, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_INVALID);
}

static void
test_merchants (void)
{
  static const char *const text =
    "{\"id\":\"mer_01h\",\"rev\":%d,\"name\":\"%s\",\"email\":\"%s\",\"website\":\"\",\"support\":\"\",\"accent\":\"\","
    "\"locale\":\"auto\",\"currency\":\"\",\"timeZone\":\"\",\"refundDuplicates\":false,"
    "\"createdAt\":\"2026-01-01T00:00:00Z\",\"updatedAt\":\"2026-01-0%dT00:00:00Z\"}";
  g_autofree char *base = g_strdup_printf (text, 1, "Old", "old@x.example", 1);
  g_autofree char *ours = g_strdup_printf (text, 1, "Ours", "old@x.example", 3);
  g_autofree char *theirs = g_strdup_printf (text, 2, "Theirs", "new@x.example", 2);
  g_autofree char *merged = g_strdup_printf (text, 2, "Ours", "new@x.example", 3);
  g_autoptr (CobroMergeResult) result =
    cobro_merge (COBRO_MERGE_MERCHANT, base, &(CobroMergeSide){ ours, NULL }, &(CobroMergeSide){ theirs, NULL }, NULL);

  g_assert_cmpstr (result->document, ==, merged);
}

/* ── Properties ─────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Changes some members; @money: also those where no last writer may win. */
static CobroLink *
random_edit (const CobroLink *base, gboolean money)
{
  CobroLink *link = cobro_link_copy (base);
  g_autofree char *word = g_strdup_printf ("w%d", g_test_rand_int_range (0, 4));

  if (g_test_rand_bit ())
    cobro_link_set_text (&link->title, word);
  if (g_test_rand_bit ())
    cobro_link_set_text (&link->description, word);
  if (g_test_rand_bit ())
    cobro_link_set_text (&link->reference, word);
  if (g_test_rand_bit ())
    g_hash_table_insert (link->metadata, g_strdup ("k"), g_strdup (word));
  if (g_test_rand_bit ())
    link->expires_at = T0 + g_test_rand_int_range (1, 4) * COBRO_DAY;
  if (g_test_rand_bit ())
    link->not_before = T0 - g_test_rand_int_range (1, 4) * COBRO_DAY;
  if (money && g_test_rand_bit ())
    link->amount = cobro_money (g_test_rand_int_range (1, 5) * 100, link->currency);
  if (money && g_test_rand_bit ())
    {
      link->usage = COBRO_USAGE_LIMITED;
      link->usage_limit = g_test_rand_int_range (1, 4);
    }
  if (!money && base->decision != COBRO_DECISION_DRAFT && g_test_rand_int_range (0, 3) == 0)
    link->decision = g_test_rand_bit () ? COBRO_DECISION_PAUSED : COBRO_DECISION_CANCELLED;
  return link;
}

#define DESKTOPS 4

typedef struct
{
  CobroLink *base;
  Edition *editions[DESKTOPS];
  GPtrArray *losses; /* (element-type utf8) "member value" */
} World;

static void
world_clear (World *world)
{
  for (int i = 0; i < DESKTOPS; i++)
    edition_free (world->editions[i]);
  cobro_link_unref (world->base);
  g_ptr_array_unref (world->losses);
}

static void
world_init (World *world, gboolean drafts)
{
  world->base = base_link ();
  world->losses = g_ptr_array_new_with_free_func (g_free);
  if (drafts)
    world->base->decision = COBRO_DECISION_DRAFT;
  for (int i = 0; i < DESKTOPS; i++)
    world->editions[i] =
      edition_of (world->base, random_edit (world->base, drafts), T0 + 1 + g_test_rand_int_range (0, 6));
}

/* The desktops push one after the other; each meets what the ones before have made. (transfer full) the end. */
static char *
arrive (World *world, const int *order)
{
  g_autofree char *base = document_of (world->base);
  g_autofree char *document = g_strdup (world->editions[order[0]]->document);
  g_autofree char *edited = g_strdup (world->editions[order[0]]->edited);

  g_ptr_array_set_size (world->losses, 0);
  for (int k = 1; k < DESKTOPS; k++)
    {
      Edition *mine = world->editions[order[k]];
      g_autoptr (GError) error = NULL;
      g_autoptr (CobroMergeResult) result =
        cobro_merge (COBRO_MERGE_LINK, base, &(CobroMergeSide){ mine->document, mine->edited },
                     &(CobroMergeSide){ document, edited }, &error);

      g_assert_no_error (error);
      g_assert_false (result->copy);
      for (guint i = 0; i < result->losses->len; i++)
        {
          const CobroMergeLoss *loss = g_ptr_array_index (result->losses, i);
          g_ptr_array_add (world->losses, g_strdup_printf ("%s %s", loss->member, loss->value));
        }
      g_free (document);
      g_free (edited);
      document = g_steal_pointer (&result->document);
      edited = g_steal_pointer (&result->edited);
    }
  return g_steal_pointer (&document);
}

/* Every value that somebody wrote is in the end result or among what was put aside. */
static void
check_nothing_lost (World *world, const char *end)
{
  static const char *const members[] = { "title", "description", "reference", "metadata", "decision" };
  g_autoptr (CobroWireObject) final = cobro_wire_parse (end, -1, NULL);
  g_autofree char *base = document_of (world->base);
  g_autoptr (CobroWireObject) start = cobro_wire_parse (base, -1, NULL);

  for (int i = 0; i < DESKTOPS; i++)
    {
      g_autoptr (CobroWireObject) edition = cobro_wire_parse (world->editions[i]->document, -1, NULL);

      for (gsize m = 0; m < G_N_ELEMENTS (members); m++)
        {
          g_autofree char *wrote = cobro_wire_get_raw (edition, members[m]);
          g_autofree char *was = cobro_wire_get_raw (start, members[m]);
          g_autofree char *is = cobro_wire_get_raw (final, members[m]);
          g_autofree char *loss = g_strdup_printf ("%s %s", members[m], wrote);

          if (strcmp (wrote, was) != 0 && strcmp (wrote, is) != 0)
            g_assert_true (g_ptr_array_find_with_equal_func (world->losses, loss, g_str_equal, NULL));
        }
    }
}

static gboolean
next_permutation (int *order, int n)
{
  int i = n - 2, k = n - 1, swap;

  while (i >= 0 && order[i] > order[i + 1])
    i--;
  if (i < 0)
    return FALSE;
  while (order[k] < order[i])
    k--;
  swap = order[i], order[i] = order[k], order[k] = swap;
  for (int a = i + 1, b = n - 1; a < b; a++, b--)
    swap = order[a], order[a] = order[b], order[b] = swap;
  return TRUE;
}

/* Whatever order the desktops come in, all end with the same document, and nothing is lost on the way. */
static void
converge (gboolean drafts)
{
  for (int round = 0; round < 150; round++)
    {
      World world;
      int order[DESKTOPS] = { 0, 1, 2, 3 };
      g_autofree char *expected = NULL;

      world_init (&world, drafts);
      do
        {
          g_autofree char *end = arrive (&world, order);

          check_nothing_lost (&world, end);
          if (expected == NULL)
            expected = g_steal_pointer (&end);
          else
            g_assert_cmpstr (end, ==, expected);
        }
      while (next_permutation (order, DESKTOPS));
      world_clear (&world);
    }
}

static void
test_drafts_converge (void)
{
  converge (TRUE);
}

static void
test_published_converge (void)
{
  converge (FALSE);
}

/* A merge with itself, with its base, and again with what came out of it changes nothing. */
static void
test_fixed_points (void)
{
  for (int round = 0; round < 200; round++)
    {
      g_autoptr (CobroLink) base = base_link ();
      g_autoptr (CobroLink) ours = random_edit (base, TRUE);
      g_autoptr (CobroLink) theirs = random_edit (base, TRUE);
      g_autoptr (CobroMergeResult) self = merge_links (base, ours, NULL, ours, NULL);
      g_autoptr (CobroMergeResult) forward = merge_links (base, base, NULL, theirs, NULL);
      g_autoptr (CobroMergeResult) result = merge_links (base, ours, NULL, theirs, NULL);
      g_autoptr (CobroLink) merged = link_of (result->document);
      g_autoptr (CobroMergeResult) again = merge_links (theirs, merged, result->edited, theirs, NULL);

      assert_same (self->document, ours);
      g_assert_cmpuint (self->losses->len, ==, 0);
      assert_same (forward->document, theirs);
      g_assert_cmpuint (forward->losses->len, ==, 0);
      /* Pushed with theirs as base, as the engine does: it stands. */
      g_assert_cmpstr (again->document, ==, result->document);
      g_assert_cmpuint (again->losses->len, ==, 0);
    }
}

/* Stamps: what changed was edited now; what did not keeps its time; a clock that goes back does not. */
static void
test_stamps (void)
{
  g_autoptr (CobroLink) before = base_link ();
  g_autoptr (CobroLink) after = base_link ();
  g_autofree char *a = document_of (before), *b = NULL, *first = NULL, *second = NULL;

  cobro_link_set_text (&after->title, "Tea");
  b = document_of (after);
  first = cobro_merge_stamp (COBRO_MERGE_LINK, "{\"locale\":5}", a, b, 100);
  g_assert_cmpstr (first, ==, "{\"title\":100,\"locale\":5}");
  second = cobro_merge_stamp (COBRO_MERGE_LINK, first, b, a, 50);
  g_assert_cmpstr (second, ==, "{\"title\":101,\"locale\":5}");
}

/* ── Issued documents ───────────────────────────────────────────────────────────────────────────────────────────── */

static CobroInvoice *
random_version (const CobroInvoice *base, CobroTime updated_at)
{
  static const CobroInvoiceDecision decisions[] = { COBRO_INVOICE_ISSUED, COBRO_INVOICE_ISSUED,
                                                    COBRO_INVOICE_UNCOLLECTIBLE, COBRO_INVOICE_VOID };
  static const char *const notes[] = { "", "asks for time", "moved" };
  CobroInvoice *version = cobro_invoice_copy (base);

  version->decision = decisions[g_test_rand_int_range (0, G_N_ELEMENTS (decisions))];
  if (version->decision == COBRO_INVOICE_VOID)
    cobro_link_set_text (&version->void_reason, "sent twice");
  version->reminders =
    (CobroReminders){ .custom = TRUE, .n = (guint)g_test_rand_int_range (0, 4), .days = { 1, 2, 3, 4 } };
  version->expires_at = g_test_rand_int_range (0, 3) * COBRO_DAY;
  cobro_link_set_text (&version->private_notes, notes[g_test_rand_int_range (0, G_N_ELEMENTS (notes))]);
  version->updated_at = updated_at;
  return version;
}

/* Brought before the relay in the order that @order says. */
static CobroInvoice *
merge_in_order (CobroInvoice *const *versions, const int *order)
{
  CobroInvoice *relay = cobro_invoice_copy (versions[order[0]]);

  for (int i = 1; i < 3; i++)
    {
      gboolean strange;
      CobroInvoice *merged = cobro_invoice_merge (versions[order[i]], relay, &strange);

      g_assert_false (strange);
      g_assert_true (cobro_invoice_validate_change (relay, merged, NULL));
      cobro_invoice_unref (relay);
      relay = merged;
    }
  return relay;
}

/* Whoever comes first: the same outcome; void stays void; what is issued stays as it is; private notes are not lost to
 * nothing. */
static void
test_invoices_converge (void)
{
  static const int orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
  g_autoptr (CobroInvoice) base = cobro_invoice_new ();

  g_assert_true (cobro_currency_from_code ("EUR", &base->currency, NULL));
  base->decision = COBRO_INVOICE_ISSUED;
  for (int round = 0; round < 300; round++)
    {
      CobroInvoice *versions[3], *first = NULL;
      gboolean any_void = FALSE, any_notes = FALSE;

      for (int i = 0; i < 3; i++)
        {
          versions[i] = random_version (base, 1000 + (round * 7 + i * 13) % 31);
          any_void |= versions[i]->decision == COBRO_INVOICE_VOID;
          any_notes |= versions[i]->private_notes[0] != '\0';
        }
      for (int k = 0; k < 6; k++)
        {
          CobroInvoice *merged = merge_in_order (versions, orders[k]);

          g_assert_cmpint (merged->decision == COBRO_INVOICE_VOID, ==, any_void);
          g_assert_cmpint (merged->private_notes[0] != '\0', ==, any_notes);
          if (first == NULL)
            first = cobro_invoice_ref (merged);
          g_assert_cmpint (merged->decision, ==, first->decision);
          g_assert_true (cobro_reminders_equal (&merged->reminders, &first->reminders));
          g_assert_cmpint (merged->expires_at, ==, first->expires_at);
          cobro_invoice_unref (merged);
        }
      cobro_invoice_unref (first);
      for (int i = 0; i < 3; i++)
        cobro_invoice_unref (versions[i]);
    }
}

/* Another document under the same id: the relay's stands, and that is said. */
static void
test_strange_invoice (void)
{
  g_autoptr (CobroInvoice) theirs = cobro_invoice_new ();
  g_autoptr (CobroInvoice) ours = NULL;
  g_autoptr (CobroInvoice) merged = NULL;
  gboolean strange;

  theirs->decision = COBRO_INVOICE_ISSUED;
  ours = cobro_invoice_copy (theirs);
  cobro_link_set_text (&ours->notes, "something else");
  ours->updated_at = 5;
  merged = cobro_invoice_merge (ours, theirs, &strange);
  g_assert_true (strange);
  g_assert_cmpstr (merged->notes, ==, "");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/merge/different-members", test_different_members);
  g_test_add_func ("/sync/merge/same-member", test_same_member);
  g_test_add_func ("/sync/merge/member-times", test_member_times);
  g_test_add_func ("/sync/merge/money", test_money);
  g_test_add_func ("/sync/merge/decisions", test_decisions);
  g_test_add_func ("/sync/merge/unreadable", test_unreadable);
  g_test_add_func ("/sync/merge/merchants", test_merchants);
  g_test_add_func ("/sync/merge/drafts-converge", test_drafts_converge);
  g_test_add_func ("/sync/merge/published-converge", test_published_converge);
  g_test_add_func ("/sync/merge/fixed-points", test_fixed_points);
  g_test_add_func ("/sync/merge/stamps", test_stamps);
  g_test_add_func ("/sync/merge/invoices-converge", test_invoices_converge);
  g_test_add_func ("/sync/merge/strange-invoice", test_strange_invoice);
  return g_test_run ();
}
