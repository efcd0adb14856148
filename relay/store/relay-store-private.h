/* relay/store/relay-store-private.h — what the parts of the store share.
 * Layer: relay/store, private to it. */
#pragma once
#include "relay-keyring.h"
#include "relay-line.h"
#include "relay-store.h"

#define RELAY_STORE_APPLICATION_ID 0x436F5265 /* "CoRe": Cobro relay */

/* What the file is called behind its name once its rows live elsewhere. */
#define RELAY_STORE_MOVED ".moved"

struct _RelayStore
{
  char *folder;
  char *path; /* of relay.sqlite, or the URI of a PostgreSQL database */
  CobroClock *clock;
  CobroRandom *random;
  CobroDbWriter *writer; /* NULL: read-only */
  RelayKeyring *keyring;
  gboolean is_shared; /* PostgreSQL */
  RelayLine *line;    /* to the other relays; NULL: there are none */
  gint64 life;        /* our row, when there is no line that keeps it */
  gint mails;         /* atomic: mails are queued */
  gboolean unclean;
  GThread *check; /* whole check after an unclean end */

  GMutex lock;     /* guards what follows */
  GPtrArray *idle; /* (element-type CobroDb) readers that nobody has */
  guint lent;

  GMutex touched_lock; /* guards what follows */
  GHashTable *touched; /* (element-type CobroDb GHashTable) topics of the transaction under way on each connection */

  GMutex wake_lock; /* guards what follows, also while it is called */
  void (*wake) (gpointer data, const char *topic);
  gpointer wake_data;
  void (*fatal) (const GError *error, gpointer data);
  gpointer fatal_data;
};

/* (transfer full) (element-type CobroDbMigration) the schema in the words of one engine. */
GPtrArray *relay_store_migrations (gboolean postgres, GError **error);

/* The writer's callbacks. */
void relay_store_on_committed (CobroDb *db, gpointer store);
void relay_store_on_timed (gpointer store, gint64 commit_us, guint commands, guint refused);
void relay_store_on_failed (const GError *error, gpointer store);
/* The line's. */
void relay_store_on_heard (gpointer store, const char *topic);
