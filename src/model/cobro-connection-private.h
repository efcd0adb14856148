/* src/model/cobro-connection-private.h — what the two halves of the line to the relay share: how it stands.
 * Layer: model, private to it. Main thread. */
#pragma once
#include "cobro-connection.h"

G_BEGIN_DECLS

/* What happens here before the engine can say anything. */
typedef enum
{
  COBRO_PHASE_ENGINE,
  COBRO_PHASE_STARTING,
  COBRO_PHASE_LOCKED,
  COBRO_PHASE_FAILED
} CobroConnectionPhase;

struct _CobroConnection
{
  GObject parent_instance;
  CobroStore *store;
  CobroSyncEngine *engine;
  CobroKeyring *keyring;
  CobroPractice *practice;
  GCancellable *cancellable;
  CobroConnectionPhase phase;
  char *phase_reason;
  CobroLineTrouble phase_trouble;
  char *address;
  char *account;
  gboolean livemode;
  gboolean paired;
  gboolean practising;
  gboolean sample;
};

/* How it stands here; "changed" is told. The trouble is that of the phase. */
void cobro_connection_set_trouble (CobroConnection *self, CobroConnectionPhase phase, CobroLineTrouble trouble,
                                   const char *reason);
void cobro_connection_set_phase (CobroConnection *self, CobroConnectionPhase phase);
/* What a keyring's refusal is about. */
CobroLineTrouble cobro_connection_trouble_of_keyring (const GError *error);
/* Reads again what the books remember of a relay. */
void cobro_connection_load_pairing (CobroConnection *self);
/* The port of the practice relay; 0: none was chosen yet. */
guint16 cobro_connection_get_practice_port (CobroConnection *self);
/* From now on links live there, until there is a pairing. FALSE: it could not be written down. */
gboolean cobro_connection_choose_practice_address (CobroConnection *self, guint16 port);

G_END_DECLS
