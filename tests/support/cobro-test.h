/* tests/support/cobro-test.h — what C tests of every layer share: seeds that are printed and replayed, errors
 * looked at, and languages told apart. Layer: tests. The thread of the test. */
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

/* Asserts that @text, without its placeholders, has no word that only another language than @language has ("el",
 * "und").
 */
void cobro_test_assert_language (const char *text, const char *language);

/* A text with placeholders ("Pay {amount}") is said by @page: its longest part without them stands there. Parts of less
 * than ten bytes say nothing. */
gboolean cobro_test_says (const char *page, const char *text);

/* Asserts that *@error is @code of Cobro's domain at @path (NULL: no path), and clears it. */
#define cobro_test_assert_error(error, code, path) cobro_test_assert_error_at (G_STRFUNC, __LINE__, error, code, path)
void cobro_test_assert_error_at (const char *function, int line, GError **error, CobroError code, const char *path);
