/* src/view/cobro-secret-row.h — a secret that is shown this once, with a way to copy it.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>

G_BEGIN_DECLS

#define COBRO_TYPE_SECRET_ROW (cobro_secret_row_get_type ())
G_DECLARE_FINAL_TYPE (CobroSecretRow, cobro_secret_row, COBRO, SECRET_ROW, AdwActionRow)

/* Shows it until the row goes. */
void cobro_secret_row_set_secret (CobroSecretRow *self, const char *secret);
/* The keyboard goes to the button that copies. */
void cobro_secret_row_focus (CobroSecretRow *self);

G_END_DECLS
