/* tests/support/cobro-test-postgres.h — PostgreSQL for C tests: databases in the cluster that all tests of a run share,
 * or a server of one's own to stop and kill. Made by postgres.py, which runs beside the test until the test ends.
 * Layer: tests. The thread of the test. */
#pragma once
#include <glib.h>

/* URI of a fresh, empty database in the shared cluster (transfer full). Dropped by cobro_test_postgres_drop(), or when
 * the test program ends, however it ends. */
char *cobro_test_postgres_database (void);
void cobro_test_postgres_drop (const char *uri);

/* A server for this test program alone, with @setting ("fsync=off"; NULL: as in production): URI of a database in it
 * (transfer full); ends with the program. */
char *cobro_test_postgres_own (const char *setting);
/* Stops the last of them as `pg_ctl stop -m @mode` does ("fast", "immediate", or "kill": SIGKILL); starts it again. */
void cobro_test_postgres_stop (const char *mode);
void cobro_test_postgres_start (void);
