/* src/core/cobro-clock.h — time, injected. UTC microseconds for instants, monotonic microseconds for durations.
 * Layer: core. Any thread. */
#pragma once
#include <glib.h>

typedef gint64 CobroTime; /* microseconds since 1970-01-01T00:00:00Z; 0 is "not set" */
#define COBRO_SECOND G_GINT64_CONSTANT (1000000)
#define COBRO_MINUTE (60 * COBRO_SECOND)
#define COBRO_HOUR   (60 * COBRO_MINUTE)
#define COBRO_DAY    (24 * COBRO_HOUR)

typedef struct _CobroClock CobroClock;

/* (transfer full) the system's clocks (CLOCK_REALTIME, CLOCK_BOOTTIME). */
CobroClock *cobro_clock_new_system (void);
/* (transfer full) a clock that stands still until it is told to move. For tests and the simulator. */
CobroClock *cobro_clock_new_fake (CobroTime start);
CobroClock *cobro_clock_ref (CobroClock *clock);
void cobro_clock_unref (CobroClock *clock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroClock, cobro_clock_unref)

CobroTime cobro_clock_now (CobroClock *clock);
gint64 cobro_clock_monotonic (CobroClock *clock);
/* Fake clocks only: moves both times. */
void cobro_clock_advance (CobroClock *clock, gint64 by);

/**
 * cobro_time_to_text:
 * Returns: (transfer full): RFC 3339 in UTC, with microseconds only where they are not zero: "2026-12-01T09:30:00Z"
 */
char *cobro_time_to_text (CobroTime time);
/* Strict RFC 3339 with "Z" or a numeric offset, years 1970–9999, up to 6 fraction digits. FALSE with
 * COBRO_ERROR_INVALID. */
gboolean cobro_time_from_text (const char *text, CobroTime *out_time, GError **error) G_GNUC_WARN_UNUSED_RESULT;
