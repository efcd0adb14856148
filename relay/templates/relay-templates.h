/* relay/templates/relay-templates.h — page models and errors into HTML, in the buyer's language.
 * Layer: relay/templates. Templates are compiled once, when this is made; afterwards any thread may render. */
#pragma once
#include <gio/gio.h>
#include "relay-csp.h"
#include "relay-page.h"
#include "relay-scripts.h"

typedef struct _RelayTemplates RelayTemplates;

/* A page with what its headers need. */
typedef struct
{
  guint status; /* HTTP */
  char *html;
  RelayCsp csp;    /* the hashes of the inline styles, and what the provider's script needs on an embedded page */
  gboolean popups; /* the provider's script opens windows that have to talk back */
  char *content_language; /* "en" */
} RelayRendered;
void relay_rendered_free (RelayRendered *rendered);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayRendered, relay_rendered_free)

/**
 * relay_templates_new:
 *
 * Compiles every template in every language, and reads the manifest of third-party scripts.
 *
 * Returns: (transfer full): or %NULL with %COBRO_ERROR_INTERNAL or %COBRO_ERROR_CORRUPT (a template or catalogue that
 * is wrong), or %COBRO_ERROR_INVALID (the manifest is)
 */
RelayTemplates *relay_templates_new (GError **error);
void relay_templates_free (RelayTemplates *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayTemplates, relay_templates_free)

/* (transfer none) the manifest; stand-ins are set before the first page is made. */
RelayScripts *relay_templates_get_scripts (RelayTemplates *self);

/* (transfer full) the checkout page in every state. @accept_language: (nullable) the browser's header. Never fails. */
RelayRendered *relay_templates_checkout (RelayTemplates *self, const RelayPage *page, const char *accept_language);

/* (transfer full) the page of an error: 400, 401, 403, 404, 405, 413, 415, 428, 429, 500, 502, 503, 504 …; @request_id
 * is shown so that the buyer can quote it (nullable). */
RelayRendered *relay_templates_error (RelayTemplates *self, guint status, const char *accept_language,
                                      const char *request_id);

/* Static files: @name is the last part of "/assets/<name>". The names carry a hash of the content, so answers may be
 * cached for ever
 * ("Cache-Control: public, max-age=31536000, immutable").
 * Returns: (transfer none) (nullable): NULL for unknown names */
GBytes *relay_templates_asset (RelayTemplates *self, const char *name, const char **out_content_type);

/* Whether @css is the text of one of the two style elements that pages have. */
gboolean relay_templates_is_style (RelayTemplates *self, const char *css);

/* What @provider's script needs besides our own host, into @csp, which is empty; @livemode: FALSE takes the stand-in's.
 */
void relay_templates_script_policy (RelayTemplates *self, const char *provider, gboolean livemode, RelayCsp *csp);
