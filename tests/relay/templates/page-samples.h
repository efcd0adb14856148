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

/* The text in which everything that wants to get out of its place tries to. */
#define PAGE_SAMPLES_HOSTILE                                                                                           \
  "\"><script>alert(1)</script><img src=x onerror=alert(2)> {{seller}} &amp; ' </title></style>"
