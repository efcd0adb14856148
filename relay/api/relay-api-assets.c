/* relay/api/relay-api-assets.c — what stands beside the pages: static files, the mock gateway's own pages, and pages
 * for errors. Layer: relay/api. Request threads; assets and errors also on the listener thread. */
#include "cobro-error.h"
#include "relay-api-common.h"
#include "relay-api-handlers.h"

#define FOR_EVER "public, max-age=31536000, immutable"

/* Names carry a hash of the content: a name never changes its meaning. */
RelayReply *
relay_api_asset (gpointer context, RelayRequest *request)
{
  RelayContext *ctx = context;
  const char *type = NULL;
  GBytes *bytes = relay_templates_asset (ctx->templates, relay_request_param (request, "name"), &type);
  g_autoptr (GError) error = NULL;
  RelayReply *reply;

  if (bytes == NULL)
    {
      cobro_error_set (&error, COBRO_ERROR_NOT_FOUND, "no such file");
      return relay_reply_problem (request, error);
    }
  reply = relay_reply_bytes (request, 200, type, bytes);
  relay_reply_set_header (reply, "Cache-Control", FOR_EVER);
  return reply;
}

RelayReply *
relay_api_error_page (gpointer context, RelayRequest *request, guint status, const char *code, const char *message)
{
  RelayContext *ctx = context;
  /* An error may come before there is a whole request to read a language from. */
  const char *language = request->route != NULL ? relay_request_header (request, "accept-language") : NULL;
  g_autoptr (RelayRendered) rendered = relay_templates_error (ctx->templates, status, language, request->id);
  RelayReply *reply =
    relay_reply_html_for (request, rendered->status, g_steal_pointer (&rendered->html), &rendered->csp);

  relay_reply_set_header (reply, "Content-Language", rendered->content_language);
  return reply;
}

/* ── The mock gateway ───────────────────────────────────────────────────────────────────────────── */

static RelayReply *
visit (RelayContext *ctx, RelayRequest *request, GHashTable *form)
{
  RelayProvider *mock = relay_providers_find (ctx->providers, "mock");
  RelayVisit what = { .post = form != NULL,
                      .path = relay_request_param (request, "rest"),
                      .form = form,
                      .accept_language = relay_request_header (request, "accept-language") };
  g_autoptr (GError) error = NULL;
  g_autoptr (RelayVisitAnswer) answer = NULL;

  if (mock == NULL)
    cobro_error_set (&error, COBRO_ERROR_NOT_FOUND, "there is no mock gateway here");
  else
    answer = relay_provider_serve (mock, &what, &error);
  if (answer == NULL)
    return relay_reply_problem (request, error);
  if (answer->redirect_url != NULL)
    return relay_reply_redirect (request, answer->redirect_url);
  return relay_reply_html (request, answer->status, g_steal_pointer (&answer->html),
                           answer->form_hosts != NULL && *answer->form_hosts != '\0' ? answer->form_hosts : NULL,
                           answer->style_sources);
}

RelayReply *
relay_api_mock_get (gpointer context, RelayRequest *request)
{
  return visit (context, request, NULL);
}

RelayReply *
relay_api_mock_post (gpointer context, RelayRequest *request)
{
  g_autoptr (GError) error = NULL;
  GHashTable *form = relay_request_get_form (request, &error);

  return form != NULL ? visit (context, request, form) : relay_reply_problem (request, error);
}
