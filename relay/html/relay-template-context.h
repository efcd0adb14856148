/* relay/html/relay-template-context.h — where in the HTML a template stands: what a placeholder may do there.
 * Layer: relay/html. Private to the template compiler. */
#pragma once
#include <glib.h>

typedef enum
{
  RELAY_AT_CONTENT,   /* element content */
  RELAY_AT_PLAIN,     /* content of title, textarea and option: text, but no elements */
  RELAY_AT_TAG_START, /* after '<' */
  RELAY_AT_TAG_NAME,
  RELAY_AT_TAG, /* between attributes */
  RELAY_AT_ATTRIBUTE_NAME,
  RELAY_AT_EQUALS,      /* after '=' */
  RELAY_AT_VALUE,       /* inside "…" */
  RELAY_AT_OTHER_VALUE, /* inside '…' or unquoted */
  RELAY_AT_MARKUP,      /* <!doctype …> and comments */
  RELAY_AT_STYLE,
  RELAY_AT_SCRIPT,
} RelayAt;

typedef struct
{
  RelayAt at;
  char element[16]; /* name of the tag we are in, or of the style, script, title … that is open */
  guint element_length;
  gboolean closing; /* the tag is an end tag */
  char attribute[16];
  guint attribute_length;
  gboolean value_begun; /* something of the attribute's value has been written */
  char quote;           /* OTHER_VALUE: '\'' or 0 */
} RelayTemplateContext;

/* Moves over literal text. */
void relay_template_context_feed (RelayTemplateContext *self, const char *text, gsize length);
gboolean relay_template_context_equal (const RelayTemplateContext *a, const RelayTemplateContext *b);

/* How a value is written in a place. */
typedef enum
{
  RELAY_ESCAPE_NONE_ALLOWED,
  RELAY_ESCAPE_TEXT,
  RELAY_ESCAPE_ATTRIBUTE,
  RELAY_ESCAPE_URL,
  RELAY_ESCAPE_URL_PART,
  RELAY_ESCAPE_STYLE,
} RelayEscape;
/* NONE_ALLOWED where no value may stand. */
RelayEscape relay_template_context_escape (const RelayTemplateContext *self);
