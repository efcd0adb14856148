/* relay/http/relay-csp.c — the Content-Security-Policy of a page.
 * Layer: relay/http. */
#include "relay-csp.h"

/* Sources come from our own code, providers' tables and the manifest of scripts; a stray semicolon would still open a
 * new directive. */
static char *
dup_sources (const char *sources)
{
  if (sources == NULL || sources[0] == '\0')
    return NULL;
  g_return_val_if_fail (sources[strcspn (sources, ";,\r\n")] == '\0', NULL);
  return g_strdup (sources);
}

void
relay_csp_copy (RelayCsp *policy, const RelayCsp *from)
{
  policy->form_action = dup_sources (from->form_action);
  policy->style_src = dup_sources (from->style_src);
  policy->script_src = dup_sources (from->script_src);
  policy->connect_src = dup_sources (from->connect_src);
  policy->img_src = dup_sources (from->img_src);
  policy->font_src = dup_sources (from->font_src);
  policy->frame_src = dup_sources (from->frame_src);
}

void
relay_csp_clear (RelayCsp *policy)
{
  g_clear_pointer (&policy->form_action, g_free);
  g_clear_pointer (&policy->style_src, g_free);
  g_clear_pointer (&policy->script_src, g_free);
  g_clear_pointer (&policy->connect_src, g_free);
  g_clear_pointer (&policy->img_src, g_free);
  g_clear_pointer (&policy->font_src, g_free);
  g_clear_pointer (&policy->frame_src, g_free);
}

static void
append (GString *out, const char *directive, const char *more)
{
  g_string_append (out, directive);
  if (more != NULL && more[0] != '\0')
    g_string_append (g_string_append_c (out, ' '), more);
}

/* semantics.md, "Response headers (exact)". */
void
relay_csp_append (const RelayCsp *policy, gboolean plain_http, GString *out)
{
  append (out, "default-src 'none'; base-uri 'none'; object-src 'none'; form-action 'self'", policy->form_action);
  append (out, "; frame-ancestors 'none'; img-src 'self' data:", policy->img_src);
  append (out, "; style-src 'self'", policy->style_src);
  append (out, "; font-src 'self'", policy->font_src);
  append (out, "; script-src 'self'", policy->script_src);
  append (out, "; connect-src 'self'", policy->connect_src);
  if (policy->frame_src != NULL && policy->frame_src[0] != '\0')
    append (out, "; frame-src", policy->frame_src);
  g_string_append (out, "; require-trusted-types-for 'script'");
  if (!plain_http)
    g_string_append (out, "; upgrade-insecure-requests");
}
