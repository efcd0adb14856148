/* src/core/cobro-device.h — a computer that is paired with the relay. Layer: core. Same sharing rule as cobro-link.h.
 */
#pragma once
#include <glib.h>
#include "cobro-clock.h"

typedef struct
{
  gint ref_count; /* private */
  char *id, *name;
  gboolean current;                /* the one that asks */
  char *last_used_on;              /* a date; "": never */
  CobroTime paired_at, revoked_at; /* 0: not */
} CobroDevice;
/* (transfer full) every text is "". _ref and _unref are atomic. */
CobroDevice *cobro_device_new (void);
CobroDevice *cobro_device_ref (CobroDevice *device);
void cobro_device_unref (CobroDevice *device);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroDevice, cobro_device_unref)
