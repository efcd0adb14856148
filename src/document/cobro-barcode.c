/* src/document/cobro-barcode.c — Code 128: text to symbols, symbols to bars.
 * Layer: document. */
#include "cobro-barcode.h"

#include <string.h>

#include "cobro-error.h"

#define TEXT_MAX 80
#define QUIET    10
#define TO_C     99
#define TO_B     100
#define START_B  104
#define START_C  105
#define STOP     106
#define CHECK    103

/* Widths of bar, space, bar … of every symbol (ISO/IEC 15417, table 1). */
static const char *const patterns[] = {
  "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312",  "132212", "221213", "221312",
  "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211",  "221132", "221231", "213212",
  "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211",  "212123", "212321", "232121",
  "111323", "131123", "131321", "112313", "132113", "132311", "211313", "231113",  "231311", "112133", "112331",
  "132131", "113123", "113321", "133121", "313121", "211331", "231131", "213113",  "213311", "213131", "311123",
  "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111",  "111224", "111422", "121124",
  "121421", "141122", "141221", "112214", "112412", "122114", "122411", "142112",  "142211", "241211", "221114",
  "413111", "241112", "134111", "111242", "121142", "121241", "114212", "124112",  "124211", "411212", "421112",
  "421211", "212141", "214121", "412121", "111143", "111341", "131141", "114113",  "114311", "411113", "411311",
  "113141", "114131", "311141", "411131", "211412", "211214", "211232", "2331112",
};

static gsize
digits_at (const char *text)
{
  return strspn (text, "0123456789");
}

/* Whether pairs of digits are worth the change to set C: at the ends from 4 digits on, in the middle from 6. */
static gboolean
wants_pairs (const char *text, gboolean first)
{
  gsize digits = digits_at (text);

  return digits >= 6 || (digits >= 4 && (first || text[digits] == '\0'));
}

static void
add (GArray *symbols, guint symbol)
{
  g_array_append_val (symbols, symbol);
}

static guint
pair_at (const char *text)
{
  return (guint)(text[0] - '0') * 10 + (guint)(text[1] - '0');
}

/* An odd run leaves its first digit to set B, except at the very beginning, where its last one is left. */
static GArray *
to_symbols (const char *text)
{
  GArray *symbols = g_array_new (FALSE, FALSE, sizeof (guint));
  gboolean pairs = wants_pairs (text, TRUE);

  add (symbols, pairs ? START_C : START_B);
  while (*text != '\0')
    if (pairs && digits_at (text) >= 2)
      {
        add (symbols, pair_at (text));
        text += 2;
      }
    else if (pairs)
      {
        add (symbols, TO_B);
        pairs = FALSE;
      }
    else if (digits_at (text) % 2 == 0 && wants_pairs (text, FALSE))
      {
        add (symbols, TO_C);
        pairs = TRUE;
      }
    else
      add (symbols, (guint)(*text++ - ' '));
  return symbols;
}

static void
add_check (GArray *symbols)
{
  guint sum = g_array_index (symbols, guint, 0);

  for (guint i = 1; i < symbols->len; i++)
    sum += i * g_array_index (symbols, guint, i);
  add (symbols, sum % CHECK);
  add (symbols, STOP);
}

static gboolean
check_text (const char *text, GError **error)
{
  if (*text == '\0' || strlen (text) > TEXT_MAX)
    return cobro_error_set (error, COBRO_ERROR_INVALID, "must have 1 to %d characters", TEXT_MAX);
  for (; *text != '\0'; text++)
    if (*text < ' ' || *text > '~')
      return cobro_error_set (error, COBRO_ERROR_INVALID, "must be printable ASCII");
  return TRUE;
}

/* One symbol from @x on; returns where the next begins. */
static guint
append_bars (GString *path, const char *widths, guint x)
{
  for (guint i = 0; widths[i] != '\0'; i++)
    {
      guint modules = (guint)(widths[i] - '0');

      if (i % 2 == 0)
        g_string_append_printf (path, "M%u 0h%uv1h-%uz", x, modules, modules);
      x += modules;
    }
  return x;
}

char *
cobro_barcode_to_path (const char *text, guint *out_width, GError **error)
{
  g_autoptr (GArray) symbols = NULL;
  GString *path;
  guint x = QUIET;

  if (!check_text (text, error))
    return NULL;
  path = g_string_sized_new (1024);
  symbols = to_symbols (text);
  add_check (symbols);
  for (guint i = 0; i < symbols->len; i++)
    x = append_bars (path, patterns[g_array_index (symbols, guint, i)], x);
  *out_width = x + QUIET;
  return g_string_free (path, FALSE);
}
