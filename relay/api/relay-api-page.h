/* relay/api/relay-api-page.h — lists by pages: limit, offset or cursor, dates, and what is said about them in the
 * answer. Layer: relay/api (private). Request threads. */
#pragma once
#include "relay-api-common.h"

/* Which page is wanted. */
typedef struct
{
  guint limit; /* 1 … 100 */
  gint64 offset;
  const char *cursor;   /* (nullable) lent; instead of offset */
  CobroTime start, end; /* startDate, endDate as [start, end); 0: open */
} RelayApiPage;

/* FALSE with COBRO_ERROR_INVALID at "limit", "offset", "startDate" or "endDate": an instant, or a date in UTC. */
gboolean relay_api_page_parse (RelayRequest *request, RelayApiPage *out_page, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) {"total", "limit", "offset", "hasMore", "nextCursor"}; "totalIsMinimum": true stands there when
 * nobody counted on. */
char *relay_api_page_to_json (const RelayApiPage *page, gint64 total, gboolean is_minimum, const char *next_cursor);
