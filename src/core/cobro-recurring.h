/* src/core/cobro-recurring.h — an invoice that is issued again and again, on time, once per period. Pure arithmetic;
 * the relay issues. Layer: core. Any thread. */
#pragma once
#include "cobro-civil.h"
#include "cobro-invoice.h"

typedef enum
{
  COBRO_EVERY_WEEK,
  COBRO_EVERY_MONTH,
  COBRO_EVERY_YEAR
} CobroEvery; /* "week", "month", "year" */

typedef struct
{
  gint ref_count; /* private */
  CobroId id;     /* rec_… */
  gint64 rev;
  char *name; /* 1 … 200 characters */
  CobroEvery every;
  gint interval;               /* every 1, 2, … 99 of them */
  char start[COBRO_DATE_SIZE]; /* the first issue date; its day of the month is the anchor: 31 is the last day */
  char end[COBRO_DATE_SIZE];   /* "" or the last possible issue date */
  gint64 count;                /* 0, or how many at most */
  gboolean send;               /* by mail, as soon as it is issued */
  gboolean paused;
  CobroInvoice *invoice; /* a draft: what is issued; without dates, plan and expiry */
  gboolean livemode;
  CobroTime created_at, updated_at;
} CobroRecurring;

/* (transfer full) every month, with an empty draft and every text "" (never NULL); _ref and _unref are atomic. */
CobroRecurring *cobro_recurring_new (void);
CobroRecurring *cobro_recurring_copy (const CobroRecurring *recurring);
CobroRecurring *cobro_recurring_ref (CobroRecurring *recurring);
void cobro_recurring_unref (CobroRecurring *recurring);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroRecurring, cobro_recurring_unref)
gboolean cobro_recurring_validate (const CobroRecurring *recurring, GError **error) G_GNUC_WARN_UNUSED_RESULT;
const char *cobro_every_name (CobroEvery every);
gboolean cobro_every_from_name (const char *name, CobroEvery *out_every);

/* The issue date of period @n (0, 1, 2 …): FALSE when there is none (after the end, beyond the count). Computed from
 * the start, so that short months never shift it: 31 January, 28 February, 31 March; 29 February 2028, 28 February
 * 2029. */
gboolean cobro_recurring_period (const CobroRecurring *recurring, gint64 n, CobroDay *out_day);
/* How many periods have come by @today, paused or not: those of 0 … result − 1 must have been issued. */
gint64 cobro_recurring_come (const CobroRecurring *recurring, CobroDay today);
