/* src/view/cobro-plain-row.h — a row whose words are shown as they are, also those of a customer called "Smith & Sons".
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>

G_BEGIN_DECLS

/* An AdwActionRow. @subtitle: (nullable); of any number of lines. */
GtkWidget *cobro_plain_row_new (const char *title, const char *subtitle);

G_END_DECLS
