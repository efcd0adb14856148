/* src/document/cobro-letter.c — writing the two bodies of a mail side by side. HTML as mail programs read it: tables,
 * styles in the elements, one style block for those that know dark mode and narrow screens. Layer: document. */
#include "cobro-letter.h"

#include <string.h>

#define WIDTH 72

/* Colours of the light look stand in the elements; a mail program that follows the reader's dark look takes these. */
#define DARK_STYLE                                                                                                     \
  "@media (prefers-color-scheme:dark){.bg{background:#14171c!important}.card{background:#1f242c!important}"            \
  ".ink{color:#f2f4f7!important}.dim{color:#b3bac5!important}.line{border-color:#39414d!important}"                    \
  ".box{background:#2a313b!important}.edge{color:%s!important}.bar{background:%s!important}}"                          \
  "@media (max-width:480px){.pad{padding-left:20px!important;padding-right:20px!important}"                            \
  ".big{font-size:32px!important}.btn a{display:block!important}}"

#define FONT "font-family:-apple-system,'Segoe UI',Roboto,Cantarell,'Noto Sans',Arial,sans-serif;"
#define INK  "color:#1b1f24;"
#define DIM  "color:#5a6472;"

struct _CobroLetter
{
  CobroLocale *locale;
  CobroColour accent;
  GString *plain, *html;
  gboolean in_lines; /* the table of lines is open */
};

/* ── Plain ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Appends words of one paragraph; a word longer than the line stands alone on its own. */
static void
wrap (GString *out, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  glong column = 0;

  for (guint i = 0; words[i] != NULL; i++)
    {
      glong length = g_utf8_strlen (words[i], -1);

      if (length == 0)
        continue;
      if (column > 0 && column + 1 + length > WIDTH)
        {
          g_string_append_c (out, '\n');
          column = 0;
        }
      if (column > 0)
        g_string_append_c (out, ' ');
      g_string_append (out, words[i]);
      column += length + 1;
    }
  g_string_append_c (out, '\n');
}

static void
wrap_block (GString *out, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    wrap (out, lines[i]);
}

/* "Subtotal ............ EUR 75.00": label and value at the ends of a line, or below each other where that is too long.
 */
static void
pair (GString *out, const char *label, const char *value)
{
  glong used = g_utf8_strlen (label, -1) + g_utf8_strlen (value, -1) + 2;

  if (used > WIDTH)
    {
      wrap (out, label);
      g_string_append (out, "    ");
      wrap (out, value);
      return;
    }
  g_string_append (out, label);
  for (glong i = used; i < 46; i++)
    g_string_append_c (out, ' ');
  g_string_append_printf (out, "  %s\n", value);
}

/* ── HTML ───────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* Appends @format with every %s escaped. */
G_GNUC_PRINTF (2, 3)
static void
markup (CobroLetter *letter, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list list;

  va_start (list, format);
  text = g_markup_vprintf_escaped (format, list);
  va_end (list);
  g_string_append (letter->html, text);
}

static void
close_lines (CobroLetter *letter)
{
  if (!letter->in_lines)
    return;
  letter->in_lines = FALSE;
  g_string_append (letter->html, "</table></td></tr>\n");
  g_string_append_c (letter->plain, '\n');
}

static void
open_part (CobroLetter *letter, guint above)
{
  close_lines (letter);
  g_string_append_printf (letter->html, "<tr><td class=\"pad\" style=\"padding:%upx 36px 0\">", above);
}

static void
close_part (CobroLetter *letter)
{
  g_string_append (letter->html, "</td></tr>\n");
}

/* Text with its line breaks as <br>. */
static void
append_block (CobroLetter *letter, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    markup (letter, i > 0 ? "<br>%s" : "%s", lines[i]);
}

static const char *
start_side (CobroLetter *letter)
{
  return cobro_locale_is_rtl (letter->locale) ? "right" : "left";
}

static const char *
end_side (CobroLetter *letter)
{
  return cobro_locale_is_rtl (letter->locale) ? "left" : "right";
}

/* ── Letter ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void
append_head (CobroLetter *letter, const char *subject)
{
  const CobroColour dark_card = { 0x1f, 0x24, 0x2c };
  g_autofree char *edge = cobro_colour_text (cobro_accent_on (letter->accent, dark_card, 450));
  g_autofree char *bar = cobro_colour_text (cobro_accent_on (letter->accent, dark_card, 300));

  markup (letter, "<!doctype html>\n<html lang=\"%s\" dir=\"%s\"><head><meta charset=\"utf-8\">",
          cobro_locale_get_tag (letter->locale), cobro_locale_is_rtl (letter->locale) ? "rtl" : "ltr");
  g_string_append (letter->html, "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
                                 "<meta name=\"color-scheme\" content=\"light dark\">"
                                 "<meta name=\"supported-color-schemes\" content=\"light dark\">");
  markup (letter, "<title>%s</title>", subject);
  g_string_append (letter->html, "<style>:root{color-scheme:light dark}");
  g_string_append_printf (letter->html, DARK_STYLE, edge, bar);
  g_string_append (letter->html, "</style></head>\n");
}

CobroLetter *
cobro_letter_new (CobroLocale *locale, const char *accent, const char *subject, const char *letterhead,
                  const char *preview)
{
  CobroLetter *letter = g_new0 (CobroLetter, 1);
  g_autofree char *bar = NULL;

  letter->locale = cobro_locale_ref (locale);
  letter->accent = cobro_accent_parse (accent);
  letter->plain = g_string_sized_new (2048);
  letter->html = g_string_sized_new (8192);
  bar = cobro_colour_text (cobro_accent_on (letter->accent, COBRO_COLOUR_WHITE, 150));

  append_head (letter, subject);
  g_string_append (letter->html, "<body class=\"bg\" style=\"margin:0;padding:0;background:#eef0f3\">");
  markup (letter, "<div style=\"display:none;max-height:0;overflow:hidden;opacity:0\">%s</div>", preview);
  g_string_append (letter->html,
                   "<table role=\"presentation\" class=\"bg\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" "
                   "style=\"background:#eef0f3\"><tr><td align=\"center\" style=\"padding:28px 12px\">"
                   "<table role=\"presentation\" class=\"card\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" "
                   "style=\"max-width:580px;background:#ffffff;border-radius:14px;overflow:hidden;" FONT "\">\n");
  markup (letter,
          "<tr><td class=\"bar\" style=\"height:6px;line-height:6px;font-size:6px;background:%s\">&nbsp;</td></tr>\n"
          "<tr><td class=\"pad\" style=\"padding:26px 36px 0\"><span class=\"dim\" style=\"font-size:15px;"
          "line-height:22px;font-weight:600;" DIM "\">%s</span></td></tr>\n",
          bar, letterhead);
  return letter;
}

void
cobro_letter_free (CobroLetter *letter)
{
  if (letter == NULL)
    return;
  cobro_locale_unref (letter->locale);
  g_string_free (letter->plain, TRUE);
  g_string_free (letter->html, TRUE);
  g_free (letter);
}

void
cobro_letter_paragraph (CobroLetter *letter, const char *text, gboolean quiet)
{
  g_autofree char *block = cobro_clean_block (text);

  if (*block == '\0')
    return;
  open_part (letter, quiet ? 10 : 16);
  g_string_append (letter->html, quiet ? "<p class=\"dim\" style=\"margin:0;font-size:13px;line-height:20px;" DIM
                                         "overflow-wrap:anywhere\">"
                                       : "<p class=\"ink\" style=\"margin:0;font-size:16px;line-height:25px;" INK
                                         "overflow-wrap:anywhere\">");
  append_block (letter, block);
  g_string_append (letter->html, "</p>");
  close_part (letter);
  wrap_block (letter->plain, block);
  g_string_append_c (letter->plain, '\n');
}

/* "Subtotal:", as the language sets it. */
static void
append_label (CobroLetter *letter, const char *label)
{
  g_autofree char *words = cobro_words (COBRO_WORD_LABEL, letter->locale, "label", label, NULL);

  g_string_append (letter->plain, words);
}

void
cobro_letter_amount (CobroLetter *letter, const char *label, const char *amount, const char *note)
{
  open_part (letter, 22);
  markup (letter,
          "<table role=\"presentation\" class=\"box\" width=\"100%%\" cellpadding=\"0\" cellspacing=\"0\" "
          "style=\"background:#f5f6f8;border-radius:10px\"><tr><td style=\"padding:18px 22px\">"
          "<div class=\"dim\" style=\"font-size:14px;line-height:20px;" DIM "\">%s</div>"
          "<div class=\"ink big\" style=\"font-size:38px;line-height:46px;font-weight:700;letter-spacing:-.5px;"
          "font-variant-numeric:tabular-nums;" INK "\"><bdi>%s</bdi></div>",
          label, amount);
  if (*note != '\0')
    markup (letter, "<div class=\"dim\" style=\"font-size:14px;line-height:20px;" DIM "\">%s</div>", note);
  g_string_append (letter->html, "</td></tr></table>");
  close_part (letter);
  append_label (letter, label);
  g_string_append_printf (letter->plain, " %s%s%s\n\n", amount, *note != '\0' ? " " : "", note);
}

#define KEPT_TOGETHER 24 /* characters of a value: an amount is not broken, not even at the dots of its sign */

static void
append_row (CobroLetter *letter, const CobroTextRow *row)
{
  const char *weight = row->strong ? "font-weight:700;" : "";
  const char *ink = row->light ? "dim" : "ink", *colour = row->light ? DIM : INK;
  gboolean is_short = g_utf8_strlen (row->value, -1) <= KEPT_TOGETHER;

  markup (letter,
          "<tr><td class=\"%s\" align=\"%s\" valign=\"top\" style=\"padding:4px 0;padding-%s:12px;font-size:15px;"
          "line-height:22px;%s%s\">"
          "%s</td><td class=\"%s\" align=\"%s\" valign=\"top\" style=\"padding:4px 0 4px;font-size:15px;"
          "line-height:22px;font-variant-numeric:tabular-nums;%s;%s%s\"><bdi>%s</bdi></td></tr>",
          row->light || !row->strong ? "dim" : ink, start_side (letter), end_side (letter), row->strong ? colour : DIM,
          weight, row->label, ink, end_side (letter), is_short ? "white-space:nowrap" : "overflow-wrap:anywhere",
          colour, weight, row->value);
}

void
cobro_letter_rows (CobroLetter *letter, const char *heading, GPtrArray *rows)
{
  if (rows->len == 0)
    return;
  open_part (letter, *heading != '\0' ? 20 : 14);
  if (*heading != '\0')
    {
      markup (letter,
              "<h2 class=\"ink\" style=\"margin:0 0 4px;font-size:15px;line-height:22px;font-weight:700;" INK
              "\">%s</h2>",
              heading);
      g_string_append_printf (letter->plain, "%s\n", heading);
    }
  g_string_append (letter->html, "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\">");
  for (guint i = 0; i < rows->len; i++)
    {
      const CobroTextRow *row = g_ptr_array_index (rows, i);

      append_row (letter, row);
      pair (letter->plain, row->label, row->value);
    }
  g_string_append (letter->html, "</table>");
  g_string_append_c (letter->plain, '\n');
  close_part (letter);
}

void
cobro_letter_line (CobroLetter *letter, const char *what, const char *detail, const char *amount)
{
  g_autofree char *block = cobro_clean_block (what);
  g_autofree char *line = cobro_clean_line (what);

  if (!letter->in_lines)
    {
      open_part (letter, 22);
      g_string_append (letter->html,
                       "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\">");
      letter->in_lines = TRUE;
    }
  markup (letter,
          "<tr><td class=\"ink line\" align=\"%s\" valign=\"top\" style=\"padding:10px 0;font-size:15px;"
          "line-height:22px;border-bottom:1px solid #e3e6ea;overflow-wrap:anywhere;" INK "\">",
          start_side (letter));
  append_block (letter, block);
  if (*detail != '\0')
    markup (letter, "<div class=\"dim\" style=\"font-size:13px;line-height:19px;" DIM "\"><bdi>%s</bdi></div>", detail);
  markup (letter,
          "</td><td class=\"ink line\" align=\"%s\" valign=\"top\" style=\"padding:10px 0;font-size:15px;"
          "line-height:22px;white-space:nowrap;border-bottom:1px solid #e3e6ea;font-variant-numeric:tabular-nums;" INK
          "\"><bdi>%s</bdi></td></tr>",
          end_side (letter), amount);
  wrap (letter->plain, line);
  pair (letter->plain, *detail != '\0' ? detail : "-", amount);
}

void
cobro_letter_button (CobroLetter *letter, const char *label, const char *url)
{
  g_autofree char *act = cobro_colour_text (letter->accent);
  g_autofree char *ink = cobro_colour_text (cobro_accent_ink (letter->accent));

  if (!g_str_has_prefix (url, "https://") && !g_str_has_prefix (url, "http://"))
    return;
  open_part (letter, 24);
  markup (letter,
          "<div class=\"btn\"><a href=\"%s\" style=\"display:inline-block;box-sizing:border-box;min-width:220px;"
          "padding:15px 28px;border-radius:10px;background:%s;color:%s;font-size:17px;line-height:22px;"
          "font-weight:700;text-align:center;text-decoration:none\">%s</a></div>",
          url, act, ink, label);
  markup (letter,
          "<p class=\"dim\" style=\"margin:12px 0 0;font-size:12px;line-height:18px;overflow-wrap:anywhere;" DIM
          "\">%s<br><a class=\"dim\" dir=\"ltr\" href=\"%s\" style=\"" DIM "\">%s</a></p>",
          cobro_word (COBRO_WORD_OR_OPEN, letter->locale), url, url);
  close_part (letter);
  append_label (letter, label);
  g_string_append_printf (letter->plain, "\n%s\n\n", url);
}

char *
cobro_letter_plain (CobroLetter *letter)
{
  close_lines (letter);
  g_string_truncate (letter->plain, strlen (g_strchomp (letter->plain->str)));
  g_string_append_c (letter->plain, '\n');
  return cobro_plain_blanks (letter->plain->str);
}

char *
cobro_letter_html (CobroLetter *letter)
{
  close_lines (letter);
  g_string_append (letter->html, "<tr><td style=\"height:32px;line-height:32px;font-size:1px\">&nbsp;</td></tr>"
                                 "</table></td></tr></table></body></html>\n");
  return g_strdup (letter->html->str);
}
