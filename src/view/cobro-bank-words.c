/* src/view/cobro-bank-words.c — what is said about a line of an account statement.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-bank-words.h"

#include <glib/gi18n.h>
#include "cobro-date-text.h"
#include "cobro-money-text.h"
#include "cobro-view-text.h"

static const CobroBankTarget *
target_of (const CobroBankProposal *proposal, guint i, GPtrArray *targets)
{
  return targets->pdata[g_array_index (proposal->shares, CobroBankShare, i).target];
}

char *
cobro_bank_words_target (const CobroBankTarget *target)
{
  if (target->is_invoice)
    return g_strdup_printf (_ ("Invoice %s"), target->number);
  if (*target->title)
    /* Translators: %s is the title of a payment link. */
    return g_strdup_printf (_ ("Link “%s”"), target->title);
  return g_strdup (_ ("Link"));
}

char *
cobro_bank_words_due (const CobroBankTarget *target)
{
  g_autofree char *due = cobro_money_text (target->due, cobro_view_locale ());

  if (!*target->name)
    /* Translators: %s is an amount of money. */
    return g_strdup_printf (_ ("%s due"), due);
  /* Translators: %1$s is a person or company, %2$s an amount of money. */
  return g_strdup_printf (_ ("%1$s · %2$s due"), target->name, due);
}

char *
cobro_bank_words_what (const CobroBankProposal *proposal, GPtrArray *targets)
{
  const CobroBankTarget *first = target_of (proposal, 0, targets);
  g_autofree char *title = cobro_bank_words_target (first);
  g_autoptr (GString) numbers = g_string_new (NULL);
  guint n = proposal->shares->len;

  if (n == 1)
    return *first->name ? g_strdup_printf ("%s · %s", title, first->name) : g_steal_pointer (&title);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (numbers, "%s%s", i ? ", " : "", target_of (proposal, i, targets)->number);
  /* Translators: %1$u is how many, %2$s are their numbers. */
  return g_strdup_printf (ngettext ("%1$u invoice: %2$s", "%1$u invoices: %2$s", n), n, numbers->str);
}

/* ── Why ── */

/* (transfer full) a sentence. */
static char *
reason_text (const CobroBankReason *reason)
{
  g_autofree char *amount = cobro_money_text (reason->amount, cobro_view_locale ());

  switch (reason->kind)
    {
    case COBRO_BANK_BY_NUMBER:
      /* Translators: the payer wrote that number. */
      return g_strdup_printf (_ ("Names %s."), reason->text);
    case COBRO_BANK_BY_REFERENCE:
      return g_strdup_printf (_ ("The creditor reference stands for %s."), reason->text);
    case COBRO_BANK_BY_ORDER:
      return g_strdup_printf (_ ("Names the order %s."), reason->text);
    case COBRO_BANK_BY_TITLE:
      return g_strdup_printf (_ ("Names “%s”."), reason->text);
    case COBRO_BANK_ALL_DUE:
      return g_strdup (_ ("Exactly what is due."));
    case COBRO_BANK_NEXT_PART:
      /* Translators: %s is an amount of money. */
      return g_strdup_printf (_ ("Exactly the next part; %s stays open."), amount);
    case COBRO_BANK_SUM_DUE:
      return g_strdup (_ ("Exactly what these come to together."));
    case COBRO_BANK_LESS:
      return g_strdup_printf (_ ("%s stays open."), amount);
    case COBRO_BANK_MORE:
      return g_strdup_printf (_ ("That is %s more than is due; it becomes the customer's credit."), amount);
    case COBRO_BANK_ONLY_AMOUNT:
      return g_strdup (_ ("Nothing else that is open has this amount."));
    case COBRO_BANK_SAME_NAME:
      return g_strdup (_ ("The name is the same."));
    case COBRO_BANK_LIKE_NAME:
      /* Translators: %s is a person or company. */
      return g_strdup_printf (_ ("The name is like %s."), reason->text);
    case COBRO_BANK_ONLY_OF_NAME:
      return g_strdup (_ ("Nothing else is open of that name."));
    case COBRO_BANK_EARLY:
      return g_strdup_printf (
        ngettext ("It came %u day before the invoice.", "It came %u days before the invoice.", reason->n), reason->n);
    case COBRO_BANK_SEVERAL:
      return g_strdup_printf (ngettext ("%u fits equally well: choose.", "%u fit equally well: choose one.", reason->n),
                              reason->n);
    case COBRO_BANK_OTHER_LINE:
      return g_strdup (_ ("Another transfer of this statement pays it already."));
    }
  g_return_val_if_reached (g_strdup (""));
}

char *
cobro_bank_words_why (const CobroBankProposal *proposal)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < proposal->reasons->len; i++)
    {
      g_autofree char *reason = reason_text (proposal->reasons->pdata[i]);

      g_string_append_printf (text, "%s%s", text->len ? " " : "", reason);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* ── The line ── */

char *
cobro_bank_words_who (const CobroBankLine *line)
{
  if (*line->name)
    return g_strdup (line->name);
  return g_strdup (*line->other_account ? line->other_account : _ ("Somebody"));
}

char *
cobro_bank_words_line (const CobroBankLine *line)
{
  const char *const parts[] = { line->reference, line->text, line->end_to_end };
  g_autofree char *date = cobro_civil_date_text (line->date, cobro_view_locale ());
  g_autoptr (GString) text = g_string_new (date);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (*parts[i])
      g_string_append_printf (text, " · %s", parts[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
