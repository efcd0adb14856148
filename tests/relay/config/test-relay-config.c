/* tests/relay/config/test-relay-config.c — every key of relay.conf, and every way to get one wrong: the error names
 * file, line and key. Layer: tests. */
#include <glib/gstdio.h>
#include <string.h>

#include "cobro-error.h"
#include "relay-config.h"

static gboolean
load (const char *text, gsize length, RelayConfig **out_config, char **out_message)
{
  g_autoptr (RelayConfig) config = relay_config_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  gboolean loaded;
  int fd = g_file_open_tmp ("relay-XXXXXX.conf", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, text, length, NULL));
  loaded = relay_config_load (config, path, &error);
  g_unlink (path);
  if (!loaded)
    {
      g_assert_error (error, COBRO_ERROR, COBRO_ERROR_CONFIG);
      g_assert_true (g_str_has_prefix (error->message, path));
      *out_message = g_strdup (error->message + strlen (path));
    }
  else if (out_config)
    *out_config = g_steal_pointer (&config);
  return loaded;
}

static void
test_every_key (void)
{
  static const char text[] = "# a comment\n"
                             "\n"
                             "listen = unix:/run/cobro/relay.sock\r\n"
                             "  data=/var/lib/cobro  \n"
                             "public-url = https://pay.example/\n"
                             "trusted-proxies = 10.0.0.0/8, 192.0.2.1 ,2001:db8::/32\n"
                             "request-threads = 16\n"
                             "connections-max = 4096\n"
                             "connections-per-peer = 64\n"
                             "rate-limits = off\n"
                             "access-log = off\n"
                             "mock-gateway = on\n"
                             "smtp-url = smtp://mail.example:587\n"
                             "smtp-user = relay\n"
                             "smtp-password-file = /etc/cobro/smtp-password\n"
                             "smtp-ca-file = /etc/cobro/ca.pem\n"
                             "mail-from = payments@example.com\n"
                             "mock-success-rate = 80\n"
                             "mock-latency = 50-300";
  g_autoptr (RelayConfig) config = NULL;
  g_autofree char *message = NULL;

  g_assert_true (load (text, strlen (text), &config, &message));
  g_assert_cmpstr (config->listen, ==, "unix:/run/cobro/relay.sock");
  g_assert_cmpstr (config->data, ==, "/var/lib/cobro");
  g_assert_cmpstr (config->public_url, ==, "https://pay.example");
  g_assert_cmpuint (g_strv_length (config->trusted_proxies), ==, 3);
  g_assert_cmpstr (config->trusted_proxies[1], ==, "192.0.2.1");
  g_assert_cmpuint (config->request_threads, ==, 16);
  g_assert_cmpuint (config->connections_max, ==, 4096);
  g_assert_cmpuint (config->connections_per_peer, ==, 64);
  g_assert_false (config->rate_limits);
  g_assert_false (config->access_log);
  g_assert_cmpstr (config->smtp_url, ==, "smtp://mail.example:587");
  g_assert_cmpstr (config->smtp_user, ==, "relay");
  g_assert_cmpstr (config->smtp_password_file, ==, "/etc/cobro/smtp-password");
  g_assert_cmpstr (config->smtp_ca_file, ==, "/etc/cobro/ca.pem");
  g_assert_cmpstr (config->mail_from, ==, "payments@example.com");
  g_assert_true (config->mock_gateway);
  g_assert_cmpuint (config->mock_options.success_rate, ==, 80);
  g_assert_cmpuint (config->mock_options.latency_min, ==, 50);
  g_assert_cmpuint (config->mock_options.latency_max, ==, 300);
  g_assert_true (relay_config_validate (config, NULL));
}

static void
test_defaults (void)
{
  g_autoptr (RelayConfig) config = relay_config_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (config->mock_gateway);
  g_assert_true (config->rate_limits);
  g_assert_false (relay_config_validate (config, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_CONFIG);
  g_assert_true (g_str_has_prefix (error->message, "data: "));
  g_clear_error (&error);

  g_assert_true (relay_config_set (config, "data", "/tmp/x", &error));
  g_assert_true (relay_config_validate (config, &error));
  g_assert_cmpstr (config->public_url, ==, "http://127.0.0.1:8080");
}

/* Customers cannot reach a loopback address: with any other one the public URL has to be said. */
static void
test_public_url_is_needed (void)
{
  static const char *const listens[] = { "0.0.0.0:8080", "unix:/run/x.sock", "[::]:80" };

  for (guint i = 0; i < G_N_ELEMENTS (listens); i++)
    {
      g_autoptr (RelayConfig) config = relay_config_new ();
      g_autoptr (GError) error = NULL;

      g_assert_true (relay_config_set (config, "data", "/tmp/x", &error));
      g_assert_true (relay_config_set (config, "listen", listens[i], &error));
      g_assert_false (relay_config_validate (config, &error));
      g_assert_error (error, COBRO_ERROR, COBRO_ERROR_CONFIG);
      g_assert_true (g_str_has_prefix (error->message, "public-url: "));
    }
}

static void
test_typos (void)
{
  static const struct
  {
    const char *text, *message;
  } cases[] = {
    { "# one\nlisen = 127.0.0.1:1\n", ":2: unknown key \"lisen\" (did you mean \"listen\"?)" },
    { "data = /x\n\npublic_url = https://a.example", ":3: unknown key \"public_url\" (did you mean \"public-url\"?)" },
    { "colour = blue", ":1: unknown key \"colour\"" },
    { "data = /x\ndata = /y", ":2: data: given twice" },
    { "just words", ":1: expected \"key = value\", not \"just words\"" },
    { "[server]", ":1: expected \"key = value\", not \"[server]\"" },
    { "listen = 8080", ":1: listen: expected ADDRESS:PORT, [ADDRESS]:PORT or unix:/PATH, not \"8080\"" },
    { "listen = 127.0.0.1:65536", ":1: listen: expected ADDRESS:PORT" },
    { "listen = ::1:80", ":1: listen: expected ADDRESS:PORT" },
    { "listen = localhost:80", ":1: listen: expected ADDRESS:PORT" },
    { "listen = unix:relative", ":1: listen: expected unix: and an absolute path" },
    { "public-url = pay.example", ":1: public-url: expected an address" },
    { "public-url = https://pay.example/shop", ":1: public-url: expected an address" },
    { "public-url = https://user@pay.example", ":1: public-url: expected an address" },
    { "public-url = http://pay.example", ":1: public-url: expected https" },
    { "public-url = ftp://pay.example", ":1: public-url: expected https" },
    { "request-threads = 0", ":1: request-threads: expected a whole number from 1 to 256, not \"0\"" },
    { "request-threads = -1", ":1: request-threads: expected a whole number" },
    { "request-threads = 4.5", ":1: request-threads: expected a whole number" },
    { "request-threads = 4x", ":1: request-threads: expected a whole number" },
    { "connections-max = 99999999999999999999", ":1: connections-max: expected a whole number" },
    { "trusted-proxies = 10.0.0.0/8, everybody", ":1: trusted-proxies: expected addresses or networks" },
    { "rate-limits = yes", ":1: rate-limits: expected on or off, not \"yes\"" },
    { "mock-success-rate = 101", ":1: mock-success-rate: " },
    { "mock-sucess-rate = 10", ":1: mock-sucess-rate: " },
    { "data =", ":1: data: expected a folder" },
    { "smtp-url = mail.example", ":1: smtp-url: expected smtp://HOST" },
    { "smtp-url = smtp://user:word@mail.example", ":1: smtp-url: expected smtp://HOST" },
    { "smtp-user =", ":1: smtp-user: expected a user name" },
    { "smtp-password-file = word", ":1: smtp-password-file: expected an absolute path" },
    { "smtp-ca-file = ca.pem", ":1: smtp-ca-file: expected an absolute path" },
    { "mail-from = The Shop", ":1: mail-from: expected an address" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *message = NULL;

      g_assert_false (load (cases[i].text, strlen (cases[i].text), NULL, &message));
      if (!g_str_has_prefix (message, cases[i].message))
        g_test_message ("case %u: \"%s\"", i, message);
      g_assert_true (g_str_has_prefix (message, cases[i].message));
    }
}

static void
test_no_text_file (void)
{
  g_autoptr (RelayConfig) config = relay_config_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *message = NULL, *second = NULL, *large = g_strnfill (65537, '#'), *third = NULL;

  g_assert_false (load ("data\0= /x", 9, NULL, &message));
  g_assert_cmpstr (message, ==, ": not a text file");
  g_assert_false (load ("data = \xff\xfe", 9, NULL, &second));
  g_assert_cmpstr (second, ==, ": not a text file");
  g_assert_false (load (large, 65537, NULL, &third));
  g_assert_cmpstr (third, ==, ": larger than 64 KiB");
  g_assert_false (relay_config_load (config, "/nonexistent/relay.conf", &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_CONFIG);
  g_assert_nonnull (strstr (error->message, "/nonexistent/relay.conf"));
}

static void
test_loopback (void)
{
  g_assert_true (relay_config_is_loopback ("127.0.0.1:80"));
  g_assert_true (relay_config_is_loopback ("127.9.9.9:80"));
  g_assert_true (relay_config_is_loopback ("[::1]:80"));
  g_assert_true (relay_config_is_loopback ("unix:/x"));
  g_assert_false (relay_config_is_loopback ("0.0.0.0:80"));
  g_assert_false (relay_config_is_loopback ("[::]:80"));
  g_assert_false (relay_config_is_loopback ("192.0.2.1:80"));
}

/* Half a mail server is none. */
static void
test_mail (void)
{
  static const struct
  {
    const char *keys[3][2];
    const char *message;
  } cases[] = {
    { { { "mail-from", "a@example.com" } }, "smtp-url: " },
    { { { "smtp-url", "smtps://mail.example" } }, "mail-from: " },
    { { { "smtp-user", "relay" } }, "smtp-url: " },
    { { { "smtp-url", "smtps://mail.example" }, { "mail-from", "a@example.com" }, { "smtp-password-file", "/x" } },
      "smtp-user: " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RelayConfig) config = relay_config_new ();
      g_autoptr (GError) error = NULL;

      g_assert_true (relay_config_set (config, "data", "/tmp/x", &error));
      for (guint k = 0; k < 3 && cases[i].keys[k][0] != NULL; k++)
        g_assert_true (relay_config_set (config, cases[i].keys[k][0], cases[i].keys[k][1], &error));
      g_assert_false (relay_config_validate (config, &error));
      g_assert_error (error, COBRO_ERROR, COBRO_ERROR_CONFIG);
      g_assert_true (g_str_has_prefix (error->message, cases[i].message));
    }
}

static void
test_mail_password (void)
{
  g_autoptr (RelayConfig) config = relay_config_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL, *none = NULL, *word = NULL;
  int fd = g_file_open_tmp ("smtp-XXXXXX", &path, NULL);

  g_close (fd, NULL);
  none = relay_config_smtp_password (config, &error);
  g_assert_cmpstr (none, ==, "");
  g_assert_true (relay_config_set (config, "smtp-user", "relay", &error));
  g_assert_null (relay_config_smtp_password (config, &error));
  g_assert_error (error, COBRO_ERROR, COBRO_ERROR_CONFIG);
  g_clear_error (&error);
  g_assert_true (relay_config_set (config, "smtp-password-file", path, &error));
  g_assert_null (relay_config_smtp_password (config, &error)); /* empty */
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (path, "s3cret word\nsomething else\n", -1, NULL));
  g_assert_cmpint (g_chmod (path, 0644), ==, 0);
  g_assert_null (relay_config_smtp_password (config, &error));
  g_assert_true (g_str_has_suffix (error->message, "others may open it (chmod go=)"));
  g_clear_error (&error);
  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
  word = relay_config_smtp_password (config, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (word, ==, "s3cret word");
  g_unlink (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/config/every-key", test_every_key);
  g_test_add_func ("/relay/config/defaults", test_defaults);
  g_test_add_func ("/relay/config/public-url-is-needed", test_public_url_is_needed);
  g_test_add_func ("/relay/config/typos", test_typos);
  g_test_add_func ("/relay/config/no-text-file", test_no_text_file);
  g_test_add_func ("/relay/config/loopback", test_loopback);
  g_test_add_func ("/relay/config/mail", test_mail);
  g_test_add_func ("/relay/config/mail-password", test_mail_password);
  return g_test_run ();
}
