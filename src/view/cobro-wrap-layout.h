/* src/view/cobro-wrap-layout.h — children in lines, like words in a paragraph.
 * Layer: view. Main thread. */
#pragma once
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define COBRO_TYPE_WRAP_LAYOUT (cobro_wrap_layout_get_type ())
/* Puts the visible children of a widget one after another at their natural width; what does not fit goes to the next
 * line. A GtkFlowBox aligns its lines in columns instead, which tears short buttons apart. For a template:
 * `<property name="layout-manager"><object class="CobroWrapLayout"/></property>`. Mirrored where text runs right to
 * left. */
G_DECLARE_FINAL_TYPE (CobroWrapLayout, cobro_wrap_layout, COBRO, WRAP_LAYOUT, GtkLayoutManager)

G_END_DECLS
