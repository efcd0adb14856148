/* src/view/cobro-place.h — what the window asks of a page that stands in its sidebar.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>

G_BEGIN_DECLS

#define COBRO_TYPE_PLACE (cobro_place_get_type ())
G_DECLARE_INTERFACE (CobroPlace, cobro_place, COBRO, PLACE, GtkWidget)

struct _CobroPlaceInterface
{
  GTypeInterface parent_iface;

  void (*find) (CobroPlace *self);
  gboolean (*step_back) (CobroPlace *self);
  void (*set_folded) (CobroPlace *self, gboolean folded);
  void (*set_type_to_search) (CobroPlace *self, GtkWidget *widget);
  void (*show_only) (CobroPlace *self, guint filter);
};

/* Opens the search entry with everything in it selected. */
void cobro_place_find (CobroPlace *self);
/* Leaves selection mode or the search, whichever is on. FALSE when neither is. */
gboolean cobro_place_step_back (CobroPlace *self);
/* Whether the header needs a way back to the sidebar. */
void cobro_place_set_folded (CobroPlace *self, gboolean folded);
/* Typing anywhere in @widget begins a search; %NULL: no longer. */
void cobro_place_set_type_to_search (CobroPlace *self, GtkWidget *widget);
/* Shows what a filter of the noun lets through (CobroInvoiceFilter, …), and nothing that was searched for; a page
 * without filters stays as it is. */
void cobro_place_show_only (CobroPlace *self, guint filter);

G_END_DECLS
