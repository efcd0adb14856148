/* tests/relay/delivery/test-smtp.c — the way to the mail server, against a real one: TLS required and checked, log-in,
 * what answers mean, one connection for many mails. Layer: tests. */
#include <string.h>

#include "cobro-test.h"
#include "relay-smtp.h"
#include "smtp-fixture.h"

static RelaySmtp *
smtp_new (const Sink *sink, const char *user, const char *secret, gboolean trust)
{
  RelaySmtpConfig config = { .url = sink->url,
                             .user = user,
                             .secret = secret,
                             .ca_file = trust ? sink->certificate : NULL,
                             .name = "pay.example",
                             .deadline_ms = 8000 };
  g_autoptr (GError) error = NULL;
  RelaySmtp *smtp = relay_smtp_new (&config, &error);

  g_assert_no_error (error);
  return smtp;
}

static GBytes *
letter (void)
{
  static const char text[] = "From: a@shop.example\r\nTo: b@example.org\r\nSubject: dots\r\n\r\n.\r\n..two\r\nend\r\n";

  return g_bytes_new_static (text, strlen (text));
}

static void
send_one (RelaySmtp *smtp, const char *from, const char *to, RelaySmtpOutcome outcome, gint status)
{
  g_auto (RelaySmtpResult) result = { 0 };
  g_autoptr (GBytes) message = letter ();

  relay_smtp_send (smtp, from, to, message, &result);
  if (result.outcome != outcome || result.status != status)
    g_error ("%s: outcome %d, status %d: %s", to, result.outcome, result.status, result.text);
  g_assert_true (g_utf8_validate (result.text, -1, NULL));
  g_assert_null (strpbrk (result.text, "\r\n"));
}

/* Nothing goes in the clear but to this machine; a certificate that is not trusted, or of another name, is refused. */
static void
test_security (void)
{
  static const struct
  {
    const char *how, *scheme, *host;
    gboolean trust;
    RelaySmtpOutcome outcome;
  } cases[] = {
    { "", "smtp", "127.0.0.1", FALSE, RELAY_SMTP_TAKEN },          /* this machine */
    { "", "smtp", "127.0.0.1", TRUE, RELAY_SMTP_TROUBLE },         /* TLS wanted, not offered */
    { "--starttls", "smtp", "localhost", TRUE, RELAY_SMTP_TAKEN }, /* STARTTLS */
    { "--starttls --name other.example", "smtp", "localhost", TRUE, RELAY_SMTP_TROUBLE },
    { "--implicit", "smtps", "localhost", TRUE, RELAY_SMTP_TAKEN },
    { "--implicit", "smtps", "localhost", FALSE, RELAY_SMTP_TROUBLE }, /* unknown authority */
    { "--implicit --name other.example", "smtps", "localhost", TRUE, RELAY_SMTP_TROUBLE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Sink) sink = sink_new (cases[i].how, cases[i].scheme, cases[i].host);
      g_autoptr (RelaySmtp) smtp = NULL;
      g_auto (RelaySmtpResult) result = { 0 };
      g_autoptr (GBytes) message = letter ();

      if (cases[i].trust && !g_file_test (sink->certificate, G_FILE_TEST_EXISTS))
        g_assert_true (g_file_set_contents (sink->certificate, "none\n", -1, NULL));
      smtp = smtp_new (sink, NULL, NULL, cases[i].trust);
      relay_smtp_send (smtp, "a@shop.example", "b@example.org", message, &result);
      if (result.outcome != cases[i].outcome)
        g_error ("case %" G_GSIZE_FORMAT ": outcome %d: %s", i, result.outcome, result.text);
      if (result.outcome == RELAY_SMTP_TAKEN)
        {
          g_autofree char *mail = sink_next (sink);

          g_assert_nonnull (strstr (mail, "\\r\\n\\r\\n.\\r\\n..two\\r\\nend\\r\\n"));
          g_assert_true ((strstr (mail, "\"tls\": true") != NULL) == (*cases[i].how != '\0'));
        }
    }
}

static void
test_log_in (void)
{
  g_autoptr (Sink) sink = sink_new ("--starttls --auth relay:s3cret", "smtp", "localhost");
  g_autoptr (RelaySmtp) good = smtp_new (sink, "relay", "s3cret", TRUE);
  g_autoptr (RelaySmtp) bad = smtp_new (sink, "relay", "wrong", TRUE);
  g_autoptr (RelaySmtp) nobody = smtp_new (sink, NULL, NULL, TRUE);
  g_auto (RelaySmtpResult) result = { 0 };
  g_autofree char *mail = NULL;

  send_one (good, "a@shop.example", "b@example.org", RELAY_SMTP_TAKEN, 250);
  mail = sink_next (sink);
  g_assert_nonnull (strstr (mail, "\"login\": true"));
  send_one (bad, "a@shop.example", "b@example.org", RELAY_SMTP_TROUBLE, 535);
  send_one (nobody, "a@shop.example", "b@example.org", RELAY_SMTP_TROUBLE, 530);
  relay_smtp_try (bad, &result);
  g_assert_cmpint (result.outcome, ==, RELAY_SMTP_TROUBLE);
  g_assert_null (strstr (result.text, "wrong"));
  relay_smtp_result_clear (&result);
  relay_smtp_try (good, &result);
  g_assert_cmpint (result.outcome, ==, RELAY_SMTP_TAKEN);
}

/* Only what is said about the recipient or the text is about the mail. */
static void
test_answers (void)
{
  g_autoptr (Sink) sink = sink_new ("", "smtp", "127.0.0.1");
  g_autoptr (RelaySmtp) smtp = smtp_new (sink, NULL, NULL, FALSE);
  g_autofree char *dead = NULL;

  send_one (smtp, "a@shop.example", "grey@example.org", RELAY_SMTP_LATER, 451);
  send_one (smtp, "a@shop.example", "grey@example.org", RELAY_SMTP_TAKEN, 250);
  send_one (smtp, "a@shop.example", "no@example.org", RELAY_SMTP_REFUSED, 550);
  send_one (smtp, "a@shop.example", "spam@example.org", RELAY_SMTP_REFUSED, 554);
  send_one (smtp, "a@shop.example", "busy@example.org", RELAY_SMTP_LATER, 452);
  send_one (smtp, "foreign@shop.example", "b@example.org", RELAY_SMTP_TROUBLE, 553);
  send_one (smtp, "a@shop.example", "drop@example.org", RELAY_SMTP_LATER, 354);
  send_one (smtp, "a@shop.example", "drop@example.org", RELAY_SMTP_TAKEN, 250);
  send_one (smtp, "a@shop.example", "hang@example.org", RELAY_SMTP_LATER, 354);
  sink_kill (sink);
  send_one (smtp, "a@shop.example", "b@example.org", RELAY_SMTP_LATER, 0);
}

/* Twenty mails, one connection; the addresses' domains in the letters of the network. */
static void
test_one_connection (void)
{
  g_autoptr (Sink) sink = sink_new ("--starttls", "smtp", "localhost");
  g_autoptr (RelaySmtp) smtp = smtp_new (sink, NULL, NULL, TRUE);

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *mail = NULL;

      send_one (smtp, "a@shop.example", i == 7 ? "ana@münchen.example" : "b@example.org", RELAY_SMTP_TAKEN, 250);
      mail = sink_next (sink);
      g_assert_nonnull (strstr (mail, "\"connection\": 1,"));
      g_assert_true (i != 7 || strstr (mail, "ana@xn--mnchen-3ya.example") != NULL);
    }
}

static void
test_stop (void)
{
  g_autoptr (Sink) sink = sink_new ("", "smtp", "127.0.0.1");
  g_autoptr (RelaySmtp) smtp = smtp_new (sink, NULL, NULL, FALSE);

  send_one (smtp, "a@shop.example", "b@example.org", RELAY_SMTP_TAKEN, 250);
  relay_smtp_stop (smtp);
  send_one (smtp, "a@shop.example", "b@example.org", RELAY_SMTP_STOPPED, 0);
}

static void
test_urls (void)
{
  static const char *const good[] = { "smtp://mail.example", "smtps://mail.example:465", "smtp://[::1]:25" };
  static const char *const bad[] = { "",
                                     "mail.example",
                                     "http://mail.example",
                                     "smtp://",
                                     "smtp://u:p@mail.example",
                                     "smtp://mail.example/x",
                                     "smtp://mail.example?x",
                                     "smtp://mail.example#x" };
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (relay_smtp_check_url (good[i], NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_false (relay_smtp_check_url (bad[i], &error));
      cobro_test_assert_error (&error, COBRO_ERROR_CONFIG, NULL);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/smtp/urls", test_urls);
  g_test_add_func ("/relay/smtp/security", test_security);
  g_test_add_func ("/relay/smtp/log-in", test_log_in);
  g_test_add_func ("/relay/smtp/answers", test_answers);
  g_test_add_func ("/relay/smtp/one-connection", test_one_connection);
  g_test_add_func ("/relay/smtp/stop", test_stop);
  return g_test_run ();
}
