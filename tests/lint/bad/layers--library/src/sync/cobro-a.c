/* src/sync/cobro-a.c — JSON outside of wire. Layer: sync. */
#include <json-glib/json-glib.h>
