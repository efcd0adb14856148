/* src/view/cobro-tile.h — a figure that stands for many things, and opens them: a title and, per currency, an amount
 * with what belongs to it. Layer: view. Main thread. */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define COBRO_TYPE_TILE (cobro_tile_get_type ())
G_DECLARE_FINAL_TYPE (CobroTile, cobro_tile, COBRO, TILE, GtkButton)

/* Property "title". What it opens is its action. */

/* Says that the figures are still to come. */
void cobro_tile_set_loading (CobroTile *self);
/* Forgets the figures and begins anew; cobro_tile_finish() names the button by all of them. */
void cobro_tile_begin (CobroTile *self);
/* @figure: "€1,234.00"; @detail: "3 invoices", "". */
void cobro_tile_add (CobroTile *self, const char *figure, const char *detail);
void cobro_tile_finish (CobroTile *self);

G_END_DECLS
