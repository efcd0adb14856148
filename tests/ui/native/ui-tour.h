/* tests/ui/native/ui-tour.h — everything the window can show, found by asking the window itself, so that a new page
 * cannot be forgotten: every place, what lies behind its first row, every window that an action or a button opens,
 * every page of Preferences. Layer: tests. */
#pragma once
#include "ui-fixture.h"

/* Is shown something new: the main window or another one, and a name for it. */
typedef void (*UiTourFunc) (gpointer window, const char *name, gpointer data);

typedef struct
{
  UiFixture *fixture;
  int width; /* of the windows that open; 0: their own */
  UiTourFunc func;
  gpointer data;
  gboolean ask;     /* also what opens from it: buttons, rows and menu items that end in “…” */
  UiTourFunc leave; /* (nullable) a window that opened, before it is closed; it may close it itself */
} UiTour;

/* The sample shop: something is everywhere. Before the window is opened. */
void ui_tour_fill (UiFixture *fixture);
/* The places of the sidebar, and behind the first row of each. */
void ui_tour_places (UiTour *self);
/* What the window's own actions without a parameter show. */
void ui_tour_actions (UiTour *self);
