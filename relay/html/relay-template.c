/* relay/html/relay-template.c — templates, compiled once into segments.
 * Layer: relay/html. Compiling happens at start; rendering on any thread. */
#include "relay-template.h"

#include <string.h>
#include "cobro-error.h"
#include "relay-html.h"
#include "relay-template-context.h"

#define INCLUDE_DEPTH_MAX 4

typedef enum
{
  OP_LITERAL,
  OP_VALUE,
  OP_IF,
  OP_EACH
} OpKind;

typedef struct
{
  OpKind kind;
  guint name;            /* VALUE, IF, EACH */
  RelayEscape escape;    /* VALUE */
  gboolean negated;      /* IF */
  gsize offset, length;  /* LITERAL: in literals */
  guint else_at, end_at; /* IF, EACH: op numbers */
} Op;

struct _RelayTemplate
{
  GArray *ops; /* (element-type Op) */
  GString *literals;
};

/* ── Values ─────────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  const char *text;
  GPtrArray *items;
} Value;

struct _RelayValues
{
  guint n;
  Value *values;
  GPtrArray *owned; /* (element-type utf8) (nullable) */
};

RelayValues *
relay_values_new (guint n_names)
{
  RelayValues *self = g_new0 (RelayValues, 1);

  self->n = n_names;
  self->values = g_new0 (Value, n_names);
  return self;
}

void
relay_values_free (RelayValues *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n; i++)
    g_clear_pointer (&self->values[i].items, g_ptr_array_unref);
  g_clear_pointer (&self->owned, g_ptr_array_unref);
  g_free (self->values);
  g_free (self);
}

void
relay_values_set (RelayValues *self, guint name, const char *text)
{
  g_return_if_fail (name < self->n);
  self->values[name].text = text;
}

void
relay_values_take (RelayValues *self, guint name, char *text)
{
  if (self->owned == NULL)
    self->owned = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->owned, text);
  relay_values_set (self, name, text);
}

void
relay_values_set_bool (RelayValues *self, guint name, gboolean value)
{
  relay_values_set (self, name, value ? "1" : NULL);
}

RelayValues *
relay_values_add (RelayValues *self, guint name)
{
  RelayValues *item;

  g_return_val_if_fail (name < self->n, NULL);
  if (self->values[name].items == NULL)
    self->values[name].items = g_ptr_array_new_with_free_func ((GDestroyNotify)relay_values_free);
  item = relay_values_new (self->n);
  g_ptr_array_add (self->values[name].items, item);
  return item;
}

const char *
relay_values_get (const RelayValues *self, guint name)
{
  g_return_val_if_fail (name < self->n, NULL);
  return self->values[name].text;
}

/* ── Rendering ──────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The values in reach: an item's own first, then those around it. */
typedef struct _Scope
{
  const RelayValues *values;
  const struct _Scope *outer;
} Scope;

static const Value *
scope_find (const Scope *scope, guint name)
{
  static const Value none = { NULL, NULL };

  for (; scope != NULL; scope = scope->outer)
    {
      const Value *value = &scope->values->values[name];

      if (value->text != NULL || value->items != NULL)
        return value;
    }
  return &none;
}

static void
write_value (GString *html, RelayEscape escape, const char *text)
{
  if (text == NULL)
    return;
  switch (escape)
    {
    case RELAY_ESCAPE_TEXT:
      relay_html_append_text (html, text);
      break;
    case RELAY_ESCAPE_ATTRIBUTE:
      relay_html_append_attribute (html, text);
      break;
    case RELAY_ESCAPE_URL:
      relay_html_append_url (html, text);
      break;
    case RELAY_ESCAPE_URL_PART:
      relay_html_append_url_part (html, text);
      break;
    case RELAY_ESCAPE_STYLE:
      if (strchr (text, '<') == NULL)
        g_string_append (html, text);
      break;
    case RELAY_ESCAPE_NONE_ALLOWED:
      g_assert_not_reached (); /* refused when it was compiled */
    }
}

static void
render (const RelayTemplate *self, guint from, guint to, const Scope *scope, GString *html)
{
  for (guint at = from; at < to; at++)
    {
      const Op *op = &g_array_index (self->ops, Op, at);

      if (op->kind == OP_LITERAL)
        g_string_append_len (html, self->literals->str + op->offset, (gssize)op->length);
      else if (op->kind == OP_VALUE)
        write_value (html, op->escape, scope_find (scope, op->name)->text);
      else if (op->kind == OP_IF)
        {
          const Value *value = scope_find (scope, op->name);
          gboolean is_true =
            (value->text != NULL && *value->text != '\0') || (value->items != NULL && value->items->len > 0);

          if (is_true != op->negated)
            render (self, at + 1, op->else_at, scope, html);
          else
            render (self, op->else_at, op->end_at, scope, html);
          at = op->end_at - 1;
        }
      else
        {
          GPtrArray *items = scope_find (scope, op->name)->items;

          for (guint i = 0; items != NULL && i < items->len; i++)
            render (self, at + 1, op->end_at, &(Scope){ g_ptr_array_index (items, i), scope }, html);
          at = op->end_at - 1;
        }
    }
}

void
relay_template_render (const RelayTemplate *self, const RelayValues *values, GString *html)
{
  render (self, 0, self->ops->len, &(Scope){ values, NULL }, html);
}

void
relay_template_free (RelayTemplate *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->ops);
  g_string_free (self->literals, TRUE);
  g_free (self);
}

/* ── Compiling ──────────────────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  guint op;
  gboolean has_else;
  RelayTemplateContext context;
} Block;

typedef struct
{
  RelayTemplate *template;
  const RelayTemplateSource *source;
  RelayTemplateContext context;
  GArray *blocks;   /* (element-type Block) */
  const char *name; /* of the file being read */
  guint line;
  guint depth;
} Compiler;

static gboolean compile_text (Compiler *self, const char *name, const char *text, GError **error);

static gboolean G_GNUC_PRINTF (3, 4) fail (Compiler *self, GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return cobro_error_set (error, COBRO_ERROR_INTERNAL, "template %s:%u: %s", self->name, self->line, message);
}

static gboolean
find_name (Compiler *self, const char *name, guint *out_name, GError **error)
{
  for (guint i = 0; self->source->names[i] != NULL; i++)
    if (strcmp (self->source->names[i], name) == 0)
      {
        *out_name = i;
        return TRUE;
      }
  return fail (self, error, "unknown value \"%s\"", name);
}

/* Appends to the literal that is being written, or starts one. */
static void
emit_literal (Compiler *self, const char *text, gsize length)
{
  GArray *ops = self->template->ops;
  GString *literals = self->template->literals;
  Op *last = ops->len > 0 ? &g_array_index (ops, Op, ops->len - 1) : NULL;
  /* A literal that a block's else or end points behind must not grow. */
  gboolean may_grow = last != NULL && last->kind == OP_LITERAL && last->offset + last->length == literals->len;

  if (length == 0)
    return;
  for (guint i = 0; may_grow && i < ops->len; i++)
    {
      const Op *op = &g_array_index (ops, Op, i);

      may_grow = op->else_at != ops->len && op->end_at != ops->len;
    }
  if (may_grow)
    last->length += length;
  else
    g_array_append_vals (ops, &(Op){ .kind = OP_LITERAL, .offset = literals->len, .length = length }, 1);
  g_string_append_len (literals, text, (gssize)length);
}

/* Literal text of the template: white space around a line break becomes one line break, except in style and script. */
static void
emit_markup (Compiler *self, const char *text, gsize length)
{
  g_autoptr (GString) out = g_string_sized_new (length);
  gsize i = 0;

  while (i < length)
    {
      gsize run = 0;
      gboolean breaks = FALSE;
      gboolean verbatim = self->context.at == RELAY_AT_STYLE || self->context.at == RELAY_AT_SCRIPT;

      for (; !verbatim && i + run < length && g_ascii_isspace (text[i + run]); run++)
        breaks = breaks || text[i + run] == '\n';
      if (run == 0)
        {
          /* "</" goes in one piece: only together do the two end a style, script or title. */
          gsize step = text[i] == '<' && i + 1 < length && text[i + 1] == '/' ? 2 : 1;

          relay_template_context_feed (&self->context, text + i, step);
          g_string_append_len (out, text + i, (gssize)step);
          i += step;
          continue;
        }
      relay_template_context_feed (&self->context, " ", 1);
      g_string_append_c (out, breaks ? '\n' : ' ');
      i += run;
    }
  emit_literal (self, out->str, out->len);
}

static gboolean
emit_value (Compiler *self, const char *name, GError **error)
{
  Op op = { .kind = OP_VALUE, .escape = relay_template_context_escape (&self->context) };

  if (op.escape == RELAY_ESCAPE_NONE_ALLOWED)
    return fail (self, error, "no value may stand here: \"%s\"", name);
  if (!find_name (self, name, &op.name, error))
    return FALSE;
  if (self->context.at == RELAY_AT_VALUE)
    self->context.value_begun = TRUE;
  g_array_append_val (self->template->ops, op);
  return TRUE;
}

/* A text of the catalogue: escaped here, its {names} are values; in content each is isolated from the words around it.
 */
static gboolean
emit_text (Compiler *self, const char *key, GError **error)
{
  const char *text = self->source->text (self->source->data, key);
  gboolean isolate = self->context.at == RELAY_AT_CONTENT;
  RelayEscape escape = relay_template_context_escape (&self->context);

  if (text == NULL)
    return fail (self, error, "unknown text \"%s\"", key);
  if (escape != RELAY_ESCAPE_TEXT && escape != RELAY_ESCAPE_ATTRIBUTE)
    return fail (self, error, "no text may stand here: \"%s\"", key);
  while (*text != '\0')
    {
      gsize plain = strcspn (text, "{");
      g_autofree char *piece = g_strndup (text, plain);
      g_autoptr (GString) escaped = g_string_new (NULL);
      const char *close;

      relay_html_append_attribute (escaped, piece);
      emit_literal (self, escaped->str, escaped->len);
      text += plain;
      if (*text == '\0')
        break;
      if ((close = strchr (text, '}')) == NULL)
        return fail (self, error, "text \"%s\" has a { without }", key);
      g_free (piece);
      piece = g_strndup (text + 1, (gsize)(close - text - 1));
      if (isolate)
        emit_literal (self, "<bdi>", 5);
      if (!emit_value (self, piece, error))
        return FALSE;
      if (isolate)
        emit_literal (self, "</bdi>", 6);
      text = close + 1;
    }
  return TRUE;
}

static gboolean
open_block (Compiler *self, OpKind kind, const char *name, GError **error)
{
  Op op = { .kind = kind, .negated = *name == '!' };
  Block block = { .op = self->template->ops->len, .context = self->context };

  if (!find_name (self, name + (op.negated ? 1 : 0), &op.name, error))
    return FALSE;
  g_array_append_val (self->template->ops, op);
  g_array_append_val (self->blocks, block);
  return TRUE;
}

static gboolean
close_block (Compiler *self, OpKind kind, gboolean is_else, GError **error)
{
  Block *block = self->blocks->len > 0 ? &g_array_index (self->blocks, Block, self->blocks->len - 1) : NULL;
  Op *op = block != NULL ? &g_array_index (self->template->ops, Op, block->op) : NULL;

  if (op == NULL || op->kind != kind || (is_else && block->has_else))
    return fail (self, error, "an else or end without its beginning");
  if (!relay_template_context_equal (&self->context, &block->context))
    return fail (self, error, "a block ends in another place of the HTML than it began");
  if (is_else)
    {
      block->has_else = TRUE;
      op->else_at = self->template->ops->len;
      return TRUE;
    }
  op->end_at = self->template->ops->len;
  if (!block->has_else)
    op->else_at = op->end_at;
  g_array_set_size (self->blocks, self->blocks->len - 1);
  return TRUE;
}

static gboolean
include_file (Compiler *self, const char *file, GError **error)
{
  g_autofree char *text = NULL;
  const char *name = self->name;
  guint line = self->line;
  gboolean done;

  if (self->depth >= INCLUDE_DEPTH_MAX)
    return fail (self, error, "includes are nested too deeply");
  if (self->source->include == NULL || (text = self->source->include (self->source->data, file, error)) == NULL)
    return error != NULL && *error != NULL ? FALSE : fail (self, error, "no such file \"%s\"", file);
  self->depth++;
  done = compile_text (self, file, text, error);
  self->depth--;
  self->name = name;
  self->line = line;
  return done;
}

/* What stands between {{ and }}. */
static gboolean
compile_tag (Compiler *self, const char *tag, GError **error)
{
  if (tag[0] == '_')
    return emit_text (self, tag + 1, error);
  if (tag[0] == '>')
    return include_file (self, tag + 1, error);
  if (g_str_has_prefix (tag, "#if "))
    return open_block (self, OP_IF, tag + 4, error);
  if (g_str_has_prefix (tag, "#each "))
    return open_block (self, OP_EACH, tag + 6, error);
  if (strcmp (tag, "#else") == 0)
    return close_block (self, OP_IF, TRUE, error);
  if (strcmp (tag, "/if") == 0)
    return close_block (self, OP_IF, FALSE, error);
  if (strcmp (tag, "/each") == 0)
    return close_block (self, OP_EACH, FALSE, error);
  return emit_value (self, tag, error);
}

static void
count_lines (Compiler *self, const char *from, const char *to)
{
  for (; from < to; from++)
    self->line += *from == '\n';
}

static gboolean
compile_text (Compiler *self, const char *name, const char *text, GError **error)
{
  self->name = name;
  self->line = 1;
  while (*text != '\0')
    {
      const char *open = strstr (text, "{{");
      const char *close;
      g_autofree char *tag = NULL;

      emit_markup (self, text, open != NULL ? (gsize)(open - text) : strlen (text));
      if (open == NULL)
        break;
      count_lines (self, text, open);
      if ((close = strstr (open, "}}")) == NULL)
        return fail (self, error, "{{ without }}");
      tag = g_strndup (open + 2, (gsize)(close - open - 2));
      if (!compile_tag (self, tag, error))
        return FALSE;
      text = close + 2;
    }
  return TRUE;
}

RelayTemplate *
relay_template_compile (const char *name, const char *text, const RelayTemplateSource *source, GError **error)
{
  g_autoptr (RelayTemplate) template = g_new0 (RelayTemplate, 1);
  g_autoptr (GArray) blocks = g_array_new (FALSE, FALSE, sizeof (Block));
  Compiler compiler = { .template = template, .source = source, .blocks = blocks };

  template->ops = g_array_new (FALSE, FALSE, sizeof (Op));
  template->literals = g_string_new (NULL);
  if (!compile_text (&compiler, name, text, error))
    return NULL;
  if (blocks->len > 0)
    {
      fail (&compiler, error, "a block is not closed");
      return NULL;
    }
  return g_steal_pointer (&template);
}
