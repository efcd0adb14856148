/* src/core/cobro-a.h — a value that reaches for its own storage. Layer: core. */
#pragma once
#include "cobro-a-store.h"
