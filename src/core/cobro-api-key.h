/* src/core/cobro-api-key.h — a key that programs of the merchant's use at the relay, without its text: that is shown
 * once. Layer: core. Same sharing rule as cobro-link.h. */
#pragma once
#include <glib.h>
#include "cobro-clock.h"

typedef struct
{
  gint ref_count; /* private */
  char *id, *name;
  GStrv scopes;
  char *last_used_on;                           /* a date; "": never */
  CobroTime created_at, expires_at, revoked_at; /* 0: not */
} CobroApiKey;
/* (transfer full) every text is "". _ref and _unref are atomic. */
CobroApiKey *cobro_api_key_new (void);
CobroApiKey *cobro_api_key_ref (CobroApiKey *key);
void cobro_api_key_unref (CobroApiKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroApiKey, cobro_api_key_unref)
