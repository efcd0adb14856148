/* tests/support/cobro-test.h — what C tests of every layer share: seeds that are printed and replayed, and errors
 * looked at. Layer: tests. The thread of the test. */
#pragma once
#include "cobro-error.h"
#include "cobro-random.h"

/**
 * cobro_test_random:
 *
 * A seeded stream: of COBRO_TEST_SEED when that is set, else of a fresh seed. The seed is printed into the test's log.
 *
 * Returns: (transfer full)
 */
CobroRandom *cobro_test_random (void);

/* Asserts that *@error is @code of Cobro's domain at @path (NULL: no path), and clears it. */
#define cobro_test_assert_error(error, code, path) cobro_test_assert_error_at (G_STRFUNC, __LINE__, error, code, path)
void cobro_test_assert_error_at (const char *function, int line, GError **error, CobroError code, const char *path);
