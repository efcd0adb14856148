/* src/model/cobro-a.c — a widget below the view. Layer: model. */
#include <gtk/gtk.h>
