/* src/view/cobro-view-text.h — what the window says about a link, in the reader's language: amount, status in words,
 * the reason behind it. Every status has a word and a symbol; colour only repeats it. Layer: view. Main thread. Results
 * that are not const are (transfer full). */
#pragma once
#include "cobro-bookshelf.h"
#include "cobro-connection.h"
#include "cobro-event.h"
#include "cobro-link-item.h"
#include "cobro-locale.h"
#include "cobro-payment.h"

G_BEGIN_DECLS

/* The reader's locale and time zone; made once per display. Lent. */
CobroLocale *cobro_view_locale (void);

/* The currency of the reader's country; euro where that is unknown. */
CobroCurrency cobro_view_default_currency (void);

/* How a status is coloured: a style class of ui/style.css. */
typedef struct
{
  const char *word; /* "Paid" */
  const char *icon; /* symbolic icon name */
  const char *tone; /* "success", "accent", "warning", "error" or "dim-label" */
} CobroViewStatus;

CobroViewStatus cobro_view_status (CobroLinkItem *item);
/* A sentence: why it is so and what the person can do. @has_relay: whether there is a relay to upload it to. */
char *cobro_view_status_reason (CobroLinkItem *item, gboolean has_relay);
/* "€12.00", or "Any amount", "€5.00 to €50.00" where the customer chooses. */
char *cobro_view_amount (const CobroLink *link);
/* "Once", "Up to 10 times, 3 so far", "As often as wanted". */
char *cobro_view_usage (CobroLinkItem *item);
/* "From 4 Dec 2026, 09:00 until 8 Dec 2026, 18:00", "Always". */
char *cobro_view_window (const CobroLink *link);
/* How the line to the relay stands: "Up to Date". */
const char *cobro_view_connection (CobroConnectionState state, gboolean practice);
/* What happened, and a symbol for it. */
const char *cobro_view_event (CobroEventType type);
const char *cobro_view_event_icon (CobroEventType type);
/* How a record stands with the relay; "" for what it has. Static. */
const char *cobro_view_record_state (CobroRecordState state);
CobroViewStatus cobro_view_payment_status (CobroPaymentState state);
/* Sentences for flags that need somebody's attention, one per line; "" for none. */
char *cobro_view_flags (guint flags);
/* What one of the businesses on this computer is called. Lent. */
const char *cobro_view_business (CobroBookshelf *bookshelf, const char *id);
/* An error as a sentence for people: capital letter, full stop. */
char *cobro_view_error (const GError *error);

G_END_DECLS
