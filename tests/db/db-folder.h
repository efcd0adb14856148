/* tests/db/db-folder.h — a folder of its own for each test, and a way to open databases in it: files, or, with
 * COBRO_TEST_ENGINE=postgres, databases of the run's PostgreSQL server that go by the file's name.
 * Layer: tests. */
#pragma once
#include "cobro-db.h"

#define TEST_APPLICATION_ID 0x434f4254u /* "COBT" */

typedef struct
{
  char *folder;
  GHashTable *uris; /* (element-type utf8 utf8) name → PostgreSQL database */
} DbFolder;

/* Whether this run is about PostgreSQL. */
gboolean db_folder_is_postgres (void);

void db_folder_set_up (DbFolder *self, gconstpointer data);
void db_folder_tear_down (DbFolder *self, gconstpointer data);
/* (transfer full) the path of a file in it. */
char *db_folder_path (DbFolder *self, const char *name);
/* (transfer full) what cobro_db_open() gets for it: the path, or the database's URI. */
char *db_folder_uri (DbFolder *self, const char *name);
/* (transfer full) opens (and makes) a database in it; fails the test when that fails. */
CobroDb *db_folder_open (DbFolder *self, const char *name, CobroDbFlags flags);
/* Runs statements that must work; types and words of SQLite are translated. */
void db_must_exec (CobroDb *db, const char *sql);
/* The one number that a query gives. @sql names its column "n" and is a literal. */
gint64 db_must_count (CobroDb *db, const char *sql);
