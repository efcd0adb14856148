/* src/core/cobro-random.h — randomness, injected: the system's CSPRNG, or a seeded stream for tests and the simulator.
 * Layer: core. The system source may be used from any thread; a seeded one locks. */
#pragma once
#include <glib.h>

typedef struct _CobroRandom CobroRandom;

CobroRandom *cobro_random_new_system (void);         /* getrandom(2); aborts when the kernel has none */
CobroRandom *cobro_random_new_seeded (guint64 seed); /* reproducible; never for secrets */
CobroRandom *cobro_random_ref (CobroRandom *random);
void cobro_random_unref (CobroRandom *random);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CobroRandom, cobro_random_unref)

void cobro_random_fill (CobroRandom *random, guint8 *bytes, gsize n);
/* Uniform in [0, bound), without bias; bound > 0. */
guint64 cobro_random_below (CobroRandom *random, guint64 bound);
