/* src/view/cobro-takings-view.c — what came in during the last twelve months.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-takings-view.h"

#include <glib/gi18n.h>
#include "cobro-chart.h"
#include "cobro-date-text.h"
#include "cobro-hidden.h"
#include "cobro-money-text.h"
#include "cobro-view-text.h"

struct _CobroTakingsView
{
  AdwBin parent_instance;
  GtkDropDown *currency_drop;
  GtkToggleButton *table_button;
  GtkStack *stack;
  CobroChart *chart;
  GtkLabel *selected_label;
  GtkBox *table;
  const CobroOverviewFigures *figures; /* lent; NULL: not read yet */
  CobroCurrency currency;              /* that is shown */
  gboolean chosen;                     /* by the reader */
};

G_DEFINE_FINAL_TYPE (CobroTakingsView, cobro_takings_view, ADW_TYPE_BIN)

/* ── What a month says ── */

static const CobroOverviewTakings *
shown_takings (CobroTakingsView *self)
{
  for (guint i = 0; self->figures && i < self->figures->takings->len; i++)
    {
      const CobroOverviewTakings *takings = &g_array_index (self->figures->takings, CobroOverviewTakings, i);

      if (takings->currency == self->currency)
        return takings;
    }
  return NULL;
}

static char *
month_name (CobroTakingsView *self, guint i)
{
  return cobro_month_text (self->figures->months[i].year, self->figures->months[i].month, cobro_view_locale ());
}

static char *
count_text (gint64 n)
{
  g_autofree char *number = cobro_number_text (n, cobro_view_locale ());

  /* Translators: %s is a number. */
  return g_strdup_printf (ngettext ("%s payment", "%s payments", (gulong)n), number);
}

/* (transfer full) "October 2026: €1,234.00 in 12 payments; €20.00 went back" */
static char *
month_text (CobroTakingsView *self, const CobroOverviewTakings *takings, guint i)
{
  g_autofree char *name = month_name (self, i);
  g_autofree char *came = cobro_money_text (takings->came[i], cobro_view_locale ());
  g_autofree char *back = cobro_money_text (takings->back[i], cobro_view_locale ());
  g_autofree char *count = count_text (takings->n[i]);

  if (takings->n[i] == 0 && cobro_money_is_zero (takings->back[i]))
    /* Translators: %s is a month. */
    return g_strdup_printf (_ ("%s: nothing received"), name);
  if (cobro_money_is_zero (takings->back[i]))
    /* Translators: a month, an amount of money, "12 payments". */
    return g_strdup_printf (_ ("%1$s: %2$s received in %3$s"), name, came, count);
  /* Translators: a month, an amount of money, "12 payments", another amount that was refunded or lost. */
  return g_strdup_printf (_ ("%1$s: %2$s received in %3$s; %4$s went back"), name, came, count, back);
}

/* ── The chart ── */

static void
show_selected (CobroTakingsView *self)
{
  const CobroOverviewTakings *takings = shown_takings (self);
  g_autofree char *text = NULL;

  if (!takings)
    return;
  text = month_text (self, takings, cobro_chart_get_selected (self->chart));
  gtk_label_set_text (self->selected_label, text);
}

static void
show_chart (CobroTakingsView *self, const CobroOverviewTakings *takings)
{
  CobroChartColumn columns[COBRO_OVERVIEW_MONTHS];
  /* Translators: %s is a currency's code. */
  g_autofree char *name = g_strdup_printf (_ ("Received by month, in %s"), cobro_currency_code (takings->currency));

  for (guint i = 0; i < COBRO_OVERVIEW_MONTHS; i++)
    columns[i] =
      (CobroChartColumn){ .label = cobro_month_short_text (self->figures->months[i].month, cobro_view_locale ()),
                          .name = month_text (self, takings, i),
                          .value = cobro_money_minor (takings->came[i]) };
  cobro_chart_set_columns (self->chart, takings->currency, columns, COBRO_OVERVIEW_MONTHS);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->chart), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  for (guint i = 0; i < COBRO_OVERVIEW_MONTHS; i++)
    {
      g_free ((char *)columns[i].label);
      g_free ((char *)columns[i].name);
    }
  show_selected (self);
}

static void
open_month (CobroTakingsView *self, guint i)
{
  g_autofree char *name = NULL;

  if (!self->figures)
    return;
  name = month_name (self, i);
  gtk_widget_activate_action (GTK_WIDGET (self), "payment.show-period", "(xxs)", self->figures->months[i].from,
                              self->figures->months[i].to, name);
}

/* ── The table ── */

static void
add_cell (GtkBox *row, const char *text, gboolean number, gboolean heading)
{
  GtkAccessibleRole role = heading ? GTK_ACCESSIBLE_ROLE_COLUMN_HEADER : GTK_ACCESSIBLE_ROLE_CELL;
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "accessible-role", role, "label", text, "hexpand", TRUE, "wrap",
                                   TRUE, "width-chars", 6, NULL);

  gtk_label_set_xalign (GTK_LABEL (label), number ? 1 : 0);
  if (number)
    gtk_widget_add_css_class (label, "numeric");
  if (heading)
    gtk_widget_add_css_class (label, "caption-heading");
  gtk_box_append (row, label);
}

static void
add_row (CobroTakingsView *self, const char *const cells[4], gboolean heading)
{
  GtkWidget *row =
    g_object_new (GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_ROW, "homogeneous", TRUE, "spacing", 12, NULL);

  for (int i = 0; i < 4; i++)
    add_cell (GTK_BOX (row), cells[i], i > 0, heading);
  gtk_box_append (self->table, row);
}

static void
show_table (CobroTakingsView *self, const CobroOverviewTakings *takings)
{
  const char *const headings[] = { _ ("Month"), _ ("Received"), _ ("Payments"), _ ("Went Back") };
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->table))))
    gtk_box_remove (self->table, child);
  add_row (self, headings, TRUE);
  for (guint i = COBRO_OVERVIEW_MONTHS; i > 0; i--) /* newest first, as everywhere */
    {
      g_autofree char *name = month_name (self, i - 1);
      g_autofree char *came = cobro_money_text (takings->came[i - 1], cobro_view_locale ());
      g_autofree char *n = cobro_number_text (takings->n[i - 1], cobro_view_locale ());
      g_autofree char *back = cobro_money_text (takings->back[i - 1], cobro_view_locale ());
      const char *const cells[] = { name, came, n, back };

      add_row (self, cells, FALSE);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->table), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Received by Month"),
                                  -1);
}

/* ── What is shown ── */

static void
show (CobroTakingsView *self)
{
  const CobroOverviewTakings *takings = shown_takings (self);
  gboolean table = gtk_toggle_button_get_active (self->table_button);

  gtk_widget_set_visible (GTK_WIDGET (self->table_button), takings != NULL);
  if (!takings)
    return gtk_stack_set_visible_child_name (self->stack, self->figures ? "empty" : "loading");
  if (table)
    show_table (self, takings);
  else
    show_chart (self, takings);
  gtk_stack_set_visible_child_name (self->stack, table ? "table" : "chart");
}

static void
on_table_toggled_cb (CobroTakingsView *self)
{
  show (self);
}

static void
on_currency_chosen_cb (CobroTakingsView *self)
{
  guint i = gtk_drop_down_get_selected (self->currency_drop);

  if (!self->figures || i >= self->figures->takings->len)
    return;
  self->currency = g_array_index (self->figures->takings, CobroOverviewTakings, i).currency;
  self->chosen = TRUE;
  show (self);
}

/* The currency to show: the one that was, else the preferred one, else that of the most payments. */
static guint
choose_currency (CobroTakingsView *self, CobroCurrency preferred)
{
  GArray *all = self->figures->takings;
  gint64 most = -1;
  guint best = 0;

  for (guint i = 0; i < all->len; i++)
    {
      const CobroOverviewTakings *takings = &g_array_index (all, CobroOverviewTakings, i);
      gint64 n = 0;

      if (takings->currency == (self->chosen ? self->currency : preferred))
        return i;
      for (int month = 0; month < COBRO_OVERVIEW_MONTHS; month++)
        n += takings->n[month];
      if (n > most)
        best = i;
      most = MAX (most, n);
    }
  return best;
}

static void
show_currencies (CobroTakingsView *self, CobroCurrency preferred)
{
  GArray *all = self->figures->takings;
  g_autoptr (GtkStringList) codes = gtk_string_list_new (NULL);
  guint at = choose_currency (self, preferred);

  for (guint i = 0; i < all->len; i++)
    gtk_string_list_append (codes, cobro_currency_code (g_array_index (all, CobroOverviewTakings, i).currency));
  g_signal_handlers_block_by_func (self->currency_drop, on_currency_chosen_cb, self);
  gtk_drop_down_set_model (self->currency_drop, G_LIST_MODEL (codes));
  if (all->len > 0)
    {
      gtk_drop_down_set_selected (self->currency_drop, at);
      self->currency = g_array_index (all, CobroOverviewTakings, at).currency;
    }
  g_signal_handlers_unblock_by_func (self->currency_drop, on_currency_chosen_cb, self);
  gtk_widget_set_visible (GTK_WIDGET (self->currency_drop), all->len > 1);
}

/* ── The widget ── */

static void
cobro_takings_view_class_init (CobroTakingsViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (COBRO_TYPE_CHART);
  gtk_widget_class_set_template_from_resource (widget_class, COBRO_RESOURCE "/cobro-takings-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CobroTakingsView, currency_drop);
  gtk_widget_class_bind_template_child (widget_class, CobroTakingsView, table_button);
  gtk_widget_class_bind_template_child (widget_class, CobroTakingsView, stack);
  gtk_widget_class_bind_template_child (widget_class, CobroTakingsView, chart);
  gtk_widget_class_bind_template_child (widget_class, CobroTakingsView, selected_label);
  gtk_widget_class_bind_template_child (widget_class, CobroTakingsView, table);
  gtk_widget_class_bind_template_callback (widget_class, on_currency_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_table_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_selected);
  gtk_widget_class_bind_template_callback (widget_class, open_month);
}

static void
cobro_takings_view_init (CobroTakingsView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  cobro_hidden_follow_stack (self->stack);
  show (self);
}

void
cobro_takings_view_set_figures (CobroTakingsView *self, const CobroOverviewFigures *figures, CobroCurrency preferred)
{
  g_return_if_fail (COBRO_IS_TAKINGS_VIEW (self));

  self->figures = figures;
  if (figures)
    show_currencies (self, preferred);
  show (self);
}
