/* relay/http/relay-router.c — compiles the route table and finds routes in it.
 * Layer: relay/http, private. Any thread. */
#include "relay-router.h"

#include <string.h>
#include "cobro-error.h"

#define SEGMENTS_MAX 16

typedef struct _Node Node;
struct _Node
{
  char *literal;       /* NULL: a placeholder */
  gsize length;        /* of the literal */
  gboolean is_rest;    /* "{name*}" */
  GPtrArray *children; /* (element-type Node), literals before placeholders */
  GPtrArray *routes;   /* (element-type RelayRoute) of this very path, one per method */
  char *allow;         /* NULL: no path ends here */
  RelayFace face;
};

struct _RelayRouter
{
  Node *root;
};

static void
node_free (Node *node)
{
  g_ptr_array_unref (node->children);
  g_ptr_array_unref (node->routes);
  g_free (node->literal);
  g_free (node->allow);
  g_free (node);
}

static Node *
node_new (const char *segment, gsize length, RelayFace face)
{
  Node *node = g_new0 (Node, 1);

  if (segment != NULL && segment[0] != '{')
    node->literal = g_strndup (segment, length);
  else if (segment != NULL)
    node->is_rest = segment[length - 2] == '*';
  node->length = length;
  node->face = face;
  node->children = g_ptr_array_new_with_free_func ((GDestroyNotify)node_free);
  node->routes = g_ptr_array_new ();
  return node;
}

/* ── Compiling ───────────────────────────────────────────────────────────────────────────────────── */

static Node *
child_for (Node *parent, const char *segment, gsize length, RelayFace face)
{
  Node *child;
  gboolean literal = segment[0] != '{';

  for (guint i = 0; i < parent->children->len; i++)
    {
      child = parent->children->pdata[i];
      if (literal && child->literal != NULL && child->length == length && memcmp (child->literal, segment, length) == 0)
        return child;
      if (!literal && child->literal == NULL && child->is_rest == (segment[length - 2] == '*'))
        return child;
    }
  child = node_new (segment, length, face);
  g_ptr_array_insert (parent->children, literal ? 0 : -1, child);
  return child;
}

static void
add_method (Node *node, const char *method)
{
  g_autofree char *old = g_steal_pointer (&node->allow);

  node->allow = g_strconcat (old != NULL ? old : "", old != NULL ? ", " : "", method,
                             strcmp (method, "GET") == 0 ? ", HEAD" : "", NULL);
}

static gboolean
refuse (const RelayRoute *route, GError **error, const char *reason)
{
  return cobro_error_set (error, COBRO_ERROR_CONFIG, "route %s %s: %s", route->method, route->template, reason);
}

static gboolean
check_route (const RelayRoute *route, GError **error)
{
  guint params = 0, segments = 0;

  for (const char *at = route->template; *at != '\0'; at++)
    {
      params += *at == '{' ? 1 : 0;
      segments += *at == '/' ? 1 : 0;
    }
  if (route->template[0] != '/' || segments > SEGMENTS_MAX || params > RELAY_ROUTER_PARAMS_MAX)
    return refuse (route, error, "not a template");
  if ((route->flags & RELAY_ROUTE_INLINE) != 0 && route->auth != RELAY_AUTH_NONE)
    return refuse (route, error, "an inline route cannot ask the database for a key");
  if (route->handler == NULL)
    return refuse (route, error, "no handler");
  return TRUE;
}

static gboolean
add_route (RelayRouter *router, const RelayRoute *route, GError **error)
{
  Node *node = router->root;
  const char *at = route->template;

  if (!check_route (route, error))
    return FALSE;
  while (*at == '/' && at[1] != '\0')
    {
      gsize length = strcspn (at + 1, "/");

      if (node->is_rest || length == 0)
        return refuse (route, error, "nothing may follow {rest*}, and no segment may be empty");
      node = child_for (node, at + 1, length, route->face);
      at += 1 + length;
    }
  for (guint i = 0; i < node->routes->len; i++)
    if (strcmp (((RelayRoute *)node->routes->pdata[i])->method, route->method) == 0)
      return refuse (route, error, "stands in the table twice");
  g_ptr_array_add (node->routes, (gpointer)route);
  add_method (node, route->method);
  return TRUE;
}

RelayRouter *
relay_router_new (const RelayRoute *routes, GError **error)
{
  g_autoptr (RelayRouter) router = g_new0 (RelayRouter, 1);

  router->root = node_new (NULL, 0, RELAY_FACE_PAGE);
  for (const RelayRoute *route = routes; route->method != NULL; route++)
    if (!add_route (router, route, error))
      return NULL;
  return g_steal_pointer (&router);
}

void
relay_router_free (RelayRouter *router)
{
  node_free (router->root);
  g_free (router);
}

/* ── Matching ────────────────────────────────────────────────────────────────────────────────────── */

typedef struct
{
  char *texts[SEGMENTS_MAX]; /* decoded; NULL: as it stands in the path */
  const char *raws[SEGMENTS_MAX];
  gsize lengths[SEGMENTS_MAX];
  guint n;
} Path;

static void
path_clear (Path *path)
{
  for (guint i = 0; i < path->n; i++)
    g_free (path->texts[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Path, path_clear)

/* A segment that needs no decoding stays where it is. Slashes and controls may not hide in escapes. */
static gboolean
add_segment (Path *path, const char *raw, gsize length)
{
  g_autofree char *text = NULL;

  if (memchr (raw, '%', length) != NULL)
    {
      text = g_uri_unescape_segment (raw, raw + length, "/\\");
      if (text == NULL || !g_utf8_validate (text, -1, NULL))
        return FALSE;
      for (const char *at = text; *at != '\0'; at++)
        if (g_ascii_iscntrl (*at))
          return FALSE;
    }
  path->lengths[path->n] = text != NULL ? strlen (text) : length;
  path->raws[path->n] = text != NULL ? text : raw;
  raw = path->raws[path->n];
  length = path->lengths[path->n];
  path->texts[path->n++] = g_steal_pointer (&text);
  return !(length == 1 && raw[0] == '.') && !(length == 2 && raw[0] == '.' && raw[1] == '.');
}

/* FALSE: a bad path. @out_deep: more segments than any template can have. */
static gboolean
split_path (Path *path, const char *text, gsize length, gboolean *out_deep)
{
  const char *end = text + length;

  *out_deep = FALSE;
  for (const char *at = text; at < end && at + 1 < end;)
    {
      const char *slash = memchr (at + 1, '/', end - (at + 1));
      const char *stop = slash != NULL ? slash : end;

      if (path->n == SEGMENTS_MAX)
        {
          *out_deep = TRUE;
          return TRUE;
        }
      if (!add_segment (path, at + 1, stop - (at + 1)))
        return FALSE;
      at = stop;
      if (at + 1 == end) /* a slash at the end is one more, empty, segment */
        return path->n < SEGMENTS_MAX && add_segment (path, end, 0);
    }
  return TRUE;
}

static const RelayRoute *
route_of (Node *node, const char *method)
{
  for (guint i = 0; i < node->routes->len; i++)
    {
      const RelayRoute *route = node->routes->pdata[i];

      if (strcmp (route->method, method) == 0 || (strcmp (method, "HEAD") == 0 && strcmp (route->method, "GET") == 0))
        return route;
    }
  return NULL;
}

typedef struct
{
  const char *method;
  const Path *path;
  guint takes[RELAY_ROUTER_PARAMS_MAX]; /* which segment each param takes */
  guint n_takes;
  gboolean rest; /* the last param takes all that follows */
  RelayMatch *match;
} Search;

static gboolean
search (Search *self, Node *node, guint depth)
{
  if (depth > 0)
    self->match->face = node->face;
  if (depth == self->path->n || node->is_rest)
    {
      const RelayRoute *route = route_of (node, self->method);

      if (self->match->allow == NULL)
        self->match->allow = node->allow;
      self->rest = node->is_rest;
      self->match->route = route;
      return route != NULL;
    }
  for (guint i = 0; i < node->children->len; i++)
    {
      Node *child = node->children->pdata[i];
      guint takes = self->n_takes;

      if (self->path->lengths[depth] == 0)
        return FALSE;
      if (child->literal != NULL)
        {
          if (child->length != self->path->lengths[depth] ||
              memcmp (child->literal, self->path->raws[depth], child->length) != 0)
            continue;
        }
      else
        self->takes[self->n_takes++] = depth;
      if (search (self, child, depth + 1))
        return TRUE;
      self->n_takes = takes;
    }
  return FALSE;
}

static char *
join_rest (const Path *path, guint from)
{
  GString *text = g_string_new (NULL);

  for (guint i = from; i < path->n; i++)
    {
      if (i > from)
        g_string_append_c (text, '/');
      g_string_append_len (text, path->raws[i], path->lengths[i]);
    }
  return g_string_free (text, FALSE);
}

RelayMatchKind
relay_router_match (RelayRouter *router, const char *method, const char *path, gsize length, RelayMatch *out_match)
{
  g_auto (Path) segments = { .n = 0 };
  Search self = { .method = method, .path = &segments, .match = out_match };
  gboolean deep;

  *out_match = (RelayMatch){ .face = RELAY_FACE_PAGE };
  if (!split_path (&segments, path, length, &deep))
    return RELAY_MATCH_BAD_PATH;
  if (deep || !search (&self, router->root, 0))
    return out_match->allow == NULL ? RELAY_MATCH_NO_PATH : RELAY_MATCH_NO_METHOD;

  out_match->face = out_match->route->face;
  for (guint i = 0; i < self.n_takes; i++)
    {
      guint at = self.takes[i];
      gboolean is_rest = self.rest && i + 1 == self.n_takes;

      out_match->params[i] = is_rest ? join_rest (&segments, at) : g_strndup (segments.raws[at], segments.lengths[at]);
    }
  return RELAY_MATCH_FOUND;
}

int
relay_router_param_index (const char *template, const char *name)
{
  gsize length = strlen (name);
  int index = 0;

  for (const char *at = strchr (template, '{'); at != NULL; at = strchr (at + 1, '{'), index++)
    if (strncmp (at + 1, name, length) == 0 && (at[1 + length] == '}' || at[1 + length] == '*'))
      return index;
  return -1;
}
