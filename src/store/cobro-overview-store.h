/* src/store/cobro-overview-store.h — how the business stands: what came in by month, what is owed, what happened last.
 * Amounts are per currency and never added across currencies.
 * Layer: store. Main context. */
#pragma once
#include "cobro-payment-store.h"

/* The present month and those before it. */
#define COBRO_OVERVIEW_MONTHS    12
/* Links are counted this far. */
#define COBRO_OVERVIEW_LINKS_MAX 1000
/* What happened last. */
#define COBRO_OVERVIEW_EVENTS    8

/* A calendar month in the merchant's zone. */
typedef struct
{
  int year, month;    /* month: 1 … 12 */
  CobroTime from, to; /* begins at @from; @to is the beginning of the next one */
} CobroOverviewMonth;

/* What came in one currency; index 0 is the oldest month. */
typedef struct
{
  CobroCurrency currency;
  CobroMoney came[COBRO_OVERVIEW_MONTHS]; /* by whatever way, before anything went back */
  CobroMoney back[COBRO_OVERVIEW_MONTHS]; /* refunds made and disputes lost in that month */
  gint64 n[COBRO_OVERVIEW_MONTHS];        /* payments */
  CobroMoney by_this_day;                 /* of last month: until the end of the same day */
} CobroOverviewTakings;

/* What customers owe in one currency. */
typedef struct
{
  CobroCurrency currency;
  CobroMoney open, overdue; /* overdue is a part of open */
  gint64 n_open, n_overdue; /* invoices */
} CobroOverviewOwed;

/* One thing that happened, with what it happened to. */
typedef struct
{
  CobroTimelineEntry *entry;
  char *about;                 /* the invoice's number or the link's title; "" */
  CobroId link_id, invoice_id; /* unset: none */
} CobroOverviewEvent;

typedef struct
{
  CobroDay today;
  CobroOverviewMonth months[COBRO_OVERVIEW_MONTHS];
  GArray *takings;   /* (element-type CobroOverviewTakings) by code; only currencies in which something came or went */
  GArray *owed;      /* (element-type CobroOverviewOwed) by code */
  GPtrArray *events; /* (element-type CobroOverviewEvent) newest first */
  guint n_links;     /* that can be paid now, COBRO_OVERVIEW_LINKS_MAX at most */
} CobroOverviewFigures;
void cobro_overview_figures_free (CobroOverviewFigures *figures);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroOverviewFigures, cobro_overview_figures_free)

void cobro_overview_store_load_async (CobroStore *store, GCancellable *cancellable, GAsyncReadyCallback callback,
                                      gpointer user_data);
/* (transfer full) */
CobroOverviewFigures *cobro_overview_store_load_finish (CobroStore *store, GAsyncResult *result, GError **error);
