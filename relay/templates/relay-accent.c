/* relay/templates/relay-accent.c — the merchant's colour as the page's style. Layer: relay/templates. Pure; any
 * thread. */
#include "relay-accent.h"

#include "cobro-accent.h"

#define DARK_PAPER ((CobroColour){ 25, 28, 34 })
#define EDGE       300

static void
append_colours (GString *css, CobroColour colour, CobroColour paper)
{
  g_autofree char *act = cobro_colour_text (colour);
  g_autofree char *edge = cobro_colour_text (cobro_accent_on (colour, paper, EDGE));
  gboolean white = cobro_accent_ink (colour).r == 255;

  g_string_append_printf (css, ":root{--act:%s;--act-ink:%s;--act-edge:%s}", act, white ? "#fff" : "#000", edge);
}

char *
relay_accent_style (const char *accent)
{
  CobroColour colour = cobro_accent_parse (accent);
  GString *css = g_string_new (NULL);

  append_colours (css, colour, COBRO_COLOUR_WHITE);
  g_string_append (css, "@media (prefers-color-scheme:dark){");
  append_colours (css, colour, DARK_PAPER);
  g_string_append_c (css, '}');
  return g_string_free (css, FALSE);
}

char *
relay_accent_plain (const char *accent)
{
  return cobro_colour_text (cobro_accent_parse (accent));
}
