/* src/core/cobro-a.c — half done. Layer: core.
 * TODO: the other half */
