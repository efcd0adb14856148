/* tests/db/db-proxy.h — stands between a program and its PostgreSQL server, and cuts the connection around a COMMIT.
 * Layer: tests. Any thread. */
#pragma once
#include <glib.h>

typedef enum
{
  DB_PROXY_CUT_NOT,
  DB_PROXY_CUT_BEFORE,    /* COMMIT never reaches the server */
  DB_PROXY_CUT_AFTER,     /* it does; the answer reaches nobody */
  DB_PROXY_CUT_LATE,      /* it reaches the server a second after the program has lost its connection */
  DB_PROXY_CUT_AND_CLOSE, /* as CUT_AFTER, and nobody is let in any more */
} DbProxyCut;

typedef struct _DbProxy DbProxy;

/* Listens on a socket in @folder, for the database of @uri. */
DbProxy *db_proxy_new (const char *folder, const char *uri);
/* Ends all connections. */
void db_proxy_free (DbProxy *self);
/* The URI to it (transfer none). */
const char *db_proxy_uri (DbProxy *self);
/* What happens to the next COMMIT that keeps something; whether it has happened. */
void db_proxy_cut_next (DbProxy *self, DbProxyCut cut);
gboolean db_proxy_has_cut (DbProxy *self);
