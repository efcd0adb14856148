/* src/view/cobro-late.h — what is made after the window was first painted: what nobody sees at once must not keep the
 * window waiting. Layer: view. Main thread. */
#pragma once
#include <gtk/gtk.h>

typedef void (*CobroLateFunc) (GtkWidget *widget);

/* Calls @func for @widget once, after the frame in which it is first shown, in a turn of the main loop of its own.
 * What is shown together is called one after the other, in the order of the widgets; not at all once its window is
 * gone. Once per widget. */
void cobro_late_call (GtkWidget *widget, CobroLateFunc func);
/* Calls it now, where it was not called yet. */
void cobro_late_hurry (GtkWidget *widget);
/* Where a struct keeps what a file of the resources calls @id. */
typedef struct
{
  const char *id; /* NULL ends a list */
  gsize offset;
} CobroLateChild;
#define COBRO_LATE_CHILD(type, member)                                                                                 \
  {                                                                                                                    \
#member, G_STRUCT_OFFSET(type, member)                                                                             \
  }

/* Adds to @widget what @file of the resources says, a <template> of its own class; the handlers of signals are looked
 * up in @scope, @owner is called “owner” there and gets the new objects, lent. @widget keeps its id. */
void cobro_late_extend (GtkWidget *widget, const char *file, GtkBuilderScope *scope, GObject *owner,
                        const CobroLateChild *children);
/* Puts the rest of @all around the only string of @list, which stands for all[kept] and stays selected. */
void cobro_late_put_around (GtkStringList *list, GStrv all, guint kept);
