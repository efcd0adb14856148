/* relay/html/relay-language.h — which language a page is written in: the link's, else what the browser asks for,
 * else the seller's. Layer: relay/html. Any thread. */
#pragma once
#include <glib.h>

/**
 * relay_language_choose:
 * @wanted: (nullable): a language tag that goes before the browser's wishes ("auto" and "" are none)
 * @accept_language: (nullable): the browser's header
 * @fallback: (nullable): a language tag for a browser that wishes for none that we have
 * @offered: (array zero-terminated=1): tags we have, the first is the last resort
 *
 * Matches by primary subtag ("es-MX" takes "es"), by quality, RFC 9110 section 12.5.4; nonsense is ignored.
 *
 * Returns: (transfer none): one of @offered
 */
const char *relay_language_choose (const char *wanted, const char *accept_language, const char *fallback,
                                   const char *const *offered);

/**
 * relay_language_locale:
 * @wanted: (nullable): as above, and the others too
 * @language: what relay_language_choose() gave
 *
 * The locale for numbers and dates: the first wish whose language is @language, with its region ("es-MX"), else
 * @language.
 *
 * Returns: (transfer full)
 */
char *relay_language_locale (const char *wanted, const char *accept_language, const char *fallback,
                             const char *language);

/* "rtl" for Arabic, Hebrew, Persian, Urdu …, else "ltr". */
const char *relay_language_direction (const char *language);
