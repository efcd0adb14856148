/* src/app/cobro-sample.h — a shop to look around in, in the reader's language.
 * Layer: app. Main thread. */
#pragma once
#include "cobro-sample-store.h"

/* (transfer full) a year of a small shop until now, in @currency and a second one; NULL with an error where an invoice
 * in @currency cannot be. */
CobroSampleShop *cobro_sample_make (CobroClock *clock, CobroRandom *random, CobroCurrency currency, GError **error);
