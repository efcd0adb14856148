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
