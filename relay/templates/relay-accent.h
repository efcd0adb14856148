/* relay/templates/relay-accent.h — the merchant's colour, kept readable.
 * Layer: relay/templates. Pure; any thread. */
#pragma once
#include <glib.h>

/**
 * relay_accent_style:
 * @accent: "#rrggbb"; anything else takes Cobro's own
 *
 * --act is the accent as it is; --act-ink is black or white, whichever is read better on it (never below 4.5 : 1,
 * WCAG 2.2, 1.4.3); --act-edge is the nearest shade that is seen on the page's paper, light or dark (3 : 1,
 * WCAG 1.4.11), for borders and focus rings.
 *
 * Returns: (transfer full): the text of a style element; only digits, letters and punctuation of our own
 */
char *relay_accent_style (const char *accent);

/* (transfer full) the accent, checked, "#rrggbb". */
char *relay_accent_plain (const char *accent);
