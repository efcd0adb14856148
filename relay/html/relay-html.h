/* relay/html/relay-html.h — text into HTML: escaping, URLs, and the language a browser asks for.
 * Layer: relay/html. GLib only. Any thread. */
#pragma once
#include <glib.h>

/**
 * relay_html_escape:
 * @text: (nullable): UTF-8
 *
 * Appends @text so that it is plain text in element content and in quoted attribute values: & < > " ' become references.
 */
void relay_html_escape (GString *html, const char *text);

/**
 * relay_html_url_is_safe:
 *
 * Whether @url may stand in href, action, formaction or src: a path on this host ("/…" but not "//…"), a query ("?…") or fragment,
 * or an absolute http, https or mailto URL. Everything else (javascript:, data:, relative tricks, control characters) is not.
 */
gboolean relay_html_url_is_safe (const char *url);

/**
 * relay_html_choose_language:
 * @wanted: (nullable): a language tag that goes before the browser's wishes ("auto" and "" are none)
 * @accept_language: (nullable): the browser's header
 * @offered: (array zero-terminated=1): tags we have, the first is the fallback
 *
 * Matches by primary subtag ("es-MX" takes "es"), by quality, RFC 9110 section 12.5.4; nonsense is ignored.
 *
 * Returns: (transfer none): one of @offered
 */
const char *relay_html_choose_language (const char *wanted, const char *accept_language, const char *const *offered);

/**
 * relay_html_locale:
 * @wanted: (nullable): as above
 * @language: what relay_html_choose_language() gave
 *
 * The locale for numbers and dates: the first wish whose language is @language, with its region ("es-MX"), else @language.
 *
 * Returns: (transfer full)
 */
char *relay_html_locale (const char *wanted, const char *accept_language, const char *language);

/* "rtl" for Arabic, Hebrew, Persian, Urdu …, else "ltr". */
const char *relay_html_direction (const char *language);

/**
 * relay_html_style_source:
 *
 * Returns: (transfer full): the CSP source of an inline style element with exactly this text: "'sha256-<base64>'"
 */
char *relay_html_style_source (const char *css);
