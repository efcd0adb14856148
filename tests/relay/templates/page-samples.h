/* tests/relay/templates/page-samples.h — one page model for every state a buyer can meet, with names.
 * Layer: tests. */
#pragma once
#include "relay-page.h"

typedef struct
{
  const char *name; /* "declined" */
  RelayPage *page;
} PageSample;

/* (transfer full) (element-type PageSample) */
GPtrArray *page_samples_new (void);
/* Those of invoices. */
void page_samples_add_invoices (GPtrArray *samples);

/* The token of all of them. */
#define PAGE_SAMPLES_TOKEN "3f9a1c5e7b2d4860a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718"

/* The text in which everything that wants to get out of its place tries to. */
#define PAGE_SAMPLES_HOSTILE                                                                                           \
  "\"><script>alert(1)</script><img src=x onerror=alert(2)> {{seller}} &amp; ' </title></style>"
