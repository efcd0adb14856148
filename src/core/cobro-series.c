/* src/core/cobro-series.c — numbers of documents and the names of the series that give them.
 * Layer: core. Any thread. */
#include "cobro-series.h"
#include "cobro-error.h"

#include <string.h>

#define WRITTEN_MAX   40 /* COBRO_INVOICE_NUMBER_MAX */
#define SEQUENCE_ROOM 9  /* digits that a sequence is thought to need at most */

typedef enum
{
  PIECE_TEXT,
  PIECE_YEAR,
  PIECE_YY,
  PIECE_MONTH,
  PIECE_DAY,
  PIECE_SEQUENCE,
} PieceKind;

typedef struct
{
  PieceKind kind;
  const char *text; /* TEXT: one character or more */
  gsize n;          /* bytes of the pattern */
  guint width;      /* SEQUENCE: zeros in front up to it */
} Piece;

static const struct
{
  const char *text;
  PieceKind kind;
  gsize written; /* characters */
} names[] = {
  { "{year}", PIECE_YEAR, 4 },
  { "{yy}", PIECE_YY, 2 },
  { "{month}", PIECE_MONTH, 2 },
  { "{day}", PIECE_DAY, 2 },
  { "{seq}", PIECE_SEQUENCE, SEQUENCE_ROOM },
};

/* The piece at @at; FALSE at something in braces that is none. */
static gboolean
next_piece (const char *at, Piece *out_piece)
{
  *out_piece = (Piece){ PIECE_TEXT, at, strcspn (at, "{"), 0 };
  if (out_piece->n > 0)
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_has_prefix (at, names[i].text))
      {
        *out_piece = (Piece){ names[i].kind, at, strlen (names[i].text), 0 };
        return TRUE;
      }
  if (g_str_has_prefix (at, "{seq:") && at[5] >= '1' && at[5] <= '9' && at[6] == '}')
    {
      *out_piece = (Piece){ PIECE_SEQUENCE, at, 7, (guint)(at[5] - '0') };
      return TRUE;
    }
  return FALSE;
}

static gsize
written_length (const Piece *piece)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].kind == piece->kind)
      return names[i].written;
  return piece->n;
}

static gboolean
is_plain (const Piece *piece)
{
  for (gsize i = 0; i < piece->n; i++)
    if (!g_ascii_isalnum (piece->text[i]) && strchr (" -/._#", piece->text[i]) == NULL)
      return FALSE;
  return TRUE;
}

gboolean
cobro_series_check_pattern (const char *pattern, const char *path, GError **error)
{
  gsize length = 1; /* the relay's "R" */
  guint sequences = 0;
  Piece piece;

  for (const char *at = pattern; *at != '\0'; at += piece.n)
    {
      if (!next_piece (at, &piece))
        return cobro_error_set_at (error, COBRO_ERROR_INVALID, path,
                                   "may have {year}, {yy}, {month}, {day}, {seq} and {seq:1} to {seq:9} in braces");
      if (piece.kind == PIECE_TEXT && !is_plain (&piece))
        return cobro_error_set_at (error, COBRO_ERROR_INVALID, path,
                                   "must be letters, digits, blanks and - / . _ # beside what stands in braces");
      sequences += piece.kind == PIECE_SEQUENCE ? 1 : 0;
      length += written_length (&piece);
    }
  if (sequences != 1)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "must have exactly one {seq}, such as in \"%s\"",
                               COBRO_SERIES_INVOICE_DEFAULT);
  if (pattern[0] == ' ' || pattern[strlen (pattern) - 1] == ' ')
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "must not begin or end with a blank");
  if (length > WRITTEN_MAX)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, path, "makes numbers of more than %d characters",
                               WRITTEN_MAX);
  return TRUE;
}

char *
cobro_series_format (const char *pattern, CobroDay date, gint64 sequence)
{
  g_autoptr (GString) number = g_string_new (NULL);
  int year, month, day;
  Piece piece;

  g_return_val_if_fail (sequence >= 1, NULL);

  cobro_day_to_parts (date, &year, &month, &day);
  for (const char *at = pattern; *at != '\0'; at += piece.n)
    {
      g_return_val_if_fail (next_piece (at, &piece), NULL);
      switch (piece.kind)
        {
        case PIECE_TEXT:
          g_string_append_len (number, piece.text, (gssize)piece.n);
          break;
        case PIECE_YEAR:
          g_string_append_printf (number, "%04d", year);
          break;
        case PIECE_YY:
          g_string_append_printf (number, "%02d", year % 100);
          break;
        case PIECE_MONTH:
          g_string_append_printf (number, "%02d", month);
          break;
        case PIECE_DAY:
          g_string_append_printf (number, "%02d", day);
          break;
        case PIECE_SEQUENCE:
          g_string_append_printf (number, "%0*" G_GINT64_FORMAT, (int)piece.width, sequence);
          break;
        }
    }
  return g_string_free (g_steal_pointer (&number), FALSE);
}

char *
cobro_series_name (const char *issuer, const char *kind, const char *pattern, CobroDay date)
{
  g_autoptr (GString) name = g_string_new (NULL);
  int year, month, day;

  g_string_printf (name, "%s/%s", issuer, kind);
  cobro_day_to_parts (date, &year, &month, &day);
  if (strstr (pattern, "{year}") != NULL || strstr (pattern, "{yy}") != NULL)
    g_string_append_printf (name, "/%04d", year);
  if (strstr (pattern, "{month}") != NULL)
    g_string_append_printf (name, "/%02d", month);
  return g_string_free (g_steal_pointer (&name), FALSE);
}
