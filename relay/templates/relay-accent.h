/* relay/templates/relay-accent.h — the merchant's colour, kept readable.
 * Layer: relay/templates. Pure; any thread. */
#pragma once
#include <glib.h>

/**
 * relay_accent_style:
 * @accent: "#rrggbb"; anything else takes Cobro's own
 *
 * The colours --act and --act-ink for light and dark pages. The accent is darkened on white, and lightened on dark
 * paper, until it stands out by 4.5 : 1 (WCAG 2.2, 1.4.3 and 1.4.11); the ink on it is black or white, whichever is
 * read better.
 *
 * Returns: (transfer full): the text of a style element; only digits, letters and punctuation of our own
 */
char *relay_accent_style (const char *accent);

/* (transfer full) the accent as it is used on light pages, "#rrggbb". */
char *relay_accent_light (const char *accent);
