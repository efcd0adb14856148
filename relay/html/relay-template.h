/* relay/html/relay-template.h — templates, compiled once into segments: literal text, escaped placeholders, conditions,
 * loops. Layer: relay/html. A compiled template is read-only and may be rendered from any thread.
 *
 * Syntax (README.md has the examples):
 *   {{name}}                        the value, escaped for where it stands
 *   {{_key}}                        a text in the template's language; {name} inside it is a value, isolated by <bdi>
 * in content
 *   {{#if name}} {{#else}} {{/if}}  a value is true when it is set and not ""; {{#if !name}} is the reverse
 *   {{#each name}} {{/each}}        a list; inside, the item's values go before those outside
 *   {{>file}}                       another file's text, at compile time
 * A placeholder may stand in element content, in a double-quoted attribute value (URL attributes drop unsafe URLs), and
 * alone in a style element (dropped when it contains '<'). Anywhere else (script, unquoted attribute, tag or attribute
 * name, comment, on…= and style= attributes) it is a compile error: there is no way to write unescaped text. */
#pragma once
#include <gio/gio.h>

typedef struct _RelayTemplate RelayTemplate;
typedef struct _RelayValues RelayValues;

/* What a template is compiled with. */
typedef struct
{
  const char *const *names; /* names of the values; a value's number is its place here; ends with NULL */
  /* The text for {{_key}} in the template's language; NULL: unknown key (a compile error). */
  const char *(*text) (gpointer data, const char *key);
  /* (transfer full) the file for {{>file}}; NULL with @error. */
  char *(*include) (gpointer data, const char *file, GError **error);
  gpointer data;
} RelayTemplateSource;

/**
 * relay_template_compile:
 * @name: for messages
 *
 * Returns: (transfer full): or %NULL with %COBRO_ERROR_INTERNAL: file, line and what is wrong
 */
RelayTemplate *relay_template_compile (const char *name, const char *text, const RelayTemplateSource *source,
                                       GError **error);
void relay_template_free (RelayTemplate *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayTemplate, relay_template_free)

/* Appends the page to @html. */
void relay_template_render (const RelayTemplate *self, const RelayValues *values, GString *html);

/* The values of one page or of one item of a list. Not for sharing between threads. */
RelayValues *relay_values_new (guint n_names);
void relay_values_free (RelayValues *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayValues, relay_values_free)
void relay_values_set (RelayValues *self, guint name, const char *text); /* lends: @text must outlive the rendering */
void relay_values_take (RelayValues *self, guint name, char *text);
void relay_values_set_bool (RelayValues *self, guint name, gboolean value); /* true reads as "1" */
RelayValues *relay_values_add (RelayValues *self, guint name); /* (transfer none) one more item of the list @name */
const char *relay_values_get (const RelayValues *self, guint name); /* (nullable) */
