/* relay/relay-sample.h — sample data: a merchant's links, payments of every state and refunds, made over the API as a
 * program would make them. Layer: relay (composition). Thread: any. */
#pragma once
#include <glib.h>

/* Where the relay answers. */
typedef struct
{
  const char *listen; /* "127.0.0.1:8080", "unix:/run/cobro/relay.sock" */
  const char *api_key;
} RelaySampleTarget;

/* What was made. */
typedef struct
{
  guint links, payments, refunds;
} RelaySampleCount;

/**
 * relay_sample_make:
 * @seed: which amounts and names; the same seed makes the same again
 *
 * Returns: %FALSE with the relay's refusal, or %COBRO_ERROR_NO_ANSWER; what was made before stays
 */
gboolean relay_sample_make (const RelaySampleTarget *target, guint seed, RelaySampleCount *out_count,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
