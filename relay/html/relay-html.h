/* relay/html/relay-html.h — escaping for HTML, by context. The only way text from outside gets into a page.
 * Layer: relay/html. GLib only. Any thread. */
#pragma once
#include <glib.h>

/* Between tags: "a < b" → "a &lt; b". Control characters other than tab and newline become U+FFFD. NULL writes nothing.
 */
void relay_html_append_text (GString *out, const char *text);
/* Inside a double-quoted attribute; also newline and tab are written as character references. */
void relay_html_append_attribute (GString *out, const char *text);
/* Inside a double-quoted attribute that is an address (href, src, action): only https, http, mailto, tel, sms and paths
 * of our own ("/…", "?…", "#…") pass; anything else becomes "about:blank". */
void relay_html_append_url (GString *out, const char *url);
/* One part of such an address ("/pay/" + part): percent-encoded, so that it cannot leave its place. */
void relay_html_append_url_part (GString *out, const char *part);

/**
 * relay_html_style_source:
 *
 * Returns: (transfer full): the CSP source of an inline style element with exactly this text: "'sha256-<base64>'"
 */
char *relay_html_style_source (const char *css);
