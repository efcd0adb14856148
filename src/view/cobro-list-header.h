/* src/view/cobro-list-header.h — the names of a list's columns: buttons that sort it, which the keyboard reaches.
 * GTK 4.8's own headers are only for the pointer. Layer: view. Main thread. */
#pragma once
#include "cobro-list-columns.h"

G_BEGIN_DECLS

#define COBRO_TYPE_LIST_HEADER (cobro_list_header_get_type ())
G_DECLARE_FINAL_TYPE (CobroListHeader, cobro_list_header, COBRO, LIST_HEADER, GtkWidget)

/* Signal: "sorted": somebody chose by what. */

GtkWidget *cobro_list_header_new (CobroListColumns *columns);
/* Shows the columns that are shown now. */
void cobro_list_header_arrange (CobroListHeader *self);
/* Lets the columns know how wide their names are. */
void cobro_list_header_tell_widths (CobroListHeader *self);
/* (nullable) what somebody chose to sort by. */
const CobroListColumn *cobro_list_header_get_sorted (CobroListHeader *self, gboolean *out_descending);

G_END_DECLS
