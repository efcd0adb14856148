/* src/wire/cobro-wire-link.h — how a link travels (relay-http.md, "Shapes under /v1").
 * Layer: wire. */
#pragma once
#include "cobro-link.h"
#include "cobro-link-status.h"
#include "cobro-wire.h"

typedef enum
{
  COBRO_WIRE_LINK_CREATE, /* currency and a price are needed; the rest defaults; id and token optional */
  COBRO_WIRE_LINK_UPDATE, /* a whole document for PUT: read-only members (url, status, amountPaid …) are accepted and
                             ignored */
  COBRO_WIRE_LINK_STORED, /* our own stored or synced document: everything as cobro_wire_link_to_document() wrote it */
} CobroWireLinkForm;

/* (transfer full) parses and validates; NULL with the path and reason. */
CobroLink *cobro_wire_link_parse (CobroWireObject *object, CobroWireLinkForm form, GError **error);

/* (transfer full) the merchant's decisions only, canonical: what is stored, hashed and pushed. Token included when
 * @with_token. */
char *cobro_wire_link_to_document (const CobroLink *link, gboolean with_token);

/* (transfer full) what has no cell of its own in a table: {"lines", "methods", "gateways", "partial", "fields",
 * "metadata"}; "" for a link that has nothing of it. Read back into a link whose currency is known. */
char *cobro_wire_link_to_more (const CobroLink *link);
gboolean cobro_wire_link_read_more (CobroWireObject *object, CobroLink *link, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What only the relay knows, for the /v1 shape. */
typedef struct
{
  const char *url;     /* (nullable) */
  gboolean with_token; /* only in the answer that made or replaced it */
  const CobroLinkTally *tally;
  CobroTime now;
} CobroWireLinkContext;

/* Writes the whole /v1 Link object at @key (NULL: top level or element). */
void cobro_wire_link_write (CobroWireWriter *writer, const char *key, const CobroLink *link,
                            const CobroWireLinkContext *context);

/**
 * cobro_wire_link_read_tally:
 * @object: a /v1 Link (an event's object, an answer); link_parse() may have read it already
 *
 * What the relay said has happened to the link, so that the reader can compute the status by its own clock. The counts
 * of attempts are as much as paymentStatus tells.
 *
 * Returns: %FALSE with %COBRO_ERROR_INVALID and the path
 */
gboolean cobro_wire_link_read_tally (CobroWireObject *object, CobroCurrency currency, CobroLinkTally *out_tally,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
