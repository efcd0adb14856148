/* relay/api/relay-api-page.c — lists by pages.
 * Layer: relay/api (private). Request threads. */
#include "relay-api-page.h"

#include "cobro-error.h"
#include "cobro-text.h"

#define LIMIT_DEFAULT 50
#define LIMIT_MAX     100
#define OFFSET_MAX    100000 /* further down only by cursor: skipping costs as much as reading */

/* An instant, or a civil date in UTC; @end: a date means all of that day. */
static gboolean
parse_date (RelayRequest *request, const char *name, gboolean end, CobroTime *out_time, GError **error)
{
  const char *text = relay_request_query (request, name);
  g_autofree char *midnight = NULL;
  CobroTime time;

  *out_time = 0;
  if (text == NULL || cobro_time_from_text (text, out_time, NULL))
    return TRUE;
  midnight = g_strconcat (text, "T00:00:00Z", NULL);
  if (!cobro_text_check_date (text, name, NULL) || !cobro_time_from_text (midnight, &time, NULL))
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, name, "must be a date or an RFC 3339 time");
  *out_time = end ? time + COBRO_DAY : time;
  return TRUE;
}

gboolean
relay_api_page_parse (RelayRequest *request, RelayApiPage *out_page, GError **error)
{
  RelayApiPage page = { .cursor = relay_request_query (request, "cursor") };
  gint64 limit;

  if (!relay_request_query_int (request, "limit", 1, LIMIT_MAX, LIMIT_DEFAULT, &limit, error) ||
      !relay_request_query_int (request, "offset", 0, OFFSET_MAX, 0, &page.offset, error) ||
      !parse_date (request, "startDate", FALSE, &page.start, error) ||
      !parse_date (request, "endDate", TRUE, &page.end, error))
    return FALSE;
  if (page.cursor != NULL && page.offset != 0)
    return cobro_error_set_at (error, COBRO_ERROR_INVALID, "offset", "stands beside cursor: give one of them");
  page.limit = (guint)limit;
  *out_page = page;
  return TRUE;
}

char *
relay_api_page_to_json (const RelayApiPage *page, gint64 total, gboolean is_minimum, const char *next_cursor)
{
  g_autoptr (CobroWireWriter) writer = cobro_wire_writer_new ();

  cobro_wire_begin_object (writer, NULL);
  cobro_wire_put_int64 (writer, "total", total);
  if (is_minimum)
    cobro_wire_put_bool (writer, "totalIsMinimum", TRUE);
  cobro_wire_put_int64 (writer, "limit", page->limit);
  cobro_wire_put_int64 (writer, "offset", page->offset);
  cobro_wire_put_bool (writer, "hasMore", next_cursor != NULL);
  cobro_wire_put_text (writer, "nextCursor", next_cursor);
  cobro_wire_end_object (writer);
  return cobro_wire_writer_take (writer);
}
