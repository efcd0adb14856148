/* relay/relay-config.h — the operator's settings: a file of "key = value" lines, then the command line over it;
 * validated before anything is opened. Layer: relay (composition). */
#pragma once
#include <glib.h>
#include "relay-companies.h"
#include "relay-mock.h"

/* What one of several relays on the same database does. */
typedef enum
{
  RELAY_ROLE_ALL,
  RELAY_ROLE_WEB,    /* answers requests; asks nobody by itself */
  RELAY_ROLE_WORKER, /* asks providers, delivers; answers nobody but whoever looks after it */
} RelayRole;

typedef struct
{
  char *listen;       /* "127.0.0.1:8080", "[::1]:8080" or "unix:/run/cobro/relay.sock" */
  char *admin_listen; /* as listen, on this machine only: metrics; "": none */
  char *data;         /* absolute path of the data folder */
  char *key_file;     /* absolute path of the key-encryption key; "": relay.key of the service manager's
                         credentials ($CREDENTIALS_DIRECTORY), else of the data folder */
  char *database;     /* "postgresql://…"; "": relay.sqlite in the data folder */
  RelayRole role;
  char *public_url;           /* "https://pay.example", no slash at the end */
  char **trusted_proxies;     /* CIDRs or addresses; %NULL-terminated, never NULL */
  char **allow_targets;       /* networks that webhooks may reach besides public addresses; never NULL */
  char **allow_ports;         /* and ports besides 443; never NULL */
  guint request_threads;      /* 0: the server's default */
  guint connections_max;      /* 0: the server's default */
  guint connections_per_peer; /* 0: the server's default */
  gboolean rate_limits;
  gboolean access_log;           /* one JSON line per request on standard output */
  gboolean mock_gateway;         /* play money for test-mode merchants */
  GHashTable *provider_bases;    /* (element-type utf8 utf8) stand-ins for payment companies, for test accounts only */
  char *mock_books;              /* "postgresql://…"; NULL: a file in the data folder */
  char *smtp_url;                /* the operator's mail server (relay-smtp.h); "": the relay sends no mail */
  char *smtp_user;               /* "": without log-in */
  char *smtp_password_file;      /* absolute path; "": smtp-password of the service manager's credentials */
  char *smtp_ca_file;            /* absolute path; "": the system's authorities */
  char *mail_from;               /* the address that mails come from; "" without smtp_url */
  RelayMockOptions mock_options; /* keys "mock-success-rate" …: "mock-" and an option of providers/mock/README.md */
} RelayConfig;

/* (transfer full) the defaults: 127.0.0.1:8080, no data folder, no public URL, limits on. */
RelayConfig *relay_config_new (void);
void relay_config_free (RelayConfig *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayConfig, relay_config_free)

/**
 * relay_config_load:
 * @path: a text file of at most 64 KiB: "key = value" lines, blank lines, and comments that begin with '#'
 *
 * Reads the file over @config. Unknown and repeated keys are errors, so that a typo is never a silent default.
 *
 * Returns: %FALSE with %COBRO_ERROR_CONFIG, whose text names file, line and key; @config may then be half filled
 */
gboolean relay_config_load (RelayConfig *config, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * relay_config_set:
 * @key: a key of the file, such as "public-url"
 *
 * Sets one value, checked, from the file or the command line.
 *
 * Returns: %FALSE with %COBRO_ERROR_CONFIG; the text names the key and the reason
 */
gboolean relay_config_set (RelayConfig *config, const char *key, const char *value,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * relay_config_validate:
 *
 * Checks what only the whole can tell: a data folder and a public URL are there. The public URL defaults to the
 * listening address where that is loopback TCP; with port 0 it stays open until the relay listens.
 *
 * Returns: %FALSE with %COBRO_ERROR_CONFIG
 */
gboolean relay_config_validate (RelayConfig *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* FALSE with COBRO_ERROR_CONFIG when no data folder is given: for commands that need nothing else. */
gboolean relay_config_need_data (const RelayConfig *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether @listen (as in RelayConfig) is a loopback address or a unix socket: what `demo` may listen on. */
gboolean relay_config_is_loopback (const char *listen);

/* (transfer full) (nullable) where the key-encryption key is; NULL: in the data folder. */
char *relay_config_key_file (const RelayConfig *config);

/* FALSE with COBRO_ERROR_CONFIG when the books are on PostgreSQL, whose own tools do such things (pg_dump, pg_restore).
 */
gboolean relay_config_need_file (const RelayConfig *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full) the password for the mail server: the first line of its file, which nobody else may open; "" without
 * smtp-user. NULL with COBRO_ERROR_CONFIG. Wipe it after use. */
char *relay_config_smtp_password (const RelayConfig *config, GError **error);
