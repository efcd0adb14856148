/* src/document/cobro-accent.c — the merchant's colour, kept readable. Layer: document. Pure; any thread. */
#include "cobro-accent.h"

#include <string.h>

#define OWN_ACCENT "#0f6f63"
#define STEPS      32

/* sRGB 0 … 255 to linear light × 65535 (IEC 61966-2-1). */
/* clang-format off */
static const guint16 linear[256] = {
  0, 20, 40, 60, 80, 99, 119, 139, 159, 179, 199, 219, 241, 264, 288, 313,
  340, 367, 396, 427, 458, 491, 526, 562, 599, 637, 677, 718, 761, 805, 851, 898,
  947, 997, 1048, 1101, 1156, 1212, 1270, 1330, 1391, 1453, 1517, 1583, 1651, 1720, 1790, 1863,
  1937, 2013, 2090, 2170, 2250, 2333, 2418, 2504, 2592, 2681, 2773, 2866, 2961, 3058, 3157, 3258,
  3360, 3464, 3570, 3678, 3788, 3900, 4014, 4129, 4247, 4366, 4488, 4611, 4736, 4864, 4993, 5124,
  5257, 5392, 5530, 5669, 5810, 5953, 6099, 6246, 6395, 6547, 6700, 6856, 7014, 7174, 7335, 7500,
  7666, 7834, 8004, 8177, 8352, 8528, 8708, 8889, 9072, 9258, 9445, 9635, 9828, 10022, 10219, 10417,
  10619, 10822, 11028, 11235, 11446, 11658, 11873, 12090, 12309, 12530, 12754, 12980, 13209, 13440, 13673, 13909,
  14146, 14387, 14629, 14874, 15122, 15371, 15623, 15878, 16135, 16394, 16656, 16920, 17187, 17456, 17727, 18001,
  18277, 18556, 18837, 19121, 19407, 19696, 19987, 20281, 20577, 20876, 21177, 21481, 21787, 22096, 22407, 22721,
  23038, 23357, 23678, 24002, 24329, 24658, 24990, 25325, 25662, 26001, 26344, 26688, 27036, 27386, 27739, 28094,
  28452, 28813, 29176, 29542, 29911, 30282, 30656, 31033, 31412, 31794, 32179, 32567, 32957, 33350, 33745, 34143,
  34544, 34948, 35355, 35764, 36176, 36591, 37008, 37429, 37852, 38278, 38706, 39138, 39572, 40009, 40449, 40891,
  41337, 41785, 42236, 42690, 43147, 43606, 44069, 44534, 45002, 45473, 45947, 46423, 46903, 47385, 47871, 48359,
  48850, 49344, 49841, 50341, 50844, 51349, 51858, 52369, 52884, 53401, 53921, 54445, 54971, 55500, 56032, 56567,
  57105, 57646, 58190, 58737, 59287, 59840, 60396, 60955, 61517, 62082, 62650, 63221, 63795, 64372, 64952, 65535,
};
/* clang-format on */

static guint32
luminance (CobroColour colour)
{
  return (2126u * linear[colour.r] + 7152u * linear[colour.g] + 722u * linear[colour.b]) / 10000u;
}

guint
cobro_colour_contrast (CobroColour a, CobroColour b)
{
  guint32 la = luminance (a) + 3277, lb = luminance (b) + 3277;

  return MAX (la, lb) * 100 / MIN (la, lb);
}

static guint8
mix_part (guint8 from, guint8 to, guint step, guint steps)
{
  return (guint8)((from * (steps - step) + to * step) / steps);
}

static CobroColour
mix (CobroColour from, CobroColour to, guint step, guint steps)
{
  return (CobroColour){ mix_part (from.r, to.r, step, steps), mix_part (from.g, to.g, step, steps),
                        mix_part (from.b, to.b, step, steps) };
}

static gboolean
read_colour (const char *text, CobroColour *out)
{
  guint8 parts[3];

  if (text == NULL || text[0] != '#' || strlen (text) != 7)
    return FALSE;
  for (guint i = 0; i < 3; i++)
    {
      int high = g_ascii_xdigit_value (text[1 + i * 2]), low = g_ascii_xdigit_value (text[2 + i * 2]);

      if (high < 0 || low < 0)
        return FALSE;
      parts[i] = (guint8)(high * 16 + low);
    }
  *out = (CobroColour){ parts[0], parts[1], parts[2] };
  return TRUE;
}

CobroColour
cobro_accent_parse (const char *accent)
{
  CobroColour colour = COBRO_COLOUR_BLACK;

  if (!read_colour (accent, &colour))
    read_colour (OWN_ACCENT, &colour);
  return colour;
}

CobroColour
cobro_accent_ink (CobroColour colour)
{
  return cobro_colour_contrast (colour, COBRO_COLOUR_WHITE) >= cobro_colour_contrast (colour, COBRO_COLOUR_BLACK)
           ? COBRO_COLOUR_WHITE
           : COBRO_COLOUR_BLACK;
}

CobroColour
cobro_accent_on (CobroColour colour, CobroColour paper, guint contrast)
{
  CobroColour end = cobro_accent_ink (paper), shade = colour;

  for (guint step = 0; step <= STEPS; step++)
    {
      shade = mix (colour, end, step, STEPS);
      if (cobro_colour_contrast (shade, paper) >= contrast)
        break;
    }
  return shade;
}

CobroColour
cobro_accent_tint (CobroColour colour, CobroColour paper, guint percent)
{
  return mix (paper, colour, percent, 100);
}

char *
cobro_colour_text (CobroColour colour)
{
  return g_strdup_printf ("#%02x%02x%02x", colour.r, colour.g, colour.b);
}
