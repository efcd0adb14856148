/* src/model/cobro-asked.h — a list that only the relay knows: asked for while somebody looks at it, kept as it was last
 * told while the relay cannot be reached. Layer: model. Main thread. */
#pragma once
#include "cobro-clock.h"
#include "cobro-connection.h"
#include "cobro-relay-hooks.h"

G_BEGIN_DECLS

/* What kind of list it is; static. */
typedef struct
{
  const char *path;    /* below the relay's address */
  const char *setting; /* (nullable) of the books: under it the last answer is remembered; never holds secrets */
  CobroRelayRead read;
  const char *(*get_id) (gconstpointer record);
  gpointer (*ref) (gpointer record);
  GDestroyNotify unref;
} CobroAskedSpec;

/* One record. Signal "changed": it says something else than before. */
#define COBRO_TYPE_ASKED_ITEM (cobro_asked_item_get_type ())
G_DECLARE_FINAL_TYPE (CobroAskedItem, cobro_asked_item, COBRO, ASKED_ITEM, GObject)
/* Lent until the next "changed": what the list is of. */
gconstpointer cobro_asked_item_get_record (CobroAskedItem *self);
/* Lent for the item's life. */
const char *cobro_asked_item_get_id (CobroAskedItem *self);

#define COBRO_TYPE_ASKED (cobro_asked_get_type ())
G_DECLARE_FINAL_TYPE (CobroAsked, cobro_asked, COBRO, ASKED, GObject)

/* Signal "changed": one of the getters would answer something else. */

CobroAsked *cobro_asked_new (const CobroAskedSpec *spec, CobroStore *store, CobroSyncEngine *engine,
                             CobroConnection *connection);
/* Lent: CobroAskedItem, in the relay's order. */
GListModel *cobro_asked_get_list (CobroAsked *self);
/* (nullable) Lent. */
CobroAskedItem *cobro_asked_find (CobroAsked *self, const char *id);
/* While somebody looks it is asked for at once, and again every few seconds. Calls are counted. */
void cobro_asked_watch (CobroAsked *self);
void cobro_asked_unwatch (CobroAsked *self);
/* Asks anew, now, if the relay can be asked. */
void cobro_asked_refresh (CobroAsked *self);
/* A person wants to know now: also looks whether the relay is there again. */
void cobro_asked_try_again (CobroAsked *self);
/* @filter: "status=failed&eventType=link.created"; "": everything. */
void cobro_asked_set_filter (CobroAsked *self, const char *filter);
/* Whether there are older ones, and getting them. */
gboolean cobro_asked_has_more (CobroAsked *self);
void cobro_asked_more (CobroAsked *self);

/* Whether there is a relay; whether it can be asked now. */
gboolean cobro_asked_get_paired (CobroAsked *self);
gboolean cobro_asked_can_ask (CobroAsked *self);
/* Whether an answer was ever had, and when by our clock; 0: it is from an earlier day and remembered. */
gboolean cobro_asked_get_known (CobroAsked *self);
CobroTime cobro_asked_get_as_of (CobroAsked *self);
/* (nullable) why the last question was not answered. Lent. */
const GError *cobro_asked_get_error (CobroAsked *self);

G_END_DECLS
