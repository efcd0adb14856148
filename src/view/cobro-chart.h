/* src/view/cobro-chart.h — columns over time, drawn by ourselves: one per month. The arrow keys move through them, and
 * each of them is a thing of its own for assistive technology, named by what it stands for.
 * Layer: view. Main thread. */
#pragma once
#include <gtk/gtk.h>
#include "cobro-money.h"

G_BEGIN_DECLS

#define COBRO_TYPE_CHART (cobro_chart_get_type ())
G_DECLARE_FINAL_TYPE (CobroChart, cobro_chart, COBRO, CHART, GtkWidget)

#define COBRO_CHART_COLUMNS_MAX 31

/* Copied. */
typedef struct
{
  const char *label; /* below the column: "Oct" */
  const char *name;  /* everything about it: "October 2026: €1,234.00 in 12 payments" */
  gint64 value;      /* minor units; what is negative stands as nothing */
} CobroChartColumn;

/* Signals: "selected" (guint): another column is looked at, by pointer or keyboard; "activated" (guint): it was
 * clicked, or Enter was pressed on it. */

GtkWidget *cobro_chart_new (void);
/* @n: at most COBRO_CHART_COLUMNS_MAX. The selected column stays where there is one, else it is the last. */
void cobro_chart_set_columns (CobroChart *self, CobroCurrency currency, const CobroChartColumn *columns, guint n);
/* The number of the column that is looked at. */
guint cobro_chart_get_selected (CobroChart *self);

G_END_DECLS
