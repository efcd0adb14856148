/* relay/delivery/relay-smtp.c — libcurl as a mail client, and what its answers mean.
 * Layer: relay/delivery. */
#include "relay-smtp.h"

#include <curl/curl.h>
#include <string.h>

#include "cobro-error.h"

#define CONNECT_MS 20000
#define TEXT_MAX   200

/* How far the talk came: only what is said about the recipient or the text is about this mail. */
typedef enum
{
  PHASE_GREETING,
  PHASE_SENDER,
  PHASE_RECIPIENT,
  PHASE_TEXT,
} Phase;

struct _RelaySmtp
{
  CURL *curl;
  char *url;
  char *failure; /* CURL_ERROR_SIZE bytes */
  guint deadline_ms;
  gint stop; /* atomic */

  /* of the mail under way */
  Phase phase;
  GString *said; /* the server's last line, or its refusal */
  const char *text;
  gsize n, at;
};

void
relay_smtp_result_clear (RelaySmtpResult *result)
{
  g_clear_pointer (&result->text, g_free);
}

/* ── Where to ───────────────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
is_here (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  return g_ascii_strcasecmp (host, "localhost") == 0 || (address != NULL && g_inet_address_get_is_loopback (address));
}

static GUri *
parse_url (const char *url, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  if (host != NULL && *host != '\0' && *g_uri_get_path (uri) == '\0' && g_uri_get_query (uri) == NULL &&
      g_uri_get_fragment (uri) == NULL && g_uri_get_userinfo (uri) == NULL &&
      (g_str_equal (g_uri_get_scheme (uri), "smtp") || g_str_equal (g_uri_get_scheme (uri), "smtps")))
    return g_steal_pointer (&uri);
  cobro_error_set (error, COBRO_ERROR_CONFIG,
                   "expected smtp://HOST[:PORT] (STARTTLS) or smtps://HOST[:PORT], without user, path or query");
  return NULL;
}

gboolean
relay_smtp_check_url (const char *url, GError **error)
{
  g_autoptr (GUri) uri = parse_url (url, error);

  return uri != NULL;
}

/* ── What libcurl calls ─────────────────────────────────────────────────────────────────────────────────────── */

static size_t
on_read_cb (char *buffer, size_t size, size_t count, void *data)
{
  RelaySmtp *self = data;
  gsize n = MIN (size * count, self->n - self->at);

  memcpy (buffer, self->text + self->at, n);
  self->at += n;
  return n;
}

/* What goes out tells where we are. It is looked at and not kept: a password may be in it. */
static void
note_command (RelaySmtp *self, const char *text, gsize n)
{
  static const struct
  {
    const char *verb;
    Phase phase;
  } verbs[] = { { "MAIL FROM:", PHASE_SENDER }, { "RCPT TO:", PHASE_RECIPIENT }, { "DATA", PHASE_TEXT } };

  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (n >= strlen (verbs[i].verb) && memcmp (text, verbs[i].verb, strlen (verbs[i].verb)) == 0)
      self->phase = verbs[i].phase;
}

static int
on_talk_cb (CURL *curl, curl_infotype type, char *text, size_t n, void *data)
{
  RelaySmtp *self = data;

  if (type == CURLINFO_HEADER_OUT)
    note_command (self, text, n);
  /* What follows a refusal is good-bye. */
  if (type != CURLINFO_HEADER_IN || *self->said->str == '4' || *self->said->str == '5')
    return 0;
  g_string_truncate (self->said, 0);
  g_string_append_len (self->said, text, (gssize)MIN (n, TEXT_MAX));
  return 0;
}

/* Answers are heard by on_talk_cb(). */
static size_t
on_answer_cb (char *text, size_t size, size_t count, void *data)
{
  return size * count;
}

static int
on_progress_cb (void *data, curl_off_t down_total, curl_off_t down, curl_off_t up_total, curl_off_t up)
{
  RelaySmtp *self = data;

  return g_atomic_int_get (&self->stop);
}

/* ── Life ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
start_library (void)
{
  static gsize once = 0;

  if (g_once_init_enter (&once))
    g_once_init_leave (&once, curl_global_init (CURL_GLOBAL_DEFAULT) == CURLE_OK ? 1 : 2);
}

/* Whether this goes by TLS. */
static gboolean
set_security (RelaySmtp *self, const RelaySmtpConfig *config, GUri *uri)
{
  gboolean clear = g_str_equal (g_uri_get_scheme (uri), "smtp") && is_here (g_uri_get_host (uri)) &&
                   (config->ca_file == NULL || *config->ca_file == '\0');
  gboolean ok = curl_easy_setopt (self->curl, CURLOPT_USE_SSL, (long)(clear ? CURLUSESSL_NONE : CURLUSESSL_ALL)) == 0 &&
                curl_easy_setopt (self->curl, CURLOPT_SSL_VERIFYPEER, 1L) == 0 &&
                curl_easy_setopt (self->curl, CURLOPT_SSL_VERIFYHOST, 2L) == 0 &&
                curl_easy_setopt (self->curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == 0;

  if (config->ca_file != NULL && *config->ca_file != '\0')
    ok = ok && curl_easy_setopt (self->curl, CURLOPT_CAINFO, config->ca_file) == 0 &&
         curl_easy_setopt (self->curl, CURLOPT_CAPATH, NULL) == 0;
  if (config->user != NULL && *config->user != '\0')
    ok = ok && curl_easy_setopt (self->curl, CURLOPT_USERNAME, config->user) == 0 &&
         curl_easy_setopt (self->curl, CURLOPT_PASSWORD, config->secret != NULL ? config->secret : "") == 0;
  return ok;
}

static gboolean
set_callbacks (RelaySmtp *self)
{
  CURL *curl = self->curl;

  return curl_easy_setopt (curl, CURLOPT_READFUNCTION, on_read_cb) == 0 &&
         curl_easy_setopt (curl, CURLOPT_READDATA, self) == 0 &&
         curl_easy_setopt (curl, CURLOPT_HEADERFUNCTION, on_answer_cb) == 0 &&
         curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, on_answer_cb) == 0 &&
         curl_easy_setopt (curl, CURLOPT_DEBUGFUNCTION, on_talk_cb) == 0 &&
         curl_easy_setopt (curl, CURLOPT_DEBUGDATA, self) == 0 && curl_easy_setopt (curl, CURLOPT_VERBOSE, 1L) == 0 &&
         curl_easy_setopt (curl, CURLOPT_XFERINFOFUNCTION, on_progress_cb) == 0 &&
         curl_easy_setopt (curl, CURLOPT_XFERINFODATA, self) == 0 &&
         curl_easy_setopt (curl, CURLOPT_NOPROGRESS, 0L) == 0 &&
         curl_easy_setopt (curl, CURLOPT_ERRORBUFFER, self->failure) == 0;
}

/* No proxy of the environment's, no other protocol, no signals. */
static gboolean
set_way (RelaySmtp *self)
{
  CURL *curl = self->curl;

  return curl_easy_setopt (curl, CURLOPT_URL, self->url) == 0 &&
         curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps") == 0 &&
         curl_easy_setopt (curl, CURLOPT_PROXY, "") == 0 && curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L) == 0 &&
         curl_easy_setopt (curl, CURLOPT_CONNECTTIMEOUT_MS, (long)MIN (CONNECT_MS, self->deadline_ms)) == 0 &&
         curl_easy_setopt (curl, CURLOPT_TIMEOUT_MS, (long)self->deadline_ms) == 0 &&
         curl_easy_setopt (curl, CURLOPT_TCP_KEEPALIVE, 1L) == 0;
}

RelaySmtp *
relay_smtp_new (const RelaySmtpConfig *config, GError **error)
{
  g_autoptr (GUri) uri = parse_url (config->url, error);
  g_autoptr (RelaySmtp) self = NULL;

  if (uri == NULL)
    return NULL;
  start_library ();
  self = g_new0 (RelaySmtp, 1);
  self->said = g_string_new (NULL);
  self->failure = g_malloc0 (CURL_ERROR_SIZE);
  self->deadline_ms = config->deadline_ms != 0 ? config->deadline_ms : RELAY_SMTP_DEADLINE_MS;
  self->url = g_strconcat (config->url, "/", config->name, NULL); /* the path is what we greet with */
  self->curl = curl_easy_init ();
  if (self->curl != NULL && set_way (self) && set_callbacks (self) && set_security (self, config, uri))
    return g_steal_pointer (&self);
  cobro_error_set (error, COBRO_ERROR_CONFIG, "libcurl cannot send mail with these settings");
  return NULL;
}

void
relay_smtp_free (RelaySmtp *self)
{
  if (self == NULL)
    return;
  if (self->curl != NULL)
    curl_easy_cleanup (self->curl);
  g_string_free (self->said, TRUE);
  g_free (self->failure);
  g_free (self->url);
  g_free (self);
}

void
relay_smtp_stop (RelaySmtp *self)
{
  g_atomic_int_set (&self->stop, TRUE);
}

/* ── Sending ────────────────────────────────────────────────────────────────────────────────────────────────── */

/* One line that may be shown and logged. */
static char *
clean_line (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *line = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    g_string_append_unichar (line, g_unichar_iscntrl (g_utf8_get_char (p)) ? ' ' : g_utf8_get_char (p));
  return g_strstrip (g_string_free (line, FALSE));
}

/* Nothing that another try would mend by itself. */
static gboolean
is_trouble (CURLcode code)
{
  static const CURLcode troubles[] = { CURLE_LOGIN_DENIED,      CURLE_AUTH_ERROR,
                                       CURLE_USE_SSL_FAILED,    CURLE_PEER_FAILED_VERIFICATION,
                                       CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE,
                                       CURLE_SSL_CERTPROBLEM,   CURLE_UNSUPPORTED_PROTOCOL };

  for (gsize i = 0; i < G_N_ELEMENTS (troubles); i++)
    if (code == troubles[i])
      return TRUE;
  return FALSE;
}

static RelaySmtpOutcome
judge (const RelaySmtp *self, CURLcode code, gint status)
{
  gboolean never = status >= 500 && status <= 599;

  if (code == CURLE_OK)
    return RELAY_SMTP_TAKEN;
  if (code == CURLE_ABORTED_BY_CALLBACK)
    return RELAY_SMTP_STOPPED;
  if (self->phase == PHASE_RECIPIENT || self->phase == PHASE_TEXT)
    return never ? RELAY_SMTP_REFUSED : RELAY_SMTP_LATER;
  return never || is_trouble (code) ? RELAY_SMTP_TROUBLE : RELAY_SMTP_LATER;
}

static void
tell (const RelaySmtp *self, CURLcode code, RelaySmtpResult *out_result)
{
  long status = 0;
  gboolean answered;

  curl_easy_getinfo (self->curl, CURLINFO_RESPONSE_CODE, &status);
  answered = self->said->len > 0 && (code == CURLE_OK || (status >= 400 && status <= 599));
  out_result->outcome = judge (self, code, (gint)status);
  out_result->status = out_result->outcome != RELAY_SMTP_STOPPED ? (gint)status : 0;
  out_result->text = clean_line (answered                 ? self->said->str
                                 : *self->failure != '\0' ? self->failure
                                                          : curl_easy_strerror (code));
}

static CURLcode
talk (RelaySmtp *self)
{
  self->phase = PHASE_GREETING;
  self->at = 0;
  *self->failure = '\0';
  g_string_truncate (self->said, 0);
  if (g_atomic_int_get (&self->stop))
    return CURLE_ABORTED_BY_CALLBACK;
  return curl_easy_perform (self->curl);
}

/* A kept connection may have been closed by the server in the meantime: nothing of this mail was said then. */
static gboolean
was_stale (RelaySmtp *self, CURLcode code)
{
  long connects = 1;

  curl_easy_getinfo (self->curl, CURLINFO_NUM_CONNECTS, &connects);
  return connects == 0 && self->at == 0 && self->said->len == 0 && code != CURLE_OK &&
         code != CURLE_ABORTED_BY_CALLBACK && code != CURLE_OPERATION_TIMEDOUT;
}

/* The domain in the letters of the network. */
static char *
envelope_address (const char *address)
{
  const char *at = strrchr (address, '@');
  g_autofree char *domain = at != NULL ? g_hostname_to_ascii (at + 1) : NULL;

  return domain != NULL ? g_strdup_printf ("<%.*s@%s>", (int)(at - address), address, domain)
                        : g_strdup_printf ("<%s>", address);
}

void
relay_smtp_send (RelaySmtp *self, const char *from, const char *to, GBytes *message, RelaySmtpResult *out_result)
{
  g_autofree char *sender = envelope_address (from), *recipient = envelope_address (to);
  struct curl_slist *recipients = curl_slist_append (NULL, recipient);
  CURLcode code;

  self->text = g_bytes_get_data (message, &self->n);
  curl_easy_setopt (self->curl, CURLOPT_MAIL_FROM, sender);
  curl_easy_setopt (self->curl, CURLOPT_MAIL_RCPT, recipients);
  curl_easy_setopt (self->curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt (self->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)self->n);
  code = talk (self);
  if (was_stale (self, code))
    code = talk (self);
  tell (self, code, out_result);
  curl_easy_setopt (self->curl, CURLOPT_MAIL_RCPT, NULL);
  curl_slist_free_all (recipients);
  self->text = NULL;
  self->n = 0;
}

void
relay_smtp_try (RelaySmtp *self, RelaySmtpResult *out_result)
{
  curl_easy_setopt (self->curl, CURLOPT_UPLOAD, 0L);
  curl_easy_setopt (self->curl, CURLOPT_MAIL_RCPT, NULL);
  curl_easy_setopt (self->curl, CURLOPT_MAIL_FROM, NULL);
  curl_easy_setopt (self->curl, CURLOPT_CUSTOMREQUEST, "NOOP");
  curl_easy_setopt (self->curl, CURLOPT_NOBODY, 1L);
  tell (self, talk (self), out_result);
}
