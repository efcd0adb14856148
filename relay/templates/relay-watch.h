/* relay/templates/relay-watch.h — a payment page as browsers get it, compared with what this program would send: its
 * scripts, its policy, everything that it loads (PCI DSS 6.4.3 and 11.6.1). What stands between the relay and the buyer
 * (a proxy, a CDN, a machine that was broken into) cannot change a page without being told of here.
 * Layer: relay/templates. Pure. */
#pragma once
#include "relay-templates.h"

/* One page as it was fetched. Lent. */
typedef struct
{
  const char *url;           /* absolute: "https://pay.example/pay/<token>/with/stripe" */
  const GHashTable *headers; /* (element-type utf8 utf8) lower-case names */
  const char *html;
} RelayWatched;

/* One script that the page loads. */
typedef struct
{
  char *url;             /* absolute */
  char *integrity;       /* (nullable) what its bytes must be: "sha256-…" */
  const RelayScript *of; /* (nullable) what the manifest says; NULL: ours, or a stranger's */
  gboolean ours;
} RelayWatchedScript;

/**
 * relay_watch_page:
 * @out_scripts: (out) (transfer full) (element-type RelayWatchedScript): in the order of the page, also those that
 * should not be there
 *
 * Returns: (transfer full) (element-type utf8): what is wrong, in words; empty when the page is as it should be
 */
GPtrArray *relay_watch_page (RelayTemplates *templates, const RelayWatched *page, GPtrArray **out_scripts);

/* (transfer full) "sha256-<base64>" of @bytes. */
char *relay_watch_hash (GBytes *bytes);
