/* src/view/cobro-asked-view.h — something that only the relay knows: what is said while it is asked, while it cannot be
 * reached, while there is nothing; else the list, or what stands in its place.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-asked.h"

G_BEGIN_DECLS

#define COBRO_TYPE_ASKED_VIEW (cobro_asked_view_get_type ())
G_DECLARE_FINAL_TYPE (CobroAskedView, cobro_asked_view, COBRO, ASKED_VIEW, AdwBin)

/* What differs from view to view; all texts are N_(). */
typedef struct
{
  const char *name; /* of the list */
  const char *icon, *empty_title, *empty_text;
  /* (nullable) shows a record in its row; NULL: there are no rows, cobro_asked_view_set_content() */
  void (*show) (AdwActionRow *row, CobroAskedItem *item);
  /* (nullable) once for each new row: what stands in it besides */
  void (*fill) (AdwActionRow *row, CobroAskedItem *item, gpointer data);
} CobroAskedSight;

/* Asks while it is on the screen. @sight: static. Signal "row-activated" (CobroAskedItem). */
CobroAskedView *cobro_asked_view_new (const CobroAskedSight *sight, CobroAsked *asked, gpointer data);
/* The first of a line of controls above everything. */
void cobro_asked_view_add_control (CobroAskedView *self, GtkWidget *widget, gboolean at_the_end);
/* What is shown in place of rows. */
void cobro_asked_view_set_content (CobroAskedView *self, GtkWidget *widget);

G_END_DECLS
