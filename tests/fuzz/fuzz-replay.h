/* tests/fuzz/fuzz-replay.h — what every fuzz target offers; libFuzzer's entry point.
 * Layer: tests. */
#pragma once
#include <stddef.h>
#include <stdint.h>

/* Feeds @size bytes to one parser; aborts when a promise is broken. Always 0. */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
