/* src/view/cobro-totals-grid.c — what an invoice comes to, as a table.
 * Layer: view. Main thread. */
#include "config.h"

#include "cobro-totals-grid.h"

#include <glib/gi18n.h>
#include "cobro-money-text.h"
#include "cobro-tax-choices.h"
#include "cobro-view-text.h"

/* The table is written over rather than built anew: it changes with every key. */
typedef struct
{
  GtkGrid *grid;
  int row;
} Writing;

static GtkWidget *
label_at (Writing *writing, int column)
{
  GtkWidget *label = gtk_grid_get_child_at (writing->grid, column, writing->row);

  if (label)
    return label;

  label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_widget_set_hexpand (label, column == 0);
  gtk_grid_attach (writing->grid, label, column, writing->row, 1, 1);
  return label;
}

static void
style (GtkWidget *label, const char *name, gboolean on)
{
  if (on)
    gtk_widget_add_css_class (label, name);
  else
    gtk_widget_remove_css_class (label, name);
}

static void
write_row (Writing *writing, const char *title, CobroMoney money, gboolean strong)
{
  GtkWidget *name = label_at (writing, 0);
  GtkWidget *amount = label_at (writing, 1);
  g_autofree char *text = cobro_money_text (money, cobro_view_locale ());

  gtk_label_set_text (GTK_LABEL (name), title);
  gtk_label_set_text (GTK_LABEL (amount), text);
  gtk_widget_add_css_class (amount, "numeric");
  style (name, "dim-label", !strong);
  style (name, "heading", strong);
  style (amount, "title-3", strong);
  writing->row++;
}

static void
write_taxes (Writing *writing, const CobroInvoiceTotals *totals, gboolean inclusive)
{
  for (guint i = 0; i < totals->taxes->len; i++)
    {
      const CobroInvoiceTax *tax = totals->taxes->pdata[i];
      g_autofree char *name = cobro_tax_choices_text (tax->name, tax->category, tax->rate);
      /* Translators: a tax that is in the price: "of that GST 10 %". */
      g_autofree char *within = g_strdup_printf (_ ("of that %s"), name);

      if (!cobro_money_is_zero (tax->amount))
        write_row (writing, inclusive ? within : name, tax->amount, FALSE);
    }
}

static void
write_totals (Writing *writing, const CobroInvoiceTotals *totals, gboolean inclusive)
{
  gboolean more = !cobro_money_is_zero (totals->tax) || !cobro_money_is_zero (totals->discount) ||
                  (cobro_money_is_set (totals->shipping) && !cobro_money_is_zero (totals->shipping));
  CobroMoney less;

  if (more)
    write_row (writing, _ ("Subtotal"), totals->lines_total, FALSE);
  if (!cobro_money_is_zero (totals->discount) && cobro_money_negate (totals->discount, &less, NULL))
    write_row (writing, _ ("Discount"), less, FALSE);
  if (cobro_money_is_set (totals->shipping) && !cobro_money_is_zero (totals->shipping))
    write_row (writing, _ ("Shipping"), totals->shipping, FALSE);
  if (!inclusive)
    write_taxes (writing, totals, FALSE);
  if (!cobro_money_is_zero (totals->rounding))
    write_row (writing, _ ("Rounding"), totals->rounding, FALSE);
  write_row (writing, _ ("Total"), totals->total, TRUE);
  if (inclusive)
    write_taxes (writing, totals, TRUE);
}

void
cobro_totals_grid_show (GtkGrid *grid, const CobroInvoiceTotals *totals, gboolean inclusive, CobroMoney paid,
                        CobroMoney due)
{
  Writing writing = { .grid = grid };
  GtkWidget *left;

  if (totals)
    write_totals (&writing, totals, inclusive);
  if (totals && cobro_money_is_set (paid) && !cobro_money_is_zero (paid))
    {
      write_row (&writing, _ ("Paid"), paid, FALSE);
      if (cobro_money_is_set (due))
        write_row (&writing, _ ("Due"), due, TRUE);
    }
  while ((left = gtk_grid_get_child_at (grid, 0, writing.row)))
    gtk_grid_remove_row (grid, writing.row);
}
