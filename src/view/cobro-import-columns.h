/* src/view/cobro-import-columns.h — which column of a file is what: found by name, changed by hand.
 * Layer: view. Main thread. */
#pragma once
#include <adwaita.h>
#include "cobro-import.h"

G_BEGIN_DECLS

/* Signal "changed": somebody said otherwise than it was. */
#define COBRO_TYPE_IMPORT_COLUMNS (cobro_import_columns_get_type ())
G_DECLARE_FINAL_TYPE (CobroImportColumns, cobro_import_columns, COBRO, IMPORT_COLUMNS, AdwPreferencesGroup)

/* Shows what was found. NULL: nothing to show. */
void cobro_import_columns_show (CobroImportColumns *self, const CobroImport *import);
/* (element-type int) lent: for cobro_books_import_read_async(). */
const GArray *cobro_import_columns_get (CobroImportColumns *self);
/* Our name of a column in the user's language. */
const char *cobro_import_columns_name (const char *name);

G_END_DECLS
