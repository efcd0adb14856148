/* src/core/cobro-a.h — a function nobody explains. Layer: core. */
#pragma once

int cobro_a_count (int a);
