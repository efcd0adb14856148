/* relay/delivery/relay-smtp.h — hands one mail after the other to the operator's mail server, over one connection that
 * is kept. TLS is required, the certificate and its name are checked; only to this machine itself mail may go in the
 * clear. Layer: relay/delivery. One thread at a time per object; relay_smtp_stop() may be called by any. */
#pragma once
#include <gio/gio.h>

#define RELAY_SMTP_DEADLINE_MS 60000 /* of one mail: from connecting to the server's last word */

/* All texts are copied. */
typedef struct
{
  const char *url;     /* relay_smtp_check_url() */
  const char *user;    /* (nullable) */
  const char *secret;  /* (nullable) the password; wiped with the object */
  const char *ca_file; /* (nullable) certificates to trust instead of the system's; TLS even to this machine */
  const char *name;    /* how we call ourselves: a domain */
  guint deadline_ms;   /* 0: RELAY_SMTP_DEADLINE_MS */
} RelaySmtpConfig;

/* "smtp://HOST[:PORT]" (STARTTLS, or this machine) or "smtps://HOST[:PORT]", without user, path, query. FALSE with
 * COBRO_ERROR_CONFIG. */
gboolean relay_smtp_check_url (const char *url, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef enum
{
  RELAY_SMTP_TAKEN,   /* it is the server's now */
  RELAY_SMTP_LATER,   /* not now: 4xx, or no connection */
  RELAY_SMTP_REFUSED, /* this mail or this recipient, for good: 5xx */
  RELAY_SMTP_TROUBLE, /* the server will not talk to us, or must not be talked to: log-in, certificate, sender. No fault
                         of the mail's: somebody has to look */
  RELAY_SMTP_STOPPED, /* by relay_smtp_stop() before the server answered */
} RelaySmtpOutcome;

typedef struct
{
  RelaySmtpOutcome outcome;
  gint status; /* the server's last code; 0: none */
  char *text;  /* what it said, or what happened: one line, for people */
} RelaySmtpResult;
void relay_smtp_result_clear (RelaySmtpResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RelaySmtpResult, relay_smtp_result_clear)

typedef struct _RelaySmtp RelaySmtp;
/* NULL with COBRO_ERROR_CONFIG. Connects nowhere yet. */
RelaySmtp *relay_smtp_new (const RelaySmtpConfig *config, GError **error);
void relay_smtp_free (RelaySmtp *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelaySmtp, relay_smtp_free)

/**
 * relay_smtp_send:
 * @from: the envelope's sender
 * @to: its only recipient; both checked addresses
 * @message: the mail with CRLF line ends, as it goes over the wire (dots are doubled here)
 *
 * Blocks until the server answered, at most the deadline.
 */
void relay_smtp_send (RelaySmtp *self, const char *from, const char *to, GBytes *message, RelaySmtpResult *out_result);
/* Connects, greets, logs in, and says good-bye: what "doctor" asks. */
void relay_smtp_try (RelaySmtp *self, RelaySmtpResult *out_result);
/* Ends what is under way within a second or so; what is sent later is STOPPED at once. */
void relay_smtp_stop (RelaySmtp *self);
