/* src/view/rows/cobro-bank-row.c — a transfer of an account statement.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-bank-row.h"

#include <glib/gi18n.h>
#include "cobro-bank-words.h"
#include "cobro-money-text.h"
#include "cobro-view-text.h"

struct _CobroBankRow
{
  GtkListBoxRow parent_instance;
  GtkLabel *who_label;
  GtkLabel *amount_label;
  GtkLabel *line_label;
  GtkWidget *proposal_box;
  GtkLabel *what_label;
  GtkLabel *score_label;
  GtkLabel *why_label;
  GtkWidget *buttons_box;
  GtkWidget *record_button;
  GtkWidget *choose_button;
  GtkWidget *ignore_button;
};

G_DEFINE_FINAL_TYPE (CobroBankRow, cobro_bank_row, GTK_TYPE_LIST_BOX_ROW)

static void
cobro_bank_row_class_init (CobroBankRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-bank-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroBankRow, who_label);
  gtk_widget_class_bind_template_child (widget_class, CobroBankRow, amount_label);
  gtk_widget_class_bind_template_child (widget_class, CobroBankRow, line_label);
  gtk_widget_class_bind_template_child (widget_class, CobroBankRow, proposal_box);
  gtk_widget_class_bind_template_child (widget_class, CobroBankRow, what_label);
  gtk_widget_class_bind_template_child (widget_class, CobroBankRow, score_label);
  gtk_widget_class_bind_template_child (widget_class, CobroBankRow, why_label);
  gtk_widget_class_bind_template_child (widget_class, CobroBankRow, buttons_box);
  gtk_widget_class_bind_template_child (widget_class, CobroBankRow, record_button);
  gtk_widget_class_bind_template_child (widget_class, CobroBankRow, choose_button);
  gtk_widget_class_bind_template_child (widget_class, CobroBankRow, ignore_button);
}

static void
cobro_bank_row_init (CobroBankRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Many rows have the same buttons: each says whose it is. */
static void
set_action (GtkWidget *button, guint index, const char *name)
{
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "u", index);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
show_proposal (CobroBankRow *self, const CobroBankEntry *entry, GPtrArray *targets)
{
  g_autofree char *what = NULL;
  g_autofree char *why = NULL;
  g_autofree char *score = NULL;

  gtk_widget_set_visible (self->proposal_box, entry->proposal != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->why_label), entry->proposal != NULL);
  gtk_widget_set_visible (self->record_button, entry->proposal != NULL);
  if (!entry->proposal)
    return;
  what = cobro_bank_words_what (entry->proposal, targets);
  why = cobro_bank_words_why (entry->proposal);
  /* Translators: how well a transfer fits an invoice; %u is 0 to 100. */
  score = entry->chosen ? g_strdup (_ ("Chosen")) : g_strdup_printf (_ ("Fits %u%%"), entry->proposal->score);
  gtk_label_set_text (self->what_label, what);
  gtk_label_set_text (self->score_label, score);
  gtk_label_set_text (self->why_label, why);
  if (entry->chosen || !entry->match->unclear)
    return;
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->record_button), NULL); /* whose state would be the button's */
  gtk_widget_set_sensitive (self->record_button, FALSE);
}

GtkWidget *
cobro_bank_row_new (const CobroBankEntry *entry, GPtrArray *targets)
{
  CobroBankRow *self = g_object_new (COBRO_TYPE_BANK_ROW, NULL);
  g_autofree char *who = cobro_bank_words_who (entry->line);
  g_autofree char *amount = cobro_money_text (entry->line->amount, cobro_view_locale ());
  g_autofree char *line = cobro_bank_words_line (entry->line);
  /* Translators: %1$s is a person or company, %2$s an amount of money. */
  g_autofree char *record = g_strdup_printf (_ ("Record %2$s from %1$s"), who, amount);
  g_autofree char *choose = g_strdup_printf (_ ("Choose what %2$s from %1$s is for"), who, amount);
  g_autofree char *ignore = g_strdup_printf (_ ("Ignore %2$s from %1$s"), who, amount);

  gtk_label_set_text (self->who_label, who);
  gtk_label_set_text (self->amount_label, amount);
  gtk_label_set_text (self->line_label, line);
  set_action (self->record_button, entry->index, record);
  set_action (self->choose_button, entry->index, choose);
  set_action (self->ignore_button, entry->index, ignore);
  gtk_widget_set_visible (self->buttons_box, entry->match->verdict <= COBRO_BANK_NOTHING);
  show_proposal (self, entry, targets);
  return GTK_WIDGET (self);
}
