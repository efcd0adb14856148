/* tests/core/test-a.c — proves what nobody asked for. */
/* proves: OPL-99 */
