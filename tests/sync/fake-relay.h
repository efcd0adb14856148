/* tests/sync/fake-relay.h — a relay in memory that keeps the protocol of src/sync/README.md and misbehaves on request:
 * it answers late, half, never, with 503, or does the work and loses the answer.
 * Layer: tests. Serves on threads of its own; the functions may be called from any thread. */
#pragma once
#include "cobro-event.h"
#include "cobro-link.h"
#include "cobro-payment.h"
#include "cobro-refund.h"

typedef struct _FakeRelay FakeRelay;

typedef enum
{
  FAKE_FINE,
  FAKE_LOST,      /* works, then closes the connection without an answer */
  FAKE_DEAF,      /* closes the connection before it works */
  FAKE_HALF,      /* works, then breaks off in the middle of the answer */
  FAKE_BUSY,      /* 503 with Retry-After */
  FAKE_NONSENSE,  /* 200 with something that is no relay's answer */
  FAKE_TOO_LARGE, /* 413 for more than 3 operations */
  FAKE_OLD,       /* 426 */
  FAKE_CHAOS,     /* any of the first five, by the seed */
} FakeMood;

FakeRelay *fake_relay_new (CobroClock *clock, guint32 seed);
void fake_relay_free (FakeRelay *relay);
/* "http://127.0.0.1:PORT", static while the relay lives. */
const char *fake_relay_url (FakeRelay *relay);
void fake_relay_set_mood (FakeRelay *relay, FakeMood mood);
/* What its clock says, and the protocol it claims to speak. */
void fake_relay_set_health (FakeRelay *relay, CobroTime timestamp, gint64 protocol);
/* A code that pairs once. (transfer none) */
const char *fake_relay_new_code (FakeRelay *relay);
/* A device that was paired behind the desktop's back: its key. (transfer full) */
char *fake_relay_new_device (FakeRelay *relay, CobroId *out_id);
CobroId fake_relay_merchant_id (FakeRelay *relay);
/* The device is no longer known. */
void fake_relay_revoke_all (FakeRelay *relay);
/* As a relay that lost its data: same merchant and devices, no links, no operations; the log is empty. */
void fake_relay_empty (FakeRelay *relay);
/* As a relay restored from a copy: the last @n operations of every device are forgotten. */
void fake_relay_forget_operations (FakeRelay *relay, guint n);

/* What it has. */
guint fake_relay_n_links (FakeRelay *relay);
/* (transfer full) (nullable) the document without token. */
char *fake_relay_document (FakeRelay *relay, const CobroId *id, gint64 *out_rev);
/* (transfer full) (nullable) */
char *fake_relay_token (FakeRelay *relay, const CobroId *id);
/* (transfer full) JSON. */
char *fake_relay_merchant (FakeRelay *relay);
guint fake_relay_n_requests (FakeRelay *relay, const char *path);
/* How many operations it applied, and how many of them more than once: must be 0. */
guint fake_relay_n_applied (FakeRelay *relay);
gint64 fake_relay_log_length (FakeRelay *relay);

/* Somebody else writes a link (over the API, or another desktop): new, or over what is there. */
void fake_relay_put_link (FakeRelay *relay, const CobroLink *link);
/* Things happen: each is one event. */
void fake_relay_payment (FakeRelay *relay, CobroEventType type, const CobroPayment *payment);
void fake_relay_refund (FakeRelay *relay, CobroEventType type, const CobroRefund *refund);
/* An event whose type the desktop does not know. */
void fake_relay_unknown_event (FakeRelay *relay, const char *object);
/* Somebody changes an event that was already in the log. */
void fake_relay_tamper (FakeRelay *relay, gint64 sequence);
