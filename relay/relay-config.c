/* relay/relay-config.c — the table of keys, the line reader, and the checks of each value.
 * Layer: relay (composition). Thread: main. */
#include "relay-config.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "cobro-error.h"
#include "cobro-text.h"
#include "relay-smtp.h"

#define FILE_MAX     65536
#define PASSWORD_MAX 1024

typedef gboolean (*Setter) (RelayConfig *config, const char *value, GError **error);

RelayConfig *
relay_config_new (void)
{
  RelayConfig *config = g_new0 (RelayConfig, 1);

  config->listen = g_strdup ("127.0.0.1:8080");
  config->admin_listen = g_strdup ("");
  config->key_file = g_strdup ("");
  config->database = g_strdup ("");
  config->data = g_strdup ("");
  config->public_url = g_strdup ("");
  config->trusted_proxies = g_new0 (char *, 1);
  config->allow_targets = g_new0 (char *, 1);
  config->allow_ports = g_new0 (char *, 1);
  config->smtp_url = g_strdup ("");
  config->smtp_user = g_strdup ("");
  config->smtp_password_file = g_strdup ("");
  config->smtp_ca_file = g_strdup ("");
  config->mail_from = g_strdup ("");
  config->rate_limits = TRUE;
  config->access_log = TRUE;
  config->provider_bases = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  config->mock_options = relay_mock_options_default ();
  return config;
}

void
relay_config_free (RelayConfig *config)
{
  if (!config)
    return;
  g_free (config->listen);
  g_free (config->admin_listen);
  g_free (config->key_file);
  g_free (config->database);
  g_free (config->data);
  g_free (config->public_url);
  g_free (config->smtp_url);
  g_free (config->smtp_user);
  g_free (config->smtp_password_file);
  g_free (config->smtp_ca_file);
  g_free (config->mail_from);
  g_free (config->mock_books);
  g_hash_table_unref (config->provider_bases);
  g_strfreev (config->trusted_proxies);
  g_strfreev (config->allow_targets);
  g_strfreev (config->allow_ports);
  g_free (config);
}

/* ── values ─────────────────────────────────────────────────────────────────────────────────────── */

static gboolean
refuse (GError **error, const char *expected, const char *value)
{
  return cobro_error_set (error, COBRO_ERROR_CONFIG, "expected %s, not \"%s\"", expected, value);
}

static gboolean
number_in (const char *value, guint64 low, guint64 high, guint64 *out_number, GError **error)
{
  if (g_ascii_string_to_unsigned (value, 10, low, high, out_number, NULL))
    return TRUE;
  return cobro_error_set (error, COBRO_ERROR_CONFIG,
                          "expected a whole number from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT ", not \"%s\"",
                          low, high, value);
}

/* Splits "host:port" and "[v6]:port"; both parts are checked. */
static gboolean
split_address (const char *value, char **out_host, guint16 *out_port)
{
  const char *colon = strrchr (value, ':');
  g_autofree char *host = NULL;
  guint64 port;

  if (!colon || !g_ascii_string_to_unsigned (colon + 1, 10, 0, 65535, &port, NULL))
    return FALSE;
  if (value[0] == '[' && colon > value + 1 && colon[-1] == ']')
    host = g_strndup (value + 1, colon - value - 2);
  else if (value[0] != '[')
    host = g_strndup (value, colon - value);
  if (!host || !g_hostname_is_ip_address (host) || (strchr (host, ':') && value[0] != '['))
    return FALSE;
  *out_host = g_steal_pointer (&host);
  *out_port = port;
  return TRUE;
}

static gboolean
check_address (const char *value, GError **error)
{
  g_autofree char *host = NULL;
  guint16 port;

  /* sun_path holds 108 bytes with its end. */
  if (g_str_has_prefix (value, "unix:"))
    {
      if (!g_path_is_absolute (value + 5) || strlen (value + 5) > 107)
        return refuse (error, "unix: and an absolute path of at most 107 bytes", value);
    }
  else if (!split_address (value, &host, &port))
    return refuse (error, "ADDRESS:PORT, [ADDRESS]:PORT or unix:/PATH", value);
  return TRUE;
}

static gboolean
set_listen (RelayConfig *config, const char *value, GError **error)
{
  if (!check_address (value, error))
    return FALSE;
  g_free (config->listen);
  config->listen = g_strdup (value);
  return TRUE;
}

static gboolean
set_data (RelayConfig *config, const char *value, GError **error)
{
  if (!*value)
    return refuse (error, "a folder", value);
  g_free (config->data);
  config->data = g_canonicalize_filename (value, NULL);
  return TRUE;
}

static gboolean
is_loopback_host (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  return g_ascii_strcasecmp (host, "localhost") == 0 || (address && g_inet_address_get_is_loopback (address));
}

static gboolean
set_key_file (RelayConfig *config, const char *value, GError **error)
{
  if (!g_path_is_absolute (value))
    return refuse (error, "an absolute path such as /etc/cobro/relay.key", value);
  g_free (config->key_file);
  config->key_file = g_strdup (value);
  return TRUE;
}

static gboolean
set_public_url (RelayConfig *config, const char *value, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (value, G_URI_FLAGS_NONE, NULL);
  const char *host = uri ? g_uri_get_host (uri) : NULL;
  const char *path = uri ? g_uri_get_path (uri) : "";
  gsize length = strlen (value);

  if (!host || !*host || g_uri_get_userinfo (uri) || g_uri_get_query (uri) || g_uri_get_fragment (uri) ||
      (*path && !g_str_equal (path, "/")) || length > 512)
    return refuse (error, "an address such as https://pay.example without path or query", value);
  if (!g_str_equal (g_uri_get_scheme (uri), "https") &&
      !(g_str_equal (g_uri_get_scheme (uri), "http") && is_loopback_host (host)))
    return refuse (error, "https (http only for this machine itself: customers pay there)", value);
  g_free (config->public_url);
  config->public_url = g_strndup (value, value[length - 1] == '/' ? length - 1 : length);
  return TRUE;
}

/* Addresses or networks, separated by commas, over *@field. */
static gboolean
set_networks (char ***field, const char *value, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (value, ",", -1);

  for (guint i = 0; parts[i]; i++)
    {
      g_autoptr (GInetAddressMask) mask = NULL;

      g_strstrip (parts[i]);
      if (!(mask = g_inet_address_mask_new_from_string (parts[i], NULL)))
        return refuse (error, "addresses or networks such as 10.0.0.0/8, separated by commas", parts[i]);
    }
  g_strfreev (*field);
  *field = g_steal_pointer (&parts);
  return TRUE;
}

static gboolean
set_trusted_proxies (RelayConfig *config, const char *value, GError **error)
{
  return set_networks (&config->trusted_proxies, value, error);
}

static gboolean
set_allow_target (RelayConfig *config, const char *value, GError **error)
{
  return set_networks (&config->allow_targets, value, error);
}

static gboolean
set_allow_target_ports (RelayConfig *config, const char *value, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (value, ",", -1);

  for (guint i = 0; parts[i]; i++)
    {
      guint64 port;

      g_strstrip (parts[i]);
      if (!g_ascii_string_to_unsigned (parts[i], 10, 1, G_MAXUINT16, &port, NULL))
        return refuse (error, "ports such as 8443, separated by commas", parts[i]);
    }
  g_strfreev (config->allow_ports);
  config->allow_ports = g_steal_pointer (&parts);
  return TRUE;
}

/* Whoever reaches it sees everything: it knows no keys. */
/* The value may hold a password: it is not repeated. */
static gboolean
set_database (RelayConfig *config, const char *value, GError **error)
{
  if (!g_str_has_prefix (value, "postgresql://") && !g_str_has_prefix (value, "postgres://"))
    return cobro_error_set (error, COBRO_ERROR_CONFIG, "expected postgresql://USER@HOST/NAME");
  g_free (config->database);
  config->database = g_strdup (value);
  return TRUE;
}

static gboolean
set_role (RelayConfig *config, const char *value, GError **error)
{
  static const char *const roles[] = { "all", "web", "worker" };

  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    if (g_str_equal (value, roles[i]))
      {
        config->role = (RelayRole)i;
        return TRUE;
      }
  return refuse (error, "all, web or worker", value);
}

static gboolean
set_admin_listen (RelayConfig *config, const char *value, GError **error)
{
  if (!check_address (value, error))
    return FALSE;
  if (!relay_config_is_loopback (value))
    return refuse (error, "an address of this machine alone (127.0.0.1, [::1] or unix:), because no key protects it",
                   value);
  g_free (config->admin_listen);
  config->admin_listen = g_strdup (value);
  return TRUE;
}

static gboolean
set_request_threads (RelayConfig *config, const char *value, GError **error)
{
  guint64 number;

  if (!number_in (value, 1, 256, &number, error))
    return FALSE;
  config->request_threads = number;
  return TRUE;
}

static gboolean
set_connections_max (RelayConfig *config, const char *value, GError **error)
{
  guint64 number;

  if (!number_in (value, 16, 1000000, &number, error))
    return FALSE;
  config->connections_max = number;
  return TRUE;
}

static gboolean
set_connections_per_peer (RelayConfig *config, const char *value, GError **error)
{
  guint64 number;

  if (!number_in (value, 1, 1000000, &number, error))
    return FALSE;
  config->connections_per_peer = number;
  return TRUE;
}

static gboolean
read_switch (const char *value, gboolean *out_on, GError **error)
{
  if (!g_str_equal (value, "on") && !g_str_equal (value, "off"))
    return refuse (error, "on or off", value);
  *out_on = g_str_equal (value, "on");
  return TRUE;
}

static gboolean
set_rate_limits (RelayConfig *config, const char *value, GError **error)
{
  return read_switch (value, &config->rate_limits, error);
}

static gboolean
set_access_log (RelayConfig *config, const char *value, GError **error)
{
  return read_switch (value, &config->access_log, error);
}

static gboolean
set_mock_gateway (RelayConfig *config, const char *value, GError **error)
{
  return read_switch (value, &config->mock_gateway, error);
}

static gboolean
set_mock_books (RelayConfig *config, const char *value, GError **error)
{
  if (!g_str_has_prefix (value, "postgresql://") && !g_str_has_prefix (value, "postgres://"))
    return refuse (error, "postgresql://… of a database of its own", value);
  g_free (config->mock_books);
  config->mock_books = g_strdup (value);
  return TRUE;
}

/* One "NAME=URL". Only this machine can stand in: a merchant's keys would go wherever it points. */
static gboolean
add_provider_base (RelayConfig *config, const char *pair, GError **error)
{
  const char *equals = strchr (pair, '=');
  g_autofree char *name = equals != NULL ? g_strndup (pair, (gsize)(equals - pair)) : NULL;
  g_autoptr (GUri) uri = equals != NULL ? g_uri_parse (equals + 1, G_URI_FLAGS_NONE, NULL) : NULL;
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  if (name == NULL || !relay_companies_has (name))
    return refuse (error, "NAME=URL with the name of a payment provider", pair);
  if (host == NULL || !is_loopback_host (host) || !g_str_has_prefix (g_uri_get_scheme (uri), "http") ||
      *g_uri_get_path (uri) != '\0' || g_uri_get_query (uri) != NULL || g_uri_get_userinfo (uri) != NULL)
    return refuse (error, "a stand-in on this machine such as http://127.0.0.1:4242", equals + 1);
  g_hash_table_replace (config->provider_bases, g_steal_pointer (&name), g_strdup (equals + 1));
  return TRUE;
}

static gboolean
set_provider_base (RelayConfig *config, const char *value, GError **error)
{
  g_auto (GStrv) pairs = g_strsplit (value, ",", -1);

  for (guint i = 0; pairs[i] != NULL; i++)
    if (!add_provider_base (config, g_strstrip (pairs[i]), error))
      return FALSE;
  return TRUE;
}

static void
take_text (char **field, const char *value)
{
  g_free (*field);
  *field = g_strdup (value);
}

static gboolean
set_smtp_url (RelayConfig *config, const char *value, GError **error)
{
  if (!relay_smtp_check_url (value, error))
    return FALSE;
  take_text (&config->smtp_url, value);
  return TRUE;
}

static gboolean
set_smtp_user (RelayConfig *config, const char *value, GError **error)
{
  if (!cobro_text_check (value, 254, COBRO_TEXT_NEEDED, NULL, NULL))
    return refuse (error, "a user name", value);
  take_text (&config->smtp_user, value);
  return TRUE;
}

static gboolean
set_smtp_password_file (RelayConfig *config, const char *value, GError **error)
{
  if (!g_path_is_absolute (value))
    return refuse (error, "an absolute path such as /etc/cobro/smtp-password", value);
  take_text (&config->smtp_password_file, value);
  return TRUE;
}

static gboolean
set_smtp_ca_file (RelayConfig *config, const char *value, GError **error)
{
  if (!g_path_is_absolute (value))
    return refuse (error, "an absolute path such as /etc/cobro/mail-ca.pem", value);
  take_text (&config->smtp_ca_file, value);
  return TRUE;
}

static gboolean
set_mail_from (RelayConfig *config, const char *value, GError **error)
{
  if (*value == '\0' || !cobro_text_check_email (value, NULL, NULL))
    return refuse (error, "an address such as payments@example.com", value);
  take_text (&config->mail_from, value);
  return TRUE;
}

static const struct
{
  const char *key;
  Setter set;
} keys[] = {
  { "listen", set_listen },
  { "admin-listen", set_admin_listen },
  { "data", set_data },
  { "database", set_database },
  { "role", set_role },
  { "key-file", set_key_file },
  { "public-url", set_public_url },
  { "trusted-proxies", set_trusted_proxies },
  { "allow-target", set_allow_target },
  { "allow-target-ports", set_allow_target_ports },
  { "request-threads", set_request_threads },
  { "connections-max", set_connections_max },
  { "connections-per-peer", set_connections_per_peer },
  { "rate-limits", set_rate_limits },
  { "access-log", set_access_log },
  { "mock-gateway", set_mock_gateway },
  { "provider-base", set_provider_base },
  { "mock-books", set_mock_books },
  { "smtp-url", set_smtp_url },
  { "smtp-user", set_smtp_user },
  { "smtp-password-file", set_smtp_password_file },
  { "smtp-ca-file", set_smtp_ca_file },
  { "mail-from", set_mail_from },
};

/* ── the file ───────────────────────────────────────────────────────────────────────────────────── */

/* Levenshtein distance, for "did you mean"; both words are short. */
static guint
distance (const char *a, const char *b)
{
  gsize width = strlen (b) + 1;
  g_autofree guint *row = g_new (guint, width);

  for (guint j = 0; j < width; j++)
    row[j] = j;
  for (guint i = 1; a[i - 1]; i++)
    {
      guint diagonal = row[0];

      row[0] = i;
      for (guint j = 1; j < width; j++)
        {
          guint above = row[j];
          row[j] = MIN (MIN (row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] != b[j - 1]));
          diagonal = above;
        }
    }
  return row[width - 1];
}

static gboolean
unknown_key (const char *key, GError **error)
{
  guint best = 0, closest = G_MAXUINT;

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (distance (key, keys[i].key) < closest)
      {
        best = i;
        closest = distance (key, keys[i].key);
      }
  if (closest <= 3)
    return cobro_error_set (error, COBRO_ERROR_CONFIG, "unknown key \"%s\" (did you mean \"%s\"?)", key,
                            keys[best].key);
  return cobro_error_set (error, COBRO_ERROR_CONFIG, "unknown key \"%s\"", key);
}

gboolean
relay_config_set (RelayConfig *config, const char *key, const char *value, GError **error)
{
  g_autofree char *prefix = g_strdup_printf ("%s: ", key);

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (g_str_equal (key, keys[i].key))
      {
        if (keys[i].set (config, value, error))
          return TRUE;
        g_prefix_error (error, "%s", prefix);
        return FALSE;
      }
  if (g_str_has_prefix (key, "mock-"))
    {
      if (relay_mock_options_set (&config->mock_options, key + strlen ("mock-"), value, error))
        return TRUE;
      g_prefix_error (error, "%s", prefix);
      return FALSE;
    }
  return strlen (key) <= 64 ? unknown_key (key, error) : cobro_error_set (error, COBRO_ERROR_CONFIG, "unknown key");
}

static gboolean
read_line (RelayConfig *config, char *line, GHashTable *seen, GError **error)
{
  char *equals;

  g_strstrip (line);
  if (!*line || *line == '#')
    return TRUE;
  if (!(equals = strchr (line, '=')))
    return cobro_error_set (error, COBRO_ERROR_CONFIG, "expected \"key = value\", not \"%.80s\"", line);
  *equals = '\0';
  g_strstrip (line);
  if (!g_hash_table_add (seen, g_strdup (line)))
    return cobro_error_set (error, COBRO_ERROR_CONFIG, "%.64s: given twice", line);
  return relay_config_set (config, line, g_strstrip (equals + 1), error);
}

gboolean
relay_config_load (RelayConfig *config, const char *path, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) failure = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, &failure))
    return cobro_error_set (error, COBRO_ERROR_CONFIG, "%s", failure->message);
  if (length > FILE_MAX)
    return cobro_error_set (error, COBRO_ERROR_CONFIG, "%s: larger than 64 KiB", path);
  if (strlen (text) != length || !g_utf8_validate (text, length, NULL))
    return cobro_error_set (error, COBRO_ERROR_CONFIG, "%s: not a text file", path);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i]; i++)
    if (!read_line (config, lines[i], seen, error))
      {
        g_prefix_error (error, "%s:%u: ", path, i + 1);
        return FALSE;
      }
  return TRUE;
}

/* ── the whole ──────────────────────────────────────────────────────────────────────────────────── */

gboolean
relay_config_is_loopback (const char *listen)
{
  g_autofree char *host = NULL;
  guint16 port;

  if (g_str_has_prefix (listen, "unix:"))
    return TRUE;
  return split_address (listen, &host, &port) && is_loopback_host (host);
}

gboolean
relay_config_need_data (const RelayConfig *config, GError **error)
{
  if (*config->data)
    return TRUE;
  return cobro_error_set (error, COBRO_ERROR_CONFIG,
                          "data: no data folder is given (--data DIR, or \"data = DIR\" in the file)");
}

static gboolean
validate_mail (const RelayConfig *config, GError **error)
{
  if (*config->smtp_url == '\0' &&
      (*config->smtp_user != '\0' || *config->smtp_password_file != '\0' || *config->smtp_ca_file != '\0'))
    return cobro_error_set (error, COBRO_ERROR_CONFIG, "smtp-url: the mail server is not given (smtps://HOST)");
  if ((*config->smtp_url == '\0') != (*config->mail_from == '\0'))
    return cobro_error_set (error, COBRO_ERROR_CONFIG, "%s",
                            *config->mail_from == '\0'
                              ? "mail-from: the address that mails come from is not given"
                              : "smtp-url: mail-from is given, the mail server is not (smtps://HOST)");
  if (*config->smtp_user == '\0' && *config->smtp_password_file != '\0')
    return cobro_error_set (error, COBRO_ERROR_CONFIG, "smtp-user: there is a password, and no user");
  return TRUE;
}

gboolean
relay_config_validate (RelayConfig *config, GError **error)
{
  g_autofree char *host = NULL;
  guint16 port = 0;

  if (!relay_config_need_data (config, error) || !validate_mail (config, error))
    return FALSE;
  if (config->role != RELAY_ROLE_ALL && !*config->database)
    return cobro_error_set (error, COBRO_ERROR_CONFIG,
                            "role: one relay does everything on a SQLite file; web and worker share a database "
                            "(--database postgresql://…)");
  if (*config->public_url)
    return TRUE;
  if (!split_address (config->listen, &host, &port) || !is_loopback_host (host))
    return cobro_error_set (error, COBRO_ERROR_CONFIG,
                            "public-url: the address that customers see is not given (--public-url https://…)");
  if (port == 0)
    return TRUE;
  g_free (config->public_url);
  config->public_url = g_strdup_printf ("http://%s", config->listen);
  return TRUE;
}

/* (nullable) what the service manager hands over under this name. */
static char *
find_credential (const char *name)
{
  const char *credentials = g_getenv ("CREDENTIALS_DIRECTORY");
  g_autofree char *given = credentials ? g_build_filename (credentials, name, NULL) : NULL;

  return given && g_file_test (given, G_FILE_TEST_EXISTS) ? g_steal_pointer (&given) : NULL;
}

char *
relay_config_key_file (const RelayConfig *config)
{
  return *config->key_file ? g_strdup (config->key_file) : find_credential ("relay.key");
}

char *
relay_config_smtp_password (const RelayConfig *config, GError **error)
{
  g_autofree char *path =
    *config->smtp_password_file ? g_strdup (config->smtp_password_file) : find_credential ("smtp-password");
  g_autoptr (GError) failure = NULL;
  char *text = NULL;
  gsize length = 0;
  GStatBuf info;

  if (!*config->smtp_user)
    return g_strdup ("");
  if (!path)
    cobro_error_set (error, COBRO_ERROR_CONFIG, "smtp-password-file: there is a user, and no password");
  else if (g_stat (path, &info) != 0)
    cobro_error_set (error, COBRO_ERROR_CONFIG, "smtp-password-file: %s: %s", path, g_strerror (errno));
  else if ((info.st_mode & 077) != 0)
    cobro_error_set (error, COBRO_ERROR_CONFIG, "smtp-password-file: %s: others may open it (chmod go=)", path);
  else if (info.st_size > PASSWORD_MAX)
    cobro_error_set (error, COBRO_ERROR_CONFIG, "smtp-password-file: %s: larger than 1 KiB", path);
  else if (!g_file_get_contents (path, &text, &length, &failure))
    cobro_error_set (error, COBRO_ERROR_CONFIG, "smtp-password-file: %s", failure->message);
  if (text)
    text[strcspn (text, "\r\n")] = '\0';
  if (!text || *text)
    return text;
  g_free (text);
  cobro_error_set (error, COBRO_ERROR_CONFIG, "smtp-password-file: %s: is empty", path);
  return NULL;
}

gboolean
relay_config_need_file (const RelayConfig *config, GError **error)
{
  return !*config->database ||
         cobro_error_set (error, COBRO_ERROR_CONFIG,
                          "the books are on PostgreSQL: its own tools do this (pg_basebackup, pg_dump, pg_restore)");
}
