/* relay/http/relay-router.h — the const route table, compiled once into a tree of path segments.
 * Layer: relay/http, private. Immutable after relay_router_new(): any thread. */
#pragma once
#include "relay-route.h"

#define RELAY_ROUTER_PARAMS_MAX 8

typedef struct _RelayRouter RelayRouter;

typedef enum
{
  RELAY_MATCH_FOUND,
  RELAY_MATCH_NO_PATH,   /* 404 */
  RELAY_MATCH_NO_METHOD, /* 405; allow is set */
  RELAY_MATCH_BAD_PATH,  /* 400: a broken or forbidden escape, a dot segment */
} RelayMatchKind;

typedef struct
{
  const RelayRoute *route;
  const char *allow; /* (nullable) "GET, HEAD, POST" */
  RelayFace face;    /* of the route, or of the nearest one */
  char *params[RELAY_ROUTER_PARAMS_MAX];
} RelayMatch;

/* NULL with COBRO_ERROR_CONFIG: a template or a combination that cannot work. */
RelayRouter *relay_router_new (const RelayRoute *routes, GError **error);
void relay_router_free (RelayRouter *router);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RelayRouter, relay_router_free)

/* @path: raw, without query. Params are given away with RELAY_MATCH_FOUND and are NULL otherwise. */
RelayMatchKind relay_router_match (RelayRouter *router, const char *method, const char *path, gsize length,
                                   RelayMatch *out_match);
/* The index of "{name}" in a template, or -1. */
int relay_router_param_index (const char *template, const char *name);
