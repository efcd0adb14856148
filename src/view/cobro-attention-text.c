/* src/view/cobro-attention-text.c — what the window says about something that needs attention.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-attention-text.h"

#include <glib/gi18n.h>
#include "cobro-date-text.h"
#include "cobro-money-text.h"
#include "cobro-view-text.h"

static char *
money_text (CobroMoney money)
{
  return cobro_money_is_set (money) ? cobro_money_text (money, cobro_view_locale ()) : g_strdup ("");
}

/* ── What happened ── */

/* With %s: the amount. Without an amount that is known, the second. */
static const struct
{
  const char *with_amount, *plain, *icon;
} titles[] = {
  [COBRO_MATTER_DISPUTE] = { N_ ("A payment of %s is disputed"), N_ ("A payment is disputed"),
                             "dialog-warning-symbolic" },
  [COBRO_MATTER_DISPUTE_LOST] = { N_ ("A dispute was lost: %s"), N_ ("A dispute was lost"), "dialog-error-symbolic" },
  [COBRO_MATTER_SECOND_CHARGE] = { N_ ("Charged twice: %s more"), N_ ("Charged twice"), "edit-copy-symbolic" },
  [COBRO_MATTER_MISMATCH] = { N_ ("Another amount came: %s"), N_ ("Another amount came"), "dialog-question-symbolic" },
  [COBRO_MATTER_SET_ASIDE] = { NULL, N_ ("A provider’s message was set aside"), "dialog-question-symbolic" },
  [COBRO_MATTER_REFUND] = { N_ ("A refund of %s did not go through"), N_ ("A refund did not go through"),
                            "edit-undo-symbolic" },
  [COBRO_MATTER_DUPLICATE] = { N_ ("Paid twice: %s"), N_ ("Paid twice"), "edit-copy-symbolic" },
  [COBRO_MATTER_LATE] = { N_ ("Paid after closing: %s"), N_ ("Paid after closing"), "alarm-symbolic" },
  [COBRO_MATTER_OVER] = { N_ ("Paid too much: %s"), N_ ("Paid too much"), "list-add-symbolic" },
  [COBRO_MATTER_PARTIAL] = { N_ ("Partly paid: %s still lacking"), N_ ("Partly paid"), "list-remove-symbolic" },
  [COBRO_MATTER_MAIL] = { NULL, N_ ("A mail was not delivered"), "mail-unread-symbolic" },
  [COBRO_MATTER_COMMAND] = { NULL, N_ ("The relay would not do it"), "dialog-error-symbolic" },
  [COBRO_MATTER_ENDPOINT] = { NULL, N_ ("A webhook endpoint was switched off"), "network-error-symbolic" },
  [COBRO_MATTER_DELIVERY] = { NULL, N_ ("A webhook message was given up"), "network-error-symbolic" },
  [COBRO_MATTER_CONFLICT] = { NULL, N_ ("Changed on two computers"), "emblem-synchronizing-symbolic" },
  [COBRO_MATTER_REJECTED] = { NULL, N_ ("The relay did not take a change"), "dialog-error-symbolic" },
};
G_STATIC_ASSERT (G_N_ELEMENTS (titles) == COBRO_MATTER_N_KINDS);

char *
cobro_attention_title (const CobroMatter *matter)
{
  g_autofree char *amount = money_text (matter->amount);

  if (*amount == '\0' || !titles[matter->kind].with_amount)
    return g_strdup (_ (titles[matter->kind].plain));
  return g_strdup_printf (_ (titles[matter->kind].with_amount), amount);
}

const char *
cobro_attention_icon (const CobroMatter *matter)
{
  return titles[matter->kind].icon;
}

char *
cobro_attention_subtitle (const CobroMatter *matter)
{
  g_autofree char *when = cobro_date_text (matter->since, cobro_view_locale ());
  const char *parts[] = { matter->title, matter->who, when };
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (*parts[i])
      g_string_append_printf (text, "%s%s", text->len ? " · " : "", parts[i]);
  return g_string_free (text, FALSE);
}

/* ── What it means ── */

static char *
conflict_words (const CobroMatter *matter)
{
  if (*matter->where == '\0')
    return g_strdup (
      _ ("It was changed here and on another computer. What could not be put together was kept beside it; "
         "look at both before you go on. No payment was touched."));
  /* Translators: %s: the field’s name as programs call it, then the value that was put aside. */
  return g_strdup_printf (
    _ ("The field “%s” was changed here and on another computer. The later change stands; put aside "
       "was %s. No payment was touched."),
    matter->where, matter->other);
}

static char *
mail_words (const CobroMatter *matter)
{
  if (!cobro_id_is_set (&matter->invoice_id))
    return g_strdup_printf (_ ("The receipt to %s was not taken. The payment itself is safe."), matter->where);
  return g_strdup_printf (_ ("The mail to %s was not taken. The customer has not got it and may not know what to pay."),
                          matter->where);
}

static char *
endpoint_words (const CobroMatter *matter)
{
  g_autofree char *missed = g_strdup_printf (ngettext ("%d message waits.", "%d messages wait.", (gulong)matter->count),
                                             (int)MIN (matter->count, G_MAXINT));

  /* Translators: %s: an address, then "3 messages wait." */
  return g_strdup_printf (
    _ ("%s failed for so long that the relay stopped calling it. %s Your money is not affected, but "
       "the program there has not heard of it."),
    matter->where, missed);
}

static char *
mismatch_words (const CobroMatter *matter)
{
  g_autofree char *amount = money_text (matter->amount);
  g_autofree char *total = money_text (matter->total);

  return g_strdup_printf (
    _ ("The provider reports %s where %s was asked for. Nothing counts as paid until you decide."), amount, total);
}

static char *
over_words (const CobroMatter *matter)
{
  g_autofree char *amount = money_text (matter->amount);
  g_autofree char *total = money_text (matter->total);

  return g_strdup_printf (_ ("%s was asked for, and %s more is in your account."), total, amount);
}

static char *
partial_words (const CobroMatter *matter)
{
  g_autofree char *total = money_text (matter->total);
  g_autofree char *there_text = NULL;
  CobroMoney there;

  if (!cobro_money_subtract (matter->total, matter->amount, &there, NULL))
    there = matter->amount;
  there_text = money_text (there);
  return g_strdup_printf (_ ("%s of %s is there. The rest is still owed."), there_text, total);
}

static char *
plain_words (const CobroMatter *matter)
{
  switch (matter->kind)
    {
    case COBRO_MATTER_DISPUTE:
      return g_strdup (
        _ ("The customer’s bank asks for the money back. Without an answer it is lost, often with a fee. "
           "Answer in your provider’s dashboard, and do not refund it beside that: it could go back twice."));
    case COBRO_MATTER_DISPUTE_LOST:
      return g_strdup (
        _ ("The bank has taken the money back. It is in no total any more. If the customer still owes it, "
           "send them a new link."));
    case COBRO_MATTER_SECOND_CHARGE:
      return g_strdup (
        _ ("This payment had its money when the provider charged the customer once more. The second charge "
           "lies at the provider and is in no total here."));
    case COBRO_MATTER_SET_ASIDE:
      return g_strdup (_ ("It does not fit anything that was asked for, and changed no total. Compare it with your "
                          "provider’s dashboard."));
    case COBRO_MATTER_REFUND:
      if (matter->is_unclear)
        return g_strdup (_ ("Nobody answered about this refund for too long: it may have gone, or not. Look in your "
                            "provider’s dashboard before you give it again."));
      return g_strdup (_ ("The customer has not got it. The money is still in your account."));
    case COBRO_MATTER_DUPLICATE:
      return g_strdup (_ ("Everything was paid when this payment came on top. The customer will want it back."));
    case COBRO_MATTER_LATE:
      return g_strdup (
        _ ("The money came when nothing was for sale any more. It is in your account: keep it if you still "
           "deliver, or give it back."));
    case COBRO_MATTER_COMMAND:
      return g_strdup (_ ("Nothing was sent and nothing was booked. What was there before is as it was."));
    case COBRO_MATTER_DELIVERY:
      return g_strdup_printf (
        _ ("%s did not take it in seven days. Your money is not affected, but the program there has "
           "not heard of it."),
        matter->where);
    case COBRO_MATTER_REJECTED:
      return g_strdup (
        _ ("Customers see it as it was before, or not at all, until you change it. No payment was touched."));
    case COBRO_MATTER_MAIL:
      return mail_words (matter);
    case COBRO_MATTER_ENDPOINT:
      return endpoint_words (matter);
    case COBRO_MATTER_CONFLICT:
      return conflict_words (matter);
    case COBRO_MATTER_MISMATCH:
      return mismatch_words (matter);
    case COBRO_MATTER_OVER:
      return over_words (matter);
    case COBRO_MATTER_PARTIAL:
      return partial_words (matter);
    }
  g_return_val_if_reached (g_strdup (""));
}

char *
cobro_attention_words (const CobroMatter *matter)
{
  g_autofree char *words = plain_words (matter);
  g_autofree char *reason = NULL;

  if (!*matter->reason || matter->kind == COBRO_MATTER_CONFLICT)
    return g_steal_pointer (&words);
  /* Translators: %s: what the provider, the relay or the mail server said. */
  reason = g_strdup_printf (_ ("Reason given: %s."), matter->reason);
  return g_strdup_printf ("%s %s", words, reason);
}

/* ── By when ── */

char *
cobro_attention_due (const CobroMatter *matter, CobroTime now)
{
  /* A day that is over when the next one begins is named itself. */
  gboolean invoice = cobro_id_is_set (&matter->invoice_id);
  g_autofree char *date = cobro_date_text (invoice ? matter->due - 1 : matter->due, cobro_view_locale ());
  gboolean over = matter->due <= now;

  if (matter->kind == COBRO_MATTER_DISPUTE && matter->due == 0)
    return g_strdup (_ ("The provider names no date: answer soon."));
  if (matter->due == 0)
    return g_strdup ("");
  if (matter->kind == COBRO_MATTER_DISPUTE)
    return g_strdup_printf (over ? _ ("The time to answer ended on %s.") : _ ("Answer by %s."), date);
  if (matter->kind != COBRO_MATTER_PARTIAL)
    return g_strdup ("");
  if (invoice)
    return g_strdup_printf (over ? _ ("It was due on %s.") : _ ("The rest is due on %s."), date);
  return g_strdup_printf (_ ("The link closes on %s."), date);
}

/* ── What can be done ── */

static const char *
plain_label (const CobroMatter *matter, CobroMatterWay way)
{
  gboolean invoice = cobro_id_is_set (&matter->invoice_id);

  switch (way)
    {
    case COBRO_WAY_DISMISS:
      return _ ("Dismiss");
    case COBRO_WAY_REFUND:
      return matter->by_hand ? _ ("Given Back by Hand") : _ ("Refund What Came");
    case COBRO_WAY_KEEP:
      return _ ("Keep the Money");
    case COBRO_WAY_CREDIT:
      return _ ("Keep as Credit");
    case COBRO_WAY_ACCEPT:
      return _ ("Accept It");
    case COBRO_WAY_RETURN:
      return _ ("Give It Back");
    case COBRO_WAY_RELEASE:
      return _ ("Settled Elsewhere");
    case COBRO_WAY_ANSWERED:
      return _ ("I Have Answered");
    case COBRO_WAY_CLOSE:
      return invoice ? _ ("Give Up the Rest") : _ ("Close and Keep");
    case COBRO_WAY_REMIND:
      return _ ("Send a Reminder");
    case COBRO_WAY_COPY:
      return _ ("Copy Link");
    case COBRO_WAY_SEND:
      return _ ("Send Again…");
    case COBRO_WAY_REPLAY:
      return _ ("Send Again");
    case COBRO_WAY_ENABLE:
      return _ ("Switch On Again");
    case COBRO_WAY_MINE:
      return _ ("Keep as It Is");
    case COBRO_WAY_THEIRS:
      return _ ("Use the Other Value");
    case COBRO_WAY_AGAIN:
      return _ ("Try Again");
    }
  g_return_val_if_reached ("");
}

char *
cobro_attention_way_label (const CobroMatter *matter, CobroMatterWay way)
{
  gboolean back =
    way == COBRO_WAY_RETURN || (way == COBRO_WAY_REFUND && !matter->by_hand && matter->kind != COBRO_MATTER_PARTIAL);
  g_autofree char *amount = money_text (matter->amount);

  if (back && *amount)
    return g_strdup_printf (_ ("Refund %s"), amount);
  return g_strdup (plain_label (matter, way));
}

char *
cobro_attention_way_done (const CobroMatter *matter, CobroMatterWay way)
{
  switch (way)
    {
    case COBRO_WAY_REFUND:
    case COBRO_WAY_RETURN:
    case COBRO_WAY_AGAIN:
      return g_strdup (matter->by_hand ? _ ("Noted as given back") : _ ("The refund is on its way"));
    case COBRO_WAY_KEEP:
      return g_strdup (_ ("The money is kept"));
    case COBRO_WAY_CREDIT:
      return g_strdup (_ ("Kept as the customer’s credit"));
    case COBRO_WAY_ACCEPT:
      return g_strdup (_ ("It counts as paid"));
    case COBRO_WAY_CLOSE:
      return g_strdup (cobro_id_is_set (&matter->invoice_id) ? _ ("The rest is given up")
                                                             : _ ("Closed; what came is kept"));
    case COBRO_WAY_REPLAY:
    case COBRO_WAY_ENABLE:
      return g_strdup (_ ("The relay sends it again"));
    case COBRO_WAY_THEIRS:
      return g_strdup (_ ("The other value is used"));
    case COBRO_WAY_REMIND:
      return g_strdup (_ ("The reminder is on its way"));
    case COBRO_WAY_DISMISS:
    case COBRO_WAY_RELEASE:
    case COBRO_WAY_ANSWERED:
    case COBRO_WAY_COPY:
    case COBRO_WAY_SEND:
    case COBRO_WAY_MINE:
      return g_strdup (_ ("Put away"));
    }
  g_return_val_if_reached (g_strdup (""));
}
