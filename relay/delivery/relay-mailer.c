/* relay/delivery/relay-mailer.c — the worker and its postmen.
 * Layer: relay/delivery. Postmen write down their own mails, so that many share a commit. */
#include "relay-mailer.h"

#include <string.h>

#include "cobro-error.h"
#include "cobro-wire.h"
#include "relay-alarm.h"
#include "relay-event-store.h"
#include "relay-invoice-store.h"
#include "relay-mail-letter.h"
#include "relay-mail-plan.h"
#include "relay-metrics.h"
#include "relay-worker-beat.h"

#define CONNECTIONS  4
#define AHEAD        8 /* leased at once for each connection: some wait here */
#define REAP_MAX     500
#define IDLE_PAUSE   COBRO_SECOND
#define FIRST_PAUSE  (15 * COBRO_SECOND) /* when the server is away; twice as long each time … */
#define LAST_PAUSE   (10 * COBRO_MINUTE) /* … up to this */
/* Nothing is handed over whose lease might end before the answer comes. */
#define LEASE_NEEDED (RELAY_SMTP_DEADLINE_MS * (COBRO_SECOND / 1000) + 20 * COBRO_SECOND)

/* One of the threads that talk to the mail server. */
typedef struct
{
  RelayMailer *mailer;
  RelaySmtp *smtp;
  GThread *thread;
} Postman;

struct _RelayMailer
{
  RelayStore *store;
  CobroClock *clock;
  CobroRandom *random;
  char *from, *public_url, *worker;
  GPtrArray *postmen; /* (element-type Postman) */
  CobroTime next_look, next_reap;
  gboolean started; /* the first step looks for leases that a killed one left */

  GMutex lock; /* guards what follows */
  GCond changed, idle;
  GQueue waiting; /* (element-type RelayMail) */
  guint flying;   /* waiting ones included */
  guint failures; /* the server was away, in a row */
  CobroTime away_until;
  gboolean woken, stop;
  GThread *thread;
};

/* ── Writing down ───────────────────────────────────────────────────────────────────────────────────────────── */

/* What the mail was about: in whose timeline it is read. */
static const CobroId *
subject_of (const RelayMail *mail)
{
  return cobro_id_is_set (&mail->invoice_id) ? &mail->invoice_id : &mail->payment_id;
}

static char *
failure_to_json (const RelayMail *mail)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_text (writer, "id", subject_of (mail)->text);
  cobro_wire_put_text (writer, "mailId", mail->id.text);
  cobro_wire_put_text (writer, "kind", mail->kind);
  cobro_wire_put_text (writer, "invoiceId", cobro_id_is_set (&mail->invoice_id) ? mail->invoice_id.text : NULL);
  cobro_wire_put_text (writer, "paymentId", cobro_id_is_set (&mail->payment_id) ? mail->payment_id.text : NULL);
  cobro_wire_put_text (writer, "to", mail->recipient);
  cobro_wire_put_text (writer, "reason", mail->last_error);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}

/* What the merchant's log says of it: about the invoice, or the payment. */
static gboolean
tell (RelayTx *tx, const RelayMail *mail, GError **error)
{
  RelayScope scope = { mail->merchant_id, mail->livemode };
  g_autoptr (RelayInvoiceRecord) invoice = NULL;
  g_autofree char *object = NULL;
  gboolean is_reminder = strcmp (mail->kind, "reminder") == 0;

  if (mail->state == RELAY_MAIL_BOUNCED)
    {
      object = failure_to_json (mail);
      return relay_event_append (tx, &scope, COBRO_EVENT_MAIL_FAILED, subject_of (mail), object, error);
    }
  if (mail->state != RELAY_MAIL_SENT || (!is_reminder && strcmp (mail->kind, "invoice") != 0))
    return TRUE;
  if (!(invoice = relay_invoice_find (tx->db, &scope, &mail->invoice_id, error)))
    return FALSE;
  return is_reminder ? relay_invoice_mark_reminded (tx, invoice, MAX (mail->step, invoice->last_reminder), error)
                     : relay_invoice_mark_sent (tx, invoice, error);
}

static gboolean
settle_work (RelayTx *tx, gpointer data, GError **error)
{
  const RelayMail *mail = data;
  gboolean held;

  if (!relay_mail_settle (tx, mail, &held, error))
    return FALSE;
  if (!held)
    return TRUE;
  relay_tx_count (tx, RELAY_METRIC_MAILS, 1, relay_mail_state_name (mail->state), NULL);
  return tell (tx, mail, error);
}

/* Waits a moment for books that cannot be written; FALSE: no use any more. */
static gboolean
wait_for_books (RelayMailer *self, const RelayMail *mail)
{
  gint64 until = g_get_monotonic_time () + COBRO_SECOND;
  gboolean go_on;

  g_mutex_lock (&self->lock);
  while (!self->stop && g_cond_wait_until (&self->changed, &self->lock, until))
    continue;
  go_on = !self->stop;
  g_mutex_unlock (&self->lock);
  return go_on && cobro_clock_now (self->clock) < mail->lease_until;
}

/* What stays unwritten stays leased, and is sent again under the same Message-ID. */
static void
write_down (RelayMailer *self, RelayMail *mail)
{
  for (;;)
    {
      g_autoptr (GError) error = NULL;

      if (relay_store_write_for (self->store, &mail->merchant_id, settle_work, mail, &error))
        return;
      g_debug ("a mail was not written down: %s", error->message);
      if (!wait_for_books (self, mail))
        return;
    }
}

/* ── Handing over ───────────────────────────────────────────────────────────────────────────────────────────── */

static void
note_server (RelayMailer *self, const RelaySmtpResult *result)
{
  gboolean away = relay_mail_plan_is_away (result);

  if (result->outcome == RELAY_SMTP_STOPPED)
    return;
  g_mutex_lock (&self->lock);
  if (!away)
    self->failures = 0;
  else
    {
      gint64 pause = FIRST_PAUSE << MIN (self->failures, 6);

      self->away_until = cobro_clock_now (self->clock) + MIN (pause, LAST_PAUSE);
      self->failures++;
    }
  g_mutex_unlock (&self->lock);
  if (away)
    relay_alarm ("mail_server", "mails cannot be handed over and wait: %s", result->text);
}

/* What cannot be written now may be written later; what is not true any more never goes. */
static void
note_unwritten (RelayMailer *self, RelayMail *mail, const GError *failure)
{
  RelaySmtpResult result = { .outcome = RELAY_SMTP_LATER, .status = 0, .text = failure->message };

  if (!g_error_matches (failure, COBRO_ERROR, COBRO_ERROR_STATE))
    {
      relay_alarm ("mail_unwritten", "merchant %s: mail %s cannot be written: %s", mail->merchant_id.text,
                   mail->id.text, failure->message);
      relay_mail_plan_apply (mail, &result, cobro_clock_now (self->clock), self->random);
      return;
    }
  mail->state = RELAY_MAIL_DROPPED;
  g_free (mail->last_error);
  mail->last_error = g_strdup (failure->message);
}

static gboolean
may_go (RelayMailer *self, const RelayMail *mail)
{
  CobroTime now = cobro_clock_now (self->clock);
  gboolean may;

  g_mutex_lock (&self->lock);
  may = !self->stop && (self->failures == 0 || now >= self->away_until);
  g_mutex_unlock (&self->lock);
  return may && mail->lease_until - now >= LEASE_NEEDED;
}

static void
carry (RelayMailer *self, Postman *postman, RelayMail *mail)
{
  RelayMailDesk desk = { self->store, self->public_url, self->from };
  g_auto (RelaySmtpResult) result = { .outcome = RELAY_SMTP_STOPPED };
  g_autoptr (RelayMailLetter) letter = NULL;
  g_autoptr (GError) failure = NULL;
  gint64 began;

  if (may_go (self, mail))
    {
      letter = relay_mail_letter_new (&desk, mail, cobro_clock_now (self->clock), &failure);
      /* The PDF took its time: is it still owed? */
      if (letter == NULL || (strcmp (mail->kind, "reminder") == 0 &&
                             !relay_mail_letter_check (&desk, mail, cobro_clock_now (self->clock), &failure)))
        {
          note_unwritten (self, mail, failure);
          return;
        }
      began = cobro_clock_monotonic (self->clock);
      relay_smtp_send (postman->smtp, letter->sender, mail->recipient, letter->message, &result);
      relay_observe (RELAY_METRIC_MAIL_DURATION, cobro_clock_monotonic (self->clock) - began);
      note_server (self, &result);
    }
  relay_mail_plan_apply (mail, &result, cobro_clock_now (self->clock), self->random);
}

/* Not before half of it is there: each taking is a commit. With the lock held. */
static guint
count_room (const RelayMailer *self)
{
  guint capacity = self->failures == 0 ? self->postmen->len * AHEAD : 1; /* one finds out whether the server is back */

  return 2 * self->flying <= capacity && !self->stop ? capacity - self->flying : 0;
}

/* NULL: stop. */
static RelayMail *
take_waiting (RelayMailer *self)
{
  RelayMail *mail;

  g_mutex_lock (&self->lock);
  while (!(mail = g_queue_pop_head (&self->waiting)) && !self->stop)
    g_cond_wait (&self->changed, &self->lock);
  g_mutex_unlock (&self->lock);
  return mail;
}

static gpointer
run_postman (gpointer data)
{
  Postman *postman = data;
  RelayMailer *self = postman->mailer;
  RelayMail *mail;

  while ((mail = take_waiting (self)) != NULL)
    {
      carry (self, postman, mail);
      write_down (self, mail);
      relay_mail_free (mail);
      g_mutex_lock (&self->lock);
      self->flying--;
      self->woken |= count_room (self) > 0;
      g_cond_broadcast (&self->changed);
      if (self->flying == 0)
        g_cond_broadcast (&self->idle);
      g_mutex_unlock (&self->lock);
    }
  return NULL;
}

/* ── Steps ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* One transaction of the worker. */
typedef struct
{
  RelayMailer *mailer;
  guint room;
  gboolean reap;
  GPtrArray *mails;      /* (out) */
  gint64 reaped;         /* (out) */
  CobroTime due, expiry; /* (out) 0: none */
} Turn;

static gboolean
turn_work (RelayTx *tx, gpointer data, GError **error)
{
  Turn *turn = data;
  RelayMailer *self = turn->mailer;
  gboolean alone = !self->started && !relay_store_is_shared (self->store);

  g_clear_pointer (&turn->mails, g_ptr_array_unref);
  turn->reaped = 0;
  if (turn->reap && !relay_mail_reap (tx, alone ? self->worker : NULL, REAP_MAX, &turn->reaped, error))
    return FALSE;
  if (turn->reaped > 0)
    relay_tx_count (tx, RELAY_METRIC_LEASE_EXPIRIES, turn->reaped, "mails", NULL);
  return (turn->mails = relay_mail_claim (tx, self->worker, turn->room, error)) != NULL &&
         relay_mail_next_due (tx->db, &turn->due, &turn->expiry, error);
}

/* How many may be taken now; @out_until: (out) when to ask again if that is none. */
static guint
get_room (RelayMailer *self, CobroTime now, CobroTime *out_until)
{
  guint room;

  g_mutex_lock (&self->lock);
  if (self->woken)
    self->next_look = now;
  self->woken = FALSE;
  if (self->failures > 0 && now < self->away_until)
    {
      *out_until = self->away_until;
      room = 0;
    }
  else
    {
      *out_until = now + IDLE_PAUSE; /* whoever makes room wakes us before */
      room = count_room (self);
    }
  g_mutex_unlock (&self->lock);
  return room;
}

static void
hand_out (RelayMailer *self, GPtrArray *mails)
{
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < mails->len; i++)
    g_queue_push_tail (&self->waiting, mails->pdata[i]);
  self->flying += mails->len;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  g_ptr_array_set_free_func (mails, NULL);
}

gboolean
relay_mailer_run_once (RelayMailer *self, CobroTime now, RelayMailRound *out_round, GError **error)
{
  CobroTime until;
  Turn turn = { .mailer = self, .room = get_room (self, now, &until), .reap = now >= self->next_reap };
  RelayMailRound round = { 0 };
  gboolean ok = TRUE;

  if (turn.reap || (turn.room > 0 && now >= self->next_look))
    {
      if ((ok = relay_store_write_queue (self->store, turn_work, &turn, error)))
        {
          self->started = TRUE;
          self->next_reap = turn.expiry != 0 ? MAX (turn.expiry, now + COBRO_SECOND) : now + RELAY_MAIL_LEASE;
          self->next_look = turn.due != 0 ? turn.due : now + COBRO_DAY;
          round.taken = turn.mails->len;
          round.reaped = (guint)turn.reaped;
          hand_out (self, turn.mails);
        }
      g_clear_pointer (&turn.mails, g_ptr_array_unref);
    }
  g_mutex_lock (&self->lock);
  round.flying = self->flying;
  g_mutex_unlock (&self->lock);
  round.next = !ok ? now + IDLE_PAUSE : MIN (turn.room > 0 ? self->next_look : until, self->next_reap);
  if (out_round != NULL)
    *out_round = round;
  return ok;
}

void
relay_mailer_settle (RelayMailer *self)
{
  g_mutex_lock (&self->lock);
  while (self->flying > 0)
    g_cond_wait (&self->idle, &self->lock);
  g_mutex_unlock (&self->lock);
}

/* ── Life ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
postman_free (gpointer data)
{
  Postman *postman = data;

  relay_smtp_free (postman->smtp);
  g_free (postman);
}

static gboolean
hire (RelayMailer *self, const RelaySmtpConfig *way, GError **error)
{
  Postman *postman = g_new0 (Postman, 1);

  postman->mailer = self;
  g_ptr_array_add (self->postmen, postman);
  return (postman->smtp = relay_smtp_new (way, error)) != NULL;
}

RelayMailer *
relay_mailer_new (const RelayMailerConfig *config, GError **error)
{
  RelayMailer *self = g_new0 (RelayMailer, 1);
  guint n = config->connections != 0 ? config->connections : CONNECTIONS;
  gboolean ok = TRUE;

  self->store = config->store;
  self->clock = cobro_clock_ref (config->clock);
  self->random = cobro_random_ref (config->random);
  self->from = g_strdup (config->from);
  self->public_url = g_strdup (config->public_url);
  self->worker = g_strdup (config->worker);
  self->postmen = g_ptr_array_new_with_free_func (postman_free);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  g_cond_init (&self->idle);
  g_queue_init (&self->waiting);
  for (guint i = 0; ok && i < n; i++)
    ok = hire (self, &config->smtp, error);
  for (guint i = 0; ok && i < n; i++)
    {
      Postman *postman = self->postmen->pdata[i];

      postman->thread = g_thread_new ("mail", run_postman, postman);
    }
  if (!ok)
    g_clear_pointer (&self, relay_mailer_free);
  return self;
}

/* Postmen give back what they have not begun. */
static void
dismiss (RelayMailer *self)
{
  g_mutex_lock (&self->lock);
  self->stop = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < self->postmen->len; i++)
    {
      Postman *postman = self->postmen->pdata[i];

      if (postman->smtp != NULL)
        relay_smtp_stop (postman->smtp);
    }
  for (guint i = 0; i < self->postmen->len; i++)
    {
      Postman *postman = self->postmen->pdata[i];

      g_clear_pointer (&postman->thread, g_thread_join);
    }
}

void
relay_mailer_free (RelayMailer *self)
{
  if (self == NULL)
    return;
  g_return_if_fail (self->thread == NULL);
  dismiss (self);
  g_ptr_array_unref (self->postmen);
  g_queue_clear_full (&self->waiting, (GDestroyNotify)relay_mail_free);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_cond_clear (&self->idle);
  cobro_clock_unref (self->clock);
  cobro_random_unref (self->random);
  g_free (self->from);
  g_free (self->public_url);
  g_free (self->worker);
  g_free (self);
}

/* Until there is room, somebody woke us, or @next; looks at least each second, because a wake of another relay may be
 * lost. FALSE: stop. */
static gboolean
wait_for_work (RelayMailer *self, CobroTime next)
{
  gint64 pause = CLAMP (next - cobro_clock_now (self->clock), 0, IDLE_PAUSE);
  gint64 until = g_get_monotonic_time () + pause;
  gboolean go_on;

  g_mutex_lock (&self->lock);
  while (!self->woken && !self->stop)
    if (!g_cond_wait_until (&self->changed, &self->lock, until))
      self->woken = TRUE;
  go_on = !self->stop;
  g_mutex_unlock (&self->lock);
  return go_on;
}

static gpointer
run (gpointer data)
{
  RelayMailer *self = data;
  RelayMailRound round = { 0 };

  do
    {
      g_autoptr (GError) error = NULL;

      relay_worker_beat ("mails");
      if (!relay_mailer_run_once (self, cobro_clock_now (self->clock), &round, &error))
        g_debug ("mails wait for the books: %s", error->message);
    }
  while (wait_for_work (self, round.next));
  relay_worker_rest ("mails");
  return NULL;
}

void
relay_mailer_start (RelayMailer *self)
{
  g_return_if_fail (self->thread == NULL);

  self->thread = g_thread_new ("mailer", run, self);
}

void
relay_mailer_stop (RelayMailer *self, guint grace_ms)
{
  gint64 until = g_get_monotonic_time () + (gint64)grace_ms * 1000;

  g_mutex_lock (&self->lock);
  self->stop = TRUE;
  g_cond_broadcast (&self->changed);
  while (self->flying > 0 && g_cond_wait_until (&self->idle, &self->lock, until))
    continue;
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&self->thread, g_thread_join);
  dismiss (self);
}

void
relay_mailer_wake (RelayMailer *self)
{
  g_mutex_lock (&self->lock);
  self->woken = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}
