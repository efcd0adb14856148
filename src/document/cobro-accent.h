/* src/document/cobro-accent.h — the merchant's colour, kept readable wherever it stands: contrast by WCAG 2.2 in whole
 * numbers. Layer: document. Pure; any thread. */
#pragma once
#include <glib.h>

typedef struct
{
  guint8 r, g, b;
} CobroColour;

#define COBRO_COLOUR_WHITE ((CobroColour){ 255, 255, 255 })
#define COBRO_COLOUR_BLACK ((CobroColour){ 0, 0, 0 })

/* "#rrggbb"; anything else, NULL too, is Cobro's own. */
CobroColour cobro_accent_parse (const char *accent);
/* Black or white, whichever is read better on it: never below 4.5 : 1 (WCAG 2.2, 1.4.3). */
CobroColour cobro_accent_ink (CobroColour colour);
/* The nearest shade that stands out from @paper by @contrast, in hundredths: 450 for text, 300 for edges. */
CobroColour cobro_accent_on (CobroColour colour, CobroColour paper, guint contrast);
/* A share of the colour in the paper: @percent of it. For backgrounds. */
CobroColour cobro_accent_tint (CobroColour colour, CobroColour paper, guint percent);
/* (L1 + 0.05) : (L2 + 0.05), in hundredths. */
guint cobro_colour_contrast (CobroColour a, CobroColour b);
/* (transfer full) "#rrggbb" */
char *cobro_colour_text (CobroColour colour);
