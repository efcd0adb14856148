/* relay/delivery/relay-mailer.h — the worker that empties the queue of mails: takes what is due, lets its postmen write
 * and hand over the letters, writes down what came of it. Any number of workers may share the books.
 * Layer: relay/delivery. One thread (the caller's, or its own after relay_mailer_start()); a few postmen beside it. */
#pragma once
#include "relay-mail-store.h"
#include "relay-smtp.h"

typedef struct _RelayMailer RelayMailer;

/* Clock and random are referenced, the store is lent until relay_mailer_free(), texts are copied. */
typedef struct
{
  RelayStore *store;
  CobroClock *clock;
  CobroRandom *random;
  RelaySmtpConfig smtp;
  const char *from;       /* the relay's own address */
  const char *public_url; /* where pages are */
  const char *worker;     /* unique among those that share the books; the same after a restart where it works alone */
  guint connections;      /* to the mail server, at once; 0: 4 */
} RelayMailerConfig;
/* NULL with COBRO_ERROR_CONFIG. */
RelayMailer *relay_mailer_new (const RelayMailerConfig *config, GError **error);
void relay_mailer_free (RelayMailer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayMailer, relay_mailer_free)

/* What one step did. */
typedef struct
{
  guint taken, reaped; /* given to the postmen; leases that had run out */
  guint flying;        /* with the postmen now */
  CobroTime next;      /* when there is something to do again, unless it is woken before */
} RelayMailRound;
/**
 * relay_mailer_run_once:
 * @now: the present
 *
 * Takes what is due. Postmen work on by themselves; relay_mailer_settle() waits for them.
 *
 * Returns: %FALSE when the books could not be written; nothing is lost then
 */
gboolean relay_mailer_run_once (RelayMailer *self, CobroTime now, RelayMailRound *out_round, GError **error);
/* Blocks until no postman has anything. */
void relay_mailer_settle (RelayMailer *self);

/* Runs steps on a thread of its own until relay_mailer_stop(). */
void relay_mailer_start (RelayMailer *self);
/* Takes nothing more, waits for what is on its way at most @grace_ms, then cuts it off: it is sent again later. */
void relay_mailer_stop (RelayMailer *self, guint grace_ms);
/* Something may be due: call it after a commit that touched "mail:<merchant>". Any thread; brief. */
void relay_mailer_wake (RelayMailer *self);
