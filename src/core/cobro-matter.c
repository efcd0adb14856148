/* src/core/cobro-matter.c — what a merchant has to look at: pure functions over payments and sums.
 * Layer: core. Any thread. */
#include "cobro-matter.h"

#include "cobro-link-status.h"

CobroMatter *
cobro_matter_new (CobroMatterKind kind, const char *subject)
{
  CobroMatter *self = g_new0 (CobroMatter, 1);

  self->ref_count = 1;
  self->kind = kind;
  self->subject = g_strdup (subject);
  self->mark = g_strdup ("");
  self->title = g_strdup ("");
  self->who = g_strdup ("");
  self->reason = g_strdup ("");
  self->where = g_strdup ("");
  self->other = g_strdup ("");
  self->problem = g_strdup ("");
  return self;
}

CobroMatter *
cobro_matter_ref (CobroMatter *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
cobro_matter_unref (CobroMatter *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->ref_count))
    return;
  g_free (self->subject);
  g_free (self->mark);
  g_free (self->title);
  g_free (self->who);
  g_free (self->reason);
  g_free (self->where);
  g_free (self->other);
  g_free (self->problem);
  g_free (self);
}

/* ── What raises it ─────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
is_some (CobroMoney money)
{
  return cobro_money_is_set (money) && cobro_money_is_positive (money);
}

static CobroMatterKind
aside_kind (const CobroMatterPaid *paid)
{
  if (!paid->is_charge)
    return COBRO_MATTER_SET_ASIDE;
  return paid->state == COBRO_PAYMENT_SUCCEEDED ? COBRO_MATTER_SECOND_CHARGE : COBRO_MATTER_MISMATCH;
}

guint
cobro_matter_of_payment (const CobroMatterPaid *paid)
{
  guint raised = 0;

  if ((paid->flags & COBRO_FLAG_QUARANTINED) != 0)
    raised |= 1u << aside_kind (paid);
  if ((paid->flags & COBRO_FLAG_DISPUTED) != 0)
    raised |= 1u << (is_some (paid->lost) ? COBRO_MATTER_DISPUTE_LOST : COBRO_MATTER_DISPUTE);
  if (paid->state != COBRO_PAYMENT_SUCCEEDED || !is_some (paid->rest) || (raised & 1u << COBRO_MATTER_DISPUTE) != 0)
    return raised; /* what is disputed is not given back beside that: it would go twice */
  if ((paid->flags & COBRO_FLAG_DUPLICATE) != 0)
    raised |= 1u << COBRO_MATTER_DUPLICATE; /* what came twice may have come late, too: one question */
  else if ((paid->flags & COBRO_FLAG_LATE) != 0)
    raised |= 1u << COBRO_MATTER_LATE;
  return raised;
}

/* @out_left: @from − @what, where @what may be unset. */
static gboolean
take (CobroMoney from, CobroMoney what, CobroMoney *out_left)
{
  *out_left = from;
  return !cobro_money_is_set (what) || cobro_money_subtract (from, what, out_left, NULL);
}

gboolean
cobro_matter_of_sum (const CobroMatterSum *sum, CobroMatterKind *out_kind, CobroMoney *out_amount)
{
  CobroMoney left, difference;

  if (!cobro_money_is_set (sum->asked) || !is_some (sum->net) || !take (sum->net, sum->leaving, &left) ||
      !take (left, sum->apart, &left) || !cobro_money_subtract (left, sum->asked, &difference, NULL))
    return FALSE;
  if (cobro_money_is_positive (difference))
    {
      *out_kind = COBRO_MATTER_OVER;
      *out_amount = difference;
      return TRUE;
    }
  /* Everything had come: what lacks now was given back, or was taken by a dispute, which is told apart. */
  if (cobro_money_compare (sum->paid, sum->asked) >= 0 || !is_some (left))
    return FALSE;
  *out_kind = COBRO_MATTER_PARTIAL;
  return cobro_money_subtract (sum->asked, left, out_amount, NULL);
}

gboolean
cobro_matter_spread (CobroMoney amount, const CobroMoney *rests, gsize n, CobroMoney *out_parts)
{
  CobroMoney left = amount, zero = cobro_money_zero (cobro_money_currency (amount));
  gsize whole = n;

  for (gsize i = 0; i < n; i++)
    {
      out_parts[i] = zero;
      if (whole == n && cobro_money_compare (rests[i], amount) >= 0)
        whole = i;
    }
  if (whole < n)
    {
      out_parts[whole] = amount;
      return TRUE;
    }
  for (gsize i = 0; i < n && cobro_money_is_positive (left); i++)
    {
      out_parts[i] = cobro_money_compare (rests[i], left) < 0 ? rests[i] : left;
      if (!cobro_money_subtract (left, out_parts[i], &left, NULL))
        return FALSE;
    }
  return !cobro_money_is_positive (left);
}

/* ── What can be done ───────────────────────────────────────────────────────────────────────────────────────────── */

#define BIT(way) COBRO_WAY_BIT (COBRO_WAY_##way)

static const guint ways[] = {
  [COBRO_MATTER_DISPUTE] = BIT (ANSWERED),
  [COBRO_MATTER_DISPUTE_LOST] = BIT (DISMISS),
  [COBRO_MATTER_SECOND_CHARGE] = BIT (RETURN) | BIT (RELEASE),
  [COBRO_MATTER_MISMATCH] = BIT (RETURN) | BIT (ACCEPT) | BIT (RELEASE),
  [COBRO_MATTER_SET_ASIDE] = BIT (RELEASE),
  [COBRO_MATTER_REFUND] = BIT (AGAIN) | BIT (DISMISS),
  [COBRO_MATTER_DUPLICATE] = BIT (REFUND) | BIT (KEEP),
  [COBRO_MATTER_LATE] = BIT (REFUND) | BIT (KEEP),
  [COBRO_MATTER_OVER] = BIT (REFUND) | BIT (KEEP),
  [COBRO_MATTER_PARTIAL] = BIT (REFUND) | BIT (CLOSE) | BIT (COPY) | BIT (DISMISS),
  [COBRO_MATTER_MAIL] = BIT (SEND) | BIT (DISMISS),
  [COBRO_MATTER_COMMAND] = BIT (DISMISS),
  [COBRO_MATTER_ENDPOINT] = BIT (ENABLE) | BIT (DISMISS),
  [COBRO_MATTER_DELIVERY] = BIT (REPLAY) | BIT (DISMISS),
  [COBRO_MATTER_CONFLICT] = BIT (MINE) | BIT (THEIRS),
  [COBRO_MATTER_REJECTED] = BIT (DISMISS),
};
G_STATIC_ASSERT (G_N_ELEMENTS (ways) == COBRO_MATTER_N_KINDS);

guint
cobro_matter_ways (const CobroMatter *self)
{
  guint can = ways[self->kind];

  switch (self->kind)
    {
    case COBRO_MATTER_SET_ASIDE: /* of nobody's payment: there is nothing to let go of */
      return cobro_id_is_set (&self->payment_id) ? can : BIT (DISMISS);
    case COBRO_MATTER_REFUND:
      return self->is_unclear ? BIT (DISMISS) : can; /* asked again it might go twice */
    case COBRO_MATTER_OVER:
      return self->has_customer && cobro_id_is_set (&self->invoice_id) ? (can & ~BIT (KEEP)) | BIT (CREDIT) : can;
    case COBRO_MATTER_PARTIAL:
      return self->may_remind ? (can & ~BIT (COPY)) | BIT (REMIND) : can;
    case COBRO_MATTER_MAIL: /* a receipt is not sent again */
      return cobro_id_is_set (&self->invoice_id) ? can : BIT (DISMISS);
    case COBRO_MATTER_CONFLICT:
      return *self->where != '\0' ? can : BIT (MINE);
    case COBRO_MATTER_DISPUTE:
    case COBRO_MATTER_DISPUTE_LOST:
    case COBRO_MATTER_SECOND_CHARGE:
    case COBRO_MATTER_MISMATCH:
    case COBRO_MATTER_DUPLICATE:
    case COBRO_MATTER_LATE:
    case COBRO_MATTER_COMMAND:
    case COBRO_MATTER_ENDPOINT:
    case COBRO_MATTER_DELIVERY:
    case COBRO_MATTER_REJECTED:
      return can;
    }
  g_return_val_if_reached (can);
}

gboolean
cobro_matter_way_asks_relay (CobroMatterWay way)
{
  const guint asked = BIT (ACCEPT) | BIT (RETURN) | BIT (RELEASE) | BIT (REPLAY) | BIT (ENABLE);

  return (asked & COBRO_WAY_BIT (way)) != 0;
}

static gboolean
is_same_money (CobroMoney a, CobroMoney b)
{
  return cobro_money_is_set (a) == cobro_money_is_set (b) && (!cobro_money_is_set (a) || cobro_money_equal (a, b));
}

gboolean
cobro_matter_calls (const CobroMatter *self)
{
  switch (self->kind)
    {
    case COBRO_MATTER_DISPUTE:
    case COBRO_MATTER_DISPUTE_LOST:
    case COBRO_MATTER_SECOND_CHARGE:
    case COBRO_MATTER_MISMATCH:
    case COBRO_MATTER_SET_ASIDE:
    case COBRO_MATTER_REFUND:
    case COBRO_MATTER_DUPLICATE:
    case COBRO_MATTER_LATE:
    case COBRO_MATTER_OVER:
      return !self->by_hand;
    case COBRO_MATTER_MAIL:
    case COBRO_MATTER_ENDPOINT:
    case COBRO_MATTER_DELIVERY:
      return TRUE;
    case COBRO_MATTER_PARTIAL:
    case COBRO_MATTER_COMMAND:
    case COBRO_MATTER_CONFLICT:
    case COBRO_MATTER_REJECTED:
      break;
    }
  return FALSE;
}

char *
cobro_matter_dup_key (const CobroMatter *self)
{
  return g_strdup_printf ("%d:%s", self->kind, self->subject);
}

gboolean
cobro_matter_equal (const CobroMatter *a, const CobroMatter *b)
{
  return a->kind == b->kind && a->due == b->due && a->since == b->since && a->count == b->count &&
         cobro_matter_ways (a) == cobro_matter_ways (b) && g_str_equal (a->subject, b->subject) &&
         g_str_equal (a->mark, b->mark) && g_str_equal (a->title, b->title) && g_str_equal (a->who, b->who) &&
         g_str_equal (a->reason, b->reason) && g_str_equal (a->where, b->where) && g_str_equal (a->other, b->other) &&
         g_str_equal (a->problem, b->problem) && is_same_money (a->amount, b->amount) &&
         is_same_money (a->total, b->total);
}

/* ── Which first ────────────────────────────────────────────────────────────────────────────────────────────────── */

int
cobro_matter_compare (const CobroMatter *a, const CobroMatter *b)
{
  gboolean dated = a->due != 0;

  if (dated != (b->due != 0))
    return dated ? -1 : 1;
  if (a->due != b->due)
    return a->due < b->due ? -1 : 1;
  if (a->kind != b->kind)
    return a->kind < b->kind ? -1 : 1;
  if (a->since != b->since)
    return a->since > b->since ? -1 : 1;
  return g_strcmp0 (a->subject, b->subject);
}
