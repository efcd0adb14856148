/* tests/model/model-fixture.h — models over books of their own, and waiting for what they say.
 * Layer: tests. */
#pragma once
#include "cobro-links.h"
#include "store-fixture.h"

typedef struct
{
  StoreFixture books;
  CobroLinks *links;
} ModelFixture;

void model_fixture_set_up (ModelFixture *self, gconstpointer data);
void model_fixture_tear_down (ModelFixture *self, gconstpointer data);

/* Writes @n (≥ 2) links in one go: "Link 000001", "Link 000002" … with amounts that grow; every 10th is about "coffee".
 */
void model_fixture_fill (ModelFixture *self, guint n);
/* (transfer full) one link, made the way the window makes it. */
CobroLinkItem *model_fixture_create (ModelFixture *self, const char *title, gint64 minor);

/* Runs the main context until @condition; fails the test after a long while. */
#define wait_until(condition)                                                                                          \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    gint64 deadline_ = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;                                                  \
    gboolean met_;                                                                                                     \
                                                                                                                       \
    while (!(met_ = !!(condition)) && g_get_monotonic_time () < deadline_)                                             \
      if (!g_main_context_iteration (NULL, FALSE))                                                                     \
        g_usleep (200);                                                                                                \
    if (!met_)                                                                                                         \
      g_error ("%s: waited in vain for: %s", G_STRLOC, #condition);                                                    \
  }                                                                                                                    \
  G_STMT_END
