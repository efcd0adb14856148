/* src/model/cobro-backup-files.h — the files of copies of the books: what they are called and where they lie. Needs no
 * books that are open. Layer: model. Main thread. */
#pragma once
#include "cobro-clock.h"

typedef struct
{
  char *path;
  CobroTime made;
  guint64 size;          /* bytes */
  gboolean before_going; /* kept before the books went back to another copy; never removed by itself */
} CobroBackup;

/* (transfer full) what names of copies of the books in the file @books begin with: others may lie in the same folder.
 */
char *cobro_backup_files_prefix (const char *books);
/* (transfer full) the folder where they lie. @folder: "": beside the books. */
char *cobro_backup_files_folder (const char *books, const char *folder);
/* (transfer full) the name of one that is made now. */
char *cobro_backup_files_name (const char *prefix, CobroTime now, gboolean before_going);
/* (transfer full) (element-type CobroBackup) those that are there: the newest first. */
GPtrArray *cobro_backup_files_list (const char *folder, const char *prefix);
