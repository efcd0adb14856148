/* src/wire/cobro-wire-scan.h — one strict pass over JSON text that leaves a flat tree of values behind, each with the
 * bytes it came from.
 * Layer: wire (private). A tree belongs to one thread at a time. */
#pragma once
#include "cobro-wire.h"

/* One value. Strings are not unescaped until somebody wants them. */
typedef struct
{
  CobroWireKind kind;
  guint known : 1;  /* a getter asked for it */
  guint opened : 1; /* handed out as an object of its own */
  guint key_length;
  const char *key;   /* the key's meaning, not NUL-terminated; NULL: an element or the root */
  const char *at;    /* the value's first byte … */
  const char *end;   /* … and the one behind its last */
  guint parent;      /* index */
  guint first, next; /* index of the first child, of the next sibling; 0: none */
  gint64 integer;    /* INT64; BOOL: 0 or 1 */
} CobroWireToken;

typedef struct _CobroWireTree CobroWireTree;

/**
 * cobro_wire_tree_new:
 * @text: (array length=length): one JSON object, and nothing but white space around it
 *
 * Refuses: bytes that are not UTF-8, duplicate keys at any level, nesting deeper than %COBRO_WIRE_DEPTH_MAX, trailing
 * bytes, comments, integers beyond 64 bits, NUL and lone surrogates in strings, raw control characters, everything else
 * that RFC 8259 does not allow.
 *
 * Returns: (transfer full): a tree whose root has index 0; %NULL with %COBRO_ERROR_INVALID at the path where it went
 * wrong
 */
CobroWireTree *cobro_wire_tree_new (const char *text, gsize length, GError **error);
CobroWireTree *cobro_wire_tree_ref (CobroWireTree *tree);
void cobro_wire_tree_unref (CobroWireTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroWireTree, cobro_wire_tree_unref)

/* (transfer none) lives as long as the tree. */
CobroWireToken *cobro_wire_tree_get (CobroWireTree *tree, guint index);
/* Index of the member of an object; 0: none. */
guint cobro_wire_tree_find (CobroWireTree *tree, guint object, const char *key);
/* (transfer full) what a string means. */
char *cobro_wire_tree_dup_text (CobroWireTree *tree, guint index);
/* (transfer full) the value without white space between its tokens; strings stay byte for byte. */
char *cobro_wire_tree_dup_compact (CobroWireTree *tree, guint index);
/* (transfer full) "pricing.lines[2]"; "" for the root. */
char *cobro_wire_tree_dup_path (CobroWireTree *tree, guint index);

/* Appends @key to a path: ".name", or ["…"] where the key is not a plain name; long keys are cut. */
void cobro_wire_path_append (GString *path, const char *key);
