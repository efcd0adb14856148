/* src/core/cobro-link-status.h — the one pure function that says what a link is now: decisions, payments and the clock
 * in, status, payment status, flags and reason out. Computed, never stored (domain: Link). Layer: core. Any thread. */
#pragma once
#include <glib.h>
#include "cobro-link.h"

typedef enum
{
  COBRO_LINK_DRAFT,
  COBRO_LINK_SCHEDULED,
  COBRO_LINK_OPEN,
  COBRO_LINK_PAUSED,
  COBRO_LINK_EXPIRED,
  COBRO_LINK_USED_UP,
  COBRO_LINK_CANCELLED,
} CobroLinkStatus;

typedef enum
{
  COBRO_PAID_PENDING,
  COBRO_PAID_PROCESSING,
  COBRO_PAID_PARTIALLY,
  COBRO_PAID_PAID,
  COBRO_PAID_OVERPAID,
  COBRO_PAID_REFUNDED,
  COBRO_PAID_PARTIALLY_REFUNDED,
  COBRO_PAID_FAILED,
} CobroPaidStatus;

typedef enum
{
  COBRO_FLAG_LATE = 1 << 0,            /* money came when the link was closed */
  COBRO_FLAG_PARTIAL = 1 << 1,         /* less than the total is there */
  COBRO_FLAG_OVER = 1 << 2,            /* more than the total is there */
  COBRO_FLAG_DUPLICATE = 1 << 3,       /* a success without a slot */
  COBRO_FLAG_AMOUNT_MISMATCH = 1 << 4, /* a provider reported another amount or currency */
  COBRO_FLAG_DISPUTED = 1 << 5,
  COBRO_FLAG_QUARANTINED = 1 << 6, /* a genuine event that could not be bound */
} CobroFlags;

/* What has happened to a link: sums over its payments, all in the link's currency. */
typedef struct
{
  CobroMoney paid;      /* Σ captured amounts of succeeded payments */
  CobroMoney refunded;  /* Σ succeeded refunds */
  CobroMoney lost;      /* Σ lost disputes */
  gint64 uses;          /* slots taken for good: succeeded payments that hold a slot (completed uses) */
  gint64 open_attempts; /* non-final attempts */
  gint64 processing;    /* of those, at the provider: processing or unknown */
  gint64 attempts;      /* ever begun */
  gboolean last_failed; /* the newest attempt failed or was cancelled */
  guint flags;          /* CobroFlags raised by payments: late, duplicate, amount mismatch, disputed, quarantined */
} CobroLinkTally;

typedef struct
{
  CobroLinkStatus status;
  CobroPaidStatus paid_status;
  guint flags;      /* CobroFlags, computed ones (partial, over) included */
  gboolean can_pay; /* open, and a use is free (leases are not looked at) */
} CobroLinkView;

/* The tally of a link nobody has touched. */
CobroLinkTally cobro_link_tally_new (CobroCurrency currency);

/**
 * cobro_link_view:
 * @now: the present, from the injected clock
 *
 * Precedence: cancelled, draft, used up, expired, paused, scheduled, open. A link is used up when its uses are taken;
 * with part payments, when its total is paid. A refund does not open it again. Expiry is inclusive (now ≥ expires_at is
 * expired), not_before exclusive (now < not_before is scheduled).
 *
 * What is there is paid − refunded − lost; what is asked is the total × uses (one at least), or unknown where the payer
 * chooses. Nothing paid: processing, else failed when the newest attempt failed and none is open, else pending. Nothing
 * left: refunded. As much as asked: paid, more: overpaid. Less: partially_paid if that much never came, else
 * partially_refunded.
 */
CobroLinkView cobro_link_view (const CobroLink *link, const CobroLinkTally *tally, CobroTime now);

const char *cobro_link_status_name (CobroLinkStatus status); /* "draft", "scheduled", "open", … */
gboolean cobro_link_status_from_name (const char *name, CobroLinkStatus *out_status);
const char *cobro_paid_status_name (CobroPaidStatus status); /* "pending", "partially_paid", … */
gboolean cobro_paid_status_from_name (const char *name, CobroPaidStatus *out_status);
const char *cobro_flag_name (CobroFlags one_flag); /* "late", "amount_mismatch", … */
gboolean cobro_flag_from_name (const char *name, CobroFlags *out_flag);
/* DYN's words: "pending", "successful", "failed". */
const char *cobro_paid_status_dyn_name (CobroPaidStatus status);
