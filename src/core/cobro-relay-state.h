/* src/core/cobro-relay-state.h — how the relay says that it is doing.
 * Layer: core. Same sharing rule as cobro-link.h. */
#pragma once
#include <glib.h>
#include "cobro-clock.h"

typedef enum
{
  COBRO_BREAKER_CLOSED,  /* it answers */
  COBRO_BREAKER_OPEN,    /* left alone for a while */
  COBRO_BREAKER_PROBING, /* the next call shows */
} CobroBreaker;
gboolean cobro_breaker_from_name (const char *name, CobroBreaker *out_breaker);

/* One account at a provider. */
typedef struct
{
  char *name;
  gboolean enabled;
  CobroBreaker breaker;
  CobroTime retry_at; /* 0: at any time */
} CobroRelayProvider;
CobroRelayProvider *cobro_relay_provider_new (void);
void cobro_relay_provider_free (CobroRelayProvider *provider);

typedef struct
{
  gint ref_count; /* private */
  char *version;
  char *database;                                                   /* "sqlite", "postgresql" */
  CobroTime timestamp;                                              /* the relay's clock when it answered */
  gint64 uptime;                                                    /* seconds */
  CobroTime last_backup_at;                                         /* 0: unknown */
  gint64 deliveries, dead_letters, mails, payments, refunds, inbox; /* what waits */
  GPtrArray *providers;                                             /* (element-type CobroRelayProvider) */
} CobroRelayState;
/* (transfer full) _ref and _unref are atomic. */
CobroRelayState *cobro_relay_state_new (void);
CobroRelayState *cobro_relay_state_ref (CobroRelayState *state);
void cobro_relay_state_unref (CobroRelayState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroRelayState, cobro_relay_state_unref)
