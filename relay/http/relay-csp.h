/* relay/http/relay-csp.h — the Content-Security-Policy of a page: everything is forbidden but what stands here.
 * Written into every page's head, and compared with what a browser gets by "cobro-relay watch-page".
 * Layer: relay/http. Any thread. */
#pragma once
#include <glib.h>

/* What a page may use besides its own host; NULL or "": nothing else. Sources are separated by blanks. */
typedef struct
{
  char *form_action;
  char *style_src;
  char *script_src;
  char *connect_src;
  char *img_src;
  char *font_src;
  char *frame_src; /* NULL or "": no frames at all */
} RelayCsp;

/* Appends the value of the header. @plain_http: without upgrade-insecure-requests. */
void relay_csp_append (const RelayCsp *policy, gboolean plain_http, GString *out);
/* Frees what it holds, not itself. */
void relay_csp_clear (RelayCsp *policy);
/* Copies @from into @policy, which is empty. A source with a semicolon or comma would open a directive of its own: such
 * ones are programmer errors and left out. */
void relay_csp_copy (RelayCsp *policy, const RelayCsp *from);
