/* relay/store/relay-key-rotation.h — a new key-encryption key: every data key is wrapped anew, in batches that may be
 * cut off anywhere. Until the job's row says done, both keys stand beside each other and everything opens.
 *
 * Layer: relay/store. Any thread, not the writer's. */
#pragma once
#include "relay-store.h"

/* What `cobro-relay key status` says. */
typedef struct
{
  char file[17];      /* id of the key in the file; "" when it cannot be read */
  char wrapper[17];   /* id of the key that new data keys are wrapped with */
  gint64 data_keys;   /* that can be opened with a key that is needed */
  gint64 elsewhere;   /* of these, wrapped with another key than @wrapper */
  gint64 lost;        /* given up with a lost key */
  gboolean running;   /* a rotation has begun and is not done */
  gboolean file_late; /* the books want another key than the file's: put <file>.next in its place */
} RelayKeyStatus;
gboolean relay_key_status_read (RelayStore *store, RelayKeyStatus *out_status,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * relay_key_rotation_run:
 * @out_moved: data keys wrapped anew
 *
 * Begins a rotation, or goes on with the one that was cut off: makes <file>.next unless it is there, wraps every data
 * key with it, marks the job done, and puts the file in its place; the old one stays as <file>.old-<id>, for backups
 * made before. Where the files belong to somebody else (credentials of the service manager), they stay as they are.
 *
 * Returns: %FALSE with the reason; whatever was done stays good, and running it again goes on
 */
gboolean relay_key_rotation_run (RelayStore *store, gint64 *out_moved, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* At the start: goes on with what was cut off, if anything was. */
gboolean relay_key_rotation_resume (RelayStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Once a minute: what keys were used for is written down, old data keys get successors, stale buckets are forgotten. */
gboolean relay_key_tend (RelayStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
