/* tests/bench/bench-invoices.h — many invoices for the benchmarks. Layer: tests. */
#pragma once
#include "cobro-store.h"

/* Issues @n invoices of three lines, as a merchant would: numbers, links, outbox. Every third is paid by hand. Aborts
 * where that fails. */
void bench_fill_invoices (CobroStore *store, int n);
/* Prints what lists of @n invoices take, as members of a JSON object, in microseconds. */
void bench_measure_invoices (CobroStore *store);
