/* relay/html/relay-template-context.c — a small HTML tokenizer for our own templates: it only has to know where it
 * stands. Layer: relay/html. Any thread. */
#include "relay-template-context.h"

#include <string.h>

static void
name_clear (char *name, guint *length)
{
  memset (name, 0, 16);
  *length = 0;
}

static void
name_add (char *name, guint *length, char c)
{
  if (*length < 15)
    name[(*length)++] = g_ascii_tolower (c);
}

static gboolean
is_one_of (const char *name, const char *const *names)
{
  return g_strv_contains (names, name);
}

/* Where we are after the '>' of a tag. */
static void
leave_tag (RelayTemplateContext *self)
{
  static const char *const plain[] = { "title", "textarea", "option", NULL };

  self->at = RELAY_AT_CONTENT;
  if (self->closing)
    return;
  if (strcmp (self->element, "style") == 0)
    self->at = RELAY_AT_STYLE;
  else if (strcmp (self->element, "script") == 0)
    self->at = RELAY_AT_SCRIPT;
  else if (is_one_of (self->element, plain))
    self->at = RELAY_AT_PLAIN;
}

static void
start_tag (RelayTemplateContext *self)
{
  self->at = RELAY_AT_TAG_START;
  self->closing = FALSE;
  name_clear (self->element, &self->element_length);
}

static void
feed_tag_start (RelayTemplateContext *self, char c)
{
  if (c == '/')
    self->closing = TRUE;
  else if (c == '!')
    self->at = RELAY_AT_MARKUP;
  else
    {
      self->at = RELAY_AT_TAG_NAME;
      name_add (self->element, &self->element_length, c);
    }
}

static void
feed_tag (RelayTemplateContext *self, char c)
{
  if (c == '>')
    leave_tag (self);
  else if (!g_ascii_isspace (c) && c != '/')
    {
      self->at = RELAY_AT_ATTRIBUTE_NAME;
      name_clear (self->attribute, &self->attribute_length);
      name_add (self->attribute, &self->attribute_length, c);
    }
}

static void
feed_attribute_name (RelayTemplateContext *self, char c)
{
  if (c == '=')
    self->at = RELAY_AT_EQUALS;
  else if (c == '>')
    leave_tag (self);
  else if (g_ascii_isspace (c) || c == '/')
    self->at = RELAY_AT_TAG;
  else
    name_add (self->attribute, &self->attribute_length, c);
}

static void
feed_equals (RelayTemplateContext *self, char c)
{
  self->value_begun = FALSE;
  self->quote = c == '\'' ? c : 0;
  self->at = c == '"' ? RELAY_AT_VALUE : RELAY_AT_OTHER_VALUE;
}

static void
feed_value (RelayTemplateContext *self, char c)
{
  if (c == '"')
    {
      self->at = RELAY_AT_TAG;
      self->value_begun = FALSE;
    }
  else
    self->value_begun = TRUE;
}

static void
feed_other_value (RelayTemplateContext *self, char c)
{
  if (self->quote != 0 && c == self->quote)
    self->at = RELAY_AT_TAG;
  else if (self->quote == 0 && c == '>')
    leave_tag (self);
  else if (self->quote == 0 && g_ascii_isspace (c))
    self->at = RELAY_AT_TAG;
}

static void
feed_one (RelayTemplateContext *self, char c, const char *rest, gsize left)
{
  switch (self->at)
    {
    case RELAY_AT_CONTENT:
      if (c == '<')
        start_tag (self);
      break;
    case RELAY_AT_PLAIN:
    case RELAY_AT_STYLE:
    case RELAY_AT_SCRIPT:
      if (c == '<' && left > 1 && rest[1] == '/')
        start_tag (self);
      break;
    case RELAY_AT_TAG_START:
      feed_tag_start (self, c);
      break;
    case RELAY_AT_TAG_NAME:
      if (c == '>')
        leave_tag (self);
      else if (g_ascii_isspace (c) || c == '/')
        self->at = RELAY_AT_TAG;
      else
        name_add (self->element, &self->element_length, c);
      break;
    case RELAY_AT_TAG:
      feed_tag (self, c);
      break;
    case RELAY_AT_ATTRIBUTE_NAME:
      feed_attribute_name (self, c);
      break;
    case RELAY_AT_EQUALS:
      feed_equals (self, c);
      break;
    case RELAY_AT_VALUE:
      feed_value (self, c);
      break;
    case RELAY_AT_OTHER_VALUE:
      feed_other_value (self, c);
      break;
    case RELAY_AT_MARKUP:
      if (c == '>')
        self->at = RELAY_AT_CONTENT;
      break;
    }
}

void
relay_template_context_feed (RelayTemplateContext *self, const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    feed_one (self, text[i], text + i, length - i);
}

/* Between the names of a tag no value may stand, so these places need not be told apart. */
static gboolean
is_inside_tag (RelayAt at)
{
  return at == RELAY_AT_TAG || at == RELAY_AT_TAG_NAME || at == RELAY_AT_ATTRIBUTE_NAME;
}

gboolean
relay_template_context_equal (const RelayTemplateContext *a, const RelayTemplateContext *b)
{
  if (a->at != b->at && !(is_inside_tag (a->at) && is_inside_tag (b->at)))
    return FALSE;
  if (a->at == RELAY_AT_CONTENT)
    return TRUE;
  if (strcmp (a->element, b->element) != 0)
    return FALSE;
  return a->at != RELAY_AT_VALUE || strcmp (a->attribute, b->attribute) == 0;
}

RelayEscape
relay_template_context_escape (const RelayTemplateContext *self)
{
  static const char *const urls[] = { "href", "src", "action", "formaction", NULL };

  switch (self->at)
    {
    case RELAY_AT_CONTENT:
    case RELAY_AT_PLAIN:
      return RELAY_ESCAPE_TEXT;
    case RELAY_AT_STYLE:
      return RELAY_ESCAPE_STYLE;
    case RELAY_AT_VALUE:
      if (strncmp (self->attribute, "on", 2) == 0 || strcmp (self->attribute, "style") == 0 ||
          strcmp (self->attribute, "srcdoc") == 0)
        return RELAY_ESCAPE_NONE_ALLOWED;
      if (is_one_of (self->attribute, urls))
        return self->value_begun ? RELAY_ESCAPE_URL_PART : RELAY_ESCAPE_URL;
      return RELAY_ESCAPE_ATTRIBUTE;
    case RELAY_AT_TAG_START:
    case RELAY_AT_TAG_NAME:
    case RELAY_AT_TAG:
    case RELAY_AT_ATTRIBUTE_NAME:
    case RELAY_AT_EQUALS:
    case RELAY_AT_OTHER_VALUE:
    case RELAY_AT_MARKUP:
    case RELAY_AT_SCRIPT:
      return RELAY_ESCAPE_NONE_ALLOWED;
    }
  return RELAY_ESCAPE_NONE_ALLOWED;
}
