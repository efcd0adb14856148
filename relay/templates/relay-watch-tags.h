/* relay/templates/relay-watch-tags.h — the tags of an HTML page with their attributes, as far as a page of ours goes.
 * Layer: relay/templates. Pure. Private to the watch. */
#pragma once
#include <glib.h>

typedef struct
{
  char *name;        /* lower case */
  GPtrArray *names;  /* (element-type utf8) of attributes, lower case */
  GPtrArray *values; /* (element-type utf8) of attributes, with character references resolved; "" if none */
  char *text;        /* of script and style: what stands in it; "" */
} RelayTag;

/* (transfer full) (element-type RelayTag) the opening tags in order; never fails: what is no tag is passed over. */
GPtrArray *relay_tags_parse (const char *html);
/* (transfer none) (nullable) */
const char *relay_tag_get (const RelayTag *tag, const char *attribute);
