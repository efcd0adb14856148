/* src/view/dialogs/cobro-bank-choose-dialog.c — which invoice or link a transfer is for.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-bank-choose-dialog.h"

#include <glib/gi18n.h>
#include "cobro-bank-words.h"
#include "cobro-dialogs.h"
#include "cobro-money-text.h"
#include "cobro-plain-row.h"
#include "cobro-view-text.h"

/* Rows at once: whoever wants another one types on. */
#define ROWS_MAX   50
#define TARGET_KEY "cobro-target"

struct _CobroBankChooseDialog
{
  AdwWindow parent_instance;
  GtkLabel *line_label;
  GtkSearchEntry *search_entry;
  GtkListBox *list;
  GtkLabel *empty_label;
  CobroBankStatement *statement;
  guint index;
};

G_DEFINE_FINAL_TYPE (CobroBankChooseDialog, cobro_bank_choose_dialog, ADW_TYPE_WINDOW)

/* ── The list ── */

static void
add_target (CobroBankChooseDialog *self, guint at)
{
  const CobroBankTarget *target = cobro_bank_statement_get_targets (self->statement)->pdata[at];
  g_autofree char *title = cobro_bank_words_target (target);
  g_autofree char *due = cobro_bank_words_due (target);
  GtkWidget *row = cobro_plain_row_new (title, due);

  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  g_object_set_data (G_OBJECT (row), TARGET_KEY, GUINT_TO_POINTER (at));
  gtk_list_box_append (self->list, row);
}

/* Every word that was typed is somewhere in what is said of it. */
static gboolean
is_meant (const CobroBankTarget *target, char **words)
{
  g_autofree char *title = cobro_bank_words_target (target);
  g_autofree char *due = cobro_bank_words_due (target);
  g_autofree char *all = g_strjoin (" ", title, due, target->order, NULL);
  g_autofree char *folded = g_utf8_casefold (all, -1);

  for (guint i = 0; words[i]; i++)
    if (!strstr (folded, words[i]))
      return FALSE;
  return TRUE;
}

/* The entry of the line; FALSE: it is none that can be recorded any more. */
static gboolean
find_entry (CobroBankChooseDialog *self, CobroBankEntry *out_entry)
{
  static const CobroBankVerdict verdicts[] = { COBRO_BANK_SURE, COBRO_BANK_PROBABLE, COBRO_BANK_NOTHING };

  for (gsize v = 0; v < G_N_ELEMENTS (verdicts); v++)
    {
      g_autoptr (GArray) list = cobro_bank_statement_list (self->statement, verdicts[v]);

      for (guint i = 0; i < list->len; i++)
        if (g_array_index (list, CobroBankEntry, i).index == self->index)
          {
            *out_entry = g_array_index (list, CobroBankEntry, i);
            return TRUE;
          }
    }
  return FALSE;
}

/* Nothing typed yet: what fits comes first. */
static guint
add_proposals (CobroBankChooseDialog *self, const CobroBankEntry *entry)
{
  guint n = 0;

  for (guint i = 0; i < entry->match->proposals->len; i++)
    {
      const CobroBankProposal *proposal = entry->match->proposals->pdata[i];

      if (proposal->shares->len != 1)
        continue;
      add_target (self, g_array_index (proposal->shares, CobroBankShare, 0).target);
      n++;
    }
  return n;
}

/* It stands above among what fits. */
static gboolean
is_proposed (const CobroBankEntry *entry, guint target)
{
  for (guint i = 0; i < entry->match->proposals->len; i++)
    {
      const CobroBankProposal *proposal = entry->match->proposals->pdata[i];

      if (proposal->shares->len == 1 && g_array_index (proposal->shares, CobroBankShare, 0).target == target)
        return TRUE;
    }
  return FALSE;
}

static void
fill (CobroBankChooseDialog *self)
{
  g_autofree char *typed = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search_entry)), -1);
  g_auto (GStrv) words = g_strsplit (g_strstrip (typed), " ", -1);
  GPtrArray *targets = cobro_bank_statement_get_targets (self->statement);
  CobroBankEntry entry;
  GtkWidget *child;
  guint n = 0;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))))
    gtk_list_box_remove (self->list, child);
  if (!find_entry (self, &entry))
    return cobro_dialogs_close (GTK_WINDOW (self));
  if (*typed == '\0')
    n = add_proposals (self, &entry);
  for (guint i = 0; i < targets->len && n < ROWS_MAX; i++)
    {
      const CobroBankTarget *target = targets->pdata[i];

      if (cobro_money_currency (target->due) != cobro_money_currency (entry.line->amount) ||
          !is_meant (target, words) || (*typed == '\0' && is_proposed (&entry, i)))
        continue;
      add_target (self, i);
      n++;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->list), n > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->empty_label), n == 0);
}

/* ── Choosing ── */

static void
on_row_activated_cb (CobroBankChooseDialog *self, GtkListBoxRow *row)
{
  guint target = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (row), TARGET_KEY));

  g_signal_handlers_disconnect_by_data (self->statement, self);
  if (cobro_bank_statement_choose (self->statement, self->index, target))
    return cobro_dialogs_close (GTK_WINDOW (self));
  gtk_label_set_text (self->empty_label,
                      _ ("This link takes no part payments, and the transfer is less than it asks for."));
  gtk_widget_set_visible (GTK_WIDGET (self->empty_label), TRUE);
}

static void
on_search_activated_cb (CobroBankChooseDialog *self)
{
  GtkListBoxRow *row;

  fill (self); /* whoever types fast is ahead of the list */
  row = gtk_list_box_get_row_at_index (self->list, 0);
  if (row)
    on_row_activated_cb (self, row);
}

/* ── The object ── */

static void
cobro_bank_choose_dialog_dispose (GObject *object)
{
  CobroBankChooseDialog *self = COBRO_BANK_CHOOSE_DIALOG (object);

  g_clear_object (&self->statement);
  G_OBJECT_CLASS (cobro_bank_choose_dialog_parent_class)->dispose (object);
}

static void
cobro_bank_choose_dialog_class_init (CobroBankChooseDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cobro_bank_choose_dialog_dispose;
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-bank-choose-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroBankChooseDialog, line_label);
  gtk_widget_class_bind_template_child (widget_class, CobroBankChooseDialog, search_entry);
  gtk_widget_class_bind_template_child (widget_class, CobroBankChooseDialog, list);
  gtk_widget_class_bind_template_child (widget_class, CobroBankChooseDialog, empty_label);
  gtk_widget_class_bind_template_callback (widget_class, fill);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_search_activated_cb);
}

static void
cobro_bank_choose_dialog_init (CobroBankChooseDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

CobroBankChooseDialog *
cobro_bank_choose_dialog_new (GtkWindow *parent, CobroBankStatement *statement, guint index)
{
  CobroBankChooseDialog *self = g_object_new (COBRO_TYPE_BANK_CHOOSE_DIALOG, "transient-for", parent, NULL);
  g_autofree char *who = NULL;
  g_autofree char *amount = NULL;
  g_autofree char *line = NULL;
  g_autofree char *text = NULL;
  CobroBankEntry entry;

  self->statement = g_object_ref (statement);
  self->index = index;
  if (find_entry (self, &entry))
    {
      who = cobro_bank_words_who (entry.line);
      amount = cobro_money_text (entry.line->amount, cobro_view_locale ());
      line = cobro_bank_words_line (entry.line);
      text = g_strdup_printf ("%s · %s\n%s", who, amount, line);
      gtk_label_set_text (self->line_label, text);
    }
  g_signal_connect_object (statement, "changed", G_CALLBACK (fill), self, G_CONNECT_SWAPPED);
  fill (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
  return self;
}
