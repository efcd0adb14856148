/* relay/api/relay-a.c — a route that uses the desktop's tables. Layer: relay/api. */
#include "cobro-a-store.h"
