/* relay/templates/relay-scripts.h — which third-party scripts and hosts our pages may use, and why: the manifest
 * scripts.json, inside the binary. Pages, their Content-Security-Policy and "cobro-relay watch-page" all read it.
 * Layer: relay/templates. Read-only once it is set up; any thread. */
#pragma once
#include <gio/gio.h>
#include "relay-csp.h"

/* What may be said about where a page's parts come from (Content-Security-Policy). */
typedef enum
{
  RELAY_SOURCE_SCRIPT,
  RELAY_SOURCE_FRAME,
  RELAY_SOURCE_CONNECT,
  RELAY_SOURCE_IMG,
  RELAY_SOURCE_STYLE,
  RELAY_SOURCE_FONT,
  RELAY_SOURCE_FORM,
} RelaySource;
#define RELAY_SOURCES 7

/* One script of somebody else's. */
typedef struct
{
  char *provider;
  char *url;
  char *reason, *owner;         /* why it is there, and who answers for it (PCI DSS 6.4.3) */
  char *integrity;              /* (nullable) "sha384-…", where its owner promises not to change it */
  gboolean popups;              /* opens windows that have to talk back */
  char *sources[RELAY_SOURCES]; /* origins, a host may begin with "*."; "" */
} RelayScript;

/* A provider's own pages that payers are sent to. */
typedef struct
{
  char *provider;
  char *hosts; /* origins, separated by blanks */
  char *reason, *owner;
} RelayHostedPage;

typedef struct _RelayScripts RelayScripts;

/**
 * relay_scripts_parse:
 * @json: a manifest
 * @length: bytes, or -1
 *
 * Returns: (transfer full): or %NULL with %COBRO_ERROR_INVALID at the path of what is wrong: an unknown key, an
 * address that is not https, a script without a reason or an owner, one whose own host its script-src lacks, a source
 * that is no origin
 */
RelayScripts *relay_scripts_parse (const char *json, gssize length, GError **error);
/* (transfer full) the one inside the binary; checked all the same: a relay does not start with a broken one. */
RelayScripts *relay_scripts_load (GError **error);
void relay_scripts_free (RelayScripts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayScripts, relay_scripts_free)

/* From now on test pages load @provider's scripts from @origin ("http://127.0.0.1:4010") under the same paths, and name
 * that origin alone where its own would stand. Before the first page. */
void relay_scripts_set_stand_in (RelayScripts *self, const char *provider, const char *origin);

/* (transfer none) (element-type RelayScript) all of them, in the order of the manifest. */
const GPtrArray *relay_scripts_list (const RelayScripts *self);

/* (transfer full) (element-type utf8) addresses to load on @provider's page, in order; empty when it has none.
 * @livemode: FALSE takes the stand-in's, where there is one. */
GPtrArray *relay_scripts_urls (const RelayScripts *self, const char *provider, gboolean livemode);
/* (transfer full) everything that @source needs for @provider's scripts, each once; "" for nothing. */
char *relay_scripts_sources (const RelayScripts *self, const char *provider, RelaySource source, gboolean livemode);
/* (transfer none) (nullable) the integrity of the script at @url, where the manifest has one. */
const char *relay_scripts_integrity (const RelayScripts *self, const char *url);
/* Whether a script of @provider's opens windows that have to talk back. */
gboolean relay_scripts_need_popups (const RelayScripts *self, const char *provider);
/* (transfer full) origins of the pages that @provider sends payers to; "". */
char *relay_scripts_hosted (const RelayScripts *self, const char *provider, gboolean livemode);
/* Adds what @provider's scripts need to @csp, which may have the styles of the page already. */
void relay_scripts_fill_csp (const RelayScripts *self, const char *provider, gboolean livemode, RelayCsp *csp);
/* (transfer full) everywhere that a form of any page may lead besides ourselves. */
char *relay_scripts_all_hosts (const RelayScripts *self);
/* Whether @url leads to one of the origins in @sources (origins, a host may begin with "*."). */
gboolean relay_scripts_covers (const char *sources, const char *url);
