/* src/db/cobro-db-postgres-value.c — numbers in PostgreSQL's binary format, exact.
 * Layer: db, private to it. Any thread. */
#include "config.h"
#include "cobro-db-postgres.h"

#include <string.h>

/* pg_type.oid: fixed for ever, but in no header that clients have. */
enum
{
  OID_BOOL = 16,
  OID_BYTEA = 17,
  OID_CHAR = 18,
  OID_NAME = 19,
  OID_INT8 = 20,
  OID_INT2 = 21,
  OID_INT4 = 23,
  OID_TEXT = 25,
  OID_UNKNOWN = 705,
  OID_BPCHAR = 1042,
  OID_VARCHAR = 1043,
  OID_NUMERIC = 1700,
  OID_VOID = 2278,
};

gboolean
cobro_db_postgres_is_number (Oid type)
{
  return type == OID_BOOL || type == OID_INT2 || type == OID_INT4 || type == OID_INT8 || type == OID_NUMERIC;
}

gboolean
cobro_db_postgres_type_is_known (Oid type)
{
  return cobro_db_postgres_is_number (type) || type == OID_BYTEA || type == OID_CHAR || type == OID_NAME ||
         type == OID_TEXT || type == OID_UNKNOWN || type == OID_BPCHAR || type == OID_VARCHAR || type == OID_VOID;
}

/* An integer of @n bytes, the highest first. */
static gint64
read_integer (const char *bytes, int n)
{
  guint64 value = bytes[0] < 0 ? G_MAXUINT64 : 0;

  for (int i = 0; i < n; i++)
    value = (value << 8) | (guint8)bytes[i];
  return (gint64)value;
}

/* A numeric: digits of base 10,000, the place of the first, a sign. What follows the point is cut off, as SQLite does.
 * FALSE when it has more than 64 bits, or is none. */
static gboolean
read_numeric (const char *bytes, gint64 *out_value)
{
  gint64 n = read_integer (bytes, 2), weight = read_integer (bytes + 2, 2), sign = read_integer (bytes + 4, 2) & 0xffff;
  gint64 value = 0;

  if (sign != 0 && sign != 0x4000)
    return FALSE;
  for (gint64 i = 0; i <= weight; i++)
    {
      gint64 digit = i < n ? read_integer (bytes + 8 + 2 * i, 2) : 0;

      /* Towards the sign from the start: the lowest number has no positive twin. */
      if (__builtin_mul_overflow (value, 10000, &value) ||
          __builtin_add_overflow (value, sign != 0 ? -digit : digit, &value))
        return FALSE;
    }
  *out_value = value;
  return TRUE;
}

gboolean
cobro_db_postgres_fits (const PGresult *result, int row, int column)
{
  gint64 value;

  return PQftype (result, column) != OID_NUMERIC || PQgetisnull (result, row, column) ||
         read_numeric (PQgetvalue (result, row, column), &value);
}

gint64
cobro_db_postgres_int64 (const PGresult *result, int row, int column)
{
  const char *bytes = PQgetvalue (result, row, column);
  Oid type = PQftype (result, column);
  gint64 value = 0;

  if (PQgetisnull (result, row, column))
    return 0;
  if (type == OID_NUMERIC)
    return read_numeric (bytes, &value) ? value : 0;
  if (cobro_db_postgres_is_number (type))
    return read_integer (bytes, PQgetlength (result, row, column));
  return type == OID_BYTEA ? 0 : g_ascii_strtoll (bytes, NULL, 10);
}
